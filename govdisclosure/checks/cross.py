"""Rules across reports (in progress): an empty frame of findings for now, with its columns."""

from __future__ import annotations

import pandas as pd

COLUMNS = ("report_id", "agency", "year", "rule", "kind", "severity", "expected", "actual", "gap", "cells", "message", "suggestion")


def check_corpus(frames) -> pd.DataFrame:
    """Findings across years and levels; not yet written."""
    return pd.DataFrame({c: pd.Series(dtype="object") for c in COLUMNS})
