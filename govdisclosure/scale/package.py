"""`datapackage.json`: what the files of a data set are and what their columns mean, as Frictionless describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..schema import FRAMES

_TYPES = {"string": "string", "category": "string", "year": "year", "number": "number", "integer": "integer", "boolean": "boolean"}
_TITLES = {
    "cells": "One row per report and cell of its statutory form",
    "reports": "One row a report",
    "sections": "Prose of the sections",
    "narrative": "Figures of the prose, each with its sentence",
    "findings": "What does not add up, or is doubtful, report by report",
    "unplaced": "Figures printed in tables that no cell of the form took",
    "failures": "Files that could not be read",
}


def fields_of(frame: str) -> list[dict]:
    """Frictionless fields of a frame."""
    return [{"name": f.name, "type": _TYPES[f.type], "title": f.zh, "description": f.en} for f in FRAMES[frame]]


def describe(paths: Mapping[str, Iterable[str]], *, format: str, mediatype: str) -> dict:
    """The descriptor of a data set whose frames stand in `paths` (frame → files, relative to the descriptor)."""
    resources = []
    for frame, files in paths.items():
        files = sorted(files)
        if files:
            resources.append({
                "name": frame, "title": _TITLES[frame], "path": files if len(files) > 1 else files[0],
                "format": format, "mediatype": mediatype, "encoding": "utf-8", "schema": {"fields": fields_of(frame)},
            })  # fmt: skip
    return {"name": "govdisclosure", "title": "政府信息公开工作年度报告 / Annual reports on government information disclosure",
            "profile": "data-package", "resources": resources}
