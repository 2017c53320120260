"""Tables 三 and 四, which the forms of 2019 and 2021 share but for （六）其他处理.

Sources: 国办公开办函〔2019〕60号 and 〔2021〕30号, formats of the annual report; articles of the Regulations on
Open Government Information (政府信息公开条例, 国令第711号). English terms: domain notes §3 (China Law Translate,
Law Library of Congress, Horsley, Xiao). Aliases are labels seen in 318 real report pages.
"""

from __future__ import annotations

from .schema import Column, Group, Identity, Row

APPLICANTS = (
    Column("natural_person", "自然人", "natural persons", ("自然 人", "公民", "个人")),
    Column("commercial", "商业企业", "commercial enterprises", ("商企", "工商企业")),
    Column("research", "科研机构", "research institutions", ("科研", "科研单位")),
    Column(
        "public_interest",
        "社会公益组织",
        "public-interest organisations",
        ("社会公益", "公益组织", "社会公益性组织"),
    ),
    Column(
        "legal_service",
        "法律服务机构",
        "legal service providers",
        ("法律服务", "法律机构", "法律服务组织"),
    ),
    Column("other_organization", "其他", "other organisations", ("其它", "其他组织", "其他机构")),
    Column("total", "总计", "total", ("合计", "总数", "总计数")),
)
APPLICANT_GROUPS = (
    Group("applicant", "申请人情况", "applicants", ("申请人类别", "申请人类型", "申请人")),
    Group(
        "organization",
        "法人或其他组织",
        "legal persons or other organisations",
        (
            "法人或者其他组织",
            "法人和其他组织",
            "法人或其它组织",
            "法人及其他组织",
            "法人或其他组织情况",
        ),
        ("commercial", "research", "public_interest", "legal_service", "other_organization"),
    ),
)
REQUESTS_FURNITURE = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "（本列数据的勾稽关系为:第一项加第二项之和，等于第三项加第四项之和）",
    "本列数据的勾稽关系为",
    "第一项加第二项之和，等于第三项加第四项之和",
    "收到和处理政府信息公开申请情况",
)

