"""Which lines make up which statutory table: grids go by their labels, other lines by their section
and their labels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise

from ..forms import FORMS, PAGE_FOOT
from .columns import MARKS, PROSE
from .sections import PROSE_IN_CELL, Strip

OTHER = ""
FEWEST_LABELS = 3  # so many labels of one table make lines a table without a title
FEWEST_NUMBERED = 3


@dataclass(slots=True)
class Region:
    """What a table is read from: ``parts`` of consecutive lines or rows of one grid.

    ``positions``: of its lines among all; ``more``: text follows it; ``closed``: marks close its
    cells.
    """

    parts: list[list[Strip]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    more: bool = False
    closed: bool = False


@cache
def table_of_section() -> dict[int, str]:
    """Section number → table code, for sections that are tables."""
    return {t.section: t.key for f in FORMS.values() for t in f.tables if t.section}


def regions_of(strips: list[Strip], flat: bool) -> dict[str, Region]:
    """Table code → its lines; `OTHER`: rows of grids that are no statutory table's."""
    found: dict[str, Region] = {}
    numbered = list(enumerate(strips))
    for grid, rows in groupby(numbered, key=lambda item: id(item[1].grid) if item[1].grid else 0):
        if grid:
            _one_grid(list(rows), found)
    _lines(numbered, flat, found)
    return found


def _one_grid(rows: list[tuple[int, Strip]], found: dict[str, Region]) -> None:
    known = next((t for _, row in rows if (t := _table_of(row))), OTHER)
    last = None
    for i, row in rows:
        known = _table_of(row) or known
        if row.is_title or len(row.text) > PROSE_IN_CELL:
            last = None
            continue
        region = found.setdefault(known, Region())
        if last != known:
            region.parts.append([])
        region.parts[-1].append(row)
        region.positions.append(i)
        last = known


def _table_of(row: Strip) -> str:
    return table_of_section().get(row.section, "") if row.is_title else row.vote


def _lines(numbered: list[tuple[int, Strip]], flat: bool, found: dict[str, Region]) -> None:
    """The lines from a table's title, or from its first label, to the next table or title."""
    lines = [(i, s) for i, s in numbered if s.grid is None]
    present = {s.section for _, s in lines if s.is_title}
    named = {table_of_section()[n] for n in present if n in table_of_section()}
    for key, run in _runs(lines, present, named).items():
        votes = sum(s.vote == key for _, s in run)
        fewest = FEWEST_LABELS * (1 if key in table_of_section().values() else 2)
        if (key in found and found[key].parts) or votes < (1 if flat and key in named else fewest):
            continue
        run = [(i, s) for i, s in run if not _is_prose(s, key)]
        region = found.setdefault(key, Region())
        strips, region.closed = _without_closing([s for _, s in run])
        region.parts.append(_without_numbers(strips))
        region.positions += [i for i, _ in run]
        region.more = run[-1][0] + 1 < len(numbered)


def _runs(
    lines: list[tuple[int, Strip]], present: set[int], named: set[str]
) -> dict[str, list[tuple[int, Strip]]]:
    """Table code → its lines: those of its section where the title is ``present``, or behind a
    label of a table that is not ``named`` by a title."""
    runs: dict[str, list[tuple[int, Strip]]] = {}
    current, before = "", -1
    for i, strip in lines:
        of_section = table_of_section().get(strip.section, "")
        if strip.is_title:
            current = of_section
            continue
        if strip.section != before:
            current = of_section if strip.section in present else ""
        before = strip.section
        if strip.vote and strip.vote not in named:
            current = strip.vote
        if current:
            runs.setdefault(current, []).append((i, strip))
    return runs


def _is_prose(strip: Strip, key: str) -> bool:
    return strip.vote != key and len(strip.text) > PROSE and any(c in strip.text for c in "。；")


def _without_closing(strips: list[Strip]) -> tuple[list[Strip], bool]:
    """Lines without page feet and without the marks that only close a cell (a |), stand alone
    between cells, or before each row; and whether marks close cells."""
    strips = [s for s in strips if not PAGE_FOOT.fullmatch(s.text)]
    marked = [s for s in strips if any(slot.mark in MARKS for slot in s.slots)]
    closed = len(marked) > 1 and all(not s.slots[-1].text for s in marked)
    if closed:
        for strip in marked:
            strip.slots = strip.slots[:-1]
    filled = [s for s in strips if s.text]
    if len(filled) == len(strips):
        return strips, closed
    single = sum(sum(bool(x.text) for x in s.slots) == 1 for s in strips)
    if single * 2 <= len(filled):
        return filled, closed
    # a cell a line: there each mark is its cell's own
    return _without_closing_marks(strips, marked), closed and not any(s.text for s in marked)


def _without_closing_marks(strips: list[Strip], marked: list[Strip]) -> list[Strip]:
    """Lines of a cell each without the lone marks that close the cell before them."""
    barred = set(map(id, marked))
    kept: list[Strip] = []
    closes = False  # the next lone mark closes the cell before it
    for strip in strips:
        if strip.text or not closes:
            kept.append(strip)
        closes = bool(strip.text) and id(strip) not in barred
    return kept


def _without_numbers(strips: list[Strip]) -> list[Strip]:
    """Lines without the running number that a data frame prints before each."""
    heads = [s.slots[0].text if len(s.slots) > 1 else "" for s in strips]
    numbers = [int(t) if t.isascii() and t.isdigit() and len(t) < 6 else -1 for t in heads]
    run = [i for i, n in enumerate(numbers) if n >= 0]
    steps = [b for a, b in pairwise(run) if numbers[b] == numbers[a] + 1]
    if len(steps) < FEWEST_NUMBERED or len(steps) + 2 < len(run):
        return strips
    for i in run:
        strips[i].slots = strips[i].slots[1:]
    return [
        s for s in strips if [x.text for x in s.slots] != [str(n + 1) for n in range(len(s.slots))]
    ]
