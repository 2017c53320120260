"""Table 二 summed up: decisions and fees, penalties per licence, jumps between years, stock and flow of documents."""

from __future__ import annotations

import pandas as pd

from .common import ID, KNOWN, nothing, order, pairs

ITEMS = {
    "licensing": "decisions",
    "penalties": "decisions",
    "compulsion": "decisions",
    "fees": "amount",
}
JUMP = 3.0


@nothing(*ID, "item", "value", "unit", "status", "text")
def volumes(proactive: pd.DataFrame) -> pd.DataFrame:
    """One row per report × licensing, penalties, compulsion (decisions, 件) and fees (amount, 万元; form 2021 only).

    Columns: report_id, agency, year, form, item, value, unit, status, text.
    """
    item, measure = proactive["item"].astype("string"), proactive["measure"].astype("string")
    rows = proactive[(item.map(ITEMS) == measure).fillna(False)].assign(
        item=item, status=proactive["status"].astype("string")
    )
    rows["value"] = rows["value"].where(rows["status"].isin(KNOWN))
    return order(rows[[*ID, "item", "value", "unit", "status", "text"]])


@nothing(*ID, "penalties", "licences", "value", "status")
def penalties_per_licence(proactive: pd.DataFrame) -> pd.DataFrame:
    """One row a report: penalties, licences (件), value = penalties per licence; NA and status 'no_licences' where there is none."""
    rows = volumes(proactive)
    wide = rows.pivot_table(
        index="report_id", columns="item", values="value", aggfunc="first"
    ).reindex(columns=["penalties", "licensing"])
    out = wide.rename(columns={"licensing": "licences"}).astype("Float64").reset_index()
    out["value"] = out["penalties"] / out["licences"].where(out["licences"] > 0)
    out["status"] = "reported"
    out.loc[out["value"].isna(), "status"] = "no_figure"
    out.loc[(out["licences"] == 0).fillna(False), "status"] = "no_licences"
    return order(rows[ID].drop_duplicates("report_id").merge(out, on="report_id"))


@nothing("agency", "year_from", "year_to", "item", "value_from", "value_to", "factor", "flagged")
def jumps(proactive: pd.DataFrame, factor: float = JUMP) -> pd.DataFrame:
    """One row per agency × item × its consecutive reports: value_from, value_to, factor, flagged.

    flagged: the figure grew or shrank more than `factor` times, or went from or to zero while the other year had at
    least ten. A jump is a question, not an error: automated decisions coming into scope look the same.
    """
    rows = volumes(proactive)
    facts = rows.drop_duplicates("report_id").set_index("report_id")
    values = {key: value for key, value in zip(zip(rows["report_id"], rows["item"]), rows["value"])}
    found = []
    for a, b in pairs(rows):
        for item in ITEMS:
            one, two = values.get((a, item), pd.NA), values.get((b, item), pd.NA)
            if pd.isna(one) or pd.isna(two) or (one == 0 and two == 0):
                continue
            times = two / one if one else float("inf")
            flagged = (times > factor or times < 1 / factor) and max(one, two) >= 10
            found.append(
                (
                    facts.loc[a, "agency"],
                    int(facts.loc[a, "year"]),
                    int(facts.loc[b, "year"]),
                    item,
                    one,
                    two,
                    times,
                    flagged,
                )
            )
    return pd.DataFrame(
        found,
        columns=[
            "agency",
            "year_from",
            "year_to",
            "item",
            "value_from",
            "value_to",
            "factor",
            "flagged",
        ],
    )


@nothing(*ID, "issued", "repealed", "in_force", "opening", "origin", "gap")
def documents(proactive: pd.DataFrame, item: str = "normative_documents") -> pd.DataFrame:
    """Stock and flow of documents, one row a report on the form of 2021: opening, issued, repealed, in_force (件), gap.

    opening is the in_force that the agency's report of the year before printed (origin 'printed'), else
    in_force − issued + repealed (origin 'implied'). gap = opening + issued − repealed − in_force; NA where opening is
    implied. Reports on the form of 2019 are not here: 对外公开总数量 is not 现行有效.
    """
    rows = proactive[
        (proactive["item"] == item) & proactive["measure"].isin(["issued", "repealed", "in_force"])
    ]
    columns = [*ID, "issued", "repealed", "in_force", "opening", "origin", "gap"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(
        measure=rows["measure"].astype("string"),
        value=rows["value"].where(rows["status"].isin(KNOWN)),
    )
    wide = rows.pivot_table(
        index="report_id", columns="measure", values="value", aggfunc="first", dropna=False
    )
    wide = wide.reindex(columns=["issued", "repealed", "in_force"]).astype("Float64").reset_index()
    out = order(rows[ID].drop_duplicates("report_id").merge(wide, on="report_id"))
    last = {
        (a, y): v
        for a, y, v in zip(out["agency"], out["year"], out["in_force"])
        if not pd.isna(y) and not pd.isna(v)
    }
    printed = pd.array(
        [
            last.get((a, y - 1), pd.NA) if not pd.isna(y) else pd.NA
            for a, y in zip(out["agency"], out["year"])
        ],
        dtype="Float64",
    )
    implied = out["in_force"] - out["issued"] + out["repealed"]
    out["opening"] = pd.Series(printed, index=out.index).fillna(implied)
    out["origin"] = [
        "printed" if not pd.isna(p) else "implied" if not pd.isna(i) else "open"
        for p, i in zip(printed, implied)
    ]
    out["gap"] = (out["opening"] - implied).where(out["origin"] == "printed")
    return out[columns]
