"""A data set on disk: parts with checksums, records of what they were made from, and the way back
to a Corpus.

    cells/year=2021/part-0000-3f2a….parquet      likewise reports, sections, narrative, findings, unplaced
    failures/part-0000-….parquet                 a file that could not be read has no year
    _records/0000-9c1e….json                     a batch: its parts with rows and SHA-256, and from which sources they are
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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    from .corpus import Corpus

FORMAT, ROOT, RECORDS = 4, "_govdisclosure.json", "_records"
STAGE = ".build"  # where new parts and records wait until all are there
UNKNOWN = "__HIVE_DEFAULT_PARTITION__"
YEARLY = tuple(name for name, fields in FRAMES.items() if any(f.name == "year" for f in fields))
COPIES = "_copies/"  # rows of reports that others stand for: kept, but of no frame
_PLACE = rf"({COPIES})?({'|'.join(FRAMES)})/(year=(\d+|{UNKNOWN})/)?part-\d{{4}}"
_OURS = re.compile(rf"({_PLACE}|{RECORDS}/\d{{4}}[ab]*)-(?P<hash>[0-9a-f]{{16}})\.(parquet|json)")
_TEMPORARY = re.compile(r"(.*/)?\.(part-|\d{4}|_govdisclosure|datapackage|\w+\.csv).*\.\d+\.new")
DAMAGED = "It is damaged or of another version: run the build (or save) again, which makes it anew."
FULL = "The disk is full, or your quota of it: make room and run it again; what was there is untouched."


class Part(NamedTuple):
    """A file of a data set: path from its folder, rows, SHA-256."""

    path: str
    rows: int
    sha256: str

    @property
    def frame(self) -> str:
        """The frame it belongs to."""
        return self.path.removeprefix(COPIES).partition("/")[0]

    @property
    def is_copy(self) -> bool:
        """Whether its rows are of reports that others stand for."""
        return self.path.startswith(COPIES)

    @property
    def year(self) -> int | None:
        """The year of its rows; None where it is unknown or the frame has no year."""
        found = re.search(r"/year=(\d+)/", self.path)
        return int(found[1]) if found else None


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


def _json(value, indent: int | None = 0) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=indent, sort_keys=True).encode() + b"\n"


def write_json(path: str, value) -> None:
    """JSON, the same bytes for the same value, written at once or not at all."""
    _write(path, _json(value))


def stage(folder: str | os.PathLike, head: str, ending: str, data: bytes) -> tuple[str, str]:
    """(name, SHA-256) of a new part or record, which waits to be published. Raises DatasetError."""
    digest = hashlib.sha256(data).hexdigest()
    name = f"{head}-{digest[:16]}{ending}"
    _write(os.path.join(folder, STAGE, name), data)
    return name, digest


def stage_record(
    folder: str | os.PathLike, number: str, record: Mapping[str, Any], sources: Sequence = ()
) -> str:
    """The name of a new record, which waits to be published. What is known of its sources stands on
    a line of its own, which `load` need not parse. Raises DatasetError."""
    data = _json(record, None) + _json(sources, None)
    return stage(folder, f"{RECORDS}/{number}", ".json", data)[0]


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


def read_record(folder: str | os.PathLike, name: str, *, sources: bool = False) -> dict[str, Any]:
    """The record of a batch, its parts as Parts, and its sources where asked for. Raises
    DatasetError where it is missing or damaged."""
    path = whole(folder, name)
    with _as_written(path):
        head, known, *_ = Path(path).read_bytes().split(b"\n")
        record = json.loads(head)
        record["parts"] = [Part(*part) for part in record["parts"]]
        return {**record, "sources": json.loads(known)} if sources else record


def _root(folder: str | os.PathLike) -> tuple[str, list[str]]:
    """('build' or 'save', names of the valid records in order of their batches); ('', []) where
    there is no data set. Raises DatasetError where it is damaged."""
    path = os.path.join(folder, ROOT)
    if not os.path.lexists(path):
        return "", []
    with _as_written(path):
        root = json.loads(Path(path).read_bytes())
        if root["format"] != FORMAT:
            raise ValueError(f"format {root['format']}")
        sums = root["records"].items()
        return root["made_by"], [f"{RECORDS}/{number}-{sha[:16]}.json" for number, sha in sums]


def claimed(folder: str | os.PathLike, maker: str) -> list[str]:
    """The records of the data set that is there; none where it is damaged and all is to be made
    again. Raises DatasetError where the other of `build` and `save` wrote it."""
    try:
        made_by, names = _root(folder)
    except DatasetError:
        return []
    if made_by in ("", maker):
        return names
    other = "Corpus.save" if maker == "build" else "build"
    expected, seen = f"a new folder or one that {maker} wrote", f"a data set that {other} wrote"
    raise DatasetError(os.fspath(folder), expected, seen=seen, advice="Choose another.")


def publish(folder: str | os.PathLike, made_by: str, records: list[str], paths: list[str]) -> None:
    """Make these records and their parts (paths) the data set, in one step; then remove files of
    ours that are not of it.
    """
    from .export import write_package

    names, sums = [*records, *paths], {}
    for name in names:
        made, place = os.path.join(folder, STAGE, name), Path(folder, name)
        if os.path.exists(made):
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(made, place)
    for name in records:
        number = name.removeprefix(f"{RECORDS}/")[:4]
        sums[number] = hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()
    root = {"format": FORMAT, "made_by": made_by, "records": sums}
    write_json(os.path.join(folder, ROOT), root)
    write_package(folder, [path for path in paths if not path.startswith(COPIES)])
    shutil.rmtree(os.path.join(folder, STAGE), ignore_errors=True)
    _sweep(Path(folder), set(names))


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
    folder: str | os.PathLike, tables: Mapping[str, pa.Table], number: str, top: str = ""
) -> list[Part]:
    """New parts of a batch, a year each, which wait to be published; the same rows give the same
    bytes. Raises DatasetError.
    """
    import pyarrow.parquet as pq

    parts = []
    for frame, table in tables.items():
        for year, rows in _by_year(table):
            # the first batch has every frame, for others' globs
            if not rows.num_rows and (top or number != "0000"):
                continue
            sink = pa.BufferOutputStream()
            pq.write_table(canonical(rows), sink, compression="zstd", row_group_size=1 << 20)
            head = f"{top}{frame}/{year}part-{number}"
            name, digest = stage(folder, head, ".parquet", sink.getvalue().to_pybytes())
            parts.append(Part(name, rows.num_rows, digest))
    return parts


def _by_year(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """(folder of a year, its rows without the column) in order of year, the unknown last; all rows
    where there is none.
    """
    if "year" not in table.column_names:
        yield "", table
        return
    rest = table.drop_columns(["year"])
    years = table.column("year")
    for year in sorted(pc.unique(years).to_pylist(), key=lambda year: year or 9999) or [None]:
        is_of = pc.is_null(years) if year is None else pc.equal(years, year)
        yield f"year={year or UNKNOWN}/", rest.filter(is_of)


def read(
    folder: str | os.PathLike,
    parts: Iterable[Part],
    frame: str,
    columns: Iterable[str] | None = None,
    only: pc.Expression | None = None,
) -> pa.Table:
    """The rows of a frame in those of these parts that are of it, one after the other: all columns
    or some, all rows or `only` some. Raises DatasetError where a part is missing or damaged."""
    from pyarrow import dataset

    schema = arrow_schema(frame)
    names = [name for name in schema.names if columns is None or name in columns]
    paths = [whole(folder, part.path) for part in parts if part.frame == frame]
    if not paths:
        return schema.empty_table().select(names)
    year = dataset.partitioning(pa.schema([("year", pa.int16())]), flavor="hive")
    found = dataset.dataset(
        paths, schema, format="parquet", partitioning=year, partition_base_dir=os.fspath(folder)
    )
    return found.to_table(names, only)


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
        name = stage_record(folder, "0000", {"parts": parts, "runs": runs})
        publish(folder, "save", [name], [part.path for part in parts])


def _runs(table: pa.Table) -> list[list]:
    """[[year, number of rows], …]: in which order the rows of the years' parts stood."""
    runs = pc.run_end_encode(table.column("year").combine_chunks().fill_null(0))
    lengths = np.diff(runs.run_ends.to_numpy(), prepend=0).tolist()
    return [list(run) for run in zip(runs.values.to_pylist(), lengths)]


