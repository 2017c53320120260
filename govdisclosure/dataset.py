"""A data set on disk: parts with checksums, records of what they were made from, and the way back
to a Corpus.

    cells/part-0000-3f2a….parquet          a batch; likewise reports, sections, narrative, …
    _copies/cells/part-0000-….parquet      rows of reports that others stand for: of no frame
    _records/0000-9c1e….json               a batch: its parts, and from which sources they are
    _govdisclosure.json                    which parts are valid: what `load` reads first
    datapackage.json                       for people and other programs

pandas, DuckDB and Polars read the folder of a frame. Rows of a part are in order of year, a few
thousand a group, so that whoever asks for a year reads little else. Names of parts and records end
in a hash of the content: nothing new overwrites what readers are using, damage is noticed by the
name, and a name of another form is never followed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .errors import DatasetError
from .schema import FRAMES, arrow_schema

if TYPE_CHECKING:
    from pyarrow.dataset import FileSystemDataset

    from .corpus import Corpus

FORMAT, ROOT, RECORDS = 6, "_govdisclosure.json", "_records"
STAGE = ".build"  # where new parts wait until all are there
COPIES = "_copies/"
ROWS = 1 << 14  # of a group
_OURS = re.compile(
    rf"(({COPIES})?({'|'.join(FRAMES)})/(year=\w+/)?part-|{RECORDS}/)\d{{4}}-[0-9a-f]{{16}}\.(parquet|json)"
)
_TEMPORARY = re.compile(r"(.*/)?\.(part-|\d{4}|_govdisclosure|datapackage|\w+\.csv).*\.\d+\.new")
DAMAGED = "It is damaged or of another version: run the build (or save) again, which makes it anew."
FULL = "The disk is full, or your quota of it: make room and run it again; what was there is untouched."


def unwritable(path: str | os.PathLike, error: OSError) -> DatasetError:
    """The DatasetError that says why `path` could not be written and what to do."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    advice = FULL if full else "Choose another folder or change its permissions."
    seen = error.strerror or str(error)
    return DatasetError(os.fspath(path), "a place to write", seen=seen, advice=advice)


def _damaged(path: str, seen: object) -> DatasetError:
    expected = "a file of a data set as it was written"
    return DatasetError(path, expected, seen=str(seen)[:200], advice=DAMAGED)


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


def write_json(path: str, value) -> None:
    """JSON, the same bytes for the same value, written at once or not at all."""
    with replacing(path) as temporary:
        Path(temporary).write_bytes(json.dumps(value, indent=0, sort_keys=True).encode() + b"\n")


def named(folder: str, head: str, ending: str, data: bytes) -> str:
    """Write a new part or record; its name, which no other content has. Raises DatasetError."""
    name = f"{head}-{hashlib.sha256(data).hexdigest()[:16]}{ending}"
    with replacing(os.path.join(folder, name)) as temporary:
        Path(temporary).write_bytes(data)
    return name


def whole(folder: str, name: str) -> str:
    """The path of a part or record, new or old, whose bytes are those its name says. Raises
    DatasetError.
    """
    for top in (STAGE, "") if _OURS.fullmatch(name) else ():
        path = os.path.join(folder, top, name)
        with suppress(OSError):
            if hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16] in name:
                return path
    raise _damaged(os.path.join(folder, name), "nothing there or other bytes")


def _root(folder: str) -> dict[str, Any]:
    """Who made the data set, its parts in order of year, the unknown last, and its records. Raises
    DatasetError where there is none or it is damaged.
    """
    path = os.path.join(folder, ROOT)
    if not os.path.lexists(path):
        made = "a data set written by Corpus.save or build"
        raise DatasetError(folder, made, seen="none there")
    try:
        root = json.loads(Path(path).read_bytes())
        names = [*root["parts"], *root["records"]]
        if root["format"] != FORMAT or not all(map(_OURS.fullmatch, names)):
            raise ValueError("another format or other names")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _damaged(path, error) from error
    return root


def claimed(folder: str, maker: str) -> list[str]:
    """The records of the data set that is there; none where it is damaged and all is to be made
    again. Raises DatasetError where the other of `build` and `save` wrote it."""
    try:
        root = _root(folder)
    except DatasetError:
        return []
    if root["made_by"] == maker:
        return root["records"]
    expected = f"a new folder or one that {maker} wrote"
    seen = f"a data set that {root['made_by']} wrote"
    raise DatasetError(folder, expected, seen=seen, advice="Choose another.")


