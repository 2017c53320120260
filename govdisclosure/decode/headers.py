"""Grids → printed rows of a table: which cells are labels, which are values, which header stands
above them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, takewhile
from math import inf

from ..forms import EXTRA_ROWS, UNIT_WORDS, Table
from ..numbers import readings
from ..text import fold, label
from .checksum import holds, row_total
from .columns import MARKS, PROSE, is_figure, reorder, under_words
from .labels import COLUMN_KINDS, NOTHING, Lexicon, Meanings
from .rows import Header, Leaf, Printed
from .sections import Slot, Strip

_HEAD_KINDS = frozenset(("row", "group", "column", "column_group"))


def rows_of(strips: list[Strip], words: Lexicon, carried: Header | None = None) -> list[Printed]:
    """The rows of a table whose labels stand at the left; ``carried`` is the header of the table's
    previous part.
    """
    found: list[Printed] = []
    header, before = carried, tuple[Slot, ...]()
    block: list[Strip] = []
    for strip in _whole(strips, words):
        if strip.slots == before:  # the same cells once more, each over several rows
            continue
        before = strip.slots
        texts = [slot.text for slot in strip.slots if slot.text]
        bare = all(readings[text].status == "unreadable" for text in texts)
        if bare and any(words.find(text).header for text in texts):
            block.append(strip)
            continue
        if block:
            header, block = header_of(block, words), []
        line = _printed(strip, words, header)
        if line is not None:
            found.append(line)
    return found


def _whole(strips: list[Strip], words: Lexicon) -> list[Strip]:
    """Rows that a page's end cut in two in one piece, wherever label and figures stand."""
    found: list[Strip] = []
    above = ""  # the row that the one before names
    for strip in strips:
        rest = _row_label(strip.slots)
        row, whole = words.find(rest).row, tuple[Slot, ...]()
        if found and rest and not (row and above and row != above):
            whole = _joined(found[-1].slots, strip.slots, row or above, words)
        if whole:
            found[-1] = replace(found[-1], slots=whole)
            row = words.find(_row_label(whole)).row
        else:
            found.append(strip)
        above = row
    return found


def _joined(
    upper: tuple[Slot, ...], lower: tuple[Slot, ...], alone: str, words: Lexicon
) -> tuple[Slot, ...]:
    """Two rows as one: the lower goes on with the upper's label, and where neither of them has a
    label of its own (``alone``: the row that one names) with its figures; () where they are two
    rows.
    """
    if [a[2:4] for a in upper] != [b[2:4] for b in lower]:
        return ()
    filled = [any(is_figure(slot.text) for slot in slots) for slots in (upper, lower)]
    over = any(a.text and is_figure(b.text) for a, b in zip(upper, lower))
    if alone and (over or all(filled)):
        return ()
    whole = tuple(a._replace(text=a.text + b.text) for a, b in zip(upper, lower))
    row = words.find(_row_label(whole)).row
    return whole if row and alone in ("", row) else ()


def _row_label(slots: tuple[Slot, ...]) -> str:
    """The last words of a row before its first figure, but for a unit."""
    words = takewhile(lambda text: not is_figure(text), (slot.text for slot in slots))
    return "".join([text for text in words if text and text not in UNIT_WORDS][-1:])


def header_of(block: list[Strip], words: Lexicon) -> Header:
    """The lowest header cells of consecutive header rows, by x where spans are sound, else in
    reading order.
    """
    cells = _once(block)
    start = min((c.x0 for c in cells if words.find(c.text).header), default=0)
    known = [c for c in cells if words.find(c.text).header or _unknown(c, words, start + 1)]
    ordered = ordered_leaves(known, words)
    lowest = [slot for slot, _ in _lowest(block, words, start)]
    grouped = any(words.find(slot.text).kind == "column_group" for slot in lowest)
    by_x = () if grouped else resolve(lowest, words)  # no group stands over nothing
    keys, named = ([leaf.key for leaf in leaves if leaf.key] for leaves in (by_x, ordered))
    fits = keys == named or len(keys) == len(by_x) and {*keys} >= {*named}
    if by_x and fits and not _outside_their_group(block, by_x, words):
        return Header(by_x, by_x=True)
    starts = [leaf.x0 for leaf in ordered]
    lost = not all(leaf.key for leaf in ordered) and starts != sorted(starts)
    return Header(() if lost else ordered)  # where an unknown column stands is not told


