"""Flattened tables: the printed lines put together again from the labels, and their figures counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..normalize import label
from .align import settle
from .fill import Filled, fill_across, fill_line
from .gaps import RawLine, Rhythm, fit, rhythm
from .grids import across_leaves
from .headings import heading_number
from .lexicon import EXTRA_ROWS, NOTHING, Lexicon
from .lines import Header, Line, Token, Value, ordered_leaves
from .runs import Segment, cut
from .sharing import ROWS, layout_of, line_ends, own_or_shared
from .widths import full_lines

PROSE = 30


@dataclass(slots=True)
class Flow:
    """A flattened table taken apart: its lines with their raw figures, and the rhythm they show."""

    filled: Filled
    lines: list[tuple[Line, RawLine]] = field(default_factory=list)
    clashes: list[list[Line]] = field(default_factory=list)
    across: Header | None = None
    layout: int = ROWS
    beat: Rhythm = Rhythm()

    def counted(self) -> list[tuple[RawLine, int]]:
        """Each line's raw figures with how many columns it should have."""
        if self.across is not None:
            return [(raw, len(self.across.leaves)) for _, raw in self.lines]
        return [(raw, _count(line, self.filled)) for line, raw in self.lines]


def take_apart(filled: Filled, found: list[Segment], words: Lexicon, after: Segment | None) -> Flow:
    """The lines of a flattened table. ``after``: what follows it (None: the text ends there)."""
    flow = Flow(filled, layout=layout_of(found))
    full = full_lines(found, after)
    if filled.table.layout == "across" and _across(flow, found, words, after, full):
        flow.beat = rhythm(flow.counted(), ends=line_ends(found, flow.layout, True))
        return flow
    lines = [Line(s.text, s.matches, [], None, s.where) for s in found]
    labelled = [i for i, s in enumerate(found) if s.matches.rows]
    flow.clashes = settle([lines[i] for i in labelled], filled.table)
    builder = _Builder(flow, words, frozenset(id(found[i]) for i in full))
    flow.lines = builder.build(found, {i: lines[i] for i in labelled if lines[i].chosen}, after)
    flow.beat = rhythm(flow.counted(), ends=line_ends(found, flow.layout, False))
    return flow


def put_together(flow: Flow, shared: dict[int, Rhythm]) -> None:
    """Fill the cells. ``shared``: the rhythms of the report's tables, for those that show none (see `sharing`)."""
    beat = own_or_shared(flow.layout, flow.beat, flow.counted(), shared[flow.layout])
    if flow.across is not None:
        _finish_across(flow, beat)
        return
    for line, raw in flow.lines:
        _fit_line(line, raw, _count(line, flow.filled), beat)
        fill_line(flow.filled, line)
    for clash in flow.clashes:
        _clash(flow.filled, clash)


def _count(line: Line, filled: Filled) -> int:
    if line.header and line.header.leaves:
        return len(line.header.leaves)
    columns = filled.table.columns_of(filled.table.row(line.chosen)) if line.chosen else ()
    return 1 if len(columns) == 1 else 0


def _fit_line(line: Line, raw: RawLine, count: int, beat: Rhythm) -> None:
    fitted = fit(raw, count, beat) if count else None
    line.values = fitted if fitted is not None else list(raw.values)
    if line.chosen and fitted is None:
        line.note = "does_not_fit"


def _clash(filled: Filled, lines: list[Line]) -> None:
    """Two lines that are one and the same row just as well: both are kept aside, unless they say the same."""
    texts = {tuple(v.text for v in line.values) for line in lines if line.values}
    key = next((line.chosen for line in lines if line.chosen), "")
    if len(texts) > 1 and key:
        columns = [c for r, c in filled.cells if r == key] or list(
            filled.table.columns_of(filled.table.row(key))
        )
        filled.unreadable(
            filled.table.row(key),
            columns,
            [v for line in lines for v in line.values],
            lines[0].where,
        )


