"""What a PDF page draws beside its characters (rules, pictures, outlines), and the lattices that rules make.

A lattice says where a table's rows and columns end and which walls stand between its cells.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import NamedTuple

import numpy
import pypdfium2.raw as pdfium

from govdisclosure.readers import pdf_raw as raw

MAX_DEPTH = 6  # form XObjects inside form XObjects
FORM = 200  # objects that a form XObject costs as much time as, whatever is in it
THIN = 3.5  # a filled box at most this thick is a rule; cells are never that thin
LEVEL = 0.7  # points by which a level line may rise
STEEPEST = 0.07  # rise of a line that lies level on a page turned by up to 3.5 degrees
OUTLINE = (2.5, 60.0)  # least and greatest side of a character drawn as an outline
CURVED = 6  # segments that no box has
DARK = 80  # greatest of red, green, blue of a ground on which black is not seen

SAME = 1.8  # points by which pieces of one rule may lie apart
REACH = 4.0  # gap between pieces of one rule (dots, dashes, rounded cell corners)
TOUCH = 3.5  # how far a rule may end before the rule that it meets
STRIP = 5.5  # rows and columns narrower than this can hold no text: the gap of a doubled border
WALL = 0.5  # share of a cell's side that must be drawn
SMALLEST = 25.0  # a smaller box is a tick box or a decoration
MAX_MEETINGS = 4_000_000  # pairs of rules that are looked at
CHAIN = 40  # rules that hang on each other, one by one; those of a table do by few
MAX_PLACES = 20_000  # a page of print holds no more cells

Box = tuple[float, float, float, float]


class Rule(NamedTuple):
    """A drawn straight line: ``at`` is y of a horizontal, x of a vertical one; from ``start`` to ``end``."""

    at: float
    start: float
    end: float


Group = tuple[list[Rule], list[Rule]]


class TooMuch(Exception):
    """More objects, segments or cells than a report's page holds."""


@dataclass(slots=True)
class Drawn:
    """What a page draws: boxes and rules in points of the page as shown.

    ``covers``: (when it is painted, box) of what may hide what was painted before, a dark ground
    what is painted whenever; ``painted``: when each object is, all of a form at once; ``layered``:
    objects that a layer can switch off. ``level`` and ``tilted``: length of the strokes that lie
    straight, and of those that nearly do.
    """

    turned: bool
    budget: int
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    outlines: list[Box] = field(default_factory=list)
    covers: list[tuple[float, Box]] = field(default_factory=list)
    painted: dict[int, int] = field(default_factory=dict)
    layered: set[int] = field(default_factory=set)
    level: float = 0.0
    tilted: float = 0.0

    def read(self, page, by: raw.Matrix, layers: bool) -> None:
        """Everything on a page; ``layers``: whether the file may have some. Raises TooMuch."""
        count = pdfium.FPDFPage_CountObjects(page)
        self._spend(count)
        objects = raw.each("FPDFPage_GetObject", repeat(raw.address(page)), range(count))
        if layers:
            marked = compress(objects, raw.each("FPDFPageObj_CountMarks", objects))
            self.layered.update(at for at in marked if _in_layer(raw.handle(at)))
        self._walk(objects, by, range(count), 0)

    def _walk(self, objects: list[int], by, orders: Iterable[int], depth: int) -> None:
        self.painted.update(zip(objects, orders))
        if depth:  # a form XObject can belong to a layer without a word of it in the page
            self.layered.update(objects)
        types = raw.each("FPDFPageObj_GetType", objects)

        def those(*kinds):
            return [at for at, kind in zip(objects, types) if kind in kinds]

        self._paths(those(pdfium.FPDF_PAGEOBJ_PATH), by)
        self._pictures(those(pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING), by)
        for at in those(pdfium.FPDF_PAGEOBJ_FORM) if depth < MAX_DEPTH else ():
            count = max(pdfium.FPDFFormObj_CountObjects(raw.handle(at)), 0)
            self._spend(count + FORM)
            inner = raw.each("FPDFFormObj_GetObject", repeat(at), range(count))
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
        self._cover([*compress(objects, ~thin)], boxes[~thin])

    def _cover(self, objects: list[int], boxes: numpy.ndarray) -> None:
        self.covers += zip([self.painted[at] for at in objects], boxes.tolist())

    def _paths(self, paths: list[int], by) -> None:
        """A filled box and a single stroke are told by their bounds, all at once; the rest by their points."""
        modes = raw.fill("FPDFPath_GetDrawMode", len(paths), numpy.int32, 2, 2, paths)
        fill, stroke = modes.astype(bool).T
        counts = numpy.array(raw.each("FPDFPath_CountSegments", paths), int)
        boxes = raw.corners(by, raw.bounds(paths))
        boxes[~numpy.isfinite(boxes).all(1)] = 0
        wide, high = (boxes[:, 2:] - boxes[:, :2]).T
        thin = numpy.minimum(wide, high) <= THIN
        plain = fill & ~stroke & (counts < CURVED) & (not self.turned)
        simple = thin & (plain | stroke & (counts == 2) & (not self.turned))
        self._rules(boxes[simple])
        grounds = [*compress(paths, fill & ~thin)]
        self._cover(grounds, boxes[fill & ~thin])
        colours = raw.fill("FPDFPageObj_GetFillColor", len(grounds), numpy.int32, 4, 4, grounds)
        dark = boxes[fill & ~thin][colours[:, :3].max(1, initial=0) < DARK]
        self.covers += zip(repeat(numpy.inf), dark.tolist())
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
        found = raw.each("FPDFPath_GetPathSegment", numpy.array(paths)[owner].tolist(), steps)
        points = raw.points(found).T
        points = numpy.stack(raw.apply(by, *raw.apply(_matrices(paths)[owner].T, *points)), 1)
        kinds = numpy.array(raw.each("FPDFPathSegment_GetType", found))
        line = (kinds == pdfium.FPDF_SEGMENT_LINETO) & (numpy.array(steps) > 0)
        closed = numpy.array(raw.each("FPDFPathSegment_GetClose", found), bool)
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
    return raw.fill("FPDFPageObj_GetMatrix", len(objects), numpy.float32, 6, 1, objects)


