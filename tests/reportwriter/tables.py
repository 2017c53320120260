"""Sheets → tables: where each label and figure stands, with the spans of the national forms."""

from __future__ import annotations

from itertools import groupby

from .model import Cell, Table
from .sheets import Column, Part, Row, Sheet


def lay_out(sheet: Sheet, **how) -> Table:
    """One table. ``how``: options of `proactive`, `requests` or `disputes`."""
    return {"proactive": proactive, "requests": requests, "disputes": disputes}[sheet.key](
        sheet, **how
    )


def figure(sheet: Sheet, row: str, column: str, rows: int = 1, cols: int = 1) -> Cell:
    """The cell of one figure; what is not printed is blank."""
    return Cell(sheet.texts.get((row, column), ""), (sheet.key, row, column), rows, cols)


def proactive(sheet: Sheet, *, disagree: bool = False, titles: bool = True) -> Table:
    """Table 二 as one grid, a title line over each part.

    ``disagree``: headers span 1/2/1 where the figures under them span 2/1/1, as pages made by hand do.
    """
    width = max(len(part.columns) for part in sheet.parts) + disagree
    lines = [line for part in sheet.parts for line in _part(sheet, part, width, disagree, titles)]
    return Table("proactive", tuple(lines), 0)


def proactive_parts(sheet: Sheet) -> list[Table]:
    """Table 二 as one table per item of article 20."""
    return [
        Table("proactive", tuple(_part(sheet, part, len(part.columns), False, True)), 2)
        for part in sheet.parts
    ]


def _part(sheet: Sheet, part: Part, width: int, disagree: bool, titles: bool):
    if titles and part.title:
        yield (Cell(part.title, cols=width + 1),)
    count = len(part.columns)
    over, under = spans(count, width), spans(count, width)
    if disagree and count == 3:
        over, under = (1, 2, 1), (2, 1, 1)
    yield (Cell(sheet.corner), *(Cell(c.label, cols=n) for c, n in zip(part.columns, over)))
    for row in part.rows:
        yield (
            Cell(row.label),
            *(figure(sheet, row.key, c.key, cols=n) for c, n in zip(part.columns, under)),
        )


def spans(count: int, width: int) -> tuple[int, ...]:
    """`count` cells over `width` columns, the last ones widest.

    >>> spans(2, 3), spans(1, 3)
    ((1, 2), (3,))
    """
    small, more = divmod(width, count)
    return tuple(small + (i >= count - more) for i in range(count))


def requests(sheet: Sheet) -> Table:
    """Table 三: three columns of labels (group, group, row), then the figures."""
    part = sheet.parts[0]
    lines = [*_applicants(sheet, part.columns)]
    left = _labels(sheet, part.rows)
    for row, labels in zip(part.rows, left):
        lines.append((*labels, *(figure(sheet, row.key, c.key) for c in part.columns)))
    return Table("requests", tuple(lines), 3)


def _applicants(sheet: Sheet, columns: tuple[Column, ...]):
    """The three header rows: 申请人情况, then 自然人 | 法人或其他组织 | 总计, then the organisations."""
    yield (Cell(sheet.note, rows=3, cols=3), Cell(sheet.groups["applicant"], cols=len(columns)))
    middle = []
    for group, members in groupby(columns, key=lambda c: c.group):
        members = list(members)
        if group:
            middle.append(Cell(sheet.groups[group], cols=len(members)))
        else:
            middle += [Cell(c.label, rows=2) for c in members]
    yield tuple(middle)
    yield tuple(Cell(c.label) for c in columns if c.group)


def _labels(sheet: Sheet, rows: tuple[Row, ...]) -> list[list[Cell]]:
    """The label cells that begin in each row. A row that is a group's own sub-total ends that group's cell."""
    outer = [r for r in rows if r.group]
    joined = any(r.joined for r in rows)
    found = []
    for i, row in enumerate(rows):
        cells = []
        if row.group and not joined and row is outer[0]:
            cells.append(Cell(sheet.groups["outcomes"], rows=len(outer)))
        if row.group in ("", "outcomes") or _under_subtotal(rows, row):
            cells.append(Cell(_text(sheet, row), cols=3 if not row.group or joined else 2))
        else:
            if i == 0 or rows[i - 1].group != row.group:
                count = sum(r.group == row.group for r in rows)
                cells.append(Cell(sheet.groups[row.group], rows=count, cols=2 if joined else 1))
            cells.append(Cell(row.label))
        found.append(cells)
    return found


def _text(sheet: Sheet, row: Row) -> str:
    return sheet.groups["outcomes"] + row.label if row.joined else row.label


def _under_subtotal(rows: tuple[Row, ...], row: Row) -> bool:
    return any(r.key == f"group:{row.group}" for r in rows)


def disputes(sheet: Sheet) -> Table:
    """Table 四: the rows head groups of columns, one line of figures under three lines of headers."""
    part = sheet.parts[0]
    count = len(part.columns)
    top, middle, low, figures = [], [], [], []
    for group, rows in groupby(part.rows, key=lambda r: r.group):
        rows = list(rows)
        top.append(Cell(sheet.groups[group] if group else rows[0].label, cols=count * len(rows)))
        for row in rows:
            names = [Cell(c.label, rows=1 if group else 2) for c in part.columns]
            middle += [Cell(row.label, cols=count)] if group else names
            low += names if group else []
            figures += [figure(sheet, row.key, c.key) for c in part.columns]
    return Table("disputes", (tuple(top), tuple(middle), tuple(low), tuple(figures)), 3)


def split(table: Table, at: int, *, repeat: bool) -> tuple[Table, Table]:
    """The table in two at row `at`, as a page break does it; merged cells are cut, and only the first half keeps their text.

    ``repeat`` prints the headers again.
    """
    first, second, open_cells = [], [], []
    for i, row in enumerate(table.rows):
        if i < at:
            first.append(tuple(c._replace(rows=min(c.rows, at - i)) for c in row))
            open_cells += [c._replace(rows=i + c.rows - at) for c in row if i + c.rows > at]
        else:
            second.append(row)
    second[0] = (*(c._replace(text="") for c in open_cells if c.key is None), *second[0])
    head = table.rows[: table.head] if repeat else ()
    return Table(table.key, tuple(first), table.head), Table(table.key, (*head, *second), len(head))
