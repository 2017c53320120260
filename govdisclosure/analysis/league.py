"""League tables and outliers, from `gd.indicators`."""

from __future__ import annotations

import pandas as pd

from .common import nothing

COLUMNS = [
    "report_id",
    "agency",
    "year",
    "metric",
    "value",
    "low",
    "high",
    "numerator",
    "denominator",
    "unit",
    "status",
    "note",
]


@nothing(*COLUMNS, "rank", "pooled", "apart")
def ranked(indicators: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Reports by one metric, highest first, unknown last. Adds rank, pooled (over the reports known) and apart.

    apart: the report's 95 % interval does not reach the pooled rate of the *other* reports, so that a big report is
    not compared with itself. Metrics without an interval are never apart.
    """
    rows = indicators[indicators["metric"].astype("string") == metric][COLUMNS].copy()
    rows["metric"] = rows["metric"].astype("string")
    rows = rows.sort_values(
        "value", ascending=False, kind="stable", na_position="last"
    ).reset_index(drop=True)
    known = rows["value"].notna() & rows["denominator"].notna()
    top, bottom = rows["numerator"].where(known).sum(), rows["denominator"].where(known).sum()
    factor = float((rows["value"] * rows["denominator"]).where(known).sum() / top) if top else 1.0
    rows["rank"] = pd.array(
        [i + 1 if k else pd.NA for i, k in enumerate(rows["value"].notna())], dtype="Int64"
    )
    rows["pooled"] = factor * top / bottom if bottom else pd.NA
    others = (
        factor
        * (top - rows["numerator"])
        / (bottom - rows["denominator"]).where(bottom > rows["denominator"])
    )
    rows["apart"] = ((others < rows["low"]) | (others > rows["high"])).fillna(False).astype(bool)
    return rows


def league(indicators: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    """One row a report: the value of each metric and n (denominator of the first); reports by the first metric, highest first."""
    first = ranked(indicators, metrics[0])
    out = first[["rank", "report_id", "agency", "year"]].assign(n=first["denominator"])
    for metric in metrics:
        values = ranked(indicators, metric).set_index("report_id")["value"]
        out[metric] = out["report_id"].map(values).astype("Float64").round(1)
    return out


def outliers(indicators: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    """Reports whose rate is apart from that of all others: one row per report × metric, farthest first.

    Columns: report_id, agency, year, metric, value, low, high, others (pooled rate of the other reports), denominator.
    """
    rows = []
    for metric in metrics:
        table = ranked(indicators, metric)
        known = table["value"].notna()
        top, bottom = table["numerator"].where(known).sum(), table["denominator"].where(known).sum()
        far = table[table["apart"]].copy()
        far["others"] = (
            (
                far["value"] * far["denominator"] / far["numerator"].where(far["numerator"] > 0)
            ).fillna(100.0)
            * (top - far["numerator"])
            / (bottom - far["denominator"])
        )
        rows.append(far)
    names = [
        "report_id",
        "agency",
        "year",
        "metric",
        "value",
        "low",
        "high",
        "others",
        "denominator",
    ]
    out = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=names)
    gap = (out["value"] - out["others"]).abs().astype("Float64")
    return (
        out.assign(gap=gap)
        .sort_values("gap", ascending=False, kind="stable")[names]
        .round(1)
        .reset_index(drop=True)
    )
