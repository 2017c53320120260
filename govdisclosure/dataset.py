"""A data set on disk: parts with checksums, records of what they were made from, and the way back
to a Corpus.

    cells/year=2021/part-0000-3f2a….parquet      likewise reports, sections, narrative, findings, unplaced
    failures/part-0000-….parquet                 a file that could not be read has no year
    _records/0000-9c1e….json                     a batch: its parts, and from which sources they are
    _govdisclosure.json                          which records are valid: what `load` reads first
    datapackage.json                             for people and other programs

The column `year` is in the folders' names, as Hive does it (unknown:
``__HIVE_DEFAULT_PARTITION__``), which pandas, DuckDB and Polars understand. Names of parts and
records end in a hash of the content: nothing new overwrites what readers are using, damage is
noticed by the name, and a name of another form is never followed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
from collections import UserDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .errors import DatasetError
from .schema import FRAMES, arrow_schema

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset

    from .corpus import Corpus

FORMAT, ROOT, RECORDS = 5, "_govdisclosure.json", "_records"
STAGE = ".build"  # where new parts and records wait until all are there
UNKNOWN, LAST = "__HIVE_DEFAULT_PARTITION__", 9999  # of a year: in folders' names, in order
YEARLY = tuple(name for name, fields in FRAMES.items() if any(f.name == "year" for f in fields))
COPIES = "_copies/"  # rows of reports that others stand for: kept, but of no frame
_PLACE = rf"({COPIES})?({'|'.join(FRAMES)})/(year=(\d+|{UNKNOWN})/)?part-\d{{4}}"
_OURS = re.compile(rf"({_PLACE}|{RECORDS}/\d{{4}})-(?P<hash>[0-9a-f]{{16}})\.(parquet|json)")
_TEMPORARY = re.compile(r"(.*/)?\.(part-|\d{4}|_govdisclosure|datapackage|\w+\.csv).*\.\d+\.new")
DAMAGED = "It is damaged or of another version: run the build (or save) again, which makes it anew."
FULL = "The disk is full, or your quota of it: make room and run it again; what was there is untouched."


class Part(NamedTuple):
    """A file of a data set: path from its folder, frame (behind `COPIES` where its rows are of
    reports that others stand for), year (`LAST`: unknown, or the frame has none).
    """

    path: str
    frame: str
    year: int


def unwritable(path: str | os.PathLike, error: OSError) -> DatasetError:
    """The DatasetError that says why `path` could not be written and what to do."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    advice = FULL if full else "Choose another folder or change its permissions."
    seen = error.strerror or str(error)
    return DatasetError(os.fspath(path), "a place to write", seen=seen, advice=advice)


