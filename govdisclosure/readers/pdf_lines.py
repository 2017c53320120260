"""Drawn rules → the lattices of tables: which rules touch, where rows and columns end, which walls stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from govdisclosure.readers.pdf_page import Box, Rule

SAME = (
    3.0  # rules this close are one rule drawn twice (double borders, cells drawn each on its own)
)
REACH = 4.0  # gap between pieces of one rule (dots, dashes, rounded cell corners)
TOUCH = 3.5  # how far a rule may end before the rule that it meets
STRIP = 4.5  # rows and columns narrower than this can hold no text: the gap of a doubled border
WALL = 0.5  # share of a cell's side that must be drawn
ROW = 1.3  # a full-width row without side borders is at most this much higher than its rows usually are
SMALLEST = 25.0  # a smaller box is a tick box or a decoration


@dataclass(slots=True)
class Lattice:
    """Column edges ``xs`` and row edges ``ys`` of one table, and the walls between its elementary cells.

    ``right[r][c]``: whether a wall stands right of elementary cell (r, c); ``below[r][c]``: under it.
    ``top[c]`` / ``bottom[c]``: whether the outer border is drawn there, or open (a table cut by a page break).
    """

    xs: list[float]
    ys: list[float]
    right: list[list[bool]]
    below: list[list[bool]]
    top: list[bool]
    bottom: list[bool]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def lattices(across: list[Rule], down: list[Rule]) -> list[Lattice]:
    """The lattices of a page, from the top down. Rules that meet no rule of the other way are left out."""
    across, down = _joined(across), _joined(down)
    found = [_lattice(*group) for group in _groups(across, down)]
    return sorted((f for f in found if f is not None), key=lambda f: (f.ys[0], f.xs[0]))


def _joined(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line as one rule."""
    whole: list[Rule] = []
    for line in _clusters(sorted(set(rules))):  # cells drawn each on its own draw each wall twice
        at = sum(rule.at for rule in line) / len(line)
        for rule in sorted(line, key=lambda r: r.start):
            if whole and whole[-1].at == at and rule.start <= whole[-1].end + REACH:
                whole[-1] = Rule(at, whole[-1].start, max(whole[-1].end, rule.end))
            else:
                whole.append(Rule(at, rule.start, rule.end))
    return [rule for rule in whole if rule.end - rule.start > STRIP]


def _clusters(rules: list[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in rules:
        if groups and rule.at - groups[-1][0].at <= SAME * 0.6:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _groups(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that hang together: connected components over touching pairs."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    ats = [rule.at for rule in across]  # sorted by position
    for j, wall in enumerate(down, len(across)):
        lo, hi = bisect_left(ats, wall.start - TOUCH), bisect_right(ats, wall.end + TOUCH)
        for i in range(lo, hi):
            if across[i].start - TOUCH <= wall.at <= across[i].end + TOUCH:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across + down):
        groups.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    return [group for group in _open_sided(list(groups.values())) if group[0] and group[1]]


def _open_sided(groups: list[tuple[list[Rule], list[Rule]]]) -> list[tuple[list[Rule], list[Rule]]]:
    """Put together what only full-width rows set apart in a table without borders at its sides.

    Nothing runs down through such a row; its upper and lower rule reach as far as those of the table, and it is
    about as high as the table's other rows.
    """
    done: list[tuple[list[Rule], list[Rule]]] = []
    for group in sorted((g for g in groups if g[0]), key=lambda g: min(r.at for r in g[0])):
        if done and _one_table(done[-1], group):
            done[-1] = (done[-1][0] + group[0], done[-1][1] + group[1])
        else:
            done.append(group)
    return done


def _one_table(upper: tuple[list[Rule], list[Rule]], lower: tuple[list[Rule], list[Rule]]) -> bool:
    ends = [(min(r.start for r in g[0]), max(r.end for r in g[0])) for g in (upper, lower)]
    walls = [rule.at for rule in upper[1] + lower[1]]
    if any(abs(a - b) > SAME for a, b in zip(*ends)) or not walls:
        return False
    if min(walls) - ends[0][0] < SMALLEST or ends[0][1] - max(walls) < SMALLEST:
        return False  # closed sides: two tables of the same width
    ats = sorted({rule.at for group in (upper, lower) for rule in group[0]})
    bottom, top = max(r.at for r in upper[0]), min(r.at for r in lower[0])
    steps = [b - a for a, b in pairwise(ats) if b - a > STRIP and not a <= bottom < b]
    return not steps or top - bottom <= ROW * median(steps)


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    """None for a group that encloses nothing of a table's size."""
    xs = _edges([r.at for r in down], [e for r in across for e in (r.start, r.end)])
    ys = _edges([r.at for r in across], [e for r in down for e in (r.start, r.end)])
    if len(xs) < 2 or len(ys) < 2 or xs[-1] - xs[0] < SMALLEST or ys[-1] - ys[0] < STRIP * 2:
        return None
    across, down = sorted(across), sorted(down)
    side = [_cover(down, x, ys) for x in xs]
    level = [_cover(across, y, xs) for y in ys]
    rows, columns = range(len(ys) - 1), range(len(xs) - 1)
    last = len(xs) - 2
    return Lattice(
        xs,
        ys,
        [[c == last or side[c + 1][r] for c in columns] for r in rows],
        [[r == len(ys) - 2 or level[r + 1][c] for c in columns] for r in rows],
        level[0],
        level[-1],
    )


def _edges(ats: list[float], ends: list[float]) -> list[float]:
    """Edges of columns (or rows): the rules' places, and the outermost ends of the rules that cross them.

    A table open at a side (no border there, or cut by a page break) ends where its crossing rules end.
    """
    outer = [end for end in (min(ends), max(ends)) if all(abs(end - at) > STRIP for at in ats)]
    edges: list[list[float]] = []
    for at in sorted(ats + outer):
        if edges and at - edges[-1][0] <= STRIP:
            edges[-1].append(at)
        else:
            edges.append([at])
    return [sum(group) / len(group) for group in edges]


def _cover(rules: list[Rule], at: float, edges: list[float]) -> list[bool]:
    """For each piece between neighbouring ``edges``: whether rules (sorted) at ``at`` cover enough of it."""
    near = rules[bisect_left(rules, at - STRIP, key=_at) : bisect_right(rules, at + STRIP, key=_at)]
    return [
        any(min(b, r.end) - max(a, r.start) >= WALL * (b - a) for r in near)
        for a, b in pairwise(edges)
    ]


def _at(rule: Rule) -> float:
    return rule.at
