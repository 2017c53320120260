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
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from glob import glob
from operator import itemgetter
from pathlib import Path
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from .dataset import COPIES, RECORDS, named, opened, stage, whole
from .errors import DatasetError, DisclosureError, said
from .model import Record
from .pipeline import read_records
from .schema import FRAMES, Gatherer
from .sources import Item

DEATHS = 4  # of processes that read a source before it is given up
PAUSE = 20.0  # seconds after which a batch keeps what it has read, so that it is not lost
SAID = {
    "timeout": "a report that is read in {} s; it was cut off. Look at the file, or allow more time",
    "crashed": "a file that can be read; its process died each time, of a defect or of too little memory",
    "memory": "a report that is read in the memory allowed; it was cut off. Look at the file",
    "internal": "a file that shows no defect of ours; seen: {}. Please report this file",
}
ORDER = [("year", "ascending"), ("report_id", "ascending")]  # of rows, where they have a year
_ONE = threading.Lock()  # one batch at a time in a process: time limits are the process's


class Task(NamedTuple):
    """A batch to do: its number, its sources and their report_ids, records that may hold rows of
    them, who asks for it (see `here`), limits.

    ``journal``: a file in which a worker says which source it reads, and that one takes too long.
    ``copies``: report_id → row of `failures` of reports that others stand for; None: as they were.
    """

    out: str
    journal: str
    number: str
    items: list[tuple[str, Item]]
    records: list[str]
    asked: tuple[str, str, int]
    timeout: float | None
    retry: bool
    copies: dict[str, list[str]] | None = None


class Known(NamedTuple):
    """What a record says of a source: a hash of all that went in, the ids of its reports, its rows
    of `failures`.
    """

    key: str
    ids: list[str]
    failures: list[list[str]]


class Done(NamedTuple):
    """A batch that is done: its record, its parts, the ids of its reports, the copies it leaves
    out, how many sources were kept and failed.
    """

    record: str
    parts: list[str]
    ids: list[str]
    copies: dict[str, list[str]]
    kept: int
    failed: int


class Late(BaseException):
    """A source takes too long. No Exception, so that a reader that catches those lets it pass."""


@cache
def fingerprint() -> str:
    """'0.1.0+3f2a…': the version and a hash of every file of the package, as a checkout changes
    between versions.
    """
    from . import __version__

    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def here() -> tuple[str, str, int]:
    """The version of the library, the machine and the process this runs in."""
    return fingerprint(), socket.gethostname(), os.getpid()


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
    """Do a batch; ``guarded``: in a worker that may be ended: the next one finds in the journal
    where. Raises DatasetError (disk; another version of the library); a source's failure is a row,
    no exception.
    """
    if here()[0] != task.asked[0] or (guarded and here() == task.asked):
        expected = f"processes of govdisclosure {task.asked[0]}: an Executor of them, a distributed.Client or its address (tcp://…)"
        seen = f"{fingerprint()}, or threads of this process, which can't be limited one by one"
        advice = "Install one version everywhere. Leave it out to use the cores of this machine."
        raise DatasetError("executor", expected, seen=seen, advice=advice)
    with _ONE, open(task.journal, "a+b", buffering=0) as journal:
        if guarded:
            _settle()
        journal.seek(0)
        # (which source was read, -1: none; whether it took too long) of each process that died
        deaths = re.findall(rb"(-?\d+)(Timeout[^\0]*)?\0", journal.read())
        if [place for place, _ in deaths].count(b"-1") > DEATHS:
            raise RuntimeError("a process died each time it wrote what it had read")
        journal.write(b"\0\n-1")
        batch, until = Batch(task, journal if guarded else None), 0.0
        for place, source in enumerate(task.items):
            mine = [late for at, late in deaths if int(at) == place]
            # what a process died at shall be alone in its memory
            if mine or time.monotonic() > until:
                journal.write(b"\n-1")
                batch.keep()
                until = time.monotonic() + PAUSE
            journal.write(b"\n%d" % place)
            why = "timeout" if any(mine) else "crashed"
            batch.obtain(*source, why if len(mine) >= DEATHS else "")
        journal.write(b"\n-1")
        done = batch.done()
        journal.truncate(0)
    return done


