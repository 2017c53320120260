"""One batch of a build, in whatever process it runs: read what is new, keep the rows of what is not, write the parts."""

from __future__ import annotations

import faulthandler
import hashlib
import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc

from .dataset import Part, parts_of, read_json, read_part, sound, write_json, write_parts
from .errors import DatasetError, DisclosureError
from .frames import Gatherer
from .model import Record
from .pipeline import printable, read_records
from .schema import FRAMES
from .sources import Item, identified

STAGE = ".build"
HELD, VOLUME = 64 << 20, 32 << 20  # bytes of sources: kept between hashing and reading; of one part
DEATHS = {"timeout": 2, "crashed": 3}  # of its process before a source is given up
SAID = {
    "timeout": "a report that is read in {} s; it was cut off. Look at the file, or allow more time",
    "crashed": "a file that can be read; the process that read it died each time. Please report it",
    "memory": "a report that is read in the memory allowed; it was cut off. Look at the file",
}
_ONE = threading.Lock()  # one batch at a time in a process: time limits are the process's


class Task(NamedTuple):
    """A batch to do: its sources and the folder that all sources share; records that may hold rows of it; limits.

    ``guarded``: the process is a worker that may be ended. ``dropped``: report_id → [path, message, hash of the group] of
    reports that are not to be counted, as others stand for them (None: as it was before).
    """

    out: str
    number: int
    items: list[Item]
    root: str
    made_with: str
    records: list[tuple[str, str]]
    timeout: float | None
    memory: int | None
    retry: bool
    guarded: bool = False
    dropped: dict[str, list[str]] | None = None


class Done(NamedTuple):
    """What a batch came to: its task, where its record is, how many sources were kept and failed, the facts by which the
    same report is found twice, and the messages of those that are not counted."""

    task: Task
    record: str
    kept: int
    failed: int
    facts: list[str]
    dropped: dict[str, list[str]]


class Known(NamedTuple):
    """What a record says of a source: the key of all that went in, the ids of its reports, its rows of `failures`, 'ok' or
    the kind of the first of these, the facts of its reports, and those reports that are not counted."""

    key: str
    ids: list[str]
    failures: list[list[str]]
    state: str
    facts: list[str]
    dropped: dict[str, list[str]]


class Source(NamedTuple):
    """A source to be read, its key, its size, and its bytes where they are held."""

    item: Item
    report_id: str
    key: str
    size: int
    data: bytes | None


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
        advice, seen = "Install the same version on every machine.", fingerprint()
        expected = f"workers with govdisclosure {task.made_with}"
        raise DatasetError(task.out, expected, seen=seen, advice=advice)
    with _ONE:
        if task.guarded and task.memory:
            _limit_memory(task.memory)
        sources = list(_obtained(task))
        inputs = hashlib.sha256(json.dumps([task.made_with, *(s.key for s in sources)]).encode())
        staged = os.path.join(_stage(task), f"{task.number:04d}-{inputs.hexdigest()[:16]}.json")
        old = Old(task, [(staged, ""), *task.records])
        kept = [old.known[s.key] for s in sources if s.key in old.known]
        if not old.path or old.holds != [s.key for s in sources] or len(kept) < len(sources):
            record = {"made_with": task.made_with, **_made(task, sources, old)}
            write_json(staged, record)
            known = [Known(*one) for one in record["sources"]]
        else:
            staged, known = old.path, kept
        failed = sum(one.state != "ok" for one in known)
        facts = [fact for one in known for fact in one.facts]
        dropped = {name: said for one in known for name, said in one.dropped.items()}
        return Done(task, staged, len(kept), failed, facts, dropped)


def _stage(task: Task) -> str:
    return os.path.join(task.out, STAGE)


def _obtained(task: Task) -> Iterator[Source]:
    """The sources, hashed, in order of id; those whose bytes can't be had with their failure."""
    held = 0
    for report_id, item in sorted(identified(task.items, task.root)):
        data = b""
        try:
            data = item.read() if item.failure is None else b""
        except DisclosureError as error:
            item = item._replace(failure=[error.kind, printable(str(error))])
        inputs = [
            item.label,
            report_id,
            item.manifest,
            item.failure,
            hashlib.sha256(data).hexdigest(),
        ]
        key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]
        held += len(data)
        yield Source(item, report_id, key, len(data), data if held < HELD else None)


