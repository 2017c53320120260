"""Government new-media accounts: closed, opened, registered, in operation; totals and platform lists.

The counter decides first (个, 家, 款 near an account word), then the nearest verb in the clause, then the platform.
A number counts accounts only when nothing unknown stands between it and an account word.
"""

from __future__ import annotations

from govdisclosure.narrative.sentence import Sentence, first, join
from govdisclosure.narrative.tokens import A, B, D, K

COUNTERS = frozenset(("个", "家", "款", ""))
CODES = {"vclose": "new_media_closed", "vopen": "new_media_opened", "vreg": "new_media_registered",
         "vstock": "new_media_in_operation"}  # fmt: skip
PATTERN = {"vclose": "P1", "vopen": "P1", "vreg": "P5", "vstock": "P5"}
VERBS = frozenset(CODES)
OBJECTS = frozenset(("nm", "pl", "els"))
LINK = frozenset(("f", "sum", "time", "date", "scope", "among", ":", "q", "each", "resp", "jiang", "plan", "ask", "neg", "full"))
PASS = LINK | VERBS | {"de", "from", "to", "of", "cv"}
QUIET = LINK | {"de", "of"}
ASIDE = frozenset(("vinsp", "vbad"))


def account(s: Sentence, i: int) -> bool:
    """Read number token i as a count of accounts; False when it counts something else."""
    left, right = s.left(i), s.right(i)
    if s.toks[i][D].counter == "" and not (_changes(left, right) or i in s.dealt):
        return False
    move = first(left, LINK)
    if move and move[0] in ("up", "down", "cmp"):
        return False  # 较上年减少5个 is a difference, no count
    noun = _noun(s, i, left, right)
    if noun is None:
        return False
    platform, at, note = noun
    if platform is not None and _listed(s, left, at, platform):
        return _part(s, i, platform, note)
    if platform is None and s.frame is not None and move is not None and move[0] == "to":
        platform = s.frame["platform"]  # 微信公众号由33个减到21个
    return _whole(s, i, left, right, platform or "all", at, note)


def _changes(left: list, right: list) -> bool:
    """由 NUM 降至 NUM: the counter of the first number may be missing."""
    ahead = first(right, LINK)
    behind = first(left, LINK)
    return bool(ahead and ahead[0] == "to" or behind and behind[0] in ("to", "from"))


def _noun(s: Sentence, i: int, left: list, right: list) -> tuple[str | None, int | None, str] | None:
    """(platform or None for 'no noun of its own', token index left of i or None, note), or None: other things."""
    for kind, data, j, dirty in left:
        if dirty or left[0][0] == "de" and kind not in PASS | OBJECTS:
            break  # 不符合要求的11个…: the attribute belongs to the noun on the right
        if kind in OBJECTS:
            return None if kind == "els" and s.frame is None else _platform(s, j, data)
        if kind not in PASS and kind != "、":
            if kind == "vbad" or kind == "vinsp":
                break
            return None
        if kind == "、" and not any(t[0] in VERBS for t in left):
            return None
    found = _right_noun(s, i, right)
    if found is not None:
        return None if found == "other" else (found, None, "")
    verb = first(left, LINK | {"of"})
    elliptic = verb is not None and verb[0] in VERBS | {"to", "from"} or _summed(left)
    if elliptic and s.topic[0] in OBJECTS and (s.closes(i) or first(right, QUIET | VERBS) or _only(right, QUIET | VERBS)):
        return None, None, ""
    return None


def _summed(left: list) -> bool:
    return bool(left) and all(t[0] in LINK and not t[3] for t in left) and any(t[0] == "sum" for t in left)


def _only(tokens: list, kinds: frozenset) -> bool:
    return bool(tokens) and all(t[0] in kinds and not t[3] for t in tokens)


def _platform(s: Sentence, j: int, data: str) -> tuple[str, int, str]:
    """Platform of the account word at j: 微信账号 is WeChat, 微信、微博账号 is several together."""
    if s.toks[j][K] == "nm":
        k = j - 1
        if k >= 0 and s.toks[k][K] == "pl" and s.toks[k][B] == s.toks[j][A]:
            if _several(s, k):
                return "all", j, "combined"
            return s.toks[k][D], k, ""
        return "all", j, ""
    if _several(s, j):
        return "all", j, "combined"
    return data, j, ""


