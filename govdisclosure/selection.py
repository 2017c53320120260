"""A corpus from a folder of reports or from a data set, cut down to some years and agencies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from .corpus import Corpus, read_corpus


def open_corpus(source: str | os.PathLike | None = None, years=None, agencies=None) -> Corpus:
    """The reports of a folder (or of a data set that `build` or `save` wrote), cut down as `select` does.

    None is the shipped data (`govdisclosure.shipped`).

    Raises DatasetError where the source does not exist.
    """
    if source is None:
        from .shipped import shipped

        return select(shipped(), years, agencies)
    place = Path(source)
    if place.is_dir() and (any(place.glob("*.parquet")) or (place / "datapackage.json").exists()):
        from .dataset import load

        return select(load(place), years, agencies)
    return select(read_corpus(source, progress=False), years, agencies)


def select(
    corpus: Corpus,
    years: int | Iterable[int] | None = None,
    agencies: str | Iterable[str] | None = None,
) -> Corpus:
    """The corpus with only these years, and only agencies whose name contains one of these texts. None keeps all.

    >>> len(select(Corpus.from_records([]), years=[2023]))
    0
    """
    if years is None and agencies is None:
        return corpus
    wanted = {int(y) for y in ([years] if isinstance(years, int) else years or ())}
    names = [agencies] if isinstance(agencies, str) else list(agencies or ())
    reports = corpus.reports
    keep = reports["year"].isin(wanted) if years is not None else reports["year"].notna() | True
    if agencies is not None:
        agency = reports["agency"].astype("string").fillna("")
        keep = keep & agency.map(lambda a: any(n in a for n in names)).astype(bool)
    return only(corpus, set(reports.loc[keep.astype(bool), "report_id"]))


def only(corpus: Corpus, report_ids: Iterable[str]) -> Corpus:
    """The corpus with these reports alone; files that failed stay listed."""
    ids = pa.array(sorted(report_ids), pa.string())
    tables = {}
    for name, table in corpus._tables.items():
        tables[name] = (
            table.filter(pc.is_in(table["report_id"], value_set=ids))
            if "report_id" in table.column_names
            else table
        )
    return Corpus(tables)


def without(corpus: Corpus, report_ids: Iterable[str]) -> Corpus:
    """The corpus without these reports."""
    return only(corpus, set(corpus.reports["report_id"]) - set(report_ids))
