"""The sums of a report judged and put into findings: those of its form, and printed sub-totals
(小计). Nothing is changed.

A blank is never simply a zero. Where the printed totals leave only 0 it counts as 0
(`decode.checksum`); where one cell alone is missing its sum gives it (computed), which checks
nothing by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from ..decode.checksum import proven_zeros
from ..forms import Table
from ..forms.structure import Identity, Key, Sum
from ..model import Finding, Unplaced
from .repairs import Repair, diagnose, suggestion
from .rules import finding
from .values import Values, code_of

MOST_CELLS = 24  # cells and places named in a finding that says what could not be assessed
SUBTOTAL = "subtotal"


def sum_findings(found: Values) -> Iterator[Finding]:
    """Findings of every sum: broken, broken whatever the blanks hold, not assessable."""
    lost = add_subtotals(found)
    settle(found)
    judged = defaultdict[str, list[Sum]](list)
    for line in found.lines:
        judged[_judge(found, line)].append(line)
    repairs = diagnose(found, [line for line in judged["broken"] if line.exact])
    for line in judged["broken"]:
        sign = "should be" if line.exact else "should be at least"
        yield _breach(found, line, sign, repairs.get(line))
    for line in judged["over"]:
        yield _breach(found, line)
    yield from _not_assessable(found, judged["open"])
    if lost:
        message = "Sub-totals (小计) whose parts are not settled: " + "; ".join(
            f"{i.row or '?'} {i.column or '?'} = {i.value:g} ({i.where})" for i in lost[:MOST_CELLS]
        )
        yield finding(f"{lost[0].table}.subtotal", message, kind="reading", severity="info")


# --- printed sub-totals: what is printed is checked too -------------------------------------------


def add_subtotals(found: Values) -> list[Unplaced]:
    """Add the sub-totals that have a place to ``found.lines`` and their values to
    ``found.printed``; returns the others.

    A sub-total names its group where the report prints the group's label; whose a bare 小计 row is
    nothing says.
    """
    lost = []
    for item in found.record.unplaced:
        if item.reason != SUBTOTAL or item.table not in found.tables or item.value is None:
            continue
        table, row, column = item[:3]
        if parts := _parts(found, found.tables[table], row, column):
            total = (table, row, column)
            found.printed[total] = item.value
            says = (f"{table} {row}: 小计 = 各项之和", "sub-total = sum of its parts")
            identity = Identity(f"{table}.subtotal", "rows", (), (), *says, "")
            found.lines.append(Sum(identity, column, parts, (total,)))
        else:
            lost.append(item)
    return lost


def _parts(found: Values, table: Table, row: str, column: str) -> tuple[Key, ...]:
    """Cells that a sub-total sums: the organisations' columns in one row, or a group's rows in one
    column. A group over groups has the parts of the sum that its total row closes."""
    if column == SUBTOTAL:
        members = next((g.members for g in table.column_groups if g.members), ())
        keys = [(table.key, row, member) for member in members]
    else:
        keys = [(table.key, r, column) for g in table.groups if g.key == row for r in g.members]
    if not keys:
        totals = [(table.key, r.key, column) for r in table.rows if r.group == row]
        closing = (x.parts for x in found.lines if x.exact and x.total[0] in totals)
        return next(closing, ())
    return tuple(key for key in keys if key in found.printed)


# --- what the sums settle, and whether they hold --------------------------------------------------


def settle(found: Values) -> None:
    """Fill ``found.known``, ``found.zeros`` and ``found.computed``: a sum gives its single missing
    cell.
    """
    found.known = dict(found.printed)
    unknown = {key for key, value in found.known.items() if value is None}
    sums = [x for x in found.lines if x.exact and not unknown.isdisjoint(x.cells)]
    if sums:
        blank = {key for key in unknown if not found.slot(key).signed}
        found.zeros = proven_zeros(sums, found.known, blank)
        found.known.update(dict.fromkeys(found.zeros, 0.0))
    given = -1
    while given < len(found.computed):
        given = len(found.computed)
        for line in sums:
            missing = [key for key in line.cells if found.known[key] is None]
            if len(missing) == 1:
                key = missing[0]
                value = found.gap(line) * (1 if key in line.parts else -1)
                if value >= 0 and not found.slot(key).signed:
                    found.known[key], found.computed[key] = value, line


def _judge(found: Values, line: Sum) -> str:
    """'broken', 'over' (whatever the blanks hold), 'open', or '' where the line holds."""
    own = found.computed.keys() & line.cells
    unknown = {key for key in line.cells if found.known[key] is None}
    difference = found.gap(line)
    holds = difference == 0 or (difference > 0 and not line.exact)
    if not own and not unknown:
        return "" if holds else "broken"
    if not any(found.slot(key).signed for key in line.cells):
        # whether what is printed (or settled) fails already, whatever the others hold
        open_ = own | unknown
        parts, total = (found.sum({*side} - open_) for side in (line.parts, line.total))
        short = line.exact and open_.isdisjoint(line.parts) and total > parts
        if parts > total if open_.isdisjoint(line.total) else short:
            return "over"
    if unknown:
        return "open"
    given = all(found.computed[key] is not line for key in own)
    checks = line.exact and not own.issuperset(line.total)
    confirmed = checks and any(  # a cell that this sum gave makes another sum true, too
        other is not line
        and other.exact
        and not own.isdisjoint(other.cells)
        and all(found.known[key] is not None for key in other.cells)
        and found.gap(other) == 0
        for other in found.lines
    )
    return "" if given and holds or confirmed else "open"


# --- in words -------------------------------------------------------------------------------------


def _breach(
    found: Values, line: Sum, sign: str = "", repairs: list[Repair] | None = None
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
    text, suspects = ("", []) if repairs is None else suggestion(found, repairs)
    codes = [code_of(key) for key in (*line.total, *line.parts)]
    cells = tuple(dict.fromkeys((*(code for code in suspects if code in codes), *codes)))
    rule, kind = line.identity, found.kind(line.cells)
    severity = "error" if line.exact else "warning"  # domain notes 1.7: inequalities are soft
    table = found.tables[line.total[0][0]]
    names = {column.key: f"{column.key} ({column.zh})" for column in table.columns}
    names |= {row.key: f"{row.key} ({row.zh})" for row in table.rows}
    printed = (found.cells[key] for key in line.total if key in found.cells)
    where = next((f" ({cell.where})" for cell in printed if cell.where), "")
    message = f"{rule.zh} ({rule.en}); {names.get(line.place, line.place)}{where}: {says}"
    return finding(
        rule.key, message, cells, expected, actual, kind=kind, severity=severity, suggestion=text
    )


def _not_assessable(found: Values, lines: list[Sum]) -> Iterator[Finding]:
    """One finding a rule, with the places and the reason. A table that is wholly missing has a
    finding of its own.
    """
    by_rule = defaultdict[str, list[Sum]](list)
    for line in lines:
        if line.total[0][0] not in found.missing_tables:
            by_rule[line.identity.key].append(line)
    for rule, group in by_rule.items():
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
        more = ", …" if len(group) > MOST_CELLS else ""
        places = ", ".join(line.place for line in group[:MOST_CELLS]) + more
        why = "; ".join(f"{reason} in {count}" for reason, count in reasons.items())
        message = f"Not assessable (无法核验) for {places}: {why}."
        codes = tuple(map(code_of, [*cells][:MOST_CELLS]))
        # what single missing cells would have to be for their sums to hold
        given = [key for line in group for key in line.cells if found.computed.get(key) is line]
        shown = "; ".join(f"{code_of(key)} = {found.known[key]:g}" for key in given[:MOST_CELLS])
        more = "; …" if len(given) > MOST_CELLS else ""
        text = f"The sums would give: {shown}{more}." if given else ""
        kind = found.kind(cells)
        yield finding(rule, message, codes, kind=kind, severity="info", suggestion=text)
