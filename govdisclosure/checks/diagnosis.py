"""Which single cell, if changed, would make every broken sum true. Suggested, never applied.

Broken sums that share cells form one group; a cell explains the sums it stands in if one change of it makes them all
true and breaks no other. Where no single cell explains a group, two cells that do it together are looked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from .layout import Line
from .values import Values

MOST_NAMED = 5
MOST_LINES = 60  # a group with more broken sums is no matter of one or two cells


class Repair(NamedTuple):
    """Cells (positions) with the values that would make the sums of a group true; ``zero_total``: the usual slip."""

    changes: tuple[tuple[int, float], ...]
    lines: frozenset[int]
    rank: tuple = ()
    zero_total: bool = False


class Diagnosis(NamedTuple):
    """All single-cell repairs of a group, likeliest first; or ``pairs`` where there are none."""

    singles: tuple[Repair, ...]
    pairs: tuple[Repair, ...]


def diagnose(
    found: Values, lines: Sequence[Line], broken: list[Line]
) -> list[tuple[Line, Diagnosis]]:
    """Each broken sum with the diagnosis of its group."""
    groups = _groups([x for x in broken if x.relation == "=="])
    small = [g for g in groups if len(g) <= MOST_LINES]
    member = _members(found, lines, {p for group in small for line in group for p in line.cells})
    none = Diagnosis((), ())
    of_line = {
        id(line): d
        for g in groups
        for d in [_of_group(found, g, member) if len(g) <= MOST_LINES else none]
        for line in g
    }
    return [(line, of_line.get(id(line), none)) for line in broken]


def _members(found: Values, lines: Sequence[Line], wanted: set[int]) -> dict[int, list[Line]]:
    """The lines whose cells are all known, by the cells of interest that stand in them."""
    member: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        shared = wanted.intersection(line.cells)
        if shared and not any(found.known[p] != found.known[p] for p in line.cells):
            for position in shared:
                member[position].append(line)
    return member


def _groups(lines: list[Line]) -> list[list[Line]]:
    """Connected components: sums that share a cell."""
    groups: list[tuple[set[int], list[Line]]] = []
    for line in lines:
        cells, members = set(line.cells), [line]
        apart = []
        for other_cells, other in groups:
            if cells & other_cells:
                cells, members = cells | other_cells, other + members
            else:
                apart.append((other_cells, other))
        groups = [*apart, (cells, members)]
    return [members for _, members in groups]


def _of_group(found: Values, group: list[Line], member: dict[int, list[Line]]) -> Diagnosis:
    number = {id(x): i for i, x in enumerate(group)}
    candidates = dict.fromkeys(p for line in group for p in (*line.total, *line.parts))
    repairs = [r for p in candidates if (r := _repair(found, p, member[p], number))]
    whole = frozenset(range(len(group)))
    singles = sorted((r for r in repairs if r.lines == whole), key=lambda r: r.rank)
    pairs = [] if singles else _pairs(repairs, whole)
    return Diagnosis(tuple(singles), tuple(sorted(pairs, key=lambda r: r.rank)))


def _pairs(repairs: list[Repair], whole: frozenset[int]) -> list[Repair]:
    """Two repairs that mend different sums and together all of them."""
    number = {id(r): i for i, r in enumerate(repairs)}
    by_lines: dict[frozenset[int], list[Repair]] = defaultdict(list)
    for repair in repairs:
        by_lines[repair.lines].append(repair)
    return [
        Repair(a.changes + b.changes, whole, a.rank + b.rank)
        for a in repairs for b in by_lines.get(whole - a.lines, ()) if number[id(a)] < number[id(b)]
    ]  # fmt: skip


def _repair(
    found: Values, position: int, lines: list[Line], number: dict[int, int]
) -> Repair | None:
    """The one change of this cell that makes all its sums true, if it has one and the new value is possible."""
    if not found.printed(position):
        return None
    sums = [x for x in lines if x.relation == "=="]
    if not all(id(x) in number for x in sums):
        return None
    deltas = {_gap(found, x) * (1 if position in x.parts else -1) for x in sums}
    if len(deltas) != 1:
        return None
    old = found.known[position]
    new = old + deltas.pop()
    if not _possible(found, position, new) or any(
        not _still(found, x, position, new - old) for x in lines if x.relation == "<="
    ):
        return None
    slip = old == 0 and new > 0 and all(position in x.total for x in sums)
    return Repair(
        ((position, new),),
        frozenset(number[id(x)] for x in sums),
        (not slip, _distance(old, new), position),
        slip,
    )


def _gap(found: Values, line: Line) -> float:
    return sum(line.right(found.known)) - sum(line.left(found.known))


def _still(found: Values, line: Line, position: int, delta: float) -> bool:
    """Whether an inequality that held still holds after the change."""
    gap = _gap(found, line)
    after = gap + (delta if position in line.total else -delta)
    return after >= 0 or gap < 0


def _possible(found: Values, position: int, value: float) -> bool:
    if position > found.zero:
        return value >= 0
    slot = found.layout.slots[position]
    return (slot.signed or value >= 0) and (not slot.whole or value % 1 == 0) and value <= slot.most


def _distance(old: float, new: float) -> int:
    """Edits between the printed digits and the new ones: a slip of one digit is likelier than another number."""
    a, b = f"{old:g}", f"{new:g}"
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def suggestion(found: Values, diagnosis: Diagnosis) -> tuple[str, tuple[str, ...]]:
    """(what to say, codes of the suspected cells)."""
    singles = diagnosis.singles
    if singles:
        texts = [_change(found, r) for r in singles[:MOST_NAMED]]
        first = texts[0] + " would make every broken sum true"
        suspects = tuple(found.code(p) for r in singles[:MOST_NAMED] for p, _ in r.changes)
        if len(singles) == 1:
            return f"{first}.", suspects
        if singles[0].zero_total and not singles[1].zero_total:
            return (
                f"{first}: a total left at 0 over parts that are filled (the usual slip). Also possible: {'; '.join(texts[1:])}.",
                suspects,
            )
        more = f" (the first {MOST_NAMED} of {len(singles)})" if len(singles) > MOST_NAMED else ""
        return (
            f"Ambiguous: any one of these cells alone would make every broken sum true{more}: {'; '.join(texts)}.",
            suspects,
        )
    if len(diagnosis.pairs) == 1:
        pair = diagnosis.pairs[0]
        return (
            f"No single cell; these two together would make every broken sum true: {_change(found, pair)}.",
            tuple(found.code(p) for p, _ in pair.changes),
        )
    if diagnosis.pairs:
        return (
            f"No single cell; {len(diagnosis.pairs)} pairs of cells would, for instance {_change(found, diagnosis.pairs[0])}.",
            (),
        )
    return "No one or two cells alone would make every broken sum true.", ()


def _change(found: Values, repair: Repair) -> str:
    return " and ".join(
        f"{found.code(p)} = {new:g} (printed {found.known[p]:g})" for p, new in repair.changes
    )
