"""`build`: any number of reports into a Parquet data set, on one machine or many, resumable, the same bytes each time."""

from __future__ import annotations

import math
import os
import shutil
import signal
import socket
import sys
import threading
import time
import types
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from itertools import chain, groupby, islice
from multiprocessing import forkserver
from typing import Any, NamedTuple

import pyarrow as pa

from . import dataset
from .batch import STAGE, Done, Old, Task, fingerprint, id_of, run
from .errors import DatasetError
from .overlap import Summary, copy_error, reported, stand_ins
from .schema import FRAMES
from .sources import Item, common, each, listing, manifest_of

FINE = 2048  # groups of sources by hash; a batch is some neighbours
FEW = 300  # sources below which starting processes takes longer than reading
COMPARED = 200  # different reports of one agency and year that one is compared with
LOST = 10  # times a batch is handed out again after its workers died
CALM = {
    "distributed.scheduler.allowed-failures": 50,  # `batch.Trail` finds out which source it was
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
    with dataset.locked(folder):
        try:
            plan = _plan(sources, manifest, folder, (timeout, memory, retry))
            with (
                _crew(executor, jobs, plan.total, memory, folder) as crew,
                _bar(plan.total, progress) as bar,
            ):
                done = _all_done(plan, crew, bar)
        except OSError as error:
            raise dataset.unwritable(folder, error) from error
        except (Exception, KeyboardInterrupt) as error:
            if not isinstance(error.__cause__, BrokenExecutor):
                shutil.rmtree(os.path.join(folder, STAGE, "trail"), ignore_errors=True)
            raise
        _publish(folder, plan.buckets, done)
        if csv:
            _write_csv(folder)
    kept, failed = sum(d.kept for d in done), sum(d.failed for d in done)
    seconds = time.monotonic() - began
    return BuildResult(os.fspath(out), plan.total, plan.total - kept, kept, failed, seconds)


class Plan(NamedTuple):
    """All sources, in groups by the hash of the id they claim: sources that claim one meet in one batch, and a new source
    changes one batch. ``records``: (path, SHA-256) of the data set's records by batch; ``old``: how many there are."""

    groups: list[list[Item]]
    total: int
    buckets: int
    task: Task
    records: dict[int, tuple[str, str]]
    old: int

    def tasks(self) -> Iterator[Task]:
        """The batches to do, each with the records that may hold rows of it."""
        each_ = FINE // self.buckets
        for number in range(self.buckets):
            items = list(chain(*self.groups[number * each_ : (number + 1) * each_]))
            first, many = number * self.old // self.buckets, max(1, self.old // self.buckets)
            records = [self.records[n] for n in range(first, first + many) if n in self.records]
            yield self.task._replace(number=number, items=_named_apart(items), records=records)


def _plan(sources, manifest, out: str, limits: tuple) -> Plan:
    given = iter(each(sources))
    first = list(islice(given, 2))  # one folder alone has its manifest in or beside it
    rows = manifest_of(manifest, first)
    os.makedirs(os.path.join(out, STAGE), exist_ok=True)
    spool = os.path.join(out, STAGE, "spool")
    if os.path.exists(spool):
        os.unlink(spool)
    groups: list[list[Item]] = [[] for _ in range(FINE)]
    root, count = None, 0
    for item in listing(chain(first, given), rows, spool=spool, skip=out):
        digest = sha256(item.base.encode("utf-8", "surrogatepass")).digest()
        groups[int.from_bytes(digest[:2], "big") * FINE >> 16].append(item)
        root, count = common(root, item.label), count + 1
    records, old = _old(out, count)
    task = Task(out, 0, [], root or "", fingerprint(), [], *limits)
    return Plan(groups, count, buckets_for(count), task, records, old)


def buckets_for(count: int) -> int:
    """Number of batches, a power of two: about 4·√count sources each, 128 to 2,048.

    >>> [buckets_for(n) for n in (0, 11, 128, 1_000, 100_000, 1_000_000)]
    [1, 1, 1, 8, 128, 512]
    """
    size = min(2048, max(128, 4 * math.isqrt(count)))
    return min(FINE, 1 << max(0, math.ceil(math.log2(max(1, count) / size))))


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


def _old(out: str, count: int) -> tuple[dict[int, tuple[str, str]], int]:
    """(records by batch, how many batches) of the data set that is there. Raises DatasetError where it is not ours to fill."""
    try:
        root = dataset.read_root(out)
    except DatasetError:
        return {}, 1  # damaged: all is made again
    if root is None:
        return {}, 1
    if root.get("made_by") != "build":
        seen = "a data set that Corpus.save wrote"
        raise DatasetError(
            out, "a new folder or one that build wrote", seen=seen, advice="Choose another."
        )
    if not count and root["records"]:
        advice = "Are the sources mounted? Delete the folder if it shall go."
        raise DatasetError(
            out, "at least one source", seen="none; all would be removed", advice=advice
        )
    records = {
        int(name): (dataset.record_path(out, name, sha), sha)
        for name, sha in root["records"].items()
    }
    buckets = root.get("buckets")
    return (records, buckets) if buckets in [1 << n for n in range(12)] else ({}, 1)


class Here:
    """Does a task at once, in this process."""

    def submit(self, function, *arguments) -> Future:
        """As `Executor.submit`; what the task raises is raised here."""
        future: Future = Future()
        future.set_result(function(*arguments))
        return future


class Crew(NamedTuple):
    """Who does the work: an executor, how many tasks it does at a time, whether its processes may be ended, their memory."""

    executor: Any
    workers: int
    guarded: bool
    memory: int | None = None
    client: Any = None

    def wait(self, futures: Iterable[Future]) -> Iterable[Future]:
        """The first that are done; none where a cluster has lost all its workers for good."""
        finished: set[Future] = set()
        idle = 0
        while not finished and idle < 4:
            finished = wait(futures, 15, FIRST_COMPLETED).done
            idle = idle + 1 if self.client and not self.client.nthreads() else 0
        return finished

    def submit(self, task: Task) -> Future:
        """Have a task done."""
        try:
            return self.executor.submit(run, task)
        except (BrokenExecutor, RuntimeError) as error:
            raise _broken(task.out, error) from error


@contextmanager
def _crew(executor, jobs: int | None, count: int, memory: int | None, out: str) -> Iterator[Crew]:
    died = os.path.isdir(os.path.join(out, STAGE, "trail"))  # the last build ended without a word
    wanted = jobs or (os.cpu_count() or 1)
    few = count <= FEW if jobs is None else jobs == 1
    if executor is None and (not died and few or not _dask()):
        yield Crew(Here(), 1, False)
        return
    with ExitStack() as stack:
        if executor is None:
            executor = stack.enter_context(_cluster(min(wanted, buckets_for(count)), memory))
            ours = memory
        else:
            ours = None
        if isinstance(executor, str):
            executor = stack.enter_context(_client(executor))
        client = executor if hasattr(executor, "get_executor") else None
        workers = jobs or getattr(executor, "_max_workers", None) or 1
        if client:
            workers, executor = sum(client.nthreads().values()), client.get_executor(pure=False)
            stack.callback(executor.shutdown, wait=False)
        _check(executor)
        yield Crew(executor, max(1, workers), True, ours, client)


def _dask() -> bool:
    try:
        import distributed  # noqa: F401
    except ImportError:
        return False
    return True


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
        raise _broken("executor", error) from error
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
    sys.modules["__main__"] = types.ModuleType(
        "__main__"
    )  # or each process runs the user's script again
    options: dict[str, Any] = {
        "n_workers": jobs,
        "threads_per_worker": 1,
        "memory_limit": memory or 0,
    }
    options |= {"processes": True, "dashboard_address": ":0", "silence_logs": 50}
    try:
        with dask.config.set(CALM), ExitStack() as stack:
            with _interrupted_later():
                cluster = stack.enter_context(LocalCluster(**options))
                client = stack.enter_context(Client(cluster))
            yield client
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Ctrl-C waits until a cluster stands, as one that half stands can't be closed; its processes never hear of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list = []
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name != "nt":  # processes are forked from one that has loaded the library
        forkserver.set_forkserver_preload(["distributed", "govdisclosure.batch"])
        forkserver.ensure_running()
    signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt


def _client(address: str):
    try:
        from distributed import Client

        return Client(address, timeout=20)
    except ImportError as error:
        advice = "Run: pip install govdisclosure[scale]"
        raise DatasetError(address, "distributed", seen=str(error), advice=advice) from error
    except (OSError, ValueError) as error:
        seen = str(error)[:200] or type(error).__name__
        expected = "the scheduler of a Dask cluster, tcp://host:port"
        raise DatasetError(address, expected, seen=seen, advice="Is it running?") from error


def _all_done(plan: Plan, crew: Crew, bar) -> list[Done]:
    """Do all batches, then again those with a report that another one stands for, or no longer does."""
    limits = plan.task._replace(guarded=crew.guarded, memory=crew.memory)
    done = {one.task.number: one for one in _work(plan._replace(task=limits).tasks(), crew, bar)}
    first = {number: one.kept for number, one in done.items()}
    for _ in range(2):  # once more where reports that were left out have to be read to see
        copies = _copies(list(done.values()))
        again = []
        for one in done.values():
            mine = {name: copies[name] for name in map(id_of, one.facts) if name in copies}
            if mine != one.dropped:
                again.append(
                    one.task._replace(records=[(one.record, "")], dropped=mine, retry=False)
                )
        if not again:
            break
        for one in _work(iter(again), crew, None):
            done[one.task.number] = one._replace(kept=first[one.task.number])
    return [done[number] for number in sorted(done)]


def _copies(done: list[Done]) -> dict[str, list[str]]:
    """report_id → [path, message, hash of its group] of each report that another one stands for, see `overlap`.

    Only those are looked at that may be one by their facts, so that memory stays flat; what was found in a group that is
    the same now stands. Where the group is another, those left out are counted again until they have been read.
    """
    before = {name: said for one in done for name, said in one.dropped.items()}
    found: dict[str, list[str]] = {}
    near: dict[str, str] = {}
    for _, facts in groupby(
        sorted(fact for one in done for fact in one.facts), lambda fact: fact[:16]
    ):
        group = list(facts)
        digest = sha256("\n".join(group).encode()).hexdigest()[:16]
        old = {name: before[name] for name in map(id_of, group) if name in before}
        if not old:
            near |= dict.fromkeys(_near(group), digest)
        elif all(said[2] == digest for said in old.values()):
            found |= old
    ids = pa.array(sorted(near), pa.string())
    held = [
        Old(one.task, [(one.record, "")])
        for one in done
        if near.keys() & set(map(id_of, one.facts))
    ]
    if not held:
        return found
    tables = {
        frame: pa.concat_tables(table for old in held for table in old.rows(frame, ids))
        for frame in ("reports", "cells", "narrative")
    }
    rows = tables["reports"].select(list(Summary._fields)).to_pylist()
    copies = stand_ins([Summary(**row) for row in rows], lambda names: reported(tables, names))
    paths = {row["report_id"]: row["path"] for row in rows}
    for name, stands in copies.items():
        found[name] = [paths[name], str(copy_error(paths[name], stands)), near[name]]
    return found


def _near(facts: list[str]) -> Iterator[str]:
    """The ids of those reports of one agency and year whose figures another one may have too."""
    bits = [int(fact[48:176], 16) for fact in facts]
    several = Counter(bits)
    others = list(several)[:COMPARED]
    for fact, own in zip(facts, bits) if len(facts) > 1 else ():
        if several[own] > 1 or any(own | other in (own, other) for other in others if other != own):
            yield id_of(fact)


def _work(tasks: Iterator[Task], crew: Crew, bar) -> Iterator[Done]:
    """Hand out tasks, a few ahead; what workers lost by dying is handed out again."""
    waiting: dict[Future, Task] = {}
    lost: Counter = Counter()
    while True:
        for task in islice(tasks, 2 * crew.workers - len(waiting)):
            waiting[crew.submit(task)] = task
        if not waiting:
            return
        finished = crew.wait(waiting)
        if not finished:
            raise _broken(next(iter(waiting.values())).out, RuntimeError("no worker is left"))
        for future in finished:
            task = waiting.pop(future)
            try:
                yield future.result()
                if bar is not None:
                    bar.update(len(task.items))
            except (DatasetError, KeyboardInterrupt):
                raise
            except BaseException as error:
                lost[task.number] += 1
                if type(error).__name__ != "KilledWorker" or lost[task.number] > LOST:
                    raise _broken(task.out, error) from error
                waiting[crew.submit(task)] = task


def _broken(what: str, error: BaseException) -> DatasetError:
    seen = f"{type(error).__name__}: {str(error)[:200]}"
    advice = "Run it again, with a new executor if one was given: what is done is kept."
    return DatasetError(
        what, "workers that stay alive and know this library", seen=seen, advice=advice
    )


def _publish(out: str, buckets: int, done: list[Done]) -> None:
    """Move what was made into the data set."""
    stage = os.path.join(out, STAGE)
    records = {one.task.number: dataset.read_json(one.record) for one in done}
    try:
        for record in records.values():
            for part in dataset.parts_of(record):
                made, place = (os.path.join(top, part.path) for top in (stage, out))
                if os.path.exists(made):
                    os.makedirs(os.path.dirname(place), exist_ok=True)
                    os.replace(made, place)
        dataset.publish(out, "build", buckets, records)
        shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise dataset.unwritable(out, error) from error


def _write_csv(out: str) -> None:
    from .export import write_csv

    for frame in FRAMES:
        write_csv(os.path.join(out, "csv", f"{frame}.csv"), dataset.tables(out, frame))


def _bar(count: int, progress: bool | None):
    from tqdm import tqdm

    disable = None if progress is None else not progress
    return tqdm(total=count, unit=" reports", disable=disable, delay=0 if progress else 2)
