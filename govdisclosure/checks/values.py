"""A report's cells as a flat list of values in the order of its layout; what is not known is NaN."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

from ..forms import FORMS
from ..model import Cell, Record
from .layout import Layout, Line, choose, layout, layout_of_form
from .rules import SURE

MISFITS = ("does_not_fit", "repeated")


@dataclass(slots=True)
class Values:
    """``values[i]`` and ``cells[i]`` belong to ``layout.slots[i]``; at ``zero`` stands 0, behind it stand sub-totals.

    ``known`` starts as ``values`` and then holds what the printed totals settle: ``settled`` blanks that can only be
    0, ``computed`` cells that one sum alone gives.
    """

    record: Record
    layout: Layout
    values: list[float]
    cells: list[Cell | None]
    codes: list[str] = field(default_factory=list)
    known: list[float] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)
    computed: dict[int, Line] = field(default_factory=dict)

    @property
    def zero(self) -> int:
        """Position of the constant 0."""
        return len(self.layout.slots)

    def code(self, position: int) -> str:
        """'table.row.column' of a position."""
        return ".".join(self.layout.slots[position].key) if position < self.zero else self.codes[position - self.zero - 1]

    def printed(self, position: int) -> bool:
        """Whether the document itself gives this value."""
        return position > self.zero or (self.cells[position] is not None and self.values[position] == self.values[position])

    def doubtful(self, position: int) -> bool:
        """Whether the reading of this cell is in doubt: recognised without confidence, or on a line that did not fit."""
        cell = self.cells[position] if position < self.zero else None
        if cell is None:
            return False
        unsure = cell.source == "ocr" and (cell.confidence is None or cell.confidence < SURE)
        return unsure or cell.status == "unreadable" or (cell.table, cell.row) in self.misfit_rows()

    def misfit_rows(self) -> set[tuple[str, str]]:
        """Rows with figures that did not fit their columns, or that were printed twice."""
        return {(u.table, u.row) for u in self.record.unplaced if u.reason in MISFITS}


def read_values(record: Record) -> Values | None:
    """The values of a report; None where it has no form that is known, or no cells."""
    if record.form not in FORMS or not record.cells:
        return None
    found = _filled(record, layout_of_form(record.form))
    if found is None:
        found = _filled(record, layout(choose(record.form, record.cells)), strict=False)
    _stand_in(found)
    return found


def _filled(record: Record, plan: Layout, strict: bool = True) -> Values | None:
    """Cells in their places. A reader gives them in form order, which saves looking each of them up."""
    cells: list[Cell | None] = list(record.cells)
    if [c[:3] for c in cells] == plan.order:
        cells += [None] * (len(plan.slots) - len(cells))
    else:
        cells = [None] * len(plan.slots)
        for cell in record.cells:
            position = plan.index.get(cell[:3])
            if position is not None:
                cells[position] = cell
            elif strict:
                return None
    values = [nan if c is None or c[3] is None else c[3] for c in cells]
    values.append(0.0)
    return Values(record, plan, values, cells)


def _stand_in(found: Values) -> None:
    """（六）其他处理 as one row or as three: the rows that this report does not have count nothing, they are not blanks."""
    for one, several in found.layout.stand_ins:
        gone = several if _present(found.cells[one]) else (one,)
        for position in gone:
            if not _present(found.cells[position]):
                found.values[position] = 0.0
                found.cells[position] = None


def _present(cell: Cell | None) -> bool:
    return cell is not None and cell.status != "absent"
