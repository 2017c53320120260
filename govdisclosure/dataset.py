"""A data set on disk: parts with checksums, records of what they were made from, and the way back to a Corpus.

    cells/year=2021/part-0000-3f2a….parquet      likewise reports, sections, narrative, findings, unplaced
    failures/part-0000-….parquet                 a file that could not be read has no year
    _records/0000-9c1e….json                     a batch: its parts with rows and SHA-256, and from which sources they are
    _govdisclosure.json                          which records are valid: what `load` reads first
    datapackage.json                             for people and other programs

The column `year` is in the folders' names, as Hive does it (unknown: ``__HIVE_DEFAULT_PARTITION__``), which pandas,
DuckDB and Polars understand. Names hold a hash of the content, so that nothing new overwrites what readers are using;
names in a record are followed only where they are of this form.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .errors import DatasetError
from .schema import FRAMES, arrow_schema

if TYPE_CHECKING:
    from .corpus import Corpus

FORMAT, ROOT, RECORDS = 3, "_govdisclosure.json", "_records"
STAGE = ".build"  # where new parts wait until all are there
UNKNOWN = "__HIVE_DEFAULT_PARTITION__"
YEARLY = tuple(name for name, fields in FRAMES.items() if any(f.name == "year" for f in fields))
COPIES = "_copies/"  # rows of reports that others stand for: kept, but of no frame
PART = re.compile(
    rf"({COPIES})?({'|'.join(FRAMES)})/(year=(\d+|{UNKNOWN})/)?part-\d{{4}}-[0-9a-f]{{16}}\.parquet"
)
_OURS = re.compile(rf"{PART.pattern}|{RECORDS}/\d{{4}}-[0-9a-f]{{16}}\.json")
_TEMPORARY = re.compile(r"(.*/)?\.(part-|\d{4}-|_govdisclosure|datapackage|\w+\.csv).*\.\d+\.new")
DAMAGED = "It is damaged or of another version: run the build (or save) again, which makes it anew."
_ADVICE = {
    errno.ENOSPC: "The disk is full: make room and run it again; what was there is untouched.",
    errno.EDQUOT: "Your disk quota is used up: make room and run it again; what was there is untouched.",
}


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
        found = PART.fullmatch(self.path)
        return int(found[4]) if found and found[4] and found[4] != UNKNOWN else None


def unwritable(path: str | os.PathLike, error: OSError) -> DatasetError:
    """The DatasetError that says why `path` could not be written and what to do."""
    advice = _ADVICE.get(error.errno or 0, "Choose another folder or change its permissions.")
    seen = error.strerror or str(error)
    return DatasetError(os.fspath(path), "a place to write", seen=seen, advice=advice)


@contextmanager
def replacing(path: str | os.PathLike) -> Iterator[str]:
    """A temporary name beside `path`; on success it becomes `path`, on any failure it is removed. Raises DatasetError."""
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


def _json(value) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=0, sort_keys=True).encode() + b"\n"


def write_json(path: str | os.PathLike, value) -> None:
    """JSON, the same bytes for the same value, written at once or not at all."""
    with replacing(path) as temporary:
        Path(temporary).write_bytes(_json(value))


def read_json(path: str | os.PathLike, sha256: str = "") -> dict:
    """A JSON object of a data set. Raises DatasetError where it is missing, damaged or other than its SHA-256 says."""
    try:
        data = Path(path).read_bytes()
        value = json.loads(data)
        if not isinstance(value, dict) or sha256 not in ("", hashlib.sha256(data).hexdigest()):
            raise ValueError("other content than was written")
        return value
    except (OSError, ValueError) as error:
        seen = str(error)[:200]
        raise DatasetError(
            os.fspath(path), "a file of a data set", seen=seen, advice=DAMAGED
        ) from error


def parts_of(record: dict) -> list[Part]:
    """The parts that a record lists. Raises DatasetError where one is named otherwise than parts are."""
    try:
        parts = [Part(str(path), int(rows), str(sha)) for path, rows, sha in record["parts"]]
        if all(PART.fullmatch(part.path) for part in parts):
            return parts
        seen = "others"
    except (KeyError, TypeError, ValueError) as error:
        seen = str(error)[:80]
    raise DatasetError(RECORDS, "a list of parts by their names", seen=seen, advice=DAMAGED)


def read_root(folder: str | os.PathLike) -> dict | None:
    """What stands in `_govdisclosure.json`; None where there is no data set. Raises DatasetError where it is damaged."""
    path = os.path.join(folder, ROOT)
    if not os.path.lexists(path):
        return None
    root = read_json(path)
    records = root.get("records")
    if (
        root.get("format") != FORMAT
        or not isinstance(records, dict)
        or not all(re.fullmatch("[0-9a-f]+", str(text)) for text in chain(*records.items()))
    ):
        seen = f"format {root.get('format')}"[:40]
        raise DatasetError(path, f"a data set of format {FORMAT}", seen=seen, advice=DAMAGED)
    return root


def record_path(folder: str | os.PathLike, number: str, sha256: str) -> str:
    """Where the record of batch `number` stands."""
    return os.path.join(folder, f"{RECORDS}/{number}-{sha256[:16]}.json")


def publish(folder: str | os.PathLike, made_by: str, records: Mapping[int, dict]) -> None:
    """Make the parts of these records the data set, in one step; then remove files of ours that are no longer of it."""
    from .export import write_package

    parts = [part for record in records.values() for part in parts_of(record)]
    for part in parts:
        made, place = os.path.join(folder, STAGE, part.path), os.path.join(folder, part.path)
        if os.path.exists(made):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            os.replace(made, place)
    sums, keep = {}, {part.path for part in parts}
    for number, record in sorted(records.items()):
        name = f"{number:04d}"
        sums[name] = hashlib.sha256(_json(record)).hexdigest()
        keep.add(record_path("", name, sums[name]))
        write_json(record_path(folder, name, sums[name]), record)
    root = {"format": FORMAT, "made_by": made_by, "records": sums}
    write_json(os.path.join(folder, ROOT), root)
    write_package(folder, [part.path for part in parts if not part.is_copy])
    shutil.rmtree(os.path.join(folder, STAGE), ignore_errors=True)
    _sweep(Path(folder), keep)


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove files that are named as ours are and are not kept. Files of others, and what links lead to, stay."""
    for path in sorted(folder.rglob("*")):
        known = path.relative_to(folder).as_posix()
        if _TEMPORARY.fullmatch(known) or (_OURS.fullmatch(known) and known not in keep):
            path.unlink()
            with suppress(OSError):  # the last one of its year
                path.parent.rmdir()


