"""What a document says about itself, gathered once: titles, metadata, first and last lines, prose, footer.

No decision is taken here; `deciding` decides. Every amount of text looked at is bounded, since documents are not trusted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice, takewhile
from pathlib import PureWindowsPath

from ..model import Block, Document, Grid, Section
from ..text import simplified
from .bodies import (
    ASKED,
    DATA,
    compiled,
    completed,
    describe,
    known_division,
    looks_like_agency,
    patterns,
    resolve,
    words,
)
from .report_titles import Title, compact, iso_date, parse_title, wide

BLOCKS, LEAD, TAIL, FOOT = 200, 24, 60, 12  # blocks at each end; lines of each part
LINE, PROSE, FOOTER, INTRODUCTION = 300, 30_000, 4_000, 3_000  # characters
OCCURRENCES = 50  # of a name in the page that are looked at
SECTIONS, PAIRS, TITLES, ROWS, CELLS, NAMED, LINES = 12, 200, 12, 8, 16, 400, 5
ANNOUNCED = 2  # patterns that name the author together with its report


# What a browser prints over a page: 1/20/25, 1:25 PM and the page's title, or the hour alone.
_CLOCK = r"(?:[上下]午)?\d{1,2}:\d{2}(?::\d{2})?(?:[AaPp][Mm])?"
_PRINTED_AT = re.compile(
    rf"^(?:\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}},?)?{_CLOCK}(?=[\u4e00-\u9fff])|^{_CLOCK}$"
)
_AUTHORS = tuple(map(compiled, DATA["authors"].values()))


class Evidence:
    """What a document and its sections say, as compact text by where it stands; each looked for when first asked for."""

    def __init__(self, document: Document, sections: Sequence[Section]) -> None:
        self.document = document
        lines = map(compact, _texts(document.blocks[:BLOCKS]))
        begin = filter(None, (_PRINTED_AT.sub("", line) for line in lines))
        sections_begin = patterns.section_one.match
        self.first = list(takewhile(lambda line: not sections_begin(line), islice(begin, LEAD)))
        end = list(_texts(document.blocks[-BLOCKS:]))[-2 * TAIL :]
        ends = (compact(text[-LINE:].rstrip("。").rpartition("。")[2]) for text in end)
        self.last = [line for line in ends if line and line not in self.first][-TAIL:]
        self.foot = "\n".join([compact(document.footer, FOOTER), *self.last[-FOOT:]])
        whole = "" if sections else "\n".join(_texts(document.blocks))
        texts = [(s.number, s.text) for s in sections[:SECTIONS]] or [(0, whole)]
        self.prose = [(number, compact(text[:PROSE], PROSE, "\n")) for number, text in texts]

    @cached_property
    def metadata(self) -> dict[str, str]:
        """Fields of the page, then those printed in its first lines: key → value."""
        printed = (
            (m["alone"] or m["label"], m["value"])
            for m in patterns.field.finditer("|".join(self.first))
        )
        found: dict[str, str] = {}
        for label, text in chain(islice(self.document.metadata.items(), PAIRS), printed):
            key = compact(str(label), 40).strip(":").lower()
            if key in ASKED and (value := compact(str(text))):
                found.setdefault(key, wide(value.strip("[]【】")))
        return found

    @cached_property
    def lead(self) -> list[str]:
        """The lines before section one, without fields."""
        lines = patterns.field.sub("|", "|".join(self.first)).split("|")
        return [line for line in lines if line and not patterns.foreign.match(line)]

    @cached_property
    def heading(self) -> list[str]:
        """The first lines from the title on."""
        titled = (
            number for number, line in enumerate(self.lead) if patterns.title_line.search(line)
        )
        return self.lead[next(titled, 0) :]

    @cached_property
    def headlines(self) -> list[Title]:
        """Titles of annual reports that the document gives as its own."""
        own = (_PRINTED_AT.sub("", compact(title)) for title in self.document.titles[:TITLES])
        return list(filter(None, map(parse_title, own)))

    @cached_property
    def titles(self) -> list[Title]:
        """Titles of annual reports: the document's, those of the first lines (other bodies' among them), the metadata's."""
        fields = [self.metadata[key] for key in words.TITLE_KEYS if key in self.metadata]
        stated = filter(None, map(parse_title, fields))
        return [*self.headlines, *_titles_in(self.lead), *stated]

    @cached_property
    def signature(self) -> tuple[str, str]:
        """(agency, ISO date) where an agency's line and a date's line stand together, or share one; ('', '') where none do."""
        for lines in (self.last, self.heading):
            for before, dated, day, after in reversed(patterns.signature.findall("\n".join(lines))):
                name, iso = wide(before or after), iso_date(dated or day)
                if iso and looks_like_agency(name):
                    return name, iso
        return "", ""

    @cached_property
    def author(self) -> tuple[str, bool]:
        """(the agency that the prose names, whether together with its report); ('', False) where it names none clearly.

        Within one pattern the name must prevail: two names equally often decide nothing, and the next is asked.
        """
        whole = "\n".join(text for _, text in self.prose)
        introduction = patterns.aside.sub("", whole[:INTRODUCTION])
        text = patterns.cited.sub("", whole)
        quoted = (_titled(name) for name in _found(patterns.quoted, introduction))
        named = ((_named(name) for name in _found(pattern, text)) for pattern in _AUTHORS)
        for number, names in enumerate(chain([quoted], named)):
            ranked = Counter(filter(_placed, names)).most_common(2)
            if ranked and ranked[0][1] > sum(count for _, count in ranked[1:]):
                return ranked[0][0], number < ANNOUNCED
        return "", False

    @cached_property
    def own(self) -> str:
        """局 where the report says 我局, and hardly anything else; '' where it does not."""
        texts = (simplified(text) for _, text in self.prose)
        counts = Counter(word for text in texts for word in patterns.self_named.findall(text))
        word, count = next(iter(counts.most_common(1)), ("", 0))
        return word if count >= 2 and 3 * count > 2 * counts.total() else ""

    @cached_property
    def owner(self) -> str:
        """Who keeps the website (主办单位)."""
        names = (patterns.owner_end.sub("", name) for name in patterns.owner.findall(self.foot))
        return next(filter(looks_like_agency, names), "")

    @cached_property
    def site(self) -> str | None:
        """The division code of the website; codes of central bodies (bm…) are none."""
        fields = (f"sitecode:{self.metadata.get(key)}" for key in words.SITE_CODE_KEYS)
        codes = map(known_division, patterns.site_code.findall(" ".join([*fields, self.foot])))
        return next(filter(None, codes), None)

    @cached_property
    def records(self) -> list[str]:
        """Divisions, or the first digits of their codes, of the footer's record numbers."""
        return [
            code or DATA["record_marks"].get(mark, "")
            for code, mark in patterns.record.findall(self.foot)
        ]

    @cached_property
    def stem(self) -> str:
        """The file's name."""
        source = self.document.source  # a path of Windows may have either kind of slash
        return PureWindowsPath(source.name or source.path).stem[:200]


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Lines of blocks; column marks are bars. Of grids the first rows, merged cells once."""
    for block in blocks:
        if isinstance(block, Grid):
            for row in block.rows[:ROWS]:
                yield "|".join(dict.fromkeys(cell.text[:LINE] for cell in row[:CELLS] if cell))
        else:
            pieces = getattr(block, "pieces", None) or [block]
            marked = (
                ("|" if getattr(p, "mark", "") in ("|", "\t") else " ") + p.text for p in pieces
            )
            yield from "".join(marked).strip()[:PROSE].split("\n")


def _titles_in(lead: list[str]) -> list[Title]:
    """Titles over one to five of the first lines, of which no two share a line; those first that say most on the fewest."""
    found = [window for start in range(len(lead)) for window in _titles_from(start, lead)]
    titles: list[Title] = []
    taken: set[int] = set()
    for _, lines, start, title in sorted(found, key=lambda window: window[:3]):
        numbers = range(start, start + lines)
        if taken.isdisjoint(numbers):
            taken.update(numbers)
            titles.append(title._replace(lines=lines))
    return titles


def _titles_from(start: int, lead: list[str]) -> Iterator[tuple[int, int, int, Title]]:
    """(how much it leaves open, its lines, its first line, title) of the titles that begin with a line.

    A name with its place says more than 司法局 alone, but not where a line above is a body of its own.
    """
    text = ""
    for lines, line in enumerate(lead[start : start + LINES], 1):
        line = patterns.title_ahead.sub(r"\1", line)  # the text follows without a break
        if patterns.no_title.search(line):
            return
        text += line
        title = parse_title(text)
        if title and title.strong:
            name = completed(title.agency)
            whole = _placed(name) and not looks_like_agency(lead[start])
            told = bool(name) + looks_like_agency(name) + bool(title.years) + whole
            yield -told, lines, start, title


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """What a pattern finds, as printed; where it has no group the words before it."""
    for match in islice(pattern.finditer(simplified(text)), NAMED):
        if match.lastindex:
            yield text[slice(*match.span(match.lastindex))]
        elif before := patterns.run.search(text, max(0, match.start() - 40), match.start()):
            yield before[0]


def _titled(text: str) -> str:
    title = parse_title(text)
    return completed(title.agency) if title and title.strong and title.years else ""


def _named(text: str) -> str:
    """The name at the end of a clause: from the first division's name on."""
    text = patterns.before_name.sub("", text)
    starts = (
        n
        for n in range(len(text) - 3)
        if resolve(text[n:]).end or patterns.branch_lead.match(text, n)
    )
    return completed(wide(text[next(starts, 0) :]))


