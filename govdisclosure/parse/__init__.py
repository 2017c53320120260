"""Document → Record: finds the sections, aligns printed labels with the form, fills its cells.

Knows the forms and no file format. What it can't place surely it lists (``Record.unplaced``) or marks
``unreadable``; it never guesses.
"""

from __future__ import annotations

from functools import lru_cache

from ..errors import NotAReportError, SeveralReportsError
from ..forms import FORMS, Form, row_unit
from ..identity import identify
from ..model import Cell, Document, Finding, Record, Unplaced
from ..normalize import label, number
from . import plans
from .align import settle
from .fill import Filled, fill_across, fill_line
from .flow import put_together, take_apart
from .grids import across, lines_of
from .lexicon import Lexicon, lexicon
from .lines import Line, Value
from .lost import line_texts, refuse_lost_text
from .outline import Item, outline, sections
from .parts import Part, vote
from .pipes import grid_rows, has_true_columns
from .runs import Segment, pieces_of, segments
from .sharing import shared_rhythms
from .tables import OTHER, Material, detect_form, gather, texts_of

FEWEST_ROWS = 3
FEWEST_SECTIONS = 3
SECOND_COPY = 10


def parse_document(
    document: Document, *, report_id: str = "", manifest: dict[str, str] | None = None
) -> Record:
    """A report from what a reader found.

    Returns a `Record` whose ``cells`` hold every cell of its form in form order, whatever was printed.
    Raises NotAReportError where neither tables nor sections of an annual report are found, SeveralReportsError
    where there are two reports, LayoutError where the text lost what tells its cells apart.
    Forms: 国办公开办函〔2019〕60号, 〔2021〕30号.

    >>> from govdisclosure.model import Source
    >>> parse_document(Document(Source("x.txt"), ()))
    Traceback (most recent call last):
        ...
    govdisclosure.errors.NotAReportError: x.txt: expected the tables or the six sections of an annual report; seen: no text. \
Check that this is the report itself and not a list or a notice; tables stored as pictures can't be read.
    """
    items = outline(document)
    materials = gather(items, document.flat)
    filled = _fill_all(document, items, materials)
    rows = sum(len({row for row, _ in f.cells}) for _, f in filled)
    titles = [i.text for i in items if i.is_title]
    if rows < FEWEST_ROWS and len(titles) < FEWEST_SECTIONS:
        _refuse(document, items)
    form = _main_form(filled)
    in_tables = {
        i for key, m in materials.items() if key != OTHER or rows >= FEWEST_ROWS for i in m.items
    }
    prose = sections(items, document.flat, in_tables)
    who = identify(document, prose, manifest)
    findings = (*who.findings, *_form_findings(form, filled))
    return Record(
        report_id or document.source.name, document.source, who.title, who.agency, who.year, who.level,
        who.division_code, who.province, who.published, form.key if form else None,
        tuple(_cells(form, filled)) if form else (), tuple(_unplaced(filled, materials, items)), prose, tuple(findings),
    )  # fmt: skip


def _fill_all(
    document: Document, items: list[Item], materials: dict[str, Material]
) -> list[tuple[Form, Filled]]:
    found, flows, preferred = [], [], ""
    order = [
        k for k in dict.fromkeys(t.key for f in FORMS.values() for t in f.tables) if k in materials
    ]
    for key in order:
        material = materials[key]
        form, filled = _from_parts(document, key, material, preferred)
        preferred = form.key
        if material.paragraphs:
            flows.append((filled, material, lexicon(form.key, key)))
        found.append((form, filled))
    _fill_flows(document, flows, items)
    return found


def _from_parts(
    document: Document, key: str, material: Material, preferred: str
) -> tuple[Form, Filled]:
    """The form of a table and what its grids fill of it."""
    inside, outside = _parts(material)
    plan_key = plans.key_of(key, preferred, inside, outside) if inside else None
    if plan := plans.known(plan_key):
        return plan.form, plan.fill([*inside, *outside])
    form = detect_form(key, texts_of(material), preferred)
    filled = Filled(form.table(key), recording=plan_key is not None)
    if inside:
        _fill_grids(
            document,
            filled,
            [part.rows for part in inside],
            lexicon(form.key, key),
            [part.rows for part in outside],
        )
        plans.keep(plan_key, form, filled, [*inside, *outside])
    return form, filled


