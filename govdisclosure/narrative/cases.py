"""Disclosure requests of the prose, with outcomes and applicants."""

from __future__ import annotations

import re

from govdisclosure.narrative.foreign import other_request
from govdisclosure.narrative.sentence import Sentence, first
from govdisclosure.narrative.tokens import A, B, D, K
from govdisclosure.narrative.ways import by_way, one_way

COUNTERS = frozenset(
    (
        "件",
        "份",
        "宗",
        "起",
        "例",
        "件次",
        "件(次)",
        "条",
        "项",
        "个",
        "次",
        "笔",
        "单",
        "人次",
        "人",
        "通",
        "封",
        "条次",
        "",
    )
)
VERBS = {"rv": "requests_received", "hv": "requests_handled", "cv": "requests_concluded"}
_PASSED_ON = re.compile(r"(?:转?至|转?到|转入)(?:20\d\d年|下一?年|次年|明年)", re.ASCII).match
_YEAR = re.compile(r"20\d\d", re.ASCII).match
TOPICS = frozenset(("req", "recon", "lit", "disp"))
LINK = frozenset(("f", "de", "sum", "pub", "item", "time", "date", "scope", "happen", "vreg", "of", "jiang", "q", "among", ":",
                  "each", "resp", "to", "from", "noun", "body"))  # fmt: skip
FEW = frozenset(
    (
        "f",
        "body",
        "de",
        "sum",
        "among",
        ":",
        "q",
        "each",
        "resp",
        "time",
        "date",
        "to",
        "from",
        "scope",
        "happen",
    )
)


def request(s: Sentence, i: int) -> bool:
    """Read number token i as a count of disclosure requests."""
    counter = s.toks[i][D].counter
    if counter in ("人", "人次", "通", "封", "单"):
        return False
    if s.in_clause(i, {"fee", "oldfee"}):
        return False  # 对3件申请收取信息处理费: cases charged, not requests received
    left = s.left(i)
    if counter == "" and not bare_allowed(s, i, left):
        return False
    if difference(left) or i not in s.dealt and any(t[0] == "resp" for t in left):
        return False  # 三个县分别收到312件、280件: whose the numbers are is not said, or not understood
    right = s.right(i)
    moved = "to" in s.kinds and (after_change(s, i, left) or _moved(s, i, left, right))
    code = moved or _left_code(s, i, left, right) or _right_code(s, i, left, right)
    if (
        code is None
        or code.startswith("requests_carried")
        and s.topic[0] in ("recon", "lit", "disp")
    ):
        return False
    if (
        counter in ("条", "个", "项", "次")
        and s.topic[0] not in TOPICS
        and not any(t[0] == "req" for t in right)
    ):
        return False
    period = "year" if (first(left, FEW - {"to"}) or ("",))[0] == "to" else changed(left, right)
    if code in TOTALS and _part_of(s, i, left, code, period):
        return False
    s.emit(code, i, "requests", period=period)
    s.last = (code, "all", i)
    if code in ("requests_received", "requests_handled"):
        s.base = s.last
    if code == "requests_concluded" and any(
        s.text.endswith(BOTH, s.start, s.toks[t[2]][A]) for t in left if t[0] == "cv"
    ):
        s.emit("requests_received", i, "requests", period=period)  # 收到并办结: one number for both
    return True


def _part_of(s: Sentence, i: int, left: list, code: str, period: str | None) -> bool:
    """办理1955件，其中本级政府办理214件: behind 其中 the same verb counts a part, unless of another time."""
    if "among" not in s.kinds or not any(t[0] == "among" for t in left):
        return False
    period = period or s.period(i)
    return any(f.indicator == code and f.period == period for f in s.figures)


def _moved(s: Sentence, i: int, left: list, right: list) -> str | None:
    """申请量连续三年下降，由2020年的188件降至…: what moves was named in the clause before."""
    at = s.topic[1]
    if (
        s.topic[0] != "req"
        or at < 0
        or changed(left, right) is None
        or any(t[0] not in FEW for t in left)
    ):
        return None
    between = [t[K] for t in s.toks[at:i]]
    return "requests_received" if between.count(",") == 1 and "num" not in between else None


TOTALS = frozenset(VERBS.values())
BOTH = ("收到并", "受理并", "收到且", "受理且")


def after_change(s: Sentence, i: int, left: list) -> str | None:
    """由 NUM 件增至 NUM 件: the second number counts what the first did."""
    move = first(left, FEW - {"to"})
    if not move or move[0] != "to" or not s.last:
        return None
    between = s.toks[s.last[2] + 1 : move[2]]  # 2022年31件，2023年降至24件
    return (
        s.last[0]
        if s.last[2] < move[2]
        and len(between) < 5
        and all(t[K] in (",", "date", "time", "f", "scope") for t in between)
        else None
    )


