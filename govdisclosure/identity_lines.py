"""The lines of a document that can say who reports and when: the first ones, the last ones, and those around dates.

A report has hundreds of lines and a text dump thousands, one a cell; only the ends are looked at, and only what is
looked at is made compact. Every amount of text is bounded, since documents are not trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from .identity_text import INVISIBLE, compact, compact_lines
from .model import Block, Document, Grid

LEAD_LINES, TAIL_LINES, FOOT_LINES, LINE, ENDS = 24, 60, 12, 200, 200
SHORTEST_DATE = len("2020-1-1")
PROSE = 30_000  # characters of a section; the longest section one seen has 9,000
_SECTION_ONE = re.compile(r"^(?:[#*]*)(?:一|第一部分|1)[、.,:\s]|^总体情况$|^概述$")
_NO_DATE_END = re.compile(
    r"[\u4e00-\u65e4\u65e6-\u9fff\x21-\x2f\x3a-\x7e。，；：！？）】》”、]\Z"
)  # any plain character but 日 and digits


class Ends(NamedTuple):
    """Compact lines. ``lead``: before section one; ``tail``: the last ones, empty where no date is near; ``foot``: the
    very last, in one text; ``whole``: all of it, for a document without sections, else empty."""

    lead: tuple[str, ...]
    tail: tuple[str, ...]
    foot: str
    whole: str


def ends_of(document: Document, whole: bool) -> Ends:
    """The ends of a document's headings and paragraphs, tables left out; with ``whole`` also all of its text."""
    texts = _texts(document.blocks, None if whole else ENDS)
    lines = _lines(texts, PROSE if whole else 4 * PROSE)
    lead, after = _lead(lines)
    last = _last(lines, after, TAIL_LINES)
    below = last if len(last) >= FOOT_LINES else _last(lines, 0, FOOT_LINES)
    foot = "\n".join([compact(line, PROSE) for line in below[-FOOT_LINES:]])
    text = (
        "\n".join(filter(None, compact_lines("\n".join(lines), PROSE).split("\n")))[:PROSE]
        if whole
        else ""
    )
    return Ends(lead, _around_dates(last), foot, text)


def _texts(blocks: Sequence[Block], ends: int | None) -> list[str]:
    """Texts of headings and paragraphs: the first and the last ones, or all."""
    if ends is None or len(blocks) <= 2 * ends:
        return [block.text for block in blocks if not isinstance(block, Grid)]
    first = list(islice((i for i, block in enumerate(blocks) if not isinstance(block, Grid)), ends))
    if len(first) < ends:
        return [blocks[i].text for i in first]
    behind = range(len(blocks) - 1, first[-1], -1)
    last = list(islice((i for i in behind if not isinstance(blocks[i], Grid)), ends))
    return [blocks[i].text for i in (*first, *reversed(last))]


def _lines(texts: Sequence[str], room: int) -> list[str]:
    """Lines as printed of the first ``room`` characters."""
    if texts and sum(map(len, texts)) <= room:
        return "\n".join(texts).split("\n")
    lines: list[str] = []
    for text in texts:
        lines += text[:room].split("\n")
        room -= len(text)
        if room <= 0:
            break
    return lines


def _lead(lines: list[str]) -> tuple[tuple[str, ...], int]:
    """The lines before section one, cells of a printed field table apart; and where the lines after them begin."""
    lead: list[str] = []
    after = len(lines)
    for number, raw in enumerate(lines):
        line = compact(raw, PROSE)
        if _SECTION_ONE.match(line) or len(lead) == LEAD_LINES:
            after = number
            break
        if line:
            lead.append(line)
    cells = (part for line in lead for part in line[:LINE].split("|"))
    return tuple(filter(None, cells)), after


def _last(lines: list[str], after: int, count: int) -> list[str]:
    """The last ``count`` lines behind ``after`` in which something can be seen."""
    behind = (lines[i] for i in range(len(lines) - 1, after - 1, -1))
    return list(islice((line for line in behind if line.strip(INVISIBLE)), count))[::-1]


def _around_dates(lines: list[str]) -> tuple[str, ...]:
    """Compact lines, of which only those that may end with a date and their neighbours are filled in."""
    near = {i + step for i, line in enumerate(lines) if _may_be_dated(line) for step in (-1, 0, 1)}
    return tuple([compact(line, PROSE) if i in near else "" for i, line in enumerate(lines)])


def _may_be_dated(line: str) -> bool:
    if len(line) < SHORTEST_DATE and line.isascii():
        return False  # a figure in a cell
    return not _NO_DATE_END.match(line.rstrip(INVISIBLE)[-1:])
