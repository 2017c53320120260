"""Training, staff and the information processing fee."""

from __future__ import annotations

from govdisclosure.narrative.foreign import other_training
from govdisclosure.narrative.sentence import Sentence, first
from govdisclosure.narrative.tokens import A, B, D, K

SESSIONS = frozenset(("场", "场次", "场(次)", "次", "期", "期次", "班次", "批次", "个", "堂", "轮"))
PERSONS = frozenset(("人", "人次", "人(次)", "名", "位"))
MONEY = {"元": 1.0, "万元": 1e4, "亿元": 1e8}
LINK = frozenset(
    ("f", "de", "sum", "time", "date", "scope", "among", ":", "item", "q", "worker", "hv", "of")
)
STAFF = {"full_time": "staff_full_time", "part_time": "staff_part_time", "both_time": "staff"}


def training(s: Sentence, i: int) -> bool:
    """Read number token i as training sessions."""
    if s.toks[i][D].counter not in SESSIONS:
        return False
    left, right = s.left(i), s.right(i)
    if first(left, LINK) and first(left, LINK)[0] in ("up", "down", "cmp"):
        return False
    label = first(left, LINK)
    if label is None or label[0] != "train":
        if label is not None and label[0] not in ("rv", "vopen", "pub") and label[0] != "、":
            return False
        if not _right_training(s, i, right):
            return False
    if label is not None and label[0] == "train" and other_training(s, label[2]):
        s.done.add(("other", i))
        return False
    if any(s.text.startswith(ATTENDING, s.toks[t[2]][A]) for t in left) or s.text[
        s.start : s.toks[i][A]
    ].endswith(ATTENDING):
        return False
    s.emit("training_sessions", i, "training")
    return True


ATTENDING = ("参加", "参与", "派员", "选派")  # another body held the training


def _right_training(s: Sentence, i: int, right: list) -> bool:
    """NUM 期…培训班: 培训 is the last noun of the phrase, and close by."""
    loose = s.toks[i][D].counter not in ("个", "次")
    for kind, _, j, dirty in right:
        if kind in ("staffv", "ch", "of") or (dirty or kind == "scope") and not loose:
            return False
        if kind == "train":
            return (
                s.toks[j][A] - s.toks[i][B] <= 24
                and not other_training(s, j)
                and (
                    s.closes(j)
                    or s.toks[min(j + 1, len(s.toks) - 1)][K] in ("f", "num", "attend", ")")
                )
            )
        if kind in ("、", "ot") and s.toks[j][A] - s.toks[i][B] < 2:
            return False
    return False


def ordinal_session(s: Sentence, i: int) -> None:
    """举办第六期培训班 is one session, whatever its number."""
    if s.toks[i][D] not in ("期", "次", "场", "批", "轮") or not any(
        t[0] == "train" for t in s.right(i)
    ):
        return
    s.emit("training_sessions", i, "training", value=1.0, note="ordinal")


def persons(s: Sentence, i: int) -> bool:
    """Read number token i as persons trained: 培训 or 参训 in reach, and no noun between."""
    if s.toks[i][D].counter not in PERSONS or not _on_training(s, i):
        return False
    left, right = s.left(i), s.right(i)
    sent = any(
        s.text.startswith(SENDING[:3], s.toks[t[2]][A] - 2) for t in left if t[2]
    ) or s.text.endswith(SENDING, s.start, s.toks[i][A])
    if sent or _of_other(s, i):
        return False
    label = _taught(s, i, left) or first(left, LINK | {"cv", "num", "vstock"})
    if label is not None and label[0] not in ("train", "attend"):
        return False
    if (
        label is not None
        and label[0] == "train"
        and left[-1][0] == "f"
        and s.text.startswith(ATTENDING, s.toks[left[-1][2]][A])
    ):
        return False  # 参加市级业务培训3人次: staff sent to others' training
    if label is None:
        if left and left[0][3] or any(t[3] and t[0] not in ("f",) for t in left[:2]):
            return False
        ahead = next((t for t in right if t[0] in ("train", "attend")), None)
        if (ahead is None or ahead[3]) and not _alone(s, i, left, right):
            return False
    held = next((f.period for f in reversed(s.figures) if f.indicator == "training_sessions"), None)
    s.emit(
        "persons_trained", i, "persons", period=held
    )  # 培训6次，累计培训1200人次: of those sessions
    return True


def _of_other(s: Sentence, i: int) -> bool:
    """安全生产培训12期，培训850人次: persons behind a session of other training belong to it, up to the next ；."""
    at = max((j for _, j in filter(_is_mark, s.done) if j < i), default=-1) if s.done else -1
    return (
        at >= 0
        and "；" not in s.text[s.toks[at][B] : s.toks[i][A]]
        and not any(t[K] == "num" and t[D] and t[D].counter in SESSIONS for t in s.toks[at + 1 : i])
    )


def _is_mark(mark: object) -> bool:
    return isinstance(mark, tuple) and mark[0] == "other"


SENDING = ("选派", "派出", "选送", "抽调", "选派了", "组织选派", "推荐")


