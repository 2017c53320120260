"""`build`: any number of reports into a Parquet data set, in parallel, resumable, the same bytes each time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .errors import DatasetError
from .scale import journal as journals
from .scale.files import locked, read_json, unwritable
from .scale.fingerprint import fingerprint
from .scale.parts import read_part
from .scale.plan import Plan, make_plan
from .schema import FRAMES

WORK = ".build"


class BuildResult(NamedTuple):
    """What a build came to: the folder, how many sources it holds, how many were read now, were unchanged, failed, and the time."""

    folder: str
    sources: int
    read: int
    kept: int
    failed: int
    seconds: float


def build(
    sources: str | os.PathLike | Iterable[str | os.PathLike],
    out: str | os.PathLike,
    *,
    executor=None,
    jobs: int | None = None,
    manifest=None,
    timeout: float | None = 60.0,
    memory: int | None = 2 << 30,
    retry: bool = False,
    progress: bool | None = None,
    csv: bool = False,
) -> BuildResult:
    """Read all reports of `sources` into the data set `out`; `gd.load(out)` opens it, so do pandas, DuckDB and Polars.

    `sources`: folders, files, globs, archives (zip, tar, tar.gz, WARC: members are called ``archive.zip!/name``), or
    a CSV with a column `path`. `executor`: None for a pool of `jobs` processes (default: one per core), any
    `concurrent.futures.Executor`, or a `distributed.Client` or its address ("tcp://…"), whose workers must see the same
    files. `manifest`: as in `read_corpus`. `timeout` (seconds) and `memory` (bytes) are the most one file may take.
    `retry`: read again what failed before (more time or memory is allowed now, a missing reader was installed). `csv`: also write ``out/csv/<frame>.csv``.

    Run again, it reads only what is new or changed (by SHA-256, manifest row and library version) and removes what is
    gone. Killed at any moment it leaves a data set that opens, and run again it ends in the same bytes as if it had
    never been killed. A file that can't be read is a row of `failures`. Reports have the ids that `read_corpus` gives:
    where several files claim one, each has its path from the folder they share. Findings across years are not stored: they
    are computed from what `load` loads. Raises DatasetError (no such source, two builds at a time, disk full, …).

    >>> build("data/reports", "build/tidy", jobs=2)  # doctest: +SKIP
    """
    began, out = time.monotonic(), os.fspath(out)
    with locked(out):
        try:
            result = _build(
                sources, out, executor, jobs, manifest, (timeout, memory, retry), progress
            )
        except OSError as error:
            raise unwritable(out, error) from error
        _finish(out, csv)
    return result._replace(seconds=time.monotonic() - began)


def _build(sources, out: str, executor, jobs, manifest, limits: tuple, progress) -> BuildResult:
    from .scale.crew import warm
    from .scale.worker import Task, publish_ready, ready_path

    work = os.path.join(out, WORK)
    shutil.rmtree(os.path.join(work, "plan"), ignore_errors=True)
    if executor is None:
        warm()
    plan = make_plan(sources, manifest, os.path.join(work, "plan"), out)
    root = _root(out, plan)
    made_with = fingerprint()

    def task(number: int, condemned: dict[str, str]) -> Task:
        return Task(out, plan, number, made_with, *limits, condemned)

    def publish(number: int) -> None:
        if root["buckets"] == plan.buckets:
            publish_ready(out, plan.buckets, number)

    counts = _work(plan, task, publish, executor, jobs, limits[1], progress)
    for number in range(plan.buckets):  # another number of buckets becomes valid all at once
        if os.path.exists(ready_path(out, plan.buckets, number)):
            publish_ready(out, plan.buckets, number)
    journals.write_root(out, plan.buckets, "build")
    return BuildResult(out, plan.count, *counts, 0.0)


def _root(out: str, plan: Plan) -> dict:
    """The data set's root, made where there is none. Raises DatasetError where the folder is not ours to fill or would be emptied."""
    root = journals.read_root(out)
    if root is None:
        journals.write_root(out, plan.buckets, "build")
        return {"buckets": plan.buckets}
    if root.get("made_by") != "build":
        raise DatasetError(
            out,
            "a new folder or one that build wrote",
            seen="a data set that Corpus.save wrote",
            advice="Choose another folder.",
        )
    if not plan.count and any(
        p["rows"] for j in journals.journals(out, root["buckets"]) for p in j["parts"]
    ):
        raise DatasetError(
            out,
            "at least one source",
            seen="none; the data set would be emptied",
            advice="Are the sources mounted? Delete the folder if it shall go.",
        )
    return root


def _work(
    plan: Plan, task: Callable, publish: Callable[[int], None], executor, jobs, memory, progress
) -> tuple[int, int, int]:
    """Do all buckets; (read, kept, failed) of their sources."""
    from .scale.crew import crew_of
    from .scale.foreman import Foreman

    out = task(0, {}).out
    try:
        condemned = read_json(os.path.join(out, WORK, "condemned.json"))
    except (DatasetError, FileNotFoundError):
        condemned = {}
    crew = crew_of(executor, _enough(jobs, plan), memory)
    read = kept = failed = 0
    try:
        with _bar(plan.count, progress) as bar:
            for done in Foreman(crew, task, condemned).work(
                iter(range(plan.buckets)), lambda n: _show(bar, read + kept + n)
            ):
                publish(done.number)
                read, kept, failed = read + done.read, kept + done.kept, failed + done.failed
                _show(bar, read + kept)
    finally:
        crew.close()
    return read, kept, failed


def _enough(jobs: int | None, plan: Plan) -> int | None:
    return min(jobs or os.cpu_count() or 1, plan.buckets)


def _bar(count: int, progress: bool | None):
    from tqdm import tqdm

    return tqdm(
        total=count,
        unit=" reports",
        disable=None if progress is None else not progress,
        delay=0 if progress else 2,
    )


def _show(bar, done: int) -> None:
    if done > bar.n:
        bar.update(done - bar.n)


def _finish(out: str, csv: bool) -> None:
    """Remove what killed runs left, describe the data set, write the CSV files if asked."""
    from .export import write_csv, write_package

    buckets = journals.read_root(out)["buckets"]
    found = list(journals.journals(out, buckets))
    parts = [part for journal in found for part in journal["parts"]]
    names = {f"{n:04d}.json" for n in range(buckets)} | {journal["sources"] for journal in found}
    journals.sweep(out, {part["path"] for part in parts}, buckets, names)
    write_package(out, parts)
    if csv:
        for frame in FRAMES:
            mine = sorted((p for p in parts if p["frame"] == frame), key=lambda p: p["path"])
            write_csv(
                os.path.join(out, "csv", f"{frame}.csv"), (read_part(out, part) for part in mine)
            )
    shutil.rmtree(os.path.join(out, WORK), ignore_errors=True)
