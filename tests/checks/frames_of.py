"""Tidy frames of records, in the columns that checks and indicators use."""

from __future__ import annotations

import pandas as pd

from govdisclosure.model import Record


def frames_of(records: list[Record]) -> dict[str, pd.DataFrame]:
    """``cells``, ``reports`` and ``narrative`` as the package gives them."""
    cells, reports, figures = [], [], []
    for r in records:
        who = {"report_id": r.report_id, "agency": r.agency.value, "year": r.year.value}
        cells += [who | {"form": r.form} | c._asdict() for c in r.cells]
        reports.append(
            who | {"form": r.form, "level": r.level.value, "division_code": r.division_code.value}
        )
        figures += [who | f._asdict() for f in r.figures]
    categories = dict.fromkeys(("table", "row", "column", "status", "form", "unit"), "category")
    frame = pd.DataFrame(cells).astype(
        {"value": "Float64", "year": "Int16", "report_id": "string"} | categories
    )
    reports_frame = pd.DataFrame(reports).astype(
        {"year": "Int16", "report_id": "string", "level": "category", "division_code": "string"}
    )
    return {"cells": frame, "reports": reports_frame, "narrative": pd.DataFrame(figures)}
