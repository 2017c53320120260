"""Tables of figures as sources: a CSV, Parquet or Excel table with a row per figure, read as
Records.

``figure_codes.toml`` says which columns there are and which codes hand-made tables use beyond the
codebook's. A report has the cells that the table gives and no others: a row that is not there was
not seen, it is neither absent nor zero.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter, defaultdict, namedtuple
from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from sys import intern
from typing import Any, cast

from .errors import DisclosureError, TableRowError, UnreadableFileError
from .forms import FORMS, Column, Row, form_cells, row_unit
from .identity.bodies import province_name
from .identity.deciding import FIELDS, Findings
from .model import Cell, Figure, Known, Record, Source, Unplaced
from .narrative.codes import PLATFORMS, UNITS
from .numbers import MONEY, MYRIADS, convert, number
from .readers.limits import check
from .readers.office import Package, refusing
from .readers.reading import decode

CODES = tomllib.loads(Path(__file__).with_name("figure_codes.toml").read_text("utf-8"))
CELLS = 20_000_000  # cells of a table: about a million figures with twenty facts each
UNPACKED = 512 << 20  # bytes of an Excel workbook or a Parquet file, unpacked
LONGEST = 10_000  # characters of a cell
SAID = 200  # rows that can't be used are named one by one up to here, the rest are counted
USABLE = "a row with agency, year and a value for each column"
PARQUET, ZIP, EXCEL = b"PAR1", b"PK\3\4", "application/vnd.ms-excel"
MEDIA = {PARQUET: "application/vnd.apache.parquet", ZIP: EXCEL, b"\xd0\xcf\x11\xe0": EXCEL}
STATED = ("blank", "not_applicable", "unreadable")
# Form → code of each of its cells, in form order → its row and column.
_PLACES = {
    key: {(t.key, r.key, c.key): (r, c) for t, r, c in form_cells(form)}
    for key, form in FORMS.items()
}
COLUMNS = list(CODES["columns"])
# A row: its line in the file (1: the header), and what it says; `unit` is None where the table has
# no such column, `text` is then the value.
_Row = cast(Any, namedtuple("_Row", ["line", *COLUMNS], defaults=[""] * len(COLUMNS)))  # type: ignore[misc]
_code = attrgetter("table", "row", "column")  # one of them is '' where the row names no cell


def is_figures(data: bytes) -> bool:
    """Whether the bytes are a table of figures, by the names of its columns.

    >>> is_figures("agency,year,indicator,value\\n甲县人民政府,2021,staff,3\\n".encode())
    True
    >>> is_figures("年度,件数\\n2021,3\\n".encode())
    False
    """
    head = data if data[:4] in MEDIA else data[:4096]
    try:
        return any(_has_figures(_names(texts)) for _, texts in _tables(head, ""))
    except (DisclosureError, ImportError):
        return data[:4] == PARQUET  # nothing else is read from one: let the error be told


def figure_records(
    data: bytes, source: Source, report_id: str
) -> Iterator[Record | DisclosureError]:
    """The reports of a table of figures, in the order in which they first appear; what can't be
    used is an error of kind 'table_row', yielded beside them.

    A report's id is ``report_id/report_key`` (without a key: ``report_id/agency-year``, and the
    territory). Raises UnreadableFileError and LimitError where the table as a whole can't be read.
    """
    source = source._replace(media_type=MEDIA.get(data[:4], "text/csv"))
    wrong: list[tuple[str, str]] = []  # lines of what belongs to no report, and why
    reports: dict[str, list] = defaultdict(list)
    unread: dict[str, None] = {}
    for sheet, texts in _tables(data, source.path):
        names = _names(texts)
        if _has_figures(names):
            unread |= dict.fromkeys(name for name in names if name and name not in COLUMNS)
            _gather(names, texts, sheet, source.path, reports, wrong)
        elif any(names):
            wrong.append((f"{sheet}1", "a sheet with other columns, which is not read"))
    notes = Findings("table", "reading")
    if unread:
        said = ", ".join(unread)[:200]
        notes.say("columns_not_read", f"Columns that are not read: {said}.", "info")
    for key, rows in reports.items():
        if len({(row.agency, row.year) for row in rows}) > 1:
            wrong += [(row.line, f"{key} stands for several agencies or years") for row in rows]
        else:
            yield _record(rows, notes, f"{report_id}/{key}", source)
            notes = Findings("table", "reading")
        rows.clear()
    for line, seen in wrong[:SAID]:
        yield TableRowError(f"{source.path}, line {line}", USABLE, seen=seen)
    if more := len(wrong[SAID:]):
        yield TableRowError(source.path, USABLE, seen=f"{more} more rows of the kind")


def _has_figures(names: list[str]) -> bool:
    enough = any(map(set(names).issuperset, CODES["enough"]))
    return enough and not set(names).isdisjoint(CODES["figure"])


# --- bytes → rows ---------------------------------------------------------------------------------


def _gather(
    names: list[str],
    texts: Iterator[list[str]],
    sheet: str,
    report: str,
    reports: dict[str, list],
    wrong: list[tuple[str, str]],
) -> None:
    """Put the rows of a table to the reports that they are of, or among what is wrong."""
    width, known = len(names), {name: at for at, name in enumerate(names) if name in COLUMNS}
    if doubled := [name for name in known if names.count(name) > 1]:
        expected, seen = "columns of different names", f"{min(doubled)} twice"
        raise UnreadableFileError(report, expected, seen=seen)
    for count, printed in enumerate(texts, 2):
        line = f"{sheet}{count}"
        check(report, "cells of a table of figures", (count - 1) * width, CELLS)
        check(report, "characters in a cell", max(map(len, printed), default=0), LONGEST)
        values = [intern(text.strip()) for text in printed]  # the same few texts in every row
        if not any(values):
            continue
        if len(values) < width or any(values[width:]):  # which is which is never guessed
            wrong.append((line, f"{len(values)} values where the header has {width}"))
            continue
        said = {name: values[at] for name, at in known.items()}
        row = _Row(line, **{"text": said.get("value", ""), "unit": None} | said)
        year = re.fullmatch(FIELDS["year"][1], row.year, re.ASCII)
        if row.agency and year:
            own = "-".join(filter(None, (row.agency, year[1], row.territory)))
            reports[row.report_key or own].append(row._replace(year=year[1]))
        else:
            seen = f"no year that can be: {row.year[:20]!r}" if row.agency else "no agency"
            wrong.append((line, seen))


def _names(texts: Iterator[list[str]]) -> list[str]:
    """The names of the columns: the first row."""
    names = (text.strip().lower() for text in next(texts, ()))
    return [CODES["other_names"].get(name, name) for name in names]


def _tables(data: bytes, report: str) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """(what stands before the numbers of its lines, its rows) of each table of a file: a workbook
    has one on each sheet.
    """
    with refusing(report, "a table of figures"):
        for sheet, rows in _sheets(data, report):
            yield sheet, _texts(rows, report, data[:4] in MEDIA)


def _texts(rows: Iterator[Iterable], report: str, fill: bool) -> Iterator[list[str]]:
    """Rows of texts: of a CSV as they stand, others filled to the header's width."""
    width = 0
    with refusing(report, "a table of figures"):
        for values in rows:
            row = list(map(_text, values))
            width = width or len(row) * fill
            yield row + [""] * (width - len(row))


