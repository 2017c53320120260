"""Mutated reports through every reader, the parser, prose and checks: nothing but DisclosureError may come out, in time and memory.

    nice -n 19 python -m benchmarks.fuzz --seconds 3600          goes on where the last run stopped; counts go to results/fuzz.csv
    python -m benchmarks.fuzz --inputs 20000 --kinds html docx   some kinds only
    python -m benchmarks.fuzz --show 1234 broken                 write input 1234 to broken.<kind> and say what comes of it

Input n is the same each time at the same commit: `Random(n)` chooses a seed of `fuzz_seeds` and what `fuzz_mutate` or
`fuzz_blocks` changes in it. They run in one process of its own, so that one that kills or hangs it is known too; `fuzz_oracle`
says what is wrong. One input of each new kind of find is minimised into tests/readers/found, which a test reads again.
Exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks import fuzz_blocks, fuzz_minimise, fuzz_mutate, fuzz_results, fuzz_seeds
from benchmarks.fuzz_oracle import SLOW, judge
from govdisclosure.scale.guard import limit_memory

ORDER = (
    "html",
    "txt",
    "blocks",
    "docx",
    "html",
    "md",
    "txt",
    "blocks",
    "html",
    "mhtml",
    "txt",
    "blocks",
    "docx",
    "html",
    "md",
    "txt",
    "blocks",
    "pdf",
)
MEMORY, GROWTH, DEEP, HUNG = 2 << 30, 96 << 20, 50, 120.0
EARLY = 5_000  # inputs after which caches are full and the memory of the worker should stand still


class Input(NamedTuple):
    """An input's number, kind and bytes."""

    number: int
    kind: str
    data: bytes


def made(number: int, kinds: tuple[str, ...] = ORDER) -> Input:
    """Input `number`."""
    kind, pen = kinds[number % len(kinds)], Random(number)
    if kind == "blocks":
        return Input(number, kind, fuzz_blocks.dumped(fuzz_blocks.made(pen)))
    data = fuzz_mutate.changed(
        kind, fuzz_seeds.seed(kind, pen), pen.choice(fuzz_seeds.small(kind)), pen
    )
    return Input(number, kind, data)


class Tally:
    """What a run came to, kind by kind."""

    def __init__(self) -> None:
        self.counts: dict[str, dict] = {}
        self.finds: list[tuple[int, str, str]] = []
        self.memory: list[int] = []

    def of(self, kind: str) -> dict:
        """The counts of a kind."""
        return self.counts.setdefault(
            kind,
            dict.fromkeys(
                ("inputs", "records", "refused", "finds", "cpu_s", "slowest_ms", "slowest"), 0
            ),
        )

    def take(self, kind: str, batch: dict) -> None:
        """Add the counts of some inputs."""
        own = self.of(kind)
        for field in ("inputs", "records", "refused", "finds", "cpu_s"):
            own[field] += batch[field]
        if batch["slowest_ms"] > own["slowest_ms"]:
            own["slowest_ms"], own["slowest"] = batch["slowest_ms"], batch["slowest"]

    @property
    def inputs(self) -> int:
        """All inputs."""
        return sum(own["inputs"] for own in self.counts.values())


def _resident() -> int:
    import resource

    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def _run(kinds: tuple[str, ...], at, stop: int, until: float, pipe) -> None:
    """The worker: inputs until the clock or the last number; counts and finds go up the pipe, 200 inputs at a time."""
    limit_memory(MEMORY)
    tally = Tally()
    while at.value < stop and time.time() < until:
        one = made(at.value, kinds)
        verdict = judge(one.kind, one.data, deep=one.number % DEEP == 0)
        batch = tally.of(one.kind)
        batch["inputs"] += 1
        batch["cpu_s"] += verdict.seconds
        batch["records"] += verdict.kind == "record"
        batch["refused"] += verdict.kind == "refused"
        batch["finds"] += verdict.kind == "wrong"
        if verdict.seconds * 1000 > batch["slowest_ms"]:
            batch["slowest_ms"], batch["slowest"] = round(verdict.seconds * 1000), one.number
        if verdict.kind == "wrong":
            pipe.send(("find", (one.number, one.kind, verdict.what)))
        at.value += 1
        if tally.inputs >= 200:
            pipe.send(("counts", (tally.counts, _resident())))
            tally = Tally()
    pipe.send(("counts", (tally.counts, _resident())))


def _hear(pipe, tally: Tally) -> None:
    while pipe.poll():
        try:
            what, value = pipe.recv()
        except EOFError:
            return
        if what == "find":
            tally.finds.append(value)
            print(f"{value[1]} {value[0]}: {value[2]}", flush=True)
        else:
            for kind, batch in value[0].items():
                tally.take(kind, batch)
            tally.memory.append(value[1])


