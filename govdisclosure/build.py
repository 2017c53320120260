"""`build`: any number of reports into a Parquet data set, on one machine or many, resumable, the same bytes each time."""

from __future__ import annotations

import math
import os
import signal
import socket
import sys
import threading
import time
import types
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from importlib.util import find_spec
from itertools import chain, islice
from multiprocessing import forkserver
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from . import dataset
from .batch import STAGE, Done, Task, fingerprint, run
from .errors import DatasetError, said
from .overlap import Summary, copy_error, reported, stand_ins
from .schema import FRAMES
from .sources import Item, bar, each, listing, manifest_of, root_of

FEW = 300  # sources below which starting processes takes longer than reading
MOST = 2048  # batches
LOST = 10  # times a batch is handed out again after its workers died
CALM = {
    "distributed.scheduler.allowed-failures": 50,  # the marks of `batch` find out which source it was
    "distributed.worker.profile.enabled": False,
    "distributed.deploy.lost-worker-timeout": "1h",  # a worker that starts again is not lost
    "distributed.admin.tick.limit": "1h",
    **({} if os.name == "nt" else {"distributed.worker.multiprocessing-method": "forkserver"}),
}


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

    `sources`: folders, files, globs, archives (zip, tar, tar.gz, WARC: members are called ``archive.zip!/name``),
    addresses of file systems that fsspec knows (``s3://…``), or a CSV with a column `path`. `executor`: None for this
    process where there is little to do, else a Dask cluster of `jobs` processes on this machine (default: one per core);
    a `distributed.Client` or its address ("tcp://…"), whose workers must see the same files; or a
    `concurrent.futures` executor of processes (threads share limits of time and memory, and are refused).
    `manifest`: as in `read_corpus`. `timeout` (seconds) and `memory` (bytes) are the most one file may take. `retry`:
    read again what failed before (more time or memory is allowed now, a missing reader was installed). `csv`: also
    write ``out/csv/<frame>.csv``.

    Run again, it reads only what is new or changed (by SHA-256, manifest row and library version), makes again what is
    damaged and removes what is gone. Killed at any moment it leaves the data set as it was, and run again it goes on and
    ends in the same bytes as if it had never been killed. A file that can't be read is a row of `failures`. Reports have
    the ids that `read_corpus` gives. Findings across years are not stored: they are computed from what `load` loads.
    Raises DatasetError (no such source, two builds at a time, disk full, …).

    >>> build("data/reports", "build/tidy", jobs=2)  # doctest: +SKIP
    """
    began, folder = time.monotonic(), os.path.abspath(out)
    with dataset.locked(folder), ExitStack() as stack:
        try:
            tasks = _tasks(sources, manifest, folder, (timeout, retry))
            count = sum(len(task.items) for task in tasks)
            crew = stack.enter_context(_crew(executor, jobs, count, memory))
            done = _all_done(tasks, crew, stack.enter_context(bar(count, progress)))
            records = {one.task.number: dataset.read_json(one.record) for one in done}
            dataset.publish(folder, "build", records)
        except OSError as error:
            raise dataset.unwritable(folder, error) from error
        if csv:
            from .export import write_csv

            for frame in FRAMES:
                path = os.path.join(folder, "csv", f"{frame}.csv")
                write_csv(path, dataset.tables(folder, frame))
    kept, failed = sum(one.kept for one in done), sum(one.failed for one in done)
    seconds = time.monotonic() - began
    return BuildResult(os.fspath(out), count, count - kept, kept, failed, seconds)


def _tasks(sources, manifest, out: str, limits: tuple) -> list[Task]:
    """All sources in batches by the hash of the id they claim: sources that claim one meet in one batch, and a new source
    changes one batch. Each has the records that may hold rows of it."""
    given = iter(each(sources))
    first = list(islice(given, 2))  # one folder alone has its manifest in or beside it
    rows = manifest_of(manifest, first)
    stage = os.path.join(out, STAGE)
    os.makedirs(stage, exist_ok=True)
    with open(os.path.join(stage, "spool"), "wb") as spool:
        items = list(listing(chain(first, given), rows, spool=spool.name, skip=out))
    root = root_of(items)
    records = _old(out, len(items))
    old, new = max(1, len(records)), buckets_for(len(items))
    groups: list[list[Item]] = [[] for _ in range(new)]
    near: list[set[int]] = [set() for _ in range(new)]
    for item in items:
        digest = sha256(item.base.encode("utf-8", "surrogatepass")).digest()
        place = int.from_bytes(digest[:2], "big")
        groups[place * new >> 16].append(item)
        near[place * new >> 16].add(place * old >> 16)
    tasks = []
    for number, group in enumerate(groups):
        mine = [records[other] for other in sorted(near[number]) if other in records]
        named = _named_apart(group)
        tasks.append(Task(out, number, named, root, fingerprint(), mine, *limits))
    return tasks


def buckets_for(count: int) -> int:
    """Number of batches, a power of two: about 4·√count sources each, 128 to 2,048.

    >>> [buckets_for(n) for n in (0, 11, 128, 1_000, 100_000, 1_000_000)]
    [1, 1, 1, 8, 128, 512]
    """
    size = min(MOST, max(128, 4 * math.isqrt(count)))
    return min(MOST, 1 << max(0, math.ceil(math.log2(max(1, count) / size))))


def _named_apart(items: list[Item]) -> list[Item]:
    """A file given twice is one source; the second member of one name in an archive is a source of its own, name#2."""
    named: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: item.label):
        label, count = item.label, 1
        while label in named and (item.place or item.failure):
            count += 1
            label = f"{item.label}#{count}"
        named.setdefault(label, item._replace(label=label))
    return list(named.values())


