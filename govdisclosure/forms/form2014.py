"""The statistics table of the reports for 2014-2018: 政府信息公开情况统计表.

Source: annex of 国办发〔2014〕32号, as described in secondary sources; the annex itself was not at hand. So every label
without a second witness carries ``CONFIRM`` in its note, and must not be called official before it is compared with an
original. Witnessed: the rows whose note is empty, in a town's table derived from it (quarterly, 2024), and the section
names in reports of 2016 and 2018. The national table prints no row codes; A1, A1a, … are ours.
"""

from __future__ import annotations

from .structure import Column, Form, Group, Identity, Row, Table

CITE = "国办发〔2014〕32号，附件"
CONFIRM = "label to be confirmed against an original (待核)"
TIMES, CASES, ITEMS = "次", "件", "条"


def _row(
    key: str, zh: str, en: str, unit: str, group: str = "", *aliases: str, note: str = CONFIRM
) -> Row:
    """A row of the one value column; amounts are known by their unit."""
    return Row(
        key, zh, en, aliases, group, unit=unit, kind="money" if unit == "万元" else "", note=note
    )


ROWS = (
    _row("A1", "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "items disclosed proactively", ITEMS, "A",
         "（一）主动公开政府信息数", "主动公开政府信息数", note=""),
    _row("A1a", "其中：主动公开规范性文件数", "of these: normative documents disclosed", ITEMS, "A", "主动公开规范性文件数", note=""),
    _row("A1b", "制发规范性文件总数", "normative documents issued", CASES, "A", "规范性文件总数", note=""),
    _row("A2a", "1.政府公报公开政府信息数", "disclosed in the gazette", ITEMS, "A2"),
    _row("A2b", "2.政府网站公开政府信息数", "disclosed on government websites", ITEMS, "A2"),
    _row("A2c", "3.政务微博公开政府信息数", "disclosed on Weibo", ITEMS, "A2"),
    _row("A2d", "4.政务微信公开政府信息数", "disclosed on WeChat", ITEMS, "A2"),
    _row("A2e", "5.其他方式公开政府信息数", "disclosed in other ways", ITEMS, "A2"),
    _row("B1", "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）", "responses to matters of public concern", TIMES, "B",
         "（一）回应公众关注热点或重大舆情数", "回应公众关注热点或重大舆情数"),
    _row("B2a", "1.参加或举办新闻发布会总次数", "press conferences attended or held", TIMES, "B2"),
    _row("B2a1", "其中：主要负责同志参加新闻发布会次数", "of these: attended by the leading official", TIMES, "B2", "主要负责同志参加新闻发布会次数"),
    _row("B2b", "2.政府网站在线访谈次数", "online interviews on government websites", TIMES, "B2"),
    _row("B2b1", "其中：主要负责同志参加政府网站在线访谈次数", "of these: with the leading official", TIMES, "B2",
         "主要负责同志参加政府网站在线访谈次数"),
    _row("B2c", "3.政策解读稿件发布数", "policy interpretations published", "篇", "B2"),
    _row("B2d", "4.微博微信回应事件数", "matters answered on Weibo and WeChat", TIMES, "B2"),
    _row("B2e", "5.其他方式回应事件数", "matters answered in other ways", TIMES, "B2"),
    _row("C1", "（一）收到申请数", "requests received", CASES, "C", "收到申请数"),
    _row("C1a", "1.当面申请数", "in person", CASES, "C1"),
    _row("C1b", "2.传真申请数", "by fax", CASES, "C1"),
    _row("C1c", "3.网络申请数", "online", CASES, "C1"),
    _row("C1d", "4.信函申请数", "by letter", CASES, "C1"),
    _row("C2", "（二）申请办结数", "requests concluded", CASES, "C", "申请办结数"),
    _row("C2a", "1.按时办结数", "concluded in time", CASES, "C2"),
    _row("C2b", "2.延期办结数", "concluded after an extension", CASES, "C2"),
    _row("C3", "（三）申请答复数", "replies", CASES, "C", "申请答复数"),
    _row("C3a", "1.属于已主动公开范围数", "already disclosed proactively", CASES, "C3"),
    _row("C3b", "2.同意公开答复数", "disclosed in full", CASES, "C3"),
    _row("C3c", "3.同意部分公开答复数", "disclosed in part", CASES, "C3"),
    _row("C3d", "4.不同意公开答复数", "denied", CASES, "C3"),
    _row("C3d1", "其中：涉及国家秘密", "denied: state secrets", CASES, "C3d", "涉及国家秘密"),
    _row("C3d2", "涉及商业秘密", "denied: trade secrets", CASES, "C3d"),
    _row("C3d3", "涉及个人隐私", "denied: personal privacy", CASES, "C3d"),
    _row("C3d4", "危及国家安全、公共安全、经济安全和社会稳定", "denied: endangers security or social stability", CASES, "C3d"),
    _row("C3d5", "不是《条例》所指政府信息", "denied: not government information under the Regulations", CASES, "C3d"),
    _row("C3d6", "法律法规规定的其他情形", "denied: other grounds of law", CASES, "C3d"),
    _row("C3e", "5.不属于本行政机关公开数", "not this organ's to disclose", CASES, "C3"),
    _row("C3f", "6.申请信息不存在数", "information does not exist", CASES, "C3"),
    _row("C3g", "7.告知作出更改补充数", "asked to amend or complete the request", CASES, "C3"),
    _row("C3h", "8.告知通过其他途径办理数", "referred to other channels", CASES, "C3"),
    _row("D", "四、行政复议数量", "administrative reconsideration", CASES, "", "行政复议数量"),
    _row("D1", "（一）维持具体行政行为数", "upheld", CASES, "D"),
    _row("D2", "（二）被依法纠错数", "corrected", CASES, "D"),
    _row("D3", "（三）其他情形数", "other", CASES, "D"),
    _row("E", "五、行政诉讼数量", "administrative litigation", CASES, "", "行政诉讼数量"),
    _row("E1", "（一）维持具体行政行为或者驳回原告诉讼请求数", "upheld, or claim dismissed", CASES, "E"),
    _row("E2", "（二）被依法纠错数", "corrected", CASES, "E"),
    _row("E3", "（三）其他情形数", "other", CASES, "E"),
    _row("F", "六、举报投诉数量", "complaints", CASES, "", "举报投诉数量"),
    _row("G", "七、依申请公开信息收取的费用", "fees for disclosure on request", "万元", "", "依申请公开信息收取的费用"),
    _row("H1", "（一）政府信息公开工作专门机构数", "disclosure offices", "个", "H", "政府信息公开工作专门机构数"),
    _row("H2", "（二）设置政府信息公开查阅点数", "reading points", "个", "H", "设置政府信息公开查阅点数"),
    _row("H3", "（三）从事政府信息公开工作人员数", "disclosure staff", "人", "H", "从事政府信息公开工作人员数"),
    _row("H3a", "1.专职人员数（不包括政府公报及政府网站工作人员数）", "full time", "人", "H3", "1.专职人员数", "专职人员数"),
    _row("H3b", "2.兼职人员数", "part time", "人", "H3", "兼职人员数"),
    _row("H4", "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）", "funds for disclosure", "万元", "H",
         "政府信息公开专项经费", "政府信息公开专项经费（不包括政府公报编辑管理及政府网站建设维护经费）"),
    _row("I1", "（一）召开政府信息公开工作会议或专题会议数", "meetings on disclosure", TIMES, "I"),
    _row("I2", "（二）举办各类培训班数", "training courses", TIMES, "I"),
    _row("I3", "（三）接受培训人员数", "persons trained", "人次", "I"),
)  # fmt: skip

