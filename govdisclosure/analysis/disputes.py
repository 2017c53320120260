"""Table 四 summed up: results of reconsideration and litigation, and how suits were brought before and after 2024."""

from __future__ import annotations

import pandas as pd

from .common import ID, KNOWN, nothing, order

RESULTS = ("upheld", "corrected", "other", "pending")
SUITS = ("litigation_direct", "litigation_after_reconsideration")


@nothing(*ID, "channel", *RESULTS, "printed_total", "cases", "origin")
def results(disputes: pd.DataFrame) -> pd.DataFrame:
    """One row per report × channel as printed: upheld, corrected, other, pending, printed_total, cases (件), origin.

    cases is the sum of the four results, not the printed total, because totals are printed 0 over filled parts
    (淮安市洪泽区 2023). Blank results count as nothing where the others add up to the printed total; otherwise the
    channel is 'open' and cases is NA.
    """
    columns = [*ID, "channel", *RESULTS, "printed_total", "cases", "origin"]
    if disputes.empty:
        return pd.DataFrame(columns=columns)
    rows = disputes.assign(
        channel=disputes["channel"].astype("string"), result=disputes["result"].astype("string")
    )
    rows["value"] = rows["value"].where(rows["status"].isin(KNOWN))
    wide = rows.pivot_table(
        index=["report_id", "channel"],
        columns="result",
        values="value",
        aggfunc="first",
        dropna=False,
        observed=True,
    )
    wide = wide.reindex(columns=[*RESULTS, "total"]).astype("Float64")
    parts = wide[list(RESULTS)]
    closes = (parts.sum(axis=1) == wide["total"]).fillna(False) & wide["total"].notna()
    settled = parts.fillna(0).where(parts.notna() | closes.to_numpy()[:, None])
    out = settled.assign(
        printed_total=wide["total"], cases=settled.sum(axis=1, min_count=4, skipna=True)
    )
    out["cases"] = settled.sum(axis=1).where(settled.notna().all(axis=1))
    out["origin"] = "printed"
    out.loc[out["cases"].isna(), "origin"] = "open"
    out.loc[(out["cases"] != out["printed_total"]).fillna(False), "origin"] = "total_differs"
    out = out.reset_index().merge(rows[ID].drop_duplicates("report_id"), on="report_id")
    return order(out)[columns]


@nothing(*ID, "channel", *RESULTS, "printed_total", "cases", "origin")
def by_kind(disputes: pd.DataFrame) -> pd.DataFrame:
    """One row per report × 'reconsideration' or 'litigation' (both channels of suits together), columns as `results`.

    Where one of the two channels of suits is open, litigation is open too.
    """
    rows = results(disputes)
    rows["channel"] = rows["channel"].where(~rows["channel"].isin(SUITS), "litigation")
    numbers = [*RESULTS, "printed_total", "cases"]
    whole = rows.groupby(["report_id", "channel"], sort=False)[numbers].agg(
        lambda s: s.sum() if s.notna().all() else pd.NA
    )
    whole = whole.astype("Float64").reset_index()
    whole["origin"] = "printed"
    differs = rows["origin"].eq("total_differs").groupby([rows["report_id"], rows["channel"]]).any()
    whole.loc[
        differs.reindex(pd.MultiIndex.from_frame(whole[["report_id", "channel"]])).to_numpy(
            dtype=bool
        ),
        "origin",
    ] = "total_differs"
    whole.loc[whole["cases"].isna(), "origin"] = "open"
    facts = rows[ID].drop_duplicates("report_id")
    return order(facts.merge(whole, on="report_id"))[[*ID, "channel", *numbers, "origin"]]


