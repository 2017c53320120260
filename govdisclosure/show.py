"""A report and a corpus as they are shown: HTML in a notebook (everything of a document escaped), text in a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from .forms import FORMS, Row, Table
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


class Line(NamedTuple):
    """A line of a table: a title (a label alone), a header (``heads``) or a row of cells; ``depth``: groups it stands under."""

    depth: int
    label: str
    heads: tuple[str, ...] = ()
    cells: tuple[Key, ...] = ()


class Sheet(NamedTuple):
    """A table of one report, ready to draw: its lines, its cells, and (severity, reason) of doubtful ones."""

    table: Table
    lines: list[Line]
    cells: dict[Key, Cell]
    notes: dict[Key, tuple[str, str]]


def sheets(record: Record) -> Iterator[Sheet]:
    """The tables of a report in the order of its form; none where its form is unknown."""
    for key in dict.fromkeys(c.table for c in record.cells) if record.form else ():
        cells = {(c.row, c.column): c for c in record.cells if c.table == key}
        rows = {row for row, _ in cells}
        forms = (
            FORMS[record.form or ""],
            *FORMS.values(),
        )  # its own, or another's that has the rows
        options = [form.by_key[key] for form in forms if key in form.by_key]
        table = next((t for t in options if rows <= {row.key for row in t.rows}), options[0])
        yield Sheet(table, list(_lines(table, rows)), cells, _notes(key, cells, record.findings))


def _lines(table: Table, present: set[str]) -> Iterator[Line]:
    """The lines in statutory order. Where rows differ in their columns (表二), each group has a header of its own."""
    several = any(row.columns for row in table.rows)
    above: tuple[str, ...] | None = None
    for row in table.rows:
        if row.key not in present:
            continue
        path, columns = _path(table, row), table.columns_of(row)
        shown = path[-1:] if several else path
        header = Line(0, "信息内容" * several, tuple(table.column(c).zh for c in columns))
        if above is None and not several:
            yield header
        for depth, label in enumerate(shown):
            if above is None or above[: depth + 1] != shown[: depth + 1]:
                yield Line(depth, label)
        if several and above != shown:
            yield header
        yield Line(0 if several else len(path), row.zh, cells=tuple((row.key, c) for c in columns))
        above = shown


def _path(table: Table, row: Row) -> tuple[str, ...]:
    """The labels over a row, outermost first."""
    groups = {g.key: g for g in table.groups}
    path: list[str] = []
    key = row.group or next((g.key for g in table.groups if row.key in g.members), "")
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
    """A report's facts, its tables in the form's order with doubtful cells coloured and titled, and its findings."""
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
    width = max(len(line.cells or line.heads) for line in sheet.lines)
    body = ""
    for line in sheet.lines:
        boxes = [_box(head, "gd-label") for head in line.heads]
        for key in line.cells:
            cell = sheet.cells.get(key)
            kind, reason = sheet.notes.get(key, (cell.status if cell else "", ""))
            told = "; ".join(filter(None, (reason, cell.where if cell else "")))
            boxes.append(_box(cell.text if cell else "", f"gd-{kind}", title=told))
        space = f"padding-left:{line.depth + 0.4}em"
        label = _box(line.label, "gd-label", 1 if boxes else width + 1, style=space)
        body += f"<tr>{label}{''.join(boxes)}</tr>"
    title = f"<h4>{escape(sheet.table.zh)} ({escape(sheet.table.en)})</h4>"
    return f'{title}<div class="gd-scroll"><table>{body}</table></div>'


def _box(text: str, kind: str, columns: int = 1, **attributes: str) -> str:
    more = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f'<td class="{kind}" colspan="{columns}"{more}>{escape(text)}</td>'


def _findings_html(record: Record) -> str:
    graver = sorted(record.findings, key=lambda f: ("error", "warning", "info").index(f.severity))
    shown = [
        f"<b>{f.severity}</b> {escape(f.rule)}: {escape(f.message)} {escape(f.suggestion)}"
        for f in graver[:MOST_FINDINGS]
    ]
    if len(graver) > MOST_FINDINGS:
        shown.append(f"… and {len(graver) - MOST_FINDINGS} more")
    return "<ul>" + "".join(f"<li>{text}</li>" for text in shown) + "</ul>"


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
    for line in sheet.lines:
        texts = [head.split("（")[0] for head in line.heads]
        texts += [_cell_text(sheet, key) for key in line.cells]
        label = "  " * (line.depth + 1) + clean(line.label)
        boxes = (pad(text, CELL_WIDTH, right=True) for text in texts)
        yield (pad(label, LABEL_WIDTH) if texts else label) + "".join(boxes)


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
