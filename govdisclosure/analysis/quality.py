"""What the figures rest on: statuses of cells, findings by report and rule, prose against table, and how far conclusions move."""

from __future__ import annotations

import pandas as pd

from . import disputes as dispute_sums
from . import enforcement
from . import requests as request_sums
from .common import ID, nothing, order

STATUSES = ("reported", "imputed", "blank", "not_applicable", "unreadable", "absent")
SEVERITY = ("error", "warning", "info")


@nothing(*ID, "table", *STATUSES)
def statuses(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per report × table: cells by status (reported, imputed, blank, not_applicable, unreadable, absent)."""
    counts = (
        cells.groupby(["report_id", "table", "status"], observed=True)
        .size()
        .unstack("status", fill_value=0)
    )
    counts = (
        counts.reindex(columns=list(STATUSES), fill_value=0).reset_index().rename_axis(columns=None)
    )
    return order(cells[ID].drop_duplicates("report_id").merge(counts, on="report_id"))


@nothing("report_id", "rule", "n", "severity", "agency", "year")
def findings_by_rule(findings: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """One row per report × rule with findings: n and the worst severity; reports without findings have no row."""
    rows = findings.assign(
        rank=findings["severity"]
        .astype("string")
        .map({s: i for i, s in enumerate(SEVERITY)})
        .astype(float)
    )
    rows = (
        rows.assign(rule=rows["rule"].astype("string"))
        .groupby(["report_id", "rule"], sort=False)
        .agg(n=("rank", "size"), rank=("rank", "min"))
        .reset_index()
    )
    rows["severity"] = rows["rank"].map(dict(enumerate(SEVERITY)))
    return rows.drop(columns="rank").merge(
        reports[["report_id", "agency", "year"]], on="report_id", how="left"
    )


def prose_gaps(findings: pd.DataFrame) -> pd.DataFrame:
    """Figures of the prose that differ from the table: agency, year, rule, expected (table), actual (prose), gap, message."""
    rows = findings[(findings["kind"].astype("string") == "narrative")].dropna(
        subset=["expected", "actual"]
    )
    return rows[
        ["report_id", "agency", "year", "rule", "severity", "expected", "actual", "gap", "message"]
    ].reset_index(drop=True)


def headlines(corpus) -> dict[str, float | None]:
    """The conclusions of the pages as numbers: per cent, and penalties per licence. None where nothing is known."""
    outcomes = request_sums.outcomes(corpus.requests).dropna(subset=["share"])
    flows = (
        request_sums.flows(corpus.requests)
        .pivot_table(index="report_id", columns="row", values="value", aggfunc="first")
        .dropna()
    )
    kinds = dispute_sums.by_kind(corpus.disputes).dropna(subset=["cases"])
    review = kinds[kinds["channel"] == "reconsideration"]
    per = enforcement.penalties_per_licence(corpus.proactive).dropna(subset=["value"])
    by = (
        outcomes.groupby("group", observed=False)["value"].sum()
        if len(outcomes)
        else pd.Series(dtype=float)
    )
    total = float(by.sum())
    flow = (
        flows.sum() if {"received", "carried_over", "outcomes_total"} <= set(flows.columns) else {}
    )
    return {
        "disclosed": _share(by.get("disclosed_full", 0) + by.get("disclosed_partial", 0), total),
        "denied": _share(by.get("denied", 0), total),
        "unable": _share(by.get("unable", 0), total),
        "completed": _share(
            flow.get("outcomes_total", 0), flow.get("received", 0) + flow.get("carried_over", 0)
        )
        if len(flow)
        else None,
        "corrected": _share(
            review["corrected"].sum(),
            (review["upheld"] + review["corrected"] + review["other"]).sum(),
        ),
        "per_licence": _share(per["penalties"].sum(), per["licences"].sum(), 1.0),
    }


def _share(top, bottom, scale: float = 100.0) -> float | None:
    return scale * float(top) / float(bottom) if bottom else None


def robustness(corpus, without) -> pd.DataFrame:
    """How far each headline depends on single agencies and on doubtful reports.

    `without(report_ids)` gives the corpus without these reports. Columns: headline, value (all reports), low, high (range
    when any one agency is left out), agency_low, agency_high (whose absence makes it so), no_errors (without the reports
    that have a finding of severity error; NA where none is left), reports, reports_no_errors.
    """
    base = headlines(corpus)
    facts = corpus.reports.assign(
        agency=corpus.reports["agency"].astype("string").fillna(corpus.reports["report_id"])
    )
    left_out = {
        a: headlines(without(set(p["report_id"])))
        for a, p in facts.groupby("agency")
        if len(p) < len(facts)
    }
    bad = set(
        corpus.findings.loc[
            (corpus.findings["severity"].astype("string") == "error").fillna(False), "report_id"
        ].dropna()
    )
    clean = headlines(without(bad)) if bad and len(bad) < len(facts) else (base if not bad else {})
    rows = []
    for name, value in base.items():
        others = {a: h[name] for a, h in left_out.items() if h[name] is not None}
        low = min(others, key=others.get) if others else None
        high = max(others, key=others.get) if others else None
        rows.append(
            (
                name,
                value,
                others.get(low),
                others.get(high),
                low,
                high,
                clean.get(name),
                len(facts),
                len(facts) - len(bad),
            )
        )
    names = [
        "headline",
        "value",
        "low",
        "high",
        "agency_low",
        "agency_high",
        "no_errors",
        "reports",
        "reports_no_errors",
    ]
    out = pd.DataFrame(rows, columns=names)
    return out.astype({c: "Float64" for c in ("value", "low", "high", "no_errors")})
