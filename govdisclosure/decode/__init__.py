"""Document → Record: one decoder that finds the tables, aligns printed labels with the form and fills its cells.

Knows the forms and no file format. What it can't place surely it lists (``Record.unplaced``) or marks
``unreadable``; it never guesses.
"""

from __future__ import annotations

from functools import cache

from ..errors import LayoutError, NotAReportError, SeveralReportsError
from ..forms import FORMS, Form, Table, row_unit
from ..identity import identify
from ..model import Cell, Document, Finding, Record, Unplaced
from ..numbers import number
from .checksum import place_by_sums
from .columns import place
from .fill import Filled, fill_line
from .flows import as_grid, lost, printed_rows
from .headers import across, across_line, rows_of, slot_of
from .labels import Lexicon, lexicon
from .regions import OTHER, Region, regions_of
from .rows import Header, Printed, settle
from .sections import Strip, prose_of, strips_of

SECOND_COPY = 10


def decode_document(
    document: Document, *, report_id: str = "", manifest: dict[str, str] | None = None
) -> Record:
    """A report from what a reader found.

    Returns a `Record` whose ``cells`` hold every cell of its form in form order, whatever was printed.
    Raises NotAReportError where neither tables nor sections of an annual report are found, SeveralReportsError
    where there are two reports. Forms: 国办公开办函〔2019〕60号, 〔2021〕30号.

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
    rows = sum(len({row for row, _ in f.cells}) for _, f in filled)
    titles = sum(s.is_title for s in strips)
    if rows + titles < 2 or rows < 1 and titles < 3:
        _refuse(document, strips)
    read = {f.table.key for _, f in filled if f.cells or f.unplaced} | ({OTHER} if rows else set())
    in_tables = {i for key, region in regions.items() if key in read for i in region.positions}
    prose = prose_of(strips, in_tables)
    who = identify(document, prose, manifest)
    form = _main_form(filled, who.year.value)
    return Record(
        report_id or document.source.name, document.source, who.title, who.agency, who.year, who.level,
        who.division_code, who.province, who.published, form.key if form else None,
        tuple(_cells(form, filled)) if form else (), tuple(_unplaced(filled, regions)), prose,
        (*who.findings, *_findings(form, filled)),
    )  # fmt: skip


def _fill_all(
    document: Document, regions: dict[str, Region], strips: list[Strip]
) -> list[tuple[Form, Filled]]:
    """Each table on the form that fits what is printed best; on a tie on that of the table before it."""
    found: list[tuple[Form, Filled]] = []
    preferred = ""
    for key in dict.fromkeys(t.key for f in FORMS.values() for t in f.tables):
        if key not in regions:
            continue
        _refuse_lost_text(document, regions[key], key, strips)
        _refuse_second_text(document, regions[key], key, strips)
        likely = sorted(_likely_forms(key, regions[key]), key=lambda form: form.key != preferred)
        forms = [x for n, x in enumerate(likely) if not _as_in_another(x.table(key), likely[:n])]
        read = [(form, _fill(document, form, key, regions[key])) for form in forms]
        form, filled = max(read, key=lambda r: _fit(r[1]))
        preferred = form.key if filled.cells else preferred
        found.append((form, filled))
    return found


def _likely_forms(key: str, region: Region) -> list[Form]:
    """The forms but those that another beats: it names, to the letter, more than twice the texts that only they name."""
    texts = {x.text for part in region.parts for s in part for x in s.cells or s.slots if x.text}
    named = {
        form.key: {text for text in texts if lexicon(form.key, key).find(text).score >= 1}
        for form in FORMS.values()
        if key in form.by_key
    }
    return [
        FORMS[form]
        for form, own in named.items()
        if all(len(other - own) <= 2 * len(own - other) + 1 for other in named.values())
    ]


def _refuse_lost_text(document: Document, region: Region, key: str, strips: list[Strip]) -> None:
    lines = [s for part in region.parts if not part[0].grid for s in part]
    form = next(f for f in reversed(FORMS.values()) if key in f.by_key)
    texts = [s.text for s in strips] if lines else []
    expected, seen = (
        lost(lines, lexicon(form.key, key), len(set(texts)) < len(texts)) if lines else ("", "")
    )
    if expected:
        raise LayoutError(
            document.source.path, expected, seen=seen, advice="Use the HTML or PDF original."
        )


def _refuse_second_text(document: Document, region: Region, key: str, strips: list[Strip]) -> None:
    """Most labels of a table once more outside its own lines: the file holds a second report."""
    own = set(region.positions)
    again = {
        s.slots[0].text for i, s in enumerate(strips) if s.slots and s.vote == key and i not in own
    }
    if region.more and len(again) >= SECOND_COPY:
        raise _two_reports(document, f"{len(again)} labels of table {key} twice")


def _two_reports(document: Document, seen: str) -> SeveralReportsError:
    return SeveralReportsError(
        document.source.path,
        "one annual report",
        seen=seen,
        advice="Split the file so that each report is a file of its own.",
    )


def _fit(filled: Filled) -> float:
    """How much of the form's rows is printed, less what is printed and no part of them."""
    printed: dict[str, int] = {}
    for (row, _), cell in filled.cells.items():
        printed[row] = printed.get(row, 0) + (cell.status != "unreadable")
    table = filled.table
    whole = sum(
        n / len(table.columns_of(table.row(row))) if n else 0.5 for row, n in printed.items()
    )
    replaced = {key for row in table.optional if row.key in printed for key in row.replaces}
    last = max((n for n, row in enumerate(table.rows) if row.key in printed), default=0)
    missing = sum(  # behind the last printed row the table may be cut off
        not row.optional and row.key not in {*printed, *replaced} for row in table.rows[:last]
    )
    extra = len(
        {
            (u.row, u.where)
            for u in filled.unplaced
            if u.reason in ("extra_row", "extra_column", "no_label")
        }
    )
    return round(whole - 0.01 * missing - 0.05 * extra, 4)


