"""Shares printed in the prose (258件，占33.9%), computed again from what the same report states.

Its denominator is rarely said, so a share is doubted only where no count that the report states, in that section or in
table 三, gives it from its own count; shares and counts read with a confidence of 0.8 (`rules.CONFIDENT`) and more. Domain notes 4.2: Shanghai General Office 2019 prints 33.9 % for 258 of 805.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any  # a Figure whose value is known

from ..model import Finding
from .prose import COMPARED, quoted, total
from .rules import CONFIDENT, DATA
from .values import Values

SHARE, SHARES = "_share", DATA["shares"]


def share_findings(found: Values) -> Iterator[Finding]:
    """One finding for each share of the year that nothing in the report gives."""
    sure: list[Any] = [
        f
        for f in found.record.figures
        if f.confidence >= CONFIDENT
        and f.value is not None
        and f.period == "year"
        and not f.approximate
    ]
    shares = [f for f in sure if f.indicator.endswith(SHARE)]
    counts = [f for f in sure if f.unit == "件"]
    said = set()
    for share in shares:
        if (share.indicator, share.value) in said or not 0 <= share.value <= 100:
            continue  # reports say their figures twice; the first time decides
        said.add((share.indicator, share.value))
        told = _computed(found, share, counts)
        if told and not any(
            _gives(share.value, top, bottom) for top in told[0] for bottom in told[1]
        ):
            yield _finding(share, told, counts)


def _own(share: Any, counts: list[Any]) -> list[float]:
    """The count right before a share."""
    name = share.indicator.removesuffix(SHARE)
    near = [
        f
        for f in counts
        if f.indicator == name
        and f.section == share.section
        and 0 <= share.start - f.end <= SHARES["reach"]
    ]
    return [f.value for f in near[-1:]]


def _computed(
    found: Values, share: Any, counts: list[Any]
) -> tuple[list[float], list[float]] | None:
    """(numerators, denominators) that the report states, the likeliest first; None where one is not surely stated."""
    name = share.indicator.removesuffix(SHARE)
    usual = SHARES["applicants" if name in SHARES["of_applicants"] else "outcomes"]
    section = [f for f in counts if f.section == share.section and f.start < share.start]
    own, table = _own(share, counts), _in_table(found, name)
    bases = [
        f.value for wanted in usual["prose"] for f in reversed(section) if f.indicator == wanted
    ]
    if not own and not table or own and own != table and not bases:
        return None  # another scope than the table's, whose total the prose does not say
    known = [
        v
        for names in usual["table"]
        if (v := sum(x for n in names for x in _in_table(found, n) or [float("nan")])) == v
    ]
    others = [
        f.value
        for f in counts
        if f.section == share.section and f.indicator.startswith("requests_")
    ]
    bottoms = [v for v in (*bases, *known, *others) if v > 0]
    return ([*own, *table], bottoms) if bases or known and bottoms else None


def _in_table(found: Values, indicator: str) -> list[float]:
    rule = COMPARED.get(indicator)
    value = total(found, rule.terms) if rule else None
    return [] if value is None else [value]


def _gives(printed: float, top: float, bottom: float) -> bool:
    """Whether top of bottom is the printed share, rounded or cut off at its last digit."""
    decimals = len(f"{printed:.6f}".rstrip("0").partition(".")[2])
    return abs(100 * top / bottom - printed) < 10.0**-decimals + 1e-9


def _finding(share: Any, told: tuple[list[float], list[float]], counts: list[Any]) -> Finding:
    """A warning where the count stands beside its share; a share alone can be of another scope than the table."""
    top, bottom = told[0][0], told[1][0]
    severity = "warning" if _own(share, counts) else "info"
    expected = round(100 * top / bottom, 2)
    message = (
        f"The prose of section {share.section} gives {share.value:g} % for {share.indicator.removesuffix(SHARE)}, {top:g} of {bottom:g} is "
        f"{expected:g} %, and no other total of the report gives it: “{quoted(share)}”."
    )
    gap = round(share.value - expected, 4)
    return Finding(
        f"narrative.{share.indicator}",
        "narrative",
        severity,
        expected,
        share.value,
        gap,
        (),
        message,
    )
