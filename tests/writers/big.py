"""Tables 二, 三 and 四 as one big table whose rows include the section titles."""

from __future__ import annotations

from tests.reportwriter import Cell, Table

from .layouts import TABLES, Plan


def one_table(made: Plan, tables: dict[str, list[Table]]) -> dict[str, list[Table]]:
    """All rows under 二; the sections 三 and 四 stand as rows of that table and hold nothing of their own."""
    width = max(t.width for parts in tables.values() for t in parts)
    rows = []
    for key, parts in tables.items():
        if key != "proactive":
            rows.append((Cell(made.titles[TABLES[key]], cols=width),))
        for table in parts:
            rows += [_stretch(row, table.width, width) for row in table.rows]
    return {"proactive": [Table("proactive", tuple(rows), 0)], "requests": [], "disputes": []}


def _stretch(row: tuple[Cell, ...], width: int, wide: int) -> tuple[Cell, ...]:
    """The row as wide as the table: its last cell takes what is missing."""
    *others, last = row
    return (*others, last._replace(cols=last.cols + wide - width))
