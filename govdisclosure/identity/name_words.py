"""Vocabulary for telling who reports, and on which year, read from ``name_words.toml`` beside this module.

Sources: titles, metadata tables and footers as counted in the design notes on 318 report pages of 2019-2025; the Organic
Law of Local People's Congresses and Governments (地方组织法) for the kinds of governments and their offices; GB/T 2260
for divisions; the State Council's list of its departments (国务院机构) for central bodies. All is matched against text
without spaces, in NFKC (so brackets and colons are half-width).
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

DATA = tomllib.loads(Path(__file__).with_name("name_words.toml").read_text("utf-8"))
LEVELS: dict[str, str] = DATA["levels"]
words = SimpleNamespace(**{name: text.split() for name, text in DATA["words"].items()})
ASKED = {
    *(words.TITLE_KEYS + words.AGENCY_KEYS + words.PUBLISHED_KEYS + words.YEAR_KEYS),
    *(words.SITE_CODE_KEYS + words.SITE_NAME_KEYS),
}
words.LABELS = [*ASKED - {"title", "author"}, *words.OTHER_LABELS]


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the file: «NAME» in it is the part of this name, or the words of this list, longest first."""
    while "«" in pattern:
        pattern = re.sub("«([A-Z_]+)»", lambda name: _part(name[1]), pattern)
    return re.compile(pattern)


def _part(name: str) -> str:
    listed = sorted(sorted(getattr(words, name, ())), key=len, reverse=True)
    return DATA["parts"].get(name) or "|".join(listed)


patterns = SimpleNamespace(**{name: compiled(text) for name, text in DATA["patterns"].items()})