def _several(s: Sentence, j: int) -> bool:
    """Another platform is joined to the one at j by 、 or 和 without a number of its own."""
    k = j - 1
    while k >= 0 and s.toks[k][K] in ("、", "f", "q") and s.toks[k][B] == s.toks[k + 1][A]:
        k -= 1
    joined = 0 <= k < j - 1 and s.toks[k][K] == "pl" and s.toks[k][B] == s.toks[k + 1][A]
    return joined and s.toks[k][D] != s.toks[j][D] and j not in s.dealt.values()


def _right_noun(s: Sentence, i: int, right: list) -> str | None:
    """Platform of the account word that i counts on its right, 'other' for another noun, None for no noun."""
    for position, (kind, data, j, dirty) in enumerate(right):
        if kind in ("nm", "pl"):
            gap = s.toks[j][A] - s.toks[i][B]
            near = not dirty or position and right[position - 1][0] == "de" and gap <= 30 or not position and gap <= 6 and _closing(s, i)
            if not near or _attribute(s, j):
                return "other"
            if kind == "pl" and j + 1 < len(s.toks) and s.toks[j + 1][K] == "nm" and s.toks[j + 1][A] == s.toks[j][B]:
                return "other" if _attribute(s, j + 1) else data
            return data
        if kind == "ot" or kind in ("ch", "item", "interp", "train", "worker") or not position and _body(s, i, right):
            return "other"
        if kind in VERBS and not _attributive(right, position):
            break  # 督促7家单位注销账号: what follows a verb is its object, not what the number counts
    if right and right[0][0] not in VERBS | QUIET | {"of", "neg", "plan", "to", "cf"}:
        return "other"
    if not right or right[0][3]:
        return None if s.closes(i) else "other"
    return None


def _body(s: Sentence, i: int, right: list) -> bool:
    """7家单位, 5个部门: bodies are counted, unless the account word follows at once (3个部门账号)."""
    word = s.text[s.toks[right[0][2]][A]: s.toks[right[0][2]][B]]
    if right[0][3] or word not in BODIES:
        return False
    return s.toks[i][D].counter == "家" or len(right) < 2 or right[1][0] not in OBJECTS or right[1][3]


BODIES = frozenset(("单位", "部门", "行政机关", "机关", "县", "市", "区", "政府"))


def _attributive(right: list, position: int) -> bool:
    """The verb at `position` belongs to an attribute: a 的 follows before the account word (or it is 停更账号)."""
    if right[position][1] == "state":
        return True
    for kind, *_ in right[position + 1:]:
        if kind == "de":
            return True
        if kind in OBJECTS:
            return False
    return False


def _closing(s: Sentence, i: int) -> bool:
    """A closing verb in the clause lets an unknown attribute stand before the account word (6个低活跃度账号)."""
    return s.in_clause(i, frozenset(("vclose",)))


def _attribute(s: Sentence, j: int) -> bool:
    """The account word at j only qualifies a noun behind it: 45个政务新媒体主管单位."""
    end = s.toks[j][B]
    if j + 1 < len(s.toks) and s.toks[j + 1][A] == end:
        return s.toks[j + 1][K] in ("ot", "worker", "interp", "item", "ch", "train")
    return s.text[end: end + 1] not in ("", "。", "”", "\n") and s.text.startswith(SUFFIXES, end)


SUFFIXES = ("主管", "运维", "管理", "单位", "编辑", "小编", "文章", "群", "联络", "信息", "粉丝", "矩阵", "工作", "栏目", "菜单", "后台", "开办")


def _listed(s: Sentence, left: list, at: int | None, platform: str) -> bool:
    """A platform entry of a list that goes on after a total or a verb: no verb of its own before it."""
    if platform == "all" or s.frame is None or at is None:
        return False
    return not any(t[0] in VERBS | {"to", "from"} for t in left if t[2] < at or not t[3])


