"""Titles of annual reports, the year a report is about, and dates: rules that keep them apart. Pure functions of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from re import Match
from typing import NamedTuple
from unicodedata import normalize

from ..numbers import number
from ..text import halved, simplified
from .bodies import DATA, compiled, patterns, words

LONGEST = 300  # characters of a title that are looked at; the longest real one seen has 71
_RADICALS = str.maketrans(dict(words.RADICALS))
_DIGITS = str.maketrans("〇零○oO一二三四五六七八九", "00000123456789")
EARLIEST, LATEST = 2004, 2099  # the first rules: 上海市政府信息公开规定, in force from May 2004
_STATEMENTS = [
    (weight, compiled(before), compiled(after))
    for weight, before, after in DATA["statements"].values()
]


class Title(NamedTuple):
    """A title, read. ``text``: without the site's name and quotes; ``agency``: as printed, '' where it names none;
    ``years``: distinct years it may report on (two where it says 2020-2021); ``strong``: says 信息公开 or 政务公开;
    ``suffix``: what stands behind a dash or bar, mostly the site's name; ``lines``: over which it stands."""

    text: str
    agency: str
    years: tuple[int, ...]
    strong: bool
    suffix: str = ""
    lines: int = 1

    @property
    def year(self) -> int:
        """The year, where the title names exactly one, else 0."""
        return sum(self.years) if len(self.years) == 1 else 0


def compact(text: str, limit: int = LONGEST, breaks: str = "") -> str:
    """At most `limit` characters: NFKC without blanks (line ends become `breaks`), readings in pinyin, radicals, Chinese numerals of a year.

    >>> compact(" ２０２３ 年\\n政府信息 公开"), compact("二〇二三年"), compact("丁鎮（zhèn）")
    ('2023年政府信息公开', '2023年', '丁鎮')
    """
    text = text[: 4 * limit].replace("\n", breaks)
    text = normalize("NFKC", halved(text))
    if patterns.radical.search(text):
        text = text.translate(_RADICALS)
    text = patterns.blank.sub("", patterns.before_clock.sub("T", text))
    text = patterns.pinyin.sub("", text)[:limit] if "(" in text else text[:limit]
    return patterns.chinese_year.sub(lambda match: match[0].translate(_DIGITS), text)


def wide(text: str) -> str:
    """Brackets as names print them."""
    return text.replace("(", "（").replace(")", "）")


@lru_cache(maxsize=1024)
def parse_title(text: str) -> Title | None:
    """Agency and year of a title; None where the text is no title of an annual report.

    >>> parse_title("2019年上海市人民政府办公厅政府信息公开工作年度报告")[1:3]
    ('上海市人民政府办公厅', (2019,))
    >>> parse_title("某某县教育局2022 年度政府信息公开年报-某某网").text
    '某某县教育局2022年度政府信息公开年报'
    """
    plain = patterns.stamp.sub("", compact(text))
    simple = simplified(plain)
    if "报" not in simple and "总" not in simple:
        return None
    found = list(islice(patterns.title.finditer(simple), 4)) or list(
        islice(patterns.weak.finditer(simple), 4)
    )
    titles = [_read(plain, simple, match) for match in found]
    return max(titles, key=lambda title: bool(title.agency) + bool(title.years), default=None)


def _read(plain: str, simple: str, match: Match) -> Title:
    """One place where the words of a report stand, with what is around them."""
    start = match.start()
    if plain[:start].endswith("人民") and simple.startswith("政府", start):
        start += 2  # 某县人民政府信息公开…: the words 政府 belong to both
    left, right = plain[:start], plain[match.end() :]
    middle = plain[max(start, match.start("mid")) : match.end("mid")]
    agency = _agency(left) or _agency_inside(middle)
    text = _trimmed(left, plain[start : match.end()], right, agency)
    return Title(
        text, agency, _years(left, middle, right), match.re is patterns.title, _suffix(right)
    )


def _suffix(right: str) -> str:
    """年报-沭阳县司法局, 年报（沭阳县司法局）: the last piece behind the words of the report."""
    pieces = patterns.gap.split(patterns.year.sub("", right).replace("(", "-").replace(")", ""))[1:]
    return next((name for piece in reversed(pieces) if len(name := _stripped(piece)) > 3), "")


def _years(left: str, middle: str, right: str) -> tuple[int, ...]:
    """Years nearest to the words of the report: inside or just before them, just behind, then anywhere before."""
    before = patterns.gap.split(left)[-1]
    nearest = [
        match[0]
        for p, text in ((patterns.year_at_end, before), (patterns.year_behind, right))
        if (match := p.search(text))
    ]
    for part in (middle, *nearest, before, left):
        ranged = patterns.range.search(part)
        if years := ranged.groups() if ranged else patterns.year.findall(part):
            return tuple(dict.fromkeys(year for year in map(int, years) if year >= EARLIEST))
    return ()


def _agency(left: str) -> str:
    """The agency in what stands before the words of the report; the other places of a breadcrumb are none."""
    left = patterns.crumb.split(left)[-1]
    names = map(
        _stripped,
        patterns.gap.split(
            patterns.column.sub("|", patterns.issues.sub("|", patterns.year.sub("|", left)))
        ),
    )
    return next((name for name in reversed(list(names)) if len(name) > 1), "")


def _agency_inside(middle: str) -> str:
    """政府信息公开某某局2021年工作年度报告: the agency between the words."""
    names = map(_stripped, patterns.year.split(middle)[::2])
    return next((name for name in names if len(name) > 3 and not patterns.filler.match(name)), "")


def _stripped(text: str) -> str:
    """Without 关于, labels, brackets before and 的, 本级, commas behind."""
    shorter = None
    while shorter != text:
        shorter, text = (
            text,
            patterns.tail.sub("", patterns.lead.sub("", text)).strip("《》\"'“”‘’ "),
        )
    if text.count("(") != text.count(")"):
        text = text.strip("()")
        text = text if text.count("(") == text.count(")") else text.partition("(")[0]
    return wide(text)


def _trimmed(left: str, core: str, right: str, agency: str) -> str:
    """The title alone: from its agency, a quotation mark or its last piece on, with a bracketed year behind."""
    before = patterns.index.sub("", patterns.gap.split(left)[-1].rpartition("《")[2].lstrip("\"'“"))
    plain = agency.replace("（", "(").replace("）", ")")
    if plain and plain not in before and plain not in core and plain in left:
        before = left[left.rfind(plain) :]
    year = patterns.year_behind.match(right)
    return wide(before + core + (year[0] if year else ""))


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
            if section != 5 or weight == 2:
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
    return min(years) if len(years) == 1 else None


def iso_date(text: str) -> str | None:
    """The first date in a compact text as 'YYYY-MM-DD'; None where there is none or it is no day of the calendar.

    >>> iso_date("发布日期:2020-01-31"), iso_date("2024年1月17日"), iso_date("2024年13月1日")
    ('2020-01-31', '2024-01-17', None)
    """
    for year, *others in patterns.date.findall(text[:400]):
        month, day = (int(number(text).value or 0) for text in others if text)
        try:
            return date(int(year), month, day).isoformat()
        except ValueError:
            continue
    return None
