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
from itertools import pairwise

from .placing import Placed

_BOX = range(0x2500, 0x2580)
_STROKES = dict.fromkeys(_BOX, "+")
_STROKES |= dict.fromkeys(map(ord, "=─━┄┅╌╍═╳╴╶╸╺╼╾"), "-")
_STROKES |= dict.fromkeys(map(ord, "｜│┃┆┇┊┋╎╏║╵╷╹╻╽╿"), "|")
_FIGURE = re.compile(r"[-+]?[\d,]*\.?\d+%?")
_DRAWN = re.compile("[+|].+[+|]")
_RULE_PART = re.compile(r"\+[-+]*-[-+]*\+")
# A rule from bar to bar: +---+, ---+ and --- where it goes on, never | --- |.
_RULED = re.compile(r"\+-+.|.-+\+|---+")
_NUMBER_OR_CHARACTER = re.compile("(?:\\d\0?)+|.\0?")
_FEWEST_RULES, _LARGEST = 3, 500_000  # places: lines times bars
_ROW_BY_ROW = 5  # rules: a frame with a header has three, and figures under each other in it are of several rows
Area = list[tuple[int, int]]
_WIDTHS = ((2, 1), (2, 2), (1, 1))  # of a wide character, and of one that is wide in some fonts


def drawn_tables(lines: list[str]) -> Iterator[tuple[int, int, list[Placed]]]:
    """(first line, the line behind the last, cells) of each table that can be read as it is
    drawn.
    """
    start, rules = 0, 0
    for number, line in enumerate([*lines, ""]):
        bare = line.strip().translate(_STROKES)
        if _DRAWN.fullmatch(bare):
            rules += _RULE_PART.search(bare) is not None
            continue
        if rules >= _FEWEST_RULES and (cells := _cells(lines[start:number])):
            yield start, number, cells
        start, rules = number + 1, 0


def _cells(lines: list[str]) -> list[Placed]:
    """The cells of a drawing; none where it is broken or its rows are not ruled."""
    printed = next(filter(None, (_in_columns(lines, *widths) for widths in _WIDTHS)), [])
    strokes = [line.translate(_STROKES) for line in printed]
    corners = {
        at
        for line in strokes
        for part in _RULE_PART.finditer(line)
        for at in range(*part.span())
        if line[at] == "+"
    }
    bars = sorted(corners)
    framed = printed and bars[:1] + bars[-1:] == [0, len(printed[0]) - 1]
    areas = _areas(strokes, bars) if framed and len(lines) * len(bars) <= _LARGEST else []
    row_by_row = sum("+-" in line for line in strokes) >= _ROW_BY_ROW
    rows = sorted({area[0][0] for area in areas})
    found = []
    for area in areas:
        (top, left), (bottom, right) = area[0], area[-1]
        parts = [row[bars[left] + 1 : bars[right + 1]] for row in printed[top : bottom + 1]]
        text = _text(parts, row_by_row)
        if len(area) != (bottom - top + 1) * (right - left + 1) or text is None:
            return []
        row = bisect_left(rows, top)
        found.append(Placed(text, row, left, bisect_right(rows, bottom) - row, right - left + 1))
    return found


def _in_columns(lines: list[str], wide: int, doubtful: int) -> list[str]:
    """The lines, a place for each column of the print; none where they do not end in the same."""
    size = {"W": wide, "F": wide, "A": doubtful}
    indent = min(len(line) - len(line.lstrip()) for line in lines)

    def placed(character: str) -> str:
        drawn = ord(character) in _BOX
        width = 1 if drawn else size.get(unicodedata.east_asian_width(character), 1)
        return character.ljust(width, " " if character.isspace() else "\0")

    printed = ["".join(map(placed, line.rstrip()[indent:])) for line in lines]
    return printed if len(set(map(len, printed))) == 1 else []


def _areas(strokes: list[str], bars: list[int]) -> list[Area]:
    """What no stroke parts, each the (line, column) of its places; none where areas run together."""
    of: dict[tuple[int, int], Area] = {}
    for line, drawn in enumerate(strokes):
        for column, (left, right) in enumerate(pairwise(bars)):
            if _RULED.fullmatch(drawn, left, right + 1):
                continue
            above = of.get((line - 1, column))
            beside = None if drawn[left] in "+|" else of.get((line, column - 1))
            if above and beside and above is not beside:
                return []
            area = of[line, column] = above or beside or []
            area.append((line, column))
    return list({id(area): area for area in of.values()}.values())


def _text(parts: list[str], row_by_row: bool) -> str | None:
    """The words in a cell, joined where a line broke for want of room. None where rows are not
    ruled and figures stand under each other.
    """
    room = len(parts[0]) - 2 * all(part[:1].isspace() for part in parts)
    lines: list[str] = []
    above = ""
    for words in map(str.strip, parts):
        first = _NUMBER_OR_CHARACTER.match(words)
        if row_by_row and above and first and len(above) + first.end() > room:
            lines[-1] += words
        elif words:
            lines.append(words)
        above = words
    text = "\n".join(lines).replace("\0", "")
    several = len(lines) > 1 and any(map(_FIGURE.fullmatch, text.split("\n")))
    return text if row_by_row or not several else None
