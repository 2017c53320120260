"""What several notebooks need before their analysis: totals, the balanced part of a panel, who lies
inside whom, intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations, groupby

import numpy as np
import pandas as pd

from .matrix import KNOWN
from .overlap import part_of


def totals(view: pd.DataFrame, row: str, column: str, total: str = "total") -> pd.DataFrame:
    """One row per report × `row`: value (Float64), where printed, else the sum of its printed
    parts.

    `view`: one of the corpus's table frames. `origin`: 'printed', 'added', or the state of the
    total (blank, not_applicable, unreadable, absent) where there is no value. A part that is
    unreadable or absent leaves the sum open; blank parts are left out of it (上海市政府办公厅 2019 leaves
    19 totals blank, and its parts add up).
    """
    plain = view.assign(**{c: view[c].astype("string") for c in (row, column, "status")})
    keys = ["report_id", row]
    known = plain["status"].isin(KNOWN)
    parts = plain[column] != total
    added = plain[parts & known].groupby(keys)["value"].sum(min_count=1)
    open_ = plain[parts & plain["status"].isin(("unreadable", "absent"))].groupby(keys).size()
    head = plain[~parts].drop_duplicates(keys).set_index(keys)
    added = added.drop(open_.index, errors="ignore").reindex(head.index)
    printed = head["value"].where(head["status"].isin(KNOWN))
    out = head[["agency", "year", "form"]].assign(value=printed.fillna(added))
    out["origin"] = head["status"].where(printed.isna(), "printed")
    out.loc[printed.isna() & added.notna(), "origin"] = "added"
    return out.reset_index()


def balanced(frame: pd.DataFrame, value: str = "value") -> pd.DataFrame:
    """The rows of the agencies that have `value` in every year of one run of years: the largest
    such rectangle.

    `frame`: agency, year and `value`; several rows an agency and year must all be known. Of all
    runs of two or more consecutive years the one with most agencies × years is taken (the longer
    one where two tie); empty where there is none.

    >>> rows = pd.DataFrame({"agency": ["a", "a", "a", "b", "b"], "year": [1, 2, 3, 2, 3], "value": 1.0})
    >>> balanced(rows)[["agency", "year"]].values.tolist()
    [['a', 2], ['a', 3], ['b', 2], ['b', 3]]
    """
    rows = frame.dropna(subset=["agency", "year"]).assign(agency=lambda f: f["agency"].astype(str))
    known = rows.assign(known=rows[value].notna()).groupby(["agency", "year"])["known"].all()
    table = known.unstack(fill_value=False).astype(bool)
    years = [int(y) for y in table.columns]
    runs = [years[i : j + 1] for i, j in combinations(range(len(years)), 2)]

    def size(run: list[int]) -> tuple:
        complete = int(table[run].all(axis=1).sum())
        return complete * len(run), len(run) * bool(complete), run

    best = max((run for run in runs if run[-1] - run[0] == len(run) - 1), key=size, default=[])
    agencies = table.index[table[best].all(axis=1)]
    return rows[rows["agency"].isin(agencies) & rows["year"].isin(best)]


def nested(reports: pd.DataFrame) -> pd.Series:
    """Whether a report lies inside another of the same year: a district, or a bureau, inside its
    city's own report.

    `reports`: report_id, level, division_code, year, agency (rules:
    `govdisclosure.overlap.part_of`). Returns booleans.
    """
    return part_of(reports).notna().astype(bool)


def resampled(
    parts: pd.DataFrame, statistic: Callable[[pd.DataFrame], float], *, draws: int = 1000
) -> tuple[float, float]:
    """95 % interval of a statistic when whole agencies are drawn again with replacement.

    `parts`: one row an agency. The same draws at every run (seed 0). (NaN, NaN) with fewer than
    three agencies: two agencies say nothing on how agencies differ.

    >>> resampled(pd.DataFrame({"change": [1.0, 1.0, 1.0]}), lambda p: p["change"].mean())
    (1.0, 1.0)
    """
    if len(parts) < 3:
        return float("nan"), float("nan")
    chance = np.random.default_rng(0)
    found = [
        statistic(parts.iloc[chance.integers(0, len(parts), len(parts))]) for _ in range(draws)
    ]
    low, high = np.nanpercentile(np.asarray(found, dtype=float), [2.5, 97.5])
    return float(low), float(high)


def years_text(years: Iterable) -> str:
    """Years in words; '' where there is none.

    >>> years_text([2019, 2023, 2024, 2021, 2025])
    '2019, 2021, 2023–2025'
    """
    known = sorted({int(year) for year in years if not pd.isna(year)})
    runs = [
        [year for _, year in run]
        for _, run in groupby(enumerate(known), lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