class Old:
    """Rows that are there already: of the first sound record of this batch alone, or of all sound records given."""

    def __init__(self, task: Task, records: list[tuple[str, str]]) -> None:
        self.tops = (_stage(task), task.out)
        self.known: dict[str, Known] = {}
        self.parts: list[Part] = []
        self.path, self.holds = "", []
        for path, sha256 in records:
            record = self._sound(path, sha256)
            if not record or record.get("made_with") != task.made_with:
                continue
            known = [Known(*one) for one in record["sources"]]
            self.path, self.holds = path, [one.key for one in known]
            self.parts += parts_of(record)
            self.known.update((one.key, one) for one in known if _usable(one, task))
            if not sha256:  # made by this run
                break

    def _sound(self, path: str, sha256: str) -> dict | None:
        try:
            record = read_json(path, sha256)
            return record if all(self.place(part) for part in parts_of(record)) else None
        except DatasetError:
            return None

    def place(self, part: Part) -> str:
        """The folder in which a part stands whole; '' where there is none."""
        return next((top for top in self.tops if sound(os.path.join(top, part.path), part)), "")

    def rows(self, frame: str, ids: pa.Array) -> Iterator[pa.Table]:
        """The rows of these reports."""
        for part in self.parts:
            if part.frame == frame:
                table = read_part(self.place(part), part)
                yield table.filter(pc.is_in(table.column("report_id"), ids))


def _usable(known: Known, task: Task) -> bool:
    """Whether the rows of an unchanged source are still what is wanted."""
    if task.retry and known.state not in ("ok", "duplicate"):
        return False
    dropped = task.dropped or {}
    mine = {one: dropped[one] for one in map(id_of, known.facts) if one in dropped}
    return task.dropped is None or known.dropped == mine


def id_of(fact: str) -> str:
    """The report_id of what `facts_of` gives."""
    return fact[176:]


def facts_of(record: Record) -> str:
    """What tells at a glance whether two reports may be one: hashes of agency and year, of the bytes and of the path, 16
    digits each; a bit for each figure, 128 digits; then the id."""
    source = record.source
    who = f"{record.agency.value}\0{record.year.value}" if record.agency.value else source.sha256
    figures: list[tuple] = [c[:4] for c in record.cells if c.value is not None]
    figures = figures or [(f.indicator, f.platform, f.period, f.value) for f in record.figures]
    bits = 0
    for figure in figures:
        bits |= 1 << crc32(repr(figure).encode()) % 512
    hashes = [
        hashlib.sha256(text.encode()).hexdigest()[:16] for text in (who, source.sha256, source.path)
    ]
    return f"{''.join(hashes)}{bits:0128x}{record.report_id}"


def _made(task: Task, sources: list[Source], old: Old) -> dict:
    """Read what is new and write the parts."""
    trail, rows = Trail(task), Rows(old)
    parts, known, size = [], [], 0
    for source in sources:
        if size and size + source.size > VOLUME:
            parts += rows.write(task)
            rows, size = Rows(old), 0
        size += source.size
        known.append(old.known.get(source.key) or _read(task, source, rows, trail))
        rows.take(known[-1], source.key in old.known)
    trail.step("rest")
    parts += rows.write(task)
    trail.end()
    return {"parts": parts, "sources": known}


def _read(task: Task, source: Source, rows: Rows, trail: Trail) -> Known:
    """Read a source into `rows`; what there is to know of it."""
    label = printable(source.item.label)
    ids: list[str] = []
    failures: list[list[str]] = []
    facts: list[str] = []
    dropped: dict[str, list[str]] = {}

    def fail(kind: str, message: str = "", path: str = label) -> None:
        said = message or f"{label}: expected {SAID[kind].format(task.timeout)}."
        failures.append([path, kind, printable(said)])

    try:
        if source.item.failure:
            fail(*source.item.failure)
            return Known(source.key, ids, failures, failures[0][1], facts, dropped)
        with trail.limited(source.key):
            for found in _reports(source):
                if isinstance(found, DisclosureError):
                    fail(
                        found.kind, str(found), found.report if found.kind == "table_row" else label
                    )
                    continue
                facts.append(facts_of(found))
                if task.dropped and found.report_id in task.dropped:
                    path, message, _ = dropped[found.report_id] = task.dropped[found.report_id]
                    fail("duplicate", message, path)
                else:
                    rows.new.add(found)
                    ids.append(found.report_id)
    except Lost as lost:
        fail(lost.kind)
    except MemoryError:
        fail("memory")
    except Exception as error:  # a defect of ours; the other files must not suffer
        said = f"{type(error).__name__}: {str(error)[:200]}"
        fail("internal", f"{label}: {said}. Please report this file.")
    return Known(source.key, ids, failures, "ok" if ids else failures[0][1], facts, dropped)


