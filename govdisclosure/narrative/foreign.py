"""What only looks like a figure of disclosure: other kinds of 申请, the whole docket of a reconsideration office, other training.

The word that makes them something else is seldom in any lexicon; it stands right before the noun, unknown.
"""

from __future__ import annotations

import re

from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.tokens import A, B, D, K

_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
# 其中涉及政府信息公开的 NUM, 其中信息公开类案件 NUM: the part of a docket that is disclosure's.
_PART = re.compile(
    r"信息公开(?:工作|方面|领域|事项|答复|申请)?(?:类|方面)?的?(?:行政)?(?:复议|诉讼|应诉)?(?:案件|案|类)?(?:有|共|为|共有|共计|数)?$"
)
TRAINING = (
    "条例",
    "能力",
    "提升",
    "骨干",
    "新任",
    "新进",
    "新录用",
    "岗前",
    "跟班",
    "轮岗",
    "上岗",
    "代训",
    "网站",
    "保密",
    "暨",
    "年度",
    "素质",
    "写作",
    "网络",
)
OTHER_WORK = frozenset(
    "应急 演练 执法 行政执法 信访 党务 党员 隐患 投诉 网格员 志愿者 监督员 行政处罚 行政许可".split()
)


def other_request(s: Sentence, at: int) -> bool:
    """不动产查询申请, 低保申请: a bare 申请 right behind a word of no kind we know is a request for something else."""
    start = s.toks[at][A]
    if not s.text.startswith("申请", start) or "公开" in s.text[start : s.toks[at][B]]:
        return False
    before = s.text[s.toks[at - 1][B] if at else s.start : start]
    return bool(_CHINESE.search(before)) and "公开" not in before


def other_training(s: Sentence, at: int) -> bool:
    """安全生产培训, 执法培训: the subject right before the word, when the clause does not speak of disclosure."""
    start, edge = s.toks[at][A], s.toks[at - 1][B] if at else s.start
    subject = s.text[edge:start]
    if edge == start and at and s.toks[at - 1][K] == "ot":
        subject = s.text[s.toks[at - 1][A] : edge]
        if subject not in OTHER_WORK:
            return False
    if not _CHINESE.search(subject) or any(word in subject for word in TRAINING):
        return False
    clause = s.text[s.start : s.toks[at][B]].rpartition("，")[2]
    return not any(word in clause for word in ("公开", "政务", "信息", "新媒体", "条例"))


def whole_docket(s: Sentence, i: int) -> bool:
    """行政应诉案件52件，其中涉及政府信息公开的6件: the first number counts cases of every kind."""
    end = s.toks[i][B]
    at = s.text.find("其中", end, min(end + 40, s.end))
    if at < 0 or s.section == 4 or "公开" in s.text[s.start : end]:
        return False
    number = next((t for t in s.toks[i + 1 : i + 16] if t[K] == "num" and t[A] > at), None)
    return number is not None and bool(_PART.search(s.text[at : number[A]]))


def disclosure_part(s: Sentence, i: int) -> bool:
    """The second number of that: the cases on disclosure."""
    start = s.toks[i][A]
    at = s.text.rfind("其中", max(start - 40, s.start), start)
    if (
        at < 0
        or s.section == 4
        or "公开" in s.text[s.start : at]
        or not _PART.search(s.text[at:start])
    ):
        return False
    numbers = [t for t in s.toks[:i] if t[K] == "num" and t[D] is not None]
    return bool(numbers) and numbers[-1][B] <= at