def _as_saved(table: pa.Table, runs: Iterable, years: set[int] | None) -> pa.Table:
    """Rows as they were saved; in `table` they are in order of year."""
    asked = [(year or 9999, rows) for year, rows in runs if years is None or year in years]
    if len(asked) < 2:
        return table.unify_dictionaries().combine_chunks()  # parts are canonical
    order = np.repeat([year for year, _ in asked], [rows for _, rows in asked])
    return canonical(table.take(order.argsort(kind="stable").argsort()))


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
    wanted = _years(years, name)
    chosen = _columns(tables, columns, name)
    records = _records(name)
    parts = [
        part
        for part in _parts(records)
        if wanted is None or part.frame not in YEARLY or part.year in wanted
    ]
    runs = records[0].get("runs", {}) if len(records) == 1 else {}
    for part in parts:
        if part.frame in chosen:
            whole(name, part.path)
    return Corpus(_Unread(partial(_frame, name, parts, runs, wanted, chosen), chosen))


def _frame(
    folder: str,
    parts: list[Part],
    runs: Mapping,
    years: set[int] | None,
    chosen: Mapping,
    frame: str,
) -> pa.Table:
    """One frame of what was loaded."""
    table = read(folder, parts, frame, chosen[frame])
    return _as_saved(table, runs.get(frame, ()), years)


class _Unread(Mapping[str, pa.Table]):
    """Frames that are read when they are first asked for."""

    def __init__(self, read: Callable[[str], pa.Table], names: Iterable[str]) -> None:
        self._read, self._names = read, list(names)
        self._tables: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._tables:
            if name not in self._names:
                raise KeyError(name)
            self._tables[name] = self._read(name)
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def tables(folder: str, frame: str) -> Iterator[pa.Table]:
    """A frame part by part, in order of year."""
    for part in _parts(_records(folder)):
        if part.frame == frame:
            yield read(folder, [part], frame)


def _records(folder: str) -> list[dict]:
    made_by, names = _root(folder)
    if not made_by:
        raise DatasetError(folder, "a data set written by Corpus.save or build", seen="none there")
    return [read_record(folder, name) for name in names]


def _parts(records: list[dict]) -> list[Part]:
    """The parts of frames, in order of year, the unknown last."""
    parts = chain.from_iterable(record["parts"] for record in records)
    kept = (part for part in parts if not part.is_copy)
    return sorted(kept, key=lambda part: (part.year or 9999, part.path))


def _years(years, folder: str) -> set[int] | None:
    if years is None:
        return None
    try:
        return {int(year) for year in (years if np.iterable(years) else [years])}
    except (TypeError, ValueError) as error:
        seen, advice = repr(years)[:80], "Write years=[2021, 2022]."
        raise DatasetError(folder, "years as numbers", seen=seen, advice=advice) from error


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
