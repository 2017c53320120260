"""Which single cell, if changed, would make every broken sum true. Suggested, never applied.

A cell explains the broken sums that share cells with one another if one change of it makes them all
true and breaks no other.
"""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from ..forms.structure import Key, Sum
from .values import Values, code_of

MOST_NAMED = 5
SUFFIX = "would make every broken sum true"


class Repair(NamedTuple):
    """A cell with the value that would make its sums true; ``slip``: a total left at 0."""

    rank: tuple[bool, int, int]
    key: Key
    value: float
    slip: bool


def _repair(found: Values, key: Key, broken: list[Sum]) -> Repair | None:
    """The one change of this cell that makes its sums true, if they are all the broken ones that
    they share a cell with, and the new value is possible.
    """
    standing = found.complete[key]
    own = [line for line in standing if line.exact]
    cells = {cell for line in own for cell in line.cells}
    near = [line for line in broken if not cells.isdisjoint(line.cells)]
    gaps = {found.gap(line) * (1 if key in line.parts else -1) for line in own}
    if found.printed[key] is None or own != near or len(gaps) != 1:
        return None
    change, old = gaps.pop(), found.known[key] or 0.0
    new = old + change
    for line in standing:  # an inequality that held still holds; equalities are not asked
        before = found.gap(line)
        after = before + (change if key in line.total else -change)
        if not line.exact and after < 0 <= before:
            return None
    if any(found.faults(key, new)):
        return None
    slip = old == 0 and new > 0 and all(key in line.total for line in own)
    rank = (not slip, Levenshtein.distance(f"{old:g}", f"{new:g}"), list(found.known).index(key))
    return Repair(rank, key, new, slip)


def suggestion(found: Values, line: Sum, broken: list[Sum]) -> tuple[str, list[str]]:
    """What to say of a sum, if it is one of the ``broken``, and the codes of the suspected
    cells."""
    if line not in broken:
        return "", []
    tried = (_repair(found, key, broken) for key in line.cells)
    repairs = sorted(filter(None, tried))
    count = len(repairs)
    if not count:
        return f"No cell alone {SUFFIX}.", []
    suspects = [code_of(repair.key) for repair in repairs[:MOST_NAMED]]
    first, *others = texts = [
        f"{code} = {repair.value:g} (printed {found.known[repair.key]:g})"
        for code, repair in zip(suspects, repairs)
    ]
    if count == 1:
        text = f"{first} {SUFFIX}."
    elif repairs[0].slip and not repairs[1].slip:
        text = (
            f"{first} {SUFFIX}: a total left at 0 over parts that are filled (the usual slip). "
            f"Also possible: {'; '.join(others)}."
        )
    else:
        more = f" (the first {MOST_NAMED} of {count})" if count > MOST_NAMED else ""
        text = f"Ambiguous: any one of these cells alone {SUFFIX}{more}: {'; '.join(texts)}."
    return text, suspects
