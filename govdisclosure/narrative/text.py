"""Section text → compact sentences, with the way back to the printed offsets.

Linear in the length of the text: no nested unbounded quantifiers, and sentences are capped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

MAX_SENTENCE = 3000  # longer ones are cut at commas; no real sentence comes near
RARE = re.compile("[０-９Ａ-Ｚａ-ｚ％．＋\u2e80-\u2fd5]")
_RADICALS = {"⺠": "民", "⻓": "长", "⻔": "门", "⻅": "见", "⻚": "页", "⻋": "车", "⻢": "马", "⻛": "风", "⻘": "青"}
# White space inside a line goes. A line end goes too where it cuts a sentence (PDF): the line is long, does not
# end with a stop, and the next line does not open with a heading or list number.
_SPACE = re.compile(
    r"[ \t\r\f\v\u3000\xa0\u2002-\u200d\u2060\ufeff\xad]+"
    r"|\n(?<=\d\n)(?=[\d万亿余多个家件条篇份期次场名人元%])|\n(?<=[\u4e00-\u9fff]\n)(?=\d[\d,，.]{0,12}[万余多]{0,2}[个家件条篇份期次场名人元%])"
    r"|\n(?<=[^\n]{9}[^\n。；;！？!?：:]\n)(?=[ \t\u3000\xa0]{0,9}[^\n \t\u3000\xa0（(])"
    r"(?![ \t\u3000\xa0]{0,9}(?:[一二三四五六七八九十]{1,3}[、是.．]|\d{1,2}[、.．](?!\d)|第[一二三四五六]))"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+")
_COMMA = re.compile("[，,；;]")


def _translation() -> dict[int, str]:
    import unicodedata

    table = {ord(c): u for c, u in _RADICALS.items()}
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05, 0xFF0E, 0xFF0B,
                 *range(0x2F00, 0x2FD6)):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    return table  # every entry is one character for one: offsets hold


_TABLE = _translation()


class Compact:
    """A text without its white space. ``origin(i)`` is the offset in the printed text of compact offset i."""

    __slots__ = ("printed", "text", "_cuts", "_shift")

    def __init__(self, printed: str) -> None:
        self.printed = printed
        plain = printed.translate(_TABLE) if RARE.search(printed) else printed
        self.text = _SPACE.sub("", plain)
        self._cuts = None if len(self.text) != len(printed) else []
        self._shift: list[int] = [0]

    def _index(self) -> None:
        self._cuts, removed = [], 0
        for found in _SPACE.finditer(self.printed):
            removed += found.end() - found.start()
            self._cuts.append(found.end() - removed)
            self._shift.append(removed)

    def origin(self, offset: int) -> int:
        """Printed offset of the character at compact `offset`."""
        if self._cuts is None:
            self._index()
        return offset + self._shift[bisect_right(self._cuts, offset)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Printed span of the compact span; white space around it is left out, inside it is kept."""
        return self.origin(start), self.origin(end - 1) + 1


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a compact text; oversized ones in pieces cut at commas."""
    for found in _SENTENCE.finditer(text):
        start, end = found.span()
        if end - start <= MAX_SENTENCE:
            yield start, end
        else:
            yield from _pieces(text, start, end)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cuts of a long sentence at its last comma within reach; a longer run without any comma is left out."""
    while start < end:
        stop = min(start + MAX_SENTENCE, end)
        if stop < end:
            stop = max(text.rfind(comma, start, stop) for comma in "，,；;") + 1
        if stop <= start:
            found = _COMMA.search(text, start, end)
            start = found.end() if found else end
            continue
        yield start, stop
        start = stop