def bare_allowed(s: Sentence, i: int, left: list) -> bool:
    """A number without a counter: only 为0 and the like, or inside 由A增至B, or dealt out by 分别."""
    if i in s.dealt:
        return True
    near = first(left, frozenset(("time", "date")))
    if near and near[0] in ("to", "from"):
        return True
    return bool(left) and s.closes(i) and s.text[s.toks[i][A] - 1] in "为是：:"


def difference(left: list) -> bool:
    """Whether a number stands behind a word of change (增加, 减少, 较): how much it moved, not how many there are."""
    move = first(left, FEW)
    return bool(move) and move[0] in ("up", "down", "cmp")


def changed(left: list, right: list) -> str | None:
    """Period of the first number of a move (由…件降至…件), None where the number begins none."""
    origin, ahead = first(left, FEW - {"from", "to"}), first(right, FEW - {"to"})
    if not (origin and origin[0] == "from" and ahead and ahead[0] == "to"):
        return None
    years = [int(t[1][0][:4]) for t in (*left[:2], *right[:2]) if t[0] == "date" and _YEAR(t[1][0])]
    return (
        "earlier" if len(years) == 2 and years[1] - years[0] > 1 else "previous_year"
    )  # 由2020年的188件降至2022年的121件


def _left_code(s: Sentence, i: int, left: list, right: list) -> str | None:
    if _disclosed(s, i, left):
        return "requests_disclosed_full"
    if s.text.endswith(("结转", "转结"), s.start, s.toks[i][A]) and _PASSED_ON(
        s.text, s.toks[i][B]
    ):
        return "requests_carried_forward"  # 结转9件至2024年
    label = first(left, LINK)
    if label is None:
        return None
    kind, data, j, _ = label
    if (
        kind == "els"
        and s.last
        and s.last[0] in OUTCOMES
        and s.last[2] >= i - 4
        and s.topic[0] == "req"
    ):
        return "requests_other"
    if kind == "oc" and i not in s.dealt and (pair := _paired(s, j)):
        return pair if pair != "several" else None
    if kind == "oc":
        return (
            None
            if data == "other" and s.topic[0] in ("recon", "lit", "disp")
            else _negation_free(s, j, f"requests_{data}")
        )
    if kind == "co":
        return "requests_carried_over"
    if kind == "cf":
        return "requests_carried_forward"
    if kind == "ap":
        return f"requests_{data}" if _on_requests(s) and not _joined_before(s, j) else None
    if kind == "req":
        return _of_requests(s, i, left, right, j)
    if kind == "cv":
        answer = next((t for t in left if t[2] < j and t[0] not in ("f", "de")), None)
        if answer and answer[0] == "oc" and not answer[3]:
            return f"requests_{answer[1]}"
    if kind in VERBS and s.topic[0] == "req":
        return _of_verb(s, i, right, label)
    return None


OUTCOMES = frozenset(
    f"requests_{code}"
    for code in (
        "disclosed_full",
        "disclosed_partial",
        "disclosed",
        "denied",
        "unable",
        "not_processed",
    )
)


def _paired(s: Sentence, j: int) -> str:
    """予以公开、部分公开共58件: one number for the outcomes joined by 、; 'several' when they are no known pair."""
    if (
        j < 2
        or s.toks[j - 1][K] != "、"
        or s.toks[j - 2][K] != "oc"
        or s.toks[j - 2][B] != s.toks[j - 1][A]
    ):
        return ""
    pair = {s.toks[j][D], s.toks[j - 2][D]}
    more = j > 3 and s.toks[j - 3][K] == "、" and s.toks[j - 4][K] == "oc"
    return (
        "requests_disclosed"
        if pair == {"disclosed_full", "disclosed_partial"} and not more
        else "several"
    )


def _disclosed(s: Sentence, i: int, left: list) -> bool:
    """其中公开21件、部分公开3件: 公开 alone is an outcome where the next entry of the list is one."""
    if (
        not left
        or left[0][0] != "pub"
        or left[0][3]
        or s.text[s.toks[i - 1][A] : s.toks[i - 1][B]] != "公开"
        or not _on_requests(s)
    ):
        return False
    opens = all(t[0] in ("among", "f", ":", "time") and not t[3] for t in left[1:])
    follows = [t[K] for t in s.toks[i + 1 : i + 3]]
    return opens and len(follows) == 2 and follows[0] in ("、", ",") and follows[1] == "oc"


def _negation_free(s: Sentence, j: int, code: str) -> str | None:
    return None if j and s.toks[j - 1][K] == "neg" and s.toks[j - 1][B] == s.toks[j][A] else code


def _on_requests(s: Sentence) -> bool:
    return s.topic[0] == "req" or "req" in s.kinds or "oc" in s.kinds


