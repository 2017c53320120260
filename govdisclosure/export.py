"""Frames into files that people open: CSV and Excel; what codes and columns mean: codebook and
`datapackage.json`.

A cell whose text begins (after spaces) with = + - @, their full-width forms, a tab or a line end is
read as a formula by Excel, WPS and LibreOffice when a file is opened (OWASP, "CSV Injection"). Such
text gets an apostrophe in front, as one types it by hand; so does text that begins with an
apostrophe, so that taking one away gives back every text exactly. Numbers (-11, +3, -1,200.5, 12 %)
and a lone dash can do no harm and stay as printed.
"""

from __future__ import annotations

import errno
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .dataset import replacing, unwritable, write_json
from .errors import DatasetError, DisclosureError
from .figures import CODES
from .forms import FORMS, Row, Table, row_unit
from .identity.evidence import EARLIEST, LATEST
from .model import STATUSES
from .narrative import INDICATORS
from .schema import FRAMES, Field, arrow_schema

if TYPE_CHECKING:
    from .corpus import Corpus

BOM = b"\xef\xbb\xbf"
_SPACE = r"[\x00-\x20\x{a0}\x{3000}\x{feff}]*"
RISKY = rf"^({_SPACE}[=+\-@＝＋－＠]|['\t\r\n])"
HARMLESS = rf"^{_SPACE}([+\-＋－]?[0-9][0-9,，]*([.][0-9]+)?[ ]?[%％]?|[-－]){_SPACE}$"
# Of a sheet, of a cell in UTF-16 units (Microsoft, "Excel specifications and limits")
ROWS, CHARACTERS = 1_048_576, 32_767
CUT = "…[cut]"
NOTE = "Text that begins with = + - @ or ' has an apostrophe in front so that it is no formula; take it away to get the text as printed."
# XML 1.0 has no other control characters, no surrogates and no U+FFFE/U+FFFF
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXTS = (pa.types.is_dictionary, pa.types.is_string, pa.types.is_large_string)
WORDS = tomllib.loads(Path(__file__).with_name("codebook.toml").read_text("utf-8"))
ENUMS = {
    "form": list(FORMS),
    "table": list(dict.fromkeys(table.key for form in FORMS.values() for table in form.tables)),
    "status": list(STATUSES),
}


def neutral(table: pa.Table) -> pa.Table:
    """A table with every text as it may stand in a spreadsheet; categories become strings.

    >>> neutral(pa.table({"text": ["=1+1", "-11", "－", "'x", "予以公开", None]}))["text"].to_pylist()
    ["'=1+1", '-11', '－', "''x", '予以公开', None]
    """
    for place, field in enumerate(table.schema):
        if any(kind(field.type) for kind in _TEXTS):
            column = table.column(place).cast(pa.string())
            risky = pc.match_substring_regex(column, RISKY)
            risky = pc.and_not(risky, pc.match_substring_regex(column, HARMLESS))
            column = pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
            table = table.set_column(place, field.name, column)
    return table


def save_csv(corpus: Corpus, folder: str | os.PathLike) -> None:
    """Write all frames as ``<frame>.csv`` (UTF-8 with BOM, comma, LF, NA empty) with a
    `datapackage.json` beside them.

    `findings` holds those across years too. Raises DatasetError (disk full, no permission).
    """
    for name in FRAMES:
        write_csv(os.path.join(folder, f"{name}.csv"), [_complete(corpus, name)])
    _describe(folder, {name: [f"{name}.csv"] for name in FRAMES}, "csv", "text/csv")


def write_csv(path: str | os.PathLike, tables: Iterable[pa.Table]) -> None:
    """Write tables of one schema below each other as one CSV, formulas made harmless. Raises
    DatasetError.
    """
    from pyarrow.csv import WriteOptions, write_csv

    with replacing(path) as temporary, open(temporary, "wb") as file:
        file.write(BOM)
        for number, table in enumerate(map(neutral, tables)):
            write_csv(table, file, WriteOptions(include_header=not number))


def _complete(corpus: Corpus, name: str) -> pa.Table:
    """A frame as it is shown: findings with those across years."""
    if name != "findings":
        return corpus._table(name)
    return pa.Table.from_pandas(corpus.findings, schema=arrow_schema(name), preserve_index=False)


def write_package(folder: str | os.PathLike, paths: Iterable[str]) -> None:
    """Write the `datapackage.json` of a Parquet data set."""
    found = sorted(paths)
    files = {name: [path for path in found if path.startswith(f"{name}/")] for name in FRAMES}
    _describe(folder, files, "parquet", "application/vnd.apache.parquet")


def _describe(folder, files: Mapping[str, list[str]], kind: str, media: str) -> None:
    resources = [{
        "name": frame, "title": WORDS["titles"][frame], "path": paths if len(paths) > 1 else paths[0], "format": kind, "mediatype": media,
        "encoding": "utf-8", "schema": {"fields": list(map(_described, FRAMES[frame])), "missingValues": [""]},
    } for frame, paths in files.items() if paths]  # fmt: skip
    package = WORDS["package"] | {"resources": resources}
    write_json(os.path.join(folder, "datapackage.json"), package)


def _described(field: Field) -> dict[str, Any]:
    """A Frictionless field: closed lists of codes and bounds of years are constraints, which a
    validator checks.
    """
    words: dict[str, Any] = {"name": field.name, "title": field.zh, "description": field.en}
    words["type"] = "string" if field.type == "category" else field.type
    if field.type == "year":
        words["constraints"] = {"minimum": EARLIEST, "maximum": LATEST}
    elif field.type == "category" and field.name in ENUMS:
        words["constraints"] = {"enum": ENUMS[field.name]}
    return words


