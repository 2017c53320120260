"""Files that would take all time, memory or disk, lie about themselves or can't be read: each costs itself and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import govdisclosure as gd
from benchmarks import synthetic
from govdisclosure.errors import DatasetError, DisclosureError, LimitError
from tests.build.pages import contents, reports

from . import hostile

HEAVY, LYING = hostile.heavy(), hostile.lying()
QUIET = {"progress": False, "jobs": 1}
REFUSED = {
    "attributes.html",
    "divs.html",
    "laughs.docx",
    "laughs-utf7.docx",
    "laughs-ebcdic.docx",
    "spans.docx",
    "tables.docx",
    "bomb.docx",
    "bomb.html",
    "bars.txt",
    "tree.pdf",
    "parts.mht",
}


def cells(report) -> list[tuple]:
    """(table, row, column, value, status) of a report."""
    return list(
        report.cells[["table", "row", "column", "value", "status"]]
        .astype(object)
        .itertuples(index=False, name=None)
    )


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "good.html"
    path.write_bytes(hostile.GOOD)
    return gd.read_report(path)


def peak(path: Path) -> int:
    """Bytes of memory that reading a file in a fresh process takes at most beyond what reading a good one takes."""
    code = (
        "import resource, sys, govdisclosure as gd\nfrom govdisclosure.errors import DisclosureError\nbefore = 0\n"
        "for path in sys.argv[1:]:\n try: gd.read_report(path)._repr_html_()\n except DisclosureError: pass\n"
        " after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n grown, before = after - before, after\nprint(grown << 10)"
    )
    plain = path.with_name("plain.html")
    plain.write_bytes(hostile.GOOD)
    done = subprocess.run(
        [sys.executable, "-c", code, str(plain), str(path)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-800:]
    return int(done.stdout)


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_is_read_or_refused(name, tmp_path, good):
    (tmp_path / name).write_bytes(HEAVY[name])
    if name in REFUSED:
        with pytest.raises(DisclosureError):
            gd.read_report(tmp_path / name)
        return
    try:
        report = gd.read_report(tmp_path / name)
    except DisclosureError:
        assert name == "huge.pdf"
        return
    if name.endswith(".html"):
        assert cells(report) == cells(good), "the report around the harm is read as without it"


@pytest.mark.parametrize(
    "name",
    [
        "spans.html",
        "tables-open.html",
        "divs.html",
        "bomb.docx",
        "laughs-utf7.docx",
        "tables.docx",
        "bars.txt",
        "huge.pdf",
    ],
)
def test_a_heavy_file_takes_little_memory(name, tmp_path):
    (tmp_path / name).write_bytes(HEAVY[name])
    assert peak(tmp_path / name) < 400 << 20


@pytest.mark.parametrize("name", LYING)
def test_a_lie_about_the_charset_changes_nothing(name, tmp_path, good):
    (tmp_path / name).write_bytes(LYING[name])
    assert cells(gd.read_report(tmp_path / name)) == cells(good)


NAMES = (
    b"a\nb.html",
    b"\xc4\xea\xb1\xa8.html",
    b"-rf.html",
    b"--help.html",
    b"a" * 240 + b".html",
    "年".encode() * 80 + b".html",
    b"a;rm -rf $(x).html",
    b"\xed\xa0\x80.html",
    b"*.html",
    b"[a].html",
    b"~.html",
    b" .html",
    b"%2e%2e%2f.html",
    b"a\\b.html",
    b"con.html",
    "\u202elmth.exe.html".encode(),
    b"\x1b[2J.html",
    b"!.html",
    b"a!.zip.html",
)


def test_names_of_every_kind_are_read_by_all_doors(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(synthetic.report(number)[1])
    for path in sorted(os.listdir(os.fsencode(folder))):
        one = gd.read_report(os.fsdecode(os.path.join(os.fsencode(folder), path)))
        assert len(one.cells) and one._repr_html_() and repr(one).encode()
    corpus = gd.read_corpus(folder, progress=False)
    gd.build(folder, tmp_path / "out", **QUIET)
    built = gd.load(tmp_path / "out")
    for read in (corpus, built):
        assert (
            len(read.reports) == len(NAMES)
            and not len(read.failures)
            and read.reports["report_id"].is_unique
        )
    corpus.to_csv(tmp_path / "csv")


def not_files(folder: Path) -> set[str]:
    """Put into `folder` what looks like a report and can't be read, also by root; the names."""
    (folder / "folder.html").mkdir()
    os.symlink(folder / "nowhere", folder / "dangling.html")
    os.symlink("self.html", folder / "self.html")
    os.symlink("/proc/self/mem", folder / "memory.html")
    os.symlink("/dev/zero", folder / "zero.html")
    os.mkfifo(folder / "pipe.html")
    import socket

    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(folder / "socket.html"))
    return {"dangling.html", "self.html", "memory.html", "zero.html", "pipe.html", "socket.html"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path):
    folder = reports(tmp_path / "in", 3)
    names = not_files(folder)
    for name in names:
        with pytest.raises(DisclosureError):
            gd.read_report(folder / name)
    corpus = gd.read_corpus(folder, progress=False)
    gd.build(folder, tmp_path / "out", **QUIET)
    for read in (corpus, gd.load(tmp_path / "out")):
        assert len(read.reports) == 3
        failed = {Path(p).name for p in read.failures["path"]}
        assert {"dangling.html", "self.html"} <= failed <= names
        assert not {"zero.html", "pipe.html"} & failed, "devices are passed over"


