"""A report's figures by cell, and the sums that its form says hold between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import isfinite
from typing import NamedTuple

from ..forms import FORMS, Identity, Table, row_unit
from ..model import Cell, Record
from .rules import DATA, SEVERITY, SURE

Key = tuple[str, str, str]  # table, row, column
Tables = tuple[tuple[str, str], ...]  # (table, form that it is printed on)
MISFITS = ("does_not_fit", "repeated")


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


@dataclass(eq=False)
class Values:
    """``printed``: the figures as printed, None where there is none; sub-totals join them. ``known`` adds what the
    printed totals settle: ``zeros``, blanks that can only be 0, and ``computed``, cells that one sum alone gives.
    """

    record: Record
    forms: dict[str, str]  # table → the form that it is printed on
    tables: dict[str, Table]
    cells: dict[Key, Cell]
    lines: tuple[Line, ...]
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

    def doubtful(self, keys: Iterable[Key]) -> bool:
        """Whether the reading of one of these is in doubt."""
        return not self.unsure.isdisjoint(keys)

    def slot(self, key: Key) -> Slot:
        """What the cell may hold; a sub-total holds counts."""
        return _slots(key[0], self.forms[key[0]]).get(key) or Slot(True, False, float("inf"))


def read_values(record: Record) -> Values | None:
    """The values of a report; None where it has no form that is known, or no cells."""
    if record.form not in FORMS or not record.cells:
        return None
    chosen = _tables(record)
    tables = {key: FORMS[form].table(key) for key, form in chosen}
    unused = {(t.key, row) for t in tables.values() for row in _unused(t, record)}
    cells = {
        key: cell
        for cell in record.cells
        if cell.table in tables and (key := cell[:3])[:2] not in unused
    }
    printed = {key: _finite(cell.value) for key, cell in cells.items()}
    lines = _lines(chosen, frozenset(unused))
    for line in lines:
        for key in line.cells:
            printed.setdefault(key, None)
    return Values(record, dict(chosen), tables, cells, lines, printed)


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _tables(record: Record) -> Tables:
    """The form of each table that has cells: the report's own unless the rows are another form's."""
    rows: dict[str, set[str]] = {}
    for cell in record.cells:
        rows.setdefault(cell.table, set()).add(cell.row)
    return tuple(
        (table, _form_of(table, frozenset(found), record.form or ""))
        for table, found in rows.items()
        if any(table in form.by_key for form in FORMS.values())
    )


@lru_cache(maxsize=256)
def _form_of(table: str, rows: frozenset[str], own: str) -> str:
    options = [form for form in FORMS.values() if table in form.by_key]
    return max(
        options,
        key=lambda form: (
            len(rows & {row.key for row in form.table(table).rows}),
            form.key == own,
        ),
    ).key


def _unused(table: Table, record: Record) -> Iterator[str]:
    """（六）其他处理 as one row or as three: the way that this report does not print counts nothing, it is no blank."""
    if not table.optional:
        return
    present = {c.row for c in record.cells if c.table == table.key and c.status != "absent"}
    for row in table.optional:
        if row.key in present:
            yield from (key for key in row.replaces if key not in present)
        else:
            yield row.key


@lru_cache(maxsize=256)
def _lines(tables: Tables, unused: frozenset[tuple[str, str]]) -> tuple[Line, ...]:
    """The identities of these tables, cell by cell."""
    found: list[Line] = []
    for key, form in tables:
        table = FORMS[form].table(key)
        cells = {(row.key, c) for row in table.rows for c in table.columns_of(row)}
        for identity in table.identities:
            found += _lines_of(identity, table, {c for c in cells if (key, c[0]) not in unused})
    return tuple(found)


def _lines_of(identity: Identity, table: Table, cells: set[tuple[str, str]]) -> Iterator[Line]:
    across = identity.axis == "columns"
    places = identity.where or tuple(x.key for x in (table.rows if across else table.columns))
    says = f"{identity.zh} ({identity.en})"
    for place in places:
        sides = [
            tuple(
                (table.key, *cell)
                for code in codes
                if (cell := (place, code) if across else (code, place)) in cells
            )
            for codes in (identity.parts, identity.total)
        ]
        if sides[1] and (sides[0] or not identity.parts):
            yield Line(identity.key, place, sides[0], sides[1], identity.relation, says)


@lru_cache(maxsize=64)
def _slots(key: str, form: str) -> Mapping[Key, Slot]:
    table = FORMS[form].table(key)
    return {
        (table.key, row.key, c): _slot(table, row, table.column(c))
        for row in table.rows
        for c in table.columns_of(row)
    }


def _slot(table: Table, row, column) -> Slot:
    unit = row_unit(row, column) or column.money_unit or ""
    cell = {"table": table.key, "row": row.key, "column": column.key, "unit": unit}
    fits = (
        limit["most"]
        for limit in DATA["limits"]["of_cells"]
        if all(limit.get(name, own) == own for name, own in cell.items())
    )
    money = (row.kind or column.kind) == "money"
    return Slot(not money, column.signed, next(fits, float("inf")))


def code_of(key: Key) -> str:
    """'table.row.column'."""
    return ".".join(key)


def gap(known: dict[Key, float | None], line: Line) -> float:
    """Total − parts; what is not known counts as 0."""
    return sum(known[k] or 0.0 for k in line.total) - sum(known[k] or 0.0 for k in line.parts)
