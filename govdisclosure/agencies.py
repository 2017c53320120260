"""Agencies: what can be an agency's name, its full form, and the level it reports at."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from . import identity_data as data
from .divisions import NOWHERE, Place, lookup, resolve
from .text import simplified

_ENDS = re.compile(
    rf"(?:人民政府|政府|{data.DEPARTMENT}|{data.INSTITUTION}|{data.OTHER_BODY}|{data.OTHER_ENDS})$"
)
LONGEST = 45  # characters of a name
_NAME = re.compile(rf"^[\u4e00-\u9fff（）〇·、—\-A-Za-z0-9]{{2,{LONGEST}}}$")
_BRACKETED_END = re.compile(r"（[^）]*）$")
_NOT_A_NAME = re.compile(data.NOT_A_NAME)
_GOVERNMENT = re.compile(rf"^(?:{data.GOVERNMENT})$")
_TOWN = re.compile(
    rf"^(?:.{{0,5}}?(?:县|市|区|旗))?[\u4e00-\u9fff]{{1,14}}?{data.TOWN}{data.TOWN_TAIL}$"
)
_NOT_A_TOWN = re.compile(
    r"(?:城镇|乡镇|村镇|场镇)$|(?:开发|管理|保税|园|高新|经济|保护|新|示范|度假|试验|合作|产业|集聚)区$"
)
_ZONE = re.compile(rf"^.{{0,30}}{data.ZONE}{data.ZONE_BODY}$")
_ZONE_END = re.compile(rf"{data.ZONE}$")
_ZONE_ANY = re.compile(rf"^.{{0,30}}?{data.ZONE}(?:管理委员会|管委会)?.{{1,20}}{data.DEPARTMENT}$")
_ZONE_COMMITTEE = re.compile(
    r"^(?:党工委)?(?:管理委员会|管委会)(?:办公室|党政办公室)?$"
)  # of a zone the table lists: 两江新区
_DEPARTMENT = re.compile(rf"{data.DEPARTMENT}(?:（[^）]{{0,30}}）)?$")
_INSTITUTION = re.compile(rf"{data.INSTITUTION}(?:（[^）]{{0,30}}）)?$")
_OTHER = re.compile(rf"{data.OTHER_BODY}$")
_BRANCH_LEAD = re.compile(data.BRANCH_LEAD)
_BRANCH_WORD = re.compile(rf"{data.BRANCH_WORD}(?:.{{0,8}}分局|办事处)?$")
_STATE = re.compile(rf"^{data.STATE}$")
_STATE_PREFIX = re.compile(data.STATE_PREFIX)
_MINISTRIES = frozenset(data.STATE_MINISTRIES) | {
    "中华人民共和国" + name for name in data.STATE_MINISTRIES
}
_NATIONAL_END = re.compile(r"(?:局|委员会|署|总局|部|院|中心|银行|办公室|会)$")
_BRANCH_OF_PLACE = re.compile(data.BRANCH_OF_PLACE)
_CORPS = "新疆生产建设兵团"
_CORPS_LEAD = re.compile(rf"{_CORPS}(?:第?[一二三四五六七八九十]{{1,3}}师)?")
_OTHER_LEAD = re.compile(r"(?:中共|中国[(（])?")  # 中共沭阳县委办公室, 中国（上海）自由贸易试验区
_OWN_LEVEL = {
    "省": "province",
    "自治区": "province",
    "州": "prefecture",
    "盟": "prefecture",
    "县": "county",
    "旗": "county",
}
_UNQUALIFIED = re.compile(r"^(省|自治区|州|盟|县|旗|市|区)(?!域|城|乡)(?=.{2})")
_COUNTY_WORD = re.compile(
    r"^[\u4e00-\u9fff]{1,12}?(?<!自治)(?<!城)(县|自治旗|旗)(?=人民政府|.{2,20}(?:局|委员会|办公室)$|$)"
)


class Agency(NamedTuple):
    """An agency's name, its level (a key of ``identity_data.LEVELS``, None where nothing says) and its place."""

    name: str
    level: str | None
    place: Place


def looks_like_agency(text: str) -> bool:
    """Whether a run of text can be an agency's name: its length, characters and ending.

    >>> looks_like_agency("沭阳县发展和改革局"), looks_like_agency("我局"), looks_like_agency("本站编辑")
    (True, False, False)
    """
    return 2 <= len(text) <= LONGEST + 1 and _looks_like_agency(text)  # with a line's end


@lru_cache(maxsize=8192)
def _looks_like_agency(text: str) -> bool:
    simple = simplified(text)
    if not _NAME.match(simple) or _NOT_A_NAME.search(simple):
        return False
    bare = _BRACKETED_END.sub("", simple)
    return bool(_ENDS.search(bare) or _ZONE_END.search(bare)) and len(bare) > 2


