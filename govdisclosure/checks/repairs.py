"""Which single cell, if changed, would make every broken sum true. Suggested, never applied.

Broken sums that share cells form one group; a cell explains the sums it stands in if one change of
it makes them all true and breaks no other. Where no single cell explains a group, two cells that do
it together are looked for.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, combinations
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from ..forms.structure import Key, Sum
from .values import Values, code_of

MOST_NAMED = 5
MOST_LINES = 60  # a group with more broken sums is no matter of one or two cells
SUFFIX = "would make every broken sum true"


class Repair(NamedTuple):
    """One or two cells with the values that would make the sums ``lines`` of a group true;
    ``slip``: a total left at 0.
    """

    rank: tuple
    changes: tuple[tuple[Key, float], ...]
    lines: frozenset[Sum]
    slip: bool = False


def diagnose(found: Values, broken: list[Sum]) -> dict[Sum, list[Repair]]:
    """The repairs of the group of each broken sum, likeliest first: single cells, or pairs where
    there are none.
    """
    if not broken:
        return {}
    standing = defaultdict[Key, list[Sum]](list)
    for line in found.lines:
        if all(found.known[key] is not None for key in line.cells):
            for key in line.cells:
                standing[key].append(line)
    told = dict[Sum, list[Repair]]()
    for group in _groups(broken):
        repairs = _of_group(found, group, standing) if len(group) <= MOST_LINES else []
        told |= dict.fromkeys(group, repairs)
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


def _of_group(found: Values, group: list[Sum], standing: dict[Key, list[Sum]]) -> list[Repair]:
    whole = frozenset(group)
    candidates = dict.fromkeys(key for line in group for key in (*line.total, *line.parts))
    repairs = [r for key in candidates if (r := _repair(found, key, standing[key], whole))]
    pairs = (
        Repair(first.rank + second.rank, first.changes + second.changes, whole)
        for first, second in combinations(repairs, 2)
        if len(first.lines) + len(second.lines) == len(whole)
        and first.lines.isdisjoint(second.lines)
    )
    singles = [repair for repair in repairs if repair.lines == whole]
    return sorted(singles or pairs, key=lambda repair: repair.rank)


def _repair(found: Values, key: Key, standing: list[Sum], broken: frozenset[Sum]) -> Repair | None:
    """The one change of this cell that makes all its sums true, if it has one and the new value is
    possible.
    """
    sums = frozenset(line for line in standing if line.exact)
    if found.printed[key] is None or not sums <= broken:
        return None
    gaps = {found.gap(line) * (1 if key in line.parts else -1) for line in sums}
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
    slip = old == 0 and new > 0 and all(key in line.total for line in sums)
    rank = (not slip, Levenshtein.distance(f"{old:g}", f"{new:g}"), list(found.known).index(key))
    return Repair(rank, ((key, new),), sums, slip)


def suggestion(found: Values, repairs: list[Repair]) -> tuple[str, list[str]]:
    """(what to say, codes of the suspected cells)."""
    count = len(repairs)
    if not count:
        return f"No one or two cells alone {SUFFIX}.", []
    first, *others = texts = [_change(found, repair) for repair in repairs[:MOST_NAMED]]
    suspects = [code_of(key) for repair in repairs[:MOST_NAMED] for key, _ in repair.changes]
    pair = len(repairs[0].changes) > 1
    if pair and count > 1:
        return f"No single cell; {count} pairs of cells would, for instance {first}.", []
    if pair:
        text = f"No single cell; these two together {SUFFIX}: {first}."
    elif count == 1:
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


def _change(found: Values, repair: Repair) -> str:
    return " and ".join(
        f"{code_of(key)} = {new:g} (printed {found.known[key]:g})" for key, new in repair.changes
    )
