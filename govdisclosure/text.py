"""The one fold of printed text: full and half width, radicals, Traditional characters and spaces
made alike; labels made comparable.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_DATA = tomllib.loads(Path(__file__).with_name("text.toml").read_text("utf-8"))
_DASHES = dict.fromkeys("—–―−", "-")
_NO_WIDTH = dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", "")
RADICALS = str.maketrans(*_DATA["radicals"])
FOLD = str.maketrans({**RADICALS, **_DASHES, **_NO_WIDTH})
SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_NUMBERING = re.compile(
    r"[^\w(]*+(?:\(([一二三四五六七八九十]{1,3}|\d{1,2})\)|([一二三四五六七八九十]{1,3}|\d{1,2})(?:[、,:)]|[.](?!\d)))"
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
    """text → what ``make`` makes of it, kept: the same few texts come back a million times.

    Bounded: a text longer than ``longest`` is not kept, and a full memory starts anew.
    """

    __slots__ = ("longest", "make", "size")

    def __init__(self, make: Callable, size: int = 16384, longest: int = 200) -> None:
        self.make, self.size, self.longest = make, size, longest

    def __missing__(self, text: str):
        made = self.make(text)  # type: ignore[misc]
        if len(text) <= self.longest:
            if len(self) >= self.size:
                self.clear()
            self[text] = made
        return made


def fold(text: str) -> str:
    """NFKC, radicals and Traditional characters to common ones, no white space.

    >>> fold("⼀、 規範性\\u3000⽂件（１）")
    '一、规范性文件(1)'
    """
    return _FOLDED[text]


def _fold(text: str) -> str:
    return SPACE.sub("", simplified(unicodedata.normalize("NFKC", text)).translate(FOLD))


_FOLDED = Memory(_fold)


@lru_cache(maxsize=1)
def _converter():
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=1)
def _traditional() -> re.Pattern[str]:
    """Any of the common characters that are written in another way in simplified ones."""
    common = [chr(code) for code in range(0x3400, 0xA000)]
    changed = _converter().convert("\n".join(common)).split("\n")
    others = "".join(a for a, b in zip(common, changed, strict=True) if a != b)
    return re.compile(f"[{others}]")


def simplified(text: str) -> str:
    """Traditional characters to simplified ones (OpenCC's table t2s), one for one, so that places
    stay the same.

    >>> simplified("未經複議直接起訴")
    '未经复议直接起诉'
    """
    if not _traditional().search(text):
        return text
    try:
        found = _converter().convert(text)
    except UnicodeEncodeError:  # half a surrogate pair, of a file name that is no UTF-8
        found = _converter().convert(text.encode("utf-8", "replace").decode())
    if len(found) != len(text):
        return text
    # 乾 is 干 in 乾燥 only: 乾县 and 乾安县 are written so in simplified characters too
    return "".join(a if a == "乾" else b for a, b in zip(text, found)) if "乾" in text else found


def label(text: str) -> Label:
    """A printed label in comparable form.

    >>> label("2. 其他法律行政法规 禁止公开")
    Label(number='2', core='其他法律行政法规禁止公开', full='其他法律行政法规禁止公开')
    >>> label("（二）部分公开（区分处理的，只计这一情形）").core
    '部分公开'
    >>> label("危及“三安全一稳定”").number
    ''
    """
    return _LABELS[text]


def _label(text: str) -> Label:
    folded = fold(text)
    number = ""
    match = _NUMBERING.match(folded)
    if match and match.end() < len(folded):
        number, folded = match.group(1) or match.group(2), folded[match.end() :]
    full = _PUNCTUATION.sub("", folded)
    core = _PUNCTUATION.sub("", _NOTE.sub("", folded)) or full
    return Label(number, core, full)


_LABELS = Memory(_label)


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
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # half a surrogate pair that no file name gave
        return text.encode("utf-8", "replace").decode()
