"""Reconsideration and litigation on disclosure: cases and their results."""

from __future__ import annotations

from govdisclosure.narrative.cases import LINK, after_change, bare_allowed, changed, difference
from govdisclosure.narrative.foreign import disclosure_part, whole_docket
from govdisclosure.narrative.sentence import Sentence, first
from govdisclosure.narrative.tokens import A, B, D, K

CASES = frozenset(("件", "起", "宗", "例", "件次"))
DOCKETS = frozenset(("recon", "lit", "disp"))
DISPUTES = {"recon": "reconsideration", "lit": "litigation"}


def dispute(s: Sentence, i: int) -> bool:
    """Read number token i as reconsideration or litigation cases, or a result of them."""
    if s.last and s.last[1] == "docket" and s.toks[i][D].counter in CASES and disclosure_part(s, i):
        s.emit(s.last[0], i, "disputes")
        s.topic = (next(kind for kind, name in DISPUTES.items() if s.last[0].startswith(name)), i)
        s.last = None
        return True
    if (
        s.topic[0] not in DOCKETS
        and ("lit" in s.kinds or "recon" in s.kinds)
        and "公开" in s.text[s.start : s.end]
        and _counts_disputes(s, i)
    ):
        return True
    if s.topic[0] not in DOCKETS or s.toks[i][D].counter in (
        "人",
        "人次",
        "通",
        "封",
        "条",
        "单",
        "份",
    ):
        return False
    left, right = s.left(i), s.right(i)
    if s.toks[i][D].counter == "" and not bare_allowed(s, i, left) or difference(left):
        return False
    after = after_change(s, i, left) if "to" in s.kinds else None
    if after:
        s.emit(after, i, "disputes", period="year")
        return True
    channel = DISPUTES.get(s.topic[0])
    if "among" in s.kinds and channel:
        if whole_docket(s, i):
            s.last = (f"{channel}_cases", "docket", i)
            s.done.add(("docket", 0))
            return True
    return _named(s, i, left, right, channel)


def _named(s: Sentence, i: int, left: list, right: list, channel: str | None) -> bool:
    """The case or result that the word beside number token i names."""
    label = first(left, LINK | {"rv", "hv", "cv", "req"}) or first(right, LINK | {"rv", "hv", "cv"})
    if label is None and _happened(s, i, left):
        label = (s.topic[0], "", s.topic[1], False)
    if label is None:
        return False
    if label[0] == "els" and (ahead := first(right, LINK)) and ahead[0] == "res":
        label = ahead  # 其余2件正在审理
    kind, data, *_ = label
    if kind == "vclose" and channel and s.text.startswith("撤销", s.toks[label[2]][A]):
        kind, data = "res", "corrected"  # 其中1件被撤销
    if kind in ("res", "els", "oc") and ("docket", 0) in s.done:
        return True  # results of every kind of case
    if kind in ("res", "els") and channel:
        s.emit(f"{channel}_{data if kind == 'res' else 'other'}", i, "disputes")
    elif kind == "oc" and data == "other" and channel:
        s.emit(f"{channel}_other", i, "disputes")
    elif kind in DISPUTES | {"disp": ""} and not _on_disclosure(s):
        return False
    elif kind in DISPUTES:
        s.emit(f"{DISPUTES[kind]}_cases", i, "disputes", period=changed(left, right))
        s.last = (f"{DISPUTES[kind]}_cases", "all", i)
        s.done.discard(("docket", 0))
        return True
    elif kind == "disp" and left and left[0][0] == "each":  # 行政复议、行政诉讼各1件
        for name in DISPUTES.values():
            s.emit(f"{name}_cases", i, "disputes")
    elif kind == "disp":
        s.emit("disputes_cases", i, "disputes", note="combined")
    else:
        return False
    s.last = None
    return True


def _counts_disputes(s: Sentence, i: int) -> bool:
    """发生2起行政诉讼, 在涉及我局的5件行政复议案件中: the noun stands behind its number."""
    right = s.right(i)
    noun = first(right, frozenset(("f", "de")))
    if (
        noun is None
        or noun[0] not in DISPUTES
        or first(s.left(i), LINK | {"rv", "hv", "num"}) is not None
    ):
        return False
    end = s.toks[noun[2]][B]
    if not s.closes(noun[2]) and s.text[end : end + 1] != "中" or s.toks[i][D].counter not in CASES:
        return False
    s.emit(f"{DISPUTES[noun[0]]}_cases", i, "disputes")
    return True


def _happened(s: Sentence, i: int, left: list) -> bool:
    """行政诉讼方面，共发生3起: the clause has only a verb of happening, the one before it names the cases."""
    quiet = all(t[0] in LINK and not t[3] for t in left) and any(t[0] == "happen" for t in left)
    return (
        quiet
        and s.closes(i)
        and s.topic[0] in DISPUTES
        and all(s.toks[k][K] != "num" for k in range(s.topic[1], i))
    )


def _on_disclosure(s: Sentence) -> bool:
    """办理行政复议126件 is the work of a reconsideration office; disclosure cases say so, or the agency is the one challenged."""
    return (
        "happen" in s.kinds
        or s.kinds.isdisjoint(("hv", "rv"))
        or "公开" in s.text[s.start : s.end]
        or s.section == 4
    )
