"""One batch of a build, in whatever process it runs: read what is new, keep the rows of what is
not, write the parts.
"""

from __future__ import annotations

import faulthandler
import gc
import hashlib
import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from glob import glob
from pathlib import Path
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from .dataset import (
    COPIES,
    RECORDS,
    STAGE,
    Part,
    opened,
    read_record,
    stage_parts,
    whole,
    write_record,
)
from .errors import DatasetError, DisclosureError, said
from .pipeline import read_records
from .schema import FRAMES, Gatherer
from .sources import Item

DEATHS = 4  # of processes that read a source before it is given up
PAUSE = 20.0  # seconds after which a batch keeps what it has read, so that it is not lost
SAID = {
    "timeout": "a report that is read in {} s; it was cut off. Look at the file, or allow more time",
    "crashed": "a file that can be read; its process died each time, of a defect or of too little memory",
    "memory": "a report that is read in the memory allowed; it was cut off. Look at the file",
}
_ONE = threading.Lock()  # one batch at a time in a process: time limits are the process's


class Task(NamedTuple):
    """A batch to do: its number, its sources and their report_ids, records that may hold rows of
    them, limits.

    ``copies``: report_id → row of `failures` of reports that others stand for; None: as they were.
    ``deaths``: (which source was read, why) of each process that it has ended; -1: none was.
    """

    out: str
    number: str
    items: list[tuple[str, Item]]
    records: list[str]
    made_with: str
    home: tuple[str, int]
    timeout: float | None
    retry: bool
    copies: dict[str, list[str]] | None = None
    deaths: tuple[tuple[int, str], ...] = ()

    @property
    def journal(self) -> Path:
        """The file in which a worker says which source it reads, and that one takes too long."""
        return Path(self.out, STAGE, f"{self.number}.{len(self.deaths)}.late")

    def struck(self) -> Task:
        """The batch after its process died. Raises RuntimeError where no source is at fault."""
        said = self.journal.read_text("latin-1") if self.journal.exists() else ""
        place = int(["-1", *re.findall(r"^-?\d+$", said, re.M)][-1])
        deaths = (*self.deaths, (place, "timeout" if "Timeout" in said else "crashed"))
        if [at for at, _ in deaths].count(-1) > DEATHS:
            raise RuntimeError("a process died each time it wrote what it had read")
        return self._replace(deaths=deaths)


class Done(NamedTuple):
    """A batch that is done: its record, its parts, the ids of its reports, the copies it leaves
    out, how many sources were kept and failed.
    """

    record: str
    parts: list[Part]
    ids: list[str]
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


def home() -> tuple[str, int]:
    """The machine and process this runs in."""
    return socket.gethostname(), os.getpid()


