"""Two signs that every reader writes alike: raised characters, and what is shown but is no text."""

from __future__ import annotations

from ..numbers import OBJECT  # what is shown and is no text

__all__ = ["OBJECT", "lowered", "raised"]

# Unicode has superscripts for these (Superscripts and Subscripts, U+2070); brackets of all kinds become round ones.
_FROM = "0123456789+-=()（）[]［］〔〕【】"
_TO = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼" + "⁽⁾" * 6
_SUPERSCRIPT = str.maketrans(_FROM, _TO)


def raised(text: str) -> str:
    """A raised (or lowered) run in superscript characters, so that a note's mark is never a digit of a figure.

    >>> raised("1"), raised("[2]"), raised("注3"), raised("①")
    ('¹', '⁽²⁾', '注³', '①')
    """
    return text.translate(_SUPERSCRIPT)


def lowered(text: str) -> str:
    """The plain characters again: a cell that holds a raised figure alone holds a figure.

    >>> lowered("²⁶")
    '26'
    """
    return text.translate(_PLAIN)


_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", "0123456789+-=()")
