"""Printed lines against the form's rows: a monotone alignment, so that a misprint, a missing, an
extra or a doubled row each fall out of the same mechanism."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..forms import Table
from .labels import NOTHING, Meanings, align
from .sections import Slot

TIE = 0.02


class Leaf(NamedTuple):
    """A lowest header cell. ``key``: column code, 'subtotal', or '' where its label is unknown or
    ambiguous.

    ``row`` is set where the header names the row too (table 四). ``x0`` is -1 where the header has
    no x.
    """

    key: str
    text: str
    x0: float = -1
    x1: float = -1
    row: str = ""


@dataclass(slots=True)
class Header:
    """The lowest header cells in the order of their columns; ``by_x``: their x can be trusted."""

    leaves: tuple[Leaf, ...] = ()
    by_x: bool = False
    carried: bool = False

    @property
    def start(self) -> float:
        """x of its first cell, -1 where x can't be trusted."""
        return self.leaves[0].x0 if self.by_x and self.leaves else -1

    def over(self, slot: Slot) -> list[Leaf]:
        """The columns that a cell stands under, by x."""
        return [leaf for leaf in self.leaves if leaf.x0 < slot.x1 and slot.x0 < leaf.x1]


@dataclass(slots=True)
class Printed:
    """A printed row: its cells, its label, what that may mean, the header above it.

    ``chosen``: the form's row it is; ``kind``: of another label; ``note``: why its figures have no
    place. ``texts``: all words near it; ``order``: its columns in the statutory order; ``named``:
    as the words over it name them.
    """

    slots: list[Slot]
    where: str
    label: str = ""
    matches: Meanings = NOTHING
    header: Header | None = None
    chosen: str = ""
    kind: str = ""
    note: str = ""
    source: str = "text"
    texts: list[Slot] = field(default_factory=list)
    order: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The columns that its header names."""
        return self.header.leaves if self.header else ()

    @property
    def figures(self) -> int:
        """How many of its cells have something in them."""
        return sum(bool(slot.text) for slot in self.slots)

    @property
    def line(self) -> int:
        """The line of its last figure; -1 where it has none."""
        return self.slots[-1].line if self.slots else -1

    @property
    def beside(self) -> bool:
        """Whether words of its label stand on that line."""
        return any(word.line == self.line for word in self.texts)


def settle(lines: list[Printed], table: Table) -> list[list[Printed]]:
    """Choose the row of each line (``line.chosen``); returns each line with the other lines between
    its chosen neighbours that could be the same row just as well.
    """
    candidates = [line.matches.rows for line in lines]
    chosen = align(candidates, len(table.rows))
    for line, match in zip(lines, chosen):
        line.chosen = match.key if match else ""
        line.kind = "" if line.matches.kind == "row" else line.matches.kind
    present = {line.chosen for line in lines} if table.optional else set()
    for row in table.optional:  # （六）其他处理 over its own three rows is a group
        if row.key in present and present & set(row.replaces):
            line = next(x for x in lines if x.chosen == row.key)
            line.chosen, line.kind = "", "group"
    taken = [(i, match) for i, match in enumerate(chosen) if match]
    edges = [-1, *(i for i, _ in taken), len(lines)]
    found = []
    for (i, own), low, high in zip(taken, edges, edges[2:]):
        same = [
            lines[j]
            for j in range(low + 1, high)
            if j != i
            and any(m.key == own.key and m.score >= own.score - TIE for m in candidates[j])
        ]
        if same:
            found.append([lines[i], *same])
    return found
