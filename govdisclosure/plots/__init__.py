"""Figures: each function takes a tidy frame and ``ax=None``, draws in the house style and returns the Axes.

All know both languages (``language="en"`` or ``"zh"``), print units, n and source, draw bars from zero, leave gaps where
nothing was reported, and say why where there is nothing to show. The first one drawn registers the Chinese font.

>>> from govdisclosure import plots
>>> plots.outcomes.__name__
'outcomes'
"""

from __future__ import annotations

from .disputes import direct_suits, dispute_results
from .enforcement import documents_waterfall, jumps, penalties_per_licence, volume_lines, volumes
from .fonts import FontError, chinese_font, drawable
from .media import account_movements, accounts_in_operation, platforms
from .quality import cell_map, findings_map, prose_against_table, robustness
from .rates import rates
from .requests import (
    applicants,
    grounds,
    outcome_changes,
    outcomes,
    outcomes_by_year,
    request_volumes,
)

__all__ = [
    "FontError", "account_movements", "accounts_in_operation", "applicants", "cell_map", "chinese_font", "direct_suits",
    "dispute_results", "documents_waterfall", "drawable", "findings_map", "grounds", "jumps", "outcome_changes", "outcomes",
    "outcomes_by_year", "penalties_per_licence", "platforms", "prose_against_table", "rates", "request_volumes",
    "robustness", "volume_lines", "volumes",
]  # fmt: skip
