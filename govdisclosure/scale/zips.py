"""The directory of a zip, a slice at a time: `zipfile` reads the whole of it, which for a million members takes a gigabyte.

The directory is cut between its records, and each slice is given to `zipfile` as the directory of an archive of its own,
so that names, flags and ZIP64 fields are read by the library. Source: APPNOTE.TXT 4.3.12 to 4.3.16.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

SLICE = 20_000  # members; an archive of fewer is read by `zipfile` alone
BYTES = 16 << 20  # of a slice: a record may have a comment of 64 KiB
_BLOCK = 1 << 20
_RECORD, _FIXED = b"PK\1\2", 46
_END, _END64, _LOCATOR = (
    struct.Struct("<4s4H2LH"),
    struct.Struct("<4sQ2H2L4Q"),
    struct.Struct("<4sLQL"),
)


class Directory(NamedTuple):
    """Where the directory begins, its bytes, how many members it says it has, and what stands before the archive in its file.

    The count only says whether slices are worth while: old programs write it modulo 65,536, and `zipfile` goes by the bytes.
    """

    start: int
    size: int
    count: int
    before: int


def infos(path: str) -> Iterator[zipfile.ZipInfo]:
    """Every member in the directory's order. Raises as `zipfile` does for what is no archive."""
    with open(path, "rb") as file:
        found = _directory(file)
        if found is None or found.count <= SLICE:
            with zipfile.ZipFile(file) as archive:
                yield from archive.infolist()
            return
        for records, number in _slices(file, found):
            end = _END.pack(b"PK\5\6", 0, 0, number, number, len(records), 0, 0)
            with zipfile.ZipFile(io.BytesIO(records + end)) as archive:
                for info in archive.infolist():
                    info.header_offset += found.before
                    yield info


def _directory(file: BinaryIO) -> Directory | None:
    """The directory by the record at the archive's end; None where it is not plainly there."""
    length = file.seek(0, io.SEEK_END)
    tail_at = max(0, length - _END.size - 0xFFFF)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        return None
    *_, count, size, offset, _ = _END.unpack_from(tail, at)
    end = tail_at + at
    if 0xFFFF == count or 0xFFFFFFFF in (size, offset):
        wide = _wide(file, end)
        if wide is None:
            return None
        end, count, size, offset = wide
    start = end - size
    return Directory(start, size, count, start - offset) if 0 <= offset <= start else None


def _wide(file: BinaryIO, end: int) -> tuple[int, int, int, int] | None:
    """(where it stands, members, bytes, offset) of the ZIP64 record that stands before its locator."""
    at = end - _LOCATOR.size - _END64.size
    if at < 0:
        return None
    file.seek(at)
    mark, *_, count, size, offset = _END64.unpack(file.read(_END64.size))
    locator = _LOCATOR.unpack(file.read(_LOCATOR.size))
    return (at, count, size, offset) if mark == b"PK\6\6" and locator[0] == b"PK\6\7" else None


def _slices(file: BinaryIO, directory: Directory) -> Iterator[tuple[bytes, int]]:
    """(records, how many) of the directory, `SLICE` at a time."""
    file.seek(directory.start)
    left, rest, at, number = directory.size, b"", 0, 0
    while True:
        following = _after(rest, at)
        if following is None and left:
            block = file.read(min(left, _BLOCK))
            left = left - len(block) if block else 0
            rest += block
        elif following is None:
            break
        else:
            at, number = following, number + 1
            if number == SLICE or at >= BYTES:
                yield rest[:at], number
                rest, at, number = rest[at:], 0, 0
    if at != len(rest):
        raise zipfile.BadZipFile("Bad magic number for central directory")
    if number:
        yield rest, number


def _after(records: bytes, at: int) -> int | None:
    """Where the record after the one at `at` begins; None where that one is not whole."""
    if len(records) - at < _FIXED or records[at : at + 4] != _RECORD:
        return None
    end = at + _FIXED + sum(struct.unpack_from("<3H", records, at + 28))
    return end if end <= len(records) else None
