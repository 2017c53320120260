"""Random figures of a report: consistent (the identities hold) or anything that has been seen in a cell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from govdisclosure.forms import FORMS, Form, form_cells, row_unit

from . import tokens
from .tokens import Token

Key = tuple[str, str, str]
AGENCIES = (
    "青河县人民政府",
    "云岭市人民政府",
    "临江区教育局",
    "东湖镇人民政府",
    "海州市公安局",
    "石桥县发展和改革局",
    "长宁街道办事处",
)
PARTS = (
    "natural_person",
    "commercial",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
)
ENDS = ("upheld", "corrected", "other", "pending")
OPENING = ("received", "carried_over")
CLOSING = ("outcomes_total", "carried_forward")
OPTIONAL = "other_handling"
COUNTS = (0, 0, 0, 1, 2, 7, 13, 96, 524, 3119, 45219, 1808595)
WRITTEN = ("2019", "2021")  # the forms with tables 二, 三 and 四


@dataclass(frozen=True, slots=True)
class Sample:
    """A report's figures: what is printed in each cell, and the value, unit and status that means."""

    form: str
    agency: str
    year: int
    tokens: dict[Key, Token]
    one_row_other: bool = False

    @property
    def texts(self) -> dict[Key, str]:
        """{cell: printed text}."""
        return {key: token.text for key, token in self.tokens.items()}

    @property
    def expected(self) -> dict[Key, tuple[Decimal | None, str | None, str]]:
        """{cell: (value, unit, status)}, in the form's unit."""
        return {
            key: (t.value, self.unit(key) if t.unit is None else t.unit or None, t.status)
            for key, t in self.tokens.items()
        }

    def unit(self, key: Key) -> str | None:
        """The form's unit for a cell."""
        table = FORMS[self.form].table(key[0])
        return row_unit(table.row(key[1]), table.column(key[2]))


def sample(
    pen: Random,
    *,
    form: str | None = None,
    blanks: float = 0.0,
    odd: float = 0.0,
    wild: bool = False,
) -> Sample:
    """A random report.

    Counts are `consistent`, or anything where ``wild``. ``blanks`` and ``odd`` are the shares of cells printed blank
    and printed as something else than a number (/, —, 无, words).
    """
    key = form or pen.choice(WRITTEN)
    one_row = key == "2021" and pen.random() < 0.1
    cells = keys(FORMS[key], one_row)
    values = {k: pen.choice(COUNTS) for k in cells} if wild else consistent(pen, FORMS[key], cells)
    printed = {k: _print(pen, k, FORMS[key], n, blanks, odd) for k, n in values.items()}
    return Sample(key, pen.choice(AGENCIES), pen.randint(2019, 2025), printed, one_row)


def keys(form: Form, one_row_other: bool = False) -> list[Key]:
    """The cells that this report prints, in form order."""
    every = form_cells(form)
    drop = {OPTIONAL} if form.key == "2021" and not one_row_other else set()
    if one_row_other:
        drop = {k for row in form.table("requests").rows if row.optional for k in row.replaces}
    return [
        (t.key, r.key, c.key) for t, r, c in every if not (t.key == "requests" and r.key in drop)
    ]


def consistent(
    pen: Random,
    form: Form,
    cells: list[Key] | None = None,
    counts: tuple[int, ...] = COUNTS,
    scales: tuple[int, ...] = (0, 1, 5, 60, 1500),
) -> dict[Key, int]:
    """Whole numbers for which every identity of the form holds: requests of one of the ``scales``, else ``counts``."""
    cells = cells or keys(form)
    values = {k: pen.choice(counts) for k in cells}
    rows = list(dict.fromkeys(r for t, r, _ in cells if t == "requests"))
    outcomes = [r for r in rows if r not in (*OPENING, *CLOSING)]
    scale = pen.choice(scales)
    for column in PARTS:
        share = scale if column == "natural_person" else scale // 10 * pen.choice((0, 0, 1))
        counts = {r: pen.randint(0, share) if pen.random() < 0.5 else 0 for r in outcomes}
        total = sum(counts.values())
        forward = pen.randint(0, share // 4 + 1) * (share > 0)
        carried = pen.randint(0, min(total, share // 4 + 1))
        counts |= {
            "received": total + forward - carried,
            "carried_over": carried,
            "outcomes_total": total,
            "carried_forward": forward,
        }
        values |= {("requests", r, column): n for r, n in counts.items()}
    for r in rows:
        values["requests", r, "total"] = sum(values["requests", r, c] for c in PARTS)
    for r in dict.fromkeys(r for t, r, _ in cells if t == "disputes"):
        values["disputes", r, "total"] = sum(values["disputes", r, c] for c in ENDS)
    for r in ("rules", "normative_documents"):
        if form.key == "2019":
            values["proactive", r, "total_disclosed"] += values["proactive", r, "newly_disclosed"]
    return {k: values[k] for k in cells}


def _print(pen: Random, key: Key, form: Form, value: int, blanks: float, odd: float) -> Token:
    table = form.table(key[0])
    row, column = table.row(key[1]), table.column(key[2])
    chance = pen.random()
    if chance < blanks:
        return tokens.blank(pen)._replace(unit=_blank_unit(column))
    if chance < blanks + odd:
        return tokens.odd(pen)._replace(unit=_blank_unit(column))
    if column.kind == "money":
        return tokens.fees(pen) if column.unit else tokens.procurement(pen)
    if column.signed:
        return tokens.change(pen)
    plain = odd == 0 and blanks == 0
    return (
        Token(str(value), Decimal(value))
        if plain
        else tokens.count(pen, value, row_unit(row, column) or "件")
    )


def _blank_unit(column) -> str | None:
    """A cell without a number has the form's unit; 采购总金额 has none."""
    return "" if column.kind == "money" and not column.unit else None