def _fill_flows(
    document: Document, flows: list[tuple[Filled, Material, Lexicon]], items: list[Item]
) -> None:
    """Flattened tables: as grids where their columns are true, else line by line with the rhythm they share."""
    true = {
        m.paragraphs[0].column for _, m, words in flows if has_true_columns(m.paragraphs, words)
    }
    lines = (
        line_texts(
            [(i.block.text, getattr(i.block, "breaks", 1)) for i in items if i.block is not None]
        )
        if flows
        else []
    )
    apart = []
    for filled, material, words in flows:
        _second_text(document, items, material, filled)
        if true and _in_lines(material):
            _fill_grids(document, filled, [grid_rows(material.paragraphs)], words)
            continue
        segments_ = segments(pieces_of(material.paragraphs, words), words)
        refuse_lost_text(document.source.path, segments_, words, lines)
        after = material.after and Segment(*material.after, "unreadable")
        apart.append(take_apart(filled, segments_, words, after))
    shared = shared_rhythms([(flow.layout, flow.beat, flow.counted()) for flow in apart])
    for flow in apart:
        put_together(flow, shared)


def _second_text(document: Document, items: list[Item], material: Material, filled: Filled) -> None:
    """Most labels of a table once more outside its own text: the file holds a second report."""
    used = {id(p) for p in material.paragraphs}
    again = {
        label(i.text).core
        for i in items
        if i.block is not None and id(i.block) not in used and vote(i.text) == filled.table.key
    }
    if len(again) >= SECOND_COPY:
        raise SeveralReportsError(
            document.source.path,
            "one annual report",
            seen=f"{len(again)} labels of table {filled.table.zh} twice",
            advice="Split the file so that each report is a file of its own.",
        )


def _in_lines(material: Material) -> bool:
    """Whether the table's cells stand side by side on lines."""
    return any(p.column and not p.breaks for p in material.paragraphs)


def _parts(material: Material) -> tuple[list[Part], list[Part]]:
    """Parts inside the table's own section, and the others; all are inside where none is."""
    inside = [p for p, i in zip(material.parts, material.inside) if i]
    outside = [p for p, i in zip(material.parts, material.inside) if not i]
    return (inside, outside) if inside else (material.parts, [])


def _fill_grids(
    document: Document, filled: Filled, parts: list[list], words: Lexicon, outside: list[list] = ()
) -> None:
    others = [line for part in outside for line in lines_of(part, words)]
    if filled.table.layout == "across" and _fill_across(filled, parts, words):
        _beside(filled, others)
        return
    lines: list[Line] = []
    header = None
    for part in parts:
        if header is not None:
            header.carried = True
        found = lines_of(part, words, header)
        header = next((x.header for x in reversed(found) if x.header), header)
        lines += found
    for clash in settle(lines, filled.table):
        _clash(filled, clash)
    _second_copy(document, filled, lines, others)
    for line in lines:
        fill_line(filled, line)
    _beside(filled, [line for line in others if line.note != "repeated"])


def _beside(filled: Filled, lines: list[Line]) -> None:
    """Figures of tables that stand outside the table's own section are listed, not taken for its cells."""
    for line in lines:
        for value in line.values:
            filled.aside(value, line.label, "", "other_table")


def _clash(filled: Filled, lines: list[Line]) -> None:
    """Several lines that are the same row equally well: one where they agree, else the row is not settled."""
    filled.settled = False
    printed = {tuple(v.text for v in line.values) for line in lines if line.values}
    for other in lines:
        if len(printed) == 1 and not other.chosen:
            other.note = "repeated"
        elif len(printed) > 1 and other.chosen:
            other.note = "does_not_fit"


def _second_copy(document: Document, filled: Filled, lines: list[Line], others: list[Line]) -> None:
    """A second, different set of most rows is a second report; an equal one is a page that prints its table twice."""
    first = {line.chosen: line for line in lines if line.chosen}
    again = [
        x
        for x in (*lines, *others)
        if not x.chosen
        and x.values
        and x.matches
        and x.matches[0].kind == "row"
        and x.matches[0].score >= 1
    ]
    if len({x.matches[0].key for x in again}) < SECOND_COPY:
        return
    filled.settled = False
    differ = [
        x
        for x in again
        if x.matches[0].key in first
        and [v.text for v in x.values] != [v.text for v in first[x.matches[0].key].values]
    ]
    if differ:
        raise SeveralReportsError(
            document.source.path,
            "one annual report",
            seen=f"table {filled.table.zh} twice, with other figures ({differ[0].where})",
            advice="Split the file so that each report is a file of its own.",
        )
    for line in again:
        line.note = "repeated"