def _sheets(data: bytes, report: str) -> Iterator[tuple[str, Iterator[Iterable]]]:
    """(name, rows of values) of each sheet; each library hands them out one by one."""
    file = io.BytesIO(data)
    if data[:4] == PARQUET:
        yield "", _of_parquet(file, report)
    elif data[:4] == ZIP:
        from openpyxl import load_workbook

        size = sum(member.file_size for member in Package(data, report).names.values())
        check(report, "bytes of a workbook", size, UNPACKED)
        for n, sheet in enumerate(load_workbook(file, read_only=True, data_only=True).worksheets):
            sheet.reset_dimensions()  # what a file says of its size may be wrong
            yield f"{sheet.title}!" if n else "", sheet.iter_rows(values_only=True)
    elif data[:4] in MEDIA:
        import xlrd

        for n, old in enumerate(xlrd.open_workbook(file_contents=data, logfile=io.StringIO())):
            yield f"{old.name}!" if n else "", map(old.row_values, range(old.nrows))
    else:
        text = decode(data, report)
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        yield "", csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _of_parquet(file: io.BytesIO, report: str) -> Iterator[Iterable]:
    import pyarrow.parquet as pq

    meta = pq.read_metadata(file)
    size = sum(meta.row_group(n).total_byte_size for n in range(meta.num_row_groups))
    check(report, "bytes of a table of figures", size, UNPACKED)
    check(report, "cells", meta.num_rows * meta.num_columns, CELLS)
    table = pq.read_table(file, read_dictionary=meta.schema.names)  # a text is kept once
    yield table.column_names
    for row in zip(*table.columns):
        yield [value.as_py() for value in row]


def _text(value: object) -> str:
    """A value as it would stand in a CSV: 2021.0 is 2021, nothing is ''.

    >>> _text(2021.0), _text(None), _text(0.5), _text("2021.0")
    ('2021', '', '0.5', '2021.0')
    """
    if value is None or value != value:
        return ""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


