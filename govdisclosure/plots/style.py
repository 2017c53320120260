"""The house style: colours, figure size, titles, number formats, gaps and breaks. Everything that all figures share.

A figure is 5.6 inches wide with 11 point text, so that it can still be read when a phone shrinks it to 360 pixels.
Colours: Okabe & Ito (2008), told apart with every common kind of colour blindness; greys for what is no figure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from textwrap import wrap

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib import patheffects
from matplotlib.figure import Figure

from . import words
from .fonts import drawable, families

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PINK = (
    "#1a1a1a", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
GREY, PALE, FAINT = "#6b6b6b", "#c9c9c9", "#ececec"
OUTCOME_COLOURS = {
    "disclosed_full": BLUE, "disclosed_partial": SKY, "denied": RED, "unable": ORANGE, "not_processed": PINK, "other": PALE,
}  # fmt: skip
RESULT_COLOURS = {"upheld": BLUE, "corrected": RED, "other": PALE, "pending": FAINT}
WIDTH = 5.6
ANSWERS_NOTHING = ("findings_map", "prose_against_table")  # no findings is a finding
RC = {
    "font.size": 11, "axes.titlesize": 13, "axes.labelsize": 10, "xtick.labelsize": 10, "ytick.labelsize": 10.5,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False, "axes.edgecolor": GREY,
    "axes.labelcolor": GREY, "xtick.color": GREY, "ytick.color": BLACK, "ytick.left": False, "text.color": BLACK,
    "axes.axisbelow": True, "axes.grid": False, "grid.color": FAINT, "grid.linewidth": 0.8, "figure.dpi": 170,
    "figure.facecolor": "white", "axes.facecolor": "white", "savefig.facecolor": "white", "savefig.bbox": "tight", "savefig.pad_inches": 0.12,
    "text.parse_math": False, "axes.unicode_minus": True, "svg.hashsalt": "govdisclosure",
}  # fmt: skip


class Picture(Figure):
    """A Figure whose text version is its title, so that a page can give it to a screen reader."""

    def __repr__(self) -> str:
        titles = [
            ax._govdisclosure_title for ax in self.axes if getattr(ax, "_govdisclosure_title", "")
        ]
        return "Figure: " + " / ".join(titles or ["(no title)"])

    __str__ = __repr__


def styled(draw: Callable) -> Callable:
    """Decorator of every plot: house style inside, an Axes made where none is given, the language checked."""

    @wraps(draw)
    def drawn(*args, ax: plt.Axes | None = None, language: str = "en", **options) -> plt.Axes:
        words.say(language, "", "")
        place = new_axes() if ax is None else ax
        with mpl.rc_context({**RC, "font.family": list(families())}):
            if draw.__name__ not in ANSWERS_NOTHING and not len(args[0]):
                return empty(place, language)
            return draw(*args, ax=place, language=language, **options)

    return drawn


def new_axes(height: float = 3.4) -> plt.Axes:
    """An Axes on a new figure of the house width.

    The figure is made outside rc_context: Jupyter's backend switches itself to interactive at the first figure, and the
    context would switch it back when it ends, so that no later figure would be shown.
    """
    figure = plt.figure(
        FigureClass=Picture,
        figsize=(WIDTH, height),
        layout="none",
        dpi=RC["figure.dpi"],
        facecolor="white",
    )
    with mpl.rc_context({**RC, "font.family": list(families())}):
        return figure.add_axes((0.1, 0.06, 0.85, 0.9))


def stretch(ax: plt.Axes, height: float) -> None:
    """Give a figure that holds this Axes alone the height its rows need."""
    if len(ax.figure.axes) == 1 and isinstance(ax.figure, Picture):
        ax.figure.set_size_inches(WIDTH, max(1.6, height))


def finish(
    ax: plt.Axes,
    title: str,
    subtitle: str = "",
    *,
    language: str,
    source: str = "source",
    above: float = 6,
) -> plt.Axes:
    """Title (the finding), subtitle (units, n) and source line, left-aligned with the figure, not over the data.

    `above`: points to leave free over the Axes, for labels that stand there.
    """
    title, subtitle = drawable(title), drawable(subtitle)
    ax._govdisclosure_title = f"{title}. {subtitle}".strip().replace("\n", " ")
    bottom = fit(ax)
    small = "\n".join(line for part in subtitle.split("\n") for line in fold(part, 82, language))
    big = "\n".join(fold(title, 58, language))
    kw = {
        "xycoords": ("figure fraction", "axes fraction"),
        "textcoords": "offset points",
        "annotation_clip": False,
    }
    ax.annotate(
        small, (0.01, 1), (0, above), fontsize=10, color=GREY, va="bottom", linespacing=1.25, **kw
    )
    lift = above + (small.count("\n") + 1) * 14 + 5 if small else above
    ax.annotate(
        big,
        (0.01, 1),
        (0, lift),
        fontsize=13,
        path_effects=heavy(BLACK),
        va="bottom",
        linespacing=1.2,
        **kw,
    )
    line = "\n".join(fold(words.word(words.TEXTS, source, language), 92, language))
    ax.annotate(line, (0.01, 0), (0, -bottom - 8), fontsize=8, color=GREY, va="top", **kw)
    return ax


def fit(ax: plt.Axes) -> float:
    """Make the labels left and right of the only Axes of a figure fit its width. Returns the points they take below it."""
    figure = ax.figure
    renderer = figure.canvas.get_renderer()
    for _ in range(2 if len(figure.axes) == 1 and isinstance(figure, Picture) else 0):
        box, place = ax.get_tightbbox(renderer), ax.get_position()
        left = min(0.6, place.x0 + 0.01 - box.x0 / figure.bbox.width)
        right = max(left + 0.25, place.x1 + 0.99 - box.x1 / figure.bbox.width)
        ax.set_position([left, place.y0, right - left, place.height])
    inside = ax.get_window_extent(renderer)
    return max(0.0, inside.y0 - ax.get_tightbbox(renderer).y0) * 72 / figure.dpi


def heavy(colour: str) -> list:
    """Path effects that make text look bold: the packaged font comes in one weight."""
    return [patheffects.withStroke(linewidth=0.7, foreground=colour)]


def fold(text: str, width: int, language: str) -> list[str]:
    """Lines of at most `width` Latin characters; a Chinese character takes two.

    >>> fold("一二三四五六", 6, "zh")
    ['一二三', '四五六']
    """
    if language == "en" and all(ord(c) < 0x2E80 for c in text):
        return wrap(text, width) or [""]
    lines, line, used = [], "", 0.0
    for piece in _pieces(text):
        size = sum(2 if ord(c) > 0x2E80 else 1 for c in piece)
        if used + size > width and line and piece not in "，。；、：）％":
            lines, line, used = [*lines, line.rstrip()], "", 0
        line, used = line + piece, used + size
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Words of Latin text, single Chinese characters."""
    pieces: list[str] = []
    for c in text:
        joined = (
            pieces and ord(c) < 0x2E80 and ord(pieces[-1][-1]) < 0x2E80 and pieces[-1][-1] != " "
        )
        if joined:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def empty(ax: plt.Axes, language: str, note: str = "") -> plt.Axes:
    """An Axes that says that there is nothing to show, and why."""
    text = drawable(note or words.word(words.TEXTS, "nothing", language))
    stretch(ax, 1.6)
    ax.set_axis_off()
    ax.text(
        0.5,
        0.5,
        "\n".join(fold(text, 56, language)),
        ha="center",
        va="center",
        color=GREY,
        transform=ax.transAxes,
        fontsize=11,
    )
    ax._govdisclosure_title = text
    return ax


