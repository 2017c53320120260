"""One batch of a build, in whatever process it runs: read what is new, keep the rows of what is not, write the parts."""

from __future__ import annotations

import faulthandler
import hashlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from .dataset import COPIES, STAGE, parts_of, read_json, read_parts, sound, write_json, write_parts
from .errors import DatasetError, DisclosureError, said
from .pipeline import printable, read_records
from .schema import FRAMES, Gatherer
from .sources import Item, identified

DEATHS = 3  # of the process that reads a source before it is given up
SAID = {
    "timeout": "a report that is read in {} s; it was cut off. Look at the file, or allow more time",
    "crashed": "a file that can be read; its process died each time, of a defect or of too little memory",
    "memory": "a report that is read in the memory allowed; it was cut off. Look at the file",
}
_ONE = threading.Lock()  # one batch at a time in a process: time limits are the process's


class Task(NamedTuple):
    """A batch to do: its sources, the folder that all share, records that may hold rows of it, limits. ``guarded``: the
    process is a worker that may be ended. ``copies``: report_id → [path, message] of reports that others stand for."""

    out: str
    number: int
    items: list[Item]
    root: str
    made_with: str
    records: list[tuple[str, str]]
    timeout: float | None
    retry: bool
    guarded: bool = False
    copies: dict[str, list[str]] | None = None

    @property
    def stage(self) -> str:
        """Where what is made stands until all is done."""
        return os.path.join(self.out, STAGE)


class Done(NamedTuple):
    """A batch that is done: where its record is, the copies it leaves out, how many sources were kept and failed."""

    task: Task
    record: str
    copies: dict[str, list[str]]
    kept: int
    failed: int


class Known(NamedTuple):
    """What a record says of a source: a hash of all that went in, the ids of its reports, its rows of `failures`."""

    key: str
    ids: list[str]
    failures: list[list[str]]


class Lost(BaseException):
    """A source that is given up. No Exception, so that a reader that catches those lets it pass."""


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """'0.1.0+3f2a…': the version and a hash of every file of the package, as a checkout changes between versions."""
    from . import __version__

    root, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def run(task: Task) -> Done:
    """Do a batch. Raises DatasetError (disk; another version of the library); a source's failure is a row, no exception."""
    if fingerprint() != task.made_with:
        expected, seen = f"workers with govdisclosure {task.made_with}", fingerprint()
        advice = "Install the same version on every machine."
        raise DatasetError(task.out, expected, seen=seen, advice=advice)
    with _ONE:
        path = os.path.join(task.stage, f"{task.number:04d}.json")
        old, new = Old(task, [(path, ""), *task.records]), Gatherer()
        known, kept = [], 0
        for report_id, item in sorted(identified(task.items, task.root)):
            known.append(_obtained(task, report_id, item, old, new))
            kept += known[-1] is old.known.get(known[-1].key)
        for made, record in old.records.items() if kept == len(known) else ():
            if record["sources"] == [list(one) for one in known] and (
                task.copies in (None, record["copies"])
            ):
                path, copies = made, record["copies"]
                break
        else:
            copies = task.copies or {}
            parts = _written(task, known, copies, old, new)
            sources = {"made_with": task.made_with, "sources": known, "copies": copies}
            write_json(path, {"parts": parts, **sources})
        return Done(task, path, copies, kept, sum(copies.keys() >= set(one.ids) for one in known))


def _obtained(task: Task, report_id: str, item: Item, old: Old, new: Gatherer) -> Known:
    """What is known of a source, which is read into `new` where it is new or changed."""
    data, failure = b"", item.failure
    try:
        data = item.read() if failure is None else b""
    except DisclosureError as error:
        failure = [error.kind, printable(str(error))]
    inputs = [item.label, report_id, item.manifest, failure, hashlib.sha256(data).hexdigest()]
    key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]
    if key in old.known:
        return old.known[key]
    known, label = Known(key, [], []), printable(item.label)
    if failure:
        known.failures.append([label, *failure])
        return known

    def fail(kind: str, message: str = "") -> None:
        message = message or f"{label}: expected {SAID[kind].format(task.timeout)}."
        known.failures.append([label, kind, printable(message)])

    try:
        with _limited(task, key):
            given = item.label, item.manifest
            reports = list(read_records(*given, data=data, report_id=report_id))
        for found in reports:
            if not isinstance(found, DisclosureError):
                new.add(found)
                known.ids.append(found.report_id)
                continue
            fail(found.kind, str(found))
            if found.kind == "table_row":
                known.failures[-1][0] = found.report
    except Lost as lost:
        fail(str(lost))
    except MemoryError:
        fail("memory")
    except Exception as error:  # a defect of ours; the other files must not suffer
        fail("internal", f"{label}: {said(error)}. Please report this file.")
    return known


