"""The six sections: their titles as data, and which lines of a report are those titles.

Titles: 国办公开办函〔2019〕60号 and 〔2021〕30号; variants as seen in real reports (layouts.md).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from ..normalize import Memory, fold, label


class Title(NamedTuple):
    """A statutory section title; ``words``: any of these in a numbered short line makes it this section."""

    number: int
    titles: tuple[str, ...]
    words: re.Pattern[str]


TITLES = (
    Title(1, ("总体情况", "概述", "基本情况", "工作总体情况", "政府信息公开工作总体情况"), re.compile("总体情况|概述|基本情况|总体工作|工作情况$|概况")),
    Title(2, ("主动公开政府信息情况", "主动公开情况", "政府信息主动公开情况", "主动公开政府信息的情况"), re.compile("主动公开")),
    Title(
        3, ("收到和处理政府信息公开申请情况", "依申请公开政府信息情况", "收到和处理政府信息公开申请的情况", "政府信息依申请公开情况"),
        re.compile("收到和处理|依申请公开|公开申请情况|处理政府信息公开申请"),
    ),
    Title(
        4, ("政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况", "行政复议、行政诉讼情况", "行政复议和行政诉讼情况"),
        re.compile("复议|诉讼"),
    ),
    Title(
        5, ("存在的主要问题及改进情况", "政府信息公开工作存在的主要问题及改进情况", "存在问题及改进措施", "整改措施", "存在的主要问题及整改措施"),
        re.compile("问题|改进|整改|不足|下一步"),
    ),
    Title(6, ("其他需要报告的事项", "其他需要报告的情况", "需要报告的其他事项", "其他事项", "其他情况"), re.compile("其他.{0,8}(?:事项|情况)|需要报告|需要说明")),
)  # fmt: skip
LONGEST_TITLE = 48
_NUMERALS = {c: i for i, c in enumerate("一二三四五六", 1)}
_TOP_NUMBER = re.compile(
    r"^(?:第?([一二三四五六])(?:部分)?[、.,:：)）]|第([一二三四五六])部分|[(（]([一二三四五六])[)）])"
)
# 一、…申请数量 and its kind are row labels of table 三, not section titles.
_ROW_LABEL = re.compile("申请数|本年度?办理结果|结转|新收")
SAME_TITLE = 0.8


_CORES = [(label(t).core, title.number) for title in TITLES for t in title.titles]
_WORDS = [core for core, _ in _CORES]


def heading_number(text: str) -> tuple[int, float] | None:
    """(section number, how sure) where ``text`` reads like a section title, else None.

    >>> heading_number("三、收到和处理政府信息公开申请情况")[0], heading_number("一、本年新收政府信息公开申请数量")
    (3, None)
    >>> heading_number("五、整改措施")[0], heading_number("今年共有问题12个")
    (5, None)
    """
    return _HEADINGS[text]


def _heading_number(text: str) -> tuple[int, float] | None:
    if not 2 <= len(text) <= 4 * LONGEST_TITLE or text.isascii():
        return None
    folded = fold(text).lstrip("#*").rstrip("*:：。.")
    if not 3 <= len(folded) <= LONGEST_TITLE or _ROW_LABEL.search(folded):
        return None
    numbered = _TOP_NUMBER.match(folded)
    number = _NUMERALS[next(g for g in numbered.groups() if g)] if numbered else 0
    bracketed = bool(numbered and numbered[3])
    words = label(folded[numbered.end() :] if numbered else folded).core
    alike = extract(words, _WORDS, scorer=ratio, score_cutoff=100 * SAME_TITLE, limit=None)
    best = max(((score / 100, _CORES[i][1]) for _, score, i in alike), default=(0.0, 0))
    if best[0] >= SAME_TITLE:
        agreed = 0.3 if number == best[1] else (-0.2 if number and not bracketed else 0.0)
        return best[1], best[0] + agreed - (0.25 if bracketed else 0)
    if not number or bracketed or any(c in words for c in "，。；"):
        return None
    named = next((t for t in TITLES if t.number == number and t.words.search(words)), None)
    return (number, 0.7 if named else 0.3) if len(words) <= 30 else None


_HEADINGS = Memory(_heading_number, 32768)


def choose(candidates: list[tuple[int, int, float]]) -> dict[int, int]:
    """{section number: position}: the increasing chain of titles with the most weight, later ones first on a tie.

    ``candidates`` are (position, section number, how sure) in reading order. A table of contents at the top
    loses to the real titles below it because ties go to what comes later.
    """
    best: list[tuple[float, tuple[tuple[int, int], ...]]] = [(0.0, ())] * 7
    for position, number, sure in candidates:
        before = best[number - 1]
        chain = (before[0] + sure, (*before[1], (number, position)))
        for n in range(number, 7):
            if chain[0] >= best[n][0]:
                best[n] = chain
    return dict(best[6][1])
