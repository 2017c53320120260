"""Single rules: sub-totals, one-row （六）, doubtful reading, limits, fees, forms mixed in one report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govdisclosure.checks import check_record
from govdisclosure.checks.rules import CROSS_RULES, DATA, RULES
from govdisclosure.forms import FORMS, form_cells
from govdisclosure.model import Section
from govdisclosure.narrative.codes import UNITS

from .records import PARTS, consistent, figure, record, serious, subtotal, with_values

DENIED = next(g.members for g in FORMS["2021"].table("requests").groups if g.key == "denied")


def cells(values, form="2021", **more):
    return with_values(FORMS[form], values, **more)


def test_every_rule_says_what_and_why():
    for rule in RULES.values():
        assert (
            rule.zh
            and rule.en
            and rule.severity in ("error", "warning")
            and rule.kind in ("printed", "reading", "form", "narrative", "cross_year")
        )


@pytest.mark.parametrize("more", [0, 1])
def test_a_printed_sub_total_of_a_group_is_checked(more):
    values = consistent("2021", 3)
    right = sum(values["requests", r, "total"] for r in DENIED)
    found = check_record(
        record(cells(values), unplaced=(subtotal("requests", "denied", "total", right + more),))
    )
    assert [(f.rule, f.expected, f.actual) for f in serious(found)] == (
        [("requests.subtotal", right, right + 1)] if more else []
    )
    if more:
        assert found[0].suggestion.startswith(f"requests.denied.total = {right:g}")


def test_a_sub_total_printed_twice_has_its_repair():
    values = consistent("2021", 3)
    unable = [f"unable_{name}" for name in ("not_held", "needs_creation", "unclear")]
    right = sum(values["requests", row, "research"] for row in unable)
    twice = (subtotal("requests", "unable", "research", right + 2),) * 2
    found = serious(check_record(record(cells(values), unplaced=twice)))
    assert [f.rule for f in found] == ["requests.subtotal"] * 2
    code = "requests.unable.research"
    assert all(
        f.suggestion.startswith(f"{code} = {right:g} (printed {right + 2:g})") for f in found
    )


@pytest.mark.parametrize("more", [0, 2])
def test_a_sub_total_column_of_organisations_is_checked(more):
    values = consistent("2021", 4)
    right = sum(values["requests", "received", c] for c in PARTS if c != "natural_person")
    found = serious(
        check_record(
            record(
                cells(values),
                unplaced=(subtotal("requests", "received", "subtotal", right + more),),
            )
        )
    )
    assert [f.rule for f in found] == (["requests.subtotal"] if more else [])


def test_a_sub_total_of_organisations_over_a_group_is_checked():
    values = consistent("2021", 4)
    right = sum(values["requests", r, c] for r in DENIED for c in PARTS if c != "natural_person")
    for more in (0, 2):
        printed = subtotal("requests", "denied", "subtotal", right + more)
        found = serious(check_record(record(cells(values), unplaced=(printed,))))
        assert [(f.rule, f.gap) for f in found] == ([("requests.subtotal", 2.0)] if more else [])


@pytest.mark.parametrize("row", ["nobody", "subtotal"])
def test_a_sub_total_that_has_no_place_is_said_not_dropped(row):
    found = check_record(
        record(cells(consistent("2021", 6)), unplaced=(subtotal("requests", row, "total", 3),))
    )
    assert [(f.rule, f.severity) for f in found] == [("requests.subtotal", "info")]


def test_other_handling_in_one_row_counts():
    values = consistent("2021", 7, one_row=True)
    assert not check_record(record(cells(values)))
    values["requests", "other_handling", "natural_person"] += 3
    found = check_record(record(cells(values)))
    assert {f.cells[0] for f in found} == {"requests.other_handling.natural_person"}


def test_table_three_of_the_form_of_2019_in_a_report_of_2021():
    values = {k: v for k, v in consistent("2021", 8).items() if k[0] != "requests"}
    old = {k: v for k, v in consistent("2019", 8).items() if k[0] == "requests"}
    mixed = tuple(c for c in cells(values) if c.table != "requests") + tuple(
        c for c in cells(old, "2019") if c.table == "requests"
    )
    assert not check_record(record(mixed))
    wrong = [
        c._replace(value=c.value + 1) if (c.row, c.column) == ("outcomes_total", "total") else c
        for c in mixed
    ]
    assert {f.cells[0] for f in check_record(record(wrong))} == {"requests.outcomes_total.total"}


def test_a_doubtful_cell_makes_it_a_reading_error():
    values = consistent("2021", 9)
    values["disputes", "reconsideration", "upheld"] += 4
    printed = cells(values)
    scanned = [
        c._replace(source="ocr", confidence=0.6) if c.row == "reconsideration" else c
        for c in printed
    ]
    sure = [c._replace(source="ocr", confidence=0.99) for c in printed]
    assert [f.kind for f in check_record(record(printed))] == ["printed"]
    assert [f.kind for f in check_record(record(scanned))] == ["reading"]
    assert [f.kind for f in check_record(record(sure))] == ["printed"]


def test_what_a_single_unreadable_cell_would_be_is_said():
    values = consistent("2021", 10)
    values["disputes", "reconsideration", "upheld"] = 6.0
    values["disputes", "reconsideration", "total"] = sum(
        values["disputes", "reconsideration", c]
        for c in ("upheld", "corrected", "other", "pending")
    )
    found = check_record(
        record(cells(values, statuses={("disputes", "reconsideration", "upheld"): "unreadable"}))
    )
    info = next(f for f in found if f.rule == "disputes.total")
    assert (info.severity, info.kind) == (
        "info",
        "reading",
    ) and "disputes.reconsideration.upheld = 6" in info.suggestion


@pytest.mark.parametrize(
    ("value", "rule"), [(-3.0, "cells.negative"), (2.5, "cells.fraction"), (5e9, "cells.absurd")]
)
def test_figures_that_no_count_can_be(value, rule):
    values = consistent("2021", 11) | {("proactive", "licensing", "decisions"): value}
    found = check_record(record(cells(values)))
    assert [(f.rule, f.cells) for f in found] == [(rule, ("proactive.licensing.decisions",))]


def test_money_may_have_decimals_and_a_change_may_be_negative():
    assert not check_record(
        record(cells(consistent("2021", 12) | {("proactive", "fees", "amount"): 59237.2449}))
    )
    assert not check_record(
        record(
            cells(consistent("2019", 12) | {("proactive", "fees", "change"): -5.0}, "2019"), "2019"
        )
    )


def test_new_beyond_total_is_a_warning():
    values = consistent("2019", 13)
    values["proactive", "rules", "newly_disclosed"] = (
        values["proactive", "rules", "total_disclosed"] + 2
    )
    found = check_record(record(cells(values, "2019"), "2019"))
    assert [(f.rule, f.severity, f.gap) for f in found] == [
        ("proactive.new_within_total", "warning", -2.0)
    ]


def test_a_whole_table_missing_is_one_finding():
    values = consistent("2021", 14)
    found = check_record(record(cells({k: v for k, v in values.items() if k[0] != "disputes"})))
    assert [(f.rule, f.severity) for f in found] == [("form.table_absent", "warning")]


def test_fees_must_be_explained_in_section_six():
    values = consistent("2021", 15)
    for row in ("other_fee_unpaid", "outcomes_total", "received"):
        for column in ("natural_person", "total"):
            values["requests", row, column] += 2
    report = record(cells(values))
    silent = tuple(Section(n, "", "无其他需要报告的事项。", "") for n in range(1, 7))
    assert not check_record(report)
    assert [(f.rule, f.severity) for f in check_record(replace(report, sections=silent))] == [
        ("form.fee_explained", "warning")
    ]


@pytest.mark.parametrize(
    ("indicator", "value"),
    [("requests_received", 1), ("requests_handled", 0), ("requests_received", 0)],
)
def test_the_verb_decides_what_a_figure_counts(indicator, value):
    values = consistent("2021", 16)
    new, old = (values["requests", r, "total"] for r in ("received", "carried_over"))
    right = new + old
    found = check_record(record(cells(values), figures=(figure(indicator, right + value),)))
    assert len(serious(found)) == (1 if value else 0)


def test_figures_of_other_periods_are_not_compared_and_rough_ones_roughly():
    values = consistent("2021", 17)
    real = values["requests", "received", "total"]
    assert real > 0
    old = (
        figure("requests_received", real + 9, period="previous_year"),
        figure("requests_received", real * 0.97, approximate=True),
    )
    assert not check_record(record(cells(values), figures=old))
    assert serious(
        check_record(
            record(
                cells(values), figures=(figure("requests_received", real * 20, approximate=True),)
            )
        )
    )


def test_every_code_of_the_rules_data_is_one_of_the_forms():
    cells, groups = set(), set()
    for table in (t for form in FORMS.values() for t in form.tables):
        cells |= {(table.key, r.key, c) for r in table.rows for c in table.columns_of(r)}
        columns = {c.key for c in table.columns} | {g.key for g in table.column_groups}
        groups |= {(table.key, g.key, c) for g in table.groups for c in columns}
        groups |= {(table.key, r.key, g.key) for r in table.rows for g in table.column_groups}
    across = [
        term.lstrip("-").removesuffix("@-1").format(place=place)
        for rule in CROSS_RULES
        for place in rule.places
        for term in (*rule.expected, rule.actual)
    ]
    watched = [w["code"] for w in DATA["jumps"]["watched"]]
    bases = [code for base in DATA["growth"]["bases"] for code in base]
    for code in (*across, *watched, *bases, *DATA["levels"]["additive"]):
        assert tuple(code.split(".")) in cells, code
    prose = DATA["prose"]
    ways = [*prose["terms"].values(), *(way for ways in prose["others"].values() for way in ways)]
    for term in (term for way in ways for term in way):
        assert tuple(term.split(".")) in cells | groups, term
    assert DATA["prose"]["others"].keys() <= DATA["prose"]["terms"].keys()


def test_every_cell_of_a_form_has_a_most():
    for form in FORMS.values():
        for table, row, column in form_cells(form):
            assert row.most or column.most or table.most
    for identity in (i for f in FORMS.values() for t in f.tables for i in t.identities):
        assert identity.zh and identity.en and identity.cite.startswith("国办")


def test_every_indicator_of_the_rules_data_is_one_of_the_prose():
    shares = DATA["shares"]
    named = set(DATA["prose"]["terms"]) | set(shares["of_applicants"])
    for kind in ("outcomes", "applicants"):
        named |= {*shares[kind]["prose"], *(n for names in shares[kind]["table"] for n in names)}
    assert named <= UNITS.keys()


def test_a_fee_that_stands_elsewhere_is_said():
    fee = figure("processing_fee", 12.0, section=2)
    silent = tuple(Section(n, "", "无其他需要报告的事项。", "") for n in range(1, 7))
    old = cells(consistent("2019", 15), "2019")  # a form that has no row for unpaid fees
    report = record(old, "2019", figures=(fee,), sections=silent)
    told = [(f.rule, f.severity, f.actual) for f in check_record(report)]
    assert told == [("form.fee_explained", "info", 12.0)]
    explained = tuple(s._replace(text="本年收取信息处理费12元。") for s in silent)
    assert not check_record(replace(report, sections=explained))


def test_a_figure_of_the_prose_beside_one_that_agrees_is_no_contradiction():
    values = consistent("2021", 17)
    right = values["requests", "received", "total"]
    both = (figure("requests_received", right), figure("requests_received", right + 3))
    [found] = check_record(record(cells(values), figures=both))
    assert (found.severity, found.actual) == ("info", right + 3)
    assert "Another figure" in found.suggestion


def test_prose_against_a_doubtful_or_missing_table():
    values = consistent("2021", 17)
    prose = (figure("requests_received", values["requests", "received", "total"] + 3),)
    doubtful = [
        c._replace(source="ocr", confidence=0.5) if c.row == "received" else c
        for c in cells(values)
    ]
    [found] = check_record(record(doubtful, figures=prose))
    assert "not read surely" in found.message
    gone = [c for c in cells(values) if c.table != "requests"]
    told = {f.rule: f for f in check_record(record(gone, figures=prose))}
    assert told["narrative.not_assessable"].severity == "info"
