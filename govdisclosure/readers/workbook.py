"""Workbooks (.xlsx by openpyxl, .xls and .et by xlrd, .ods from its content.xml) → Document: what
the sheets show.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import chain, groupby, islice, pairwise, product
from operator import attrgetter
from typing import Any, NamedTuple

from ..model import Block, Document, Line, Piece, Source
from . import fields as titles
from . import limits
from .html_hidden import seen
from .office import Package, refusing
from .placing import OBJECT, Placed, Placer, figure_or_mark

_SECTION = re.compile(r'((?:"[^"]*"|[\\!].|\[[^\]]*\]|[^;"\[])*);')
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
    with refusing(source.path, "a workbook"):
        for sheet in sheets(data, source.path):
            area = sum(cell.height * cell.width for cell in sheet.cells)
            limits.check(source.path, "cells in a sheet", area, limits.CELLS)
            blocks += _blocks(sheet, placer)
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
    standing = (
        range(cell.row, cell.row + cell.height) for cell in shown if cell.text or cell.height > 1
    )
    reached = Counter(chain.from_iterable(standing))
    prose = {cell.row for cell in shown if len(cell.text) >= PROSE and cell.height == 1}
    for row, cells in groupby(
        shown, lambda cell: cell.row in prose and reached[cell.row] == 1 and cell.row
    ):
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
    yield placer.grid(closer, full=True)


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
    if type(value) not in (int, float):
        return str(value)
    # of what is no whole number as many digits as a cell shows
    return shown(Decimal(f"{value:.11g}" if value % 1 else repr(value)), code)


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
    kinds = "".join(text for kind, text in section if kind in ("sign", "digit"))
    before, _, behind = kinds.replace("%", "").partition(".")
    places = sum(map(behind.count, "0#?"))
    if any(kind == "unknown" for kind, _ in section) or places and not before:
        return OBJECT
    thousands = sum(len(part) - len(part.rstrip(",")) for part in (before, behind))
    scaled = abs(value).scaleb(2 * kinds.count("%") - 3 * thousands)
    rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    printed = "".join(_filled(section, rounded, places))
    return f"-{printed}" if plain and value < 0 and rounded else printed


@lru_cache(maxsize=256)
def _sections(code: str) -> list[list[tuple[str, str]]]:
    """The parts of a format for numbers above, below and equal to zero, as (kind, text)."""
    parts = map(_TOKEN.finditer, _SECTION.findall(f"{code};"))
    return [[(m.lastgroup, m[m.lastgroup]) for m in found if m.lastgroup] for found in parts]


def _filled(section: list[tuple[str, str]], number: Decimal, places: int) -> Iterator[str]:
    """The section with the number's digits in its places; those that do not fit stand before the
    first.
    """
    count = sum(kind == "digit" for kind, _ in section)
    digits = f"{int(number.scaleb(places)) or '':0>{places}}".rjust(count)
    first = len(digits) - count + 1
    waiting = iter([digits[:first], *digits[first:]])
    for kind, text in section:
        if kind == "digit":
            yield next(waiting).strip() or ("0" if text == "0" else "")
        elif kind == "general":
            yield f"{number.normalize():f}"
        else:
            yield text.replace(",", "") if kind == "sign" else text


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
            root: Any = package.xml(name)
            for element in root.iter("c", "mergeCell"):
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
    colour = _colour(fill.fgColor) if fill.fill_type == "solid" else fill.fill_type
    ground = f"background:{colour};"
    runs = (
        (part.text, ground + _font(part.font)) if hasattr(part, "font")
        else (_formatted(part, cell.number_format), ground + _font(cell.font))
        for part in parts
    )  # fmt: skip
    return unescape(_seen(runs))


def _font(font: Any) -> str:
    return _style(font.strike, font.sz, _colour(font.color), font.vertAlign) if font else ""


def _colour(colour: Any) -> str:
    from openpyxl.styles.colors import COLOR_INDEX

    if colour is None:
        return "auto"
    rgb = colour.value
    if colour.type == "indexed":  # the system's own colours come after those of the palette
        rgb = dict(enumerate(COLOR_INDEX)).get(rgb, rgb)
    return f"#{rgb[-6:]}" if isinstance(rgb, str) else f"{colour.type} {rgb} {colour.tint}"


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
        count = sum(map(sheet.row_len, range(sheet.nrows)))
        limits.check(report, "cells in a sheet", count, limits.CELLS)
        merged: dict[Any, Any] = {
            (top, left): (end - top, last - left) for top, end, left, last in sheet.merged_cells
        }
        yield Sheet(
            sheet.name,
            [
                Placed(text, row + 1, column + 1, *merged.get((row, column), ()))
                for row in range(sheet.nrows)
                for column, text in enumerate(_row_of_xlrd(book, sheet, row))
            ],
            {n + 1 for n, row in sheet.rowinfo_map.items() if row.hidden},
            {n + 1 for n, col in sheet.colinfo_map.items() if col.hidden or not col.width},
        )


def _row_of_xlrd(book, sheet, row: int) -> Iterator[str]:
    """The texts of the row's cells."""
    import xlrd

    for column, cell in enumerate(sheet.row(row)):
        style, value = book.xf_list[cell.xf_index], cell.value
        if value == 0 and not sheet.show_zero_values:
            value = ""
        elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
            value = bool(value)
        elif cell.ctype == xlrd.XL_CELL_DATE:
            value = xlrd.xldate_as_datetime(value, book.datemode)
        elif cell.ctype == xlrd.XL_CELL_ERROR:
            value = xlrd.error_text_from_code[value]
        text = _formatted(value, book.format_map[style.format_key].format_str)
        changes = sheet.rich_text_runlist_map.get((row, column), ())
        fonts = [(0, style.font_index), *changes, (len(text), 0)]
        runs = [(text[start:end], font) for (start, font), (end, _) in pairwise(fonts)]
        pattern, fill = style.background.fill_pattern, style.background.pattern_colour_index
        ground = f"background:{_rgb(book, fill) if pattern == 1 else pattern or None};"
        yield _seen((part, ground + _style_of_xlrd(book, font)) for part, font in runs)