def publish(folder: str, maker: str, parts: Iterable[str], records: Sequence[str] = ()) -> None:
    """Make these parts and records the data set, in one step; then remove files of ours that are
    not of it.
    """
    from .export import write_package

    parts = sorted(parts)
    for part in parts:
        made, place = Path(folder, STAGE, part), Path(folder, part)
        if made.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            made.replace(place)
    root = {"format": FORMAT, "made_by": maker, "parts": parts, "records": records}
    write_json(os.path.join(folder, ROOT), root)
    write_package(folder, [part for part in parts if not part.startswith(COPIES)])
    shutil.rmtree(os.path.join(folder, STAGE), ignore_errors=True)
    keep = {*parts, *records}
    for path in sorted(Path(folder).rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _TEMPORARY.fullmatch(name) or (_OURS.fullmatch(name) and name not in keep):
            path.unlink()
            with suppress(OSError):  # the last one of its year
                path.parent.rmdir()


@contextmanager
def locked(folder: str) -> Iterator[None]:
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
    plain = [
        (field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(plain)).combine_chunks().cast(table.schema)


def stage(folder: str, head: str, table: pa.Table) -> str:
    """A new part, which waits to be published; the same rows give the same bytes. Raises
    DatasetError.
    """
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(canonical(table), sink, compression="zstd", row_group_size=ROWS)
    return named(os.path.join(folder, STAGE), head, ".parquet", sink.getvalue().to_pybytes())


def opened(folder: str, parts: Iterable[str], frame: str) -> FileSystemDataset:
    """A frame in those of these parts that are of it, copies too, one after the other. Raises
    DatasetError where a part is missing or damaged.
    """
    from pyarrow import dataset

    paths = [whole(folder, part) for part in parts if f"{frame}/" in part]
    return dataset.dataset(paths, arrow_schema(frame), format="parquet")


def save(corpus: Corpus, folder: str | os.PathLike) -> None:
    """Write all frames of a corpus as a data set; one that `save` wrote there before is replaced in
    one step.

    Findings across years are not stored; they are computed from what is loaded. Raises DatasetError
    (disk full, no permission, another writer at work, a folder that `build` wrote).
    """
    name = os.fspath(folder)
    with locked(name):
        claimed(name, "Corpus.save")
        parts = [stage(name, f"{frame}/part-0000", corpus._table(frame)) for frame in FRAMES]
        publish(name, "Corpus.save", parts)


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
    to names. Only the columns and years needed are read, each frame when it is first asked for.
    What `save` wrote comes back row by row as it was, dtypes included; what `build` wrote is in
    order of a hash of the report_id. Raises DatasetError where there is no data set,
    a name is unknown, or a part is damaged or missing: it says which, and the next `build` makes it
    anew.

    >>> load("build/tidy", years=[2021], tables=["cells"], columns=["report_id", "row", "value"])  # doctest: +SKIP
    """
    from .corpus import Corpus

    name = os.fspath(folder)
    parts = _root(name)["parts"]
    try:
        wanted = [int(year) for year in _listed(years)]
    except (TypeError, ValueError) as error:
        seen, advice = repr(years)[:80], "Write years=[2021, 2022]."
        raise DatasetError(name, "years as numbers", seen=seen, advice=advice) from error
    own = {frame: arrow_schema(frame).names for frame in _among(tables, FRAMES, name)}
    if isinstance(columns, Mapping):
        _among(columns, own, name)
        asked = {frame: _among(columns.get(frame), names, name) for frame, names in own.items()}
    else:
        asked = dict.fromkeys(own, _among(columns, dict.fromkeys(chain(*own.values())), name))
    only = None if years is None else pc.field("year").isin(pa.array(wanted, pa.int16()))
    unread = {}
    for frame, names in own.items():
        found = opened(name, [part for part in parts if part.startswith(f"{frame}/")], frame)
        chosen = [column for column in names if column in asked[frame]]
        unread[frame] = cache(partial(_read, found, chosen, only))
    return Corpus(unread)


def _listed(given) -> list:
    single = isinstance(given, str) or not np.iterable(given)
    return [] if given is None else [given] if single else list(given)


def _among(given, known: Iterable[str], folder: str) -> list[str]:
    """The known names that are asked for, all where nothing is. Raises DatasetError on another."""
    if other := [name for name in _listed(given) if name not in known]:
        raise DatasetError(folder, f"names among {', '.join(known)}", seen=repr(other[0]))
    return list(known) if given is None else _listed(given)


def _read(found: FileSystemDataset, columns: list[str], only: pc.Expression | None) -> pa.Table:
    """Columns and rows of a frame."""
    try:
        table = found.to_table(columns, filter=only if "year" in found.schema.names else None)
    except (OSError, ValueError) as error:
        raise _damaged(found.files[0], error) from error
    return table.unify_dictionaries()
