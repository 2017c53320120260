"""Which cells of a flattened line are blank: only what the column marks (or blank lines) of the text prove.

A layout that drops blank cells shifts what follows to the left and pads the end of the row. So a line whose figures
are fewer than its columns is filled only where the text is known to keep the marks of its blank cells (a mark too
many between a label and a figure, or between two figures); else it stays unsettled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .lines import Value

FEWEST_LINES = 6


@dataclass(slots=True)
class RawLine:
    """Figures of one line with the gap (marks, else line ends) before each, and the blanks possible after the last."""

    values: list[Value] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    after: int = 0
    marked: bool = True
    closed: bool = True
    stacked: bool = False  # its cells stand under each other, each closed by a mark of its own
    spare: int = 0  # gaps before the first figure that may be its own blanks or the end of the line before


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How cells are set off: ``unit`` marks or line ends between neighbours; ``kept``: blank cells leave theirs."""

    unit: int = 0
    kept: bool = False
    marked: bool = True
    clean: bool = False  # complete lines end without padding


def rhythm(lines: Sequence[tuple[RawLine, int]], unit: int = 0) -> Rhythm:
    """The rhythm of a table from all its lines and their column counts; ``unit`` where another table showed it."""
    lines = [(raw, n) for raw, n in lines if n > 1 and raw.values]
    given, unit = unit, unit or min((g for raw, _ in lines for g in raw.gaps[1:]), default=0)
    if unit <= 0:
        return Rhythm()
    complete = [raw for raw, n in lines if len(raw.values) == n]
    guessed = not given and unit > 1 and not complete  # perhaps no two figures stand beside each other
    regular = all(g == unit for raw in complete for g in raw.gaps)
    padded = any(len(spread(raw, unit)) > n for raw, n in lines)
    every = [g for raw, _ in lines for g in raw.gaps]
    kept = regular and not padded and not guessed and all(g % unit == 0 for g in every) and any(g > unit for g in every)
    ends = [raw.after for raw, n in lines if kept and len(spread(raw, unit)) == n]
    return Rhythm(unit, kept, all(raw.marked for raw, _ in lines), bool(ends) and not any(ends))


def spread(raw: RawLine, unit: int) -> list[Value | None]:
    """The values with None for each blank that the marks before and between them prove."""
    found: list[Value | None] = []
    for value, gap in zip(raw.values, raw.gaps):
        found += [None] * max(0, gap // unit - 1)
        found.append(value)
    return found


def fit(raw: RawLine, count: int, beat: Rhythm) -> list[Value] | None:
    """The ``count`` cells of a line, blanks included, or None where nothing settles which are missing."""
    if len(raw.values) == count:
        return list(raw.values)
    if not raw.values:
        return [Value("", "")] * count if raw.closed else None
    if len(raw.values) > count or not beat.kept or raw.marked != beat.marked:
        return None
    cells = spread(raw, beat.unit)
    missing, tail = count - len(cells), raw.after // beat.unit
    leads = [raw.spare // beat.unit] if beat.clean else range(raw.spare // beat.unit + 1)
    leads = [lead for lead in leads if 0 <= missing - lead <= tail]
    if len(leads) != 1:
        return None
    blank = Value("", raw.values[0].where)
    return [blank] * leads[0] + [v or blank for v in cells] + [blank] * (missing - leads[0])


def unpadded(tables: Sequence[Sequence[tuple[RawLine, int]]]) -> Rhythm:
    """The rhythm of a report none of whose complete lines is padded, short ones included: there each mark too many
    is a blank cell, even where the only blanks stand at the ends of lines. Rhythm() where that is not so."""
    whole = [[(raw, n) for raw, n in t if n and len(raw.values) == n and raw.marked and raw.closed] for t in tables]
    lines = [line for table in whole for line in table]
    unit = min((g for raw, _ in lines for g in raw.gaps), default=0)
    plain = all(g == unit for raw, _ in lines for g in raw.gaps) and not any(raw.after for raw, _ in lines)
    unequal = any(len({n for _, n in table}) > 1 for table in whole)  # lines of one table, so a padded one would show
    sure = unit > 0 and plain and unequal and len(lines) >= FEWEST_LINES
    return Rhythm(unit, True, True, True) if sure else Rhythm()
