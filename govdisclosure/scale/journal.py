"""Which parts of a data set are valid. A journal is replaced in one step, so a reader sees the old parts or the new."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import DatasetError
from ..schema import FRAMES
from .files import discard, read_json, replacing, unwritable, write_json
from .parts import FORMAT, reveal

ROOT = "_govdisclosure.json"
_OURS = re.compile(r"\.*part-\d{4,}(\.\d{3,})?-[0-9a-f]{12}\.parquet(\.new(\.\d+\.new)?)?")
_TEMPORARY = re.compile(
    rf"\.({re.escape(ROOT)}|datapackage\.json|({'|'.join(FRAMES)})\.csv)\.\d+\.new"
)  # see `files.replacing`


def journal_path(root: str | os.PathLike, buckets: int, number: int) -> str:
    """Where bucket `number` of `buckets` says which parts it has."""
    return os.path.join(root, "_journal", str(buckets), f"{number:04d}.json")


def read_root(root: str | os.PathLike) -> dict | None:
    """What stands in `_govdisclosure.json`; None where there is no data set. Raises DatasetError where it is damaged."""
    path = os.path.join(root, ROOT)
    try:
        value = read_json(path)
    except FileNotFoundError:
        return None
    if (
        not isinstance(value, dict)
        or value.get("format") != FORMAT
        or not isinstance(value.get("buckets"), int)
    ):
        seen = value.get("format") if isinstance(value, dict) else type(value).__name__
        raise DatasetError(
            path,
            f"a data set of format {FORMAT}",
            seen=str(seen),
            advice="It was written by another version of govdisclosure: use that one, or build it again.",
        )
    return value


def write_root(root: str | os.PathLike, buckets: int, made_by: str) -> None:
    """Make the journals of `buckets` the valid ones."""
    write_json(os.path.join(root, ROOT), {"format": FORMAT, "buckets": buckets, "made_by": made_by})


def read_journal(root: str | os.PathLike, buckets: int, number: int) -> dict | None:
    """One bucket's journal; None where it was not written yet."""
    try:
        value = read_json(journal_path(root, buckets, number))
    except FileNotFoundError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("parts"), list):
        raise DatasetError(
            journal_path(root, buckets, number),
            "a journal",
            seen=str(value)[:80],
            advice="The data set is damaged: build or save it again into an empty folder.",
        )
    return value


def journals(root: str | os.PathLike, buckets: int) -> Iterator[dict]:
    """All journals that were written, in order."""
    for number in range(buckets):
        value = read_journal(root, buckets, number)
        if value is not None:
            yield value


def write_sources(root: str | os.PathLike, buckets: int, number: int, sources: list[list]) -> str:
    """Write what a bucket was made from under a name that says its content; the journal refers to it by that name."""
    lines = ",\n".join(json.dumps(s, ensure_ascii=False) for s in sources)
    data = f"[{lines}]\n".encode("utf-8", "surrogateescape")
    name = f"{number:04d}-{hashlib.sha256(data).hexdigest()[:12]}.sources.json"
    with replacing(os.path.join(root, "_journal", str(buckets), name)) as temporary:
        Path(temporary).write_bytes(data)
    return name


def read_sources(root: str | os.PathLike, buckets: int, journal: dict) -> list[list]:
    """What a bucket was made from; [] where nothing is known, so that it is read again."""
    path = os.path.join(root, "_journal", str(buckets), journal.get("sources") or "none")
    try:
        return json.loads(Path(path).read_bytes().decode("utf-8", "surrogateescape"))
    except (OSError, ValueError):
        return []


def publish(root: str | os.PathLike, buckets: int, number: int, journal: dict) -> None:
    """Make a bucket's parts visible and valid. What the old journal listed and the new one doesn't goes last."""
    old = read_journal(root, buckets, number) or {"parts": []}
    reveal(root, journal["parts"])
    write_json(journal_path(root, buckets, number), journal)
    keep = {part["path"] for part in journal["parts"]}
    for part in old["parts"]:
        if part["path"] not in keep:
            discard(os.path.join(root, part["path"]))
    if old.get("sources") not in (None, journal.get("sources")):
        discard(os.path.join(root, "_journal", str(buckets), old["sources"]))


def sweep(
    root: str | os.PathLike, keep: Iterable[str], buckets: int, kept_journals: Iterable[str]
) -> None:
    """Remove parts and journals that no valid journal lists: what a killed run left. Files of others stay."""
    try:
        for frame in FRAMES:
            _sweep_tree(
                os.path.join(root, frame),
                {os.path.normpath(os.path.join(root, k)) for k in keep if k.startswith(frame)},
            )
        _sweep_journals(os.path.join(root, "_journal"), str(buckets), set(kept_journals))
        for folder in (os.fspath(root), os.path.join(root, "csv")):
            _sweep_temporaries(folder)
    except OSError as error:
        raise unwritable(root, error) from error


def _sweep_tree(folder: str, keep: set[str]) -> None:
    for here, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = os.path.normpath(os.path.join(here, name))
            if path not in keep and _OURS.fullmatch(name):
                os.unlink(path)
        if not os.listdir(here):
            os.rmdir(here)


def _sweep_temporaries(folder: str) -> None:
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if _TEMPORARY.fullmatch(name):
            os.unlink(os.path.join(folder, name))


def _sweep_journals(folder: str, buckets: str, keep: set[str]) -> None:
    for here, _, names in os.walk(folder, topdown=False):
        for name in names:
            if os.path.basename(here) != buckets or name not in keep:
                os.unlink(os.path.join(here, name))
        if here != folder and not os.listdir(here):
            os.rmdir(here)
