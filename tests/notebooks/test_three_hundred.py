"""On three hundred reports every figure stays legible and what was planted is found."""

from __future__ import annotations

import re

import pytest
from matplotlib.legend import Legend

from govdisclosure import plots
from govdisclosure.pages import find_notebooks
from govdisclosure.selection import open_corpus
from govdisclosure.selection import brought
from tests.notebooks.cells import run
from tests.notebooks.many_reports import COPIER, OUTLIER, write

NUMBERS = [path.stem[:2] for path in find_notebooks(brought("notebooks"))]
# Words of the field, of units and of programs that a Chinese page may hold.
LATIN = {
    "WeChat",
    "APP",
    "CSV",
    "HTML",
    "Word",
    "PDF",
    "Markdown",
    "JupyterLab",
    "n",
    "x",
    "Lorenz",
    "MAD",
    "pandas",
    "seaborn",
}


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    open_corpus(write(folder / "reports")).save(folder / "set")
    return str(folder / "set")


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    plots.theme("en")


def labels(figure):
    """(text, box) of the tick labels inside the limits of each axis of the figure."""
    figure.draw_without_rendering()
    for axes in figure.axes:
        for axis, place in ((axes.xaxis, 0), (axes.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                text = tick.label1
                inside = low - 1e-9 <= text.get_position()[place] <= high + 1e-9
                if text.get_text() and text.get_visible() and inside:
                    yield text, text.get_window_extent()


def legible(figure, name):
    """No letters over other letters, none outside the figure, none too small, nothing wider than a laptop's page."""
    width, height = figure.get_size_inches() * figure.dpi
    assert width <= 900 and height <= 1500, (name, width, height)
    places = list(labels(figure))
    for n, (one, box) in enumerate(places):
        assert one.get_fontsize() >= 10.5, (name, one.get_text())
        assert box.x0 >= -3 and box.x1 <= width + 3, (name, one.get_text(), box.x0, box.x1, width)
        box = box.shrunk(0.9, 0.75)
        over = [
            two.get_text() for two, other in places[:n] if box.overlaps(other.shrunk(0.9, 0.75))
        ]
        assert not over, (name, one.get_text(), over)
    for legend in figure.findobj(Legend):
        box = legend.get_window_extent()
        assert box.x0 >= -3 and box.x1 <= width + 3, (name, "legend", box.x0, box.x1, width)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_is_legible(number, language, many, monkeypatch):
    ran = run(number, monkeypatch, legible, REPORTS=many, LANGUAGE=language)
    assert ran.answer and ran.titles
    assert not re.search(r"\bnan\b", ran.printed + "".join(ran.titles))
    if language == "zh":
        said = set(
            re.findall("[A-Za-z]{2,}", ran.answer + "".join(ran.titles) + "".join(ran.notes))
        )
        assert said <= LATIN, said - LATIN


def test_the_outlier_and_the_copier_are_found(many, monkeypatch):
    ran = run("60", monkeypatch, REPORTS=many)
    assert "300 reports of 100 agencies" in ran.answer
    assert OUTLIER.removesuffix("人民政府") in ran.answer.split("limits:")[1].split(" (")[0]
    assert f"most: Baisha County {COPIER.removesuffix('人民政府')} (100 %)" in ran.answer
    outside = int(re.search(r"\*\*(\d+) of 100 agencies\*\*", ran.answer)[1])
    naive = int(re.search(r"(\d+) would\.", ran.answer)[1])
    assert 1 <= outside <= 6 < naive  # not a list in which everything is an outlier
