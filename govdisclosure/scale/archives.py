"""Members of archives as sources: zip and tar in place, compressed tar and WARC through a spool on disk.

Nothing is ever unpacked under a member's own name, so a member can't write anywhere. An archive that would
unpack to more than `RATIO` times its size (and more than `FREE` bytes) is refused as a bomb. What is damaged is a
failure of its own, and the members after it are looked for again. An archive inside an archive is not opened.
"""

from __future__ import annotations

import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import DisclosureError, LimitError, UnreadableFileError
from ..readers import limits
from .files import unwritable
from .zips import infos

RATIO, FREE, MEMBERS = 200, 1 << 30, 5_000_000
SUFFIXES = (
    ".zip",
    ".tar",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz2",
    ".tar.xz",
    ".txz",
    ".warc",
    ".warc.gz",
)


class Member(NamedTuple):
    """A file in an archive: how it is called, what is known of it, and how `fetch` finds its bytes again; or a
    damaged place: [kind, message] of its failure."""

    label: str
    known: dict[str, str]
    locator: list | None
    failure: list | None = None


def is_archive(path: str) -> bool:
    """Whether a file is read member by member (by its name; a DOCX is a zip, but no archive of reports)."""
    return path.lower().endswith(SUFFIXES)


def members(path: str, spool: str) -> Iterator[Member]:
    """The files in an archive. Raises UnreadableFileError, LimitError; what came before stays good."""
    from .warc import warc

    name = path.lower()
    read = _zip if name.endswith(".zip") else warc if name.endswith((".warc", ".warc.gz")) else _tar
    try:
        yield from read(path, spool)
    except DisclosureError:
        raise
    except OSError as error:
        raise UnreadableFileError(
            path, "an archive", seen=str(error)[:200], advice="Check the file."
        ) from error
    except Exception as error:  # zlib, lzma, zipfile, tarfile and warcio each have their own
        raise UnreadableFileError(
            path,
            "an archive",
            seen=f"{type(error).__name__}: {str(error)[:160]}",
            advice="The archive is damaged; download it again.",
        ) from error


def damaged(path: str, offset: int, what: str, seen: str) -> Member:
    """The failure that stands for a damaged place of an archive."""
    label = f"{path}!/@{offset}"
    error = UnreadableFileError(
        label,
        what,
        seen=seen[:160],
        advice="The archive is damaged there; what follows was read again.",
    )
    return Member(label, {}, None, [error.kind, str(error)])


def label_of(path: str, name: str) -> str:
    """What a member is called."""
    return f"{path}!/{name.lstrip('/')}"


def _wanted(name: str) -> bool:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return (
        bool(base)
        and not name.startswith("__MACOSX/")
        and not base.startswith(".")
        and base != "manifest.csv"
    )


def bounded(path: str, total: int, count: int) -> None:
    """Raise LimitError where an archive holds more than it may."""
    allowed = max(FREE, RATIO * os.path.getsize(path))
    if total > allowed or count > MEMBERS:
        raise LimitError(
            path,
            f"an archive that unpacks to at most {allowed:,} bytes and {MEMBERS:,} files",
            seen=f"{total:,} bytes, {count:,} files",
            advice="It looks like a bomb; unpack what you trust by hand.",
        )


def _zip(path: str, spool: str) -> Iterator[Member]:
    total = count = 0
    for count, info in enumerate(infos(path), 1):  # noqa: B007
        total += info.file_size
    bounded(path, total, count)
    for number, info in enumerate(infos(path)):
        name = _zip_name(info)
        if not info.is_dir() and _wanted(name):
            place = [
                info.header_offset,
                info.compress_type,
                info.compress_size,
                info.file_size,
                info.CRC,
            ]
            yield Member(
                label_of(path, name),
                {},
                ["zip", path, number, *(() if info.flag_bits & 1 else place)],
            )


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
    plain, bad = path.lower().endswith(".tar"), []
    total = count = 0
    # tarfile ends without a word at a damaged header; ignore_zeros makes it look for the next one
    with tarfile.open(
        path, "r:" if plain else "r|*", ignore_zeros=True, tarinfo=_noting(bad)
    ) as archive:
        for info in archive:
            archive.members = []  # tarfile keeps every header it has seen
            yield from _places(path, bad, info.offset)
            total, count = total + info.size, count + 1
            bounded(path, total, count)
            if info.isreg() and _wanted(info.name):
                where = (
                    ["range", path, info.offset_data, info.size]
                    if plain and not info.issparse()
                    else spooled(spool, archive.extractfile(info))
                )
                yield Member(label_of(path, info.name), {}, where)
        yield from _places(path, bad, archive.offset)


