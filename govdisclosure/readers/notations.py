"""What programs write for each other, by `notations.toml`: tables (LaTeX, MediaWiki, AsciiDoc,
JSON, printed lists) → lines with bars; words with their boxes on a PDF's pages → Lines with x in
points.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import partial
from html import unescape
from operator import attrgetter
from pathlib import Path

from ..model import Line, Piece
from . import limits
from .placing import runs

_FILE = Path(__file__).with_name("notations.toml")
NOTATIONS = tomllib.loads(_FILE.read_text("utf-8"))
_VALUES = re.compile(r"^[ \t]*(?:\[[^\n]*\]|\{[^\n]*\}),?[ \t]*$", re.M)
_SERIES, _SENTENCE = (list, tuple), 200
_ODD_BARS, _FEWEST_DOUBLED = re.compile(r"(?<!\|)\|(?:\|\|)*(?!\|)"), 10  # none: || parts cells
_PYTHON = re.compile(
    r"""'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+"|\b(?:None|nan|True|False)\b|,(?=\s*+[)\]}])|[()]"""
)
_AS_JSON = {"None": "null", "nan": "null", "True": "true", "False": "false"}
_AS_JSON |= {"(": "[", ")": "]", ",": ""}  # tuples, and the comma behind their last part

# Words with boxes: pdftotext -bbox-layout and -tsv (Tesseract's TSV is the same), pdftohtml -xml,
# MuPDF's HTML, and printed tuples of PyMuPDF's words.
_NUMBER = r"(-?\d{1,9}(?:\.\d{1,18})?)"
_START = 20_000
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\S+")


def with_bars(text: str) -> str:
    """The text, its tables in other notations written ``| a | b |``, a row a line; the text itself
    where it has none.

    A table's lines keep their number; what Python or JSON writes on one line becomes several.
    """
    for notation in NOTATIONS["notation"]:
        if re.search(notation["begin"], text, re.M):
            text = _rewritten(text, notation)
    if text.count("||") >= _FEWEST_DOUBLED and not _ODD_BARS.search(text):
        text = text.replace("||", "|")
    whole = _expanded(text) if text.lstrip()[:1] in ("{", "[") else text
    return _VALUES.sub(lambda line: _expanded(line[0]), text) if whole == text else whole


def _rewritten(text: str, notation: dict) -> str:
    begin, end = notation["begin"], notation["end"]
    last = max((found.end() for found in re.finditer(end, text, re.M)), default=0)
    tables = re.compile(rf"(?:{begin})([\s\S]*?)(?:{end})", re.M)  # each has an end: linear
    text = tables.sub(partial(_barred, notation=notation), text[:last]) + text[last:]
    return re.sub(notation["drop"], "", text, flags=re.M) if "everywhere" in notation else text


def _barred(table: re.Match, notation: dict) -> str:
    inner = table[1].strip("\n")
    divider = notation["row"] if re.search(notation["row"], inner, re.M) else "\n"
    rows = [_row(row, notation) for row in re.split(divider, inner, flags=re.M)]
    lines = [row for row in rows if row.strip("| ")]
    return "\n".join(lines + [""] * (table[0].count("\n") + 1 - len(lines)))


def _row(row: str, notation: dict) -> str:
    first, *cells = re.split(notation["cell"], row, flags=re.M)
    drop = re.compile(notation.get("drop", "(?!)"), re.M)
    led = notation.get("between") or drop.sub("", first).strip()
    texts: list[str] = []
    for cell in [first] * bool(led) + cells:
        span = re.search(notation["span"], cell) if "span" in notation else None
        texts += [" ".join(drop.sub("", cell).split()), *[""] * (int(span[1]) - 1 if span else 0)]
    return f"| {' | '.join(texts)} |"


def _expanded(text: str) -> str:
    """The rows of the value that a text of Python or JSON writes; the text itself where it writes
    none. Nothing is compiled or run.
    """
    for write in (str, _as_json):
        try:
            return "\n".join(_rows(json.loads(write(text.strip().rstrip(",")))))
        except (ValueError, SyntaxError, RecursionError):
            continue
    return text


