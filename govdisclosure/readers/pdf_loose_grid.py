"""Band of a table without rules → Grid: every blank cell explicit, because x tells that it is blank."""

from __future__ import annotations

from itertools import groupby

from govdisclosure.model import Grid, GridCell
from govdisclosure.readers.pdf_loose import Band, Piece, Row, is_figure_row
from govdisclosure.readers.pdf_loose_columns import (
    Head,
    add_empty,
    columns_of,
    cut_heads,
    header,
    over,
    widen,
)
from govdisclosure.readers.pdf_loose_labels import LEVEL, Labels, deal
from govdisclosure.readers.pdf_place import Place, where

Cells = list[GridCell | None]
LABELS = 2  # grid columns left of the figures: group labels, and the rows' own


def loose_grid(band: Band, table: int) -> Grid:
    """The Grid of a band, the ``table``-th table of its page."""
    edge = band.edge
    columns = columns_of(band)
    heads = [(page, cut_heads(row, columns)) for page, row in band.heads]
    columns = add_empty(columns, heads[-1:] if not columns else heads, edge)
    levels, leaves = header(heads, columns)
    widen(levels, columns, leaves)
    filled = [{c for p in row if p.is_value for c in over(p, columns)} for _, row in band.body]
    made = _Maker(columns, table, {leaf.c0 for leaf in leaves} or set(range(len(columns))), filled)
    made.heads(
        levels, leaves, [(page, p) for page, row in heads for p in row if not over(p, columns)]
    )
    rows = [
        (page, [p for p in row if p.x0 < edge and not p.is_value], row) for page, row in band.body
    ]
    beneath = [(page, [p for p in row if p.x1 < edge], row) for page, row in band.heads]
    bottom = max((p.base for _, row in heads for p in row if over(p, columns)), default=0.0)
    for page, lines in groupby(
        sorted(beneath + rows, key=lambda r: (r[0], r[2][0].base)), key=lambda r: r[0]
    ):
        made.body(page, list(lines), bottom if page == (band.heads or band.body)[0][0] else 0.0)
    return made.grid()


