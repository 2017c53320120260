"""Lines without cells → printed rows of a table: figures between the words around them, and which
of them is which column.

Labels may stand before their figures, above them, wrapped around them or glued to a group's label.
Where a line only has order, the statutory order holds; a blank is placed where marks, x or (see
`checksum`) the form's identities prove it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, dropwhile, islice, pairwise, takewhile

from rapidfuzz.fuzz import partial_ratio

from ..forms import ENUMERATED, EXTRA_ROWS, UNIT_WORDS
from ..numbers import MONEY, readings
from ..text import label
from .checksum import adds_up, row_total
from .columns import MARKS, PROSE, is_figure
from .headers import ordered_leaves, rows_of
from .labels import SIMILAR, Lexicon, Meanings, best_of_each
from .rows import Header, Printed
from .sections import Slot, Strip

MOST_WORDS = 24  # pieces that one label may be cut into
LONGEST_LABEL = 90
FEWEST_GLUED, FEWEST_LABELS = 3, 12
_SHARE = re.compile(r"\d[\d.]*\s?[%％]")
_GLUED = re.compile(r"(\S*[\u4e00-\u9fff)）”])(\d[\d.]*)")


class _Flow:
    """Walks the pieces of a table's lines and cuts them into printed rows, each with the words
    before it.
    """

    def __init__(self, words: Lexicon) -> None:
        self.words, self.width = words, max(words.widths.values())
        self.units = "单位" in words.table.furniture  # the table has a column of units
        self.done: list[Printed] = []
        self.before: list[Slot] = []
        self.slots: list[Slot] = []
        self.marked = self.stacked = False

    def line(self, strip: Strip) -> None:
        """One line; shares (占比 12.5%) are no figures of the form."""
        strip = replace(strip, slots=tuple(s for s in strip.slots if not _SHARE.fullmatch(s.text)))
        filled = [slot for slot in strip.slots if slot.text]
        self.marked = any(slot.mark in MARKS for slot in strip.slots)
        self.stacked = len(filled) < 2
        figures = [is_figure(slot.text) for slot in filled]
        if self.slots and len(strip.slots) > 1 and not strip.slots[0].text:
            self._end()
        elif self.slots and figures and figures[0]:
            same = sum(slot.line == self.slots[-1].line for slot in self.slots)
            labelled = self.before and self.before[-1].line == self.slots[0].line
            if labelled or not sum(figures) == 1 == same:  # not each cell on a line of its own
                self.close()
        for slot in _unglued(strip.slots, self.words):
            if not slot.text or is_figure(slot.text) or self._is_words_in_cell(slot):
                self.slots.append(slot)
            else:
                self._word(slot)

    def _is_words_in_cell(self, slot: Slot) -> bool:
        """Words may stand in a cell, but only where the open row still has room for them."""
        behind = slot.mark in MARKS and bool(self.before) and self.before[-1].line == slot.line
        kept = self.slots and (self.marked or self.stacked) or behind
        begun = any(s.text for s in self.slots) or kept and self.is_row()
        # without the blanks that the label's merged cell leaves behind it
        taken = len(list(dropwhile(lambda s: not s.text, self.slots)))
        label_part = self._is_label(slot.text) or self.words.holds(slot.text)
        may_be = not (label_part or ENUMERATED.match(slot.text) or "。" in slot.text)
        if not begun or taken >= self.width or not may_be or len(slot.text) > PROSE:
            return False
        lines = [s.line for s in self.slots]
        if self.marked and (not lines or lines[-1] == slot.line):
            return True
        return self.stacked and len({*lines}) == len(lines)

    def _word(self, slot: Slot) -> None:
        if self.units and slot.text in UNIT_WORDS and not self.slots:
            return
        if self.words.find(slot.text).kind == "subtotal":
            self.width = max(self.words.widths.values()) + 1
        if self.slots:
            self._end()
        elif (row := self.is_row()) and self._is_label(slot.text):
            meant = map(self.words.find, (slot.text, self.before[-1].text + slot.text))
            # the last label does not go on in this word, nor stands there once more
            if not any(m.kind == "row" and m[0].key == row for m in meant):
                self.close()
        self.before.append(slot)

    def _end(self) -> None:
        """Close the open row; blank cells before a label are no cells of a row."""
        if any(s.text for s in self.slots) or self.is_row():
            self.close()
        self.slots = []

    def is_row(self) -> str:
        """The row whose label the last word alone is, or ''."""
        return self.words.find(self.before[-1].text).row if self.before else ""

    def _is_label(self, text: str) -> bool:
        found = self.words.find(text)
        of_column = self.words.across and found.header  # there each row has columns of its own
        return bool(found) and not of_column or label(text).core in EXTRA_ROWS

    def close(self) -> None:
        """End the open row."""
        where = (self.slots or self.before[-1:])[0].where
        self.done.append(Printed(self.slots, where, texts=self.before))
        self.before, self.slots = [], []


def _unglued(slots: tuple[Slot, ...], words: Lexicon) -> Iterator[Slot]:
    """The pieces of a line, a row's label and the figure glued to it (规章3) apart."""
    for slot in slots:
        glued = _glued(slot.text, words)
        if glued:
            yield slot._replace(text=glued[0])
            slot = slot._replace(text=glued[1], mark="")
        yield slot


