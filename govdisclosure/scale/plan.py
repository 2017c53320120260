"""Which sources a build reads, listed on disk so that memory stays flat, and split into buckets.

A source goes to the bucket that the hash of its report_id (the manifest's, else the file stem) says. So the split
depends on the sources alone, not on who reads them or in which order; sources that claim the same id meet in one bucket;
and one new source rewrites one bucket.
"""

from __future__ import annotations

import csv
import glob
import hashlib
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import DatasetError, DisclosureError
from ..sources import MANIFEST, Manifest, manifest_of
from . import archives

FINE = 256                    # files of the listing: a bucket is some of them, or a part of one
LARGEST, SMALLEST = 2048, 128 # sources a bucket


class Item(NamedTuple):
    """A source: its label (path as given, or archive!/member), base id, manifest row and place in an archive."""

    label: str
    base: str
    named: bool
    manifest: dict[str, str]
    locator: list | None
    failure: list | None = None

    @property
    def hash(self) -> int:
        """32 bits of the base id's hash."""
        return int.from_bytes(hashlib.sha256(self.base.encode("utf-8", "surrogatepass")).digest()[:4], "big")


class Plan(NamedTuple):
    """A finished listing in `folder`: how many sources, in how many buckets, and their common folder."""

    folder: str
    count: int
    buckets: int
    root: str


def make_plan(sources, manifest, folder: str, out: str) -> Plan:
    """List `sources` into `folder`. Raises DatasetError where a source matches nothing or the manifest can't be read."""
    os.makedirs(folder, exist_ok=True)
    given = [os.fspath(sources)] if isinstance(sources, str | os.PathLike) else [os.fspath(s) for s in sources]
    rows = manifest_of(manifest, given if len(given) != 1 else given[0])
    files: dict[int, object] = {}
    count, root = 0, None
    try:
        for item in _items(given, rows, folder, os.path.realpath(out)):
            number = item.hash >> 24
            if number not in files:
                files[number] = open(os.path.join(folder, f"{number:02x}.jsonl"), "w", encoding="ascii")
            files[number].write(json.dumps(item) + "\n")
            here = os.path.dirname(os.path.abspath(item.label))
            root = here if root in (None, here) else os.path.commonpath([root, here])
            count += 1
    finally:
        for file in files.values():
            file.close()
    return Plan(folder, count, buckets_for(count), root or "")


def buckets_for(count: int) -> int:
    """Number of buckets, a power of two: about 4·√count sources each, never over 2,048.

    >>> [buckets_for(n) for n in (0, 11, 128, 1_000, 100_000, 1_000_000)]
    [1, 1, 1, 8, 128, 512]
    """
    size = min(LARGEST, max(SMALLEST, 4 * math.isqrt(count)))
    return 1 << max(0, math.ceil(math.log2(max(1, count) / size)))


def items_of(plan: Plan, number: int) -> list[Item]:
    """The sources of one bucket, each once, in order of base id and label."""
    bits = plan.buckets.bit_length() - 1
    fine = range(number * FINE // plan.buckets, max(1, FINE // plan.buckets) + number * FINE // plan.buckets)
    found: dict[str, Item] = {}
    for file in (Path(plan.folder, f"{n:02x}.jsonl") for n in fine):
        if file.exists():
            with open(file, encoding="ascii") as lines:
                for item in (Item(*json.loads(line)) for line in lines):
                    if item.hash >> (32 - bits) == number:
                        found.setdefault(item.label, item)
    return sorted(found.values(), key=lambda i: (i.base, i.label))


def _items(given: list[str], manifest: Manifest, folder: str, out: str) -> Iterator[Item]:
    for source in given:
        empty = True
        for path, row in _expand(source, out):
            empty = False
            yield from _of_file(path, row, manifest, folder)
        if empty and not os.path.isdir(source):
            raise DatasetError(source, "a file, a folder or a glob that matches files", seen="nothing there", advice="Check the path.")


def _of_file(path: str, row: dict[str, str] | None, manifest: Manifest, folder: str) -> Iterator[Item]:
    if not archives.is_archive(path):
        yield _item(path, manifest.row(path) if row is None else row, None)
        return
    try:
        for member in archives.members(path, os.path.join(folder, "spool.bin")):
            yield _item(member.label, {**member.known, **manifest.row(member.label)}, member.locator)
    except DatasetError:
        raise
    except DisclosureError as error:
        yield _item(path, {}, None)._replace(failure=[error.kind, str(error)])


def _item(label: str, row: dict[str, str], locator: list | None) -> Item:
    known = {k: v for k, v in row.items() if v and k != "path"}
    return Item(label, known.get("report_id") or Path(printable(label)).stem, "report_id" in known, known, locator)


def printable(path: str) -> str:
    """A path as text: bytes that are no UTF-8 become U+FFFD, as Arrow takes nothing else."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _expand(source: str, out: str) -> Iterator[tuple[str, dict[str, str] | None]]:
    """(path, manifest row or None) of every file of a folder, a glob, a file, or a manifest given as a source."""
    if os.path.isdir(source):
        yield from ((path, None) for path in _walk(source, out))
    elif source.lower().endswith(".csv") and os.path.isfile(source):
        yield from _listed(source)
    elif os.path.lexists(source):
        yield source, None
    else:
        for path in sorted(glob.iglob(source, recursive=True)):
            yield from ((p, None) for p in (_walk(path, out) if os.path.isdir(path) else [path]))


def _walk(source: str, out: str) -> Iterator[str]:
    """Files of a folder in order of name, without hidden ones, the manifest, links to folders and the data set itself."""
    for folder, names, here in os.walk(source, followlinks=False):
        names[:] = sorted(n for n in names if not n.startswith(".") and os.path.realpath(os.path.join(folder, n)) != out)
        yield from (os.path.join(folder, n) for n in sorted(here) if not n.startswith(".") and n != MANIFEST)


def _listed(source: str) -> Iterator[tuple[str, dict[str, str]]]:
    base = os.path.dirname(source)
    try:
        with open(source, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "path" not in (reader.fieldnames or ()):
                raise DatasetError(source, "a manifest with a column path", seen=", ".join(reader.fieldnames or ()), advice="Add it.")
            for row in reader:
                clean = {k.strip(): (v or "").strip() for k, v in row.items() if k and not isinstance(v, list)}
                if clean["path"]:
                    yield os.path.join(base, clean["path"]), clean
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(source, "a manifest in CSV (UTF-8)", seen=str(error), advice="Save it as CSV in UTF-8.") from error
