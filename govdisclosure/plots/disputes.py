"""Figures of table 四: results of reconsideration and litigation, and suits brought directly before and after 2024."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from ..analysis import disputes as sums
from ..indicators import wilson
from . import words
from .names import report_names
from .rows import MOST_ROWS, dot_rows, few, key_height, left_out, stacked_rows
from .style import BLUE, GREEN, GREY, RESULT_COLOURS, empty, finish, number, percent, styled

say, word = words.say, words.word
REFORM = 2024  # 行政复议法 2023, Art. 23(1)(4), in force since 1 January 2024


@styled
def dispute_results(
    disputes: pd.DataFrame,
    *,
    channel: str = "reconsideration",
    ax: plt.Axes | None = None,
    language: str = "en",
) -> plt.Axes:
    """Results as shares of all cases, a bar a report with cases; `channel`: reconsideration or litigation (both channels).

    `disputes` as `corpus.disputes`. Pending cases are part of the bar, and of no rate.
    """
    rows = sums.by_kind(disputes)
    rows = rows[rows["channel"] == channel]
    shown = rows[(rows["cases"] > 0).fillna(False)]
    if shown.empty:
        return empty(
            ax,
            language,
            say(
                language,
                f"No report here has {word(words.CHANNELS, channel, 'en')} cases",
                f"所选年报没有{word(words.CHANNELS, channel, 'zh')}案件",
            ),
        )
    shown, out = few(shown, "cases")
    parts = list(sums.RESULTS)
    shares = shown[parts].astype(float).div(shown["cases"].astype(float), axis=0)
    names = [
        n + "*" * int(o == "total_differs") for n, o in zip(report_names(shown), shown["origin"])
    ]
    labels = {r: word(words.RESULTS, r, language) for r in parts}
    stacked_rows(
        ax,
        shares,
        names,
        RESULT_COLOURS,
        labels,
        notes=[number(float(c)) for c in shown["cases"]],
        across=4,
    )
    return _result_titles(ax, rows, channel, out, language)


def _result_titles(ax, rows: pd.DataFrame, channel: str, out: int, language: str) -> plt.Axes:
    some = rows[(rows["cases"] > 0).fillna(False)]
    closed = float((some["upheld"] + some["corrected"] + some["other"]).sum())
    corrected, name = float(some["corrected"].sum()), word(words.CHANNELS, channel, language)
    none, unknown = int((rows["cases"] == 0).sum()), int(rows["cases"].isna().sum())
    if closed:
        title = say(
            language,
            f"{name.capitalize()} corrected the agency in {percent(corrected / closed)} of closed cases",
            f"{name}：已审结案件纠正率{percent(corrected / closed)}",
        )
    else:
        title = say(language, f"{name.capitalize()}: no case closed yet", f"{name}：尚无审结案件")
    subtitle = say(
        language,
        f"Share of results; right: cases. {number(float(some['cases'].sum()))} in {len(some)} reports; {none} report none, {unknown} unknown",
        f"各类结果占比；右侧为案件数。{len(some)}份年报共{number(float(some['cases'].sum()))}件；{none}份为零，{unknown}份不明",
    ) + left_out(out, language)  # fmt: skip
    if (some["origin"] == "total_differs").any():
        subtitle += say(
            language,
            "\n* the printed total is another; the results are added up here",
            "\n* 原表总计与各项之和不符，此处取各项之和",
        )
    return finish(ax, title, subtitle, language=language, above=key_height(4, 4))


@styled
def direct_suits(
    disputes: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Share of suits brought without reconsideration (per cent, Wilson 95 %), a dot a report in order of years; the break of 2024 is a line."""
    rows = sums.direct_suits(disputes).dropna(subset=["year"])
    known = rows.dropna(subset=["share"]).sort_values(
        ["year", "share"], ascending=[True, False], kind="stable"
    )
    if known.empty:
        return empty(
            ax, language, say(language, "No report here has suits", "所选年报没有行政诉讼案件")
        )
    shown, out = known.head(MOST_ROWS), max(0, len(known) - MOST_ROWS)
    low, high = wilson(shown["direct"].to_numpy(dtype=float), shown["suits"].to_numpy(dtype=float))
    shown = shown.assign(
        value=100 * shown["share"], low=100 * low, high=100 * high, status="reported"
    )
    dot_rows(
        ax,
        shown,
        report_names(shown),
        language=language,
        scale="percent",
        colour=[BLUE if y < REFORM else GREEN for y in shown["year"]],
        text=lambda r: (
            f"{float(r['value']):.0f}%  {number(float(r['direct']))}/{number(float(r['suits']))}"
        ),
    )
    _reform_line(ax, int((shown["year"] < REFORM).sum()), len(shown), language)
    title = _break_title(known[known["year"] < REFORM], known[known["year"] >= REFORM], language)
    subtitle = say(
        language,
        f"Suits brought without reconsideration, share of all suits; {len(known)} reports with suits, {len(rows) - len(known)} without or unknown",
        f"未经复议直接起诉占全部诉讼的比重；{len(known)}份年报有诉讼，{len(rows) - len(known)}份没有或不明",
    ) + left_out(out, language)  # fmt: skip
    return finish(ax, title, subtitle, language=language)


def _reform_line(ax, before: int, rows: int, language: str) -> None:
    """Between the years before and after the law of 2023: a labelled line."""
    if 0 < before < rows:
        ax.axhline(before - 0.5, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
        label = word({k: v[1] for k, v in words.BREAKS.items()}, "litigation", language).replace(
            "\n", " " if language == "en" else ""
        )
        ax.annotate(
            label,
            (1, before - 0.5),
            (0, -2),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=8.5,
            color=GREY,
        )


def _break_title(before: pd.DataFrame, after: pd.DataFrame, language: str) -> str:
    rates = [
        float(p["direct"].sum() / p["suits"].sum()) if len(p) else None for p in (before, after)
    ]
    if None in rates:
        rate = next(r for r in rates if r is not None)
        return say(
            language,
            f"{percent(rate, 0)} of suits came without reconsideration",
            f"{percent(rate, 0)}的诉讼未经复议",
        )
    return say(
        language,
        f"Direct suits: {percent(rates[0], 0)} before 2024, {percent(rates[1], 0)} since",
        f"直接起诉占比：2024年前{percent(rates[0], 0)}，此后{percent(rates[1], 0)}",
    )
