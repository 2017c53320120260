"""Text as identity compares it: NFKC, no white space, plain radicals and years. Pure functions, str → str.

Whole reports pass here, so each step first asks whether a text needs it: nearly all text is Chinese with a few wide
marks, for which replacing these marks and looking the rest over takes a thirtieth of a full NFKC.
"""

from __future__ import annotations

import re
from itertools import pairwise
from unicodedata import is_normalized, normalize

from . import identity_data as data

LONGEST = 300  # characters of a candidate that are looked at; the longest real title seen has 71
# Wide marks of nearly every report, and the blanks that HTML and Word indent with.
_WIDE = (
    ("，", ","),
    ("：", ":"),
    ("；", ";"),
    ("（", "("),
    ("）", ")"),
    ("！", "!"),
    ("\u3000", " "),
    ("\xa0", " "),
)
_COMPATIBLE = re.compile(r"[\u2026\uff01-\uff5e]")  # the rest of them, and …: each normal by itself
_RADICAL = re.compile("[" + "".join(map(chr, data.RADICALS)) + "]")
_BLANK = r"\s\u200b-\u200f\u2060\ufeff\u00ad"
_SPACE = re.compile(rf"[{_BLANK}]+")
INVISIBLE = (  # the same, for str.strip
    "".join(
        map(
            chr,
            (
                *range(9, 14),
                *range(28, 33),
                0x85,
                0xA0,
                0xAD,
                0x1680,
                *range(0x2000, 0x2010),
                0x2028,
                0x2029,
            ),
        )
    )
    + "\u202f\u205f\u2060\u3000\ufeff"
)
_BEFORE_CLOCK = re.compile(r"(?<=\d)\s+(?=\d{1,2}:\d\d)")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_LATIN_GAP = re.compile(r"(?<=[A-Za-z])\s+(?=[A-Za-z])")
_CHINESE_YEAR = re.compile(r"二[〇零○oO0][〇零○oO0一二三][〇零○oO0一二三四五六七八九](?=年)")
_DIGITS = str.maketrans("〇零○oO一二三四五六七八九", "00000123456789")


def compact(text: str, limit: int = LONGEST) -> str:
    """NFKC without spaces, line ends and zero-width characters; radicals and Chinese years as plain characters.

    >>> compact(" ２０２３ 年\\n政府信息 公开"), compact("二〇二三年")
    ('2023年政府信息公开', '2023年')
    """
    text = _normal(text[: 4 * limit]).replace("\n", " ")
    text = _unspaced(text) if text.isprintable() else _without_blanks(text)
    return _years(text[:limit])


def compact_lines(text: str, limit: int) -> str:
    """Each line compact, at most ``limit`` characters of it; lines stay apart.

    >>> compact_lines("２０２３ 年\\n政府信息 公开", 100)
    '2023年\\n政府信息公开'
    """
    whole = _normal(text)
    if len(whole) > limit or not whole.replace("\n", "").isprintable():
        return "\n".join(compact(line, limit) for line in text.split("\n"))
    if " " in whole:
        whole = "\n".join(map(_unspaced, whole.split("\n")))
    return _years(whole)


def _normal(text: str) -> str:
    """NFKC, and the radicals that it leaves."""
    if text.isascii():
        return text
    if not is_normalized("NFKC", text):
        for wide, plain in _WIDE:
            text = text.replace(wide, plain)
        if not is_normalized("NFKC", text):
            for char in set(_COMPATIBLE.findall(text)):
                text = text.replace(char, normalize("NFKC", char))
            text = normalize("NFKC", text)
    return text.translate(data.RADICALS) if _RADICAL.search(text) else text


def _unspaced(text: str) -> str:
    """A printable text, whose only blank is the space, without spaces; Latin words stay apart, a clock from its day."""
    if " " not in text:
        return text
    words = text.split()
    apart = [next_ for word, next_ in pairwise(words) for next_ in (_gap(word, next_), next_)]
    return "".join((*words[:1], *apart))


def _gap(word: str, after: str) -> str:
    """What stays between two words: 2023-1-7 9:00 keeps its day."""
    last, first = word[-1], after[0]
    if last.isdecimal():
        return "T" if first.isdecimal() and _CLOCK.match(after) else ""
    return " " if (last + first).isascii() and last.isalpha() and first.isalpha() else ""


def _without_blanks(text: str) -> str:
    """The same for any text."""
    text = _LATIN_GAP.sub("\x00", _BEFORE_CLOCK.sub("T", text))
    return _SPACE.sub("", text).replace("\x00", " ")


def _years(text: str) -> str:
    return (
        text
        if "二" not in text
        else _CHINESE_YEAR.sub(lambda match: match[0].translate(_DIGITS), text)
    )
