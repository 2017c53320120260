"""What a page stands on, in one small table."""

from __future__ import annotations

import pandas as pd

from .common import years_text

WORDS = {
    "reports": ("reports", "年报份数"), "agencies": ("agencies", "行政机关数"), "years": ("years", "年度"),
    "years_missing": ("years between without a report", "其间无年报的年度"), "failures": ("files not read", "未能读取的文件"),
    "cells": ("cells of the forms", "表格单元格"), "no_figure": ("of these without a figure", "其中无数字"),
    "errors": ("findings: does not add up", "问题：不平衡"), "warnings": ("findings: doubtful", "问题：存疑"),
}  # fmt: skip


def about(corpus, language: str = "en") -> pd.DataFrame:
    """One row a fact about the corpus: reports, agencies, years, what is missing, findings. Column: value (string)."""
    reports, status = corpus.reports, corpus.cells["status"].astype("string")
    years = {int(y) for y in reports["year"].dropna()}
    gaps = sorted(set(range(min(years), max(years) + 1)) - years) if years else []
    severity = corpus.findings["severity"].astype("string")
    facts = {
        "reports": len(reports), "agencies": reports["agency"].astype("string").nunique(), "years": years_text(reports["year"]) or "–",
        "years_missing": years_text(pd.Series(gaps, dtype=float)) or "–", "failures": len(corpus.failures), "cells": len(status),
        "no_figure": int((~status.isin(["reported", "imputed"])).sum()), "errors": int((severity == "error").sum()),
        "warnings": int((severity == "warning").sum()),
    }  # fmt: skip
    rows = [
        (WORDS[k][language == "zh"], f"{v:,}" if isinstance(v, int) else str(v))
        for k, v in facts.items()
    ]
    return pd.DataFrame([v for _, v in rows], index=[k for k, _ in rows], columns=[""])