def _taught(s: Sentence, i: int, left: list) -> tuple | None:
    """培训各单位业务骨干260人次: the people taught stand between 培训 and their number, whatever they are called."""
    known = frozenset(("f", "scope", "worker", "ot", "time", "sum"))
    near = next((t for t in left if t[0] not in known), None)
    if (
        near is None
        or near[0] != "train"
        or s.toks[i][A] - s.toks[near[2]][B] > 16
        or other_training(s, near[2])
    ):
        return None
    alone = near[2] == 0 or s.toks[near[2] - 1][K] in (",", "time", "sum", "f", "num", "、", "(")
    return (
        (*near[:3], False)
        if alone and s.text.startswith(("培训", "轮训"), s.toks[near[2]][A])
        else None
    )


def _on_training(s: Sentence, i: int) -> bool:
    return "训" in s.text[s.start : s.end] and any(
        s.toks[j][K] in ("train", "attend") for j in range(max(i - 30, 0), min(i + 8, len(s.toks)))
    )


def _alone(s: Sentence, i: int, left: list, right: list) -> bool:
    """培训2期、120人次: the number stands alone between two marks, right behind the sessions."""
    last = (
        right[-1][2] if right and s.toks[right[-1][2]][A] - s.toks[i][B] < 10 else None
    )  # 46名干部职工参加
    came = last is not None and s.closes(last) and s.text.startswith("参", s.toks[last][A])
    return (
        (came or s.closes(i) and not right)
        and (not left or left[0][0] != "、" or not came)
        and all(t[0] in LINK | {"、"} for t in left)
        and any(f.indicator == "training_sessions" for f in s.figures)
    )


def staff(s: Sentence, i: int) -> bool:
    """Read number token i as disclosure staff."""
    counter = s.toks[i][D].counter
    if counter not in ("人", "名", "位"):
        return False
    left, right = s.left(i), s.right(i)
    label = first(left, LINK - {"worker", "de"} | {"de"})
    ahead = first(right, LINK - {"worker"})
    code, pattern = _staff_code(s, i, left, label, ahead)
    if code is None or any(t[0] in ("each", "train", "attend") for t in left[:3]):
        return False
    s.emit(code, i, pattern)
    return True


def _staff_code(
    s: Sentence, i: int, left: list, label: tuple | None, ahead: tuple | None
) -> tuple[str | None, str]:
    if (
        ahead
        and ahead[0] in STAFF
        and left
        and left[0][0] in ("f", "、")
        and s.toks[i][B] == s.toks[ahead[2]][A]
    ):
        return STAFF[ahead[0]], "staff"  # 2名专职人员和1名兼职人员
    if label and label[0] in STAFF:
        return STAFF[label[0]], "staff"
    if ahead and ahead[0] in STAFF:
        return STAFF[ahead[0]], "staff"
    if (
        label
        and label[0] == "worker"
        and s.toks[label[2] - 1][K] in STAFF
        and s.toks[label[2] - 1][B] == s.toks[label[2]][A]
    ):
        return STAFF[s.toks[label[2] - 1][K]], "staff"  # 专职政务公开人员8名
    if (
        label
        and label[0] == "worker"
        and "公开" in s.text[s.toks[label[2]][A] : s.toks[label[2]][B]]
        and not any(t[0] in ("train", "attend") for t in left)
    ):
        return "staff", "staff"  # 政务公开工作人员共计86人
    worker = next((t for t in left[:4] if t[0] == "worker" and not t[3]), None)
    on_disclosure = _on_disclosure(s)
    if (
        worker
        and on_disclosure
        and any(t[0] in ("staffv", "vstock") for t in left if t[2] < worker[2])
    ):
        return "staff", "staff"
    if (
        ahead
        and ahead[0] == "worker"
        and on_disclosure
        and label
        and label[0] in ("staffv", "vstock")
    ):
        return "staff", "staff"
    return None, ""


def _on_disclosure(s: Sentence) -> bool:
    sentence = s.text[s.start : s.end]
    return "公开" in sentence


def fee(s: Sentence, i: int) -> bool:
    """Read number token i as the information processing fee, in 元."""
    counter = s.toks[i][D].counter
    if counter not in MONEY and not (
        counter == "" and s.toks[i][D].numeral.value == 0 and s.closes(i)
    ):
        return False
    left = s.left(i)
    charged = (
        "req" in s.kinds and left and left[0][0] == "feev" and not left[0][3]
    )  # 收到0件政府信息公开申请，收费0元
    if (
        not charged
        and not any(t[K] == "fee" for t in s.toks[:i])
        and not any(t[0] == "fee" for t in s.right(i)[:4])
    ):
        return False
    if any(t[0] == "oldfee" for t in left) or any(t[0] in ("up", "down", "cmp") for t in left[:2]):
        return False
    if "fee" in s.done:
        return True  # the split by county or by case after the total
    value = round(s.toks[i][D].numeral.value * MONEY.get(counter, 1.0), 2)
    s.emit("processing_fee", i, "fee", value=value)
    s.done.add("fee")
    return True