@cache
def _settle() -> None:
    """Spare the collector of garbage what a worker has loaded, and let it look less often: 4 % of
    the time went there. Arrow gives back what it frees."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    pa.set_memory_pool(pa.system_memory_pool())


def begun(out: str, number: str) -> list[str]:
    """Records of a batch, whole or up to where it was, of the data set, of this build or of one
    that was killed.
    """
    return sorted(glob(f"{RECORDS}/{number}-*.json", root_dir=out))


def run(task: Task, guarded: bool = False) -> Done:
    """Do a batch; ``guarded``: in a worker that may be ended. Raises DatasetError (disk; another
    version of the library); a source's failure is a row, no exception.
    """
    if guarded and home() == task.home:
        expected = "an Executor of processes, a distributed.Client or its address (tcp://…)"
        seen = "threads of this process, which can't be limited in time and memory one by one"
        advice = "Leave it out to use the cores of this machine."
        raise DatasetError("executor", expected, seen=seen, advice=advice)
    if fingerprint() != task.made_with:
        expected, seen = f"workers with govdisclosure {task.made_with}", fingerprint()
        advice = "Install the same version on every machine."
        raise DatasetError(task.out, expected, seen=seen, advice=advice)
    with _ONE, open(task.journal if guarded else os.devnull, "wb", buffering=0) as journal:
        if guarded:
            _settle()
        old, new, until = Old(task), Gatherer(), time.monotonic() + PAUSE
        known: list[Known] = []
        for place in range(len(task.items)):
            # what a process died at shall be alone in its memory
            if place in dict(task.deaths) or time.monotonic() > until:
                journal.write(b"-1\n")
                if fresh := [one for one in known if one.key not in old.known]:
                    old.add(_staged(task, fresh, {}, old, new)[0])
                new, until = Gatherer(), time.monotonic() + PAUSE
            journal.write(b"%d\n" % place)
            known.append(_obtained(task, place, old, new, journal if guarded else None))
        journal.write(b"-1\n")
    for name, record in old.records.items():
        same = record["sources"] == known and f"/{task.number}-" in name
        if same and task.copies in (None, record["copies"]):
            break
    else:
        name, record = _staged(task, known, task.copies or {}, old, new)
    ids = [name for one in known for name in one.ids]
    kept = sum(one.key in old.given for one in known)
    failed = sum(record["copies"].keys() >= set(one.ids) for one in known)
    return Done(name, record["parts"], ids, record["copies"], kept, failed)


def _obtained(task: Task, place: int, old: Old, new: Gatherer, journal: IO | None) -> Known:
    """What is known of a source, which is read into `new` where it is new or changed."""
    report_id, item = task.items[place]
    data, failure = b"", item.failure
    try:
        data = item.read() if failure is None else b""
    except DisclosureError as error:
        failure = [error.kind, str(error)]
    inputs = [item.label, report_id, item.manifest, failure, hashlib.sha256(data).hexdigest()]
    key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]
    if key in old.known:
        return old.known[key]
    known, deaths = Known(key, [], []), [why for at, why in task.deaths if at == place]
    kind, message = failure or (deaths[-1] if len(deaths) >= DEATHS else "", "")
    try:
        with _limited(task.timeout, journal):
            given = item.label, item.manifest
            reports = [] if kind else list(read_records(*given, data=data, report_id=report_id))
        for found in reports:
            if isinstance(found, DisclosureError):
                known.failures.append([found.report, found.kind, str(found)])
            else:
                new.add(found)
                known.ids.append(found.report_id)
    except Late:
        kind = "timeout"
    except MemoryError:
        kind = "memory"
    except Exception as error:  # a defect of ours; the other files must not suffer
        kind = "internal"
        message = f"{item.label}: {said(error)}. Please report this file."
    if kind:
        message = message or f"{item.label}: expected {SAID[kind].format(task.timeout)}."
        known.failures.append([item.label, kind, message])
    return known


class Old:
    """What is there already: whole records of this version of the library, by name, and what they
    know of sources; ``given``: what was known before the batch was begun.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.records: dict[str, dict] = {}
        self.known: dict[str, Known] = {}
        for name in task.records:
            self.add(name, task.retry)
        self.given = set(self.known)
        for name in begun(task.out, task.number):
            self.add(name)

    def add(self, name: str, retry: bool = False) -> None:
        """Take in a record, where it and its parts are whole."""
        with suppress(DatasetError):
            record = {} if name in self.records else read_record(self.task.out, name)
            if record.get("made_with") != self.task.made_with:
                return
            for part in record["parts"]:
                whole(self.task.out, part.path)
            record["sources"] = [Known(*one) for one in json.loads(record["sources"])]
            self.records[name] = record
            for one in record["sources"]:
                if one.ids or not retry:
                    self.known.setdefault(one.key, one)

    def rows(self, frame: str, kept: set[str]) -> Iterator[pa.Table]:
        """The rows of the reports of these sources, each from the first record that has it."""
        for record in self.records.values():
            mine = [one for one in record["sources"] if one.key in kept and one.ids]
            kept = kept - {one.key for one in mine}
            ids = pa.array([name for one in mine for name in one.ids], pa.string())
            parts = record["parts"] if mine else []
            only = pc.field("report_id").isin(ids)
            yield opened(self.task.out, parts, frame).to_table(filter=only)


def _staged(
    task: Task, known: list[Known], copies: dict, old: Old, new: Gatherer
) -> tuple[str, dict]:
    """The record of some sources, with parts in their order; copies stand apart, where nobody
    counts them.
    """
    ids = [name for one in known for name in one.ids]
    kept = {one.key for one in known if one.key in old.known}
    for one in known:
        for failure in (*one.failures, *(copies[name] for name in one.ids if name in copies)):
            new.fail(*failure)
    is_copy = pc.field("report_id").isin(pa.array(sorted(copies), pa.string()))
    tables = {"failures": new.table("failures")}
    for frame in [name for name in FRAMES if name != "failures"]:
        table = pa.concat_tables([new.table(frame), *old.rows(frame, kept)]).unify_dictionaries()
        ranks = pc.index_in(table["report_id"], pa.array(ids, pa.string())).combine_chunks()
        table = table.take(pc.array_sort_indices(ranks))
        tables[frame], tables[COPIES + frame] = table.filter(~is_copy), table.filter(is_copy)
    parts = stage_parts(task.out, tables, task.number)
    record = {"made_with": task.made_with, "copies": copies, "parts": parts}
    return write_record(task.out, task.number, record, known), record


@contextmanager
def _limited(timeout: float | None, journal: IO | None) -> Iterator[None]:
    """The time that a source may take. A worker is ended, and its journal says so; another process
    is told by Late, in its main thread and between two steps of Python."""
    main = threading.current_thread() is threading.main_thread()
    if timeout and journal:
        faulthandler.dump_traceback_later(timeout, exit=True, file=journal)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
    elif timeout and main and hasattr(signal, "setitimer"):
        before = signal.signal(signal.SIGALRM, _ring)
        try:
            # it rings again every second: an exception raised inside a callback or a __del__ is
            # lost
            signal.setitimer(signal.ITIMER_REAL, timeout, 1.0)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    else:
        yield


def _ring(*_) -> None:
    raise Late
