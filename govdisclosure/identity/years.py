"""The year a report is about, and dates: rules that keep the one from the other. Pure functions on compact text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from ..numbers import number
from .name_words import DATA, compiled, patterns

EARLIEST, LATEST = 2004, 2099  # the first rules: 上海市政府信息公开规定, in force from May 2004
_STATEMENTS = [
    (weight, compiled(before), compiled(after))
    for weight, before, after in DATA["statements"].values()
]


def plausible(year: int) -> bool:
    """Whether there can be a report on this year."""
    return EARLIEST <= year <= LATEST


def prose_year(sections: list[tuple[int, str]]) -> tuple[int | None, int]:
    """The year that the prose is about, and how much says so; None unless it outweighs the other years.

    ``sections``: (number, compact text). One statement is enough where no other year is stated. Section five, where the
    next year is planned, counts only with its "2021年存在的问题".

    >>> prose_year([(1, "2021年,公开信息40条,比2020年多2条。")])
    (2021, 1)
    """
    weights: Counter[int] = Counter()
    for section, text in sections:
        for weight, year in _statements(text):
            if plausible(year) and (section != 5 or weight == 2):
                weights[year] += weight
    (year, most), (_, second) = [*weights.most_common(2), (0, 0), (0, 0)][:2]
    clear = most >= 2 * second and (most or len(weights) == 1)
    return (year, most) if clear else (None, 0)


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """(weight, year) of each statement; one year can make several."""
    for match in patterns.stated_year.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - 48) : start], text[end : end + 40]
        compared = patterns.compared.search(before) or patterns.history.match(after)
        for weight, lead, follows in _STATEMENTS[:1] if compared else _STATEMENTS:
            stated = follows.match(after)
            if stated and lead.search(before) and not patterns.plan.match(after, stated.end()):
                yield weight, int(match[1])


def stem_year(stem: str) -> int | None:
    """The one year in a file's name that is no date stamp: dayao-2021 → 2021; t20220130_1, 2020-2021 → None.

    >>> stem_year("dayao-2021"), stem_year("t20220130_88"), stem_year("2020-2021")
    (2021, None, None)
    """
    years = {
        int(year) for year in patterns.stem_year.findall(patterns.stem_date.sub("", stem[:200]))
    }
    return min(years) if len(years) == 1 and plausible(min(years)) else None


def iso_date(text: str) -> str | None:
    """The first date in a compact text as 'YYYY-MM-DD'; None where there is none or it is no day of the calendar.

    >>> iso_date("发布日期:2020-01-31"), iso_date("2024年1月17日"), iso_date("2024年13月1日")
    ('2020-01-31', '2024-01-17', None)
    """
    for year, *others in patterns.date.findall(text[:400]):
        month, day = (int(number(text).value or 0) for text in others if text)
        try:
            return date(int(year), month, day).isoformat() if plausible(int(year)) else None
        except ValueError:
            continue
    return None
