"""Notebooks run on any folder of reports, as executed notebooks and as HTML pages that need nothing
but themselves.

The corpus is read once, two kernels run side by side, and the pages are written when all are done.
A page has no script and no address of another host, and what documents say is escaped.
"""

from __future__ import annotations

import asyncio
import base64
import io
import os
import re
import subprocess
import tempfile
import tomllib
from html import escape, unescape
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from .dataset import unwritable
from .errors import DatasetError, said
from .plots.theme import packaged
from .selection import brought, open_corpus
from .show import HERE, template

WORDS = tomllib.loads((HERE / "page_words.toml").read_text("utf-8"))
POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
PHONE_TEXT = 44  # letters of a table's row that a phone shows at once
KERNELS = 2
NAMES = "[0-9][0-9]-*.ipynb"
# What a kernel would say to a terminal: a hint about its debugger.
QUIET = {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONWARNINGS": "ignore"}
INJECTED = "injected-parameters"


class Page(NamedTuple):
    """A notebook that has run, and what the index says of it."""

    name: str
    short: str
    question: str
    answer: str
    error: str
    book: Any

    def outputs(self) -> list:
        """What its cells gave, in order."""
        return [output for cell in self.book.cells for output in cell.get("outputs", [])]

    def file(self, output) -> str:
        """The name of the file with the data of a figure."""
        figure = re.sub("[^a-z0-9]+", "-", output.metadata["govdisclosure"]["name"].lower())
        return f"{self.name}-{figure}.csv"


def run_notebooks(
    reports: str | os.PathLike | None,
    out: str | os.PathLike,
    *,
    only=None,
    language: str = "en",
    years=None,
    agencies=None,
    notebooks: str | os.PathLike | None = None,
    series: bool = False,
) -> list[Page]:
    """Run the notebooks on a folder of reports (or a data set) and write .ipynb, .html, .csv and
    index.html into `out`.

    `reports`: None stands for the data that come with the package. `only`: numbers or names of
    notebooks. `notebooks`: their folder; by default those that come with the package, never those
    of the current folder. `series`: draw the shipped series of accounts beside one's own reports. A
    notebook that fails is a Page with `error`; the others still run. Raises DatasetError where
    `reports` or the notebooks don't exist, or `out` can't be written; ValueError for another
    language than 'en' or 'zh'.
    """
    import nbformat

    if language not in WORDS:
        raise ValueError(f"language is 'en' or 'zh', not {language!r}")
    paths = find_notebooks(notebooks or brought("notebooks"), only)
    target = Path(out)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(out, error) from error
    parameters = {"YEARS": years or None, "AGENCIES": agencies or None, "LANGUAGE": language}
    with tempfile.TemporaryDirectory(prefix="govdisclosure-") as data:
        if reports is not None:
            open_corpus(reports, progress=None).save(data)
            parameters |= {"REPORTS": data, "SERIES": series}
        with asyncio.Runner(loop_factory=_Loop) as runner:
            pages = runner.run(_run_all(paths, parameters, language))
    for page in pages:
        for cell in page.book.cells:  # the folder read from is gone: the reports' own
            cell.source = cell.source.replace(repr(data), repr(os.path.realpath(reports or "")))
        nbformat.write(page.book, target / f"{page.name}.ipynb")
    write(pages, target, language)
    return pages


def find_notebooks(folder: str | os.PathLike, only=None) -> list[Path]:
    """Numbered notebooks of a folder in order; `only`: their numbers or names. Raises DatasetError
    where there is none.
    """
    wanted = list(map(str, only or ()))
    paths = sorted(Path(folder).glob(NAMES))
    chosen = [p for p in paths if not wanted or p.stem in wanted or p.stem[:2] in wanted]
    if not chosen:
        raise DatasetError(
            os.fspath(folder),
            f"notebooks {', '.join(wanted)}".strip(),
            seen=", ".join(p.stem for p in paths) or "none",
            advice="Give the folder of notebooks, or other numbers.",
        )
    return chosen


# --- running -----------------------------------------------------------------------------------


class _Loop(asyncio.SelectorEventLoop):
    """Ctrl-C is asyncio's, which ends all: nbclient's own would stop one kernel, and the next
    notebook would run.
    """

    def add_signal_handler(self, *_arguments) -> None:  # type: ignore[override]
        raise RuntimeError("this loop takes no handlers")


def _prepared(path: Path, parameters: dict, language: str):
    """The notebook without outputs, its prose in `language`, with a cell after the one tagged
    `parameters` that sets these.
    """
    import nbformat

    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif language == "zh":
            cell.source = chinese(cell) or cell.source
    behind = (i for i, cell in enumerate(book.cells, 1) if "parameters" in tags(cell))
    lines = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    cell = nbformat.v4.new_code_cell(lines, metadata={"tags": [INJECTED]})
    book.cells.insert(next(behind, 0), cell)
    return book


async def _run_all(paths: list[Path], parameters: dict, language: str) -> list[Page]:
    """The notebooks when all have run, in their order."""
    from tqdm.asyncio import tqdm

    free = asyncio.Semaphore(KERNELS)
    runs = (_run(_prepared(path, parameters, language), path, language, free) for path in paths)
    return await tqdm.gather(*runs, unit=" pages", disable=None)


async def _run(book, path: Path, language: str, free: asyncio.Semaphore) -> Page:
    """The notebook after its cells have run, where it lies; what ran before an error keeps its
    outputs. Its short name is that of its first cell, [en, zh], its question the title there.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    place, why = {"metadata": {"path": str(path.resolve().parent)}}, ""
    client = NotebookClient(
        book, timeout=600, kernel_name="python3", resources=place, store_widget_state=False
    )
    try:
        async with free:
            await client.async_execute(env=os.environ | QUIET, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        why = f"{error.ename}: {error.evalue}"
    except Exception as error:  # a dead kernel, a time-out: the next notebook still runs
        why = said(error)
    first, plain = book.cells[0], path.stem[3:].replace("-", " ")
    names = first.metadata.get("govdisclosure", {}).get("short", [plain, plain])
    question = first.source.lstrip("# ").partition("\n")[0].strip()
    short, failed = names[language == "zh"], why.partition("\n")[0]
    return Page(path.stem, short, question, answer_of(book), failed, book)


# --- what a notebook says ------------------------------------------------------------------------


def tags(cell) -> list[str]:
    """The cell's tags."""
    return cell.metadata.get("tags", [])


def chinese(cell) -> str:
    """The cell's text in Chinese: of prose, or of what its code does; '' where it has none."""
    return cell.metadata.get("govdisclosure", {}).get("zh", "")


def answer_of(book) -> str:
    """What the cell tagged `answer` printed; '' where it did not run."""
    outputs = [o for cell in book.cells if "answer" in tags(cell) for o in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs).strip()


# --- HTML ----------------------------------------------------------------------------------------


def write(pages: list[Page], folder: Path, language: str) -> None:
    """Write each page, with the data of each of its figures as a CSV beside it, and index.html:
    their questions, answers and decisive figures.
    """
    words, css = WORDS[language], (HERE / "page.css").read_text("utf-8")
    for page in pages:
        for output in page.outputs():
            if kept := output.get("metadata", {}).get("govdisclosure"):
                (folder / page.file(output)).write_text(kept["csv"], encoding="utf-8-sig")
    for shown in (*pages, None):
        name, title = (shown.name, shown.question) if shown else ("index", words["index"])
        text = template("page.html").render(
            page=shown, pages=pages, title=title, words=words, policy=POLICY, emphasis=_emphasis,
            png=_png, prose=_prose, summary=_summary, table=_table,
        )  # fmt: skip
        text = text.replace("/*css*/", _font_face(text) + css)
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


def _emphasis(text: str) -> Markup:
    """Lines of an answer as HTML: only ** is markup, for an answer names agencies as documents
    print them.
    """
    marked = re.sub(r"\*\*([^*\n]+)\*\*", r"<strong>\1</strong>", escape(text))
    return Markup("".join(f"<p>{line}</p>" for line in marked.splitlines() if line.strip()))


def _prose(source: str) -> Markup:
    import mistune

    prose = mistune.create_markdown(escape=True, plugins=["table"])(source)
    return Markup(re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', str(prose)))


def _summary(cells: list, words: dict) -> str:
    """What folded code does, in a line: its first comment, or its Chinese."""
    sources = "\n".join(cell.source for cell in cells)
    comments = re.findall(r"^# (?!NBVAL)(.*)", sources, flags=re.M)
    texts = comments if words["lang"] == "en" else map(chinese, cells)
    steps = words["steps"].format(len(cells)) if len(cells) > 1 else ""
    return steps + next(filter(None, texts), words["code"])


def _table(html: str, cue: str) -> Markup:
    """A table that scrolls, with a cue where it is wide; row numbers, which say nothing, are left
    out.
    """
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S)
    rows = re.findall(r"<tr.*?</tr>", html, flags=re.S)
    if re.findall(r"<tr>\s*<th>(.*?)</th>", html) == [str(n) for n in range(len(rows) - 1)]:
        html = re.sub(r"(<tr[^>]*>\s*)<th>\d*</th>", r"\1", html)
    html = re.sub(r">(&lt;NA&gt;|NaN|None)<", ">–<", html)
    html = re.sub(r"<td>(?=[^<]*[\u4e00-\uffff]{15})", '<td class="long">', html)  # a sentence
    plain = (re.sub(r"<[^>]*>\s*", " ", row) for row in rows)
    # A Chinese letter, two bytes of GB 18030, is as wide as two others.
    letters = max((len(row.encode("gb18030")) for row in plain), default=0)
    more = f'<p class="cue">{cue}</p>' if letters > PHONE_TEXT else ""
    return Markup(f'<div class="scroll" tabindex="0">{html}</div>{more}')


def _png(output) -> str:
    return "".join(output.get("data", {}).get("image/png", "").split())


def _font_face(text: str) -> str:
    """The Chinese characters of this page alone, as a font inside the page (Noto Sans SC, SIL Open
    Font License 1.1).

    No machine needs to have one; where the package that brings it is not installed, the reader's
    own fonts are used. It stands first in the style sheet's lists: behind others Chromium draws
    boxes for words that it met before the font.
    """
    from fontTools import subset

    wanted = {ord(c) for c in unescape(re.sub(r'"data:[^"]*"', "", text)) if c >= "\u2e80"}
    path = packaged()
    if path is None or not wanted:
        return ""
    options = subset.Options(layout_features=[], name_IDs=[0, 13], hinting=False, flavor="woff")
    font, cutter, buffer = subset.load_font(path, options), subset.Subsetter(options), io.BytesIO()
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    subset.save_font(font, buffer, options)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'@font-face{{font-family:"Page Chinese";src:url(data:font/woff;base64,{data}) format("woff")}}\n'