def _part(s: Sentence, i: int, platform: str, note: str) -> bool:
    kinds, period, remark, total = s.frame["kinds"], s.frame["period"], s.frame["note"], s.frame["total"]
    depth = _depth(s, i)
    nested = total is not None and s.frame["depth"] is not None and depth > s.frame["depth"]
    if nested:
        return True  # a split of a part: 218(53+165); kept out, it would be counted twice
    s.frame["depth"] = depth if total is not None else None
    pattern = "P6" if total is not None and "vclose" not in kinds else "P7" if total is not None else PATTERN[kinds[0]]
    for kind in kinds:
        index = s.emit(CODES[kind], i, pattern, platform=platform, period=period, note=join(remark, note))
        if total is not None:
            s.frame["parts"].setdefault(kind, []).append(index)
    return True


def _depth(s: Sentence, i: int) -> int:
    return sum((t[K] == "(") - (t[K] == ")") for t in s.toks[:i]) if i < 200 else 0


def _whole(s: Sentence, i: int, left: list, right: list, platform: str, at: int | None, note: str) -> bool:
    reading = _reading(s, i, left, right, at)
    if reading is None:
        return False
    kinds, period, remark, pattern = reading
    stock = kinds == ("vstock",)
    period = period or s.period(i, flow=not stock)
    whole = {}
    for kind in kinds:
        whole[kind] = s.emit(CODES[kind], i, pattern, platform=platform, period=period, note=join(remark, note))
    settle(s)
    s.counted.append(i)
    s.frame = {"kinds": kinds, "platform": platform, "period": period, "note": remark, "depth": None, "parts": {},
               "total": whole if platform == "all" and "combined" not in note else None,
               "value": s.toks[i][D].numeral.value}  # fmt: skip
    s.last = s.base = ("new_media_growth", platform, i)
    return True


def settle(s: Sentence) -> None:
    """Close the current total: flag it and its parts where they do not add up."""
    frame = s.frame
    if not frame or not frame["total"]:
        return
    for kind, parts in frame["parts"].items():
        if sum(s.figures[p].value or 0 for p in parts) != frame["value"]:
            for index in (*parts, frame["total"][kind]):
                s.note(index, "sum_mismatch")


def _reading(s: Sentence, i: int, left: list, right: list, at: int | None):
    """(verb kinds, period or None, note, pattern), or None when the number is no count of a kind we keep."""
    change = _change(s, i, left, right)
    if change:
        return change
    passive = _passive(s, left, right)
    if passive:
        kind, period, note = passive
        return (kind,), period, note, "P12" if period or note == "negated" else "P9" if kind == "vreg" else "P2"
    verbs = _main_verbs(s, left, at)
    if verbs is None:
        return None
    if not verbs and at is not None:
        verbs = _list_verbs(s, at)
    if verbs:
        return _active(s, left, verbs, at)
    return _bare(s, i, left, at)


def _change(s: Sentence, i: int, left: list, right: list):
    link = LINK | OBJECTS | {"de"}
    behind, ahead = first(left, LINK | {"de"}), first(right, LINK)
    if behind and behind[0] == "to":
        return ("vstock",), _mood(s, behind[2])[0] or "year", "", "P3"
    origin = first(left, LINK | {"de", "q"})
    if origin and origin[0] == "from" and ahead and ahead[0] == "to":
        return ("vstock",), "previous_year", "", "P3"
    merged = first(right, LINK | OBJECTS)
    if merged and merged[0] == "to" and (first(left, link | {"jiang", "of"}) is None or first(left, LINK - {"jiang"})[0] in ("jiang", "of")):
        return ("vstock",), "previous_year", "", "P3"
    return None


def _passive(s: Sentence, left: list, right: list) -> tuple[str, str | None, str] | None:
    """A verb after the number and its noun: 12个账号已注销, 对12个账号予以关停, 35个未完成注销."""
    negated = planned = False
    for kind, data, j, dirty in right:
        if kind in ("vclose", "vreg", "vopen") and (not dirty or _led(s, j)) or kind == "vstock" and not dirty:
            planned = planned or _proposed(s, left)
            return kind, "planned" if planned and not negated else None, join("negated" if negated else "", data if data == "applied" else "")
        if kind == "neg":
            negated = True
        elif kind in ("plan",):
            planned = True
        elif kind in ("vinsp", "vbad", "、", "ot", "cmp", "up", "down", "share"):
            return None
    return None


