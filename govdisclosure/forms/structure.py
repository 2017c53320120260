"""What a statutory form is made of. Records only; the forms themselves are the tables (`*.toml`)
beside this module.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

EQUAL, APPROXIMATE, NONE = "equal", "approximate", "none"
Key = tuple[str, ...]  # codes of a table (where several are looked at), a row and a column


class Column(NamedTuple):
    """A column of a table: ``zh`` as the form prints it, ``aliases`` as real reports print it.

    ``kind``: 'count' or 'money'. ``unit`` is what the form (or the law) says; None where nobody
    does. ``money_unit`` is the unit that amounts with a printed unit are converted to. ``most``:
    see `Table`.
    """

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    kind: str = "count"
    money_unit: str | None = None
    signed: bool = False
    most: float = 0.0


class Row(NamedTuple):
    """A row of a table. ``columns`` names the columns this row has (empty: all of the table's).

    ``group`` is the key of the innermost group the row stands under; ``optional`` rows belong to
    the form only where they are printed; ``replaces`` are the rows that an optional row stands for.
    ``kind`` ('count', 'money') overrides the column's, as ``unit`` does; ``note`` is what has to be
    said about the row, such as an unconfirmed label.
    """

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    group: str = ""
    columns: tuple[str, ...] = ()
    unit: str | None = None
    optional: bool = False
    replaces: tuple[str, ...] = ()
    article: str = ""
    kind: str = ""
    note: str = ""
    most: float = 0.0


class Group(NamedTuple):
    """A label over several rows or columns. A figure printed on its own line is a sub-total of
    ``members``.
    """

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    parent: str = ""


class Identity(NamedTuple):
    """``sum(parts) == sum(total)`` along ``axis``: 'rows' (holds in every column) or 'columns' (in
    every row).

    ``relation`` is '==' or '<='. ``printed`` tells whether the form itself prints the identity.
    ``where`` restricts it to these rows (axis 'columns') or these columns (axis 'rows').
    """

    key: str
    axis: str
    parts: tuple[str, ...]
    total: tuple[str, ...]
    zh: str
    en: str
    cite: str
    relation: str = "=="
    printed: bool = False
    where: tuple[str, ...] = ()


class Sum(NamedTuple):
    """An identity in one row or column, its ``place``: the cells of its ``parts`` and of its
    ``total``.
    """

    identity: Identity
    place: str
    parts: tuple[Key, ...]
    total: tuple[Key, ...]

    @property
    def cells(self) -> tuple[Key, ...]:
        """Parts, then totals."""
        return (*self.parts, *self.total)

    @property
    def exact(self) -> bool:
        """Whether it is an equality."""
        return self.identity.relation == "=="


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a form, one object for each. ``layout``: 'rows' (labels at the left) or 'across'
    (row labels head groups of columns).

    Above ``most`` a figure is absurd: the row's, else the column's, else the table's.
    """

    key: str
    section: int
    zh: str
    en: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    groups: tuple[Group, ...] = ()
    column_groups: tuple[Group, ...] = ()
    furniture: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    layout: str = "rows"
    most: float = 0.0

    @cached_property
    def optional(self) -> tuple[Row, ...]:
        """Rows that belong to the form only where they are printed."""
        return tuple(row for row in self.rows if row.optional)

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {row.key: row for row in self.rows}

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def row(self, key: str) -> Row:
        """The row with this code; KeyError where the form has none."""
        return self._rows[key]

    def column(self, key: str) -> Column:
        """The column with this code; KeyError where the form has none."""
        return self._columns[key]

    def columns_of(self, row: Row) -> tuple[str, ...]:
        """Codes of the columns that ``row`` has, in the form's order."""
        return row.columns or self._all

    def sums(self, cells: Collection[Key], table: Key = ()) -> Iterator[Sum]:
        """The identities row by row and column by column, over the ``cells`` that are there; their
        codes begin with those of ``table``."""
        for identity in self.identities:
            down = identity.axis == "rows"
            for place in identity.where or (self._columns if down else self._rows):
                parts, total = (
                    tuple(
                        cell
                        for code in codes
                        if (cell := (*table, *((code, place) if down else (place, code)))) in cells
                    )
                    for codes in (identity.parts, identity.total)
                )
                if total and (parts or not identity.parts):
                    yield Sum(identity, place, parts, total)


@dataclass(frozen=True)
class Form:
    """A statutory form with its source; ``years`` is when it was the national form, never a rule
    for reading.
    """

    key: str
    zh: str
    en: str
    cite: str
    years: str
    tables: tuple[Table, ...]
    note: str = ""

    @cached_property
    def by_key(self) -> dict[str, Table]:
        """Its tables by their codes."""
        return {table.key: table for table in self.tables}

    def table(self, key: str) -> Table:
        """The table with this code; KeyError where the form has none."""
        return self.by_key[key]


class Concept(NamedTuple):
    """What the forms share. ``terms``: form → codes that add up to it (no entry: the form has no
    counterpart).

    ``relations``: of the form of 2014 with the later ones, of 2019 with 2021; ``notes`` (of the
    same) say what differs.
    """

    key: str
    zh: str
    en: str
    unit: str
    terms: dict[str, list[str]]
    relations: dict[str, str]
    notes: dict[str, str] = {}


class Break(NamedTuple):
    """A change of law inside a form: from ``year`` on, the concepts are not comparable with
    before.
    """

    year: int
    concepts: tuple[str, ...]
    note: str
    cite: str


class Metric(NamedTuple):
    """``value`` = ``scale`` × Σ``numerator`` / Σ``denominator``; no denominator: the sum itself.

    ``share``: the numerator is part of the denominator, so a Wilson interval makes sense.
    ``forms``: where it exists.
    """

    key: str
    number: int
    zh: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    unit: str
    scale: float
    share: bool
    definition_zh: str
    definition_en: str
    source: str
    na: str
    forms: tuple[str, ...]
