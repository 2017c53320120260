"""Which files a corpus is made of: folders, files and globs, and the manifest that says more about them."""

from __future__ import annotations

import csv
import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .errors import DatasetError
from .scale.lookup import Lookup, stem

MANIFEST = "manifest.csv"


class Found(NamedTuple):
    """A file to read, its id and what the manifest says of it."""

    path: str
    report_id: str
    manifest: dict[str, str]


def files(sources: str | os.PathLike | Iterable[str | os.PathLike]) -> Iterator[str]:
    """Paths of all files in `sources` (folders, files, globs), sorted, each once; hidden files and links to folders left out.

    Raises DatasetError where a source matches nothing.
    """
    seen: set[str] = set()
    for source in _each(sources):
        count = 0
        for path in _expand(source):
            count += 1
            if path not in seen:
                seen.add(path)
                yield path
        if not count and not os.path.isdir(source):
            raise DatasetError(
                source,
                "a file, a folder or a glob that matches files",
                seen="nothing there",
                advice="Check the path.",
            )


def _each(sources) -> list[str]:
    return (
        [os.fspath(sources)]
        if isinstance(sources, str | os.PathLike)
        else [os.fspath(s) for s in sources]
    )


def _expand(source: str) -> Iterator[str]:
    if os.path.isdir(source):
        for folder, names, here in os.walk(source, followlinks=False):
            names[:] = sorted(n for n in names if not n.startswith("."))
            yield from (
                os.path.join(folder, n)
                for n in sorted(here)
                if not n.startswith(".") and n != MANIFEST
            )
    elif os.path.lexists(source):
        yield source
    else:
        for path in sorted(glob.glob(source, recursive=True)):
            yield from _expand(path)


def read_manifest(
    path: str | os.PathLike, needs: tuple[str, ...] = ("path", "report_id")
) -> Iterator[dict[str, str]]:
    """Rows of a manifest, one after the other: a CSV (UTF-8) with `path` or `report_id` and any of agency, year, level,
    division_code, province, title, published, url. Raises DatasetError where it can't be read or has no column of `needs`."""
    name = os.fspath(path)
    try:
        with open(name, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [(c or "").strip() for c in reader.fieldnames or ()]
            if columns and not set(needs) & set(columns):
                raise DatasetError(
                    name,
                    f"a manifest with a column {' or '.join(needs)}",
                    seen=", ".join(columns),
                    advice="Add it.",
                )
            for row in reader:
                yield {
                    k.strip(): (v or "").strip()
                    for k, v in row.items()
                    if k and not isinstance(v, list)
                }
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(
            name, "a manifest in CSV (UTF-8)", seen=str(error), advice="Save it as CSV in UTF-8."
        ) from error


def find_manifest(sources) -> str | None:
    """manifest.csv in the folder given, or beside it; None where there is none or several sources are given."""
    given = _each(sources)
    if len(given) != 1 or not os.path.isdir(given[0]):
        return None
    here = Path(given[0])
    return next(
        (str(p) for p in (here / MANIFEST, here.resolve().parent / MANIFEST) if p.is_file()), None
    )


class Manifest:
    """Looks up a file's row by path (as given, or relative to the manifest), else by file name, else by id."""

    def __init__(self, rows: Iterable[Mapping[str, str]] = (), base: str = "") -> None:
        self._lookup = Lookup(rows, base)

    def row(self, path: str) -> dict[str, str]:
        """What the manifest says of a file; {} where it says nothing."""
        return self._lookup.row(path)


def manifest_of(manifest, sources) -> Manifest:
    """A Manifest from a path, rows, a frame, or (None) from manifest.csv in or beside the folder."""
    if isinstance(manifest, Manifest):
        return manifest
    if manifest is None:
        manifest = find_manifest(sources)
    if manifest is None:
        return Manifest()
    if isinstance(manifest, str | os.PathLike):
        return Manifest(read_manifest(manifest), os.path.dirname(os.fspath(manifest)))
    rows = manifest.to_dict("records") if hasattr(manifest, "to_dict") else manifest
    return Manifest(
        {k: "" if v is None or v != v else str(v) for k, v in row.items()} for row in rows
    )


class Claims:
    """Who claims an id: (id, whether the manifest gives it) of every file. An id that the manifest gives one file is
    that file's; one that several files claim alike is nobody's, so that no two reports share one."""

    def __init__(self, claims: Iterable[tuple[str, bool]]) -> None:
        self.counts = Counter(claims)

    def several(self, base: str, named: bool) -> bool:
        """Whether a file with this claim must be called by its path."""
        return self.counts[base, named] > 1 or (not named and self.counts[base, True] > 0)


def found(sources, manifest: Manifest) -> list[Found]:
    """All files with ids: the manifest's, else the file stem; where several claim one, the path from the common folder."""
    paths = list(files(sources))
    root = os.path.commonpath([os.path.dirname(os.path.abspath(p)) for p in paths]) if paths else ""
    rows = [manifest.row(path) for path in paths]
    bases = [
        (row.get("report_id") or stem(path), bool(row.get("report_id")))
        for path, row in zip(paths, rows)
    ]
    claims = Claims(bases)
    return [
        Found(
            path,
            os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")
            if claims.several(*base)
            else base[0],
            row,
        )
        for path, row, base in zip(paths, rows, bases)
    ]
