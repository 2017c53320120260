"""How often agency and year are right on heads that no rule was tuned to; and that any input costs about linear time."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from govdisclosure.identity import identify
from govdisclosure.model import Document, Grid, GridCell, Line, Piece, Section, Source
from tests.identity.heads import PATTERNS, TUNED, Head, heads, score

REPORT = "政府信息公开工作年度报告"


def test_there_are_many_heads_and_no_two_alike():
    found = [(name, repr(head)) for name, head in heads()]
    assert len(PATTERNS) >= 60 and len(set(found)) >= 200
    assert 0.4 < len(TUNED) / len(PATTERNS) < 0.6


def test_tuned_patterns():
    found = score(TUNED)
    assert found["agency"]["wrong"] == found["year"]["wrong"] == 0
    assert found["agency"]["right"] >= 115 and found["year"]["right"] == 124


def test_patterns_that_no_rule_was_tuned_to():
    found = score(frozenset(PATTERNS) - TUNED)
    assert found["agency"]["right"] >= 119 and found["agency"]["wrong"] == 0
    assert found["year"]["right"] == 124


def test_heads_of_many_kinds():
    """341 heads written to break the rules: lists of other reports, sites' names, breadcrumbs, split and glued titles."""
    lines = Path(__file__).with_name("heads.jsonl").read_text("utf-8").splitlines()
    counts, wrong = Counter(), []
    for case in map(json.loads, lines):
        name, wanted = case.pop("name"), (case["agency"], case["year"])
        sections = {int(number): text for number, text in case.pop("sections", {}).items()}
        found = Head(sections=sections, **case).identity()
        for value, expected in zip((found.agency.value, found.year.value), wanted):
            counts["right" if value == expected else "NA" if value is None else "wrong"] += 1
            if value not in (expected, None):
                wrong.append((name, value, expected))
    assert not wrong and counts["right"] >= 676 and len(lines) == 341


def test_a_title_that_the_text_contradicts_is_told():
    text = {0: f"现公布将乐县水利局2023年{REPORT}。"}
    found = Head(None, 0, titles=[f"将乐县人民政府2023年{REPORT}"], sections=text).identity()
    assert found.agency == ("将乐县水利局", "prose")
    assert "identity.agency_contradicts" in {finding.rule for finding in found.findings}
    found = Head(None, 0, titles=[f"将乐县财政局2023年{REPORT}"], sections=text).identity()
    assert found.agency.value is None
    assert "identity.agency_contradicts" in {finding.rule for finding in found.findings}


