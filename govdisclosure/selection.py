"""A corpus from a folder of reports or from a data set, cut down to some years and agencies; what the package brings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from .corpus import Corpus, read_corpus
from .dataset import load
from .errors import DatasetError

HERE = Path(__file__).parent


def shipped(name: str) -> Path:
    """A file or folder that comes with the package: 'notebooks', 'data/figures/new_media.csv'. Raises DatasetError."""
    found = [place / name for place in (HERE, HERE.parent) if (place / name).exists()]
    if not found:
        raise DatasetError(name, "a part of the package", seen="nothing there")
    return found[0]


def open_corpus(
    source: str | os.PathLike, years=None, agencies=None, *, progress: bool | None = False
) -> Corpus:
    """The reports of a folder (or of a data set that `build` or `save` wrote) of these years (an int or several) and of
    agencies whose name contains one of these texts. None keeps all; an empty list keeps none.

    Raises DatasetError where the source does not exist.
    """
    place = Path(source)
    known = place.is_dir() and (any(place.glob("*.parquet")) or (place / "datapackage.json").exists())
    corpus = load(place) if known else read_corpus(source, progress=progress)
    if years is None and agencies is None:
        return corpus
    reports = corpus.reports
    keep = reports["report_id"].notna()
    if years is not None:
        keep &= reports["year"].isin([years] if isinstance(years, int) else list(years))
    if agencies is not None:
        names = [agencies] if isinstance(agencies, str) else list(agencies)
        agency = reports["agency"].astype("string").fillna("")
        keep &= agency.map(lambda a: any(name in a for name in names)).astype(bool)
    return only(corpus, reports.loc[keep, "report_id"])


def only(corpus: Corpus, report_ids: Iterable[str]) -> Corpus:
    """The corpus with these reports alone; files that failed stay listed."""
    ids = pa.array(list(report_ids), pa.string())
    tables = {
        name: table.filter(pc.is_in(table["report_id"], value_set=ids))
        if "report_id" in table.column_names
        else table
        for name, table in corpus._tables.items()
    }
    return Corpus(tables)
