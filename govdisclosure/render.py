"""A Report and a Corpus in a notebook. Everything that comes from a document is escaped."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from .layout import LayoutLine, Sheet, sheets
from .model import Record

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
    body = _across(sheet) if sheet.table.layout == "across" else _lines(sheet)
    return f'<h4>{escape(sheet.table.zh)} ({escape(sheet.table.en)})</h4><div class="gd-scroll"><table>{body}</table></div>'


def _across(sheet: Sheet) -> str:
    """Table 四 as the form draws it: one line of figures under headers of three lines."""
    table, width = sheet.table, len(sheet.table.columns)
    parents = {m: g for g in table.groups for m in g.members}
    results = [escape(c.zh) for c in table.columns]
    first, second, third = "", "", ""
    for row in table.rows:
        group = parents.get(row.key)
        if group is None:
            first += f'<th colspan="{width}">{escape(row.zh)}</th>'
            second += "".join(f'<th rowspan="2">{r}</th>' for r in results)
            continue
        if group.members[0] == row.key:
            first += f'<th colspan="{width * len(group.members)}">{escape(group.zh)}</th>'
        second += f'<th colspan="{width}">{escape(row.zh)}</th>'
        third += "".join(f"<th>{r}</th>" for r in results)
    cells = "".join(_cell_html(sheet, (r.key, c.key), 1) for r in table.rows for c in table.columns)
    return "".join(f"<tr>{line}</tr>" for line in (first, second, third, cells))


def _lines(sheet: Sheet) -> str:
    depth = max((len(x.labels) for x in sheet.lines), default=1)
    width = max((len(x.cells or x.heads) for x in sheet.lines), default=1)
    spans = _spans(sheet.lines, depth)
    return "".join(_line_html(x, sheet, depth, width, spans[i]) for i, x in enumerate(sheet.lines))


def _spans(lines: list[LayoutLine], depth: int) -> list[dict[int, int]]:
    """For each line, level → rowspan of the group label that starts there (0: it started above)."""
    spans: list[dict[int, int]] = [{} for _ in lines]
    for level in range(depth - 1):
        numbered = enumerate(lines)
        for path, run in groupby(
            numbered, lambda p: p[1].labels[: level + 1] if len(p[1].labels) > level + 1 else None
        ):
            members = [i for i, _ in run]
            if path is not None:
                spans[members[0]][level] = len(members)
                for i in members[1:]:
                    spans[i][level] = 0
    return spans


def _line_html(
    line: LayoutLine, sheet: Sheet, depth: int, width: int, spans: dict[int, int]
) -> str:
    if line.kind == "title":
        return f'<tr><th colspan="{depth + width}">{escape(line.labels[0])}</th></tr>'
    cells = line.heads or line.cells
    each, extra = divmod(width, len(cells)) if cells else (1, 0)
    span = [each + (extra if i == len(cells) - 1 else 0) for i in range(len(cells))]
    if line.kind == "header":
        heads = "".join(f'<th colspan="{n}">{escape(h)}</th>' for h, n in zip(line.heads, span))
        return (
            f'<tr><th class="gd-label" colspan="{depth}">{escape(line.labels[0])}</th>{heads}</tr>'
        )
    labels = ""
    for level, text in enumerate(line.labels[:-1]):
        if spans.get(level):
            labels += f'<td class="gd-label" rowspan="{spans[level]}">{escape(text)}</td>'
    labels += f'<td class="gd-label" colspan="{depth - len(line.labels) + 1}">{escape(line.labels[-1])}</td>'
    return f"<tr>{labels}{''.join(_cell_html(sheet, k, n) for k, n in zip(line.cells, span))}</tr>"


def _cell_html(sheet: Sheet, key: tuple[str, str], span: int) -> str:
    cell = sheet.cells.get(key)
    if cell is None:
        return f'<td colspan="{span}"></td>'
    kind, reason = sheet.notes.get(key, (cell.status, ""))
    title = "; ".join(x for x in (reason, cell.where) if x)
    return f'<td class="gd-{kind}" colspan="{span}" title="{escape(title, quote=True)}">{escape(cell.text)}</td>'


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
    rows = "".join(
        f"<tr><td>{year}</td><td>{len(group)}</td><td>{escape(forms)}</td></tr>"
        for year, group, forms in _by_year(reports)
    )
    statuses = corpus.cells["status"].value_counts()
    counts = ", ".join(f"{escape(str(k))} {v:,}" for k, v in statuses.items() if v)
    failed = len(corpus.failures)
    agencies = reports["agency"].nunique()
    return (
        f'{STYLE}<div class="gd-report"><p><b>{len(reports)} reports</b> of {agencies} agencies; '
        f"{failed} file{'s' if failed != 1 else ''} could not be read.</p>"
        f"<table><tr><th>year</th><th>reports</th><th>forms</th></tr>{rows}</table><p>cells: {counts or 'none'}</p></div>"
    )


def _by_year(reports):
    years = reports["year"].astype("string").fillna("unknown")
    for year, group in reports.groupby(years):
        forms = ", ".join(f"{k}: {v}" for k, v in group["form"].value_counts().items() if v)
        yield year, group, forms
