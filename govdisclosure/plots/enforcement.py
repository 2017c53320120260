"""Figures of table 二: decisions and fees over five orders of magnitude, penalties per licence, jumps, documents in force."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from ..analysis import enforcement as sums
from ..analysis.common import first_per_year
from . import words
from .names import agency_names, report_names
from .rows import dot_rows, few, left_out, set_rows
from .style import BLACK, BLUE, GREEN, GREY, PALE, RED, empty, finish, number, stretch, styled
from .timeline import timeline

say, word = words.say, words.word


@styled
def volumes(
    proactive: pd.DataFrame,
    *,
    item: str = "licensing",
    ax: plt.Axes | None = None,
    language: str = "en",
) -> plt.Axes:
    """Decisions (件) or fees (万元) of each report on a logarithmic scale with a zero; cells without a figure say why.

    `proactive` as `corpus.proactive`; `item`: licensing, penalties, compulsion or fees.
    """
    rows = sums.volumes(proactive)
    rows = rows[rows["item"] == item]
    if rows["value"].notna().sum() == 0:
        return empty(ax, language)
    shown, out = few(rows, "value")
    dot_rows(
        ax,
        shown,
        report_names(shown),
        language=language,
        colour=[GREY if v == 0 else BLUE for v in shown["value"].fillna(1)],
    )
    unit = "万元" if item == "fees" else "件"
    name, positive = (
        word(words.ITEMS, item, language),
        rows["value"][rows["value"] > 0].astype(float),
    )
    low, high = (
        number(round(v), language, short=item != "fees")
        for v in ((positive.min(), positive.max()) if len(positive) else (0.0, 0.0))
    )
    zeros, missing = int((rows["value"] == 0).sum()), int(rows["value"].isna().sum())
    title = say(
        language,
        f"{name.capitalize()}: {low} to {high} a year where there are any",
        f"{name}：有数者一年{low}至{high}{unit}",
    )
    subtitle = say(
        language,
        f"{word(words.UNITS, unit, 'en').capitalize()}, log scale; {len(rows)} reports, {zeros} print zero, {missing} no figure",
        f"{unit}，对数刻度；{len(rows)}份年报，其中{zeros}份为零，{missing}份无数字",
    ) + left_out(out, language)  # fmt: skip
    return finish(ax, title, subtitle, language=language)


@styled
def volume_lines(
    proactive: pd.DataFrame,
    *,
    item: str = "licensing",
    ax: plt.Axes | None = None,
    language: str = "en",
) -> plt.Axes:
    """The same figures by year, a line an agency; the form break of 2021 is drawn, missing years are gaps."""
    rows = sums.volumes(proactive)
    rows = first_per_year(rows[rows["item"] == item].dropna(subset=["year"]))
    if rows["value"].notna().sum() == 0:
        return empty(ax, language)
    timeline(ax, rows, language=language, break_names=("form",))
    unit = "万元" if item == "fees" else "件"
    name = word(words.ITEMS, item, language)
    span = rows.dropna(subset=["value"])
    title = say(language, f"{name.capitalize()} by year", f"历年{name}")
    subtitle = say(
        language,
        f"{word(words.UNITS, unit, 'en').capitalize()}, log scale; {span['agency'].nunique()} agencies, {len(span)} reports. Grey: no report",
        f"{unit}，对数刻度；{span['agency'].nunique()}个机关，{len(span)}份年报；灰底为无年报的年份",
    )
    return finish(ax, title, subtitle, language=language)


@styled
def penalties_per_licence(
    proactive: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Penalty decisions for each licensing decision, a dot a report, on a logarithmic scale around one."""
    rows = sums.penalties_per_licence(proactive)
    known = rows.dropna(subset=["value"])
    if known.empty:
        return empty(ax, language)
    shown, out = few(rows, "value")
    dot_rows(
        ax,
        shown,
        report_names(shown),
        language=language,
        scale="linear",
        text=lambda r: number(round(float(r["value"]), 2)),
        reference=1.0,
    )
    more = int((known["value"] > 1).sum())
    title = say(
        language,
        f"{more} of {len(known)} reports print more penalties than licences",
        f"{len(known)}份年报中{more}份处罚多于许可",
    )
    subtitle = say(
        language,
        f"Penalty decisions per licensing decision; dashed: one. {len(rows) - len(known)} without licences or figures",
        f"每件行政许可对应的行政处罚（件）；虚线为1；{len(rows) - len(known)}份无许可或无数字",
    ) + left_out(out, language)
    return finish(ax, title, subtitle, language=language)


@styled
def jumps(
    proactive: pd.DataFrame,
    *,
    factor: float = sums.JUMP,
    ax: plt.Axes | None = None,
    language: str = "en",
) -> plt.Axes:
    """Change of each figure between two reports of an agency, as a factor on a logarithmic scale; jumps in red."""
    table = sums.jumps(proactive, factor)
    table = table[(table["factor"] > 0) & (table["factor"] < float("inf"))]
    if table.empty:
        return empty(
            ax,
            language,
            say(language, "No agency here has two years to compare", "没有机关具备可比的两个年度"),
        )
    table = table.assign(size=[max(f, 1 / f) for f in table["factor"]])
    shown, out = few(table, "size", 24)
    names = agency_names(shown["agency"])
    labels = [
        f"{names[r.agency]} {word(words.ITEMS, r.item, language)}\n{r.year_from}→{r.year_to}"
        for r in shown.itertuples()
    ]
    set_rows(ax, labels)
    ax.set_xscale("log")
    reach = max(factor, float(table["size"].max())) * 1.6
    ax.set_xlim(1 / reach, reach)
    ax.set_xticks(
        ticks := [
            t for t in (0.001, 0.01, 0.1, 1 / 3, 1, 3, 10, 100, 1000) if 1 / reach < t < reach
        ],
        ["×" + (f"1/{round(1 / t)}" if t < 1 else f"{t:g}") for t in ticks],
    )
    ax.xaxis.minorticks_off()
    ax.axvline(1, color=GREY, linewidth=1)
    ax.axvspan(1 / factor, factor, color="#f3f3f3", zorder=-1, linewidth=0)
    for y, row in enumerate(shown.itertuples()):
        _jump(ax, y, row, language)
    count = int(table["flagged"].sum())
    title = say(
        language,
        f"{count} of {len(table)} figures jumped more than {factor:g}-fold",
        f"{len(table)}项数字中{count}项变化超过{factor:g}倍",
    )
    subtitle = say(
        language,
        "Factor between two reports of an agency, log scale; grey band: no flag",
        "同一机关两份年报之间的倍数，对数刻度；灰带内不标记",
    ) + left_out(out, language)
    return finish(ax, title, subtitle, language=language)


