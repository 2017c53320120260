"""Properties of `extract`: never raises, spans hold, numbers survive every notation, time stays linear."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure.errors import LimitError
from govdisclosure.model import Section
from govdisclosure.narrative import extract
from govdisclosure.narrative.scan import Compact
from govdisclosure.numbers import parse_numeral

HERE = Path(__file__).parent


def _load(name):
    spec = importlib.util.spec_from_file_location(f"narrative_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


render, score = _load("render"), _load("score")
TEMPLATES = (
    ("全年共关停政务新媒体{}个。", "new_media_closed"),
    ("目前在运行政务新媒体账号{}个，其中情况良好。", "new_media_in_operation"),
    ("共收到政府信息公开申请{}件。", "requests_received"),
    ("全年主动公开政府信息{}条。", "items_published"),
    ("12345热线受理群众诉求{}件。", "hotline_requests"),
    ("政务公开业务培训参训人员{}人次。", "persons_trained"),
    ("收取信息处理费{}元。", "processing_fee"),
)


def read(text: str, number: int = 1):
    """Figures of one section."""
    return extract([Section(number, "", text, "")])


def holds(figure, text: str) -> None:
    """The span lies in the sentence and, when it is a number's, reads as the value."""
    printed = text[figure.start : figure.end]
    assert 0 <= figure.start < figure.end <= len(text)
    assert figure.sentence in text and printed in figure.sentence
    if figure.value is not None and figure.pattern == "number":
        numeral = parse_numeral(Compact(printed).text.replace("，", ","))
        factor = (
            10_000
            if figure.indicator == "processing_fee"
            and text[figure.end :].lstrip().startswith("万元")
            else 1
        )
        assert numeral is not None and abs(figure.value) == numeral.value * factor, printed


@settings(max_examples=60, deadline=None)
@given(
    st.integers(20, 9_999_999),
    st.sampled_from(TEMPLATES),
    st.sampled_from(sorted(render.NOTATIONS)),
)
def test_numbers_in_every_notation_come_back(n, template, notation):
    sentence, indicator = template
    text = sentence.format(render.NOTATIONS[notation](n))
    (figure,) = [f for f in read(text) if f.indicator == indicator]
    assert figure.value == n and not figure.approximate
    holds(figure, text)


def test_spans_of_the_labelled_sentences_hold():
    for row in score.training().load()[::5]:
        text = "导语。\n" + row["text"]
        for figure in read(text):
            holds(figure, text)


