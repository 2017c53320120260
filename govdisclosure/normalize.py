"""Pure functions from printed text to comparable labels and to numbers. They know no form and no file format.

Nothing here repairs a figure: what is no plain number stays text, and says so in its status.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

# Radicals that survive NFKC (seen in PDF text of these reports), look-alikes and characters of no width.
_RADICALS = dict(
    zip("⺠⻓⻔⻅⻉⻋⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻰", "民长门见贝车青页风飞食马鱼鸟麦黄齐龙")
)
_DASHES = dict.fromkeys("—–―−", "-")
_NO_WIDTH = dict.fromkeys("\u200b\ufeff\u00ad", "")
_FOLD = str.maketrans({**_RADICALS, **_DASHES, **_NO_WIDTH, "覆": "复"})
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
# What NFKC and _FOLD do to a text of no other characters is _HALF, and 覆: a shorter road to the same place.
_UNCOMMON = re.compile(r"[^\x00-\x7f\xa0\u3000一-鿿、。“”《》（），：；！？]")
_HALF = tuple(zip("（），：；！？\u3000\xa0", "(),:;!?  "))
_NUMBERING = re.compile(
    r"(?:\(([一二三四五六七八九十]{1,3}|\d{1,2})\)|([一二三四五六七八九十]{1,3}|\d{1,2})(?:[、,:)]|[.](?!\d)))"
)
_NOTE = re.compile(
    r"\([^()]{3,}\)|\([^()]*[^()一二三四五六七八九十\d][^()]*\)|「[^」]*」|\[[^\]]*\]|【[^】]*】|《[^》]*》|\([^()]{2,}$"
)
_PUNCTUATION = re.compile(r"[^\w]+|_+")


class Label(NamedTuple):
    """A label made comparable: its number ('一', '3', ''), its words with notes cut off, and all its words."""

    number: str
    core: str
    full: str


class Memory(dict):
    """text → what ``make`` makes of it, kept: the same few texts come back a million times.

    Bounded: a text longer than ``longest`` is not kept, and a full memory starts anew.
    """

    __slots__ = ("longest", "make", "size")

    def __init__(self, make: Callable | None, size: int = 16384, longest: int = 200) -> None:
        self.make, self.size, self.longest = make, size, longest

    def __missing__(self, text: str):
        return self.keep(text, self.make(text))

    def keep(self, text, made):
        """`made`, kept where there is a place for it."""
        if len(text) <= self.longest:
            if len(self) >= self.size:
                self.clear()
            self[text] = made
        return made


def fold(text: str) -> str:
    """NFKC, radicals and Traditional characters to common ones, no white space.

    >>> fold("⼀、 規範性\\u3000⽂件（１）")
    '一、规范性文件(1)'
    """
    return _FOLDED[text]


def _fold(text: str) -> str:
    if _UNCOMMON.search(text):
        return _SPACE.sub("", simplified(unicodedata.normalize("NFKC", text)).translate(_FOLD))
    return "".join(simplified(_halved(text)).replace("覆", "复").split())


_FOLDED = Memory(_fold)


def _halved(text: str) -> str:
    if not text.isascii():
        for full, half in _HALF:
            text = text.replace(full, half)
    return text


@lru_cache(maxsize=1)
def _converter():
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional characters to simplified ones (OpenCC's table t2s), one for one, so that places stay the same.

    >>> simplified("未經複議直接起訴")
    '未经复议直接起诉'
    """
    if text.isascii():
        return text
    try:
        found = _converter().convert(text)
    except UnicodeEncodeError:  # half a surrogate pair, of a file name that is no UTF-8
        found = _converter().convert(text.encode("utf-8", "replace").decode())
    if len(found) != len(text):
        return text
    # 乾 is 干 in 乾燥 only: 乾县 and 乾安县 are written so in simplified characters too
    return "".join(a if a == "乾" else b for a, b in zip(text, found)) if "乾" in text else found


def label(text: str) -> Label:
    """A printed label in comparable form.

    >>> label("2. 其他法律行政法规 禁止公开")
    Label(number='2', core='其他法律行政法规禁止公开', full='其他法律行政法规禁止公开')
    >>> label("（二）部分公开（区分处理的，只计这一情形）").core
    '部分公开'
    >>> label("危及“三安全一稳定”").number
    ''
    """
    return _LABELS[text]


def _label(text: str) -> Label:
    folded = fold(text)
    number = ""
    match = _NUMBERING.match(folded)
    if match and match.end() < len(folded):
        number, folded = match.group(1) or match.group(2), folded[match.end() :]
    full = _PUNCTUATION.sub("", folded)
    core = _PUNCTUATION.sub("", _NOTE.sub("", folded)) or full
    return Label(number, core, full)


_LABELS = Memory(_label)


# --- numbers ------------------------------------------------------------------------------------

