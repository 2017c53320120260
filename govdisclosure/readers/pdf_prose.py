"""Characters outside tables → lines in reading order: columns of prose, and tables set by position alone."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from govdisclosure.readers.pdf_loose import (
    Loose,
    Row,
    fine_pieces,
    is_foreign,
    is_title,
    stretch,
    usual_size,
)
from govdisclosure.readers.pdf_page import Box, Char
from govdisclosure.readers.pdf_text import em, is_vertical, line_text, lines_of

GAP = 1.5  # character widths between cells of a line that is set like a table's row
ROWS = 2  # as many such lines make a table set by position
MANY = 4  # a line of more cells is one alone
FOOT = 3  # and so is a header at the foot of a page, with so few lines under it
BETWEEN = 4  # other lines (wrapped labels, group labels) that may stand between two of its rows
COLUMN_LINES = 5  # lines on each side of a gutter that make two columns of prose
COLUMN_CHARS = 8  # and the characters that a line of them has at least, on average

_FIGURE = re.compile(r"[\s\d,.，．+\-—–/%]+(?:[件个项元条]|万元)?$")


class Line(NamedTuple):
    """A line (or a cell of one). ``left``/``right``: the margins of the column that it stands in."""

    text: str
    page: int
    box: Box
    base: float
    size: float
    left: float
    right: float


def read_lines(
    chars: list[Char], page: int, bounds: tuple[float, float] | None = None
) -> list[Line | Loose]:
    """The lines of a page (or of a box with the given left and right edge), in reading order; tables set by position."""
    runs = _runs(chars)
    rows = [_pieces(row) for row in lines_of([c for run in runs[0] for c in run])]
    rows = _insert(rows, [[run] for run in runs[1]])
    flat = _flat_rows(rows)
    lines: list[Line | Loose] = []
    start = 0
    for end in [*(i for i, (a, b) in enumerate(pairwise(flat), 1) if a != b), len(rows)]:
        part = rows[start:end]
        if part and flat[start]:
            lines.append(
                Loose(page, [fine_pieces([c for piece in row for c in piece]) for row in part])
            )
        else:
            lines += _prose_lines(part, page, bounds)
        start = end
    return lines


def _runs(chars: list[Char]) -> tuple[list[list[Char]], list[list[Char]]]:
    """Horizontal text (as one run), and each run of vertical text: a group's label in a table without rules."""
    upright, vertical, run = [], [], []
    for char in chars:
        if run and not _next_down(run[-1], char):
            (vertical if len(run) >= 4 else upright).append(run)
            run = []
        run.append(char)
    if run:
        (vertical if len(run) >= 4 else upright).append(run)
    return upright, [run for run in vertical if is_vertical(run)] if vertical else []


def _next_down(a: Char, b: Char) -> bool:
    """Whether b stands right under a, as in vertical writing."""
    return (
        abs(a.x0 + a.x1 - b.x0 - b.x1) < 0.8 * (b.x1 - b.x0)
        and a.text > "~"
        and b.text > "~"
        and 0.5 * (b.y1 - b.y0) < b.base - a.base < 3 * (b.y1 - b.y0)
    )


def _insert(rows: list[list[list[Char]]], runs: list[list[list[Char]]]) -> list[list[list[Char]]]:
    """Vertical runs among the rows, each before the row that it begins beside."""
    return sorted(rows + runs, key=lambda row: row[0][0].base) if runs else rows


def _pieces(row: list[Char]) -> list[list[Char]]:
    """A line cut at its wide gaps."""
    limit = GAP * em(row)
    pieces = [[row[0]]]
    for before, char in pairwise(row):
        if char.x0 - before.x1 > limit:
            pieces.append([])
        pieces[-1].append(char)
    return pieces


def _flat_rows(rows: list[list[list[Char]]]) -> list[int]:
    """For each row the number of the table set by position that it belongs to, 0 for prose.

    A table is a run of rows of cells, with few other lines between; its header and wrapped labels belong to it.
    """
    like = [i for i, row in enumerate(rows) if _like_a_row(row)]
    flat = [0] * len(rows)
    if not like:
        return flat
    size = usual_size([rows[i] for i in like])
    runs: list[list[int]] = []
    for i in like:
        if (
            runs
            and i - runs[-1][-1] <= BETWEEN + 1
            and not any(is_foreign(row, size) for row in rows[runs[-1][-1] + 1 : i])
        ):
            runs[-1].append(i)
        else:
            runs.append([i])
    for number, run in enumerate(runs, 1):
        at_foot = run[-1] + FOOT >= len(rows)
        if (
            len(run) >= ROWS
            and any(_figures(rows[i]) for i in run)
            or any(len(rows[i]) > MANY or at_foot for i in run)
        ):
            start, end = stretch(rows, run[0], run[-1] + 1)
            for i in range(start, end):
                flat[i] = 0 if is_title(rows, i, end) else number if flat[i] == 0 else flat[i]
    return flat


