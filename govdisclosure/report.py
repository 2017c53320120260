"""One report as its reader meets it: facts, frames, and the three tables as printed."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from . import views
from .frames import tidy
from .model import Record


class Report:
    """One annual report.

    ``report_id``, ``title``, ``agency``, ``year`` (reported on), ``form`` ('2014', '2019', '2021' or None), ``level``,
    ``division_code``, ``province``, ``published`` are plain values, None where the document does not say;
    ``origin(name)`` tells where one came from. ``cells``, ``requests``, ``proactive``, ``disputes``, ``sections``,
    ``narrative``, ``findings``, ``unplaced`` are frames of this report alone, with the columns of a Corpus.
    In a notebook it shows its tables in the statutory layout, doubtful cells coloured.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.agency: str | None
        self.year: int | None
        self.report_id, self.form = record.report_id, record.form
        for name in ("title", "agency", "year", "level", "division_code", "province", "published"):
            setattr(self, name, getattr(record, name).value)

    def origin(self, name: str) -> str:
        """Where a fact came from: 'title', 'metadata 发布机构', 'file name', 'manifest', … ('' where it is unknown)."""
        return getattr(self.record, name).origin

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return tidy([self.record])

    cells = property(
        lambda self: self._frames["cells"], doc="One row per cell of the form, in form order."
    )
    sections = property(lambda self: self._frames["sections"], doc="Prose of the sections.")
    narrative = property(
        lambda self: self._frames["narrative"], doc="Figures of the prose, each with its sentence."
    )
    findings = property(
        lambda self: self._frames["findings"], doc="What does not add up, or is doubtful."
    )
    unplaced = property(
        lambda self: self._frames["unplaced"], doc="Printed figures that no cell of the form took."
    )
    requests = property(
        lambda self: views.requests(self.cells), doc="Table 三, see `views.requests`."
    )
    proactive = property(
        lambda self: views.proactive(self.cells), doc="Table 二, see `views.proactive`."
    )
    disputes = property(
        lambda self: views.disputes(self.cells), doc="Table 四, see `views.disputes`."
    )

    def _repr_html_(self) -> str:
        from .show import report_html

        return report_html(self.record)

    def __repr__(self) -> str:
        return f"<Report {self.report_id}: {self.agency or 'agency unknown'}, {self.year or 'year unknown'}, form {self.form}>"
