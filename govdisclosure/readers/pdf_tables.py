"""Ruled tables: lattice → cells with their words → one table over page breaks → Grid.

Parts are joined by the places of their columns, not by their number: a part can miss columns that a cell
spanning them hides. What goes on over the break is decided by the text: a line that is full goes on, a new
number （四） or 3. begins something new.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from govdisclosure.model import Grid, GridCell
from govdisclosure.readers.pdf_drawn import Lattice
from govdisclosure.readers.pdf_page import FIGURE, GHOST, Box, Word
from govdisclosure.readers.pdf_text import cell_text, fills, is_vertical, lines_of, where

ALIGNED = 4.0  # points by which the same column edge may differ between two pages
FRAME = 0.85  # share of a cell's sides that a frame or shading fills, and no figure
ENUMERATED = re.compile(r"\s*[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．:：](?!\d)")
VALUE = re.compile(r"[\s\d,.，．+\-—–/%件个项元万\ufffc⁰¹²³⁴-⁹⁽⁾①-⑳]*$")
OPENED, CLOSED = "（(“「", "）)”」"


class Part(NamedTuple):
    """What of a cell stands on one page: ``row`` and ``column`` count within that page's table."""

    page: int
    table: int
    row: int
    column: int
    box: Box
    words: list[Word]


@dataclass(slots=True, eq=False)
class Cell:
    """One cell as drawn: elementary rows ``r0`` to ``r1`` and columns ``c0`` to ``c1`` (ends not included)."""

    r0: int
    c0: int
    r1: int
    c1: int
    parts: list[Part]
    known: tuple[int, str] = (0, "")

    @property
    def text(self) -> str:
        """What is printed in all parts."""
        if self.known[0] != len(self.parts):
            self.known = len(self.parts), cell_text([(p.box, p.words) for p in self.parts])
        return self.known[1]

    @property
    def is_label(self) -> bool:
        """Whether words are printed."""
        return not VALUE.match(self.text)

    @property
    def is_value(self) -> bool:
        """Whether a figure is printed."""
        return bool(self.text) and not self.is_label


@dataclass(slots=True)
class Table:
    """A ruled table, or the part of one that stands on one page. ``sheet`` counts pages and halves of pages;
    ``at``: the cell at each row and column of the part."""

    page: int
    sheet: int
    xs: list[float]
    ys: list[float]
    rows: int
    cells: list[Cell]
    at: list[list[Cell]]

    @property
    def box(self) -> Box:
        """The first part's borders."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def join(self, other: Table) -> None:
        """Put the next page's part under this one; a header that is printed again goes."""
        shift = self.xs[0] - other.xs[0]  # the right half of a sheet
        other.xs = [x + shift for x in other.xs]
        new = [x for x in other.xs if min(abs(x - edge) for edge in self.xs) > ALIGNED]
        edges = sorted(self.xs + new)
        for table in (self, other):
            places = [min(range(len(edges)), key=lambda i: abs(edges[i] - x)) for x in table.xs]
            for cell in table.cells:
                cell.c0, cell.c1 = places[cell.c0], places[cell.c1]
        self.xs, self.sheet = edges, other.sheet
        header = self._repeated(other)
        cells = [cell for cell in other.cells if cell.r0 >= header]
        if cells:
            self._stack(cells, other.rows, header)

    def _repeated(self, other: Table) -> int:
        """How many first rows repeat this table's first rows. Rows with figures repeat nothing."""
        best = 0
        for rows in range(1, min(other.rows, self.rows) + 1):
            ours = [cell for cell in other.cells if cell.r0 < rows]
            texts = [cell for cell in ours if cell.r1 >= rows and cell.text]
            if not texts or any(cell.is_value for cell in texts):
                break
            if _shape(ours) == _shape([cell for cell in self.cells if cell.r0 < rows]):
                best = rows
        return best

    def _stack(self, cells: list[Cell], rows: int, header: int) -> None:
        above = {(c.c0, c.c1): c for c in self.cells if c.r1 == self.rows}
        below = {(c.c0, c.c1): c for c in cells if c.r0 == header}
        cut = _row_is_cut(above, below)
        goes_on = {key for key in below if cut or key in above and _goes_on(key, above, below)}
        offset = self.rows - header - cut
        for cell in cells:
            key, first = (cell.c0, cell.c1), cell.r0 == header
            cell.r0, cell.r1 = cell.r0 + offset, cell.r1 + offset
            if first and key in goes_on:
                above[key].parts += cell.parts
                above[key].r1 = cell.r1
            else:
                self.cells.append(cell)
        self.rows = rows + offset

    def grid(self, sure: dict[int, dict[int, float]]) -> Grid:
        """The Grid; ``sure``: of recognised pages the confidence of each word."""
        rows: list[list[GridCell | None]] = [[None] * (len(self.xs) - 1) for _ in range(self.rows)]
        for cell in self.cells:
            place = " + ".join(
                where(p.page, p.box, f", table {p.table}, row {p.row + 1}, column {p.column + 1}")
                for p in cell.parts
            )
            seen = [
                sure[p.page].get(c.order, 0) for p in cell.parts if p.page in sure for c in p.words
            ]
            least = min(seen, default=1.0) if any(p.page in sure for p in cell.parts) else None
            size = (cell.r1 - cell.r0, cell.c1 - cell.c0)
            made = GridCell(cell.text, place, cell.r0, cell.c0, *size, least)
            for row in rows[cell.r0 : cell.r1]:
                row[cell.c0 : cell.c1] = [made] * size[1]
        first = f", table {self.cells[0].parts[0].table}"
        return Grid(tuple(map(tuple, rows)), where(self.page, self.box, first))


