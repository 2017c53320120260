"""Agencies: what can be an agency's name, its full form, and the level it reports at."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ..text import simplified
from .divisions import NOWHERE, Place, level_of_code, resolve
from .name_words import DATA, compiled, patterns

LONGEST = 45  # characters of a name
_CENTRAL = {level: compiled(pattern) for level, pattern in DATA["central"].items()}
_KINDS = {kind: compiled(pattern) for kind, pattern in DATA["kinds"].items()}
_OWN_LEVEL = dict(zip("省州盟县旗", ("province", "prefecture", "prefecture", "county", "county")))


class Agency(NamedTuple):
    """An agency's name, its level (a key of ``name_words.LEVELS``, None where nothing says) and its place."""

    name: str
    level: str | None
    place: Place

    @property
    def central(self) -> bool:
        """Whether it is the state's, so that no division is its own."""
        return self.level in ("state", "state department")


@lru_cache(maxsize=8192)
def looks_like_agency(text: str) -> bool:
    """Whether a run of text can be an agency's name: its length, characters and ending.

    >>> looks_like_agency("沭阳县发展和改革局"), looks_like_agency("我局"), looks_like_agency("本站编辑")
    (True, False, False)
    """
    simple = simplified(text[: LONGEST + 1])
    bare = patterns.bracketed_end.sub("", simple)
    return bool(
        patterns.name.match(simple)
        and patterns.ends.search(bare)
        and not patterns.not_a_name.search(simple)
    )


def completed(name: str) -> str:
    """A bare place with its government: 大姚县 → 大姚县人民政府, 某某街道 → 某某街道办事处; a bureau for its own office.

    Under Art. 49 of the Regulations (政府信息公开条例) the report of a place is its people's government's.
    """
    name = patterns.inner_office.sub("", name)
    if name.endswith("街道"):
        return name + "办事处"
    place = resolve(name)
    again = name.rfind(name[: place.end]) if place.end else 0
    if looks_like_agency(
        before := name[:again]
    ):  # 信丰县人民政府信丰县教育局: the site, then the body
        is_site = patterns.office.sub("", before).endswith("政府")
        return completed(name[again:]) if is_site else ""  # two bodies: neither
    rest = name[place.end :]
    whole = place.end > 0 and not rest and place.level is not None
    if whole and name.endswith(("地区", "盟")) and place.level == "prefecture":
        return name + "行政公署"
    alone = whole or patterns.town_alone.fullmatch(rest) or patterns.county_alone.fullmatch(name)
    return name + "人民政府" if alone else name


@lru_cache(maxsize=8192)
def describe(
    name: str, year: int | None = None, hints: tuple[str, ...] = (), site: str | None = None
) -> Agency:
    """The agency of this name. ``site``: the division of the website, used only where the name has no place.

    >>> describe("沭阳县发展和改革局").level, describe("昆山市人民政府").level, describe("苏州市人民政府").level
    ('county department', 'county', 'prefecture')
    """
    leads = (patterns.branch_lead, patterns.corps_lead, patterns.party_lead)
    lead = next(match.end() for pattern in leads if (match := pattern.match(name)))
    place = resolve(name[lead:], year, hints)  # behind the name of a central body or of the Corps
    place = place._replace(end=place.end + lead) if place.end else NOWHERE
    return Agency(name, _level(simplified(name), place, site), place)


def _level(name: str, place: Place, site: str | None) -> str | None:
    """Level by what follows the place in the name (see ``name_words.LEVELS``), None where nothing says.

    The site's division decides only for a name without any place (教育局 on a county's site).
    """
    if central := _central(name, place.end):
        return central
    of_site = level_of_code(site) if site else None
    base, rest = place.level, name[place.end :]
    if not place.end and (own := patterns.unqualified.match(name)):
        base, rest = _OWN_LEVEL.get(own[1], of_site), name[own.end() :]
        base = "province" if own[1] == "自治区" else base
    elif not base and (word := patterns.county_word.match(name)):
        base, rest = "county", name[word.end() :]
    if patterns.government.match(rest):
        return base
    kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(rest)), None)
    if kind != "department":
        return kind
    base = base or of_site or ("province" if rest.endswith("厅") else None)
    return base and f"{base} department"


def _central(name: str, placed: int) -> str | None:
    """Level of a central body, of its organ in a place, and of the Corps; None for all others."""
    if placed and patterns.branch_of_place.match(name[placed:]):
        return "state branch"
    level = next((level for level, pattern in _CENTRAL.items() if pattern.match(name)), None)
    return None if placed and level == "state department" else level
