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


# Figures of the prose that must be read; of accounts there are no others in the first.
PROSE = {
    "dayao-2021.txt": {
        ("new_media_closed", "all", 25.0), ("new_media_opened", "all", 13.0), ("new_media_registered", "all", 13.0),
        ("new_media_opened", "wechat", 10.0), ("new_media_opened", "weibo", 2.0), ("new_media_opened", "douyin", 1.0),
        ("hotline_requests", "all", 716.0), ("hotline_completion_rate", "all", 100.0), ("items_published", "all", 3134.0),
        ("staff", "all", 44.0), ("persons_trained", "all", 89.0), ("interpretations", "all", 11.0), ("requests_received", "all", 5.0),
        ("requests_disclosed_full", "all", 4.0), ("requests_disclosed_partial", "all", 0.0), ("requests_denied", "all", 1.0),
        ("requests_concluded", "all", 5.0), ("processing_fee", "all", 0.0),
    },
    "shanghai-office-2019.html": {
        ("requests_carried_forward", "all", 72.0), ("requests_received", "all", 859.0), ("requests_concluded", "all", 805.0),
        ("requests_carried_over", "all", 18.0), ("requests_growth", "all", -12.3),
    },
    "hongze-2023.pdf": {("new_media_closed", "all", None)},
    "shuyang-fgj-2023.html": {("items_published", "all", 249.0), ("items_published", "website", 185.0)},
}  # fmt: skip


@pytest.mark.parametrize("name", PROSE)
def test_figures_of_the_prose(name):
    path, _ = facts(name)
    rows = gd.read_report(path).narrative
    values = rows["value"].astype(object).where(rows["value"].notna(), None)
    found = set(zip(rows["indicator"].astype(str), rows["platform"].astype(str), values))
    assert found >= PROSE[name], PROSE[name] - found
    assert rows["confidence"].between(0, 1).all()
    accounts = {f for f in found if f[0].startswith("new_media") and f[2] is not None}
    assert name != "dayao-2021.txt" or len(accounts) == 9, accounts


def test_the_seed_keeps_its_new_media_figures():
    """Counts of accounts in the reports of data/, as the old rules read them."""
    data = Path(__file__).resolve().parents[1] / "data" / "reports"
    rows = gd.read_report(data / "dayao-2021.txt").narrative
    accounts = rows[
        rows["indicator"].astype(str).str.startswith("new_media") & rows["value"].notna()
    ]
    assert sorted(accounts["value"]) == [1, 1, 2, 2, 10, 10, 13, 13, 25]
    for name in ("hongze-2023.docx", "hongze-2024.pdf"):
        rows = gd.read_report(data / name).narrative
        closed = rows[rows["indicator"].astype(str) == "new_media_closed"]
        assert len(closed) and closed["value"].isna().all()


def test_dayao_says_in_prose_what_its_table_does_not():
    path, _ = facts("dayao-2021.txt")
    findings = gd.read_report(path).findings
    warned = findings[findings["severity"] == "warning"]
    assert warned["rule"].tolist() == ["narrative.requests_denied"]


def test_hongze_has_exactly_its_two_printed_errors():
    path, _ = facts("hongze-2023.pdf")
    errors = gd.read_report(path).findings.query("severity == 'error'")
    assert errors["expected"].tolist() == [11, 5] and set(errors["kind"]) == {"printed"}
    assert [s.split(" ")[2] for s in errors["suggestion"]] == ["11", "5"]
