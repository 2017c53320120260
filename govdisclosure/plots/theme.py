"""The theme: language, Chinese font, sizes, words and colours for seaborn, pandas and matplotlib alike.

A figure is 5.2 inches wide with 11.5 point text: 100 dpi in JupyterLab, and still 11 pixels on a phone of 390. Words and
colours are data: ``words.toml``.
"""

from __future__ import annotations

import logging
import re
import tomllib
import warnings
from collections.abc import Iterable
from pathlib import Path

import seaborn as sns

from ..views import labels
from .fonts import families

DATA = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
PAINT = DATA["colours"]
BLACK, GREY, PALE, FAINT = (PAINT[name] for name in ("black", "grey", "pale", "faint"))
CYCLE = tuple(PAINT[name] for name in PAINT["cycle"])
COLOURS = {code: PAINT[name] for name, codes in DATA["coloured"].items() for code in codes}
WIDTH, HEIGHT, TEXT = 5.2, 3.4, 11.5
RC = {
    "figure.figsize": (WIDTH, HEIGHT), "figure.dpi": 100, "savefig.dpi": 200, "figure.constrained_layout.use": True,
    "font.size": TEXT, "axes.labelsize": TEXT, "axes.titlesize": TEXT, "xtick.labelsize": TEXT, "ytick.labelsize": TEXT,
    "legend.fontsize": TEXT, "legend.title_fontsize": TEXT, "legend.frameon": False, "figure.titlesize": 13,
    "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY,
    "axes.labelcolor": GREY, "xtick.color": GREY, "ytick.color": GREY, "text.color": BLACK, "axes.grid": False,
    "grid.color": FAINT, "axes.axisbelow": True, "axes.unicode_minus": True, "lines.linewidth": 2,
    "svg.hashsalt": "govdisclosure",
}  # fmt: skip
_MINUS = re.compile(r"(?<![A-Za-z0-9])-(?=\d)")
_language = "en"


def theme(language: str = "en") -> None:
    """Set language and looks for every figure drawn from here on, by this package, seaborn, pandas or matplotlib.

    Registers a font with Chinese; in Jupyter figures are 100 dpi and sharp on dense screens. Raises ValueError for a
    language that is neither 'en' nor 'zh', FontError where no Chinese font can be found.

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
    try:
        from IPython import get_ipython
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:
        return
    if get_ipython() is not None:
        set_matplotlib_formats("retina", bbox_inches=None)


def language() -> str:
    """The language `theme` set: 'en' or 'zh'."""
    return _language


def say(en: str, zh: str) -> str:
    """One of two texts, in the language of the theme; the hyphen of a negative number is written as a minus."""
    chosen = zh if _language == "zh" else en
    return _MINUS.sub("−", chosen) if isinstance(chosen, str) else chosen


def text(name: str) -> str:
    """A fixed text of ``words.toml`` in the language of the theme."""
    return say(*DATA["texts"][name])


def word(code: object) -> str:
    """The word for a code in the language of the theme: ours, else the form's label, else the code itself.

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
    free = [colour for colour in CYCLE if colour not in used] or list(CYCLE)
    strange = [code for code in wanted if code not in COLOURS]
    chosen = {code: free[i % len(free)] for i, code in enumerate(strange)} | COLOURS
    return {word(code): chosen[code] for code in wanted}
