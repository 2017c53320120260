"""What the fuzzer starts from: small reports in every format and layout, cut down to a few rows, and some whole ones.

A whole report costs ten to thirty milliseconds to read, a cut one about two; a million inputs need the small ones. The
whole reports stay in the mix (`WHOLE` of a hundred) because size itself is a path: split tables, many sections, footers.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from random import Random

from benchmarks.fuzz_pdf import small_pdf
from tests.reportwriter import Block, Paper, Sheet, docx, dumps, html, lay_out, markdown
from tests.writers.figures import sample
from tests.writers.layouts import LAYOUTS, Plan, plan
from tests.writers.layouts import paper as whole_paper

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("html", "docx", "pdf", "txt", "md", "mhtml", "blocks")
WHOLE = 2  # of a hundred inputs begin with a whole report
ROWS = (1, 1, 2, 5)
PROSE = (
    "全年主动公开政府信息1,234条，其中政府网站899条、政务新媒体335条。",
    "全年新收政府信息公开申请12件，比上年增长20%，上年结转3件，办结14件，结转下年1件。",
    "关停政务新媒体账号2个，现有微信公众号3个、抖音号1个；12345热线办理工单约1.2万余件，办结率99.5%。",
    "举办培训3期，参训一百二十人次；专职人员2名、兼职人员15名；未收取任何费用。",
    "被申请行政复议1件，维持1件；行政诉讼零件。规范性文件废止3件，现行有效21件。",
)


def _cut(sheet: Sheet, rows: int, pen: Random) -> Sheet:
    """The sheet with `rows` rows of each part, and some parts left out."""
    parts = [
        replace(
            p,
            rows=tuple(
                r
                for i, r in enumerate(p.rows)
                if i in set(pen.sample(range(len(p.rows)), min(rows, len(p.rows))))
            ),
        )
        for p in sheet.parts
    ]
    return sheet.change(
        parts=tuple(parts if len(parts) == 1 else pen.sample(parts, min(len(parts), rows)))
    )


def small_paper(number: int) -> Paper:
    """A report of one to three cut tables and a few sentences."""
    pen = Random(f"small{number}")
    made = plan(
        sample(pen, blanks=pen.choice((0, 0.2)), odd=pen.choice((0, 0.2)), wild=pen.random() < 0.5)
    )
    kept = pen.sample(list(made.sheets), pen.choice((1, 1, 1, 1, 2, 3)))
    sheets = {
        key: _cut(made.sheets[key], pen.choice(ROWS), pen) for key in made.sheets if key in kept
    }
    return _shortened(replace(made, sheets=sheets), pen)


def _shortened(made: Plan, pen: Random) -> Paper:
    tables = {
        key: [lay_out(made.sheets[key])] if key in made.sheets else []
        for key in ("proactive", "requests", "disputes")
    }
    whole = whole_paper(made, tables, pen)
    prose = [Block("prose", text) for text in pen.sample(PROSE, pen.randint(0, 2))]
    blocks = [*whole.blocks[:3], *prose, *whole.blocks[3:]]
    return Paper(
        tuple(b for b in blocks if b.kind != "prose" or pen.random() < 0.7),
        whole.page if pen.random() < 0.5 else {},
    )


def _html(number: int) -> bytes:
    pen = Random(f"html{number}")
    charset = pen.choice(("utf-8", "utf-8", "gb18030"))
    return html.write(
        small_paper(number),
        shell=html.SHELLS[number % 4],
        style=html.STYLES[number // 4 % 4],
        charset=charset,
        seed=number,
    )


def _txt(number: int) -> bytes:
    return dumps.write(small_paper(number), list(dumps.LAYOUTS)[number % len(dumps.LAYOUTS)])


def _md(number: int) -> bytes:
    made = small_paper(number)
    if number % 4 == 3:  # an HTML table inside
        blocks = [
            b if b.kind != "table" else Block("prose", html.table_html(b.table))
            for b in made.blocks
        ]
        made = Paper((Block("title", made.title), *blocks), made.page)
    return markdown.write(made, rule=number % 3 != 1, pipes=number % 2 == 0, copies=number % 5 == 0)


def _docx(number: int) -> bytes:
    """A written document without the parts that no reader opens; every second one without styles."""
    out = io.BytesIO()
    kept = {"word/document.xml", "_rels/.rels", "docProps/core.xml"} | (
        {"word/numbering.xml"} if number % 2 else set()
    )
    with (
        zipfile.ZipFile(io.BytesIO(docx.write(small_paper(number)))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in sorted(kept & set(old.namelist())):
            new.writestr(zipfile.ZipInfo(name), old.read(name))
        if number % 2:
            new.writestr(zipfile.ZipInfo("word/styles.xml"), STYLES)
    return out.getvalue()


STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Title">'
    '<w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 1"/><w:basedOn w:val="Title"/><w:pPr>'
    '<w:outlineLvl w:val="0"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
)


def _mhtml(number: int) -> bytes:
    import base64

    page = _html(number)
    coded = base64.encodebytes(page) if number % 2 else page.replace(b"=", b"=3D")
    how = b"base64" if number % 2 else b"quoted-printable"
    return (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"; type="text/html"\n\n--b\nContent-Type: text/html; charset="gb2312"\n'
        b"Content-Transfer-Encoding: "
        + how
        + b"\nContent-Location: http://x.invalid/a.html\n\n"
        + coded
        + b"\n--b\nContent-Type: image/png\n\n\x89PNG\n--b--\n"
    )


def _pdf(number: int) -> bytes:
    return small_pdf(small_paper(number), turned=(0, 0, 90)[number % 3], ruled=number % 4 != 1)


_MAKERS = {
    "html": (_html, 96),
    "txt": (_txt, 80),
    "md": (_md, 60),
    "docx": (_docx, 48),
    "mhtml": (_mhtml, 24),
    "pdf": (_pdf, 48),
    "blocks": (_html, 48),
}


@lru_cache(maxsize=None)
def small(kind: str) -> tuple[bytes, ...]:
    """Cut-down reports of a kind, always the same ones."""
    make, count = _MAKERS[kind]
    return tuple(make(number) for number in range(count))


@lru_cache(maxsize=None)
def whole(kind: str) -> tuple[bytes, ...]:
    """Whole reports of a kind: data/reports, and one in each layout that `tests.writers` knows."""
    real = [p.read_bytes() for p in sorted((ROOT / "data" / "reports").glob(f"*.{kind}"))]
    start = {"html": "html", "txt": "dump", "md": "markdown", "docx": "docx", "blocks": "html"}.get(
        kind
    )
    names = [name for name in LAYOUTS if start and name.startswith(start)]
    return (
        *real,
        *(LAYOUTS[name](plan(sample(Random(name))), Random(name))[0] for name in names),
    ) or small(kind)


def seed(kind: str, pen: Random) -> bytes:
    """One of the seeds of a kind; now and then a whole report."""
    return pen.choice(whole(kind) if pen.randrange(100) < WHOLE else small(kind))
