"""Cells of many reports as one matrix, report × code, for what computes with a few cells of each
report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd

KNOWN = ("reported", "imputed")
# It stands in a sum that does not add up, or is no possible count.
DISPUTED = "disputed (error finding)"
PLACE = ["level", "division_code"]  # of a report's agency, where the frame of reports has them
BEFORE, NO_REPORT = "@-1", "no report of the previous year"
# （六）其他处理: one row (form of 2019, or the misprint of 2021), or if that is not known the sum of
# three.
EITHER = {"other": ("other_handling", "other_uncorrected", "other_fee_unpaid", "other_other")}


@dataclass
class Matrix:
    """``reports``: report_id, agency, year, form, level, division_code, one row a report;
    ``values[code]`` float arrays beside it, NaN unknown.
    """

    reports: pd.DataFrame
    values: dict[str, np.ndarray]
    statuses: dict[str, np.ndarray]

    def agency_keys(self) -> pd.Series:
        """One key an agency, NA where it is not named. Two places can have an agency of one name
        (鼓楼区人民政府): then the division code, where ``reports`` has one, is part of the key."""
        name, code = self.reports["agency"].astype("string"), self.reports["division_code"]
        several = code.groupby(name).transform("nunique") > 1
        return name.where(~several.fillna(False).astype(bool), name + " " + code.fillna("?"))

    @cached_property
    def previous(self) -> np.ndarray:
        """For each report the position of the report of the same agency for the year before, at the
        same level where both are known; -1 where there is not exactly one."""
        facts = self.reports[["year", "level"]].assign(agency=self.agency_keys())
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
        values, statuses = self._cells(code_of(term))
        if term.endswith(BEFORE):
            there = self.previous >= 0
            values = np.where(there, values[self.previous], np.nan)
            statuses = np.where(there, statuses[self.previous], NO_REPORT)
        return (-values if term.startswith("-") else values), statuses

    def years(self, terms: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The sum of some terms in the year, and in the year before."""
        now, then = (
            np.sum([self.term(term + time)[0] for term in terms], axis=0) for time in ("", BEFORE)
        )
        return now, then

    def _cells(self, code: str) -> tuple[np.ndarray, np.ndarray]:
        """Values and states of a code, which may be printed as one row or as several."""
        if code in self.values:
            return self.values[code], self.statuses[code]
        parts = _parts(code)
        single, *several = (self.values[part] for part in parts)
        statuses = [self.statuses[part] for part in parts]
        values = np.where(np.isnan(single), sum(several), single)
        unknown = np.where(statuses[0] == "", "some of three rows unknown", statuses[0])
        unknown[np.any(np.array(statuses) == DISPUTED, axis=0)] = DISPUTED
        return values, np.where(np.isnan(values), unknown, "reported")


def code_of(term: str) -> str:
    """The code of a term.

    >>> code_of("-proactive.rules.in_force@-1")
    'proactive.rules.in_force'
    """
    return term.lstrip("-").removesuffix(BEFORE)


def _parts(code: str) -> list[str]:
    """The codes of the cells that stand for one: it alone, or those of `EITHER`."""
    table, row, column = code.split(".")
    return [f"{table}.{part}.{column}" for part in EITHER.get(row, (row,))]


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
    codes = pd.Index(dict.fromkeys(chain.from_iterable(_parts(code_of(term)) for term in terms)))
    facts = cells.drop_duplicates("report_id")[["report_id", "agency", "year", "form"]]
    more = (facts if reports is None else reports).reindex(columns=["report_id", *PLACE])
    more = more.astype("string").drop_duplicates("report_id")
    facts = facts.reset_index(drop=True).merge(more, on="report_id", how="left")
    ids = pd.Index(facts["report_id"])
    keys = pd.MultiIndex.from_frame(cells[["table", "row", "column"]])
    at = codes.str.split(".", expand=True).get_indexer(keys)
    found = cells[at >= 0]
    places = at[at >= 0], ids.get_indexer(found["report_id"])
    values = np.full((len(codes), len(facts)), np.nan)
    statuses = np.full(values.shape, "", dtype=object)
    known = found["value"].where(found["status"].isin(KNOWN))
    values[places] = known.to_numpy(dtype=float, na_value=np.nan)
    statuses[places] = found["status"].astype(object)
    if findings is not None:
        # Which cell of a broken sum is wrong the sum does not say, so none of its cells is surely
        # known.
        errors = findings[findings["severity"] == "error"].set_index("report_id")["cells"]
        broken = errors.str.split().explode().dropna()
        both = np.array([codes.get_indexer(broken), ids.get_indexer(broken.index)])
        places = tuple(both[:, both.min(axis=0) >= 0])
        values[places], statuses[places] = np.nan, DISPUTED
    return Matrix(facts, dict(zip(codes, values)), dict(zip(codes, statuses)))
