"""Text dumps and Markdown: what counts is that every blank stays countable."""

from __future__ import annotations

import pytest
from reader_samples import doc, grids, prose

from govdisclosure.model import Grid, Heading


def lines(text: str) -> list[list[str]]:
    return [[piece.text for piece in line.pieces] for line in doc(text).blocks]


def test_marks_set_pieces_off_and_keep_blank_cells():
    assert lines("a | b | | d\n c") == [["a", "b", "", "d"], ["c"]]


@pytest.mark.parametrize("mark", ["|", "｜", "│", "┃", "\t"])
def test_every_kind_of_column_mark(mark):
    assert lines(f"规章{mark}1{mark}{mark}2") == [["规章", "1", "", "2"]]


def test_marks_glued_together_at_the_end_of_a_line_only_fill_it_up():
    assert lines("甲 | 1 |  ||\n乙 | 1 |  |\n||\n丁|1||") == [
        ["甲", "1", ""],
        ["乙", "1", "", ""],
        ["丁", "1", "", ""],
    ]
    assert lines("甲 | 1 | 2 ||||") == [["甲", "1", "2"]]


def test_bars_that_frame_lines_are_no_cells_but_a_bar_before_one_line_is():
    assert lines("| 甲 | 1 |  |\n| 乙 | 2 | 3 |") == [["甲", "1", ""], ["乙", "2", "3"]]
    assert lines("甲 | 1 | 2\n乙 | 2 | 3\n | 5 | 6")[2] == ["", "5", "6"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f", "\u2028"])
def test_every_kind_of_line_end(end):
    assert lines(f"甲{end}{end}乙") == [["甲"], ["乙"]]


@pytest.mark.parametrize(
    "rule", ["---|---", "|---|:--:|", "-----", "=====", "+----+----+", "├──┼──┤", "|:-|-:|"]
)
def test_drawn_rules_vanish_with_their_marks(rule):
    assert lines(f"| 甲 | 乙 |\n{rule}\n| 1 | 2 |") == [["甲", "乙"], ["1", "2"]]


@pytest.mark.parametrize("value", ["-", "--", "—", "——", "/", "+3", "-11", "０"])
def test_values_are_no_rules_and_stay_as_printed(value):
    assert [value] in lines(f"规章\n{value}\n2")
    assert lines(f"规章 | {value} | {value}") == [["规章", value, value]]


def test_places():
    places = [[piece.where for piece in line.pieces] for line in doc("甲\n\n乙 | 丙").blocks]
    assert places == [["line 1"], ["line 3, piece 1", "line 3, piece 2"]]


def test_white_space_sets_pieces_off_and_gives_them_columns():
    line = doc("规章      12   3\n规范文件  345  67\n行政许可  100   0").blocks[0]
    assert [(p.text, p.x0, p.x1) for p in line.pieces] == [("规章", 0, 4), ("12", 10, 12), ("3", 15, 16)]  # fmt: skip
    narrow = doc(
        "规章      12    3    4\n规范文件   345  367    5\n行政许可   345  367    5"
    ).blocks
    assert (
        narrow[0].pieces[0].x1 == 2
    )  # here figures stand under each other if a character counts one


def test_delimited_text_is_lines_of_cells():
    rows = "".join(f"行{n};;{n};5\n" for n in range(8))
    assert lines("某县年报\n" + rows)[:2] == [["某县年报"], ["行0", "", "0", "5"]]
    assert lines("一、甲，乙，丙，丁，戊。\n正文,有逗号,也有,四个。\n") == [
        ["一、甲，乙，丙，丁，戊。"],
        ["正文,有逗号,也有,四个。"],
    ]


def test_words_with_boxes_become_lines_by_their_height():
    word = '<word xMin="{}" yMin="{}" xMax="{}" yMax="{}">{}</word>'
    boxes = [(200, 80, 220, 90, 7), (90, 80.4, 120, 90.4, "规章"), (90, 95, 110, 105, "二&amp;")]
    text = '<html><page width="9" height="9">' + "".join(word.format(*b) for b in boxes) + "</page>"
    document = doc(text)
    assert [[p.text for p in line.pieces] for line in document.blocks] == [["规章", "7"], ["二&"]]
    assert document.blocks[0].pieces[1].x0 == 200 and document.blocks[0].page == 1


def test_head_fields_title_and_footer():
    text = (
        "某县2021年政府信息公开工作年度报告\n索引号：01 发布机构：某县政府办 发布日期：2022-01-20\n一、总体情况\n正文。\n"
        "六、其他\n无。\n主办单位:某县人民政府 承办单位:某县政府办 网站地图\n网站标识码:5300000002"
    )
    document = doc(text)
    assert document.titles[0] == "某县2021年政府信息公开工作年度报告" and document.flat
    assert document.metadata == {
        "索引号": "01",
        "发布机构": "某县政府办",
        "发布日期": "2022-01-20",
        "主办单位": "某县人民政府",
        "承办单位": "某县政府办",
        "网站标识码": "5300000002",
    }
    assert prose(document)[-1] == "无。" and "某县人民政府" in document.footer


def test_markdown():
    document = doc(
        "# 某县2021年年度报告\n\n## 一、总体情况\n\n**重点**做好[公开](http://x)工作。\n\n| 规章 | 1\\|2 | 3<br>4 |\n|---|:--:|---|\n| 甲 | | \\- |\n"
    )
    assert document.source.media_type == "text/markdown" and document.flat
    assert document.blocks[:2] == (
        Heading("某县2021年年度报告", "line 1", 1),
        Heading("一、总体情况", "line 3", 2),
    )
    assert [[p.text for p in b.pieces] for b in document.blocks[2:]] == [
        ["重点做好公开工作。"],
        ["规章", "1|2", "3 4"],
        ["甲", "", "-"],
    ]
    assert document.titles[0] == "某县2021年年度报告"


def test_html_tables_in_markdown_are_grids():
    document = doc(
        "# 题目\n\n甲\n\n<table><tr><td rowspan=2>规章</td><td>1</td></tr><tr><td>2</td></tr></table>\n\n乙\n"
    )
    assert grids(document) == [[["规章", "1"], ["规章", "2"]]]
    assert [type(b) is Grid for b in document.blocks] == [False, False, True, False]
    assert document.blocks[-1].where == "line 7"


def test_front_matter_is_metadata():
    document = doc("---\ntitle: 某局2020年年度报告\nurl: http://x/y\n---\n\n# 一、总体情况\n")
    assert document.metadata["url"] == "http://x/y" and document.titles[0] == "某局2020年年度报告"
    assert prose(document) == ["一、总体情况"]


@pytest.mark.parametrize(
    "printed, read",
    [("39<sup>1</sup>", "39⁽¹⁾"), ("39^1^", "39⁽¹⁾"), ("39$^{1}$", "39⁽¹⁾"), ("$3 9^{1}$", "39⁽¹⁾"), ("$39$", "39"), ("~~9~~39", "39"),
     ("*39*", "39"), ("**39**", "39"), ("39<!-- 9 -->", "39"), ("![](n.png)", "\ufffc"), ("39\\*", "39*")],
)  # fmt: skip
def test_marked_up_figures(printed, read):
    document = doc(f"# 题\n\n| 规章 | {printed} | 2 |\n|---|---|---|\n")
    assert [p.text for p in document.blocks[1].pieces] == ["规章", read, "2"]


def test_a_quoted_document_is_read_as_it_stands():
    assert [b.text for b in doc("> # 题\n>\n> | 规章 | 1 |\n> |---|---|\n").blocks] == [
        "题",
        "规章 1",
    ]


def test_maths_in_the_cells_of_a_table_in_markdown():
    cells = "<tr><td>规章</td><td>$39$</td><td>5$^{1}$</td></tr>" * 9
    document = doc(f"# 某县2023年年报\n\n<table>{cells}</table>")
    assert [cell.text for cell in document.blocks[-1].rows[0]] == ["规章", "39", "5⁽¹⁾"]
