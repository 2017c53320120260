"""Titles of annual reports: which agency and which year a title names. Pure functions, str → values."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from . import identity_data as data
from .identity_text import compact
from .text import simplified

_DATE = re.compile(
    r"(?<!\d)20\d\d(?:[-./]\d{1,2}[-./]\d{1,2}日?T?|年\d{1,2}月(?:\d{1,2}日)?|年\d{1,2}月)"
)
_DATE_MARK = re.compile(r"[月:./-]")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{0,8}[〔\[【(](?:19|20)\d\d[〕\]】)]第?\d{1,5}号")
_RANGE = re.compile(r"(?<!\d)(20\d\d)年?度?[-—–~～至到、和与及](20\d\d)(?!\d)年?度?")
_YEAR = re.compile(r"[(\[【〔]?(?<!\d)((?:19|20)\d\d)(?!\d)(?:年度|年)?[)\]】〕]?")
_YEAR_AT_END = re.compile(r"(?:20\d\d年?度?[-—–~至到、和与及])?(?<!\d)(?:19|20)\d\d(?:年度|年)?$")
_YEAR_BEHIND = re.compile(r"[-—]?[(\[【〔]?(?:19|20)\d\d(?!\d)(?:年度?)?[)\]】〕]?")
_TITLE = re.compile(rf"{data.OPENNESS}(?P<mid>(?:(?!公开)[^,。;\n]){{0,24}}?){data.REPORT}")
_MARKS = "报報总總"
_WEAK = re.compile(r"(?P<mid>)(?:年度工作报告|年度报告|年报)")
_BREAK = re.compile(r"[_|>»/\\:;]+|(?<!\d)[-—–~]+|[-—–~]+(?!\d)")
_LEAD = re.compile(data.LEAD)
_TAIL = re.compile(data.TAIL)
_COLUMN = re.compile(data.COLUMN)
_INDEX = re.compile(r"^[A-Za-z\d]+[-/][A-Za-z\d/-]*(?=[\u4e00-\u9fff])(?!年)")
_ISSUES = re.compile(data.ISSUES)
_FILLER = re.compile(r"^(?:工作|年度|情况|本年度?|年|度|的|\(|\)|[-—_])*$")


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
    def year(self) -> int | None:
        """The year, where the title names exactly one."""
        return self.years[0] if len(self.years) == 1 else None


def may_be_title(text: str) -> bool:
    """Whether a compact text has a character without which it is no report's title (报告, 年报, 总结)."""
    return "报" in text or "总" in text or "報" in text or "總" in text


def parse_title(text: str) -> Title | None:
    """Agency and year of a title; None where the text is no title of an annual report.

    >>> parse_title("2019年上海市人民政府办公厅政府信息公开工作年度报告")[1:3]
    ('上海市人民政府办公厅', (2019,))
    >>> parse_title("某某县教育局2022 年度政府信息公开年报-某某网").text
    '某某县教育局2022年度政府信息公开年报'
    """
    text = compact(text)
    return _parsed(text) if may_be_title(text) else None


@lru_cache(maxsize=1024)  # a report repeats its title, at most `LONGEST` characters each
def _parsed(text: str) -> Title | None:
    plain = _without_dates(text)
    simple = simplified(plain)
    found = list(islice(_TITLE.finditer(simple), 4)) or list(islice(_WEAK.finditer(simple), 4))
    titles = [_read(plain, simple, match) for match in found]
    return max(titles, key=lambda title: bool(title.agency) + bool(title.years), default=None)


def _read(plain: str, simple: str, match: re.Match) -> Title:
    """One place where the words of a report stand, with what is around them."""
    start = match.start()
    if plain[:start].endswith("人民") and simple.startswith("政府", start):
        start += 2  # 某县人民政府信息公开…: the words 政府 belong to both
    left, right = plain[:start], plain[match.end() :]
    middle = plain[max(start, match.start("mid")) : match.end("mid")]
    agency = _agency(left) or _agency_inside(middle)
    strong = match.re is _TITLE
    text = _trimmed(left, plain[start : match.end()], right, agency)
    return Title(text, agency, _years(left, middle, right), strong, _suffix(right))


def _suffix(right: str) -> str:
    """年报-沭阳县司法局, 年报（沭阳县司法局）: the last piece behind the words of the report."""
    pieces = [
        _stripped(piece)
        for piece in _BREAK.split(_YEAR.sub("", right).replace("(", "-").replace(")", ""))[1:]
    ]
    return next((piece for piece in reversed(pieces) if len(piece) > 3), "")


def _without_dates(text: str) -> str:
    if "号" in text:
        text = _DOCUMENT_NUMBER.sub("", text)
    if _DATE_MARK.search(text):
        text = _CLOCK.sub("", _DATE.sub("", text))
    return text


def _years(left: str, middle: str, right: str) -> tuple[int, ...]:
    """Years nearest to the words of the report: inside or just before them, just behind, then anywhere before."""
    before = _BREAK.split(left)[-1]
    behind = _YEAR_BEHIND.match(right)
    near = _YEAR_AT_END.search(before)
    parts = (
        middle,
        near[0] if near else "",
        _ISSUES.split(before)[-1],
        before,
        behind[0] if behind else "",
        left,
    )
    for part in parts:
        if ranged := _RANGE.search(part):
            return tuple(sorted({int(ranged[1]), int(ranged[2])}))
        if found := tuple(dict.fromkeys(int(year) for year in _YEAR.findall(part))):
            return found
    return ()


def _agency(left: str) -> str:
    """The agency in what stands before the words of the report."""
    pieces = [piece for piece in _BREAK.split(_COLUMN.sub("|", _YEAR.sub("|", left))) if piece]
    pieces = [_stripped(_ISSUES.split(piece)[-1]) for piece in pieces]
    return next((piece for piece in reversed(pieces) if len(piece) > 1), "")


def _agency_inside(middle: str) -> str:
    """政府信息公开某某局2021年工作年度报告: the agency between the words."""
    pieces = [_stripped(piece) for piece in _YEAR.split(middle)[::2]]
    return next((piece for piece in pieces if len(piece) > 3 and not _FILLER.match(piece)), "")


def _stripped(text: str) -> str:
    """Without 关于, labels, brackets before and 的, 本级, commas behind."""
    while True:
        shorter = _TAIL.sub("", _LEAD.sub("", text))
        shorter = shorter.strip("《》\"'“”‘’ ")
        if shorter == text:
            return _balanced(text)
        text = shorter


def _balanced(text: str) -> str:
    if text.count("(") != text.count(")"):
        text = text.strip("()")
        text = text if text.count("(") == text.count(")") else text.partition("(")[0]
    return text.replace("(", "（").replace(")", "）")


def _trimmed(left: str, core: str, right: str, agency: str) -> str:
    """The title alone: from its agency, a quotation mark or its last piece on, with a bracketed year behind."""
    before = _INDEX.sub("", _BREAK.split(left)[-1].rpartition("《")[2].lstrip("\"'“"))
    plain = agency.replace("（", "(").replace("）", ")")
    if plain and plain not in before and plain not in core and plain in left:
        before = left[left.rfind(plain) :]
    year = _YEAR_BEHIND.match(right)
    text = before + core + (year[0] if year else "")
    return text.replace("(", "（").replace(")", "）")
