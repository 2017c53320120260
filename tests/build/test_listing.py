"""What is listed: manifests and what they say in vain, folders that can't be listed, devices, addresses; volumes, retries."""

from __future__ import annotations

import os

import pytest

import govdisclosure as gd
from govdisclosure import batch, cli, sources

from .pages import contents, reports


def build(source, out, **options):
    return gd.build(source, out, jobs=1, progress=False, **options)


def test_a_folder_that_cannot_be_listed_is_a_failure(tmp_path, monkeypatch):
    folder = reports(tmp_path / "in", 2)
    (folder / "shut").mkdir()
    real = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(sources.os, "scandir", scandir)
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
    given = [{"path": "real/a.html", "n": "1"}, {"path": "x/b.html", "n": "2"}, {"path": "y/b.html", "n": "3"}, {"report_id": "c", "n": "4"},
         {"path": "real/a.html", "n": "5"}, {"path": "only/d.html", "n": "6"}, {"report_id": "bad\udcff", "n": "7"}]  # fmt: skip
    made = sources.Manifest(((n, row, True) for n, row in enumerate(given)), str(tmp_path))
    paths = (
        "real/a.html",
        "link/a.html",
        "z/b.html",
        "x/b.html",
        "c.html",
        "else/d.html",
        "e.html",
    )
    found = [made.row(str(tmp_path / path)).get("n") for path in paths]
    assert found == ["5", "5", None, "2", "4", "6", None]
    assert made.row("bad\udcff.html")["n"] == "7"


@pytest.mark.parametrize("how", ["read_corpus", "build"])
def test_what_a_manifest_says_in_vain_is_said(tmp_path, how):
    folder = reports(tmp_path / "in", 2)
    text = "path,agency\n0000/0000000.html,甲县\n0000/0000000.html,乙县\nnowhere.html,丙县\n0000/0000001.html,丁县,more\n"
    (folder / "manifest.csv").write_text(text, encoding="utf-8")
    if how == "build":
        build(folder, tmp_path / "out")
    made = gd.load(tmp_path / "out") if how == "build" else gd.read_corpus(folder, progress=False)
    said = " ".join(made.failures["message"])
    assert set(made.failures["kind"]) == {"manifest"} and len(made.reports) == 2
    for what in ("fields (line 5)", "is doubled (line 3)", "fits no file (line 4)"):
        assert what in said
    assert "乙县" in set(made.reports["agency"]) and "丁县" not in set(made.reports["agency"])


def test_addresses_of_any_file_system_are_sources(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    folder = reports(tmp_path / "in", 3)
    memory = fsspec.filesystem("memory")
    memory.pipe({f"/r/{path.name}": path.read_bytes() for path in folder.rglob("*.html")})
    build("memory://r/*.html", tmp_path / "glob")
    build("memory://r", tmp_path / "folder")
    assert contents(tmp_path / "glob") == contents(tmp_path / "folder")
    made, plain = gd.load(tmp_path / "glob"), gd.read_corpus(folder, progress=False)
    assert set(made.reports["path"]) == {f"memory:///r/{n:07d}.html" for n in range(3)}
    columns = ["report_id", "year", "table", "row", "column", "value", "status"]
    left, right = (
        c.cells[columns].astype(object).sort_values(columns[:5], ignore_index=True)
        for c in (made, plain)
    )
    assert left.equals(right)
    for wrong in ("memory://nowhere/*.html", "no-such-system://x"):
        with pytest.raises(gd.DisclosureError, match="nothing there|Protocol not known"):
            build(wrong, tmp_path / "none")


def test_what_failed_is_read_again_only_when_asked(tmp_path, monkeypatch):
    folder, real = reports(tmp_path / "in", 3), batch.read_records

    def out_of_order(path, *arguments, **options):
        if "0000001" in path:
            return iter([gd.errors.UnreadableFileError(path, "pypdfium2")])
        return real(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(batch, "read_records", out_of_order)
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
