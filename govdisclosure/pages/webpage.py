"""HTML pages: one a notebook, and an index. No script, no address of another host; what documents say is escaped."""

from __future__ import annotations

import base64
import io
import re
from html import escape, unescape
from pathlib import Path
from typing import Any, NamedTuple

from ..plots import fonts
from .notebook import chinese, tags

CSS = """
*{box-sizing:border-box}:root{color-scheme:light}
body{margin:0;background:#fff;color:#1a1a1a;font:17px/1.6 "Helvetica Neue",Arial,"Page Chinese","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:46rem;margin:0 auto;padding:1rem 1rem 4rem}h1{font-size:1.7rem;line-height:1.25;margin:.7em 0 .5em}
h2{font-size:1.2rem;margin:2.2em 0 .3em}a{color:#0058a3}code{font-size:.88em;background:#f3f3f1;padding:0 .2em}
nav{font-size:.9rem;border-bottom:1px solid #ddd;padding-bottom:.5rem;line-height:2}nav a,nav strong{margin-right:1em;white-space:nowrap}
.answer{border-left:4px solid #0072b2;background:#eef5fa;padding:.6rem 1rem;font-size:1.05rem;margin:1rem 0;overflow-wrap:anywhere}
.error{border-left:4px solid #d55e00;padding:.5rem 1rem;background:#fdf3ec;overflow-wrap:anywhere}
figure{margin:1.2rem 0}img{display:block;width:100%;height:auto}.data{font-size:.8rem;margin:0 1rem 0 0}
.scroll{overflow-x:auto;max-width:100%;margin:1rem 0 .3rem;background:linear-gradient(90deg,#fff 30%,#fff0),linear-gradient(270deg,#fff 30%,#fff0) 100% 0,linear-gradient(90deg,#0004,#0000),linear-gradient(270deg,#0004,#0000) 100% 0;background-repeat:no-repeat;background-size:40px 100%,40px 100%,14px 100%,14px 100%;background-attachment:local,local,scroll,scroll}
.cue{display:none;color:#666;font-size:.8rem}
table{border:0;border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;border:0;border-bottom:1px solid #e4e4e4;text-align:right;white-space:nowrap}
th:first-child,td:first-child,tbody th{text-align:left;font-weight:400}thead th{color:#555;border-bottom:1px solid #999}
code,pre{font-family:ui-monospace,Menlo,Consolas,"Page Chinese",monospace}pre{overflow-x:auto;font-size:13px;line-height:1.45;background:#f6f6f4;padding:.7rem}pre.text{background:none;padding:0;white-space:pre-wrap;font-size:.88rem}
details{margin:.5rem 0}details+details{margin-top:-.3rem}summary{color:#555;font-size:.85rem;cursor:pointer}
.card{border-top:1px solid #ddd;padding:.2rem 0 1rem;margin:1.2rem 0}.card h2{margin:.8em 0 .3em}
@media(max-width:620px){body{font-size:16px}.data{margin:0 1rem}td:first-child{white-space:normal;min-width:8rem}figure,.card img{margin-inline:-1rem}img{width:max(100%,var(--phone));max-width:none!important}.cue{display:block}}
@media print{details{display:none}.card{break-inside:avoid}}
"""
POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
WORDS = {
    "en": {
        "lang": "en",
        "home": "All pages",
        "index": "Open-government-information reports: questions and answers",
        "code": "the code",
        "data": "The data of this figure (CSV)",
        "error": "This page could not be finished",
        "no answer": "The notebook did not get as far as its answer.",
        "cue": "↔ scroll sideways for the rest",
    },
    "zh": {
        "lang": "zh-Hans",
        "home": "目录",
        "index": "政府信息公开工作年度报告：问题与回答",
        "code": "程序",
        "data": "本图数据（CSV）",
        "error": "本页未能完成",
        "no answer": "笔记本未能算出回答。",
        "cue": "↔ 左右滑动查看其余部分",
    },
}
PHONE = 0.75  # how far a phone may shrink a figure: its letters, 15 pixels as drawn, stay 11 high
PHONE_TEXT = 40  # letters of a table's row that a phone shows at once


class Page(NamedTuple):
    """A notebook that has run, and what the index says of it."""

    name: str
    short: str
    question: str
    answer: str
    error: str
    book: Any


def write_page(page: Page, pages: list[Page], folder: Path, language: str) -> None:
    """Write `page` into `folder`, with the data of each of its figures as a CSV beside it."""
    words = WORDS[language]
    links = [f'<a href="index.html">{words["home"]}</a>']
    for other in pages:
        same = other.name == page.name
        name = escape(other.short)
        links.append(
            f"<strong>{name}</strong>"
            if same
            else f'<a href="{escape(other.name)}.html">{name}</a>'
        )
    parts = [f"<nav>{' '.join(links)}</nav>", _error(page, words)]
    for cell in page.book.cells:
        parts += _cell(cell, page.name, folder, words, language)
    _write(folder / f"{page.name}.html", page.question, "\n".join(parts), words)


def write_index(pages: list[Page], folder: Path, language: str) -> None:
    """Write index.html: each page's question, answer and decisive figure."""
    words = WORDS[language]
    cards = [f"<h1>{escape(words['index'])}</h1>"]
    for page in pages:
        link = f'<a href="{escape(page.name)}.html">'
        drawn = [o for cell in page.book.cells for o in cell.get("outputs", []) if _png(o)]
        parts = [
            f"<h2>{link}{escape(page.question)}</a></h2>",
            _error(page, words),
            f"<div>{_emphasis(page.answer or words['no answer'])}</div>",
            *(f"{link}{_image(output)}</a>" for output in drawn[:1]),
        ]
        cards.append(f'<section class="card">{"".join(parts)}</section>')
    _write(folder / "index.html", words["index"], "\n".join(cards), words)


