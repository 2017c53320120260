"""Figures of `gd.indicators`: rates with intervals and n, ranked or as they come, against the pooled rate."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from ..analysis.league import ranked
from . import words
from .names import report_names
from .rows import dot_rows, few, left_out
from .style import BLUE, GREY, RED, empty, finish, number, styled

say = words.say


def metric_name(metric: str, language: str) -> str:
    """Name of a metric of `govdisclosure.metrics`, first letter in capitals.

    >>> metric_name("denial_rate", "en")
    'Non-disclosure rate'
    """
    from ..metrics import METRICS

    name = next((getattr(m, language) for m in METRICS if m.key == metric), metric)
    return name[:1].upper() + name[1:]


@styled
def rates(
    indicators: pd.DataFrame,
    *,
    metric: str = "disclosure_rate",
    ax: plt.Axes | None = None,
    language: str = "en",
) -> plt.Axes:
    """A rate of each report with its Wilson 95 % interval and n, ranked; the dashed line is the pooled rate.

    `indicators` as `gd.indicators(corpus)` gives it. Red: the interval does not reach the pooled rate. Reports whose
    rate is not known stand last, with the reason.
    """
    table = ranked(indicators, metric)
    if table.empty or table["value"].notna().sum() == 0:
        return empty(
            ax,
            language,
            say(
                language,
                f"{metric_name(metric, 'en')}: not known for any report here",
                f"{metric_name(metric, 'zh')}：所选年报均无法计算",
            ),
        )
    shown, out = few(table, "value")
    colours = [RED if apart else BLUE for apart in shown["apart"]]
    pooled = float(table["pooled"].iloc[0]) if table["pooled"].notna().any() else None
    unit = str(table["unit"].iloc[0])
    scale = "percent" if unit == "%" else "linear"
    dot_rows(
        ax,
        shown,
        report_names(shown),
        language=language,
        scale=scale,
        colour=colours,
        reference=pooled,
        text=lambda r: _label(r, unit),
    )
    if pooled is not None:
        ax.annotate(
            say(language, f"pooled {_value(pooled, unit)}", f"合并{_value(pooled, unit)}"),
            (pooled, 1),
            (0, 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9,
            color=GREY,
        )
    return _titles(ax, table, metric, unit, pooled, out, language)


def _value(value: float, unit: str) -> str:
    return f"{value:.1f}%" if unit == "%" else number(round(value, 1))


def _label(row, unit: str) -> str:
    return f"{_value(float(row['value']), unit)}  n={number(float(row['denominator']))}"


def _titles(
    ax, table: pd.DataFrame, metric: str, unit: str, pooled: float | None, out: int, language: str
) -> plt.Axes:
    name, n, apart = (
        metric_name(metric, language),
        int(table["value"].notna().sum()),
        int(table["apart"].sum()),
    )
    low, high = (_value(float(v), unit) for v in (table["value"].min(), table["value"].max()))
    if n == 1:
        title = say(language, f"{name}: {low}", f"{name}：{low}")
    else:
        title = say(language, f"{name}: {low} to {high}", f"{name}：{low}至{high}")
    what = say(
        language,
        f"{_unit(unit, 'en')}, {n} reports; bar: 95% interval; red: apart from all others together ({apart})"
        if unit == "%"
        else f"{_unit(unit, 'en')}; {n} reports",
        f"{_unit(unit, 'zh')}，{n}份年报；横线为95%置信区间；红色为与其余合并值有别（{apart}份）"
        if unit == "%"
        else f"{_unit(unit, 'zh')}；{n}份年报",
    )
    return finish(
        ax,
        title,
        what + left_out(out, language),
        language=language,
        above=18 if pooled is not None else 6,
    )


def _unit(unit: str, language: str) -> str:
    return {
        "%": ("Per cent", "百分比"),
        "per 100 decisions": ("Cases per 100 decisions", "每百件办理结果的案件数"),
    }.get(unit, (unit, unit))[language == "zh"]
