"""On three hundred reports every figure stays legible, what was planted is found, and no page says anything of nothing."""

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
from tests.writers.panel import TRUTHS, write_panel

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


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    open_corpus(write_panel(folder / "reports")).save(folder / "set")
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


def test_accounts_halve_in_the_panel(panel, monkeypatch):
    ran = run("30", monkeypatch, REPORTS=panel)
    first, last = TRUTHS["accounts_2019"], TRUTHS["accounts_2025"]
    assert f"had {first:,} accounts in 2019 and {last:,} in 2025: **−50 %**" in ran.answer
    assert "12 of 12 territories have fewer accounts" in ran.titles[0]
    assert len(ran.names["bulletins"]) == 0  # the shipped series do not enter unasked
    assert len(run("30", monkeypatch, REPORTS=panel, SERIES=True).names["bulletins"]) > 500


def test_the_panel_s_copier_and_doubtful_cell(panel, monkeypatch):
    ran = run("60", monkeypatch, REPORTS=panel)
    assert f"{TRUTHS['copier'].removesuffix('人民政府')} (100 %)" in ran.answer
    assert "**0 of 12 agencies** lie outside" in ran.answer
    ran = run("50", monkeypatch, REPORTS=panel)
    assert (
        "in 0 of 84 reports; doubtful cells: 1." in ran.answer
    )  # the licences of the one that jumps


@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_selected_is_said_and_nothing_else(number, panel, monkeypatch):
    ran = run(number, monkeypatch, REPORTS=panel, YEARS=[1999])
    assert ran.answer and ran.titles == [] and not re.search(r"\bnan\b|\bNone\b", ran.printed)
