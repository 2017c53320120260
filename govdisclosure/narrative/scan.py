"""A sentence → its tokens: numbers with their counters, dates, names in quotation marks, stops and the words of `words`.

Every character is looked at a bounded number of times: names are capped, words are looked up by their first letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from govdisclosure.narrative.words import CHINESE_COUNTERS, COUNTERS, WORDS
from govdisclosure.numbers import Numeral, parse_numeral


class Token(NamedTuple):
    """``kind`` of `WORDS`, or number, date, ordinal, name, or a stop (one of ,;:()、). ``start``/``end`` in the text."""

    kind: str
    start: int
    end: int
    value: float | None = None
    counter: str = ""
    approximate: bool = False
    stop: int = 0  # of a number: where what follows its counter begins


LONGEST_NAME = 40
_CN = "零〇一二两三四五六七八九十百千万亿"


_COUNTERS = " ".join(COUNTERS.values())


def _either(words: str) -> str:
    return "|".join(re.escape(w) for w in sorted(words.split(), key=len, reverse=True))


_CORE = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,15})(?:\.\d{1,6})?"
_NUMBER = rf"{_CORE}(?:[余多来]?(?:[百千]?[万亿]{{1,2}}|[百千](?=[余多个条件人元篇次])))?"
_BLOCK = 12


def _by_letter(words: Iterable[str]) -> dict[str, list[str]]:
    ends: dict[str, list[str]] = {}
    for word in words:
        ends.setdefault(word[:1], []).append(word[1:])
    return ends


def _trie(words: Iterable[str]) -> str:
    """A pattern for many words that looks at each letter once and prefers the longest word."""
    ends = _by_letter(words)
    branches = [re.escape(letter) + _trie(rest) for letter, rest in ends.items() if letter]
    branches += [""] if "" in ends and branches else []
    return f"(?:{'|'.join(branches)})" if len(branches) > 1 else "".join(branches)


def _blocks(words: Iterable[str]) -> str:
    """A trie that finds its way to a first letter by blocks of letters."""
    ends = list(_by_letter(words).items())
    blocks = [dict(ends[i : i + _BLOCK]) for i in range(0, len(ends), _BLOCK)]
    return "|".join(
        f"(?=[{re.escape(''.join(block))}]){_trie(letter + end for letter in block for end in block[letter])}"
        for block in blocks
    )


_KIND = {word: kind for kind, words in reversed(WORDS.items()) for word in words.split()}
_OPENING = re.escape("".join(dict.fromkeys(word[0] for word in _KIND)))
_TOKEN = re.compile(
    rf"(?P<name>“[^”“\n]{{1,{LONGEST_NAME}}}”|「[^」\n]{{1,{LONGEST_NAME}}}」|\"[^\"\n]{{1,{LONGEST_NAME}}}\"|《[^》\n]{{1,80}}》|〔[^〕\n]{{1,10}}〕\d{{0,4}}号?)"
    r"|(?P<date>(?:(?:19|20)\d\d年度?(?:第?[一二三四]季度|上半年|下半年)?(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?)(?:底|末|份|初)?)"
    rf"|(?P<ordinal>第(?:\d{{1,4}}|[{_CN}]{{1,5}})(?:期|次|场|批|轮|号|条|项|个|款|章)?)"
    r"|(?P<hot>12345(?![\d.,余多万条件个篇次人元%]))"
    rf"|(?P<number>{_NUMBER}(?:(?:[-~—–－～]{{1,2}}|至|到){_NUMBER})?)(?P<vague>[余多来])?(?P<counter>{_either(' '.join(COUNTERS.values()))})?(?P<over>以上|左右)?"
    rf"|(?<![统同某每任单逐唯万另数第])(?P<chinese>[{_CN}]{{1,18}})(?P<vaguely>[余多来])?(?P<counted>{_either(CHINESE_COUNTERS)})(?![是要性号])"
    rf"|(?P<stop>[,，、；;：:()（）。！？!?])|(?=[{_OPENING}])(?P<word>{_blocks(_KIND)})",
    re.ASCII,
)
_PLAIN = {"件（次）": "件(次)", "人（次）": "人(次)", "场（次）": "场(次)"}
_TITLES = {"公报》": "gazette", "报》": "press", "》": "title"}
_STOPS = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", **dict.fromkeys("。！？!?", ".")}
_VAGUE = ("约", "近", "超", "逾", "突破", "超过", "不少于", "至少")


_new = tuple.__new__  # a word's token, without the cost of its defaults


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """Tokens of ``text[start:end]`` in order; what no token covers is looked at by its letters only."""
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text, start, end):
        group = found.lastgroup
        if group == "word":
            start, end = found.span()
            tokens.append(_new(Token, (_KIND[found[0]], start, end, None, "", False, 0)))
        else:
            tokens.append(_READERS.get(group or "", _number)(found, found.start(), found.end()))
    return tokens


def worth(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a paragraph that may hold a figure, and the one before each where it names a channel."""
    before: tuple[int, int] | None = None
    for sentence in _SENTENCE.finditer(text, start, end):
        if _FIGURE.search(text, *sentence.span()):
            if before:
                yield before
            yield sentence.span()
            before = None
        else:
            before = sentence.span() if _CHANNEL.search(text, *sentence.span()) else None


def _stop(found: re.Match, start: int, end: int) -> Token:
    return Token(_STOPS.get(found[0], found[0]), start, end)


def _name(found: re.Match, start: int, end: int) -> Token:
    name = found[0]
    kind = next((kind for title, kind in _TITLES.items() if name.endswith(title)), "name")
    return Token(_KIND.get(name[1:-1], kind), start, end)


def _dated(found: re.Match, start: int, end: int) -> Token:
    return Token(found.lastgroup or "", start, end, counter=found[0][-1])


_READERS = {"stop": _stop, "name": _name, "hot": _dated, "date": _dated, "ordinal": _dated}
_CHANNEL = re.compile("网|微|媒|抖音|公报|平台")
_SENTENCE = re.compile("[^。！？!?]+[。！？!?]?|[。！？!?]")
_FIGURE = re.compile(
    r"[0-9零无未]|没有|不存在|[一二两三四五六七八九十百千万亿余多][个家款件条篇次期场班批人名位项份宗起例则部幅通单笔元]|关停|注销|关闭|停用|整合|合并|归并|开[设通]|新增|上线|下线",
    re.ASCII,
)


def _number(found: re.Match, *_: int) -> Token:
    printed = found["number"] or found["chinese"]
    group = "number" if found["number"] else "chinese"
    numeral = (
        Numeral(float(printed))
        if printed.isdecimal()
        else parse_numeral(printed.replace("，", ","))
    )
    counter = found["counter"] or found["counted"] or ""
    counter = _PLAIN.get(counter, counter)
    start, end = found.span(group)
    if numeral is None:
        return Token("figure", start, end)
    before = found.string[max(start - 3, 0) : start]
    vague = bool(found["vague"] or found["vaguely"] or found["over"] or before.endswith(_VAGUE))
    return Token(
        "number", start, end, numeral.value, counter, vague or numeral.approximate, found.end()
    )