def fuzz(kinds: tuple[str, ...], first: int, seconds: float, inputs: int = 10**12) -> Tally:
    """Inputs from `first` on for some seconds or a number of inputs; the worker is started again when one kills it."""
    context = multiprocessing.get_context(
        "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    )
    at, until, tally = context.Value("q", first), time.time() + seconds, Tally()
    for kind in set(kinds):  # made before the fork: their memory is no growth
        (
            fuzz_seeds.small(kind),
            fuzz_seeds.whole(kind),
            fuzz_blocks.documents() if kind == "blocks" else None,
        )
    while time.time() < until and at.value < first + inputs:
        mine, theirs = context.Pipe(False)
        process = context.Process(target=_run, args=(kinds, at, first + inputs, until, theirs))
        process.start()
        theirs.close()
        _watch(process, mine, at, tally)
        if process.exitcode:
            one = at.value
            tally.finds.append(
                (one, kinds[one % len(kinds)], f"the process ended with {process.exitcode}")
            )
            tally.take(
                kinds[one % len(kinds)],
                {
                    "inputs": 1,
                    "records": 0,
                    "refused": 0,
                    "finds": 1,
                    "cpu_s": 0.0,
                    "slowest_ms": 0,
                    "slowest": one,
                },
            )
            at.value += 1
    return tally


def _watch(process, pipe, at, tally: Tally) -> None:
    """Until the worker ends; kill it where one input takes `HUNG` seconds of CPU, which no signal handler of its own broke."""
    last, since = at.value, _cpu(process.pid)
    while process.is_alive():
        process.join(0.5)
        _hear(pipe, tally)
        if at.value != last:
            last, since = at.value, _cpu(process.pid)
        elif _cpu(process.pid) - since > max(HUNG, 3 * SLOW):
            process.kill()
    _hear(pipe, tally)


def _cpu(pid: int) -> float:
    """Seconds of CPU of a process; 0 where it is gone."""
    import os

    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def grown(memory: list[int], every: int = 200) -> tuple[int, int]:
    """Resident bytes of the worker once its caches are full, and at the end: medians of ten readings each."""
    steady = memory[EARLY // every :] or memory
    first, last = sorted(steady[:10]), sorted(steady[-10:])
    return first[len(first) // 2], last[len(last) // 2]


def next_number() -> int:
    """Where the runs of results/fuzz.csv stopped."""
    import csv

    path = fuzz_results.RESULTS / "fuzz.csv"
    if not path.exists():
        return 0
    with open(path, newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["engine"] == "grammar"]
    ends = {r["first"]: 0 for r in rows}
    for row in rows:
        ends[row["first"]] += int(row["inputs"])
    return max((int(first) + count for first, count in ends.items()), default=0)


def _record(tally: Tally, first: int, began: float, commit: str) -> tuple[int, int]:
    early, late = grown(tally.memory) if tally.memory else (0, 0)
    same = {"when": fuzz_results.now(), "commit": commit, "engine": "grammar", "first": first, "wall_s": round(time.time() - began),
            "rss_early_mib": early >> 20, "rss_late_mib": late >> 20}  # fmt: skip
    fuzz_results.add(
        [
            same | {"kind": kind} | own | {"cpu_s": round(own["cpu_s"], 1)}
            for kind, own in sorted(tally.counts.items())
        ]
    )
    return early, late


def main() -> int:
    """Fuzz, say what was found, keep one input of each new kind of find."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=10**9)
    options.add_argument("--inputs", type=int, default=10**12)
    options.add_argument("--first", type=int)
    options.add_argument("--kinds", nargs="+", choices=fuzz_seeds.KINDS)
    options.add_argument("--show", nargs=2, metavar=("NUMBER", "FILE"))
    given = options.parse_args()
    kinds = tuple(given.kinds or ORDER)
    if given.show:
        one = made(int(given.show[0]), kinds)
        Path(f"{given.show[1]}.{one.kind}").write_bytes(one.data)
        print(one.kind, len(one.data), judge(one.kind, one.data, deep=True))
        return 0
    if given.seconds == 10**9 and given.inputs == 10**12:
        given.seconds = 300
    first, began, commit = (
        next_number() if given.first is None else given.first,
        time.time(),
        fuzz_results.commit(),
    )
    tally = fuzz(kinds, first, given.seconds, given.inputs)
    early, late = _record(tally, first, began, commit)
    for what, number in {what: number for number, _, what in reversed(tally.finds)}.items():
        one = made(number, kinds)
        print(f"kept {fuzz_minimise.keep(one.kind, one.data, what)}: {what}")
    grew = late - early > GROWTH
    wall = time.time() - began
    print(
        f"{tally.inputs:,} inputs ({first} … {first + tally.inputs - 1}) in {wall:.0f} s, {tally.inputs / wall:.0f} a second; {len(tally.finds)} finds; "
        f"worker {early >> 20} → {late >> 20} MiB{', which GREW' if grew else ''}"
    )
    return bool(tally.finds or grew)


if __name__ == "__main__":
    sys.exit(main())