def _glued(text: str, words: Lexicon) -> tuple[str, ...]:
    """A row's label and the figure glued to it; () where the text is none such."""
    found = _GLUED.fullmatch(text) if text[-1:].isdigit() else None
    return found.groups() if found and words.find(found[1]).row else ()


# --- rows -----------------------------------------------------------------------------------------


def printed_rows(strips: list[Strip], words: Lexicon, more: bool) -> list[Printed]:
    """The printed rows of a table's lines; their slots are what is printed, blank cells that marks
    keep included.
    """
    flow = _Flow(words)
    for strip in strips:
        flow.line(strip)
    filled = any(slot.text for slot in flow.slots)
    if filled or flow.is_row() and (flow.slots or more):  # else the last words are no row of blanks
        flow.close()
    found = flow.done
    texts = [*(line.texts for line in found), flow.before]
    # labels stand behind their figures: no row is named before the first, and one behind the last
    first = next((line.texts for line in found if line.slots), [])
    last = found[-1].texts if found and not found[-1].slots else flow.before
    behind = _names_row(last[:2], words) and not _names_row(first, words)
    header: Header | None = None
    for line, after in zip(found, texts[1:]):
        heads = {slot.text: slot for slot in line.texts if words.find(slot.text).header}
        if heads:  # the columns that the words before a row name, in reading order
            header = Header(ordered_leaves(heads.values(), words))
        line.header = header
        if line.slots and after and after[0].text in MONEY:  # its unit, printed apart
            line.slots[-1] = line.slots[-1]._replace(text=line.slots[-1].text + after[0].text)
        # a label behind figures ends at the next label or number of one
        rest = takewhile(lambda s: not (ENUMERATED.match(s.text) or words.find(s.text)), after[1:])
        line.texts = [*after[:1], *rest] if behind else line.texts
        near = line.texts
        if words.across and not behind:
            near = [slot for slot in near if not words.find(slot.text).header]
        _name(line, near, [] if behind or words.across else after, words)
    return _without_doubtful_blanks(_whole(found, words), words)


def _whole(lines: list[Printed], words: Lexicon) -> list[Printed]:
    """Rows whose cells stand on several lines (8351 0 / 0 0 0 / 714 9065) in one piece, if none of
    the table lacks a cell then: a row that lacks figures goes on in lines without a label of their
    own that bring exactly those, and what it then holds is what its total says."""
    found: list[Printed] = []
    for line in lines:
        own_label = line.texts and line.matches.rows
        if found and 0 < len(found[-1].slots) < _need(found[-1], words) and not own_label:
            found[-1] = replace(found[-1], slots=found[-1].slots + line.slots)
        else:
            found.append(line)
    total, alone = row_total(words.table), set(map(id, lines))
    for line in found:
        need = _need(line, words)
        if line.slots and not line.figures == need > 0 and not _is_other(line, words):
            return lines
        if id(line) not in alone:
            order = words.table.columns_of(words.table.row(line.matches.rows[0].key))
            if adds_up(line.slots, order, total) is False:
                return lines
    return found


def _need(line: Printed, words: Lexicon) -> int:
    """How many cells the row has that a line may be; 0 where it may be none."""
    rows = line.matches.rows
    return words.widths[rows[0].key] if rows else 0


def _names_row(some: list[Slot], words: Lexicon) -> bool:
    texts = [slot.text for slot in some]
    meant = map(words.find, (*texts, *map("".join, pairwise(texts))))
    return any(meaning.rows and not meaning.header for meaning in meant)


def _name(line: Printed, before: list[Slot], after: list[Slot], words: Lexicon) -> None:
    """The label of a row, from the words before its figures, on their line, and after them."""
    last = before[-1].text if before else ""
    if words.find(last).row:
        line.label, line.matches = last, words.find(last)
        return
    if not line.slots or _words_in_first_cells(line, before, words):
        return
    found = [
        (match, own + behind)
        for own, behind in _candidates(before, after)
        for match in words.find(own + behind).rows
    ]
    line.matches = Meanings(best_of_each([match for match, _ in found]))
    if found:
        line.label = max(found, key=lambda pair: pair[0].score)[1]
    elif before and not _words_in_first_cells(line, before, words, apart=False):
        line.label, line.matches = last, words.find(last)


def _words_in_first_cells(
    line: Printed, before: list[Slot], words: Lexicon, apart: bool = True
) -> bool:
    """规章 | 本单位未制作规章 | 0 | 0: words behind the label stand in cells, where marks or lines of their
    own set them off (``apart``), or where they are no part of any label."""
    for size in range(2, min(4, len(before)) + 1):
        name, *cells = before[-size:]
        row = words.find(name.text).row
        if row and (not apart or all(s.mark in MARKS or s.line != name.line for s in cells)):
            whole = label(words.table.row(row).zh).full
            part = any(
                words.find(slot.text)
                or (text := label(slot.text).full)
                and partial_ratio(text, whole) >= 100 * SIMILAR
                for slot in cells
            )
            if part or len(cells) + len(line.slots) > words.widths[row]:
                return False
            line.label, line.matches = name.text, words.find(name.text)
            line.slots = [*cells, *line.slots]
            return True
    return False


