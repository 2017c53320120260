"""The form of the reports for 2019 and 2020. Source: 国办公开办函〔2019〕60号 (format, for trial implementation), annex."""

from __future__ import annotations

from . import common, form2021
from .schema import Column, Form, Group, Identity, Row, Table

CITE = "国办公开办函〔2019〕60号"
DOCUMENTS = ("newly_made", "newly_disclosed", "total_disclosed")
ITEMS = ("previous_items", "change", "decisions")

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
            "规范性文件",
            "normative documents",
            ("行政规范性文件", "规范文件"),
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
            ITEMS,
            article="20(5)",
        ),
        Row(
            "other_services",
            "其他对外管理服务事项",
            "other external administration and service items",
            ("其它对外管理服务事项", "其他对外管理服务", "对外管理服务事项"),
            "article_20_5",
            ITEMS,
            article="20(5)",
        ),
        Row(
            "penalties",
            "行政处罚",
            "administrative penalties",
            ("政处罚", "行政处罚事项"),
            "article_20_6",
            ITEMS,
            article="20(6)",
        ),
        Row(
            "compulsion",
            "行政强制",
            "administrative compulsion",
            ("政强制", "行政强制事项", "行政强制措施"),
            "article_20_6",
            ITEMS,
            article="20(6)",
        ),
        Row(
            "fees",
            "行政事业性收费",
            "administrative and institutional fees",
            ("行政事业收费", "事业性收费"),
            "article_20_8",
            ("previous_items", "change"),
            article="20(8)",
        ),
        Row(
            "procurement",
            "政府集中采购",
            "centralised government procurement",
            ("政府采购", "集中采购"),
            "article_20_9",
            ("projects", "amount"),
            article="20(9)",
        ),
    ),
    columns=(
        Column(
            "newly_made",
            "本年新制作数量",
            "made in the year",
            ("本年新制作", "本年制作数量", "本年新制作数", "本年新"),
        ),
        Column(
            "newly_disclosed",
            "本年新公开数量",
            "newly disclosed in the year",
            ("本年新公开", "本年公开数量", "本年新公开数", "本年新"),
        ),
        Column(
            "total_disclosed",
            "对外公开总数量",
            "open to the public in total",
            ("对外公开总数", "公开总数量", "对外公开数量", "对外公开总量"),
        ),
        Column(
            "previous_items",
            "上一年项目数量",
            "items in the previous year",
            ("上年项目数量", "上一年项目数", "上一年度项目数量", "上一年数量"),
            unit="项",
        ),
        Column(
            "change",
            "本年增/减",
            "change in the year",
            ("本年增减", "本年增/", "本年增\\减", "本年增减数量", "增/减", "本年增、减"),
            unit="项",
            signed=True,
        ),
        Column(
            "decisions",
            "处理决定数量",
            "decisions in the year",
            ("本年处理决定数量", "处理决定数", "决定数量"),
        ),
        Column(
            "projects",
            "采购项目数量",
            "procurement projects",
            ("项目数量", "采购项目数", "采购数量"),
            unit="项",
        ),
        Column(
            "amount",
            "采购总金额",
            "procurement amount",
            ("采购金额", "总金额", "采购总额"),
            unit=None,
            kind="money",
            money_unit="元",
        ),
    ),
    groups=(
        *(
            g
            for g in form2021.PROACTIVE.groups
            if g.key in ("article_20_1", "article_20_6", "article_20_8")
        ),
        Group(
            "article_20_5",
            "第二十条第（五）项",
            "Article 20(5)",
            ("第二十条第五项", "第二十条（五）项"),
            ("licensing", "other_services"),
        ),
        Group(
            "article_20_9",
            "第二十条第（九）项",
            "Article 20(9)",
            ("第二十条第九项", "第二十条（九）项"),
            ("procurement",),
        ),
    ),
    furniture=form2021.PROACTIVE.furniture,
    identities=(
        Identity(
            "proactive.new_within_total",
            "columns",
            ("newly_disclosed",),
            ("total_disclosed",),
            "本年新公开数量 ≤ 对外公开总数量",
            "newly disclosed ≤ disclosed in total",
            f"{CITE}, 表二",
            relation="<=",
            where=("rules", "normative_documents"),
        ),
    ),
)

REQUESTS = Table(
    "requests",
    3,
    "收到和处理政府信息公开申请情况",
    "requests received and handled",
    rows=(*common.OPENING_ROWS, common.OTHER_HANDLING, common.TOTAL_ROW, common.FORWARD_ROW),
    columns=common.APPLICANTS,
    groups=common.OUTCOME_GROUPS,
    column_groups=common.APPLICANT_GROUPS,
    furniture=common.REQUESTS_FURNITURE,
    identities=common.request_identities(("other_handling",), CITE),
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
    "2019",
    "政府信息公开工作年度报告格式（试行）",
    "annual report form of 2019 (trial)",
    CITE,
    "2019-2020",
    (PROACTIVE, REQUESTS, DISPUTES),
)
