"""Showing a figure with its title, its note and the data behind it; and what is truly hard to draw
by hand.
"""

from __future__ import annotations

import base64
import io
import itertools
import re
from collections.abc import Callable, Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.transforms import blended_transform_factory

from .theme import CYCLE, DATA, GREY, PALE, drawable, minus, say, text, worded

# What a line is not cut within: a Latin word or a figure, a Chinese name that stands between
# spaces; else one character.
_UNITS = re.compile(r"(?<= )[\u2e80-\uffff]{1,14}(?=[ ,;:.)]|$)\s*|[^\s\u2e80-\uffff]+\s*|.")
BREAKS = DATA["breaks"]
_CLOSING = "，。；、：）％%"


def some(*frames: pd.DataFrame) -> bool:
    """Whether all frames have rows; where one has none, that is said. `if gd.plots.some(data):`
    before a figure.
    """
    if all(len(frame) for frame in frames):
        return True
    print(text("nothing"))
    return False


def table(frame: pd.DataFrame, *, digits: int = 1, **words: str) -> None:
    """Display a frame in words, its figures with at most `digits` decimals and “–” where there is
    none; or say that it is empty.

    `words`: what a column is to be called, where the word for its code does not fit.
    """
    if not some(frame):
        return
    from IPython.display import display

    shown = worded(frame.rename(columns=words))
    for code, name in zip(frame.columns, shown.columns):
        if pd.api.types.is_numeric_dtype(shown[name]) and code != "year":
            shown[name] = [_figure(value, digits) for value in shown[name]]
    display(shown)


def _figure(value, digits: int) -> str:
    if pd.isna(value):
        return "–"
    figure = minus(f"{value:,.{digits}f}")
    return figure.rstrip("0").rstrip(".") if digits else figure


def show(
    drawn, data: pd.DataFrame, name: str, *, title: str, note: str = "", source: str = ""
) -> None:
    """Display a figure once, under its finding, and keep the data behind it.

    `drawn`: an Axes, a Figure or seaborn's grid. `title`: what was found, with the number. `note`:
    units, n, what is left out. `source`: by default that these are figures of annual reports. The
    output's metadata carry ``{"govdisclosure": {"name": …, "title": …, "csv": …}}``: `data` as CSV,
    for the pages and for whoever doubts.
    """
    figure: Figure = drawn if isinstance(drawn, Figure) else drawn.figure
    figure.set_layout_engine("constrained")
    for label in figure.findobj(plt.Text):
        label.set_text(minus(label.get_text()))
    title, note = minus(title), minus(note)
    below = "\n".join(part for part in (note, source or text("source")) if part)
    size, plain = plt.rcParams["figure.titlesize"], plt.rcParams["font.size"]
    # The font has one weight; a stroke makes it bold.
    bold = [withStroke(linewidth=0.7, foreground=plt.rcParams["text.color"])]
    left = {"x": 0.01, "ha": "left", "linespacing": 1.3}
    figure.suptitle(_folded(title, figure, size), fontsize=size, path_effects=bold, **left)
    figure.supxlabel(_folded(below, figure, plain), fontsize=plain, color=GREY, **left)
    kept = {"name": name, "title": title, "csv": data.to_csv(index=data.index.names != [None])}
    _display(figure, kept)
    plt.close(figure)


def _display(figure: Figure, kept: dict) -> None:
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is not None:
        display(figure, metadata={"govdisclosure": kept, "image/png": {"alt": kept["title"]}})


def _folded(text: str, figure: Figure, size: float) -> str:
    most = int(figure.get_size_inches()[0] * 72 / size / 0.52)
    return "\n".join(line for part in text.split("\n") for line in fold(drawable(part), most))


def fold(text: str, width: int) -> list[str]:
    """Lines of at most `width` Latin characters; a Chinese character takes two.

    >>> fold("一二三四五六", 6), fold("a word too many", 6)
    (['一二三', '四五六'], ['a word', 'too', 'many'])
    """
    lines = [""]
    for unit in _UNITS.findall(text):
        longer = (lines[-1] + unit).rstrip()
        taken = sum(2 if character >= "\u2e80" else 1 for character in longer)
        if lines[-1] and taken > width and unit not in _CLOSING:
            lines.append("")
        lines[-1] += unit
    return [line.rstrip() for line in lines]


def legend(ax, columns: int = 3) -> None:
    """The legend in rows over the Axes, from the left edge of the figure, under the title, where it
    covers nothing.
    """
    place = blended_transform_factory(ax.figure.transFigure, ax.transAxes)
    ax.legend(
        *ax.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0.0, 1), bbox_transform=place,
        ncol=columns, handlelength=0.9, columnspacing=1, handletextpad=0.4, borderaxespad=0.2,
    )  # fmt: skip


