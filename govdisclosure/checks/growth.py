"""Growth printed in the prose, read with a confidence of 0.8 and more, against the tables of two years."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..matrix import Matrix
from .rules import CONFIDENT, DATA

GROWTH = DATA["growth"]
BASES = GROWTH["bases"]


def growth_findings(
    found: Matrix, before: np.ndarray, narrative: pd.DataFrame | None
) -> Iterator[tuple]:
    """A printed change of the number of requests that no pair of totals gives."""
    if narrative is None or not len(narrative):
        return
    printed = narrative[
        narrative["indicator"].eq("requests_growth").to_numpy(dtype=bool)
        & narrative["value"].notna().to_numpy(dtype=bool)
        & _confident(narrative)
    ]
    places = pd.Index(found.reports["report_id"]).get_indexer(printed["report_id"])
    for i, value, section in zip(places, printed["value"].astype(float), printed["section"]):
        if i < 0 or before[i] < 0:
            continue
        rates = [r for base in BASES if (r := _rate(found, i, before[i], base)) == r]
        if not rates or any(
            abs(r - value) <= max(GROWTH["tolerance"], GROWTH["relative"] * abs(value))
            for r in rates
        ):
            continue
        message = f"The prose of section {section} gives a change of {value:g} %, the tables of the two years {rates[0]:.2f} % (新收)."
        yield (
            i,
            "narrative.requests_growth",
            "narrative",
            "warning",
            round(rates[0], 4),
            value,
            value - rates[0],
            " ".join(BASES[0]),
            message,
            "",
        )


def _confident(narrative: pd.DataFrame) -> np.ndarray:
    """Rows read surely; figures typed by hand have no confidence and count."""
    if "confidence" not in narrative:
        return np.ones(len(narrative), dtype=bool)
    return narrative["confidence"].astype("Float64").fillna(1.0).ge(CONFIDENT).to_numpy(dtype=bool)


def _rate(found: Matrix, i: int, j: int, base: list[str]) -> float:
    now, then = (sum(found.values[code][k] for code in base) for k in (i, j))
    return 100 * (now / then - 1) if then else np.nan
