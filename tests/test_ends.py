"""How commands end: the examples of `--help` run, no charset, full disk or Ctrl-C ends in a traceback."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pytest

import govdisclosure as gd
from govdisclosure import cli
from govdisclosure.dataset import STAGE
from tests.build.pages import reports

ROOT = Path(gd.__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "govdisclosure"]
VERBS = ("build", "check", "show", "codebook", "notebooks")


def examples() -> list[str]:
    """Every command that a help text gives as an example, once, without what it says of it."""
    helps = [cli.EXAMPLES]
    actions = cli.parser()._subparsers._group_actions[0].choices
    helps += [actions[verb].epilog for verb in VERBS]
    lines = re.findall(r"^  (govdisclosure .*)$", "\n".join(helps), flags=re.M)
    return list(dict.fromkeys(re.split(r" {2,}| the analyses", line)[0] for line in lines))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder as the examples take it for granted."""
    folder = tmp_path_factory.mktemp("examples")
    for name in ("data", "2024", "more", "my-reports"):
        (folder / name).mkdir()
    source = ROOT / "data"
    (folder / "data" / "reports").symlink_to(source / "reports")
    (folder / "data" / "manifest.csv").symlink_to(source / "manifest.csv")
    reports_there = sorted((source / "reports").glob("*.html"))
    for path, name in zip(reports_there, ("2024", "more", "my-reports"), strict=False):
        shutil.copy(path, folder / name)
    return folder


@pytest.mark.parametrize("example", examples())
def test_an_example_of_a_help_text_runs(example, place):
    if " notebooks " in example:
        example += " --only 00"
    command = example.replace("govdisclosure ", f"'{sys.executable}' -m govdisclosure ", 1)
    done = subprocess.run(command, shell=True, cwd=place, capture_output=True, text=True)
    found = " check " in example  # what does not add up is a finding
    assert done.returncode in ((0, 1) if found else (0,)), done.stderr
    assert "Traceback" not in done.stderr


def test_there_is_an_example_for_each_command():
    assert {example.split()[1] for example in examples()} == set(VERBS)


@pytest.mark.parametrize("charset", ["gbk", "ascii", "latin-1"])
@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "check data/reports/dayao-2021.txt",
        "show data/reports/dayao-2021.txt",
        "show 甲é.txt",
    ],
)
def test_any_charset_takes_what_is_printed(charset, arguments, place):
    more = {"PYTHONIOENCODING": charset, "LANG": "C", "LC_ALL": "C"}
    done = subprocess.run(
        [*COMMAND, *arguments.split()], cwd=place, env={**os.environ, **more}, capture_output=True
    )
    assert done.returncode in (0, 1, 2) and b"Traceback" not in done.stderr + done.stdout
    assert done.stdout or done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("moment", ["write", "writestr"])
def test_a_workbook_on_a_full_disk_is_an_error_of_one_line(moment, tmp_path, monkeypatch):
    pytest.importorskip("openpyxl")
    corpus = gd.read_corpus(reports(tmp_path / "in", 2), progress=False)
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"what was there")

    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile, moment, full)
    with pytest.raises(gd.DisclosureError, match="The disk is full") as error:
        corpus.to_excel(path)
    assert "\n" not in str(error.value) and path.read_bytes() == b"what was there"
    assert sorted(os.listdir(tmp_path)) == ["in", "out.xlsx"]


@pytest.mark.parametrize("most", [4_096, 40_000])
def test_a_workbook_that_may_not_grow_is_an_error_of_one_line(most, tmp_path):
    """The kernel refuses: the sheets, which are temporary files, or the workbook itself."""
    pytest.importorskip("openpyxl")
    resource = pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", "import sys, govdisclosure as gd; from govdisclosure.errors import DisclosureError\n"
         "try: gd.read_corpus(sys.argv[1], progress=False).to_excel(sys.argv[2])\n"
         "except DisclosureError as error: sys.exit(str(error))",
         str(reports(tmp_path / "in", 2)), str(tmp_path / "out.xlsx")],
        capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    assert os.listdir(tmp_path) == ["in"]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Reports that take longer to read than a test waits."""
    folder = tmp_path_factory.mktemp("many")
    first = next(reports(folder, 1).rglob("*.html")).read_bytes()
    for number in range(3000):
        (folder / f"{number}.html").write_bytes(first)
    return folder


def interrupted(arguments: list, ready, wait: float, **more: str) -> tuple[int, str]:
    """Start a command, press Ctrl-C `wait` seconds after `ready()`: (exit status, what it said on standard error)."""
    started = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], env={**os.environ, **more}, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not ready() and time.monotonic() < end and started.poll() is None:
        time.sleep(0.01)
    time.sleep(wait)
    assert started.poll() is None, "it ended before the key was pressed"
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    return started.wait(120), started.stderr.read()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("wait", [0.1, 1.5])  # with two, while the cluster starts
def test_ctrl_c_ends_a_build_in_one_line(jobs, wait, many, tmp_path):
    out = tmp_path / "out"
    arguments = ["build", many, "--out", out, "--jobs", jobs]
    status, said = interrupted(arguments, (out / STAGE).exists, wait)
    assert (status, said) == (130, "govdisclosure: interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_ctrl_c_ends_a_check_in_one_line(many):
    status, said = interrupted(["check", many], lambda: True, 2.0)
    assert (status, said) == (130, "govdisclosure: interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("wait", [0.0, 1.0])
def test_ctrl_c_ends_notebooks_in_one_line(wait, tmp_path):
    book, sign = nbformat.v4.new_notebook(), tmp_path / "at-work"
    code = f"open({str(sign)!r}, 'w').close(); import time; time.sleep(100)"
    book.cells = [nbformat.v4.new_code_cell(code)]
    nbformat.write(book, tmp_path / "10-slow.ipynb")
    arguments = ["notebooks", "--notebooks", tmp_path, "--out", tmp_path / "out"]
    status, said = interrupted(arguments, sign.exists, wait)
    assert status in (130, -signal.SIGINT) and said == "govdisclosure: interrupted\n"
