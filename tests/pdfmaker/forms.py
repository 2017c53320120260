"""Random figures in the national forms of 2019 and 2021, and their tables as rows of cells with spans.

The figures keep the forms' identities, so that a checker finds nothing in a report that was read right.
Labels come from `govdisclosure.forms`; the prose is made up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple

from govdisclosure.forms import FORMS

APPLICANTS = (
    "natural_person",
    "commercial",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
)
OPENING = ("received", "carried_over")
FULL = ("disclosed_full", "disclosed_partial")
DENIED = (
    "denied_state_secret",
    "denied_prohibited_by_law",
    "denied_security_stability",
    "denied_third_party",
    "denied_internal_affairs",
    "denied_process",
    "denied_enforcement_file",
    "denied_administrative_enquiry",
)
UNABLE = ("unable_not_held", "unable_needs_creation", "unable_unclear")
REFUSED = (
    "not_processed_petition",
    "not_processed_repeated",
    "not_processed_publication",
    "not_processed_excessive",
    "not_processed_reissue",
)
OTHER = {
    "2021": ("other_uncorrected", "other_fee_unpaid", "other_other"),
    "2019": ("other_handling",),
}
CHANNELS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
RESULTS = ("upheld", "corrected", "other", "pending")

Figures = dict[tuple[str, str, str], str]


class Cell(NamedTuple):
    """A cell with spans; ``down``: a group's label, narrow and written downwards."""

    text: str
    rows: int = 1
    cols: int = 1
    down: bool = False
    head: bool = False


@dataclass(frozen=True)
class Spec:
    """A table: rows of cells as in HTML (a cell stands in the row it begins in), and relative column widths."""

    rows: list[list[Cell]]
    widths: list[float]
    header: int = 0

    def matrix(self) -> list[list[str]]:
        """Every place's text, merged cells repeated."""
        return [[cell.text for cell in row] for row in self.places()]

    def places(self) -> list[list[Cell]]:
        """The cell object that covers each place."""
        out: list[list] = [[None] * len(self.widths) for _ in self.rows]
        for r, row in enumerate(self.rows):
            c = 0
            for cell in row:
                while out[r][c] is not None:
                    c += 1
                for i in range(r, r + cell.rows):
                    out[i][c : c + cell.cols] = [cell] * cell.cols
        return out


def figures(form: str, seed: int, top: int = 40) -> Figures:
    """Figures for every cell of the form, as printed."""
    rng = random.Random(seed)
    found: Figures = {}
    _requests(found, form, rng, top)
    _disputes(found, rng)
    _proactive(found, form, rng)
    return found


def _count(rng: random.Random, top: int) -> int:
    return (
        0
        if rng.random() < 0.6
        else rng.choice((rng.randint(1, 9), rng.randint(1, top), rng.randint(1, 100 * top)))
    )


def _requests(found: Figures, form: str, rng: random.Random, top: int) -> None:
    leaves = (*FULL, *DENIED, *UNABLE, *REFUSED, *OTHER[form])
    rows = (*OPENING, *leaves, "outcomes_total", "carried_forward")
    total = dict.fromkeys(rows, 0)
    for applicant in APPLICANTS:
        column = {row: _count(rng, top) for row in leaves}
        column["outcomes_total"] = sum(column.values())
        column["carried_forward"] = _count(rng, top)
        handled = column["outcomes_total"] + column["carried_forward"]
        column["carried_over"] = rng.randint(0, handled)
        column["received"] = handled - column["carried_over"]
        for row in rows:
            found["requests", row, applicant] = str(column[row])
            total[row] += column[row]
    for row in rows:
        found["requests", row, "total"] = str(total[row])


def _disputes(found: Figures, rng: random.Random) -> None:
    for channel in CHANNELS:
        counts = [_count(rng, 20) for _ in RESULTS]
        for result, count in zip((*RESULTS, "total"), (*counts, sum(counts))):
            found["disputes", channel, result] = str(count)


