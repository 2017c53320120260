"""Drawn rules → the lattices of tables: which rules touch, where rows and columns end, which walls stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy

from govdisclosure.readers.pdf_drawn import Rule, TooMuch

SAME = 1.8  # points by which pieces of one rule may lie apart
REACH = 4.0  # gap between pieces of one rule (dots, dashes, rounded cell corners)
TOUCH = 3.5  # how far a rule may end before the rule that it meets
STRIP = 5.5  # rows and columns narrower than this can hold no text: the gap of a doubled border
WALL = 0.5  # share of a cell's side that must be drawn
ROW = 1.3  # a full-width row without side borders is at most this much higher than its rows usually are
EDGE = 3.0  # points by which the ends of two tables' rules may differ
SMALLEST = 25.0  # a smaller box is a tick box or a decoration
MAX_MEETINGS = 1_000_000  # pairs of rules that are looked at
MAX_PLACES = 20_000  # a page of print holds no more cells

Group = tuple[list[Rule], list[Rule]]


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
    found = [_lattice(*group) for group in _one_tables(_touching(across, down))]
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
    """Rules that hang together: connected components over touching pairs."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    ats = [rule.at for rule in across]  # sorted by position
    looked = 0
    for j, wall in enumerate(down, len(across)):
        low, high = bisect_left(ats, wall.start - TOUCH), bisect_right(ats, wall.end + TOUCH)
        looked += high - low
        if looked > MAX_MEETINGS:
            raise TooMuch
        for i in range(low, high):
            if across[i].start - TOUCH <= wall.at <= across[i].end + TOUCH:
                parent[root(i)] = root(j)
    groups: dict[int, Group] = {}
    for i, rule in enumerate(across + down):
        groups.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    return list(groups.values())


def _one_tables(groups: list[Group]) -> list[Group]:
    """Put together what only full-width rows set apart in a table without borders at its sides."""
    done: list[Group] = []
    for group in sorted((g for g in groups if g[0]), key=lambda g: min(g[0]).at):
        if done and _one_table(done[-1], group):
            done[-1] = (done[-1][0] + group[0], done[-1][1] + group[1])
        else:
            done.append(group)
    return [group for group in done if group[1]]


def _one_table(upper: Group, lower: Group) -> bool:
    """Nothing runs down between the two, they are equally wide, open at the sides and a row's height apart."""
    (left, right), ends = (
        (min(rule.start for rule in group[0]), max(rule.end for rule in group[0]))
        for group in (upper, lower)
    )
    walls = [rule.at for rule in upper[1] + lower[1]]
    if max(abs(left - ends[0]), abs(right - ends[1])) > EDGE or not walls:
        return False
    if min(walls) - left < SMALLEST or right - max(walls) < SMALLEST:
        return False  # closed sides: two tables of the same width
    ats = sorted({rule.at for rule in upper[0] + lower[0]})
    bottom = max(upper[0]).at
    steps = [b - a for a, b in pairwise(ats) if b - a > STRIP and a != bottom]
    return not steps or min(lower[0]).at - bottom <= ROW * median(steps)


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