def _in_layer(item) -> bool:
    """Whether an object stands between the marks of optional content."""
    name, size = (ctypes.c_ushort * 4)(), ctypes.c_ulong()
    for i in range(pdfium.FPDFPageObj_CountMarks(item)):
        mark = pdfium.FPDFPageObj_GetMark(item, i)
        pdfium.FPDFPageObjMark_GetName(mark, name, 8, size)
        if bytes(name)[:6] == "OC\0".encode("utf-16-le"):
            return True
    return False


class Lattice(NamedTuple):
    """Column edges ``xs`` and row edges ``ys`` of one table, and the walls between its elementary cells.

    ``right[r, c]``: whether a wall stands right of elementary cell (r, c); ``below[r, c]``: under it.
    """

    xs: list[float]
    ys: list[float]
    right: numpy.ndarray
    below: numpy.ndarray


def lattices(across: list[Rule], down: list[Rule]) -> list[Lattice]:
    """The lattices of a page, from the top down. Rules that meet no rule of the other way are left out.

    Raises TooMuch before a lattice is made that no report has.
    """
    across, down = joined(across), joined(down)
    found = [_lattice(*group) for group in _touching(across, down)]
    return sorted((f for f in found if f is not None), key=lambda f: (f.ys[0], f.xs[0]))


def joined(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line as one rule."""
    lines: list[list[Rule]] = []
    for rule in sorted(set(rules)):  # cells drawn each on its own draw each wall twice
        if lines and rule.at - lines[-1][0].at <= SAME:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    whole: list[Rule] = []
    for line in lines:
        at = sum(rule.at for rule in line) / len(line)
        for _, start, end in sorted(line, key=lambda rule: rule.start):
            if whole and whole[-1].at == at and start <= whole[-1].end + REACH:
                start, end = whole[-1].start, max(whole.pop().end, end)
            whole.append(Rule(at, start, end))
    return [rule for rule in whole if rule.end - rule.start > STRIP]


def loose(across: list[Rule], down: list[Rule]) -> list[Rule]:
    """Horizontal rules, pieces joined, that end at no vertical one: they strike out or underline, and wall off nothing."""
    walls = sorted(rule.at for rule in down)

    def free(x: float) -> bool:
        return bisect_left(walls, x - TOUCH) == bisect_right(walls, x + TOUCH)

    return [rule for rule in joined(across) if free(rule.start) and free(rule.end)]


def _touching(across: list[Rule], down: list[Rule]) -> list[Group]:
    """Rules that hang together: of each that meets another, all that it meets, and all that these meet."""
    if len(across) * len(down) > MAX_MEETINGS:
        raise TooMuch
    if not across or not down:
        return []
    y, start, end = numpy.array(across).T[:, :, None]
    x, low, high = numpy.array(down).T
    meet = (start - TOUCH <= x) & (x <= end + TOUCH) & (low - TOUCH <= y) & (y <= high + TOUCH)
    group = numpy.arange(len(across))
    for _ in range(CHAIN):
        walls, before = numpy.where(meet, group[:, None], len(across)).min(0), group
        group = numpy.minimum(group, numpy.where(meet, walls, len(across)).min(1))
        if (group == before).all():
            break
    return [
        ([*compress(across, group == number)], [*compress(down, walls == number)])
        for number in numpy.unique(walls[walls < len(across)])
    ]


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    """None for a group that encloses nothing of a table's size."""
    xs = _edges(down, across)
    ys = _edges(across, down)
    if len(xs) < 2 or len(ys) < 2 or xs[-1] - xs[0] < SMALLEST or ys[-1] - ys[0] < 2 * STRIP:
        return None
    if len(xs) * len(ys) > MAX_PLACES:
        raise TooMuch
    side, level = _covered(down, xs, ys), _covered(across, ys, xs)
    side[-1] = level[-1] = True
    return Lattice(xs, ys, side[1:].T, level[1:])


def _edges(rules: list[Rule], crossing: list[Rule]) -> list[float]:
    """Edges of columns (or rows): the rules' places, and the outermost ends of the rules that cross them.

    A table open at a side (no border there, or cut by a page break) ends where its crossing rules end.
    """
    ats = sorted(rule.at for rule in rules)
    first, last = min(rule.start for rule in crossing), max(rule.end for rule in crossing)
    ats = [first] * (first < ats[0] - STRIP) + ats + [last] * (last > ats[-1] + STRIP)
    edges: list[list[float]] = []
    for at in ats:
        if edges and at - edges[-1][0] <= STRIP:
            edges[-1].append(at)
        else:
            edges.append([at])
    return [sum(group) / len(group) for group in edges]


def _covered(rules: list[Rule], ats: list[float], edges: list[float]) -> numpy.ndarray:
    """[i, j]: whether a rule at ``ats[i]`` covers enough of the way between edges j and j + 1."""
    low, high = numpy.array(edges[:-1]), numpy.array(edges[1:])
    place, start, end = numpy.array(rules).T[:, :, None]
    enough = numpy.minimum(high, end) - numpy.maximum(low, start) >= WALL * (high - low)
    return numpy.array([enough[abs(place[:, 0] - at) <= STRIP].any(0) for at in ats])
