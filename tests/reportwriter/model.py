"""What is written: a paper of blocks, some of them tables of merged cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str, str, str]  # table, row, column: the codes of the form
HEADINGS = {
    1: "一、总体情况", 2: "二、主动公开政府信息情况", 3: "三、收到和处理政府信息公开申请情况",
    4: "四、政府信息公开行政复议、行政诉讼情况", 5: "五、存在的主要问题及改进情况", 6: "六、其他需要报告的事项",
}  # fmt: skip
TABLES = {"proactive": 2, "requests": 3, "disputes": 4}  # the section that a table stands in


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


def paper_of(
    title: str,
    prose: Mapping[int, Iterable[str]],
    tables: Mapping[str, Iterable[Table]],
    page: Mapping[str, str] | None = None,
) -> Paper:
    """A report of six sections: paragraphs by section (0: before the first), tables by their keys."""
    blocks = [Block("title", title), *(Block("prose", text) for text in prose.get(0, ()))]
    inside = {TABLES[key]: found for key, found in tables.items()}
    for number, heading in HEADINGS.items():
        blocks.append(Block("heading", heading))
        blocks += [Block("prose", text) for text in prose.get(number, ())]
        blocks += [Block("table", table=table) for table in inside.get(number, ())]
    return Paper(tuple(blocks), dict(page or {}))
