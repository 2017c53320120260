"""One PDF page as it is seen: its words, its drawn rules and its pictures.

Characters that may be unseen (drawn invisibly, transparent, light, clipped, on a layer, painted
over) are taken off, and the page is rendered with and without them: what changes nothing was never
seen. One rule for all ways of hiding.

Everything is in points of the page as shown (turned upright, straightened), origin top left, y
downwards.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.readers.pdf_drawn import (
    MANY,
    SLIT,
    TEXT,
    UNREAD,
    AskewError,
    Drawn,
    TooMuch,
    address,
    apply,
    characters,
    clipped,
    corners,
    drawn,
    each,
    in_layers,
    objects_of,
    overlap,
    render,
)

MAX_CHARS = 40_000  # a dense A3 page holds some 10,000
MAX_TEXTS = 15_000  # text objects of a page: where each character is one, a dense page has 5,000
MAX_NOTES = 5000
SKEW = math.radians(3.6)  # a page turned by more, and by no quarter, is not read
SLANT = 0.03  # radians by which print may lean; a watermark leans more
LEAST = 0.2  # share of the characters that are print, where the others are a watermark's
ONE_WAY = 0.005  # radians between characters that lie one way
MOST = 0.6  # share of the characters that decide which way is up
SMALLEST = 2.0  # points; print is never so low
GUTTER = 6.0  # half the white between two pages or columns side by side
MASTHEAD = 0.4  # share of the page that what stands over both columns takes at most
FULL = 5  # rules, or lines of prose or labels, that a half holds at least
LABEL = 6  # Chinese characters of such a line
NOTES = {pdfium.FPDF_ANNOT_WIDGET: b"V", pdfium.FPDF_ANNOT_FREETEXT: b"Contents"}
UNSHOWN = 2 | 32  # flags of a note: hidden, no view
LETTER = 10.0  # points of a note's characters at most
QUARTER = math.pi / 2
SHAPE = -2  # ``run`` of what is shown and no text: a picture, an outline
GHOST = -3  # ``run`` of text that a file has but does not draw
HIDDEN = -4  # ``run`` of text that is not seen
ACROSS, DOWN = [1, 0, 2, 0], [0, 1, 0, 2]  # sides of rules as boxes
TOUCH = 3.5  # how far a rule may end before the rule that it meets
STRUCK = (0.3, 0.72)  # the middle of a character, from its top: a line lower down underlines
FIGURE = frozenset("0123456789０１２３４５６７８９.,，．+-−%/")
LEVEL = 0.02  # heights by which letters of a word may differ in size and place
NEAR, NEAR_FIGURE = 0.14, 0.3  # heights that may part the letters of a word, of a figure
EVEN = 0.05  # heights by which digits of one figure may stand wider apart than those beside them

DPI = 144
FILLED = (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE)
GREY = (0.3, 0.59, 0.11, 0)  # of red, green, blue
LIGHT = 110  # grey (0 black, 255 white) from which a colour may be too light for its ground
LEAST_SEEN = 20  # steps of grey by which a seen character differs from its ground
WATERMARK = 66  # and one that is print, no watermark
FAINT = 140  # and one that is print if it is large or stands over other print
LARGE = 1.8  # sizes of the text


class Word(NamedTuple):
    """Printed letters that touch; ``base`` is their baseline, ``spaced`` whether a typed space
    stands before them.

    ``run`` is the text object that they belong to; ``sure`` the confidence where they were
    recognised (OCR).
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    spaced: bool = False
    run: int = 0
    sure: float = 1.0

    @property
    def width(self) -> float:
        """From its left to its right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From its top to its bottom."""
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        """Where its middle lies."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


class Page(NamedTuple):
    """What stands on one page; ``letters``: how many, seen or not; ``recognised``: by OCR."""

    number: int
    width: float
    height: float
    words: list[Word]
    across: numpy.ndarray
    down: numpy.ndarray
    letters: int = 0
    recognised: bool = False

    def halves(self) -> list[Page]:
        """The page; or, where two pages or columns stand side by side: what stands over both, the
        left, the right. Between them is the widest strip in the middle third that nothing crosses.
        """
        words = [(word.base, word.x0, word.x1) for word in self.words]
        at, starts, ends = numpy.vstack((self.across, numpy.reshape(words, (-1, 3)))).T
        most, left = MASTHEAD * self.height, self.width / 3
        order = starts.argsort()
        order = order[at[order] > most]
        high = numpy.append(self.width / 2, starts[order]).clip(left, 2 * left)
        low = numpy.maximum.accumulate(numpy.append((left, left), ends[order]))[:-1]
        low[0] = high[0]  # one half may end higher up
        widest = (high - low).argmax()
        middle = (high[widest] + low[widest]) / 2
        head = at[(starts < middle + GUTTER) & (ends > middle - GUTTER)].max(initial=0.0)
        if head > most:
            return [self]

        def part(at, x):
            return (at > head) * (1 + (x > middle))

        parts = [
            self._replace(
                words=[word for word in self.words if part(word.base, word.x0) == number],
                across=self.across[part(*self.across.T[:2]) == number],
                down=self.down[part(*self.down.T[1::-1]) == number],
            )
            for number in range(3)
        ]
        sides = parts[1].is_full() and parts[2].is_full()
        return [part for part in parts if part.words] if sides else [self]

    def is_full(self) -> bool:
        """Whether it is ruled or has lines of labels or prose, as a page or a column of its own
        has; where most lines are figures alone, it is the rest of a table whose labels stand in the
        other half."""
        chinese: Counter = Counter()
        for word in self.words:
            chinese[round(word.base)] += sum(letter >= "\u2e80" for letter in word.text)
        labelled = sum(n >= LABEL for n in chinese.values())
        bare = sum(n == 0 for n in chinese.values())
        return max(len(self.across), labelled) >= FULL and 2 * bare <= len(chinese)


def load_page(document, number: int) -> Page:
    """Page ``number`` (from 1) of an open ``pypdfium2.PdfDocument``.

    Raises TooMuch where the page holds more than a printed page ever does, AskewError where it
    hangs askew.
    """
    page = document[number - 1]
    notes = _notes(page.raw)
    if pdfium.FPDFPage_GetAnnotCount(page.raw):  # fields and notes become part of the page
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
        page = document[number - 1]
    try:
        things = objects_of(page.raw)
        # PDFium's cost grows with the square of the texts that share a line.
        if (things[1] == TEXT).sum() > MAX_TEXTS:
            raise TooMuch(f"over {MAX_TEXTS} texts")
        text = page.get_textpage()
        if pdfium.FPDFText_CountChars(text.raw) > MAX_CHARS:
            raise TooMuch(f"over {MAX_CHARS} characters")
        return _read(page, text.raw, things, number, notes)
    except (TooMuch, AskewError) as error:
        raise type(error)(f"{error} on page {number}") from None


def _notes(page) -> list[tuple[numpy.ndarray, str]]:
    """Fields and free text that have a value but no drawing of it."""
    found = []
    for i in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, i)
        key = NOTES.get(pdfium.FPDFAnnot_GetSubtype(note))
        hidden = pdfium.FPDFAnnot_GetFlags(note) & UNSHOWN
        if key and not hidden and pdfium.FPDFAnnot_GetAP(note, 0, None, 0) <= 2:
            value = (ctypes.c_ushort * MAX_NOTES)()
            pdfium.FPDFAnnot_GetStringValue(note, key, value, ctypes.sizeof(value) - 2)
            said = bytes(value).decode("utf-16-le", "replace").partition("\0")[0]
            found.append((each("FPDFAnnot_GetRect", numpy.array([address(note)])), said))
        pdfium.FPDFPage_CloseAnnot(note)
    return found


def _read(page, text, things, number: int, notes) -> Page:
    letters, owners, places = characters(text)
    at = numpy.flatnonzero((owners > 0) & (letters > " "))
    spaced = ((owners > 0) & (letters == " "))[at - 1]
    places, letters = places[at], letters[at]
    objects, first, runs = numpy.unique(owners[at], return_index=True, return_inverse=True)
    across, up, _, _, *origins = each("FPDFText_GetMatrix", address(text), at[first]).T
    turns = numpy.arctan2(up, across)
    rotation = pdfium.FPDFPage_GetRotation(page.raw) * QUARTER
    upright = _upright(turns[runs], rotation)
    paper = each("FPDF_GetPageBoundingBox", numpy.array([address(page.raw)]))[0]
    by, size = _placing(paper, upright)
    lines = drawn(things, by)
    boxes = corners(by, places)
    pictured = corners(_placing(paper, rotation)[0], places)
    shown = _shown(page, lines, {*owners.tolist()}, objects, runs, boxes, pictured)
    low = boxes[:, 3]
    over = apply(by, numpy.transpose(origins))[:, 1] - low[first]
    base = low + over[runs]  # one distance in a text object
    keep = (shown != HIDDEN) & (boxes[:, :2] >= -2).all(1) & (boxes[:, 2:] <= size + 2).all(1)
    large = (boxes[:, 2:] - boxes[:, :2]).max(1) > SMALLEST
    keep &= large | ~numpy.char.isalnum(letters)  # a point may be a dot
    keep &= numpy.isfinite(base) & _lies_level(turns - upright, runs, boxes, lines.across)
    sides = numpy.column_stack((boxes, base, spaced, shown, numpy.ones(len(at))))
    letters[shown < 0] = UNREAD
    words = words_of(letters[keep], sides[keep], lines.across, lines.down)
    for x0, y0, x1, y1 in lines.shapes.tolist():
        words.append(Word(UNREAD, x0, y0, x1, y1, y1, run=SHAPE))
    words += _noted(notes, by)
    wide, high = size.tolist()
    return Page(number, wide, high, words, lines.across, lines.down, len(owners))


def _lies_level(turns, runs, boxes, across) -> numpy.ndarray:
    """Which characters lie level, or stand sideways and cross no rule: a watermark does, a label
    keeps to its cell.
    """
    straight = abs(_rest(turns)) <= SLANT
    for run in numpy.flatnonzero(abs(numpy.sin(turns)) > 0.5):
        sides = boxes[runs == run]
        span = numpy.append(sides[:, :2].min(0), sides[:, 2:].max(0))
        straight[run] &= not overlap(span[None], across[:, ACROSS]).any()
    return straight[runs]


def _noted(notes, by: numpy.ndarray) -> Iterator[Word]:
    """Notes no higher than print, in the middle of their boxes."""
    for box, said in notes:
        ((x0, y0, x1, y1),) = corners(by, box).tolist()
        middle, half = (y0 + y1) / 2, min(y1 - y0, LETTER) / 2
        if text := " ".join(said.split()):
            yield Word(text, x0, middle - half, x1, middle + half, middle + half)


def words_of(letters, sides, across, down) -> list[Word]:
    """Letters that touch, one after the other in the file and of one size, as words; no rule goes
    through one that is no figure, and what a line strikes out is left out. ``sides``: what a `Word`
    has beside its text, as columns.

    Letters of several text objects make a word only where each is an object of its own.
    """
    middle, high = (sides[:, :2] + sides[:, 2:4]) / 2, sides[:, 3] - sides[:, 1]
    x, y = middle.T
    upper, lower = (sides[:, 1] + share * high for share in STRUCK)
    strokes = loose(across, down)[:, ACROSS]
    struck = overlap(numpy.column_stack((x, upper, x, lower)), strokes).any(1)
    if struck.any():
        return words_of(letters[~struck], sides[~struck], across[:0], down)
    spaced, run = sides[:, 5] > 0, sides[:, 6].astype(int)
    alone = numpy.bincount(run - HIDDEN)[run - HIDDEN] == 1
    figure = numpy.array([letter in FIGURE for letter in letters.tolist()], bool)
    last = numpy.arange(len(letters)) - 1
    before, figure = sides[last], figure & figure[last]
    gap = sides[:, 0] - before[:, 2]
    joined = abs(gap) < high * numpy.where(figure, NEAR_FIGURE, NEAR)
    joined &= abs(sides - before)[:, [3, 4]].sum(1) < LEVEL * high
    joined &= ((run == before[:, 6]) | alone & alone[last]) & (run >= 0) & ~spaced
    joined[:1] = False
    near = numpy.where(joined, gap, numpy.inf)
    beside = numpy.minimum(near[last], numpy.roll(near, -1))
    joined &= ~figure | (gap < beside + EVEN * high)
    may = numpy.flatnonzero(joined & ~figure)
    gaps = numpy.hstack((middle[may - 1], middle[may]))
    joined[may] = ~overlap(gaps, down[:, DOWN]).any(1)
    begin = numpy.flatnonzero(~joined)
    low, far = numpy.minimum.reduceat(sides, begin), numpy.maximum.reduceat(sides, begin)
    texts = numpy.add.reduceat(letters.astype(object), begin).tolist()
    columns = numpy.hstack((low[:, :2], far[:, 2:4], sides[begin, 4:7], low[:, 7:]))
    return [*map(Word, texts, *columns.T.tolist())]


def loose(across, down) -> numpy.ndarray:
    """Horizontal rules that end at no vertical one: they strike out or underline, and wall off
    nothing.
    """
    walls, ends = down[:, 0], across[:, 1:]
    first, end = numpy.searchsorted(walls, ends - TOUCH), numpy.searchsorted(walls, ends + TOUCH)
    return across[(first == end).all(1)]


def _rest(angle):
    """The angle (number or array) without its quarter turns, between -1/8 and 1/8 of a turn."""
    return (angle + QUARTER / 2) % QUARTER - QUARTER / 2


def _upright(turns: numpy.ndarray, rotation: float) -> float:
    """The angle that sets the page upright.

    A landscape table is often printed sideways on an upright page, so where most characters lie one
    way, they decide, and the page's own rotation only where they do not.
    """
    level = turns[abs(_rest(turns)) < SKEW]
    if len(level) < LEAST * len(turns):
        raise AskewError(f"text turned by {math.degrees(_rest(float(numpy.median(turns)))):.1f}°")
    level = (level + QUARTER / 2) % (4 * QUARTER) - QUARTER / 2
    angle = numpy.median(level) if len(level) else 0.0
    alike = (abs(level - angle) < ONE_WAY).sum()
    return angle if alike >= max(8, MOST * len(level)) else rotation


def _placing(paper: numpy.ndarray, angle: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The matrix that turns the paper by ``angle`` about its middle, origin top left; the page's
    (width, height).
    """
    c, s = math.cos(angle), math.sin(angle)
    turn = numpy.round(((c, s), (s, -c)), 9)
    size = abs((paper[:2] - paper[2:]) @ turn.round())
    return numpy.vstack((turn, (size - (paper[:2] + paper[2:]) @ turn) / 2)), size