def _candidates(before: list[Slot], after: list[Slot]) -> list[tuple[str, str]]:
    """Texts that the label may be: the last words before the figures joined, and each beginning of
    those behind, up to the next label with a number.
    """
    texts = takewhile(lambda text: not ENUMERATED.match(text), (slot.text for slot in after))
    behind = list(accumulate(islice(texts, MOST_WORDS), initial=""))
    found: list[tuple[str, str]] = []
    text = ""
    for slot in reversed(before[-MOST_WORDS:]):
        text = slot.text + text
        found += [(text, more) for more in behind]
        if ENUMERATED.match(slot.text):
            break
    found = found or [("", more) for more in behind]
    return [pair for pair in found if 0 < len("".join(pair)) <= LONGEST_LABEL]


def _without_doubtful_blanks(lines: list[Printed], words: Lexicon) -> list[Printed]:
    """Labels without figures are rows of blanks, but not where the text was taken apart: figures
    stand without labels, or more in a row than it has columns, or nowhere, or fewer rows have them
    all than none, of several columns, or than some, on lines of their own."""
    filled = [line for line in lines if line.slots]
    needs = [(line, need) for line in lines if (need := _need(line, words))]
    apart = not all(_need(line, words) or _is_other(line, words) for line in filled)
    apart |= any(line.figures > need + (need > 3) for line, need in needs)
    whole = sum(line.figures >= need for line, need in needs)
    bare = [need for line, need in needs if not line.slots]
    if apart and bare:
        for line in filled:
            line.note = "" if line.beside else "does_not_fit"
    several = sum(need > 1 for need in bare)
    short = sum(0 < line.figures < need and not line.beside for line, need in needs)
    return filled if apart or several > max(1, whole) or short > whole or not filled else lines


def _is_other(line: Printed, words: Lexicon) -> bool:
    """Whether figures stand behind the label of a row that agencies add, of a group or a
    sub-total.
    """
    last = line.texts[-1].text if line.texts else ""
    return label(last).core in EXTRA_ROWS or words.find(last).kind in ("group", "subtotal")


# --- lines with as many cells as each other -------------------------------------------------------


def as_grid(strips: list[Strip], words: Lexicon) -> list[Strip] | None:
    """A grid's rows, and lines of equally many cells as such; None where their cells are no columns: a row's
    label stands right of where the header begins (as where merged cells are gone and the rest of
    the row moved left). Words above and below the table are none of its lines."""
    if strips[0].grid:
        return strips
    while strips and _is_note(strips[-1]):
        strips = strips[:-1]
    strips = list(dropwhile(_is_note, strips))
    widths = {len(strip.slots) for strip in strips}
    if len(strips) < 3 or len(widths) > 1 or max(widths) < 2:
        return None
    if any(strip.slots[-1].mark not in MARKS for strip in strips):
        return None
    found = [
        replace(strip, slots=tuple(s._replace(x0=x, x1=x + 1) for x, s in enumerate(strip.slots)))
        for strip in strips
    ]
    if words.across:
        return found
    rows = [x for x in rows_of(found, words) if x.header or any(s.text for s in x.slots)]
    start = max((x.header.start if x.header else -1 for x in rows), default=-1)
    if start < 1 or not all(x.header and x.header.by_x for x in rows):
        return None
    meant = (words.find(slot.text) for strip in found for slot in strip.slots[int(start) :])
    return found if all(m.header for m in meant if m.kind == "row") else None


def _is_note(strip: Strip) -> bool:
    return not any(slot.mark in MARKS or is_figure(slot.text) for slot in strip.slots)


# --- text that lost too much to be read -----------------------------------------------------------


def lost(strips: list[Strip], words: Lexicon, alike: bool) -> tuple[str, str]:
    """(expected, seen) where cells can't be told apart because of what happened to the whole text,
    else ('', '').

    ``alike``: two lines of the whole text are alike, so that none was removed because it occurred
    before.
    """
    slots = [slot for strip in strips for slot in strip.slots if slot.text]
    glued = [slot for slot in slots if _glued(slot.text, words)]
    labels = sum(any(m.score > 1 for m in words.find(s.text).rows) for s in slots)
    if len(glued) >= FEWEST_GLUED and len(glued) > labels:
        seen = f"“{glued[0].text[:40]}” ({glued[0].where}), and {len(glued) - 1} more: digits are glued to labels"
        return "labels and figures set apart", seen
    figures = sum(readings[s.text].status == "reported" for s in slots)
    width = max(words.widths.values())
    stacked = sum(len(s.slots) < 2 for s in strips) * 2 > len(strips)
    if labels >= FEWEST_LABELS and stacked and figures < width * labels and not alike:
        seen = f"{labels} labels, {figures} figures, and no two lines alike: lines that occurred before were removed"
        return "a figure for each cell", seen
    return "", ""
