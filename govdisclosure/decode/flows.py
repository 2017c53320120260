"""Lines without cells → printed rows of a table: figures between the words around them, and which of them is which column.

Labels may stand before their figures, above them, wrapped around them or glued to a group's label. Where a line only
has order, the statutory order holds; a blank is placed where marks, x or (see `checksum`) the form's identities prove it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, dropwhile, pairwise, takewhile
from math import isnan
from typing import NamedTuple

from rapidfuzz.fuzz import partial_ratio

from ..forms import ENUMERATED, EXTRA_ROWS, UNIT_WORDS
from ..model import Grid, GridCell
from ..numbers import MONEY, readings
from ..text import label
from .columns import MARKS, is_figure
from .headers import Token, ordered_leaves, rows_of
from .labels import NOTHING, SIMILAR, Lexicon, Match, Meanings
from .rows import Header, Printed
from .sections import Slot, Strip

PROSE = 30
MOST_WORDS = 24  # pieces that one label may be cut into
LONGEST_LABEL = 90
FEWEST_GLUED, FEWEST_LABELS = 3, 12
_GLUED = re.compile(r"(\S*[\u4e00-\u9fff)）”])(\d[\d.]*)")


class Word(NamedTuple):
    """A piece that is no figure, and the line it stands on."""

    slot: Slot
    line: int


class _Flow:
    """Walks the pieces of a table's lines and cuts them into printed rows."""

    def __init__(self, words: Lexicon, width: int) -> None:
        self.words, self.columns, self.width = words, width, width
        self.across = words.table.layout == "across"
        self.units = "单位" in words.table.furniture  # the table has a column of units
        self.done: list[tuple[Printed, list[Word]]] = []
        self.before: list[Word] = []
        self.slots: list[Slot] = []
        self.lines: list[int] = []  # the line of each slot
        self.stacked = False

    def line(self, number: int, strip: Strip) -> None:
        """One line."""
        filled = [slot for slot in strip.slots if slot.text]
        marked = any(slot.mark in MARKS for slot in strip.slots)
        self.stacked = len(filled) < 2
        figures = sum(is_figure(slot.text) for slot in filled)
        first = strip.slots[0].text
        if self.slots and len(strip.slots) > 1 and not first and self.lines[-1] < number:
            self._end()
        elif (
            self.slots
            and figures
            and is_figure(filled[0].text)
            and not self._goes_on(number, figures)
        ):
            self._close()
        for slot in _unglued(strip.slots, self.words):
            if (
                not slot.text
                or is_figure(slot.text)
                or self._is_words_in_cell(slot, number, marked)
            ):
                self.slots.append(slot)
                self.lines.append(number)
            else:
                self._word(Word(slot, number))

    def _goes_on(self, number: int, figures: int) -> bool:
        """Whether the figures of this line go on with the open row: each cell of it stands on a line of its own."""
        same = sum(n == self.lines[-1] for n in self.lines)
        labelled = self.before and self.before[-1].line == self.lines[0]
        return figures == 1 == same and not labelled and number > self.lines[-1]

    def _is_words_in_cell(self, slot: Slot, number: int, marked: bool) -> bool:
        """Words may stand in a cell, but only where the open row still has room for them."""
        behind = slot.mark in MARKS and bool(self.before) and self.before[-1].line == number
        kept = self.slots and (marked or self.stacked) or behind
        begun = any(s.text for s in self.slots) or kept and self._is_row()
        # without the blanks that the label's merged cell leaves behind it
        taken = len(list(dropwhile(lambda s: not s.text, self.slots)))
        if not begun or taken >= self.width or len(slot.text) > PROSE:
            return False
        text = slot.text
        if self._is_label(text) or self.words.holds(text) or ENUMERATED.match(text) or "。" in text:
            return False
        return (
            marked
            and (not self.lines or self.lines[-1] == number)
            or self.stacked
            and len(set(self.lines)) == len(self.lines)
        )

    def _word(self, word: Word) -> None:
        if self.units and word.slot.text in UNIT_WORDS and not self.slots:
            return
        if self.words.find(word.slot.text).kind == "subtotal":
            self.width = self.columns + 1
        if self.slots:
            self._end()
        elif self._is_row() and self._is_label(word.slot.text) and not self._goes_on_in(word):
            self._close()
        self.before.append(word)

    def _end(self) -> None:
        """Close the open row; blank cells before a label are no cells of a row."""
        if any(s.text for s in self.slots) or self._is_row():
            self._close()
        else:
            self.slots, self.lines = [], []

    def _is_row(self) -> bool:
        """Whether the last word alone is the label of a row."""
        if not self.before:
            return False
        found = self.words.find(self.before[-1].slot.text)
        return found.kind == "row" and found.score >= 1

    def _is_label(self, text: str) -> bool:
        found = self.words.find(text)
        of_column = self.across and found.header  # there each row has columns of its own
        return bool(found) and not of_column or label(text).core in EXTRA_ROWS

    def _goes_on_in(self, word: Word) -> bool:
        """Whether the last label goes on in this word, or stands there once more: they name the same row."""
        last, text = self.before[-1].slot.text, word.slot.text
        key = self.words.find(last)[0].key
        return any(
            m.kind == "row" and m[0].key == key for m in map(self.words.find, (text, last + text))
        )

    def _close(self) -> None:
        where = (self.slots or [self.before[-1].slot])[0].where
        line = Printed("", NOTHING, self.slots, None, where)
        self.done.append((line, self.before))
        self.before, self.slots, self.lines = [], [], []

    def finish(self, more: bool) -> list[tuple[Printed, list[Word]]]:
        """The rows; ``more``: text follows the table, so that a last label without figures is a row of blanks."""
        if any(s.text for s in self.slots) or self._is_row() and (self.slots or more):
            self._close()
        return self.done


