"""What the prose says without a number: 无新增 and 未收取 are zeros, a verb alone is an unknown number (None)."""

from __future__ import annotations

from govdisclosure.narrative.accounts import CODES
from govdisclosure.narrative.moods import BARE
from govdisclosure.narrative.named import named
from govdisclosure.narrative.nouns import DEFECTS, OBJECTS
from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.silent import numbered, silent
from govdisclosure.narrative.tokens import A, B, D, K

ZERO = {
    "req": "requests_received",
    "recon": "reconsideration_cases",
    "lit": "litigation_cases",
    "fee": "processing_fee",
}
NOT_YET = (
    "严禁",
    "禁止",
    "严控",
    "尚未",
    "暂未",
    "未能",
    "无法",
    "不再",
    "不得",
    "仍未",
    "不",
    "未予",
    "未完成",
    "无法完成",
    "不存在",
)


def absent(s: Sentence) -> None:
    """Zeros and verbs without a number of one sentence."""
    if "neg" in s.kinds:
        for j, token in enumerate(s.toks):
            if token[K] == "neg":
                _zero(s, j)
    if not OBJECTS.isdisjoint(s.kinds):
        verbs = [kind for kind in ("vclose", "vopen") if kind in s.kinds]
        for kind in verbs:
            silent(s, kind, "P11")
        if verbs and "q" in s.kinds:
            named(s)


def _zero(s: Sentence, j: int) -> None:
    """未收到…申请, 无…复议、诉讼, 未收取…处理费, 无新增政务新媒体."""
    word = s.text[s.toks[j][A] : s.toks[j][B]]
    if word == "零" and s.text[s.toks[j][A] - 1] in "为是":
        _printed_zero(s, j)
        return
    if (
        word == "零"
        and j
        and s.toks[j - 1][B] == s.toks[j][A]
        and s.toks[j - 1][K] in CASES | {"each"}
    ):
        _none_happened(s, j)
        return
    if word in NOT_YET and word not in ("尚未", "暂未", "不", "不存在"):
        return
    if (
        j + 1 < len(s.toks)
        and s.toks[j + 1][A] == s.toks[j][B]
        and s.toks[j + 1][K] in ("vopen", "vclose")
    ):
        if word not in NOT_YET:
            _zero_accounts(s, j)
        return
    if word in ("没有", "无", "无任何", "不存在", "暂无", "未发生", "未有") and _zero_after_noun(
        s, j
    ):
        return
    if word == "无" and s.closes(j) and _colon(s, j):
        _printed_zero(s, j)
        return
    _zero_cases(s, j, word)


CASES = frozenset(("req", "recon", "lit", "disp"))


def _none_happened(s: Sentence, j: int) -> None:
    """行政诉讼零发生, 行政复议、行政诉讼零发生, 依申请公开零申请: the nouns stand right before 零."""
    if (
        j + 1 == len(s.toks)
        or s.toks[j + 1][K] not in ("happen", "req", "recon", "lit")
        or s.toks[j + 1][A] != s.toks[j][B]
    ):
        return
    kinds, k = set(), j - 1
    while (
        k >= 0 and s.toks[k][B] == s.toks[k + 1][A] and s.toks[k][K] in CASES | {"、", "f", "each"}
    ):
        kinds |= {"recon", "lit"} if s.toks[k][K] == "disp" else {s.toks[k][K]} & set(ZERO)
        k -= 1
    for kind in sorted(kinds):
        if ZERO[kind] not in s.done:
            s.done.add(ZERO[kind])
            s.emit(ZERO[kind], j, "zero", value=0.0)


def _zero_after_noun(s: Sentence, j: int) -> bool:
    """没有政务新媒体关停情况, 无账号新增: the account word stands between the negation and its verbs."""
    k, platform = j + 1, ""
    while (
        k < len(s.toks) and s.toks[k][A] == s.toks[k - 1][B] and s.toks[k][K] in ("nm", "pl", "f")
    ):
        if s.text[s.toks[k][A] : s.toks[k][B]] in DEFECTS:
            return False  # 不存在僵尸账号
        platform = platform if s.toks[k][K] == "f" else s.toks[k][D]
        k += 1
    verbs = set()
    while (
        k < len(s.toks)
        and s.toks[k][A] == s.toks[k - 1][B]
        and s.toks[k][K] in ("vopen", "vclose", "、", "f")
    ):
        verbs |= {s.toks[k][K]} & {"vopen", "vclose"}
        k += 1
    if not platform or not s.closes(k - 1):
        return False
    if not verbs and (
        j == 0
        or s.toks[j - 1][K] in ("scope", "time", "date", ",")
        and s.toks[j - 1][B] == s.toks[j][A]
    ):
        s.emit(
            "new_media_in_operation", j, "P10", platform=platform, value=0.0
        )  # 本单位无政务新媒体
        return True
    if not verbs:
        return False
    for kind in sorted(verbs):
        s.emit(CODES[kind], j, "P10", platform=platform, value=0.0)
    return True


def _colon(s: Sentence, j: int) -> bool:
    """信息处理费收取情况：本年度无 (time and place may stand between)."""
    while j > 0 and s.toks[j - 1][K] in ("time", "date", "scope", "f"):
        j -= 1
    return j > 0 and s.toks[j - 1][K] == ":"


def _printed_zero(s: Sentence, j: int) -> None:
    """申请数量为零, 收费金额为零: the noun stands before."""
    for kind, _, k, _ in s.left(j):
        if "率" in s.text[s.toks[k][B] : s.toks[j][A]]:
            return  # 纠错率为零
        if kind == "feev":
            kind = "fee"  # 依申请公开信息收费情况为零
        if kind in ZERO and ZERO[kind] not in s.done:
            s.done.add(ZERO[kind])
            s.emit(ZERO[kind], j, "zero", value=0.0)
            return


