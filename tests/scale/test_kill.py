"""Kill -9 at random moments, and files that hang or kill their reader."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

import govdisclosure as gd
from benchmarks import kill
from govdisclosure.scale import foreman, guard, worker

from .pages import reports


def test_killed_builds_end_in_the_same_bytes(tmp_path):
    folder = reports(tmp_path / "in", 129)
    began = time.monotonic()
    assert kill.start(folder, tmp_path / "peace").wait() == 0
    took, good = time.monotonic() - began, kill.digest(tmp_path / "peace")
    for number in range(2):
        assert kill.one_round(folder, tmp_path / str(number), Random(number), took)
        assert kill.digest(tmp_path / str(number)) == good


@pytest.mark.parametrize(
    ("falls", "hung", "verdict"),
    [
        (["crashed", None], False, {}),  # struck once while it was read alone: innocent
        (["crashed"] * 3, False, {"a": "crashed"}),
        ([None], True, {}),  # looked as if it hung: the machine had slept
        (["timeout"], True, {"a": "timeout"}),
    ],
)
def test_a_source_is_condemned_only_by_what_it_does_alone(
    tmp_path, monkeypatch, falls, hung, verdict
):
    deaths = iter(falls)
    monkeypatch.setattr(foreman, "_alone", lambda task, label: next(deaths))
    task = worker.Task(str(tmp_path), None, 0, "", 60.0, None, False, {})
    judge = foreman.Foreman(None, None, {})
    if hung:
        judge.hung.add("a")
    judge._judge(task, "a")
    assert judge.condemned == verdict and next(deaths, "all tried") == "all tried"


POISON = """
import os, signal, sys, time
import govdisclosure.scale.worker as worker
real = worker.read_record
def read(path, *a, **k):
    name = os.path.basename(path)
    if "poison" in name: os.kill(os.getpid(), signal.SIGSEGV)
    if "slow" in name: time.sleep(60)
    if "loop" in name:
        while True: pass
    if "greedy" in name: return bytearray(1 << 40)
    return real(path, *a, **k)
worker.read_record = read
"""


def test_poison_is_a_row_of_failures_and_the_rest_is_read(tmp_path, monkeypatch):
    folder = reports(tmp_path / "in", 30)
    for name in ("poison", "slow", "loop", "greedy"):
        (folder / f"{name}.html").write_text(f"<p>{name}</p>", encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(
        "import os\nif os.environ.get('POISON'): exec(compile(os.environ['POISON'], 'poison', 'exec'))\n",
        encoding="utf-8",
    )
    import subprocess
    import sys

    run = "import sys, govdisclosure as gd; print(gd.build(sys.argv[1], sys.argv[2], jobs=2, timeout=5, progress=False))"
    root = str(Path(gd.__file__).parent.parent)
    env = {**os.environ, "POISON": POISON, "PYTHONPATH": os.pathsep.join([str(tmp_path), root])}
    done = subprocess.run(
        [sys.executable, "-c", run, str(folder), str(tmp_path / "out")],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    corpus = gd.load(tmp_path / "out")
    kinds = {Path(p).stem: k for p, k in zip(corpus.failures["path"], corpus.failures["kind"])}
    assert kinds == {"poison": "crashed", "slow": "timeout", "loop": "timeout", "greedy": "memory"}
    assert len(corpus.reports) == 30


def test_a_slow_file_is_cut_off_in_a_thread_too():
    def spin():
        with guard.time_limit(0.3):
            while True:
                pass

    with ThreadPoolExecutor(1) as pool, pytest.raises(guard.Overtime):
        pool.submit(spin).result(20)
