"""Figures of the prose against the tables, with their scope. A difference is a warning, a difference of scope is said so.

Only figures read with a confidence of `rules.CONFIDENT` (0.8) and more are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..forms import Table
from ..model import Figure, Finding
from .rules import COMPARISONS, CONFIDENT, DATA, Comparison
from .values import Key, Values, code_of

MOST_CELLS = 24
PROSE = DATA["prose"]
COMPARED = {c.indicator: c for c in COMPARISONS}


def prose_findings(found: Values) -> Iterator[Finding]:
    """One finding for each figure of the year, surely read, that the tables contradict."""
    by_indicator: dict[str, list[Figure]] = {}
    for figure in found.record.figures:
        sure = figure.value is not None and figure.confidence >= CONFIDENT
        if sure and figure.indicator in COMPARED and figure.period == "year":
            by_indicator.setdefault(figure.indicator, []).append(figure)
    unknown = []
    for indicator, figures in by_indicator.items():
        rule = COMPARED[indicator]
        table = total(found, rule.terms)
        if table is None:
            unknown.append((figures[0], rule))
            continue
        apart = {f.value: f for f in figures if not _agrees(found, f, rule, table)}
        agreed = len({f.value for f in figures}) > len(apart)
        for figure in apart.values():
            yield _difference(found, figure, rule, table, agreed)
    if unknown:
        yield _not_assessable(found, unknown)


# --- terms: which cells a figure speaks of -----------------------------------------------------------


def cells_of(found: Values, term: str) -> tuple[Key, ...]:
    """Cells of a term: one cell, or all of a group of rows (denied) or columns (organization)."""
    key, row, column = term.split(".")
    if key not in found.tables:
        return ()
    table = found.tables[key]
    groups = (g.members for g in table.column_groups if g.key == column and g.members)
    columns = next(groups, (column,))
    cells = [(key, r, c) for r in _rows_of(table, row) for c in columns]
    return tuple(k for k in cells if k in found.printed)


def _rows_of(table: Table, key: str) -> tuple[str, ...]:
    """The rows that a code means: one row, a group's rows, or for 'other' whichever way （六） is printed."""
    members = next((g.members for g in table.groups if g.key == key and g.members), ())
    stand_ins = tuple(r.key for r in table.rows if r.optional and members and r.replaces == members)
    if not members and key == "other":
        return ("other_handling",)
    return (*members, *stand_ins) or (key,)


def total(found: Values, terms: Iterable[str]) -> float | None:
    """Sum of the terms; None where a cell is not known or the form has none."""
    value = 0.0
    for term in terms:
        figures = [found.known[k] for k in cells_of(found, term)]
        if not figures or None in figures:
            return None
        value += sum(f for f in figures if f is not None)
    return value


def _total_of_parts(found: Values, terms: Iterable[str]) -> float | None:
    """The same sum from the parts of each row, for totals that are printed wrong."""
    parts = []
    for term in terms:
        key, row, column = term.split(".")
        if column != "total" or key not in found.tables:
            return None
        parts += [f"{key}.{row}.{c.key}" for c in found.tables[key].columns if c.key != "total"]
    return total(found, parts)


# --- comparing -----------------------------------------------------------------------------------------


def _agrees(found: Values, figure: Figure, rule: Comparison, table: float) -> bool:
    sums = (table, _total_of_parts(found, rule.terms), *(total(found, x) for x in rule.others))
    return any(_same(figure, wanted) for wanted in sums if wanted is not None)


def _same(figure: Figure, wanted: float) -> bool:
    value = figure.value or 0.0
    if figure.approximate:
        return abs(wanted - value) <= PROSE["rough"] * max(wanted, value)
    return value == wanted


def _difference(
    found: Values, figure: Figure, rule: Comparison, table: float, agreed: bool
) -> Finding:
    value = figure.value or 0.0
    family = "requests" if figure.indicator.startswith("requests_") else "disputes"
    narrow = figure.scope in PROSE[f"narrow_{family}"]
    scope = narrow and _territorial(found) and value <= table
    keys = [k for term in rule.terms for k in cells_of(found, term)]
    computed = any(k in found.computed for k in keys)
    note = " (computed, its total is not printed)" if computed else ""
    message = (
        f"The prose of section {figure.section} says {value:g} for {figure.indicator}, "
        f"the table {table:g}{note}: “{quoted(figure)}”."
    )
    if scope:
        suggestion = f"A difference of scope ({figure.scope} in the prose, the whole territory in the table), not a contradiction."
    elif agreed:
        suggestion = (
            "Another figure of the prose agrees with the table; this one may count something else."
        )
    else:
        suggestion = _elsewhere(found, figure)
    if found.kind(keys) == "reading":
        message += " The table's figure was not read surely."
    severity = "info" if scope or agreed else "warning"
    cells = tuple(map(code_of, keys))
    return Finding(
        f"narrative.{figure.indicator}", "narrative", severity, table, value, value - table, cells, message, suggestion
    )  # fmt: skip


def _territorial(found: Values) -> bool:
    """Whether the report is a government's, whose tables count its whole territory."""
    agency, level = str(found.record.agency.value or ""), found.record.level.value
    return level in PROSE["territorial_levels"] and agency.endswith(PROSE["territorial_agency"])


def _elsewhere(found: Values, figure: Figure) -> str:
    """Where the table has this very figure, if it stands under another outcome or a row of one."""
    name, value = figure.indicator.removeprefix("requests_"), figure.value
    if not value or (name not in PROSE["outcomes"] and name != "disclosed"):
        return ""
    others = [o for o in PROSE["outcomes"] if o != name]
    same = [o for o in others if total(found, COMPARED[f"requests_{o}"].terms) == value]
    rows = [k for k in cells_of(found, f"requests.{name}.total") if found.known[k] == value]
    texts = [f"the table has {value:g} under {o}" for o in same]
    texts += [f"the cell {code_of(k)} alone holds {value:g}" for k in rows]
    return "; ".join(texts) + "." if texts else ""


def quoted(figure: Figure) -> str:
    """The sentence, cut to what a message holds."""
    text = " ".join(figure.sentence.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _not_assessable(found: Values, unknown: list[tuple[Figure, Comparison]]) -> Finding:
    names = ", ".join(f"{f.indicator} = {f.value:g}" for f, _ in unknown)
    keys = (k for _, rule in unknown for term in rule.terms for k in cells_of(found, term))
    cells = tuple(dict.fromkeys(code_of(k) for k in keys if found.known[k] is None))[:MOST_CELLS]
    message = f"Not assessable (无法核验) against the table, whose cells are not known: {names}."
    return Finding(
        "narrative.not_assessable", "narrative", "info", None, None, None, cells, message
    )
