"""The PDF reader on PDFs of our own making, and on the real report where it is at hand."""

import re

import pytest

pytest.importorskip("reportlab", reason="reportlab makes the test PDFs: pip install reportlab")
pytest.importorskip(
    "pylopdf_fonts_zh_cn",
    reason="a Chinese font for the test PDFs: pip install pylopdf-fonts-zh-cn",
)

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from govdisclosure.errors import LimitError, UnreadableFileError
from govdisclosure.model import Line, Source
from govdisclosure.readers.pdf import read_pdf
from tests.pdfmaker.canvas import Look, draw
from tests.pdfmaker.compare import differences, grids, judge, missing_prose, not_printed, squeeze
from tests.pdfmaker.forms import Cell, Spec, proactive_spec, requests_spec
from tests.pdfmaker.report import make

SOURCE = Source("made.pdf")


def prose(made):
    return [block for block in made.blocks if isinstance(block, str)]


@pytest.mark.parametrize("borders", ["lines", "boxes", "double", "open_sides"])
@pytest.mark.parametrize("form", ["2021", "2019"])
def test_every_cell_and_paragraph_comes_back(form, borders):
    made = make(form, seed=3)
    document = read_pdf(draw(made.blocks, Look(borders=borders)), SOURCE)
    if borders != "open_sides":  # there a row of one cell is a line between two tables
        assert differences(document, made.specs) == []
    assert missing_prose(document, prose(made)) == []
    assert judge(document, made.figures)[1:] == ([], [])


