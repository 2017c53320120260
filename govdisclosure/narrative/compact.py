"""Section text → the text without white space, its sentences, and the way back to the printed offsets.

Linear in the length of the text: every character is looked at a bounded number of times, and sentences are capped.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

MAX_SENTENCE = 3000  # longer ones are cut at commas; no real sentence comes near
STOPS = "。！？!?\n"
_COMMAS = "，,；;"
_COMMA = re.compile(f"[{_COMMAS}]")
_RADICALS = {
    "⺠": "民",
    "⻓": "长",
    "⻔": "门",
    "⻅": "见",
    "⻚": "页",
    "⻋": "车",
    "⻢": "马",
    "⻛": "风",
    "⻘": "青",
}
_WIDTHLESS = "\u200b-\u200d\u2060\ufeff\xad"  # blanks that str.split does not know
_RARE = re.compile(f"[０-９Ａ-Ｚａ-ｚ％．＋\u2e80-\u2fd5{_WIDTHLESS}]")
_BLANK = re.compile(rf"[\s{_WIDTHLESS}]+")
_ALL_WIDTHLESS = re.compile(f"[{_WIDTHLESS}]+")
# A line end goes where it cuts a sentence (PDF): between a word and its figure, or where the line is long, does not end
# with a stop, and the next line does not open with a heading or list number.
_JOIN = re.compile(
    r"\n(?:(?<=\d\n)(?=[\d万亿余多个家件条篇份期次场名人元%])|(?<=[\u4e00-\u9fff]\n)(?=\d[\d,，.]{0,12}[万余多]{0,2}[个家件条篇份期次场名人元%])"
    r"|(?<=[^\n]{9}[^\n。；;！？!?：:]\n)(?=[ \t\u3000\xa0]{0,9}[^\n \t\u3000\xa0（(])"
    r"(?![ \t\u3000\xa0]{0,9}(?:[一二三四五六七八九十]{1,3}[、是.．]|\d{1,2}[、.．](?!\d)|第[一二三四五六])))"
)
_CLOSED = frozenset("\n。；;！？!?：:")  # no line that ends so is joined to the next


def _translation() -> dict[int, str]:
    table = {ord(c): u for c, u in _RADICALS.items()}
    for code in (
        *range(0xFF10, 0xFF1A),
        *range(0xFF21, 0xFF3B),
        *range(0xFF41, 0xFF5B),
        0xFF05,
        0xFF0E,
        0xFF0B,
        *range(0x2F00, 0x2FD6),
    ):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    return table  # every entry is one character for one: offsets hold


_TABLE = _translation()


class Compact:
    """A text without its white space, save the line ends that mean something.

    ``origin(i)`` is the offset in the printed text of offset i of ``text``.
    """

    __slots__ = ("printed", "text", "_lines", "_bases", "_cuts")

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self._lines = list(_lines(printed))
        kept = [printed[a:b] for a, b in self._lines]
        text = "\n".join(["".join(line.split()) for line in kept])
        if _RARE.search(text):
            text = _ALL_WIDTHLESS.sub("", text).translate(_TABLE)
        self.text = text
        self._bases: list[int] | None = None
        self._cuts: dict[int, tuple[list[int], list[int]]] = {}

    def origin(self, offset: int) -> int:
        """Printed offset of the character at `offset`."""
        if len(self.text) == len(self.printed):
            return offset
        if self._bases is None:
            self._bases = self._starts()
        line = bisect_right(self._bases, offset) - 1
        inside = offset - self._bases[line]
        if line not in self._cuts:
            self._cuts[line] = _blanks(self.printed, *self._lines[line])
        cuts, shift = self._cuts[line]
        return self._lines[line][0] + inside + shift[bisect_right(cuts, inside)]

    def _starts(self) -> list[int]:
        """Where each line begins in ``text``."""
        starts, at = [], -1
        for _ in self._lines:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Printed span of ``text[start:end]``; white space around it is left out, inside it is kept."""
        return self.origin(start), self.origin(end - 1) + 1


def _lines(printed: str) -> Iterator[tuple[int, int]]:
    """Spans of the printed lines, those that belong together as one."""
    start, at = 0, printed.find("\n")
    while at >= 0:
        if not at or printed[at - 1] in _CLOSED or not _JOIN.match(printed, at):
            yield start, at
            start = at + 1
        at = printed.find("\n", at + 1)
    yield start, len(printed)


def _blanks(printed: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where blanks were taken out of a line, and how many characters up to there."""
    cuts, shift, removed = [], [0], 0
    for found in _BLANK.finditer(printed, start, end):
        removed += found.end() - found.start()
        cuts.append(found.end() - start - removed)
        shift.append(removed)
    return cuts, shift


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span, or its parts when it is too long: cut at the last comma within reach; a longer run without a comma is left out."""
    while end - start > MAX_SENTENCE:
        stop = max(text.rfind(comma, start, start + MAX_SENTENCE) for comma in _COMMAS) + 1
        if stop <= start:
            found = _COMMA.search(text, start, end)
            start = found.end() if found else end
            continue
        yield start, stop
        start = stop
    if start < end:
        yield start, end
