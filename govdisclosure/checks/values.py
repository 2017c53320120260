"""A report's figures by cell, and the sums that hold between them: those of its form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain
from math import inf, isfinite
from typing import Any

from ..forms import FORMS, Table, printed_table
from ..forms.structure import Column, Key, Sum
from ..model import Cell, Record

MISFITS = ("does_not_fit", "repeated")
# OCR below this is a doubtful reading. Clean and worn test pages gave 0.95 and more for every right
# figure.
SURE = 0.95
BESIDE = {
    "other": ("other_handling",)
}  # （六）其他处理 is one group, printed as one row or as three
COUNT: Any = Column("", "", "", most=inf)  # what a sub-total holds


class Values:
    """``tables``: as on the form that each is printed on; none where the form is not known.
    ``printed``: the figures as printed, None where there is none; sub-totals join them. ``known``
    adds what the printed totals settle: ``zeros``, blanks that can only be 0, and ``computed``,
    cells that one sum alone gives.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.tables: dict[str, Table] = {}
        self.cells: dict[Key, Cell] = {}
        self.lines: list[Sum] = []
        self.known: dict[Key, float | None] = {}
        self.zeros: set[Key] = set()
        self.computed: dict[Key, Sum] = {}
        all_cells = record.cells if record.form in FORMS else ()
        for key in dict.fromkeys(cell.table for cell in all_cells):
            own = [cell for cell in all_cells if cell.table == key]
            if table := printed_table(key, frozenset(cell.row for cell in own), record.form or ""):
                there = {cell.row for cell in own if cell.status != "absent"}
                # （六）其他处理 as one row or as three: the way that is not printed counts nothing, it is no blank
                ways = (row.replaces if row.key in there else (row.key,) for row in table.optional)
                unused = frozenset(chain(*ways)) - there
                self.cells |= {cell[:3]: cell for cell in own if cell.row not in unused}
                self.lines += _lines(table, unused)
                self.tables[key] = table
        keys = chain(self.cells, *(line.cells for line in self.lines))
        self.printed: dict[Key, float | None] = dict.fromkeys(keys)
        values = {key: cell.value for key, cell in self.cells.items()}
        self.printed |= {key: value for key, value in values.items() if isfinite(value or 0.0)}

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

    @cached_property
    def complete(self) -> dict[Key, list[Sum]]:
        """Cell → the sums, all of whose cells are known, that it stands in."""
        found = defaultdict[Key, list[Sum]](list)
        for line in self.lines:
            if all(self.known[key] is not None for key in line.cells):
                for key in line.cells:
                    found[key].append(line)
        return found

    def kind(self, keys: Iterable[Key]) -> str:
        """'reading' where the reading of one of these is in doubt, else 'printed'."""
        return "printed" if self.unsure.isdisjoint(keys) else "reading"

    def faults(self, key: Key, value: float) -> Iterator[tuple[str, str]]:
        """Why a figure can't stand in a cell: (rule, words)."""
        table = self.tables[key[0]]
        try:
            row, column = table.row(key[1]), table.column(key[2])
        except KeyError:
            row = column = COUNT
        if value < 0 and not column.signed:
            yield "negative", f"should be 0 or more, is {value:g}"
        if value % 1 and (row.kind or column.kind) != "money":
            yield "fraction", f"should be a whole number, is {value:g}"
        most = row.most or column.most or table.most
        if abs(value) > most:
            more = f"more than {most:g}: a misread or run-together figure, or another unit"
            yield "absurd", f"is {value:g}, {more}"

    def sum(self, keys: Iterable[Key]) -> float:
        """Sum of what is known of these cells."""
        return sum([self.known[key] or 0.0 for key in keys])

    def gap(self, line: Sum) -> float:
        """Total − parts; what is not known counts as 0."""
        return self.sum(line.total) - self.sum(line.parts)

    def cells_of(self, terms: Iterable[str]) -> tuple[Key, ...]:
        """Of each term (table.row.column) one cell, or all of a group of rows (denied) or columns
        (organization; parts: all but the total).
        """
        keys = list[Key]()
        for table, row, column in (term.split(".") for term in terms):
            if form := self.tables.get(table):
                parts = tuple(c.key for c in form.columns if c.key != "total")
                groups = {
                    g.key: g.members for g in (*form.groups, *form.column_groups) if g.members
                }
                columns = (groups | {"parts": parts}).get(column, (column,))
                rows = (*BESIDE.get(row, ()), *groups.get(row, (row,)))
                keys += [(table, r, c) for r in rows for c in columns]
        return tuple(key for key in keys if key in self.printed)

    def total(self, terms: Iterable[str]) -> float | None:
        """Sum of the terms; None where a cell is not known or the form has none."""
        keys = self.cells_of(terms)
        known = keys and all(self.known[key] is not None for key in keys)
        return self.sum(keys) if known else None


@lru_cache(maxsize=256)
def _lines(table: Table, unused: frozenset[str]) -> tuple[Sum, ...]:
    """The identities of a table, cell by cell."""
    rows = (row for row in table.rows if row.key not in unused)
    cells = {(table.key, row.key, column) for row in rows for column in table.columns_of(row)}
    return tuple(table.sums(cells, (table.key,)))


def code_of(key: Key) -> str:
    """'table.row.column'."""
    return ".".join(key)
