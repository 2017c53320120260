"""Integers written in the notations that reports print, for round trips."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"


def chinese(n: int) -> str:
    """三千一百三十四 and the like, below 10^8.

    >>> chinese(3134), chinese(10), chinese(105), chinese(20003)
    ('三千一百三十四', '十', '一百零五', '二万零三')
    """
    if n >= 10_000:
        high, low = divmod(n, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return chinese(high) + "万" + gap + (_section(low, full=True) if low else "")
    return _section(n, full=False) or "零"


def _section(n: int, full: bool) -> str:
    text, pending = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, power)
        if digit:
            text += ("零" if pending and text else "") + DIGITS[digit] + unit
        pending = not digit
    return text.removeprefix("一") if text.startswith("一十") and not full else text


NOTATIONS = {
    "arabic": str,
    "full width": lambda n: "".join(chr(ord(c) + 0xFEE0) for c in str(n)),
    "thousands": lambda n: f"{n:,}",
    "wide thousands": lambda n: f"{n:,}".replace(",", "，"),
    "spaced": lambda n: " ".join(str(n)),
    "padded": lambda n: f" {n} ",
    "chinese": chinese,
}
