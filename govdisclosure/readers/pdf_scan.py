"""Which pages of a PDF are pictures of text, and what is done about them."""

from __future__ import annotations

from govdisclosure.errors import UnreadableFileError
from govdisclosure.readers import ocr
from govdisclosure.readers.pdf_page import Page

FEW = 20  # characters; a scan can carry a page number or a stamp as text
COVERED = 0.3  # share of the page that pictures cover
OVERLAID = 0.7  # share that a picture covers when the text over it is another program's recognition
TABLE_PICTURE = 0.1  # share of the page that a picture of a table covers at least


def read_scans(document, pages: list[Page], report: str) -> bool:
    """Replace scanned pages by what OCR reads on them; True when there were any.

    A picture without a table in a report that has text is left alone. Raises UnreadableFileError where a page
    can't be read without the extra ``ocr``.
    """
    scanned = [page for page in pages if is_scan(page)]
    with_text = len(scanned) < len(pages) and any(
        len(page.chars) >= FEW for page in pages if page not in scanned
    )
    if with_text:
        scanned = [page for page in scanned if _shows_table(document, page)]
        _refuse_pictures(document, [page for page in pages if page not in scanned], report)
    if not scanned:
        return False
    for page in ocr.recognise(document, [page.number for page in scanned], report):
        pages[page.number - 1] = page
    return True


def is_scan(page: Page) -> bool:
    """A page of pictures without text, with text that has no meaning, or with invisible text over a picture."""
    share = _share(page)
    if page.hidden > 0.5 * max(len(page.chars), 1) and page.hidden > FEW:
        return True
    if page.invisible > 0.8 * len(page.chars) and page.chars and share >= OVERLAID:
        return True
    return len(page.chars) < FEW and share >= COVERED


def _share(page: Page) -> float:
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.pictures)
    return area / max(page.width * page.height, 1.0)


def _shows_table(document, page: Page) -> bool:
    return ocr.looks_ruled(_picture(document, page)[0])


def _picture(document, page: Page):
    raw = document[page.number - 1]
    try:
        return ocr.render(raw, 100)
    finally:
        raw.close()


def _refuse_pictures(document, pages: list[Page], report: str) -> None:
    """A table stored as a picture on a page with text: its figures would be missing without a word."""
    for page in pages:
        boxes = [
            box
            for box in page.pictures
            if (box[2] - box[0]) * (box[3] - box[1]) > TABLE_PICTURE * page.width * page.height
        ]
        if not boxes or len(page.across) > 3 and len(page.down) > 3:
            continue
        picture, scale = _picture(document, page)
        for x0, y0, x1, y1 in boxes:
            cut = picture[
                max(round(y0 / scale), 0) : round(y1 / scale),
                max(round(x0 / scale), 0) : round(x1 / scale),
            ]
            if cut.size and ocr.looks_ruled(cut):
                raise UnreadableFileError(
                    report,
                    "tables with text",
                    seen=f"a table stored as a picture on page {page.number}",
                    advice="Print that page as a picture into a PDF of its own, or look for the HTML page.",
                )
