"""`datapackage.json`: what the files of a data set are and what their columns mean, as Frictionless describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..forms import FORMS
from ..model import STATUSES
from ..identity.report_titles import EARLIEST, LATEST
from ..schema import FRAMES

_TYPES = {
    "string": "string",
    "category": "string",
    "year": "year",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}
_TITLES = {
    "cells": "One row per report and cell of its statutory form",
    "reports": "One row a report",
    "sections": "Prose of the sections",
    "narrative": "Figures of the prose, each with its sentence",
    "findings": "What does not add up, or is doubtful, report by report",
    "unplaced": "Figures printed in tables that no cell of the form took",
    "failures": "Files that could not be read",
}
_ENUMS = {
    "form": tuple(FORMS),
    "table": tuple(dict.fromkeys(table.key for form in FORMS.values() for table in form.tables)),
    "status": STATUSES,
}
_MISSING = [""]  # a number that is missing is an empty field, never a zero


def fields_of(frame: str) -> list[dict]:
    """Frictionless fields of a frame: closed lists of codes and bounds of years as constraints, which a validator checks."""
    return [
        {
            "name": f.name,
            "type": _TYPES[f.type],
            "title": f.zh,
            "description": f.en,
            **_constraints(f.name, f.type),
        }
        for f in FRAMES[frame]
    ]


def _constraints(name: str, type: str) -> dict:
    if type == "year":
        return {"constraints": {"minimum": EARLIEST, "maximum": LATEST}}
    if type == "category" and name in _ENUMS:
        return {"constraints": {"enum": list(_ENUMS[name])}}
    return {}


def describe(paths: Mapping[str, Iterable[str]], *, format: str, mediatype: str) -> dict:
    """The descriptor of a data set whose frames stand in `paths` (frame → files, relative to the descriptor)."""
    resources = []
    for frame, files in paths.items():
        files = sorted(files)
        if files:
            resources.append({
                "name": frame, "title": _TITLES[frame], "path": files if len(files) > 1 else files[0],
                "format": format, "mediatype": mediatype, "encoding": "utf-8", "schema": {"fields": fields_of(frame), "missingValues": _MISSING},
            })  # fmt: skip
    return {
        "name": "govdisclosure",
        "title": "政府信息公开工作年度报告 / Annual reports on government information disclosure",
        "profile": "data-package",
        "resources": resources,
    }
