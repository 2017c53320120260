"""What the eye sees on a PDF page is read, and nothing else: one small page for each way of hiding, marking and showing."""

import io
import math
import multiprocessing
import threading

import pytest

pytest.importorskip("reportlab", reason="reportlab makes the test PDFs: pip install reportlab")
pytest.importorskip("pypdf", reason="pypdf makes layers and notes: pip install pypdf")

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject
from reportlab.lib.colors import Color, black, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from govdisclosure.errors import LimitError, UnreadableFileError
from govdisclosure.model import Grid, Line, Source
from govdisclosure.readers.pdf import read_pdf
from tests.pdfmaker.canvas import Look, draw
from tests.pdfmaker.report import make

UNREAD = "\ufffc"
XS, YS = (60, 160, 260, 360), (640, 670, 700)
MIDDLE = 210, 652  # of the cell whose text the tests look at


def page(draw_cell=None, *, before=None, turn=0.0, size=A4, digits="39"):
    """A PDF with a table of two rows and three columns; ``draw_cell(canvas)`` draws over it, ``before`` under it."""
    canvas = Canvas("", pagesize=size, invariant=1, pageCompression=0)
    if turn:
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.translate(-300, -400)
    if before:
        before(canvas)
    for x in XS:
        canvas.line(x, YS[0], x, YS[-1])
    for y in YS:
        canvas.line(XS[0], y, XS[-1], y)
    canvas.setFont("Helvetica", 10)
    for x, text in zip((70, 170, 270), ("Item", "This year", "Last year")):
        canvas.drawString(x, 682, text)
    canvas.drawString(70, 652, "Licences")
    canvas.drawCentredString(*MIDDLE, digits)
    canvas.drawString(300, 652, "5")
    if draw_cell:
        draw_cell(canvas)
    return canvas.getpdfdata()


def opened(data):
    return pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data)))


def written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(data):
    (grid,) = [b for b in read_pdf(data, Source("made.pdf")).blocks if isinstance(b, Grid)]
    return [[cell.text for cell in row] for row in grid.rows]


def cell(data):
    """The middle cell; the others are as printed."""
    rows = texts(data)
    assert rows[0] == ["Item", "This year", "Last year"]
    assert (rows[1][0], rows[1][2]) == ("Licences", "5")
    return rows[1][1]


def string(text, x, y, size=10, colour=black, mode=0, **more):
    def drawing(canvas):
        canvas.saveState()
        canvas.setFillColor(colour)
        line = canvas.beginText(x, y)
        line.setFont("Helvetica", size)
        line.setTextRenderMode(mode)
        line.textOut(text)
        line.setTextRenderMode(0)
        canvas.drawText(line)
        canvas.restoreState()

    return drawing


def clipped(*box):
    def drawing(canvas):
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(*box)
        canvas.clipPath(path, stroke=0)
        string("99", 185, 652)(canvas)
        canvas.restoreState()

    return drawing


def sideways(text, x, y, size=10, colour=black):
    def drawing(canvas):
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(90)
        string(text, 0, 0, size, colour)(canvas)
        canvas.restoreState()

    return drawing


def covered(canvas):
    string("99", 190, 652)(canvas)
    canvas.setFillColor(white)
    canvas.rect(188, 648, 40, 15, stroke=0, fill=1)
    canvas.setFillColor(black)
    canvas.drawCentredString(*MIDDLE, "39")


