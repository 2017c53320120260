"""What a document says about itself, gathered once: titles, metadata, first and last lines, prose, footer.

No decision is taken here; `deciding` decides. Every amount of text looked at is bounded, since documents are not trusted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import PurePath
from typing import NamedTuple

from ..model import Document, Grid, Section
from . import name_words as words
from .agencies import completed, describe, looks_like_agency
from .divisions import resolve
from .report_titles import Title, compact, parse_title, wide
from .years import iso_date

BLOCKS, LEAD, TAIL, FOOT = 200, 24, 60, 12  # blocks at each end; lines of each part
LINE, PROSE, FOOTER = 300, 30_000, 4_000  # characters
SECTIONS, PAIRS, TITLES, ROWS, CELLS, NAMED = 12, 200, 12, 8, 16, 400
_SECTION_ONE = re.compile(r"^[#*]*(?:一|第一部分|1)[、.,:]|^总体情况$|^概述$|^[#*]*一、")
_ASKED = {
    *words.TITLE_KEYS,
    *words.AGENCY_KEYS,
    *words.PUBLISHED_KEYS,
    *words.YEAR_KEYS,
    *words.SITE_CODE_KEYS,
    *words.SITE_NAME_KEYS,
}
_LABELS = sorted((_ASKED | {*words.OTHER_LABELS}) - {"title", "author"}, key=len, reverse=True)
_LABEL = re.compile(rf"({'|'.join(map(re.escape, _LABELS))}):")
_SITE_CODE = re.compile(r"网站标识码[:(]*([0-9a-zA-Z]{6,12})")
_OWNER = re.compile(r"(?:主办单位|主办|版权所有)[:©(]*([\u4e00-\u9fff（）]{3,40})")
_OWNER_END = re.compile(
    r"(?:承办|协办|主办|地址|维护|技术|联系|版权|电话|备案|建设|网站|邮编|管理单位|主管).*$"
)
_RECORD = re.compile(r"[\u4e00-\u9fff]公网安备\D{0,3}(\d{6})\d{8}|([\u4e00-\u9fff])ICP备")
_RECORD_MARKS = {entry[0]: entry[1:] for entry in words.RECORD_MARKS}
_TITLE_END = re.compile(rf"公开.*{words.REPORT}(?:\(.{{0,12}}\))?$")
_TITLE_AHEAD = re.compile(
    r"[^。;,:>]{4,50}?公开[^。;,:>]{0,14}?(?:年度报告|年报|工作报告)(?=.{20})"
)
_NO_TITLE = re.compile(rf"[。;,:>]|^20\d\d[-./]|^[^\u4e00-\u9fff]*$|{'|'.join(words.NAVIGATION)}")
_STAMP = re.compile(r"\((?:盖章|章|公章|印章)\)$|^[-—]+")
_SELF = re.compile(r"我(局|委|厅|镇|乡|街道|院|校|中心|队)")
_DATE = r"(20\d\d年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日|20\d\d[-./]\d{1,2}[-./]\d{1,2})$"
_DATE_LINE, _DATED = re.compile("^" + _DATE), re.compile(rf"([\u4e00-\u9fff（）()]{{4,40}}){_DATE}")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+")
_NUMERALS = words.listed(
    "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一 二十二 二十三 二十四 二十五 "
    "二十六 二十七 二十八 二十九 三十 三十一"
)

# Who the prose names, first what names the author, then what is said of the author; each begins or ends at the name.
_NAME = r"([\u4e00-\u9fff（）()]{3,40}?)"
AUTHORS = tuple(
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
_QUOTED = re.compile(  # 现公布某县2024年…年度报告, 《某局2022年…年度报告》; not the Office's 年度报告格式
    r"(?:现将|公布|发布|编制|形成|撰写|公开)(?:了)?[《“\"]?([^,。;:《》<>\n]{4,60}?(?:年度报告|年报|情况报告))(?!格式|有关|的通知|制度|编制)"
    r"|《([^《》\n]{6,60}?(?:年度报告|年报))》"
)
_BOOK = re.compile(r"《[^《》\n]{0,150}》")  # documents cited, of superiors mostly
_ASIDE = re.compile(r"\([^()\n]{0,80}\)")
_PARTY_OFFICE = re.compile(r"(?<=[府处镇乡])(?:党政综合办公室|党政办公室|党政办|综合办公室)$")
_CENTRAL = re.compile(words.BRANCH_LEAD)


class Evidence(NamedTuple):
    """Compact text by where it stands. ``titles``: (title, origin), best first; ``metadata``: key → (value, key as
    printed); ``lead``: the lines before section one; ``heading``: those from the title on; ``signature``: agency and
    ISO date; ``author``: whom the prose names, and in which section; ``own``: 局 where the report says 我局."""

    titles: tuple[tuple[Title, str], ...]
    metadata: dict[str, tuple[str, str]]
    lead: list[str]
    heading: list[str]
    prose: list[tuple[int, str]]
    signature: tuple[str, str]
    author: tuple[str, int]
    stem: str
    owner: str
    site_codes: list[tuple[str, str]]
    records: list[str]
    own: str

    def value(self, key: str) -> str:
        """A metadata value, '' where there is none."""
        return self.metadata.get(key, ("", ""))[0]


def gather(document: Document, sections: Sequence[Section]) -> Evidence:
    """Evidence of a document and its sections."""
    first = list(_lead(document))
    lead, pairs = _fields(first)
    last = _last_lines(document)
    behind = [line for line in last if line not in first]
    metadata: dict[str, tuple[str, str]] = {}
    for label, text in chain(islice(document.metadata.items(), PAIRS), pairs):
        key = compact(str(label), 40).strip(":").lower()
        if key in _ASKED and (value := compact(str(text))):
            metadata.setdefault(key, (value, str(label)[:40].strip(" :：")))
    prose = [(s.number, _lines(s.text[:PROSE])) for s in sections[:SECTIONS]]
    prose = prose or [(-1, _lines("\n".join(_texts(document, slice(None)))[:PROSE]))]
    titled = next((n for n, line in enumerate(lead) if _TITLE_END.search(line)), 0)
    foot = "\n".join([compact(document.footer, FOOTER), *last[-FOOT:]])
    said = Counter(word for _, text in prose for word in _SELF.findall(text)).most_common(2)
    clear = said and said[0][1] >= 2 and said[0][1] > 2 * sum(count for _, count in said[1:])
    return Evidence(
        titles=tuple(_titles(document, lead, metadata)),
        metadata=metadata,
        lead=lead,
        heading=lead[titled:],
        prose=prose,
        signature=_signature(behind) or _signature(lead[titled:]) or ("", ""),
        author=_author(prose),
        stem=PurePath(document.source.name or document.source.path.replace("\\", "/")).stem[:200],
        owner=_owner(foot),
        site_codes=list(_site_codes(metadata, foot)),
        records=[
            code or _RECORD_MARKS[mark]
            for code, mark in islice(_RECORD.findall(foot), PAIRS)
            if code or mark in _RECORD_MARKS
        ],
        own=said[0][0] if clear else "",
    )


def _lines(text: str) -> str:
    return "\n".join(compact(line, PROSE) for line in text.split("\n"))


def _texts(document: Document, part: slice, grids: bool = False) -> Iterator[str]:
    """Lines of some blocks; column marks are bars. Of grids, where they are asked for, the first rows."""
    for block in document.blocks[part]:
        if not isinstance(block, Grid):
            pieces = getattr(block, "pieces", None) or [block]
            marked = (
                ("|" if getattr(p, "mark", "") in ("|", "\t") else " ") + p.text for p in pieces
            )
            yield from "".join(marked).strip()[:PROSE].split("\n")
        elif grids:
            for row in block.rows[:ROWS]:
                yield "|".join(dict.fromkeys(cell.text[:LINE] for cell in row[:CELLS] if cell))


def _lead(document: Document) -> Iterator[str]:
    """The lines before section one."""
    compacted = (compact(line) for line in _texts(document, slice(BLOCKS), grids=True))
    for line in islice(filter(None, compacted), LEAD):
        if _SECTION_ONE.match(line):
            return
        yield line


def _last_lines(document: Document) -> list[str]:
    """The last lines in which something can be seen; of a long one its last sentence."""
    count = len(document.blocks)
    texts = list(_texts(document, slice(max(0, count - BLOCKS), count)))[-5 * TAIL :]
    lines = [compact(text[-LINE:]).rpartition("。")[2] or compact(text[-LINE:]) for text in texts]
    return [line for line in lines if line][-TAIL:]


def _fields(lines: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """(lines without their fields, fields): 发布日期: 2020-01-31, 发布机构 | 某局, or a label and its value on two lines."""
    cells = [cell for line in lines for cell in line.split("|") if cell]
    kept: list[str] = []
    pairs: list[tuple[str, str]] = []
    label = ""
    for cell in cells:
        before, *found = _LABEL.split(cell)
        pairs += zip(found[::2], (value.strip("[]【】") for value in found[1::2]))
        alone = cell.strip(":") if cell.strip(":") in _LABELS else ""
        if label and not alone:
            pairs.append((label, cell))
        if before and not alone and (not label or "公开" in cell):
            kept.append(before)
        label = alone
    return kept, pairs


def _titles(document: Document, lead: list[str], metadata: dict) -> Iterator[tuple[Title, str]]:
    """Titles of annual reports, in order: the document's, the joined first lines, the metadata's."""
    for text in document.titles[:TITLES]:
        if title := parse_title(text):
            yield title, "title"
    yield from ((title, "title") for title in _joined(lead))
    for key in words.TITLE_KEYS:
        if key in metadata and (title := parse_title(metadata[key][0])):
            yield title, f"metadata {metadata[key][1]}"


def _joined(lead: list[str]) -> list[Title]:
    """A title over one to four of the first lines: agency, year, and the words of the report."""
    found: list[tuple[int, int, Title]] = []
    for start in range(len(lead)):
        for count in range(1, min(4, len(lead) - start) + 1):
            last = _glued(lead[start + count - 1])
            if len(last) > 60 or _NO_TITLE.search(last):
                break
            title = parse_title("".join([*lead[start : start + count - 1], last]))
            if title and title.strong:
                named = bool(title.agency) + looks_like_agency(title.agency)
                found.append((-named - bool(title.years), count, title))
    return [title for _, _, title in sorted(found, key=lambda item: item[:2])[:3]]


def _glued(line: str) -> str:
    """A line up to the end of a title at its head, where text without a break follows."""
    glued = _TITLE_AHEAD.match(line)
    return glued[0] if glued else line


def _signature(lines: list[str]) -> tuple[str, str] | None:
    """(agency, ISO date) where an agency's line and a date's line stand together, or share one."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if len(line) > 70 or "20" not in line:
            continue
        near = [*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2]]
        if dated := _DATED.fullmatch(line):
            near, line = [dated[1]], dated[2]
        if _DATE_LINE.match(line) and (day := iso_date(_NUMERAL.sub(_arabic, line))):
            for name in (wide(_STAMP.sub("", text)) for text in near):
                if looks_like_agency(name):
                    return name, day
    return None


