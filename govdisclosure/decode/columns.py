"""Which figure of a line is which column, where the line has no header of its own to say so: by marks, by x, by order.

One hypothesis holds for the whole table. A line that has all its figures is read in the statutory order. Where one is
short, its blanks are placed only where marks keep them (and the table shows that they do), or where x tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isnan
from typing import NamedTuple

from ..forms import CHANGES, Identity, Table
from ..numbers import EMPTY, number, readings
from .rows import Header, Leaf, Printed
from .sections import Slot

MARKS = ("|", "\t")


# 0（其: a figure whose bracket goes on in another line; 2 1: digits that a narrow cell may have broken, or two figures
_BROKEN = re.compile(r"\d[\d.,]*(?:\w?[（(][^）)]*|\s[\d.,\s]*)$")


def is_figure(text: str) -> bool:
    """Whether a piece stands in a cell: a figure in digits (a lone 三 is a piece of a label), a stroke, a bare 增."""
    status = readings[text].status
    if _BROKEN.match(text):
        return True
    return (
        text in CHANGES
        or text in EMPTY
        or status == "not_applicable"
        or status == "reported"
        and any(map(str.isdigit, text))
    )


class Span(NamedTuple):
    """How a line lies: blank cells before its first figure, cells from there to its last, blank cells behind, columns."""

    lead: int
    size: int
    trail: int
    need: int

    @property
    def short(self) -> int:
        """Cells that are missing between the first figure and the last."""
        return self.need - self.size


def span_of(slots: list[Slot], need: int) -> Span:
    """The Span of a line's slots."""
    filled = [i for i, slot in enumerate(slots) if slot.text]
    if not filled:
        return Span(len(slots), 0, 0, need)
    return Span(filled[0], filled[-1] - filled[0] + 1, len(slots) - filled[-1] - 1, need)


def place(lines: list[Printed], table: Table, closed: bool) -> None:
    """Give each line that is a row a header and as many slots as that has, or the note 'does_not_fit'.

    ``closed``: marks stand behind each cell, the last of a line too.
    """
    rows = [line for line in lines if line.chosen]
    columns = {id(line): table.columns_of(table.row(line.chosen)) for line in rows}
    orders = {id(line): _order_of(line, columns[id(line)]) for line in rows}
    _drop_empty_columns(rows, [len(orders[id(line)]) for line in rows])
    spans = [span_of(line.slots, len(orders[id(line)])) for line in rows]
    kept = keeps_blanks(spans, rows, closed)
    offsets = _offsets([s for s in spans if s.need > 1 and s.size]) if kept else []
    for line, span in zip(rows, spans, strict=True):
        key = id(line)
        placed = not line.note and _placed(line, columns[key], orders[key], span, offsets)
        line.note = "" if placed else "does_not_fit"
    _reorder([line for line in rows if not line.note], table)
    complete = [line for line in rows if not line.note]
    _by_x([(line, columns[id(line)]) for line in rows if line.note], complete, table)
    needs = {key: len(order) for key, order in orders.items()}
    _doubt(lines, table, needs, kept or closed)


def _drop_empty_columns(lines: list[Printed], needs: list[int]) -> None:
    """Rows of more cells than columns, all of as many: where just as many cells are ever filled, these are the columns."""
    for need in set(needs):
        own = [line for line, n in zip(lines, needs) if n == need and line.slots]
        used = sorted({i for line in own for i, slot in enumerate(line.slots) if slot.text})
        if len({len(line.slots) for line in own}) == 1 and len(used) == need > 1:
            for line in own:
                line.slots = [line.slots[i] for i in used]


class _Lie(NamedTuple):
    """How the figures of a table lie as a whole: ``short``: rows lack some; ``stray``: some stand where no row has a place
    for them; ``tells``: sums tell something, since most rows add up; ``marked``: marks close the cells."""

    short: bool
    stray: bool
    tells: bool
    marked: bool


