"""Notebooks as HTML pages that need nothing but themselves: no script, no font, no address of another host."""

from __future__ import annotations

import base64
import html
import io
import re

CSS = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1a1a1a;font:17px/1.6 "Helvetica Neue",Arial,"Page Chinese","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:44rem;margin:0 auto;padding:1rem 1rem 4rem}h1{font-size:1.7rem;line-height:1.25;margin:.6em 0 .4em}h2{font-size:1.2rem;margin:2em 0 .3em}
a{color:#0058a3}nav{font-size:.9rem;border-bottom:1px solid #ddd;padding-bottom:.5rem}img{display:block;width:100%;max-width:40rem;height:auto;margin:1rem 0}
.scroll{overflow-x:auto;margin:1rem 0}table{border:0;border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums}th,td{padding:.3rem .6rem;border:0;border-bottom:1px solid #e4e4e4;text-align:right;white-space:nowrap}
th:first-child,td:first-child,tbody th{text-align:left;font-weight:400}thead th{color:#555;border-bottom:1px solid #999}
pre{overflow-x:auto;font:13px/1.45 ui-monospace,Menlo,Consolas,monospace;background:#f6f6f4;padding:.7rem;white-space:pre}pre.text{background:none;padding:0;white-space:pre-wrap;font-size:.88rem}
details{margin:.4rem 0}summary{color:#666;font-size:.8rem;cursor:pointer}.error{border-left:4px solid #d55e00;padding:.5rem 1rem;background:#fdf3ec}
.card{border:1px solid #ddd;border-radius:6px;padding:1rem 1.2rem;margin:1.2rem 0}.card h2{margin:.1em 0 .3em}.card img{max-width:34rem}footer{margin-top:3rem;color:#666;font-size:.85rem}
@media print{details{display:none}.card{break-inside:avoid}}
"""
POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TEMPLATE = """{%- extends 'basic/index.html.j2' -%}
{%- block input_group -%}{%- if cell.source.strip() -%}
<details class="code"><summary>{{ resources.code_word }}</summary><pre>{{ cell.source | escape }}</pre></details>{%- endif -%}{%- endblock input_group -%}
{%- block output_area_prompt -%}{%- endblock -%}
{%- block in_prompt -%}{%- endblock -%}
"""


def page(title: str, body: str, *, language: str = "en", nav: str = "") -> str:
    """A whole HTML document around `body`; `title` is escaped."""
    lang = "zh-Hans" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>{html.escape(title)}</title><style>{CSS}{font_face(title + nav + body)}</style></head>'
        f"<body><main>{nav}{body}</main></body></html>\n"
    )


def font_face(text: str) -> str:
    """The Chinese characters of this page alone, as a font inside the page: no machine and no network needs to have one.

    Noto Sans SC is under the SIL Open Font License, which allows this. Where it is not installed, the reader's own
    fonts are used.
    """
    from fontTools import subset, ttLib

    from ..plots.fonts import packaged

    path = packaged()
    wanted = {c for c in html.unescape(re.sub(r'"data:[^"]*"', "", text)) if ord(c) > 0x2000}
    if path is None or not wanted:
        return ""
    font = ttLib.TTFont(path, lazy=True)
    options = subset.Options(
        layout_features=[],
        name_IDs=[0, 13, 14],
        hinting=False,
        desubroutinize=False,
        notdef_outline=False,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in wanted])
    cutter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'@font-face{{font-family:"Page Chinese";src:url(data:font/woff;base64,{data}) format("woff")}}'


def body_of(book, language: str = "en") -> str:
    """The notebook's cells as HTML by nbconvert's `basic` template; code folded, tables scroll, figures with alt text."""
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    _tidy(book)
    exporter = HTMLExporter(
        extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})],
        template_name="basic",
        template_file="page.html.j2",
    )
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.exclude_anchor_links = True
    body, _ = exporter.from_notebook_node(
        book, resources={"code_word": "程序" if language == "zh" else "code"}
    )
    body = re.sub(r"<style\b.*?</style>|<script\b.*?</script>", "", body, flags=re.S)
    body = re.sub(r"(<table\b.*?</table>)", r'<div class="scroll">\1</div>', body, flags=re.S)
    return re.sub(r'href="([^":/#]+)\.ipynb"', r'href="\1.html"', body)


def _tidy(book) -> None:
    """Alt text for figures from their text version; no widgets, no text version beside a figure; the answer said once."""
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        if "answer" in cell.metadata.get("tags", []):
            cell.outputs = [o for o in cell.outputs if o.output_type == "error"]
        cell.outputs = [
            o
            for o in cell.outputs
            if not str(o.get("data", {}).get("text/plain", "")).startswith("<Axes")
            and o.get("name") != "stderr"
        ]
        for output in cell.outputs:
            data = output.get("data", {})
            data.pop("application/vnd.jupyter.widget-view+json", None)
            if "image/png" in data:
                alt = str(data.get("text/plain", "")).removeprefix("Figure: ")
                output.metadata["image/png"] = {"alt": alt}


def first_figure(book) -> tuple[str, str]:
    """(data address, alt text) of the notebook's first picture; ('', '') where it has none."""
    for cell in book.cells:
        for output in cell.get("outputs", []):
            png = output.get("data", {}).get("image/png")
            if png:
                base64.b64decode(png, validate=False)
                return "data:image/png;base64," + "".join(png.split()), str(
                    output["data"].get("text/plain", "")
                ).removeprefix("Figure: ")
    return "", ""
