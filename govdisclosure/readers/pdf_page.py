"""One PDF page as PDFium sees it: its characters, its drawn rules and its pictures.

Everything is in points of the page as shown (rotation applied), origin top left, y downwards.
PDFium is not thread-safe: read PDFs in processes, never in threads.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field
from itertools import compress, pairwise, repeat
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.errors import LimitError
from govdisclosure.readers.pdf_marks import needs_settling, settle
from govdisclosure.readers.pdf_raw import (
    char_boxes,
    char_texts,
    drawn_objects,
    form_objects,
    handle,
    path_facts,
)

MAX_CHARS = 60_000  # a dense A3 page holds some 10,000
MAX_OBJECTS = 150_000  # drawing objects of one page
MAX_SEGMENTS = 60_000  # path segments of one page
MAX_DEPTH = 6  # form XObjects inside form XObjects
THIN = 3.5  # a filled box at most this thick is a rule; cells are never that thin

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


class Char(NamedTuple):
    """One printed character; ``base`` is its baseline, ``spaced`` whether a typed space stands before it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    spaced: bool
    index: int


class Rule(NamedTuple):
    """A drawn straight line: ``at`` is y of a horizontal, x of a vertical one; from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """What stands on one page.

    ``hidden`` counts the characters that have no Unicode value, ``invisible`` those drawn invisibly (the text layer
    of a scan). ``sure`` has the confidence of each character by its index where the page was recognised (OCR).
    """

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    hidden: int = 0
    invisible: int = 0
    sure: dict[int, float] = field(default_factory=dict)


def load_page(document, number: int, report: str) -> Page:
    """Page ``number`` (from 1) of an open ``pypdfium2.PdfDocument``.

    Raises LimitError where the page holds more than a printed page ever does.
    """
    raw = document[number - 1]
    text = raw.get_textpage()
    try:
        media, crop = raw.get_mediabox(), raw.get_cropbox()
        bounds = (*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:]))
        count = pdfium.FPDFText_CountChars(text.raw)
        if count > MAX_CHARS:
            raise LimitError(
                report, f"at most {MAX_CHARS} characters on page {number}", seen=str(count)
            )
        place, size = _placer(bounds, _turn(raw.raw, text.raw, count))
        page = Page(number, *size)
        _read_chars(text.raw, count, place, page)
        _read_objects(raw.raw, place, page, report)
        if page.pictures:
            page.invisible = sum(_is_invisible(text.raw, char.index) for char in page.chars)
        return page
    finally:
        text.close()
        raw.close()


def _is_invisible(text, index: int) -> bool:
    item = pdfium.FPDFText_GetTextObject(text, index)
    return (
        bool(item)
        and pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _placer(bounds, turn: int):
    """Function (x, y) → place on the page as shown (numbers or arrays), and the page's (width, height)."""
    left, bottom, right, top = bounds  # as the file has them, before any rotation
    size = (right - left, top - bottom)
    if turn == 0:
        return (lambda x, y: (x - left, top - y)), size
    if turn == 1:
        return (lambda x, y: (y - bottom, x - left)), size[::-1]
    if turn == 2:
        return (lambda x, y: (right - x, y - bottom)), size
    return (lambda x, y: (top - y, right - x)), size[::-1]