def _outside_their_group(block: list[Strip], leaves: tuple[Leaf, ...], words: Lexicon) -> bool:
    """Whether a column stands beside the group that the form puts it under: the header's spans are
    lost or wrong.
    """
    for group in words.table.column_groups:
        own = [leaf for leaf in leaves if leaf.key in group.members]
        for strip in block:
            filled = [slot for slot in strip.slots if slot.text]
            own_kind = ("column_group", group.key)
            over = [s for s in filled if any(m[:2] == own_kind for m in words.find(s.text))]
            if over:  # a merged cell without its span leaves blanks behind it
                end = min((s.x0 for s in filled if s.x0 >= over[-1].x1), default=inf)
                if not all(over[0].x0 <= leaf.x0 and leaf.x1 <= end for leaf in own):
                    return True
    return False


def _once(block: list[Strip]) -> list[Slot]:
    """The cells of header rows, one that covers several rows once."""
    above = [(), *(strip.slots for strip in block)]
    return [
        slot for strip, before in zip(block, above) for slot in strip.slots if slot not in before
    ]


def _unknown(slot: Slot, words: Lexicon, start: float) -> bool:
    """Whether a cell may head a column that the form does not know."""
    named = words.find(slot.text) or not slot.text or label(slot.text).core in UNIT_WORDS
    return not named and slot.x0 >= start


def _lowest(block: list[Strip], words: Lexicon, start: float = 0) -> list[tuple[Slot, str]]:
    """For each x from ``start`` the lowest cell of header rows that names a column, or (but where
    rows stand side by side) may, and the row that a cell over it names."""
    cells_at = [
        {x: slot for slot in strip.slots for x in range(int(slot.x0), int(slot.x1))}
        for strip in reversed(block)
    ]
    found: list[tuple[Slot, str]] = []
    before: Slot | None = None
    for x in sorted(x for x in {*chain(*cells_at)} if x >= start):
        cells = [cells[x] for cells in cells_at if x in cells]
        meant = [words.find(cell.text) for cell in cells]
        kinds = [{own.kind for own in m} & {*COLUMN_KINDS} for m in meant]
        named = (c for c, own in zip(cells, kinds) if own - {"column_group"})
        strange = (c for c in cells if not words.across and _unknown(c, words, 0))
        groups = (c for c, own in zip(cells, kinds) if own)
        cell = next(chain(named, strange, groups), None)
        # a text that means one column only, once more beside itself, is one merged cell copied
        once = cell and sum(own.kind == "column" for own in words.find(cell.text)) == 1
        copied = before and cell and (before.text, before.line) == (cell.text, cell.line)
        if cell and (before == cell or once and copied):
            found[-1] = found[-1][0]._replace(x1=x + 1), found[-1][1]
        elif cell:
            row = next((m[0].key for m in meant if m.kind == "row"), "")
            found.append((cell._replace(x0=x, x1=x + 1), row))
        before = cell or before
    return found


def ordered_leaves(cells: Iterable[Slot], words: Lexicon) -> tuple[Leaf, ...]:
    """Header cells read line by line, put in the order of the columns they head.

    The lower line of a two-line header belongs where its group stands in the upper one:
    自然人 | 法人或其他组织 | 总计 over 商业企业 … 其他 gives 自然人, 商业企业, …, 其他, 总计.
    """
    members = {group.key: group.members for group in words.table.column_groups}
    of_groups = {key for keys in members.values() for key in keys}
    placed: list[Slot] = []
    at, inside = -1, False
    for cell in cells:
        meant = words.find(cell.text)
        group = next((m.key for m in meant if m.kind == "column_group"), "")
        key = next((m.key for m in meant if m.kind in ("column", "subtotal")), "")
        if group:
            at, inside = len(placed) if members[group] else at, False
            continue
        inside = at >= 0 and (key in of_groups or inside and key == "subtotal")
        placed.insert(at if inside else len(placed), cell)
        at += inside
    return resolve(placed, words)


def resolve(cells: list[Slot], words: Lexicon) -> tuple[Leaf, ...]:
    """Header cells to column codes. Two cells cut to the same words (本年新, 本年新) take the codes in
    form order, but only where as many codes are left as there are such cells; else neither is
    known."""
    ranked = [[m for m in words.find(c.text) if m.kind in ("column", "subtotal")] for c in cells]
    keys = [
        best[0].key if best and (not more or more[0].score < best[0].score - 0.02) else ""
        for best, more in ((matches[:1], matches[1:2]) for matches in ranked)
    ]
    alike: dict[frozenset[str], list[int]] = {}
    for i, matches in enumerate(ranked):
        if matches and not keys[i]:
            alike.setdefault(frozenset(m.key for m in matches), []).append(i)
    known = Counter(keys)
    for same in alike.values():
        left = sorted((m for m in ranked[same[0]] if m.key not in known), key=lambda m: m.order)
        if len(left) == len(same):
            for j, match in zip(same, left):
                keys[j] = match.key
            known.update(m.key for m in left)
    doubled = {k for k, count in known.items() if count > 1} - {"", "subtotal"}
    return tuple(Leaf("" if k in doubled else k, c.text, c.x0, c.x1) for k, c in zip(keys, cells))


