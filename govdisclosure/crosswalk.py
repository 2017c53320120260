"""One set of concepts over the forms of 2014, 2019 and 2021, with what is and what is not comparable said in each row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .forms import FORMS
from .forms.concepts import APPROXIMATE, BREAKS, CROSSWALK, EQUAL, NONE, Concept
from .matrix import Matrix, matrix

COLUMNS = (
    "report_id", "agency", "year", "form", "concept", "value", "unit", "status", "relation", "comparable", "note", "break_note",
)  # fmt: skip


def harmonize(cells: pd.DataFrame, to: str = "2021") -> pd.DataFrame:
    """One row a report and concept, in the terms of the form ``to``.

    ``cells``: a tidy frame of cells, or anything with ``.cells``. Columns: report_id (string), agency, year (Int16),
    form (category), concept (category, keys of ``CROSSWALK``), value (Float64, NA where a cell of the sum is not
    known), unit (category), status (reported, unknown, or absent: the report's form has no counterpart), relation
    (equal, approximate, none: between the report's form and ``to``), comparable (boolean: relation is not none and no
    change of law lies between), note (what differs), break_note (a change of law inside a form, on the rows of its
    year and later). A concept that ``to`` does not have stays, with relation none: it is not dropped in silence.

    Raises ValueError for a form that does not exist. Source: ``govdisclosure.forms.concepts``.

    >>> rows = [("2019", 2020, "other_handling", 7.0), ("2021", 2021, "other_uncorrected", 2.0), ("2021", 2021, "other_fee_unpaid", 0.0),
    ...     ("2021", 2021, "other_other", 3.0)]
    >>> cells = pd.DataFrame([{"report_id": f, "agency": "甲", "year": y, "form": f, "table": "requests", "row": r, "column": "total",
    ...     "value": v, "status": "reported"} for f, y, r, v in rows])
    >>> harmonize(cells).query("concept == 'other_handling'")[["form", "value", "relation"]].values.tolist()
    [['2019', 7.0, 'equal'], ['2021', 5.0, 'equal']]
    """
    if to not in FORMS:
        raise ValueError(f"No form {to!r}; there are {', '.join(FORMS)}.")
    cells = cells.cells if hasattr(cells, "cells") else cells
    found = matrix(
        cells, [c for concept in CROSSWALK for codes in concept.terms.values() for c in codes]
    )
    parts = [_of_concept(found, concept, to) for concept in CROSSWALK]
    frame = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    frame["concept"] = frame["concept"].astype(pd.CategoricalDtype([c.key for c in CROSSWALK]))
    return frame.astype(
        {
            "unit": "category",
            "form": "category",
            "relation": pd.CategoricalDtype([EQUAL, APPROXIMATE, NONE]),
        }
    )


def relation(concept: Concept, form: str, to: str) -> tuple[str, str]:
    """(relation, note) between two forms for a concept.

    >>> relation(next(c for c in CROSSWALK if c.key == "other_handling"), "2019", "2021")
    ('equal', 'one row in 2019 is the sum of three in 2021')
    """
    if form not in concept.terms or to not in concept.terms:
        gone = form if form not in concept.terms else to
        note = concept.note_2014 if "2014" in (form, to) else concept.note_2019
        return NONE, note or f"no counterpart in the form of {gone}"
    if form == to:
        return EQUAL, ""
    if "2014" in (form, to):
        return concept.with_2014, concept.note_2014
    return concept.with_2019, concept.note_2019


def _of_concept(found: Matrix, concept: Concept, to: str) -> pd.DataFrame:
    reports = found.reports
    size = len(reports)
    forms = reports["form"].astype("string").fillna("").to_numpy()
    values, status = np.full(size, np.nan), np.full(size, "absent", dtype=object)
    relations, notes = np.full(size, NONE, dtype=object), np.full(size, "", dtype=object)
    for form in dict.fromkeys(forms):
        here = forms == form
        relations[here], notes[here] = relation(concept, form, to)
        if form in concept.terms:
            total = sum(found.values[c][here] for c in concept.terms[form])
            values[here], status[here] = total, np.where(np.isnan(total), "unknown", "reported")
    years = reports["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    broken = [b for b in BREAKS if concept.key in b.concepts]
    after = (
        np.any([years >= b.year for b in broken], axis=0) if broken else np.zeros(size, dtype=bool)
    )
    text = "; ".join(f"{b.note} ({b.cite})" for b in broken)
    return pd.DataFrame({
        "report_id": reports["report_id"].astype("string"), "agency": reports["agency"], "year": reports["year"].astype("Int16"),
        "form": forms, "concept": concept.key, "value": pd.array(values, dtype="Float64"), "unit": concept.unit, "status": pd.Categorical(status),
        "relation": relations, "comparable": pd.array((relations != NONE) & ~after, dtype="boolean"),
        "note": pd.array(notes, dtype="string"), "break_note": pd.array(np.where(after, text, ""), dtype="string"),
    })[list(COLUMNS)]  # fmt: skip
