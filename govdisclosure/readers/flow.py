"""Marked text → its tables, each cell still marked text. Rules of the HTML parser that move text are kept:
what stands in a table outside any cell goes before the table, a table inside a table but in no cell ends it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

from .marks import (
    BREAK,
    CELL,
    CENTRE,
    CLOSE,
    END_CELL,
    END_HEAD,
    END_LEVEL,
    END_LINK,
    END_ROW,
    END_TABLE,
    GROUP,
    LEVEL,
    LINK,
    NESTED,
    OPEN,
    ROW,
    SPANNED,
    TABLE,
)

_MARKS = f"[{TABLE}-{END_CELL}{GROUP}{END_HEAD}]"
_STRUCTURE = re.compile(
    f"({_MARKS}(?:\\s*+{_MARKS})*+)"
)  # a run of marks with nothing but white space between
# A cell's end right before the next cell or row, and a row's before the next row, say nothing new.
_IMPLIED = re.compile(
    f"[{END_CELL}{END_HEAD}](?=[{CELL}{ROW}{END_ROW}{GROUP}{END_TABLE}])|{END_ROW}(?=[{ROW}{GROUP}{END_TABLE}])"
)
_LEAF = re.compile(f"{TABLE}[^{TABLE}{END_TABLE}]*+{END_TABLE}")  # a table without tables in it
_INNER = re.compile(f"{LEVEL}.|{NESTED}\\d+{NESTED}")
# What ends a line or says how it is set, as line ends: CENTRE and END_LEVEL always stand beside a BREAK.
_SOFT = ((OPEN, BREAK), (CLOSE, BREAK), (END_LEVEL, ""), (CENTRE, ""))
_NO_LINKS = {ord(LINK): None, ord(END_LINK): None}
_LINE_IN_WORD = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef，。、；：])[ \t\r]*\n\s*(?=[\u2e80-\u9fff\uff00-\uffef，。、；：])"
)
_BLANK = BREAK + " \t\n\r\f\xa0\u3000"
_AFTER_CELL = _BLANK + END_CELL + END_HEAD
_AFTER_ROW = _AFTER_CELL + END_ROW
# Something after the end of a cell but before the next cell or row.
_ILL_FORMED = re.compile(
    f"[{END_CELL}{END_HEAD}][{_BLANK}]*+[^{_BLANK}{CELL}{ROW}{END_ROW}{GROUP}]"
)
_CELL_BORDER = (
    "\x17"  # between cells while they are cleaned together; decode() drops it from the source
)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]")


class Table:
    """A table as written: ``rows`` of marked texts, ``spans``: for each row (rowspan, colspan) of its cells, None where
    none is merged; ``groups``: row numbers where a group ends.
    """

    __slots__ = ("rows", "spans", "groups", "nested", "outer")

    def __init__(self, outer: list[str]) -> None:
        self.rows: list[list[str]] = []
        self.spans: list[list[Span] | None] = []
        self.groups: list[int] = []
        self.nested = False
        self.outer = outer

    def add_row(self) -> None:
        """Begin a row."""
        self.rows.append([])
        self.spans.append(None)

    def add(self, text: str, span: Span) -> None:
        """Put a cell at the end of the last row."""
        row = self.rows[-1]
        row.append(text)
        if span is not _PLAIN and self.spans[-1] is None:
            self.spans[-1] = [_PLAIN] * (len(row) - 1)
        if self.spans[-1] is not None:
            self.spans[-1].append(span)


Span = tuple[int, int]  # rowspan, colspan as written; rowspan 0 reaches to the end of its group
_PLAIN: Span = (1, 1)


class _Builder:
    """Reads structure marks in order; `sink` is where text goes at the moment."""

    def __init__(self) -> None:
        self.root: list[str] = []
        self.sink = self.root
        self.tables: list[Table] = []
        self.table: Table | None = None
        self.row = False  # whether a row is open
        self.span: Span | None = None  # of the open cell
        self.head = False  # whether that is a <th>
        self.stack: list[tuple] = []

    def open_table(self) -> None:
        if self.table is not None and self.span is None:
            self.close_table()
        self.stack.append((self.table, self.row, self.span, self.head, self.sink))
        self.table, self.row, self.span = Table(self.sink), False, None

    def close_table(self) -> None:
        if self.table is None:
            return
        self.close_row()
        done = self.table
        self.table, self.row, self.span, self.head, self.sink = self.stack.pop()
        self.place(done)

    def place(self, done: Table) -> None:
        """Put a finished table where the text has come to."""
        if done.rows:
            if self.table is not None:
                self.table.nested = True
            self.sink.append(f"{BREAK}{NESTED}{len(self.tables)}{NESTED}{BREAK}")
            self.tables.append(done)

    def close_cell(self) -> None:
        if self.span is not None:
            text = self.sink[0] if len(self.sink) == 1 else "".join(self.sink)
            self.table.add(text, self.span)
            self.span, self.sink = None, self.table.outer

    def drop_cell(self) -> None:
        """The file ends inside this cell's text: half a number is a wrong number."""
        self.span, self.sink = None, self.table.outer

    def close_row(self) -> None:
        self.close_cell()
        self.row = False

    def open_row(self) -> None:
        if self.table is not None:
            self.close_row()
            self.row = True
            self.table.add_row()

    def open_cell(self) -> None:
        if self.table is None:
            return
        if self.span is not None:
            self.close_cell()
        if not self.row:
            self.open_row()
        self.span, self.head, self.sink = _PLAIN, False, []

    def next_cell(self, text: str) -> None:
        """`open_cell` and `add` in one, for the usual case: a cell right after a cell of the same row."""
        sink = self.sink
        self.table.add(sink[0] if len(sink) == 1 else "".join(sink), self.span)
        self.span, self.head, self.sink = _PLAIN, False, []
        if SPANNED in text[:16]:
            self.add(text)
        else:
            self.sink.append(text)

    def end_cell(self) -> None:
        if not self.head:
            self.close_cell()

    def end_head(self) -> None:
        if self.head:
            self.close_cell()

    def end_group(self) -> None:
        if self.table is not None:
            self.close_row()
            self.table.groups.append(len(self.table.rows))

    def end_row(self) -> None:
        if self.table is not None:
            self.close_row()

    def add(self, text: str) -> None:
        """Text after a mark: into the open cell, else around the table."""
        if self.span is not None:
            if SPANNED in text[:16]:
                written, _, text = text.partition(SPANNED)
                self.head = written[-1:] == "h"
                self.span = _span(written)
            self.sink.append(text)
        elif not text.isspace():
            text = text.partition(SPANNED)[2] if SPANNED in text[:16] else text
            self.sink.append(text if self.table is None else f"{BREAK}{text}{BREAK}")


