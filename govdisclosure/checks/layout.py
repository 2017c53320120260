"""The rules of a form, compiled once: each identity becomes lines of positions in a flat list of values.

A report can print one table on another form (``form.mixed``), so a layout is a choice of a form for each table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple

from ..forms import FORMS, Identity, Table, row_unit
from ..model import Cell
from .rules import LIMITS, SEVERITY, identities

Key = tuple[str, str, str]


class Line(NamedTuple):
    """One sum that must hold: ``parts`` and ``total`` are positions. ``place`` is its column (axis rows) or row.

    ``left`` and ``right`` fetch the two sides at once; the last position of the values always holds 0.
    """

    rule: str
    place: str
    parts: tuple[int, ...]
    total: tuple[int, ...]
    relation: str
    severity: str
    says: str
    left: Callable
    right: Callable


class Slot(NamedTuple):
    """What a cell may hold: ``whole`` numbers only, ``signed``, at ``most``."""

    key: Key
    whole: bool
    signed: bool
    most: float


class Layout(NamedTuple):
    """A compiled form: ``index`` cell code → position, ``lines`` of all tables, ``stand_ins`` optional rows → what they replace.

    ``order``: the codes that every report has, in form order; optional rows have the positions behind them.
    """

    index: dict[Key, int]
    order: list[Key]
    slots: tuple[Slot, ...]
    lines: tuple[Line, ...]
    stand_ins: tuple[tuple[int, tuple[int, ...]], ...]
    most: tuple[float, ...]
    tables: dict[str, Table]


def make_line(identity: Identity, place: str, parts: Sequence[int], total: Sequence[int], zero: int) -> Line:
    """A line with its getters; two zeros are appended so that a getter always returns a tuple."""
    return Line(
        identity.key, place, tuple(parts), tuple(total), identity.relation, SEVERITY[identity.relation],
        f"{identity.zh} ({identity.en})", itemgetter(*parts, zero, zero), itemgetter(*total, zero, zero),
    )  # fmt: skip


def choose(form: str, cells: Sequence[Cell]) -> tuple[tuple[str, str], ...]:
    """(table, form) for each table that has cells: the report's own form unless its rows are another form's."""
    chosen = []
    for table in dict.fromkeys(c.table for c in cells):
        rows = {(c.row, c.column) for c in cells if c.table == table}
        options = [f for f in FORMS.values() if table in f.by_key]
        if options:
            best = max(options, key=lambda f: (len(rows & _codes(f.key, table)), f.key == form))
            chosen.append((table, best.key))
    return tuple(chosen)


@cache
def _codes(form: str, table: str) -> frozenset[tuple[str, str]]:
    found = FORMS[form].table(table)
    return frozenset((r.key, c) for r in found.rows for c in found.columns_of(r))


@cache
def layout_of_form(form: str) -> Layout:
    """The layout of a report whose tables are all on its own form."""
    return layout(tuple((t.key, form) for t in FORMS[form].tables))


@lru_cache(maxsize=256)
def layout(tables: tuple[tuple[str, str], ...]) -> Layout:
    """Compile the identities of these tables."""
    index: dict[Key, int] = {}
    slots: list[Slot] = []
    chosen = {key: FORMS[form].table(key) for key, form in tables}
    for optional in (False, True):
        order = list(index)
        for table, row in ((t, r) for t in chosen.values() for r in t.rows if r.optional == optional):
            for column in table.columns_of(row):
                index[table.key, row.key, column] = len(slots)
                slots.append(_slot(table, row, table.column(column)))
    zero = len(slots)
    lines = [x for key, form in tables for i in identities(form, key) for x in _lines(i, chosen[key], index, zero)]
    return Layout(index, order, tuple(slots), tuple(lines), tuple(_stand_ins(chosen, index)), tuple(s.most for s in slots), chosen)


def _slot(table: Table, row, column) -> Slot:
    unit = row_unit(row, column) or column.money_unit or ""
    fits = (x.most for x in LIMITS if x.table == table.key and x.row in ("", row.key) and x.column in ("", column.key) and x.unit in ("", unit))
    money = (row.kind or column.kind) == "money"
    return Slot((table.key, row.key, column.key), not money, column.signed, next(fits, float("inf")))


def _lines(identity: Identity, table: Table, index: dict[Key, int], zero: int):
    rows = identity.axis == "rows"
    places = identity.where or tuple(x.key for x in (table.columns if rows else table.rows))

    def positions(codes: tuple[str, ...], place: str) -> list[int]:
        keys = [(table.key, code, place) if rows else (table.key, place, code) for code in codes]
        return [index[k] for k in keys if k in index]

    for place in places:
        parts, total = positions(identity.parts, place), positions(identity.total, place)
        if total and (parts or not identity.parts):
            yield make_line(identity, place, parts, total, zero)


def _stand_ins(tables: dict[str, Table], index: dict[Key, int]):
    for table in tables.values():
        for row in table.rows:
            if row.optional:
                for column in table.columns_of(row):
                    yield index[table.key, row.key, column], tuple(index[table.key, r, column] for r in row.replaces)
