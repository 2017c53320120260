"""The theme: language, Chinese font, sizes, words, names and colours for seaborn, pandas and
matplotlib alike.

A figure is 5.2 inches wide with 11.5 point text: 100 dpi in JupyterLab, and still 11 pixels on a
phone of 390. Words, colours and matplotlib's settings are data: ``words.toml``.

The font is Noto Sans SC (SIL Open Font License 1.1) from the package ``pylopdf-fonts-zh-cn``: a
static OTF. A variable font would be drawn Thin and a .ttc in its first, Japanese face, so a system
.ttc is only the last resort.
"""

from __future__ import annotations

import logging
import re
import tomllib
import warnings
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources, util
from itertools import cycle
from pathlib import Path

import pandas as pd
import seaborn as sns
from matplotlib import font_manager, ft2font
from pypinyin import lazy_pinyin

from ..text import counted
from ..views import labels

DATA = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
PAINT = DATA["colours"]
GREY, PALE = PAINT["grey"], PAINT["pale"]
CYCLE = tuple(PAINT[name] for name in PAINT["cycle"])
COLOURS = {code: PAINT[name] for name, codes in DATA["coloured"].items() for code in codes}
RC = {name: PAINT.get(value, value) for name, value in DATA["rc"].items()}
FONTS = DATA["fonts"]
MISSING = "〓"  # the printers' mark for a sort that is not in the case
_PLACE = re.compile(
    r"([一-鿿]{2,14}?)"
    r"(自治[区州县旗]|省|市|州|盟|县|区|旗|(?:镇|乡)(?=人民政府)|街道(?=办事处))"
)
_PEOPLES = re.compile(f"(?<=..)(?:{'|'.join(DATA['peoples']['names'])})++$")
_BUREAU = re.compile(r"(?:委员会|局|厅|委)$")
_language = "en"


class FontError(RuntimeError):
    """No font with Chinese characters on this machine. The message says what to install."""


def theme(language: str = "en") -> None:
    """Set language and looks for every figure drawn from here on, by this package, seaborn, pandas
    or matplotlib.

    Registers a font with Chinese; in Jupyter figures are 100 dpi and sharp on dense screens. Raises
    ValueError for a language that is neither 'en' nor 'zh', FontError where no Chinese font can be
    found.

    >>> theme("zh"); say("requests", "申请")
    '申请'
    >>> theme("en")
    """
    global _language
    if language not in ("en", "zh"):
        raise ValueError(f"language is 'en' or 'zh', not {language!r}")
    _language = language
    # What seaborn's grids and fonts without a normal weight would say under every figure.
    warnings.filterwarnings("ignore", "The figure layout has changed to tight")
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    sns.set_theme(style="ticks", palette=CYCLE, rc={**RC, "font.family": list(families())})
    from IPython import get_ipython

    if get_ipython() is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina", bbox_inches=None)


def language() -> str:
    """The language `theme` set: 'en' or 'zh'."""
    return _language


def say(en: str, zh: str) -> str:
    """One of two texts, in the language of the theme; a hyphen before a figure becomes a minus, one
    is singular.
    """
    chosen = zh if _language == "zh" else en
    return minus(counted(chosen)) if isinstance(chosen, str) else chosen


def minus(text: str) -> str:
    """The text with a hyphen before a figure as the minus it is."""
    return re.sub(r"(?<![A-Za-z0-9.])-(?=\d)", "−", text)


def text(name: str) -> str:
    """A fixed text of ``words.toml`` in the language of the theme."""
    return say(*DATA["texts"][name])


def word(code: object) -> str:
    """The word for a code in the language of the theme: ours, else the form's label, else the code
    itself.

    >>> theme("zh"); word("denied"), word("2021")
    ('不予公开', '2021')
    >>> theme("en")
    """
    plain = str(code)
    key = plain.replace(" ", "_")
    return say(*DATA["words"].get(key, [labels(_language).get(plain, plain)] * 2))


def palette(codes: Iterable[str]) -> dict[str, str]:
    """{word: colour} for seaborn's `palette`; a code has one colour in all figures.

    >>> palette(["denied"])
    {'refused': '#D55E00'}
    """
    wanted = list(dict.fromkeys(str(c).replace(" ", "_") for c in codes))
    used = {COLOURS.get(code) for code in wanted}
    free = cycle([colour for colour in CYCLE if colour not in used] or CYCLE)
    return {word(code): COLOURS.get(code) or next(free) for code in wanted}


# --- fonts --------------------------------------------------------------------------------------


def packaged() -> str | None:
    """Path of the font that the extra `notebooks` brings, or None."""
    if util.find_spec(FONTS["package"]) is None:
        return None
    path = resources.files(FONTS["package"]) / FONTS["file"]
    return str(path) if path.is_file() else None


@cache
def chinese_font() -> str:
    """Name of a registered font with Chinese: the packaged one, else the system's. Raises
    FontError.
    """
    known = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    found = [known[name] for name in FONTS["system"] if name in known]
    static = min(found, key=lambda path: path.lower().endswith(".ttc"), default=None)
    path = packaged() or static
    if path is None:
        raise FontError(f"no font with Chinese characters was found: {FONTS['advice']}")
    if path not in known.values():
        font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


@cache
def families() -> tuple[str, ...]:
    """Font families in the order in which a character is looked for."""
    return (chinese_font(), FONTS["latin"])


@cache
def _drawable() -> frozenset[int]:
    paths = [font_manager.findfont(name, fallback_to_default=False) for name in families()]
    return frozenset().union(*(ft2font.FT2Font(path).get_charmap() for path in paths))


def drawable(text: object) -> str:
    """`text` with every character that no font has replaced by 〓, so that nothing vanishes unseen;
    a $ begins no formula.

    >>> drawable("大姚县 2021")
    '大姚县 2021'
    """
    shown = (c if ord(c) in _drawable() or c in "\n" else MISSING for c in str(text))
    return "".join(shown).replace("$", r"\$")


# --- names and words ---------------------------------------------------------------------------


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
    """The name in Latin letters: the last place in pinyin, its rank and the commonest offices in
    English.

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

    `axis`: for the side of a figure: on two lines at most, what is too long shortened in its
    middle.
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
    """The frame in words: codes in its text columns, index and header become words, agencies their
    names.

    Figures stay figures. For tables and for seaborn's hue and axes alike; the order of rows and
    columns is kept.

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
