"""Every notebook is made as the themes ask for, and the runner gives pages for any folder, also where one fails."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from govdisclosure.cli import main
from govdisclosure.errors import DatasetError
from govdisclosure.pages import answer_of, chinese, find_notebooks, run_notebooks, tags

FOLDER = Path(__file__).parents[2] / "notebooks"
PATHS = find_notebooks(FOLDER)
THEMES = ["00-quickstart", "10-request-outcomes", "20-enforcement-volumes", "30-new-media", "40-disputes",
          "50-data-quality", "60-your-reports"]  # fmt: skip
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def book_of(path):
    return nbformat.read(path, as_version=4)


def test_the_seven_themes():
    assert [path.stem for path in PATHS] == THEMES


@each
def test_a_question_opens_and_an_output_answers(path):
    book = book_of(path)
    assert re.match(r"# .+\?$", book.cells[0].source.split("\n")[0])
    assert [sum(tag in tags(c) for c in book.cells) for tag in ("parameters", "answer")] == [1, 1]
    assert answer_of(book)
    drawn = [n for n, c in enumerate(book.cells) if any("image/png" in o.get("data", {}) for o in c.get("outputs", []))]  # fmt: skip
    asked = next(n for n, c in enumerate(book.cells) if "answer" in tags(c))
    prose = [n for n, c in enumerate(book.cells) if c.cell_type == "markdown"]
    assert (
        asked < drawn[0] < prose[1]
    )  # question, answer, decisive figure, and then what the data are


@each
def test_prose_states_no_figure_of_the_shipped_data(path):
    """What is computed is an output: a percentage in prose would be stale on another folder."""
    prose = "".join(c.source + chinese(c) for c in book_of(path).cells if c.cell_type == "markdown")
    assert not re.search(
        r"\d[\d.,]*\s*%(?! (?:of|interval))", re.sub(r"9[59](?:\.8)?\s*%", "", prose)
    )


@each
def test_chinese_is_whole(path):
    for cell in book_of(path).cells:
        if not {"parameters", "answer"} & set(tags(cell)):
            assert re.search("[一-鿿]", chinese(cell)), cell.source[:60]


@each
def test_cells_are_short_and_few_functions_are_defined(path):
    code = [c.source for c in book_of(path).cells if c.cell_type == "code"]
    lines = [[l for l in source.splitlines() if not l.startswith("# NBVAL")] for source in code]
    assert max(map(len, lines)) <= 15
    assert max(len(line) for cell in lines for line in cell) <= 100
    assert sum(source.count("\ndef ") for source in code) <= 2
    assert any("# NBVAL_CHECK_OUTPUT" in source for source in code)


@each
def test_kept_outputs_hold_no_error_no_warning_and_no_path_of_a_machine(path):
    for cell in book_of(path).cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error" and output.get("name") != "stderr"
            said = {k: v for k, v in output.get("data", {}).items() if k != "image/png"}
            assert not re.search(r"/(home|root|work|tmp)/", str(said) + output.get("text", ""))


@each
def test_figures_keep_their_data_and_their_words(path):
    drawn = [o for c in book_of(path).cells for o in c.get("outputs", []) if "govdisclosure" in o.get("metadata", {})]  # fmt: skip
    names = [o.metadata["govdisclosure"]["name"] for o in drawn]
    assert drawn and len(set(names)) == len(names)
    for output in drawn:
        assert output.metadata["govdisclosure"]["csv"].count("\n") > 1
        assert len(output.metadata["image/png"]["alt"]) > 10
        assert output.metadata["image/png"]["width"] <= 900  # a laptop's JupyterLab


def test_missing_reports_and_notebooks_are_said(tmp_path):
    with pytest.raises(DatasetError):
        run_notebooks(tmp_path / "none", tmp_path / "out")
    with pytest.raises(DatasetError, match="notebooks 99"):
        run_notebooks(None, tmp_path / "out", only=["99"])
    with pytest.raises(ValueError):
        run_notebooks(None, tmp_path / "out", language="fr")


def test_the_notebooks_of_the_current_folder_are_never_run_unasked(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00-theirs.ipynb").write_text("{}")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DatasetError, match="00-quickstart"):
        run_notebooks(None, tmp_path / "out", only=["theirs"])


def test_one_more_year_changes_the_answer_and_a_broken_notebook_stops_nothing(tmp_path):
    reports, books = tmp_path / "reports", tmp_path / "books"
    reports.mkdir()
    books.mkdir()
    text = Path("data/reports/dayao-2021.txt").read_text(encoding="utf-8")
    (reports / "dayao-2021.txt").write_text(text, encoding="utf-8")
    (reports / "dayao-2022.txt").write_text(
        text.replace("2021", "2022").replace("45219", "45220"), encoding="utf-8"
    )
    shutil.copy(FOLDER / "00-quickstart.ipynb", books)
    broken = json.loads((FOLDER / "60-your-reports.ipynb").read_text(encoding="utf-8"))
    broken["cells"][3]["source"] = "1 / 0  # <script>"
    (books / "60-your-reports.ipynb").write_text(json.dumps(broken), encoding="utf-8")
    good, bad = run_notebooks(reports, tmp_path / "out", notebooks=books)
    assert good.error == "" and "2 reports" in good.answer
    assert "ZeroDivisionError" in bad.error
    pages = {
        name: (tmp_path / "out" / name).read_text("utf-8")
        for name in ("index.html", "60-your-reports.html")
    }
    assert "ZeroDivisionError" in pages["index.html"] and "<strong>2 reports" in pages["index.html"]
    assert (
        "Traceback" not in pages["60-your-reports.html"]
        and "<script" not in pages["60-your-reports.html"]
    )
    kept = (tmp_path / "out" / "00-quickstart.ipynb").read_text("utf-8")
    assert str(reports) in kept  # the notebook can be run again where the reports lie


def test_what_documents_say_is_text_in_pages(tmp_path):
    """An agency's name, which documents print, makes no tag and no link."""
    book = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("# Who? <b>x</b>"),
        nbformat.v4.new_code_cell('name = "<img src=x onerror=y>[a](http://b)"\nprint(name)', metadata={"tags": ["answer"]}),
        nbformat.v4.new_code_cell("import pandas as pd\npd.DataFrame({'agency': [name]})"),
    ])  # fmt: skip
    books = tmp_path / "books"
    books.mkdir()
    nbformat.write(book, books / "01-hostile.ipynb")
    run_notebooks(None, tmp_path / "out", notebooks=books)
    for name in ("01-hostile.html", "index.html"):
        text = (tmp_path / "out" / name).read_text("utf-8")
        assert (
            "&lt;img src=x" in text
            and "<img src=x" not in text
            and 'href="http' not in text
            and "<b>" not in text
        )


def test_the_command_says_little_and_no_report_of_the_wanted_years_gives_a_page(tmp_path, capfd):
    """On a data set, which holds no report of that year."""
    data = FOLDER.parent / "data" / "tidy" / "parquet"
    given = ["--reports", str(data), "--years", "1999", "--language", "zh", "--only", "50"]
    assert main(["notebooks", "--out", str(tmp_path), *given]) == 0
    said = capfd.readouterr()
    assert said.out == f"1 of 1 notebooks: {tmp_path / 'index.html'}\n"
    assert not re.search("warn|error|frozen", said.err, flags=re.I)
    assert "所选范围无法计算任何结论。" in (tmp_path / "index.html").read_text("utf-8")
