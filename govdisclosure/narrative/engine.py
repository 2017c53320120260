"""Sections → figures: which rule reads which counter."""

from __future__ import annotations

from collections.abc import Sequence

from govdisclosure.model import Figure, Section
from govdisclosure.narrative import accounts, capacity, cases, disputes, publishing, rates
from govdisclosure.narrative.absent import absent
from govdisclosure.narrative.derived import recalled, summed
from govdisclosure.narrative.foreign import other_request
from govdisclosure.narrative.hotline import hotline
from govdisclosure.narrative.nouns import OBJECTS
from govdisclosure.narrative.sentence import Sentence
from govdisclosure.narrative.text import Compact
from govdisclosure.narrative.tokens import A, B, D, K
from govdisclosure.narrative.worth import report_year, worth

RULES = {
    **{c: (accounts.account, publishing.interpretation, capacity.training, hotline, cases.request, disputes.dispute) for c in "个家款"},
    **{c: (summed, hotline, disputes.dispute, cases.request, publishing.interpretation, publishing.items)
       for c in ("件", "件次", "件(次)", "宗", "起", "例", "份", "项", "笔", "单", "通", "封", "部", "幅", "组")},
    **{c: (publishing.interpretation, hotline, publishing.items, cases.request) for c in ("条", "条次", "篇", "篇次", "则")},
    **{c: (capacity.training, publishing.interpretation, hotline, disputes.dispute, cases.request)
       for c in ("期", "期次", "次", "场", "场次", "场(次)", "班次", "批次", "堂", "轮", "批")},
    **{c: (capacity.persons, capacity.staff, hotline) for c in ("人", "人次", "人(次)", "名", "位")},
    **{c: (capacity.fee,) for c in ("元", "万元", "亿元")},
    "%": (rates.rate,),
    "": (accounts.account, capacity.fee, disputes.dispute, cases.request, publishing.items),
}  # fmt: skip
# A rule is tried only where the sentence (or the topic before it) has one of its words.
NEEDS = {
    accounts.account: OBJECTS, hotline: frozenset(("hot",)), disputes.dispute: frozenset(("recon", "lit", "disp", "body")),
    cases.request: frozenset(("req", "oc", "co", "cf", "ap")), publishing.interpretation: frozenset(("interp", "interp_part")),
    publishing.items: frozenset(("pub", "item", "ch")), capacity.training: frozenset(("train",)),
    capacity.persons: frozenset(("train", "attend")), capacity.staff: frozenset(("worker", *capacity.STAFF)),
    capacity.fee: frozenset(("fee", "feev")), summed: frozenset(("sum",)), rates.rate: frozenset(("up", "down", "share", "rate", "vclose")),
}  # fmt: skip
READY = {counter: tuple((rule, NEEDS[rule]) for rule in rules) for counter, rules in RULES.items()}
TOPICS = frozenset(
    (
        "nm",
        "pl",
        "ot",
        "req",
        "recon",
        "lit",
        "disp",
        "hot",
        "fee",
        "interp",
        "interp_part",
        "train",
        "ch",
        "item",
    )
)
HEEDED = TOPICS | {"num", "(", ")", "ordinal", "body"}
CARRIED = frozenset(("nm", "pl", "req", "recon", "lit", "disp", "hot", "item"))
SHARED = frozenset(("pl", "oc", "ap", "res", "recon", "lit"))
LABELS = frozenset(
    (
        "pl",
        "oc",
        "ap",
        "res",
        "ch",
        "recon",
        "lit",
        "rate",
        "otherrate",
        "co",
        "cf",
        "interp_part",
        "rv",
        "cv",
    )
)


def extract(sections: Sequence[Section]) -> tuple[Figure, ...]:
    """The figures the prose prints, in reading order.

    `sections`: the prose of a report (tables removed, paragraphs joined by line feeds). Each Figure has its
    indicator (`INDICATORS`), platform or channel, value (None: a verb without a number; 0: the text says none),
    unit, period ('year', 'previous_year', 'earlier', 'cumulative', 'planned', 'quarter', 'half_year', 'month'),
    whether it is approximate, scope where said ('own_office', 'government', 'territory', else ''), its sentence, the
    span of the number (of the verb, when there is none) in the section's text, and the pattern that found it. ``note`` holds remarks, joined
    by "; ": sum_mismatch (a list that does not add up), combined (one number for several), negated, applied,
    range:3-5, named, concluded, shared, ordinal. Raises nothing for any text; the time is linear in its length.

    Source of the vocabulary: 国办发〔2018〕123号, 国办公开办函〔2021〕30号, 国办函〔2020〕109号.

    >>> from govdisclosure.model import Section
    >>> for f in extract([Section(1, "", "全年关停政务新媒体5个，其中微信公众号3个、微博2个。", "")]):
    ...     print(f.indicator, f.platform, f.value, f.pattern)
    new_media_closed all 5.0 P1
    new_media_closed wechat 3.0 P7
    new_media_closed weibo 2.0 P7
    """
    year = report_year(section.text for section in sections)
    figures: list[Figure] = []
    for section in sections:
        figures.extend(_section(section, year))
    return tuple(figures)


def _section(section: Section, year: int | None) -> list[Figure]:
    compact = Compact(section.text)
    text, figures, before = compact.text, [], ""
    for start, end in worth(text):
        sentence = Sentence(compact, section.number, start, end, year, before)
        read(sentence)
        figures.extend(sorted(sentence.figures, key=lambda figure: figure.start))
        before = sentence.topic[0] if sentence.topic[0] in CARRIED else ""
    return figures


