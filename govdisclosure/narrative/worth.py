"""Which sentences are worth reading, and the year a report speaks of.

Two searches run over the text side by side, each from sentence to sentence: one for numbers with a counter, one for nouns.
What has neither is never looked at again. The tests here only spare time: what they let through is still read by the rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from govdisclosure.narrative.text import MAX_SENTENCE, STOPS, pieces

# A sentence is read when a number with a counter meets a word that counter can count …
_NUMBER = re.compile(
    r"[0-9零〇一二两三四五六七八九十百千万亿余多来](?:(?P<a>[个家款])|(?P<c>[件份宗起例项通笔单])|(?P<i>[条篇则])|(?P<s>[期次场轮堂]|班次|批次)|(?P<p>[人名位])"
    r"|(?P<y>元)|(?P<r>[%％])|(?P<z>[至到降减增压精整]|分之|[，,。；;、)）\n](?<=[为计是：:][0零].)|$(?<=[为计是：:][0零])))"
)
_MEDIA = (
    "新媒体|公众号|微信|微博|抖音|账号|帐号|客户端|小程序|视频号|头条|APP|官微|政务号|订阅号|服务号"
)
_CASES = "申请|复议|诉讼|热线|12345|予以公开|部分公开|不予公开|无法提供|不予处理|结转"
_GATES = {
    "a": f"{_MEDIA}|解读|图解|培训|{_CASES}|关停|注销|备案|清理|保留",
    "c": f"{_CASES}|解读|图解|信息\\d|信息共|信息稿|政府信息|公开信息|政务信息|各类信息",
    "i": "发稿|发文|稿件|推文|图文|文章|新媒体|公众号|公开|发布|更新|推送|刊发|信息|解读|图解|申请|博文|热线|复议",
    "s": "培训|解读|热线|复议|诉讼",
    "p": "培训|参训|受训|专职|兼职|工作人员|专人|人员|信息员|经办",
    "y": "费",
    "r": f"{_MEDIA}|{_CASES}|信息",
    "z": f"{_MEDIA}|{_CASES}|培训|费",
}
_GATE = {kind: re.compile(words).search for kind, words in _GATES.items()}
# … or when a noun meets a word that means something without a number: a negation, or an account word with a verb.
_NOUN = re.compile(f"{_MEDIA}|申请|复议|诉讼|费")
_IS_MEDIA = re.compile(_MEDIA).search
_NONE = re.compile(
    "(?:[未无零]|没有|不).{0,30}?(?:申请|复议|诉讼|处理费|收费|费用|新增|开设|开通|政务新媒体)|费.{0,10}[未无零没不]|零发生"
).search
_VERB = re.compile(
    "新开|新设|增设|增开|创办|并入|关停|注销|关闭|停用|停止运|清理|整合|归集|归并|撤|合并|开通|开设|新增|开办|上线|入驻|新建|创建|注册|下线|停运|精简|压减|压缩"
).search
_STOP = re.compile(f"[{STOPS}]").search
_YEARS = re.compile(r"20\d\d(?<![较比与至到转自]20\d\d)(?=年(?!以来))", re.ASCII)


def worth(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences to read; oversized ones in pieces."""
    numbers, noun, low = _NUMBER.finditer(text), _NOUN.search(text), 0
    number, stops = next(numbers, None), [stop for stop in STOPS if stop in text]
    while number or noun:
        at = min(
            number.start() if number else noun.start(), noun.start() if noun else number.start()
        )
        start = max([text.rfind(stop, low, at) for stop in stops], default=-1) + 1 or low
        end = _STOP(text, at)
        low = end.start() if end else len(text)
        kinds = set()
        while number and number.start() < low:
            kinds.add(number.lastgroup)
            number = next(numbers, None)
        named = noun is not None and noun.start() < low
        if low - start > MAX_SENTENCE:
            yield from _pieces(text, start, low)
        elif (
            any(_GATE[kind](text, start, low) for kind in kinds)
            or named
            and _speaks(text, start, low)
        ):
            yield start, low
        if named:
            noun = _NOUN.search(text, low)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for piece in pieces(text, start, end):
        kinds = {found.lastgroup for found in _NUMBER.finditer(text, *piece)}
        if (
            any(_GATE[kind](text, *piece) for kind in kinds)
            or _NOUN.search(text, *piece)
            and _speaks(text, *piece)
        ):
            yield piece


def _speaks(text: str, start: int, end: int) -> bool:
    """A negation before the noun, or an account word with a verb: figures without a number."""
    return bool(_NONE(text, start, end) or _IS_MEDIA(text, start, end) and _VERB(text, start, end))


def report_year(texts: Iterable[str]) -> int | None:
    """The year most named; of several the latest. Only used to tell this year's figures from earlier ones."""
    counts = Counter(year for text in texts for year in _YEARS.findall(text))
    return int(max(counts, key=lambda year: (counts[year], year))) if counts else None
