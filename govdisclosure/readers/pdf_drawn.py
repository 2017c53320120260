"""What a PDF page holds, asked of PDFium in bulk: its characters, and the rules, pictures and outlines beside them.

`pypdfium2.raw` wraps each call in typed pointers, which costs more than the call itself (measured: 4 against
0.8 microseconds a character). The same functions are called here with plain addresses into numpy buffers, in one C loop
instead of a Python call a character or object.
"""

from __future__ import annotations

import ctypes
import functools
import math
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import NamedTuple, TypeVar

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.text import FOLD

MAX_PIXELS = 25_000_000
MAX_DRAWN = 200_000  # drawing objects and path segments of one page
MAX_DEPTH = 6  # form XObjects inside form XObjects
THIN = 3.5  # a filled box at most this thick is a rule; cells are never that thin
STRIP = 5.5  # rows and columns narrower than this can hold no text: the gap of a doubled border
SAME = 1.8  # points by which pieces of one rule may lie apart
REACH = 4.0  # gap between pieces of one rule (dots, dashes, rounded cell corners)
LEVEL = 0.7  # points by which a level line may rise
STRAIGHT = 1e-6  # radians by which nothing is turned
STEEPEST = 0.07  # rise of a line that lies level on a page turned by up to 3.5 degrees
TALLEST = 72.0  # points of a character as print has it
OUTLINE = (2.5, 60.0)  # least and greatest side of a character drawn as an outline
CURVED = 6  # segments that no box has
SLIT = 1.0  # points of an opening through which nothing is read
DARK = 80  # greatest of red, green, blue of a ground on which black is not seen

UNREAD = "\ufffc"  # shown, but no text
NO_LETTERS = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))
ODD = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\u200b-\u200f\u2060\ufeff\u00ad]")
LAYER = "OC\0".encode("utf-16-le")  # the mark of optional content

Item = TypeVar("Item")
Box = tuple[float, float, float, float]


class TooMuch(Exception):
    """More objects, segments or cells than a report's page holds."""


@functools.cache
def plain(name: str):
    """A function of PDFium that takes plain addresses and numbers, and gives a number or an address."""
    function, address = getattr(pdfium, name), ctypes.c_void_p
    number = function.restype in (ctypes.c_int, ctypes.c_uint, ctypes.c_float)
    takes = [address] * len(function.argtypes)
    made = ctypes.CFUNCTYPE(function.restype if number else address, *takes)
    return made(ctypes.cast(function, address).value or 0)


