"""Grids → printed lines of a table: which cells are labels, which are values, which header stands above them."""

from __future__ import annotations

from ..model import GridCell
from ..normalize import COUNTERS, MONEY, label, number
from .lexicon import EXTRA_ROWS, Lexicon
from .lines import COLUMN_KINDS, Header, Leaf, Line, Token, Value, is_header, ordered_leaves, resolve, row_match

GridRow = tuple[GridCell | None, ...]
UNIT_WORDS = frozenset(COUNTERS) | frozenset(MONEY) | {"件次", "人次", "单位"}


def distinct(row: GridRow) -> list[GridCell]:
    """The cells of a row, each once, in order."""
    found: list[GridCell] = []
    for cell in row:
        if cell is not None and not (found and found[-1] is cell):
            found.append(cell)
    return found


def lines_of(rows: list[GridRow], words: Lexicon, carried: Header | None = None) -> list[Line]:
    """The lines of a table whose labels stand at the left; ``carried`` is the header of the table's previous part."""
    lines: list[Line] = []
    header, block, before = carried, [], None
    for row in rows:
        cells = distinct(row)
        if before is not None and len(cells) == len(before) and all(a is b for a, b in zip(cells, before)):
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
        if not cell.text:
            continue
        if number(cell.text).status != "unreadable":
            return False
        matches = words.find(cell.text)
        if is_header(matches):
            headed = True
        elif matches and matches[0].kind == "row":
            return False
    return headed


def header_of(block: list[GridRow], words: Lexicon) -> Header:
    """The lowest header cells of consecutive header rows, by x where spans are sound, else in reading order."""
    tokens = [
        Token(c.text, words.find(c.text), c.column, c.column + c.colspan)
        for r, row in enumerate(block)
        for c in distinct(row)
        if r == 0 or c not in block[r - 1]
    ]
    named = [t for t in tokens if is_header(t.matches)]
    start = min((t.x0 for t in named), default=0)
    ordered = ordered_leaves([t for t in tokens if is_header(t.matches) or _unknown(t, start)], words.table)
    by_x = _leaves_by_x(block, words, start)
    complete = {x.key for x in by_x} >= {x.key for x in ordered if x.key}
    if by_x and ([x.key for x in by_x] == [x.key for x in ordered] or complete and all(x.key for x in by_x)):
        return Header(by_x, by_x=True)
    return Header(ordered)


def _unknown(token: Token, start: int) -> bool:
    return not token.matches and bool(token.text) and token.x0 > start and label(token.text).core not in UNIT_WORDS


def _leaves_by_x(block: list[GridRow], words: Lexicon, start: int) -> tuple[Leaf, ...]:
    """For each x the lowest cell that names a column; () where a cell is a group over nothing."""
    found: list[Token] = []
    cells: list[GridCell] = []
    for x in range(start, max(len(r) for r in block)):
        cell = _lowest(block, x, words)
        if cell is None:
            continue
        if cells and (cells[-1] is cell or cells[-1].text == cell.text and cells[-1].row == cell.row and _one_name(cell, words)):
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


def _lowest(block: list[GridRow], x: int, words: Lexicon) -> GridCell | None:
    fallback = None
    for row in reversed(block):
        cell = row[x] if x < len(row) else None
        if cell is None or not cell.text:
            continue
        matches = words.find(cell.text)
        if any(m.kind in COLUMN_KINDS for m in matches):
            return cell
        if not matches and fallback is None and label(cell.text).core not in UNIT_WORDS:
            fallback = cell
    return fallback


def _line(cells: list[GridCell], words: Lexicon, header: Header | None) -> Line | None:
    start = header.leaves[0].x0 if header and header.by_x and header.leaves else -1
    texts, rest = split(cells, words, start)
    if not texts and not rest:
        return None
    texts = [t for t in texts if label(t).core not in UNIT_WORDS]
    printed, matches = row_match(words, texts)
    values = [
        Value(c.text, c.where, c.column, c.column + c.colspan, c.rowspan > 1, c.confidence) for c in rest
    ]
    where = cells[0].where if not rest else rest[0].where
    return Line(printed, matches, values, header, where)


def split(cells: list[GridCell], words: Lexicon, start: int) -> tuple[list[str], list[GridCell]]:
    """Label texts and value cells of a row. ``start``: x of the first headed column, -1 where unknown."""
    texts: list[str] = []
    for i, cell in enumerate(cells):
        left = start < 0 or cell.column + cell.colspan <= start
        status = number(cell.text).status
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


def across(rows: list[GridRow], words: Lexicon) -> tuple[Header, list[GridCell], list[list[GridCell]]] | None:
    """Header, the first row of values, and any further rows with figures; None where no such table is drawn."""
    block: list[GridRow] = []
    for n, row in enumerate(rows):
        cells = distinct(row)
        kinds = {words.find(c.text)[0].kind for c in cells if c.text and words.find(c.text)}
        if kinds & {"row", "group", "column", "column_group"}:
            block.append(row)
        elif block and any(is_header(words.find(c.text)) for r in block for c in distinct(r)):
            header = across_header(block, words)
            first = [c for c in cells if header.leaves and (not header.by_x or c.column + c.colspan > header.leaves[0].x0)]
            later = [distinct(r) for r in rows[n + 1 :] if any(number(c.text).value is not None for c in distinct(r))]
            return header, first, later
    return None


def across_header(block: list[GridRow], words: Lexicon) -> Header:
    """Leaves that name both the row (行政复议) and the column (结果维持), by x or by the order of their groups."""
    leaves = []
    for x in range(max(len(r) for r in block)):
        above = [r[x] for r in block if x < len(r) and r[x] is not None and r[x].text]
        found = [(c, words.find(c.text)) for c in above]
        row = next((m[0].key for c, m in reversed(found) if m and m[0].kind == "row"), "")
        cell = next((c for c, m in reversed(found) if is_header(m)), None)
        if cell is None:
            continue
        key = next(m.key for m in words.find(cell.text) if m.kind in COLUMN_KINDS)
        if leaves and leaves[-1][0] is cell:
            leaves[-1][1] = leaves[-1][1]._replace(x1=x + 1)
        else:
            leaves.append([cell, Leaf(key, cell.text, x, x + 1, row)])
    by_x = tuple(leaf for _, leaf in leaves)
    pairs = {(leaf.row, leaf.key) for leaf in by_x}
    named = {m[0].key for row in block for c in distinct(row) if (m := words.find(c.text)) and m[0].kind == "row"}
    if by_x and len(pairs) == len(by_x) and {leaf.row for leaf in by_x} == named:
        return Header(by_x, by_x=True)
    texts = [c.text for r, row in enumerate(block) for c in distinct(row) if r == 0 or c not in block[r - 1]]
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
        elif is_header(matches):
            key = next(m.key for m in matches if m.kind in COLUMN_KINDS)
            if not runs or key in [k for k, _ in runs[-1]]:
                runs.append([])
            runs[-1].append((key, text))
    if len(rows) != len(runs) or len({m.key for m in rows}) != len(rows):
        return ()
    return tuple(Leaf(key, text, row=m.key) for m, run in zip(rows, runs) for key, text in run)
