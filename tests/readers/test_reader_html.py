"""HTML: tables, runs, hidden content, the article and what stands around it."""

from __future__ import annotations

import pytest
from reader_samples import doc, grids, prose

from govdisclosure.model import Grid, Heading

ROWS = "<tr><td>规章</td><td>1</td><td>0</td><td>2</td></tr><tr><td>规范性文件</td><td>3</td><td>0</td><td>4</td></tr>"


def test_runs_that_cut_words_and_numbers_are_joined():
    page = "<p><span>本年</span><font>新<b>收</b></font></p><table><tr><td><span>2</span><o:p></o:p><span>6</span></td><td>&nbsp;</td><td>　</td></tr></table>"
    assert prose(doc(page)) == ["本年新收"]
    assert grids(doc(page)) == [[["26", "", ""]]]


def test_line_breaks_inside_a_cell_are_kept_and_other_space_collapses():
    page = "<table><tr><td>商业<br/>企业</td><td><p>其他</p><p>结果</p></td><td>a \n\t b&nbsp;c</td><td>政府\n  信息</td></tr></table>"
    assert grids(doc(page)) == [[["商业\n企业", "其他\n结果", "a b c", "政府信息"]]]


def test_scripts_styles_comments_and_hidden_elements_are_no_text():
    page = (
        "<body><style>p{}</style><script>'<td>9</td>'</script><!-- <td>8</td> --><noscript>7</noscript>"
        "<p>甲<span style='display: none'>6<b>5</b></span>乙</p><div hidden><table>"
        + ROWS
        + "</table></div>"
        "<table><tr><td>a</td><td style='DISPLAY:NONE'>4</td><td>b<select><option>3</select></td></tr></table>"
        "<p style='visibility:hidden'>2<p>丙</body>"
    )
    assert grids(doc(page)) == [[["a", "b 3"]]]
    assert prose(doc(page)) == ["甲乙", "丙"]


def test_an_input_of_type_hidden_and_aria_hidden_hide_nothing_else():
    page = "<div><input type='hidden' value='1'><p aria-hidden='true' style='overflow:hidden'>甲</p></div><p>乙</p>"
    assert prose(doc(page)) == ["甲", "乙"]


def test_spans_follow_the_html_table_model():
    page = (
        "<table><tbody><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c</td><td>d</td></tr>"
        "<tr><td rowspan=9>e</td><td colspan=0>f</td><td rowspan=x>g</td></tr><tr><td>h</td></tr></tbody>"
        "<tbody><tr><td>i</td></tr></tbody></table>"
    )
    assert grids(doc(page)) == [
        [["a", "b", "b"], ["a", "c", "d"], ["e", "f", "g"], ["e", "h", None], ["i", None, None]]
    ]


def test_a_merged_cell_is_one_object_and_places_count_from_one():
    document = doc(
        "<table><tr><td>x</td></tr><tr><td>y</td></tr></table><table><tr><td>k</td><td rowspan=2 colspan=2>v</td></tr><tr><td>m</td></tr></table>"
    )
    grid = next(block for block in document.blocks if isinstance(block, Grid))
    assert grid.rows[0][1] is grid.rows[1][2]
    assert (
        grid.rows[1][0].where == "table 1, row 2, column 1"
        and grid.rows[0][1].where == "table 1, row 1, column 2"
    )
    assert (
        grid.rows[0][1].row,
        grid.rows[0][1].column,
        grid.rows[0][1].rowspan,
        grid.rows[0][1].colspan,
    ) == (0, 1, 2, 2)


def test_broken_markup_reads_as_a_browser_reads_it():
    page = "<table><tr><td>a<td>b<tr><td>c</td>stray<td>d</tr></table><p>后"
    assert grids(doc(page)) == [[["a", "b"], ["c", "d"]]]
    assert prose(doc(page)) == ["stray", "后"]


def test_a_quoted_attribute_may_hold_a_tag():
    page = '<p>前</p><table><tr><td title=\'a>b\'>1</td><td title="<td>9</td>">2</td><td alt="it\'s">3</td></tr></table>'
    assert grids(doc(page)) == [[["1", "2", "3"]]]


def test_layout_tables_are_walked_and_inner_tables_become_grids_in_order():
    page = (
        "<table><tr><td><a href=1>首页</a></td></tr><tr><td><p>一、总体情况</p><table>"
        + ROWS
        + "</table><p>二、其他</p><table>"
        + ROWS
        + "</table></td></tr></table>"
    )
    document = doc(page)
    assert [b.text if not isinstance(b, Grid) else b.where for b in document.blocks] == [
        "一、总体情况",
        "table 1",
        "二、其他",
        "table 2",
    ]


def test_a_table_in_a_cell_of_a_figure_table_follows_it():
    page = (
        "<table>"
        + ROWS
        + "<tr><td>x</td><td><table>"
        + ROWS
        + "</table></td><td>1</td><td>2</td></tr></table>"
    )
    assert [len(grid) for grid in grids(doc(page))] == [3, 2]


