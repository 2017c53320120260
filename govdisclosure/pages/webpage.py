"""HTML pages: one a notebook, and an index. No script, no address of another host; what documents say is escaped."""

from __future__ import annotations

import base64
import io
import re
import tomllib
from html import escape, unescape
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from ..plots import fonts

HERE = Path(__file__).parent
WORDS = tomllib.loads((HERE / "page_words.toml").read_text("utf-8"))
POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
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


def tags(cell) -> list[str]:
    """The cell's tags."""
    return cell.metadata.get("tags", [])


def chinese(cell) -> str:
    """The cell's text in Chinese: of prose, or of what its code does; '' where it has none."""
    return cell.metadata.get("govdisclosure", {}).get("zh", "")


def write_page(page: Page, pages: list[Page], folder: Path, language: str) -> None:
    """Write `page` into `folder`, with the data of each of its figures as a CSV beside it."""
    words = WORDS[language]
    body, silent = "", []
    for cell in page.book.cells:
        code = cell.cell_type == "code"
        if code and "injected-parameters" not in tags(cell):
            silent.append(cell)
            shown = [
                _output(output, page.name, folder, words, tags(cell)) for output in cell.outputs
            ]
            body += "".join(shown)
        if silent and (not code or cell.outputs):
            body += _code(silent, words, language)
            silent = []
        if not code:
            body += _prose(cell.source)
    body += _code(silent, words, language) if silent else ""
    title = page.question
    _write(folder / f"{page.name}.html", words, title=title, page=page, pages=pages, body=body)


def write_index(pages: list[Page], folder: Path, language: str) -> None:
    """Write index.html: each page's question, answer and decisive figure."""
    words = WORDS[language]
    _write(folder / "index.html", words, title=words["index"], pages=pages)


def _write(path: Path, words: dict, **parts) -> None:
    environment = Environment(autoescape=True, loader=FileSystemLoader(HERE))
    environment.filters |= {"emphasis": _emphasis, "image": _image}
    text = environment.get_template("page.html").render(words=words, policy=POLICY, **parts)
    css = (HERE / "page.css").read_text("utf-8")
    text = text.replace("/*css*/", _font_face(text) + css)
    path.write_text(text, encoding="utf-8")


def _emphasis(text: str) -> Markup:
    """Lines of an answer as HTML: only ** is markup, for an answer names agencies as documents print them."""
    marked = re.sub(r"\*\*([^*\n]+)\*\*", r"<strong>\1</strong>", escape(text))
    return Markup("".join(f"<p>{line}</p>" for line in marked.splitlines() if line.strip()))


def _prose(source: str) -> str:
    import mistune

    prose = mistune.create_markdown(escape=True, plugins=["table"])(source)
    return re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', str(prose))


def _code(cells: list, words: dict, language: str) -> str:
    """The cells that an output came from, folded under one line that says what they do."""
    sources, said = "", []
    for cell in cells:
        comment = re.search(r"^# (?!NBVAL)(.*)", cell.source, flags=re.M)
        said.append(chinese(cell) if language == "zh" else comment[1] if comment else "")
        sources += f"<pre>{escape(cell.source)}</pre>"
    first = next(filter(None, said), words["code"])
    steps = words["steps"].format(len(cells)) if len(cells) > 1 else ""
    return f"<details><summary>{escape(steps + first)}</summary>{sources}</details>"


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
    html = re.sub(r"<td>(?=[^<]*[\u4e00-\uffff]{15})", '<td class="long">', html)  # a sentence
    plain = [re.sub(r"<[^>]*>\s*", " ", row) for row in rows]
    # A Chinese letter, two bytes of GB 18030, is as wide as two others.
    letters = max([len(row.encode("gb18030")) for row in plain], default=0)
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
    It stands first in the style sheet's lists: behind others Chromium draws boxes for words that it met before the font.
    """
    from fontTools import subset, ttLib

    wanted = {ord(c) for c in unescape(re.sub(r'"data:[^"]*"', "", text)) if c >= "\u2e80"}
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
    return f'@font-face{{font-family:"Page Chinese";src:url(data:font/woff;base64,{data}) format("woff")}}\n'
