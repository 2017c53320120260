"""Printed numbers → values: the one grammar of a cell's figure, and the numerals of prose (Arabic,
Chinese, 万/亿, ranges).

Nothing here knows what a number counts. In a cell white space inside the digits is doubt (two
cells?), in prose it is dropped (PDF text prints "3 1 3 4"); a comma is a separator only where
groups of three follow it.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from math import prod
from typing import NamedTuple

from .text import FOLD, SPACE, Memory

# What programs print for a cell without anything.
EMPTY = {"NaN", "nan", "<NA>", "NaT", "None", "null", "NULL"}
COUNTERS = "件项个条份部宗起人次家笔例户篇期本批类"
MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
LONGEST = 1_000  # characters of a cell; a longer text is no figure
OBJECT = "\ufffc"  # something shown that is no text
MYRIADS = {"亿": 10**8, "万": 10**4}
_FACTORS = MYRIADS | {"千": 1000, "百": 100}
# Both ways to write numerals: everyday, and the "capital" forms of documents with money in them.
_PLAIN = str.maketrans(
    "零〇○一壹二贰两俩三叁四肆五伍六陆七柒八捌九玖拾佰仟", "00011222233445566778899十百千"
)
_DOWN = ("减少", "减", "下降", "降低", "-")
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d+)?"
_ONE = "[零〇一二两三四五六七八九]"
_NUMBER = re.compile(
    r"(?=.{1,80}$)(?:[+-]?0+/(?=[+-]?0+$))?"  # 0/0 is 0
    r"(?:共计|合计|人民币|¥|￥)?(?P<sign>增加|新增|增长|增|减少|减|下降|降低|\+|-)?(?:了|为)?"
    rf"(?P<digits>{_DIGITS}|{_ONE}|(?={_ONE}*[十百千])(?:{_ONE}|[十百千]){{1,9}})(?P<scale>[万亿])?"
    rf"(?P<unit>元|人次|件次|[{COUNTERS}])?整?(?:\((?=[^()]*[\u4e00-\u9fff])[^()]*\))?[。;；]?",
    re.ASCII,
)
_SPLIT = re.compile(r"\d\s+[\d.,]|\.\s+\d")
# A note mark behind a figure: a raised run (readers set it in raised brackets), circled digits, * †
# ‡, [1], 注1. A typed superscript without brackets is not surely a note, and 10³ is a power.
_MARK = re.compile(
    r"(?<=[\d元件项个条份部)）])(?!(?<=^10)⁽[²³⁴-⁹]{1,2}⁾$)\s*"
    r"(?:⁽[^⁽⁾\s]{1,6}⁾|[₀-₉]{1,3}|[①-⒇⓪⓵-⓿❶-➓㉑-㉟㊱-㊿]|[*＊†‡※]{1,3}|[\[［〔][注\d]{1,3}[\]］〕]|注[\d①-⑳]{0,2})$"
)
_RAISED = re.compile("[⁰¹²³⁴-⁹₀-₉①-⒇⓪-⓿❶-➓㉑-㉟㊱-㊿]")

_ARABIC = re.compile(rf"({_DIGITS})([百千]?[万亿]{{0,2}})", re.ASCII)
_BELOW_MYRIAD = re.compile("((?:0*[1-9])?千)?((?:0*[1-9])?百)?(0*[1-9]?十)?0*([1-9]?)")
_ROUGH = re.compile("[余多](?=[万亿]$)")  # 20余万
_TO = re.compile("[-~—–―－～]{1,2}|至|到")


class Reading(NamedTuple):
    """A cell's text read: ``status`` is 'reported', 'blank', 'not_applicable' or 'unreadable'.

    ``unit`` is the one printed in the cell ('件', '元', '万元', …) or None.
    """

    value: Decimal | None
    unit: str | None
    status: str


class Numeral(NamedTuple):
    """A number as printed: ``value`` (the lower end of a range), ``approximate``."""

    value: float
    approximate: bool = False


_UNREADABLE = Reading(None, None, "unreadable")
_NONE = "/ // /// \\ - -- --- ---- ~ 无 不适用 N/A n/a NA 不涉及 未涉及 暂无 没有 无此项"
_WORDS = dict.fromkeys(_NONE.split(), Reading(None, None, "not_applicable"))
_WORDS |= dict.fromkeys({"", *EMPTY}, Reading(None, None, "blank"))


@Memory
def number(text: str) -> Reading:
    """Read what stands in a cell, exactly or not at all. Note marks behind a figure are no part of
    it.

    >>> number("3,119").value, number("减4").value, number("22（其中修订16件）").value, number("39⁽¹⁾").value
    (Decimal('3119'), Decimal('-4'), Decimal('22'), Decimal('39'))
    >>> number("52.15万元")
    Reading(value=Decimal('52.15'), unit='万元', status='reported')
    >>> [number(text).status for text in ("　", "/", "本单位未制作规章", "18万余", "10³")]
    ['blank', 'not_applicable', 'unreadable', 'unreadable', 'unreadable']
    """
    text = text.strip()
    if len(text) > LONGEST:
        return _UNREADABLE
    text = _MARK.sub("", text)
    # A power of ten, or a mark anywhere else beside a digit, is no figure.
    if OBJECT in text or (_RAISED.search(text) and re.search("[0-9]", text)):
        return _UNREADABLE
    plain = unicodedata.normalize("NFKC", text).translate(FOLD)
    squeezed = SPACE.sub("", plain)
    if squeezed in _WORDS:
        return _WORDS[squeezed]
    match = _NUMBER.fullmatch(squeezed)
    sign, digits, scale, unit = match.groups("") if match else [""] * 4
    value = number_value(digits)
    # White space inside the digits: '1 234' may be two cells' figures, '1. 3' the first of a list.
    split = digits not in plain and _SPLIT.search(plain.partition("(")[0])
    if value is None or split:
        return _UNREADABLE
    if unit == "元":
        unit, scale = scale + unit, ""
    value *= MYRIADS.get(scale, 1)
    return Reading(-value if sign in _DOWN else value, unit or None, "reported")


readings = number


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """An amount of money in another unit: 84565 元 are 8.4565 万元.

    >>> convert(Decimal(84565), "元", "万元")
    Decimal('8.4565')
    """
    return value * MONEY[unit] / MONEY[to]


def chinese_value(text: str) -> int | None:
    """The integer a Chinese numeral writes, or None when it is none (positional 二〇二一 included).

    >>> chinese_value("三千一百三十四"), chinese_value("二〇二一"), chinese_value("十万零五"), chinese_value("万一万")
    (3134, 2021, 100005, None)
    """
    plain = text.translate(_PLAIN)
    return int(plain) if plain.isdecimal() else _spelled(plain) or None


def _spelled(plain: str, last: int = 10) -> int | None:
    """The value of 3百2 (320), or of the 2 behind 1万 (2,000), whose unit is ``last``; 0 of
    nothing.
    """
    for unit, size in MYRIADS.items():
        head, found, tail = plain.partition(unit)
        if found:
            high, low = _spelled(head), _spelled(tail, size)
            return high * size + low if high and low is not None and low < size else None
    match = _BELOW_MYRIAD.fullmatch(plain)
    if match is None:
        return None
    total = 0
    for size, part in zip((1000, 100, 10), match.groups()):
        if part:
            total, last = total + (int(part[:-1] or 1) or 1) * size, size
    return total + int(match[4] or 0) * (1 if "0" in plain else last // 10)


def number_value(text: str) -> Decimal | None:
    """The value of one number without approximators, Arabic or Chinese, or None.

    >>> number_value("1.18万"), number_value("12,345"), number_value("三十二"), number_value("12a")
    (Decimal('11800.00'), Decimal('12345'), Decimal('32'), None)
    """
    found = _ARABIC.fullmatch(text)
    if found:
        factors = map(_FACTORS.__getitem__, found[2])
        return Decimal(found[1].replace(",", "")) * prod(factors)
    whole = chinese_value(text)
    return None if whole is None else Decimal(whole)


def parse_numeral(text: str) -> Numeral | None:
    """A printed number, a rough one (20余万), or a range, or None when `text` is anything else.

    >>> parse_numeral("20余万"), parse_numeral("十五"), parse_numeral("3至5")
    (Numeral(value=200000.0, approximate=True), Numeral(value=15.0, approximate=False), Numeral(value=3.0, approximate=True))
    """
    exact = _ROUGH.sub("", text)
    ends = _TO.split(exact)
    match list(map(number_value, ends)):
        case [Decimal() as value]:
            return Numeral(float(value), exact != text)
        case [Decimal() as low, Decimal() as high] if low < high:
            # 3-5万
            shared = low * (1 if ends[0][-1] in MYRIADS else MYRIADS.get(exact[-1], 1))
            return Numeral(float(shared if shared < high else low), True)
    return None
