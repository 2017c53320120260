"""What several notebooks need before their analysis: the balanced part of a panel, who lies inside whom, totals, intervals."""

from __future__ import annotations

from .panel import balanced, nested, resampled, totals, years_text

__all__ = ["balanced", "nested", "resampled", "totals", "years_text"]
