"""PDFium called in bulk: one C loop instead of a Python call a character or object.

`pypdfium2.raw` wraps each call in typed pointers, which costs more than the call itself (measured: 4 against
0.8 microseconds a character). The same functions are called here with plain addresses into numpy buffers.
"""

from __future__ import annotations

import ctypes
import math
from collections import deque
from itertools import compress, repeat

import numpy
import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
TALL = 2.0  # a character this much higher than most gets a second look
MAX_PIXELS = 25_000_000
_ADDRESS = ctypes.c_void_p


def _plain(function, *arguments, result=ctypes.c_int):
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, _ADDRESS).value)


_loose_box = _plain(pdfium.FPDFText_GetLooseCharBox, _ADDRESS, ctypes.c_int, _ADDRESS)
_origin = _plain(pdfium.FPDFText_GetCharOrigin, _ADDRESS, ctypes.c_int, _ADDRESS, _ADDRESS)
_owner = _plain(pdfium.FPDFText_GetTextObject, _ADDRESS, ctypes.c_int, result=_ADDRESS)
_unmapped = _plain(pdfium.FPDFText_HasUnicodeMapError, _ADDRESS, ctypes.c_int)
_colour = _plain(pdfium.FPDFText_GetFillColor, _ADDRESS, ctypes.c_int, *[_ADDRESS] * 4)
_angle = _plain(
    pdfium.FPDFText_GetCharAngle, _ADDRESS, ctypes.c_int, result=ctypes.c_float
)
_render_mode = _plain(pdfium.FPDFTextObj_GetTextRenderMode, _ADDRESS)
_clip = _plain(pdfium.FPDFPageObj_GetClipPath, _ADDRESS, result=_ADDRESS)
_clip_paths = _plain(pdfium.FPDFClipPath_CountPaths, _ADDRESS)
_page_object = _plain(pdfium.FPDFPage_GetObject, _ADDRESS, ctypes.c_int, result=_ADDRESS)
_form_object = _plain(pdfium.FPDFFormObj_GetObject, _ADDRESS, ctypes.c_ulong, result=_ADDRESS)
_object_type = _plain(pdfium.FPDFPageObj_GetType, _ADDRESS)
_marks = _plain(pdfium.FPDFPageObj_CountMarks, _ADDRESS)
_draw_mode = _plain(pdfium.FPDFPath_GetDrawMode, _ADDRESS, _ADDRESS, _ADDRESS)
_segments = _plain(pdfium.FPDFPath_CountSegments, _ADDRESS)
_segment = _plain(pdfium.FPDFPath_GetPathSegment, _ADDRESS, ctypes.c_int, result=_ADDRESS)
_kind = _plain(pdfium.FPDFPathSegment_GetType, _ADDRESS)
_closes = _plain(pdfium.FPDFPathSegment_GetClose, _ADDRESS)
_point = _plain(pdfium.FPDFPathSegment_GetPoint, _ADDRESS, _ADDRESS, _ADDRESS)
_matrix = _plain(pdfium.FPDFPageObj_GetMatrix, _ADDRESS, _ADDRESS)
_bounds = _plain(pdfium.FPDFPageObj_GetBounds, _ADDRESS, *[_ADDRESS] * 4)


def address(handle) -> int:
    """The address behind a PDFium handle of `pypdfium2`."""
    return ctypes.cast(handle, _ADDRESS).value or 0


def handle(at: int):
    """The handle of `pypdfium2` for an object's address."""
    return ctypes.cast(at, pdfium.FPDF_PAGEOBJECT)


def _each(function, at: int, count: int, *buffers) -> None:
    """Call ``function(at, i, address of row i of each buffer …)`` for each i below ``count``."""
    places = [
        range(start, start + step * count, step) if count else ()
        for start, step in buffers
    ]
    deque(map(function, repeat(at), range(count), *places), 0)


def char_boxes(text, count: int) -> numpy.ndarray:
    """Loose box (left, top, right, bottom) and origin (x, baseline) of each character: (count, 6).

    PDFium forgets the text matrix in the loose box of a font for vertical writing (seen: 199 for 10 points); then a
    square about the character's ink is taken instead.
    """
    boxes, origins = numpy.zeros((count, 4), numpy.float32), numpy.zeros((count, 2))
    at, first = address(text), origins.ctypes.data
    _each(_loose_box, at, count, (boxes.ctypes.data, 16))
    _each(_origin, at, count, (first, 16), (first + 8, 16))
    high = boxes[:, 1] - boxes[:, 3]
    usual = numpy.median(high[high > 0]) if (high > 0).any() else 0.0
    ink = [ctypes.c_double() for _ in range(4)]
    for i in numpy.flatnonzero(high > TALL * usual).tolist():
        pdfium.FPDFText_GetCharBox(text, i, *ink)
        left, right, bottom, top = (side.value for side in ink)
        half = 0.55 * max(right - left, top - bottom)
        if 0 < half < 0.25 * high[i]:
            x, y = (left + right) / 2, (bottom + top) / 2
            boxes[i] = x - half, y + half, x + half, y - half
    return numpy.hstack((boxes.astype(float), origins))


def char_owners(text, count: int) -> list[int]:
    """The address of each character's text object, 0 for a blank that PDFium adds."""
    return [at or 0 for at in map(_owner, repeat(address(text)), range(count))]


