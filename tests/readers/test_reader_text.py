"""Text dumps and Markdown: what counts is that every blank stays countable."""

from __future__ import annotations

import pytest
from reader_samples import doc, grids, prose, shared

from govdisclosure.model import Grid, Heading


def runs(text: str) -> list[tuple[str, int, int]]:
    return [(b.text, b.breaks, b.marks) for b in doc(text).blocks]


def test_marks_and_line_ends_between_runs_are_counted():
    assert runs("a | b | | d ||\n c") == [("a", 0, 0), ("b", 0, 1), ("d", 0, 2), ("c", 1, 2)]


@pytest.mark.parametrize("mark", ["|", "｜", "│", "┃", "\t"])
def test_every_kind_of_column_mark(mark):
    assert runs(f"规章{mark}1{mark}{mark}2") == [("规章", 0, 0), ("1", 0, 1), ("2", 0, 2)]


def test_marks_glued_together_at_the_end_of_a_line_are_padding():
    text = "甲 | 1 |  ||\n乙 | 1 |  |\n丙\n|\n1\n|\n||\n|| 丁|1||\n戊\t\t\n己"
    blocks = doc(text).blocks
    assert [(b.text, b.padding) for b in blocks if b.text != "1"] == [
        ("甲", 0),
        ("乙", 2),
        ("丙", 0),
        ("丁", 2),
        ("戊", 0),
        ("己", 0),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f", "\u2028"])
def test_every_kind_of_line_end(end):
    assert runs(f"甲{end}{end}乙") == [("甲", 0, 0), ("乙", 2, 0)]


@pytest.mark.parametrize(
    "rule", ["---|---", "|---|:--:|", "-----", "=====", "+----+----+", "├──┼──┤", "|:-|-:|"]
)
def test_drawn_rules_vanish_with_their_marks(rule):
    assert runs(f"| 甲 | 乙 |\n{rule}\n| 1 | 2 |")[2] == ("1", 1, 2)


@pytest.mark.parametrize("value", ["-", "--", "—", "——", "/", "+3", "-11", "０"])
def test_values_are_no_rules_and_stay_as_printed(value):
    assert (value, 1, 0) in runs(f"规章\n{value}\n2")
    assert [t for t, _, _ in runs(f"规章 | {value} | {value} |")] == ["规章", value, value]


def test_places():
    assert [b.where for b in doc("甲\n\n乙 | | 丙").blocks] == [
        "line 1",
        "line 3, piece 1",
        "line 3, piece 3",
    ]


def test_one_line_stays_one_paragraph():
    assert runs("一、总体情况 规章 1 2 3") == [("一、总体情况 规章 1 2 3", 0, 0)]


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
    assert [b.text for b in document.blocks[2:]] == [
        "重点做好公开工作。",
        "规章",
        "1|2",
        "3\n4",
        "甲",
        "-",
    ]
    assert [b.marks for b in document.blocks[3:]] == [1, 1, 1, 2, 2]
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


def test_the_real_dump():
    document = doc(shared("dayao-2021.txt").read_bytes())
    assert document.flat and document.metadata["网站标识码"] == "5323260002"
    assert document.metadata["主办单位"] == "大姚县人民政府" and "主办单位" in document.footer
    texts = prose(document)
    assert {"45219", "51981", "17287"} <= set(texts) and not any(
        "网站标识码" in text for text in texts
    )
