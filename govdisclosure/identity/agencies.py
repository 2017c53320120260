"""Agencies: what can be an agency's name, its full form, and the level it reports at."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ..text import simplified
from . import name_words as words
from .divisions import NOWHERE, Place, level_of_code, resolve

LONGEST = 45  # characters of a name
_NAME = re.compile(rf"(?=.{{3}})[\u4e00-\u9fff（）〇·、—\-A-Za-z0-9]{{2,{LONGEST}}}\Z")
_ASIDE = r"(?:（[^）]{0,30}）)?$"
_BRACKETED_END = re.compile(r"（[^）]*）$")
_ENDS = re.compile(words.ENDS)
_NOT_A_NAME = re.compile(words.NOT_A_NAME)
_LEADS = tuple(map(re.compile, (words.BRANCH_LEAD, words.CORPS_LEAD, words.PARTY_LEAD)))
_CORPS = re.compile(words.CORPS_LEAD)
_INNER_OFFICE = re.compile(r"(?<=[府处镇乡])(?:党政综合|党政|综合)办(?:公室)?$|(?<=[局厅])办公室$")
_GOVERNMENT = re.compile(rf"^(?:{words.GOVERNMENT})$")
_TOWN_ALONE = re.compile(words.NO_TOWN + r"[\u4e00-\u9fff]{1,14}(?:镇|乡|苏木)")
_COUNTY_ALONE = re.compile(r"[\u4e00-\u9fff]{1,10}(?<!自治)(?:县|旗)")
# What a name is, by what follows its place: the first that fits.
_KINDS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("development zone", rf"^.{{0,30}}{words.ZONE}{words.ZONE_BODY}$"),
        (
            "development zone",  # of a zone the table lists: 两江新区
            r"^(?:党工委)?(?:管理委员会|管委会)(?:办公室|党政办公室)?$",
        ),
        (
            "township",
            rf"^{words.NO_TOWN}(?:.{{0,5}}?(?:县|市|区|旗))?[\u4e00-\u9fff]{{1,14}}?{words.TOWN}{words.TOWN_TAIL}$",
        ),
        ("public institution", words.INSTITUTION + _ASIDE),
        ("other", words.OTHER_BODY + "$"),
        (
            "development zone department",
            rf"^.{{0,30}}?{words.ZONE}(?:管理委员会|管委会)?.{{1,20}}{words.DEPARTMENT}$",
        ),
        ("department", words.DEPARTMENT + _ASIDE),
    )
)
_BRANCH_WORD = re.compile(rf"{words.BRANCH_WORD}(?:.{{0,8}}分局|办事处)?$")
_BRANCH_OF_PLACE = re.compile(words.BRANCH_OF_PLACE)
_STATE_PREFIX = re.compile(words.STATE_PREFIX)
_OWN_LEVEL = dict(zip("省州盟县旗", ("province", "prefecture", "prefecture", "county", "county")))
_UNQUALIFIED = re.compile(r"^(省|自治区|州|盟|县|旗|市|区)(?!域|城|乡)(?=.{2})")
_COUNTY_WORD = re.compile(
    r"^[\u4e00-\u9fff]{1,12}?(?<!自治)(?<!城)(?:县|自治旗|旗)(?=人民政府|.{2,20}(?:局|委员会|办公室)$|$)"
)


class Agency(NamedTuple):
    """An agency's name, its level (a key of ``name_words.LEVELS``, None where nothing says) and its place."""

    name: str
    level: str | None
    place: Place


@lru_cache(maxsize=8192)
def looks_like_agency(text: str) -> bool:
    """Whether a run of text can be an agency's name: its length, characters and ending.

    >>> looks_like_agency("沭阳县发展和改革局"), looks_like_agency("我局"), looks_like_agency("本站编辑")
    (True, False, False)
    """
    simple = simplified(text[: LONGEST + 1])
    bare = _BRACKETED_END.sub("", simple)
    return bool(_NAME.match(simple) and _ENDS.search(bare) and not _NOT_A_NAME.search(simple))


def completed(name: str) -> str:
    """A bare place with its government: 大姚县 → 大姚县人民政府, 某某街道 → 某某街道办事处; a bureau for its own office.

    Under Art. 49 of the Regulations (政府信息公开条例) the report of a place is its people's government's.
    """
    name = _INNER_OFFICE.sub("", name)
    if name.endswith("街道"):
        return name + "办事处"
    place = resolve(name)
    again = name.rfind(name[: place.end]) if place.end else 0
    if looks_like_agency(name[:again]):
        return completed(name[again:])  # 信丰县人民政府信丰县教育局: the site, then the body
    rest = name[place.end :]
    whole = place.end > 0 and not rest and place.level is not None
    if whole and name.endswith(("地区", "盟")) and place.level == "prefecture":
        return name + "行政公署"
    alone = whole or _TOWN_ALONE.fullmatch(rest) or _COUNTY_ALONE.fullmatch(name)
    return name + "人民政府" if alone else name


@lru_cache(maxsize=8192)
def describe(
    name: str, year: int | None = None, hints: tuple[str, ...] = (), site: str | None = None
) -> Agency:
    """The agency of this name. ``site``: the division of the website, used only where the name has no place.

    >>> describe("沭阳县发展和改革局").level, describe("昆山市人民政府").level, describe("苏州市人民政府").level
    ('county department', 'county', 'prefecture')
    """
    lead = next(match.end() for pattern in _LEADS if (match := pattern.match(name)))
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
    if not place.end and (own := _UNQUALIFIED.match(name)):
        base, rest = _OWN_LEVEL.get(own[1], of_site), name[own.end() :]
        base = "province" if own[1] == "自治区" else base
    elif not base and (word := _COUNTY_WORD.match(name)):
        base, rest = "county", name[word.end() :]
    if _GOVERNMENT.match(rest):
        return base
    kind = next((kind for kind, pattern in _KINDS if pattern.search(rest)), None)
    if kind != "department":
        return kind
    base = base or of_site or ("province" if rest.endswith("厅") else None)
    return base and f"{base} department"


def _central(name: str, placed: int) -> str | None:
    """Level of a central body, of its organ in a place, and of the Corps; None for all others."""
    if name in words.STATE:
        return "state"
    if name.removeprefix("中华人民共和国") in words.STATE_MINISTRIES:
        return "state department"
    if corps := _CORPS.match(name):
        rest = name[corps.end() :]
        division = corps[0].endswith("师")
        return (
            None if division else "province" if _GOVERNMENT.match(rest) else "province department"
        )
    lead = _LEADS[0].match(name)
    if _BRANCH_WORD.search(name) and (
        len(name) > lead.end() if lead else placed and _BRANCH_OF_PLACE.match(name[placed:])
    ):
        return "state branch"
    return "state department" if _STATE_PREFIX.match(name) and not placed else None
