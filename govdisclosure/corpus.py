"""One report and many, read and given as tidy frames."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from . import views
from .dataset import canonical, save
from .errors import DatasetError, DisclosureError, NotAReportError, SeveralReportsError
from .schema import FRAMES, Gatherer, to_pandas
from .show import corpus_html, report_html
from .text import counted, printable

if TYPE_CHECKING:
    from .model import Record

# What reads reports and checks them is imported where it is used: `gd.load` needs none of it, and
# it takes half a second.


def _kept(name: str, meaning: str) -> cached_property[pd.DataFrame]:
    """A frame that is made when it is first asked for."""
    frame = cached_property(lambda self: to_pandas(self._table(name)))
    frame.__doc__ = meaning
    return frame


def _viewed(view: Callable[[pd.DataFrame], pd.DataFrame]) -> cached_property[pd.DataFrame]:
    """A view of the cells."""
    frame = cached_property(lambda self: view(self.cells))
    frame.__doc__ = view.__doc__
    return frame


class _Frames:
    """The frames that one report and a corpus of them have alike."""

    cells = _kept("cells", "One row per report × cell of its form, in form order.")
    sections = _kept("sections", "Prose of the six sections.")
    narrative = _kept("narrative", "Figures of the prose, each with its sentence.")
    findings = _kept("findings", "What does not add up, or is doubtful.")
    unplaced = _kept("unplaced", "Printed figures that no cell of the form took.")
    requests = _viewed(views.requests)
    proactive = _viewed(views.proactive)
    disputes = _viewed(views.disputes)

    _tables: Mapping[str, pa.Table | Callable[[], pa.Table]]  # a frame, or what reads it

    def _table(self, name: str) -> pa.Table:
        if name not in self._tables:
            raise DatasetError(
                "this corpus",
                f"the table {name}",
                seen=f"loaded: {', '.join(self._tables)}",
                advice="Load it too: gd.load(folder, tables=…).",
            )
        table = self._tables[name]
        return table() if callable(table) else table


class Report(_Frames):
    """One annual report.

    ``report_id``, ``title``, ``agency``, ``year`` (reported on), ``form`` ('2014', '2019', '2021'
    or None), ``level``, ``division_code``, ``province``, ``published`` are plain values, None where
    the document does not say; ``origin(name)`` tells where one came from. ``cells``, ``requests``,
    ``proactive``, ``disputes``, ``sections``, ``narrative``, ``findings``, ``unplaced`` are frames
    of this report alone, with the columns of a Corpus. In a notebook it shows its tables in the
    statutory layout, doubtful cells coloured.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self._tables = Gatherer([record]).tables()
        self.agency: str | None
        self.year: int | None
        self.report_id, self.form = record.report_id, record.form
        for name in ("title", "agency", "year", "level", "division_code", "province", "published"):
            setattr(self, name, getattr(record, name).value)

    def origin(self, name: str) -> str:
        """Where a fact came from: 'title', 'metadata 发布机构', 'file name', 'manifest', … ('' where it
        is unknown).
        """
        return getattr(self.record, name).origin

    def _repr_html_(self) -> str:
        return report_html(self.record)

    def __repr__(self) -> str:
        return f"<Report {self.report_id}: {self.agency or 'agency unknown'}, {self.year or 'year unknown'}, form {self.form}>"


