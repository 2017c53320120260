"""The sums of a report judged and put into findings. Nothing is changed.

A blank is never simply a zero. Where the printed totals leave only 0 it counts as 0 (`decode.checksum`); where one cell
alone is missing its sum gives it (computed), which checks nothing by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ..decode.checksum import proven_zeros
from ..model import Finding, Unplaced
from .repairs import Diagnosis, diagnose, suggestion
from .subtotals import add_subtotals
from .values import Key, Line, Values, code_of, gap

MOST_CELLS = 24  # cells and places named in a finding that says what could not be assessed


class Verdict(NamedTuple):
    """``broken``: sums that fail; ``over``: sums that fail whatever the blanks hold; ``open``: not assessable."""

    broken: list[Line]
    over: list[Line]
    open: list[Line]


def sum_findings(found: Values) -> Iterator[Finding]:
    """Findings of every sum: broken, broken whatever the blanks hold, not assessable."""
    lost = add_subtotals(found)
    verdict = judge(found)
    for line, diagnosis in diagnose(found, verdict.broken):
        yield _broken(found, line, diagnosis)
    for line in verdict.over:
        yield _over(found, line)
    yield from _not_assessable(found, verdict)
    if lost:
        yield _lost(lost)


def judge(found: Values) -> Verdict:
    """Every line judged; fills ``found.known``, ``found.zeros`` and ``found.computed``."""
    found.known = dict(found.printed)
    verdict = Verdict([], [], [])
    unknown = {key for key, value in found.known.items() if value is None}
    open_lines = [line for line in found.lines if not unknown.isdisjoint(line.cells)]
    if open_lines:
        sums = [line for line in open_lines if line.relation == "=="]
        blank = {k for k in unknown if not found.slot(k).signed}
        found.zeros = proven_zeros(sums, found.known, blank)
        found.known.update(dict.fromkeys(found.zeros, 0.0))
        _compute(found, sums)
    for line in found.lines:
        if side := _side(found, line):
            getattr(verdict, side).append(line)
    return verdict


def _compute(found: Values, sums: list[Line]) -> None:
    """Single missing cells, from the sums that give them, until nothing more follows."""
    known, waiting, changed = found.known, sums, True
    while changed:
        changed, later = False, []
        for line in waiting:
            missing = [k for k in line.cells if known[k] is None]
            if len(missing) == 1:
                key = missing[0]
                value = gap(known, line) * (1 if key in line.parts else -1)
                if value >= 0 and not found.slot(key).signed:
                    known[key], found.computed[key], changed = value, line, True
                    continue
            later += [line] if missing else []
        waiting = later


def _side(found: Values, line: Line) -> str:
    """'broken', 'over', 'open', or '' where the line holds."""
    own = [k for k in line.cells if k in found.computed]
    unknown = [k for k in line.cells if found.known[k] is None]
    difference = gap(found.known, line)
    if not own and not unknown:
        return "broken" if difference < 0 or (difference and line.relation == "==") else ""
    if _beyond(found, line, {*own, *unknown}):
        return "over"
    confirmed = not unknown and all(found.computed[k] is not line for k in own)
    holds = difference == 0 or (difference > 0 and line.relation == "<=")
    return "" if confirmed and holds or _confirmed_elsewhere(found, line, own, unknown) else "open"


def _confirmed_elsewhere(found: Values, line: Line, own: list[Key], unknown: list[Key]) -> bool:
    """Whether a cell that this sum gave makes another sum true, too."""
    if unknown or not own or line.relation != "==" or set(line.total) <= set(own):
        return False
    return any(
        other is not line
        and other.relation == "=="
        and not set(own).isdisjoint(other.cells)
        and all(found.known[k] is not None for k in other.cells)
        and gap(found.known, other) == 0
        for other in found.lines
    )


def _beyond(found: Values, line: Line, unknown: set[Key]) -> bool:
    """Whether the cells that are printed (or settled) fail already, whatever the others hold."""
    if any(found.slot(k).signed for k in line.cells):
        return False
    parts, total = (
        sum(found.known[k] or 0.0 for k in side if k not in unknown)
        for side in (line.parts, line.total)
    )
    if unknown.isdisjoint(line.total):
        return parts > total
    return line.relation == "==" and unknown.isdisjoint(line.parts) and total > parts


# --- in words --------------------------------------------------------------------------------------


def _kind(found: Values, line: Line) -> str:
    return "reading" if found.doubtful(line.cells) else "printed"


def _codes(line: Line, first: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Suspects first, then the total, then the parts."""
    codes = [code_of(k) for k in (*line.total, *line.parts)]
    return tuple(dict.fromkeys((*(c for c in first if c in codes), *codes)))


