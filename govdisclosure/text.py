"""The one fold of printed text: full and half width, radicals, Traditional characters and spaces
made alike; labels made comparable.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache, update_wrapper
from pathlib import Path
from typing import NamedTuple

_DATA = tomllib.loads(Path(__file__).with_name("text.toml").read_text("utf-8"))
_DASHES = dict.fromkeys("—–―−", "-")
_NO_WIDTH = dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", "")
RADICALS = str.maketrans(*_DATA["radicals"])
FOLD = str.maketrans({**RADICALS, **_DASHES, **_NO_WIDTH})
SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_NUMBERING = re.compile(
    r"[^\w(]*+(\()?([一二三四五六七八九十]{1,3}|\d{1,2})(?(1)\)|(?:[、,:)]|[.](?!\d)))(?=.)"
)
_NOTE = re.compile(
    r"\([^()]{3,}+\)|\([一二三四五六七八九十\d]*+[^()][^()]*+\)"
    r"|「[^「」]*+」|\[[^\[\]]*+\]|【[^【】]*+】|《[^《》]*+》|\([^()]{2,}+$"
)
_PUNCTUATION = re.compile(r"[^\w]+|_+")


class Label(NamedTuple):
    """A label made comparable: its number ('一', '3', ''), its words with notes cut off, and all its
    words.
    """

    number: str
    core: str
    full: str


class Memory(dict):
    """text → what ``make`` makes of it, kept: the same few texts come back a million times. A
    decorator of such a function, which is called as before.

    Bounded: a text longer than ``longest`` is not kept, and a full memory starts anew.
    """

    def __init__(self, make: Callable, size: int = 16384, longest: int = 200) -> None:
        update_wrapper(self, make)
        self.make, self.size, self.longest = make, size, longest

    __call__ = dict.__getitem__

    def __missing__(self, text: str):
        made = self.make(text)  # type: ignore[misc]
        if len(text) <= self.longest:
            if len(self) >= self.size:
                self.clear()
            self[text] = made
        return made


@Memory
def fold(text: str) -> str:
    """NFKC, radicals and Traditional characters to common ones, no white space.

    >>> fold("⼀、 規範性\\u3000⽂件（１）")
    '一、规范性文件(1)'
    """
    return SPACE.sub("", simplified(unicodedata.normalize("NFKC", text)).translate(FOLD))


@cache
def _traditional() -> tuple[re.Pattern[str], Callable[[str], str]]:
    """Any of the common characters that are written in another way in simplified ones, and what
    makes a text simplified.
    """
    from opencc import OpenCC

    simple = OpenCC("t2s").convert
    common = "".join(map(chr, range(0x3400, 0xA000)))
    others = "".join(a for a, b in zip(common, simple(common), strict=True) if a != b)
    return re.compile(f"[{others}]"), simple


def simplified(text: str) -> str:
    """Traditional characters to simplified ones (OpenCC's table t2s), one for one, so that places
    stay the same.

    >>> simplified("未經複議直接起訴")
    '未经复议直接起诉'
    """
    traditional, simple = _traditional()
    if not traditional.search(text):
        return text
    # 乾 is 干 in 乾燥 only: 乾县 and 乾安县 are written so in simplified characters too
    pairs = zip(text, simple(printable(text)), strict=True)
    return "".join(a if a == "乾" else b for a, b in pairs)


@Memory
def label(text: str) -> Label:
    """A printed label in comparable form.

    >>> label("2. 其他法律行政法规 禁止公开")
    Label(number='2', core='其他法律行政法规禁止公开', full='其他法律行政法规禁止公开')
    >>> label("（二）部分公开（区分处理的，只计这一情形）").core
    '部分公开'
    >>> label("危及“三安全一稳定”").number
    ''
    """
    folded = fold(text)
    match = _NUMBERING.match(folded)
    number, words = (match[2], folded[match.end() :]) if match else ("", folded)
    full = _PUNCTUATION.sub("", words)
    return Label(number, _PUNCTUATION.sub("", _NOTE.sub("", words)) or full, full)


# --- counts in words ------------------------------------------------------------------------------

_SINGULAR = _DATA["singular"]
_ONE = re.compile(r"(?<![\d.,])1(?: [a-z]+){1,2}")


def counted(text: str) -> str:
    """English in which what follows a lone 1, a noun and its verb, is in the singular.

    >>> counted("1 reports of 1 agencies, 21 reports, 0.1 reports; 1 of 2 reports, 1 agencies are too few")
    '1 report of 1 agency, 21 reports, 0.1 reports; 1 of 2 reports, 1 agency is too few'
    """
    return _ONE.sub(lambda one: " ".join(_SINGULAR.get(w, w) for w in one[0].split(" ")), text)


def printable(text: str) -> str:
    r"""The text with what is no UTF-8 (a file name of another charset) as U+FFFD, so that it fits
    any frame and file.

    >>> printable("a\udcc4.html")
    'a�.html'
    """
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
