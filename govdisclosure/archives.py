"""Members of archives as sources: zip, tar (also compressed) and WARC, streamed once into one file beside the data set.

Nothing is ever unpacked under a member's own name, so a member can't write anywhere. What is damaged is a failure of its
own. An archive that would unpack to more than `RATIO` times its size (and more than `FREE` bytes) is refused as a bomb.
An archive inside an archive is not opened.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from .errors import DatasetError, DisclosureError, LimitError, UnreadableFileError, said
from .readers import limits

RATIO, FREE, MEMBERS = 200, 1 << 30, 5_000_000
GZIP, WINDOW = b"\x1f\x8b\x08", 1 << 20
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
WARC = (".warc", ".warc.gz")
# What pages are furnished with is no report: each would be a row of failures.
FURNITURE = (
    "image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/javascript",
    "application/x-javascript", "application/json",
)  # fmt: skip

Member = tuple[str, dict[str, str], list | None, DisclosureError | None]


def is_archive(path: str) -> bool:
    """Whether a file is read member by member (by its name; a DOCX is a zip, but no archive of reports)."""
    return path.lower().endswith((".zip", *TAR, *WARC))


def opened(path: str):
    """A file to read from, here or wherever fsspec finds it."""
    if "://" not in path:
        return open(path, "rb")
    import fsspec

    return fsspec.open(path, "rb").open()


def members(path: str, spool: str) -> Iterator[Member]:
    """(label, what is known, [spool, start, size], None) of the files in an archive; (label, {}, None, error) of what is damaged."""
    name = path.lower()
    read = _zip if name.endswith(".zip") else _warc if name.endswith(WARC) else _tar
    try:
        with opened(path) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            store = _Store(path, spool, max(FREE, RATIO * size))
            for member, known, place in read(file, store):
                label = f"{path}!/{member.lstrip('/')}"
                if isinstance(place, str):
                    yield label, known, None, _damaged(label, place)
                else:
                    yield label, known, place, None
    except DisclosureError as error:
        yield path, {}, None, error
    except ImportError as error:
        advice = "Run: pip install govdisclosure[scale]"
        raise DatasetError(
            path, "warcio, which reads WARC", seen=str(error), advice=advice
        ) from error
    except Exception as error:  # zlib, zipfile, tarfile, warcio and file systems have their own
        yield path, {}, None, _damaged(path, said(error))


def _damaged(label: str, seen: str) -> UnreadableFileError:
    advice = "It is damaged or locked there, and what follows may be missing; get it again."
    return UnreadableFileError(label, "an archive that can be read", seen=seen, advice=advice)


class _Store:
    """Takes members to the end of the spool, each up to one byte more than any report has."""

    def __init__(self, path: str, spool: str, allowed: int) -> None:
        self.path, self.spool, self.allowed, self.count = path, spool, allowed, 0

    def pay(self, size: int) -> None:
        """Count what an archive unpacks to. Raises LimitError."""
        self.allowed, self.count = self.allowed - max(0, size), self.count + 1
        if self.allowed < 0 or self.count > MEMBERS:
            expected = f"an archive of at most {MEMBERS:,} files and {RATIO} times its size"
            advice = "It looks like a bomb; unpack what you trust by hand."
            raise LimitError(self.path, expected, seen="more", advice=advice)

    def keep(self, stream) -> list:
        """[spool, start, size] of a member's bytes."""
        with open(self.spool, "ab") as file:
            start, left = file.tell(), limits.FILE_BYTES + 1
            while left and (data := stream.read(min(left, 1 << 16))):
                left -= file.write(data)
        return [self.spool, start, limits.FILE_BYTES + 1 - left]


def _wanted(name: str) -> bool:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    hidden = not base or base.startswith(".") or name.startswith("__MACOSX/")
    return not hidden and base != "manifest.csv"


def _zip(file, store: _Store) -> Iterator[tuple[str, dict, list | str]]:
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        for info in infos:
            store.pay(info.file_size)
        for info in infos:
            if not info.is_dir() and _wanted(info.filename):
                yield _zip_name(info), {}, _tried(store, archive, info)


