"""How a table of a known shape is filled: the way from its written cells to the cells of the form, kept and gone again.

The first table of a shape is read in full. The second is read in full too, and each step that put a text somewhere is
written down; later ones take those steps. Where a step hung on figures (two lines that claim one row, cells that are
copies of each other) nothing is kept, and such tables are read in full each time.
"""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

from ..forms import Form, Table, row_unit
from ..model import Cell, Grid
from ..normalize import Memory
from ..shapes import KEPT
from .fill import COUNTS, Filled, Step, is_money, read_cell
from .lines import Value
from .parts import Part

_new = tuple.__new__
_PLANS = Memory(None, KEPT)


class Plan(NamedTuple):
    """The form of a table and the way each of its texts goes; ``at`` counts the written cells of its grids.

    ``counts``: (at, table, row, column, unit, key of the cell, where); ``amounts`` of money: (at, where, row, column,
    header); ``asides``, for which the form has no cell: (at, where, row, column, reason).
    """

    form: Form
    table: Table
    counts: list[tuple]
    amounts: list[tuple]
    asides: list[tuple]

    def fill(self, parts: list[Part]) -> Filled:
        """What reading ``parts`` in full comes to."""
        texts = [text for grid in _grids(parts) for text in chain.from_iterable(grid.written)]
        filled = Filled(self.table)
        cells = filled.cells
        for at, table, row, column, unit, key, where in self.counts:
            text = texts[at]
            figure, status = COUNTS[text]
            cells[key] = _new(
                Cell, (table, row, column, figure, unit, status, text, where, "text", None)
            )
        for at, where, row, column, header in self.amounts:
            cells[row.key, column.key] = read_cell(
                Value(texts[at], where), self.table, row, column, header
            )
        for at, where, row, column, reason in self.asides:
            filled.aside(Value(texts[at], where), row, column, reason)
        return filled


def key_of(table: str, preferred: str, inside: list[Part], outside: list[Part]) -> tuple | None:
    """All that a plan hangs on; None where a grid has no shape, or one that is new."""
    parts = [(part.grid.shape, part.grid.where, *part.span) for part in (*inside, *outside)]
    if any(shape is None or shape.seen < 2 for shape, *_ in parts):
        return None
    return table, preferred, len(inside), *parts


def known(key: tuple | None) -> Plan | None:
    """The plan kept under a key."""
    return _PLANS.get(key) if key else None


def keep(key: tuple | None, form: Form, filled: Filled, parts: list[Part]) -> None:
    """Keep the steps that ``filled`` wrote down, where they hang on no figure."""
    if key is None or not filled.settled:
        return
    places = _places(_grids(parts))
    steps = [*filled.steps, *filled.put_aside]
    if any(places.get(step.value.where, (0, None))[1] != step.value.text for step in steps):
        return
    at = {where: index for where, (index, _) in places.items()}
    money = [step for step in filled.steps if is_money(step.row, step.column)]
    counts = [
        _count(at, filled.table, step)
        for step in filled.steps
        if not is_money(step.row, step.column)
    ]
    amounts, asides = (
        [(at[v.where], v.where, *rest) for v, *rest in found] for found in (money, filled.put_aside)
    )
    _PLANS.keep(key, Plan(form, filled.table, counts, amounts, asides))


def _count(at: dict[str, int], table: Table, step: Step) -> tuple:
    row, column, where = step.row, step.column, step.value.where
    return (
        at[where],
        table.key,
        row.key,
        column.key,
        row_unit(row, column),
        (row.key, column.key),
        where,
    )


def _grids(parts: list[Part]) -> list[Grid]:
    """The grids of parts, each once, in order."""
    return list({id(part.grid): part.grid for part in parts}.values())


def _places(grids: list[Grid]) -> dict[str, tuple[int, str]]:
    """Where each written cell was printed: {where: (its number, its text)}; {} where writing and grid differ."""
    found: dict[str, tuple[int, str]] = {}
    start = 0
    for grid in grids:
        for number, (row, line) in enumerate(zip(filter(None, grid.written), grid.rows)):
            first = {
                cell.where: cell.text for cell in line if cell is not None and cell.row == number
            }
            if any(a != b for a, b in zip(row, first.values())):
                return {}
            found.update(
                {where: (start + i, text) for i, (where, text) in enumerate(first.items())}
            )
            start += len(row)
    return found
