"""Reading what `Corpus.save` or `build` wrote: only the years, tables and columns that are asked for."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from .errors import DatasetError
from .scale import journal as journals
from .scale.memory import small_pages
from .scale.parts import _UNKNOWN_CODE, YEARLY, empty, encoded, read_part, taken, year_of
from .schema import FRAMES

if TYPE_CHECKING:
    from .corpus import Corpus


def load(
    folder: str | os.PathLike,
    *,
    years: int | Iterable[int] | None = None,
    tables: str | Iterable[str] | None = None,
    columns: Iterable[str] | Mapping[str, Iterable[str]] | None = None,
) -> Corpus:
    """The corpus in `folder`, or a part of it.

    `years`: reported on; reports whose year is unknown come only when no years are asked for. `tables`: names of
    frames (cells, reports, sections, narrative, findings, unplaced, failures); asking the corpus for another one raises
    DatasetError. `columns`: names, or a mapping from table to names. Only the parts and columns needed are read.
    What `save` wrote comes back row by row as it was, dtypes included; what `build` wrote is in order of year, then
    of a hash of the report_id. Raises DatasetError where there is no data set, it is damaged, or a name is unknown.

    >>> load("build/tidy", years=[2021], tables=["cells"], columns=["report_id", "row", "value"])  # doctest: +SKIP
    """
    from .corpus import Corpus

    wanted = _years(years, folder)
    names = _names(tables, tuple(FRAMES), "tables", folder) or list(FRAMES)
    chosen = _columns(columns, names, folder)
    found = _journals(folder)
    with small_pages():
        return Corpus(
            _tables(
                folder, found, {name: _parts(found, name, wanted) for name in names}, wanted, chosen
            )
        )


def _years(years, folder) -> set[int] | None:
    if years is None:
        return None
    try:
        return (
            {int(years)} if isinstance(years, int | np.integer | str) else {int(y) for y in years}
        )
    except (TypeError, ValueError) as error:
        raise DatasetError(
            os.fspath(folder),
            "years as numbers",
            seen=repr(years)[:80],
            advice="Write years=[2021, 2022].",
        ) from error


def _names(given, known: tuple[str, ...], what: str, folder) -> list[str] | None:
    if given is None:
        return None
    given = [given] if isinstance(given, str) else list(given)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            raise DatasetError(
                os.fspath(folder),
                f"{what} among {', '.join(known)}",
                seen=repr(name),
                advice=f"Did you mean {near[0]!r}?" if near else "",
            )
    return [name for name in known if name in given]


def _columns(columns, names: list[str], folder) -> dict[str, list[str]]:
    if columns is None:
        return {}
    known = {name: tuple(f.name for f in FRAMES[name]) for name in names}
    if isinstance(columns, Mapping):
        _names(columns, tuple(names), "tables", folder)
        return {
            name: _names(given, known[name], f"columns of {name}", folder) or []
            for name, given in columns.items()
        }
    columns = [columns] if isinstance(columns, str) else list(columns)
    _names(
        columns, tuple(dict.fromkeys(c for name in names for c in known[name])), "columns", folder
    )
    return {name: [c for c in known[name] if c in columns] for name in names}


def _journals(folder) -> list[dict]:
    root = journals.read_root(folder)
    if root is None:
        raise DatasetError(
            os.fspath(folder),
            "a data set written by Corpus.save or build",
            seen="none there",
            advice="Check the path.",
        )
    found = list(journals.journals(folder, root["buckets"]))
    if not found and root["made_by"] == "save":
        raise DatasetError(
            os.fspath(folder),
            "a journal of its parts",
            seen="none",
            advice="The data set is damaged: save it again.",
        )
    return found


def _parts(found: list[dict], frame: str, years: set[int] | None) -> list[dict]:
    """The parts of a frame that are asked for, in order of year, the unknown last."""
    parts = [
        p for journal in found for p in journal["parts"] if p["frame"] == frame and _asked(p, years)
    ]
    return sorted(
        parts,
        key=lambda p: (
            _UNKNOWN_CODE if year_of(p["path"]) is None else year_of(p["path"]),
            p["path"],
        ),
    )


def _tables(
    folder, found: list[dict], parts: dict[str, list[dict]], years, columns: dict[str, list[str]]
) -> dict[str, pa.Table]:
    """Every frame; while one is put together the parts of the next are being read."""
    workers = os.cpu_count() or 1
    few = (
        sum(map(len, parts.values())) < 4 * workers
    )  # then the columns of a part are read side by side, else whole parts
    with ThreadPoolExecutor(workers) as pool:
        reading = {
            name: [
                pool.submit(read_part, folder, part, columns.get(name), threads=few)
                for part in mine
            ]
            for name, mine in parts.items()
        }
        try:
            return {
                name: _table(
                    [future.result() for future in futures], found, name, years, columns.get(name)
                )
                for name, futures in reading.items()
            }
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _table(
    tables: list[pa.Table],
    found: list[dict],
    frame: str,
    years: set[int] | None,
    columns: list[str] | None,
) -> pa.Table:
    table = pa.concat_tables(tables) if tables else empty(frame, columns)
    runs = found[0].get("order", {}).get(frame) if len(found) == 1 else None
    return encoded(_in_order(table, runs, years) if runs else table, together=False)


def _asked(part: dict, years: set[int] | None) -> bool:
    return years is None or part["frame"] not in YEARLY or year_of(part["path"]) in years


def _in_order(table: pa.Table, runs: list[list], years: set[int] | None) -> pa.Table:
    """Rows in the order in which they were saved; in `table` they are in order of year."""
    runs = [
        (_UNKNOWN_CODE if year is None else year, rows)
        for year, rows in runs
        if years is None or year in years
    ]
    codes = np.repeat([y for y, _ in runs], [n for _, n in runs])
    if len(runs) < 2 or len(codes) != table.num_rows or (np.diff(codes) >= 0).all():
        return table
    places = np.empty(len(codes), np.int64)
    places[np.argsort(codes, kind="stable")] = np.arange(len(codes))
    return taken(table, places)
