"""Rows of a manifest, found by path, name or id. They stand in a database of their own that goes to disk when it grows,
so that the manifest of a million files takes no more memory than that of ten."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from functools import lru_cache

_TABLE = "CREATE TABLE rows (number INTEGER PRIMARY KEY, path BLOB, name BLOB, id BLOB, row TEXT)"
_INDEXES = (
    "CREATE INDEX by_path ON rows (path)",
    "CREATE INDEX by_name ON rows (name)",
    "CREATE INDEX by_id ON rows (id)",
)
_BY_PATH = "SELECT row FROM rows WHERE path = ? ORDER BY number DESC LIMIT 1"
_BY_NAME = "SELECT row FROM rows WHERE name = ? LIMIT 2"  # a name that two rows have says nothing
_BY_ID = "SELECT row FROM rows WHERE id = ? ORDER BY number DESC LIMIT 1"


class Lookup:
    """Rows by number (0, 1, …), and by path (the last one given), else by file name (if one row alone has it), else by id."""

    def __init__(self, rows: Iterable[Mapping[str, str]], base: str) -> None:
        self._folder = lru_cache(maxsize=4096)(
            os.path.realpath
        )  # its folders are asked for once, not for each file
        self.store = sqlite3.connect(
            "", check_same_thread=False
        )  # "": a temporary file, deleted when it is closed
        self.store.execute(_TABLE)
        self.store.executemany(
            "INSERT INTO rows (path, name, id, row) VALUES (?, ?, ?, ?)",
            (self._keys(dict(row), base) for row in rows),
        )
        for index in _INDEXES:
            self.store.execute(index)
        self.count = self.store.execute("SELECT count(*) FROM rows").fetchone()[0]

    def row(self, path: str) -> dict[str, str]:
        """What is known of a file; {} where nothing is."""
        if not self.count:
            return {}
        name = os.path.basename(path)
        return (
            self._one(_BY_PATH, self._real(path))
            or self._one(_BY_NAME, name)
            or self._one(_BY_ID, stem(path))
            or {}
        )

    def _one(self, query: str, key: str) -> dict[str, str] | None:
        found = self.store.execute(query, (_blob(key),)).fetchall()
        return json.loads(found[0][0]) if len(found) == 1 else None

    def _keys(self, row: dict[str, str], base: str) -> tuple:
        path, report_id = row.get("path"), row.get("report_id")
        text = json.dumps(row)
        if path:
            return (
                _blob(self._real(os.path.join(base, path))),
                _blob(os.path.basename(path)),
                None,
                text,
            )
        return None, None, _blob(report_id) if report_id else None, text

    def _real(self, path: str) -> str:
        folder, name = os.path.split(path)
        if name in ("", ".", "..") or os.path.islink(path):
            return os.path.realpath(path)
        return os.path.join(self._folder(folder), name)


def _blob(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def stem(path: str) -> str:
    """`pathlib.Path(path).stem`, ten times as fast.

    >>> [stem(p) for p in ("a/b.html", "b.tar.gz", ".hidden", "dots.", "x.warc!/http://host/page/")]
    ['b', 'b.tar', '.hidden', 'dots.', 'page']
    """
    name = path.replace(os.sep, "/").rstrip("/").rpartition("/")[2]
    dot = name.rfind(".")
    return name[:dot] if 0 < dot < len(name) - 1 else name
