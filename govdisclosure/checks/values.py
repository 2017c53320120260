"""A report's cells as a flat list of values in the order of its layout; what is not known is NaN."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from operator import itemgetter

from ..forms import FORMS
from ..model import Cell, Record
from .layout import Layout, Line, plan
from .rules import SURE

MISFITS = ("does_not_fit", "repeated")
_KEY, _VALUE, _STATUS = (
    itemgetter(*(Cell._fields.index(n) for n in names))
    for names in (("table", "row", "column"), ("value",), ("status",))
)


@dataclass(slots=True)
class Values:
    """``values[i]`` and ``cells[i]`` belong to ``layout.slots[i]``; at ``zero`` stands 0, behind it stand sub-totals.

    ``statuses``: those of the record's cells, in its order. ``known`` starts as ``values`` and then holds what the
    printed totals settle; ``filled`` is ``known`` with 0 for what is still unknown. Masks of positions: ``blank``, not
    known as printed; ``gone``, still not known; ``settled``, blanks that can only be 0; ``given``, cells that one sum
    alone gives (``computed``: which).
    """

    record: Record
    layout: Layout
    values: list[float]
    cells: list[Cell | None]
    statuses: list[str]
    codes: list[str] = field(default_factory=list)
    known: list[float] = field(default_factory=list)
    filled: list[float] = field(default_factory=list)
    blank: int = 0
    gone: int = 0
    settled: int = 0
    given: int = 0
    computed: dict[int, Line] = field(default_factory=dict)
    unsure: frozenset[int] | None = None
    absent: frozenset[str] | None = None

    @property
    def zero(self) -> int:
        """Position of the constant 0."""
        return len(self.layout.slots)

    def code(self, position: int) -> str:
        """'table.row.column' of a position."""
        return (
            self.layout.codes[position]
            if position < self.zero
            else self.codes[position - self.zero - 1]
        )

    def printed(self, position: int) -> bool:
        """Whether the document itself gives this value."""
        return position > self.zero or (
            self.cells[position] is not None and self.values[position] == self.values[position]
        )

    def doubtful(self, positions: tuple[int, ...]) -> bool:
        """Whether the reading of one of these is in doubt: recognised without confidence, or on a line that did not fit."""
        if self.unsure is None:
            self.unsure = _unsure(self.record, self.cells)
        return not self.unsure.isdisjoint(positions)

    def missing_tables(self) -> frozenset[str]:
        """Tables of the layout without one printed cell."""
        if self.absent is None:
            self.absent = _absent(self)
        return self.absent


def _unsure(record: Record, cells: list[Cell | None]) -> frozenset[int]:
    misfits = {(u.table, u.row) for u in record.unplaced if u.reason in MISFITS}
    return frozenset(
        i for i, c in enumerate(cells)
        if c is not None and (c[5] == "unreadable" or (c[8] == "ocr" and (c[9] is None or c[9] < SURE)) or (misfits and c[:2] in misfits))
    )  # fmt: skip


def _absent(found: Values) -> frozenset[str]:
    gone = set(found.layout.tables)
    for cell in found.record.cells:
        if cell.table in gone and cell.status != "absent":
            gone.remove(cell.table)
            if not gone:
                break
    return frozenset(gone)


def read_values(record: Record) -> Values | None:
    """The values of a report; None where it has no form that is known, or no cells."""
    if record.form not in FORMS or not record.cells:
        return None
    made = plan(record.form, tuple(map(_KEY, record.cells)))
    cells: list[Cell | None] = list(record.cells)
    values = list(map(_VALUE, cells))
    size = len(made.layout.slots)
    if made.positions:
        cells, values = _put(made.positions, cells, values, size)
    else:
        cells += [None] * (size - len(cells))
        values += [None] * (size - len(values))
    if None in values:
        values = [nan if v is None else v for v in values]
    values.append(0.0)
    found = Values(record, made.layout, values, cells, list(map(_STATUS, record.cells)))
    _stand_in(found)
    found.blank = found.gone = sum([1 << p for p, v in enumerate(found.values) if v != v])
    return found


def _put(
    positions: tuple[int | None, ...], cells: list, values: list, size: int
) -> tuple[list, list]:
    """Cells and values in their places."""
    placed, figures = [None] * size, [None] * size
    for position, cell, value in zip(positions, cells, values):
        if position is not None:
            placed[position], figures[position] = cell, value
    return placed, figures


def _stand_in(found: Values) -> None:
    """（六）其他处理 as one row or as three: the rows that this report does not have count nothing, they are not blanks."""
    cells, values = found.cells, found.values
    for one, several in found.layout.stand_ins:
        if not _present(cells[one]):
            values[one], cells[one] = 0.0, None
            continue
        for position in several:
            if not _present(cells[position]):
                values[position], cells[position] = 0.0, None


def _present(cell: Cell | None) -> bool:
    return cell is not None and cell.status != "absent"
