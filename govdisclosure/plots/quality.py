"""Figures of data quality: a map of cells by status, a map of findings, prose against table, and how far conclusions move."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap

from ..analysis import quality as sums
from ..analysis.common import order
from . import words
from .names import agency_names, report_names
from .rows import MOST_ROWS, key, key_height, left_out, set_rows
from .style import (
    BLACK,
    BLUE,
    FAINT,
    GREY,
    ORANGE,
    RED,
    SKY,
    YELLOW,
    empty,
    finish,
    number,
    percent,
    styled,
)

say, word = words.say, words.word
STATUS_COLOURS = {
    "reported": "#d7e3ee",
    "imputed": SKY,
    "blank": ORANGE,
    "not_applicable": YELLOW,
    "unreadable": RED,
    "absent": BLACK,
}
SEVERITY_COLOURS = {"error": RED, "warning": ORANGE, "info": SKY}


@styled
def cell_map(cells: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en") -> plt.Axes:
    """Every cell of every report, coloured by its status, in form order: one row a report, tables set off by lines.

    The reports with the most cells that carry no figure come first; `cells` as `corpus.cells`.
    """
    if cells.empty:
        return empty(ax, language)
    status = cells["status"].astype("string")
    gaps = (
        (~status.isin(["reported", "imputed"]))
        .groupby(cells["report_id"])
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    shown = list(gaps.index[:MOST_ROWS])
    facts = order(cells.drop_duplicates("report_id")).set_index("report_id")
    columns = {
        t: cells[cells["table"] == t][["row", "column"]].astype("string").drop_duplicates()
        for t in ("proactive", "requests", "disputes")
    }
    places = {
        (t, r, c): i
        for i, (t, r, c) in enumerate(
            (t, r, c) for t, f in columns.items() for r, c in f.itertuples(index=False)
        )
    }
    image = np.full((len(shown), len(places)), -1)
    rows = {r: y for y, r in enumerate(shown)}
    for r, t, w, c, s in zip(
        cells["report_id"],
        cells["table"].astype(str),
        cells["row"].astype(str),
        cells["column"].astype(str),
        status,
    ):
        if r in rows and (t, w, c) in places:
            image[rows[r], places[t, w, c]] = list(STATUS_COLOURS).index(s)
    _draw_map(ax, image, report_names(facts.loc[shown].reset_index()), columns, language)
    counts = status.value_counts()
    share = float(counts.get("reported", 0)) / len(status)
    used = [s for s in STATUS_COLOURS if counts.get(s, 0)]
    key(
        ax,
        [
            (STATUS_COLOURS[s], f"{word(words.STATUSES, s, language)} {number(int(counts[s]))}")
            for s in used
        ],
    )
    title = say(
        language, f"{percent(share)} of all cells carry a figure", f"{percent(share)}的单元格有数字"
    )
    subtitle = say(
        language,
        f"A row a report, a column a cell of the form; {number(len(status))} cells, {len(gaps)} reports",
        f"每行一份年报，每列一个单元格；{len(gaps)}份年报共{number(len(status))}格",
    )
    return finish(
        ax,
        title,
        subtitle + left_out(len(gaps) - len(shown), language),
        language=language,
        above=key_height(len(used)),
    )


def _draw_map(ax, image: np.ndarray, names: list[str], columns: dict, language: str) -> None:
    set_rows(ax, names)
    ax.imshow(
        image,
        aspect="auto",
        interpolation="nearest",
        cmap=ListedColormap(["white", *STATUS_COLOURS.values()]),
        vmin=-1.5,
        vmax=5.5,
    )
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.hlines(
        np.arange(len(names) - 1) + 0.5, -0.5, image.shape[1] - 0.5, color="white", linewidth=2
    )
    ends = np.cumsum([len(f) for f in columns.values()])
    starts = [0, *ends[:-1]]
    ax.vlines(ends[:-1] - 0.5, -0.5, len(names) - 0.5, color=BLACK, linewidth=1)
    middles = [(a + b) / 2 for a, b in zip(starts, ends)]
    labels = [
        say(language, *p)
        for p in (("二", "表二"), ("三 requests", "表三 申请办理"), ("四", "表四"))
    ]
    ax.set_xticks(middles, labels)
    ax.tick_params(axis="x", length=0)


@styled
def findings_map(
    findings: pd.DataFrame,
    reports: pd.DataFrame,
    *,
    ax: plt.Axes | None = None,
    language: str = "en",
) -> plt.Axes:
    """Which report breaks which rule: the number of findings in each field, the worst severity as its colour.

    `findings` and `reports` as in the corpus. Reports and rules without findings are left out and counted.
    """
    table = sums.findings_by_rule(findings, reports)
    if table.empty:
        return empty(
            ax,
            language,
            say(
                language,
                f"No findings in {len(reports)} reports",
                f"{len(reports)}份年报没有发现问题",
            ),
        )
    rules = table.groupby("rule")["n"].sum().sort_values(ascending=False).index[:20]
    table = table[table["rule"].isin(rules)]
    who = table.groupby("report_id")["n"].sum().sort_values(ascending=False, kind="stable").index
    shown = list(who[:MOST_ROWS])
    facts = table.drop_duplicates("report_id").set_index("report_id").loc[shown].reset_index()
    _draw_findings(ax, table, shown, list(rules), report_names(facts))
    counts = findings["severity"].astype("string").value_counts()
    used = [s for s in SEVERITY_COLOURS if counts.get(s, 0)]
    key(
        ax,
        [(SEVERITY_COLOURS[s], f"{word(words.SEVERITIES, s, language)} {counts[s]}") for s in used],
    )
    with_errors = findings.loc[
        (findings["severity"].astype("string") == "error").fillna(False), "report_id"
    ].nunique()
    title = say(
        language,
        f"{with_errors} of {len(reports)} reports do not add up somewhere",
        f"{len(reports)}份年报中{with_errors}份存在不平衡",
    )
    subtitle = say(
        language,
        f"Findings by report and rule; {len(reports) - len(who)} reports have none",
        f"按年报和规则；{len(reports) - len(who)}份年报没有问题",
    )
    return finish(
        ax,
        title,
        subtitle + left_out(len(who) - len(shown), language),
        language=language,
        above=key_height(len(used)),
    )


def _draw_findings(
    ax, table: pd.DataFrame, reports: list[str], rules: list[str], names: list[str]
) -> None:
    set_rows(ax, names, extra=2.4)
    for row in table.itertuples():
        if row.report_id in reports:
            x, y = rules.index(row.rule), reports.index(row.report_id)
            ax.add_patch(
                plt.Rectangle(
                    (x - 0.46, y - 0.46),
                    0.92,
                    0.92,
                    facecolor=SEVERITY_COLOURS[row.severity],
                    linewidth=0,
                )
            )
            ax.text(x, y, str(row.n), ha="center", va="center", fontsize=9, color=BLACK)
    ax.vlines(range(len(rules)), -0.5, len(names) - 0.5, color=FAINT, linewidth=0.8, zorder=0)
    ax.set_xlim(-0.6, max(len(rules), 4) - 0.4)
    ax.set_xticks(
        range(len(rules)), rules, rotation=60, ha="right", rotation_mode="anchor", fontsize=8.5
    )
    ax.tick_params(axis="x", length=0)


@styled
def prose_against_table(
    findings: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Where a figure of the prose is not that of the table: both on one line, on a logarithmic scale."""
    rows = sums.prose_gaps(findings)
    if rows.empty:
        return empty(
            ax,
            language,
            say(
                language,
                "No figure of the prose contradicts a table here",
                "未见文字与表格不一致的数字",
            ),
        )
    rows = rows.assign(size=rows["gap"].abs()).sort_values("size", ascending=False)
    shown, out = rows.head(24), max(0, len(rows) - 24)
    names = agency_names(shown["agency"])
    labels = [
        f"{names.get(str(r.agency), '?')} {'' if pd.isna(r.year) else int(r.year)}\n{str(r.rule).removeprefix('narrative.')}"
        for r in shown.itertuples()
    ]
    set_rows(ax, labels)
    from .style import log_axis

    log_axis(ax, float(shown[["expected", "actual"]].max().max()), language)
    for y, row in enumerate(shown.itertuples()):
        _dumbbell(ax, y, float(row.expected), float(row.actual))
    title = say(
        language,
        f"{len(rows)} figures of the prose differ from their table",
        f"{len(rows)}处文字数字与表格不一致",
    )
    subtitle = say(
        language,
        "Grey: table, red: prose (log scale). Another scope often explains it",
        "灰色为表格，红色为文字（对数刻度）；常因口径不同",
    ) + left_out(out, language)
    return finish(ax, title, subtitle, language=language)