@contextmanager
def locked(folder: str | os.PathLike) -> Iterator[None]:
    """Be the only writer of a folder; the system lets go of the lock when the process ends, however it ends."""
    from filelock import FileLock, Timeout

    try:
        os.makedirs(folder, exist_ok=True)
        with FileLock(os.path.join(folder, ".lock"), timeout=0):
            yield
    except Timeout as error:
        advice = "Wait until it has ended, or choose another folder."
        seen = "another build or save at work"
        name = os.fspath(folder)
        raise DatasetError(
            name, "a folder that nobody else is writing", seen=seen, advice=advice
        ) from error
    except OSError as error:
        raise unwritable(folder, error) from error


def canonical(table: pa.Table) -> pa.Table:
    """The rows with every category's codes in order of first appearance and columns in one piece, whatever made them."""
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_dictionary(field.type):
            column = column.cast(pa.string()).combine_chunks().dictionary_encode()
        table = table.set_column(place, field, column.cast(field.type))
    return table.combine_chunks()


def write_parts(
    folder: str | os.PathLike, tables: Mapping[str, pa.Table], number: int, top: str = ""
) -> list[Part]:
    """Write frames as new parts of batch `number`, a year each; the same rows give the same bytes. Raises DatasetError."""
    import pyarrow.parquet as pq

    parts = []
    for frame, table in tables.items():
        for place, rows in _by_year(table):
            # the first batch has every frame, for others' globs
            if not rows.num_rows and (number or top):
                continue
            sink = pa.BufferOutputStream()
            pq.write_table(canonical(rows), sink, compression="zstd", row_group_size=1 << 20)
            data = sink.getvalue()
            digest = hashlib.sha256(data).hexdigest()
            name = f"{top}{frame}/{place}part-{number:04d}-{digest[:16]}.parquet"
            parts.append(Part(name, rows.num_rows, digest))
            with replacing(os.path.join(folder, STAGE, name)) as temporary:
                Path(temporary).write_bytes(data)
    return parts


