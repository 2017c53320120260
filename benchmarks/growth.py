"""How the cost of reading grows with every structure that can be repeated: cells, brackets, spaces, spans, comments, …

    python -m benchmarks.growth                         every kind at 1, 2, 4 and 8 times, 128 KiB at most
    python -m benchmarks.growth --bytes 1000000         up to a megabyte
    python -m benchmarks.growth html: pdf:              kinds whose name begins so
    PYTHONPATH=other python benchmarks/growth.py --name before      another checkout of the library

A kind is a format and a structure: a small report with one thing in one place, repeated. Each kind is read in a process of
its own with limits of CPU time and memory; CPU time is counted. A kind fails where its time grows faster than n^1.3, where
it takes more than 2 s for a megabyte, 300 MiB more than an ordinary report, or ends otherwise than in a Record or a
DisclosureError. Writes results/growth-<name>.csv and growth-<name>.md; exit code 1 where a kind fails.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import math
import multiprocessing
import resource
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from govdisclosure.errors import DisclosureError
from govdisclosure.forms import FORMS
from govdisclosure.pipeline import read_record

TIMES = (1, 2, 4, 8)
EXPONENT, SECONDS_A_MB, MEMORY_MB = 1.3, 2.0, 300
CPU, SPACE, SURE = 12, 4 << 30, 0.06  # limits of a process; seconds below which growth is noise
TITLE = "某县财政局2021年政府信息公开工作年度报告"
PROSE = "2021年，主动公开政府信息12条，办理申请3件。"
HEADS = ("一、总体情况", "三、收到和处理政府信息公开申请情况", "五、存在的主要问题及改进情况")
ROWS = [row.zh for row in FORMS["2021"].table("requests").rows if not row.optional]
WIDTH = 7

# What can stand again and again in any text.
UNITS = {
    "space": " ", "wide space": "\u3000", "no-break space": "\u00a0", "tab": "\t", "zero width": "\u200b", "digit": "1",
    "figure": "12 ", "figures apart": "0    ", "thousands": "1,234,", "decimal": "1.", "pipe": "|", "pipe cell": "| 1 ",
    "open bracket": "（", "close bracket": "）", "brackets": "（一）", "open square": "[", "note": "[1]", "raised": "¹",
    "quote": "“", "colon": "：", "comma": "，", "stop": "。", "dash": "—", "slash": "/", "star": "*", "hash": "#", "hanzi": "的",
    "letter": "a", "label": "（一）予以公开", "wrapped label": "（七）总 计", "title": TITLE, "year": "2021年", "agency": "某县人民政府",
    "heading": "一、总体情况", "site code": "网站标识码 ", "semicolon": ";", "column words": "本年新", "rule words": "规章|", "table of html": "<table><tr><td>a</td></tr></table>", "sentence": "受理申请12件，", "sentence end": "共3条。", "percent": "占99.5%，", "list": "1．甲；2．乙；",
    "money": "收费1.5万元、", "account": "“某县发布”微信公众号，", "without": "无", "hyphen": "-", "underscore": "_", "letter and digit": "a1",
    "cjk number": "二〇二一", "ten": "十", "compat": "㈠", "circled": "①", "replacement": "\ufffd", "private": "\ue000",
}  # fmt: skip
# Where it can stand: (in the title, in the prose, in a label, in a figure's cell).
PLACES = ("title", "prose", "label", "figure")


class Report:
    """The small report, with text added in one place."""

    def __init__(self, place: str = "", text: str = "") -> None:
        add = {place: text}
        self.title = TITLE + add.get("title", "")
        self.prose = [PROSE + add.get("prose", ""), *add.get("lines", "").split("\n")]
        self.rows = [[label, *["0"] * WIDTH] for label in ROWS]
        self.rows[2][0] += add.get("label", "")
        self.rows[2][1] += add.get("figure", "")

    def blocks(self) -> Iterator[tuple[str, str | list]]:
        """(kind, content) in reading order: h, p and table."""
        yield "h", self.title
        yield "p", HEADS[0]
        yield from (("p", line) for line in self.prose)
        yield "p", HEADS[1]
        yield "table", self.rows
        yield "p", HEADS[2]


def html(
    report: Report, head: str = "", body: str = "", rows: str = "", cell: str = "", before: str = ""
) -> bytes:
    """The report as a page, with markup added in its head, before its text, in its table or in a cell."""
    page = [f"{before}<html><head><title>{escape(report.title)}</title>{head}</head><body>{body}"]
    for kind, content in report.blocks():
        if kind == "table":
            lines = ["<td>" + "</td><td>".join(map(escape, row)) + "</td>" for row in content]
            lines[2] = lines[2].replace("<td>0", f"<td>{cell}0", 1)
            page.append(f"<table><tr>{'</tr><tr>'.join(lines)}</tr>{rows}</table>")
        else:
            page.append(
                f"<{kind}>{escape(content)}</{kind}>".replace("<h>", "<h1>").replace(
                    "</h>", "</h1>"
                )
            )
    return "".join([*page, "</body></html>"]).encode()


def text(report: Report, cell: str = "  ", extra: str = "") -> bytes:
    """The report as a dump."""
    lines = [extra]
    for kind, content in report.blocks():
        lines += [cell.join(row) for row in content] if kind == "table" else [content]
    return "\n".join(lines).encode()


def markdown(report: Report, extra: str = "") -> bytes:
    """The report in Markdown."""
    lines = []
    for kind, content in report.blocks():
        if kind == "table":
            rule = "|" + "---|" * (WIDTH + 1)
            table = ["| " + " | ".join(row) + " |" for row in content]
            lines += ["", table[0], rule, *table[1:], ""]
        else:
            lines += ["# " + content if kind == "h" else content, ""]
    return "\n".join([*lines, extra]).encode()


def packed(files: dict[str, str], first: str = "") -> bytes:
    """A zip."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:
        if first:
            package.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in files.items():
            package.writestr(name, content)
    return sink.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def docx(report: Report, body: str = "", cell: str = "", run: str = "") -> bytes:
    """The report as DOCX, with XML added before the text, in a cell or in a paragraph."""

    def paragraph(words: str) -> str:
        return f'<w:p>{run}<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'

    parts = [body]
    for kind, content in report.blocks():
        if kind == "table":
            lines = ["".join(f"<w:tc>{cell}{paragraph(c)}</w:tc>" for c in row) for row in content]
            parts.append(f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>")
        else:
            parts.append(paragraph(content))
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{"".join(parts)}</w:body></w:document>'
    kinds = f'<Types xmlns="{TYPES}"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    return packed({"[Content_Types].xml": kinds, "word/document.xml": legal(xml)})


def legal(xml: str) -> str:
    """XML without characters that it does not allow."""
    return "".join(c for c in xml if c >= " " or c in "\t\n\r")


def mhtml(report: Report, headers: str = "", part: str = "", page: str = "") -> bytes:
    """The report as a saved page."""
    content = html(report, body=page).decode()
    return (
        f"From: <Saved>\nSubject: x\n{headers}MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"b\"{part}\n\n"
        f"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{content}\n--b--\n"
    ).encode()  # fmt: skip


def xlsx(report: Report, rows: str = "", cell: str = "") -> bytes:
    """The report as a workbook with texts inside its sheet."""

    def line(texts: list[str]) -> str:
        cells = "".join(f'<c t="inlineStr"><is><t>{escape(t)}</t></is></c>' for t in texts)
        return f"<row>{cells}{cell}</row>"

    lines = [line(r) for k, c in report.blocks() for r in (c if k == "table" else [[c]])]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    vnd = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return packed({
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{vnd}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{vnd}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": legal(f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}{rows}</sheetData></worksheet>'),
    })  # fmt: skip


def odt(report: Report, body: str = "", cell: str = "") -> bytes:
    """The report as ODT."""
    parts = [body]
    for kind, content in report.blocks():
        if kind == "table":
            lines = [
                "".join(
                    f"<table:table-cell>{cell}<text:p>{escape(c)}</text:p></table:table-cell>"
                    for c in row
                )
                for row in content
            ]
            parts.append(
                f"<table:table>{''.join(f'<table:table-row>{x}</table:table-row>' for x in lines)}</table:table>"
            )
        else:
            parts.append(f"<text:p>{escape(content)}</text:p>")
    names = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "text", "table")
    )
    xml = f"<office:document-content {names}><office:body><office:text>{''.join(parts)}</office:text></office:body></office:document-content>"
    return packed({"content.xml": legal(xml)}, "application/vnd.oasis.opendocument.text")


