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


# code | 中文 | English | unit | what it counts | source
_TABLE = """
new_media_closed | 关停整合政务新媒体 | Government new-media accounts closed, merged or cancelled | 个 | Accounts closed, merged or cancelled in the period; the prose seldom tells the three apart. | 国办发〔2018〕123号
new_media_opened | 新开设政务新媒体 | Government new-media accounts opened | 个 | Accounts newly opened in the period; a printed 无新增 is 0. | 国办发〔2018〕123号
new_media_registered | 备案政务新媒体 | Government new-media accounts registered | 个 | Accounts entered in the filing system; may be the year's filings or the stock on file. | 国办发〔2018〕123号
new_media_in_operation | 在运行政务新媒体 | Government new-media accounts in operation | 个 | Stock of accounts; period previous_year is the stock before a change 由A降至B. | 国办发〔2018〕123号
new_media_growth | 政务新媒体增幅 | Change of the number of accounts | % | Printed change of the number of accounts, negative when it fell. | 国办发〔2018〕123号
requests_received | 新收申请 | Requests received | 件 | Requests of the year: 新收, 收到, 受理 (table three, row one). | 国办公开办函〔2021〕30号
requests_handled | 收办申请 | Requests received and handled | 件 | 收办, 办理, 处理: new requests plus those carried over. | 国办公开办函〔2021〕30号
requests_carried_over | 上年结转 | Requests carried over from the previous year | 件 | Received earlier, undecided on 1 January (row two). | 国办公开办函〔2021〕30号
requests_carried_forward | 结转下年度 | Requests carried forward to the next year | 件 | Undecided on 31 December (row four). | 国办公开办函〔2021〕30号
requests_concluded | 办结答复 | Requests concluded | 件 | 办结 or 答复 in the year (total of row three). | 国办公开办函〔2021〕30号
requests_disclosed_full | 予以公开 | Disclosed in full | 件 | Regulations Art. 36(1)(2). | 国办公开办函〔2021〕30号
requests_disclosed_partial | 部分公开 | Disclosed in part | 件 | Regulations Art. 37. | 国办公开办函〔2021〕30号
requests_disclosed | 予以公开及部分公开 | Disclosed in full or in part | 件 | One printed number for both outcomes together. | 国办公开办函〔2021〕30号
requests_denied | 不予公开 | Denied | 件 | Regulations Art. 14-16, 36(7). | 国办公开办函〔2021〕30号
requests_unable | 无法提供 | Unable to provide | 件 | Regulations Art. 30, 36(4)(5), 38. | 国办公开办函〔2021〕30号
requests_not_processed | 不予处理 | Not processed | 件 | Regulations Art. 35, 36(6), 39. | 国办公开办函〔2021〕30号
requests_other | 其他处理 | Otherwise handled | 件 | Deemed abandoned, unpaid, withdrawn, other. | 国办公开办函〔2021〕30号
requests_natural_person | 自然人申请 | Requests by natural persons | 件 | Applicant column 自然人. | 国办公开办函〔2021〕30号
requests_organization | 法人或其他组织申请 | Requests by organisations | 件 | All five organisation columns together. | 国办公开办函〔2021〕30号
requests_growth | 申请增幅 | Change of the number of requests | % | Printed change against the previous year, negative when it fell. | 国办公开办函〔2021〕30号
requests_disclosed_full_share | 予以公开占比 | Share of requests: disclosed in full | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_disclosed_partial_share | 部分公开占比 | Share of requests: in part | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_disclosed_share | 予以公开及部分公开占比 | Share of requests: in full or in part | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_denied_share | 不予公开占比 | Share of requests: denied | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_unable_share | 无法提供占比 | Share of requests: unable to provide | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_not_processed_share | 不予处理占比 | Share of requests: not processed | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_other_share | 其他处理占比 | Share of requests: otherwise handled | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_natural_person_share | 自然人占比 | Share of requests: natural persons | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
requests_organization_share | 法人或其他组织占比 | Share of requests: organisations | % | Percentage printed right after the count; its denominator is rarely said. | 国办公开办函〔2021〕30号
reconsideration_cases | 行政复议案件 | Administrative reconsideration: cases | 件 | Cases on disclosure in the year. | 国办公开办函〔2021〕30号
reconsideration_upheld | 行政复议维持 | Administrative reconsideration: upheld | 件 | 结果维持. | 国办公开办函〔2021〕30号
reconsideration_corrected | 行政复议纠正 | Administrative reconsideration: corrected | 件 | 结果纠正. | 国办公开办函〔2021〕30号
reconsideration_other | 行政复议其他结果 | Administrative reconsideration: other result | 件 | 其他结果. | 国办公开办函〔2021〕30号
reconsideration_pending | 行政复议尚未审结 | Administrative reconsideration: pending | 件 | 尚未审结. | 国办公开办函〔2021〕30号
litigation_cases | 行政诉讼案件 | Administrative litigation: cases | 件 | Cases on disclosure in the year. | 国办公开办函〔2021〕30号
litigation_upheld | 行政诉讼维持 | Administrative litigation: upheld | 件 | 结果维持. | 国办公开办函〔2021〕30号
litigation_corrected | 行政诉讼纠正 | Administrative litigation: corrected | 件 | 结果纠正. | 国办公开办函〔2021〕30号
litigation_other | 行政诉讼其他结果 | Administrative litigation: other result | 件 | 其他结果. | 国办公开办函〔2021〕30号
litigation_pending | 行政诉讼尚未审结 | Administrative litigation: pending | 件 | 尚未审结. | 国办公开办函〔2021〕30号
disputes_cases | 行政复议和行政诉讼 | Reconsideration and litigation together | 件 | One printed number for both kinds. | 国办公开办函〔2021〕30号
hotline_requests | 12345热线受理 | 12345 hotline requests | 件 | Calls or orders accepted by the hotline. | 国办公开办函〔2021〕30号
hotline_completion_rate | 12345热线办结率 | 12345 hotline completion rate | % | 办结率, 按时办结率. | 国办公开办函〔2021〕30号
items_published | 公开信息 | Items published | 条 | Items disclosed; platform is the channel, 'all' when none or several are named. | 国办公开办函〔2021〕30号
items_published_growth | 公开信息增幅 | Change of items published | % | Printed change against the previous year. | 国办公开办函〔2021〕30号
interpretations | 政策解读 | Policy interpretations | 条 | Interpretations issued; articles, pictures and videos. | 国办发〔2014〕32号
training_sessions | 培训场次 | Training sessions | 次 | Sessions held; | 国办发〔2014〕32号
persons_trained | 培训人次 | Persons trained | 人次 | Attendance of training. | 国办发〔2014〕32号
staff_full_time | 专职人员 | Full-time staff | 人 | Disclosure staff, full time (row H3a of the 2014 table). | 国办发〔2014〕32号
staff_part_time | 兼职人员 | Part-time staff | 人 | Disclosure staff, part time (row H3b of the 2014 table). | 国办发〔2014〕32号
staff | 工作人员 | Disclosure staff | 人 | Full and part time together (row H3 of the 2014 table). | 国办发〔2014〕32号
processing_fee | 信息处理费 | Information processing fee | 元 | Fee collected under Art. 42; 未收取 is 0. Not the fee of rows before 2019. | 国办函〔2020〕109号
"""
INDICATORS: tuple[Indicator, ...] = tuple(
    Indicator(*line.split(" | ")) for line in _TABLE.strip().splitlines()
)

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
}