def test_links_in_circles_end(tmp_path):
    folder = reports(tmp_path / "in", 3)
    os.symlink(folder, folder / "again")
    os.symlink(tmp_path, folder / "up")
    (folder / "a").mkdir()
    os.symlink(folder / "b", folder / "a" / "to-b")
    (folder / "b").mkdir()
    os.symlink(folder / "a", folder / "b" / "to-a")
    gd.build(folder, tmp_path / "out", **QUIET)
    assert (
        len(gd.load(tmp_path / "out").reports)
        == len(gd.read_corpus(folder, progress=False).reports)
        == 3
    )


def test_a_folder_of_nothing_but_harm_and_one_good_report(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in HEAVY.items():
        (folder / f"x-{name}").write_bytes(data)
    (folder / "good.html").write_bytes(hostile.GOOD)
    corpus = gd.read_corpus(folder, progress=False)
    gd.build(folder, tmp_path / "out", timeout=60, **QUIET)
    built = gd.load(tmp_path / "out")
    assert "good" in set(corpus.reports["report_id"]) and "good" in set(built.reports["report_id"])
    assert (
        {Path(p).name for p in built.failures["path"]}
        == {Path(p).name for p in corpus.failures["path"]}
        >= {f"x-{n}" for n in REFUSED}
    )


@pytest.mark.parametrize("allowed", [0, 1, 2, 3, 5, 8, 13, 21])
def test_a_disk_that_fills_at_any_moment(tmp_path, monkeypatch, allowed):
    """After `allowed` writes the disk is full: a clear error, the old data set as it was, and the next run ends as if nothing had happened."""
    folder, out = reports(tmp_path / "in", 6), tmp_path / "out"
    gd.build(folder, out, **QUIET)
    reports(folder, 12)
    whole = tmp_path / "whole"
    gd.build(folder, whole, **QUIET)
    left, real = [allowed], Path.write_bytes

    def write_bytes(path, data):
        left[0] -= 1
        if left[0] < 0:
            real(path, data[: len(data) // 2])
            raise OSError(28, os.strerror(28))
        return real(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write_bytes)
        try:
            gd.build(folder, out, jobs=1, progress=False)
        except DatasetError as error:
            assert "full" in str(error)
            assert len(gd.load(out).reports) in (6, 12), "what is there is a data set"
        else:
            assert left[0] >= 0
    gd.build(folder, out, **QUIET)
    assert contents(out) == contents(whole)


def test_a_file_that_may_not_grow(tmp_path):
    """RLIMIT_FSIZE: the kernel itself refuses to write more, in every process of the build."""
    folder, out = reports(tmp_path / "in", 40), tmp_path / "out"
    code = (
        "import resource, signal, sys, govdisclosure as gd\nfrom govdisclosure.errors import DatasetError\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\ntry:\n gd.build(sys.argv[1], sys.argv[2], jobs=1, progress=False)\n"
        "except DatasetError as error:\n print('refused:', error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(out)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.startswith("refused:") and "Traceback" not in done.stderr, done.stderr[
        -1500:
    ]
    gd.build(folder, out, **QUIET)
    gd.build(folder, tmp_path / "whole", **QUIET)
    assert contents(out) == contents(tmp_path / "whole")


def test_two_builds_into_one_folder(tmp_path):
    """Both at once, in processes of their own: one ends the work, the other is refused or finds it done."""
    folder, out = reports(tmp_path / "in", 120), tmp_path / "out"
    code = "import sys, govdisclosure.cli as c; sys.exit(c.main(['build', sys.argv[1], '--out', sys.argv[2], '--jobs', '1']))"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder), str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [p.communicate(timeout=240) for p in both]
    ended = sorted(p.returncode for p in both)
    assert ended in ([0, 0], [0, 2]), said
    assert ended == [0, 0] or any("nobody else" in err for _, err in said)
    gd.build(folder, tmp_path / "whole", **QUIET)
    assert contents(out) == contents(tmp_path / "whole")


def test_a_page_larger_than_any_report_is_refused_unread(tmp_path):
    with open(tmp_path / "a.html", "wb") as file:
        file.truncate(1 << 40)  # a sparse file of a terabyte
    began = time.process_time()
    with pytest.raises(LimitError):
        gd.read_report(tmp_path / "a.html")
    assert threading.active_count() < 50 and time.process_time() - began < 60
