"""What the eye sees of a page's characters: the rendered page decides.

Characters that may be unseen (drawn invisibly, transparent, light, clipped, on a layer, painted over) are taken off,
and the page is rendered with and without them: what changes nothing was never seen. One rule for all the ways of hiding.
"""

from __future__ import annotations

from collections import defaultdict

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.readers.pdf_drawn import Drawn
from govdisclosure.readers.pdf_raw import handle, ink_of, render

DPI = 144
LIGHT = 110  # grey (0 black, 255 white) from which a colour may be too light for its ground
UNSEEN = 20  # steps of grey by which a seen character differs from its ground
FAINT = 110  # and one that is print, no watermark
LARGE = 1.8  # a watermark is set this much larger than the text,
TILES = 3  # or repeats its words this often, or stands over other print
FILLED = (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE)
MANY = 4_000_000  # pairs of a character and what may cover it that are looked at
CELL = 6.0  # points of the squares in which characters meet


class Ink:
    """The characters of a page for judging: ``boxes`` as shown, ``owners`` (0 for none) and ``first`` of each owner."""

    def __init__(self, text, boxes: numpy.ndarray, owners: list[int], first: dict[int, int]):
        self.boxes, self.first = boxes, first
        numbers = {owner: i for i, owner in enumerate(first)}
        self.owner = numpy.array([numbers.get(owner, -1) for owner in owners], int)
        facts = ink_of(text, first)
        self.grey = facts[:, 1:4] @ numpy.array([0.3, 0.59, 0.11])
        self.invisible = facts[:, 0] == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        self.see_through = facts[:, 4] < 255
        filled = numpy.isin(facts[:, 0], FILLED)
        self.doubt = ~filled | (self.grey > LIGHT) | self.see_through | (facts[:, 5] > 0)

    def suspects(self, drawn: Drawn) -> numpy.ndarray:
        """Indexes of the characters that may be unseen."""
        doubt = self.doubt | numpy.array([owner in drawn.layered for owner in self.first], bool)
        suspect = doubt[self.owner] & (self.owner >= 0)
        if drawn.covers:
            suspect |= self._covered(drawn)
        return numpy.flatnonzero(suspect)

    def _covered(self, drawn: Drawn) -> numpy.ndarray:
        painted = [drawn.painted.get(owner, -1.0) for owner in self.first]
        if not painted or max(drawn.covers)[0] < min(painted):
            return numpy.zeros(len(self.owner), bool)
        when = numpy.array(painted)[self.owner]
        x, y = (self.boxes[:, :2] + self.boxes[:, 2:]).T / 2
        orders = numpy.array([order for order, _ in drawn.covers])[:, None]
        x0, y0, x1, y1 = numpy.array([box for _, box in drawn.covers]).T[:, :, None]
        if len(orders) * len(x) > MANY:
            return self.owner >= 0
        over = (when < orders) & (x0 < x) & (x < x1) & (y0 < y) & (y < y1)
        return over.any(0) & (self.owner >= 0)


def unseen(page, ink: Ink, drawn: Drawn, letters: list[str], raw: numpy.ndarray) -> set[int]:
    """Indexes of characters that can't be seen or are a watermark.

    ``raw``: boxes of the characters in points of the picture that PDFium renders.
    """
    suspects = ink.suspects(drawn)
    if not len(suspects):
        return set()
    contrast = _contrast(page, ink, suspects, raw[suspects])
    hidden = set(suspects[contrast < UNSEEN].tolist())
    number = ink.owner[suspects]
    faint = suspects[(contrast < FAINT) & ((ink.grey > LIGHT) | ink.see_through)[number]]
    return hidden | _watermarks(ink, [i for i in faint.tolist() if i not in hidden], letters)


def _contrast(page, ink: Ink, suspects: numpy.ndarray, boxes: numpy.ndarray) -> numpy.ndarray:
    """By how many steps of grey the picture changes where each of these characters stands."""
    objects = list(ink.first)
    before, scale = render(page, DPI)
    for number in set(ink.owner[suspects].tolist()):
        pdfium.FPDFPageObj_SetIsActive(handle(objects[number]), False)
    after, _ = render(page, DPI)
    change = numpy.abs(before.astype(numpy.int16) - after)
    boxes = boxes / scale
    margin = 0.15 * (boxes[:, 2] - boxes[:, 0])
    x0, x1 = boxes[:, 0] + margin, boxes[:, 2] - margin
    places = numpy.stack((x0, x1, boxes[:, 1], boxes[:, 3]), 1).clip(0, 1e6)
    places = numpy.nan_to_num(places).round().astype(int).tolist()
    return numpy.array([change[t : b + 1, l : r + 1].max(initial=0) for l, r, t, b in places])


def _watermarks(ink: Ink, faint: list[int], letters: list[str]) -> set[int]:
    """Of faint characters those of a kind (grey and size) that is large, repeated, or stands over print."""
    if not faint:
        return set()
    boxes = ink.boxes
    height = boxes[:, 3] - boxes[:, 1]
    usual = float(numpy.median(height[ink.owner >= 0]))
    light = set(faint)
    print_at: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for i, (x, y) in enumerate(numpy.nan_to_num((boxes[:, :2] + boxes[:, 2:]) / 2).tolist()):
        if i not in light and ink.owner[i] >= 0:
            print_at[int(x // CELL), int(y // CELL)].append((x, y))
    kinds: dict[tuple, list[int]] = defaultdict(list)
    for i in faint:
        kinds[round(ink.grey[ink.owner[i]]), round(height[i])].append(i)
    found: set[int] = set()
    for members in kinds.values():
        if (
            height[members[0]] > LARGE * usual
            or _tiled(ink, members, letters)
            or any(_over_print(boxes[i].tolist(), print_at) for i in members)
        ):
            found.update(members)
    return found


def _tiled(ink: Ink, members: list[int], letters: list[str]) -> bool:
    """Whether the same word (not a lone 0) stands again and again, and nothing else."""
    words: dict[int, str] = defaultdict(str)
    for i in members:
        words[ink.owner[i]] += letters[i]
    return len(words) >= TILES and len(set(words.values())) == 1 < len(words.popitem()[1])


def _over_print(box: list[float], print_at: dict[tuple[int, int], list]) -> bool:
    x0, y0, x1, y1 = box
    squares = (
        print_at.get((column, row), ())
        for column in range(int(x0 // CELL), int(x1 // CELL) + 1)
        for row in range(int(y0 // CELL), int(y1 // CELL) + 1)
    )
    return any(x0 < x < x1 and y0 < y < y1 for square in squares for x, y in square)
