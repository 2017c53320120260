"""The place of a cell or paragraph in words, and back: page and box in points, origin top left.

"page 4, table 1, row 3, column 2 [72.0,100.5,180.2,118.0]"; rows and columns count from 1 within that page's
table. A cell that a page break cut has its places joined by " + ". A paragraph: "page 2 [90.0,88.1,505.0,140.9]".
"""

from __future__ import annotations

import re
from typing import NamedTuple

Box = tuple[float, float, float, float]

_PLACE = re.compile(
    r"page (?P<page>\d+)(?:, table (?P<table>\d+))?(?:, row (?P<row>\d+), column (?P<column>\d+))?"
    r" \[(?P<box>-?[\d.]+,-?[\d.]+,-?[\d.]+,-?[\d.]+)\]"
)


class Place(NamedTuple):
    """A box on a page; ``table``, ``row`` and ``column`` count from 1, 0 where the place has none."""

    page: int
    box: Box
    table: int = 0
    row: int = 0
    column: int = 0


def where(place: Place) -> str:
    """The place in words.

    >>> where(Place(4, (72, 100.5, 180.2, 118), 1, 3, 2))
    'page 4, table 1, row 3, column 2 [72.0,100.5,180.2,118.0]'
    """
    text = f"page {place.page}"
    if place.table:
        text += f", table {place.table}"
    if place.row:
        text += f", row {place.row}, column {place.column}"
    return "%s [%.1f,%.1f,%.1f,%.1f]" % (text, *place.box)


def places(text: str) -> list[Place]:
    """The places in a ``where`` text: one a page. Empty where it holds none (another format's place).

    >>> places("page 2 [90.0,88.1,505.0,140.9]")[0].page
    2
    """
    return [
        Place(
            int(m["page"]),
            tuple(float(v) for v in m["box"].split(",")),
            *(int(m[name] or 0) for name in ("table", "row", "column")),
        )
        for m in _PLACE.finditer(text)
    ]
