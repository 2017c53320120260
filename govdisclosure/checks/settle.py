"""What the printed totals say about blanks (domain notes 4.2, 'Blanks and zeros'). A blank is never simply a zero.

Counts are not negative, so where the known parts already reach the total, the blanks can only be 0 (settled); where
they exceed it, the sum is broken whatever the blanks hold; where one cell alone is missing, the sum gives it
(computed), which checks nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan, nan
from typing import NamedTuple

from .layout import Line
from .values import Values


class Verdict(NamedTuple):
    """``broken``: sums that fail; ``over``: sums that fail whatever the blanks hold; ``open``: not assessable."""

    broken: list[Line]
    over: list[Line]
    open: list[Line]


def judge(found: Values, lines: Iterable[Line]) -> Verdict:
    """Every line judged; fills ``found.known``, ``found.settled`` and ``found.computed``."""
    values = found.values
    broken, unsure = [], []
    for line in lines:
        gap = sum(line.right(values)) - sum(line.left(values))
        if gap == 0 or (gap > 0 and line.relation == "<="):
            continue
        (unsure if isnan(gap) else broken).append(line)
    found.known = values
    if not unsure:
        return Verdict(broken, [], [])
    found.known = list(values)
    _settle(found, unsure)
    over = []
    rest = []
    for line in unsure:
        outcome = _final(found, line, unsure)
        if outcome:
            {"broken": broken, "over": over, "open": rest}[outcome].append(line)
    return Verdict(broken, over, rest)


def _unknown(found: Values, positions: Sequence[int]) -> list[int]:
    known = found.known
    return [p for p in positions if known[p] != known[p]]


def _signed(found: Values, positions: Iterable[int]) -> bool:
    return any(p < found.zero and found.layout.slots[p].signed for p in positions)


def _known_gap(found: Values, line: Line) -> float:
    known = found.known
    return sum(known[p] for p in line.total if known[p] == known[p]) - sum(known[p] for p in line.parts if known[p] == known[p])


def _settle(found: Values, lines: list[Line]) -> None:
    """Until nothing more follows: blanks that can only be 0, and single missing cells."""
    waiting = [x for x in lines if x.relation == "=="]
    changed = True
    while changed and waiting:
        changed = any([_settle_line(found, line) for line in waiting])  # noqa: C419 (each line is tried)
        waiting = [x for x in waiting if (gap := _gap(found, x)) != gap]


def _gap(found: Values, line: Line) -> float:
    """total − parts; NaN where a cell is still unknown."""
    return sum(line.right(found.known)) - sum(line.left(found.known))


def _settle_line(found: Values, line: Line) -> bool:
    parts, total = _unknown(found, line.parts), _unknown(found, line.total)
    missing = parts or total
    if not missing or (parts and total) or _signed(found, missing):
        return False
    need = (_known_gap(found, line) * (1 if parts else -1)) or 0.0
    if need < 0 or (need > 0 and len(missing) > 1):
        return False
    bare = bool(total) and len(total) == len(line.total)
    sure = need == 0 and not bare and found.computed.keys().isdisjoint((*line.parts, *line.total))
    for position in missing:
        found.known[position] = need
        if sure:
            found.settled.add(position)
        else:
            found.computed[position] = line
    return True


def _final(found: Values, line: Line, lines: Sequence[Line]) -> str:
    """'' (holds), 'broken', 'over' or 'open'."""
    gap = _gap(found, line)
    everything = (*line.parts, *line.total)
    if gap == 0 or (gap > 0 and line.relation == "<="):
        return "" if _compared(found, line, lines) else "open"
    if not isnan(gap) and found.computed.keys().isdisjoint(everything):
        return "broken"
    return "over" if not _signed(found, everything) and _beyond(found, line) else "open"


def _beyond(found: Values, line: Line) -> bool:
    """Whether the cells that are printed (or settled) fail already, whatever the others hold."""
    parts, total = ([nan if p in found.computed else found.known[p] for p in side] for side in (line.parts, line.total))
    low, high = (sum(v for v in side if not isnan(v)) for side in (parts, total))
    whole_parts, whole_total = (not any(isnan(v) for v in side) for side in (parts, total))
    return (whole_total and low > high) or (whole_parts and high > low and line.relation == "==")


def _compared(found: Values, line: Line, lines: Sequence[Line]) -> bool:
    """False where this sum holds only because it gave the missing cell itself, and no other sum confirms that cell."""
    own = [p for p in (*line.parts, *line.total) if found.computed.get(p) is line]
    if not own:
        return True
    if all(p in own for p in line.total):
        return False
    others = [x for x in lines if x is not line and x.relation == "==" and any(p in x.parts or p in x.total for p in own)]
    return any(_gap(found, x) == 0 for x in others)
