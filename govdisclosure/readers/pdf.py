"""PDF bytes → Document: what is drawn as a table comes as a Grid, the rest as lines in reading
order.

The way of the data: `pdf_drawn` (what PDFium tells of a page) → `pdf_page` (words that are seen,
rules) → `pdf_blocks` (lines, tables with their cells) → here (one table over page breaks). PDFium
is used by one thread at a time.
"""

from __future__ import annotations

import os
import re
import threading
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from statistics import median

import pypdfium2

from govdisclosure.errors import DisclosureError, LimitError, UnreadableFileError
from govdisclosure.model import Document, Line, Source
from govdisclosure.readers.ocr import read_scans
from govdisclosure.readers.pdf_blocks import Table, grid, place, read_lines, tables_on
from govdisclosure.readers.pdf_drawn import AskewError, TooMuch
from govdisclosure.readers.pdf_page import Page, load_page
from govdisclosure.readers.placing import runs

MAX_PAGES = 120  # the longest report seen has some 40 pages
MAX_LETTERS = 100_000  # and 40,000 characters
KEYS = ("Title", "Author", "CreationDate", "Producer")
CONTINUED = re.compile(r"[（(\s]*+续.{0,6}$")
LARGER = 1.15  # a title is set this much larger than the text
HEAD = 12  # lines of the first page among which a title stands
DEPTH = 3  # lines from the edge that can belong to a running head or foot
EDGE = 0.11  # share of the page's height within which a lone page number stands
SHIFT = 3.0  # points by which a repeated line may move from page to page
NUMBER = re.compile(
    r"[-—–―·•.~\s]*+(?:第?\s*+\d{1,4}\s*+(?:页|$|[-—–―·•~]|/\s*+\d)|page\s*+\d)[\s\d,，/共页第ofOF—–―·•.~-]*+$|[ivxIVX]{1,5}$",
    re.IGNORECASE,
)

REFUSALS: dict[type[Exception], tuple[type[DisclosureError], str, str]] = {
    pypdfium2.PdfiumError: (
        UnreadableFileError,
        "a whole PDF file that opens without a password",
        "Download it again, save it without a password, or look for the HTML page.",
    ),
    AskewError: (
        UnreadableFileError,
        "pages that lie straight",
        "Straighten the page and print it again.",
    ),
    TooMuch: (LimitError, "pages of a report's size", "Keep the pages of the report alone."),
}

LOCK = threading.RLock()  # PDFium is not thread-safe
if hasattr(os, "register_at_fork"):  # no process is forked in the middle of a reading
    os.register_at_fork(
        before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release
    )
# What is read must not depend on the machine's fonts: PDFium takes them for fonts that a file does
# not hold, and leaves out a figure that such a font has no letter for.
pypdfium2.raw.FPDF_SetSystemFontInfo(None)


def read_pdf(data: bytes, source: Source) -> Document:
    """Lines and grids of a PDF in reading order, as they are seen.

    A table that page breaks cut is one Grid, its rows as printed: a row or merged cell that a break
    cuts is two, and headers printed again stand again. Merged cells are repeated in every place
    that they cover. A wrapped cell's Chinese is joined; where two lines of digits may be one number
    or two, a line feed stays. What is shown and no text is U+FFFC. Every ``where`` has page and box
    in points, origin top left, see `pdf_blocks.where`. Threads wait for each other.

    Raises UnreadableFileError for an encrypted, damaged, scanned or crooked file, LimitError for
    one too large.
    """
    try:
        with LOCK, closing(pypdfium2.PdfDocument(data)) as document:
            if len(document) > MAX_PAGES:
                raise TooMuch(f"{len(document)} pages")
            pages: list[Page] = []
            while len(pages) < len(document):
                pages.append(load_page(document, len(pages) + 1))
                if sum(page.letters for page in pages) > MAX_LETTERS:
                    raise TooMuch(f"over {MAX_LETTERS} characters")
            found = document.get_metadata_dict()
            about = {key: said for key in KEYS if (said := found[key].strip())}
            if read_scans(document, pages, source.path):
                about["source"] = "ocr"
        return _document(pages, source, about)
    except tuple(REFUSALS) as error:
        refusal, expected, advice = REFUSALS[type(error)]
        raise refusal(source.path, expected, seen=str(error), advice=advice) from error


def _document(pages: list[Page], source: Source, about: dict[str, str]) -> Document:
    sheets = [half for page in pages for half in page.halves()]
    items = [_items(sheet, number) for number, sheet in enumerate(sheets)]
    footer = _drop_margins(items, [sheet.height for sheet in sheets])
    content = _joined([item for part in items for item in part])
    blocks = [grid(parts) if isinstance(parts[0], Table) else parts[0] for parts in content]
    titles = _titles([block for block in blocks if isinstance(block, Line)], about)
    return Document(source, tuple(blocks), titles, about, "\n".join(footer))


def _items(page: Page, sheet: int) -> list[Line | Table]:
    """Lines and ruled tables of one page, from the top down. A frame about text is no table."""
    tables = tables_on(page, sheet)
    items: list[Line | Table] = [*read_lines(place(tables, page.words), page)]
    items += [table for table in tables if any(cell.words for cell in table.cells)]
    return sorted(
        items,
        key=lambda item: (item.top + item.bottom) / 2 if isinstance(item, Line) else item.ys[0],
    )


def _joined(items: list[Line | Table]) -> list[list]:
    """Each line, and the parts of each table: one at the head of a page goes on with the one at the
    foot of the page before, when nothing but a mark 续表 stands between."""

    def goes_on(above, item) -> bool:
        return isinstance(above, Table) and isinstance(item, Table) and item.continues(above)

    kept = [
        item
        for above, item, below in zip([None, *items], items, [*items[1:], None])
        if isinstance(item, Table) or not (goes_on(above, below) and CONTINUED.match(item.text))
    ]
    return runs(kept, lambda parts, item: goes_on(parts[-1], item))


def _drop_margins(pages: list[list], heights: list[float]) -> list[str]:
    """Take running heads, feet and page numbers off the pages' items (lines and tables); their
    texts come back.

    A line is one when it is a page number, or stands at the same place with the same words (digits
    apart) on another page. Tables are never touched, nor what stands inside of a table.
    """
    found = {}
    for end in (0, -1) * DEPTH:
        outer = [
            (part, part[end], high)
            for part, high in zip(pages, heights)
            if part and isinstance(part[end], Line)
        ]
        keys = [(re.sub(r"\d+", "0", line.text), round(line.top / SHIFT)) for _, line, _ in outer]
        for (part, line, high), key in zip(outer, keys):
            edge = min(line.bottom, high - line.top) < EDGE * high
            if edge and NUMBER.match(line.text):
                del part[end]
            elif keys.count(key) > 1:
                found[line.text] = part.pop(end)
    return list(found)


def _titles(lines: list[Line], about: dict[str, str]) -> tuple[str, ...]:
    """Candidates, best first: the first page's largest lines, a title of several lines whole; what
    the file says.
    """
    heights = [line.bottom - line.top for line in lines]
    usual = LARGER * median(heights or [0.0])
    head = [
        (round(high) * (high >= usual), line.text.replace(" ", ""))
        for line, high in zip(lines[:HEAD], heights)
        if line.page == lines[0].page
    ]
    titles = [
        (size, "".join(text for _, text in run)) for size, run in groupby(head, itemgetter(0))
    ]
    titles.sort(key=itemgetter(0), reverse=True)
    texts = [text for size, text in titles if size] + [about.get("Title", "")]
    return tuple(dict.fromkeys(filter(None, texts)))
