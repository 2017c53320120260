"""Document → Record: one decoder that finds the tables, aligns printed labels with the form and
fills its cells.

Knows the forms and no file format. What it can't place surely it lists (``Record.unplaced``) or
marks ``unreadable``; it never guesses.
"""

from __future__ import annotations

from collections import Counter
from itertools import filterfalse

from ..errors import LayoutError, NotAReportError, SeveralReportsError
from ..forms import FORMS, Form, Table
from ..identity import identify
from ..model import Document, Finding, Record
from .checksum import place_by_sums
from .columns import place
from .fill import Filled, fill_line, listed
from .flows import as_grid, lost, printed_rows
from .headers import across, across_line, rows_of
from .labels import Lexicon, lexicon
from .regions import OTHER, Region, regions_of, table_of_section
from .rows import Header, Printed, settle
from .sections import Strip, prose_of, strips_of

SECOND_COPY = 10


def decode_document(
    document: Document, *, report_id: str = "", manifest: dict[str, str] | None = None
) -> Record:
    """A report from what a reader found.

    Returns a `Record` whose ``cells`` hold every cell of its form in form order, whatever was
    printed. Raises NotAReportError where neither tables nor sections of an annual report are found,
    SeveralReportsError where there are two reports. Forms: 国办公开办函〔2019〕60号, 〔2021〕30号.

    >>> from govdisclosure.model import Source
    >>> decode_document(Document(Source("x.txt"), ()))
    Traceback (most recent call last):
        ...
    govdisclosure.errors.NotAReportError: x.txt: expected the tables or the six sections of an annual report; seen: no text. \
Check that this is the report itself and not a list or a notice; tables stored as pictures can't be read.
    """
    strips = strips_of(document)
    regions = regions_of(strips, document.flat)
    filled = _fill_all(document, regions, strips)
    rows = sum(len({row for row, _ in f.cells}) for f in filled)
    _refuse_no_report(document, strips, rows)
    read = {f.table.key for f in filled if f.cells or f.unplaced} | ({OTHER} if rows else set())
    prose = prose_of(strips, read)
    who = identify(document, prose, manifest)
    form = _main_form(filled, who.year.value)
    strays = [slot for part in regions.get(OTHER, Region()).parts for s in part for slot in s.slots]
    unplaced = [u for f in filled for u in f.unplaced] + listed(strays, "other_table")
    # a table printed on another form keeps that form's rows
    own = {f.table.key: f for f in filled if f.cells}
    tables = [own.get(t.key) or Filled(form, t.key) for t in form.tables] if form else []
    cells = [cell for table in tables for cell in table.in_order()]
    return Record(
        report_id or document.source.name, document.source, *who[:-1], form.key if form else None,
        tuple(cells), tuple(unplaced), prose,
        (*who.findings, *_findings(form, filled)),
    )  # fmt: skip


def _fill_all(document: Document, regions: dict[str, Region], strips: list[Strip]) -> list[Filled]:
    """Each table on the form under which most of its rows are read, and most of them whole; on a
    tie on the form that names more of its words, then on that of the table before it."""
    found: list[Filled] = []
    for key in dict.fromkeys(t.key for f in FORMS.values() for t in f.tables):
        if key in regions:
            _refuse_damage(document, regions[key], key, strips)
            before = next((f.form for f in reversed(found) if f.cells), None)
            forms = _likely_forms(key, regions[key], before)
            filled = [_fill(document, form, key, regions[key]) for form in forms]
            found.append(max(filled, key=_rows_read) if filled[1:] else filled[0])
    return found


def _rows_read(filled: Filled) -> int:
    """Rows of which cells are read; one all of whose cells are counts twice."""
    read = Counter(cell.row for cell in filled.cells.values() if cell.status != "unreadable")
    columns = {row: filled.table.columns_of(filled.table.row(row)) for row in read}
    return sum(1 + (read[row] == len(own)) for row, own in columns.items())