# --- rows → a Record ------------------------------------------------------------------------------


def _record(rows: list, notes: Findings, report_id: str, source: Source) -> Record:
    """One report of a table: its facts, its cells in form order, its figures in the table's order,
    and what needs saying.
    """
    form = _form(rows, notes)
    places = _PLACES.get(form or "", {})
    addresses, origins = {row.url for row in rows}, {row.origin for row in rows} - {""}
    cells, figures, unplaced = [], [], []
    for row in rows:
        where = row.where or row.url or f"{source.name}, line {row.line}"
        code = _code(row)
        if code in places:
            cells.append(_cell(row, *places[code], where, notes))
        elif all(code):
            _reject(notes, row, f"form {form or '?'}", ".".join(code))
            known = [(p[:1] == code[:1]) + (p[:2] == code[:2]) for p in places]
            reason = ("other_table", "extra_row", "extra_column")[max(known, default=0)]
            value = _float(number(row.text).value)
            unplaced.append(Unplaced(*code, value, row.text, where, reason))
        elif row.indicator or row.measure:
            figures.append(_figure(row, where if len(addresses) > 1 else "", notes))
        else:
            message = f"Line {row.line} names neither a cell nor an indicator; it is not read."
            notes.say("no_place", message)
    names = ("agency", "year", "division_code", "level", "province")
    facts = dict.fromkeys(FIELDS, "") | {name: _fact(rows, name, notes) for name in names}
    facts["province"] = facts["province"] or province_name(facts["division_code"])
    origin = f"; origin={'mixed' if len(origins) > 1 else min(origins)}" if origins else ""
    return Record(
        report_id=report_id,
        source=source._replace(
            path=f"{source.path}, lines {rows[0].line}-{rows[-1].line}",
            url=rows[0].url if len(addresses) == 1 else "",
            media_type=source.media_type + origin,
        ),
        **{
            name: Known(FIELDS[name][2](text), "table") if text else Known(None)
            for name, text in facts.items()
        },
        form=form,
        cells=_cells_once(cells, places, notes),
        figures=_figures_once(figures, notes),
        unplaced=tuple(unplaced),
        sections=(),
        findings=tuple(notes),
    )


def _reject(notes: Findings, row: Any, where: str, said: str) -> None:
    """A word that no list has."""
    notes.say(
        "unknown_code", f"Line {row.line}: {where} has no {said[:60]!r}; it is kept as typed."
    )


def _fact(rows: list, name: str, notes: Findings) -> str:
    """What all rows say of a fact; '' and a finding where they differ, or it can't be."""
    texts = sorted({getattr(row, name) for row in rows} - {""})
    if len(texts) > 1:
        values = ", ".join(texts[:4])
        message = f"The rows give several values for {name} ({values}); none is taken."
        notes.say("facts_differ", message)
        return ""
    text = "".join(texts)
    if name == "level":
        text = text.replace("_", " ").replace("nation", "state")
    expected, pattern, _ = FIELDS[name]
    if text and not re.fullmatch(pattern, text, re.ASCII | re.DOTALL):
        notes.say("unknown_code", f"{name} is {text[:60]!r}: {expected} is expected.")
        return ""
    return text


def _form(rows: list, notes: Findings) -> str | None:
    """The form that the rows name, else the one that has all their codes; where two have, the year
    decides, and it is said.
    """
    given = {row.form.removesuffix(".0") for row in rows} - {""}
    if len(given) == 1 and given <= FORMS.keys():
        return min(given)
    if given:
        _reject(notes, rows[0], "the list of forms", ", ".join(sorted(given)))
    codes = set(filter(all, map(_code, rows)))
    lacking = {key: len(codes - places.keys()) for key, places in _PLACES.items()}
    best = [key for key in FORMS if lacking[key] == min(lacking.values())]
    if codes and len(best) > 1:
        best = ["2019" if rows[0].year < "2021" else "2021"]
        notes.say("form_by_year", f"Form {best[0]}: by the year.", "info")
    return best[0] if codes else None


def _cell(row: Any, form_row: Row, column: Column, where: str, notes: Findings) -> Cell:
    """The cell that a row gives, in the form's unit."""
    unit = row_unit(form_row, column) if row.unit is None else row.unit or None
    money = (form_row.kind or column.kind) == "money"
    value, unit, status = _value(row, unit, money, notes, ".".join(_code(row)))
    if value is not None and unit in MONEY and column.money_unit:
        # 84565 元 of fees are 8.4565 万元
        value, unit = convert(value, unit, column.money_unit), column.money_unit
    return Cell(*_code(row), _float(value), unit, status, row.text, where)


