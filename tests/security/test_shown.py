"""Nothing of a report breaks out of what shows it: HTML, pages, notebooks, spreadsheets, terminals."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from html.parser import HTMLParser

import pytest

import govdisclosure as gd
from govdisclosure import cli
from govdisclosure.pipeline import read_record

from . import hostile

BREAK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)><!--"
NAME = f"某县{BREAK}局"
FORMULAS = (
    "=1+1",
    "+cmd|'/C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM",
    " =1",
    "\u3000=1",
    '=HYPERLINK("http://x")',
)
ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\x08\x7f"


class Tags(HTMLParser):
    """Tags and attributes of a page as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.comments = [], [], [], 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.comments += 1


def harmless(text: str) -> None:
    seen = Tags(text)
    assert (
        not {"script", "iframe", "object", "svg", "base", "form"} & set(seen.tags)
        and not seen.comments
    )
    assert not [a for a in seen.attributes if a.startswith("on")]


def escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )


@pytest.fixture
def report(tmp_path):
    """A report whose printed texts, agency and file name are hostile."""
    data = hostile.page(name=escaped(NAME)).decode()
    first = data.index("</td>", data.index("规章</") + 12)  # some cell of table 二
    data = data[:first] + escaped(BREAK) + data[first:]
    path = tmp_path / "<img src=x onerror=alert(3)>'\".html"
    path.write_bytes(data.encode())
    return path


def test_a_report_in_a_notebook(report):
    shown = gd.read_report(report)._repr_html_()
    assert "alert(1)" in shown and "alert(3)" in shown, (
        "the hostile text must be shown for this to show anything"
    )
    harmless(shown)


def test_every_text_of_a_record_is_escaped():
    """Whatever field a text stands in: agency, level, path, cell text, place, finding."""
    from dataclasses import replace

    from govdisclosure.show import report_html

    record = read_record("a.html", data=hostile.GOOD)
    known = {
        name: getattr(record, name)._replace(value=BREAK)
        for name in ("title", "agency", "level", "division_code", "province", "published")
    }
    cells = tuple(
        c._replace(text=BREAK, where=BREAK, status="unreadable", value=None) for c in record.cells
    )
    finding = record.findings[:1] or ()
    from govdisclosure.model import Finding

    finding = (
        Finding(
            "r" + BREAK,
            "printed",
            "error",
            1.0,
            2.0,
            1.0,
            ("requests.received.total",),
            BREAK,
            BREAK,
        ),
    )
    changed = replace(
        record,
        **known,
        cells=cells,
        findings=finding,
        source=record.source._replace(path=BREAK),
        form=record.form,
    )
    shown = report_html(changed)
    assert shown.count("alert(1)") > 200
    harmless(shown)


def test_a_corpus_in_a_notebook(report):
    harmless(gd.read_corpus(report.parent, progress=False)._repr_html_())


def test_the_page_of_a_notebook(tmp_path):
    pytest.importorskip("mistune", reason="mistune is not installed: pages are not tested here")
    import nbformat

    from govdisclosure.pages import Page, write

    link = "[click](javascript:alert(4)) ![x](http://x.invalid/y.png) <http://x.invalid> `x` **b**"
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    book = nbformat.v4.new_notebook()
    answer = nbformat.v4.new_code_cell(f"# {NAME}\n1", metadata={"tags": ["answer"]})
    answer.outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"{NAME} {link}\n")]
    shown = nbformat.v4.new_code_cell("1")
    figure = {"text/plain": f"Figure: {NAME}", "image/png": png}
    shown.outputs = [
        nbformat.v4.new_output("display_data", data=figure),
        nbformat.v4.new_output("execute_result", data={"text/plain": NAME}),
        nbformat.v4.new_output("execute_result", data={"text/html": gd_table_html()}),
    ]
    book.cells = [nbformat.v4.new_markdown_cell(f"# {BREAK}"), answer, shown]
    page = Page("10-x", NAME, NAME, f"{NAME} {link}", NAME, book)
    write([page], tmp_path, "en")
    for name in ("10-x.html", "index.html"):
        text = (tmp_path / name).read_text("utf-8")
        harmless(text)
        assert "alert(1)" in text and 'img src="http' not in text
        assert "default-src &#39;none&#39;" in text  # and what got through would not run
        assert text.count("<img ") == 1


def gd_table_html() -> str:
    import pandas as pd

    return pd.DataFrame({BREAK: [NAME]})._repr_html_()