def _style_of_xlrd(book, number: int) -> str:
    font = book.font_list[number]
    place = "super" if font.escapement else "baseline"
    return _style(font.struck_out, font.height / 20, _rgb(book, font.colour_index), place)


def _rgb(book, index: int) -> str:
    return f"rgb{book.colour_map.get(index) or index}"


# --- .ods: each cell holds the text that it shows -------------------------------------------------


def _ods(data: bytes, report: str) -> Iterator[Sheet]:
    package = Package(data, report)
    root: Any = package.xml("content.xml")
    looks = {style.get("name"): _style_of_ods(style) for style in root.iter("style")}
    hidden = root.xpath("//style[table-properties/@display='false']/@name")
    settings: Any = package.optional("settings.xml")
    if settings.xpath("//config-item[@name='ShowZeroValues' and .='false']"):
        for zero in root.xpath("//table-cell[number(@value)=0]"):
            zero[:] = []
            zero.set("value-type", "string")
    for table in root.iter("table"):
        if table.get("style-name") not in hidden:
            yield _ods_sheet(table, looks, report)


def _ods_sheet(table, looks: dict[str, str], report: str) -> Sheet:
    sheet = Sheet(table.get("name", ""), [], set(), set())
    for element, columns in _repeated(table.iter("table-column"), "columns"):
        sheet.columns.update(islice(columns, LAST_COLUMN) if _is_folded(element) else ())
    for element, rows in _repeated(table.iter("table-row"), "rows"):
        cells = element.iterchildren("table-cell", "covered-table-cell")
        for cell, columns in _repeated(cells, "columns"):
            text = _of_ods(cell, looks)
            if text or cell.get("value-type"):
                count = len(sheet.cells) + len(rows) * len(columns)
                limits.check(report, "cells in a sheet", count, limits.CELLS)
                size = [int(cell.get(f"number-{n}-spanned", 1)) for n in ("rows", "columns")]
                sheet.cells.extend(Placed(text, *place, *size) for place in product(rows, columns))
                sheet.rows.update(rows if _is_folded(element) else ())
    sheet.cells.sort(key=attrgetter("row"))
    return sheet


def _is_folded(element) -> bool:
    return element.get("visibility", "visible") != "visible"


def _repeated(elements, what: str) -> Iterator[tuple[Any, range]]:
    """Each element with the rows or columns that it says it is repeated over."""
    end = 1
    for element in elements:
        start, end = end, end + int(element.get(f"number-{what}-repeated", 1))
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
