"""What must hold of any input: a Record that keeps its contract or a DisclosureError, in time.

A masked defect counts too: `readers.read` turns any exception of a reader into an UnreadableFileError that says "Please
report this file", which is right for a user and would hide every defect from a fuzzer.
"""

from __future__ import annotations

import math
import signal
import time
import traceback
from contextlib import contextmanager
from typing import NamedTuple

from benchmarks import fuzz_blocks
from govdisclosure.errors import DisclosureError
from govdisclosure.frames import Gatherer
from govdisclosure.model import SEVERITIES, STATUSES, Record
from govdisclosure.pipeline import read_record, record_of
from govdisclosure.schema import FRAMES

SLOW = 10.0  # seconds of CPU; the largest whole report takes 0.03


class Verdict(NamedTuple):
    """``kind``: 'record', 'refused' or 'wrong'; ``what`` says what is wrong, for a refusal its kind."""

    kind: str
    what: str
    seconds: float


class TooSlow(BaseException):
    """Over `SLOW` seconds of CPU."""


@contextmanager
def no_ocr():
    """Pages without text are refused as where the extra `ocr` is missing: recognition takes seconds a page, by design."""
    try:
        from govdisclosure.readers import ocr
    except ImportError:
        yield
        return
    before, ocr.available = ocr.available, lambda: False
    try:
        yield
    finally:
        ocr.available = before


@contextmanager
def cpu_limit(seconds: float):
    """Raise TooSlow after some seconds of CPU time, whatever else the machine does."""

    def ring(*_):
        raise TooSlow

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def judge(kind: str, data: bytes, *, deep: bool = False) -> Verdict:
    """Read `data` through reader, parser, prose and checks. ``deep`` also makes its Arrow tables and reads it twice."""
    began = time.process_time()
    verdict, what = "wrong", ""
    try:
        with cpu_limit(SLOW), no_ocr():
            record = _read(kind, data)
            what = broken(record) or (_deep(kind, data, record) if deep else "")
            verdict = "wrong" if what else "record"
    except DisclosureError as error:
        what = masked(error)
        verdict, what = ("wrong", what) if what else ("refused", error.kind)
    except TooSlow:
        what = f"over {SLOW:g} s of CPU"
    except BaseException as error:  # whatever it is, it is a finding
        what = said(error)
    return Verdict(verdict, what, time.process_time() - began)


def trouble(kind: str, data: bytes) -> str:
    """What is wrong with how `data` is taken; '' where nothing is."""
    verdict = judge(kind, data, deep=True)
    return verdict.what if verdict.kind == "wrong" else ""


def _read(kind: str, data: bytes) -> Record:
    if kind == "blocks":
        return record_of(fuzz_blocks.loaded(data), "fuzz")
    return read_record(f"fuzz.{kind}", data=data)


def masked(error: DisclosureError) -> str:
    """The defect behind a polite refusal, '' where it is an honest one."""
    cause = error.__cause__
    hidden = (
        cause is not None
        and not isinstance(cause, DisclosureError)
        and ("Please report" in error.advice or isinstance(cause, MemoryError))
    )
    return f"masked {said(cause)}" if hidden else ""


def said(error: BaseException) -> str:
    """Type, message and the place it came from: equal for equal defects."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "govdisclosure" in f.filename]
    place = (
        f"{frames[-1].filename.rpartition('govdisclosure/')[2]}:{frames[-1].lineno} {frames[-1].name}"
        if frames
        else "?"
    )
    return f"{type(error).__name__} at {place}: {ascii(str(error))[:160]}"


def broken(record: Record) -> str:
    """Which promise of `model` a Record breaks; ''."""
    for cell in record.cells:
        if cell.status not in STATUSES or (cell.value is not None) != (cell.status == "reported"):
            return f"a cell {cell.status} with value {cell.value}"
        if cell.value is not None and not math.isfinite(cell.value):
            return "a cell whose value is not finite"
    if len({c[:3] for c in record.cells}) != len(record.cells):
        return "a cell twice"
    texts = {s.number: [] for s in record.sections}
    for section in record.sections:
        texts[section.number].append(section.text)
    for figure in record.figures:
        if figure.value is not None and not math.isfinite(figure.value):
            return "a figure that is not finite"
        if not 0 <= figure.start <= figure.end or not any(
            figure.end <= len(t) for t in texts.get(figure.section, ())
        ):
            return f"a figure outside its section ({figure.start}, {figure.end})"
    if any(f.severity not in SEVERITIES for f in record.findings):
        return "a finding of unknown severity"
    return _unprintable(record)


def _unprintable(record: Record) -> str:
    """Text that no UTF-8 file can hold: a lone half of a surrogate pair."""
    for rows in (
        record.cells,
        record.unplaced,
        record.sections,
        record.figures,
        record.findings,
        (record.title, record.agency, record.source),
    ):
        for row in rows:
            for value in row:
                if isinstance(value, str) and not value.isascii():
                    try:
                        value.encode()
                    except UnicodeEncodeError:
                        return f"a {type(row).__name__} that is no UTF-8"
    return ""


def _deep(kind: str, data: bytes, record: Record) -> str:
    """Reading again gives the same, and the rows fit their Arrow schema."""
    if _read(kind, data) != record:
        return "read twice, two Records"
    rows = Gatherer()
    rows.add(record)
    for name in FRAMES:
        rows.table(name)
    return ""
