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
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, cast

from .errors import DisclosureError, LimitError, TableRowError, UnreadableFileError
from .forms import FORMS, form_cells, row_unit
from .identity.bodies import province_name
from .identity.deciding import FIELDS, Findings
from .model import Cell, Figure, Known, Record, Source, Unplaced
from .narrative.codes import PLATFORMS, UNITS
from .numbers import MONEY, MYRIADS, Reading, convert, number
from .readers.limits import check
from .readers.office import Package
from .readers.reading import decode

CODES = tomllib.loads(Path(__file__).with_name("figure_codes.toml").read_text("utf-8"))
CELLS = 20_000_000  # cells of a table: about a million figures with twenty facts each
UNPACKED = 512 << 20  # bytes of an Excel workbook or a Parquet file, unpacked
LONGEST = 10_000  # characters of a cell
SAID = 200  # rows that can't be used are named one by one up to here, the rest are counted
PARQUET, ZIP, EXCEL = b"PAR1", b"PK\3\4", "application/vnd.ms-excel"
MEDIA = {PARQUET: "application/vnd.apache.parquet", ZIP: EXCEL, b"\xd0\xcf\x11\xe0": EXCEL}
STATED = ("blank", "not_applicable", "unreadable")
# Form → code of each of its cells, in form order → its row and column.
_PLACES = {
    key: {(t.key, r.key, c.key): (r, c) for t, r, c in form_cells(form, optional=True)}
    for key, form in FORMS.items()
}
# A row: its line in the file (1: the header), and what it says; a column that the table does not
# have is "", but None where it is text or unit.
_ABSENT = dict.fromkeys(CODES["columns"], "") | {"text": None, "unit": None}
_Row = cast(Any, namedtuple("_Row", ["number", *_ABSENT], defaults=_ABSENT.values()))  # type: ignore[misc]


class FigureTable(NamedTuple):
    """A table of figures: its media type, the names of its columns, and the rows below the
    header.
    """

    media_type: str
    header: list[str]
    rows: Iterator[Sequence[str]]


def is_figures(data: bytes) -> bool:
    """Whether the bytes are a table of figures, by the names of its columns.

    >>> is_figures("agency,year,indicator,value\\n甲县人民政府,2021,staff,3\\n".encode())
    True
    >>> is_figures("年度,件数\\n2021,3\\n".encode())
    False
    """
    try:
        return _open(data, "") is not None
    except (LimitError, UnreadableFileError):
        return data[:4] == PARQUET  # nothing else is read from one: let the error be told


def figure_records(
    data: bytes, source: Source, report_id: str
) -> Iterator[Record | DisclosureError]:
    """The reports of a table of figures, in the order in which they first appear; what can't be
    used is an error of kind 'table_row', yielded beside them.

    A report's id is ``report_id/report_key`` (without a key: ``report_id/agency-year``, and the
    territory). Raises UnreadableFileError and LimitError where the table as a whole can't be read.
    """
    table = _open(data, source.path)
    if table is None:
        raise TableRowError(source.path, "a table of figures", seen="other columns")
    source = source._replace(media_type=table.media_type)
    reports: dict[str, list] = defaultdict(list)
    unusable: list[tuple[int, str]] = []
    for row, problem in _rows(table, source.path):
        if problem:
            unusable.append((row.number, problem))
        else:
            own = "-".join(filter(None, (row.agency, row.year, row.territory)))
            reports[row.report_key or own].append(row)
    notes = Findings("table", "reading")
    if unread := [name for name in table.header if name and name not in CODES["columns"]]:
        message = f"Columns that are not read: {', '.join(unread)[:200]}."
        notes.say("columns_not_read", message, "info")
    for key, rows in reports.items():
        if len({(row.agency, row.year) for row in rows}) > 1:
            problem = f"{key} stands for several agencies or years"
            unusable += [(row.number, problem) for row in rows]
        else:
            yield _Report(rows, notes).record(f"{report_id}/{key}", source)
            notes = Findings("table", "reading")
        rows.clear()
    said = [(f"{source.path}, line {line}", problem) for line, problem in unusable[:SAID]]
    if more := len(unusable) - len(said):
        said.append((source.path, f"{more} more rows of the kind"))
    for path, problem in said:
        yield TableRowError(
            path, "a row with agency, year and a value for each column", seen=problem
        )


# --- bytes → rows ---------------------------------------------------------------------------------


