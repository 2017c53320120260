"""Table 三 summed up: flows, outcomes, applicants, grounds, and what changed between two years of an agency."""

from __future__ import annotations

import pandas as pd

from .common import ID, nothing, order, pairs, totals

OUTCOMES = ("disclosed_full", "disclosed_partial", "denied", "unable", "not_processed", "other")
FLOWS = ("received", "carried_over", "outcomes_total", "carried_forward")
APPLICANTS = (
    "natural_person",
    "commercial",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
)


@nothing(*ID, "row", "value", "parts", "origin")
def flows(requests: pd.DataFrame) -> pd.DataFrame:
    """One row per report × received, carried_over, outcomes_total, carried_forward: value (件), origin."""
    rows = totals(requests, "row", "applicant")
    return order(rows[rows["row"].isin(FLOWS)])


@nothing(*ID, "group", "value", "origin", "outcomes_total", "share")
def outcomes(requests: pd.DataFrame) -> pd.DataFrame:
    """One row per report × outcome group: value (件), outcomes_total, share (of outcomes_total), origin.

    The groups are those of the form, （一）to（六）. A group is the sum of its rows. Where rows are blank, they count as
    nothing only if the rows that do carry figures already add up to the printed outcomes_total; otherwise value is NA
    and origin 'open'. Source: 国办公开办函〔2021〕30号, 表三.
    """
    rows = totals(requests, "row", "applicant")
    groups = requests[["row", "group"]].astype("string").drop_duplicates()
    rows = rows.merge(groups, on="row")
    whole = rows[rows["row"] == "outcomes_total"].set_index("report_id")["value"]
    rows = rows[rows["group"].isin(OUTCOMES)]
    if rows.empty:
        return pd.DataFrame(columns=[*ID, "group", "value", "origin", "outcomes_total", "share"])
    found = (
        rows.groupby(["report_id", "group"], sort=False)["value"]
        .sum(min_count=1)
        .unstack("group")
        .reindex(columns=OUTCOMES)
    )
    gaps = (
        rows["value"]
        .isna()
        .groupby([rows["report_id"], rows["group"]])
        .any()
        .unstack("group")
        .reindex(columns=OUTCOMES, fill_value=True)
    )
    found, gaps = found.reindex(whole.index), gaps.reindex(whole.index).fillna(True).astype(bool)
    closes = (found.sum(axis=1) == whole).fillna(False)
    value = found.fillna(0).where(~gaps | closes.to_numpy()[:, None])
    added = (
        (rows["origin"] == "added")
        .groupby([rows["report_id"], rows["group"]])
        .any()
        .unstack("group")
        .reindex(index=whole.index, columns=OUTCOMES)
    )
    out = value.stack(future_stack=True).rename("value").reset_index()
    out["origin"] = added.stack(future_stack=True).to_numpy()
    out["origin"] = (
        out["origin"].map({True: "added", False: "printed"}).where(out["value"].notna(), "open")
    )
    out["outcomes_total"] = out["report_id"].map(whole)
    out["share"] = (out["value"] / out["outcomes_total"].where(out["outcomes_total"] > 0)).astype(
        "Float64"
    )
    facts = requests[ID].drop_duplicates("report_id")
    out["group"] = pd.Categorical(out["group"], OUTCOMES, ordered=True)
    return order(facts.merge(out, on="report_id"))


@nothing(*ID, "applicant", "value", "received", "share")
def applicants(requests: pd.DataFrame) -> pd.DataFrame:
    """One row per report × applicant type: requests received (件), received (the row's total) and share.

    Blank types count as nothing where the printed ones already add up to the total; otherwise NA.
    """
    rows = requests[(requests["row"] == "received")].assign(
        applicant=lambda d: d["applicant"].astype("string")
    )
    wide = rows.pivot_table(
        index="report_id", columns="applicant", values="value", aggfunc="first", observed=True
    )
    wide = wide.reindex(columns=[*APPLICANTS, "total"])
    printed = wide["total"].fillna(wide[list(APPLICANTS)].sum(axis=1, min_count=1))
    closes = (wide[list(APPLICANTS)].sum(axis=1) == printed).fillna(False)
    parts = wide[list(APPLICANTS)].astype("Float64")
    value = parts.fillna(0).where(parts.notna() | closes.to_numpy()[:, None])
    out = (
        value.stack(future_stack=True)
        .rename("value")
        .reset_index()
        .rename(columns={"level_1": "applicant"})
    )
    out["received"] = out["report_id"].map(printed).astype("Float64")
    out["share"] = out["value"] / out["received"].where(out["received"] > 0)
    return order(requests[ID].drop_duplicates("report_id").merge(out, on="report_id"))


@nothing("group", "row", "value", "reports", "outcomes", "share")
def grounds(requests: pd.DataFrame) -> pd.DataFrame:
    """One row per statutory ground, pooled: value (件), reports (with a figure), share of all outcomes of those reports.

    A ground that a report leaves open (no figure) takes the report out of that ground's numerator and denominator.
    """
    rows = totals(requests, "row", "applicant")
    whole = rows[rows["row"] == "outcomes_total"].set_index("report_id")["value"]
    kinds = (
        requests[["row", "group", "reason"]]
        .astype("string")
        .drop_duplicates()
        .dropna(subset="reason")
    )
    rows = rows.merge(kinds[kinds["group"].isin(("denied", "unable", "not_processed"))], on="row")
    rows["outcomes_total"] = rows["report_id"].map(whole)
    rows = rows.dropna(subset=["value", "outcomes_total"])
    out = rows.groupby(["group", "row"], sort=False).agg(
        value=("value", "sum"), reports=("report_id", "nunique"), outcomes=("outcomes_total", "sum")
    )
    out["share"] = out["value"] / out["outcomes"].where(out["outcomes"] > 0)
    return out.reset_index()


@nothing(
    "agency",
    "year_from",
    "year_to",
    "group",
    "share_from",
    "share_to",
    "change",
    "n_from",
    "n_to",
    "crosses_form",
)
def changes(requests: pd.DataFrame) -> pd.DataFrame:
    """One row per agency × its consecutive reports × outcome group: change of the share in percentage points.

    Columns: agency, year_from, year_to, group, share_from, share_to, change (share_to − share_from, × 100), n_from, n_to,
    crosses_form (the two reports are on different forms). Pairs with an open outcome are left out.
    """
    table = outcomes(requests)
    facts = table.drop_duplicates("report_id").set_index("report_id")
    shares = table.pivot_table(
        index="report_id",
        columns="group",
        values="share",
        observed=False,
        aggfunc="first",
        dropna=False,
    )
    rows = []
    for a, b in pairs(table):
        if shares.loc[[a, b]].isna().any(axis=None):
            continue
        for group in OUTCOMES:
            one, two = float(shares.loc[a, group]), float(shares.loc[b, group])
            rows.append((
                facts.loc[a, "agency"], int(facts.loc[a, "year"]), int(facts.loc[b, "year"]), group, one, two, 100 * (two - one),
                facts.loc[a, "outcomes_total"], facts.loc[b, "outcomes_total"], facts.loc[a, "form"] != facts.loc[b, "form"],
            ))  # fmt: skip
    names = [
        "agency",
        "year_from",
        "year_to",
        "group",
        "share_from",
        "share_to",
        "change",
        "n_from",
        "n_to",
        "crosses_form",
    ]
    return pd.DataFrame(rows, columns=names)