def _jump(ax, y: int, row, language: str) -> None:
    colour = RED if row.flagged else GREY
    ax.plot([1, row.factor], [y, y], color=colour, linewidth=1.6)
    ax.plot(row.factor, y, "o", color=colour, markersize=6.5, zorder=3)
    text = f"{number(row.value_from, language, short=True)} → {number(row.value_to, language, short=True)}"
    up = row.factor >= 1
    ax.annotate(
        text,
        (1, y),
        (-6 if up else 6, 0),
        textcoords="offset points",
        va="center",
        ha="right" if up else "left",
        fontsize=9,
    )


@styled
def documents_waterfall(
    proactive: pd.DataFrame, *, item: str = "normative_documents", agency: str | None = None, year: int | None = None,
    ax: plt.Axes | None = None, language: str = "en",
) -> plt.Axes:  # fmt: skip
    """Stock and flow of documents of one report: before, issued, repealed, in force (件); bars from zero.

    Without `agency`, the report with the largest flow. The first bar is hatched where the stock before is implied by
    the others, not printed by a report of the year before.
    """
    table = sums.documents(proactive, item)
    table = table[table["origin"] != "open"]
    for column, wanted in (("agency", agency), ("year", year)):
        table = table[(table[column] == wanted).fillna(False)] if wanted is not None else table
    if table.empty:
        return empty(
            ax,
            language,
            say(
                language,
                "No report on the form of 2021 prints stock and flow",
                "没有2021年格式的年报提供存量与流量",
            ),
        )
    row = table.loc[(table["issued"] + table["repealed"]).astype(float).idxmax()]
    opening, issued, repealed, force = (
        float(row[c]) for c in ("opening", "issued", "repealed", "in_force")
    )
    bars = [
        (0, opening, PALE),
        (opening, issued, GREEN),
        (opening + issued - repealed, repealed, RED),
        (0, force, BLUE),
    ]
    names = [
        say(language, *p)
        for p in (
            ("in force\nbefore", "上年末\n现行有效"),
            ("issued", "本年制发"),
            ("repealed", "本年废止"),
            ("in force\nat year end", "年末\n现行有效"),
        )
    ]
    _waterfall(ax, bars, names, implied=row["origin"] == "implied")
    name = agency_names(pd.Series([row["agency"]]))[row["agency"]].replace("\n", "")
    net = issued - repealed
    title = say(
        language,
        f"{name} {row['year']}: {number(abs(net))} {word(words.ITEMS, item, 'en')} {'more' if net >= 0 else 'fewer'}",
        f"{name}{row['year']}年：{word(words.ITEMS, item, 'zh')}净{'增' if net >= 0 else '减'}{number(abs(net))}件",
    )
    subtitle = say(language, "Documents (cases). " + ("Hatched: not printed, implied by the other three" if row["origin"] == "implied" else _gap_text(row["gap"], "en")),
                   "件。" + ("斜线为推算：上年年报未见" if row["origin"] == "implied" else _gap_text(row["gap"], "zh")))  # fmt: skip
    return finish(ax, title, subtitle, language=language)


def _gap_text(gap, language: str) -> str:
    if not gap:
        return say(
            language,
            "Closes: last year's stock + issued − repealed = in force",
            "勾稽成立：上年末＋制发－废止＝年末",
        )
    return say(
        language,
        f"Does not close: {float(gap):+g} against last year's report",
        f"勾稽不成立：与上年年报相差{float(gap):+g}件",
    )


def _waterfall(
    ax, bars: list[tuple[float, float, str]], names: list[str], *, implied: bool
) -> None:
    stretch(ax, 3.2)
    for x, (bottom, height, colour) in enumerate(bars):
        hatch = {"hatch": "////", "edgecolor": GREY, "linewidth": 0} if x == 0 and implied else {}
        ax.bar(x, height, bottom=bottom, color=colour, width=0.62, **hatch)
        sign = {1: "+", 2: "−"}.get(x, "")
        ax.annotate(
            f"{sign}{number(height)}",
            (x, bottom + height),
            (0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=10.5,
            color=BLACK,
        )
    levels = [bars[0][1], bars[0][1] + bars[1][1], bars[3][1]]
    for x, level in enumerate(levels):
        ax.plot([x + 0.31, x + 0.69], [level, level], color=GREY, linewidth=0.8)
    ax.set_xticks(range(len(names)), names)
    ax.set_ylim(0, max(b + h for b, h, _ in bars) * 1.12 or 1)
    ax.yaxis.set_visible(False)
    ax.axhline(0, color=GREY, linewidth=0.8)
