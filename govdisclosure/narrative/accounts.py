"""Government new-media accounts: closed, opened, registered, in operation; totals and platform lists.

The counter decides first (个, 家, 款 near an account word), then the nearest verb in the clause, then the platform.
A number counts accounts only when nothing unknown stands between it and an account word.
"""

from __future__ import annotations

from govdisclosure.narrative.moods import filed, in_year, mood, refused, standing
from govdisclosure.narrative.nouns import BODIES, LINK, OBJECTS, QUIET, VERBS, account_noun, placed
from govdisclosure.narrative.passives import passive
from govdisclosure.narrative.sentence import Sentence, first, join
from govdisclosure.narrative.tokens import A, B, D, K

COUNTERS = frozenset(("个", "家", "款", ""))
CODES = {"vclose": "new_media_closed", "vopen": "new_media_opened", "vreg": "new_media_registered",
         "vstock": "new_media_in_operation"}  # fmt: skip
PATTERN = {"vclose": "P1", "vopen": "P1", "vreg": "P5", "vstock": "P5"}
ASIDE = frozenset(("vinsp", "vbad"))


def account(s: Sentence, i: int) -> bool:
    """Read number token i as a count of accounts; False when it counts something else."""
    left, right = s.left(i), s.right(i)
    if s.toks[i][D].counter == "" and not (
        _changes(left, right) or i in s.dealt or _bracketed(s, i)
    ):
        return False
    move = first(left, LINK)
    if move and move[0] in ("up", "down", "cmp"):
        return False  # 较上年减少5个 is a difference, no count
    noun = account_noun(s, i, left, right)
    if noun is None or _per_unit(s, i):
        return False
    if noun[1] is not None and any(
        t[2] > noun[1] and s.text[s.toks[t[2]][A] : s.toks[t[2]][B]] in BODIES for t in left
    ):
        return False  # 注销公众号的单位有7家
    platform, at, note = noun
    if (
        s.frame
        and s.frame["total"]
        and any(t[1] == "state" for t in left)
        and (any(t[0] == "among" for t in left) or "vclose" not in s.frame["kinds"])
    ):
        return True  # 其中停更12个: a reason of the closures before it, or a part of the stock
    if move and move[0] == "to" and any(t[K] == "ask" for t in s.toks[max(i - 20, 0) : i]):
        return False  # 要求各单位将账号压减至1个: each body's, and not done
    if platform is not None and _listed(s, left, at, platform):
        return _part(s, i, platform, note)
    if platform is None and s.frame is not None and move is not None and move[0] == "to":
        platform = s.frame["platform"]  # 微信公众号由33个减到21个
    if (
        platform is None
        and s.frame is not None
        and s.frame["total"] is None
        and s.topic == ("pl", s.topic[1])
        and (s.toks[s.topic[1]][D] == s.frame["platform"])
    ):
        platform = s.frame["platform"]  # 关停政务APP4款，保留1款
    return _whole(s, i, left, right, platform or "all", at, note)


def _per_unit(s: Sentence, i: int) -> bool:
    """每镇保留1个: a number for each unit, no total (每月, 每季度 and 每年 are times)."""
    clause = s.text[max(s.toks[i][A] - 30, s.start) : s.toks[i][A]].rpartition("，")[2]
    _, found, after = clause.rpartition("每")
    return bool(found) and after[:1] not in ("月", "季", "年", "半", "周", "日", "天")


def _bracketed(s: Sentence, i: int) -> bool:
    """（公众号15，视频号4）: bare numbers in brackets behind a total, each behind its platform, that add up to it."""
    if s.frame is None or s.frame["total"] is None or s.toks[i - 1][K] not in ("pl", "els"):
        return False
    low, high = i, i
    while low > 0 and i - low < 30 and s.toks[low][K] not in "()":
        low -= 1
    while high < len(s.toks) and high - i < 30 and s.toks[high][K] not in "()":
        high += 1
    numbers = [t[D] for t in s.toks[low:high] if t[K] == "num"]
    if s.toks[low][K] != "(" or any(n is None or n.counter for n in numbers):
        return False
    return sum(n.numeral.value for n in numbers) == s.frame["value"]


def _changes(left: list, right: list) -> bool:
    """由 NUM 降至 NUM: the counter of the first number may be missing."""
    ahead = first(right, LINK)
    behind = first(left, LINK)
    return bool(ahead and ahead[0] == "to" or behind and behind[0] in ("to", "from"))


def _listed(s: Sentence, left: list, at: int | None, platform: str) -> bool:
    """A platform entry of a list that goes on after a total or a verb: no verb of its own before it."""
    if platform == "all" or s.frame is None or at is None:
        return False
    return not any(t[0] in VERBS | ASIDE | {"to", "from"} for t in left if t[2] < at or not t[3])


