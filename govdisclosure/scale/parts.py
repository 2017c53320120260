"""Parts of a data set: frames of some reports, split by year, as Parquet files with the same bytes for the same rows.

A data set is a folder

    cells/year=2021/part-0000-3f2a….parquet      likewise reports, sections, narrative, findings, unplaced
    failures/part-0000-….parquet                 a file that could not be read has no year
    _journal/1/0000.json                         which parts are valid, and from which sources they were made
    _govdisclosure.json                          format and number of journals: what `load` reads first
    datapackage.json                             for people and other programs

The column `year` is in the folders' names, as Hive does it (unknown: ``__HIVE_DEFAULT_PARTITION__``), which pandas,
DuckDB and Polars understand. A part's name holds a hash of its bytes, so that a new part never overwrites the one
that readers are using.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import DatasetError
from ..schema import FRAMES, arrow_schema
from .files import flush_all, replacing, unwritable

FORMAT = 1
REPEATED = {
    "cells": ["report_id", "text", "where"]
}  # texts that recur from row to row: read as codes and words
SMALL = 4096  # bytes of a column below which zstd takes longer to begin than to unpack
ONE_ARRAY = 1 << 30  # bytes that surely fit into one Arrow array of text
UNKNOWN = "__HIVE_DEFAULT_PARTITION__"
YEARLY = tuple(name for name, fields in FRAMES.items() if any(f.name == "year" for f in fields))


@lru_cache(maxsize=None)
def stored_schema(frame: str) -> pa.Schema:
    """Arrow schema of a frame's parts: without `year`, which stands in the folder's name."""
    return pa.schema([f for f in arrow_schema(frame) if f.name != "year"])


@lru_cache(maxsize=None)
def plain_schema(frame: str) -> pa.Schema:
    """Arrow schema of a frame with categories as strings, the form in which rows are moved about."""
    return pa.schema(
        [
            (f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
            for f in arrow_schema(frame)
        ]
    )


def plain(table: pa.Table, frame: str) -> pa.Table:
    """`table` with its categories as strings."""
    return table.cast(plain_schema(frame)) if table.schema != plain_schema(frame) else table


def encoded(table: pa.Table, *, together: bool = True) -> pa.Table:
    """`table` with every category's codes in order of first appearance, whatever made them, and (`together`) the other
    columns in as few chunks as can be, too."""
    for number, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(number, field, _first_seen(table.column(number)))
    return table.combine_chunks() if together else table


def _first_seen(column: pa.ChunkedArray) -> pa.Array:
    """A category as one array, its codes in order of first appearance. Texts are never spread out: those of a million
    reports would not fit into one array."""
    if not column.num_chunks:
        return pa.array([], column.type)
    settled = all(map(_appear_in_order, column.chunks))
    if column.num_chunks > 1:
        column = column.unify_dictionaries()  # new words follow those of the chunks before
    indices = pa.chunked_array([c.indices for c in column.chunks]).combine_chunks()
    if isinstance(indices, pa.ChunkedArray):
        indices = indices.chunk(0)
    words = column.chunk(0).dictionary
    return pa.DictionaryArray.from_arrays(indices, words) if settled else _renamed(indices, words)


def _appear_in_order(chunk: pa.DictionaryArray) -> bool:
    """Whether the codes 0, 1, … of a chunk first appear in that order, all of them: so they do in every part."""
    words = len(chunk.dictionary)
    codes = (chunk.indices.fill_null(-1) if chunk.indices.null_count else chunk.indices).to_numpy()
    if not words:
        return True
    last = codes == words - 1
    end = (
        int(last.argmax()) + 1 if len(codes) else 0
    )  # after it nothing can appear for the first time
    if not end or not last[end - 1]:
        return False
    highest = np.maximum.accumulate(codes[:end])
    return bool(highest[0] <= 0 and (np.diff(highest) <= 1).all())


def _renamed(indices: pa.Array, words: pa.Array) -> pa.DictionaryArray:
    """A category with its codes in order of first appearance, and no word that doesn't appear."""
    codes = (indices.fill_null(len(words)) if indices.null_count else indices).to_numpy()
    first = np.full(len(words) + 1, len(codes), np.int32 if len(codes) < 1 << 31 else np.int64)
    first[codes[::-1]] = np.arange(
        len(codes) - 1, -1, -1, dtype=first.dtype
    )  # the last one written stays: where a code stands first
    order = np.argsort(first[:-1], kind="stable")
    order = order[: np.count_nonzero(first[:-1] < len(codes))]
    renamed = np.zeros(len(words) + 1, np.int32)
    renamed[order] = np.arange(len(order))
    return pa.DictionaryArray.from_arrays(
        pa.array(renamed[codes], pa.int32(), mask=codes == len(words)), words.take(pa.array(order))
    )


