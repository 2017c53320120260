"""Formats we recognise and don't read: what to tell the person who has such a file."""

from __future__ import annotations

from ..errors import UnreadableFileError

# kind → (what was seen, advice)
ADVICE = {
    "rtf": ("an RTF document", "Open it in Word, WPS or LibreOffice and save it as .docx."),
    "archive": ("an archive", "Unpack it and read the files inside."),
    "djvu": ("a DjVu scan", "Convert it to a searchable PDF (OCR) first."),
    "program": ("a program", "This is no report; check the download."),
    "doc": (
        "an old Word document (.doc, OLE)",
        "Save it as .docx: open it in Word, WPS or LibreOffice, or run `soffice --headless --convert-to docx FILE`.",
    ),
    "xls": ("an old Excel workbook (.xls, OLE)", "Save the report as .docx, PDF or HTML."),
    "encrypted": (
        "an encrypted Office document (EncryptedPackage)",
        "Open it with its password and save it without one.",
    ),
    "picture": (
        "a picture ({kind})",
        "It holds no text. Recognise it first (OCR to a searchable PDF or text), then read that.",
    ),
}


def refuse(kind: str, data: bytes, report: str) -> UnreadableFileError:
    """The error for bytes of a kind no reader takes."""
    if kind == "ole":
        kind = _ole_kind(data)
    seen, advice = ADVICE["picture" if kind.startswith("image/") else kind]
    return UnreadableFileError(
        report, "HTML, DOCX, PDF, Markdown or text", seen=seen.format(kind=kind), advice=advice
    )


def _ole_kind(data: bytes) -> str:
    """An OLE container names its streams in UTF-16 in its directory."""
    names = (("EncryptedPackage", "encrypted"), ("WordDocument", "doc"), ("Workbook", "xls"))
    return next((kind for name, kind in names if name.encode("utf-16-le") in data), "doc")
