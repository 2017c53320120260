"""What a page says about itself: fields of metadata tables and lines, words that mark a footer,
titles best first.

Keys as content systems of Chinese government sites print them (国务院办公厅, 政府网站发展指引, annex: 索引号,
发布机构, 公开日期, 文号, 名称 …), compared without white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain, islice, pairwise, takewhile
from typing import Any


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


KEYS = words(
    """
索引号 索取号 信息索引号 信息索引 目录编号 信息分类 主题分类 体裁分类 组配分类 服务对象分类 公文种类 分类 主题词 关键词 关键字 主题 体裁 题材分类
发布机构 发布单位 发布部门 发文机关 发文机构 发文单位 发文字号 文号 文件编号 公开主体 公开单位 公开部门 公开机构 公开责任部门 制发机关 制作单位
信息来源 来源 文章来源 稿件来源 内容来源 信息提供单位 供稿单位 供稿 单位 所属机构 所属单位 产生日期 生成日期 成文日期 发文日期 印发日期 制发日期
公开日期 发布日期 发布时间 公开时间 发文时间 更新时间 更新日期 成文时间 生成时间 发稿时间 公布日期 时间 日期 采集时间
名称 标题 文件名称 信息名称 文章标题 题名 公开方式 公开形式 公开范围 公开类别 公开属性 公开时限 公开程序 时效性 时效 有效性 生效日期 实施日期 废止日期
失效日期 有效期 时效说明 效力状态 内容概述 内容摘要 信息格式 语种 语言 浏览次数 点击数 点击次数 点击量 阅读次数 阅读 访问量 作者 责任编辑 编辑 审核 信息编号
网站标识码 网站标识 主办单位 主办 承办单位 承办 协办单位 版权所有 联系电话 联系方式 联系地址 地址 邮编 技术支持 备案号 备案序号 ICP备案号
"""
)
# Values without spaces: what follows one is other text of the footer.
_ONE_WORD = words(
    "网站标识码 主办单位 承办单位 协办单位 主办 承办 发布机构 发布单位 发布部门 来源 信息来源 文章来源 稿件来源 浏览次数 点击数 阅读次数"
)
FOOTER = re.compile(
    "网站标识码|[主承协]\\s*办\\s*(?:单位)?\\s*[：:]|版权所有|ICP备|公网安备|联系电话\\s*[：:]|联系我们|网站地图|地\\s*址\\s*[：:]"
    "|维\\s*护\\s*(?:单位)?\\s*[：:]|Copyright|©"
)
FOOTER_LENGTH = 2_000
VALUE_LENGTH = 300
_END = "\0"  # of a table's row

# <meta name=…> that say how to draw or index the page, nothing about it.
TECHNICAL = words(
    """viewport renderer generator robots format-detection csrf-token csrf-param theme-color referrer
