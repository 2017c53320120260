"""Years along the bottom, a line an agency, on a logarithmic scale that has a zero. Nothing is drawn where nothing was reported."""

from __future__ import annotations

import pandas as pd

from .names import agency_names
from .style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    breaks,
    log_axis,
    number,
    stretch,
)

COLOURS = (BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK)
MOST_LABELS = 10


def spread(places: list[float], distance: float, low: float, high: float) -> list[float]:
    """Places moved apart to at least `distance`, order kept, inside low…high as far as they fit.

    >>> spread([0.0, 0.01, 0.5], 0.1, 0.0, 1.0)
    [0.0, 0.1, 0.5]
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for before, after in zip(order, order[1:]):
        moved[after] = max(moved[after], moved[before] + distance)
    if order and moved[order[-1]] > high:
        moved[order[-1]] = high
        for after, before in zip(order[::-1], order[-2::-1]):
            moved[before] = min(moved[before], moved[after] - distance)
    return [round(m, 6) for m in moved]


def timeline(ax, frame: pd.DataFrame, *, language: str, break_names: tuple[str, ...] = ()) -> None:
    """`frame`: agency, year, value, form. Lines join consecutive years on the same form only; single years are dots."""
    known = frame.dropna(subset=["value", "year"]).astype({"value": float, "year": int})
    first, last = int(known["year"].min()), int(known["year"].max())
    latest = (
        known.sort_values("year")
        .groupby("agency", observed=True)
        .tail(1)
        .sort_values("value", ascending=False)
    )
    named = set(latest["agency"].head(MOST_LABELS))
    stretch(ax, 4.1)
    ax.set_xlim(first - 0.4, last + 0.4)
    log_axis(ax, known["value"].max(), language, axis="y")
    ax.grid(axis="y")
    names = {a: n.replace("\n", "") for a, n in agency_names(latest["agency"]).items()}
    colours = {
        a: COLOURS[i % len(COLOURS)] if a in named else PALE for i, a in enumerate(latest["agency"])
    }
    for agency, part in known.sort_values("year").groupby("agency", observed=True, sort=False):
        _line(ax, part, colours[agency], names[agency], language)
    ax.set_xticks(range(first, last + 1))
    for year in set(range(first, last + 1)) - set(known["year"]):
        ax.axvspan(year - 0.4, year + 0.4, color="#f6f6f6", zorder=-1, linewidth=0)
    _labels(ax, latest[latest["agency"].isin(named)], colours, last, language)
    breaks(ax, break_names, first, last, language)


def _line(ax, part: pd.DataFrame, colour: str, name: str, language: str) -> None:
    """Consecutive years on one form are joined; a dot that nothing joins to its successor carries the name itself."""
    rows = part.to_dict("records")
    for a, b in zip(rows, rows[1:]):
        if b["year"] == a["year"] + 1 and a["form"] == b["form"]:
            ax.plot([a["year"], b["year"]], [a["value"], b["value"]], color=colour, linewidth=1.8)
        elif colour != PALE:
            text = f"{name} {number(a['value'], language, short=True)}"
            ax.annotate(
                text,
                (a["year"], a["value"]),
                (0, 8),
                textcoords="offset points",
                fontsize=9,
                color=colour,
                ha="left",
            )
    ax.plot(part["year"], part["value"], "o", color=colour, markersize=5.5, clip_on=False, zorder=3)


def _labels(ax, latest: pd.DataFrame, colours: dict[str, str], last: int, language: str) -> None:
    """Name and last figure at the right, moved apart where lines end close to each other."""
    names = agency_names(latest["agency"])
    to_axes = ax.transAxes.inverted().transform
    heights = [to_axes(ax.transData.transform((r.year, r.value)))[1] for r in latest.itertuples()]
    for row, height, at in zip(latest.itertuples(), heights, spread(heights, 0.062, 0.0, 1.0)):
        label = f"{names[row.agency]} {number(row.value, language, short=True)}".replace("\n", "")
        start = to_axes(ax.transData.transform((row.year, row.value)))[0]
        ax.plot(
            [start + 0.012, 1.01],
            [height, at],
            transform=ax.transAxes,
            color=colours[row.agency],
            linewidth=0.6,
            alpha=0.6,
            clip_on=False,
        )
        ax.text(
            1.02,
            at,
            label,
            transform=ax.transAxes,
            va="center",
            fontsize=9.5,
            color=colours[row.agency] if colours[row.agency] not in (SKY, ORANGE, PINK) else BLACK,
        )
