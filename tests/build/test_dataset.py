"""Save, load, CSV and Excel: everything comes back, only what is asked is read, no text becomes a formula."""

from __future__ import annotations

import csv
import json
import os

import pandas as pd
import pyarrow as pa
import pytest

import govdisclosure as gd
from govdisclosure import export
from govdisclosure.errors import DatasetError
from govdisclosure.schema import FRAMES

from .pages import contents, reports


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = reports(tmp_path_factory.mktemp("reports"), 23)
    (folder / "nothing.html").write_text("<p>页面不存在</p>", encoding="utf-8")
    (folder / "=cmd|'calc'!A1.html").write_text("<p>页面不存在</p>", encoding="utf-8")
    return gd.read_corpus(folder, progress=False)


def test_load_gives_back_what_save_was_given(corpus, tmp_path):
    corpus.save(tmp_path)
    again = gd.load(tmp_path)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(corpus, name), getattr(again, name))


def test_saving_twice_gives_the_same_bytes_and_leaves_nothing_old(corpus, tmp_path):
    corpus.save(tmp_path)
    first = contents(tmp_path)
    again = gd.load(tmp_path)
    gd.load(tmp_path, years=2021)
    again.save(tmp_path)
    assert contents(tmp_path) == first


def test_load_reads_what_is_asked(corpus, tmp_path):
    corpus.save(tmp_path)
    part = gd.load(
        tmp_path, years=[2021, 2022], tables="cells", columns=["report_id", "year", "value"]
    )
    wanted = corpus.cells[corpus.cells["year"].isin([2021, 2022])][
        ["report_id", "year", "value"]
    ].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.cells, wanted)
    with pytest.raises(DatasetError, match="reports"):
        _ = part.reports
    for other in tmp_path.glob("sections/*.parquet"):
        other.write_bytes(b"damaged")
    assert len(gd.load(tmp_path, years=[2021], tables=["cells", "failures"]).cells)
    with pytest.raises(DatasetError, match="sections/.*damaged"):
        gd.load(tmp_path)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"tables": "nothing"}, "cells, reports.*'nothing'"),
        ({"columns": ["report_id", "nothing"]}, "'nothing'"),
        ({"columns": {"cells": ["title"]}}, "report_id, agency.*'title'"),
        ({"tables": "cells", "columns": {"reports": ["title"]}}, "among cells; seen: 'reports'"),
        ({"tables": "cells", "columns": ["title"]}, "'title'"),
        ({"years": "all"}, "years as numbers; seen: 'all'"),
        ({"years": [None]}, "years as numbers"),
    ],
)
def test_what_a_data_set_does_not_have_is_said(corpus, tmp_path, asked, said):
    corpus.save(tmp_path)
    with pytest.raises(DatasetError, match=said):
        gd.load(tmp_path, **asked)


def test_a_year_may_be_a_text_and_a_column_is_taken_where_it_is(corpus, tmp_path):
    corpus.save(tmp_path)
    loaded = gd.load(tmp_path, years="2021", columns=["report_id", "title"])
    assert len(loaded.cells) == (corpus.cells["year"] == 2021).sum() > 0
    assert list(loaded.cells) == ["report_id"] and list(loaded.reports) == ["report_id", "title"]


def test_a_frame_is_read_when_it_is_asked_for_and_what_is_gone_by_then_is_said(corpus, tmp_path):
    corpus.save(tmp_path)
    loaded = gd.load(tmp_path, years=2021)
    assert len(loaded) == (corpus.reports["year"] == 2021).sum()
    for part in tmp_path.glob("cells/*.parquet"):
        part.unlink()
    assert len(loaded.sections)
    with pytest.raises(DatasetError, match="cells/part-0000"):
        _ = loaded.cells


@pytest.mark.parametrize(
    "wrong",
    [{"tables": "cell"}, {"columns": ["valu"]}, {"years": "now"}, {"columns": {"cells": ["x"]}}],
)
def test_load_refuses_unknown_names(corpus, tmp_path, wrong):
    corpus.save(tmp_path)
    with pytest.raises(DatasetError):
        gd.load(tmp_path, **wrong)


