"""Rows of a table of figures → Records, a report at a time, each with the cells and prose figures that the table gives.

A row gives a cell of the form or a figure of the prose; what does not fit is a finding.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from ..errors import DisclosureError, TableRowError
from ..forms import FORMS, Form, form_cells, row_unit
from ..identity.bodies import province_name
from ..identity.deciding import FIELDS, Findings
from ..model import Cell, Figure, Known, Record, Source, Unplaced
from ..narrative.codes import PLATFORMS, UNITS
from ..numbers import MONEY, MYRIADS, Reading, convert, number
from .sheets import CODES, Row, open_figures, packed_rows

SAID = 200  # rows that can't be used are named one by one up to here, the rest are counted
STATED = ("blank", "not_applicable", "unreadable")
# Form → code of each of its cells, in form order → its row and column.
_PLACES = {
    key: {(t.key, r.key, c.key): (r, c) for t, r, c in form_cells(form, optional=True)}
    for key, form in FORMS.items()
}


def figure_records(
    data: bytes, source: Source, report_id: str
) -> Iterator[Record | DisclosureError]:
    """The reports of a table of figures, in the order in which they first appear; what can't be used is an error of kind
    'table_row', yielded beside them.

    A report's id is ``report_id/report_key`` (without a key: ``report_id/agency-year``, and the territory). Raises
    UnreadableFileError and LimitError where the table as a whole can't be read.
    """
    table = open_figures(data, source.path)
    if table is None:
        raise TableRowError(source.path, "a table of figures", seen="other columns")
    source = source._replace(media_type=table.media_type)
    groups: dict[str, list[tuple]] = defaultdict(list)
    unusable: list[tuple[int, str]] = []
    for line, values, problem in packed_rows(table, source.path):
        row = Row(table.header, line, values)
        if problem := problem or _misses(row):
            unusable.append((line, problem))
        else:
            own = row["agency"], _year(row), row["territory"]
            groups[row["report_key"] or "-".join(filter(None, own))].append((line, values))
    notes = Findings("table", "reading")
    if unread := [name for name in table.header if name and name not in CODES["columns"]]:
        message = f"Columns that are not read: {', '.join(unread)[:200]}."
        notes.say("columns_not_read", message, "info")
    for key in list(groups):
        rows = [Row(table.header, *packed) for packed in groups.pop(key)]
        if len({(row["agency"], _year(row)) for row in rows}) > 1:
            problem = f"{key} stands for several agencies or years"
            unusable += [(row.number, problem) for row in rows]
        else:
            yield _record(f"{report_id}/{key}", rows, source, notes)
            notes = Findings("table", "reading")
    yield from _errors(source.path, unusable)


def _misses(row: Row) -> str:
    """Why a row belongs to no report; '' where it does."""
    if not row["agency"]:
        return "no agency"
    return "" if _year(row) else f"no year that can be: {row['year'][:20]!r}"


def _year(row: Row) -> str:
    match = re.fullmatch(FIELDS["year"][1], row["year"], re.ASCII)
    return match[1] if match else ""


def _reject(row: Row, where: str, said: str, notes: Findings) -> None:
    """A word that no list has."""
    message = f"Line {row.number}: {where} has no {said[:60]!r}; it is kept as typed."
    notes.say("unknown_code", message)


def _errors(path: str, unusable: list[tuple[int, str]]) -> Iterator[DisclosureError]:
    """An error for each row that can't be used; the last one counts those that are not named."""
    expected = "a row with agency, year and a value for each column"
    for line, problem in unusable[:SAID]:
        yield TableRowError(f"{path}, line {line}", expected, seen=problem)
    if len(unusable) > SAID:
        yield TableRowError(path, expected, seen=f"{len(unusable) - SAID} more rows of the kind")


def _record(report_id: str, rows: list[Row], source: Source, notes: Findings) -> Record:
    """One report: its facts, its cells in form order, its figures in the table's order, and what needs saying."""
    form = _form(rows, notes)
    urls = {row["url"] for row in rows}
    made = [_entry(row, form, len(urls) > 1, source, notes) for row in rows]
    origins = {row["origin"] for row in rows} - {""}
    origin = "mixed" if len(origins) > 1 else "".join(origins)
    code = _fact(rows, "division_code", notes)
    province = _fact(rows, "province", notes) or province_name(code or "")
    return Record(
        report_id=report_id,
        source=source._replace(
            path=f"{source.path}, lines {rows[0].number}-{rows[-1].number}",
            url="".join(urls) if len(urls) == 1 else "",
            media_type=source.media_type + (f"; origin={origin}" if origin else ""),
        ),
        title=Known(None),
        agency=Known(rows[0]["agency"], "table"),
        year=Known(int(_year(rows[0])), "table"),
        published=Known(None),
        level=_known(_fact(rows, "level", notes)),
        division_code=_known(code),
        province=_known(province),
        form=form.key if form else None,
        cells=_cells_once([cell for cell in made if isinstance(cell, Cell)], form, notes),
        figures=_figures_once([figure for figure in made if isinstance(figure, Figure)], notes),
        unplaced=tuple(one for one in made if isinstance(one, Unplaced)),
        sections=(),
        findings=tuple(notes),
    )