def _printed(strip: Strip, words: Lexicon, header: Header | None) -> Printed | None:
    texts, rest = _split(strip.slots, words, header.start if header else -1)
    if not texts and not rest:
        return None
    texts = [t for t in texts if label(t).core not in UNIT_WORDS]
    if "单位" in words.table.furniture:  # the table has a column of units
        rest = tuple(slot for slot in rest if slot.text not in UNIT_WORDS)
    printed, joined = "".join(texts[-1:]), "".join(texts[-2:])
    if not words.find(printed) and words.find(joined).rows:
        printed = joined
    where = (rest or strip.slots)[0].where
    line = Printed([*rest], where, printed, words.find(printed), header)
    glued = printed[-1:].isdigit() and bool(line.matches.rows)  # a figure to the label
    if header and header.by_x and not header.carried and len(rest) != len(header.leaves):
        start, end = header.start, header.leaves[-1].x1  # a cell is missing: which is not said
        glued |= sum(max(min(s.x1, end) - max(s.x0, start), 0) for s in strip.slots) < end - start
    line.note = "does_not_fit" if glued else ""
    return line


def _split(
    slots: tuple[Slot, ...], words: Lexicon, start: float
) -> tuple[list[str], tuple[Slot, ...]]:
    """Label texts and value cells of a row. ``start``: x of the first headed column, -1 where
    unknown.
    """
    texts: list[str] = []
    for i, slot in enumerate(slots):
        leading = slot.x1 <= start if start >= 0 else not texts
        status = readings[slot.text].status
        if status == "unreadable":
            is_label = leading or words.find(slot.text) or label(slot.text).core in EXTRA_ROWS
            texts += [slot.text] if is_label else []
        else:
            is_label = leading and (status == "blank" or start >= 0 and not texts)
        if not is_label:
            return texts, slots[i:]
    return texts, ()


# --- tables whose row labels head groups of columns (table 四) -------------------------------------


def across(strips: list[Strip], words: Lexicon) -> list[Printed]:
    """The rows whose figures stand in the first row of values, under headers that name both the row
    (行政复议) and the column (结果维持), by x or as `across_line`; figures below it are of none. []
    where no such table is drawn."""
    block: list[Strip] = []
    for n, strip in enumerate(strips):
        if any(words.find(slot.text).kind in _HEAD_KINDS for slot in strip.slots):
            block.append(strip)
        elif any(words.find(slot.text).header for above in block for slot in above.slots):
            return _under_block(block, strip, strips[n + 1 :], words)
    return []


def _under_block(
    block: list[Strip], values: Strip, below: list[Strip], words: Lexicon
) -> list[Printed]:
    leaves = tuple(
        Leaf(_column_key(words.find(cell.text)), cell.text, cell.x0, cell.x1, row)
        for cell, row in _lowest(block, words)
    )
    head = _once(block)
    rows = {meant[0].key for slot in head if (meant := words.find(slot.text)).kind == "row"}
    pairs = {(leaf.row, leaf.key) for leaf in leaves}
    start = leaves[0].x0 if leaves else 0
    by_x = 0 < len(pairs) == len(leaves) and {leaf.row for leaf in leaves} == rows
    if not by_x:
        named = _named_runs(head, words)
        leaves = tuple(Leaf(key, "", row=row) for row, run in named.items() for key in run)
    slots = [slot for slot in values.slots if not by_x or slot.x1 > start]
    over = [Header(leaves).over(slot) for slot in slots]
    if len(leaves) == len(slots):
        over = [[leaf] for leaf in leaves]
    elif not by_x:
        return _in_runs([*named], slots, {}, words.table)
    # their digits may go on below, on another page
    cut = (
        below and not _row_label(below[0].slots) and any(is_figure(s.text) for s in below[0].slots)
    )
    found = [Printed([slot for slot, at in zip(slots, over) if not at], values.where)]
    for row in words.table.rows:
        own = tuple(leaf for leaf in leaves if leaf.row == row.key)
        cells = [
            slot._replace(shared=False)
            for slot, at in zip(slots, over)
            if any(leaf.row == row.key for leaf in at)
        ]
        if cells:
            line = Printed(cells, cells[0].where, row.zh, NOTHING, Header(own, by_x), row.key)
            line.note = "does_not_fit" if cut else ""
            found.append(line)
    return [*found, Printed([slot for strip in below for slot in strip.slots], values.where)]


