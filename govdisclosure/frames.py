"""Records → tidy frames. Figures are gathered in columns and become one Arrow table at the end, so that a corpus
of any size costs no frame per report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd
import pyarrow as pa

from .model import Record
from .schema import FRAMES, arrow_schema

_PANDAS = {
    pa.float64(): pd.Float64Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(),
}


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame with nullable dtypes (string, Float64, Int16, Int32, boolean, category)."""
    return table.to_pandas(types_mapper=_PANDAS.get)


class Gatherer:
    """Columns of all frames, filled report by report.

    >>> Gatherer().table("failures").num_rows
    0
    """

    def __init__(self) -> None:
        self.columns: dict[str, list[list]] = {
            name: [[] for _ in fields] for name, fields in FRAMES.items()
        }

    def add(self, record: Record) -> None:
        """Append one report to every frame but `failures`."""
        who = (record.report_id, record.agency.value, record.year.value)
        self._extend("cells", (*who, record.form), record.cells)
        self._extend("sections", who, record.sections)
        figures = [f._replace(scope=f.scope or None) for f in record.figures]  # type: ignore[arg-type]
        self._extend("narrative", who, figures)
        found = [f._replace(cells=" ".join(f.cells)) for f in record.findings]  # type: ignore[arg-type]
        self._extend("findings", who, found)
        unplaced = [u._replace(table=u.table or None) for u in record.unplaced]  # type: ignore[arg-type]
        self._extend("unplaced", who, unplaced)
        for column, value in zip(self.columns["reports"], _report_row(record)):
            column.append(value)

    def fail(self, path: str, kind: str, message: str) -> None:
        """Append one file that could not be read."""
        for column, value in zip(self.columns["failures"], (path, kind, message)):
            column.append(value)

    def _extend(self, frame: str, constants: tuple, rows: Iterable[tuple]) -> None:
        rows = list(rows)
        columns = self.columns[frame]
        for column, value in zip(columns, constants):
            column.extend([value] * len(rows))
        for column, values in zip(columns[len(constants) :], zip(*rows)):
            column.extend(values)

    def table(self, frame: str) -> pa.Table:
        """One frame as an Arrow table."""
        schema = arrow_schema(frame)
        arrays = [pa.array(v, f.type) for f, v in zip(schema, self.columns[frame], strict=True)]
        return pa.Table.from_arrays(arrays, schema=schema)

    def frame(self, name: str) -> pd.DataFrame:
        """One frame as pandas."""
        return to_pandas(self.table(name))


def _report_row(record: Record) -> tuple:
    statuses = Counter(c.status for c in record.cells)
    severities = Counter(f.severity for f in record.findings)
    source = record.source
    return (
        record.report_id, record.agency.value, record.year.value, record.form,
        record.title.value, record.level.value, record.division_code.value, record.province.value, record.published.value,
        record.agency.origin or None, record.year.origin or None, record.level.origin or None, record.division_code.origin or None,
        source.path, source.url or None, source.sha256, source.media_type,
        *(statuses[s] for s in ("reported", "blank", "not_applicable", "unreadable", "absent")),
        len(record.unplaced), severities["error"], severities["warning"], severities["info"],
    )  # fmt: skip


def tidy(records: Iterable[Record]) -> dict[str, pd.DataFrame]:
    """All frames of some records, by name. See `govdisclosure.schema.FRAMES` for columns, dtypes and units."""
    gathered = Gatherer()
    for record in records:
        gathered.add(record)
    return {name: gathered.frame(name) for name in FRAMES}
