"""PDFium called in bulk: one C loop instead of a Python call a character or object.

`pypdfium2.raw` wraps each call in typed pointers, which costs more than the call itself (measured: 4 against
0.8 microseconds a character). The same functions are called here with plain addresses into numpy buffers.
"""

from __future__ import annotations

import ctypes
import math
from collections import deque
from itertools import repeat

import numpy
import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
MAX_PIXELS = 25_000_000
TALL = 2.0  # a character this much higher than most gets a second look
UNREAD = "\ufffc"  # shown, but no text
UNMAPPED = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF))


def plain(function):
    """A function of PDFium that takes plain addresses and numbers, and gives a number or an address."""
    address = ctypes.c_void_p
    number = function.restype in (ctypes.c_int, ctypes.c_uint, ctypes.c_float)
    takes = [address] * len(function.argtypes)
    made = ctypes.CFUNCTYPE(function.restype if number else address, *takes)
    return made(ctypes.cast(function, address).value)


LOOSE_BOX = plain(pdfium.FPDFText_GetLooseCharBox)
ORIGIN = plain(pdfium.FPDFText_GetCharOrigin)
OWNER = plain(pdfium.FPDFText_GetTextObject)
UNICODE = plain(pdfium.FPDFText_GetUnicode)
UNSURE = plain(pdfium.FPDFText_HasUnicodeMapError)
COLOUR = plain(pdfium.FPDFText_GetFillColor)
ANGLE = plain(pdfium.FPDFText_GetCharAngle)
RENDER_MODE = plain(pdfium.FPDFTextObj_GetTextRenderMode)
CLIP = plain(pdfium.FPDFPageObj_GetClipPath)
CLIPS = plain(pdfium.FPDFClipPath_CountPaths)
MARKS = plain(pdfium.FPDFPageObj_CountMarks)
TYPE = plain(pdfium.FPDFPageObj_GetType)
BOUNDS = plain(pdfium.FPDFPageObj_GetBounds)
MATRIX = plain(pdfium.FPDFPageObj_GetMatrix)
DRAW_MODE = plain(pdfium.FPDFPath_GetDrawMode)
SEGMENTS = plain(pdfium.FPDFPath_CountSegments)
SEGMENT = plain(pdfium.FPDFPath_GetPathSegment)
KIND = plain(pdfium.FPDFPathSegment_GetType)
CLOSES = plain(pdfium.FPDFPathSegment_GetClose)
POINT = plain(pdfium.FPDFPathSegment_GetPoint)
PAGE_OBJECT = plain(pdfium.FPDFPage_GetObject)
FORM_OBJECT = plain(pdfium.FPDFFormObj_GetObject)


def address(handle) -> int:
    """The address behind a PDFium handle of `pypdfium2`."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def handle(at: int):
    """The handle of `pypdfium2` for an object's address."""
    return ctypes.cast(at, pdfium.FPDF_PAGEOBJECT)


def fill(function, count: int, kind, width: int, pointers: int, *heads) -> numpy.ndarray:
    """Call ``function(*heads[i], pointers into row i)`` for each i: floats (count, width)."""
    found = numpy.zeros((count, width), kind)
    first, size = found.ctypes.data, found.itemsize
    step = width * size
    starts = range(first, first + pointers * size, size)
    deque(map(function, *heads, *(range(at, at + step * count, step) for at in starts)), 0)
    return found.astype(float)


def bounds(objects: list[int]) -> numpy.ndarray:
    """Left, bottom, right, top of each object (n, 4), before the form's matrix."""
    return fill(BOUNDS, len(objects), numpy.float32, 4, 4, objects)


def characters(text):
    """Of each character: its letter (U+FFFC where the font does not say which), the address of its text object (0 for
    a blank that PDFium adds), its loose box (n, 4) and its origin (n, 2)."""
    at, count = repeat(address(text)), pdfium.FPDFText_CountChars(text)
    codes = [*map(UNICODE, at, range(count))]
    known = {code: UNREAD if _is_no_letter(code) else chr(code) for code in set(codes)}
    unsure = map(UNSURE, at, range(count))
    letters = [UNREAD if odd and code != 32 else known[code] for code, odd in zip(codes, unsure)]
    owners = [owner or 0 for owner in map(OWNER, at, range(count))]
    boxes = fill(LOOSE_BOX, count, numpy.float32, 4, 1, at, range(count))[:, [0, 3, 2, 1]]
    origins = fill(ORIGIN, count, float, 2, 2, at, range(count))
    return letters, owners, _true_size(text, boxes), origins


def _is_no_letter(code: int) -> bool:
    return code in UNMAPPED or code > 0x10FFFF or 0xD800 <= code < 0xE000


def _true_size(text, boxes: numpy.ndarray) -> numpy.ndarray:
    """PDFium forgets the text matrix in the loose box of a font for vertical writing (seen: 199 for 10 points).

    Then a square about the character's ink is taken instead.
    """
    high = boxes[:, 3] - boxes[:, 1]
    usual = numpy.median(high[high > 0]) if (high > 0).any() else 0.0
    ink = [ctypes.c_double() for _ in range(4)]
    for i in numpy.flatnonzero(high > TALL * usual).tolist():
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
        points = fill(POINT, count, numpy.float32, 2, 2, ends)
        whole = 3 < count < 7 and (points.min(0) <= box[:2]).all()
        if not whole or (points.max(0) < box[2:]).any():
            return True
    return False


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first``, then ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    rows = (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s)
    return (*rows, e * p + f * r + t, e * q + f * s + u)


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
