"""Figures of the prose against the tables, with their scope. A difference is a warning, a difference of scope is said so."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from ..forms import Table
from ..model import Figure, Finding
from .layout import Layout
from .prose_data import COMPARISONS, NARROW, OUTCOMES, ROUGH, TERRITORIAL_AGENCY, TERRITORIAL_LEVELS, Comparison
from .values import Values

BY_INDICATOR = {c.indicator: c for c in COMPARISONS}


def prose_findings(found: Values) -> Iterator[Finding]:
    """One finding for each figure of the year that the tables contradict."""
    figures = [f for f in found.record.figures if f.indicator in BY_INDICATOR and f.period == "year" and f.value is not None]
    unknown = []
    for indicator in dict.fromkeys(f.indicator for f in figures):
        mine = [f for f in figures if f.indicator == indicator]
        rule = BY_INDICATOR[indicator]
        table = total(found, rule.terms)
        if isnan(table):
            unknown.append((mine[0], rule))
            continue
        apart = {f.value: f for f in mine if not _agrees(f, found, rule, table)}
        agreed = len({f.value for f in mine}) > len(apart)
        for figure in apart.values():
            yield _difference(found, figure, rule, table, agreed)
    if unknown:
        yield _not_assessable(found, unknown)


def positions(layout: Layout, term: str) -> tuple[int, ...]:
    """Positions of a term: a cell, or all cells of a group of rows (denied) or columns (organization)."""
    table, row, column = term.split(".")
    if table not in layout.tables:
        return ()
    form = layout.tables[table]
    index = layout.index
    columns = next((g.members for g in form.column_groups if g.key == column and g.members), (column,))
    return tuple(index[k] for r in group_rows(form, row) for c in columns if (k := (table, r, c)) in index)


def group_rows(table: Table, key: str) -> tuple[str, ...]:
    """The rows that a code means: one row, a group's rows, or for 'other' whichever way （六）其他处理 is printed."""
    members = next((g.members for g in table.groups if g.key == key and g.members), ())
    stand_ins = tuple(r.key for r in table.rows if r.optional and members and r.replaces == members)
    if not members and key == "other":
        return ("other_handling",)
    return (*members, *stand_ins) or (key,)


def total(found: Values, terms: tuple[str, ...]) -> float:
    """Sum of the terms; NaN where a cell is not known or the form has none."""
    values = 0.0
    for term in terms:
        places = positions(found.layout, term)
        values += sum(found.known[p] for p in places) if places else nan
    return values


def _by_parts(found: Values, terms: tuple[str, ...]) -> float:
    """The same sum from the parts of each row, for totals that are printed wrong."""
    values = 0.0
    for term in terms:
        table, row, column = term.split(".")
        if column != "total" or table not in found.layout.tables:
            return nan
        columns = [c.key for c in found.layout.tables[table].columns if c.key != "total"]
        values += total(found, tuple(f"{table}.{row}.{c}" for c in columns))
    return values


def _agrees(figure: Figure, found: Values, rule: Comparison, table: float) -> bool:
    wanted = (table, _by_parts(found, rule.terms), *(total(found, terms) for terms, _ in rule.others))
    if figure.approximate:
        return any(abs(w - figure.value) <= ROUGH * max(w, figure.value) for w in wanted)
    return figure.value in wanted


def _difference(found: Values, figure: Figure, rule: Comparison, table: float, agreed: bool) -> Finding:
    narrow = figure.scope in NARROW[rule.indicator.startswith("requests_")] and _territorial(found)
    scope = narrow and figure.value <= table
    cells = tuple(found.code(p) for t in rule.terms for p in positions(found.layout, t))
    computed = any(p in found.computed for t in rule.terms for p in positions(found.layout, t))
    note = " (computed, its total is not printed)" if computed else ""
    message = f"The prose of section {figure.section} says {figure.value:g} for {figure.indicator}, the table {table:g}{note}: “{_quote(figure)}”."
    suggestion = _elsewhere(found, figure)
    if scope:
        suggestion = f"A difference of scope ({figure.scope} in the prose, the whole territory in the table), not a contradiction."
    elif agreed:
        suggestion = "Another figure of the prose agrees with the table; this one may count something else."
    severity = "info" if scope or agreed else "warning"
    doubt = any(found.doubtful(p) for t in rule.terms for p in positions(found.layout, t))
    if doubt:
        message += " The table's figure was not read surely."
    return Finding(
        f"narrative.{figure.indicator}", "narrative", severity, table, figure.value, figure.value - table, cells, message, suggestion
    )  # fmt: skip


def _territorial(found: Values) -> bool:
    """Whether the report is a government's, whose tables count its whole territory."""
    agency, level = str(found.record.agency.value or ""), found.record.level.value
    return level in TERRITORIAL_LEVELS and agency.endswith(TERRITORIAL_AGENCY)


def _elsewhere(found: Values, figure: Figure) -> str:
    """Where the table has this very figure, if it stands under another outcome or a row of one."""
    name = figure.indicator.removeprefix("requests_")
    if name not in OUTCOMES and name != "disclosed":
        return ""
    same = [o for o in OUTCOMES if o != name and figure.value and total(found, (f"requests.{o}.total",)) == figure.value]
    rows = [p for p in positions(found.layout, f"requests.{name}.total") if figure.value and found.known[p] == figure.value]
    texts = [f"the table has {figure.value:g} under {o}" for o in same] + [f"the cell {found.code(p)} alone holds {figure.value:g}" for p in rows]
    return ("; ".join(texts) + ".") if texts else ""


def _quote(figure: Figure) -> str:
    text = " ".join(figure.sentence.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _not_assessable(found: Values, unknown: list[tuple[Figure, Comparison]]) -> Finding:
    names = ", ".join(f"{f.indicator} = {f.value:g}" for f, _ in unknown)
    cells = tuple(dict.fromkeys(
        found.code(p) for _, rule in unknown for t in rule.terms for p in positions(found.layout, t) if found.known[p] != found.known[p]
    ))  # fmt: skip
    message = f"Not assessable (无法核验) against the table, whose cells are not known: {names}."
    return Finding("narrative.not_assessable", "narrative", "info", None, None, None, cells[:24], message)
