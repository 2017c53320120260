"""Papers as Word documents, with cells merged both ways."""

from __future__ import annotations

import io

from .model import Paper, Table


def write(paper: Paper) -> bytes:
    """The document's bytes. Needs python-docx; the time stamps inside are fixed, so equal papers give equal bytes."""
    import docx

    document = docx.Document()
    _fix_dates(document)
    for block in paper.blocks:
        if block.kind == "table":
            _add_table(document, block.table)
        elif block.kind == "title":
            document.add_heading(block.text, 0)
        else:
            document.add_paragraph().add_run(block.text).bold = block.kind == "heading"
    return _settled(document)


def _fix_dates(document) -> None:
    from datetime import datetime

    core = document.core_properties
    core.created = core.modified = datetime(2024, 1, 2)
    core.author, core.title = "", ""


def _add_table(document, table: Table) -> None:
    made = document.add_table(len(table.rows), table.width, style="Table Grid")
    grid = [list(row.cells) for row in made.rows]
    taken = [[False] * table.width for _ in table.rows]
    for r, row in enumerate(table.rows):
        for cell in row:
            c = taken[r].index(False)
            bottom, right = min(len(grid), r + cell.rows) - 1, min(table.width, c + cell.cols) - 1
            for i in range(r, bottom + 1):
                taken[i][c : right + 1] = [True] * (right + 1 - c)
            place = grid[r][c]
            if (bottom, right) != (r, c):
                place = place.merge(grid[bottom][right])
            place.text = cell.text


def _settled(document) -> bytes:
    """Zip members get one fixed date: saving twice gives the same bytes."""
    import zipfile

    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, (2024, 1, 2, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()