def save_excel(corpus: Corpus, path: str | os.PathLike) -> None:
    """Write all frames as sheets of one workbook, with a sheet `notes` that lists what Excel could
    not take whole.

    Raises DatasetError (openpyxl is not installed, more rows than a sheet has, disk full, no
    permission).
    """
    write_workbook(path, {name: _complete(corpus, name) for name in FRAMES})


def write_workbook(path: str | os.PathLike, tables: Mapping[str, pa.Table]) -> None:
    """Write tables as sheets. Raises DatasetError (openpyxl is missing, too many rows, disk)."""
    name = os.fspath(path)
    try:
        from openpyxl import Workbook
    except ImportError as error:
        advice = "Run: pip install govdisclosure[excel]"
        raise DatasetError(name, "openpyxl", seen=str(error), advice=advice) from error
    for frame, table in tables.items():
        if table.num_rows >= ROWS:
            raise DatasetError(
                name,
                f"at most {ROWS - 1:,} rows a sheet",
                seen=f"{table.num_rows:,} rows of {frame}",
                advice="Use to_csv or save, or fewer years.",
            )
    book = Workbook(write_only=True)  # its sheets are files in the system's temporary folder
    try:
        with replacing(path) as temporary:
            _fill(book, tables)
            book.save(temporary)
    except DisclosureError:
        raise
    except Exception as error:  # lxml's, of a disk that is full
        for sheet in book.worksheets:
            with suppress(Exception):
                sheet.close()
        raise unwritable(path, OSError(errno.ENOSPC, str(error))) from error


def _fill(book, tables: Mapping[str, pa.Table]) -> None:
    notes: list[list] = [["sheet", "row", "column", "note"], ["", None, "", NOTE]]
    for frame, table in tables.items():
        sheet = book.create_sheet(frame)
        sheet.append(table.column_names)
        batches = neutral(table).to_batches(max_chunksize=10_000)
        rows = chain.from_iterable(batch.to_pylist() for batch in batches)
        for number, row in enumerate(rows, 2):
            cells = row.items()
            sheet.append([_cell(value, (frame, number, name), notes) for name, value in cells])
    sheet = book.create_sheet("notes")
    for note in notes[: ROWS - 1]:
        sheet.append(note)


def _cell(text, place: tuple, notes: list[list]):
    """A value as a cell of Excel can hold it; what changed in a text is noted."""
    if not isinstance(text, str):
        return text
    clean = _ILLEGAL.sub("\ufffd", text)
    if clean != text:
        notes.append([*place, "characters that Excel does not allow became U+FFFD"])
    units = clean.encode("utf-16-le") if len(clean) * 2 > CHARACTERS else b""
    if len(units) > CHARACTERS * 2:
        notes.append([*place, f"{len(clean)} characters, cut to what Excel takes"])
        clean = units[: (CHARACTERS - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT
    return clean


# --- codebook -------------------------------------------------------------------------------------

COLUMNS = "kind form table code zh en unit group article aliases source".split()  # noqa: SIM905


def codebook() -> pd.DataFrame:
    """Every code: forms, tables, groups, rows, columns, statuses, narrative indicators, and the
    columns of each frame.

    Columns (all string): kind, form, table, code, zh, en, unit, group, article (of the
    Regulations), aliases (labels as real reports print them, set off by " | "), source. Sources:
    国办公开办函〔2019〕60号, 〔2021〕30号.

    >>> book = codebook()
    >>> book.query("kind == 'row' and form == '2021' and code == 'received'")["zh"].item()
    '一、本年新收政府信息公开申请数量'
    """
    rows: list[dict[str, Any]] = []
    for form in FORMS.values():
        cited = {"form": form.key, "source": form.cite}
        rows.append(vars(form) | cited | {"kind": "form"})
        for table in form.tables:
            place = cited | {"table": table.key}
            rows.append(vars(table) | place | {"kind": "table"})
            printed = [row._replace(unit=_unit(table, row)) for row in table.rows]
            parts: tuple[Any, ...] = (table.groups, table.column_groups, printed, table.columns)
            for kind, items in zip(("group", "column group", "row", "column"), parts):
                rows += [item._asdict() | place | {"kind": kind} for item in items]
    prose = {"kind": "indicator", "table": "narrative"}
    for code, (zh, en) in WORDS["statuses"].items():
        rows.append({"kind": "status", "key": code, "zh": zh, "en": en})
    rows += [one._asdict() | prose | {"key": one.code} for one in INDICATORS]
    for code, (zh, en) in CODES["indicators"].items():
        told = {"key": code, "zh": zh, "en": en, "source": "tables of figures only"}
        rows.append(prose | told)
    for field in chain.from_iterable(FRAMES.values()):
        source = f"type {field.type}" + (f", e.g. {field.example}" if field.example else "")
        told = {"kind": "column of frame", "key": field.name, "table": field.frame}
        rows.append(field._asdict() | told | {"source": source})
    book = pd.DataFrame(rows, columns=[*COLUMNS, "key", "parent"]).assign(
        code=lambda book: book["key"],
        group=lambda book: book["group"].fillna(book["parent"]),
        aliases=lambda book: book["aliases"].str.join(" | "),
    )
    return book[COLUMNS].fillna("").astype("string")


def _unit(table: Table, row: Row) -> str:
    """The unit that all cells of a row have."""
    units = {row_unit(row, table.column(code)) or "" for code in table.columns_of(row)}
    return units.pop() if len(units) == 1 else ""