def char_texts(text, count: int) -> list[str]:
    """The character of every index; U+FFFC where its font does not say which one it is."""
    at = address(text)
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    words = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    got = pdfium.FPDFText_GetText(text, 0, count, words)
    letters = list(buffer.raw[: 2 * max(got - 1, 0)].decode("utf-16-le", "replace"))
    if len(letters) != count:  # one without a mapping, or two for one, shifts the bulk text
        letters = [_char(pdfium.FPDFText_GetUnicode(text, i)) for i in range(count)]
    for i, wrong in enumerate(map(_unmapped, repeat(at), range(count))):
        if wrong and letters[i] != " ":
            letters[i] = UNREAD
    return [UNREAD if letter in UNMAPPED else letter for letter in letters]


UNREAD = "\ufffc"  # shown, but no text
UNMAPPED = frozenset("\ufffd\ufffe\uffff\x00")


def _char(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def ink_of(text, owners: dict[int, int]) -> numpy.ndarray:
    """Of each text object (address → index of a character of it): render mode, red, green, blue,
    alpha, whether a clip may cut it: ints (n, 6)."""
    found = numpy.zeros((len(owners), 6), numpy.int32)
    found[:, 0] = [*map(_render_mode, owners)]
    clips = [*map(_clip_paths, map(_clip, owners))]
    found[:, 5] = [count > 0 and _cut(at) for at, count in zip(owners, clips)]
    first = found.ctypes.data
    rows = (range(first + i, first + i + 24 * len(owners), 24) for i in (4, 8, 12, 16))
    deque(map(_colour, repeat(address(text)), owners.values(), *rows), 0)
    return found


def _cut(item: int) -> bool:
    """Whether an object reaches out of a box that clips it, or what clips it is no box."""
    clip = pdfium.FPDFPageObj_GetClipPath(handle(item))
    (left, bottom, right, top) = bounds([item])[0]
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(pdfium.FPDFClipPath_CountPaths(clip)):
        count = pdfium.FPDFClipPath_CountPathSegments(clip, i)
        if not 3 < count < 7:
            return True
        xs, ys = [], []
        for j in range(count):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, i, j)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            xs.append(x.value)
            ys.append(y.value)
        if left < min(xs) or bottom < min(ys) or right > max(xs) or top > max(ys):
            return True
    return False


def angles(text, indexes) -> list[float]:
    """Anticlockwise turn of each character, in radians, between -pi and pi."""
    found = numpy.array([*map(_angle, repeat(address(text)), indexes)], float)
    return (math.pi - (found + math.pi) % (2 * math.pi)).tolist()


def page_objects(page) -> tuple[list[int], list[int]]:
    """Addresses and types of a page's objects, in the order in which they are painted."""
    found = [*map(_page_object, repeat(address(page)), range(pdfium.FPDFPage_CountObjects(page)))]
    return found, [*map(_object_type, found)]


def marked(objects: list[int]) -> list[int]:
    """Those that stand between marks of content."""
    return list(compress(objects, map(_marks, objects)))


def form_objects(form) -> tuple[list[int], list[int]]:
    """The same of what a form XObject holds."""
    count = max(pdfium.FPDFFormObj_CountObjects(form), 0)
    found = [*map(_form_object, repeat(address(form)), range(count))]
    return found, [*map(_object_type, found)]


def path_modes(paths: list[int]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Of each path: (fill, stroke) as ints (n, 2), number of segments (n,)."""
    modes = numpy.zeros((len(paths), 2), numpy.int32)
    rows = (range(at, at + 8 * len(paths), 8) for at in (modes.ctypes.data, modes.ctypes.data + 4))
    deque(map(_draw_mode, paths, *rows), 0)
    return modes, numpy.array([*map(_segments, paths)], int)


def bounds(objects: list[int]) -> numpy.ndarray:
    """Left, bottom, right, top of each object (n, 4), before the form's matrix."""
    boxes = numpy.zeros((len(objects), 4), numpy.float32)
    first = boxes.ctypes.data
    rows = (range(first + i, first + i + 16 * len(objects), 16) for i in (0, 4, 8, 12))
    deque(map(_bounds, objects, *rows), 0)
    return boxes.astype(float)


def matrices(objects: list[int]) -> numpy.ndarray:
    """Each object's own matrix (n, 6)."""
    found = numpy.tile(numpy.array(IDENTITY, numpy.float32), (len(objects), 1))
    first = found.ctypes.data
    for item, row in zip(objects, range(first, first + 24 * len(objects), 24)):
        _matrix(item, row)
    return found.astype(float)


def path_points(paths: list[int], counts: numpy.ndarray):
    """Of all segments of the paths, one after the other: kind (n,), closes? (n,), end point (n, 2)."""
    found = [_segment(path, i) for path, count in zip(paths, counts.tolist()) for i in range(count)]
    points = numpy.zeros((len(found), 2), numpy.float32)
    first = points.ctypes.data
    for item, row in zip(found, range(first, first + 8 * len(found), 8)):
        _point(item, row, row + 4)
    kinds, closes = numpy.array([*map(_kind, found)], int), numpy.array([*map(_closes, found)], bool)
    return kinds, closes, points.astype(float)


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first``, then ``then``."""
    (a, b, c, d, e, f), (p, q, r, s, t, u) = first, then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def apply(by: Matrix, x, y):
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
