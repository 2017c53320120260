"""How a page was read, drawn over it: ruled lattice, cells with what was recognised, paragraphs.

For analysts who doubt a figure. Needs Pillow.
"""

from __future__ import annotations

from pathlib import Path

from govdisclosure.errors import UnreadableFileError
from govdisclosure.model import Document, Grid, GridCell, Source
from govdisclosure.readers.pdf import read_pdf
from govdisclosure.readers.pdf_file import open_pdf
from govdisclosure.readers.pdf_place import Place, places

SCALE = 2.0  # pixels per point
CELL, SPANNING, DOUBTFUL, PROSE = (0, 110, 200), (0, 150, 90), (210, 60, 0), (150, 150, 150)
SURE = 0.9  # recognised cells below this confidence are drawn as doubtful


def draw_page(
    data: bytes,
    number: int,
    path: str | None = None,
    *,
    document: Document | None = None,
    report: str = "",
):
    """A `PIL.Image.Image` of page ``number`` (from 1) with every cell and paragraph as it was read; saved if ``path``.

    Blue: a cell; green: a merged one; orange: recognised with little confidence; grey: a paragraph. The corner of
    each cell says row and column, counted from 1 in the joined table. ``document`` saves reading the file again.
    Raises UnreadableFileError for a page that the file does not have, or where Pillow is missing.
    """
    document = document or read_pdf(data, Source(report or "document.pdf"))
    image = _rendered(data, number, document.source.path)
    pen, letters = _pen(image)
    for place, block in _on_page(document, number):
        box = tuple(v * SCALE for v in place.box)
        if isinstance(block, GridCell):
            _draw_cell(pen, letters, box, block)
        else:
            pen.rectangle(box, outline=PROSE, width=1)
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    return image


def _rendered(data: bytes, number: int, report: str):
    pdf = open_pdf(data, report)
    try:
        if not 1 <= number <= len(pdf):
            raise UnreadableFileError(report, f"page {number}", seen=f"{len(pdf)} pages")
        page = pdf[number - 1]
        bitmap = page.render(scale=SCALE)
        try:
            return bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
            page.close()
    except ImportError as error:
        raise UnreadableFileError(
            report, "Pillow, to draw a page", seen=str(error), advice="pip install pillow"
        ) from error
    finally:
        pdf.close()


def _on_page(document: Document, number: int) -> list[tuple[Place, object]]:
    """Places on the page with their paragraph or cell, each cell once."""
    found: list[tuple[Place, object]] = []
    for block in document.blocks:
        cells = (
            dict.fromkeys(c for row in block.rows for c in row if c is not None)
            if isinstance(block, Grid)
            else [block]
        )
        found += [
            (place, item) for item in cells for place in places(item.where) if place.page == number
        ]
    return found


def _pen(image):
    from PIL import ImageDraw, ImageFont

    return ImageDraw.Draw(image, "RGBA"), ImageFont.load_default(size=11)


def _draw_cell(pen, letters, box, cell: GridCell) -> None:
    merged = cell.rowspan > 1 or cell.colspan > 1
    colour = SPANNING if merged else CELL
    if cell.confidence is not None and cell.confidence < SURE:
        colour = DOUBTFUL
    pen.rectangle(box, outline=colour, width=2, fill=(*colour, 22))
    note = f"{cell.row + 1}.{cell.column + 1}"
    digits = "".join(c if c.isascii() else "" for c in cell.text).strip()
    pen.text((box[0] + 3, box[1] + 2), note, font=letters, fill=(*colour, 255))
    if (
        digits
        and any(c.isdigit() for c in digits)
        and len(digits) < 14
        and len(digits) == len(cell.text.strip())
    ):
        width = pen.textlength(digits, font=letters)
        pen.text((box[2] - width - 3, box[3] - 14), digits, font=letters, fill=(*colour, 255))
