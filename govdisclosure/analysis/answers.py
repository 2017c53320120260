"""The answer of each page in one sentence, computed from the corpus, in both languages. No figure in it is typed."""

from __future__ import annotations

import pandas as pd

from . import disputes as dispute_sums
from . import enforcement, media, quality
from . import requests as request_sums
from .common import years_text

NOTHING = (
    "There is no report in this selection, so there is no answer.",
    "所选范围内没有年报，无法回答。",
)


def _pick(language: str, en: str, zh: str) -> str:
    return zh if language == "zh" else en


def _n(corpus) -> tuple[int, int, str]:
    reports = corpus.reports
    return len(reports), reports["agency"].astype("string").nunique(), years_text(reports["year"])


def _many(n: int, noun: str) -> str:
    return (
        f"{n:,} {noun}"
        if n == 1
        else f"{n:,} {noun[:-1] + 'ies' if noun.endswith('cy') else noun + 's'}"
    )


def quickstart(corpus, language: str = "en") -> str:
    """How many requests and outcomes the reports hold."""
    n, agencies, years = _n(corpus)
    if not n:
        return NOTHING[language == "zh"]
    flows = request_sums.flows(corpus.requests)
    received = float(flows.loc[flows["row"] == "received", "value"].sum())
    return _pick(
        language,
        f"{_many(n, 'report')} of {_many(agencies, 'agency')} ({years}) {'tells' if n == 1 else 'tell'} of {received:,.0f} requests received, each figure with the place where it is printed.",
        f"{agencies}个机关的{n}份年报（{years}）共新收申请{received:,.0f}件，每个数字都带有原文出处。",
    )


def request_outcomes(corpus, language: str = "en") -> str:
    """What became of the requests that were decided."""
    table = (
        request_sums.outcomes(corpus.requests).dropna(subset=["share"])
        if len(corpus)
        else pd.DataFrame()
    )
    if table.empty:
        return NOTHING[language == "zh"]
    by, n = (
        table.groupby("group", observed=False)["value"].sum().astype(float),
        table["report_id"].nunique(),
    )
    share = 100 * by / by.sum()
    given = share["disclosed_full"] + share["disclosed_partial"]
    return _pick(
        language,
        f"Of {by.sum():,.0f} requests decided in {_many(n, 'report')}, {given:.1f}% were disclosed in full or in part, {share['denied']:.1f}% refused, "
        f"{share['unable']:.1f}% could not be provided and {share['not_processed']:.1f}% were not processed.",
        f"{n}份年报办结的{by.sum():,.0f}件申请中，予以公开或部分公开{given:.1f}%，不予公开{share['denied']:.1f}%，无法提供{share['unable']:.1f}%，不予处理{share['not_processed']:.1f}%。",
    )


def enforcement_volumes(corpus, language: str = "en") -> str:
    """The reach of licensing figures, penalties per licence, jumps."""
    rows = (
        enforcement.volumes(corpus.proactive)
        if len(corpus)
        else pd.DataFrame({"item": [], "value": []})
    )
    some = rows.loc[
        (rows["item"] == "licensing") & (rows["value"] > 0).fillna(False), "value"
    ].astype(float)
    if some.empty:
        return (
            _pick(
                language,
                "No report in this selection prints a licensing decision.",
                "所选年报没有行政许可决定。",
            )
            if len(corpus)
            else NOTHING[language == "zh"]
        )
    per = enforcement.penalties_per_licence(corpus.proactive).dropna(subset=["value"])
    jumps = enforcement.jumps(corpus.proactive)
    more, flagged = int((per["value"] > 1).sum()), int(jumps["flagged"].sum())
    return _pick(
        language,
        f"Where there are any, licensing decisions run from {some.min():,.0f} to {some.max():,.0f} a year; {more} of {_many(len(per), 'report')} print more "
        f"penalties than licences, and {flagged} of {_many(len(jumps), 'figure')} that can be compared jumped more than {enforcement.JUMP:g}-fold.",
        f"有许可的年报中，行政许可决定一年{some.min():,.0f}件至{some.max():,.0f}件；{len(per)}份年报中{more}份处罚多于许可；可比的{len(jumps)}项数字中{flagged}项变化超过{enforcement.JUMP:g}倍。",
    )