def _shape(cells: list[Cell]) -> set[tuple]:
    return {(c.r0, c.r1, c.c0, c.c1, re.sub(r"\s", "", c.text)) for c in cells}


def _row_is_cut(above: dict, below: dict) -> bool:
    """Whether the last row above and the first row below are one row, cut by the page break.

    Then the same cells stand above and below, no figure stands on both sides, all figures on one side, and
    labels go on, or the rows have a label on one side only.
    """
    pairs = [(above[key], below[key]) for key in above if key in below]
    both = [(a, b) for a, b in pairs if a.text and b.text]
    sides = (above.values(), below.values())
    values = all(any(cell.is_value for cell in side) for side in sides)
    labels = all(any(c.is_label and c.r1 - c.r0 == 1 for c in side) for side in sides)
    return (
        len(pairs) == len(above) == len(below)
        and not values
        and bool(both or not labels)
        and all(_text_goes_on(a, b) for a, b in both)
    )


def _goes_on(key: tuple[int, int], above: dict, below: dict) -> bool:
    """Whether the cell below continues the one above although its row is a new one: a group's label."""
    a, b = above[key], below[key]
    if a.is_value or b.is_value:
        return False
    for row in (above, below):
        if not any(c.is_label for (c0, _), c in row.items() if c0 >= key[1]):
            return False  # no label at the right: it is the row's own
    tall = a.r1 - a.r0 > 1 or b.r1 - b.r0 > 1 or ENUMERATED.match(a.text)
    return not (a.text and b.text) or bool(tall) and _text_goes_on(a, b)


def _text_goes_on(a: Cell, b: Cell) -> bool:
    """Whether b's text reads on from a's: no new number, and a's last line full or a bracket still open."""
    text = a.text
    if ENUMERATED.match(b.text):
        return False
    if sum(map(text.count, OPENED)) > sum(map(text.count, CLOSED)) or text[-1] in "，、；,":
        return True
    (*_, box, before), after = a.parts[-1], b.parts[0].words
    if not before or not after or is_vertical(before):
        return bool(before)
    return fills(box, lines_of(before)[-1], lines_of(after)[0])