HIDDEN = {
    "invisible": string("99", 180, 652, mode=3),
    "transparent": string("99", 180, 652, colour=Color(0, 0, 0, 0)),
    "white": string("99", 180, 652, colour=white),
    "white over print": string("99", 205, 652, colour=white),
    "nearly white": string("99", 180, 652, colour=Color(0.98, 0.98, 0.98)),
    "clipped": clipped(400, 100, 20, 20),
    "clipped to a slit": clipped(180, 655, 40, 0.6),
    "off the page": string("99", -100, 652),
    "too small": string("99", 180, 652, size=0.5),
    "leaning watermark": lambda canvas: (
        canvas.saveState(),
        canvas.translate(180, 640),
        canvas.rotate(30),
        canvas.drawString(0, 0, "8888 8888"),
        canvas.restoreState(),
    ),
    "sideways watermark": sideways("8888 8888 8888", 180, 600),
    "sideways watermark over print": sideways("88888888", 207, 630, 12, Color(0.5, 0, 0)),
    "large watermark": string("88", 150, 640, size=50, colour=Color(0.75, 0.75, 0.75)),
    "faint watermark over print and rules": string("2023" * 9, 150, 655, 12, Color(0.9, 0.9, 0.9)),
    "light watermark": string("88", 205, 654, size=8, colour=Color(0.7, 0.7, 0.7)),
}


@pytest.mark.parametrize("way", HIDDEN)
def test_what_is_not_seen_is_not_read(way):
    assert cell(page(HIDDEN[way])) == "39"


def test_a_label_that_stands_sideways_in_its_cell_is_read():
    assert sorted(cell(page(sideways("Sum", 214, 643), digits="")).split()) == sorted("Sum")


@pytest.mark.parametrize("shift", [0, 0.5])
def test_what_is_printed_twice_is_read_once(shift):
    again = page(lambda canvas: string("39", 204.44 + shift, 652)(canvas))
    assert cell(again) == "39"


def test_a_page_that_is_drawn_twice_is_read_once():
    def again(canvas):
        for x, text in ((70, "Item"), (170, "This year"), (270, "Last year")):
            canvas.drawString(x + 0.3, 682, text)
        canvas.drawString(70.3, 652, "Licences")
        canvas.drawCentredString(MIDDLE[0] + 0.3, MIDDLE[1], "39")
        canvas.drawString(300.3, 652, "5")

    assert cell(page(again)) == "39"


def test_a_covered_figure_is_not_read():
    assert cell(page(covered, digits="")) == "39"


def test_a_figure_printed_again_over_its_cover_or_shadow_is_read():
    """PDFium tells print that is printed twice but once: the one under the cover, the shadow."""
    assert cell(page(covered)) == "39"
    assert cell(page(before=string("39", 205.4, 651.2, colour=Color(0.7, 0.7, 0.7)))) == "39"


def test_a_figure_typed_over_another_in_a_note_with_a_ground():
    """Both are looked for in the picture: what one changes there is no sign of the other."""

    def note(canvas):
        canvas.beginForm("note")
        canvas.setFillColor(white)
        canvas.rect(190, 645, 40, 20, stroke=0, fill=1)
        string("41", 200, 652)(canvas)
        canvas.endForm()
        canvas.doForm("note")

    assert cell(page(note)) == "41"


@pytest.mark.parametrize(("grey", "text"), [(0, "39"), (1, "99 39")])
def test_what_a_soft_mask_hides_is_not_read(grey, text):
    writer = opened(page(string("99", 180, 652)))
    mask = pypdf.generic.StreamObject()
    mask.set_data(b"%d g 0 0 600 850 re f" % grey)
    sides = ArrayObject([FloatObject(side) for side in (0, 0, 600, 850)])
    ground = {
        NameObject("/S"): NameObject("/Transparency"),
        NameObject("/CS"): NameObject("/DeviceGray"),
    }
    mask[NameObject("/Subtype")], mask[NameObject("/BBox")] = NameObject("/Form"), sides
    mask[NameObject("/Group")] = DictionaryObject(ground)
    soft = {NameObject("/S"): NameObject("/Luminosity"), NameObject("/G"): writer._add_object(mask)}
    state = DictionaryObject({NameObject("/SMask"): DictionaryObject(soft)})
    first = writer.pages[0]
    first["/Resources"][NameObject("/ExtGState")] = DictionaryObject({NameObject("/M"): state})
    content, stream = first.get_contents().get_data(), pypdf.generic.StreamObject()
    at = content.rindex(b"BT", 0, content.index(b"(99)"))
    stream.set_data(content[:at] + b"/M gs " + content[at:])
    first[NameObject("/Contents")] = writer._add_object(stream)
    assert cell(written(writer)) == text


