"""Tables whose short lines are filled up with marks: there a line that has just its own marks lacks no cell.

Extractors of page text draw a mark for each column that a row has no cell for (``行政许可 | 7 |||`` in a table of four
columns), so a row that fills the table has one mark less than all others. A row that lost a blank cell is short, and is
filled up too: only where the blank kept its place (``规章 | 1 | 2 | ``) is the number of marks that of a full row.
"""

from __future__ import annotations

from collections.abc import Sequence

from .runs import Segment

FEWEST_PADDED = 2
PADDING = 2  # a row that lacks one cell gets two marks: the one that would end its last cell, and one for the cell


def full_lines(found: Sequence[Segment], after: Segment | None) -> frozenset[int]:
    """Numbers (in ``found``) of what stands on full lines; none where the lines don't show that short ones are filled up."""
    lines = [line for line in _lines(found, after) if line[1]]
    width = max((marks for _, marks, _ in lines), default=0)
    padded = [ended for _, marks, ended in lines if marks == width]
    others = {marks for _, marks, _ in lines if marks < width}
    if len(padded) < FEWEST_PADDED or min(padded) < PADDING or others != {width - 1}:
        return frozenset()
    return frozenset(i for numbers, marks, _ in lines if marks < width for i in numbers)


def _lines(found: Sequence[Segment], after: Segment | None) -> list[tuple[range, int, int]]:
    """For each printed line: what stands on it, its marks, and how many of them end it. The last only where its end is known."""
    starts = [i for i, s in enumerate(found) if s.breaks or not i]
    ends = [*starts[1:], len(found)]
    following = [found[i] for i in starts[1:]] + (
        [after] if after is not None and after.breaks else []
    )
    return [
        (range(a, b), found[b - 1].column + s.ended, s.ended)
        for a, b, s in zip(starts, ends, following)
    ]
