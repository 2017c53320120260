"""Cells of many reports as one matrix, report × code, for what computes with a few cells of each report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

KNOWN = ("reported", "imputed")
DISPUTED = (
    "disputed (error finding)"  # it stands in a sum that does not add up, or is no possible count
)
# （六）其他处理: one row (form of 2019, or the misprint of 2021) or three; the first way that is wholly known counts.
EITHER = {"other": (("other_handling",), ("other_uncorrected", "other_fee_unpaid", "other_other"))}


@dataclass(slots=True)
class Matrix:
    """``reports``: report_id, agency, year, form, one row a report; ``values[code]`` float arrays beside it, NaN unknown."""

    reports: pd.DataFrame
    values: dict[str, np.ndarray]
    statuses: dict[str, np.ndarray]

    def agency_keys(self) -> pd.Series:
        """One key an agency, NA where it is not named. Two places can have an agency of one name (鼓楼区人民政府): then
        the division code, where ``reports`` has one, is part of the key."""
        name = self.reports["agency"].astype("string")
        if "division_code" not in self.reports:
            return name
        code = self.reports["division_code"].astype("string")
        several = code.groupby(name).transform("nunique") > 1
        return name.where(~several.fillna(False).astype(bool), name + " " + code.fillna("?"))

    def previous(self) -> np.ndarray:
        """For each report the position of the report of the same agency for the year before; -1 where there is not exactly one."""
        agency, year = self.agency_keys(), self.reports["year"]
        keys = pd.MultiIndex.from_arrays([agency.fillna(""), year.astype("Int64").fillna(-1)])
        single = ~keys.duplicated(keep=False) & agency.notna().to_numpy() & year.notna().to_numpy()
        wanted = pd.MultiIndex.from_arrays([keys.get_level_values(0), keys.get_level_values(1) - 1])
        found = keys[single].get_indexer(wanted)
        where = np.flatnonzero(single)
        return np.where((found >= 0) & single, where[found] if len(where) else -1, -1)


def matrix(
    cells: pd.DataFrame,
    codes: Iterable[str],
    reports: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
) -> Matrix:
    """The cells ``codes`` ('table.row.column', 'requests.other.…' for （六）) of every report in the tidy frame ``cells``.

    ``reports`` adds level and division_code to the facts about each report where it has them. With ``findings``, cells on
    which a finding of severity error stands are unknown, their status is ``DISPUTED``.
    """
    wanted = list(dict.fromkeys(codes))
    plain = list(dict.fromkeys(p for code in wanted for p in _printed(code)))
    identity = cells.drop_duplicates("report_id")[
        ["report_id", "agency", "year", "form"]
    ].reset_index(drop=True)
    if reports is not None:
        more = [c for c in ("level", "division_code") if c in reports]
        identity = identity.merge(
            reports[["report_id", *more]].drop_duplicates("report_id"), on="report_id", how="left"
        )
    found, numbers = _select(cells, plain)
    rows = pd.Index(identity["report_id"]).get_indexer(found["report_id"])
    shape = (len(plain), len(identity))
    values, status = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    known = found["status"].isin(KNOWN).to_numpy()
    figures = found["value"].to_numpy(dtype=float, na_value=np.nan)
    values[numbers, rows] = np.where(known, figures, np.nan)
    status[numbers, rows] = found["status"].astype(object).to_numpy()
    result = Matrix(identity, dict(zip(plain, values)), dict(zip(plain, status)))
    if findings is not None and len(findings):
        _dispute(result, findings)
    for code in wanted:
        if code not in result.values:
            result.values[code], result.statuses[code] = _either(result, code)
    return result


def _dispute(found: Matrix, findings: pd.DataFrame) -> None:
    """Which cell of a broken sum is wrong the sum does not say, so none of its cells is surely known."""
    errors = findings[
        findings["severity"].astype("string").eq("error").fillna(False).to_numpy(dtype=bool)
    ]
    rows = pd.Index(found.reports["report_id"].astype("string")).get_indexer(
        errors["report_id"].astype("string")
    )
    for row, cells in zip(rows, errors["cells"].fillna("")):
        for code in cells.split() if row >= 0 else ():
            if code in found.values:
                found.values[code][row], found.statuses[code][row] = np.nan, DISPUTED


def _printed(code: str) -> list[str]:
    table, row, column = code.split(".")
    return [f"{table}.{r}.{column}" for way in EITHER.get(row, ((row,),)) for r in way]


def _select(cells: pd.DataFrame, codes: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows of ``cells`` that are one of ``codes``, and which; category codes instead of joined strings."""
    parts = [code.split(".") for code in codes]
    found = cells
    for i, name in enumerate(("table", "row", "column")):
        found = found[found[name].isin({p[i] for p in parts})]
    keys = pd.MultiIndex.from_tuples([tuple(p) for p in parts])
    numbers = keys.get_indexer(
        pd.MultiIndex.from_arrays([found[n].astype("string") for n in ("table", "row", "column")])
    )
    return found[numbers >= 0], numbers[numbers >= 0]


def _either(found: Matrix, code: str) -> tuple[np.ndarray, np.ndarray]:
    table, row, column = code.split(".")
    one, several = ([f"{table}.{r}.{column}" for r in way] for way in EITHER[row])
    single = found.values[one[0]]
    total = np.sum([found.values[c] for c in several], axis=0)
    unknown = np.where(
        found.statuses[one[0]] == "", "some of three rows unknown", found.statuses[one[0]]
    )
    disputed = np.any([found.statuses[c] == DISPUTED for c in (*one, *several)], axis=0)
    unknown = np.where(disputed, DISPUTED, unknown)
    values = np.where(np.isnan(single), total, single)
    return values, np.where(np.isnan(values), unknown, "reported")
