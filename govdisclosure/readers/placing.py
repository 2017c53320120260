"""Cells with places and spans → a Grid, under one limit for the whole document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..model import Grid, GridCell
from . import limits


class Placed(NamedTuple):
    """A cell's text with the place of its top left corner (0-based) and its size."""

    text: str
    row: int
    column: int
    height: int = 1
    width: int = 1


class Placer:
    """Makes and numbers the grids of one document. Raises LimitError before rows are made equally long."""

    def __init__(self, report: str) -> None:
        self.report, self.grids, self.places = report, 0, 0

    def grid(self, cells: Iterable[Placed]) -> Grid:
        """A Grid of equal rows; a merged cell is one object wherever it reaches, None is where no cell is.

        Where rows disagree about a merge, the cell that begins later stands.
        """
        found = list(cells)
        height = max((cell.row + cell.height for cell in found), default=0)
        width = max((cell.column + cell.width for cell in found), default=0)
        self.places += height * width
        limits.check(self.report, "table cells", self.places, limits.CELLS)
        self.grids += 1
        rows: list[list[GridCell | None]] = [[None] * width for _ in range(height)]
        for cell in found:
            where = f"table {self.grids}, row {cell.row + 1}, column {cell.column + 1}"
            made = GridCell(cell.text, where, cell.row, cell.column, cell.height, cell.width)
            for line in rows[cell.row : cell.row + cell.height]:
                line[cell.column : cell.column + cell.width] = [made] * cell.width
        return Grid(tuple(map(tuple, rows)), f"table {self.grids}")
