"""Documents for the parser alone: blocks of read seeds moved, dropped, doubled, spliced, their texts and grids changed.

No reader has to be got past, so every input reaches the parser. A Document made here keeps the contract of `model`:
rows of equal length, a merged cell one object in a rectangle. Kept as JSON (`dumped`, `loaded`).
"""

from __future__ import annotations

import json
from functools import lru_cache
from random import Random

from benchmarks import fuzz_seeds, fuzz_tokens
from govdisclosure.errors import DisclosureError
from govdisclosure.model import Document, Grid, GridCell, Heading, Paragraph, Source
from govdisclosure.readers import read


@lru_cache(maxsize=None)
def documents() -> tuple[Document, ...]:
    """Read seeds of HTML, text and Markdown."""
    found = []
    for kind in ("html", "txt", "md"):
        for data in fuzz_seeds.small(kind):
            try:
                found.append(read(data, Source(f"fuzz.{kind}")))
            except DisclosureError:
                pass
    return tuple(found)


def made(pen: Random) -> Document:
    """A mutated Document."""
    base, other = pen.choice(documents()), pen.choice(documents())
    blocks = list(base.blocks)
    for _ in range(pen.choice((1, 1, 2, 3, 6))):
        if blocks:
            pen.choice(_STEPS)(blocks, other.blocks, pen)
    flat = base.flat if pen.random() < 0.9 else not base.flat
    titles = base.titles if pen.random() < 0.9 else tuple(_text(t, pen) for t in other.titles)
    return Document(
        Source("fuzz.blocks", "fuzz.blocks", "text/html", "0" * 64),
        tuple(blocks),
        titles,
        dict(base.metadata),
        base.footer,
        flat,
    )


def _text(text: str, pen: Random) -> str:
    how, at = pen.randrange(6), pen.randrange(len(text) + 1)
    if how == 0:
        return pen.choice(fuzz_tokens.NUMBERS).strip() or "0"
    if how == 1:
        return (
            text[:at]
            + pen.choice(("1", "件", "（", "）", "、", "其中", "万", "\n", " ", "/"))
            + text[at:]
        )
    if how == 2:
        return text[:at] + text[at + pen.choice((1, 2, 9)) :]
    if how == 3:
        return text * pen.choice((2, 3, 40))
    return pen.choice(fuzz_tokens.MARKUP["txt"][20:]) if how == 4 else ""


def _drop(blocks, other, pen) -> None:
    at = pen.randrange(len(blocks))
    del blocks[at : at + pen.choice((1, 1, 3, 20))]


def _move(blocks, other, pen) -> None:
    block = blocks.pop(pen.randrange(len(blocks)))
    blocks.insert(pen.randrange(len(blocks) + 1), block)


def _double(blocks, other, pen) -> None:
    at = pen.randrange(len(blocks))
    blocks[at:at] = blocks[at : at + pen.choice((1, 4, 40))]


def _splice(blocks, other, pen) -> None:
    at, start = pen.randrange(len(blocks) + 1), pen.randrange(len(other))
    blocks[at : at + pen.choice((0, 1, len(blocks)))] = other[
        start : start + pen.choice((1, 5, 100))
    ]


def _change(blocks, other, pen) -> None:
    at = pen.randrange(len(blocks))
    block = blocks[at]
    if isinstance(block, Grid):
        blocks[at] = _grid(block, pen)
    elif isinstance(block, Heading):
        blocks[at] = block._replace(text=_text(block.text, pen) or "x", level=pen.randint(1, 6))
    else:
        how = pen.randrange(4)
        change = (
            {"text": _text(block.text, pen) or "x"}
            if how < 2
            else {"breaks": pen.choice((0, 1, 2, 9))}
            if how == 2
            else {"marks": pen.choice((0, 1, 2, 7, 60))}
        )
        blocks[at] = block._replace(**change)


def _grids(blocks, other, pen) -> None:
    places = [i for i, block in enumerate(blocks) if isinstance(block, Grid)]
    if places:
        at = pen.choice(places)
        blocks[at] = _grid(blocks[at], pen)


_STEPS = (_drop, _move, _double, _splice, _change, _change, _change, _grids, _grids, _grids)


