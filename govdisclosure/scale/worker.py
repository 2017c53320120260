"""One bucket of a build, in whatever process it runs: read what is new, keep the rows of what is not, write the parts."""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

from ..errors import DatasetError, DisclosureError
from ..model import Record
from ..pipeline import read_record
from . import archives, gather
from . import journal as journals
from .files import discard, read_json, write_json
from .fingerprint import fingerprint
from .gather import Gathered
from .guard import Overtime, Trail, time_limit
from .identify import Work, identified
from .known import UNREAD, Known, known_of
from .parts import write_parts
from .plan import Plan, items_of


class Task(NamedTuple):
    """A bucket to do. ``condemned``: labels of sources that killed a worker → kind of failure; ``only``: read this one, write nothing."""

    out: str
    plan: Plan
    number: int
    made_with: str
    timeout: float | None
    memory: int | None
    retry: bool
    condemned: dict[str, str]
    only: str | None = None


class Done(NamedTuple):
    """What a bucket came to. ``fresh`` is False where nothing had to be written."""

    number: int
    read: int
    kept: int
    failed: int
    fresh: bool


def ready_path(out: str, buckets: int, number: int) -> str:
    """Journal of a bucket whose parts are written and still hidden."""
    return journals.journal_path(out, buckets, number) + ".ready"


def trail_path(task: Task) -> str:
    """Where the worker of a task says what it is reading."""
    return os.path.join(task.out, ".build", "trail", f"{task.plan.buckets}-{task.number}")


def run(task: Task) -> Done:
    """Do a task. Raises DatasetError (disk; another version of the library); a source's failure is a row, no exception."""
    if fingerprint() != task.made_with:
        raise DatasetError(
            task.out,
            f"workers with govdisclosure {task.made_with}",
            seen=fingerprint(),
            advice="Install the same version on every machine.",
        )
    work = identified(items_of(task.plan, task.number), task.plan.root)
    if task.only is not None:
        work = [w for w in work if w.label == task.only]
    known = known_of(task.out, task.plan.buckets, task.number, task.made_with)
    bucket = Bucket(task, known)
    trail = Trail(trail_path(task))
    for number, one in enumerate(work):
        trail.step(one.label, number)
        bucket.take(one)
    done = bucket.finish() if task.only is None else Done(task.number, 0, 0, 0, False)
    trail.end()
    return done