def _likely_forms(key: str, region: Region, before: Form | None) -> list[Form]:
    """The forms but those that another beats: it names, to the letter, more than twice the texts
    that only they name. Of forms with the same table only the first."""
    texts = {x.text for part in region.parts for s in part for x in s.slots}
    finds = {form: lexicon(form, key).find for form in FORMS if key in FORMS[form].by_key}
    named = {form: {t for t in texts if find(t).score >= 1} for form, find in finds.items()}
    likely = [
        FORMS[form]
        for form, own in named.items()
        if all(len(other - own) <= 2 * len(own - other) + 1 for other in named.values())
    ]
    likely.sort(key=lambda form: (len(named[form.key]), form is before), reverse=True)
    return [f for n, f in enumerate(likely) if not _as_in_another(f.table(key), likely[:n])]


def _fill(document: Document, form: Form, key: str, region: Region) -> Filled:
    """A region read as a table of a form: its parts in the table's section and its lines wherever
    they stand, where there are any; beside them the others are of another table.
    """
    filled, words = Filled(form, key), lexicon(form.key, key)

    def is_own(part: list[Strip]) -> bool:
        return not part[0].grid or table_of_section().get(part[0].section) == key

    own = [*filter(is_own, region.parts)]
    outside = [*filterfalse(is_own, region.parts)] if own else []
    parts = [(part, as_grid(part, words)) for part in own or region.parts]
    lines: list[Printed] = []
    for part, strips in parts if words.across else ():
        found = across(strips, words) if strips else []
        lines += found if found or part[0].grid else across_line(part, words, region.closed)
    lines = lines or _rows(parts, words, region, filled)
    others = [line for part in outside for line in rows_of(part, words)]
    _second_copy(document, filled, lines, others)
    unsure = [line for line in lines if line.note]
    for line in lines:
        if not line.note:
            fill_line(filled, line)
    place_by_sums([line for line in unsure if line.chosen], filled)
    for line in unsure:
        fill_line(filled, line)
    for line in others:
        if line.note != "repeated":
            filled.aside(line.slots, line.label, "", "other_table")
    return filled


Parts = list[tuple[list[Strip], list[Strip] | None]]  # lines, and as rows of cells where they are


def _rows(parts: Parts, words: Lexicon, region: Region, filled: Filled) -> list[Printed]:
    """The printed rows of all parts of a table, each with the form's row that it is."""
    lines: list[Printed] = []
    flowing: list[Printed] = []
    header: Header | None = None
    heads: list[Strip] = []  # header rows that stand in a part of their own
    for part, strips in parts:
        if header is not None:
            header.carried = True
        if strips is None:
            flowing = printed_rows(part, words, region.more)
            lines += flowing
            continue
        found = rows_of(strips, words, header)
        if heads and not any(line.header for line in found):
            found = rows_of([*heads, *strips], words)
        heads = [] if found else [*heads, *strips]
        header = next((x.header for x in reversed(found) if x.header), header)
        lines += found
    clashes = settle(lines, filled.table)
    place(flowing, words, region.closed)
    for same in clashes:  # one row where they agree, else it is not settled
        chosen, *others = same
        printed = {tuple(s.text for s in line.slots if s.text) for line in same} - {()}
        if len(printed) == 1:
            for line in others:
                line.note = "repeated"
        if len(printed) > 1 or printed and not chosen.figures:  # blank here, shown on another line
            chosen.note = "does_not_fit"
        if len(printed) > 1 and chosen.chosen:
            filled.twice.append(chosen.chosen)
    return lines


def _second_copy(
    document: Document, filled: Filled, lines: list[Printed], others: list[Printed]
) -> None:
    """A second, different set of most rows is a second report; an equal one is a page that prints
    its table twice.
    """
    first = {line.chosen: [s.text for s in line.slots] for line in lines}
    found = [x for x in (*lines, *others) if not x.chosen and x.slots]
    again = [line for line in found if line.matches.row]
    if len({line.matches.row for line in again}) < SECOND_COPY:
        return
    for line in again:
        texts = [s.text for s in line.slots]
        if first.get(line.matches.row, texts) != texts:
            seen = f"table {filled.table.zh} twice, with other figures ({line.where})"
            raise _two_reports(document, seen)
        line.note = "repeated"