def _unglued(slots: tuple[Slot, ...], words: Lexicon) -> Iterator[Slot]:
    """The pieces of a line, a row's label and the figure glued to it (规章3) apart."""
    for slot in slots:
        found = _GLUED.fullmatch(slot.text) if slot.text[-1:].isdigit() else None
        if found and _row_score(found[1], words) >= 1:
            yield slot._replace(text=found[1])
            yield slot._replace(text=found[2], mark="")
        else:
            yield slot


# --- rows ----------------------------------------------------------------------------------------------


def printed_rows(strips: list[Strip], words: Lexicon, more: bool) -> list[Printed]:
    """The printed rows of a table's lines; their slots are what is printed, blank cells that marks keep included."""
    width = max(len(words.table.columns_of(row)) for row in words.table.rows)
    flow = _Flow(words, width)
    for number, strip in enumerate(strips):
        flow.line(number, strip)
    found = flow.finish(more)
    trailing = flow.before
    behind = _labels_behind(found, trailing, words)
    header = None
    for i, (line, before) in enumerate(found):
        after = found[i + 1][1] if i + 1 < len(found) else trailing
        header = _header(before, words) or header
        line.header = header
        if line.slots and after and after[0].slot.text in MONEY:  # its unit, printed apart
            unit = after[0].slot.text
            line.slots[-1] = line.slots[-1]._replace(text=line.slots[-1].text + unit)
        if behind:
            before = _label_behind(after, words)
        line.texts = [word.slot for word in before]
        if behind:
            _name(line, before, [], words)
        elif flow.across:
            _name(
                line, [word for word in before if not words.find(word.slot.text).header], [], words
            )
        else:
            _name(line, before, after, words)
    return _without_doubtful_blanks([line for line, _ in found], words)


def _labels_behind(
    found: list[tuple[Printed, list[Word]]], trailing: list[Word], words: Lexicon
) -> bool:
    """Whether rows have their labels behind their figures: no row is named before the first ones, and one behind the last."""
    first = next((before for line, before in found if line.slots), [])
    if found and not found[-1][0].slots:
        trailing = found[-1][1]
    return _names_row(trailing[:2], words) and not _names_row(first, words)


def _label_behind(after: list[Word], words: Lexicon) -> list[Word]:
    """The words behind figures that are their label: up to the next label or number of one."""
    rest = takewhile(
        lambda w: not (ENUMERATED.match(w.slot.text) or words.find(w.slot.text)), after[1:]
    )
    return [*after[:1], *rest]


def _names_row(some: list[Word], words: Lexicon) -> bool:
    texts = [word.slot.text for word in some]
    joined = map("".join, pairwise(texts))
    meant = map(words.find, (*texts, *joined))
    return any(meaning.rows and not meaning.header for meaning in meant)


