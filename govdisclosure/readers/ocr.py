"""Scanned pages → characters with a confidence, and rules found in the picture (extra: ``govdisclosure[ocr]``).

A whole page is recognised at once and its characters are dropped into the lattice of ruled lines like those of a
PDF with text: recognising each cell alone is worse on worn pages. Ink in a cell that nothing was made of is U+FFFC.
Engine: rapidocr on onnxruntime (Apache-2.0, MIT); its models are in the wheel and nothing is downloaded.
"""

from __future__ import annotations

import functools
import importlib.util
import math
from contextlib import closing

import numpy

from govdisclosure.errors import LimitError, UnreadableFileError
from govdisclosure.readers.pdf_drawn import UNREAD, Rule, joined, render
from govdisclosure.readers.pdf_page import Page, Word
from govdisclosure.readers.pdf_tables import place, tables_on

DPI = 200
LOOK = 100  # dots an inch at which a picture is looked at for a table
MAX_PAGES = 60  # some five seconds a page
FEW = 20  # characters; a scan can carry a page number or a stamp as text
TABLE_PICTURE = 0.1  # share of a page that a picture of a table takes at least
DARK = 150  # grey below which a pixel is ink
INK = 12  # dark pixels inside a cell that are more than dirt
LOW = 7  # rows of pixels that ink covers at least to be print
NEAR = 3  # pixels around a recognised character that belong to it
LONG_ACROSS, LONG_DOWN = 60, 34  # pixels of a straight run that is no stroke of a character
INSTALL = "Its tables can be recognised with `pip install govdisclosure[ocr]`; better is the page's HTML or DOCX."