def taken(table: pa.Table, order: np.ndarray, piece: int = 1 << 17) -> pa.Table:
    """Rows of `table` in another order. Arrow's own `take` puts the texts of all rows into one array, which holds 2 GiB."""
    if table.nbytes < ONE_ARRAY:
        return table.take(pa.array(order))
    wide = pa.schema(
        [pa.field(f.name, pa.large_string()) if f.type == pa.string() else f for f in table.schema]
    )
    large = table.cast(wide)
    return pa.concat_tables(
        large.take(pa.array(order[n : n + piece])).cast(table.schema)
        for n in range(0, max(1, len(order)), piece)
    )


def appended(table: pa.Table, frame, name: str) -> pa.Table:
    """`table` with the rows of a pandas frame below it; categories grow as needed."""
    below = pa.Table.from_pandas(frame, schema=plain_schema(name), preserve_index=False)
    return encoded(pa.concat_tables([plain(table, name), below]).cast(arrow_schema(name)))


def folder_of(frame: str, year: int | None) -> str:
    """Folder of a part, relative to the data set."""
    return f"{frame}/year={UNKNOWN if year is None else year}" if frame in YEARLY else frame


def year_of(path: str) -> int | None:
    """The year in a part's path; None where it is unknown or the frame has no year."""
    name = next((p for p in path.split("/") if p.startswith("year=")), "year=" + UNKNOWN)[5:]
    return None if name == UNKNOWN else int(name)


def by_year(table: pa.Table, frame: str) -> Iterator[tuple[int | None, pa.Table]]:
    """(year, rows without the column) in order of year, the unknown last; rows keep their order."""
    if frame not in YEARLY:
        yield None, table
        return
    codes = year_codes(table)
    order = np.argsort(codes, kind="stable")
    years, starts = np.unique(codes[order], return_index=True)
    table = taken(table.drop_columns(["year"]), order)
    for year, start, end in zip(years, starts, [*starts[1:], len(order)]):
        yield (None if year == _UNKNOWN_CODE else int(year)), table.slice(start, end - start)


_UNKNOWN_CODE = np.iinfo(np.int16).max


def year_codes(table: pa.Table) -> np.ndarray:
    """The years of a table's rows, the unknown as the highest number."""
    return table.column("year").fill_null(pa.scalar(_UNKNOWN_CODE, pa.int16())).to_numpy()


def write_parts(
    root: str | os.PathLike, tables: Mapping[str, pa.Table], number: int, volume: int = 0
) -> list[dict]:
    """Write frames as hidden parts of bucket `number`; `reveal` makes them visible. Returns what the journal lists.

    Raises DatasetError where the disk refuses; nothing visible has changed then.
    """
    listed = []
    for frame in FRAMES:
        table = tables[frame]
        pieces = list(by_year(table, frame))
        if (
            number == volume == 0 and not pieces
        ):  # so that `frame/**/*.parquet` is never empty for DuckDB and the like
            pieces = [(None, table.drop_columns(["year"]))]
        for year, rows in pieces:
            if rows.num_rows or number == volume == 0:
                listed.append(
                    _write_part(
                        root, frame, year, rows, f"{number:04d}" + f".{volume:03d}" * (volume > 0)
                    )
                )
    flush_all([hidden(os.path.join(root, part["path"])) for part in listed])
    return listed


