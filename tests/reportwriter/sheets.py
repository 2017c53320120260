"""The three tables of a form as lists of rows and columns that can be changed before they are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from govdisclosure.forms import Form, Table

from .model import Key

NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(frozen=True, slots=True)
class Row:
    """``group``: code of the innermost group it stands under. ``joined``: 三、本年度办理结果 and its label share one cell."""

    key: str
    label: str
    group: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``group``: code of the header over it, "" for none."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under one header. ``title`` is the 第二十条 line of table 二, "" elsewhere."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the form. ``texts``: what is printed at (row, column); ``groups``: labels of groups by code."""

    key: str
    parts: tuple[Part, ...]
    texts: Mapping[tuple[str, str], str]
    groups: Mapping[str, str] = field(default_factory=dict)
    note: str = NOTE
    corner: str = "信息内容"

    def change(self, **what) -> Sheet:
        """A copy with these fields replaced."""
        return replace(self, **what)


def sheets_of(
    form: Form, texts: Mapping[Key, str], *, one_row_other: bool = False
) -> dict[str, Sheet]:
    """The three tables of `form`, printed with its own labels. A cell without a text is printed blank.

    ``one_row_other`` prints （六）其他处理 as one row where the form has three.
    """
    made = {"proactive": _proactive, "requests": _requests, "disputes": _disputes}
    sheets = {}
    for table in form.tables:
        own = {
            (row, column): text for (key, row, column), text in texts.items() if key == table.key
        }
        sheets[table.key] = made[table.key](table, own, one_row_other)
    return sheets


def _proactive(table: Table, texts: dict, one_row_other: bool) -> Sheet:
    parts = []
    for group in sorted(table.groups, key=lambda g: [r.group for r in table.rows].index(g.key)):
        rows = [r for r in table.rows if r.group == group.key]
        columns = tuple(Column(c, table.column(c).zh) for c in table.columns_of(rows[0]))
        parts.append(Part(columns, tuple(Row(r.key, r.zh) for r in rows), group.zh))
    return Sheet("proactive", tuple(parts), texts)


def _requests(table: Table, texts: dict, one_row_other: bool) -> Sheet:
    replaced = {key for row in table.rows if row.optional for key in row.replaces}
    rows = [r for r in table.rows if not (r.key in replaced if one_row_other else r.optional)]
    members = {m: g.key for g in table.column_groups for m in g.members}
    columns = tuple(Column(c.key, c.zh, members.get(c.key, "")) for c in table.columns)
    groups = {g.key: g.zh for g in (*table.groups, *table.column_groups)}
    return Sheet(
        "requests", (Part(columns, tuple(Row(r.key, r.zh, r.group) for r in rows)),), texts, groups
    )


def _disputes(table: Table, texts: dict, one_row_other: bool) -> Sheet:
    rows = tuple(Row(r.key, r.zh, r.group) for r in table.rows)
    columns = tuple(Column(c.key, c.zh) for c in table.columns)
    return Sheet("disputes", (Part(columns, rows),), texts, {g.key: g.zh for g in table.groups})