def _part(s: Sentence, i: int, platform: str, note: str) -> bool:
    kinds, period, remark, total = (
        s.frame["kinds"],
        s.frame["period"],
        s.frame["note"],
        s.frame["total"],
    )
    depth = _depth(s, i)
    nested = total is not None and s.frame["depth"] is not None and depth > s.frame["depth"]
    if nested:
        return True  # a split of a part: 218(53+165); kept out, it would be counted twice
    s.frame["depth"] = depth if total is not None else None
    pattern = (
        "P6"
        if total is not None and "vclose" not in kinds
        else "P7"
        if total is not None
        else PATTERN[kinds[0]]
    )
    if platform == "other" and any(t[0] == "pl" for t in s.right(i)):
        note = join(note, "combined")  # 其余33个为微博、抖音
    for kind in kinds:
        index = s.emit(
            CODES[kind], i, pattern, platform=platform, period=period, note=join(remark, note)
        )
        if total is not None:
            s.frame["parts"].setdefault(kind, []).append(index)
    return True


def _depth(s: Sentence, i: int) -> int:
    return sum((t[K] == "(") - (t[K] == ")") for t in s.toks[:i]) if i < 200 else 0


def _whole(
    s: Sentence, i: int, left: list, right: list, platform: str, at: int | None, note: str
) -> bool:
    reading = _reading(s, i, left, right, at)
    if reading is None:
        return False
    kinds, period, remark, pattern = reading
    stock = kinds == ("vstock",)
    if (
        stock
        and s.frame
        and s.frame["total"]
        and "vstock" in s.frame["total"]
        and any(t[0] == "among" for t in left)
    ):
        return True  # 其中市直部门运营的有85个: a part by owner
    period = period or s.period(i, flow=not stock)
    if period == "previous_year" and not stock and _stood(s, i):
        period = "year"
    whole = {}
    for kind in kinds:
        whole[kind] = s.emit(
            CODES[kind], i, pattern, platform=platform, period=period, note=join(remark, note)
        )
    settle(s)
    s.counted.append(i)
    s.frame = {"kinds": kinds, "platform": platform, "period": period, "note": remark, "depth": None, "parts": {},
               "total": whole if platform == "all" and "combined" not in note else None,
               "value": s.toks[i][D].numeral.value}  # fmt: skip
    s.last = s.base = ("new_media_growth", platform, i)
    return True


def _stood(s: Sentence, i: int) -> bool:
    """将原有的16个账号整合: they stood before, they are merged now; a date or 去年 in the clause would say when."""
    times = [t for t in s.left_all(i) if t[0] in ("time", "date")]
    return bool(times) and not any(
        t[0] == "date" or "年" in s.text[s.toks[t[2]][A] : s.toks[t[2]][B]] for t in times
    )


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
    behind = passive(s, left, right)
    if behind:
        kind, period, note = behind
        return (
            (kind,),
            period,
            note,
            "P12" if period or note == "negated" else "P9" if kind == "vreg" else "P2",
        )
    verbs = _main_verbs(s, left, at)
    if verbs is None:
        return None
    if (
        not verbs
        and at is not None
        and not any(t[0] == "sum" and s.text.startswith(TOTALS, s.toks[t[2]][A]) for t in left)
    ):
        verbs = _list_verbs(s, at)
    if verbs:
        return _active(s, left, verbs, at)
    return _bare(s, i, left, at)


TOTALS = (
    "总数",
    "总量",
    "存量",
    "数量",
    "规模",
)  # 新增视频号1个，政务新媒体总数达5个: a stock after the change


def _change(s: Sentence, i: int, left: list, right: list):
    link = LINK | OBJECTS | {"de"}
    behind, ahead = first(left, LINK | {"de"}), first(right, LINK)
    if behind and behind[0] == "to":
        return ("vstock",), mood(s, behind[2])[0] or "year", "", "P3"
    origin = first(left, LINK | {"de", "q"})
    if origin and origin[0] == "from" and ahead and ahead[0] == "to":
        return ("vstock",), "previous_year", "", "P3"
    merged, link = first(right, LINK | OBJECTS), link | {"vstock"}
    if (
        merged
        and merged[0] == "to"
        and (
            first(left, link | {"jiang", "of"}) is None
            or first(left, LINK - {"jiang"})[0] in ("jiang", "of")
        )
    ):
        return ("vstock",), "previous_year", "", "P3"
    return None


