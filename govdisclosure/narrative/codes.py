"""The indicators of the prose, their platforms, and how a figure may be printed, as data.

Sources: Regulations on Open Government Information 2019 (国令第711号) Art. 42, 49, 50; annual-report format
国办公开办函〔2021〕30号; new media: 国办发〔2018〕123号 and 国办秘函〔2019〕19号 (关停, 注销, 备案);
processing fee: 国办函〔2020〕109号; wording of the 2014-18 table: 国办发〔2014〕32号.
"""

from __future__ import annotations

from typing import NamedTuple


class Indicator(NamedTuple):
    """One figure of the prose: code, names, unit, what it counts, and the text it rests on."""

    code: str
    zh: str
    en: str
    unit: str
    definition: str
    source: str


_MEDIA = "国办发〔2018〕123号"
_FORM = "国办公开办函〔2021〕30号"
_TABLE = "国办发〔2014〕32号"

INDICATORS: tuple[Indicator, ...] = (
    Indicator("new_media_closed", "关停整合政务新媒体", "Government new-media accounts closed, merged or cancelled", "个",
              "Accounts closed, merged or cancelled in the period; the prose seldom tells the three apart.", _MEDIA),
    Indicator("new_media_opened", "新开设政务新媒体", "Government new-media accounts opened", "个",
              "Accounts newly opened in the period; a printed 无新增 is 0.", _MEDIA),
    Indicator("new_media_registered", "备案政务新媒体", "Government new-media accounts registered", "个",
              "Accounts entered in the filing system; may be the year's filings or the stock on file.", _MEDIA),
    Indicator("new_media_in_operation", "在运行政务新媒体", "Government new-media accounts in operation", "个",
              "Stock of accounts; period previous_year is the stock before a change 由A降至B.", _MEDIA),
    Indicator("new_media_growth", "政务新媒体增幅", "Change of the number of accounts", "%",
              "Printed change of the number of accounts, negative when it fell.", _MEDIA),
    Indicator("requests_received", "新收申请", "Requests received", "件",
              "Requests of the year: 新收, 收到, 受理 (table three, row one).", _FORM),
    Indicator("requests_handled", "收办申请", "Requests received and handled", "件",
              "收办, 办理, 处理: new requests plus those carried over.", _FORM),
    Indicator("requests_carried_over", "上年结转", "Requests carried over from the previous year", "件",
              "Received earlier, undecided on 1 January (row two).", _FORM),
    Indicator("requests_carried_forward", "结转下年度", "Requests carried forward to the next year", "件",
              "Undecided on 31 December (row four).", _FORM),
    Indicator("requests_concluded", "办结答复", "Requests concluded", "件", "办结 or 答复 in the year (total of row three).", _FORM),
    Indicator("requests_disclosed_full", "予以公开", "Disclosed in full", "件", "Regulations Art. 36(1)(2).", _FORM),
    Indicator("requests_disclosed_partial", "部分公开", "Disclosed in part", "件", "Regulations Art. 37.", _FORM),
    Indicator("requests_disclosed", "予以公开及部分公开", "Disclosed in full or in part", "件",
              "One printed number for both outcomes together.", _FORM),
    Indicator("requests_denied", "不予公开", "Denied", "件", "Regulations Art. 14-16, 36(7).", _FORM),
    Indicator("requests_unable", "无法提供", "Unable to provide", "件", "Regulations Art. 30, 36(4)(5), 38.", _FORM),
    Indicator("requests_not_processed", "不予处理", "Not processed", "件", "Regulations Art. 35, 36(6), 39.", _FORM),
    Indicator("requests_other", "其他处理", "Otherwise handled", "件", "Deemed abandoned, unpaid, withdrawn, other.", _FORM),
    Indicator("requests_natural_person", "自然人申请", "Requests by natural persons", "件", "Applicant column 自然人.", _FORM),
    Indicator("requests_organization", "法人或其他组织申请", "Requests by organisations", "件",
              "All five organisation columns together.", _FORM),
    Indicator("requests_growth", "申请增幅", "Change of the number of requests", "%",
              "Printed change against the previous year, negative when it fell.", _FORM),
    *(Indicator(f"requests_{code}_share", f"{zh}占比", f"Share of requests: {en}", "%",
                "Percentage printed right after the count; its denominator is rarely said.", _FORM)
      for code, zh, en in (("disclosed_full", "予以公开", "disclosed in full"), ("disclosed_partial", "部分公开", "in part"),
                           ("disclosed", "予以公开及部分公开", "in full or in part"), ("denied", "不予公开", "denied"),
                           ("unable", "无法提供", "unable to provide"), ("not_processed", "不予处理", "not processed"),
                           ("other", "其他处理", "otherwise handled"), ("natural_person", "自然人", "natural persons"),
                           ("organization", "法人或其他组织", "organisations"))),
    *(Indicator(f"{channel}_{code}", f"{zh_channel}{zh}", f"{en_channel}: {en}", "件", definition, _FORM)
      for channel, zh_channel, en_channel in (("reconsideration", "行政复议", "Administrative reconsideration"),
                                              ("litigation", "行政诉讼", "Administrative litigation"))
      for code, zh, en, definition in (("cases", "案件", "cases", "Cases on disclosure in the year."),
                                       ("upheld", "维持", "upheld", "结果维持."),
                                       ("corrected", "纠正", "corrected", "结果纠正."),
                                       ("other", "其他结果", "other result", "其他结果."),
                                       ("pending", "尚未审结", "pending", "尚未审结."))),
    Indicator("disputes_cases", "行政复议和行政诉讼", "Reconsideration and litigation together", "件",
              "One printed number for both kinds.", _FORM),
    Indicator("hotline_requests", "12345热线受理", "12345 hotline requests", "件", "Calls or orders accepted by the hotline.", _FORM),
    Indicator("hotline_completion_rate", "12345热线办结率", "12345 hotline completion rate", "%", "办结率, 按时办结率.", _FORM),
    Indicator("items_published", "公开信息", "Items published", "条",
              "Items disclosed; platform is the channel, 'all' when none or several are named.", _FORM),
    Indicator("items_published_growth", "公开信息增幅", "Change of items published", "%", "Printed change against the previous year.", _FORM),
    Indicator("interpretations", "政策解读", "Policy interpretations", "条", "Interpretations issued; articles, pictures and videos.", _TABLE),
    Indicator("training_sessions", "培训场次", "Training sessions", "次", "Sessions held; 第六期 alone is one session.", _TABLE),
    Indicator("persons_trained", "培训人次", "Persons trained", "人次", "Attendance of training.", _TABLE),
    Indicator("staff_full_time", "专职人员", "Full-time staff", "人", "Disclosure staff, full time (row H3a of the 2014 table).", _TABLE),
    Indicator("staff_part_time", "兼职人员", "Part-time staff", "人", "Disclosure staff, part time (row H3b of the 2014 table).", _TABLE),
    Indicator("staff", "工作人员", "Disclosure staff", "人", "Full and part time together (row H3 of the 2014 table).", _TABLE),
    Indicator("processing_fee", "信息处理费", "Information processing fee", "元",
              "Fee collected under Art. 42; 未收取 is 0. Not the fee of rows before 2019.", "国办函〔2020〕109号"),
)  # fmt: skip

UNITS: dict[str, str] = {indicator.code: indicator.unit for indicator in INDICATORS}

PLATFORMS: dict[str, tuple[str, str]] = {
    "all": ("全部", "all together, or not said"),
    "wechat": ("微信公众号", "WeChat official accounts"),
    "weibo": ("微博", "Weibo"),
    "douyin": ("抖音", "Douyin"),
    "toutiao": ("今日头条", "Toutiao"),
    "video_account": ("视频号", "WeChat Channels"),
    "app": ("移动客户端", "mobile apps"),
    "mini_program": ("小程序", "mini programs"),
    "other": ("其他", "other platforms"),
    "website": ("网站", "government website (items published)"),
    "new_media": ("政务新媒体", "government new media together (items published)"),
    "gazette": ("公报", "government gazette (items published)"),
}

# `pattern` of a Figure: how it is printed.
PATTERNS: dict[str, str] = {
    "number": "a printed number",
    "zero": "an object that is denied: 未收到申请, 无行政复议",
    "named": "accounts given by their names in quotation marks",
    "verb": "accounts closed, without a number",
    "ordinal": "第六期: one session",
}
