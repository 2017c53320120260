"""The statutory forms as data: ``forms.toml`` names each form's tables, which are the other files
of this folder.

``vocabulary.toml`` has the words that are no labels of a form: section titles, rows agencies add,
page feet, units; ``crosswalk.toml`` what the forms share, ``metrics.toml`` the usual indicators.

>>> FORMS["2021"].table("requests").row("received").zh
'一、本年新收政府信息公开申请数量'
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .structure import Break, Column, Concept, Form, Group, Identity, Metric, Row, Table

_KINDS: dict[str, type] = {
    "columns": Column, "rows": Row, "groups": Group, "column_groups": Group, "identities": Identity,
}  # fmt: skip


@cache
def _read(name: str) -> dict[str, Any]:
    """A file, the entries of its lists with what its ``defaults`` say."""
    words = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))
    for part, defaults in words.pop("defaults", {}).items():
        words[part] = [defaults | entry for entry in words[part]]
    return words


def _record(kind: type, words: dict[str, Any]) -> Any:
    """A record of these words; lists become tuples."""
    lists = {name: tuple(word) for name, word in words.items() if isinstance(word, list)}
    return kind(**(words | lists))


def _table(name: str, form: dict[str, Any]) -> Table:
    """The table of a file as the form has it: an entry may say which ``forms`` it belongs to, else
    it is in all.
    """
    words = dict(_read(name))
    for part, kind in _KINDS.items():
        own = [
            entry
            for entry in words.get(part, ())
            if form["key"] in entry.get("forms", [form["key"]])
        ]
        words[part] = [_record(kind, {k: entry[k] for k in entry if k != "forms"}) for entry in own]
    identities = words["identities"]
    words["identities"] = [one._replace(cite=one.cite.format_map(form)) for one in identities]
    return _record(Table, words)


def _form(words: dict[str, Any]) -> Form:
    tables = [_table(name, words) for name in words["tables"]]
    return _record(Form, words | {"tables": tables})


def _records(file: str, name: str, kind: type) -> tuple:
    return tuple(_record(kind, entry) for entry in _read(file)[name])


FORMS: dict[str, Form] = {words["key"]: _form(words) for words in _read("forms")["form"]}
CROSSWALK: tuple[Concept, ...] = _records("crosswalk", "concept", Concept)
BREAKS: tuple[Break, ...] = _records("crosswalk", "break", Break)
METRICS: tuple[Metric, ...] = _records("metrics", "metric", Metric)


def form_cells(form: Form) -> list[tuple[Table, Row, Column]]:
    """Every cell of ``form`` in form order, those of optional rows too.

    >>> len(form_cells(FORMS["2021"])), len(form_cells(FORMS["2019"]))
    (207, 198)
    """
    return [
        (table, row, table.column(column))
        for table in form.tables
        for row in table.rows
        for column in table.columns_of(row)
    ]


@lru_cache(maxsize=256)
def printed_table(key: str, rows: frozenset[str], own: str) -> Table | None:
    """The table of the form that ``rows`` are printed on: the report's own unless they are
    another's; None for no form.
    """
    fits = {
        (len(rows & {row.key for row in form.table(key).rows}), form.key == own): form.table(key)
        for form in reversed(FORMS.values())
        if key in form.by_key
    }
    return fits[max(fits)] if fits else None


def row_unit(row: Row, column: Column) -> str | None:
    """The unit of a cell: the row's own where it has one, else the column's.

    >>> table = FORMS["2021"].table("proactive")
    >>> row_unit(table.row("fees"), table.column("amount"))
    '万元'
    """
    return row.unit or column.unit


class Title(NamedTuple):
    """A statutory section title; ``words``: any of these in a numbered short line makes it this
    section.
    """

    number: int
    titles: tuple[str, ...]
    words: str


TITLES: tuple[Title, ...] = _records("vocabulary", "title", Title)
# In the order of the file.
EXTRA_ROWS, SUBTOTALS, UNIT_WORDS, CHANGES = map(frozenset, _read("vocabulary")["words"].values())
ROW_LABEL, PAGE_FOOT, LONE_NUMBER, ENUMERATED = map(
    re.compile, _read("vocabulary")["patterns"].values()
)
