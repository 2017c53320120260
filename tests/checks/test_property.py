"""A report that adds up has no finding; one changed cell is named, and where the sums allow it, repaired."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure.checks import check_record
from govdisclosure.forms import FORMS

from .records import consistent, record, serious, with_values

SEEDS = st.integers(0, 2**32)
KINDS = st.sampled_from([("2021", False), ("2021", True), ("2019", False), ("2014", False)])
SETTINGS = settings(max_examples=80, deadline=None)


@SETTINGS
@given(SEEDS, KINDS)
def test_a_report_that_adds_up_has_no_finding(seed, kind):
    form, one_row = kind
    values = consistent(form, seed, one_row=one_row)
    assert not check_record(record(with_values(FORMS[form], values), form))


@SETTINGS
@given(SEEDS, KINDS, st.integers(1, 5000))
def test_one_changed_cell_of_a_sum_is_named_and_repaired(seed, kind, more):
    form, one_row = kind
    values = consistent(form, seed, one_row=one_row)
    tables = ("requests", "disputes")
    summed = [k for k in values if k[0] in tables] or [
        ("statistics", r, "value") for r in ("C1a", "C2", "C3d4", "D3", "E", "H3b")
    ]
    key = random.Random(seed).choice(sorted(summed))
    old = values[key]
    values[key] = old + more
    errors = [
        f
        for f in check_record(record(with_values(FORMS[form], values), form))
        if f.severity == "error"
    ]
    code = ".".join(key)
    assert errors
    assert all(code in f.cells and f.kind == "printed" for f in errors)
    assert all(abs(f.gap) == more and f.gap == f.actual - f.expected for f in errors)
    if key[0] == "requests":
        assert all(
            f.cells[0] == code and f"{code} = {old:g} (printed {values[key]:g})" in f.suggestion
            for f in errors
        )
        assert all("Ambiguous" not in f.suggestion for f in errors)
    else:
        assert all(
            f"{code} = {old:g}" in f.suggestion or "the first 5" in f.suggestion for f in errors
        )


@SETTINGS
@given(SEEDS, st.integers(1, 40), st.integers(41, 90))
def test_two_changed_cells_of_different_rows_and_columns(seed, first, second):
    values = consistent("2021", seed)
    a, b = ("requests", "denied_process", "research"), ("requests", "unable_unclear", "commercial")
    values[a] += first
    values[b] += second
    errors = [
        f for f in check_record(record(with_values(FORMS["2021"], values))) if f.severity == "error"
    ]
    assert len(errors) == 4
    assert all(f.suggestion == "No cell alone would make every broken sum true." for f in errors)


@SETTINGS
@given(
    SEEDS,
    st.sampled_from(["blank", "not_applicable", "unreadable", "absent"]),
    st.floats(0.01, 0.6),
)
def test_cells_that_are_not_known_never_make_an_error(seed, status, share):
    """Whatever is missing from a report that adds up, no sum may be called broken."""
    rng = random.Random(seed)
    values = consistent("2021", seed)
    statuses = {k: status for k in values if rng.random() < share}
    found = check_record(record(with_values(FORMS["2021"], values, statuses=statuses)))
    assert not [f for f in found if f.severity == "error"]


@SETTINGS
@given(SEEDS)
def test_zeros_left_blank_are_settled_by_the_printed_totals(seed):
    values = consistent("2021", seed)
    blank = {
        k: "blank"
        for k, v in values.items()
        if v == 0 and k[0] == "requests" and k[2] != "total" and k[1] != "outcomes_total"
    }
    found = check_record(record(with_values(FORMS["2021"], values, statuses=blank)))
    assert not [
        f
        for f in found
        if f.rule in ("requests.applicants", "requests.outcomes") and f.severity != "info"
    ]
    assert not [f for f in found if f.rule == "requests.applicants"]


@SETTINGS
@given(SEEDS, st.integers(1, 30))
def test_parts_beyond_a_total_are_an_error_even_with_blanks(seed, more):
    values = consistent("2021", seed)
    values["requests", "disclosed_full", "natural_person"] = (
        values["requests", "disclosed_full", "total"] + more
    )
    blank = {("requests", "disclosed_full", c): "blank" for c in ("commercial", "research")}
    found = check_record(record(with_values(FORMS["2021"], values, statuses=blank)))
    assert [
        f
        for f in found
        if f.rule == "requests.applicants"
        and f.severity == "error"
        and "disclosed_full" in f.message
    ]


@SETTINGS
@given(
    SEEDS,
    st.lists(
        st.sampled_from([-3.0, 0.5, 1e13, float("inf"), float("nan")]), min_size=1, max_size=6
    ),
)
def test_nothing_raises_whatever_the_figures(seed, odd):
    rng = random.Random(seed)
    values = consistent("2019", seed)
    for value in odd:
        values[rng.choice(sorted(values))] = value
    check_record(record(with_values(FORMS["2019"], values), "2019"))


def test_sections_missing_do_not_hide_the_sums():
    values = consistent("2021", 1)
    found = check_record(record(with_values(FORMS["2021"], values), sections=()))
    assert next(f.rule for f in serious(found)) == "form.sections"
    assert not [f for f in found if f.severity == "error"]


def test_figures_without_bound_beside_a_blank_come_to_an_end():
    """inf − inf is no number: the sum gives the blank nothing, and asking again gives nothing again."""
    values = consistent("2021", 1)
    row = ("disputes", "reconsideration")
    values[*row, "upheld"] = values[*row, "total"] = float("inf")
    found = check_record(
        record(with_values(FORMS["2021"], values, statuses={(*row, "other"): "blank"}))
    )
    assert [f.severity for f in found if f.rule == "disputes.total"] == ["info"]
