"""HTML pages: one a notebook, and an index. No script, no address of another host; what documents say is escaped."""

from __future__ import annotations

import base64
import io
import re
from html import escape, unescape
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

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
/*font*/
@media print{details{display:none}.card{break-inside:avoid}}
"""
TEMPLATE = """<!DOCTYPE html>
<html lang="{{ words.lang }}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>{{ title }}</title><style>{{ css | safe }}</style></head><body><main>
{%- macro error(page) %}{% if page.error %}<p class="error"><strong>{{ words.error }}</strong>: {{ page.error }}</p>{% endif %}{% endmacro %}
{% if page %}<nav><a href="index.html">{{ words.home }}</a>
{%- for other in pages %} {% if other is sameas page %}<strong>{{ other.short }}</strong>{% else %}<a href="{{ other.name }}.html">{{ other.short }}</a>{% endif %}{% endfor %}</nav>
{{ error(page) }}{{ body | safe }}
{% else %}<h1>{{ title }}</h1>
{%- for page in pages %}<section class="card"><h2><a href="{{ page.name }}.html">{{ page.question }}</a></h2>{{ error(page) }}
<div>{{ (page.answer or words.silent) | emphasis }}</div>
{%- for picture in page.pictures()[:1] %}<a href="{{ page.name }}.html">{{ picture | image }}</a>{% endfor %}</section>{% endfor %}{% endif %}
</main></body></html>
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
        "silent": "The notebook did not get as far as its answer.",
        "cue": "↔ scroll sideways for the rest",
    },
    "zh": {
        "lang": "zh-Hans",
        "home": "目录",
        "index": "政府信息公开工作年度报告：问题与回答",
        "code": "程序",
        "data": "本图数据（CSV）",
        "error": "本页未能完成",
        "silent": "笔记本未能算出回答。",
        "cue": "↔ 左右滑动查看其余部分",
    },
}
PHONE = 0.75  # how far a phone may shrink a figure: its letters, 15 pixels as drawn, stay 11 high
PHONE_TEXT = 44  # letters of a table's row that a phone shows at once


class Page(NamedTuple):
    """A notebook that has run, and what the index says of it."""

    name: str
    short: str
    question: str
    answer: str
    error: str
    book: Any

    def pictures(self) -> list:
        """The outputs that hold a picture."""
        return [o for cell in self.book.cells for o in cell.get("outputs", []) if _png(o)]


def write_page(page: Page, pages: list[Page], folder: Path, language: str) -> None:
    """Write `page` into `folder`, with the data of each of its figures as a CSV beside it."""
    words = WORDS[language]
    cells = [_cell(cell, page.name, folder, words, language) for cell in page.book.cells]
    path = folder / f"{page.name}.html"
    _write(path, words, title=page.question, page=page, pages=pages, body="\n".join(cells))


def write_index(pages: list[Page], folder: Path, language: str) -> None:
    """Write index.html: each page's question, answer and decisive figure."""
    words = WORDS[language]
    _write(folder / "index.html", words, title=words["index"], pages=pages)


def _write(path: Path, words: dict, **parts) -> None:
    environment = Environment(autoescape=True)
    environment.filters |= {"emphasis": _emphasis, "image": _image}
    text = environment.from_string(TEMPLATE).render(words=words, css=CSS, policy=POLICY, **parts)
    path.write_text(text.replace("/*font*/", _font_face(text)), encoding="utf-8")


def _emphasis(text: str) -> Markup:
    """Lines of an answer as HTML: only ** is markup, for an answer names agencies as documents print them."""
    marked = re.sub(r"\*\*([^*\n]+)\*\*", r"<strong>\1</strong>", escape(text))
    return Markup("".join(f"<p>{line}</p>" for line in marked.splitlines() if line.strip()))


def _cell(cell, name: str, folder: Path, words: dict, language: str) -> str:
    """A cell as HTML: prose, or what its code showed and the code, folded under the line that says what it does."""
    import mistune

    if cell.cell_type == "markdown":
        prose = mistune.create_markdown(escape=True, plugins=["table"])(cell.source)
        return re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', str(prose))
    if "injected-parameters" in tags(cell):
        return ""
    comment = re.search(r"^# (?!NBVAL)(.*)", cell.source, flags=re.M)
    said = chinese(cell) if language == "zh" else comment and comment[1]
    code = f"<summary>{escape(said or words['code'])}</summary><pre>{escape(cell.source)}</pre>"
    shown = [_output(output, name, folder, words, tags(cell)) for output in cell.outputs]
    return "".join(shown) + f"<details>{code}</details>"


def _output(output, name: str, folder: Path, words: dict, marks: list[str]) -> str:
    data = output.get("data", {})
    if _png(output):
        return _figure(output, name, folder, words)
    if "text/html" in data:
        return _table(data["text/html"], words)
    text = output.text if output.get("name") == "stdout" else data.get("text/plain", "")
    if "answer" in marks:
        return f'<div class="answer">{_emphasis(text)}</div>' if text else ""
    return f'<pre class="text">{escape(text)}</pre>' if text else ""


def _table(html: str, words: dict) -> str:
    """A table that scrolls, with a cue where it is wide; row numbers, which say nothing, are left out."""
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S)
    rows = re.findall(r"<tr.*?</tr>", html, flags=re.S)
    if re.findall(r"<tr>\s*<th>(.*?)</th>", html) == [str(n) for n in range(len(rows) - 1)]:
        html = re.sub(r"(<tr[^>]*>\s*)<th>\d*</th>", r"\1", html)
    html = re.sub(r">(&lt;NA&gt;|NaN|None)<", ">–<", html)
    plain = [re.sub(r"<[^>]*>\s*", " ", row) for row in rows]
    letters = max(
        [len(row.encode("gb18030")) for row in plain], default=0
    )  # a Chinese one takes two
    cue = f'<p class="cue">{words["cue"]}</p>' if letters > PHONE_TEXT else ""
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


def _image(output) -> Markup:
    """The picture at the size it was drawn for; on a phone never so small that its letters cannot be read."""
    facts = output.metadata.get("image/png", {})
    width = facts.get("width", 520)
    alt = escape(facts.get("alt") or output["data"].get("text/plain", ""))
    style = f"max-width:{width}px;--phone:{width * PHONE:.0f}px"
    return Markup(f'<img style="{style}" alt="{alt}" src="data:image/png;base64,{_png(output)}">')


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
