"""Reports for the tests of builds: synthetic pages in a folder, and what a data set looks like as a whole."""

from __future__ import annotations

from pathlib import Path

from benchmarks import synthetic


def reports(folder: Path, count: int, first: int = 0) -> Path:
    """A folder with `count` synthetic reports."""
    list(synthetic.write(count, str(folder), first))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a data set but the lock."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != ".lock"
    }
