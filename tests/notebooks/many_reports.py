"""Three hundred reports: 100 agencies × 2022-2024, of all levels and many provinces, in an order that no alphabet knows.

    python -m tests.notebooks.many_reports build/many

Invented names; figures add up in every row and column. Two truths are planted: 青溪县人民政府 discloses far less than all
others (12 %), and 白沙县人民政府 copies its section 五 from year to year, word for word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from govdisclosure.forms import FORMS
from tests.reportwriter import html, lay_out, paper_of, sheets_of

YEARS = (2022, 2023, 2024)
OUTLIER, COPIER = "青溪县人民政府", "白沙县人民政府"
FIRST, SECOND = "青白龙凤石金新古长平", "溪沙山河湖泉桥岭岗"
OFFICES = ("教育局", "财政局", "公安局", "统计局", "交通运输局", "发展和改革局")
PARTS = ("natural_person", "commercial", "research", "public_interest", "legal_service", "other_organization")  # fmt: skip
OUTCOMES = ("disclosed_full", "disclosed_partial", "denied_internal_affairs", "denied_process", "unable_not_held",
            "unable_unclear", "not_processed_petition", "not_processed_repeated", "other_other")  # fmt: skip
ENDS = ("received", "carried_over", "outcomes_total", "carried_forward")
SUBJECTS = (
    "公开平台",
    "解读材料",
    "答复文书",
    "目录栏目",
    "基层队伍",
    "重点领域",
    "政策咨询",
    "档案移交",
)
FAULTS = (
    "更新不够及时",
    "质量有待提高",
    "形式较为单一",
    "力量相对薄弱",
    "内容不够完整",
    "检索不够方便",
)
CURES = ("加强培训", "完善制度", "明确专人", "定期通报", "优化流程", "扩大渠道", "开展检查")


def agencies() -> list[tuple[str, str]]:
    """(name, level) of the hundred, the two planted ones among them."""
    places = [a + b for a in FIRST for b in SECOND]
    names = [(f"{p}市人民政府", "prefecture") for p in places[40:50]]
    names += [(f"{p}县人民政府", "county") for p in places[:30]]
    names += [(f"{p}县{o}", "county_department") for p in places[:7] for o in OFFICES[:6]]
    names += [(f"{places[n]}县{places[-n - 1]}镇人民政府", "township") for n in range(18)]
    Random(0).shuffle(names)
    return names


def write(folder: Path, years: tuple[int, ...] = YEARS) -> Path:
    """The reports as HTML files in `folder`, which is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (agency, level) in enumerate(agencies()):
        pen = Random(agency)
        nature = [pen.gammavariate(a, 1) for a in (6, 1.5, 0.6, 0.3, 5, 0.5, 1.2, 0.4, 2)]
        if agency == OUTLIER:
            nature[:2] = [sum(nature[2:]) * 0.11, sum(nature[2:]) * 0.03]
        size = {"prefecture": 1500, "county": 220, "county_department": 25, "township": 6}[level]
        size *= pen.lognormvariate(0, 0.7)
        accounts, forward = pen.randrange(3, 120), 0
        for year in years:
            texts, forward = figures(Random(f"{agency}{year}"), size, nature, forward)
            accounts = max(1, round(accounts * pen.uniform(0.7, 1.05)))
            page = report(agency, year, texts, accounts, Random(agency if agency == COPIER else f"{agency}{year}五"))  # fmt: skip
            (folder / f"r{number * 7 % 100:03d}-{year}.html").write_bytes(page)
    return folder


def figures(pen: Random, size: float, nature: list[float], carried: int) -> tuple[dict, int]:
    """({cell: printed text}, carried forward): all cells of the form of 2021, sums true."""
    texts = {(t.key, r.key, c): "0" for t in FORMS["2021"].tables for r in t.rows if not r.optional for c in t.columns_of(r)}  # fmt: skip
    decided = max(1, round(size * pen.uniform(0.8, 1.25)))
    counts: dict[tuple[str, str], int] = {}
    for outcome in pen.choices(OUTCOMES, nature, k=decided):
        part = pen.choices(PARTS, (88, 6, 1, 1, 2, 2))[0]
        counts[outcome, part] = counts.get((outcome, part), 0) + 1
    forward = round(decided * pen.uniform(0, 0.05))
    totals = {p: sum(n for (_, q), n in counts.items() if q == p) for p in PARTS}
    for part in PARTS:
        counts["outcomes_total", part] = totals[part]
    first = PARTS[0]
    counts["carried_over", first], counts["carried_forward", first] = carried, forward
    for part in PARTS:
        counts["received", part] = totals[part] + (forward - carried if part == first else 0)
    if counts["received", first] < 0:
        counts["received", first], counts["carried_forward", first] = 0, carried - totals[first]
        forward = carried - totals[first]
    for (row, part), n in counts.items():
        texts["requests", row, part] = str(n)
    for row in {row for row, _ in counts}:
        texts["requests", row, "total"] = str(sum(n for (r, _), n in counts.items() if r == row))
    cases = [
        sum(pen.random() < share for _ in range(decided)) for share in (0.05, 0.01, 0.01, 0.005)
    ]
    for column, n in zip(("upheld", "corrected", "other", "pending"), cases):
        texts["disputes", "reconsideration", column] = str(n)
    texts["disputes", "reconsideration", "total"] = str(sum(cases))
    for row, factor in (("licensing", 90), ("penalties", 30), ("compulsion", 3)):
        texts["proactive", row, "decisions"] = str(round(size * factor * pen.uniform(0.7, 1.3)))
    texts["proactive", "fees", "amount"] = f"{size * pen.uniform(1, 9):.2f}"
    return texts, forward


def report(agency: str, year: int, texts: dict, accounts: int, pen: Random) -> bytes:
    """A report as an HTML page."""
    faults = (
        f"{s}{pen.choice(FAULTS)}，下一步将{pen.choice(CURES)}。" for s in pen.sample(SUBJECTS, 5)
    )
    prose = {
        1: [
            f"{year}年，本机关通过政府网站主动公开政府信息{accounts * 31}条。截至年底，在运行政务新媒体账号{accounts}个。"
        ],
        5: ["".join(faults)],
        6: ["无其他需要报告的事项。"],
    }
    tables = {key: [lay_out(sheet)] for key, sheet in sheets_of(FORMS["2021"], texts).items()}
    return html.write(paper_of(f"{agency}{year}年政府信息公开工作年度报告", prose, tables))


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