@pytest.fixture
def formulas(tmp_path):
    """Reports in whose cells, sections and names formulas stand."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(FORMULAS):
        page = hostile.page(f"<p>{escaped(text)}</p>").decode()
        at = page.index("</td>", page.index("规章</") + 12)
        (folder / f"{number}.html").write_bytes((page[:at] + escaped(text) + page[at:]).encode())
    (folder / "=cmd|'a'!A1.html").write_bytes(hostile.GOOD)
    (folder / "@nothing.html").write_bytes(b"<p>x</p>")
    return folder


def risky(text: str) -> bool:
    """Written anew from OWASP's list, not from `neutral`: would a spreadsheet run it?"""
    bare = text.lstrip(" \u3000\xa0\ufeff\x00")
    numeral = bare.lstrip("+-＋－").replace(",", "").replace(".", "", 1).rstrip("%％ ")
    return (
        bare[:1] in "=+-@＝＋－＠\t\r"
        and bare not in ("", "-", "－")
        and not numeral.isdigit()
        or text[:1] in ("\t", "\r")
    )


def test_csv_holds_no_formula(formulas, tmp_path):
    corpus = gd.read_corpus(formulas, progress=False)
    texts = [
        v
        for f in ("cells", "sections", "reports", "failures", "unplaced")
        for c in getattr(corpus, f)
        for v in getattr(corpus, f)[c].dropna().astype(str)
    ]
    assert sum(map(risky, texts)) > 5, "formulas must be there for this to show anything"
    corpus.to_csv(tmp_path / "csv")
    for path in (tmp_path / "csv").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
            assert not [c for c in row if risky(c)], path.name


def test_a_workbook_holds_no_formula(formulas, tmp_path):
    openpyxl = pytest.importorskip(
        "openpyxl", reason="openpyxl is not installed: to_excel is not tested here"
    )
    gd.read_corpus(formulas, progress=False).to_excel(tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert len(cells) > 1000 and not [
        c for c in cells if c.data_type == "f" or (isinstance(c.value, str) and risky(c.value))
    ]


def test_csv_on_standard_output_holds_no_formula(formulas, capsys):
    cli.main(["check", str(formulas), "--format", "csv", "--all"])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert any("cmd|" in c for row in rows for c in row) and not [
        c for row in rows for c in row if risky(c)
    ]


def printable(text: str) -> None:
    bad = [c for c in text if not c.isprintable() and c not in "\n\r\t"]
    assert not bad, ascii("".join(bad))[:200]


@pytest.fixture
def escapes(tmp_path):
    folder = tmp_path / f"in{ESCAPES.replace('/', '')}"
    folder.mkdir()
    page = hostile.page(f"<p>{ESCAPES}</p>", name=f"某县{ESCAPES}教育局").decode(
        "utf-8", "surrogatepass"
    )
    at = page.index("</td>", page.index("规章</") + 12)
    page = page[:at] + ESCAPES + page[at:]
    (folder / f"a{ESCAPES}.html").write_bytes(page.encode())
    (folder / f"bad{ESCAPES}.html").write_bytes(f"<p>{ESCAPES}坏</p>".encode())
    return folder


@pytest.mark.parametrize(
    "verb",
    [["check", "--all"], ["check", "--all", "--format", "json"], ["show"], ["show-bad"], ["build"]],
)
def test_no_escape_reaches_a_terminal(escapes, tmp_path, verb, capfd):
    name = next(
        p for p in escapes.iterdir() if p.name.startswith("bad" if verb == ["show-bad"] else "a")
    )
    where = [str(name)] if verb[0].startswith("show") else [str(escapes)]
    more = ["--out", str(tmp_path / f"out{ESCAPES}"), "--jobs", "1"] if verb == ["build"] else []
    cli.main([verb[0].removesuffix("-bad"), *verb[1:], *where, *more])
    out, err = capfd.readouterr()
    assert out or err
    printable(out)
    printable("\n".join(line.rpartition("\r")[2] for line in err.split("\n")))


def test_a_name_that_is_no_utf8_is_printed(tmp_path):
    import os

    path = os.path.join(os.fsencode(tmp_path), b"\xc4\xea.html")
    with open(path, "wb") as file:
        file.write(hostile.GOOD)
    for verb in ("show", "check"):
        done = subprocess.run(
            [sys.executable, "-m", "govdisclosure.cli", verb, path],
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            timeout=120,
        )
        assert b"Traceback" not in done.stderr and done.returncode in (0, 1), done.stderr[-500:]
