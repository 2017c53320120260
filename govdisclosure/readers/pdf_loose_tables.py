"""Tables set by position in a document's content → Grids, over page breaks."""

from __future__ import annotations

from govdisclosure.model import Grid
from govdisclosure.readers.pdf_loose import Band, Loose, bands
from govdisclosure.readers.pdf_loose_columns import merged
from govdisclosure.readers.pdf_loose_grid import loose_grid
from govdisclosure.readers.pdf_prose import Line, plain_lines

MOST_COLUMNS = 60  # figures side by side; table 四 has 15
MOST_LINES = 3000  # lines of one table


def set_loose(content: list) -> list:
    """Each `Loose` replaced by the Grids of its bands; parts that only a page break sets apart are one table."""
    out: list = []
    run: list[Loose] = []
    tables: dict[int, int] = {}
    for item in [*content, None]:
        if isinstance(item, Loose) and (not run or item.page == run[-1].page + 1):
            run.append(item)
            continue
        for band in bands(run) if run else ():
            out += _blocks(band, tables)
        run = [item] if isinstance(item, Loose) else []
        if item is not None and not run:
            out.append(item)
    return out


def _blocks(band: Band, tables: dict[int, int]) -> list[Grid | Line]:
    """One Grid, or the lines of a band that holds no figure or is too large for a table."""
    values = [(p.x0, p.x1) for _, row in band.body for p in row if p.is_value]
    if (
        not values
        or len(merged(values)) > MOST_COLUMNS
        or max(len(band.body), len(band.heads)) > MOST_LINES
    ):
        return [line for page, row in [*band.heads, *band.body] for line in plain_lines(page, row)]
    page = (band.heads or band.body)[0][0]
    tables[page] = tables.get(page, 0) + 1
    return [loose_grid(band, tables[page])]
