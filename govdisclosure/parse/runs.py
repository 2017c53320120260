"""Flattened text → runs: pieces of text recognised as labels, and the figures between them.

A label may have been cut over several lines (自然 / 人) or stand with its figures on one line; what joins
the pieces again is the form's own labels.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category

from ..model import Paragraph
from ..normalize import fold, number, readings
from .grids import UNIT_WORDS
from .lexicon import NOTHING, Lexicon, Meanings

MOST_PIECES = 5
LETTER_SPACED = (
    2  # pieces this short may be the letters of a spaced label, so more of them may be one
)
LONGEST_LABEL = 120
MOST_SIGNS = 3
_LONE_NUMBER = re.compile(
    r"第?[一二三四五六七八九十]{1,3}[、.．，,：:]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．]"
)
_new = tuple.__new__
_OPEN, _CLOSE = "（([【", "）)]】"


class Piece(NamedTuple):
    """A run of text with its reading and what stood before it (see `model.Paragraph`)."""

    text: str
    where: str
    breaks: int
    marks: int
    column: int
    padding: int
    status: str


class Segment(NamedTuple):
    """One or more pieces that are one label (``matches``), one unknown text, or one value (``status``)."""

    text: str
    where: str
    breaks: int
    marks: int
    column: int
    padding: int
    status: str
    matches: Meanings = NOTHING

    @property
    def ended(self) -> int:
        """Marks that ended the line before, where this stands on a new line; else all marks before it."""
        return self.marks - self.column if self.breaks else self.marks


def pieces_of(paragraphs: list[Paragraph], words: Lexicon) -> list[Piece]:
    """Pieces with their reading; lines without column marks are cut at white space outside brackets and labels."""
    marked = sum(p.marks > 0 for p in paragraphs) > 5
    found: list[Piece] = []
    for i, p in enumerate(paragraphs):
        beside = p.marks or (
            i + 1 < len(paragraphs) and paragraphs[i + 1].marks and not paragraphs[i + 1].breaks
        )
        parts = [p.text] if marked or beside else _parts(p.text, words)
        for n, part in enumerate(parts):
            status = readings[part].status
            if status != "blank":
                before = (0, 0, 0, 0) if n else (p.breaks, p.marks, p.column, p.padding)
                found.append(Piece(part, p.where, *before, status))
    return found


def _parts(text: str, words: Lexicon) -> list[str]:
    """A line cut at white space; text parts in a row stay together where only together they are a label."""
    parts: list[str] = []
    run: list[str] = []
    for part in [*cut(text), None]:
        if part is not None and number(part).status == "unreadable":
            run.append(part)
            continue
        whole = "".join(run)
        together = (
            len(run) > 1
            and len(whole) <= LONGEST_LABEL
            and _score(words, whole) > max(_score(words, r) for r in run)
        )
        parts += [whole] if together else run
        run = []
        parts += [] if part is None else [part]
    return parts


def cut(text: str) -> list[str]:
    """A line cut at white space, but not inside brackets: '55（含自然失效 29 件）' is one cell.

    >>> cut("规章 0 0 55（含自然失效 29 件） 五、 存在的问题")
    ['规章', '0', '0', '55（含自然失效 29 件）', '五、存在的问题']
    """
    whole = text.split()
    if len(whole) < 2:
        return whole or [""]
    parts, depth = [], 0
    for part in whole:
        if depth > 0 and parts:
            parts[-1] += " " + part
        elif parts and _LONE_NUMBER.fullmatch(parts[-1]) and number(part).status == "unreadable":
            parts[-1] += part
        else:
            parts.append(part)
        depth += sum(part.count(c) for c in _OPEN) - sum(part.count(c) for c in _CLOSE)
        if depth > 0 and len(parts[-1]) > LONGEST_LABEL:
            depth = 0
    return parts


def segments(pieces: list[Piece], words: Lexicon) -> list[Segment]:
    """Pieces joined to labels: in each run of text, the cutting that makes most of it known labels."""
    found: list[Segment] = []
    start = 0
    while start < len(pieces):
        piece = pieces[start]
        if piece.status != "unreadable":
            found.append(_new(Segment, (*piece, NOTHING)))
            start += 1
            continue
        end = start
        while end < len(pieces) and pieces[end].status == "unreadable":
            end += 1
        found += _cut_run(pieces[start:end], words)
        start = end
    return found


def _cut_run(run: list[Piece], words: Lexicon) -> list[Segment]:
    if len(run) == 1:
        return [_segment(run, words)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    texts = [fold(p.text) for p in run]
    single = [_score(words, p.text) for p in run]
    signs = [_is_sign(p.text) for p in run]
    for end in range(1, len(run) + 1):
        options = [(best[end - 1][0], end - 1)]
        joined = ""
        for begin in range(end - 1, -1, -1):
            if end - begin > MOST_PIECES and len(texts[begin]) > LETTER_SPACED:
                break
            joined = texts[begin] + joined
            if len(joined) > LONGEST_LABEL:
                break
            whole = end - begin > 1
            if whole and (signs[begin] or signs[end - 1]):
                break
            score = _score(words, joined if whole else run[begin].text)
            if score and not (whole and score < max(single[begin:end])):
                options.append(
                    (best[begin][0] + (score - 0.4) * len(joined) - 0.3 * (end - begin - 1), begin)
                )
            if run[begin].marks:
                break  # a column mark is never inside a label
        best.append(max(options, key=lambda o: (o[0], o[1])))
    cuts, end = [], len(run)
    while end:
        begin = best[end][1]
        cuts.append((begin, end))
        end = begin
    return [_segment(run[b:e], words) for b, e in reversed(cuts)]


def _is_sign(text: str) -> bool:
    """□, ★ or * says something in a cell of its own; a label compares alike with or without it, so it would be lost there.

    Brackets, quotes and the like may be a label's own, cut off it by a line end.
    """
    return len(text) <= MOST_SIGNS and all(category(c)[0] == "S" or c in "*※" for c in text)


def _score(words: Lexicon, text: str) -> float:
    return words.find(text).score


def _segment(run: list[Piece], words: Lexicon) -> Segment:
    text = run[0].text if len(run) == 1 else "".join(fold(p.text) for p in run)
    status = "unit" if fold(text) in UNIT_WORDS else "unreadable"
    return Segment(text, *run[0][1:6], status, words.find(text))