class Old:
    """What is there already: whole records of this version of the library, by path, and what they know of sources."""

    def __init__(self, task: Task, records: list[tuple[str, str]]) -> None:
        self.out = task.out
        self.records: dict[str, dict] = {}
        self.known: dict[str, Known] = {}
        for path, sha256 in records:
            with suppress(DatasetError, KeyError, TypeError):
                record = read_json(path, sha256)
                whole = all(sound(task.out, part) for part in parts_of(record))
                if whole and record["made_with"] == task.made_with:
                    known = [Known(*one) for one in record["sources"]]
                    self.known |= {one.key: one for one in known if one.ids or not task.retry}
                    self.records[path] = record

    def rows(self, frame: str, keys: set[str]) -> Iterator[pa.Table]:
        """The rows of the reports of these sources, each from the first record that has it."""
        for record in self.records.values():
            ids = [name for key, names, _ in record["sources"] if key in keys for name in names]
            keys = keys - {key for key, _, _ in record["sources"]}
            for table in read_parts(self.out, parts_of(record) if ids else (), frame):
                yield table.filter(pc.is_in(table["report_id"], pa.array(ids, pa.string())))


def _written(task: Task, known: list[Known], copies: dict, old: Old, new: Gatherer) -> list:
    """The parts of a batch, in order of its sources; copies stand apart, where nobody counts them."""
    ids = pa.array([name for one in known for name in one.ids], pa.string())
    kept = {one.key for one in known if one.key in old.known}
    apart = pa.array([name for name in ids.to_pylist() if name in copies], pa.string())
    for one in known:
        for failure in one.failures:
            new.fail(*failure)
        for name in one.ids:
            if name in copies:
                new.fail(copies[name][0], "duplicate", copies[name][1])
    tables, aside = {"failures": new.table("failures")}, {}
    for frame in [name for name in FRAMES if name != "failures"]:
        table = new.table(frame)
        if kept:
            table = pa.concat_tables([table, *old.rows(frame, kept)]).unify_dictionaries()
            ranks = pc.index_in(table["report_id"], ids).combine_chunks()
            table = table.take(pc.array_sort_indices(ranks))
        is_copy = pc.is_in(table["report_id"], apart)
        tables[frame], aside[frame] = table.filter(pc.invert(is_copy)), table.filter(is_copy)
    left = write_parts(task.out, aside, task.number, COPIES) if len(apart) else []
    return write_parts(task.out, tables, task.number) + left


@contextmanager
def _limited(task: Task, key: str) -> Iterator[None]:
    """Read a source in the time it may take. A mark says that it is being read; a process that dies leaves it, with the
    traceback of one that took too long. Raises Lost where it took too long or has ended its process before."""
    folder = Path(task.stage, "reading")
    folder.mkdir(parents=True, exist_ok=True)
    marks = sorted(folder.glob(f"{key}.*"))
    if len(marks) >= DEATHS:
        raise Lost("timeout" if b"Timeout" in marks[-1].read_bytes() else "crashed")
    free = folder / f"{key}.{len(marks)}"
    with ExitStack() as stack:
        stack.callback(free.unlink, missing_ok=True)
        file = stack.enter_context(open(free, "wb"))
        if task.guarded and task.timeout:
            faulthandler.dump_traceback_later(task.timeout, exit=True, file=file)
            stack.callback(faulthandler.cancel_dump_traceback_later)
        else:
            stack.enter_context(_alarm(task.timeout))
        yield


@contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Raise Lost after some seconds, in a main thread and between two steps of Python."""
    main = threading.current_thread() is threading.main_thread()
    if not seconds or not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_) -> None:
        raise Lost("timeout")

    before = signal.signal(signal.SIGALRM, ring)
    try:
        # it rings again every second: an exception raised inside a callback or a __del__ is lost
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