def _placed(name: str) -> bool:
    """Whether a name is an agency's and says where: a division's, a town's, a zone's, a ministry's."""
    if not looks_like_agency(name):
        return False
    agency = describe(name)
    return agency.place.end > 0 or agency.level in (
        "township",
        "development zone",
        "state department",
    )


def in_full(name: str, printed: str, evidence: Evidence) -> str:
    """The name with the city or county above it, where the page prints it so: a district's or town's name anywhere
    (淮安市洪泽区), other names whole (赣州市信丰县财政局). Two places above settle nothing."""
    texts = [*(text for _, text in evidence.prose), *evidence.metadata.values()]
    texts += [evidence.signature[0], evidence.owner, *(title.agency for title in evidence.titles)]
    for _ in range(2):  # 岔河镇 → 洪泽区岔河镇 → 淮安市洪泽区岔河镇
        place = resolve(name)
        sought = name if place.end else printed
        if name[: place.end].endswith("区"):
            sought = name[: place.end]
        found = {above for text in texts for above in _above(sought, place.end, text)}
        if (
            not found and not place.end and name[0] in "县区市州旗"
        ):  # 区水利局 on the page of one 区
            heads = [*texts, *evidence.lead, *(title.suffix for title in evidence.titles)]
            wholes = {text[: resolve(text).end] for text in heads}
            found = {whole[:-1] for whole in wholes if whole.endswith(name[0])}
        name = "".join(found) + name if len(found) == 1 else name
    return name


def _above(sought: str, end: int, text: str) -> Iterator[str]:
    """Names of divisions that stand directly before the name (a province's is left out); the nearest of each place."""
    start = -1
    for _ in range(OCCURRENCES):
        if (start := text.find(sought, start + 1)) < 0:
            return
        for back in range(2, min(12, start) + 1):
            above = text[start - back : start]
            place = resolve(above + sought)
            own = place.end - back - end  # 1 for 县司法局, whose 县 ends the division's name
            if place.code and own in (0, not end) and not above.endswith(("省", "自治区")):
                yield above
                break
