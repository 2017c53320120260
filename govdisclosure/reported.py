"""The year a report is about, and dates: rules that keep the one from the other. Pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

# How much a way of naming the year says about the year reported on. The statistical period is stated once and
# settles it; "2021年，…" at the head of a sentence is how every section tells of its year, but a plan does so too.
# (weight, what stands before the year, what follows from the year on).
_YEAR = re.compile(r"20\d\d年")
_PERIOD = re.compile(
    r"(20\d\d)年1月1日0?[起始]?[,、]?[至到—–~―-]+(?:(?:20\d\d|当|同|本)年)?12月31日"
)
_TITLED = re.compile(r"20\d\d年(?:度)?[^。;\n]{0,12}?(?:公开|年度报告|年报)")
_ANNOUNCED = re.compile(r"(?:现将|现公布|公布|编制|撰写|形成|发布)[^。;\n]{0,40}\Z")
_ANNOUNCING = ("现将", "公布", "编制", "撰写", "形成", "发布")
_HEAD = re.compile(r"(?:^|[。;:!\n)])[一二三四五六七八九]?[是、.]?\Z", re.MULTILINE)
_AT_HEAD = re.compile(r"20\d\d年(?:度)?(?:以来)?[,]?")
_STATE = re.compile(
    r"20\d\d年(?:度)?(?:政务公开|政府信息公开|信息公开)?(?:工作)?(?:中)?(?:还)?(?:存在|主要问题|工作情况)"
)
_OF_YEAR = re.compile(r"(?<!\d)20\d\d年度[,]?(?:未|没有|共|全|我|本|政府信息|收取|收到|受理|新收)")
_YEAR_END = re.compile(r"20\d\d年(?:12月31日|12月底|底)")
_UNTIL = ("截至", "截止", "截至到", "截止到")
# What may follow from the year on, by the character behind 年.
_FROM_YEAR = {"1": ((10, _PERIOD),), "度": ((2, _STATE), (2, _OF_YEAR))} | dict.fromkeys(
    "政信工中还存主", ((2, _STATE),)
)
_PLAN = re.compile(
    r"^.{0,24}?(?:将|计划|拟|打算|继续)|^.{0,16}?(?:下一步|改进措施|工作计划|工作打算)"
)
_CLAUSE_END = re.compile(r"[。;\n]")
_COMPARED = ("较", "比", "与", "同", "自", "从", "上年", "去年")
_DATE = re.compile(r"(?<!\d)(20\d\d)(?:[-./年](\d{1,2})[-./月](\d{1,2})(?!\d)|(\d\d)(\d\d)(?!\d))")
_STEM_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_STEM_DATE = re.compile(r"(?<!\d)20\d\d[-_.年]\d{1,2}(?:[-_.月]\d{1,2}|月)|(?<!\d)20\d{4,12}(?!\d)")
EARLIEST, LATEST = 2008, 2099  # the first Regulations (国令第492号) came into force in 2008


def plausible(year: int) -> bool:
    """Whether there can be a report on this year: 2008, when the first Regulations came into force, or later."""
    return EARLIEST <= year <= LATEST


def period_year(texts: Iterable[str]) -> int | None:
    """The year of the statistical period (统计期限 2021年1月1日至12月31日), None where none or several are stated.

    >>> period_year(["数据统计期限为2021年1月1日至12月31日。"])
    2021
    """
    years = {int(year) for text in texts if "年1月1日" in text for year in _PERIOD.findall(text)}
    return years.pop() if len(years) == 1 else None


def prose_year(sections: list[tuple[int, str]]) -> tuple[int | None, dict[int, int]]:
    """The year that the prose is about and the weight of each year named; None unless one outweighs the rest.

    ``sections``: (number, compact text). Plans (2022年，将…), comparisons (较2020年) and section five, where the
    next year is planned, don't count, except its "2021年存在的问题".
    """
    weights: Counter[int] = Counter()
    for number, text in sections:
        for weight, year in _statements(text):
            if number != 5 or weight == 2:
                weights[year] += weight
    ranked = [(year, weight) for year, weight in weights.most_common() if plausible(year)]
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None, dict(ranked)
    return ranked[0][0], dict(ranked)


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """(weight, year) of each statement; one year can make several. Few words are years, so each is asked for there."""
    if "20" not in text:
        return
    announced = 0 if any(word in text for word in _ANNOUNCING) else len(text)
    for match in _YEAR.finditer(text):
        start, year = match.start(), int(match[0][:4])
        before = text[max(0, start - 3) : start]
        asked = _FROM_YEAR.get(text[start + 5 : start + 6], ())
        found = [(weight, pattern.match(text, start)) for weight, pattern in asked]
        if before.endswith(_UNTIL):
            found.append((2, _YEAR_END.match(text, start)))
        if not before[-1:].isdecimal():
            if _HEAD.search(text, max(0, start - 3), start):
                found.append((1, _AT_HEAD.match(text, start)))
            titled = _TITLED.match(text, start) if announced < start else None
            if titled and _ANNOUNCED.search(text, max(announced, start - 43), start):
                announced = titled.end()  # the next announcement begins behind this one
                found.append((4, titled))
        if not before.removesuffix("\n").endswith(_COMPARED):
            yield from (
                (weight, year)
                for weight, stated in found
                if stated and not _planned(text, stated.end())
            )


def _planned(text: str, end: int) -> bool:
    """Whether the clause behind a statement speaks of a plan."""
    return _PLAN.match(_CLAUSE_END.split(text[end : end + 30], 1)[0]) is not None


def stem_year(stem: str) -> int | None:
    """The one year in a file's name that is no date stamp: dayao-2021 → 2021; t20220130_1, 2020-2021 → None.

    >>> stem_year("dayao-2021"), stem_year("t20220130_88"), stem_year("2020-2021")
    (2021, None, None)
    """
    years = {int(year) for year in _STEM_YEAR.findall(_STEM_DATE.sub("", stem[:200]))}
    usable = [year for year in years if plausible(year)]
    return usable[0] if len(years) == 1 and usable else None


def iso_date(text: str) -> str | None:
    """The first date in a compact text as 'YYYY-MM-DD'; None where there is none or it is no day of the calendar.

    >>> iso_date("发布日期:2020-01-31"), iso_date("2024年1月17日"), iso_date("2024年13月1日")
    ('2020-01-31', '2024-01-17', None)
    """
    for match in _DATE.finditer(text[:400]):
        year, month, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])
        try:
            return date(year, month, day).isoformat() if plausible(year) else None
        except ValueError:
            continue
    return None