def _noting(bad: list[str]) -> type[tarfile.TarInfo]:
    """TarInfo that notes in `bad` what no header could be made of."""

    class Noting(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf, encoding, errors):
            try:
                return super().frombuf(buf, encoding, errors)
            except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:
                bad.append(str(error))
                raise

    return Noting


def _places(path: str, bad: list[str], offset: int) -> Iterator[Member]:
    if bad:
        yield damaged(path, offset - len(bad) * tarfile.BLOCKSIZE, "the header of a member", bad[0])
        bad.clear()


def spooled(spool: str, stream) -> list:
    """Copy a member to the end of the spool, up to one byte more than any report has; its place there.

    Raises DatasetError where the disk refuses.
    """
    try:
        file = open(spool, "ab")  # noqa: SIM115
    except OSError as error:
        raise unwritable(spool, error) from error
    with file:
        start, left = file.tell(), limits.FILE_BYTES + 1
        while left and (data := stream.read(min(left, 1 << 16))):
            try:
                file.write(data)
            except OSError as error:
                raise unwritable(spool, error) from error
            left -= len(data)
        return ["range", spool, start, limits.FILE_BYTES + 1 - left]


def fetch(label: str, locator: list) -> bytes:
    """The bytes of a member. Raises UnreadableFileError, LimitError."""
    kind, path, *place = locator
    try:
        data = _from_zip(label, path, *place) if kind == "zip" else _from_range(label, path, *place)
    except DisclosureError:
        raise
    except Exception as error:  # as in `members`; RuntimeError is zipfile's word for a password
        raise UnreadableFileError(
            label,
            "a readable member",
            seen=f"{type(error).__name__}: {str(error)[:160]}",
            advice="The archive is damaged or needs a password; unpack it by hand.",
        ) from error
    limits.check(label, "bytes", len(data), limits.FILE_BYTES)
    return data


def _from_zip(label: str, path: str, number: int, *place: int) -> bytes:
    if place and place[1] in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _unpacked(label, path, *place)
    with zipfile.ZipFile(path) as archive:  # a password, a rare method
        info = archive.infolist()[number]
        limits.check(label, "bytes", info.file_size, limits.FILE_BYTES)
        with archive.open(info) as file:
            return file.read(limits.FILE_BYTES + 1)


def _unpacked(
    label: str, path: str, offset: int, method: int, packed: int, size: int, crc: int
) -> bytes:
    """A member by its place, so that a worker need not know the million others (APPNOTE.TXT 4.3.7: local file header)."""
    limits.check(label, "bytes", max(size, packed), limits.FILE_BYTES)
    with open(path, "rb") as file:
        file.seek(offset)
        header = file.read(30)
        if header[:4] != b"PK\3\4" or len(header) < 30:
            raise zipfile.BadZipFile("no local header")
        file.seek(sum(struct.unpack("<HH", header[26:30])), os.SEEK_CUR)
        data = file.read(packed)
    if method == zipfile.ZIP_DEFLATED:
        data = zlib.decompressobj(-15).decompress(data, size + 1)
    if len(data) != size or zlib.crc32(data) != crc:
        raise zipfile.BadZipFile("bad CRC-32 or length")
    return data


def _from_range(label: str, path: str, start: int, size: int) -> bytes:
    limits.check(label, "bytes", size, limits.FILE_BYTES)
    with open(path, "rb") as file:
        file.seek(start)
        data = file.read(size)
    if len(data) != size:  # part of a page would read as a page with empty cells
        raise UnreadableFileError(
            label,
            f"{size:,} bytes",
            seen=f"{len(data):,}",
            advice="The archive ends too early; download it again.",
        )
    return data
