"""One PDF page as it is seen: its characters, its drawn rules and its pictures.

Characters that may be unseen (drawn invisibly, transparent, light, clipped, on a layer, painted over) are taken off,
and the page is rendered with and without them: what changes nothing was never seen. One rule for all ways of hiding.

Everything is in points of the page as shown (turned upright, straightened), origin top left, y downwards.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.errors import LimitError, UnreadableFileError
from govdisclosure.readers import pdf_raw as raw
from govdisclosure.readers.pdf_drawn import Box, Drawn, Rule, TooMuch

MAX_CHARS = 60_000  # a dense A3 page holds some 10,000
MAX_TEXTS = 15_000  # text objects of a page: where each character is one, a dense page has 5,000
MAX_DRAWN = 200_000  # drawing objects and path segments of one page
SKEW = math.radians(3.6)  # a page turned by more, and by no quarter, is not read
STRAIGHT = 0.0004  # radians that move no line of a page by a quarter of a point
SLANT = 0.03  # radians by which print may lean; a watermark leans more
LEAST = 0.2  # share of the characters that are print, where the others are a watermark's
MOST = 0.6  # share of the characters that decide which way is up
SMALLEST = 2.0  # points; print is never so low
GUTTER = 6.0  # half the white between two pages or columns side by side
MASTHEAD = 0.4  # share of the page that what stands over both columns takes at most
LINES = 5  # lines, or rules, that a half holds at least
PER_LINE, CHINESE = (
    8,
    0.7,
)  # of a half's prose: characters a line, and the share of them that are Chinese
NOTES = {pdfium.FPDF_ANNOT_WIDGET: b"V", pdfium.FPDF_ANNOT_FREETEXT: b"Contents"}
UNSHOWN = 2 | 32  # flags of a note: hidden, no view
MAX_NOTES = 5000
LETTER = 10.0  # points of a note's characters at most
QUARTER = math.pi / 2
SHAPE, GHOST = (
    -2,
    -3,
)  # the ``run`` of a picture or outline, and of text that a file has but does not draw

DPI = 144
FILLED = (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE)
LIGHT = 110  # grey (0 black, 255 white) from which a colour may be too light for its ground
UNSEEN = 20  # steps of grey by which a seen character differs from its ground
WATERMARK = 60  # and one that is print, no watermark
FAINT = 130  # and one that is print if it is large or stands over other print
LARGE = 1.8  # sizes of the text
MANY = 4_000_000  # pairs of characters, or of one and what may cover it, that are looked at


class Char(NamedTuple):
    """One printed character; ``base`` is its baseline, ``spaced`` whether a typed space stands before it.

    ``order`` counts in the file's order; ``run`` is the text object that it belongs to.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    spaced: bool
    order: int
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
        middle = self.width / 2
        spans = [*self.across, *((c.base, c.x0, c.x1) for c in self.chars)]
        crossing = (at for at, x0, x1 in spans if x0 < middle + GUTTER and x1 > middle - GUTTER)
        head = max(crossing, default=0.0)
        if head > MASTHEAD * self.height:
            return [self]
        parts = [Page(self.number, self.width, self.height, sure=self.sure) for _ in range(3)]
        for kind, x, y in (("chars", 1, 5), ("across", 1, 0), ("down", 0, 1)):
            for thing in getattr(self, kind):
                part = parts[(thing[y] > head) * (1 + (thing[x] > middle))]
                getattr(part, kind).append(thing)
        if not parts[1].is_full() or not parts[2].is_full():
            return [self]
        return parts if parts[0].chars else parts[1:]

    def is_full(self) -> bool:
        """Whether it is ruled or full of prose, as a page or a column of its own is."""
        lines = len({round(c.base) for c in self.chars})
        chinese = sum(c.text >= "\u2e80" for c in self.chars)
        prose = chinese > CHINESE * len(self.chars) and len(self.chars) >= PER_LINE * lines
        return lines >= LINES and (prose or len(self.across) >= LINES)


def load_page(document, number: int, report: str, layers: bool) -> Page:
    """Page ``number`` (from 1) of an open ``pypdfium2.PdfDocument``; ``layers``: whether it may have some.

    Raises LimitError where the page holds more than a printed page ever does, UnreadableFileError where it hangs askew.
    """
    page = document[number - 1]
    notes = _notes(page.raw)
    if notes is not None:  # form fields and notes become part of the page
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        page = document[number - 1]
    text = None
    try:
        if _count_texts(page.raw) > MAX_TEXTS:
            raise TooMuch
        text = page.get_textpage()
        if pdfium.FPDFText_CountChars(text.raw) > MAX_CHARS:
            raise TooMuch
        return _read(page, text.raw, number, layers, notes or [])
    except TooMuch:
        advice = "A drawing, not a report: take the page out."
        expected = f"at most {MAX_CHARS} characters and {MAX_DRAWN} lines on a page"
        raise LimitError(report, expected, seen=f"more on page {number}", advice=advice) from None
    except _AskewError as error:
        advice = "Straighten the page and print it again."
        raise UnreadableFileError(
            report, "pages that lie straight", seen=f"{error} on page {number}", advice=advice
        ) from None
    finally:
        if text:
            text.close()
        page.close()


