"""Many reports as tidy frames; the only place that writes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from . import views
from .errors import DatasetError, DisclosureError
from .frames import Gatherer, to_pandas
from .schema import FRAMES

if TYPE_CHECKING:
    from .model import Record
    from .report import Report

# What reads reports and checks them is imported where it is used: `gd.load` needs none of it, and it takes half a second.

FRAME_NAMES = tuple(FRAMES)


class Corpus:
    """Tidy frames of many reports. Every frame has report_id, agency and year; see `gd.codebook()`.

    Attributes (pandas.DataFrame): ``reports`` one row a report; ``cells`` one row per report × cell of its form;
    ``requests``, ``proactive``, ``disputes`` views of it; ``narrative`` figures of the prose; ``sections``;
    ``findings`` of each report and across years; ``unplaced`` printed figures without a cell; ``failures`` one row
    a file that could not be read (path, kind, message).

    >>> Corpus.from_records([]).reports.empty
    True
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = dict(tables)

    @classmethod
    def from_records(cls, records: Iterable[Record]) -> Corpus:
        """A corpus of Records."""
        gathered = Gatherer()
        for record in records:
            gathered.add(record)
        return cls({name: gathered.table(name) for name in FRAME_NAMES})

    def _frame(self, name: str) -> pd.DataFrame:
        return to_pandas(self._table(name))

    def _table(self, name: str) -> pa.Table:
        if name not in self._tables:
            raise DatasetError(
                "this corpus",
                f"the table {name}",
                seen=f"loaded: {', '.join(self._tables)}",
                advice="Load it too: gd.load(folder, tables=…).",
            )
        return self._tables[name]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row per report × cell of its form, in form order."""
        return self._frame("cells")

    @cached_property
    def reports(self) -> pd.DataFrame:
        """One row a report; errors, warnings and infos count its own findings."""
        return self._frame("reports")

    @cached_property
    def sections(self) -> pd.DataFrame:
        """Prose of the six sections."""
        return self._frame("sections")

    @cached_property
    def narrative(self) -> pd.DataFrame:
        """Figures of the prose, each with its sentence."""
        return self._frame("narrative")

    @cached_property
    def unplaced(self) -> pd.DataFrame:
        """Figures printed in tables that no cell of the form took."""
        return self._frame("unplaced")

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Files that could not be read."""
        return self._frame("failures")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Findings of each report, then those across years and levels.

        The latter see what is loaded: a corpus of some years, tables or columns lacks those that need the others.
        """
        own = self._table("findings")
        from .checks import check_corpus
        from .dataset import canonical

        whole = all(
            t in self._tables and len(self._tables[t].column_names) == len(FRAMES[t])
            for t in ("cells", "reports", "narrative")
        )
        across = (
            check_corpus(
                {"cells": self.cells, "reports": self.reports, "narrative": self.narrative}
            )
            if whole
            else ()
        )
        if not len(across):
            return to_pandas(own)
        below = pa.Table.from_pandas(across, schema=own.schema, preserve_index=False)
        return to_pandas(canonical(pa.concat_tables([own, below]).unify_dictionaries()))

    @cached_property
    def requests(self) -> pd.DataFrame:
        """Table 三, see `govdisclosure.views.requests`."""
        return views.requests(self.cells)

    @cached_property
    def proactive(self) -> pd.DataFrame:
        """Table 二, see `govdisclosure.views.proactive`."""
        return views.proactive(self.cells)

    @cached_property
    def disputes(self) -> pd.DataFrame:
        """Table 四, see `govdisclosure.views.disputes`."""
        return views.disputes(self.cells)

    def wide(
        self, table: str = "requests", *, what: str = "value", labels: str | None = None
    ) -> pd.DataFrame:
        """One line per report × row of a table, see `govdisclosure.views.wide`."""
        return views.wide(self.cells, table, what=what, labels=labels)

    def __len__(self) -> int:
        return self._table("reports").num_rows

    def save(self, folder: str | os.PathLike) -> None:
        """Write all frames as Parquet into `folder`; `gd.load` reads them back. Raises DatasetError."""
        from .dataset import save

        save(self, folder)

    def to_csv(self, folder: str | os.PathLike) -> None:
        """Write all frames as CSV (UTF-8 with BOM, so that Excel shows Chinese) into `folder`; formula cells are neutralised."""
        from .export import save_csv

        save_csv(self, folder)

    def to_excel(self, path: str | os.PathLike) -> None:
        """Write all frames as sheets of one workbook (needs the extra `excel`); formula cells are neutralised."""
        from .export import save_excel

        save_excel(self, path)

    def _repr_html_(self) -> str:
        from .show import corpus_html

        return corpus_html(self)

    def __repr__(self) -> str:
        if (
            not {"reports", "failures"} <= self._tables.keys()
            or "year" not in self._tables["reports"].column_names
        ):
            return f"<Corpus of {', '.join(self._tables)}>"
        years = self.reports["year"].dropna()
        span = f"{years.min()}-{years.max()}" if len(years) else "no years"
        return (
            f"<Corpus: {len(self)} reports, {span}, {self._tables['failures'].num_rows} failures>"
        )


def read_report(path: str | os.PathLike, *, manifest: Mapping[str, str] | None = None) -> Report:
    """Read one report file (HTML, DOCX, PDF, Markdown or text dump, told apart by content; a table of figures with one report).

    `manifest` may give report_id, agency, year, level, division_code, province, published, url; it wins over the document.
    Raises DisclosureError (UnreadableFileError, LimitError, NotAReportError, SeveralReportsError, LayoutError).

    >>> report = read_report("data/reports/dayao-2021.txt")          # doctest: +SKIP
    >>> report.agency, report.year, report.form                      # doctest: +SKIP
    ('大姚县人民政府', 2021, '2021')
    """
    from .pipeline import read_one
    from .report import Report

    return Report(read_one(path, manifest))


def read_corpus(
    sources: str | os.PathLike | Iterable[str | os.PathLike],
    *,
    manifest=None,
    progress: bool | None = None,
) -> Corpus:
    """Read every file of some folders, files or globs into one Corpus: reports, and tables of figures (see `figures`).

    `manifest`: path of a CSV, a frame or rows with path or report_id and what to add or override; by default
    manifest.csv in or beside the folder. `progress`: None shows a bar on a terminal once it takes over two seconds.
    A file that can't be read is a row of `failures`; the others are never lost. A report that is there in several formats
    or copies is counted once; the copies are rows of `failures` with kind 'duplicate'. Raises DatasetError only where a
    source does not exist or the manifest can't be read.
    """
    from .overlap import apart
    from .pipeline import printable, read_records
    from .sources import bar, each, found, manifest_of

    gathered = Gatherer()
    sources = list(each(sources))
    listed = found(sources, manifest_of(manifest, sources))
    with bar(len(listed), progress) as shown:
        for report_id, item in listed:
            shown.update()
            if item.failure:
                gathered.fail(printable(item.label), *item.failure)
                continue
            for report in read_records(item.label, item.manifest, report_id=report_id):
                if isinstance(report, DisclosureError):
                    path = report.report if report.kind == "table_row" else printable(item.label)
                    gathered.fail(path, report.kind, printable(str(report)))
                else:
                    gathered.add(report)
    return Corpus(apart({name: gathered.table(name) for name in FRAME_NAMES}))
