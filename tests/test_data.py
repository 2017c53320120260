"""`data/`: every cell of every transcribed report against the figures it was made from, none left out."""

from __future__ import annotations

import csv
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from govdisclosure.forms import FORMS, row_unit
from govdisclosure.pipeline import read_record

DATA = Path(__file__).resolve().parent.parent / "data"
REPORTS = {
    row["report_id"]: row for row in csv.DictReader((DATA / "manifest.csv").open(encoding="utf-8"))
}
# What the odd prints mean, by hand: text → (value, unit or None for the form's, status)
ODD = {
    "251000元": (251000, "元", "reported"),
    "55（含自然失效 29 件）": (55, None, "reported"),
    "": (None, None, "blank"),
    None: (None, None, "unreadable"),
}


def figures(report_id: str) -> dict:
    return json.loads((DATA / "figures" / f"{report_id}.json").read_text("utf-8"))


def printed(facts: dict) -> dict[tuple[str, str, str], str | None]:
    """{(table, row, column): text}, straight from the JSON."""
    cells = {
        ("proactive", row, column): text
        for row, texts in facts["proactive"].items()
        for column, text in texts.items()
    }
    for table in ("requests", "disputes"):
        for row, texts in facts[table].items():
            columns = FORMS[facts["form"]].table(table).columns
            assert len(texts) == len(columns), (table, row)
            cells |= {(table, row, column.key): text for column, text in zip(columns, texts)}
    return cells


def meaning(form: str, key: tuple[str, str, str], text: str | None) -> tuple:
    table = FORMS[form].table(key[0])
    own = row_unit(table.row(key[1]), table.column(key[2]))
    if text in ODD:
        value, unit, status = ODD[text]
        return value, unit or own, status
    assert re.fullmatch(r"\d+(\.\d+)?", text), f"{key}: say by hand what {text!r} means"
    return float(Decimal(text)), own, "reported"


@pytest.fixture(scope="module")
def records():
    return {key: read_record(DATA / row["path"], report_id=key) for key, row in REPORTS.items()}


@pytest.mark.parametrize("report_id", REPORTS)
def test_every_cell(records, report_id):
    facts, record = figures(report_id), records[report_id]
    want = {key: (*meaning(facts["form"], key, text), text) for key, text in printed(facts).items()}
    read = {(c.table, c.row, c.column): c for c in record.cells}
    assert record.form == facts["form"]
    unchecked = {key for key in read if key not in want}
    assert all(read[key].status == "absent" and read[key].value is None for key in unchecked), (
        unchecked
    )
    assert want.keys() <= read.keys()
    for key, (value, unit, status, text) in want.items():
        cell = read[key]
        assert (cell.value, cell.unit, cell.status) == (value, unit, status), key
        assert cell.text == ("□" if text is None else text), key
        assert cell.where or status == "blank", key


def test_no_cell_is_unchecked(records):
    """2,170 printed figures in eleven reports: a file or a figure that went missing changes the number."""
    total = sum(len(printed(figures(key))) for key in REPORTS)
    absent = sum(c.status == "absent" for r in records.values() for c in r.cells)
    read = sum(len(r.cells) for r in records.values())
    print(f"{total} cells checked, {absent} absent from the one-row misprint, {read} read")
    assert (
        len(REPORTS)
        == len(list((DATA / "figures").glob("*.json")))
        == len(list((DATA / "reports").iterdir()))
        == 11
    )
    assert (total, read) == (2170, 2170 + absent)


def test_nothing_is_left_over(records):
    assert {key: list(r.unplaced) for key, r in records.items() if r.unplaced} == {}


@pytest.mark.parametrize("report_id", REPORTS)
def test_who_and_when_come_from_the_document_alone(records, report_id):
    row, record = REPORTS[report_id], records[report_id]
    assert record.agency.value == row["agency"]
    assert record.year.value == int(row["year"])


@pytest.mark.parametrize("report_id", REPORTS)
def test_the_prose_carries_the_narrative_figures(report_id):
    prose = (DATA / "prose" / f"{report_id}.txt").read_text("utf-8")
    for figure in figures(report_id)["narrative"]:
        value = figure["value"]
        if value is None:
            assert re.search("关停|整合|清理", prose)
            continue
        number = f"{value:g}" if value < 100_000 else f"{value:.0f}"
        tens = f"{value / 10_000:g}万"
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]\d)|{tens}", prose), figure


def test_the_prose_contradicts_the_tables_where_the_agency_did():
    """Kept on purpose: checks of prose against tables need real contradictions."""
    shanghai = (DATA / "prose/shanghai-office-2019.txt").read_text("utf-8")
    assert "部分公开258件（占33.9%）" in shanghai and "无法提供265件" in shanghai
    assert "17件" in (DATA / "prose/hongze-2024.txt").read_text("utf-8")
    suqian = (DATA / "prose/suqian-2024.txt").read_text("utf-8")
    assert "行政复议134件" in suqian and "行政诉讼57件" in suqian


def test_rebuilding_gives_what_is_there():
    """Text formats byte by byte; Word and PDF files depend on the libraries that write them and are only made."""
    pytest.importorskip("docx", reason="python-docx writes the Word file")
    pytest.importorskip("reportlab", reason="reportlab writes the PDF files")
    sys.path.insert(0, str(DATA))
    try:
        import transcribe
    finally:
        sys.path.remove(str(DATA))
    for path, data in transcribe.build().items():
        assert path.exists(), path
        if path.suffix not in (".docx", ".pdf"):
            assert path.read_bytes() == data, f"{path.name} is stale: run python data/transcribe.py"


def test_the_figures_are_those_handed_over():
    shared = DATA.parent.parent / "shared" / "figures"
    if not shared.exists():
        pytest.skip(
            "the folder of reference figures is not here; data/figures was compared when it was made"
        )
    for path in (DATA / "figures").glob("*.json"):
        assert json.loads(path.read_text("utf-8")) == json.loads(
            (shared / path.name).read_text("utf-8")
        )
    assert (DATA / "new_media_bulletins.csv").read_bytes() == (
        shared / "new-media-bulletins.csv"
    ).read_bytes()


def test_the_dictionary_names_every_column():
    readme = (DATA / "README.md").read_text("utf-8")
    for name in ("manifest.csv", "new_media_bulletins.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            for column in next(csv.reader(file)):
                assert f"`{column}`" in readme, (name, column)
