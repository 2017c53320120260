"""`build`: any number of reports into a Parquet data set, on one machine or many, resumable, the
same bytes each time.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from importlib.util import find_spec
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import pyarrow as pa

from . import dataset
from .batch import Done, Task, begun, fingerprint, home, run
from .errors import DatasetError, said
from .overlap import copies
from .schema import FRAMES
from .sources import Item, bar, each, identified, listing, manifest_of, root_of

FEW = 300  # sources below which starting processes takes longer than reading
MOST = 2048  # batches
CALM = {
    "distributed.scheduler.allowed-failures": 0,  # a batch's journal says what to do
    "distributed.scheduler.worker-saturation": 1.0,  # or batches that wait at a worker die with it
    "distributed.worker.profile.enabled": False,
    "distributed.deploy.lost-worker-timeout": "1h",  # a worker that starts again is not lost
    "distributed.admin.tick.limit": "1h",
    **({} if os.name == "nt" else {"distributed.worker.multiprocessing-method": "forkserver"}),
}


class BuildResult(NamedTuple):
    """What a build came to: the folder, how many sources it holds, how many were read now, were
    unchanged, failed, and the time.
    """

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
    """Read all reports of `sources` into the data set `out`; `gd.load(out)` opens it, so do pandas,
    DuckDB and Polars.

    `sources`: folders, files, globs, archives (zip, tar, tar.gz, WARC: members are called
    ``archive.zip!/name``), addresses of file systems that fsspec knows (``s3://…``), or a CSV with
    a column `path`. `executor`: None for this process where there is little to do, else a Dask
    cluster of `jobs` processes on this machine (default: one per core); a `distributed.Client` or
    its address ("tcp://…"), whose workers must see the same files; or a `concurrent.futures`
    executor of processes (threads share limits of time and memory, and are refused). `manifest`: as
    in `read_corpus`. `timeout` (seconds) and `memory` (bytes) are the most one file may take.
    `retry`: read again what failed before (more time or memory is allowed now, a missing reader was
    installed). `csv`: also write ``out/csv/<frame>.csv``.

    Run again, it reads only what is new or changed (by SHA-256, manifest row and library version),
    makes again what is damaged and removes what is gone. Killed at any moment it leaves the data
    set as it was, and run again it goes on and ends in the same bytes as if it had never been
    killed. A file that can't be read is a row of `failures`; so is one that ends the worker that
    reads it, or takes it too long: each time its batch goes on from there. That takes workers: where
    this process does the work (`jobs=1`, at most 300 sources, `distributed` not installed) a file
    that ends it ends the build, again each time, and `memory` is not limited; give `jobs=2`.
    Reports have the ids that `read_corpus` gives. Findings across years are not stored: they are
    computed from what `load` loads. Raises DatasetError (no such source, two builds at a time, disk
    full, …).

    >>> build("data/reports", "build/tidy", jobs=2)  # doctest: +SKIP
    """
    began, folder = time.monotonic(), os.path.abspath(out)
    pa.set_memory_pool(pa.system_memory_pool())  # gives back what Arrow frees; its own keeps it
    with dataset.locked(folder):
        tasks = _tasks(sources, manifest, folder, (timeout, retry))
        count = sum(len(task.items) for task in tasks)
        with _crew(executor, jobs, count, memory) as crew, bar(count, progress) as shown:
            done = _all_done(tasks, crew, shown)
        dataset.publish(folder, "build", [one.record for one in done])
        if csv:
            from .export import write_csv

            for frame in FRAMES:
                path = os.path.join(folder, "csv", f"{frame}.csv")
                write_csv(path, dataset.tables(folder, frame))
    kept, failed = sum(one.kept for one in done), sum(one.failed for one in done)
    seconds = time.monotonic() - began
    return BuildResult(os.fspath(out), count, count - kept, kept, failed, seconds)


def _tasks(sources, manifest, out: str, limits: tuple) -> list[Task]:
    """All sources in batches by the hash of the id they claim: sources that claim one meet in one
    batch, and a new source changes one batch. Each has the records that may hold rows of it."""
    given = list(each(sources))
    spool = Path(out, dataset.STAGE, "spool")
    spool.parent.mkdir(exist_ok=True)
    spool.write_bytes(b"")
    items = list(listing(given, manifest_of(manifest, given), spool=str(spool), skip=out))
    old = dataset.claimed(out, "build")
    if old and not items:
        seen = "none; all would be removed"
        advice = "Are the sources mounted? Delete the folder if it shall go."
        raise DatasetError(out, "at least one source", seen=seen, advice=advice)
    root, count = root_of(items), buckets_for(len(items))
    groups: list[list[Item]] = [[] for _ in range(count)]
    for item in items:
        groups[crc32(item.base.encode("utf-8", "surrogatepass")) * count >> 32].append(item)
    tasks = []
    for number, group in enumerate(groups):
        name, named = f"{number:04d}", sorted(identified(_named_apart(group), root))
        near = old[number * len(old) // count : -(-(number + 1) * len(old) // count)]
        records = [*begun(out, name), *near]
        tasks.append(Task(out, name, named, records, fingerprint(), home(), *limits))
    return tasks


def buckets_for(count: int) -> int:
    """Number of batches, a power of two: about 4·√count sources each, 128 to 2,048.

    >>> [buckets_for(n) for n in (0, 11, 128, 1_000, 100_000, 1_000_000)]
    [1, 1, 1, 8, 128, 512]
    """
    size = min(MOST, max(128, 4 * math.isqrt(count)))
    return min(MOST, 1 << max(0, math.ceil(math.log2(max(1, count) / size))))


def _named_apart(items: list[Item]) -> list[Item]:
    """A file given twice is one source; the second member of one name in an archive is a source of
    its own, name#2.
    """
    named: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: item.label):
        label, count = item.label, 1
        while label in named and (item.place or item.failure):
            count += 1
            label = f"{item.label}#{count}"
        named.setdefault(label, item._replace(label=label))
    return list(named.values())


class Crew:
    """Processes that do batches: an executor, how many it does at a time, and the client of a
    cluster; ``stack`` closes what was opened.
    """

    def __init__(self, executor, workers: int | None, stack: ExitStack) -> None:
        self.executor, self.stack = executor, stack
        self.workers = workers or getattr(executor, "_max_workers", None) or os.cpu_count() or 1
        self.client = executor if hasattr(executor, "get_executor") else None
        if self.client:
            self.workers = sum(self.client.nthreads().values()) or 1
            self.executor = self.client.get_executor(pure=False)
            stack.callback(self.executor.shutdown, wait=False)

    def submit(self, task: Task) -> Future:
        """Hand out a batch. A pool that broke when a process of it died is followed by one like
        it.
        """
        pool = self.executor
        try:
            return pool.submit(run, task, guarded=True)
        except BrokenExecutor:
            if not isinstance(pool, ProcessPoolExecutor):
                raise
            given: Any = (pool._mp_context, pool._initializer, pool._initargs)  # type: ignore[attr-defined]
            self.executor = self.stack.enter_context(ProcessPoolExecutor(self.workers, *given))
            return self.submit(task)


@contextmanager
def _crew(executor, jobs: int | None, count: int, memory: int | None) -> Iterator[Crew | None]:
    """Who does the work; None: this process. Raises DatasetError where it can't, or fails."""
    few = count <= FEW if jobs is None else jobs == 1
    if executor is None and (few or not find_spec("distributed")):
        yield None
        return
    try:
        with ExitStack() as stack:
            if executor is None:
                most = min(jobs or os.cpu_count() or 1, buckets_for(count))
                executor = stack.enter_context(_cluster(most, memory))
            elif isinstance(executor, str):
                from distributed import Client

                executor = stack.enter_context(Client(executor, timeout=20))
            yield Crew(executor, jobs, stack)
    except DatasetError:
        raise
    except Exception as error:  # a pool that is broken, a cluster that is gone or was never there
        advice = "Is it running? Is govdisclosure[scale] installed? Then run it again, with a new executor if one was given: what is done is kept."
        raise DatasetError(
            "executor", "workers that stay alive", seen=said(error), advice=advice
        ) from error


@contextmanager
def _cluster(jobs: int, memory: int | None):
    """A Dask cluster of processes on this machine, which starts them again when they die."""
    import dask
    from distributed import Client, LocalCluster

    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")  # or each runs the user's script again
    how: dict[str, Any] = {"n_workers": jobs, "threads_per_worker": 1, "memory_limit": memory or 0}
    how |= {"processes": True, "dashboard_address": ":0", "silence_logs": 50}
    try:
        with dask.config.set(CALM), ExitStack() as stack:
            with _undisturbed():
                cluster = stack.enter_context(LocalCluster(**how))
                client = stack.enter_context(Client(cluster))
            yield client
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C is for this process alone, and waits until the cluster stands: one that half stands
    can't be closed.
    """
    here = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if here else None
    pressed: list[int] = []
    try:
        if os.name != "nt":  # processes are forked from one that has loaded the library
            os.environ.setdefault(
                "MALLOC_TRIM_THRESHOLD_", "65536"
            )  # they give back what they free
            forkserver.set_forkserver_preload(["distributed", "govdisclosure.batch"])
            forkserver.ensure_running()
        if here:
            signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
        yield
    finally:
        if here:
            signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _all_done(tasks: list[Task], crew: Crew | None, bar) -> list[Done]:
    """Do all batches, then again those with a report that another one stands for, or no longer
    does.
    """
    done = {}
    for task, one in _work(tasks, crew):
        done[task.number] = one
        bar.update(len(task.items))
    parts = [part for one in done.values() for part in one.parts]
    found = copies(cache(partial(dataset.opened, tasks[0].out, parts)))
    again = []
    for task in tasks:
        one = done[task.number]
        mine = {name: found[name] for name in one.ids if name in found}
        if mine != one.copies:
            again.append(task._replace(records=[one.record], copies=mine, retry=False))
    for task, one in _work(again, crew):
        done[task.number] = one._replace(kept=done[task.number].kept)
    return [done[number] for number in sorted(done)]


def _work(tasks: list[Task], crew: Crew | None) -> Iterator[tuple[Task, Done]]:
    """Do batches, a few ahead. One whose process died goes on from where it kept what it had read,
    until the source that does it is given up. In a pool, which breaks as a whole, such batches come
    last and one at a time: no other one can have ended the process."""
    if crew is None:
        yield from ((task, run(task)) for task in tasks)
        return
    waiting: dict[Future, Task] = {}
    left = deque(tasks)
    while left or waiting:
        while left and len(waiting) < (
            2 * crew.workers if crew.client or not left[0].deaths else 1
        ):
            task = left.popleft()
            waiting[crew.submit(task)] = task
        done = wait(waiting, 60, FIRST_COMPLETED).done
        if not done and crew.client and not crew.client.nthreads():
            raise RuntimeError("no worker is left")
        for future in done:
            task, error = waiting.pop(future), future.exception()
            if type(error).__name__ in ("KilledWorker", "BrokenProcessPool"):
                left.append(task.struck())
            else:
                yield task, future.result()