def _dumbbell(ax, y: int, table: float, prose: float) -> None:
    ax.plot([table, prose], [y, y], color=GREY, linewidth=1.2)
    for value, colour in ((table, GREY), (prose, RED)):
        ax.plot(value, y, "o", color=colour, markersize=6.5, zorder=3, clip_on=False)
        left = value < (prose if value == table else table)
        ax.annotate(
            number(value),
            (value, y),
            (-7 if left else 7, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=9,
            color=colour,
            annotation_clip=False,
        )


@styled
def robustness(
    table: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """How far each headline moves when any one agency, or every report with errors, is left out (per cent).

    `table` as `analysis.quality.robustness` gives it.
    """
    rows = table[(table["headline"] != "per_licence")].dropna(subset=["value"])
    if rows.empty:
        return empty(ax, language)
    set_rows(ax, [word(words.HEADLINES, h, language) for h in rows["headline"]])
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 25), [f"{t}%" for t in range(0, 101, 25)])
    for y, row in enumerate(rows.itertuples()):
        if not pd.isna(row.low):
            ax.plot(
                [row.low, row.high],
                [y, y],
                color=BLUE,
                linewidth=7,
                alpha=0.3,
                solid_capstyle="butt",
            )
        ax.plot(row.value, y, "o", color=BLUE, markersize=7, zorder=3)
        if not pd.isna(row.no_errors):
            ax.plot(row.no_errors, y, "|", color=RED, markersize=15, markeredgewidth=2, zorder=4)
        right = max(v for v in (row.value, row.high, row.no_errors) if not pd.isna(v))
        ax.annotate(
            f"{row.value:.1f}%",
            (right, y),
            (8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            annotation_clip=False,
        )
    widest = rows.assign(span=(rows["high"] - rows["low"])).dropna(subset=["span"])
    first = rows.iloc[0]
    if len(widest):
        first = widest.loc[widest["span"].astype(float).idxmax()]
        title = say(
            language,
            f"Leaving out one agency moves “{word(words.HEADLINES, first['headline'], 'en')}” by up to {float(first['span']):.1f} points",
            f"去掉任一机关，“{word(words.HEADLINES, first['headline'], 'zh')}”最多变动{float(first['span']):.1f}个百分点",
        )
    else:
        title = say(language, "One agency: nothing to leave out", "仅一个机关，无法比较")
    subtitle = say(
        language,
        f"Dot: all {first['reports']} reports; band: any one agency left out; red: the {first['reports_no_errors']} without errors",
        f"圆点为全部{first['reports']}份年报；色带为去掉任一机关；红线为无错误的{first['reports_no_errors']}份",
    )
    return finish(ax, title, subtitle, language=language)
