"""A corpus from a folder of reports, a data set or what the package brings, cut down to some years and agencies."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from .corpus import Corpus, read_corpus
from .dataset import load
from .shipped import only, shipped


def open_corpus(
    source: str | os.PathLike | None = None, years=None, agencies=None, *, progress=False
) -> Corpus:
    """The reports of a folder (or of a data set that `build` or `save` wrote; None: of the package) of these years and of
    agencies whose name contains one of these texts. None keeps all; an empty list keeps none.

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
    """Whether a row is of these years (an int or several) and its `name` contains one of these texts; None asks nothing.

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
