"""Shares of the prose computed again from the counts of the same report."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure.checks import check_record
from govdisclosure.forms import FORMS
from govdisclosure.model import Figure

from .records import consistent, real, record, with_values


def prose(*items, scope=""):
    """Figures of one sentence, one right behind the other: (indicator, value)."""
    return tuple(
        Figure(i, "all", v, "%" if i.endswith("_share") else "件", "year", False, scope, 1, "句", 10 * n, 10 * n + 5, "share")
        for n, (i, v) in enumerate(items)
    )  # fmt: skip


def shares(found):
    return [(f.rule, f.severity, f.expected, f.actual) for f in found if f.rule.endswith("_share")]


def test_shanghai_2019_prints_one_share_that_nothing_gives():
    items = [("requests_received", 859), ("requests_concluded", 805)]
    for name, count, share in (
        ("disclosed", 258, 33.9),
        ("denied", 35, 4.34),
        ("unable", 265, 32.9),
        ("not_processed", 158, 19.6),
    ):
        items += [(f"requests_{name}", count), (f"requests_{name}_share", share)]
    found = shares(check_record(real("shanghai-office-2019", figures=prose(*items))))
    assert found == [("narrative.requests_disclosed_share", "warning", 32.05, 33.9)]


def of_the_table(seed):
    values = consistent("2021", seed)
    cells = with_values(FORMS["2021"], values)
    count = values["requests", "disclosed_full", "total"]
    return cells, count, values["requests", "outcomes_total", "total"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 3), st.booleans(), st.booleans())
def test_a_share_of_the_outcomes_is_right_however_it_is_rounded(seed, decimals, cut, beside):
    cells, count, outcomes = of_the_table(seed)
    if not outcomes:
        return
    exact = 100 * count / outcomes
    printed = int(exact * 10**decimals) / 10**decimals if cut else round(exact, decimals)
    items = [("requests_disclosed_full", count)] * beside + [
        ("requests_disclosed_full_share", printed)
    ]
    assert not shares(check_record(record(cells, figures=prose(*items))))


@pytest.mark.parametrize(("beside", "severity"), [(True, "warning"), (False, "info")])
def test_a_share_that_no_total_gives_is_doubted(beside, severity):
    cells, count, outcomes = of_the_table(3)
    exact = 100 * count / outcomes
    items = [("requests_disclosed_full", count)] * beside + [
        ("requests_disclosed_full_share", 97.31)
    ]
    assert abs(exact - 97.31) > 1
    assert shares(check_record(record(cells, figures=prose(*items)))) == [
        ("narrative.requests_disclosed_full_share", severity, round(exact, 2), 97.31)
    ]


def test_a_share_of_another_scope_is_let_be():
    """A count that is not the table's, of a total that the prose does not say: 5 of the office's own requests."""
    cells, count, _ = of_the_table(3)
    items = (("requests_disclosed_full", count + 5), ("requests_disclosed_full_share", 97.31))
    assert not shares(check_record(record(cells, figures=prose(*items))))


def test_a_share_of_any_total_that_the_section_states_holds():
    cells, count, _ = of_the_table(3)
    items = (
        ("requests_received", 77),
        ("requests_disclosed_full", count + 5),
        ("requests_disclosed_full_share", round(100 * (count + 5) / 77, 1)),
    )
    assert (count + 5) < 77
    assert not shares(check_record(record(cells, figures=prose(*items))))