def _entry(
    row: Row, form: Form | None, several: bool, source: Source, notes: Findings
) -> Cell | Figure | Unplaced | None:
    """What a row gives; None, and a finding, where it names no place. ``several``: the report has several addresses."""
    where = row["where"] or row["url"] or f"{source.name or source.path}, line {row.number}"
    if all(_code(row)):
        return _cell(row, form, where, notes)
    if row["indicator"] or row["measure"]:
        return _figure(row, where if several else "", notes)
    message = f"Line {row.number} names neither a cell nor an indicator; it is not read."
    notes.say("no_place", message)
    return None


def _known(value: str) -> Known:
    return Known(value, "table") if value else Known(None)


def _fact(rows: list[Row], name: str, notes: Findings) -> str:
    """What all rows say of a fact; '' and a finding where they differ, or it can't be."""
    said = sorted({row[name] for row in rows} - {""})
    if len(said) > 1:
        message = f"The rows give several values for {name} ({', '.join(said[:4])}); none is taken."
        notes.say("facts_differ", message)
        return ""
    text = "".join(said)
    if name == "level":
        text = text.replace("_", " ").replace("nation", "state")
    expected, pattern, _ = FIELDS[name]
    if text and not re.fullmatch(pattern, text, re.ASCII):
        notes.say("unknown_code", f"{name} is {text[:60]!r}: {expected} is expected.")
        return ""
    return text


def _form(rows: list[Row], notes: Findings) -> Form | None:
    """The form that the rows name, else the one that has all their codes; where two have, the year decides, and it is said."""
    given = {row["form"].removesuffix(".0") for row in rows} - {""}
    if len(given) == 1 and (form := FORMS.get(min(given))):
        return form
    if given:
        _reject(rows[0], "the list of forms", ", ".join(sorted(given)), notes)
    codes = set(filter(all, map(_code, rows)))
    if not codes:
        return None
    lacking = {key: len(codes - places.keys()) for key, places in _PLACES.items()}
    fitting = [key for key, count in lacking.items() if count == min(lacking.values())]
    if len(fitting) > 1:
        fitting = ["2019" if _year(rows[0]) < "2021" else "2021"]
        notes.say("form_by_year", f"Form {fitting[0]}: by the year.", "info")
    return FORMS[fitting[0]]


def _code(row: Row) -> tuple[str, str, str]:
    """Table, row and column of a cell; one of them is '' where the row names no cell."""
    return row["table"], row["row"], row["column"]


def _cell(row: Row, form: Form | None, where: str, notes: Findings) -> Cell | Unplaced:
    """The cell that a row gives, or where the form has no such cell its figure as unplaced, with a finding."""
    code = _code(row)
    text = row.get("text", row["value"])
    places = _PLACES[form.key] if form else {}
    if code not in places:
        _reject(row, f"form {form.key if form else '?'}", ".".join(code), notes)
        rows = {place[:2] for place in places}
        known = "extra_column" if code[:2] in rows else "extra_row"
        reason = known if code[0] in {table for table, _ in rows} else "other_table"
        return Unplaced(*code, _float(number(text).value), text, where, reason)
    form_row, column = places[code]
    unit = row["unit"] or None if "unit" in row else row_unit(form_row, column)
    money = (form_row.kind or column.kind) == "money"
    value, unit, status = _value(row, unit, money, notes)
    if (
        value is not None and unit in MONEY and column.money_unit
    ):  # 84565 元 of fees are 8.4565 万元
        value, unit = convert(value, unit, column.money_unit), column.money_unit
    return Cell(*code, _float(value), unit, status, text, where)


def _value(
    row: Row, unit: str | None, money: bool, notes: Findings
) -> tuple[Decimal | None, str | None, str]:
    """(value, unit, status) that a row's text and value say together, in the row's unit; unreadable where they contradict
    each other, which is said. In an amount of money 元 may stand where the header says 万元."""
    text, typed = row["text"], row["value"]
    stated = number(typed)
    printed = number(text) if "text" in row else stated
    cells = (".".join(_code(row)),) if all(_code(row)) else ()
    if "text" not in row and stated.value is None and row["status"] in STATED:
        return None, unit, row["status"]
    no_figure = printed.value is None and ("text" not in row or stated.status == "blank")
    if no_figure and (cells or printed.status == "blank"):
        return None, unit or printed.unit, printed.status
    value = _agreed(printed, stated.value, unit, money)
    if value is None:
        problem = f"value {typed[:20]!r}, text {text[:20]!r} and unit {unit} do not agree"
        notes.say("contradiction", f"Line {row.number}: {problem}; it is not read.", cells=cells)
        return None, unit, "unreadable"
    return value, unit or printed.unit, "reported"


