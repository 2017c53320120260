"""Where a figure was published, or on which platform the accounts are: the channels named around a candidate."""

from __future__ import annotations

from govdisclosure.narrative.candidates import CHANNELS, PLATFORMS, Candidate
from govdisclosure.narrative.features import STOPS, Paragraph

REACH = 60
PLATFORM_OF = {
    **{kind: kind for kind in (*PLATFORMS, "website", "gazette")},
    "other_platform": "other",
    "press": "other",
    "notice_board": "other",
    "media": "new_media",
    "kinds": "all",
}
PLACED = ("items_published", "new_media_")  # indicators that have a platform; all others are "all"


def named(paragraph: Paragraph, c: Candidate) -> dict[str, str]:
    """The platforms a candidate may be of: the nearest named in its clause, before its clause, and behind it."""
    tokens = paragraph.tokens
    own = c.label == c.at and c.kind == "number"
    clause = paragraph.clause(c.label - 1 if own else c.label)
    edge = clause[-1] if clause else c.label
    before = range(edge - 1, max(edge - REACH, -1), -1)
    behind: list[int] = []
    for i in range(c.at + 1, min(c.at + 8, len(tokens))):
        if tokens[i].kind in STOPS or tokens[i].kind == "number":
            break
        behind.append(i)
    found = {"near": clause, "far": before, "right": behind}
    names = {name: _first(paragraph, where) for name, where in found.items()}
    if own and len({PLATFORM_OF[tokens[i].kind] for i in clause if tokens[i].kind in CHANNELS} - {"all"}) > 1:
        names["near"] = "all"  # one number for several channels
    return names


def _first(paragraph: Paragraph, where: list[int] | range) -> str:
    kinds = (paragraph.tokens[i].kind for i in where)
    return next((PLATFORM_OF[kind] for kind in kinds if kind in CHANNELS), "")


def place(choice: str, indicator: str, names: dict[str, str]) -> str:
    """The platform of a figure by the tagger's choice: near, far, right, or a platform's own code."""
    if not indicator.startswith(PLACED) or indicator == "new_media_growth":
        return "all"
    platform = names.get(choice, choice) or "all"
    if indicator.startswith("new_media_") and platform in ("new_media", "website", "gazette"):
        return "all"
    return platform
