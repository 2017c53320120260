"""What a table of figures may say: its columns, and codes that hand-made tables use beyond the codebook's. Data only.

Source of the codes: the panel of figures in data/figures (its README tells what each counts).
"""

from __future__ import annotations

# Column → what it says. Names are compared without case and surrounding spaces; others are not read (a finding says so).
COLUMNS: dict[str, str] = {
    "report_key": "which rows are one report; without it agency, year and territory tell",
    "agency": "full official name",
    "year": "the year reported on",
    "form": "2014, 2019 or 2021; without it the form that has all the codes",
    "table": "code of a statutory table",
    "row": "code of its row",
    "column": "code of its column",
    "indicator": "code of a prose figure",
    "measure": "what a count of new-media accounts counts: in_operation, closed, …",
    "platform": "wechat, weibo, …; empty: all, or not said",
    "text": "as printed",
    "value": "the number; empty for a blank, / or words",
    "unit": "件, 项, 元, 万元, 条, …; empty where nobody says",
    "status": "for a table without text: blank, not_applicable or unreadable",
    "period": "the year, a quarter (2023Q1), a month (2023-04)",
    "approximate": "yes or no",
    "scope": "own office, whole territory or a part; after a semicolon what narrows the count",
    "territory": "the place that is counted",
    "origin": "official, press or copy",
    "where": "place of the figure; without it the url, else the line",
    "url": "address of the page",
    "note": "what needs saying",
    "level": "level of the agency",
    "province": "province",
    "division_code": "six digits, GB/T 2260",
}
OTHER_NAMES = {"report_id": "report_key", "report": "report_key"}
WHO = {"agency", "year"}
PLACES = ({"table", "row", "column"}, {"indicator"}, {"measure", "platform"})
FIGURE = {"value", "text"}

YES = {"yes", "y", "true", "1", "1.0", "是", "约"}
NO = {"no", "n", "false", "0", "0.0", "", "否"}
LEVELS = {"nation": "state", "nation department": "state department"}  # others: _ for a space
SCOPES = {
    "own office": "own_office",
    "own_office": "own_office",
    "government": "government",
    "whole territory": "territory",
    "territory": "territory",
    "unknown": "",
    "": "",
}  # anything else is a part of the whole
PART = "part"

# Codes of prose figures: as typed → (as in the codebook, period or ''), where the unit is the codebook's.
ALIASES = {
    "requests_disclosed_full_or_partial": ("requests_disclosed", ""),
    "requests_disclosed_full_or_partial_share": ("requests_disclosed_share", ""),
    "requests_received_change": ("requests_growth", ""),
    "items_published_change": ("items_published_growth", ""),
    "items_published_cumulative": ("items_published", "cumulative"),
}

# Prose figures that only tables of figures have: code → (Chinese, English).
INDICATORS: dict[str, tuple[str, str]] = {
    "new_media_inspected": ("抽查政务新媒体", "New-media accounts inspected"),
    "new_media_failed": ("不合格政务新媒体", "New-media accounts that failed inspection"),
    "new_media_merged": ("整合政务新媒体", "New-media accounts merged"),
    "new_media_reopened": ("恢复政务新媒体", "New-media accounts reopened"),
    "new_media_to_close": ("应关停政务新媒体", "New-media accounts to be closed"),
    "new_media_closure_pending": (
        "待关停政务新媒体",
        "New-media accounts whose closure is pending",
    ),
    "followers": ("关注人数", "Followers"),
    "website_visits": ("网站访问量", "Website visits"),
    "consultations": ("咨询人次", "Consultations"),
    "press_conferences": ("新闻发布会", "Press conferences"),
    "online_interviews": ("在线访谈", "Online interviews"),
    "disclosure_meetings": ("信息公开会议", "Meetings on disclosure"),
    "documents_disclosed": ("公开文件", "Documents disclosed"),
    "rules_disclosed": ("公开规章", "Rules disclosed"),
    "normative_documents_disclosed": ("公开规范性文件", "Normative documents disclosed"),
    "other_documents_disclosed": ("公开其他文件", "Other documents disclosed"),
    "personnel_documents_disclosed": ("公开人事文件", "Personnel documents disclosed"),
    "proposals_disclosed": ("公开建议提案", "Replies to proposals disclosed"),
    "penalties_disclosed": ("公开行政处罚", "Penalties disclosed"),
    "normative_documents_issued": ("制发规范性文件", "Normative documents issued"),
    "normative_documents_repealed": ("废止规范性文件", "Normative documents repealed"),
    "normative_documents_in_force": ("现行有效规范性文件", "Normative documents in force"),
    "licensing_decisions": ("行政许可决定", "Licensing decisions"),
    "penalty_decisions": ("行政处罚决定", "Penalty decisions"),
    "compulsion_decisions": ("行政强制决定", "Compulsion decisions"),
    "fees_amount": ("行政事业性收费", "Fees collected"),
    "requests_answered": ("答复申请", "Requests answered"),
    "requests_withdrawn": ("撤回申请", "Requests withdrawn"),
    "requests_received_change": ("申请增减", "Change of the number of requests, as printed"),
    "requests_unable_not_held": ("本机关不掌握", "Unable: not held"),
    "requests_unable_needs_creation": ("没有现成信息", "Unable: would have to be made"),
    "requests_denied_internal_affairs": ("内部事务信息", "Denied: internal affairs"),
    "requests_denied_enforcement_file": ("行政执法案卷", "Denied: enforcement files"),
    "requests_not_processed_petition": ("信访举报投诉", "Not processed: petitions"),
    "requests_not_processed_repeated": ("重复申请", "Not processed: repeated"),
}
