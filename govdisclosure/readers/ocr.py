"""Scanned pages → characters with a confidence, and rules found in the picture (extra:
``govdisclosure[ocr]``).

A whole page is recognised at once and its characters are dropped into the lattice of ruled lines
like those of a PDF with text: recognising each cell alone is worse on worn pages. Ink in a cell
that nothing was made of is U+FFFC. Engine: rapidocr on onnxruntime (Apache-2.0, MIT); its models
are in the wheel and nothing is downloaded.
"""

from __future__ import annotations

import functools
import importlib.util
import math
from collections.abc import Iterator

import numpy

from govdisclosure.errors import UnreadableFileError
from govdisclosure.readers import limits
from govdisclosure.readers.pdf_blocks import place, tables_on
from govdisclosure.readers.pdf_drawn import UNREAD, Box, joined, render
from govdisclosure.readers.pdf_page import SHAPE, Page, Word, words_of

DPI = 200
LOOK = 100  # dots an inch at which a picture is looked at for a table
MAX_PAGES = 60  # some five seconds a page
FEW = 20  # characters; a scan can carry a page number or a stamp as text
TABLE_PICTURE = 0.1  # share of a page that a picture of a table takes at least
DARK = 150  # grey below which a pixel is ink
INK = 12  # dark pixels inside a cell that are more than dirt
LOW = 7  # rows of pixels that ink covers at least to be print
NEAR = 3  # pixels around a recognised character that belong to it
STEEPEST = 6  # degrees by which a scan may be off
THICK = 5.0  # points of a rule at most
LONG_ACROSS, LONG_DOWN = 60, 34  # pixels of a straight run that is no stroke of a character
INSTALL = "Its tables can be recognised with `pip install govdisclosure[ocr]`; better is the page's HTML or DOCX."