NOT_APPLICABLE = frozenset(
    {
        "/",
        "//",
        "///",
        "\\",
        "-",
        "--",
        "---",
        "----",
        "~",
        "无",
        "不适用",
        "N/A",
        "n/a",
        "NA",
        "不涉及",
        "未涉及",
        "暂无",
        "没有",
        "无此项",
    }
)
COUNTERS = "件项个条份部宗起人次家笔例户篇期本批类"
MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_SCALE = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_DOWN = ("减少", "减", "下降", "降低", "-")
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?:共计|合计|人民币|¥|￥)?(?P<sign>增加|新增|增长|增|减少|减|下降|降低|\+|-)?(?:了|为)?"
    rf"(?P<digits>{_DIGITS}|[零〇一二两三四五六七八九十百千]{{1,9}})(?P<scale>[万亿])?"
    rf"(?P<unit>元|人次|件次|[{COUNTERS}])?整?(?P<note>\((?=[^()]*[\u4e00-\u9fff])[^()]*\))?[。;；]?"
)
_ZERO_OVER_ZERO = re.compile(r"[+-]?0+/[+-]?0+")
_CJK_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CJK_UNITS = {"十": 10, "百": 100, "千": 1000}


class Reading(NamedTuple):
    """A cell's text read: ``status`` is 'reported', 'blank', 'not_applicable' or 'unreadable'.

    ``unit`` is the one printed in the cell ('件', '元', '万元', …) or None.
    """

    value: Decimal | None
    unit: str | None
    status: str


_BLANK = Reading(None, None, "blank")
_NA = Reading(None, None, "not_applicable")
_UNREADABLE = Reading(None, None, "unreadable")


def number(text: str) -> Reading:
    """Read what stands in a cell, exactly or not at all.

    >>> number("3,119").value, number("减4").value, number("22（其中修订16件）").value
    (Decimal('3119'), Decimal('-4'), Decimal('22'))
    >>> number("52.15万元")
    Reading(value=Decimal('52.15'), unit='万元', status='reported')
    >>> number("　").status, number("/").status, number("本单位未制作规章").status, number("18万余").status
    ('blank', 'not_applicable', 'unreadable', 'unreadable')
    """
    return readings[text]


def _number(text: str) -> Reading:
    if _UNCOMMON.search(text):
        plain = unicodedata.normalize("NFKC", text).translate(_FOLD)
    else:
        plain = _halved(text).replace("覆", "复")
    plain = plain.strip(" \t\r\n\u3000\u200b")
    if not plain:
        return _BLANK
    if plain.isascii() and plain.isdigit():
        return Reading(Decimal(plain), None, "reported") if len(plain) <= 15 else _UNREADABLE
    squeezed = _SPACE.sub("", plain)
    if squeezed in NOT_APPLICABLE:
        return _NA
    if _ZERO_OVER_ZERO.fullmatch(squeezed):
        return Reading(Decimal(0), None, "reported")
    return _figure(plain, squeezed)


readings = Memory(
    _number, 32768, 100
)  # what `number` remembers, for loops that can't afford the call


def _figure(plain: str, squeezed: str) -> Reading:
    match = _NUMBER.fullmatch(squeezed) if len(squeezed) <= 80 else None
    if not match or _split_digits(plain, match["digits"]):
        return _UNREADABLE
    value = (
        _chinese(match["digits"])
        if match["digits"][0] not in "0123456789"
        else Decimal(match["digits"].replace(",", ""))
    )
    if value is None or value >= Decimal(10) ** 15:
        return _UNREADABLE
    unit, scale = match["unit"] or None, match["scale"] or ""
    if unit and "元" in unit:
        unit, scale = scale + "元", ""
    value = value * _SCALE[scale]
    return Reading(-value if match["sign"] in _DOWN and value else value, unit, "reported")


def _split_digits(plain: str, digits: str) -> bool:
    """Whether white space stands inside the digits: '1 234' may be two cells' figures, so it is not read."""
    return (
        digits not in plain.replace("，", ",")
        and re.search(r"\d\s+[\d.,]", plain.split("(")[0]) is not None
    )


def _chinese(text: str) -> Decimal | None:
    """Value of a Chinese numeral below ten thousand; None where it is malformed.

    >>> _chinese("三十二"), _chinese("一百零五"), _chinese("十")
    (Decimal('32'), Decimal('105'), Decimal('10'))
    """
    if len(text) > 1 and not any(c in _CJK_UNITS for c in text):
        return None
    total, digit, last = 0, None, 10_000
    for c in text:
        if c in _CJK_UNITS:
            unit = _CJK_UNITS[c]
            if unit >= last or (digit is None and unit != 10):
                return None
            total, last, digit = total + (1 if digit is None else digit) * unit, unit, None
        elif digit in (None, 0) and c in _CJK_DIGITS:
            digit = _CJK_DIGITS[c]
        else:  # two digits in a row, or a digit of another script (٣), which no report prints
            return None
    return Decimal(total + (digit or 0))


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """An amount of money in another unit: 84565 元 are 8.4565 万元.

    >>> convert(Decimal(84565), "元", "万元")
    Decimal('8.4565')
    """
    return value * MONEY[unit] / MONEY[to]
