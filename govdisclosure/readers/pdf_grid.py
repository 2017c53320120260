"""Lattice → cells as drawn: which elementary cells are one cell, and which characters stand in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from govdisclosure.readers.pdf_lines import Lattice
from govdisclosure.readers.pdf_page import Box, Char


@dataclass(slots=True)
class Drawn:
    """One cell as drawn: elementary rows ``r0`` to ``r1`` and columns ``c0`` to ``c1`` (ends not included)."""

    r0: int
    c0: int
    r1: int
    c1: int
    box: Box
    chars: list[Char] = field(default_factory=list)


@dataclass(slots=True)
class Ruled:
    """A ruled table, or the part of one that stands on one page."""

    page: int
    lattice: Lattice
    cells: list[Drawn]

    @property
    def columns(self) -> int:
        return len(self.lattice.xs) - 1

    @property
    def box(self) -> Box:
        return self.lattice.box


def ruled(page: int, lattice: Lattice) -> Ruled:
    """The cells of a lattice, still without characters."""
    return Ruled(page, lattice, _cells(lattice))


def _cells(lattice: Lattice) -> list[Drawn]:
    """Elementary cells with no wall between them, as rectangles: to the right first, then down.

    Where a border is missing the open region may be no rectangle; this order then keeps the rows apart.
    """
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    taken = [[False] * columns for _ in range(rows)]
    cells = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            c1 = c + 1
            while not lattice.right[r][c1 - 1] and not taken[r][c1]:
                c1 += 1
            r1 = r + 1
            while r1 < rows and _goes_on(lattice, r1, c, c1):
                r1 += 1
            for row in taken[r:r1]:
                row[c:c1] = [True] * (c1 - c)
            box = (lattice.xs[c], lattice.ys[r], lattice.xs[c1], lattice.ys[r1])
            cells.append(Drawn(r, c, r1, c1, box))
    return cells


def _goes_on(lattice: Lattice, row: int, c0: int, c1: int) -> bool:
    """Whether a cell over columns c0..c1 reaches into ``row``: no wall above, none inside, walls at its sides."""
    open_above = not any(lattice.below[row - 1][c0:c1])
    whole = not any(lattice.right[row][c0 : c1 - 1])
    closed = lattice.right[row][c1 - 1] and (c0 == 0 or lattice.right[row][c0 - 1])
    return open_above and whole and closed


def place_chars(tables: list[Ruled], chars: list[Char]) -> list[Char]:
    """Put each character into the cell its centre lies in (the smallest table first); what is left is returned."""
    order = sorted(tables, key=lambda t: _area(t.lattice.box))
    finders = [(t.lattice.box, t.lattice.xs, t.lattice.ys, _index(t)) for t in order]
    rest = []
    for char in chars:
        x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
        for (x0, y0, x1, y1), xs, ys, index in finders:
            if x0 <= x < x1 and y0 <= y < y1:
                index[bisect_right(ys, y) - 1][bisect_right(xs, x) - 1].chars.append(char)
                break
        else:
            rest.append(char)
    return rest


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _index(table: Ruled) -> list[list[Drawn]]:
    lattice = table.lattice
    index: list[list] = [[None] * (len(lattice.xs) - 1) for _ in range(len(lattice.ys) - 1)]
    for cell in table.cells:
        for r in range(cell.r0, cell.r1):
            for c in range(cell.c0, cell.c1):
                index[r][c] = cell
    return index


def trim(table: Ruled) -> None:
    """Take out rows that only drawing made: the frame's empty end at a page break, slits of a doubled border."""
    for row in reversed(range(len(table.lattice.ys) - 1)):
        if len(table.lattice.ys) > 2 and _only_drawn(table, row):
            _take_out(table, row)


def _only_drawn(table: Ruled, row: int) -> bool:
    """A row without text that is too low for any, or one empty cell at the table's head or foot."""
    ys = table.lattice.ys
    own = [cell for cell in table.cells if cell.r0 == row and cell.r1 == row + 1]
    if any(cell.chars for cell in own):
        return False
    if ys[row + 1] - ys[row] < SLIT:
        return True
    return (
        row in (0, len(ys) - 2)
        and [cell.c1 - cell.c0 for cell in own] == [table.columns]
        and table.columns > 1
    )


def _take_out(table: Ruled, row: int) -> None:
    lattice = table.lattice
    table.cells = [cell for cell in table.cells if not (cell.r0 == row and cell.r1 == row + 1)]
    for cell in table.cells:
        cell.r0, cell.r1 = cell.r0 - (cell.r0 > row), cell.r1 - (cell.r1 > row)
    if row == 0:
        lattice.top = lattice.below[0]
    elif row == len(lattice.ys) - 2:
        lattice.bottom = lattice.below[row - 1]
    del lattice.right[row], lattice.below[row], lattice.ys[row + (row > 0)]


def split_open(table: Ruled) -> None:
    """Cut cells that only a missing border makes one: each elementary part holds a figure of its own.

    A merged cell holds one text. Where every part has text, none crosses the missing border and all but a label
    in front are figures, the border is missing. Anything less sure stays one cell.
    """
    cells: list[Drawn] = []
    for cell in table.cells:
        parts = _columns_of(cell, table.lattice.xs) or _rows_of(cell, table.lattice.ys)
        cells += parts or [cell]
    table.cells = cells


def _columns_of(cell: Drawn, xs: list[float]) -> list[Drawn] | None:
    if cell.c1 - cell.c0 < 2 or len(cell.chars) < cell.c1 - cell.c0:
        return None
    parts = [
        Drawn(
            cell.r0,
            c,
            cell.r1,
            c + 1,
            (xs[c], cell.box[1], xs[c + 1], cell.box[3]),
            [k for k in cell.chars if xs[c] <= (k.x0 + k.x1) / 2 < xs[c + 1]],
        )
        for c in range(cell.c0, cell.c1)
    ]
    return (
        parts
        if _figures(parts) and all(_apart(a.chars, b.chars) for a, b in pairwise(parts))
        else None
    )


def _apart(left: list[Char], right: list[Char]) -> bool:
    """Whether a gap of more than a character parts two figures: one number in a merged cell has none."""
    gap = min(k.x0 for k in right) - max(k.x1 for k in left)
    return gap > APART * max(k.y1 - k.y0 for k in left + right)


def _rows_of(cell: Drawn, ys: list[float]) -> list[Drawn] | None:
    if cell.r1 - cell.r0 < 2 or len(cell.chars) < cell.r1 - cell.r0:
        return None
    parts = [
        Drawn(
            r,
            cell.c0,
            r + 1,
            cell.c1,
            (cell.box[0], ys[r], cell.box[2], ys[r + 1]),
            [k for k in cell.chars if ys[r] <= (k.y0 + k.y1) / 2 < ys[r + 1]],
        )
        for r in range(cell.r0, cell.r1)
    ]
    return parts if _figures(parts) and _is_figure(parts[0]) else None


def _figures(parts: list[Drawn]) -> bool:
    return all(part.chars for part in parts) and all(map(_is_figure, parts[1:]))


def _is_figure(part: Drawn) -> bool:
    return all(char.text in FIGURE for char in part.chars)


SLIT = 6.0  # points; print is not set smaller
APART = 1.1  # heights of a character
FIGURE = frozenset("0123456789０１２３４５６７８９.,+-/—－")
