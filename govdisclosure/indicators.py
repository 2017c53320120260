"""Indicators of reports from their cells: one row a report and metric, and pooled or mean versions
for groups.

The metrics are data (``forms/metrics.toml``); this module only evaluates them. Unknown stays
unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from rapidfuzz.process import extractOne

from .forms import METRICS
from .forms.structure import Metric
from .matrix import Matrix, matrix

Z95 = 1.959963984540054  # standard normal quantile, two-sided 95 %
DTYPES = {
    "report_id": "string", "year": "Int16", "value": "Float64", "numerator": "Float64",
    "denominator": "Float64", "unit": pd.CategoricalDtype(list(dict.fromkeys(m.unit for m in METRICS))), "low": "Float64",
    "high": "Float64", "status": pd.CategoricalDtype(["ok", "zero_denominator", "unknown"]), "note": "string",
}  # fmt: skip
COUNTS = ["n", "n_with_denominator", "n_unknown"]
POOLED = dict.fromkeys(
    ("pooled", "mean", "median", "numerator", "denominator", "low", "high"), "Float64"
) | dict.fromkeys(COUNTS, "Int64")
BY_KEY = {m.key: m for m in METRICS}
RATIO = METRICS[0]._replace(
    scale=1.0, share=False
)  # what a metric of the caller's own is pooled as
POPULATION = "population"


def indicators(
    source,
    *,
    metrics: Iterable[str | Metric] | None = None,
    by: str | Sequence[str] | None = None,
    populations: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a report and metric; with ``by`` pooled and mean values of the groups instead (see
    `pool`).

    ``source``: a Corpus (anything with ``.cells``) or a tidy frame of cells. ``metrics``: keys of
    ``METRICS`` or Metric records, all by default. ``populations``: columns ``population`` (usual
    residents, persons) and ``report_id``, or ``agency`` and ``year``; without it requests_per_100k
    is unknown. ``findings``: the corpus' own by default (a bare frame of cells has none); a metric
    that uses a cell on which a finding of severity error stands is unknown, its note says
    'disputed', because a broken sum does not say which of its cells is wrong (its suggestion is a
    guess, not a reading).

    Columns: report_id (string), agency, year (Int16), metric (category), value, numerator,
    denominator (Float64), unit (category: '%', 'per 100 decisions', '件', …), low, high (Float64,
    Wilson 95 % in the same unit, only where a share is a share of counts), status (category: ok,
    zero_denominator, unknown), note (string). A metric has no row for a report on a form without
    its cells. Unknown propagates; a zero denominator gives NA, never 0 or 100 %.

    Raises ValueError for a metric or a grouping column that does not exist. Formulas: ``METRICS``
    with their sources.

    >>> cells = pd.DataFrame({"report_id": "a", "agency": "甲县人民政府", "year": 2023, "form": "2021", "table": "requests",
    ...     "row": ["disclosed_full", "outcomes_total"], "column": "total", "value": [3.0, 4.0], "status": "reported"})
    >>> indicators(cells, metrics=["full_disclosure_rate"])[["value", "numerator", "denominator", "status"]].values.tolist()
    [[75.0, 3.0, 4.0, 'ok']]
    """
    chosen = [_metric(m) for m in (METRICS if metrics is None else metrics)]
    cells = getattr(source, "cells", source)
    findings = getattr(source, "findings", None) if findings is None else findings
    terms = [t for m in chosen for t in (*m.numerator, *m.denominator) if t != POPULATION]
    reports = getattr(source, "reports", cells[["report_id", "agency", "year", "form"]])
    found = matrix(cells, terms, reports, findings)
    found.values[POPULATION] = _populations(found, populations)
    found.statuses[POPULATION] = np.full(len(found.reports), "not given", dtype=object)
    parts = [_evaluate(m, found) for m in chosen]
    frame = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    frame = frame.astype(DTYPES | {"metric": pd.CategoricalDtype([m.key for m in chosen])})
    if by is None:
        return frame
    wanted = [c for c in ([by] if isinstance(by, str) else by) if c not in frame]
    if missing := [c for c in wanted if c not in reports]:
        there = [*frame, *(c for c in reports if c not in frame)]
        raise ValueError(f"No column {missing} to group by; there are {there}.")
    facts = reports[["report_id", *wanted]].drop_duplicates("report_id")
    return pool(frame.merge(facts, on="report_id", how="left"), by=by)


def _metric(metric: str | Metric) -> Metric:
    if isinstance(metric, Metric):
        return metric
    if metric not in BY_KEY:
        nearest = extractOne(str(metric), list(BY_KEY))
        raise ValueError(
            f"No metric {metric!r}; the nearest is {nearest[0]!r}. All keys: govdisclosure.forms.METRICS."
        )
    return BY_KEY[metric]


