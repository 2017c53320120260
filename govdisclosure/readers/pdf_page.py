"""One PDF page as it is seen: its characters, its drawn rules and its pictures.

Everything is in points of the page as shown (turned upright, straightened), origin top left, y downwards.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, compress
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.errors import LimitError, UnreadableFileError
from govdisclosure.readers.pdf_drawn import Box, Drawn, Rule, TooMuch
from govdisclosure.readers.pdf_raw import (
    UNREAD,
    Matrix,
    angles,
    apply,
    char_boxes,
    char_owners,
    char_texts,
    corners,
)
from govdisclosure.readers.pdf_seen import Ink, unseen

MAX_CHARS = 60_000  # a dense A3 page holds some 10,000
MAX_DRAWN = 200_000  # drawing objects and path segments of one page
SKEW = math.radians(3.6)  # a page turned by more, and by no quarter, is not read
STRAIGHT = 0.0004  # radians that move no line of a page by a quarter of a point
SLANT = 0.03  # radians by which print may lean; a watermark leans more
SMALLEST = 2.0  # points; print is never so low


MOST = 0.6  # share of the characters that decide which way is up
LEAST = 0.2  # share of the characters that are print, where the others are a watermark's
GUTTER = 6.0  # half the white between two pages or columns side by side
MASTHEAD = 0.4  # share of the page that what stands over both columns takes at most
LINES, PER_LINE, CHINESE = 5, 6, 0.4  # a half's lines, characters a line, share of them that are Chinese
MAX_NOTES = 5000
NOTE = 10.0  # points of a note's characters at most
UNSHOWN = 2 | 32  # flags of a note: hidden, no view
SHAPE, GHOST = -2, -3  # the ``run`` of a picture or outline, and of text that a file has but does not draw


class Char(NamedTuple):
    """One printed character; ``base`` is its baseline, ``spaced`` whether a typed space stands before it.

    ``index`` counts in the file's order; ``run`` is the text object that it belongs to.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    spaced: bool
    index: int
    run: int = 0


