"""Printed rows with their headers → the cells of the form, and a list of what could not be
placed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..forms import Column, Form, Row, Table, row_unit
from ..model import Cell, Unplaced
from ..numbers import MONEY, convert, number, readings
from ..text import label
from .rows import Leaf, Printed
from .sections import Slot

Key = tuple[str, str]
_new = tuple.__new__


class Filled:
    """The cells of one table of a form, by (row, column), and the figures that found no cell."""

    def __init__(self, form: Form, key: str) -> None:
        self.form, self.table = form, form.table(key)
        self.cells: dict[Key, Cell] = {}
        self.unplaced: list[Unplaced] = []
        self.twice: list[str] = []  # rows printed twice with different figures

    def put(self, row: Row, leaf: Leaf, slot: Slot, source: str = "text") -> None:
        """Fill one cell, or keep the figure aside where the form has no such cell."""
        if leaf.key in self.table.columns_of(row):
            cell = _read(slot, self.table, row, self.table.column(leaf.key), leaf.text)
            own = cell if source == "text" else cell._replace(source=source)
            self.cells[row.key, leaf.key] = own
        else:
            reason = "subtotal" if leaf.key == "subtotal" else "extra_column"
            self.aside([slot], row.key, leaf.key or leaf.text, reason)

    def aside(self, slots: list[Slot], row: str, column: str, reason: str) -> None:
        """Keep figures that were printed but have no place, so that no number is lost in
        silence.
        """
        self.unplaced += listed(slots, reason, self.table.key, row, column)

    def unreadable(self, row: Row, columns: Iterable[str], slots: list[Slot], where: str) -> None:
        """Something was printed, but which of these cells is which is not settled."""
        text = " | ".join(s.text for s in slots)
        for column in columns:
            self.cells[row.key, column] = self._without(row, column, "unreadable", text, where)

    def in_order(self) -> Iterator[Cell]:
        """Every cell in form order; optional rows only where they are printed."""
        printed = {row for row, _ in self.cells}
        for row in self.table.rows:
            if row.key in printed or not row.optional:
                for column in self.table.columns_of(row):
                    cell = self.cells.get((row.key, column))
                    yield cell or self._without(row, column, "absent", "", "")

    def _without(self, row: Row, column: str, status: str, text: str, where: str) -> Cell:
        unit = row_unit(row, self.table.column(column))
        return Cell(self.table.key, row.key, column, None, unit, status, text, where)


def listed(
    slots: Iterable[Slot], reason: str, table: str = "", row: str = "", column: str = ""
) -> list[Unplaced]:
    """The figures among slots, as what found no cell."""
    return [
        Unplaced(table, row, column, float(value), slot.text, slot.where, reason)
        for slot in slots
        if (value := number(slot.text).value) is not None
    ]


def _read(slot: Slot, table: Table, row: Row, column: Column, header: str) -> Cell:
    """A cell from its printed text. Amounts are converted to the form's unit; an amount of money is
    no count.
    """
    reading = readings[slot.text]
    status, amount = reading.status, reading.value
    unit = row.unit or column.unit
    if amount is not None and (row.kind or column.kind) == "money":
        words = label(header).full if column.kind == "money" else ""
        stated = (known for known in ("亿元", "万元", "元") if words.endswith(known))
        printed = reading.unit or next(stated, unit)
        if printed in MONEY and column.money_unit:
            amount, unit = convert(amount, printed, column.money_unit), column.money_unit
        elif printed is not None:
            amount, status = None, "unreadable"
    elif amount is not None and reading.unit in MONEY:
        amount, status = None, "unreadable"
    value = None if amount is None else float(amount)
    source = "text" if slot.confidence is None else "ocr"
    return _new(Cell, (table.key, row.key, column.key, value, unit, status, slot.text, slot.where, source, slot.confidence))  # fmt: skip


def fill_line(filled: Filled, line: Printed) -> None:
    """One row into its cells: by order where header and row have as many cells, else by x."""
    if not line.chosen:
        _keep_aside(filled, line)
        return
    row, slots, header = filled.table.row(line.chosen), line.slots, line.header
    columns = filled.table.columns_of(row)
    # a row of one column needs no header
    bare = (Leaf(columns[0], ""),) if len(columns) == len(slots) == 1 else ()
    leaves = line.leaves if any(leaf.key for leaf in line.leaves) else bare
    shared = any(s.shared and readings[s.text].value is not None for s in slots)
    sure = leaves and not shared and line.note != "does_not_fit"
    if sure and len(leaves) == len(slots):
        for leaf, slot in zip(leaves, slots):
            filled.put(row, leaf, slot, line.source)
    elif sure and header and header.by_x and not header.carried:
        over = [header.over(slot) for slot in slots]
        for leaf in leaves:
            here = [slot for slot, at in zip(slots, over) if leaf in at]
            alone = all(len(at) == 1 for at in over if leaf in at)
            # a merged cell, or its copies
            one = len({slot.text for slot in here if slot.text}) <= 1
            best = max(here, key=lambda slot: bool(slot.text), default=None)
            if best and one and (alone or number(best.text).value is None):
                filled.put(row, leaf, best)
            elif best and leaf.key in columns:
                filled.unreadable(row, [leaf.key], here, best.where)
        loose = [slot for slot, at in zip(slots, over) if len(at) != 1]
        filled.aside(loose, row.key, "", "does_not_fit")
    elif slots:
        named = leaves and not line.note
        own = [x.key for x in leaves if x.key in columns] if named else list(columns)
        filled.unreadable(row, own, slots, line.where)
        filled.aside(slots, row.key, "", "does_not_fit")


def _keep_aside(filled: Filled, line: Printed) -> None:
    """Sub-totals keep the code of their group; other rows keep their label as printed."""
    row, reason = line.label, "extra_row"
    groups = [match.key for match in line.matches if match.kind == "group"]
    if line.kind == "subtotal" or line.kind == "group" and groups:
        row, reason = (*groups, "subtotal")[0], "subtotal"
    if line.note == "repeated":
        reason = "repeated"
    if not line.label:
        reason = "no_label"
    columns = [leaf.key or leaf.text for leaf in line.leaves]
    if len(columns) != len(line.slots):
        columns = [""] * len(line.slots)
    for slot, column in zip(line.slots, columns):
        filled.aside([slot], row, column, reason)
