"""What grids and flattened text have in common: printed lines of a table, and the header over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..forms import Table
from ..normalize import label
from .lexicon import NOTHING, Lexicon, Match, Meanings


class Value(NamedTuple):
    """One printed cell right of the labels. ``x0``/``x1``: grid columns it covers; ``shared``: it covers several rows."""

    text: str
    where: str
    x0: int = -1
    x1: int = -1
    shared: bool = False
    confidence: float | None = None


class Leaf(NamedTuple):
    """A lowest header cell. ``key``: column code, 'subtotal', or '' where its label is unknown or ambiguous.

    ``row`` is set where the header names the row too (table 四). ``x0`` is -1 where the header has no x.
    """

    key: str
    text: str
    x0: int = -1
    x1: int = -1
    row: str = ""


@dataclass(slots=True)
class Header:
    """The lowest header cells in reading order of their columns; ``by_x``: their x can be trusted."""

    leaves: tuple[Leaf, ...]
    by_x: bool = False
    carried: bool = False
    plans: dict = field(
        default_factory=dict, compare=False
    )  # row → how a line of it is filled (see `fill`), shared by equal headers

    def again(self) -> Header:
        """The same header over another table."""
        return Header(self.leaves, self.by_x, False, self.plans)

    @property
    def start(self) -> int:
        """x of its first cell, -1 where x can't be trusted."""
        return self.leaves[0].x0 if self.by_x and self.leaves else -1


@dataclass(slots=True)
class Line:
    """A printed line: its label, what the label may mean, what stands right of it, the header above it."""

    label: str
    matches: Meanings
    values: list[Value]
    header: Header | None
    where: str
    chosen: str = ""
    kind: str = ""
    note: str = ""


class Token(NamedTuple):
    """A header cell met on the way: its text, its meanings as a column, its x."""

    text: str
    matches: Meanings
    x0: int = -1
    x1: int = -1


def ordered_leaves(tokens: list[Token], table: Table) -> tuple[Leaf, ...]:
    """Header cells read line by line, put in the order of the columns they head.

    The lower line of a two-line header belongs where its group stands in the upper one:
    自然人 | 法人或其他组织 | 总计 over 商业企业 … 其他 gives 自然人, 商业企业, …, 其他, 总计.
    """
    members = {m for g in table.column_groups for m in g.members}
    placed: list[Token] = []
    at, inside = None, False
    for token in tokens:
        group = next((m for m in token.matches if m.kind == "column_group"), None)
        keys = [m.key for m in token.matches if m.kind in ("column", "subtotal")]
        if group is not None:
            at = len(placed) if group.key == "organization" else at
            inside = False
            continue
        inside = (
            at is not None
            and bool(keys)
            and (keys[0] in members or (inside and keys[0] == "subtotal"))
        )
        if inside:
            placed.insert(at, token)
            at += 1
        else:
            placed.append(token)
    return resolve(placed)


def resolve(tokens: list[Token]) -> tuple[Leaf, ...]:
    """Header cells to column codes. Two cells cut to the same words (本年新, 本年新) take the codes in form order,
    but only where as many codes are left as there are such cells; else neither is known."""
    ranked = [[m for m in t.matches if m.kind in ("column", "subtotal")] for t in tokens]
    keys = [_sure(r) for r in ranked]
    open_ = [i for i, k in enumerate(keys) if not k and ranked[i]]
    for i in open_:
        if keys[i]:
            continue
        same = [j for j in open_ if {m.key for m in ranked[j]} == {m.key for m in ranked[i]}]
        left = sorted((m for m in ranked[i] if m.key not in keys), key=lambda m: m.order)
        if len(left) == len(same):
            for j, match in zip(same, left):
                keys[j] = match.key
    doubled = {k for k in keys if k and k != "subtotal" and keys.count(k) > 1}
    return tuple(Leaf("" if k in doubled else k, t.text, t.x0, t.x1) for k, t in zip(keys, tokens))


def _sure(ranked: list[Match]) -> str:
    if not ranked:
        return ""
    if len(ranked) > 1 and ranked[1].score >= ranked[0].score - 0.02:
        return ""
    return ranked[0].key


def header_unit(text: str, table: Table, key: str) -> str | None:
    """The unit that the header itself states for an amount (（单位：元）), or None."""
    if table.column(key).kind != "money":
        return None
    words = label(text).full
    return next((unit for unit in ("亿元", "万元", "元") if words.endswith(unit)), None)


def row_match(lexicon: Lexicon, texts: list[str]) -> tuple[str, Meanings]:
    """The label of a line and its meanings, from the label cells left of its figures, innermost last."""
    if not texts:
        return "", NOTHING
    last = texts[-1]
    matches = lexicon.find(last)
    if not matches and len(texts) > 1:
        joined = lexicon.find("".join(texts[-2:]))
        if joined.rows:
            return "".join(texts[-2:]), joined
    return last, matches
