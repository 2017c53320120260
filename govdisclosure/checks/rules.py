"""The rules inside one report, as data. The engine beside this module is generic.

Sources: the identities of each form (``govdisclosure.forms``), the Regulations on Open Government Information
(政府信息公开条例, 国令第711号), 国办公开办函〔2019〕60号 and 〔2021〕30号, 国办函〔2020〕109号 (processing fee).
"""

from __future__ import annotations

from typing import NamedTuple

from ..forms import FORMS, Identity


class Rule(NamedTuple):
    """A rule: its code, what it says in both languages, its source, and how a breach counts.

    ``kind`` is that of a breach whose cells were read surely; a doubtful cell makes it 'reading'.
    """

    key: str
    zh: str
    en: str
    cite: str
    kind: str = "printed"
    severity: str = "error"


class Limit(NamedTuple):
    """Above ``most`` a figure of these cells is absurd. Empty ``row`` or ``column`` means any. ``why``: the evidence."""

    table: str
    row: str
    column: str
    unit: str
    most: float
    why: str


# OCR below this is a doubtful reading. Clean and worn test pages gave 0.95 and more for every right figure.
SURE = 0.95

# Severity of an identity by its relation: sums are arithmetic, inequalities are soft (domain notes 1.7: re-counts).
SEVERITY = {"==": "error", "<=": "warning"}

# Identities that the forms do not print but their columns mean.
EXTRA: dict[tuple[str, str], tuple[Identity, ...]] = {
    ("2019", "proactive"): (
        Identity(
            "proactive.items_not_negative", "columns", (), ("previous_items", "change"),
            "上一年项目数量 + 本年增/减 ≥ 0", "items of the previous year + change ≥ 0", "国办公开办函〔2019〕60号, 表二", relation="<=",
            where=("licensing", "other_services", "penalties", "compulsion", "fees"),
        ),
    ),
}  # fmt: skip

LIMITS = (
    Limit(
        "requests",
        "",
        "",
        "件",
        1_000_000,
        "all requests of the country are of this order in a year",
    ),
    Limit(
        "disputes",
        "",
        "",
        "件",
        100_000,
        "all disclosure disputes of the country are of this order in a year",
    ),
    Limit("proactive", "rules", "", "件", 10_000, "rules in force in the whole country are fewer"),
    Limit(
        "proactive", "normative_documents", "", "件", 1_000_000, "a province has thousands in force"
    ),
    Limit(
        "proactive", "", "decisions", "件", 1_000_000_000, "a large city reports about ten million"
    ),
    Limit("proactive", "", "", "项", 1_000_000, "items of a power list, or procurement projects"),
    Limit(
        "proactive",
        "",
        "",
        "万元",
        100_000_000,
        "administrative fees of the whole country are about 50 million 万元",
    ),
    Limit(
        "proactive",
        "",
        "",
        "元",
        1_000_000_000_000,
        "procurement of the whole country is a few times this",
    ),
    Limit("statistics", "", "", "", 1_000_000_000, "no row of the table of 2014 comes near"),
)

NEGATIVE = Rule(
    "cells.negative", "件数、项数、金额不得为负", "a count or amount below zero", "统计口径"
)
FRACTION = Rule(
    "cells.fraction", "件数、项数须为整数", "a count that is no whole number", "统计口径"
)
ABSURD = Rule(
    "cells.absurd",
    "数值畸大",
    "a figure beyond anything plausible",
    "domain notes, size warning",
    severity="warning",
)
UNREADABLE = Rule(
    "cells.unreadable",
    "无法识读的单元格",
    "cells with text that is no number",
    "",
    "reading",
    "warning",
)
SUBTOTAL = Rule(
    "{table}.subtotal", "小计 = 各项之和", "a printed sub-total and its parts", "表格结构"
)
TABLE_ABSENT = Rule(
    "form.table_absent",
    "缺少法定表格",
    "a statutory table is missing",
    "国办公开办函〔2021〕30号",
    "form",
    "warning",
)
SECTIONS = Rule(
    "form.sections",
    "缺少法定章节",
    "a statutory section is missing",
    "条例第五十条；国办公开办函〔2021〕30号",
    "form",
    "warning",
)
FEE = Rule(
    "form.fee_explained", "收取信息处理费或有逾期未缴费情形的，第六部分应当说明", "a processing fee, or requests closed for an unpaid fee, "
    "must be explained in section six", "国办函〔2020〕109号；国办公开办函〔2021〕30号", "form", "warning",
)  # fmt: skip

SECTION_NUMBERS = (1, 2, 3, 4, 5, 6)  # of the forms of 2019 and 2021
SECTION_FORMS = ("2019", "2021")
FEE_ROW = ("requests", "other_fee_unpaid", "total")
FEE_SECTION = 6
FEE_WORDS = ("处理费", "收费", "缴费", "缴纳费", "费用", "收取")


def identities(form: str, table: str) -> tuple[Identity, ...]:
    """The identities of a table of a form, the form's own and those of ``EXTRA``.

    >>> [i.key for i in identities("2021", "requests")]
    ['requests.balance', 'requests.outcomes', 'requests.applicants']
    """
    return (*FORMS[form].table(table).identities, *EXTRA.get((form, table), ()))


def _of(identity: Identity) -> Rule:
    return Rule(
        identity.key,
        identity.zh,
        identity.en,
        identity.cite,
        "printed",
        SEVERITY[identity.relation],
    )


# Every rule inside one report, once. Rules across reports are in ``cross_data``, prose against table in ``prose_data``.
RULES: tuple[Rule, ...] = tuple(
    {
        i.key: _of(i) for f in FORMS.values() for t in f.tables for i in identities(f.key, t.key)
    }.values()
) + (NEGATIVE, FRACTION, ABSURD, UNREADABLE, SUBTOTAL, TABLE_ABSENT, SECTIONS, FEE)
