"""Which sources a build reads, listed on disk so that memory stays flat, and split into buckets.

A source goes to the bucket that the hash of its report_id (the manifest's, else the file stem) says. So the split
depends on the sources alone, not on who reads them or in which order; sources that claim the same id meet in one bucket;
and one new source rewrites one bucket.
"""

from __future__ import annotations

import glob
import hashlib
import json
import math
import os
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, NamedTuple

from ..errors import DatasetError, DisclosureError
from ..sources import MANIFEST, Manifest, manifest_of, read_manifest
from . import archives
from .lookup import stem

FINE = 256  # files of the listing: a bucket is some of them, or a part of one
LARGEST, SMALLEST = 2048, 128  # sources a bucket


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
        return int.from_bytes(
            hashlib.sha256(self.base.encode("utf-8", "surrogatepass")).digest()[:4], "big"
        )


class Plan(NamedTuple):
    """A finished listing in `folder`: how many sources, in how many buckets, and their common folder."""

    folder: str
    count: int
    buckets: int
    root: str


def make_plan(sources, manifest, folder: str, out: str) -> Plan:
    """List `sources` into `folder`. Raises DatasetError where a source matches nothing or the manifest can't be read."""
    os.makedirs(folder, exist_ok=True)
    given = iter([sources] if isinstance(sources, str | os.PathLike) else sources)
    first = [
        os.fspath(s) for s in islice(given, 2)
    ]  # one folder alone has its manifest in or beside it
    rows = manifest_of(manifest, first)
    listing = Listing(folder)
    try:
        for item in _items(
            chain(first, map(os.fspath, given)), rows, folder, os.path.realpath(out)
        ):
            listing.add(item)
    finally:
        listing.close()
    return Plan(folder, listing.count, buckets_for(listing.count), listing.root)


class Listing:
    """The files that a plan is written into, one for each of the first hash bits; and the folder that all sources share."""

    def __init__(self, folder: str) -> None:
        self.folder, self.count, self.root = folder, 0, ""
        self.files: dict[int, IO[str]] = {}
        self._last = None

    def add(self, item: Item) -> None:
        """Write a source down."""
        number = item.hash >> 24
        file = self.files.get(number)
        if file is None:
            file = self.files[number] = open(
                os.path.join(self.folder, f"{number:02x}.jsonl"), "w", encoding="ascii"
            )  # noqa: SIM115
        file.write(json.dumps(item) + "\n")
        here = os.path.dirname(item.label)
        if here != self._last:  # sources come folder by folder
            whole = os.path.abspath(here)
            self.root = os.path.commonpath([self.root, whole]) if self.count else whole
            self._last = here
        self.count += 1

    def close(self) -> None:
        """Finish the files."""
        for file in self.files.values():
            file.close()


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
    fine = range(
        number * FINE // plan.buckets, max(1, FINE // plan.buckets) + number * FINE // plan.buckets
    )
    found: dict[str, Item] = {}
    for file in (Path(plan.folder, f"{n:02x}.jsonl") for n in fine):
        if file.exists():
            with open(file, encoding="ascii") as lines:
                for item in (Item(*json.loads(line)) for line in lines):
                    if item.hash >> (32 - bits) == number:
                        _note(found, item)
    return sorted(found.values(), key=lambda i: (i.base, i.label))


def _note(found: dict[str, Item], item: Item) -> None:
    """A file given twice is one source; the second member of one name in an archive is a source of its own, name#2."""
    label, count = item.label, 1
    while label in found and item.locator is not None:
        count += 1
        label = f"{item.label}#{count}"
    found.setdefault(label, item._replace(label=label))


def _items(given: Iterable[str], manifest: Manifest, folder: str, out: str) -> Iterator[Item]:
    archived: set[str] = set()
    for source in given:
        empty = True
        for path, row in _expand(source, out):
            empty = False
            if isinstance(row, OSError):
                yield _item(path, {}, None)._replace(
                    failure=["unreadable_file", _unlisted(path, row)]
                )
            elif not archives.is_archive(path):
                yield _item(path, manifest.row(path) if row is None else row, None)
            elif path not in archived:
                archived.add(path)
                yield from _of_archive(path, manifest, folder)
        if empty and not os.path.isdir(source):
            raise DatasetError(
                source,
                "a file, a folder or a glob that matches files",
                seen="nothing there",
                advice="Check the path.",
            )


def _unlisted(path: str, error: OSError) -> str:
    return f"{printable(path)}: expected a folder that can be listed; seen: {error.strerror}. Change its permissions."


def _of_archive(path: str, manifest: Manifest, folder: str) -> Iterator[Item]:
    try:
        for member in archives.members(path, os.path.join(folder, "spool.bin")):
            row = {**member.known, **manifest.row(member.label)} if member.failure is None else {}
            yield _item(member.label, row, member.locator)._replace(failure=member.failure)
    except DatasetError:
        raise
    except DisclosureError as error:
        yield _item(path, {}, None)._replace(failure=[error.kind, str(error)])


def _item(label: str, row: dict[str, str], locator: list | None) -> Item:
    known = {k: v for k, v in row.items() if v and k != "path"}
    return Item(
        label,
        known.get("report_id") or stem(printable(label)),
        "report_id" in known,
        known,
        locator,
    )


def printable(path: str) -> str:
    """A path as text: bytes that are no UTF-8 become U+FFFD, as Arrow takes nothing else."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _expand(source: str, out: str) -> Iterator[tuple[str, dict[str, str] | OSError | None]]:
    """(path, manifest row, or why it can't be listed, or None) of a folder's, a glob's or a manifest's files, or of a file."""
    if os.path.isdir(source):
        yield from _walk(source, out)
    elif source.lower().endswith(".csv") and os.path.isfile(source):
        base = os.path.dirname(source)
        yield from (
            (os.path.join(base, row["path"]), row)
            for row in read_manifest(source, ("path",))
            if row["path"]
        )
    elif os.path.lexists(source):
        yield source, None
    else:
        for path in glob.iglob(source, recursive=True):
            yield from _walk(path, out) if os.path.isdir(path) else [(path, None)]


def _walk(source: str, out: str) -> Iterator[tuple[str, OSError | None]]:
    """Files of a folder as the system lists them, never all at once; without hidden ones, the manifest, links to folders
    and the data set itself."""
    folders = [source]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        if os.path.realpath(entry.path) != out:
                            folders.append(entry.path)
                    elif entry.name != MANIFEST and not (
                        entry.is_symlink() and os.path.isdir(entry.path)
                    ):
                        yield entry.path, None
        except OSError as error:
            yield folder, error
