"""A balanced panel of 12 invented governments × 2019-2025 as documents, with truths planted that an analysis must find.

`write_panel(folder)` writes the reports and a manifest with their levels; `TRUTHS` says what is true of them, worked out
from the design below and not by the library. Counts are made by largest remainders, so that all sums hold.
"""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from govdisclosure.forms import FORMS
from tests.reportwriter import docx, html, lay_out, markdown, paper_of, sheets_of

YEARS = tuple(range(2019, 2026))
# Two groups: those that disclose much and those that disclose little. Each group discloses 3 points less in the end;
# the second doubles its weight. 0.70·½ + 0.36·½ = 0.53; 0.67·11/34 + 0.33·23/34 = 0.44: 3 points within, 6 by weight.
HIGH = ("青禾市", "云岭市", "临川县", "石桥县", "白塔县", "长湖县")
LOW = ("海宁湾市", "东屏市", "南溪县", "北苑县", "西坪县", "金沙洲县")
SIZES = (0.5, 0.7, 0.9, 1.1, 1.3, 1.5)
LEANINGS = (
    0.03,
    -0.02,
    0.02,
    -0.03,
    0.02,
    -0.014,
)  # an agency's own distance from its group; Σ size × leaning = 0
LEANINGS = (*LEANINGS[:5], -sum(s * d for s, d in zip(SIZES, LEANINGS[:5])) / SIZES[5])
JUMPER, COPIER = "石桥县人民政府", "北苑县人民政府"
TRUTHS = {
    "agencies": 12, "reports": 84, "disclosed_2019": 53.0, "disclosed_2025": 44.0, "change": -9.0, "within": -3.0,
    "composition": -6.0, "not_held_2019": 12.0, "not_held_2025": 24.0, "corrected_before": 10.0, "corrected_since": 20.0,
    "corrected_first": 2024, "accounts_2019": 1200, "accounts_2025": 600, "jumper": JUMPER, "jump_year": 2023,
    "jump_factor": 20, "copier": COPIER, "direct_before": 1.5, "direct_since": 0.3,
}  # fmt: skip
REST = {  # outcomes other than disclosure, in % of all decisions: 2019, 2025
    "unable_not_held": (12, 24), "unable_needs_creation": (3, 3), "unable_unclear": (2, 2), "denied_third_party": (4, 3),
    "denied_internal_affairs": (3, 2), "denied_process": (3, 2), "denied_administrative_enquiry": (2, 2),
    "not_processed_petition": (9, 9), "not_processed_repeated": (3, 3), "other_other": (6, 6),
}  # fmt: skip
APPLICANTS = {"natural_person": 90, "commercial": 6, "legal_service": 3, "other_organization": 1}
COLUMNS = ("natural_person", "commercial", "research", "public_interest", "legal_service", "other_organization")  # fmt: skip
RESULTS = ("upheld", "corrected", "other", "pending")
PROBLEMS = (
    "政策解读形式偏少，图解和视频不多", "部分栏目更新不够及时，个别信息滞后", "基层窗口人员变动较大，业务不熟",
    "申请答复文书格式不统一", "信息公开指南修订迟缓", "数据开放的范围有待扩大", "回应群众关切的主动性不强",
    "部门之间会商机制尚未理顺", "村居公开栏内容陈旧", "网站检索功能不便使用", "档案移交与公开衔接不畅",
    "重大决策听证材料公布不全", "规范性文件清理结果公布较晚", "教育医疗领域公开目录过粗",
)  # fmt: skip
MEASURES = (
    "编写办理手册并逐件复核", "每季度通报栏目维护情况", "邀请法律顾问参加疑难件讨论", "开设热线解答常见疑问",
    "组织乡镇互相检查", "完善目录并细化到事项", "安排专人轮岗值守", "引入读者打分评价", "清理过期文件并标注效力",
    "把公开纳入年度考核", "举办两期业务研讨", "试行电子送达", "整理案例供各单位参考", "建立台账按月销号",
)  # fmt: skip


