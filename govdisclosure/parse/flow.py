"""Flattened tables: the printed lines put together again from the labels, and their figures counted."""

from __future__ import annotations

from ..errors import LayoutError
from ..model import Paragraph
from ..normalize import fold, label
from .align import settle
from .fill import Filled, fill_across, fill_line
from .gaps import RawLine, Rhythm, fit, rhythm
from .grids import across_leaves
from .lexicon import EXTRA_ROWS, Lexicon
from .lines import Header, Line, Token, Value, is_header, ordered_leaves
from .runs import Segment, pieces_of, segments

PROSE = 30


def flow_table(filled: Filled, paragraphs: list[Paragraph], words: Lexicon, beat: Rhythm, *, ends: bool) -> Rhythm:
    """Fill a table from flattened text; returns its rhythm. ``ends``: more of the report follows after it."""
    found = segments(pieces_of(paragraphs), words)
    if filled.table.layout == "across" and _across(filled, found, words, beat, ends=ends):
        return beat
    return _rows(filled, found, words, beat, ends=ends)


def _rows(filled: Filled, found: list[Segment], words: Lexicon, beat: Rhythm, *, ends: bool) -> Rhythm:
    lines = [Line(s.text, s.matches, [], None, s.where) for s in found]
    labelled = [i for i, s in enumerate(found) if any(m.kind == "row" for m in s.matches)]
    clashes = settle([lines[i] for i in labelled], filled.table)
    built = _Builder(filled.table, words).build(found, {i: lines[i] for i in labelled if lines[i].chosen})
    counted = [(raw, _count(line, filled)) for line, raw in built]
    own = rhythm(counted)
    beat = own if own.unit else beat
    for (line, raw), (_, count) in zip(built, counted):
        _fit_line(line, raw, count, beat, last=not ends and line is built[-1][0])
        fill_line(filled, line)
    for clash in clashes:
        _clash(filled, clash)
    return beat


def _count(line: Line, filled: Filled) -> int:
    if line.header and line.header.leaves:
        return len(line.header.leaves)
    columns = filled.table.columns_of(filled.table.row(line.chosen)) if line.chosen else ()
    return 1 if len(columns) == 1 else 0


def _fit_line(line: Line, raw: RawLine, count: int, beat: Rhythm, *, last: bool) -> None:
    if last and line.chosen and len(raw.values) < count:
        line.values, line.note = list(raw.values), "does_not_fit"
        return
    fitted = fit(raw, count, beat) if count else None
    line.values = fitted if fitted is not None else list(raw.values)
    if fitted is None or (line.chosen and not count):
        line.note = "does_not_fit"


def _clash(filled: Filled, lines: list[Line]) -> None:
    """Two lines that are one and the same row just as well: both are kept aside, unless they say the same."""
    texts = {tuple(v.text for v in line.values) for line in lines if line.values}
    key = next((line.chosen for line in lines if line.chosen), "")
    if len(texts) > 1 and key:
        row = filled.table.row(key)
        columns = [c for r, c in filled.cells if r == key] or list(filled.table.columns_of(row))
        filled.unreadable(row, columns, [v for line in lines for v in line.values], lines[0].where)


class _Builder:
    """Walks the segments once: header cells are gathered, a chosen label opens a line, figures go to the open line."""

    def __init__(self, table, words: Lexicon) -> None:
        self.table, self.words = table, words
        self.header: Header | None = None
        self.tokens: list[Token] = []
        self.open: tuple[Line, RawLine] | None = None
        self.done: list[tuple[Line, RawLine]] = []

    def build(self, found: list[Segment], chosen: dict[int, Line]) -> list[tuple[Line, RawLine]]:
        """All lines with their raw figures, in reading order."""
        for i, segment in enumerate(found):
            if i in chosen:
                self._label(segment, chosen[i])
            elif segment.status == "unreadable":
                self._text(segment)
            elif segment.status != "unit":
                self._value(segment)
        self._close(None)
        return self.done

    def _label(self, segment: Segment, line: Line) -> None:
        if self.tokens:
            self.header, self.tokens = Header(ordered_leaves(self.tokens, self.table)), []
        line.header = self.header
        self._close(segment)
        self.open = (line, RawLine())

    def _text(self, segment: Segment) -> None:
        if is_header(segment.matches):
            self._close(segment)
            token = Token(segment.text, segment.matches)
            if not (self.tokens and _same_column(self.tokens[-1], token)):
                self.tokens.append(token)
        elif segment.matches or len(segment.text) > PROSE or "。" in segment.text:
            self._close(segment)
            if segment.matches and segment.matches[0].kind in ("group", "subtotal"):
                self._label(segment, Line(segment.text, segment.matches, [], None, segment.where, kind=segment.matches[0].kind))
        elif self._fits_words(segment):
            self._value(segment)
        elif not self.tokens:
            self._label(segment, Line(segment.text, (), [], None, segment.where))
        else:
            self.tokens.append(Token(segment.text, ()))

    def _fits_words(self, segment: Segment) -> bool:
        """Words may stand in a cell, but only where the open line still has room for them."""
        if self.open is None or label(segment.text).core in EXTRA_ROWS:
            return False
        line, raw = self.open
        leaves = line.header.leaves if line.header else ()
        return bool(line.chosen) and len(raw.values) < max(1, len(leaves))

    def _value(self, segment: Segment) -> None:
        if self.open is None:
            self.open = (Line("", (), [], self.header, segment.where), RawLine())
        _, raw = self.open
        raw.values.append(Value(segment.text, segment.where))
        raw.gaps.append(segment.marks or segment.breaks)

    def _close(self, segment: Segment | None) -> None:
        if self.open is not None:
            line, raw = self.open
            raw.after = (segment.marks or segment.breaks) if segment else 0
            if line.chosen or raw.values:
                self.done.append(self.open)
        self.open = None