def _doubt(lines: list[Printed], table: Table, needs: dict[int, int], marked: bool) -> None:
    """In a table whose figures came apart from their labels or lost blanks, what is sure is a row whose own sum holds.

    Figures without a label behind a row may be its own, cut off, or figures of no row behind one with words in its cells;
    where rows lack figures and others have too many, numbers
    of pages or of lines stand between them.
    """
    counts = [(line, sum(bool(slot.text) for slot in line.slots)) for line in lines]
    filled = [line for line, count in counts if count]
    more = {id(line): count - needs.get(id(line), count) for line, count in counts if count}
    holds = {id(line): _holds(line, table) for line in filled if line.chosen and not line.note}
    broken = [key for key, held in holds.items() if held is False]
    lie = _Lie(
        any(line.note and line.chosen and more[id(line)] < 0 for line in filled),
        any(not line.texts or more[id(line)] > 0 for line in filled),
        3 * len(broken) < len(filled),
        marked,
    )
    for line, after in zip(filled, [*filled[1:], None]):
        if id(line) in holds and _is_doubtful(line, after, holds[id(line)], lie):
            line.note = "does_not_fit"


def _is_doubtful(line: Printed, after: Printed | None, sure: bool | None, lie: _Lie) -> bool:
    """Whether a row's figures may be others than its own; ``sure``: whether they add up, where that can be asked."""
    wordy = any(slot.text and not is_figure(slot.text) for slot in line.slots)
    if after is not None and (not after.chosen and wordy or _is_rest(after, line)):
        return not (sure and line.beside)
    # its label stands elsewhere: what is between may be no cell
    apart = lie.stray or lie.tells and sure is False
    return not sure and (lie.short and lie.stray or apart and not (line.beside or lie.marked))


def _is_rest(after: Printed, line: Printed) -> bool:
    """Whether figures have no label, or the rest of the one before: those of the row before, cut over lines."""
    rest = "".join(word.text for word in after.texts)
    return not rest or not after.chosen and line.label.endswith(rest)


def _holds(line: Printed, table: Table) -> bool | None:
    """Whether a row with all its figures is what its total says; None where that can't be asked."""
    total = next((i for i in table.identities if i.axis == "columns" and i.relation == "=="), None)
    order = tuple(leaf.key for leaf in line.header.leaves) if line.header else ()
    if total is None or not {*total.parts, *total.total} <= set(order):
        return None
    return adds_up(line.slots, order, total) if all(slot.text for slot in line.slots) else None


