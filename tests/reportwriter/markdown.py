"""Papers as Markdown, as converters write it: spans are lost, a merged cell is followed by empty ones or by copies."""

from __future__ import annotations

from .model import Paper, Table


def write(paper: Paper, *, rule: bool = True, pipes: bool = True, copies: bool = False) -> bytes:
    """The text in UTF-8.

    ``rule``: a ``|---|`` line under the first row. ``pipes``: rows begin and end in ``|``. ``copies``: a merged cell's
    text stands in every place it covers; else only in the first, the others empty.
    """
    parts = []
    for block in paper.blocks:
        if block.table:
            parts.append(table_text(block.table, rule, pipes, copies))
        else:
            parts.append({"title": "# ", "heading": "## "}.get(block.kind, "") + block.text)
    return ("\n\n".join(parts) + "\n").encode()


def table_text(table: Table, rule: bool, pipes: bool, copies: bool) -> str:
    """One table, every row as wide as the grid."""
    left, right = ("| ", " |") if pipes else ("", "")
    rows = [left + " | ".join(row) + right for row in grid(table, copies)]
    if rule:
        rows.insert(1, left + " | ".join(["---"] * table.width) + right)
    return "\n".join(rows)


def grid(table: Table, copies: bool) -> list[list[str]]:
    """Texts of all places of the grid, row by row."""
    width, height = table.width, len(table.rows)
    places: list[list[str | None]] = [[None] * width for _ in range(height)]
    for r, row in enumerate(table.rows):
        for cell in row:
            c = places[r].index(None)
            text = " ".join(cell.text.split()).replace("|", "\\|")
            for i in range(r, min(height, r + cell.rows)):
                for j in range(c, min(width, c + cell.cols)):
                    places[i][j] = text if copies or (i, j) == (r, c) else ""
    return [[text or "" for text in row] for row in places]