def _old(out: str, count: int) -> dict[int, tuple[str, str]]:
    """(path, SHA-256) of the records by batch of the data set that is there. Raises DatasetError where it is not ours to fill."""
    found = dataset.claimed(out, "build")
    if found and not count:
        seen = "none; all would be removed"
        advice = "Are the sources mounted? Delete the folder if it shall go."
        raise DatasetError(out, "at least one source", seen=seen, advice=advice)
    return {int(name): (dataset.record_path(out, name, sha), sha) for name, sha in found.items()}


class Crew(NamedTuple):
    """Who does the work: an executor, how many tasks it does at a time, the client of a cluster."""

    executor: Any  # None: this process
    workers: int
    client: Any = None


@contextmanager
def _crew(executor, jobs: int | None, count: int, memory: int | None) -> Iterator[Crew]:
    wanted = jobs or (os.cpu_count() or 1)
    few = count <= FEW if jobs is None else jobs == 1
    if executor is None and (few or not find_spec("distributed")):
        yield Crew(None, 1)
        return
    with ExitStack() as stack:
        if executor is None:
            executor = stack.enter_context(_cluster(min(wanted, buckets_for(count)), memory))
        elif isinstance(executor, str):
            executor = stack.enter_context(_client(executor))
        client = executor if hasattr(executor, "get_executor") else None
        workers = jobs or getattr(executor, "_max_workers", None) or 1
        if client:
            workers, executor = sum(client.nthreads().values()), client.get_executor(pure=False)
            stack.callback(executor.shutdown, wait=False)
        _check(executor)
        yield Crew(executor, max(1, workers), client)


def where() -> tuple[str, int]:
    """The machine and process this runs in."""
    return socket.gethostname(), os.getpid()


def _check(executor) -> None:
    try:
        if executor.submit(where).result() != where():
            return
        seen = "threads of this process, which can't be limited in time and memory one by one"
    except AttributeError:
        seen = repr(executor)[:100]
    except Exception as error:  # a pool that is broken, a cluster that is gone
        raise _broken(error) from error
    expected = "an Executor of processes, a distributed.Client or its address (tcp://…)"
    raise DatasetError(
        "executor", expected, seen=seen, advice="Leave it out to use the cores of this machine."
    )


@contextmanager
def _cluster(jobs: int, memory: int | None):
    """A Dask cluster of processes on this machine, which starts them again when they die."""
    import dask
    from distributed import Client, LocalCluster

    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")  # or each runs the user's script again
    options: dict[str, Any] = {
        "n_workers": jobs,
        "threads_per_worker": 1,
        "memory_limit": memory or 0,
    }
    options |= {"processes": True, "dashboard_address": ":0", "silence_logs": 50}
    here = threading.current_thread() is threading.main_thread()
    try:
        with dask.config.set(CALM), ExitStack() as stack:
            # Ctrl-C is for this process alone, and waits until the cluster stands: one that half stands can't be closed
            pressed: list[int] = []
            before = signal.signal(signal.SIGINT, signal.SIG_IGN) if here else None
            try:
                if os.name != "nt":  # processes are forked from one that has loaded the library
                    forkserver.set_forkserver_preload(["distributed", "govdisclosure.batch"])
                    forkserver.ensure_running()
                if here:
                    signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
                cluster = stack.enter_context(LocalCluster(**options))
                client = stack.enter_context(Client(cluster))
            finally:
                if here:
                    signal.signal(signal.SIGINT, before)
            if pressed:
                raise KeyboardInterrupt
            yield client
    finally:
        sys.modules["__main__"] = main