@pytest.mark.parametrize("slant", [0.21, -0.21])
def test_slanted_figures_lie_level(slant):
    def slanted(canvas):
        canvas.saveState()
        canvas.transform(1, 0, slant, 1, 204 - 652 * slant, 0)
        canvas.drawString(0, 652, "39")
        canvas.restoreState()

    assert cell(page(slanted, digits="")) == "39"


def test_a_faint_figure_is_unreadable():
    """It may be a watermark's: it is no blank where it stands alone."""
    assert set(cell(page(string("41", 200, 652, colour=Color(0.6, 0.8, 1)), digits=""))) == {UNREAD}


@pytest.mark.parametrize("up", [0, 3])
def test_figures_over_each_other_are_never_one(up):
    assert sorted(cell(page(string("41", 204.44, 652 + up))).split()) == ["39", "41"]


def test_figures_that_touch_over_a_wall_are_two():
    """A browser lets a long figure run out of its narrow cell; digits of one stand evenly."""

    def wide(canvas):
        for at, digit in enumerate("1284"):
            string(digit, 246 + 5.6 * at, 652)(canvas)
        string("7", 269.6, 652)(canvas)

    rows = texts(page(wide, digits=""))
    assert rows[1][1] == "1284" and "7" in rows[1][2]


@pytest.mark.parametrize(("up", "text"), [(3.5, "41"), (-1.5, "3941")])
def test_struck_out_figures_are_not_read(up, text):
    def line(canvas):
        string("41", 215.7, 652)(canvas)
        canvas.line(203, 652 + up, 215.4, 652 + up)

    assert cell(page(line)) == text


def test_figures_on_a_coloured_ground_are_seen():
    def ground(canvas):
        canvas.setFillColor(Color(0, 0, 0.4))
        canvas.rect(160, 640, 100, 30, stroke=0, fill=1)
        canvas.setFillColor(black)

    assert cell(page(string("41", 200, 652, colour=white), before=ground, digits="")) == "41"


def test_print_in_the_colour_of_its_ground_is_not_seen():
    def ground(canvas):
        canvas.rect(160, 640, 100, 30, stroke=0, fill=1)

    assert cell(page(string("99", 200, 652), before=ground, digits="")) == ""


def test_grey_figures_are_print():
    assert cell(page(string("41", 200, 652, colour=Color(0.6, 0.6, 0.6)), digits="")) == "41"


def test_a_transparent_mark_over_a_figure_leaves_it():
    def marker(canvas):
        canvas.setFillColor(Color(1, 1, 0, 0.4))
        canvas.rect(190, 645, 40, 20, stroke=0, fill=1)

    assert cell(page(marker)) == "39"


def layered(data, off):
    """``data`` with the last text of the page on a layer; ``off``: switched off."""
    writer = opened(data)
    group = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/OCG"),
                NameObject("/Name"): pypdf.generic.TextStringObject("x"),
            }
        )
    )
    first = writer.pages[0]
    content = first.get_contents().get_data()
    at = content.rindex(b"BT")
    stream = pypdf.generic.StreamObject()
    stream.set_data(content[:at] + b"/OC /P1 BDC " + content[at:].replace(b"ET", b"ET EMC", 1))
    first[NameObject("/Contents")] = writer._add_object(stream)
    first["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/P1"): group})
    state = DictionaryObject({NameObject("/OFF"): ArrayObject([group] if off else [])})
    writer._root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([group]), NameObject("/D"): state}
    )
    return written(writer)


@pytest.mark.parametrize("off", [True, False])
def test_layers(off):
    data = layered(page(string("41", 200, 652), digits=""), off)
    assert cell(data) == ("" if off else "41")


