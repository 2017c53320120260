"""Tables of a page as written → grids, prose and metadata: by the HTML table model (HTML Living Standard §4.9.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import accumulate
from typing import NamedTuple

from . import limits
from .fields import fields_of_table
from .placing import OBJECT, Placed, figure_or_mark

_LONG_CELL, _SEVERAL_LINES = 300, 100  # characters of a cell of prose; of one of several lines
_WIDEST = 64  # columns beyond this that no cell starts in are the tail of a misprinted colspan
_REACH = 40  # rows looked back through for a cell that reaches over a row of prose

_INVISIBLE = re.compile("[\0-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WIDE = "[\u2e80-\u9fff\uff00-\uffef，。、；：]"
_LINE_IN_WORD = re.compile(rf"(?<={_WIDE})[ \t\r]*+\n\s*+(?={_WIDE})")
# Thin and narrow spaces between digits group them by threes.
_GROUPED = re.compile("(?<=[0-9])[\u2006\u2008\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


class Block(NamedTuple):
    """A line (``level`` > 0: a heading; ``linked``: characters in links), or a table, with the container it stands in."""

    text: str
    container: int
    level: int = 0
    linked: int = 0
    centred: bool = False
    table: Table | None = None


class Cell(NamedTuple):
    """A cell as written; rowspan 0 reaches to the end of its group. A cell of one line needs no ``blocks``."""

    text: str
    rowspan: int
    colspan: int
    blocks: Sequence[Block] = ()
    centred: bool = False


class Table(NamedTuple):
    """Rows of cells, and the numbers of the rows before which a group ends."""

    rows: list[list[Cell]]
    ends: list[int]


def blocks_of_table(table: Table, container: int) -> tuple[list[Block], dict[str, str]]:
    """(what the table is made of in reading order, fields of a metadata table)."""
    texts = [[cell.text for cell in row] for row in table.rows]
    if not any(map(any, texts)):
        return [], {}
    nested = [any(block.table for cell in row for block in cell.blocks) for row in table.rows]
    fields = None if any(nested) else fields_of_table(texts)
    if fields is not None:
        return [], fields
    prose = [_is_prose(row, within) for row, within in zip(texts, nested)]
    layout = max(map(len, texts)) < 2
    if any(nested) or any(prose):
        figures = sum(len(row) >= 3 and not words for row, words in zip(texts, prose))
        layout = layout or figures < 2
    found: list[Block] = []
    start = 0
    for number, row in enumerate(table.rows):
        if layout or (prose[number] and not _is_crossed(table, number)):
            found += _grid(table, texts, range(start, number), container)
            found += _words(row, container)
            start = number + 1
    return found + _grid(table, texts, range(start, len(texts)), container), {}


def line_text(raw: str) -> str:
    """White space collapsed and stripped; a source line break inside a Chinese word is none (CSS Text 3 §4.1.3)."""
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
    """The lines of a cell joined by line feeds; a table of one row in it is a line, a larger one no text."""
    if len(blocks) == 1 and not blocks[0].table:
        text = blocks[0].text
    else:
        text = "\n".join(filter(None, map(_line_of, blocks)))
    return figure_or_mark(text) if text.startswith("⁽") else text


def _line_of(block: Block) -> str:
    if block.table is None:
        return block.text
    if len(block.table.rows) > 1:
        return OBJECT
    return " ".join(cell.text for cell in block.table.rows[0] if cell.text)


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


def _is_crossed(table: Table, number: int) -> bool:
    """Whether a rowspan from above (or of the row itself) reaches over row `number`."""
    return any(
        cell.rowspan == 0 or above + cell.rowspan > number + (above == number)
        for above in range(max(0, number - _REACH), number + 1)
        for cell in table.rows[above]
    )


def _words(row: list[Cell], container: int) -> Iterator[Block]:
    """The blocks of cells that are no cells of a figure table; pictures say nothing there."""
    for cell in row:
        lines = cell.blocks or (Block(cell.text, container, centred=cell.centred),)
        for block in lines:
            text = block.text.replace(OBJECT, "").strip()
            if text or block.table:
                yield block._replace(text=text)


def _grid(table: Table, texts: list[list[str]], rows: range, container: int) -> list[Block]:
    """A block of some rows, and after it the tables in its cells."""
    if not any(any(texts[number]) for number in rows):
        return []
    ends = [end - rows.start for end in table.ends if rows.start < end < rows.stop]
    part = Table(table.rows[rows.start : rows.stop], ends)
    inner = (block for row in part.rows for cell in row for block in cell.blocks)
    return [
        Block("", container, table=part),
        *(block for block in inner if block.table and len(block.table.rows) > 1),
    ]


def placed(table: Table, report: str) -> list[Placed]:
    """The cells at their places. Spans are cut at the end of their group (rowspan 0 reaches there) and of the table.

    Rows without cells only use up rowspans. Raises LimitError before more places are taken than a report has.
    """
    lines = list(accumulate(map(bool, table.rows), initial=0))  # the line on which each row stands
    ends = _group_ends(len(table.rows), table.ends)
    found: list[Placed] = []
    # What reaches over the row: (first column, behind the last, line it ends before).
    reaching: list[tuple[int, int, int]] = []
    width = 0
    for number, row in enumerate(table.rows):
        if not row:
            continue
        line = lines[number]
        taken = reaching = [span for span in reaching if span[2] > line]
        column, passed, fresh = 0, 0, []
        for text, rowspan, colspan, _, _ in row:
            while passed < len(taken) and taken[passed][0] <= column:
                column = max(column, taken[passed][1])
                passed += 1
            height = 1
            if rowspan != 1:
                end = lines[min(number + (rowspan or ends[number]), ends[number])]
                height = max(end - line, 1)
            found.append(Placed(text, line, column, height, colspan))
            if height > 1:
                fresh.append((column, column + colspan, line + height))
            column += colspan
        width = max(width, column)
        limits.check(report, "table cells", width * (line + 1), limits.CELLS)
        reaching = sorted(reaching + fresh) if fresh else reaching
    return _cut(found, width)


def _group_ends(count: int, ends: list[int]) -> list[int]:
    """For each row the number of the row its group ends before."""
    found: list[int] = []
    for end in [*ends, count]:
        found += [end] * (end - len(found))
    return found


def _cut(cells: list[Placed], width: int) -> list[Placed]:
    if width <= _WIDEST:
        return cells
    width = max(max(cell.column for cell in cells) + 1, _WIDEST)
    return [
        cell._replace(width=min(cell.width, width - cell.column))
        if cell.column + cell.width > width
        else cell
        for cell in cells
    ]
