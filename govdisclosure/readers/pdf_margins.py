"""Page numbers, running headers and footers: lines at the edge of the page that are no part of the text."""

from __future__ import annotations

import re

from govdisclosure.readers.pdf_prose import Line

DEPTH = 3  # lines from the edge that can belong to a header or footer
EDGE = 0.11  # share of the page's height within which a lone page number stands
SHIFT = 3.0  # points by which a repeated line may move from page to page

_DECORATED = re.compile(
    r"[-—–―·•.~\s]*(?:第?\s*\d{1,4}\s*页\s*[,，/]?\s*(?:共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|[-—–―·•~]\s*\d{1,4}\s*[-—–―·•~]"
    r"|page\s*\d{1,4}(?:\s*of\s*\d{1,4})?)[-—–―·•.~\s]*$",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*(?:\d{1,4}|[ivxIVX]{1,5})\s*$")
_DIGITS = re.compile(r"\d+")


def drop_margins(pages: list[list], heights: list[float]) -> list[str]:
    """Take headers, footers and page numbers off the pages' items (lines and tables); their texts come back.

    A line is one when it is a page number, or stands at the same place with the same words (digits apart) on
    another page. Tables are never touched, nor what stands inside of a table.
    """
    found: dict[str, None] = {}
    for top in (True, False):
        for _ in range(DEPTH):
            outer = [_outermost(items, top) for items in pages]
            gone = [
                line is not None and _is_margin(i, line, outer, heights, top)
                for i, line in enumerate(outer)
            ]
            if not any(gone):
                break
            for items, line, leave in zip(pages, outer, gone):
                if leave:
                    items.remove(line)
                    if not _is_number(line.text):
                        found[line.text] = None
    return list(found)


def _outermost(items: list, top: bool) -> Line | None:
    """The first (or last) line of a page when it lies beyond every table."""
    lines = [item for item in items if isinstance(item, Line)]
    if not lines:
        return None
    line = min(lines, key=lambda l: l.box[1]) if top else max(lines, key=lambda l: l.box[3])
    tables = [item.box for item in items if not isinstance(item, Line)]
    beyond = all(line.box[3] <= box[1] + 2 if top else line.box[1] >= box[3] - 2 for box in tables)
    return line if beyond else None


def _is_number(text: str) -> bool:
    return bool(_DECORATED.match(text) or _BARE.match(text))


def _is_margin(
    i: int, line: Line, outer: list[Line | None], heights: list[float], top: bool
) -> bool:
    near = line.box[3] < EDGE * heights[i] if top else line.box[1] > (1 - EDGE) * heights[i]
    if near and (_DECORATED.match(line.text) or _BARE.match(line.text)):
        return True
    words = _DIGITS.sub("0", line.text)
    return any(
        _repeats(line, words, other)
        for j, other in enumerate(outer)
        if j != i and other is not None
    )


def _repeats(line: Line, words: str, other: Line) -> bool:
    """Same words, same height on the page, same size. A margin mirrored on left pages may differ in x."""
    return (
        _DIGITS.sub("0", other.text) == words
        and abs(line.box[1] - other.box[1]) <= SHIFT
        and abs(line.size - other.size) < 1
    )
