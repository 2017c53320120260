"""Synthetic reports by the thousand: pages of real size and structure, with figures that add up, written in well under a
millisecond each. One page a form and shell is laid out by `reportwriter` with a private character in each cell; a report
is that page with its characters translated into figures.

    python -m benchmarks.synthetic 1000 build/synthetic
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

from govdisclosure.forms import FORMS
from tests.reportwriter import html, lay_out, paper_of, sheets_of

COUNTIES = (
    "大姚县",
    "沭阳县",
    "洪泽区",
    "桐城市",
    "武鸣区",
    "凤庆县",
    "长丰县",
    "海宁市",
    "龙州县",
    "南漳县",
)
FIRST = "金青白龙凤石大小东西南北上下新古长平安永"
SECOND = "山水河湖溪沟坪坝桥塘岭岗台寨街集店庄湾滩"
YEARS = tuple(range(2016, 2026))
PROSE = (
    "本报告所列数据的统计期限自{y}年1月1日起至12月31日止。",
    "{y}年，本机关通过政府网站主动公开政府信息{a}条，发布政策解读材料{b}篇，举办政务公开培训{c}次，参训{d}人次。",
    "加强政务新媒体管理，全年关停注销政务新媒体账号{e}个，现有政务微信公众号{f}个。",
    "{y}年，承办12345热线工单{g}件，办结率99.{c}%。",
)
AGENCY, YEAR, FIRST_FIGURE = "\ue000", "\ue001", 0xE010


@cache
def template(form: str, style: str) -> tuple[str, tuple]:
    """(page, keys): the page with a private character for agency, year, each prose line and each figure of the form."""
    keys = tuple(
        (t.key, r.key, c)
        for t in FORMS[form].tables
        for r in t.rows
        if not r.optional
        for c in t.columns_of(r)
    )
    texts = {key: chr(FIRST_FIGURE + n) for n, key in enumerate(keys)}
    tables = {key: [lay_out(sheet)] for key, sheet in sheets_of(FORMS[form], texts).items()}
    prose = {1: [chr(0xE002 + n) for n in range(len(PROSE))], 5: ["无。"], 6: ["无。"]}
    page = {"发布机构": AGENCY, "公开日期": "2024-01-20", "网站名称": AGENCY}
    paper = paper_of(f"{AGENCY}{YEAR}年政府信息公开工作年度报告", prose, tables, page)
    return html.write(paper, shell="cms", style=style, seed=1).decode(), keys


def agency_of(number: int) -> str:
    """The agency of a report: ten years in a row are one agency's."""
    number //= len(YEARS)
    place = FIRST[number // len(SECOND) % len(FIRST)] + SECOND[number % len(SECOND)]
    return f"{COUNTIES[number // 400 % len(COUNTIES)]}{place}镇人民政府"


def figures(keys: tuple, pen: Random) -> list[int]:
    """A figure for each key; the identities of tables 三 and 四 hold in every column and row."""
    values = pen.choices((0, 0, 0, 1, 2, 3, 7, 15, 120), k=len(keys))
    columns, rows = lines(keys)
    for received, carried, parts, total, forward in columns:
        values[total] = sum(values[n] for n in parts)
        values[carried] = 1 if values[total] else 0
        values[forward] = 2
        values[received] = values[total] + 2 - values[carried]
    for parts, total in rows:
        values[total] = sum(values[n] for n in parts)
    return values


@cache
def lines(keys: tuple) -> tuple[list, list]:
    """Places of the figures of each column of table 三, and of each row of 三 and 四, that a sum ties together."""
    place = {key: n for n, key in enumerate(keys)}
    ends = ("received", "carried_over", "outcomes_total", "carried_forward")
    columns = []
    for column in dict.fromkeys(c for t, _, c in keys if t == "requests"):
        first, second, total, last = (place["requests", end, column] for end in ends)
        parts = [
            n for (t, r, c), n in place.items() if t == "requests" and c == column and r not in ends
        ]
        columns.append((first, second, parts, total, last))
    rows = [
        ([n for (t, r, c), n in place.items() if (t, r) == key[:2] and c != "total"], place[key])
        for key in keys
        if key[0] != "proactive" and key[2] == "total"
    ]
    return columns, rows


def report(number: int, style: str = "paragraphs") -> tuple[str, bytes]:
    """(file name, bytes) of report `number`, the same each time."""
    year, agency, pen = YEARS[number % len(YEARS)], agency_of(number), Random(number)
    page, keys = template("2021" if year >= 2021 else "2019", style)
    table = {ord(AGENCY): agency, ord(YEAR): str(year)}
    table.update((FIRST_FIGURE + n, str(v)) for n, v in enumerate(figures(keys, pen)))
    prose = {name: pen.randrange(1, 90) for name in "abcdefg"}
    table.update((0xE002 + n, line.format(y=year, **prose)) for n, line in enumerate(PROSE))
    return f"{number:07d}.html", page.translate(table).encode()


def write(count: int, folder: str, first: int = 0) -> Iterator[Path]:
    """Write reports `first` … `first + count − 1`, a thousand a folder."""
    for number in range(first, first + count):
        name, data = report(number)
        path = Path(folder, f"{number // 1000:04d}", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        yield path


if __name__ == "__main__":
    print(sum(1 for _ in write(int(sys.argv[1]), sys.argv[2])), "reports in", sys.argv[2])