def _by_year(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """(folder of a year, its rows without the column) in order of year, the unknown last; all rows where there is none."""
    if "year" not in table.column_names:
        yield "", table
        return
    years = table.column("year")
    rest = table.drop_columns(["year"])
    for year in sorted(filter(None, pc.unique(years).to_pylist())):
        yield f"year={year}/", rest.filter(pc.equal(years, year))
    if years.null_count or not len(years):
        yield f"year={UNKNOWN}/", rest.filter(pc.is_null(years))


def sound(folder: str | os.PathLike, part: Part) -> bytes | None:
    """The bytes of a part, new or old, where they are those that were written; None where there are none."""
    for top in (STAGE, ""):
        with suppress(OSError):
            data = Path(folder, top, part.path).read_bytes()
            if hashlib.sha256(data).hexdigest() == part.sha256:
                return data
    return None


def read_part(
    folder: str | os.PathLike, part: Part, columns: Iterable[str] | None = None
) -> pa.Table:
    """Rows of a part, all columns or some, its year put back. Raises DatasetError where it is missing or damaged."""
    import pyarrow.parquet as pq

    data = sound(folder, part)
    if data is None:
        path = os.path.join(folder, part.path)
        seen = "nothing there or other bytes"
        raise DatasetError(path, "a part as it was written", seen=seen, advice=DAMAGED)
    schema = _schema(part.frame, columns)
    stored = [name for name in schema.names if name != "year"]
    table = pq.read_table(pa.BufferReader(data), columns=stored)
    if "year" in schema.names:
        years = pa.repeat(pa.scalar(part.year, pa.int16()), part.rows)
        table = table.append_column("year", years)
    return table.select(schema.names).cast(schema)


def read_parts(
    folder: str | os.PathLike, parts: Iterable[Part], frame: str, columns=None
) -> Iterator[pa.Table]:
    """The rows of a frame, part by part, after a table without rows."""
    yield _schema(frame, columns).empty_table()
    yield from (read_part(folder, part, columns) for part in parts if part.frame == frame)


def _schema(frame: str, columns: Iterable[str] | None) -> pa.Schema:
    return pa.schema(f for f in arrow_schema(frame) if columns is None or f.name in columns)


def claimed(folder: str | os.PathLike, maker: str) -> dict[str, str]:
    """{batch: SHA-256 of its record} of the data set that is there; {} where it is damaged and all is to be made again.
    Raises DatasetError where the other of `build` and `save` wrote it."""
    try:
        root = read_root(folder)
    except DatasetError:
        return {}
    if root is None or root.get("made_by") == maker:
        return root["records"] if root else {}
    other = "Corpus.save" if maker == "build" else "build"
    expected, seen = f"a new folder or one that {maker} wrote", f"a data set that {other} wrote"
    raise DatasetError(os.fspath(folder), expected, seen=seen, advice="Choose another.")


def save(corpus: Corpus, folder: str | os.PathLike) -> None:
    """Write all frames of a corpus as a data set; one that `save` wrote there before is replaced in one step.

    Findings across years are not stored; they are computed from what is loaded. Raises DatasetError (disk full, no
    permission, another writer at work, a folder that `build` wrote).
    """
    with locked(folder):
        claimed(folder, "save")
        frames = {name: corpus._table(name) for name in FRAMES}
        parts = write_parts(folder, frames, 0)
        runs = {name: _runs(frames[name]) for name in YEARLY}
        publish(folder, "save", {0: {"parts": parts, "runs": runs}})


def _runs(table: pa.Table) -> list[list]:
    """[[year, number of rows], …]: in which order the rows of the years' parts stood."""
    runs = pc.run_end_encode(table.column("year").combine_chunks().fill_null(0))
    ends = [0, *runs.run_ends.to_pylist()]
    return [[year, ends[n + 1] - ends[n]] for n, year in enumerate(runs.values.to_pylist())]


def load(
    folder: str | os.PathLike,
    *,
    years: int | Iterable[int] | None = None,
    tables: str | Iterable[str] | None = None,
    columns: Iterable[str] | Mapping[str, Iterable[str]] | None = None,
) -> Corpus:
    """The corpus in `folder`, or a part of it.

    `years`: reported on; reports whose year is unknown come only when no years are asked for. `tables`: names of
    frames (cells, reports, sections, narrative, findings, unplaced, failures); asking the corpus for another one raises
    DatasetError. `columns`: names, or a mapping from table to names. Only the parts and columns needed are read.
    What `save` wrote comes back row by row as it was, dtypes included; what `build` wrote is in order of year, then
    of a hash of the report_id. Raises DatasetError where there is no data set, a name is unknown, or a part or record
    is damaged or missing: it says which, and the next `build` makes it anew.

    >>> load("build/tidy", years=[2021], tables=["cells"], columns=["report_id", "row", "value"])  # doctest: +SKIP
    """
    from .corpus import Corpus

    name = os.fspath(folder)
    wanted = _years(years, name)
    chosen = _columns(tables, columns, name)
    records = _records(name)

    def asked(part: Part) -> bool:
        found = wanted is None or part.frame not in YEARLY or part.year in wanted
        return found and part.frame in chosen

    parts = list(filter(asked, _parts(records)))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        read = list(pool.map(lambda part: read_part(name, part, chosen[part.frame]), parts))
    runs = records[0].get("runs", {}) if len(records) == 1 else {}
    frames = {}
    for frame, names in chosen.items():
        found = [table for part, table in zip(parts, read) if part.frame == frame]
        table = pa.concat_tables([_schema(frame, names).empty_table(), *found])
        frames[frame] = canonical(_as_saved(table, runs.get(frame, ()), wanted))
    return Corpus(frames)


def _as_saved(table: pa.Table, runs: Iterable, years: set[int] | None) -> pa.Table:
    """Rows as they were saved; in `table` they are in order of year."""
    asked = [(year or 9999, rows) for year, rows in runs if years is None or year in years]
    if len(asked) < 2:
        return table
    order = np.repeat([year for year, _ in asked], [rows for _, rows in asked])
    return table.take(order.argsort(kind="stable").argsort())


def tables(folder: str, frame: str) -> Iterator[pa.Table]:
    """The parts of a frame, one after the other, in order of year."""
    return read_parts(folder, _parts(_records(folder)), frame)


def _records(folder: str) -> list[dict]:
    root = read_root(folder)
    if root is None:
        raise DatasetError(folder, "a data set written by Corpus.save or build", seen="none there")
    return [read_json(record_path(folder, *item), item[1]) for item in root["records"].items()]


def _parts(records: list[dict]) -> list[Part]:
    """The parts of frames, in order of year, the unknown last."""
    parts = (part for part in chain.from_iterable(map(parts_of, records)) if not part.is_copy)
    return sorted(parts, key=lambda part: (part.year or 9999, part.path))


def _years(years, folder: str) -> set[int] | None:
    if years is None:
        return None
    try:
        return {int(year) for year in np.atleast_1d(list(years) if np.iterable(years) else years)}
    except (TypeError, ValueError) as error:
        seen, advice = repr(years)[:80], "Write years=[2021, 2022]."
        raise DatasetError(folder, "years as numbers", seen=seen, advice=advice) from error


def _names(given, known: Iterable[str], what: str, folder: str) -> list[str]:
    """Those of the known names that are asked for; None asks for all. Raises DatasetError on an unknown one."""
    known = list(known)
    given = known if given is None else [given] if isinstance(given, str) else list(given)
    for name in set(given) - set(known):
        near = difflib.get_close_matches(str(name), known, 1)
        advice = f"Did you mean {near[0]!r}?" if near else ""
        expected = f"{what} among {', '.join(known)}"
        raise DatasetError(folder, expected, seen=repr(name), advice=advice)
    return [name for name in known if name in given]


def _columns(tables, columns, folder: str) -> dict[str, list[str]]:
    """{frame asked for: its columns asked for}."""
    frames = _names(tables, FRAMES, "tables", folder)
    known = {frame: arrow_schema(frame).names for frame in frames}
    if isinstance(columns, Mapping):
        _names(columns, frames, "tables", folder)
        return {f: _names(columns.get(f), known[f], f"columns of {f}", folder) for f in frames}
    every = dict.fromkeys(chain.from_iterable(known.values()))
    chosen = _names(columns, every, "columns", folder)
    return {frame: [name for name in known[frame] if name in chosen] for frame in frames}
