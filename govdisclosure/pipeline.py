"""One file, from bytes to a finished Record: read, parse, prose figures, checks. The corpus path and `read_report` share it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from .checks import check_record
from .errors import DisclosureError
from .model import Document, Record, Source
from .narrative import extract
from .parse import parse_document
from .readers import read, read_bytes


def record_of(
    document: Document,
    report_id: str,
    manifest: Mapping[str, str] | None = None,
    *,
    prose: bool = True,
    checks: bool = True,
) -> Record:
    """A Document as a Record with prose figures and findings. Raises as `parse_document`."""
    from dataclasses import replace

    record = parse_document(
        document, report_id=report_id, manifest=dict(manifest) if manifest else None
    )
    if prose:
        record = replace(record, figures=extract(record.sections))
    if checks:
        record = replace(record, findings=(*record.findings, *check_record(record)))
    return record


def printable(text: str) -> str:
    r"""The text with what is no UTF-8 (a file name of another charset) as U+FFFD, so that it fits any frame and file.

    >>> printable("a\udcc4.html")
    'a�.html'
    """
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # half a surrogate pair that no file name gave
        return text.encode("utf-8", "replace").decode()


def read_record(
    path: str | os.PathLike,
    manifest: Mapping[str, str] | None = None,
    *,
    data: bytes | None = None,
    report_id: str = "",
    prose: bool = True,
    checks: bool = True,
) -> Record:
    """One report file as a Record. Raises DisclosureError and nothing else for whatever the file holds.

    `manifest`: what is known from elsewhere (report_id, agency, year, level, division_code, url, …); it wins over the
    document. `report_id`: wins over the manifest's.
    """
    given = {
        k: str(v)
        for k, v in (manifest or {}).items()
        if v is not None and str(v) not in ("", "nan")
    }
    data = read_bytes(path) if data is None else data
    name = printable(os.fsdecode(path))
    source = Source(name, Path(name).name, url=given.get("url", ""))
    document = read(data, source)
    return record_of(
        document,
        printable(report_id or given.get("report_id") or Path(name).stem),
        given,
        prose=prose,
        checks=checks,
    )


def read_records(
    path: str | os.PathLike,
    manifest: Mapping[str, str] | None = None,
    *,
    data: bytes | None = None,
    report_id: str = "",
) -> Iterator[Record | DisclosureError]:
    """Every report in a file, one after the other. What can't be read is yielded as the error it is; nothing is raised."""
    try:
        yield read_record(path, manifest, data=data, report_id=report_id)
    except DisclosureError as error:
        yield error
