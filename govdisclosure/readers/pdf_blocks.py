"""Words and rules of a page → lines, and ruled tables with their cells.

In a line, where words stand decides, not the blanks that the file or PDFium puts between them:
Chinese is justified, letter-spaced and wrapped without blanks, and a blank inside a Chinese word is
layout.

A lattice says where a table's rows and columns end and which walls stand between its cells. Parts
of a table on several pages are joined by the places of their columns, not by their number: a part
can miss columns that a cell spanning them hides. Rows and headers stay as they are printed, cut by
the break or printed again.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable
from itertools import chain, pairwise, product
from operator import attrgetter, itemgetter
from statistics import fmean, median
from typing import NamedTuple

import numpy

from govdisclosure.model import Grid, GridCell, Line, Piece
from govdisclosure.readers.pdf_drawn import STRIP, Box, TooMuch, overlap
from govdisclosure.readers.pdf_page import ACROSS, DOWN, GHOST, TOUCH, Page, Word
from govdisclosure.readers.placing import laid, raised, runs

WIDE = 2.0  # a gap of this many character widths is kept as a blank even between Chinese characters
TRACKED = 0.8  # digits closer than this are one letter-spaced number, unless a blank was typed between them

OVER = 0.4  # an overlap of so much of a character's width is no spacing
WORD = 0.2  # a gap between two Latin letters that is a blank
PADDING = 5.4  # points left and right of a cell's text in word processors (0.19 cm)
SMALL, RAISED = 0.87, 0.1  # a note mark is this much lower than the text, and so much off its line
BRACKETS = "()[]（）〔〕【】"  # of a mark: raised runs stand in raised brackets

_NUMBER_LINE = re.compile(r"[+-]?[\d,.]+%?$")

VERTICAL = 0.6  # steps from letter to letter that go down where text does
WALL = 0.5  # share of a cell's side that must be drawn
MAX_MEETINGS = 1_000_000  # pairs of rules that are looked at
CHAIN = 4  # rules that hang on each other by 3, 9, 27, 81; those of a table do by few
MAX_PLACES = 20_000  # a page of print holds no more cells
ALIGNED = 4.0  # points by which the same column edge may differ between two pages
FRAME = 0.85  # share of a cell's sides that a frame or shading fills, and no figure


def lines_of(words: list[Word]) -> list[list[Word]]:
    """Characters by baseline (box heights differ between fonts of one line), each line from left to
    right.

    A smaller character off the line that touches it is a note mark: it belongs to the line, in
    raised form.
    """
    rows = runs(sorted(words, key=_baseline), _on_line)
    return [_raise_marks(_struck_once(sorted(row, key=_left))) for row in rows]


_left, _baseline, _height = map(attrgetter, ("x0", "base", "height"))


def _on_line(row: list[Word], word: Word) -> bool:
    """Whether a word stands on the line of a row, or one of it and the row's last is small print
    beside the other.
    """
    if word.base - row[0].base <= 0.35 * word.height:
        return True
    small, large = sorted((row[-1], word), key=_height)
    return small.height <= SMALL * large.height and large.y0 < small.middle[1] < large.y1


def _struck_once(row: list[Word]) -> list[Word]:
    """Without what is struck twice for want of a bold face."""
    return row[:1] + [
        word
        for before, word in pairwise(row)
        if before.text != word.text or word.x0 - before.x0 > 0.2 * word.width
    ]


def _raise_marks(row: list[Word]) -> list[Word]:
    tallest = max(row, key=_height)
    for i, word in enumerate(row):
        off = abs(word.base - tallest.base) > RAISED * tallest.height
        if off and word.height <= SMALL * tallest.height:
            near, beside = 0.5 * word.height, row[max(i - 1, 0) : i] + row[i + 1 : i + 2]
            if any(w.x0 - word.x1 <= near and word.x0 - w.x1 <= near for w in beside):
                row[i] = word._replace(text=raised(word.text.strip(BRACKETS)))
    return row


def em(words: list[Word]) -> float:
    """Width of a full character in this line; punctuation of proportional fonts is narrower."""
    wide = [word.width / len(word.text) for word in words if word.text >= "\u2e80"]
    return (max(wide) if wide else 0.75 * median(word.height for word in words)) or 1.0


def line_text(words: list[Word]) -> str:
    """The text of one line, with a blank only where words are set off, and a line feed between
    figures that lie over each other.
    """
    size, first = em(words), words[0].text
    rest = [_set_off(*both, size) + both[1].text for both in pairwise(words)]
    return "".join([first, *rest]).replace("⁾⁽", "")


def _set_off(before: Word, word: Word, size: float) -> str:
    gap, last, first = word.x0 - before.x1, before.text[-1:], word.text[:1]
    level = abs(word.base - before.base) < OVER * word.height
    if level and gap < -OVER * size and last.isdigit() and first.isdigit():
        return "\n"
    near = WORD if last.isalpha() and first.isalpha() else TRACKED
    apart = (last <= "~" >= first) and (word.spaced or gap > near * size)
    return " " if apart or gap > WIDE * size else ""


def cell_text(box: Box, words: list[Word]) -> str:
    """The text of a cell that stands in a box.

    Wrapped Chinese is joined. Two lines of digits are one number where the next digit would not
    have fitted behind the first; where it would, a line feed says that this can't be told.
    """
    if len(words) < 2:  # most cells of a report hold one word
        return words[0].text if words else ""
    steps = len(words) - len(runs(words, _under))
    vertical = steps > VERTICAL * (sum(len(word.text) for word in words) - 1)
    lines = [(row, line_text(row)) for row in ([words] if vertical else lines_of(words))]
    text = lines[0][1]
    for upper, lower in pairwise(lines):
        text += _between(box, upper, lower) + lower[1]
    return text


def _between(box: Box, upper: tuple[list[Word], str], lower: tuple[list[Word], str]) -> str:
    (before, left), (after, right) = upper, lower
    if left[-1:] > "~" or right[:1] > "~":
        return ""
    if left[-1:].isalpha() or right[:1].isalpha():
        return " "
    one = len(left) > 1 and _NUMBER_LINE.match(left) and _NUMBER_LINE.match(right)
    wide = before[-1].x1 - before[0].x0 + after[0].width / len(after[0].text)
    return "" if one and wide > box[2] - box[0] - 2 * PADDING - 1 else "\n"


def read_lines(words: list[Word], page: Page) -> list[Line]:
    """The printed lines in pieces where a gap sets them apart; vertical writing by itself."""
    level, rows = [], []
    for run in runs(words, _under):
        if len(run) > 3:
            rows.append(run)
        else:
            level += run
    return [_line(_pieces(row), page) for row in rows + lines_of(level)]


def _under(column: list[Word], word: Word) -> bool:
    """Whether one Chinese character stands under another, or over it where the text was turned."""
    above = column[-1]
    step = abs(word.base - above.base) / word.height
    alone = len(above.text) == len(word.text) == 1 and above.text > "~" < word.text
    return alone and 0.4 < step < 3 and abs(above.middle[0] - word.middle[0]) < 0.4 * word.width


def _pieces(row: list[Word]) -> list[list[Word]]:
    limit = TRACKED * em(row)

    def touching(piece: list[Word], word: Word) -> bool:
        before = piece[-1]
        figures = word.spaced and before.text[-1:].isdigit() and word.text[:1].isdigit()
        return not figures and word.x0 - before.x1 <= limit

    return runs(row, touching)


def _line(pieces: list[list[Word]], page: Page) -> Line:
    made: list[Piece] = []
    for words in pieces:
        box = around(words)
        place, mark = where(page.number, box), " " if made else ""
        made.append(Piece(line_text(words), place, box[0], box[2], mark, _least_sure(words, page)))
    box = around(chain.from_iterable(pieces))
    return Line(tuple(made), where(page.number, box), box[1], box[3], page.number)


def _least_sure(words: list[Word], page: Page) -> float | None:
    return min((word.sure for word in words), default=1.0) if page.recognised else None


def around(words: Iterable[Word]) -> Box:
    """The box around words."""
    x0, y0, x1, y1 = zip(*(word[1:5] for word in words))
    return min(x0), min(y0), max(x1), max(y1)


def where(page: int, box: Box, more: str = "") -> str:
    """The place in words: page, what ``more`` says, and box in points from the page's top left.

    >>> where(4, (72, 100.5, 180.2, 118), ", table 1, row 3, column 2")
    'page 4, table 1, row 3, column 2 [72.0,100.5,180.2,118.0]'
    """
    x0, y0, x1, y1 = box
    return f"page {page}{more} [{x0:.1f},{y0:.1f},{x1:.1f},{y1:.1f}]"


class Cell(NamedTuple):
    """One cell as drawn: its first row and column, those behind its last, its box and its words."""

    row: int
    column: int
    below: int
    beyond: int
    box: Box
    words: list[Word]

    def shows(self, shape: Word) -> bool:
        """Whether what is no text stands in it for some: undrawn text where it is alone, else what
        is no frame, shading or ground of its words."""
        if shape.run == GHOST:
            return all(word.run < 0 for word in self.words)
        x0, y0, x1, y1 = self.box
        inside = x0 - 2 < shape.x0 and shape.x1 < x1 + 2 and y0 - 2 < shape.y0 and shape.y1 < y1 + 2
        frame = shape.width > FRAME * (x1 - x0) and shape.height > FRAME * (y1 - y0)
        middles = [word.middle for word in self.words if word.run >= 0]
        ground = any(shape.x0 < x < shape.x1 and shape.y0 < y < shape.y1 for x, y in middles)
        return inside and not frame and not ground


class Table(NamedTuple):
    """A ruled table, or the part of one that stands on one page.

    ``sheet`` counts pages and halves of pages, ``number`` the tables on one; ``xs`` and ``ys`` are
    the edges of columns and rows; ``at``: the cell at each row and column, and behind the last none.
    """

    page: Page
    sheet: int
    number: int
    ys: list[float]
    xs: list[float]
    at: list[list[Cell | None]]
    cells: list[Cell]

    def continues(self, above: Table) -> bool:
        """Whether it can be the same table's as the part on the page before: the outer borders
        stand where those do.

        Those of the right half of a sheet stand as far apart.
        """
        left, right = (above.xs[i] - self.xs[i] for i in (0, -1))
        there = abs(left) <= ALIGNED or above.page.number == self.page.number
        return self.sheet == above.sheet + 1 and there and abs(left - right) <= ALIGNED


def grid(parts: list[Table]) -> Grid:
    """The Grid of a table that may stand on several pages; columns by their place from the left
    border.
    """
    owns = [numpy.subtract(part.xs, part.xs[0]) for part in parts]
    edges = numpy.zeros(1)
    for own in owns:
        far = abs(numpy.subtract.outer(own, edges)).min(1) > ALIGNED
        edges = numpy.sort(numpy.append(edges, own[far]))
    cells, start = [], 0
    for part, own in zip(parts, owns):
        columns = abs(numpy.subtract.outer(own, edges)).argmin(1).tolist()
        rows = len(part.ys) - 1
        begun = any(cell.words for cell in part.cells if cell.row == rows - 1)
        rows -= not begun and part is not parts[-1]  # a break left no line of it on this page
        for cell in part.cells:
            if cell.row == rows:
                continue
            place = f", table {part.number}, row {cell.row + 1}, column {cell.column + 1}"
            first = columns[cell.column]
            cells.append(
                GridCell(
                    cell_text(cell.box, cell.words),
                    where(part.page.number, cell.box, place),
                    start + cell.row,
                    first,
                    min(cell.below, rows) - cell.row,
                    columns[cell.beyond] - first,
                    _least_sure(cell.words, part.page),
                )
            )
        start += rows
    head = parts[0]
    box = head.xs[0], head.ys[0], head.xs[-1], head.ys[-1]
    place = where(head.page.number, box, f", table {head.number}")
    return laid(start, len(edges) - 1, cells, place)


def tables_on(page: Page, sheet: int) -> list[Table]:
    """The tables that rules make on a page, from the top down, still without words. A frame about
    text is none.

    Raises TooMuch before a table is made that no report has.
    """
    if len(page.across) * len(page.down) > MAX_MEETINGS:
        raise TooMuch("a lattice of too many places")
    near = page.across[:, ACROSS] + (-TOUCH, -TOUCH, TOUCH, TOUCH)
    meet = overlap(near, page.down[:, DOWN]).astype(numpy.float32)
    for _ in range(CHAIN):  # all that hangs together
        meet = numpy.sign(meet @ meet.T @ meet)
    found = []
    for walls in numpy.unique(meet[meet.any(1)], axis=0) > 0:
        across, down = page.across[meet[:, walls].any(1)], page.down[walls]
        xs, ys = _edges(down, across), _edges(across, down)
        if len(xs) * len(ys) > MAX_PLACES:
            raise TooMuch("a lattice of too many places")
        if len(xs) > 2 and ys[-1] - ys[0] >= 2 * STRIP:
            drawn = _covered(down, xs, ys).T.tolist(), _covered(across, ys, xs).tolist()
            found.append((ys, xs, *_cells(ys, xs, *drawn)))
    found.sort(key=itemgetter(0, 1))
    return [Table(page, sheet, number, *lattice) for number, lattice in enumerate(found, 1)]


def _cells(ys, xs, walls, floors) -> tuple[list[list[Cell | None]], list[Cell]]:
    """The cells of a lattice, by place and one by one: those that no wall parts, to the right
    first, then down.

    Where a border is missing the open region may be no rectangle; this order then keeps the rows
    apart. ``walls[r][c]`` stands left of column c in row r, ``floors[r][c]`` above row r in column
    c.
    """
    at: list[list[Cell | None]] = [[None] * len(xs) for _ in ys]
    cells = []
    for r, c in product(range(len(ys) - 1), range(len(xs) - 1)):
        if at[r][c]:
            continue
        c1, r1 = c + 1, r + 1
        while not walls[r][c1]:
            c1 += 1
        sides = walls[r][c : c1 + 1]
        while not any(floors[r1][c:c1]) and walls[r1][c : c1 + 1] == sides:
            r1 += 1
        cell = Cell(r, c, r1, c1, (xs[c], ys[r], xs[c1], ys[r1]), [])
        cells.append(cell)
        for row in range(r, r1):
            at[row][c:c1] = [cell] * (c1 - c)
            walls[row][c] = True
    return at, cells


def _edges(rules, crossing) -> list[float]:
    """Edges of columns (or rows): the rules' places, and the outermost ends of the rules that cross
    them.

    A table open at a side (no border there, or cut by a page break) ends where its crossing rules
    end.
    """
    ats = rules[:, 0].tolist()
    ends = crossing[:, 1].min(), crossing[:, 2].max()
    ats += [float(end) for end in ends if not ats[0] - STRIP <= end <= ats[-1] + STRIP]
    ats.sort()
    return [fmean(group) for group in runs(ats, lambda group, at: at - group[0] <= STRIP)]


def _covered(rules, ats: list[float], edges: list[float]) -> numpy.ndarray:
    """[i, j]: whether a rule at ``ats[i]`` covers enough of the way between edges j and j + 1; the
    outermost are open or cut where none does.
    """
    place, start, end = rules.T[:, :, None]
    shared = numpy.minimum(edges[1:], end) - numpy.maximum(edges[:-1], start)
    found = (abs(ats - place).T <= STRIP) @ (shared >= WALL * numpy.diff(edges))
    found[[0, -1]] = True
    return found


def place(tables: list[Table], words: list[Word]) -> list[Word]:
    """Put each word into the cell it lies in (of the narrowest table); what is left is returned.

    A figure that crosses a wall goes to the cell that holds nothing else, else to the one that
    holds most of it.
    """
    tables = sorted(tables, key=lambda table: table.xs[-1] - table.xs[0])
    spots = []
    for word in words:
        x, y = word.middle
        reach = word.width * (1 - 1 / len(word.text)) / 2  # to the middle of the last letter
        cells = [_cell_at(tables, at, y) for at in (x, x - reach, x + reach)]
        spots.append((word.run < 0, cells[1] is not cells[2], word, cells))
    rest: list[Word] = []
    for _, _, word, cells in sorted(spots, key=itemgetter(0, 1)):  # each sees what came before it
        cell = next((one for one in cells if one and not one.words), cells[0])
        if cell and (word.run >= 0 or cell.shows(word)):
            cell.words.append(word)
        elif not cell and word.run != GHOST:
            rest.append(word)
    return rest


def _cell_at(tables: list[Table], x: float, y: float) -> Cell | None:
    for table in tables:
        if cell := table.at[bisect(table.ys, y) - 1][bisect(table.xs, x) - 1]:
            return cell
    return None
