"""Which positions of a layout a term of the prose means: a cell, a group of rows or columns, a whole comparison."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import NamedTuple

from ..forms import Table
from .prose_data import COMPARISONS, Comparison

Positions = tuple[int, ...]
Index = Mapping[tuple[str, str, str], int]


class Places(NamedTuple):
    """A comparison compiled: positions of each term, of the parts that each total has (None where one has none), of the others."""

    terms: tuple[Positions, ...]
    parts: tuple[tuple[Positions, ...], ...] | None
    others: tuple[tuple[Positions, ...], ...]

    @property
    def cells(self) -> Positions:
        """Positions of all terms."""
        return tuple(p for places in self.terms for p in places)


def places(tables: Mapping[str, Table], index: Index) -> dict[str, Places]:
    """Every comparison by its indicator, for a report with these tables."""
    return {c.indicator: _compile(c, tables, index) for c in COMPARISONS}


def _compile(rule: Comparison, tables: Mapping[str, Table], index: Index) -> Places:
    others = tuple(tuple(positions(tables, index, t) for t in terms) for terms, _ in rule.others)
    return Places(
        tuple(positions(tables, index, t) for t in rule.terms), _parts(rule, tables, index), others
    )


def _parts(
    rule: Comparison, tables: Mapping[str, Table], index: Index
) -> tuple[tuple[Positions, ...], ...] | None:
    """For each total the columns it sums."""
    found = []
    for term in rule.terms:
        table, row, column = term.split(".")
        if column != "total" or table not in tables:
            return None
        columns = [c.key for c in tables[table].columns if c.key != "total"]
        found.append(tuple(positions(tables, index, f"{table}.{row}.{c}") for c in columns))
    return tuple(found)


def positions(tables: Mapping[str, Table], index: Index, term: str) -> Positions:
    """Positions of a term: a cell, or all cells of a group of rows (denied) or columns (organization)."""
    table, row, column = term.split(".")
    if table not in tables:
        return ()
    form = tables[table]
    columns = next(
        (g.members for g in form.column_groups if g.key == column and g.members), (column,)
    )
    return tuple(
        index[k] for r in group_rows(form, row) for c in columns if (k := (table, r, c)) in index
    )


def group_rows(table: Table, key: str) -> tuple[str, ...]:
    """The rows that a code means: one row, a group's rows, or for 'other' whichever way （六）其他处理 is printed."""
    members = next((g.members for g in table.groups if g.key == key and g.members), ())
    stand_ins = tuple(r.key for r in table.rows if r.optional and members and r.replaces == members)
    if not members and key == "other":
        return ("other_handling",)
    return (*members, *stand_ins) or (key,)


def total(known: list[float], terms: tuple[Positions, ...]) -> float:
    """Sum of the terms; NaN where a cell is not known or the form has none."""
    value = 0.0
    for term in terms:
        value += sum([known[p] for p in term]) if term else nan
    return value


def total_of_parts(known: list[float], parts: tuple[tuple[Positions, ...], ...] | None) -> float:
    """The same sum from the parts of each row, for totals that are printed wrong."""
    return nan if parts is None else sum([total(known, terms) for terms in parts])
