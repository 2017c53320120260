"""The columns of every frame, once: name, type, meaning, example (the table beside this module, ``columns.csv``). Frames,
Parquet, the codebook and ``datapackage.json`` are all made from it.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa


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


@cache
def arrow_schema(frame: str) -> pa.Schema:
    """Arrow schema of a frame; `category` columns are dictionaries of strings."""
    return pa.schema([(f.name, _ARROW[f.type]) for f in FRAMES[frame]])
