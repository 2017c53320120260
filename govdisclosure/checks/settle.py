"""What the printed totals say about blanks (domain notes 4.2, 'Blanks and zeros'). A blank is never simply a zero.

Counts are not negative, so where the known parts already reach the total, the blanks can only be 0 (settled); where
they exceed it, the sum is broken whatever the blanks hold; where one cell alone is missing, the sum gives it
(computed), which checks nothing by itself. Sets of cells are masks: bit p is position p.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, isnan, nan
from operator import sub
from typing import NamedTuple

from .layout import Line
from .values import Values


class Verdict(NamedTuple):
    """``broken``: sums that fail; ``over``: sums that fail whatever the blanks hold; ``open``: not assessable."""

    broken: list[Line]
    over: list[Line]
    open: list[Line]


@dataclass(slots=True, eq=False)
class Open:
    """A sum with unknown cells. ``gap``: total − parts, unknown ones as 0; ``own``: cells that it gave itself;
    ``tried``: the cells that were unknown when it was last tried."""

    line: Line
    gap: float
    own: int = 0
    tried: int = 0


def judge(found: Values, more: Sequence[Line] = ()) -> Verdict:
    """Every line of the layout and ``more`` judged; fills ``found.known``, ``found.settled`` and ``found.computed``."""
    gone = found.gone
    found.known = found.values
    found.filled = [0.0 if v != v else v for v in found.values] if gone else found.values
    verdict, opened = Verdict([], [], []), []
    for line, gap in _gaps(found, more):
        if gone & line.mask or gap != gap:
            opened.append(Open(line, gap))
        elif gap < 0 or (gap and line.relation == "=="):
            verdict.broken.append(line)
    if opened:
        _settle(found, opened)
        found.known = list(found.filled)
        for position in bits(found.gone):
            found.known[position] = nan
        for item in opened:
            _put(found, item, opened, verdict)
    return verdict


def _gaps(found: Values, more: Sequence[Line]) -> list[tuple[Line, float]]:
    """(line, total − parts) of every line that has unknown cells or does not hold; unknown cells count as 0 here."""
    values, gone, result = found.filled, found.gone, []
    for batch in found.layout.batches:
        sides = ((batch.parts, batch.left), (batch.totals, batch.right))
        lefts, rights = (map(sum, zip(*[iter(get(values))] * size)) for get, size in sides)
        gaps = list(map(sub, rights, lefts))
        if gone & batch.mask:
            result += zip(batch.lines, gaps)
        elif any(gaps):
            result += [(line, gap) for line, gap in zip(batch.lines, gaps) if gap]
    return result + [(line, _gap(values, line)) for line in more]


def _gap(values: list[float], line: Line) -> float:
    return sum(line.right(values)) - sum(line.left(values))


def bits(mask: int) -> Iterator[int]:
    """Positions in a mask, ascending.

    >>> list(bits(0b1010))
    [1, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _settle(found: Values, opened: list[Open]) -> None:
    """Until nothing more follows: blanks that can only be 0, and single missing cells."""
    equations = [x for x in opened if x.line.relation == "=="]
    changed = True
    while changed:
        changed = False
        for item in equations:
            missing = found.gone & item.line.mask
            if missing != item.tried:
                item.tried = missing
                changed |= _settle_line(found, item, missing, opened)


def _settle_line(found: Values, item: Open, missing: int, opened: list[Open]) -> bool:
    line = item.line
    parts, total = missing & line.part_mask, missing & line.total_mask
    if not missing or (parts and total) or missing & found.layout.signed:
        return False
    need = item.gap if parts else -item.gap
    if need and (not 0 < need < inf or missing & (missing - 1)):
        return False
    sure = not need and total != line.total_mask and not found.given & line.mask
    found.gone ^= missing
    if sure:
        found.settled |= missing
        return True
    found.given |= missing
    item.own |= missing
    for position in bits(missing):
        found.filled[position] = need or 0.0
        found.computed[position] = line
    if need:
        for other in opened:
            if other.line.mask & missing:
                other.gap = _gap(found.filled, other.line)
    return True


def _put(found: Values, item: Open, opened: list[Open], verdict: Verdict) -> None:
    """A line that had unknown cells goes where it belongs; nowhere if it holds."""
    line, gap = item.line, nan if found.gone & item.line.mask else item.gap
    if gap == 0 or (gap > 0 and line.relation == "<="):
        if not _compared(found, item, opened):
            verdict.open.append(line)
    elif not isnan(gap) and not found.given & line.mask:
        verdict.broken.append(line)
    elif not found.layout.signed & line.mask and _beyond(found, line):
        verdict.over.append(line)
    else:
        verdict.open.append(line)


def _beyond(found: Values, line: Line) -> bool:
    """Whether the cells that are printed (or settled) fail already, whatever the others hold."""
    unknown = found.gone | found.given
    whole_parts, whole_total = not unknown & line.part_mask, not unknown & line.total_mask
    if not whole_parts and not whole_total:
        return False
    low, high = (
        sum([found.known[p] for p in side if not unknown >> p & 1])
        for side in (line.parts, line.total)
    )
    return (whole_total and low > high) or (whole_parts and high > low and line.relation == "==")


def _compared(found: Values, item: Open, opened: list[Open]) -> bool:
    """False where this sum holds only because it gave the missing cell itself, and no other sum confirms that cell."""
    own = item.own
    if not own:
        return True
    if not item.line.total_mask & ~own:
        return False
    others = [x for x in opened if x is not item and x.line.mask & own and x.line.relation == "=="]
    return any(x.gap == 0 and not found.gone & x.line.mask for x in others)
