"""PDF bytes → Document: what is drawn as a table comes as a Grid, the rest as paragraphs in reading order.

The way of the data: `pdf_page` (characters, rules) → `pdf_lines` (lattices) → `pdf_grid` (cells) and `pdf_prose`
(lines) → `pdf_margins` (headers and footers off) → `pdf_join` (tables across pages) → `pdf_paragraphs`.
PDFium is not thread-safe: read files side by side in processes.
"""

from __future__ import annotations

from pypdfium2 import PdfiumError

from govdisclosure.errors import LimitError
from govdisclosure.model import Document, Grid, GridCell, Paragraph, Source
from govdisclosure.readers.pdf_file import metadata, open_pdf, refused
from govdisclosure.readers.pdf_grid import Ruled, place_chars, ruled, split_open, trim
from govdisclosure.readers.pdf_join import Joined, Table, begin, extend, same_columns
from govdisclosure.readers.pdf_lines import lattices
from govdisclosure.readers.pdf_loose import Loose
from govdisclosure.readers.pdf_loose_tables import set_loose
from govdisclosure.readers.pdf_margins import drop_margins
from govdisclosure.readers.pdf_page import Page, load_page
from govdisclosure.readers.pdf_paragraphs import paragraphs
from govdisclosure.readers.pdf_place import Place, where
from govdisclosure.readers.pdf_prose import Line, read_lines, set_margins
from govdisclosure.readers.pdf_scan import read_scans
from govdisclosure.readers.pdf_titles import titles

MAX_PAGES = 300  # the longest report seen has some 40 pages
MAX_CHARS = 1_500_000
CONTINUED = "续"


def read_pdf(data: bytes, source: Source) -> Document:
    """Paragraphs and grids of a PDF in reading order.

    A table that page breaks cut is one Grid; repeated headers are dropped, a cell cut by the break is whole.
    Merged cells are repeated in every place that they cover. A wrapped cell's Chinese is joined; where two lines
    of digits may be one number or two, a line feed stays. The cells of a table without rules are told by their
    place, blank ones too; figures whose column the place does not tell share one cell. Every ``where`` has page and box in points, see `pdf_place.places`.

    Raises UnreadableFileError for an encrypted, damaged or scanned file, LimitError for a file too large.
    """
    document = open_pdf(data, source.path)
    try:
        if len(document) > MAX_PAGES:
            raise LimitError(
                source.path,
                f"a report of at most {MAX_PAGES} pages",
                seen=f"{len(document)} pages",
                advice="Split the file and keep the pages of the report.",
            )
        pages = _load(document, source.path)
        about = metadata(document)
        if read_scans(document, pages, source.path):
            about["source"] = "ocr"
    except PdfiumError as error:  # a page that can't be loaded
        raise refused(source.path, error) from error
    finally:
        document.close()
    return build(pages, source, about)


def _load(document, report: str) -> list[Page]:
    pages: list[Page] = []
    total = 0
    for number in range(1, len(document) + 1):
        pages.append(load_page(document, number, report))
        total += len(pages[-1].chars)
        if total > MAX_CHARS:
            raise LimitError(
                report, f"at most {MAX_CHARS} characters", seen=f"more by page {number}"
            )
    return pages


def build(pages: list[Page], source: Source, about: dict[str, str]) -> Document:
    """Document of loaded pages."""
    items = [page_items(page) for page in pages]
    sure = {page.number: page.sure for page in pages if page.sure}
    footer = drop_margins(items, [page.height for page in pages])
    content = set_loose(_join_tables(items))
    lines = iter(set_margins([item for item in content if isinstance(item, Line)]))
    content = [next(lines) if isinstance(item, Line) else item for item in content]
    blocks: list[Paragraph | Grid] = []
    run: list[Line] = []
    for item in [*content, None]:
        if isinstance(item, Line):
            run.append(item)
            continue
        blocks += paragraphs(run)
        run = []
        if item is not None:
            blocks.append(item if isinstance(item, Grid) else _grid(item, sure))
    return Document(source, tuple(blocks), titles(content, blocks, about), about, "\n".join(footer))