@pytest.mark.parametrize(
    ("head", "agency"),
    [
        # a district's city is read anywhere, never its province; a county's only with the agency's whole name
        (Head(None, 0, titles=[f"洪泽区财政局2023年{REPORT}"], footer="江苏省淮安市洪泽区东一道"), "洪泽区财政局"),
        (Head(None, 0, titles=[f"洪泽区财政局2023年{REPORT}"], sections={0: "地址：江苏省淮安市洪泽区东一道"}), "淮安市洪泽区财政局"),
        (Head(None, 0, titles=[f"大姚县财政局2023年{REPORT}"], sections={0: "地址：云南省楚雄州大姚县金碧镇"}), "大姚县财政局"),
        (Head(None, 0, titles=[f"鼓楼区财政局2023年{REPORT}"], sections={0: "南京市鼓楼区、徐州市鼓楼区"}), "鼓楼区财政局"),
        (Head(None, 0, titles=[f"石桥镇2023年{REPORT}"], metadata={"发布机构": "沂水县石桥镇"}), "沂水县石桥镇人民政府"),
        (Head(None, 0, titles=[f"县司法局2022年{REPORT}"], sections={0: "本报告由沭阳县司法局编制。"}), "沭阳县司法局"),
        # a breadcrumb and a publisher's inner office are no agencies
        (Head(None, 0, titles=["首页 > 沭阳县人民政府 > 政府信息公开年报"], sections={1: "2023年，我局公开信息。"}), None),
        (Head(None, 0, titles=[f"2022年{REPORT}"], metadata={"发布机构": "沭阳县民政局办公室"}), "沭阳县民政局"),
        (Head(None, 0, titles=[f"2022年{REPORT}"], metadata={"发布机构": "沭阳县民政局政策法规科"}), "沭阳县民政局"),
        (Head(None, 0, titles=[f"2022年{REPORT}"], metadata={"发布机构": "党政办公室"}), None),
        (Head(None, 0, titles=[f"2022年{REPORT}"], metadata={"发布机构": "政府办公室"}), None),
        (Head(None, 0, titles=[f"2022年{REPORT}"], metadata={"发布机构": "办公室（政策法规科）"}), None),
        (Head(None, 0, titles=[f"2022年{REPORT}"], metadata={"发布机构": "政务公开科"}), None),
        (Head(None, 0, lines=["信丰县人民政府 信丰县教育局", f"2023年{REPORT}"]), "信丰县教育局"),
        # whose a joint title is stays open
        (Head(None, 0, titles=[f"沭阳县财政局、沭阳县审计局2022年{REPORT}"]), None),
        (Head(None, 0, lines=[f"沭阳县财政局、沭阳县审计局2022年{REPORT}"]), None),
        (Head(None, 0, titles=[f"沭阳县发展和改革局和统计局2022年{REPORT}"]), None),
        (Head(None, 0, titles=[f"沭阳县委宣传部、沭阳县文化和旅游局2022年{REPORT}"]), None),
        (Head(None, 0, titles=[f"沭阳县财政局 沭阳县审计局2022年{REPORT}"]), None),
        (Head(None, 0, titles=[f"沭阳县文化、体育和旅游局2022年{REPORT}"]), "沭阳县文化、体育和旅游局"),
        (Head(None, 0, titles=[f"沭阳经济开发区管理委员会和平街道办事处2022年{REPORT}"]), "沭阳经济开发区管理委员会和平街道办事处"),
        (Head(None, 0, lines=[f"沭阳县人民政府门户网站沭阳县财政局2022年{REPORT}"]), "沭阳县财政局"),
        # links to the reports of others are no prose; lines of other languages, dates and a label stand beside a title
        (Head(None, 0, sections={1: "2022年，公开信息9条。\n沭阳县司法局2022年度未收取费用。", 6: f"上一篇：沭阳县财政局2022年{REPORT}\n下一篇：沭阳县财政局2021年{REPORT}"}), "沭阳县司法局"),
        (Head(None, 0, sections={0: f"现公布将乐县白沙镇人民政府2022年{REPORT}。"}), "将乐县白沙镇人民政府"),
        (Head(None, 0, lines=["沭阳县财政局", "Annual Report of 2022", f"2022年{REPORT}"]), "沭阳县财政局"),
        (Head(None, 0, lines=[f"2023-01-12 15:33 沭阳县财政局2022年{REPORT}"], sections={1: "无。"}), "沭阳县财政局"),
        (Head(None, 0, lines=[f"附件1：沭阳县财政局2022年{REPORT}"], sections={1: "无。"}), "沭阳县财政局"),
        # two bodies that weigh the same are none
        (Head(None, 0, titles=[f"2022年{REPORT}"], sections={0: "现将沭阳县财政局2022年情况报告如下。", 6: "沭阳县司法局\n2023年1月3日"}), None),
        # lines joined to a title are no surer than the prose that names another body
        (Head(None, 0, lines=["沭阳县人民政府", f"2023年{REPORT}"], sections={1: "沭阳县水利局根据条例编制本报告。"}), None),
        (Head(None, 0, lines=["沭阳县水利局", f"2023年{REPORT}"], sections={1: "沭阳县水利局根据条例编制本报告。"}), "沭阳县水利局"),
        # the unit of a place alone, on the page of one such place
        (Head(None, 0, lines=["淮安市洪泽区人民政府", f"区水利局2023年{REPORT}"]), "淮安市洪泽区水利局"),
        (Head(None, 0, lines=["淮安市洪泽区人民政府", "淮安市清江浦区人民政府", f"区水利局2023年{REPORT}"]), "区水利局"),
        # notes in brackets, short forms of the name, the whole name elsewhere on the page
        (Head(None, 0, titles=[f"海关总署（本级机关）2020年{REPORT}"]), "海关总署"),
        (Head(None, 0, sections={0: f"现公布沭阳县人民政府办公室（以下简称县府办）2022年{REPORT}。"}), "沭阳县人民政府办公室"),
        (Head(None, 0, titles=[f"县政府办2022年{REPORT}"], sections={1: "2022年，沭阳县人民政府办公室认真贯彻条例。"}), "沭阳县人民政府办公室"),
        (Head(None, 0, titles=[f"沭阳县政府办公室2021年{REPORT}"], sections={0: f"现公布沭阳县2021年{REPORT}。"}), "沭阳县政府办公室"),
        (Head(None, 0, sections={1: "根据条例的要求，洪泽区高良涧街道特编制2022年年度报告。2022年，高良涧街道办事处在系统上主动公开政府信息20条。"}), "洪泽区高良涧街道办事处"),
        (Head(None, 0, sections={0: "本街道根据条例编制本报告。如有疑问，请联系：沭阳县梦溪街道办事处；电话：1。"}), "沭阳县梦溪街道办事处"),
        (Head(None, 0, titles=[f"湛江海关关区2023年{REPORT}"]), "湛江海关"),
        (Head(None, 0, sections={0: "如有疑问，请与沭阳县卫生健康委员会办公室联系（地址：人民路1号）。"}), "沭阳县卫生健康委员会"),
        (Head(None, 0, titles=[f"2020年卫生健康委员会{REPORT}"], sections={0: "请与沭阳县卫生健康委办公室联系（地址：人民路1号）。"}), "沭阳县卫生健康委"),
        (Head(None, 0, sections={1: "2020年，沭阳县卫生健康委员会根据条例，公开信息20条。"}), "沭阳县卫生健康委员会"),
        (Head(None, 0, sections={1: "2022年，开发区坚持以公开为常态，公开信息20条。"}), None),
        # readings in pinyin, a text glued to its title
        (Head(None, 0, lines=["沭陽(yáng)縣(xiàn)財(cái)政局2022年政府信息公開(kāi)工作年度報(bào)告"]), "沭陽縣財政局"),
        (Head(None, 0, lines=[f"# 沭阳县财政局2022年{REPORT}根据《中华人民共和国政府信息公开条例》编制本报告，共六个部分。"]), "沭阳县财政局"),
    ],
)  # fmt: skip
def test_who(head, agency):
    assert head.identity().agency.value == agency


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021年，区商务局公开信息40条。", 2021),
        ("2021年收到申请5件，比2020年增加2件，较2019年增加3件。", 2021),
        ("2019年修订的《条例》施行后，公开信息40条。", None),
        ("2022年，将继续做好公开工作。", None),
        ("2021年，将乐县公开信息40条。", 2021),
        ("2021年，公开信息40条。2020年，公开信息30条。", None),
        ("我局于2019年3月组建。", None),
        ("我局2023年公开信息20条，荣获2021年度先进，网站于2016年开通。", 2023),
        ("2023年以来，我局公开信息20条。", 2023),
        ("自2008年条例施行以来，根据《2021年政务公开工作要点》公开信息。", None),
        ("我局2023年公开信息20条，我科2022年公开3条。", None),
    ],
)
def test_when(text, year):
    assert identify(Document(Source("a"), ()), (Section(1, "", text, ""),)).year.value == year