apple-mobile-web-app-capable apple-mobile-web-app-status-bar-style mobile-web-app-capable progid originator
baidu-site-verification 360-site-verification msapplication-tilecolor force-rendering"""
)

_SPACE = re.compile(r"\s+")
# A key that may be spaced out (索 引 号), and the colon behind it.
_SPACED = "|".join(map(r"[ \u3000\xa0]*".join, sorted(KEYS)))
_NAMED = re.compile(rf"(?<![\u4e00-\u9fffA-Z])({_SPACED})[\]】)）]?[ \u3000\xa0]*[：:]")
_CODE = re.compile(r"网站标识码\s*[：:（(]?\s*([0-9A-Za-z]{8,12})")
_DATE_LINE = 240


def key_of(text: str) -> str:
    """The metadata key that `text` is, without spaces, brackets and colon, or "".

    >>> key_of("索 引 号："), key_of("规章")
    ('索引号', '')
    """
    if len(text) > 24 or not text or text.isdigit():
        return ""
    key = _SPACE.sub("", text).strip("：:[]【】()（）*•·")
    return key if key in KEYS else ""


@lru_cache(4096)  # pages of one site share their lines
def fields_of_line(line: str) -> dict[str, str]:
    """Fields, to read only, of a line such as ``来源：县政府办 发布时间：2022-01-20 浏览次数：12``; of prose a site's
    code at most.
    """
    code = _CODE.search(line)
    found = {"网站标识码": code[1]} if code else {}
    marks = list(_NAMED.finditer(line)) if len(line) <= _DATE_LINE else []
    if marks and marks[0].start() <= 40:
        for mark, end in zip(marks, [*(mark.start() for mark in marks[1:]), len(line)]):
            key = _SPACE.sub("", mark[1])
            value = line[mark.end() : end].strip(" \u3000｜;；,，[]【】")
            if key in _ONE_WORD:
                value = "".join(value.split()[:1])
            if value and len(value) <= VALUE_LENGTH:
                found.setdefault(key, value)
    return found


def fields_of_table(rows: list[list[str]]) -> dict[str, str] | None:
    """Fields of a metadata table (each key beside its value or before it in the same cell); None
    for any other.
    """
    count = sum(map(len, rows))
    if not 2 <= count <= 80:
        return None
    found: dict[str, str] = {}
    keys = 0
    for text, value in chain.from_iterable(pairwise([*row, _END]) for row in rows):
        inline: dict[str, str] = {}
        key = key_of(text)
        if not key:
            inline = fields_of_line(" ".join(text.split()))
        elif value != _END and not key_of(value):
            inline = {key: value[:VALUE_LENGTH]}
        keys += len(inline) or bool(key)
        found = found | inline | found
    if keys < 2 or keys * 3 < count or not found:
        return None
    return {key: text for key, value in found.items() if (text := " ".join(value.split()))}


def footer_of(lines: list[str]) -> str:
    """Lines that may name the agency or the site, joined by line feeds, at most `FOOTER_LENGTH`
    characters.
    """
    kept, length = [], 0
    for line in dict.fromkeys(lines):
        if length + len(line) <= FOOTER_LENGTH:
            kept.append(line)
            length += len(line) + 1
    return "\n".join(kept)


# ---------------------------------------------------------------- titles
_REPORT = re.compile("年\\s*度?\\s*报\\s*告|年\\s*报|年\\s*度\\s*報\\s*告|工作报告|情况报告")
_NOISE = re.compile(r"[。；;]|^[（(]?[一二三四五六七八九十\d]+[、.）)]")
TITLE_FIELDS = (
    "ArticleTitle",
    "名称",
    "标题",
    "文件名称",
    "信息名称",
    "文章标题",
    "题名",
    "dc:title",
)


def looks_like_title(text: str) -> bool:
    """A short line without a sentence's end or a section number that speaks of a report.

    >>> looks_like_title("大姚县2021年政府信息公开工作年度报告"), looks_like_title("一、年度报告的编制")
    (True, False)
    """
    return 5 <= len(text) <= 80 and bool(_REPORT.search(text)) and not _NOISE.search(text)


def titles_of(
    headings: Iterable[Any],
    lines: Iterable[str],
    said: Mapping[str, str],
    others: Iterable[str] = (),
) -> tuple[str, ...]:
    """Candidates for the title: lines or headings with their level, first lines, fields, others."""
    candidates = [b.text for b in headings if b.level == 1 or b.level and looks_like_title(b.text)]
    named = (said[key] for key in TITLE_FIELDS if key in said)
    return rank([*candidates, *first_lines(lines), *named, *others])


def rank(candidates: Iterable[str], limit: int = 12) -> tuple[str, ...]:
    """Candidates without repeats; those that look like a report's title before the others, else as
    given.
    """
    texts = dict.fromkeys(" ".join(candidate.split()) for candidate in candidates)
    known = [text for text in texts if 0 < len(text) <= 200]
    return tuple(sorted(known, key=lambda text: not looks_like_title(text))[:limit])


_NO_TITLE = re.compile(f"[：:]|{_NOISE.pattern}")
_BEGINS = re.compile(r"\d{4}|.{2,}(?:政府|局|委|厅|办|镇|乡|街道)")
_SECTION_ONE = re.compile(r"\s*(?:一\s*[、.．]|第一部分)")


def first_lines(lines: Iterable[str], first: int = 12) -> list[str]:
    """Title-like lines among the first ones, before section one; two such neighbours joined (a
    title over two lines).
    """
    head = islice(takewhile(lambda line: not _SECTION_ONE.match(line), lines), first)
    found = []
    for before, line in pairwise(chain([""], head)):
        if looks_like_title(line):
            goes_on = 4 <= len(before) <= 40 and not _NO_TITLE.search(before)
            if goes_on and not _BEGINS.match(line) and looks_like_title(before + line):
                found.append(before + line)
            found.append(line)
    return found
