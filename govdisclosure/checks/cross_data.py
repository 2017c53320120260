"""Rules between reports, as data: terms are cell codes, '@-1' means the same agency's report for the year before.

Source: domain notes 1.7 (T2.stock, T3.carry, T2.2019: not printed by the form, so soft) and 4.2; 国办公开办函〔2019〕60号
and 〔2021〕30号, tables 二 and 三.
"""

from __future__ import annotations

from typing import NamedTuple


class CrossRule(NamedTuple):
    """``expected`` (signed terms, '{place}' to be filled) must equal ``actual`` for each of ``places``."""

    key: str
    zh: str
    en: str
    cite: str
    expected: tuple[str, ...]
    actual: str
    places: tuple[str, ...]
    severity: str = "warning"


APPLICANTS = (
    "natural_person",
    "commercial",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
    "total",
)

CROSS_RULES: tuple[CrossRule, ...] = (
    CrossRule(
        "cross_year.carry", "上年结转 = 上一年度报告的结转下年度继续办理", "carried over = carried forward in the previous year's report",
        "国办公开办函〔2021〕30号, 表三", ("requests.carried_forward.{place}@-1",), "requests.carried_over.{place}", APPLICANTS,
    ),
    CrossRule(
        "cross_year.stock", "现行有效 = 上年现行有效 + 本年制发 − 本年废止", "in force = in force the year before + issued − repealed",
        "国办公开办函〔2021〕30号, 表二",
        ("proactive.{place}.in_force@-1", "proactive.{place}.issued", "-proactive.{place}.repealed"), "proactive.{place}.in_force",
        ("rules", "normative_documents"),
    ),
    CrossRule(
        "cross_year.items", "上一年项目数量 = 上年报告的上一年项目数量 + 增/减", "items of the previous year = items + change in the previous year's report",
        "国办公开办函〔2019〕60号, 表二",
        ("proactive.{place}.previous_items@-1", "proactive.{place}.change@-1"), "proactive.{place}.previous_items",
        ("licensing", "other_services", "penalties", "compulsion", "fees"),
    ),
)  # fmt: skip


class Watched(NamedTuple):
    """A cell whose jumps are flagged. ``least``: below this in both years nothing is said."""

    code: str
    zh: str
    least: float


WATCHED: tuple[Watched, ...] = (
    Watched("proactive.licensing.decisions", "行政许可处理决定数量", 100),
    Watched("proactive.penalties.decisions", "行政处罚处理决定数量", 100),
    Watched("proactive.compulsion.decisions", "行政强制处理决定数量", 100),
    Watched("proactive.normative_documents.in_force", "行政规范性文件现行有效件数", 50),
    Watched("proactive.fees.amount", "行政事业性收费金额", 100),
    Watched("requests.received.total", "本年新收", 50),
    Watched("disputes.reconsideration.total", "行政复议总计", 50),
)  # fmt: skip

# A jump is a change by this factor against the year before and against the median of the agency's earlier years, and
# by this factor and so many robust deviations (1.4826 x MAD) beyond the median change of peers of its level that year.
JUMP_FACTOR = 5.0
DEVIATIONS = 3.5
FEWEST_PEERS = 8
UNIT_SLIP = 10_000  # 元 printed where the form says 万元, or the reverse

# Cells that a report of a whole territory sums up over its parts.
ADDITIVE = (
    "requests.received.total", "requests.carried_over.total", "requests.outcomes_total.total", "requests.carried_forward.total",
    "disputes.reconsideration.total", "proactive.licensing.decisions", "proactive.penalties.decisions", "proactive.compulsion.decisions",
)  # fmt: skip
# Level of the whole → (level of a part, digits of the division code that whole and part share). A municipality (直辖市)
# has counties and no prefectures.
PARTS = {
    "province": (("prefecture", 2), ("province department", 2)),
    "municipality": (("county", 2), ("province department", 2)),
    "prefecture": (("county", 4), ("prefecture department", 4)),
    "county": (("township", 6), ("county department", 6)),
}
MUNICIPALITIES = ("11", "12", "31", "50")
FEWEST_BROKEN = (
    3  # so many sums exceeded, and none held: the report is of its own level, not of the whole
)
