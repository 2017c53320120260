"""`read` picks the reader by what the bytes are, not by what the file is called."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from importlib import import_module
from pathlib import Path

from ..errors import DisclosureError, LimitError, UnreadableFileError
from ..model import Document, Source
from . import limits
from .charset import decode
from .formats import MEDIA, kind_of_bytes, kind_of_text, refuse, without_junk
from .text import has_boxes

# kind → (module, function, extra that it needs); a module is imported at its first file.
BINARY = {
    "pdf": ("pdf", "read_pdf", "pdf"),
    "docx": ("docx", "read_docx", ""),
    "zip": ("docx", "read_docx", ""),  # says what is broken or missing
    "mhtml": ("html", "read_mhtml", ""),
}
TEXT = {
    "html": ("html", "html_document"),
    "markdown": ("markdown", "markdown_document"),
    "text": ("text", "text_document"),
}
WORKBOOKS, CONVERTED = ("xlsx", "xls", "ods"), ("doc", "rtf", "odt")
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")  # C1 controls, private use, undecodable


def sniff(data: bytes, report: str = "") -> str:
    """'html', 'mhtml', 'markdown', 'text', 'pdf', 'docx', 'xlsx', 'doc', 'rtf', 'image/png', … by content alone.

    >>> sniff(b"%PDF-1.7"), sniff(b"<html><body><p>x</p></body></html>")
    ('pdf', 'html')
    """
    kind = kind_of_bytes(without_junk(data))
    return kind_of_text(decode(data, report)[0]) if kind == "text" else kind


def read(data: bytes, source: Source) -> Document:
    """The Document in `data`. ``document.source`` has media type, SHA-256 and size filled in.

    Raises UnreadableFileError (empty, damaged, a format we don't read: the message says what to do) and
    LimitError (larger than any report); no other exception leaves it.

    >>> read("<p>一、总体情况</p>".encode(), Source("a.txt")).blocks[0].text
    '一、总体情况'
    """
    limits.check(source.path, "bytes", len(data), limits.FILE_BYTES)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        seen = f"{len(data)} bytes without text"
        raise UnreadableFileError(
            source.path, "an annual report", seen=seen, advice="Download it again."
        )
    sha256 = source.sha256 or hashlib.sha256(data).hexdigest()
    source = source._replace(sha256=sha256, size=len(data))
    try:
        return _dispatch(without_junk(data), source)
    except DisclosureError:
        raise
    except MemoryError as error:
        raise LimitError(source.path, "a report that fits in memory", seen="MemoryError") from error
    except Exception as error:  # a defect of ours; one file must not stop the others
        raise UnreadableFileError(
            source.path,
            "a readable file",
            seen=f"{type(error).__name__}: {str(error)[:200]}",
            advice="Please report this file; converting it to DOCX or PDF may help.",
        ) from error


def _dispatch(data: bytes, source: Source) -> Document:
    kind = kind_of_bytes(data)
    if kind != "text":
        return _binary(kind, data, source)
    limits.check(source.path, "bytes of text", len(data), limits.TEXT_BYTES)
    text = decode(data, source.path)[0]
    _refuse_junk(text, source.path)
    kind = "text" if has_boxes(text) else kind_of_text(text)
    module, function = TEXT[kind]
    return _reader(module, function)(text, source._replace(media_type=MEDIA[kind]))


def _binary(kind: str, data: bytes, source: Source) -> Document:
    source = source._replace(media_type=MEDIA.get(kind, ""))
    if kind in WORKBOOKS:
        return _reader("workbook", "read_workbook")(data, source, kind)
    if kind in CONVERTED:
        converted = _reader("converted", "to_docx")(data, kind, source.path)
        return _reader("docx", "read_docx")(converted, source)
    if kind not in BINARY:
        raise refuse(kind, source.path)
    module, function, extra = BINARY[kind]
    try:
        reader = _reader(module, function)
    except ImportError as error:
        advice = f"Run: pip install 'govdisclosure[{extra}]'"
        raise UnreadableFileError(
            source.path, f"the {kind.upper()} reader", seen=str(error), advice=advice
        ) from error
    return reader(data, source)


def _reader(module: str, function: str):
    return getattr(import_module(f".{module}", __package__), function)


def _refuse_junk(text: str, report: str) -> None:
    sample = text[:20_000:5]
    if len(_ODD.findall(sample)) * 10 > len(sample) or not any(map(str.isalnum, text[:20_000])):
        raise UnreadableFileError(
            report,
            "text, HTML, DOCX or PDF",
            seen="bytes that are no text in a known charset",
            advice="Check the download, or save it as UTF-8.",
        )


def read_bytes(path: str | os.PathLike) -> bytes:
    """The bytes of a regular file of at most `limits.FILE_BYTES`; never more is read.

    Raises UnreadableFileError (missing, a folder, a device, no permission) and LimitError.
    """
    name = os.fspath(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UnreadableFileError(name, "a regular file", seen="a folder or device")
        with open(path, "rb") as file:
            data = file.read(limits.FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        seen = getattr(error, "strerror", None) or str(error)
        advice = "Check the path and its permissions."
        raise UnreadableFileError(name, "a readable file", seen=seen, advice=advice) from error
    if len(data) > limits.FILE_BYTES:
        seen = f"{os.stat(path).st_size:,}"
        advice = "No annual report is that large."
        raise LimitError(name, f"at most {limits.FILE_BYTES:,} bytes", seen=seen, advice=advice)
    return data


def read_file(path: str | os.PathLike, *, url: str = "") -> Document:
    """`read` of a file. Raises UnreadableFileError, LimitError."""
    return read(read_bytes(path), Source(os.fspath(path), Path(path).name, url=url))


def source_of(name: str, data: bytes) -> Source:
    """Source of bytes that are known already, with their hash and size."""
    return Source(name, Path(name).name, "", hashlib.sha256(data).hexdigest(), len(data))
