"""Items published (by channel) and policy interpretations."""

from __future__ import annotations

from govdisclosure.narrative.nouns import FEATURES
from govdisclosure.narrative.sentence import Sentence, first
from govdisclosure.narrative.tokens import A, B, D, K

COUNTERS = frozenset(("条", "条次", "篇", "篇次", "则", "份", "件", ""))
INTERPRETATION_COUNTERS = frozenset(
    ("条", "篇", "件", "份", "期", "个", "次", "部", "则", "项", "幅", "场", "组", "条次", "篇次")
)
LINK = frozenset(
    ("f", "de", "sum", "time", "date", "scope", "among", ":", "resp", "each", "to", "from", "q")
)
CHANNELS = frozenset(("ch", "pl", "nm"))
GENERAL = frozenset(
    (
        "f",
        "sum",
        "time",
        "date",
        "scope",
        "de",
        "pub",
        "item",
        "ch",
        "pl",
        "nm",
        ":",
        "among",
        "q",
        "each",
        "resp",
    )
)


def interpretation(s: Sentence, i: int) -> bool:
    """Read number token i as policy interpretations; 文件及解读 together and gazette reprints are left out."""
    if s.toks[i][D].counter not in INTERPRETATION_COUNTERS:
        return False
    left, right = s.left(i), s.right(i)
    label = first(left, LINK | {"pub", "item"})
    if label is None or label[0] not in ("interp", "interp_part"):
        label = None if label else first(right, LINK)
        if (
            label is None
            or label[0] not in ("interp", "interp_part")
            or not _ends_noun(s, label[2])
        ):
            return False
    if (
        _counted_together(s, label[2])
        or _reprinted(s, i)
        or any(s.text.startswith(("转载", "转发"), s.toks[t[2]][A]) for t in left)
    ):
        s.done.add(i)
        return False
    if label[0] == "interp_part" and "interp" in s.done:
        s.done.add(i)
        return False  # a kind of the whole that was given before it
    note = s.text[s.toks[label[2]][A] : s.toks[label[2]][B]] if label[0] == "interp_part" else ""
    s.emit("interpretations", i, "interpretations", note=note)
    if label[0] == "interp":
        s.done.add("interp")
    s.last = None
    return True


def _ends_noun(s: Sentence, j: int) -> bool:
    """The label at j is the counted noun itself: nothing but a mark or a known word follows."""
    return (
        s.closes(j)
        or j + 1 < len(s.toks)
        and s.toks[j + 1][A] == s.toks[j][B]
        and s.toks[j + 1][K] in ("item", "f", "num")
    )


def _counted_together(s: Sentence, j: int) -> bool:
    """文件及解读材料 NUM: documents and interpretations in one number."""
    k = j - 1
    joined = (
        k >= 0
        and s.toks[k][K] in ("f", "、")
        and s.text[s.toks[k][A] : s.toks[k][B]] in ("及", "和", "与", "、", "以及", "及其")
    )
    if not joined or s.toks[k][B] != s.toks[j][A]:
        return False
    return (
        k > 0
        and s.toks[k - 1][B] == s.toks[k][A]
        and s.toks[k - 1][K] in ("ot", "item", "q")
        or (k == 0 or s.toks[k - 1][B] != s.toks[k][A])
        and s.text[s.toks[k][A] - 2 : s.toks[k][A]] in ("公文", "文件", "政策", "法规")
    )


def _reprinted(s: Sentence, i: int) -> bool:
    return any(s.toks[j][K] == "ch" and s.toks[j][D] == "gazette" for j in range(max(0, i - 40), i))