def number(value: float, language: str = "en", *, short: bool = False) -> str:
    """A figure as text: 1,573,179; short: 1.6m, 157万.

    >>> number(1573179), number(1573179, short=True), number(1573179, "zh", short=True)
    ('1,573,179', '1.6m', '157万')
    """
    if short and language == "zh" and abs(value) >= 1e4:
        return (
            f"{value / 1e4:,.0f}万"
            if abs(value) >= 1e5 or value % 1e4 == 0
            else f"{value / 1e4:.1f}万"
        )
    if short and language == "en" and abs(value) >= 1e6:
        return f"{value / 1e6:.0f}m" if value % 1e6 == 0 else f"{value / 1e6:.1f}m"
    if short and language == "en" and abs(value) >= 1e4:
        return f"{value / 1e3:.0f}k"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.3g}"


def percent(value: float, digits: int = 1) -> str:
    """A share as text.

    >>> percent(0.3421)
    '34.2%'
    """
    return f"{100 * value:.{digits}f}%"


def log_axis(ax: plt.Axes, highest: float, language: str, *, axis: str = "x") -> None:
    """A scale from 0 over five orders of magnitude: linear to 1, logarithmic above, ticks at 0, 1, 10, …"""
    scale = ax.set_xscale if axis == "x" else ax.set_yscale
    scale("symlog", linthresh=1, linscale=0.5)
    ticks = [0, 1]
    while ticks[-1] < highest:
        ticks.append(ticks[-1] * 10)
    if len(ticks) > 6:
        ticks = [t for i, t in enumerate(ticks) if i == 0 or i % 2 == 1 or t == ticks[-1]]
    labels = [number(t, language, short=True) for t in ticks]
    (ax.set_xticks if axis == "x" else ax.set_yticks)(ticks, labels)
    (ax.xaxis if axis == "x" else ax.yaxis).set_minor_locator(mpl.ticker.NullLocator())
    (ax.set_xlim if axis == "x" else ax.set_ylim)(-0.35, max(10, highest) * 2.2)


def breaks(ax: plt.Axes, names: tuple[str, ...], first: int, last: int, language: str) -> None:
    """Where figures before and after are not the same thing: a labelled dashed line on a year axis."""
    for name in names:
        at, label = (
            words.BREAKS[name][0],
            words.word({k: v[1] for k, v in words.BREAKS.items()}, name, language),
        )
        if first - 0.6 < at < last + 0.6:
            ax.axvline(at, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
            ax.annotate(
                label,
                (at, 1),
                (3, -2),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                fontsize=8.5,
                color=GREY,
                va="top",
            )
