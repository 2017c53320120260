"""Writes annual reports in the file formats and layouts that real reports come in.

For tests, benchmarks and `data/`, which all need the same thing and must not need one another; no part of the
installed package, and it knows nothing of how reports are read (only the labels in `govdisclosure.forms`).

A report is written in three steps, each plain data: `sheets` (which rows, columns, labels and printed texts),
`tables` (cells with spans), and one module a format: `html`, `docx`, `markdown`, `dumps`.
"""

from __future__ import annotations

from .model import Block, Cell, Paper, Table, paper_of
from .sheets import Column, Part, Row, Sheet, sheets_of
from .tables import lay_out

__all__ = [
    "Block",
    "Cell",
    "Column",
    "Paper",
    "Part",
    "Row",
    "Sheet",
    "Table",
    "lay_out",
    "paper_of",
    "sheets_of",
]
