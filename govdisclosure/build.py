"""`build`: any number of reports into a Parquet data set, on one machine or many, resumable, the
same bytes each time.
"""

from __future__ import annotations

import math
import os
import shutil
import signal
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from importlib.util import find_spec
from multiprocessing import forkserver
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import pyarrow as pa

from . import dataset
from .batch import Done, Task, begun, here, run
from .errors import DatasetError, said
from .export import write_csv
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
    executor of processes (of a pool others like its are started, one by one; threads share limits
    of time and memory, and are refused). `manifest`: as in `read_corpus`. `timeout` (seconds) and
    `memory` (bytes) are the most one file may take. `retry`: read again what failed before (more
    time or memory is allowed now, a missing reader was installed). `csv`: also write
    ``out/csv/<frame>.csv``.

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
        done: dict[str, Done] = {}
        with _crew(executor, jobs, count, memory) as crew, bar(count, progress) as shown:
            for task, one in _work(tasks, crew):
                done[task.number] = one
                shown.update(len(task.items))
            kept = sum(one.kept for one in done.values())
            again = []  # those with a report that another one stands for, or no longer does
            parts = [part for one in done.values() for part in one.parts]
            found = copies(cache(partial(dataset.opened, folder, parts)))
            for task in tasks:
                one = done[task.number]
                mine = {name: found[name] for name in one.ids if name in found}
                if mine != one.copies:
                    again.append(task._replace(records=[one.record], copies=mine, retry=False))
            done |= {task.number: one for task, one in _work(again, crew)}
        made = [done[task.number] for task in tasks]
        parts = [part for one in made for part in one.parts]
        dataset.publish(folder, "build", parts, [one.record for one in made])
        for frame in FRAMES if csv else ():
            own = (
                dataset.opened(folder, [part], frame).to_table()
                for part in sorted(parts)
                if part.startswith(f"{frame}/")
            )
            write_csv(os.path.join(folder, "csv", f"{frame}.csv"), own)
    failed, seconds = sum(one.failed for one in made), time.monotonic() - began
    return BuildResult(os.fspath(out), count, count - kept, kept, failed, seconds)


def _tasks(sources, manifest, out: str, limits: tuple) -> list[Task]:
    """All sources in batches by the hash of the id they claim: sources that claim one meet in one
    batch, and a new source changes one batch. Each has the records that may hold rows of it."""
    given, now = list(each(sources)), Path(out, dataset.STAGE, "now")
    shutil.rmtree(now, ignore_errors=True)  # what it held is of a build that has ended
    now.mkdir(parents=True)
    items = list(listing(given, manifest_of(manifest, given), spool=str(now / "spool"), skip=out))
    old = dataset.claimed(out, "build")
    if old and not items:
        advice = "All would be removed. Are the sources mounted? Delete the folder if it shall go."
        raise DatasetError(out, "at least one source", seen="none", advice=advice)
    root, count = root_of(items), buckets_for(len(items))
    groups: dict[int, list[Item]] = {}
    for item in items:
        place = crc32(item.base.encode("utf-8", "surrogatepass")) * count >> 32
        groups.setdefault(place, []).append(item)
    tasks = []
    for number in range(count):
        named = sorted(identified(groups.get(number, []), root), key=itemgetter(0))
        name = f"{number:04d}"
        near = old[number * len(old) // count : -(-(number + 1) * len(old) // count)]
        records, journal = [*begun(out, name), *near], str(now / f"{name}.late")
        tasks.append(Task(out, journal, name, named, records, here(), *limits))
    return tasks


def buckets_for(count: int) -> int:
    """Number of batches, a power of two: about 4·√count sources each, 128 to 2,048.

    >>> [buckets_for(n) for n in (0, 11, 128, 1_000, 100_000, 1_000_000)]
    [1, 1, 1, 8, 128, 512]
    """
    size = min(MOST, max(128, 4 * math.isqrt(count)))
    return min(MOST, 1 << ((max(1, count) - 1) // size).bit_length())


class Process(ProcessPoolExecutor):
    """A pool of one process; where that dies another one follows."""

    def __init__(self, like: Any) -> None:
        super().__init__(1, like._mp_context, like._initializer, like._initargs)

    def submit(self, *call: Any) -> Future:  # type: ignore[override]
        """Do it there."""
        with suppress(BrokenExecutor):
            return super().submit(*call)
        self.__init__(self)  # type: ignore[misc]
        return super().submit(*call)

    def __exit__(self, *_) -> None:
        """End it, whatever it does."""
        for process in (self._processes or {}).values():  # type: ignore[attr-defined]
            process.kill()
        self.shutdown()


@contextmanager
def _crew(executor, jobs: int | None, count: int, memory: int | None) -> Iterator[list]:
    """Executors, each as often as it takes a batch; none: this process does the work. Raises
    DatasetError where they can't work, or fail."""
    few = count <= FEW if jobs is None else jobs == 1
    if executor is None and (few or not find_spec("distributed")):
        yield []
        return
    try:
        with ExitStack() as stack:
            if executor is None:
                most = min(jobs or os.cpu_count() or 1, buckets_for(count))
                executor = stack.enter_context(_cluster(most, memory))
            elif isinstance(executor, str):
                from distributed import Client

                executor = stack.enter_context(Client(executor, timeout=20))
            workers = getattr(executor, "_max_workers", 8)
            if hasattr(executor, "get_executor"):  # twice, so that no worker waits
                workers = 2 * sum(executor.nthreads().values()) or 1
                executor = executor.get_executor(pure=False)
                stack.callback(executor.shutdown, wait=False)
            crew = [executor] * workers
            if isinstance(executor, ProcessPoolExecutor):  # as a whole it would break
                crew = [stack.enter_context(Process(executor)) for _ in crew]
            yield crew
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
            # they give back what they free
            os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "65536")
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


def _work(tasks: list[Task], crew: list) -> Iterator[tuple[Task, Done]]:
    """Do batches; one whose process died is done again, from where it kept what it had read, until
    the source that does it is given up.
    """
    if not crew:
        yield from ((task, run(task)) for task in tasks)
        return
    left, idle = deque(tasks), deque(crew)
    waiting: dict[Future, tuple[Task, Any]] = {}
    with ThreadPoolExecutor(1) as starter:  # Ctrl-C leaves no process there that half stands
        while left or waiting:
            while left and idle:
                task, one = left.popleft(), idle.popleft()
                waiting[starter.submit(one.submit, run, task, True).result()] = task, one
            done = wait(waiting, 60, FIRST_COMPLETED).done
            client = getattr(crew[0], "_client", None)
            if not done and client and not client.nthreads():
                raise RuntimeError("no worker is left")
            for future in done:
                task, one = waiting.pop(future)
                idle.append(one)
                why, began = type(future.exception()).__name__, os.path.exists(task.journal)
                if why == "KilledWorker" or (why == "BrokenProcessPool" and began):
                    left.append(task)
                else:
                    yield task, future.result()
