"""What every summary needs: the total of a row whether printed or added up, agencies' short order, consecutive reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import pandas as pd

ID = ["report_id", "agency", "year", "form"]
KNOWN = ("reported", "imputed")


def nothing(*columns: str) -> Callable:
    """Decorator: an empty first frame gives an empty frame of these columns; numbers are Float64, the rest text."""
    text = {
        "report_id",
        "agency",
        "form",
        "row",
        "group",
        "applicant",
        "item",
        "unit",
        "status",
        "text",
        "origin",
        "channel",
        "metric",
        "rule",
        "severity",
    }

    def decorate(summary: Callable) -> Callable:
        @wraps(summary)
        def guarded(frame: pd.DataFrame, *args, **options) -> pd.DataFrame:
            if len(frame):
                return summary(frame, *args, **options)
            types = {
                c: "string"
                if c in text
                else "Int16"
                if c.startswith("year")
                else "bool"
                if c in ("flagged", "crosses_form", "apart")
                else "Float64"
                for c in columns
            }
            return pd.DataFrame({c: pd.Series(dtype=t) for c, t in types.items()})

        return guarded

    return decorate


def totals(view: pd.DataFrame, row: str, column: str, total: str = "total") -> pd.DataFrame:
    """One row per report × `row`: value (Float64), origin and cells without a figure.

    `view` is one of the corpus's table frames. origin is 'printed' (the total column), 'added' (the total is no figure,
    its parts are: their sum), 'blank', 'not_applicable', 'unreadable' or 'absent'. A part that is unreadable or absent
    leaves the sum open; blank parts are left out of it, because the form's parts are printed where they are not zero
    (上海市政府办公厅 2019 leaves 19 totals blank, and its parts add up to the printed outcomes_total).
    """
    view = view.reset_index(drop=True)
    plain = view.assign(
        **{
            row: view[row].astype("string"),
            column: view[column].astype("string"),
            "status": view["status"].astype("string"),
        }
    )
    keys = ["report_id", row]
    known = plain["status"].isin(KNOWN)
    head = plain[plain[column] == total].set_index(keys)
    parts = plain[(plain[column] != total)]
    summed = (
        parts[known.reindex(parts.index)].groupby(keys, observed=True)["value"].sum(min_count=1)
    )
    closed = (
        ~parts["status"]
        .isin(("unreadable", "absent"))
        .groupby([parts["report_id"], parts[row]])
        .any()
    )
    added = summed.where(closed.reindex(summed.index, fill_value=False)).reindex(head.index)
    printed = head["value"].where(head["status"].isin(KNOWN))
    out = head[["agency", "year", "form"]].assign(value=printed.fillna(added), parts=added)
    out["origin"] = (
        head["status"]
        .where(printed.isna() & added.isna(), "added")
        .where(printed.isna(), "printed")
    )
    return out.reset_index()


def order(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame sorted by agency and year, reports without an agency under their report_id."""
    out = frame.assign(agency=frame["agency"].astype("string").fillna(frame["report_id"]))
    return out.sort_values(["agency", "year"], kind="stable").reset_index(drop=True)


def pairs(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """(earlier report, later report) of each agency, its reports taken in order of years; years may lie between."""
    rows = order(frame.drop_duplicates("report_id").dropna(subset=["year"]))
    found = []
    for _, group in rows.groupby("agency", sort=False):
        group = group.drop_duplicates("year")
        found += list(zip(group["report_id"][:-1], group["report_id"][1:]))
    return found


def first_per_year(frame: pd.DataFrame) -> pd.DataFrame:
    """One report per agency and year (the first by report_id), so that no line doubles back."""
    rows = frame.sort_values(["report_id"], kind="stable")
    keep = rows.drop_duplicates("report_id").drop_duplicates(["agency", "year"])["report_id"]
    return frame[frame["report_id"].isin(keep)]


def years_text(years: pd.Series) -> str:
    """Years in words: '2019, 2021, 2023–2025'; '' where there is none.

    >>> years_text(pd.Series([2019, 2023, 2024, 2021, 2025]))
    '2019, 2021, 2023–2025'
    """
    values = sorted({int(y) for y in years.dropna()})
    runs: list[list[int]] = []
    for year in values:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
