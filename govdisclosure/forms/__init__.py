"""The statutory forms as data. Adding a form is adding a module of data and naming it in ``FORMS``.

>>> FORMS["2021"].table("requests").row("received").zh
'一、本年新收政府信息公开申请数量'
"""

from __future__ import annotations

from . import form2014, form2019, form2021
from .structure import Column, Form, Group, Identity, Row, Table

FORMS: dict[str, Form] = {f.key: f for f in (form2014.FORM, form2019.FORM, form2021.FORM)}

__all__ = ["FORMS", "Column", "Form", "Group", "Identity", "Row", "Table", "form_cells", "row_unit"]


def form_cells(form: Form, *, optional: bool = False) -> list[tuple[Table, Row, Column]]:
    """Every cell of ``form`` in form order; optional rows only when asked for.

    >>> len(form_cells(FORMS["2021"])), len(form_cells(FORMS["2019"]))
    (200, 198)
    """
    return [
        (table, row, table.column(column))
        for table in form.tables
        for row in table.rows
        if optional or not row.optional
        for column in table.columns_of(row)
    ]


def row_unit(row: Row, column: Column) -> str | None:
    """The unit of a cell: the row's own where it has one, else the column's.

    >>> table = FORMS["2021"].table("proactive")
    >>> row_unit(table.row("fees"), table.column("amount"))
    '万元'
    """
    return row.unit or column.unit