def _zero_accounts(s: Sentence, j: int) -> None:
    if numbered(s, j):
        return  # 尚有6个未注销
    kind = s.toks[j + 1][K]
    ahead = [t for t in s.right(j + 1)]
    noun = next(
        (
            t
            for t in ahead
            if not t[3] and t[0] not in ("f", "de", "neg", "vclose", "vopen", "vreg", "、", "scope")
        ),
        None,
    )
    if noun is None:
        if not (s.closes(j + 1) and _last_object(s, j) in OBJECTS):
            return
    elif noun[0] not in OBJECTS:
        return
    end = j + 1
    if end + 1 < len(s.toks) and s.toks[end + 1][K] == "num" and s.toks[end + 1][D]:
        return
    platform = noun[1] if noun and noun[0] == "pl" else "all"
    kinds = {kind}
    while (
        s.toks[end][K] in ("vopen", "vclose", "、")
        and end + 1 < len(s.toks)
        and s.toks[end][B] == s.toks[end + 1][A]
    ):
        end += 1  # 无新增、注销: one negation for both
        kinds |= {s.toks[end][K]} & {"vopen", "vclose"}
    if (
        kinds == {"vopen"}
        and s.text[s.toks[j + 1][A] : s.toks[j + 1][B]] in BARE
        and not {"time", "date"} & s.kinds
        and _unmodified(s, j + 1)
    ):
        s.emit(
            "new_media_in_operation", j, "P10", platform=platform, value=0.0
        )  # 我街道没有开设政务新媒体: there are none
        return
    for kind in sorted(kinds):
        s.emit(CODES[kind], j, "P10", platform=platform, value=0.0)


def _unmodified(s: Sentence, j: int) -> bool:
    """The account word follows the verb at once: 未开设新的账号 speaks of new ones only."""
    return (
        j + 1 < len(s.toks)
        and s.toks[j + 1][A] == s.toks[j][B]
        and s.toks[j + 1][K] in ("nm", "pl")
    )


def _last_object(s: Sentence, j: int) -> str:
    for k in range(j - 1, -1, -1):
        if s.toks[k][K] in ("nm", "pl", "ot", "ch"):
            return s.toks[k][K]
    return s.before


def _zero_cases(s: Sentence, j: int, word: str) -> None:
    """The nouns that the negation governs up to the clause's end; a number (other than 一起) ends it."""
    verb = s.toks[j + 1][K] if j + 1 < len(s.toks) and s.toks[j + 1][A] == s.toks[j][B] else ""
    if word == "不" and verb != "feev":
        return
    found: list[int] = []
    caused = word in ("无", "没有", "未发生") and s.text.startswith(
        ("因", "由于"), s.toks[j][B]
    )  # 无因答复不当引发的行政复议
    for k in range(j + 1, min(j + 25, len(s.toks))):
        kind = s.toks[k][K]
        if kind == ",":
            break
        if kind == "num" and not (s.toks[k][D] and s.toks[k][D].numeral.value == 1):
            return
        if (
            kind in ("oc", "cv", "neg", "res", "noun")
            and not found
            and not caused
            or kind == "plan"
        ):
            return
        if kind in ZERO or kind == "disp":
            found.append(k)
    if (
        not found
        and verb in ("", "f", "of")
        and word.endswith(("未", "没有"))
        and s.text[s.toks[j][B] : s.toks[j][B] + 1] in ("向", "对")
    ):
        verb = "feev" if any(t[0] == "feev" for t in s.right(j)) else ""  # 未向申请人收取任何费用
    if not found and verb == "feev" and s.closes(j + 1):
        found = [k for k in range(max(j - 6, 0), j) if s.toks[k][K] == "fee"][:1]
    _emit_zeros(s, j, found, verb, word)


def _emit_zeros(s: Sentence, j: int, found: list[int], verb: str, word: str) -> None:
    kinds = {s.toks[k][K] for k in found}
    if "disp" in kinds:
        kinds |= {"recon", "lit"}
    direct = (
        bool(found)
        and found[0] > j
        and all(
            s.toks[k][K] in ("f", "de", "q", "time", "scope", "item", "pub")
            for k in range(j + 1, found[0])
        )
    )
    if kinds & {"recon", "lit"}:
        kinds -= {"req", "fee"}
        happens = verb in ("rv", "feev") or any(t[K] == "happen" for t in s.toks[j + 1 : found[-1]])
        if not happens and not direct and word in ("未", "不"):
            return
    elif "fee" in kinds:
        kinds = {"fee"}
        charged = any(t[K] == "feev" for t in s.toks[j + 1 : found[0]])  # 未对申请人收取任何处理费
        if (
            "fee" in s.done
            or verb not in ("feev", "happen", "rv", "f")
            and not direct
            and not charged
        ):
            return
    elif "req" in kinds and verb not in ("rv", "hv", "happen") and not direct:
        return
    if not kinds and verb in ("happen", "feev") and "fee" not in s.done and _charging(s, j):
        kinds = {"fee"}
    for kind in sorted(kinds & set(ZERO)):
        if ZERO[kind] not in s.done:
            s.done.add(ZERO[kind])
            s.emit(ZERO[kind], j, "zero", value=0.0)


def _charging(s: Sentence, j: int) -> bool:
    """未发生收费情况, 未收取费用 in a sentence on disclosure."""
    sentence = s.text[s.start : s.end]
    after = s.text[s.toks[j][B] : s.toks[j][B] + 24].partition("，")[0]
    return (
        ("信息公开" in sentence or "申请公开" in sentence)
        and ("收费" in after or "费用" in after)
        and all(t[K] != "oldfee" for t in s.toks[j:])
    )