def completed(name: str) -> str:
    """A bare place with its government: 大姚县 → 大姚县人民政府, 某某街道 → 某某街道办事处; other names unchanged.

    Under Art. 49 of the Regulations (政府信息公开条例) the report of a place is its people's government's.
    """
    place = resolve(name)
    rest = name[place.end :]
    if name.endswith("街道"):
        return name + "办事处"
    whole = place.end > 0 and not rest and place.level is not None
    if whole and re.search(r"(?:地区|盟)$", name) and place.level == "prefecture":
        return name + "行政公署"
    town = re.fullmatch(r"[\u4e00-\u9fff]{1,14}(?:镇|乡|苏木)", rest) and not _NOT_A_TOWN.search(
        rest
    )
    if whole or town or re.fullmatch(r"[\u4e00-\u9fff]{1,10}(?<!自治)(?:县|旗)", name):
        return name + "人民政府"
    return name


def describe(
    name: str, year: int | None = None, hints: tuple[str, ...] = (), site: str | None = None
) -> Agency:
    """The agency of this name. ``site``: the division of the website, used only where the name has no place.

    >>> describe("沭阳县发展和改革局").level, describe("昆山市人民政府").level, describe("苏州市人民政府").level
    ('county department', 'county', 'prefecture')
    """
    place = _place(name, year, hints)
    return Agency(name, level_of(name, place, site), place)


def _place(name: str, year: int | None, hints: tuple[str, ...]) -> Place:
    """Where the name says it is; after the name of a central body or of the Corps where there is one."""
    start = len((_BRANCH_LEAD.match(name) or _CORPS_LEAD.match(name) or _OTHER_LEAD.match(name))[0])
    place = resolve(name[start:], year, hints)
    return place._replace(end=place.end + start) if place.end else NOWHERE


@lru_cache(maxsize=8192)
def level_of(name: str, place: Place = NOWHERE, site: str | None = None) -> str | None:
    """Level by what follows the place in the name (see ``identity_data.LEVELS``), None where nothing says.

    The site's division decides only for a name without any place (教育局 on a county's site).
    """
    name = simplified(name)
    if central := _central(name):
        return central
    rest = name[place.end :]
    own = _UNQUALIFIED.match(name) if not place.end else None
    base = place.level or (_OWN_LEVEL.get(own[1], _site_level(site)) if own else None)
    if not base and (word := _COUNTY_WORD.match(name)):
        base, rest = "county", name[word.end() :]
    elif own:
        rest = rest[own.end() :]
    kind = _kind(rest, bool(base or own))
    if kind in ("government", "department"):
        base = base or (_site_level(site) if kind == "department" else None)
        base = "province" if kind == "department" and not base and rest.endswith("厅") else base
        return base and (base if kind == "government" else f"{base} department")
    return kind


def _site_level(site: str | None) -> str | None:
    division = lookup(site) if site else None
    return division.level if division else None


def _central(name: str) -> str | None:
    if _STATE.match(name):
        return "state"
    if name in _MINISTRIES:
        return "state department"
    if name.startswith(_CORPS):
        rest = name[len(_CORPS) :]
        return (
            "province"
            if _GOVERNMENT.match(rest)
            else "province department"
            if not rest.startswith("第")
            else None
        )
    place = _place(name, None, ())
    if _is_branch(name, place.end):
        return "state branch"
    national = _STATE_PREFIX.match(name) and _NATIONAL_END.search(name) and not place.end
    return "state department" if national else None


def _is_branch(name: str, placed: int) -> bool:
    """国家税务总局沭阳县税务局, 江苏省气象局: a central body's organ in a place; the central body itself is none."""
    lead = _BRANCH_LEAD.match(name)
    if not _BRANCH_WORD.search(name) or not (placed or lead):
        return False
    return bool(len(name) > lead.end() if lead else _BRANCH_OF_PLACE.match(name[placed:]))


def _kind(rest: str, placed: bool) -> str | None:
    """'government', 'department' or a level that does not depend on the place."""
    if _GOVERNMENT.match(rest):
        return "government" if placed else None
    if _ZONE.match(rest) or _ZONE_COMMITTEE.search(rest):
        return "development zone"
    if _TOWN.match(rest) and not _NOT_A_TOWN.search(rest):
        return "township"
    if _INSTITUTION.search(rest):
        return "public institution"
    if _OTHER.search(rest):
        return "other"
    if _ZONE_ANY.match(rest):
        return "development zone department"
    return "department" if _DEPARTMENT.search(rest) else None
