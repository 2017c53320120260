"""Words with their boxes, as programs print what is on a PDF's pages → Lines with x in points.

Read are pdftotext -bbox-layout and -tsv (Tesseract's TSV is the same), pdftohtml -xml, MuPDF's HTML, and printed tuples
of PyMuPDF's words.
"""

from __future__ import annotations

import re
from html import unescape

from ..model import Line, Piece
from . import limits
from .notations import NOTATIONS

_NUMBER = r"(-?\d{1,9}(?:\.\d{1,18})?)"
_START = 20_000
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\S+")


def has_boxes(text: str) -> bool:
    """Whether the text is a print of words with boxes."""
    return _format(text) is not None


def _format(text: str) -> list[str] | None:
    """What begins a page, a word, and its sides."""
    known = [form for form in NOTATIONS["boxes"] if form[0] in text[:_START]]
    forms = ([page, word.replace("N", _NUMBER), sides] for _, page, word, sides in known)
    return next((form for form in forms if re.search(form[1], text[:_START], re.M)), None)


def boxed_lines(text: str, report: str) -> list[Line]:
    """The words as lines, page by page. Raises LimitError."""
    form = _format(text)
    if form is None:
        return []
    page, word, sides_named = form
    pages: list[list[Line]] = []
    for found in re.finditer(rf"(?P<page>{page})|{word}", text, re.M):
        if found["page"] is not None:
            pages.append([])
        elif pages:
            _, *numbers, printed = found.groups()
            sides = dict(zip(sides_named.split(), map(float, numbers)))
            pages[-1] += _words(unescape(_TAG.sub("", printed)), sides, len(pages))
            limits.check(report, "words", len(pages[-1]), limits.BLOCKS)
    return [line for page in pages for line in _page_lines(page)]


def _words(text: str, sides: dict[str, float], page: int) -> list[Line]:
    """The words in a box, each with its share of it, as lines of one piece."""
    left, top = sides["x0"], sides["y0"]
    bottom = sides.get("y1", top + sides.get("height", 0))
    width = sides.get("width", (bottom - top) * len(text) / (2 if text.isascii() else 1))
    step = (sides.get("x1", left + width) - left) / max(1, len(text))
    words = [(m[0], left + step * m.start(), left + step * m.end()) for m in _WORD.finditer(text)]
    where = f"page {page}"
    return [Line((Piece(w, where, x0, x1),), where, top, bottom, page) for w, x0, x1 in words]


def _page_lines(words: list[Line]) -> list[Line]:
    """Words of a page as its lines: those whose middles are within 0.4 of a word's height."""
    rows: list[list[Line]] = []
    for word in sorted(words, key=lambda word: word.top + word.bottom):
        first = rows[-1][0] if rows else word
        low = min(word.bottom - word.top, first.bottom - first.top)
        if rows and (word.top + word.bottom - first.top - first.bottom) / 2 <= 0.4 * low:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_joined(row, f"{row[0].where}, line {number}") for number, row in enumerate(rows, 1)]


def _joined(words: list[Line], where: str) -> Line:
    pieces = sorted((word.pieces[0] for word in words), key=lambda piece: piece.x0)
    spaced = (p._replace(where=where, mark=" " if n else "") for n, p in enumerate(pieces))
    top, bottom = min(word.top for word in words), max(word.bottom for word in words)
    return Line(tuple(spaced), where, top, bottom, words[0].page)
