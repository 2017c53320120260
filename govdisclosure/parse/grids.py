"""Grids → printed lines of a table: which cells are labels, which are values, which header stands above them."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import NamedTuple

from ..model import GridCell
from ..normalize import COUNTERS, MONEY, Memory, label, number, readings
from .lexicon import COLUMN_KINDS, EXTRA_ROWS, Lexicon
from .lines import Header, Leaf, Line, Token, Value, ordered_leaves, resolve, row_match

GridRow = tuple[GridCell | None, ...]
UNIT_WORDS = frozenset(COUNTERS) | frozenset(MONEY) | {"件次", "人次", "单位"}
LARGEST_HEADER = 400  # places; larger blocks of header rows are not remembered
_new = tuple.__new__


class Row(NamedTuple):
    """A row of a grid: its cells, each once, in order; and the cell at each x."""

    cells: list[GridCell]
    at: GridRow


def row_of(at: GridRow) -> Row:
    """A Row from the cell at each x."""
    found: list[GridCell] = []
    last = None
    for cell in at:
        if cell is not last and cell is not None:
            found.append(cell)
            last = cell
    return Row(found, at)


def lines_of(rows: list[Row], words: Lexicon, carried: Header | None = None) -> list[Line]:
    """The lines of a table whose labels stand at the left; ``carried`` is the header of the table's previous part."""
    lines: list[Line] = []
    header, block, before = carried, [], None
    for row in rows:
        cells = row.cells
        if before is not None and len(cells) == len(before) and all(map(is_, cells, before)):
            continue
        before = cells
        if _is_header_row(cells, words):
            block.append(row)
            continue
        if block:
            header, block = header_of(block, words), []
        line = _line(cells, words, header)
        if line is not None:
            lines.append(line)
    return lines


def _is_header_row(cells: list[GridCell], words: Lexicon) -> bool:
    headed = False
    for cell in cells:
        text = cell.text
        if not text:
            continue
        if readings[text].status != "unreadable":
            return False
        matches = words.find(text)
        if matches.header:
            headed = True
        elif matches.kind == "row":
            return False
    return headed


def _shape(block: list[Row]) -> tuple:
    """All that tells a block of header rows from another: which cell stands at each x, its text and its place."""
    order: dict[int, int] = {}
    top = block[0].cells[0].row if block[0].cells else 0
    cells = [(c.text, c.row - top, c.column, c.colspan) for row in block for c in row.cells]
    places = [tuple([order.setdefault(id(c), len(order)) for c in row.at]) for row in block]
    return tuple(cells), tuple(places)


def header_of(block: list[Row], words: Lexicon) -> Header:
    """The lowest header cells of consecutive header rows, by x where spans are sound, else in reading order."""
    return _remembered(words.headers, _header_of, block, words)


def _remembered(memory: Memory, make: Callable, block: list[Row], words: Lexicon) -> Header:
    """What `make` makes of a block of header rows, made once for all blocks of one shape."""
    if sum(len(row.at) for row in block) > LARGEST_HEADER:
        return make(block, words)
    shape = _shape(block)
    found = memory.get(shape)
    if found is None:
        found = memory.keep(shape, make(block, words))
    return found.again()


def _header_of(block: list[Row], words: Lexicon) -> Header:
    tokens = [
        Token(c.text, words.find(c.text), c.column, c.column + c.colspan)
        for r, row in enumerate(block)
        for c in row.cells
        if r == 0 or c not in block[r - 1].at
    ]
    named = [t for t in tokens if t.matches.header]
    start = min((t.x0 for t in named), default=0)
    ordered = ordered_leaves(
        [t for t in tokens if t.matches.header or _unknown(t, start)], words.table
    )
    by_x = _leaves_by_x(block, words, start)
    complete = {x.key for x in by_x} >= {x.key for x in ordered if x.key}
    if by_x and (
        [x.key for x in by_x] == [x.key for x in ordered] or complete and all(x.key for x in by_x)
    ):
        return Header(by_x, by_x=True)
    return Header(ordered)


def _unknown(token: Token, start: int) -> bool:
    return (
        not token.matches
        and bool(token.text)
        and token.x0 > start
        and label(token.text).core not in UNIT_WORDS
    )


def _leaves_by_x(block: list[Row], words: Lexicon, start: int) -> tuple[Leaf, ...]:
    """For each x the lowest cell that names a column; () where a cell is a group over nothing."""
    found: list[Token] = []
    cells: list[GridCell] = []
    for x in range(start, max(len(r.at) for r in block)):
        cell = _lowest(block, x, words)
        if cell is None:
            continue
        if cells and (
            cells[-1] is cell
            or cells[-1].text == cell.text
            and cells[-1].row == cell.row
            and _one_name(cell, words)
        ):
            found[-1] = found[-1]._replace(x1=x + 1)
            continue
        cells.append(cell)
        found.append(Token(cell.text, words.find(cell.text), x, x + 1))
    if any(m.kind == "column_group" for t in found for m in t.matches[:1]):
        return ()
    return resolve(found)


def _one_name(cell: GridCell, words: Lexicon) -> bool:
    """Whether a header's text means one column only: printed twice side by side, it is one merged cell copied."""
    return sum(m.kind == "column" for m in words.find(cell.text)) == 1


