"""What several notebooks need before their analysis: totals, the balanced part of a panel, who lies
inside whom, intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np
import pandas as pd

from .matrix import KNOWN
from .overlap import part_of

DRAWS = 1000


def totals(view: pd.DataFrame, row: str, column: str) -> pd.DataFrame:
    """One row per report × `row`: value (Float64), where printed, else the sum of its printed
    parts.

    `view`: one of the corpus's table frames. `origin`: 'printed', 'added', or the state of the
    total (blank, not_applicable, unreadable, absent) where there is no value. A part that is
    unreadable or absent leaves the sum open; blank parts are left out of it (上海市政府办公厅 2019 leaves
    19 totals blank, and its parts add up).
    """
    plain, keys = view.astype(dict.fromkeys((row, column, "status"), "string")), ["report_id", row]
    plain["open"] = plain["status"].isin(["unreadable", "absent"])
    plain["value"] = plain["value"].where(plain["status"].isin(KNOWN))
    parts = plain[plain[column] != "total"].groupby(keys)
    head = plain[plain[column] == "total"].drop_duplicates(keys).set_index(keys)
    added = parts["value"].sum(min_count=1).mask(parts["open"].any()).reindex(head.index)
    origin = head["status"].mask(added.notna(), "added").mask(head["value"].notna(), "printed")
    out = head[["agency", "year", "form"]]
    return out.assign(value=head["value"].fillna(added), origin=origin).reset_index()


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
    table = rows[value].notna().groupby([rows["agency"], rows["year"].astype(int)]).all().unstack()

    def complete(run: range) -> pd.Series:
        return table.reindex(columns=run).eq(True).all(axis=1)

    def size(run: range) -> tuple[int, int, int]:
        agencies = complete(run).sum()
        return agencies * len(run), len(run) * bool(agencies), run.start

    runs = (range(first, last + 1) for first, last in combinations(table.columns, 2))
    best = max(runs, key=size, default=range(0))
    agencies = table.index[complete(best)]
    return rows[rows["agency"].isin(agencies) & rows["year"].isin(best)]


def nested(reports: pd.DataFrame) -> pd.Series:
    """Whether a report lies inside another of the same year: a district, or a bureau, inside its
    city's own report.

    `reports`: report_id, level, division_code, year, agency (rules:
    `govdisclosure.overlap.part_of`). Returns booleans.
    """
    return part_of(reports).notna().astype(bool)


def resampled(
    parts: pd.DataFrame, statistic: Callable[[pd.DataFrame], float]
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
        statistic(parts.iloc[chance.integers(0, len(parts), len(parts))]) for _ in range(DRAWS)
    ]
    low, high = np.nanpercentile(np.asarray(found, dtype=float), [2.5, 97.5])
    return float(low), float(high)


def years_text(years: Iterable) -> str:
    """Years in words; '' where there is none.

    >>> years_text([2019, 2023, 2024, 2021, 2025])
    '2019, 2021, 2023–2025'
    """
    known = pd.Series(sorted({int(year) for year in years if not pd.isna(year)}), dtype=int)
    runs = known.groupby(known.diff().ne(1).cumsum()).agg(["min", "max"])
    return ", ".join("–".join(map(str, dict.fromkeys(run))) for run in runs.to_numpy())
