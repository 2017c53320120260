"""The rules of a form, compiled once: each identity becomes lines of positions in a flat list of values.

A report can print one table on another form (``form.mixed``), so a layout is a choice of a form for each table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ..forms import FORMS, Identity, Table, row_unit
from .rules import LIMITS, SEVERITY, identities
from .terms import Places, places

Key = tuple[str, str, str]


class Line(NamedTuple):
    """One sum that must hold: ``parts`` and ``total`` are positions. ``place`` is its column (axis rows) or row.

    ``left`` and ``right`` fetch the two sides at once; the last position of the values always holds 0. Masks have bit p
    set for position p.
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
    cells: tuple[int, ...]
    part_mask: int
    total_mask: int
    mask: int


class Batch(NamedTuple):
    """Lines with sides of equal lengths, whose cells two getters fetch at once: ``left`` and ``right`` cells a line."""

    lines: tuple[Line, ...]
    parts: Callable
    left: int
    totals: Callable
    right: int
    mask: int


class Slot(NamedTuple):
    """What a cell may hold: ``whole`` numbers only, ``signed``, at ``most``."""

    key: Key
    whole: bool
    signed: bool
    most: float


class Layout(NamedTuple):
    """A compiled form: ``index`` cell code → position, ``lines`` of all tables, ``stand_ins`` optional rows → what they replace.

    ``order``: the codes that every report has, in form order; optional rows have the positions behind them. ``codes`` and
    ``most`` by position; ``signed``: a mask; ``prose``: the comparisons of the prose by indicator.
    """

    index: dict[Key, int]
    order: tuple[Key, ...]
    slots: tuple[Slot, ...]
    codes: tuple[str, ...]
    lines: tuple[Line, ...]
    batches: tuple[Batch, ...]
    stand_ins: tuple[tuple[int, tuple[int, ...]], ...]
    most: tuple[float, ...]
    signed: int
    tables: dict[str, Table]
    prose: dict[str, Places]


class Plan(NamedTuple):
    """Where the cells of a report belong: ``positions`` of its cells in the layout (None: no place); empty: in form order."""

    layout: Layout
    positions: tuple[int | None, ...]


def make_line(
    rule: str,
    place: str,
    parts: Sequence[int],
    total: Sequence[int],
    says: str,
    zero: int,
    relation: str = "==",
) -> Line:
    """A line with its getters; two zeros are appended so that a getter always returns a tuple."""
    left, right = itemgetter(*parts, zero, zero), itemgetter(*total, zero, zero)
    part_mask, total_mask = mask_of(parts), mask_of(total)
    return Line(
        rule, place, tuple(parts), tuple(total), relation, SEVERITY[relation], says, left, right, (*parts, *total),
        part_mask, total_mask, part_mask | total_mask,
    )  # fmt: skip


def mask_of(positions: Iterable[int]) -> int:
    """A set of positions as bits.

    >>> bin(mask_of([1, 3]))
    '0b1010'
    """
    return sum(1 << p for p in set(positions))


@lru_cache(maxsize=128)
def plan(form: str, keys: tuple[Key, ...]) -> Plan:
    """The plan of a report on ``form`` with cells of these codes, in this order."""
    found = layout_of_form(form)
    if keys == found.order:
        return Plan(found, ())
    if not found.index.keys() >= set(keys):
        found = layout(choose(form, keys))
    return Plan(found, tuple(found.index.get(k) for k in keys))


def choose(form: str, keys: Sequence[Key]) -> tuple[tuple[str, str], ...]:
    """(table, form) for each table that has cells: the report's own form unless its rows are another form's."""
    chosen = []
    for table in dict.fromkeys(k[0] for k in keys):
        rows = {k[1:] for k in keys if k[0] == table}
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
        order = tuple(index)
        for table, row in (
            (t, r) for t in chosen.values() for r in t.rows if r.optional == optional
        ):
            for column in table.columns_of(row):
                index[table.key, row.key, column] = len(slots)
                slots.append(_slot(table, row, table.column(column)))
    lines = tuple(
        x
        for key, form in tables
        for i in identities(form, key)
        for x in _lines(i, chosen[key], index, len(slots))
    )
    return Layout(
        index, order, tuple(slots), tuple(".".join(s.key) for s in slots), lines, tuple(_batches(lines)), tuple(_stand_ins(chosen, index)),
        tuple(s.most for s in slots), mask_of(i for i, s in enumerate(slots) if s.signed), chosen, places(chosen, index),
    )  # fmt: skip


def _slot(table: Table, row, column) -> Slot:
    unit = row_unit(row, column) or column.money_unit or ""
    fits = (
        x.most
        for x in LIMITS
        if x.table == table.key
        and x.row in ("", row.key)
        and x.column in ("", column.key)
        and x.unit in ("", unit)
    )
    money = (row.kind or column.kind) == "money"
    return Slot(
        (table.key, row.key, column.key), not money, column.signed, next(fits, float("inf"))
    )


def _lines(identity: Identity, table: Table, index: dict[Key, int], zero: int):
    rows = identity.axis == "rows"
    places = identity.where or tuple(x.key for x in (table.columns if rows else table.rows))

    def positions(codes: tuple[str, ...], place: str) -> list[int]:
        keys = [(table.key, code, place) if rows else (table.key, place, code) for code in codes]
        return [index[k] for k in keys if k in index]

    for place in places:
        parts, total = positions(identity.parts, place), positions(identity.total, place)
        if total and (parts or not identity.parts):
            yield make_line(
                identity.key,
                place,
                parts,
                total,
                f"{identity.zh} ({identity.en})",
                zero,
                identity.relation,
            )


def _batches(lines: tuple[Line, ...]):
    """Runs of lines of one shape. Sides without a cell stay alone, and so do lone lines: no getter would return a tuple."""
    for shape, run in groupby(lines, key=lambda x: (len(x.parts), len(x.total), x.relation)):
        run = tuple(run)
        together = [run] if min(shape[:2]) and len(run) > 1 else [(x,) for x in run]
        for some in together:
            mask = mask_of(p for x in some for p in x.cells)
            sides = [
                tuple(p for x in some for p in side(x))
                for side in (lambda x: x.parts, lambda x: x.total)
            ]
            if len(some) > 1:
                yield Batch(
                    some, itemgetter(*sides[0]), shape[0], itemgetter(*sides[1]), shape[1], mask
                )
            else:
                yield Batch(some, some[0].left, shape[0] + 2, some[0].right, shape[1] + 2, mask)


def _stand_ins(tables: dict[str, Table], index: dict[Key, int]):
    for table in tables.values():
        for row in table.rows:
            if row.optional:
                for column in table.columns_of(row):
                    yield (
                        index[table.key, row.key, column],
                        tuple(index[table.key, r, column] for r in row.replaces),
                    )
