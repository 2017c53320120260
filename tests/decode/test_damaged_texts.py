"""Texts in which figures and labels came apart: each cell is right or left open, never wrong, and what is clear is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from govdisclosure.decode import decode_document
from govdisclosure.errors import DisclosureError
from govdisclosure.forms import FORMS
from govdisclosure.model import Source
from govdisclosure.readers import read
from tests.writers.figures import consistent, keys

FORM = FORMS["2021"]
PROACTIVE = (
    (
        "第二十条第（一）项",
        ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        ("rules", "normative_documents"),
    ),
    ("第二十条第（五）项", ("信息内容", "本年处理决定数量"), ("licensing",)),
    ("第二十条第（六）项", ("信息内容", "本年处理决定数量"), ("penalties", "compulsion")),
    ("第二十条第（八）项", ("信息内容", "本年收费金额（单位：万元）"), ("fees",)),
)
APPLICANTS = (
    "申请人情况  自然人  法人或其他组织  总计  商业企业  科研机构  社会公益组织  法律服务机构  其他"
)
ENDS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
DISPUTES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
REQUESTS = [row for row in FORM.table("requests").rows if not row.optional]
Row = Callable[[str, list[str]], str]


class Report:
    """Figures for which every sum holds, about half of the zeros blank."""

    def __init__(self, number: int) -> None:
        pen = Random(number)
        self.values = consistent(pen, FORM, keys(FORM))
        self.texts = {
            key: "" if value == 0 and pen.random() < 0.5 else str(value)
            for key, value in self.values.items()
        }

    def row(self, table: str, row: str) -> list[str]:
        """The printed texts of a row."""
        printed = FORM.table(table)
        return [self.texts[table, row, c] for c in printed.columns_of(printed.row(row))]

    def zeros(self, table: str, row: str) -> list[str]:
        """The same, blanks as zeros."""
        return [text or "0" for text in self.row(table, row)]

    def proactive(
        self, line: Row, head: Callable[[str, tuple], list[str]] | None = None
    ) -> list[str]:
        """The lines of table 二."""
        lines: list[str] = []
        for item, header, rows in PROACTIVE:
            lines += head(item, header) if head else [item, "  ".join(header)]
            for key in rows:
                lines.append(line(FORM.table("proactive").row(key).zh, self.row("proactive", key)))
        return lines

    def requests(self, line: Row) -> list[str]:
        """The lines of table 三."""
        return [APPLICANTS, *(line(row.zh, self.row("requests", row.key)) for row in REQUESTS)]

    def disputes(self) -> list[str]:
        """The lines of table 四."""
        figures = [text for row in DISPUTES for text in self.zeros("disputes", row)]
        return [
            "行政复议  行政诉讼  未经复议直接起诉  复议后起诉",
            "  ".join(ENDS * 3),
            "  ".join(figures),
        ]

    def page(self, proactive: list[str], requests: list[str], disputes: list[str]) -> str:
        """The report."""
        return "\n".join(
            [
                "青河县水务局2022年政府信息公开工作年度报告", "一、总体情况", "2022年主动公开信息12条。",
                "二、主动公开政府信息情况", *proactive, "三、收到和处理政府信息公开申请情况", *requests,
                "四、政府信息公开行政复议、行政诉讼情况", *disputes, "五、存在的主要问题及改进情况", "内容还不够丰富。",
            ]
        )  # fmt: skip

    def whole(self, line: Row) -> str:
        """The report, all rows of tables 二 and 三 written alike."""
        return self.page(self.proactive(line), self.requests(line), self.disputes())


def _without_blanks(between: str = "  ") -> Row:
    return lambda label, texts: between.join([label, *filter(None, texts)])


def _instead(word: str, between: str = "  ") -> Row:
    return lambda label, texts: between.join([label, *(text or word for text in texts)])


def _first(between: str) -> Row:
    return lambda label, texts: between.join([*(text or "0" for text in texts), label])


def _labels(change: Callable[[str], str]) -> Row:
    return lambda label, texts: _instead("-", " | ")(change(label), texts)


def _over_pages(label: str, texts: list[str]) -> str:
    """A page ends between each label and its figures, and the browser says where and when."""
    page = ["2022/1/20 上午9:12  水务局", "https://www.example.gov.cn/1.html  1/9", "— 1 —"]
    return "\n".join([label, *page, *(text or "-" for text in texts)])


def _bar_before_total(label: str, texts: list[str]) -> str:
    cells = [*texts[:-1], "", texts[-1]] if len(texts) == 7 else texts
    return " | ".join([label, *cells])


def header_copied(report: Report) -> str:
    """A merged header cell is copied into each place that it covers, its figure is not."""

    def line(label: str, texts: list[str]) -> str:
        return f"|{'|'.join([label, *texts, *[''] * (3 - len(texts))])}|"

    def head(item: str, header: tuple) -> list[str]:
        copied = header if len(header) == 4 else (header[0], *[header[1]] * 3)
        return [f"|{'|'.join([item] * 4)}|", f"|{'|'.join(copied)}|"]

    requests = report.requests(lambda label, texts: f"|{'|'.join([label, *texts])}|")
    return report.page(report.proactive(line, head), requests, report.disputes())


CLEAR: dict[str, Callable[[Report], str]] = {
    "strokes": lambda report: report.whole(_instead("-")),
    "NaN for blanks": lambda report: report.whole(_instead("NaN")),
    "None for blanks": lambda report: report.whole(_instead("None")),
    "null for blanks, tabs": lambda report: report.whole(_instead("null", "\t")),
    "figures before labels": lambda report: report.whole(_first("  ")),
    "figures before labels, bars": lambda report: report.whole(_first(" | ")),
    "figures before labels, a line each": lambda report: report.whole(_first("\n")),
    "an unnamed empty column": lambda report: report.whole(_bar_before_total),
    "header copied, figure not": header_copied,
    "pages that browsers print": lambda report: report.whole(_over_pages),
    "a column of shares": lambda report: report.whole(
        lambda label, texts: "\t".join([label, *texts, "12.5%"])
    ),
    "bullets before labels": lambda report: report.whole(_labels("• {}".format)),
    "a misprint in each long label": lambda report: report.whole(
        _labels(lambda label: label[:-2] + "囗" + label[-1] if len(label) > 6 else label)
    ),
    "marks of quotation": lambda report: "> " + report.whole(_labels(str)).replace("\n", "\n> "),
}


def _wrapped(label: str, texts: list[str]) -> str:
    figures = [text or "0" for text in texts]
    rest = [figure[3:] for figure in figures if figure[3:]]
    line = "  ".join([label, *(figure[:3] for figure in figures)])
    return "\n".join([line, *["  ".join(rest)] * bool(rest)])


def _numbered(line: Row, between: str) -> Row:
    count = iter(range(1, 99))
    return lambda label, texts: f"{next(count)}{between}{line(label, texts)}"


def _with_feet(line: Row) -> Row:
    count = iter(range(1, 99))

    def write(label: str, texts: list[str]) -> str:
        number = next(count)
        return line(label, texts) + (f"\n{number // 6}" if number % 6 == 0 else "")

    return write


def _with_extra_row(line: Row, between: str) -> Row:
    return lambda label, texts: (
        line(label, texts)
        + (f"\n{between.join(['其中：网上申请', '3', '1'])}" if "本年新收" in label else "")
    )


def labels_first(by_columns: bool, between: str) -> Callable[[Report], str]:
    """All labels of table 三, then all its figures, by rows or by columns."""

    def write(report: Report) -> str:
        rows = [report.zeros("requests", row.key) for row in REQUESTS]
        runs = list(zip(*rows)) if by_columns else rows
        requests = [APPLICANTS, *(row.zh for row in REQUESTS), *(between.join(run) for run in runs)]
        return report.page(report.proactive(_instead("0")), requests, report.disputes())

    return write


def disputes_interleaved(label_last: bool) -> Callable[[Report], str]:
    """Table 四 as pdftotext dumps it: labels and columns between figures that are not theirs."""

    def write(report: Report) -> str:
        first, second, third = (report.zeros("disputes", row) for row in DISPUTES)
        disputes = [
            "行政复议",
            *ENDS,
            *first,
            "行政诉讼",
            "未经复议直接起诉",
            *ENDS,
            "复议后起诉",
            *ENDS,
            *second,
            *third,
        ]
        if label_last:
            disputes = [
                "行政诉讼",
                "行政复议",
                "未经复议直接起诉",
                *first,
                *ENDS,
                "复议后起诉",
                *ENDS,
                *second,
                *ENDS,
                *third,
            ]
        return report.page(
            report.proactive(_instead("0")), report.requests(_instead("0")), disputes
        )

    return write


def _cut_label(label: str, texts: list[str]) -> str:
    cut = label[:4] + "…" if len(label) > 5 else label
    return " | ".join([cut, *(text or "0" for text in texts)])


def _cut_cells(label: str, texts: list[str]) -> str:
    """Every cell goes on in the same cell of the next lines, as narrow columns of a drawn table do."""
    cells = [label, *(text or "0" for text in texts)]
    lines = [[cell[at : at + 4] for cell in cells] for at in range(0, max(map(len, cells)), 4)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _group_between(label: str, texts: list[str]) -> str:
    """The label of the group stands between a row's label and its figures."""
    group = ["三、本年度办理结果"] * label.startswith("1.")
    return "\n".join([label, *group, "  ".join(text or "0" for text in texts)])


