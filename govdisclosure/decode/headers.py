"""Grids → printed rows of a table: which cells are labels, which are values, which header stands
above them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import is_
from typing import NamedTuple

from ..forms import EXTRA_ROWS, UNIT_WORDS, Table
from ..model import GridCell
from ..numbers import readings
from ..text import fold, label
from .checksum import best_order, holds, row_total
from .columns import is_figure, under_words
from .labels import COLUMN_KINDS, NOTHING, Lexicon, Match, Meanings
from .rows import Header, Leaf, Printed
from .sections import Slot, Strip

_HEAD_KINDS = frozenset(("row", "group", "column", "column_group"))
_new = tuple.__new__
PROSE = 30


class Token(NamedTuple):
    """A header cell met on the way: its text, its meanings, its x."""

    text: str
    matches: Meanings
    x0: float = -1
    x1: float = -1


def rows_of(strips: list[Strip], words: Lexicon, carried: Header | None = None) -> list[Printed]:
    """The rows of a table whose labels stand at the left; ``carried`` is the header of the table's
    previous part.
    """
    found: list[Printed] = []
    header, before = carried, tuple[GridCell, ...]()
    block: list[Strip] = []
    for strip in strips:
        cells = strip.cells
        if len(cells) == len(before) and all(map(is_, cells, before)):
            continue
        before = cells
        if _is_header_row(cells, words):
            block.append(strip)
            continue
        if block:
            header, block = header_of(block, words), []
        line = _printed(strip, words, header)
        if line is not None:
            found.append(line)
    return found


def _is_header_row(cells: tuple[GridCell, ...], words: Lexicon) -> bool:
    texts = [cell.text for cell in cells if cell.text]
    if not all(readings[text].status == "unreadable" for text in texts):
        return False
    meant = [words.find(text) for text in texts]
    return any(m.header for m in meant) and all(m.header or m.kind != "row" for m in meant)


def header_of(block: list[Strip], words: Lexicon) -> Header:
    """The lowest header cells of consecutive header rows, by x where spans are sound, else in
    reading order.
    """
    cells = _once(block)
    start = min((c.column for c in cells if words.find(c.text).header), default=0)
    known = [c for c in cells if words.find(c.text).header or _unknown(c, words, start + 1)]
    ordered = ordered_leaves(
        [Token(c.text, words.find(c.text), c.column) for c in known], words.table
    )
    by_x = _leaves_by_x(block, words, start)
    keys, named = ([leaf.key for leaf in leaves] for leaves in (by_x, ordered))
    fits = keys == named or all(keys) and {*keys} >= {*named} - {""}
    if by_x and fits and not _outside_their_group(block, by_x, words):
        return Header(by_x, by_x=True)
    return Header(ordered)


def _outside_their_group(block: list[Strip], leaves: tuple[Leaf, ...], words: Lexicon) -> bool:
    """Whether a column stands beside the group that the form puts it under: the header's spans are
    lost or wrong.
    """
    for group in words.table.column_groups:
        own = [leaf for leaf in leaves if leaf.key in group.members]
        for strip in block:
            texts = [cell.text if cell else "" for cell in strip.at]
            places = [x for x, text in enumerate(texts) if _names(words.find(text), group.key)]
            if places:  # a merged cell without its span leaves blanks behind it
                after = range(places[-1] + 1, len(texts))
                end = next((x for x in after if texts[x]), len(texts))
                if not all(places[0] <= leaf.x0 and leaf.x1 <= end for leaf in own):
                    return True
    return False


def _names(meanings: Meanings, group: str) -> bool:
    return any(m.kind == "column_group" and m.key == group for m in meanings)


def _once(block: list[Strip]) -> list[GridCell]:
    """The cells of header rows, one that covers several rows once."""
    above = [(), *(strip.at for strip in block)]
    return [c for strip, before in zip(block, above) for c in strip.cells if c not in before]


def _unknown(cell: GridCell, words: Lexicon, start: int) -> bool:
    """Whether a cell may head a column that the form does not know."""
    named = words.find(cell.text) or not cell.text or label(cell.text).core in UNIT_WORDS
    return not named and cell.column >= start


def _columns(block: list[Strip]) -> Iterator[tuple[int, list[GridCell]]]:
    """For each x the cells of header rows there, from the lowest up."""
    for x, cells in enumerate(zip(*(strip.at for strip in reversed(block)), strict=True)):
        yield x, [cell for cell in cells if cell]


def _leaves_by_x(block: list[Strip], words: Lexicon, start: int) -> tuple[Leaf, ...]:
    """For each x the lowest cell that names a column; () where a cell is a group over nothing."""
    found: list[Token] = []
    before: GridCell | None = None
    for x, cells in _columns(block):
        named = (c for c in cells if any(m.kind in COLUMN_KINDS for m in words.find(c.text)))
        cell = next(named, next((c for c in cells if _unknown(c, words, 0)), None))
        if cell is None or x < start:
            continue
        if before and (before is cell or _copied(before, cell, words)):
            found[-1] = found[-1]._replace(x1=x + 1)
        else:
            found.append(Token(cell.text, words.find(cell.text), x, x + 1))
        before = cell
    grouped = any(token.matches.kind == "column_group" for token in found)
    return () if grouped else resolve(found)


def _copied(before: GridCell, cell: GridCell, words: Lexicon) -> bool:
    """Whether a header cell is the one before it once more: printed side by side, a text that means
    one column only is one merged cell copied."""
    once = sum(m.kind == "column" for m in words.find(cell.text)) == 1
    return once and (before.text, before.row) == (cell.text, cell.row)


def ordered_leaves(tokens: list[Token], table: Table) -> tuple[Leaf, ...]:
    """Header cells read line by line, put in the order of the columns they head.

    The lower line of a two-line header belongs where its group stands in the upper one:
    自然人 | 法人或其他组织 | 总计 over 商业企业 … 其他 gives 自然人, 商业企业, …, 其他, 总计.
    """
    members = {group.key: group.members for group in table.column_groups}
    of_groups = {key for keys in members.values() for key in keys}
    placed: list[Token] = []
    at, inside = -1, False
    for token in tokens:
        group = next((m.key for m in token.matches if m.kind == "column_group"), "")
        key = next((m.key for m in token.matches if m.kind in ("column", "subtotal")), "")
        if group:
            at, inside = len(placed) if members[group] else at, False
            continue
        inside = at >= 0 and (key in of_groups or inside and key == "subtotal")
        placed.insert(at if inside else len(placed), token)
        at += inside
    return resolve(placed)


def resolve(tokens: list[Token]) -> tuple[Leaf, ...]:
    """Header cells to column codes. Two cells cut to the same words (本年新, 本年新) take the codes in
    form order, but only where as many codes are left as there are such cells; else neither is
    known."""
    ranked = [[m for m in t.matches if m.kind in ("column", "subtotal")] for t in tokens]
    keys = [_sure(r) for r in ranked]
    alike: dict[frozenset[str], list[int]] = {}
    for i, matches in enumerate(ranked):
        if matches and not keys[i]:
            alike.setdefault(frozenset(m.key for m in matches), []).append(i)
    known = Counter(keys)
    for same in alike.values():
        left = sorted((m for m in ranked[same[0]] if m.key not in known), key=lambda m: m.order)
        if len(left) == len(same):
            for j, match in zip(same, left, strict=True):
                keys[j] = match.key
            known.update(m.key for m in left)
    doubled = {k for k, count in known.items() if count > 1} - {"", "subtotal"}
    return tuple(
        Leaf("" if k in doubled else k, t.text, t.x0, t.x1)
        for k, t in zip(keys, tokens, strict=True)
    )


def _sure(ranked: list[Match]) -> str:
    unsure = len(ranked) > 1 and ranked[1].score >= ranked[0].score - 0.02
    return ranked[0].key if ranked and not unsure else ""


def _printed(strip: Strip, words: Lexicon, header: Header | None) -> Printed | None:
    texts, rest = _split(strip.cells, words, header.start if header else -1)
    if not texts and not rest:
        return None
    texts = [t for t in texts if label(t).core not in UNIT_WORDS]
    printed, joined = "".join(texts[-1:]), "".join(texts[-2:])
    if not words.find(printed) and words.find(joined).rows:
        printed = joined
    where = (rest or strip.cells)[0].where
    line = Printed(printed, words.find(printed), [slot_of(c) for c in rest], header, where)
    glued = printed[-1:].isdigit() and bool(line.matches.rows)  # a figure to the label
    if header and header.by_x and len(rest) != len(header.leaves):
        under = strip.at[int(header.leaves[0].x0) : int(header.leaves[-1].x1)]
        glued = glued or None in under  # a cell is missing: which one is not said
    line.note = "does_not_fit" if glued else ""
    return line


def slot_of(cell: GridCell) -> Slot:
    """A cell as a place where a figure may stand."""
    text, where, _, x, height, width, confidence = cell
    return _new(Slot, (text, where, x, x + width, "grid", confidence, height > 1, -1))


def _split(cells, words: Lexicon, start: float) -> tuple[list[str], list[GridCell]]:
    """Label texts and value cells of a row. ``start``: x of the first headed column, -1 where
    unknown.
    """
    texts: list[str] = []
    for i, cell in enumerate(cells):
        leading = cell.column + cell.colspan <= start if start >= 0 else not texts
        status = readings[cell.text].status
        if status == "unreadable":
            is_label = leading or words.find(cell.text) or label(cell.text).core in EXTRA_ROWS
            texts += [cell.text] if is_label else []
        else:
            is_label = leading and (status == "blank" or start >= 0 and not texts)
        if not is_label:
            return texts, cells[i:]
    return texts, []


# --- tables whose row labels head groups of columns (table 四) -------------------------------------


def across(strips: list[Strip], words: Lexicon) -> list[Printed]:
    """The rows whose figures stand in the first row of values; figures below it are of none. []
    where no such table is drawn."""
    block: list[Strip] = []
    for n, strip in enumerate(strips):
        if any(words.find(cell.text).kind in _HEAD_KINDS for cell in strip.cells):
            block.append(strip)
        elif any(words.find(cell.text).header for above in block for cell in above.cells):
            header = _across_header(block, words)
            first = [slot_of(c) for c in strip.cells if c.column + c.colspan > header.start]
            below = [slot_of(c) for later in strips[n + 1 :] for c in later.cells]
            strays = Printed("", NOTHING, below, None, strip.where)
            return [*_rows_under(header, first, words.table), strays] if header.leaves else []
    return []


def _rows_under(header: Header, slots: list[Slot], table: Table) -> list[Printed]:
    """What stands under no header, and the rows of a line of values under headers that name both
    row and column.
    """
    over = [[x for x in header.leaves if x.x0 < s.x1 and s.x0 < x.x1] for s in slots]
    note = ""
    if len(header.leaves) == len(slots):
        over = [[leaf] for leaf in header.leaves]
    elif not header.by_x:  # each row is printed, and no figure is surely one of its own
        over, note = [list(header.leaves) for _ in slots], "does_not_fit"
    found = [Printed("", NOTHING, [s for s, at in zip(slots, over) if not at], None, "")]
    for row in table.rows:
        leaves = tuple(leaf for leaf in header.leaves if leaf.row == row.key)
        own = [
            s._replace(shared=False) for s, at in zip(slots, over) if not {*at}.isdisjoint(leaves)
        ]
        if own:
            line = Printed(row.zh, NOTHING, own, Header(leaves, header.by_x), own[0].where, row.key)
            line.note = note
            slots = [Slot("", own[0].where)] if note else slots
            found.append(line)
    return found


def _across_header(block: list[Strip], words: Lexicon) -> Header:
    """Leaves that name both the row (行政复议) and the column (结果维持), by x or by the order of their
    groups.
    """
    leaves: list[Leaf] = []
    last: GridCell | None = None
    for x, cells in _columns(block):
        found = [(cell, words.find(cell.text)) for cell in cells]
        row = next((meanings[0].key for _, meanings in found if meanings.kind == "row"), "")
        cell = next((cell for cell, meanings in found if meanings.header), None)
        if cell is not None and cell is last:
            leaves[-1] = leaves[-1]._replace(x1=x + 1)
        elif cell is not None:
            last = cell
            leaves.append(Leaf(_column_key(words.find(cell.text)), cell.text, x, x + 1, row))
    texts = [cell.text for cell in _once(block)]
    named = {meant[0].key for meant in map(words.find, texts) if meant.kind == "row"}
    pairs = {(leaf.row, leaf.key) for leaf in leaves}
    if leaves and len(pairs) == len(leaves) and {leaf.row for leaf in leaves} == named:
        return Header(tuple(leaves), by_x=True)
    return Header(_across_leaves(texts, words))


def _column_key(meanings: Meanings) -> str:
    return next(match.key for match in meanings if match.kind in COLUMN_KINDS)


def _across_leaves(texts: list[str], words: Lexicon) -> tuple[Leaf, ...]:
    """Header texts in reading order: the k-th run of columns (结果维持 … 总计) belongs to the k-th row
    label.
    """
    rows: list[str] = []
    runs: list[dict[str, str]] = []
    for text in texts:
        matches = words.find(text)
        if matches.kind == "row":
            rows.append(matches[0].key)
        elif matches.header:
            key = _column_key(matches)
            if not runs or key in runs[-1]:
                runs.append({})
            runs[-1][key] = text
    if len(rows) != len(runs) or len(set(rows)) != len(rows):
        return ()
    named = zip(rows, runs, strict=True)
    return tuple(Leaf(key, text, row=row) for row, run in named for key, text in run.items())


def across_line(strips: list[Strip], words: Lexicon, closed: bool) -> list[Printed]:
    """The rows of table 四 where all labels stand before the first figure; [] where rows have their
    own.
    """
    head, slots = _head_and_rest(strips, words)
    if not head:
        return []
    table = words.table
    leaves = _leaves_of_rows("".join(slot.text for slot in head), len(slots), table)
    under = under_words(slots, head, len(leaves))
    if under and not _contradicted(rows := _rows_under(Header(leaves), under, table), table):
        return rows
    while len(slots) > len(leaves) and not slots[-1].text:
        slots = slots[:-1]
    filled = [slot for slot in slots if slot.text]
    if closed and slots[: len(filled)] == filled:
        slots = filled  # marks behind the last figure may only fill up the line
    named = _across_leaves([slot.text for slot in head], words)
    return _rows_under(Header(_across_order(leaves, named, slots, table)), slots, table)


def _head_and_rest(strips: list[Strip], words: Lexicon) -> tuple[list[Slot], list[Slot]]:
    """The words up to the last before the first figure, and the cells behind them; no words where a
    label stands behind a figure, or none stands there."""
    slots = [slot for strip in strips for slot in strip.slots]
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


def _leaves_of_rows(head: str, count: int, table: Table) -> tuple[Leaf, ...]:
    """The columns of the rows that a header names; of all where it names none, or as many figures
    as all have follow.
    """
    named = [row.key for row in table.rows if label(row.zh).core in fold(head)]
    if not named or count == len(table.columns) * len(table.rows):
        named = [row.key for row in table.rows]
    return tuple(Leaf(column.key, "", row=row) for row in named for column in table.columns)


def _contradicted(rows: list[Printed], table: Table) -> int:
    """How many rows of table 四 have all their figures, which are not what their total says."""
    return sum(holds(row, row_total(table)) is False for row in rows)


def _across_order(
    leaves: tuple[Leaf, ...], named: tuple[Leaf, ...], slots: list[Slot], table: Table
) -> tuple[Leaf, ...]:
    """The statutory leaves, or those the header names in another order if under that its blocks add
    up; () where both may be, or uneven lines fit none.
    """
    total = row_total(table)
    if len(slots) != len(leaves) or total is None:
        return leaves
    _, *rows = _rows_under(Header(leaves), slots, table)
    uneven = len(set(Counter(slot.line for slot in slots).values())) > 1
    if uneven and 2 * _contradicted(rows, table) > len(rows) > 1:
        return ()  # dumped down the columns
    pairs = [[(leaf.row, leaf.key) for leaf in some] for some in (leaves, named)]
    if sorted(pairs[0]) != sorted(pairs[1]) or pairs[0] == pairs[1]:
        return leaves
    orders = leaves[: len(table.columns)], named[: len(table.columns)]
    keys = tuple(leaf.key for leaf in orders[0]), tuple(leaf.key for leaf in orders[1])
    order = best_order([row.slots for row in rows], keys, total)
    return named if order == keys[1] else leaves if order else ()
