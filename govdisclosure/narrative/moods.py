"""How a verb is meant: planned, negated, already standing, or passive."""

from __future__ import annotations

from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.tokens import A, B, D, K


def mood(s: Sentence, j: int) -> tuple[str | None, str]:
    """Plan or negation right before the verb at j (adverbs may stand between)."""
    for k in range(j - 1, max(j - 4, -1), -1):
        kind = s.toks[k][K]
        if kind == "neg":
            return None, "negated"
        if kind == "plan" or kind == "jiang":
            return "planned", ""
        if kind not in ("f", "scope", "time", "sum", "date"):
            break
    return ("planned", "") if future(s, j) else (None, "")


def led(s: Sentence, j: int) -> bool:
    """被, 予以, 已, 未 … directly before the verb at j."""
    return s.toks[j - 1][B] == s.toks[j][A] and s.toks[j - 1][K] in (
        "f",
        "neg",
        "plan",
        "of",
        "time",
        "vreg",
        "after",
    )


def proposed(s: Sentence, left: list) -> bool:
    """拟对, 将对 NUM 个…进行关停; 将 alone only marks the object."""
    if left and future(s, left[0][2] + 1):
        return True
    near = [t for t in left[:4] if not t[3]]
    return any(t[0] == "plan" for t in near) or any(
        t[0] == "jiang" and s.toks[t[2] + 1][K] == "of" for t in near
    )


def refused(s: Sentence, j: int) -> bool:
    """A negation stands right before the verb at j."""
    return j > 0 and s.toks[j - 1][K] == "neg"


def future(s: Sentence, j: int) -> bool:
    """下一步, 计划 … before the verb at j (or right behind it, 关停计划), unless 已 says it is done."""
    planned = (
        j + 1 < len(s.toks) and s.toks[j + 1][K] == "plan" and s.toks[j + 1][A] == s.toks[j][B]
    )
    for k in range(max(j - 40, 0), j):
        kind, _, start, end = s.toks[k]
        word = s.text[start:end]
        if (
            kind == "plan"
            and word in FUTURE
            or kind == "ask"
            and (k == 0 or s.toks[k - 1][K] == ",")
        ):
            planned = True
        elif word in ("已", "均已", "已经", "实际"):
            planned = False
    return planned


FUTURE = frozenset(
    (
        "拟于",
        "将于",
        "计划于",
        "届时",
        "待",
        "年底前",
        "月底前",
        "年内计划",
        "下一步",
        "下步",
        "计划",
        "下一阶段",
        "明年",
        "拟",
        "预计",
        "力争",
        "将继续",
        "将进一步",
        "争取",
    )
)


def in_year(s: Sentence, j: int) -> bool:
    """A year is named and the text does not speak of a stock at a date (截至, 目前)."""
    times = [s.toks[k] for k in range(j) if s.toks[k][K] in ("time", "date")]
    return any(t[K] == "date" or t[D] == "year" for t in times) and not any(
        t[D] == "now" for t in times
    )


def standing(s: Sentence, j: int, left: list) -> bool:
    """共开通, 目前开通 without a year: the accounts that exist, not those opened this year."""
    word = s.text[s.toks[j][A] : s.toks[j][B]]
    if (
        word.startswith("新")
        or word in ("增设", "增开")
        or "新" == s.text[s.toks[j][A] - 1 : s.toks[j][A]]
    ):
        return False
    if word in BARE and not any(t[K] in ("time", "date", "f", "sum") for t in s.toks[:j]):
        return True  # 我局开办政务新媒体1个: no time is said
    before = [s.toks[k] for k in range(max(j - 4, 0), j)]
    total = any(t[K] == "sum" or t[D] == "now" for t in before) or any(
        t[0] == "sum" for t in left if t[2] > j
    )
    return total and not in_year(s, j)


BARE = frozenset(("开设", "开办", "创办", "建立", "注册"))


def filed(s: Sentence, left: list, at: int) -> bool:
    """备案的账号共有61个: registered accounts, whatever verb gives the number."""
    return s.toks[at - 1][K] == "de" and any(t[0] == "vreg" and t[2] < at for t in left)
