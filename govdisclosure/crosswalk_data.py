"""What the three forms share, as data (domain notes 2.1). ``CROSSWALK`` is one entry a concept.

Relations are between two forms: 'equal', 'approximate', 'none'. Codes are those of each form; a sum of codes stands for
one concept. Sources: 国办发〔2014〕32号 (labels to be confirmed), 国办公开办函〔2019〕60号, 〔2021〕30号; 行政复议法 (2023) Art. 23.
"""

from __future__ import annotations

from typing import NamedTuple

EQUAL, APPROXIMATE, NONE = "equal", "approximate", "none"


class Concept(NamedTuple):
    """``terms``: form → codes that add up to the concept (no entry: the form has no counterpart).

    ``relation`` of 2014 with the later forms (``with_2014``) and of 2019 with 2021 (``with_2019``), each with its note.
    """

    key: str
    zh: str
    en: str
    unit: str
    terms: dict[str, tuple[str, ...]]
    with_2014: str
    with_2019: str
    note_2014: str = ""
    note_2019: str = ""


class Break(NamedTuple):
    """A change of law inside a form: from ``year`` on, the concepts are not comparable with before."""

    year: int
    concepts: tuple[str, ...]
    note: str
    cite: str


def _statistics(*rows: str) -> tuple[str, ...]:
    return tuple(f"statistics.{r}.value" for r in rows)


def _same(key, zh, en, codes, old=(), relation=NONE, note="", unit="件") -> Concept:
    """A concept that the forms of 2019 and 2021 count alike."""
    terms = {"2019": tuple(codes), "2021": tuple(codes)} | (
        {"2014": _statistics(*old)} if old else {}
    )
    return Concept(key, zh, en, unit, terms, relation if old else NONE, EQUAL, note)


def _request(key, zh, en, old=(), relation=APPROXIMATE, note="", rows=()) -> Concept:
    return _same(key, zh, en, [f"requests.{r}.total" for r in rows or (key,)], old, relation, note)


_HIDDEN = "hidden in 2014 (不是《条例》所指政府信息, 其他情形): no counterpart"
_SEVERABLE = "severability (区分处理) is a rule of 2019"
_APPLICANTS = (
    ("natural_person", "自然人", "natural persons"), ("commercial", "商业企业", "commercial enterprises"), ("research", "科研机构", "research institutions"),
    ("public_interest", "社会公益组织", "public-interest organisations"), ("legal_service", "法律服务机构", "legal service providers"),
    ("other_organization", "其他", "other organisations"),
)  # fmt: skip
_OUTCOME_2019 = (
    ("denied_internal_affairs", "内部事务信息", "denied: internal affairs"), ("denied_process", "过程性信息", "denied: process information"),
    ("denied_enforcement_file", "行政执法案卷", "denied: enforcement files"),
)  # fmt: skip
_NOT_PROCESSED = (
    "not_processed_petition",
    "not_processed_repeated",
    "not_processed_publication",
    "not_processed_excessive",
    "not_processed_reissue",
)
_DENIED = (
    "denied_state_secret", "denied_prohibited_by_law", "denied_security_stability", "denied_third_party", "denied_internal_affairs",
    "denied_process", "denied_enforcement_file", "denied_administrative_enquiry",
)  # fmt: skip
_RESULTS = (
    ("upheld", "维持", "upheld", "1"),
    ("corrected", "纠正", "corrected", "2"),
    ("other", "其他结果", "other outcome", "3"),
)
_SUITS = ("litigation_direct", "litigation_after_reconsideration")
_DECISIONS = (("licensing", "行政许可"), ("penalties", "行政处罚"), ("compulsion", "行政强制"))
_COUNT_NOTE = "same wording; some filled in 2019 disclosed decisions only"