class Batch:
    """What is known of the sources of a task: whole records by name, in which of them sources are,
    and the reports that are in none yet.
    """

    def __init__(self, task: Task, journal: IO | None) -> None:
        self.task, self.journal, self.new = task, journal, Gatherer()
        self.records: dict[str, dict] = {}
        self.homes: dict[str, tuple[str, Known]] = {}
        self.sources: list[Known] = []
        for name in task.records:
            self.add(name, task.retry)
        self.given = set(self.homes)
        for name in sorted({*begun(task.out, task.number)} - {*task.records}):
            self.add(name)

    def add(self, name: str, retry: bool = False) -> None:
        """Take in a record, where it and its parts are whole."""
        with suppress(DatasetError, ValueError, TypeError, KeyError):
            record = json.loads(Path(whole(self.task.out, name)).read_bytes())
            for part in record["parts"]:
                whole(self.task.out, part)
            record["sources"] = [Known(*one) for one in record["sources"]]
            self.records[name] = record
            for one in record["sources"]:
                if one.ids or not retry:
                    self.homes.setdefault(one.key, (name, one))

    def obtain(self, report_id: str, item: Item, kind: str) -> None:
        """Read a source where it is new or changed; ``kind``: of failure that it is given up
        with.
        """
        data = b""
        found: list[Record | DisclosureError] = []
        try:
            data = item.read()
        except DisclosureError as error:
            found = [error]
        inputs = [self.task.asked[0], item.label, report_id, item.manifest, *map(str, found)]
        inputs.append(hashlib.sha256(data).hexdigest())
        key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]
        new = Known(key, [], [])
        known = self.homes.setdefault(key, ("", new))[1]
        self.sources.append(known)
        if known is not new:
            return
        seen = f"{self.task.timeout}"
        try:
            with _limited(self.task.timeout, self.journal):
                if not found and not kind:
                    found = list(
                        read_records(item.label, item.manifest, data=data, report_id=report_id)
                    )
            for one in found:
                if isinstance(one, DisclosureError):
                    known.failures.append([one.report, one.kind, str(one)])
                else:
                    self.new.add(one)
                    known.ids.append(one.report_id)
        except Late:
            kind = "timeout"
        except MemoryError:
            kind = "memory"
        except Exception as error:  # a defect of ours; the other files must not suffer
            kind, seen = "internal", said(error)
        if kind:
            message = f"{item.label}: expected {SAID[kind].format(seen)}."
            known.failures.append([item.label, kind, message])

    def keep(self) -> None:
        """Write what has been read since last time."""
        if fresh := [one for one in self.sources if not self.homes[one.key][0]]:
            self.write(fresh, {})

    def done(self) -> Done:
        """The record of all sources, which may be there already."""
        for name, record in self.records.items():
            same = record["sources"] == self.sources and f"/{self.task.number}-" in name
            if same and self.task.copies in (None, record["copies"]):
                break
        else:
            name, record = self.write(self.sources, self.task.copies or {})
        copies = record["copies"]
        ids = [report_id for one in self.sources for report_id in one.ids]
        kept = sum(one.key in self.given for one in self.sources)
        failed = sum(copies.keys() >= set(one.ids) for one in self.sources)
        return Done(name, record["parts"], ids, copies, kept, failed)

    def write(self, sources: list[Known], copies: dict) -> tuple[str, dict]:
        """A record of these sources and its parts; copies stand apart, where nobody
        counts them.
        """
        out, number, new = self.task.out, self.task.number, self.new
        self.new = Gatherer()
        held: dict[str, list[str]] = {}
        for one in sources:
            held.setdefault(self.homes[one.key][0], []).extend(one.ids)
            for failure in (*one.failures, *(copies[name] for name in one.ids if name in copies)):
                new.fail(*failure)
        tables = new.tables()
        for frame in FRAMES.keys() - {"failures"}:
            rows = [tables[frame]]
            for name, ids in held.items():
                only = pc.field("report_id").isin(pa.array(ids, pa.string()))
                parts = self.records[name]["parts"] if name else []
                rows.append(opened(out, parts, frame).to_table(filter=only))
            table = pa.concat_tables(rows).unify_dictionaries().sort_by(ORDER)
            is_copy = pc.is_in(table["report_id"], pa.array(copies, pa.string()))
            tables[frame] = table.filter(pc.invert(is_copy))
            tables[COPIES + frame] = table.filter(is_copy)
        parts = [
            stage(out, f"{frame}/part-{number}", table)
            for frame, table in sorted(tables.items(), key=itemgetter(0))
            # the first batch has every frame, for others' globs
            if table.num_rows or (number == "0000" and frame in FRAMES)
        ]
        record = {"parts": parts, "copies": copies, "sources": sources}
        name = named(
            out, f"{RECORDS}/{number}", ".json", json.dumps(record, sort_keys=True).encode()
        )
        self.records[name] = record
        self.homes |= {one.key: (name, one) for one in sources}
        return name, record


@contextmanager
def _limited(timeout: float | None, journal: IO | None) -> Iterator[None]:
    """The time that a source may take. A worker is ended, and its journal says so; another process
    is told by Late, in its main thread and between two steps of Python."""
    with ExitStack() as stack:
        if timeout and journal:
            faulthandler.dump_traceback_later(timeout, exit=True, file=journal)
            stack.callback(faulthandler.cancel_dump_traceback_later)
        elif timeout:
            with suppress(ValueError, AttributeError):  # not the main thread; Windows
                before = signal.signal(signal.SIGALRM, _ring)
                stack.callback(signal.signal, signal.SIGALRM, before)
                # it rings again every second: an exception raised inside a callback or a __del__
                # is lost
                signal.setitimer(signal.ITIMER_REAL, timeout, 1.0)
                stack.callback(signal.setitimer, signal.ITIMER_REAL, 0)
        yield


def _ring(*_) -> None:
    raise Late