def _proactive(found: Figures, form: str, rng: random.Random) -> None:
    table = FORMS[form].table("proactive")
    for row in table.rows:
        if row.optional:
            continue
        for column in table.columns_of(row):
            text = str(_count(rng, 90))
            if column == "change":
                text = rng.choice(("", "-", "+")) + text if text != "0" else "0"
            elif column == "amount":
                text = rng.choice(("0", "59237.2449", f"{rng.randint(1, 99999) / 100:.2f}"))
            elif column in ("newly_disclosed", "total_disclosed", "in_force"):
                text = str(9000 + _count(rng, 90))
            found["proactive", row.key, column] = text


def _label(form: str, table: str, row: str) -> str:
    return FORMS[form].table(table).row(row).zh


def requests_spec(form: str, figures: Figures) -> Spec:
    """Table 三: group labels in two columns, applicants in seven."""
    head = [
        [
            Cell(
                "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
                3,
                3,
                head=True,
            ),
            Cell("申请人情况", 1, 7, head=True),
        ],
        [
            Cell("自然人", 2, head=True),
            Cell("法人或其他组织", 1, 5, head=True),
            Cell("总计", 2, head=True),
        ],
        [
            Cell(t, head=True)
            for t in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
        ],
    ]

    def line(row: str, cols: int, *before: Cell) -> list[Cell]:
        values = [Cell(figures["requests", row, a]) for a in (*APPLICANTS, "total")]
        return [*before, Cell(_label(form, "requests", row), 1, cols), *values]

    body = [line(row, 3) for row in OPENING]
    groups = (
        ("（三）不予公开", DENIED),
        ("（四）无法提供", UNABLE),
        ("（五）不予处理", REFUSED),
        ("（六）其他处理", OTHER[form]),
    )
    inner = [line(row, 2) for row in FULL]
    for name, rows in groups:
        if len(rows) == 1:
            inner.append(line(rows[0], 2))
        else:
            inner += [
                line(row, 1, Cell(name, len(rows)) if i == 0 else None)
                for i, row in enumerate(rows)
            ]
    inner.append(line("outcomes_total", 2))
    inner[0].insert(0, Cell("三、本年度办理结果", len(inner), down=True))
    body += [[cell for cell in row if cell is not None] for row in inner] + [
        line("carried_forward", 3)
    ]
    return Spec(head + body, [22, 60, 130, *[36] * 7], header=3)


def disputes_spec(figures: Figures) -> Spec:
    """Table 四: one row of figures under three levels of header."""
    names = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    head = [
        [Cell("行政复议", 1, 5, head=True), Cell("行政诉讼", 1, 10, head=True)],
        [
            *(Cell(n, 2, head=True) for n in names),
            Cell("未经复议直接起诉", 1, 5, head=True),
            Cell("复议后起诉", 1, 5, head=True),
        ],
        [Cell(n, head=True) for n in names * 2],
    ]
    values = [
        Cell(figures["disputes", channel, result])
        for channel in CHANNELS
        for result in (*RESULTS, "total")
    ]
    return Spec([*head, values], [30] * 15, header=3)


def proactive_spec(form: str, figures: Figures) -> Spec:
    """Table 二 as one table: a title row and a header row for each item of Article 20."""
    table = FORMS[form].table("proactive")
    rows: list[list[Cell]] = []
    before = None
    for row in (row for row in table.rows if not row.optional):
        columns = table.columns_of(row)
        if row.group != before:
            title = next(g.zh for g in table.groups if g.key == row.group)
            heads = [table.column(c).zh for c in columns]
            rows.append([Cell(title, 1, 4, head=True)])
            rows.append(
                [
                    Cell("信息内容", head=True),
                    *(_wide(t, i, len(columns), True) for i, t in enumerate(heads)),
                ]
            )
            before = row.group
        values = [figures["proactive", row.key, column] for column in columns]
        rows.append([Cell(row.zh), *(_wide(t, i, len(values)) for i, t in enumerate(values))])
    return Spec(rows, [140, 100, 100, 100])


def _wide(text: str, i: int, of: int, head: bool = False) -> Cell:
    """The i-th of one to three cells over three columns; the first takes what the others leave."""
    return Cell(text, 1, 4 - of if i == 0 else 1, head=head)
