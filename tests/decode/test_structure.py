"""What the parser makes of structure: each case is a way real reports are printed (layouts.md) or an error once made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count, cycle, repeat
from random import Random

import pytest

from govdisclosure.errors import LayoutError, NotAReportError, SeveralReportsError
from govdisclosure.forms import FORMS
from tests.decode.tables import cell, dispute_rows, page, parsed, proactive_rows, requests_rows, row
from tests.reportwriter import Cell, Table, html
from tests.writers.figures import sample
from tests.writers.judge import judge
from tests.writers.layouts import Expected, expected_cells, paper, plain_tables, plan, write


def statuses(record) -> dict[str, int]:
    return {s: sum(c.status == s for c in record.cells) for s in {c.status for c in record.cells}}


def test_a_plain_report_fills_every_cell_in_form_order():
    record = parsed(page())
    assert (record.form, len(record.cells), statuses(record)) == ("2021", 200, {"reported": 200})
    assert cell(record, "requests.received.total").value == 5
    assert cell(record, "proactive.fees.amount")[3:5] == (8.5, "万元")
    assert cell(record, "disputes.reconsideration.total").value == 1
    assert [c.row for c in record.cells[10:11]] == ["received"]
    assert record.unplaced == ()


def test_every_cell_knows_its_place():
    record = parsed(page())
    assert cell(record, "requests.received.natural_person").where == "table 2, row 4, column 2"


def test_columns_go_by_their_headers_not_by_position():
    rows = requests_rows()
    rows[1] = row(("总计", "rowspan=2"), ("自然人", "rowspan=2"), ("法人或其他组织", "colspan=5"))
    record = parsed(page(requests=rows))
    assert cell(record, "requests.received.total").value == 5
    assert cell(record, "requests.received.natural_person").value == 0
    assert cell(record, "requests.received.other_organization").value == 5


def test_a_mark_over_several_columns_is_each_of_them_and_a_number_is_none():
    rows = proactive_rows()
    rows[2] = row("规章", ("/", "colspan=3"))
    rows[3] = row("行政规范性文件", ("12", "colspan=3"))
    record = parsed(page(proactive=rows))
    assert {
        cell(record, f"proactive.rules.{c}").status for c in ("issued", "repealed", "in_force")
    } == {"not_applicable"}
    assert {
        cell(record, f"proactive.normative_documents.{c}").status
        for c in ("issued", "repealed", "in_force")
    } == {"unreadable"}
    assert [(u.text, u.reason) for u in record.unplaced] == [("12", "does_not_fit")]


def test_a_number_drawn_over_two_rows_is_neither_row():
    rows = proactive_rows()
    rows[9] = row("行政处罚", ("7", "colspan=3 rowspan=2"))
    rows[10] = row("行政强制")
    record = parsed(page(proactive=rows))
    assert cell(record, "proactive.penalties.decisions").status == "unreadable"
    assert cell(record, "proactive.compulsion.decisions").status == "unreadable"


def test_the_unit_in_the_header_counts():
    rows = proactive_rows()
    rows[12] = row("信息内容", ("本年收费金额（单位：元）", "colspan=3"))
    rows[13] = row("行政事业性收费", ("84565", "colspan=3"))
    assert cell(parsed(page(proactive=rows)), "proactive.fees.amount")[3:5] == (8.4565, "万元")


def test_a_count_in_yuan_is_no_count():
    rows = proactive_rows()
    rows[5] = row("信息内容", ("本年处理决定数量", "colspan=3"))
    rows[6] = row("行政许可", ("500元", "colspan=3"))
    found = cell(parsed(page(proactive=rows)), "proactive.licensing.decisions")
    assert (found.value, found.status, found.text) == (None, "unreadable", "500元")


def test_an_extra_row_is_listed_and_takes_nobodys_place():
    rows = proactive_rows()
    rows[10] = row("行政检查", ("99", "colspan=3"))
    record = parsed(page(proactive=rows))
    assert cell(record, "proactive.compulsion.decisions").status == "absent"
    assert [(u.row, u.value, u.reason) for u in record.unplaced] == [
        ("行政检查", 99.0, "extra_row")
    ]


def test_a_figure_on_a_group_line_is_a_subtotal():
    rows = requests_rows()
    at = next(i for i, r in enumerate(rows) if "国家秘密" in r)
    rows.insert(at, row("（三）不予公开", *["3", "0", "0", "0", "0", "0", "3"]))
    record = parsed(page(requests=rows))
    assert {(u.row, u.column, u.value) for u in record.unplaced if u.value} == {
        ("denied", "natural_person", 3.0),
        ("denied", "total", 3.0),
    }
    assert {u.reason for u in record.unplaced} == {"subtotal"}


def test_a_subtotal_column_shifts_nothing():
    rows = requests_rows(first="5 0 0 0 0 2 2 7")
    rows[0] = row(
        ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "rowspan=3"),
        ("申请人情况", "colspan=8"),
    )
    rows[1] = row(("自然人", "rowspan=2"), ("法人或其他组织", "colspan=6"), ("总计", "rowspan=2"))
    rows[2] = row("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "小计")
    rows[4:] = [r.replace("</tr>", "<td>0</td></tr>") for r in rows[4:]]
    record = parsed(page(requests=rows))
    assert cell(record, "requests.received.total").value == 7
    assert cell(record, "requests.received.other_organization").value == 2
    assert ("received", "subtotal", 2.0) in {(u.row, u.column, u.value) for u in record.unplaced}


def test_two_different_lines_with_one_label_are_both_unsettled():
    rows = requests_rows()
    at = next(i for i, r in enumerate(rows) if "重复申请" in r)
    rows[at - 1] = row("2.重复申请", *["9", "0", "0", "0", "0", "0", "9"])
    record = parsed(page(requests=rows))
    assert cell(record, "requests.not_processed_repeated.total").status == "unreadable"
    assert cell(record, "requests.not_processed_petition.total").status == "absent"
    assert 9.0 in {u.value for u in record.unplaced}


def test_a_row_printed_blank_and_once_more_with_figures_is_not_blank():
    rows = requests_rows()
    at = next(i for i, r in enumerate(rows) if "重复申请" in r)
    rows.insert(at, row("2.重复申请", *[""] * 7))
    record = parsed(page(requests=rows))
    assert cell(record, "requests.not_processed_repeated.total").status != "blank"


def test_a_table_cut_off_in_the_middle_leaves_the_rest_absent():
    text = page()
    record = parsed(text[: text.index("5.属于三类内部事务信息")])
    assert cell(record, "requests.denied_third_party.total").status == "reported"
    assert cell(record, "requests.outcomes_total.total").status == "absent"
    assert cell(record, "disputes.reconsideration.total").status == "absent"


def test_a_text_cut_off_in_the_middle_of_a_row_does_not_call_the_rest_blank():
    head = "一、总体情况\n文字。\n三、收到和处理政府信息公开申请情况\n自然人\n法人或其他组织\n总计\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n"
    rows = "一、本年新收政府信息公开申请数量\n5\n0\n0\n0\n0\n0\n5\n二、上年结转政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0\n（一）予以公开\n4\n"
    record = parsed(head + rows, "cut.txt")
    assert cell(record, "requests.received.total").value == 5
    assert {c.status for c in record.cells if c.row == "disclosed_full"} == {"unreadable"}


@pytest.mark.parametrize("kept", range(20, 140, 12))
def test_a_text_cut_off_in_the_header_of_table_four_leaves_its_figures_open(kept):
    data, _ = write(plan(sample(Random(3))), "markdown_copies", Random(1))
    before, title, after = data.decode().partition("## 四、")
    cells = parsed(before + title + after[:kept], "cut.txt").cells
    assert sum(c.value is not None for c in cells if c.table == "requests") > 100
    assert {c.status for c in cells if c.table == "disputes"} <= {"absent", "unreadable"}


def test_two_reports_in_one_file_are_refused_and_the_same_table_twice_is_not():
    other = page(requests=requests_rows(first="6 0 0 0 0 0 6"), year=2023)
    with pytest.raises(SeveralReportsError, match="Split"):
        parsed(page() + other)
    with pytest.raises(SeveralReportsError, match="one annual report"):
        parsed(flat(page()) + flat(other), "two.txt")
    twice = page(requests=requests_rows() + requests_rows())
    record = parsed(twice)
    assert cell(record, "requests.received.total").value == 5
    assert {u.reason for u in record.unplaced} == {"repeated"}


def test_a_2019_table_two_is_the_form_of_2019_whatever_the_year():
    rows = [
        row("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"),
        row("规章", "1", "1", "5"),
        row("规范性文件", "2", "2", "6"),
        row("信息内容", "上一年项目数量", "本年增/减", "处理决定数量"),
        row("行政许可", "3", "-1", "44"),
    ]
    record = parsed(page(proactive=rows, requests=requests_rows("2019"), year=2023))
    assert record.form == "2019"
    assert cell(record, "proactive.licensing.change").value == -1
    assert cell(record, "requests.other_handling.total").value == 0


def test_a_report_on_two_forms_says_so():
    rows = [
        row("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"),
        row("规章", "1", "1", "5"),
        row("规范性文件", "2", "2", "6"),
    ]
    record = parsed(page(proactive=rows))
    assert record.form == "2019" and "form.mixed" in {f.rule for f in record.findings}
    assert cell(record, "requests.other_uncorrected.total").status == "reported"


def test_a_table_that_is_cut_off_is_on_the_form_of_the_others():
    record = parsed(page(requests=requests_rows()[:8], disputes=[]))
    assert record.form == "2021" and "form.mixed" not in {f.rule for f in record.findings}
    assert cell(record, "requests.received.total").value == 5
    assert cell(record, "requests.other_other.total").status == "absent"


def test_prose_without_tables_is_a_report_without_cells():
    record = parsed(page([], [], []))
    assert record.form is None and record.cells == ()
    assert "form.no_tables" in {f.rule for f in record.findings}


@pytest.mark.parametrize(
    "text",
    [
        "<p>通知公告</p><ul><li>规章</li><li>行政许可</li></ul>",
        "今天天气很好。\n明天也是。\n",
        "<table><tr><td>1</td></tr></table>",
    ],
)
def test_a_page_that_is_no_report_is_refused(text):
    with pytest.raises(NotAReportError, match="expected"):
        parsed(text)


def test_a_table_of_another_kind_loses_no_number():
    record = parsed(
        page(
            extra="<table><tr><td>类别</td><td>条数</td></tr><tr><td>机构信息</td><td>17</td></tr></table>"
        )
    )
    assert [(u.value, u.reason) for u in record.unplaced] == [(17.0, "other_table")]


def test_a_table_of_contents_does_not_hide_the_sections():
    contents = "".join(f"<p>{t}</p>" for t in ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
                                               "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"))  # fmt: skip
    text = page().replace("</h1>", "</h1>" + contents)
    record = parsed(text)
    assert [s.number for s in record.sections if s.number] == [1, 2, 3, 4, 5, 6]
    assert "主动公开信息86条" in next(s.text for s in record.sections if s.number == 1)


def test_disputes_whose_header_spans_are_missing_go_by_their_order():
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    rows = [row(("行政复议", "colspan=5"), ("行政诉讼", "colspan=10")),
            row(*results, ("未经复议直接起诉", "colspan=5"), ("复议后起诉", "colspan=5")), row(*results, *results),
            row(*(str(n) for n in range(1, 16)))]  # fmt: skip
    record = parsed(page(disputes=rows))
    assert [c.value for c in record.cells if c.table == "disputes"] == list(range(1, 16))


def test_disputes_printed_with_their_labels_at_the_left():
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    rows = [
        row("", *results),
        row("行政复议", *["1", "2", "3", "4", "10"]),
        row("未经复议直接起诉", *["0", "0", "0", "0", "0"]),
        row("复议后起诉", *["5", "0", "0", "0", "5"]),
    ]
    record = parsed(page(disputes=rows))
    assert [c.value for c in record.cells if c.table == "disputes"] == [
        1,
        2,
        3,
        4,
        10,
        0,
        0,
        0,
        0,
        0,
        5,
        0,
        0,
        0,
        5,
    ]


def test_a_figure_right_of_the_headers_is_listed():
    record = parsed(
        page(
            disputes=[
                *dispute_rows()[:3],
                row(
                    *[
                        "1",
                        "0",
                        "0",
                        "0",
                        "1",
                        "0",
                        "0",
                        "0",
                        "0",
                        "0",
                        "0",
                        "0",
                        "0",
                        "0",
                        "0",
                        "77",
                    ]
                ),
            ]
        )
    )
    assert 77.0 in {u.value for u in record.unplaced}


def test_blank_disputes_are_blank():
    record = parsed(page(disputes=[*dispute_rows()[:3], row(*[""] * 15)]))
    assert {c.status for c in record.cells if c.table == "disputes"} == {"blank"}


def test_figures_beside_the_statutory_tables_are_listed():
    table = (
        "<table><tr><td>行政许可</td><td>312</td></tr><tr><td>行政处罚</td><td>45</td></tr></table>"
    )
    record = parsed(page(extra=table))
    assert cell(record, "proactive.licensing.decisions").value == 7
    assert {(u.value, u.reason) for u in record.unplaced} == {
        (312.0, "other_table"),
        (45.0, "other_table"),
    }


def flat(text: str, between: str = "\n") -> str:
    """A page's text with its cells set off by ``between``."""
    text = re.sub(r"</(?:p|h1|tr|table)>|<table>", "\n", text.replace("</td>", between))
    return re.sub(r"\n+", "\n", re.sub(r"<title>.*?</title>|<[^>]+>", "", text))