PIECES = st.sampled_from(
    ["政务新媒体", "微信公众号", "关停", "备案", "3个", "十二个", "由", "降至", "其中", "（", "）", "、", "，", "；", "。", "\n", "“", "”", "1,2", "万", "余", "申请", "收到",
     "予以公开", "5件", "分别为", "各", "未", "将", "12345热线", "办结率", "100%", "行政复议", "培训", "2期", "30人次", "信息处理费", "0元", "2021年", "累计", " ", "　", "１２",
     "发布信息", "条", "政策解读", "专职", "同比增长", "占", "第六期", "《", "〔", "\u200b"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_shuffled_words_never_raise_and_keep_their_spans(text):
    for figure in read(text):
        holds(figure, text)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.integers(0, 6))
def test_any_text_is_read_without_an_exception(text, number):
    for figure in read(text, number):
        holds(figure, text)


@pytest.mark.parametrize(
    "piece",
    [
        "关停政务新媒体3个、",
        "1",
        "（",
        "“",
        "政务新媒体",
        "分别为",
        "3个",
        "未",
        "，",
        "一",
        "其中微信公众号1个、",
        "\n1",
        "1 ",
    ],
)
def test_a_huge_sentence_is_read(piece):
    """1 MB of one kind of text, the size a page may have; quadratic time would not come back."""
    text = piece * (1_000_000 // len(piece))
    for figure in read(text)[:50]:
        holds(figure, text)


def test_two_sections_keep_their_numbers_and_offsets():
    sections = [
        Section(1, "", "全年关停政务新媒体2个。", ""),
        Section(6, "", "未收取信息处理费。", ""),
    ]
    figures = extract(sections)
    assert [(f.section, f.indicator, f.value) for f in figures] == [
        (1, "new_media_closed", 2.0),
        (6, "processing_fee", 0.0),
    ]
    assert (
        figures[0].sentence == "全年关停政务新媒体2个"
        and sections[0].text[figures[0].start : figures[0].end] == "2"
    )


def test_a_line_break_of_a_pdf_does_not_cut_a_number():
    text = "全市各级各部门持续推进政务新媒体规范管理，全年共关停政务新媒体 1\n36 个，其余账号保持正常。"
    (figure,) = read(text)
    assert figure.value == 136 and text[figure.start : figure.end] == "1\n36"


def test_traditional_text_and_readings_in_pinyin_are_read_where_they_are_printed():
    text = "2021年，我縣主動公開(kāi)政府信息1,146條；收到政府信息公開（kāi）申請9件，上年結轉1件。"
    found = extract([Section(1, "", text, "")], 2021)
    told = [(f.indicator, text[f.start : f.end]) for f in found]
    wanted = ["items_published", "requests_received", "requests_carried_over"]
    assert told == list(zip(wanted, ("1,146", "9", "1")))
    plain = "2021年，我县主动公开政府信息1,146条；收到政府信息公开申请9件，上年结转1件。"
    assert [f[:3] for f in found] == [f[:3] for f in extract([Section(1, "", plain, "")], 2021)]


def test_a_denial_in_brackets_denies_nothing_before_them():
    text = "予以公开19件，无法提供（没有现成信息需另行制作）2件。"
    found = extract([Section(1, "", "收到政府信息公开申请21件，" + text, "")], 2021)
    assert [f.value for f in found if f.indicator == "requests_unable"] == [2]


def test_scope_is_kept_where_said():
    figures = read("市政府办公室受理政府信息公开申请17件，全市共受理政府信息公开申请95件。")
    assert [(f.value, f.scope) for f in figures] == [(17, "own_office"), (95, "territory")]


ZEROS = [
    ("全年未收到政府信息公开申请。", {("requests_received", 0.0)}),
    ("我局未发生因政府信息公开引起的行政复议、行政诉讼。", {("reconsideration_cases", 0.0), ("litigation_cases", 0.0)}),
    ("因信息公开被申请行政复议、提起行政诉讼均为0件。", {("reconsideration_cases", 0.0), ("litigation_cases", 0.0)}),
    ("2023年未向申请人收取信息处理费。", {("processing_fee", 0.0)}),
    ("全年无新增政务新媒体账号。", {("new_media_opened", 0.0)}),
    ("规范性文件未经备案不得发布。", set()),
    ("全年无行政诉讼败诉案件。", set()),
    ("未发生应公开未公开的情形。", set()),
    ("全年未收到政府信息公开申请，上年度无结转。", {("requests_received", 0.0)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ZEROS)
def test_zeros_are_only_of_what_is_denied(text, wanted):
    assert {(f.indicator, f.value) for f in read(text)} == wanted


TIMES = [  # of a report on 2022
    ("2022年接收申请3件，2021年接收6件。", [(3, "year"), (6, "previous_year")]),
    ("2023年我局计划公开信息300条。", [(300, "planned")]),
    ("下一步，2023年拟新开设政务抖音号1个，注销微博账号2个。", [(1, "planned"), (2, "planned")]),
    ("本年新收申请9件，办结8件，结转2023年1件。", [(9, "year"), (8, "year"), (1, "year")]),
]


@pytest.mark.parametrize(("text", "wanted"), TIMES)
def test_a_year_before_a_number_is_its_time(text, wanted):
    assert [(f.value, f.period) for f in extract([Section(1, "", text, "")], 2022)] == wanted


def test_a_numeral_is_never_read_from_its_middle():
    assert [f.value for f in read("全年主动公开政府信息总数九百六十三条。")] == [963]


def test_a_rate_of_proposals_is_none_of_the_hotline():
    assert not read("承办人大建议38件、政协提案52件，办结率100%。")


def test_a_list_takes_its_meaning_from_the_total_and_owners_are_no_figures():
    text = "全市共关停政务新媒体25个，其中微信公众号20个、微博5个。从主办单位看，市直部门15个、县区10个。"
    assert [(f.indicator, f.platform, f.value) for f in read(text)] == [
        ("new_media_closed", "all", 25.0),
        ("new_media_closed", "wechat", 20.0),
        ("new_media_closed", "weibo", 5.0),
    ]


def test_numbers_that_happen_to_add_up_are_no_list_when_a_verb_stands_between():
    text = "全县共整合关停政务新媒体25个，新开设政务新媒体13个，其中微信公众号10个，微博2个，抖音号1个。"
    assert [f.indicator for f in read(text)] == ["new_media_closed", *["new_media_opened"] * 4]


def test_a_list_that_does_not_add_up_says_so():
    figures = read("全区关停政务新媒体30个，其中微信公众号25个、微博9个。")
    assert [(f.platform, f.note) for f in figures] == [
        ("all", "sum_mismatch"),
        ("wechat", "sum_mismatch"),
        ("weibo", "sum_mismatch"),
    ]


def test_one_number_of_two_verbs_is_two_figures():
    found = {(f.indicator, f.value) for f in read("全年收到并办结政府信息公开申请14件。")}
    assert found == {("requests_received", 14.0), ("requests_concluded", 14.0)}


def test_a_sample_is_no_stock():
    assert not read("随机抽查政务新媒体60个，合格率100%。")
    (figure,) = read("对全市政务新媒体开展检查，共检查政务新媒体85个，检查比例100%。")
    assert (figure.indicator, figure.value) == ("new_media_in_operation", 85.0)


def test_figures_of_a_sentence_share_its_string():
    figures = read("全年收到政府信息公开申请12件，办结11件，结转下年度1件。")
    assert len(figures) == 3 and len({id(f.sentence) for f in figures}) == 1


def test_memory_of_a_large_text_stays_bounded():
    """Thousands of accounts in one sentence: the peak is that of a batch, not of the text."""
    import tracemalloc

    text = "关停政务新媒体3个，" * 2_900
    tracemalloc.start()
    try:
        assert len(read(text)) > 1000
        assert tracemalloc.get_traced_memory()[1] < 70_000_000
    finally:
        tracemalloc.stop()


def test_more_numbers_than_any_report_has_are_refused_at_once():
    """A megabyte of them would take seconds; the error says how many there may be."""
    with pytest.raises(LimitError, match="at most 3,000 numbers in a section's prose"):
        read("关停政务新媒体3个，" * 50_000)
