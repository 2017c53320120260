"""Frames as sheets of an Excel workbook, within Excel's limits (Microsoft, "Excel specifications and limits")."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

import pyarrow as pa

from ..errors import DatasetError
from .files import replacing
from .neutral import neutral_table

ROWS = 1_048_576  # of a sheet, heading included
CHARACTERS = 32_767  # of a cell, counted in UTF-16 units
CUT = "…[cut]"
# XML 1.0 has no other control characters, no surrogates and no U+FFFE/U+FFFF
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_workbook(path: str | os.PathLike, tables: Mapping[str, pa.Table]) -> None:
    """Write `tables` as sheets. Raises DatasetError (openpyxl is missing, too many rows, disk)."""
    book = _book(path)
    for name, table in tables.items():
        if table.num_rows >= ROWS:
            raise DatasetError(
                os.fspath(path),
                f"at most {ROWS - 1:,} rows a sheet",
                seen=f"{table.num_rows:,} rows of {name}",
                advice="Use to_csv or save, or fewer years.",
            )
    notes: list[tuple] = []
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        for row in _rows(name, neutral_table(table), notes):
            sheet.append(row)
    _write_notes(book.create_sheet("notes"), notes)
    with replacing(path) as temporary:
        book.save(temporary)


def _book(path):
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise DatasetError(
            os.fspath(path),
            "openpyxl, which writes Excel files",
            seen=str(error),
            advice="Run: pip install govdisclosure[excel]",
        ) from error
    return Workbook(write_only=True)


def _rows(name: str, table: pa.Table, notes: list[tuple]) -> Iterator[list]:
    yield list(table.column_names)
    number = 1
    for batch in table.to_batches(max_chunksize=10_000):
        for values in zip(*(column.to_pylist() for column in batch.columns)):
            number += 1
            yield [
                _cell(v, (name, number, c), notes) if isinstance(v, str) else v
                for c, v in zip(table.column_names, values)
            ]


def _cell(text: str, place: tuple, notes: list[tuple]) -> str:
    clean = _ILLEGAL.sub("\ufffd", text)
    if clean != text:
        notes.append((*place, "characters that Excel does not allow became U+FFFD"))
    if len(clean) * 2 > CHARACTERS and len(clean.encode("utf-16-le")) // 2 > CHARACTERS:
        notes.append((*place, f"{len(clean)} characters, cut to what Excel takes"))
        room = CHARACTERS - len(CUT)
        clean = clean.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT
    return clean


def _write_notes(sheet, notes: list[tuple]) -> None:
    sheet.append(["sheet", "row", "column", "note"])
    sheet.append(
        [
            "",
            None,
            "",
            "Text that begins with = + - @ or ' has an apostrophe in front so that it is no formula; take it away to get the text as printed.",
        ]
    )
    for note in notes[: ROWS - 3]:
        sheet.append(list(note))
