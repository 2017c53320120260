"""Small documents for the reader tests, written here; no text of a real report."""

from __future__ import annotations

import io
import zipfile

from govdisclosure.model import Document, Grid, Source
from govdisclosure.readers import read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def doc(data: bytes | str, path: str = "x") -> Document:
    """`read` of inline content."""
    return read(data.encode() if isinstance(data, str) else data, Source(path))


def table(grid: Grid) -> list[list[str | None]]:
    """Texts of a grid, None where it has no cell."""
    return [[None if cell is None else cell.text for cell in row] for row in grid.rows]


def grids(document: Document) -> list[list[list[str | None]]]:
    """Texts of all grids."""
    return [table(block) for block in document.blocks if isinstance(block, Grid)]


def prose(document: Document) -> list[str]:
    """Texts of all headings and paragraphs."""
    return [block.text for block in document.blocks if not isinstance(block, Grid)]


def docx(body: str, **parts: str) -> bytes:
    """A package with `body` as word/document.xml; `parts` such as styles="…" add others under word/."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def p(text: str, properties: str = "") -> str:
    """A DOCX paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    """A DOCX cell of one paragraph."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tbl(*rows: str) -> str:
    """A DOCX table of rows given as the text of their cells."""
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
