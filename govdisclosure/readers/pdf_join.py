"""Ruled tables across pages: the parts of one table become one table, and what the break cut becomes whole.

Parts are joined by the places of their columns, not by their number: a part can miss columns that a cell
spanning them hides. What goes on over the break is decided by the open border where the page draws one,
else by the text: a line that is full goes on, a new number （四） or 3. begins something new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from govdisclosure.readers.pdf_grid import Drawn, Ruled
from govdisclosure.readers.pdf_page import Box, Char
from govdisclosure.readers.pdf_text import cell_text, fills, is_vertical, lines_of

ALIGNED = 4.0  # points by which the same column edge may differ between two pages
ENUMERATED = re.compile(r"\s*[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．:：](?!\d)")
VALUE = re.compile(r"[\s\d,.，．+\-—–/%0-9件个项元万]*$")
OPENED, CLOSED = "（(“「", "）)”」"


@dataclass(slots=True)
class Part:
    """The piece of a cell that stands on one page: ``row`` and ``column`` count within that page's table."""

    page: int
    table: int
    row: int
    column: int
    box: Box
    chars: list[Char]


@dataclass(slots=True)
class Joined:
    """A cell of a joined table, in its rows and columns (ends not included)."""

    r0: int
    c0: int
    r1: int
    c1: int
    parts: list[Part]
    text: str = ""

    def write(self) -> None:
        """Set ``text`` from all parts."""
        self.text = cell_text([(part.box, part.chars) for part in self.parts])


@dataclass(slots=True)
class Table:
    """A whole table. ``xs`` are its column edges, ``rows`` the number of its rows."""

    xs: list[float]
    cells: list[Joined]
    rows: int
    last: Ruled
    head: list[Joined] = field(default_factory=list)


def begin(ruled: Ruled, number: int) -> Table:
    """A table of one part, the ``number``-th table of its page."""
    xs = list(ruled.lattice.xs)
    cells = [_joined(cell, ruled, number, range(len(xs)), 0) for cell in ruled.cells]
    return Table(xs, cells, len(ruled.lattice.ys) - 1, ruled, cells)


def _joined(cell: Drawn, ruled: Ruled, number: int, columns, offset: int) -> Joined:
    part = Part(ruled.page, number, cell.r0, cell.c0, cell.box, cell.chars)
    joined = Joined(cell.r0 + offset, columns[cell.c0], cell.r1 + offset, columns[cell.c1], [part])
    joined.write()
    return joined


def same_columns(table: Table, ruled: Ruled) -> bool:
    """Whether a part can be the same table's: left and right border stand where the table's do."""
    xs = ruled.lattice.xs
    return abs(table.xs[0] - xs[0]) <= ALIGNED and abs(table.xs[-1] - xs[-1]) <= ALIGNED


def extend(table: Table, ruled: Ruled, number: int) -> None:
    """Put the next page's part under ``table``."""
    columns = _align(table, ruled)
    cells = [_joined(cell, ruled, number, columns, 0) for cell in ruled.cells]
    header = _repeated_rows(table, cells)
    cells = [cell for cell in cells if cell.r0 >= header]
    rows = len(ruled.lattice.ys) - 1
    if rows > header:
        _stack(table, cells, rows, header, _open_columns(ruled, columns) if not header else None)
    table.last = ruled


def _align(table: Table, ruled: Ruled) -> list[int]:
    """Column edge of the part → column edge of the table; edges that the table lacks are added to it."""
    merged = sorted(
        table.xs + [x for x in ruled.lattice.xs if min(abs(x - t) for t in table.xs) > ALIGNED]
    )
    if len(merged) > len(table.xs):
        moved = [_nearest(merged, x) for x in table.xs]
        for cell in table.cells:
            cell.c0, cell.c1 = moved[cell.c0], moved[cell.c1]
        table.xs = merged
    return [_nearest(merged, x) for x in ruled.lattice.xs]


def _nearest(edges: list[float], x: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - x))


def _shape(cells: list[Joined], rows: int) -> set[tuple]:
    return {(c.r0, c.r1, c.c0, c.c1, re.sub(r"\s", "", c.text)) for c in cells if c.r0 < rows}


