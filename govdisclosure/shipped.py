"""The data the repository brings: eleven reports as documents, and the panel of figures that others printed.

Stands in until tables of figures are sources like any other; then it is one call of `read_corpus`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .corpus import Corpus, read_corpus
from .errors import DatasetError
from .frames import Gatherer
from .model import Cell, Figure, Known, Record, Source
from .schema import FRAMES

HERE = Path(__file__).resolve().parent
SCOPES = {"own office": "own_office", "whole territory": "territory"}


def brought(name: str) -> Path:
    """A file or folder that comes with the package: 'notebooks', 'data/figures/new_media.csv'. Raises DatasetError.

    In a wheel it lies inside the package, in a checkout beside it.
    """
    found = [place / name for place in (HERE, HERE.parent) if (place / name).exists()]
    if not found:
        raise DatasetError(name, "a part of the package", seen="nothing there")
    return found[0]


def shipped() -> Corpus:
    """The reports of data/reports and the official and press figures of data/figures, as one corpus.

    Figures known from copies alone (no official address) are left out: they may be altered, and carry no headline.
    """
    import pyarrow as pa

    data = brought("data")
    documents = read_corpus(data / "reports", manifest=data / "manifest.csv", progress=False)
    figures = Gatherer()
    tables = {n: pd.read_csv(data / "figures" / f"{n}.csv", dtype=str, keep_default_na=False) for n in ("statutory", "narrative")}  # fmt: skip
    kept = {n: t[t["origin"] != "copy"] for n, t in tables.items()}
    cells = dict(list(kept["statutory"].groupby("report_key", sort=False)))
    prose = dict(list(kept["narrative"].groupby("report_key", sort=False)))
    for key in dict.fromkeys([*cells, *prose]):
        if key not in set(documents.reports["report_id"]):
            figures.add(_record(key, cells.get(key), prose.get(key)))
    return Corpus({n: pa.concat_tables([documents._table(n), figures.table(n)]).unify_dictionaries() for n in FRAMES})  # fmt: skip


def _record(key: str, cells: pd.DataFrame | None, prose: pd.DataFrame | None) -> Record:
    first = (prose if cells is None else cells).iloc[0]
    name = "narrative" if cells is None else "statutory"
    known = [Known(first[c] or None, "table") for c in ("level", "division_code", "province")]
    return Record(
        key, Source(f"data/figures/{name}.csv", f"{name}.csv", "text/csv", url=first["url"]), Known(None),
        Known(first["agency"], "table"), Known(int(first["year"]), "table"), *known, Known(None),
        None if cells is None else first["form"], tuple(_cells(cells)), (), (), (), tuple(_prose(prose)),
    )  # fmt: skip


def _cells(rows: pd.DataFrame | None):
    for r in () if rows is None else rows.itertuples():
        text = r.text.strip()
        status = "reported" if r.value else "not_applicable" if text in "/—无-" and text else "unreadable" if text else "blank"  # fmt: skip
        value = float(r.value) if r.value else None
        yield Cell(r.table, r.row, r.column, value, r.unit or None, status, r.text, r.url)


def _prose(rows: pd.DataFrame | None):
    for r in () if rows is None else rows.itertuples():
        scope, _, note = r.scope.partition(";")
        yield Figure(r.indicator, r.platform or "all", float(r.value) if r.value else None, r.unit, "year",
                     r.approximate == "yes", SCOPES.get(scope, ""), 0, "", 0, 0, "table", note.strip())  # fmt: skip
