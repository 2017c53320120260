"""The columns of every frame, once: name, type, meaning, example (the table beside this module,
``columns.csv``). Frames, Parquet, the codebook and ``datapackage.json`` are all made from it;
`Gatherer` makes frames of Records.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from .model import SEVERITIES, STATUSES, Record
from .text import printable


class Field(NamedTuple):
    """A column of a frame. ``type``: 'string', 'category', 'year', 'number', 'integer' or
    'boolean'.
    """

    frame: str
    name: str
    type: str
    en: str
    zh: str
    example: str


with Path(__file__).with_name("columns.csv").open(encoding="utf-8", newline="") as file:
    _FIELDS = [Field(**row) for row in csv.DictReader(file)]
# Frame → its columns, in order.
FRAMES = {frame: tuple(fields) for frame, fields in groupby(_FIELDS, attrgetter("frame"))}
# Type → as Arrow and as pandas have it.
_TYPES = {
    "string": (pa.string(), pd.StringDtype()),
    "category": (pa.dictionary(pa.int32(), pa.string()), None),
    "year": (pa.int16(), pd.Int16Dtype()),
    "number": (pa.float64(), pd.Float64Dtype()),
    "integer": (pa.int32(), pd.Int32Dtype()),
    "boolean": (pa.bool_(), pd.BooleanDtype()),
}


@cache
def arrow_schema(frame: str) -> pa.Schema:
    """Arrow schema of a frame; `category` columns are dictionaries of strings."""
    return pa.schema([(f.name, _TYPES[f.type][0]) for f in FRAMES[frame]])


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame with nullable dtypes (string, Float64, Int16, Int32, boolean,
    category).
    """
    return table.to_pandas(types_mapper=dict(_TYPES.values()).get)


class Gatherer:
    """Columns of all frames, filled report by report, so that a corpus of any size costs no frame
    per report.

    >>> Gatherer().table("failures").num_rows
    0
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.rows: dict[str, list[tuple]] = {name: [] for name in FRAMES}
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Append one report to every frame but `failures`."""
        who = (record.report_id, record.agency.value, record.year.value)
        parts: dict[str, Iterable[Iterable]] = {
            "cells": ((record.form, *cell) for cell in record.cells),
            "sections": record.sections,
            "narrative": (f._replace(scope=f.scope or None) for f in record.figures),  # type: ignore[arg-type]
            "findings": (f._replace(cells=" ".join(f.cells)) for f in record.findings),  # type: ignore[arg-type]
            "unplaced": (u._replace(table=u.table or None) for u in record.unplaced),  # type: ignore[arg-type]
            "reports": [_facts(record)],
        }
        for frame, rows in parts.items():
            self.rows[frame] += [(*who, *row) for row in rows]

    def fail(self, path: str, kind: str, message: str) -> None:
        """Append one file that could not be read."""
        self.rows["failures"].append((printable(path), kind, printable(message)))

    def table(self, frame: str) -> pa.Table:
        """One frame as an Arrow table."""
        schema = arrow_schema(frame)
        columns = list(zip(*self.rows[frame], strict=True)) or [()] * len(schema)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema)]
        return pa.table(arrays, schema=schema)

    def tables(self) -> dict[str, pa.Table]:
        """All frames."""
        return {name: self.table(name) for name in FRAMES}


def _facts(record: Record) -> tuple:
    """What stands behind id, agency and year in a row of `reports`."""
    statuses = Counter(cell.status for cell in record.cells)
    severities = Counter(finding.severity for finding in record.findings)
    source, code = record.source, record.division_code
    facts = (record.title, record.level, code, record.province, record.published)
    return (
        record.form,
        *(fact.value for fact in facts),
        *(fact.origin or None for fact in (record.agency, record.year, record.level, code)),
        source.path,
        source.url or None,
        source.sha256,
        source.media_type,
        *(statuses[status] for status in STATUSES if status != "imputed"),
        len(record.unplaced),
        *(severities[severity] for severity in SEVERITIES),
    )