def test_digits_glued_to_labels_are_refused():
    with pytest.raises(LayoutError, match="glued"):
        parsed(flat(page(), ""), "glued.txt")


# --- what agencies add to the form's columns ------------------------------------------------------


def _with_remarks(table: Table, remarks: Iterator[str]) -> Table:
    last = [Cell("备注", rows=table.head), *[None] * (table.head - 1)]
    cells = chain(last, map(Cell, remarks))
    return replace(
        table, rows=tuple((*row, cell) if cell else row for row, cell in zip(table.rows, cells))
    )


def _numbered_rows(table: Table) -> Table:
    first = chain(
        [Cell("序号", rows=table.head)], [None] * (table.head - 1), (Cell(str(n)) for n in count(1))
    )
    return replace(
        table, rows=tuple((cell, *row) if cell else row for row, cell in zip(table.rows, first))
    )


def _numbered_columns(table: Table) -> Table:
    numbers = (Cell("栏次"), *(Cell(str(n)) for n in range(1, table.width)))
    return replace(table, rows=(*table.rows[: table.head], numbers, *table.rows[table.head :]))


ADDED = {
    "blank remarks": lambda table: _with_remarks(table, repeat("")),
    "remarks in words": lambda table: _with_remarks(table, cycle(["", "含网上申请"])),
    "remarks in figures": lambda table: _with_remarks(table, cycle(["1", "3件", ""])),
    "numbers of rows": _numbered_rows,
    "numbers of columns": _numbered_columns,
}


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("added", ADDED)
def test_a_column_or_row_that_an_agency_adds_moves_no_figure(added, number):
    pen = Random(number)
    made = plan(sample(pen, blanks=0.3 * (number % 2)))
    tables = plain_tables(made)
    for key in ("requests",) if added == "numbers of rows" else ("requests", "disputes"):
        tables[key] = [ADDED[added](table) for table in tables[key]]
    record = parsed(html.write(paper(made, tables, pen), shell="bare", style="plain").decode())
    wrong = [v for v in judge(record.cells, Expected(expected_cells(made))) if v.kind != "right"]
    assert not wrong


