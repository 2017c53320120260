"""Tables set by position alone: which lines of a page make one up, and how they fall into bands.

A band is a header and the rows of figures under it; its columns are its own (table 二 changes them with each item).
`pdf_loose_grid` makes a Grid of a band.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from govdisclosure.readers.pdf_page import Box, Char
from govdisclosure.readers.pdf_text import em, line_text

WORD_GAP = (
    0.4  # character widths that part two cells where a Chinese character stands beside the gap
)
FIGURE_GAP = 0.8  # and where digits stand on both sides: closer ones are one letter-spaced number
SAME_SIZE = 0.1  # share by which the letters of one table differ at most
CLOSE = 2.4  # line pitch in character widths within a table
HEADER = 12  # lines of a header at most
VALUE = re.compile(r"(?:[\s\d,.，．+\-—–/%％]+(?:件|个|项|元|条|万元)?|无|不适用)$")
_TITLE = re.compile(r"[一二三四五六七八九十]{1,2}、")
_SENTENCE = "。；！？"


@dataclass(slots=True)
class Piece:
    """A stretch of a line without a wide gap: a cell, or a line of one."""

    chars: list[Char]
    text: str
    x0: float
    x1: float
    base: float
    size: float

    @property
    def is_value(self) -> bool:
        return bool(VALUE.match(self.text))

    @property
    def box(self) -> Box:
        return self.x0, min(c.y0 for c in self.chars), self.x1, max(c.y1 for c in self.chars)


Row = list[Piece]


@dataclass(slots=True)
class Loose:
    """A stretch of a page set by position: lines of pieces, from the top down."""

    page: int
    rows: list[Row]

    @property
    def box(self) -> Box:
        boxes = [piece.box for row in self.rows for piece in row]
        x0, y0, x1, y1 = zip(*boxes)
        return min(x0), min(y0), max(x1), max(y1)


@dataclass(slots=True)
class Band:
    """Lines of one header, and of the rows under it, each with its page."""

    heads: list[tuple[int, Row]] = field(default_factory=list)
    body: list[tuple[int, Row]] = field(default_factory=list)

    @property
    def edge(self) -> float:
        """Left edge of the leftmost figure."""
        return min((p.x0 for _, row in self.body for p in row if p.is_value), default=float("inf"))


def piece(chars: list[Char]) -> Piece:
    """One stretch of a line."""
    left = chars[0].x0
    return Piece(
        chars,
        line_text(chars),
        left,
        max(left + 0.1, *(c.x1 for c in chars)),
        chars[0].base,
        em(chars),
    )


def fine_pieces(chars: list[Char]) -> Row:
    """A line of a table cut at every gap that may part two cells."""
    size = em(chars)
    parts = [[chars[0]]]
    for before, char in pairwise(chars):
        limit = WORD_GAP if before.text > "~" or char.text > "~" else FIGURE_GAP
        if char.x0 - before.x1 > limit * size:
            parts.append([])
        parts[-1].append(char)
    return [piece(part) for part in parts]


def is_figure_row(row: Row) -> bool:
    """Whether a line holds figures of a row."""
    return any(p.is_value for p in row)


def stretch(rows: list[list[list[Char]]], start: int, end: int) -> tuple[int, int]:
    """Widen the run start..end of table lines by the header lines above and the wrapped label lines under it."""
    size = _usual([piece_ for row in rows[start:end] for piece_ in row])
    edge = min(
        (p.x0 for row in rows[start:end] for p in fine_pieces(_whole(row)) if p.is_value),
        default=0.0,
    )
    while (
        start
        and _belongs(rows[start - 1], rows[start], size)
        and not _TITLE.match(_text(rows[start - 1]))
    ):
        start -= 1
    while (
        end < len(rows)
        and _belongs(rows[end - 1], rows[end], size)
        and _whole(rows[end])[-1].x1 < edge
        and not _TITLE.match(_text(rows[end]))
        and not VALUE.match(_text(rows[end]))
    ):
        end += 1
    return start, end


def is_foreign(row: list[list[Char]], size: float) -> bool:
    """Whether a line amid a table is none of its own: set in larger letters, or a sentence."""
    whole = _whole(row)
    return len(row) == 1 and (em(whole) > size * (1 + SAME_SIZE) or whole[-1].text in _SENTENCE)


def is_title(rows: list[list[list[Char]]], i: int, end: int) -> bool:
    """Whether row ``i`` is a section's title between two tables: numbered, with a header before the next figures."""
    if len(rows[i]) > 1 or not _TITLE.match(_text(rows[i])):
        return False
    cut = [fine_pieces(_whole(row)) for row in rows[i + 1 : min(end, i + 1 + HEADER)]]
    edge = min((p.x0 for row in cut for p in row if p.is_value), default=0.0)
    for row in cut:
        if is_figure_row(row):
            return False
        if len(row) > 1 and row[-1].x1 > edge:
            return True
    return False


def usual_size(rows: list[list[list[Char]]]) -> float:
    """The letters' size in most lines."""
    return _usual([part for row in rows for part in row])


def _usual(parts: list[list[Char]]) -> float:
    sizes = sorted(em(part) for part in parts if any(c.text > "~" for c in part)) or [em(parts[0])]
    return sizes[len(sizes) // 2]


def _belongs(above: list[list[Char]], below: list[list[Char]], size: float) -> bool:
    a, b = _whole(above), _whole(below)
    same = all(
        abs(em(x) - size) <= SAME_SIZE * size or all(c.text <= "~" for c in x) for x in (a, b)
    )
    return (
        same
        and 0 <= b[0].base - a[0].base <= CLOSE * size
        and a[-1].text not in _SENTENCE
        and b[-1].text not in _SENTENCE
    )


def _whole(row: list[list[Char]]) -> list[Char]:
    return [char for part in row for char in part]


def _text(row: list[list[Char]]) -> str:
    return "".join(c.text for c in _whole(row)).strip()


def bands(parts: list[Loose]) -> list[Band]:
    """The bands of a table, over its pages. A header begins a new one."""
    found = [Band()]
    for part in parts:
        for at, row in enumerate(part.rows):
            band = found[-1]
            if is_figure_row(row):
                band.body.append((part.page, row))
            elif not band.body or row[-1].x1 > band.edge + 2:
                if band.body:
                    found.append(Band())
                    found[-1].heads += _loose_end(band)
                found[-1].heads.append((part.page, row))
            else:
                band.body.append((part.page, row))
    return [band for band in found if band.body or band.heads]


def _loose_end(band: Band) -> list[tuple[int, Row]]:
    """Lines under the last row too far to be its label: the title of the next item."""
    last = max(i for i, (_, row) in enumerate(band.body) if is_figure_row(row))
    rest = band.body[last + 1 :]
    while rest and _wraps(band.body[last], rest[0]):
        last, rest = last + 1, rest[1:]
    band.body = band.body[: last + 1]
    return rest


def _wraps(above: tuple[int, Row], below: tuple[int, Row]) -> bool:
    label = [p for p in above[1] if not p.is_value]
    return (
        above[0] == below[0]
        and below[1][0].base - above[1][0].base < 1.6 * below[1][0].size
        and (not label or any(abs(p.x0 - q.x0) < q.size for p in label for q in below[1]))
    )
