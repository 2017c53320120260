"""Printed figures, each with the value it stands for, stated here by hand and not by the library's own rules."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import NamedTuple

WORDS = ("本单位未制作规章", "详见附件", "正在统计", "□", "由上级机关统一公布", "不详", "见说明")
FULL = str.maketrans("0123456789", "０１２３４５６７８９")
COUNTERS = {"件": "件", "项": "项"}


class Token(NamedTuple):
    """``text`` as printed; ``value`` in the form's unit, None where the print is no number; ``status`` as in design.md.

    ``unit`` is None where it is the form's own.
    """

    text: str
    value: Decimal | None
    status: str = "reported"
    unit: str | None = None


def count(pen: Random, value: int, unit: str) -> Token:
    """A count, mostly bare."""
    return _choose(pen, _COUNTS)(pen, value, unit)


def change(pen: Random) -> Token:
    """A figure of the column 本年增/减."""
    n = pen.choice((0, 1, 2, 3, 4, 11, 27, 1558))
    return pen.choice((
        Token(str(n), Decimal(n)), Token(f"+{n}", Decimal(n)), Token(f"-{n}", Decimal(-n)), Token(f"增{n}", Decimal(n)),
        Token(f"减{n}", Decimal(-n)), Token(f"增加{n}", Decimal(n)), Token(f"减少{n}", Decimal(-n)),
        Token(f"＋{n}", Decimal(n)), Token("0/0", Decimal(0)), Token("增", None, "unreadable"), Token("减", None, "unreadable"),
    ))  # fmt: skip


def fees(pen: Random) -> Token:
    """本年收费金额（单位：万元）: a bare number is in 万元; a printed unit is converted."""
    cents = pen.choice((0, 0, 84565, 5921, 72701_2578, pen.randrange(10**6)))
    yuan = Decimal(pen.choice((0, 84565, 251000, pen.randrange(10**7))))
    wan = Decimal(cents) / 10000
    return pen.choice((
        Token(str(wan), wan, unit="万元"), Token(f"{cents}", Decimal(cents), unit="万元"), Token(f"{wan}万元", wan, unit="万元"),
        Token(f"{yuan}元", yuan / 10000, unit="万元"), Token(f"{yuan:,}元", yuan / 10000, unit="万元"),
    ))  # fmt: skip


def procurement(pen: Random) -> Token:
    """采购总金额: nobody states the unit of a bare number; with a printed unit the value is in 元."""
    n = pen.choice((0, 251000, 6, pen.randrange(10**7)))
    wan = Decimal(pen.randrange(1, 10**6)) / 100
    return pen.choice((
        Token(str(n), Decimal(n), unit=""), Token(f"{n}元", Decimal(n), unit="元"), Token(f"{wan}万元", wan * 10000, unit="元"),
        Token(f"{wan}", wan, unit=""),
    ))  # fmt: skip


def odd(pen: Random) -> Token:
    """What stands in a cell instead of a number."""
    return _choose(pen, _ODD)(pen)


def blank(pen: Random) -> Token:
    """An empty cell; only a file format can tell a space from nothing."""
    return Token("", None, "blank")


def _bare(pen: Random, value: int, unit: str) -> Token:
    return Token(str(value), Decimal(value))


def _commas(pen: Random, value: int, unit: str) -> Token:
    return Token(f"{value:,}", Decimal(value))


def _wide(pen: Random, value: int, unit: str) -> Token:
    return Token(str(value).translate(FULL), Decimal(value))


def _counter(pen: Random, value: int, unit: str) -> Token:
    return Token(f"{value}{COUNTERS.get(unit, '')}", Decimal(value))


def _noted(pen: Random, value: int, unit: str) -> Token:
    part = pen.randint(0, value)
    note = pen.choice((f"（其中修订{part}件）", f"(其中修订{part}件)", f"（含自然失效 {part} 件）"))
    return Token(f"{value}{note}", Decimal(value))


def _word(pen: Random) -> Token:
    return Token(pen.choice(WORDS), None, "unreadable")


def _mark(pen: Random) -> Token:
    return Token(pen.choice(("/", "—", "-", "无", "——", "／")), None, "not_applicable")


def _choose(pen: Random, choices: tuple[tuple[int, Callable], ...]) -> Callable:
    return pen.choices([c for _, c in choices], [w for w, _ in choices])[0]


_COUNTS = ((70, _bare), (8, _commas), (6, _wide), (6, _counter), (4, _noted))
_ODD = ((6, blank), (3, _mark), (1, _word))
