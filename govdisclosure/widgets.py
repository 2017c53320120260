"""A selector over a figure, for JupyterLab; where widgets do not run, the figure of everything is simply there."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import pandas as pd

WORDS = {"en": "all", "zh": "全部"}


class Explorer:
    """Choose rows of `frame` by some of its columns and see what `draw(rows)` (which gives an Axes) makes of them.

    `choosers`: column → label. Each starts at all and offers only what the other choices have rows for.
    """

    def __init__(
        self, frame: pd.DataFrame, draw: Callable, choosers: dict[str, str], language: str = "en"
    ) -> None:
        self.frame, self.draw, self.choosers, self.all = frame, draw, choosers, WORDS[language]

    def rows(self, chosen: dict, without: str = "") -> pd.DataFrame:
        """The rows of these choices (column → value, None for all), leaving out the choice of one column."""
        rows = self.frame
        for column, value in chosen.items():
            if value is not None and column != without:
                rows = rows[rows[column].eq(value).fillna(False)]
        return rows

    def picture(self, chosen: dict) -> bytes:
        """The figure of these choices as a PNG."""
        import matplotlib.pyplot as plt

        figure, buffer = self.draw(self.rows(chosen)).figure, io.BytesIO()
        figure.savefig(buffer, format="png", dpi=100)
        plt.close(figure)
        return buffer.getvalue()

    def box(self):
        """The ipywidgets box: a dropdown a column over the picture."""
        import ipywidgets as widgets

        menus = {
            column: widgets.Dropdown(description=label) for column, label in self.choosers.items()
        }
        image = widgets.Image(format="png")

        def redraw(_change=None) -> None:
            chosen = {column: menu.value for column, menu in menus.items()}
            for column, menu in menus.items():
                values = sorted(self.rows(chosen, column)[column].dropna().unique())
                options = [(self.all, None), *((str(value), value) for value in values)]
                if options != list(menu.options):
                    with menu.hold_trait_notifications():
                        menu.options, menu.value = options, chosen[column]
            image.value = self.picture(chosen)

        redraw()
        for menu in menus.values():
            menu.observe(redraw, names="value")
        return widgets.VBox([widgets.HBox(list(menus.values())), image])

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = self.box()._repr_mimebundle_()
        png = base64.b64encode(self.picture({})).decode()
        return bundle | {"image/png": png, "text/plain": "Figure: " + ", ".join(self.choosers)}