def test_an_index_number_is_no_year():
    titles = [
        "索引号|014320144/2015-00056|分类|政府信息公开年报",
        f"沭阳县政府办公室2014年{REPORT}",
    ]
    said = {0: f"现向社会公布沭阳县2014年度{REPORT}。"}
    assert Head(None, 0, titles=titles, sections=said).identity().year.value == 2014


def test_titles_that_disagree_are_no_year():
    titles = [f"沭阳县财政局{year}年{REPORT}" for year in (2021, 2022)]
    found = Head(None, None, titles=titles).identity()
    assert found.year.value is None
    assert {"identity.year_contradicts", "identity.year_unknown"} <= {
        f.rule for f in found.findings
    }


def test_the_heading_above_a_list_of_the_years_reports_says_the_year():
    lines = [
        f"# 沭阳县水利局2023年{REPORT}",
        f"沭阳县水利局2022年{REPORT}",
        f"沭阳县水利局2021年{REPORT}",
    ]
    assert Head(None, None, lines=lines).identity().year.value == 2023
    text = {0: "统计期限为2021年1月1日至2021年12月31日。"}
    assert Head(None, None, lines=lines, sections=text).identity().year.value == 2021
    lines[1] = "# " + lines[1]
    assert Head(None, None, lines=lines).identity().year.value is None