def _fill_across(filled: Filled, parts: list[list], words: Lexicon) -> bool:
    done = False
    for part in parts:
        found = across(part, words)
        if found is None:
            continue
        header, first, later = found
        if not header.leaves:
            continue
        fill_across(filled, header, [_value(c) for c in first])
        for cell in (c for row in later for c in row):
            filled.aside(_value(cell), "", "", "no_label")
        done = True
    return done


def _value(cell) -> Value:
    return Value(
        cell.text, cell.where, cell.column, cell.column + cell.colspan, False, cell.confidence
    )


def _main_form(filled: list[tuple[Form, Filled]]) -> Form | None:
    """The form of the table that tells forms apart best: 二 where it was read, else the one with most cells."""
    read = [
        (f.table.key == "proactive", len(f.cells), form.key, form) for form, f in filled if f.cells
    ]
    return max(read)[3] if read else None


def _cells(form: Form, filled: list[tuple[Form, Filled]]) -> list[Cell]:
    """Every cell of the form in form order; a table printed on another form keeps that form's rows."""
    own = {f.table.key: (x.key, f.cells) for x, f in filled if f.cells}
    found: list[Cell] = []
    for table in form.tables:
        key, read = own.get(table.key, (form.key, {}))
        absent, optional = _absent(key, table.key)
        missing = optional and optional - {row for row, _ in read}
        if missing:
            absent = {k: cell for k, cell in absent.items() if k[0] not in missing}
        found += [read.get(k, cell) for k, cell in absent.items()]
    return found


@lru_cache(maxsize=None)
def _absent(form: str, key: str) -> tuple[dict[tuple[str, str], Cell], frozenset[str]]:
    """The cells of a table in form order as they are where nothing is printed, and its optional rows."""
    table = FORMS[form].table(key)
    cells = {
        (row.key, c): Cell(key, row.key, c, None, row_unit(row, table.column(c)), "absent", "", "")
        for row in table.rows
        for c in table.columns_of(row)
    }
    return cells, frozenset(row.key for row in table.optional)


def _unplaced(
    filled: list[tuple[Form, Filled]], materials: dict[str, Material], items: list[Item]
) -> list[Unplaced]:
    found = [u for _, f in filled for u in f.unplaced]
    for part in materials.get(OTHER, Material()).parts:
        for row in part.rows:
            for cell in {id(c): c for c in row.cells}.values():
                reading = number(cell.text) if cell.text else None
                if reading and reading.value is not None:
                    found.append(
                        Unplaced(
                            "", "", "", float(reading.value), cell.text, cell.where, "other_table"
                        )
                    )
    return found


def _form_findings(form: Form | None, filled: list[tuple[Form, Filled]]) -> list[Finding]:
    if form is None:
        message = "No statutory table (表二, 表三, 表四) was found; tables stored as pictures can't be read. All cells are missing."
        return [Finding("form.no_tables", "form", "warning", None, None, None, (), message)]
    mixed = [
        f"{f.table.zh}: form {x.key}"
        for x, f in filled
        if f.cells and x.key != form.key and f.table is not form.by_key.get(f.table.key)
    ]
    if not mixed:
        return []
    message = f"The report is on form {form.key}, but {'; '.join(mixed)}."
    return [Finding("form.mixed", "form", "info", None, None, None, (), message)]


def _refuse(document: Document, items: list[Item]) -> None:
    texts = [i.text for i in items if i.text]
    seen = (
        f"“{texts[0][:40]}”, {len(texts)} paragraphs, no section title that fits"
        if texts
        else "no text"
    )
    raise NotAReportError(
        document.source.path,
        "the tables or the six sections of an annual report",
        seen=seen,
        advice="Check that this is the report itself and not a list or a notice; tables stored as pictures can't be read.",
    )