def each(name: str, *heads):
    """What the function gives for ``heads[0][i], heads[1][i], …`` of each i.

    A function that takes pointers as well fills what they point to with numbers: these, as rows of floats.
    """
    pointers = getattr(pdfium, name).argtypes[len(heads) :]
    if not pointers:
        return [*map(plain(name), *heads)]
    filled = pointers[0]._type_
    number = numpy.dtype(getattr(filled, "_fields_", [("", filled)])[0][1])
    size = ctypes.sizeof(filled)
    found = numpy.zeros((len(heads[-1]), len(pointers) * size // number.itemsize), number)
    first, step = found.ctypes.data, len(pointers) * size
    starts = range(first, first + step, size)
    deque(map(plain(name), *heads, *(range(at, at + found.nbytes, step) for at in starts)), 0)
    return found.astype(float)


def address(handle) -> int:
    """The address behind a PDFium handle of `pypdfium2`."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def objects_of(page) -> list[int]:
    """The addresses of a page's objects."""
    count = pdfium.FPDFPage_CountObjects(page)
    return each("FPDFPage_GetObject", repeat(address(page)), range(count))


def characters(text):
    """Of each character: its letter (U+FFFC where the font does not say which), the address of its text object (0 for
    a blank that PDFium adds), and its loose box (n, 4)."""
    at, count = repeat(address(text)), pdfium.FPDFText_CountChars(text)
    codes = each("FPDFText_GetUnicode", at, range(count))
    known = {code: _letter(code) for code in set(codes)}
    unsure = each("FPDFText_HasUnicodeMapError", at, range(count))
    letters = [UNREAD if odd and code != 32 else known[code] for code, odd in zip(codes, unsure)]
    owners = [owner or 0 for owner in each("FPDFText_GetTextObject", at, range(count))]
    boxes = each("FPDFText_GetLooseCharBox", at, range(count))[:, [0, 3, 2, 1]]
    # PDFium forgets the text matrix in the loose box of a font for vertical writing (seen: 199 for 10 points).
    odd = numpy.flatnonzero(boxes[:, 3] - boxes[:, 1] > TALLEST)
    boxes[odd] = each("FPDFText_GetCharBox", at, odd.tolist())[:, [0, 2, 1, 3]]
    return numpy.array(letters, object), numpy.array(owners, int), boxes


def _letter(code: int) -> str:
    """Radicals and compatibility ideographs as the characters they look like; nothing for an invisible one."""
    if code in NO_LETTERS or code > 0x10FFFF:
        return UNREAD
    letter = chr(code)
    return unicodedata.normalize("NFKC", letter).translate(FOLD) if ODD.match(letter) else letter


def clipped(objects: list[int]) -> numpy.ndarray:
    """Points that the boxes which clip each object leave open, of the narrowest; infinite where it lies inside of all."""
    clips = each("FPDFPageObj_GetClipPath", objects)
    counts = each("FPDFClipPath_CountPaths", clips)
    boxes = each("FPDFPageObj_GetBounds", objects)
    return numpy.array(
        [
            min((_open(clip, i, box) for i in range(count)), default=math.inf)
            for clip, count, box in zip(clips, counts, boxes)
        ]
    )


def _open(clip: int, number: int, box: numpy.ndarray) -> float:
    count = plain("FPDFClipPath_CountPathSegments")(clip, number)
    if not 3 < count < CURVED:
        return 2 * SLIT  # no box: the picture tells
    ends = each("FPDFClipPath_GetPathSegment", repeat(clip), repeat(number), range(count))
    around = each("FPDFPathSegment_GetPoint", ends)
    low, high = around.min(0), around.max(0)
    inside = (low <= box[:2]).all() and (box[2:] <= high).all()
    return math.inf if inside else (high - low).min()


def apply(by: numpy.ndarray, points: numpy.ndarray) -> numpy.ndarray:
    """Where points (n, 2) come to lie by a matrix (3, 2)."""
    return points @ by[:2] + by[2]


def corners(by: numpy.ndarray, boxes: numpy.ndarray) -> numpy.ndarray:
    """Boxes (n, 4) moved by a matrix, as x0, y0, x1, y1 with x0 <= x1 and y0 <= y1."""
    middle = apply(by, (boxes[:, :2] + boxes[:, 2:]) / 2)
    half = abs(boxes[:, 2:] - boxes[:, :2]) / 2 @ abs(by[:2])
    return numpy.hstack((middle - half, middle + half))


def render(page, dpi: float) -> tuple[numpy.ndarray, float]:
    """Grey picture of a `pypdfium2.PdfPage` as shown (rows, columns), and its points per pixel."""
    wide, high = page.get_size()
    scale = min(dpi / 72, math.sqrt(MAX_PIXELS / max(wide * high, 1.0)))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return numpy.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width), 1 / scale
    finally:
        bitmap.close()


class Rule(NamedTuple):
    """A drawn straight line: ``at`` is y of a horizontal, x of a vertical one; from ``start`` to ``end``."""

    at: float
    start: float
    end: float


def runs(items: Iterable[Item], together: Callable[[list[Item], Item], bool]) -> list[list[Item]]:
    """The items in order, in lists that go on as long as the next one belongs to what the list holds."""
    found: list[list[Item]] = []
    for item in items:
        if found and together(found[-1], item):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def joined(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line as one rule; what is too short to be one is left out."""
    whole = []
    once = sorted(set(rules))  # cells drawn each on its own draw each wall twice
    for line in runs(once, lambda line, rule: rule.at - line[0].at <= SAME):
        at = sum(rule.at for rule in line) / len(line)
        line.sort(key=lambda rule: rule.start)
        for piece in runs(line, lambda piece, rule: rule.start <= piece[-1].end + REACH):
            whole.append(Rule(at, piece[0].start, max(rule.end for rule in piece)))
    return [rule for rule in whole if rule.end - rule.start > STRIP]


@dataclass(slots=True)
class Drawn:
    """What a page draws: boxes and rules in points of the page as shown.

    ``shapes``: pictures and what may be outlined characters; ``covers``: (when it is painted, *box) of what may hide what was painted before, a dark ground
    what is painted whenever; ``painted``: when each object is, all of a form at once; ``layered``:
    objects that a layer can switch off. ``level`` and ``tilted``: length of the strokes that lie
    straight, and of those that nearly do.
    """

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    shapes: list[Box] = field(default_factory=list)
    covers: list[tuple[float, ...]] = field(default_factory=list)
    painted: dict[int, int] = field(default_factory=dict)
    layered: set[int] = field(default_factory=set)
    level: float = 0.0
    tilted: float = 0.0

    def read(self, page, by: numpy.ndarray, layers: bool) -> None:
        """Everything on a page; ``layers``: whether the file may have some. Raises TooMuch."""
        objects = objects_of(page)
        if layers:
            self.layered.update(_in_layers(objects))
        self._walk(objects, by, range(len(objects)), 0)
        self.across, self.down = joined(self.across), joined(self.down)

    def _walk(
        self, objects: list[int], by: numpy.ndarray, orders: Iterable[int], depth: int
    ) -> None:
        self.painted.update(zip(objects, orders))
        if len(self.painted) > MAX_DRAWN:
            raise TooMuch(f"over {MAX_DRAWN} things that are drawn")
        if depth:  # a form XObject can belong to a layer without a word of it in the page
            self.layered.update(objects)
        types = each("FPDFPageObj_GetType", objects)

        def those(*kinds):
            return [at for at, kind in zip(objects, types) if kind in kinds]

        self._paths(those(pdfium.FPDF_PAGEOBJ_PATH), by)
        self._pictures(those(pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING), by)
        for form in those(pdfium.FPDF_PAGEOBJ_FORM) if depth < MAX_DEPTH else ():
            count = max(plain("FPDFFormObj_CountObjects")(form), 0)
            inner = each("FPDFFormObj_GetObject", repeat(form), range(count))
            matrix = each("FPDFPageObj_GetMatrix", [form]).reshape(3, 2) @ by[:2]
            matrix[2] += by[2]
            self._walk(inner, matrix, repeat(self.painted[form]), depth + 1)

    def _pictures(self, objects: list[int], by: numpy.ndarray) -> None:
        boxes = corners(by, each("FPDFPageObj_GetBounds", objects))
        large = (boxes[:, 2:] - boxes[:, :2]).min(1, initial=numpy.inf) > THIN
        self._rules(boxes[~large])
        self.shapes += map(tuple, boxes[large].tolist())
        self._cover([*compress(objects, large)], boxes[large])

    def _cover(self, objects: list[int], boxes: numpy.ndarray) -> None:
        dark = each("FPDFPageObj_GetFillColor", objects)[:, :3].max(1, initial=0) < DARK
        for at, black, box in zip(objects, dark.tolist(), boxes.tolist()):
            self.covers.append((numpy.inf if black else self.painted[at], *box))

    def _paths(self, paths: list[int], by: numpy.ndarray) -> None:
        """What is filled may cover; what has many pieces may be a character; lines are rules: a filled box and a single
        stroke are told by their bounds, all at once, the rest by their points."""
        filled, stroke = each("FPDFPath_GetDrawMode", paths).astype(bool).T
        counts = numpy.array(each("FPDFPath_CountSegments", paths), int)
        boxes = corners(by, each("FPDFPageObj_GetBounds", paths))
        boxes[~numpy.isfinite(boxes).all(1)] = 0
        wide, high = (boxes[:, 2:] - boxes[:, :2]).T
        thin, drawn = numpy.minimum(wide, high) <= THIN, filled | stroke
        ground = filled & ~thin
        self._cover([*compress(paths, ground)], boxes[ground])
        small = (high > OUTLINE[0]) & (high < OUTLINE[1]) & (wide < OUTLINE[1])
        self.shapes += map(tuple, boxes[small & drawn & (counts > CURVED)].tolist())
        simple = numpy.where(stroke, thin & (counts == 2), counts < CURVED)
        simple &= abs(by[:2]).min(1).max() < STRAIGHT
        self._rules(boxes[simple & thin & drawn])
        rest = drawn & ~simple
        if counts[rest].sum() > MAX_DRAWN:
            raise TooMuch("more lines than a report has")
        if rest.any():
            self._follow([*compress(paths, rest)], counts[rest], stroke[rest], by)

    def _follow(self, paths: list[int], counts, stroke, by: numpy.ndarray) -> None:
        """Paths in runs of straight pieces; a run ends where a curve begins.

        A thin run is one rule, of others the level pieces are, if they are drawn.
        """
        owner = numpy.repeat(numpy.arange(len(paths)), counts)
        steps = [step for count in counts.tolist() for step in range(count)]
        found = each("FPDFPath_GetPathSegment", numpy.array(paths)[owner].tolist(), steps)
        own = each("FPDFPageObj_GetMatrix", paths).reshape(-1, 3, 2)[owner]
        points = each("FPDFPathSegment_GetPoint", found)[:, :, None]
        ends = apply(by, (points * own[:, :2]).sum(1) + own[:, 2])
        kinds, closed = (
            numpy.array(each(f"FPDFPathSegment_Get{what}", found)) for what in ("Type", "Close")
        )
        begins = (kinds != pdfium.FPDF_SEGMENT_LINETO) | (numpy.array(steps) == 0)
        first, run = numpy.flatnonzero(begins), numpy.cumsum(begins) - 1
        whole = numpy.minimum.reduceat(ends, first), numpy.maximum.reduceat(ends, first)
        thin = ((whole[1] - whole[0]).min(1) <= THIN) & (numpy.bincount(run, 1 + closed) > 2)
        self._rules(numpy.hstack(whole)[thin])
        drawn = stroke[owner] & ~thin[run]
        on, back = numpy.flatnonzero(drawn & ~begins), numpy.flatnonzero(drawn & (closed != 0))
        here = ends[numpy.concatenate((on, back))]
        there = ends[numpy.concatenate((on - 1, first[run[back]]))]
        pieces = numpy.hstack((numpy.minimum(here, there), numpy.maximum(here, there)))
        short, long = numpy.sort(abs(here - there)).T
        self.tilted += long[(short > LEVEL) & (short < STEEPEST * long)].sum()
        level = (short <= LEVEL) & (long > LEVEL)
        self.level += long[level].sum()
        self._rules(pieces[level])

    def _rules(self, boxes: numpy.ndarray) -> None:
        """Thin boxes as rules along their middle; a dot is a rule both ways."""
        x0, y0, x1, y1 = boxes.T
        for found, keep, columns in (
            (self.across, x1 - x0 >= y1 - y0, ((y0 + y1) / 2, x0, x1)),
            (self.down, y1 - y0 >= x1 - x0, ((x0 + x1) / 2, y0, y1)),
        ):
            found += map(Rule._make, zip(*(column[keep].tolist() for column in columns)))


def _in_layers(objects: list[int]) -> Iterator[int]:
    """Those of the objects that stand between the marks of optional content."""
    name, size = (ctypes.c_ushort * 4)(), ctypes.c_ulong()
    for at, count in zip(objects, each("FPDFPageObj_CountMarks", objects)):
        for mark in each("FPDFPageObj_GetMark", repeat(at), range(count)):
            plain("FPDFPageObjMark_GetName")(mark, name, 8, ctypes.byref(size))
            if bytes(name)[: len(LAYER)] == LAYER:
                yield at
