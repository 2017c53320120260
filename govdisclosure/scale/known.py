"""What a data set already holds of a bucket: which sources, in which state, and their rows."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import DatasetError
from . import journal as journals
from .files import read_json
from .parts import read_part

UNREAD = "!"  # stands before the hash of the failure's message where the bytes could not be had


class Known:
    """Old sources and old rows. ``kept`` counts the sources whose rows are used again."""

    def __init__(
        self, root: str, journals_and_sources: list[tuple[dict, list]], *, ready: bool, whole: bool
    ) -> None:
        self.root, self.ready = root, ready
        self.parts = [part for journal, _ in journals_and_sources for part in journal["parts"]]
        self.sources = {s[0]: s for _, sources in journals_and_sources for s in sources}
        self.order = [s for _, sources in journals_and_sources for s in sources] if whole else None
        self.kept, self.reports, self.labels = 0, set(), set()

    def good(self, label: str, report_id: str, digest: str, manifest: str, retry: bool) -> bool:
        """Whether the rows of a source can be used again; with `retry` not those of one that failed."""
        old = self.sources.get(label)
        return (
            old is not None
            and old[1:4] == [report_id, digest, manifest]
            and (old[4] == "ok" or not retry)
        )

    def keep(self, label: str) -> None:
        """Use a source's rows again."""
        self.kept += 1
        old = self.sources[label]
        if old[4] == "ok":
            self.reports.add(old[1])
        else:
            self.labels.add(label)

    def next_volume(self) -> None:
        """The rows kept so far are written."""
        self.reports, self.labels = set(), set()

    def same(self, sources: list[list]) -> bool:
        """Whether these are exactly the old sources, so that nothing needs writing."""
        return (
            self.order is not None
            and self.order == sources
            and self.kept == sum(not s[2].startswith(UNREAD) for s in sources)
        )

    def rows(self, frame: str) -> list[pa.Table]:
        """The kept rows of a frame."""
        column, wanted = (
            ("path", self.labels) if frame == "failures" else ("report_id", self.reports)
        )
        if not wanted:
            return []
        wanted = pa.array(sorted(wanted), pa.string())
        tables = (read_part(self.root, part) for part in self.parts if part["frame"] == frame)
        return [table.filter(pc.is_in(table.column(column), wanted)) for table in tables]


def known_of(root: str, buckets: int, number: int, made_with: str) -> Known:
    """What is known of a bucket; nothing where another library made it, or its files are damaged."""
    try:
        ready = _ready(root, buckets, number)
        found = [(buckets, ready)] if ready else _published(root, buckets, number)
        pairs = [
            (j, journals.read_sources(root, n, j))
            for n, j in found
            if j.get("made_with") == made_with
        ]
        whole = len(pairs) == len(found) == 1 and found[0][0] == buckets
        return Known(root, pairs, ready=bool(ready), whole=whole)
    except DatasetError:
        return Known(root, [], ready=False, whole=False)


def _ready(root: str, buckets: int, number: int) -> dict | None:
    try:
        return read_json(journals.journal_path(root, buckets, number) + ".ready")
    except FileNotFoundError:
        return None


def _published(root: str, buckets: int, number: int) -> list[tuple[int, dict]]:
    """(buckets, journal) of every old bucket that this one can share sources with."""
    old = (journals.read_root(root) or {"buckets": buckets})["buckets"]
    first, count = number * old // buckets, max(1, old // buckets)
    found = [(old, journals.read_journal(root, old, n)) for n in range(first, first + count)]
    return [(n, j) for n, j in found if j is not None]