def _turn(page, text, count: int) -> int:
    """Quarter turns that set the page upright.

    A landscape table is often printed sideways on an upright page, so where nearly all characters lie one
    way, they decide, and the page's own rotation only where they do not.
    """
    sample = range(0, count, max(1, count // 24))
    turns = [
        -round(pdfium.FPDFText_GetCharAngle(text, i) / (math.pi / 2)) % 4
        for i in sample
        if pdfium.FPDFText_GetUnicode(text, i) > 32
    ]
    common = max(set(turns), key=turns.count, default=0)
    if len(turns) >= 8 and turns.count(common) > 0.8 * len(turns):
        return common
    return pdfium.FPDFPage_GetRotation(page)


def _read_chars(text, count: int, place, page: Page) -> None:
    """Fill ``page.chars``; blanks are kept only as the mark ``spaced`` of what follows."""
    letters = char_texts(text, count)
    page.hidden = sum(letter in UNMAPPED for letter in letters)
    left, top, right, bottom, x, y = char_boxes(text, count).T
    (x0, y0), (x1, y1) = place(left, top), place(right, bottom)
    x0, x1, y0, y1 = (
        numpy.minimum(x0, x1),
        numpy.maximum(x0, x1),
        numpy.minimum(y0, y1),
        numpy.maximum(y0, y1),
    )
    base = place(x, y)[1]
    placed = numpy.isfinite(
        x0 + y0 + x1 + y1 + base
    )  # a matrix of the file can lead out of all numbers: such a character is nowhere
    page.hidden += count - int(placed.sum())
    columns = [
        letters,
        *(part.tolist() for part in (x0, y0, x1, y1, base)),
        repeat(False),
        range(count),
    ]
    spaced = False
    chars = []
    for char in map(Char._make, compress(zip(*columns), placed.tolist())):
        if char[0].isspace() or char[0] < " ":
            spaced = (
                spaced or char[0] in " \u3000" and not pdfium.FPDFText_IsGenerated(text, char.index)
            )
        elif spaced:
            chars.append(char._replace(spaced=True))
            spaced = False
        else:
            chars.append(char)
    solid = [char.index for char in chars]
    doubt = needs_settling(x0[solid], y0[solid], x1[solid], y1[solid], page.width, page.height)
    page.chars = settle(chars, text, place, page.width, page.height) if doubt else chars


UNMAPPED = frozenset(("\ufffd", "\ufffe", "\uffff", "\x00"))


def _read_objects(raw, place, page: Page, report: str) -> None:
    budget = [MAX_OBJECTS - pdfium.FPDFPage_CountObjects(raw), MAX_SEGMENTS]
    if budget[0] > 0:
        _walk(drawn_objects(raw), IDENTITY, place, page, budget, 0)
    page.across, page.down, page.pictures = (
        [thing for thing in things if math.isfinite(sum(thing))]
        for things in (page.across, page.down, page.pictures)
    )
    if min(budget) < 0:
        raise LimitError(
            report,
            f"at most {MAX_OBJECTS} objects and {MAX_SEGMENTS} line segments on a page",
            seen=f"more on page {page.number}",
            advice="A drawing, not a report: take the page out.",
        )


def _walk(objects, matrix: Matrix, place, page: Page, budget: list[int], depth: int) -> None:
    _read_paths(
        [at for kind, at in objects if kind == pdfium.FPDF_PAGEOBJ_PATH],
        matrix,
        place,
        page,
        budget,
    )
    for kind, item in [
        (kind, handle(at)) for kind, at in objects if kind != pdfium.FPDF_PAGEOBJ_PATH
    ]:
        if min(budget) < 0:
            return
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = _place_box(_bounds(item), matrix, place)
            _add_filled(box, page) or page.pictures.append(box)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            budget[0] -= max(pdfium.FPDFFormObj_CountObjects(item), 0)
            if budget[0] > 0:
                _walk(
                    form_objects(item),
                    _times(_matrix(item), matrix),
                    place,
                    page,
                    budget,
                    depth + 1,
                )


def _bounds(item) -> Box:
    l, b, r, t = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, l, b, r, t)
    return l.value, b.value, r.value, t.value


def _matrix(item) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _apply(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _place_box(box: Box, matrix: Matrix, place) -> Box:
    corners = [place(*_apply(matrix, x, y)) for x in box[::2] for y in box[1::2]]
    xs, ys = zip(*corners)
    return min(xs), min(ys), max(xs), max(ys)


def _read_paths(paths: list[int], matrix: Matrix, place, page: Page, budget: list[int]) -> None:
    """Straight pieces of paths become rules: strokes along their middle, thin filled boxes along theirs.

    A filled box and a single stroke are told by their bounds, all at once; only the rest is followed point by point.
    """
    if not paths:
        return
    modes, counts, bounds = path_facts(paths)
    fill, stroke = modes.astype(bool).T
    xs, ys = _apply(matrix, bounds[:, [0, 0, 2, 2]], bounds[:, [1, 3, 1, 3]])
    xs, ys = place(xs, ys)
    boxes = numpy.stack((xs.min(1), ys.min(1), xs.max(1), ys.max(1)), 1)
    thin = numpy.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THIN
    box = fill & ~stroke & (counts <= 5)  # more is a dotted border: thousands of boxes in one path
    simple = thin & (box | stroke & (counts == 2))
    _add_thin(boxes[simple], page)
    for i in numpy.flatnonzero((fill | stroke) & ~simple & ~box).tolist():
        budget[1] -= int(counts[i])
        if budget[1] < 0:
            return
        _read_path(handle(paths[i]), int(counts[i]), bool(stroke[i]), matrix, place, page)


def _add_thin(boxes: numpy.ndarray, page: Page) -> None:
    """Thin boxes as rules along their middle; a dot is a rule both ways."""
    x0, y0, x1, y1 = boxes.T
    for found, keep, columns in (
        (page.across, x1 - x0 >= y1 - y0, ((y0 + y1) / 2, x0, x1)),
        (page.down, y1 - y0 >= x1 - x0, ((x0 + x1) / 2, y0, y1)),
    ):
        found += map(Rule._make, zip(*(column[keep].tolist() for column in columns)))


def _read_path(item, count: int, stroke: bool, matrix: Matrix, place, page: Page) -> None:
    for outline in _outlines(item, count, _times(_matrix(item), matrix), place):
        xs, ys = zip(*outline)
        thin = (
            _add_filled((min(xs), min(ys), max(xs), max(ys)), page) if len(outline) > 2 else False
        )
        if stroke and not thin:
            for start, end in pairwise(outline):
                _add_stroke(start, end, page)


def _outlines(item, count: int, matrix: Matrix, place) -> list[list[tuple[float, float]]]:
    """The subpaths of a path as lists of points; a closed one ends where it began. Curves are left out."""
    outlines: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = place(*_apply(matrix, x.value, y.value))
        if kind == pdfium.FPDF_SEGMENT_LINETO and outlines:
            outlines[-1].append(point)
        else:  # a move, or a curve: its end begins a new run of straight pieces
            outlines.append([point])
        if pdfium.FPDFPathSegment_GetClose(segment):
            outlines[-1].append(outlines[-1][0])
    return [outline for outline in outlines if len(outline) > 1]


def _add_stroke(start: tuple[float, float], end: tuple[float, float], page: Page) -> None:
    (x0, y0), (x1, y1) = start, end
    if abs(y0 - y1) <= 0.7 and abs(x0 - x1) > 0.7:
        page.across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x0 - x1) <= 0.7 and abs(y0 - y1) > 0.7:
        page.down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _add_filled(box: Box, page: Page) -> bool:
    """Add a thin filled box as a rule; False for a fat one, which is shading."""
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    if min(wide, high) > THIN:
        return False
    if wide >= high:
        page.across.append(Rule((y0 + y1) / 2, x0, x1))
    if high >= wide:
        page.down.append(Rule((x0 + x1) / 2, y0, y1))
    return True