def tables_of(marked: str) -> tuple[str, list[Table]]:
    """(text around the tables, tables); a table's place is ``NESTED number NESTED``."""
    build = _Builder()
    feed = _feeder(build)
    at = 0
    for match in _LEAF.finditer(marked):
        feed(marked[at : match.start()])
        at = match.start()
        if build.table is None and (table := _well_formed(match.group()[1:-1], build.sink)):
            build.place(table)
            at = match.end()
    feed(marked[at:])
    if build.span is not None and marked[-1:] > " ":
        build.drop_cell()
    while build.table is not None:
        build.close_table()
    return "".join(build.root), build.tables


def _feeder(build: _Builder) -> Callable[[str], None]:
    """What gives marked text to `build`, mark by mark."""
    act = {
        TABLE: build.open_table,
        END_TABLE: build.close_table,
        ROW: build.open_row,
        END_ROW: build.end_row,
        CELL: build.open_cell,
        END_CELL: build.end_cell,
        END_HEAD: build.end_head,
        GROUP: build.end_group,
    }
    runs: dict[str, list] = {}
    usual = [build.open_cell]

    def feed(marked: str) -> None:
        tokens = _STRUCTURE.split(marked)
        build.add(tokens[0])
        for run, text in zip(tokens[1::2], tokens[2::2]):
            steps = runs.get(run)
            if steps is None:
                steps = [act[mark] for mark in _IMPLIED.sub("", "".join(run.split()))]
                steps = runs[run] = usual if steps == usual else steps
            if steps is usual and build.span is not None:
                build.next_cell(text)
                continue
            for step in steps:
                step()
            if text:
                build.add(text)

    return feed


