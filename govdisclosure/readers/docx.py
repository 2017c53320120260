"""DOCX (.docx, .docm, .dotx; Word and WPS) → Document, straight from word/document.xml."""

from __future__ import annotations

import posixpath
import re

from lxml import etree

from ..errors import UnreadableFileError
from ..model import Document, Grid, Heading, Line, Piece, Source
from . import fields as titles
from . import limits
from .docx_table import DocxTable, layout_rows
from .docx_text import Runs, Styles, unwrapped, value
from .fields import FOOTER, fields_of_line, fields_of_table, footer_of
from .office import Package
from .placing import OBJECT, Placed, Placer

# What a document says of itself (docProps), and the key it is known by.
_PROPERTIES = {
    "title": "dc:title",
    "creator": "dc:creator",
    "date": "dc:date",
    "issued": "dcterms:issued",
    "Company": "Company",
}
_COLUMN_MARK = re.compile("[|｜│┃\t]")
_HEAD, _FOOT, _HEADING_LENGTH = 8, 6, 120


def read_docx(data: bytes, source: Source) -> Document:
    """Headings, paragraphs and grids in reading order; document properties as metadata (``dc:title`` …).

    Merged cells (gridSpan, vMerge) are one object wherever they reach; a cell's paragraphs and line breaks
    become line feeds. Insertions are kept, deletions and hidden text are not. Raises UnreadableFileError,
    LimitError.
    """
    package = Package(data, source.path)
    name = package.main_part()
    body = unwrapped(package.xml(name)).find("body")
    if body is None:
        raise UnreadableFileError(source.path, "a DOCX document", seen=f"no body in {name}")
    folder = posixpath.dirname(name)
    styles, numbering = (
        unwrapped(package.optional(f"{folder}/{part}.xml")) for part in ("styles", "numbering")
    )
    reader = _Reader(source.path, Styles(styles, numbering))
    reader.styles.count(body)
    reader.blocks_of(body)
    return _document(reader, source, _properties(package))


class _Reader:
    """Walks block content; depth is bounded, since the XML parser refuses more than 256 levels."""

    def __init__(self, report: str, styles: Styles) -> None:
        self.report, self.styles, self.runs = report, styles, Runs(styles)
        self.placer = Placer(report)
        self.blocks: list = []
        self.centred: list[str] = []
        self.fields: dict[str, str] = {}
        self.paragraphs = 0

    def blocks_of(self, parent: etree._Element) -> None:
        """Append the blocks in `parent`."""
        for child in parent:
            if child.tag == "p":
                self._paragraph(child)
            elif child.tag == "tbl":
                self._table(child)

    def _paragraph(self, element: etree._Element) -> None:
        text, boxes = self.runs.text(element)
        level, centred = self.styles.level(element), value(element, "pPr/jc") == "center"
        parts = (" ".join(part.split(" ")).strip() for part in text.replace(OBJECT, "").split("\n"))
        lines = [line for line in parts if line]
        if lines:
            lines[0] = self.styles.number(element) + lines[0]
        for line in lines:
            self.paragraphs += 1
            where = f"paragraph {self.paragraphs}"
            if level and len(line) <= _HEADING_LENGTH:
                self.blocks.append(Heading(line, where, level))
            else:
                self.blocks.append(Line((Piece(line, where),), where))
            if centred:
                self.centred.append(line)
        limits.check(self.report, "blocks", len(self.blocks), limits.BLOCKS)
        for box in boxes:
            self.blocks_of(box)

    def _table(self, element: etree._Element) -> None:
        table = DocxTable(element, self.report, self.runs)
        whole = len(table.rows)
        fields = None if table.inner_tables(0, whole) else fields_of_table(table.texts())
        if fields is not None:
            self.fields = fields | self.fields
            return
        start = 0
        for row in layout_rows(table):
            self._grid(table, start, row)
            for cell in table.rows[row]:
                if cell.row == row:
                    self.blocks_of(cell.element)
            start = row + 1
        self._grid(table, start, whole)

    def _grid(self, table: DocxTable, start: int, end: int) -> None:
        cells = {
            (cell.row, cell.column): cell
            for row in table.rows[start:end]
            for cell in row
            if cell.row >= start
        }
        if any(cell.text for cell in cells.values()):
            self.blocks.append(
                self.placer.grid(
                    Placed(c.text, c.row - start, c.column, min(c.height, end - c.row), c.width)
                    for c in cells.values()
                )
            )
        for inner in table.inner_tables(start, end):
            self._table(inner)


def _document(reader: _Reader, source: Source, metadata: dict[str, str]) -> Document:
    from .plaintext import text_document

    blocks = reader.blocks
    lines = [block.text for block in blocks if not isinstance(block, Grid)]
    flat = len(lines) == len(blocks)
    if flat and sum(bool(_COLUMN_MARK.search(line)) for line in lines) >= 5:
        dump = text_document("\n".join(lines), source)
        return Document(
            source, dump.blocks, dump.titles, metadata | dump.metadata, dump.footer, True
        )
    for line in (*lines[:_HEAD], *lines[-_FOOT:]):
        for key, said in fields_of_line(line).items():
            reader.fields.setdefault(key, said)
    headings = [b.text for b in blocks[:_HEAD] if isinstance(b, Heading) and b.level == 1]
    candidates = [
        *titles.first_lines(lines),
        *headings,
        *(reader.fields.get(key, "") for key in titles.TITLE_FIELDS),
        *(line for line in reader.centred[:3] if line in lines[:_HEAD]),
        metadata.get("dc:title", ""),
    ]
    footer = footer_of([line for line in lines[-_FOOT:] if FOOTER.search(line)])
    return Document(
        source, tuple(blocks), titles.rank(candidates), reader.fields | metadata, footer, flat
    )


def _properties(package: Package) -> dict[str, str]:
    """The document's own facts about itself: dc:title, dc:creator, …, Company."""
    found: dict[str, str] = {}
    for part in ("core", "app"):
        root = package.optional(f"docProps/{part}.xml")
        for element in root if root is not None else ():
            if element.text and element.tag in _PROPERTIES:
                found[_PROPERTIES[element.tag]] = " ".join(element.text.split())[:300]
    return found
