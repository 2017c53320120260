"""What a PDF page holds, asked of PDFium in bulk: its characters, and the rules, pictures and
outlines beside them.

`pypdfium2.raw` wraps each call in typed pointers, which costs more than the call itself (measured:
4 against 0.8 microseconds a character). The same functions are called here with plain addresses
into numpy buffers, in one C loop instead of a Python call a character or object.
"""

from __future__ import annotations

import ctypes
import functools
import math
import re
import unicodedata
from collections import deque
from itertools import repeat
from operator import itemgetter
from statistics import fmean
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.readers.placing import runs
from govdisclosure.text import FOLD

MAX_PIXELS = 25_000_000
MAX_DRAWN = 200_000  # drawing objects and path segments of one page
MANY = 20_000_000  # pairs of things that may lie over each other
MAX_DEPTH = 6  # form XObjects inside form XObjects
MAX_FORMS = 1_000  # of one page: a stamp, a header, a drawing
THIN = 3.5  # a filled box at most this thick is a rule; cells are never that thin
STRIP = 5.5  # rows and columns narrower than this can hold no text: the gap of a doubled border
SAME = 1.8  # points by which pieces of one rule may lie apart
REACH = 4.0  # gap between pieces of one rule (dots, dashes, rounded cell corners)
LEVEL = 0.7  # points by which a level line may rise
LEANING = 700.0  # points of lines askew that tell a page from a drawing
STEEPEST = 0.07  # rise of a line that lies level on a page turned by up to 3.5 degrees
TALLEST = 72.0  # points of a character as print has it
OUTLINE = (2.5, 60.0)  # least and greatest side of a character drawn as an outline
CURVED = 6  # segments that no box has
SLIT = 1.0  # points of an opening through which nothing is read
TEXT, FORM = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM
DARK = 80  # greatest of red, green, blue of a ground on which black is not seen

UNREAD = "\ufffc"  # shown, but no text
NO_LETTERS = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))
ODD = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\u200b-\u200f\u2060\ufeff\u00ad]")
LAYER = (*b"OC\0",)  # the mark of optional content

Box = tuple[float, float, float, float]


class TooMuch(Exception):
    """More objects, segments or cells than a report's page holds."""


class AskewError(Exception):
    """A page that does not lie straight."""


@functools.cache
def plain(name: str):
    """A function of PDFium that takes plain addresses and numbers, and gives a number or an
    address.
    """
    function = getattr(pdfium, name)
    number = function.restype in (ctypes.c_int, ctypes.c_uint, ctypes.c_float)
    takes = [ctypes.c_void_p] * len(function.argtypes)
    made = ctypes.CFUNCTYPE(function.restype if number else ctypes.c_size_t, *takes)
    return made(address(function))


def each(name: str, *heads) -> numpy.ndarray:
    """What the function gives for each i of ``heads[0][i], heads[1][i], …``; a number is the same
    for each.

    A function that takes pointers as well fills what they point to with numbers: these, as rows of
    floats.
    """
    function = getattr(pdfium, name)
    called = [head.tolist() if isinstance(head, numpy.ndarray) else repeat(head) for head in heads]
    pointers = function.argtypes[len(heads) :]
    if not pointers:
        kind = float if function.restype is ctypes.c_float else int
        return numpy.fromiter(map(plain(name), *called), kind)
    filled = pointers[0]._type_
    fields = getattr(filled, "_fields_", [("", filled)])
    count = next(len(head) for head in heads if isinstance(head, numpy.ndarray))
    found = numpy.zeros((count, len(pointers) * len(fields)), fields[0][1])
    places = found.ctypes.data + found.itemsize * numpy.arange(found.size)
    starts = places.reshape(found.shape)[:, :: len(fields)]
    deque(map(plain(name), *called, *starts.T.tolist()), 0)
    return found.astype(float)


