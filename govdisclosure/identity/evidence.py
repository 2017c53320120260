"""What a document says about itself, gathered once: titles, metadata, first and last lines, prose, footer.

No decision is taken here; `deciding` decides. Every amount of text looked at is bounded, since documents are not trusted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile
from pathlib import PurePath
from typing import NamedTuple

from ..model import Block, Document, Grid, Section
from . import name_words as words
from .agencies import completed, describe, looks_like_agency
from .divisions import known_division, resolve
from .report_titles import Title, compact, parse_title, wide
from .years import DAY, iso_date

BLOCKS, LEAD, TAIL, FOOT = 200, 24, 60, 12  # blocks at each end; lines of each part
LINE, PROSE, FOOTER, INTRODUCTION = 300, 30_000, 4_000, 3_000  # characters
SECTIONS, PAIRS, TITLES, ROWS, CELLS, NAMED = 12, 200, 12, 8, 16, 400
_SECTION_ONE = re.compile(r"[#*]*(?:一|第一部分|1)[、.,:]|(?:总体情况|概述)$")
_LABELS = frozenset((*words.ASKED, *words.OTHER_LABELS)) - {"title", "author"}
_LABEL = re.compile(rf"({'|'.join(sorted(_LABELS, key=len, reverse=True))}):")
_SITE_CODE = re.compile(r"网站标识码[:(]*(\d{6})", re.ASCII)
_OWNER = re.compile(r"(?:主办单位|主办|版权所有)[:©(]*([\u4e00-\u9fff（）]{3,40})")
_OWNER_END = re.compile(
    r"(?:承办|协办|主办|地址|维护|技术|联系|版权|电话|备案|建设|网站|邮编|管理单位|主管).*$"
)
_RECORD = re.compile(r"[\u4e00-\u9fff]公网安备\D{0,3}(\d{6})\d{8}|([\u4e00-\u9fff])ICP备")
_RECORD_MARKS = {entry[0]: entry[1:] for entry in words.RECORD_MARKS}
_TITLE_LINE = re.compile(rf"公开.*{words.REPORT}(?:\(.{{0,12}}\))?$")
_TITLE_AHEAD = re.compile(
    r"^([^。;,:>]{4,50}?公开[^。;,:>]{0,14}?(?:年度报告|年报|工作报告)).{20,}$"
)
_NO_TITLE = re.compile(
    rf"[。;,:>]|^20\d\d[-./]|^[^\u4e00-\u9fff]*$|^.{{61}}|{'|'.join(words.NAVIGATION)}"
)
_SIGNED = rf"[-—]*([\u4e00-\u9fff()]{{4,40}}?)(?:\((?:盖章|章|公章|印章)\))?\n?({DAY})"
_SIGNATURE = re.compile(rf"^(?={_SIGNED}$)|^(?=({DAY})\n([\u4e00-\u9fff()]{{4,40}})$)", re.M)
_SELF = re.compile(r"我(局|委|厅|镇|乡|街道|院|校|中心|队)")
_CENTRAL = re.compile(words.BRANCH_LEAD)

# Whom the prose names. Titles quoted in the introduction (现公布某县2024年…年度报告; not the Office's 年度报告格式), then
# what names the author, then what is said of the author.
_QUOTED = re.compile(
    r"(?:现将|公布|发布|编制|形成|撰写|公开)(?:了)?[《“\"]?([^,。;:《》<>\n]{4,60}?(?:年度报告|年报|情况报告))(?!格式|有关|的通知|制度|编制)"
    r"|《([^《》\n]{6,60}?(?:年度报告|年报))》"
)
_NAME = r"([\u4e00-\u9fff（）()]{3,40}?)"
_AUTHORS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"(?:现将|现公布|现发布){_NAME}(?:20\d\d|本)年",
        rf"{_NAME}(?:编制|撰写)了?(?:本报告|本年度报告|20\d\d年)",
        rf"{_NAME}20\d\d年度?(?:政府信息公开|政务公开|信息公开|未|没有|共|全年|累计|收到|受理|收取|新收)",
        rf"(?:报告(?:是)?由{_NAME}(?:根据|按照|依据|依照|编制|,)|由([\u4e00-\u9fff（）()]{{4,40}}?)(?:负责)?编制)",
        rf"(?:[请可接]与|[请可]联系|[请可]向|径向|联系){_NAME}(?:联系|咨询|反映|\(地址|,)",
        rf"(?<!\d)20\d\d年(?:度)?[,]?{_NAME}(?:坚持|深入|认真|严格|全面|高度重视|按照|以习近平|在|积极|紧紧|贯彻|始终|切实|扎实)",
        rf"(?:^|[。;]){_NAME}(?:坚持|认真|高度重视|严格|深入贯彻|贯彻落实)",
        rf"{_NAME}(?:\((?:以下|下文)?简称)",
    )
)
_BEFORE_NAME = re.compile(
    r"^.*(?:由|与|将|要求|规定|精神|部署|全年|报告|年度|以来|期间)(?=[\u4e00-\u9fff]{4})"
)
_CITED = re.compile(r"《[^《》\n]{0,150}》")  # documents, of superiors mostly
_ASIDE = re.compile(r"\([^()\n]{0,80}\)")
_PARTY_OFFICE = re.compile(r"(?<=[府处镇乡])(?:党政综合办公室|党政办公室|党政办|综合办公室)$")


class Evidence(NamedTuple):
    """Compact text by where it stands. ``titles``: (title, origin), best first; ``metadata``: key → (value, key as
    printed); ``heading``: the first lines from the title on; ``signature``: agency and ISO date; ``author``: whom the
    prose names, and in which section; ``own``: 局 where the report says 我局; ``site``: its division code and origin;
    ``records``: divisions, or the first digits of their codes, of the footer's record numbers."""

    titles: list[tuple[Title, str]]
    metadata: dict[str, tuple[str, str]]
    heading: list[str]
    prose: list[tuple[int, str]]
    signature: tuple[str, str]
    author: tuple[str, int]
    own: str
    owner: str
    site: tuple[str | None, str]
    records: list[str]
    stem: str

    def value(self, key: str) -> str:
        """A metadata value, '' where there is none."""
        return self.metadata.get(key, ("", ""))[0]


