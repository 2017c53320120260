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
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from multiprocessing import forkserver, get_context, resource_tracker
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
    a column `path`. `executor`: None for this process where there is little to do, else `jobs`
    processes on this machine (default: one per core); a `distributed.Client` or its address
    ("tcp://…"), whose workers must see the same files; or a `concurrent.futures` executor of
    processes (of a pool others like its are started, one by one; threads share limits of time and
    memory, and are refused). `manifest`: as in `read_corpus`. `timeout` (seconds) and `memory` (bytes; processes of this machine, where it is Linux) are the
    most one file may take.
    `retry`: read again what failed before (more time or memory is allowed now, a missing reader was
    installed). `csv`: also write ``out/csv/<frame>.csv``.

    Run again, it reads only what is new or changed (by SHA-256, manifest row and library version),
    makes again what is damaged and removes what is gone. Killed at any moment it leaves the data
    set as it was, and run again it goes on and ends in the same bytes as if it had never been
    killed. A file that can't be read is a row of `failures`; so is one that ends the worker that
    reads it, or takes it too long: each time its batch goes on from there. That takes workers: where
    this process does the work (`jobs=1`, at most 300 sources) a file that ends it ends the build,
    again each time, and `memory` is not limited; give `jobs=2`.
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
        seen = "none; all would be removed"
        advice = "Are the sources mounted? Delete the folder if it shall go."
        raise DatasetError(out, "at least one source", seen=seen, advice=advice)
    root, count = root_of(items), buckets_for(len(items))
    groups: list[list[Item]] = [[] for _ in range(count)]
    for item in items:
        groups[crc32(item.base.encode("utf-8", "surrogatepass")) * count >> 32].append(item)
    tasks = []
    for number, group in enumerate(groups):
        name, named = f"{number:04d}", sorted(identified(group, root), key=itemgetter(0))
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
    return min(MOST, 1 << max(0, math.ceil(math.log2(max(1, count) / size))))


class Process(ProcessPoolExecutor):
    """A pool of one process; where that dies another one follows."""

    def submit(self, *call: Any) -> Future:  # type: ignore[override]
        """Do it there. Ctrl-C waits until a process stands: one that half stands can't be ended."""
        pressed: list[int] = []
        is_main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, lambda *how: pressed.append(1)) if is_main else None
        try:
            with suppress(BrokenExecutor):
                return super().submit(*call)
            how = self._mp_context, self._initializer, self._initargs  # type: ignore[attr-defined]
            self.__init__(1, *how)  # type: ignore[misc]
            return super().submit(*call)
        finally:
            if is_main:
                signal.signal(signal.SIGINT, before)
            if pressed:
                raise KeyboardInterrupt

    def __exit__(self, *_) -> None:
        """End it, whatever it does."""
        for process in (self._processes or {}).values():  # type: ignore[attr-defined]
            process.kill()
        self.shutdown()


@contextmanager
def _crew(executor, jobs: int | None, count: int, memory: int | None) -> Iterator[list]:
    """Executors, each as often as it takes a batch; none: this process does the work. Raises
    DatasetError where they can't work, or fail."""
    if executor is None and (count <= FEW if jobs is None else jobs == 1):
        yield []
        return
    try:
        with ExitStack() as stack:
            if executor is None:
                main = sys.modules["__main__"]  # or each runs the user's script again
                sys.modules["__main__"] = types.ModuleType("__main__")
                stack.callback(sys.modules.update, __main__=main)
                executor = _pool(jobs or os.cpu_count() or 1, memory)
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
                how: Any = executor._mp_context, executor._initializer, executor._initargs
                crew = [stack.enter_context(Process(1, *how)) for _ in crew]
            yield crew
    except DatasetError:
        raise
    except Exception as error:  # a pool that is broken, a cluster that is gone or was never there
        advice = "Is it running? Is govdisclosure[scale] installed? Then run it again, with a new executor if one was given: what is done is kept."
        raise DatasetError(
            "executor", "workers that stay alive", seen=said(error), advice=advice
        ) from error


def _pool(jobs: int, memory: int | None) -> ProcessPoolExecutor:
    """Processes of this machine, forked from one that has loaded the library. Ctrl-C passes over
    them.
    """
    if os.name == "nt":
        return ProcessPoolExecutor(jobs)
    os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "65536")  # they give back what they free
    forkserver.set_forkserver_preload(["govdisclosure.batch"])
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return ProcessPoolExecutor(jobs, get_context("forkserver"), _confine, (memory,))


def _confine(memory: int | None) -> None:
    """Let this process take so much memory and no more; where the system can."""
    import resource

    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _work(tasks: list[Task], crew: list) -> Iterator[tuple[Task, Done]]:
    """Do batches; one whose process died is done again, from where it kept what it had read, until
    the source that does it is given up.
    """
    if not crew:
        yield from ((task, run(task)) for task in tasks)
        return
    left, idle = deque(tasks), deque(crew)
    waiting: dict[Future, tuple[Task, Any]] = {}
    while left or waiting:
        while left and idle:
            task, one = left.popleft(), idle.popleft()
            waiting[one.submit(run, task, True)] = task, one
        done = wait(waiting, 60, FIRST_COMPLETED).done
        client = getattr(crew[0], "_client", None)
        if not done and client and not client.nthreads():
            raise RuntimeError("no worker is left")
        for future in done:
            task, one = waiting.pop(future)
            idle.append(one)
            if type(future.exception()).__name__ in ("KilledWorker", "BrokenProcessPool"):
                left.append(task)
            else:
                yield task, future.result()
