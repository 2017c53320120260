"""Figures whose meaning another one of the sentence gives: a sum that adds up, last year's number in a comparison."""

from __future__ import annotations

import re

from govdisclosure.narrative.sentence import Sentence, first
from govdisclosure.narrative.tokens import A, B, D, K

QUIET = frozenset(("sum", "time", "date", "scope", "f"))
CASES = frozenset(("件", "件次", "件(次)", "宗", "起", "例", "份"))
OUTCOMES = frozenset(
    f"requests_{code}"
    for code in (
        "disclosed_full",
        "disclosed_partial",
        "denied",
        "unable",
        "not_processed",
        "other",
    )
)
APPLICANTS = frozenset(("requests_natural_person", "requests_organization"))
WAY = re.compile("网上|网络|线上|邮寄|信函|现场|当面|窗口|邮件|传真|平台")
_YEAR = re.compile(r"20\d\d", re.ASCII)


def summed(s: Sentence, i: int) -> bool:
    """网上41件，邮寄15件，共59件: a number that the text calls a sum and that is the sum of those before it."""
    if s.toks[i - 1][K] not in QUIET:
        return False
    left = s.left(i)
    if (
        not left
        or not any(t[0] == "sum" for t in left)
        or any(t[3] or t[0] not in QUIET for t in left)
        or not s.closes(i)
    ):
        return False
    parts = _parts(s, i)
    code = _whole(s, parts) if parts else ""
    if not code or any(
        f.indicator == code and f.value == s.toks[i][D].numeral.value for f in s.figures
    ):
        return False
    s.emit(
        code,
        i,
        "disputes" if code.startswith("disputes") else "requests",
        period="year",
        note="combined" if code.startswith("disputes") else "",
    )
    s.last = (code, "all", i)
    if code in ("requests_received", "requests_handled"):
        s.base = s.last
    return True


def _parts(s: Sentence, i: int) -> list[float]:
    """The numbers right before token i, nearest first, that add up to it (two at least); [] when none do."""
    total, values = s.toks[i][D].numeral.value, []
    for j in range(i - 1, max(i - 41, -1), -1):
        kind, data = s.toks[j][K], s.toks[j][D]
        if kind != "num":
            continue
        if data is None or data.counter not in CASES:
            if data is not None and data.counter == "%":
                continue  # 占12%
            return []
        values.append(data.numeral.value)
        if len(values) > 1 and abs(sum(values) - total) < 0.5:
            return values
    return []


def _whole(s: Sentence, parts: list[float]) -> str:
    """What the parts are parts of, by what they were read as."""
    read = [
        f.indicator
        for f in s.figures
        if f.value in parts
        and f.indicator.startswith(("requests", "reconsideration", "litigation"))
    ]
    codes, text = set(read), s.text[s.start : s.end]
    if (
        codes == {"requests_received", "requests_carried_over"}
        or read == ["requests_received"]
        and len(parts) == 2
        and "结转" in text
    ):
        return "requests_handled"
    if len(read) >= len(parts) and codes <= {"requests_received"} | APPLICANTS:
        return "requests_received"
    if not codes and "申请" in text and len(WAY.findall(text)) >= len(parts):
        return "requests_received"
    if codes <= OUTCOMES and len(codes) > 1:
        return "requests_concluded"
    return "disputes_cases" if codes == {"reconsideration_cases", "litigation_cases"} else ""


def recalled(s: Sentence, i: int) -> bool:
    """Read number token i as an earlier value of the total named before it (``base``), which has the same counter."""
    return compared(s, i) or earlier(s, i)


def compared(s: Sentence, i: int) -> bool:
    """较上年的71件增加15件, 比2022年的30件减少5件: the number between the comparison and the change is the earlier one."""
    if "cmp" not in s.kinds:
        return False
    left, right = s.left(i), s.right(i)
    versus = first(left, frozenset(("de", "f")))
    change = first(right, frozenset(("f",)))
    if versus is None or versus[0] != "cmp" or change is None or change[0] not in ("up", "down"):
        return False
    code, platform, _ = s.base
    if code == "new_media_growth":
        code = "new_media_in_operation"
    s.emit(code, i, _PATTERN[code], platform=platform, period=_when(s, versus[2]))
    return True


def earlier(s: Sentence, i: int) -> bool:
    """收到12件，去年同期为9件; 12件，2022年为9件: a clause of nothing but an earlier time and its number."""
    if s.toks[i - 1][K] not in _SPARE or not s.closes(i):
        return False
    left, (code, platform, _) = s.left(i), s.base
    if any(t[3] or t[0] not in _SPARE for t in left):
        return False
    if not any(t[0] == "time" and t[1] == "previous_year" or t[0] == "date" for t in left):
        return False
    period, code = s.period(i), "new_media_in_operation" if code == "new_media_growth" else code
    if period not in ("previous_year", "earlier") or s.figures[-1].period == period:
        return False
    s.emit(code, i, _PATTERN[code], platform=platform, period=period)
    return True


_SPARE = frozenset(("time", "date", "f", "sum"))
_PATTERN = {
    "requests_received": "requests",
    "requests_handled": "requests",
    "items_published": "items",
    "new_media_in_operation": "P3",
}


def _when(s: Sentence, j: int) -> str:
    year = _YEAR.search(s.text, s.toks[j][A], s.toks[j][B])
    return "earlier" if year and s.year and int(year[0]) < s.year - 1 else "previous_year"