def items(s: Sentence, i: int) -> bool:
    """Read number token i as items published, whole or by channel; a named subject (预决算信息 NUM条) is no total."""
    if (
        s.toks[i][D].counter not in COUNTERS
        or i in s.done
        or s.in_clause(i, frozenset(("recon", "lit", "hot", "res")))
    ):
        return False
    if s.toks[i][D].counter == "" and i not in s.dealt:
        return False
    left, right = s.left(i), s.right(i)
    if "items" in s.done and _subject_part(s, i) and not _of_this_year(s, i):
        return False
    if i not in s.dealt and any(t[0] == "resp" for t in left):
        return False  # 分别发布310条、220条: whose the numbers are is not said, or not understood
    move = first(left, LINK)
    if move is None or move[0] in ("up", "down", "cmp"):
        return _counted_right(s, i, left, right) if move is None else False
    if move[0] == "、":
        return _counted_right(s, i, left, right)
    if s.toks[i][D].counter in ("件", "份") and not any(t[0] == "item" for t in left):
        return False
    if move[0] in CHANNELS:
        return _channel_part(s, i, move)
    if (
        move[0] == "item"
        and _plain_noun(s, left, move)
        or move[0] == "pub"
        and _plain_verb(s, i, move, right)
    ):
        return _emit(s, i, left)
    return False


def _subject_part(s: Sentence, i: int) -> bool:
    """其中概况类信息更新量 NUM 条 behind a total: a part by subject, unless its clause names a channel."""
    if s.last is None or not any(s.toks[j][K] == "among" for j in range(max(s.last[2], i - 40), i)):
        return (
            s.last is None
            and any(s.toks[j][K] == "among" for j in range(max(0, i - 40), i))
            and not s.in_clause(i, CHANNELS)
        )
    return not s.in_clause(i, CHANNELS)


def _of_this_year(s: Sentence, i: int) -> bool:
    """累计公开1326条，其中今年公开284条: the part of a cumulative total that is this year's."""
    return s.whole == "cumulative" and any(
        t[0] in ("time", "date") and s.period(i) == "year" for t in s.left(i)
    )


def _counted_right(s: Sentence, i: int, left: list, right: list) -> bool:
    """发布 NUM 条信息."""
    noun, verb = first(right, LINK), first(left, LINK | {"、"})
    if noun and noun[0] == "item" and s.closes(noun[2]) and verb and verb[0] == "pub":
        return _emit(s, i, left)
    return False


def _plain_noun(s: Sentence, left: list, label: tuple) -> bool:
    """信息 preceded by a verb, 各类, 等 or a channel, not by a subject of its own; a verb of publishing in reach."""
    position, end = s.toks[label[2]][A], s.toks[label[2]][B]
    if s.text.startswith(("的", "类"), end) and s.text.endswith("公开", position, end):
        return False  # 投诉30件，其中涉及政府信息公开的2件: what the cases are about
    for kind, _, j, _ in left:
        if j >= label[2]:
            continue
        if s.toks[j][B] != position:
            return False
        word = s.text[s.toks[j][A] : s.toks[j][B]]
        if word == "专题":
            return False
        if kind == "pub" or word in ("等各类", "各类", "等各项", "新增"):
            return True
        if kind in CHANNELS and s.toks[j][B] == s.toks[label[2]][A]:
            return _published(s, label[2])
        if word == "等":  # 等信息 closes a list of subjects: a whole only where the text says so
            return _whole(s, left, label)
        if kind == "、" and j and s.toks[j - 1][K] in CHANNELS and s.toks[j + 1][K] in CHANNELS:
            position = s.toks[j][A]
            continue
        if kind not in GENERAL:
            return kind == "、" and _verb_before(s, left, j)
        position = s.toks[j][A]
    edge = left[-1][2]
    if (
        position == s.toks[label[2]][A]
        and edge == label[2]
        and edge
        and s.toks[edge - 1][B] != position
    ):
        return False  # 招投标信息89条: a subject we have no word for
    return _published(s, label[2])


def _whole(s: Sentence, left: list, label: tuple) -> bool:
    """全年共…等信息, 等政府信息: the text calls it the year's whole, not a subject."""
    return "政" in s.text[s.toks[label[2]][A] : s.toks[label[2]][B]] or any(
        t[0] == "sum" or t[0] == "time" and t[1] in ("year", "cumulative")
        for t in s.left_all(label[2])
    )


