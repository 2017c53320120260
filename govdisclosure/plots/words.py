"""Words of the figures in both languages, as data: code → (English, Chinese).

English terms follow Horsley, China Law Translate and the Law Library of Congress (domain notes §3).
"""

from __future__ import annotations

OUTCOMES = {
    "disclosed_full": ("disclosed", "予以公开"),
    "disclosed_partial": ("in part", "部分公开"),
    "denied": ("refused", "不予公开"),
    "unable": ("unable to provide", "无法提供"),
    "not_processed": ("not processed", "不予处理"),
    "other": ("otherwise handled", "其他处理"),
}
RESULTS = {
    "upheld": ("upheld", "维持"),
    "corrected": ("corrected", "纠正"),
    "other": ("other result", "其他结果"),
    "pending": ("pending", "尚未审结"),
}
CHANNELS = {
    "reconsideration": ("reconsideration", "行政复议"),
    "litigation": ("litigation", "行政诉讼"),
    "litigation_direct": ("direct suit", "未经复议直接起诉"),
    "litigation_after_reconsideration": ("suit after reconsideration", "复议后起诉"),
}
APPLICANTS = {
    "natural_person": ("natural persons", "自然人"),
    "commercial": ("commercial enterprises", "商业企业"),
    "research": ("research institutions", "科研机构"),
    "public_interest": ("public-interest organisations", "社会公益组织"),
    "legal_service": ("legal service providers", "法律服务机构"),
    "other_organization": ("other organisations", "其他组织"),
}
GROUNDS = {
    "denied_state_secret": ("state secrets", "国家秘密"),
    "denied_prohibited_by_law": ("prohibited by other law", "法律行政法规禁止公开"),
    "denied_security_stability": ("security and stability", "三安全一稳定"),
    "denied_third_party": ("third-party rights", "第三方合法权益"),
    "denied_internal_affairs": ("internal affairs", "三类内部事务信息"),
    "denied_process": ("process information", "四类过程性信息"),
    "denied_enforcement_file": ("enforcement case files", "行政执法案卷"),
    "denied_administrative_enquiry": ("administrative enquiries", "行政查询事项"),
    "unable_not_held": ("not held", "本机关不掌握"),
    "unable_needs_creation": ("would have to be created", "需要另行制作"),
    "unable_unclear": ("still unclear", "补正后仍不明确"),
    "not_processed_petition": ("petitions and complaints", "信访举报投诉"),
    "not_processed_repeated": ("repeated request", "重复申请"),
    "not_processed_publication": ("publications", "公开出版物"),
    "not_processed_excessive": ("excessive requests", "大量反复申请"),
    "not_processed_reissue": ("confirm or re-issue", "确认或重新出具"),
}
ITEMS = {
    "licensing": ("licensing decisions", "行政许可决定"),
    "penalties": ("penalty decisions", "行政处罚决定"),
    "compulsion": ("compulsion decisions", "行政强制决定"),
    "fees": ("fees collected", "行政事业性收费"),
    "rules": ("rules", "规章"),
    "normative_documents": ("normative documents", "行政规范性文件"),
}
UNITS = {
    "件": ("cases", "件"),
    "项": ("items", "项"),
    "万元": ("10,000 yuan", "万元"),
    "元": ("yuan", "元"),
    "个": ("accounts", "个"),
    "%": ("%", "%"),
}
STATUSES = {
    "reported": ("a figure", "有数"),
    "imputed": ("imputed zero", "补零"),
    "blank": ("blank", "空白"),
    "not_applicable": ("not applicable (/ —)", "不适用"),
    "unreadable": ("unreadable", "不可读"),
    "absent": ("absent", "缺失"),
}
REASONS = {
    "unknown": ("unknown: a cell has no figure", "无法计算：有单元格无数字"),
    "zero_denominator": ("none decided", "无办理结果"),
    "no_licences": ("no licences", "无许可"),
    "no_figure": ("no figure", "无数字"),
    "open": ("no figure", "无数字"),
}
HEADLINES = {
    "disclosed": ("disclosed in full or part", "公开（含部分公开）"),
    "denied": ("refused", "不予公开"),
    "unable": ("unable to provide", "无法提供"),
    "completed": ("completed in the year", "当年办结"),
    "corrected": ("reconsideration corrected", "复议纠正"),
    "per_licence": ("penalties per licence", "每件许可对应处罚"),
}
PLATFORMS = {
    "wechat": ("WeChat", "微信"),
    "weibo": ("Weibo", "微博"),
    "douyin": ("Douyin", "抖音"),
    "toutiao": ("Toutiao", "今日头条"),
    "video_account": ("video accounts", "视频号"),
    "app": ("apps", "移动客户端"),
    "mini_program": ("mini programs", "小程序"),
    "other": ("other", "其他"),
}
SEVERITIES = {
    "error": ("does not add up", "不平衡"),
    "warning": ("doubtful", "存疑"),
    "info": ("note", "提示"),
}
TABLES = {
    "proactive": ("proactive disclosure", "主动公开"),
    "requests": ("requests", "申请办理"),
    "disputes": ("disputes", "复议诉讼"),
}
BREAKS = {
    "form": (2020.5, ("new form\n2021", "2021年\n新格式")),
    "litigation": (2023.5, ("review first\nfrom 2024", "2024年起\n复议前置")),
}
TEXTS = {
    "source": (
        "Source: OGI annual reports as printed; govdisclosure",
        "资料来源：政府信息公开工作年度报告（原文数字）；govdisclosure",
    ),
    "bulletins": (
        "Source: annual reports; inspection bulletins (see data/new_media_bulletins.csv)",
        "资料来源：年度报告；季度检查通报（见 data/new_media_bulletins.csv）",
    ),
    "nothing": ("Nothing to show: no figure in this selection", "所选范围内没有可显示的数字"),
    "no_figure": ("no figure", "无数字"),
    "no_report": ("no report", "无年报"),
}


def word(table: dict, code: object, language: str) -> str:
    """The word for a code; the code itself where the table has none.

    >>> word(OUTCOMES, "denied", "zh")
    '不予公开'
    """
    pair = table.get(code)
    return str(code) if pair is None else pair[language == "zh"]


def say(language: str, en: str, zh: str) -> str:
    """One of two sentences. Raises ValueError for a language that is neither 'en' nor 'zh'."""
    if language not in ("en", "zh"):
        raise ValueError(f"language is 'en' or 'zh', not {language!r}")
    return zh if language == "zh" else en
