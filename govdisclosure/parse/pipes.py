"""Lines of cells set off by column marks whose places are true columns → grid rows.

Only a table that keeps empty cells where merged cells were (Markdown, mostly) has true columns: its headers stand
right of all its row labels. A dump that drops those cells shifts them to the left, and is left to `flow`.
"""

from __future__ import annotations

from ..model import GridCell, Paragraph
from ..normalize import number
from .grids import GridRow, Row, row_of
from .lexicon import Lexicon

FEWEST_COLUMNS = 4


def physical_lines(paragraphs: list[Paragraph]) -> list[list[Paragraph]]:
    """Paragraphs by the line they stand on."""
    lines: list[list[Paragraph]] = []
    for p in paragraphs:
        if p.breaks or not lines:
            lines.append([])
        lines[-1].append(p)
    return lines


def has_true_columns(paragraphs: list[Paragraph], words: Lexicon) -> bool:
    """Whether headers stand right of every row label, on lines with as many cells as a table of several columns has."""
    heads, labels = [], []
    for line in physical_lines(paragraphs):
        found = [(p, words.find(p.text)) for p in line]
        columns = [p.column for p, m in found if m.kind == "column" and m.header]
        if len(columns) >= FEWEST_COLUMNS:
            heads.append(min(columns))
        figures = [p.column for p in line if number(p.text).status != "unreadable"]
        named = [
            p.column for p, m in found if m.kind == "row" and (not figures or p.column < figures[0])
        ]
        if named and figures:
            labels.append(max(named))
    return bool(heads and labels) and min(heads) > max(labels) and min(heads) > 1


def grid_rows(paragraphs: list[Paragraph]) -> list[Row]:
    """Each line as a row of cells at their columns; empty cells are blank."""
    lines = physical_lines(paragraphs)
    ends = [line[0].marks - line[0].column for line in lines[1:]] or [0]
    first = min((line[0].column for line in lines), default=0)
    closing = min(
        ends
    )  # a mark that ends every line closes it; what is more than that are empty cells
    width = (
        max((line[-1].column + end for line, end in zip(lines, ends)), default=0)
        + 1
        - first
        - closing
    )
    return [row_of(_row(line, r, width, first)) for r, line in enumerate(lines)]


def _row(line: list[Paragraph], r: int, width: int, first: int) -> GridRow:
    texts = {p.column - first: p for p in line}
    return tuple(
        GridCell(texts[x].text, texts[x].where, r, x)
        if x in texts
        else GridCell("", line[0].where, r, x)
        for x in range(width)
    )
