"""What a table has beside its figures: its words, its merged cells, and where figures, blanks and strokes stand.

Reports of one site, and of one form, print the same table with other figures. What such a table comes to, which cell
of it is which cell of the form, hangs on its shape alone; so each layer keeps on the `Shape` what it found out, and
works it out again only for a table of a new shape. A figure is never remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from .normalize import Memory, readings

LARGEST, WORDIEST = (
    600,
    4_000,
)  # cells and characters of words; a larger table (not seen in real reports) is read anew each time
LONGEST = 40  # characters of a figure; what is longer stands in the shape as it is
KEPT = 256  # shapes; with what is remembered of each some 60 KB
FIGURE = (
    "\x00"  # stands for any plain figure; no text is this one, decode() drops it from what is read
)
Rows = Sequence[Sequence[str]]
Spans = Sequence[Sequence[tuple[int, int]] | None]


class Shape:
    """All that tables which differ in their figures only have in common. Compared by identity: equal shapes are one object.

    ``seen``: how often; ``memo``: what readers and parser found out about it, each under a key of its own.
    """

    __slots__ = ("seen", "memo")

    def __init__(self) -> None:
        self.seen = 0
        self.memo: dict = {}


def _kind(text: str) -> str:
    """A text as it counts for the shape: a figure in digits is any figure; words, blanks and strokes are themselves."""
    return (
        FIGURE
        if text.isascii() and len(text) <= LONGEST and readings[text].status == "reported"
        else text
    )


_KINDS = Memory(_kind, 32768, 100)
_SHAPES = Memory(lambda key: Shape(), KEPT)


def shape_of(rows: Rows, spans: Spans, ends: Sequence[int]) -> Shape | None:
    """The shape of a table as written (see `readers.flow.Table`); None for one that is too large to be remembered.

    Kept are the last `KEPT` shapes at most: where a corpus has more of them, a table is read in full more often.

    >>> spans = [None, None]
    >>> first = shape_of([["规章", "12"], ["规范性文件", ""]], spans, [])
    >>> first is shape_of([["规章", "7"], ["规范性文件", ""]], spans, [])
    True
    >>> first is shape_of([["规章", "7"], ["规范性文件", "0"]], spans, [])
    False
    """
    kinds = tuple(map(_KINDS.__getitem__, chain.from_iterable(rows)))
    if len(kinds) > LARGEST or sum(map(len, kinds)) > WORDIEST:
        return None
    shape = _SHAPES[
        kinds, tuple(map(len, rows)), tuple([s and tuple(s) for s in spans]), tuple(ends)
    ]
    shape.seen += 1
    return shape
