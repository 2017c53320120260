"""Scanned pages → characters with a confidence, and rules found in the picture (extra: ``govdisclosure[ocr]``).

A whole page is recognised at once and its characters are dropped into the lattice of ruled lines like those of a
PDF with text: recognising each cell alone is worse on worn pages. Cells with ink and no text are tried again alone.
Engine: rapidocr on onnxruntime (Apache-2.0, MIT); its models are in the wheel and nothing is downloaded.
"""

from __future__ import annotations

import functools
import importlib.util
import math

import numpy

from govdisclosure.errors import LimitError, UnreadableFileError
from govdisclosure.readers.pdf_drawn import Rule
from govdisclosure.readers.pdf_lattice import lattices
from govdisclosure.readers.pdf_page import Char, Page
from govdisclosure.readers.pdf_raw import render
from govdisclosure.readers.pdf_tables import place, table_of

DPI = 200
MAX_PAGES = 60  # some five seconds a page
DARK = 150  # grey below which a pixel is ink
INK = 12  # dark pixels inside a cell that are more than dirt
LOW = 7  # rows of pixels that ink covers at least to be print
NEAR = 3  # pixels around a recognised character that belong to it
RETRIED = 0.85  # trust in what only the second try found, at most
LONG_ACROSS, LONG_DOWN = (
    60,
    34,
)  # pixels of a straight run that is a rule and no stroke of a character

INSTALL = "Its tables can be recognised with `pip install govdisclosure[ocr]`; better is the page's HTML or DOCX."


