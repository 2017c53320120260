"""The figures of real reports: what must be found, and nothing else."""

from __future__ import annotations

import pytest

from govdisclosure.checks import check_corpus, check_record

from .frames_of import frames_of
from .records import NAMES, figure, real, serious


def test_hongze_2023_has_exactly_the_two_totals():
    found = check_record(real("hongze-2023"))
    assert [(f.rule, f.kind, f.severity, f.expected, f.actual, f.gap) for f in found] == [
        ("disputes.total", "printed", "error", 11.0, 0.0, -11.0), ("disputes.total", "printed", "error", 5.0, 0.0, -5.0),
    ]  # fmt: skip
    assert found[0].suggestion.startswith("disputes.reconsideration.total = 11 (printed 0)")
    assert found[1].suggestion.startswith(
        "disputes.litigation_after_reconsideration.total = 5 (printed 0)"
    )
    assert found[0].cells[0] == "disputes.reconsideration.total"
    assert found[1].cells[0] == "disputes.litigation_after_reconsideration.total"


@pytest.mark.parametrize(
    "name",
    [n for n in NAMES if n not in ("hongze-2023", "shanghai-office-2019", "shanghai-office-2025")],
)
def test_reports_that_add_up_have_no_finding(name):
    assert not check_record(real(name))


def test_shanghai_2019_blank_totals_are_said_so_and_nothing_is_falsely_failed():
    found = check_record(real("shanghai-office-2019"))
    assert not serious(found)
    applicants = next(f for f in found if f.rule == "requests.applicants")
    assert len(applicants.cells) == 19 and "total blank in 19" in applicants.message
    assert [f.rule for f in found] == ["requests.applicants", "disputes.total"]


def test_shanghai_2019_prose_against_the_parts_whose_totals_are_blank():
    prose = (
        figure("requests_disclosed", 258),
        figure("requests_unable", 265),
        figure("requests_denied", 35),
        figure("requests_received", 859),
    )
    found = [
        f
        for f in check_record(real("shanghai-office-2019", figures=prose))
        if f.kind == "narrative"
    ]
    assert [(f.rule, f.severity, f.expected, f.actual) for f in found] == [
        ("narrative.requests_disclosed", "warning", 275.0, 258.0), ("narrative.requests_unable", "warning", 337.0, 265.0),
    ]  # fmt: skip


def test_dayao_2021_denied_in_the_prose_unable_in_the_table():
    prose = (
        figure("requests_received", 5, scope="territory"),
        figure("requests_denied", 1, scope="territory"),
    )
    found = serious(check_record(real("dayao-2021", figures=prose)))
    assert [(f.rule, f.kind, f.expected, f.actual) for f in found] == [
        ("narrative.requests_denied", "narrative", 0.0, 1.0)
    ]
    assert "under unable" in found[0].suggestion


@pytest.mark.parametrize("scope", ["own_office", "government"])
def test_hongze_2024_office_and_district_differ_in_scope(scope):
    found = check_record(
        real("hongze-2024", figures=(figure("requests_received", 17, scope=scope),))
    )
    assert [(f.rule, f.severity, f.expected, f.actual) for f in found] == [
        ("narrative.requests_received", "info", 95.0, 17.0)
    ]
    assert "scope" in found[0].suggestion


def test_suqian_2024_disputes_of_the_prose():
    prose = (
        figure("reconsideration_cases", 134),
        figure("litigation_cases", 57),
        figure("requests_handled", 3646),
    )
    found = check_record(real("suqian-2024", figures=prose))
    assert [(f.rule, f.kind, f.severity, f.expected, f.actual) for f in found] == [
        ("narrative.reconsideration_cases", "narrative", "warning", 170.0, 134.0),
        ("narrative.litigation_cases", "narrative", "warning", 77.0, 57.0),
    ]  # fmt: skip


def test_suqian_across_the_years_holds_and_hongze_jumps():
    found = check_corpus(frames_of([real(n) for n in NAMES]))
    assert not len(found.query("severity == 'error'"))
    assert [
        tuple(r)
        for r in found.query("severity == 'warning'")[
            ["report_id", "rule", "expected", "actual"]
        ].values.tolist()
    ] == [("hongze-2024", "cross_year.jump", 550.0, 9487.0)]
