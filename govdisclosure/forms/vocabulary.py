"""Words that are no labels of a form, read from ``vocabulary.toml``: section titles, rows agencies add, page feet, units."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


class Title(NamedTuple):
    """A statutory section title; ``words``: any of these in a numbered short line makes it this section."""

    number: int
    titles: tuple[str, ...]
    words: re.Pattern[str]


TITLES = tuple(
    Title(title["number"], tuple(title["titles"]), re.compile(title["words"]))
    for title in _DATA["title"]
)
EXTRA_ROWS, SUBTOTALS, UNIT_WORDS, CHANGES = (
    frozenset(_DATA["words"][name]) for name in ("extra_rows", "subtotals", "units", "changes")
)
ROW_LABEL, PAGE_FOOT, LONE_NUMBER, ENUMERATED = (
    re.compile(_DATA["patterns"][name])
    for name in ("row_label", "page_foot", "lone_number", "enumerated")
)
