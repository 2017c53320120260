"""The indicators of the prose, their platforms and patterns (`codes.toml`), and the words it is
read by (`words.toml`).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple


class Indicator(NamedTuple):
    """One figure of the prose: code, names, unit, what it counts, and the text it rests on."""

    code: str
    zh: str
    en: str
    unit: str
    definition: str
    source: str


def _data(name: str) -> dict[str, dict]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


_CODES = _data("codes.toml")
INDICATORS = tuple(Indicator(code, *told) for code, told in _CODES["indicators"].items())
UNITS: dict[str, str] = {indicator.code: indicator.unit for indicator in INDICATORS}
PLATFORMS: dict[str, tuple[str, str]] = {
    code: tuple(names) for code, names in _CODES["platforms"].items()
}
PATTERNS: dict[str, str] = _CODES["patterns"]

WORDS: dict[str, dict[str, str]] = _data("words.toml")


def group(name: str) -> frozenset[str]:
    """The kinds of words under the name of a group; a kind alone is itself."""
    members = WORDS["groups"].get(name)
    return kinds(members) if members else frozenset([name])


def kinds(names: str) -> frozenset[str]:
    """The kinds of words under names of kinds and groups."""
    return frozenset().union(*map(group, names.split()))
