"""One batch of a build, in whatever process it runs: read what is new, keep the rows of what is
not, write the parts.
"""

from __future__ import annotations

import faulthandler
import gc
import hashlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from .dataset import COPIES, STAGE, Part, read, read_record, stage_parts, stage_record, whole
from .errors import DatasetError, DisclosureError, said
from .pipeline import read_records
from .schema import FRAMES, Gatherer
from .sources import Item
from .text import printable

DEATHS = 3  # of processes that read a source alone before it is given up
SAID = {
    "timeout": "a report that is read in {} s; it was cut off. Look at the file, or allow more time",
    "crashed": "a file that can be read; its process died each time, of a defect or of too little memory",
    "memory": "a report that is read in the memory allowed; it was cut off. Look at the file",
}
_ONE = threading.Lock()  # one batch at a time in a process: time limits are the process's


class Task(NamedTuple):
    """A batch to do: its sources and their report_ids, records that may hold rows of them, limits.

    ``name``: its number, with a letter for each time it was halved. ``guarded``: the process is a
    worker that may be ended. ``copies``: report_id → [path, message] of reports that others stand
    for; None: as they were. ``deaths``: how many processes it has ended since it is of one source.
    """

    out: str
    name: str
    items: list[tuple[str, Item]]
    records: list[str]
    made_with: str
    timeout: float | None
    retry: bool
    guarded: bool = False
    copies: dict[str, list[str]] | None = None
    deaths: int = 0

    def pieces(self) -> list[Task]:
        """What is done of it when its process died: its halves, or its one source once more."""
        if len(self.items) < 2:
            return [self._replace(name=f"{self.name}a", deaths=self.deaths + 1)]
        middle = len(self.items) // 2
        halves = zip("ab", (self.items[:middle], self.items[middle:]))
        return [self._replace(name=self.name + letter, items=half) for letter, half in halves]

    def last_words(self) -> str:
        """The file in which a worker that is ended, since a source takes too long, says where it
        was.
        """
        return os.path.join(self.out, STAGE, f"{self.name}.late")


class Done(NamedTuple):
    """A batch that is done: its record, its parts, the copies it leaves out, how many sources were
    kept and failed.
    """

    record: str
    parts: list[Part]
    copies: dict[str, list[str]]
    kept: int
    failed: int


class Known(NamedTuple):
    """What a record says of a source: a hash of all that went in, the ids of its reports, its rows
    of `failures`.
    """

    key: str
    ids: list[str]
    failures: list[list[str]]


class Late(BaseException):
    """A source takes too long. No Exception, so that a reader that catches those lets it pass."""


@cache
def fingerprint() -> str:
    """'0.1.0+3f2a…': the version and a hash of every file of the package, as a checkout changes
    between versions.
    """
    from . import __version__

    root, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