class _Builder:
    """Walks the segments once: header cells are gathered, a chosen label opens a line, figures go to the open line."""

    def __init__(self, flow: Flow, words: Lexicon, full: frozenset[int]) -> None:
        self.table, self.words, self.full, self.stacked = (
            flow.filled.table,
            words,
            full,
            flow.layout > ROWS,
        )
        self.header: Header | None = None
        self.tokens: list[Token] = []
        self.open: tuple[Line, RawLine] | None = None
        self.done: list[tuple[Line, RawLine]] = []

    def build(
        self, found: list[Segment], chosen: dict[int, Line], after: Segment | None
    ) -> list[tuple[Line, RawLine]]:
        """All lines with their raw figures, in reading order."""
        for i, segment in enumerate(found):
            if i in chosen:
                self._label(segment, chosen[i])
            elif segment.status == "unreadable":
                self._text(segment)
            elif segment.status != "unit":
                self._value(segment)
        self._close(after)
        return self.done

    def _label(self, segment: Segment, line: Line) -> None:
        if self.tokens:
            self.header, self.tokens = Header(ordered_leaves(self.tokens, self.table)), []
        line.header = self.header
        self._close(segment)
        self.open = (line, RawLine())

    def _text(self, segment: Segment) -> None:
        kind = segment.matches.kind
        if segment.matches.header:
            self._close(segment)
            token = Token(segment.text, segment.matches)
            if not (self.tokens and _same_column(self.tokens[-1], token)):
                self.tokens.append(token)
        elif kind in ("group", "subtotal"):
            self._label(
                segment, Line(segment.text, segment.matches, [], None, segment.where, kind=kind)
            )
        elif kind:
            self._close(segment)
        elif len(segment.text) > PROSE or "。" in segment.text:
            self._close(segment, prose=True)
        elif self._fits_words(segment):
            self._value(segment)
        elif self.tokens:
            self.tokens.append(Token(segment.text, NOTHING))
        else:
            self._label(segment, Line(segment.text, NOTHING, [], None, segment.where))

    def _fits_words(self, segment: Segment) -> bool:
        """Words may stand in a cell, but only where the open line still has room for them."""
        if self.open is None or label(segment.text).core in EXTRA_ROWS:
            return False
        line, raw = self.open
        if segment.breaks and raw.values and not raw.stacked:
            return False  # the line's figures stand side by side, and this on the next
        leaves = line.header.leaves if line.header else ()
        return bool(line.chosen) and len(raw.values) < max(1, len(leaves))

    def _value(self, segment: Segment) -> None:
        if self.open is None:
            self.open = (Line("", NOTHING, [], self.header, segment.where), RawLine())
        raw = self.open[1]
        raw.full = id(segment) in self.full and (raw.full or not raw.values)
        add_value(raw, segment)
        raw.stacked |= segment.breaks > 0  # its label stands on a line of its own

    def _close(self, segment: Segment | None, *, prose: bool = False) -> None:
        if self.open is not None:
            line, raw = self.open
            raw.stacked |= not raw.values and self.stacked
            close(raw, segment)
            raw.closed = raw.closed and not prose
            if line.chosen or raw.values:
                self.done.append(self.open)
        self.open = None


def add_value(raw: RawLine, segment: Segment) -> None:
    """A figure of a line, with what stood before it: column marks where there are any, else line ends."""
    raw.values.append(Value(segment.text, segment.where))
    raw.gaps.append(segment.marks or segment.breaks)
    raw.marked = segment.marks > 0 and (raw.marked or len(raw.values) == 2)
    raw.stacked = raw.stacked or (len(raw.values) > 1 and segment.breaks > 0)


def close(raw: RawLine, segment: Segment | None) -> None:
    """How many blank cells may stand between the last figure and ``segment`` (None: the text ended there)."""
    raw.ends = segment.breaks if segment and not raw.stacked else 0
    if segment is None or _behind_a_cell(segment):
        raw.closed = False
    elif not raw.marked:
        raw.after = max(0, segment.breaks - 1)
    elif raw.stacked or not (segment.breaks or heading_number(segment.text)):
        raw.after = max(
            0, segment.marks - 1
        )  # the first of these marks closes the last figure's own cell
    else:
        raw.after = segment.ended
    raw.padding = min(raw.after, segment.padding) if segment and raw.marked else 0


