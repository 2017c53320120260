"""Every headline number of notebooks 10, 20 and 40, worked out once more with plain pandas from data/tidy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.notebooks.cells import run

TIDY = Path(__file__).parents[2] / "data" / "tidy" / "csv"
INSIDE = {"hongze-2024", "shuyang-fgj-2023"}  # by hand: inside Huai'an 2024 and Suqian 2023


@pytest.fixture(scope="module")
def tidy():
    reports = pd.read_csv(TIDY / "reports.csv", dtype=str)
    known = reports[~reports["media_type"].str.endswith("origin=copy")]
    cells = pd.read_csv(TIDY / "cells.csv", dtype={"text": str})
    return cells.merge(known[["report_id", "level", "division_code"]], on="report_id")


def test_outcomes(tidy, monkeypatch):
    ran = run("10", monkeypatch)
    table = tidy[(tidy["table"] == "requests") & ~tidy["report_id"].isin(INSIDE)]
    total = table[table["column"] == "total"].set_index(["report_id", "row"])["value"]
    parts = table[table["column"] != "total"].groupby(["report_id", "row"])["value"].sum()
    value = total.fillna(parts).unstack()
    value = value[value["outcomes_total"] > 0]
    decided = value["outcomes_total"].sum()
    disclosed = (value["disclosed_full"] + value["disclosed_partial"].fillna(0)).sum()
    assert f"Of {decided:,.0f} requests decided (n = {len(value)} reports" in ran.answer
    for name, prefix in (("disclosed in full", None), ("refused", "denied_"), ("provided", "unable_"), ("processed", "not_processed_")):  # fmt: skip
        n = disclosed if prefix is None else value.filter(regex=f"^{prefix}").sum().sum()
        assert f"{100 * n / decided:.1f}%" in ran.answer, name
    two = tidy[(tidy["table"] == "requests") & (tidy["column"] == "total") & tidy["agency"].isin(["宿迁市人民政府", "淮安市洪泽区人民政府"])]  # fmt: skip
    two = two.pivot_table(index="year", columns="row", values="value", aggfunc="sum")
    rate = 100 * (two["disclosed_full"] + two["disclosed_partial"]) / two["outcomes_total"]
    assert f"from {rate[2023]:.1f}% to {rate[2024]:.1f}%" in ran.answer


def inside(reports) -> dict:
    """{report: whether it lies in the territory of a prefecture's or county's own government}, by the code's digits."""
    rows = reports.fillna({"division_code": "", "level": ""}).to_dict("records")
    found = {}
    for row in rows:
        above = [(o, 4 if o["level"] == "prefecture" else 6) for o in rows if o["agency"].endswith("人民政府")
                 and o["level"] in ("prefecture", "county") and o is not row]  # fmt: skip
        own = (
            row["level"] == "prefecture"
            or row["level"] == "state branch"
            or not row["division_code"]
        )
        county = row["level"] == "county" and row["agency"].endswith("人民政府")
        found[row["report_id"]] = not own and any(
            o["division_code"][:n] == row["division_code"][:n] and (n == 4 or not county)
            for o, n in above
        )
    return found


def test_concentration(tidy, monkeypatch):
    ran = run("20", monkeypatch)
    for item in ("licensing", "penalties"):
        rows = tidy[(tidy["row"] == item) & (tidy["column"] == "decisions")].dropna(
            subset=["value"]
        )
        last = rows.sort_values("year").drop_duplicates("agency", keep="last")
        value = last.loc[~last["report_id"].map(inside(last)), "value"].sort_values(ascending=False)
        tenth = int(1000 * value.head(round(len(value) / 10)).sum() / value.sum()) / 10
        none = 100 * (value == 0).mean()
        said = f"largest tenth of {len(value)} agencies print {tenth:.1f}% of all; {none:.0f}% of agencies print none"
        assert said in ran.answer


def test_corrections(tidy, monkeypatch):
    ran = run("40", monkeypatch)
    table = tidy[(tidy["table"] == "disputes") & ~tidy["report_id"].isin(INSIDE)]
    value = table.pivot_table(index=["report_id", "row"], columns="column", values="value").fillna(
        0
    )
    value = value[
        value[["upheld", "corrected", "other", "pending"]].sum(axis=1) == value["total"]
    ].reset_index()
    value["closed"] = value["total"] - value["pending"]
    for name, rows in (("Reconsideration", value["row"] == "reconsideration"), ("Litigation", value["row"] != "reconsideration")):  # fmt: skip
        fixed, closed = value.loc[rows, "corrected"].sum(), value.loc[rows, "closed"].sum()
        assert f"{name} corrected the agency in {fixed:,.0f} of {closed:,.0f} closed cases: {100 * fixed / closed:.1f}%" in ran.answer  # fmt: skip


def test_platforms_have_names_and_a_dot_for_each_territory(monkeypatch):
    seen = {}

    def look(figure, name):
        if name == "platforms":
            axes = figure.axes[0]
            seen["labels"] = [label.get_text() for label in axes.get_yticklabels()]
            seen["dots"] = sum(len(dots.get_offsets()) for dots in axes.collections)

    ran = run("30", monkeypatch, look)
    assert {"WeChat", "Weibo"} <= set(seen["labels"])
    assert seen["dots"] == ran.names["shares"]["share"].size > 50
