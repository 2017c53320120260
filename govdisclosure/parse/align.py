"""Printed lines against the form's rows: a monotone alignment, so that a misprint, a missing, an extra or a doubled
row each fall out of the same mechanism."""

from __future__ import annotations


from ..forms import Table
from .lexicon import Match
from .lines import Line

TIE = 0.02


def align(candidates: list[list[Match]], size: int) -> list[Match | None]:
    """For each line the row it is, so that rows increase and the summed similarity is greatest.

    ``candidates``: for each line its possible rows; ``size``: how many rows the form has.
    On a tie the earlier line wins; `doubtful` finds those ties.
    """
    best: list[float] = [0.0] * (size + 1)
    back: list[tuple | None] = [None] * (size + 1)
    for i, options in enumerate(candidates):
        steps = [
            (m.order + 1, best[m.order] + m.score - 0.5, (back[m.order], i, m)) for m in options
        ]
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
            j
            for j in range(low + 1, high)
            if j != i
            and any(m.key == match.key and m.score >= match.score - TIE for m in candidates[j])
        ]
        if same:
            found[i] = same
    return found


def settle(lines: list[Line], table: Table) -> list[list[Line]]:
    """Choose the row of each line (``line.chosen``); returns the groups of lines that compete for one row."""
    chosen = _in_order(lines)
    candidates = [line.matches.rows for line in lines] if chosen is None else []
    chosen = align(candidates, len(table.rows)) if chosen is None else chosen
    for line, match in zip(lines, chosen):
        line.chosen, line.kind = (match.key, "row") if match else ("", _other_kind(line))
    _groups_with_rows(lines, table)
    return (
        [[lines[i], *(lines[j] for j in same)] for i, same in doubtful(candidates, chosen).items()]
        if candidates
        else []
    )


def _in_order(lines: list[Line]) -> list[Match | None] | None:
    """The best row of each line, where these increase and no line has another as good: no alignment has a greater sum,
    and none competes. None where they don't."""
    chosen: list[Match | None] = []
    order = -1
    for line in lines:
        match = line.matches.sure
        if match is not None:
            if match.order <= order or match.score <= 0.5:
                return None
            order = match.order
        elif line.matches.rows:
            return None
        chosen.append(match)
    return chosen


def _other_kind(line: Line) -> str:
    best = line.matches.kind
    return best if best in ("group", "subtotal", "furniture", "column", "column_group") else ""


def _groups_with_rows(lines: list[Line], table: Table) -> None:
    """（六）其他处理 over its own three rows is a group; alone it is the row that stands for them."""
    optional = table.optional
    present = {line.chosen for line in lines} if optional else ()
    for row in optional:
        if row.key in present and present & set(row.replaces):
            line = next(x for x in lines if x.chosen == row.key)
            line.chosen, line.kind = "", "group"
