"""Characters that need a second look: watermarks, doubled strokes, vertical writing, what lies off the paper."""

from __future__ import annotations

import ctypes
import math

import numpy
import pypdfium2.raw as pdfium

TALL = 1.35  # a character this much taller than most gets the second look


def needs_settling(x0, y0, x1, y1, width: float, height: float) -> bool:
    """Whether any character of a page (edges as arrays) is tall, off the page or struck over the one before."""
    if not len(x0):
        return False
    heights = y1 - y0
    tall = heights.max() > TALL * numpy.partition(heights, len(heights) // 2)[len(heights) // 2]
    off = x0.min() < -2 or y0.min() < -2 or x1.max() > width + 2 or y1.max() > height + 2
    struck = (numpy.abs(numpy.diff(x0)) < 0.2 * (x1 - x0)[1:]) & (
        numpy.abs(numpy.diff(y0)) < 0.5 * heights[1:]
    )
    return bool(tall or off or struck.any())


def settle(chars: list, text, place, width: float, height: float) -> list:
    """Without slanted characters (a watermark), off-page ones, and second strikes of a fake bold."""
    if not chars:
        return chars
    usual = sorted(c.y1 - c.y0 for c in chars)[len(chars) // 2]
    kept: list = []
    for char in chars:
        if char.y1 - char.y0 > TALL * usual:
            if _slanted(text, char.index):
                continue
            char = _true_size(char, text, place)
        if not (-2 <= char.x0 and char.x1 <= width + 2 and -2 <= char.y0 and char.y1 <= height + 2):
            continue
        if kept and _same_strike(kept[-1], char):
            continue
        kept.append(char)
    return kept


def _true_size(char, text, place):
    """PDFium forgets the text matrix in the loose box of a font for vertical writing (seen: 199 for 10 points).

    Then a full square about the character's ink is taken instead.
    """
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, char.index, matrix)
    size = pdfium.FPDFText_GetFontSize(text, char.index) * math.hypot(matrix.c, matrix.d)
    if not 0 < size < 0.5 * (char.y1 - char.y0):
        return char
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text, char.index, left, right, bottom, top)
    x, y = place((left.value + right.value) / 2, (bottom.value + top.value) / 2)
    return char._replace(x0=x - size / 2, y0=y - size / 2, x1=x + size / 2, y1=y + size / 2)


def _slanted(text, index: int) -> bool:
    """Whether a character stands at no multiple of a quarter turn (with 3 degrees of slack)."""
    off = pdfium.FPDFText_GetCharAngle(text, index) % (math.pi / 2)
    return 0.05 < off < math.pi / 2 - 0.05


def _same_strike(before, char) -> bool:
    """Word processors without a bold face print each character twice, a fraction of a point apart."""
    return (
        before.text == char.text
        and abs(before.base - char.base) < 1
        and abs(before.x0 - char.x0) < 0.2 * (char.x1 - char.x0)
    )
