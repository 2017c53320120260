"""Which figure of a line is which column, where the line has no header of its own to say so: by
marks, by x, by order.

One hypothesis holds for the whole table. A line that has all its figures is read in the statutory
order. Where one is short, its blanks are placed only where marks keep them (and the table shows
that they do), or where x tells.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import inf, isnan

from ..forms import CHANGES, UNIT_WORDS, Table
from ..numbers import EMPTY, readings
from .checksum import best_order, holds, row_total
from .labels import Lexicon
from .rows import Header, Leaf, Printed
from .sections import Slot

MARKS = ("|", "\t")
PROSE = 30  # characters: a longer text is in no cell
# 0（其: a figure whose bracket goes on in another line; 2 1: digits that a narrow cell may have
# broken, or two figures
_BROKEN = re.compile(r"\d[\d.,]*(?:\w?[（(][^）)]*|\s[\d.,\s]*)$")


def is_figure(text: str) -> bool:
    """Whether a piece stands in a cell: a figure in digits (a lone 三 is a piece of a label), a
    stroke, a bare 增.
    """
    status = readings[text].status
    if status == "reported" and any(map(str.isdigit, text)) or status == "not_applicable":
        return True
    return text in CHANGES or text in EMPTY or bool(_BROKEN.match(text))


def place(lines: list[Printed], words: Lexicon, closed: bool) -> None:
    """Give each line that is a row a header and as many slots as that has, or the note
    'does_not_fit'.

    ``closed``: marks stand behind each cell, the last of a line too.
    """
    table, rows = words.table, [line for line in lines if line.chosen]
    for line in rows:
        line.order = table.columns_of(table.row(line.chosen))
        if line.order[-1] == "total" and any(leaf.key == "subtotal" for leaf in line.leaves):
            line.order = (*line.order[:-1], "subtotal", "total")
    _drop_empty_columns(rows)
    kept = _keeps_blanks(rows, closed)
    several = [line for line in rows if len(line.order) > 1 and line.figures]
    windows = [  # the cells of all lines begin so many after the label, or end so many before the end
        (end, n)
        for end in ((False, True) if kept else ())
        for n in {0, *(_blanks(line)[end] for line in several)}
        if all(_start(line, end, n) >= 0 for line in several)
    ]
    # where lines have a cell more than columns, blanks cut off a line do not make it whole
    over = any(len(_changes_whole(_inner(line))) > len(line.order) for line in several)
    over |= any(len({slot.text for slot in _inner(line)}) > 1 == len(line.order) for line in rows)
    own = {column.key for column in table.columns} | {"", "subtotal"}
    for line in rows:
        doubtful = line.note or over and any(_blanks(line)) and line.figures
        other = not own.issuperset(leaf.key for leaf in line.leaves)
        line.note = "" if not doubtful and _placed(line, windows, other) else "does_not_fit"
    reorder(rows, table)
    complete = [line for line in rows if not line.note]
    ends = Printed([], "")
    for above, line, below in zip([ends, *lines], lines, [*lines[1:], ends]):
        if line.chosen and not line.figures and not below.chosen:
            # as many figures as it has columns, without a label, stand where its own would
            line.note = line.note or "does_not_fit" * (below.figures == len(line.order))
        elif line.chosen and line.note:
            cut = [slot for near in (above, below) if not near.chosen for slot in near.slots]
            near = [word for word in (*line.texts, *below.texts) if not words.holds(word.text)]
            _by_x(line, complete, cut + [word for word in near if not words.find(word.text)])
    _doubt(lines, table, kept or closed)


def reorder(rows: list[Printed], table: Table) -> None:
    """Rows whose header names all columns in another order: that under which sums hold."""
    rows = [line for line in rows if not line.note]
    moved = next((x for x in rows if x.named != x.order and {*x.named} == {*x.order}), None)
    total = row_total(table)
    if total is None or moved is None:
        return
    same = [x for x in rows if (x.named, x.order) == (moved.named, moved.order)]
    order = best_order([x.slots for x in same], (moved.order, moved.named), total)
    for line in same:
        texts = {leaf.key: leaf for leaf in line.leaves}
        if order:
            line.header = Header(tuple(texts[key] for key in order))
        else:
            line.note = "does_not_fit"


def _drop_empty_columns(rows: list[Printed]) -> None:
    """Rows of more cells than columns, all of as many: where just as many cells are ever filled,
    these are the columns.
    """
    for need in {len(line.order) for line in rows}:
        own = [line for line in rows if len(line.order) == need and line.slots]
        used = sorted({i for line in own for i, slot in enumerate(line.slots) if slot.text})
        if len({len(line.slots) for line in own}) == 1 and len(used) == need > 1:
            for line in own:
                line.slots = [line.slots[i] for i in used]


# --- by marks and by order ------------------------------------------------------------------------


def _blanks(line: Printed) -> tuple[int, int]:
    """Blank cells before the first figure of a line, and behind its last; all are before where it
    has none.
    """
    filled = [i for i, slot in enumerate(line.slots) if slot.text]
    return (filled[0], len(line.slots) - filled[-1] - 1) if filled else (len(line.slots), 0)


def _inner(line: Printed) -> list[Slot]:
    """The cells of a line from its first figure to its last."""
    before, behind = _blanks(line)
    return line.slots[before : len(line.slots) - behind]


def _placed(line: Printed, windows: list[tuple[bool, int]], other: bool) -> bool:
    """Whether a line has, or can be given, all its cells; ``other``: under columns of another
    form.
    """
    named = tuple(leaf.key for leaf in line.leaves)
    need, slots = len(line.order), _inner(line)
    if other or any(named) and not {*named} & {*line.order}:
        line.slots = slots
        return len(slots) == len(named)
    if not slots and (not line.slots or len(line.slots) >= need):
        slots = [*line.slots, *[Slot("", line.where)] * need][:need]
    elif len(slots) > need:
        copied = need == 1 and len({slot.text for slot in slots if slot.text}) == 1
        slots = slots[:1] if copied else _changes_whole(slots)
    elif len(slots) < need:
        starts = {_start(line, *window) for window in windows}
        start = starts.pop() if len(starts) == 1 else -1
        slots = line.slots[start : start + need] if start >= 0 else []
    return len(slots) == need and _take(line, slots)


def _take(line: Printed, slots: list[Slot]) -> bool:
    line.named = tuple(leaf.key for leaf in line.leaves)
    if line.named != line.order:
        texts = {leaf.key: leaf.text for leaf in line.leaves}
        line.header = Header(tuple(Leaf(key, texts.get(key, "")) for key in line.order))
    line.slots = slots
    return True


def _changes_whole(slots: list[Slot]) -> list[Slot]:
    """增加 | 1558, which a space cut, in one piece."""
    found: list[Slot] = []
    for slot in slots:
        if found and found[-1].text in CHANGES and slot.mark == " ":
            found[-1] = found[-1]._replace(text=found[-1].text + slot.text)
        else:
            found.append(slot)
    return found


def _start(line: Printed, from_end: bool, offset: int) -> int:
    """Where a line's cells begin in such a window; -1 where they do not all stand in it."""
    need, size, (before, behind) = len(line.order), len(line.slots), _blanks(line)
    start = size - offset - need if from_end else offset
    fits = 0 <= start <= before and size - behind <= start + need <= size
    return start if fits else -1


