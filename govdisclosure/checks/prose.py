"""Counts and shares of the prose against the tables. A difference is a warning, a difference of
scope is said so.

Only figures of the year read with a confidence of `rules.CONFIDENT` (0.8) and more are compared.
The denominator of a share (258件，占33.9%) is rarely said, so it is doubted only where no count that
the report states, in that section or in table 三, gives it from its own count. Domain notes 4.2:
Shanghai General Office 2019 prints 33.9 % for 258 of 805.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any  # a Figure whose value is known

from ..model import Finding
from .rules import DATA, MOST_CELLS, finding, sure_figures
from .values import Values, code_of

MOST_QUOTED = 60
SHARE, SHARES, PROSE = "_share", DATA["shares"], DATA["prose"]
TERMS, OTHERS = PROSE["terms"], PROSE["others"]


def prose_findings(found: Values) -> Iterator[Finding]:
    """One finding for each figure of the year, surely read, that the tables or the other figures
    contradict.
    """
    sure = sure_figures(found.record) if found.tables else []
    yield from _counts(found, sure)
    yield from _shares(found, [figure for figure in sure if not figure.approximate])


# --- counts ---------------------------------------------------------------------------------------


def _counts(found: Values, sure: list[Any]) -> Iterator[Finding]:
    unknown: list[str] = []
    cells: dict[str, None] = {}
    for indicator in dict.fromkeys(figure.indicator for figure in sure):
        figures = [figure for figure in sure if figure.indicator == indicator]
        if not (terms := TERMS.get(indicator)):
            continue
        table = found.total(terms)
        if table is None:
            unknown.append(f"{indicator} = {figures[0].value:g}")
            unread = (key for key in found.cells_of(terms) if found.known[key] is None)
            cells |= dict.fromkeys(map(code_of, unread))
            continue
        parts = [term.replace(".total", ".parts") for term in terms]  # a total may be printed wrong
        ways = map(found.total, [terms, parts, *OTHERS.get(indicator, ())])
        sums = [value for value in ways if value is not None]
        rough = PROSE["rough"]
        apart = {
            f.value: f
            for f in figures
            if all(
                abs(value - f.value) > rough * f.approximate * max(value, f.value) for value in sums
            )
        }
        agreed = len({f.value for f in figures}) > len(apart)
        for figure in apart.values():
            yield _difference(found, figure, table, agreed)
    if unknown:
        names = "whose cells are not known: " + ", ".join(unknown)
        message = f"Not assessable (无法核验) against the table, {names}."
        rule = "narrative.not_assessable"
        yield finding(rule, message, tuple(cells)[:MOST_CELLS], severity="info")


def _difference(found: Values, figure: Any, table: float, agreed: bool) -> Finding:
    value = figure.value
    keys = found.cells_of(TERMS[figure.indicator])
    computed = not found.computed.keys().isdisjoint(keys)
    note = " (computed, its total is not printed)" if computed else ""
    message = (
        f"The prose of section {figure.section} says {value:g} for {figure.indicator}, "
        f"the table {table:g}{note}: “{_quoted(figure)}”."
    )
    if found.kind(keys) == "reading":
        message += " The table's figure was not read surely."
    # of a part of what a government's tables count, its whole territory
    agency, level = str(found.record.agency.value or ""), found.record.level.value
    whole = level in PROSE["territorial_levels"] and agency.endswith(PROSE["territorial_agency"])
    scope = whole and figure.scope in PROSE[f"narrow_{keys[0][0]}"] and value <= table
    if scope:
        text = f"A difference of scope ({figure.scope} in the prose, the whole territory in the table), not a contradiction."
    elif agreed:
        text = (
            "Another figure of the prose agrees with the table; this one may count something else."
        )
    else:
        text = _elsewhere(found, figure)
    rule, severity = f"narrative.{figure.indicator}", "info" if scope or agreed else "warning"
    codes = tuple(map(code_of, keys))
    return finding(rule, message, codes, table, value, severity=severity, suggestion=text)


def _elsewhere(found: Values, figure: Any) -> str:
    """Where the table has this very figure, if it stands under another outcome or a row of one."""
    name, value = figure.indicator.removeprefix("requests_"), figure.value
    if not value or name not in (*PROSE["outcomes"], "disclosed"):
        return ""
    others = (o for o in PROSE["outcomes"] if o != name)
    texts = [
        f"the table has {value:g} under {other}"
        for other in others
        if found.total(TERMS[f"requests_{other}"]) == value
    ]
    rows = found.cells_of([f"requests.{name}.total"])
    alone = [code_of(key) for key in rows if found.known[key] == value]
    texts += [f"the cell {code} alone holds {value:g}" for code in alone]
    return "; ".join(texts) + "." if texts else ""


def _quoted(figure: Any) -> str:
    """The sentence, cut to what a message holds."""
    text = " ".join(figure.sentence.split())
    return text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1] + "…"


# --- shares ---------------------------------------------------------------------------------------


def _shares(found: Values, sure: list[Any]) -> Iterator[Finding]:
    """One finding for each share that nothing in the report gives: a warning where its count stands
    right before it; a share alone can be of another scope than the table."""
    said = set()
    for share in sure:
        name, value = share.indicator.removesuffix(SHARE), share.value
        if name == share.indicator or (name, value) in said or not 0 <= value <= 100:
            continue
        said.add((name, value))  # reports say their figures twice; the first time decides
        counts = [f for f in sure if f.unit == "件" and f.section == share.section]
        near = (f for f in counts if f.indicator == name)
        own = [f.value for f in near if 0 <= share.start - f.end <= SHARES["reach"]][-1:]
        table = found.total(TERMS.get(name, ()))
        tops = [top for top in (*own, table) if top is not None]
        bottoms = _totals(found, share, counts, scoped=own not in ([], [table]))
        decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
        slack = 10.0**-decimals + 1e-9  # rounded or cut off at its last digit
        rates = [100 * top / bottom for top in tops for bottom in bottoms]
        if not rates or any(abs(rate - value) < slack for rate in rates):
            continue
        expected = round(rates[0], 2)
        message = (
            f"The prose of section {share.section} gives {value:g} % for {name}, {tops[0]:g} of {bottoms[0]:g} is "
            f"{expected:g} %, and no other total of the report gives it: “{_quoted(share)}”."
        )
        severity = "warning" if own else "info"
        rule = f"narrative.{share.indicator}"
        told = finding(rule, message, (), expected, value, severity=severity)
        yield told._replace(gap=round(value - expected, 4))


def _totals(found: Values, share: Any, counts: list[Any], *, scoped: bool) -> list[float]:
    """What a share can be a share of, the likeliest first; nothing where no usual total is stated,
    or (``scoped``: its count is not the table's) the prose does not say one."""
    applicants = share.indicator.removesuffix(SHARE) in SHARES["of_applicants"]
    usual = SHARES["applicants" if applicants else "outcomes"]
    earlier = [f for f in reversed(counts) if f.start < share.start]
    stated = [f.value for wanted in usual["prose"] for f in earlier if f.indicator == wanted]
    cells = ([term for name in names for term in TERMS[name]] for names in usual["table"])
    known = [value for value in map(found.total, cells) if value is not None]
    if not stated and (scoped or not known):
        return []
    others = [f.value for f in counts if f.indicator.startswith("requests_")]
    return [value for value in (*stated, *known, *others) if value > 0]
