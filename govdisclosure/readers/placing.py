"""Cells with places and spans → a Grid, under one limit for the whole document; raised characters,
what is no text, and what follows on each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from ..model import Grid, GridCell
from ..numbers import OBJECT  # what is shown and is no text
from . import limits

__all__ = ["OBJECT", "Placed", "Placer", "figure_or_mark", "raised", "runs"]
Item = TypeVar("Item")
_new = tuple.__new__

# Unicode has superscripts for these (Superscripts and Subscripts, U+2070).
_PLAIN, _HIGH = "0123456789+-=", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼"
_RAISE, _LOWER = str.maketrans(_PLAIN, _HIGH), str.maketrans(_HIGH, _PLAIN, "⁽⁾")
_BRACKETED = re.compile(r"[(（\[［〔【](.{1,4})[)）\]］〕】]")


WIDEST = 64  # columns beyond this that no cell starts in are the tail of a misprinted colspan


class Placed(NamedTuple):
    """A cell's text with the place of its top left corner (0-based) and its size."""

    text: str
    row: int
    column: int
    height: int = 1
    width: int = 1


class Placer:
    """Makes and numbers the grids of one document. Raises LimitError before rows are made equally
    long.
    """

    def __init__(self, report: str) -> None:
        self.report, self.grids, self.places = report, 0, 0

    def grid(self, cells: Iterable[Placed], full: bool = False) -> Grid:
        """A Grid of equal rows; a merged cell is one object wherever it reaches, None is where no
        cell is (``full``: a blank one).

        Where rows disagree about a merge, the cell that begins later stands.
        """
        found = list(cells)
        height = max((cell.row + cell.height for cell in found), default=0)
        width = max((cell.column + cell.width for cell in found), default=0)
        if width > WIDEST:
            width = max(WIDEST, *(cell.column + 1 for cell in found))
        self.places += height * width
        limits.check(self.report, "table cells", self.places, limits.CELLS)
        self.grids += 1
        name = f"table {self.grids}"

        def made(text: str, row: int, column: int, tall: int = 1, wide: int = 1) -> GridCell:
            where = f"{name}, row {row + 1}, column {column + 1}"
            return _new(GridCell, (text, where, row, column, tall, min(wide, width - column), None))

        grid = laid(height, width, (made(*cell) for cell in found), name)
        if not full:
            return grid
        lines = (
            tuple(cell or made("", row, column) for column, cell in enumerate(line))
            for row, line in enumerate(grid.rows)
        )
        return grid._replace(rows=tuple(lines))


def laid(height: int, width: int, cells: Iterable[GridCell], where: str) -> Grid:
    """The Grid of cells with places; one that comes later stands over those before it."""
    rows: list[list[GridCell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        _, _, row, column, tall, wide, _ = cell
        for line in rows[row : row + tall]:
            line[column : column + wide] = [cell] * wide
    return Grid(tuple(map(tuple, rows)), where)


def runs(items: Iterable[Item], together: Callable[[list[Item], Item], bool]) -> list[list[Item]]:
    """The items in order, in lists that go on as long as the next one belongs to what the list
    holds.
    """
    found: list[list[Item]] = []
    for item in items:
        if found and together(found[-1], item):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def raised(text: str) -> str:
    """A raised (or lowered) run in raised brackets, so that a note's mark is never a digit of a
    figure.

    A superscript character that somebody typed is left as it is: it is not known to be a note.

    >>> raised("1"), raised("[2]"), raised("注3"), raised("①")
    ('⁽¹⁾', '[2]', '⁽注³⁾', '①')
    """
    if bracketed := _BRACKETED.fullmatch(text.strip()):
        return f"[{bracketed[1]}]"
    high = text.translate(_RAISE)
    return f"⁽{high}⁾" if high != text else text


def figure_or_mark(text: str) -> str:
    """The text of a cell: one that holds a raised figure alone holds a figure, no note.

    >>> figure_or_mark("⁽²⁶⁾"), figure_or_mark("39⁽¹⁾")
    ('26', '39⁽¹⁾')
    """
    plain = text.translate(_LOWER) if text.startswith("⁽") else text
    return plain if plain.isdigit() and raised(plain) == text else text
