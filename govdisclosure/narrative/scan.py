"""Section text → the text without white space, its sentences, and their tokens: numbers with their
counters, dates, names in quotation marks, stops and the words of ``words.toml``.

Linear in the length of the text: every character is looked at a bounded number of times; names and
sentences are capped, words are looked up by their first letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from ..numbers import parse_numeral
from ..text import FOLD, simplified
from .codes import WORDS

_ENDS = "。！？!?"  # of sentences
# A line, or its parts where it is too long: cut at the last comma within reach; what has no comma
# there (in no group) is left out.
PIECE = re.compile("([^\n]{1,3000}(?:(?<=[，,；;])|(?!.)))|[^\n，,；;]+[，,；;]?")
_WIDTHLESS = "\u200b-\u200d\u2060\ufeff\xad"  # blanks that \s does not know
# Characters that have a plain one in their place: full width, radicals.
_RARE = re.compile("[０-９Ａ-Ｚａ-ｚ％．＋\u2e80-\u2fd5]")
# A line end goes where it cuts a sentence (PDF): between a word and its figure, or where the line
# is long, does not end with a stop, and the next line does not open with a heading or list number.
_JOIN = (
    r"\n(?:(?<=\d\n)(?=[\d万亿余多个家件条篇份期次场名人元%])|(?<=[\u4e00-\u9fff]\n)(?=\d[\d,，.]{0,12}[万余多]{0,2}[个家件条篇份期次场名人元%])"
    r"|(?<=[^\n]{9}[^\n。；;！？!?：:]\n)(?=[ \t\u3000\xa0]{0,9}[^\n \t\u3000\xa0（(])"
    r"(?![ \t\u3000\xa0]{0,9}(?:[一二三四五六七八九十]{1,3}[、是.．]|\d{1,2}[、.．](?!\d)|第[一二三四五六])))"
)
# 規(guī)範: what mirror sites print behind a character.
_READING = "[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]{0,5}[)）]"
_KEPT = re.compile(
    rf"(?P<reading>{_READING})|(?:[^\s{_WIDTHLESS}(（]+|(?!{_READING})[(（])+|(?!{_JOIN})\n"
)


class Compact:
    """A text without its white space, save the line ends that mean something; ``text``, and the way
    back to what is printed.
    """

    def __init__(self, printed: str) -> None:
        kept = [found for found in _KEPT.finditer(printed) if not found["reading"]]
        self.printed, self.text = printed, "".join(found[0] for found in kept)
        self.text = simplified(_RARE.sub(_plain, self.text))
        self.places = [place for found in kept for place in range(*found.span())]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Printed span of ``text[start:end]``; white space around it is left out, inside it is
        kept.
        """
        return self.places[start], self.places[end - 1] + 1

    def sentence(self, start: int, end: int) -> str:
        """What is printed of a sentence, without its stop."""
        first, last = self.span(start, start + len(self.text[start:end].rstrip(_ENDS)))
        return self.printed[first:last]


def _plain(found: re.Match) -> str:
    """The plain character of a rare one; one for one, so that offsets hold."""
    plain = unicodedata.normalize("NFKC", found[0]).translate(FOLD)
    return plain if len(plain) == 1 else found[0]


class Token(NamedTuple):
    """``kind`` of `WORDS`, or number, date, ordinal, name, or a stop (one of ,;:()、).
    ``start``/``end`` in the text; ``stop``: where what follows its counter begins; ``unit``: what
    its counter counts.
    """

    kind: str
    start: int
    end: int
    stop: int
    value: float | None = None
    counter: str = ""
    approximate: bool = False
    unit: str = ""


CLASSES = {word: kind for kind, words in WORDS["counters"].items() for word in words.split()}
CLASSES[""] = "none"
LONGEST_NAME = 40
_CN = "零〇一二两三四五六七八九十百千万亿"


def _either(words: Iterable[str]) -> str:
    """A pattern for many words that looks at each first letter once and prefers the longest word."""
    ends: dict[str, list[str]] = {}
    for word in sorted(filter(None, words), key=len, reverse=True):
        ends.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in ends.items())


_CORE = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,15})(?:\.\d{1,6})?"
_COUNTER = _either(CLASSES)
_NUMBER = rf"{_CORE}(?:[余多来]?(?:[百千]?[万亿]{{1,2}}|[百千](?=[余多个条件人元篇次])))?"


