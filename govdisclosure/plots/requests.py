"""Figures of table 三: volumes, applicants, outcomes, grounds, rates and what changed between two years."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from ..analysis import requests as sums
from ..analysis.common import first_per_year
from . import words
from .names import agency_names, report_names
from .rows import few, key_height, left_out, set_rows, stacked_rows
from .style import (
    BLUE,
    GREY,
    ORANGE,
    OUTCOME_COLOURS,
    PINK,
    RED,
    breaks,
    empty,
    finish,
    heavy,
    number,
    percent,
    stretch,
    styled,
)
from .timeline import timeline

say, word = words.say, words.word


@styled
def request_volumes(
    requests: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Requests received (件, row total) by year, a line an agency; `requests` as `corpus.requests`. Years without a report are gaps."""
    rows = first_per_year(sums.flows(requests))
    rows = rows[rows["row"] == "received"].dropna(subset=["year"])
    if rows["value"].notna().sum() == 0:
        return empty(ax, language)
    best = rows.loc[rows["value"].astype("Float64").idxmax()]
    low = rows["value"].min()
    title = say(
        language,
        f"From {number(low)} to {number(best['value'])} requests a year"
        if low < best["value"]
        else f"{number(low)} requests in the year",
        f"每年新收申请{number(low)}件至{number(best['value'])}件不等",
    )
    subtitle = say(
        language,
        f"OGI requests received in the year (cases, log scale); {rows['agency'].nunique()} agencies, {len(rows)} reports",
        f"本年新收政府信息公开申请（件，对数刻度）；{rows['agency'].nunique()}个机关，{len(rows)}份年报",
    )
    timeline(ax, rows, language=language, break_names=("form",))
    return finish(ax, title, subtitle, language=language)


