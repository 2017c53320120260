"""Which lines make up which statutory table: grids go by their labels, other lines by their section
and their labels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise

from ..forms import FORMS, PAGE_FOOT
from .columns import MARKS, PROSE, is_figure
from .sections import PROSE_IN_CELL, Strip

OTHER = ""
FEWEST_LABELS = 3  # so many labels of one table make lines a table without a title
FEWEST_NUMBERED = 3
FEWEST_COLUMNS = 4  # numbers in a row that numbers columns
LONGEST_HEAD = 3  # characters of the words before them (栏次)


@dataclass(slots=True)
class Region:
    """What a table is read from: ``parts`` of consecutive lines or rows of one grid.

    ``more``: text follows it; ``closed``: marks close its cells.
    """

    parts: list[list[Strip]] = field(default_factory=list)
    more: bool = False
    closed: bool = False


@cache
def table_of_section() -> dict[int, str]:
    """Section number → table code, for sections that are tables."""
    return {t.section: t.key for f in FORMS.values() for t in f.tables if t.section}


def regions_of(strips: list[Strip], flat: bool) -> dict[str, Region]:
    """Table code → its lines, which get this code; `OTHER`: rows of grids that are no statutory
    table's.
    """
    found: dict[str, Region] = {}
    for grid, rows in groupby(strips, key=lambda strip: id(strip.grid) if strip.grid else 0):
        if grid:
            _one_grid(list(rows), found)
    for key, run in _runs([strip for strip in strips if not strip.grid], flat).items():
        if key in found and found[key].parts:
            continue
        region = found.setdefault(key, Region())
        run = [s for s in run if s.vote == key or len(s.text) <= PROSE or not {*s.text} & {*"。；"}]
        for strip in run:
            strip.table = key
        lines, region.closed = _without_closing(run)
        region.parts.append(_without_numbers(lines))
        region.more = run[-1] is not strips[-1]
    return found


def _one_grid(rows: list[Strip], found: dict[str, Region]) -> None:
    rows = _without_heads(rows)
    tables = [table_of_section().get(s.section, "") if s.is_title else s.vote for s in rows]
    known, last = next(filter(None, tables), OTHER), None
    for row, table in zip(rows, tables):
        known = table or known
        if row.is_title or len(row.text) > PROSE_IN_CELL:
            last = None
            continue
        region = found.setdefault(known, Region())
        if last != known:
            region.parts.append([])
        region.parts[-1].append(row)
        row.table = last = known


def _runs(lines: list[Strip], flat: bool) -> dict[str, list[Strip]]:
    """Table code → its lines: those of its section, or from a label of a table that no title names,
    to the next table or title; of tables of which enough labels are seen."""
    present = {strip.section for strip in lines if strip.is_title}
    named = {table_of_section().get(section) for section in present}
    runs: dict[str, list[Strip]] = {}
    current, before = "", -1
    for strip in lines:
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
            runs.setdefault(current, []).append(strip)
    sections = table_of_section().values()
    fewest = {
        key: 1 if flat and key in named else FEWEST_LABELS * (1 if key in sections else 2)
        for key in runs
    }
    return {k: run for k, run in runs.items() if sum(s.vote == k for s in run) >= fewest[k]}


def _without_closing(strips: list[Strip]) -> tuple[list[Strip], bool]:
    """Lines without page feet, numbers of columns and the marks that only close a cell (a |), stand
    alone between cells, or before each row; and whether marks close cells."""
    strips = [s for s in _without_heads(strips) if not PAGE_FOOT.fullmatch(s.text)]
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
    barred = set(map(id, marked))
    kept = [  # a cell a line: there the next lone mark closes the cell before it
        strip
        for before, strip in zip(strips[:1] + strips, strips)
        if strip.text or not before.text or id(before) in barred
    ]
    return kept, closed and not any(s.text for s in marked)


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
    return strips


def _without_heads(strips: list[Strip]) -> list[Strip]:
    """Lines without those above other figures that only number the columns (甲 | 1 | 2 | 3 | 4)."""
    heads = {i for i, strip in enumerate(strips) if _numbers_columns(strip)}
    from_end = (i for i in reversed(range(len(strips))) if i not in heads)
    filled = (i for i in from_end if any(is_figure(slot.text) for slot in strips[i].slots))
    last = next(filled, 0)
    return [strip for i, strip in enumerate(strips) if i not in heads or i > last]


def _numbers_columns(strip: Strip) -> bool:
    """Whether nothing but numbers from 0 or 1 on stand in a row, and short words (栏次, 甲)."""
    texts = [slot.text for slot in strip.slots if slot.text]
    if not all(len(t) <= LONGEST_HEAD and (t.isdigit() or not t.isascii()) for t in texts):
        return False
    numbers = [int(text) for text in texts if text.isascii()]
    start = numbers[:1] > [0]
    return len(numbers) >= FEWEST_COLUMNS and numbers == list(range(start, len(numbers) + start))
