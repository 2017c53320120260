"""A closing or opening verb that governs an account word without a number: an unknown number (None)."""

from __future__ import annotations

from govdisclosure.narrative.accounts import CODES
from govdisclosure.narrative.moods import future
from govdisclosure.narrative.nouns import CONTINUING, qualifies
from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.tokens import A, B, D, K


def silent(s: Sentence, kind: str, pattern: str) -> None:
    """A verb with an account word in its clause and no number for it: value None."""
    code = CODES[kind]
    if any(f.indicator == code for f in s.figures):
        return
    for j, token in enumerate(s.toks):
        if (
            token[K] == kind
            and not _negated(s, j)
            and not numbered(s, j)
            and (noun := _governed(s, j, kind))
        ):
            period = "planned" if _planned(s, j) else None
            note = "applied" if token[D] == "applied" else ""
            s.emit(code, j, "P12" if period else pattern, value=None,
                   platform=noun if noun != "nm" else "all", period=period, note=note)  # fmt: skip
            return


def numbered(s: Sentence, j: int) -> bool:
    """An account number stands in the verb's own clause, whatever it was read as."""
    return any(all(s.toks[k][K] != "," for k in range(min(i, j), max(i, j))) for i in s.counted)


def _planned(s: Sentence, j: int) -> bool:
    return (
        future(s, j)
        or s.section == 5
        and any(t[K] in ("plan", "jiang") for t in s.toks[:j])
        or (j > 0 and s.toks[j - 1][K] in ("plan", "jiang"))
    )


def _negated(s: Sentence, j: int) -> bool:
    for k in range(j - 1, max(j - 12, -1), -1):
        if s.toks[k][K] == ",":
            return False
        if s.toks[k][K] == "neg" and (
            s.text.startswith(FORBIDDING, s.toks[k][A])
            or k >= j - 2
            and s.toks[k][B] == s.toks[k + 1][A]
        ):
            return True
    return False


FORBIDDING = (
    "不得",
    "严禁",
    "禁止",
    "不再",
    "严控",
)  # 不得随意新增、合并: governs its whole clause


def _governed(s: Sentence, j: int, kind: str) -> str:
    """Platform (or 'nm') of the account word the verb at j governs, '' when it governs none."""
    toks = s.toks
    ahead = s.text[toks[j][B] : toks[j][B] + 1]
    following = toks[j + 1][K] if j + 1 < len(toks) and toks[j + 1][A] == toks[j][B] else ""
    if following in ("noun", "de", "after") or ahead in "率机" and ahead:
        return ""
    if kind == "vopen":
        return _opened(s, j)
    return _object_right(s, j) or _object_left(s, j)


def _opened(s: Sentence, j: int) -> str:
    """开通 directly followed by an account word (了, 官方 … between)."""
    for k, data, m, dirty in s.right(j):
        if dirty:
            return ""
        if k in ("nm", "pl"):
            closing = (
                s.toks[m + 1][K] if m + 1 < len(s.toks) and s.toks[m + 1][A] == s.toks[m][B] else ""
            )
            return (
                ""
                if closing in ("ot", "pub", "item", "noun", "interp") or _counted(s, m)
                else (data if k == "pl" else "nm")
            )
        if k not in ("f", "vreg", "q"):
            return ""
    return ""


def _counted(s: Sentence, m: int) -> bool:
    return m + 1 < len(s.toks) and s.toks[m + 1][K] == "num"


def _object_right(s: Sentence, j: int) -> str:
    """The account word behind the verb; 、 and attributes may stand between, other objects may not."""
    other = False
    for k in range(j + 1, min(j + 24, len(s.toks))):
        kind = s.toks[k][K]
        if kind in (",", "num", "noun"):
            return ""
        if (
            kind in ("ot", "ch", "item")
            and s.toks[k - 1][K] in ("vclose", "f")
            and s.toks[k - 1][B] == s.toks[k][A]
        ):
            other = True
        if kind in ("nm", "pl"):
            if s.toks[k][A] - s.toks[j][B] > 45 or other and s.toks[k - 1][K] != "de":
                return ""
            behind = s.toks[k + 1][A] if k + 1 < len(s.toks) else s.end
            if (
                behind > s.toks[k][B]
                and not s.closes(k)
                and not s.text.startswith(CONTINUING, s.toks[k][B])
            ):
                return ""  # 整合政务APP功能模块: an unknown noun follows
            if (
                qualifies(s, k)
                or k + 1 < len(s.toks)
                and s.toks[k + 1][A] == s.toks[k][B]
                and s.toks[k + 1][K] == "noun"
            ):
                return ""
            return s.toks[k][D] if kind == "pl" else "nm"
    return ""


def _object_left(s: Sentence, j: int) -> str:
    """对…账号进行关停, 账号被注销."""
    left = s.left(j) or []
    if not any(t[0] != "f" for t in left):
        left = _before_comma(s, j, left) or left
    if left and left[0][0] == "nm" and not left[0][3]:
        return "nm"  # 推进政务新媒体清理整合
    if not any(t[0] in ("of", "jiang") for t in left) and not any(
        t[0] == "f" and s.text[s.toks[t[2]][A] : s.toks[t[2]][B]] in ("被", "予以", "进行", "已")
        for t in left[:2]
    ):
        return ""
    for kind, data, _, _ in left:
        if kind in ("ot", "ch"):
            return ""
        if kind in ("nm", "pl"):
            return data if kind == "pl" else "nm"
    return ""


def _before_comma(s: Sentence, j: int, left: list) -> list:
    """对…的政务新媒体，一律予以关停: the clause before the comma, when it ends in the account word and opens with 对 or 将."""
    comma = (left[-1][2] if left else j) - 1
    if (
        comma < 1
        or s.toks[comma][K] != ","
        or s.toks[comma - 1][B] != s.toks[comma][A]
        or s.toks[comma - 1][K] not in ("nm", "pl")
    ):
        return []
    clause = s.left_all(comma)
    if not any(t[0] in ("of", "jiang") for t in clause) or not s.closes(j):
        return []
    return [(*t, False) for t in clause]