def _as_json(text: str) -> str:
    """What Python prints of lists, tuples and texts as JSON has them."""
    return _PYTHON.sub(lambda token: _AS_JSON.get(token[0]) or _json_text(token[0]), text)


def _json_text(token: str) -> str:
    if token[0] not in "'\"":
        return ""
    text = ast.literal_eval(token) if "\\" in token else token[1:-1]
    return json.dumps(text, ensure_ascii=False)


def _rows(value) -> Iterator[str]:
    """A list or record of plain values is a row; texts of several lines are lines."""
    record = isinstance(value, dict)
    parts = list(value.values()) if record else value if isinstance(value, _SERIES) else [value]
    texts = ["" if part is None else str(part) for part in parts]
    if any(isinstance(part, (dict, *_SERIES)) for part in parts):
        for part in parts:
            yield from _rows(part)
    elif len(parts) == 1 or any("\n" in text.strip() or len(text) > _SENTENCE for text in texts):
        yield from texts
    elif not record or len(parts) > 2:  # {"t": "Str", "c": "规章"} is a syntax tree, no row
        yield f"| {' | '.join(' '.join(text.split()).replace('|', '/') for text in texts)} |"


# --- words with boxes -----------------------------------------------------------------------------


def boxes_in(text: str) -> tuple[str, str]:
    """What begins a page or is a word with its sides, and which sides those are; "" where the text
    is no print of words with boxes.
    """
    for start, page, word, sides in NOTATIONS["boxes"]:
        if start in text[:_START] and re.search(page, text[:_START], re.M):
            return rf"(?P<page>{page})|{word.replace('N', _NUMBER)}", sides
    return "", ""


def boxed_lines(text: str, report: str) -> list[Line]:
    """The words as lines, page by page. Raises LimitError."""
    pages: list[list[Line]] = []
    pattern, sides = boxes_in(text)
    for found in re.finditer(pattern, text, re.M) if pattern else ():
        if found["page"] is not None:
            pages.append([])
        elif pages:
            _, *numbers, printed = found.groups()
            box = dict(zip(sides.split(), map(float, numbers)))
            pages[-1] += _words(unescape(_TAG.sub("", printed)), box, len(pages))
            limits.check(report, "words", len(pages[-1]), limits.BLOCKS)
    return [line for page in pages for line in _page_lines(page)]


def _words(text: str, box: dict[str, float], page: int) -> Iterator[Line]:
    """The words in a box, each with its share of it, as lines of one piece."""
    left, top, where = box["x0"], box["y0"], f"page {page}"
    bottom = box.get("y1", top + box.get("height", 0))
    width = box.get("width", (bottom - top) * len(text) / (2 if text.isascii() else 1))
    step = (box.get("x1", left + width) - left) / max(1, len(text))
    for word in _WORD.finditer(text):
        start, end = (left + step * at for at in word.span())
        yield Line((Piece(word[0], where, start, end),), where, top, bottom, page)


def _page_lines(words: list[Line]) -> Iterator[Line]:
    """Words of a page as its lines."""
    rows = runs(sorted(words, key=lambda word: word.top + word.bottom), _on_line)
    for number, row in enumerate(rows, 1):
        where = f"page {row[0].page}, line {number}"
        pieces = sorted((word.pieces[0] for word in row), key=attrgetter("x0"))
        spaced = tuple(p._replace(where=where, mark=" " if n else "") for n, p in enumerate(pieces))
        top, bottom = min(word.top for word in row), max(word.bottom for word in row)
        yield Line(spaced, where, top, bottom, row[0].page)


def _on_line(row: list[Line], word: Line) -> bool:
    """Whether the middles of a word and of the row's first are within 0.4 of the lower one's height."""
    (_, _, top, bottom, _), (_, _, high, low, _) = row[0], word
    return (high + low - top - bottom) / 2 <= 0.4 * min(bottom - top, low - high)
