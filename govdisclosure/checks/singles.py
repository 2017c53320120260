"""Rules on single cells and on the form of a report: negative, fractional, absurd, unreadable; missing parts; fees."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from operator import gt

from ..forms import FORMS
from ..model import Finding, Record
from . import rules
from .prose_data import CONFIDENT
from .values import Values

MOST_CELLS = 24


def cell_findings(found: Values) -> Iterator[Finding]:
    """Counts that no count can be."""
    for position in _odd(found):
        value, slot = found.values[position], found.layout.slots[position]
        if value < 0 and not slot.signed:
            yield _cell(found, position, rules.NEGATIVE, f"should be 0 or more, is {value:g}")
        if slot.whole and value % 1:
            yield _cell(found, position, rules.FRACTION, f"should be a whole number, is {value:g}")
        if abs(value) > slot.most:
            yield _cell(
                found,
                position,
                rules.ABSURD,
                f"is {value:g}, more than {slot.most:g}: a misread or run-together figure, or another unit",
            )
    if "unreadable" in found.statuses:
        yield _unreadable(found)


def _odd(found: Values) -> list[int]:
    """Positions below 0, above their most or with a fraction (never those of NaN); most reports have none of the first two, which is seen at once."""
    values, most = found.values, found.layout.most
    if any(map(gt, values, most)) or any(map(gt, repeat(0), values)):
        return [i for i, (v, top) in enumerate(zip(values, most)) if v < 0 or v > top or v % 1 > 0]
    return [i for i, v in enumerate(values) if v % 1 > 0 and i < found.zero]


def _cell(found: Values, position: int, rule: rules.Rule, says: str) -> Finding:
    cell = found.cells[position]
    kind = "reading" if found.doubtful((position,)) else rule.kind
    message = (
        f"{found.code(position)} {says} (“{cell.text[:40]}”, {cell.where})."
        if cell
        else f"{found.code(position)} {says}."
    )
    return Finding(
        rule.key,
        kind,
        rule.severity,
        None,
        found.values[position],
        None,
        (found.code(position),),
        message,
    )


def _unreadable(found: Values) -> Finding:
    cells = [c for c in found.record.cells if c.status == "unreadable"]
    shown = "; ".join(f"{c.row}.{c.column} “{c.text[:24]}”" for c in cells[:6])
    codes = tuple(f"{c.table}.{c.row}.{c.column}" for c in cells[:MOST_CELLS])
    message = f"{len(cells)} cells hold text that is no number, or a line whose cells are not settled: {shown}{'; …' if len(cells) > 6 else ''}."
    return Finding(
        rules.UNREADABLE.key, "reading", rules.UNREADABLE.severity, None, None, None, codes, message
    )


def form_findings(record: Record, found: Values | None) -> Iterator[Finding]:
    """Sections and tables that are missing, and fees that section six does not explain."""
    if found is not None:
        tables = FORMS[record.form].by_key
        gone = found.missing_tables() | (tables.keys() - found.layout.tables.keys())
        for key in sorted(gone) if len(gone) < len(tables) else ():
            name = tables[key].zh
            yield Finding(
                rules.TABLE_ABSENT.key,
                "form",
                "warning",
                None,
                None,
                None,
                (),
                f"Table {key} ({name}) was not found.",
            )
    if record.form in rules.SECTION_FORMS:
        yield from _sections(record)
        yield from _fee(record, found)


def _sections(record: Record) -> Iterator[Finding]:
    found = {s.number for s in record.sections}
    missing = [n for n in rules.SECTION_NUMBERS if n not in found]
    if missing:
        message = f"Sections not found: {', '.join('一二三四五六'[n - 1] for n in missing)} (of six, 条例第五十条)."
        yield Finding(
            rules.SECTIONS.key,
            "form",
            rules.SECTIONS.severity,
            6,
            6 - len(missing),
            -len(missing),
            (),
            message,
        )


def _fee(record: Record, found: Values | None) -> Iterator[Finding]:
    position = found.layout.index.get(rules.FEE_ROW) if found else None
    lapses = found.values[position] if position is not None else 0
    fees = [
        f
        for f in record.figures
        if f.indicator == "processing_fee"
        and f.confidence >= CONFIDENT
        and f.period == "year"
        and f.value
        and f.section != rules.FEE_SECTION
    ]
    if not (lapses > 0 or fees) or _explained(record):
        return
    if lapses > 0:
        message = f"{lapses:g} requests were closed for an unpaid fee (逾期未缴费), but section six says nothing of fees."
        yield Finding(
            rules.FEE.key,
            "form",
            rules.FEE.severity,
            None,
            lapses,
            None,
            (".".join(rules.FEE_ROW),),
            message,
        )
    else:
        message = f"A processing fee (信息处理费) of {fees[0].value:g} 元 stands in section {fees[0].section}, but section six says nothing of fees."
        yield Finding(rules.FEE.key, "form", "info", None, fees[0].value, None, (), message)


def _explained(record: Record) -> bool:
    text = "".join(s.text for s in record.sections if s.number == rules.FEE_SECTION)
    return any(word in text for word in rules.FEE_WORDS)
