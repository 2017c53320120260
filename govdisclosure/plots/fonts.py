"""A font that has Chinese, found once and registered by path; characters that no font has are made visible.

The font is Noto Sans SC (SIL Open Font License 1.1) from the package ``pylopdf-fonts-zh-cn``: a static OTF. A variable
font would be drawn Thin and a .ttc in its first, Japanese face, so a system .ttc is only the last resort.
"""

from __future__ import annotations

from functools import cache
from importlib import util
from pathlib import Path

from matplotlib import font_manager, ft2font

PACKAGE, FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
SYSTEM = (
    "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans CJK SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "SimHei",
)  # fmt: skip
LATIN = "DejaVu Sans"  # comes with matplotlib
MISSING = "〓"  # the printers' mark for a sort that is not in the case
ADVICE = "pip install 'govdisclosure[notebooks]' brings one (pylopdf-fonts-zh-cn); on Debian: apt-get install fonts-noto-cjk"


class FontError(RuntimeError):
    """No font with Chinese characters on this machine. The message says what to install."""


def packaged() -> str | None:
    """Path of the font that the extra `notebooks` brings, or None."""
    spec = util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((str(p) for p in (Path(place) / FILE for place in places) if p.is_file()), None)


def _system() -> str | None:
    known = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    found = [known[name] for name in SYSTEM if name in known]
    found.sort(key=lambda path: path.lower().endswith(".ttc"))
    return found[0] if found else None


@cache
def chinese_font() -> str:
    """Name of a registered font with Chinese: the packaged one, else the system's. Raises FontError."""
    path = packaged() or _system()
    if path is None:
        raise FontError(f"no font with Chinese characters was found: {ADVICE}")
    if path not in {entry.fname for entry in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


@cache
def families() -> tuple[str, ...]:
    """Font families in the order in which a character is looked for."""
    return (chinese_font(), LATIN)


@cache
def _drawable() -> frozenset[int]:
    paths = [font_manager.findfont(name, fallback_to_default=False) for name in families()]
    return frozenset().union(*(ft2font.FT2Font(path).get_charmap() for path in paths))


def drawable(text: object) -> str:
    """`text` with every character that no font has replaced by 〓, so that nothing vanishes unseen; a $ begins no formula.

    >>> drawable("大姚县 2021")
    '大姚县 2021'
    """
    shown = (c if ord(c) in _drawable() or c in "\n" else MISSING for c in str(text))
    return "".join(shown).replace("$", r"\$")