def breaks(ax, *years: int, among=()) -> None:
    """Draw a dashed line before each of these years, named: the form of 2021, the law of 2024. Only
    where data cross it.

    `among`: the years in their order where the axis is one of categories (bars, strips), not of
    numbers.
    """
    order = list(dict.fromkeys(among))
    low, high = ax.get_xlim()
    lower = 0  # a second name stands a line under the first
    for year in years:
        place = sum(one < year for one in order) if order else year
        if not low < place - 0.5 < high or (order and place in (0, len(order))):
            continue
        ax.axvline(place - 0.5, color=GREY, linewidth=1, linestyle=(0, (3, 3)), zorder=0)
        near = place - 0.5 > (low + high) / 2
        name = f"{year} {say(*BREAKS.get(str(year), ('', '')))}".rstrip()
        ax.annotate(
            name, (place - 0.5, 1), (-4 if near else 4, -2 - lower), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="right" if near else "left", va="top", color=GREY,
        )  # fmt: skip
        lower += 15


def lines(
    ax,
    frame: pd.DataFrame,
    *,
    hue: str = "agency",
    split=(),
    named: int = 6,
    digits: int = 0,
    palette=None,
):
    """A line a `hue` through (year, value); gaps and the years in `split` cut it, its name stands
    at its end.

    `frame`: year, value and `hue` (as words). At most `named` lines, the largest at their end, have
    a colour and a name; the others are grey (`palette`, {name: colour}, chooses for itself). Labels
    are moved apart. Returns the Axes.
    """
    known = frame.dropna(subset=["value", "year"]).astype({"year": int, "value": float})
    known = known.sort_values("year")
    runs = known.groupby(hue, sort=False, observed=True)
    ends = runs.tail(1).sort_values("value", ascending=False).head(named)
    colours = palette or dict(zip(ends[hue], itertools.cycle(CYCLE)))
    for key, part in runs:
        run = (part["year"].diff().ne(1) | part["year"].isin(split)).cumsum()
        style = {"color": colours.get(key, PALE), "zorder": 3 if key in colours else 1}
        for _, piece in part.groupby(run):
            ax.plot(piece["year"], piece["value"], "o-", markersize=4, **style)
    years = range(known["year"].min(), known["year"].max() + 1)
    ax.set_xticks(list(years)[:: -(-len(years) // 5)])
    ax.set(xlim=(years[0] - 0.3, years[-1] + 0.3), xlabel="")
    ax.grid(axis="y")
    if ax.get_yscale() == "linear" and ax.get_autoscaley_on():
        bottom, top = min(0, known["value"].min() * 1.05), known["value"].max()
        room = 0.14 * (1 + len(split))  # for the names of breaks, one under the other
        ax.set_ylim(bottom, top + room * (top - bottom or 1))
    texts = [f"{name} {value:,.{digits}f}" for name, value in zip(ends[hue], ends["value"])]
    ax.figure.canvas.draw()
    heights = (ax.transData - ax.transAxes).transform(ends[["year", "value"]])[:, 1]
    line = plt.rcParams["font.size"] * 1.6 / 72 / (ax.get_window_extent().height / ax.figure.dpi)
    for height, shown, name in zip(spread(heights, line), texts, ends[hue]):
        ax.annotate(drawable(shown), (1.02, height), xycoords="axes fraction", va="center",
                    color=colours[name], annotation_clip=False)  # fmt: skip
    return ax


def spread(heights: Sequence[float], distance: float) -> list[float]:
    """Falling heights moved apart to at least `distance`, inside 0…1 as far as they fit.

    >>> spread([0.5, 0.01, 0.0], 0.1)
    [0.5, 0.1, 0.0]
    """
    steps = np.arange(len(heights)) * distance
    moved = np.maximum.accumulate(np.array(heights)[::-1] - steps) + steps
    inside = np.minimum(moved, 1 - steps[::-1]).clip(min=0)
    return inside[::-1].round(6).tolist()


def explore(frame: pd.DataFrame, draw: Callable, columns: Iterable[str], everything: str) -> None:
    """Display a menu a column over the figure that `draw` (rows → Axes) makes of the rows chosen.

    Each menu starts at `everything` and offers only what the other menus have rows for.
    """
    import ipywidgets as widgets
    from IPython.display import display

    menus = {name: widgets.Dropdown(options=[everything], description=name) for name in columns}
    image = widgets.Image(format="png", width=520)

    def rows(apart: str = "") -> pd.DataFrame:
        part = frame
        for column, menu in menus.items():
            if menu.value != everything and column != apart:
                part = part[part[column].astype(str) == menu.value]
        return part

    def redraw(_change=None) -> None:
        for column, menu in menus.items():
            options = (everything, *sorted(rows(column)[column].dropna().astype(str).unique()))
            if options != menu.options:
                menu.unobserve(redraw, "value")
                chosen = menu.value
                menu.options, menu.value = options, chosen
                menu.observe(redraw, "value")
        figure, picture = draw(rows()).figure, io.BytesIO()
        figure.savefig(picture, format="png", dpi=100)
        plt.close(figure)
        image.value = picture.getvalue()

    for menu in menus.values():
        menu.observe(redraw, "value")
    redraw()
    bundle = widgets.VBox([widgets.HBox([*menus.values()]), image])._repr_mimebundle_()
    still = {"image/png": base64.b64encode(image.value).decode(), "text/plain": ", ".join(columns)}
    display(bundle | still, raw=True)