def _behind_merged_label(label: str, texts: list[str]) -> str:
    """The label's cell is followed by the blanks that it covers; some figures have spaces inside."""
    cells = [" ".join(text) if text.startswith("1") else text for text in texts]
    return " | ".join([label, *[""] * 2 * (len(texts) == 7), *cells])


DAMAGED: dict[str, Callable[[Report], str]] = {
    "blanks gone": lambda report: report.whole(_without_blanks()),
    "blanks gone, a line each": lambda report: report.whole(_without_blanks("\n")),
    "figures cut at three digits": lambda report: report.whole(_wrapped),
    "page numbers": lambda report: report.whole(_with_feet(_without_blanks())),
    "page numbers, a line each": lambda report: report.whole(_with_feet(_without_blanks("\n"))),
    "row numbers": lambda report: report.whole(_numbered(_without_blanks(), "  ")),
    "row numbers, a line each": lambda report: report.whole(_numbered(_without_blanks("\n"), "\n")),
    "an extra row": lambda report: report.whole(_with_extra_row(_without_blanks(), "  ")),
    "an extra row, a line each": lambda report: report.whole(
        _with_extra_row(_without_blanks("\n"), "\n")
    ),
    "labels first": labels_first(False, "  "),
    "labels first, a line each": labels_first(False, "\n"),
    "labels first, figures by column": labels_first(True, "\n"),
    "cells cut at four characters": lambda report: report.whole(_cut_cells),
    "spaces in figures behind a merged label": lambda report: report.whole(_behind_merged_label),
    "a group's label before figures": lambda report: report.whole(_group_between),
    "labels cut short": lambda report: report.whole(_cut_label),
    "disputes interleaved": disputes_interleaved(False),
    "disputes interleaved, labels last": disputes_interleaved(True),
}