def _tried(store: _Store, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> list | str:
    """The place of a member, or what is wrong with this one."""
    try:
        return store.keep(archive.open(info))
    except OSError:
        raise
    except Exception as error:  # a wrong CRC, a password, a method that is not known
        return said(error)


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


def _tar(file, store: _Store) -> Iterator[tuple[str, dict, list | str]]:
    bad: list[str] = []

    class Noting(tarfile.TarInfo):
        """tarfile passes over a damaged header without a word."""

        @classmethod
        def frombuf(cls, buf, encoding, errors):
            try:
                return super().frombuf(buf, encoding, errors)
            except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:
                bad.append(str(error))
                raise

    with tarfile.open(fileobj=file, mode="r|*", ignore_zeros=True, tarinfo=Noting) as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every header it has seen
            store.pay(info.size)
            if info.isreg() and _wanted(info.name):
                place = store.keep(archive.extractfile(info))
                whole = place[2] == min(info.size, limits.FILE_BYTES + 1)
                yield info.name, {}, place if whole else f"{place[2]:,} of {info.size:,} bytes"
            if bad:
                yield f"@{info.offset}", {}, bad.pop()
                bad.clear()
        if bad:
            yield "@end", {}, bad[0]


class _Gzip(gzip.GzipFile):
    """Every member of a gzip file; its early end is an error (warcio takes EOFError for the end of the records)."""

    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except EOFError as error:
            raise ValueError("the gzip stream ends too early") from error


def _warc(file, store: _Store) -> Iterator[tuple[str, dict, list | str]]:
    """Pages of a WARC (ISO 28500): responses with status 200, decoded, and `resource` records. After a damaged record the
    next one is looked for."""
    import warcio  # noqa: F401
    from warcio.archiveiterator import ArchiveIterator

    head = file.read(1 << 20)
    file.seek(0)
    if (
        head.startswith(GZIP)
        and zlib.decompressobj(31).decompress(head).count(b"\r\n\r\nWARC/1.") > 0
    ):
        file = _Gzip(fileobj=file)  # packed as a whole: warcio would read the first record only
    offset: int | None = 0
    while offset is not None:
        file.seek(offset)
        records, begin = ArchiveIterator(file), None
        try:
            for record in records:
                begin = records.offset
                place = _page(records, record, store)
                begin = None
                if place:
                    url = record.rec_headers.get_header("WARC-Target-URI") or ""
                    yield url, {"url": url}, place
            return
        except (OSError, DisclosureError):
            raise
        except Exception as error:  # warcio's, zlib's and what their parsers stumble on
            begin = records.offset if begin is None else begin
            yield f"@{begin}", {}, said(error)
            offset = _next(file, begin + 1)


def _page(records, record, store: _Store) -> list | None:
    """The place of a record's page, if it has one. Raises ValueError where the record is not as long as it says."""
    store.pay(int(record.rec_headers.get_header("Content-Length") or 0))
    place = store.keep(record.content_stream()) if _is_page(record) else None
    while record.raw_stream.read(1 << 16):
        pass
    left, errors = getattr(record.raw_stream, "limit", 0), records.err_count
    with contextlib.redirect_stderr(io.StringIO()):  # warcio prints what is said here
        records.read_to_end()
    if left > 0 or records.err_count > errors:
        raise ValueError("a record that is not as long as it says")
    return place


def _next(file, offset: int) -> int | None:
    """Where the next record begins at or after `offset`; None where there is none."""
    while True:
        file.seek(offset)
        data = file.read(WINDOW)
        for found in re.finditer(rb"\x1f\x8b\x08|WARC/1\.\d\r?\n", data):
            head = data[found.start() : found.start() + 4096]
            with contextlib.suppress(zlib.error):
                if head.startswith(GZIP):
                    head = zlib.decompressobj(31).decompress(head)
                if head.startswith(b"WARC/"):
                    return offset + found.start()
        if len(data) < WINDOW:
            return None
        offset += WINDOW - 4096


def _is_page(record) -> bool:
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    if headers is None or record.rec_type not in ("response", "resource"):
        return False
    if record.rec_type == "response" and headers.get_statuscode() != "200":
        return False
    uri = record.rec_headers.get_header("WARC-Target-URI") or ""
    kind = (headers.get_header("Content-Type") or "").strip().lower()
    return uri.startswith("http") and not kind.startswith(FURNITURE)
