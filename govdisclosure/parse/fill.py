"""Printed lines with their rows and headers → the cells of the form, and a list of what could not be placed."""

from __future__ import annotations

from typing import NamedTuple

from ..forms import Column, Row, Table, row_unit
from ..model import Cell, Unplaced
from ..normalize import MONEY, Memory, convert, number
from .lexicon import NOTHING
from .lines import Header, Leaf, Line, Value, header_unit

Key = tuple[str, str]
Place = tuple[str, str, str, str | None, Key]  # table, row, column, unit, and the cell's key
_new = tuple.__new__


def _count(text: str) -> tuple[float | None, str]:
    """(figure, status) of a cell that counts something: an amount of money is no count."""
    reading = number(text)
    if reading.value is None:
        return None, reading.status
    return (None, "unreadable") if reading.unit in MONEY else (float(reading.value), reading.status)


COUNTS = Memory(_count, 32768, 100)


class Step(NamedTuple):
    """A printed value was put into a cell of the form. ``header``: the text over it."""

    value: Value
    row: Row
    column: Column
    header: str


class Away(NamedTuple):
    """A printed value was kept aside, for `Unplaced`'s reasons, if it is a figure."""

    value: Value
    row: str
    column: str
    reason: str


class Filled:
    """The cells of one table, by (row, column), and the figures that found no cell.

    With ``recording``, ``steps`` and ``put_aside`` say which value went where; ``settled``: no step hung on what the figures are.
    """

    def __init__(self, table: Table, recording: bool = False) -> None:
        self.table = table
        self.cells: dict[Key, Cell] = {}
        self.unplaced: list[Unplaced] = []
        self.recording, self.settled = recording, True
        self.steps: list[Step] = []
        self.put_aside: list[Away] = []

    def put(self, row: Row, leaf: Leaf, value: Value) -> None:
        """Fill one cell, or keep the figure aside where the form has no such cell."""
        if leaf.key not in self.table.columns_of(row):
            self.aside(
                value,
                row.key,
                leaf.key or leaf.text,
                "subtotal" if leaf.key == "subtotal" else "extra_column",
            )
            return
        column = self.table.column(leaf.key)
        self.cells[row.key, leaf.key] = read_cell(value, self.table, row, column, leaf.text)
        if self.recording:
            self.steps.append(Step(value, row, column, leaf.text))

    def aside(self, value: Value, row: str, column: str, reason: str) -> None:
        """Keep a figure that was printed but has no place, so that no number is lost in silence."""
        if self.recording:
            self.put_aside.append(Away(value, row, column, reason))
        reading = number(value.text)
        if reading.value is not None:
            figure = float(reading.value)
            self.unplaced.append(
                Unplaced(self.table.key, row, column, figure, value.text, value.where, reason)
            )

    def unreadable(self, row: Row, columns: list[str], values: list[Value], where: str) -> None:
        """The whole line was printed, but which of its cells is which is not settled."""
        self.settled = False
        text = " | ".join(v.text for v in values)
        for key in columns:
            unit = row_unit(row, self.table.column(key))
            self.cells[row.key, key] = Cell(
                self.table.key, row.key, key, None, unit, "unreadable", text, where
            )
        for value in values:
            self.aside(value, row.key, "", "does_not_fit")


def is_money(row: Row, column: Column) -> bool:
    """Whether a cell holds an amount; all others hold counts."""
    return (row.kind or column.kind) == "money"


def read_cell(value: Value, table: Table, row: Row, column: Column, header: str) -> Cell:
    """A cell from its printed text. Amounts are converted to the form's unit; a count in 元 is no count."""
    unit = row.unit or column.unit
    if not is_money(row, column):
        return _counted(value, table.key, row.key, column.key, unit)
    reading = number(value.text)
    status, figure = reading.status, reading.value
    if figure is not None:
        printed = reading.unit or header_unit(header, table, column.key) or unit
        if printed in MONEY:
            figure, unit = convert(figure, printed, column.money_unit), column.money_unit
        elif printed is not None:
            figure, status = None, "unreadable"
    source = "text" if value.confidence is None else "ocr"
    return Cell(
        table.key, row.key, column.key, None if figure is None else float(figure), unit, status,
        value.text, value.where, source, value.confidence,
    )  # fmt: skip


def _counted(value: Value, table: str, row: str, column: str, unit: str | None) -> Cell:
    text, where, _, _, _, confidence = value
    figure, status = COUNTS[text]
    return _new(
        Cell,
        (
            table,
            row,
            column,
            figure,
            unit,
            status,
            text,
            where,
            "text" if confidence is None else "ocr",
            confidence,
        ),
    )


def _places(header: Header, table: Table, row: Row) -> tuple[Place, ...]:
    """Where the figures of a line of `row` go, in order; () where one of them is no count of the form."""
    columns = table.columns_of(row)
    found = [table.column(leaf.key) for leaf in header.leaves if leaf.key in columns]
    if len(found) < len(header.leaves) or any(is_money(row, column) for column in found):
        return ()
    return tuple((table.key, row.key, c.key, row_unit(row, c), (row.key, c.key)) for c in found)