class Corpus(_Frames):
    """Tidy frames of many reports. Every frame has report_id, agency and year; see `gd.codebook()`.

    Attributes (pandas.DataFrame): ``reports`` one row a report; ``cells`` one row per report × cell
    of its form; ``requests``, ``proactive``, ``disputes`` views of it; ``narrative`` figures of the
    prose; ``sections``; ``findings`` of each report and across years; ``unplaced`` printed figures
    without a cell; ``failures`` one row a file that could not be read (path, kind, message).

    >>> Corpus.from_records([]).reports.empty
    True
    """

    reports = _kept(
        "reports", "One row a report; errors, warnings and infos count its own findings."
    )
    failures = _kept("failures", "Files that could not be read.")

    def __init__(self, tables: Mapping[str, pa.Table | Callable[[], pa.Table]]) -> None:
        self._tables = tables

    @classmethod
    def from_records(cls, records: Iterable[Record]) -> Corpus:
        """A corpus of Records."""
        return cls(Gatherer(records).tables())

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Findings of each report, then those across years and levels.

        The latter see what is loaded: a corpus of some years, tables or columns lacks those that
        need the others.
        """
        own = self._table("findings")
        seen = ("cells", "reports", "narrative")
        if any(
            name not in self._tables or self._table(name).num_columns < len(FRAMES[name])
            for name in seen
        ):
            return to_pandas(own)
        from .checks import check_corpus

        across = check_corpus({name: getattr(self, name) for name in seen})
        below = pa.Table.from_pandas(across, schema=own.schema, preserve_index=False)
        return to_pandas(canonical(pa.concat_tables([own, below]).unify_dictionaries()))

    def wide(
        self, table: str = "requests", *, what: str = "value", labels: str | None = None
    ) -> pd.DataFrame:
        """One line per report × row of a table, see `govdisclosure.views.wide`."""
        return views.wide(self.cells, table, what=what, labels=labels)

    def __len__(self) -> int:
        return self._table("reports").num_rows

    save = save

    def to_csv(self, folder: str | os.PathLike) -> None:
        """Write all frames as CSV (UTF-8 with BOM, so that Excel shows Chinese) into `folder`;
        formula cells are neutralised.
        """
        from .export import save_csv

        save_csv(self, folder)

    def to_excel(self, path: str | os.PathLike) -> None:
        """Write all frames as sheets of one workbook (needs the extra `excel`); formula cells are
        neutralised.
        """
        from .export import save_excel

        save_excel(self, path)

    _repr_html_ = corpus_html

    def __repr__(self) -> str:
        try:
            years, failed = self.reports["year"].dropna(), len(self.failures)
        except (DatasetError, KeyError):  # not loaded
            return f"<Corpus of {', '.join(self._tables)}>"
        span = f"{years.min()}-{years.max()}" if len(years) else "no years"
        return counted(f"<Corpus: {len(self)} reports, {span}, {failed} failures>")


def read_report(path: str | os.PathLike, *, manifest: Mapping[str, str] | None = None) -> Report:
    """Read one report file (HTML, DOCX, PDF, Markdown or text dump, told apart by content; a table
    of figures with one report).

    `manifest` may give report_id, agency, year, level, division_code, province, published, url; it
    wins over the document. Raises DisclosureError (UnreadableFileError, LimitError,
    NotAReportError, SeveralReportsError, LayoutError).

    >>> report = read_report("data/reports/dayao-2021.txt")          # doctest: +SKIP
    >>> report.agency, report.year, report.form                      # doctest: +SKIP
    ('大姚县人民政府', 2021, '2021')
    """
    from .pipeline import read_records

    name = printable(os.fsdecode(path))
    found = list(islice(read_records(path, manifest), 2))
    first, *more = found or [NotAReportError(name, "a row of figures")]
    if more:
        seen = "a table of figures with several, or with rows that belong to none"
        advice = "Read it with read_corpus."
        raise SeveralReportsError(name, "one report", seen=seen, advice=advice)
    if isinstance(first, DisclosureError):
        raise first
    return Report(first)


def read_corpus(
    sources: str | os.PathLike | Iterable[str | os.PathLike],
    *,
    manifest=None,
    progress: bool | None = None,
) -> Corpus:
    """Read every file of some folders, files or globs into one Corpus: reports, and tables of
    figures (see `figures`).

    `manifest`: path of a CSV, a frame or rows with path or report_id and what to add or override;
    by default manifest.csv in or beside the folder. `progress`: None shows a bar on a terminal once
    it takes over two seconds. A file that can't be read is a row of `failures`; the others are
    never lost. A report that is there in several formats or copies is counted once; the copies are
    rows of `failures` with kind 'duplicate'. Raises DatasetError only where a source does not exist
    or the manifest can't be read.
    """
    from .overlap import apart
    from .pipeline import read_records
    from .sources import bar, each, identified, listing, manifest_of

    gathered = Gatherer()
    given = list(each(sources))
    listed = identified(list(listing(given, manifest_of(manifest, given))))
    with bar(len(listed), progress) as shown:
        for report_id, item in listed:
            shown.update()
            known = item.label, item.manifest
            reports = [item.failure] if item.failure else read_records(*known, report_id=report_id)
            for report in reports:
                if isinstance(report, DisclosureError):
                    gathered.fail(report.report, report.kind, str(report))
                else:
                    gathered.add(report)
    return Corpus(apart(gathered.tables()))
