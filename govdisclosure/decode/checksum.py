"""The form's identities as a checksum: where blanks without marks stand, and which blanks can only be zero.

Everything here asks what follows from printed sums; nothing is made to fit. One placement or none: two that satisfy the
identities settle nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from ..forms import Identity, Table
from ..numbers import number
from .fill import Filled
from .rows import Header, Leaf, Printed
from .sections import Slot

MOST_NODES = 4_000  # steps of the search; a table that needs more has too many blanks to be settled

Key = tuple[str, str]


class Sum(NamedTuple):
    """``parts`` add up to ``total``: keys of cells of one column, or of one row."""

    parts: tuple
    total: tuple


def sums_of(table: Table, present: Collection[Key], axis: str = "") -> list[Sum]:
    """The sums of a table over the cells that are ``present``; rows that an optional row stands for count nothing."""
    rows = {row for row, _ in present}
    replaced = {key for row in table.optional if row.key in rows for key in row.replaces}
    found = []
    for identity in table.identities:
        if identity.relation == "==" and identity.axis in (axis or identity.axis):
            places = table.columns if identity.axis == "rows" else table.rows
            sides = [
                _keys(identity, [place.key for place in places], side)
                for side in (identity.parts, identity.total)
            ]
            for parts, total in zip(*sides, strict=True):
                found.append(Sum(
                    tuple(k for k in parts if k in present and k[0] not in replaced), tuple(k for k in total if k in present),
                ))  # fmt: skip
    return found


def _keys(identity: Identity, places: list[str], codes: tuple[str, ...]) -> list[list[Key]]:
    if identity.axis == "rows":
        return [[(code, place) for code in codes] for place in places]
    return [[(place, code) for code in codes] for place in places]


# --- blanks that the text lost -----------------------------------------------------------------------------


class _Search:
    """All placements of the figures of several rows under which every sum of the table holds."""

    def __init__(
        self, table: Table, known: Mapping[Key, float], figures: dict[str, list[float]]
    ) -> None:
        self.columns = [column.key for column in table.columns]
        self.rows = list(figures)
        present = {*known, *((row, c) for row in figures for c in self.columns)}
        whole = _whole(table, {row for row, _ in present})
        across = [
            s for s in sums_of(table, present, "columns") if s.total and s.total[0][0] in figures
        ]
        self.sums = (
            [s for s in sums_of(table, present, "rows") if s.parts and s.total] if whole else []
        )
        self.known = known
        self.options = [
            self._options(values, next(s for s in across if s.total[0][0] == row))
            for row, values in figures.items()
        ]
        self.found: list[list[dict[Key, float]]] = []
        self.nodes = 0

    def _options(self, values: list[float], total: Sum) -> list[dict[Key, float]]:
        """Placements in order under which a row adds up, its blanks as nothing."""
        row = total.total[0][0]
        found = []
        for places in combinations(self.columns, len(values)):
            cells = {(row, c): v for c, v in zip(places, values, strict=True)}
            if sum(cells.get(k, 0) for k in total.parts) == sum(
                cells.get(k, 0) for k in total.total
            ):
                found.append(cells)
        return found

    def run(self) -> list[list[dict[Key, float]]] | None:
        """The placements; None where there are too many to look at, or nothing to judge them by."""
        if not self.sums or not all(self.options):
            return None
        self._step(0, dict(self.known))
        return None if self.nodes > MOST_NODES else self.found

    def _step(self, at: int, cells: dict[Key, float]) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            return
        if at == len(self.rows):
            self.found.append(
                [{k: v for k, v in cells.items() if k[0] == row} for row in self.rows]
            )
            return
        later = set(self.rows[at + 1 :])
        for option in self.options[at]:
            tried = cells | option
            if all(self._may_hold(s, tried, later) for s in self.sums):
                self._step(at + 1, tried)

    def _may_hold(self, total: Sum, cells: dict[Key, float], later: set[str]) -> bool:
        parts = sum(cells.get(k, 0) for k in total.parts)
        whole = sum(cells.get(k, 0) for k in total.total)
        waits_parts = any(k[0] in later for k in total.parts)
        waits_total = any(k[0] in later for k in total.total)
        if waits_parts and waits_total:
            return True
        return parts <= whole if waits_parts else parts >= whole if waits_total else parts == whole


def _whole(table: Table, rows: set[str]) -> bool:
    """Whether every row of the form is there, so that sums over rows say something."""
    replaced = {key for row in table.optional if row.key in rows for key in row.replaces}
    return all(row.optional or row.key in rows or row.key in replaced for row in table.rows)


def place_by_sums(lines: list[Printed], filled: Filled) -> None:
    """Rows that lack figures and whose blanks nothing marks: placed where exactly one placement makes all sums hold."""
    table = filled.table
    width = len(table.columns)
    unsure = [
        line
        for line in lines
        if line.note and len(table.columns_of(table.row(line.chosen))) == width
    ]
    if not unsure or any(i.axis == "columns" for i in table.identities) is False:
        return
    printed = [[slot for slot in line.slots if slot.text] for line in unsure]
    read = [[number(slot.text) for slot in slots] for slots in printed]
    if len(unsure) < len([line for line in lines if line.note]):
        return
    if any(
        not slots or len(slots) >= width or any(r.status == "unreadable" for r in values)
        for slots, values in zip(printed, read, strict=True)
    ):
        return
    figures = {
        line.chosen: [float(r.value or 0) for r in values]
        for line, values in zip(unsure, read, strict=True)
    }
    known = {
        key: cell.value or 0.0 for key, cell in filled.cells.items() if cell.status != "unreadable"
    }
    if any(cell.status == "unreadable" for cell in filled.cells.values()):
        return
    placements = _Search(table, known, figures).run() or []
    for i, line in enumerate(unsure):
        ways = {tuple(found[i]) for found in placements}
        if len(ways) == 1:
            columns = [column for _, column in ways.pop()]
            slots = dict(zip(columns, printed[i], strict=True))
            line.slots = [slots.get(c.key, Slot("", line.where)) for c in table.columns]
            line.header = Header(tuple(Leaf(c.key, "") for c in table.columns))
            line.note, line.source = "", "identities"


# --- blanks that are printed ---------------------------------------------------------------------------------


def proven_zeros(sums: Sequence[Sum], values: Mapping, blank: Collection) -> set:
    """The blank cells that can only be 0: every other part of a sum and its total are known and already agree.

    ``values``: key → figure, None where it is not known. A cell that is neither known nor blank, or is negative, leaves
    its sums open; a zero that would break another sum is none.

    >>> total = Sum(("a", "b"), ("c",))
    >>> proven_zeros([total], {"a": 5.0, "b": None, "c": 5.0}, {"b"})
    {'b'}
    """
    known = dict(values)
    left, found = set(blank), set[Any]()
    while True:
        new = {key for s in sums for key in _zeros(s, known, left)}
        new -= {key for s in sums if _contradicts(s, known, new) for key in s.parts}
        if not new:
            return found
        found |= new
        left -= new
        known.update(dict.fromkeys(new, 0.0))


def _zeros(total: Sum, known: Mapping, blank: Collection) -> list:
    unknown = [k for k in (*total.parts, *total.total) if known[k] is None]
    printed = [k for k in total.total if known[k] is not None]
    if not unknown or not printed or any(k not in blank or k in total.total for k in unknown):
        return []
    if any((known[k] or 0) < 0 for k in (*total.parts, *total.total)):
        return []
    agrees = sum(known[k] or 0 for k in total.parts) == sum(known[k] for k in total.total)
    return unknown if agrees else []


def _contradicts(total: Sum, known: Mapping, zeros: Collection) -> bool:
    """Whether a sum, with these zeros, is complete and does not hold."""
    values = {k: 0.0 if k in zeros else known[k] for k in (*total.parts, *total.total)}
    if None in values.values():
        return False
    return sum(values[k] for k in total.parts) != sum(values[k] for k in total.total)
