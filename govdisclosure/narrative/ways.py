"""Ways a request comes in: 网上, 邮寄, 当面. One way is a part of the requests, several together are all of them."""

from __future__ import annotations

from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.tokens import A

WAYS = frozenset(("网上", "网络", "线上", "邮寄", "信函", "现场", "当面", "窗口", "邮件", "传真"))


def by_way(s: Sentence, left: list, j: int) -> bool:
    """网上受理12件, 通过信函渠道收到3件: one way in is a part, no total; several (等, 各, 共) are all of them."""
    before = s.text[s.toks[left[-1][2]][A] : s.toks[j][A]].lstrip("、")
    if before[-2:] in WAYS or s.text[max(s.toks[j][A] - 2, s.start) : s.toks[j][A]] in WAYS:
        return True
    way = before.endswith(("渠道", "方式", "形式", "途径", "平台")) and any(
        word in before for word in WAYS
    )
    return way and not any(word in before for word in ("等", "各", "、", "和", "共"))


def one_way(s: Sentence, at: int) -> bool:
    """网上提交申请41件: the clause names one way in and no verb of receiving."""
    clause = (
        s.text[max(s.toks[at][A] - 12, s.start) : s.toks[at][A]]
        .rpartition("，")[2]
        .rpartition("、")[2]
    )
    return (
        clause.startswith(tuple(WAYS)) or clause.startswith(("通过", "以")) and clause[2:4] in WAYS
    )