def _grid(grid: Grid, pen: Random) -> Grid:
    """Rows and columns dropped, doubled, swapped; cells merged or rewritten."""
    rows = [list(row) for row in grid.rows]
    for _ in range(pen.choice((1, 1, 2, 4))):
        if not rows or not rows[0]:
            return grid
        r, s = pen.randrange(len(rows)), pen.randrange(len(rows))
        c, d = pen.randrange(len(rows[0])), pen.randrange(len(rows[0]))
        how = pen.randrange(8)
        if how == 0:
            del rows[r]
        elif how == 1:
            rows.insert(s, list(rows[r]))
        elif how == 2:
            rows[r], rows[s] = rows[s], rows[r]
        elif how in (3, 4):
            for row in rows:
                row.insert(d, row[c]) if how == 3 else row.pop(c)
        elif how == 5:
            _merge(rows, sorted((r, s)), sorted((c, d)))
        else:
            old = rows[r][c]
            new = (
                GridCell(_text(old.text if old else "", pen), "", 0, 0)
                if pen.random() < 0.9
                else None
            )
            rows = [
                [
                    new if cell is old and cell is not None or (i, j) == (r, c) else cell
                    for j, cell in enumerate(row)
                ]
                for i, row in enumerate(rows)
            ]
    return settled(rows, grid.where)


def _merge(rows: list[list], lines: list[int], columns: list[int]) -> None:
    cell = GridCell((rows[lines[0]][columns[0]] or GridCell("", "", 0, 0)).text, "", 0, 0)
    for r in range(lines[0], min(lines[1], lines[0] + 4) + 1):
        for c in range(columns[0], columns[1] + 1):
            rows[r][c] = cell


def settled(rows: list[list[GridCell | None]], where: str) -> Grid:
    """The grid with places and spans that are true of it; cells in several pieces become several cells."""
    out: list[list[GridCell | None]] = [[None] * len(row) for row in rows]
    done: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is None or (r, c) in done:
                continue
            wide = (
                next(
                    (j for j in range(c, len(row)) if row[j] is not cell or (r, j) in done),
                    len(row),
                )
                - c
            )
            high = 1
            while r + high < len(rows) and all(
                rows[r + high][j] is cell and (r + high, j) not in done for j in range(c, c + wide)
            ):
                high += 1
            new = GridCell(
                cell.text, f"row {r + 1}, column {c + 1}", r, c, high, wide, cell.confidence
            )
            for i in range(r, r + high):
                for j in range(c, c + wide):
                    out[i][j] = new
                    done.add((i, j))
    return Grid(tuple(map(tuple, out)), where)


def dumped(document: Document) -> bytes:
    """JSON of a Document."""
    blocks = []
    for block in document.blocks:
        if isinstance(block, Grid):
            numbers = {
                id(cell): n
                for n, cell in enumerate(
                    {id(c): c for row in block.rows for c in row if c is not None}.values()
                )
            }
            texts = list(
                {id(c): c.text for row in block.rows for c in row if c is not None}.values()
            )
            blocks.append(
                {
                    "grid": [
                        [None if c is None else numbers[id(c)] for c in row] for row in block.rows
                    ],
                    "texts": texts,
                }
            )
        else:
            blocks.append({"heading" if isinstance(block, Heading) else "run": list(block)})
    rest = {
        "titles": document.titles,
        "metadata": document.metadata,
        "footer": document.footer,
        "flat": document.flat,
    }
    return json.dumps({"blocks": blocks, **rest}, ensure_ascii=True, indent=0).encode()


def loaded(data: bytes) -> Document:
    """The Document of `dumped`."""
    value, blocks = json.loads(data), []
    for number, block in enumerate(value["blocks"]):
        if "grid" in block:
            cells = [GridCell(text, "", 0, 0) for text in block["texts"]]
            blocks.append(
                settled(
                    [[None if n is None else cells[n] for n in row] for row in block["grid"]],
                    f"table {number}",
                )
            )
        else:
            blocks.append(
                Heading(*block["heading"]) if "heading" in block else Paragraph(*block["run"])
            )
    return Document(
        Source("fuzz.blocks", "fuzz.blocks", "text/html", "0" * 64),
        tuple(blocks),
        tuple(value["titles"]),
        value["metadata"],
        value["footer"],
        value["flat"],
    )