def _keeps_blanks(rows: list[Printed], closed: bool) -> bool:
    """Whether the marks of a table are seen to keep blank cells: a blank stands between two
    figures, before the first one, or fills up a line that lacks it where complete lines have
    nothing (``closed``: a single mark at a line's end may be no cell)."""
    several = [line for line in rows if len(line.order) > 1]
    if not all(slot.text for line in several for slot in _inner(line)):
        return True
    complete = [_blanks(line) for line in rows if len(_inner(line)) == len(line.order)]
    lacks = [
        (len(line.order) - len(_inner(line)), *_blanks(line)) for line in several if line.figures
    ]
    short = [lack for lack in lacks if lack[0] > 0]
    most = max((before for before, _ in complete), default=inf)
    full = all(len(line.slots) == len(line.order) for line in several)
    if any(before > most or full and before for _, before, _ in short):
        return True
    sharp = (complete or closed) and not any(behind for _, behind in complete)
    return bool(sharp) and any(lack == behind > closed for lack, _, behind in short)


# --- by x -----------------------------------------------------------------------------------------


def _by_x(line: Printed, complete: list[Printed], near: list[Slot]) -> None:
    """A line that lacks figures but has x: each figure stands under those of one column only of
    complete lines, else under the words that name it. What stands ``near`` and is no label's may be
    a remark that a cell wraps: that cell is no blank.
    """
    figures = [slot for slot in line.slots if slot.text]
    if not figures or any(isnan(slot.x0) or slot.mark in MARKS for slot in figures):
        return
    whole = [x for x in complete if x.order == line.order and all(s.text for s in x.slots)]
    ends = {max((w.x1 for w in x.texts if w.line == x.line), default=-1) for x in whole}
    over = {leaf.key: (leaf.x0, leaf.x1) for leaf in line.leaves if leaf.x0 >= 0}
    ranges = [over[key] for key in line.order if key in over]
    if len(ends) > 1:  # behind labels of several lengths figures are seen to be aligned
        columns = zip(*(x.slots for x in whole))
        ranges = [(min(s.x0 for s in own), max(s.x1 for s in own)) for own in columns]
    beside = [word for word in line.texts if word.line == line.line]
    if len(ranges) != len(line.order) or any(word.x1 > ranges[0][0] for word in beside):
        return  # a word of the label stands where columns do: this line was moved right
    slots = _in(ranges, figures, line.where)
    open_ranges = [over for over, slot in zip(ranges, slots or ()) if not slot.text]
    if any(x0 <= piece.x1 and piece.x0 <= x1 for x0, x1 in open_ranges for piece in near):
        return
    if slots and all(_in(ranges, x.slots, x.where) for x in whole):
        line.note = "" if _take(line, slots) else line.note


