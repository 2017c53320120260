"""Printed label → what it can mean in a table of a form, exactly where possible, by similarity
where not.

The words come from the forms; this module only indexes and compares them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from ..forms import EXTRA_ROWS, FORMS, SUBTOTALS, Table
from ..text import Label, Memory, label

# A label is the misprint of another only where they share this much (Indel ratio); measured on the
# misprints of layouts.md: the lowest true one is 政许可 (0.857), the highest false one 行政检查 for 行政强制
# (0.5).
SIMILAR = 0.72
SHORTEST_MISPRINT = 3
LONGEST = 160  # a longer text is no label
WORTH = 0.5  # a match must be better than this to be preferred to no row at all
COLUMN_KINDS = ("column", "column_group", "subtotal")
_LAST_LABEL = re.compile(r".+?([一二三四五六七八九十]|\d{1,2})(\D{2,})$")


class Match(NamedTuple):
    """One meaning of a printed label. ``kind``: 'row', 'group', 'column', 'column_group',
    'subtotal', 'furniture'.
    """

    kind: str
    key: str
    score: float
    order: int = 0


class Meanings(tuple):
    """The Matches of one printed text, best first, with what is asked of them again and again.

    ``kind``, ``score``: of the best ('', 0 where there is none); ``rows``: those as a row; ``row``:
    the row that it names to the letter, or ''; ``header``: whether the label reads at least as much
    like a column's as like a row's.
    """

    def __init__(self, matches: tuple[Match, ...]) -> None:
        self.kind = matches[0].kind if matches else ""
        self.score = matches[0].score if matches else 0.0
        self.rows = [m for m in matches if m.kind == "row"]
        self.row = matches[0].key if self.kind == "row" and self.score >= 1 else ""
        columns = max((m.score for m in matches if m.kind in COLUMN_KINDS), default=0.0)
        left = max((m.score for m in matches if m.kind in ("row", "group")), default=0.0)
        self.header = columns > 0 and columns >= left


NOTHING = Meanings(())


class Entry(NamedTuple):
    """A label of the form, or an alias of it, with what it names; ``order`` is its place among its
    kind.
    """

    kind: str
    key: str
    order: int
    label: Label


def _entries(table: Table) -> list[Entry]:
    found = [
        Entry(kind, named.key, order, label(text)._replace(number=label(named.zh).number))
        for kind in ("row", "group", "column", "column_group")
        for order, named in enumerate(getattr(table, f"{kind}s"))
        for text in (named.zh, *named.aliases)
    ]
    furniture = enumerate((table.zh, *table.furniture))
    return found + [Entry("furniture", "", i, label(text)) for i, text in furniture]


class Lexicon:
    """All labels of one table of one form, how many columns each row has (``widths``), and whether
    its rows stand side by side (``across``). ``find`` remembers: the same few labels come back a
    million times.
    """

    def __init__(self, table: Table) -> None:
        self.table, self.across = table, table.layout == "across"
        self.widths = {row.key: len(table.columns_of(row)) for row in table.rows}
        self.entries = _entries(table)
        self.by_core: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for words in {entry.label.core, entry.label.full}:
                self.by_core.setdefault(words, []).append(entry)
        others = (form.by_key.get(table.key) for form in FORMS.values())
        self._others = {  # core → a column that this table has on another form only
            entry.label.core: entry
            for other in others
            for entry in (_entries(other) if other else ())
            if entry.kind == "column" and entry.label.core not in self.by_core
        }
        cores = [e.label.core for e in self.entries]
        self._cores = [core if len(core) >= SHORTEST_MISPRINT else None for core in cores]
        self.find = Memory(self._find, longest=LONGEST).__getitem__
        self.holds = Memory(self._holds, longest=LONGEST).__getitem__

    def _find(self, text: str) -> Meanings:
        """All meanings of ``text`` in this table, best first; NOTHING where it is none of its
        labels.
        """
        if len(text) > LONGEST or text.endswith(("…", "...")):  # cut short: many begin so
            return NOTHING
        printed = label(text)
        if not printed.core or printed.core in EXTRA_ROWS:
            return NOTHING
        if printed.core in SUBTOTALS:
            return Meanings((Match("subtotal", "subtotal", 1.0),))
        entries = self.by_core.get(printed.core) or self.by_core.get(printed.full) or ()
        if not entries and printed.core in self._others:
            return Meanings((_match(self._others[printed.core], printed, 0.9),))
        found = [_match(e, printed, 1.0) for e in entries] or self._similar(printed)
        return Meanings(best_of_each(found)) if found else NOTHING

    def _holds(self, text: str) -> bool:
        """Whether a label holds this text: it may be a piece of one that was cut."""
        part = label(text).full
        return bool(part) and any(part in entry.label.full for entry in self.entries)

    def _similar(self, printed: Label) -> list[Match]:
        # a cell with the labels of a group and of its first row (（六）其他处理3.其他) names that row
        tail = _LAST_LABEL.match(printed.full)
        found = [
            Match(e.kind, e.key, 0.85, e.order)
            for e in (self.by_core.get(tail[2], ()) if tail else ())
            if e.kind == "row" and tail and e.label.number in (tail[1], "")
        ]
        if len(printed.core) >= SHORTEST_MISPRINT:
            alike = extract(
                printed.core, self._cores, scorer=ratio, score_cutoff=100 * SIMILAR, limit=None
            )
            ordered = sorted(alike, key=lambda a: a[2])
            found += [_match(self.entries[i], printed, score / 100) for _, score, i in ordered]
        best = max((m.score for m in found), default=0)
        return [m for m in found if m.score >= best - 0.25]


def _match(entry: Entry, printed: Label, score: float) -> Match:
    """The number before a label settles what its words leave open (3.其他 is a row, 其他 a column)."""
    if entry.label.number == printed.number:
        score += 0.15 if printed.number else 0.05
    elif printed.number and entry.label.number:
        score -= 0.1
    return Match(entry.kind, entry.key, score, entry.order)


def best_of_each(found: list[Match]) -> tuple[Match, ...]:
    """The best Match of each meaning, best first."""
    best: dict[tuple[str, str], Match] = {}
    for match in sorted(found, key=lambda m: -m.score):
        best.setdefault((match.kind, match.key), match)
    return tuple(best.values())


def align(candidates: list[list[Match]], size: int, later: bool = False) -> list[Match | None]:
    """For each line what it is, so that orders increase and the summed similarity is greatest.

    ``candidates``: for each line what it may be; ``size``: how many orders there are. On a tie the
    earlier line wins, or the ``later``.
    """
    margin = -1e-9 if later else 1e-9
    best: list[float] = [0.0] * (size + 1)
    back: list[tuple | None] = [None] * (size + 1)
    for i, options in enumerate(candidates):
        steps = [
            (m.order + 1, best[m.order] + m.score - WORTH, (back[m.order], i, m)) for m in options
        ]
        for order, weight, link in steps:
            for r in range(order, size + 1):
                if weight <= best[r] + margin:
                    break
                best[r], back[r] = weight, link
    chosen: list[Match | None] = [None] * len(candidates)
    step = back[size]
    while step is not None:
        step, i, match = step
        chosen[i] = match
    return chosen


@cache
def lexicon(form: str, table: str) -> Lexicon:
    """The lexicon of a table, built once."""
    return Lexicon(FORMS[form].table(table))


@cache
def _owners() -> dict[str, set[str]]:
    """Label core → keys of the tables (of any form) that have it."""
    found = defaultdict[str, set[str]](set)
    for table in (table for form in FORMS.values() for table in form.tables):
        for entry in _entries(table):
            if entry.kind != "furniture" and len(entry.label.core) > 1:
                found[entry.label.core].add(table.key)
    return dict(found)


def _vote(text: str) -> str:
    found = _owners().get(label(text).core, ()) if 1 < len(text) <= LONGEST else ()
    return "".join(found) if len(found) == 1 else ""


# text → the one table that has this label, or '' where none or several do
votes = Memory(_vote, 32768, LONGEST)
