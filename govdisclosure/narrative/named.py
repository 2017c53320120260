"""Accounts counted by their quoted names (P8): 开通“某某发布”视频号 is one account."""

from __future__ import annotations

from govdisclosure.narrative.accounts import CODES
from govdisclosure.narrative.moods import mood
from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.tokens import A, B, D, K


def named(s: Sentence) -> None:
    """P8: OPEN or CLOSE “name” PLATFORM without a digit counts the quoted names, platform by platform."""
    for j, token in enumerate(s.toks):
        code = CODES.get(token[K]) if token[K] in ("vopen", "vclose") else None
        if code is None or any(f.indicator == code and f.value is not None for f in s.figures):
            continue
        named, end = _quoted(s, j)
        period, note = mood(s, j)
        if note:
            continue  # 未关停“某某发布”
        followed = (
            end < len(s.toks)
            and s.toks[end][A] == s.toks[end - 1][B]
            and s.toks[end][K] in ("num", "ot", "noun", "de")
        )
        if named and not followed:
            s.figures[:] = [f for f in s.figures if f.indicator != code]
            for platform, count in named.items():
                s.emit(
                    code,
                    j,
                    "P8",
                    platform=platform,
                    value=float(count),
                    period=period,
                    note="named",
                )


def _quoted(s: Sentence, j: int) -> tuple[dict[str, int], int]:
    """Names a platform right behind token j ({platform: names}), and the first token that belongs to no list of names."""
    named: dict[str, int] = {}
    pending, current, k = 0, "", j + 1
    while (
        k < len(s.toks)
        and s.toks[k][A] == s.toks[k - 1][B]
        and s.toks[k][K] in ("q", "、", "f", "pl", "nm")
    ):
        kind, data = s.toks[k][K], s.toks[k][D]
        pending += kind == "q"
        if kind == "pl":
            current = data
            if pending:
                named[data], pending = named.get(data, 0) + pending, 0
        k += 1
    if pending and current:
        named[current] = named.get(current, 0) + pending
    return named, k
