"""For the old parser only: a PDF's lines as paragraphs. Goes when the decoder reads lines."""

import re
from dataclasses import replace

from govdisclosure.model import Document, Line, Paragraph

_NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d))"
)
_ENDS = "。！？；：!?;:"


def with_paragraphs(document: Document) -> Document:
    """The document with paragraphs in place of lines."""
    lines = [block for block in document.blocks if isinstance(block, Line)]
    if not lines:
        return document
    lefts = sorted(line.pieces[0].x0 for line in lines)
    rights = sorted(line.pieces[-1].x1 for line in lines)
    left, right = lefts[len(lefts) // 50], rights[-1 - len(rights) // 50]
    blocks, group = [], []
    for block in [*document.blocks, None]:
        if isinstance(block, Line) and group and _goes_on(group, block, left, right):
            group.append(block)
            continue
        if group:
            blocks.append(Paragraph(_text(group), group[0].where))
        group = [block] if isinstance(block, Line) else []
        if block is not None and not group:
            blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _text(group):
    text = ""
    for line in group:
        for piece in line.pieces:
            a, b = text[-1:], piece.text[:1]
            text += (
                " " if a and a < "~" and b < "~" and (a.isalpha() or b.isalpha()) else ""
            ) + piece.text
    return text


def _size(line):
    return line.bottom - line.top


def _goes_on(group, line, left, right):
    before, size = group[-1], _size(line)
    if abs(_size(before) - size) > 0.15 * _size(before):
        return False
    step = line.bottom - before.bottom
    usual = (
        group[1].bottom - group[0].bottom
        if len(group) > 1 and group[0].page == group[1].page
        else 2.2 * size
    )
    close = step <= 1.45 * max(usual, 1.2 * size)
    if _centred(before, left, right) and _centred(line, left, right):
        return (
            before.page == line.page and close and len(group) < 3 and not _NUMBERED.match(line.text)
        )
    if line.pieces[0].x0 - left > 1.2 * size or before.pieces[-1].x1 < right - 1.6 * size:
        return False
    if _NUMBERED.match(line.text) and (
        before.text[-1] in _ENDS or len(group) == 1 and _NUMBERED.match(before.text)
    ):
        return False
    return before.page != line.page or step < 0 or close


def _centred(line, left, right):
    a, b = line.pieces[0].x0 - left, right - line.pieces[-1].x1
    return min(a, b) > 2.2 * _size(line) and abs(a - b) < 2 * _size(line)
