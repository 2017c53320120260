"""Words → lines, pieces and the text of a cell.

Where words stand decides, not the blanks that the file or PDFium puts between them: Chinese is justified,
letter-spaced and wrapped without blanks, and a blank inside a Chinese word is layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain, pairwise, zip_longest
from operator import attrgetter
from statistics import median

from govdisclosure.model import Line, Piece
from govdisclosure.readers.pdf_drawn import Box, runs
from govdisclosure.readers.pdf_page import Page, Word
from govdisclosure.readers.placing import raised

WIDE = 2.0  # a gap of this many character widths is kept as a blank even between Chinese characters
TRACKED = 0.8  # digits closer than this are one letter-spaced number, unless a blank was typed between them

WORD = 0.2  # a gap between two Latin letters that is a blank
PADDING = 5.4  # points left and right of a cell's text in word processors (0.19 cm)
SMALL, RAISED = 0.87, 0.1  # a note mark is this much lower than the text, and so much off its line
BRACKETS = "()[]（）〔〕【】"  # of a mark: raised runs stand in raised brackets

_NUMBER_LINE = re.compile(r"[+-]?[\d,.]+%?$")


def lines_of(words: list[Word]) -> list[list[Word]]:
    """Characters by baseline (box heights differ between fonts of one line), each line from left to right.

    A smaller character off the line that touches it is a note mark: it belongs to the line, in raised form.
    """
    rows = runs(sorted(words, key=_baseline), _on_line)
    lines = runs(rows, lambda line, row: _marked([*chain(*line)], row))
    return [_raise_marks(_struck_once(sorted(chain(*line), key=_left))) for line in lines]


_left, _baseline, _order = map(attrgetter, ("x0", "base", "order"))


def _on_line(row: list[Word], word: Word) -> bool:
    return word.base - row[0].base <= 0.35 * word.height


def _marked(upper: list[Word], lower: list[Word]) -> bool:
    """Whether one of two rows is nothing but small print at the other's height."""
    small, large = sorted((upper, lower), key=_height)
    top, bottom = min(word.y0 for word in large), max(word.y1 for word in large)
    beside = all(top < word.middle[1] < bottom for word in small)
    return beside and _height(small) <= SMALL * _height(large)


def _beside(row: list[Word]) -> list[tuple[Word, bool]]:
    """Each character of a line with whether the one before or behind it touches it."""
    apart = [True, *(b.x0 - a.x1 > 0.5 * b.height for a, b in pairwise(row)), True]
    return [(word, not (left and right)) for word, left, right in zip(row, apart, apart[1:])]


def _height(row: list[Word]) -> float:
    return max(word.height for word in row)


def _struck_once(row: list[Word]) -> list[Word]:
    """Without what is struck twice for want of a bold face."""
    return row[:1] + [
        word
        for before, word in pairwise(row)
        if before.text != word.text or word.x0 - before.x0 > 0.2 * word.width
    ]


def _raise_marks(row: list[Word]) -> list[Word]:
    heights = [word.height for word in row]
    full = max(heights)
    if min(heights) > SMALL * full:
        return row
    base = median(word.base for word in row if word.height >= SMALL * full)
    out = []
    for word, touches in _beside(row):
        off = word.base - base
        if touches and word.height <= SMALL * full and abs(off) > RAISED * full:
            word = word._replace(text=raised(word.text.strip(BRACKETS)))
        out.append(word)
    return out


def em(words: list[Word]) -> float:
    """Width of a full character in this line; punctuation of proportional fonts is narrower."""
    wide = [word.width / len(word.text) for word in words if word.text >= "\u2e80"]
    return (max(wide) if wide else 0.75 * median(word.height for word in words)) or 1.0


def line_text(words: list[Word]) -> str:
    """The text of one line, with a blank only where words are set off."""
    parts = [words[0].text]
    if len(words) > 1:
        size = em(words)
        for before, word in pairwise(words):
            parts.append(" " + word.text if _set_off(before, word, size) else word.text)
    return "".join(parts).replace("⁾⁽", "")


def _set_off(before: Word, word: Word, size: float) -> bool:
    gap = word.x0 - before.x1
    if gap > WIDE * size:
        return True
    last, first = before.text[-1:], word.text[:1]
    if last > "~" or first > "~":
        return False
    return word.spaced or gap > (WORD if last.isalpha() and first.isalpha() else TRACKED) * size


