"""Columns of a table without rules: from the places of its figures, headers assigned by the x that they share.

A column ends where its widest text ends; a header belongs to the columns that it overlaps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from govdisclosure.readers.pdf_loose import Band, Piece, Row, piece

SLIT = 0.15  # character widths between two header cells that stand closer than a wide gap
LEVEL = 0.35  # character widths by which the baselines of header cells of one level may differ
LEADING = 1.48  # character widths between the lines of one cell at most, in most programs
WRAPPED = 0.01  # weight of a border between levels where the lines stand as close as that
APART = 1.25  # line pitches that set a header's level off the one above


@dataclass(slots=True)
class Head:
    """A header cell: its pieces, and the columns from ``c0`` to before ``c1`` that it stands over."""

    pieces: list[Piece]
    page: int
    c0: int
    c1: int


def columns_of(band: Band) -> list[tuple[float, float]]:
    """Left and right ends of what stands in each column of figures, from left to right."""
    spans = [(p.x0, p.x1) for _, row in band.body for p in row if p.is_value]
    columns = merged(spans)
    edge = columns[0][0] if columns else 0.0
    words = [(p.x0, p.x1) for _, row in band.body for p in row if not p.is_value and p.x0 > edge]
    return merged(columns + [w for w in words if not any(_meet(w, c) for c in columns)])


def merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that overlap, as one."""
    out: list[tuple[float, float]] = []
    for x0, x1 in sorted(spans):
        if out and x0 < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], x1))
        else:
            out.append((x0, x1))
    return out


