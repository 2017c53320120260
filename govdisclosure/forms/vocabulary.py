"""Words that are no labels of a form: section titles, rows agencies add, marks of page feet. Seen in layouts.md's reports.

Section titles: 国办公开办函〔2019〕60号 and 〔2021〕30号.
"""

from __future__ import annotations

import re
from typing import NamedTuple


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
# 一、…申请数量 and its kind are row labels of table 三, not section titles.
ROW_LABEL = re.compile("申请数|本年度?办理结果|结转|新收")

# Rows that agencies add of their own accord: never the misprint of a statutory one.
EXTRA_ROWS = frozenset(
    ("行政检查", "行政确认", "行政奖励", "行政给付", "行政裁决", "行政征收", "行政征用", "行政调解", "行政备案", "行政处理", "行政处分",
     "行政审批", "其他主动公开文件", "其他文件", "政府文件", "其他行政权力", "公共服务事项", "公共服务")
)  # fmt: skip
SUBTOTALS = frozenset(("小计", "组织小计", "法人小计", "法人或其他组织小计", "分计", "合计数"))
UNIT_WORDS = frozenset(
    ("件次", "人次", "单位", "元", "万元", "亿元", *"件项个条份部宗起人次家笔例户篇期本批类")
)
# The foot of a page between two rows: — 4 —, - 4 -, 第 4 页.
PAGE_FOOT = re.compile(
    r"[-—–―－]{1,3}\s?\d{1,3}\s?[-—–―－]{1,3}|第\s?\d{1,3}\s?页(?:[ ,，/]{0,2}共\s?\d{1,3}\s?页)?"
)
LONE_NUMBER = re.compile(
    r"第?[一二三四五六七八九十]{1,3}[、.．，,：:]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．]"
)
ENUMERATED = re.compile(
    r"[一二三四五六七八九十]{1,2}[、.．]|[(（][一二三四五六七八九十]|\d{1,2}[、.．](?!\d)|第二十条"
)
# Bare words that stand in a cell of 本年增/减: no figure, but a cell.
CHANGES = frozenset(("增", "减", "增加", "减少", "持平", "不变"))
