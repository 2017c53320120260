"""One report, one record: copies of a report in one corpus, and reports that are part of another's.

`stand_ins` needs nothing but summaries, so that `read_corpus` and `build` use the same; `part_of`
needs the frame `reports`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .errors import DuplicateError
from .schema import Gatherer, to_pandas

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset


class Figures(NamedTuple):
    """The reported figures of a report: in order, a number for each place with its value, where that
    is not zero (``telling``) and where it is.
    """

    telling: np.ndarray
    zeros: np.ndarray

    def within(self, other: Figures) -> bool:
        """Whether the other report has all these figures."""
        return all(set(own.tolist()) <= set(others.tolist()) for own, others in zip(self, other))


# Which of two equal copies stands for the report: the earlier of these formats.
FORMATS = ("text/html", "multipart/related", "application/", "text/markdown", "text/plain")
TELLING = 3  # figures other than zero that two reports of one name must share where no division code tells
COMPARED = 20  # different reports of one agency and year that a copy is compared with
TOGETHER = 50_000  # reports of a year whose figures are held at a time, 2 KB each

# Frames of figures and what tells their figures apart.
TOLD = {
    "cells": ("table", "row", "column"),
    "narrative": ("indicator", "platform", "period", "scope", "note"),
}


class Summary(NamedTuple):
    """What tells reports apart, in the words of the frame `reports`. ``agency_origin`` is 'table'
    for a table of figures.
    """

    report_id: str
    agency: str | None
    year: int | None
    division_code: str | None
    agency_origin: str | None
    path: str
    sha256: str
    media_type: str
    cells_reported: int

    @property
    def of(self) -> tuple:
        """What copies of a report have alike: its year and agency."""
        return self.year, self.agency

    @property
    def worth(self) -> tuple:
        """Sorts the copy that stands for the report first: most cells reported, then by format,
        then by path.
        """
        formats = [not self.media_type.startswith(name) for name in FORMATS]
        is_table = self.agency_origin == "table"
        return (-self.cells_reported, is_table, formats, self.path, self.report_id)


def stand_ins(
    summaries: Iterable[Summary], figures: Callable[[set[str]], Mapping[str, Figures]]
) -> dict[str, Summary]:
    """{report_id of a copy: the report that stands for it}.

    A copy has the same bytes; or the same agency and year, no other division code, and no reported
    figure that the other lacks or has otherwise. `figures` gives the reported figures of the
    reports that are looked at closer, which are few; it is asked for those of a year, `TOGETHER` of them
    at a time. Reports of one agency and year whose figures differ are no
    copies. The cost is about linear.

    >>> one = Summary("a", "甲县人民政府", 2021, None, "title", "a.html", "1", "text/html", 2)
    >>> two = one._replace(report_id="b", path="b.pdf", sha256="2", media_type="application/pdf")
    >>> same = Figures(telling=np.array([11, 12, 13]), zeros=np.array([14]))
    >>> {copy: by.report_id for copy, by in stand_ins([one, two], lambda ids: dict.fromkeys(ids, same)).items()}
    {'b': 'a'}
    """
    copies: dict[str, Summary] = {}
    files: dict[str, Summary] = {}
    others: list[Summary] = []
    for summary in sorted(summaries, key=attrgetter("worth")):
        one_report = summary.sha256 and summary.agency_origin != "table"
        before = files.setdefault(summary.sha256 if one_report else summary.report_id, summary)
        if before is not summary:
            copies[summary.report_id] = before
        elif summary.agency and summary.year:
            others.append(summary)
    others.sort(key=attrgetter("of"))
    groups = (list(group) for _, group in groupby(others, attrgetter("of")))
    near = [summary for group in groups if len(group) > 1 for summary in group]
    years = [list(of_year) for _, of_year in groupby(near, attrgetter("year"))]
    kept: list[Summary] = []  # of one agency and year, the first that are no copies
    for part in (y[n : n + TOGETHER] for y in years for n in range(0, len(y), TOGETHER)):
        kept = [summary for summary in kept if summary.year == part[0].year]
        known = figures({summary.report_id for summary in (*kept, *part)})
        for summary in part:
            kept = kept if kept and kept[0].of == summary.of else []
            if summary.report_id not in known:
                continue
            if stands := next((other for other in kept if _is_copy(summary, other, known)), None):
                copies[summary.report_id] = stands
            elif len(kept) < COMPARED:
                kept.append(summary)
    return copies


def _is_copy(summary: Summary, other: Summary, known: Mapping[str, Figures]) -> bool:
    own = known[summary.report_id]
    codes = {summary.division_code, other.division_code}
    alike = len(own.telling) >= TELLING if None in codes else len(codes) == 1
    return alike and own.within(known[other.report_id])


def apart(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Frames of a corpus with each report once; copies become rows of `failures`, kind 'duplicate',
    that say what stands for them.
    """
    from pyarrow import dataset

    found = copies(lambda name: dataset.dataset(tables[name]))
    said = Gatherer()
    for _, row in sorted(found.items()):
        said.fail(*row)
    others = ~pc.field("report_id").isin(pa.array(found, pa.string()))
    kept = {name: table.filter(others) for name, table in tables.items() if name != "failures"}
    failures = pa.concat_tables([tables["failures"], said.table("failures")])
    return kept | {"failures": failures.unify_dictionaries()}