def _led(s: Sentence, j: int) -> bool:
    """被, 予以, 已, 未 … directly before the verb at j."""
    return s.toks[j - 1][B] == s.toks[j][A] and s.toks[j - 1][K] in ("f", "neg", "plan", "of", "time", "vreg")


def _proposed(s: Sentence, left: list) -> bool:
    """拟对, 将对 NUM 个…进行关停; 将 alone only marks the object."""
    if left and _future(s, left[0][2] + 1):
        return True
    near = [t for t in left[:4] if not t[3]]
    return any(t[0] == "plan" for t in near) or any(t[0] == "jiang" and s.toks[t[2] + 1][K] == "of" for t in near)


def _main_verbs(s: Sentence, left: list, at: int | None) -> list[tuple] | None:
    """The verb (or the two verbs joined by 并) that governs the number; [] when none, None when 抽查 or 不合格 does."""
    fallback, found, blocked = [], [], False
    for position, token in enumerate(left):
        kind, _, j, _ = token
        if kind in ASIDE:
            blocked = True
        elif kind in VERBS:
            after = s.toks[j + 1][K] if j + 1 < len(s.toks) and s.toks[j + 1][A] == s.toks[j][B] else ""
            if after == "after":
                continue  # 清理整合后保留45个
            if after == "de" or _refused(s, j) and kind in ("vstock",):
                fallback.append(token)
            elif not found:
                if blocked and kind == "vstock":
                    continue
                found.append(token)
            elif _joined(s, j, found[-1][2]) and kind != found[-1][0]:
                found.append(token)
            else:
                break
    if left and not found and any(token[K] == "full" for token in s.toks):
        return [("vstock", "full", left[0][2], False)]
    if found:
        return found
    if blocked:
        return None
    return [t for t in fallback if t[0] != "vopen" and not (t[0] == "vstock" and _refused(s, t[2]))][:1] or (
        [("vstock", "", fallback[0][2], False)] if fallback else [])


def _list_verbs(s: Sentence, at: int) -> list[tuple]:
    """清理网站6个、政务新媒体31个: the verb before the first entry governs the list."""
    j = at
    for _ in range(6):
        if j < 2 or s.toks[j - 1][K] not in ("、", ",") or s.toks[j - 2][K] != "num":
            return []
        entry = s.left(j - 2)
        verbs = [t for t in entry if t[0] in ("vclose", "vopen", "vreg")]
        if verbs:
            return [(*verbs[0][:3], False)]
        if any(t[0] in VERBS for t in entry) or not entry:
            return []
        j = entry[-1][2]
    return []


def _refused(s: Sentence, j: int) -> bool:
    return j > 0 and s.toks[j - 1][K] == "neg"


def _joined(s: Sentence, j: int, k: int) -> bool:
    """Tokens j and k with nothing but 并, 和, 、 or the like between them."""
    return all(s.toks[m][K] in ("f", "、") and s.toks[m][B] == s.toks[m + 1][A] for m in range(j + 1, k)) and k - j <= 4 and (
        s.toks[j][B] == s.toks[j + 1][A])


def _active(s: Sentence, left: list, verbs: list, at: int | None):
    kinds = tuple(dict.fromkeys(t[0] for t in reversed(verbs)))
    nearest = verbs[0]
    if kinds == ("vstock",) and at is not None and nearest[2] > at and _filed(s, left, at):
        kinds, nearest = ("vreg",), nearest
    if set(kinds) == {"vclose", "vstock"} or "vstock" in kinds and len(kinds) > 1:
        kinds = (nearest[0],)
    j = verbs[-1][2]
    period, note = _mood(s, j)
    if nearest[0] == "vclose" and nearest[1] == "applied":
        note = join(note, "applied")
    if kinds == ("vstock",) and nearest[1] == "soft" and _in_year(s, j):
        kinds = ("vopen",)
    if kinds == ("vopen",) and _standing(s, j, left):
        kinds = ("vstock",)
    pattern = "P12" if period == "planned" or note.startswith("negated") else PATTERN[kinds[0]]
    if pattern == "P1" and (at is None or at > left[0][2]):
        pattern = "P2"
    return kinds, period, note, pattern


