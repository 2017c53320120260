"""Rows of cells with spans → a Grid, by the HTML table model (HTML Living Standard §4.9.12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..model import Grid, GridCell, GridRows
from .limits import CELLS, check

_new = tuple.__new__
_WIDEST = 64  # columns beyond this that no cell starts in are the tail of a misprinted colspan

Lines = list[list[GridCell | None]]
Spans = (
    list[tuple[int, int]] | None
)  # rowspan, colspan of each cell of a row as written; None where none is merged


class Placed:
    """A cell (``text``, first ``row``, first ``column``) in one row; ``columns`` it covers there."""

    __slots__ = ("text", "row", "column", "columns")

    def __init__(self, text: str, row: int, column: int, columns: list[int] | None = None) -> None:
        self.text, self.row, self.column, self.columns = text, row, column, columns or []

    def here(self, columns: Iterable[int]) -> Placed:
        """The same cell in another row."""
        return Placed(self.text, self.row, self.column, list(columns))

    def reaches_below(self, rows: list[list[Placed]], row: int) -> bool:
        """Whether it goes on in the row after `row`."""
        below = rows[row + 1] if row + 1 < len(rows) else []
        return any((cell.row, cell.column) == (self.row, self.column) for cell in below)


class _Room:
    """Counts the places of one grid against the limit of its document; ``most``: the largest count."""

    __slots__ = ("report", "before", "most")

    def __init__(self, report: str, before: int) -> None:
        self.report, self.before, self.most = report, before, 0

    def take(self, places: int) -> None:
        if places > self.most:
            self.most = places
            check(self.report, "table cells", self.before + places, CELLS)


class GridMaker:
    """Numbers the grids of one document and keeps their cells, spans expanded, under one limit."""

    def __init__(self, report: str) -> None:
        self.report, self.cells, self.grids = report, 0, 0

    def grid(
        self,
        rows: list[list[str]],
        spans: list[Spans],
        group_ends: list[int] | None = None,
    ) -> Grid:
        """A Grid of rows of texts. Spans are cut at the end of their group (rowspan 0 reaches there) and of the table.

        Raises LimitError when the document's grids hold too many cells.
        """
        where, room = self._next()
        placed = self._counted(_finished(_expand(rows, spans, group_ends or [], where, room)), room)
        return Grid(placed, where)

    def placed(self, rows: list[list[Placed]]) -> Grid:
        """A Grid of rows whose cells already know their columns. Raises LimitError as `grid`."""
        where, room = self._next()
        heights = Counter((cell.row, cell.column) for row in rows for cell in row)
        cells: dict[tuple[int, int], GridCell] = {}
        lines: list[list[GridCell | None]] = []
        for row in rows:
            line: list[GridCell | None] = [None] * (
                max((c for cell in row for c in cell.columns), default=-1) + 1
            )
            for cell in row:
                key = cell.row, cell.column
                if key not in cells:
                    place = f"{where}, row {len(lines) + 1}, column {cell.column + 1}"
                    cells[key] = GridCell(
                        cell.text, place, len(lines), cell.column, heights[key], len(cell.columns)
                    )
                for column in cell.columns:
                    line[column] = line[column] or cells[key]
            lines.append(line)
        return Grid(self._counted(_finished(lines), room), where)

    def _next(self) -> tuple[str, _Room]:
        self.grids += 1
        return f"table {self.grids}", _Room(self.report, self.cells)

    def _counted(self, rows: GridRows, room: _Room) -> GridRows:
        places = sum(map(len, rows))
        self.cells += places
        room.take(places)
        return rows


def _expand(
    rows: list[list[str]], spans: list[Spans], group_ends: list[int], where: str, room: _Room
) -> Lines:
    """The cells at each place of each row, as long as it is written."""
    ends = _row_ends(len(rows), group_ends)
    lines: Lines = []
    carried: dict[int, tuple[GridCell, int]] = {}
    filled = 0
    for number, row in enumerate(rows):
        line: list[GridCell | None] = [None] * (max(carried) + 1 if carried else 0)
        for column, (cell, left) in list(carried.items()):
            line[column] = cell
            if left > 1:
                carried[column] = cell, left - 1
            else:
                del carried[column]
        if not row:
            continue  # a row without cells only uses up rowspans
        at = len(lines), ends[number] - number, where
        if spans[number] is None:
            _fill(row, line, at)
        else:
            _place(row, spans[number], line, carried, at, room)
        lines.append(line)
        filled += len(line)
        room.take(filled)
    return lines


def _finished(lines: Lines) -> GridRows:
    """The rows at equal length."""
    width = _width(lines)
    return tuple(
        [
            tuple(line if len(line) == width else (line + [None] * (width - len(line)))[:width])
            for line in lines
        ]
    )


def _place(
    row: list[str], spans: Spans, line: list, carried: dict, at: tuple[int, int, str], room: _Room
) -> None:
    """Put the cells of a row into the free places of `line`; `carried` gets what reaches into later rows."""
    number, rows_left, where = at
    prefix, column, end = f"{where}, row {number + 1}, column ", 0, len(line)
    for text, (rowspan, colspan) in zip(row, spans):
        while column < end and line[column] is not None:
            column += 1
        if rowspan == 1 == colspan:
            cell = _new(GridCell, (text, f"{prefix}{column + 1}", number, column, 1, 1, None))
            if column < end:
                line[column] = cell
            else:
                line.append(cell)
                end += 1
            column += 1
            continue
        cell = GridCell(
            text,
            f"{prefix}{column + 1}",
            number,
            column,
            min(rowspan or rows_left, rows_left),
            colspan,
        )
        room.take(column + colspan)
        _spread(cell, line, carried)
        column, end = column + colspan, len(line)


def _fill(row: list[str], line: list, at: tuple[int, int, str]) -> None:
    """Put a row without merged cells into the free places of `line`."""
    number, _, where = at
    prefix, taken = f"{where}, row {number + 1}, column ", len(line)
    free = [column for column, cell in enumerate(line) if cell is None]
    inside = len(free)
    free += range(taken, taken + len(row) - inside)
    # tuple.__new__: half the time of the constructor, and most cells come here
    cells = [
        _new(GridCell, (text, f"{prefix}{column + 1}", number, column, 1, 1, None))
        for text, column in zip(row, free)
    ]
    for column, cell in zip(free[:inside], cells):
        line[column] = cell
    line += cells[inside:]


def _spread(cell: GridCell, line: list, carried: dict) -> None:
    """Put a merged cell into every free place it covers."""
    line += [None] * (cell.column + cell.colspan - len(line))
    for place in range(cell.column, cell.column + cell.colspan):
        if line[place] is None:
            line[place] = cell
            if cell.rowspan > 1:
                carried[place] = (cell, cell.rowspan - 1)


def _row_ends(count: int, group_ends: list[int]) -> list[int]:
    """For each row the number of the row its group ends before."""
    ends, start = [], 0
    for end in [*group_ends, count]:
        if end > start:
            ends += [end] * (end - start)
            start = end
    return ends


def _width(lines: list[list[GridCell | None]]) -> int:
    width = max(map(len, lines), default=0)
    if width <= _WIDEST:
        return width
    starts = max(cell.column for line in lines for cell in line if cell) + 1
    return max(starts, min(width, _WIDEST))