def _name(line: Printed, before: list[Word], after: list[Word], words: Lexicon) -> None:
    """The label of a row, from the words before its figures, on their line, and after them."""
    for size in range(1, min(6, len(before)) + 1):
        if size == 2 and line.slots and _words_in_first_cells(line, before, words):
            return
        text = "".join(word.slot.text for word in before[-size:])
        found = words.find(text)
        if found.kind == "row" and found.score >= 1:
            line.label, line.matches = text, found
            return
        if ENUMERATED.match(before[-size].slot.text):
            break
    if not line.slots:
        return
    best: dict[str, Match] = {}
    score = 0.0
    for text in _candidates(line, before, after):
        for match in words.find(text).rows:
            if match.key not in best or match.score > best[match.key].score:
                best[match.key] = match
            if match.score > score:
                line.label, score = text, match.score
    line.matches = Meanings(tuple(sorted(best.values(), key=lambda m: -m.score)))
    if not best and before and not _words_in_first_cells(line, before, words, apart=False):
        line.label = before[-1].slot.text
        line.matches = words.find(line.label)


def _words_in_first_cells(
    line: Printed, before: list[Word], words: Lexicon, apart: bool = True
) -> bool:
    """规章 | 本单位未制作规章 | 0 | 0: words behind the label stand in cells, where marks or lines of their own set them off
    (``apart``), or where they are no part of any label."""
    for size in range(2, min(4, len(before)) + 1):
        found = words.find(before[-size].slot.text)
        cells = before[1 - size :]
        set_off = all(w.slot.mark in MARKS or w.line > before[-size].line for w in cells)
        if found.kind == "row" and found.score >= 1 and (set_off or not apart):
            width = len(words.table.columns_of(words.table.row(found[0].key)))
            if size - 1 + len(line.slots) > width or any(
                _is_part(w.slot.text, found[0].key, words) for w in cells
            ):
                return False
            line.label, line.matches = before[-size].slot.text, found
            line.slots = [*(w.slot for w in cells), *line.slots]
            return True
    return False


def _is_part(text: str, key: str, words: Lexicon) -> bool:
    """Whether a word is a label, or a part of a row's."""
    part, whole = label(text).full, label(words.table.row(key).zh).full
    return bool(words.find(text)) or bool(part) and partial_ratio(part, whole) >= 100 * SIMILAR


def _candidates(line: Printed, before: list[Word], after: list[Word]) -> list[str]:
    """Texts that the label may be: words that end before the figures, with words behind them that belong to no other."""
    anchor = before[-1].slot if before and before[-1].slot.line == line.line else None
    before, after = before[-MOST_WORDS:], after[:MOST_WORDS]
    found = _joined(before, after)
    left = [w for w in before if _under(w.slot, anchor)]
    if len(left) < len(before):
        found += _joined(left, [w for w in after if _under(w.slot, anchor)])
    return found


def _joined(left: list[Word], right: list[Word]) -> list[str]:
    """The last words joined, with each beginning of those behind, up to the next label with a number."""
    behind = list(accumulate(_before_number(right), initial=""))
    found: list[str] = []
    text = ""
    for word in reversed(left):
        text = word.slot.text + text
        found += [text + more for more in behind]
        if ENUMERATED.match(word.slot.text):
            break
    return [text for text in found or behind if text and len(text) <= LONGEST_LABEL]


def _before_number(words: list[Word]) -> Iterator[str]:
    """The texts of words up to the next label with a number."""
    texts = (word.slot.text for word in words)
    return takewhile(lambda text: not ENUMERATED.match(text), texts)


def _under(slot: Slot, anchor: Slot | None) -> bool:
    """Whether a piece stands in the same column of labels."""
    if anchor is None or isnan(anchor.x0) or isnan(slot.x0):
        return True
    return slot.x0 < anchor.x1 and anchor.x0 < slot.x1


def _header(before: list[Word], words: Lexicon) -> Header | None:
    """The columns that the words before a row name, in reading order."""
    found = [(w.slot, words.find(w.slot.text)) for w in before]
    tokens = {
        s.text: Token(s.text, meanings, s.x0, s.x1) for s, meanings in found if meanings.header
    }
    return Header(ordered_leaves(list(tokens.values()), words.table)) if tokens else None


