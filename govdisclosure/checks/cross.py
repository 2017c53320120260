"""Reports against each other: the year before, the agency's own history and its peers, the parts of a territory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..matrix import Matrix, matrix
from .growth import growth_findings
from .jumps import jump_findings
from .levels import level_findings
from .rules import CROSS_RULES, DATA, CrossRule

COLUMNS = (
    "report_id",
    "agency",
    "year",
    "rule",
    "kind",
    "severity",
    "expected",
    "actual",
    "gap",
    "cells",
    "message",
    "suggestion",
)
TYPES = {
    **dict.fromkeys(("report_id", "cells", "message", "suggestion"), "string"), **dict.fromkeys(("expected", "actual", "gap"), "Float64"),
    "year": "Int16", **dict.fromkeys(("agency", "rule", "kind", "severity"), "category"),
}  # fmt: skip
MOST_PLACES = 12


def check_corpus(frames) -> pd.DataFrame:
    """Findings between reports, as a frame with the columns of ``corpus.findings``.

    ``frames``: a mapping, or an object with attributes, of the tidy frames ``cells`` and ``reports`` (and ``narrative``,
    where growth printed in the prose is to be checked). Columns: report_id, agency, year (Int16), rule, kind
    ('cross_year' for whatever compares reports, 'narrative' for growth), severity (warning or info: none of these
    sums is printed by the form), expected, actual, gap = actual − expected (Float64), cells (codes set off by spaces,
    '@-1' of the year before), message, suggestion.

    Only consecutive years of one agency at one level are compared, and only cells that both forms have. Raises
    nothing for data as `build` gives it. Sources: ``CROSS_RULES``.

    >>> rows = [("a", 2022, "carried_forward", 3.0), ("b", 2023, "carried_over", 2.0)]
    >>> cells = pd.DataFrame([{"report_id": i, "agency": "甲县人民政府", "year": y, "form": "2021", "table": "requests", "row": r,
    ...     "column": "total", "value": v, "status": "reported"} for i, y, r, v in rows])
    >>> found = check_corpus({"cells": cells, "reports": cells.drop_duplicates("report_id")})
    >>> found[["report_id", "rule", "expected", "actual", "gap"]].values.tolist()
    [['b', 'cross_year.carry', 3.0, 2.0, -1.0]]
    """
    cells, reports, narrative = (_frame(frames, name) for name in ("cells", "reports", "narrative"))
    codes = [
        t.lstrip("-").removesuffix("@-1")
        for r in CROSS_RULES
        for p in r.places
        for t in (*_terms(r, p), r.actual.format(place=p))
    ]
    found = matrix(
        cells,
        [*codes, *(w["code"] for w in DATA["jumps"]["watched"]), *DATA["levels"]["additive"]],
        reports,
    )
    before = _comparable(found)
    rows = [f for rule in CROSS_RULES for f in _rule_findings(found, before, rule)]
    rows += [
        *_several(found),
        *jump_findings(found, before),
        *level_findings(found),
        *growth_findings(found, before, narrative),
    ]
    frame = pd.DataFrame(rows, columns=["position", *COLUMNS[3:]])
    position = frame.pop("position").to_numpy(dtype=int)
    for i, name in enumerate(COLUMNS[:3]):
        frame.insert(i, name, found.reports[name].to_numpy()[position])
    frame = frame.iloc[np.argsort(position, kind="stable")].reset_index(drop=True)
    return frame.astype(TYPES)


def _frame(frames, name: str) -> pd.DataFrame | None:
    return frames.get(name) if isinstance(frames, Mapping) else getattr(frames, name, None)


def _terms(rule: CrossRule, place: str) -> tuple[str, ...]:
    return tuple(t.format(place=place) for t in rule.expected)


def _comparable(found: Matrix) -> np.ndarray:
    """Position of the previous year's report, -1 where there is none at the same level."""
    before = found.previous()
    if "level" in found.reports:
        level = found.reports["level"].astype(object).to_numpy()
        both = pd.notna(level) & pd.notna(level[before])
        before = np.where(both & (level != level[before]), -1, before)
    return before


def _values(found: Matrix, before: np.ndarray, term: str) -> tuple[np.ndarray, np.ndarray]:
    """(signed values, whether the form has the cell) of a term for every report."""
    code = term.lstrip("-").removesuffix("@-1")
    values, has = found.values[code], ~np.isin(found.statuses[code], ("", "absent"))
    if term.endswith("@-1"):
        values, has = values[before], has[before]
    return (-values if term.startswith("-") else values), has


def _rule_findings(found: Matrix, before: np.ndarray, rule: CrossRule) -> Iterator[tuple]:
    unknown: dict[Any, list[str]] = {}
    for place in rule.places:
        terms, actual = _terms(rule, place), rule.actual.format(place=place)
        pairs = [_values(found, before, t) for t in terms]
        expected: Any = sum(v for v, _ in pairs)
        real = _values(found, before, actual)
        has = (before >= 0) & real[1] & np.all([h for _, h in pairs], axis=0)
        gap = real[0] - expected
        cells = " ".join((actual, *(t.lstrip("-") for t in terms)))
        for i in np.flatnonzero(has & (gap != 0)).tolist():
            if gap[i] != gap[i]:
                unknown.setdefault(i, []).append(place)
                continue
            message = f"{rule.zh} ({rule.en}); {place}: expected {expected[i]:g} by the report for {found.reports['year'][i] - 1}, stands {real[0][i]:g}."
            sides = (expected[i], real[0][i], gap[i])
            yield i, rule.key, "cross_year", "warning", *sides, cells, message, ""
    for i, places in unknown.items():
        message = f"{rule.zh}: not assessable (无法核验) for {', '.join(places[:MOST_PLACES])}: a cell of this or the previous report is not known."
        cell = rule.actual.format(place=places[0])
        yield i, rule.key, "cross_year", "info", None, None, None, cell, message, ""


def _several(found: Matrix) -> Iterator[tuple]:
    """More than one report of an agency for a year: neither is compared across years."""
    keys = pd.DataFrame({"agency": found.agency_keys(), "year": found.reports["year"]})
    again = keys.duplicated(keep=False) & keys.notna().all(axis=1)
    for i in np.flatnonzero(again.to_numpy()):
        message = "More than one report of this agency for this year: none of them is compared with other years."
        rule = "cross_year.several_reports"
        yield i, rule, "cross_year", "info", None, None, None, "", message, ""
