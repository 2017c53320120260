"""HTML → Document. `marks` reads the tags, `flow` the tables, `article` finds the report on the page."""

from __future__ import annotations

import re
from html import unescape

from ..model import Block as DocumentBlock
from ..model import Document, Grid, Heading, Paragraph, Source
from . import limits, titles
from .article import Block, Walk, choose, members
from .decode import decode
from .fields import FOOTER, fields_of_line, fields_of_metas, footer_of
from .flow import INVISIBLE, tables_of
from .grids import GridMaker
from .marks import mark_up

# Zero-width and direction characters are no text; each `in` below is one memchr, a regex would read the page.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202c\u202d"
COLUMN_MARK = re.compile("[|｜│┃]")
_PRE = re.compile(r"<pre(?:\s[^>]*)?>(.*?)(?:</pre\s*>|\Z)", re.I | re.S)
_TITLE_AREA, _HEADING_LENGTH = 8, 120


def read_html(data: bytes, source: Source) -> Document:
    """Headings, paragraphs and grids of the article in reading order; the page's own fields as metadata.

    Merged cells are repeated, rows have equal length. In a cell <br>, <p> and <div> become line feeds, other
    white space (&nbsp; and U+3000 too) collapses to one space, a blank cell is "". Text is otherwise as printed.
    Hidden elements, scripts, styles and comments are no text. Raises LimitError, UnreadableFileError.
    """
    limits.check(source.path, "bytes of HTML", len(data), limits.TEXT_BYTES)
    return html_document(decode(data, source.path)[0], source)


def html_document(text: str, source: Source) -> Document:
    """As `read_html`, from decoded text."""
    marked, marks = mark_up(text)
    root, tables = tables_of(_resolve(marked))
    walk = Walk(root, tables)
    limits.check(source.path, "blocks", len(walk.blocks), limits.BLOCKS)
    chosen = members(walk.blocks, walk.parents, choose(walk.blocks, walk.parents))
    article = [block for block, inside in zip(walk.blocks, chosen) if inside]
    around = [
        block for block, inside in zip(walk.blocks, chosen) if not inside and block.rows is None
    ]
    blocks = document_blocks(article, GridMaker(source.path))
    flat = not any(isinstance(block, Grid) for block in blocks)
    if flat and (dump := _as_dump(text, article, source)):
        return _with_page(dump, walk, marks, around)
    page = Document(source, blocks, _titles(article, around, marks, walk), {}, "", flat)
    return _with_page(page, walk, marks, around, article)


def _resolve(marked: str) -> str:
    """Entities → characters (`unescape` returns no control characters), invisible characters dropped."""
    if "&" in marked:
        marked = unescape(marked.replace("&nbsp;", "\xa0"))
    if any(character in marked for character in _INVISIBLE):
        marked = INVISIBLE.sub("", marked)
    return marked


def document_blocks(blocks: list[Block], maker: GridMaker) -> tuple[DocumentBlock, ...]:
    """Blocks with their places: "paragraph 12", "table 3, row 7, column 4"."""
    found: list[DocumentBlock] = []
    number = 0
    for block in blocks:
        if block.rows is not None:
            found.append(maker.grid(block.rows, block.spans, block.ends))
            continue
        number += 1
        where = f"paragraph {number}"
        if block.level and len(block.text) <= _HEADING_LENGTH:
            found.append(Heading(block.text, where, block.level))
        else:
            found.append(Paragraph(block.text, where))
    return tuple(found)


def _titles(article: list[Block], around: list[Block], marks, walk: Walk) -> tuple[str, ...]:
    lines = [block for block in article if block.rows is None]
    fields = fields_of_metas(marks.metas) | walk.fields
    candidates = [b.text for b in (*lines[:_TITLE_AREA], *around) if b.level == 1]
    candidates += [fields[key] for key in titles.TITLE_FIELDS if key in fields]
    candidates += [b.text for b in around if b.level and titles.looks_like_title(b.text)]
    candidates += titles.first_lines(b.text for b in lines)
    candidates += [b.text for b in lines[:_TITLE_AREA] if b.centred and not fields_of_line(b.text)]
    return titles.rank([*candidates, *marks.titles])


def _with_page(
    document: Document, walk: Walk, marks, around: list[Block], article: list[Block] = ()
) -> Document:
    """The document with what the page around the article says."""
    metadata = dict(document.metadata)
    lines = [block.text for block in article if block.rows is None]
    for found in (
        walk.fields,
        *map(fields_of_line, [*lines[:_TITLE_AREA], *(b.text for b in around), *lines[-6:]]),
        fields_of_metas(marks.metas),
    ):
        for key, value in found.items():
            metadata.setdefault(key, value)
    footer = footer_of(
        [b.text for b in around if FOOTER.search(b.text) or (b.level and not b.linked)]
        + [line for line in lines[-6:] if FOOTER.search(line)]
    )
    return Document(
        document.source,
        document.blocks,
        document.titles or titles.rank(marks.titles),
        metadata,
        document.footer or footer,
        document.flat,
    )


def _as_dump(text: str, article: list[Block], source: Source) -> Document | None:
    """A page without tables whose text carries column marks is a text dump in HTML clothes (<pre>, or a <p> a row)."""
    from .text import text_document

    if pre := max((match.group(1) for match in _PRE.finditer(text)), key=len, default=""):
        plain = unescape(re.sub(r"<[^>]*>", "", pre))
        if len(plain) * 2 > sum(len(block.text) for block in article):
            return text_document(plain, source)
    lines = [block.text for block in article if block.rows is None]
    if sum(bool(COLUMN_MARK.search(line)) for line in lines) < 5:
        return None
    return text_document("\n".join(lines), source)
