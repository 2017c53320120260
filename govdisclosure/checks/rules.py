"""The rules, read from ``rules.toml`` beside this module, and those on single cells and on the form
of a report: negative, fractional, absurd, unreadable; missing parts; fees. Sums inside a table are
identities of its form.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple  # Any: a Figure whose value is known

from ..forms import FORMS
from ..forms.structure import Key
from ..model import Finding, Record
from .values import Values, code_of

DATA = tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))
MOST_CELLS, SHOWN = 24, 6  # named in a finding
SECTION_FORMS = ("2019", "2021")  # of six sections
FEE = DATA["fee"]
LAPSES: Key = tuple(FEE["row"])
CONFIDENT = DATA["prose"]["confident"]


class Rule(NamedTuple):
    """A rule, or a family of them (`cross_year`): its code, what it says in both languages, its
    source, how a breach counts.

    ``kind`` is that of a breach whose cells were read surely; a doubtful cell makes it 'reading'.
    Across years ``expected`` (signed terms, '{place}' to be filled) must equal ``actual`` for each
    of ``places``.
    """

    key: str
    zh: str
    en: str
    cite: str
    kind: str = "printed"
    severity: str = "error"
    expected: tuple[str, ...] = ()
    actual: str = ""
    places: tuple[str, ...] = ()

    def terms(self, place: str) -> tuple[str, ...]:
        """The term that is checked, then those that give it."""
        return tuple(term.format(place=place) for term in (self.actual, *self.expected))


CROSS_RULES = tuple(Rule(**item) for item in DATA["across"])
RULES = {item["key"]: Rule(**item) for item in DATA["rule"]}


def finding(
    rule: str, message: str, cells: tuple[str, ...] = (), expected: float | None = None,
    actual: float | None = None, *, kind: str = "", severity: str = "", suggestion: str = "",
) -> Finding:  # fmt: skip
    """A finding whose gap is actual − expected; kind and severity are by default those of the rule
    or its family.
    """
    family = RULES.get(rule) or RULES.get(rule.partition(".")[0], RULES["sum"])
    gap = None if expected is None or actual is None else actual - expected
    kind, severity = kind or family.kind, severity or family.severity
    return Finding(rule, kind, severity, expected, actual, gap, cells, message, suggestion)


def listed(words: Iterable[str], mark: str = ", ", most: int = MOST_CELLS) -> str:
    """The first of some words, and … where there are more."""
    first = list(words)
    return mark.join(first if len(first) <= most else [*first[:most], "…"])


def sure_figures(record: Record) -> list[Any]:
    """Figures of the prose for the year, surely read."""
    return [
        figure
        for figure in record.figures
        if figure.confidence >= CONFIDENT and figure.value is not None and figure.period == "year"
    ]


# --- single cells ---------------------------------------------------------------------------------


def cell_findings(found: Values) -> Iterator[Finding]:
    """Counts that no count can be, and cells that can't be read."""
    for key, value in found.printed.items():
        if value is None or (0 <= value <= 1000 and value == int(value)):
            continue
        cell, code = found.cells.get(key), code_of(key)
        where = f" (“{cell.text[:40]}”, {cell.where})" if cell else ""
        for fault, text in found.faults(key, value):
            kind, message = found.kind((key,)), f"{code} {text}{where}."
            yield finding(f"cells.{fault}", message, (code,), actual=value, kind=kind)
    if cells := [cell for cell in found.cells.values() if cell.status == "unreadable"]:
        shown = (f"{cell.row}.{cell.column} “{cell.text[:24]}”" for cell in cells)
        message = (
            f"{len(cells)} cells hold text that is no number, or a line whose cells are not settled: "
            f"{listed(shown, '; ', SHOWN)}."
        )
        codes = tuple(code_of(cell[:3]) for cell in cells[:MOST_CELLS])
        yield finding("cells.unreadable", message, codes)


# --- the form -------------------------------------------------------------------------------------


def form_findings(found: Values) -> Iterator[Finding]:
    """Sections and tables that are missing, and fees that section six does not explain."""
    record = found.record
    if found.tables:
        tables = FORMS[record.form or ""].by_key
        gone = tables.keys() - (found.tables.keys() - found.missing_tables)
        for key in sorted(gone) if len(gone) < len(tables) else ():
            yield finding("form.table_absent", f"Table {key} ({tables[key].zh}) was not found.")
    if record.form in SECTION_FORMS:
        there = {section.number for section in record.sections}
        if missing := [name for n, name in enumerate("一二三四五六", 1) if n not in there]:
            message = f"Sections not found: {', '.join(missing)} (of six, 条例第五十条)."
            yield finding("form.sections", message, expected=6, actual=6 - len(missing))
        yield from _fee(found)


def _fee(found: Values) -> Iterator[Finding]:
    """A fee, or requests closed for an unpaid one, of which section six says nothing."""
    rule, silence = "form.fee_explained", "but section six says nothing of fees."
    sections = found.record.sections
    own = "".join(section.text for section in sections if section.number == FEE["section"])
    if any(word in own for word in FEE["words"]):
        return
    lapses = found.printed.get(LAPSES) or 0
    if lapses > 0:
        message = f"{lapses:g} requests were closed for an unpaid fee (逾期未缴费), {silence}"
        yield finding(rule, message, (code_of(LAPSES),), actual=lapses)
        return
    for figure in sure_figures(found.record):
        taken = figure.indicator == "processing_fee" and figure.value
        if taken and figure.section != FEE["section"]:
            value, place = figure.value, f"stands in section {figure.section}"
            message = f"A processing fee (信息处理费) of {value:g} 元 {place}, {silence}"
            yield finding(rule, message, actual=value, severity="info")
            return