def _arabic(match: re.Match) -> str:
    return str(_NUMERALS.index(match[0]) + 1) if match[0] in _NUMERALS else ""


def _owner(foot: str) -> str:
    """Who keeps the website (主办单位)."""
    names = (_OWNER_END.sub("", name) for name in _OWNER.findall(foot))
    return next(filter(looks_like_agency, names), "")


def _site_codes(metadata: dict, foot: str) -> Iterator[tuple[str, str]]:
    """(first six digits, origin); codes of central bodies (bm…) are no divisions."""
    found = [
        (metadata[k][0], f"metadata {metadata[k][1]}")
        for k in words.SITE_CODE_KEYS
        if k in metadata
    ]
    for code, origin in [*found, *((code, "网站标识码") for code in _SITE_CODE.findall(foot))]:
        if code[:6].isdecimal():
            yield code[:6], origin


def _author(prose: list[tuple[int, str]]) -> tuple[str, int]:
    """(agency, number of the section that names it), ('', 0) where the text names none clearly.

    Sections are asked in the order 0 (introduction), 6, 1, others. Within one pattern the name must prevail: two
    names equally often decide nothing, and the next pattern is asked.
    """
    order = sorted(prose, key=lambda item: {-1: 0, 0: 0, 6: 1, 1: 2}.get(item[0], 3 + item[0]))
    for number, text in order:
        if number <= 1 and (name := _prevailing(_quoted(text[:3_000]))):
            return name, number
    plain = [(number, _BOOK.sub("", text)) for number, text in order]
    for pattern in AUTHORS:
        for number, text in plain:
            matches = islice(pattern.finditer(text), NAMED)
            if name := _prevailing(_name("".join(filter(None, m.groups()))) for m in matches):
                return name, number
    return "", 0


def _quoted(text: str) -> Iterator[str]:
    """Agencies of titles of reports that the text quotes."""
    for quoted in _QUOTED.findall(_ASIDE.sub("", text)):
        title = parse_title("".join(quoted))
        if title and title.strong and title.years:
            yield completed(title.agency)


def _prevailing(names: Iterator[str]) -> str:
    """The name that occurs most, if it is an agency's and says where: a division's, a town's, a zone's, a ministry's."""
    counts = Counter(name for name in names if looks_like_agency(name) and _complete(name))
    ranked = [*counts.most_common(2), ("", 0), ("", 0)]
    return ranked[0][0] if ranked[0][1] > ranked[1][1] else ""


def _complete(name: str) -> bool:
    agency = describe(name)
    return agency.place.end > 0 or agency.level in (
        "township",
        "development zone",
        "state department",
    )


def _name(text: str) -> str:
    """The name at the end of a clause: from the first division's name on."""
    text = _PARTY_OFFICE.sub("", _BEFORE_NAME.sub("", text))
    for start in range(max(0, len(text) - 3)):
        if resolve(text[start:]).end or _CENTRAL.match(text, start):
            return completed(wide(text[start:]))
    return completed(wide(text))
