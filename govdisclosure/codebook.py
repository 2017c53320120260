"""The codebook: every code and column of the frames, generated from the forms, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from .figures import CODES
from .forms import FORMS, Column, Form, Group, Row, Table, row_unit
from .narrative import INDICATORS
from .schema import FRAMES

COLUMNS = "kind form table code zh en unit group article aliases source".split()  # noqa: SIM905
STATUSES = (
    ("reported", "有数", "a figure is printed"),
    ("blank", "空白", "printed and empty; the value is NA, never 0"),
    ("not_applicable", "不适用", "/, —, -, 无 or 不适用 is printed; the value is NA"),
    (
        "unreadable",
        "不可读",
        "text that is no number, or cells that can't be told apart; `text` keeps it",
    ),
    ("absent", "缺失", "the form has the cell, the document does not"),
    (
        "imputed",
        "推定为零",
        "a blank that the printed totals prove to be 0 (only by gd.fill_blanks)",
    ),
)


def codebook() -> pd.DataFrame:
    """Every code: forms, tables, groups, rows, columns, statuses, narrative indicators, and the columns of each frame.

    Columns (all string): kind, form, table, code, zh, en, unit, group, article (of the Regulations), aliases (labels as
    real reports print them, set off by " | "), source. Sources: 国办公开办函〔2019〕60号, 〔2021〕30号.

    >>> book = codebook()
    >>> book.query("kind == 'row' and form == '2021' and code == 'received'")["zh"].item()
    '一、本年新收政府信息公开申请数量'
    """
    rows = [row for form in FORMS.values() for row in _of_form(form)]
    for code, zh, en in STATUSES:
        rows.append({"kind": "status", "code": code, "zh": zh, "en": en})
    prose = {"kind": "indicator", "table": "narrative"}
    for one in INDICATORS:
        rows.append(
            prose | _words(one) | {"code": one.code, "unit": one.unit, "source": one.source}
        )
    for code, (zh, en) in CODES["indicators"].items():
        rows.append(prose | {"code": code, "zh": zh, "en": en, "source": "tables of figures only"})
    for name, fields in FRAMES.items():
        for field in fields:
            source = f"type {field.type}" + (f", e.g. {field.example}" if field.example else "")
            place = {"kind": "column of frame", "table": name, "code": field.name, "source": source}
            rows.append(place | _words(field))
    return pd.DataFrame(rows, columns=COLUMNS).fillna("").astype("string")


def _words(item) -> dict[str, str]:
    return {"zh": item.zh, "en": item.en}


def _of_form(form: Form) -> Iterator[dict[str, str]]:
    """The form, its tables, and their groups, rows and columns."""
    yield {"kind": "form", "form": form.key, "code": form.key, "source": form.cite} | _words(form)
    for table in form.tables:
        place = {"form": form.key, "table": table.key, "source": form.cite}
        yield {"kind": "table", "code": table.key} | place | _words(table)
        parts: dict[str, tuple] = {
            "group": table.groups,
            "column group": table.column_groups,
            "row": table.rows,
            "column": table.columns,
        }
        for kind, items in parts.items():
            for item in items:
                names = {"kind": kind, "code": item.key, "aliases": " | ".join(item.aliases)}
                yield names | place | _words(item) | _more(item, table)


def _more(item: Group | Row | Column, table: Table) -> dict[str, str]:
    """What only groups, rows or columns have."""
    if isinstance(item, Group):
        return {"group": item.parent}
    if isinstance(item, Column):
        return {"unit": item.unit or ""}
    units = {row_unit(item, table.column(c)) for c in table.columns_of(item)}
    unit = units.pop() if len(units) == 1 else ""
    return {"unit": unit or "", "group": item.group, "article": item.article}