@pytest.mark.parametrize(
    ("mark", "size", "up", "text"),
    [
        ("1", 6, 3.5, "39⁽¹⁾"),
        ("12", 7, 3.5, "39⁽¹²⁾"),
        ("[1]", 6, 4, "39⁽¹⁾"),
        ("*", 6, 4, "39*"),
        ("2", 6, -2, "39⁽²⁾"),
        ("8", 10, 0, "398"),
    ],
)
def test_raised_marks(mark, size, up, text):
    assert cell(page(string(mark, 215.6, 652 + up, size=size))) == text


def test_a_lone_small_figure_is_a_figure():
    assert cell(page(string("41", 200, 656, size=6), digits="")) == "41"


def outline(canvas):
    path = canvas.beginPath()
    path.moveTo(205, 652)
    for x in (207, 209, 211):
        path.curveTo(x, 660, x + 1, 655, x + 2, 652)
    for x in (208, 206, 205):
        path.lineTo(x, 651)
    canvas.drawPath(path, stroke=0, fill=1)


def picture(canvas):
    image = pytest.importorskip("PIL.Image", reason="Pillow makes the picture: pip install pillow")
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(image.new("L", (20, 20), 90)), 200, 650, 12, 12)


@pytest.mark.parametrize("shape", [outline, picture])
def test_what_is_shown_and_no_text_is_unreadable(shape):
    assert set(cell(page(shape, digits=""))) == {UNREAD}


def test_a_picture_under_a_table_is_no_figure():
    image = pytest.importorskip("PIL.Image", reason="Pillow makes the picture: pip install pillow")
    from reportlab.lib.utils import ImageReader

    seal = ImageReader(image.new("L", (20, 20), 200))
    assert cell(page(before=lambda c: c.drawImage(seal, 100, 600, 200, 200), digits="")) == ""


def test_letters_that_the_font_does_not_tell_are_unreadable():
    data = page(string("41", 200, 652), digits="")
    writer = opened(data)
    first = writer.pages[0]
    glyph = pypdf.generic.StreamObject()
    glyph.set_data(b"500 0 d0 0 0 400 700 re f")
    digit = writer._add_object(glyph)
    names = [NameObject("/one"), NameObject("/two")]

    def numbers(*values):
        return ArrayObject([FloatObject(value) for value in values])

    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type3"),
            NameObject("/FontBBox"): numbers(0, 0, 500, 700),
            NameObject("/FontMatrix"): numbers(0.001, 0, 0, 0.001, 0, 0),
            NameObject("/CharProcs"): DictionaryObject(dict.fromkeys(names, digit)),
            NameObject("/Encoding"): DictionaryObject(
                {NameObject("/Differences"): ArrayObject([FloatObject(49), *names])}
            ),
            NameObject("/FirstChar"): FloatObject(49),
            NameObject("/LastChar"): FloatObject(50),
            NameObject("/Widths"): numbers(500, 500),
        }
    )
    first["/Resources"]["/Font"][NameObject("/T3")] = writer._add_object(font)
    stream = pypdf.generic.StreamObject()
    content = first.get_contents().get_data()
    at = content.rindex(b"BT")
    stream.set_data(content[:at] + b"BT /T3 10 Tf 1 0 0 1 200 652 Tm (12) Tj ET\nQ")
    first[NameObject("/Contents")] = writer._add_object(stream)
    assert cell(written(writer)) == 2 * UNREAD


@pytest.mark.parametrize("shift", [-54, 46])
def test_a_figure_that_crosses_its_cells_border_stays_whole(shift):
    """It hangs over the left or the right border with most of its width; the neighbour has a text of its own."""
    assert cell(page(string("12345", 210 + shift, 652), digits="")) == "12345"


@pytest.mark.parametrize("turn", [0.2, -0.5, 1, -3])
def test_pages_a_little_askew_are_straightened(turn):
    assert cell(page(turn=turn)) == "39"


def test_pages_far_askew_are_refused():
    with pytest.raises(UnreadableFileError, match="straight"):
        read_pdf(page(turn=20), Source("made.pdf"))