def _write(path: Path, title: str, body: str, words: dict) -> None:
    text = (
        f'<!DOCTYPE html>\n<html lang="{words["lang"]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{escape(title)}</title>'
        f"<style>{CSS}{_font_face(title + body)}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )
    path.write_text(text, encoding="utf-8")


def _error(page: Page, words: dict) -> str:
    if not page.error:
        return ""
    return f'<p class="error"><strong>{words["error"]}</strong>: {escape(page.error)}</p>'


def _emphasis(text: str) -> str:
    """Lines of an answer as HTML: only ** is markup, for an answer names agencies as documents print them."""
    lines = [line for line in escape(text).splitlines() if line.strip()]
    marked = [re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", line) for line in lines]
    return "".join(f"<p>{line}</p>" for line in marked)


def _cell(cell, name: str, folder: Path, words: dict, language: str) -> list[str]:
    """A cell as HTML: prose, or folded code and what it showed."""
    import mistune

    if cell.cell_type == "markdown":
        prose = mistune.create_markdown(escape=True, plugins=["table"])(cell.source)
        return [re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', str(prose))]
    if "injected-parameters" in tags(cell):
        return []
    comments = [
        line.lstrip("# ")
        for line in cell.source.splitlines()
        if line.startswith("#") and "NBVAL" not in line
    ]
    said = chinese(cell) if language == "zh" else "".join(comments[:1])
    code = f"<summary>{escape(said or words['code'])}</summary><pre>{escape(cell.source)}</pre>"
    shown = [_output(output, name, folder, words, tags(cell)) for output in cell.outputs]
    return [*shown, f"<details>{code}</details>"]


def _output(output, name: str, folder: Path, words: dict, marks: list[str]) -> str:
    data = output.get("data", {})
    text = output.get("text", "") if output.get("name") == "stdout" else ""
    text = text or data.get("text/markdown", "")
    if _png(output):
        return _figure(output, name, folder, words)
    if "answer" in marks:
        return f'<div class="answer">{_emphasis(text)}</div>' if text else ""
    if "text/html" in data:
        return _table(data["text/html"], words)
    if "text/markdown" in data:
        return _emphasis(text)
    text = text or data.get("text/plain", "")
    return f'<pre class="text">{escape(text)}</pre>' if text else ""


def _table(html: str, words: dict) -> str:
    """A table that scrolls, with a cue where it is wide; row numbers, which say nothing, are left out."""
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S)
    rows = re.findall(r"<tr.*?</tr>", html, flags=re.S)
    if re.findall(r"<tr>\s*<th>(.*?)</th>", html) == [str(n) for n in range(len(rows) - 1)]:
        html = re.sub(r"(<tr[^>]*>\s*)<th>\d*</th>", r"\1", html)
    html = re.sub(r">(&lt;NA&gt;|NaN|None)<", ">–<", html)
    cells = [re.sub(r"<[^>]*>|\s+", " ", row).split("  ") for row in rows]
    wide = max((sum(len(text) + 2 for text in row) for row in cells), default=0) > PHONE_TEXT
    cue = f'<p class="cue">{words["cue"]}</p>' if wide else ""
    return f'<div class="scroll" tabindex="0">{html}</div>{cue}'


def _figure(output, name: str, folder: Path, words: dict) -> str:
    """A figure, and its data (CSV in the metadata that `plots.show` keeps) in a file beside the page."""
    kept, link = output.metadata.get("govdisclosure"), ""
    if kept:
        file = f"{name}-{re.sub('[^a-z0-9]+', '-', kept['name'].lower())}.csv"
        (folder / file).write_text(kept["csv"], encoding="utf-8-sig")
        link = f'<a class="data" href="{escape(file)}" download>{words["data"]}</a>'
    return f'<figure><div class="scroll" tabindex="0">{_image(output)}</div>{link}</figure>'


def _png(output) -> str:
    return "".join(output.get("data", {}).get("image/png", "").split())


def _image(output) -> str:
    """The picture at the size it was drawn for; on a phone never so small that its letters cannot be read."""
    facts = output.metadata.get("image/png", {})
    width = facts.get("width", 520)
    alt = escape(facts.get("alt") or output["data"].get("text/plain", ""))
    style = f"max-width:{width}px;--phone:{width * PHONE:.0f}px"
    return f'<img style="{style}" alt="{alt}" src="data:image/png;base64,{_png(output)}">'


def _font_face(text: str) -> str:
    """The Chinese characters of this page alone, as a font inside the page (Noto Sans SC, SIL Open Font License 1.1).

    No machine needs to have one; where the package that brings it is not installed, the reader's own fonts are used.
    """
    from fontTools import subset, ttLib

    wanted = {ord(c) for c in unescape(re.sub(r'"data:[^"]*"', "", text)) if ord(c) > 0x2000}
    path = fonts.packaged()
    if path is None or not wanted:
        return ""
    font = ttLib.TTFont(path, lazy=True)
    cutter = subset.Subsetter(subset.Options(layout_features=[], name_IDs=[0, 13], hinting=False))
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'@font-face{{font-family:"Page Chinese";src:url(data:font/woff;base64,{data}) format("woff")}}'