def test_load_of_nothing_or_of_damage_is_a_clear_error(corpus, tmp_path):
    with pytest.raises(DatasetError, match="none there"):
        gd.load(tmp_path)
    corpus.save(tmp_path)
    next(tmp_path.glob("cells/*.parquet")).unlink()
    with pytest.raises(DatasetError):
        gd.load(tmp_path)
    (tmp_path / "_govdisclosure.json").write_text("{", encoding="utf-8")
    with pytest.raises(DatasetError, match="damaged"):
        gd.load(tmp_path)


def test_other_programs_open_it(corpus, tmp_path):
    corpus.save(tmp_path)
    assert len(pd.read_parquet(tmp_path / "cells")) == len(corpus.cells)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["name"] for r in package["resources"]} == set(FRAMES)


def test_a_failed_save_leaves_what_was_there(corpus, tmp_path, monkeypatch):
    corpus.save(tmp_path)
    before = contents(tmp_path)
    smaller = gd.load(tmp_path, years=[2021])

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("govdisclosure.dataset.Path.write_bytes", full)
    with pytest.raises(DatasetError, match="full"):
        smaller.save(tmp_path)
    assert contents(tmp_path) == before


def test_csv_has_no_formula_and_gives_the_text_back(corpus, tmp_path):
    corpus.to_csv(tmp_path)
    raw = (tmp_path / "failures.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    originals = [r["path"].removeprefix("'") for r in rows]
    assert originals == list(corpus.failures["path"])
    for name in FRAMES:
        for row in csv.reader(
            (tmp_path / f"{name}.csv").read_text(encoding="utf-8-sig").split("\n")
        ):
            assert not any(c.startswith(("=", "@", "\t")) for c in row)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@SUM(A1)",
        "+cmd|'/C calc'!A0",
        "-2+3",
        " =1",
        "\t=1",
        "\r=1",
        "＝1",
        "'=1",
        "\x00=1",
        "　=1",
    ],
)
def test_formulas_are_neutralised_and_come_back(text):
    made = export.neutral(pa.table({"t": [text]}))["t"].to_pylist()
    assert made == ["'" + text]


@pytest.mark.parametrize(
    "text", ["-11", "+3", "-1,200.5", "-", "－", "12%", "减4", "予以公开", "", "/"]
)
def test_what_can_do_no_harm_stays(text):
    assert export.neutral(pa.table({"t": [text, None]}))["t"].to_pylist() == [text, None]


def test_excel_takes_hostile_text(tmp_path):
    openpyxl = pytest.importorskip(
        "openpyxl", reason="openpyxl is not installed: to_excel is not tested here"
    )
    from govdisclosure.export import write_workbook

    write_workbook(
        tmp_path / "x.xlsx",
        {"t": pa.table({"a": ["=1+1", "a\x00b", "文" * 40_000, "-3"], "n": [1.5, None, 2, 3]})},
    )
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    values = [row[0].value for row in book["t"].iter_rows(min_row=2)]
    assert (
        values[0] == "'=1+1"
        and values[1] == "a\ufffdb"
        and len(values[2]) == 32_767
        and values[3] == "-3"
    )
    assert {c.data_type for row in book["t"].iter_rows() for c in row} <= {"s", "n"}
    assert book["notes"].max_row == 4
    with pytest.raises(DatasetError, match="rows a sheet"):
        write_workbook(
            tmp_path / "y.xlsx", {"t": pa.table({"a": pa.nulls(1_048_576, pa.string())})}
        )


def test_excel_without_openpyxl_says_what_to_install(corpus, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(DatasetError, match=r"pip install govdisclosure\[excel\]"):
        corpus.to_excel(tmp_path / "x.xlsx")


def test_every_value_meets_the_constraints_that_the_package_states(corpus, tmp_path):
    corpus.to_csv(tmp_path / "csv")
    checked = set()
    for resource in json.loads((tmp_path / "csv" / "datapackage.json").read_text("utf-8"))[
        "resources"
    ]:
        missing = resource["schema"]["missingValues"]
        limits = {
            f["name"]: f["constraints"] for f in resource["schema"]["fields"] if "constraints" in f
        }
        with open(tmp_path / "csv" / resource["path"], encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for name, limit in limits.items():
                    if row[name] not in missing:
                        checked.add((resource["name"], name))
                        assert (
                            row[name] in limit["enum"]
                            if "enum" in limit
                            else limit["minimum"] <= int(row[name]) <= limit["maximum"]
                        )
    assert {
        ("cells", "table"),
        ("cells", "status"),
        ("cells", "form"),
        ("cells", "year"),
        ("reports", "year"),
    } <= checked
