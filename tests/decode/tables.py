"""Small reports in HTML for tests of the parser: tables with any rows, as agencies print them."""

from __future__ import annotations

from govdisclosure.decode import decode_document
from govdisclosure.forms import FORMS
from govdisclosure.model import Record, Source
from govdisclosure.readers import read

APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
TITLES = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
          "五、存在的主要问题及改进情况", "六、其他需要报告的事项")  # fmt: skip


def row(*cells) -> str:
    """A table row; a cell is a text or (text, attributes)."""
    pairs = [c if isinstance(c, tuple) else (c, "") for c in cells]
    return "<tr>" + "".join(f"<td {a}>{t}</td>" for t, a in pairs) + "</tr>"


def requests_rows(form: str = "2021", first: str = "5 0 0 0 0 0 5") -> list[str]:
    """All rows of table 三: what was received was disclosed in full, the other rows are 0."""
    head = [
        row(
            (
                "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
                "colspan=1 rowspan=3",
            ),
            ("申请人情况", "colspan=7"),
        ),
        row(("自然人", "rowspan=2"), ("法人或其他组织", "colspan=5"), ("总计", "rowspan=2")),
        row(*APPLICANTS[1:]),
    ]
    rows = [r for r in FORMS[form].table("requests").rows if not r.optional]
    same = (
        ("received", "disclosed_full", "outcomes_total")
        if len(first.split()) == 7
        else ("received",)
    )
    return head + [row(r.zh, *(first if r.key in same else "0 0 0 0 0 0 0").split()) for r in rows]


def proactive_rows() -> list[str]:
    """Table 二 on the form of 2021."""
    rows = [
        row(("第二十条第（一）项", "colspan=4")),
        row("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        row("规章", "1", "2", "3"),
        row("行政规范性文件", "4", "5", "6"),
    ]
    for article, names in (("（五）", ["行政许可"]), ("（六）", ["行政处罚", "行政强制"])):
        rows += [
            row((f"第二十条第{article}项", "colspan=4")),
            row("信息内容", ("本年处理决定数量", "colspan=3")),
        ]
        rows += [row(n, ("7", "colspan=3")) for n in names]
    return [
        *rows,
        row(("第二十条第（八）项", "colspan=4")),
        row("信息内容", ("本年收费金额（单位：万元）", "colspan=3")),
        row("行政事业性收费", ("8.5", "colspan=3")),
    ]


def dispute_rows(values: str = "1 0 0 0 1 0 0 0 0 0 0 0 0 0 0") -> list[str]:
    """Table 四."""
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    return [
        row(("行政复议", "colspan=5"), ("行政诉讼", "colspan=10")),
        row(
            *((r, "rowspan=2") for r in results),
            ("未经复议直接起诉", "colspan=5"),
            ("复议后起诉", "colspan=5"),
        ),
        row(*results, *results),
        row(*values.split()),
    ]


def page(
    proactive=None,
    requests=None,
    disputes=None,
    *,
    agency: str = "青河县水务局",
    year: int = 2022,
    extra: str = "",
) -> str:
    """A whole report as HTML."""
    tables = (
        proactive_rows() if proactive is None else proactive,
        requests_rows() if requests is None else requests,
        dispute_rows() if disputes is None else disputes,
    )
    title = f"{agency}{year}年政府信息公开工作年度报告"
    body = [f"<h1>{title}</h1>", f"<p>{TITLES[0]}</p><p>{year}年，主动公开信息86条。</p>{extra}"]
    body += [f"<p>{t}</p><table>{''.join(rows)}</table>" for t, rows in zip(TITLES[1:4], tables)]
    body += [
        f"<p>{TITLES[4]}</p><p>公开内容还不够丰富。</p><p>{TITLES[5]}</p><p>未收取信息处理费。</p>"
    ]
    return f"<html><head><title>{title}</title></head><body>{''.join(body)}</body></html>"


def parsed(text: str | bytes, name: str = "qinghe-2022.html") -> Record:
    """Read and parsed."""
    return decode_document(
        read(text if isinstance(text, bytes) else text.encode(), Source(name, name))
    )


def cell(record: Record, code: str):
    """The cell with a code 'table.row.column'."""
    return next(c for c in record.cells if f"{c.table}.{c.row}.{c.column}" == code)
