"""The indicators as data: numerator, denominator, unit, definition in both languages, source, and what NA means.

Terms are codes 'table.row.column'; a leading '-' subtracts; '@-1' takes the previous year's report of the same agency;
'requests.other.…' is （六）其他处理 however printed. Formulas and variants: domain notes 4.2, which name who uses which;
denominator R = （七）总计 is the practice of government reports.
"""

from __future__ import annotations

from typing import NamedTuple

REQUESTS_FORMS = ("2019", "2021")
COUNT_NA = "NA where a cell is blank, / or unreadable (unknown is never taken for 0), or disputed: on it stands a finding of severity error; NA (zero_denominator) where the denominator is 0"


class Metric(NamedTuple):
    """``value`` = ``scale`` × Σ``numerator`` / Σ``denominator``; no denominator: the sum itself.

    ``share``: the numerator is part of the denominator, so a Wilson interval makes sense. ``forms``: where it exists.
    """

    key: str
    number: int
    zh: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    unit: str
    scale: float
    share: bool
    definition_zh: str
    definition_en: str
    source: str = "条例（国令第711号）；国办公开办函〔2021〕30号表三、表四"
    na: str = COUNT_NA
    forms: tuple[str, ...] = REQUESTS_FORMS


def _total(*rows: str) -> tuple[str, ...]:
    return tuple(f"requests.{r}.total" for r in rows)


N, C, R, F = (
    _total("received"),
    _total("carried_over"),
    _total("outcomes_total"),
    _total("carried_forward"),
)
FULL, PARTIAL = _total("disclosed_full"), _total("disclosed_partial")
_D = (
    "state_secret",
    "prohibited_by_law",
    "security_stability",
    "third_party",
    "internal_affairs",
    "process",
    "enforcement_file",
    "administrative_enquiry",
)
_U = ("not_held", "needs_creation", "unclear")
_J = ("petition", "repeated", "publication", "excessive", "reissue")
GROUND = {name: _total(f"denied_{name}") for name in _D}
DENIED = _total(*(f"denied_{n}" for n in _D))
UNABLE = _total(*(f"unable_{n}" for n in _U))
NOT_PROCESSED = _total(*(f"not_processed_{n}" for n in _J))
OTHER = _total("other")
REVIEWS, DIRECT, AFTER = (
    ("disputes.reconsideration",),
    ("disputes.litigation_direct",),
    ("disputes.litigation_after_reconsideration",),
)
SUITS = DIRECT + AFTER


def _cases(channel: tuple[str, ...], *columns: str) -> tuple[str, ...]:
    return tuple(f"{row}.{column}" for row in channel for column in columns)


def _share(
    key, number, zh, en, numerator, denominator, definition_zh, definition_en, **more
) -> Metric:
    return Metric(
        key,
        number,
        zh,
        en,
        tuple(numerator),
        tuple(denominator),
        "%",
        100.0,
        True,
        definition_zh,
        definition_en,
        **more,
    )


def _ratio(
    key, number, zh, en, numerator, denominator, unit, scale, definition_zh, definition_en, **more
) -> Metric:
    return Metric(
        key,
        number,
        zh,
        en,
        tuple(numerator),
        tuple(denominator),
        unit,
        scale,
        False,
        definition_zh,
        definition_en,
        **more,
    )


_GROUND_ZH = dict(
    zip(
        _D,
        (
            "国家秘密",
            "法律行政法规禁止公开",
            "三安全一稳定",
            "第三方合法权益",
            "内部事务信息",
            "过程性信息",
            "行政执法案卷",
            "行政查询事项",
        ),
    )
)
_GROUPS = (
    ("art14_15", "第14、15条", "Articles 14-15", _D[:4]),
    ("art16", "第16条", "Article 16", _D[4:7]),
    ("art36_7", "第36条第7项", "Article 36(7)", _D[7:]),
)
ALL_CASES = ("upheld", "corrected", "other", "pending")
CLOSED_CASES = ALL_CASES[:3]