def _count_texts(page) -> int:
    """Text objects of a page that has very many objects: PDFium's cost grows with their square where they share a line."""
    count = pdfium.FPDFPage_CountObjects(page)
    if count <= MAX_TEXTS:
        return 0
    objects = map(raw.PAGE_OBJECT, repeat(raw.address(page)), range(count))
    return sum(map(pdfium.FPDF_PAGEOBJ_TEXT.__eq__, map(raw.TYPE, objects)))


class _AskewError(Exception):
    pass


def _notes(page) -> list[tuple[Box, str]] | None:
    """Fields and free text that have a value but no drawing of it; None where the page has no notes but links."""
    found, noted = [], False
    for i in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, i)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        noted |= kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP)
        hidden = pdfium.FPDFAnnot_GetFlags(note) & UNSHOWN
        if kind in NOTES and not hidden and pdfium.FPDFAnnot_GetAP(note, 0, None, 0) <= 2:
            box, value = pdfium.FS_RECTF(), (ctypes.c_ushort * MAX_NOTES)()
            pdfium.FPDFAnnot_GetRect(note, box)
            size = pdfium.FPDFAnnot_GetStringValue(note, NOTES[kind], value, 2 * MAX_NOTES)
            text = bytes(value)[: max(min(size, 2 * MAX_NOTES) - 2, 0)].decode(
                "utf-16-le", "replace"
            )
            if words := " ".join(text.split()):
                found.append(((box.left, box.bottom, box.right, box.top), words))
        pdfium.FPDFPage_CloseAnnot(note)
    return found if noted else None


def _read(page, text, number: int, layers: bool, notes) -> Page:
    letters, owners, placed, origins = raw.characters(text)
    blank = [letter.isspace() or letter < " " for letter in letters]
    first: dict[int, int] = {}
    for i, owner in enumerate(owners):
        if owner and owner not in first and not blank[i]:
            first[owner] = i
    numbers = {owner: i for i, owner in enumerate(first)}
    runs = numpy.array([numbers.get(owner, -1) for owner in owners], int)
    turns = -numpy.array([*map(raw.ANGLE, repeat(raw.address(text)), first.values())], float)
    rotation = pdfium.FPDFPage_GetRotation(page.raw) * QUARTER
    upright = _upright(turns[runs[runs >= 0]], rotation)
    paper = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, paper)
    by, size = _placing(paper, upright)
    drawn = Drawn(abs(_rest(upright)) > 1e-6, MAX_DRAWN)
    drawn.read(page.raw, by, layers)
    if drawn.tilted > max(drawn.level, sum(size) / 2):
        raise _AskewError("lines that lie askew to the text")
    boxes = _straight(placed, by)
    pictured = raw.corners(_placing(paper, rotation)[0], placed)
    gone, undrawn, inked = _unseen(page, text, boxes, runs, first, drawn, pictured)
    base = raw.apply(by, *origins.T)[1]
    keep = _on_paper(text, boxes, base, size, blank)
    slanted = numpy.append(abs(_rest(turns - upright)) > SLANT, False)
    keep &= ~slanted[runs]
    keep[list(gone - undrawn - inked)] = False
    unread = letters.count(raw.UNREAD)
    for i in undrawn | inked:
        letters[i], runs[i] = raw.UNREAD, runs[i] if i in inked else GHOST
    rest = (_spaced(letters, blank, text), range(len(letters)), runs.tolist())
    columns = zip(letters, *boxes.T.tolist(), base.tolist(), *rest)
    chars = [*map(Char._make, compress(columns, keep.tolist()))]
    shapes = [(box, raw.UNREAD, SHAPE) for box in drawn.pictures + drawn.outlines]
    places = raw.corners(by, numpy.array([box for box, _ in notes]).reshape(-1, 4)).tolist()
    for box, words, run in shapes + [(box, words, 0) for box, (_, words) in zip(places, notes)]:
        chars.append(_written(tuple(box), words, len(letters) + len(chars), run))
    return Page(number, *size, chars, drawn.across, drawn.down, drawn.pictures, unread)


