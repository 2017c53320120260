"""A report and a corpus as they are shown: HTML in a notebook (everything of a document escaped), text in a terminal."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from .forms import FORMS, Form, Table
from .model import Cell, Finding, Record

if TYPE_CHECKING:
    import pandas as pd

    from .corpus import Corpus

STYLE = """<style>
.gd-report{font-family:sans-serif;max-width:60em;color:#111;background:#fff;padding:.5em}
.gd-report h4{margin:.9em 0 .3em}.gd-report .gd-scroll{overflow-x:auto}
.gd-report table{border-collapse:collapse;font-size:85%}
.gd-report td,.gd-report th{border:1px solid #999;padding:2px 6px;text-align:center;color:#111;background:#fff}
.gd-report td.gd-label,.gd-report th.gd-label{text-align:left;max-width:22em}
.gd-report td.gd-blank{background:#f4f4f4}.gd-report td.gd-absent{background:#e2e2e2}
.gd-report td.gd-not_applicable{color:#666}.gd-report td.gd-imputed{background:#e5f0fa}
.gd-report td.gd-unreadable,.gd-report td.gd-warning{background:#ffe9b8}.gd-report td.gd-error{background:#f6b8a8}
.gd-report ul{font-size:85%;margin:.3em 0;padding-left:1.4em}.gd-report .gd-key{font-size:80%;color:#444}
</style>"""
KEY = (
    '<p class="gd-key">Shading: red — a sum does not hold; yellow — doubtful or unreadable; light grey — blank; dark grey — '
    "absent from the document; blue — imputed 0. Point at a cell for its place and the reason.</p>"
)
MOST_FINDINGS = 12
MARKS = {"error": "!", "warning": "?", "unreadable": "?", "absent": "·", "imputed": "="}
LEGEND = "Marks: ! a sum does not hold   ? doubtful or unreadable   · absent from the document   (empty) printed blank"
LABEL_WIDTH, CELL_WIDTH = 42, 14
_REASONS = {
    "unreadable": "unreadable: the text is no number, or it is not settled which cell it belongs to",
    "absent": "absent: the form has this cell, the document does not",
    "imputed": "imputed: the printed totals leave only 0",
}
Key = tuple[str, str]


class Shown(NamedTuple):
    """A line of a table: a title (one label), a header (``heads``), or a row: labels from its outermost group on, and cells."""

    labels: tuple[str, ...]
    heads: tuple[str, ...] = ()
    cells: tuple[Key, ...] = ()


class Sheet(NamedTuple):
    """A table of one report, ready to draw: its lines, its cells, and (severity, reason) of doubtful ones."""

    table: Table
    lines: list[Shown]
    cells: dict[Key, Cell]
    notes: dict[Key, tuple[str, str]]


def sheets(record: Record) -> Iterator[Sheet]:
    """The tables of a report in the layout of its form; none where its form is unknown."""
    for key in dict.fromkeys(c.table for c in record.cells) if record.form else ():
        cells = {(c.row, c.column): c for c in record.cells if c.table == key}
        rows = {row for row, _ in cells}
        table = _table_with(FORMS[record.form or ""], key, rows)
        yield Sheet(table, list(_lines(table, rows)), cells, _notes(key, cells, record.findings))


def _table_with(form: Form, key: str, rows: set[str]) -> Table:
    """The form's table, or another form's where the report printed that one."""
    options = [form.by_key[key]] if key in form.by_key else []
    options += [f.by_key[key] for f in FORMS.values() if key in f.by_key]
    return next((t for t in options if rows <= {r.key for r in t.rows}), options[0])


def _lines(table: Table, present: set[str]) -> Iterator[Shown]:
    """The lines in statutory order. Where rows differ in their columns (表二), each group has a title and a header."""
    several = any(row.columns for row in table.rows)
    last = None
    for row in table.rows:
        if row.key not in present:
            continue
        path, columns = _path(table, row.key, row.group), table.columns_of(row)
        if last is None or (several and path != last):
            if several:
                yield Shown(path[-1:] or ("",))
            yield Shown(
                ("信息内容" if several else "",), tuple(table.column(c).zh for c in columns)
            )
        labels = (row.zh,) if several else (*path, row.zh)
        yield Shown(labels, cells=tuple((row.key, column) for column in columns))
        last = path


def _path(table: Table, row: str, group: str) -> tuple[str, ...]:
    """The labels over a row, outermost first."""
    groups = {g.key: g for g in table.groups}
    path: list[str] = []
    key = group or next((g.key for g in table.groups if row in g.members), "")
    while key in groups:
        path.insert(0, groups[key].zh)
        key = groups[key].parent
    return tuple(path)


def _notes(
    table: str, cells: dict[Key, Cell], findings: tuple[Finding, ...]
) -> dict[Key, tuple[str, str]]:
    """(severity, reason) of each doubtful cell; the gravest reason wins."""
    notes = {k: (c.status, _REASONS[c.status]) for k, c in cells.items() if c.status in _REASONS}
    for key, cell in cells.items():
        if cell.confidence is not None and cell.confidence < 0.9:
            seen = f"recognised from a picture with confidence {cell.confidence:.2f}"
            notes[key] = ("warning", seen)
    doubts = [f for f in findings if f.severity in ("warning", "error")]
    for finding in sorted(doubts, key=lambda f: f.severity, reverse=True):
        reason = f"{finding.rule}: {finding.message} {finding.suggestion}".strip()
        for code in finding.cells:
            name, *place = code.split(".")
            if name == table and tuple(place) in cells:
                notes[tuple(place)] = (finding.severity, reason)  # type: ignore[index]
    return notes


def report_html(record: Record) -> str:
    """A report's facts, its tables in the statutory layout with doubtful cells coloured and titled, and its findings."""
    agency = escape(str(record.agency.value or "agency unknown"))
    head = f"<h3>{agency}, {record.year.value or 'year unknown'}</h3><p>{_facts(record)}</p>"
    tables = (
        "".join(_sheet_html(s) for s in sheets(record)) or "<p>No statutory table was found.</p>"
    )
    return f'{STYLE}<div class="gd-report">{head}{tables}{KEY}{_findings_html(record)}</div>'


def _facts(record: Record) -> str:
    facts = [
        ("form", record.form),
        ("level", record.level.value),
        ("division", record.division_code.value),
    ]
    facts += [("published", record.published.value), ("file", record.source.path)]
    return " · ".join(f"{name}: {escape(str(value))}" for name, value in facts if value)


def _sheet_html(sheet: Sheet) -> str:
    lines = sheet.lines
    depth = max(len(line.labels) for line in lines)
    width = max(len(line.cells or line.heads) for line in lines)
    spans, starts = Counter[tuple[int, int]](), {}
    above: tuple[str, ...] = ()
    for number, line in enumerate(lines):
        for level in range(len(line.labels) - 1):
            if above[: level + 1] != line.labels[: level + 1]:
                starts[level] = number
            spans[starts[level], level] += 1
        above = line.labels[:-1]
    body = ""
    for number, line in enumerate(lines):
        parts = line.heads or line.cells
        each, extra = divmod(width, len(parts) or 1)
        size = [each] * (len(parts) - 1) + [each + extra]
        labels = [
            _box(text, "gd-label", rows=spans[number, level])
            for level, text in enumerate(line.labels[:-1])
            if spans[number, level]
        ]
        over = depth - len(line.labels) + 1 if parts else depth + width
        labels.append(_box(line.labels[-1], "gd-label" if parts else "", over))
        heads = [_box(text, "", span) for text, span in zip(line.heads, size)]
        cells = [_cell_html(sheet, key, span) for key, span in zip(line.cells, size)]
        body += f"<tr>{''.join([*labels, *heads, *cells])}</tr>"
    title = f"<h4>{escape(sheet.table.zh)} ({escape(sheet.table.en)})</h4>"
    return f'{title}<div class="gd-scroll"><table>{body}</table></div>'


def _box(text: str, kind: str, columns: int = 1, rows: int = 1, title: str = "") -> str:
    told = f' title="{escape(title)}"' if title else ""
    return f'<td class="{kind}" colspan="{columns}" rowspan="{rows}"{told}>{escape(text)}</td>'


def _cell_html(sheet: Sheet, key: Key, span: int) -> str:
    cell = sheet.cells.get(key)
    if cell is None:
        return _box("", "", span)
    kind, reason = sheet.notes.get(key, (cell.status, ""))
    return _box(cell.text, f"gd-{kind}", span, title="; ".join(filter(None, (reason, cell.where))))


def _findings_html(record: Record) -> str:
    graver = sorted(record.findings, key=lambda f: ("error", "warning", "info").index(f.severity))
    if not graver:
        return ""
    shown = "".join(
        f"<li><b>{f.severity}</b> {escape(f.rule)}: {escape(f.message)} {escape(f.suggestion)}</li>"
        for f in graver[:MOST_FINDINGS]
    )
    more = (
        f"<li>… and {len(graver) - MOST_FINDINGS} more</li>" if len(graver) > MOST_FINDINGS else ""
    )
    return f"<ul>{shown}{more}</ul>"


def corpus_html(corpus: Corpus) -> str:
    """What a corpus holds: reports by year and form, cells by status, failures."""
    reports = corpus.reports
    rows = ""
    for year, group in reports.groupby(reports["year"].astype("string").fillna("unknown")):
        rows += f"<tr><td>{year}</td><td>{len(group)}</td><td>{_counts(group['form'])}</td></tr>"
    failed = len(corpus.failures)
    return (
        f'{STYLE}<div class="gd-report"><p><b>{len(reports)} reports</b> of {reports["agency"].nunique()} agencies; '
        f"{failed} file{'s' if failed != 1 else ''} could not be read.</p><table><tr><th>year</th><th>reports</th>"
        f"<th>forms</th></tr>{rows}</table><p>cells: {_counts(corpus.cells['status']) or 'none'}</p></div>"
    )


def _counts(column: pd.Series) -> str:
    """How often each value occurs, as HTML."""
    counts = column.value_counts()
    return ", ".join(f"{escape(str(value))}: {count:,}" for value, count in counts.items() if count)


def report_text(record: Record) -> str:
    """The facts, the tables and the findings of a report as plain text."""
    agency, year = record.agency.value or "agency unknown", record.year.value or "year unknown"
    lines = [f"{agency}  {year}  (form {record.form or 'unknown'}, {record.source.path})"]
    for sheet in sheets(record):
        lines += ["", f"{sheet.table.zh} / {sheet.table.en}", *_sheet_lines(sheet)]
    if record.unplaced:
        lines += ["", f"Printed figures without a cell in the form: {len(record.unplaced)}"]
        lines += [
            f"  {u.text}  {u.row} {u.column}  ({u.reason}, {u.where})" for u in record.unplaced[:20]
        ]
    if record.findings:
        lines += ["", "Findings:"]
        lines += [f"  {f.severity:8}{f.rule}: {f.message} {f.suggestion}" for f in record.findings]
    return "\n".join([*(clean(line.rstrip()) for line in lines), "", LEGEND])


def _sheet_lines(sheet: Sheet) -> Iterator[str]:
    above: tuple[str, ...] = ()
    for line in sheet.lines:
        path, label = line.labels[:-1], line.labels[-1]
        for level, name in enumerate(path):
            if above[: level + 1] != path[: level + 1]:
                yield f"  {'  ' * level}{name}"
        above = path
        inside = len(path) + 2 if line.cells else 1
        texts = [head.split("（")[0] for head in line.heads]
        texts += [_cell_text(sheet, key) for key in line.cells]
        boxes = (pad(text, CELL_WIDTH, right=True) for text in texts)
        yield pad("  " * inside + clean(label), LABEL_WIDTH) + "".join(boxes)


def _cell_text(sheet: Sheet, key: Key) -> str:
    cell = sheet.cells.get(key)
    if cell is None:
        return ""
    return clean(cell.text) + MARKS.get(sheet.notes.get(key, (cell.status, ""))[0], "")


def clean(text: str) -> str:
    """Text without control characters: a report can't send escape sequences to a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def width(text: str) -> int:
    """Columns that text takes in a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, size: int, *, right: bool = False) -> str:
    """Text cut or filled to ``size`` columns."""
    while width(text) > size - 1:
        text = text[:-2] + "…"
    space = " " * (size - width(text))
    return space + text if right else text + space
