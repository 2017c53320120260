"""Tables as programs draw them or write them for each other: rulings, notations, words with boxes."""

from __future__ import annotations

import json

import pytest

from govdisclosure.model import Grid, Line, Source
from govdisclosure.readers import read

WRAPPED = """
┌──────┬────────┬──┐
│（一）│        │５│
│ 予以 │12      │０│
│ 公开 │        │０│
├──────┼──┬─────┴──┤
│总计  │3 │0（其   │
│      │  │中0件） │
├──────┼──┼────────┤
│      │4 │        │
├──────┴──┴────────┤
│合计              │
└──────────────────┘
"""


def blocks(text: str):
    return read(text.encode(), Source("a.txt")).blocks


def rows(text: str) -> list[list[str]]:
    return [
        [piece.text for piece in line.pieces] for line in blocks(text) if isinstance(line, Line)
    ]


def test_a_drawn_table_is_a_grid_its_wrapped_cells_whole():
    (grid,) = blocks(WRAPPED)
    assert isinstance(grid, Grid)
    texts = [[cell.text.replace("\n", "") if cell else "" for cell in row] for row in grid.rows]
    assert texts == [
        ["（一）予以公开", "12", "12", "５００"],
        ["总计", "3", "0（其中0件）", "0（其中0件）"],
        ["", "4", "", ""],
        ["合计"] * 4,
    ]


def test_rows_that_no_rule_parts_stay_lines():
    table = "+----+---+\n| 一 | 2 |\n| 二 | 3 |\n+----+---+\n| 三 | 4 |\n+----+---+"
    assert rows(table) == [["一", "2"], ["二", "3"], ["三", "4"]]


def test_figures_under_each_other_in_a_frame_are_never_one():
    table = "+----+---+\n| 一 | 2 |\n+----+---+\n| 二 | 3 |\n| 三 | 4 |\n+----+---+"
    assert rows(table) == [["一", "2"], ["二", "3"], ["三", "4"]]


def test_two_figures_in_a_cell_are_never_one():
    table = (
        "+-----+-----+\n| 一  | 2   |\n|     | 3   |\n+-----+-----+\n| 二  | 4   |\n+-----+-----+"
    )
    assert not any(isinstance(block, Grid) for block in blocks(table))


@pytest.mark.parametrize(
    "text",
    [
        "\\begin{tabular}{lll}\n\\toprule\n\\multirow{2}{*}{规章} & 0 &\n & 13 \\\\\n"
        "\\multicolumn{2}{l}{行政许可} & & 4 \\\\\n\\end{tabular}",
        '{| class="a"\n|-\n| 规章\n| 0\n|\n| style="x"| 13\n|-\n| colspan="2"| 行政许可 || || 4\n|}',
        '[cols=",,,",]\n|===\n|规章 |0\n| |13\n\n|行政许可 | | |4\n|===',
        "\\startxtable\n\\startxrow\n\\startxcell 规章 \\stopxcell\n\\startxcell 0 \\stopxcell\n"
        "\\startxcell \\stopxcell\n\\startxcell[align=left] 13 \\stopxcell\n\\stopxrow\n\\startxrow\n"
        "\\startxcell[nx=2] 行政许可 \\stopxcell\n\\startxcell \\stopxcell\n\\startxcell 4 \\stopxcell\n"
        "\\stopxrow\n\\stopxtable",
        "@multitable @columnfractions .25 .25 .25 .25\n@headitem 规章 @tab 0 @tab @tab 13\n"
        "@item 行政许可\n@tab\n@tab\n@tab 4\n@end multitable",
        ".TS\ntab(@);\nl l l l.\n规章@0@@13\nT{\n行政许可\nT}@@@4\n.TE",
        ".TS\nallbox;\nl l l l.\n规章\t0\t\t13\n行政许可\t\t\t4\n.TE",
        "||规章||0||||13||\n" + "||行政许可||||||4||\n",
        "['规章', '0', None, '13']\n['行政许可', '', '', '4']",
        '[["规章", 0, null, 13], ["行政许可", "", "", 4]]',
        json.dumps({"text": "正文\n| 规章 | 0 |  | 13 |\n| 行政许可 |  |  | 4 |\n", "n": None}),
    ],
    ids=[
        "LaTeX",
        "MediaWiki",
        "AsciiDoc",
        "ConTeXt",
        "Texinfo",
        "roff tbl, tab(@)",
        "roff tbl",
        "doubled bars",
        "lists",
        "JSON rows",
        "JSON text",
    ],
)
def test_tables_of_other_notations_keep_their_columns(text):
    assert [row for row in rows(text) if len(row) > 1] == [["规章", "0", "", "13"], ["行政许可", "", "", "4"]]  # fmt: skip


