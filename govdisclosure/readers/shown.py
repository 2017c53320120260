"""What a page or a document shows, blocks and tables as written, → Document.

The article is found among the blocks, tables become grids, prose and metadata by the HTML table
model (HTML Living Standard §4.9.12).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import accumulate, chain, count, product
from typing import NamedTuple

from ..model import Block as DocumentBlock
from ..model import Document, Heading, Line, Piece, Source
from . import fields, limits
from .placing import OBJECT, Placed, Placer, figure_or_mark

COLUMN_MARK = re.compile("[|｜│┃\t]")
SECTION = re.compile(r"[一二三四五六七八九]\s?[、.．]")
_TITLE_AREA, _HEADING_LENGTH, _END_AREA = 8, 120, 6
_PROSE = 25  # shorter lines are as often navigation
_MARKED = 5  # lines with column marks make a dump
_FOOT = 200  # longer lines are prose even if they give an address
_SHARE = 0.5  # of the prose a container must keep to be the article
_LINKS = 0.8  # of a line in links makes it one of links
_LONG_CELL, _SEVERAL_LINES = 300, 100  # characters of a cell of prose; of one of several lines

_INVISIBLE = re.compile("[\0-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WIDE = "[\u2e80-\u9fff\uff00-\uffef，。、；：]"
_LINE_IN_WORD = re.compile(rf"(?<={_WIDE})[ \t\r]*+\n\s*+(?={_WIDE})")
# Thin and narrow spaces between digits group them by threes.
_GROUPED = re.compile("(?<=[0-9])[\u2006\u2008\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_new = tuple.__new__
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


class Block(NamedTuple):
    """A line (``level`` > 0: a heading; ``linked``: characters in links), or a table, with the
    container it stands in.
    """

    text: str
    container: int
    level: int = 0
    linked: int = 0
    table: list[list[Cell]] | None = None


class Cell(NamedTuple):
    """A cell as written; rowspan 0 reaches to the end of its group. A cell of one line needs no
    ``blocks``.
    """

    text: str
    rowspan: int
    colspan: int
    blocks: Sequence[Block] = ()


@dataclass
class Shown:
    """What a page or a document of another format shows. ``parents[i]`` is the container around
    container i.

    ``fields``: of metadata tables; ``titles`` and ``metas`` as a page's head gives
    them, ``preformatted`` texts as they are written.
    """

    blocks: list[Block] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])
    metas: dict[str, str] = field(default_factory=dict)
    preformatted: list[str] = field(default_factory=list)


def blocks_of_table(table: list[list[Cell]], container: int) -> tuple[list[Block], dict[str, str]]:
    """(what the rows are made of in reading order, fields of a metadata table)."""
    texts = [[cell.text for cell in row] for row in table]
    if not any(map(any, texts)):
        return [], {}
    nested = [any(block.table for block in _blocks_in(row)) for row in table]
    if not any(nested) and (said := fields.fields_of_table(texts)) is not None:
        return [], said
    prose = list(map(_is_prose, texts, nested))
    # Of figures is a table with two rows of three cells; without any prose one row of two is
    # enough.
    rows, cells = (2, 3) if any(prose) or any(nested) else (1, 2)
    full = (len(row) >= cells and not words for row, words in zip(table, prose))
    if sum(full) < rows:  # the layout of the page
        return [block for row in table for block in _words(row, container)], {}
    return list(_parts(table, prose, container)), {}


def _parts(table: list[list[Cell]], prose: list[bool], container: int) -> Iterator[Block]:
    """Grids, and between them the rows of prose over which no cell of a grid reaches."""
    start = reached = 0  # the rows at which a grid begins, and before which it does not end
    for number, row in enumerate(table if any(prose) else ()):
        crossed = reached > number or any(cell.rowspan != 1 for cell in row)
        reached = max([reached, *(number + cell.rowspan for cell in row)])
        if prose[number] and not crossed:
            yield from _grid(table[start:number], container)
            yield from _words(row, container)
            start = number + 1
    yield from _grid(table[start:], container)


def line_text(raw: str) -> str:
    """White space collapsed and stripped; a source line break inside a Chinese word is none (CSS
    Text 3 §4.1.3).
    """
    if raw.isalnum():
        return raw
    if not raw.isprintable():
        raw = _GROUPED.sub("", _INVISIBLE.sub("", raw).strip())
        if "\n" in raw:
            raw = _LINE_IN_WORD.sub("", raw)
    if "&" in raw:  # escaped once too often
        raw = _ENTITY.sub(lambda entity: unescape(entity[0]), raw)
    return " ".join(raw.split())


def cell_text(blocks: Sequence[Block]) -> str:
    """The lines of a cell joined by line feeds; a table of one row in it is a line, a larger one no
    text.
    """
    text = "\n".join(filter(None, map(_line_of, blocks)))
    return figure_or_mark(text) if text.startswith("⁽") else text


def _line_of(block: Block) -> str:
    if not block.table:
        return block.text
    return OBJECT if len(block.table) > 1 else " ".join(c.text for c in block.table[0] if c.text)


def _is_prose(texts: list[str], nested: bool) -> bool:
    """A table row that is no row of figures: its only text is prose, or it holds a table."""
    filled = [text for text in texts if text and text != OBJECT]
    if len(filled) > 2:
        return False
    if nested:
        return len(filled) <= 1
    return any(
        len(text) >= _LONG_CELL or (len(text) >= _SEVERAL_LINES and text.count("\n") >= 2)
        for text in filled
    )


def _blocks_in(cells: list[Cell]) -> Iterator[Block]:
    return (block for cell in cells for block in cell.blocks)


def _words(row: list[Cell], container: int) -> Iterator[Block]:
    """The blocks of cells that are no cells of a figure table; pictures say nothing there."""
    for cell in row:
        for block in cell.blocks or (Block(cell.text, container),):
            text = block.text.replace(OBJECT, "").strip()
            if text or block.table:
                yield block._replace(text=text)


def _grid(rows: list[list[Cell]], container: int) -> list[Block]:
    """A block of some rows, and after it the tables in its cells."""
    cells = list(chain.from_iterable(rows))
    if not any(cell.text for cell in cells):
        return []
    large = (block for block in _blocks_in(cells) if block.table and len(block.table) > 1)
    return [Block("", container, table=rows), *large]


def placed(rows: list[list[Cell]], report: str) -> list[Placed]:
    """The cells at their places. Spans are cut at the end of the table.

    Rows without cells only use up rowspans. Raises LimitError before more places are taken than a
    report has.
    """
    lines = list(accumulate(map(bool, rows), initial=0))  # the line on which each row stands
    places = 0
    found: list[Placed] = []
    taken: set[tuple[int, int]] = set()  # the places that a cell above reaches over
    for number, row in enumerate(rows):
        line, column = lines[number], 0
        for text, rowspan, colspan, _ in row:
            while (line, column) in taken:
                column += 1
            height = 1
            if rowspan > 1:
                height = lines[min(number + rowspan, len(rows))] - line
                places += (height - 1) * colspan
                limits.check(report, "table cells", places, limits.CELLS)
                below = range(line + 1, line + height)
                taken.update(product(below, range(column, column + colspan)))
            found.append(_new(Placed, (text, line, column, height, colspan)))
            column += colspan
    return found


# ---------------------------------------------------------------- the document
def shown_document(shown: Shown, source: Source) -> Document:
    """The article of a page, or the whole of another document, with what it says of itself."""
    limits.check(source.path, "blocks", len(shown.blocks), limits.BLOCKS)
    article, around = _article(shown)
    lines = [block for block in article if not block.table]
    head, end = [*lines[:_TITLE_AREA], *around], lines[-_END_AREA:]
    texts = [block.text for block in lines]
    titles = fields.titles_of(head, texts, shown.metas | shown.fields, shown.titles)
    blocks = tuple(document_blocks(article, Placer(source.path)))
    flat = len(lines) == len(article)
    document = Document(source, blocks, titles, {}, "", flat)
    if flat and (dump := _as_dump(texts, "\n".join(shown.preformatted), source)):
        document = replace(dump, titles=dump.titles or titles)
    metadata = document.metadata
    said = (fields.fields_of_line(block.text) for block in (*head, *end))
    for found in (shown.fields, *said, shown.metas):
        metadata = metadata | found | metadata
    beside = [b for b in around if fields.FOOTER.search(b.text) or (b.level and not b.linked)]
    last = [block for block in end if fields.FOOTER.search(block.text)]
    footer = document.footer or fields.footer_of([block.text for block in (*beside, *last)])
    return replace(document, metadata=metadata, footer=footer)


# ---------------------------------------------------------------- the article
def _article(shown: Shown) -> tuple[list[Block], list[Block]]:
    """(the blocks of the article, the lines around it); lines of links at its ends are no part of
    it.
    """
    inside = {_choose(shown.blocks, shown.parents)}
    for container, around in enumerate(shown.parents):
        if around in inside:
            inside.add(container)
    own = [
        number
        for number, block in enumerate(shown.blocks)
        if block.container in inside and (block.table or block.linked < _LINKS * len(block.text))
    ]
    kept = range(own[0], own[-1] + 1) if own else range(0)
    article: list[Block] = []
    beside: list[Block] = []
    for number, block in enumerate(shown.blocks):
        if number in kept and block.container in inside:
            article.append(block)
        elif not block.table:
            beside.append(block)
    return article, beside


def _choose(blocks: Sequence[Block], parents: Sequence[int]) -> int:
    """The innermost container that holds every table and section heading and most of the prose.

    Where none does (an article cut over several), too much is kept rather than a table lost.
    """
    count = len(parents)
    weights, musts = [0] * count, [0] * count
    for block in blocks:
        weight, must = _evidence(block)
        weights[block.container] += weight
        musts[block.container] += must
    for i in range(count - 1, 0, -1):
        weights[parents[i]] += weights[i]
        musts[parents[i]] += musts[i]
    best = 0
    for i in range(1, count):  # a container stands after the one around it
        if parents[i] == best and musts[i] == musts[0] and weights[i] >= _SHARE * weights[best] > 0:
            best = i
    return best


def _evidence(block: Block) -> tuple[int, bool]:
    if block.table:
        return sum(map(len, block.table)), len(block.table) >= 2
    free = len(block.text) - block.linked
    said = free >= _FOOT or (free >= _PROSE and not fields.FOOTER.search(block.text))
    return free * said, not block.linked and SECTION.match(block.text) is not None


def document_blocks(blocks: list[Block], placer: Placer) -> Iterator[DocumentBlock]:
    """Blocks with their places: "paragraph 12", "table 3, row 7, column 4"; grids are numbered by
    `placer`.
    """
    numbers = count(1)
    for block in blocks:
        if block.table:
            yield placer.grid(placed(block.table, placer.report))
            continue
        where = f"paragraph {next(numbers)}"
        if block.level and len(block.text) <= _HEADING_LENGTH:
            yield Heading(block.text, where, block.level)
        else:
            yield Line((Piece(block.text, where),), where)


def _as_dump(texts: list[str], plain: str, source: Source) -> Document | None:
    """A page without tables whose text carries column marks is a text dump in HTML clothes (<pre>,
    or a <p> a row).
    """
    from .plaintext import text_document

    if len(plain) * 2 > sum(map(len, texts)):
        return text_document(plain, source)
    marked = sum(bool(COLUMN_MARK.search(text)) for text in texts)
    return text_document("\n".join(texts), source) if marked >= _MARKED else None