def new_media(corpus, bulletins: pd.DataFrame, language: str = "en") -> str:
    """What reports and bulletins count, and what reports only say."""
    table = media.accounts(corpus.narrative, bulletins)
    stock, moves = media.stock(table), media.movements(table)
    own = moves[moves["source"] == "report"]
    counted = own.dropna(subset=["value"])
    closed, opened = (
        float(counted.loc[counted["measure"] == m, "value"].sum()) for m in ("closed", "opened")
    )
    stated = int((stock["source"] == "report").sum())
    said = int(own["value"].isna().sum())
    return _pick(
        language,
        f"{stated} of {_many(len(corpus), 'report')} {'states' if stated == 1 else 'state'} a number of accounts in operation; the reports tell of {closed:,.0f} accounts "
        f"closed or merged and {opened:,.0f} opened, and {_many(said, 'time')} of opening or closing without a number.",
        f"{len(corpus)}份年报中有{stated}份写明在运行账号数；年报共写明关停整合{closed:,.0f}个、新开设{opened:,.0f}个，另有{said}处只有表述没有数字。",
    )


def disputes(corpus, language: str = "en") -> str:
    """Correction rates and the share of direct suits before and since 2024."""
    rows = dispute_sums.by_kind(corpus.disputes) if len(corpus) else pd.DataFrame()
    if rows.empty:
        return NOTHING[language == "zh"]
    parts = [_corrected(rows[rows["channel"] == c]) for c in ("reconsideration", "litigation")]
    if not parts[0][1]:
        return _pick(
            language,
            "No reconsideration case was closed in these reports.",
            "所选年报没有已审结的行政复议案件。",
        )
    (a, n), (b, m) = parts
    en = f"Reconsideration corrected the agency in {a:,.0f} of {n:,.0f} closed cases ({100 * a / n:.1f}%)"
    zh = f"已审结的{n:,.0f}件行政复议中纠正{a:,.0f}件（{100 * a / n:.1f}%）"
    if m:
        en += f", the courts in {b:,.0f} of {m:,.0f} ({100 * b / m:.1f}%)"
        zh += f"，{m:,.0f}件行政诉讼中纠正{b:,.0f}件（{100 * b / m:.1f}%）"
    return _pick(
        language,
        en + "; suits before and since 2024 do not compare.",
        zh + "；2024年前后的诉讼不可比。",
    )


def _corrected(rows: pd.DataFrame) -> tuple[float, float]:
    known = rows.dropna(subset=["upheld", "corrected", "other"])
    return float(known["corrected"].sum()), float(
        (known["upheld"] + known["corrected"] + known["other"]).sum()
    )


def data_quality(corpus, language: str = "en") -> str:
    """Share of cells with a figure, reports that do not add up."""
    if not len(corpus):
        return NOTHING[language == "zh"]
    status = corpus.cells["status"].astype("string")
    known = 100 * float(status.isin(["reported", "imputed"]).mean())
    findings = corpus.findings
    errors = findings.loc[
        (findings["severity"].astype("string") == "error").fillna(False), "report_id"
    ].nunique()
    gaps = len(quality.prose_gaps(findings))
    return _pick(
        language,
        f"{known:.1f}% of {len(status):,} cells carry a figure; {errors} of {_many(len(corpus), 'report')} {'does' if errors == 1 else 'do'} not add up somewhere, and {_many(gaps, 'figure')} in the prose {'differs' if gaps == 1 else 'differ'} from the table.",
        f"{len(status):,}个单元格中{known:.1f}%有数字；{len(corpus)}份年报中{errors}份存在不平衡，文字中{gaps}处数字与表格不一致。",
    )


def your_reports(corpus, outliers: pd.DataFrame, language: str = "en") -> str:
    """How many reports were read and how many rates are apart from the rest."""
    n, agencies, years = _n(corpus)
    if not n:
        return NOTHING[language == "zh"]
    return _pick(
        language,
        f"{_many(n, 'report')} of {_many(agencies, 'agency')} ({years}) were read, {_many(len(corpus.failures), 'file')} could not be; {_many(len(outliers), 'rate')} of {outliers['report_id'].nunique()} reports stand apart from all others.",
        f"读取{agencies}个机关的{n}份年报（{years}），{len(corpus.failures)}个文件未能读取；{outliers['report_id'].nunique()}份年报的{len(outliers)}项比率与其余年报有别。",
    )
