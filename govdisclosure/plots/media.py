"""Figures of government new-media accounts: how many, on which platforms, opened and closed, and what is only said."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from ..analysis import media as sums
from . import words
from .names import report_names
from .rows import dot_rows, few, key_height, left_out, set_rows, stacked_rows
from .style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    YELLOW,
    empty,
    finish,
    number,
    styled,
)

say, word = words.say, words.word
COLOURS = {
    "wechat": GREEN, "weibo": RED, "video_account": ORANGE, "douyin": BLUE, "toutiao": PINK, "app": SKY, "mini_program": YELLOW, "other": PALE,
}  # fmt: skip


@styled
def accounts_in_operation(
    accounts: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Accounts in operation (个), a dot per agency and year, on a logarithmic scale; reports and bulletins told apart.

    `accounts` as `analysis.media.accounts` gives it.
    """
    rows = sums.stock(accounts)
    if rows.empty:
        return empty(
            ax,
            language,
            say(
                language,
                "No report or bulletin here counts accounts in operation",
                "所选年报与通报没有在运行账号数",
            ),
        )
    shown, out = few(rows, "value", 28)
    dot_rows(
        ax,
        shown,
        report_names(shown),
        language=language,
        colour=[BLUE if s == "report" else GREY for s in shown["source"]],
    )
    own = int((rows["source"] == "report").sum())
    low, high = number(float(rows["value"].min())), number(float(rows["value"].max()))
    title = say(
        language, f"From {low} to {high} accounts in operation", f"在运行账号{low}个至{high}个不等"
    )
    subtitle = say(language, f"Accounts, log scale; blue: annual report here ({own}), grey: bulletin or press ({len(rows) - own})",
                   f"个，对数刻度；蓝色为本库年报（{own}），灰色为通报或报道（{len(rows) - own}）") + left_out(out, language)  # fmt: skip
    return finish(ax, title, subtitle, language=language, source="bulletins")


@styled
def platforms(
    accounts: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Accounts by platform as shares, a bar an agency (its latest breakdown); n beside the bar."""
    rows = sums.platforms(accounts)
    if rows.empty:
        return empty(
            ax,
            language,
            say(
                language,
                "No report or bulletin here breaks accounts down by platform",
                "所选年报与通报没有分平台账号数",
            ),
        )
    wide = (
        rows.pivot_table(
            index=["agency", "year"],
            columns="platform",
            values="value",
            aggfunc="sum",
            observed=True,
        )
        .fillna(0)
        .astype(float)
    )
    parts = [p for p in COLOURS if p in wide]
    wide["n"] = wide[parts].sum(axis=1)
    shown, out = few(wide.reset_index(), "n")
    shares = shown[parts].div(shown["n"], axis=0)
    labels = {p: word(words.PLATFORMS, p, language) for p in parts}
    stacked_rows(
        ax, shares, report_names(shown), COLOURS, labels, notes=[number(n) for n in shown["n"]]
    )
    pooled = wide[parts].sum()
    top = pooled.idxmax()
    share = f"{100 * pooled[top] / pooled.sum():.0f}%"
    title = say(
        language,
        f"{share} of these accounts are on {word(words.PLATFORMS, top, 'en')}",
        f"其中{share}在{word(words.PLATFORMS, top, 'zh')}",
    )
    subtitle = say(
        language,
        f"Share of accounts by platform; right: accounts. {number(pooled.sum())} of {len(wide)} agencies",
        f"各平台占比；右侧为账号数。{len(wide)}个机关共{number(pooled.sum())}个",
    ) + left_out(out, language)
    return finish(
        ax, title, subtitle, language=language, source="bulletins", above=key_height(len(parts))
    )


@styled
def account_movements(
    accounts: pd.DataFrame, *, ax: plt.Axes | None = None, language: str = "en"
) -> plt.Axes:
    """Accounts closed or merged (left) and opened (right) in the year; a hollow dot at zero: said without a number."""
    rows = sums.movements(accounts)
    if rows.empty:
        return empty(
            ax,
            language,
            say(
                language,
                "No report here speaks of accounts opened or closed",
                "所选年报未提账号开设或关停",
            ),
        )
    keys = rows.drop_duplicates(["agency", "year"]).head(28).reset_index(drop=True)
    set_rows(ax, report_names(keys))
    reach = float(rows["value"].fillna(0).max()) or 1.0
    for row in rows.itertuples():
        found = keys.index[(keys["agency"] == row.agency) & (keys["year"] == row.year)]
        if len(found):
            _movement(ax, int(found[0]), row, language)
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_xlim(-reach * 1.5, reach * 1.5)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    for x, colour, text in (
        (0.25, RED, ("◂ closed or merged", "◂ 关停整合")),
        (0.75, GREEN, ("opened ▸", "新开设 ▸")),
    ):
        ax.text(
            x,
            1.0,
            say(language, *text),
            transform=ax.transAxes,
            ha="center",
            va="bottom",
            color=colour,
            fontsize=10.5,
        )
    return _movement_titles(ax, rows, language)


def _movement(ax, y: int, row, language: str) -> None:
    sign, colour = (-1, RED) if row.measure == "closed" else (1, GREEN)
    side = {
        "ha": "right" if sign < 0 else "left",
        "va": "center",
        "fontsize": 9.5,
        "textcoords": "offset points",
    }
    if pd.isna(row.value):
        ax.plot(
            0, y, "o", markerfacecolor="white", markeredgecolor=colour, markersize=6.5, zorder=3
        )
        ax.annotate(
            say(language, "said, no number", "有表述无数字"),
            (0, y),
            (sign * 8, 0),
            color=GREY,
            **side,
        )
        return
    ax.barh(y, sign * float(row.value), color=colour, height=0.66)
    approximate = "≈" if row.said == "approximate" else ""
    ax.annotate(
        approximate + number(float(row.value)), (sign * float(row.value), y), (sign * 5, 0), **side
    )


def _movement_titles(ax, rows: pd.DataFrame, language: str) -> plt.Axes:
    counted = rows.dropna(subset=["value"])
    closed, opened = (
        number(float(counted.loc[counted["measure"] == m, "value"].sum()))
        for m in ("closed", "opened")
    )
    words_only = int(rows["value"].isna().sum())
    title = say(
        language,
        f"{closed} accounts closed or merged, {opened} opened",
        f"关停整合{closed}个，新开设{opened}个",
    )
    n = rows.drop_duplicates(["agency", "year"]).shape[0]
    subtitle = say(
        language,
        f"Accounts in the year; {n} agency years that speak of it; {words_only} statements without a number",
        f"个；{n}个机关年度有表述，其中{words_only}处没有数字",
    )
    return finish(ax, title, subtitle, language=language, source="bulletins", above=22)