def _populations(found: Matrix, populations: pd.DataFrame | None) -> np.ndarray:
    if populations is None:
        populations = pd.DataFrame(columns=["report_id", POPULATION])
    keys = ["report_id"] if "report_id" in populations else ["agency", "year"]
    if missing := {*keys, POPULATION}.difference(populations):
        needed = "population and report_id, or population, agency and year"
        raise ValueError(f"populations lacks {sorted(missing)}; it needs {needed}.")
    text = dict.fromkeys(keys, "string")
    right = populations[[*keys, POPULATION]].astype(text).drop_duplicates(keys)
    merged = found.reports[keys].astype(text).merge(right, how="left", on=keys)
    return merged[POPULATION].to_numpy(dtype=float, na_value=np.nan)


def _sum(terms: tuple[str, ...], found: Matrix, notes: np.ndarray) -> np.ndarray:
    """Sum of terms; names of unknown ones are appended to ``notes``."""
    total = np.zeros(len(found.reports))
    for term in terms:
        values, why = found.term(term)
        for i in np.flatnonzero(np.isnan(values)):
            notes[i] = f"{notes[i] + ';' if notes[i] else 'unknown:'} {term} {why[i] or 'absent'}"
        total += values
    return total


def _evaluate(metric: Metric, found: Matrix) -> pd.DataFrame:
    notes = np.full(len(found.reports), "", dtype=object)
    top = _sum(metric.numerator, found, notes)
    bottom = _sum(metric.denominator, found, notes) if metric.denominator else np.nan * top
    unknown, zero = notes != "", bottom == 0
    value, low, high = _rates(top, bottom, metric.scale, metric.share)
    notes[~unknown & zero] = "the denominator is 0"
    if metric.share:
        over = "the numerator exceeds the denominator: see the findings of this report"
        notes[~unknown & (top > bottom)] = over
    frame = found.reports[["report_id", "agency", "year"]].assign(
        metric=metric.key,
        value=np.where(unknown | zero, np.nan, value),
        numerator=top,
        denominator=bottom,
        unit=metric.unit,
        low=low,
        high=high,
        status=np.where(unknown, "unknown", np.where(zero, "zero_denominator", "ok")),
        note=notes,
    )
    return frame[found.reports["form"].isin(metric.forms).to_numpy()]


def _rates(top: np.ndarray, bottom: np.ndarray, scale, share):
    """Values of numerators and denominators (NaN: the metric has none), with their limits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = scale * top / np.nan_to_num(bottom, nan=1.0)
    low, high = wilson(top, np.where(share, bottom, np.nan))
    return value, scale * low, scale * high


def wilson(count: np.ndarray, total: np.ndarray, z: float = Z95) -> tuple[np.ndarray, np.ndarray]:
    """Wilson score interval of the share ``count / total`` (0..1); NaN where that is no share.

    >>> [round(float(x[0]), 4) for x in wilson(np.array([5.0]), np.array([10.0]))]
    [0.2366, 0.7634]
    """
    count, total = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    fits = (total > 0) & (count >= 0) & (count <= total)
    n = np.where(fits, total, np.nan)
    p = count / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return np.where(p == 0, 0.0, centre - half), np.where(p == 1, 1.0, centre + half)


def pool(frame: pd.DataFrame, *, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """Pooled (Σ numerators / Σ denominators) and mean values of groups, never one without n.

    ``frame``: as `indicators` gives it. Columns: ``by``, metric, unit, pooled, mean, median
    (Float64), numerator, denominator (sums over the reports counted), low, high (Wilson 95 % of the
    pooled share), n (reports), n_with_denominator (reports counted: everything known and the
    denominator above 0), n_unknown (Int64). A mean of ratios is over n_with_denominator reports
    only; agencies without requests have no rate.

    >>> cells = pd.DataFrame({"report_id": ["a", "a", "b", "b"], "agency": "甲", "year": 2023, "form": "2021", "table": "requests",
    ...     "row": ["disclosed_full", "outcomes_total"] * 2, "column": "total", "value": [3.0, 4.0, 0.0, 0.0], "status": "reported"})
    >>> pool(indicators(cells, metrics=["full_disclosure_rate"]), by="year")[["pooled", "n", "n_with_denominator"]].values.tolist()
    [[75.0, 2, 1]]
    """
    keys = [*([by] if isinstance(by, str) else by), "metric"]
    ok, unknown = frame["status"] == "ok", frame["status"] == "unknown"
    counts = frame.assign(n=1, n_with_denominator=ok, n_unknown=unknown)
    every, known = (one.groupby(keys, observed=True, dropna=False) for one in (counts, frame[ok]))
    result = every.agg({"unit": "first", **dict.fromkeys(COUNTS, "sum")})
    totals = known[["numerator", "denominator"]].sum(min_count=1)
    result = result.join(totals).join(known["value"].agg(["mean", "median"]))
    metrics = [BY_KEY.get(key, RATIO) for key in result.index.get_level_values("metric")]
    scale, share = np.array([(metric.scale, metric.share) for metric in metrics]).reshape(-1, 2).T
    top, bottom = result[["numerator", "denominator"]].to_numpy(dtype=float, na_value=np.nan).T
    result["pooled"], result["low"], result["high"] = _rates(top, bottom, scale, share)
    return result[["unit", *POOLED]].astype(POOLED).reset_index()