def _place(found: Values, line: Line) -> str:
    """The column or row of a line in words, and where its total stands."""
    table = found.tables[line.total[0][0]]
    names = {c.key: f"{c.key} ({c.zh})" for c in table.columns}
    names |= {r.key: f"{r.key} ({r.zh})" for r in table.rows}
    where = next((c.where for k in line.total if (c := found.cells.get(k)) and c.where), "")
    return names.get(line.place, line.place) + (f" ({where})" if where else "")


def _sides(found: Values, line: Line) -> tuple[float, float]:
    """(what the parts give, the total) as far as they are printed or settled."""
    parts, total = (
        sum(found.known[k] or 0.0 for k in side if k not in found.computed)
        for side in (line.parts, line.total)
    )
    return parts, total


def _broken(found: Values, line: Line, diagnosis: Diagnosis) -> Finding:
    expected, actual = _sides(found, line)
    text, suspects = suggestion(found, diagnosis) if line.relation == "==" else ("", ())
    zeros = len(found.zeros.intersection(line.cells))
    note = f" {zeros} blank cells can only be 0 here, because other sums close without them."
    sign = "should be" if line.relation == "==" else "should be at least"
    message = (
        f"{line.says}; {_place(found, line)}: {sign} {expected:g}, printed {actual:g}."
        f"{note if zeros else ''}"
    )
    return Finding(
        line.rule, _kind(found, line), line.severity, expected, actual, actual - expected,
        _codes(line, suspects), message, text,
    )  # fmt: skip


def _over(found: Values, line: Line) -> Finding:
    expected, actual = _sides(found, line)
    message = (
        f"{line.says}; {_place(found, line)}: the printed parts give {expected:g}, the total {actual:g}, "
        "and no filling of the blank cells closes that."
    )
    return Finding(
        line.rule, _kind(found, line), line.severity, expected, actual, actual - expected,
        _codes(line), message,
    )  # fmt: skip


def _not_assessable(found: Values, verdict: Verdict) -> Iterator[Finding]:
    """One finding a rule, with the places and the reason. A table that is wholly missing has a finding of its own."""
    by_rule: dict[str, list[Line]] = defaultdict(list)
    for line in verdict.open:
        if line.total[0][0] not in found.missing_tables:
            by_rule[line.rule].append(line)
    for rule, lines in by_rule.items():
        sides = [(_unprinted(found, x.total), _unprinted(found, x.parts)) for x in lines]
        cells = tuple(dict.fromkeys(k for total, parts in sides for k in (*total, *parts)))
        kind = "reading" if found.doubtful(cells) else "printed"
        more = ", …" if len(lines) > MOST_CELLS else ""
        places = ", ".join(x.place for x in lines[:MOST_CELLS]) + more
        message = f"Not assessable (无法核验) for {places}: {_reasons(found, sides)}."
        codes = tuple(map(code_of, cells[:MOST_CELLS]))
        yield Finding(rule, kind, "info", None, None, None, codes, message, _computed(found, lines))


def _unprinted(found: Values, keys: tuple[Key, ...]) -> list[Key]:
    return [k for k in keys if found.printed[k] is None and k not in found.zeros]


def _reasons(found: Values, sides: list[tuple[list[Key], list[Key]]]) -> str:
    reasons: dict[str, int] = defaultdict(int)
    for total, parts in sides:
        cells = [found.cells.get(k) for k in total or parts]
        status = "/".join(sorted({c.status if c else "absent" for c in cells}))
        reasons[f"{'total' if total else 'parts'} {status or 'no printed value'}"] += 1
    return "; ".join(f"{reason} in {count}" for reason, count in reasons.items())


def _computed(found: Values, lines: list[Line]) -> str:
    """What single missing cells would have to be for their sums to hold."""
    given = {k: found.known[k] for x in lines for k in x.cells if found.computed.get(k) is x}
    shown = "; ".join(f"{code_of(k)} = {v:g}" for k, v in list(given.items())[:MOST_CELLS])
    return (
        f"The sums would give: {shown}{'; …' if len(given) > MOST_CELLS else ''}." if given else ""
    )


def _lost(items: list[Unplaced]) -> Finding:
    message = "Sub-totals (小计) whose parts are not settled: " + "; ".join(
        f"{i.row or '?'} {i.column or '?'} = {i.value:g} ({i.where})" for i in items[:MOST_CELLS]
    )
    rule = f"{items[0].table}.subtotal"
    return Finding(rule, "reading", "info", None, None, None, (), message)