def _joined_before(s: Sentence, j: int) -> bool:
    """公民、法人和其他组织 as one phrase: everybody, not organisations."""
    return (
        j >= 2
        and s.toks[j - 1][K] in ("、", "f")
        and s.toks[j - 2][K] == "ap"
        and s.toks[j - 1][B] == s.toks[j][A]
        and (j not in s.dealt.values())
    )


def _of_verb(s: Sentence, i: int, right: list, label: tuple) -> str | None:
    """收到 NUM 件: what is counted must not stand on the right as something else."""
    kind, _, j, _ = label
    noun = first(right, FEW)
    if noun and noun[0] in ("ot", "recon", "lit", "disp", "hot", "nm", "interp"):
        return None
    if right and right[0][3] or not right and not s.closes(i):
        return None
    if noun and noun[0] == "cf":
        return "requests_carried_forward"
    return None if by_way(s, s.left(i), j) else _negation_free(s, j, VERBS[kind])


def _of_requests(s: Sentence, i: int, left: list, right: list, at: int) -> str | None:
    """申请 NUM 件: the applicant or carry-over before 申请, else the verb of the clause."""
    rest = [t for t in left if t[2] < at]
    if other_request(s, at) or all(t[0] == "f" for t in rest) and one_way(s, at):
        return None
    if (
        at
        and s.toks[at - 1][K] in ("vclose", "vopen", "vreg")
        and s.toks[at - 1][B] == s.toks[at][A]
        and not s.text.startswith("新增", s.toks[at - 1][A])
    ):
        return None  # 关停申请12个
    near = first(
        [(k, d, j, s.toks[j][B] != s.toks[at][A]) for k, d, j, _ in rest[:1]],
        frozenset(("de", "f")),
    )
    if rest[:2] and s.text[s.toks[rest[-1][2]][A] : s.toks[at][A]].endswith(
        ("自然人提交的", "自然人提出的")
    ):
        return "requests_natural_person"
    if near and near[0] == "ap" and not _joined_before(s, near[2]):
        return f"requests_{near[1]}"
    for kind, data, j, _ in rest:
        if kind in ("ot", "recon", "lit", "subap", "hot", "interp") and not (
            kind == "ot" and _outside(s, j, at)
        ):
            return None
        if kind == "co":
            return "requests_carried_over"
        if kind == "cf":
            return "requests_carried_forward"
        if kind == "oc":
            return f"requests_{data}"
        if kind in VERBS:
            return None if by_way(s, left, j) else _negation_free(s, j, VERBS[kind])
    ahead = next((t for t in right if t[0] in ("cf", "cv")), None)
    if ahead and ahead[0] == "cf":
        return "requests_carried_forward"
    if any(t[0] in ("up", "down", "cmp") for t in rest):
        return None
    if (
        all(t[0] == "f" for t in rest)
        and s.text[s.toks[at][A] - 1] not in "，；、："
        and any(f.indicator == "requests_received" for f in s.figures)
    ):
        return None  # 收到申请105件，有效申请98件
    return "requests_received"


def _outside(s: Sentence, j: int, at: int) -> bool:
    """An unrelated noun far before the label does not qualify it."""
    return s.toks[at][A] - s.toks[j][B] > 12


def _right_code(s: Sentence, i: int, left: list, right: list) -> str | None:
    """NUM 件予以公开, NUM 件申请顺延到下年度, 收到 NUM 件申请."""
    if first(left, FEW | {"rv", "hv", "cv", "req", "neg", "of"}) is not None or any(
        t[3] for t in left[:1]
    ):
        return None
    label = first(right, FEW | {"req"} if _names_outcome(right) else FEW)
    if label is None:
        return None
    kind, data, *_ = label
    if kind in ("oc", "ap") and _on_requests(s):
        return f"requests_{data}"
    if kind == "cf":
        return "requests_carried_forward"
    if kind == "co":
        return "requests_carried_over"
    if kind == "req":
        return _counted_requests(s, left, right)
    if kind == "rv" and s.topic[0] == "req" and first(left, FEW) is None and len(right) <= 4:
        return "requests_received"
    if kind == "cv" and any(t[0] == "req" and t[2] == label[2] + 1 and not t[3] for t in right):
        return "requests_concluded"  # 843件办结申请
    if kind == "cv" and s.topic[0] == "req" and all(t[0] == "among" for t in left):
        return "requests_concluded"
    return None


def _names_outcome(right: list) -> bool:
    return any(t[0] in ("oc", "cf", "co") for t in right)


def _counted_requests(s: Sentence, left: list, right: list) -> str | None:
    verb = next((t for t in left if t[0] in VERBS), None)
    if verb:
        return _negation_free(s, verb[2], VERBS[verb[0]])
    verb = next((t for t in right if t[0] in ("cv", "cf")), None)
    if verb:
        return (
            "requests_carried_forward"
            if verb[0] == "cf"
            else _negation_free(s, verb[2], "requests_concluded")
        )
    return None