def available() -> bool:
    """Whether the engine of the extra is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def recognise(document, numbers: list[int], report: str) -> list[Page]:
    """Pages (numbers from 1) of an open ``pypdfium2.PdfDocument``, read from their pictures.

    ``Page.sure`` gives the confidence of each character. Raises UnreadableFileError without the extra, LimitError
    for more pages than a report has.
    """
    if not available():
        pages = ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")
        raise UnreadableFileError(
            report, "a PDF with text", seen=f"scanned pages without text: {pages}", advice=INSTALL
        )
    if len(numbers) > MAX_PAGES:
        raise LimitError(
            report,
            f"at most {MAX_PAGES} scanned pages",
            seen=str(len(numbers)),
            advice="Split the file.",
        )
    return [_read(document[number - 1], number) for number in numbers]


def looks_ruled(picture: numpy.ndarray) -> bool:
    """Whether a picture shows a table: some straight dark lines across and down, each over a third of the page."""
    dark = picture < DARK
    across, down = (_lines(numpy.mean(dark, axis=axis) > 0.33) for axis in (1, 0))
    return across >= 4 and down >= 3


def _lines(marked: numpy.ndarray) -> int:
    return int(numpy.count_nonzero(numpy.diff(marked.astype(numpy.int8)) == 1))


@functools.cache
def _engine():
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error"})


def _read(raw, number: int) -> Page:
    try:
        picture, scale = render(raw, DPI)
        picture = _straight(picture)
        high, wide = picture.shape
        page = Page(number, wide * scale, high * scale)
        page.across, page.down = _rules(picture, scale)
        _add_words(page, _words(picture), scale, 1.0)
        _try_again(page, picture, scale)
        return page
    finally:
        raw.close()


def _words(picture: numpy.ndarray) -> list[tuple[str, float, tuple[float, float, float, float]]]:
    """(text, confidence, box in pixels) of everything recognised on a page, in reading order."""
    colour = numpy.repeat(picture[:, :, None], 3, axis=2)
    # No turning of lines: the engine would look at each upside down as well, and a lone 6 became a 9 that way.
    found = _engine()(colour, use_det=True, use_cls=False, use_rec=True, return_word_box=True)
    if found is None or not found.txts:
        return []
    words = []
    for line, score, box, parts in zip(found.txts, found.scores, found.boxes, found.word_results):
        x0, y0, x1, y1 = _box(box)
        if (
            y1 - y0 > 1.5 * (x1 - x0) and len(line) > 1
        ):  # vertical writing: its characters share the height
            step = (y1 - y0) / len(line)
            words += [
                (char, float(score), (x0, y0 + i * step, x1, y0 + (i + 1) * step))
                for i, char in enumerate(line)
            ]
        else:
            words += [
                (text, _sure(text, float(score), float(one)), _box(place))
                for text, one, place in parts or ()
            ]
    return words


def _sure(text: str, line: float, word: float) -> float:
    """A figure is as sure as its least sure digit; a label as its line, for brackets are always doubtful."""
    return min(line, word) if any(char.isdigit() for char in text) else line


def _box(corners) -> tuple[float, float, float, float]:
    xs, ys = zip(*corners)
    return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


def _add_words(page: Page, words, scale: float, trust: float) -> None:
    for text, sure, (x0, y0, x1, y1) in words:
        text = text.strip()
        step = (x1 - x0) / max(len(text), 1)
        for i, letter in enumerate(text):
            if letter.isspace():
                continue
            index = len(page.chars)
            left, right, top, bottom = (
                v * scale for v in (x0 + i * step, x0 + (i + 1) * step, y0, y1)
            )
            page.chars.append(
                Char(letter, left, top, right, bottom, bottom - 0.18 * (bottom - top), False, index)
            )
            page.sure[index] = min(sure, trust)


def _straight(picture: numpy.ndarray) -> numpy.ndarray:
    """The picture turned so that its long lines lie level: a scan is off by up to some degrees."""
    import cv2

    ink = numpy.where(picture < DARK, 255, 0).astype(numpy.uint8)
    found = cv2.HoughLinesP(
        ink, 1, math.pi / 1800, 200, minLineLength=picture.shape[1] // 4, maxLineGap=8
    )
    if found is None:
        return picture
    angles = [
        math.degrees(math.atan2(float(y1) - float(y0), float(x1) - float(x0)))
        for x0, y0, x1, y1 in found.reshape(-1, 4)
    ]
    level = [angle for angle in angles if abs(angle) < 6]
    turn = float(numpy.median(level)) if level else 0.0
    if abs(turn) < 0.05:
        return picture
    high, wide = picture.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, 1.0)
    return cv2.warpAffine(picture, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255)


def _rules(picture: numpy.ndarray, scale: float) -> tuple[list[Rule], list[Rule]]:
    """Long straight runs of ink, across and down, in points."""
    import cv2

    ink = numpy.where(picture < DARK, 255, 0).astype(numpy.uint8)
    found: list[list[Rule]] = []
    for shape, across in (((LONG_ACROSS, 1), True), ((1, LONG_DOWN), False)):
        runs = cv2.morphologyEx(
            ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        )
        _, _, boxes, _ = cv2.connectedComponentsWithStats(runs)
        rules = []
        for x, y, wide, high in boxes[1:, :4].tolist():
            thick, at = (high, y + high / 2) if across else (wide, x + wide / 2)
            start, long = (x, wide) if across else (y, high)
            if thick <= 14 and long > 3 * thick:
                rules.append(Rule(at * scale, start * scale, (start + long) * scale))
        found.append(rules)
    return found[0], found[1]


def _try_again(page: Page, picture: numpy.ndarray, scale: float) -> None:
    """Recognise alone what has ink and no text in a cell; where that fails too, the doubt itself is kept."""
    tables = [table_of(lattice, page.number, 0, 0) for lattice in lattices(page.across, page.down)]
    place(tables, page.chars)
    for cell in (cell.parts[0] for table in tables for cell in table.cells):
        x0, y0, x1, y1 = (round(v / scale) for v in cell.box)
        x0, y0, x1, y1 = x0 + 5, y0 + 5, x1 - 4, y1 - 4
        ink = picture[y0:y1, x0:x1] < DARK
        for char in cell.chars:
            top, bottom = (round(v / scale) - y0 for v in (char.y0, char.y1))
            ink[max(top - NEAR, 0) : max(bottom + NEAR, 0)] = False
        rows = numpy.flatnonzero(ink.sum(axis=1))
        if numpy.count_nonzero(ink) < INK or rows.size < LOW:
            continue
        top, bottom = max(y0, y0 + int(rows[0]) - 4), min(y1, y0 + int(rows[-1]) + 5)
        text, sure = _alone(picture[top:bottom, x0:x1])
        columns = numpy.flatnonzero(ink.sum(axis=0))
        box = (float(x0 + columns[0]), float(top), float(x0 + columns[-1] + 1), float(bottom))
        _add_words(page, [(text or UNREAD, sure if text else 0.0, box)], scale, RETRIED)


UNREAD = "?"  # stands for ink that nothing could be made of, so that the cell is no blank


def _alone(picture: numpy.ndarray) -> tuple[str, float]:
    colour = numpy.repeat(numpy.pad(picture, 12, constant_values=255)[:, :, None], 3, axis=2)
    found = _engine()(colour, use_det=False, use_cls=False, use_rec=True)
    if found is None or not found.txts:
        return "", 0.0
    return found.txts[0].strip(), float(found.scores[0])


FEW = 20  # characters; a scan can carry a page number or a stamp as text
COVERED = 0.3  # share of the page that pictures cover
TABLE_PICTURE = 0.1  # share of the page that a picture of a table covers at least


def read_scans(document, pages: list[Page], report: str) -> bool:
    """Replace scanned pages by what OCR reads on them; True when there were any.

    A picture without a table in a report that has text is left alone. Raises UnreadableFileError where a page
    can't be read without the extra ``ocr``.
    """
    scanned = [page for page in pages if is_scan(page)]
    with_text = len(scanned) < len(pages) and any(
        len(page.chars) >= FEW for page in pages if page not in scanned
    )
    if with_text:
        scanned = [page for page in scanned if _shows_table(document, page)]
        _refuse_pictures(document, [page for page in pages if page not in scanned], report)
    if not scanned:
        return False
    for page in recognise(document, [page.number for page in scanned], report):
        pages[page.number - 1] = page
    return True


def is_scan(page: Page) -> bool:
    """A page of pictures without text, with text that has no meaning, or with invisible text over a picture."""
    share = _share(page)
    if page.unread > max(0.5 * len(page.chars), FEW):
        return True
    return sum(char.run >= 0 for char in page.chars) < FEW and share >= COVERED


def _share(page: Page) -> float:
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.pictures)
    return area / max(page.width * page.height, 1.0)


def _shows_table(document, page: Page) -> bool:
    return looks_ruled(_picture(document, page)[0])


def _picture(document, page: Page):
    raw = document[page.number - 1]
    try:
        return render(raw, 100)
    finally:
        raw.close()


def _refuse_pictures(document, pages: list[Page], report: str) -> None:
    """A table stored as a picture on a page with text: its figures would be missing without a word."""
    for page in pages:
        boxes = [
            box
            for box in page.pictures
            if (box[2] - box[0]) * (box[3] - box[1]) > TABLE_PICTURE * page.width * page.height
        ]
        if not boxes or len(page.across) > 3 and len(page.down) > 3:
            continue
        picture, scale = _picture(document, page)
        for x0, y0, x1, y1 in boxes:
            cut = picture[
                max(round(y0 / scale), 0) : round(y1 / scale),
                max(round(x0 / scale), 0) : round(x1 / scale),
            ]
            if cut.size and looks_ruled(cut):
                raise UnreadableFileError(
                    report,
                    "tables with text",
                    seen=f"a table stored as a picture on page {page.number}",
                    advice="Print that page as a picture into a PDF of its own, or look for the HTML page.",
                )
