"""What the bytes are, by their content. A file's ending is what somebody typed."""

from __future__ import annotations

import re

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
}

_TAGS = re.compile(
    r"<(?:!doctype\s+html|/?(?:html|head|body|table|tr|td|th|tbody|div|span|p|br|meta|title|article|"
    r"section|h[1-6]|ul|li|script|style|font|strong|center|pre)(?=[\s/>]))",
    re.I,
)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div)\b",
    re.I | re.S,
)
_MHTML = re.compile(
    rb"^(?:From|MIME-Version|Content-Type|Subject|Date|Snapshot-Content-Location):.*?"
    rb"Content-Type:\s*multipart/related",
    re.I | re.S | re.M,
)
_MARKDOWN = (
    re.compile(r"^ {0,3}(?:> ?){0,3}#{1,6}[ \t]+\S", re.M),
    re.compile(r"^(?:> ?){0,3}[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)++(?:\|[ \t]*+)?$", re.M),
    re.compile(r"\*\*[^*\n]{1,80}\*\*"),
    re.compile(r"^ {0,3}```", re.M),
)
_ESCAPED, _FEWEST_ESCAPED = re.compile(r"\\[-+.()\[\]_*#]"), 3
_BREAKS_TABLE = re.compile(r"</t[dr]|<t[dr][\s>]", re.I)


def kind_of_bytes(data: bytes) -> str:
    """'pdf', 'zip', 'ole', 'rtf', 'image/…', 'archive', … or 'text' for anything that may be text."""
    for offset, magic, kind in MAGIC:
        if data.startswith(magic, offset):
            return kind
    if b"%PDF-" in data[:PDF_WINDOW]:
        return "pdf"
    if data.startswith(b"BM") and len(data) > 26 and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return "mhtml" if b":" in data[:80] and _is_mhtml(data[:WINDOW]) else "text"


def _is_mhtml(head: bytes) -> bool:
    return b"multipart/related" in head.lower() and bool(_MHTML.search(head))


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