def test_prose_rows_split_a_big_table():
    words = "我局认真落实各项要求，" * 12
    page = f"<table>{ROWS}<tr><td colspan=4><p>{words}</p><p>{words}</p><p>{words}</p></td></tr>{ROWS}</table>"
    assert [len(grid) for grid in grids(doc(page))] == [2, 2]
    assert prose(doc(page)) == [words] * 3


PAGE = (
    """<html><head><title>某县2023年政府信息公开工作年度报告_某县人民政府</title><meta name="SiteIDCode" content="3201230001">
<meta name="viewport" content="width=1"></head><body>
<div class=top><ul><li><a href=1>首页</a></li><li><a href=2>政务公开信息公开目录和指南以及各类制度规定</a></li></ul></div>
<div class=main><div class=left><a href=3>三、收到和处理的全部政府信息公开申请栏目</a></div>
<div class=right><table><tr><th>索 引 号</th><td>01/2024</td><th>发布机构：</th><td>某县发改局</td></tr><tr><td>公开日期</td><td>2024-01-17</td><td>文号</td><td></td></tr></table>
<h1>某县发改局2023年政府信息公开工作年度报告</h1><div class=text><p>一、总体情况</p><p>本年我局认真做好政府信息公开工作，依法公开各类信息，及时回应关切。</p>
<p>二、主动公开</p><table>"""
    + ROWS
    + """</table><p>六、其他</p><p>无。</p></div></div></div>
<div class=foot><p>主办单位：某县人民政府　承办单位：某县政府办 网站地图</p><p>网站标识码：3201230001　联系电话：0000-0000000</p></div></body></html>"""
)


def test_the_article_is_told_from_the_page_around_it():
    document = doc(PAGE)
    assert [b.text for b in document.blocks if not isinstance(b, Grid)][0] == "一、总体情况"
    assert prose(document)[-1] == "无。" and not any(
        "首页" in text or "栏目" in text for text in prose(document)
    )
    assert len(grids(document)) == 1


def test_what_the_page_says_about_itself():
    document = doc(PAGE)
    assert document.titles[0] == "某县发改局2023年政府信息公开工作年度报告"
    assert "某县2023年政府信息公开工作年度报告_某县人民政府" in document.titles
    assert {
        "索引号": "01/2024",
        "发布机构": "某县发改局",
        "公开日期": "2024-01-17",
        "SiteIDCode": "3201230001",
        "网站标识码": "3201230001",
        "主办单位": "某县人民政府",
        "承办单位": "某县政府办",
    }.items() <= document.metadata.items()
    assert "viewport" not in document.metadata and "文号" not in document.metadata
    assert "主办单位：某县人民政府" in document.footer


def test_a_form_table_is_never_taken_for_metadata_nor_lost_with_navigation():
    page = (
        "<div><p>主办单位：甲</p></div><div><div><table>"
        + ROWS
        + "</table></div><div><table>"
        + ROWS
        + "</table></div></div>"
    )
    assert len(grids(doc(page))) == 2


def test_headings_keep_their_level():
    document = doc("<h2>一、总体情况</h2><p>正文</p>")
    assert document.blocks[0] == Heading("一、总体情况", "paragraph 1", 2)


@pytest.mark.parametrize(
    "page",
    ["<pre>甲   1<br>乙   2</pre>", "<div style='white-space:pre'>甲   1\n乙   2</div>"],
)
def test_lines_of_a_dump_keep_their_columns_however_they_end(page):
    lines = doc(f"<html><body>{page}</body></html>").blocks
    assert [[(piece.text, piece.x0) for piece in line.pieces] for line in lines] == [
        [("甲", 0), ("1", 5)],
        [("乙", 0), ("2", 5)],
    ]


def test_preformatted_text_is_read_as_a_dump():
    document = doc("<html><body><pre>一、总体情况\n规章 | 1 | | 2\n</pre></body></html>")
    assert document.flat
    assert [[piece.text for piece in line.pieces] for line in document.blocks] == [
        ["一、总体情况"],
        ["规章", "1", "", "2"],
    ]


def test_a_page_of_lines_with_column_marks_is_read_as_a_dump():
    document = doc("<body>" + "".join(f"<p>行{i} | {i} | </p>" for i in range(6)) + "</body>")
    assert document.flat and [b.text for b in document.blocks][:2] == ["行0 0", "行1 1"]


def test_an_unclosed_drawing_ends_at_the_next_block():
    page = "<body><svg><path d='M0 0'><title>图</title><div><p>一、总体情况</p><svg><foreignObject><div>画</div></foreignObject></svg><p>二</p></div>"
    assert prose(doc(page)) == ["一、总体情况", "二"]


def test_what_one_page_says_twice_is_not_kept_from_the_next():
    meta, rest = "<meta name='来源甲' content='某县'>", "<p>一、总体情况</p>"
    again = f"甲{meta}<link href=b>乙{rest}"
    doc(f"<html>{meta}<link href=a>{again}")
    assert doc(f"<html>{again}").metadata["来源甲"] == "某县"