def _value(
    row: Any, unit: str | None, money: bool, notes: Findings, *cells: str
) -> tuple[Decimal | None, str | None, str]:
    """(value, unit, status) that a row's text and value say together, in the row's unit; unreadable
    where they contradict each other, which is said. In an amount of money 元 may stand where the
    header says 万元."""
    stated, printed = number(row.value), number(row.text)
    figure, blank = printed.value, printed.status == "blank"
    if figure is not None and row.status not in STATED and (money or printed.unit not in MONEY):
        if printed.unit in MONEY and unit in MONEY:
            figure = convert(figure, printed.unit, unit)
        for value in (figure, figure * 10_000)[: 2 if money and not printed.unit else 1]:
            if stated.value in (None, value):
                return value, unit or printed.unit, "reported"
    elif figure is None and stated.status in (printed.status, "blank") and (cells or blank):
        return None, unit, row.status if blank and row.status in STATED else printed.status
    problem = f"value {row.value[:20]!r}, text {row.text[:20]!r}, unit {unit} and status {row.status[:20] or None}"
    message = f"Line {row.line}: {problem} do not agree; it is not read."
    notes.say("contradiction", message, cells=cells)
    return None, unit, "unreadable"


def _cells_once(cells: list[Cell], places: dict, notes: Findings) -> tuple[Cell, ...]:
    """Cells in form order, each once: printed twice alike it is one, printed differently it is
    unreadable; both are said.
    """
    once: dict[tuple, Cell] = {}
    for cell in cells:
        key, name = cell[:3], ".".join(cell[:3])
        before = once.setdefault(key, cell)
        if before is cell:
            continue
        end, severity = "it is taken once", "info"
        if before[3:6] != cell[3:6]:
            end, severity = "neither is taken", "warning"
            once[key] = before._replace(value=None, status="unreadable")
        message = f"{name} is {before.text[:20]!r} and {cell.text[:20]!r}; {end}."
        notes.say("doubled_row", message, severity, cells=(name,))
    return tuple(once[code] for code in places if code in once)


def _figures_once(figures: list[Figure], notes: Findings) -> tuple[Figure, ...]:
    """Prose figures, each once; the same figure twice is said, and so are two values for one
    count.
    """
    once = dict.fromkeys(figures)
    if doubles := len(figures) - len(once):
        notes.say("doubled_row", f"{doubles} figures stand there twice.", "info")
    counts = Counter((f.indicator, f.platform, f.period, f.scope, f.note) for f in once)
    for (indicator, platform, *_), count in counts.items():
        if count > 1:
            message = f"{indicator} ({platform}) has {count} values; all are kept."
            notes.say("several_values", message)
    return tuple(once)


def _figure(row: Any, where: str, notes: Findings) -> Figure:
    """A figure of the prose as the row gives it. Its note holds what the frame has no column for,
    as ``key: value; …``: origin, territory, counts (what narrows the count), printed (a figure in 万
    or 亿), where (if the report has several)."""
    value, unit, _ = _value(row, None, True, notes)
    usual = UNITS.get(row.indicator, "个" if row.measure else "")
    unit = (usual if row.unit is None else row.unit) or unit or ""
    printed = ""
    if unit[:1] in MYRIADS:  # 3.5 万条 are 35,000 条
        printed = "" if value is None else f"{value} {unit}"
        value, unit = value and value * MYRIADS[unit[0]], unit[1:]
    scope, _, counts = row.scope.replace("；", ";").partition(";")
    known = CODES["scopes"].get(scope.strip().lower(), "part")
    platform = row.platform or "all"
    if platform not in PLATFORMS:
        _reject(notes, row, "platform", platform)
    code = row.indicator or f"new_media_{row.measure}"
    years = {"": "year", str(int(row.year) - 1): "previous_year", row.year: "year"}
    period = row.period.removesuffix(".0")
    period = years.get(period, period)
    alias, cumulative = CODES["aliases"].get(code, (code, ""))
    if UNITS.get(alias) == unit:
        code, period = alias, cumulative or period
    if code not in UNITS and code not in CODES["indicators"]:
        _reject(notes, row, "the codebook", code)
    counts = row.scope if known == "part" else counts.strip()
    told = (
        row.origin and f"origin: {row.origin}",
        row.territory and f"territory: {row.territory}",
        counts and f"counts: {counts}",
        printed and f"printed: {printed}",
        where and f"where: {where}",
        row.note,
    )
    approximate = row.approximate.lower() not in CODES["not_approximate"]
    at = (0, "", 0, 0)  # in no section and no sentence
    return Figure(
        code, platform, _float(value), unit, period, approximate, known, *at, "table", "; ".join(filter(None, told))
    )  # fmt: skip


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
