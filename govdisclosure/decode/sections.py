"""A Document as printed lines, cut at the titles of its six sections; what is no table is the prose
of a section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, count, pairwise
from math import isnan, nan
from typing import NamedTuple

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from ..forms import ENUMERATED, LONE_NUMBER, ROW_LABEL, TITLES, UNIT_WORDS
from ..model import Document, Grid, GridCell, Heading, Line, Piece, Section
from ..text import Memory, fold, label
from .labels import WORTH, Match, align, votes

LONGEST_TITLE, LONGEST_WORDS = 48, 30
SAME_TITLE = 0.8
PROSE_IN_CELL = 60
INDENT = 1.2  # characters that the first line of a paragraph is indented at least
NEAR_MARGIN = 2.2  # characters that may be free at the end of a line that goes on in the next
MOST_IN_BRACKETS = 4
_NUMERALS = {c: i for i, c in enumerate("一二三四五六", 1)}
_TOP_NUMBER = re.compile(
    r"^(?:第?([一二三四五六])(?:部分)?[、.,:：)]|第([一二三四五六])部分|[(]([一二三四五六])[)])"
)
_RUN_IN = re.compile(r"^\s*([一二三四五六][、.．]\s*[^。：:，,；\s]{2,30})[。：:\s]\s*(\S.*)", re.S)
_MAY_BE_TITLE = re.compile(r"(?:^|\s)[第(（]?[一二三四五六](?:部分)?[、.．，,：:)）]")
_CORES = [(label(t).core, title.number) for title in TITLES for t in title.titles]
_WORDS = [core for core, _ in _CORES]
_ENDED = frozenset("。！？；：:;!?…”」）)")
_new = tuple.__new__
_OPEN, _CLOSE = "（([【", "）)]】"


class Slot(NamedTuple):
    """A printed piece, or a cell: ``x0``/``x1`` are points, columns of a text or columns of a grid,
    NaN where unknown.

    ``mark``: what sets it off from the one before ("" at the head of a line, "grid" between cells).
    ``shared``: it covers several rows. ``line``: the number of the line on which it stands, or of
    the grid's row in which it begins.
    """

    text: str
    where: str
    x0: float = nan
    x1: float = nan
    mark: str = ""
    confidence: float | None = None
    shared: bool = False
    line: int = -1


@dataclass(slots=True)
class Strip:
    """A printed line, or a row of a ``grid``: its pieces or cells, each once, and the section it
    belongs to.

    ``text``: its words; of a row with several texts "". ``vote``: the table whose labels it shows;
    ``table``: the one whose part it is.
    """

    slots: tuple[Slot, ...]
    text: str
    where: str
    grid: Grid | None = None
    section: int = 0
    is_title: bool = False
    vote: str = ""
    table: str | None = None
    x1: float = nan


def strips_of(document: Document) -> list[Strip]:
    """All lines in reading order, each with its section number (0: before the first title)."""
    numbers = count()
    strips: list[Strip] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            strips += [_grid_strip(block, row) for row in block.rows]
            continue
        if isinstance(block, Heading):
            block = Line((Piece(block.text, block.where),), block.where)
        strips += [_line_strip(part, next(numbers)) for part in _cut_at_titles(block)]
    found = [(i, *heading(strip.text)) for i, strip in enumerate(strips)]
    titles = _choose([candidate for candidate in found if candidate[1]])
    section = 0
    for i, strip in enumerate(strips):
        if i in titles:
            section, strip.is_title = titles[i], True
        strip.section = section
    return strips


def _grid_strip(grid: Grid, at: tuple[GridCell | None, ...]) -> Strip:
    slots: list[Slot] = []
    before: GridCell | None = None
    for cell in at:
        if cell is not None and cell is not before:
            text, where, row, x, height, width, confidence = before = cell
            own = (text, where, x, x + width, "grid", confidence, height > 1, row)
            slots.append(_new(Slot, own))
    filled = [slot for slot in slots if slot.text]
    text = filled[0].text if len(filled) == 1 else ""
    where = filled[0].where if filled else ""
    return Strip(tuple(slots), text, where, grid, vote=_vote([slot.text for slot in filled]))


def _vote(texts: list[str]) -> str:
    """The table that most of these texts are labels of, the first on a tie."""
    found = [vote for text in texts if (vote := votes[text])]
    return max(dict.fromkeys(found), key=found.count, default="")


def _line_strip(line: Line, number: int) -> Strip:
    pieces = line.pieces
    if len(pieces) == 1 and isnan(pieces[0].x0):
        pieces = _words(pieces[0])
    slots = [Slot(*piece, False, number) for piece in _whole_brackets(pieces)]
    for i in range(len(slots) - 1, 0, -1):
        if slots[i].x0 - slots[i - 1].x1 <= 1:  # one space in a text: no place of its own
            slots[i] = slots[i]._replace(x0=nan, x1=nan)
    texts = [line.text, *(slot.text for slot in slots if len(slots) > 1)]
    x1 = pieces[-1].x1 if pieces else nan
    return Strip(tuple(slots), line.text, line.where, vote=_vote(texts), x1=x1)


def _words(piece: Piece) -> tuple[Piece, ...]:
    """The words of a run that has no x, set off by white space."""
    parts = piece.text.split()
    return tuple(piece._replace(text=part, mark=" " if n else piece.mark) for n, part in enumerate(parts)) or (piece,)  # fmt: skip


def _whole_brackets(pieces: Sequence[Piece]) -> list[Piece]:
    """'55（含自然失效', '29', '件）' is one piece, and so are '五、' and its title, and '3', '件'; an unclosed
    bracket holds nothing.
    """
    found: list[Piece] = []
    i = 0
    while i < len(pieces):
        piece, end = pieces[i], i + 1
        if end < len(pieces) and pieces[end].mark == " ":
            unit = pieces[end].text in UNIT_WORDS and piece.text[-1:].isdigit()
            if LONE_NUMBER.fullmatch(piece.text) or unit:
                end += 1
            elif any(c in piece.text for c in _OPEN):  # to where it is closed, if not far away
                depth = accumulate(
                    sum((c in _OPEN) - (c in _CLOSE) for c in p.text)
                    for p in pieces[i : i + MOST_IN_BRACKETS]
                )
                end = next((n for n, open_ in enumerate(depth, end) if open_ <= 0), end)
        if end > i + 1:
            text = " ".join(p.text for p in pieces[i:end])
            piece = piece._replace(text=text, x1=pieces[end - 1].x1)
        found.append(piece)
        i = end
    return found


def _cut_at_titles(line: Line) -> list[Line]:
    """A section title that stands on a line with other text, cut off it; the line itself where
    there is none.
    """
    figures = len(line.pieces) > 1 and line.pieces[0].text.isdigit()
    if not _MAY_BE_TITLE.search(line.text) or heading(line.text)[0] and not figures:
        return [line]
    run_in = _RUN_IN.match(line.text) if len(line.pieces) == 1 else None
    if run_in and heading(run_in[1])[1] >= 1:
        parts = [[line.pieces[0]._replace(text=text)] for text in run_in.groups()]
    else:
        pieces = _whole_brackets([word for piece in line.pieces for word in _words(piece)])
        titles = [i for i, piece in enumerate(pieces) if heading(piece.text)[1] > 1]
        if not titles:
            return [line]
        edges = sorted({0, len(pieces), *titles, *(i + 1 for i in titles)})
        parts = [pieces[a:b] for a, b in pairwise(edges)]  # before, at and behind its titles
        if any(
            pieces[i].mark == " " and pieces[i - 1].where == pieces[i].where for i in titles if i
        ):
            # here no mark sets a title off from the cell before it: one alone between marks stands
            # behind a blank cell
            for before, (first, *_) in pairwise(parts):
                if first.mark == "|" and heading(first.text)[0]:
                    before.append(Piece("", first.where, mark="|"))
    return [line._replace(pieces=tuple(part)) for part in parts]


# --- titles ---------------------------------------------------------------------------------------


def heading(text: str) -> tuple[int, float]:
    """(section number, how sure) where ``text`` reads like a section title, else (0, 0).

    >>> heading("三、收到和处理政府信息公开申请情况")[0], heading("一、本年新收政府信息公开申请数量")
    (3, (0, 0))
    >>> heading("五、整改措施")[0], heading("今年共有问题12个")
    (5, (0, 0))
    """
    return _HEADINGS[text]


def _heading(text: str) -> tuple[int, float]:
    folded = "" if text.isascii() or len(text) > 4 * LONGEST_TITLE else fold(text)
    folded = folded.lstrip("#*").rstrip("*:：。.")
    if not 3 <= len(folded) <= LONGEST_TITLE or ROW_LABEL.search(folded):
        return 0, 0
    numbered = _TOP_NUMBER.match(folded)
    number = _NUMERALS[next(g for g in numbered.groups() if g)] if numbered else 0
    bracketed = bool(numbered and numbered[3])
    words = label(folded[numbered.end() :] if numbered else folded).core
    alike = extract(words, _WORDS, scorer=ratio, score_cutoff=100 * SAME_TITLE, limit=None)
    found = ((score / 100, _CORES[i][1]) for _, score, i in alike)
    score, titled = max(found, default=(0.0, 0))
    if titled and number == titled:
        return titled, score + (0.05 if bracketed else 0.3)
    if titled:
        return titled, score - (0.25 if bracketed else 0.2 if number else 0)
    if not number or bracketed or len(words) > LONGEST_WORDS:
        return 0, 0
    named = any(t.number == number and re.search(t.words, words) for t in TITLES)
    return number, 0.7 if named else 0.3


_HEADINGS = Memory(_heading, 32768)


def _choose(candidates: list[tuple[int, int, float]]) -> dict[int, int]:
    """{position: section number}: the increasing chain of titles with the most weight, later ones
    first on a tie.

    ``candidates`` are (position, section number, how sure) in reading order. A table of contents at
    the top loses to the real titles below it because ties go to what comes later.
    """
    options = [[Match("title", "", sure + WORTH, number - 1)] for _, number, sure in candidates]
    chosen = align(options, 6, later=True)
    return {place: number for (place, number, _), match in zip(candidates, chosen) if match}


# --- prose ----------------------------------------------------------------------------------------


def prose_of(strips: list[Strip], read: set[str]) -> tuple[Section, ...]:
    """The prose of each section; ``read`` are the tables that were read."""
    paragraphs: dict[int, list[str]] = {}
    heads: dict[int, Strip] = {}
    sides = [
        (s.slots[0].x0, s.x1) for s in strips if s.table not in read and s.slots and not isnan(s.x1)
    ]
    margins = min((x0 for x0, _ in sides), default=nan), max((x1 for _, x1 in sides), default=nan)
    before: Strip | None = None  # the line just before, where it is prose
    for strip in strips:
        long = len(strip.text) > (PROSE_IN_CELL if strip.grid else 0)
        last, before = before, None
        if strip.is_title:
            heads[strip.section] = strip
            paragraphs.setdefault(strip.section, [])
        elif long and strip.table not in read:
            found, before = paragraphs.setdefault(strip.section, []), strip
            if last and _goes_on(last, strip, margins):
                words = last.text[-1].isascii() and strip.text[0].isascii()  # no Chinese ones
                found[-1] += " " * words + strip.text
            else:
                found.append(strip.text)
    none = Strip((), "", "")
    return tuple(
        Section(n, heads.get(n, none).text, "\n".join(found), heads.get(n, none).where)
        for n, found in sorted(paragraphs.items())
    )


def _goes_on(before: Strip, strip: Strip, margins: tuple[float, float]) -> bool:
    """Whether a line goes on in the next: it reaches the right margin, no sentence ends there, no
    item begins, and the next line is not indented."""
    if isnan(before.x1) or isnan(strip.x1):
        return False
    size = (before.x1 - before.slots[0].x0) / len(before.text)
    full = before.x1 >= margins[1] - size * NEAR_MARGIN
    indented = strip.slots[0].x0 > margins[0] + size * INDENT
    ended = before.text[-1] in _ENDED or ENUMERATED.match(strip.text)
    return full and not indented and not ended
