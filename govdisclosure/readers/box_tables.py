"""Tables drawn with characters (+---+, │, ╠) → cells, where every row has its rules.

The drawing is taken as it stands: what no rule and no bar parts is one cell, over however many
lines it is wrapped. A table whose rows no rule parts, or whose drawing is broken, is left to be
read line by line.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise, product
from typing import NamedTuple

from .placing import Placed

_BOX = range(0x2500, 0x2580)
_STROKES = dict.fromkeys(_BOX, "+")
_STROKES |= dict.fromkeys(map(ord, "=─━┄┅╌╍═╳╴╶╸╺╼╾"), "-")
_STROKES |= dict.fromkeys(map(ord, "｜│┃┆┇┊┋╎╏║╵╷╹╻╽╿"), "|")
_FIGURE = re.compile(r"[-+]?[\d,]*\.?\d+%?")
_RULE_PART = re.compile(r"\+[-+]*-[-+]*\+")
_FEWEST_RULES, _LARGEST = 3, 500_000  # places: lines times bars
_ROW_BY_ROW = 5  # rules: a frame with a header has three, and figures under each other in it are of several rows
_WIDTHS = ((2, 1), (2, 2), (1, 1))  # of a wide character, and of one that is wide in some fonts


class _Drawing(NamedTuple):
    """A table's lines, a place for each column of the print: as printed, and with its strokes as
    ``+ - |``.
    """

    printed: list[list[str]]
    strokes: list[str]
    bars: list[int]
    row_by_row: bool  # whether rules part all its rows


def drawn_tables(lines: list[str]) -> Iterator[tuple[int, int, list[Placed]]]:
    """(first line, the line behind the last, cells) of each table that can be read as it is
    drawn.
    """
    start, rules = 0, 0
    for number, line in enumerate([*lines, ""]):
        bare = line.strip().translate(_STROKES)
        if bare[:1] in ("+", "|") and bare[-1] in "+|" and len(bare) > 2:
            rules += _RULE_PART.search(bare) is not None
            continue
        if rules >= _FEWEST_RULES and (cells := _cells(lines[start:number])):
            yield start, number, cells
        start, rules = number + 1, 0


def _cells(lines: list[str]) -> list[Placed]:
    """The cells of a drawing; none where it is broken or its rows are not ruled."""
    drawing = next(filter(None, (_drawing(lines, *widths) for widths in _WIDTHS)), None)
    if drawing is None or len(lines) * len(drawing.bars) > _LARGEST:
        return []
    areas = _areas(drawing)
    rows = sorted({min(line for line, _ in area) for area in areas})
    found = []
    for area in areas:
        top, left = min(area)
        bottom, right = max(area)
        text = _text(drawing, top, bottom, drawing.bars[left], drawing.bars[right + 1])
        if len(area) != (bottom - top + 1) * (right - left + 1) or text is None:
            return []
        row = bisect_left(rows, top)
        found.append(Placed(text, row, left, bisect_right(rows, bottom) - row, right - left + 1))
    return found


def _drawing(lines: list[str], wide: int, doubtful: int) -> _Drawing | None:
    """The lines in columns, or None where they do not end in the same one."""
    size = {"W": wide, "F": wide, "A": doubtful}
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    printed = []
    for line in lines:
        row: list[str] = []
        for character in line.rstrip()[indent:]:
            drawn = ord(character) in _BOX
            width = 1 if drawn else size.get(unicodedata.east_asian_width(character), 1)
            row += [character, *[""] * (width - 1)]
        printed.append(row)
    if len(set(map(len, printed))) > 1:
        return None
    strokes = ["".join(c.translate(_STROKES) or " " for c in row) for row in printed]
    ruled = [(line, m) for line in strokes for m in _RULE_PART.finditer(line)]
    bars = sorted({m.start() + at for _, m in ruled for at, c in enumerate(m[0]) if c == "+"})
    framed = bars[:1] + bars[-1:] == [0, len(printed[0]) - 1]
    ruled_often = sum("+-" in line for line in strokes) >= _ROW_BY_ROW
    return _Drawing(printed, strokes, bars, ruled_often) if framed else None


def _areas(drawing: _Drawing) -> list[set[tuple[int, int]]]:
    """What no stroke parts: sets of (line, column)."""
    strokes, bars = drawing.strokes, drawing.bars
    spans = list(pairwise(bars))
    ruled = {
        (line, column)
        for line, (column, (left, right)) in product(range(len(strokes)), enumerate(spans))
        if _is_ruled(strokes[line][left : right + 1])
    }
    places = set(product(range(len(strokes)), range(len(spans)))) - ruled
    areas = []
    for first in sorted(places):
        reached = [first] if first in places else []
        places.discard(first)
        for line, column in reached:
            near = [(line - 1, column), (line + 1, column)]
            near += [(line, column - 1)] * (strokes[line][bars[column]] not in "+|")
            near += [(line, column + 1)] * (strokes[line][bars[column + 1]] not in "+|")
            reached += places.intersection(near)
            places.difference_update(near)
        areas += [set(reached)] * bool(reached)
    return areas


def _is_ruled(part: str) -> bool:
    """Whether a rule runs from bar to bar: +---+, ---+ and --- where it goes on, never | --- |."""
    inner = set(part[1:-1]) == {"-"}
    return inner and ("+" in (part[0], part[-1]) or part[0] == part[-1] == "-")


def _text(drawing: _Drawing, top: int, bottom: int, left: int, right: int) -> str | None:
    """The words in a cell, joined where a line broke for want of room. None where rows are not
    ruled and figures stand under each other.
    """
    parts = [row[left + 1 : right] for row in drawing.printed[top : bottom + 1]]
    room = len(parts[0]) - 2 * all(part[0].isspace() for part in parts)
    lines: list[str] = []
    above = 0  # how wide the line above is
    for part in parts:
        kept = [at for at, character in enumerate(part) if character and not character.isspace()]
        words = "".join(part).strip()
        if drawing.row_by_row and above and kept and above + _run(part[kept[0] :]) > room:
            lines[-1] += words
        elif kept:
            lines.append(words)
        above = kept[-1] - kept[0] + _run(part[kept[-1] :]) if kept else 0
    alone = len(lines) < 2 or not any(map(_FIGURE.fullmatch, lines))
    return "\n".join(lines) if drawing.row_by_row or alone else None


def _run(part: list[str]) -> int:
    """How wide the number or the character is that stands first."""
    number = part[0].isdigit()
    ends = (at for at, c in enumerate(part) if at and c and not (number and c.isdigit()))
    return next(ends, len(part))
