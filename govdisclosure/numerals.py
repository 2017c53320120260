"""Printed numbers → values: Arabic, full-width and Chinese numerals, 万/亿, approximations and ranges.

Pure functions; nothing here knows what a number counts. Spaces inside a number (PDF text prints "3 1 3 4")
are dropped; a comma is a separator only where groups of three follow it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

# Both ways to write the digits: everyday, and the "capital" forms of documents with money in them.
CHINESE_DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2,
    **{c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}, "俩": 2,
}  # fmt: skip
CHINESE_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
BEFORE = (
    "接近",
    "将近",
    "大约",
    "超过",
    "突破",
    "约",
    "近",
    "超",
    "逾",
    "达到约",
    "不少于",
    "至少",
)
AFTER = ("余", "多", "来", "以上", "左右", "上下")

_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_ARABIC = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d{1,18})(\.\d{1,9})?([百千]?[万亿]{0,2}|[百千])", re.ASCII
)
_CHINESE = re.compile(
    "["
    + "".join(CHINESE_DIGITS)
    + "".join(CHINESE_UNITS)
    + "万亿]{1,16}(?:点["
    + "".join(CHINESE_DIGITS)
    + "]{1,6})?"
)
_SPACE = re.compile(r"[\s\u200b-\u200d\ufeff]+")
_RANGE = re.compile(r"(.{1,24}?)(?:[-~—–―－～]{1,2}|至|到)(.{1,24})")


class Numeral(NamedTuple):
    """A number as printed: ``value`` (the lower end of a range), ``high`` (its upper end, else None), ``approximate``."""

    value: float
    approximate: bool = False
    high: float | None = None


def chinese_value(text: str) -> int | None:
    """The integer a Chinese numeral writes, or None when it is none (positional 二〇二一 included).

    >>> chinese_value("三千一百三十四"), chinese_value("二〇二一"), chinese_value("十万零五"), chinese_value("万一万")
    (3134, 2021, 100005, None)
    """
    if not text or len(text) > 20:
        return None
    if all(c in CHINESE_DIGITS for c in text):
        return int("".join(str(CHINESE_DIGITS[c]) for c in text))
    return _sections(text)


def _sections(text: str) -> int | None:
    """亿 and 万 sections, each below ten thousand, in falling order."""
    total, rest = 0, text
    for char in ("亿", "万"):
        head, found, tail = rest.partition(char)
        if found:
            high = _below_myriad(head) if char == "万" or "万" not in head else _sections(head)
            if not high:
                return None
            total, rest = total + high * MYRIADS[char], tail
    low = _below_myriad(rest, after=text[: len(text) - len(rest)]) if rest else 0
    return None if low is None else total + low


def _below_myriad(text: str, after: str = "") -> int | None:
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in CHINESE_DIGITS:
            if digit:
                return None
            digit = CHINESE_DIGITS[char]
            continue
        unit = CHINESE_UNITS.get(char)
        if unit is None or unit >= last or digit == 0 and unit != 10:
            return None
        total, digit, last = total + (1 if digit is None else digit or 1) * unit, None, unit
    if digit and last > 10 and last < 10_000 and "零" not in text and "〇" not in text:
        digit *= last // 10  # 三百二 is 320
    elif digit and after and not total and text[0] not in "零〇":
        digit *= MYRIADS[after[-1]] // 10  # 一万二 is 12,000
    return total + (digit or 0) if text else None


def number_value(text: str) -> float | None:
    """The value of one number without approximators, Arabic or Chinese, or None.

    >>> number_value("1.18万"), number_value("3 1 3 4"), number_value("１２，３４５"), number_value("三十二"), number_value("12a")
    (11800.0, 3134.0, 12345.0, 32.0, None)
    """
    text = _SPACE.sub("", text).translate(_FULL_WIDTH)
    found = _ARABIC.fullmatch(text)
    if found:
        return float(Decimal(found[1].replace(",", "") + (found[2] or "")) * _factor(found[3]))
    if not _CHINESE.fullmatch(text):
        return None
    whole, point, fraction = text.partition("点")
    value = chinese_value(whole)
    if value is None:
        return None
    digits = "".join(str(CHINESE_DIGITS[c]) for c in fraction)
    return float(f"{value}.{digits}") if point else float(value)


def _factor(suffix: str) -> int:
    factor = 1
    for char in suffix:
        factor *= MYRIADS.get(char) or CHINESE_UNITS[char]
    return factor


def parse_numeral(text: str) -> Numeral | None:
    """A printed number with its approximators, or a range, or None when `text` is anything else.

    >>> parse_numeral("近18万余"), parse_numeral("十五")
    (Numeral(value=180000.0, approximate=True, high=None), Numeral(value=15.0, approximate=False, high=None))
    >>> parse_numeral("3至5")
    Numeral(value=3.0, approximate=True, high=5.0)
    """
    text = _SPACE.sub("", text)
    if len(text) > 60:
        return None
    bare, vague = _strip_words(text)
    value = number_value(bare)
    if value is not None:
        return Numeral(value, vague)
    return _range(bare)


def _range(text: str) -> Numeral | None:
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    low, high = number_value(found[1]), number_value(found[2])
    if low is None or high is None or low >= high:
        return None
    suffix = text[-1]
    if suffix in MYRIADS and found[1][-1] not in MYRIADS and low * MYRIADS[suffix] < high:
        low *= MYRIADS[suffix]  # 3-5万
    return Numeral(low, True, high)


def _strip_words(text: str) -> tuple[str, bool]:
    vague = False
    for word in BEFORE:
        if text.startswith(word):
            text, vague = text[len(word) :], True
            break
    for word in AFTER:
        if text.endswith(word):
            return text[: -len(word)], True
    for word in ("余", "多"):
        head, found, tail = text.partition(word)
        if found and tail in ("万", "亿"):  # 20余万
            return head + tail, True
    return text, vague
