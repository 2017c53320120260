"""A sentence → its tokens: numbers with their counters, dates, names in quotation marks, stops and the words of `words`.

Every character is looked at a bounded number of times: names are capped, words are looked up by their first letter.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from govdisclosure.narrative.words import WORDS
from govdisclosure.numerals import parse_numeral


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
_COUNTERS = (
    "个百分点 百分点 个次 个 家 款 件次 件(次) 件（次） 件 条次 条 篇次 篇 人次 人（次） 人(次) 人 名 位 户 场次 场（次） 场(次) 场 期次 期 班次 次 批次 批 "
    "份 宗 起 例 项 则 部 幅 组 通 单 笔 封 亿元 万元 元 % ％ 字 号 个月 个工作日 工作日 年 页 张 版 套 台 处 门 类 种 章 分钟 分 天 小时 轮 堂 课 级 大类 岁 米 公里 亩 吨 平方米"
)
_CHINESE_COUNTERS = (
    "个 家 款 件次 件 条 篇 人次 人 名 位 场次 场 期 班次 次 批次 份 宗 起 例 项 则 部 幅 通 单 笔 元"
)


def _either(words: str) -> str:
    return "|".join(re.escape(w) for w in sorted(words.split(), key=len, reverse=True))


_CORE = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,15})(?:\.\d{1,6})?"
_NUMBER = rf"{_CORE}(?:[余多来]?(?:[百千]?[万亿]{{1,2}}|[百千](?=[余多个条件人元篇次])))?"
_SPECIAL = re.compile(
    rf"(?P<name>“[^”“\n]{{1,{LONGEST_NAME}}}”|「[^」\n]{{1,{LONGEST_NAME}}}」|\"[^\"\n]{{1,{LONGEST_NAME}}}\"|《[^》\n]{{1,80}}》|〔[^〕\n]{{1,10}}〕\d{{0,4}}号?)"
    r"|(?P<date>(?:(?:19|20)\d\d年度?(?:第?[一二三四]季度|上半年|下半年)?(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?)(?:底|末|份|初)?)"
    rf"|(?P<ordinal>第(?:\d{{1,4}}|[{_CN}]{{1,5}})(?:期|次|场|批|轮|号|条|项|个|款|章)?)"
    r"|(?P<hot>12345(?![\d.,余多万条件个篇次人元%]))"
    rf"|(?P<number>{_NUMBER}(?:(?:[-~—–－～]{{1,2}}|至|到){_NUMBER})?)(?P<vague>[余多来])?(?P<counter>{_either(_COUNTERS)})?(?P<over>以上|左右)?"
    rf"|(?<![统同某每任单逐唯万另数第])(?P<chinese>[{_CN}]{{1,18}})(?P<vaguely>[余多来])?(?P<counted>{_either(_CHINESE_COUNTERS)})(?![是要性号])"
    rf"|百分之(?P<percent>[{_CN}]{{1,6}}(?:点[{_CN}]{{1,4}})?)"
    r"|(?P<stop>[,，、；;：:()（）。！？!?])",
    re.ASCII,
)
_STOPS = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", **dict.fromkeys("。！？!?", ".")}
_VAGUE = re.compile(r"(?:约|近|超|逾|突破|超过|接近|将近|达到约|不少于|大约)$")


def _lookup() -> dict[str, list[dict[str, str]]]:
    """First letter → words by length, the longest first: [{word: kind}, …]."""
    table: dict[str, dict[int, dict[str, str]]] = {}
    for kind, words in WORDS.items():
        for word in words.split():
            table.setdefault(word[0], {}).setdefault(len(word), {}).setdefault(word, kind)
    return {
        letter: [sizes[n] for n in sorted(sizes, reverse=True)] for letter, sizes in table.items()
    }


_WORDS = _lookup()
_KIND = {word: kind for kind, words in reversed(WORDS.items()) for word in words.split()}
_OPENING = re.compile(f"[{re.escape(''.join(_WORDS))}]")


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """Tokens of ``text[start:end]`` in order; what no token covers is looked at by its letters only."""
    tokens: list[Token] = []
    at = start
    for found in _SPECIAL.finditer(text, start, end):
        _words(text, at, found.start(), tokens)
        _special(text, found, tokens)
        at = found.end()
    _words(text, at, end, tokens)
    return tokens


def _words(text: str, start: int, end: int, tokens: list[Token]) -> None:
    found = _OPENING.search(text, start, end)
    while found:
        at = found.start()
        stop = at + 1
        for known in _WORDS[text[at]]:
            size = len(next(iter(known)))
            word = text[at : at + size]
            if word in known and at + size <= end:
                tokens.append(Token(known[word], at, at + size))
                stop = at + size
                break
        found = _OPENING.search(text, stop, end)


def _special(text: str, found: re.Match, tokens: list[Token]) -> None:
    group, start, end = found.lastgroup, found.start(), found.end()
    if found["stop"]:
        tokens.append(Token(_STOPS.get(found["stop"], found["stop"]), start, end))
    elif found["hot"]:
        tokens.append(Token("hot", start, end))
    elif found["name"]:
        tokens.append(Token(_KIND.get(found["name"][1:-1], "name"), start, end))
    elif group in ("date", "ordinal"):
        tokens.append(Token(group, start, end, counter=text[end - 1]))
    else:
        tokens.append(_number(text, found))


def _number(text: str, found: re.Match) -> Token:
    printed = found["number"] or found["chinese"] or found["percent"]
    group = next(g for g in ("number", "chinese", "percent") if found[g])
    numeral = parse_numeral(printed.replace("，", ","))
    counter = found["counter"] or found["counted"] or ("%" if found["percent"] else "")
    counter = counter.replace("（", "(").replace("）", ")").replace("％", "%")
    start, end = found.span(group)
    if numeral is None:
        return Token("figure", start, end)
    before = text[max(start - 3, 0) : start]
    vague = bool(found["vague"] or found["vaguely"] or found["over"] or _VAGUE.search(before))
    return Token("number", start, end, numeral.value, counter, vague or numeral.approximate, found.end())
