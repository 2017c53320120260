"""Workbooks (.xlsx by openpyxl; .xls, .et, .ods by python-calamine) → Document: what the sheets show."""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import Any

from ..errors import DisclosureError, UnreadableFileError
from ..model import Block, Document, Grid, Line, Piece, Source
from . import fields as titles
from . import limits
from .number_format import shown
from .office import Package
from .placing import Placed, Placer, raised

PROSE = 100  # characters: the only text of a row, as long as that, is a paragraph and no label
_SMALLEST = 2  # points
LAST_COLUMN = 16_384  # XFD, the last that a sheet has
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; all 0-based
Cells = dict[tuple[int, int], str]


def read_workbook(data: bytes, source: Source, kind: str) -> Document:
    """Each visible sheet as one Grid, its rows of prose as lines between.

    ``kind``: 'xlsx', 'xls' or 'ods'. A number is written as its format shows it; struck-out text, hidden sheets, rows
    and columns are not there (.xls and .ods do not say which rows are hidden). Raises UnreadableFileError (damaged,
    encrypted, or the extra `office` is missing), LimitError.
    """
    sheets = _openpyxl if kind == "xlsx" else _calamine
    placer = Placer(source.path)
    blocks: list[Block] = []
    try:
        for name, cells, merges in sheets(data, source.path, kind):
            blocks += _blocks(name, cells, merges, placer)
    except ImportError as error:
        raise UnreadableFileError(
            source.path,
            "the reader of workbooks",
            seen=str(error),
            advice="Run: pip install 'govdisclosure[office]'",
        ) from error
    except DisclosureError:
        raise
    except Exception as error:  # the libraries' many ways to refuse a damaged workbook
        raise UnreadableFileError(
            source.path, "a workbook", seen=f"{type(error).__name__}: {str(error)[:120]}",
            advice="Open it in Excel or WPS and save it anew, without a password.",
        ) from error  # fmt: skip
    lines = [block.text for block in blocks if isinstance(block, Line)]
    first = [cell.text for cell in _leading(blocks)]
    return Document(source, tuple(blocks), titles.rank(titles.first_lines([*first, *lines])))


def _leading(blocks: list[Block]):
    """The only cells of the first rows of the first grid: where a sheet has its title."""
    grid = next((block for block in blocks if isinstance(block, Grid)), None)
    for row in grid.rows[:4] if grid else ():
        filled = {id(cell): cell for cell in row if cell and cell.text}
        if len(filled) == 1:
            yield from filled.values()


def _blocks(name: str, cells: Cells, merges: list[Merge], placer: Placer) -> Iterator[Block]:
    """A sheet's rows of figures as Grids, with the paragraphs between them as Lines."""
    spans = {(top, left): (bottom, right) for top, left, bottom, right in merges}
    inside = {row for top, _, bottom, _ in merges if bottom > top for row in range(top, bottom + 1)}
    rows: dict[int, list[Placed]] = {}
    for (row, column), text in cells.items():
        bottom, right = spans.get((row, column), (row, column))
        rows.setdefault(row, []).append(
            Placed(text, row, column, bottom - row + 1, right - column + 1)
        )
    waiting: list[Placed] = []
    for row in sorted(rows):
        filled = [cell for cell in rows[row] if cell.text]
        if len(filled) == 1 and len(filled[0].text) >= PROSE and row not in inside:
            yield from _grid(waiting, placer)
            waiting = []
            where = f"sheet {name}, row {row + 1}"
            for text in filled[0].text.split("\n"):
                yield Line((Piece(text.strip(), where),), where)
        else:
            waiting += rows[row]
    yield from _grid(waiting, placer)


def _grid(cells: list[Placed], placer: Placer) -> Iterator[Block]:
    """The cells as a Grid without the rows and columns that nothing stands in."""
    if not any(cell.text for cell in cells):
        return
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells})
    yield placer.grid(
        Placed(
            cell.text,
            row := bisect_left(rows, cell.row),
            column := bisect_left(columns, cell.column),
            bisect_left(rows, cell.row + cell.height) - row,
            bisect_left(columns, cell.column + cell.width) - column,
        )
        for cell in cells
    )