def read(s: Sentence) -> None:
    """Find every figure of one sentence."""
    if "resp" in s.kinds:
        _deal(s)
    depth = 0
    for i, token in enumerate(s.toks):
        kind = token[K]
        if kind not in HEEDED:
            continue
        if kind == "num":
            if token[D] is not None:
                _number(s, i, token[D].counter)
        elif kind == "(":
            depth += 1
        elif kind == ")":
            depth -= 1
        elif kind == "ordinal":
            capacity.ordinal_session(s, i)
        elif kind == "body":
            s.topic = (
                (token[D], i) if "res" in s.kinds and "公开" in s.text[s.start : s.end] else s.topic
            )  # 法院判决维持5件
        elif kind != "ot" or depth <= 0 and not _beside(s, i):
            s.topic = ("ot" if kind == "req" and other_request(s, i) else kind, i)
    accounts.settle(s)
    absent(s)


def _number(s: Sentence, i: int, counter: str) -> None:
    if _average(s, i):
        return
    if "each" in s.kinds:
        for label in _shared(s, i):
            s.dealt[i] = label
            _apply(s, i, counter)
    if not s.dealt.get(i) or s.toks[i - 1][K] != "each":
        _apply(s, i, counter)


OTHER_CHANNELS = frozenset(
    "信箱 领导信箱 市长信箱 县长信箱 区长信箱 留言 网民留言 来信 提案 建议提案 人大代表建议 政协提案 人大建议 议案 建议 信访 信访件 网络问政 大厅 办事大厅 服务大厅 政务大厅 政务服务中心 许可 行政许可 "
    "一网通办 栏目 专栏 规范性文件 舆情 网站栏目 政民互动".split()
)


def _beside(s: Sentence, i: int) -> bool:
    """热线和市长信箱, 热线交办事项: an object joined to the topic, or in the hotline's own clause, does not replace it."""
    if s.topic[1] == i - 1 and s.text.startswith("方面", s.toks[i][A]):
        return True  # 行政诉讼方面
    if s.topic[0] in ("recon", "lit") and s.text.startswith("撤回", s.toks[i][A]):
        return True  # 申请人撤回后终止2件
    if s.topic[0] == "hot":
        clause = all(s.toks[j][K] not in (",", "num") for j in range(s.topic[1], i))
        return clause or s.text[s.toks[i][A] : s.toks[i][B]] not in OTHER_CHANNELS
    return s.topic[1] == i - 2 and i >= 2 and s.toks[i - 1][K] in ("、", "f")


def _average(s: Sentence, i: int) -> bool:
    """月均受理3000件, 平均每天12件: a mean is no total."""
    start = s.toks[i][A]
    if s.text.find("均", max(start - 10, s.start), start) < 0:
        return False
    clause = s.text[max(start - 10, s.start) : start]
    clause = clause.rpartition("，")[2]
    return (
        "均" in clause
        and clause.rpartition("均")[0][-1:] in ("月", "日", "年", "周", "平", "天")
        and s.toks[i][D].counter != "%"
    )


def _apply(s: Sentence, i: int, counter: str) -> None:
    if "neg" in s.kinds and i > 0 and s.toks[i - 1][K] == "neg" and data_is_one(s, i):
        return  # 未发生一起…: a zero, see absent
    if (
        s.base is not None
        and i - s.base[2] <= 8
        and counter == s.toks[s.base[2]][D].counter
        and recalled(s, i)
    ):
        return
    kinds = s.kinds
    for rule, needs in READY.get(counter, ()):
        if (not needs.isdisjoint(kinds) or s.before in needs) and rule(s, i):
            return


def data_is_one(s: Sentence, i: int) -> bool:
    """The number token prints one."""
    return s.toks[i][D].numeral.value == 1


def _deal(s: Sentence) -> None:
    """甲、乙、丙分别为 1、2、3 and 甲、乙各 1: give each number (or each label) its partner."""
    for j, token in enumerate(s.toks):
        if token[K] == "resp":
            labels, numbers = _labels_left(s, j), _numbers_right(s, j)
            if len(labels) == len(numbers) > 1:
                s.dealt.update(zip(numbers, labels))


def _shared(s: Sentence, i: int) -> list[int]:
    """The labels of 甲、乙各 NUM, when there are several."""
    if i == 0 or s.toks[i - 1][K] != "each" or s.toks[i - 1][B] != s.toks[i][A]:
        return []
    labels = [j for j in _labels_left(s, i - 1) if s.toks[j][K] in SHARED]
    return labels if len(labels) > 1 else []


def _labels_left(s: Sentence, j: int) -> list[int]:
    found, k = [], j - 1
    while (
        k >= 0
        and s.toks[k][B] == s.toks[k + 1][A]
        and s.toks[k][K] in LABELS | {"、", "f", "sum", "nm", "req", "item"}
    ):
        if s.toks[k][K] in LABELS and (
            not found or s.toks[k][K] == s.toks[found[-1]][K] or s.toks[k][K] in LABELS
        ):
            found.append(k)
        k -= 1
    return found[::-1]


def _numbers_right(s: Sentence, j: int) -> list[int]:
    found, k = [], j + 1
    while (
        k < len(s.toks)
        and s.toks[k][A] == s.toks[k - 1][B]
        and s.toks[k][K] in ("num", "、", ",", "f")
    ):
        if s.toks[k][K] == "num":
            found.append(k)
        k += 1
    return found