@lru_cache(4096)
def _span(written: str) -> Span:
    """(rowspan, colspan) of what stands before SPANNED; "h" marks a <th>."""
    rows, _, columns = written.rstrip("h").partition(",")
    span = int(rows), int(columns)
    return _PLAIN if span == _PLAIN else span


def _well_formed(marked: str, outer: list[str]) -> Table | None:
    """The table whose marks are those of a table without misprints, cut at its marks; None for any other.

    What `_Builder` would make of it, at a third of the cost: rows in groups, cells in rows, nothing outside a cell.
    """
    table = Table(outer)
    first, *rows = marked.split(ROW)
    if not rows or first.strip(_BLANK + GROUP) or _ILL_FORMED.search(marked):
        return None
    table.groups += [0] * first.count(GROUP)
    for number, piece in enumerate(rows, 1):
        piece = piece.rstrip(_AFTER_ROW)
        if piece[-1:] == GROUP:
            inside = piece.rstrip(_AFTER_ROW + GROUP)
            table.groups += [number] * piece.count(GROUP, len(inside))
            piece = inside
        before, *cells = piece.split(CELL)
        if before and before.strip(_AFTER_ROW) or GROUP in piece or END_ROW in piece:
            return None
        spans = None
        if SPANNED in piece:
            cut = [
                cell.partition(SPANNED) if SPANNED in cell else ("1,1", "", cell) for cell in cells
            ]
            cells = [text for _, _, text in cut]
            spans = [_span(written) for written, _, _ in cut]
            spans = None if all(span is _PLAIN for span in spans) else spans
        table.rows.append(cells)
        table.spans.append(spans)
    return table


def line_text(raw: str) -> str:
    """White space collapsed and stripped; a source line break inside a Chinese word is none (CSS Text 3 §4.1.3)."""
    if raw.isalnum():
        return raw
    if "\n" in raw and "\n" in (raw := raw.strip()):
        raw = _LINE_IN_WORD.sub("", raw)
    return " ".join(raw.split())


def cell_texts(table: Table) -> list[list[str]]:
    """Texts of the cells: lines (<br>, <p>, <div>) joined by a line feed, blank is ""."""
    joined = _CELL_BORDER.join([_CELL_BORDER.join(row) for row in table.rows if row])
    for mark, instead in _SOFT:
        joined = joined.replace(mark, instead)
    if LEVEL in joined or NESTED in joined:
        joined = _INNER.sub(BREAK, joined)
    if LINK in joined or END_LINK in joined:
        joined = joined.translate(_NO_LINKS)
    texts = [
        raw if (raw := cell.strip(_AFTER_CELL)).isalnum() or not raw else _lines(raw)
        for cell in joined.split(_CELL_BORDER)
    ]
    ends = list(accumulate(map(len, table.rows)))
    return [texts[start:end] for start, end in zip([0, *ends], ends)]


def marked_cell(cell: str) -> str:
    """A cell of `Table.rows` without what ends it."""
    return cell.rstrip(_AFTER_CELL)


def _lines(raw: str) -> str:
    if BREAK not in raw:
        return line_text(raw)
    return "\n".join([line for line in map(line_text, raw.split(BREAK)) if line])
