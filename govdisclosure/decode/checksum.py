"""The form's identities as a checksum: where blanks without marks stand, and which blanks can only
be zero.

Everything here asks what follows from printed sums; nothing is made to fit. One placement or none:
two that satisfy the identities settle nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations, islice
from typing import Any

from ..forms import Identity, Table
from ..forms.structure import Key, Sum
from ..numbers import number
from .fill import Filled
from .rows import Header, Leaf, Printed
from .sections import Slot

# Beginnings of a placement that are looked at; a table that has more has too many blanks to be
# settled.
MOST_TRIED = 4_000


def sums_of(table: Table, present: Collection[Key]) -> list[Sum]:
    """The equalities of a table over the cells that are ``present``; rows that an optional row
    stands for count nothing.
    """
    replaced = _replaced(table, {row for row, _ in present})
    cells = {key for key in present if key[0] not in replaced}
    return [total for total in table.sums(cells) if total.exact]


def _replaced(table: Table, rows: Collection[str]) -> set[str]:
    return {key for row in table.optional if row.key in rows for key in row.replaces}


def _difference(total: Sum, values: Mapping) -> float:
    """What the parts of a sum are more than its total, what is not known being nothing."""
    parts, whole = (sum(values.get(k) or 0 for k in side) for side in (total.parts, total.total))
    return parts - whole


# --- the sum of a row -----------------------------------------------------------------------------


def row_total(table: Table) -> Identity | None:
    """What the figures of each row add up to; None where rows have no total."""
    sums = (i for i in table.identities if i.axis == "columns" and i.relation == "==")
    return next(sums, None)


def adds_up(slots: list[Slot], order: tuple[str, ...], total: Identity | None) -> bool | None:
    """Whether figures in this order are what their total says, blanks being nothing; None where
    that can't be asked."""
    if total is None or not {*total.parts, *total.total} <= {*order}:
        return None
    values = {key: number(slot.text).value or 0 for key, slot in zip(order, slots)}
    return sum(values[key] for key in total.parts) == sum(values[key] for key in total.total)


def holds(line: Printed, total: Identity | None) -> bool | None:
    """Whether a row with all its figures is what its total says; None where that can't be asked."""
    order = tuple(leaf.key for leaf in line.leaves)
    return adds_up(line.slots, order, total) if line.figures == len(order) else None


def best_order(
    lines: list[list[Slot]], orders: tuple[tuple[str, ...], tuple[str, ...]], total: Identity
) -> tuple[str, ...] | None:
    """The statutory order of columns (the first of ``orders``) or the header's: that under which
    the lines add up.

    Words of a header are dumped in any order, so where sums don't tell, the statutory one holds;
    but a header that only puts the total first is a layout of its own: there the same lines must
    not add up under both, nor more under none than under the statutory one (else None).
    """
    held = [[bool(adds_up(slots, order, total)) for order in orders] for slots in lines]
    statutory, named = (sum(pair[i] > pair[1 - i] for pair in held) for i in (0, 1))
    if orders[1] != (orders[0][-1], *orders[0][:-1]):
        return orders[1] if named > max(statutory, len(lines) / 2) else orders[0]
    counts = (any(number(slot.text).value for slot in slots) for slots in lines)
    if statutory == named and any(all(pair) and some for pair, some in zip(held, counts)):
        return None
    if statutory <= named:
        return orders[1]
    return orders[0] if statutory > sum(not any(pair) for pair in held) else None


# --- blanks that the text lost --------------------------------------------------------------------


