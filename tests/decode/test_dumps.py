"""Cells of text dumps: each case is a way in which the text told its cells apart and the parser once did not see it."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from govdisclosure.decode import decode_document
from govdisclosure.forms import FORMS
from govdisclosure.model import Source
from govdisclosure.readers import read
from tests.decode.tables import cell
from tests.writers.figures import Sample, keys
from tests.writers.judge import judge
from tests.writers.layouts import LAYOUTS, Expected, Plan, _dump, plan
from tests.writers.misprints import total_first
from tests.writers.tokens import Token, blank


def judged(
    layout: str, changes: dict[str, str], form: str = "2021", other: dict[str, str] | None = None
) -> tuple[object, set[str]]:
    """The record of such a report, and the kinds of verdict on its cells. ``other``: tables in other layouts."""
    made = prepared(changes, form)
    data, expected = _dump(layout, other)(made, Random(0))
    record = parsed(data.decode())
    return record, {v.kind for v in judge(record.cells, expected)}


def dump(
    layout: str, changes: dict[str, str], form: str = "2021", titles: str = ""
) -> tuple[str, Expected]:
    """A report whose cells are all 5 but for ``changes`` ('table.row.column' or its beginning → text); ``titles`` for 、 in titles."""
    made = prepared(changes, form)
    if titles:
        made.titles.update({n: t.replace("、", titles, 1) for n, t in made.titles.items()})
    data, expected = LAYOUTS[layout](made, Random(0))
    return data.decode(), expected


def prepared(changes: dict[str, str], form: str) -> Plan:
    printed = {}
    for key in keys(FORMS[form]):
        code = ".".join(key)
        text = next((t for c, t in changes.items() if code == c or code.startswith(c + ".")), "5")
        money = (
            FORMS[form].table(key[0]).column(key[2]).kind == "money"
            and not FORMS[form].table(key[0]).column(key[2]).unit
        )
        token = Token(text, Decimal(text) if text.isdigit() else None) if text else blank(Random(0))
        printed[key] = token._replace(unit="") if money else token
    return plan(Sample(form, "青河县水务局", 2022, printed))


def parsed(text: str):
    return decode_document(read(text.encode(), Source("dump.txt")))


def texts(record, row: str) -> list[str]:
    """Printed texts of a row, "?" where a cell is not settled."""
    return [
        "?" if c.status == "unreadable" and "|" in c.text else c.text
        for c in record.cells
        if f"{c.table}.{c.row}" == row
    ]


@pytest.mark.parametrize("layout", ["dump_lines_plain", "dump_lines_bar", "dump_tabs"])
@pytest.mark.parametrize("sign", ["□", "★", "*"])
def test_a_sign_in_a_cell_is_no_part_of_the_label_beside_it(layout, sign):
    text, _ = dump(
        layout,
        {
            "requests.outcomes_total.natural_person": sign,
            "proactive.normative_documents.in_force": sign,
        },
    )
    record = parsed(text)
    assert texts(record, "requests.outcomes_total") == [sign, *"555555"]
    assert texts(record, "proactive.normative_documents") == ["5", "5", sign]


@pytest.mark.parametrize("comma", ["、 ", "，", "，　", ": ", ". "])
def test_a_title_on_the_line_of_the_last_cell_however_its_number_is_set_off(comma):
    text, _ = dump(
        "dump_page_one_line_bars",
        {"proactive.rules.in_force": "", "requests.received.total": ""},
        titles=comma,
    )
    record = parsed(text)
    assert cell(record, "proactive.fees.amount").text == "5"
    assert cell(record, "requests.carried_forward.total").value == 5
    assert texts(record, "proactive.rules") == ["5", "5", ""]
    assert [c.value for c in record.cells if c.table == "disputes"] == [5] * 15


def test_a_last_cell_glued_to_a_title_is_read():
    text, _ = dump(
        "dump_page_one_line_bars",
        {"requests.carried_forward.total": "13", "requests.received.total": ""},
    )
    record = parsed(text.replace("13 四、", "13 （四）"))
    assert cell(record, "requests.carried_forward.total").value == 13


def test_figures_none_of_which_are_neighbours_do_not_show_how_cells_are_set_off():
    ends, rows = (
        ("upheld", "corrected", "other", "pending", "total"),
        ("reconsideration", "litigation_direct", "litigation_after_reconsideration"),
    )
    every = [f"disputes.{row}.{end}" for row in rows for end in ends]
    blanks = {code: "" for i, code in enumerate(every) if i not in (5, 7, 11, 13)} | {
        "requests.received.commercial": ""
    }
    text, _ = dump("dump_bars_before_rows", blanks)
    record = parsed(text)
    assert [cell(record, code).text for code in every] == [
        "5" if i in (5, 7, 11, 13) else "" for i in range(15)
    ]


LAST = {
    "proactive.rules.in_force": "",
    "proactive.rules.total_disclosed": "",
    "proactive.licensing.decisions": "",
}
END = {
    "disputes.litigation_after_reconsideration.pending": "",
    "disputes.litigation_after_reconsideration.total": "",
}


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("changes", [LAST, END, LAST | END])
@pytest.mark.parametrize(
    "layout", ["rows_kept", "bars_before_rows", "tabs", "one_line_bars", "lines_bar"]
)
def test_blank_cells_at_the_ends_of_lines_are_told_by_the_marks_a_full_line_has(
    layout, changes, form
):
    assert judged(layout, changes, form)[1] == {"right"}
    assert judged(layout, changes, form, {"requests": "lines_plain"})[1] == {"right"}


@pytest.mark.parametrize(
    "layout",
    ["rows_vanishing", "rows_vanishing_barred", "bars_alone_vanishing", "lines_bar_vanishing"],
)
def test_where_blank_cells_vanish_no_figure_takes_the_place_of_another(layout):
    record, kinds = judged(layout, LAST | END)
    assert kinds == {"right", "lossy"}
    assert texts(record, "proactive.rules") == ["?", "?", "?"]


def test_a_space_between_a_blank_cell_and_the_padding_tells_them_apart():
    changes = {"requests.received.total": ""}
    assert "5 | 5 | 5 | 5 | 5 | 5 |  |||" in dump("dump_rows_kept", changes)[0]
    assert judged("rows_kept", changes)[1] == {"right"}
    text = dump("dump_rows_kept", changes)[0].replace(
        "|  |||", "||||"
    )  # here the blank one may be any of the seven
    assert texts(parsed(text), "requests.received") == ["?"] * 7


def test_bars_on_lines_of_their_own_are_cells_and_bars_glued_together_are_padding():
    changes = {
        "proactive.normative_documents.repealed": "",
        "proactive.normative_documents.in_force": "",
        "requests.received.research": "",
    }
    record, kinds = judged(
        "bars_alone", changes, other={"requests": "lines_plain", "disputes": "spaces"}
    )
    assert kinds == {"right", "lossy"} and texts(record, "proactive.normative_documents") == [
        "5",
        "",
        "",
    ]
    one = {
        "proactive.rules.in_force": ""
    }  # a single bar more may be a cell or padding, and nothing else is blank
    record, kinds = judged("bars_alone", one)
    assert kinds == {"right", "lossy"} and texts(record, "proactive.rules") == ["?", "?", "?"]


def test_the_unit_shows_where_a_table_has_one_figure_a_line():
    changes = {
        f"proactive.{row}.{column}": ""
        for row in ("rules", "normative_documents")
        for column in ("issued", "in_force")
    }
    record, kinds = judged(
        "bars_alone", changes, other={"requests": "lines_plain", "disputes": "spaces"}
    )
    assert kinds == {"right"} and texts(record, "proactive.rules") == ["", "5", ""]


@pytest.mark.parametrize(
    "lost",
    ["rows_vanishing", "rows_vanishing_barred", "bars_alone_vanishing", "lines_bar_vanishing"],
)
@pytest.mark.parametrize(
    "kept",
    [
        "rows_kept",
        "rows_barred",
        "bars_alone",
        "lines_bar",
        "tabs",
        "bars_before_rows",
        "one_line_bars",
    ],
)
def test_a_table_that_keeps_its_blank_cells_says_nothing_of_a_table_that_lost_them(kept, lost):
    """Once the rhythm of 三 was used for 四 whatever its layout, and figures took the places of blank cells before them."""
    changes = {
        "requests.received.research": "",
        "disputes.litigation_direct.upheld": "",
        "disputes.reconsideration.total": "7",
    }
    for other in ({"disputes": lost}, {"disputes": lost, "proactive": lost}):
        assert judged(kept, changes | {"proactive.rules.issued": ""}, other=other)[1] == {
            "right",
            "lossy",
        }


def test_words_on_the_next_line_are_no_cell_of_a_line_that_lost_one():
    """行政 确认, a row the form does not have, gave 行政强制 its third cell, and the second figure the wrong place."""
    text, _ = dump("dump_spaces", {"proactive.compulsion.change": ""}, "2019")
    record = parsed(text.replace("行政强制 5 5\n", "行政强制 5 96\n行政 确认 7 8 9\n"))
    assert {c.status for c in record.cells if c.row == "compulsion"} == {"unreadable"}
    assert {7.0, 8.0, 9.0} <= {u.value for u in record.unplaced}


@pytest.mark.parametrize("adds_up", [True, False])
def test_a_header_with_the_total_first_is_not_overruled_by_one_row_that_adds_up(adds_up):
    """Rows of 5 add up under no order; one that does under the statutory one, by chance, once moved all of them."""
    received = {"total": "2", "natural_person": "3", "other_organization": "5"}
    changes = {f"requests.received.{column}": text for column, text in received.items()}
    changes |= {"requests.received": "0" if adds_up else "5"}
    made = total_first(prepared(changes, "2021"), Random(0))
    data, _ = LAYOUTS["dump_one_line_bars"](made, Random(0))
    found = {c.column: c for c in parsed(data.decode()).cells if c.row == "received"}
    if adds_up:
        assert {c.status for c in found.values()} == {"unreadable"}
    else:
        assert {column: found[column].text for column in received} == received


DISPUTES = """行政复议    行政诉讼
结果维持  结果纠正  其他结果  尚未审结  总计  未经复议直接起诉  复议后起诉
结果维持  结果纠正  其他结果  尚未审结  总计  结果维持  结果纠正  其他结果  尚未审结  总计
0  3  7  5  15  5  6  0  0  11  0  0  2  0  2
"""
BARRED = """|行政复议 | | | | |行政诉讼 | | | | | | | | |
|结果维持 |结果纠正 |其他结果 |尚未审结 |总计 |未经复议直接起诉 | | | | |复议后起诉 | | | |
| | | | | |结果维持 |结果纠正 |其他结果 |尚未审结 |总计 |结果维持 |结果纠正 |其他结果 |尚未审结 |总计
|0 |3 |7 |5 |15 |5 |6 |0 |0 |11 |0 |0 |2 |0 |2
"""


@pytest.mark.parametrize(
    "note", ["", "注：以上数据来源于本机关。", "说明 一 二", ".TE", "- 3 -", "第3页"]
)
@pytest.mark.parametrize("table", [DISPUTES, BARRED, "\n".join(DISPUTES.split()) + "\n"])
@pytest.mark.parametrize("above", [False, True])
def test_words_above_and_below_table_four_are_none_of_its_cells(table, note, above):
    body = f"{note}\n{table}" if above else f"{table}{note}\n"
    text = f"某县人民政府2021年政府信息公开工作年度报告\n四、政府信息公开行政复议、行政诉讼情况\n{body}"
    cells = [c for c in parsed(text).cells if c.table == "disputes"]
    assert [c.value for c in cells] == [0, 3, 7, 5, 15, 5, 6, 0, 0, 11, 0, 0, 2, 0, 2]


CUT = {
    "10 0 0 0\n0\n0 10": "cells that wrap in narrow columns",
    "10 0\n0\n0 0 0 10": "two cells close to each other",
}


@pytest.mark.parametrize("row", CUT, ids=CUT.values())
def test_rows_whose_cells_stand_on_several_lines_are_read_where_no_row_lacks_a_figure(row):
    labels = [r.zh for r in FORMS["2021"].table("requests").rows if not r.optional]
    head = "某县人民政府2021年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n自然人\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n总计\n"
    other = "0\n0 0 0 0\n0 0"
    rows = [f"{label}\n{row if n in (0, 22) else other}" for n, label in enumerate(labels)]
    cells = {(c.row, c.column): c.value for c in parsed(head + "\n".join(rows)).cells}
    assert cells["received", "natural_person"] == cells["received", "total"] == 10
    assert cells["received", "commercial"] == cells["carried_forward", "total"] == 0
    rows[4] = rows[4].replace("0 0 0 0", "0 0 0")  # a blank was lost: whose is not known
    cells = {(c.row, c.column): c for c in parsed(head + "\n".join(rows)).cells}
    assert cells[labels_key(4), "commercial"].status == "unreadable"


def labels_key(number: int) -> str:
    """The code of a row of table three."""
    return [r.key for r in FORMS["2021"].table("requests").rows if not r.optional][number]


@pytest.mark.parametrize("mark", [" ", "\t", " | ", "\n"])
def test_figures_under_the_columns_of_another_form_are_not_read_as_this_ones(mark):
    rows = [
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],  # the form of 2019
        ["规章", "0", "0", "0"],
        ["行政规范性文件", "3", "2", "7"],
        ["信息内容", "本年处理决定数量"],
        ["行政许可", "120"],
        ["行政处罚", "20"],
        ["行政强制", "1"],
        ["信息内容", "本年收费金额（单位：万元）"],
        ["行政事业性收费", "12.5"],
    ]
    table = "\n".join(mark.join(row) for row in rows)
    record = parsed(
        f"二、主动公开政府信息情况\n{table}\n三、收到和处理政府信息公开申请情况\n无。\n"
    )
    assert (record.form, cell(record, "proactive.licensing.decisions").value) == ("2021", 120)
    for column in ("issued", "repealed", "in_force"):
        assert cell(record, f"proactive.normative_documents.{column}").status == "absent"
    own = [(u.column, u.text) for u in record.unplaced if u.row == "normative_documents"]
    assert own == [("newly_made", "3"), ("newly_disclosed", "2"), ("total_disclosed", "7")]


def test_a_cell_of_thousands_of_digits_is_no_number_of_a_column():
    text, _ = dump("dump_rows_kept", {"requests.received.natural_person": "1" * 5000})
    assert cell(parsed(text), "requests.received.natural_person").status == "unreadable"