def _fill_counts(filled: Filled, line: Line) -> bool:
    """Fill a line of as many counts as its header has; False where it is no such line."""
    header, values = line.header, line.values
    if (
        filled.recording
        or header is None
        or line.note == "does_not_fit"
        or len(values) != len(header.leaves)
    ):
        return False
    places = header.plans.get(line.chosen)
    if places is None:
        places = header.plans[line.chosen] = _places(
            header, filled.table, filled.table.row(line.chosen)
        )
    if not places or any([v.shared for v in values]):
        return False
    cells = filled.cells
    for (table, row, column, unit, key), value in zip(places, values):
        cells[key] = _counted(value, table, row, column, unit)
    return True


def fill_line(filled: Filled, line: Line) -> None:
    """One line of a grid into its cells: by order where header and line have as many cells, else by x."""
    table = filled.table
    if not line.chosen:
        _keep_aside(filled, line)
        return
    if _fill_counts(filled, line):
        return
    row = table.row(line.chosen)
    leaves = _leaves(line.header, table, row, len(line.values))
    known = [x.key for x in leaves if x.key in table.columns_of(row)]
    shared = any(v.shared and number(v.text).value is not None for v in line.values)
    if not leaves or shared or line.note == "does_not_fit":
        columns = known or list(table.columns_of(row))
        if line.values:
            filled.unreadable(row, columns, line.values, line.where)
    elif len(leaves) == len(line.values):
        for leaf, value in zip(leaves, line.values):
            filled.put(row, leaf, value)
    elif line.header and line.header.by_x and not line.header.carried:
        _fill_by_x(filled, row, leaves, line)
    elif line.values:
        filled.unreadable(row, known, line.values, line.where)


def _leaves(header: Header | None, table: Table, row: Row, count: int) -> tuple[Leaf, ...]:
    """The header over a line; a row that has one column in this form needs none."""
    columns = table.columns_of(row)
    if header and header.leaves and any(leaf.key in columns for leaf in header.leaves):
        return header.leaves
    if len(columns) == 1 and count == 1:
        return (Leaf(columns[0], ""),)
    return ()


def _fill_by_x(filled: Filled, row: Row, leaves: tuple[Leaf, ...], line: Line) -> None:
    over = {id(v): [x for x in leaves if x.x0 < v.x1 and v.x0 < x.x1] for v in line.values}
    for leaf in leaves:
        here = [v for v in line.values if leaf in over[id(v)]]
        figures = [v for v in here if number(v.text).value is not None]
        filled.settled &= len(here) < 2
        if (
            len(here) > 1
            and len({v.text for v in here}) == 1
            and all(len(over[id(v)]) == 1 for v in here)
        ):
            here = here[:1]  # a merged cell copied into each place it covers
        if len(here) == 1 and (len(over[id(here[0])]) == 1 or not figures):
            filled.put(row, leaf, here[0])
        elif here and leaf.key in filled.table.columns_of(row):
            filled.unreadable(row, [leaf.key], [], here[0].where)
            filled.cells[row.key, leaf.key] = filled.cells[row.key, leaf.key]._replace(
                text=" | ".join(v.text for v in here)
            )
    for value in line.values:
        if len(over[id(value)]) != 1:
            filled.aside(value, row.key, "", "does_not_fit")


def _keep_aside(filled: Filled, line: Line) -> None:
    """Sub-totals keep the code of their group; other rows keep their label as printed."""
    keys = [m.key for m in line.matches if m.kind == "group"]
    row, reason = (
        (keys[0], "subtotal") if line.kind == "group" and keys else (line.label, "extra_row")
    )
    if line.kind == "subtotal":
        row, reason = "subtotal", "subtotal"
    if line.note == "repeated":
        reason = "repeated"
    if not line.label:
        reason = "no_label"
    leaves = line.header.leaves if line.header else ()
    for i, value in enumerate(line.values):
        column = leaves[i].key or leaves[i].text if len(leaves) == len(line.values) else ""
        filled.aside(value, row, column, reason)


def fill_across(filled: Filled, header: Header, values: list[Value]) -> None:
    """A line of values under headers that name both row and column (table 四)."""
    table = filled.table
    if len(header.leaves) == len(values):
        for leaf, value in zip(header.leaves, values):
            filled.put(table.row(leaf.row), leaf, value)
        return
    if header.by_x:
        for value in values:
            if not any(x.x0 < value.x1 and value.x0 < x.x1 for x in header.leaves):
                filled.aside(value, "", "", "does_not_fit")
    for row in table.rows:
        leaves = tuple(x for x in header.leaves if x.row == row.key)
        if not leaves:
            continue
        mine = [v for v in values if header.by_x and v.x0 < leaves[-1].x1 and leaves[0].x0 < v.x1]
        if header.by_x:
            _fill_by_x(
                filled, row, leaves, Line("", NOTHING, mine, header, mine[0].where if mine else "")
            )
        elif values:
            filled.unreadable(
                row,
                [x.key for x in leaves],
                values if row is table.rows[0] else [],
                values[0].where,
            )
