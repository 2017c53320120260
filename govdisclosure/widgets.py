"""A selector over a figure, for JupyterLab; where widgets do not run, the figure of everything is simply there."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable

import pandas as pd


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
            values = sorted(rows(column)[column].dropna().unique())
            options = (everything, *map(str, values))
            if options != menu.options:
                menu.unobserve(redraw, "value")
                chosen = menu.value
                menu.options, menu.value = options, chosen
                menu.observe(redraw, "value")
        image.value = picture(draw(rows()))

    for menu in menus.values():
        menu.observe(redraw, "value")
    redraw()
    bundle = widgets.VBox([widgets.HBox([*menus.values()]), image])._repr_mimebundle_()
    still = {"image/png": base64.b64encode(image.value).decode(), "text/plain": ", ".join(columns)}
    display(bundle | still, raw=True)


def picture(ax) -> bytes:
    """The figure of an Axes as a PNG of 100 dpi; the figure is closed."""
    import matplotlib.pyplot as plt

    buffer = io.BytesIO()
    ax.figure.savefig(buffer, format="png", dpi=100)
    plt.close(ax.figure)
    return buffer.getvalue()
