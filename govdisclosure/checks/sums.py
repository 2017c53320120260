"""The sums of a report judged and put into findings. Nothing is changed.

A blank is never simply a zero. Where the printed totals leave only 0 it counts as 0 (`decode.checksum`); where one cell
alone is missing its sum gives it (computed), which checks nothing by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from ..decode.checksum import proven_zeros
from ..model import Finding, Unplaced
from .repairs import Repair, diagnose, suggestion
from .rules import finding
from .values import Key, Line, Values, add_subtotals, code_of

MOST_CELLS = 24  # cells and places named in a finding that says what could not be assessed


def sum_findings(found: Values) -> Iterator[Finding]:
    """Findings of every sum: broken, broken whatever the blanks hold, not assessable."""
    lost = add_subtotals(found)
    settle(found)
    judged = defaultdict[str, list[Line]](list)
    for line in found.lines:
        judged[_judge(found, line)].append(line)
    repairs = diagnose(found, [line for line in judged["broken"] if line.relation == "=="])
    for line in judged["broken"]:
        sign = "should be" if line.relation == "==" else "should be at least"
        yield _breach(found, line, sign, repairs.get(line))
    for line in judged["over"]:
        yield _breach(found, line)
    yield from _not_assessable(found, judged["open"])
    if lost:
        yield _lost(lost)


def settle(found: Values) -> None:
    """Fill ``found.known``, ``found.zeros`` and ``found.computed``."""
    found.known = dict(found.printed)
    unknown = {key for key, value in found.known.items() if value is None}
    sums = [x for x in found.lines if x.relation == "==" and not unknown.isdisjoint(x.cells)]
    if sums:
        blank = {key for key in unknown if not found.slot(key).signed}
        found.zeros = proven_zeros(sums, found.known, blank)
        found.known.update(dict.fromkeys(found.zeros, 0.0))
    while _compute(found, sums):
        pass


def _compute(found: Values, sums: list[Line]) -> bool:
    """Whether a sum gives its single missing cell; each sum is asked once."""
    given = len(found.computed)
    for line in sums:
        missing = [key for key in line.cells if found.known[key] is None]
        if len(missing) == 1:
            key = missing[0]
            value = found.gap(line) * (1 if key in line.parts else -1)
            if value >= 0 and not found.slot(key).signed:
                found.known[key], found.computed[key] = value, line
    return len(found.computed) > given


def _judge(found: Values, line: Line) -> str:
    """'broken', 'over' (whatever the blanks hold), 'open', or '' where the line holds."""
    own = found.computed.keys() & line.cells
    unknown = {key for key in line.cells if found.known[key] is None}
    difference = found.gap(line)
    holds = difference == 0 or (difference > 0 and line.relation == "<=")
    if not own and not unknown:
        return "" if holds else "broken"
    if _beyond(found, line, own | unknown):
        return "over"
    if unknown:
        return "open"
    given = all(found.computed[key] is not line for key in own)
    return "" if given and holds or _confirmed_elsewhere(found, line, own) else "open"


def _confirmed_elsewhere(found: Values, line: Line, own: set[Key]) -> bool:
    """Whether a cell that this sum gave makes another sum true, too."""
    if line.relation != "==" or own.issuperset(line.total):
        return False
    return any(
        other is not line
        and other.relation == "=="
        and not own.isdisjoint(other.cells)
        and all(found.known[key] is not None for key in other.cells)
        and found.gap(other) == 0
        for other in found.lines
    )


def _beyond(found: Values, line: Line, unknown: set[Key]) -> bool:
    """Whether the cells that are printed (or settled) fail already, whatever the others hold."""
    if any(found.slot(key).signed for key in line.cells):
        return False
    parts, total = (found.sum(set(side) - unknown) for side in (line.parts, line.total))
    if unknown.isdisjoint(line.total):
        return parts > total
    return line.relation == "==" and unknown.isdisjoint(line.parts) and total > parts


# --- in words --------------------------------------------------------------------------------------


def _breach(
    found: Values, line: Line, sign: str = "", repairs: list[Repair] | None = None
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
    first = [code for code in suspects if code in codes]
    rule = (line.rule, found.kind(line.cells), line.severity)
    message = f"{line.says}; {_place(found, line)}: {says}"
    return finding(*rule, message, tuple(dict.fromkeys((*first, *codes))), expected, actual, text)


def _place(found: Values, line: Line) -> str:
    """The column or row of a line in words, and where its total stands."""
    table = found.tables[line.total[0][0]]
    names = {c.key: f"{c.key} ({c.zh})" for c in table.columns}
    names |= {r.key: f"{r.key} ({r.zh})" for r in table.rows}
    cells = (found.cells[key] for key in line.total if key in found.cells)
    where = next((f" ({cell.where})" for cell in cells if cell.where), "")
    return names.get(line.place, line.place) + where


def _not_assessable(found: Values, lines: list[Line]) -> Iterator[Finding]:
    """One finding a rule, with the places and the reason. A table that is wholly missing has a finding of its own."""
    by_rule = defaultdict[str, list[Line]](list)
    for line in lines:
        if line.total[0][0] not in found.missing_tables:
            by_rule[line.rule].append(line)
    for rule, group in by_rule.items():
        sides = [_unprinted(found, line) for line in group]
        cells = tuple(dict.fromkeys(key for total, parts in sides for key in (*total, *parts)))
        more = ", …" if len(group) > MOST_CELLS else ""
        places = ", ".join(line.place for line in group[:MOST_CELLS]) + more
        message = f"Not assessable (无法核验) for {places}: {_reasons(found, sides)}."
        codes = tuple(map(code_of, cells[:MOST_CELLS]))
        text = _computed(found, group)
        yield finding(rule, found.kind(cells), "info", message, codes, suggestion=text)


def _unprinted(found: Values, line: Line) -> tuple[list[Key], list[Key]]:
    """What is neither printed nor settled of a line: of its total, of its parts."""
    total, parts = (
        [key for key in side if found.printed[key] is None and key not in found.zeros]
        for side in (line.total, line.parts)
    )
    return total, parts


def _reasons(found: Values, sides: list[tuple[list[Key], list[Key]]]) -> str:
    reasons: Counter[str] = Counter()
    for total, parts in sides:
        cells = [found.cells.get(key) for key in total or parts]
        status = "/".join(sorted({cell.status if cell else "absent" for cell in cells}))
        reasons[f"{'total' if total else 'parts'} {status or 'no printed value'}"] += 1
    return "; ".join(f"{reason} in {count}" for reason, count in reasons.items())


def _computed(found: Values, lines: list[Line]) -> str:
    """What single missing cells would have to be for their sums to hold."""
    given = [key for line in lines for key in line.cells if found.computed.get(key) is line]
    shown = "; ".join(f"{code_of(key)} = {found.known[key]:g}" for key in given[:MOST_CELLS])
    more = "; …" if len(given) > MOST_CELLS else ""
    return f"The sums would give: {shown}{more}." if given else ""


def _lost(items: list[Unplaced]) -> Finding:
    message = "Sub-totals (小计) whose parts are not settled: " + "; ".join(
        f"{i.row or '?'} {i.column or '?'} = {i.value:g} ({i.where})" for i in items[:MOST_CELLS]
    )
    return finding(f"{items[0].table}.subtotal", "reading", "info", message)
