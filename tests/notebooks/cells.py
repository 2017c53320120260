"""Runs a notebook's code cells in this process: quick, with what it printed, the titles of its figures and its names."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import NamedTuple

import matplotlib
import matplotlib.pyplot as plt

from govdisclosure import plots

FOLDER = Path(__file__).parents[2] / "notebooks"


class Ran(NamedTuple):
    """`answer`: what the cell tagged so printed; `printed`: all that was; `titles` and `notes` of figures; `names`: variables."""

    answer: str
    printed: str
    titles: list[str]
    notes: list[str]
    names: dict


def run(number: str, monkeypatch, look=None, before: Ran | None = None, **parameters) -> Ran:
    """Run the notebook with this number; the first error is raised. `look(figure, name)` sees each figure as shown.

    With `before` it is run again in the same place, as in a kernel that has run it already.
    """
    matplotlib.use("Agg")
    (path,) = FOLDER.glob(f"{number}-*.ipynb")
    titles: list[str] = []
    notes: list[str] = []

    def record(drawn, data, name, *, title, note="", source=""):
        figure = drawn if hasattr(drawn, "savefig") else drawn.figure
        if look:
            show(drawn, data, name, title=title, note=note, source=source)
            look(figure, name)
        else:
            figure.savefig(io.BytesIO(), dpi=30)
        plt.close(figure)
        titles.append(title)
        notes.append(note)

    show = plots.show
    monkeypatch.setattr(plots, "show", record)
    names = before.names if before else {"display": print}
    printed, answer = io.StringIO(), ""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            start = len(printed.getvalue())
            with contextlib.redirect_stdout(printed):
                exec("".join(cell["source"]), names)
            tags = cell["metadata"].get("tags", [])
            if "parameters" in tags:
                names.update(parameters)
            if "answer" in tags:
                answer = printed.getvalue()[start:]
    return Ran(answer, printed.getvalue(), titles, notes, names)
