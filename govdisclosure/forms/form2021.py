"""The form in force since the reports for 2021. Source: 国办公开办函〔2021〕30号 (26 September 2021), annex."""

from __future__ import annotations

from dataclasses import replace

from . import common
from .schema import Column, Form, Group, Row, Table

CITE = "国办公开办函〔2021〕30号"
DOCUMENTS = ("issued", "repealed", "in_force")

PROACTIVE = Table(
    "proactive",
    2,
    "主动公开政府信息情况",
    "proactive disclosure",
    rows=(
        Row(
            "rules",
            "规章",
            "rules",
            ("规章制度", "政府规章", "部门规章"),
            "article_20_1",
            DOCUMENTS,
            article="20(1)",
        ),
        Row(
            "normative_documents",
            "行政规范性文件",
            "administrative normative documents",
            ("规范性文件", "行政规范文件", "规范性文件数"),
            "article_20_1",
            DOCUMENTS,
            article="20(1)",
        ),
        Row(
            "licensing",
            "行政许可",
            "administrative licensing",
            ("政许可", "行政许可事项"),
            "article_20_5",
            ("decisions",),
            article="20(5)",
        ),
        Row(
            "penalties",
            "行政处罚",
            "administrative penalties",
            ("政处罚", "行政处罚事项"),
            "article_20_6",
            ("decisions",),
            article="20(6)",
        ),
        Row(
            "compulsion",
            "行政强制",
            "administrative compulsion",
            ("政强制", "行政强制事项", "行政强制措施"),
            "article_20_6",
            ("decisions",),
            article="20(6)",
        ),
        Row(
            "fees",
            "行政事业性收费",
            "administrative and institutional fees",
            ("行政事业收费", "事业性收费"),
            "article_20_8",
            ("amount",),
            article="20(8)",
        ),
    ),
    columns=(
        Column(
            "issued",
            "本年制发件数",
            "issued in the year",
            ("本年制发数", "本年制发", "本年制发数量", "制发件数", "本年度制发件数"),
        ),
        Column(
            "repealed",
            "本年废止件数",
            "repealed in the year",
            ("本年废止数", "本年废止", "本年废止数量", "废止件数", "本年度废止件数"),
        ),
        Column(
            "in_force",
            "现行有效件数",
            "in force at year end",
            ("现行有效件", "现行有效数", "现行有效", "现行有效数量", "现行有效件数（历史累计）"),
        ),
        Column(
            "decisions",
            "本年处理决定数量",
            "decisions in the year",
            (
                "处理决定数量",
                "本年处理决定数",
                "处理决定数",
                "本年度处理决定数量",
                "本年处理决定数量处理决定数量",
            ),
        ),
        Column(
            "amount",
            "本年收费金额（单位：万元）",
            "amount collected in the year",
            ("本年收费金额", "收费金额", "本年度收费金额", "本年收费总金额"),
            unit="万元",
            kind="money",
            money_unit="万元",
        ),
    ),
    groups=(
        Group(
            "article_20_1",
            "第二十条第（一）项",
            "Article 20(1)",
            ("第二十条第一项", "第二十条（一）项"),
            ("rules", "normative_documents"),
        ),
        Group(
            "article_20_5",
            "第二十条第（五）项",
            "Article 20(5)",
            ("第二十条第五项", "第二十条（五）项"),
            ("licensing",),
        ),
        Group(
            "article_20_6",
            "第二十条第（六）项",
            "Article 20(6)",
            ("第二十条第六项", "第二十条（六）项"),
            ("penalties", "compulsion"),
        ),
        Group(
            "article_20_8",
            "第二十条第（八）项",
            "Article 20(8)",
            ("第二十条第八项", "第二十条（八）项"),
            ("fees",),
        ),
    ),
    furniture=("信息内容", "内容", "项目", "主动公开政府信息情况"),
)

OTHER_ROWS = (
    Row(
        "other_uncorrected",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "otherwise handled: applicant failed to correct the request in time",
        (
            "申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",
            "申请人无正当理由逾期不补正",
            "逾期不补正",
        ),
        "other",
        article="30",
    ),
    Row(
        "other_fee_unpaid",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "otherwise handled: applicant did not pay the fee in time",
        (
            "申请人逾期未按收费通知要求缴纳费用，行政机关不再处理其政府信息公开申请",
            "申请人逾期未按收费通知要求缴纳费用",
            "逾期未缴纳费用",
        ),
        "other",
        article="42",
    ),
    Row("other_other", "3.其他", "otherwise handled: other", ("其它", "其他情形"), "other"),
)
OTHER_KEYS = tuple(r.key for r in OTHER_ROWS)

REQUESTS = Table(
    "requests",
    3,
    "收到和处理政府信息公开申请情况",
    "requests received and handled",
    rows=(
        *common.OPENING_ROWS,
        replace(common.OTHER_HANDLING, optional=True, replaces=OTHER_KEYS),
        *OTHER_ROWS,
        common.TOTAL_ROW,
        common.FORWARD_ROW,
    ),
    columns=common.APPLICANTS,
    groups=(
        *common.OUTCOME_GROUPS,
        Group(
            "other",
            "（六）其他处理",
            "otherwise handled",
            ("其他处理", "其它处理"),
            OTHER_KEYS,
            "outcomes",
        ),
    ),
    column_groups=common.APPLICANT_GROUPS,
    furniture=common.REQUESTS_FURNITURE,
    identities=common.request_identities((*OTHER_KEYS, "other_handling"), CITE),
)

DISPUTES = Table(
    "disputes",
    4,
    "政府信息公开行政复议、行政诉讼情况",
    "reconsideration and litigation",
    rows=common.DISPUTE_ROWS,
    columns=common.DISPUTE_COLUMNS,
    groups=common.DISPUTE_GROUPS,
    identities=common.dispute_identities(CITE),
    layout="across",
)

FORM = Form(
    "2021",
    "政府信息公开工作年度报告格式（2021年）",
    "annual report form of 2021",
    CITE,
    "2021-",
    (PROACTIVE, REQUESTS, DISPUTES),
)