# --- the record -----------------------------------------------------------------------------------


def _main_form(filled: list[Filled], year: str | int | None) -> Form | None:
    """The form of the table that tells forms apart best: 二 where it was read, else the one with
    most cells.

    Where what was read is the same table in several forms, the form of the report's year, else the
    newest.
    """
    read = [f for f in filled if f.cells]
    shared = [x for x in FORMS.values() if all(_as_in_another(f.table, [x]) for f in read)]
    if read and len(shared) > 1:
        of_year = [form for form in shared if not isinstance(year, int) or int(form.key) <= year]
        return max(of_year or shared, key=lambda form: int(form.key))
    best = max(read, key=lambda f: (f.table.key == "proactive", len(f.cells)), default=None)
    return best.form if best else None


def _as_in_another(table: Table, forms: list[Form]) -> bool:
    """Whether one of these forms prints this table with the same rows and columns."""
    others = [form.by_key[table.key] for form in forms if table.key in form.by_key]
    return any((table.rows, table.columns) == (other.rows, other.columns) for other in others)


def _findings(form: Form | None, filled: list[Filled]) -> list[Finding]:
    if form is None:
        message = "No statutory table (表二, 表三, 表四) was found; tables stored as pictures can't be read. All cells are missing."
        return [Finding("form.no_tables", "form", "warning", None, None, None, (), message)]
    found = []
    for f, row in ((x, x.table.row(key)) for x in filled for key in x.twice):
        cells = tuple(f"{f.table.key}.{row.key}.{column}" for column in f.table.columns_of(row))
        message = f"{row.zh} is printed more than once, with different figures; which counts is not settled."
        about = ("form.row_twice", "reading", "warning", None, None, None, cells, message)
        found.append(Finding(*about))
    others = [f for f in filled if f.cells and f.form is not form]
    mixed = [
        f"{f.table.zh}: form {f.form.key}" for f in others if not _as_in_another(f.table, [form])
    ]
    if mixed:
        message = f"The report is on form {form.key}, but {'; '.join(mixed)}."
        found.append(Finding("form.mixed", "form", "info", None, None, None, (), message))
    return found


# --- what is refused ------------------------------------------------------------------------------


def _refuse_damage(document: Document, region: Region, key: str, strips: list[Strip]) -> None:
    """Lines that lost what tells their cells apart, and most labels of a table once more outside
    its own lines.
    """
    lines = [s for part in region.parts for s in part if not s.grid]
    form = next(f for f in reversed(FORMS.values()) if key in f.by_key)
    texts = [s.text for s in strips] if lines else []
    expected, seen = lost(lines, lexicon(form.key, key), len(set(texts)) < len(texts))
    if expected:
        advice = "Use the HTML or PDF original."
        raise LayoutError(document.source.path, expected, seen=seen, advice=advice)
    found = (s for s in strips if not s.grid and s.vote == key != s.table)
    again = {strip.slots[0].text for strip in found}
    if region.more and len(again) >= SECOND_COPY:
        raise _two_reports(document, f"{len(again)} labels of table {key} twice")


def _two_reports(document: Document, seen: str) -> SeveralReportsError:
    advice = "Split the file so that each report is a file of its own."
    return SeveralReportsError(document.source.path, "one annual report", seen=seen, advice=advice)


def _refuse_no_report(document: Document, strips: list[Strip], rows: int) -> None:
    titles = sum(s.is_title for s in strips)
    if rows and rows + titles > 1 or titles > 2:
        return
    texts = [s.text for s in strips if s.text]
    lines = f"“{texts[0][:40]}”, {len(texts)} lines, no section title that fits" if texts else ""
    expected = "the tables or the six sections of an annual report"
    advice = "Check that this is the report itself and not a list or a notice; tables stored as pictures can't be read."
    raise NotAReportError(document.source.path, expected, seen=lines or "no text", advice=advice)
