"""Workbooks (.xlsx by openpyxl, .xls and .et by xlrd, .ods from its content.xml) → Document: what
the sheets show.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import chain, groupby, islice, pairwise, product
from typing import Any, NamedTuple

from ..errors import DisclosureError, UnreadableFileError, said
from ..model import Block, Document, Line, Piece, Source
from . import fields as titles
from . import limits
from .html_hidden import seen
from .office import Package
from .placing import OBJECT, Placed, Placer, figure_or_mark

_SECTION = re.compile(r'((?:"[^"]*"|[\\!].|\[[^\]]*\]|[^;"\[])*)(?:;|$)')
# A literal (quoted, escaped, or a currency), what only colours or fills, a digit's place,
# "General", other signs.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|_.|\*.|\[(?!DBNum)[A-Za-z]{3,}\d*\]'
    r"|(?P<general>(?i:General)|G/通用格式)|(?P<digit>[0#?])|(?P<sign>[.,%])|(?P<literal>[^A-Za-z/@\[\]\"])|(?P<unknown>.)"
)
PROSE = 100  # characters: the only text of a row, as long as that, is a paragraph and no label
LAST_COLUMN = 16_384  # XFD, the last that a sheet has


class Sheet(NamedTuple):
    """A sheet's cells in rows (the first is 1), and the rows and columns that are folded away."""

    name: str
    cells: list[Placed]
    rows: set[int]
    columns: set[int]


def read_workbook(data: bytes, source: Source, kind: str) -> Document:
    """Each visible sheet as one Grid, its rows of prose as lines between.

    ``kind``: 'xlsx', 'xls' or 'ods'. A number is written as its format shows it; struck-out text,
    hidden sheets, rows and columns are not there. Raises UnreadableFileError (damaged, encrypted,
    or the extra `office` is missing), LimitError.
    """
    sheets = {"xlsx": _xlsx, "xls": _xls, "ods": _ods}[kind]
    placer = Placer(source.path)
    blocks: list[Block] = []
    try:
        for sheet in sheets(data, source.path):
            area = sum(cell.height * cell.width for cell in sheet.cells)
            limits.check(source.path, "cells in a sheet", area, limits.CELLS)
            blocks += _blocks(sheet, placer)
    except (DisclosureError, ImportError):
        raise
    except Exception as error:  # the libraries' many ways to refuse a damaged workbook
        advice = "Open it in Excel or WPS and save it anew, without a password."
        raise UnreadableFileError(
            source.path, "a workbook", seen=said(error, 120), advice=advice
        ) from error
    lines = [block.text for block in blocks if isinstance(block, Line)]
    return Document(source, tuple(blocks), titles.rank(titles.first_lines(lines)))


def _blocks(sheet: Sheet, placer: Placer) -> Iterator[Block]:
    """A sheet's rows of figures as Grids, with the paragraphs between them as Lines."""
    shown = [
        cell
        for cell in sheet.cells
        if not sheet.rows.issuperset(range(cell.row, cell.row + cell.height))
        and not sheet.columns.issuperset(range(cell.column, cell.column + cell.width))
    ]
    tall = (range(cell.row, cell.row + cell.height) for cell in shown if cell.height > 1)
    filled = Counter(cell.row for cell in shown if cell.text)
    long = {cell.row for cell in shown if len(cell.text) >= PROSE and filled[cell.row] == 1}
    prose = long.difference(chain.from_iterable(tall))
    for row, cells in groupby(shown, lambda cell: cell.row in prose and cell.row):
        if not row:
            yield from _grid(list(cells), placer)
        for text in "".join(cell.text for cell in cells).split("\n") if row else ():
            where = f"sheet {sheet.name}, row {row}"
            yield Line((Piece(text.strip(), where),), where)


def _grid(cells: list[Placed], placer: Placer) -> Iterator[Block]:
    """The cells as a Grid without the rows and columns that nothing stands in, up to the last
    column with text. Each place of a sheet is a cell, if a blank one; a merged cell stands over
    what is under it.
    """
    end = max((cell.column + cell.width for cell in cells if cell.text), default=0)
    if not end:
        return
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells if cell.column < end})
    limits.check(placer.report, "table cells", len(rows) * len(columns), limits.CELLS)
    places = product(range(len(rows)), range(len(columns)))
    blank = (Placed("", row, column) for row, column in places)
    closer = (
        Placed(
            cell.text,
            row := bisect_left(rows, cell.row),
            column := bisect_left(columns, cell.column),
            bisect_left(rows, cell.row + cell.height) - row,
            bisect_left(columns, cell.column + cell.width) - column,
        )
        for cell in sorted(cells, key=lambda cell: cell.height * cell.width > 1)
        if cell.column < end
    )
    yield placer.grid(chain(blank, closer))