def _in(ranges: list[tuple[float, float]], figures: list[Slot], where: str) -> list[Slot] | None:
    """The figures in columns that stand apart, blanks between; None where one stands in no column,
    or in several.
    """
    if not all(a[1] < b[0] for a, b in pairwise(ranges)):
        return None
    slots = [Slot("", where)] * len(ranges)
    for figure in figures:
        places = [i for i, (x0, x1) in enumerate(ranges) if figure.x0 <= x1 and x0 <= figure.x1]
        if len(places) != 1 or slots[places[0]].text:
            return None
        slots[places[0]] = figure
    return slots


def under_words(figures: list[Slot], words: list[Slot], count: int) -> list[Slot] | None:
    """Figures under the lowest words of a header, which name ``count`` columns side by side; None
    where they do not.
    """
    if len(figures) >= count or any(isnan(s.x0) or s.mark in MARKS for s in (*figures, *words)):
        return None
    ranges: list[tuple[float, float]] = []
    for word in reversed(words):  # the words of a group stand higher, over several columns
        over = [i for i, (x0, x1) in enumerate(ranges) if word.x0 <= x1 and x0 <= word.x1]
        if not over:
            ranges.append((word.x0, word.x1))
        elif len(over) == 1:
            x0, x1 = ranges[over[0]]
            ranges[over[0]] = min(x0, word.x0), max(x1, word.x1)
    same = figures and len(ranges) == count
    return _in(sorted(ranges), figures, figures[0].where) if same else None


# --- in doubt -------------------------------------------------------------------------------------


def _doubt(lines: list[Printed], table: Table, marked: bool) -> None:
    """In a table whose figures came apart from their labels or lost blanks, what is sure is a row
    whose own sum holds.

    Figures without a label behind a row may be its own, cut off, or figures of no row behind one
    with words in its cells; where rows lack figures and others have too many, numbers of pages or
    of lines stand between them.
    """
    total = row_total(table)
    filled = [line for line in lines if line.figures]
    held = [holds(line, total) if line.chosen and not line.note else None for line in filled]
    over = any(line.chosen and line.figures > len(line.order) for line in filled)
    stray = over or not all(line.texts for line in filled)
    lost = stray and any(x.chosen and x.note and x.figures < len(x.order) for x in filled)
    tells = 3 * held.count(False) < len(filled)  # most rows add up
    for line, after, sure in zip(filled, [*filled[1:], None], held):
        loose = not (line.beside or marked) and (stray or tells and sure is False)
        doubtful = not sure and (lost or loose or over and sure is False)
        rest = "".join(word.text for word in after.texts) if after else ""
        wordy = any(slot.text and not is_figure(slot.text) for slot in line.slots)
        strange = after and not after.chosen and (wordy or line.label.endswith(rest))
        bare = not rest or rest in UNIT_WORDS
        if after and (bare or strange):  # these figures may be its own, or its figures theirs
            doubtful = not (sure and line.beside)
        if doubtful and line.chosen and not line.note:
            line.note = "does_not_fit"