OPENING_ROWS = (
    Row(
        "received",
        "一、本年新收政府信息公开申请数量",
        "requests received in the year",
        (
            "本年新收申请数量",
            "本年新收政府信息公开申请",
            "本年新收政府信息公开申请数",
            "新收政府信息公开申请数量",
            "本年新收",
        ),
        article="27, 29, 31",
    ),
    Row(
        "carried_over",
        "二、上年结转政府信息公开申请数量",
        "requests carried over from the previous year",
        (
            "上年结转申请数量",
            "上年结转政府信息公开申请",
            "上年转结政府信息公开申请数量",
            "上年度结转政府信息公开申请数量",
            "上年结转",
        ),
    ),
    Row(
        "disclosed_full",
        "（一）予以公开",
        "disclosed in full",
        ("予公开", "同意公开", "予以公开数"),
        "outcomes",
        article="36(1)(2)",
    ),
    Row(
        "disclosed_partial",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "disclosed in part (severable)",
        ("部份公开", "部分公开", "予以部分公开"),
        "outcomes",
        article="37",
    ),
    Row(
        "denied_state_secret",
        "1.属于国家秘密",
        "denied: state secrets",
        ("国家秘密", "涉及国家秘密"),
        "denied",
        article="14",
    ),
    Row(
        "denied_prohibited_by_law",
        "2.其他法律行政法规禁止公开",
        "denied: disclosure prohibited by other laws or administrative regulations",
        (
            "其他法律、行政法规禁止公开",
            "其他法律行政止公开",
            "法律行政法规禁止公开",
            "其他法律法规禁止公开",
            "其它法律行政法规禁止公开",
        ),
        "denied",
        article="14",
    ),
    Row(
        "denied_security_stability",
        "3.危及“三安全一稳定”",
        "denied: endangers national, public or economic security or social stability",
        ("危及三安全一稳定", "三安全一稳定", "涉及三安全一稳定"),
        "denied",
        article="14",
    ),
    Row(
        "denied_third_party",
        "4.保护第三方合法权益",
        "denied: third-party rights and interests",
        ("保护第三人合法权益", "第三方合法权益", "涉及第三方合法权益"),
        "denied",
        article="15, 32",
    ),
    Row(
        "denied_internal_affairs",
        "5.属于三类内部事务信息",
        "denied: internal affairs information",
        ("三类内部事务信息", "属于三类内部管理信息", "属于内部事务信息"),
        "denied",
        article="16(1)",
    ),
    Row(
        "denied_process",
        "6.属于四类过程性信息",
        "denied: process information",
        ("四类过程性信息", "属于过程性信息", "属于四类过程信息"),
        "denied",
        article="16(2)",
    ),
    Row(
        "denied_enforcement_file",
        "7.属于行政执法案卷",
        "denied: administrative enforcement case files",
        ("行政执法案卷", "属于行政执法案卷信息"),
        "denied",
        article="16(2)",
    ),
    Row(
        "denied_administrative_enquiry",
        "8.属于行政查询事项",
        "denied: administrative enquiry matters",
        ("行政查询事项", "属于行政查询"),
        "denied",
        article="36(7)",
    ),
    Row(
        "unable_not_held",
        "1.本机关不掌握相关政府信息",
        "unable to provide: information not held",
        (
            "本机关不掌握相关信息",
            "不掌握相关政府信息",
            "本行政机关不掌握相关政府信息",
            "本机关不掌握",
        ),
        "unable",
        article="36(4)(5)",
    ),
    Row(
        "unable_needs_creation",
        "2.没有现成信息需要另行制作",
        "unable to provide: no existing information, would have to be created",
        ("没有现成信息，需要另行制作", "没有现成信息需另行制作", "需要另行制作"),
        "unable",
        article="38",
    ),
    Row(
        "unable_unclear",
        "3.补正后申请内容仍不明确",
        "unable to provide: still unclear after correction",
        ("补正后内容仍不明确", "补正后申请内容不明确", "补正后仍不明确"),
        "unable",
        article="30",
    ),
    Row(
        "not_processed_petition",
        "1.信访举报投诉类申请",
        "not processed: petitions, reports and complaints",
        ("信访、举报、投诉类申请", "信访举报投诉类", "信访投诉举报类申请"),
        "not_processed",
        article="39(1)",
    ),
    Row(
        "not_processed_repeated",
        "2.重复申请",
        "not processed: repeated request",
        ("重复申请类",),
        "not_processed",
        article="36(6)",
    ),
    Row(
        "not_processed_publication",
        "3.要求提供公开出版物",
        "not processed: publications",
        ("提供公开出版物", "要求提供公开出版物类"),
        "not_processed",
        article="39(2)",
    ),
    Row(
        "not_processed_excessive",
        "4.无正当理由大量反复申请",
        "not processed: excessive requests without valid reason",
        ("无正当理由大量重复申请", "大量反复申请"),
        "not_processed",
        article="35",
    ),
    Row(
        "not_processed_reissue",
        "5.要求行政机关确认或重新出具已获取信息",
        "not processed: asks to confirm or re-issue information already obtained",
        (
            "要求行政机关确认或者重新出具已获取信息",
            "要求确认或重新出具已获取信息",
            "要求行政机关确认或重新出具已获取的信息",
        ),
        "not_processed",
    ),
)
TOTAL_ROW = Row(
    "outcomes_total",
    "（七）总计",
    "outcomes, total",
    ("总计", "合计", "办理总计", "（六）总计", "（八）总计"),
    "outcomes",
)
FORWARD_ROW = Row(
    "carried_forward",
    "四、结转下年度继续办理",
    "carried forward to the next year",
    (
        "结转下年继续办理",
        "转结下年度继续办理",
        "结转下年度继续办理数量",
        "结转下一年度继续办理",
        "结转下年度",
    ),
    article="33",
)
OTHER_HANDLING = Row(
    key="other_handling",
    zh="（六）其他处理",
    en="otherwise handled",
    aliases=("其它处理", "其他处理情况"),
    group="outcomes",
)

