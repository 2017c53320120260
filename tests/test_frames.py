"""Frames, views, blanks, codebook: shapes, dtypes, and that states stay apart."""

from __future__ import annotations

import pandas as pd
import pytest

import govdisclosure as gd
from govdisclosure import views
from govdisclosure.corpus import Corpus, Report
from govdisclosure.forms import FORMS
from govdisclosure.schema import FRAMES
from tests.decode.tables import dispute_rows, page, parsed, proactive_rows, requests_rows, row


@pytest.fixture
def cells() -> pd.DataFrame:
    rows = proactive_rows()
    rows[2] = row("规章", "/", "", "本单位未制作规章")
    return Report(parsed(page(proactive=rows))).cells


def test_dtypes_are_those_of_the_design(cells):
    assert (
        cells["value"].dtype == "Float64"
        and cells["year"].dtype == "Int16"
        and cells["report_id"].dtype == "string"
    )
    assert all(
        isinstance(cells[c].dtype, pd.CategoricalDtype)
        for c in ("table", "row", "column", "unit", "status", "form")
    )
    assert list(cells.columns) == [f.name for f in FRAMES["cells"]]


def test_a_blank_a_mark_words_and_a_zero_stay_four_things(cells):
    rules = cells[(cells["row"] == "rules")].set_index("column")
    assert rules["status"].to_dict() == {
        "issued": "not_applicable",
        "repealed": "blank",
        "in_force": "unreadable",
    }
    assert rules["value"].isna().all() and rules["text"].to_dict()["in_force"] == "本单位未制作规章"
    assert pd.isna(cells[cells["row"] == "rules"]["value"].sum(min_count=1))


def test_views_split_rows_into_group_and_reason(cells):
    view = views.requests(cells)
    denied = view[(view["group"] == "denied") & (view["applicant"] == "total")]
    assert len(view) == 175 and len(denied) == 8 and "state_secret" in set(denied["reason"])
    assert view.loc[view["row"] == "received", "reason"].isna().all()
    assert set(views.proactive(cells)["measure"]) == {
        "issued",
        "repealed",
        "in_force",
        "decisions",
        "amount",
    }
    assert len(views.disputes(cells)) == 15


def test_wide_keeps_form_order_and_labels_in_both_languages(cells):
    wide = gd.wide(cells, "requests")
    assert list(wide["row"]) == [
        r.key for r in FORMS["2021"].table("requests").rows if not r.optional
    ]
    assert wide.loc[wide["row"] == "received", "total"].item() == 5
    assert (
        gd.wide(cells, "requests", labels="zh").iloc[0]["row"] == "一、本年新收政府信息公开申请数量"
    )
    assert "natural persons" in gd.wide(cells, "requests", labels="en").columns
    with pytest.raises(KeyError, match="no form has a table"):
        gd.wide(cells, "nothing")


def test_wide_shows_blanks_as_missing_not_as_zero(cells):
    wide = gd.wide(cells, "proactive")
    assert wide.loc[wide["row"] == "rules", ["issued", "repealed", "in_force"]].isna().all().all()
    status = gd.wide(cells, "proactive", what="status")
    assert status.loc[status["row"] == "rules", "repealed"].item() == "blank"


def blanks(first: str, total: str = "") -> pd.DataFrame:
    """Cells of a report whose first row of 三 is `first` and whose （七）总计 is `total` ('_' is blank)."""
    rows = requests_rows()
    for at, label, values in (
        (3, "一、本年新收政府信息公开申请数量", first),
        (-2, "（七）总计", total or first),
    ):
        rows[at] = row(label, *("" if v == "_" else v for v in values.split()))
    return Report(parsed(page(requests=rows))).cells


def received(cells: pd.DataFrame) -> pd.DataFrame:
    return cells[(cells["table"] == "requests") & (cells["row"] == "received")].set_index("column")


def test_blanks_that_the_total_settles_become_imputed_zeros():
    before = blanks("5 _ _ _ _ _ 5")
    after = received(gd.fill_blanks(before))
    assert after["value"].tolist() == [5, 0, 0, 0, 0, 0, 5]
    assert after["status"].tolist() == ["reported", *["imputed"] * 5, "reported"]
    assert received(before)["value"].isna().sum() == 5


@pytest.mark.parametrize(
    "first", ["5 _ _ _ _ _ 6", "5 _ _ _ _ _ _", "5 / _ _ _ _ 5", "7 _ _ _ _ _ 5"]
)
def test_blanks_that_nothing_settles_stay_blank(first):
    assert "imputed" not in set(received(gd.fill_blanks(blanks(first)))["status"].astype(str))


def test_a_column_settles_a_blank_and_a_row_that_contradicts_forbids_it():
    settled = received(gd.fill_blanks(blanks("5 _ 0 0 0 0 5", "5 0 0 0 0 0 5")))
    assert settled.loc["commercial", "status"] == "imputed"
    refused = received(gd.fill_blanks(blanks("5 _ 0 0 0 0 9", "5 0 0 0 0 0 9")))
    assert refused.loc["commercial", "status"] == "blank"


def test_one_row_other_handling_stands_for_its_three_rows():
    rows = list(requests_rows("2019"))
    cells = Report(parsed(page(requests=rows))).cells
    view = views.requests(cells).query("group == 'other' and applicant == 'total'")
    assert dict(zip(view["row"], view["status"])) == {"other_handling": "reported", "other_uncorrected": "absent",
                                                      "other_fee_unpaid": "absent", "other_other": "absent"}  # fmt: skip


def test_a_corpus_of_nothing_has_all_its_frames():
    corpus = Corpus.from_records([])
    for name in FRAMES:
        assert (
            list(getattr(corpus, name).columns) == [f.name for f in FRAMES[name]]
            and getattr(corpus, name).empty
        )
    assert corpus.requests.empty and corpus.proactive.empty and corpus.disputes.empty
    assert "0 reports" in repr(corpus) and "0 reports" in corpus._repr_html_()


def test_counts_of_a_report_are_counts_of_its_cells():
    corpus = Corpus.from_records([parsed(page(disputes=[*dispute_rows()[:3], row(*[""] * 15)]))])
    one = corpus.reports.iloc[0]
    assert (one["cells_reported"], one["cells_blank"], one["cells_absent"]) == (185, 15, 0)


def test_the_codebook_names_every_code_in_both_languages():
    book = gd.codebook()
    for form in FORMS.values():
        for table in form.tables:
            codes = book[(book["form"] == form.key) & (book["table"] == table.key)]
            assert {r.key for r in table.rows} <= set(codes["code"]) and {
                c.key for c in table.columns
            } <= set(codes["code"])
    assert (book["zh"].str.len() > 0).all() and (book["en"].str.len() > 0).all()


def test_every_public_name_is_there_and_documented():
    for name in gd.__all__:
        value = getattr(gd, name)
        assert isinstance(value, str) or (value.__doc__ or "").strip(), name