def gather(document: Document, sections: Sequence[Section]) -> Evidence:
    """Evidence of a document and its sections."""
    begin = map(compact, _texts(document.blocks[:BLOCKS]))
    first = list(takewhile(_before_sections, islice(filter(None, begin), LEAD)))
    lead, pairs = _fields(first)
    end = (
        compact(text[-LINE:].rstrip("。").rpartition("。")[2])
        for text in _texts(document.blocks[-BLOCKS:])
    )
    last = [line for line in end if line and line not in first][-TAIL:]
    metadata: dict[str, tuple[str, str]] = {}
    for label, text in chain(islice(document.metadata.items(), PAIRS), pairs):
        key = compact(str(label), 40).strip(":").lower()
        if key in words.ASKED and (value := compact(str(text))):
            metadata.setdefault(key, (value, str(label)[:40].strip(" :：")))
    whole = "\n".join(_texts(document.blocks)) if not sections else ""
    parts = [(s.number, s.text) for s in sections[:SECTIONS]] or [(-1, whole)]
    prose = [
        (n, "\n".join(compact(t, PROSE) for t in text[:PROSE].split("\n"))) for n, text in parts
    ]
    heading = lead[next((n for n, line in enumerate(lead) if _TITLE_LINE.search(line)), 0) :]
    foot = "\n".join([compact(document.footer, FOOTER), *last[-FOOT:]])
    owners = (_OWNER_END.sub("", name) for name in _OWNER.findall(foot))
    records = (code or _RECORD_MARKS.get(mark, "") for code, mark in _RECORD.findall(foot))
    return Evidence(
        titles=_titles(document, lead, metadata),
        metadata=metadata,
        heading=heading,
        prose=prose,
        signature=_signature(last) or _signature(heading) or ("", ""),
        author=_author(prose),
        own=_own(prose),
        owner=next(filter(looks_like_agency, owners), ""),
        site=_site(metadata, foot),
        records=list(filter(None, records)),
        stem=PurePath(document.source.name or document.source.path.replace("\\", "/")).stem[:200],
    )


def _before_sections(line: str) -> bool:
    return not _SECTION_ONE.match(line)


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


