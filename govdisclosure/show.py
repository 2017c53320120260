"""A report and a corpus as they are shown: HTML in a notebook (everything of a document escaped),
text in a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby, zip_longest
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from .forms import Table, printed_table
from .model import SEVERITIES, Cell, Record
from .text import counted

if TYPE_CHECKING:
    from jinja2 import Template

    from .corpus import Corpus

HERE = Path(__file__).parent
MARKS = {"error": "!", "warning": "?", "unreadable": "?", "absent": "·", "imputed": "="}
LEGEND = "Marks: ! a sum does not hold   ? doubtful or unreadable   · absent from the document   (empty) printed blank"
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
    reasons: dict[str, tuple[str, str]] = {}
    for f in sorted(record.findings, key=lambda f: f.severity, reverse=True):  # errors last
        if f.severity != "info":
            why = f"{f.rule}: {f.message} {f.suggestion}".strip()
            reasons |= dict.fromkeys(f.cells, (f.severity, why))
    for key, cells in groupby(record.cells, attrgetter("table")):
        boxes = {(cell.row, cell.column): _box(cell, reasons) for cell in cells}
        rows = frozenset(row for row, _ in boxes)
        if table := printed_table(key, rows, record.form or ""):
            yield table, list(_lines(table, rows, boxes))


def _box(cell: Cell, reasons: dict[str, tuple[str, str]]) -> Box:
    """A cell with what is to be said of it: the gravest finding on it, else its status."""
    own = (cell.status, REASONS.get(cell.status, ""))
    if cell.confidence is not None and cell.confidence < 0.9:
        own = ("warning", f"recognised from a picture with confidence {cell.confidence:.2f}")
    kind, why = reasons.get(".".join(cell[:3]), own)
    return Box(cell.text, kind, "; ".join(filter(None, (why, cell.where))))


def _lines(table: Table, present: frozenset[str], boxes: dict) -> Iterator[Line]:
    """The lines in statutory order. Where rows differ in their columns (表二), each group has a
    header of its own.
    """
    several = any(row.columns for row in table.rows)
    groups = {group.key: group for group in table.groups}
    above: tuple[str, ...] = ()
    headed: object = None
    for row in (row for row in table.rows if row.key in present):
        columns, over = table.columns_of(row), row.group
        path: tuple[str, ...] = ()
        while over in groups:
            path, over = (groups[over].zh, *path), groups[over].parent
        for depth, label in enumerate(path):
            if above[: depth + 1] != path[: depth + 1]:
                yield Line(depth, label)
        if headed != (head := (columns, several and path)):
            heads = tuple(table.column(c).zh for c in columns)
            yield Line(0, "信息内容" * several, heads)
        cells = tuple(boxes.get((row.key, c), Box()) for c in columns)
        yield Line(len(path), row.zh, boxes=cells)
        above, headed = path, head


# --- HTML ----------------------------------------------------------------------------------------


@cache
def template(name: str) -> Template:
    """A template of this folder; what it is given is escaped."""
    from jinja2 import Environment, FileSystemLoader

    return Environment(autoescape=True, loader=FileSystemLoader(HERE)).get_template(name)


def report_html(record: Record) -> str:
    """A report's facts, its tables in the form's order with doubtful cells coloured and titled, and
    its findings.
    """
    graver = sorted(record.findings, key=lambda f: SEVERITIES.index(f.severity))
    shown = template("show.html")
    return shown.render(record=record, sheets=list(sheets(record)), findings=graver)


def corpus_html(corpus: Corpus) -> str:
    """What a corpus holds: reports by year and form, cells by status, failures."""
    reports = corpus.reports
    facts = reports[["year", "form"]].astype("string").fillna("unknown")
    forms = facts.value_counts(sort=False).unstack(fill_value=0)
    held = f"{len(reports)} reports of {reports['agency'].nunique()} agencies"
    lost = f"{len(corpus.failures)} files could not be read"
    states = corpus.cells["status"].value_counts().to_frame("cells")
    return template("show.html").render(held=counted(f"{held}; {lost}"), tables=[forms, states])


# --- text ----------------------------------------------------------------------------------------


def report_text(record: Record) -> str:
    """The facts, the tables and the findings of a report as plain text."""
    agency, year = record.agency.value or "agency unknown", record.year.value or "year unknown"
    lines = [f"{agency}  {year}  (form {record.form or 'unknown'}, {record.source.path})"]
    for table, rows in sheets(record):
        lines += ["", f"{table.zh} / {table.en}", *_aligned(rows)]
    if record.unplaced:
        lines += ["", f"Printed figures without a cell in the form: {len(record.unplaced)}"]
        lines += [
            f"  {u.text}  {u.row} {u.column}  ({u.reason}, {u.where})" for u in record.unplaced[:20]
        ]
    if record.findings:
        lines += ["", "Findings:"]
        lines += [f"  {f.severity:8}{f.rule}: {f.message} {f.suggestion}" for f in record.findings]
    return "\n".join([*(clean(line.rstrip()) for line in lines), "", LEGEND])


def _aligned(lines: list[Line]) -> list[str]:
    """The lines of a table in columns, where a Chinese character takes two places."""
    labels = [clean("  " * (line.depth + 1) + line.label) for line in lines]
    texts = [
        [head.split("（")[0] for head in line.heads]
        or [clean(box.text + MARKS.get(box.kind, "")) for box in line.boxes]
        for line in lines
    ]
    frame = pd.DataFrame(zip_longest(*texts, fillvalue=""), columns=labels).T
    with pd.option_context("display.unicode.east_asian_width", True):
        return frame.to_string(header=False).split("\n")


def clean(text: str) -> str:
    """Text without control characters: a report can't send escape sequences to a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