def _meet(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def over(p: Piece, columns: list[tuple[float, float]]) -> list[int]:
    """Columns that a piece overlaps."""
    return [i for i, column in enumerate(columns) if _meet((p.x0, p.x1), column)]


def cut_heads(row: Row, columns: list[tuple[float, float]]) -> Row:
    """Header pieces cut where a slit between two columns parts them."""
    out: Row = []
    for whole in row:
        chars, start = whole.chars, 0
        for (_, left), (right, _) in pairwise(columns):
            gaps = [
                (b.x0 - a.x1, i)
                for i, (a, b) in enumerate(pairwise(chars), 1)
                if i > start
                and left - 0.3 * whole.size <= (a.x1 + b.x0) / 2 <= right + 0.3 * whole.size
            ]
            if gaps and max(gaps)[0] > SLIT * whole.size:
                out.append(piece(chars[start : max(gaps)[1]]))
                start = max(gaps)[1]
        out.append(piece(chars[start:]))
    return out


def add_empty(
    columns: list[tuple[float, float]], lines: list[tuple[int, Row]], edge: float
) -> list[tuple[float, float]]:
    """Columns without any figure: header text on the level of the others that stands over no column of figures.

    A title, or a header over a group, has the group's headers under it and makes no column.
    """
    pieces = [p for _, row in lines for p in row if p.x0 > edge]
    placed = [p for p in pieces if over(p, columns)]
    _, leaves = header(lines, columns)
    bases = [p.base for leaf in leaves for p in leaf.pieces]
    lone = [
        p
        for p in pieces
        if p not in placed
        and bases
        and min(bases) - p.size / 2 <= p.base <= max(bases) + p.size / 2
        and not any(q.base > p.base and _meet((p.x0, p.x1), (q.x0, q.x1)) for q in placed)
    ]
    return sorted(columns + merged([(p.x0, p.x1) for p in lone]))


def header(
    lines: list[tuple[int, Row]], columns: list[tuple[float, float]]
) -> tuple[list[list[Head]], list[Head]]:
    """(levels of group headers from the top, the lowest header cell of each column)."""
    stacks: list[list[tuple[int, Piece]]] = [[] for _ in columns]
    upper: list[tuple[int, Piece, list[int]]] = []
    widths = _widths(columns)
    for page, row in lines:
        for p in row:
            here = over(p, columns)
            if len(here) > 1:
                upper.append((page, p, here))
            elif here:
                stacks[here[0]].append((page, p))
                continue
            for c in here:
                upper += [(n, q, [c]) for n, q in stacks[c]]
                stacks[c] = []
    for c, stack in enumerate(stacks):
        wide = [i for i, (_, p) in enumerate(stack[:-1], 1) if p.x1 - p.x0 > widths[c]]
        if wide:
            upper += [(n, q, [c]) for n, q in stack[: wide[-1]]]
            stacks[c] = stack[wide[-1] :]
    leaves = []
    for c, stack in enumerate(stacks):
        at = _leaf_start(stacks, c)
        upper += [(page, p, [c]) for page, p in stack[:at]]
        if stack[at:]:
            leaves.append(Head([p for _, p in stack[at:]], stack[at][0], c, c + 1))
    return _levels(upper, len(columns)), leaves


def _widths(columns: list[tuple[float, float]]) -> list[float]:
    """How wide each column is, up to halfway to its neighbours."""
    middles = [(a + b) / 2 for a, b in columns]
    borders = [float("-inf"), *((a + b) / 2 for a, b in pairwise(middles)), float("inf")]
    return [b - a for a, b in pairwise(borders)]


def _middle(stack: list[tuple[int, Piece]]) -> float:
    return (stack[0][1].base + stack[-1][1].base) / 2


def _leaf_start(stacks: list[list[tuple[int, Piece]]], c: int) -> int:
    """Index of the first line that belongs to the lowest cell of column ``c``'s header.

    Cells of one level have their middles at one height; the nearer a column, the likelier it is of the same level.
    """
    stack = stacks[c]
    votes = [
        sum(
            (i - c) ** -2
            for i, other in enumerate(stacks)
            if i != c and other and abs(_middle(other) - _middle(stack[at:])) <= 1.0
        )
        for at in range(len(stack))
    ]
    steps = [b.base - a.base for (_, a), (_, b) in pairwise(stack)]
    votes = [
        vote * (WRAPPED if at and steps[at - 1] <= LEADING * stack[at][1].size else 1)
        for at, vote in enumerate(votes)
    ]
    if max(votes, default=0):
        return votes.index(max(votes))
    wide = [i for i, step in enumerate(steps, 1) if step > APART * min(steps)]
    return wide[-1] if wide else 0


def _levels(upper: list[tuple[int, Piece, list[int]]], count: int) -> list[list[Head]]:
    """Group headers by line, over the columns that their text overlaps."""
    levels: list[list[Head]] = []
    for page, p, here in sorted(upper, key=lambda u: (u[0], u[1].base, u[1].x0)):
        if (
            not levels
            or levels[-1][0].page != page
            or p.base - levels[-1][0].pieces[0].base > LEVEL * p.size
        ):
            levels.append([])
        levels[-1].append(Head([p], page, here[0], here[-1] + 1))
    return levels


def widen(levels: list[list[Head]], columns: list[tuple[float, float]], leaves: list[Head]) -> None:
    """Give each group header the columns that it is centred over, as many as reach to no other header beside it."""
    middles = [(a + b) / 2 for a, b in columns]
    pitch = min((b - a for a, b in pairwise(middles)), default=1.0)
    for level in levels:
        base = level[0].pieces[0].base
        beside = {
            leaf.c0 for leaf in leaves if leaf.pieces[0].base - level[0].pieces[0].size < base
        }
        growing = True
        while growing:
            taken = beside | {c for head in level for c in range(head.c0, head.c1)}
            wider = [(h, h.c0 - 1, h.c1) for h in level if _can_grow(h, taken, middles, pitch)]
            claims = Counter(c for _, a, b in wider for c in (a, b))
            wider = [w for w in wider if claims[w[1]] == claims[w[2]] == 1]
            for head, a, b in wider:
                head.c0, head.c1 = a, b + 1
            growing = bool(wider)


def _can_grow(head: Head, taken: set[int], middles: list[float], pitch: float) -> bool:
    a, b = head.c0 - 1, head.c1
    if a < 0 or b >= len(middles) or a in taken or b in taken:
        return False
    text = head.pieces[0]
    return abs((middles[a] + middles[b]) / 2 - (text.x0 + text.x1) / 2) < 0.3 * pitch