def rtf(report: Report, body: str = "") -> bytes:
    """The report as RTF."""

    def words(content: str) -> str:
        return "".join(
            c if " " <= c < "\x7f" and c not in "\\{}" else f"\\u{ord(c)}?" for c in content
        )

    parts = [r"{\rtf1\ansi ", body]
    for kind, content in report.blocks():
        if kind == "table":
            for row in content:
                edges = "".join(f"\\cellx{1000 * n}" for n in range(1, WIDTH + 2))
                parts.append(
                    "\\trowd" + edges + "".join(f"\\intbl {words(c)}\\cell" for c in row) + "\\row "
                )
        else:
            parts.append(words(content) + "\\par ")
    return "".join([*parts, "}"]).encode("latin-1", "replace")


def pdf(content: str, pages: int = 1, extra: str = "", catalog: str = "") -> bytes:
    """A PDF of pages with this content; fonts /F (Latin) and /G (Chinese, as UTF-16)."""
    kids = " ".join(f"{10 + n} 0 R" for n in range(pages))
    fonts = "<< /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> /G << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>] >> >>"
    objects = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox [0 0 595 842] /Resources << /Font {fonts} /XObject << /X 4 0 R >> >> >>",
        3: f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        4: "<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] /Length 13 >>\nstream\n0 0 5 5 re f \nendstream",
        **{10 + n: f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R {extra} >>" for n in range(pages)},
    }  # fmt: skip
    out, places = ["%PDF-1.7\n"], {}
    size = len(out[0])
    for number, value in objects.items():
        places[number] = size
        out.append(f"{number} 0 obj\n{value}\nendobj\n")
        size += len(out[-1])
    out.append("xref\n0 1\n0000000000 65535 f \n")
    out += [f"{number} 1\n{place:010d} 00000 n \n" for number, place in places.items()]
    out.append(f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R >>\nstartxref\n{size}\n%%EOF\n")
    return "".join(out).encode("latin-1")


def shown(words: str, x: float, y: float, font: str = "G") -> str:
    """Text at a place of a PDF page."""
    code = words.encode("utf-16-be").hex() if font == "G" else words.encode().hex()
    return f"BT /{font} 8 Tf 1 0 0 1 {x:.1f} {y:.1f} Tm <{code}> Tj ET\n"


BASE_PDF = shown(TITLE, 50, 800) + "".join(
    shown(label[:12], 50, 780 - 12 * n)
    + "".join(shown("0", 300 + 30 * k, 780 - 12 * n) for k in range(WIDTH))
    for n, label in enumerate(ROWS)
)


def lattice(count: int) -> str:
    """Rules across and down."""
    step = 700 / count
    return "".join(f"50 {60 + n * step:.2f} m 550 {60 + n * step:.2f} l S {50 + n * step * 0.7:.2f} 60 m {50 + n * step * 0.7:.2f} 760 l S\n" for n in range(count))  # fmt: skip


# name → how to make it of n bytes or so of the repeated thing
Kinds = dict[str, Callable[[int], bytes]]


def of(unit: str, make: Callable[[str], bytes]) -> Callable[[int], bytes]:
    """n bytes of a unit, in a place."""
    return lambda size: make(unit * max(1, size // len(unit.encode())))


def kinds() -> Kinds:
    """Every kind by name, format first."""
    found: Kinds = {}
    writers = {"html": html, "txt": text, "md": markdown, "docx": docx}
    for name, unit in UNITS.items():
        for form, write in writers.items():
            places = PLACES if form in ("html", "txt") else PLACES[1::2]
            for place in places:
                found[f"{form}: {name} in {place}"] = of(
                    unit, lambda t, w=write, p=place: w(Report(p, t))
                )
        found[f"txt: {name}, lines"] = of(unit + "\n", lambda t: text(Report("lines", t)))
        found[f"txt: {name}, no line end, before all"] = of(unit, lambda t: text(Report(), extra=t))
    for form, structures in STRUCTURES.items():
        for name, make in structures.items():
            found[f"{form}: {name}"] = make
    for form, write in {"mhtml": mhtml, "xlsx": xlsx, "odt": odt, "rtf": rtf}.items():
        for name in ("space", "figure", "open bracket", "label", "sentence", "year", "hanzi"):
            for place in ("prose", "figure"):
                found[f"{form}: {name} in {place}"] = of(
                    UNITS[name], lambda t, w=write, p=place: w(Report(p, t))
                )
    return found


def nested(begin: str, end: str, make: Callable[[str], bytes]) -> Callable[[int], bytes]:
    """Something inside itself."""

    def made(size: int) -> bytes:
        count = max(1, size // len(begin + end))
        return make(begin * count + "1" + end * count)

    return made


def in_html(**where: str) -> Callable[[str], bytes]:
    """A page with what is repeated in one place."""
    ((place, pattern),) = where.items()
    return lambda added: html(Report(), **{place: pattern.replace("…", added)})


ROW = "<tr>" + "<td>1</td>" * 8 + "</tr>"
HTML = {
    "rows": ("rows", "…", ROW), "cells in a row": ("rows", "<tr>…</tr>", "<td>1</td>"), "blank cells in a row": ("rows", "<tr>…</tr>", "<td>"),
    "rows without cells": ("rows", "…", "<tr>"), "rowspans over nothing": ("rows", "<tr><td rowspan=65000>1</td></tr>…", "<tr></tr>"),
    "rowspans": ("rows", "…", "<tr><td rowspan=9>1"), "colspans": ("rows", "…", "<tr><td colspan=9>1"), "wide colspans": ("rows", "…", "<tr><td colspan=900>1"),
    "rowspans of a row": ("rows", "<tr>…</tr>", "<td rowspan=99>1</td>"), "tables": ("body", "…", "<table><tr><td>1</table>"), "tables of rows": ("body", "…", f"<table>{ROW}</table>"),
    "comments": ("body", "…", "<!-- x -->"), "open comments": ("body", "…", "<!--"), "odd comments": ("body", "…", "<!-->"), "comment ends": ("body", "…", "-->"), "comments before all": ("before", "…", "<!-- 栏目 begin -->\n"), "open pre": ("body", "…", "<pre "), "comments in a cell": ("cell", "…", "<!-- -->"),
    "cdata": ("body", "…", "<![CDATA["), "processing": ("body", "…", "<?x "), "doctype": ("body", "…", "<!DOCTYPE "), "lone lt": ("body", "…", "<"), "lt bang": ("body", "…", "<!"), "lt slash": ("body", "…", "</"),
    "open tags": ("body", "…", "<b>"), "end tags": ("body", "…", "</b>"), "pre": ("body", "…", "<pre>"), "paragraphs": ("body", "…", "<p>"), "words in paragraphs": ("body", "…", "<p>公开1条"), "breaks": ("body", "…", "<br>"), "breaks in a cell": ("cell", "…", "1<br>"),
    "divs": ("body", "…", "<div>"), "spans": ("body", "…", "<span>1</span>"), "raised": ("cell", "…", "<sup>1</sup>"), "struck": ("cell", "…", "<s>1</s>"), "links": ("body", "…", "<a href=x>1</a>"), "headings": ("body", "…", "<h2>一、"),
    "attributes": ("body", "<p …>", "a=1 "), "one long attribute": ("body", "<p a='…'>", "x "), "style of spaces": ("body", "<p style='display:…none'>", " "), "styles": ("body", "…", "<p style='display:none'>x</p>"), "style rules": ("head", "<style>…</style>", ".a{color:red}"),
    "hiding rules": ("head", "<style>…</style>", ".a,.b{display:none}"), "classes": ("body", "<p class='…'>", "a "), "open style": ("head", "<style>…", "a{"), "style comments": ("head", "<style>…</style>", "/*"), "selectors": ("head", "<style>…{display:none}</style>", ".a .b,"), "media": ("head", "<style>…</style>", "@media x{"),
    "metadata": ("head", "…", "<meta name='a' content='b'>"), "site code of spaces": ("head", "<meta name='SiteIDCode' content='…'>", " "), "column of spaces": ("head", "<meta name='ColumnName' content='…'>", " "), "scripts": ("head", "…", "<script>x</script>"), "open scripts": ("head", "…", "<script>"),
    "titles": ("head", "…", "<title>x</title>"), "entities": ("body", "<p>…", "&nbsp;"), "open entities": ("body", "<p>…", "&#"), "ampersands": ("body", "<p>…", "&"), "numbers as entities": ("body", "<p>…", "&#49;"), "inputs": ("body", "…", "<input value=1>"), "selects": ("body", "…", "<select><option>1</select>"),
    "lists": ("body", "…", "<ul><li>1"), "forms in rows": ("rows", "…", "<tr><form><td>1"), "headers of table": ("rows", "…", "<thead><tr><th>1"), "captions": ("rows", "…", "<caption>1"), "frames": ("body", "…", "<iframe>"), "templates": ("body", "…", "<template>"), "svg": ("body", "…", "<svg>"), "charset": ("head", "…", "<meta charset=gbk>"),
}  # fmt: skip

STRUCTURES: dict[str, Kinds] = {
    "html": {
        **{name: of(unit, in_html(**{place: pattern})) for name, (place, pattern, unit) in HTML.items()},
        **{
            f"nested {tag}": nested(f"<{tag}>", f"</{tag}>", in_html(body="…"))
            for tag in ("div", "b", "span", "table", "table><tr><td", "ul><li", "p", "font", "sup", "blockquote", "form", "section")
        },
        "ragged rows": lambda size: html(Report(), rows="".join(f"<tr>{'<td>1' * n}" for n in range(int(math.sqrt(size * 2 / 6))))),
        "one row as long as all others": lambda size: html(Report(), rows=f"<tr>{'<td>' * (size // 8)}</tr>{'<tr><td>' * (size // 16)}"),
        "rowspans one longer each": lambda size: html(Report(), rows="".join(f"<tr><td rowspan={n}>1" for n in range(size // 24))),
    },
    "txt": {
        "lines of cells": of("收到 0 0 0 0 0 0 0\n", lambda t: text(Report("lines", t))),
        "tables": of("（一）予以公开\n0\n0\n", lambda t: text(Report("lines", t))),
        "piped lines": of("| 收到 | 0 | 0 |\n", lambda t: text(Report("lines", t))),
        "forms": lambda size: text(Report()) * max(1, size // len(text(Report()))),
        "lines one wider each": lambda size: text(Report("lines", "\n".join("0 " * n for n in range(int(math.sqrt(size)))))),
        "lines cut everywhere": lambda size: text(Report("lines", "\n".join(PROSE * (size // 60)))),
        "rows one cell a line": lambda size: text(Report(), cell="\n") + b"\n0" * (size // 2),
        "sums that could hold": of("总计 1 2 3 4 5 6 21\n", lambda t: text(Report("lines", t))),
    },
    "md": {
        name: of(unit, lambda t: markdown(Report(), t))
        for name, unit in {
            "rows": "| 1 | 2 |\n", "rules": "|---|---|\n", "headings": "# 一、\n", "tables": "|a|b|\n|--|--|\n|1|2|\n\n", "rule cells": "|---", "cells": "| 1 ",
            "escapes": "\\|", "code": "`", "fences": "```\n", "quotes": "> ", "emphasis": "*", "strong": "**a", "links": "[a](", "images": "![](x)", "lists": "- 1\n", "html": "<td>", "breaks": "<br>", "lines": "=\n",
        }.items()  # fmt: skip
    },
    "docx": {
        **{
            name: of(unit, lambda t: docx(Report(), body=t))
            for name, unit in {
                "paragraphs": "<w:p/>", "runs": "<w:p><w:r><w:t>1</w:t></w:r></w:p>", "tables": "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", "comments": "<!-- x -->", "breaks": "<w:p><w:r><w:br/></w:r></w:p>",
                "bookmarks": "<w:bookmarkStart w:id='1' w:name='a'/>", "deletions": "<w:p><w:del><w:r><w:delText>1</w:delText></w:r></w:del></w:p>", "fields": "<w:p><w:fldSimple w:instr='PAGE'/></w:p>", "tabs": "<w:p><w:r><w:tab/></w:r></w:p>",
            }.items()  # fmt: skip
        },
        "rows": of("<w:tr><w:tc><w:p/></w:tc></w:tr>", lambda t: docx(Report(), body=f"<w:tbl>{t}</w:tbl>")),
        "cells in a row": of("<w:tc><w:p/></w:tc>", lambda t: docx(Report(), body=f"<w:tbl><w:tr>{t}</w:tr></w:tbl>")),
        "merged down": of("<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>", lambda t: docx(Report(), body=f"<w:tbl>{t}</w:tbl>")),
        "wide spans": of("<w:tr><w:tc><w:tcPr><w:gridSpan w:val='60'/></w:tcPr><w:p/></w:tc></w:tr>", lambda t: docx(Report(), body=f"<w:tbl>{t}</w:tbl>")),
        "ragged rows": lambda size: docx(Report(), body=f"<w:tbl><w:tr>{'<w:tc/>' * (size // 14)}</w:tr>{'<w:tr><w:tc/></w:tr>' * (size // 40)}</w:tbl>"),
        "open fields": lambda size: docx(Report(), run="<w:r><w:fldChar w:fldCharType='begin'/></w:r>" * max(1, size // 10_000)),
        "nested tables": nested("<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>", lambda t: docx(Report(), body=t.replace("1", "<w:p/>", 1))),
        "nested controls": nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", lambda t: docx(Report(), body=t.replace("1", "", 1))),
        "runs in a paragraph": of("<w:r><w:t>1</w:t></w:r>", lambda t: docx(Report(), body=f"<w:p>{t}</w:p>")),
        "texts in a run": of("<w:t>1</w:t><w:br/>", lambda t: docx(Report(), body=f"<w:p><w:r>{t}</w:r></w:p>")),
        "paragraphs in a cell": of("<w:p><w:r><w:t>1</w:t></w:r></w:p>", lambda t: docx(Report(), cell=t[: len(t) // 200])),
    },
    "mhtml": {
        "headers": of("X-A: b\n", lambda t: mhtml(Report(), headers=t)),
        "a long header": of("b ", lambda t: mhtml(Report(), headers=f"X-A: {t}\n")),
        "parameters": of("; a=b", lambda t: mhtml(Report(), part=t)),
        "a parameter of semicolons": of(";", lambda t: mhtml(Report(), part=f'; a="{t}"')),
        "open parameters": of("; a=\"", lambda t: mhtml(Report(), part=t)),
        "folded header": of("\n b", lambda t: mhtml(Report(), headers=f"X-A:{t}\n")),
        "parts": of("\n--b\nContent-Type: text/plain\n\nx", lambda t: mhtml(Report(), page=t)),
        "boundaries": of("\n--b", lambda t: mhtml(Report(), page=t)),
        "encoded words": of("=?utf-8?q?a?= ", lambda t: mhtml(Report(), headers=f"Subject: {t}\n")),
    },
    "xlsx": {
        "rows": of("<row><c><v>1</v></c></row>", lambda t: xlsx(Report(), rows=t)),
        "blank rows": of("<row/>", lambda t: xlsx(Report(), rows=t)),
        "cells in a row": of("<c><v>1</v></c>", lambda t: xlsx(Report(), rows=f"<row>{t}</row>")),
        "far cells": lambda size: xlsx(Report(), rows="".join(f'<row r="{1000 * n}"><c r="XFD{1000 * n}"><v>1</v></c></row>' for n in range(1, min(1000, size // 40)))),
    },
    "odt": {
        "paragraphs": of("<text:p>1</text:p>", lambda t: odt(Report(), body=t)),
        "repeated cells": of('<table:table-cell table:number-columns-repeated="1000"/>', lambda t: odt(Report(), body=f"<table:table><table:table-row>{t}</table:table-row></table:table>")),
        "repeated rows": of('<table:table-row table:number-rows-repeated="100"><table:table-cell/></table:table-row>', lambda t: odt(Report(), body=f"<table:table>{t}</table:table>")),
        "spaces": of("<text:s/>", lambda t: odt(Report(), body=f"<text:p>{t}</text:p>")),
        "nested spans": nested("<text:span>", "</text:span>", lambda t: odt(Report(), body=f"<text:p>{t}</text:p>")),
    },
    "rtf": {
        "groups": of("{a}", lambda t: rtf(Report(), t)),
        "open groups": of("{", lambda t: rtf(Report(), t)),
        "controls": of("\\b ", lambda t: rtf(Report(), t)),
        "rows": of("\\trowd\\cellx1000\\intbl 1\\cell\\row ", lambda t: rtf(Report(), t)),
        "cells": of("1\\cell ", lambda t: rtf(Report(), "\\trowd " + t)),
        "characters": of("\\u20013?", lambda t: rtf(Report(), t)),
        "bytes": of("\\'b0\\'a1", lambda t: rtf(Report(), t)),
    },
    "csv": {
        "rows": of("某县财政局,2021,requests,received,total,1\n", lambda t: f"agency,year,table,row,column,value\n{t}".encode()),
        "columns": of(",a", lambda t: f"agency,year,table,row,column,value{t}\n某县财政局,2021,requests,received,total,1\n".encode()),
        "agencies": lambda size: ("agency,year,table,row,column,value\n" + "".join(f"某县{n}局,2021,requests,received,total,1\n" for n in range(size // 50))).encode(),
        "open quotes": of('"a', lambda t: f"agency,year,table,row,column,value\n{t}".encode()),
    },
    "pdf": {
        "lattice": lambda size: pdf(BASE_PDF + lattice(max(2, size // 60))),
        "rules": of("50 50 m 60 50 l S\n", lambda t: pdf(BASE_PDF + t)),
        "rules apart": lambda size: pdf(BASE_PDF + "".join(f"50 {n % 800} m {60 + n % 500} {n % 800} l S\n" for n in range(size // 20))),
        "boxes": of("50 50 5 5 re S\n", lambda t: pdf(BASE_PDF + t)),
        "thin boxes": lambda size: pdf(BASE_PDF + "".join(f"{n % 500} {n % 700} 90 0.5 re f\n" for n in range(size // 20))),
        "curves": of("1 1 2 2 3 3 c ", lambda t: pdf(BASE_PDF + "0 0 m " + t + "S")),
        "one path": of("5 5 l ", lambda t: pdf(BASE_PDF + "0 0 m " + t + "S")),
        "saved states": of("q ", lambda t: pdf(BASE_PDF + t)),
        "matrices": of("1 0 0 1 0 0 cm ", lambda t: pdf(BASE_PDF + t)),
        "pages of letters": lambda size: pdf(BASE_PDF + shown("1" * 5_000, 50, 50) * 2, pages=max(1, size // 2000)),
        "clips": of("0 0 600 850 re W n ", lambda t: pdf(t + BASE_PDF)),
        "forms": of("/X Do ", lambda t: pdf(BASE_PDF + t)),
        "texts in one place": of(shown("1", 50, 50), lambda t: pdf(BASE_PDF + t)),
        "texts in a line": lambda size: pdf(BASE_PDF + "".join(shown("1", n * 0.1 % 590, 50) for n in range(size // 50))),
        "texts all over": lambda size: pdf(BASE_PDF + "".join(shown("1", n * 7 % 590, n * 13 % 840) for n in range(size // 50))),
        "lines of text": lambda size: pdf(BASE_PDF + "".join(shown("公开1件", 50, 840 - n * 0.2 % 840) for n in range(size // 60))),
        "one long text": of("0031", lambda t: pdf(BASE_PDF + f"BT /G 8 Tf 50 50 Td <{t}> Tj ET")),
        "spaces": of("0020", lambda t: pdf(BASE_PDF + f"BT /G 1 Tf 50 50 Td <{t}> Tj ET")),
        "pages": lambda size: pdf(BASE_PDF, pages=max(1, size // len(BASE_PDF))),
        "annotations": of("<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (1) >> ", lambda t: pdf(BASE_PDF, extra=f"/Annots [{t}]")),
        "notes in font sizes": lambda size: pdf(BASE_PDF + "".join(shown("1", 300, 780 - n % 300).replace("8 Tf", f"{1 + n % 9} Tf") for n in range(size // 50))),
    },
}  # fmt: skip


def outcome(data: bytes, name: str) -> str:
    """'record', the kind of a refusal, or the name of what should never come out."""
    try:
        read_record(name, data=data)
        return "record"
    except DisclosureError as error:
        cause = f" from {type(error.__cause__).__name__}" if "Please report" in str(error) else ""
        return error.kind + cause
    except Exception as error:
        return type(error).__name__


def child(make: Callable[[int], bytes], size: int, form: str, pipe, every: tuple, cpu: int) -> None:
    """Read a kind at each size; send (times, bytes, CPU seconds, MiB, outcome)."""
    gc.freeze()  # what the parent made is no garbage of the input
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for times in every:
        data = make(size * times // TIMES[-1])
        began = time.process_time()
        said = outcome(data, f"a.{form}")
        seconds = time.process_time() - began
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) >> 10
        pipe.send((times, len(data), seconds, peak, said))
    pipe.close()


def measure(
    name: str, make: Callable[[int], bytes], size: int, every: tuple = TIMES, cpu: int = CPU
) -> dict:
    """A row of the table."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=child, args=(make, size, name.partition(":")[0], theirs, every, cpu)
    )
    process.start()
    theirs.close()
    rows = []
    try:
        while ours.poll(cpu * 6):
            rows.append(ours.recv())
    except EOFError:
        pass
    process.join(1)
    process.kill()
    process.join()
    seconds = {times: took for times, _, took, _, _ in rows}
    whole = len(rows) == len(every)
    exponent = (
        math.log(seconds[8] / max(seconds[2], 1e-9), 4)
        if whole and len(rows) > 1 and seconds[8] > SURE
        else math.nan
    )
    row = {"kind": name, **{f"s{times}": round(seconds.get(times, math.nan), 3) for times in TIMES}}
    row |= {
        "exponent": round(exponent, 2),
        "mib": rows[-1][3] if rows else 0,
        "said": rows[-1][4] if rows else "",
    }
    return row | {"verdict": verdict(row, whole, size, process.exitcode)}


def verdict(row: dict, whole: bool, size: int, code: int | None) -> str:
    """'' where all is well, else what is wrong."""
    if not whole:
        killed = code in (-signal.SIGXCPU, -signal.SIGKILL)
        return f"over {CPU} s" if killed else f"process ended with {code}"
    said = row["said"]
    if said[:1].isupper() or " from " in said:
        return f"ends in {said}"
    if row["exponent"] > EXPONENT and row["s8"] > 2 * SURE:
        return f"grows as n^{row['exponent']}"
    if row["s8"] > SECONDS_A_MB * max(size, 1 << 16) / 1e6 + 0.1:
        return f"{row['s8'] * 1e6 / size:.1f} s a MB"
    if row["mib"] > MEMORY_MB:
        return f"{row['mib']} MiB"
    return ""


def write(rows: list[dict], name: str, size: int, out: Path) -> str:
    """The table as CSV, what fails as Markdown; the summary."""
    out.mkdir(parents=True, exist_ok=True)
    with open(out / f"growth-{name}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    bad = [row for row in rows if row["verdict"]]
    forms = Counter(row["kind"].partition(":")[0] for row in rows)
    worse = Counter(row["kind"].partition(":")[0] for row in bad)
    said = ", ".join(f"{form} {worse[form]} of {count}" for form, count in forms.items())
    summary = f"{len(rows)} kinds up to {size:,} bytes, {len(bad)} fail: {said}"
    lines = [
        f"# Growth, {name}",
        "",
        summary + ".",
        "",
        "| kind | CPU s at 1, 2, 4, 8 times | |",
        "|---|---|---|",
    ]
    for row in bad:
        times = ", ".join(str(row[f"s{n}"]) for n in TIMES)
        lines.append(f"| {row['kind'].replace('|', '¦')} | {times} | {row['verdict']} |")
    (out / f"growth-{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return summary


def main() -> int:
    """Measure, write the table, say what fails."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("kinds", nargs="*")
    options.add_argument("--bytes", type=int, default=1 << 17)
    options.add_argument("--name", default="now")
    options.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    given = options.parse_args()
    chosen = {n: make for n, make in kinds().items() if n.startswith(tuple(given.kinds) or "")}
    for form, write_ in {
        "html": html,
        "txt": text,
        "md": markdown,
        "docx": docx,
        "odt": odt,
    }.items():
        outcome(write_(Report()), f"warm.{form}")
    outcome(pdf(BASE_PDF), "warm.pdf")
    rows = []
    for name, make in chosen.items():
        rows.append(measure(name, make, given.bytes))
        if rows[-1]["verdict"]:
            print(f"{name}: {rows[-1]['verdict']}", flush=True)
    print(write(rows, given.name, given.bytes, given.out))
    return bool(any(row["verdict"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
