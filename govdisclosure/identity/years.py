"""The year a report is about, and dates: rules that keep the one from the other. Pure functions on compact text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from ..numbers import number

EARLIEST, LATEST = (
    2004,
    2099,
)  # the first local rules: 上海市政府信息公开规定, in force from May 2004
_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
# How much a way of naming the year says about the year reported on: (weight, what stands before, what follows 年).
# The statistical period is said once and settles it; "2021年，…" at the head of a clause is how every section tells of
# its year. Years of plans, comparisons, laws and histories say nothing.
STATEMENTS = tuple(
    (weight, re.compile(before), re.compile(after))
    for weight, before, after in (
        (1000, r"", r"1月1日0?[起始]?[,、]?[至到—–~―-]++(?:(?:20\d\d|当|同|本)年)?12月31日"),
        (
            4,
            r"(?:现将|公布|编制|撰写|形成|发布)[^。;\n]{0,40}\Z",
            r"度?[^。;\n]{0,12}?(?:公开|年度报告|年报)",
        ),
        (2, r"截[至止]到?\n?\Z", r"12月31日|12月底|底"),
        (2, r"", r"度[,]?(?:未|没有|共|全|我|本|政府信息|收取|收到|受理|新收)"),
        (
            2,
            r"",
            r"度?(?:政务公开|政府信息公开|信息公开)?(?:工作)?(?:中)?(?:还)?(?:存在|主要问题|工作情况)",
        ),
        (1, r"(?:^|[。;:,!\n)])(?:[一二三四五六七八九][是、.])?\Z", r"(?!\d|底)"),
        (0, r"(?:^|》)[^《]*\Z", r"(?!\d|底)"),  # enough where it is the only year
    )
)
_COMPARED = re.compile(r"(?:较|比|与|同|自|从|于|(?<!截)至|获|上年|去年)\n?\Z")
_HISTORY = re.compile(r"度?(?:修订|修正|施行|颁布|印发|出台|成立|组建|机构改革|发布的|公布的)")
_PLAN = re.compile(
    r"[^。;\n]{0,24}?(?:将(?!乐)|计划|拟|打算|继续)|[^。;\n]{0,16}?(?:下一步|改进措施|工作计划|工作打算)"
)
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DAY = rf"20\d\d(?:年{_NUMBER}月{_NUMBER}日|[-./]\d{{1,2}}[-./]\d{{1,2}})"
_DATE = re.compile(
    rf"(?<!\d)(20\d\d)(?:[-./年]({_NUMBER})[-./月]({_NUMBER})(?!\d)|(\d\d)(\d\d)(?!\d))"
)
_STEM_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_STEM_DATE = re.compile(r"(?<!\d)20\d\d[-_.年]\d{1,2}(?:[-_.月]\d{1,2}|月)|(?<!\d)20\d{4,12}(?!\d)")


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
    for match in _YEAR.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - 48) : start], text[end : end + 40]
        compared = _COMPARED.search(before) or _HISTORY.match(after)
        for weight, lead, follows in STATEMENTS[:1] if compared else STATEMENTS:
            stated = follows.match(after)
            if stated and lead.search(before) and not _PLAN.match(after, stated.end()):
                yield weight, int(match[1])


def stem_year(stem: str) -> int | None:
    """The one year in a file's name that is no date stamp: dayao-2021 → 2021; t20220130_1, 2020-2021 → None.

    >>> stem_year("dayao-2021"), stem_year("t20220130_88"), stem_year("2020-2021")
    (2021, None, None)
    """
    years = {int(year) for year in _STEM_YEAR.findall(_STEM_DATE.sub("", stem[:200]))}
    return min(years) if len(years) == 1 and plausible(min(years)) else None


def iso_date(text: str) -> str | None:
    """The first date in a compact text as 'YYYY-MM-DD'; None where there is none or it is no day of the calendar.

    >>> iso_date("发布日期:2020-01-31"), iso_date("2024年1月17日"), iso_date("2024年13月1日")
    ('2020-01-31', '2024-01-17', None)
    """
    for year, *others in _DATE.findall(text[:400]):
        month, day = (int(number(text).value or 0) for text in others if text)
        try:
            return date(int(year), month, day).isoformat() if plausible(int(year)) else None
        except ValueError:
            continue
    return None
