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

NOT_APPLICABLE = frozenset(
    "/ // /// \\ - -- --- ---- ~ 无 不适用 N/A n/a NA 不涉及 未涉及 暂无 没有 无此项".split()  # noqa: SIM905
)
EMPTY = frozenset(
    {"NaN", "nan", "<NA>", "NaT", "None", "null", "NULL"}
)  # what programs print for a cell without anything
COUNTERS = "件项个条份部宗起人次家笔例户篇期本批类"
MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
OBJECT = "\ufffc"  # something shown that is no text
# Both ways to write the digits: everyday, and the "capital" forms of documents with money in them.
CHINESE_DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2,
    **{c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}, "俩": 2,
}  # fmt: skip
CHINESE_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
_FACTORS = CHINESE_UNITS | MYRIADS
_POSITIONAL = frozenset(CHINESE_DIGITS).issuperset
_AS_ARABIC = str.maketrans({digit: str(value) for digit, value in CHINESE_DIGITS.items()})
_DOWN = ("减少", "减", "下降", "降低", "-")
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?:共计|合计|人民币|¥|￥)?(?P<sign>增加|新增|增长|增|减少|减|下降|降低|\+|-)?(?:了|为)?"
    rf"(?P<digits>{_DIGITS}|[零〇一二两三四五六七八九十百千]{{1,9}})(?P<scale>[万亿])?"
    rf"(?P<unit>元|人次|件次|[{COUNTERS}])?整?(?P<note>\((?=[^()]*[\u4e00-\u9fff])[^()]*\))?[。;；]?",
    re.ASCII,
)
_SPLIT = re.compile(r"\d\s+[\d.,]|\.\s+\d")
_ZERO_OVER_ZERO = re.compile(r"[+-]?0+/[+-]?0+", re.ASCII)
_LONGEST = 80
# A note mark behind a figure: a raised run (readers set it in raised brackets), circled digits, * †
# ‡, [1], 注1. A typed superscript without brackets is not surely a note.
_MARK = re.compile(
    r"(?<=[\d元件项个条份部)）])\s*(?:⁽[^⁽⁾\s]{1,6}⁾|[₀-₉]{1,3}|[①-⒇⓪⓵-⓿❶-➓㉑-㉟㊱-㊿]|[*＊†‡※]{1,3}|[\[［〔][注\d]{1,3}[\]］〕]|注[\d①-⑳]{0,2})$"
)
_RAISED = re.compile("[⁰¹²³⁴-⁹₀-₉①-⒇⓪-⓿❶-➓㉑-㉟㊱-㊿]")
_POWER = re.compile(r"10⁽[²³⁴-⁹]{1,2}⁾")

_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_ARABIC = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d{1,18})(\.\d{1,9})?([百千]?[万亿]{0,2}|[百千])", re.ASCII
)
_CHINESE = re.compile(
    f"[{''.join(CHINESE_DIGITS)}{''.join(CHINESE_UNITS)}万亿]{{1,16}}(?:点[{''.join(CHINESE_DIGITS)}]{{1,6}})?"
)
_ZERO = re.compile("[零〇○]")
_ONE_TO_NINE = f"[{''.join(c for c, digit in CHINESE_DIGITS.items() if digit)}]"
_BELOW_MYRIAD = re.compile(
    rf"((?:[零〇○]*{_ONE_TO_NINE})?[千仟])?((?:[零〇○]*{_ONE_TO_NINE})?[百佰])?"
    rf"([零〇○]*{_ONE_TO_NINE}?[十拾])?[零〇○]*({_ONE_TO_NINE})?"
)
_ROUGH = re.compile("[余多](?=[万亿]$)")  # 20余万
_RANGE = re.compile(r"(.{1,24}?)(?:[-~—–―－～]{1,2}|至|到)(.{1,24})")


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
_WORDS = dict.fromkeys(NOT_APPLICABLE, Reading(None, None, "not_applicable"))
_WORDS |= dict.fromkeys({"", *EMPTY}, Reading(None, None, "blank"))


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
    return readings[text]


def _number(text: str) -> Reading:
    if len(text) <= _LONGEST and not (text.isascii() and text[-1:].isdigit()):
        text = text.strip()
        if not _POWER.fullmatch(text):
            text = _MARK.sub("", text)
        # A power of ten, or a mark anywhere else beside a digit, is no figure.
        if _RAISED.search(text) and any(c in "0123456789" for c in text):
            return _UNREADABLE
    if OBJECT in text:
        return _UNREADABLE
    plain = unicodedata.normalize("NFKC", text).translate(FOLD).strip(" \t\r\n\u3000\u200b")
    if plain.isascii() and plain.isdigit():
        return Reading(Decimal(plain), None, "reported") if len(plain) <= 15 else _UNREADABLE
    squeezed = SPACE.sub("", plain)
    if squeezed in _WORDS:
        return _WORDS[squeezed]
    if _ZERO_OVER_ZERO.fullmatch(squeezed):
        return Reading(Decimal(0), None, "reported")
    return _figure(plain, squeezed)