DENIED = tuple(r.key for r in OPENING_ROWS if r.group == "denied")
UNABLE = tuple(r.key for r in OPENING_ROWS if r.group == "unable")
NOT_PROCESSED = tuple(r.key for r in OPENING_ROWS if r.group == "not_processed")
OUTCOME_GROUPS = (
    Group(
        "outcomes",
        "三、本年度办理结果",
        "outcomes of the year",
        ("本年度办理结果", "本年办理结果", "办理结果"),
    ),
    Group("denied", "（三）不予公开", "denied", ("不予公开",), DENIED, "outcomes"),
    Group("unable", "（四）无法提供", "unable to provide", ("无法提供",), UNABLE, "outcomes"),
    Group(
        "not_processed", "（五）不予处理", "not processed", ("不予处理",), NOT_PROCESSED, "outcomes"
    ),
)


def request_identities(other: tuple[str, ...], cite: str) -> tuple[Identity, ...]:
    """The identities of table 三, given the rows of （六）其他处理 in this form."""
    outcomes = ("disclosed_full", "disclosed_partial", *DENIED, *UNABLE, *NOT_PROCESSED, *other)
    parts = tuple(c.key for c in APPLICANTS if c.key != "total")
    return (
        Identity(
            "requests.balance",
            "rows",
            ("received", "carried_over"),
            ("outcomes_total", "carried_forward"),
            "新收 + 上年结转 = 办理结果总计 + 结转下年度",
            "received + carried over = outcomes total + carried forward",
            f"{cite}, 表三题注",
            printed=True,
        ),
        Identity(
            "requests.outcomes",
            "rows",
            outcomes,
            ("outcomes_total",),
            "办理结果各项之和 = （七）总计",
            "outcomes add up to (7) total",
            f"{cite}, 表三结构",
        ),
        Identity(
            "requests.applicants",
            "columns",
            parts,
            ("total",),
            "自然人 + 法人或其他组织各列 = 总计",
            "applicant types add up to the total",
            f"{cite}, 表三结构",
        ),
    )


DISPUTE_COLUMNS = (
    Column("upheld", "结果维持", "upheld", ("维持", "维持结果", "结果维持数")),
    Column("corrected", "结果纠正", "corrected", ("纠正", "结果纠错", "纠错")),
    Column("other", "其他结果", "other outcome", ("其它结果", "其他")),
    Column("pending", "尚未审结", "pending", ("尚未审理", "未审结", "尚未办结", "尚末审结")),
    Column("total", "总计", "total", ("合计",)),
)
DISPUTE_ROWS = (
    Row(
        "reconsideration",
        "行政复议",
        "administrative reconsideration",
        ("行政覆议", "行政复议情况"),
        article="51",
    ),
    Row(
        "litigation_direct",
        "未经复议直接起诉",
        "litigation: direct suit",
        ("未经复议直接诉讼", "未经行政复议直接起诉"),
        "litigation",
        article="51",
    ),
    Row(
        "litigation_after_reconsideration",
        "复议后起诉",
        "litigation: suit after reconsideration",
        ("复议后诉讼", "经复议后起诉", "行政复议后起诉"),
        "litigation",
        article="51",
    ),
)
DISPUTE_GROUPS = (
    Group(
        "litigation",
        "行政诉讼",
        "administrative litigation",
        ("行政诉讼情况",),
        ("litigation_direct", "litigation_after_reconsideration"),
    ),
)


def dispute_identities(cite: str) -> tuple[Identity, ...]:
    """Each block of table 四 adds up to its total."""
    return (
        Identity(
            "disputes.total",
            "columns",
            ("upheld", "corrected", "other", "pending"),
            ("total",),
            "结果维持 + 结果纠正 + 其他结果 + 尚未审结 = 总计",
            "upheld + corrected + other + pending = total",
            f"{cite}, 表四结构",
        ),
    )