def available() -> bool:
    """Whether the engine of the extra is installed."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def read_scans(document, pages: list[Page], report: str) -> bool:
    """Replace scanned pages by what OCR reads on them; True when there were any.

    ``document``: the open ``pypdfium2.PdfDocument``. A picture without a table in a report that has
    text is left alone. One with a picture of a table among its text is recognised as a whole.
    Raises UnreadableFileError where a page can't be read without the extra, LimitError for more
    pages than a report has.
    """
    scanned = [page for page in pages if _is_doubtful(page)]
    if scanned and any(_print(page)[0] >= FEW for page in pages):
        scanned = [
            page for page in scanned if _looks_ruled(render(document[page.number - 1], LOOK)[0])
        ]
    if scanned and not available():
        seen = f"scanned pages without text: {', '.join(str(page.number) for page in scanned[:5])}"
        raise UnreadableFileError(report, "a PDF with text", seen=seen, advice=INSTALL)
    limits.check(report, "scanned pages", len(scanned), MAX_PAGES)
    for page in scanned:
        picture, _ = render(document[page.number - 1], DPI)
        pages[page.number - 1] = _recognised(_straight(picture), page)
    return bool(scanned)


def _print(page: Page) -> tuple[int, int]:
    """How many characters it has as text, and how many that are no text."""
    text = "".join(word.text for word in page.words if word.run >= 0)
    unread = text.count(UNREAD)
    return len(text) - unread, unread


def _is_doubtful(page: Page) -> bool:
    """A page with text that has no meaning, or without a ruled table and with pictures large enough
    for one.
    """
    known, unread = _print(page)
    area = sum(word.width * word.height for word in page.words if word.run == SHAPE)
    pictured = area > TABLE_PICTURE * page.width * page.height
    ruled = len(page.across) > 3 and len(page.down) > 3
    return unread > max(known, FEW) or pictured and not ruled


def _looks_ruled(picture: numpy.ndarray) -> bool:
    """Whether a picture shows a table: some straight dark lines across and down, each over a third
    of it.
    """
    lines = [(picture < DARK).mean(axis) > 0.33 for axis in (1, 0)]
    across, down = ((numpy.diff(marked.astype(int)) == 1).sum() for marked in lines)
    return bool(across >= 4 and down >= 3)


@functools.cache
def _engine():
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error"})


def _recognised(picture: numpy.ndarray, page: Page) -> Page:
    scale = page.width / picture.shape[1]
    across = _rules(picture, LONG_ACROSS, scale)
    down = _rules(picture.T, LONG_DOWN, scale)
    letters: list[str] = []
    sides = []
    for i, (text, sure, box) in enumerate(_words(picture)):
        x0, y0, x1, y1 = box * scale
        lefts, step = numpy.linspace(x0, x1, len(text), endpoint=False, retstep=True)
        base = y1 - 0.18 * (y1 - y0)
        letters += text
        sides += [(left, y0, left + step, y1, base, False, i, sure) for left in lefts]
    columns = numpy.array(letters, "U1"), numpy.reshape(sides, (-1, 8))
    words = words_of(*columns, across, down)
    high = picture.shape[0] * scale
    read = Page(page.number, page.width, high, words, across, down, recognised=True)
    words += [Word(UNREAD, *box, box[3], sure=0.0) for box in _unread(read, picture, scale)]
    return read


def _words(picture: numpy.ndarray) -> Iterator[tuple[str, float, numpy.ndarray]]:
    """(text, confidence, box in pixels) of everything recognised on a page, in reading order.

    A figure is as sure as its least sure digit; a label as its line, for brackets are always
    doubtful.
    """
    colour = numpy.repeat(picture[:, :, None], 3, axis=2)
    # No turning of lines: the engine would look at each upside down as well, and a lone 6 became a
    # 9 that way.
    found = _engine()(colour, use_det=True, use_cls=False, use_rec=True, return_word_box=True)
    if found is None or not found.txts:
        return
    for line, score, box, parts in zip(found.txts, found.scores, found.boxes, found.word_results):
        wide, high = numpy.ptp(box, 0)
        for text, one, place_ in [(line, score, box)] if high > 1.5 * wide else parts or ():
            sure = min(score, one) if any(map(str.isdigit, text)) else score
            if text := text.strip():
                yield text, sure, numpy.hstack((numpy.min(place_, 0), numpy.max(place_, 0)))


def _straight(picture: numpy.ndarray) -> numpy.ndarray:
    """The picture turned so that its long lines lie level: a scan is off by up to some degrees."""
    import cv2

    ink, long = (picture < DARK).astype(numpy.uint8), picture.shape[1] // 4
    found = cv2.HoughLinesP(ink, 1, math.pi / 1800, 200, minLineLength=long, maxLineGap=8)
    x0, y0, x1, y1 = numpy.reshape([] if found is None else found, (-1, 4)).T
    angles = numpy.degrees(numpy.arctan2(y1 - y0, x1 - x0))
    level = angles[abs(angles) < STEEPEST]
    high, wide = picture.shape
    turn = float(numpy.median(level)) if len(level) else 0.0
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, 1.0)
    return cv2.warpAffine(picture, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255)


def _rules(picture: numpy.ndarray, long: int, scale: float) -> numpy.ndarray:
    """Straight level runs of ink of at least ``long`` pixels, in points."""
    import cv2

    ink = (picture < DARK).astype(numpy.uint8)
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((1, long), numpy.uint8))
    x, y, wide, high = cv2.connectedComponentsWithStats(runs)[2][1:, :4].T * scale
    boxes = numpy.column_stack((x, y, x + wide, y + high))
    return joined(boxes[(high <= THICK) & (wide > 3 * high)])


def _unread(page: Page, picture: numpy.ndarray, scale: float) -> Iterator[Box]:
    """Cells with ink of which nothing was made: these are no blanks."""
    tables = tables_on(page, 0)
    place(tables, page.words)
    for cell in [cell for table in tables for cell in table.cells]:
        x0, y0, x1, y1 = (round(side / scale) for side in cell.box)
        ink = picture[y0 + 5 : y1 - 4, x0 + 5 : x1 - 4] < DARK
        for word in cell.words:
            top, bottom = (round(side / scale) - y0 - 5 for side in (word.y0, word.y1))
            ink[max(top - NEAR, 0) : max(bottom + NEAR, 0)] = False
        if ink.sum() >= INK and ink.any(1).sum() >= LOW:
            yield cell.box
