"""Notebooks run on any folder of reports, as executed notebooks and as HTML pages that need nothing but themselves."""

from __future__ import annotations

from .runner import find_notebooks, run_notebooks
from .webpage import Page

__all__ = ["Page", "find_notebooks", "run_notebooks"]