def outcome(report: Report, text: str) -> Counter:
    """How many cells were read right, wrong, called blank though printed, or left open."""
    try:
        record = decode_document(read(text.encode(), Source("report.txt")))
    except DisclosureError:
        return Counter(open=len(report.values))
    found: Counter = Counter()
    for cell in record.cells:
        key = cell.table, cell.row, cell.column
        printed = report.texts.get(key)
        if cell.status in ("unreadable", "absent"):
            found["open"] += 1
        elif cell.status == "reported":
            found[
                "right" if printed is not None and cell.value == report.values[key] else "wrong"
            ] += 1
        else:
            found["wrong" if printed else "right"] += 1
    return found


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("kind", CLEAR)
def test_a_text_that_says_which_figure_is_which_is_read(kind, number):
    report = Report(number)
    found = outcome(report, CLEAR[kind](report))
    assert not found["wrong"] and not found["open"], found


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_text_that_does_not_is_left_open_where_it_does_not(kind, number):
    report = Report(number)
    found = outcome(report, DAMAGED[kind](report))
    assert not found["wrong"], found


BLOCKS = ("行政复议", "未经复议直接起诉", "复议后起诉")
OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def _report(year: str, table: str) -> str:
    rest = "五、存在的主要问题及改进情况\n\n无。\n\n六、其他需要报告的事项\n\n无。\n"
    return f"某某市水务局{year}政府信息公开工作年度报告\n\n{table}\n\n{rest}"


