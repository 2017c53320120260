"""Percentages: change against the year before, shares of requests, the hotline's completion rate."""

from __future__ import annotations

from govdisclosure.narrative.codes import UNITS
from govdisclosure.narrative.sentence import Sentence, first
from govdisclosure.narrative.tokens import A, D, K

LINK = frozenset(("f", "de", "time", "date", "each", "sum", "pub", "item", "resp"))
GROWTH = {"requests_received": "requests_growth", "requests_handled": "requests_growth",
          "items_published": "items_published_growth", "new_media_growth": "new_media_growth"}  # fmt: skip


def rate(s: Sentence, i: int) -> bool:
    """Read percentage token i by the word before it."""
    left = s.left(i)
    label = first(left, LINK)
    if label is None:
        return False
    if label[0] in ("up", "down", "cmp"):
        return _growth(s, i, left, label)
    if label[0] == "vclose" and label[2] == i - 1 and s.base and s.base[0] == "new_media_growth":
        return _growth(s, i, left, label)  # 由712个减至389个，精简45.4%
    if label[0] == "share":
        return _share(s, i) or _share_of(s, i, left, label)
    if label[0] in ("rate", "otherrate") and _on_hotline(s):
        return _completion(s, i, label)
    return False


def _growth(s: Sentence, i: int, left: list, label: tuple) -> bool:
    """同比增长 NUM% right after a count of the same sentence; a fall is negative."""
    sign = -1.0 if any(t[0] in ("down", "vclose") for t in left[:3]) else 1.0
    if s.base is None or not any(t[0] in ("up", "down", "vclose") for t in left[:4]):
        return False
    code, platform, at = s.base
    if i - at > 14:
        return False
    s.emit(
        GROWTH[code],
        i,
        "P4",
        platform=platform,
        value=sign * s.toks[i][D].numeral.value,
        period="year",
    )
    return True


def _share(s: Sentence, i: int) -> bool:
    if s.last is None or i - s.last[2] > 5:
        return False
    code = f"{s.last[0]}_share"
    if code in UNITS:
        s.emit(code, i, "share")
    return code in UNITS


def _share_of(s: Sentence, i: int, left: list, label: tuple) -> bool:
    """自然人申请占90.6%: the share of a class whose count is not printed."""
    named = first([t for t in left if t[2] < label[2]], frozenset(("req", "f", "de")))
    if named is None or named[0] not in ("ap", "oc") or "req" not in s.kinds and s.before != "req":
        return False
    code = f"requests_{named[1]}_share"
    if code in UNITS and (s.toks[named[2] - 1][K] in (",", "among", "、", "num") or named[2] == 0):
        s.emit(code, i, "share")
        return True
    return False


def _on_hotline(s: Sentence) -> bool:
    return s.topic[0] == "hot" or s.before == "hot" and s.topic[0] == "hot"


def _completion(s: Sentence, i: int, label: tuple) -> bool:
    """办结率 NUM%; 办结率、满意率均达 NUM% is one number for several rates."""
    j, names = label[2], []
    while j >= 0 and s.toks[j][K] in ("rate", "otherrate", "、", "f"):
        if s.toks[j][K] != "、" and s.toks[j][K] != "f":
            names.append(s.toks[j][K])
        j -= 1
    if i in s.dealt and s.toks[s.dealt[i]][K] != "rate":
        return False
    if (
        "rate" not in names
        or label[0] != "rate"
        and (i not in s.dealt)
        and not _said_of_all(s, i, label[2])
    ):
        return False
    s.emit(
        "hotline_completion_rate",
        i,
        "hotline_rate",
        note="shared" if len(names) > 1 and i not in s.dealt else "",
    )
    return True


def _said_of_all(s: Sentence, i: int, j: int) -> bool:
    """均 or 都 between the last rate and the number."""
    between = s.text[s.toks[j][A] : s.toks[i][A]]
    return "均" in between or "都" in between or s.toks[j - 1][K] in ("、", "f")
