"""The statistics table of 2014-18: its shape, its identities, and that it does not disturb the later forms."""

from __future__ import annotations

from govdisclosure.forms import FORMS, form_cells, row_unit
from govdisclosure.text import label

FORM = FORMS["2014"]
STATISTICS = FORM.table("statistics")
KEYS = {r.key for r in STATISTICS.rows}


def test_one_value_column_and_a_unit_for_every_row():
    assert [(t.key, c.key) for t, _, c in form_cells(FORM)] == [("statistics", "value")] * len(
        STATISTICS.rows
    )
    assert all(row_unit(r, STATISTICS.column("value")) for r in STATISTICS.rows)
    assert (
        {r.key for r in STATISTICS.rows if r.kind == "money"}
        == {"G", "H4"}
        == {r.key for r in STATISTICS.rows if r.unit == "万元"}
    )


def test_keys_are_unique_and_groups_and_identities_name_rows():
    assert len(KEYS) == len(STATISTICS.rows)
    assert {r.group for r in STATISTICS.rows} - {""} <= KEYS | {g.key for g in STATISTICS.groups}
    for identity in STATISTICS.identities:
        assert {*identity.parts, *identity.total} <= KEYS


def test_recalled_labels_say_so():
    seen = {r.key for r in STATISTICS.rows if "待核" not in r.note}
    assert seen == {"A1", "A1a", "A1b"}


def test_labels_that_occur_twice_differ_by_their_order_only():
    cores = [label(r.zh).core for r in STATISTICS.rows]
    assert {c for c in cores if cores.count(c) > 1} == {"其他情形数", "被依法纠错数"}


def test_the_unit_header_is_no_value():
    assert "单位" in STATISTICS.furniture
