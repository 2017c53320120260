"""Requests to the 12345 hotline."""

from __future__ import annotations

from govdisclosure.narrative.cases import COUNTERS, FEW, difference
from govdisclosure.narrative.sentence import Sentence, first, join
from govdisclosure.narrative.tokens import A, B, D, K

HOTLINE_COUNTERS = COUNTERS - {"人", "", "项"} | {"批次"}


def hotline(s: Sentence, i: int) -> bool:
    """Read number token i as requests to the 12345 hotline: the first case number after (or right before) it."""
    if s.toks[i][D].counter not in HOTLINE_COUNTERS or "hotline" in s.done:
        return False
    left, right = s.left(i), s.right(i)
    if difference(left) or any(t[0] in ("train", "interp", "nm", "fee") for t in left):
        return False
    if (
        s.topic[0] == "hot"
        and s.topic[1] >= 0
        and s.text.endswith(OTHER_LINES, s.start, s.toks[s.topic[1]][A])
    ):
        return False
    act = first(left, FEW)
    if act and (act[0] == "vinsp" or s.text[s.toks[act[2]][A] : s.toks[act[2]][B]] in INSPECTIONS):
        return False  # 对热线办理情况开展督查4次
    kind = s.text.rfind("类", max(s.toks[i][A] - 12, s.start + 1), s.toks[i][A])
    if kind > 0 and s.text[kind - 1] not in "各分":
        return False  # 投诉类工单271件 is a part
    if s.topic[0] != "hot":
        ahead = first(right, FEW)
        if not (
            ahead and ahead[0] == "hot" and any(t[0] in ("rv", "hv", "cv", "hotv") for t in left)
        ):
            return False
    elif not _hot_verb(s, i, left, s.toks[i][D].counter):
        return False
    verb = next((t for t in left if t[0] in ("rv", "hv", "hotv", "cv")), None)
    note = "concluded" if verb and verb[0] == "cv" else ""
    s.emit(
        "hotline_requests",
        i,
        "hotline",
        note=join(note, "combined" if _shared_channel(s, i) else ""),
    )
    s.done.add("hotline")
    s.last = s.base = None
    return True


OTHER_LINES = (
    "监督",
    "举报",
    "投诉举报",
    "咨询",
    "服务",
    "值班",
)  # 监督热线 is an office's own telephone
INSPECTIONS = frozenset("督查 督导 考核 推进会 会议 例会 专题会 通气会 审查 审核".split())


def _hot_verb(s: Sentence, i: int, left: list, counter: str) -> bool:
    """The clause (or the part of the sentence since the hotline was named) says that requests came in."""
    since = s.topic[1]
    kinds = (
        ("rv", "hv", "hotv", "cv")
        if counter in ("个", "次", "条", "项")
        else ("rv", "hv", "hotv", "cv", "hotobj")
    )
    return (
        any(s.toks[j][K] in kinds for j in range(max(since - 6, 0), i))
        or counter not in ("个", "次", "条", "项")
        and (first(left, FEW | {"hotobj"}) or ("",))[0] == "hot"
    )


def _shared_channel(s: Sentence, i: int) -> bool:
    """Another channel (信箱, 留言, 12366, 网站) is joined to the hotline by 、 or 和."""
    for j in range(max(i - 40, 0), i):
        if s.toks[j][K] != "hot":
            continue
        behind = s.text[s.toks[j][B] : s.toks[j][B] + 20].partition("，")[0]
        if behind.startswith(("、", "和", "及", "与", "等")) and any(
            word in behind for word in ("等", "渠道", "平台", "途径")
        ):
            return True  # 通过12345热线、网上信访等渠道
        for step in (-1, 1):
            k = j + step
            if (
                0 < k + step < i
                and s.toks[k][K] in ("、", "f")
                and s.toks[k + step][K] in ("ot", "ch", "pl", "nm")
            ):
                return True
    return False
