"""Titles of annual reports: which agency and which year a title names. Pure functions, str → values."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from re import Match
from typing import NamedTuple
from unicodedata import normalize

from ..text import halved, simplified
from .name_words import patterns, words

LONGEST = 300  # characters of a title that are looked at; the longest real one seen has 71
_RADICALS = str.maketrans(dict(words.RADICALS))
_DIGITS = str.maketrans("〇零○oO一二三四五六七八九", "00000123456789")


class Title(NamedTuple):
    """A title, read. ``text``: without the site's name and quotes; ``agency``: as printed, '' where it names none;
    ``years``: distinct years it may report on (two where it says 2020-2021); ``strong``: says 信息公开 or 政务公开;
    ``suffix``: what stands behind a dash or bar, mostly the site's name."""

    text: str
    agency: str
    years: tuple[int, ...]
    strong: bool
    suffix: str = ""

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


def parse_title(text: str) -> Title | None:
    """Agency and year of a title; None where the text is no title of an annual report.

    >>> parse_title("2019年上海市人民政府办公厅政府信息公开工作年度报告")[1:3]
    ('上海市人民政府办公厅', (2019,))
    >>> parse_title("某某县教育局2022 年度政府信息公开年报-某某网").text
    '某某县教育局2022年度政府信息公开年报'
    """
    return _parsed(compact(text))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Title | None:
    plain = patterns.stamp.sub("", text)
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
            return tuple(dict.fromkeys(map(int, years)))
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
