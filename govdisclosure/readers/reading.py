"""`read` picks the reader by what the bytes are, not by what the file is called."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
from importlib import import_module
from pathlib import Path

from ..errors import DisclosureError, LimitError, UnreadableFileError, said
from ..model import Document, Source
from . import limits
from .notations import boxes_in, with_bars
from .office import KINDS, to_docx

_DATA = tomllib.loads(Path(__file__).with_name("formats.toml").read_text(encoding="utf-8"))
_MAGIC = [(offset, bytes.fromhex(magic), kind) for offset, magic, kind in _DATA["magic"]]
_BOMS = [(bytes.fromhex(mark), codec) for mark, codec in _DATA["byte_order_marks"]]
# What tells the kind of a container that holds it.
_INSIDE = {
    "zip": [(member.encode(), kind) for member, kind in _DATA["zip_members"]],
    "ole": [(name.encode("utf-16-le"), kind) for name, kind in _DATA["ole_streams"]],
}
PDF_WINDOW = 1024  # readers of PDF accept leading junk up to here (ISO 32000, implementation notes)
WINDOW = 16_384
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")  # C1 controls, private use, undecodable

_TAGS = re.compile(
    r"<(?:!doctype\s+html|/?(?:html|head|body|table|tr|td|th|tbody|div|span|p|br|meta|title|article|"
    r"section|h[1-6]|ul|li|script|style|font|strong|center|pre)(?=[\s/>]))",
    re.I,
)
_HTML_START = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:[^-]++|-(?!->))*+-->\s*+)*+"
    r"<(?:!doctype\s+html|html|head|body|meta|table|div)\b",
    re.I,
)
_MHTML = re.compile(
    rb"^(?:From|MIME-Version|Content-Type|Subject|Date|Snapshot-Content-Location):.*?"
    rb"Content-Type:\s*multipart/(?:related|alternative|mixed)",
    re.I | re.S | re.M,
)
_MARKDOWN = re.compile(
    r"^ {0,3}(?:> ?){0,3}#{1,6}[ \t]+\S|"
    r"^(?:> ?){0,3}[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)++(?:\|[ \t]*+)?$",
    re.M,
)
_MARKED = re.compile(r"\*\*[^*\n]{1,80}\*\*|^ {0,3}```", re.M)
_ESCAPED, _FEWEST_ESCAPED = re.compile(r"\\[-+.()\[\]_*#]"), 3
_BREAKS_TABLE = re.compile(r"</t[dr]|<t[dr][\s>]", re.I)

# GB18030 contains gb2312 and GBK; big5hkscs contains Big5.
OTHERS = ("gb18030", "utf-8", "big5hkscs")
WIDE = ("utf-16-le", "utf-16-be")
# Characters every such report holds; where two charsets are possible, the one that shows more of
# them wins.
COMMON = frozenset(
    "的政府信息公开公開年度报告報告一二三四五六申请申請行政情况情況和主动動处理處数數本年收到其他機机关關無无，。、："
)
# C0 controls without tab, line feed, form feed, carriage return: no text, and the HTML reader uses
# them as marks.
CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 12, 13)) + b"\x7f"
_CONTROL_TEXT = dict.fromkeys(CONTROLS)
_SAMPLE = 60_000
_LIKELY = 0.1  # share of common characters at least; a report's is two to four times that
_PRINTED = 0.95  # share of a text's bytes that are no control characters
_ASCII = re.compile("[\0-\x7f]+")


def _kind_of_bytes(data: bytes) -> str:
    """'pdf', 'docx', 'xlsx', 'doc', 'rtf', 'image/…', 'archive', … or 'text' for anything that may
    be text.
    """
    kind = next((k for offset, magic, k in _MAGIC if data.startswith(magic, offset)), "text")
    if kind in _INSIDE:
        names = _directory(data) if kind == "zip" else data
        return next((found for name, found in _INSIDE[kind] if name in names), kind)
    if kind != "text":
        return kind
    if b"%PDF-" in data[:PDF_WINDOW]:
        return "pdf"
    if b'progid="Word.Document"' in data[:PDF_WINDOW]:
        return "xml"
    if data.startswith(b"BM") and len(data) > 26 and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    head = data[:WINDOW] if b":" in data[:80] else b""
    return "mhtml" if b"multipart/" in head.lower() and _MHTML.search(head) else "text"


def _directory(data: bytes) -> bytes:
    """The names in a ZIP: its first member, which ODF uses to say what it is, and its central
    directory.
    """
    end = data.rfind(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    return data[:120] + data[end - size : end] if 0 < size <= end else data


def kind_of_text(text: str) -> str:
    """'html', 'markdown' or 'text', by structure.

    >>> kind_of_text("<p>一</p><table><tr><td>1</td></tr></table>"), kind_of_text("# 年报\\n\\n正文")
    ('html', 'markdown')
    """
    head = text[:WINDOW]
    if _HTML_START.match(head):
        return "html"
    tags = len(_TAGS.findall(head))
    if _MARKDOWN.search(text):
        lines = text.count("\n") + 1
        titled = head.lstrip("\ufeff \n\r").startswith("# ")
        return "html" if tags > 4 * lines and not titled else "markdown"
    if tags >= 3 or (tags and head.lstrip()[:1] == "<") or len(_BREAKS_TABLE.findall(text)) >= 4:
        return "html"
    marked = _MARKED.search(text) or len(_ESCAPED.findall(text)) >= _FEWEST_ESCAPED
    return "markdown" if marked else "text"


def read(data: bytes, source: Source) -> Document:
    """The Document in `data`. ``document.source`` has media type, SHA-256 and size filled in.

    Raises UnreadableFileError (empty, damaged, a format we don't read: the message says what to do)
    and LimitError (larger than any report); no other exception leaves it.

    >>> read("<p>一、总体情况</p>".encode(), Source("a.txt")).blocks[0].text
    '一、总体情况'
    """
    limits.check(source.path, "bytes", len(data), limits.FILE_BYTES)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        seen = f"{len(data)} bytes without text"
        raise UnreadableFileError(
            source.path, "an annual report", seen=seen, advice="Download it again."
        )
    source = source._replace(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    try:
        bare = data.lstrip(b"\r\n\t \xef\xbb\xbf")  # a server may write line ends before a ZIP
        return _dispatch(bare if bare.startswith(b"PK\x03\x04") else data, source)
    except DisclosureError:
        raise
    except MemoryError as error:
        raise LimitError(source.path, "a report that fits in memory", seen="MemoryError") from error
    except Exception as error:  # a defect of ours; one file must not stop the others
        advice = "Please report this file; converting it to DOCX or PDF may help."
        raise UnreadableFileError(
            source.path, "a readable file", seen=said(error), advice=advice
        ) from error


def _dispatch(data: bytes, source: Source) -> Document:
    kind = _kind_of_bytes(data)
    content, kind = (data, kind) if kind != "text" else _text(data, source.path)
    if kind not in _DATA["readers"]:
        seen, advice = _DATA["refused"]["picture" if kind.startswith("image/") else kind]
        expected = "HTML, PDF, DOCX, a workbook, Markdown or text"
        raise UnreadableFileError(source.path, expected, seen=seen.format(kind=kind), advice=advice)
    source = source._replace(media_type=_DATA["media"].get(kind, ""))
    if kind in KINDS:
        content = to_docx(data, kind, source.path)
    module, function, extra = _DATA["readers"][kind]
    try:  # a module is imported at its first file
        reader = getattr(import_module(f".{module}", __package__), function)
        return reader(content, source, kind) if module == "workbook" else reader(content, source)
    except ImportError as error:
        advice = f"Run: pip install 'govdisclosure[{extra}]'"
        raise UnreadableFileError(
            source.path, f"the {kind.upper()} reader", seen=str(error), advice=advice
        ) from error


def _text(data: bytes, report: str) -> tuple[str, str]:
    """The text, tables in other notations written with bars, and its kind."""
    limits.check(report, "bytes of text", len(data), limits.TEXT_BYTES)
    text = decode(data, report)
    sample = text[:20_000:5]
    if len(_ODD.findall(sample)) * 10 > len(sample) or not any(map(str.isalnum, text[:20_000])):
        raise UnreadableFileError(
            report,
            "text, HTML, DOCX or PDF",
            seen="bytes that are no text in a known charset",
            advice="Check the download, or save it as UTF-8.",
        )
    if boxes_in(text)[0]:
        return text, "text"
    kind = kind_of_text(text)
    barred = text if kind == "html" else with_bars(text)
    return barred, kind if barred == text else kind_of_text(barred)


def read_bytes(path: str | os.PathLike) -> bytes:
    """The bytes of a regular file of at most `limits.FILE_BYTES`; never more is read.

    Raises UnreadableFileError (missing, a folder, a device, no permission) and LimitError.
    """
    name = os.fspath(path)
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError(name, "a regular file", seen="a folder or device")
        limits.check(name, "bytes", status.st_size, limits.FILE_BYTES)
        with open(path, "rb") as file:
            return file.read(limits.FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        seen = getattr(error, "strerror", None) or str(error)
        advice = "Check the path and its permissions."
        raise UnreadableFileError(name, "a readable file", seen=seen, advice=advice) from error


def source_of(name: str, data: bytes) -> Source:
    """Source of bytes that are known already, with their hash and size."""
    return Source(name, Path(name).name, "", hashlib.sha256(data).hexdigest(), len(data))


# --- bytes → text ---------------------------------------------------------------------------------
# The declared charset is not asked: pages that declare gb2312 hold characters outside it, or are
# UTF-8. So: byte order mark, then strict UTF-8 (Chinese text in another charset practically never
# passes as UTF-8), then the charset in which the text looks most like a report.


def decode(data: bytes, report: str = "") -> str:
    """The text. Control characters are dropped, undecodable bytes become U+FFFD.

    Raises UnreadableFileError when the bytes are no text.

    >>> decode("年报".encode("gb18030"))
    '年报'
    """
    codec = next((codec for mark, codec in _BOMS if data.startswith(mark)), "")
    sample = data[:_SAMPLE]
    if not codec and b"\0" in sample:  # UTF-16 without a mark, or no text at all
        likeness, likeliest = max((_likeness(data, codec), codec) for codec in WIDE)
        if likeness > _LIKELY:
            codec = likeliest
        elif len(sample.translate(None, CONTROLS)) < _PRINTED * len(sample):
            raise UnreadableFileError(
                report,
                "text, HTML, DOCX or PDF",
                seen="binary data",
                advice="Check the download, or convert the file to DOCX, PDF or HTML.",
            )
    if codec:
        return data.decode(codec, "replace").translate(_CONTROL_TEXT).removeprefix("\ufeff")
    data = data.translate(None, CONTROLS)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = 0 < error.start >= len(data) - 3  # only the end is cut, inside a character
    best = "utf-8" if cut else max(OTHERS, key=lambda codec: _likeness(data, codec))
    return data.decode(best, "replace")


def _likeness(data: bytes, codec: str) -> float:
    """Common characters less three times the undecodable ones, as a share of the characters outside
    ASCII.
    """
    wide = _ASCII.sub("", data[:_SAMPLE].decode(codec, "replace"))
    return (sum(map(wide.count, COMMON)) - 3 * wide.count("\ufffd")) / (len(wide) or 1)
