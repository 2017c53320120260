"""Two shapes most figures share: a dot a row (with interval), and a bar a row, stacked to one hundred percent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.ticker import MaxNLocator

from . import words
from .style import BLACK, BLUE, FAINT, GREY, log_axis, number, percent, stretch

MOST_ROWS = 32
ROW = 0.27  # inches


def set_rows(ax, names: Sequence[str], *, extra: float = 0.9) -> None:
    """Names down the left side, first at the top, faint lines between, height to fit."""
    lines = sum(1 + 0.6 * name.count("\n") for name in names)
    stretch(ax, max(3, lines) * ROW + extra)
    ax.set_yticks(range(len(names)), names)
    room = max(0.0, (3 - len(names)) / 2)  # a single bar is not blown up
    ax.set_ylim(len(names) - 0.4 + room, -0.6 - room)
    ax.hlines(
        range(len(names)),
        0,
        1,
        transform=ax.get_yaxis_transform(),
        color=FAINT,
        linewidth=0.8,
        zorder=0,
    )


def dot_rows(
    ax, frame: pd.DataFrame, names: Sequence[str], *, language: str, scale: str = "log", colour: str | Sequence[str] = BLUE,
    text: Callable[[pd.Series], str] | None = None, reference: float | None = None, highest: float | None = None,
) -> None:  # fmt: skip
    """A dot a row of `frame` at `value`, a line from `low` to `high` where it has them, a label beside the dot.

    A row without a value shows its `status` in words instead of a dot. `scale`: 'log', 'percent' or 'linear', see `_scale`.
    """
    set_rows(ax, names)
    values = frame["value"].astype("Float64")
    top = float(values.max()) if values.notna().any() else 1.0
    top = max(top, highest or 0)
    _scale(ax, scale, top, frame, language)
    if reference is not None:
        ax.axvline(reference, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
    colours = [colour] * len(frame) if isinstance(colour, str) else list(colour)
    for y, (row, c) in enumerate(zip(frame.to_dict("records"), colours)):
        if pd.isna(row["value"]):
            ax.text(
                0.01,
                y,
                _reason(row.get("status"), language),
                transform=ax.get_yaxis_transform(),
                color=GREY,
                fontsize=9,
                va="center",
            )
        else:
            _dot(
                ax,
                y,
                row,
                c,
                text(row) if text else number(float(row["value"]), language, short=True),
            )


def _reason(status: object, language: str) -> str:
    """Why there is no dot: blank, absent, unreadable, no decisions, …"""
    table = (
        words.STATUSES
        if status in words.STATUSES
        else words.REASONS
        if status in words.REASONS
        else None
    )
    return (
        words.word(table, status, language)
        if table
        else words.word(words.TEXTS, "no_figure", language)
    )


def _dot(ax, y: int, row: dict, colour: str, label: str) -> None:
    value, low, high = float(row["value"]), row.get("low"), row.get("high")
    if low is not None and not pd.isna(low):
        ax.plot(
            [low, high],
            [y, y],
            color=colour,
            linewidth=2.2,
            alpha=0.45,
            solid_capstyle="round",
            clip_on=False,
        )
    ax.plot(value, y, "o", color=colour, markersize=6.5, clip_on=False, zorder=3)
    _beside(ax, value, y, label, low, high)


def _scale(ax, scale: str, top: float, frame: pd.DataFrame, language: str) -> None:
    """'log' holds 0 and five orders of magnitude; 'percent' ends at 100; 'linear' starts at 0."""
    if scale == "log":
        log_axis(ax, top, language)
        return
    highs = frame["high"].dropna() if "high" in frame else []
    top = max([top, *map(float, highs)]) or 1.0
    ax.set_xlim(0, min(100.0, top * 1.05) if scale == "percent" else top * 1.08)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(
        lambda v, _: f"{v:.0f}%" if scale == "percent" else number(v, language)
    )


def _beside(ax, value: float, y: int, label: str, low, high) -> None:
    """The label right of the dot (and its interval), or left of it where the right side is full."""
    right = value if high is None or pd.isna(high) else float(high)
    left = value if low is None or pd.isna(low) else float(low)
    start, end = ax.transAxes.inverted().transform(ax.transData.transform([(left, 0), (right, 0)]))[
        :, 0
    ]
    fits = end < 0.74 or start < 0.3
    ax.annotate(
        label,
        (right if fits else left, y),
        (7 if fits else -7, 0),
        textcoords="offset points",
        fontsize=9.5,
        va="center",
        ha="left" if fits else "right",
        color=BLACK,
        annotation_clip=False,
        zorder=4,
        bbox={
            "boxstyle": "square,pad=0.08",
            "facecolor": "white",
            "edgecolor": "none",
            "alpha": 0.85,
        },
    )


def stacked_rows(
    ax, table: pd.DataFrame, names: Sequence[str], colours: dict[str, str], labels: dict[str, str], *, notes: Sequence[str] = (), smallest: float = 0.075, across: int = 3,
) -> None:  # fmt: skip
    """A bar a row; `table` holds shares, one column a part, in order. `notes` (such as n) stand right of the bars."""
    set_rows(ax, names)
    for y, shares in enumerate(
        table.astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
    ):
        start = 0.0
        for part, share in zip(table.columns, shares):
            if not share > 0:
                continue
            ax.barh(
                y,
                share,
                left=start,
                height=0.72,
                color=colours[part],
                edgecolor="white",
                linewidth=0.8,
            )
            if share >= smallest:
                ax.text(
                    start + share / 2,
                    y,
                    percent(share, 0),
                    ha="center",
                    va="center",
                    fontsize=9,
                    color=ink(colours[part]),
                )
            start += share
    for y, note in enumerate(notes):
        ax.text(1.015, y, note, va="center", fontsize=9, color=GREY)
    ax.set_xlim(0, 1)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    key(ax, [(colours[p], labels[p]) for p in table.columns], across)


def ink(colour: str) -> str:
    """Black or white, whichever reads better on `colour`."""
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return "white" if 0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2 < 0.3 else BLACK


def key(ax, entries: Sequence[tuple[str, str]], columns: int = 3) -> None:
    """Colour and word for each part, in the order of the bars, between subtitle and bars."""
    from matplotlib.patches import Patch

    columns = min(columns, len(entries))
    count = -(-len(entries) // columns)
    across = [
        entries[r * columns + c]
        for c in range(columns)
        for r in range(count)
        if r * columns + c < len(entries)
    ]
    handles = [Patch(facecolor=c, edgecolor=GREY if c == FAINT else c, label=w) for c, w in across]
    ax.legend(
        handles=handles,
        ncols=columns,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        fontsize=9.5,
        handlelength=0.9,
        handleheight=0.9,
        columnspacing=1.2,
        handletextpad=0.4,
        borderaxespad=0.2,
        borderpad=0.1,
    )


def key_height(parts: int, columns: int = 3) -> float:
    """Points the key takes above the Axes."""
    return 8 + 16 * -(-parts // columns)


def few(frame: pd.DataFrame, by: str, most: int = MOST_ROWS) -> tuple[pd.DataFrame, int]:
    """The `most` rows with the highest `by`, in that order, and how many were left out; rows without a figure last."""
    ordered = frame.sort_values(by, ascending=False, kind="stable", na_position="last")
    return ordered.head(most), max(0, len(ordered) - most)


def left_out(count: int, language: str) -> str:
    """' · 12 more not shown', or nothing."""
    return (
        words.say(language, f" · {count} more not shown", f" · 另有{count}份未显示")
        if count
        else ""
    )