def _reports(source: Source) -> Iterator:
    """The reports of a source, and errors."""
    data = source.item.read() if source.data is None else source.data
    given = source.item.label, source.item.manifest
    yield from read_records(*given, data=data, report_id=source.report_id)


class Rows:
    """Rows of the sources of a part, new and kept."""

    def __init__(self, old: Old) -> None:
        self.old, self.new = old, Gatherer()
        self.ids: list[str] = []
        self.kept: list[str] = []

    def take(self, known: Known, kept: bool) -> None:
        """The rows of a source come next."""
        self.ids += known.ids
        self.kept += known.ids if kept else []
        for failure in known.failures:
            self.new.fail(*failure)

    def write(self, task: Task) -> list[Part]:
        """Write the parts of these rows, in order of the sources."""
        tables = {frame: self.new.table(frame) for frame in FRAMES}
        for frame in FRAMES.keys() - {"failures"} if self.kept else ():
            kept = self.old.rows(frame, pa.array(self.kept, pa.string()))
            table = pa.concat_tables([tables[frame], *kept]).unify_dictionaries()
            ranks = pc.index_in(
                table.column("report_id"), value_set=pa.array(self.ids, pa.string())
            )
            tables[frame] = table.take(pc.array_sort_indices(ranks.combine_chunks()))
        return write_parts(_stage(task), tables, task.number)


class Lost(BaseException):
    """A source that is given up. No Exception, so that a reader that catches those lets it pass."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Trail:
    """A small file that says which source is being read. A worker that dies leaves it behind, with the traceback of one
    that took too long; who does the batch next knows by it which source to give up."""

    def __init__(self, task: Task) -> None:
        self.task = task
        folder = Path(_stage(task), "trail")
        folder.mkdir(parents=True, exist_ok=True)
        self.earlier = sorted(folder.glob(f"{task.number:04d}.*"))
        self.deaths: Counter = Counter()
        for path in self.earlier:
            text = path.read_text(encoding="utf-8", errors="replace")
            last = (re.findall(r"^(?:[0-9a-f]{24}|rest)$", text, re.MULTILINE) or [""])[-1]
            self.deaths[last, "timeout" if "Timeout (" in text else "crashed"] += 1
        self.path = folder / f"{task.number:04d}.{time.time_ns()}"
        self.file = open(self.path, "w", encoding="utf-8")  # noqa: SIM115 - until `end`

    def step(self, what: str) -> None:
        """Say what is done now."""
        self.file.write(what + "\n")
        self.file.flush()

    def end(self) -> None:
        """All is done: no trail is needed."""
        self.file.close()
        for path in [*self.earlier, self.path]:
            path.unlink(missing_ok=True)

    @contextmanager
    def limited(self, key: str) -> Iterator[None]:
        """Read a source in the time it may take. Raises Lost where it took too long or has ended its process before."""
        for kind, most in DEATHS.items():
            if self.deaths[key, kind] >= most:
                raise Lost(kind)
        self.step(key)
        seconds = self.task.timeout
        if not seconds or not self.task.guarded:
            with _alarm(seconds):
                yield
            return
        faulthandler.dump_traceback_later(seconds, exit=True, file=self.file)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Raise Lost after some seconds, in a main thread and between two steps of Python."""
    main = threading.current_thread() is threading.main_thread()
    if not seconds or not main or not hasattr(signal, "setitimer"):
        yield
        return
    armed = True

    def ring(*_) -> None:
        if armed:
            raise Lost("timeout")

    before = signal.signal(signal.SIGALRM, ring)
    try:
        # it rings again every second: an exception raised inside a callback or a __del__ is lost
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@lru_cache(maxsize=1)
def _limit_memory(memory: int) -> None:
    """Let this process take so many bytes of address space beyond what it has, where the system has such a limit."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, hard))
    except (ImportError, OSError, ValueError):
        pass
