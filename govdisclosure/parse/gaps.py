"""Which cells of a flattened line are blank: only what the column marks (or blank lines) of the text prove.

A layout that drops blank cells shifts what follows to the left and pads the end of the row. So a line whose figures
are fewer than its columns is filled only where the text is known to keep the marks of its blank cells (a mark too
many between a label and a figure, or between two figures); else it stays unsettled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .lines import Value

FEWEST_LINES = 4


class LineEnds(NamedTuple):
    """What all lines of a table show, headers too. ``closing``: (line ends, marks), in order, of the marks that stand behind
    every line and are no cells; ``pads``: short lines are filled up with marks glued together; ``loose``: with marks that
    look like blank cells."""

    closing: tuple[tuple[int, int], ...] = ()
    pads: bool = False
    loose: bool = False


@dataclass(slots=True)
class RawLine:
    """Figures of one line with the gap (marks, else line ends) before each, and the blanks possible after the last."""

    values: list[Value] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    after: int = 0
    marked: bool = True
    closed: bool = True
    stacked: bool = False  # its cells stand under each other, each closed by a mark of its own
    full: bool = False  # its marks are those of a line that lacks no cell (see `widths`)
    padding: int = 0  # marks of ``after`` that fill up the end of a line
    ends: int = 0  # line ends between its last figure and what follows, where its cells don't stand on lines of their own
    spare: int = (
        0  # gaps before the first figure that may be its own blanks or the end of the line before
    )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How cells are set off: ``unit`` marks or line ends between neighbours; ``kept``: blank cells leave theirs."""

    unit: int = 0
    kept: bool = False
    marked: bool = True
    clean: bool = False  # complete lines end without padding
    single: bool = False  # one mark at a line's end may be such padding
    ends: LineEnds = LineEnds()


def rhythm(
    lines: Sequence[tuple[RawLine, int]], unit: int = 0, ends: LineEnds = LineEnds()
) -> Rhythm:
    """The rhythm of a table from all its lines and their column counts; ``unit`` where another table showed it."""
    complete = [raw for raw, n in lines if n and len(raw.values) == n and raw.marked and raw.closed]
    single = {raw.gaps[0] for raw in complete if len(raw.values) == 1}
    several = [(raw, n) for raw, n in lines if n > 1 and raw.values]
    marked = all(raw.marked for raw, _ in several)
    between = {g for raw, _ in several for g in raw.gaps[1:]} | (
        single if len(single) == 1 else set()
    )
    given, unit = unit, unit or min(between, default=0)
    ends = ends._replace(loose=ends.loose or any(_behind(raw, ends) for raw in complete))
    beat = Rhythm(unit, False, marked, ends=ends)
    if unit <= 0:
        return beat
    full = [raw for raw, n in several if len(raw.values) == n]
    guessed = not given and unit > 1 and not full  # perhaps no two figures stand beside each other
    regular = all(g == unit for raw in full for g in raw.gaps)
    padded = any(len(spread(raw, unit)) > n for raw, n in several)
    every = [g for raw, _ in several for g in raw.gaps]
    proven = (
        any(g > unit for g in every)
        or unit == 1
        and any(_keeps_last(raw, n, complete, ends) for raw, n in lines)
    )
    if not (
        regular and not padded and not guessed and all(g % unit == 0 for g in every) and proven
    ):
        return beat
    after = [raw.after for raw, n in several if len(spread(raw, unit)) == n]
    return replace(beat, kept=True, clean=bool(after) and not any(after))


def _behind(raw: RawLine, ends: LineEnds) -> int:
    """Marks behind the last figure that may be blank cells: not padding, nor what stands behind every line."""
    fewest = [marks for breaks, marks in ends.closing if breaks <= raw.ends]
    return max(0, raw.after - raw.padding - (fewest[-1] if fewest else 0))


def _keeps_last(raw: RawLine, count: int, complete: list[RawLine], ends: LineEnds) -> bool:
    """Whether the marks at a line's end prove that the blank cells there are kept: it lacks no cell although its figures
    are fewer than its columns, or has just as many marks before its padding as it has columns left."""
    missing = count - len(spread(raw, 1))
    if count < 1 or missing <= 0 or not raw.marked or not raw.closed:
        return False
    if raw.full and not raw.stacked:
        return raw.after == missing
    if not raw.padding:
        return (
            ends.pads and missing <= _behind(raw, ends) > 1
        )  # two marks of padding would be glued together
    return (
        any(line.padding and not _behind(line, ends) for line in complete)
        and _behind(raw, ends) == missing
    )


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
    missing, tail = count - len(cells), _behind(raw, beat.ends) // beat.unit
    leads = [raw.spare // beat.unit] if beat.clean else range(raw.spare // beat.unit + 1)
    leads = [lead for lead in leads if 0 <= missing - lead <= tail]
    if len(leads) != 1 or (beat.single and tail == 1 == missing - leads[0] and not raw.padding):
        return None
    blank = Value("", raw.values[0].where)
    return [blank] * leads[0] + [v or blank for v in cells] + [blank] * (missing - leads[0])


def unpadded(tables: Sequence[Sequence[tuple[RawLine, int]]]) -> Rhythm:
    """The rhythm of a report none of whose complete lines is padded, short ones included: there each mark too many
    is a blank cell, even where the only blanks stand at the ends of lines. Rhythm() where that is not so.

    Marks that stand behind short and full lines alike (a lone | before each row) are no cells."""
    whole = [
        [(raw, n) for raw, n in t if n and len(raw.values) == n and raw.marked and raw.closed]
        for t in tables
    ]
    lines = [line for table in whole for line in table]
    unit = min((g for raw, _ in lines for g in raw.gaps), default=0)
    closing = {(raw.ends, raw.after) for raw, _ in lines}  # padding too: there is none here
    plain = all(g == unit for raw, _ in lines for g in raw.gaps) and len(closing) == len(
        dict(closing)
    )
    # full and short lines of one table that end in as many line ends: there a padded one would show
    unequal = any(
        len({n for raw, n in table if raw.ends == ends}) > 1
        for table in whole
        for ends, _ in closing
    )
    if not (unit > 0 and plain and unequal and len(lines) >= FEWEST_LINES):
        return Rhythm()
    return Rhythm(unit, True, True, True, ends=LineEnds(tuple(sorted(closing))))