def _filed(s: Sentence, left: list, at: int) -> bool:
    """备案的账号共有61个: registered accounts, whatever verb gives the number."""
    return s.toks[at - 1][K] == "de" and any(t[0] == "vreg" and t[2] < at for t in left)


def _mood(s: Sentence, j: int) -> tuple[str | None, str]:
    """Plan or negation right before the verb at j (adverbs may stand between)."""
    for k in range(j - 1, max(j - 4, -1), -1):
        kind = s.toks[k][K]
        if kind == "neg":
            return None, "negated"
        if kind == "plan" or kind == "jiang":
            return "planned", ""
        if kind not in ("f", "scope", "time", "sum", "date"):
            break
    return ("planned", "") if _future(s, j) else (None, "")


def _future(s: Sentence, j: int) -> bool:
    """下一步, 计划 … at the head of the clause or of the sentence."""
    return any(
        s.toks[k][K] == "plan" and s.text[s.toks[k][A]: s.toks[k][B]] in FUTURE
        or s.toks[k][K] == "ask" and (k == 0 or s.toks[k - 1][K] == ",") for k in range(max(j - 40, 0), j))


FUTURE = frozenset(("年底前", "月底前", "年内计划", "下一步", "下步", "计划", "下一阶段", "明年", "拟", "预计", "力争", "将继续", "将进一步", "争取"))


def _in_year(s: Sentence, j: int) -> bool:
    """A year is named and the text does not speak of a stock at a date (截至, 目前)."""
    times = [s.toks[k] for k in range(j) if s.toks[k][K] in ("time", "date")]
    return any(t[K] == "date" or t[D] == "year" for t in times) and not any(t[D] == "now" for t in times)


def _standing(s: Sentence, j: int, left: list) -> bool:
    """共开通, 目前开通 without a year: the accounts that exist, not those opened this year."""
    word = s.text[s.toks[j][A]: s.toks[j][B]]
    if word.startswith("新") or word in ("增设", "增开") or "新" == s.text[s.toks[j][A] - 1: s.toks[j][A]]:
        return False
    before = [s.toks[k] for k in range(max(j - 4, 0), j)]
    total = any(t[K] == "sum" or t[D] == "now" for t in before) or any(t[0] == "sum" for t in left if t[2] > j)
    return total and not _in_year(s, j)


def _bare(s: Sentence, i: int, left: list, at: int | None):
    """OBJ 共 NUM 个 without a verb: a stock, if nothing else than time, scope and place stands before OBJ."""
    summed = any(t[0] == "sum" for t in left)
    if at is None:
        return (s.frame["kinds"], s.frame["period"], s.frame["note"], "P6") if s.frame and summed else None
    rest = [t for t in left if t[2] < at]
    if any(t[0] not in QUIET | {"vinsp"} or t[0] in ("neg", "plan") for t in rest) or any(t[0] == "vinsp" for t in rest):
        return None
    if not summed and not _placed(s, at):
        return None
    return ("vstock",), None, "", "P5"


def _placed(s: Sentence, at: int) -> bool:
    """What stands before the account word in its clause ends in a place, a body or a scope word, or is empty."""
    start = s.toks[at][A]
    head = s.text[max(start - 24, s.start): start]
    head = head.rpartition("，")[2].rpartition("；")[2].rpartition(",")[2].rpartition("、")[2]
    return not head or head.endswith(PLACES)


PLACES = ("省", "市", "区", "县", "州", "盟", "旗", "镇", "乡", "街道", "系统", "政府", "部门", "单位", "机关", "局", "厅", "委", "办", "底", "末", "日",
          "月", "年", "目前", "级", "辖区", "：", ":", "其中", "的")  # fmt: skip
