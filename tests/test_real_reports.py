"""The real documents that this was developed against: every cell right, its status and printed text too.

They are not ours to publish, so they stand beside the repository, in ../shared; where they are missing this skips.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import govdisclosure as gd
from govdisclosure.numbers import number

SHARED = Path(__file__).resolve().parents[2] / "shared"
COLUMNS = {
    "requests": (
        "natural_person",
        "commercial",
        "research",
        "public_interest",
        "legal_service",
        "other_organization",
        "total",
    ),
    "disputes": ("upheld", "corrected", "other", "pending", "total"),
}
NAMES = ("dayao-2021.txt", "shanghai-office-2019.html", "shuyang-fgj-2023.html", "hongze-2023.pdf")


def facts(name: str) -> tuple[Path, dict]:
    """The document and its figures, or a skip that says what is missing."""
    path = SHARED / "reports" / name
    if not path.is_file():
        pytest.skip(
            f"SKIPPED, not tested: {path.name} is not beside the repository (../shared/reports)"
        )
    return path, json.loads((SHARED / "figures" / f"{path.stem}.json").read_text("utf-8"))


def printed(figures: dict) -> dict[tuple[str, str, str], str]:
    """(table, row, column) → text as printed."""
    found = {}
    for table in ("proactive", "requests", "disputes"):
        for row, values in figures[table].items():
            pairs = (
                values.items()
                if isinstance(values, dict)
                else zip(COLUMNS[table], values, strict=True)
            )
            found |= {(table, row, column): text for column, text in pairs}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_real_report(name):
    path, figures = facts(name)
    cells = gd.read_report(path).cells
    read = {(c.table, c.row, c.column): c for c in cells.itertuples()}
    for key, text in printed(figures).items():
        expected = number(text)
        got = read.pop(key)
        assert (got.status, got.text) == (expected.status, text), key
        assert expected.value is None or got.value == float(expected.value), key
        assert got.where, key
    assert {c.status for c in read.values()} <= {"absent"}, "a cell was invented"


def test_units_of_money():
    path, _ = facts("shanghai-office-2019.html")
    amount = gd.read_report(path).cells.query("column == 'amount'").iloc[0]
    assert (amount["value"], amount["unit"], amount["text"]) == (251000, "元", "251000元")


def test_the_blank_form_is_blank_in_every_cell():
    path = SHARED / "reports" / "form-2021-blank.docx"
    if not path.is_file():
        pytest.skip(
            "SKIPPED, not tested: form-2021-blank.docx is not beside the repository (../shared/reports)"
        )
    report = gd.read_report(path)
    assert (report.form, len(report.cells), set(report.cells["status"])) == ("2021", 200, {"blank"})


@pytest.mark.parametrize("name", NAMES)
def test_agency_and_year_and_where_they_come_from(name):
    path, figures = facts(name)
    report = gd.read_report(path)
    assert report.year == figures["year"] and report.division_code == figures["division_code"]
    assert report.agency in figures["agency"] and report.level == figures["level"]
    assert report.origin("agency") and report.origin("year")


def test_what_dayao_says_in_prose_and_in_tables():
    path, _ = facts("dayao-2021.txt")
    report = gd.read_report(path)
    said = {
        (f.indicator, f.platform): f.value
        for f in report.narrative.dropna(subset="value").itertuples()
    }
    assert {k: said[k] for k in [("new_media_closed", "all"), ("new_media_opened", "all"), ("new_media_registered", "all"),
                                 ("new_media_opened", "wechat"), ("new_media_opened", "weibo"), ("new_media_opened", "douyin")]} == {
        ("new_media_closed", "all"): 25, ("new_media_opened", "all"): 13, ("new_media_registered", "all"): 13,
        ("new_media_opened", "wechat"): 10, ("new_media_opened", "weibo"): 2, ("new_media_opened", "douyin"): 1}  # fmt: skip
    warned = report.findings[report.findings["severity"] == "warning"]
    assert warned["rule"].tolist() == ["narrative.requests_denied"]


def test_hongze_has_exactly_its_two_printed_errors():
    path, _ = facts("hongze-2023.pdf")
    errors = gd.read_report(path).findings.query("severity == 'error'")
    assert errors["expected"].tolist() == [11, 5] and set(errors["kind"]) == {"printed"}
    assert [s.split(" ")[2] for s in errors["suggestion"]] == ["11", "5"]