def _client(address: str):
    try:
        from distributed import Client

        return Client(address, timeout=20)
    except (ImportError, OSError, ValueError) as error:
        expected = "the scheduler of a Dask cluster, tcp://host:port"
        advice = "Is it running? Is govdisclosure[scale] installed here?"
        raise DatasetError(address, expected, seen=said(error), advice=advice) from error


def _all_done(tasks: list[Task], crew: Crew, bar) -> list[Done]:
    """Do all batches, then again those with a report that another one stands for, or no longer does."""
    tasks = [task._replace(guarded=crew.executor is not None) for task in tasks]
    done = {}
    for one in _work(tasks, crew):
        done[one.task.number] = one
        bar.update(len(one.task.items))
    copies: dict[int, dict] = defaultdict(dict)
    for number, name, reason in _copies(list(done.values())):
        copies[number][name] = reason
    again = [
        one.task._replace(records=[(one.record, "")], copies=copies[number], retry=False)
        for number, one in done.items()
        if copies[number] != one.copies
    ]
    for one in _work(again, crew):
        done[one.task.number] = one._replace(kept=done[one.task.number].kept)
    return [done[number] for number in sorted(done)]


def _copies(done: list[Done]) -> Iterator[tuple[int, str, list[str]]]:
    """(batch, report_id, [path, message]) of each report that another one stands for, see `overlap`: those of the same
    bytes or of one agency and year, whose figures are looked at."""
    out, columns = done[0].task.out if done else "", list(Summary._fields)
    parts, tables = {}, []
    for one in done:
        parts[one.task.number] = dataset.parts_of(dataset.read_json(one.record))
        for table in dataset.read_parts(out, parts[one.task.number], "reports", columns):
            tables.append(table.append_column("batch", pa.repeat(one.task.number, len(table))))
    found = pa.concat_tables(tables).unify_dictionaries().to_pandas()
    found = found.astype(object).where(found.notna(), None)
    known = found["agency"].notna() & found["year"].notna()
    near = known & found.duplicated(["agency", "year"], keep=False)
    near |= found.duplicated("sha256", keep=False)
    places = found.set_index("report_id")

    def figures(ids: set[str]) -> dict[str, dict]:
        """The reported figures of some reports."""
        some = places.loc[sorted(ids)]
        held = chain.from_iterable(parts[number] for number in sorted(set(some["batch"])))
        years = set(some["year"])
        looked = [part for part in held if part.year in years]
        wanted = pc.field("report_id").isin(pa.array(sorted(ids), pa.string()))
        rows = {}
        for frame in ("cells", "narrative"):
            tables = dataset.read_parts(out, looked, frame)
            rows[frame] = pa.concat_tables(table.filter(wanted) for table in tables)
        return reported(rows, ids)

    summaries = [Summary(*row) for row in found.loc[near, columns].itertuples(index=False)]
    for name, other in stand_ins(summaries, figures).items():
        batch, path = places.loc[name, ["batch", "path"]]
        yield batch, name, [path, str(copy_error(path, other))]


def _work(tasks: Iterable[Task], crew: Crew) -> Iterator[Done]:
    return _handed_out(iter(tasks), crew) if crew.executor else map(run, tasks)


def _handed_out(tasks: Iterator[Task], crew: Crew) -> Iterator[Done]:
    """Hand out tasks, a few ahead; what workers lost by dying is handed out again."""
    waiting: dict[Future, Task] = {}
    lost: Counter = Counter()
    try:
        while True:
            for task in islice(tasks, 2 * crew.workers - len(waiting)):
                waiting[crew.executor.submit(run, task)] = task
            if not waiting:
                return
            finished = wait(waiting, 60, FIRST_COMPLETED).done
            if not finished and crew.client and not crew.client.nthreads():
                raise RuntimeError("no worker is left")
            for future in finished:
                task, error = waiting.pop(future), future.exception()
                if error is None:
                    yield future.result()
                    continue
                lost[task.number] += 1
                if type(error).__name__ != "KilledWorker" or lost[task.number] > LOST:
                    raise error
                tasks = chain([task], tasks)
    except DatasetError:
        raise
    except Exception as error:
        raise _broken(error) from error


def _broken(error: BaseException) -> DatasetError:
    advice = "Run it again, with a new executor if one was given: what is done is kept."
    expected = "workers that stay alive and know this library"
    return DatasetError("executor", expected, seen=said(error), advice=advice)