METRICS: tuple[Metric, ...] = (
    _ratio("requests_per_100k", 1, "每十万人申请数", "requests per 100,000 residents", N, ("population",), "per 100,000 residents", 1e5,
           "本年新收 ÷ 同年常住人口 × 10万", "requests received / usual residents of the same year x 100,000",
           na="NA where no population is given or requests are unknown"),
    _share("natural_person_share", 2, "自然人申请占比", "share of natural persons", ("requests.received.natural_person",), N,
           "自然人新收 ÷ 新收总计", "requests by natural persons / requests received"),
    _share("completion_rate", 3, "办结率", "completion rate", R, N + C, "办理结果总计 ÷（新收 + 上年结转）", "outcomes / (received + carried over)"),
    _share("backlog_rate", 3, "结转率", "backlog rate", F, N + C, "结转下年度 ÷（新收 + 上年结转）", "carried forward / (received + carried over)"),
    _share("full_disclosure_rate", 4, "予以公开率", "full-disclosure rate", FULL, R, "予以公开 ÷ 办理结果总计", "disclosed in full / outcomes"),
    _share("full_disclosure_rate_of_received", 4, "予以公开率（以新收为分母）", "full-disclosure rate, of requests received", FULL, N,
           "予以公开 ÷ 本年新收（口径不同，须注明）", "disclosed in full / requests received; numerator may hold carried-over requests, so no share") ._replace(share=False),
    _share("disclosure_rate", 5, "公开率（含部分公开）", "full-or-partial disclosure rate", FULL + PARTIAL, R,
           "（予以公开 + 部分公开）÷ 办理结果总计", "(full + partial) / outcomes"),
    _share("disclosure_rate_of_received", 5, "公开率（以新收为分母）", "full-or-partial disclosure rate, of requests received", FULL + PARTIAL, N,
           "（予以公开 + 部分公开）÷ 本年新收（口径不同，须注明）", "(full + partial) / requests received")._replace(share=False),
    _share("substantive_disclosure_rate", 6, "实质决定公开率", "disclosure rate among substantive decisions", FULL + PARTIAL, FULL + PARTIAL + DENIED,
           "（予以公开 + 部分公开）÷（予以公开 + 部分公开 + 不予公开）", "(full + partial) / (full + partial + denied)"),
    _share("denial_rate", 7, "不予公开率", "non-disclosure rate", DENIED, R, "不予公开 ÷ 办理结果总计", "denied / outcomes"),
    *(_share(f"denial_rate_{n}", 7, f"不予公开率：{_GROUND_ZH[n]}", f"non-disclosure rate: {n}", GROUND[n], R,
             f"不予公开（{_GROUND_ZH[n]}）÷ 办理结果总计", f"denied for {n} / outcomes; grounds of partial disclosure are not counted") for n in _D),
    *(_share(f"denial_ground_{n}", 7, f"不予公开理由：{_GROUND_ZH[n]}", f"share among denials: {n}", GROUND[n], DENIED,
             f"不予公开（{_GROUND_ZH[n]}）÷ 不予公开合计", f"denied for {n} / denied") for n in _D),
    *(_share(f"denial_group_{key}", 7, f"不予公开理由：{zh}", f"share among denials: {en}", tuple(t for n in names for t in GROUND[n]), DENIED,
             f"不予公开（{zh}各项）÷ 不予公开合计", f"denied under {en} / denied") for key, zh, en, names in _GROUPS),
    _share("unable_rate", 8, "无法提供率", "unable-to-provide rate", UNABLE, R, "无法提供 ÷ 办理结果总计", "unable to provide / outcomes"),
    _share("not_held_rate", 8, "不掌握率", "not-held rate", _total("unable_not_held"), R, "本机关不掌握 ÷ 办理结果总计", "not held / outcomes"),
    _share("not_processed_rate", 9, "不予处理率", "not-processed rate", NOT_PROCESSED, R, "不予处理 ÷ 办理结果总计", "not processed / outcomes"),
    _share("petition_share", 9, "信访类占不予处理比", "petition share", _total("not_processed_petition"), NOT_PROCESSED,
           "信访举报投诉类 ÷ 不予处理", "petitions, reports and complaints / not processed"),
    _share("other_rate", 9, "其他处理率", "otherwise-handled rate", OTHER, R, "其他处理 ÷ 办理结果总计", "otherwise handled / outcomes"),
    _ratio("reconsideration_rate", 10, "行政复议率", "reconsideration rate", _cases(REVIEWS, "total"), R, "per 100 decisions", 100.0,
           "行政复议总计 ÷ 办理结果总计 × 100", "reconsideration cases / outcomes x 100"),
    _ratio("litigation_rate", 10, "行政诉讼率", "litigation rate", _cases(SUITS, "total"), R, "per 100 decisions", 100.0,
           "行政诉讼总计 ÷ 办理结果总计 × 100（2024年起复议前置，前后不可比）", "suits / outcomes x 100; since 2024 reconsideration comes first, so not comparable across 2024"),
    _share("reconsideration_correction_rate", 11, "复议纠正率", "correction rate in reconsideration", _cases(REVIEWS, "corrected"), _cases(REVIEWS, *CLOSED_CASES),
           "纠正 ÷（维持 + 纠正 + 其他），不含尚未审结", "corrected / (upheld + corrected + other), pending excluded"),
    _share("reconsideration_correction_rate_with_pending", 11, "复议纠正率（含未审结）", "correction rate in reconsideration, pending included",
           _cases(REVIEWS, "corrected"), _cases(REVIEWS, *ALL_CASES), "纠正 ÷ 全部案件（含尚未审结）", "corrected / all cases incl. pending"),
    _share("reconsideration_correction_rate_on_merits", 11, "复议纠正率（仅维持与纠正）", "correction rate in reconsideration, upheld and corrected only",
           _cases(REVIEWS, "corrected"), _cases(REVIEWS, "upheld", "corrected"), "纠正 ÷（维持 + 纠正）", "corrected / (upheld + corrected)"),
    _share("litigation_correction_rate", 11, "诉讼纠正率", "correction rate in court", _cases(SUITS, "corrected"), _cases(SUITS, *CLOSED_CASES),
           "纠正 ÷（维持 + 纠正 + 其他），不含尚未审结", "corrected / (upheld + corrected + other), pending excluded"),
    _share("document_turnover", 12, "规范性文件废止率", "document turnover", ("proactive.normative_documents.repealed",),
           ("proactive.normative_documents.in_force@-1", "proactive.normative_documents.issued"),
           "本年废止 ÷（上年末现行有效 + 本年制发）", "repealed / (in force at the end of the previous year + issued)",
           na=f"{COUNT_NA}; unknown without the previous year's report of the same agency", forms=("2021",)),
    _ratio("document_net_change", 12, "规范性文件净增", "net change of documents",
           ("proactive.normative_documents.issued", "-proactive.normative_documents.repealed"), (), "件", 1.0,
           "本年制发 − 本年废止", "issued − repealed", forms=("2021",)),
    _share("disclosure_rate_2014", 5, "公开率（2014年统计表）", "disclosure rate, table of 2014",
           ("statistics.C3a.value", "statistics.C3b.value", "statistics.C3c.value"), ("statistics.C3.value",),
           "（已主动公开 + 同意公开 + 同意部分公开）÷ 申请答复数", "(already public + agreed + agreed in part) / replies; not comparable with the rates after 2019",
           source="国办发〔2014〕32号", forms=("2014",)),
)  # fmt: skip
