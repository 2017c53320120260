"""A report in the terminal: its three tables as printed, doubtful cells marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from .layout import LayoutLine, Sheet, sheets
from .model import Record

MARKS = {"error": "!", "warning": "?", "unreadable": "?", "absent": "·", "imputed": "="}
LEGEND = "Marks: ! a sum does not hold   ? doubtful or unreadable   · absent from the document   (empty) printed blank"
LABEL_WIDTH, CELL_WIDTH = 42, 14


def report_text(record: Record) -> str:
    """The facts, the tables and the findings of a report as plain text."""
    agency, year = record.agency.value or "agency unknown", record.year.value or "year unknown"
    lines = [clean(f"{agency}  {year}  (form {record.form or 'unknown'}, {record.source.path})")]
    for sheet in sheets(record):
        lines += ["", f"{sheet.table.zh} / {sheet.table.en}", *_sheet_lines(sheet)]
    if record.unplaced:
        lines += ["", f"Printed figures without a cell in the form: {len(record.unplaced)}"]
        lines += [
            clean(f"  {u.text}  {u.row} {u.column}  ({u.reason}, {u.where})")
            for u in record.unplaced[:20]
        ]
    if record.findings:
        lines += [
            "",
            "Findings:",
            *(
                clean(f"  {f.severity:8}{f.rule}: {f.message} {f.suggestion}".rstrip())
                for f in record.findings
            ),
        ]
    return "\n".join([*lines, "", LEGEND])


def _sheet_lines(sheet: Sheet) -> Iterator[str]:
    shown: tuple[str, ...] = ()
    for line in sheet.lines:
        if line.kind == "title":
            yield f"  {clean(line.labels[0])}"
        elif line.kind == "header":
            yield pad("    " + line.labels[0], LABEL_WIDTH) + "".join(
                pad(_short(h), CELL_WIDTH, right=True) for h in line.heads
            )
        else:
            for level, name in enumerate(line.labels[:-1]):
                if shown[level : level + 1] != (name,):
                    yield f"  {'  ' * level}{clean(name)}"
            shown = line.labels[:-1]
            yield _row(line, sheet)


def _row(line: LayoutLine, sheet: Sheet) -> str:
    label = pad("  " * (len(line.labels) + 1) + clean(line.labels[-1]), LABEL_WIDTH)
    return label + "".join(pad(_cell(sheet, key), CELL_WIDTH, right=True) for key in line.cells)


def _cell(sheet: Sheet, key: tuple[str, str]) -> str:
    cell = sheet.cells.get(key)
    if cell is None:
        return ""
    kind = sheet.notes.get(key, (cell.status, ""))[0]
    return clean(cell.text) + MARKS.get(kind, "")


def _short(text: str) -> str:
    return clean(text.split("（")[0])


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
