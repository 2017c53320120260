"""Printed sub-totals (小计, a group's own line) as further sums: what is printed is checked too.

A sub-total names its group where the report prints the group's label; a bare 小计 row belongs to the group it stands in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from ..forms import Table
from ..model import Unplaced
from .values import Key, Line, Values

ROW = "subtotal"
_PLACE = re.compile(r"\d+")


def add_subtotals(found: Values) -> list[Unplaced]:
    """Add the sub-totals that have a place to ``found.lines`` and their values to ``found.printed``; returns the others."""
    lines: list[Line] = []
    lost = []
    rows: dict[tuple[str, tuple[int, ...]], list[Unplaced]] = defaultdict(list)
    for item in found.record.unplaced:
        if item.reason == "subtotal" and item.table in found.tables and item.value is not None:
            place = _place(item.where) if item.row == ROW else ()
            rows[item.table, place].append(item)
    for (table, place), items in rows.items():
        group = _group_of_row(found, found.tables[table], items) if place else ""
        for item in items:
            row = group or item.row
            parts = _parts(found, item, row)
            if parts and row != ROW:
                lines.append(_line(found, item, row, parts))
            else:
                lost.append(item)
    found.lines = (*found.lines, *lines)
    return lost


def _parts(found: Values, item: Unplaced, row: str) -> tuple[Key, ...]:
    """Cells that a sub-total sums: a group's rows in one column, or the organisations' columns in one row."""
    table = found.tables[item.table]
    if item.column == ROW:
        columns = next((g.members for g in table.column_groups if g.members), ())
        return tuple(k for c in columns if (k := (table.key, row, c)) in found.printed)
    return _members(found, table, row, item.column)


def _members(found: Values, table: Table, group: str, column: str) -> tuple[Key, ...]:
    rows = _rows(table, group)
    return tuple(k for row in rows if (k := (table.key, row, column)) in found.printed)


def _rows(table: Table, group: str) -> tuple[str, ...]:
    """A group's rows; a group over groups has the parts of the identity that its total row closes."""
    members = next((g.members for g in table.groups if g.key == group), ())
    if members:
        return members
    totals = {r.key for r in table.rows if r.group == group}
    closing = (i for i in table.identities if i.axis == "rows" and len(i.total) == 1)
    return next((i.parts for i in closing if i.total[0] in totals), ())


def _line(found: Values, item: Unplaced, row: str, parts: tuple[Key, ...]) -> Line:
    key = (item.table, row, item.column)
    found.printed[key] = item.value
    says = f"{item.table} {row}: 小计 = 各项之和 (sub-total = sum of its parts)"
    return Line(f"{item.table}.subtotal", item.column, parts, (key,), "==", says)


def _place(where: str) -> tuple[int, ...]:
    """The numbers of a line's place ('table 3, row 7, column 4' → 3, 7), which put lines of one document in order."""
    return tuple(int(n) for n in _PLACE.findall(where.split("column")[0])[:6]) or (0,)


def _group_of_row(found: Values, table: Table, items: list[Unplaced]) -> str:
    """The group that a bare 小计 row closes: that of the row before it, or (printed on top) of the row after it.

    Where both are possible the one whose sums it equals is taken; where neither does, the one before it.
    """
    here = _place(items[0].where)
    placed = sorted(
        (_place(c.where), c.row) for c in found.cells.values() if c.table == table.key and c.where
    )
    before = next((row for place, row in reversed(placed) if place < here), "")
    after = next((row for place, row in placed if place > here), "")
    groups = [g.key for row in (before, after) for g in table.groups if row in g.members]
    agreeing = (g for g in groups if _agrees(found, table, g, items))
    return next(agreeing, groups[0] if groups else "")


def _agrees(found: Values, table: Table, group: str, items: Iterable[Unplaced]) -> bool:
    return all(
        sum(found.printed[k] or 0.0 for k in _members(found, table, group, i.column)) == i.value
        for i in items
    )