def _like_a_row(row: list[list[Char]]) -> bool:
    return len(row) >= 3 or len(row) == 2 and _figures(row)


def _figures(row: list[list[Char]]) -> bool:
    return any(_FIGURE.match("".join(c.text for c in piece)) for piece in row[1:])


def plain_lines(page: int, row: Row) -> list[Line]:
    """The pieces of a line, each a Line."""
    return [_line(piece.chars, page, 0.0, 0.0) for piece in row]


def _line(chars: list[Char], page: int, left: float, right: float) -> Line:
    text = (
        "".join(c.text for c in chars)
        if len(chars) > 3 and is_vertical(chars)
        else line_text(chars)
    )
    x0, x1 = min(c.x0 for c in chars), max(c.x1 for c in chars)
    box = (x0, min(c.y0 for c in chars), x1, max(c.y1 for c in chars))
    return Line(text, page, box, chars[-1].base, em(chars), left, right)


def _prose_lines(rows: list[list[list[Char]]], page: int, bounds) -> list[Line]:
    gutter = None if bounds else _gutter(rows)
    if gutter is None:
        return _column([[c for piece in row for c in piece] for row in rows], page, bounds)
    lines: list[Line] = []
    left, right = [], []
    for row in rows:
        if any(piece[0].x0 < gutter < piece[-1].x1 for piece in row):  # a line over both columns
            lines += _both(left, right, page)
            lines += _column([[c for piece in row for c in piece]], page, bounds)
            left, right = [], []
            continue
        for side, inside in (
            (left, [c for p in row for c in p if c.x0 < gutter]),
            (right, [c for p in row for c in p if c.x0 >= gutter]),
        ):
            if inside:
                side.append(inside)
    return lines + _both(left, right, page)


def _both(left: list[list[Char]], right: list[list[Char]], page: int) -> list[Line]:
    """The left column, then the right one, each with its own margins."""
    return [
        line
        for rows in (left, right)
        if rows
        for line in _column(
            rows, page, (min(row[0].x0 for row in rows), max(row[-1].x1 for row in rows))
        )
    ]


def _column(rows: list[list[Char]], page: int, bounds) -> list[Line]:
    """Lines of one column; margins of 0 are for `set_margins` to find."""
    if not rows:
        return []
    left, right = bounds or (0.0, 0.0)
    return [_line(row, page, left, right) for row in rows]


def _gutter(rows: list[list[list[Char]]]) -> float | None:
    """x of the gap between two columns of prose, None where the page has one column."""
    starts = sorted(
        piece[0].x0 for row in rows for piece in row[1:] if len(piece) >= COLUMN_CHARS // 2
    )
    starts += [row[0][0].x0 for row in rows if len(row) == 1]
    if len(starts) < COLUMN_LINES:
        return None
    for x in sorted(
        set(round(s) for s in starts), key=lambda s: -sum(abs(s - t) < 3 for t in starts)
    )[:3]:
        if _is_gutter(rows, x - 3.0):
            return x - 3.0
    return None


def _is_gutter(rows: list[list[list[Char]]], x: float) -> bool:
    """Whether enough full lines end before x, as many begin after it beside them, and hardly any crosses."""
    left = [piece for row in rows for piece in row if piece[-1].x1 <= x]
    right = [piece for row in rows for piece in row if piece[0].x0 >= x]
    if min(len(left), len(right)) < COLUMN_LINES:
        return False
    if any(sum(map(len, side)) / len(side) < COLUMN_CHARS for side in (left, right)):
        return False
    crossing = sum(piece[0].x0 < x < piece[-1].x1 for row in rows for piece in row)
    beside = sum(any(abs(p[0].base - q[0].base) < 6 for q in left) for p in right)
    return crossing <= 0.4 * min(len(left), len(right)) and beside >= COLUMN_LINES


def set_margins(lines: list[Line]) -> list[Line]:
    """Give the lines of one-column pages the margins that the document keeps to, page width by page width.

    One page can have a single short line; only all pages together show how far a full line reaches.
    """
    open_lines = [line for line in lines if line.right == 0]
    if not open_lines:
        return lines
    lefts, rights = sorted(l.box[0] for l in open_lines), sorted(l.box[2] for l in open_lines)
    left, right = lefts[len(lefts) // 50], rights[-1 - len(rights) // 50]
    return [line._replace(left=left, right=right) if line.right == 0 else line for line in lines]