def test_other_titles_above_the_title_are_not_joined_to_it():
    lines = [f"{year}年{REPORT}" for year in (2021, 2022)] + [f"沭阳县水利局2023年{REPORT}"]
    found = Head(None, None, lines=lines).identity()
    assert (found.agency.value, found.year.value) == ("沭阳县水利局", 2023)


def test_pieces_between_bars_are_fields():
    marks = zip(("发布机构", "沭阳县财政局", "发布日期", "2023-01-12"), ("", "|", "|", "|"))
    line = Line(tuple(Piece(text, "l1", mark=mark) for text, mark in marks), "line 1")
    found = identify(Document(Source("a"), (line,), (f"2022年{REPORT}",)), ())
    assert (found.agency.value, found.published.value) == ("沭阳县财政局", "2023-01-12")


GROWING = {
    "one line": lambda n: Head(None, 0, lines=["沭阳县司法局2022年" * n]),
    "spaces": lambda n: Head(
        None, 0, lines=["网站标识码" + " " * 10 * n + "1"], footer=" 1" * 5 * n
    ),
    "labels": lambda n: Head(None, 0, lines=["发布机构：" * n, "来源|" * n]),
    "names": lambda n: Head(None, 0, sections={0: "现将沭阳县" * n, 6: "淮安市洪泽区" * n}),
    "years": lambda n: Head(None, 0, sections={1: "2021年1月1日" * n + "-" * n}),
    "brackets": lambda n: Head(None, 0, titles=["(" * 10 * n], footer="主办单位：" * n),
    "short lines": lambda n: Head(None, 0, lines=["公开"] * 5 * n),
}


@pytest.mark.parametrize("kind", GROWING)
def test_cost_is_about_linear(kind):
    GROWING[kind](10).identity()
    for size in (2_000, 16_000):
        start = time.process_time()
        GROWING[kind](size).identity()
        assert time.process_time() - start < 2


def test_a_wide_grid_is_not_read_whole():
    row = tuple(GridCell("规章" * 50, "t", 0, n) for n in range(50_000))
    start = time.process_time()
    identify(Document(Source("a"), (Grid((row,) * 4, "t"),)), ())
    assert time.process_time() - start < 0.5


def test_real_agencies_by_name():
    """The 359 bodies of the panel in data/figures, whose level and division somebody looked up."""
    folder = Path(__file__).resolve().parents[2] / "data" / "figures"
    frames = [
        pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("statutory", "narrative")
    ]
    bodies = pd.concat(frames).drop_duplicates("agency")
    level = bodies["level"].str.replace("_", " ").str.replace("nation", "state")
    right = Counter()
    for body, wanted in zip(bodies.itertuples(), level):
        found = Head(None, None, titles=[f"{body.agency}{body.year}年{REPORT}"]).identity()
        right["agency"] += found.agency.value == body.agency
        right["level"] += found.level.value == wanted
        right["code"] += (found.division_code.value or "") == body.division_code
    assert len(bodies) == right["agency"] == 359
    assert right["level"] >= 349 and right["code"] >= 352