def _main_verbs(s: Sentence, left: list, at: int | None) -> list[tuple] | None:
    """The verb (or the two verbs joined by 并) that governs the number; [] when none, None when 抽查 or 不合格 does."""
    fallback, found, blocked = [], [], False
    for position, token in enumerate(left):
        kind, _, j, _ = token
        if kind in ASIDE:
            blocked = True
        elif kind in VERBS:
            after = (
                s.toks[j + 1][K] if j + 1 < len(s.toks) and s.toks[j + 1][A] == s.toks[j][B] else ""
            )
            if after == "after":
                continue  # 清理整合后保留45个
            if after == "de" or refused(s, j) and kind in ("vstock",):
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
    return [t for t in fallback if t[0] != "vopen" and not (t[0] == "vstock" and refused(s, t[2]))][
        :1
    ] or ([("vstock", "", fallback[0][2], False)] if fallback else [])


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


def _joined(s: Sentence, j: int, k: int) -> bool:
    """Tokens j and k with nothing but 并, 和, 、 or the like between them."""
    return (
        all(
            s.toks[m][K] in ("f", "、") and s.toks[m][B] == s.toks[m + 1][A]
            for m in range(j + 1, k)
        )
        and k - j <= 4
        and (s.toks[j][B] == s.toks[j + 1][A])
    )


def _active(s: Sentence, left: list, verbs: list, at: int | None):
    kinds = tuple(dict.fromkeys(t[0] for t in reversed(verbs)))
    nearest = verbs[0]
    if kinds == ("vstock",) and at is not None and nearest[2] > at and filed(s, left, at):
        kinds = ("vreg",)
    if set(kinds) == {"vclose", "vstock"} or "vstock" in kinds and len(kinds) > 1:
        kinds = (nearest[0],)
    j = verbs[-1][2]
    period, note = mood(s, j)
    if kinds == ("vstock",) and note == "negated":
        return None  # 不再保留3个
    if nearest[0] == "vclose" and nearest[1] == "applied":
        note = join(note, "applied")
    if kinds == ("vstock",) and nearest[1] == "soft" and in_year(s, j):
        kinds = ("vopen",)
    if kinds == ("vopen",) and standing(s, j, left):
        kinds = ("vstock",)
    pattern = "P12" if period == "planned" or note.startswith("negated") else PATTERN[kinds[0]]
    if pattern == "P1" and (at is None or at > left[0][2]):
        pattern = "P2"
    return kinds, period, note, pattern


def _bare(s: Sentence, i: int, left: list, at: int | None):
    """OBJ 共 NUM 个 without a verb: a stock, if nothing else than time, scope and place stands before OBJ."""
    summed = any(t[0] == "sum" for t in left)
    if (
        at is None
        and s.frame
        and s.frame["total"] is None
        and [t[0] for t in left] == ["、"]
        and s.toks[i - 2][K] == "pl"
    ):
        return (
            s.frame["kinds"],
            s.frame["period"],
            s.frame["note"],
            "P6",
        )  # 现有1个官方微博、1个微信公众号
    if at is None and s.frame is None and summed:
        return _verb_before(s, left)
    if at is None:
        return (
            (s.frame["kinds"], s.frame["period"], s.frame["note"], "P6")
            if s.frame and summed
            else None
        )
    if (
        at > 1
        and s.toks[at - 2][K] == "nm"
        and s.toks[at - 1][K] == "f"
        and s.toks[at - 2][B] == s.toks[at - 1][A]
        and s.toks[at - 1][B] == s.toks[at][A]
    ):
        at -= 2  # 政务新媒体有效账号
    rest = [t for t in left if t[2] < at]
    if any(t[0] not in QUIET | {"vinsp"} or t[0] in ("neg", "plan") for t in rest) or any(
        t[0] == "vinsp" for t in rest
    ):
        return None
    edge = left[-1][2]
    if edge and s.toks[edge][K] == "de" and s.toks[edge - 1][K] == "num":
        return None  # 粉丝数少于500人的账号12个: the clause, and its verb, began before that number
    clean = any(
        t[0] == "sum" and (t[2] > at or not t[3]) for t in left
    )  # 全年共…低效政务新媒体24个: a verb we do not know
    if not clean and not placed(s, at):
        return None
    return ("vstock",), None, "", "P5"


def _verb_before(s: Sentence, left: list):
    """对政务新媒体进行关停，共计31个: the sum of what the clause before the comma did, when that clause has no number."""
    comma = left[-1][2] - 1
    if comma < 1 or s.toks[comma][K] != ",":
        return None
    clause = s.left_all(comma)
    verb = next((t for t in clause if t[0] in ("vclose", "vopen", "vreg")), None)
    kinds = {t[0] for t in clause}
    if (
        verb is None
        or kinds.isdisjoint(("nm", "pl"))
        or not kinds.isdisjoint(("num", "neg", "noun", "ot", "ch", "ask", "vinsp", "vbad"))
    ):
        return None
    period, note = mood(s, verb[2])
    return (verb[0],), period, note, "P12" if period else "P2"
