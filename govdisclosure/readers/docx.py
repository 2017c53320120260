"""DOCX (.docx, .docm, .dotx; Word and WPS) → Document, straight from word/document.xml.

Paragraphs and tables become the blocks that a web page is made of, so that both are put together by
the same rules. Source: ECMA-376 part 1, §17.4.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace

from lxml.etree import _Element as Element

from ..errors import UnreadableFileError
from ..model import Document, Source
from .docx_text import Runs, Styles, is_on, unwrapped, value, whole
from .office import Package
from .placing import OBJECT
from .shown import Block, Cell, Shown, Table, blocks_of_table, cell_text, shown_document

# What a document says of itself (docProps), and the key it is known by.
_PROPERTIES = {
    "title": "dc:title",
    "creator": "dc:creator",
    "date": "dc:date",
    "issued": "dcterms:issued",
    "Company": "Company",
}


def read_docx(data: bytes, source: Source) -> Document:
    """Headings, paragraphs and grids in reading order; document properties as metadata
    (``dc:title`` …).

    Merged cells (gridSpan, vMerge) are one object wherever they reach; a cell's paragraphs and line
    breaks become line feeds. Insertions are kept, deletions and hidden text are not. Raises
    UnreadableFileError, LimitError.
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
    # a picture between paragraphs says nothing
    seen = (b._replace(text=b.text.replace(OBJECT, "").strip()) for b in reader.blocks_of(body))
    blocks = [block for block in seen if block.text or block.table]
    about = _properties(package)
    shown = Shown(blocks, reader.fields, titles=[about.get("dc:title", "")])
    document = shown_document(shown, source)
    return replace(document, metadata=document.metadata | about)


class _Reader:
    """Walks block content; depth is bounded, since the XML parser refuses more than 256 levels."""

    def __init__(self, report: str, styles: Styles) -> None:
        self.report, self.styles, self.runs = report, styles, Runs(styles)
        self.fields: dict[str, str] = {}

    def blocks_of(self, parent: Element, ground: str = "") -> list[Block]:
        """The lines and tables in `parent`, text boxes behind their paragraph; ``ground`` is the
        colour behind them.
        """
        found: list[Block] = []
        for child in parent.iterchildren("p", "tbl"):
            if child.tag == "tbl":
                blocks, fields = blocks_of_table(self._table(child), 0)
                found += blocks
                self.fields = {**self.fields, **fields, **self.fields}
                continue
            text, boxes = self.runs.text(child, ground)
            lines = list(filter(None, map(str.strip, text.split("\n"))))
            number = self.styles.number(child)
            if lines:
                lines[0] = number + lines[0]
            level, centred = self.styles.level(child), value(child, "pPr/jc") == "center"
            found += [Block(line, 0, level, 0, centred) for line in lines]
            for box in boxes:
                found += self.blocks_of(box, ground)
        return found

    def _table(self, element: Element) -> Table:
        """The rows that are shown, with cells as HTML has them: one that goes on below is written
        once.
        """
        rows: list[list[list]] = []
        above: dict[int, list] = {}
        for row in element.iterchildren("tr"):
            if row.find("trPr/del") is None and not is_on(row.find("trPr/hidden")):
                cells, above = self._row(row, above)
                rows.append(cells)
        return Table([[Cell(*cell) for cell in cells] for cells in rows], [])

    def _row(self, row: Element, above: dict[int, list]) -> tuple[list[list], dict[int, list]]:
        """(the parts of its cells, those that may go on below by their columns); ``above``: those
        that may go on here.
        """
        column = whole(value(row, "trPr/gridBefore"), 0)
        cells: list[list] = [["", 1, column]] if column else []
        merging = {}
        for element in row.iterchildren("tc"):
            width = max(1, whole(value(element, "tcPr/gridSpan"), 1))
            merge = element.find("tcPr/vMerge")
            restart = merge is None or merge.get("val") == "restart"
            upper = None if restart else above.get(column)
            if cells and value(element, "tcPr/hMerge") == "continue":
                cells[-1][2] += width
            elif upper is None:
                cells.append(self._cell(element, width))
                upper = cells[-1] if merge is not None else None
            elif upper[2] == width:
                upper[1] += 1
            else:  # the rows disagree about a merge
                cells.append([upper[0], 1, width])
            if upper is not None:
                merging[column] = upper
            column += width
        return cells, merging

    def _cell(self, element: Element, width: int) -> list:
        """What `Cell` is made of."""
        if element.find("tcPr/cellDel") is not None:
            return ["", 1, width]
        blocks = self.blocks_of(element, value(element, "tcPr/shd", "fill"))
        lines = (" ".join(line.split()) for line in cell_text(blocks).split("\n"))
        return ["\n".join(lines), 1, width, blocks]


def _properties(package: Package) -> dict[str, str]:
    """The document's own facts about itself: dc:title, dc:creator, …, Company."""
    found: dict[str, str] = {}
    for part in ("core", "app"):
        root = package.optional(f"docProps/{part}.xml")
        for element in root if root is not None else ():
            if element.text and element.tag in _PROPERTIES:
                found[_PROPERTIES[element.tag]] = " ".join(element.text.split())[:300]
    return found