# --- what a cell shows, in any format -------------------------------------------------------------


def _seen(runs: Iterable[tuple[str, str]]) -> str:
    """The runs of a cell, each with its style as CSS, as they are seen."""
    return figure_or_mark("".join(seen(text, style) for text, style in runs).strip())


def _style(struck: Any, points: float, colour: str, place: Any) -> str:
    lines = "line-through" if struck else "none"
    return (
        f"text-decoration:{lines};font-size:{points or 10}pt;color:{colour};vertical-align:{place};"
    )


def _formatted(value: Any, code: str = "General") -> str:
    """A value in the digits that its format shows; what is no plain number format leaves the number
    whole.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value.isoformat() if isinstance(value, date) else str(value)
    exact = Decimal(repr(value))
    if exact != exact.to_integral_value():
        exact = Decimal(f"{value:.11g}")  # as many digits as a cell shows
    return shown(exact, code)


# --- number formats. Source: ECMA-376 part 1, §18.8.31 --------------------------------------------


def shown(value: Decimal, code: str) -> str:
    """What is printed of ``value``: nothing where the format hides it, U+FFFC where the format is
    none of plain numbers.

    >>> shown(Decimal(521500), '0!.00,"万元"'), shown(Decimal(0), "#,##0;-#,##0;"), shown(Decimal("-2.5"), "0_);(0)")
    ('5.22万元', '', '(3)')
    """
    if code.lower() in ("general", "@", ""):
        return f"{value.normalize():f}"
    sections = _sections(code)
    plain = len(sections) == 1
    section = sections[2] if len(sections) > 2 and not value else sections[not plain and value < 0]
    if any(kind == "unknown" for kind, _ in section):
        return OBJECT
    kinds = "".join(text for kind, text in section if kind in ("sign", "digit"))
    before, _, behind = kinds.replace("%", "").partition(".")
    places = len(behind.rstrip(","))
    thousands = sum(len(part) - len(part.rstrip(",")) for part in (before, behind))
    scaled = abs(value).scaleb(2 * kinds.count("%") - 3 * thousands)
    rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    printed = _filled(section, rounded, len(before.replace(",", "")))
    return f"-{printed}" if plain and value < 0 and rounded else printed


@lru_cache(maxsize=256)
def _sections(code: str) -> list[list[tuple[str, str]]]:
    """The parts of a format for numbers above, below and equal to zero, as (kind, text)."""
    parts = _SECTION.findall(code)
    parts = parts[:-1] if len(parts) > 1 and not code.endswith(";") else parts
    return [
        [(m.lastgroup, m[m.lastgroup]) for m in _TOKEN.finditer(p) if m.lastgroup] for p in parts
    ]


def _filled(section: list[tuple[str, str]], number: Decimal, places: int) -> str:
    """The section with the number's digits in its places; those that do not fit stand before the
    first.
    """
    digits, _, decimals = f"{number:f}".partition(".")
    digits = digits.lstrip("0").rjust(places)
    waiting = (
        [digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :], *decimals]
        if places
        else list(decimals)
    )
    printed = []
    for kind, text in section:
        if kind == "digit" and waiting:
            digit = waiting.pop(0).strip()
            printed.append(digit or ("0" if text == "0" else ""))
        elif kind == "general":
            printed.append(f"{number.normalize():f}")
        elif kind == "sign":
            printed.append(text.replace(",", ""))
        elif kind != "digit":
            printed.append(text)
    return "".join(printed)


# --- .xlsx ----------------------------------------------------------------------------------------


def _xlsx(data: bytes, report: str) -> Iterator[Sheet]:
    """Sheets whose cells are kept sparse, so that a far corner costs nothing."""
    from openpyxl import load_workbook

    computed = _check_parts(Package(data, report), report)
    book = load_workbook(io.BytesIO(data), data_only=True, rich_text=True, keep_links=False)
    if not computed:
        _mark_uncomputed(book, load_workbook(io.BytesIO(data), keep_links=False))
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        zero = 0 if sheet.sheet_view.showZeros is False else None  # what shows as a blank
        merged: dict[Any, Any] = {
            (m.min_row, m.min_col): (m.size["rows"], m.size["columns"])
            for m in sheet.merged_cells.ranges
        }
        yield Sheet(
            sheet.title,
            [
                Placed(_of_openpyxl(cell, zero), *place, *merged.get(place, ()))
                for place, cell in sorted(sheet._cells.items())
                if type(cell).__name__ != "MergedCell"
            ],
            {n for n, row in sheet.row_dimensions.items() if row.hidden or row.height == 0},
            {
                number
                for column in sheet.column_dimensions.values()
                for number in range(column.min or 1, min(column.max or 0, LAST_COLUMN) + 1)
                if column.hidden or not column.width
            },
        )


def _mark_uncomputed(book, formulas) -> None:
    """A program that computes nothing wrote these formulas: what they show is not in the file."""
    for sheet in book.worksheets:
        for place, cell in formulas[sheet.title]._cells.items():
            shown = sheet._cells[place]
            if cell.data_type == "f" and shown.value is None and shown.data_type == "n":
                shown.value = OBJECT


def _check_parts(package: Package, report: str) -> bool:
    """Refuse what the library would unpack or spread out without a bound: large parts, DOCTYPEs,
    endless merges. Whether all formulas have a value.
    """
    from openpyxl.utils.cell import range_boundaries

    count, computed = 0, True
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            root = package.xml(name)
            for element in root.iter("c", "mergeCell") if root is not None else ():
                left, top, right, bottom = range_boundaries(element.get("ref") or "A1")
                count += (right - left + 1) * (bottom - top + 1)
                limits.check(report, "cells in a workbook", count, limits.CELLS)
                computed &= element.find("f") is None or bool(element.findtext("v"))
    return computed


def _of_openpyxl(cell, zero: int | None) -> str:
    from openpyxl.utils.escape import unescape

    value, fill = cell.value, cell.fill
    if value is None or value == zero:
        return ""
    parts = value if type(value).__name__ == "CellRichText" else [value]
    colour = _colour(fill.fgColor) if fill.fill_type == "solid" else "pattern"
    ground = f"background:{colour};" if fill.fill_type else ""
    return _seen(
        (unescape(part.text), ground + _font(part.font)) if hasattr(part, "font")
        else (unescape(_formatted(part, cell.number_format)), ground + _font(cell.font))
        for part in parts
    )  # fmt: skip


def _font(font: Any) -> str:
    return _style(font.strike, font.sz, _colour(font.color), font.vertAlign) if font else ""


def _colour(colour: Any) -> str:
    from openpyxl.styles.colors import COLOR_INDEX

    if colour is None:
        return "auto"
    if colour.type == "indexed" and colour.value < 64:  # the system's colours come after these
        return f"#{COLOR_INDEX[colour.value][-6:]}"
    rgb = colour.type == "rgb"
    return f"#{colour.rgb[-6:]}" if rgb else f"{colour.type} {colour.value} {colour.tint}"


# --- .xls -----------------------------------------------------------------------------------------


def _xls(data: bytes, report: str) -> Iterator[Sheet]:
    import xlrd

    book = xlrd.open_workbook(
        file_contents=data,
        formatting_info=True,
        ragged_rows=True,
        logfile=io.StringIO(),
        ignore_workbook_corruption=True,
    )
    for sheet in book.sheets():
        if sheet.visibility:
            continue
        lengths = list(map(sheet.row_len, range(sheet.nrows)))
        limits.check(report, "cells in a sheet", sum(lengths), limits.CELLS)
        merged: dict[Any, Any] = {
            (top, left): (end - top, last - left) for top, end, left, last in sheet.merged_cells
        }
        yield Sheet(
            sheet.name,
            [
                Placed(text, row + 1, column + 1, *merged.get((row, column), (1, 1)))
                for row, length in enumerate(lengths)
                for column in range(length)
                for text in [_of_xlrd(book, sheet, row, column)]
            ],
            {n + 1 for n, row in sheet.rowinfo_map.items() if row.hidden},
            {n + 1 for n, col in sheet.colinfo_map.items() if col.hidden or not col.width},
        )


def _of_xlrd(book, sheet, row: int, column: int) -> str:
    import xlrd

    cell = sheet.cell(row, column)
    style = book.xf_list[cell.xf_index]
    text = str(cell.value)
    if cell.value == 0 and not sheet.show_zero_values:
        text = ""
    elif cell.ctype == xlrd.XL_CELL_NUMBER:
        text = _formatted(cell.value, book.format_map[style.format_key].format_str)
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        text = str(bool(cell.value))
    elif cell.ctype == xlrd.XL_CELL_DATE:
        text = xlrd.xldate_as_datetime(cell.value, book.datemode).isoformat()
    elif cell.ctype == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code[cell.value]
    changes = sheet.rich_text_runlist_map.get((row, column), ())
    fonts = [(0, style.font_index), *changes, (len(text), 0)]
    runs = [(text[start:end], font) for (start, font), (end, _) in pairwise(fonts)]
    solid, fill = style.background.fill_pattern == 1, style.background.pattern_colour_index
    colour = _rgb(book, fill) if solid else "pattern"
    ground = f"background:{colour};" if style.background.fill_pattern else ""
    return _seen((part, ground + _style_of_xlrd(book, font)) for part, font in runs)


def _style_of_xlrd(book, number: int) -> str:
    font = book.font_list[number]
    place = "super" if font.escapement else "baseline"
    return _style(font.struck_out, font.height / 20, _rgb(book, font.colour_index), place)


def _rgb(book, index: int) -> str:
    return f"rgb{book.colour_map.get(index) or index}"


# --- .ods: each cell holds the text that it shows -------------------------------------------------


def _ods(data: bytes, report: str) -> Iterator[Sheet]:
    root = Package(data, report).xml("content.xml")
    if root is None:
        return
    styles = {style.get("name"): style for style in root.iter("style")}
    looks = {name: _style_of_ods(style) for name, style in styles.items()}
    for table in root.iter("table"):
        style = styles.get(table.get("style-name"))
        if style is None or style.find("table-properties[@display='false']") is None:
            yield _ods_sheet(table, looks, report)


def _ods_sheet(table, looks: dict[str, str], report: str) -> Sheet:
    sheet = Sheet(table.get("name", ""), [], set(), set())
    for column, places in _placed(table.iter("table-column"), "columns"):
        sheet.columns.update(islice(places, LAST_COLUMN) if _is_folded(column) else ())
    for row, places in _placed(table.iter("table-row"), "rows"):
        line: list[Placed] = []
        cells = row.iterchildren("table-cell", "covered-table-cell")
        for cell, columns in _placed(cells, "columns"):
            text = _of_ods(cell, looks)
            if text or cell.get("value-type"):
                limits.check(report, "columns in a sheet", columns.stop - 1, LAST_COLUMN)
                size = [int(cell.get(f"number-{n}-spanned", 1)) for n in ("rows", "columns")]
                line += [Placed(text, 0, column, *size) for column in columns]
        again = places if line else ()
        count = len(sheet.cells) + len(again) * len(line)
        limits.check(report, "cells in a sheet", count, limits.CELLS)
        sheet.cells.extend(cell._replace(row=number) for number in again for cell in line)
        sheet.rows.update(again if _is_folded(row) else ())
    return sheet


def _is_folded(element) -> bool:
    return element.get("visibility", "visible") != "visible"


def _placed(elements, what: str) -> Iterator[tuple[Any, range]]:
    """Each element with the rows or columns that it says it is repeated over."""
    end = 1
    for element in elements:
        times = element.get(f"number-{what}-repeated", "1")
        times = min(int(times), 1 << 24) if times.isdigit() and len(times) < 12 else 1
        start, end = end, end + times
        yield element, range(start, end)


def _of_ods(cell, looks: dict[str, str]) -> str:
    look = looks.get(cell.get("style-name"), "")
    lines = [_seen(_ods_runs(line, look, looks)) for line in cell.iterchildren("p")]
    if not lines and cell.get("value-type") == "float":
        # some programs leave the text to the reader
        lines = [_seen([(_formatted(float(cell.get("value"))), look)])]
    return "\n".join(lines)


def _ods_runs(element, look: str, looks: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield element.text or "", look
    for child in element:
        if child.tag in ("span", "a"):
            yield from _ods_runs(child, look + looks.get(child.get("style-name"), ""), looks)
        else:
            yield " ", look
        yield child.tail or "", look


def _style_of_ods(style) -> str:
    """What a style says of text and its ground, in properties like those of CSS."""
    return "".join(
        f"{name}:{value};"
        for part in style
        for name, value in part.items()
        if part.tag == "text-properties" or name == "background-color"
    )
