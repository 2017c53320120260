"""A report can't run code, reach the network or read another file, however it is read."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import govdisclosure as gd
from govdisclosure.errors import DisclosureError

from . import hostile

ROOT = Path(gd.__file__).resolve().parent.parent
# Reads every file of a folder under an audit hook: what code, processes, sockets, unpickling or files it touches, it says.
WATCHED = """
import json, os, sys, warnings
warnings.simplefilter("ignore")
from govdisclosure.pipeline import read_record
from govdisclosure.errors import DisclosureError
import govdisclosure as gd
folder, seen, now = sys.argv[1], {}, [None]
os.environ["PATH"] = ""

def read_all(how):
    for name in sorted(os.listdir(folder)):
        now[0] = os.path.join(folder, name) if how else None
        try:
            repr(gd.read_report(os.path.join(folder, name))._repr_html_())
        except DisclosureError:
            pass

BAD = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pickle.find_class", "exec", "compile", "urllib.", "http.",
       "ftplib.", "smtplib.", "ctypes.dlopen", "os.remove", "os.rename", "os.mkdir", "shutil.", "webbrowser.", "glob.", "os.listdir", "os.scandir")

def hook(event, arguments):
    if now[0] is None:
        return
    if event == "open":
        path = arguments[0]
        if isinstance(path, (str, bytes)) and os.fsdecode(path) != now[0]:
            seen.setdefault(now[0], []).append(f"open {os.fsdecode(path)}")
    elif event.startswith(BAD):
        seen.setdefault(now[0], []).append(f"{event} {str(arguments)[:200]}")

