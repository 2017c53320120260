"""Rows of a table of figures → Records, a report at a time, each with the cells and prose figures that the table gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import divisions
from ..errors import DisclosureError, TableRowError
from ..identity_data import LEVELS
from ..model import Cell, Figure, Finding, Known, Record, Source, Unplaced
from . import figure_codes
from .entries import cell_of, choose_form, doubled, figure_of, warn
from .sheets import FigureTable, Packed, Row, open_figures

YEARS = range(1990, 2100)
SAID = 200  # rows that can't be used are named one by one up to here, the rest are counted


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
    groups: dict[str, list[Packed]] = {}
    unusable: list[tuple[int, str]] = []
    for packed in table.rows:
        row = table.row(packed)
        problem = packed.problem or _misses(row)
        if problem:
            unusable.append((row.number, problem))
        else:
            groups.setdefault(_key(row), []).append(packed)
    notes = _unread(table)
    for key in list(groups):
        rows = [table.row(packed) for packed in groups.pop(key)]
        several = {(row.values["agency"], _year(row)) for row in rows}
        if len(several) > 1:
            unusable += [
                (row.number, f"{key} stands for several agencies or years") for row in rows
            ]
            continue
        yield _record(f"{report_id}/{key}", rows, table, source, notes)
        notes = []
    yield from _errors(source.path, unusable)


def _misses(row: Row) -> str:
    """Why a row belongs to no report; '' where it does."""
    if not row.values["agency"]:
        return "no agency"
    if _year(row) is None:
        return f"no year that can be: {row.values['year'][:20]!r}"
    return ""


def _year(row: Row) -> int | None:
    text = row.values["year"].removesuffix(".0")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if year in YEARS else None


def _key(row: Row) -> str:
    given = row.values
    own = [given["agency"], str(_year(row)), given.get("territory", "")]
    return given.get("report_key") or "-".join(filter(None, own))


def _unread(table: FigureTable) -> list[Finding]:
    if not table.unread:
        return []
    names = ", ".join(table.unread)[:200]
    return [warn("table.columns_not_read", f"Columns that are not read: {names}.", "info")]


def _errors(path: str, unusable: list[tuple[int, str]]) -> Iterator[DisclosureError]:
    """An error for each row that can't be used; the last one counts those that are not named."""
    expected = "a row with agency, year and a value for each column"
    for number, problem in unusable[:SAID]:
        yield TableRowError(f"{path}, line {number}", expected, seen=problem)
    if len(unusable) > SAID:
        yield TableRowError(path, expected, seen=f"{len(unusable) - SAID} more rows of the kind")


def _record(
    report_id: str, rows: list[Row], table: FigureTable, source: Source, notes: Iterable[Finding]
) -> Record:
    """One report: its facts, its cells in form order, its figures in the table's order, and what needs saying."""
    findings = list(notes)
    form = choose_form(rows, findings)
    cells: list[Cell] = []
    figures: list[Figure] = []
    unplaced: list[Unplaced] = []
    urls = {row.values.get("url", "") for row in rows}
    for row in rows:
        place = row.values.get("where") or row.values.get("url") or ""
        where = place or f"{source.name or source.path}, line {row.number}"
        if row.values.get("table"):
            made = cell_of(row, form, table.columns, where, findings)
            (cells if isinstance(made, Cell) else unplaced).append(made)  # type: ignore[arg-type]
        elif row.values.get("indicator") or row.values.get("measure"):
            figures.append(figure_of(row, where if len(urls) > 1 else "", findings))
        else:
            message = f"Line {row.number} names neither a cell nor an indicator; it is not read."
            findings.append(warn("table.no_place", message))
    facts = {name: _agreed(rows, name, findings) for name in ("level", "division_code", "province")}
    return Record(
        report_id=report_id,
        source=_part(source, rows, urls),
        title=Known(None),
        agency=Known(rows[0].values["agency"], "table"),
        year=Known(_year(rows[0]), "table"),
        published=Known(None),
        form=form.key if form else None,
        cells=doubled(cells, form, findings),
        figures=doubled_figures(figures, findings),
        unplaced=tuple(unplaced),
        sections=(),
        findings=tuple(findings),
        **_places(facts, findings),
    )


def doubled_figures(figures: list[Figure], findings: list[Finding]) -> tuple[Figure, ...]:
    """Prose figures, each once; the same figure twice is said, and so are two values for one count."""
    once = dict.fromkeys(figures)
    values: dict[tuple, set] = {}
    for figure in once:
        key = (figure.indicator, figure.platform, figure.period, figure.scope, figure.note)
        values.setdefault(key, set()).add((figure.value, figure.unit))
    if len(once) < len(figures):
        count = len(figures) - len(once)
        findings.append(warn("table.doubled_row", f"{count} figures stand there twice.", "info"))
    for key, several in values.items():
        if len(several) > 1:
            message = f"{key[0]} ({key[1]}) has {len(several)} values; all are kept."
            findings.append(warn("table.several_values", message))
    return tuple(once)


def _part(source: Source, rows: list[Row], urls: set[str]) -> Source:
    """The report's own source: the lines it stands on, its one address, and the origin as a parameter of the media type."""
    first, last = rows[0].number, rows[-1].number
    origins = {row.values.get("origin", "") for row in rows} - {""}
    origin = origins.pop() if len(origins) == 1 else "mixed" if origins else ""
    media_type = source.media_type + (f"; origin={origin}" if origin else "")
    return source._replace(
        path=f"{source.path}, lines {first}-{last}",
        url=urls.pop() if len(urls) == 1 else "",
        media_type=media_type,
    )


def _agreed(rows: list[Row], name: str, findings: list[Finding]) -> str:
    """What all rows say of a fact; '' and a finding where they differ."""
    said = sorted({row.values.get(name, "") for row in rows} - {""})
    if len(said) > 1:
        message = f"The rows give several values for {name} ({', '.join(said[:4])}); none is taken."
        findings.append(warn("table.facts_differ", message))
    return said[0] if len(said) == 1 else ""


def _places(facts: dict[str, str], findings: list[Finding]) -> dict[str, Known]:
    """Level, division code and province; what can't be is NA and said."""
    level = facts["level"].replace("_", " ")
    level = figure_codes.LEVELS.get(level, level)
    code, province = facts["division_code"], facts["province"]
    if level and level not in LEVELS:
        findings.append(warn("table.unknown_code", f"No level is called {level!r}."))
        level = ""
    if code and not (code.isascii() and code.isdigit() and len(code) == 6):
        findings.append(warn("table.unknown_code", f"{code!r} is no division code of six digits."))
        code = ""
    if code and not province:
        province = divisions.province_name(code) or ""
    return {
        "level": _known(level),
        "division_code": _known(code),
        "province": _known(province),
    }


def _known(value: str) -> Known:
    return Known(value, "table") if value else Known(None)
