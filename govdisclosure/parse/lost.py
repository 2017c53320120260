"""Text that lost too much to be read: digits glued to labels, lines removed because they occurred before."""

from __future__ import annotations

import re

from ..errors import LayoutError
from .lexicon import Lexicon
from .runs import Segment

_GLUED = re.compile(r"^(\S*?[\u4e00-\u9fff)）”])\d[\d.]*$")
FEWEST_GLUED = 3
FEWEST_LABELS = 12


def refuse_lost_text(report: str, found: list[Segment], words: Lexicon, lines: list[str]) -> None:
    """Raise LayoutError where cells can't be told apart because of what happened to the whole text.

    ``found``: the segments of one table; ``lines``: every line of the report.
    """
    glued = [s for s in found if _glued(s.text, words)]
    labels = [s for s in found if any(m.score > 1 for m in s.matches.rows)]
    if len(glued) >= FEWEST_GLUED and len(glued) > len(labels):
        raise LayoutError(
            report,
            "labels and figures set apart",
            seen=f"“{glued[0].text[:40]}” ({glued[0].where}), and {len(glued) - 1} more",
            advice="The digits of a row are glued together, so its cells can't be told apart. Use the HTML or PDF original.",
        )
    figures = [s for s in found if s.status == "reported"]
    stacked = sum(s.breaks == 0 for s in figures) <= len(figures) // 2
    if (
        len(labels) >= FEWEST_LABELS
        and stacked
        and len(figures) < words.width * len(labels)
        and len(set(lines)) == len(lines)
    ):
        raise LayoutError(
            report,
            "a figure for each cell",
            seen=f"{len(labels)} labels, {len(figures)} figures, and no two lines alike in {len(lines)}",
            advice="Lines that occurred before were removed from this text. Use the HTML or PDF original.",
        )


def _glued(text: str, words: Lexicon) -> bool:
    found = _GLUED.match(text.strip())
    return bool(found) and any(m.kind == "row" and m.score >= 1 for m in words.find(found[1]))


def line_texts(texts: list[tuple[str, int]]) -> list[str]:
    """Lines put together from runs of text and the line ends before each."""
    lines: list[str] = []
    for text, breaks in texts:
        if breaks or not lines:
            lines.append(text)
        else:
            lines[-1] += "|" + text
    return lines
