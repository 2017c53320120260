"""Where a figure was published, or on which platform the accounts are: the channels named around a
candidate.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from .candidates import CHANNELS, ENDS, PLATFORMS, SENTENCE, Candidate, Paragraph

PLATFORM_OF = {kind: kind for kind in CHANNELS} | {
    "other_platform": "other",
    "press": "other",
    "notice_board": "other",
    "media": "new_media",
    "kinds": "all",
}
PLACED = ("items_published", "new_media_")  # indicators that have a platform; all others are "all"
_VAGUE = {"new_media": 1, "all": 2}


def named(paragraph: Paragraph, c: Candidate) -> dict[str, str]:
    """The platforms a candidate may be of: near (behind the last number of its clause), far (before
    that), right (behind it).
    """
    kinds = paragraph.kinds
    clause = paragraph.clause(c.label - c.own)
    near = list(takewhile(lambda i: kinds[i] != "number", clause))
    edge = near[-1] if near else c.label
    far = range(edge - 1, max(edge - SENTENCE, -1), -1)
    names = {
        "near": _near(_channels(paragraph, near), c),
        "far": _first(_channels(paragraph, far)),
        "right": _first(_channels(paragraph, paragraph.stretch(c.at, ENDS, 8))),
    }
    if any(kinds[i] == "territory" for i in near):
        names["far"] = ""  # 网站发布9条，各部门公开5条: another publisher
    if kinds[c.at + 1] in PLATFORMS and paragraph.tokens[c.at + 1].start - c.stop < 3:
        names["near"] = PLATFORM_OF[kinds[c.at + 1]]  # 1个微信公众号, 860条微博
    return names


def _channels(paragraph: Paragraph, places: Iterable[int]) -> list[str]:
    return [PLATFORM_OF[kind] for i in places if (kind := paragraph.kinds[i]) in CHANNELS]


def _first(names: list[str]) -> str:
    """The first channel of some; 新媒体 and 等渠道 only where nothing more exact stands."""
    return min(names, key=lambda name: _VAGUE.get(name, 0), default="")


def _near(names: list[str], c: Candidate) -> str:
    """The channel of the clause; "all" when one number stands for several."""
    several = set(names) - {"all"}
    if several.isdisjoint(("website", "gazette", "other")) and len(several) > 1:
        several.discard("new_media")  # 微博账号
    return "all" if c.label == c.at and len(several) > 1 else _first(names)


def place(choice: str, indicator: str, names: dict[str, str]) -> str:
    """The platform of a figure: the one of its clause, else the tagger's choice: far, right, or a
    platform's own code.
    """
    if indicator == "new_media_growth":
        return "all"
    platform = names.get("near") or names.get(choice, choice) or "all"
    if indicator.startswith("new_media_") and platform in ("new_media", "website", "gazette"):
        return "all"
    return platform
