"""What the prose says without a number: 无新增 and 未收取 are zeros, a verb alone is an unknown number (None)."""

from __future__ import annotations

from govdisclosure.narrative.accounts import CODES
from govdisclosure.narrative.moods import BARE, future
from govdisclosure.narrative.named import named
from govdisclosure.narrative.nouns import CONTINUING, DEFECTS, OBJECTS, qualifies
from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.tokens import A, B, D, K

ZERO = {"req": "requests_received", "recon": "reconsideration_cases", "lit": "litigation_cases", "fee": "processing_fee"}
HAPPENING = frozenset(("happen", "rv", "feev", "f", "de", "time", "scope", "item", "q", "hv"))
NOT_YET = ("严禁", "禁止", "严控", "尚未", "暂未", "未能", "无法", "不再", "不得", "仍未", "不", "未予", "未完成", "无法完成", "不存在")
PROCESS = frozenset(("noun",))


def absent(s: Sentence) -> None:
    """Zeros and verbs without a number of one sentence."""
    if "neg" in s.kinds:
        for j, token in enumerate(s.toks):
            if token[K] == "neg":
                _zero(s, j)
    if not OBJECTS.isdisjoint(s.kinds):
        verbs = [kind for kind in ("vclose", "vopen") if kind in s.kinds]
        for kind in verbs:
            _silent(s, kind, "P11")
        if verbs and "q" in s.kinds:
            named(s)


def _zero(s: Sentence, j: int) -> None:
    """未收到…申请, 无…复议、诉讼, 未收取…处理费, 无新增政务新媒体."""
    word = s.text[s.toks[j][A]: s.toks[j][B]]
    if word == "零" and s.text[s.toks[j][A] - 1] in "为是":
        _printed_zero(s, j)
        return
    if word in NOT_YET and word not in ("尚未", "暂未", "不", "不存在"):
        return
    if j + 1 < len(s.toks) and s.toks[j + 1][A] == s.toks[j][B] and s.toks[j + 1][K] in ("vopen", "vclose"):
        if word not in NOT_YET:
            _zero_accounts(s, j)
        return
    if word in ("没有", "无", "无任何", "不存在", "暂无", "未发生", "未有") and _zero_after_noun(s, j):
        return
    if word == "无" and s.closes(j) and _colon(s, j):
        _printed_zero(s, j)
        return
    _zero_cases(s, j, word)


def _zero_after_noun(s: Sentence, j: int) -> bool:
    """没有政务新媒体关停情况, 无账号新增: the account word stands between the negation and its verbs."""
    k, platform = j + 1, ""
    while k < len(s.toks) and s.toks[k][A] == s.toks[k - 1][B] and s.toks[k][K] in ("nm", "pl", "f"):
        if s.text[s.toks[k][A]: s.toks[k][B]] in DEFECTS:
            return False  # 不存在僵尸账号
        platform = platform if s.toks[k][K] == "f" else s.toks[k][D]
        k += 1
    verbs = set()
    while k < len(s.toks) and s.toks[k][A] == s.toks[k - 1][B] and s.toks[k][K] in ("vopen", "vclose", "、", "f"):
        verbs |= {s.toks[k][K]} & {"vopen", "vclose"}
        k += 1
    if not platform or not s.closes(k - 1):
        return False
    if not verbs and (j == 0 or s.toks[j - 1][K] in ("scope", "time", "date", ",") and s.toks[j - 1][B] == s.toks[j][A]):
        s.emit("new_media_in_operation", j, "P10", platform=platform, value=0.0)  # 本单位无政务新媒体
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
        if kind == "feev":
            kind = "fee"  # 依申请公开信息收费情况为零
        if kind in ZERO and ZERO[kind] not in s.done:
            s.done.add(ZERO[kind])
            s.emit(ZERO[kind], j, "zero", value=0.0)
            return


def _zero_accounts(s: Sentence, j: int) -> None:
    if _numbered(s, j):
        return  # 尚有6个未注销
    kind = s.toks[j + 1][K]
    ahead = [t for t in s.right(j + 1)]
    noun = next((t for t in ahead if not t[3] and t[0] not in ("f", "de", "neg", "vclose", "vopen", "vreg", "、", "scope")), None)
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
    while s.toks[end][K] in ("vopen", "vclose", "、") and end + 1 < len(s.toks) and s.toks[end][B] == s.toks[end + 1][A]:
        end += 1  # 无新增、注销: one negation for both
        kinds |= {s.toks[end][K]} & {"vopen", "vclose"}
    if kinds == {"vopen"} and s.text[s.toks[j + 1][A]: s.toks[j + 1][B]] in BARE and not {"time", "date"} & s.kinds and _unmodified(s, j + 1):
        s.emit("new_media_in_operation", j, "P10", platform=platform, value=0.0)  # 我街道没有开设政务新媒体: there are none
        return
    for kind in sorted(kinds):
        s.emit(CODES[kind], j, "P10", platform=platform, value=0.0)


def _unmodified(s: Sentence, j: int) -> bool:
    """The account word follows the verb at once: 未开设新的账号 speaks of new ones only."""
    return j + 1 < len(s.toks) and s.toks[j + 1][A] == s.toks[j][B] and s.toks[j + 1][K] in ("nm", "pl")


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
    caused = word in ("无", "没有", "未发生") and s.text.startswith(("因", "由于"), s.toks[j][B])  # 无因答复不当引发的行政复议
    for k in range(j + 1, min(j + 25, len(s.toks))):
        kind = s.toks[k][K]
        if kind == ",":
            break
        if kind == "num" and not (s.toks[k][D] and s.toks[k][D].numeral.value == 1):
            return
        if kind in ("oc", "cv", "neg", "res", "noun") and not found and not caused or kind == "plan":
            return
        if kind in ZERO or kind == "disp":
            found.append(k)
    if not found and verb == "feev" and s.closes(j + 1):
        found = [k for k in range(max(j - 6, 0), j) if s.toks[k][K] == "fee"][:1]
    _emit_zeros(s, j, found, verb, word)