class _Maker:
    """Collects the rows of one Grid."""

    def __init__(
        self,
        columns: list[tuple[float, float]],
        table: int,
        headed: set[int],
        filled: list[set[int]],
    ) -> None:
        self.columns, self.table, self.headed, self.filled = columns, table, headed, filled
        self.rows: list[Cells] = []
        self.first: Place | None = None

    def cell(
        self, page: int, pieces: list[Piece], c0: int, c1: int, text: str, box=None
    ) -> GridCell:
        box = box or _box([p.box for p in pieces])
        place = Place(page, box, self.table, len(self.rows) + 1, c0 + 1)
        self.first = self.first or place
        return GridCell(text, where(place), len(self.rows), c0, 1, c1 - c0)

    def heads(
        self, levels: list[list[Head]], leaves: list[Head], labels: list[tuple[int, Piece]]
    ) -> None:
        for level in [*levels, leaves]:
            row: Cells = [None] * (LABELS + len(self.columns))
            for head in level:
                text = "".join(p.text for p in head.pieces)
                made = self.cell(head.page, head.pieces, head.c0 + LABELS, head.c1 + LABELS, text)
                row[head.c0 + LABELS : head.c1 + LABELS] = [made] * (head.c1 - head.c0)
            if level is leaves and labels:
                pieces = [p for _, p in labels]
                row[0] = row[1] = self.cell(
                    labels[0][0], pieces, 0, LABELS, "".join(p.text for p in pieces)
                )
            if any(row):
                self.rows.append(row)

    def body(self, page: int, lines: list, bottom: float) -> None:
        figures = [
            (row[0].base if not values else values[0].base, values)
            for _, _, row in lines
            if is_figure_row(row)
            for values in [[p for p in row if p.is_value or p.x0 >= self.columns[0][0]]]
        ]
        if not figures:
            return
        labels = deal(
            [p for _, own, _ in lines for p in own if p.base > bottom + LEVEL * p.size],
            [base for base, _ in figures],
        )
        groups = _nearest(labels, [base for base, _ in figures])
        for j, (base, values) in enumerate(figures):
            self.line(
                page, base, values, [] if j in labels.doubtful else labels.own[j], groups.get(j, [])
            )

    def line(
        self, page: int, base: float, values: Row, own: list[Piece], group: list[Piece]
    ) -> None:
        row: Cells = [None] * (LABELS + len(self.columns))
        for at, pieces in ((0, group), (1, own)):
            text = "".join(p.text for p in pieces)
            box = (
                None if pieces else (values[0].x0, values[0].box[1], values[0].x0, values[0].box[3])
            )
            row[at] = self.cell(page, pieces, at, at + 1, text, box)
        top, foot = min(p.box[1] for p in values), max(p.box[3] for p in values)
        for c, (x0, x1) in enumerate(self.columns):
            if c in self.headed:
                row[c + LABELS] = self.cell(
                    page, [], c + LABELS, c + LABELS + 1, "", (x0, top, x1, foot)
                )
        placed: dict[tuple[int, int], list[Piece]] = {}
        full = {c for p in values for c in over(p, self.columns)}
        for p in values:
            placed.setdefault(self.reach(over(p, self.columns), full), []).append(p)
        for (c0, c1), pieces in _apart(placed):
            text = "\n".join(
                p.text for p in pieces
            )  # two figures in one place: a line feed says it can't be told
            row[c0 + LABELS : c1 + LABELS] = [
                self.cell(page, pieces, c0 + LABELS, c1 + LABELS, text)
            ] * (c1 - c0)
        self.rows.append(row)

    def reach(self, here: list[int], full: set[int]) -> tuple[int, int]:
        """Columns of a figure. One that stands beside a header with a blank cell under it may be that cell's.

        Then its whole row is one cell, so that nothing of it is read; unless other rows have figures in both places.
        """
        a, b = here[0], here[-1] + 1
        beside = [c for c in (a - 1, b) if 0 <= c < len(self.columns) and c not in full]
        if (
            a in self.headed
            or len(here) > 1
            or all(any({a, c} <= row for row in self.filled) for c in beside)
        ):
            return a, b
        return 0, len(self.columns)

    def grid(self) -> Grid:
        """The rows, without the columns of labels where no row has any."""
        if any(row[0] and row[0].text or row[1] and row[1].text for row in self.rows):
            rows = self.rows
        else:
            rows = [
                [same[id(old)] if old else None for old in row[LABELS:]]
                for row in self.rows
                for same in [self.shifted(row)]
            ]
        return Grid(
            tuple(map(tuple, rows)), where(Place(self.first.page, self.first.box, self.table))
        )

    @staticmethod
    def shifted(row: Cells) -> dict[int, GridCell]:
        """Each cell of a row as it stands without the columns of labels."""
        return {id(cell): cell._replace(column=cell.column - LABELS) for cell in row if cell}


def _apart(placed: dict[tuple[int, int], list[Piece]]) -> list[tuple[tuple[int, int], list[Piece]]]:
    """Figures that reach over the same blank cell share one cell: which is whose can't be told."""
    out: list[tuple[tuple[int, int], list[Piece]]] = []
    for (a, b), pieces in sorted(placed.items(), key=lambda item: item[0]):
        if out and a < out[-1][0][1]:
            (before, end), others = out[-1]
            out[-1] = ((before, max(end, b)), others + pieces)
        else:
            out.append(((a, b), pieces))
    return out


def _box(boxes: list) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = zip(*boxes)
    return min(x0), min(y0), max(x1), max(y1)


def _nearest(labels: Labels, bases: list[float]) -> dict[int, list[Piece]]:
    """Row → lines of the group label that stands beside it; a label's lines are kept together."""
    blocks: list[list[Piece]] = []
    for p in sorted(labels.groups, key=lambda p: (round(p.x0 / 40), p.base)):
        if (
            blocks
            and 0 < p.base - blocks[-1][-1].base < 1.6 * p.size
            and abs(p.x0 - blocks[-1][-1].x0) < 3 * p.size
        ):
            blocks[-1].append(p)
        else:
            blocks.append([p])
    found: dict[int, list[Piece]] = {}
    for block in blocks:
        middle = (block[0].base + block[-1].base) / 2
        found.setdefault(min(range(len(bases)), key=lambda j: abs(bases[j] - middle)), []).extend(
            block
        )
    return found