def _fields(lines: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """(lines without their fields, fields): 发布日期: 2020-01-31, 发布机构 | 某局, or a label and its value on two lines."""
    kept: list[str] = []
    pairs: list[tuple[str, str]] = []
    label = ""
    for cell in filter(None, "|".join(lines).split("|")):
        before, *found = _LABEL.split(cell)
        pairs += zip(found[::2], (value.strip("[]【】") for value in found[1::2]))
        alone = cell.strip(":") if cell.strip(":") in _LABELS else ""
        if label and not alone:
            pairs.append((label, cell))
        if before and not alone and (not label or "公开" in cell):
            kept.append(before)
        label = alone
    return kept, pairs


def _titles(document: Document, lead: list[str], metadata: dict) -> list[tuple[Title, str]]:
    """Titles of annual reports, in order: the document's, the joined first lines, the metadata's."""
    texts = [(text, "title") for text in (*document.titles[:TITLES], *_joined(lead)[:3])]
    texts += [
        (metadata[key][0], f"metadata {metadata[key][1]}")
        for key in words.TITLE_KEYS
        if key in metadata
    ]
    return [(title, origin) for text, origin in texts if (title := parse_title(text))]


def _joined(lead: list[str]) -> list[str]:
    """Titles over one to four of the first lines, those first that name agency and year on the fewest lines."""
    found: list[tuple[int, int, str]] = []
    for start in range(len(lead)):
        text = ""
        for count, line in enumerate(lead[start : start + 4]):
            line = _TITLE_AHEAD.sub(r"\1", line)  # the text follows without a break
            if _NO_TITLE.search(line):
                break
            text += line
            title = parse_title(text)
            if title and title.strong:
                told = bool(title.agency) + looks_like_agency(title.agency) + bool(title.years)
                found.append((-told, count, text))
    return [text for *_, text in sorted(found, key=lambda item: item[:2])]


def _signature(lines: list[str]) -> tuple[str, str] | None:
    """(agency, ISO date) where an agency's line and a date's line stand together, or share one."""
    for before, dated, day, after in reversed(_SIGNATURE.findall("\n".join(lines))):
        name, iso = wide(before or after), iso_date(dated or day)
        if iso and looks_like_agency(name):
            return name, iso
    return None


def _own(prose: list[tuple[int, str]]) -> str:
    counts = Counter(word for _, text in prose for word in _SELF.findall(text))
    (word, most), *others = [*counts.most_common(), ("", 0)]
    return word if most >= 2 and most > 2 * sum(count for _, count in others) else ""


def _site(metadata: dict, foot: str) -> tuple[str | None, str]:
    """(division code of the website, origin); codes of central bodies (bm…) are no divisions."""
    found = [metadata[key] for key in words.SITE_CODE_KEYS if key in metadata]
    found = [(text[:6], f"metadata {label}") for text, label in found]
    for digits, origin in [*found, *((code, "网站标识码") for code in _SITE_CODE.findall(foot))]:
        if code := known_division(digits):
            return code, origin + ("" if code == digits else f" {digits}, its prefecture")
    return None, ""


def _author(prose: list[tuple[int, str]]) -> tuple[str, int]:
    """(agency, number of the section that names it), ('', 0) where the text names none clearly.

    Sections are asked in the order 0 (introduction), 6, 1, others. Within one pattern the name must prevail: two
    names equally often decide nothing, and the next pattern is asked.
    """
    order = sorted(prose, key=lambda item: {-1: 0, 0: 0, 6: 1, 1: 2}.get(item[0], 3 + item[0]))
    quoted = [(n, _ASIDE.sub("", text[:INTRODUCTION])) for n, text in order if n <= 1]
    plain = [(n, _CITED.sub("", text)) for n, text in order]
    for pattern in (_QUOTED, *_AUTHORS):
        for number, text in quoted if pattern is _QUOTED else plain:
            found = (
                "".join(filter(None, m.groups())) for m in islice(pattern.finditer(text), NAMED)
            )
            names = map(_titled if pattern is _QUOTED else _named, found)
            if name := _prevailing(names):
                return name, number
    return "", 0


def _titled(text: str) -> str:
    title = parse_title(text)
    return completed(title.agency) if title and title.strong and title.years else ""


def _named(text: str) -> str:
    """The name at the end of a clause: from the first division's name on."""
    text = _PARTY_OFFICE.sub("", _BEFORE_NAME.sub("", text))
    starts = (n for n in range(len(text) - 3) if resolve(text[n:]).end or _CENTRAL.match(text, n))
    return completed(wide(text[next(starts, 0) :]))


def _prevailing(names: Iterable[str]) -> str:
    """The name that occurs most, if it is an agency's and says where: a division's, a town's, a zone's, a ministry's."""
    (name, most), (_, second) = [*Counter(filter(_placed, names)).most_common(2), ("", 0), ("", 0)][
        :2
    ]
    return name if most > second else ""


def _placed(name: str) -> bool:
    if not looks_like_agency(name):
        return False
    agency = describe(name)
    return agency.place.end > 0 or agency.level in (
        "township",
        "development zone",
        "state department",
    )