def _order_of(line: Printed, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The statutory order of a row's columns, with the sub-total that the header has before the total."""
    keys = [leaf.key for leaf in line.header.leaves] if line.header else []
    return (
        (*columns[:-1], "subtotal", "total")
        if "subtotal" in keys and columns[-1] == "total"
        else columns
    )


def _placed(
    line: Printed, columns: tuple[str, ...], order: tuple[str, ...], span: Span, offsets: list
) -> bool:
    own = line.header.leaves if line.header else ()
    keys = [leaf.key for leaf in own]
    if own and not set(keys) & set(columns) and any(keys):
        return _under(line, own)  # another form's columns
    if not line.slots or not span.size and len(line.slots) >= span.need:
        blank = Slot("", line.where)
        return _take(line, [*line.slots, *[blank] * span.need][: span.need], order)
    slots = _whole(line.slots, span) or _shifted(line.slots, span, offsets)
    return bool(slots) and _take(line, slots, order)


def _whole(slots: list[Slot], span: Span) -> list[Slot]:
    """The cells of a line that has them all, once what a space cut is in one piece, or copies of a merged cell are one."""
    if span.size == span.need:
        return slots[span.lead : span.lead + span.size]
    if span.size > span.need and len(whole := _changes_whole(slots)) == span.need:
        return whole
    copied = span.need == 1 and len({slot.text for slot in slots if slot.text}) == 1
    return slots[span.lead : span.lead + 1] if copied else []


def _shifted(slots: list[Slot], span: Span, offsets: list) -> list[Slot]:
    """The cells of a line that lacks some, where all offsets let it begin in one place."""
    starts = {start for offset in offsets if (start := _start(span, *offset)) is not None}
    if len(starts) != 1 or span.short <= 0:
        return []
    start = span.lead - starts.pop()
    return slots[start : start + span.need]


def _changes_whole(slots: list[Slot]) -> list[Slot]:
    """增加 | 1558, which a space cut, in one piece."""
    found: list[Slot] = []
    for slot in slots:
        if found and found[-1].text in CHANGES and slot.mark == " ":
            found[-1] = found[-1]._replace(text=found[-1].text + slot.text)
        else:
            found.append(slot)
    return found


def _under(line: Printed, leaves: tuple[Leaf, ...]) -> bool:
    span = span_of(line.slots, len(leaves))
    line.header = Header(leaves)
    line.slots = line.slots[span.lead : span.lead + span.size]
    return span.size == span.need


def _take(line: Printed, slots: list[Slot], order: Iterable[str]) -> bool:
    texts = {leaf.key: leaf.text for leaf in line.header.leaves} if line.header else {}
    line.named = tuple(texts)
    line.header = Header(tuple(Leaf(key, texts.get(key, "")) for key in order))
    line.slots = slots
    return True


def _reorder(lines: list[Printed], table: Table) -> None:
    """Where the header names all columns in another order, the order under which the sums hold; else none."""
    sums = [i for i in table.identities if i.axis == "columns" and i.relation == "=="]
    for line in lines:
        keys = [leaf.key for leaf in line.header.leaves] if line.header else []
        if sums and sorted(line.named) == sorted(keys) and list(line.named) != keys:
            break
    else:
        return
    named = line.named
    same = [x for x in lines if x.named == named and len(x.slots) == len(named)]
    order = best_order([x.slots for x in same], [tuple(keys), named], sums[0])
    for line in same:
        if order:
            texts = {leaf.key: leaf for leaf in (line.header or Header()).leaves}
            line.header = Header(tuple(texts[key] for key in order))
        else:
            line.note = "does_not_fit"


def best_order(
    lines: list[list[Slot]], orders: list[tuple[str, ...]], total: Identity
) -> tuple[str, ...] | None:
    """The statutory order of columns (the first of ``orders``) or the header's: that under which the lines add up.

    Words of a header are dumped in any order, so where sums don't tell, the statutory one holds; but a header that only
    puts the total first is a layout of its own: there the same lines must not add up under both (else None).
    """
    holds = [[adds_up(slots, order, total) for order in orders] for slots in lines]
    statutory, named = (sum(pair[i] > pair[1 - i] for pair in holds) for i in (0, 1))
    if orders[1] != (orders[0][-1], *orders[0][:-1]):
        return orders[1] if named > max(statutory, len(lines) / 2) else orders[0]
    if statutory == named and any(
        all(pair) and _counts(slots) for pair, slots in zip(holds, lines, strict=True)
    ):
        return None
    return orders[0] if statutory > named else orders[1]


def _counts(slots: list[Slot]) -> bool:
    return any(number(slot.text).value for slot in slots)


def adds_up(slots: list[Slot], order: tuple[str, ...], total: Identity) -> bool:
    """Whether figures in this order are what their total says, blanks being nothing."""
    values = dict(zip(order, [number(slot.text) for slot in slots], strict=True))
    parts = [values[key].value or 0 for key in total.parts]
    whole = [values[key].value or 0 for key in total.total]
    return sum(parts) == sum(whole)


def _offsets(spans: list[Span]) -> list[tuple[str, int]]:
    """Where the cells of all lines may begin (so many after the label) or end (so many before the end)."""
    found = [("left", n) for n in sorted({0, *(s.lead for s in spans)})]
    found += [("right", n) for n in sorted({0, *(s.trail for s in spans)})]
    return [offset for offset in found if all(_start(s, *offset) is not None for s in spans)]


def _start(span: Span, side: str, offset: int) -> int | None:
    """Blank cells of the row before its first figure under an offset; None where the line can't lie so."""
    if side == "left":
        start = span.lead - offset
        fits = start >= 0 and start <= span.short <= start + span.trail
    else:
        start = span.short - (span.trail - offset)
        fits = 0 <= start <= span.lead and span.trail >= offset
    if span.short == 0:
        fits = start == 0
    return start if fits else None


def keeps_blanks(spans: list[Span], lines: list[Printed], closed: bool) -> bool:
    """Whether the marks of a table are seen to keep blank cells: a blank stands between two figures, before the first
    one, or fills up a line that lacks it where complete lines have nothing (``closed``: a single mark at a line's end may
    be no cell)."""
    several = [(s, line) for s, line in zip(spans, lines, strict=True) if s.need > 1]
    inside = [slot for s, line in several for slot in line.slots[s.lead : s.lead + s.size]]
    if not all(slot.text for slot in inside):
        return True
    complete = [s for s in spans if s.size == s.need]
    short = [s for s, _ in several if 0 < s.size < s.need]
    return _fill_up_before(short, complete, [s for s, _ in several]) or _fill_up_behind(
        short, complete, closed
    )


def _fill_up_before(short: list[Span], complete: list[Span], several: list[Span]) -> bool:
    leads = {s.lead for s in complete}
    if leads and any(s.lead > max(leads) for s in short):
        return True
    full = all(s.lead + s.size + s.trail == s.need for s in several)
    return full and any(s.lead for s in short)


def _fill_up_behind(short: list[Span], complete: list[Span], closed: bool) -> bool:
    filling_up = any(s.trail == s.short > closed for s in short)
    return {s.trail for s in complete} <= {0} and filling_up and bool(complete or closed)


# --- by x ----------------------------------------------------------------------------------------------


def _by_x(
    short: list[tuple[Printed, tuple[str, ...]]], complete: list[Printed], table: Table
) -> None:
    """Lines that lack figures but have x: each figure stands under those of one column only."""
    for line, columns in short:
        figures = [slot for slot in line.slots if slot.text]
        if not figures or any(isnan(slot.x0) or slot.mark in MARKS for slot in figures):
            continue
        whole = [x for x in complete if _has_all(x, columns, table)]
        ranges = _ranges(whole) or _named(line, columns)
        if len(ranges) != len(columns) or _label_inside(line, ranges[0][0]):
            continue
        slots = _in(ranges, figures, line.where)
        if slots and all(_in(ranges, x.slots, x.where) for x in whole):
            line.note = "" if _take(line, slots, columns) else line.note


def _has_all(line: Printed, columns: tuple[str, ...], table: Table) -> bool:
    """Whether a line is a row of these columns, with a figure in each."""
    same = line.chosen and table.columns_of(table.row(line.chosen)) == columns
    return bool(same) and len(line.slots) == len(columns) and all(s.text for s in line.slots)


def _ranges(whole: list[Printed]) -> list[tuple[float, float]]:
    """Where the columns of complete lines stand; [] where nothing shows that figures are aligned: there is one such line,
    or all have labels of one length."""
    if len({_label_end(line) for line in whole}) < 2:
        return []
    return [
        (min(s.x0 for s in cells), max(s.x1 for s in cells))
        for cells in zip(*(x.slots for x in whole))
    ]


def _label_end(line: Printed) -> float:
    """Where the label ends on the line of the figures; -1 where none stands there."""
    return max((word.x1 for word in line.texts if word.line == line.line), default=-1)


def _label_inside(line: Printed, x0: float) -> bool:
    """Whether a word of the label stands where the columns of other lines do: this line was moved right."""
    return any(word.x1 > x0 for word in line.texts if word.line == line.line)


def _named(line: Printed, columns: tuple[str, ...]) -> list[tuple[float, float]]:
    """Where the words stand that name the columns over a line."""
    leaves = {leaf.key: leaf for leaf in line.header.leaves} if line.header else {}
    return [
        (leaves[key].x0, leaves[key].x1) for key in columns if key in leaves and leaves[key].x0 >= 0
    ]


def _in(ranges: list[tuple[float, float]], figures: list[Slot], where: str) -> list[Slot] | None:
    """The figures in columns that stand apart, blanks between; None where one stands in no column, or in several."""
    if not all(a[1] < b[0] for a, b in zip(ranges, ranges[1:], strict=False)):
        return None
    places = [
        [i for i, (x0, x1) in enumerate(ranges) if s.x0 <= x1 and x0 <= s.x1] for s in figures
    ]
    if any(len(p) != 1 for p in places) or len({p[0] for p in places}) < len(figures):
        return None
    slots = [Slot("", where)] * len(ranges)
    for (place_,), slot in zip(places, figures, strict=True):
        slots[place_] = slot
    return slots


def under_words(figures: list[Slot], words: list[Slot], count: int) -> list[Slot] | None:
    """Figures under the lowest words of a header, which name ``count`` columns side by side; None where they do not."""
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
    return (
        _in(sorted(ranges), figures, figures[0].where) if figures and len(ranges) == count else None
    )
