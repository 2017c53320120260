"""What programs write for each other, by `notations.toml`: tables (LaTeX, MediaWiki, AsciiDoc,
JSON, printed lists) → lines with bars; words with their boxes on a PDF's pages → Lines with x in
points.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from html import unescape
from operator import attrgetter
from pathlib import Path

from ..model import Line, Piece
from . import limits

_FILE = Path(__file__).with_name("notations.toml")
NOTATIONS = tomllib.loads(_FILE.read_text("utf-8"))
_VALUES = re.compile(r"^[ \t]*(?:\[[^\n]*\]|\{[^\n]*\}),?[ \t]*$", re.M)
_SERIES, _SENTENCE = (list, tuple), 200
_ODD_BARS, _FEWEST_DOUBLED = re.compile(r"(?<!\|)\|(?:\|\|)*(?!\|)"), 10  # none: || parts cells
_LONGEST = 2_000_000  # characters of values written as Python or JSON
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
    if text.lstrip()[:1] in ("{", "[") and (whole := _values(text)) is not None:
        return "\n".join(_rows(whole))
    return _VALUES.sub(_expanded, text)


def _rewritten(text: str, notation: dict) -> str:
    begin, end = (re.compile(notation[name], re.M) for name in ("begin", "end"))
    parts, start = [], 0
    while (first := begin.search(text, start)) and (last := end.search(text, first.end())):
        table = text[first.start() : last.end()]
        parts += [
            text[start : first.start()],
            _barred(table, text[first.end() : last.start()], notation),
        ]
        start = last.end()
    text = "".join([*parts, text[start:]])
    return re.sub(notation["drop"], "", text, flags=re.M) if notation.get("everywhere") else text


def _barred(whole: str, inner: str, notation: dict) -> str:
    divider = notation["row"] if re.search(notation["row"], inner.strip("\n"), re.M) else "\n"
    rows = [_row(row, notation) for row in re.split(divider, inner.strip("\n"), flags=re.M)]
    lines = [row for row in rows if row.strip("| ")]
    return "\n".join(lines + [""] * (whole.count("\n") + 1 - len(lines)))


def _row(row: str, notation: dict) -> str:
    first, *cells = re.split(notation["cell"], row, flags=re.M)
    drop = re.compile(notation.get("drop", "(?!)"), re.M)
    led = notation.get("between") or drop.sub("", first).strip()
    texts: list[str] = []
    for cell in [first] * bool(led) + cells:
        span = re.search(notation["span"], cell) if "span" in notation else None
        texts += [" ".join(drop.sub("", cell).split()), *[""] * (int(span[1]) - 1 if span else 0)]
    return f"| {' | '.join(texts)} |"


def _expanded(line: re.Match) -> str:
    value = _values(line[0])
    return line[0] if value is None else "\n".join(_rows(value))


def _values(text: str):
    """The value that a text of Python or JSON writes; None where it writes none. Nothing is
    compiled or run.
    """
    text = text.strip().rstrip(",")
    for write in (str, _as_json) if len(text) < _LONGEST else ():
        try:
            return json.loads(write(text))
        except (ValueError, RecursionError):
            continue
    return None


def _as_json(text: str) -> str:
    """What Python prints of lists, tuples and texts as JSON has them."""
    return _PYTHON.sub(lambda token: _AS_JSON.get(token[0]) or _json_text(token[0]), text)


def _json_text(token: str) -> str:
    if token[0] not in "'\"":
        return ""
    inner = token[1:-1].replace("\\'", "'")
    inner = inner.replace('"', '\\"') if token[0] == "'" else inner
    return '"' + re.sub(r"\\x(..)", r"\\u00\1", inner) + '"'


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


def has_boxes(text: str) -> bool:
    """Whether the text is a print of words with boxes."""
    return _format(text) is not None


def _format(text: str) -> list[str] | None:
    """What begins a page, a word, and its sides."""
    known = [form for form in NOTATIONS["boxes"] if form[0] in text[:_START]]
    forms = ([page, word.replace("N", _NUMBER), sides] for _, page, word, sides in known)
    return next((form for form in forms if re.search(form[1], text[:_START], re.M)), None)


def boxed_lines(text: str, report: str) -> list[Line]:
    """The words as lines, page by page. Raises LimitError."""
    form = _format(text)
    if form is None:
        return []
    page, word, sides = form
    pages: list[list[Line]] = []
    for found in re.finditer(rf"(?P<page>{page})|{word}", text, re.M):
        if found["page"] is not None:
            pages.append([])
        elif pages:
            _, *numbers, printed = found.groups()
            box = dict(zip(sides.split(), map(float, numbers)))
            pages[-1] += _words(unescape(_TAG.sub("", printed)), box, len(pages))
            limits.check(report, "words", len(pages[-1]), limits.BLOCKS)
    return [line for page in pages for line in _page_lines(page)]


def _words(text: str, box: dict[str, float], page: int) -> list[Line]:
    """The words in a box, each with its share of it, as lines of one piece."""
    left, top, where = box["x0"], box["y0"], f"page {page}"
    bottom = box.get("y1", top + box.get("height", 0))
    width = box.get("width", (bottom - top) * len(text) / (2 if text.isascii() else 1))
    step = (box.get("x1", left + width) - left) / max(1, len(text))
    return [
        Line(
            (Piece(m[0], where, left + step * m.start(), left + step * m.end()),),
            where,
            top,
            bottom,
            page,
        )
        for m in _WORD.finditer(text)
    ]


def _page_lines(words: list[Line]) -> list[Line]:
    """Words of a page as its lines: those whose middles are within 0.4 of a word's height."""
    rows: list[list[Line]] = []
    for word in sorted(words, key=lambda word: word.top + word.bottom):
        first = rows[-1][0] if rows else word
        low = min(word.bottom - word.top, first.bottom - first.top)
        if rows and (word.top + word.bottom - first.top - first.bottom) / 2 <= 0.4 * low:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_joined(row, f"{row[0].where}, line {number}") for number, row in enumerate(rows, 1)]


def _joined(words: list[Line], where: str) -> Line:
    pieces = sorted((word.pieces[0] for word in words), key=attrgetter("x0"))
    spaced = tuple(p._replace(where=where, mark=" " if n else "") for n, p in enumerate(pieces))
    bottom = max(word.bottom for word in words)
    return words[0]._replace(
        pieces=spaced, where=where, top=min(word.top for word in words), bottom=bottom
    )
