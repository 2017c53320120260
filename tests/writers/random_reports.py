"""A random report from a name, 'layout/number': the name alone makes it again."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from .figures import sample
from .layouts import LAYOUTS, Expected, plan
from .misprints import CHANGES, misprint

TOGETHER = (
    "known",
    "numbering",
    "half_width",
    "titles",
    "missing_row",
    "extra_row",
    "spaced",
)  # changes that two may meet in


class Made(NamedTuple):
    """``story`` says what was done; ``charset`` is "" for binary formats."""

    data: bytes
    expected: Expected
    story: str
    charset: str


def report(name: str) -> Made:
    """The report of this name.

    >>> report("dump_tabs/3") == report("dump_tabs/3")
    True
    """
    layout, _, _ = name.partition("/")
    pen = Random(name)
    shares = {
        "blanks": pen.choice((0, 0, 0.05, 0.3)),
        "odd": pen.choice((0, 0, 0.05)),
        "wild": pen.random() < 0.3,
    }
    made = plan(sample(pen, **shares))
    changes = _changes(pen)
    made = misprint(made, pen, changes)
    data, expected = LAYOUTS[layout](made, pen)
    charset = "" if layout == "docx" else "gb18030" if "gb18030" in layout else "utf-8"
    story = f"form {made.sample.form}, {', '.join(changes) or 'as the form prints it'}, {shares}"
    return Made(data, expected, story, charset)


def _changes(pen: Random) -> tuple[str, ...]:
    chance = pen.random()
    if chance < 0.35:
        return ()
    if chance < 0.85:
        return (pen.choice(sorted(CHANGES)),)
    return tuple(pen.sample(TOGETHER, 2))