def _rest(angle):
    """The angle (number or array) without its quarter turns, between -1/8 and 1/8 of a turn."""
    return (angle + QUARTER / 2) % QUARTER - QUARTER / 2


def _upright(turns: numpy.ndarray, rotation: float) -> float:
    """The angle that sets the page upright.

    A landscape table is often printed sideways on an upright page, so where most characters lie one way, they
    decide, and the page's own rotation only where they do not.
    """
    level = turns[abs(_rest(turns)) < SKEW]
    if len(level) < LEAST * len(turns):
        raise _AskewError(f"text turned by {math.degrees(_rest(float(numpy.median(turns)))):.1f}°")
    steps = numpy.round(numpy.degrees(level) * 2) % 720
    common, times = Counter(steps.tolist()).most_common(1)[0] if len(steps) else (0, 0)
    if times < 8 or times < MOST * len(level):
        return rotation
    angle = float(numpy.median(level[steps == common]))
    return angle if abs(_rest(angle)) > STRAIGHT else round(angle / QUARTER) * QUARTER


def _placing(paper, angle: float) -> tuple[raw.Matrix, tuple[float, float]]:
    """The matrix that turns the paper by ``angle`` about its middle, origin top left; the page's (width, height)."""
    size = (paper.right - paper.left, paper.top - paper.bottom)
    if round(angle / QUARTER) % 2:
        size = size[::-1]
    x, y = (paper.left + paper.right) / 2, (paper.top + paper.bottom) / 2
    c, s = round(math.cos(angle), 9), round(math.sin(angle), 9)
    return (c, s, s, -c, size[0] / 2 - c * x - s * y, size[1] / 2 - s * x + c * y), size


def _straight(boxes: numpy.ndarray, by: raw.Matrix) -> numpy.ndarray:
    """Boxes as shown. Of a turned character PDFium gives the box around it: its own is smaller."""
    c, s = abs(by[0]), abs(by[1])
    x, y = raw.apply(by, *(boxes[:, :2] + boxes[:, 2:]).T / 2)
    around = abs(boxes[:, 2:] - boxes[:, :2]) / 2
    wide, high = (abs(around @ ((c, -s), (-s, c))) / abs(c * c - s * s)).T
    return numpy.stack((x - wide, y - high, x + wide, y + high), 1)


def _on_paper(text, boxes: numpy.ndarray, base: numpy.ndarray, size, blank) -> numpy.ndarray:
    """Which characters that are no blanks have a place on the page and a size that print has."""
    inside = (boxes[:, :2] >= -2).all(1) & (boxes[:, 2:] <= numpy.array(size) + 2).all(1)
    inside &= numpy.isfinite(base) & ~numpy.array(blank, bool)
    own = pdfium.FS_MATRIX()
    for i in numpy.flatnonzero(inside & ((boxes[:, 2:] - boxes[:, :2]).max(1) < SMALLEST)).tolist():
        pdfium.FPDFText_GetMatrix(text, i, own)  # a dot, or print that nobody can read
        inside[i] = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(own.c, own.d) > SMALLEST
    return inside


def _spaced(letters: list[str], blank: list[bool], text) -> list[bool]:
    """Before which characters a typed blank stands."""
    spaced = [False] * (len(letters) + 1)
    for i in compress(range(len(letters)), blank):
        typed = letters[i] in " \u3000" and not pdfium.FPDFText_IsGenerated(text, i)
        spaced[i + 1] = spaced[i] or typed
    return spaced[:-1]


def _written(box: Box, text: str, index: int, run: int) -> Char:
    """A picture, or the words of a note, as one character; words are no higher than print."""
    x0, y0, x1, y1 = box
    if run != SHAPE:
        half = min(y1 - y0, LETTER) / 2
        y0, y1 = (y0 + y1) / 2 - half, (y0 + y1) / 2 + half
    return Char(text, x0, y0, x1, y1, y1, False, index, run)


