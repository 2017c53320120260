"""Reports with known figures passed through the tools people use, and read back: how much of the print survives.

    python benchmarks/tools.py [--n 4] [--tool NAME] [--show]

Each report is written as HTML, DOCX and PDF (Chromium's of the HTML, and LibreOffice's of the DOCX, whose narrow columns
wrap every label), turned into text by each tool that is installed, and read. `right`: the printed figure; `wrong`: another figure, or a
printed figure called blank; `invented`: a figure where none is printed; `lost`: not read. Reports named `blank` have
blank cells, which most tools drop; in the others no blank can be lost, and there at least 99 % should be right.
"""

from __future__ import annotations

import argparse
import io
import logging
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import count as numbers
from itertools import islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from govdisclosure.decode import decode_document
from govdisclosure.errors import DisclosureError
from govdisclosure.model import Source
from govdisclosure.readers import read
from tests.pdfmaker.programs import chromium_pdf, libreoffice_pdfs
from tests.reportwriter import docx, html
from tests.writers.figures import Sample, sample
from tests.writers.layouts import expected_cells, paper, plain_tables, plan
from tests.writers.tokens import Token

Expected = dict[tuple[str, str, str], float | None]


def _program(*command: str, suffix: str, to: str = "") -> Callable[[bytes], bytes]:
    """A tool that is a program: {in} is its input file, {out} the folder it may write `to` (its standard output if '')."""

    def run(data: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"report.{suffix}"
            path.write_bytes(data)
            words = [word.format(**{"in": path, "out": folder}) for word in command]
            done = subprocess.run(words, capture_output=True, check=True, timeout=120)
            return (Path(folder) / to).read_bytes() if to else done.stdout

    return run


def _soup(separator: str) -> Callable[[bytes], str]:
    def run(data: bytes) -> str:
        from bs4 import BeautifulSoup

        return BeautifulSoup(data, "html.parser").get_text(separator)

    return run


def _markdownify(data: bytes) -> str:
    from markdownify import markdownify

    return markdownify(data.decode())


def _html2text(data: bytes) -> str:
    import html2text

    maker = html2text.HTML2Text()
    maker.body_width = 0
    return maker.handle(data.decode())


def _inscriptis(data: bytes) -> str:
    from inscriptis import get_text

    return get_text(data.decode())


def _trafilatura(data: bytes) -> str:
    from trafilatura import extract

    return extract(data.decode(), include_tables=True, favor_recall=True) or ""


def _markitdown(suffix: str) -> Callable[[bytes], str]:
    def run(data: bytes) -> str:
        from markitdown import MarkItDown

        return MarkItDown().convert_stream(io.BytesIO(data), file_extension=suffix).text_content

    return run


def _frames(write: Callable) -> Callable[[bytes], str]:
    """The page's paragraphs, and its tables as pandas reads them, each written by ``write``."""

    def run(data: bytes) -> str:
        import pandas
        from bs4 import BeautifulSoup

        tables = iter(pandas.read_html(io.BytesIO(data), header=None, keep_default_na=False))
        page = BeautifulSoup(data, "html.parser")
        parts = page.find_all(["h1", "p", "table"])
        return "\n\n".join(
            write(next(tables)) if part.name == "table" else part.get_text() for part in parts
        )

    return run


def _tabulated(table) -> str:
    from tabulate import tabulate

    return tabulate(table.values.tolist(), tablefmt="grid")


def _mammoth(data: bytes) -> str:
    import mammoth

    return mammoth.convert_to_markdown(io.BytesIO(data)).value


def _docx2txt(data: bytes) -> str:
    import docx2txt

    return docx2txt.process(io.BytesIO(data))


def _pdfplumber(layout: bool) -> Callable[[bytes], str]:
    def run(data: bytes) -> str:
        import pdfplumber

        with pdfplumber.open(io.BytesIO(data)) as file:
            return "\n".join(page.extract_text(layout=layout) or "" for page in file.pages)

    return run


def _pdfium(data: bytes) -> str:
    import pypdfium2

    pages = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def _pdfminer(data: bytes) -> str:
    from pdfminer.high_level import extract_text

    return extract_text(io.BytesIO(data))


def _pypdf(mode: str) -> Callable[[bytes], str]:
    def run(data: bytes) -> str:
        from pypdf import PdfReader

        pages = PdfReader(io.BytesIO(data)).pages
        return "\n".join(page.extract_text(extraction_mode=mode) for page in pages)

    return run


def _pandoc(source: str, target: str) -> Callable[[bytes], bytes]:
    return _program("pandoc", "-f", source, "-t", target, "{in}", suffix=source)


def _pandocs(source: str) -> dict[str, Callable[[bytes], bytes]]:
    targets = ("plain", "markdown", "gfm", "rst", "mediawiki", "latex", "org")
    return {f"pandoc {target}": _pandoc(source, target) for target in targets}


_WIDE = ("-dump", "-O", "UTF-8", "-T", "text/html", "-cols")
_OFFICE = ("soffice", "-env:UserInstallation=file://{out}/profile", "--headless", "--convert-to")
TOOLS: dict[str, dict[str, Callable]] = {
    "html": {
        **{f"BeautifulSoup {name}": _soup(mark) for name, mark in (("line", "\n"), ("space", " "), ("tab", "\t"), ("bar", "|"))},
        "markdownify": _markdownify, "html2text": _html2text, "inscriptis": _inscriptis, "trafilatura": _trafilatura,
        "markitdown": _markitdown(".html"), **_pandocs("html"),
        **{f"w3m {width}": _program("w3m", *_WIDE, width, "{in}", suffix="html") for width in ("80", "200")},
        "lynx": _program("lynx", "-dump", "-width=200", "-assume_charset=utf-8", "-display_charset=utf-8", "{in}", suffix="html"),
        "links": _program("links2", "-codepage", "utf-8", "-width", "200", "-dump", "{in}", suffix="html"),
        **{f"pandoc {target}": _pandoc("html", target) for target in ("asciidoc", "texinfo", "ms", "context", "xwiki", "textile")},
        "elinks": _program("elinks", "-dump", "1", "-dump-charset", "utf-8", "{in}", suffix="html"),
        "pandas csv": _frames(lambda table: table.to_csv(index=False, header=False)),
        "pandas string": _frames(lambda table: table.to_string(index=False, header=False)),
        "pandas lists": _frames(lambda table: str(table.values.tolist())), "tabulate grid": _frames(_tabulated),
    },
    "docx": {
        "mammoth": _mammoth, "docx2txt": _docx2txt, "markitdown": _markitdown(".docx"), **_pandocs("docx"),
        "LibreOffice text": _program(*_OFFICE, "txt:Text (encoded):UTF8", "--outdir", "{out}", "{in}", suffix="docx", to="report.txt"),
        "LibreOffice html": _program(*_OFFICE, "html", "--outdir", "{out}", "{in}", suffix="docx", to="report.html"),
    },
    "pdf": {
        **{f"pdftotext{mode}": _program("pdftotext", *mode.split(), "{in}", "-", suffix="pdf") for mode in ("", " -raw", " -layout", " -bbox-layout", " -tsv")},
        "pdfplumber": _pdfplumber(False), "pdfplumber layout": _pdfplumber(True), "pdfminer": _pdfminer,
        **{f"pdftohtml{mode}": _program("pdftohtml", *mode.split(), "-i", "-stdout", "{in}", suffix="pdf") for mode in (" -noframes", " -s")},
        **{f"mutool {kind}": _program("mutool", "draw", "-F", kind, "{in}", suffix="pdf") for kind in ("txt", "html", "xhtml")},
        "pdftohtml xml": _program("pdftohtml", "-xml", "-i", "-stdout", "{in}", suffix="pdf"), "PDFium": _pdfium,
        "pypdf": _pypdf("plain"), "pypdf layout": _pypdf("layout"), "markitdown": _markitdown(".pdf"),
    },
}  # fmt: skip
TOOLS["office pdf"] = TOOLS["browser pdf"] = TOOLS.pop("pdf")


def _narrow(made: Sample) -> Sample:
    """The report with figures in table 四 that fit its narrow columns: a figure cut over lines is lost to any reader."""
    for row in {key[1] for key in made.tokens if key[0] == "disputes"}:
        keys = [key for key in made.tokens if key[:2] == ("disputes", row)]
        numbers = {k: int(made.tokens[k].value or 0) % 9 for k in keys if k[2] != "total"}
        for key in keys:
            value = Decimal(numbers.get(key, sum(numbers.values())))
            if made.tokens[key].text:
                made.tokens[key] = Token(str(value), value)
    return made


def _blanks(number: int) -> float:
    return 0.3 if number % 4 == 3 else 0


def _has_requests(number: int) -> bool:
    made = sample(Random(f"tools/{number}"), blanks=_blanks(number), odd=0, wild=False)
    return any(token.value for key, token in made.tokens.items() if key[0] == "requests")


def documents(count: int):
    """(kind, whether blanks are printed, bytes, expected figures) of ``count`` reports in each format.

    Table 三 of each has figures: of nothing but zeros any order of its cells would be right.
    """
    for number in islice(filter(_has_requests, numbers()), count):
        pen = Random(f"tools/{number}")
        blanks = _blanks(number)
        made = plan(_narrow(sample(pen, blanks=blanks, odd=0, wild=False)))
        whole = paper(made, plain_tables(made), pen)
        cells = {
            k: None if v is None else float(v) for k, (v, _, _) in expected_cells(made).items()
        }
        written = docx.write(whole)
        page = html.write(whole, shell="bare", style="plain")
        yield "html", bool(blanks), page, cells
        yield "docx", bool(blanks), written, cells
        yield "browser pdf", bool(blanks), chromium_pdf(page.decode()), cells
        yield (
            "office pdf",
            bool(blanks),
            libreoffice_pdfs({"report.docx": written})["report.docx"],
            cells,
        )


def score(text: bytes | str, expected: Expected, name: str) -> Counter:
    """Counts of one report's cells."""
    data = text if isinstance(text, bytes) else text.encode()
    try:
        record = decode_document(read(data, Source(name)))
    except DisclosureError:
        return Counter(lost=sum(v is not None for v in expected.values()))
    got = {(c.table, c.row, c.column): c for c in record.cells}
    count = Counter()
    for key, value in expected.items():
        cell = got.get(key)
        read_ = None if cell is None else cell.value
        if value is None:
            count["invented"] += read_ is not None
        elif read_ == value:
            count["right"] += 1
        else:
            count[
                "wrong" if read_ is not None or (cell and cell.status == "blank") else "lost"
            ] += 1
    return count


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=4, help="how many reports")
    parser.add_argument("--tool", default="", help="only tools with this in their name")
    parser.add_argument("--keep", default="", help="a folder for the tools' texts")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.ERROR)
    table: dict[tuple[str, str, bool], Counter] = {}
    for number, (kind, blank, data, expected) in enumerate(documents(given.n)):
        for name, tool in TOOLS[kind].items():
            if given.tool not in name:
                continue
            try:
                text = tool(data)
            except (ImportError, OSError, subprocess.SubprocessError) as error:
                print(f"{name}: not run ({type(error).__name__})", file=sys.stderr)
                continue
            if given.keep:
                path = Path(given.keep) / f"{kind}-{name.replace(' ', '_')}-{number}.txt"
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
            table.setdefault((kind, name, blank), Counter()).update(
                score(text, expected, f"{kind}-{name}-{number}.txt")
            )
    print(f"{'from':13}{'tool':24}{'blanks':8}{'right %':>8}{'wrong':>7}{'invented':>9}{'lost':>7}")
    total = Counter()
    for (kind, name, blank), count in sorted(table.items()):
        printed = count["right"] + count["wrong"] + count["lost"]
        total.update(count)
        print(
            f"{kind:13}{name:24}{'blank' if blank else '':8}{100 * count['right'] / printed:8.1f}{count['wrong']:7}{count['invented']:9}{count['lost']:7}"
        )
    print(dict(total))
    return int(bool(total["wrong"] or total["invented"]))


if __name__ == "__main__":
    sys.exit(main())
