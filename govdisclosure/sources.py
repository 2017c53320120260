"""What a corpus is made of: folders, files, globs, addresses, archives, lists; and the manifest that says more about them."""

from __future__ import annotations

import csv
import glob
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from . import archives
from .errors import DatasetError, UnreadableFileError, said
from .pipeline import printable
from .readers import limits, read_bytes

MANIFEST = "manifest.csv"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]+(://|::)")


class Item(NamedTuple):
    """A source: its ``label`` (path as given, address, or archive!/member), the id it claims and whether the manifest
    says so, its manifest row, its place in a file of archive members, or [kind, message] why it can't be read."""

    label: str
    base: str
    named: bool
    manifest: dict[str, str]
    place: list | None = None
    failure: list | None = None

    def read(self) -> bytes:
        """Its bytes, never more than a report may have. Raises UnreadableFileError, LimitError."""
        if self.place is None and not _ADDRESS.match(self.label):
            return read_bytes(self.label)
        path, start, size = self.place or (self.label, 0, limits.FILE_BYTES + 1)
        limits.check(self.label, "bytes", size if self.place else 0, limits.FILE_BYTES)
        try:
            with archives.opened(path) as file:
                file.seek(start)
                data = file.read(size)
        except Exception as error:  # each file system has its own
            expected, seen = "a file that can be read", str(error)[:200]
            raise UnreadableFileError(
                self.label, expected, seen=seen, advice="Is it there?"
            ) from error
        limits.check(self.label, "bytes", len(data), limits.FILE_BYTES)
        return data


def bar(count: int, progress: bool | None):
    """A bar of reports read; None shows it on a terminal once it takes over two seconds."""
    from tqdm import tqdm

    disable = None if progress is None else not progress
    return tqdm(total=count, unit=" reports", disable=disable, delay=0 if progress else 2)


def each(sources) -> Iterator[str]:
    """The sources as strings, whether one or many are given."""
    return map(os.fspath, [sources] if isinstance(sources, str | os.PathLike) else sources)


def listing(
    sources: Iterable[str], manifest: Manifest, *, spool: str = "", skip: str = ""
) -> Iterator[Item]:
    """Every source once, folders in order of name; archives member by member where ``spool`` names a file for them.

    Left out: hidden files, the manifest, links to folders, devices, pipes, and the folder ``skip``. What the manifest
    says in vain comes last, as an item with a failure. Raises DatasetError where a source matches nothing.
    """
    seen: set[str] = set()
    for source in sources:
        empty = not os.path.isdir(source)
        for path, row in _expand(source, skip):
            empty = False
            if path not in seen:
                seen.add(path)
                yield from _items(path, row, manifest, spool)
        if empty:
            raise _nothing(source)
    for failure in manifest.in_vain():
        yield _item(manifest.name, {})._replace(failure=failure)


def _nothing(source: str, seen: str = "nothing there") -> DatasetError:
    return DatasetError(
        source, "a file, folder, glob or address of reports", seen=seen, advice="Check the path."
    )


def _items(path: str, row, manifest: Manifest, spool: str) -> Iterator[Item]:
    if isinstance(row, OSError):
        error = UnreadableFileError(
            printable(path), "a folder that can be listed", seen=str(row.strerror)
        )
        yield _item(path, {})._replace(failure=[error.kind, str(error)])
    elif not spool or not archives.is_archive(path):
        yield _item(path, manifest.row(path) if row is None else row)
    else:
        for label, known, place, damage in archives.members(path, spool):
            item = _item(label, {**known, **manifest.row(label)})._replace(place=place)
            yield item._replace(failure=[damage.kind, str(damage)]) if damage else item


def _item(label: str, row: dict[str, str]) -> Item:
    known = {key: value for key, value in row.items() if value and key != "path"}
    named = known.get("report_id", "")
    return Item(label, named or stem(printable(label)), bool(named), known)


def _expand(source: str, skip: str) -> Iterator[tuple[str, dict[str, str] | OSError | None]]:
    """(path, its manifest row or why it can't be listed) of a source's files."""
    if os.path.isdir(source):
        yield from _walk(source, os.path.realpath(skip) if skip else "")
    elif _ADDRESS.match(source):
        yield from ((path, None) for path in _remote(source))
    elif source.lower().endswith(".csv") and "path" in _columns(source):
        base = os.path.dirname(source)
        for _, row, _ in read_manifest(source):
            if row.get("path"):
                yield os.path.join(base, row["path"]), row
    elif os.path.lexists(source):
        yield source, None
    else:
        for path in sorted(glob.iglob(source, recursive=True)):
            yield from _walk(path, skip) if os.path.isdir(path) else [(path, None)]


def _walk(folder: str, skip: str) -> Iterator[tuple[str, OSError | None]]:
    """Files, and links that lead to one or nowhere, which is to be said; no devices and pipes; at last what can't be listed."""
    errors: list[OSError] = []
    for here, below, names in os.walk(folder, onerror=errors.append):
        seen = sorted(name for name in below if not name.startswith("."))
        below[:] = [n for n in seen if not skip or os.path.realpath(os.path.join(here, n)) != skip]
        for name in sorted(names):
            path = os.path.join(here, name)
            if name.startswith(".") or name == MANIFEST:
                continue
            if os.path.isfile(path) or not os.path.exists(path):
                yield path, None
    yield from ((error.filename or folder, error) for error in errors)


def _remote(address: str) -> list[str]:
    """The files behind an address of any file system that fsspec knows (s3://, zip://*.html::a.zip, …)."""
    import fsspec

    chain = address.partition("::")[1] + address.partition("::")[2]
    try:
        system, path = fsspec.core.url_to_fs(address)
        paths = system.glob(path) if glob.has_magic(path) else system.find(path)
    except Exception as error:  # each file system has its own
        raise _nothing(address, said(error)) from error
    return [system.unstrip_protocol(found) + chain for found in sorted(paths)]


def _columns(path: str | os.PathLike) -> list[str]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return [name.strip() for name in next(csv.reader(file), [])]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def read_manifest(path: str | os.PathLike) -> Iterator[tuple[int, dict[str, str], bool]]:
    """(line, row, whether it has as many fields as the header) of a CSV (UTF-8) with `path` or `report_id`.

    Raises DatasetError where it can't be read or has neither column.
    """
    advice = "Save it as CSV in UTF-8 with a column path or report_id."
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            names = [name.strip() for name in next(reader, [])]
            if names and not {"path", "report_id"} & set(names):
                raise csv.Error(f"columns {', '.join(names)}")
            for fields in filter(None, reader):
                row = {name: field.strip() for name, field in zip(names, fields) if name}
                yield reader.line_num, row, len(fields) == len(names)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        name = os.fspath(path)
        raise DatasetError(name, "a manifest in CSV", seen=str(error), advice=advice) from error


class Manifest:
    """Rows found by path (as given, or relative to the manifest), else by file name where one row alone has it, else by
    id. Of two rows for one file the later counts. ``rows``: (line, row, whether it is whole)."""

    def __init__(self, rows: Iterable[tuple] = (), base: str = "", name: str = "manifest") -> None:
        self.name = name
        self.rows: dict[int, dict[str, str]] = {}
        self.places: dict[tuple[str, str], int | None] = {}
        self.used: set[int | None] = set()
        self.ragged: list[int] = []
        self.doubled: list[int] = []
        for line, row, whole in rows:
            if not whole:
                self.ragged.append(line)
                continue
            keys = _keys(row, base)
            if keys and keys[0] in self.places:
                self.doubled.append(line)
                self.used.add(self.places[keys[0]])
            for key in keys:
                several = key[0] == "name" and key in self.places  # says nothing
                self.places[key] = None if several else line
            self.rows[line] = row

    def row(self, path: str) -> dict[str, str]:
        """What the manifest says of a file; {} where it says nothing."""
        for key in (*_keys({"path": path}, ""), ("id", stem(path))) if self.rows else ():
            line = self.places.get(key)
            if line is not None:
                self.used.add(line)
                return self.rows[line]
        return {}

    def in_vain(self) -> Iterator[list[str]]:
        """[kind, message] of each thing that the manifest says in vain, after all files have been asked for."""
        unused = [line for line in self.rows if line not in self.used]
        for what, lines in (
            ("has too few or too many fields", self.ragged),
            ("is doubled", self.doubled),
            ("fits no file", unused),
        ):
            if lines:
                few = ", ".join(map(str, lines[:8])) + (", …" if len(lines) > 8 else "")
                said = f"{len(lines)} that {what} (line {few})"
                yield ["manifest", f"{self.name}: expected rows for one file each; seen: {said}."]


def _keys(row: Mapping[str, str], base: str) -> list[tuple[str, str]]:
    if row.get("path"):
        path = os.path.join(base, row["path"])
        real = os.path.realpath(path) if os.path.islink(path) else os.path.abspath(path)
        folder, name = os.path.split(real)
        return [("path", os.path.join(_real(folder), name)), ("name", os.path.basename(path))]
    return [("id", row["report_id"])] if row.get("report_id") else []


_real = lru_cache(4096)(os.path.realpath)


def manifest_of(manifest, sources) -> Manifest:
    """A Manifest from a path, rows, a frame, or (None) from manifest.csv in or beside the one folder given."""
    if isinstance(manifest, Manifest):
        return manifest
    if manifest is None:
        given = list(each(sources))
        here = Path(given[0]) if len(given) == 1 and os.path.isdir(given[0]) else None
        found = [here / MANIFEST, here.resolve().parent / MANIFEST] if here else []
        manifest = next((str(path) for path in found if path.is_file()), None)
        if manifest is None:
            return Manifest()
    if isinstance(manifest, str | os.PathLike):
        name = os.fspath(manifest)
        return Manifest(read_manifest(name), os.path.dirname(name), printable(name))
    rows = manifest.to_dict("records") if hasattr(manifest, "to_dict") else manifest
    texts = ({k: "" if v is None or v != v else str(v) for k, v in row.items()} for row in rows)
    return Manifest((number, row, True) for number, row in enumerate(texts, 1))


def identified(items: list[Item], root: str) -> list[tuple[str, Item]]:
    """(report_id, item): the manifest's id, else the file stem; where several claim one, the path from the folder ``root``.

    An id that the manifest gives one file is that file's, whoever else's stem it is.
    """
    claims = Counter((item.base, item.named) for item in items)

    def own(item: Item) -> str:
        several = claims[item.base, item.named] > 1
        if several or (not item.named and claims[item.base, True]):
            return os.path.relpath(os.path.abspath(item.label), root).replace(os.sep, "/")
        return item.base

    return [(printable(own(item)), item) for item in items]


def root_of(items: Iterable[Item]) -> str:
    """The folder that all sources share."""
    folders = {os.path.dirname(os.path.abspath(item.label)) for item in items}
    return os.path.commonpath(folders) if folders else ""


def found(sources, manifest: Manifest) -> list[tuple[str, Item]]:
    """(report_id, item) of every file of the sources, archives unopened."""
    items = list(listing(each(sources), manifest))
    return identified(items, root_of(items))


def stem(path: str) -> str:
    """The last name of a path or address without its ending.

    >>> [stem(p) for p in ("a/b.html", "b.tar.gz", ".hidden", "x.warc!/http://host/page/")]
    ['b', 'b.tar', '.hidden', 'page']
    """
    return os.path.splitext(path.replace(os.sep, "/").rstrip("/").rpartition("/")[2])[0]
