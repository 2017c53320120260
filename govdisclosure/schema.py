"""The columns of every frame, once: name, type, meaning, example (the table beside this module,
``columns.csv``). Frames, Parquet, the codebook and ``datapackage.json`` are all made from it;
`Gatherer` makes frames of Records.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from .model import SEVERITIES, Record


class Field(NamedTuple):
    """A column. ``type``: 'string', 'category', 'year', 'number', 'integer' or 'boolean'."""

    name: str
    type: str
    en: str
    zh: str
    example: str = ""


def _read() -> dict[str, tuple[Field, ...]]:
    """Frame → its columns, in order."""
    found: dict[str, list[Field]] = {}
    with Path(__file__).with_name("columns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row.pop("frame"), []).append(Field(**row))
    return {frame: tuple(fields) for frame, fields in found.items()}


FRAMES = _read()
_ARROW = {
    "string": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),
    "year": pa.int16(),
    "number": pa.float64(),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
}
_PANDAS = {
    pa.float64(): pd.Float64Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(),
}


@cache
def arrow_schema(frame: str) -> pa.Schema:
    """Arrow schema of a frame; `category` columns are dictionaries of strings."""
    return pa.schema([(f.name, _ARROW[f.type]) for f in FRAMES[frame]])


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame with nullable dtypes (string, Float64, Int16, Int32, boolean,
    category).
    """
    return table.to_pandas(types_mapper=_PANDAS.get)


class Gatherer:
    """Columns of all frames, filled report by report, so that a corpus of any size costs no frame
    per report.

    >>> Gatherer().table("failures").num_rows
    0
    """

    def __init__(self) -> None:
        self.columns: dict[str, list[list]] = {
            name: [[] for _ in fields] for name, fields in FRAMES.items()
        }

    def add(self, record: Record) -> None:
        """Append one report to every frame but `failures`."""
        who = (record.report_id, record.agency.value, record.year.value)
        for cell in record.cells:
            self._append("cells", *who, record.form, *cell)
        for section in record.sections:
            self._append("sections", *who, *section)
        for figure in record.figures:
            self._append("narrative", *who, *figure._replace(scope=figure.scope or None))  # type: ignore[arg-type]
        for found in record.findings:
            self._append("findings", *who, *found._replace(cells=" ".join(found.cells)))  # type: ignore[arg-type]
        for one in record.unplaced:
            self._append("unplaced", *who, *one._replace(table=one.table or None))  # type: ignore[arg-type]
        self._append("reports", *_report_row(record))

    def fail(self, path: str, kind: str, message: str) -> None:
        """Append one file that could not be read."""
        self._append("failures", path, kind, message)

    def _append(self, frame: str, *row) -> None:
        for column, value in zip(self.columns[frame], row, strict=True):
            column.append(value)

    def table(self, frame: str) -> pa.Table:
        """One frame as an Arrow table."""
        schema = arrow_schema(frame)
        arrays = [pa.array(v, f.type) for f, v in zip(schema, self.columns[frame], strict=True)]
        return pa.Table.from_arrays(arrays, schema=schema)


def _report_row(record: Record) -> tuple:
    statuses = Counter(c.status for c in record.cells)
    severities = Counter(f.severity for f in record.findings)
    source = record.source
    facts = (record.title, record.level, record.division_code, record.province, record.published)
    origins = (record.agency, record.year, record.level, record.division_code)
    return (
        record.report_id, record.agency.value, record.year.value, record.form,
        *(fact.value for fact in facts), *(fact.origin or None for fact in origins),
        source.path, source.url or None, source.sha256, source.media_type,
        *(statuses[s] for s in ("reported", "blank", "not_applicable", "unreadable", "absent")),
        len(record.unplaced), *(severities[s] for s in SEVERITIES),
    )  # fmt: skip
