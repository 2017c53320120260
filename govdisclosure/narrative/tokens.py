"""A sentence → its tokens: numbers with their counters, dates, quotes and the words of the lexicon.

One pattern, tried once a position, its words in the shape of a trie; what no token covers is "residue"
and stands between a number and a label it does not belong to.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from govdisclosure.narrative.lexicon import COMPOUNDS, WORDS
from govdisclosure.numbers import Numeral, parse_numeral

# Token: (kind, data, start, end).
K, D, A, B = range(4)
COUNTERS = (
    "个百分点 百分点 个 家 款 件次 件(次) 件（次） 件 条次 条 篇次 篇 人次 人（次） 人(次) 人 名 位 户 场次 场（次） 场(次) 场 期次 期 班次 次 批次 批 "
    "份 宗 起 例 项 则 部 幅 组 通 单 笔 封 亿元 万元 元 % 字 号 个月 个工作日 年 页 张 版 套 台 处 门 类 种 章 分钟 分 天 小时 轮 堂 课 级"
).split()
# First letters by how often they open a token; the first of them are looked for one by one.
COMMON = "，、政12的全公和3工信共新微4规主是等对办发县市开各提（）关其5有依设《9及我在情本6上注收清通8了行整内机服区部账要均申平管专；中进重7问落无受解方事抖审未为()培以"
FLAT = 20
# Chinese numerals count only before these: 一种, 一类, 一批, 三年 are no figures here.
CHINESE_COUNTERS = (
    "个 家 款 件次 件 条 篇 人次 人 名 位 场次 场 期 班次 次 批次 份 宗 起 例 项 则 部 幅 通 单 笔 元 个月 个工作日 个百分点"
).split()
MARKS = {",": ",，;；", "、": "、", "(": "(（", ")": ")）", ":": ":："}


class Number(NamedTuple):
    """What a number token carries: its numeral, its counter ('' when none) and where the bare number ends."""

    numeral: Numeral
    counter: str
    end: int


def trie(words) -> str:
    """A pattern for many words that looks at each letter once and prefers the longest word."""
    root: dict = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict) -> str:
    parts = [re.escape(char) + _branch(child) for char, child in node.items() if char]
    if "" in node and parts:
        parts.append("")  # an empty branch costs the engine less than a question mark
    return f"(?:{'|'.join(parts)})" if len(parts) > 1 else "".join(parts)


def _lexicon() -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for kind, entries in WORDS.items():
        for data, words in entries.items():
            for word in words.split():
                table.setdefault(word, (kind, data))
    for kind, (heads, core, tails) in COMPOUNDS.items():
        for head in ("", *heads.split()):
            for tail in ("", *tails.split()):
                table.setdefault(head + core + tail, (kind, ""))
    table.update({char: (kind, char) for kind, chars in MARKS.items() for char in chars})
    return table


LEXICON = _lexicon()
_CN = "零〇一二两三四五六七八九十百千万亿"
_CORE = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,15})(?:\.\d{1,6})?"
_NUMBER = rf"{_CORE}(?:[余多来]?(?:[百千]?[万亿]{{1,2}}|[百千](?=[余多个条件人元篇次])))?"
_DIGITS, _LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# What may stand at a letter that opens more than plain words: (first letters, pattern), tried in this order.
_SPECIALS = (
    ("“「『\"《〔", r"(?P<quote>“[^”“\n]{1,40}”|「[^」\n]{1,40}」|『[^』\n]{1,40}』|\"[^\"\n]{1,40}\"|《[^》\n]{1,80}》|〔[^〕\n]{1,10}〕)"),
    ("12", r"(?P<carry>(?:19|20)\d\d年度?结转(?![至到下]))"),
    ("结转延顺", r"(?P<forward>(?:结转|转结|转|延期|延|顺延)(?:至|到|入)?(?:下一?年度?|次年|明年|(?:19|20)\d\d年度?)(?:继续)?(?:办理|答复|处理)?)"),
    ("较比与", r"(?P<compare>[较比与](?:19|20)\d\d年度?(?:同期)?(?:相比)?)"),
    (_DIGITS, r"(?P<date>(?:(?:19|20)\d\d年度?(?:第?[一二三四]季度|上半年|下半年)?(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?)(?:底|末|份|初)?(?P<since>以来)?)"),
    ("第", rf"(?P<ordinal>第(?:\d{{1,4}}|[{_CN}]{{1,5}})(?!季度|[\d{_CN}])(?P<unit>期|次|场|批|轮|号|条|项|个)?)"),
    ("1", r"(?P<hot>12345(?![\d.,余多万条件个篇次人元%])(?:(?:政府|政务)?(?:服务)?(?:便民)?(?:服务)?热线(?:平台)?|平台)?)"),
    ("予同全公部", r"(?P<both>(?:予以|同意)?(?:全部)?公开(?:及|和|或|与|以及|或者)(?:予以)?部分公开|部分(?:或|和|及)(?:者)?全部公开|全部或部分公开)"),
    ("行", r"(?P<disp>行政复议(?:案件)?(?:、|和|及|与|或|以及|或者|/)(?:提起)?行政(?:诉讼|应诉)(?:案件)?)"),
    (_DIGITS, rf"(?P<num>{_NUMBER}(?:(?:[-~—–－～]{{1,2}}|至|到){_NUMBER})?)(?P<vague>[余多来])?(?P<counter>{trie(COUNTERS)})?(?P<over>以上|左右)?"),
    (_CN, rf"(?<![统同某每任单逐唯万另数第])(?P<cn>[{_CN}]{{1,18}})(?P<cnvague>[余多来])?(?P<cncounter>{trie(CHINESE_COUNTERS)})(?![是要性])"),
    ("百", rf"百分之(?P<percent>[{_CN}]{{1,6}}(?:点[{_CN}]{{1,4}})?)"),
    ("Aa", r"(?P<app>(?:APP|App|app)(?![A-Za-z]))"),
    (_LETTERS, r"(?P<letters>[A-Za-z][A-Za-z0-9@._/:-]{0,60})"),
)  # fmt: skip


def _openings() -> tuple[dict[str, str], dict[str, re.Pattern]]:
    """First letter → pattern of what it may open, and first letter → reader (named groups) where that is more than words."""
    words: dict[str, set[str]] = {}
    for word in LEXICON:
        words.setdefault(word[0], set()).add(word)
    openings = {letter: trie(words[letter]) for letter in words}
    readers = {}
    for letter in dict.fromkeys("".join(letters for letters, _ in _SPECIALS)):
        patterns = [pattern for letters, pattern in _SPECIALS if letter in letters]
        if letter in words:
            patterns.append(f"(?P<mixed>{openings[letter]})")
        openings[letter] = "|".join(patterns)
        readers[letter] = re.compile(openings[letter], re.ASCII)
        openings[letter] = re.sub(r"\(\?P<\w+>", "(?:", openings[letter])
    return openings, readers


def _switch(openings: dict[str, str]) -> str:
    """A pattern that finds its way by the first letter: common letters one by one, the others by halves and halves again."""
    order = sorted(openings, key=lambda letter: (COMMON.find(letter) % (len(COMMON) + 1), letter))
    groups: dict[str, str] = {}
    for letter in order:  # letters with one pattern, as the digits have, go together
        groups[openings[letter]] = groups.get(openings[letter], "") + letter
    branches = [(letters, pattern if pattern.startswith(re.escape(letters)) else f"(?=[{re.escape(letters)}])(?:{pattern})")
                for pattern, letters in groups.items()]  # fmt: skip
    return "|".join([pattern for _, pattern in branches[:FLAT]] + [_halves(branches[FLAT:])])


def _halves(branches: list[tuple[str, str]]) -> str:
    if len(branches) <= FLAT:
        return f"(?:{'|'.join(pattern for _, pattern in branches)})"
    half = len(branches) // 2
    parts = [
        f"(?=[{re.escape(''.join(letters for letters, _ in part))}]){_halves(part)}"
        for part in (branches[:half], branches[half:])
    ]
    return f"(?:{'|'.join(parts)})"


_OPENINGS, _READERS = _openings()
_PIECES = re.compile(
    f"{_switch(_OPENINGS)}|[^{re.escape(''.join(_OPENINGS))}]+|.", re.ASCII | re.DOTALL
)
_GROUP_KIND = {"carry": ("co", ""), "forward": ("cf", ""), "compare": ("cmp", ""), "hot": ("hot", ""), "both": ("oc", "disclosed"),
               "disp": ("disp", ""), "app": ("pl", "app")}  # fmt: skip


def tokenize(text: str, start: int, end: int) -> list[tuple]:
    """Tokens of ``text[start:end]``, offsets in `text`."""
    tokens: list[tuple] = []
    append, known = tokens.append, LEXICON.get
    at = start
    for piece in _PIECES.findall(text, start, end):  # all of the text, in pieces
        stop = at + len(piece)
        entry = known(piece)
        if entry is not None:
            append(entry + (at, stop))
        elif piece[0] in _READERS and (stop - at > 1 or piece in _DIGITS):
            token = _special(_READERS[piece[0]].match(text, at, end), at, stop)
            if token:
                append(token)
        at = stop
    return tokens


def _special(found: re.Match | None, start: int, end: int) -> tuple | None:
    if found is None:
        return None
    group = found.lastgroup
    return (
        (*_GROUP_KIND[group], start, end)
        if group in _GROUP_KIND
        else _SPECIAL[group](found, start, end)
    )


def _date(found: re.Match, start: int, end: int) -> tuple:
    return "date", (found["date"], bool(found["since"])), start, end


def _quote(found: re.Match, start: int, end: int) -> tuple:
    inner = found["quote"][1:-1]
    kind, data = LEXICON.get(inner, ("q", inner))
    return (
        (kind, data, start, end)
        if kind in ("oc", "hot", "pl", "q", "interp_part")
        else ("q", inner, start, end)
    )


def _ordinal(found: re.Match, start: int, end: int) -> tuple:
    return "ordinal", found["unit"] or "", start, end


def _arabic(found: re.Match, start: int, end: int) -> tuple:
    printed, vague = found["num"], found["vague"] or found["over"]
    numeral = (
        Numeral(float(printed))
        if printed.isdecimal()
        else parse_numeral(printed.replace("，", ","))
    )
    return _number(numeral, found["counter"] or "", vague, start, end, found.end("num"))


def _chinese(found: re.Match, start: int, end: int) -> tuple:
    return _number(
        parse_numeral(found["cn"]),
        found["cncounter"],
        found["cnvague"],
        start,
        end,
        found.end("cn"),
    )


def _percent(found: re.Match, start: int, end: int) -> tuple | None:
    numeral = parse_numeral(found["percent"])
    return ("num", Number(numeral, "%", end), found.start("percent"), end) if numeral else None


def _number(
    numeral: Numeral | None, counter: str, vague: str | None, start: int, end: int, stop: int
) -> tuple:
    if numeral is None:
        return "num", None, start, end
    if vague:
        numeral = numeral._replace(approximate=True)
    if "（" in counter:
        counter = counter.replace("（", "(").replace("）", ")")
    return "num", Number(numeral, counter, stop), start, end


def _residue(found: re.Match, start: int, end: int) -> None:
    return None


_SPECIAL = {"date": _date, "since": _date, "quote": _quote, "ordinal": _ordinal, "unit": _ordinal, "num": _arabic,
            "counter": _arabic, "vague": _arabic, "over": _arabic, "cn": _chinese, "cncounter": _chinese, "cnvague": _chinese,
            "percent": _percent, "letters": _residue}  # fmt: skip
