"""The rows of grids as the parser meets them: what is looked at before it is known which table a row belongs to."""

from __future__ import annotations

from typing import NamedTuple

from ..model import Grid
from ..normalize import Memory, label
from .grids import Row, row_of
from .lexicon import LONGEST, owners


class Looks(NamedTuple):
    """One row of a grid at first sight. ``text``: its only one ("" where there are several or none), printed at ``where``;
    ``table``: the one whose labels it shows, or "".
    """

    text: str
    where: str
    table: str


class Part:
    """Consecutive rows of one grid that belong to one table."""

    __slots__ = ("grid", "start", "end", "_rows")

    def __init__(self, grid: Grid, start: int) -> None:
        self.grid, self.start, self.end = grid, start, start
        self._rows: list[Row] = []

    @property
    def span(self) -> tuple[int, int]:
        """Its first row, and the one after its last."""
        return self.start, self.end

    @property
    def rows(self) -> list[Row]:
        """Its rows, cell by cell."""
        if not self._rows:
            self._rows = [row_of(row) for row in self.grid.rows[self.start : self.end]]
        return self._rows


def _vote(text: str) -> str:
    found = owners().get(label(text).core, ()) if 1 < len(text) <= LONGEST else ()
    return next(iter(found)) if len(found) == 1 else ""


_VOTES = Memory(_vote, 32768, LONGEST)


def vote(text: str) -> str:
    """The one table that has this label, or '' where none or several do."""
    return _VOTES[text]


def looks_of(grid: Grid) -> list[Looks]:
    """Each row of a grid at first sight, worked out once for all grids of one shape."""
    key = "looks", grid.where
    found = grid.shape.memo.get(key) if grid.shape else None
    if found is None:
        found = [_looks(row_of(row)) for row in grid.rows]
        if grid.shape and not any(
            row.text.isascii() and row.text for row in found
        ):  # a figure alone in its row is none of the shape
            grid.shape.memo[key] = found
    return found


def _looks(row: Row) -> Looks:
    filled = [cell for cell in row.cells if cell.text]
    votes = [v for cell in filled if (v := _VOTES[cell.text])]
    table = (
        max(votes, key=votes.count) if votes else ""
    )  # on a tie the leftmost, in every process alike
    return (
        Looks(filled[0].text, filled[0].where, table)
        if len(filled) == 1
        else Looks("", filled[0].where if filled else "", table)
    )
