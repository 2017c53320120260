"""What a document says about itself, gathered once: titles, metadata, first and last lines, prose, footer.

No decision is taken here; ``identity`` decides. Every amount of text looked at is bounded, since documents are not
trusted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import PurePath
from typing import NamedTuple

from . import identity_data as data
from .agencies import looks_like_agency
from .identity_lines import LINE, PROSE, ends_of
from .identity_text import compact, compact_lines
from .model import Document, Finding, Section
from .reported import iso_date
from .titles import Title, may_be_title, parse_title

SECTIONS, PAIRS, TITLES = 12, 200, 12
_LABEL_WORDS = {
    *data.TITLE_KEYS,
    *data.AGENCY_KEYS,
    *data.PUBLISHED_KEYS,
    *data.YEAR_KEYS,
    *data.OTHER_LABELS,
}
_LABELS = sorted(_LABEL_WORDS - {"title", "author"}, key=len, reverse=True)
# The fields that something asks for; a page has dozens of others.
_ASKED = frozenset(
    (
        *data.TITLE_KEYS,
        *data.AGENCY_KEYS,
        *data.PUBLISHED_KEYS,
        *data.YEAR_KEYS,
        *data.SITE_CODE_KEYS,
        *data.SITE_NAME_KEYS,
    )
)
_LABEL = re.compile(rf"(?:^|[|\])】])?({'|'.join(map(re.escape, _LABELS))}):")
_LONE_LABEL = frozenset(_LABELS)
_SITE_CODE = re.compile(r"网站标识码[:(]*([0-9a-zA-Z]{6,12})")
_SIX_DIGITS = re.compile(r"\d{6}", re.ASCII)
_OWNER = re.compile(r"(?:网站主办单位|主办单位|主办|版权所有)[:©(]*([\u4e00-\u9fff（）]{3,40})")
_OWNER_END = re.compile(
    r"(?:承办|协办|地址|维护|技术|联系|版权|电话|备案|建设|网站|邮编|管理单位|主管).*$"
)
_POLICE = re.compile(r"[\u4e00-\u9fff]公网安备\D{0,3}(\d{6})\d{8}")
_ICP = re.compile(r"([\u4e00-\u9fff])ICP备")
_TITLE_END = re.compile(rf"{data.REPORT}(?:\(.{{0,12}}\))?$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE = re.compile(r"[。;,:>]|^20\d\d[-./]")
_STAMP = re.compile(r"\((?:盖章|章|公章|印章)\)$")
_SELF = re.compile(r"我(局|委|厅|镇|乡|街道|院|校|中心|队)")
_DATE_LINE = re.compile(r"^20\d\d年\d{1,2}月\d{1,2}日$|^20\d\d[-./]\d{1,2}[-./]\d{1,2}$")
_DATED = re.compile(r"^([\u4e00-\u9fff（）()]{4,40}?)(20\d\d年\d{1,2}月\d{1,2}日)$")
_CHINESE_DATE = re.compile(r"年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_NUMERALS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}


class Evidence(NamedTuple):
    """Compact text by where it stands. ``titles``: (title, origin), best first; ``metadata``: key → value, keys
    without spaces in lower case; ``labels``: the same keys as printed; ``lead``: the lines before section one;
    ``heading``: those from the title on; ``own``: 局 where the report says 我局."""

    titles: tuple[tuple[Title, str], ...]
    metadata: dict[str, str]
    labels: dict[str, str]
    lead: tuple[str, ...]
    heading: tuple[str, ...]
    prose: list[tuple[int, str]]
    signature: tuple[str, str]
    stem: str
    owner: str
    site_codes: tuple[tuple[str, str], ...]
    records: tuple[str, ...]
    own: str


def finding(
    rule: str,
    severity: str,
    message: str,
    expected: float | None = None,
    actual: float | None = None,
) -> Finding:
    """A finding about the report's identity; ``rule`` without its prefix 'identity.'."""
    return Finding(f"identity.{rule}", "form", severity, expected, actual, None, (), message)


def gather(document: Document, sections: Sequence[Section]) -> Evidence:
    """Evidence of a document and its sections."""
    ends = ends_of(document, whole=not sections)
    heading = ends.lead[_title_line(ends.lead) :]
    metadata, labels = _metadata(document, ends.lead)
    foot = compact(document.footer, 4_000) + "\n" + ends.foot
    prose = [(s.number, compact_lines(s.text[:PROSE], PROSE)) for s in sections[:SECTIONS]] or [
        (-1, ends.whole)
    ]
    return Evidence(
        titles=tuple(_titles(document, metadata, labels, ends.lead)),
        metadata=metadata,
        labels=labels,
        lead=ends.lead,
        heading=heading,
        prose=prose,
        signature=_signature(ends.tail) or _signature(heading) or ("", ""),
        stem=PurePath(document.source.name or document.source.path.replace("\\", "/")).stem[:LINE],
        owner=_owner(foot),
        site_codes=tuple(_site_codes(metadata, labels, foot)),
        records=tuple(_records(foot)),
        own=_own(prose),
    )


def _title_line(lead: tuple[str, ...]) -> int:
    """Where the title's last line is, 0 where there is none: a site's header before it has dates of its own."""
    return next((i for i, line in enumerate(lead) if "公开" in line and _TITLE_END.search(line)), 0)


