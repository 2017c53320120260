"""Two signs that every reader writes alike: raised characters, and what is shown but is no text."""

from __future__ import annotations

import re

from ..numbers import OBJECT  # what is shown and is no text

__all__ = ["OBJECT", "figure_or_mark", "raised"]

# Unicode has superscripts for these (Superscripts and Subscripts, U+2070).
_PLAIN, _HIGH = "0123456789+-=", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼"
_RAISE, _LOWER = str.maketrans(_PLAIN, _HIGH), str.maketrans(_HIGH, _PLAIN, "⁽⁾")
_BRACKETED = re.compile(r"[(（\[［〔【](.{1,4})[)）\]］〕】]")


def raised(text: str) -> str:
    """A raised (or lowered) run in raised brackets, so that a note's mark is never a digit of a figure.

    A superscript character that somebody typed is left as it is: it is not known to be a note.

    >>> raised("1"), raised("[2]"), raised("注3"), raised("①")
    ('⁽¹⁾', '[2]', '⁽注³⁾', '①')
    """
    if bracketed := _BRACKETED.fullmatch(text.strip()):
        return f"[{bracketed[1]}]"
    high = text.translate(_RAISE)
    return f"⁽{high}⁾" if high != text else text


def figure_or_mark(text: str) -> str:
    """The text of a cell: one that holds a raised figure alone holds a figure, no note.

    >>> figure_or_mark("⁽²⁶⁾"), figure_or_mark("39⁽¹⁾")
    ('26', '39⁽¹⁾')
    """
    plain = text.translate(_LOWER) if text.startswith("⁽") else text
    return plain if plain.isdigit() and raised(plain) == text else text
