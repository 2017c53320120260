"""Verbs behind the number and its account word: 12个账号已注销, 对12个账号予以关停, 35个未完成注销."""

from __future__ import annotations

from govdisclosure.narrative.moods import led, proposed
from govdisclosure.narrative.nouns import OBJECTS, VERBS, attributive, described
from govdisclosure.narrative.sentence import Sentence, first, join
from govdisclosure.narrative.tokens import A, B, K


def passive(s: Sentence, left: list, right: list) -> tuple[str, str | None, str] | None:
    """A verb after the number and its noun: 12个账号已注销, 对12个账号予以关停, 35个未完成注销."""
    negated = planned = False
    right = right[described(s, right) :]
    if any(t[0] in ("of", "jiang") for t in left):
        right = _over_comma(s, right)
    reason = False
    for position, (kind, data, j, dirty) in enumerate(right):
        reason = reason or kind == "f" and s.text[s.toks[j][A] : s.toks[j][B]] in ("因", "由于")
        if reason and (
            kind in ("vbad", "ot", "、", "item", "pub")
            or kind == "neg"
            and s.toks[j + 1 : j + 2]
            and s.toks[j + 1][K] not in VERBS
        ):
            continue  # 因长期未更新被注销
        if kind == "vclose" and s.toks[j - 1][K] == "hv" and s.toks[j - 1][B] == s.toks[j][A]:
            data = "applied" if "正在" in s.text[s.toks[j][A] - 6 : s.toks[j][A]] else data
            return kind, None, data
        if kind == "vreg" and left and left[0][0] == "vclose":
            continue  # 撤销3个政务微博备案
        if kind in VERBS and attributive(right, position):
            continue  # 五十个无人维护的账号
        if (
            kind in ("vclose", "vreg", "vopen")
            and (not dirty or led(s, j) or _handed(s, left, j))
            or kind == "vstock"
            and not dirty
        ):
            planned = planned or proposed(s, left)
            if kind == "vstock" and any(
                s.text.startswith("原有", s.toks[t[2]][A]) for t in left[:3]
            ):
                return kind, "year", ""  # 原有1个公众号正常运行: they run now
            return (
                kind,
                "planned" if planned and not negated else None,
                join("negated" if negated else "", data if data == "applied" else ""),
            )
        if kind == "neg":
            negated = True
        elif kind in ("plan",):
            planned = True
        elif kind in ("vinsp", "vbad", "、", "ot", "cmp", "up", "down", "share"):
            return None
    return None


def _handed(s: Sentence, left: list, j: int) -> bool:
    """将6个功能重复的公众号并入…: the verb stands right behind the account word that 将 or 对 marks."""
    near = s.toks[j - 1][K] in OBJECTS and s.toks[j - 1][B] == s.toks[j][A]
    return near and bool(left) and left[0][0] in ("jiang", "of")


def _over_comma(s: Sentence, right: list) -> list:
    """对6个停更的账号，及时予以关停: the verb stands behind the comma, with nothing but adverbs before it."""
    end = right[-1][2] + 1 if right else 0
    if (
        not right
        or right[-1][0] not in OBJECTS
        or end >= len(s.toks)
        or s.toks[end][K] != ","
        or s.toks[end][A] != s.toks[end - 1][B]
    ):
        return right
    beyond = s.right(end)
    verb = first([(*t[:3], False) for t in beyond], frozenset(("f", "time")))
    if (
        verb
        and verb[0] == "vclose"
        and (s.closes(verb[2]) or len(beyond) > 1 and beyond[-1][0] in ("f", "vclose"))
    ):
        return [*right, verb]
    return right
