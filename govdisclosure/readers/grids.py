"""Rows of cells with spans → a Grid, by the HTML table model (HTML Living Standard §4.9.12)."""

from __future__ import annotations

from typing import NamedTuple

from ..model import Grid, GridCell
from .limits import CELLS, check

_WIDEST = 64  # columns beyond this that no cell starts in are the tail of a misprinted colspan


class RawCell(NamedTuple):
    """A cell as written. ``rowspan`` 0 reaches to the end of its group."""

    text: str
    rowspan: int = 1
    colspan: int = 1


class GridMaker:
    """Numbers the grids of one document and keeps their cells, spans expanded, under one limit."""

    def __init__(self, report: str) -> None:
        self.report, self.cells, self.grids = report, 0, 0

    def grid(self, rows: list[list[RawCell]], group_ends: list[int] | None = None) -> Grid:
        """A Grid of `rows`. Spans are cut at the end of their group and of the table.

        Raises LimitError when the document's grids hold too many cells.
        """
        self.grids += 1
        where = f"table {self.grids}"
        ends = _row_ends(len(rows), group_ends or [])
        lines: list[dict[int, GridCell]] = []
        carried: dict[int, tuple[GridCell, int]] = {}
        for number, row in enumerate(rows):
            line = {column: cell for column, (cell, _) in carried.items()}
            carried = {column: (cell, left - 1) for column, (cell, left) in carried.items() if left > 1}
            if not row:
                continue  # a row without cells only uses up rowspans
            self._place(row, line, carried, (len(lines), ends[number] - number, where))
            lines.append(line)
            self.cells += len(line)
            check(self.report, "table cells", self.cells, CELLS)
        width = _width(lines)
        self.cells += width * len(lines) - sum(map(len, lines))
        check(self.report, "table cells", self.cells, CELLS)
        return Grid(tuple([tuple([line.get(c) for c in range(width)]) for line in lines]), where)

    def _place(self, row: list[RawCell], line: dict[int, GridCell], carried: dict, at: tuple[int, int, str]) -> None:
        number, rows_left, where = at
        column, prefix = 0, f"{where}, row {number + 1}, column "
        for text, rowspan, colspan in row:
            while column in line:
                column += 1
            if rowspan != 1:
                rowspan = min(rowspan or rows_left, rows_left)
            cell = GridCell(text, f"{prefix}{column + 1}", number, column, rowspan, colspan)
            if rowspan == 1 == colspan:
                line[column] = cell
                column += 1
                continue
            check(self.report, "table cells", self.cells + len(line) + colspan, CELLS)
            for place in range(column, column + colspan):
                if place not in line:
                    line[place] = cell
                    if rowspan > 1:
                        carried[place] = (cell, rowspan - 1)
            column += colspan


def _row_ends(count: int, group_ends: list[int]) -> list[int]:
    """For each row the number of the row its group ends before."""
    ends, start = [], 0
    for end in [*group_ends, count]:
        if end > start:
            ends += [end] * (end - start)
            start = end
    return ends


def _width(lines: list[dict[int, GridCell]]) -> int:
    width = max((max(line) + 1 for line in lines if line), default=0)
    if width <= _WIDEST:
        return width
    starts = max(cell.column for line in lines for cell in line.values()) + 1
    return max(starts, min(width, _WIDEST))
