"""The rules, read from ``rules.toml`` beside this module. Sums inside a table are identities of its form."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from ..model import Finding

DATA = tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))


class Rule(NamedTuple):
    """A rule: its code, what it says in both languages, its source, and how a breach counts.

    ``kind`` is that of a breach whose cells were read surely; a doubtful cell makes it 'reading'.
    """

    key: str
    zh: str
    en: str
    cite: str
    kind: str = "printed"
    severity: str = "error"


class CrossRule(NamedTuple):
    """``expected`` (signed terms, '{place}' to be filled) must equal ``actual`` for each of ``places``."""

    key: str
    zh: str
    en: str
    cite: str
    expected: list[str]
    actual: str
    places: list[str]

    def terms(self, place: str) -> tuple[str, ...]:
        """The term that is checked, then those that give it."""
        return tuple(term.format(place=place) for term in (self.actual, *self.expected))


# OCR below this is a doubtful reading. Clean and worn test pages gave 0.95 and more for every right figure.
SURE = 0.95

# Severity of an identity by its relation: sums are arithmetic, inequalities are soft (domain notes 1.7: re-counts).
SEVERITY = {"==": "error", "<=": "warning"}

CONFIDENT = DATA["prose"]["confident"]
CROSS_RULES = tuple(CrossRule(**item) for item in DATA["across"])
RULES = {item["key"]: Rule(**item) for item in DATA["rule"]}


def finding(
    rule: str, kind: str, severity: str, message: str, cells: tuple[str, ...] = (),
    expected: float | None = None, actual: float | None = None, suggestion: str = "",
) -> Finding:  # fmt: skip
    """A finding whose gap is actual − expected."""
    gap = None if expected is None or actual is None else actual - expected
    return Finding(rule, kind, severity, expected, actual, gap, cells, message, suggestion)