def copies(opened: Callable[[str], Dataset]) -> dict[str, list[str]]:
    """{report_id of each copy: its row of `failures`}; `opened` gives a frame by name."""
    summaries: dict[str, Summary] = {}
    for batch in _read(opened("reports"), list(Summary._fields)):
        summaries |= {row["report_id"]: Summary(**row) for row in batch.to_pylist()}

    def figures(ids: set[str]) -> dict[str, Figures]:
        """Reported cells of some reports; the prose figures of those that have no cell."""
        pa.default_memory_pool().release_unused()
        reported: dict[str, Figures] = {}
        years = pa.array({summaries[report_id].year for report_id in ids}, pa.int16())
        for name, key in TOLD.items():
            names = pd.Index(sorted(ids - reported.keys()), dtype="string")
            own = pc.field("report_id").isin(pa.array(names, pa.string()))
            wanted = own & pc.field("value").is_valid() & pc.field("year").isin(years)
            columns, pieces = ["report_id", *key, "value"], []
            for batch in filter(len, _read(opened(name), columns, wanted)):
                frame = to_pandas(pa.Table.from_batches([batch]))
                of = 2 * names.get_indexer(frame["report_id"]) + frame["value"].eq(0).to_numpy()
                said = pd.util.hash_pandas_object(frame[[*key, "value"]], index=False)
                pieces.append((of.astype(np.int32), said.to_numpy()))
            of, said = map(np.concatenate, zip(*pieces)) if pieces else np.empty((2, 0))
            order = np.lexsort((said, of))
            of, said = of[order], said[order]
            ends = of.searchsorted(np.arange(1, 2 * len(names)))
            told = np.split(said, ends)
            for report_id, telling, zeros in zip(names, told[::2], told[1::2]):
                if len(telling) or len(zeros):
                    reported[report_id] = Figures(telling, zeros)
        return reported

    found: dict[str, list[str]] = {}
    for copy, stands in stand_ins(summaries.values(), figures).items():
        path, expected = summaries[copy].path, "a report that is not in the corpus yet"
        seen = f"the figures of {stands.report_id} ({stands.path}), which stands for it"
        error = DuplicateError(path, expected, seen=seen)
        found[copy] = [path, error.kind, str(error)]
    return found


def _read(frame: Dataset, columns: list[str], wanted: pc.Expression | None = None):
    """Columns of the rows wanted, a few thousand at a time, as one thread keeps little memory."""
    few = {"batch_size": 16384, "batch_readahead": 1, "fragment_readahead": 1}
    return frame.to_batches(columns, wanted, use_threads=False, **few)


# Level of a government → digits of a division code that all below it share; the widest first.
PREFIX = {"province": 2, "prefecture": 4, "county": 6}


def part_of(reports: pd.DataFrame) -> pd.Series:
    """For each report the report_id of the report that contains it, by its index; NA where the
    frame has none.

    A government's own report (…人民政府, not its office's) gives the figures of its whole territory, so
    the reports of the divisions, departments and towns below it, by division code and level, of the
    same year, are part of it. Organs that a central body directs (level 'state branch') are not.
    The nearest government counts: 县 before 市 before 省.

    `reports` needs report_id, agency, year, level, division_code. For sums over reports take those
    where this is NA.

    >>> frame = pd.DataFrame({"report_id": ["city", "district"], "agency": ["淮安市人民政府", "淮安市洪泽区人民政府"],
    ...     "year": 2024, "level": ["prefecture", "county"], "division_code": ["320800", "320813"]})
    >>> part_of(frame).tolist()
    [<NA>, 'city']
    """
    facts = reports[["report_id", "agency", "year", "level", "division_code"]].astype("string")
    facts = facts.reset_index(drop=True).dropna()
    facts = facts[~facts["level"].str.startswith("state")]
    part = pd.Series(pd.NA, facts.index, dtype="string", name="part_of")
    base = facts["level"].str.removesuffix(" department")
    whole = (base == facts["level"]) & facts["agency"].str.endswith(("政府", "行政公署"))
    wider: list[str] = []
    for level, digits in PREFIX.items():
        place = facts["year"] + facts["division_code"].str[:digits]
        own = whole & (base == level)
        above = facts["report_id"][own].groupby(place).first().reindex(place).set_axis(facts.index)
        part = part.where(own | base.isin(wider), above.fillna(part))
        wider.append(level)
    return part.reindex(range(len(reports))).set_axis(reports.index)