readings: Memory = Memory(_number, 32768, 100)  # what `number` remembers, for loops


def _figure(plain: str, squeezed: str) -> Reading:
    match = _NUMBER.fullmatch(squeezed) if len(squeezed) <= _LONGEST else None
    if not match:
        return _UNREADABLE
    digits = match["digits"]
    # White space inside the digits: '1 234' may be two cells' figures, '1. 3' the first of a list.
    if digits not in plain.replace("，", ",") and _SPLIT.search(plain.partition("(")[0]):
        return _UNREADABLE
    if digits[0] in "0123456789":
        value = Decimal(digits.replace(",", ""))
    else:
        whole = chinese_value(digits) if len(digits) == 1 or not _POSITIONAL(digits) else None
        if whole is None:
            return _UNREADABLE
        value = Decimal(whole)
    if value >= Decimal(10) ** 15:
        return _UNREADABLE
    unit, scale = match["unit"] or None, match["scale"] or ""
    if unit and "元" in unit:
        unit, scale = scale + "元", ""
    value = value * MYRIADS.get(scale, 1)
    return Reading(-value if match["sign"] in _DOWN and value else value, unit, "reported")


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
    if not 0 < len(text) <= 20:
        return None
    if _POSITIONAL(text):
        return int(text.translate(_AS_ARABIC))
    total, after = 0, ""
    for char in ("亿", "万"):  # parts below ten thousand, in falling order
        head, found, tail = text.partition(char)
        if found:
            high = chinese_value(head) if "万" in head else _below_myriad(head)
            if not high:
                return None
            total, after, text = total + high * MYRIADS[char], char, tail
    low = _below_myriad(text, after) if text else 0
    return None if low is None else total + low


def _below_myriad(text: str, after: str = "") -> int | None:
    """The value of 三百二 (320), or of the 二 that stands ``after`` 一万 (2,000)."""
    match = _BELOW_MYRIAD.fullmatch(text) if text else None
    if match is None:
        return None
    total, last = 0, MYRIADS.get(after, 10)
    for unit, part in zip((1000, 100, 10), match.groups()):
        if part:
            total, last = total + (CHINESE_DIGITS.get(part[-2:-1], 1) or 1) * unit, unit
    spoken = last > 10 and not _ZERO.search(text)
    return total + CHINESE_DIGITS.get(match[4], 0) * (last // 10 if spoken else 1)


def number_value(text: str) -> float | None:
    """The value of one number without approximators, Arabic or Chinese, or None.

    >>> number_value("1.18万"), number_value("3 1 3 4"), number_value("１２，３４５"), number_value("三十二"), number_value("12a")
    (11800.0, 3134.0, 12345.0, 32.0, None)
    """
    text = SPACE.sub("", text).translate(_FULL_WIDTH)
    found = _ARABIC.fullmatch(text)
    if found:
        exact = Decimal(found[1].replace(",", "") + (found[2] or ""))
        return float(exact * prod(map(_FACTORS.__getitem__, found[3])))
    if not _CHINESE.fullmatch(text):
        return None
    whole, _, fraction = text.partition("点")
    value = chinese_value(whole)
    return None if value is None else float(f"{value}.{fraction.translate(_AS_ARABIC)}")


def parse_numeral(text: str) -> Numeral | None:
    """A printed number, a rough one (20余万), or a range, or None when `text` is anything else.

    >>> parse_numeral("20余万"), parse_numeral("十五"), parse_numeral("3至5")
    (Numeral(value=200000.0, approximate=True), Numeral(value=15.0, approximate=False), Numeral(value=3.0, approximate=True))
    """
    text = SPACE.sub("", text)
    exact = _ROUGH.sub("", text)
    value = number_value(exact)
    if value is not None:
        return Numeral(value, exact != text)
    found = _RANGE.fullmatch(exact)
    low, high = map(number_value, found.groups()) if found else (None, None)
    if found is None or low is None or high is None or low >= high:
        return None
    shared = 1 if found[1][-1] in MYRIADS else MYRIADS.get(exact[-1], 1)  # 3-5万
    return Numeral(low * shared if low * shared < high else low, True)
