"""The crosswalk covers its forms, and harmonize carries what differs."""

from __future__ import annotations

import pytest

from govdisclosure.forms import BREAKS, CROSSWALK, FORMS, form_cells
from govdisclosure.forms.structure import NONE
from govdisclosure.views import harmonize

from .checks.frames_of import frames_of
from .checks.records import consistent, record, with_values

COLUMNS = [
    "report_id",
    "agency",
    "year",
    "form",
    "concept",
    "value",
    "unit",
    "status",
    "relation",
    "comparable",
    "note",
    "break_note",
]


def made(form, year, seed=1, **more):
    values = consistent(form, seed, **more)
    return values, record(
        with_values(FORMS[form], values), form, report_id=f"{form}-{year}", year=year
    )


def harmonized(*records, **more):
    frame = harmonize(frames_of(list(records))["cells"], **more)
    return frame.set_index(["report_id", "concept"])


def test_every_code_is_a_cell_of_its_form():
    for concept in CROSSWALK:
        for form, codes in concept.terms.items():
            cells = {f"{t.key}.{r.key}.{c.key}" for t, r, c in form_cells(FORMS[form])}
            assert {c for c in codes if c != "requests.other.total"} <= cells, concept.key


def test_relations_fit_the_terms_and_differences_have_notes():
    assert len({c.key for c in CROSSWALK}) == len(CROSSWALK)
    for c in CROSSWALK:
        assert ("2014" in c.relations) == ("2014" in c.terms and len(c.terms) > 1), c.key
        assert ("2019" in c.relations) == ({"2019", "2021"} <= set(c.terms)), c.key
        rough = {form for form, kind in c.relations.items() if kind == "approximate"}
        assert rough <= c.notes.keys() and NONE not in c.relations.values(), c.key
    assert {k for b in BREAKS for k in b.concepts} <= {c.key for c in CROSSWALK}


def test_one_row_a_report_and_concept():
    _, a = made("2019", 2020)
    _, b = made("2021", 2023)
    frame = harmonize(frames_of([a, b])["cells"])
    assert list(frame.columns) == COLUMNS and len(frame) == 2 * len(CROSSWALK)
    assert not frame.duplicated(["report_id", "concept"]).any()


def test_other_handling_of_2019_is_the_sum_of_three():
    old, a = made("2019", 2020)
    new, b = made("2021", 2023)
    _, c = made("2021", 2022, one_row=True)
    frame = harmonized(a, b, c)
    assert (
        frame.loc[("2019-2020", "other_handling"), "value"]
        == old["requests", "other_handling", "total"]
    )
    assert frame.loc[("2021-2023", "other_handling"), "value"] == sum(
        new["requests", f"other_{k}", "total"] for k in ("uncorrected", "fee_unpaid", "other")
    )
    assert frame.loc[("2021-2022", "other_handling"), "status"] == "reported"
    assert frame.loc[("2019-2020", "other_handling"), "relation"] == "equal"


def test_stock_of_documents_is_not_bridged():
    _, a = made("2019", 2020)
    frame = harmonized(a)
    assert frame.loc[("2019-2020", "normative_in_force"), "status"] == "absent"
    assert frame.loc[("2019-2020", "normative_open_stock"), "relation"] == "none"
    assert not frame.loc[("2019-2020", "normative_open_stock"), "comparable"]


def test_the_break_of_2024_in_direct_suits():
    frame = harmonized(made("2021", 2023)[1], made("2021", 2024)[1])
    before, after = (frame.loc[(f"2021-{y}", "litigation_direct")] for y in (2023, 2024))
    assert before["comparable"] and before["break_note"] == ""
    assert not after["comparable"] and "2024" in after["break_note"]
    assert frame.loc[("2021-2024", "received"), "comparable"]


def test_2014_adds_what_2019_merged():
    old, a = made("2014", 2016)
    frame = harmonized(a)
    assert frame.loc[("2014-2016", "denied_third_party"), "value"] == sum(
        old["statistics", r, "value"] for r in ("C3d2", "C3d3")
    )
    assert frame.loc[("2014-2016", "denied_third_party"), "relation"] == "approximate"
    assert frame.loc[("2014-2016", "fee_income_requests"), "relation"] == "none"


def test_unknown_cells_stay_unknown_and_forms_are_checked():
    values = consistent("2021", 1)
    r = record(
        with_values(
            FORMS["2021"], values, statuses={("requests", "denied_process", "total"): "blank"}
        ),
        report_id="r",
    )
    frame = harmonized(r)
    assert (
        frame.loc[("r", "denied_total"), "status"] == "unknown"
        and frame.loc[("r", "received"), "status"] == "reported"
    )
    with pytest.raises(ValueError, match="2014, 2019, 2021"):
        harmonize(frames_of([r])["cells"], to="2020")
