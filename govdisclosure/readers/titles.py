"""Which of a document's headings, fields and first lines may be its title, best first."""

from __future__ import annotations

import re
from collections.abc import Iterable

LENGTH = (5, 80)
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
    return (
        LENGTH[0] <= len(text) <= LENGTH[1]
        and bool(_REPORT.search(text))
        and not _NOISE.search(text)
    )


def rank(candidates: Iterable[str], limit: int = 12) -> tuple[str, ...]:
    """Candidates without repeats; those that look like a report's title before the others, else as given."""
    texts = [
        text
        for text in dict.fromkeys(" ".join(c.split()) for c in candidates)
        if text and len(text) <= 200
    ]
    return tuple(sorted(texts, key=lambda text: not looks_like_title(text))[:limit])


def first_lines(lines: Iterable[str], first: int = 12) -> list[str]:
    """Title-like lines among the first ones, and two such neighbours joined (a title broken over two lines)."""
    head = [line for _, line in zip(range(first), lines)]
    found = []
    for i, line in enumerate(head):
        if looks_like_title(line):
            before = head[i - 1] if i else ""
            short = (
                4 <= len(before) <= 40
                and not _NOISE.search(before)
                and "：" not in before
                and ":" not in before
            )
            joined = before + line
            if (
                short
                and not re.match(r"\d{4}|.{2,}(?:政府|局|委|厅|办|镇|乡|街道)", line)
                and looks_like_title(joined)
            ):
                found.append(joined)
            found.append(line)
    return found