def test_rules_askew_to_the_text_are_refused():
    def lines(canvas):
        canvas.rotate(1.5)
        for y in range(100, 600, 50):
            canvas.line(60, y, 500, y)
        canvas.rotate(-1.5)

    canvas = Canvas("")
    for y in range(100, 600, 50):
        canvas.drawString(70, y + 10, "Licences 39")
    lines(canvas)
    with pytest.raises(UnreadableFileError, match="askew"):
        read_pdf(canvas.getpdfdata(), Source("made.pdf"))


@pytest.mark.parametrize("drawn", [True, False])
def test_form_fields(drawn):
    data = page(
        lambda c: c.acroForm.textfield(
            name="f", x=170, y=645, width=60, height=20, value="4100", borderWidth=0
        ),
        digits="",
    )
    writer = opened(data)
    for note in writer.pages[0]["/Annots"]:
        if not drawn:
            del note.get_object()["/AP"]
    assert cell(written(writer)) == "4100"


@pytest.mark.parametrize("flags", [4, 2])
def test_free_text_notes(flags):
    from pypdf.annotations import FreeText

    writer = opened(page(digits=""))
    note = writer.add_annotation(0, FreeText(text="4100", rect=(170, 645, 230, 665)))
    note[NameObject("/F")] = pypdf.generic.NumberObject(flags)
    assert cell(written(writer)) == ("" if flags == 2 else "4100")


@pytest.mark.parametrize("box", [(595, 842, 0, 0), (-20, -20, 595, 842), (40, 600, 400, 720)])
@pytest.mark.parametrize("key", ["/MediaBox", "/CropBox"])
def test_odd_page_boxes(box, key):
    writer = opened(page())
    writer.pages[0][NameObject(key)] = ArrayObject([FloatObject(side) for side in box])
    assert cell(written(writer)) == "39"


@pytest.mark.parametrize("left", [0, 60])
@pytest.mark.parametrize("borders", ["lines", "none"])
def test_two_pages_on_a_sheet_are_read_one_after_the_other(borders, left):
    """``left``: a margin that takes the gutter off the sheet's middle."""
    from tests.pdfmaker.compare import differences, judge, missing_prose

    made = make(seed=5)
    source = pypdf.PdfReader(io.BytesIO(draw(made.blocks, Look(borders=borders))))
    writer = pypdf.PdfWriter()
    for i in range(0, len(source.pages), 2):
        sheet = writer.add_blank_page(left + 2 * A4[0], A4[1])
        for j, one in enumerate(source.pages[i : i + 2]):
            place = pypdf.Transformation().translate(left + j * A4[0], 0)
            sheet.merge_transformed_page(one, place)
    document = read_pdf(written(writer), Source("made.pdf"))
    assert judge(document, made.figures)[1:] == ([], [])
    if borders == "lines":
        assert differences(document, made.specs) == []
        assert missing_prose(document, [b for b in made.blocks if isinstance(b, str)]) == []


