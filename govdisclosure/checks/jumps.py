"""Jumps of a figure against the agency's own history and its peers. Flagged as doubtful, never failed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..matrix import Matrix
from .rules import DATA

JUMPS = DATA["jumps"]
FACTOR = np.log(JUMPS["factor"])
MAD_TO_SIGMA = 1.4826  # of a normal distribution


def jump_findings(found: Matrix, before: np.ndarray) -> Iterator[tuple]:
    """One finding for each watched cell that jumped."""
    reports = found.reports
    agency = found.agency_keys().fillna("").to_numpy()
    years = reports["year"].to_numpy(dtype=float, na_value=np.nan)
    level = (
        (reports["level"] if "level" in reports else pd.Series("", index=reports.index))
        .astype("string")
        .fillna("")
        .to_numpy()
    )
    history = pd.Series(np.arange(len(reports))).groupby(agency).indices
    peers = pd.Series(np.arange(len(reports))).groupby([level, years]).indices
    for watched in JUMPS["watched"]:
        now = found.values[watched["code"]]
        then = np.where(before >= 0, now[before], np.nan)
        change = np.log((now + 1) / (then + 1))  # + 1: a zero is a figure too
        big = (np.abs(change) > FACTOR) & (np.fmax(now, then) >= watched["least"])
        for i in np.flatnonzero(big).tolist():
            earlier = [
                now[j] for j in history[agency[i]] if years[j] < years[i] and now[j] == now[j]
            ]
            usual = float(np.median(earlier))
            if abs(np.log((now[i] + 1) / (usual + 1))) <= FACTOR:
                continue
            others = np.array(
                [
                    change[j]
                    for j in peers.get((level[i], years[i]), ())
                    if j != i and change[j] == change[j]
                ]
            )
            if _usual_among(change[i], others):
                continue
            yield _finding(i, watched, now[i], then[i], usual, len(earlier), others)


def _usual_among(change: float, others: np.ndarray) -> bool:
    """Whether peers changed alike (a new way of counting, an automated procedure), where there are enough of them."""
    if len(others) < JUMPS["fewest_peers"]:
        return False
    centre = np.median(others)
    spread = MAD_TO_SIGMA * np.median(np.abs(others - centre))
    return abs(change - centre) <= max(FACTOR, JUMPS["deviations"] * spread)


def _finding(
    i: int, watched: dict, now: float, then: float, usual: float, years: int, others: np.ndarray
) -> tuple:
    factor = now / then if then else np.inf
    size = f"x {factor:.3g}" if then and now else "from 0" if now else "to 0"
    peers = (
        f"peers of its level x {np.exp(np.median(others)):.2g} (median of {len(others)})"
        if len(others)
        else "no peers to compare with"
    )
    message = f"{watched['zh']} {then:g} → {now:g} ({size}); median of its {years} earlier years {usual:g}; {peers}."
    slip = (
        now > 0
        and then > 0
        and watched["code"].endswith("amount")
        and abs(abs(np.log(factor)) - np.log(JUMPS["unit_slip"])) < np.log(2)
    )
    suggestion = (
        "About 10,000 times: perhaps 元 and 万元 were confused."
        if slip
        else "Perhaps another scope or way of counting (domain notes, size warning)."
    )
    return (
        i,
        "cross_year.jump",
        "cross_year",
        "warning",
        usual,
        now,
        now - usual,
        f"{watched['code']} {watched['code']}@-1",
        message,
        suggestion,
    )