def _write_part(root, frame: str, year: int | None, rows: pa.Table, name: str) -> dict:
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    table = encoded(
        rows if rows.schema == stored_schema(frame) else rows.cast(stored_schema(frame))
    )
    codecs = {
        name: "snappy" if _size(table.column(name)) <= SMALL else "zstd"
        for name in table.column_names
    }
    pq.write_table(table, sink, compression=codecs, row_group_size=1 << 20)
    data = sink.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    path = f"{folder_of(frame, year)}/part-{name}-{digest[:12]}.parquet"
    final = os.path.join(root, path)
    if not os.path.exists(final):
        with replacing(hidden(final), sync=False) as temporary, open(temporary, "wb") as file:
            file.write(data)
    return {
        "frame": frame,
        "path": path,
        "rows": rows.num_rows,
        "bytes": len(data),
        "sha256": digest,
    }


def _size(column: pa.ChunkedArray) -> int:
    """About how many bytes a column takes before it is packed: by its values alone, not by how Arrow holds them, so that
    the same rows give the same part."""
    if pa.types.is_dictionary(column.type):
        words = column.chunk(0).dictionary if column.num_chunks else pa.array([], pa.string())
        return len(column) * max(1, (len(words) - 1).bit_length()) // 8 + _letters(words)
    return (
        _letters(column)
        if pa.types.is_string(column.type)
        else len(column) * column.type.bit_width // 8
    )


def _letters(texts) -> int:
    return pc.sum(pc.binary_length(texts)).as_py() or 0


def hidden(path: str) -> str:
    """Name of a part that is written and not yet valid; no reader's pattern matches it."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.new")


def reveal(root: str | os.PathLike, parts: list[dict]) -> None:
    """Give hidden parts their names. Raises DatasetError where the disk refuses."""
    for part in parts:
        final = os.path.join(root, part["path"])
        try:
            if os.path.exists(hidden(final)):
                os.replace(hidden(final), final)
        except OSError as error:
            raise unwritable(final, error) from error


def read_part(
    root: str | os.PathLike,
    part: Mapping,
    columns: list[str] | None = None,
    *,
    threads: bool = True,
) -> pa.Table:
    """Rows of one part with its year put back (all columns, or some), its columns by several threads or by this one.

    Raises DatasetError where it is missing or damaged.
    """
    import pyarrow.parquet as pq

    path = os.path.join(root, part["path"])
    schema = arrow_schema(part["frame"])
    names = schema.names if columns is None else [n for n in schema.names if n in columns]
    repeated = REPEATED.get(part["frame"], [])
    try:
        file = pq.ParquetFile(
            path if os.path.exists(path) else hidden(path), read_dictionary=repeated
        )
        table = file.read([n for n in names if n != "year"], use_threads=threads)
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(
            path,
            "a part of the data set",
            seen=str(error)[:200],
            advice="The data set is damaged: run the build again, or save it again.",
        ) from error
    if part["rows"] != table.num_rows:
        raise DatasetError(
            path,
            f"{part['rows']} rows",
            seen=str(table.num_rows),
            advice="The data set is damaged: build it again.",
        )
    for name in set(repeated) & set(names):
        table = table.set_column(
            table.column_names.index(name), schema.field(name), _spread(table.column(name))
        )
    if "year" in names and part["frame"] in YEARLY:
        table = table.append_column("year", _repeated(year_of(part["path"]), table.num_rows))
    return table.select(names).cast(pa.schema([schema.field(n) for n in names]))


def _spread(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text read as codes and words, as text again; Arrow's own reader takes twice as long to put one text after another."""
    if not pa.types.is_dictionary(column.type):
        return column
    arrays = []
    for chunk in column.chunks:
        longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 1
        piece = max(1, ONE_ARRAY // longest)
        arrays += [
            chunk.dictionary.take(chunk.indices.slice(n, piece))
            for n in range(0, len(chunk), piece)
        ]
    return pa.chunked_array(arrays, column.type.value_type)


def _repeated(year: int | None, rows: int) -> pa.Array:
    return (
        pa.nulls(rows, pa.int16()) if year is None else pa.repeat(pa.scalar(year, pa.int16()), rows)
    )


def empty(frame: str, columns: list[str] | None = None) -> pa.Table:
    """A frame without rows."""
    schema = arrow_schema(frame)
    return (
        schema if columns is None else pa.schema([f for f in schema if f.name in columns])
    ).empty_table()
