"""Cells of many reports as one matrix, report × code, for what computes with a few cells of each report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

KNOWN = ("reported", "imputed")
# It stands in a sum that does not add up, or is no possible count.
DISPUTED = "disputed (error finding)"
BEFORE, NO_REPORT = "@-1", "no report of the previous year"
# （六）其他处理: one row (form of 2019, or the misprint of 2021) or three; the first way that is wholly known counts.
EITHER = {"other": (("other_handling",), ("other_uncorrected", "other_fee_unpaid", "other_other"))}


@dataclass
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

    @cached_property
    def previous(self) -> np.ndarray:
        """For each report the position of the report of the same agency for the year before, at the same level where both
        are known; -1 where there is not exactly one."""
        known = pd.DataFrame({"agency": self.agency_keys(), "year": self.reports["year"]})
        known["position"] = np.arange(len(known))
        known["level"] = self.reports.get("level", pd.NA)
        single = known.dropna(subset=["agency", "year"])
        single = single.drop_duplicates(["agency", "year"], keep=False)
        year_after = single.assign(year=single["year"] + 1)
        pairs = single.merge(year_after, on=["agency", "year"], suffixes=("", "_before"))
        levels = pairs[["level", "level_before"]].astype("string")
        pairs = pairs[levels["level"].eq(levels["level_before"]).fillna(True)]
        positions = np.full(len(known), -1)
        positions[pairs["position"]] = pairs["position_before"]
        return positions

    def term(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        """(values, statuses) of a code for every report: '-' before it turns the sign, '@-1' behind it asks the previous year."""
        values, statuses = self.values[code_of(term)], self.statuses[code_of(term)]
        if term.endswith(BEFORE):
            there = self.previous >= 0
            values = np.where(there, values[self.previous], np.nan)
            statuses = np.where(there, statuses[self.previous], NO_REPORT)
        return (-values if term.startswith("-") else values), statuses


def code_of(term: str) -> str:
    """The code of a term.

    >>> code_of("-proactive.rules.in_force@-1")
    'proactive.rules.in_force'
    """
    return term.lstrip("-").removesuffix(BEFORE)


def matrix(
    cells: pd.DataFrame,
    terms: Iterable[str],
    reports: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
) -> Matrix:
    """The cells of ``terms`` ('table.row.column', 'requests.other.…' for （六）) of every report in the tidy frame ``cells``.

    ``reports`` adds level and division_code to the facts about each report where it has them. With ``findings``, cells on
    which a finding of severity error stands are unknown, their status is ``DISPUTED``.
    """
    wanted = list(dict.fromkeys(map(code_of, terms)))
    plain = list(dict.fromkeys(p for code in wanted for way in _ways(code) for p in way))
    facts = cells.drop_duplicates("report_id")[["report_id", "agency", "year", "form"]]
    facts = facts.reset_index(drop=True)
    if reports is not None:
        more = reports[["report_id", *reports.columns.intersection(["level", "division_code"])]]
        facts = facts.merge(more.drop_duplicates("report_id"), on="report_id", how="left")
    found, numbers = _select(cells, plain)
    rows = pd.Index(facts["report_id"]).get_indexer(found["report_id"])
    shape = (len(plain), len(facts))
    values, status = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    known = found["status"].isin(KNOWN).to_numpy()
    figures = found["value"].to_numpy(dtype=float, na_value=np.nan)
    values[numbers, rows] = np.where(known, figures, np.nan)
    status[numbers, rows] = found["status"].astype(object).to_numpy()
    result = Matrix(facts, dict(zip(plain, values)), dict(zip(plain, status)))
    if findings is not None:
        _dispute(result, findings)
    for code in wanted:
        if code not in result.values:
            result.values[code], result.statuses[code] = _either(result, code)
    return result


def _ways(code: str) -> list[list[str]]:
    """The ways in which a code is printed, each the codes of cells that add up to it."""
    table, row, column = code.split(".")
    return [[f"{table}.{r}.{column}" for r in way] for way in EITHER.get(row, ((row,),))]


def _select(cells: pd.DataFrame, codes: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows of ``cells`` that are one of ``codes``, and which."""
    parts = pd.DataFrame([code.split(".") for code in codes], columns=["table", "row", "column"])
    found = cells
    for name in parts:
        found = found[found[name].isin(parts[name])]
    table, row, column = (found[name].astype("string") for name in parts)
    numbers = pd.Index(codes).get_indexer(table + "." + row + "." + column)
    return found[numbers >= 0], numbers[numbers >= 0]


def _dispute(found: Matrix, findings: pd.DataFrame) -> None:
    """Which cell of a broken sum is wrong the sum does not say, so none of its cells is surely known."""
    errors = findings[findings["severity"].isin(["error"])]
    rows = pd.Index(found.reports["report_id"]).get_indexer(errors["report_id"])
    for row, cells in zip(rows, errors["cells"].fillna("")):
        for code in cells.split() if row >= 0 else ():
            if code in found.values:
                found.values[code][row], found.statuses[code][row] = np.nan, DISPUTED


def _either(found: Matrix, code: str) -> tuple[np.ndarray, np.ndarray]:
    """Values and states of a code that is printed as one row or as several."""
    (one,), several = _ways(code)
    single, status = found.values[one], found.statuses[one]
    values = np.where(np.isnan(single), np.sum([found.values[c] for c in several], axis=0), single)
    unknown = np.where(status == "", "some of three rows unknown", status)
    disputed = np.any([found.statuses[c] == DISPUTED for c in (one, *several)], axis=0)
    unknown = np.where(disputed, DISPUTED, unknown)
    return values, np.where(np.isnan(values), unknown, "reported")
