"""Workbooks: sheets as they are seen; what a library would spread out without bound is refused."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill
from reader_samples import doc, grids, prose

from govdisclosure.errors import LimitError, UnreadableFileError


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(data: bytes, *pairs: tuple[bytes, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in pairs:
                part = part.replace(before, after)
            new.writestr(name, part)
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


@pytest.mark.parametrize(
    "value, code, text",
    [
        (521500, '0.00,"万元"', "521.50万元"),
        (521500, '0!.0000"万"', "52.1500万"),
        (124, '0"件"', "124件"),
        (0.391, "0.0%", "39.1%"),
        (0, "#,##0;-#,##0;", ""),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-"),
        (39, ";;;", ""),
        (-5, "增0;减0;0", "减5"),
        (-39, "#,##0_);(#,##0)", "(39)"),
        (7, "[Blue]000", "007"),
        (39, "[$¥-804]#,##0.0", "¥39.0"),
        (39, "[DBNum1][$-804]General", "\ufffc"),
        (0.5, "# ?/?", "\ufffc"),
        (3119.0000000001, "General", "3119"),
        (39, "GENERAL", "39"),
        (39, 'G/通用格式"件"', "39件"),
        (39, "[RED]0", "39"),
        (39, "[Color10]0", "39"),
    ],
)
def test_what_a_number_format_shows(value, code, text):
    book, sheet = sheet_of(["a", value, 1])
    sheet["B1"].number_format = code
    assert grids(doc(saved(book))) == [[["a", text, "1"]]]


def test_white_small_and_folded_away():
    book, sheet = sheet_of(["a", 9, 39, 8, 7], ["b", 1, 2, 3, 4])
    sheet["B1"].font = Font(color="FFFFFFFF")
    sheet["C1"].font, sheet["C1"].fill = (
        Font(color="FFFFFFFF"),
        PatternFill("solid", fgColor="000000"),
    )
    sheet["D1"].font = Font(sz=1)
    sheet.column_dimensions["E"].width = 77
    sheet.append(["c", 5])
    sheet.row_dimensions[3].height = 77
    data = rewritten(saved(book), (b'width="77"', b'width="0"'), (b'ht="77"', b'ht="0"'))
    assert grids(doc(data)) == [[["a", "", "39", ""], ["b", "1", "2", "3"]]]


def test_text_on_a_pattern_is_seen_and_text_in_the_colour_of_its_ground_is_not():
    book, sheet = sheet_of(["a", 9, 39, 7])
    sheet["B1"].font, sheet["B1"].fill = Font(color="FF1F3864"), PatternFill("solid", "FF1F3864")
    sheet["C1"].font, sheet["C1"].fill = Font(color="FF000000"), PatternFill("gray125")
    assert grids(doc(saved(book))) == [[["a", "", "39", "7"]]]


def test_white_of_the_old_palette_and_a_figure_that_is_raised_as_a_whole():
    book, sheet = sheet_of(["a", 9, 39, 7])
    sheet["B1"].font = Font(color=Color(indexed=9))
    sheet["C1"].font = Font(color=Color(indexed=8), vertAlign="superscript")
    assert grids(doc(saved(book))) == [[["a", "", "39", "7"]]]


def test_zeros_that_a_sheet_does_not_show_are_blanks():
    book, sheet = sheet_of(["a", 0, 10, "0"])
    sheet.sheet_view.showZeros = False
    assert grids(doc(saved(book))) == [[["a", "", "10", "0"]]]


def test_a_formula_that_was_never_computed_shows_what_is_not_told():
    book, sheet = sheet_of(["a", "=1+1", "=39", '=""', 5])
    computed = (
        (b"<f>39</f><v></v>", b"<f>39</f><v>39</v>"),
        (b"<f>39</f><v/>", b"<f>39</f><v>39</v>"),
    )
    empty = (b'<c r="D1"><f>', b'<c r="D1" t="str"><f>')
    data = rewritten(saved(book), *computed, empty)
    assert grids(doc(data)) == [[["a", "\ufffc", "39", "", "5"]]]


def test_line_ends_that_are_escaped():
    book, sheet = sheet_of(["规_x000D_\n章", 39])
    assert grids(doc(saved(book))) == [[["规\r\n章", "39"]]]


def test_a_merged_cell_stands_over_what_is_under_it_and_blank_columns_end_no_table():
    book, sheet = sheet_of(["规章", None, 39], ["其他", 5, 7])
    sheet.merge_cells("A1:B1")
    sheet["H1"].fill = PatternFill("solid", "FFFFFF00")
    data = rewritten(saved(book), (b'<c r="C1"', b'<c r="B1"><v>77</v></c><c r="C1"'))
    expected = [[["规章", "规章", "39"], ["其他", "5", "7"]]]
    assert grids(doc(data)) == expected


def test_a_merged_cell_shows_as_long_as_any_of_its_columns():
    book, sheet = sheet_of(["规章", None, 39])
    sheet.merge_cells("A1:B1")
    sheet.column_dimensions["A"].hidden = True
    assert grids(doc(saved(book)))[0][0][-2:] == ["规章", "39"]


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


def test_a_place_that_the_file_leaves_out_is_a_blank_cell():
    book, sheet = sheet_of(["", "甲", "乙", "丙"], ["规章", 1, None, None], ["其他", None, None, 3])
    assert grids(doc(saved(book)))[0][1:] == [["规章", "1", "", ""], ["其他", "", "", "3"]]


def test_a_far_corner_costs_nothing():
    book, sheet = sheet_of(["a", 1])
    sheet["XFD1048576"] = 5
    assert grids(doc(saved(book))) == [[["a", "1", ""], ["", "", "5"]]]


def test_a_damaged_workbook_is_an_error_of_ours():
    data = saved(sheet_of(["a", 1])[0])
    with pytest.raises(UnreadableFileError):
        doc(data[:-40] + b"\0" * 40)


ODS = """<office:document-content xmlns:office="urn:o" xmlns:style="urn:s" xmlns:table="urn:t" xmlns:text="urn:x" xmlns:fo="urn:f">
<style:style style:name="old"><style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="high"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="away"><style:table-properties table:display="false"/></style:style>
<table:table table:name="a">{}</table:table>
<table:table table:name="b" table:style-name="away"><table:table-row><table:table-cell><text:p>9</text:p></table:table-cell></table:table-row></table:table>
</office:document-content>"""


NO_ZEROS = """<office:document-settings xmlns:office="urn:o" xmlns:config="urn:c">
<config:config-item config:name="ShowZeroValues" config:type="boolean">false</config:config-item></office:document-settings>"""


def ods(*rows: str, settings: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        if settings:
            package.writestr("settings.xml", settings)
        package.writestr("content.xml", ODS.format("".join(rows)))
    return out.getvalue()


def ods_row(*texts: str, attributes: str = "") -> str:
    cells = "".join(f"<table:table-cell>{text}</table:table-cell>" for text in texts)
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def test_an_ods_shows_the_texts_of_its_cells():
    blank = '<table:table-cell table:number-columns-repeated="2"/>'
    shown = '<text:p>39<text:span text:style-name="high">1</text:span><text:span text:style-name="old">7</text:span></text:p>'
    data = ods(
        f'<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>规章</text:p></table:table-cell><table:covered-table-cell/>{blank}</table:table-row>',
        ods_row("<text:p>a</text:p>", shown, "", "<text:p>52.15万</text:p>"),
        ods_row("<text:p>b</text:p>", "<text:p>8</text:p>", attributes='table:visibility="collapse"'),
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )  # fmt: skip
    assert grids(doc(data)) == [[["规章", "规章", ""], ["a", "39⁽¹⁾", "52.15万"]]]


def test_an_ods_whose_figures_have_no_text_shows_their_values():
    cell = '<table:table-cell office:value-type="float" office:value="39"/>'
    data = ods(
        f"<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>{cell}</table:table-row>"
    )
    assert grids(doc(data)) == [[["a", "39"]]]


def test_zeros_that_an_ods_does_not_show_are_blanks():
    cell = '<table:table-cell office:value-type="{1}" office:value="{0}" table:number-columns-repeated="2"><text:p>{0}</text:p></table:table-cell>'
    row = (
        f"<table:table-row>{cell.format(0, 'currency')}{cell.format(39, 'float')}</table:table-row>"
    )
    assert grids(doc(ods(row))) == [[["0", "0", "39", "39"]]]
    assert grids(doc(ods(row, settings=NO_ZEROS))) == [[["", "", "39", "39"]]]


@pytest.mark.parametrize(
    "attributes",
    ['table:number-rows-repeated="1048576"', 'table:number-columns-repeated="99999999"'],
)
def test_an_ods_repeated_without_end_is_refused(attributes):
    row = f"<table:table-row {attributes}><table:table-cell {attributes}><text:p>1</text:p></table:table-cell></table:table-row>"
    with pytest.raises(LimitError):
        doc(ods(row))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice writes the .xls")
def test_an_xls_is_read_as_the_xlsx_it_was(tmp_path):
    book, sheet = sheet_of(
        ["规章", 521500, 39, 99, None, 7], ["b", 0, -5, 1, 2, 8], ["c", 1, 2, 3, 4, 5]
    )
    sheet["B1"].number_format, sheet["C2"].number_format = '0.00,"千元"', '0.0"件"'
    sheet["B2"].number_format, sheet["D2"].number_format = "#,##0;-#,##0;", ";;;"
    sheet["D1"].font = Font(strike=True)
    sheet.merge_cells("D1:E1")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["F"].hidden = True
    book.create_sheet("old").append(["x", 1])
    book["old"].sheet_state = "hidden"
    path = tmp_path / "report.xlsx"
    path.write_bytes(saved(book))
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
    ]
    for kind in ("xls", "ods"):
        subprocess.run(
            [*command, kind, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True
        )
        assert grids(doc(path.with_suffix(f".{kind}").read_bytes())) == grids(doc(saved(book)))