def _lowest(block: list[Row], x: int, words: Lexicon) -> GridCell | None:
    fallback = None
    for row in reversed(block):
        cell = row.at[x] if x < len(row.at) else None
        if cell is None or not cell.text:
            continue
        matches = words.find(cell.text)
        if any(m.kind in COLUMN_KINDS for m in matches):
            return cell
        if not matches and fallback is None and label(cell.text).core not in UNIT_WORDS:
            fallback = cell
    return fallback


def _line(cells: list[GridCell], words: Lexicon, header: Header | None) -> Line | None:
    texts, rest = split(cells, words, header.start if header else -1)
    if not texts and not rest:
        return None
    texts = [t for t in texts if label(t).core not in UNIT_WORDS]
    printed, matches = row_match(words, texts)
    values = [
        _new(Value, (text, where, x, x + width, height > 1, confidence))
        for text, where, _, x, height, width, confidence in rest
    ]
    where = cells[0].where if not rest else rest[0].where
    return Line(printed, matches, values, header, where)


def split(cells: list[GridCell], words: Lexicon, start: int) -> tuple[list[str], list[GridCell]]:
    """Label texts and value cells of a row. ``start``: x of the first headed column, -1 where unknown."""
    texts: list[str] = []
    for i, cell in enumerate(cells):
        left = start < 0 or cell.column + cell.colspan <= start
        status = readings[cell.text].status
        if status == "blank":
            if not (left and (start >= 0 or not texts)):
                return texts, cells[i:]
        elif status == "unreadable":
            named = bool(words.find(cell.text)) or label(cell.text).core in EXTRA_ROWS
            if not (named or (left and (start >= 0 or not texts))):
                return texts, cells[i:]
            texts.append(cell.text)
        elif not (left and start >= 0 and not texts):
            return texts, cells[i:]
    return texts, []


# --- tables whose row labels head groups of columns (table 四) ---------------------------------------

HEAD_KINDS = frozenset(("row", "group", "column", "column_group"))


def across(
    rows: list[Row], words: Lexicon
) -> tuple[Header, list[GridCell], list[list[GridCell]]] | None:
    """Header, the first row of values, and any further rows with figures; None where no such table is drawn."""
    block: list[Row] = []
    for n, row in enumerate(rows):
        cells = row.cells
        if any(c.text and words.find(c.text).kind in HEAD_KINDS for c in cells):
            block.append(row)
        elif block and any(words.find(c.text).header for r in block for c in r.cells):
            header = across_header(block, words)
            first = [
                c
                for c in cells
                if header.leaves and (not header.by_x or c.column + c.colspan > header.leaves[0].x0)
            ]
            later = [
                r.cells
                for r in rows[n + 1 :]
                if any(number(c.text).value is not None for c in r.cells)
            ]
            return header, first, later
    return None


def across_header(block: list[Row], words: Lexicon) -> Header:
    """Leaves that name both the row (行政复议) and the column (结果维持), by x or by the order of their groups."""
    return _remembered(words.across, _across_header, block, words)


def _across_header(block: list[Row], words: Lexicon) -> Header:
    leaves = []
    for x in range(max(len(r.at) for r in block)):
        above = [r.at[x] for r in block if x < len(r.at) and r.at[x] is not None and r.at[x].text]
        found = [(c, words.find(c.text)) for c in above]
        row = next((m[0].key for c, m in reversed(found) if m.kind == "row"), "")
        cell = next((c for c, m in reversed(found) if m.header), None)
        if cell is None:
            continue
        key = next(m.key for m in words.find(cell.text) if m.kind in COLUMN_KINDS)
        if leaves and leaves[-1][0] is cell:
            leaves[-1][1] = leaves[-1][1]._replace(x1=x + 1)
        else:
            leaves.append([cell, Leaf(key, cell.text, x, x + 1, row)])
    by_x = tuple(leaf for _, leaf in leaves)
    pairs = {(leaf.row, leaf.key) for leaf in by_x}
    named = {
        m[0].key for row in block for c in row.cells if (m := words.find(c.text)).kind == "row"
    }
    if by_x and len(pairs) == len(by_x) and {leaf.row for leaf in by_x} == named:
        return Header(by_x, by_x=True)
    texts = [
        c.text
        for r, row in enumerate(block)
        for c in row.cells
        if r == 0 or c not in block[r - 1].at
    ]
    return Header(across_leaves(texts, words))


def across_leaves(texts: list[str], words: Lexicon) -> tuple[Leaf, ...]:
    """Header texts in reading order: the k-th run of columns (结果维持 … 总计) belongs to the k-th row label."""
    rows, runs = [], []
    for text in texts:
        matches = words.find(text)
        if not matches:
            continue
        if matches[0].kind == "row":
            rows.append(matches[0])
        elif matches.header:
            key = next(m.key for m in matches if m.kind in COLUMN_KINDS)
            if not runs or key in [k for k, _ in runs[-1]]:
                runs.append([])
            runs[-1].append((key, text))
    if len(rows) != len(runs) or len({m.key for m in rows}) != len(rows):
        return ()
    return tuple(Leaf(key, text, row=m.key) for m, run in zip(rows, runs) for key, text in run)
