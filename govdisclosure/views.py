"""Views of the `cells` frame: the three tables with speaking columns, wide, with labels, with
blanks settled, and harmonised: one set of concepts over the forms, with what is and what is not
comparable said in each row.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from .forms import BREAKS, CROSSWALK, FORMS
from .forms.structure import APPROXIMATE, EQUAL, NONE, Concept
from .matrix import KNOWN, Matrix, matrix

KEEP = ["report_id", "agency", "year", "form"]
_CODES = ["table", "row", "column", "group", "applicant", "item", "measure", "channel", "result"]
CELL = ["value", "unit", "status", "text", "where", "source", "confidence"]


@cache
def _groups() -> pd.DataFrame:
    """Row of 表三 → group, reason: denied_state_secret → 'denied', 'state_secret'."""
    found = {}
    for row in _items("requests", "rows"):
        group, _, reason = row.key.partition(row.group + "_")
        found[row.key] = (row.key, None) if group else (row.group, reason)
    found["other_handling"] = ("other", None)
    return pd.DataFrame(found, ["group", "reason"]).T


def _items(table: str, kind: str) -> Iterator[Any]:
    """The rows, columns or groups of a table, of the newest form first."""
    for form in reversed(FORMS.values()):
        if table in form.by_key:
            yield from getattr(form.by_key[table], kind)


def _view(cells: pd.DataFrame, table: str, row: str, column: str) -> pd.DataFrame:
    """The cells of a table, the columns row and column called as the table calls them."""
    chosen = cells[cells["table"] == table].reset_index(drop=True)
    for name in ("row", "column"):
        chosen[name] = chosen[name].cat.remove_unused_categories()
    return chosen.rename(columns={"row": row, "column": column})[[*KEEP, row, column, *CELL]]


def requests(cells: pd.DataFrame) -> pd.DataFrame:
    """Table 三 (requests received and handled), one row per report × outcome × applicant.

    Columns: report_id, agency, year, form, row, group, reason, applicant, then value (Float64, 件),
    unit, status, text, where, source, confidence. `group` is received, carried_over,
    disclosed_full, disclosed_partial, denied, unable, not_processed, other, outcomes_total or
    carried_forward; `reason` the statutory ground, NA where the group has none. Legal source:
    Regulations on Open Government Information, Arts. 36-39; 国办公开办函〔2019〕60号, 〔2021〕30号.
    """
    view = _view(cells, "requests", "row", "applicant")
    for place, (name, codes) in enumerate(_groups().items(), 5):
        view.insert(place, name, view["row"].astype("string").map(codes).astype("category"))
    return view


def proactive(cells: pd.DataFrame) -> pd.DataFrame:
    """Table 二 (proactive disclosure), one row per report × item × measure.

    Columns: report_id, agency, year, form, item, measure, value (Float64), unit (件, 项, 万元, 元 or
    NA), status, … Legal source: Regulations on Open Government Information, Art. 20(1)(5)(6)(8)(9).
    """
    return _view(cells, "proactive", "item", "measure")


def disputes(cells: pd.DataFrame) -> pd.DataFrame:
    """Table 四 (administrative reconsideration and litigation), one row per report × channel ×
    result.

    Columns: report_id, agency, year, form, channel, result, value (Float64, 件), unit, status, …
    Legal source: Regulations on Open Government Information, Art. 51.
    """
    return _view(cells, "disputes", "channel", "result")


def wide(
    cells: pd.DataFrame, table: str = "requests", *, what: str = "value", labels: str | None = None
) -> pd.DataFrame:
    """One line per report × row of a table, one column per column code, in the form's order.

    `what`: 'value' (Float64) or 'status', 'text', 'where'. `labels`: 'zh' or 'en' replace the
    codes. Raises KeyError for a table that no form has.
    """
    rows, columns = (dict.fromkeys(i.key for i in _items(table, k)) for k in ("rows", "columns"))
    if not rows:
        known = sorted({key for form in FORMS.values() for key in form.by_key})
        raise KeyError(f"no form has a table {table!r}; tables: {known}")
    order = pd.CategoricalDtype(list(rows), ordered=True)
    plain = cells[cells["table"] == table].astype({"row": order, "column": "string"})
    plain = plain.assign(row=plain["row"].cat.remove_unused_categories())
    plain = plain.drop_duplicates(["report_id", "row", "column"])
    found = plain.pivot(index=[*KEEP, "row"], columns="column", values=what)
    found = found[[c for c in columns if c in found]].reset_index().rename_axis(columns=None)
    return label(found, labels) if labels else found


def label(frame: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """The same frame with codes replaced by the form's labels, in Chinese ('zh') or English ('en').

    Works on `cells`, on the three views and on wide frames; codes the forms don't have stay as they
    are.
    """
    if language not in ("zh", "en"):
        raise ValueError(f"language is 'zh' or 'en', not {language!r}")
    out = frame.copy()
    names = labels(language)
    for column in out.columns.intersection(_CODES):
        codes = out[column].astype("string")
        out[column] = codes.map(lambda c: names.get(c, c), na_action="ignore")
    return out.rename(columns=names)


@cache
def labels(language: str) -> dict[str, str]:
    """Code → label for every table, row, group and column of all forms (the newest form's words
    win).
    """
    items: Iterator[Any] = (
        item
        for form in FORMS.values()
        for table in form.tables
        for item in (table, *table.groups, *table.columns, *table.rows)
    )
    found = {item.key: getattr(item, language) for item in items}
    english = language == "en"
    return found | {
        "total": "total" if english else "总计",
        "other": "other" if english else "其他",
    }


# --- blanks --------------------------------------------------------------------------------------


def fill_blanks(cells: pd.DataFrame) -> pd.DataFrame:
    """Blanks that the printed totals prove to be zero become 0 with status 'imputed'; all else
    stays as it was.

    A blank is settled where every other part of an identity of the form and its total are printed
    and already agree: then the blanks can only be 0 (domain notes §4.2). A `/` or an unreadable,
    absent or negative cell in the same identity leaves it open. Returns a copy of `cells`.
    """
    from .decode.checksum import proven_zeros, sums_of  # slow: all that decodes

    out = cells.copy()
    if "imputed" not in out["status"].cat.categories:
        out["status"] = out["status"].cat.add_categories(["imputed"])
    names = ("row", "column", "value", "status")
    rows, columns, values, statuses = (cells[name].tolist() for name in names)
    tables = cells.groupby(["report_id", "form", "table"], observed=True).indices
    zeros: list[int] = []
    for (_, form, table), places in tables.items():
        keys = {(rows[i], columns[i]): i for i in places}
        known = {key: values[i] if statuses[i] in KNOWN else None for key, i in keys.items()}
        blank = {key for key, i in keys.items() if statuses[i] == "blank"}
        proven = proven_zeros(sums_of(FORMS[form].table(table), known), known, blank)
        zeros += [keys[key] for key in proven]
    out.iloc[zeros, out.columns.get_loc("value")] = 0.0
    out.iloc[zeros, out.columns.get_loc("status")] = "imputed"
    return out


# --- forms ----------------------------------------------------------------------------------------


def harmonize(cells: pd.DataFrame, to: str = "2021") -> pd.DataFrame:
    """One row a report and concept, in the terms of the form ``to``.

    ``cells``: a tidy frame of cells, or anything with ``.cells``. Columns: report_id (string),
    agency, year (Int16), form (category), concept (category, keys of ``CROSSWALK``), value
    (Float64, NA where a cell of the sum is not known), unit (category), status (reported, unknown,
    or absent: the report's form has no counterpart), relation (equal, approximate, none: between
    the report's form and ``to``), comparable (boolean: relation is not none and no change of law
    lies between), note (what differs), break_note (a change of law inside a form, on the rows of
    its year and later). A concept that ``to`` does not have stays, with relation none: it is not
    dropped in silence.

    Raises ValueError for a form that does not exist. Source:
    ``govdisclosure/forms/crosswalk.toml``.

    >>> rows = [("2019", 2020, "other_handling", 7.0), ("2021", 2021, "other_uncorrected", 2.0), ("2021", 2021, "other_fee_unpaid", 0.0),
    ...     ("2021", 2021, "other_other", 3.0)]
    >>> cells = pd.DataFrame([{"report_id": f, "agency": "甲", "year": y, "form": f, "table": "requests", "row": r, "column": "total",
    ...     "value": v, "status": "reported"} for f, y, r, v in rows])
    >>> harmonize(cells).query("concept == 'other_handling'")[["form", "value", "relation"]].values.tolist()
    [['2019', 7.0, 'equal'], ['2021', 5.0, 'equal']]
    """
    if to not in FORMS:
        raise ValueError(f"No form {to!r}; there are {', '.join(FORMS)}.")
    cells = getattr(cells, "cells", cells)
    codes = [c for concept in CROSSWALK for codes in concept.terms.values() for c in codes]
    found = matrix(cells, codes)
    forms = found.reports["form"].astype("string").fillna("")
    parts = [
        _of_concept(found, reports, concept, form, to)
        for concept in CROSSWALK
        for form, reports in found.reports.groupby(forms)
    ]
    frame = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return frame.astype({
        "report_id": "string", "year": "Int16", "form": "category", "concept": pd.CategoricalDtype([c.key for c in CROSSWALK]),
        "value": "Float64", "unit": "category", "relation": pd.CategoricalDtype([EQUAL, APPROXIMATE, NONE]),
        "comparable": "boolean", "note": "string", "break_note": "string",
    })  # fmt: skip


def _of_concept(
    found: Matrix, reports: pd.DataFrame, concept: Concept, form: str, to: str
) -> pd.DataFrame:
    """A concept in the reports of one form."""
    older = "2014" if "2014" in (form, to) else "2019"
    kind, note = concept.relations.get(older, NONE), concept.notes.get(older, "")
    if gone := [each for each in (form, to) if each not in concept.terms]:
        kind, note = NONE, note or f"no counterpart in the form of {gone[0]}"
    elif form == to:
        kind, note = EQUAL, ""
    codes = concept.terms.get(form, ())
    values = sum((found.term(code)[0][reports.index] for code in codes), 0.0 if codes else np.nan)
    broken = [b for b in BREAKS if concept.key in b.concepts]
    since = min((b.year for b in broken), default=np.inf)
    after = reports["year"].astype(float).to_numpy() >= since
    said = "; ".join(f"{b.note} ({b.cite})" for b in broken)
    return reports[["report_id", "agency", "year"]].assign(
        form=form,
        concept=concept.key,
        value=values,
        unit=concept.unit,
        status=np.where(np.isnan(values), "unknown" if codes else "absent", "reported"),
        relation=kind,
        comparable=(kind != NONE) & ~after,
        note=note,
        break_note=np.where(after, said, ""),
    )
