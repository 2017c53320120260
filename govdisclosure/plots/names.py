"""Agencies' names, short in Chinese and romanised before it on English pages; and whole frames in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import pandas as pd
from pypinyin import lazy_pinyin

from .fonts import drawable
from .theme import DATA, language, word

_PLACE = re.compile(
    r"([一-鿿]{2,14}?)"
    r"(自治[区州县旗]|省|市|州|盟|县|区|旗|(?:镇|乡)(?=人民政府)|街道(?=办事处))"
)
_PEOPLES = re.compile(f"(?<=..)(?:{'|'.join(DATA['peoples']['names'])})++$")
_BUREAU = re.compile(r"(?:委员会|局|厅|委)$")


def short(agency: str) -> str:
    """An agency's Chinese name without what goes without saying.

    >>> short("淮安市洪泽区人民政府"), short("上海市人民政府办公厅")
    ('淮安市洪泽区', '上海市政府办公厅')
    """
    if agency.endswith("人民政府") and len(agency) > 4:
        return agency.removesuffix("人民政府")
    return agency.replace("人民政府", "政府")


@lru_cache(maxsize=4096)
def romanised(agency: str) -> str:
    """The name in Latin letters: the last place in pinyin, its rank and the commonest offices in English.

    >>> romanised("淮安市洪泽区人民政府"), romanised("沭阳县发展和改革局")
    ('Hongze District', 'Shuyang County Development and Reform')
    >>> romanised("红河哈尼族彝族自治州人民政府"), romanised("西藏自治区"), romanised("内蒙古自治区")
    ('Honghe Prefecture', 'Xizang Region', 'Neimenggu Region')
    """
    place, at = "", 0
    offices, ranks = DATA["offices"], DATA["places"]
    while agency[at:] not in offices and (found := _PLACE.match(agency, at)):
        own = _PEOPLES.sub("", found[1]) if found[2].startswith("自治") else found[1]
        rank = ranks.get(found[2]) or ranks[found[2].removeprefix("自治")]
        place = f"{_pinyin(own)} {rank}".strip()
        at = found.end() + 4 * agency.startswith("人民政府", found.end())
    rest = agency[at:]
    office = offices.get(rest, offices.get(_BUREAU.sub("", rest).removesuffix("办公室")))
    return f"{place} {_pinyin(rest) if office is None else office}".strip()


def _pinyin(text: str) -> str:
    joined = ""
    for syllable in lazy_pinyin(text):
        joined += "'" * bool(joined and syllable[:1] in "aeo") + syllable
    return joined[:1].upper() + joined[1:]


def agency_names(agencies: Iterable[str], *, axis: bool = False) -> dict[str, str]:
    """Full name → name to show in the theme's language; unique, and every character can be drawn.

    `axis`: for the side of a figure: on two lines at most, what is too long shortened in its middle.
    """
    full = [str(a) for a in dict.fromkeys(a for a in agencies if not pd.isna(a))]
    brief = [short(a) for a in full]
    chosen = {a: drawable(b if brief.count(b) == 1 else a) for a, b in zip(full, brief)}
    if language() == "zh":
        return {a: _middle(name, 14) if axis else name for a, name in chosen.items()}
    if axis:
        return {a: f"{_middle(romanised(a), 26)}\n{_middle(n, 13)}" for a, n in chosen.items()}
    return {a: f"{romanised(a)} {name}" for a, name in chosen.items()}


def _middle(text: str, width: int) -> str:
    """The text, its middle left out where it is longer than `width`."""
    half = width // 2
    return text if len(text) <= width else f"{text[:half].rstrip()}…{text[-half:].lstrip()}"


def worded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame in words: codes in its text columns, index and header become words, agencies their names.

    Figures stay figures. For tables and for seaborn's hue and axes alike; the order of rows and columns is kept.

    >>> worded(pd.DataFrame({"outcome": ["denied"], "cases": [3]})).values.tolist()
    [['refused', 3]]
    """
    out = frame.copy()
    for column in out.columns:
        out[column] = _words(out[column], column)
    levels = [_words(out.index.get_level_values(i), n) for i, n in enumerate(out.index.names)]
    if len(levels) > 1:
        out.index = pd.MultiIndex.from_arrays(levels)
    elif not isinstance(out.index, pd.RangeIndex):
        out.index = pd.Index(levels[0])
    names = [None if n is None else word(n) for n in frame.index.names]
    out = out.rename(columns=word)
    if len(names) == 1:  # the name of the rows in the table's corner
        return out.rename_axis(index=None, columns=names[0])
    return out.rename_axis(index=names, columns=None)


def _words(values, name):
    """Words of one column or level; numbers as they are."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return values
    names = agency_names(values) if name in ("agency", "territory") else {}
    return [v if not isinstance(v, str) else names.get(v) or word(v) for v in values]
