"""Which account word a number belongs to: 政务新媒体25个, 3个微信公众号, 25个 after an account word was named."""

from __future__ import annotations

from govdisclosure.narrative.sentence import Sentence, first
from govdisclosure.narrative.tokens import A, B, D, K

VERBS = frozenset(("vclose", "vopen", "vreg", "vstock"))
OBJECTS = frozenset(("nm", "pl", "els"))
LINK = frozenset(
    (
        "f",
        "sum",
        "time",
        "date",
        "scope",
        "among",
        ":",
        "q",
        "each",
        "resp",
        "jiang",
        "plan",
        "ask",
        "neg",
        "full",
    )
)
PASS = LINK | VERBS | {"de", "from", "to", "of", "cv"}
QUIET = LINK | {"de", "of"}


def account_noun(
    s: Sentence, i: int, left: list, right: list
) -> tuple[str | None, int | None, str] | None:
    """(platform or None for 'no noun of its own', token index left of i or None, note), or None: other things."""
    for kind, data, j, dirty in left:
        if dirty or left[0][0] == "de" and kind not in PASS | OBJECTS:
            break  # 不符合要求的11个…: the attribute belongs to the noun on the right
        if kind in ("jiang", "of") and j == i - 1:
            break  # 督促2个街道将2个公众号注销: what 将 marks stands on the right
        if kind in OBJECTS:
            return None if kind == "els" and s.frame is None else _platform(s, j, data)
        if kind == "share" and j == i - 1 and s.frame is not None:
            continue  # 其中微信公众号占131个
        if kind not in PASS and kind != "、":
            if kind == "vbad" or kind == "vinsp":
                break
            return None
        if kind == "、" and not any(t[0] in VERBS for t in left):
            if j == left[0][2]:
                break  # 1个公众号、1个视频号运行: an entry of its own
            return None
    found = _right_noun(s, i, right)
    if found is not None:
        return None if found == "other" else (found, None, "")
    verb = first(left, LINK | {"of", "de"})
    elliptic = verb is not None and verb[0] in VERBS | {"to", "from"} or _summed(left)
    if (
        elliptic
        and s.topic[0] in OBJECTS
        and (s.closes(i) or first(right, QUIET | VERBS) or _only(right, QUIET | VERBS))
    ):
        return None, None, ""
    if verb is not None and verb[0] in ("vclose", "vopen") and s.topic[0] == "" and s.closes(i):
        return _noun_ahead(s, i)
    return None


def _noun_ahead(s: Sentence, i: int) -> tuple[str, None, str] | None:
    """市直关停7个、县区关停22个账号: the noun stands behind the next number, which has a verb of its own."""
    for k in range(i + 1, min(i + 8, len(s.toks))):
        if s.toks[k][K] == ",":
            return None
        if s.toks[k][K] == "num":
            found = _right_noun(s, k, s.right(k)) if any(t[0] in VERBS for t in s.left(k)) else None
            return (found, None, "") if found not in (None, "other") else None
    return None


def _summed(left: list) -> bool:
    return (
        bool(left)
        and all(t[0] in LINK and not t[3] for t in left)
        and any(t[0] == "sum" for t in left)
    )


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
    if right and right[0][0] == "、" and s.closes(i):
        return None  # 注销14个、合并5个: the list goes on with a verb or noun of its own
    right = right[described(s, right) :]
    for position, (kind, data, j, dirty) in enumerate(right):
        if kind in ("nm", "pl"):
            gap = s.toks[j][A] - s.toks[i][B]
            near = (
                not dirty
                or s.toks[j - 1][K] == "de"
                and not position
                or position
                and right[position - 1][0] == "de"
                and gap <= 30
                or not position
                and gap <= 6
                and _closing(s, i)
            )
            if not near or qualifies(s, j):
                return "other"
            if (
                kind == "pl"
                and j + 1 < len(s.toks)
                and s.toks[j + 1][K] == "nm"
                and s.toks[j + 1][A] == s.toks[j][B]
            ):
                return "other" if qualifies(s, j + 1) else data
            return data
        if (
            kind == "ot"
            or kind in ("ch", "item", "interp", "train", "worker")
            or not position
            and _body(s, i, right)
        ):
            return "other"
        if kind in VERBS and not attributive(right, position):
            break  # 督促7家单位注销账号: what follows a verb is its object, not what the number counts
    if right and right[0][0] not in VERBS | QUIET | {"of", "neg", "plan", "to", "cf"}:
        return "other"
    if not right or right[0][3]:
        return None if s.closes(i) else "other"
    return None


