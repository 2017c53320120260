"""Pages kept in a WARC (ISO 28500), plain or gzip: responses with status 200, decoded, and `resource` records.

warcio reads the records; what it passes over in silence (a member cut short, a length that lies) is found here, and
the next record after a damaged one is looked for.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import zlib
from collections.abc import Iterator

from ..errors import DatasetError, DisclosureError, UnreadableFileError
from .archives import Member, bounded, damaged, label_of, spooled

# What pages are furnished with is no report: each would be a row of failures.
FURNITURE = (
    "image/",
    "audio/",
    "video/",
    "font/",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/font",
    "application/json",
)
GZIP = b"\x1f\x8b\x08"
BEGINNING = re.compile(rb"\x1f\x8b\x08|WARC/1\.\d\r?\n")
WINDOW, HEAD = 1 << 20, 4096
BREAKS = 1_000  # damaged places after which an archive is given up
WHAT = "a whole WARC record"


class _Damaged(Exception):
    """A record that is not as long as it says."""


def warc(path: str, spool: str) -> Iterator[Member]:
    """The pages of a WARC. Raises DatasetError where warcio is not installed, LimitError."""
    try:
        import warcio  # noqa: F401
    except ImportError as error:
        raise DatasetError(
            path,
            "warcio, which reads WARC",
            seen=str(error),
            advice="Run: pip install govdisclosure[scale]",
        ) from error
    with open(path, "rb") as file:
        yield from _pages(path, _Whole(file) if _one_member(file) else file, spool)


class _Whole(gzip.GzipFile):
    """A WARC packed as a whole. Its early end is damage; warcio would take an EOFError for the end of the records."""

    def __init__(self, file) -> None:
        super().__init__(fileobj=file)

    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except EOFError as error:
            raise _Damaged("the gzip stream ends too early") from error


def _pages(path: str, file, spool: str) -> Iterator[Member]:
    from warcio.archiveiterator import ArchiveIterator

    offset, tally, breaks = 0, [0, 0], 0
    while offset is not None:
        file.seek(offset)
        records = ArchiveIterator(file)
        records.begin = None
        try:
            yield from _members(path, records, spool, tally)
            return
        except (OSError, MemoryError, DisclosureError):
            raise
        except Exception as error:  # warcio's, zlib's and what their parsers stumble on
            breaks += 1
            if breaks > BREAKS:
                raise UnreadableFileError(
                    path,
                    WHAT,
                    seen=f"more than {BREAKS} damaged places",
                    advice="Download it again.",
                ) from error
            begin = records.offset if records.begin is None else records.begin
            yield damaged(
                path,
                begin,
                WHAT,
                str(error) if isinstance(error, _Damaged) else "nothing that can be read as one",
            )
            offset = _next(file, begin + 1)


def _members(path: str, records, spool: str, tally: list[int]) -> Iterator[Member]:
    for record in records:
        records.begin = records.offset
        tally[:] = tally[0] + _length(record), tally[1] + 1
        bounded(path, *tally)
        where = spooled(spool, record.content_stream()) if _is_page(record) else None
        _finish(records, record)
        records.begin = None
        if where:
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            yield Member(label_of(path, url), {"url": url}, where)


def _is_page(record) -> bool:
    if record.rec_type == "response":
        if record.http_headers is None or record.http_headers.get_statuscode() != "200":
            return False
        kind = record.http_headers.get_header("Content-Type") or ""
    else:
        uri = record.rec_headers.get_header("WARC-Target-URI") or ""
        kind = (
            (record.rec_headers.get_header("Content-Type") or "")
            if record.rec_type == "resource" and uri.startswith("http")
            else "image/"
        )
    return not kind.strip().lower().startswith(FURNITURE)


def _length(record) -> int:
    try:
        return max(0, int(record.rec_headers.get_header("Content-Length") or 0))
    except ValueError:
        return 0


def _finish(records, record) -> None:
    """Read a record to its end. Raises _Damaged where that is not where it should be."""
    while record.raw_stream.read(1 << 16):
        pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise _Damaged(f"{record.raw_stream.limit} bytes are missing")
    errors = records.err_count
    with contextlib.redirect_stderr(io.StringIO()):  # warcio prints what is said here
        records.read_to_end()
    if records.err_count > errors:
        raise _Damaged("its length is not what it says")


def _one_member(file) -> bool:
    """Whether a WARC was packed as a whole (gzip file.warc), not record by record; warcio would read the first record only."""
    head = file.read(1 << 20)
    file.seek(0)
    if not head.startswith(GZIP):
        return False
    packer = zlib.decompressobj(31)
    try:
        text = packer.decompress(head, 1 << 22)
    except zlib.error:
        return False
    return text.count(b"\r\n\r\nWARC/1.") > 0


def _next(file, offset: int) -> int | None:
    """Where the next record begins at or after `offset`; None where there is none."""
    while True:
        file.seek(offset)
        data = file.read(WINDOW + HEAD)
        last = len(data) < WINDOW + HEAD
        for found in BEGINNING.finditer(data, 0, len(data) if last else WINDOW):
            if _begins(data[found.start() : found.start() + HEAD]):
                return offset + found.start()
        if last:
            return None
        offset += WINDOW - HEAD


def _begins(data: bytes) -> bool:
    if not data.startswith(GZIP):
        return True
    try:
        return zlib.decompressobj(31).decompress(data, 64).startswith(b"WARC/")
    except zlib.error:
        return False
