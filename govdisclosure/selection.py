"""The data the package brings, and a corpus of any folder or data set, cut down to some years and
agencies.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .corpus import Corpus, read_corpus
from .dataset import load
from .errors import DatasetError

HERE = Path(__file__).resolve().parent
SOURCES = ("reports", "figures/statutory.csv", "figures/narrative.csv")


def open_corpus(
    source: str | os.PathLike | None = None, years=None, agencies=None, *, progress=False
) -> Corpus:
    """The reports of a folder (or of a data set that `build` or `save` wrote; None: of the package)
    of these years and of agencies whose name contains one of these texts. None keeps all; an empty
    list keeps none.

    Raises DatasetError where the source does not exist.
    """
    if source is None:
        corpus = shipped()
    elif Path(source, "datapackage.json").exists():
        corpus = load(source)
    else:
        corpus = read_corpus(source, progress=progress)
    if years is None and agencies is None:
        return corpus
    reports = corpus.reports
    return only(corpus, reports.loc[chosen(reports, years, agencies), "report_id"])


def chosen(frame: pd.DataFrame, years=None, agencies=None, name: str = "agency") -> pd.Series:
    """Whether a row is of these years (an int or several) and its `name` contains one of these
    texts; None asks nothing.

    >>> chosen(pd.DataFrame({"agency": ["甲县", "乙县"], "year": [2023, 2024]}), agencies="甲").tolist()
    [True, False]
    """
    keep = pd.Series(True, frame.index)
    if years is not None:
        keep &= frame["year"].isin([years] if isinstance(years, int) else list(years))
    if agencies is not None:
        texts = [agencies] if isinstance(agencies, str) else list(agencies)
        names = frame[name].astype("string").fillna("")
        keep &= names.map(lambda full: any(text in full for text in texts)).astype(bool)
    return keep


def brought(name: str) -> Path:
    """A file or folder that comes with the package: 'notebooks', 'data/figures/new_media.csv'.
    Raises DatasetError.

    In a wheel it lies inside the package, in a checkout beside it.
    """
    found = [place / name for place in (HERE, HERE.parent) if (place / name).exists()]
    if not found:
        raise DatasetError(name, "a part of the package", seen="nothing there")
    return found[0]


def shipped() -> Corpus:
    """The reports of data/reports and the official and press figures of data/figures, as one
    corpus.

    Figures known from copies alone (no official address) are left out: they may be altered, and
    carry no headline.
    """
    data = brought("data")
    read = read_corpus(
        [data / name for name in SOURCES], manifest=data / "manifest.csv", progress=False
    )
    copies = read.reports["media_type"].str.contains("origin=(?:copy|mixed)$")
    kept = only(read, read.reports.loc[~copies, "report_id"])
    tables = {name: kept._table(name) for name in kept._tables}
    # The tables and the prose of one report, which lie in two files of figures, as one report
    # (statutory/x, narrative/x).
    for name, table in tables.items():
        if name != "failures":
            own = pc.replace_substring_regex(table["report_id"], "^(statutory|narrative)/", "")
            tables[name] = table.set_column(0, "report_id", own)
    ids = tables["reports"]["report_id"].to_pandas()
    tables["reports"] = tables["reports"].filter(pa.array(~ids.duplicated()))
    return Corpus(tables)


def only(corpus: Corpus, report_ids) -> Corpus:
    """The corpus with these reports alone; files that failed stay listed."""
    ids = pa.array(list(report_ids), pa.string())
    tables = {name: corpus._table(name) for name in corpus._tables}
    for name, table in tables.items():
        if "report_id" in table.column_names:
            tables[name] = table.filter(pc.is_in(table["report_id"], value_set=ids))
    return Corpus(tables)