read_all(False)          # modules are loaded and caches filled
sys.addaudithook(hook)
read_all(True)
now[0] = None
print(json.dumps(seen))
"""


def watched(folder: Path) -> dict[str, list[str]]:
    """{file: what it made the library touch}."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def listener():
    """A server on this machine that counts who calls: (port, calls)."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    server.accept()[0].close()
                    calls.append("called")
                except OSError:
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], calls
        ended.set()
        thread.join()


def test_the_watch_sees_what_it_looks_for(tmp_path):
    """A reader that does open another file, start a process and unpickle is caught."""
    evil = (
        "import pickle, subprocess, govdisclosure.pipeline as p\nreal = p.read\ndef read(data, source):\n open('/etc/hostname').close() if 1 else 0\n"
        " pickle.loads(pickle.dumps(print)); subprocess.run(['/bin/true'])\n return real(data, source)\np.read = read\n"
    )
    folder = write(tmp_path / "in", {"a.html": hostile.page()})
    done = subprocess.run(
        [sys.executable, "-c", evil + WATCHED, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    said = " ".join(json.loads(done.stdout.splitlines()[-1])[str(folder / "a.html")])
    assert (
        "open /etc/hostname" in said and "pickle.find_class" in said and "subprocess.Popen" in said
    )


def test_no_report_runs_code(tmp_path):
    canary = tmp_path / "canary"
    assert watched(write(tmp_path / "in", hostile.code(canary))) == {}
    assert not canary.exists()


def test_no_report_reaches_the_network(tmp_path, listener):
    port, calls = listener
    socket.create_connection(("127.0.0.1", port)).close()  # the listener hears
    assert watched(write(tmp_path / "in", hostile.network(port))) == {}
    assert calls == ["called"]


def test_no_report_reads_another_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim", encoding="utf-8")
    folder = write(tmp_path / "in", hostile.other_files(secret))
    assert watched(folder) == {}
    corpus = gd.read_corpus(
        folder, progress=False
    )  # libxml2 opens files without Python's knowledge: look at what came of it
    frames = [corpus.cells, corpus.sections, corpus.reports, corpus.failures, corpus.unplaced]
    assert not any(
        "geheim" in str(v) for frame in frames for column in frame for v in frame[column].dropna()
    )
    assert len(corpus.reports) >= 6, "the files must be read for this to show anything"


@pytest.mark.parametrize(
    "name, codec, hidden",
    [
        ("UTF-32", "utf-32", "<!DOCTYPE"),
        ("UCS-4", "utf-32-be", "<!DOCTYPE"),
        ("UTF-7", "ascii", "+ADwAIQ-DOCTYPE"),
        ("UTF-7", "ascii", "<!+AEQ-OCTYPE"),
        ("ISO-2022-JP", "ascii", "<!\x1b(BDOCTYPE"),
    ],
)
def test_entities_hidden_by_an_encoding_are_refused(tmp_path, name, codec, hidden):
    text = (
        hostile.document('<w:p w:x="&a2;"/>', before=hostile.laughs())
        .replace("UTF-8", name)
        .replace("<!DOCTYPE", hidden)
    )
    path = tmp_path / "a.docx"
    path.write_bytes(hostile.package({"word/document.xml": text.encode(codec)}))
    with pytest.raises(DisclosureError, match="DOCTYPE"):
        gd.read_report(path)


@pytest.mark.parametrize("kind", ["symlink", "hardlink", "device", "absolute", "climbing"])
def test_a_tar_can_show_only_its_own_members(tmp_path, kind):
    import io
    import tarfile

    secret = tmp_path / "secret.html"
    secret.write_bytes(hostile.page(name="某某秘密局"))
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        info = tarfile.TarInfo(
            {"absolute": str(secret), "climbing": "../secret.html"}.get(kind, "x.html")
        )
        if kind in ("symlink", "hardlink", "device"):
            info.type, info.linkname = (
                {
                    "symlink": tarfile.SYMTYPE,
                    "hardlink": tarfile.LNKTYPE,
                    "device": tarfile.CHRTYPE,
                }[kind],
                str(secret),
            )
        data = hostile.page(name="某某公开局") if kind in ("absolute", "climbing") else b""
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
        good = tarfile.TarInfo("good.html")
        good.size = len(hostile.GOOD)
        archive.addfile(good, io.BytesIO(hostile.GOOD))
    before = sorted(p.name for p in tmp_path.iterdir())
    gd.build(tmp_path / "all.tar", tmp_path / "out", jobs=1, progress=False)
    built = gd.load(tmp_path / "out")
    assert (
        not built.reports["agency"].str.contains("秘密").any()
        and built.reports["path"].str.contains("good.html").any()
    )
    assert secret.read_bytes() == hostile.page(name="某某秘密局")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*before, "out"])


def test_a_zip_member_writes_nowhere(tmp_path):
    import zipfile

    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "all.zip", "w") as archive:
        for name in (
            "../../outside.html",
            str(tmp_path / "absolute.html"),
            "a\\..\\windows.html",
            "C:\\x.html",
            "a/../../b.html",
        ):
            archive.writestr(name, hostile.GOOD)
    gd.build(tmp_path / "in", tmp_path / "out", jobs=1, progress=False)
    built = gd.load(tmp_path / "out")  # five copies of one report
    assert len(built.reports) == 1 and built.failures["kind"].tolist() == ["duplicate"] * 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"] and [
        p.name for p in (tmp_path / "in").iterdir()
    ] == ["all.zip"]


def test_a_saved_data_set_is_data(tmp_path):
    """No part of a data set is unpickled: a pickle in the place of a part is damage."""
    import pickle

    canary = tmp_path / "canary"
    (tmp_path / "a.html").write_bytes(hostile.GOOD)
    gd.build(tmp_path / "a.html", tmp_path / "out", jobs=1, progress=False)
    for part in (tmp_path / "out").rglob("*"):
        if part.is_file() and part.suffix in (".parquet", ".json"):
            part.write_bytes(pickle.dumps(hostile._Shell(f"touch {canary}")))
    with pytest.raises(DisclosureError):
        gd.load(tmp_path / "out")
    assert not canary.exists()