def _same_column(before: Token, token: Token) -> bool:
    """本年处理决定数量 and 处理决定数量 on two lines are one header cell printed twice, not two columns."""
    keys = [[m.key for m in t.matches if m.kind == "column"] for t in (before, token)]
    return len(keys[0]) == len(keys[1]) == 1 and keys[0] == keys[1]


# --- table 四 ----------------------------------------------------------------------------------------


def _across(filled: Filled, found: list[Segment], words: Lexicon, beat: Rhythm, *, ends: bool) -> bool:
    """True where the labels head columns: all of them stand before the first figure."""
    figures = [i for i, s in enumerate(found) if s.status not in ("unreadable", "unit")]
    names = [i for i, s in enumerate(found) if any(m.kind in ("row", "column") for m in s.matches)]
    if not names or (figures and any(i > figures[0] for i in names)):
        return False
    texts = [s.text for s in found[: names[-1] + 1]]
    header = Header(across_leaves(texts, words))
    raw = RawLine()
    for i in figures:
        raw.values.append(Value(found[i].text, found[i].where))
        raw.gaps.append(found[i].marks or found[i].breaks)
    count = len(header.leaves)
    own = rhythm([(raw, count)])
    fitted = fit(raw, count, Rhythm(own.unit or beat.unit, own.kept or beat.kept, beat.lead, beat.tail))
    if not ends and not raw.values:
        return True
    if fitted is None or not count:
        _unsettled(filled, raw)
    else:
        fill_across(filled, header, fitted)
    return True


def _unsettled(filled: Filled, raw: RawLine) -> None:
    for n, row in enumerate(filled.table.rows):
        where = raw.values[0].where if raw.values else ""
        filled.unreadable(row, list(filled.table.columns_of(row)), raw.values if n == 0 else [], where)
        if n:
            text = " | ".join(v.text for v in raw.values)
            for column in filled.table.columns_of(row):
                filled.cells[row.key, column] = filled.cells[row.key, column]._replace(text=text)


# --- text that lost too much -------------------------------------------------------------------------


def refuse_lost_text(report: str, paragraphs: list[Paragraph], words: Lexicon) -> None:
    """Raise LayoutError where digits are glued to labels, or where lines that occurred before were removed."""
    glued = [p for p in paragraphs if _glued(p.text, words)]
    labels = [p for p in paragraphs if any(m.kind == "row" and m.score > 1 for m in words.find(p.text))]
    if len(glued) >= 3 and len(glued) > len(labels):
        raise LayoutError(
            report, "labels and figures set apart", seen=f"“{glued[0].text[:40]}” ({glued[0].where}), and {len(glued) - 1} more",
            advice="The digits of a row are glued together, so its cells can't be told apart. Use the HTML or PDF original.",
        )
    texts = [fold(p.text) for p in paragraphs]
    if len(labels) >= 12 and len(set(texts)) == len(texts):
        figures = sum(t.isdigit() for t in texts)
        if figures < len(labels) and not any(p.marks for p in paragraphs):
            raise LayoutError(
                report, "one figure or more after each label", seen=f"{len(labels)} labels, {figures} figures, no two lines alike",
                advice="Lines that occurred before were removed from this text. Use the HTML or PDF original.",
            )


def _glued(text: str, words: Lexicon) -> bool:
    folded = fold(text)
    bare = folded.rstrip("0123456789.")
    return len(bare) >= 2 and bare != folded and any(m.kind == "row" and m.score >= 1 for m in words.find(bare))