def across_line(strips: list[Strip], words: Lexicon, closed: bool) -> list[Printed]:
    """The rows of table 四 where all labels stand before the first figure; [] where rows have their
    own.
    """
    head, slots = _head_and_rest(strips, words)
    if not head:
        return []
    table, total = words.table, row_total(words.table)
    said = fold("".join(slot.text for slot in head))
    rows = [row.key for row in table.rows if label(row.zh).core in said]
    width, height = len(table.columns), len(table.rows)
    if not rows or len(slots) >= width * height:
        rows = [row.key for row in table.rows]
    most = width * len(rows)
    # words that no mark sets off behind the last figure (the next title) are no cells, nor are the
    # blanks and words (a note under the table) that would be more
    while slots and not is_figure(slots[-1].text):
        if len(slots) <= most and (not slots[-1].text or slots[-1].mark in MARKS):
            break
        slots = slots[:-1]
    if not slots:
        return [Printed([], strips[0].where)]
    named = _named_runs(head, words)
    if under := under_words(slots, head, most):
        found = _in_runs(rows, under, named, table)
        if not any(holds(row, total) is False for row in found):
            return found
    filled = [slot for slot in slots if slot.text]
    if closed and slots[: len(filled)] == filled:
        slots = filled  # marks behind the last figure may only fill up the line
    found = _in_runs(rows, slots, named, table)
    wrong = sum(holds(row, total) is False for row in found)
    uneven = len({*Counter(slot.line for slot in slots).values()}) > 1
    down = uneven and 2 * wrong > len(rows) > 1  # dumped down the columns
    reorder([] if down else found, table)
    # a label that was cut is no row that is not printed
    wrong = sum(holds(row, total) is False for row in found)
    if down or wrong and len(rows) < height:
        for row in found:
            row.note = "does_not_fit"
    return found


def _in_runs(
    rows: list[str], slots: list[Slot], named: dict[str, tuple[str, ...]], table: Table
) -> list[Printed]:
    """Rows of cells that stand one row behind the other."""
    order = tuple(column.key for column in table.columns)
    runs = [slots[at : at + len(order)] for at in range(0, len(slots), len(order))]
    note, header = "", Header(tuple(Leaf(key, "") for key in order))
    if len(slots) != len(rows) * len(order):  # each row is printed, and no figure is surely its own
        note, runs = "does_not_fit", [slots, *[[Slot("", slots[0].where)]] * len(rows)]
    return [
        Printed(
            own, own[0].where, table.row(row).zh, NOTHING, header, row, note=note,
            order=order, named=named.get(row, order),
        )
        for row, own in zip(rows, runs)
    ]  # fmt: skip


def _column_key(meanings: Meanings) -> str:
    return next(match.key for match in meanings if match.kind in COLUMN_KINDS)


def _named_runs(head: list[Slot], words: Lexicon) -> dict[str, tuple[str, ...]]:
    """The columns as header words name them in reading order: the k-th run of them (结果维持 … 总计)
    is of the k-th row label.
    """
    rows: list[str] = []
    runs: list[tuple[str, ...]] = []
    for matches in (words.find(slot.text) for slot in head):
        if matches.kind == "row":
            rows.append(matches[0].key)
        elif matches.header:
            key = _column_key(matches)
            if not runs or key in runs[-1]:
                runs.append(())
            runs[-1] = (*runs[-1], key)
    return dict(zip(rows, runs)) if len(rows) == len(runs) == len({*rows}) else {}


def _head_and_rest(strips: list[Strip], words: Lexicon) -> tuple[list[Slot], list[Slot]]:
    """The words up to the last before the first figure, and the cells behind them; no words where a
    label stands behind a figure, or none stands there."""
    slots = _once(strips)
    figures = [is_figure(slot.text) for slot in slots]
    labels = [i for i, s in enumerate(slots) if not figures[i] and words.find(s.text)]
    first = figures.index(True) if True in figures else len(slots)
    if not labels or first < labels[-1]:
        return [], []
    end = first if first < len(slots) else labels[-1] + 1
    last = max(i for i, slot in enumerate(slots[:end]) if slot.text)
    head = [slot for slot in slots[: last + 1] if slot.text]
    rest = [slot for slot in slots[last + 1 :] if len(slot.text) <= PROSE]
    if first < len(slots) and slots[first].line != slots[last].line:
        rest = [slot for slot in rest if slot.line != slots[last].line]  # blanks behind the words
    return head, rest
