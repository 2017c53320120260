"""Which label lines belong to which row of figures, in a table without rules.

A label that wraps stands around its figures (centred), or begins or ends beside them. The lines are dealt out so
that every label keeps to one of these ways; a line that fits nowhere makes the labels beside it unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from govdisclosure.readers.pdf_loose import Piece

LEVEL = 0.3  # character widths by which a label's middle may miss the baseline of its figures
PITCH = 1.9  # character widths between two lines of one label at most
UNLABELLED = 2.0  # what a row without a label costs; a line without a row costs 1
MOST_LINES = 9  # lines of the longest label in the narrowest column seen
MOST_PAIRS = (
    40_000  # lines times rows of one page; a full page of the statutory table has some 2,500
)
FEW_LEFT, FEW_RIGHT = (
    2,
    3,
)  # pieces that a column of labels has at least: group labels, labels of rows


@dataclass(frozen=True, slots=True)
class Labels:
    """For each row its label's pieces, in order; the pieces of group labels; rows whose label is not settled."""

    own: list[list[Piece]]
    groups: list[Piece]
    doubtful: set[int]


def split_columns(pieces: list[Piece], depth: int = 2) -> list[float]:
    """x of the borders between columns of labels: group labels, and the rows' own."""
    border = _border(pieces) if depth and len(pieces) > FEW_LEFT + FEW_RIGHT else None
    if border is None:
        return []
    left, right = [p for p in pieces if p.x1 <= border], [p for p in pieces if p.x0 >= border]
    return [*split_columns(left, depth - 1), border, *split_columns(right, depth - 1)]


def _border(pieces: list[Piece]) -> float | None:
    """The x that fewest pieces cross, with group labels left of it and labels of rows right of it."""
    best = None
    for x in sorted({p.x0 for p in pieces}):
        x -= 0.5
        left, right = sum(p.x1 <= x for p in pieces), sum(p.x0 >= x for p in pieces)
        if left < FEW_LEFT or right < FEW_RIGHT:
            continue
        crossed = len(pieces) - left - right
        if best is None or (crossed, -right) < best[0]:
            best = ((crossed, -right), x)
    return best[1] if best and best[0][0] <= len(pieces) // 2 else None


def deal(pieces: list[Piece], bases: list[float]) -> Labels:
    """Labels of the rows whose figures stand at ``bases`` on one page."""
    if len(pieces) * len(bases) > MOST_PAIRS:
        return Labels([[] for _ in bases], [], set(range(len(bases))))
    borders = split_columns(pieces)
    border = borders[-1] if borders else 0.0
    lines = _lines(pieces, border)
    dealt = min(
        (_dealt(lines, bases, way) for way in (0.5, 0.0, 1.0)), key=lambda d: round(d[0], 3)
    )[1]
    used = {i for found in dealt for i in found}
    doubtful = set()
    for i, line in enumerate(lines):
        if i not in used and line.own and bases[0] < line.base < bases[-1]:
            before = max(j for j, base in enumerate(bases) if base <= line.base)
            doubtful |= {before, before + 1}
    labels = [[p for i in found for p in (lines[i].own or lines[i].group[-1:])] for found in dealt]
    taken = {id(p) for label in labels for p in label}
    return Labels(labels, [p for line in lines for p in line.group if id(p) not in taken], doubtful)


@dataclass(slots=True)
class _Line:
    """Label pieces on one baseline: in the rows' own column (or reaching into it), and left of it."""

    base: float
    size: float
    own: list[Piece]
    group: list[Piece]

    @property
    def left(self) -> float:
        return self.own[0].x0 if self.own else self.group[-1].x0


def _lines(pieces: list[Piece], border: float) -> list[_Line]:
    lines: list[_Line] = []
    for p in sorted(pieces, key=lambda p: p.base):
        if not lines or p.base - lines[-1].base > LEVEL * p.size:
            lines.append(_Line(p.base, p.size, [], []))
        (lines[-1].own if p.x1 > border else lines[-1].group).append(p)
    for line in lines:
        line.own.sort(key=lambda p: p.x0)
        line.group.sort(key=lambda p: p.x0)
    return lines


def _dealt(
    lines: list[_Line], bases: list[float], way: float
) -> tuple[float, list[tuple[int, ...]]]:
    """(cost, for each row its lines) with the fewest lines and rows left alone, labels hung up at ``way``.

    ``way`` is the point of a label beside its figures: 0 its first line, 0.5 its middle, 1 its last line.
    """
    alone = [0.0]
    for line in lines:
        alone.append(alone[-1] + bool(line.own))
    best: list[tuple[float, tuple | None]] = [(cost, None) for cost in alone]
    for j, base in enumerate(bases):
        step: list[tuple[float, tuple | None]] = []
        for end in range(len(lines) + 1):
            options = [(best[end][0] + UNLABELLED, (best[end][1], j, ()))]
            if step:
                options.append((step[-1][0] + bool(lines[end - 1].own), step[-1][1]))
            ways = (
                (way, 0.0) if j == len(bases) - 1 else (way,)
            )  # a page break can cut the last row's label
            for start, label, miss in _labels(lines, end, base, ways):
                options.append((best[start][0] + miss, (best[start][1], j, label)))
            step.append(min(options, key=lambda o: o[0]))
        best = step
    dealt: list[tuple[int, ...]] = [()] * len(bases)
    cost, link = best[-1]
    while link:
        link, j, label = link
        dealt[j] = label
    return cost, dealt


def _labels(lines: list[_Line], end: int, base: float, ways: tuple[float, ...]):
    """(first line, lines, how far it misses) of each label that ends before line ``end`` and hangs at ``base``.

    Lines of a group's label that run between are left out, unless the row's own label begins at their x.
    """
    for start in range(end - 1, max(-1, end - 1 - 2 * MOST_LINES), -1):
        if lines[end - 1].base - lines[start].base > MOST_LINES * PITCH * lines[start].size:
            return
        own = [i for i in range(start, end) if lines[i].own]
        lefts = [lines[i].left for i in own]
        label = [
            i
            for i in range(start, end)
            if lines[i].own or not own or any(abs(lines[i].left - x) < 1 for x in lefts)
        ]
        if label[0] != start or label[-1] != end - 1:
            continue
        if any(lines[b].base - lines[a].base > PITCH * lines[a].size for a, b in pairwise(label)):
            continue
        first, last = lines[start].base, lines[end - 1].base
        miss = min(abs(first + way * (last - first) - base) for way in ways) / lines[start].size
        if miss <= LEVEL:
            yield start, tuple(label), 0.1 * miss + 0.2 * (not own)