def write_panel(folder: str | Path) -> Path:
    """Write the 84 reports (HTML, Markdown and Word) with manifest.csv; the same bytes each time. Returns the folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    rows = []
    for i, place in enumerate((*HIGH, *LOW)):
        over = dict.fromkeys(COLUMNS, 0)
        for year in YEARS:
            counts, over = request_counts(i, year, over)
            texts = {("requests", *key): str(n) for key, n in counts.items()}
            texts |= _disputes(i, year, counts["outcomes_total", "total"]) | _proactive(i, year)
            name = f"p{i:02}-{year}"
            suffix, data = _document(i, f"{place}人民政府", year, texts)
            (target / f"{name}{suffix}").write_bytes(data)
            level = "prefecture" if place.endswith("市") else "county"
            rows.append({"report_id": name, "path": f"{name}{suffix}", "level": level})
    with open(target / "manifest.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return target


def parts(total: int, weights: dict) -> dict:
    """`total` cut in whole numbers in the proportion of `weights`, by largest remainders."""
    whole = sum(weights.values())
    exact = {k: total * w / whole for k, w in weights.items()}
    found = {k: int(v + 1e-9) for k, v in exact.items()}
    for k in sorted(exact, key=lambda k: found[k] - exact[k])[: total - sum(found.values())]:
        found[k] += 1
    return found


def line(first: float, last: float, year: int) -> float:
    """A value that moves evenly from the first year to the last."""
    return first + (last - first) * (year - YEARS[0]) / (YEARS[-1] - YEARS[0])


def decided(i: int, year: int) -> int:
    """Requests decided: 1,000 × size in 2019; ×1.1 in the first group, ×2.3 in the second, in 2025."""
    return round(1000 * SIZES[i % 6] * line(1.0, 1.1 if i < 6 else 2.3, year))


def disclosure(i: int, year: int) -> float:
    """Share of its decisions that an agency discloses in full or in part."""
    return line(0.70, 0.67, year) + LEANINGS[i % 6] - (0.34 if i >= 6 else 0)


def request_counts(i: int, year: int, over: dict) -> tuple[dict, dict]:
    """({(row, column): count} of table 三, what is carried forward by column)."""
    total, rows = decided(i, year), {}
    open_ = round(total * disclosure(i, year))
    rows |= parts(open_, {"disclosed_full": 4, "disclosed_partial": 1})
    rows |= parts(total - open_, {k: line(*w, year) for k, w in REST.items()})
    if year < 2021:
        rows["other_handling"] = rows.pop("other_other")
    form = FORMS["2019" if year < 2021 else "2021"].table("requests")
    cells = {(r.key, c): 0 for r in form.rows if not r.optional for c in (*COLUMNS, "total")}
    for row, n in rows.items():
        cells |= {(row, c): k for c, k in parts(n, APPLICANTS).items()}
    forward = dict.fromkeys(COLUMNS, 0) | parts(round(total * 0.04), APPLICANTS)
    for c in COLUMNS:
        done = sum(cells[row, c] for row in rows)
        cells |= {
            ("outcomes_total", c): done,
            ("carried_forward", c): forward[c],
            ("carried_over", c): over[c],
        }
        cells["received", c] = done + forward[c] - over[c]
    for row in dict.fromkeys(row for row, _ in cells):
        cells[row, "total"] = sum(cells[row, c] for c in COLUMNS)
    return cells, forward


def _disputes(i: int, year: int, total: int) -> dict:
    """Reconsideration: 6 in 100 decisions, corrected 10 %, from 2024 on 20 %. Direct suits: 1.5, from 2024 on 0.3 in 100."""
    late = year >= 2024
    wanted = {
        "reconsideration": (round(total * 0.06), 0.20 if late else 0.10),
        "litigation_direct": (round(total * (0.003 if late else 0.015)), 0.05),
        "litigation_after_reconsideration": (round(total * 0.01), 0.05),
    }
    texts = {}
    for channel, (cases, corrected) in wanted.items():
        pending = cases // 10
        weights = {"upheld": 0.75 - corrected, "corrected": corrected, "other": 0.25}
        found = parts(cases - pending, weights) | {"pending": pending, "total": cases}
        texts |= {("disputes", channel, k): str(n) for k, n in found.items()}
    return texts


def _proactive(i: int, year: int) -> dict:
    """Table 二: licences grow 4 % a year, one agency's 20-fold in 2023; penalties 1 in 8 licences; fees 60 yuan a licence."""
    scale = 40000 if i % 6 < 2 else 4000
    usual = scale * SIZES[i % 6] * 1.04 ** (year - 2019)
    jumps = ((*HIGH, *LOW)[i] + "人民政府") == JUMPER and year >= 2023
    figures = {
        ("licensing", "decisions"): round(usual * (20 if jumps else 1)),
        ("penalties", "decisions"): round(usual * 0.125), ("compulsion", "decisions"): round(usual * 0.02),
    }  # fmt: skip
    stock = 60 + 5 * i + 4 * (year - 2019)
    if year < 2021:
        figures |= {("normative_documents", "newly_made"): 9, ("normative_documents", "newly_disclosed"): 9,
                    ("normative_documents", "total_disclosed"): stock, ("fees", "previous_items"): 12, ("fees", "change"): 0}  # fmt: skip
    else:
        figures |= {("normative_documents", "issued"): 9, ("normative_documents", "repealed"): 5,
                    ("normative_documents", "in_force"): stock, ("fees", "amount"): round(usual * 0.6)}  # fmt: skip
    table = FORMS["2019" if year < 2021 else "2021"].table("proactive")
    cells = {(r.key, c): 0 for r in table.rows for c in table.columns_of(r)}
    return {("proactive", *key): str(n) for key, n in {**cells, **figures}.items()}


def accounts(i: int, year: int) -> int:
    """Accounts in operation at the end of the year: 100 in 2019, 50 in 2025."""
    return round(line(100, 50, year))


def _document(i: int, agency: str, year: int, texts: dict) -> tuple[str, bytes]:
    pen = Random(f"{i} {0 if agency == COPIER else year}")
    faults = "；".join(pen.sample(PROBLEMS, 3))
    plans = "；".join(pen.sample(MEASURES, 4))
    jump = "本年起行政许可决定数量改按全县各部门口径汇总。" if agency == JUMPER and year == 2023 else ""  # fmt: skip
    prose = {
        1: f"{year}年，本机关主动公开政府信息{300 + 7 * i + 11 * (year - 2019)}条。截至年底，全{agency[-5:-4]}正在运行的政务新媒体共{accounts(i, year)}个。{jump}",
        5: f"存在的主要问题：{faults}。改进措施：{plans}。",
        6: f"{year}年度收取信息处理费0元。",
    }
    sheets = sheets_of(FORMS["2019" if year < 2021 else "2021"], texts)
    paper = paper_of(
        f"{agency}{year}年政府信息公开工作年度报告",
        {number: [text] for number, text in prose.items()},
        {key: [lay_out(sheet)] for key, sheet in sheets.items()},
        {"发布机构": agency, "公开日期": f"{year + 1}-01-20"},
    )
    if i % 6 == 5:
        return ".docx", docx.write(paper)
    if i % 3 == 1:
        return ".md", markdown.write(paper)
    return ".html", html.write(paper, shell="cms" if i % 2 else "bare", seed=i)
