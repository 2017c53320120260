"""Which cells of a flattened line are blank: only what the column marks (or blank lines) of this very table prove.

A layout that drops blank cells shifts what follows to the left. So a line whose figures are fewer than its columns
is filled only where the marks say exactly where the blanks are; else it stays unsettled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .lines import Value


@dataclass(slots=True)
class RawLine:
    """Figures of one line with the gap (marks, else line ends) before each, and the gap after the last."""

    values: list[Value] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    after: int = 0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How this table sets its cells off: ``unit`` gaps between neighbours, ``kept``: blank cells leave their marks.

    ``lead`` and ``tail``: the gaps seen before the first and after the last cell of complete lines.
    """

    unit: int = 0
    kept: bool = False
    lead: frozenset[int] = frozenset()
    tail: frozenset[int] = frozenset()


def rhythm(lines: Sequence[tuple[RawLine, int]]) -> Rhythm:
    """The rhythm of a table from all its lines and their column counts."""
    inner = [g for raw, _ in lines for g in raw.gaps[1:]]
    unit = min(inner, default=0)
    if unit <= 0:
        return Rhythm()
    full = [raw for raw, n in lines if n > 1 and len(raw.values) == n]
    regular = all(g == unit for raw in full for g in raw.gaps[1:])
    kept = regular and all(g % unit == 0 for g in inner) and any(g > unit for g in inner)
    complete = [raw for raw, n in lines if n > 1 and kept and len(spread(raw, unit)) == n]
    return Rhythm(unit, kept, frozenset(r.gaps[0] for r in complete), frozenset(r.after for r in complete))


def spread(raw: RawLine, unit: int) -> list[Value | None]:
    """The values with None for each blank that the marks between them prove."""
    found: list[Value | None] = []
    for value, gap in zip(raw.values, raw.gaps):
        if found:
            found += [None] * (gap // unit - 1)
        found.append(value)
    return found


def fit(raw: RawLine, count: int, beat: Rhythm) -> list[Value] | None:
    """The ``count`` cells of a line, blanks included, or None where nothing settles which are missing."""
    if len(raw.values) == count:
        return list(raw.values)
    if not raw.values:
        return [Value("", "")] * count
    if len(raw.values) > count or not beat.kept:
        return None
    inner = spread(raw, beat.unit)
    missing = count - len(inner)
    if missing < 0:
        return None
    splits = {(0, 0)} if not missing else _edges(raw, missing, beat)
    if len(splits) != 1:
        return None
    before, after = splits.pop()
    blank = Value("", raw.values[0].where)
    return [blank] * before + [v or blank for v in inner] + [blank] * after


def _edges(raw: RawLine, missing: int, beat: Rhythm) -> set[tuple[int, int]]:
    """All ways in which blanks at both ends agree with the gaps there and with how many are missing."""
    before = {(raw.gaps[0] - base) / beat.unit for base in beat.lead or {beat.unit}}
    after = {(raw.after - base) / beat.unit for base in beat.tail}
    pairs = {(b, a) for b in before for a in after if b >= 0 and a >= 0 and b + a == missing}
    return {(int(b), int(a)) for b, a in pairs if b == int(b)}
