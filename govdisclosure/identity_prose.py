"""The agency's name inside running text, where no title has it."""

from __future__ import annotations

import re
from collections import Counter

from . import identity_data as data
from .agencies import completed, describe, looks_like_agency
from .divisions import resolve
from .titles import parse_title

_NAME = r"(?P<name>[\u4e00-\u9fff（）()]{4,40}?)"
# In this order: what names the author, then what is said of the author. Each ends where the name ends. Words of which
# a text must have one, so that most patterns need not run.
PATTERNS = tuple(
    (words.split(), re.compile(pattern, re.MULTILINE))
    for words, pattern in (
        ("现将 现公布 现发布", rf"(?:现将|现公布|现发布){_NAME}(?:20\d\d|本)年"),
        (
            "20",
            rf"{_NAME}20\d\d年度?(?:政府信息公开|政务公开|信息公开|未|没有|共|全年|累计|收到|受理|收取|新收)",
        ),
        (
            "由",
            rf"(?:报告(?:是)?由{_NAME}(?:根据|按照|依据|依照|编制|,)|由(?P<maker>[\u4e00-\u9fff（）()]{{4,40}}?)(?:负责)?编制)",
        ),
        (
            "联系 向",
            rf"(?:[请可接]与|[请可]联系|[请可]向|径向|联系){_NAME}(?:联系|咨询|反映|\(地址|,)",
        ),
        (
            "20",
            rf"(?<!\d)20\d\d年(?:度)?[,]?{_NAME}(?:坚持|深入|认真|严格|全面|高度重视|按照|以习近平|在|积极|紧紧|贯彻|始终|切实|扎实)",
        ),
        (
            "坚持 认真 高度重视 严格 贯彻",
            rf"(?:^|[。;]){_NAME}(?:坚持以|坚持|认真|高度重视|严格|深入贯彻|贯彻落实)",
        ),
        ("简称", rf"{_NAME}(?:\((?:以下|下文)?简称)"),
    )
)
_CENTRAL = re.compile(data.BRANCH_LEAD.lstrip("^"))
# What may stand directly before the name in the same clause.
_BEFORE = re.compile(
    r"^(?:.*(?:由|与|将|要求|规定|精神|部署|全年|报告|年度|以来|期间)(?=[\u4e00-\u9fff]{4}))"
)
# Titles quoted in the introduction: 现公布某县2024年…年度报告, 《某局2022年…年度报告》; not the Office's 年度报告格式.
_QUOTED = re.compile(
    r"(?:现将|公布|发布|编制|形成|撰写|公开)(?:了)?[《“\"]?(?P<title>[^,。;:《》<>\n]{4,60}?(?:年度报告|年报|情况报告))(?!格式|有关|的通知|制度|编制)"
    r"|《(?P<book>[^《》\n]{6,60}?(?:年度报告|年报))》"
)
_BOOK = re.compile(r"《[^《》\n]{0,150}》")  # documents cited, of superiors mostly
_ASIDE = re.compile(r"\([^()\n]{0,80}\)")
_PARTY_OFFICE = re.compile(r"(?<=[府处])(?:党政综合办公室|党政办公室|党政办|综合办公室)$")
_INTRODUCTION = 3_000  # characters of a section in which titles are quoted
_MATCHES = 400


def prose_agency(prose: list[tuple[int, str]]) -> tuple[str, int]:
    """(agency, number of the section that names it), ('', 0) where the text names none clearly.

    Sections are asked in the order 0 (introduction), 6, 1, others. Within one pattern the name must prevail: two
    names equally often decide nothing, and the next pattern is asked. A name without a place loses to one with.
    """
    order = sorted(prose, key=lambda item: {-1: 0, 0: 0, 6: 1, 1: 2}.get(item[0], 3 + item[0]))
    for number, text in order:
        if number <= 1 and (name := _quoted(text[:_INTRODUCTION])):
            return name, number
    plain = [(number, _BOOK.sub("", text)) for number, text in order]
    for words, pattern in PATTERNS:
        for number, text in plain:
            if any(word in text for word in words) and (name := _prevailing(pattern, text)):
                return name, number
    return "", 0


def _quoted(text: str) -> str:
    """The agency of a title quoted in the text, where all such titles agree."""
    names = set()
    text = _ASIDE.sub("", text)
    if not any(word in text for word in ("年度报告", "年报", "情况报告")):
        return ""
    for match in _QUOTED.finditer(text):
        title = parse_title(match["title"] or match["book"])
        name = completed(title.agency) if title and title.strong and title.years else ""
        if looks_like_agency(name) and _complete(name):
            names.add(name)
    return names.pop() if len(names) == 1 else ""


def _complete(name: str) -> bool:
    """Whether a name says where: it has a division, or is a town's or a zone's own."""
    agency = describe(name)
    return bool(agency.place.end) or agency.level in (
        "township",
        "development zone",
        "state department",
    )


def _prevailing(pattern: re.Pattern, text: str) -> str:
    counts: Counter[str] = Counter()
    for count, match in enumerate(pattern.finditer(text)):
        if count >= _MATCHES:
            break
        name = _PARTY_OFFICE.sub("", _trimmed(next(filter(None, match.groups()), "")))
        if looks_like_agency(name) and _complete(name):
            counts[name] += 1
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def _trimmed(text: str) -> str:
    """The name at the end of a clause: from the first division's name on."""
    text = _BEFORE.sub("", text)
    for start in range(max(0, len(text) - 3)):
        if resolve(text[start:]).end or _CENTRAL.match(text, start):
            return text[start:].replace("(", "（").replace(")", "）")
    return text


def qualified_place(name: str, prose: list[tuple[int, str]]) -> str | None:
    """The code of an ambiguous place where the prose prints it with its city: 鼓楼区, and in the text 南京市鼓楼区."""
    place = name[: resolve(name).end]
    codes = set()
    for _, text in prose:
        for found, match in enumerate(re.finditer(re.escape(place), text)):
            if found >= 50:
                break
            codes |= {code for code in (_before(text, match.start(), match.end()),) if code}
    return codes.pop() if len(codes) == 1 else None


def _before(text: str, start: int, end: int) -> str | None:
    for back in range(12, 1, -1):
        if start >= back:
            place = resolve(text[start - back : end])
            if place.code and place.end == back + end - start:
                return place.code
    return None