def is_vertical(words: list[Word]) -> bool:
    """Whether text runs down (or was turned on its side): in the file's order most steps go up or down."""
    letters = "".join(word.text for word in words)
    if len(words) < 2 or letters.isascii():
        return False
    steps = [
        _in_column(above, word) and abs(word.base - above.base) > 0.4 * word.height
        for above, word in pairwise(sorted(words, key=_order))
    ]
    return sum(steps) > 0.6 * (len(letters) - 1)


def _in_column(above: Word, word: Word) -> bool:
    return abs(above.middle[0] - word.middle[0]) < 0.4 * word.width


def cell_text(box: Box, words: list[Word]) -> str:
    """The text of a cell that stands in a box.

    Wrapped Chinese is joined. Two lines of digits are one number where the next digit would not have fitted behind the
    first; where it would, a line feed says that this can't be told.
    """
    if len(words) < 2 or is_vertical(words):  # most cells of a report hold one word
        return _run_down(sorted(words, key=_order))
    rows = lines_of(words)
    text = [line_text(row) for row in rows]
    joints = [_between(box, *pair) for pair in pairwise(zip(rows, text))]
    return "".join(chain.from_iterable(zip_longest(text, joints, fillvalue="")))


def _run_down(words: list[Word]) -> str:
    return "".join(word.text for word in words)


def _between(box: Box, upper: tuple[list[Word], str], lower: tuple[list[Word], str]) -> str:
    (before, left), (after, right) = upper, lower
    if left[-1:] > "~" or right[:1] > "~":
        return ""
    if left[-1:].isalpha() or right[:1].isalpha():
        return " "
    one = len(left) > 1 and _NUMBER_LINE.match(left) and _NUMBER_LINE.match(right)
    wide = before[-1].x1 - before[0].x0 + after[0].width / len(after[0].text)
    return "" if one and wide > box[2] - box[0] - 2 * PADDING - 1 else "\n"


def read_lines(words: list[Word], page: Page) -> list[Line]:
    """The printed lines, from the top down, in pieces where a gap sets them apart; vertical writing by itself."""
    level, lines = [], []
    for run in runs(words, _under):
        if len(run) > 3 and is_vertical(run):
            lines.append(_line([run], page, _run_down))
        else:
            level += run
    lines += [_line(_pieces(row), page, line_text) for row in lines_of(level)]
    return sorted(lines, key=lambda line: (line.top + line.bottom) / 2)


def _under(column: list[Word], word: Word) -> bool:
    """Whether one Chinese character stands under another."""
    above = column[-1]
    if not 0.5 * word.height < word.base - above.base < 3 * word.height:
        return False
    return above.text > "~" < word.text and len(above.text) == 1 and _in_column(above, word)


def _pieces(row: list[Word]) -> list[list[Word]]:
    limit = TRACKED * em(row)

    def touching(piece: list[Word], word: Word) -> bool:
        before = piece[-1]
        figures = word.spaced and before.text[-1:].isdigit() and word.text[:1].isdigit()
        return not figures and word.x0 - before.x1 <= limit

    return runs(row, touching)


def _line(pieces: list[list[Word]], page: Page, text: Callable[[list[Word]], str]) -> Line:
    made: list[Piece] = []
    boxes = [around(word[1:5] for word in words) for words in pieces]
    for words, box in zip(pieces, boxes):
        sure = min(word.sure for word in words) if page.recognised else None
        place, mark = where(page.number, box), " " if made else ""
        made.append(Piece(text(words), place, box[0], box[2], mark, sure))
    box = around(boxes)
    return Line(tuple(made), where(page.number, box), box[1], box[3], page.number)


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes."""
    x0, y0, x1, y1 = zip(*boxes)
    return min(x0), min(y0), max(x1), max(y1)


def where(page: int, box: Box, more: str = "") -> str:
    """The place in words: page, what ``more`` says, and box in points from the page's top left.

    >>> where(4, (72, 100.5, 180.2, 118), ", table 1, row 3, column 2")
    'page 4, table 1, row 3, column 2 [72.0,100.5,180.2,118.0]'
    """
    x0, y0, x1, y1 = box
    return f"page {page}{more} [{x0:.1f},{y0:.1f},{x1:.1f},{y1:.1f}]"