CROSSWALK: tuple[Concept, ...] = (
    _request("received", "新收申请", "requests received", ("C1",), note="2014 has no applicant split; year of receipt"),
    *(_same(f"received_{k}", f"新收申请：{zh}", f"requests received: {en}", [f"requests.received.{k}"]) for k, zh, en in _APPLICANTS),
    _request("carried_over", "上年结转", "carried over"),
    _request("carried_forward", "结转下年度", "carried forward"),
    _request("completed", "办理结果总计", "requests completed", ("C2",), rows=("outcomes_total",), note="C2 may count files closed without a reply; C3 counts replies"),
    _request("disclosed_full", "予以公开", "disclosed in full", ("C3a", "C3b"), note="2019 counts 已主动公开 here, so both rows of 2014 are added"),
    _request("disclosed_partial", "部分公开", "disclosed in part", ("C3c",), note=_SEVERABLE),
    _request("denied_state_secret", "不予公开：国家秘密", "denied: state secrets", ("C3d1",), note="same ground, other typology around it"),
    _request("denied_prohibited_by_law", "不予公开：法律行政法规禁止", "denied: prohibited by law", ("C3d6",), note="only a part of C3d6"),
    _request("denied_security_stability", "不予公开：三安全一稳定", "denied: security and stability", ("C3d4",), note="same ground, other typology around it"),
    _request("denied_third_party", "不予公开：第三方合法权益", "denied: third-party rights", ("C3d2", "C3d3"), note="trade secrets and privacy merged in 2019"),
    *(_request(k, f"不予公开：{zh}", en, note=_HIDDEN) for k, zh, en in _OUTCOME_2019),
    _request("denied_administrative_enquiry", "不予公开：行政查询事项", "denied: administrative enquiry", ("C3h",), note="weak: only a part of C3h"),
    _request("denied_total", "不予公开合计", "denied, total", ("C3d",), rows=_DENIED, note="weak: 不是《条例》所指政府信息 has no successor, 行政查询 is newly inside"),
    Concept("not_government_information", "不是政府信息", "not government information", "件", {"2014": _statistics("C3d5")}, NONE, NONE,
            "a ground of 2014 only"),
    _request("not_held", "不掌握", "not held", ("C3e", "C3f"), rows=("unable_not_held",), note="不属于本机关公开 and 信息不存在 added"),
    _request("no_existing_information", "没有现成信息", "no existing information", rows=("unable_needs_creation",), note=_HIDDEN),
    _request("unclear_after_correction", "补正后仍不明确", "unclear after correction", rows=("unable_unclear",),
             note="告知更改补充 (C3g) is an interim notice, not an outcome"),
    _request("not_processed_total", "不予处理合计", "not processed, total", ("C3h",), rows=_NOT_PROCESSED, note="weak: only a part of C3h"),
    *(_request(k, f"不予处理：{k}", f"not processed: {k.removeprefix('not_processed_')}") for k in _NOT_PROCESSED),
    Concept("other_handling", "其他处理", "otherwise handled", "件", {"2019": ("requests.other.total",), "2021": ("requests.other.total",)}, NONE, EQUAL,
            note_2019="one row in 2019 is the sum of three in 2021"),
    *(Concept(f"other_{k}", f"其他处理：{zh}", f"otherwise handled: {en}", "件", {"2021": (f"requests.other_{k}.total",)}, NONE, NONE,
              note_2019="not told apart in 2019") for k, zh, en in (("uncorrected", "逾期不补正", "not corrected in time"),
                                                                  ("fee_unpaid", "逾期未缴费", "fee unpaid"), ("other", "其他", "other"))),
    *(_same(f"reconsideration_{k}", f"行政复议：{zh}", f"reconsideration: {en}", [f"disputes.reconsideration.{k}"], (f"D{n}",), APPROXIMATE,
            "same words, other regulations") for k, zh, en, n in _RESULTS),
    _same("reconsideration_pending", "行政复议：尚未审结", "reconsideration: pending", ["disputes.reconsideration.pending"]),
    Concept("reconsideration_closed", "行政复议审结", "reconsideration: closed", "件", {
        "2014": _statistics("D"), **{f: tuple(f"disputes.reconsideration.{k}" for k, *_ in _RESULTS) for f in ("2019", "2021")}}, APPROXIMATE, EQUAL,
        "D has no pending cases: compare with total − pending"),
    *(_same(f"litigation_{k}", f"行政诉讼：{zh}", f"litigation: {en}", [f"disputes.{s}.{k}" for s in _SUITS], (f"E{n}",), APPROXIMATE,
            "both kinds of suits added") for k, zh, en, n in _RESULTS),
    *(_same(s, zh, en, [f"disputes.{s}.total"]) for s, zh, en in (("litigation_direct", "未经复议直接起诉", "direct suits"),
                                                               ("litigation_after_reconsideration", "复议后起诉", "suits after reconsideration"))),
    _same("litigation_total", "行政诉讼总计", "litigation, total", [f"disputes.{s}.total" for s in _SUITS], ("E",), APPROXIMATE,
          "E has no pending cases"),
    Concept("complaints", "举报投诉", "complaints", "件", {"2014": _statistics("F")}, NONE, NONE, "a row of 2014 only"),
    Concept("fee_income_requests", "依申请公开收取的费用", "fees for disclosure on request", "万元", {"2014": _statistics("G")}, NONE, NONE,
            "search, copying and post; not the processing fee (信息处理费) of 国办函〔2020〕109号"),
    Concept("proactive_items", "主动公开政府信息数", "items disclosed proactively", "条", {"2014": _statistics("A1")}, NONE, NONE, "prose only since 2019"),
    Concept("normative_issued", "规范性文件制发", "normative documents issued", "件", {
        "2014": _statistics("A1b"), "2019": ("proactive.normative_documents.newly_made",), "2021": ("proactive.normative_documents.issued",)},
        APPROXIMATE, APPROXIMATE, "制发 against 新制作 or 制发", "新制作 against 制发; 2021 narrows to administrative normative documents (行政规范性文件)"),
    Concept("normative_disclosed", "规范性文件公开", "normative documents disclosed", "件", {
        "2014": _statistics("A1a"), "2019": ("proactive.normative_documents.newly_disclosed",)}, APPROXIMATE, NONE,
        "2019: newly disclosed, may include older texts", "no row in 2021"),
    Concept("normative_open_stock", "规范性文件对外公开总数", "normative documents open to the public", "件", {
        "2019": ("proactive.normative_documents.total_disclosed",)}, NONE, NONE, note_2019="open to the public is not in force (现行有效): not equal"),
    Concept("normative_in_force", "规范性文件现行有效", "normative documents in force", "件", {
        "2021": ("proactive.normative_documents.in_force",)}, NONE, NONE, note_2019="open to the public (对外公开总数) is not in force: not equal"),
    Concept("normative_repealed", "规范性文件废止", "normative documents repealed", "件", {"2021": ("proactive.normative_documents.repealed",)}, NONE, NONE,
            note_2019="no row in 2019"),
    *(Concept(f"{k}_decisions", f"{zh}处理决定", f"{k}: decisions", "件", {f: (f"proactive.{k}.decisions",) for f in ("2019", "2021")}, NONE, APPROXIMATE,
              note_2019=_COUNT_NOTE) for k, zh in _DECISIONS),
    *(Concept(f"{k}_items", f"{zh}项目数量", f"{k}: items of the previous year", "项", {"2019": (f"proactive.{k}.previous_items",)}, NONE, NONE,
              note_2019="no row in 2021") for k, zh in _DECISIONS),
    Concept("fees_amount", "行政事业性收费金额", "administrative fees collected", "万元", {"2021": ("proactive.fees.amount",)}, NONE, NONE,
            note_2019="2019 counts fee items, not money"),
    Concept("procurement_amount", "政府集中采购金额", "procurement amount", "元", {"2019": ("proactive.procurement.amount",)}, NONE, NONE, note_2019="no row in 2021"),
    Concept("procurement_projects", "政府集中采购项目", "procurement projects", "项", {"2019": ("proactive.procurement.projects",)}, NONE, NONE, note_2019="no row in 2021"),
    Concept("staff", "工作人员", "disclosure staff", "人", {"2014": _statistics("H3")}, NONE, NONE, "prose only since 2019"),
    Concept("persons_trained", "接受培训人员", "persons trained", "人次", {"2014": _statistics("I3")}, NONE, NONE, "prose only since 2019"),
    Concept("interpretations", "政策解读", "policy interpretations", "篇", {"2014": _statistics("B2c")}, NONE, NONE, "prose only since 2019"),
)  # fmt: skip

BREAKS: tuple[Break, ...] = (
    Break(2024, ("litigation_direct", "litigation_after_reconsideration"),
          "since 1 January 2024 a refusal to disclose goes to reconsideration before suit (复议前置): 未经复议直接起诉 is not comparable across 2024, "
          "and suits move to 复议后起诉", "行政复议法（2023年修订）第二十三条第一款第四项"),
    Break(2024, ("litigation_total", "litigation_upheld", "litigation_corrected", "litigation_other"),
          "since 1 January 2024 reconsideration comes before suit (复议前置): fewer and other suits", "行政复议法（2023年修订）第二十三条第一款第四项"),
)  # fmt: skip