def _behind_a_cell(segment: Segment) -> bool:
    """A title that no column mark sets off from what stands before it (| 0 | 13 （四）行政复议…): the last cell is in it."""
    if segment.breaks or not heading_number(segment.text):
        return False
    parts = cut(segment.text)
    return len(parts) > 1 and not heading_number(parts[0])


def _same_column(before: Token, token: Token) -> bool:
    """本年处理决定数量 and 处理决定数量 on two lines are one header cell printed twice, not two columns."""
    keys = [[m.key for m in t.matches if m.kind == "column"] for t in (before, token)]
    return len(keys[0]) == len(keys[1]) == 1 and keys[0] == keys[1]


# --- table 四: the row labels head groups of columns -------------------------------------------------


def _across(
    flow: Flow, found: list[Segment], words: Lexicon, after: Segment | None, full: frozenset[int]
) -> bool:
    """True where the labels head columns: all of them stand before the first figure."""
    figures = [i for i, s in enumerate(found) if s.status not in ("unreadable", "unit")]
    names = [i for i, s in enumerate(found) if any(m.kind in ("row", "column") for m in s.matches)]
    if not names or (figures and any(i > figures[0] for i in names)):
        return False
    figures = [
        i
        for i, s in enumerate(found)
        if i > names[-1] and s.status != "unit" and len(s.text) <= PROSE
    ]
    flow.across = Header(across_leaves([s.text for s in found[: names[-1] + 1]], words))
    raw = RawLine(full=full.issuperset(figures))
    for i in figures:
        add_value(raw, found[i])
    close(raw, found[figures[-1] + 1] if figures and figures[-1] + 1 < len(found) else after)
    if figures and raw.marked:
        raw.gaps[0], raw.spare = _lead(found, figures[0], raw.stacked)
    flow.lines = [
        (Line("", NOTHING, [], flow.across, found[figures[0]].where if figures else ""), raw)
    ]
    return True


def _lead(found: list[Segment], first: int, stacked: bool) -> tuple[int, int]:
    """Gap before the first figure on its own line, and marks that may as well have ended the header's line."""
    segment = found[first]
    if stacked or not segment.breaks:
        padding = _padding(found, first) if stacked else None
        own = segment.marks - 1 if padding is None else segment.marks - padding
        return (1, max(0, own)) if padding is None else (1 + max(0, own), 0)
    starts = [s.column for s in found if s.breaks]
    return 1 + segment.column - min(starts, default=0), 0


def _padding(found: list[Segment], first: int) -> int | None:
    """Marks that fill up the header's last line, foretold from its two lines before: each cell more is a mark less.

    None where the header has no three lines or their marks don't keep that step.
    """
    heads = [i for i in range(first) if found[i].matches.header]
    if (
        not heads
        or (again := next((i for i in heads[1:] if found[i].text == found[heads[0]].text), None))
        is None
    ):
        return None
    ends = [found[heads[0]].marks, found[again].marks]
    sizes = [
        sum(bool(s.matches) and s.matches[0].kind in ("row", "group") for s in found[: heads[0]]),
        again - heads[0],
    ]
    return (
        ends[1] - (first - again - sizes[1])
        if ends[0] - ends[1] == sizes[1] - sizes[0] > 0
        else None
    )


def _finish_across(flow: Flow, beat: Rhythm) -> None:
    (line, raw), count = flow.lines[0], len(flow.across.leaves)
    fitted = fit(raw, count, beat) if count else None
    if fitted is not None:
        fill_across(flow.filled, flow.across, fitted)
    elif raw.values:
        _unsettled(flow.filled, raw, line.where)


def _unsettled(filled: Filled, raw: RawLine, where: str) -> None:
    text = " | ".join(v.text for v in raw.values)
    for n, row in enumerate(filled.table.rows):
        columns = list(filled.table.columns_of(row))
        filled.unreadable(row, columns, raw.values if n == 0 else [], where)
        for column in columns:
            filled.cells[row.key, column] = filled.cells[row.key, column]._replace(text=text)