_STOPS = dict(zip(",，、;；:：(（)）", ",,、;;::(())")) | dict.fromkeys(_ENDS, ".")
_KIND = _STOPS | {
    word: kind for kind, words in reversed(WORDS["words"].items()) for word in words.split()
}
_OPENING = re.escape("".join({word[0] for word in _KIND}))
_TOKEN = re.compile(
    rf"(?=[“「\"《〔\d第{_CN}])"  # no other character begins one of these
    rf"(?:(?P<name>“[^”“\n]{{1,{LONGEST_NAME}}}”|「[^」\n]{{1,{LONGEST_NAME}}}」|\"[^\"\n]{{1,{LONGEST_NAME}}}\"|《[^》\n]{{1,80}}》|〔[^〕\n]{{1,10}}〕\d{{0,4}}号?)"
    r"|(?P<date>(?:(?:19|20)\d\d年度?(?:第?[一二三四]季度|上半年|下半年)?(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?|第?[一二三四]季度)(?:底|末|份|初)?)"
    rf"|(?P<ordinal>第(?:\d{{1,4}}|[{_CN}]{{1,5}})(?:期|次|场|批|轮|号|条|项|个|款|章)?)"
    r"|(?P<hot>12345(?![\d.,余多万条件个篇次人元%]))"
    rf"|(?P<number>{_NUMBER}(?:(?:[-~—–－～]{{1,2}}|至|到){_NUMBER})?)(?P<vague>[余多来])?(?P<counter>{_COUNTER})?(?P<over>以上|左右)?"
    rf"|(?<![统同某每任单逐唯另第{_CN}])(?<!数(?=[十百千万亿]))(?P<chinese>[{_CN}]{{1,18}})(?P<vaguely>[余多来])?(?P<counted>{_either(WORDS['chinese']['counters'].split())})(?![是要性号]))"
    rf"|(?=[{_OPENING}])(?P<word>{_either(_KIND)})",
    re.ASCII,
)
_TITLES = {"公报》": "gazette", "报》": "press", "》": "title"}
_HALF = str.maketrans("（）", "()")
_VAGUE = ("约", "近", "超", "逾", "突破", "超过", "不少于", "至少")


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """Tokens of ``text[start:end]`` in order; what no token covers is looked at by its letters
    only.
    """
    return [
        Token(_KIND[found[0]], *found.span(), found.end())
        if found.lastgroup == "word"
        else _token(found)
        for found in _TOKEN.finditer(text, start, end)
    ]


def _token(found: re.Match) -> Token:
    kind, (start, end) = found.lastgroup or "", found.span()
    if number := found["number"] or found["chinese"]:
        stop, end = end, start + len(number)
        if numeral := parse_numeral(number.replace("，", ",")):
            counter = (found["counter"] or found["counted"] or "").translate(_HALF)
            rough = found["vague"] or found["vaguely"] or found["over"] or numeral.approximate
            about = bool(rough) or found.string[max(start - 3, 0) : start].endswith(_VAGUE)
            value, unit = numeral.value, CLASSES[counter]
            return Token("number", start, end, stop, value, counter, about, unit)
        kind = "figure"
    elif kind == "name":  # a word of the prose (“微信”), a gazette, a newspaper, a title
        titles = (title for ending, title in _TITLES.items() if found[0].endswith(ending))
        kind = _KIND.get(found[0][1:-1]) or next(titles, kind)
    return Token(kind, start, end, end)


_CHANNEL = re.compile("网|微|媒|抖音|公报|平台")
_SENTENCE = re.compile(f"[^{_ENDS}]+[{_ENDS}]?|[{_ENDS}]")
_FIGURE = re.compile(
    r"\d(?![\d年月日号〕])|[零无未]|没有|不存在|[一二两三四五六七八九十百千万亿余多][个家款件条篇次期场班批人名位项份宗起例则部幅通单笔元]|关停|注销|关闭|停用|整合|合并|归并|开[设通]|新增|上线|下线",
    re.ASCII,
)


def worth(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a paragraph that may hold a figure, and the one before each where it names a
    channel.
    """
    spans = [found.span() for found in _SENTENCE.finditer(text, start, end)]
    told = [_FIGURE.search(text, *span) for span in spans]
    following = zip(spans, told, [*told[1:], None])
    return [span for span, own, then in following if own or then and _CHANNEL.search(text, *span)]
