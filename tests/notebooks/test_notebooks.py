"""The kept notebooks say what they computed; the runner gives pages for any folder, also where one fails."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from govdisclosure.errors import DatasetError
from govdisclosure.pages import find_notebooks, run_notebooks
from govdisclosure.pages.notebook import answer_of, load

FOLDER = Path("notebooks")
PATHS = find_notebooks(FOLDER)
THEMES = [
    "00-quickstart",
    "10-request-outcomes",
    "20-enforcement-volumes",
    "30-new-media",
    "40-disputes",
    "50-data-quality",
    "60-your-reports",
]


def test_the_seven_themes():
    assert [p.stem for p in PATHS] == THEMES


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_first_cell_repeats_the_computed_answer(path):
    book = load(path)
    answer = answer_of(book)
    assert (
        answer
        and answer in book.cells[0].source
        and answer in book.cells[0].metadata["zh"].replace("回答。** ", "")
    )
    assert book.cells[0].source.startswith("# ") and "?" in book.cells[0].source


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_kept_outputs_hold_no_error_and_no_machine_path(path):
    book = load(path)
    tags = [t for c in book.cells for t in c.metadata.get("tags", [])]
    assert tags.count("parameters") == 1 and tags.count("answer") == 1
    for cell in book.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            text = str(
                {k: v for k, v in output.get("data", {}).items() if k != "image/png"}
            ) + output.get("text", "")
            assert not re.search(r"/(home|root|work|tmp)/", text)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_checked_cells_exist_and_code_is_short(path):
    code = [c.source for c in load(path).cells if c.cell_type == "code"]
    assert any("# NBVAL_CHECK_OUTPUT" in c for c in code)
    assert max(len(c.splitlines()) for c in code) <= 8 and not any("def " in c for c in code)


def test_missing_reports_and_notebooks_are_said(tmp_path):
    with pytest.raises(DatasetError, match="folder of reports"):
        run_notebooks(tmp_path / "none", tmp_path / "out", progress=False)
    with pytest.raises(DatasetError, match="notebooks 99"):
        run_notebooks("data/reports", tmp_path / "out", only=["99"], progress=False)
    with pytest.raises(ValueError):
        run_notebooks("data/reports", tmp_path / "out", language="fr", progress=False)


def test_one_more_year_changes_the_answer_and_a_broken_notebook_stops_nothing(tmp_path):
    reports, books = tmp_path / "reports", tmp_path / "books"
    reports.mkdir()
    books.mkdir()
    shutil.copy("data/reports/dayao-2021.txt", reports)
    text = Path("data/reports/dayao-2021.txt").read_text(encoding="utf-8")
    (reports / "dayao-2022.txt").write_text(text.replace("2021", "2022"), encoding="utf-8")
    shutil.copy(FOLDER / "00-quickstart.ipynb", books)
    broken = (
        (FOLDER / "60-your-reports.ipynb")
        .read_text(encoding="utf-8")
        .replace("league.league(rates, METRICS)", "1 / 0")
    )
    (books / "60-your-reports.ipynb").write_text(broken, encoding="utf-8")
    good, bad = run_notebooks(reports, tmp_path / "out", progress=False, notebooks=books)
    assert (
        good.error == ""
        and "2 reports" in good.answer
        and "11 reports" not in (tmp_path / "out/00-quickstart.html").read_text("utf-8")
    )
    assert "ZeroDivisionError" in bad.error and "Traceback" not in (
        tmp_path / "out/60-your-reports.html"
    ).read_text("utf-8")
    index = (tmp_path / "out/index.html").read_text("utf-8")
    assert good.answer in index and "ZeroDivisionError" in index and good.figure[0] in index


def test_no_report_of_the_wanted_years_gives_a_page(tmp_path):
    (only,) = run_notebooks(
        "data/reports", tmp_path, only=["50"], years=[1999], language="zh", progress=False
    )
    assert only.error == "" and only.answer == "所选范围内没有年报，无法回答。"