FEATURES = frozenset(
    "粉丝 阅读量 点击量 浏览量 访问量 用户 关注量 关注人数 用户数 订阅数 关注数 阅读 内容 更新 信息 信息更新 信息发布 发布".split()
)


def described(s: Sentence, right: list) -> int:
    """Where the account word of 3个粉丝少、更新慢的微博 stands in `right`: behind its 的; 0 when no feature describes it."""
    if (
        not right
        or right[0][3]
        or right[0][0] not in ("ot", "item", "pub")
        or s.text[s.toks[right[0][2]][A] : s.toks[right[0][2]][B]] not in FEATURES
    ):
        return 0
    for position in range(1, len(right)):
        kind, _, j, _ = right[position]
        if kind in ("nm", "pl"):
            return (
                position
                if right[position - 1][0] == "de" and s.toks[j - 1][B] == s.toks[j][A]
                else 0
            )
    return 0


def _body(s: Sentence, i: int, right: list) -> bool:
    """7家单位, 5个部门: bodies are counted, unless the account word follows at once (3个部门账号)."""
    word = s.text[s.toks[right[0][2]][A] : s.toks[right[0][2]][B]]
    if right[0][3] or word not in BODIES:
        return False
    return (
        s.toks[i][D].counter == "家" or len(right) < 2 or right[1][0] not in OBJECTS or right[1][3]
    )


BODIES = frozenset(("单位", "部门", "行政机关", "机关", "县", "市", "区", "政府"))


def attributive(right: list, position: int) -> bool:
    """The verb at `position` belongs to an attribute: a 的 follows before the account word (or it is 停更账号)."""
    if right[position][1] == "state":
        return True
    if right[position][0] == "vopen" and [
        t[0] in OBJECTS for t in right[position + 1 : position + 2]
    ] == [True]:
        return any(t[0] == "vreg" for t in right[position + 2 :])  # 11个新开账号备案
    for kind, *_ in right[position + 1 :]:
        if kind == "de":
            return True
        if kind in OBJECTS:
            return False
    return False


def _closing(s: Sentence, i: int) -> bool:
    """A closing verb in the clause lets an unknown attribute stand before the account word (6个低活跃度账号)."""
    return s.in_clause(i, frozenset(("vclose",)))


def qualifies(s: Sentence, j: int) -> bool:
    """The account word at j only qualifies a noun behind it: 45个政务新媒体主管单位."""
    end = s.toks[j][B]
    if j + 1 < len(s.toks) and s.toks[j + 1][A] == end:
        if s.toks[j + 1][K] == "item" and j + 2 < len(s.toks) and s.toks[j + 2][K] == "vreg":
            return False  # 账号信息备案
        return s.toks[j + 1][K] in ("ot", "worker", "interp", "item", "ch", "train")
    return s.text[end : end + 1] not in ("", "。", "”", "\n") and s.text.startswith(SUFFIXES, end)


SUFFIXES = (
    "主管",
    "运维",
    "管理",
    "单位",
    "编辑",
    "小编",
    "文章",
    "群",
    "联络",
    "信息",
    "粉丝",
    "矩阵",
    "工作",
    "栏目",
    "菜单",
    "后台",
    "开办",
)
# What may follow an account word that a verb governs, and words for accounts that ought not to be.
CONTINUING = ("，", "、", "。", "；", "等", "数", "总", "”", "\n", "共", "并", "）", ")")
DEFECTS = frozenset("僵尸 空壳 睡眠 休眠 低效 闲置 冗余 重复 长期 长期不更新".split())


def placed(s: Sentence, at: int) -> bool:
    """What stands before the account word in its clause ends in a place, a body or a scope word, or is empty."""
    start = s.toks[at][A]
    head = s.text[max(start - 24, s.start) : start]
    head = (
        head.rpartition("，")[2]
        .rpartition("；")[2]
        .rpartition(",")[2]
        .rpartition("、")[2]
        .removesuffix("有")
    )
    return not head or head.endswith(PLACES)


PLACES = ("省", "市", "区", "县", "州", "盟", "旗", "镇", "乡", "街道", "系统", "政府", "部门", "单位", "机关", "局", "厅", "委", "办", "底", "末", "日",
          "月", "年", "目前", "级", "辖区", "：", ":", "其中", "的", "原")  # fmt: skip