def _unseen(page, text, boxes, owners, first: dict[int, int], drawn: Drawn, pictured):
    """Indexes of characters that can't be seen or are a watermark; of those among them that are not drawn at all, and of
    those in whose place something else is drawn that is no text: three sets.

    ``boxes`` as shown, ``owners`` each one's number in ``first`` (-1 for none), text object → first character;
    ``pictured``: boxes in points of the picture that PDFium renders.
    """
    objects = list(first)
    modes = numpy.array([*map(raw.RENDER_MODE, objects)], int)
    clips = map(raw.CLIPS, map(raw.CLIP, objects))
    cut = numpy.array([n > 0 and raw.is_cut(at) for at, n in zip(objects, clips)], bool)
    at = repeat(raw.address(text))
    colour = raw.fill(raw.COLOUR, len(first), numpy.int32, 4, 4, at, first.values())
    light = (colour @ (0.3, 0.59, 0.11, 0) > LIGHT) | (colour[:, 3] < 255)
    layered = numpy.array([owner in drawn.layered for owner in objects], bool)
    doubt = numpy.append(light | cut | layered | ~numpy.isin(modes, FILLED), False)
    suspect = doubt[owners]
    if drawn.covers and objects:
        suspect |= _covered(boxes, [drawn.painted.get(at, -1) for at in objects], owners, drawn)
    suspects = numpy.flatnonzero(suspect & (owners >= 0))
    if not len(suspects):
        return set(), set(), set()
    suspected = {objects[i] for i in owners[suspects].tolist()}
    most, contrast, ground = _contrast(page, suspected, pictured[suspects])
    gone = most < UNSEEN
    faint = numpy.flatnonzero(~gone & light[owners[suspects]] & (contrast < FAINT))
    kinds = numpy.hstack((colour[owners[suspects]], _height(boxes[suspects])[:, None])).round()
    for kind in numpy.unique(kinds[faint], axis=0):
        alike = faint[(kinds[faint] == kind).all(1)]
        others = numpy.setdiff1d(numpy.flatnonzero(owners >= 0), suspects)
        if contrast[alike].max() < WATERMARK or _marks(boxes, suspects[alike], others):
            gone[alike] = True
    invisible = numpy.append(modes == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, False)
    hidden = suspects[gone]
    undrawn = hidden[invisible[owners[hidden]]]
    dark = ~(light | cut | layered)[owners[suspects]]
    inked = suspects[(most < UNSEEN) & (ground > FAINT) & dark]
    shown = numpy.setdiff1d(numpy.flatnonzero(owners >= 0), hidden)
    if len(inked) * len(shown) < MANY:  # PDFium tells print that is printed twice but once
        inked = inked[~_inside(boxes[shown], boxes[inked]).any(1)]
    return set(hidden.tolist()), set(undrawn.tolist()), set(inked.tolist())


def _covered(boxes, painted: list[int], owners, drawn: Drawn) -> numpy.ndarray:
    """Which characters something lies over that is painted later."""
    when = numpy.append(painted, numpy.inf)[owners]
    if len(drawn.covers) * len(boxes) > MANY:
        return owners >= 0
    orders, covers = zip(*drawn.covers)
    return (_inside(boxes, numpy.array(covers)) & (when <= numpy.array(orders)[:, None])).any(0)


def _inside(boxes, around) -> numpy.ndarray:
    """[i, j]: whether the middle of box j lies in box i of those ``around``."""
    x, y = (boxes[:, :2] + boxes[:, 2:]).T / 2
    x0, y0, x1, y1 = around.T[:, :, None]
    return (x0 < x) & (x < x1) & (y0 < y) & (y < y1)


def _height(boxes) -> numpy.ndarray:
    return boxes[:, 3] - boxes[:, 1]


def _contrast(page, objects: set[int], places):
    """By how many steps of grey the picture changes in each place when the objects are taken off: at most, and mostly;
    and how many steps there are in what is left."""
    before, scale = raw.render(page, DPI)
    for item in objects:
        pdfium.FPDFPageObj_SetIsActive(raw.handle(item), False)
    after = raw.render(page, DPI)[0].astype(numpy.int16)
    margin = 0.15 * (places[:, [2]] - places[:, [0]])
    places = numpy.nan_to_num((places + margin * (1, 0, -1, 0)) / scale).clip(0, 1e6).round()
    found = []
    for x0, y0, x1, y1 in places.astype(int).tolist():
        cut = slice(y0, y1 + 1), slice(x0, x1 + 1)
        change, inner = numpy.abs(before[cut] - after[cut]), (y1 - y0) // 4
        rest = after[y0 + inner : y1 + 1 - inner, cut[1]]
        changed = numpy.sort(change[change >= UNSEEN])
        mostly = changed[len(changed) * 7 // 10] if len(changed) else 0
        found.append((change.max(initial=0), mostly, numpy.ptp(rest) if rest.size else 0))
    return numpy.array(found).T


def _marks(boxes, alike, others) -> bool:
    """Whether faint characters of one kind are set large, or stand over other print."""
    if len(alike) * len(others) > MANY:
        return True
    if not len(others):
        return False
    large = LARGE * numpy.median(_height(boxes[others]))
    return _height(boxes[alike]).max() > large or bool(_inside(boxes[others], boxes[alike]).any())