def _without_doubtful_blanks(lines: list[Printed], words: Lexicon) -> list[Printed]:
    """Labels without figures are rows of blanks, but not where the text was taken apart: figures stand without labels, or
    more in a row than it has columns, or nowhere, or few rows of several columns have them all."""
    filled = [line for line in lines if line.slots]
    needs = [(line, _width(line, words)) for line in lines if line.matches.rows]
    apart = any(not line.matches.rows and not _is_other(line, words) for line in filled)
    apart |= any(line.figures > need + (need > 3) for line, need in needs)
    whole = sum(line.figures >= need for line, need in needs)
    bare = sum(not line.slots and need > 1 for line, need in needs)
    bare_rows = any(not line.slots for line, _ in needs)
    if apart and bare_rows:
        for line in filled:
            line.note = "" if line.beside else "does_not_fit"
    return filled if apart or bare > max(1, whole) or not filled else lines


def _width(line: Printed, words: Lexicon) -> int:
    """How many columns the row has that a line seems to be."""
    return len(words.table.columns_of(words.table.row(line.matches.rows[0].key)))


def _is_other(line: Printed, words: Lexicon) -> bool:
    """Whether figures stand behind the label of a row that is none of the form's, of a group or a sub-total."""
    last = line.texts[-1].text if line.texts else ""
    return label(last).core in EXTRA_ROWS or words.find(last).kind in ("group", "subtotal")


# --- lines with as many cells as each other --------------------------------------------------------------


def as_grid(strips: list[Strip], words: Lexicon) -> list[Strip] | None:
    """Lines of equally many cells as rows of a grid; None where their cells are no columns: a row's label stands right of
    where the header begins (as where merged cells are gone and the rest of the row moved left)."""
    widths = {len(strip.slots) for strip in strips}
    if len(strips) < 3 or len(widths) > 1 or max(widths) < 2:
        return None
    if any(strip.slots[-1].mark not in MARKS for strip in strips):
        return None
    grid = Grid((), strips[0].where)
    found = []
    for n, strip in enumerate(strips):
        cells = tuple(
            GridCell(s.text, s.where, n, x, 1, 1, s.confidence) for x, s in enumerate(strip.slots)
        )
        found.append(Strip((), "", strip.where, grid, cells, cells))
    return found if words.table.layout == "across" or _has_columns(found, words) else None


def _has_columns(strips: list[Strip], words: Lexicon) -> bool:
    """Whether headers stand over the cells of rows, and no row's label among them."""
    rows = [x for x in rows_of(strips, words) if x.header or any(s.text for s in x.slots)]
    start = max((x.header.start if x.header else -1 for x in rows), default=-1)
    if start < 1 or not all(x.header and x.header.by_x for x in rows):
        return False
    cells = (cell for strip in strips for cell in strip.cells[int(start) :])
    meant = map(words.find, (cell.text for cell in cells))
    return all(meaning.header for meaning in meant if meaning.kind == "row")


# --- text that lost too much to be read ----------------------------------------------------------------------


def lost(strips: list[Strip], words: Lexicon, alike: bool) -> tuple[str, str]:
    """(expected, seen) where cells can't be told apart because of what happened to the whole text, else ('', '').

    ``alike``: two lines of the whole text are alike, so that none was removed because it occurred before.
    """
    slots = [slot for strip in strips for slot in strip.slots if slot.text]
    glued = [
        s for s in slots if (found := _GLUED.fullmatch(s.text)) and _row_score(found[1], words) >= 1
    ]
    labels = sum(_row_score(s.text, words) > 1 for s in slots)
    if len(glued) >= FEWEST_GLUED and len(glued) > labels:
        seen = f"“{glued[0].text[:40]}” ({glued[0].where}), and {len(glued) - 1} more: digits are glued to labels"
        return "labels and figures set apart", seen
    figures = sum(readings[s.text].status == "reported" for s in slots)
    width = max(len(words.table.columns_of(row)) for row in words.table.rows)
    stacked = sum(len(s.slots) < 2 for s in strips) * 2 > len(strips)
    if labels >= FEWEST_LABELS and stacked and figures < width * labels and not alike:
        seen = f"{labels} labels, {figures} figures, and no two lines alike: lines that occurred before were removed"
        return "a figure for each cell", seen
    return "", ""


def _row_score(text: str, words: Lexicon) -> float:
    return max((m.score for m in words.find(text).rows), default=0.0)
