"""One file, from bytes to a finished Record: read, parse, prose figures, checks. All of the
package reads so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from .checks import check_record
from .decode import decode_document
from .errors import DisclosureError
from .figures import figure_records, is_figures
from .model import Record, Source
from .narrative import extract
from .numbers import EMPTY
from .readers import read, read_bytes, source_of
from .text import printable


def read_record(
    path: str | os.PathLike,
    manifest: Mapping[str, str] | None = None,
    *,
    data: bytes | None = None,
    report_id: str = "",
) -> Record:
    """One report file as a Record. Raises DisclosureError and nothing else for whatever the file
    holds.

    `manifest`: what is known from elsewhere (report_id, agency, year, level, division_code, url,
    …); it wins over the document. `report_id`: wins over the manifest's.
    """
    given = {k: str(v) for k, v in (manifest or {}).items() if str(v) not in EMPTY}
    name = printable(os.fsdecode(path))
    source = Source(name, Path(name).name, url=given.get("url", ""))
    document = read(read_bytes(path) if data is None else data, source)
    report_id = printable(report_id or given.get("report_id") or Path(name).stem)
    record = decode_document(document, report_id=report_id, manifest=given)
    figures = extract(record.sections, record.year.value, name)  # type: ignore[arg-type]
    record = replace(record, figures=figures)
    return replace(record, findings=(*record.findings, *check_record(record)))


def read_records(
    path: str | os.PathLike,
    manifest: Mapping[str, str] | None = None,
    *,
    data: bytes | None = None,
    report_id: str = "",
) -> Iterator[Record | DisclosureError]:
    """Every report in a file, one after the other: one of a document, any number of a table of
    figures.

    What can't be read is yielded as the error it is, and nothing is raised.
    """
    name = printable(os.fsdecode(path))
    try:
        data = read_bytes(path) if data is None else data
        if not is_figures(data):
            yield read_record(path, manifest, data=data, report_id=report_id)
            return
        source = source_of(name, data)
        for found in figure_records(data, source, printable(report_id or Path(name).stem)):
            if isinstance(found, Record):
                # What is not there was not seen, so nothing lacks: findings on what is there.
                given = {".".join(cell[:3]) for cell in found.cells}
                told = (f for f in check_record(found) if f.cells and given.issuperset(f.cells))
                found = replace(found, findings=(*found.findings, *told))
            yield found
    except DisclosureError as error:
        yield error
