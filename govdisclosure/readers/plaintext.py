"""Text of any tool → Document: a Line a printed line, its pieces set off by bars, tabs, delimiters
or white space.

A blank cell that a mark keeps is a piece without text. Where white space sets the pieces off they
have x, in columns of the text; bars glued together at a line's end (``规章 | 1 ||``) only fill up the
row and are dropped.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape
from itertools import accumulate, pairwise

from ..model import Block, Document, Grid, Heading, Line, Piece, Source
from . import fields as titles
from . import limits
from .box_tables import drawn_tables
from .fields import FOOTER, fields_of_line, footer_of
from .notations import NOTATIONS, boxed_lines
from .placing import OBJECT, Placer, raised
from .shown import document_blocks

_LINE_END = re.compile("\r\n|[\r\x0c\u2028\u2029\x85]")
_BARS = "|｜│┃║"
_MARK = re.compile(f"[{_BARS}\t]")
_BEGUN = re.compile(rf" *[{_BARS}\t]")
_FRAMED = re.compile(rf" *[{_BARS}\t](?:.*[{_BARS}\t])? *\Z")
_FILLING = re.compile(rf"(?:^|(?<=\s))[{_BARS}]{{2,}}\Z")
_RUN = re.compile(r"\S+")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
# A line that only draws: ---, ===, |---|:--:|, +----+----+, ┌──┬──┐. One or two dashes are a value
# (不适用).
_RULE = re.compile(
    r"(?=.*(?:-{3}|={3}|[─━═]|\+[-=]|:-|-:))[-=+|:─-╿ \t*]+|[—_*]{8,}|(?:[|+][ \t]*+:?-{2,}+:?[ \t]*+)++[|+]?"
)
_DRAWN = frozenset("-=+|:*_— \t") | frozenset(map(chr, range(0x2500, 0x2580)))
_HEAD_LINES, _FOOT_LINES, _FOOTER_RUN = 15, 40, 400
_WRAP = re.compile(r"(?<!\d)[ \t]*\n[ \t]*|[ \t]*\n[ \t]*(?!\d)")
_DELIMITERS = ",;^&"
_FEWEST_RECORDS, _FEWEST_FIELDS = 6, 4
_NEARLY_ALL = (
    0.9  # of the lines with bars; of rows whose first cells are merged a few have words there
)
_DIGITS = re.compile(r"[-+]?\d[\d,.]*")

# What marks Markdown up.
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+([^\n]*)")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_QUOTE = re.compile(r"^(?:[ \t]{0,3}+>[ \t]?)++", re.M)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(?=\D{2})")
_FRONT = re.compile(r"\A---[ \t]*\n((?:[^\n:]{1,40}:[^\n]{0,400}\n|[ \t]*\n){1,40})---[ \t]*\n")
# Tables that follow each other, with those in their cells.
_INNER = r"<table(?=[\s>/])(?:[^<]++|<(?!/?table(?=[\s>/])))*+</table\s*+>"
_OUTER = _INNER.replace("[^<]++", f"[^<]++|{_INNER}")
_TABLES = re.compile(rf"({_OUTER}(?:\s*+{_OUTER})*+)", re.I)
_COMMENT = re.compile(r"<!--[\s\S]*?-->")
_MATHS = re.compile(r"\$([^$\n<>]{1,40})\$")
_POWER = re.compile(r"\^\{?([\d()]{1,6})\}?")


def _of_maths(formula: str) -> str:
    """A formula without what only sets it: blanks do not part digits, a power is raised.

    >>> _of_maths("3 9^{1}")
    '39⁽¹⁾'
    """
    return _POWER.sub(lambda m: raised(m[1]), "".join(formula.split()))


_REPLACED = {
    "picture": OBJECT,
    "raised": lambda m: raised(next(filter(None, m.groups()))),
    "maths": lambda m: _of_maths(m[1]),
}
_INLINE = [(re.compile(p, re.I), _REPLACED.get(kind, kind)) for p, kind in NOTATIONS["markdown"]]
_INLINE_MARK = re.compile(r"[\[<*_`~^$&\\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BASE = 0xE000  # private stand-ins, so that \| is no column mark
_ESCAPED = {_BASE + code: chr(code) for code in range(128)}
_LONGEST_TITLE = 80


def text_document(text: str, source: Source) -> Document:
    """A text; words with boxes (pdftotext -bbox-layout) become lines with x in points.

    ``where`` of a piece is "line 212, piece 3". Raises LimitError.
    """
    if boxed := boxed_lines(text, source.path):
        return flat_document(boxed, source, {})
    _check_size(text, source.path)
    lines = lines_of(text)
    limits.check(source.path, "lines of text", sum(map(bool, lines)), limits.BLOCKS)
    records = spaced_lines(_records(lines)).values()
    blocks = list(records) or _blocks(lines, Placer(source.path))
    return flat_document(blocks, source, {})


def markdown_document(text: str, source: Source) -> Document:
    """Markdown: lines as in any text, # headings, HTML tables as grids. Raises LimitError.

    Pipe tables stay lines of pieces: what people call Markdown in archives often lacks the rule or
    has rows of unequal length, which a strict table would lose.
    """
    from .html import Walk

    _check_size(text, source.path)
    text = _without_comments("\n".join(lines_of(text)))
    metadata, text = _front(text)
    blocks: list[Block] = []
    placer = Placer(source.path)
    number = 1
    for part, written in enumerate(_TABLES.split(text)):
        if part % 2:
            html = _MATHS.sub(lambda m: _of_maths(m[1]), written)
            blocks += document_blocks(Walk(html, source.path).blocks, placer)
        else:
            blocks += _blocks(written.split("\n"), placer, number, marked=True)
        number += written.count("\n")
        limits.check(source.path, "lines of Markdown", len(blocks), limits.BLOCKS)
    return flat_document(blocks, source, metadata)


def _check_size(text: str, report: str) -> None:
    pieces = len(_MARK.findall(text)) + sum(1 for _ in _RUN.finditer(text))
    limits.check(report, "words and cells of text", pieces, limits.PIECES)


def _front(text: str) -> tuple[dict[str, str], str]:
    """The fields of a front matter, and the text with blank lines in its place."""
    front = _FRONT.match(text)
    if not front:
        return {}, text
    pairs = (line.partition(":") for line in front[1].splitlines() if ":" in line)
    fields = {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}
    if "title" in fields:
        fields.setdefault("标题", fields["title"])
    return fields, "\n" * front[0].count("\n") + text[front.end() :]


def _without_comments(text: str) -> str:
    """Comments out, their line ends kept."""
    closed, end, rest = text.rpartition("-->")  # each that begins before it has an end: linear
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), closed + end) + rest


def _blocks(lines: list[str], placer: Placer, first: int = 1, marked: bool = False) -> list[Block]:
    """Tables drawn with characters as grids, Markdown's headings where it is ``marked`` up, all
    else as lines.
    """
    found: dict[int, Block] = {}
    numbered = dict(enumerate(lines, first))
    for start, end, cells in drawn_tables(lines):
        plain = (
            c._replace(text=_plain(c.text).translate(_ESCAPED)) if marked else c for c in cells
        )
        found[first + start] = placer.grid(plain)
        for number in range(first + start, first + end):
            del numbered[number]
    if marked:
        numbered = _without_headings(numbered, found)
    for number, line in spaced_lines(numbered).items():
        if marked and "\\" in lines[number - first]:
            pieces = (piece._replace(text=piece.text.translate(_ESCAPED)) for piece in line.pieces)
            line = line._replace(pieces=tuple(pieces))
        found[number] = line
    return [found[number] for number in sorted(found)]


def _without_headings(numbered: dict[int, str], found: dict[int, Block]) -> dict[int, str]:
    """The lines without what only marks them up; headings go into ``found``."""
    rest: dict[int, str] = {}
    for number, line in numbered.items():
        heading = _HEADING.fullmatch(line)
        above = rest.get(number - 1, "").translate(_ESCAPED).strip()
        if is_rule(line):  # === or --- right under a short line makes it a heading
            drawn = set(line.strip())
            if drawn in ({"="}, {"-"}) and 0 < len(above) <= _LONGEST_TITLE and "|" not in above:
                del rest[number - 1]
                found[number - 1] = Heading(above, f"line {number - 1}", 1 if "=" in drawn else 2)
        elif heading and (words := _plain(heading[2]).translate(_ESCAPED).rstrip("#").strip()):
            found[number] = Heading(words, f"line {number}", len(heading[1]))
        elif not _FENCE.match(line):
            rest[number] = _plain(_BULLET.sub("", line, count=1))
    return rest


def _plain(line: str) -> str:
    """The line without what only marks it up."""
    if not _INLINE_MARK.search(line):
        return line
    line = _ESCAPE.sub(lambda m: chr(_BASE + ord(m[1])), line)
    for pattern, replacement in _INLINE:
        line = pattern.sub(replacement, line)
    return unescape(line)


def lines_of(text: str) -> list[str]:
    """Lines, whatever ends them; characters of no width and marks of quotation dropped."""
    return _QUOTE.sub("", _LINE_END.sub("\n", _INVISIBLE.sub("", text))).split("\n")


def is_rule(line: str) -> bool:
    """Whether the line only draws a rule.

    >>> is_rule("|---|:-:|"), is_rule("| - | -- |"), is_rule("—")
    (True, False, False)
    """
    line = line.strip()
    return line[:1] in _DRAWN and bool(_RULE.fullmatch(line))


def spaced_lines(numbered: dict[int, str]) -> dict[int, Line]:
    """Lines by number. How wide a Chinese character counts is what makes more figures stand under
    each other.
    """
    kept = {number: line for number, line in numbered.items() if not is_rule(line)}
    wide = max((2, 1), key=lambda wide: _aligned(kept.values(), wide))
    marked = [line for line in kept.values() if _MARK.search(line) and line.strip(_BARS + " \t")]
    framed = 2 * sum(map(bool, map(_FRAMED.match, marked))) > len(marked)
    begun = sum(map(bool, map(_BEGUN.match, marked))) > _NEARLY_ALL * len(marked)
    found = {}
    for number, line in kept.items():
        where = f"line {number}"
        barred = _MARK.search(line)
        pieces = _marked(line, where) if barred else _set_off(line, where, wide)
        if barred and (framed or begun) and len(pieces) > 2 and not pieces[0].text:
            # none is before the bar that a line begins with, or behind the one that ends it
            pieces = pieces[1 : len(pieces) - (framed and not pieces[-1].text)]
        if pieces:
            found[number] = Line(tuple(pieces), where)
    return found


def _set_off(line: str, where: str, wide: int) -> list[Piece]:
    """Pieces set off by white space, in columns of the text."""
    columns = _columns(line, wide)
    return [
        Piece(run[0], where, columns[run.start()], columns[run.end()], " " if number else "")
        for number, run in enumerate(_RUN.finditer(line))
    ]


def _marked(line: str, where: str) -> list[Piece]:
    """Pieces between marks."""
    line = _FILLING.sub("", line.rstrip(" "))
    marks = ["", *("\t" if mark == "\t" else "|" for mark in _MARK.findall(line))]
    pieces = [
        Piece(part.strip(), f"{where}, piece {number}", mark=mark)
        for number, (part, mark) in enumerate(zip(_MARK.split(line), marks), 1)
    ]
    return pieces if line.strip() else []


def _columns(line: str, wide: int) -> Sequence[int]:
    """The column at which each character begins, and the one behind the last."""
    if wide == 1 or line.isascii():
        return range(len(line) + 1)
    return list(accumulate((wide if c >= "\u1100" else 1 for c in line), initial=0))


def _aligned(lines: Iterable[str], wide: int) -> int:
    """How many figures end or begin where one of the line with figures before does."""
    edges: list[set[int]] = []
    for line in lines:
        if "  " in line and not _MARK.search(line):
            runs = [m for m in _RUN.finditer(line) if _DIGITS.fullmatch(m[0])]
            if len(runs) > 2:
                columns = _columns(line, wide)
                edges.append({columns[m.end()] for m in runs[:40]})
    return sum(len(a & b) for a, b in pairwise(edges))


def _records(lines: list[str]) -> dict[int, str]:
    """The lines of a CSV with bars between their fields; none where the text is no CSV: enough
    records of as many fields as others.

    A field of several lines is whole again, but for a figure that may be two.
    """
    for mark in "" if any(map(_MARK.search, lines)) else _DELIMITERS:
        try:
            reader = csv.reader(map("{}\n".format, lines), delimiter=mark)
            rows = [(reader.line_num, row) for row in reader if any(row)]
        except csv.Error:
            continue
        counts = [len(row) for _, row in rows if len(row) >= _FEWEST_FIELDS]
        again = sum(n for n in Counter(counts).values() if n > 1)
        if len(counts) >= _FEWEST_RECORDS and again >= 0.8 * len(counts):
            return {
                number: "|".join(" ".join(_WRAP.sub("", field).split()) for field in row)
                for number, row in rows
            }
    return {}


def flat_document(blocks: Sequence[Block], source: Source, metadata: dict[str, str]) -> Document:
    """The Document of lines: fields from its head and foot, the page's footer set apart."""
    texts = ["" if isinstance(block, Grid) else block.text for block in blocks]
    for text in (*texts[:_HEAD_LINES], *texts[-_FOOT_LINES:]):
        metadata = {**metadata, **fields_of_line(text), **metadata}
    end = _footer_start(texts)
    headings = [block for block in blocks[:_HEAD_LINES] if isinstance(block, Heading)]
    ranked = titles.titles_of(headings, texts[:end], metadata)
    footer = footer_of(texts[end:])
    return Document(source, tuple(blocks[:end]), ranked, metadata, footer, True)


def _footer_start(texts: list[str]) -> int:
    """Where the page's footer begins: the last lines, as long as they name host, codes or
    addresses.
    """
    start = len(texts)
    for number, text in reversed(list(enumerate(texts))[1:][-_FOOT_LINES:]):
        if len(text) > _FOOTER_RUN or start - number > 3:
            break
        if FOOTER.search(text) and text[-1] not in "。；":
            start = number
    return start
