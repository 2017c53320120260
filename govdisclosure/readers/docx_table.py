"""A DOCX table with its merges resolved. Source: ECMA-376 part 1, §17.4."""

from __future__ import annotations

from lxml import etree

from . import limits
from .docx_text import Styles, find, is_on, local, number, runs_of, value
from .grids import Placed

_WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}
_LONG_CELL, _SEVERAL_LINES = 300, 100


def members(parent: etree._Element, name: str) -> list[etree._Element]:
    """Children called `name`, also inside content controls and insertions."""
    found = []
    for child in parent:
        tag = local(child)
        if tag == name:
            found.append(child)
        elif tag in _WRAPPERS:
            found += members(child, name)
    return found


class DocxTable:
    """``rows``: for each row its cells as `Placed` (a cell merged downwards stands in every row it covers)."""

    def __init__(self, element: etree._Element, report: str, styles: Styles) -> None:
        self.rows: list[list[Placed]] = []
        self.nested = False
        self._elements: list[list[etree._Element]] = []
        self._styles, self._report, self._count = styles, report, 0
        above: dict[int, Placed] = {}
        for row in members(element, "tr"):
            properties = find(row, "trPr")
            if find(properties, "del") is not None or is_on(find(properties, "hidden")):
                continue
            above = self._row(row, properties, above)

    def _row(
        self, row: etree._Element, properties: etree._Element | None, above: dict[int, Placed]
    ) -> dict[int, Placed]:
        column = number(find(properties, "gridBefore"), 0)
        placed: list[Placed] = []
        elements: list[etree._Element] = []
        merging: dict[int, Placed] = {}
        for cell in members(row, "tc"):
            cell_properties = find(cell, "tcPr")
            width = max(1, number(find(cell_properties, "gridSpan"), 1))
            self._count += width
            limits.check(self._report, "table cells", self._count, limits.CELLS)
            if placed and value(find(cell_properties, "hMerge")) == "continue":
                placed[-1].columns.append(column)
                column += width
                continue
            merge = find(cell_properties, "vMerge")
            start = above.get(column) if merge is not None and value(merge) != "restart" else None
            if start is None:
                start = Placed(self._text(cell), len(self.rows), column)
                elements.append(cell)
            this = start.here(range(column, column + width))
            if merge is not None:
                merging[column] = this
            placed.append(this)
            column += width
        self.rows.append(placed)
        self._elements.append(elements)
        return merging

    def _text(self, cell: etree._Element) -> str:
        """Lines of the cell's own paragraphs, joined by line feeds; tables inside it are left out."""
        lines: list[str] = []
        for child in self._content(cell):
            if local(child) == "p":
                text, _ = runs_of(child)
                own = [
                    line for line in (" ".join(part.split()) for part in text.split("\n")) if line
                ]
                lines += [self._styles.number(child) + own[0], *own[1:]] if own else []
            else:
                self.nested = True
        return "\n".join(lines)

    def _content(self, parent: etree._Element) -> list[etree._Element]:
        found = []
        for child in parent:
            name = local(child)
            if name in ("p", "tbl"):
                found.append(child)
            elif name in _WRAPPERS:
                found += self._content(child)
        return found

    def texts(self) -> list[list[str]]:
        """The text of each cell, row by row."""
        return [[cell.text for cell in row] for row in self.rows]

    def cells_of(self, row: int) -> list[etree._Element]:
        """The cell elements that begin in a row."""
        return self._elements[row]

    def inner_tables(self, start: int, end: int) -> list[etree._Element]:
        """Tables inside the cells of rows start…end."""
        if not self.nested:
            return []
        return [
            child
            for row in self._elements[start:end]
            for cell in row
            for child in self._content(cell)
            if local(child) == "tbl"
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


def layout_rows(table: DocxTable) -> list[int]:
    """Rows that only place their content (see `article`): all of a table of single cells, else rows of prose."""
    prose = [table.is_prose(i) for i in range(len(table.rows))]
    data = sum(len(row) >= 3 and not p for row, p in zip(table.rows, prose))
    if max(map(len, table.rows), default=0) < 2 or (data < 2 and (table.nested or any(prose))):
        return list(range(len(table.rows)))
    return [i for i, p in enumerate(prose) if p and not _is_crossed(table, i)]


def _is_crossed(table: DocxTable, row: int) -> bool:
    return any(cell.row != row or cell.reaches_below(table.rows, row) for cell in table.rows[row])
