"""What the PDF reader makes of characters: columns of prose, look-alike letters, numbers set apart or wrapped; pictures."""

import io

import pytest

pytest.importorskip("reportlab", reason="reportlab makes the test PDFs: pip install reportlab")
pytest.importorskip(
    "pylopdf_fonts_zh_cn",
    reason="a Chinese font for the test PDFs: pip install pylopdf-fonts-zh-cn",
)

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from govdisclosure.errors import UnreadableFileError
from govdisclosure.model import Source
from govdisclosure.readers import ocr
from govdisclosure.readers.pdf import read_pdf
from tests.pdfmaker.canvas import draw
from tests.pdfmaker.compare import grids
from tests.pdfmaker.font import truetype
from tests.pdfmaker.forms import Cell, Spec

SOURCE = Source("made.pdf")
LEFT = "左栏的文字先读完它讲的是全年公开信息的总体情况以及主动公开的内容共有十二个方面逐项说明并且附上各单位的名单和具体的数目供查阅。"
RIGHT = "右栏的文字后读它讲的是依申请公开的办理情况以及存在的问题和下一步的打算包括培训计划和考核办法还有对各乡镇各部门的要求与时限。"


def printed(lines):
    """A page with lines at (x, y from the top, text)."""
    letters = "".join(sorted({c for *_, text in lines for c in text}))
    name = f"Text{abs(hash(letters))}"
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(truetype(letters))))
    canvas = Canvas("", pagesize=A4, invariant=1)
    canvas.setFont(name, 12)
    for x, y, text in lines:
        canvas.drawString(x, A4[1] - y, text)
    return canvas.getpdfdata()


def test_two_columns_of_prose_are_read_one_after_the_other():
    lines = []
    for i in range(0, len(LEFT), 10):
        lines += [(70, 100 + 2 * i, LEFT[i : i + 10]), (320, 100 + 2 * i, RIGHT[i : i + 10])]
    text = "".join(block.text for block in read_pdf(printed(lines), SOURCE).blocks)
    assert text == LEFT + RIGHT


def test_radicals_are_the_characters_they_look_like():
    (block,) = read_pdf(printed([(70, 100, "⼯作⾏政⽇⽉⼈")]), SOURCE).blocks
    assert block.text == "工作行政日月人"


def test_a_number_wrapped_in_a_narrow_cell_is_one_number():
    spec = Spec(
        [[Cell("采购项目"), Cell("总额")], [Cell("政府集中采购"), Cell("59237.2449")]], [300, 22]
    )
    (grid,) = grids(read_pdf(draw([spec]), SOURCE))
    assert grid.rows[1][1].text == "59237.2449"


def test_two_short_numbers_in_a_wide_cell_are_not_one():
    data = printed([(82, 122, "甲"), (200, 118, "12"), (200, 134, "34")])
    spec = [
        (70, 105, 330, 105),
        (70, 140, 330, 140),
        (70, 105, 70, 140),
        (180, 105, 180, 140),
        (330, 105, 330, 140),
    ]
    (grid,) = grids(read_pdf(with_lines(data, spec), SOURCE))
    assert grid.rows[0][1].text == "12\n34"


def with_lines(data, lines):
    """The first page of ``data`` with lines (x0, y0, x1, y1 from the top) stroked over it."""
    import pypdfium2
    import pypdfium2.raw as raw

    pdf = pypdfium2.PdfDocument(data)
    page = pdf[0]
    for x0, y0, x1, y1 in lines:
        path = raw.FPDFPageObj_CreateNewPath(x0, A4[1] - y0)
        raw.FPDFPath_LineTo(path, x1, A4[1] - y1)
        raw.FPDFPath_SetDrawMode(path, 0, True)
        raw.FPDFPage_InsertObject(page, path)
    raw.FPDFPage_GenerateContent(page)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_pages_that_are_pictures_say_what_to_install(monkeypatch):
    image = pytest.importorskip(
        "PIL.Image", reason="Pillow makes the picture: pip install pillow"
    ).new("L", (60, 80), 200)
    canvas = Canvas("", pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(image), 0, 0, *A4)
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableFileError, match=r"govdisclosure\[ocr\]"):
        read_pdf(canvas.getpdfdata(), SOURCE)
