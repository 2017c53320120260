"""Kill builds, their workers or a scheduler at random moments; what comes out in the end has the bytes of one in peace.

    python -m benchmarks.kill --rounds 50

Each round by turns: a build on this machine as a whole, one of its worker processes, or the scheduler of a cluster of the
command line gets SIGKILL at random moments; what is there must open; then builds run until one ends by itself, each struck
with a chance of one half. Exit code 1 where a round ends in other bytes. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import hashlib
import json
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
from benchmarks.scale import family

RUN = "import sys, govdisclosure as gd; gd.build(sys.argv[1], sys.argv[2], jobs=2, executor=sys.argv[3] or None, progress=False)"
TARGETS = ("whole", "worker", "scheduler")


def digest(folder: Path) -> dict[str, str]:
    """Hash of every file of a data set by name, without the lock."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != ".lock")
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def start(source: Path, out: Path, address: str = "") -> subprocess.Popen:
    """A build in a process of its own."""
    given = [sys.executable, "-c", RUN, str(source), str(out), address]
    return subprocess.Popen(given, stderr=subprocess.PIPE, start_new_session=True)


class Cluster:
    """A scheduler and two workers, processes of the command line."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"scheduler-{time.time_ns()}.json"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        first = ["dask_scheduler", "--host", "tcp://127.0.0.1", "--port", "0", "--no-dashboard"]
        worker = ["dask_worker", "--nthreads", "1", "--no-dashboard", "--death-timeout", "20"]
        self.processes = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    f"distributed.cli.{name}",
                    *given,
                    "--scheduler-file",
                    str(self.file),
                ],
                **quiet,
            )
            for name, *given in (first, worker, worker)
        ]
        while not (
            self.file.exists() and self.file.stat().st_size
        ):  # it is there before it is full
            time.sleep(0.1)
        self.address = json.loads(self.file.read_text())["address"]

    def end(self) -> None:
        """End its processes."""
        for process in self.processes:
            for pid in reversed(family(process.pid)):
                kill(pid)
            process.wait()


def kill(pid: int) -> bool:
    """SIGKILL; whether there was such a process."""
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


def workers(pid: int) -> list[int]:
    """Processes below a build that read reports: children of the server that forks them."""
    parents = [one for one in family(pid)[1:] if "forkserver" in _command(one)]
    return [child for one in parents for child in family(one)[1:]]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def one_round(source: Path, out: Path, pen: Random, took: float, target: str) -> int:
    """Build with kills until it ends by itself; how often something was killed, at least once."""
    import govdisclosure as gd

    kills = 0
    while True:
        cluster = Cluster(out.parent) if target == "scheduler" else None
        process = start(source, out, cluster.address if cluster else "")
        while process.poll() is None and (kills == 0 or pen.random() < 0.5):
            time.sleep(pen.uniform(0.2, took))
            if process.poll() is None:
                below = workers(process.pid) if target == "worker" else []
                aim = cluster.processes[0].pid if cluster else process.pid
                aim = pen.choice(below) if below else aim if target != "worker" else 0
                kills += bool(aim and kill(aim))
                if target != "worker":
                    break
        try:
            code = process.wait(240)
        except subprocess.TimeoutExpired:
            kill(process.pid)
            raise SystemExit(f"{target}: the build hangs after {kills} kills") from None
        finally:
            if cluster:
                cluster.end()
        if (out / "_govdisclosure.json").exists():
            gd.load(out)
        if code == 0 and kills:
            return kills
        if code == 0:  # it was faster than we: once more
            shutil.rmtree(out)
        said = process.stderr.read().decode()
        if code not in (0, -signal.SIGKILL) and "DatasetError" not in said:
            raise SystemExit(f"{target}: the build ended with {code}: {said[-2000:]}")


def explain(out: Path, good: dict[str, str]) -> None:
    """Say which files differ and which sources failed."""
    import govdisclosure as gd

    mine = digest(out)
    for name in sorted(n for n in good.keys() | mine.keys() if good.get(n) != mine.get(n)):
        print("missing" if name not in mine else "extra" if name not in good else "other", name)
    print(gd.load(out).failures.to_string())


def main() -> int:
    """Run the rounds; prints one line each."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=50)
    options.add_argument("--reports", type=int, default=400)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    pen, different, total = Random(given.seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "reports")
        list(synthetic.write(given.reports, str(source)))
        (source / "no-report.html").write_text("<p>页面不存在</p>", encoding="utf-8")
        began = time.monotonic()
        assert start(source, Path(folder, "peace")).wait() == 0
        took, good = time.monotonic() - began, digest(Path(folder, "peace"))
        for number in range(given.rounds):
            out, target = Path(folder, f"round-{number}"), TARGETS[number % len(TARGETS)]
            kills = one_round(source, out, pen, took, target)
            same = digest(out) == good
            if not same:
                explain(out, good)
            shutil.rmtree(out)
            total, different = total + kills, different + (not same)
            said = "same bytes" if same else "DIFFERENT"
            print(f"round {number + 1}: {kills} kills of {target}, {said}", flush=True)
    print(f"{given.rounds} rounds, {total} kills, {different} different")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