def _disputes(figures: list[str]) -> str:
    labels = [*BLOCKS, *OUTCOMES * 3]
    return "\n\n".join(["四、政府信息公开行政复议、行政诉讼情况", *labels, *figures])


@pytest.mark.parametrize(
    "year, form",
    [("2019年", "2019"), ("2020年", "2019"), ("2021年", "2021"), ("2024年", "2021"), ("", "2021")],
)
def test_a_table_that_two_forms_share_is_of_the_form_of_the_reports_year(year, form):
    text = _report(
        year, _disputes(["1", "0", "2", "0", "3", "0", "0", "0", "0", "0", "1", "0", "0", "0", "1"])
    )
    assert decode_document(read(text.encode(), Source("a.txt"))).form == form


def test_figures_on_uneven_lines_that_add_up_nowhere_are_no_disputes():
    text = _report(
        "2024年", _disputes(["0", "5", "1", "13 6", "6", "2", "0", "17 4", "7", "6", "4", "2", "1"])
    )
    cells = decode_document(read(text.encode(), Source("a.txt"))).cells
    assert not [c for c in cells if c.table == "disputes" and c.status == "reported"]


def test_the_next_title_in_pieces_is_no_cell_of_a_table_that_lost_blanks():
    pieces = ["五、", "存在", "的主要", "问题", "及"]
    text = _report(
        "2024年", _disputes(["0", "0", "5", "5", "2", "0", "6", "0", "6", "12", *pieces])
    )
    cells = decode_document(read(text.encode(), Source("a.txt"))).cells
    assert not [c for c in cells if c.table == "disputes" and c.status == "reported"]


def test_a_figure_before_the_next_title_on_its_line_is_of_the_table():
    lines = [
        "某某市水务局2024年政府信息公开工作年度报告",
        "四、政府信息公开行政复议、行政诉讼情况",
        "|行政复议 |行政诉讼",
        " |".join(["", *OUTCOMES, "未经复议直接起诉", "复议后起诉"]),
        " |".join(["", *OUTCOMES, *OUTCOMES]),
        "|1 | 2 | 3 | 4 | 10 | 5 | 6 | 7 | 8 | 26 | 1 | 1 | 1 | 9",
        "|12 | |五、存在的主要问题及改进情况",
        "内容还不够丰富。",
    ]
    cells = decode_document(read("\n".join(lines).encode(), Source("a.txt"))).cells
    found = [c.value for c in cells if c.table == "disputes"]
    assert found == [1, 2, 3, 4, 10, 5, 6, 7, 8, 26, 1, 1, 1, 9, 12]