def _placements(
    table: Table, known: Mapping[Key, float], figures: dict[str, list[float]]
) -> list[dict[Key, float]]:
    """All placements of the figures of several rows under which every sum of the table holds; []
    where there are too many to look at, or nothing to judge them by."""
    columns = [column.key for column in table.columns]
    present = {*known, *((row, c) for row in figures for c in columns)}
    rows = {row for row, _ in present}
    whole = rows | _replaced(table, rows) | {row.key for row in table.optional}
    sums = sums_of(table, present) if whole.issuperset(row.key for row in table.rows) else []
    downwards = [total for total in sums if total.identity.axis == "rows"]
    across = {total.place: total for total in sums if total.identity.axis == "columns"}
    if not downwards or not across.keys() >= figures.keys():
        return []
    placed, left = [dict(known)], MOST_TRIED
    later = list(figures)
    for row, values in figures.items():
        ways = [  # in order, so that the row adds up, its blanks as nothing
            {(row, column): value for column, value in zip(places, values)}
            for places in combinations(columns, len(values))
        ]
        options = [way for way in ways if _difference(across[row], way) == 0]
        later.remove(row)
        grown = (cells | option for cells in placed for option in options)
        holding = (c for c in grown if all(_may_hold(total, c, later) for total in downwards))
        placed = list(islice(holding, left))
        left -= len(placed)
        if not left:
            return []
    return placed


def _may_hold(total: Sum, cells: dict[Key, float], later: list[str]) -> bool:
    """Whether a sum holds, or may hold once the ``later`` rows are placed."""
    over = _difference(total, cells)
    grows = [any(row in later for row, _ in side) for side in (total.parts, total.total)]
    return over == 0 or grows[over > 0]


def place_by_sums(lines: list[Printed], filled: Filled) -> None:
    """Rows that lack figures and whose blanks nothing marks: placed where exactly one placement
    makes all sums hold.
    """
    table, width = filled.table, len(filled.table.columns)
    printed = {line.chosen: [slot for slot in line.slots if slot.text] for line in lines}
    read = {key: [number(slot.text) for slot in slots] for key, slots in printed.items()}
    statuses = {each.status for own in read.values() for each in own}
    statuses |= {cell.status for cell in filled.cells.values()}
    short = all(
        len(table.columns_of(table.row(key))) == width and 0 < len(found) < width
        for key, found in printed.items()
    )
    if "unreadable" in statuses or not lines or not short or row_total(table) is None:
        return
    figures = {key: [float(each.value or 0) for each in own] for key, own in read.items()}
    known: dict[Key, float] = {key: cell.value or 0.0 for key, cell in filled.cells.items()}
    placements = _placements(table, known, figures)
    for line in lines:
        ways = {tuple(c for row, c in cells if row == line.chosen) for cells in placements}
        if len(ways) == 1:
            slots = dict(zip(ways.pop(), printed[line.chosen]))
            line.slots = [slots.get(c.key, Slot("", line.where)) for c in table.columns]
            line.header = Header(tuple(Leaf(c.key, "") for c in table.columns))
            line.note, line.source = "", "identities"


# --- blanks that are printed ----------------------------------------------------------------------


def proven_zeros(sums: Sequence[Any], values: Mapping, blank: Collection) -> set:
    """The blank cells that can only be 0: every other part of a sum and its total are known and
    already agree.

    ``values``: key → figure, None where it is not known. A cell that is neither known nor blank, or
    is negative, leaves its sums open; a zero that would break another sum is none.

    >>> total = Sum(None, "", ("a", "b"), ("c",))
    >>> proven_zeros([total], {"a": 5.0, "b": None, "c": 5.0}, {"b"})
    {'b'}
    """
    known = dict(values)
    left, found = set(blank), set[Any]()
    while True:
        new = set[Any]()
        for total in sums:
            unknown = [key for key in total.cells if known[key] is None]
            settled = all(key in left and key not in total.total for key in unknown)
            negative = any((known[key] or 0) < 0 for key in total.cells)
            if settled and not negative and _difference(total, known) == 0:
                new.update(unknown)
        new -= {key for s in sums if _contradicts(s, known, new) for key in s.parts}
        if not new:
            return found
        found |= new
        left -= new
        known.update(dict.fromkeys(new, 0.0))


def _contradicts(total: Sum, known: Mapping, zeros: Collection) -> bool:
    """Whether a sum, with these zeros, is complete and does not hold."""
    complete = all(k in zeros or known[k] is not None for k in total.cells)
    return complete and _difference(total, known) != 0
