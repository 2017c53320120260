"""A report's figures by cell, and the sums that hold between them: those of its form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from math import inf, isfinite
from typing import NamedTuple

from ..forms import FORMS, Table, printed_table
from ..forms.structure import Key, Sum
from ..model import Cell, Record

MISFITS = ("does_not_fit", "repeated")
# OCR below this is a doubtful reading. Clean and worn test pages gave 0.95 and more for every right
# figure.
SURE = 0.95
BESIDE = {
    "other": ("other_handling",)
}  # （六）其他处理 is one group, printed as one row or as three


class Slot(NamedTuple):
    """What a cell may hold: ``whole`` numbers only, ``signed``, at ``most``."""

    whole: bool
    signed: bool
    most: float

    def faults(self, value: float) -> Iterator[tuple[str, str]]:
        """Why a figure can't stand here: (rule, words)."""
        if value < 0 and not self.signed:
            yield "negative", f"should be 0 or more, is {value:g}"
        if self.whole and value % 1:
            yield "fraction", f"should be a whole number, is {value:g}"
        if abs(value) > self.most:
            more = f"more than {self.most:g}: a misread or run-together figure, or another unit"
            yield "absurd", f"is {value:g}, {more}"


@dataclass(eq=False)
class Values:
    """``printed``: the figures as printed, None where there is none; sub-totals join them.
    ``known`` adds what the printed totals settle: ``zeros``, blanks that can only be 0, and
    ``computed``, cells that one sum alone gives.
    """

    record: Record
    tables: dict[str, Table]  # as on the form that each is printed on
    cells: dict[Key, Cell]
    lines: list[Sum]
    printed: dict[Key, float | None]
    known: dict[Key, float | None] = field(default_factory=dict)
    zeros: set[Key] = field(default_factory=set)
    computed: dict[Key, Sum] = field(default_factory=dict)

    @cached_property
    def unsure(self) -> set[Key]:
        """Cells whose reading is in doubt: unreadable, recognised without confidence, on a line
        that did not fit.
        """
        misfits = {(u.table, u.row) for u in self.record.unplaced if u.reason in MISFITS}
        return {
            key
            for key, cell in self.cells.items()
            if cell.status == "unreadable"
            or (cell.source == "ocr" and (cell.confidence or 0) < SURE)
            or key[:2] in misfits
        }

    @cached_property
    def missing_tables(self) -> set[str]:
        """Tables without one printed cell."""
        return set(self.tables) - {c.table for c in self.record.cells if c.status != "absent"}

    def kind(self, keys: Iterable[Key]) -> str:
        """'reading' where the reading of one of these is in doubt, else 'printed'."""
        return "printed" if self.unsure.isdisjoint(keys) else "reading"

    def slot(self, key: Key) -> Slot:
        """What the cell may hold."""
        return _slot(self.tables[key[0]], key[1:])

    def sum(self, keys: Iterable[Key]) -> float:
        """Sum of what is known of these cells."""
        return sum(self.known[key] or 0.0 for key in keys)

    def gap(self, line: Sum) -> float:
        """Total − parts; what is not known counts as 0."""
        return self.sum(line.total) - self.sum(line.parts)

    def cells_of(self, table: str, row: str, column: str) -> tuple[Key, ...]:
        """One cell, or all of a group of rows (denied) or columns (organization)."""
        if table not in self.tables:
            return ()
        form = self.tables[table]
        groups = {g.key: g.members for g in (*form.groups, *form.column_groups) if g.members}
        rows = (*BESIDE.get(row, ()), *groups.get(row, (row,)))
        keys = ((table, r, c) for r in rows for c in groups.get(column, (column,)))
        return tuple(key for key in keys if key in self.printed)


def read_values(record: Record) -> Values | None:
    """The values of a report; None where it has no form that is known, or no cells."""
    if record.form not in FORMS or not record.cells:
        return None
    by_table = defaultdict[str, list[Cell]](list)
    for cell in record.cells:
        by_table[cell.table].append(cell)
    tables, cells, lines = dict[str, Table](), dict[Key, Cell](), list[Sum]()
    for key, own in by_table.items():
        if table := printed_table(key, frozenset(cell.row for cell in own), record.form):
            there = {cell.row for cell in own if cell.status != "absent"}
            # （六）其他处理 as one row or as three: the way that is not printed counts nothing, it is no blank
            ways = (row.replaces if row.key in there else (row.key,) for row in table.optional)
            unused = frozenset(chain(*ways)) - there
            cells |= {cell[:3]: cell for cell in own if cell.row not in unused}
            lines += _lines(table, unused)
            tables[key] = table
    printed: dict[Key, float | None] = dict.fromkeys(cells)
    printed |= dict.fromkeys(key for line in lines for key in line.cells)
    printed |= {key: cell.value for key, cell in cells.items() if isfinite(cell.value or 0.0)}
    return Values(record, tables, cells, lines, printed)


@lru_cache(maxsize=256)
def _lines(table: Table, unused: frozenset[str]) -> tuple[Sum, ...]:
    """The identities of a table, cell by cell."""
    rows = (row for row in table.rows if row.key not in unused)
    cells = {(table.key, row.key, column) for row in rows for column in table.columns_of(row)}
    return tuple(table.sums(cells, (table.key,)))


@lru_cache(maxsize=4096)
def _slot(table: Table, place: Key) -> Slot:
    try:
        row, column = table.row(place[0]), table.column(place[1])
    except KeyError:  # a sub-total holds counts
        return Slot(True, False, inf)
    money = (row.kind or column.kind) == "money"
    return Slot(not money, column.signed, row.most or column.most or table.most)


def code_of(key: Key) -> str:
    """'table.row.column'."""
    return ".".join(key)
