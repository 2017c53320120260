"""One row of a table of figures → a cell of the form or a figure of the prose; what does not fit is a finding."""

from __future__ import annotations

from collections.abc import Container, Iterable
from decimal import Decimal

from ..forms import FORMS, Column, Form, form_cells, row_unit
from ..forms import Row as FormRow
from ..model import Cell, Figure, Finding, Unplaced
from ..narrative.codes import PLATFORMS, UNITS
from ..numbers import MONEY, Reading, convert, number
from . import figure_codes
from .sheets import Row

SCALES = {"亿": Decimal(10) ** 8, "万": Decimal(10) ** 4}
STATED = ("blank", "not_applicable", "unreadable")


def warn(rule: str, message: str, severity: str = "warning", cells: tuple = ()) -> Finding:
    """A finding about how the table was read."""
    return Finding(rule, "reading", severity, None, None, None, cells, message)


def choose_form(rows: Iterable[Row], findings: list[Finding]) -> Form | None:
    """The form that the rows name, else the one that has all their codes; where two have, the year decides, and it is said."""
    given = {row.values.get("form", "").removesuffix(".0") for row in rows} - {""}
    if len(given) == 1 and (form := FORMS.get(min(given))):
        return form
    if given:
        message = f"form is {', '.join(sorted(given))[:60]}: one of {', '.join(FORMS)} is expected."
        findings.append(warn("table.unknown_code", message))
    codes = set(filter(all, map(code_of, rows)))
    if not codes:
        return None
    lacking = {key: len(codes - places) for key, places in _PLACES.items()}
    fitting = [key for key, count in lacking.items() if count == min(lacking.values())]
    if len(fitting) > 1:
        year = next(iter(rows)).values["year"]
        fitting = ["2019" if year < "2021" else "2021"]
        findings.append(warn("table.form_by_year", f"Form {fitting[0]}: by the year.", "info"))
    return FORMS[fitting[0]]


def code_of(row: Row) -> tuple[str, str, str]:
    """Table, row and column of a cell; one of them is '' where the row names no cell."""
    given = row.values
    return given.get("table", ""), given.get("row", ""), given.get("column", "")


_PLACES = {
    key: {(t.key, r.key, c.key) for t, r, c in form_cells(form, optional=True)}
    for key, form in FORMS.items()
}


def cell_of(
    row: Row, form: Form | None, columns: Container[str], where: str, findings: list[Finding]
) -> Cell | Unplaced:
    """The cell that a row gives, or where the form has no such cell its figure as unplaced, with a finding."""
    given = row.values
    code = code_of(row)
    text = given["text"] if "text" in columns else given["value"]
    if form is None or code not in _PLACES[form.key]:
        message = (
            f"Line {row.number}: form {form.key if form else '?'} has no cell {'.'.join(code)}."
        )
        findings.append(warn("table.unknown_code", message))
        return Unplaced(*code, _float(number(text).value), text, where, _reason(code, form))
    table = form.table(code[0])
    form_row, column = table.row(code[1]), table.column(code[2])
    unit = given["unit"] or None if "unit" in columns else row_unit(form_row, column)
    reading, problem = _reading(row, columns, unit, _is_money(form_row, column))
    if problem:
        message = f"Line {row.number}: {problem}; the cell is not read."
        findings.append(warn("table.contradiction", message, cells=(".".join(code),)))
    value, unit = _in_form_unit(reading.value, unit or reading.unit, column)
    return Cell(*code, _float(value), unit, reading.status, text, where)


def _is_money(row: FormRow, column: Column) -> bool:
    return (row.kind or column.kind) == "money"


def _reason(code: tuple[str, str, str], form: Form | None) -> str:
    if form is None or code[0] not in form.by_key:
        return "other_table"
    known = any(place[:2] == code[:2] for place in _PLACES[form.key])
    return "extra_column" if known else "extra_row"


def _reading(
    row: Row, columns: Container[str], unit: str | None, money: bool
) -> tuple[Reading, str]:
    """What a row's text and value say together, in the row's unit; where they contradict each other, unreadable and why."""
    text, typed = row.values.get("text", ""), row.values.get("value", "")
    stated = number(typed)
    printed = number(text) if "text" in columns else stated
    if "text" not in columns and stated.value is None and row.values.get("status") in STATED:
        return stated._replace(status=row.values["status"]), ""
    if printed.value is None and ("text" not in columns or stated.status == "blank"):
        return printed, ""
    figure = _in_unit(printed, unit)
    if printed.unit in MONEY and not money:
        problem = f"an amount of money, {text[:20]!r}, in a column of counts"
    elif figure is None or stated.value not in (None, *_readings(figure, money, printed.unit)):
        problem = f"value {typed[:20]} beside text {text[:20]!r}"
    else:
        value = figure if stated.value is None else stated.value
        return Reading(value, unit or printed.unit, "reported"), ""
    return Reading(None, None, "unreadable"), problem


def _in_unit(printed: Reading, unit: str | None) -> Decimal | None:
    """A printed figure in the row's unit."""
    if printed.value is None or printed.unit not in MONEY or unit not in MONEY:
        return printed.value
    return convert(printed.value, str(printed.unit), str(unit))


def _readings(figure: Decimal, money: bool, unit: str | None) -> tuple[Decimal, ...]:
    """The values that a figure can stand for: itself, and 元 where an amount's header says 万元."""
    return (figure, figure * 10_000) if money and unit is None else (figure,)