@contextmanager
def replacing(path: str | os.PathLike) -> Iterator[str]:
    """A temporary name beside `path`; on success it becomes `path`, on any failure it is removed.
    Raises DatasetError.
    """
    folder, name = os.path.split(os.fspath(path))
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.new")
    try:
        os.makedirs(folder or ".", exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _write(path: str, data: bytes) -> None:
    with replacing(path) as temporary:
        Path(temporary).write_bytes(data)


def _json(value, indent: int | None = None) -> bytes:
    return json.dumps(value, indent=indent, sort_keys=True).encode() + b"\n"


def write_json(path: str, value) -> None:
    """JSON, the same bytes for the same value, written at once or not at all."""
    _write(path, _json(value, 0))


def _named(folder: str | os.PathLike, head: str, ending: str, data: bytes) -> str:
    """The name of a new part or record."""
    name = f"{head}-{hashlib.sha256(data).hexdigest()[:16]}{ending}"
    _write(os.path.join(folder, name), data)
    return name


def write_record(
    folder: str | os.PathLike, number: str, record: Mapping, sources: Sequence = ()
) -> str:
    """The name of a new record, which is not yet one of the data set. What is known of its sources
    stands on a line of its own, which `load` need not parse. Raises DatasetError."""
    return _named(folder, f"{RECORDS}/{number}", ".json", _json(record) + _json(sources))


@contextmanager
def _as_written(path: str) -> Iterator[None]:
    """What is damaged becomes a DatasetError."""
    try:
        yield
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        expected, seen = "a file of a data set as it was written", str(error)[:200]
        raise DatasetError(path, expected, seen=seen, advice=DAMAGED) from error


def whole(folder: str | os.PathLike, name: str) -> str:
    """The path of a part or record, new or old, whose bytes are those its name says. Raises
    DatasetError.
    """
    found = _OURS.fullmatch(name)
    for top in (STAGE, "") if found else ():
        path = os.path.join(folder, top, name)
        with suppress(OSError):
            digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
            if found and digest.startswith(found["hash"]):
                return path
    with _as_written(os.path.join(folder, name)):
        raise ValueError("nothing there or other bytes")


def read_record(folder: str | os.PathLike, name: str) -> dict[str, Any]:
    """The record of a batch, its parts as Parts, its sources as JSON. Raises DatasetError where it
    is missing or damaged.
    """
    path = whole(folder, name)
    with _as_written(path):
        head, sources, *_ = Path(path).read_bytes().split(b"\n")
        record = json.loads(head)
        return {**record, "parts": [Part(*part) for part in record["parts"]], "sources": sources}


def _root(folder: str | os.PathLike) -> tuple[str, list[str]]:
    """('build' or 'save', names of the valid records in order of their batches). Raises
    DatasetError where there is no data set or it is damaged.
    """
    path = os.path.join(folder, ROOT)
    if not os.path.lexists(path):
        made = "a data set written by Corpus.save or build"
        raise DatasetError(os.fspath(folder), made, seen="none there")
    with _as_written(path):
        root = json.loads(Path(path).read_bytes())
        if root["format"] != FORMAT:
            raise ValueError(f"format {root['format']}")
        return root["made_by"], list(map(str, root["records"]))


def claimed(folder: str | os.PathLike, maker: str) -> list[str]:
    """The records of the data set that is there; none where it is damaged and all is to be made
    again. Raises DatasetError where the other of `build` and `save` wrote it."""
    try:
        made_by, names = _root(folder)
    except DatasetError:
        return []
    if made_by == maker:
        return names
    other = "Corpus.save" if maker == "build" else "build"
    expected, seen = f"a new folder or one that {maker} wrote", f"a data set that {other} wrote"
    raise DatasetError(os.fspath(folder), expected, seen=seen, advice="Choose another.")


def publish(folder: str | os.PathLike, made_by: str, names: list[str]) -> None:
    """Make these records and their parts the data set, in one step; then remove files of ours that
    are not of it.
    """
    from .export import write_package

    parts = [part for name in names for part in read_record(folder, name)["parts"]]
    for part in parts:
        made, place = Path(folder, STAGE, part.path), Path(folder, part.path)
        if made.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            made.replace(place)
    root = {"format": FORMAT, "made_by": made_by, "records": names}
    write_json(os.path.join(folder, ROOT), root)
    write_package(folder, [part.path for part in parts if part.frame in FRAMES])
    shutil.rmtree(os.path.join(folder, STAGE), ignore_errors=True)
    _sweep(Path(folder), {*names, *(part.path for part in parts)})


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove files that are named as ours are and are not kept. Files of others, and what links
    lead to, stay.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _TEMPORARY.fullmatch(name) or (_OURS.fullmatch(name) and name not in keep):
            path.unlink()
            with suppress(OSError):  # the last one of its year
                path.parent.rmdir()


@contextmanager
def locked(folder: str | os.PathLike) -> Iterator[None]:
    """Be the only writer of a folder; the system lets go of the lock when the process ends, however
    it ends. An OSError of the writer becomes a DatasetError."""
    from filelock import FileLock, Timeout

    try:
        os.makedirs(folder, exist_ok=True)
        with FileLock(os.path.join(folder, ".lock"), timeout=0):
            yield
    except Timeout as error:
        expected, seen = "a folder that nobody else is writing", "another build or save at work"
        advice = "Wait until it has ended, or choose another folder."
        raise DatasetError(os.fspath(folder), expected, seen=seen, advice=advice) from error
    except OSError as error:
        raise unwritable(folder, error) from error


def canonical(table: pa.Table) -> pa.Table:
    """The rows with every category's codes in order of first appearance and columns in one piece,
    whatever made them.
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            texts = table.column(place).cast(pa.string()).combine_chunks()
            table = table.set_column(place, field, texts.dictionary_encode().cast(field.type))
    return table.combine_chunks()


def stage_parts(
    folder: str | os.PathLike, tables: Mapping[str, pa.Table], number: str
) -> list[Part]:
    """New parts of a batch, a year each, which wait to be published; the same rows give the same
    bytes. Raises DatasetError.
    """
    import pyarrow.parquet as pq

    parts, stage = [], os.path.join(folder, STAGE)
    for frame, table in tables.items():
        for below, year, rows in _by_year(table):
            # the first batch has every frame, for others' globs
            if rows.num_rows or (number == "0000" and frame in FRAMES):
                sink = pa.BufferOutputStream()
                pq.write_table(canonical(rows), sink, compression="zstd", row_group_size=1 << 20)
                head, data = f"{frame}/{below}part-{number}", sink.getvalue().to_pybytes()
                parts.append(Part(_named(stage, head, ".parquet", data), frame, year))
    return parts


def _by_year(table: pa.Table) -> Iterator[tuple[str, int, pa.Table]]:
    """(folder of a year, year, its rows without the column) in order of year, the unknown last; all
    rows where there is none.
    """
    if "year" not in table.column_names:
        yield "", LAST, table
        return
    years = table["year"].fill_null(LAST)
    for year in sorted(pc.unique(years).to_pylist()) or [LAST]:
        rows = table.drop_columns(["year"]).filter(pc.equal(years, year))
        yield f"year={UNKNOWN if year == LAST else year}/", year, rows


def opened(folder: str | os.PathLike, parts: Iterable[Part], frame: str) -> Dataset:
    """A frame in those of these parts that are of it, copies too, one after the other. Raises
    DatasetError where a part is missing or damaged.
    """
    from pyarrow import dataset

    schema, base = arrow_schema(frame), os.fspath(folder)
    names = (frame, COPIES + frame)
    paths = [whole(folder, part.path) for part in parts if part.frame in names]
    year = dataset.partitioning(pa.schema([("year", pa.int16())]), flavor="hive")
    how: dict = {"format": "parquet", "partitioning": year, "partition_base_dir": base}
    return dataset.dataset(paths, schema, **how)


def save(corpus: Corpus, folder: str | os.PathLike) -> None:
    """Write all frames of a corpus as a data set; one that `save` wrote there before is replaced in
    one step.

    Findings across years are not stored; they are computed from what is loaded. Raises DatasetError
    (disk full, no permission, another writer at work, a folder that `build` wrote).
    """
    with locked(folder):
        claimed(folder, "save")
        frames = {name: corpus._table(name) for name in FRAMES}
        parts = stage_parts(folder, frames, "0000")
        runs = {name: _runs(frames[name]) for name in YEARLY}
        record = write_record(folder, "0000", {"parts": parts, "runs": runs})
        publish(folder, "save", [record])


def _runs(table: pa.Table) -> list[list[int]]:
    """[years, numbers of rows]: in which order the rows of the years' parts stood."""
    years = table.column("year").combine_chunks().fill_null(LAST)
    runs = pc.run_end_encode(years)
    return [runs.values.to_pylist(), np.diff(runs.run_ends.to_numpy(), prepend=0).tolist()]


def load(
    folder: str | os.PathLike,
    *,
    years: int | Iterable[int] | None = None,
    tables: str | Iterable[str] | None = None,
    columns: Iterable[str] | Mapping[str, Iterable[str]] | None = None,
) -> Corpus:
    """The corpus in `folder`, or a part of it.

    `years`: reported on; reports whose year is unknown come only when no years are asked for.
    `tables`: names of frames (cells, reports, sections, narrative, findings, unplaced, failures);
    asking the corpus for another one raises DatasetError. `columns`: names, or a mapping from table
    to names. Only the parts and columns needed are read, each frame when it is first asked for.
    What `save` wrote comes back row by row as it was, dtypes included; what `build` wrote is in
    order of year, then of a hash of the report_id. Raises DatasetError where there is no data set,
    a name is unknown, or a part or record is damaged or missing: it says which, and the next
    `build` makes it anew.

    >>> load("build/tidy", years=[2021], tables=["cells"], columns=["report_id", "row", "value"])  # doctest: +SKIP
    """
    from .corpus import Corpus

    name = os.fspath(folder)
    try:
        given: Any = years if np.iterable(years) else [years]
        wanted = None if years is None else {int(year) for year in given}
    except (TypeError, ValueError) as error:
        seen, advice = repr(years)[:80], "Write years=[2021, 2022]."
        raise DatasetError(name, "years as numbers", seen=seen, advice=advice) from error
    parts, runs = _published(name)
    unread: dict[str, Any] = {}
    for frame, names in _columns(tables, columns, name).items():
        is_any = wanted is None or frame not in YEARLY
        own = [p for p in parts if p.frame == frame and (is_any or p.year in (wanted or ()))]
        for part in own:
            whole(name, part.path)
        unread[frame] = partial(_frame, name, own, frame, names, runs.get(frame, ()), wanted)
    return Corpus(_Unread(unread))


class _Unread(UserDict):
    """Frames that are read when they are first asked for."""

    def __getitem__(self, name: str) -> pa.Table:
        if isinstance(read := self.data[name], partial):
            self.data[name] = read()
        return self.data[name]


def _frame(
    folder: str,
    parts: list[Part],
    frame: str,
    columns: list[str],
    runs: Sequence,
    years: set[int] | None,
) -> pa.Table:
    """A frame in the order in which its rows were saved; those of parts are in order of year."""
    table = opened(folder, parts, frame).to_table(columns)
    stood, rows = np.array(runs, dtype=int).reshape(2, -1)
    asked = np.isin(stood, list(stood if years is None else years))
    if asked.sum() < 2:
        return table.unify_dictionaries().combine_chunks()  # parts are canonical
    order = np.repeat(stood[asked], rows[asked]).argsort(kind="stable")
    return canonical(table.take(order.argsort()))


def tables(folder: str, frame: str) -> Iterator[pa.Table]:
    """A frame part by part, in order of year."""
    for part in _published(folder)[0]:
        if part.frame == frame:
            yield opened(folder, [part], frame).to_table()


def _published(folder: str) -> tuple[list[Part], dict[str, Sequence]]:
    """The parts, in order of year, the unknown last, and the runs of frames that were
    saved.
    """
    parts: list[Part] = []
    runs: dict[str, Sequence] = {}
    for name in _root(folder)[1]:
        record = read_record(folder, name)
        parts += record["parts"]
        runs |= record.get("runs", {})
    return sorted(parts, key=lambda part: (part.year, part.path)), runs


def _names(given, known: Iterable[str], folder: str) -> list[str]:
    """Those of the known names that are asked for; None asks for all. Raises DatasetError on an
    unknown one.
    """
    known = list(known)
    given = known if given is None else [given] if isinstance(given, str) else list(given)
    for name in given:
        if name not in known:
            raise DatasetError(folder, f"names among {', '.join(known)}", seen=repr(name))
    return [name for name in known if name in given]


def _columns(tables, columns, folder: str) -> dict[str, list[str]]:
    """{frame asked for: its columns asked for}."""
    known = {frame: arrow_schema(frame).names for frame in _names(tables, FRAMES, folder)}
    if isinstance(columns, Mapping):
        _names(columns, known, folder)
        return {frame: _names(columns.get(frame), names, folder) for frame, names in known.items()}
    chosen = _names(columns, dict.fromkeys(chain.from_iterable(known.values())), folder)
    return {frame: [n for n in names if n in chosen] for frame, names in known.items()}