def _repeated_rows(table: Table, cells: list[Joined]) -> int:
    """How many first rows repeat the table's first rows. Rows with figures repeat nothing."""
    best = 0
    height = max((cell.r1 for cell in cells), default=0)
    for rows in range(1, min(height, table.rows) + 1):
        ours = [cell for cell in cells if cell.r0 < rows]
        last = [cell for cell in ours if cell.r1 >= rows]
        if any(cell.text and VALUE.match(cell.text) for cell in last) or not any(
            cell.text for cell in last
        ):
            break
        whole = all(cell.r1 <= rows for cell in ours)
        if whole and _shape(ours, rows) == _shape(table.head, rows):
            best = rows
    return best


def _open_columns(ruled: Ruled, columns: list[int]) -> set[int] | None:
    """Table columns above which the part's upper border is not drawn; None where that says nothing.

    It says nothing where the whole border is drawn (word processors close every page's part) or none is.
    """
    top = ruled.lattice.top
    if all(top) or not any(top):
        return None
    return {
        c for i, drawn in enumerate(top) if not drawn for c in range(columns[i], columns[i + 1])
    }


def _stack(
    table: Table, cells: list[Joined], rows: int, header: int, opened: set[int] | None
) -> None:
    above = {(c.c0, c.c1): c for c in table.cells if c.r1 == table.rows}
    below = {(c.c0, c.c1): c for c in cells if c.r0 == header}
    cut = opened is None and _row_is_cut(above, below)
    offset = table.rows - header - cut
    goes_on = (
        set(below)
        if cut
        else {key for key in below if key in above and _goes_on(key, above, below, opened)}
    )
    for cell in cells:
        key = (cell.c0, cell.c1)
        if cell.r0 == header and key in goes_on:
            whole = above[key]
            whole.parts += cell.parts
            whole.r1 = cell.r1 + offset
            whole.write()
        else:
            cell.r0, cell.r1 = cell.r0 + offset, cell.r1 + offset
            table.cells.append(cell)
    table.rows = rows + offset


def _row_is_cut(above: dict, below: dict) -> bool:
    """Whether the last row above and the first row below are one row, cut by the page break.

    Then the same cells stand above and below, no figure stands on both sides, all figures on one side, and
    labels go on, or the rows have a label on one side only.
    """
    if set(above) != set(below):
        return False
    single = [(above[key], below[key]) for key in sorted(above)]
    both = [(a, b) for a, b in single if a.text and b.text]
    if any(not text_goes_on(a, b) for a, b in both):
        return False
    values_above = any(a.text and VALUE.match(a.text) for a, b in single)
    values_below = any(b.text and VALUE.match(b.text) for a, b in single)
    if values_above and values_below:
        return False
    labels_above = any(a.text and not VALUE.match(a.text) for a, b in single if a.r1 - a.r0 == 1)
    labels_below = any(b.text and not VALUE.match(b.text) for a, b in single if b.r1 - b.r0 == 1)
    return bool(both) or not (labels_above and labels_below)


def _goes_on(key: tuple[int, int], above: dict, below: dict, opened: set[int] | None) -> bool:
    """Whether the cell below continues the one above although its row is a new one: a group's label."""
    a, b = above[key], below[key]
    if VALUE.match(a.text) and a.text or VALUE.match(b.text) and b.text:
        return False
    if opened is not None:
        return all(column in opened for column in range(*key))
    if not (_groups(key, above) and _groups(key, below)):
        return False
    if a.text and b.text:
        return text_goes_on(a, b) and (
            a.r1 - a.r0 > 1 or b.r1 - b.r0 > 1 or bool(ENUMERATED.match(a.text))
        )
    return True


def _groups(key: tuple[int, int], row: dict) -> bool:
    """Whether a label stands right of this cell, so that it is a group's and not the row's own."""
    return any(
        cell.text and not VALUE.match(cell.text) for (c0, _), cell in row.items() if c0 >= key[1]
    )


def text_goes_on(a: Joined, b: Joined) -> bool:
    """Whether b's text reads on from a's: no new number, and a's last line full or a bracket still open."""
    if ENUMERATED.match(b.text):
        return False
    opened = sum(a.text.count(c) for c in OPENED) > sum(a.text.count(c) for c in CLOSED)
    if opened or a.text[-1] in "，、；,":
        return True
    before, after = a.parts[-1], b.parts[0]
    if len(before.chars) > 1 and is_vertical(before.chars):
        return True
    return fills(before.box, lines_of(before.chars)[-1], lines_of(after.chars)[0])
