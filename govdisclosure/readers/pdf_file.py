"""Opening a PDF, with an error that says what is wrong with it."""

from __future__ import annotations

import pypdfium2

from govdisclosure.errors import LimitError, UnreadableFileError

MAX_BYTES = 120_000_000  # a scanned report of 40 pages at 300 dpi in colour stays under it


def open_pdf(data: bytes, report: str):
    """An open ``pypdfium2.PdfDocument``; the caller closes it.

    Raises UnreadableFileError for an empty, damaged or encrypted file, LimitError for one too large.
    """
    if len(data) > MAX_BYTES:
        raise LimitError(report, f"a PDF of at most {MAX_BYTES} bytes", seen=f"{len(data)} bytes")
    if b"%PDF-" not in data[:1024]:
        raise UnreadableFileError(
            report, "a PDF file", seen=repr(data[:16]), advice="Download it again."
        )
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        raise refused(report, error) from error
    if pages == 0:
        document.close()
        raise UnreadableFileError(
            report, "a PDF with pages", seen="no page", advice="Download it again."
        )
    return document


def refused(report: str, error: Exception) -> UnreadableFileError:
    """What PDFium says of a file it can't open or a page it can't load, with what to do."""
    text = str(error)
    if "assword" in text:
        return UnreadableFileError(
            report,
            "a PDF that opens without a password",
            seen="an encrypted file",
            advice="Save it without a password, or look for the HTML page.",
        )
    if "ecurity" in text:
        return UnreadableFileError(
            report, "a PDF with a known encryption", seen=text, advice="Print it to a new PDF."
        )
    return UnreadableFileError(
        report, "a whole PDF file", seen=text, advice="The file is damaged: download it again."
    )


KEYS = {
    "Title": "Title",
    "Author": "Author",
    "CreationDate": "CreationDate",
    "Producer": "Producer",
}


def metadata(document) -> dict[str, str]:
    """What the file says about itself; keys as the PDF names them, empty ones left out."""
    found = document.get_metadata_dict()
    return {key: found[key].strip() for key in KEYS if (found.get(key) or "").strip()}
