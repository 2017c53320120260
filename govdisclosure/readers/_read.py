"""`read` picks the reader by what the bytes are, not by what the file is called."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from ..errors import DisclosureError, LimitError, UnreadableFileError
from ..model import Document, Source
from . import limits
from .decode import decode
from .refusals import refuse
from .text import has_boxes
from .sniff import MEDIA, kind_of_bytes, kind_of_text


def sniff(data: bytes, report: str = "") -> str:
    """'html', 'mhtml', 'markdown', 'text', 'pdf', 'zip', 'ole', 'rtf', 'image/png', … by content alone.

    >>> sniff(b"%PDF-1.7"), sniff(b"<html><body><p>x</p></body></html>")
    ('pdf', 'html')
    """
    kind = kind_of_bytes(data)
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
        raise UnreadableFileError(
            source.path,
            "an annual report",
            seen=f"{len(data)} bytes without text",
            advice="Download it again.",
        )
    source = source._replace(
        sha256=source.sha256 or hashlib.sha256(data).hexdigest(), size=len(data)
    )
    try:
        return _dispatch(data, source)
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
        reader = _BINARY.get(kind)
        if reader is None:
            raise refuse(kind, data, source.path)
        return reader(data, source._replace(media_type=MEDIA[kind if kind != "zip" else "docx"]))
    limits.check(source.path, "bytes of text", len(data), limits.TEXT_BYTES)
    text = decode(data, source.path)[0]
    _refuse_junk(text, source.path)
    kind = "text" if has_boxes(text) else kind_of_text(text)
    return _TEXT[kind](text, source._replace(media_type=MEDIA[kind]))


_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")  # C1 controls, private use, undecodable


def _refuse_junk(text: str, report: str) -> None:
    sample = text[:20_000:5]
    if len(_ODD.findall(sample)) * 10 > len(sample) or not any(map(str.isalnum, text[:20_000])):
        raise UnreadableFileError(
            report,
            "text, HTML, DOCX or PDF",
            seen="bytes that are no text in a known charset",
            advice="Check the download, or save it as UTF-8.",
        )


def _pdf(data: bytes, source: Source) -> Document:
    try:
        from .pdf import read_pdf
    except ImportError as error:
        raise UnreadableFileError(
            source.path,
            "the PDF reader",
            seen=str(error),
            advice="Run: pip install govdisclosure[pdf]",
        ) from error
    return read_pdf(data, source)


def _docx(data: bytes, source: Source) -> Document:
    from .docx import read_docx

    return read_docx(data, source)


def _mhtml(data: bytes, source: Source) -> Document:
    from .mhtml import read_mhtml

    return read_mhtml(data, source)


def _html(text: str, source: Source) -> Document:
    from .html import html_document

    return html_document(text, source)


def _markdown(text: str, source: Source) -> Document:
    from .markdown import markdown_document

    return markdown_document(text, source)


def _plain(text: str, source: Source) -> Document:
    from .text import text_document

    return text_document(text, source)


_BINARY: dict[str, Callable] = {"pdf": _pdf, "zip": _docx, "mhtml": _mhtml}
_TEXT: dict[str, Callable] = {"html": _html, "markdown": _markdown, "text": _plain}


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
        raise UnreadableFileError(
            name,
            "a readable file",
            seen=getattr(error, "strerror", None) or str(error),
            advice="Check the path and its permissions.",
        ) from error
    if len(data) > limits.FILE_BYTES:
        raise LimitError(
            name,
            f"at most {limits.FILE_BYTES:,} bytes",
            seen=f"{os.stat(path).st_size:,}",
            advice="No annual report is that large.",
        )
    return data


def source_of(path: str | os.PathLike, data: bytes | None = None, *, url: str = "") -> Source:
    """Source of a file: path as given, stem, SHA-256 and size of its bytes. Raises as `read_bytes`."""
    data = read_bytes(path) if data is None else data
    return Source(
        os.fspath(path), Path(path).name, "", hashlib.sha256(data).hexdigest(), len(data), url
    )


def read_file(path: str | os.PathLike, *, url: str = "") -> Document:
    """`read` of a file. Raises UnreadableFileError, LimitError."""
    data = read_bytes(path)
    return read(data, source_of(path, data, url=url))
