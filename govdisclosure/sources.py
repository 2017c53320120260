"""What a corpus is made of: folders, files, globs, addresses, archives, lists; and the manifest
that says more about them.

Members of archives (zip, tar, WARC) go one by one into one file beside the data set, the spool.
Nothing is unpacked under a member's own name, so a member can't write anywhere. What is damaged is
a failure of its own. An archive that would unpack to more than `RATIO` times its size (and more
than `FREE` bytes) is refused as a bomb; one inside another is not opened.
"""

from __future__ import annotations

import contextlib
import csv
import glob
import gzip
import io
import os
import re
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .errors import (
    DatasetError,
    DisclosureError,
    LimitError,
    ManifestError,
    UnreadableFileError,
    said,
)
from .readers import limits, read_bytes
from .text import printable

MANIFEST = "manifest.csv"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]+(://|::)")
RATIO, FREE = 200, 1 << 30
GZIP, WINDOW = b"\x1f\x8b\x08", 1 << 20
# By the file's name; a DOCX is a zip, but no archive of reports.
_ARCHIVE = re.compile(r".*\.(zip|tar|tar\.(gz|bz2|xz)|tgz|tbz2|txz|warc|warc\.gz)", re.I | re.S)
# What pages are furnished with is no report: each would be a row of failures.
_FURNITURE = re.compile(
    r"(image|audio|video|font)/|text/(css|javascript)|application/(x-)?(json|javascript)"
)


class Item(NamedTuple):
    """A source: its ``label`` (path as given, address, or archive!/member), the id it claims and
    whether the manifest says so, its manifest row, its place in a file of archive members, or why
    it can't be read."""

    label: str
    base: str
    named: bool
    manifest: dict[str, str]
    place: list | None = None
    failure: DisclosureError | None = None

    def read(self) -> bytes:
        """Its bytes, never more than a report may have. Raises DisclosureError."""
        if self.failure:
            raise self.failure
        if self.place is None and not _ADDRESS.match(self.label):
            return read_bytes(self.label)
        path, start, size = self.place or (self.label, 0, limits.FILE_BYTES + 1)
        try:
            with _opened(path) as file:
                file.seek(start)
                data = file.read(size)
        except Exception as error:  # each file system has its own
            what, seen = "a file that can be read", str(error)[:200]
            raise UnreadableFileError(self.label, what, seen=seen, advice="Is it there?") from error
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
    """Every source once, folders in order of name; archives member by member where ``spool`` names
    a file for them.

    Left out: hidden files, the manifest, links to folders, devices, pipes, and the folder ``skip``.
    What the manifest says in vain comes last, as an item with a failure. Raises DatasetError where
    a source matches nothing.
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
        yield _failed(manifest.name, failure)


def _nothing(source: str, seen: str = "nothing there") -> DatasetError:
    expected = "a file, folder, glob or address of reports"
    return DatasetError(source, expected, seen=seen, advice="Check the path.")


def _items(path: str, row, manifest: Manifest, spool: str) -> Iterator[Item]:
    if isinstance(row, OSError):
        expected = "a folder that can be listed"
        yield _failed(path, UnreadableFileError(path, expected, seen=str(row.strerror)))
    elif not spool or not _ARCHIVE.fullmatch(path):
        yield _item(path, manifest.row(path) if row is None else row)
    else:
        seen: Counter[str] = Counter()
        with open(spool, "ab") as file:
            for name, data in _members(path):
                if isinstance(data, DisclosureError):
                    yield _failed(name, data)
                else:
                    label = name
                    while seen[label]:  # the second member of one name is a source of its own
                        seen[name] += 1
                        label = f"{name}#{seen[name]}"
                    seen[label] += 1
                    url = label.removeprefix(f"{path}!/")
                    known = ({"url": url} if "://" in url else {}) | manifest.row(label)
                    place = [spool, file.tell(), file.write(data)]
                    yield _item(label, known)._replace(place=place)


def _failed(label: str, error: DisclosureError) -> Item:
    return _item(label, {})._replace(failure=error)


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
    elif rows := _listed(source):
        yield from ((os.path.join(os.path.dirname(source), row["path"]), row) for row in rows)
    elif os.path.lexists(source):
        yield source, None
    else:
        for path in sorted(glob.iglob(source, recursive=True)):
            yield from _walk(path, skip) if os.path.isdir(path) else [(path, None)]


def _listed(path: str) -> list[dict[str, str]]:
    """The rows of a CSV with a column `path`; none where it is another file."""
    rows: list[dict[str, str]] = []
    with contextlib.suppress(DatasetError):
        for _, row, _ in read_manifest(path) if path.lower().endswith(".csv") else ():
            rows += [row] if row.get("path") else []
    return rows


def _walk(folder: str, skip: str) -> Iterator[tuple[str, OSError | None]]:
    """Files, and links that lead to one or nowhere, which is to be said; no devices and pipes; at
    last what can't be listed.
    """
    errors: list[OSError] = []
    for here, below, names in os.walk(folder, onerror=errors.append):
        seen = sorted(name for name in below if not name.startswith("."))
        below[:] = [n for n in seen if not skip or os.path.realpath(os.path.join(here, n)) != skip]
        for name in sorted(names):
            path = os.path.join(here, name)
            hidden = name.startswith(".") or name == MANIFEST
            if not hidden and (os.path.isfile(path) or not os.path.exists(path)):
                yield path, None
    yield from ((error.filename or folder, error) for error in errors)


def _remote(address: str) -> list[str]:
    """The files behind an address of any file system that fsspec knows (s3://, zip://*.html::a.zip,
    …).
    """
    import fsspec

    chain = address.partition("::")[1] + address.partition("::")[2]
    try:
        system, path = fsspec.core.url_to_fs(address)
        paths = system.glob(path) if glob.has_magic(path) else system.find(path)
    except Exception as error:  # each file system has its own
        raise _nothing(address, said(error)) from error
    return [system.unstrip_protocol(found) + chain for found in sorted(paths)]


def read_manifest(path: str | os.PathLike) -> Iterator[tuple[int, dict[str, str], bool]]:
    """(line, row, whether it has as many fields as the header) of a CSV (UTF-8) with `path` or
    `report_id`.

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
    """Rows found by path (as given, or relative to the manifest), else by file name where one row
    alone has it, else by id. Of two rows for one file the later counts. ``rows``: (line, row,
    whether it is whole)."""

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

    def in_vain(self) -> Iterator[DisclosureError]:
        """What the manifest says in vain, after all files have been asked for."""
        unused = [line for line in self.rows if line not in self.used]
        for what, lines in (
            ("has too few or too many fields", self.ragged),
            ("is doubled", self.doubled),
            ("fits no file", unused),
        ):
            if lines:
                few = ", ".join(map(str, lines[:8])) + (", …" if len(lines) > 8 else "")
                seen = f"{len(lines)} that {what} (line {few})"
                yield ManifestError(self.name, "rows for one file each", seen=seen)


def _keys(row: Mapping[str, str], base: str) -> list[tuple[str, str]]:
    if row.get("path"):
        path = os.path.join(base, row["path"])
        real = os.path.realpath(path) if os.path.islink(path) else os.path.abspath(path)
        folder, name = os.path.split(real)
        return [("path", os.path.join(_real(folder), name)), ("name", os.path.basename(path))]
    return [("id", row["report_id"])] if row.get("report_id") else []


_real = lru_cache(4096)(os.path.realpath)


def manifest_of(manifest, sources: list) -> Manifest:
    """A Manifest from a path, rows, a frame, or (None) from manifest.csv in or beside the one
    folder given.
    """
    if manifest is None and len(sources) == 1 and os.path.isdir(sources[0]):
        here = Path(sources[0])
        near = (here / MANIFEST, here.resolve().parent / MANIFEST)
        manifest = next(filter(Path.is_file, near), None)
    if manifest is None:
        return Manifest()
    if isinstance(manifest, str | os.PathLike):
        name = os.fspath(manifest)
        return Manifest(read_manifest(name), os.path.dirname(name), printable(name))
    rows = manifest.to_dict("records") if hasattr(manifest, "to_dict") else manifest
    texts = ({k: "" if v is None or v != v else str(v) for k, v in row.items()} for row in rows)
    return Manifest((number, row, True) for number, row in enumerate(texts, 1))


def identified(items: list[Item], root: str | None = None) -> list[tuple[str, Item]]:
    """(report_id, item): the manifest's id, else the file stem; where several claim one, the path
    from the folder ``root``, which they share.

    An id that the manifest gives one file is that file's, whoever else's stem it is.
    """
    root = root_of(items) if root is None else root
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


def stem(path: str) -> str:
    """The last name of a path or address without its ending.

    >>> [stem(p) for p in ("a/b.html", "b.tar.gz", ".hidden", "x.warc!/http://host/page/")]
    ['b', 'b.tar', '.hidden', 'page']
    """
    return os.path.splitext(path.replace(os.sep, "/").rstrip("/").rpartition("/")[2])[0]


def _opened(path: str):
    """A file to read from, here or wherever fsspec finds it."""
    if "://" not in path:
        return open(path, "rb")
    import fsspec

    return fsspec.open(path, "rb").open()


def _members(path: str) -> Iterator[tuple[str, bytes | DisclosureError]]:
    """(label, its bytes, up to one more than any report has, or what is damaged) of the files in an
    archive.
    """
    kind = path.lower().removesuffix(".gz").rpartition(".")[2]
    read = {"zip": _zip, "warc": _warc}.get(kind, _tar)
    try:
        with _opened(path) as file:
            left = max(FREE, RATIO * file.seek(0, os.SEEK_END))
            file.seek(0)
            for name, size, data in read(file):
                left -= max(0, size)
                if left < 0:
                    most = f"an archive of at most {RATIO} times its size"
                    advice = "It looks like a bomb; unpack what you trust by hand."
                    raise LimitError(path, most, seen="more", advice=advice)
                label = f"{path}!/{name.lstrip('/')}"
                if data is not None:
                    yield label, data if isinstance(data, bytes) else _damaged(label, data)
    except DisclosureError as error:
        yield path, error
    except ImportError as error:
        expected, advice = "warcio, which reads WARC", "Run: pip install govdisclosure[scale]"
        raise DatasetError(path, expected, seen=str(error), advice=advice) from error
    except Exception as error:  # zlib, zipfile, tarfile, warcio and file systems have their own
        yield path, _damaged(path, error)


def _damaged(label: str, error: Exception) -> UnreadableFileError:
    advice = "It is damaged or locked there, and what follows may be missing; get it again."
    expected = "an archive that can be read"
    return UnreadableFileError(label, expected, seen=said(error), advice=advice)


def _bytes(stream) -> bytes:
    """What a stream holds, up to one byte more than any report has."""
    parts, left = [], limits.FILE_BYTES + 1
    while left and (part := stream.read(min(left, 1 << 16))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _wanted(name: str) -> bool:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return bool(base) and not base.startswith(".") and "__MACOSX/" not in name and base != MANIFEST


def _zip(file) -> Iterator[tuple[str, int, bytes | Exception]]:
    with _zip_file(file) as archive:
        for info in filter(lambda info: _wanted(info.filename), archive.infolist()):
            data: bytes | Exception
            try:
                data = _bytes(archive.open(info))
            except Exception as error:  # a wrong CRC, a password, a method that is not known
                data = error
            yield info.filename, info.file_size, data


def _zip_file(file) -> zipfile.ZipFile:
    """Names without the flag of UTF-8 are UTF-8 all the same, or as Windows in China writes
    them.
    """
    for charset in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return zipfile.ZipFile(file, metadata_encoding=charset)
    return zipfile.ZipFile(file)


def _tar(file) -> Iterator[tuple[str, int, bytes | None]]:
    bad: list[str] = []
    info = None

    class Noting(tarfile.TarInfo):
        """tarfile passes over a damaged header without a word."""

        @classmethod
        def frombuf(cls, *given):
            try:
                return super().frombuf(*given)
            except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:
                bad.append(f"{error} behind {info and info.name}")
                raise

    with tarfile.open(fileobj=file, mode="r|*", ignore_zeros=True, tarinfo=Noting) as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every header it has seen
            is_file = info.isreg() and _wanted(info.name)
            yield info.name, info.size, _bytes(archive.extractfile(info)) if is_file else None
    if bad:
        raise tarfile.ReadError(bad[0])


class _Gzip(gzip.GzipFile):
    """Every member of a gzip file; its early end is an error (warcio takes EOFError for the end of
    the records).
    """

    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except EOFError as error:
            raise ValueError("the gzip stream ends too early") from error


def _warc(file) -> Iterator[tuple[str, int, bytes | Exception | None]]:
    """Pages of a WARC (ISO 28500): responses with status 200, decoded, and `resource` records.
    After a damaged record the next one is looked for."""
    from warcio import ArchiveIterator

    head = file.read(WINDOW)
    file.seek(0)
    if head.startswith(GZIP) and b"\r\n\r\nWARC/1." in _unpacked(head):
        file = _Gzip(fileobj=file)  # packed as a whole: warcio would read the first record only
    begin: int | None = 0
    while begin is not None:
        file.seek(begin)
        records = ArchiveIterator(file)
        try:
            for record in records:
                header = record.rec_headers.get_header
                yield "", int(header("Content-Length") or 0), None
                data = _bytes(record.content_stream()) if _is_page(record) else None
                with contextlib.redirect_stderr(io.StringIO()):  # warcio prints what is said here
                    records.read_to_end()
                if getattr(record.raw_stream, "limit", 0) > 0 or records.err_count:
                    raise ValueError("a record that is not as long as it says")
                yield header("WARC-Target-URI") or "", 0, data
                begin = records.offset
            return
        except OSError:
            raise
        except Exception as error:  # warcio's, zlib's and what their parsers stumble on
            yield f"@{begin}", 0, error
            begin = _next(file, begin + 1)


def _unpacked(data: bytes) -> bytes:
    """The beginning of what gzip has packed, as far as it goes; other bytes as they are."""
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(31).decompress(data)
    return data


def _next(file, offset: int) -> int | None:
    """Where the next record begins at or after `offset`; None where there is none."""
    while True:
        file.seek(offset)
        data = file.read(WINDOW)
        for found in re.finditer(rb"\x1f\x8b\x08|WARC/1\.\d\r?\n", data):
            if _unpacked(data[found.start() : found.start() + 4096]).startswith(b"WARC/"):
                return offset + found.start()
        if len(data) < WINDOW:
            return None
        offset += WINDOW - 4096


def _is_page(record) -> bool:
    is_response = record.rec_type == "response"
    headers = record.http_headers if is_response else record.rec_headers
    if not headers or not record.rec_headers.get_header("WARC-Target-URI", "").startswith("http"):
        return False
    given = headers.get_statuscode() == "200" if is_response else record.rec_type == "resource"
    return given and not _FURNITURE.match(headers.get_header("Content-Type", "").strip().lower())