def test_a_unit_on_a_line_of_its_own_is_the_unit_of_the_figure_before_it():
    table = ("二、主动公开政府信息情况", "第二十条第（八）项", "信息内容", "本年收费金额（单位：万元）", "行政事业性收费", "150,341", "元")  # fmt: skip
    text = _report("2024年", "\n\n".join(table))
    cells = decode_document(read(text.encode(), Source("a.txt"))).cells
    assert [c.value for c in cells if c.row == "fees"] == [15.0341]


def test_a_word_of_a_markup_between_a_label_and_its_figure_is_no_cell():
    rows = [("规章", "0", "1", "3"), ("规范性文件", "13", "45219", "48338")]
    head = [("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")]
    lines = [
        line
        for row in (*head, *rows)
        for line in ("\\startxrow", *(f"\\startxcell {x} \\stopxcell" for x in row), "\\stopxrow")
    ]
    text = _report("2019年", "\n".join(["二、主动公开政府信息情况", "第二十条第（一）项", *lines]))
    cells = decode_document(read(text.encode(), Source("a.txt"))).cells
    right = dict(zip(("newly_made", "newly_disclosed", "total_disclosed"), ("0", "1", "3")))
    wrong = [
        c for c in cells
        if c.row == "rules" and c.value is not None and c.value != float(right[c.column])
    ]  # fmt: skip
    assert not wrong


def _csv_after_a_break(label: str, texts: list[str]) -> str:
    """A record of a table with three columns of labels, whose figures are broken in narrow cells."""
    cells = ('"' + "\n".join(text) + '"' if len(text) > 1 else text for text in texts)
    return ",".join([f'"{label}"', "", "", *cells])


@pytest.mark.parametrize("number", range(6))
def test_a_figure_of_several_lines_in_a_quoted_cell_moves_no_other(number):
    report = Report(number)
    requests = [APPLICANTS, *("," * 9 for _ in range(2))]
    for row in REQUESTS:
        requests.append(_csv_after_a_break(row.zh, report.row("requests", row.key)))
    found = outcome(report, report.page([], requests, []))
    assert found["right"] and not found["wrong"], found


def _requests(**rows: str) -> dict[str, list[tuple[float | None, str, str]]]:
    """Row → (value, status, source) of its cells, where all other rows of table 三 are zeros."""
    lines = [
        "\t".join((row.zh, *rows.get(row.key, "0 0 0 0 0 0 0").split()))
        for row in FORMS["2021"].table("requests").rows
        if not row.optional
    ]
    text = _report("2024年", "\n".join(["三、收到和处理政府信息公开申请情况", *lines]))
    cells = decode_document(read(text.encode(), Source("a.txt"))).cells
    return {
        key: [(c.value, c.status, c.source) for c in cells if (c.table, c.row) == ("requests", key)]
        for key in rows
    }


def test_blanks_that_a_text_lost_are_placed_where_the_sums_leave_one_place():
    whole = "5 0 2 0 1 0 8"
    found = _requests(received=whole, disclosed_full="5 2 1 8", outcomes_total=whole)
    assert [value for value, _, _ in found["disclosed_full"]] == [5, None, 2, None, 1, None, 8]
    assert {source for _, _, source in found["disclosed_full"]} == {"identities"}


@pytest.mark.parametrize("rows", [
    {"received": "5 2 1 8", "disclosed_full": "5 2 1 8", "outcomes_total": "5 2 1 8"},  # in step anywhere
    {"received": "5 1 0 0 0 0 6", "disclosed_full": "5 1 0 0 0 6", "outcomes_total": "5 1 0 0 0 0 6"},  # which 0 is gone
    {"received": "5 0 2 0 1 0 8", "disclosed_full": "5 3 1 9", "outcomes_total": "5 0 2 0 1 0 8"},  # adds up nowhere
])  # fmt: skip
def test_blanks_that_may_stand_in_several_places_or_in_none_are_left_open(rows):
    found = _requests(**rows)
    assert {status for _, status, _ in found["disclosed_full"]} == {"unreadable"}
