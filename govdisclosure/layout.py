"""The statutory layout of a form's tables, as lines of label and cell codes: what HTML and terminal views share."""

from __future__ import annotations

from typing import NamedTuple

from .forms import FORMS, Form, Row, Table
from .model import Cell, Finding, Record


class LayoutLine(NamedTuple):
    """A printed line. ``labels`` from the outermost group to the row; ``cells`` (row, column) codes; ``kind``: 'title', 'header' or 'row'."""

    kind: str
    labels: tuple[str, ...]
    cells: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()


def lines(table: Table, present: set[str]) -> list[LayoutLine]:
    """The lines of a table in statutory order; ``present``: row codes that the report has cells for."""
    rows = [r for r in table.rows if r.key in present]
    if table.layout == "across":
        return _across(table, rows)
    return _blocks(table, rows) if any(r.columns for r in rows) else _nested(table, rows)


def _blocks(table: Table, rows: list[Row]) -> list[LayoutLine]:
    names, found, last = {g.key: g.zh for g in table.groups}, [], None
    for row in rows:
        if row.group != last:
            heads = tuple(table.column(c).zh for c in table.columns_of(row))
            found += [
                LayoutLine("title", (names.get(row.group, ""),)),
                LayoutLine("header", ("信息内容",), (), heads),
            ]
            last = row.group
        found.append(
            LayoutLine("row", (row.zh,), tuple((row.key, c) for c in table.columns_of(row)))
        )
    return found


def _nested(table: Table, rows: list[Row]) -> list[LayoutLine]:
    groups = {g.key: g for g in table.groups}
    found = [LayoutLine("header", ("",), (), tuple(c.zh for c in table.columns))]
    for row in rows:
        path, key = [], row.group
        while key in groups:
            path.insert(0, groups[key].zh)
            key = groups[key].parent
        found.append(
            LayoutLine("row", (*path, row.zh), tuple((row.key, c.key) for c in table.columns))
        )
    return found


def _across(table: Table, rows: list[Row]) -> list[LayoutLine]:
    parents = {m: g.zh for g in table.groups for m in g.members}
    names = [f"{parents[r.key]}：{r.zh}" if r.key in parents else r.zh for r in rows]
    found = []
    for row, name in zip(rows, names):
        found += [
            LayoutLine("title", (name,)),
            LayoutLine("header", ("",), (), tuple(c.zh for c in table.columns)),
        ]
        found.append(LayoutLine("row", ("",), tuple((row.key, c.key) for c in table.columns)))
    return found


class Sheet(NamedTuple):
    """A table of one report, ready to draw: its lines, its cells, and what is to be said of each cell."""

    table: Table
    lines: list[LayoutLine]
    cells: dict[tuple[str, str], Cell]
    notes: dict[tuple[str, str], tuple[str, str]]


def sheets(record: Record) -> list[Sheet]:
    """The tables of a report in the layout of its form; [] where its form is unknown."""
    if record.form is None:
        return []
    form = FORMS[record.form]
    found = []
    for key in dict.fromkeys(c.table for c in record.cells):
        cells = {(c.row, c.column): c for c in record.cells if c.table == key}
        table = _table_with(form, key, {row for row, _ in cells})
        found.append(
            Sheet(
                table,
                lines(table, {row for row, _ in cells}),
                cells,
                _notes(key, cells, record.findings),
            )
        )
    return found


def _table_with(form: Form, key: str, rows: set[str]) -> Table:
    """The form's table, or another form's where the report printed that one."""
    options = [form.by_key[key]] if key in form.by_key else []
    options += [f.by_key[key] for f in FORMS.values() if key in f.by_key]
    return next((t for t in options if rows <= {r.key for r in t.rows}), options[0])


_REASONS = {
    "unreadable": "unreadable: the text is no number, or it is not settled which cell it belongs to",
    "absent": "absent: the form has this cell, the document does not",
    "imputed": "imputed: the printed totals leave only 0",
}


def _notes(
    table: str, cells: dict[tuple[str, str], Cell], findings: tuple[Finding, ...]
) -> dict[tuple[str, str], tuple[str, str]]:
    """(severity, reason) of each doubtful cell; the gravest reason wins."""
    notes = {k: (c.status, _REASONS[c.status]) for k, c in cells.items() if c.status in _REASONS}
    for k, c in cells.items():
        if c.confidence is not None and c.confidence < 0.9:
            notes[k] = ("warning", f"recognised from a picture with confidence {c.confidence:.2f}")
    for severity in ("warning", "error"):
        for finding in findings:
            if finding.severity == severity:
                for code in finding.cells:
                    name, _, rest = code.partition(".")
                    key = tuple(rest.split("."))
                    if name == table and key in cells:
                        notes[key] = (
                            severity,
                            f"{finding.rule}: {finding.message} {finding.suggestion}".strip(),
                        )
    return notes
