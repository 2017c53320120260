"""Which single cell, if changed, would make every broken sum true. Suggested, never applied.

Broken sums that share cells form one group; a cell explains them if one change of it makes them all
true and breaks no other.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from ..forms.structure import Key, Sum
from .values import Values, code_of

MOST_NAMED = 5
SUFFIX = "would make every broken sum true"


class Repair(NamedTuple):
    """A cell with the value that would make all sums of a group true; ``slip``: a total left at 0."""

    rank: tuple[bool, int, int]
    key: Key
    value: float
    slip: bool


def diagnose(found: Values, broken: list[Sum]) -> dict[Sum, list[Repair]]:
    """The repairs of the group of each broken sum, likeliest first."""
    standing = defaultdict[Key, list[Sum]](list)
    for line in found.lines if broken else ():
        if all(found.known[key] is not None for key in line.cells):
            for key in line.cells:
                standing[key].append(line)
    told = dict[Sum, list[Repair]]()
    for group in _groups(broken):
        keys = dict.fromkeys(key for line in group for key in line.cells)
        tried = (_repair(found, key, standing[key], frozenset(group)) for key in keys)
        told |= dict.fromkeys(group, sorted(filter(None, tried)))
    return told


def _groups(lines: list[Sum]) -> list[list[Sum]]:
    """Connected components: sums that share a cell."""
    groups: list[tuple[set[Key], list[Sum]]] = []
    for line in lines:
        near = [group for group in groups if not group[0].isdisjoint(line.cells)]
        members = [*chain.from_iterable(own for _, own in near), line]
        apart = [group for group in groups if group[0].isdisjoint(line.cells)]
        groups = [*apart, (set(line.cells).union(*(cells for cells, _ in near)), members)]
    return [members for _, members in groups]


def _repair(found: Values, key: Key, standing: list[Sum], broken: frozenset[Sum]) -> Repair | None:
    """The one change of this cell that makes all broken sums true, if it has one and the new value
    is possible.
    """
    if found.printed[key] is None or {line for line in standing if line.exact} != broken:
        return None
    gaps = {found.gap(line) * (1 if key in line.parts else -1) for line in broken}
    if len(gaps) != 1:
        return None
    change, old = gaps.pop(), found.known[key] or 0.0
    new = old + change
    for line in standing:  # an inequality that held still holds; equalities are not asked
        before = found.gap(line)
        after = before + (change if key in line.total else -change)
        if not line.exact and after < 0 <= before:
            return None
    if any(found.slot(key).faults(new)):
        return None
    slip = old == 0 and new > 0 and all(key in line.total for line in broken)
    rank = (not slip, Levenshtein.distance(f"{old:g}", f"{new:g}"), list(found.known).index(key))
    return Repair(rank, key, new, slip)


def suggestion(found: Values, repairs: list[Repair]) -> tuple[str, list[str]]:
    """(what to say, codes of the suspected cells)."""
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
