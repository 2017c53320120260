"""Printed lines against the form's rows: a monotone alignment, so that a misprint, a missing, an extra or a doubled
row each fall out of the same mechanism."""

from __future__ import annotations

from collections.abc import Sequence

from ..forms import Table
from .lexicon import Match
from .lines import Line

TIE = 0.02


def row_matches(matches: Sequence[Match]) -> list[Match]:
    """The meanings as a row only."""
    return [m for m in matches if m.kind == "row"]


def align(candidates: list[list[Match]], size: int) -> list[Match | None]:
    """For each line the row it is, so that rows increase and the summed similarity is greatest.

    ``candidates``: for each line its possible rows; ``size``: how many rows the form has.
    On a tie the earlier line wins; `doubtful` finds those ties.
    """
    best: list[float] = [0.0] * (size + 1)
    back: list[tuple | None] = [None] * (size + 1)
    for i, options in enumerate(candidates):
        steps = [(m.order + 1, best[m.order] + m.score - 0.5, (back[m.order], i, m)) for m in options]
        for order, weight, link in steps:
            for r in range(order, size + 1):
                if weight <= best[r] + 1e-9:
                    break
                best[r], back[r] = weight, link
    chosen: list[Match | None] = [None] * len(candidates)
    link = back[size]
    while link:
        link, i, match = link
        chosen[i] = match
    return chosen


def doubtful(candidates: list[list[Match]], chosen: list[Match | None]) -> dict[int, list[int]]:
    """{line: other lines that could be the same row just as well}, between the chosen neighbours."""
    taken = [i for i, m in enumerate(chosen) if m]
    found: dict[int, list[int]] = {}
    for n, i in enumerate(taken):
        low = taken[n - 1] if n else -1
        high = taken[n + 1] if n + 1 < len(taken) else len(candidates)
        match = chosen[i]
        same = [
            j for j in range(low + 1, high)
            if j != i and any(m.key == match.key and m.score >= match.score - TIE for m in candidates[j])
        ]
        if same:
            found[i] = same
    return found


def settle(lines: list[Line], table: Table) -> list[list[Line]]:
    """Choose the row of each line (``line.chosen``); returns the groups of lines that compete for one row."""
    candidates = [row_matches(line.matches) for line in lines]
    chosen = align(candidates, len(table.rows))
    for line, match in zip(lines, chosen):
        line.chosen, line.kind = (match.key, "row") if match else ("", _other_kind(line))
    _groups_with_rows(lines, table)
    return [[lines[i], *(lines[j] for j in same)] for i, same in doubtful(candidates, chosen).items()]


def _other_kind(line: Line) -> str:
    best = line.matches[0].kind if line.matches else ""
    return best if best in ("group", "subtotal", "furniture", "column", "column_group") else ""


def _groups_with_rows(lines: list[Line], table: Table) -> None:
    """（六）其他处理 over its own three rows is a group; alone it is the row that stands for them."""
    present = {line.chosen for line in lines}
    for row in table.rows:
        if row.optional and row.key in present and present & set(row.replaces):
            line = next(x for x in lines if x.chosen == row.key)
            line.chosen, line.kind = "", "group"
