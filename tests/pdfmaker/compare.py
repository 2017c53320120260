"""Does a Document hold the tables and the prose that were put into the PDF?"""

from __future__ import annotations

from collections import Counter

import pypdfium2

from govdisclosure.decode import decode_document
from govdisclosure.model import Document, Grid, Line

from .forms import Spec


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def squeeze(text: str) -> str:
    return "".join(text.split())


def differences(document: Document, specs: list[Spec]) -> list[str]:
    """What differs between the grids read and the tables drawn: the texts of each column. Empty: all right."""
    read = grids(document)
    if len(read) != len(specs):
        return [f"{len(read)} grids instead of {len(specs)}"]
    return [
        f"table {i}: {d}"
        for i, (grid, spec) in enumerate(zip(read, specs), 1)
        for d in _grid(grid, spec)
    ]


def _grid(grid: Grid, spec: Spec) -> list[str]:
    """The texts of each column, one after the other, whatever cells page breaks cut in two."""
    texts = [_columns(grid.rows), _columns(spec.places())]
    if len(texts[0]) != len(texts[1]):
        return [f"{len(texts[0])} columns instead of {len(texts[1])}"]
    return [f"column {c + 1}: {b} instead of {a}" for c, (b, a) in enumerate(zip(*texts)) if a != b]


def _columns(rows) -> list[str]:
    texts, seen = [""] * len(rows[0]), set()
    for row in rows:
        for c, cell in enumerate(row):
            if cell and id(cell) not in seen:
                seen.add(id(cell))
                texts[c] += squeeze(cell.text)
    return texts


def missing_prose(document: Document, texts: list[str]) -> list[str]:
    """Paragraphs that were drawn and whose lines do not come back one after the other."""
    read = squeeze("".join(block.text for block in document.blocks if isinstance(block, Line)))
    return [text for text in texts if squeeze(text.lstrip("# ")) not in read]


def not_printed(data: bytes, specs: list[Spec]) -> list[str]:
    """Cells whose characters the printing program left out of the PDF: its mistake, not the reader's."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        letters = Counter(squeeze("".join(page.get_textpage().get_text_range() for page in pdf)))
    finally:
        pdf.close()
    wanted = Counter("".join(cell.text for spec in specs for row in spec.rows for cell in row))
    return [
        f"{char}: {letters[char]} of {count}"
        for char, count in wanted.items()
        if letters[char] < count
    ]


def judge(
    document: Document, figures: dict[tuple[str, str, str], str]
) -> tuple[int, list[str], list[str]]:
    """How many cells the parser fills right, and which it fills wrong or leaves out.

    A figure read as blank is wrong, and so is a blank read as a figure.
    """
    record = decode_document(document, report_id="made")
    read = {(cell.table, cell.row, cell.column): cell for cell in record.cells}
    wrong, left_out = [], []
    for key, text in figures.items():
        cell = read.get(key)
        if cell is None or cell.status in ("absent", "unreadable"):
            left_out.append(f"{'.'.join(key)}: {text}, {cell and cell.status}")
        elif squeeze(cell.text) != text or (cell.status == "blank") != (text == ""):
            wrong.append(f"{'.'.join(key)}: {cell.text!r}, {cell.status}, instead of {text!r}")
    return len(figures) - len(wrong) - len(left_out), wrong, left_out
