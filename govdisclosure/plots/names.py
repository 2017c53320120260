"""Short names of agencies and reports for the left side of a figure."""

from __future__ import annotations

import pandas as pd

from .fonts import drawable
from .style import fold

ELLIPSIS = "…"


def short(agency: str) -> str:
    """An agency's name without what goes without saying.

    >>> short("淮安市洪泽区人民政府"), short("上海市人民政府办公厅")
    ('淮安市洪泽区', '上海市政府办公厅')
    """
    if agency.endswith("人民政府") and len(agency) > 4:
        return agency.removesuffix("人民政府")
    return agency.replace("人民政府办公", "政府办公")


def agency_names(agencies: pd.Series) -> dict[str, str]:
    """Full name → name on the figure: short where that stays unique, on two lines at most, always drawable."""
    full = [str(a) for a in dict.fromkeys(agencies.dropna())]
    brief = [short(a) for a in full]
    chosen = [b if brief.count(b) == 1 else a for a, b in zip(full, brief)]
    return {a: _folded(drawable(c)) for a, c in zip(full, chosen)}


def _folded(name: str, width: int = 20) -> str:
    lines = fold(name, width, "zh")
    if len(lines) > 2:
        lines = [lines[0], lines[1][: width // 2 - 1] + ELLIPSIS]
    return "\n".join(lines)


def report_names(frame: pd.DataFrame) -> list[str]:
    """'agency year' for each row of a frame that has both columns; the year left out where it is unknown."""
    names = agency_names(frame["agency"])
    return [
        f"{names.get(str(a), '?')} {'' if pd.isna(y) else int(y)}".rstrip()
        for a, y in zip(frame["agency"], frame["year"])
    ]