def _emit_zeros(s: Sentence, j: int, found: list[int], verb: str, word: str) -> None:
    kinds = {s.toks[k][K] for k in found}
    if "disp" in kinds:
        kinds |= {"recon", "lit"}
    direct = bool(found) and found[0] > j and all(s.toks[k][K] in ("f", "de", "q", "time", "scope", "item", "pub") for k in range(j + 1, found[0]))
    if kinds & {"recon", "lit"}:
        kinds -= {"req", "fee"}
        happens = verb in ("rv", "feev") or any(t[K] == "happen" for t in s.toks[j + 1: found[-1]])
        if not happens and not direct and word in ("未", "不"):
            return
    elif "fee" in kinds:
        kinds = {"fee"}
        if verb not in ("feev", "happen", "rv", "f") and not direct:
            return
    elif "req" in kinds and verb not in ("rv", "hv", "happen") and not direct:
        return
    if not kinds and verb in ("happen", "feev") and _charging(s, j):
        kinds = {"fee"}
    for kind in sorted(kinds & set(ZERO)):
        if ZERO[kind] not in s.done:
            s.done.add(ZERO[kind])
            s.emit(ZERO[kind], j, "zero", value=0.0)


def _charging(s: Sentence, j: int) -> bool:
    """未发生收费情况, 未收取费用 in a sentence on disclosure."""
    sentence = s.text[s.start: s.end]
    after = s.text[s.toks[j][B]: s.toks[j][B] + 24].partition("，")[0]
    return "信息公开" in sentence and ("收费" in after or "费用" in after) and "行政事业性收费" not in sentence


def _silent(s: Sentence, kind: str, pattern: str) -> None:
    """A verb with an account word in its clause and no number for it: value None."""
    code = CODES[kind]
    if any(f.indicator == code for f in s.figures):
        return
    for j, token in enumerate(s.toks):
        if token[K] == kind and not _negated(s, j) and not _numbered(s, j) and (noun := _governed(s, j, kind)):
            period = "planned" if _planned(s, j) else None
            note = "applied" if token[D] == "applied" else ""
            s.emit(code, j, "P12" if period else pattern, value=None,
                   platform=noun if noun != "nm" else "all", period=period, note=note)  # fmt: skip
            return


def _numbered(s: Sentence, j: int) -> bool:
    """An account number stands in the verb's own clause, whatever it was read as."""
    return any(all(s.toks[k][K] != "," for k in range(min(i, j), max(i, j))) for i in s.counted)


def _planned(s: Sentence, j: int) -> bool:
    return future(s, j) or s.section == 5 and any(t[K] in ("plan", "jiang") for t in s.toks[:j]) or (
        j > 0 and s.toks[j - 1][K] in ("plan", "jiang"))


def _negated(s: Sentence, j: int) -> bool:
    for k in range(j - 1, max(j - 12, -1), -1):
        if s.toks[k][K] == ",":
            return False
        if s.toks[k][K] == "neg" and (s.text.startswith(FORBIDDING, s.toks[k][A]) or k >= j - 2 and s.toks[k][B] == s.toks[k + 1][A]):
            return True
    return False


FORBIDDING = ("不得", "严禁", "禁止", "不再", "严控")  # 不得随意新增、合并: governs its whole clause


def _governed(s: Sentence, j: int, kind: str) -> str:
    """Platform (or 'nm') of the account word the verb at j governs, '' when it governs none."""
    toks = s.toks
    ahead = s.text[toks[j][B]: toks[j][B] + 1]
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
            closing = s.toks[m + 1][K] if m + 1 < len(s.toks) and s.toks[m + 1][A] == s.toks[m][B] else ""
            return "" if closing in ("ot", "pub", "item", "noun", "interp") or _counted(s, m) else (data if k == "pl" else "nm")
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
        if kind in ("ot", "ch", "item") and s.toks[k - 1][K] in ("vclose", "f") and s.toks[k - 1][B] == s.toks[k][A]:
            other = True
        if kind in ("nm", "pl"):
            if s.toks[k][A] - s.toks[j][B] > 45 or other and s.toks[k - 1][K] != "de":
                return ""
            behind = s.toks[k + 1][A] if k + 1 < len(s.toks) else s.end
            if behind > s.toks[k][B] and not s.closes(k) and not s.text.startswith(CONTINUING, s.toks[k][B]):
                return ""  # 整合政务APP功能模块: an unknown noun follows
            if qualifies(s, k) or k + 1 < len(s.toks) and s.toks[k + 1][A] == s.toks[k][B] and s.toks[k + 1][K] == "noun":
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
    if not any(t[0] in ("of", "jiang") for t in left) and not any(t[0] == "f" and s.text[s.toks[t[2]][A]: s.toks[t[2]][B]] in
                                                                  ("被", "予以", "进行", "已") for t in left[:2]):
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
    if comma < 1 or s.toks[comma][K] != "," or s.toks[comma - 1][B] != s.toks[comma][A] or s.toks[comma - 1][K] not in ("nm", "pl"):
        return []
    clause = s.left_all(comma)
    if not any(t[0] in ("of", "jiang") for t in clause) or not s.closes(j):
        return []
    return [(*t, False) for t in clause]


