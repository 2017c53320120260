"""What the bytes are, by their content, and what to say of formats that nobody reads here."""

from __future__ import annotations

import re

from ..errors import UnreadableFileError

# (offset, magic bytes, kind). Source: the file formats' own specifications.
MAGIC = (
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"{\\rtf", "rtf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"Rar!\x1a\x07", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"BZh", "archive"),
    (0, b"\xfd7zXZ\0", "archive"),
    (257, b"ustar", "archive"),
    (0, b"AT&TFORM", "djvu"),
    (0, b"\x7fELF", "program"),
    (0, b"MZ\x90\0", "program"),
)
PDF_WINDOW = 1024  # readers of PDF accept leading junk up to here (ISO 32000, implementation notes)
WINDOW = 16_384

MEDIA = {
    "html": "text/html",
    "mhtml": "multipart/related",
    "markdown": "text/markdown",
    "text": "text/plain",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
# Formats that nobody reads here → (what was seen, what to do).
REFUSED = {
    "archive": ("an archive", "Unpack it and read the files inside."),
    "djvu": ("a DjVu scan", "Convert it to a searchable PDF (OCR) first."),
    "program": ("a program", "This is no report; check the download."),
    "ole": ("an OLE container without a document", "Open it and save the report as .docx."),
    "encrypted": (
        "an encrypted Office document (EncryptedPackage)",
        "Open it with its password and save it without one.",
    ),
    "xlsb": ("a binary Excel workbook (.xlsb)", "Save it as .xlsx."),
    "pptx": ("a presentation (.pptx)", "Save the report itself as .docx, PDF or HTML."),
    "ofd": ("an OFD document", "Export it as PDF first."),
    "epub": ("an e-book (.epub)", "Unpack it and read the HTML inside."),
    "picture": (
        "a picture ({kind})",
        "It holds no text. Recognise it first (OCR to a searchable PDF or text), then read that.",
    ),
}
EXPECTED = "HTML, PDF, DOCX, a workbook, Markdown or text"


def refuse(kind: str, report: str) -> UnreadableFileError:
    """The error for bytes of a kind that no reader takes."""
    seen, advice = REFUSED["picture" if kind.startswith("image/") else kind]
    return UnreadableFileError(report, EXPECTED, seen=seen.format(kind=kind), advice=advice)


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
_MARKDOWN = (
    re.compile(r"^ {0,3}(?:> ?){0,3}#{1,6}[ \t]+\S", re.M),
    re.compile(
        r"^(?:> ?){0,3}[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)++(?:\|[ \t]*+)?$",
        re.M,
    ),
    re.compile(r"\*\*[^*\n]{1,80}\*\*"),
    re.compile(r"^ {0,3}```", re.M),
)
_ESCAPED, _FEWEST_ESCAPED = re.compile(r"\\[-+.()\[\]_*#]"), 3
_BREAKS_TABLE = re.compile(r"</t[dr]|<t[dr][\s>]", re.I)


# A member that tells what a ZIP is, or a stream (named in UTF-16) that tells what an OLE container is.
# Sources: ECMA-376 part 2, ODF 1.2 part 3, [MS-CFB], [MS-DOC], [MS-XLS], [MS-OFFCRYPTO].
ZIP_MEMBERS = (
    (b"word/document", "docx"),
    (b"xl/workbook.xml", "xlsx"),
    (b"xl/workbook.bin", "xlsb"),
    (b"ppt/presentation.xml", "pptx"),
    (b"OFD.xml", "ofd"),
    (b"META-INF/container.xml", "epub"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
)
OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)


def kind_of_bytes(data: bytes) -> str:
    """'pdf', 'docx', 'xlsx', 'doc', 'rtf', 'image/…', 'archive', … or 'text' for anything that may be text."""
    kind = _by_magic(data)
    if kind == "zip":
        names = _directory(data)
        return next((kind for member, kind in ZIP_MEMBERS if member in names), "zip")
    if kind == "ole":
        return next((kind for name, kind in OLE_STREAMS if name.encode("utf-16-le") in data), "ole")
    return kind


def _directory(data: bytes) -> bytes:
    """The names in a ZIP: its first member, which ODF uses to say what it is, and its central directory."""
    end = data.rfind(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    return data[:120] + data[end - size : end] if 0 < size <= end else data


def without_junk(data: bytes) -> bytes:
    """The bytes from the ZIP's first mark on, where a server wrote line ends before it."""
    bare = data.lstrip(b"\r\n\t \xef\xbb\xbf")
    return bare if len(bare) < len(data) and bare.startswith(b"PK\x03\x04") else data


def _by_magic(data: bytes) -> str:
    for offset, magic, kind in MAGIC:
        if data.startswith(magic, offset):
            return kind
    if b"%PDF-" in data[:PDF_WINDOW]:
        return "pdf"
    if data.startswith(b"BM") and len(data) > 26 and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return "mhtml" if b":" in data[:80] and _is_mhtml(data[:WINDOW]) else "text"


def _is_mhtml(head: bytes) -> bool:
    return b"multipart/" in head.lower() and bool(_MHTML.search(head))


def kind_of_text(text: str) -> str:
    """'html', 'markdown' or 'text', by structure.

    >>> kind_of_text("<p>一</p><table><tr><td>1</td></tr></table>"), kind_of_text("# 年报\\n\\n正文")
    ('html', 'markdown')
    """
    head = text[:WINDOW]
    if _HTML_START.match(head):
        return "html"
    markdown = [bool(p.search(text)) for p in _MARKDOWN]
    tags = len(_TAGS.findall(head))
    if markdown[0] or markdown[1]:
        lines = text.count("\n") + 1
        return "html" if tags > 4 * lines else "markdown"
    if tags >= 3 or (tags and head.lstrip()[:1] == "<") or len(_BREAKS_TABLE.findall(text)) >= 4:
        return "html"
    escaped = len(_ESCAPED.findall(text)) >= _FEWEST_ESCAPED
    return "markdown" if markdown[2] or markdown[3] or escaped else "text"