GROUPS = (
    Group("A", "一、主动公开情况", "proactive disclosure", ("主动公开情况",)),
    Group(
        "A2",
        "（二）通过不同渠道和方式公开政府信息的情况",
        "by channel",
        ("通过不同渠道和方式公开政府信息的情况",),
        parent="A",
    ),
    Group("B", "二、回应解读情况", "responses and interpretation", ("回应解读情况",)),
    Group(
        "B2",
        "（二）通过不同渠道和方式回应解读的情况",
        "by channel",
        ("通过不同渠道和方式回应解读的情况",),
        parent="B",
    ),
    Group("C", "三、依申请公开情况", "disclosure on request", ("依申请公开情况",)),
    Group("H", "八、机构建设和保障经费情况", "bodies and funds", ("机构建设和保障经费情况",)),
    Group(
        "I",
        "九、政府信息公开会议和培训情况",
        "meetings and training",
        ("政府信息公开会议和培训情况",),
    ),
)


def _keys(group: str) -> tuple[str, ...]:
    return tuple(r.key for r in ROWS if r.group == group)


def _sum(total: str, zh: str, en: str, parts: tuple[str, ...] = ()) -> Identity:
    return Identity(f"statistics.{total}", "rows", parts or _keys(total), (total,), zh, en, CITE)


