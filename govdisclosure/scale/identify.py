"""The report_id of each source of a bucket: the manifest's, else the file stem, else (where several claim it) the path."""

from __future__ import annotations

import hashlib
import json
import os
from typing import NamedTuple

from ..sources import Claims
from .plan import Item, printable


class Work(NamedTuple):
    """A source with its id. ``label`` is printable; ``clash`` is the label that took the id first, or ''."""

    item: Item
    label: str
    report_id: str
    clash: str

    @property
    def manifest_hash(self) -> str:
        """Hash of the manifest's row, '' where it has none."""
        if not self.item.manifest:
            return ""
        return hashlib.sha256(json.dumps(self.item.manifest, sort_keys=True).encode()).hexdigest()[
            :16
        ]


def identified(items: list[Item], root: str) -> list[Work]:
    """Sources with their ids, in order of id: the ids of `govdisclosure.sources.found`, as all that claim one are here.

    Should the path that stands in for a claimed id be another source's id, the second is marked with the first.
    """
    claims = Claims((item.base, item.named) for item in items)
    pairs = [
        (_own(item, claims.several(item.base, item.named), root), printable(item.label), item)
        for item in items
    ]
    first: dict[str, str] = {}
    result = []
    for report_id, label, item in sorted(pairs, key=lambda p: (p[0], p[1], p[2].label)):
        clash = first.setdefault(report_id, label) if item.failure is None else label
        result.append(Work(item, label, report_id, "" if clash == label else clash))
    return result


def _own(item: Item, clashes: bool, root: str) -> str:
    if not clashes:
        return printable(item.base)
    return printable(os.path.relpath(os.path.abspath(item.label), root)).replace(os.sep, "/")
