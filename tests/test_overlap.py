"""One report, one record: copies are recognised, counted once and said; parts of other reports are marked."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import govdisclosure as gd
from govdisclosure import overlap
from govdisclosure.overlap import Figures, Summary, part_of, stand_ins

ROWS = """
二、主动公开政府信息情况
第二十条第（一）项 | | |
信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数
规章 | 0 | 0 | 0
行政规范性文件 | {made} | 1 | {force}
第二十条第（五）项 | | |
信息内容 | 本年处理决定数量
行政许可 | {licences}
"""
HEAD = "一、总体情况\n2021年，我局主动公开政府信息40条。\n"


def report(agency="甲乙县丙丁局", year=2021, made=3, force=12, licences=40) -> str:
    title = f"{agency}{year}年政府信息公开工作年度报告\n"
    return title + HEAD + ROWS.format(made=made, force=force, licences=licences)


def html(text: str) -> str:
    def line(words: str) -> str:
        cells = words.split("|")
        if len(cells) == 1:
            return f"<p>{words}</p>"
        return (
            "<table><tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in cells) + "</tr></table>"
        )

    body = "".join(map(line, text.strip().splitlines())).replace("</table><table>", "")
    return f"<html><body>{body}</body></html>"


def read(tmp_path, **files: str) -> gd.Corpus:
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return gd.read_corpus(tmp_path, progress=False)


def test_one_report_in_several_formats_counts_once(tmp_path):
    corpus = read(tmp_path, a_txt=report(), b_html=html(report()), z__copy_txt=report())
    assert len(corpus) == 1 and corpus.cells["report_id"].nunique() == 1
    failed = corpus.failures
    assert list(failed["kind"]) == ["duplicate"] * 2
    assert corpus.reports["report_id"].item() == "b"
    assert failed["message"].str.contains("stands for it").all()
    assert failed["message"].str.contains("figures of b ").any()


def test_a_copy_that_was_read_in_part_does_not_stand_for_the_whole(tmp_path):
    part = report().split("第二十条第（五）项")[0]
    corpus = read(tmp_path, a_txt=part, b_txt=report())
    assert corpus.reports["report_id"].item() == "b" and len(corpus.failures) == 1


def test_a_table_of_figures_and_the_report_itself(tmp_path):
    head = "agency,year,form,table,row,column,value\n"
    lines = "".join(
        f"甲乙县丙丁局,2021,2021,proactive,normative_documents,{column},{value}\n"
        for column, value in (("issued", 3), ("repealed", 1), ("in_force", 12))
    )
    corpus = read(tmp_path, a_csv=head + lines, b_txt=report())
    assert list(corpus.reports["report_id"]) == ["b"]
    assert corpus.failures["path"].str.endswith("a.csv, lines 2-4").all()


@pytest.mark.parametrize(
    "other",
    [
        report(year=2022),
        report(agency="甲乙县戊己局"),
        report(licences=41),
        report().replace("| 40", "| 40\n行政处罚 | 3").replace("12", "13"),
    ],
)
def test_reports_that_differ_are_both_kept(tmp_path, other):
    corpus = read(tmp_path, a_txt=report(), b_txt=other)
    assert len(corpus) == 2 and len(corpus.failures) == 0


def test_empty_reports_of_one_name_may_be_two_agencies(tmp_path):
    nothing = report(agency="丙丁镇人民政府", made=0, force=0, licences=0)
    corpus = read(tmp_path, a_txt=nothing, b_txt=nothing.replace("40条", "41条"))
    assert len(corpus) == 2
    nothing = report(agency="沭阳县丙丁镇人民政府", made=0, force=0, licences=0)
    corpus = read(tmp_path, a_txt=nothing, b_txt=nothing.replace("40条", "41条"))
    assert len(corpus) == 1


def summaries(count: int, same: bool) -> list[Summary]:
    return [
        Summary(str(n), "甲县人民政府", 2021, None, "title", f"{n}.html", str(n), "text/html", 9)
        for n in range(count)
    ]


def said(*telling: int, zeros: tuple[int, ...] = ()) -> Figures:
    return Figures(np.array(telling, dtype=int), np.array(zeros, dtype=int))


@pytest.mark.parametrize(
    ("one", "other", "within"),
    [
        (said(1, 5), said(1, 3, 5), True),
        (said(1, 6), said(1, 3, 5), False),
        (said(1, 5, zeros=(2,)), said(1, 5), False),
        (said(1, 5, zeros=(2,)), said(1, 5, zeros=(2, 4)), True),
        (said(1, 1, 5), said(1, 5), True),
        (said(), said(), True),
        (said(7), said(), False),
    ],
)
def test_figures_within_others(one, other, within):
    assert one.within(other) == within


@pytest.mark.parametrize("same", [True, False])
def test_cost_is_about_linear(same):
    def figures(ids):
        return {n: said(*range(9)) if same else said(int(n), 30_000) for n in ids}

    start = time.process_time()
    copies = stand_ins(summaries(20_000, same), figures)
    assert time.process_time() - start < 5
    assert len(copies) == (19_999 if same else 0)


@pytest.mark.parametrize("agencies", [1, 3, 420])
def test_figures_are_held_of_a_few_reports_at_a_time(agencies, monkeypatch):
    """However many reports one agency is said to have made, and with the same outcome."""
    listed = [s._replace(agency=f"{int(s.report_id) % agencies}县") for s in summaries(900, True)]
    asked: list[int] = []

    def figures(ids):
        asked.append(len(ids))
        return {n: said(int(n) % 7, 8, 9) for n in ids}

    at_once = stand_ins(listed, figures)
    assert asked == [900] and at_once
    monkeypatch.setattr(overlap, "TOGETHER", 50)
    assert stand_ins(listed, figures) == at_once
    assert max(asked[1:]) <= 50 + overlap.COMPARED


def test_the_choice_does_not_depend_on_the_order():
    listed = summaries(5, True)
    figures = {s.report_id: said(1, 2, 3) for s in listed}
    for order in (listed, listed[::-1]):
        assert {c.report_id for c in stand_ins(order, lambda ids: figures).values()} == {"0"}


def test_parts_of_other_reports():
    rows = [
        ("省", "江苏省人民政府", 2021, "province", "320000", None),
        ("市", "淮安市人民政府", 2021, "prefecture", "320800", "省"),
        ("市局", "淮安市财政局", 2021, "prefecture department", "320800", "市"),
        ("区", "淮安市洪泽区人民政府", 2021, "county", "320813", "市"),
        ("区办", "淮安市洪泽区人民政府办公室", 2021, "county", "320813", "区"),
        ("镇", "洪泽区老子山镇人民政府", 2021, "township", "320813", "区"),
        ("税", "国家税务总局淮安市税务局", 2021, "state branch", "320800", None),
        ("别的区", "淮安市淮阴区财政局", 2021, "county department", "320804", "市"),
        ("去年", "淮安市洪泽区人民政府", 2020, "county", "320813", None),
        ("浙", "杭州市人民政府", 2021, "prefecture", "330100", None),
        ("不明", None, 2021, None, None, None),
    ]
    columns = ["report_id", "agency", "year", "level", "division_code", "part"]
    frame = pd.DataFrame(rows, columns=columns, index=range(10, 21))
    found = part_of(frame)
    assert list(found.index) == list(frame.index)
    assert found.fillna("").tolist() == frame["part"].fillna("").tolist()