def _within(key: str, parts: tuple[str, ...], total: tuple[str, ...], zh: str, en: str) -> Identity:
    return Identity(f"statistics.{key}", "rows", parts, total, zh, en, CITE, relation="<=")


# C1, C2 and C3 need not agree: the table has no carry-over rows, and one request may get several replies.
IDENTITIES = (
    _sum("C1", "各渠道申请数之和 = 收到申请数", "requests by channel add up to requests received"),
    _sum("C2", "按时办结数 + 延期办结数 = 申请办结数", "in time + extended = concluded"),
    _sum("C3", "各类答复数之和 = 申请答复数", "kinds of replies add up to replies"),
    _sum("C3d", "不同意公开各理由之和 = 不同意公开答复数", "grounds add up to denied"),
    _sum("D", "维持 + 纠错 + 其他 = 行政复议数量", "upheld + corrected + other = reconsideration"),
    _sum("E", "维持或驳回 + 纠错 + 其他 = 行政诉讼数量", "upheld + corrected + other = litigation"),
    _sum("H3", "专职人员数 + 兼职人员数 = 从事政府信息公开工作人员数", "full time + part time = staff"),
    _within("A1a", ("A1a",), ("A1",), "主动公开规范性文件数 ≤ 主动公开政府信息数", "normative documents disclosed ≤ items disclosed"),
    _within("A2", ("A1",), _keys("A2"), "主动公开政府信息数 ≤ 各渠道公开数之和", "items disclosed ≤ sum over channels (each counted once per channel)"),
    _within("B2a1", ("B2a1",), ("B2a",), "主要负责同志参加次数 ≤ 新闻发布会总次数", "by the leading official ≤ press conferences"),
    _within("B2b1", ("B2b1",), ("B2b",), "主要负责同志参加次数 ≤ 在线访谈次数", "by the leading official ≤ online interviews"),
)  # fmt: skip

STATISTICS = Table(
    "statistics", 0, "政府信息公开情况统计表", "statistics of open government information",
    rows=ROWS,
    columns=(Column("value", "统计数", "figure", ("统计数据", "数量", "数值"), unit=None, money_unit="万元"),),
    groups=GROUPS,
    furniture=("单位", "统计指标", "计量单位", "填报单位", "（    年度）", "单位负责人", "审核人", "填报人", "联系电话", "填报日期"),
    identities=IDENTITIES,
)  # fmt: skip

FORM = Form(
    "2014", "政府信息公开情况统计表", "statistics table of 2014", CITE, "2014-2018", (STATISTICS,),
    note="Labels recalled, not read from the annex; each such row says so. Regional tables insert rows of key fields (重点领域).",
)  # fmt: skip