def test_columns_of_a_table_without_rules_are_no_second_page():
    """Headers of its right columns are lines of words; the rows under them are figures alone."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas("", pagesize=(842, 595))
    canvas.setFont("STSong-Light", 9)
    height = iter(range(540, 0, -15))
    for table in range(6):
        heads = (
            (60, f"信息内容之{'一二三四五六'[table]}项"),
            (350, "本年新制作数量"),
            (520, "本年新公开数量"),
        )
        rows = [((60, "行政规范性文件"), (360, str(row)), (530, "9000")) for row in range(3)]
        for pieces in (heads, *rows):
            y = next(height)
            for x, text in pieces:
                canvas.drawString(x, y, text)
    lines = [
        [p.text for p in line.pieces]
        for line in read_pdf(canvas.getpdfdata(), Source("a.pdf")).blocks
    ]
    assert lines.count(["行政规范性文件", "2", "9000"]) == 6 and len(lines) == 24


def test_lines_have_pieces_with_places():
    canvas = Canvas("")
    for x, text in ((70, "Licences"), (200, "12"), (260, "0"), (330, "7")):
        canvas.drawString(x, 700, text)
    canvas.drawString(70, 680, "Fees and charges")
    one, two = read_pdf(canvas.getpdfdata(), Source("made.pdf")).blocks
    assert isinstance(one, Line) and [piece.text for piece in one.pieces] == [
        "Licences",
        "12",
        "0",
        "7",
    ]
    assert [round(piece.x0) for piece in one.pieces] == [70, 200, 260, 330]
    assert [piece.mark for piece in one.pieces] == ["", " ", " ", " "]
    assert two.text == "Fees and charges" and two.page == 1 and one.bottom <= two.top + 12


def test_a_lattice_of_too_many_places_is_refused():
    canvas = Canvas("")
    for i in range(200):
        canvas.line(50, 50 + 3.7 * i, 550, 50 + 3.7 * i)
        canvas.line(50 + 2.5 * i, 50, 50 + 2.5 * i, 790)
    for i in range(200):
        canvas.line(50, 50 + 3.7 * i, 50 + 500 * math.cos(i), 50 + 3.7 * i)
    assert not any(
        isinstance(b, Grid) and len(b.rows) > 200 for b in _read_or_refuse(canvas.getpdfdata())
    )
    canvas = Canvas("", pagesize=(3000, 3000))
    for i in range(0, 2900, 8):
        canvas.line(50, 50 + i, 2950, 50 + i)
        canvas.line(50 + i, 50, 50 + i, 2950)
    with pytest.raises(LimitError):
        read_pdf(canvas.getpdfdata(), Source("made.pdf"))


def test_one_drawing_many_times_and_one_page_of_letters_many_times_are_refused():
    """A file of some kilobytes that says the same again and again never takes seconds."""
    canvas = Canvas("", pageCompression=1)
    canvas.beginForm("stamp")
    canvas.rect(50, 50, 5, 5)
    canvas.endForm()
    for _ in range(2_000):
        canvas.doForm("stamp")
    with pytest.raises(LimitError, match="forms that are drawn"):
        read_pdf(canvas.getpdfdata(), Source("made.pdf"))
    canvas = Canvas("", pageCompression=1)
    for _ in range(10):
        for line in range(60):
            canvas.drawString(50, 50 + 12 * line, "1" * 300)
        canvas.showPage()
    with pytest.raises(LimitError, match="100000 characters"):
        read_pdf(canvas.getpdfdata(), Source("made.pdf"))


def test_print_on_very_many_grounds_is_seen():
    canvas = Canvas("")
    canvas.setFillGray(0.9)
    for i in range(9000):
        canvas.rect(40 + i % 90 * 5.5, 40 + i // 90 * 7, 5, 6, fill=1, stroke=0)
    canvas.setFillGray(0)
    canvas.setFont("Helvetica", 5)
    for row in range(60):
        canvas.drawString(50, 50 + 12 * row, f"row {row} " + "of prose " * 9)
    assert len(read_pdf(canvas.getpdfdata(), Source("made.pdf")).blocks) == 60


def _read_or_refuse(data):
    try:
        return read_pdf(data, Source("made.pdf")).blocks
    except LimitError:
        return ()


def _blocks(data):
    return read_pdf(data, Source("made.pdf")).blocks


@pytest.fixture(scope="module")
def reports():
    return [draw(make(seed=seed).blocks) for seed in range(3)]


def test_threads_give_the_same(reports):
    once = [_blocks(data) for data in reports]
    found = {}

    def work(name):
        found[name] = [_blocks(data) for data in reports]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[i] == once for i in range(4))


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_give_the_same(reports, method):
    once = _blocks(reports[0])
    stop = threading.Event()
    busy = threading.Thread(target=lambda: [_blocks(reports[1]) for _ in iter(stop.is_set, True)])
    busy.start()
    try:
        with multiprocessing.get_context(method).Pool(1) as pool:
            assert pool.apply_async(_blocks, (reports[0],)).get(60) == once
    finally:
        stop.set()
        busy.join()
