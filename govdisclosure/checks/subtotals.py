"""Printed sub-totals (小计, a group's own line) as further sums: what is printed is checked too.

A sub-total names its group where the report prints the group's label; a bare 小计 row belongs to the group it stands in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from ..forms import Table
from ..model import Unplaced
from .layout import Line, make_line
from .values import Values

ROW = "subtotal"
_PLACE = re.compile(r"\d+")


def subtotal_lines(found: Values) -> tuple[list[Line], list[Unplaced]]:
    """(sums of the sub-totals that have a place, sub-totals that have none). Their values join ``found.values``."""
    lines, lost = [], []
    rows: dict[tuple[str, tuple[int, ...]], list[Unplaced]] = defaultdict(list)
    for item in found.record.unplaced:
        if item.reason != "subtotal" or item.table not in found.layout.tables or item.value is None:
            continue
        if item.row == ROW:
            rows[item.table, _place(item.where)].append(item)
            continue
        parts = _parts(found, item)
        if parts:
            lines.append(_line(found, item, item.row, parts))
        else:
            lost.append(item)
    for (table, _), items in rows.items():
        group = _group_of_row(found, found.layout.tables[table], items)
        for item in items:
            parts = _members(found, item.table, group, item.column) if group else []
            if parts:
                lines.append(_line(found, item, group, parts))
            else:
                lost.append(item)
    return lines, lost


def _parts(found: Values, item: Unplaced) -> list[int]:
    """Positions that a sub-total sums: a group's rows in one column, or the organisations' columns in one row."""
    table, index = found.layout.tables[item.table], found.layout.index
    if item.column == ROW:
        columns = next((g.members for g in table.column_groups if g.members), ())
        return [index[k] for c in columns if (k := (item.table, item.row, c)) in index]
    return _members(found, item.table, item.row, item.column)


def _members(found: Values, table: str, group: str, column: str) -> list[int]:
    index = found.layout.index
    return [
        index[k]
        for r in _rows(found.layout.tables[table], group)
        if (k := (table, r, column)) in index
    ]


def _rows(table: Table, group: str) -> tuple[str, ...]:
    """A group's rows; a group over groups has the parts of the identity that its total row closes."""
    members = next((g.members for g in table.groups if g.key == group), ())
    if members:
        return members
    totals = {r.key for r in table.rows if r.group == group}
    return next(
        (
            i.parts
            for i in table.identities
            if i.axis == "rows" and len(i.total) == 1 and i.total[0] in totals
        ),
        (),
    )


def _line(found: Values, item: Unplaced, row: str, parts: list[int]) -> Line:
    position = len(found.values)
    found.values.append(item.value)
    found.codes.append(f"{item.table}.{row}.{item.column}")
    says = f"{item.table} {row}: 小计 = 各项之和 (sub-total = sum of its parts)"
    return make_line(f"{item.table}.subtotal", item.column, parts, (position,), says, found.zero)


def _place(where: str) -> tuple[int, ...]:
    """The numbers of a line's place ('table 3, row 7, column 4' → 3, 7), which put lines of one document in order."""
    return tuple(int(n) for n in _PLACE.findall(where.split("column")[0])[:6]) or (0,)


def _group_of_row(found: Values, table: Table, items: list[Unplaced]) -> str:
    """The group that a bare 小计 row closes: that of the row before it, or (printed on top) of the row after it.

    Where both are possible the one whose sums it equals is taken; where neither does, the one before it.
    """
    here = _place(items[0].where)
    placed = sorted(
        (_place(c.where), c.row)
        for c in found.cells
        if c is not None and c.table == table.key and c.where
    )
    before = next((row for place, row in reversed(placed) if place < here), "")
    after = next((row for place, row in placed if place > here), "")
    groups = [g for row in (before, after) if (g := _group(table, row))]
    return next(
        (g for g in groups if _agrees(found, table.key, g, items)), groups[0] if groups else ""
    )


def _group(table: Table, row: str) -> str:
    return next((g.key for g in table.groups if row in g.members), "")


def _agrees(found: Values, table: str, group: str, items: Iterable[Unplaced]) -> bool:
    return all(
        sum(found.values[p] for p in _members(found, table, group, i.column)) == i.value
        for i in items
    )
