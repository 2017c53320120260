"""Markdown → Document: lines as in any text, # headings, HTML tables as grids.

Pipe tables stay lines of pieces: what people call Markdown in archives often lacks the rule or has rows of unequal
length, which a strict table would lose.
"""

from __future__ import annotations

import re
from html import unescape

from ..model import Block, Document, Grid, Heading, Line, Source
from . import limits
from .box_tables import drawn_tables
from .notations import NOTATIONS
from .placing import OBJECT, Placer, raised
from .plaintext import flat_document, is_rule, lines_of, spaced_lines

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+([^\n]*)")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_QUOTE = re.compile(r"^(?:[ \t]{0,3}>[ \t]?)+")
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(?=\D{2})")
_FRONT = re.compile(r"\A---[ \t]*\n((?:[^\n:]{1,40}:[^\n]{0,400}\n|[ \t]*\n){1,40})---[ \t]*\n")
_TABLE_TAG = re.compile(r"<(/?)table(?=[\s>/])[^<>]*>", re.I)
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
_MARKS = re.compile(r"[\[<*_`~^$&\\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPED = re.compile("[\ue000-\ue07f]")
_BASE = 0xE000  # a private stand-in, so that \| is no column mark
_LONGEST_TITLE = 80


def markdown_document(text: str, source: Source) -> Document:
    """Headings, lines and grids in order. Raises LimitError."""
    text = _without_comments("\n".join(_QUOTE.sub("", line, count=1) for line in lines_of(text)))
    metadata, start = _front(text)
    blocks: list[Block] = []
    placer = Placer(source.path)
    number = text.count("\n", 0, start) + 1
    for begin, end in [*_tables(text, start), (len(text), len(text))]:
        blocks += _lines(text[start:begin], number, placer)
        number += text.count("\n", start, begin)
        if begin < end:
            blocks += _grids(text[begin:end], placer, f"line {number}")
        number += text.count("\n", begin, end)
        start = end
        limits.check(source.path, "lines of Markdown", len(blocks), limits.BLOCKS)
    return flat_document(blocks, source, metadata)


def _front(text: str) -> tuple[dict[str, str], int]:
    """The fields of a front matter, and where the text behind it begins."""
    front = _FRONT.match(text)
    if not front:
        return {}, 0
    pairs = (line.partition(":") for line in front[1].splitlines() if ":" in line)
    fields = {key.strip(): value.strip().strip("\"'") for key, _, value in pairs}
    if "title" in fields:
        fields.setdefault("标题", fields["title"])
    return fields, front.end()


def _without_comments(text: str) -> str:
    """Comments out, their line ends kept."""
    kept = []
    while "<!--" in text:
        before, _, rest = text.partition("<!--")
        comment, closed, after = rest.partition("-->")
        if not closed:
            break
        kept += [before, "\n" * comment.count("\n")]
        text = after
    return "".join([*kept, text])


def _tables(text: str, start: int) -> list[tuple[int, int]]:
    """Spans of outermost <table> elements; those that follow each other are one span."""
    spans: list[tuple[int, int]] = []
    depth, begin = 0, 0
    for tag in _TABLE_TAG.finditer(text, start):
        if not tag[1]:
            begin = tag.start() if depth == 0 else begin
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and spans and not text[spans[-1][1] : begin].strip():
                spans[-1] = spans[-1][0], tag.end()
            elif depth == 0:
                spans.append((begin, tag.end()))
    return spans


def _grids(html: str, placer: Placer, where: str) -> list[Block]:
    """The blocks of HTML tables in the text, their places counted from ``where``."""
    from .html import html_blocks

    found: list[Block] = []
    html = _MATHS.sub(lambda m: _of_maths(m[1]), html)
    for block in html_blocks(html, placer):
        if isinstance(block, Grid):
            placed = (cell for row in block.rows for cell in row if cell)
            cells = {id(c): c._replace(where=f"{where}, {c.where}") for c in placed}
            rows = tuple(tuple(c and cells[id(c)] for c in row) for row in block.rows)
            found.append(Grid(rows, f"{where}, {block.where}"))
        else:
            found.append(block)
    return found


def _lines(text: str, first: int, placer: Placer) -> list[Block]:
    """Lines, headings and drawn tables of Markdown without HTML tables."""
    found: dict[int, Block] = {}
    waiting: dict[int, str] = {}
    numbered = dict(enumerate(text.split("\n"), first))
    for start, end, cells in drawn_tables(list(numbered.values())):
        plain = (cell._replace(text=_restored(_plain(cell.text))) for cell in cells)
        found[first + start] = placer.grid(plain)
        for number in range(first + start, first + end):
            del numbered[number]
    for number, line in numbered.items():
        heading = _HEADING.fullmatch(line)
        words = _restored(_plain(heading[2])).rstrip("#").strip() if heading else ""
        if is_rule(line):
            if title := _underlined(waiting.get(number - 1, ""), line.strip()):
                del waiting[number - 1]
                found[number - 1] = title._replace(where=f"line {number - 1}")
        elif words and heading:
            found[number] = Heading(words, f"line {number}", len(heading[1]))
        elif not _FENCE.match(line):
            waiting[number] = _plain(_BULLET.sub("", line, count=1))
    spaced = spaced_lines(waiting.items())
    found |= {int(line.where.partition(" ")[2]): _restored_line(line) for line in spaced}
    return [found[number] for number in sorted(found)]


def _underlined(line: str, rule: str) -> Heading | None:
    """=== or --- right under a short line makes it a heading."""
    words = _restored(line).strip()
    if set(rule) not in ({"="}, {"-"}) or "|" in line or not 0 < len(words) <= _LONGEST_TITLE:
        return None
    return Heading(words, "", 1 if rule[0] == "=" else 2)


def _plain(line: str) -> str:
    if not _MARKS.search(line):
        return line
    line = _ESCAPE.sub(lambda m: chr(_BASE + ord(m[1])), line)
    for pattern, replacement in _INLINE:
        line = pattern.sub(replacement, line)
    return unescape(line) if "&" in line else line


def _restored(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(ord(m[0]) - _BASE), text)


def _restored_line(line: Line) -> Line:
    if not any(_ESCAPED.search(piece.text) for piece in line.pieces):
        return line
    return line._replace(pieces=tuple(p._replace(text=_restored(p.text)) for p in line.pieces))