@styled
def applicants(
    requests: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Who asks: requests received by type of applicant, pooled over the reports that print them (件 and share)."""
    rows = sums.applicants(requests).dropna(subset=["value"])
    counted = rows.groupby("report_id")["value"].size() == len(sums.APPLICANTS)
    rows = rows[rows["report_id"].isin(counted[counted].index)]
    pooled = (
        rows.groupby("applicant", observed=True)["value"].sum().reindex(sums.APPLICANTS).fillna(0)
    )
    whole = float(pooled.sum())
    if not whole:
        return empty(ax, language)
    pooled = pooled.sort_values(ascending=False)
    names = [word(words.APPLICANTS, a, language) for a in pooled.index]
    set_rows(ax, names)
    ax.barh(
        range(len(pooled)),
        pooled.astype(float),
        color=[BLUE if a == "natural_person" else GREY for a in pooled.index],
        height=0.68,
    )
    for y, value in enumerate(pooled.astype(float)):
        ax.annotate(
            f"{number(value)} · {percent(value / whole)}",
            (value, y),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
        )
    ax.set_xlim(0, whole * 1.24)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    first = pooled.index[0]
    title = say(
        language,
        f"{percent(pooled.iloc[0] / whole)} of requests come from {word(words.APPLICANTS, first, 'en')}",
        f"{percent(pooled.iloc[0] / whole)}的申请来自{word(words.APPLICANTS, first, 'zh')}",
    )
    n = rows["report_id"].nunique()
    subtitle = say(
        language,
        f"Requests received by applicant (cases); {number(whole)} in {n} reports",
        f"本年新收申请按申请人分（件）；{n}份年报共{number(whole)}件",
    )
    return finish(ax, title, subtitle, language=language)


@styled
def outcomes(
    requests: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Outcomes of each report as shares of its outcomes total, a bar a report; n beside the bar."""
    table = sums.outcomes(requests)
    wide = (
        table.pivot_table(
            index=["report_id", "agency", "year"],
            columns="group",
            values="share",
            observed=False,
            aggfunc="first",
            dropna=True,
        )
        if len(table)
        else table
    )
    if not len(wide):
        return empty(ax, language)
    wide = wide.reindex(columns=sums.OUTCOMES)
    n = table.drop_duplicates("report_id").set_index("report_id")["outcomes_total"]
    wide["n"] = [n[r] for r, *_ in wide.index]
    shown, out = few(wide, "n")
    shown = shown.reset_index()
    pooled = table.dropna(subset="share").groupby("group", observed=False)["value"].sum()
    given = float((pooled["disclosed_full"] + pooled["disclosed_partial"]) / pooled.sum())
    labels = {g: word(words.OUTCOMES, g, language) for g in sums.OUTCOMES}
    added = set(table.loc[table["origin"] == "added", "report_id"])
    names = [n + "*" * int(r in added) for n, r in zip(report_names(shown), shown["report_id"])]
    stacked_rows(
        ax,
        shown[list(sums.OUTCOMES)],
        names,
        OUTCOME_COLOURS,
        labels,
        notes=[number(v) for v in shown["n"]],
    )
    title = say(
        language,
        f"{percent(given, 0)} of decided requests were disclosed, in full or in part",
        f"办结申请中{percent(given, 0)}予以公开或部分公开",
    )
    subtitle = say(
        language,
        f"Share of outcomes; right: outcomes (cases). {number(pooled.sum())} in {len(wide)} reports"
        + left_out(out, language),
        f"各类办理结果占比；右侧为办理结果总计（件）。{len(wide)}份年报共{number(pooled.sum())}件"
        + left_out(out, language),
    )
    if added:
        subtitle += say(
            language,
            "\n* totals left blank; applicant columns added up",
            "\n* 总计列空白，以各类申请人相加",
        )
    return finish(ax, title, subtitle, language=language, above=key_height(6))


@styled
def outcomes_by_year(
    requests: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Outcomes pooled by year, a stacked bar a year; years without a report stay empty, the new form of 2021 is a line."""
    table = sums.outcomes(requests).dropna(subset=["share", "year"])
    if table.empty:
        return empty(ax, language)
    pooled = table.pivot_table(
        index="year", columns="group", values="value", aggfunc="sum", observed=False
    ).astype(float)
    reports = table.groupby("year")["report_id"].nunique()
    first, last = int(pooled.index.min()), int(pooled.index.max())
    shares = pooled.div(pooled.sum(axis=1), axis=0)
    stretch(ax, 3.9)
    for year, row in shares.iterrows():
        _year_bar(ax, int(year), row)
    for year in sorted(set(range(first, last + 1)) - set(map(int, shares.index))):
        ax.text(
            year,
            0.5,
            word(words.TEXTS, "no_report", language),
            rotation=90,
            ha="center",
            va="center",
            color=GREY,
            fontsize=9,
        )
    years = range(first, last + 1)
    ax.set_xticks(
        years,
        [
            f"{y}\n{number(pooled.loc[y].sum())}\n({reports[y]})" if y in shares.index else str(y)
            for y in years
        ],
    )
    ax.set_xlim(first - 0.6, last + 0.5)
    ax.set_ylim(0, 1.16)
    ax.yaxis.set_visible(False)
    _end_labels(ax, last, shares.loc[last], language)
    breaks(ax, ("form",), first, last, language)
    biggest = pooled.sum().idxmax()
    share = pooled.sum()[biggest] / pooled.sum().sum()
    title = say(
        language,
        f"Most frequent outcome: {word(words.OUTCOMES, biggest, 'en')} ({percent(share, 0)})",
        f"最常见的办理结果：{word(words.OUTCOMES, biggest, 'zh')}（{percent(share, 0)}）",
    )
    subtitle = say(
        language,
        "Share of outcomes; below the year: outcomes (reports). Other agencies each year: not a trend",
        "各年办理结果占比；年份下为办理结果件数（年报份数）；各年报告机关不同，不代表趋势",
    )
    return finish(ax, title, subtitle, language=language)


def _year_bar(ax, year: int, row: pd.Series) -> None:
    from .rows import ink

    start = 0.0
    for group, share in row.items():
        ax.bar(
            year,
            share,
            bottom=start,
            width=0.8,
            color=OUTCOME_COLOURS[group],
            edgecolor="white",
            linewidth=0.8,
        )
        if share >= 0.06:
            ax.text(
                year,
                start + share / 2,
                percent(share, 0),
                ha="center",
                va="center",
                fontsize=9,
                color=ink(OUTCOME_COLOURS[group]),
            )
        start += share


def _end_labels(ax, year: int, row: pd.Series, language: str) -> None:
    """Names of the parts beside the last bar, pushed apart where parts are thin."""
    from .timeline import spread

    middles = (row.cumsum() - row / 2).tolist()
    for group, middle, at in zip(row.index, middles, spread(middles, 0.065, 0.0, 1.0)):
        colour = GREY if group == "other" else OUTCOME_COLOURS[group]
        ax.text(
            year + 0.48,
            at,
            word(words.OUTCOMES, group, language),
            va="center",
            fontsize=9.5,
            color=colour,
        )


@styled
def grounds(
    requests: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Grounds of refusal, inability and not processing, pooled (件), with their share of all outcomes."""
    table = sums.grounds(requests)
    if table.empty or not float(table["value"].sum()):
        return empty(ax, language)
    colours = {"denied": RED, "unable": ORANGE, "not_processed": PINK}
    table = table.assign(rank=table["group"].map(list(colours).index)).sort_values(
        ["rank", "value"], ascending=[True, False]
    )
    set_rows(ax, [word(words.GROUNDS, r, language) for r in table["row"]])
    ax.barh(
        range(len(table)),
        table["value"].astype(float),
        color=table["group"].map(colours),
        height=0.7,
    )
    for y, (value, share) in enumerate(
        zip(table["value"].astype(float), table["share"].astype(float))
    ):
        ax.annotate(
            f"{number(value)} · {percent(share)}",
            (value, y),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
        )
    for group, part in table.reset_index(drop=True).groupby("group", sort=False):
        ax.text(
            1,
            part.index.max() - (0.0 if len(part) > 1 else 0),
            word(words.OUTCOMES, group, language),
            transform=ax.get_yaxis_transform(),
            ha="right",
            va="center",
            color=colours[group],
            path_effects=heavy(colours[group]),
            fontsize=11,
        )
    for at in table.reset_index(drop=True).groupby("group", sort=False).tail(1).index[:-1]:
        ax.axhline(at + 0.5, color=GREY, linewidth=0.6)
    ax.set_xlim(0, float(table["value"].max()) * 1.3)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    top = table.loc[table["value"].astype(float).idxmax()]
    title = say(
        language,
        f"The commonest ground: {word(words.GROUNDS, top['row'], 'en')}, {percent(top['share'])} of outcomes",
        f"最常见的理由：{word(words.GROUNDS, top['row'], 'zh')}，占办理结果{percent(top['share'])}",
    )
    n, whole = int(table["reports"].max()), table["outcomes"].max()
    subtitle = say(
        language,
        f"Requests by ground (cases) and share of outcomes; {number(whole)} outcomes in {n} reports",
        f"按理由分（件）及占办理结果比重；{n}份年报共{number(whole)}件",
    )
    return finish(ax, title, subtitle, language=language)


@styled
def outcome_changes(
    requests: pd.DataFrame,
    *,
    ax: plt.Axes | None = None,
    language: str = "en",
    agency: str | None = None,
) -> plt.Axes:
    """Why an agency moved: change of each outcome's share between two of its reports, in percentage points.

    Without `agency`, the agency whose later report has most outcomes. Bars start at zero; shares add up to 100 in
    each year, so the bars add up to 0.
    """
    table = sums.changes(requests)
    table = table[table["agency"] == agency] if agency else table
    if table.empty:
        return empty(
            ax,
            language,
            say(
                language,
                "No agency here has two years whose outcomes are known",
                "没有机关具备两个年度的办理结果",
            ),
        )
    last = table.loc[table["n_to"].astype(float).idxmax()]
    table = table[(table["agency"] == last["agency"]) & (table["year_to"] == last["year_to"])]
    set_rows(ax, [word(words.OUTCOMES, g, language) for g in table["group"]])
    change = table["change"].astype(float).tolist()
    ax.barh(
        range(len(change)), change, color=[OUTCOME_COLOURS[g] for g in table["group"]], height=0.7
    )
    ax.axvline(0, color=GREY, linewidth=0.8)
    for y, (value, row) in enumerate(zip(change, table.to_dict("records"))):
        ax.annotate(
            f"{value:+.1f}",
            (value, y),
            (5 if value >= 0 else -5, 0),
            textcoords="offset points",
            va="center",
            ha="left" if value >= 0 else "right",
            fontsize=9.5,
        )
    reach = max(map(abs, change)) or 1
    ax.set_xlim(-1.35 * reach, 1.35 * reach)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    return _change_titles(ax, table, change, language)


def _change_titles(ax, table: pd.DataFrame, change: list[float], language: str) -> plt.Axes:
    row = table.iloc[0]
    name = agency_names(pd.Series([row["agency"]]))[row["agency"]].replace("\n", "")
    given = sum(change[:2])
    span = f"{row['year_from']}→{row['year_to']}"
    title = say(
        language,
        f"{name} {span}: disclosure {given:+.1f} points",
        f"{name}{span}：公开比重{given:+.1f}个百分点",
    )
    subtitle = say(
        language,
        f"Change of each outcome's share, percentage points; {number(row['n_from'])} → {number(row['n_to'])} outcomes",
        f"各类办理结果占比的变化（百分点）；办理结果{number(row['n_from'])}→{number(row['n_to'])}件",
    )
    if row["crosses_form"]:
        subtitle += say(
            language,
            "\nThe form changed in between: other handling was one row",
            "\n其间格式改变：“其他处理”原为一行",
        )
    return finish(ax, title, subtitle, language=language)