def _open(data: bytes, report: str) -> FigureTable | None:
    """The table in `data`, or None where its columns are not those of a table of figures."""
    media, delimiter = MEDIA.get(data[:4], ""), ""
    if not media:
        first = decode(data[:4096], report).partition("\n")[0].replace('"', "")
        delimiter = max(",;\t", key=first.count)
        if not _fits(_names(first.split(delimiter))):
            return None
    rows = _texts(data, delimiter, report)
    header = _names(next(rows, ()))
    return FigureTable(media or "text/csv", header, rows) if _fits(header) else None


def _names(header: Sequence[str]) -> list[str]:
    names = [text.strip().strip("\ufeff").lower() for text in header]
    return [CODES["other_names"].get(name, name) for name in names]


def _fits(header: list[str]) -> bool:
    names = set(header)
    placed = any(map(names.issuperset, CODES["places"]))
    return placed and names.issuperset(CODES["who"]) and not names.isdisjoint(CODES["figure"])


def _texts(data: bytes, delimiter: str, report: str) -> Iterator[Sequence[str]]:
    """Rows of texts: of a CSV as they stand, of a Parquet table or a workbook's first sheet filled
    to the header's width.
    """
    try:
        if delimiter:
            yield from csv.reader(
                io.StringIO(decode(data, report), newline=""), delimiter=delimiter
            )
            return
        width = 0
        for values in _typed(data, report):
            row = list(map(_text, values))
            width = width or len(row)
            yield row + [""] * (width - len(row))
    except DisclosureError:
        raise
    except Exception as error:  # the libraries have errors of their own, and none for a missing one
        seen = str(error)[:200]
        raise UnreadableFileError(report, "a table of figures", seen=seen) from error


def _typed(data: bytes, report: str) -> Iterator[Iterable]:
    """Rows of values; each library hands them out one by one."""
    file = io.BytesIO(data)
    if data[:4] == PARQUET:
        import pyarrow.parquet as pq

        meta = pq.read_metadata(file)
        size = sum(meta.row_group(n).total_byte_size for n in range(meta.num_row_groups))
        check(report, "bytes of a table of figures", size, UNPACKED)
        check(report, "cells", meta.num_rows * meta.num_columns, CELLS)
        table = pq.read_table(file, read_dictionary=meta.schema.names)  # a text is kept once
        yield table.column_names
        for row in zip(*table.columns):
            yield [value.as_py() for value in row]
    elif data[:4] == ZIP:
        from openpyxl import load_workbook

        size = sum(member.file_size for member in Package(data, report).names.values())
        check(report, "bytes of a workbook", size, UNPACKED)
        first = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        first.reset_dimensions()  # what a file says of its size may be wrong
        yield from first.iter_rows(values_only=True)
    else:
        import xlrd

        sheet = xlrd.open_workbook(file_contents=data, logfile=io.StringIO()).sheet_by_index(0)
        yield from map(sheet.row_values, range(sheet.nrows))


