"""Members of archives as sources: zip and tar in place, compressed tar and WARC through a spool on disk.

Nothing is ever unpacked under a member's own name, so a member can't write anywhere. An archive that would
unpack to more than `RATIO` times its size (and more than `FREE` bytes) is refused as a bomb.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..errors import DatasetError, DisclosureError, LimitError, UnreadableFileError
from ..readers import limits

RATIO, FREE, MEMBERS = 200, 1 << 30, 5_000_000
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".warc", ".warc.gz")


class Member(NamedTuple):
    """A file in an archive: how it is called, what is known of it, and how `fetch` finds its bytes again."""

    label: str
    known: dict[str, str]
    locator: list


def is_archive(path: str) -> bool:
    """Whether a file is read member by member (by its name; a DOCX is a zip, but no archive of reports)."""
    return path.lower().endswith(SUFFIXES)


def members(path: str, spool: str) -> Iterator[Member]:
    """The files in an archive. Raises UnreadableFileError, LimitError; what came before stays good."""
    name = path.lower()
    read = _zip if name.endswith(".zip") else _warc if name.endswith((".warc", ".warc.gz")) else _tar
    try:
        yield from read(path, spool)
    except DisclosureError:
        raise
    except OSError as error:
        raise UnreadableFileError(path, "an archive", seen=str(error)[:200], advice="Check the file.") from error
    except Exception as error:  # zlib, lzma, zipfile, tarfile and warcio each have their own
        raise UnreadableFileError(path, "an archive", seen=f"{type(error).__name__}: {str(error)[:160]}",
                                  advice="The archive is damaged; download it again.") from error


def _label(path: str, name: str) -> str:
    return f"{path}!/{name.lstrip('/')}"


def _wanted(name: str) -> bool:
    base = name.rsplit("/", 1)[-1]
    return bool(base) and not name.startswith("__MACOSX/") and not base.startswith(".") and base != "manifest.csv"


def _bounded(path: str, total: int, count: int) -> None:
    allowed = max(FREE, RATIO * os.path.getsize(path))
    if total > allowed or count > MEMBERS:
        raise LimitError(path, f"an archive that unpacks to at most {allowed:,} bytes and {MEMBERS:,} files",
                         seen=f"{total:,} bytes, {count:,} files", advice="It looks like a bomb; unpack what you trust by hand.")


def _zip(path: str, spool: str) -> Iterator[Member]:
    archive = _opened(path, *_state(path))
    infos = archive.infolist()
    _bounded(path, sum(i.file_size for i in infos), len(infos))
    for number, info in enumerate(infos):
        name = _zip_name(info)
        if not info.is_dir() and _wanted(name):
            yield Member(_label(path, name), {}, ["zip", path, number])


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; zipfile reads names without the UTF-8 flag as cp437, Windows in China writes GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return info.filename


def _tar(path: str, spool: str) -> Iterator[Member]:
    plain = path.lower().endswith(".tar")
    total = count = 0
    with tarfile.open(path, "r:" if plain else "r|*") as archive:
        for info in archive:
            archive.members = []  # tarfile keeps every header it has seen
            total, count = total + info.size, count + 1
            _bounded(path, total, count)
            if info.isreg() and _wanted(info.name):
                where = ["range", path, info.offset_data, info.size] if plain and not info.issparse() else \
                    _spooled(spool, archive.extractfile(info))
                yield Member(_label(path, info.name), {}, where)


def _spooled(spool: str, stream) -> list:
    """Copy a member to the end of the spool, up to one byte more than any report has."""
    data = stream.read(limits.FILE_BYTES + 1)
    with open(spool, "ab") as file:
        start = file.tell()
        file.write(data)
    return ["range", spool, start, len(data)]


def _warc(path: str, spool: str) -> Iterator[Member]:
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError as error:
        raise DatasetError(path, "warcio, which reads WARC", seen=str(error), advice="Run: pip install govdisclosure[scale]") from error
    total = count = 0
    with open(path, "rb") as file:
        for record in ArchiveIterator(file):
            status = record.http_headers.get_statuscode() if record.http_headers else ""
            if record.rec_type != "response" or status != "200":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            where = _spooled(spool, record.content_stream())
            total, count = total + where[3], count + 1
            _bounded(path, total, count)
            yield Member(_label(path, url), {"url": url}, where)


def fetch(label: str, locator: list) -> bytes:
    """The bytes of a member. Raises UnreadableFileError, LimitError."""
    kind, path, *place = locator
    try:
        data = _from_zip(label, path, place[0]) if kind == "zip" else _from_range(label, path, *place)
    except DisclosureError:
        raise
    except Exception as error:  # as in `members`; RuntimeError is zipfile's word for a password
        raise UnreadableFileError(label, "a readable member", seen=f"{type(error).__name__}: {str(error)[:160]}",
                                  advice="The archive is damaged or needs a password; unpack it by hand.") from error
    limits.check(label, "bytes", len(data), limits.FILE_BYTES)
    return data


def _from_zip(label: str, path: str, number: int) -> bytes:
    archive = _opened(path, *_state(path))
    info = archive.infolist()[number]
    limits.check(label, "bytes", info.file_size, limits.FILE_BYTES)
    with archive.open(info) as file:
        return file.read(limits.FILE_BYTES + 1)


def _from_range(label: str, path: str, start: int, size: int) -> bytes:
    limits.check(label, "bytes", size, limits.FILE_BYTES)
    with open(path, "rb") as file:
        file.seek(start)
        return file.read(size)


def _state(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=4)
def _opened(path: str, size: int, changed: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)
