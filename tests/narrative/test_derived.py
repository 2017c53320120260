"""Figures that take their meaning from the rest of the sentence, and look-alikes that are none of disclosure's."""

from __future__ import annotations

import pytest

from govdisclosure.model import Section
from govdisclosure.narrative import extract


def read(text):
    return {
        (f.indicator, f.platform, f.value, f.period) for f in extract([Section(1, "", text, "")])
    }


@pytest.mark.parametrize(("text", "figure"), [
    ("新收申请21件，上年结转4件，合计25件。", ("requests_handled", "all", 25.0, "year")),
    ("予以公开9件，部分公开3件，共12件。", ("requests_concluded", "all", 12.0, "year")),
    ("收到申请40件，较上年的31件增加9件。", ("requests_received", "all", 31.0, "previous_year")),
    ("网站发布信息900条，去年同期为850条。", ("items_published", "website", 850.0, "previous_year")),
    ("政府信息公开行政诉讼5件，法院判决维持4件，其余1件正在审理。", ("litigation_pending", "all", 1.0, "year")),
])  # fmt: skip
def test_the_sentence_says_what_the_number_is(text, figure):
    assert figure in read(text)


def test_a_sum_that_does_not_add_up_says_nothing():
    assert not any(
        value == 26.0 for _, _, value, _ in read("新收申请21件，上年结转4件，合计26件。")
    )


@pytest.mark.parametrize("text", [
    "全年受理住房补贴申请120件。", "举办防汛培训班5期，培训300人次。", "下步拟于3月关停“某某发布”微博。",
    "接受举报投诉30件，其中涉及政府信息公开的2件。",
])  # fmt: skip
def test_look_alikes_give_no_figure_of_the_year(text):
    assert not any(period == "year" for *_, period in read(text))


def test_a_whole_docket_is_not_disclosure():
    got = read(
        "全年受理行政复议案件143件，其中政府信息公开类21件；审结137件，其中维持88件、撤销9件。"
    )
    assert got == {("reconsideration_cases", "all", 21.0, "year")}


def test_websites_are_no_accounts():
    text = "全市在线运行政府网站由去年的36家整合至31家；在册政务新媒体账号214个。"
    assert {value for _, _, value, _ in read(text)} <= {214.0}


def test_a_part_by_body_is_no_second_total():
    assert read("全市办理依申请公开80件，其中市本级办理14件。") == {
        ("requests_handled", "all", 80.0, "year")
    }


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (
            "三季度关停政务新媒体4个，新开设视频号1个。",
            {
                ("new_media_closed", "all", 4.0, "quarter"),
                ("new_media_opened", "video_account", 1.0, "quarter"),
            },
        ),
        ("上半年注销微博3个。", {("new_media_closed", "weibo", 3.0, "half_year")}),
        (
            "截至三季度末，全市在运行政务新媒体66个。",
            {("new_media_in_operation", "all", 66.0, "year")},
        ),
        (
            "四季度收到申请5件，全年收到申请17件。",
            {
                ("requests_received", "all", 5.0, "quarter"),
                ("requests_received", "all", 17.0, "year"),
            },
        ),
        (
            "2024年以来，围绕季度重点任务，在门户网站发布信息77条。",
            {("items_published", "website", 77.0, "year")},
        ),
    ],
)
def test_a_quarter_is_the_period_where_no_other_time_stands_nearer(text, figures):
    assert read(text) == figures


def test_the_channel_may_stand_behind_its_number():
    assert read("全年发布640条微博、210篇微信。") == {
        ("items_published", "weibo", 640.0, "year"),
        ("items_published", "wechat", 210.0, "year"),
    }


def test_outcomes_may_stand_behind_their_numbers():
    text = "因政府信息公开被申请行政复议8宗、行政诉讼0宗，其中5宗维持原答复，2宗结果纠正，1宗尚未审结。"
    assert read(text) == {
        ("reconsideration_cases", "all", 8.0, "year"),
        ("litigation_cases", "all", 0.0, "year"),
        ("reconsideration_upheld", "all", 5.0, "year"),
        ("reconsideration_corrected", "all", 2.0, "year"),
        ("reconsideration_pending", "all", 1.0, "year"),
    }
