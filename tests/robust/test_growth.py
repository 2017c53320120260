"""What costs too much: the samples of ../shared/robust where they are, and kinds of the growth benchmark anywhere.

Each is read in a process of its own with limits of CPU time and memory.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import growth

SAMPLES = Path(__file__).parents[2].parent / "shared" / "robust"
FILES = sorted(p for p in SAMPLES.glob("*") if p.suffix != ".md") if SAMPLES.is_dir() else []
WELL_UNDER = 3.0  # CPU seconds, of a file that is there; an ordinary report takes 0.01
KINDS = """html: comments before all|html: rowspans over nothing|html: ragged rows|html: one row as long as all others
html: open pre|html: open square in label|html: column words in figure|txt: pipe cell in figure|txt: pipe cell in prose
txt: space in prose|txt: rule words in prose|txt: site code in prose|txt: open square in figure|md: table of html in prose
mhtml: a parameter of semicolons|docx: rows|docx: merged down|docx: ragged rows|pdf: lattice|pdf: rules apart""".replace("\n", "|").split("|")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def warm():
    """What is imported and kept for all files is not counted."""
    for write in (growth.html, growth.text, growth.markdown, growth.docx, growth.mhtml):
        growth.outcome(write(growth.Report()), "warm")
    growth.outcome(growth.pdf(growth.BASE_PDF), "warm.pdf")


def test_the_samples_are_there():
    if not FILES:
        pytest.skip("../shared/robust is not here: its samples are NOT tested")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_is_read_or_refused_in_no_time(path):
    data = path.read_bytes()
    row = growth.measure(f"{path.suffix[1:]}: {path.name}", lambda size: data, 1, (8,), 3)
    assert row["s8"] < WELL_UNDER and row["mib"] < growth.MEMORY_MB, row


@pytest.mark.parametrize("kind", KINDS)
def test_cost_is_about_linear(kind):
    """Growth only: what a megabyte costs is measured by the benchmark, on files of that size and a quiet machine."""
    for _ in range(3):  # the machine may have been busy
        row = growth.measure(kind, growth.kinds()[kind], 1 << 16, cpu=4)
        if not row["verdict"] or row["verdict"].endswith("s a MB"):
            return
    raise AssertionError(row)


def test_what_grows_too_fast_is_seen(monkeypatch):
    def slow(data, name):
        return sum(1 for _ in range((len(data) // 20) ** 2 // 2)) and "record"

    monkeypatch.setattr(growth, "outcome", slow)
    assert "grows as" in growth.measure("txt: x", lambda size: b"x" * size, 1 << 17)["verdict"]
    monkeypatch.setattr(growth, "outcome", lambda data, name: "KeyError")
    assert "KeyError" in growth.measure("txt: x", lambda size: b"x" * size, 100)["verdict"]
