"""DOCX: merges both ways, wrappers, revisions, numbers that Word makes itself."""

from __future__ import annotations

import time

import pytest
from reader_samples import W, doc, docx, grids, p, prose, tbl, tc

from govdisclosure.errors import LimitError
from govdisclosure.model import Grid, Heading


def test_merged_cells_both_ways_and_rows_that_begin_later():
    restart, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = tbl(
        tc("a", restart) + tc("b", '<w:gridSpan w:val="2"/>'),
        tc("", on) + tc("c") + tc("d"),
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("e") + tc("f"),
    )
    document = doc(docx(body))
    assert grids(document) == [[["a", "b", "b"], ["a", "c", "d"], ["", "e", "f"]]]
    grid = document.blocks[0]
    assert (
        grid.rows[0][0] is grid.rows[1][0]
        and grid.rows[0][0].rowspan == 2
        and grid.rows[0][1].colspan == 2
    )
    assert grid.rows[1][2].where == "table 1, row 2, column 3"


def test_a_merge_whose_rows_disagree_in_width_moves_nothing():
    body = tbl(
        tc("a", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>') + tc("b"),
        tc("", "<w:vMerge/>") + tc("c") + tc("d"),
    )
    assert grids(doc(docx(body))) == [[["a", "a", "b"], ["a", "c", "d"]]]


def test_breaks_tabs_hidden_text_and_revisions():
    body = (
        "<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r><w:ins><w:r><w:t>加</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText>"
        '</w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>现</w:t></w:r></w:p>'
        + tbl(tc("商业").replace("</w:t>", "</w:t><w:br/><w:t>企业</w:t>") + tc("2"))
    )
    document = doc(docx(body))
    assert prose(document) == ["甲", "乙加现"] and grids(document) == [[["商业\n企业", "2"]]]


def test_content_controls_text_boxes_and_nested_tables():
    box = f"<w:p><w:r><w:pict><w:txbxContent>{p('框')}</w:txbxContent></w:pict></w:r></w:p>"
    inner = tbl(tc("x"), tc("y") + tc("z"))
    nested = "<w:tc>" + p("外") + inner + "</w:tc>"
    body = (
        f"<w:sdt><w:sdtContent>{p('控')}</w:sdtContent></w:sdt>"
        + box
        + tbl(tc("1") + tc("2") + tc("3"), tc("4") + tc("5") + tc("6"), nested + tc("7") + tc("8"))
    )
    document = doc(docx(body))
    assert prose(document) == ["控", "框"]
    first, second = grids(document)
    # what a table in a cell shows can't be read there: no blank
    assert first == [["1", "2", "3"], ["4", "5", "6"], ["外\n\ufffc", "7", "8"]]
    assert second == [["x", None], ["y", "z"]]


def test_a_table_of_single_cells_only_places_its_content():
    body = tbl(
        "<w:tc>"
        + p("一、总体情况")
        + tbl(tc("a") + tc("b"), tc("c") + tc("d"))
        + p("后")
        + "</w:tc>"
    )
    assert [b.text if not isinstance(b, Grid) else "grid" for b in doc(docx(body)).blocks] == [
        "一、总体情况",
        "grid",
        "后",
    ]


def test_headings_by_style_and_outline_level():
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="2"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="x"><w:basedOn w:val="2"/></w:style></w:styles>'
    )
    body = p("甲", '<w:pStyle w:val="x"/>') + p("乙", '<w:outlineLvl w:val="0"/>') + p("丙")
    assert [getattr(b, "level", 0) for b in doc(docx(body, styles=styles)).blocks] == [2, 1, 0]
    assert isinstance(doc(docx(body, styles=styles)).blocks[0], Heading)


def test_automatic_numbers_are_written_out():
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr>'
    body = p("总体情况", numbered) + p("正文") + p("主动公开", numbered)
    assert prose(doc(docx(body, numbering=numbering))) == ["一、总体情况", "正文", "二、主动公开"]


def test_an_automatic_number_is_no_digit_of_the_figure_behind_it():
    numbering = (
        '<numbering><abstractNum abstractNumId="0"><lvl ilvl="0"><lvlText val="%1."/></lvl></abstractNum>'
        '<num numId="5"><abstractNumId val="0"/></num></numbering>'
    )
    numbered = '<w:p><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr>{}</w:p>'
    cells = [numbered.format(""), numbered.format("<w:r><w:t>25</w:t></w:r>"), p("7")]
    body = tbl("".join(f"<w:tc>{cell}</w:tc>" for cell in cells))
    assert grids(doc(docx(body, numbering=numbering))) == [[["1.", "2. 25", "7"]]]


def test_the_runs_of_a_paragraph_cost_linear_time():
    """Each run looked for the style of its paragraph among all the others: RTF made so took half a minute."""
    run, times = "<w:r><w:t>甲</w:t></w:r>", []
    for count in (30_000, 5_000):
        data = docx(f"<w:p>{run * count}</w:p>")
        began = time.process_time()
        doc(data)
        times.append(time.process_time() - began)
    assert times[0] < 15 * times[1]


def test_more_tags_than_any_report_has_are_refused():
    with pytest.raises(LimitError, match="tags in word/document.xml"):
        doc(docx("<w:p/>" * 400_000))
