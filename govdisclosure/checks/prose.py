"""Figures of the prose against the tables, with their scope. A difference is a warning, a difference of scope is said so.

Only figures read with a confidence of `prose_data.CONFIDENT` (0.8) and more are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from ..model import Figure, Finding
from .prose_data import (
    COMPARISONS,
    CONFIDENT,
    NARROW,
    OUTCOMES,
    ROUGH,
    TERRITORIAL_AGENCY,
    TERRITORIAL_LEVELS,
)
from .terms import Places, positions, total, total_of_parts
from .values import Values

COMPARED = frozenset(c.indicator for c in COMPARISONS)


def prose_findings(found: Values) -> Iterator[Finding]:
    """One finding for each figure of the year, surely read, that the tables contradict."""
    by_indicator: dict[str, list[Figure]] = {}
    for figure in found.record.figures:
        if figure.confidence < CONFIDENT or figure.value is None:
            continue
        if figure.indicator in COMPARED and figure.period == "year":
            by_indicator.setdefault(figure.indicator, []).append(figure)
    unknown = []
    for indicator, figures in by_indicator.items():
        places = found.layout.prose[indicator]
        table = total(found.known, places.terms)
        if isnan(table):
            unknown.append((figures[0], places))
            continue
        apart = {f.value: f for f in figures if not _agrees(f, found.known, places, table)}
        agreed = len({f.value for f in figures}) > len(apart)
        for figure in apart.values():
            yield _difference(found, figure, places, table, agreed)
    if unknown:
        yield _not_assessable(found, unknown)


def _agrees(figure: Figure, known: list[float], places: Places, table: float) -> bool:
    return (
        _same(figure, table)
        or _same(figure, total_of_parts(known, places.parts))
        or any(_same(figure, total(known, x)) for x in places.others)
    )


def _same(figure: Figure, wanted: float) -> bool:
    if figure.approximate:
        return abs(wanted - figure.value) <= ROUGH * max(wanted, figure.value)
    return figure.value == wanted


def _difference(
    found: Values, figure: Figure, places: Places, table: float, agreed: bool
) -> Finding:
    narrow = figure.scope in NARROW[figure.indicator.startswith("requests_")] and _territorial(
        found
    )
    scope = narrow and figure.value <= table
    cells = tuple(found.code(p) for p in places.cells)
    note = (
        ""
        if found.computed.keys().isdisjoint(places.cells)
        else " (computed, its total is not printed)"
    )
    message = f"The prose of section {figure.section} says {figure.value:g} for {figure.indicator}, the table {table:g}{note}: “{_quote(figure)}”."
    suggestion = _elsewhere(found, figure)
    if scope:
        suggestion = f"A difference of scope ({figure.scope} in the prose, the whole territory in the table), not a contradiction."
    elif agreed:
        suggestion = (
            "Another figure of the prose agrees with the table; this one may count something else."
        )
    severity = "info" if scope or agreed else "warning"
    if found.doubtful(places.cells):
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
    same = [
        o
        for o in OUTCOMES
        if o != name
        and figure.value
        and total(found.known, found.layout.prose[f"requests_{o}"].terms) == figure.value
    ]
    cells = positions(found.layout.tables, found.layout.index, f"requests.{name}.total")
    rows = [p for p in cells if figure.value and found.known[p] == figure.value]
    texts = [f"the table has {figure.value:g} under {o}" for o in same] + [
        f"the cell {found.code(p)} alone holds {figure.value:g}" for p in rows
    ]
    return ("; ".join(texts) + ".") if texts else ""


def _quote(figure: Figure) -> str:
    text = " ".join(figure.sentence.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _not_assessable(found: Values, unknown: list[tuple[Figure, Places]]) -> Finding:
    names = ", ".join(f"{f.indicator} = {f.value:g}" for f, _ in unknown)
    cells = tuple(
        dict.fromkeys(
            found.code(p)
            for _, places in unknown
            for p in places.cells
            if found.known[p] != found.known[p]
        )
    )
    message = f"Not assessable (无法核验) against the table, whose cells are not known: {names}."
    return Finding(
        "narrative.not_assessable", "narrative", "info", None, None, None, cells[:24], message
    )
