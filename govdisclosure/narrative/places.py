"""Where a figure was published, or on which platform the accounts are: the channels named around a
candidate.
"""

from __future__ import annotations

from .candidates import CHANNELS, PLATFORMS, STOPS, Candidate, Paragraph

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
    """The platforms a candidate may be of: near (behind the last number of its clause), far (before
    that), right (behind it).
    """
    tokens = paragraph.tokens
    own = c.label == c.at and c.kind == "number"
    clause = paragraph.clause(c.label - 1 if own else c.label)
    near = clause[
        : next((n for n, i in enumerate(clause) if paragraph.kinds[i] == "number"), len(clause))
    ]
    edge = near[-1] if near else c.label
    far = range(edge - 1, max(edge - REACH, -1), -1)
    names = {
        "near": _near(paragraph, c, near),
        "far": _first(paragraph, far),
        "right": _first(paragraph, _behind(paragraph, c)),
    }
    if any(paragraph.kinds[i] == "territory" for i in near):
        names["far"] = ""  # 网站发布9条，各部门公开5条: another publisher
    after = tokens[c.at + 1] if c.at + 1 < len(tokens) else None
    if after and after.kind in PLATFORMS and after.start - c.stop < 3:
        names["near"] = PLATFORM_OF[after.kind]  # 1个微信公众号, 860条微博
    return names


def _near(paragraph: Paragraph, c: Candidate, places: list[int]) -> str:
    """The channel of the clause; "all" when one number stands for several."""
    several = {PLATFORM_OF[kind] for i in places if (kind := paragraph.kinds[i]) in CHANNELS} - {
        "all"
    }
    if several.isdisjoint(("website", "gazette", "other")) and len(several) > 1:
        several.discard("new_media")  # 微博账号
    if c.label == c.at and len(several) > 1:
        return "all"
    return _first(paragraph, places)


def _behind(paragraph: Paragraph, c: Candidate) -> list[int]:
    places: list[int] = []
    for i in range(c.at + 1, min(c.at + 8, len(paragraph.tokens))):
        if paragraph.kinds[i] in STOPS or paragraph.kinds[i] == "number":
            break
        places.append(i)
    return places


def _first(paragraph: Paragraph, where: list[int] | range) -> str:
    """The first channel of some places; 新媒体 and 等渠道 only where nothing more exact stands."""
    names = [PLATFORM_OF[kind] for i in where if (kind := paragraph.kinds[i]) in CHANNELS]
    exact = [name for name in names if name not in ("all", "new_media")]
    return next(iter(exact or [name for name in names if name != "all"] or names), "")


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
