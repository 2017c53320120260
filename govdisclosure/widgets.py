"""A small selector over a figure, for JupyterLab. Where widgets do not run, the figure is simply there.

The object shows itself twice in one output: as a widget, and as a PNG that everything else (GitHub, HTML pages) shows.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import pandas as pd


class Explorer:
    """Choose agency, year and an option of a figure. `draw(frame, language=…, **option)` gives an Axes.

    `frame` has agency and year; `options` maps a parameter of `draw` to its choices, the first of which is drawn at first.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        draw: Callable,
        *,
        options: dict[str, list] | None = None,
        language: str = "en",
    ) -> None:
        self.frame, self.draw, self.options, self.language = frame, draw, options or {}, language

    def figure(
        self, agency: str | None = None, year: int | None = None, **chosen
    ) -> tuple[bytes, str]:
        """(PNG, text version) of the figure for one agency, one year, or all (None)."""
        import matplotlib.pyplot as plt

        rows = self.frame
        for column, value in (("agency", agency), ("year", year)):
            rows = (
                rows[(rows[column] == value).fillna(False).astype(bool)]
                if value is not None
                else rows
            )
        ax = self.draw(
            rows, language=self.language, **({k: v[0] for k, v in self.options.items()} | chosen)
        )
        buffer = io.BytesIO()
        ax.figure.savefig(buffer, format="png", bbox_inches="tight", pad_inches=0.12)
        text = repr(ax.figure)
        plt.close(ax.figure)
        return buffer.getvalue(), text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        png, text = self.figure()
        bundle = {"text/plain": text, "image/png": base64.b64encode(png).decode()}
        try:
            bundle |= self._box(png)._repr_mimebundle_()
        except Exception:  # no ipywidgets, no kernel: the picture stands
            return bundle
        return bundle | {"text/plain": text}

    def _box(self, png: bytes):
        import ipywidgets as w

        words = ("全部", "机关", "年度") if self.language == "zh" else ("all", "agency", "year")
        agencies = sorted(self.frame["agency"].dropna().astype(str).unique())
        years = sorted(int(y) for y in self.frame["year"].dropna().unique())
        choosers = {
            "agency": w.Dropdown(
                options=[(words[0], None), *((a, a) for a in agencies)], description=words[1]
            ),
            "year": w.Dropdown(
                options=[(words[0], None), *((str(y), y) for y in years)], description=words[2]
            ),
            **{
                name: w.Dropdown(options=list(values), description=name)
                for name, values in self.options.items()
            },
        }
        image = w.Image(value=png, format="png", width=640)

        def redraw(_change) -> None:
            image.value = self.figure(
                **{name: chooser.value for name, chooser in choosers.items()}
            )[0]

        for chooser in choosers.values():
            chooser.observe(redraw, names="value")
        return w.VBox([w.HBox(list(choosers.values())), image])
