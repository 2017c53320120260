"""Printed rows with their headers → the cells of the form, and a list of what could not be placed."""

from __future__ import annotations

from ..forms import Column, Row, Table, row_unit
from ..model import Cell, Unplaced
from ..numbers import MONEY, convert, number, readings
from ..text import label
from .rows import Header, Leaf, Printed
from .sections import Slot

Key = tuple[str, str]
_new = tuple.__new__


class Filled:
    """The cells of one table, by (row, column), and the figures that found no cell."""

    def __init__(self, table: Table) -> None:
        self.table = table
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
            self.aside(slot, row.key, leaf.key or leaf.text, reason)

    def aside(self, slot: Slot, row: str, column: str, reason: str) -> None:
        """Keep a figure that was printed but has no place, so that no number is lost in silence."""
        value = number(slot.text).value
        if value is not None:
            key = self.table.key
            self.unplaced.append(
                Unplaced(key, row, column, float(value), slot.text, slot.where, reason)
            )

    def unreadable(self, row: Row, columns: list[str], slots: list[Slot], where: str) -> None:
        """The whole line was printed, but which of its cells is which is not settled."""
        text = " | ".join(s.text for s in slots)
        for key in columns:
            unit = row_unit(row, self.table.column(key))
            self.cells[row.key, key] = Cell(
                self.table.key, row.key, key, None, unit, "unreadable", text, where
            )
        for slot in slots:
            self.aside(slot, row.key, "", "does_not_fit")


def _read(slot: Slot, table: Table, row: Row, column: Column, header: str) -> Cell:
    """A cell from its printed text. Amounts are converted to the form's unit; an amount of money is no count."""
    reading = readings[slot.text]
    status, amount = reading.status, reading.value
    unit = row.unit or column.unit
    if amount is not None and (row.kind or column.kind) == "money":
        printed = reading.unit or _header_unit(header, column) or unit
        if printed in MONEY and column.money_unit:
            amount, unit = convert(amount, printed, column.money_unit), column.money_unit
        elif printed is not None:
            amount, status = None, "unreadable"
    elif amount is not None and reading.unit in MONEY:
        amount, status = None, "unreadable"
    value = None if amount is None else float(amount)
    source = "text" if slot.confidence is None else "ocr"
    return _new(Cell, (table.key, row.key, column.key, value, unit, status, slot.text, slot.where, source, slot.confidence))  # fmt: skip


def _header_unit(text: str, column: Column) -> str | None:
    """The unit that the header itself states for an amount (（单位：元）), or None."""
    words = label(text).full if column.kind == "money" else ""
    return next((unit for unit in ("亿元", "万元", "元") if words.endswith(unit)), None)


def fill_line(filled: Filled, line: Printed) -> None:
    """One row into its cells: by order where header and row have as many cells, else by x."""
    if not line.chosen:
        _keep_aside(filled, line)
        return
    row, slots, header = filled.table.row(line.chosen), line.slots, line.header
    columns = filled.table.columns_of(row)
    leaves = _own_leaves(header, columns, slots)
    shared = any(s.shared and readings[s.text].value is not None for s in slots)
    sure = leaves and not shared and line.note != "does_not_fit"
    if sure and len(leaves) == len(slots):
        for leaf, slot in zip(leaves, slots, strict=True):
            filled.put(row, leaf, slot, line.source)
    elif sure and header and header.by_x and not header.carried:
        _fill_by_x(filled, row, leaves, slots)
    elif slots:
        named = leaves and not line.note
        own = [x.key for x in leaves if x.key in columns] if named else list(columns)
        filled.unreadable(row, own, slots, line.where)


def _own_leaves(
    header: Header | None, columns: tuple[str, ...], slots: list[Slot]
) -> tuple[Leaf, ...]:
    """The columns that the header names; a row of one column needs no header."""
    leaves = header.leaves if header else ()
    if any(leaf.key for leaf in leaves):
        return leaves
    return (Leaf(columns[0], ""),) if len(columns) == len(slots) == 1 else ()


def _fill_by_x(filled: Filled, row: Row, leaves: tuple[Leaf, ...], slots: list[Slot]) -> None:
    over = {id(s): [x for x in leaves if _stands_over(s, x)] for s in slots}
    for leaf in leaves:
        here = [s for s in slots if leaf in over[id(s)]]
        if here:
            alone = all(len(over[id(s)]) == 1 for s in here)
            _fill_from(filled, row, leaf, here, alone)
    for slot in slots:
        if len(over[id(slot)]) != 1:
            filled.aside(slot, row.key, "", "does_not_fit")


def _stands_over(slot: Slot, leaf: Leaf) -> bool:
    return leaf.x0 < slot.x1 and slot.x0 < leaf.x1


def _fill_from(filled: Filled, row: Row, leaf: Leaf, here: list[Slot], alone: bool) -> None:
    """One column from the cells that stand over it; ``alone``: over no other."""
    if alone and len({s.text for s in here if s.text}) <= 1:  # a merged cell, or its copies
        here = sorted(here, key=lambda s: not s.text)[:1]
    if len(here) == 1 and (alone or number(here[0].text).value is None):
        filled.put(row, leaf, here[0])
    elif leaf.key in filled.table.columns_of(row):
        filled.unreadable(row, [leaf.key], [], here[0].where)
        key = row.key, leaf.key
        filled.cells[key] = filled.cells[key]._replace(text=" | ".join(s.text for s in here))


def _keep_aside(filled: Filled, line: Printed) -> None:
    """Sub-totals keep the code of their group; other rows keep their label as printed."""
    keys = [m.key for m in line.matches if m.kind == "group"]
    row, reason = line.label, "extra_row"
    if line.kind == "group" and keys:
        row, reason = keys[0], "subtotal"
    if line.kind == "subtotal":
        row, reason = "subtotal", "subtotal"
    if line.note == "repeated":
        reason = "repeated"
    if not line.label:
        reason = "no_label"
    leaves = line.header.leaves if line.header else ()
    for i, slot in enumerate(line.slots):
        column = leaves[i].key or leaves[i].text if len(leaves) == len(line.slots) else ""
        filled.aside(slot, row, column, reason)
