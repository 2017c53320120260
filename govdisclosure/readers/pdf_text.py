"""Characters → lines → the text of a cell.

Where characters stand decides, not the blanks that the file or PDFium puts between them: Chinese is justified,
letter-spaced and wrapped without blanks, and a blank inside a Chinese word is layout.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from statistics import median

from govdisclosure.readers.pdf_page import Box, Char

WIDE = 2.0  # a gap of this many character widths is kept as a blank even between Chinese characters
TRACKED = 0.8  # digits closer than this are one letter-spaced number, unless a blank was typed between them
PADDING = 5.4  # points left and right of a cell's text in word processors (0.19 cm)

# Radicals of U+2E80-2EFF that have no compatibility mapping, seen in the text layer of converted reports.
# Source: Unicode, EquivalentUnifiedIdeograph.txt.
_RADICALS = str.maketrans(
    dict(
        zip(
            "⺁⺄⺇⺈⺋⺌⺍⺏⺐⺗⺙⺛⺝⺟⺠⺩⺪⺫⺭⺮⺯⺳⺴⺵⺶⺷⺸⺹⺻⻁⻃⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻏⻐⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻨⻩⻪⻬⻮⻰⻳",
            "厂乙几刀㔾小小尣兀心攵旡月母民王疋罒示竹糸罓罒罓羊羊羊耂聿虎覀西见角讠贝足车辶辶辶阝钅镸长门阝青韦页风飞食饣马骨鬼鱼鸟麦黄黾齐齿龙龟",
        )
    )
)
_LOOKALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\u200b-\u200f\u2060\ufeff\u00ad]")
_NUMBER_LINE = re.compile(r"[+-]?[\d,.]+%?$")


def clean(text: str) -> str:
    """Radicals and compatibility ideographs as the characters they look like; invisible ones dropped."""
    return _LOOKALIKE.sub(_plain, text) if _LOOKALIKE.search(text) else text


def _plain(match: re.Match) -> str:
    char = match.group()
    if unicodedata.category(char) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", char).translate(_RADICALS)


def lines_of(chars: list[Char]) -> list[list[Char]]:
    """Characters by baseline (box heights differ between fonts of one line), each line from left to right."""
    if len(chars) < 2:
        return [list(chars)] if chars else []
    rows: list[list[Char]] = []
    for char in sorted(chars, key=_baseline):
        if rows and char.base - rows[-1][0].base <= 0.35 * (char.y1 - char.y0):
            rows[-1].append(char)
        else:
            rows.append([char])
    for row in rows:
        row.sort(key=_left)
    return rows


def _baseline(char: Char) -> float:
    return char.base


def _left(char: Char) -> float:
    return char.x0


def em(chars: list[Char]) -> float:
    """Width of a full character in this line; punctuation of proportional fonts is narrower."""
    wide = [c.x1 - c.x0 for c in chars if c.text >= "\u2e80"]
    return (max(wide) if wide else 0.75 * median(c.y1 - c.y0 for c in chars)) or 1.0


def line_text(chars: list[Char]) -> str:
    """The text of one line, with a blank only where words are set off."""
    if len(chars) == 1:
        return clean(chars[0].text)
    size = em(chars)
    out = [chars[0].text]
    for before, char in pairwise(chars):
        if before.text == char.text and char.x0 - before.x0 < 0.2 * (char.x1 - char.x0):
            continue  # struck twice for want of a bold face
        if _set_off(before, char, size):
            out.append(" ")
        out.append(char.text)
    return clean("".join(out))


def _set_off(before: Char, char: Char, size: float) -> bool:
    gap = char.x0 - before.x1
    if gap > WIDE * size:
        return True
    if before.text > "~" or char.text > "~":
        return False
    if char.spaced:
        return True
    both_letters = before.text.isalpha() and char.text.isalpha()
    return gap > (0.2 if both_letters else TRACKED) * size


def is_vertical(chars: list[Char]) -> bool:
    """Whether text runs down (or was turned on its side): in the file's order most steps go up or down."""
    if len(chars) < 2 or all(char.text <= "~" for char in chars):
        return False
    order = sorted(chars, key=lambda c: c.index)
    steps = [
        abs(b.x0 + b.x1 - a.x0 - a.x1) < 0.8 * (b.x1 - b.x0)
        and abs(b.base - a.base) > 0.4 * (b.y1 - b.y0)
        for a, b in pairwise(order)
    ]
    return sum(steps) > 0.6 * len(steps)


def cell_text(parts: list[tuple[Box, list[Char]]], split_numbers: bool = False) -> str:
    """The text of a cell that stands in one box, or in one box a page.

    Wrapped Chinese is joined. Two lines of digits are one number where the first fills the cell; with
    ``split_numbers``, or where it does not, a line feed says that this can't be told.
    """
    if len(parts) == 1 and len(parts[0][1]) < 2:  # most cells of a report are a lone 0
        return clean(parts[0][1][0].text) if parts[0][1] else ""
    lines: list[tuple[Box, list[Char] | None, str]] = []
    for box, chars in parts:
        if len(chars) > 1 and is_vertical(chars):
            text = clean("".join(c.text for c in sorted(chars, key=lambda c: c.index)))
            lines.append((box, None, text))
        else:
            lines.extend((box, row, line_text(row)) for row in lines_of(chars))
    text = lines[0][2] if lines else ""
    for (box, before, left), (_, after, right) in pairwise(lines):
        text += _between(box, before, left, after, right, split_numbers) + right
    return text


def _between(box: Box, before, left: str, after, right: str, split_numbers: bool) -> str:
    if left[-1:] > "~" or right[:1] > "~":
        return ""
    if left[-1:].isalpha() or right[:1].isalpha():
        return " "
    whole = _NUMBER_LINE.match(left) and _NUMBER_LINE.match(right) and len(left) > 1
    if whole and not split_numbers and before and after and fills(box, before, after):
        return ""
    return "\n"


def fills(box: Box, before: list[Char], after: list[Char]) -> bool:
    """Whether the first character of the next line would not have fitted behind this line."""
    used = before[-1].x1 - before[0].x0 + after[0].x1 - after[0].x0
    return used > box[2] - box[0] - 2 * PADDING - 1
