"""A report of a whole territory against the reports of its parts.

Counts are not negative, so the parts at hand are a lower bound of the whole, and what the whole has beyond them is the
most that missing parts can hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

import numpy as np
import pandas as pd

from ..matrix import Matrix
from .rules import DATA

LEVELS = DATA["levels"]


def level_findings(found: Matrix) -> Iterator[tuple]:
    """Findings for every report of a whole with a part in the corpus."""
    if not {"level", "division_code"} <= set(found.reports.columns):
        return
    reports = found.reports.astype({"level": "string", "division_code": "string"})
    known = (
        reports["division_code"].str.len().eq(6).fillna(False)
        & reports["year"].notna()
        & reports["level"].notna()
    )
    reports = reports[known.to_numpy(dtype=bool)]
    reports = reports[~reports.duplicated(["agency", "division_code", "year"], keep=False)]
    kinds = reports["level"].where(
        ~(
            reports["level"].eq("province")
            & reports["division_code"].str[:2].isin(LEVELS["municipalities"])
        ),
        "municipality",
    )
    for kind, parts in LEVELS["parts"].items():
        wholes = reports[
            kinds.eq(kind).to_numpy(dtype=bool)
            & reports["agency"]
            .astype("string")
            .str.endswith("人民政府")
            .fillna(False)
            .to_numpy(dtype=bool)
        ]
        if len(wholes):
            yield from _of_kind(found, reports, wholes, parts)


def _of_kind(
    found: Matrix, reports: pd.DataFrame, wholes: pd.DataFrame, parts: dict
) -> Iterator[tuple]:
    digits = parts["digits"]
    members = reports[reports["level"].isin(parts["levels"]).to_numpy(dtype=bool)]
    if not len(members):
        return
    groups = members.groupby(
        [members["division_code"].str[:digits], members["year"]], observed=True
    ).indices
    places = members.index.to_numpy()
    for i, code, year in zip(wholes.index, wholes["division_code"], wholes["year"]):
        mine = groups.get((code[:digits], year))
        if mine is not None:
            yield from _one_whole(found, i, places[mine])


Exceeding = tuple[
    str, float, float, int
]  # cell, whole, sum of the parts at hand, how many are known


def _one_whole(found: Matrix, i: int, parts: np.ndarray) -> Iterator[tuple]:
    exceeded: list[Exceeding] = []
    held: list[Exceeding] = []
    for code in LEVELS["additive"]:
        whole, values = found.values[code][i], found.values[code][parts]
        count = int(np.sum(~np.isnan(values)))
        if not isnan(whole) and count:
            (exceeded if np.nansum(values) > whole else held).append(
                (code, float(whole), float(np.nansum(values)), count)
            )
    if exceeded and not held and len(exceeded) >= LEVELS["fewest_broken"]:
        yield _finding(
            i,
            "info",
            *exceeded[0],
            f"All {len(exceeded)} sums of its {len(parts)} parts exceed it: it seems to be of its own level, not of the whole territory (汇总).",
        )
        return
    for item in exceeded:
        yield _finding(
            i,
            "warning",
            *item,
            f"The parts at hand ({item[3]} of {len(parts)} known) already exceed the whole.",
        )
    if held and not exceeded:
        code, whole, low, count = held[0]
        text = f"The parts at hand ({count} of {len(parts)} known) are a lower bound; parts that are missing can hold at most {whole - low:g}."
        yield _finding(i, "info", code, whole, low, count, text)


def _finding(
    i: int, severity: str, code: str, whole: float, low: float, count: int, text: str
) -> tuple:
    message = f"{code}: the whole territory has {whole:g}, its parts together {low:g}. {text}"
    return i, "levels.parts", "cross_year", severity, low, whole, whole - low, code, message, ""
