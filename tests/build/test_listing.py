"""What is listed and held: a manifest on disk, folders that can't be listed, buckets in volumes, more text than an array holds, retries."""

from __future__ import annotations

import os

import numpy as np
import pyarrow as pa
import pytest

import govdisclosure as gd
from govdisclosure import cli
from govdisclosure.scale import gather, parts, plan, worker
from govdisclosure.scale.lookup import Lookup

from .pages import contents, reports


def build(source, out, **options):
    return gd.build(source, out, jobs=1, progress=False, **options)


def rows(out):
    return {
        name: getattr(gd.load(out), name)
        .astype(object)
        .fillna("")
        .sort_values("report_id", kind="stable")
        .values.tolist()
        for name in ("cells", "sections", "narrative", "findings", "reports")
    }


def test_a_bucket_of_much_prose_is_written_in_volumes_the_same_each_time(tmp_path, monkeypatch):
    folder = reports(tmp_path / "in", 40)
    build(folder, tmp_path / "one")
    monkeypatch.setattr(gather, "VOLUME", 60_000)
    build(folder, tmp_path / "many")
    assert rows(tmp_path / "many") == rows(tmp_path / "one")
    volumes = {p.name.split("-")[1] for p in (tmp_path / "many").glob("cells/**/*.parquet")}
    assert {"0000", "0000.001", "0000.002"} <= volumes
    before = contents(tmp_path / "many")
    assert (
        build(folder, tmp_path / "many")[2:4] == (0, 40) and contents(tmp_path / "many") == before
    )
    page = folder / "0000" / "0000020.html"
    data = page.read_bytes()
    page.unlink()
    build(folder, tmp_path / "many")
    page.write_bytes(data)
    assert build(folder, tmp_path / "many").read == 1 and contents(tmp_path / "many") == before


def test_a_report_larger_than_a_volume_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(gather, "VOLUME", 1_000)
    build(reports(tmp_path / "in", 2), tmp_path / "out")
    assert list(gd.load(tmp_path / "out").failures["kind"]) == ["limit", "limit"]


def test_rows_of_more_text_than_one_array_holds_are_put_in_order(monkeypatch):
    names = pa.array(["a", None, "b", "a"]).dictionary_encode()
    table = pa.table(
        {
            "text": pa.chunked_array([["x", "y"], ["z", None]]),
            "name": names,
            "n": [1.0, None, 3.0, 4.0],
        }
    )
    order = np.array([3, 0, 2, 1])
    expected = table.take(pa.array(order))
    monkeypatch.setattr(parts, "ONE_ARRAY", 0)
    mine = parts.taken(table, order, piece=3)
    assert mine.schema == table.schema and mine.to_pydict() == expected.to_pydict()


@pytest.mark.parametrize("chunks", [[["b", "a"], ["a", None, "c"]], [[None]], [["x"]], []])
def test_categories_have_their_codes_in_order_of_appearance(chunks):
    kind = pa.dictionary(pa.int32(), pa.string())
    column = pa.chunked_array([pa.array(c, pa.string()).dictionary_encode() for c in chunks], kind)
    odd = pa.chunked_array(
        [
            pa.DictionaryArray.from_arrays(
                pa.array([2, 0, None], pa.int32()), ["never", "seen", "z"]
            )
        ],
        kind,
    )
    column = pa.chunked_array([*column.chunks, *odd.chunks], kind)
    made = parts.encoded(pa.table({"c": column}))["c"]
    texts = column.to_pylist()
    assert made.to_pylist() == texts and made.num_chunks == 1
    assert made.chunk(0).dictionary.to_pylist() == list(
        dict.fromkeys(t for t in texts if t is not None)
    )


def test_a_folder_that_cannot_be_listed_is_a_failure(tmp_path, monkeypatch):
    folder = reports(tmp_path / "in", 2)
    (folder / "shut").mkdir()
    real = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(plan.os, "scandir", scandir)
    build(folder, tmp_path / "out")
    corpus = gd.load(tmp_path / "out")
    assert len(corpus.reports) == 2 and list(corpus.failures["path"]) == [str(folder / "shut")]


def test_sources_may_come_from_a_generator(tmp_path):
    folder = reports(tmp_path / "in", 3)
    build((p for p in folder.rglob("*.html")), tmp_path / "a")
    build(folder, tmp_path / "b")
    assert contents(tmp_path / "a").keys() == contents(tmp_path / "b").keys()


def test_a_manifest_is_found_by_path_then_by_name_then_by_id(tmp_path):
    (tmp_path / "real").mkdir()
    os.symlink(tmp_path / "real", tmp_path / "link")
    lookup = Lookup(
        [{"path": "real/a.html", "n": "1"}, {"path": "x/b.html", "n": "2"}, {"path": "y/b.html", "n": "3"}, {"report_id": "c", "n": "4"},
         {"path": "real/a.html", "n": "5"}, {"path": "only/d.html", "n": "6"}, {"report_id": "bad\udcff", "n": "7"}], str(tmp_path))  # fmt: skip
    found = {
        p: lookup.row(str(tmp_path / p)).get("n")
        for p in (
            "real/a.html",
            "link/a.html",
            "z/b.html",
            "x/b.html",
            "c.html",
            "else/d.html",
            "e.html",
        )
    }
    assert found == {
        "real/a.html": "5",
        "link/a.html": "5",
        "z/b.html": None,
        "x/b.html": "2",
        "c.html": "4",
        "else/d.html": "6",
        "e.html": None,
    }
    assert lookup.row("bad\udcff.html")["n"] == "7"


def test_what_failed_is_read_again_only_when_asked(tmp_path, monkeypatch):
    folder, real = reports(tmp_path / "in", 3), worker.read_record

    def out_of_order(path, *arguments, **options):
        if "0000001" in path:
            raise gd.errors.UnreadableFileError(path, "pypdfium2")
        return real(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(worker, "read_record", out_of_order)
        assert build(folder, tmp_path / "out").failed == 1
    assert build(folder, tmp_path / "out")[2:5] == (0, 3, 1)
    assert build(folder, tmp_path / "out", retry=True)[2:5] == (1, 2, 0)
    build(folder, tmp_path / "fresh")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_retry_and_progress_on_the_command_line(tmp_path, capsys):
    folder = reports(tmp_path / "in", 2)
    (folder / "none.html").write_text("<p>页面不存在</p>", encoding="utf-8")
    given = ["build", str(folder), "--out", str(tmp_path / "out"), "--jobs", "1"]
    assert cli.main(given) == 1
    err = capsys.readouterr().err
    assert "reports/s" not in err and "%|" not in err, "no progress where nobody is looking"
    assert cli.main([*given, "--retry"]) == 1
    assert "1 read now, 2 unchanged" in capsys.readouterr().out
    gd.build(folder, tmp_path / "seen", jobs=1, progress=True)
    shown = capsys.readouterr().err
    assert "3/3" in shown and "reports/s" in shown and "<" in shown, "rate and time left"
