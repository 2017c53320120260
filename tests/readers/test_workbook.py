"""Workbooks: sheets as they are seen; what a library would spread out without bound is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from reader_samples import doc, grids, prose

from govdisclosure.errors import LimitError, UnreadableFileError


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(*rows) -> tuple[Workbook, object]:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book, book.active


def test_numbers_as_their_format_shows_them():
    book, sheet = sheet_of(["a", 39.4, 0.125, 26.0, 8.4565, 1234])
    for cell, code in zip(sheet[1][1:], ("0", "0.00", "General", "0.0000", "#,##0")):
        cell.number_format = code
    assert grids(doc(saved(book))) == [[["a", "39", "0.13", "26", "8.4565", "1234"]]]


def test_struck_raised_and_hidden():
    book, sheet = sheet_of(["a", None, 99, 5], ["b", 7, 7, 7], ["c", 1, 2, 3])
    sheet["B1"] = CellRichText(
        TextBlock(InlineFont(strike=True), "99"),
        "39",
        TextBlock(InlineFont(vertAlign="superscript"), "1"),
    )
    sheet["C1"].font = Font(strike=True)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("old").append(["x", 1])
    book["old"].sheet_state = "hidden"
    assert grids(doc(saved(book))) == [[["a", "39⁽¹⁾", ""], ["c", "1", "2"]]]


def test_merged_cells_and_prose():
    long = "本机关依法公开信息。" * 12
    book, sheet = sheet_of(["标题", None], [long, None], ["a", 1], [None, 2])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A3:A4")
    document = doc(saved(book))
    assert prose(document) == [long]
    assert grids(document) == [[["标题"]], [["a", "1"], ["a", "2"]]]


@pytest.mark.parametrize("reference", ["A1:XFD1048576"])
def test_an_endless_merge_is_refused_before_it_is_made(reference):
    book, sheet = sheet_of(["a", 1])
    sheet.merge_cells("A3:B3")
    source = zipfile.ZipFile(io.BytesIO(saved(book)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            part = source.read(name)
            package.writestr(name, part.replace(b"A3:B3", reference.encode()))
    with pytest.raises(LimitError, match="cells in a workbook"):
        doc(out.getvalue())


def test_a_far_corner_costs_nothing():
    book, sheet = sheet_of(["a", 1])
    sheet["XFD1048576"] = 5
    assert grids(doc(saved(book))) == [[["a", "1", None], [None, None, "5"]]]


def test_a_damaged_workbook_is_an_error_of_ours():
    data = saved(sheet_of(["a", 1])[0])
    with pytest.raises(UnreadableFileError):
        doc(data[:-40] + b"\0" * 40)
