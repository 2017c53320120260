"""Records made by hand: from the figures of real reports, and random ones that add up."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from govdisclosure.forms import FORMS, Form, form_cells, row_unit
from govdisclosure.model import Cell, Figure, Known, Record, Section, Source, Unplaced
from govdisclosure.numbers import number
from tests.writers import figures

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "data" / "figures", ROOT.parent / "shared" / "figures")
NAMES = (
    "dayao-2021", "hongze-2023", "hongze-2024", "huaian-2024", "shanghai-office-2019", "shanghai-office-2025", "shanghai-stcsm-2024",
    "shuyang-2025", "shuyang-fgj-2023", "suqian-2023", "suqian-2024",
)  # fmt: skip
PARTS = tuple(c.key for c in FORMS["2021"].table("requests").columns if c.key != "total")
SECTIONS = tuple(
    Section(n, f"section {n}", "本年未收取信息处理费。" if n == 6 else "", "") for n in range(1, 7)
)


def figures_of(name: str) -> dict:
    """The figures of a real report; skips where they are not at hand."""
    for folder in FOLDERS:
        if (folder / f"{name}.json").exists():
            return json.loads((folder / f"{name}.json").read_text("utf-8"))
    pytest.skip(f"figures of {name} are in none of {[str(f) for f in FOLDERS]}")


def record(
    cells,
    form="2021",
    *,
    report_id="x",
    agency="甲县人民政府",
    year=2023,
    level="county",
    code="110101",
    **more,
) -> Record:
    """A record with these cells; all six sections are there unless told otherwise."""
    made = Record(
        report_id, Source(report_id), Known(None), Known(agency), Known(year), Known(level), Known(code), Known(None), Known(None), form,
        tuple(cells), (), SECTIONS,
    )  # fmt: skip
    return replace(made, **more)


def real(name: str, **more) -> Record:
    """The record of a real report from its figures."""
    data = figures_of(name)
    cells = []
    for table, row, column in form_cells(FORMS[data["form"]]):
        printed = data[table.key].get(row.key)
        if printed is None and row.optional:
            continue
        if isinstance(printed, list):
            printed = dict(zip(table.columns_of(row), printed))
        cells.append(
            _printed(
                table.key,
                row.key,
                column.key,
                row_unit(row, column),
                printed and printed[column.key],
                printed is None,
            )
        )
    return record(
        cells, data["form"], report_id=name, agency=data["agency"], year=data["year"], level=data["level"], code=data["division_code"], **more
    )  # fmt: skip


def _printed(table, row, column, unit, text, absent) -> Cell:
    if absent or text is None:
        return Cell(table, row, column, None, unit, "absent" if absent else "unreadable", "", "")
    reading = number(text)
    value = None if reading.value is None else float(reading.value)
    return Cell(table, row, column, value, unit, reading.status, text, f"{table} {row}")


def with_values(form: Form, values: dict, *, skip=(), statuses=None) -> tuple[Cell, ...]:
    """Cells of a form from {(table, row, column): value}; what is not named is absent."""
    cells = []
    for table, row, column in form_cells(form):
        key = (table.key, row.key, column.key)
        if key in skip or (row.optional and key not in values):
            continue
        value = values.get(key)
        status = (statuses or {}).get(key) or ("reported" if key in values else "absent")
        shown = None if status in ("blank", "absent", "not_applicable", "unreadable") else value
        cells.append(
            Cell(
                *key,
                shown,
                row_unit(row, column),
                status,
                "" if value is None else f"{value:g}",
                "",
            )
        )
    return tuple(cells)


def consistent(form: str, seed: int, *, one_row: bool = False) -> dict:
    """Random figures of a form that hold every identity."""
    pen = random.Random(seed)
    if form == "2014":
        return _consistent_2014(pen)
    cells = figures.keys(FORMS[form], one_row)
    counts = figures.COUNTS[:-3]  # none is absurd
    made = figures.consistent(pen, FORMS[form], cells, counts, scales=(5, 60, 1500))
    return {key: float(value) for key, value in made.items()}


def _consistent_2014(rng: random.Random) -> dict:
    table = FORMS["2014"].table("statistics")
    values = {r.key: float(rng.randint(0, 60)) for r in table.rows}
    values["A2a"] += values["A1"]
    values["A1a"], values["B2a1"], values["B2b1"] = 0.0, 0.0, 0.0
    for total in ("C3d", "C1", "C2", "C3", "D", "E", "H3"):
        identity = next(i for i in table.identities if i.key == f"statistics.{total}")
        values[total] = sum(values[p] for p in identity.parts)
    return {("statistics", k, "value"): v for k, v in values.items()}


def figure(
    indicator: str, value: float, *, scope="", period="year", approximate=False, section=1
) -> Figure:
    """A figure of the prose."""
    return Figure(
        indicator,
        "all",
        value,
        "件",
        period,
        approximate,
        scope,
        section,
        f"本年{indicator}{value}件",
        0,
        5,
        "requests",
    )


def subtotal(table: str, row: str, column: str, value: float, where: str = "") -> Unplaced:
    """A printed sub-total."""
    return Unplaced(table, row, column, value, f"{value:g}", where, "subtotal")


def serious(findings) -> list:
    """Findings that say something is wrong or doubtful."""
    return [f for f in findings if f.severity != "info"]
