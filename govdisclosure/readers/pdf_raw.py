"""PDFium called in bulk: one C loop instead of a Python call a character or object.

`pypdfium2.raw` wraps each call in typed pointers, which costs more than the call itself (measured: 4 against
0.8 microseconds a character). The same functions are called here with plain addresses into numpy buffers.
"""

from __future__ import annotations

import ctypes
import functools
import math
from collections import deque
from itertools import repeat

import numpy
import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
MAX_PIXELS = 25_000_000
UNREAD = "\ufffc"  # shown, but no text
NO_LETTERS = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))


@functools.cache
def plain(name: str):
    """A function of PDFium that takes plain addresses and numbers, and gives a number or an address."""
    function, address = getattr(pdfium, name), ctypes.c_void_p
    number = function.restype in (ctypes.c_int, ctypes.c_uint, ctypes.c_float)
    takes = [address] * len(function.argtypes)
    made = ctypes.CFUNCTYPE(function.restype if number else address, *takes)
    return made(ctypes.cast(function, address).value or 0)


def each(name: str, *heads) -> list:
    """What the function gives for ``heads[0][i], heads[1][i], …`` of each i."""
    return [*map(plain(name), *heads)]


def address(handle) -> int:
    """The address behind a PDFium handle of `pypdfium2`."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def handle(at: int):
    """The handle of `pypdfium2` for an object's address."""
    return ctypes.cast(at, pdfium.FPDF_PAGEOBJECT)


def fill(name: str, count: int, kind, width: int, pointers: int, *heads) -> numpy.ndarray:
    """Call the function with ``heads[0][i], …, pointers into row i`` for each i: floats (count, width)."""
    found = numpy.zeros((count, width), kind)
    first, size = found.ctypes.data, found.itemsize
    step = width * size
    starts = range(first, first + pointers * size, size)
    deque(map(plain(name), *heads, *(range(at, at + step * count, step) for at in starts)), 0)
    return found.astype(float)


def bounds(objects: list[int]) -> numpy.ndarray:
    """Left, bottom, right, top of each object (n, 4), before the form's matrix."""
    return fill("FPDFPageObj_GetBounds", len(objects), numpy.float32, 4, 4, objects)


def points(segments: list[int]) -> numpy.ndarray:
    """The point (n, 2) that each segment of a path goes to."""
    return fill("FPDFPathSegment_GetPoint", len(segments), numpy.float32, 2, 2, segments)


def characters(text):
    """Of each character: its letter (U+FFFC where the font does not say which), the address of its text object (0 for
    a blank that PDFium adds), its loose box (n, 4) and its origin (n, 2)."""
    at, count = repeat(address(text)), pdfium.FPDFText_CountChars(text)
    codes = each("FPDFText_GetUnicode", at, range(count))
    known = {c: UNREAD if c in NO_LETTERS or c > 0x10FFFF else chr(c) for c in set(codes)}
    unsure = each("FPDFText_HasUnicodeMapError", at, range(count))
    letters = [UNREAD if odd and code != 32 else known[code] for code, odd in zip(codes, unsure)]
    owners = [owner or 0 for owner in each("FPDFText_GetTextObject", at, range(count))]
    boxes = fill("FPDFText_GetLooseCharBox", count, numpy.float32, 4, 1, at, range(count))
    origins = fill("FPDFText_GetCharOrigin", count, float, 2, 2, at, range(count))
    return letters, numpy.array(owners, int), _true_size(text, boxes[:, [0, 3, 2, 1]]), origins


def _true_size(text, boxes: numpy.ndarray) -> numpy.ndarray:
    """PDFium forgets the text matrix in the loose box of a font for vertical writing (seen: 199 for 10 points).

    Then a square about the character's ink is taken instead.
    """
    high = boxes[:, 3] - boxes[:, 1]
    usual = numpy.median(high[high > 0]) if (high > 0).any() else 0.0
    ink = [ctypes.c_double() for _ in range(4)]
    for i in numpy.flatnonzero(high > 2 * usual).tolist():
        pdfium.FPDFText_GetCharBox(text, i, *ink)
        left, right, bottom, top = (side.value for side in ink)
        half = 0.55 * max(right - left, top - bottom)
        if 0 < half < 0.25 * high[i]:
            x, y = (left + right) / 2, (bottom + top) / 2
            boxes[i] = x - half, y - half, x + half, y + half
    return boxes


def is_cut(item: int) -> bool:
    """Whether a clipped object reaches out of a box that clips it, or what clips it is no box."""
    clip, box = pdfium.FPDFPageObj_GetClipPath(handle(item)), bounds([item])[0]
    for i in range(pdfium.FPDFClipPath_CountPaths(clip)):
        count = pdfium.FPDFClipPath_CountPathSegments(clip, i)
        ends = [address(pdfium.FPDFClipPath_GetPathSegment(clip, i, j)) for j in range(count)]
        around = points(ends)
        whole = 3 < count < 7 and (around.min(0) <= box[:2]).all()
        if not whole or (around.max(0) < box[2:]).any():
            return True
    return False


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first``, then ``then``."""
    turn = (*then[:4], 0.0, 0.0)
    return (*apply(turn, *first[:2]), *apply(turn, *first[2:4]), *apply(then, *first[4:]))


def apply(by, x, y):
    """Where a point (numbers or arrays) comes to lie."""
    return by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]


def corners(by: Matrix, boxes: numpy.ndarray) -> numpy.ndarray:
    """Boxes (n, 4) moved by a matrix, as x0, y0, x1, y1 with x0 <= x1 and y0 <= y1."""
    xs, ys = apply(by, boxes[:, [0, 0, 2, 2]], boxes[:, [1, 3, 1, 3]])
    return numpy.stack((xs.min(1), ys.min(1), xs.max(1), ys.max(1)), 1)


def render(page, dpi: float) -> tuple[numpy.ndarray, float]:
    """Grey picture of a `pypdfium2.PdfPage` as shown (rows, columns), and its points per pixel."""
    wide, high = page.get_size()
    scale = min(dpi / 72, math.sqrt(MAX_PIXELS / max(wide * high, 1.0)))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return numpy.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width), 1 / scale
    finally:
        bitmap.close()
