"""The sums of a report judged and put into findings: those of its form, and printed sub-totals
(小计). Nothing is changed.

A blank is never simply a zero. Where the printed totals leave only 0 it counts as 0
(`decode.checksum`); where one cell alone is missing its sum gives it (computed), which checks
nothing by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from ..decode.checksum import proven_zeros
from ..forms.structure import Identity, Key, Sum
from ..model import Finding, Unplaced
from .repairs import suggestion
from .rules import MOST_CELLS, finding, listed
from .values import Values, code_of

SUBTOTAL = "subtotal"
SUMMED = {SUBTOTAL: "organization"}  # columns that a column of sub-totals sums


def sum_findings(found: Values) -> Iterator[Finding]:
    """Findings of every sum: broken, broken whatever the blanks hold, not assessable."""
    lost = add_subtotals(found)
    settle(found)
    judged = defaultdict[str, list[Sum]](list)
    for line in found.lines:
        judged[_judge(found, line)].append(line)
    broken = [line for line in judged["broken"] if line.exact]
    for line in judged["broken"]:
        says = "should be" if line.exact else "should be at least"
        yield _breach(found, line, says, *suggestion(found, line, broken))
    for line in judged["over"]:
        yield _breach(found, line)
    yield from _not_assessable(found, judged["open"])
    if lost:
        texts = (f"{i.row or '?'} {i.column or '?'} = {i.value:g} ({i.where})" for i in lost)
        message = f"Sub-totals (小计) whose parts are not settled: {listed(texts, '; ')}"
        yield finding(f"{lost[0].table}.subtotal", message, kind="reading", severity="info")


# --- printed sub-totals: what is printed is checked too -------------------------------------------


def add_subtotals(found: Values) -> list[Unplaced]:
    """Add the sub-totals that have a place to ``found.lines`` and their values to
    ``found.printed``; returns the others.

    A sub-total names its group where the report prints the group's label; whose a bare 小计 row is
    nothing says. An increase may be negative: blanks beside it prove nothing.
    """
    lost = []
    for item in found.record.unplaced:
        if item.reason != SUBTOTAL or item.table not in found.tables or item.value is None:
            continue
        table, row, column = total = item[:3]
        parts = found.cells_of([f"{table}.{row}.{SUMMED.get(column, column)}"])
        if total in parts or column == "change":
            parts = ()
        elif not parts:  # a group over groups has the parts of the sum that its total row closes
            rows = [own.key for own in found.tables[table].rows if own.group == row]
            totals = [(table, key, column) for key in rows]
            closing = (line.parts for line in found.lines if line.exact and line.total[0] in totals)
            parts = next(closing, ())
        if parts:
            found.printed[total] = item.value
            says = (f"{table} {row}: 小计 = 各项之和", "sub-total = sum of its parts")
            identity = Identity(f"{table}.subtotal", "rows", (), (), *says, "")
            found.lines.append(Sum(identity, column, parts, (total,)))
        else:
            lost.append(item)
    return lost


# --- what the sums settle, and whether they hold --------------------------------------------------


def settle(found: Values) -> None:
    """Fill ``found.known``, ``found.zeros`` and ``found.computed``: a sum gives its single missing
    cell.
    """
    known = found.known = dict(found.printed)
    blank = {key for key, value in known.items() if value is None}
    sums = [x for x in found.lines if x.exact and not blank.isdisjoint(x.cells)]
    found.zeros = proven_zeros(sums, known, blank)
    known |= dict.fromkeys(found.zeros, 0.0)
    given = -1
    while given < len(found.computed):
        given = len(found.computed)
        for line in sums:
            missing = [key for key in line.cells if known[key] is None]
            if len(missing) == 1:
                value = found.gap(line) * (1 if missing[0] in line.parts else -1)
                if value >= 0:
                    known[missing[0]], found.computed[missing[0]] = value, line


def _judge(found: Values, line: Sum) -> str:
    """'broken', 'over' (whatever the blanks hold), 'open', or '' where the line holds."""
    own = found.computed.keys() & line.cells
    open_ = own | {key for key in line.cells if found.known[key] is None}
    gap = found.gap(line)
    holds = gap == 0 or (gap > 0 and not line.exact)
    if not open_:
        return "" if holds else "broken"
    # whether what is printed (or settled) fails already, whatever the others hold
    parts, total = (found.sum({*side} - open_) for side in (line.parts, line.total))
    short = line.exact and open_.isdisjoint(line.parts) and total > parts
    if parts > total if open_.isdisjoint(line.total) else short:
        return "over"
    if open_ != own:
        return "open"
    given = all(found.computed[key] is not line for key in own)
    checks = line.exact and not own.issuperset(line.total)
    confirmed = checks and any(  # a cell that this sum gave makes another sum true, too
        other is not line and other.exact and found.gap(other) == 0
        for key in own
        for other in found.complete[key]
    )
    return "" if given and holds or confirmed else "open"


# --- in words -------------------------------------------------------------------------------------


def _breach(
    found: Values, line: Sum, sign: str = "", text: str = "", suspects: Sequence[str] = ()
) -> Finding:
    """A sum that fails; without a ``sign`` no filling of the blanks closes it."""
    expected, actual = (
        found.sum(key for key in side if key not in found.computed)
        for side in (line.parts, line.total)
    )
    if sign:
        says = f"{sign} {expected:g}, printed {actual:g}."
        if zeros := len(found.zeros.intersection(line.cells)):
            says += (
                f" {zeros} blank cells can only be 0 here, because other sums close without them."
            )
    else:
        says = (
            f"the printed parts give {expected:g}, the total {actual:g}, "
            "and no filling of the blank cells closes that."
        )
    codes = [code_of(key) for key in (*line.total, *line.parts)]
    cells = tuple(dict.fromkeys((*(code for code in suspects if code in codes), *codes)))
    rule, table = line.identity, found.tables[line.total[0][0]]
    items: tuple[Any, ...] = (*table.rows, *table.columns)
    names = (f"{item.key} ({item.zh})" for item in items if item.key == line.place)
    place = next(names, line.place)
    printed = (found.cells[key].where for key in line.total if key in found.cells)
    where = next((f" ({where})" for where in printed if where), "")
    message = f"{rule.zh} ({rule.en}); {place}{where}: {says}"
    severity = "error" if line.exact else "warning"  # domain notes 1.7: inequalities are soft
    more = {"kind": found.kind(line.cells), "severity": severity, "suggestion": text}
    return finding(rule.key, message, cells, expected, actual, **more)


def _not_assessable(found: Values, lines: list[Sum]) -> Iterator[Finding]:
    """One finding a rule, with the places and the reason. A table that is wholly missing has a
    finding of its own.
    """
    lines = [line for line in lines if line.total[0][0] not in found.missing_tables]
    for rule in dict.fromkeys(line.identity.key for line in lines):
        group = [line for line in lines if line.identity.key == rule]
        reasons: Counter[str] = Counter()
        cells: dict[Key, None] = {}
        for line in group:
            total, parts = (  # the cells whose value nobody knows
                [key for key in side if found.printed[key] is None and key not in found.zeros]
                for side in (line.total, line.parts)
            )
            cells |= dict.fromkeys((*total, *parts))
            own = [found.cells.get(key) for key in total or parts]
            statuses = sorted({cell.status if cell else "absent" for cell in own})
            why = "/".join(statuses) or "no printed value"
            reasons[f"{'total' if total else 'parts'} {why}"] += 1
        places = listed(line.place for line in group)
        why = "; ".join(f"{reason} in {count}" for reason, count in reasons.items())
        message = f"Not assessable (无法核验) for {places}: {why}."
        codes = tuple(map(code_of, [*cells][:MOST_CELLS]))
        # what single missing cells would have to be for their sums to hold
        given = (key for line in group for key in line.cells if found.computed.get(key) is line)
        text = listed((f"{code_of(key)} = {found.known[key]:g}" for key in given), "; ")
        text = text and f"The sums would give: {text}."
        kind = found.kind(cells)
        yield finding(rule, message, codes, kind=kind, severity="info", suggestion=text)
