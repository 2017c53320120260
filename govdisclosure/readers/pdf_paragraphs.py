"""Lines → paragraphs, over line and page breaks, so that a sentence is one piece of text."""

from __future__ import annotations

import re

from govdisclosure.model import Paragraph
from govdisclosure.readers.pdf_place import Place, where
from govdisclosure.readers.pdf_prose import Line

_NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d))"
)
_ENDS = "。！？；：!?;:"
INDENT = 1.2  # character widths that a first line is indented at least
SHORT = 1.6  # character widths that a last line ends before the right margin at least
LEADING = 1.45  # line pitch, as a share of the paragraph's own, that begins something new


def paragraphs(lines: list[Line]) -> list[Paragraph]:
    """Paragraphs of lines that follow each other."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group) for group in groups]


def _paragraph(group: list[Line]) -> Paragraph:
    text = group[0].text
    for line in group[1:]:
        text += (" " if _needs_blank(text, line.text) else "") + line.text
    first = [line for line in group if line.page == group[0].page]
    boxes = list(zip(*(line.box for line in first)))
    place = Place(first[0].page, (min(boxes[0]), min(boxes[1]), max(boxes[2]), max(boxes[3])))
    return Paragraph(text, where(place))


def _needs_blank(before: str, after: str) -> bool:
    """Between Latin words; a number that a line end cuts goes on without."""
    a, b = before[-1:], after[:1]
    return a < "~" and b < "~" and (a.isalpha() or b.isalpha())


def _goes_on(group: list[Line], line: Line) -> bool:
    before = group[-1]
    if abs(before.size - line.size) > 0.15 * before.size:
        return False
    size = line.size
    if _centred(before) and _centred(line):
        return (
            before.page == line.page
            and _close(group, line)
            and len(group) < 3
            and not _NUMBERED.match(line.text)
        )
    indented = line.box[0] - line.left > INDENT * size
    short = before.box[2] < before.right - SHORT * size
    if indented or short:
        return False
    if _NUMBERED.match(line.text) and (
        before.text[-1] in _ENDS or len(group) == 1 and _NUMBERED.match(before.text)
    ):
        return False
    return before.page != line.page or line.base < before.base or _close(group, line)


def _centred(line: Line) -> bool:
    """Well inside both margins, as far from the one as from the other."""
    left, right = line.box[0] - line.left, line.right - line.box[2]
    return min(left, right) > 2.2 * line.size and abs(left - right) < 2 * line.size


def _close(group: list[Line], line: Line) -> bool:
    """Whether the step down to this line is the paragraph's own line pitch."""
    step = line.base - group[-1].base
    usual = (
        group[1].base - group[0].base
        if len(group) > 1 and group[0].page == group[1].page
        else 2.2 * line.size
    )
    return step <= LEADING * max(usual, 1.2 * line.size)