def _text(value: object) -> str:
    """A typed value as it would stand in a CSV: 2021.0 is 2021, nothing is ''.

    >>> _text(2021.0), _text(None), _text(0.5), _text(True)
    ('2021', '', '0.5', 'yes')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value) if whole else value)  # type: ignore[call-overload]


def _rows(table: FigureTable, report: str) -> Iterator[tuple[Any, str]]:
    """Rows, each with why it belongs to no report or ''; one longer or shorter than the header is
    never guessed.
    """
    width = len(table.header)
    known = [(name, at) for at, name in enumerate(table.header) if name in CODES["columns"]]
    if doubled := {name for name, _ in known if table.header.count(name) > 1}:
        seen = f"{min(doubled)} twice"
        raise UnreadableFileError(report, "columns of different names", seen=seen)
    texts: dict[str, str] = {}  # the same few texts come back in every row: kept once
    for line, printed in enumerate(table.rows, 2):
        check(report, "cells of a table of figures", (line - 1) * width, CELLS)
        check(report, "characters in a cell", max(map(len, printed), default=0), LONGEST)
        values = [texts.setdefault(text, text) for text in map(str.strip, printed)]
        if len(values) < width and any(values) or any(values[width:]):
            yield _Row(line), f"{len(values)} values where the header has {width}"
        elif any(values):
            row = _Row(line, **{name: values[at] for name, at in known})
            year = re.fullmatch(FIELDS["year"][1], row.year, re.ASCII)
            problem = "" if year else f"no year that can be: {row.year[:20]!r}"
            yield row._replace(year=year[1] if year else ""), problem if row.agency else "no agency"


# --- rows → a Record ------------------------------------------------------------------------------


class _Report:
    """One report of a table: its rows, the form they follow, and what needs saying."""

    def __init__(self, rows: list, notes: Findings) -> None:
        self.rows, self.notes = rows, notes
        self.form = self._form()
        self.places = _PLACES.get(self.form or "", {})
        self.addresses = {row.url for row in rows}

    def record(self, report_id: str, source: Source) -> Record:
        """The report's facts, its cells in form order, its figures in the table's order, and the
        findings.
        """
        made = [self._entry(row, source) for row in self.rows]
        origins = {row.origin for row in self.rows} - {""}
        origin = "; origin=" + ("mixed" if len(origins) > 1 else min(origins)) if origins else ""
        first, last = self.rows[0], self.rows[-1]
        code, level, province = map(self._fact, ("division_code", "level", "province"))
        said = {
            "agency": first.agency,
            "year": int(first.year),
            "level": level,
            "division_code": code,
            "province": province or province_name(code),
        }
        facts = {
            name: Known(value, "table") if value else Known(None) for name, value in said.items()
        }
        return Record(
            report_id=report_id,
            source=source._replace(
                path=f"{source.path}, lines {first.number}-{last.number}",
                url=first.url if len(self.addresses) == 1 else "",
                media_type=source.media_type + origin,
            ),
            title=Known(None),
            published=Known(None),
            **facts,
            form=self.form,
            cells=self._cells_once([cell for cell in made if isinstance(cell, Cell)]),
            figures=self._figures_once([figure for figure in made if isinstance(figure, Figure)]),
            unplaced=tuple(one for one in made if isinstance(one, Unplaced)),
            sections=(),
            findings=tuple(self.notes),
        )

    def _reject(self, row: Any, where: str, said: str) -> None:
        """A word that no list has."""
        message = f"Line {row.number}: {where} has no {said[:60]!r}; it is kept as typed."
        self.notes.say("unknown_code", message)

    def _fact(self, name: str) -> str:
        """What all rows say of a fact; '' and a finding where they differ, or it can't be."""
        text, *more = sorted({getattr(row, name) for row in self.rows} - {""}) or [""]
        if more:
            values = ", ".join([text, *more][:4])
            message = f"The rows give several values for {name} ({values}); none is taken."
            self.notes.say("facts_differ", message)
            return ""
        if name == "level":
            text = text.replace("_", " ").replace("nation", "state")
        expected, pattern, _ = FIELDS[name]
        if text and not re.fullmatch(pattern, text, re.ASCII):
            self.notes.say("unknown_code", f"{name} is {text[:60]!r}: {expected} is expected.")
            return ""
        return text

    def _form(self) -> str | None:
        """The form that the rows name, else the one that has all their codes; where two have, the
        year decides, and it is said.
        """
        given = {row.form.removesuffix(".0") for row in self.rows} - {""}
        if len(given) == 1 and given <= FORMS.keys():
            return min(given)
        if given:
            self._reject(self.rows[0], "the list of forms", ", ".join(sorted(given)))
        codes = set(filter(all, map(_code, self.rows)))
        if not codes:
            return None
        lacking = {key: len(codes - places.keys()) for key, places in _PLACES.items()}
        best, *others = [key for key in FORMS if lacking[key] == min(lacking.values())]
        if others:
            best = "2019" if self.rows[0].year < "2021" else "2021"
            self.notes.say("form_by_year", f"Form {best}: by the year.", "info")
        return best

    def _entry(self, row: Any, source: Source) -> Cell | Figure | Unplaced | None:
        """What a row gives; None, and a finding, where it names no place."""
        where = row.where or row.url or f"{source.name or source.path}, line {row.number}"
        if all(_code(row)):
            return self._cell(row, where)
        if row.indicator or row.measure:
            return self._figure(row, where if len(self.addresses) > 1 else "")
        message = f"Line {row.number} names neither a cell nor an indicator; it is not read."
        self.notes.say("no_place", message)
        return None

    def _cell(self, row: Any, where: str) -> Cell | Unplaced:
        """The cell that a row gives, or where the form has no such cell its figure as unplaced,
        with a finding.
        """
        code = _code(row)
        text = row.value if row.text is None else row.text
        if code not in self.places:
            self._reject(row, f"form {self.form or '?'}", ".".join(code))
            known = [(p[:1] == code[:1]) + (p[:2] == code[:2]) for p in self.places]
            reason = ("other_table", "extra_row", "extra_column")[max(known, default=0)]
            return Unplaced(*code, _float(number(text).value), text, where, reason)
        form_row, column = self.places[code]
        unit = row_unit(form_row, column) if row.unit is None else row.unit or None
        money = (form_row.kind or column.kind) == "money"
        value, unit, status = self._value(row, unit, money)
        if value is not None and unit in MONEY and column.money_unit:
            # 84565 元 of fees are 8.4565 万元
            value, unit = convert(value, unit, column.money_unit), column.money_unit
        return Cell(*code, _float(value), unit, status, text, where)

    def _value(
        self, row: Any, unit: str | None, money: bool
    ) -> tuple[Decimal | None, str | None, str]:
        """(value, unit, status) that a row's text and value say together, in the row's unit;
        unreadable where they contradict each other, which is said. In an amount of money 元 may
        stand where the header says 万元."""
        stated = number(row.value)
        printed = stated if row.text is None else number(row.text)
        cells = (".".join(_code(row)),) if all(_code(row)) else ()
        if row.text is None and stated.value is None and row.status in STATED:
            return None, unit, row.status
        no_figure = printed.value is None and (row.text is None or stated.status == "blank")
        if no_figure and (cells or printed.status == "blank"):
            return None, unit or printed.unit, printed.status
        value = _agreed(printed, stated.value, unit, money)
        if value is not None:
            return value, unit or printed.unit, "reported"
        problem = f"value {row.value[:20]!r}, text {(row.text or '')[:20]!r} and unit {unit}"
        message = f"Line {row.number}: {problem} do not agree; it is not read."
        self.notes.say("contradiction", message, cells=cells)
        return None, unit, "unreadable"

    def _cells_once(self, cells: list[Cell]) -> tuple[Cell, ...]:
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
            self.notes.say("doubled_row", message, severity, cells=(name,))
        return tuple(once[code] for code in self.places if code in once)

    def _figures_once(self, figures: list[Figure]) -> tuple[Figure, ...]:
        """Prose figures, each once; the same figure twice is said, and so are two values for one
        count.
        """
        once = dict.fromkeys(figures)
        if doubles := len(figures) - len(once):
            self.notes.say("doubled_row", f"{doubles} figures stand there twice.", "info")
        counts = Counter((f.indicator, f.platform, f.period, f.scope, f.note) for f in once)
        for (indicator, platform, *_), count in counts.items():
            if count > 1:
                message = f"{indicator} ({platform}) has {count} values; all are kept."
                self.notes.say("several_values", message)
        return tuple(once)

    def _figure(self, row: Any, where: str) -> Figure:
        """A figure of the prose as the row gives it. Its note holds what the frame has no column
        for, as ``key: value; …``: origin, territory, counts (what narrows the count), printed (a
        figure in 万 or 亿), where (if the report has several)."""
        value, unit, _ = self._value(row, None, True)
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
            self._reject(row, "platform", platform)
        indicator, period = self._indicator(row, unit)
        facts = {
            "origin": row.origin,
            "territory": row.territory,
            "counts": row.scope if known == "part" else counts.strip(),
            "printed": printed,
            "where": where,
        }
        notes = [*(f"{name}: {said}" for name, said in facts.items() if said), row.note]
        approximate = row.approximate.lower() not in CODES["not_approximate"]
        at = (0, "", 0, 0)  # in no section and no sentence
        return Figure(
            indicator, platform, _float(value), unit, period, approximate, known, *at, "table", "; ".join(filter(None, notes))
        )  # fmt: skip

    def _indicator(self, row: Any, unit: str) -> tuple[str, str]:
        """(code of the codebook where it has one, period)."""
        code, period = row.indicator or f"new_media_{row.measure}", row.period.removesuffix(".0")
        named = {"": "year", row.year: "year", str(int(row.year) - 1): "previous_year"}
        period = named.get(period, period)
        alias, cumulative = CODES["aliases"].get(code, (code, ""))
        if UNITS.get(alias) == unit:
            code, period = alias, cumulative or period
        if code not in UNITS and code not in CODES["indicators"]:
            self._reject(row, "the codebook", code)
        return code, period


def _code(row: Any) -> tuple[str, str, str]:
    """Table, row and column of a cell; one of them is '' where the row names no cell."""
    return row.table, row.row, row.column


def _agreed(
    printed: Reading, stated: Decimal | None, unit: str | None, money: bool
) -> Decimal | None:
    """The figure, in the row's unit, that is printed and stated; None where the two contradict each
    other.
    """
    figure = printed.value
    if figure is None or (printed.unit in MONEY and not money):
        return None
    if printed.unit in MONEY and unit in MONEY:
        figure = convert(figure, printed.unit, unit)
    scales = (1, 10_000) if money and printed.unit is None else (1,)
    return next((figure * scale for scale in scales if stated in (None, figure * scale)), None)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