def table_of(lattice: Lattice, page: int, sheet: int, number: int) -> Table:
    """The cells of a lattice, still without words: those that no wall parts, to the right first, then down.

    Where a border is missing the open region may be no rectangle; this order then keeps the rows apart.
    """
    xs, ys = lattice.xs, lattice.ys
    right, below = lattice.right.tolist(), lattice.below.tolist()
    rows, columns = len(ys) - 1, len(xs) - 1
    at: list[list] = [[None] * (columns + 1) for _ in range(rows)]
    cells = []
    for r in range(rows):
        for c in range(columns):
            if at[r][c]:
                continue
            c1, r1 = c + 1, r + 1
            while not right[r][c1 - 1] and not at[r][c1]:
                c1 += 1
            while r1 < rows and not any(below[r1 - 1][c:c1]) and _walled(right[r1], c, c1):
                r1 += 1
            part = Part(page, number, r, c, (xs[c], ys[r], xs[c1], ys[r1]), [])
            cells.append(Cell(r, c, r1, c1, [part]))
            for row in at[r:r1]:
                row[c:c1] = cells[-1:] * (c1 - c)
    return Table(page, sheet, xs, ys, rows, cells, at)


def _walled(walls: list[bool], c0: int, c1: int) -> bool:
    return walls[c1 - 1] and not any(walls[c0 : c1 - 1]) and (c0 == 0 or walls[c0 - 1])


def place(tables: list[Table], words: list[Word]) -> list[Word]:
    """Put each word into the cell it lies in (the smallest table first); what is left is returned.

    A word that crosses a wall is put letter by letter where the letters' middles lie; but a figure is not torn, it goes
    whole to the cell that holds nothing else, else to the one that holds most of it.
    """
    order = sorted(tables, key=lambda t: (t.xs[-1] - t.xs[0]) * (t.ys[-1] - t.ys[0]))
    rest: list[Word] = []
    torn: list[Word] = []
    for word in words:
        y = word.middle[1]
        home = _home(order, word.x0, y)
        if home is not _home(order, word.x1, y):
            torn.append(word)
        else:
            (home.parts[0].words if home else rest).append(word)
    for word in torn:
        letters = [*word.letters()] if word.run >= 0 else [word]
        homes = [_home(order, *letter.middle) for letter in letters]
        if FIGURE.issuperset(word.text):
            letters, homes = [word], [_whole_home(homes)]
        for letter, home in zip(letters, homes):
            (home.parts[0].words if home else rest).append(letter)
    for table in tables:
        for cell in table.cells:
            cell.parts[0].words[:] = _seen(cell.parts[0])
    return [word for word in rest if word.run != GHOST]


def _whole_home(homes: list[Cell | None]) -> Cell | None:
    """The cell of a figure whose letters stand in these: one that is empty else, then the one with most of them."""
    share = Counter(homes)
    return min(share, key=lambda cell: (not cell or bool(cell.parts[0].words), -share[cell]))


def _home(tables: list[Table], x: float, y: float) -> Cell | None:
    for table in tables:
        xs, ys = table.xs, table.ys
        if xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1]:
            return table.at[bisect_right(ys, y) - 1][bisect_right(xs, x) - 1]
    return None


def _seen(part: Part) -> list[Word]:
    """A cell's words: pictures in it that are no frame, shading or ground; undrawn text only where it is alone."""
    text = [word for word in part.words if word.run >= 0]
    if len(text) == len(part.words):
        return text
    x0, y0, x1, y1 = part.box

    def shown(word: Word) -> bool:
        if word.run == GHOST:
            return not text
        inside = x0 - 2 < word.x0 and word.x1 < x1 + 2 and y0 - 2 < word.y0 and word.y1 < y1 + 2
        wide, high = word.x1 - word.x0, word.y1 - word.y0
        frame = wide > FRAME * (x1 - x0) and high > FRAME * (y1 - y0)
        middles = [word.middle for word in text]
        ground = any(word.x0 < x < word.x1 and word.y0 < y < word.y1 for x, y in middles)
        return inside and not frame and not ground

    return text + [word for word in part.words if word.run < 0 and shown(word)]
