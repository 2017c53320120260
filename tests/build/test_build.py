"""Builds: what comes out, what is read again, archives, poison, locks, and the same bytes whatever happened on the way."""

from __future__ import annotations

import pandas as pd
import pytest

import govdisclosure as gd
from govdisclosure.build import buckets_for
from govdisclosure.dataset import locked
from govdisclosure.errors import DatasetError

from .pages import contents, reports

QUIET = {"progress": False}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = reports(tmp_path_factory.mktemp("reports"), 150)
    (folder / "nothing.html").write_text("<p>页面不存在</p>", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("built")
    gd.build(source, out, jobs=1, **QUIET)
    return out


def test_a_build_holds_what_read_corpus_reads(source, built):
    corpus, again = gd.read_corpus(source, progress=False), gd.load(built)
    for name in ("cells", "reports", "sections", "narrative", "unplaced"):
        left, right = (
            getattr(c, name).sort_values("report_id", kind="stable").reset_index(drop=True)
            for c in (corpus, again)
        )
        pd.testing.assert_frame_equal(left.astype(object), right.astype(object))
    assert set(corpus.failures["path"]) == set(again.failures["path"])


def test_duckdb_and_polars_see_the_same(built):
    duckdb = pytest.importorskip(
        "duckdb", reason="DuckDB is not installed: that it opens the data set is not tested here"
    )
    polars = pytest.importorskip(
        "polars", reason="Polars is not installed: that it opens the data set is not tested here"
    )
    cells = gd.load(built).cells
    mine = cells[cells["row"] == "received"].groupby("year", observed=True)["value"].sum().to_dict()
    query = f"select year, sum(value) from read_parquet('{built}/cells/*.parquet') where \"row\" = 'received' group by year"
    assert {int(y): v for y, v in duckdb.sql(query).fetchall()} == mine
    frame = polars.scan_parquet(built / "cells").filter(polars.col("row") == "received")
    assert dict(frame.group_by("year").agg(polars.col("value").sum()).collect().iter_rows()) == mine


def test_only_what_changed_is_read_and_what_is_gone_goes(tmp_path):
    folder, out = reports(tmp_path / "in", 40), tmp_path / "out"
    assert gd.build(folder, out, jobs=1, **QUIET).read == 40
    before = contents(out)
    assert gd.build(folder, out, jobs=1, **QUIET)[2:4] == (0, 40)
    assert contents(out) == before
    gone = folder / "0000" / "0000007.html"
    kept = gone.read_bytes()
    gone.unlink()
    reports(folder, 100, first=40)  # another number of buckets
    assert buckets_for(40) != buckets_for(139)
    assert gd.build(folder, out, jobs=1, **QUIET)[2:4] == (100, 39)
    assert "0000007" not in set(gd.load(out).reports["report_id"])
    gone.write_bytes(kept)
    assert gd.build(folder, out, jobs=1, **QUIET).read == 1
    gd.build(folder, tmp_path / "fresh", jobs=1, **QUIET)
    assert contents(out) == contents(tmp_path / "fresh")


def test_a_manifest_row_counts_as_a_change(tmp_path):
    folder, out = reports(tmp_path / "in", 3), tmp_path / "out"
    gd.build(folder, out, jobs=1, **QUIET)
    (tmp_path / "m.csv").write_text(
        "path,agency\nin/0000/0000001.html,某县某局\n", encoding="utf-8"
    )
    assert gd.build(folder, out, jobs=1, manifest=tmp_path / "m.csv", **QUIET).read == 1
    assert "某县某局" in set(gd.load(out).reports["agency"])
    listed = gd.build(tmp_path / "m.csv", tmp_path / "listed", jobs=1, **QUIET)
    assert listed.sources == 1


def test_an_id_claimed_by_several_is_nobody_s_and_all_are_kept(tmp_path):
    folder, out = reports(tmp_path / "in", 5), tmp_path / "out"
    pages = sorted(folder.rglob("*.html"))
    (folder / "other").mkdir()
    pages[4].rename(folder / "other" / "0000003.html")  # two stems alike
    names = ["same", "same", "0000003"]  # two of the manifest's alike, and one like the stems
    rows = [{"path": str(p), "report_id": name} for p, name in zip(pages, names)]
    gd.build(folder, out, jobs=1, manifest=rows, **QUIET)
    built, read = gd.load(out), gd.read_corpus(folder, manifest=rows, progress=False)
    paths = {
        "0000/0000000.html",
        "0000/0000001.html",
        "0000003",
        "0000/0000003.html",
        "other/0000003.html",
    }
    assert set(built.reports["report_id"]) == set(read.reports["report_id"]) == paths
    assert not len(built.failures) and not len(read.failures)
    by_path = [dict(zip(c.reports["path"], c.reports["report_id"])) for c in (built, read)]
    assert by_path[0] == by_path[1]


def test_what_a_killed_run_left_goes_and_files_of_others_stay(tmp_path):
    folder, out = reports(tmp_path / "in", 2), tmp_path / "out"
    gd.build(folder, out, jobs=1, csv=True, **QUIET)
    before = contents(out)
    left = [
        "._govdisclosure.json.7.new",
        ".datapackage.json.7.new",
        "csv/.cells.csv.7.new",
        "_records/.0000-0123456789abcdef.json.7.new",
        "_records/0000-0123456789abcdef.json",
        "cells/part-0000-0123456789abcdef.parquet",
        "cells/.part-0000-0123456789abcdef.parquet.7.new",
        ".build/anything",
    ]
    for name in [*left, "notes.txt", ".hidden.7.new"]:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(b"x")
    gd.build(folder, out, jobs=1, csv=True, **QUIET)
    assert contents(out) == {**before, "notes.txt": b"x", ".hidden.7.new": b"x"}


def test_two_builds_at_a_time_are_refused(source, tmp_path):
    with locked(tmp_path), pytest.raises(DatasetError, match="nobody else"):
        gd.build(source, tmp_path, **QUIET)


def test_what_would_destroy_is_refused(source, built, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    before = contents(built)
    with pytest.raises(DatasetError, match="mounted"):
        gd.build(empty, built, **QUIET)
    with pytest.raises(DatasetError, match="build wrote"):
        gd.load(built, years=[2021]).save(tmp_path / "new") or gd.load(built).save(built)
    with pytest.raises(DatasetError, match="Corpus.save"):
        gd.build(source, tmp_path / "new", **QUIET)
    with pytest.raises(DatasetError, match="nothing there"):
        gd.build(tmp_path / "no-such-place", built, **QUIET)
    gd.build(source, built, jobs=1, **QUIET)
    assert contents(built) == before


def test_csv_of_a_build(tmp_path):
    folder = reports(tmp_path / "in", 3)
    gd.build(folder, tmp_path / "out", jobs=1, csv=True, **QUIET)
    assert len(pd.read_csv(tmp_path / "out" / "csv" / "cells.csv")) == len(
        gd.load(tmp_path / "out").cells
    )


def test_a_copy_is_counted_once_and_comes_back_when_it_is_alone(tmp_path):
    folder, out = reports(tmp_path / "in", 12), tmp_path / "out"
    page = folder / "0000" / "0000003.html"
    text = page.read_text(encoding="utf-8")
    copy = folder / "copy.html"
    copy.write_text(text.replace("</body>", "<p>网页底部</p></body>"), encoding="utf-8")
    assert gd.build(folder, out, jobs=1, **QUIET)[1:5] == (13, 13, 0, 1)
    corpus, read = gd.load(out), gd.read_corpus(folder, progress=False)
    for found in (corpus, read):
        assert list(found.failures["kind"]) == ["duplicate"] and len(found.reports) == 12
        assert found.cells["report_id"].nunique() == 12
    pd.testing.assert_frame_equal(corpus.failures.astype(object), read.failures.astype(object))
    before = contents(out)
    assert gd.build(folder, out, jobs=1, **QUIET)[1:5] == (13, 0, 13, 1)
    assert contents(out) == before
    stands = "0000003" if set(corpus.failures["path"]) == {str(copy)} else "copy"
    (page if stands == "0000003" else copy).unlink()
    assert gd.build(folder, out, jobs=1, **QUIET)[1:5] == (12, 0, 12, 0)
    gd.build(folder, tmp_path / "fresh", jobs=1, **QUIET)
    assert contents(out) == contents(tmp_path / "fresh") and len(gd.load(out).reports) == 12


def test_copies_without_any_prose_are_found_too(tmp_path):
    """Tables of figures have no prose, so no part of `narrative` for their year is there to be looked at."""
    cells = {"received": 5, "carried_over": 3, "disclosed_full": 4}
    rows = [f"甲县财政局,2021,requests,{row},total,{value}\n" for row, value in cells.items()]
    (tmp_path / "in").mkdir()
    for name, end in (("a", ""), ("b", "\n")):
        text = "agency,year,table,row,column,value\n" + "".join(rows) + end
        (tmp_path / "in" / f"{name}.csv").write_text(text, encoding="utf-8")
    gd.build(tmp_path / "in", tmp_path / "out", jobs=1, **QUIET)
    corpus = gd.load(tmp_path / "out")
    assert len(corpus.reports) == 1 and list(corpus.failures["kind"]) == ["duplicate"]


def test_the_same_bytes_are_a_copy_whatever_years_a_manifest_gives(tmp_path):
    folder = reports(tmp_path / "in", 1)
    page = folder / "0000" / "0000000.html"
    (folder / "again.html").write_bytes(page.read_bytes())
    given = [
        {"path": str(page), "year": "2020"},
        {"path": str(folder / "again.html"), "year": "2021"},
    ]
    gd.build(folder, tmp_path / "out", jobs=1, manifest=given, **QUIET)
    for corpus in (
        gd.load(tmp_path / "out"),
        gd.read_corpus(folder, manifest=given, progress=False),
    ):
        assert len(corpus.reports) == 1 and list(corpus.failures["kind"]) == ["duplicate"]