def _openpyxl(data: bytes, report: str, kind: str) -> Iterator[tuple[str, Cells, list[Merge]]]:
    """Sheets of an .xlsx, whose cells are kept sparse, so that a far corner costs nothing."""
    from openpyxl import load_workbook

    _check_parts(Package(data, report), report)
    book = load_workbook(io.BytesIO(data), data_only=True, rich_text=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        merges = [
            (m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1)
            for m in sheet.merged_cells.ranges
        ]
        folded = {
            number for number, row in sheet.row_dimensions.items() if row.hidden or row.height == 0
        }
        hidden = {
            column
            for dimension in sheet.column_dimensions.values()
            for column in range(dimension.min or 0, min(dimension.max or 0, LAST_COLUMN) + 1)
            if dimension.hidden or not dimension.width
        }
        ends = {(top + 1, left + 1): (bottom + 1, right + 1) for top, left, bottom, right in merges}
        cells: Cells = {}
        for (row, column), cell in sorted(sheet._cells.items()):
            bottom, right = ends.get((row, column), (row, column))
            seen = not folded.issuperset(range(row, bottom + 1))
            seen = seen and not hidden.issuperset(range(column, right + 1))
            if seen and type(cell).__name__ != "MergedCell":
                cells[row - 1, column - 1] = _shown(cell)
        yield sheet.title, cells, merges


def _check_parts(package: Package, report: str) -> None:
    """Refuse what the library would unpack or spread out without a bound: large parts, DOCTYPEs, endless merges."""
    from openpyxl.utils.cell import range_boundaries

    count = 0
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            root = package.xml(name)
            for element in root.iter("{*}c", "{*}mergeCell") if root is not None else ():
                left, top, right, bottom = range_boundaries(element.get("ref") or "A1")
                count += (right - left + 1) * (bottom - top + 1)
                limits.check(report, "cells in a workbook", count, limits.CELLS)


def _shown(cell) -> str:
    """A cell of an .xlsx as it is seen: format, strike-through, white on white, raised runs."""
    value: Any = cell.value
    filled = cell.fill is not None and cell.fill.fill_type and not _is_white(cell.fill.fgColor)
    if value is None or _is_hidden(cell.font, bool(filled)):
        return ""
    if type(value).__name__ == "CellRichText":
        return "".join(_run(part, bool(filled)) for part in value).strip()
    return _formatted(value, cell.number_format)


def _run(part: Any, filled: bool) -> str:
    if isinstance(part, str):
        return part
    if _is_hidden(part.font, filled):
        return ""
    high = part.font is not None and part.font.vertAlign in ("superscript", "subscript")
    return raised(part.text) if high else part.text


def _is_hidden(font: Any, filled: bool) -> bool:
    """Whether text is struck out, too small to see, or white on white (``filled``: on a ground of colour)."""
    if font is None:
        return False
    return bool(
        font.strike or (font.sz or 10) < _SMALLEST or (not filled and _is_white(font.color))
    )


def _is_white(colour: Any) -> bool:
    if colour is None or colour.type not in ("rgb", "theme") or colour.tint:
        return False
    return colour.theme == 0 if colour.type == "theme" else colour.rgb[-6:].upper() == "FFFFFF"


def _formatted(value: Any, code: str = "General") -> str:
    """A value in the digits that its format shows; what is no plain number format leaves the number whole."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value.isoformat() if isinstance(value, date) else str(value).strip()
    try:
        exact = Decimal(repr(value))
    except InvalidOperation:
        return str(value)
    if exact != exact.to_integral_value():
        exact = Decimal(f"{value:.11g}")  # as many digits as a cell shows
    return shown(exact, code)


def _calamine(data: bytes, report: str, kind: str) -> Iterator[tuple[str, Cells, list[Merge]]]:
    """Sheets of an .xls, .et or .ods."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    if kind == "ods":
        _check_repeats(Package(data, report), report)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for about in book.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(about.name)
        limits.check(
            report, "cells in a sheet", sheet.total_height * sheet.total_width, limits.CELLS
        )
        merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        area = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in merges)
        limits.check(report, "merged cells in a sheet", area, limits.CELLS)
        covered = {
            place
            for top, left, bottom, right in merges
            for place in product(range(top, bottom + 1), range(left, right + 1))
            if place != (top, left)
        }
        yield about.name, {
            (row, column): _formatted(value)
            for row, values in enumerate(sheet.to_python(skip_empty_area=False))
            for column, value in enumerate(values)
            if (row, column) not in covered
        }, merges  # fmt: skip


def _check_repeats(package: Package, report: str) -> None:
    """Refuse an .ods whose repeated rows and columns would fill memory; empty ones at the end cost nothing."""
    root = package.xml("content.xml")
    for table in root.iter("{*}table") if root is not None else ():
        height = width = rows = 0
        for row in table.iter("{*}table-row"):
            columns = filled = 0
            for cell in row:
                columns += _repeated(cell, "number-columns-repeated")
                if len(cell):
                    filled = columns
            rows += _repeated(row, "number-rows-repeated")
            if filled:
                height, width = rows, max(width, filled)
        limits.check(report, "cells in a sheet", height * width, limits.CELLS)


def _repeated(element, name: str) -> int:
    text = next((v for k, v in element.items() if k.endswith(name)), "1")
    return min(int(text), 1 << 24) if text.isdigit() and len(text) < 12 else 1