def _shown(page, lines: Drawn, told: set, objects, runs, boxes, pictured) -> numpy.ndarray:
    """The run of each character: `HIDDEN` of one that is not seen (or a watermark's), `GHOST` of
    one that is not drawn.

    ``told``: the text objects that PDFium tells something of; ``pictured``: boxes in points of the
    picture that PDFium renders.
    """
    tall = boxes[:, 3] - boxes[:, 1]
    undrawn = ~numpy.isin(each("FPDFTextObj_GetTextRenderMode", objects), FILLED)
    colour = each("FPDFPageObj_GetFillColor", objects)
    grey, opening = colour @ GREY, clipped(objects)
    when = numpy.array([lines.painted.get(item, -1) for item in objects.tolist()], float)
    # A form can be hidden as a whole without a word of it in the page.
    light = (grey > LIGHT) | (colour[:, 3] < 255) | (when % 1 > 0)
    light |= numpy.isin(objects, in_layers(objects))
    odd = light | undrawn | numpy.isfinite(opening)
    odd |= each("FPDFPageObj_HasTransparency", objects) != 0
    middles = (boxes + boxes[:, [2, 3, 0, 1]]) / 2
    covered = numpy.ones(len(boxes), bool)
    if len(lines.covers) * len(boxes) < MANY:  # of a drawing the picture tells
        over = when[runs] <= lines.covers[:, :1]
        covered = (overlap(lines.covers[:, 1:], middles) & over).any(0)
    suspect = odd[runs] | covered
    if not suspect.any():
        return runs
    # What is covered goes first, so that new print over the cover is no sign of the old. PDFium
    # tells print that is printed twice but once: what it does not tell goes with it.
    below = numpy.isin(numpy.arange(len(objects)), runs[covered])
    silent = numpy.array([*lines.painted.keys() - told], int)
    first, second = numpy.append(objects[below], silent), objects[odd & ~below]
    lots = (first, suspect & below[runs]), (second, suspect & ~below[runs])
    contrast, ground = _contrast(page, lots, pictured)
    # It must differ from its ground, not only from other print.
    opaque = (colour[:, 3] == 255)[runs]
    contrast[opaque] = numpy.minimum(contrast, abs(grey[runs] - ground))[opaque]
    unseen = (contrast < LEAST_SEEN) | (opening[runs] < SLIT)
    ghosts = undrawn[runs] & unseen
    faint = light[runs] & ~unseen & (contrast < FAINT)
    kinds = numpy.column_stack((colour[runs], tall.round())) @ 256.0 ** numpy.arange(5)
    marks = faint & (tall > LARGE * numpy.median(tall))
    marks[faint] |= overlap(boxes[faint], middles[~suspect]).any(1)
    unseen |= faint & numpy.isin(kinds, kinds[marks])
    strong = kinds[faint & (contrast >= WATERMARK)]
    ghosts |= faint & ~unseen & ~numpy.isin(kinds, strong)
    return numpy.select((ghosts, unseen), (GHOST, HIDDEN), runs)


def _contrast(page, lots, places):
    """By how many steps of grey the picture changes in the places of each lot when its objects (and
    those of the lots before) are taken off; the grey that is mostly left. Elsewhere infinite.
    """
    before, scale = render(page, DPI)
    margin = 0.15 * (places[:, [2]] - places[:, [0]])
    last = numpy.array(before.shape * 2)[::-1] - 1
    places = numpy.nan_to_num((places + margin * (1, 0, -1, 0)) / scale).clip(0, last).round()
    found = numpy.full((2, len(places)), numpy.inf)
    for objects, asked in lots:
        each("FPDFPageObj_SetIsActive", objects, 0)
        those = numpy.flatnonzero(asked)
        after = render(page, DPI)[0].astype(numpy.int16) if len(those) else before
        for at, (x0, y0, x1, y1) in zip(those, places[those].astype(int).tolist()):
            here, inner = numpy.s_[y0 : y1 + 1, x0 : x1 + 1], (y1 - y0) // 4
            rest = after[here][inner : y1 - y0 + 1 - inner]
            found[:, at] = abs(before[here] - after[here]).max(), numpy.median(rest)
    return found