def _in_form_unit(
    value: Decimal | None, unit: str | None, column: Column
) -> tuple[Decimal | None, str | None]:
    """An amount in the unit that the form's cells have: 84565 元 of fees are 8.4565 万元."""
    if value is None or unit not in MONEY or not column.money_unit:
        return value, unit
    return convert(value, unit, column.money_unit), column.money_unit


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def doubled(cells: list[Cell], form: Form | None, findings: list[Finding]) -> tuple[Cell, ...]:
    """Cells in form order, each once: printed twice alike it is one, printed differently it is unreadable; both are said."""
    once: dict[tuple, Cell] = {}
    for cell in cells:
        key = cell[:3]
        before = once.setdefault(key, cell)
        if before is cell:
            continue
        code = ".".join(key)
        if (before.value, before.status, before.unit) == (cell.value, cell.status, cell.unit):
            findings.append(
                warn("table.doubled_row", f"{code} stands there twice.", "info", (code,))
            )
        else:
            message = f"{code} is {before.text[:20]!r} and {cell.text[:20]!r}; neither is taken."
            findings.append(warn("table.doubled_row", message, cells=(code,)))
            once[key] = before._replace(value=None, status="unreadable")
    order = _ORDER[form.key] if form else {}
    return tuple(sorted(once.values(), key=lambda cell: order[cell[:3]]))


_ORDER = {
    key: {
        (t.key, r.key, c.key): place
        for place, (t, r, c) in enumerate(form_cells(form, optional=True))
    }
    for key, form in FORMS.items()
}


def figure_of(row: Row, where: str, findings: list[Finding]) -> Figure:
    """A figure of the prose as the row gives it. Its note holds what the frame has no column for, as ``key: value; …``:
    origin, territory, counts (what narrows the count), printed (a figure in 万 or 亿), where (if the report has several)."""
    given = row.values
    text = given.get("value") or given.get("text") or ""
    reading, problem = _reading(row, given, None, True)
    if problem or (reading.value is None and text):
        message = f"Line {row.number}: {problem or f'{text[:20]!r} is no number'}; it is not read."
        findings.append(warn("table.contradiction", message))
    unit = given.get("unit", _usual_unit(row)) or reading.unit or ""
    value, unit, printed = _plain(reading.value, unit)
    scope, _, counts = (given.get("scope", "").replace("；", ";")).partition(";")
    known = figure_codes.SCOPES.get(scope.strip().lower(), figure_codes.PART)
    if known == figure_codes.PART:
        counts = given["scope"]
    indicator, period = _indicator(row, unit, findings)
    facts = {
        "origin": given.get("origin"),
        "territory": given.get("territory"),
        "counts": counts.strip(),
        "printed": printed,
        "where": where,
    }
    note = [f"{name}: {said}" for name, said in facts.items() if said] + [given.get("note", "")]
    return Figure(
        indicator=indicator,
        platform=_platform(row, findings),
        value=_float(value),
        unit=unit,
        period=period,
        approximate=_approximate(row, findings),
        scope=known,
        section=0,
        sentence="",
        start=0,
        end=0,
        pattern="table",
        note="; ".join(filter(None, note)),
    )


def _plain(value: Decimal | None, unit: str) -> tuple[Decimal | None, str, str]:
    """3.5 万条 as 35,000 条, with what is printed; other figures as they are."""
    scale = SCALES.get(unit[:1])
    if scale is None:
        return value, unit, ""
    return value and value * scale, unit[1:], "" if value is None else f"{value} {unit}"


def _usual_unit(row: Row) -> str:
    """The codebook's unit, for a table that has no column of units."""
    return UNITS.get(row.values.get("indicator", ""), "个" if row.values.get("measure") else "")


def _indicator(row: Row, unit: str, findings: list[Finding]) -> tuple[str, str]:
    """(code of the codebook where it has one, period)."""
    given = row.values
    code = given.get("indicator") or f"new_media_{given.get('measure')}"
    year, period = given["year"].removesuffix(".0"), given.get("period", "").removesuffix(".0")
    if period in ("", year):
        period = "year"
    elif period.isascii() and period.isdigit() and int(period) == int(year) - 1:
        period = "previous_year"
    alias, cumulative = figure_codes.ALIASES.get(code, (code, ""))
    if UNITS.get(alias) == unit:
        code, period = alias, cumulative or period
    if code not in UNITS and code not in figure_codes.INDICATORS:
        message = (
            f"Line {row.number}: {code[:60]!r} is no code of the codebook; it is kept as typed."
        )
        findings.append(warn("table.unknown_code", message))
    return code, period


def _platform(row: Row, findings: list[Finding]) -> str:
    platform = row.values.get("platform") or "all"
    if platform not in PLATFORMS:
        message = (
            f"Line {row.number}: no platform is called {platform[:60]!r}; it is kept as typed."
        )
        findings.append(warn("table.unknown_code", message))
    return platform


def _approximate(row: Row, findings: list[Finding]) -> bool:
    text = row.values.get("approximate", "").lower()
    if text not in figure_codes.YES | figure_codes.NO:
        message = (
            f"Line {row.number}: approximate is {text[:20]!r}, neither yes nor no; taken as yes."
        )
        findings.append(warn("table.unknown_code", message))
    return text not in figure_codes.NO