class Bucket:
    """Rows of a bucket as they come together.

    Where its reports hold so much prose that memory would not stay flat, the bucket is written in volumes: of
    `gather.VOLUME` characters each, cut where the sources' weights say, so that they are the same in every build.
    """

    def __init__(self, task: Task, known: Known) -> None:
        self.task, self.known = task, known
        self.gathered = Gathered()
        self.sources: list[list] = []
        self.parts: list[dict] = []
        self.begin = self.weight = self.volume = 0

    def take(self, work: Work) -> None:
        """Keep the old rows of an unchanged source, or read it."""
        outcome, digest = self._obtain(work)
        state, heavy = "ok", 0
        if isinstance(outcome, Record):
            heavy = gather.weight(outcome)
            if heavy > gather.VOLUME:
                outcome = [
                    "limit",
                    f"{work.label}: expected a report of at most {gather.VOLUME:,} characters; seen: {heavy:,}. Look at the file.",
                ]
        if isinstance(outcome, list):
            state, heavy = outcome[0], len(outcome[1])
            digest = digest or UNREAD + hashlib.sha256(outcome[1].encode()).hexdigest()[:16]
        elif outcome is None:
            state, heavy = self.known.sources[work.label][4:6]
        if self.weight and self.weight + heavy > gather.VOLUME:
            self._cut()
        if isinstance(outcome, list):
            self.gathered.fail(work.label, *outcome)
        elif outcome is None:
            self.known.keep(work.label)
        else:
            self.gathered.add(outcome, work.label)
        self.sources.append([work.label, work.report_id, digest, work.manifest_hash, state, heavy])
        self.weight += heavy

    def _cut(self) -> None:
        """Write the rows so far as a volume."""
        sources = self.gathered.settle(self.sources[self.begin :])
        self.sources[self.begin :] = sources
        self.parts += write_parts(
            self.task.out, self.gathered.tables(sources, self.known), self.task.number, self.volume
        )
        self.known.next_volume()
        self.gathered, self.begin, self.weight, self.volume = (
            Gathered(),
            len(self.sources),
            0,
            self.volume + 1,
        )

    def _obtain(self, work: Work) -> tuple[Record | list | None, str]:
        """(Record, or [kind, message] of its failure, or None where old rows are good; SHA-256 or '')."""
        task, digest = self.task, ""
        if work.item.failure is not None:
            return work.item.failure, ""
        if work.clash:
            return _failure("clash", work, task), ""
        if work.label in task.condemned:
            return _failure(task.condemned[work.label], work, task), _digest(work)
        try:
            with time_limit(task.timeout):
                data = _bytes(work)
                digest = hashlib.sha256(data).hexdigest()
                if self.known.good(
                    work.label, work.report_id, digest, work.manifest_hash, task.retry
                ):
                    return None, digest
                return read_record(
                    work.label, work.item.manifest, data=data, report_id=work.report_id
                ), digest
        except DisclosureError as error:
            return [error.kind, printable_message(error)], digest
        except Overtime:
            return _failure("timeout", work, task), digest
        except MemoryError:
            return _failure("memory", work, task), digest
        except Exception as error:  # a defect of ours; the other files must not suffer
            return [
                "internal",
                f"{work.label}: {type(error).__name__}: {printable_message(error)[:200]}. Please report this file.",
            ], digest

    def finish(self) -> Done:
        """Write the parts, hidden, and the journal that says they are complete."""
        task, known = self.task, self.known
        self.sources[self.begin :] = self.gathered.settle(self.sources[self.begin :])
        failed = sum(s[4] != "ok" for s in self.sources)
        read = len(self.sources) - known.kept
        if known.same(self.sources):
            return Done(task.number, read, known.kept, failed, known.ready)
        self._cut()
        buckets = task.plan.buckets
        name = journals.write_sources(task.out, buckets, task.number, self.sources)
        write_json(
            ready_path(task.out, buckets, task.number),
            {"parts": self.parts, "sources": name, "made_with": task.made_with},
        )
        return Done(task.number, read, known.kept, failed, True)


def publish_ready(out: str, buckets: int, number: int) -> None:
    """Make a bucket that `run` has written valid."""
    path = ready_path(out, buckets, number)
    try:
        value = read_json(path)
    except FileNotFoundError:
        return
    journals.publish(out, buckets, number, value)
    discard(path)


_FAILURES = {
    "timeout": (
        "timeout",
        "a report that is read in {timeout} s; it was cut off. Look at the file, or allow more time.",
    ),
    "memory": (
        "memory",
        "a report that is read in {memory} bytes of memory; it was cut off. Look at the file.",
    ),
    "crashed": (
        "crashed",
        "a file that can be read; the process that read it dies every time. Please report this file.",
    ),
    "clash": (
        "dataset",
        "a report_id of its own; seen: {id}, which is that of {clash}. Give each file its own in the manifest.",
    ),
}


def _failure(kind: str, work: Work, task: Task) -> list[str]:
    kind, text = _FAILURES[kind]
    return [
        kind,
        f"{work.label}: expected "
        + text.format(
            timeout=task.timeout, memory=task.memory, id=work.report_id, clash=work.clash
        ),
    ]


def _bytes(work: Work) -> bytes:
    from ..readers import read_bytes

    return (
        read_bytes(work.item.label)
        if work.item.locator is None
        else archives.fetch(work.label, work.item.locator)
    )


def _digest(work: Work) -> str:
    try:
        return hashlib.sha256(_bytes(work)).hexdigest()
    except DisclosureError:
        return ""


def printable_message(error: BaseException) -> str:
    """An error's text, always UTF-8."""
    return str(error).encode("utf-8", "replace").decode("utf-8")
