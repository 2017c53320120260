"""A number in the digits that a spreadsheet's number format shows. Source: ECMA-376 part 1, §18.8.31."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from .placing import OBJECT

_SECTION = re.compile(r'((?:"[^"]*"|[\\!].|\[[^\]]*\]|[^;"\[])*)(?:;|$)')
# A literal (quoted, escaped, or a currency), what only colours or fills, a digit's place, "General", other signs.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|_.|\*.|\[[A-Z][a-z]+\d?\]'
    r"|(?P<general>General)|(?P<digit>[0#?])|(?P<sign>[.,%])|(?P<literal>[^A-Za-z/@\[\]\"])|(?P<unknown>.)"
)


def shown(value: Decimal, code: str) -> str:
    """What is printed of ``value``: nothing where the format hides it, U+FFFC where the format is none of plain numbers.

    >>> shown(Decimal(521500), '0!.00,"万元"'), shown(Decimal(0), "#,##0;-#,##0;"), shown(Decimal("-2.5"), "0_);(0)")
    ('5.22万元', '', '(3)')
    """
    if code in ("General", "@", ""):
        return f"{value.to_integral_value() if value == value.to_integral_value() else value:f}"
    sections = _sections(code)
    plain = len(sections) == 1
    section = sections[2] if len(sections) > 2 and not value else sections[not plain and value < 0]
    if any(kind == "unknown" for kind, _ in section):
        return OBJECT
    kinds = "".join(text for kind, text in section if kind in ("sign", "digit"))
    before, _, behind = kinds.replace("%", "").partition(".")
    places = len(behind.rstrip(","))
    thousands = sum(len(part) - len(part.rstrip(",")) for part in (before, behind))
    scaled = abs(value).scaleb(2 * kinds.count("%") - 3 * thousands)
    rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    printed = _filled(section, rounded, len(before.replace(",", "")))
    return f"-{printed}" if plain and value < 0 and rounded else printed


@lru_cache(maxsize=256)
def _sections(code: str) -> list[list[tuple[str, str]]]:
    """The parts of a format for numbers above, below and equal to zero, as (kind, text)."""
    parts = _SECTION.findall(code)
    parts = parts[:-1] if len(parts) > 1 and not code.endswith(";") else parts
    return [
        [(m.lastgroup, m[m.lastgroup]) for m in _TOKEN.finditer(p) if m.lastgroup] for p in parts
    ]


def _filled(section: list[tuple[str, str]], number: Decimal, places: int) -> str:
    """The section with the number's digits in its places; those that do not fit stand before the first."""
    digits, _, decimals = f"{number:f}".partition(".")
    digits = digits.lstrip("0").rjust(places)
    waiting = (
        [digits[: len(digits) - places + 1], *digits[len(digits) - places + 1 :], *decimals]
        if places
        else list(decimals)
    )
    printed = []
    for kind, text in section:
        if kind == "digit" and waiting:
            digit = waiting.pop(0).strip()
            printed.append(digit or ("0" if text == "0" else ""))
        elif kind == "general":
            printed.append(f"{number.normalize():f}")
        elif kind == "sign":
            printed.append(text.replace(",", ""))
        elif kind != "digit":
            printed.append(text)
    return "".join(printed)
