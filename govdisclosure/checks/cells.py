"""Rules on single cells and on the form of a report: negative, fractional, absurd, unreadable; missing parts; fees."""

from __future__ import annotations

from collections.abc import Iterator

from ..forms import FORMS
from ..model import Cell, Finding, Record
from .rules import CONFIDENT, DATA, RULES, finding
from .values import Key, Values, code_of

MOST_CELLS, SHOWN = 24, 6
SECTION_FORMS = ("2019", "2021")  # of six sections
FEE = DATA["fee"]
LAPSES: Key = tuple(FEE["row"])


def _of(code: str, message: str, kind: str = "", severity: str = "", **more) -> Finding:
    rule = RULES[code]
    return finding(code, kind or rule.kind, severity or rule.severity, message, **more)


def cell_findings(found: Values) -> Iterator[Finding]:
    """Counts that no count can be, and cells that can't be read."""
    for key, value in found.printed.items():
        if value is None or (0 <= value <= 1000 and value == int(value)):
            continue
        slot, says = found.slot(key), {}
        if value < 0 and not slot.signed:
            says["negative"] = f"should be 0 or more, is {value:g}"
        if slot.whole and value % 1:
            says["fraction"] = f"should be a whole number, is {value:g}"
        if abs(value) > slot.most:
            more = f"more than {slot.most:g}: a misread or run-together figure, or another unit"
            says["absurd"] = f"is {value:g}, {more}"
        cell, code = found.cells.get(key), code_of(key)
        where = f" (“{cell.text[:40]}”, {cell.where})" if cell else ""
        for rule, text in says.items():
            message = f"{code} {text}{where}."
            yield _of(f"cells.{rule}", message, found.kind((key,)), cells=(code,), actual=value)
    cells = [cell for cell in found.record.cells if cell.status == "unreadable"]
    if cells:
        yield _unreadable(cells)


def _unreadable(cells: list[Cell]) -> Finding:
    shown = [f"{cell.row}.{cell.column} “{cell.text[:24]}”" for cell in cells[:SHOWN]]
    message = (
        f"{len(cells)} cells hold text that is no number, or a line whose cells are not settled: "
        f"{'; '.join(shown)}{'; …' if len(cells) > SHOWN else ''}."
    )
    codes = tuple(code_of(cell[:3]) for cell in cells[:MOST_CELLS])
    return _of("cells.unreadable", message, cells=codes)


def form_findings(record: Record, found: Values | None) -> Iterator[Finding]:
    """Sections and tables that are missing, and fees that section six does not explain."""
    if found is not None:
        tables = FORMS[record.form or ""].by_key
        gone = tables.keys() - (found.tables.keys() - found.missing_tables)
        for key in sorted(gone) if len(gone) < len(tables) else ():
            yield _of("form.table_absent", f"Table {key} ({tables[key].zh}) was not found.")
    if record.form in SECTION_FORMS:
        there = {section.number for section in record.sections}
        missing = [n for n in range(1, 7) if n not in there]
        if missing:
            names = ", ".join("一二三四五六"[n - 1] for n in missing)
            message = f"Sections not found: {names} (of six, 条例第五十条)."
            yield _of("form.sections", message, expected=6, actual=6 - len(missing))
        yield from _fee(record, found)


def _fee(record: Record, found: Values | None) -> Iterator[Finding]:
    """A fee, or requests closed for an unpaid one, of which section six says nothing."""
    own = "".join(s.text for s in record.sections if s.number == FEE["section"])
    if any(word in own for word in FEE["words"]):
        return
    silence = "but section six says nothing of fees."
    lapses = found.printed.get(LAPSES) if found else None
    if lapses and lapses > 0:
        message = f"{lapses:g} requests were closed for an unpaid fee (逾期未缴费), {silence}"
        yield _of("form.fee_explained", message, actual=lapses, cells=(code_of(LAPSES),))
        return
    for figure in record.figures:
        sure = figure.confidence >= CONFIDENT and figure.period == "year"
        elsewhere = figure.section != FEE["section"]
        if figure.indicator == "processing_fee" and sure and figure.value and elsewhere:
            place = f"stands in section {figure.section}"
            message = f"A processing fee (信息处理费) of {figure.value:g} 元 {place}, {silence}"
            yield _of("form.fee_explained", message, severity="info", actual=figure.value)
            return
