"""PDFium called in bulk: one C loop instead of a Python call a character or object.

`pypdfium2.raw` wraps each call in typed pointers, which costs more than the call itself (measured: 4 against
0.8 microseconds a character). The same functions are called here with plain addresses into numpy buffers.
"""

from __future__ import annotations

import ctypes
from collections import deque
from itertools import repeat

import numpy
import pypdfium2.raw as pdfium

_ADDRESS = ctypes.c_void_p


def _plain(function, *arguments, result=ctypes.c_int):
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, _ADDRESS).value)


_loose_box = _plain(pdfium.FPDFText_GetLooseCharBox, _ADDRESS, ctypes.c_int, _ADDRESS)
_origin = _plain(pdfium.FPDFText_GetCharOrigin, _ADDRESS, ctypes.c_int, _ADDRESS, _ADDRESS)
_page_object = _plain(pdfium.FPDFPage_GetObject, _ADDRESS, ctypes.c_int, result=_ADDRESS)
_form_object = _plain(pdfium.FPDFFormObj_GetObject, _ADDRESS, ctypes.c_ulong, result=_ADDRESS)
_object_type = _plain(pdfium.FPDFPageObj_GetType, _ADDRESS)
_draw_mode = _plain(pdfium.FPDFPath_GetDrawMode, _ADDRESS, _ADDRESS, _ADDRESS)
_segments = _plain(pdfium.FPDFPath_CountSegments, _ADDRESS)
_bounds = _plain(pdfium.FPDFPageObj_GetBounds, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)


def address(handle) -> int:
    """The address behind a PDFium handle of `pypdfium2`."""
    return ctypes.cast(handle, _ADDRESS).value


def char_boxes(text, count: int) -> numpy.ndarray:
    """Loose box (left, top, right, bottom) and origin (x, baseline) of each character: float array (count, 6)."""
    boxes, origins = numpy.zeros((count, 4), numpy.float32), numpy.zeros((count, 2))
    if count:
        at, b, o = address(text), boxes.ctypes.data, origins.ctypes.data
        deque(map(_loose_box, repeat(at), range(count), range(b, b + 16 * count, 16)), 0)
        xs, ys = range(o, o + 16 * count, 16), range(o + 8, o + 8 + 16 * count, 16)
        deque(map(_origin, repeat(at), range(count), xs, ys), 0)
    return numpy.hstack((boxes.astype(float), origins))


def drawn_objects(page) -> list[tuple[int, int]]:
    """(type, address) of the page's paths, pictures and form XObjects; text objects are left out."""
    count = pdfium.FPDFPage_CountObjects(page)
    return _drawn(map(_page_object, repeat(address(page)), range(count)))


def form_objects(form) -> list[tuple[int, int]]:
    """The same of what a form XObject holds."""
    count = pdfium.FPDFFormObj_CountObjects(form)
    return _drawn(map(_form_object, repeat(address(form)), range(max(count, 0))))


def _drawn(addresses) -> list[tuple[int, int]]:
    found = list(addresses)
    return [
        (kind, at)
        for at, kind in zip(found, map(_object_type, found))
        if kind != pdfium.FPDF_PAGEOBJ_TEXT
    ]


def handle(at: int):
    """The handle of `pypdfium2` for an object's address."""
    return ctypes.cast(at, pdfium.FPDF_PAGEOBJECT)


def path_facts(paths: list[int]) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Of each path: (fill, stroke) as ints (n, 2), number of segments (n,), bounds left, bottom, right, top (n, 4)."""
    count = len(paths)
    modes, boxes = numpy.zeros((count, 2), numpy.int32), numpy.zeros((count, 4), numpy.float32)
    m, b = modes.ctypes.data, boxes.ctypes.data
    deque(map(_draw_mode, paths, range(m, m + 8 * count, 8), range(m + 4, m + 4 + 8 * count, 8)), 0)
    deque(map(_bounds, paths, *(range(b + i, b + i + 16 * count, 16) for i in (0, 4, 8, 12))), 0)
    return modes, numpy.fromiter(map(_segments, paths), int, count), boxes.astype(float)


def char_texts(text, count: int) -> list[str]:
    """The Unicode character of every character index; U+FFFD where the font gives none."""
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    got = pdfium.FPDFText_GetText(
        text, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    )
    decoded = buffer.raw[: 2 * max(got - 1, 0)].decode("utf-16-le", "replace")
    if len(decoded) == count:
        return list(decoded)
    get = (
        pdfium.FPDFText_GetUnicode
    )  # a character without a mapping, or two for one, shifts the bulk text
    return [_char(get(text, i)) for i in range(count)]


def _char(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