@pytest.mark.parametrize(
    "look",
    [
        {},
        {"closed_breaks": False},
        {"repeat_header": True},
        {"cut": True},
        {"cut": True, "closed_breaks": False},
        {"label_middle": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("wide", [False, True], ids=["portrait", "landscape"])
def test_tables_over_page_breaks_are_one(look, wide):
    for spacer in range(0, 400 if wide else 660, 219):
        made = make(("2021", "2019")[spacer % 2], seed=spacer)
        size = landscape(A4) if wide else A4
        document = read_pdf(draw(made.blocks, Look(size=size, spacer=spacer, **look)), SOURCE)
        assert judge(document, made.figures)[1:] == ([], []), f"spacer {spacer}"
        if not look.get("repeat_header"):
            assert differences(document, made.specs) == [], f"spacer {spacer}"


def test_a_row_of_which_a_break_leaves_only_the_top_of_its_cells_is_one():
    canvas = Canvas("", pagesize=(400, 300))
    for top, low, texts in ((280, 250, "ABC"), (250, 20, ""), (280, 250, "123")):
        if texts == "123":
            canvas.showPage()
        for column in range(3):
            canvas.line(50 + 100 * column, low, 50 + 100 * column, top)
            canvas.drawString(60 + 100 * column, low + 10, texts[column : column + 1])
        canvas.line(350, low, 350, top)
        canvas.line(50, top, 350, top)
    canvas.line(50, 250, 350, 250)
    (grid,) = grids(read_pdf(canvas.getpdfdata(), SOURCE))
    assert [[cell.text for cell in row] for row in grid.rows] == [["A", "B", "C"], ["1", "2", "3"]]


@pytest.mark.parametrize("turned", [90, 270])
def test_pages_lying_on_their_side(turned):
    made = make(seed=5)
    document = read_pdf(draw(made.blocks, Look(size=landscape(A4), turned=turned)), SOURCE)
    assert differences(document, made.specs) == []


def test_headers_and_page_numbers_are_left_out():
    made = make(seed=6)
    document = read_pdf(draw(made.blocks, Look(header="澄湖县示范镇人民政府", spacer=300)), SOURCE)
    assert document.footer == "澄湖县示范镇人民政府"
    assert missing_prose(document, prose(made)) == []
    read = sum(len(squeeze(b.text)) for b in document.blocks if isinstance(b, Line))
    assert read == sum(len(squeeze(text.lstrip("# "))) for text in prose(made))


def test_number_in_a_merged_cell_is_one_number():
    spec = Spec(
        [[Cell("甲"), Cell("乙"), Cell("丙")], [Cell("行"), Cell("7415", 1, 2)]], [100, 50, 50]
    )
    assert differences(read_pdf(draw([spec]), SOURCE), [spec]) == []


def test_tracked_digits_are_one_number():
    spec = Spec([[Cell("项目"), Cell("数量")], [Cell("行政许可"), Cell("1136")]], [100, 100])
    document = read_pdf(draw([spec], Look(tracking=3.0)), SOURCE)
    assert grids(document)[0].rows[1][1].text == "1136"


@pytest.mark.parametrize("wide", [False, True], ids=["portrait", "landscape"])
@pytest.mark.parametrize("form", ["2021", "2019"])
def test_statutory_tables_without_lines(form, wide):
    """Labels wrap around their figures, headers have three levels, every tenth cell is blank."""
    made = make(form, seed=11 + wide, blanks=0.1)
    document = read_pdf(
        draw(made.blocks, Look(borders="none", size=landscape(A4) if wide else A4)), SOURCE
    )
    right, wrong, _ = judge(document, made.figures)
    assert wrong == []
    assert right >= 0.95 * len(made.figures)


@pytest.mark.parametrize("key", [("rules", "repealed"), ("denied_process", "commercial")])
@pytest.mark.parametrize("remark", ["22（其中修订16件）", "22（含往年制发的修订件16件）", "见附件"])
def test_a_remark_that_wraps_in_a_cell_without_lines_is_no_blank(remark, key):
    """Its lines stand over and under the row's, or cut the row in two."""
    report = make(seed=4)
    table = "proactive" if key[0] == "rules" else "requests"
    found = {**report.figures, (table, *key): remark}
    specs = iter((proactive_spec("2021", found), requests_spec("2021", found)))
    blocks = [next(specs, block) if isinstance(block, Spec) else block for block in report.blocks]
    document = read_pdf(draw(blocks, Look(borders="none")), SOURCE)
    _, wrong, left_out = judge(document, found)
    assert [text for text in wrong if remark not in text or "blank" in text] == []
    assert len(left_out) < 30


def test_plain_table_without_lines():
    """A line a row; a blank cell leaves a gap, and the places of the pieces say where."""
    heads = [Cell(text, head=True) for text in ("项目", "本年", "上年")]
    rows = [
        heads,
        *([Cell(name), Cell(str(i)), Cell("0" if i else "")] for i, name in enumerate("甲乙丙丁")),
    ]
    document = read_pdf(draw([Spec(rows, [100, 50, 50])], Look(borders="none")), SOURCE)
    assert not grids(document)
    head, first, *rest = document.blocks
    assert [piece.text for piece in first.pieces] == ["甲", "0"]
    assert [[piece.text for piece in line.pieces] for line in rest] == [
        ["乙", "1", "0"],
        ["丙", "2", "0"],
        ["丁", "3", "0"],
    ]
    for line in rest:
        for piece, above in zip(line.pieces[1:], head.pieces[1:], strict=True):
            assert above.x0 < (piece.x0 + piece.x1) / 2 < above.x1
    assert first.pieces[1].x1 < head.pieces[2].x0


def test_a_frame_about_text_is_no_table():
    document = read_pdf(draw([Spec([[Cell("提示：本表只是说明")]], [100])]), SOURCE)
    assert not grids(document)
    assert [b.text for b in document.blocks] == ["提示：本表只是说明"]


def test_places_hold_the_cell():
    made = make(seed=8)
    document = read_pdf(draw(made.blocks, Look(spacer=200)), SOURCE)
    place = re.compile(
        r"page \d, table \d, row \d+, column \d+ \[([\d.]+),([\d.]+),([\d.]+),([\d.]+)\]"
    )
    for grid in grids(document):
        for cell in {id(c): c for row in grid.rows for c in row}.values():
            for part in cell.where.split(" + "):
                x0, y0, x1, y1 = map(float, place.fullmatch(part).groups())
                assert x0 < x1 and y0 < y1


def test_refusals():
    with pytest.raises(UnreadableFileError):
        read_pdf(b"%PDF-1.7 and nothing else", SOURCE)
    with pytest.raises(UnreadableFileError):
        read_pdf(b"no pdf", SOURCE)
    whole = draw(["一段文字。"])
    with pytest.raises(UnreadableFileError):
        read_pdf(whole[: len(whole) // 3], SOURCE)
    canvas = Canvas("", encrypt="secret")
    canvas.drawString(100, 700, "text")
    with pytest.raises(UnreadableFileError, match="password"):
        read_pdf(canvas.getpdfdata(), SOURCE)


def test_a_thousand_pages_are_refused():
    canvas = Canvas("")
    for _ in range(1000):
        canvas.showPage()
    with pytest.raises(LimitError, match="1000 pages"):
        read_pdf(canvas.getpdfdata(), SOURCE)


def test_browser_print():
    from tests.pdfmaker import html, programs

    if not programs.CHROMIUM:
        pytest.skip("Chromium is missing: apt-get install chromium")
    made = make(seed=9)
    data = programs.chromium_pdf(html.page(made.blocks, spacer=150, cut=True))
    document = read_pdf(data, SOURCE)
    assert differences(document, made.specs) == [] and missing_prose(document, prose(made)) == []


def test_libreoffice_print():
    from tests.pdfmaker import docx, programs

    if not programs.SOFFICE:
        pytest.skip("LibreOffice is missing: apt-get install libreoffice-writer-nogui")
    reports = {f"{spacer}.docx": make("2021", spacer) for spacer in (0, 180)}
    files = {
        name: docx.document(made.blocks, spacer=int(name[:-5])) for name, made in reports.items()
    }
    for name, data in programs.libreoffice_pdfs(files).items():
        assert not_printed(data, reports[name].specs) == [], name
        document = read_pdf(data, SOURCE)
        assert differences(document, reports[name].specs) == [], name
