"""What a document says about itself, gathered once: titles of annual reports, years and dates,
metadata, first and last lines, prose, footer; and all of it that names a body, as one list.

No decision is taken here; `deciding` decides. Every amount of text looked at is bounded, since
documents are not trusted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property, lru_cache
from itertools import accumulate, chain, dropwhile, islice, takewhile
from pathlib import PureWindowsPath
from re import Match
from typing import Any, NamedTuple
from unicodedata import normalize

from ..model import Block, Document, Grid, Heading, Section
from ..numbers import number
from ..text import RADICALS, simplified
from .bodies import (
    ASKED,
    DATA,
    compiled,
    completed,
    describe,
    grouped,
    looks_like_agency,
    name_of,
    patterns,
    resolve,
    words,
)

EARLIEST, LATEST = 2004, 2099  # the first rules: 上海市政府信息公开规定, in force from May 2004
LONGEST = (
    300  # characters of a line or title that are looked at; the longest real title seen has 71
)
BLOCKS, LEAD, TAIL, FOOT = 120, 24, 60, 12  # blocks at each end; lines of each part
PROSE, FOOTER, INTRODUCTION = 30_000, 4_000, 3_000  # characters
OCCURRENCES = 50  # of a name in the page that are looked at
SECTIONS, PAIRS, TITLES, ROWS, CELLS, NAMED, LINES = 12, 200, 12, 8, 16, 400, 5
UNITS = tuple("市州盟县旗区")
ANNOUNCED = 2  # patterns that name the author together with its report

_DIGITS = str.maketrans("〇零○oO一二三四五六七八九", "00000123456789")
_WIDE = str.maketrans("()", "（）")
_AUTHORS = tuple(map(compiled, DATA["authors"].values()))
_STATEMENTS = [(weight, compiled(pattern)) for weight, pattern in DATA["statements"].values()]
WEIGHTS: dict[str, int] = DATA["weights"]
TITLE, SITE = "title", ("title suffix", "footer 主办单位")


class Said(NamedTuple):
    """Words that name a body, or a year; where they stand, and how much they weigh for it."""

    weight: int
    printed: Any
    origin: str

    @property
    def name(self) -> str:
        """The body named."""
        return completed(str(self.printed))


class Title(NamedTuple):
    """A title, read. ``text``: without the site's name and quotes; ``agency``: as printed, '' where
    it names none; ``years``: distinct years it may report on (two where it says 2020-2021);
    ``suffix``: what stands behind a dash or bar, mostly the site's name; ``name``: of the agency in
    full, '' where what is printed is none; ``lines``: over which it stands."""

    text: str
    agency: str
    years: tuple[int, ...]
    suffix: str
    name: str
    lines: int = 1

    @property
    def year(self) -> int:
        """The year, where the title names exactly one, else 0."""
        return self.years[0] if len(self.years) == 1 else 0

    @property
    def strong(self) -> bool:
        """Whether it says 公开: a mere 年报 may be of anything."""
        return "公开" in simplified(self.text)

    @property
    def told(self) -> int:
        """How much it says."""
        return bool(self.agency) + bool(self.name) + bool(self.years) + self.strong


class Evidence:
    """What a document and its sections say, as compact text by where it stands; each looked for
    when first asked for.
    """

    def __init__(self, document: Document, sections: Sequence[Section]) -> None:
        source, blocks = document.source, document.blocks
        # The file's name; a path of Windows may have either kind of slash.
        self.stem = PureWindowsPath(source.name or source.path).stem[:200]
        begin = islice(filter(None, map(compact, _texts(blocks[:BLOCKS]))), LEAD)
        first = list(takewhile(lambda line: not patterns.section_one.match(line), begin))
        end = [text[-LONGEST:] for text in list(_texts(blocks[-TAIL:]))[-TAIL:]]
        lines = compact("\n".join(end), PROSE, "\n").split("\n")
        self.last = [line for line in lines if line and line not in first]
        self.foot = "\n".join([compact(document.footer, FOOTER), *self.last[-FOOT:]])
        texts = [(s.number, s.text) for s in sections[:SECTIONS]]
        texts = texts or [(0, "\n".join(_texts(blocks)))]
        self.prose = [(number, compact(text, PROSE, "\n")) for number, text in texts]
        self.whole = "\n".join(text for _, text in self.prose)
        self.plain = simplified(self.whole)
        # Fields of the page, then those printed in its first lines: key → value.
        fields = patterns.field.finditer("|".join(first))
        printed = ((m["alone"] or m["label"], m["value"]) for m in fields)
        self.metadata: dict[str, str] = {}
        for label, text in chain(islice(document.metadata.items(), PAIRS), printed):
            key = compact(label, 40).strip(":").lower()
            if key in ASKED and (value := compact(text)):
                self.metadata.setdefault(key, wide(value.strip("[]【】")))
        # The lines before section one, without fields, and lines of other languages; those from the
        # title on.
        lines = patterns.field.sub("|", "|".join(first)).split("|")
        self.lead = [line for line in lines if line and not patterns.foreign.match(line)]
        untitled = dropwhile(lambda line: not patterns.title_line.search(line), self.lead)
        self.heading = list(untitled) or self.lead
        # Titles of annual reports: the document's own, those printed as headings, and all (other
        # bodies' among them).
        self.headlines = titles_of(document.titles[:TITLES])
        headings = [block.text for block in blocks[:BLOCKS] if isinstance(block, Heading)]
        self.headings = titles_of(headings[:TITLES])
        stated = titles_of(text for text, _ in self.fields(words.TITLE_KEYS))
        self.titles = [*self.headlines, *_titles_in(self.lead), *stated]

    def fields(self, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        """(text, origin) of the fields of these keys that the page has."""
        return ((self.metadata[key], f"metadata {key}") for key in keys if key in self.metadata)

    @cached_property
    def signatures(self) -> list[tuple[str, str]]:
        """(agency, ISO date), the last first, where an agency's line and a date's line stand
        together, or share one.
        """
        found = []
        lines = "\n".join([*self.heading, "", *self.last])
        for before, dated, day, after in patterns.signature.findall(lines):
            name, iso = wide(before or after), iso_date(dated or day)
            if iso and looks_like_agency(name):
                found.append((name, iso))
        return found[::-1]

    @property
    def dates(self) -> Iterator[tuple[str, str]]:
        """(text, origin) of what may say when it was published, best first."""
        yield from self.fields(words.PUBLISHED_KEYS)
        for line in self.heading:
            if not patterns.no_date.search(line):
                yield line, "near the title"
        yield from ((day, "signature") for _, day in self.signatures)

    def _author(self) -> tuple[str, bool]:
        """(the agency that the prose names, whether together with its report); ('', False) where it
        names none clearly.

        Within one pattern the name must prevail: two names equally often decide nothing, and the
        next is asked.
        """
        quoted = titles_of(_found(patterns.quoted, self.whole, self.plain[:INTRODUCTION]))
        titled = (title.agency for title in quoted if title.years)
        text = patterns.cited.sub("", self.whole)
        plain = simplified(text)
        named = (map(_named, _found(pattern, text, plain)) for pattern in _AUTHORS)
        for place, names in enumerate(chain([titled], named)):
            if name := _prevailing(filter(_placed, map(completed, names)), 1 / 2):
                return name, place < ANNOUNCED
        return "", False

    @cached_property
    def own(self) -> str:
        """局 where the report says 我局, and hardly anything else; '' where it does not."""
        called = patterns.self_named.findall(self.plain)
        return _prevailing(called, 2 / 3) if len(called) > 1 else ""

    @cached_property
    def owner(self) -> str:
        """Who keeps the website (主办单位)."""
        names = (patterns.owner_end.sub("", name) for name in patterns.owner.findall(self.foot))
        return next(filter(looks_like_agency, names), "")

    @cached_property
    def said(self) -> list[Said]:
        """All that names a body that may report, in the order of places; the best first of each."""
        titled, (author, announced) = [*self._titled()], self._author()
        prose = WEIGHTS["announced" if announced and titled else "prose"]
        sources = (
            field for field in self.fields(words.AGENCY_KEYS) if not patterns.media.search(field[0])
        )
        stem = parse_title(self.stem)
        # 我县 on the county's site
        ours = set() if self.own else set(patterns.territory.findall(self.whole))
        return [
            *titled,
            *(Said(WEIGHTS["signature"], name, "signature") for name, _ in self.signatures),
            Said(prose, author, "prose"),
            *(Said(WEIGHTS["metadata"], *source) for source in sources),
            Said(WEIGHTS["file name"], stem.agency if stem else "", "file name"),
            *(Said(0, title.suffix, SITE[0]) for title in self.titles),
            Said(0, self.owner if ours.intersection(self.owner) else "", SITE[1]),
        ]

    def _titled(self) -> Iterator[Said]:
        """What titles say. One body's outweigh what else is said, a government's (it may be the
        site's) a little less.

        Where they name several bodies, most are links to others' reports: each weighs little, more
        where it is named again or is the document's own title.
        """
        named = [title for title in self.titles if title.name]
        named = [title for title in named if title.years] or named
        bodies = grouped(named)
        for body in bodies:
            if len(bodies) > 1:
                times = sum(1 + (title in self.headlines) for title in body)
                weight = WEIGHTS["clear"] * min(times, 3)
            elif patterns.territorial.search(body[0].name):
                glued = min(title.lines for title in body) > 1
                weight = WEIGHTS["site's name and title" if glued else "government's title"]
            else:
                weight = WEIGHTS["title"]
            yield from (Said(weight, title.agency, TITLE) for title in body)

    @cached_property
    def site(self) -> str | None:
        """The division code of the website; codes of central bodies (bm…) are none."""
        codes = [f"sitecode:{text}" for text, _ in self.fields(words.SITE_CODE_KEYS)]
        found = patterns.site_code.findall(" ".join([*codes, self.foot]))
        # Zones have codes of their own (3205 71…): they belong to the prefecture of the first four.
        known = (code for own in found for code in (own, own[:4] + "00") if name_of(code))
        return next(known, None)

    @property
    def hints(self) -> Iterator[str | None]:
        """Codes that may settle an ambiguous name, strongest first: the site's, those of other
        names, of record numbers.
        """
        others = [*self.metadata.values(), *(name for name, _ in self.signatures), self.owner]
        records = patterns.record.findall(self.foot)
        marks = (code or DATA["record_marks"].get(mark) for code, mark in records)
        return chain([self.site], (resolve(other).code for other in others), marks)

    def in_full(self, name: str, printed: str) -> str:
        """The name with the city or county above it, where the page prints it so: a district's or
        town's name anywhere (淮安市洪泽区), other names whole (赣州市信丰县财政局). Two places above settle
        nothing, and above the state's own (国家税务总局…) stands none."""
        if patterns.branch_lead.match(simplified(name)):
            return name
        texts = [self.whole, *self.metadata.values(), self.owner]
        if sum(resolve(line).end == len(line) for line in self.lead) < 2:  # no list of places
            texts.append("".join(self.lead))
        for _ in range(2):  # 岔河镇 → 洪泽区岔河镇 → 淮安市洪泽区岔河镇
            end = resolve(name).end
            district = name[:end] if name[:end].endswith("区") else ""
            sought = (district or (name if end else printed)).removesuffix("办事处")
            before = "\n".join(texts).split(sought, OCCURRENCES)[:-1]
            found = {_above(left, sought, end) for left in before} - {""}
            if not found and not end and name.startswith(UNITS):  # 区水利局 on the page of one 区
                wholes = {text[: resolve(text).end] for text in [*texts, *self.lead]}
                found = {whole[:-1] for whole in wholes if whole.endswith(name[0])}
            printed = name = "".join(found) + name if len(found) == 1 else name
        return name


def compact(text: str, limit: int = LONGEST, breaks: str = "") -> str:
    """At most `limit` characters: NFKC without blanks (line ends become `breaks`), readings in
    pinyin, radicals, what a browser prints over a page (1/20/25, 1:25 PM), Chinese numerals of a
    year.

    >>> compact(" ２０２３ 年\\n政府信息 公开"), compact("二〇二三年"), compact("丁鎮（zhèn）")
    ('2023年政府信息公开', '2023年', '丁鎮')
    """
    text = patterns.uncommon.sub(
        lambda match: normalize("NFKC", match[0]).translate(RADICALS),
        text[: 4 * limit].replace("\n", breaks),
    )
    text = patterns.blank.sub("", patterns.before_clock.sub("T", text))
    text = patterns.unprinted.sub("", text)[:limit]
    return patterns.chinese_year.sub(lambda match: match[0].translate(_DIGITS), text)


def wide(text: str) -> str:
    """Brackets as names print them."""
    return text.translate(_WIDE)


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Lines of blocks; column marks are bars. Of grids the first rows, merged cells once."""
    for block in blocks:
        if isinstance(block, Grid):
            for row in block.rows[:ROWS]:
                yield "|".join(dict.fromkeys(cell.text[:LONGEST] for cell in row[:CELLS] if cell))
        elif isinstance(block, Heading):
            yield from block.text[:PROSE].split("\n")
        else:
            pieces = (piece.mark.replace("\t", "|") + piece.text for piece in block.pieces)
            yield from "".join(pieces)[:PROSE].split("\n")


def titles_of(texts: Iterable[str]) -> list[Title]:
    """The titles of annual reports among texts."""
    return list(filter(None, map(parse_title, texts)))


@lru_cache(maxsize=1024)
def parse_title(text: str) -> Title | None:
    """Agency and year of a title; None where the text is no title of an annual report.

    >>> parse_title("2019年上海市人民政府办公厅政府信息公开工作年度报告")[1:3]
    ('上海市人民政府办公厅', (2019,))
    >>> parse_title("某某县教育局2022 年度政府信息公开年报-某某网").text
    '某某县教育局2022年度政府信息公开年报'
    """
    plain = patterns.stamp.sub("", compact(text))
    titles = (_read(plain, match) for match in patterns.title.finditer(simplified(plain)))
    return max(titles, key=lambda title: bool(title.agency), default=None)


def _read(plain: str, match: Match) -> Title:
    """One place where the words of a report stand, with what is around them."""
    left, right = plain[: match.start()], plain[match.end() :]
    middle = plain[slice(*match.span("mid"))]
    agency = _apart(patterns.breadcrumb.sub("", left), 1) or _apart(middle, 3)
    suffix = _apart(right.replace("(", "-").replace(")", ""), 3)
    start = patterns.untitled.match(left).end()  # the title alone, with a bracketed year behind
    if agency:
        start = min(start, max(plain.rfind(normalize("NFKC", agency), 0, match.end()), 0))
    text = plain[start : match.end()] + patterns.year_behind.match(right)[0]
    name = completed(agency)
    name = name if looks_like_agency(name) else ""
    return Title(wide(text), agency, _years(left, middle, right), suffix, name)


def _apart(text: str, least: int) -> str:
    """The last that stands apart in a text and has more than so many characters (年报-沭阳县司法局,
    年报（沭阳县司法局）), without 关于, labels, brackets before and 的, 本级, commas behind.
    """
    for name in reversed(patterns.apart.split(text)):
        for _ in range(3):
            name = patterns.tail.sub("", patterns.lead.sub("", name)).strip(_QUOTES)
        name = wide(name.strip("()") if name.count("(") != name.count(")") else name)
        if len(name) > least:
            return name
    return ""


def _years(left: str, middle: str, right: str) -> tuple[int, ...]:
    """Years nearest to the words of the report: inside or just before them, just behind, then
    anywhere before, save in breadcrumbs.
    """
    before = patterns.gap.split(left)[-1]
    beside = (patterns.years_beside.search(before)[0], patterns.year_behind.match(right)[0])
    own = patterns.breadcrumb.sub("", left)  # a crumb's year is its column's
    years = map(patterns.a_year.findall, (middle, *beside, before, own))
    return tuple(dict.fromkeys(map(int, next(filter(None, years), ()))))


_QUOTES = "《》\"'“”‘’ "


def _titles_in(lead: list[str]) -> list[Title]:
    """Titles over one to five of the first lines, of which no two share a line; those first that
    say most on the fewest.
    """
    found = []
    for start in range(len(lead)):
        own = takewhile(lambda line: not patterns.no_title.search(line), lead[start:][:LINES])
        for lines, text in enumerate(accumulate(own), 1):
            title = parse_title(text)
            if title and title.strong:
                found.append((-title.told, lines, start, title))
    titles: list[Title] = []
    taken: set[int] = set()
    for _, lines, start, title in sorted(found):
        numbers = range(start, start + lines)
        if taken.isdisjoint(numbers):
            taken.update(numbers)
            titles.append(title._replace(lines=lines))
    return titles


def _found(pattern: re.Pattern[str], text: str, plain: str) -> Iterator[str]:
    """What a pattern finds in a simplified text, as printed; where it has no group the words before
    it.
    """
    for match in islice(pattern.finditer(plain), NAMED):
        if match.lastindex:
            yield text[slice(*match.span(match.lastindex))]
        elif before := patterns.run.search(text, max(0, match.start() - 40), match.start()):
            yield before[0]


def _prevailing(names: Iterable[str], share: float) -> str:
    """The name that more than this share of them are, '' where none is."""
    counts = Counter(names)
    return next((name for name in counts if counts[name] > share * counts.total()), "")


def _named(text: str) -> str:
    """The name at the end of a clause: from the first division's name on."""
    plain = simplified(text)
    for n in range(len(text) - 3):
        if resolve(plain[n:]).end or patterns.branch_lead.match(plain, n):
            return wide(text[n:])
    return wide(text)


def _placed(name: str) -> bool:
    """Whether a name is an agency's and says where: a division's, a town's, a zone's, a
    ministry's.
    """
    agency = describe(name)
    says = agency.level in ("township", "development zone", "state department")
    return looks_like_agency(name) and (says or agency.place.end > 0)


def _above(left: str, sought: str, end: int) -> str:
    """The shortest name of a division directly before a name, '' where none stands there."""
    if lead := patterns.led.search(left[-20:]):
        return lead[0]
    reach = 12 if not end or left.endswith(UNITS) else 0
    for above in (left[-back:] for back in range(2, reach + 1)):
        place = resolve(above + sought)
        own = place.end - len(above) - end  # 1 for 县司法局, whose 县 ends the division's name
        if place.code and own in (0, not end):
            return above
    return ""


def prose_year(sections: list[tuple[int, str]]) -> tuple[int | None, int]:
    """The year that the prose is about, and how much says so; None unless it outweighs the other
    years.

    ``sections``: (number, compact text). One statement is enough where no other year is stated.
    Section five, where the next year is planned, does not count.

    >>> prose_year([(1, "2021年,公开信息40条,比2020年多2条。")])
    (2021, 1)
    """
    weights: Counter[str] = Counter()
    text = "\n".join(text for part, text in sections if part != 5)
    text = patterns.not_stated.sub("", text)
    for weight, pattern in _STATEMENTS:
        for year in pattern.findall(text):
            weights[year] += weight
    (year, most), (_, second) = [*weights.most_common(2), ("", 0), ("", 0)][:2]
    clear = most >= 2 * second and (most or len(weights) == 1)
    return (int(year), most) if clear else (None, 0)


def stem_year(stem: str) -> int | None:
    """The one year in a file's name that is no date stamp: dayao-2021 → 2021; t20220130_1,
    2020-2021 → None.

    >>> stem_year("dayao-2021"), stem_year("t20220130_88"), stem_year("2020-2021")
    (2021, None, None)
    """
    years = set(patterns.a_year.findall(patterns.stem_date.sub("", stem[:200])))
    return int(years.pop()) if len(years) == 1 else None


def iso_date(text: str) -> str | None:
    """The first date in a compact text as 'YYYY-MM-DD'; None where there is none or it is no day of
    the calendar.

    >>> iso_date("发布日期:2020-01-31"), iso_date("2024年1月17日"), iso_date("2024年13月1日")
    ('2020-01-31', '2024-01-17', None)
    """
    for year, *others in patterns.date.findall(text[:400]):
        month, day = (int(number(text).value or 0) for text in others if text)
        with suppress(ValueError):
            return date(int(year), month, day).isoformat()
    return None
