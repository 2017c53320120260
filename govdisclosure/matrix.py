"""Cells of many reports as one matrix, report × code, for what computes with a few cells of each
report.
"""

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
# （六）其他处理: one row (form of 2019, or the misprint of 2021), or if that is not known the sum of
# three.
EITHER = {"other": ("other_handling", "other_uncorrected", "other_fee_unpaid", "other_other")}


@dataclass
class Matrix:
    """``reports``: report_id, agency, year, form, one row a report; ``values[code]`` float arrays
    beside it, NaN unknown.
    """

    reports: pd.DataFrame
    values: dict[str, np.ndarray]
    statuses: dict[str, np.ndarray]

    def agency_keys(self) -> pd.Series:
        """One key an agency, NA where it is not named. Two places can have an agency of one name
        (鼓楼区人民政府): then the division code, where ``reports`` has one, is part of the key."""
        name = self.reports["agency"].astype("string")
        if "division_code" not in self.reports:
            return name
        code = self.reports["division_code"].astype("string")
        several = code.groupby(name).transform("nunique") > 1
        return name.where(~several.fillna(False).astype(bool), name + " " + code.fillna("?"))

    @cached_property
    def previous(self) -> np.ndarray:
        """For each report the position of the report of the same agency for the year before, at the
        same level where both are known; -1 where there is not exactly one."""
        facts = self.reports[["year"]].assign(agency=self.agency_keys())
        facts["level"] = self.reports.get("level", facts["agency"]).astype("string")
        keys = ["agency", "year"]
        single = facts.dropna(subset=keys).drop_duplicates(keys, keep=False).reset_index()
        pairs = single.merge(single.assign(year=single["year"] + 1), on=keys)
        pairs = pairs[pairs["level_x"].eq(pairs["level_y"]).fillna(True)]
        positions = np.full(len(facts), -1)
        positions[pairs["index_x"]] = pairs["index_y"]
        return positions

    def term(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        """(values, statuses) of a code for every report: '-' before it turns the sign, '@-1' behind
        it asks the previous year.
        """
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
    """The cells of ``terms`` ('table.row.column', 'requests.other.…' for （六）) of every report in
    the tidy frame ``cells``.

    ``reports`` adds level and division_code to the facts about each report where it has them. With
    ``findings``, cells on which a finding of severity error stands are unknown, their status is
    ``DISPUTED``.
    """
    wanted = dict.fromkeys(map(code_of, terms))
    plain = pd.Index(dict.fromkeys(part for code in wanted for part in _parts(code)))
    facts = cells.drop_duplicates("report_id")[["report_id", "agency", "year", "form"]]
    facts = facts.reset_index(drop=True)
    if reports is not None:
        more = reports[["report_id", *reports.columns.intersection(["level", "division_code"])]]
        facts = facts.merge(more.drop_duplicates("report_id"), on="report_id", how="left")
    ids = pd.Index(facts["report_id"])
    found = cells
    for name, own in zip(("table", "row", "column"), zip(*plain.str.split("."))):
        found = found[found[name].isin(own)]
    table, row, column = (found[name].astype("string") for name in ("table", "row", "column"))
    at = plain.get_indexer(table + "." + row + "." + column)
    found, at = found[at >= 0], at[at >= 0]
    values = np.full((len(plain), len(facts)), np.nan)
    statuses = np.full(values.shape, "", dtype=object)
    places = at, ids.get_indexer(found["report_id"])
    known = found["value"].where(found["status"].isin(KNOWN))
    values[places] = known.to_numpy(dtype=float, na_value=np.nan)
    statuses[places] = found["status"].astype(object)
    if findings is not None:
        # Which cell of a broken sum is wrong the sum does not say, so none of its cells is surely
        # known.
        errors = findings[findings["severity"].isin(["error"])].set_index("report_id")["cells"]
        broken = errors.str.split().explode().dropna()
        places = plain.get_indexer(broken), ids.get_indexer(broken.index)
        both = np.minimum(*places) >= 0
        values[places[0][both], places[1][both]] = np.nan
        statuses[places[0][both], places[1][both]] = DISPUTED
    result = Matrix(facts, dict(zip(plain, values)), dict(zip(plain, statuses)))
    for code in wanted:
        if code not in plain:
            result.values[code], result.statuses[code] = _either(result, code)
    return result


def _parts(code: str) -> list[str]:
    """The codes of the cells that stand for one: it alone, or those of `EITHER`."""
    table, row, column = code.split(".")
    return [f"{table}.{part}.{column}" for part in EITHER.get(row, (row,))]


def _either(found: Matrix, code: str) -> tuple[np.ndarray, np.ndarray]:
    """Values and states of a code that is printed as one row or as several."""
    one, *several = _parts(code)
    single, status = found.values[one], found.statuses[one]
    values = np.where(np.isnan(single), np.sum([found.values[c] for c in several], axis=0), single)
    unknown = np.where(status == "", "some of three rows unknown", status)
    disputed = np.any([found.statuses[c] == DISPUTED for c in (one, *several)], axis=0)
    unknown = np.where(disputed, DISPUTED, unknown)
    return values, np.where(np.isnan(values), unknown, "reported")