def test_a_header_cell_that_is_cut_moves_no_figure():
    read = {c.column: c.value for c in parsed(page()).cells if c.row == "received"}
    text = page().replace("商业企业", "商业")
    cut = {c.column: c.value for c in parsed(text).cells if c.row == "received"}
    assert cut == read | {"commercial": None}


STATISTICS = ("指标名称", "计量单位", "统计数")


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (0, 2)])
def test_a_header_above_a_title_inside_the_table_is_that_of_the_rows_below_it(order):
    table = FORMS["2014"].table("statistics")
    rows = [(line.zh, line.unit or "件", str(n)) for n, line in enumerate(table.rows)]
    rows.insert(0, ("一、主动公开情况", "", ""))
    lines = (row(*(cells[i] for i in order)) for cells in (STATISTICS, *rows))
    title = "青河县人民政府2017年政府信息公开工作年度报告"
    record = parsed(f"<h1>{title}</h1><p>一、概述</p><table>{''.join(lines)}</table>")
    assert [c.value for c in record.cells] == list(range(len(table.rows)))


@pytest.mark.parametrize("blank_first", [False, True])
def test_a_row_that_a_pages_end_cuts_in_two_is_one(blank_first):
    read = {c.column: c.value for c in parsed(page()).cells if c.row == "carried_over"}
    whole = next(line for line in requests_rows() if "二、上年结转" in line)
    parts = [re.sub(r"(<td[^>]*>)\d+</td>", r"\1</td>", whole), whole]
    upper, lower = parts if blank_first else parts[::-1]
    label = "二、上年结转政府信息公开申请数量"
    cut = [upper.replace(label, label[:8]), lower.replace(label, label[8:])]
    rows = [part for line in requests_rows() for part in (cut if line == whole else [line])]
    record = parsed(page(requests=rows))
    assert {c.column: c.value for c in record.cells if c.row == "carried_over"} == read


def test_figures_that_may_go_on_below_a_row_of_disputes_are_left_open():
    more = row(*["5"] * 15)
    record = parsed(page(disputes=[*dispute_rows(), more]))
    found = {c.status for c in record.cells if c.table == "disputes"}
    assert found == {"unreadable"}
