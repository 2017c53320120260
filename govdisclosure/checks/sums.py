"""The sums of a report judged and put into findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..model import Finding, Unplaced
from . import rules
from .diagnosis import Diagnosis, diagnose, suggestion
from .layout import Line
from .settle import Verdict, bits, judge
from .subtotals import subtotal_lines
from .values import Values

MOST_CELLS = 24  # cells and places named in a finding that says what could not be assessed


def sum_findings(found: Values) -> Iterator[Finding]:
    """Findings of every sum: broken, broken whatever the blanks hold, not assessable."""
    more, lost = [], []
    if any(u.reason == "subtotal" for u in found.record.unplaced):
        more, lost = subtotal_lines(found)
    verdict = judge(found, more)
    if verdict.broken:
        for line, diagnosis in diagnose(found, (*found.layout.lines, *more), verdict.broken):
            yield _broken(found, line, diagnosis)
    for line in verdict.over:
        yield _over(found, line)
    if verdict.open:
        yield from _not_assessable(found, verdict)
    if lost:
        yield _lost(lost)


def _kind(found: Values, line: Line) -> str:
    return "reading" if found.doubtful(line.cells) else "printed"


def _codes(found: Values, line: Line, first: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Suspects first, then the total, then the parts; rows that this report does not have are left out."""
    codes = [
        found.code(p)
        for p in (*line.total, *line.parts)
        if found.printed(p) or found.values[p] != found.values[p]
    ]
    return tuple(dict.fromkeys((*(c for c in first if c in codes), *codes)))


def _sides(found: Values, line: Line) -> tuple[float, float]:
    return sum(line.left(found.filled)), sum(line.right(found.filled))


def _where(found: Values, line: Line) -> str:
    cell = next(
        (c for p in line.total if p < found.zero and (c := found.cells[p]) is not None and c.where),
        None,
    )
    return f" ({cell.where})" if cell else ""


def _broken(found: Values, line: Line, diagnosis: Diagnosis) -> Finding:
    expected, actual = _sides(found, line)
    text, suspects = suggestion(found, diagnosis) if line.relation == "==" else ("", ())
    settled = (found.settled & line.mask).bit_count()
    note = (
        f" {settled} blank cells can only be 0 here, because other sums close without them."
        if settled
        else ""
    )
    sign = "should be" if line.relation == "==" else "should be at least"
    message = f"{line.says}; {_place(found, line)}{_where(found, line)}: {sign} {expected:g}, printed {actual:g}.{note}"
    return Finding(
        line.rule, _kind(found, line), line.severity, expected, actual, actual - expected, _codes(found, line, suspects), message, text
    )  # fmt: skip


def _over(found: Values, line: Line) -> Finding:
    expected, actual = _sides(found, line)
    message = (
        f"{line.says}; {_place(found, line)}{_where(found, line)}: the printed parts give {expected:g}, the total {actual:g}, "
        "and no filling of the blank cells closes that."
    )
    return Finding(
        line.rule,
        _kind(found, line),
        line.severity,
        expected,
        actual,
        actual - expected,
        _codes(found, line),
        message,
    )


def _place(found: Values, line: Line) -> str:
    table = found.layout.tables.get(line.rule.split(".")[0])
    for label in (*table.rows, *table.columns) if table else ():
        if label.key == line.place:
            return f"{line.place} ({label.zh})"
    return line.place


def _not_assessable(found: Values, verdict: Verdict) -> Iterator[Finding]:
    """One finding a rule, with the places and the reason. A table that is wholly missing has a finding of its own."""
    by_rule: dict[str, list[Line]] = defaultdict(list)
    gone = found.missing_tables()
    unknown = set(bits(found.blank & ~found.settled))
    for line in verdict.open:
        if line.rule.split(".")[0] not in gone:
            by_rule[line.rule].append(line)
    for rule, lines in by_rule.items():
        sides = [
            ([p for p in x.total if p in unknown], [p for p in x.parts if p in unknown])
            for x in lines
        ]
        cells = tuple(dict.fromkeys(p for total, parts in sides for p in (*total, *parts)))
        codes = tuple(found.code(p) for p in cells[:MOST_CELLS])
        kind = "reading" if found.doubtful(cells) else "printed"
        places = ", ".join(x.place for x in lines[:MOST_CELLS]) + (
            ", …" if len(lines) > MOST_CELLS else ""
        )
        message = f"Not assessable (无法核验) for {places}: {_reasons(found, sides)}."
        yield Finding(rule, kind, "info", None, None, None, codes, message, _computed(found, lines))


def _reasons(found: Values, sides: list[tuple[list[int], list[int]]]) -> str:
    reasons: dict[str, int] = defaultdict(int)
    for total, parts in sides:
        cells = [found.cells[p] for p in total or parts if p < found.zero]
        status = (
            "/".join(sorted({c.status if c else "absent" for c in cells})) or "no printed value"
        )
        reasons[f"{'total' if total else 'parts'} {status}"] += 1
    return "; ".join(f"{reason} in {count}" for reason, count in reasons.items())


def _computed(found: Values, lines: list[Line]) -> str:
    """What single missing cells would have to be for their sums to hold."""
    if not found.computed:
        return ""
    given = {
        p: found.known[p] for x in lines for p in (*x.total, *x.parts) if found.computed.get(p) is x
    }
    if not given:
        return ""
    shown = "; ".join(
        f"{found.code(p)} = {value:g}" for p, value in list(given.items())[:MOST_CELLS]
    )
    return f"The sums would give: {shown}{'; …' if len(given) > MOST_CELLS else ''}."


def _lost(items: list[Unplaced]) -> Finding:
    table = items[0].table
    message = "Sub-totals (小计) whose parts are not settled: " + "; ".join(
        f"{i.row or '?'} {i.column or '?'} = {i.value:g} ({i.where})" for i in items[:MOST_CELLS]
    )
    return Finding(
        rules.SUBTOTAL.key.format(table=table), "reading", "info", None, None, None, (), message
    )
