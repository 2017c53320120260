"""What is written: a paper of blocks, some of them tables of merged cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str, str, str]  # table, row, column: the codes of the form


class Cell(NamedTuple):
    """A printed cell at its top left corner. ``key`` says which figure of the form it holds; labels have none."""

    text: str
    key: Key | None = None
    rows: int = 1
    cols: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as HTML counts them: a merged cell stands only where it begins. The first ``head`` rows are headers."""

    key: str
    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0

    @property
    def width(self) -> int:
        """Columns of the grid, spans counted."""
        return max(sum(cell.cols for cell in row) for row in self.rows) if self.rows else 0


class Block(NamedTuple):
    """``kind`` is 'title', 'heading' (of a section), 'prose' or 'table'."""

    kind: str
    text: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A report ready to be written. ``page`` holds what a content system prints around it (发布机构, 公开日期, …)."""

    blocks: tuple[Block, ...]
    page: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The first title; "" where there is none."""
        return next((b.text for b in self.blocks if b.kind == "title"), "")
