"""Bytes of a table of figures → its rows, as text, whatever the format. Nothing here knows what a figure means."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..errors import LimitError, UnreadableFileError
from ..readers.decode import decode
from ..readers.limits import FILE_BYTES, check
from . import figure_codes

CELLS = 20_000_000  # cells of a table: about a million figures with twenty facts each
UNPACKED = 512 << 20  # bytes of an Excel workbook or a Parquet file, unpacked
HEAD = 4096
DELIMITERS = ",;\t"


class Row(NamedTuple):
    """A row: its number in the file (1: the header) and its values by column."""

    number: int
    values: dict[str, str]


class Packed(NamedTuple):
    """A row as it is kept until its report is complete. ``problem``: why it can't be read."""

    number: int
    values: tuple[str, ...]
    problem: str = ""


class FigureTable(NamedTuple):
    """A table of figures: its media type, the columns that are read, those that aren't, and its rows."""

    media_type: str
    columns: tuple[str, ...]
    unread: tuple[str, ...]
    rows: Iterator[Packed]

    def row(self, packed: Packed) -> Row:
        """The row with its values by column."""
        return Row(packed.number, dict(zip(self.columns, packed.values)))


def is_figures(data: bytes) -> bool:
    """Whether the bytes are a table of figures, by the names of its columns.

    >>> is_figures("agency,year,indicator,value\\n甲县人民政府,2021,staff,3\\n".encode())
    True
    >>> is_figures("年度,件数\\n2021,3\\n".encode())
    False
    """
    try:
        return open_figures(data, "") is not None
    except (LimitError, UnreadableFileError):
        return data[:4] == b"PAR1"  # nothing else is read from one: let the error be told


def open_figures(data: bytes, report: str) -> FigureTable | None:
    """The table in `data`, or None where its columns are not those of a table of figures.

    Raises UnreadableFileError (damaged; a reader is missing) and LimitError (larger than any such table).
    """
    if data[:4] == b"PAR1":
        lines, media = _parquet(data, report), "application/vnd.apache.parquet"
    elif data[:4] in (b"PK\3\4", b"\xd0\xcf\x11\xe0"):
        if not _workbook(data):
            return None
        lines, media = _excel(data, report), "application/vnd.ms-excel"
    else:
        head = decode(data[:HEAD], report)[0] if b"\0" not in data[:HEAD:97] else ""
        delimiter = _delimiter(head.partition("\n")[0])
        if not delimiter:
            return None
        lines, media = _csv(decode(data, report)[0], delimiter, report), "text/csv"
    header = [_name(text) for text in next(lines, (0, []))[1]]
    if not _fits(header):
        return None
    unread = tuple(name for name in header if name and name not in figure_codes.COLUMNS)
    known = tuple(name for name in header if name in figure_codes.COLUMNS)
    return FigureTable(media, known, unread, _rows(header, lines, report))


def _name(text: str) -> str:
    name = text.strip().strip("\ufeff").lower()
    return figure_codes.OTHER_NAMES.get(name, name)


def _fits(header: Sequence[str]) -> bool:
    names = set(header)
    return (
        names >= figure_codes.WHO
        and any(place <= names for place in figure_codes.PLACES)
        and bool(figure_codes.FIGURE & names)
    )


def _delimiter(line: str) -> str:
    """The character between the columns of a header; '' where it is none of ours."""
    for delimiter in DELIMITERS:
        if _fits([_name(part.strip().strip('"')) for part in line.split(delimiter)]):
            return delimiter
    return ""


def _rows(
    header: list[str], lines: Iterable[tuple[int, list[str]]], report: str
) -> Iterator[Packed]:
    """Rows by column name; one that is longer or shorter than the header is a problem, never guessed."""
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    width, cells = len(header), 0
    read = [place for place, name in enumerate(header) if name in figure_codes.COLUMNS]
    texts: dict[str, str] = {}  # the same few texts come back in every row: kept once
    for number, line in lines:
        cells += width
        check(report, "cells of a table of figures", cells, CELLS)
        if not any(map(str.strip, line)):
            continue
        if len(line) < width or any(map(str.strip, line[width:])):
            problem = f"{len(line)} values where the header has {width}"
            yield Packed(number, (), problem)
        elif doubled:
            yield Packed(number, (), f"the column {doubled[0]} stands twice")
        else:
            stripped = [line[place].strip() for place in read]
            yield Packed(number, tuple(texts.setdefault(text, text) for text in stripped))


def _csv(text: str, delimiter: str, report: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for line in reader:
            yield start, line
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(
            report, "a table in CSV", seen=f"line {start}: {error}", advice="Save it as CSV anew."
        ) from error


def _parquet(data: bytes, report: str) -> Iterator[tuple[int, list[str]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        meta = file.metadata
        check(report, "cells of a table of figures", meta.num_rows * meta.num_columns, CELLS)
        size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
        check(report, "bytes of a table of figures", size, UNPACKED)
        names = file.schema_arrow.names
        if not _fits([_name(name) for name in names]):
            return
        yield 1, names
        number = 1
        for batch in file.iter_batches(4096):
            for values in zip(*(column.to_pylist() for column in batch.columns)):
                number += 1
                yield number, [_text(value) for value in values]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFileError(
            report, "a Parquet table", seen=str(error)[:200], advice="Write it anew."
        ) from error


def _workbook(data: bytes) -> bool:
    """Whether an Office file is a workbook; its size unpacked is looked at before anything reads it."""
    if data[:2] != b"PK":
        return "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        return False
    check("", "bytes of a workbook", sum(member.file_size for member in members), UNPACKED)
    return any(member.filename.startswith("xl/workbook") for member in members)


def _excel(data: bytes, report: str) -> Iterator[tuple[int, list[str]]]:
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise UnreadableFileError(
            report,
            "the reader of Excel workbooks",
            seen=str(error),
            advice="Run: pip install python-calamine",
        ) from error
    check(report, "bytes", len(data), FILE_BYTES)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        height, width = sheet.total_height, sheet.total_width
        check(report, "cells of a table of figures", height * width, CELLS)
        for number, line in enumerate(sheet.iter_rows(), 1):
            yield number, [_text(value) for value in line]
    except (calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise UnreadableFileError(
            report, "an Excel workbook", seen=str(error)[:200], advice="Save it as .xlsx anew."
        ) from error


def _text(value: object) -> str:
    """A typed value as it would stand in a CSV: 2021.0 is 2021, nothing is ''.

    >>> _text(2021.0), _text(None), _text(0.5), _text(True)
    ('2021', '', '0.5', 'yes')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