def _agreed(
    printed: Reading, stated: Decimal | None, unit: str | None, money: bool
) -> Decimal | None:
    """The figure, in the row's unit, that is printed and stated; None where the two contradict each other."""
    figure = printed.value
    if figure is None or (printed.unit in MONEY and not money):
        return None
    if printed.unit in MONEY and unit in MONEY:
        figure = convert(figure, printed.unit, unit)
    scales = (1, 10_000) if money and printed.unit is None else (1,)
    return next((figure * scale for scale in scales if stated in (None, figure * scale)), None)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _cells_once(cells: list[Cell], form: Form | None, notes: Findings) -> tuple[Cell, ...]:
    """Cells in form order, each once: printed twice alike it is one, printed differently it is unreadable; both are said."""
    once: dict[tuple, Cell] = {}
    for cell in cells:
        key = cell[:3]
        before = once.setdefault(key, cell)
        if before is cell:
            continue
        same = before[3:6] == cell[3:6]
        end = "it is taken once" if same else "neither is taken"
        message = f"{'.'.join(key)} is {before.text[:20]!r} and {cell.text[:20]!r}; {end}."
        notes.say("doubled_row", message, "info" if same else "warning", cells=(".".join(key),))
        if not same:
            once[key] = before._replace(value=None, status="unreadable")
    return tuple(once[code] for code in (_PLACES[form.key] if form else ()) if code in once)


def _figures_once(figures: list[Figure], notes: Findings) -> tuple[Figure, ...]:
    """Prose figures, each once; the same figure twice is said, and so are two values for one count."""
    once = dict.fromkeys(figures)
    if doubles := len(figures) - len(once):
        notes.say("doubled_row", f"{doubles} figures stand there twice.", "info")
    counts = Counter((f.indicator, f.platform, f.period, f.scope, f.note) for f in once)
    for key, count in counts.items():
        if count > 1:
            notes.say("several_values", f"{key[0]} ({key[1]}) has {count} values; all are kept.")
    return tuple(once)


def _figure(row: Row, where: str, notes: Findings) -> Figure:
    """A figure of the prose as the row gives it. Its note holds what the frame has no column for, as ``key: value; …``:
    origin, territory, counts (what narrows the count), printed (a figure in 万 or 亿), where (if the report has several)."""
    value, unit, _ = _value(row, None, True, notes)
    usual = UNITS.get(row["indicator"], "个" if row["measure"] else "")
    unit = row.get("unit", usual) or unit or ""
    printed = ""
    if unit[:1] in MYRIADS:  # 3.5 万条 are 35,000 条
        printed = "" if value is None else f"{value} {unit}"
        value, unit = value and value * MYRIADS[unit[0]], unit[1:]
    scope, _, counts = row["scope"].replace("；", ";").partition(";")
    known = CODES["scopes"].get(scope.strip().lower(), "part")
    platform = row["platform"] or "all"
    if platform not in PLATFORMS:
        _reject(row, "platform", platform, notes)
    indicator, period = _indicator(row, unit, notes)
    facts = {
        "origin": row["origin"],
        "territory": row["territory"],
        "counts": row["scope"] if known == "part" else counts.strip(),
        "printed": printed,
        "where": where,
    }
    note = [f"{name}: {said}" for name, said in facts.items() if said] + [row["note"]]
    approximate = row["approximate"].lower() not in CODES["not_approximate"]
    note_text = "; ".join(filter(None, note))
    at = 0, "", 0, 0  # in no section and no sentence
    return Figure(
        indicator,
        platform,
        _float(value),
        unit,
        period,
        approximate,
        known,
        *at,
        "table",
        note_text,
    )


def _indicator(row: Row, unit: str, notes: Findings) -> tuple[str, str]:
    """(code of the codebook where it has one, period)."""
    code, year = row["indicator"] or f"new_media_{row['measure']}", _year(row)
    period = row["period"].removesuffix(".0")
    period = {"": "year", year: "year", str(int(year) - 1): "previous_year"}.get(period, period)
    alias, cumulative = CODES["aliases"].get(code, (code, ""))
    if UNITS.get(alias) == unit:
        code, period = alias, cumulative or period
    if code not in UNITS and code not in CODES["indicators"]:
        _reject(row, "the codebook", code, notes)
    return code, period