@cache
def _settle() -> None:
    """Spare the collector of garbage what a worker has loaded, and let it look less often: 4 % of
    the time went there. Arrow gives back what it frees."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    pa.set_memory_pool(pa.system_memory_pool())


def run(task: Task) -> Done:
    """Do a batch. Raises DatasetError (disk; another version of the library); a source's failure is
    a row, no exception.
    """
    if fingerprint() != task.made_with:
        expected, seen = f"workers with govdisclosure {task.made_with}", fingerprint()
        advice = "Install the same version on every machine."
        raise DatasetError(task.out, expected, seen=seen, advice=advice)
    with _ONE, open(task.last_words() if task.guarded else os.devnull, "wb") as last_words:
        if task.guarded:
            _settle()
        old, new = Old(task), Gatherer()
        known = [_obtained(task, *item, old, new, last_words) for item in task.items]
    kept = sum(old.known.get(one.key) is one for one in known)
    same = [name for name, record in old.records.items() if record["sources"] == known]
    name = next((n for n in same if task.copies in (None, old.records[n]["copies"])), "")
    if name:
        record = old.records[name]
    else:
        copies = task.copies or {}
        parts = _written(task, known, copies, old, new)
        record = {"made_with": task.made_with, "copies": copies, "parts": parts}
        name = stage_record(task.out, task.name, record, known)
    failed = sum(record["copies"].keys() >= set(one.ids) for one in known)
    return Done(name, record["parts"], record["copies"], kept, failed)


def _obtained(
    task: Task, report_id: str, item: Item, old: Old, new: Gatherer, last_words: IO
) -> Known:
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
    kind, message = failure or (_cause(task), "")
    try:
        with _limited(task, last_words):
            given = item.label, item.manifest
            reports = [] if kind else list(read_records(*given, data=data, report_id=report_id))
        for found in reports:
            if isinstance(found, DisclosureError):
                path = found.report if found.kind == "table_row" else label
                known.failures.append([path, found.kind, printable(str(found))])
            else:
                new.add(found)
                known.ids.append(found.report_id)
    except Late:
        kind = "timeout"
    except MemoryError:
        kind = "memory"
    except Exception as error:  # a defect of ours; the other files must not suffer
        kind = "internal"
        message = f"{label}: {said(error)}. Please report this file."
    if kind:
        message = message or f"{label}: expected {SAID[kind].format(task.timeout)}."
        known.failures.append([label, kind, printable(message)])
    return known


def _cause(task: Task) -> str:
    """Why the one source of a task is given up; '' where it is not."""
    if task.deaths < DEATHS:
        return ""
    before = task._replace(name=task.name[:-1]).last_words()
    return "timeout" if os.path.exists(before) and os.path.getsize(before) else "crashed"


class Old:
    """What is there already: whole records of this version of the library, by name, and what they
    know of sources.
    """

    def __init__(self, task: Task) -> None:
        self.out = task.out
        self.records: dict[str, dict] = {}
        self.known: dict[str, Known] = {}
        for name in task.records:
            with suppress(DatasetError):
                record = read_record(task.out, name, sources=True)
                for part in record["parts"]:
                    whole(task.out, part.path)
                if record.get("made_with") != task.made_with:
                    continue
                record["sources"] = [Known(*one) for one in record["sources"]]
                self.records[name] = record
                for one in record["sources"]:
                    if one.ids or not task.retry:
                        self.known.setdefault(one.key, one)

    def rows(self, frame: str, kept: set[str]) -> Iterator[pa.Table]:
        """The rows of the reports of these sources, each from the first record that has it."""
        for record in self.records.values():
            mine = [one for one in record["sources"] if one.key in kept and one.ids]
            kept = kept - {one.key for one in mine}
            ids = pa.array([name for one in mine for name in one.ids], pa.string())
            parts = record["parts"] if mine else []
            yield read(self.out, parts, frame, only=pc.field("report_id").isin(ids))


def _written(task: Task, known: list[Known], copies: dict, old: Old, new: Gatherer) -> list[Part]:
    """The parts of a batch, in order of its sources; copies stand apart, where nobody counts
    them.
    """
    ids = [name for one in known for name in one.ids]
    kept = {one.key for one in known if one.key in old.known}
    for one in known:
        for failure in one.failures:
            new.fail(*failure)
        for name in one.ids:
            if name in copies:
                new.fail(copies[name][0], "duplicate", copies[name][1])
    is_copy = pc.field("report_id").isin(pa.array(sorted(copies.keys() & ids), pa.string()))
    tables, aside = {"failures": new.table("failures")}, {}
    for frame in [name for name in FRAMES if name != "failures"]:
        table = pa.concat_tables([new.table(frame), *old.rows(frame, kept)]).unify_dictionaries()
        ranks = pc.index_in(table["report_id"], pa.array(ids, pa.string())).combine_chunks()
        table = table.take(pc.array_sort_indices(ranks))
        tables[frame], aside[frame] = table.filter(~is_copy), table.filter(is_copy)
    number = task.name[:4]
    left = stage_parts(task.out, aside, number, COPIES) if copies else []
    return stage_parts(task.out, tables, number) + left


@contextmanager
def _limited(task: Task, last_words: IO) -> Iterator[None]:
    """The time that a source may take. A worker is ended; another process is told by Late, in its
    main thread and between two steps of Python."""
    main = threading.current_thread() is threading.main_thread()
    if task.timeout and task.guarded:
        faulthandler.dump_traceback_later(task.timeout, exit=True, file=last_words)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
    elif task.timeout and main and hasattr(signal, "setitimer"):
        before = signal.signal(signal.SIGALRM, _ring)
        try:
            # it rings again every second: an exception raised inside a callback or a __del__ is
            # lost
            signal.setitimer(signal.ITIMER_REAL, task.timeout, 1.0)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    else:
        yield


def _ring(*_) -> None:
    raise Late