def available() -> bool:
    """Whether the engine of the extra is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def read_scans(document, pages: list[Page], report: str) -> bool:
    """Replace scanned pages by what OCR reads on them; True when there were any.

    ``document``: the open ``pypdfium2.PdfDocument``. A picture without a table in a report that has text is left alone.
    One with a picture of a table among its text is recognised as a whole. Raises UnreadableFileError where a page
    can't be read without the extra, LimitError for more pages than a report has.
    """
    scanned = [page for page in pages if _is_doubtful(page)]
    if any(_print(page) >= FEW for page in pages):
        scanned = [page for page in scanned if _looks_ruled(_picture(document, page, LOOK)[0])]
    if scanned and not available():
        seen = f"scanned pages without text: {', '.join(str(page.number) for page in scanned[:5])}"
        raise UnreadableFileError(report, "a PDF with text", seen=seen, advice=INSTALL)
    if len(scanned) > MAX_PAGES:
        expected = f"at most {MAX_PAGES} scanned pages"
        raise LimitError(report, expected, seen=str(len(scanned)), advice="Split the file.")
    for page in scanned:
        pages[page.number - 1] = _recognised(_straight(_picture(document, page, DPI)[0]), page)
    return bool(scanned)


def _print(page: Page) -> int:
    return sum(len(word.text) for word in page.words if word.run >= 0) - page.unread


def _is_doubtful(page: Page) -> bool:
    """A page with text that has no meaning, or without a ruled table and with pictures large enough for one."""
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.shapes)
    pictured = area > TABLE_PICTURE * page.width * page.height
    ruled = len(page.across) > 3 and len(page.down) > 3
    return page.unread > max(_print(page), FEW) or pictured and not ruled


def _picture(document, page: Page, dpi: float):
    with closing(document[page.number - 1]) as shown:
        return render(shown, dpi)


def _looks_ruled(picture: numpy.ndarray) -> bool:
    """Whether a picture shows a table: some straight dark lines across and down, each over a third of it."""
    lines = [(picture < DARK).mean(axis) > 0.33 for axis in (1, 0)]
    across, down = ((numpy.diff(marked.astype(int)) == 1).sum() for marked in lines)
    return bool(across >= 4 and down >= 3)


@functools.cache
def _engine():
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error"})


def _recognised(picture: numpy.ndarray, page: Page) -> Page:
    scale = page.width / picture.shape[1]
    read = Page(page.number, page.width, picture.shape[0] * scale, recognised=True)
    read.across, read.down = map(joined, _rules(picture, scale))
    for text, sure, box in _words(picture):
        _add(read, text, sure, [side * scale for side in box])
    _mark_unread(read, picture, scale)
    return read


def _add(page: Page, text: str, sure: float, box: list[float]) -> None:
    x0, y0, x1, y1 = box
    if text:
        order, base = len(page.words), y1 - 0.18 * (y1 - y0)
        page.words.append(Word(text, x0, y0, x1, y1, base, False, order, sure=sure))


def _words(picture: numpy.ndarray) -> list[tuple[str, float, tuple]]:
    """(text, confidence, box in pixels) of everything recognised on a page, in reading order.

    A figure is as sure as its least sure digit; a label as its line, for brackets are always doubtful.
    """
    colour = numpy.repeat(picture[:, :, None], 3, axis=2)
    # No turning of lines: the engine would look at each upside down as well, and a lone 6 became a 9 that way.
    found = _engine()(colour, use_det=True, use_cls=False, use_rec=True, return_word_box=True)
    words: list[tuple[str, float, tuple]] = []
    if found is None or not found.txts:
        return words
    for line, score, box, parts in zip(found.txts, found.scores, found.boxes, found.word_results):
        x0, y0, x1, y1 = _box(box)
        if y1 - y0 > 1.5 * (x1 - x0) and len(line) > 1:  # vertical: its characters share the height
            step = (y1 - y0) / len(line)
            ends = ((x0, y0 + i * step, x1, y0 + (i + 1) * step) for i in range(len(line)))
            words += [(char, float(score), end) for char, end in zip(line, ends)]
            continue
        for text, one, place_ in parts or ():
            sure = min(score, one) if any(map(str.isdigit, text)) else score
            words.append((text.strip(), float(sure), _box(place_)))
    return words


def _box(corners) -> tuple[float, float, float, float]:
    xs, ys = zip(*corners)
    return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


def _ink(picture: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(picture < DARK, 255, 0).astype(numpy.uint8)


def _straight(picture: numpy.ndarray) -> numpy.ndarray:
    """The picture turned so that its long lines lie level: a scan is off by up to some degrees."""
    import cv2

    long = picture.shape[1] // 4
    found = cv2.HoughLinesP(_ink(picture), 1, math.pi / 1800, 200, minLineLength=long, maxLineGap=8)
    lines = [] if found is None else found.reshape(-1, 4).astype(float).tolist()
    angles = [math.degrees(math.atan2(y1 - y0, x1 - x0)) for x0, y0, x1, y1 in lines]
    level = [angle for angle in angles if abs(angle) < 6]
    turn = float(numpy.median(level)) if level else 0.0
    if abs(turn) < 0.05:
        return picture
    high, wide = picture.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, 1.0)
    return cv2.warpAffine(picture, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255)


def _rules(picture: numpy.ndarray, scale: float) -> list[list[Rule]]:
    """Long straight runs of ink, across and down, in points."""
    import cv2

    found: list[list[Rule]] = []
    for shape in ((LONG_ACROSS, 1), (1, LONG_DOWN)):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        runs = cv2.morphologyEx(_ink(picture), cv2.MORPH_OPEN, kernel)
        found.append([])
        for x, y, wide, high in cv2.connectedComponentsWithStats(runs)[2][1:, :4].tolist():
            place_ = (y + high / 2, x, x + wide) if shape[1] == 1 else (x + wide / 2, y, y + high)
            if min(wide, high) <= 14 and max(wide, high) > 3 * min(wide, high):
                found[-1].append(Rule(*(side * scale for side in place_)))
    return found


def _mark_unread(page: Page, picture: numpy.ndarray, scale: float) -> None:
    """A cell with ink of which nothing was made is no blank."""
    tables = tables_on(page, 0)
    place(tables, page.words)
    for cell in [cell for table in tables for cell in table.cells]:
        x0, y0, x1, y1 = (round(side / scale) for side in cell.box)
        ink = picture[y0 + 5 : y1 - 4, x0 + 5 : x1 - 4] < DARK
        for char in cell.words:
            top, bottom = (round(side / scale) - y0 - 5 for side in (char.y0, char.y1))
            ink[max(top - NEAR, 0) : max(bottom + NEAR, 0)] = False
        if ink.sum() >= INK and ink.any(1).sum() >= LOW:
            _add(page, UNREAD, 0.0, list(cell.box))
