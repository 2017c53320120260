"""Rules on single cells and on the form of a report: negative, fractional, absurd, unreadable; missing parts; fees."""

from __future__ import annotations

from collections.abc import Iterator

from ..forms import FORMS
from ..model import Finding, Record
from .rules import CONFIDENT, DATA, RULE
from .values import Key, Values, code_of

MOST_CELLS, SHOWN = 24, 6
SECTION_FORMS = ("2019", "2021")  # of six sections
FEE = DATA["fee"]
LAPSES: Key = tuple(FEE["row"])


def cell_findings(found: Values) -> Iterator[Finding]:
    """Counts that no count can be, and cells that can't be read."""
    for key, value in found.printed.items():
        if value is None or (0 <= value <= 1000 and value == int(value)):
            continue
        slot = found.slot(key)
        if value < 0 and not slot.signed:
            yield _cell(found, key, "cells.negative", f"should be 0 or more, is {value:g}")
        if slot.whole and value % 1:
            yield _cell(found, key, "cells.fraction", f"should be a whole number, is {value:g}")
        if abs(value) > slot.most:
            says = f"is {value:g}, more than {slot.most:g}: a misread or run-together figure, or another unit"
            yield _cell(found, key, "cells.absurd", says)
    yield from _unreadable(found.record)


def _cell(found: Values, key: Key, code: str, says: str) -> Finding:
    rule, cell = RULE[code], found.cells.get(key)
    kind = found.kind((key,))
    where = f" (“{cell.text[:40]}”, {cell.where})" if cell else ""
    message = f"{code_of(key)} {says}{where}."
    value = found.printed[key]
    return Finding(rule.key, kind, rule.severity, None, value, None, (code_of(key),), message)


def _unreadable(record: Record) -> Iterator[Finding]:
    cells = [c for c in record.cells if c.status == "unreadable"]
    if not cells:
        return
    shown = "; ".join(f"{c.row}.{c.column} “{c.text[:24]}”" for c in cells[:SHOWN])
    codes = tuple(code_of(c[:3]) for c in cells[:MOST_CELLS])
    message = (
        f"{len(cells)} cells hold text that is no number, or a line whose cells are not settled: "
        f"{shown}{'; …' if len(cells) > SHOWN else ''}."
    )
    yield _of("cells.unreadable", message, cells=codes)


def _of(code: str, message: str, expected=None, actual=None, cells=(), severity="") -> Finding:
    rule = RULE[code]
    gap = None if expected is None or actual is None else actual - expected
    severity = severity or rule.severity
    return Finding(rule.key, rule.kind, severity, expected, actual, gap, cells, message)


def form_findings(record: Record, found: Values | None) -> Iterator[Finding]:
    """Sections and tables that are missing, and fees that section six does not explain."""
    if found is not None:
        tables = FORMS[record.form or ""].by_key
        gone = found.missing_tables | (tables.keys() - found.tables.keys())
        for key in sorted(gone & tables.keys()) if len(gone) < len(tables) else ():
            yield _of("form.table_absent", f"Table {key} ({tables[key].zh}) was not found.")
    if record.form in SECTION_FORMS:
        yield from _sections(record)
        yield from _fee(record, found)


def _sections(record: Record) -> Iterator[Finding]:
    found = {s.number for s in record.sections}
    missing = [n for n in range(1, 7) if n not in found]
    if missing:
        names = ", ".join("一二三四五六"[n - 1] for n in missing)
        message = f"Sections not found: {names} (of six, 条例第五十条)."
        yield _of("form.sections", message, 6, 6 - len(missing))


def _fee(record: Record, found: Values | None) -> Iterator[Finding]:
    lapses = found.printed.get(LAPSES) if found else None
    fees = [
        f
        for f in record.figures
        if f.indicator == "processing_fee"
        and f.confidence >= CONFIDENT
        and f.period == "year"
        and f.value
        and f.section != FEE["section"]
    ]
    if _explained(record):
        return
    silence = "but section six says nothing of fees."
    if lapses and lapses > 0:
        message = f"{lapses:g} requests were closed for an unpaid fee (逾期未缴费), {silence}"
        yield _of("form.fee_explained", message, None, lapses, (code_of(LAPSES),))
    elif fees:
        value, section = fees[0].value, fees[0].section
        message = (
            f"A processing fee (信息处理费) of {value:g} 元 stands in section {section}, {silence}"
        )
        yield _of("form.fee_explained", message, None, value, severity="info")


def _explained(record: Record) -> bool:
    text = "".join(s.text for s in record.sections if s.number == FEE["section"])
    return any(word in text for word in FEE["words"])
