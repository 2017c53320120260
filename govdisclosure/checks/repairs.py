"""Which single cell, if changed, would make every broken sum true. Suggested, never applied.

Broken sums that share cells form one group; a cell explains the sums it stands in if one change of it makes them all
true and breaks no other. Where no single cell explains a group, two cells that do it together are looked for.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from .values import Key, Line, Values, code_of

MOST_NAMED = 5
MOST_LINES = 60  # a group with more broken sums is no matter of one or two cells
SUFFIX = "would make every broken sum true"


class Repair(NamedTuple):
    """Cells with the values that would make the sums ``lines`` of a group true; ``slip``: a total left at 0."""

    changes: tuple[tuple[Key, float], ...]
    lines: frozenset[int]
    rank: tuple = ()
    slip: bool = False


class Diagnosis(NamedTuple):
    """All single-cell repairs of a group, likeliest first; or ``pairs`` where there are none."""

    singles: tuple[Repair, ...] = ()
    pairs: tuple[Repair, ...] = ()


def diagnose(found: Values, broken: list[Line]) -> list[tuple[Line, Diagnosis]]:
    """Each broken sum with the diagnosis of its group."""
    if not broken:
        return []
    whole = [x for x in found.lines if all(found.known[k] is not None for k in x.cells)]
    standing: dict[Key, list[Line]] = defaultdict(list)
    for line in whole:
        for key in line.cells:
            standing[key].append(line)
    told: dict[Line, Diagnosis] = {}
    for group in _groups([x for x in broken if x.relation == "=="]):
        small = len(group) <= MOST_LINES
        diagnosis = _of_group(found, group, standing) if small else Diagnosis()
        told |= dict.fromkeys(group, diagnosis)
    return [(line, told.get(line, Diagnosis())) for line in broken]


def _groups(lines: list[Line]) -> list[list[Line]]:
    """Connected components: sums that share a cell."""
    groups: list[tuple[set[Key], list[Line]]] = []
    for line in lines:
        touching = [g for g in groups if not g[0].isdisjoint(line.cells)]
        cells = {*line.cells, *(k for keys, _ in touching for k in keys)}
        groups = [g for g in groups if g not in touching]
        groups.append((cells, [*(x for _, members in touching for x in members), line]))
    return [members for _, members in groups]


def _of_group(found: Values, group: list[Line], standing: dict[Key, list[Line]]) -> Diagnosis:
    number = {line: i for i, line in enumerate(group)}
    candidates = dict.fromkeys(k for line in group for k in (*line.total, *line.parts))
    repairs = [r for k in candidates if (r := _repair(found, k, standing[k], number))]
    whole = frozenset(range(len(group)))
    singles = sorted((r for r in repairs if r.lines == whole), key=lambda r: r.rank)
    pairs = [] if singles else _pairs(repairs, whole)
    return Diagnosis(tuple(singles), tuple(sorted(pairs, key=lambda r: r.rank)))


def _pairs(repairs: list[Repair], whole: frozenset[int]) -> list[Repair]:
    """Two repairs that mend different sums and together all of them."""
    by_lines: dict[frozenset[int], list[int]] = defaultdict(list)
    for i, repair in enumerate(repairs):
        by_lines[repair.lines].append(i)
    return [
        Repair(a.changes + repairs[j].changes, whole, a.rank + repairs[j].rank)
        for i, a in enumerate(repairs)
        for j in by_lines.get(whole - a.lines, ())
        if i < j
    ]


def _repair(found: Values, key: Key, lines: list[Line], number: dict[Line, int]) -> Repair | None:
    """The one change of this cell that makes all its sums true, if it has one and the new value is possible."""
    sums = [x for x in lines if x.relation == "=="]
    if found.printed[key] is None or not all(x in number for x in sums):
        return None
    gaps = {found.gap(x) * (1 if key in x.parts else -1) for x in sums}
    if len(gaps) != 1:
        return None
    old = found.known[key] or 0.0
    new = old + gaps.pop()
    if not _possible(found, key, new) or not all(_still(found, x, key, new - old) for x in lines):
        return None
    slip = old == 0 and new > 0 and all(key in x.total for x in sums)
    rank = (not slip, Levenshtein.distance(f"{old:g}", f"{new:g}"), list(found.known).index(key))
    return Repair(((key, new),), frozenset(number[x] for x in sums), rank, slip)


def _still(found: Values, line: Line, key: Key, change: float) -> bool:
    """Whether an inequality that held still holds after the change; equalities are not asked."""
    before = found.gap(line)
    after = before + (change if key in line.total else -change)
    return line.relation == "==" or after >= 0 or before < 0


def _possible(found: Values, key: Key, value: float) -> bool:
    slot = found.slot(key)
    return (slot.signed or value >= 0) and not (slot.whole and value % 1) and value <= slot.most


def suggestion(found: Values, diagnosis: Diagnosis) -> tuple[str, tuple[str, ...]]:
    """(what to say, codes of the suspected cells)."""
    singles, pairs = diagnosis
    named = singles[:MOST_NAMED] or pairs[: len(pairs) == 1]
    suspects = tuple(code_of(key) for repair in named for key, _ in repair.changes)
    texts = [_change(found, repair) for repair in (*singles[:MOST_NAMED], *pairs[:1])]
    if len(singles) == 1:
        text = f"{texts[0]} {SUFFIX}."
    elif singles and singles[0].slip and not singles[1].slip:
        text = (
            f"{texts[0]} {SUFFIX}: a total left at 0 over parts that are filled (the usual slip). "
            f"Also possible: {'; '.join(texts[1:])}."
        )
    elif singles:
        more = f" (the first {MOST_NAMED} of {len(singles)})" if len(singles) > MOST_NAMED else ""
        text = f"Ambiguous: any one of these cells alone {SUFFIX}{more}: {'; '.join(texts)}."
    elif len(pairs) == 1:
        text = f"No single cell; these two together {SUFFIX}: {texts[0]}."
    elif pairs:
        text = f"No single cell; {len(pairs)} pairs of cells would, for instance {texts[0]}."
    else:
        text = f"No one or two cells alone {SUFFIX}."
    return text, suspects


def _change(found: Values, repair: Repair) -> str:
    return " and ".join(
        f"{code_of(key)} = {new:g} (printed {found.known[key]:g})" for key, new in repair.changes
    )
