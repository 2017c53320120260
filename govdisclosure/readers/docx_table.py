"""A DOCX table with its merges resolved. Source: ECMA-376 part 1, §17.4."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from . import limits
from .docx_text import Runs, is_on, value, whole
from .placing import figure_or_mark

_LONG_CELL, _SEVERAL_LINES = 300, 100


@dataclass(slots=True, eq=False)
class TableCell:
    """A cell as it is drawn: text, top left place, size, and the tables inside that are no part of its text."""

    text: str
    row: int
    column: int
    width: int
    element: etree._Element
    height: int = 1
    tables: list[etree._Element] = field(default_factory=list)


class DocxTable:
    """``rows``: for each row the cells it shows; a cell merged downwards stands in every row it covers."""

    def __init__(self, element: etree._Element, report: str, runs: Runs) -> None:
        self.rows: list[list[TableCell]] = []
        self._runs, self._report, self._count = runs, report, 0
        above: dict[int, TableCell] = {}
        for row in element.iterchildren("tr"):
            if row.find("trPr/del") is None and not is_on(row.find("trPr/hidden")):
                above = self._row(row, above)

    def _row(self, row: etree._Element, above: dict[int, TableCell]) -> dict[int, TableCell]:
        """Place the cells of a row; returns the cells that may go on below, by column."""
        column = whole(value(row, "trPr/gridBefore"), 0)
        placed: list[TableCell] = []
        merging: dict[int, TableCell] = {}
        for element in row.iterchildren("tc"):
            width = max(1, whole(value(element, "tcPr/gridSpan"), 1))
            self._count += width
            limits.check(self._report, "table cells", self._count, limits.CELLS)
            merge = element.find("tcPr/vMerge")
            if placed and value(element, "tcPr/hMerge") == "continue":
                placed[-1].width += width
            else:
                goes_on = merge is not None and merge.get("val") != "restart"
                upper = above.get(column) if goes_on else None
                if upper is None:
                    upper = self._cell(element, column, width)
                else:
                    upper.height += 1
                if merge is not None:
                    merging[column] = upper
                placed.append(upper)
            column += width
        self.rows.append(placed)
        return merging

    def _cell(self, element: etree._Element, column: int, width: int) -> TableCell:
        cell = TableCell("", len(self.rows), column, width, element)
        if element.find("tcPr/cellDel") is None:
            lines: list[str] = []
            self._lines(element, value(element, "tcPr/shd", "fill"), lines, cell.tables)
            cell.text = figure_or_mark("\n".join(lines))
        return cell

    def _lines(self, parent, ground: str, lines: list[str], tables: list) -> None:
        """The lines of paragraphs, text boxes and one-celled tables; larger tables are kept apart."""
        for child in parent.iterchildren("p", "tbl"):
            if child.tag == "tbl":
                inner = _only_cell(child)
                if inner is None:
                    tables.append(child)
                else:
                    self._lines(inner, ground, lines, tables)
                continue
            text, boxes = self._runs.text(child, ground)
            own = [line for part in text.split("\n") if (line := " ".join(part.split()))]
            if own:
                lines += [self._runs.styles.number(child) + own[0], *own[1:]]
            for box in boxes:
                self._lines(box, ground, lines, tables)

    def texts(self) -> list[list[str]]:
        """The text of each cell, row by row."""
        return [[cell.text for cell in row] for row in self.rows]

    def inner_tables(self, start: int, end: int) -> list[etree._Element]:
        """Tables inside the cells that begin in rows start…end."""
        return [
            table
            for number, row in enumerate(self.rows[start:end], start)
            for cell in row
            if cell.row == number
            for table in cell.tables
        ]

    def is_prose(self, row: int) -> bool:
        """A row that is no row of figures: its only text is prose, or its only cell holds a table."""
        filled = [cell.text for cell in self.rows[row] if cell.text]
        if len(filled) > 2:
            return False
        if self.inner_tables(row, row + 1):
            return len(filled) <= 1
        return any(
            len(t) >= _LONG_CELL or (len(t) >= _SEVERAL_LINES and t.count("\n") >= 2)
            for t in filled
        )


def _only_cell(table: etree._Element) -> etree._Element | None:
    """The cell of a table that has one cell."""
    rows = table.findall("tr")
    cells = rows[0].findall("tc") if len(rows) == 1 else []
    return cells[0] if len(cells) == 1 else None


def layout_rows(table: DocxTable) -> list[int]:
    """Rows that only place their content: all of a table of single cells, else rows of prose."""
    prose = [table.is_prose(i) for i in range(len(table.rows))]
    nested = bool(table.inner_tables(0, len(table.rows)))
    data = sum(len(row) >= 3 and not p for row, p in zip(table.rows, prose))
    if max(map(len, table.rows), default=0) < 2 or (data < 2 and (nested or any(prose))):
        return list(range(len(table.rows)))
    return [i for i, p in enumerate(prose) if p and not _is_crossed(table, i)]


def _is_crossed(table: DocxTable, row: int) -> bool:
    return any(cell.row != row or cell.height > 1 for cell in table.rows[row])
