"""Figures from the prose of a report, each with its sentence and span: `extract`, `INDICATORS`,
`PATTERNS`, `PLATFORMS`.
"""

from .codes import INDICATORS, PATTERNS, PLATFORMS, Indicator
from .engine import extract

__all__ = ["INDICATORS", "PATTERNS", "PLATFORMS", "Indicator", "extract"]
