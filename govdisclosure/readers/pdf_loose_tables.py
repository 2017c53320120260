"""Tables set by position in a document's content → Grids, over page breaks."""

from __future__ import annotations

from govdisclosure.model import Grid
from govdisclosure.readers.pdf_loose import Band, Loose, bands
from govdisclosure.readers.pdf_loose_grid import loose_grid
from govdisclosure.readers.pdf_prose import Line, plain_lines


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
    """One Grid, or the lines of a band that holds no figure."""
    if not any(p.is_value for _, row in band.body for p in row):
        return [line for page, row in [*band.heads, *band.body] for line in plain_lines(page, row)]
    page = (band.heads or band.body)[0][0]
    tables[page] = tables.get(page, 0) + 1
    return [loose_grid(band, tables[page])]
