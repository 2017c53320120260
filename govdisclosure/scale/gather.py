"""New rows of a bucket, gathered in columns and turned into Arrow tables a few dozen reports at a time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..frames import Gatherer
from ..model import Record
from ..schema import FRAMES, arrow_schema
from .known import Known
from .parts import encoded

CHUNK = 48  # reports: their objects must not live long enough to keep the garbage collector busy
VOLUME = 32 << 20  # characters of a bucket's rows that are held at a time; see `worker.Bucket`
_CELL, _FIGURE = 40, 60  # characters of a row that are not the report's own prose
_UNFIT = (UnicodeError, pa.ArrowException, TypeError, ValueError, OverflowError)


def weight(record: Record) -> int:
    """About how many characters a report's rows hold, the same wherever it is read."""
    return (
        sum(len(s.text) for s in record.sections)
        + sum(_FIGURE + len(f.sentence) for f in record.figures)
        + sum(len(f.message) + len(f.suggestion) for f in record.findings)
        + sum(_CELL + len(c.text) for c in record.cells)
        + sum(_CELL + len(u.text) + len(u.row) + len(u.column) for u in record.unplaced)
    )


class Gathered:
    """Rows of the sources that were read, and the files that could not be."""

    def __init__(self) -> None:
        self.pieces: dict[str, list[pa.Table]] = {name: [] for name in FRAMES}
        self.waiting: list[tuple[Record, str]] = []
        self.failures: list[tuple[str, str, str]] = []
        self.broken: dict[str, str] = {}

    def add(self, record: Record, label: str) -> None:
        """Take a report's rows."""
        self.waiting.append((record, label))
        if len(self.waiting) >= CHUNK:
            self._flush()

    def fail(self, label: str, kind: str, message: str) -> None:
        """Take a failure."""
        self.failures.append((label, kind, message))

    def _flush(self) -> None:
        try:
            self._convert(self.waiting)
        except _UNFIT:
            for one in self.waiting:
                try:
                    self._convert([one])
                except _UNFIT as error:
                    self.broken[one[1]] = "internal"
                    self.fail(
                        one[1],
                        "internal",
                        f"{one[1]}: {type(error).__name__}: {ascii(str(error))[:200]}. Please report this file.",
                    )
        self.waiting = []

    def _convert(self, records: list[tuple[Record, str]]) -> None:
        gatherer = Gatherer()
        for record, _ in records:
            gatherer.add(record)
        tables = {name: gatherer.table(name) for name in FRAMES}  # all or none
        for name, table in tables.items():
            self.pieces[name].append(table)

    def settle(self, sources: list[list]) -> list[list]:
        """The sources with the state of those that turned out to hold what Arrow can't."""
        self._flush()
        return (
            [[*s[:4], self.broken.get(s[0], s[4]), *s[5:]] for s in sources]
            if self.broken
            else sources
        )

    def tables(self, sources: list[list], known: Known) -> dict[str, pa.Table]:
        """All rows of these sources, new and kept, in order of the sources."""
        failures = [list(values) for values in zip(*self.failures)] or [[], [], []]
        self.pieces["failures"] = [_plain_failures(failures)]
        ids = {"failures": pa.array([s[0] for s in sources], pa.string())}
        reports = pa.array([s[1] if s[4] == "ok" else None for s in sources], pa.string())
        return {name: self._ordered(name, ids.get(name, reports), known) for name in FRAMES}

    def _ordered(self, frame: str, ids: pa.Array, known: Known) -> pa.Table:
        tables = [*self.pieces.pop(frame), *known.rows(frame)]
        table = encoded(pa.concat_tables(tables)) if tables else arrow_schema(frame).empty_table()
        ranks = pc.index_in(table.column(0), value_set=ids).to_numpy()
        if (ranks[1:] >= ranks[:-1]).all():  # nothing but new rows, which come in order
            return table
        return table.take(pa.array(np.argsort(ranks, kind="stable")))


def _plain_failures(columns: list[list]) -> pa.Table:
    schema = arrow_schema("failures")
    arrays = [pa.array(values, pa.string()) for values in columns]
    return pa.Table.from_arrays(
        [
            a.dictionary_encode() if pa.types.is_dictionary(f.type) else a
            for a, f in zip(arrays, schema)
        ],
        schema=schema,
    )
