"""Which part of a page is the article: a general rule over text and tables, no site's names.

Every block stands in a chain of containers. From the page inwards, the next container is taken as long as it
holds every table and section heading the page has and most of its prose. Where no container does (an article
cut over several), too much is kept rather than a table lost.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .flow import Table, cell_texts, line_text, marked_cell
from .fields import FOOTER, fields_of_table
from .marks import BREAK, CENTRE, CLOSE, END_LEVEL, END_LINK, LEVEL, LINK, NESTED, OPEN

# One set of first characters, and the rest told apart behind it: half the time of three alternatives.
_EVENTS = re.compile(
    f"([{BREAK}{OPEN}{CLOSE}{END_LEVEL}{CENTRE}{LEVEL}{NESTED}](?:(?<={LEVEL})\\d|(?<={NESTED})\\d+{NESTED})?)"
)
_LINKS = re.compile(f"([{LINK}{END_LINK}])")
SECTION = re.compile(r"^[一二三四五六七八九]\s*[、.．]")
_PROSE = 25  # shorter lines are as often navigation
_LONG_CELL, _SEVERAL_LINES = 300, 100
_FOOT = 200  # longer paragraphs are prose even if they give an address
_SHARE = 0.5  # of the prose a container must keep to be the article


class Block(NamedTuple):
    """A paragraph (``level`` > 0: a heading), or the rows of a table, with the container it stands in."""

    text: str
    container: int
    level: int = 0
    linked: int = 0
    centred: bool = False
    rows: list | None = None
    spans: list | None = None
    ends: list | None = None


class Walk:
    """Walks marked text in reading order without recursion. ``parents[i]`` is the container around container i."""

    def __init__(self, root: str, tables: list[Table]) -> None:
        self.tables = tables
        self.parents = [0]
        self.blocks: list[Block] = []
        self.fields: dict[str, str] = {}
        self._pieces: list[str] = []
        self._level, self._in_link, self._centred = 0, False, False
        self._todo: list = [(iter(_EVENTS.split(root)), [0])]
        while self._todo:
            self._run()

    def _run(self) -> None:
        tokens, inside = self._todo[-1]
        for token in tokens:
            first = token[:1]
            if first > NESTED:
                self._pieces.append(token)
            elif first in _ACT:
                _ACT[first](self, token, inside)
                if self._todo[-1][0] is not tokens:
                    return
            elif token:
                self._pieces.append(token)
        self._flush(inside)
        self._todo.pop()

    def _break(self, token: str, inside: list[int]) -> None:
        self._flush(inside)

    def _open(self, token: str, inside: list[int]) -> None:
        self._flush(inside)
        inside.append(self._container(inside[-1]))

    def _container(self, parent: int) -> int:
        self.parents.append(parent)
        return len(self.parents) - 1

    def _close(self, token: str, inside: list[int]) -> None:
        self._flush(inside)
        if len(inside) > 1:
            inside.pop()

    def _heading(self, token: str, inside: list[int]) -> None:
        self._level = int(token[1:])

    def _end_heading(self, token: str, inside: list[int]) -> None:
        self._level = 0

    def _centre(self, token: str, inside: list[int]) -> None:
        self._centred = True

    def _flush(self, inside: list[int]) -> None:
        if not self._pieces:
            self._centred = False
            return
        raw, self._pieces = "".join(self._pieces), []
        linked = 0
        if self._in_link or LINK in raw or END_LINK in raw:
            raw, linked = self._unlink(raw)
        text = line_text(raw)
        if text:
            self.blocks.append(Block(text, inside[-1], self._level, linked, self._centred))
            self._centred = False

    def _unlink(self, raw: str) -> tuple[str, int]:
        parts, linked = _LINKS.split(raw), 0
        for part in parts:
            if part == LINK or part == END_LINK:
                self._in_link = part == LINK
            elif self._in_link:
                linked += len(part.strip())
        return "".join(parts[::2]), linked

    def _table(self, token: str, inside: list[int]) -> None:
        self._flush(inside)
        table = self.tables[int(token[1:-1])]
        texts = cell_texts(table)
        fields = None if table.nested else fields_of_table(texts)
        if fields is not None:
            self.fields.update({k: v for k, v in fields.items() if k not in self.fields})
            return
        parts = self._parts(table, texts, inside[-1])
        self._todo += reversed(parts)

    def _parts(self, table: Table, texts: list[list[str]], container: int) -> list:
        """What is still to walk of a table; its grids are walked as a list of one ready Block."""
        walked = [_is_prose(row, line) for row, line in zip(table.rows, texts)]
        layout = max(map(len, texts)) < 2
        if table.nested or any(walked):
            data = sum(len(row) >= 3 and not prose for row, prose in zip(table.rows, walked))
            layout = layout or data < 2
        elif not layout:
            return self._grid(table, texts, 0, len(texts), container)
        parts: list = []
        start = 0
        for number, row in enumerate(table.rows):
            if layout or (walked[number] and not _is_crossed(table.spans, number)):
                parts += self._grid(table, texts, start, number, container)
                parts += [
                    (iter(_EVENTS.split(marked_cell(cell))), [self._container(container)])
                    for cell in row
                ]
                start = number + 1
        return parts + self._grid(table, texts, start, len(table.rows), container)

    def _grid(self, table: Table, texts: list, start: int, end: int, container: int) -> list:
        if not any(map(any, texts[start:end])):
            return []
        parts: list = [
            (_Ready(self, self._block(table, texts, start, end, container)), [container])
        ]
        if table.nested:
            inner = [
                f"{token}"
                for row in table.rows[start:end]
                for cell in row
                for token in _EVENTS.findall(cell)
                if token[0] == NESTED
            ]
            parts += [(iter([token]), [container]) for token in inner]
        return parts

    def _block(self, table: Table, texts: list, start: int, end: int, container: int) -> Block:
        ends = [g - start for g in table.groups if start < g < end]
        rows, spans = texts[start:end], table.spans[start:end]
        return Block("", container, rows=rows, spans=spans, ends=ends)


class _Ready:
    """An empty walk that puts a ready block in its place when its turn comes."""

    def __init__(self, walk: Walk, block: Block) -> None:
        self.walk, self.block = walk, block

    def __iter__(self):
        self.walk.blocks.append(self.block)
        return iter(())


_ACT = {
    BREAK: Walk._break,
    OPEN: Walk._open,
    CLOSE: Walk._close,
    LEVEL: Walk._heading,
    END_LEVEL: Walk._end_heading,
    CENTRE: Walk._centre,
    NESTED: Walk._table,
}


def _is_prose(row: list, texts: list[str]) -> bool:
    """A table row that is no row of figures: its only text is prose, or it holds a table."""
    if len(texts) - texts.count("") > 2:
        return False
    filled = list(filter(None, texts))
    if any(NESTED in cell for cell in row):
        return len(filled) <= 1
    return any(
        len(text) >= _LONG_CELL or (len(text) >= _SEVERAL_LINES and text.count("\n") >= 2)
        for text in filled
    )


def _is_crossed(spans: list, number: int) -> bool:
    """Whether a rowspan from above (or of the row itself) reaches over row `number`."""
    return any(rowspan != 1 for rowspan, _ in spans[number] or ()) or any(
        rowspan == 0 or i + rowspan > number
        for i in range(max(0, number - 40), number)
        for rowspan, _ in spans[i] or ()
    )


def choose(blocks: list[Block], parents: list[int]) -> int:
    """The innermost container that holds every table and section heading and most of the prose."""
    count = len(parents)
    weights, musts = [0] * count, [0] * count
    for block in blocks:
        weight, must = _evidence(block)
        weights[block.container] += weight
        musts[block.container] += must
    for i in range(count - 1, 0, -1):
        weights[parents[i]] += weights[i]
        musts[parents[i]] += musts[i]
    best = 0
    for i in range(1, count):  # a container stands after the one around it
        if parents[i] == best and musts[i] == musts[0] and weights[i] >= _SHARE * weights[best] > 0:
            best = i
    return best


def _evidence(block: Block) -> tuple[int, int]:
    if block.rows is not None:
        return sum(map(len, block.rows)), int(len(block.rows) >= 2)
    free = len(block.text) - block.linked
    if free < _PROSE or (free < _FOOT and FOOTER.search(block.text)):
        free = 0
    return free, int(bool(SECTION.match(block.text)) and not block.linked)


def members(blocks: list[Block], parents: list[int], container: int) -> list[bool]:
    """For each block whether it stands in the container; lines of links at both ends are left out."""
    inside = [False] * len(parents)
    inside[container] = True
    for i in range(1, len(parents)):
        inside[i] |= inside[parents[i]]
    chosen = [inside[block.container] for block in blocks]
    for order in (range(len(blocks)), range(len(blocks) - 1, -1, -1)):
        for i in order:
            if chosen[i] and not _is_links(blocks[i]):
                break
            chosen[i] = False
    return chosen


def _is_links(block: Block) -> bool:
    return block.rows is None and block.linked * 10 >= len(block.text) * 8
