"""What a PDF page draws beside its characters: rules, pictures, outlines, and what lies over what."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.readers.pdf_raw import (
    Matrix,
    apply,
    bounds,
    corners,
    form_objects,
    handle,
    marked,
    matrices,
    page_objects,
    path_modes,
    path_points,
    times,
)

MAX_DEPTH = 6  # form XObjects inside form XObjects
THIN = 3.5  # a filled box at most this thick is a rule; cells are never that thin
LEVEL = 0.7  # points by which a level line may rise
STEEPEST = 0.07  # rise of a line that lies level on a page turned by up to 3.5 degrees
OUTLINE = (2.5, 60.0)  # least and greatest side of a character drawn as an outline
CURVED = 6  # segments that no box has

Painted = list[tuple[int, float]]  # objects, and when each is painted
Box = tuple[float, float, float, float]


class Rule(NamedTuple):
    """A drawn straight line: ``at`` is y of a horizontal, x of a vertical one; from ``start`` to ``end``."""

    at: float
    start: float
    end: float


class TooMuch(Exception):
    """More objects or segments than a report's page holds."""


@dataclass(slots=True)
class Drawn:
    """What a page draws, moved by ``matrix``: boxes and rules in points of the page as shown.

    ``covers``: (when it is painted, box) of what may hide what was painted before; ``painted``: when each text object
    is; ``layered``: text objects that a layer can switch off. ``level`` and ``tilted``: length of the strokes that
    lie straight, and of those that nearly do.
    """

    turned: bool
    budget: int
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    outlines: list[Box] = field(default_factory=list)
    covers: list[tuple[float, Box]] = field(default_factory=list)
    painted: dict[int, float] = field(default_factory=dict)
    layered: set[int] = field(default_factory=set)
    level: float = 0.0
    tilted: float = 0.0

    def read(self, page, by: Matrix, layers: bool) -> None:
        """Everything on a page; ``layers``: whether the file may have some. Raises TooMuch."""
        found = page_objects(page)
        if layers:
            self.layered.update(at for at in marked(found[0]) if _in_layer(handle(at)))
        self._walk(found, by, 0.0, 1.0, 0)

    def _walk(self, found, by: Matrix, first: float, step: float, depth: int) -> None:
        objects, kinds = found
        self._spend(len(objects))
        orders = (first + step * numpy.arange(len(objects))).tolist()
        self.painted.update(zip(objects, orders))
        if depth:  # a form XObject can belong to a layer without a word of it in the page
            self.layered.update(objects)
        of_kind = numpy.array(kinds, int)

        def those(kind: int) -> Painted:
            return [(objects[i], orders[i]) for i in numpy.flatnonzero(of_kind == kind).tolist()]

        self._paths(those(pdfium.FPDF_PAGEOBJ_PATH), by)
        self._pictures(those(pdfium.FPDF_PAGEOBJ_IMAGE) + those(pdfium.FPDF_PAGEOBJ_SHADING), by)
        if depth == MAX_DEPTH:
            return
        for at, order in those(pdfium.FPDF_PAGEOBJ_FORM):
            inner = form_objects(handle(at))
            own = tuple(matrices([at])[0].tolist())
            self._walk(inner, times(own, by), order, step / (len(inner[0]) + 1), depth + 1)

    def _spend(self, count: int) -> None:
        self.budget -= count
        if self.budget < 0:
            raise TooMuch

    def _pictures(self, found: Painted, by: Matrix) -> None:
        boxes = corners(by, bounds([at for at, _ in found]))
        thin = (boxes[:, 2:] - boxes[:, :2]).min(1, initial=numpy.inf) <= THIN
        self._thin(boxes[thin])
        fat = [tuple(box) for box in boxes[~thin].tolist()]
        self.pictures += fat
        self.covers += zip([order for (_, order), bar in zip(found, thin) if not bar], fat)

    def _paths(self, found: Painted, by: Matrix) -> None:
        """A filled box and a single stroke are told by their bounds, all at once; the rest by their points."""
        paths = [at for at, _ in found]
        modes, counts = path_modes(paths)
        fill, stroke = modes.astype(bool).T
        boxes = corners(by, bounds(paths))
        boxes[~numpy.isfinite(boxes).all(1)] = 0
        wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
        thin = numpy.minimum(wide, high) <= THIN
        plain = fill & ~stroke & (counts < CURVED) & (not self.turned)
        simple = thin & (plain | stroke & (counts == 2)) & (not self.turned)
        self._thin(boxes[simple])
        self.covers += [
            (found[i][1], tuple(boxes[i].tolist())) for i in numpy.flatnonzero(fill & ~thin)
        ]
        rest = numpy.flatnonzero((fill | stroke) & ~simple & ~plain)
        self._spend(int(counts[rest].sum()))
        if len(rest):
            self._follow([paths[i] for i in rest.tolist()], counts[rest], stroke[rest], by)
        small = (high > OUTLINE[0]) & (high < OUTLINE[1]) & (wide < OUTLINE[1])
        small &= (fill | stroke) & (counts > CURVED)
        self.outlines += map(tuple, boxes[small].tolist())

    def _follow(self, paths: list[int], counts, stroke, by: Matrix) -> None:
        """Strokes and thin boxes of paths; a run of straight pieces ends where a curve begins."""
        kinds, closed, points = path_points(paths, counts)
        owner = numpy.repeat(numpy.arange(len(paths)), counts)
        own = matrices(paths)[owner].T
        points = numpy.stack(apply(by, *apply(own, *points.T)), 1)
        line = kinds == pdfium.FPDF_SEGMENT_LINETO
        line[numpy.cumsum(counts) - counts] = False  # a path begins with no line
        begins = numpy.flatnonzero(~line)
        run = numpy.cumsum(~line) - 1
        low, high = numpy.minimum.reduceat(points, begins), numpy.maximum.reduceat(points, begins)
        pieces = numpy.add.reduceat(line.astype(int) + closed, begins)
        thin = ((high - low).min(1) <= THIN) & (pieces > 1)
        self._thin(numpy.hstack((low, high))[thin])
        ends = numpy.concatenate((numpy.flatnonzero(line), numpy.flatnonzero(closed)))
        starts = numpy.concatenate((numpy.flatnonzero(line) - 1, begins[run[closed]]))
        drawn = stroke[owner[ends]] & ~thin[run[ends]]
        self._strokes(points[starts[drawn]], points[ends[drawn]])

    def _strokes(self, starts: numpy.ndarray, ends: numpy.ndarray) -> None:
        boxes = numpy.hstack((numpy.minimum(starts, ends), numpy.maximum(starts, ends)))
        wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
        low, long = numpy.minimum(wide, high), numpy.maximum(wide, high)
        level = (low <= LEVEL) & (long > LEVEL)
        self.level += float(long[level].sum())
        self.tilted += float(long[(low > LEVEL) & (low < STEEPEST * long)].sum())
        self._thin(boxes[level])

    def _thin(self, boxes: numpy.ndarray) -> None:
        """Thin boxes as rules along their middle; a dot is a rule both ways."""
        x0, y0, x1, y1 = boxes.T
        for found, keep, columns in (
            (self.across, x1 - x0 >= y1 - y0, ((y0 + y1) / 2, x0, x1)),
            (self.down, y1 - y0 >= x1 - x0, ((x0 + x1) / 2, y0, y1)),
        ):
            found += map(Rule._make, zip(*(column[keep].tolist() for column in columns)))


def _in_layer(item) -> bool:
    """Whether an object stands between the marks of optional content."""
    name, size = ctypes.create_string_buffer(8), ctypes.c_ulong()
    for i in range(pdfium.FPDFPageObj_CountMarks(item)):
        words = ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort))
        mark = pdfium.FPDFPageObj_GetMark(item, i)
        pdfium.FPDFPageObjMark_GetName(mark, words, 8, size)
        if name.raw[:6] == "OC\0".encode("utf-16-le"):
            return True
    return False