def page_items(page: Page) -> list[Line | Loose | Ruled]:
    """Lines and ruled tables of one page, in reading order."""
    tables = [ruled(page.number, lattice) for lattice in lattices(page.across, page.down)]
    rest = place_chars(tables, page.chars)
    for table in tables:
        trim(table)
        split_open(table)
    items: list[Line | Loose | Ruled] = list(read_lines(rest, page.number))
    for table in tables:
        if not any(cell.chars for cell in table.cells):
            continue
        top = table.lattice.ys[0]
        at = next((i for i, item in enumerate(items) if _top(item) > top), len(items))
        items.insert(at, table)
    return items


def _top(item: Line | Loose | Ruled) -> float:
    return item.base if isinstance(item, Line) else item.box[1]


def _join_tables(pages: list[list[Line | Ruled]]) -> list[Line | Table]:
    """All pages' items in a row; a table at the head of a page goes on with the one at the foot of the page before."""
    content: list[Line | Table] = []
    for items in pages:
        number = 0
        for i, item in enumerate(items):
            if not isinstance(item, Ruled):
                content.append(item)
                continue
            number += 1
            before = _before(content, item, first=number == 1)
            if before is None:
                content.append(begin(item, number))
            else:
                del content[before + 1 :]
                extend(content[before], item, number)
    return _unbox(content)


def _before(content: list, item: Ruled, first: bool) -> int | None:
    """Index of the table on the page before that ``item`` continues: nothing but a 续表 mark stands between."""
    if not first:
        return None
    at = len(content) - 1
    if (
        at >= 0
        and isinstance(content[at], Line)
        and content[at].text.strip("（）() ").startswith(CONTINUED)
        and len(content[at].text) <= 8
        and content[at].page == item.page
    ):
        at -= 1
    if at < 0 or not isinstance(content[at], Table):
        return None
    follows = content[at].last.page == item.page - 1
    return at if follows and same_columns(content[at], item) else None


def _unbox(content: list[Line | Table]) -> list[Line | Table]:
    """Text boxes drawn as one-column tables are text."""
    out: list[Line | Table] = []
    for item in content:
        if not isinstance(item, Table) or len(item.xs) > 2:
            out.append(item)
            continue
        for cell in item.cells:
            for part in cell.parts:
                out += read_lines(part.chars, part.page, (part.box[0] + 1, part.box[2] - 1))
    return out


def _grid(table: Table, sure: dict[int, dict[int, float]]) -> Grid:
    rows: list[list[GridCell | None]] = [[None] * (len(table.xs) - 1) for _ in range(table.rows)]
    for cell in table.cells:
        made = _cell(cell, sure)
        for r in range(cell.r0, cell.r1):
            for c in range(cell.c0, cell.c1):
                rows[r][c] = made
    first = min(
        (part for cell in table.cells for part in cell.parts), key=lambda p: (p.page, p.table)
    )
    boxes = list(zip(*(p.box for cell in table.cells for p in cell.parts if p.page == first.page)))
    box = (min(boxes[0]), min(boxes[1]), max(boxes[2]), max(boxes[3]))
    return Grid(tuple(map(tuple, rows)), where(Place(first.page, box, first.table)))


def _cell(cell: Joined, sure: dict[int, dict[int, float]]) -> GridCell:
    """Confidence is that of the least sure character; None where no page of the cell was recognised."""
    read = [sure[p.page][char.index] for p in cell.parts if p.page in sure for char in p.chars]
    recognised = any(p.page in sure for p in cell.parts)
    place = " + ".join(
        where(Place(p.page, p.box, p.table, p.row + 1, p.column + 1)) for p in cell.parts
    )
    return GridCell(
        cell.text,
        place,
        cell.r0,
        cell.c0,
        cell.r1 - cell.r0,
        cell.c1 - cell.c0,
        min(read, default=1.0) if recognised else None,
    )
