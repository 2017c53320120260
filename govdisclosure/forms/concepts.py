"""What the forms share and the usual indicators, read from the tables beside this module.

``crosswalk.csv`` has a row a concept (domain notes 2.1): the codes of each form that add up to it, the relation of 2014
with the later forms and of 2019 with 2021 ('equal', 'approximate', 'none'), and what differs. Sources: 国办发〔2014〕32号
(labels to be confirmed), 国办公开办函〔2019〕60号, 〔2021〕30号; 行政复议法 (2023) Art. 23. ``metrics.csv`` has a row an indicator: terms
are codes 'table.row.column'; a leading '-' subtracts; '@-1' takes the previous year's report of the same agency;
'requests.other.…' is （六）其他处理 however printed. Formulas and variants: domain notes 4.2; the denominator 办理结果总计 is the
practice of government reports.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

EQUAL, APPROXIMATE, NONE = "equal", "approximate", "none"
_FORMS = ("2014", "2019", "2021")


class Concept(NamedTuple):
    """``terms``: form → codes that add up to the concept (no entry: the form has no counterpart)."""

    key: str
    zh: str
    en: str
    unit: str
    terms: dict[str, tuple[str, ...]]
    with_2014: str
    with_2019: str
    note_2014: str = ""
    note_2019: str = ""


class Break(NamedTuple):
    """A change of law inside a form: from ``year`` on, the concepts are not comparable with before."""

    year: int
    concepts: tuple[str, ...]
    note: str
    cite: str


class Metric(NamedTuple):
    """``value`` = ``scale`` × Σ``numerator`` / Σ``denominator``; no denominator: the sum itself.

    ``share``: the numerator is part of the denominator, so a Wilson interval makes sense. ``forms``: where it exists.
    """

    key: str
    number: int
    zh: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    unit: str
    scale: float
    share: bool
    definition_zh: str
    definition_en: str
    source: str
    na: str
    forms: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with open(Path(__file__).with_name(name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _concept(row: dict[str, str]) -> Concept:
    terms = {f: tuple(codes.split()) for f in _FORMS if (codes := row.pop(f"form_{f}"))}
    return Concept(terms=terms, **row)


def _metric(row: dict[str, str]) -> Metric:
    several = {k: tuple(row.pop(k).split()) for k in ("numerator", "denominator", "forms")}
    number, scale, share = int(row.pop("number")), float(row.pop("scale")), row.pop("share")
    return Metric(number=number, scale=scale, share=share == "yes", **several, **row)  # type: ignore[arg-type]


CROSSWALK: tuple[Concept, ...] = tuple(map(_concept, _rows("crosswalk.csv")))
METRICS: tuple[Metric, ...] = tuple(map(_metric, _rows("metrics.csv")))
_LAW = "行政复议法（2023年修订）第二十三条第一款第四项"
BREAKS: tuple[Break, ...] = (
    Break(
        2024,
        ("litigation_direct", "litigation_after_reconsideration"),
        "since 1 January 2024 a refusal to disclose goes to reconsideration before suit (复议前置): "
        "未经复议直接起诉 is not comparable across 2024, and suits move to 复议后起诉",
        _LAW,
    ),
    Break(
        2024,
        ("litigation_total", "litigation_upheld", "litigation_corrected", "litigation_other"),
        "since 1 January 2024 reconsideration comes before suit (复议前置): fewer and other suits",
        _LAW,
    ),
)
