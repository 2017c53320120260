"""Kill a build, or one of its workers, at random moments and compare what comes out in the end with one that ran in peace.

    python -m benchmarks.kill --rounds 50

Each round: a build is started as a process of its own; at a random moment it (or one of its workers, by turns) gets
SIGKILL; what is there must open; then builds run until one ends by itself, each killed with a chance of one half; the
data set must have the same bytes. Exit code 1 where one differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks import synthetic

RUN = "import sys, govdisclosure as gd; gd.build(sys.argv[1], sys.argv[2], jobs=2, progress=False)"


def digest(folder: Path) -> dict[str, str]:
    """Hash of every file of a data set by name, without the lock."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != ".lock")
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def start(source: Path, out: Path) -> subprocess.Popen:
    """A build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(source), str(out)], stderr=subprocess.PIPE
    )


def workers(process: subprocess.Popen, out: Path) -> list[int]:
    """Process ids that the trails of a build name."""
    from govdisclosure.scale.guard import read_trail

    steps = [read_trail(str(p)) for p in out.glob(".build/trail/*")]
    return [step[1] for step in steps if step and step[1] != process.pid]


def strike(process: subprocess.Popen, out: Path, whole: bool) -> bool:
    """SIGKILL the build, or one of its workers; whether there was one."""
    targets = [process.pid] if whole else workers(process, out)
    for pid in targets[:1]:
        try:
            os.kill(pid, signal.SIGKILL)
            return True
        except ProcessLookupError:
            pass
    return False


def one_round(source: Path, out: Path, pen: Random, took: float) -> int:
    """Build with kills until it ends by itself; returns how often something was killed, at least once."""
    import govdisclosure as gd

    kills = 0
    while True:
        process = start(source, out)
        while kills == 0 or pen.random() < 0.5:
            time.sleep(pen.uniform(0, took))
            if process.poll() is not None:
                break
            whole = pen.random() < 0.5
            struck = strike(process, out, whole)
            kills += struck
            if whole and struck:
                break
        code = process.wait()
        if (out / "_govdisclosure.json").exists():
            gd.load(out)
        if code == 0 and kills:
            return kills
        if code == 0:  # it was faster than we: once more
            shutil.rmtree(out)
        elif code != -signal.SIGKILL:
            raise SystemExit(
                f"the build ended with {code}: {process.stderr.read().decode()[-2000:]}"
            )


def explain(out: Path, good: dict[str, str]) -> None:
    """Say which files differ and which sources failed."""
    import govdisclosure as gd

    mine = digest(out)
    for name in sorted(good.keys() | mine.keys()):
        if good.get(name) != mine.get(name):
            print(
                "missing" if name not in mine else "extra" if name not in good else "other bytes",
                name,
            )
    print(gd.load(out).failures.to_string())


def main() -> int:
    """Run the rounds; prints one line each."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=50)
    options.add_argument("--reports", type=int, default=140)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    pen, different = Random(given.seed), 0
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "reports")
        list(synthetic.write(given.reports, str(source)))
        (source / "no-report.html").write_text("<p>页面不存在</p>", encoding="utf-8")
        began = time.monotonic()
        assert start(source, Path(folder, "peace")).wait() == 0
        took, good, total = time.monotonic() - began, digest(Path(folder, "peace")), 0
        for number in range(given.rounds):
            out = Path(folder, f"round-{number}")
            kills = one_round(source, out, pen, took)
            same = digest(out) == good
            if not same:
                explain(out, good)
            shutil.rmtree(out)
            total, different = total + kills, different + (not same)
            print(
                f"round {number + 1}: {kills} kills, {'same bytes' if same else 'DIFFERENT'}",
                flush=True,
            )
    print(f"{given.rounds} rounds, {total} kills, {different} different")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
