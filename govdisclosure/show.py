"""A report and a corpus as they are shown: HTML in a notebook (everything of a document escaped),
text in a terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from .forms import Row, Table, printed_table
from .model import SEVERITIES, Record
from .text import counted

if TYPE_CHECKING:
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
REASONS = {
    "unreadable": "unreadable: the text is no number, or it is not settled which cell it belongs to",
    "absent": "absent: the form has this cell, the document does not",
    "imputed": "imputed: the printed totals leave only 0",
}


class Box(NamedTuple):
    """A cell as it is drawn: its text, its ``kind`` (the gravest finding's severity, else its
    status), why and where.
    """

    text: str = ""
    kind: str = ""
    told: str = ""


class Line(NamedTuple):
    """A line of a table: a title (a label alone), a header (``heads``) or a row; ``depth``: groups
    it stands under.
    """

    depth: int
    label: str
    heads: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()


def sheets(record: Record) -> Iterator[tuple[Table, list[Line]]]:
    """The tables of a report and their lines in the order of its form; none where its form is
    unknown.
    """
    for key, boxes in _boxes(record).items() if record.form else ():
        rows = frozenset(row for row, _ in boxes)
        if table := printed_table(key, rows, record.form or ""):
            yield table, list(_lines(table, rows, boxes))


def _boxes(record: Record) -> dict[str, dict[tuple[str, str], Box]]:
    """Table → (row, column) → its box; the gravest reason wins."""
    doubts = [f for f in record.findings if f.severity in ("warning", "error")]
    reasons = {
        code: (f.severity, f"{f.rule}: {f.message} {f.suggestion}".strip())
        for f in sorted(doubts, key=lambda f: f.severity, reverse=True)
        for code in f.cells
    }
    tables: dict[str, dict[tuple[str, str], Box]] = {}
    for cell in record.cells:
        own = (cell.status, REASONS.get(cell.status, ""))
        if cell.confidence is not None and cell.confidence < 0.9:
            own = ("warning", f"recognised from a picture with confidence {cell.confidence:.2f}")
        kind, why = reasons.get(".".join(cell[:3]), own)
        told = "; ".join(filter(None, (why, cell.where)))
        tables.setdefault(cell.table, {})[cell.row, cell.column] = Box(cell.text, kind, told)
    return tables


def _lines(table: Table, present: frozenset[str], boxes: dict) -> Iterator[Line]:
    """The lines in statutory order. Where rows differ in their columns (表二), each group has a
    header of its own.
    """
    several = any(row.columns for row in table.rows)
    above: tuple[str, ...] | None = None
    for row in (row for row in table.rows if row.key in present):
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
        cells = tuple(boxes.get((row.key, c), Box()) for c in columns)
        yield Line(0 if several else len(path), row.zh, boxes=cells)
        above = shown


def _path(table: Table, row: Row) -> tuple[str, ...]:
    """The labels over a row, outermost first."""
    groups = {g.key: g for g in table.groups}
    path: list[str] = []
    key = row.group
    while key in groups:
        path.insert(0, groups[key].zh)
        key = groups[key].parent
    return tuple(path)


# --- HTML ----------------------------------------------------------------------------------------


def report_html(record: Record) -> str:
    """A report's facts, its tables in the form's order with doubtful cells coloured and titled, and
    its findings.
    """
    agency = escape(str(record.agency.value or "agency unknown"))
    facts = {
        "form": record.form,
        "level": record.level.value,
        "division": record.division_code.value,
        "published": record.published.value,
        "file": record.source.path,
    }
    said = " · ".join(f"{name}: {escape(str(value))}" for name, value in facts.items() if value)
    tables = "".join(_sheet_html(table, lines) for table, lines in sheets(record))
    return (
        f'{STYLE}<div class="gd-report"><h3>{agency}, {record.year.value or "year unknown"}</h3><p>{said}</p>'
        f"{tables or '<p>No statutory table was found.</p>'}{KEY}{_findings_html(record)}</div>"
    )


def _sheet_html(table: Table, lines: list[Line]) -> str:
    width = max(len(line.boxes or line.heads) for line in lines)
    body = ""
    for line in lines:
        boxes = [_box(head, "gd-label") for head in line.heads]
        boxes += [_box(box.text, f"gd-{box.kind}", title=box.told) for box in line.boxes]
        space = f"padding-left:{line.depth + 0.4}em"
        label = _box(line.label, "gd-label", 1 if boxes else width + 1, style=space)
        body += f"<tr>{label}{''.join(boxes)}</tr>"
    title = f"<h4>{escape(table.zh)} ({escape(table.en)})</h4>"
    return f'{title}<div class="gd-scroll"><table>{body}</table></div>'


def _box(text: str, kind: str, columns: int = 1, **attributes: str) -> str:
    more = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f'<td class="{kind}" colspan="{columns}"{more}>{escape(text)}</td>'


def _findings_html(record: Record) -> str:
    graver = sorted(record.findings, key=lambda f: SEVERITIES.index(f.severity))
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
    facts = reports[["year", "form"]].astype("string").fillna("unknown")
    forms = facts.value_counts(sort=False).unstack(fill_value=0)
    held = f"{len(reports)} reports of {reports['agency'].nunique()} agencies"
    lost = f"{len(corpus.failures)} files could not be read"
    states = corpus.cells["status"].value_counts().to_frame("cells")
    return (
        f'{STYLE}<div class="gd-report"><p>{counted(f"{held}; {lost}")}.</p>'
        f"{forms.to_html()}{states.to_html()}</div>"
    )


# --- text ----------------------------------------------------------------------------------------


def report_text(record: Record) -> str:
    """The facts, the tables and the findings of a report as plain text."""
    agency, year = record.agency.value or "agency unknown", record.year.value or "year unknown"
    lines = [f"{agency}  {year}  (form {record.form or 'unknown'}, {record.source.path})"]
    for table, rows in sheets(record):
        lines += ["", f"{table.zh} / {table.en}", *map(_line_text, rows)]
    if record.unplaced:
        lines += ["", f"Printed figures without a cell in the form: {len(record.unplaced)}"]
        lines += [
            f"  {u.text}  {u.row} {u.column}  ({u.reason}, {u.where})" for u in record.unplaced[:20]
        ]
    if record.findings:
        lines += ["", "Findings:"]
        lines += [f"  {f.severity:8}{f.rule}: {f.message} {f.suggestion}" for f in record.findings]
    return "\n".join([*(clean(line.rstrip()) for line in lines), "", LEGEND])


def _line_text(line: Line) -> str:
    texts = [head.split("（")[0] for head in line.heads]
    texts += [box.text + MARKS.get(box.kind, "") for box in line.boxes]
    label = "  " * (line.depth + 1) + line.label
    boxes = (_padded(text, CELL_WIDTH, right=True) for text in texts)
    return (_padded(label, LABEL_WIDTH) if texts else label) + "".join(boxes)


def clean(text: str) -> str:
    """Text without control characters: a report can't send escape sequences to a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _padded(text: str, size: int, *, right: bool = False) -> str:
    """Text cut or filled to ``size`` columns of a terminal, where a Chinese character takes two."""
    text = clean(text)
    while _width(text) > size - 1:
        text = text[:-2] + "…"
    space = " " * (size - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
