"""A Document cut at its section titles: which section each block, or row of a grid, belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Document, Grid, Heading, Paragraph, Section
from .headings import LONGEST_TITLE, choose, heading_number
from .parts import looks_of
from .runs import cut

_RUN_IN = re.compile(r"^\s*([一二三四五六][、.．]\s*[^。：:，,；\s]{2,30})[。：:\s]\s*(.+)", re.S)
_NUMBERED = re.compile(r"(?:^|\s)[一二三四五六][、.．，,：:]\s*\S")
PROSE_IN_CELL = 60
LONG_LINE = 400


@dataclass(slots=True)
class Item:
    """A paragraph or heading (``block``), or the row ``number`` of a ``grid``, with its section and whether it is that one's title.

    ``table``: the one whose labels a row shows, or "".
    """

    block: Paragraph | Heading | None
    grid: Grid | None
    text: str
    where: str
    number: int = 0
    table: str = ""
    section: int = 0
    is_title: bool = False


def outline(document: Document) -> list[Item]:
    """All items in reading order, each with its section number (0: before the first title)."""
    items = _items(document)
    candidates = []
    for i, item in enumerate(items):
        found = heading_number(item.text) if 1 < len(item.text) <= 4 * LONGEST_TITLE else None
        if found:
            candidates.append((i, *found))
    titles = {position: number for number, position in choose(candidates).items()}
    section = 0
    for i, item in enumerate(items):
        if i in titles:
            section, item.is_title = titles[i], True
        item.section = section
    return items


def _one_line(block: Paragraph) -> list[Paragraph]:
    """A whole report on one line, cut at its white space; a title that stands behind other text, cut off it."""
    if not _NUMBERED.search(block.text) or not any(c.isspace() for c in block.text):
        return [block]
    parts = cut(block.text) if len(block.text) > LONG_LINE else _around_title(block.text)
    return [block._replace(text=parts[0]), *(Paragraph(t, block.where, 0) for t in parts[1:])]


def _around_title(text: str) -> list[str]:
    """Pieces before, in and after a section title in the middle of a line; the line itself where there is none."""
    parts = cut(text)
    titles = [i for i, part in enumerate(parts) if (found := heading_number(part)) and found[1] > 1]
    edges = sorted({0, len(parts), *titles, *(i + 1 for i in titles)})
    return [" ".join(parts[a:b]) for a, b in zip(edges, edges[1:])]


def _blocks(document: Document):
    for block in document.blocks:
        yield from _one_line(block) if document.flat and isinstance(block, Paragraph) else (block,)


def _items(document: Document) -> list[Item]:
    items: list[Item] = []
    for block in _blocks(document):
        if isinstance(block, Grid):
            items += [
                Item(None, block, text, where, n, table)
                for n, (text, where, table) in enumerate(looks_of(block))
            ]
            continue
        text = block.text
        run_in = _RUN_IN.match(text) if len(text) > 8 else None
        found = heading_number(run_in[1]) if run_in else None
        if found and found[1] >= 1 and not heading_number(text):
            items.append(Item(block, None, run_in[1], block.where))
            items.append(Item(Paragraph(run_in[2], block.where), None, run_in[2], block.where))
        else:
            items.append(Item(block, None, text, block.where))
    return items


def is_prose(item: Item) -> bool:
    """A row of a grid that holds one long text is prose that somebody put in a frame."""
    return item.grid is None or len(item.text) > PROSE_IN_CELL


def sections(items: list[Item], flat: bool, in_tables: set[int]) -> tuple[Section, ...]:
    """The prose of each section; ``in_tables`` are the positions of items that tables were read from."""
    texts: dict[int, list[str]] = {}
    heads: dict[int, tuple[str, str]] = {}
    for i, item in enumerate(items):
        if item.is_title:
            heads[item.section] = (item.text, item.where)
            texts.setdefault(item.section, [])
        elif i not in in_tables and is_prose(item) and item.text:
            lines = texts.setdefault(item.section, [])
            if flat and lines and isinstance(item.block, Paragraph) and item.block.breaks == 0:
                lines[-1] += " " + item.text
            else:
                lines.append(item.text)
    return tuple(
        Section(n, heads.get(n, ("", ""))[0], "\n".join(texts[n]), heads.get(n, ("", ""))[1])
        for n in sorted(texts)
        if n or texts[n]
    )