def test_a_syntax_tree_is_no_table():
    tree = '{"blocks": [{"t": "Str", "c": "规章"}, {"t": "Str", "c": "1"}]}'
    assert not [row for row in rows(tree) if len(row) > 1]


@pytest.mark.parametrize(
    "text",
    [
        '<pdf2xml>\n<page number="1">\n<text top="10" left="20" width="40" height="9" font="0">规章</text>\n'
        '<text top="11" left="90" width="60" height="9" font="0"><b>7 13</b></text>\n</page>',
        "level\tpage_num\tpar_num\tblock_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
        "1\t1\t0\t0\t0\t0\t0\t0\t612\t792\t-1\t###PAGE###\n5\t1\t0\t0\t0\t0\t20\t10\t40\t9\t100\t规章\n"
        "5\t1\t0\t0\t0\t0\t90\t11\t15\t9\t96.5\t7\n5\t1\t0\t0\t0\t0\t120\t11\t30\t9\t100\t13",
        "(20.0, 10.0, 60.0, 19.0, '规章', 0, 0, 0)\n(90.0, 11.0, 105.0, 20.0, '7', 0, 0, 1)\n"
        "(120.0, 11.0, 150.0, 20.0, '13', 0, 0, 2)",
        '<div id="page1"><p style="top:10.0pt;left:20.0pt;line-height:9.0pt"><span>规章</span></p>\n'
        '<p style="top:11.0pt;left:90.0pt;line-height:9.0pt"><span>7 13</span></p></div>',
    ],
    ids=["pdftohtml -xml", "TSV", "tuples", "MuPDF's HTML"],
)
def test_words_with_boxes_are_lines_with_places(text):
    (line,) = blocks(text)
    assert [piece.text for piece in line.pieces] == ["规章", "7", "13"]
    assert line.pieces[1].x0 == 90 and line.pieces[0].x1 <= 60 and line.page == 1


def test_a_ruled_cell_with_two_figures_is_unreadable_and_costs_no_other():
    rule = "+------+------+\n"
    table = (
        rule + rule.join(["| 一   | 2    |\n|      | 3    |\n", *["| 二   | 4    |\n"] * 4]) + rule
    )
    (grid,) = blocks(table)
    assert isinstance(grid, Grid)
    assert [row[1].text for row in grid.rows if row[1]] == ["2\n3", "4", "4", "4", "4"]


@pytest.mark.parametrize(
    "text",
    [
        "@multitable {a} {b}\n@item\n@tab 新制作\n@tab 废止\n@item\n规章\n@tab 1\n@tab 2\n@end multitable\n",
        ".TS\ndelim(@@) tab(\t);\nl l l.\nT{\nT}\tT{\n新制作\nT}\tT{\n废止\nT}\nT{\n规章\nT}\tT{\n1\nT}\tT{\n2\nT}\n.TE\n",
        "\\begin{longtable}{lll}\n & 新制作 & 废止\\\\\n规章 & 1 & 2\\\\\n\\end{longtable}\n",
        "|= |= |=\n| |新制作 |废止\n|规章 |1 |2\n",
        "\\startxtable\n\\startxtablehead[head]\n\\startxrow\n\\startxcell \\stopxcell\n\\startxcell 新制作 \\stopxcell\n\\startxcell 废止 \\stopxcell\n"
        "\\stopxrow\n\\stopxtablehead\n\\startxtablefoot[foot]\n\\startxrow\n\\startxcell 规章 \\stopxcell\n\\startxcell 1 \\stopxcell\n\\startxcell 2 \\stopxcell\n\\stopxrow\n\\stopxtablefoot\n\\stopxtable\n",
    ],
    ids=["Texinfo", "roff", "LaTeX", "XWiki", "ConTeXt"],
)
def test_a_blank_first_cell_keeps_its_place(text):
    assert [row for row in rows(text) if len(row) > 1][-2:] == [["", "新制作", "废止"], ["规章", "1", "2"]]  # fmt: skip