def _fill(document: Document, form: Form, key: str, region: Region) -> Filled:
    filled, words = Filled(form.table(key)), lexicon(form.key, key)
    own, outside = region.own()
    lines = _rows_across(own, words, region.closed)
    if not lines:
        lines, flowing = _printed_lines(own, words, region.more)
        clashes = settle(lines, filled.table)
        place(flowing, filled.table, region.closed)
        for clash in clashes:
            _clash(filled, clash)
    others = [line for part in outside if part[0].grid for line in rows_of(part, words)]
    _second_copy(document, filled, lines, others)
    unsure = [line for line in lines if line.note]
    for line in lines:
        if not line.note:
            fill_line(filled, line)
    place_by_sums([line for line in unsure if line.chosen], filled)
    for line in unsure:
        fill_line(filled, line)
    for line in others:
        for slot in line.slots if line.note != "repeated" else ():
            filled.aside(slot, line.label, "", "other_table")
    return filled


def _printed_lines(
    parts: list[list[Strip]], words: Lexicon, more: bool
) -> tuple[list[Printed], list[Printed]]:
    """The printed rows of all parts of a table, and those of them that have no header of their own."""
    lines: list[Printed] = []
    flowing: list[Printed] = []
    header: Header | None = None
    for part in parts:
        strips = part if part[0].grid else as_grid(part, words)
        if header is not None:
            header.carried = True
        if strips is None:
            flowing += printed_rows(part, words, more)
            lines += flowing
            continue
        found = rows_of(strips, words, header)
        header = next((x.header for x in reversed(found) if x.header), header)
        lines += found
    return lines, flowing


def _clash(filled: Filled, lines: list[Printed]) -> None:
    """Several lines that are the same row equally well: one where they agree, else the row is not settled."""
    printed = {tuple(s.text for s in line.slots if s.text) for line in lines} - {()}
    chosen = next((line for line in lines if line.chosen), None)
    for line in lines:
        if len(printed) == 1 and line is not chosen:
            line.note = "repeated"
        elif len(printed) == 1 and not any(slot.text for slot in line.slots):
            line.note = "does_not_fit"  # blank here, but shown on the other line
        elif len(printed) > 1 and line is chosen:
            line.note = "does_not_fit"
            filled.twice.append(line.chosen)


def _second_copy(
    document: Document, filled: Filled, lines: list[Printed], others: list[Printed]
) -> None:
    """A second, different set of most rows is a second report; an equal one is a page that prints its table twice."""
    first = {line.chosen: line for line in lines if line.chosen}
    again = [
        x for x in (*lines, *others)
        if not x.chosen and x.slots and x.matches and x.matches[0].kind == "row" and x.matches[0].score >= 1
    ]  # fmt: skip
    if len({x.matches[0].key for x in again}) < SECOND_COPY:
        return
    for x in again:
        own = first.get(x.matches[0].key)
        if own and [s.text for s in x.slots] != [s.text for s in own.slots]:
            seen = f"table {filled.table.zh} twice, with other figures ({x.where})"
            raise _two_reports(document, seen)
    for line in again:
        line.note = "repeated"


