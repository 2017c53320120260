"""What one table of a report shows of its blank cells, used for another table: only where both are of one layout.

The layout can change inside a report, and the blank cells of one table may keep their marks while those of the next
are gone. So only tables whose cells are set off alike are compared, each keeps the marks that close its own lines, and
a mark that may as well be padding settles nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from .gaps import LineEnds, RawLine, Rhythm, rhythm, unpadded
from .runs import Segment

ONE_LINE, ROWS = -1, 0
STACKED = 0.9  # share of the cells that stand on a line of their own
Counted = Sequence[tuple[RawLine, int]]


def layout_of(found: Sequence[Segment]) -> int:
    """Line ends between one cell and the next, where cells stand under each other; else ROWS, or ONE_LINE."""
    ends = [s.breaks for s in found[1:]]
    stacked = [e for e in ends if e]
    if not stacked:
        return ONE_LINE
    return Counter(stacked).most_common(1)[0][0] if len(stacked) >= STACKED * len(ends) else ROWS


def line_ends(found: Sequence[Segment], layout: int, across: bool) -> LineEnds:
    """What stands at the ends of a table's lines; headers count too, for perhaps no line of figures is complete."""
    fewest: dict[int, int] = {}
    for s in found[1:] if layout == ROWS else ():
        if s.breaks:
            fewest[s.breaks] = min(s.ended - s.padding, fewest.get(s.breaks, s.marks))
    heads = [
        s
        for before, s in zip(found, found[1:])
        if s.breaks and s.matches and (across or _is_head(before))
    ]
    loose = any(
        (s.marks - 1 if layout > ROWS else s.ended) - s.padding > fewest.get(s.breaks, 0)
        for s in heads
    )
    return LineEnds(tuple(sorted(fewest.items())), any(s.padding for s in found), loose)


def _is_head(segment: Segment) -> bool:
    return bool(segment.matches) and (segment.matches.header or segment.matches.kind == "furniture")


def shared_rhythms(tables: Sequence[tuple[int, Rhythm, Counted]]) -> dict[int, Rhythm]:
    """Layout → the rhythm that the report's tables of this layout show. ``tables``: each one's layout, rhythm and lines."""
    found = {}
    for layout in {layout for layout, _, _ in tables}:
        kept = [beat for kind, beat, _ in tables if kind == layout and beat.kept]
        found[layout] = (
            kept[0] if kept else unpadded([lines for kind, _, lines in tables if kind == layout])
        )
    return found


def own_or_shared(layout: int, own: Rhythm, lines: Counted, shared: Rhythm) -> Rhythm:
    """The rhythm to read a table by: its own where it shows one, else the shared one where its lines don't speak against it."""
    if own.kept or not shared.kept or own.ends.loose or own.marked != shared.marked:
        return own
    again = rhythm(lines, shared.unit, own.ends)
    if not again.kept and any(gap != shared.unit for raw, _ in lines for gap in raw.gaps):
        return own
    single = (own.ends.pads or shared.ends.pads) and (
        layout > ROWS or any(marks for _, marks in own.ends.closing)
    )
    return replace(shared, ends=own.ends, single=single)
