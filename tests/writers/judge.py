"""What was read against what is expected: right, honest about a loss, or wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .layouts import Expected

KINDS = ("right", "lossy", "unreadable", "status", "unit", "wrong", "not_refused")


class Verdict(NamedTuple):
    """``kind`` of one cell.

    'right'; 'lossy' (unreadable where the layout lost the figure); 'unreadable' (a printed figure not read, though the
    layout kept it); 'status' (no figure either way, under another status); 'unit'; 'wrong' (another figure, one where
    none was printed, or a printed figure called blank).
    """

    kind: str
    cell: tuple[str, str, str]
    expected: tuple
    read: tuple


def judge(cells: Iterable, expected: Expected) -> list[Verdict]:
    """One verdict a cell of the form, and one for each cell read that the form as printed does not have."""
    read = {(c.table, c.row, c.column): c for c in cells}
    verdicts = [
        _verdict(key, want, read.get(key), key in expected.lossy)
        for key, want in expected.cells.items()
    ]
    extra = [k for k, c in read.items() if k not in expected.cells and c.value is not None]
    verdicts += [
        Verdict("wrong", k, (None, None, "absent"), (read[k].value, read[k].unit, read[k].status))
        for k in extra
    ]
    return [
        v._replace(kind="not_refused")
        if expected.refused and v.kind in ("unreadable", "status")
        else v
        for v in verdicts
    ]


def _verdict(key, want, cell, lossy: bool) -> Verdict:
    value, unit, status = want
    got = (cell.value, cell.unit, cell.status) if cell else (None, None, "missing")
    figure = None if value is None else float(value)
    if (got[0] is not None and got[0] != figure) or (figure is not None and got[2] == "blank"):
        kind = "wrong"
    elif lossy and got[2] == "unreadable":
        kind = "lossy"
    elif got[0] != figure:
        kind = "unreadable"
    elif got[2] != status:
        kind = "status"
    else:
        kind = "right" if got[1] == unit else "unit"
    return Verdict(kind, key, want, got)