@nothing(*ID, "direct", "suits", "share")
def direct_suits(disputes: pd.DataFrame) -> pd.DataFrame:
    """One row a report with suits: direct, suits (件), share of suits brought without reconsideration.

    Since 1 January 2024 a refusal to disclose must go to reconsideration first (行政复议法 2023, Art. 23(1)(4)), so
    shares of reports for 2023 and before and for 2024 and later do not compare.
    """
    rows = results(disputes)
    wide = rows[rows["channel"].isin(SUITS)].pivot_table(
        index="report_id", columns="channel", values="cases", aggfunc="first", dropna=False
    )
    wide = wide.reindex(columns=list(SUITS)).astype("Float64")
    out = pd.DataFrame(
        {"direct": wide[SUITS[0]], "suits": wide[SUITS[0]] + wide[SUITS[1]]}
    ).reset_index()
    out = rows[ID].drop_duplicates("report_id").merge(out, on="report_id")
    out["share"] = out["direct"] / out["suits"].where(out["suits"] > 0)
    return order(out)


@nothing(
    "report_id",
    "agency",
    "year",
    "metric",
    "value",
    "numerator",
    "denominator",
    "unit",
    "low",
    "high",
    "status",
    "note",
)
def rates(
    disputes: pd.DataFrame, requests: pd.DataFrame, findings: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Cases per 100 decisions and correction rates, in the columns of `gd.indicators`, from results instead of printed totals.

    Metrics: reconsideration_rate and litigation_rate (cases per 100 outcomes, no interval), reconsideration_correction_rate
    and litigation_correction_rate (corrected of upheld + corrected + other, per cent, Wilson 95 %). They differ from
    `gd.indicators` where a total is blank and its results are printed. As there, what is disputed is unknown: results that
    contradict their printed total (printed 0 over filled results, 淮安市洪泽区 2023) and, with the corpus' ``findings``,
    outcomes on which a finding of severity error stands.
    """
    from .requests import flows

    rows = by_kind(disputes)
    whole = flows(requests)
    decided = whole[whole["row"] == "outcomes_total"].set_index("report_id")["value"]
    decided = decided.where(
        ~decided.index.isin(_contested(findings, "requests.outcomes_total.total"))
    )
    parts = []
    for channel in ("reconsideration", "litigation"):
        kind = rows[rows["channel"] == channel]
        agrees = kind["origin"] != "total_differs"
        closed = (kind["upheld"] + kind["corrected"] + kind["other"]).where(agrees)
        parts.append(
            _rate(
                kind,
                f"{channel}_rate",
                kind["cases"].where(agrees),
                kind["report_id"].map(decided),
                "per 100 decisions",
            )
        )
        parts.append(
            _rate(kind, f"{channel}_correction_rate", kind["corrected"].where(agrees), closed, "%")
        )
    return pd.concat(parts, ignore_index=True)


def _contested(findings: pd.DataFrame | None, code: str) -> list[str]:
    """Reports with a finding of severity error on this cell."""
    if findings is None or not len(findings):
        return []
    errors = findings[
        findings["severity"].astype("string").eq("error").fillna(False).to_numpy(dtype=bool)
    ]
    return [
        r
        for r, cells in zip(errors["report_id"], errors["cells"].fillna(""))
        if code in cells.split()
    ]


def _rate(
    kind: pd.DataFrame, metric: str, top: pd.Series, bottom: pd.Series, unit: str
) -> pd.DataFrame:
    from ..indicators import wilson

    top, bottom = top.astype("Float64"), bottom.astype("Float64")
    value = 100 * top / bottom.where(bottom > 0)
    low, high = wilson(
        top.to_numpy(dtype=float, na_value=float("nan")),
        bottom.to_numpy(dtype=float, na_value=float("nan")),
    )
    interval = (100 * low, 100 * high) if unit == "%" else (pd.NA, pd.NA)
    status = (
        pd.Series("ok", index=kind.index)
        .where(value.notna(), "unknown")
        .mask((bottom == 0).fillna(False) & top.notna(), "zero_denominator")
    )
    note = pd.Series("", index=kind.index).mask(
        kind["origin"] == "total_differs", "unknown: the results contradict their printed total"
    )
    out = kind[["report_id", "agency", "year"]].assign(
        metric=metric, value=value, numerator=top, denominator=bottom, unit=unit
    )
    return out.assign(low=interval[0], high=interval[1], status=status, note=note).astype(
        {"low": "Float64", "high": "Float64"}
    )
