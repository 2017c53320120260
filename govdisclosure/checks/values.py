"""A report's figures by cell, and the sums that hold between them: those of its form, and printed sub-totals (小计)."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import inf, isfinite
from typing import NamedTuple

from ..forms import FORMS, Identity, Table
from ..model import Cell, Record, Unplaced
from .rules import SEVERITY, SURE

Key = tuple[str, str, str]  # table, row, column
MISFITS = ("does_not_fit", "repeated")
SUBTOTAL = "subtotal"  # the row or column of a sub-total that names no group
_PLACE = re.compile(r"\d+")


class Line(NamedTuple):
    """One sum that must hold. ``place`` is its column (axis rows) or its row."""

    rule: str
    place: str
    parts: tuple[Key, ...]
    total: tuple[Key, ...]
    relation: str
    says: str

    @property
    def cells(self) -> tuple[Key, ...]:
        """Parts, then totals."""
        return (*self.parts, *self.total)

    @property
    def severity(self) -> str:
        """Of a breach."""
        return SEVERITY[self.relation]


class Slot(NamedTuple):
    """What a cell may hold: ``whole`` numbers only, ``signed``, at ``most``."""

    whole: bool
    signed: bool
    most: float

    def holds(self, value: float) -> bool:
        """Whether a figure is possible here."""
        return (self.signed or value >= 0) and not (self.whole and value % 1) and value <= self.most


@dataclass(eq=False)
class Values:
    """``printed``: the figures as printed, None where there is none; sub-totals join them. ``known`` adds what the
    printed totals settle: ``zeros``, blanks that can only be 0, and ``computed``, cells that one sum alone gives.
    """

    record: Record
    tables: dict[str, Table]  # as on the form that each is printed on
    cells: dict[Key, Cell]
    lines: list[Line]
    printed: dict[Key, float | None]
    known: dict[Key, float | None] = field(default_factory=dict)
    zeros: set[Key] = field(default_factory=set)
    computed: dict[Key, Line] = field(default_factory=dict)

    @cached_property
    def unsure(self) -> set[Key]:
        """Cells whose reading is in doubt: unreadable, recognised without confidence, on a line that did not fit."""
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

    def gap(self, line: Line) -> float:
        """Total − parts; what is not known counts as 0."""
        return self.sum(line.total) - self.sum(line.parts)


def read_values(record: Record) -> Values | None:
    """The values of a report; None where it has no form that is known, or no cells."""
    if record.form not in FORMS or not record.cells:
        return None
    by_table = defaultdict[str, list[Cell]](list)
    for cell in record.cells:
        by_table[cell.table].append(cell)
    tables, cells, lines = dict[str, Table](), dict[Key, Cell](), list[Line]()
    for key, own in by_table.items():
        if table := _table_of(key, frozenset(cell.row for cell in own), record.form):
            unused = _unused(table, {cell.row for cell in own if cell.status != "absent"})
            cells |= {cell[:3]: cell for cell in own if cell.row not in unused}
            lines += _lines(table, unused)
            tables[key] = table
    printed: dict[Key, float | None] = dict.fromkeys(cells)
    printed |= dict.fromkeys(key for line in lines for key in line.cells)
    printed |= {key: cell.value for key, cell in cells.items() if isfinite(cell.value or 0.0)}
    return Values(record, tables, cells, lines, printed)


@lru_cache(maxsize=256)
def _table_of(key: str, rows: frozenset[str], own: str) -> Table | None:
    """A table of the form that it is printed on: the report's own unless the rows are another form's; None for no form."""
    fits = {
        (len(rows & {row.key for row in form.table(key).rows}), form.key == own): form.table(key)
        for form in reversed(FORMS.values())
        if key in form.by_key
    }
    return fits[max(fits)] if fits else None


def _unused(table: Table, printed: set[str]) -> frozenset[str]:
    """（六）其他处理 as one row or as three: the way that this report does not print counts nothing, it is no blank."""
    ways = (row.replaces if row.key in printed else (row.key,) for row in table.optional)
    return frozenset(key for keys in ways for key in keys if key not in printed)


@lru_cache(maxsize=256)
def _lines(table: Table, unused: frozenset[str]) -> tuple[Line, ...]:
    """The identities of a table, cell by cell."""
    cells = {(r.key, c) for r in table.rows if r.key not in unused for c in table.columns_of(r)}
    return tuple(line for i in table.identities for line in _lines_of(i, table, cells))


def _lines_of(identity: Identity, table: Table, cells: set[tuple[str, str]]) -> Iterator[Line]:
    across = identity.axis == "columns"
    places = identity.where or tuple(x.key for x in (table.rows if across else table.columns))
    says = f"{identity.zh} ({identity.en})"
    for place in places:
        parts, total = (
            tuple(
                (table.key, *cell)
                for code in codes
                if (cell := (place, code) if across else (code, place)) in cells
            )
            for codes in (identity.parts, identity.total)
        )
        if total and (parts or not identity.parts):
            yield Line(identity.key, place, parts, total, identity.relation, says)


@lru_cache(maxsize=4096)
def _slot(table: Table, place: tuple[str, str]) -> Slot:
    try:
        row, column = table.row(place[0]), table.column(place[1])
    except KeyError:  # a sub-total holds counts
        return Slot(True, False, inf)
    money = (row.kind or column.kind) == "money"
    return Slot(not money, column.signed, row.most or column.most or table.most)


def code_of(key: Key) -> str:
    """'table.row.column'."""
    return ".".join(key)


# --- printed sub-totals: what is printed is checked too -----------------------------------------------------


def add_subtotals(found: Values) -> list[Unplaced]:
    """Add the sub-totals that have a place to ``found.lines`` and their values to ``found.printed``; returns the others.

    A sub-total names its group where the report prints the group's label; a bare 小计 row belongs to the group it stands in.
    """
    lost = []
    rows = defaultdict[tuple, list[Unplaced]](list)
    for item in found.record.unplaced:
        if item.reason == SUBTOTAL and item.table in found.tables and item.value is not None:
            rows[item.table, item.row == SUBTOTAL and _place(item.where)].append(item)
    for (key, place), items in rows.items():
        table = found.tables[key]
        group = _group_of_row(found, table, items) if place else ""
        for item in items:
            row = group or item.row
            parts = _parts(found, table, row, item.column)
            if not parts or row == SUBTOTAL:
                lost.append(item)
                continue
            found.printed[key, row, item.column] = item.value
            says = f"{key} {row}: 小计 = 各项之和 (sub-total = sum of its parts)"
            total = ((key, row, item.column),)
            found.lines.append(Line(f"{key}.subtotal", item.column, parts, total, "==", says))
    return lost


def _parts(found: Values, table: Table, row: str, column: str) -> tuple[Key, ...]:
    """Cells that a sub-total sums: a group's rows in one column, or the organisations' columns in one row."""
    if column == SUBTOTAL:
        columns = next((g.members for g in table.column_groups if g.members), ())
        keys = [(table.key, row, c) for c in columns]
    else:
        keys = [(table.key, r, column) for r in _rows(table, row)]
    return tuple(key for key in keys if key in found.printed)


def _rows(table: Table, group: str) -> tuple[str, ...]:
    """A group's rows; a group over groups has the parts of the identity that its total row closes."""
    members = next((g.members for g in table.groups if g.key == group), ())
    totals = {(r.key,) for r in table.rows if r.group == group}
    closing = (i.parts for i in table.identities if i.axis == "rows" and i.total in totals)
    return members or next(closing, ())


def _place(where: str) -> tuple[int, ...]:
    """The numbers of a line's place ('table 3, row 7, column 4' → 3, 7), which put lines of one document in order."""
    return tuple(int(n) for n in _PLACE.findall(where.split("column")[0])[:6]) or (0,)


def _group_of_row(found: Values, table: Table, items: list[Unplaced]) -> str:
    """The group that a bare 小计 row closes: that of the row before it, or (printed on top) of the row after it.

    Where both are possible the one whose sums it equals is taken; where neither does, the one before it.
    """
    cells = (cell for cell in found.cells.values() if cell.table == table.key and cell.where)
    placed = sorted((_place(cell.where), cell.row) for cell in cells)
    at = bisect(placed, (_place(items[0].where),))
    near = [row for _, row in placed[max(at - 1, 0) : at + 1]]
    groups = [group.key for row in near for group in table.groups if row in group.members]
    for group in groups:
        sums = [
            sum(found.printed[key] or 0.0 for key in _parts(found, table, group, item.column))
            for item in items
        ]
        if sums == [item.value for item in items]:
            return group
    return groups[0] if groups else ""
