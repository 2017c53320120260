"""DOCX: what the eye sees of a cell is there, what it does not see is not."""

from __future__ import annotations

import io
import zipfile

import pytest
from reader_samples import doc, docx, grids, p, prose, tbl, tc

OBJECT = "\ufffc"
RUN = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
SHOWN = RUN.format("", "39")
CELLS = {
    "struck": (RUN.format("<w:strike/>", "99") + SHOWN, "39"),
    "struck twice": (RUN.format("<w:dstrike/>", "99") + SHOWN, "39"),
    "strike switched off": (RUN.format('<w:strike w:val="0"/>', "3") + RUN.format("", "9"), "39"),
    "white on white": (RUN.format('<w:color w:val="FFFFFF"/>', "9") + SHOWN, "39"),
    "white on blue": (
        RUN.format('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>', "39"),
        "39",
    ),
    "white on a pattern": (
        RUN.format('<w:color w:val="FFFFFF"/><w:shd w:val="solid" w:color="000000" w:fill="auto"/>', "39"),
        "39",
    ),
    "one point": (RUN.format('<w:sz w:val="2"/>', "9") + SHOWN, "39"),
    "half a point": (RUN.format('<w:sz w:val="1"/>', "9") + SHOWN, "39"),
    "one per cent wide": (RUN.format('<w:w w:val="1"/>', "9") + SHOWN, "39"),
    "always hidden": (RUN.format("<w:specVanish/>", "9") + SHOWN, "39"),
    "a field's code as plain text": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + RUN.format("", "=30+9")
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + RUN.format("", "REF a")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + RUN.format("", "7")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + SHOWN
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "39",
    ),
    "ruby": ("<w:r><w:ruby><w:rt><w:r><w:t>9</w:t></w:r></w:rt><w:rubyBase>" + SHOWN + "</w:rubyBase></w:ruby></w:r>", "39"),
    "raised": (SHOWN + RUN.format('<w:vertAlign w:val="superscript"/>', "1"), "39⁽¹⁾"),
    "raised by its place": (SHOWN + RUN.format('<w:position w:val="6"/>', "[2]"), "39[2]"),
    "lowered by its place": (SHOWN + RUN.format('<w:position w:val="-6"/>', "1"), "39⁽¹⁾"),
    "a figure set high in two runs": (RUN.format('<w:position w:val="6"/>', "3") + RUN.format('<w:position w:val="6"/>', "9"), "39"),
    "a digit moved by a hair": (RUN.format('<w:position w:val="2"/>', "3") + RUN.format("", "9"), "39"),
    "a note's own mark": (
        SHOWN + '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>1</w:t></w:r>',
        "39⁽¹⁾",
    ),
    "an endnote's own mark": (
        SHOWN + '<w:r><w:endnoteReference w:customMarkFollows="1" w:id="1"/><w:t>1</w:t></w:r>',
        "39⁽¹⁾",
    ),
    "digit in a circle": (SHOWN + r"<w:r><w:instrText>EQ \o\ac(○,1)</w:instrText></w:r>", "39⁽¹⁾"),
    "field that draws": (r"<w:r><w:instrText> EQ \x(39)</w:instrText></w:r>", OBJECT),
    "ink": ("<w:r><w:contentPart/></w:r>", OBJECT),
    "letters without a filling": (RUN.format("<w:textFill><w:noFill/></w:textFill>", "9") + SHOWN, "39"),
    "symbol": (
        '<w:r><w:sym w:font="Symbol" w:char="F033"/><w:sym w:font="Symbol" w:char="F039"/></w:r>',
        "39",
    ),
    "symbol of a font of pictures": (
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
        OBJECT,
    ),
    "formula": (
        '<m:oMath xmlns:m="urn:m"><m:r><w:rPr><w:rFonts w:ascii="Cambria Math"/></w:rPr><m:t>39</m:t></m:r></m:oMath>',
        "39",
    ),
    "formula of a power": (
        '<m:oMath xmlns:m="urn:m"><m:sSup><m:e><m:r><m:t>39</m:t></m:r></m:e>'
        "<m:sup><m:r><m:t>1</m:t></m:r></m:sup></m:sSup></m:oMath>",
        "39⁽¹⁾",
    ),
    "fraction": (
        '<m:oMath xmlns:m="urn:m"><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num></m:f></m:oMath>',
        OBJECT,
    ),
    "embedded object": ('<w:r><w:object><o:OLEObject xmlns:o="urn:o"/></w:object></w:r>', OBJECT),
    "text box": (
        f"<w:r><w:pict><w:txbxContent>{p('39')}</w:txbxContent></w:pict></w:r>",
        "39",
    ),
    "white in a text box, whose shape may be of any colour": (
        "<w:r><w:pict><w:txbxContent><w:p>"
        + RUN.format('<w:color w:val="FFFFFF"/>', "39")
        + "</w:p></w:txbxContent></w:pict></w:r>",
        "39",
    ),
    "digits grouped by thin spaces": (RUN.format("", "3\u2009119"), "3119"),
    "text box with a copy for old programs": (
        '<w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:drawing><w:txbxContent>'
        + p("39")
        + "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
        + p("39")
        + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        "39",
    ),
    "drop-down field": (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
        '<w:listEntry w:val="0"/><w:listEntry w:val="39"/></w:ddList></w:ffData></w:fldChar></w:r>',
        "39",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_holds_what_is_seen(name):
    content, seen = CELLS[name]
    body = tbl(tc("行政许可") + f"<w:tc><w:p>{content}</w:p></w:tc>" + tc("5"))
    assert grids(doc(docx(body))) == [[["行政许可", seen, "5"]]]


def test_white_on_a_dark_paragraph_is_seen():
    white = RUN.format('<w:color w:val="FFFFFF"/>', "一、总体情况")
    ground = '<w:pPr><w:shd w:val="clear" w:fill="1F3864"/></w:pPr>'
    assert prose(doc(docx(f"<w:p>{ground}{white}</w:p><w:p>{white}</w:p>"))) == ["一、总体情况"]


def test_parts_are_found_by_their_relations():
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    relation = f'<Relationship Id="rId1" Type="{kind}" Target="/word/styles2.xml"/>'
    styles = '<styles><style styleId="old"><rPr><strike/></rPr></style></styles>'
    runs = RUN.format('<w:rStyle w:val="old"/>', "99") + SHOWN
    data = io.BytesIO(docx(tbl(f"<w:tc><w:p>{runs}</w:p></w:tc>" + tc("5")), styles2=styles))
    with zipfile.ZipFile(data, "a") as package:
        relations = f"<Relationships>{relation}</Relationships>"
        package.writestr("word/_rels/document.xml.rels", relations)
    assert grids(doc(data.getvalue())) == [[["39", "5"]]]


def test_styles_can_hide_and_raise():
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:styleId="old"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:styleId="older"><w:basedOn w:val="old"/></w:style>'
        '<w:style w:styleId="mark"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>'
    )
    runs = (
        RUN.format('<w:rStyle w:val="older"/>', "99")
        + SHOWN
        + RUN.format('<w:rStyle w:val="mark"/>', "1")
    )
    body = tbl(f"<w:tc><w:p>{runs}</w:p></w:tc>" + tc("5"))
    assert grids(doc(docx(body, styles=styles))) == [[["39⁽¹⁾", "5"]]]


def test_a_figure_in_a_table_in_its_cell_is_the_cells():
    inner = "<w:tc>" + tbl(tc("39")) + p("") + "</w:tc>"
    assert grids(doc(docx(tbl(tc("行政许可") + inner + tc("5"))))) == [[["行政许可", "39", "5"]]]


def test_line_ends_before_the_package_are_passed_over():
    assert grids(doc(b"\r\n\r\n" + docx(tbl(tc("a") + tc("1"))))) == [[["a", "1"]]]
