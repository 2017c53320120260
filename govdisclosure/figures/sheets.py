"""Bytes of a table of figures → its rows, as text, whatever the format. Nothing here knows what a figure means.

``figure_codes.toml`` says which columns there are, and which codes hand-made tables use beyond the codebook's.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from ..errors import DisclosureError, LimitError, UnreadableFileError
from ..readers.charset import decode
from ..readers.limits import check
from ..readers.office import Package

CODES = tomllib.loads(Path(__file__).with_name("figure_codes.toml").read_text("utf-8"))
CELLS = 20_000_000  # cells of a table: about a million figures with twenty facts each
UNPACKED = 512 << 20  # bytes of an Excel workbook or a Parquet file, unpacked
HEAD = 4096
LONGEST = 10_000  # characters of a cell
PARQUET, ZIP, OLE = b"PAR1", b"PK\3\4", b"\xd0\xcf\x11\xe0"
EXCEL = "application/vnd.ms-excel"
MEDIA = {PARQUET: "application/vnd.apache.parquet", ZIP: EXCEL, OLE: EXCEL}
Lines = Iterator[tuple[int, Sequence[str]]]  # number in the file (1: the header) and values


class Row(dict[str, str]):
    """Values by column, '' for a column that the table does not have; ``number`` is the row's line in the file."""

    def __init__(self, header: Sequence[str], number: int, values: Sequence[str]) -> None:
        super().__init__(zip(header, values))
        self.number = number

    def __missing__(self, column: str) -> str:
        return ""


class FigureTable(NamedTuple):
    """A table of figures: its media type, the names of its columns, and its lines below the header."""

    media_type: str
    header: list[str]
    lines: Lines


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
        return data[:4] == PARQUET  # nothing else is read from one: let the error be told


def open_figures(data: bytes, report: str) -> FigureTable | None:
    """The table in `data`, or None where its columns are not those of a table of figures.

    Raises UnreadableFileError (damaged; a reader is missing) and LimitError (larger than any such table).
    """
    media, delimiter = MEDIA.get(data[:4], "text/csv"), ""
    if media == "text/csv":
        first = decode(data[:HEAD], report)[0].partition("\n")[0].replace('"', "")
        delimiter = next((mark for mark in ",;\t" if _fits(_names(first.split(mark)))), "")
        if not delimiter:
            return None
    lines = _lines(data, delimiter, report)
    header = _names(next(lines, (0, ()))[1])
    return FigureTable(media, header, lines) if _fits(header) else None


def _names(header: Sequence[str]) -> list[str]:
    names = [text.strip().strip("\ufeff").lower() for text in header]
    return [CODES["other_names"].get(name, name) for name in names]


def _fits(header: list[str]) -> bool:
    names = set(header)
    return (
        names.issuperset(CODES["who"])
        and any(map(names.issuperset, CODES["places"]))
        and not names.isdisjoint(CODES["figure"])
    )


def packed_rows(table: FigureTable, report: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """(number, values, what is wrong): a row that is longer or shorter than the header is never guessed."""
    width = len(table.header)
    if doubled := {name for name in CODES["columns"] if table.header.count(name) > 1}:
        seen = f"{min(doubled)} twice"
        raise UnreadableFileError(report, "columns of different names", seen=seen)
    texts: dict[str, str] = {}  # the same few texts come back in every row: kept once
    for count, (number, line) in enumerate(table.lines, 1):
        check(report, "cells of a table of figures", count * width, CELLS)
        check(report, "characters in a cell", max(map(len, line), default=0), LONGEST)
        if not any(map(str.strip, line)):
            continue
        if len(line) < width or any(map(str.strip, line[width:])):
            yield number, (), f"{len(line)} values where the header has {width}"
        else:
            stripped = map(str.strip, line[:width])
            yield number, tuple(texts.setdefault(text, text) for text in stripped), ""


def _lines(data: bytes, delimiter: str, report: str) -> Lines:
    try:
        if delimiter:
            text = io.StringIO(decode(data, report)[0], newline="")
            yield from enumerate(csv.reader(text, delimiter=delimiter), 1)
        else:
            yield from _typed(data, report)
    except DisclosureError:
        raise
    except Exception as error:  # the libraries have errors of their own, and none for a missing one
        seen = str(error)[:200]
        raise UnreadableFileError(report, "a table of figures", seen=seen) from error


def _typed(data: bytes, report: str) -> Lines:
    """Rows of a Parquet table, or of a workbook's first sheet."""
    import pandas as pd
    import pyarrow.parquet as pq

    file = io.BytesIO(data)
    if data[:4] == PARQUET:
        meta = pq.read_metadata(file)
        size = sum(meta.row_group(n).total_byte_size for n in range(meta.num_row_groups))
        check(report, "bytes of a table of figures", size, UNPACKED)
        check(report, "cells", meta.num_rows * meta.num_columns, CELLS)
        table = pq.read_table(file, read_dictionary=meta.schema.names)  # a text is kept once
        rows = ([value.as_py() for value in row] for row in zip(*table.columns))
        lines = chain([table.column_names], rows)
    else:
        members = Package(data, report).names.values() if data[:4] == ZIP else ()
        size = sum(member.file_size for member in members)
        check(report, "bytes of a workbook", size, UNPACKED)
        frame = pd.read_excel(file, header=None, dtype=object, engine="calamine")
        lines = frame.itertuples(index=False, name=None)
    for number, values in enumerate(lines, 1):
        yield number, list(map(_text, values))


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
