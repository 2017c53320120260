"""The codebook: every code and column of the frames, generated from the forms, in both languages."""

from __future__ import annotations

import pandas as pd

from .figures.sheets import CODES
from .forms import FORMS, row_unit
from .narrative import INDICATORS
from .schema import FRAMES

COLUMNS = [
    "kind",
    "form",
    "table",
    "code",
    "zh",
    "en",
    "unit",
    "group",
    "article",
    "aliases",
    "source",
]
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
    rows = [row for form in FORMS.values() for row in _form(form)]
    rows += [("status", "", "", code, zh, en, "", "", "", "", "") for code, zh, en in STATUSES]
    rows += [
        ("indicator", "", "narrative", i.code, i.zh, i.en, i.unit, "", "", "", i.source)
        for i in INDICATORS
    ]
    rows += [
        ("indicator", "", "narrative", code, zh, en, "", "", "", "", "tables of figures only")
        for code, (zh, en) in CODES["indicators"].items()
    ]
    rows += [
        (
            "column of frame",
            "",
            name,
            f.name,
            f.zh,
            f.en,
            "",
            "",
            "",
            "",
            f"type {f.type}" + (f", e.g. {f.example}" if f.example else ""),
        )
        for name, fields in FRAMES.items()
        for f in fields
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype("string")


def _form(form):
    yield ("form", form.key, "", form.key, form.zh, form.en, "", "", "", "", form.cite)
    for table in form.tables:
        yield (
            "table",
            form.key,
            table.key,
            table.key,
            table.zh,
            table.en,
            "",
            "",
            "",
            "",
            form.cite,
        )
        for kind, items in (("group", table.groups), ("column group", table.column_groups)):
            for item in items:
                yield (
                    kind,
                    form.key,
                    table.key,
                    item.key,
                    item.zh,
                    item.en,
                    "",
                    item.parent,
                    "",
                    " | ".join(item.aliases),
                    form.cite,
                )
        for row in table.rows:
            units = {row_unit(row, table.column(c)) for c in table.columns_of(row)}
            unit = units.pop() if len(units) == 1 else ""
            yield (
                "row",
                form.key,
                table.key,
                row.key,
                row.zh,
                row.en,
                unit or "",
                row.group,
                row.article,
                " | ".join(row.aliases),
                form.cite,
            )
        for c in table.columns:
            yield (
                "column",
                form.key,
                table.key,
                c.key,
                c.zh,
                c.en,
                c.unit or "",
                "",
                "",
                " | ".join(c.aliases),
                form.cite,
            )
