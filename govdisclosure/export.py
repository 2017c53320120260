"""A corpus into files: Parquet (what `load` reads back), CSV and Excel.

Every file appears whole or not at all; a failed write leaves what was there. In CSV and Excel, text that a
spreadsheet would run as a formula gets an apostrophe in front, see `govdisclosure.scale.neutral`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from .errors import DatasetError
from .scale import journal as journals
from .scale.files import locked, replacing, write_json
from .scale.neutral import neutral_table
from .scale.package import describe
from .scale.parts import _UNKNOWN_CODE, YEARLY, plain_schema, write_parts, year_codes
from .schema import FRAMES

if TYPE_CHECKING:
    from .corpus import Corpus

_BOM = b"\xef\xbb\xbf"


def save_parquet(corpus: Corpus, folder: str | os.PathLike) -> None:
    """Write all frames of a corpus as a Parquet data set partitioned by year, see `govdisclosure.scale.parts`.

    A data set that `save` wrote there before is replaced in one step: readers see the old or the new one. Findings
    across years are not stored; they are computed from what is loaded. Raises DatasetError (disk full, no permission,
    another writer at work, a folder that `build` wrote).
    """
    with locked(folder):
        root = journals.read_root(folder)
        if root and root.get("made_by") != "save":
            raise DatasetError(
                os.fspath(folder),
                "a new folder or one that save wrote",
                seen="a data set that build wrote",
                advice="Choose another folder.",
            )
        tables = {name: corpus._table(name) for name in FRAMES}
        parts = write_parts(folder, tables, 0)
        if not root:
            journals.write_root(folder, 1, "save")
        journals.publish(
            folder, 1, 0, {"parts": parts, "order": {n: _runs(tables[n]) for n in YEARLY}}
        )
        journals.sweep(folder, {p["path"] for p in parts}, 1, {"0000.json"})
        write_package(folder, parts)


def write_package(folder: str | os.PathLike, parts: Iterable[dict]) -> None:
    """Write `datapackage.json` for the parts of a data set."""
    paths: dict[str, list[str]] = {name: [] for name in FRAMES}
    for part in parts:
        paths[part["frame"]].append(part["path"])
    value = describe(paths, format="parquet", mediatype="application/vnd.apache.parquet")
    write_json(os.path.join(folder, "datapackage.json"), value)


def _runs(table: pa.Table) -> list[list]:
    """[[year, number of rows], …]: in which order the rows of the years' parts stood."""
    codes = year_codes(table)
    starts = (
        np.flatnonzero(np.diff(codes, prepend=codes[:1] - 1)) if len(codes) else np.array([], int)
    )
    lengths = np.diff([*starts, len(codes)])
    return [
        [None if codes[s] == _UNKNOWN_CODE else int(codes[s]), int(n)]
        for s, n in zip(starts, lengths)
    ]


def save_csv(corpus: Corpus, folder: str | os.PathLike) -> None:
    """Write all frames as ``<frame>.csv`` (UTF-8 with BOM, comma, LF, NA empty) with a `datapackage.json` beside them.

    `findings` holds those across years too. Raises DatasetError (disk full, no permission).
    """
    for name in FRAMES:
        write_csv(os.path.join(folder, f"{name}.csv"), [complete(corpus, name)])
    value = describe({name: [f"{name}.csv"] for name in FRAMES}, format="csv", mediatype="text/csv")
    write_json(os.path.join(folder, "datapackage.json"), value)


def complete(corpus: Corpus, name: str) -> pa.Table:
    """A frame as it is shown: findings with those across years."""
    if name != "findings":
        return corpus._table(name)
    return pa.Table.from_pandas(
        corpus.findings, schema=plain_schema("findings"), preserve_index=False
    )


def write_csv(path: str | os.PathLike, tables: Iterable[pa.Table]) -> None:
    """Write tables of one schema below each other as one CSV, formulas made harmless. Raises DatasetError."""
    from pyarrow import csv

    with replacing(path) as temporary, open(temporary, "wb") as file:
        file.write(_BOM)
        writer = None
        for table in map(neutral_table, tables):
            writer = writer or csv.CSVWriter(file, table.schema)
            writer.write_table(table)
        if writer:
            writer.close()


def save_excel(corpus: Corpus, path: str | os.PathLike) -> None:
    """Write all frames as sheets of one workbook, with a sheet `notes` that lists what Excel could not take whole.

    Raises DatasetError (openpyxl is not installed, more rows than a sheet has, disk full, no permission).
    """
    from .scale.workbook import write_workbook

    write_workbook(path, {name: complete(corpus, name) for name in FRAMES})
