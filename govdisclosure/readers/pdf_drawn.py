"""What a PDF page draws beside its characters: rules, pictures, outlines, and what lies over what."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.readers import pdf_raw as raw

MAX_DEPTH = 6  # form XObjects inside form XObjects
THIN = 3.5  # a filled box at most this thick is a rule; cells are never that thin
LEVEL = 0.7  # points by which a level line may rise
STEEPEST = 0.07  # rise of a line that lies level on a page turned by up to 3.5 degrees
OUTLINE = (2.5, 60.0)  # least and greatest side of a character drawn as an outline
CURVED = 6  # segments that no box has

Box = tuple[float, float, float, float]


class Rule(NamedTuple):
    """A drawn straight line: ``at`` is y of a horizontal, x of a vertical one; from ``start`` to ``end``."""

    at: float
    start: float
    end: float


class TooMuch(Exception):
    """More objects, segments or cells than a report's page holds."""


@dataclass(slots=True)
class Drawn:
    """What a page draws: boxes and rules in points of the page as shown.

    ``covers``: (when it is painted, box) of what may hide what was painted before; ``painted``: when each object
    is, all of a form at once; ``layered``: objects that a layer can switch off. ``level`` and ``tilted``: length of the strokes that
    lie straight, and of those that nearly do.
    """

    turned: bool
    budget: int
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    outlines: list[Box] = field(default_factory=list)
    covers: list[tuple[int, Box]] = field(default_factory=list)
    painted: dict[int, int] = field(default_factory=dict)
    layered: set[int] = field(default_factory=set)
    level: float = 0.0
    tilted: float = 0.0

    def read(self, page, by: raw.Matrix, layers: bool) -> None:
        """Everything on a page; ``layers``: whether the file may have some. Raises TooMuch."""
        count = pdfium.FPDFPage_CountObjects(page)
        self._spend(count)
        objects = [*map(raw.PAGE_OBJECT, repeat(raw.address(page)), range(count))]
        if layers:
            marked = compress(objects, map(raw.MARKS, objects))
            self.layered.update(at for at in marked if _in_layer(raw.handle(at)))
        self._walk(objects, by, range(count), 0)

    def _walk(self, objects: list[int], by, orders: Iterable[int], depth: int) -> None:
        self.painted.update(zip(objects, orders))
        if depth:  # a form XObject can belong to a layer without a word of it in the page
            self.layered.update(objects)
        types = [*map(raw.TYPE, objects)]

        def those(*kinds):
            return [at for at, kind in zip(objects, types) if kind in kinds]

        self._paths(those(pdfium.FPDF_PAGEOBJ_PATH), by)
        self._pictures(those(pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING), by)
        for at in those(pdfium.FPDF_PAGEOBJ_FORM) if depth < MAX_DEPTH else ():
            count = max(pdfium.FPDFFormObj_CountObjects(raw.handle(at)), 0)
            self._spend(count)
            inner = [*map(raw.FORM_OBJECT, repeat(at), range(count))]
            matrix = raw.times(_matrices([at])[0].tolist(), by)
            self._walk(inner, matrix, repeat(self.painted[at]), depth + 1)

    def _spend(self, count: int) -> None:
        self.budget -= count
        if self.budget < 0:
            raise TooMuch

    def _pictures(self, objects: list[int], by) -> None:
        boxes = raw.corners(by, raw.bounds(objects))
        thin = (boxes[:, 2:] - boxes[:, :2]).min(1, initial=numpy.inf) <= THIN
        self._rules(boxes[thin])
        self.pictures += map(tuple, boxes[~thin].tolist())
        self._cover(objects, boxes, ~thin)

    def _cover(self, objects: list[int], boxes: numpy.ndarray, which: numpy.ndarray) -> None:
        orders = map(self.painted.__getitem__, compress(objects, which))
        self.covers += zip(orders, boxes[which].tolist())

    def _paths(self, paths: list[int], by) -> None:
        """A filled box and a single stroke are told by their bounds, all at once; the rest by their points."""
        modes = raw.fill(raw.DRAW_MODE, len(paths), numpy.int32, 2, 2, paths)
        fill, stroke = modes.astype(bool).T
        counts = numpy.array([*map(raw.SEGMENTS, paths)], int)
        boxes = raw.corners(by, raw.bounds(paths))
        boxes[~numpy.isfinite(boxes).all(1)] = 0
        wide, high = (boxes[:, 2:] - boxes[:, :2]).T
        thin = numpy.minimum(wide, high) <= THIN
        plain = fill & ~stroke & (counts < CURVED) & (not self.turned)
        simple = thin & (plain | stroke & (counts == 2) & (not self.turned))
        self._rules(boxes[simple])
        self._cover(paths, boxes, fill & ~thin)
        rest = (fill | stroke) & ~simple & ~plain
        self._spend(int(counts[rest].sum()))
        if rest.any():
            self._follow(list(compress(paths, rest)), counts[rest], stroke[rest], by)
        small = (high > OUTLINE[0]) & (high < OUTLINE[1]) & (wide < OUTLINE[1])
        self.outlines += map(tuple, boxes[small & (fill | stroke) & (counts > CURVED)].tolist())

    def _follow(self, paths: list[int], counts, stroke, by) -> None:
        """Strokes and thin boxes of paths; a run of straight pieces ends where a curve begins."""
        owner = numpy.repeat(numpy.arange(len(paths)), counts)
        steps = [i for count in counts.tolist() for i in range(count)]
        found = [*map(raw.SEGMENT, numpy.array(paths)[owner].tolist(), steps)]
        points = raw.fill(raw.POINT, len(found), numpy.float32, 2, 2, found).T
        points = numpy.stack(raw.apply(by, *raw.apply(_matrices(paths)[owner].T, *points)), 1)
        line = numpy.array([*map(raw.KIND, found)]) == pdfium.FPDF_SEGMENT_LINETO
        line &= numpy.array(steps) > 0  # a path begins with no line
        closed = numpy.array([*map(raw.CLOSES, found)], bool)
        begins = numpy.flatnonzero(~line)
        run = numpy.cumsum(~line) - 1
        low, high = numpy.minimum.reduceat(points, begins), numpy.maximum.reduceat(points, begins)
        pieces = numpy.add.reduceat(line.astype(int) + closed, begins)
        thin = ((high - low).min(1) <= THIN) & (pieces > 1)
        self._rules(numpy.hstack((low, high))[thin])
        ends = numpy.concatenate((numpy.flatnonzero(line), numpy.flatnonzero(closed)))
        starts = numpy.concatenate((numpy.flatnonzero(line) - 1, begins[run[closed]]))
        drawn = stroke[owner[ends]] & ~thin[run[ends]]
        one, other = points[starts[drawn]], points[ends[drawn]]
        boxes = numpy.hstack((numpy.minimum(one, other), numpy.maximum(one, other)))
        short, long = numpy.sort(boxes[:, 2:] - boxes[:, :2], 1).T
        level = (short <= LEVEL) & (long > LEVEL)
        self.level += float(long[level].sum())
        self.tilted += float(long[(short > LEVEL) & (short < STEEPEST * long)].sum())
        self._rules(boxes[level])

    def _rules(self, boxes: numpy.ndarray) -> None:
        """Thin boxes as rules along their middle; a dot is a rule both ways."""
        x0, y0, x1, y1 = boxes.T
        for found, keep, columns in (
            (self.across, x1 - x0 >= y1 - y0, ((y0 + y1) / 2, x0, x1)),
            (self.down, y1 - y0 >= x1 - x0, ((x0 + x1) / 2, y0, y1)),
        ):
            found += map(Rule._make, zip(*(column[keep].tolist() for column in columns)))


def _matrices(objects: list[int]) -> numpy.ndarray:
    return raw.fill(raw.MATRIX, len(objects), numpy.float32, 6, 1, objects)


def _in_layer(item) -> bool:
    """Whether an object stands between the marks of optional content."""
    name, size = (ctypes.c_ushort * 4)(), ctypes.c_ulong()
    for i in range(pdfium.FPDFPageObj_CountMarks(item)):
        mark = pdfium.FPDFPageObj_GetMark(item, i)
        pdfium.FPDFPageObjMark_GetName(mark, name, 8, size)
        if bytes(name)[:6] == "OC\0".encode("utf-16-le"):
            return True
    return False
