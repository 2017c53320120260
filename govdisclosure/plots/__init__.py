"""Figures: a theme for seaborn, pandas and matplotlib in two languages, words and names, and the
little that is hard to draw.

``theme(language)`` first; after it any plot shows Chinese and has the house's looks. ``say(en,
zh)`` is a text in its language, ``word(code)`` a code's word, ``worded(frame)`` a whole frame in
words, ``palette(codes)`` seaborn's colours by code, ``table(frame)`` displays one. ``if
some(frame):`` guards a figure, ``show(ax, data, name, title=…, note=…)`` displays it and keeps its
data.

>>> from govdisclosure import plots
>>> plots.theme("en"); plots.word("denied")
'refused'
"""

from __future__ import annotations

from .figure import breaks, explore, fold, legend, lines, show, some, table
from .theme import (
    COLOURS,
    CYCLE,
    GREY,
    PALE,
    FontError,
    agency_names,
    chinese_font,
    drawable,
    language,
    palette,
    romanised,
    say,
    short,
    theme,
    word,
    worded,
)  # fmt: skip