def _verb_before(s: Sentence, left: list, j: int) -> bool:
    return s.toks[j - 1][K] == "item" and any(t[0] == "pub" and t[2] < j for t in left)


def _published(s: Sentence, j: int) -> bool:
    """The noun itself speaks of publishing (公开信息, 信息公开) or a verb stands before it in the sentence."""
    return s.text[s.toks[j][A] : s.toks[j][B]].find("公开") >= 0 or any(
        t[K] == "pub" for t in s.toks[max(j - 30, 0) : j]
    )


def _plain_verb(s: Sentence, i: int, label: tuple, right: list) -> bool:
    """发布 NUM 条 without a noun: an item noun or a channel was named, and no other noun follows."""
    if (
        right
        and (right[0][0] not in LINK | {"item", "、"} or right[0][3])
        or not right
        and not s.closes(i)
    ):
        return False
    for j in range(label[2] - 1, max(label[2] - 30, -1), -1):
        kind = s.toks[j][K]
        if kind in CHANNELS or kind == "item":
            return True
        if (
            kind in ("ot", "interp", "req", "hot", "train")
            and s.text[s.toks[j][A] : s.toks[j][B]] not in FEATURES
        ):
            return False
    return s.before == "item"


def _emit(s: Sentence, i: int, left: list) -> bool:
    platform, note = channel(s, i)
    index = s.emit("items_published", i, "items", platform=platform, note=note)
    s.whole = s.figures[index].period
    s.last = s.base = ("items_published", platform, i)
    s.done.add("items")
    return True


def _channel_part(s: Sentence, i: int, label: tuple) -> bool:
    """其中网站 NUM 条、微信 NUM 条: a channel alone before the number, after a total or a verb of publishing."""
    if s.toks[i][D].counter not in ("条", "篇", "条次", "篇次", "则", "") or not (
        "items" in s.done or _published(s, label[2])
    ):
        return False
    kind, data, j, _ = label
    several = (
        j > 1
        and s.toks[j - 1][K] in ("、", "f")
        and s.toks[j - 2][K] in CHANNELS
        and s.toks[j - 1][B] == s.toks[j][A]
    )
    if several and i not in s.dealt:
        data, note = "all", "combined"
    else:
        note = ""
    s.emit(
        "items_published",
        i,
        "items",
        platform="new_media" if kind == "nm" else data,
        note=note,
        period=s.whole,
    )
    s.done.add("items")
    s.last = ("items_published", data, i)
    return True


def _measured(s: Sentence, j: int) -> bool:
    """粉丝量突破12万, 总访问量达86万人次: number token j measures the channel; what follows is still the channel's."""
    if s.text[s.toks[j][A] - 1] == "均":
        return True  # 日均3条
    near = first(s.left(j), frozenset(("f", "sum", "time")))
    return (
        bool(near)
        and near[0] == "ot"
        and s.text[s.toks[near[2]][A] : s.toks[near[2]][B]] in FEATURES
    )


def channel(s: Sentence, i: int) -> tuple[str, str]:
    """(platform, note) of the channels named before token i and after the number before it; several are 'all'."""
    found: list[str] = []
    for j in range(i - 1, max(i - 1 - 40, -1), -1):
        kind, data = s.toks[j][K], s.toks[j][D]
        if kind == "num" and (data is None or data.counter in COUNTERS and not _measured(s, j)):
            break
        if kind in CHANNELS:
            found.append("new_media" if kind == "nm" else data)
        elif kind == "q" and data == "new_media":
            found.append(data)  # “两微一端”
    names = set(found) - {"all"}
    if (
        "new_media" in names
        and len(names) > 1
        and names <= {"new_media", "wechat", "weibo", "douyin", "video_account", "toutiao"}
    ):
        names = names - {"new_media"} if len(names) == 2 else {"new_media"}
    if not names:
        return "all", ""
    return (names.pop(), "") if len(names) == 1 else ("all", "combined")