def counted(counts: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Whose each thing is, where owner i has ``counts[i]`` of them, and its number among those.

    >>> counted(numpy.array([2, 0, 3]))
    (array([0, 0, 2, 2, 2]), array([0, 1, 0, 1, 2]))
    """
    counts = counts.clip(0)  # PDFium says -1 for none
    owner = numpy.repeat(numpy.arange(len(counts)), counts)
    return owner, numpy.arange(len(owner)) - (numpy.cumsum(counts) - counts)[owner]


def address(handle) -> int:
    """The address behind a PDFium handle of `pypdfium2`."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def objects_of(page) -> list[numpy.ndarray]:
    """All objects of a page, then those of the forms in it: addresses, kinds, when each is painted
    (those of a form between two of the page), the matrix of each. Raises TooMuch.
    """
    orders = numpy.arange(pdfium.FPDFPage_CountObjects(page))
    objects, steps = each("FPDFPage_GetObject", address(page), orders), numpy.ones(len(orders))
    by = numpy.tile(numpy.eye(3, 2), (len(orders), 1, 1))
    levels = []
    for _ in range(MAX_DEPTH + 1):
        if len(objects) > MAX_DRAWN:
            raise TooMuch(f"over {MAX_DRAWN} things that are drawn")
        kinds = each("FPDFPageObj_GetType", objects)
        levels.append((objects, kinds, orders, by))
        at = numpy.flatnonzero(kinds == FORM)
        if not len(at):
            break
        if len(at) > MAX_FORMS:
            raise TooMuch(f"over {MAX_FORMS} forms that are drawn")
        counts = each("FPDFFormObj_CountObjects", objects[at])
        owner, number = counted(counts)
        steps, at = (steps[at] / (abs(counts) + 1))[owner], at[owner]
        orders = orders[at] + steps * (number + 1)
        by = moved(each("FPDFPageObj_GetMatrix", objects[at]).reshape(-1, 3, 2), by[at])
        objects = each("FPDFFormObj_GetObject", objects[at], number)
    return [numpy.concatenate(level) for level in zip(*levels)]


def characters(text):
    """Of each character: its letter (U+FFFC where the font does not say which it is, "" of an
    invisible one), the address of its text object (0 for a blank that PDFium adds), and its loose
    box (n, 4)."""
    at, numbers = address(text), numpy.arange(pdfium.FPDFText_CountChars(text))
    codes = each("FPDFText_GetUnicode", at, numbers)
    unsure = each("FPDFText_HasUnicodeMapError", at, numbers) != 0
    codes[unsure & (codes != 32)] = ord(UNREAD)
    boxes = each("FPDFText_GetLooseCharBox", at, numbers)[:, [0, 3, 2, 1]]
    # PDFium forgets the text matrix in the loose box of a font for vertical writing (seen: 199 for
    # 10 points).
    odd = numpy.flatnonzero(boxes[:, 3] - boxes[:, 1] > TALLEST)
    boxes[odd] = each("FPDFText_GetCharBox", at, odd)[:, [0, 2, 1, 3]]
    letters = numpy.array([letter_of(code) for code in codes.tolist()], "U1")
    return letters, each("FPDFText_GetTextObject", at, numbers), boxes


@functools.cache
def letter_of(code: int) -> str:
    """Radicals and compatibility ideographs as the characters they look like; a space for all that
    is blank, nothing for an invisible one.
    """
    if code in NO_LETTERS or code > 0x10FFFF:
        return UNREAD
    letter = chr(code)
    if letter.isspace() or letter < " ":
        return " "
    return unicodedata.normalize("NFKC", letter).translate(FOLD) if ODD.match(letter) else letter


def clipped(objects: numpy.ndarray) -> numpy.ndarray:
    """Points that the boxes which clip each object leave open, of the narrowest; infinite where it
    lies inside of all.
    """
    clips, left = each("FPDFPageObj_GetClipPath", objects), numpy.full(len(objects), numpy.inf)
    owner, number = counted(each("FPDFClipPath_CountPaths", clips))
    counts = each("FPDFClipPath_CountPathSegments", clips[owner], number)
    ends = [each("FPDFClipPath_GetPathSegment", clips[owner], number, at) for at in range(4)]
    around = numpy.array([each("FPDFPathSegment_GetPoint", end) for end in ends])
    low, high = around.min(0), around.max(0)
    bounds = each("FPDFPageObj_GetBounds", objects[owner])
    inside = (low <= bounds[:, :2]).all(1) & (bounds[:, 2:] <= high).all(1)
    box = (counts > 3) & (counts < CURVED)  # of another the picture tells
    opening = numpy.where(box, (high - low).min(1), 2 * SLIT)
    numpy.minimum.at(left, owner, numpy.where(box & inside, numpy.inf, opening))
    return left


def moved(first: numpy.ndarray, then: numpy.ndarray) -> numpy.ndarray:
    """The matrices (n, 3, 2) of what is moved twice."""
    return apply(then, first) - then[..., 2:, :] * ((1,), (1,), (0,))


def apply(by: numpy.ndarray, points: numpy.ndarray) -> numpy.ndarray:
    """Where points (…, n, 2) come to lie by a matrix (…, 3, 2)."""
    x, y = points[..., :1], points[..., 1:]
    return x * by[..., :1, :] + y * by[..., 1:2, :] + by[..., 2:, :]


def corners(by: numpy.ndarray, boxes: numpy.ndarray) -> numpy.ndarray:
    """Boxes (n, 4) moved by a matrix (or each by its own), as x0, y0, x1, y1 with x0 <= x1 and
    y0 <= y1.
    """
    points = apply(by, boxes[:, [[0, 1], [0, 3], [2, 1], [2, 3]]])
    return numpy.hstack((points.min(1), points.max(1)))


def overlap(some: numpy.ndarray, others: numpy.ndarray) -> numpy.ndarray:
    """[i, j]: whether box i of some and box j of others share more than an edge; a rule or a middle
    is a box of no width or height. Raises TooMuch.
    """
    if len(some) * len(others) > MANY:
        raise TooMuch("too many things over each other")
    x0, y0, x1, y1 = some.T[:, :, None]
    left, top, right, bottom = others.T
    return (x0 < right) & (left < x1) & (y0 < bottom) & (top < y1)


def render(page, dpi: float) -> tuple[numpy.ndarray, float]:
    """Grey picture of a `pypdfium2.PdfPage` as shown (rows, columns), and its points per pixel."""
    wide, high = page.get_size()
    scale = min(dpi / 72, math.sqrt(MAX_PIXELS / max(wide * high, 1.0)))
    bitmap = page.render(scale=scale, grayscale=True)
    return numpy.array(bitmap.to_numpy()), 1 / scale


def joined(boxes: numpy.ndarray) -> numpy.ndarray:
    """Thin boxes that lie level as rules along their middle, pieces of one line as one: rows of y,
    start and end.

    What is too short to be a rule is left out; so are boxes that stand upright: swap x and y for
    those.
    """
    x0, y0, x1, y1 = boxes[boxes[:, 2] - boxes[:, 0] >= boxes[:, 3] - boxes[:, 1]].T
    whole = []
    # Cells drawn each on its own draw each wall twice.
    once = sorted({*zip(((y0 + y1) / 2).tolist(), x0.tolist(), x1.tolist())})
    for line in runs(once, lambda line, piece: piece[0] - line[0][0] <= SAME):
        at = fmean(piece[0] for piece in line)
        line.sort(key=itemgetter(1))
        for part in runs(line, lambda part, piece: piece[1] <= part[-1][2] + REACH):
            start, end = part[0][1], max(piece[2] for piece in part)
            if end - start > STRIP:
                whole.append((at, start, end))
    return numpy.reshape(whole, (-1, 3))


class Drawn(NamedTuple):
    """What a page draws, in points of the page as shown.

    ``across`` and ``down``: rules, see `joined`; ``shapes``: boxes of pictures and of what may be
    outlined characters; ``covers``: (when it is painted, *box) of what may hide what was painted
    before, a dark ground what is painted whenever; ``painted``: when each text is.
    """

    across: numpy.ndarray
    down: numpy.ndarray
    shapes: numpy.ndarray
    covers: numpy.ndarray
    painted: dict[int, float]


def drawn(things: list[numpy.ndarray], by: numpy.ndarray) -> Drawn:
    """What `objects_of` a page are. Raises TooMuch.

    What is filled may cover; what has many pieces may be a character; lines are rules: what is thin
    and simple is told by its bounds, all at once, the rest by its points.
    """
    texts, others = things[1] == TEXT, ~numpy.isin(things[1], (TEXT, FORM))
    painted = dict(zip(*(column[texts].tolist() for column in things[::2])))
    objects, _, orders, own = (column[others] for column in things)
    by = moved(own, by)
    filled, stroke = each("FPDFPath_GetDrawMode", objects).astype(bool).T
    counts = each("FPDFPath_CountSegments", objects)
    picture = counts < 0
    boxes = corners(by, each("FPDFPageObj_GetBounds", objects))
    boxes[~numpy.isfinite(boxes).all(1)] = 0
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    thin, seen = numpy.minimum(wide, high) <= THIN, filled | stroke | picture
    ground = (filled | picture) & ~thin
    dark = each("FPDFPageObj_GetFillColor", objects[ground])[:, :3].max(1) < DARK
    covers = numpy.column_stack((numpy.where(dark, numpy.inf, orders[ground]), boxes[ground]))
    small = (high > OUTLINE[0]) & (numpy.maximum(high, wide) < OUTLINE[1])
    shape = picture & ~thin | small & seen & (counts > CURVED)
    simple = thin & numpy.where(stroke, counts == 2, counts < CURVED)
    rest = seen & ~simple & (counts > 0)
    rules = boxes[simple & seen]
    if rest.any():
        strokes = _strokes(objects[rest], counts[rest], stroke[rest], by[rest])
        rules = numpy.vstack((rules, strokes))
    lines = joined(rules), joined(rules[:, [1, 0, 3, 2]])
    return Drawn(*lines, boxes[shape], covers, painted)


def _strokes(paths: numpy.ndarray, counts, stroke, by: numpy.ndarray) -> numpy.ndarray:
    """The level pieces of paths, of filled ones those of thin runs; a run ends where a curve
    begins. Raises AskewError where more of them nearly lie level.
    """
    if counts.sum() > MAX_DRAWN:
        raise TooMuch("more lines than a report has")
    owner, step = counted(counts)
    found = each("FPDFPath_GetPathSegment", paths[owner], step)
    by = moved(each("FPDFPageObj_GetMatrix", paths).reshape(-1, 3, 2), by)
    ends = apply(by[owner], each("FPDFPathSegment_GetPoint", found)[:, None])[:, 0]
    kinds = each("FPDFPathSegment_GetType", found)
    begins = (kinds != pdfium.FPDF_SEGMENT_LINETO) | (step == 0)
    first, run = numpy.flatnonzero(begins), numpy.cumsum(begins) - 1
    size = numpy.maximum.reduceat(ends, first) - numpy.minimum.reduceat(ends, first)
    seen = stroke[owner] | (size.min(1) <= THIN)[run]
    last, before = numpy.append(first, len(ends))[1:] - 1, numpy.arange(len(ends)) - 1
    closed = each("FPDFPathSegment_GetClose", found)[last] != 0
    before[first] = numpy.where(closed, last, first)
    there = ends[before]
    short, long = numpy.sort(abs(ends - there)).T
    tilted = long[seen & (short > LEVEL) & (short < STEEPEST * long)].sum()
    level = seen & (short <= LEVEL) & (long > LEVEL)
    pieces = numpy.hstack((numpy.minimum(ends, there), numpy.maximum(ends, there)))
    if tilted > max(long[level].sum(), LEANING):
        raise AskewError("lines that lie askew to the text")
    return pieces[level]


def in_layers(objects: numpy.ndarray) -> numpy.ndarray:
    """Those of the objects that stand between marks of optional content."""
    owner, number = counted(each("FPDFPageObj_CountMarks", objects))
    names = numpy.zeros((len(owner), 4), numpy.uint16)
    places = names.ctypes.data + names.strides[0] * numpy.arange(len(owner))
    marks = each("FPDFPageObj_GetMark", objects[owner], number)
    each("FPDFPageObjMark_GetName", marks, places, names.strides[0])
    return objects[owner[(names[:, :3] == LAYER).all(1)]]