def _metadata(document: Document, lead: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Fields of the page, and labels printed before the text (发布日期: 2020-01-31); the page's own come first."""
    values: dict[str, str] = {}
    labels: dict[str, str] = {}
    for label, value in chain(islice(document.metadata.items(), PAIRS), _labelled(lead)):
        key = _key(str(label)[:160])
        if key in _ASKED and key not in values and (value := compact(str(value), LINE)):
            values[key], labels[key] = value, str(label).strip(" :\uff1a")
    return values, labels


@lru_cache(maxsize=2048)
def _key(label: str) -> str:
    """A label as `data` writes it: 公开 主体： → 公开主体."""
    return compact(label, 40).strip(":").lower()


def _labelled(lead: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for line, following in zip(lead, (*lead[1:], "")):
        found = list(_LABEL.finditer(line)) if ":" in line else []
        for match, after in zip(found, (*found[1:], None)):
            value = line[match.end() : after.start() if after else None].strip("|[]【】")
            yield match[1], value[:80]
        if line.strip(":|") in _LONE_LABEL and following.strip(":|") not in _LONE_LABEL:
            yield line.strip(":|"), following[:80]


def _titles(
    document: Document, metadata: dict, labels: dict, lead: tuple[str, ...]
) -> Iterator[tuple[Title, str]]:
    """Titles of annual reports, in order: the document's, the joined first lines, the metadata's."""
    for text in document.titles[:TITLES]:
        if title := parse_title(text):
            yield title, "title"
    yield from ((title, "title") for title in _joined(lead))
    for key in data.TITLE_KEYS:
        if key in metadata and (title := parse_title(metadata[key])):
            yield title, f"metadata {labels[key]}"


def _joined(lead: tuple[str, ...]) -> list[Title]:
    """A title over one to four of the first lines: agency, year, and the words of the report."""
    if not may_be_title("".join(lead)):
        return []
    pieces = [_title_piece(line) for line in lead]
    found: list[tuple[int, int, Title]] = []
    for start in range(len(lead)):
        for count in range(1, min(4, len(lead) - start) + 1):
            if not pieces[start + count - 1]:
                break
            title = parse_title("".join(lead[start : start + count]))
            if title and title.strong:
                told = (
                    bool(title.agency and looks_like_agency(title.agency))
                    + bool(title.years)
                    + bool(title.agency)
                )
                found.append((-told, count, title))
                if told == 3:
                    break
    found.sort(key=lambda item: item[:2])
    return [title for _, _, title in found[:3]]


def _title_piece(line: str) -> bool:
    if len(line) > 60 or any(word in line for word in data.NAVIGATION):
        return False
    if not _CHINESE.search(line):
        return False  # an index number, a page number
    return not _SENTENCE.search(line)


def _signature(lines: tuple[str, ...]) -> tuple[str, str] | None:
    """(agency, ISO date) where an agency's line and a date's line stand together, or share one."""
    for i in range(len(lines) - 1, -1, -1):
        if len(lines[i]) >= 70 or "20" not in lines[i]:
            continue
        line = _arabic(lines[i])
        if (
            (dated := _DATED.match(line))
            and looks_like_agency(_unstamped(dated[1]))
            and iso_date(dated[2])
        ):
            return _unstamped(dated[1]), iso_date(dated[2])
        if _DATE_LINE.match(line) and (day := iso_date(line)):
            for near in (lines[i - 1] if i else "", lines[i + 1] if i + 1 < len(lines) else ""):
                if looks_like_agency(_unstamped(near)):
                    return _unstamped(near), day
    return None


def _arabic(text: str) -> str:
    """二月十七日 → 2月17日 (the year is already in digits)."""
    return _CHINESE_DATE.sub(lambda m: f"年{_number(m[1])}月{_number(m[2])}日", text)


def _number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    return (10 * _NUMERALS.get(tens, 1) if ten else 0) + _NUMERALS.get(ones, 0)


def _unstamped(text: str) -> str:
    return _STAMP.sub("", text[:60]).replace("(", "（").replace(")", "）")


def _owner(foot: str) -> str:
    """Who keeps the website (主办单位)."""
    if "主办" not in foot and "版权所有" not in foot:
        return ""
    for match in _OWNER.finditer(foot):
        name = _OWNER_END.sub("", match[1])
        if looks_like_agency(name):
            return name
    return ""


def _records(foot: str) -> Iterator[str]:
    """Divisions, or the first digits of their codes, of the footer's record numbers (公网安备, ICP备)."""
    if "公网安备" in foot:
        yield from _POLICE.findall(foot)
    if "ICP备" in foot:
        yield from (
            data.RECORD_MARKS[mark] for mark in _ICP.findall(foot) if mark in data.RECORD_MARKS
        )


def _site_codes(metadata: dict, labels: dict, foot: str) -> Iterator[tuple[str, str]]:
    """(first six digits, origin); codes of central bodies (bm…) are no divisions."""
    for key in data.SITE_CODE_KEYS:
        if key in metadata and _SIX_DIGITS.match(metadata[key]):
            yield metadata[key][:6], f"metadata {labels[key]}"
    for code in _SITE_CODE.findall(foot) if "网站标识码" in foot else ():
        if code[:6].isdigit():
            yield code[:6], "网站标识码"


def _own(prose: list[tuple[int, str]]) -> str:
    counts = Counter(word for _, text in prose for word in _SELF.findall(text))
    (word, count), *rest = counts.most_common() or [("", 0)]
    return word if count >= 2 and count > 2 * sum(n for _, n in rest) else ""