def _rows_across(parts: list[list[Strip]], words: Lexicon, closed: bool) -> list[Printed]:
    found: list[Printed] = []
    for part in parts if words.table.layout == "across" else ():
        strips = part if part[0].grid else as_grid(part, words)
        lines = across(strips, words) if strips else []
        found += lines if lines or part[0].grid else across_line(part, words, closed)
    return found


# --- the record ----------------------------------------------------------------------------------------


def _main_form(filled: list[tuple[Form, Filled]], year: str | int | None) -> Form | None:
    """The form of the table that tells forms apart best: 二 where it was read, else the one with most cells.

    Where what was read is the same table in several forms, the form of the report's year, else the newest.
    """
    read = [(f.table.key == "proactive", len(f.cells), form.key) for form, f in filled if f.cells]
    tables = [f.table for _, f in filled if f.cells]
    shared = [form for form in FORMS.values() if all(_as_in_another(t, [form]) for t in tables)]
    if read and len(shared) > 1:
        of_year = [form for form in shared if not isinstance(year, int) or int(form.key) <= year]
        return max(of_year or shared, key=lambda form: int(form.key))
    return FORMS[max(read)[2]] if read else None


def _as_in_another(table: Table, forms: list[Form]) -> bool:
    """Whether one of these forms prints this table with the same rows and columns."""
    others = [form.by_key[table.key] for form in forms if table.key in form.by_key]
    return any((table.rows, table.columns) == (other.rows, other.columns) for other in others)


def _cells(form: Form, filled: list[tuple[Form, Filled]]) -> list[Cell]:
    """Every cell of the form in form order; a table printed on another form keeps that form's rows."""
    own = {f.table.key: (x.key, f.cells) for x, f in filled if f.cells}
    found: list[Cell] = []
    for table in form.tables:
        key, read = own.get(table.key, (form.key, {}))
        absent, optional = _absent(key, table.key)
        missing = optional and optional - {row for row, _ in read}
        found += [read.get(k, cell) for k, cell in absent.items() if k[0] not in missing]
    return found


@cache
def _absent(form: str, key: str) -> tuple[dict[tuple[str, str], Cell], frozenset[str]]:
    """The cells of a table in form order as they are where nothing is printed, and its optional rows."""
    table = FORMS[form].table(key)
    cells = {
        (row.key, c): Cell(key, row.key, c, None, row_unit(row, table.column(c)), "absent", "", "")
        for row in table.rows
        for c in table.columns_of(row)
    }
    return cells, frozenset(row.key for row in table.optional)


def _unplaced(filled: list[tuple[Form, Filled]], regions: dict[str, Region]) -> list[Unplaced]:
    found = [u for _, f in filled for u in f.unplaced]
    for part in regions.get(OTHER, Region()).parts:
        for slot in (slot_of(cell) for strip in part for cell in strip.cells):
            value = number(slot.text).value
            if value is not None:
                found.append(
                    Unplaced("", "", "", float(value), slot.text, slot.where, "other_table")
                )
    return found


def _findings(form: Form | None, filled: list[tuple[Form, Filled]]) -> list[Finding]:
    if form is None:
        message = "No statutory table (表二, 表三, 表四) was found; tables stored as pictures can't be read. All cells are missing."
        return [Finding("form.no_tables", "form", "warning", None, None, None, (), message)]
    found = []
    for _, f in filled:
        for row in f.twice:
            cells = tuple(f"{f.table.key}.{row}.{c}" for c in f.table.columns_of(f.table.row(row)))
            message = f"{f.table.row(row).zh} is printed more than once, with different figures; which counts is not settled."
            found.append(
                Finding("form.row_twice", "reading", "warning", None, None, None, cells, message)
            )
    mixed = [
        f"{f.table.zh}: form {x.key}" for x, f in filled
        if f.cells and x.key != form.key and f.table is not form.by_key.get(f.table.key)
    ]  # fmt: skip
    if mixed:
        message = f"The report is on form {form.key}, but {'; '.join(mixed)}."
        found.append(Finding("form.mixed", "form", "info", None, None, None, (), message))
    return found


def _refuse(document: Document, strips: list[Strip]) -> None:
    texts = [s.text for s in strips if s.text]
    seen = (
        f"“{texts[0][:40]}”, {len(texts)} lines, no section title that fits" if texts else "no text"
    )
    raise NotAReportError(
        document.source.path,
        "the tables or the six sections of an annual report",
        seen=seen,
        advice="Check that this is the report itself and not a list or a notice; tables stored as pictures can't be read.",
    )