@dataclass(slots=True)
class Page:
    """What stands on one page.

    ``unread`` counts the characters whose font does not say what they are. ``sure`` has the confidence of each
    character by its index where the page was recognised (OCR).
    """

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    unread: int = 0
    sure: dict[int, float] = field(default_factory=dict)

    def halves(self) -> list[Page]:
        """The page; or, where two pages or columns stand side by side: what stands over both, the left, the right."""
        limit = MASTHEAD * self.height
        places = numpy.arange(0.4 * self.width, 0.6 * self.width, 4.0).tolist()
        spans = [(r.at, r.start, r.end) for r in self.across]
        for base, x0, x1 in chain(spans, ((c.base, c.x0, c.x1) for c in reversed(self.chars))):
            if base > limit:
                places = [x for x in places if x1 < x - GUTTER or x0 > x + GUTTER]
                if not places:
                    return [self]
        middle = places[len(places) // 2]
        head = max((c.base for c in self.chars if c.x0 < middle < c.x1), default=0.0)
        for left in (True, False):
            side = [c for c in self.chars if (c.x0 < middle) is left and c.base > head]
            lines = len({round(c.base) for c in side})
            chinese = sum(c.text >= "\u2e80" for c in side)
            if lines < LINES or len(side) < PER_LINE * lines or chinese < CHINESE * len(side):
                return [self]
        parts = [Page(self.number, self.width, self.height, sure=self.sure) for _ in range(3)]
        for kind in ("chars", "across", "down"):
            for thing in getattr(self, kind):
                y = thing.start if kind == "down" else thing.base if kind == "chars" else thing.at
                x = thing.at if kind == "down" else thing.x0 if kind == "chars" else thing.start
                getattr(parts[0 if y <= head else 1 + (x > middle)], kind).append(thing)
        return parts if parts[0].chars else parts[1:]


def load_page(document, number: int, report: str, layers: bool) -> Page:
    """Page ``number`` (from 1) of an open ``pypdfium2.PdfDocument``; ``layers``: whether it may have some.

    Raises LimitError where the page holds more than a printed page ever does, UnreadableFileError where it hangs askew.
    """
    raw = document[number - 1]
    notes = _notes(raw.raw)
    if notes is not None:  # form fields and notes become part of the page
        pdfium.FPDFPage_Flatten(raw.raw, pdfium.FLAT_NORMALDISPLAY)
        raw.close()
        raw = document[number - 1]
    text = raw.get_textpage()
    try:
        count = pdfium.FPDFText_CountChars(text.raw)
        if count > MAX_CHARS:
            seen = f"{count} on page {number}"
            raise LimitError(report, f"at most {MAX_CHARS} characters on a page", seen=seen)
        return _read(raw, text.raw, count, number, report, layers, notes or [])
    except TooMuch:
        raise LimitError(
            report,
            f"at most {MAX_DRAWN} objects and line segments on a page",
            seen=f"more on page {number}",
            advice="A drawing, not a report: take the page out.",
        ) from None
    finally:
        text.close()
        raw.close()


def _notes(raw) -> list[tuple[Box, str]] | None:
    """Fields and free text that have a value but no drawing of it; None where the page has no notes but links."""
    found, noted = [], False
    for i in range(min(pdfium.FPDFPage_GetAnnotCount(raw), MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(raw, i)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        noted |= kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)
        shown = not pdfium.FPDFAnnot_GetFlags(note) & UNSHOWN
        drawn = pdfium.FPDFAnnot_GetAP(note, 0, None, 0) > 2
        if shown and not drawn and kind in (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET):
            box = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(note, box)
            place = (box.left, box.bottom, box.right, box.top)
            found.append((place, _value(note, b"V") or _value(note, b"Contents")))
        pdfium.FPDFPage_CloseAnnot(note)
    return found if noted else None


def _value(note, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
    if not 2 < size < MAX_CHARS:
        return ""
    buffer = ctypes.create_string_buffer(size)
    words = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    pdfium.FPDFAnnot_GetStringValue(note, key, words, size)
    return buffer.raw[:-2].decode("utf-16-le", "replace")


def _written(box: Box, text: str, index: int) -> list[Char]:
    """The characters of a note in one line from the left of its box."""
    x0, y0, x1, y1 = box
    high = min(y1 - y0, NOTE)
    middle = (y0 + y1) / 2
    wide = min(high / 2, (x1 - x0) / max(len(text), 1))
    return [
        Char(letter, x0 + wide * i, middle - high / 2, x0 + wide * (i + 1), middle + high / 2,
             middle + 0.35 * high, False, index + i)
        for i, letter in enumerate(text)
        if not letter.isspace()
    ]


def _read(raw, text, count: int, number: int, report: str, layers: bool, notes) -> Page:
    owners = char_owners(text, count)
    letters = char_texts(text, count)
    first: dict[int, int] = {}
    blank = [letter.isspace() or letter < " " for letter in letters]
    for i, owner in enumerate(owners):
        if owner not in first and owner and not blank[i]:
            first[owner] = i
    turns = dict(zip(first, angles(text, first.values())))
    rotation = pdfium.FPDFPage_GetRotation(raw.raw)
    turn, skew = _turn([turns[owner] for owner in owners if owner in turns], rotation)
    if abs(skew) > SKEW:
        raise _askew(report, number, f"text turned by {math.degrees(skew):.1f}°")
    paper = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(raw.raw, paper)
    by, size = _upright(paper, turn * math.pi / 2 + skew)
    drawn = Drawn(bool(skew), MAX_DRAWN)
    drawn.read(raw.raw, by, layers)
    if drawn.tilted > drawn.level and drawn.tilted > sum(size) / 2:
        raise _askew(report, number, "lines that lie askew to the text")
    placed = char_boxes(text, count)
    boxes = _straight(placed[:, :4], by)
    base = apply(by, placed[:, 4], placed[:, 5])[1]
    ink = Ink(text, boxes, owners, first)
    picture = corners(_upright(paper, rotation * math.pi / 2)[0], placed[:, :4])
    gone = unseen(raw, ink, drawn, letters, picture)
    leaning = turn * math.pi / 2 + skew
    slanted = {o for o, t in turns.items() if abs(math.remainder(t - leaning, math.pi / 2)) > SLANT}
    keep = _on_paper(boxes, base, size)
    ghosts = {i for i in gone if ink.invisible[ink.owner[i]]}
    drop = {i for i, owner in enumerate(owners) if owner in slanted} | gone - ghosts
    keep[list(drop)] = False
    page = Page(number, *size, across=drawn.across, down=drawn.down, pictures=drawn.pictures)
    page.unread = sum(letter == UNREAD for letter in letters)
    for i in ghosts:
        letters[i] = UNREAD
        ink.owner[i] = GHOST
    spaced = _spaced(letters, blank, text)
    columns = (letters, *boxes.T.tolist(), base.tolist(), spaced, range(count), ink.owner.tolist())
    keep[blank] = False
    page.chars = [*map(Char._make, compress(zip(*columns), keep.tolist()))]
    page.chars += _shapes(drawn, count)
    for box, words in notes:
        place = tuple(corners(by, numpy.array([box]))[0].tolist())
        page.chars += _written(place, words, count + len(page.chars))
    return page


def _turn(turns: list[float], rotation: int) -> tuple[int, float]:
    """Quarter turns (as PDF counts them) and the rest in radians that set the page upright.

    A landscape table is often printed sideways on an upright page, so where most characters lie one way, they
    decide, and the page's own rotation only where they do not.
    """
    level = [turn for turn in turns if abs(math.remainder(turn, math.pi / 2)) < SKEW]
    if len(level) < LEAST * len(turns):  # all print hangs askew
        return 0, math.remainder(sorted(turns)[len(turns) // 2], math.pi / 2)
    steps = Counter(round(math.degrees(turn) * 2) for turn in level)
    common, times = steps.most_common(1)[0] if steps else (0, 0)
    if times < 8 or times < MOST * len(level):
        return rotation, 0.0
    near = sorted(turn for turn in level if abs(math.degrees(turn) * 2 - common) < 1)
    angle = near[len(near) // 2]
    turn = round(angle / (math.pi / 2))
    skew = angle - turn * math.pi / 2
    return turn % 4, skew if abs(skew) > STRAIGHT else 0.0


def _upright(paper, angle: float) -> tuple[Matrix, tuple[float, float]]:
    """The matrix that turns the paper by ``angle`` about its middle, origin top left; the page's (width, height)."""
    size = (paper.right - paper.left, paper.top - paper.bottom)
    if round(angle / (math.pi / 2)) % 2:
        size = size[::-1]
    x, y = (paper.left + paper.right) / 2, (paper.top + paper.bottom) / 2
    c, s = round(math.cos(angle), 9), round(math.sin(angle), 9)
    left, top = size[0] / 2 - c * x - s * y, size[1] / 2 - s * x + c * y
    return (c, s, s, -c, left, top), size


def _straight(boxes: numpy.ndarray, by: Matrix) -> numpy.ndarray:
    """Boxes as shown. Of a turned character PDFium gives the box around it: its own is smaller."""
    found = corners(by, boxes)
    c, s = abs(by[0]), abs(by[1])
    if min(c, s) > 0:
        found = boxes[:, [0, 1, 2, 3]]
        x, y = apply(by, (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2)
        around = abs(boxes[:, 2] - boxes[:, 0]), abs(boxes[:, 3] - boxes[:, 1])
        wide = (around[0] * c - around[1] * s) / (c * c - s * s) / 2
        high = (around[1] * c - around[0] * s) / (c * c - s * s) / 2
        found = numpy.stack((x - wide, y - high, x + wide, y + high), 1)
    return found


def _on_paper(boxes: numpy.ndarray, base: numpy.ndarray, size: tuple[float, float]) -> numpy.ndarray:
    """Which characters have a place on the page and a size that print has."""
    x0, y0, x1, y1 = boxes.T
    inside = (x0 >= -2) & (y0 >= -2) & (x1 <= size[0] + 2) & (y1 <= size[1] + 2)
    return inside & (y1 - y0 >= SMALLEST) & numpy.isfinite(base)


def _spaced(letters: list[str], blank: list[bool], text) -> list[bool]:
    """Before which characters a typed blank stands."""
    spaced = [False] * (len(letters) + 1)
    for i in compress(range(len(letters)), blank):
        typed = letters[i] in " \u3000" and not pdfium.FPDFText_IsGenerated(text, i)
        spaced[i + 1] = spaced[i] or typed
    return spaced[:-1]


def _shapes(drawn: Drawn, index: int) -> list[Char]:
    """Pictures and outlines as characters that nobody can read."""
    return [
        Char(UNREAD, x0, y0, x1, y1, y1, False, index + i, SHAPE)
        for i, (x0, y0, x1, y1) in enumerate(drawn.pictures + drawn.outlines)
    ]


def _askew(report: str, number: int, seen: str) -> UnreadableFileError:
    return UnreadableFileError(
        report,
        "pages that lie straight",
        seen=f"{seen} on page {number}",
        advice="Straighten the page and print it again.",
    )
