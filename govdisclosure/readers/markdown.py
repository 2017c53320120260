"""Markdown → Document: runs as in a text dump, # headings, HTML tables as grids.

Pipe tables stay runs with counted marks, as in any dump: what people call Markdown in archives often lacks
the rule or has rows of unequal length, which a strict table would lose.
"""

from __future__ import annotations

import re
from html import unescape

from ..model import Document, Heading, Source
from . import limits
from .charset import decode
from .placing import Placer
from .text import Runs, flat_document, is_rule, lines_of

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_BULLET = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+(?=\D{2}))?")
_FRONT = re.compile(r"\A---[ \t]*\n((?:[^\n:]{1,40}:[^\n]{0,400}\n|[ \t]*\n){1,40})---[ \t]*\n")
# (pattern, replacement): inline markup that is no text. CommonMark 0.31 §6.
_INLINE = (
    (re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)"), ""),
    (re.compile(r"\[([^\]\n]{0,400})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\*\*(?=\S)([^*\n]{1,2000}?)\*\*"), r"\1"),
    (re.compile(r"__(?=\S)([^_\n]{1,2000}?)__"), r"\1"),
    (re.compile(r"`([^`\n]{1,400})`"), r"\1"),
    (re.compile(r"<br\s*/?>", re.I), "\n"),
    (
        re.compile(
            r"</?(?:p|span|font|b|strong|em|i|u|sup|sub|div|center)(?:\s[^<>\n]{0,400})?>", re.I
        ),
        "",
    ),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPED, _BASE = (
    re.compile("[\ue000-\ue07f]"),
    0xE000,
)  # a private stand-in, so that \| is no column mark
_TABLE_TAG = re.compile(r"<(/?)table(?=[\s>/])[^>]*>", re.I)


def read_markdown(data: bytes, source: Source) -> Document:
    """Headings, runs and grids in order. Raises LimitError, UnreadableFileError."""
    limits.check(source.path, "bytes of Markdown", len(data), limits.TEXT_BYTES)
    return markdown_document(decode(data, source.path)[0], source)


def markdown_document(text: str, source: Source) -> Document:
    """As `read_markdown`, from decoded text."""
    text = "\n".join(lines_of(text))
    front = _FRONT.match(text)
    metadata = (
        dict(_pair(line) for line in front.group(1).splitlines() if ":" in line) if front else {}
    )
    start = front.end() if front else 0
    reader = _Reader(source)
    for begin, end in _tables(text, start):
        reader.add(text[start:begin], text.count("\n", 0, start) + 1)
        reader.add_table(text[begin:end])
        start = end
    reader.add(text[start:], text.count("\n", 0, start) + 1)
    if "title" in metadata:
        metadata.setdefault("标题", metadata["title"])
    return flat_document(reader.runs.blocks, source, metadata)


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key.strip(), value.strip().strip("\"'")


def _tables(text: str, start: int) -> list[tuple[int, int]]:
    """Spans of outermost <table> elements."""
    spans, depth, begin = [], 0, 0
    for tag in _TABLE_TAG.finditer(text, start):
        if not tag.group(1):
            begin = tag.start() if depth == 0 else begin
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                spans.append((begin, tag.end()))
    return spans


class _Reader:
    def __init__(self, source: Source) -> None:
        self.runs = Runs(source.path)
        self.maker = Placer(source.path)

    def add_table(self, html: str) -> None:
        from .html import html_blocks

        blocks = html_blocks(html, self.maker)
        self.runs.blocks += blocks
        self.runs.breaks = 1

    def add(self, text: str, first: int) -> None:
        previous = ""
        for number, line in enumerate(text.split("\n"), first):
            if _FENCE.match(line):
                continue
            if is_rule(line):
                self._underline(line, previous)
            elif heading := _HEADING.fullmatch(line):
                if words := _restore(_plain(heading.group(2))):
                    self._heading(words, number, len(heading.group(1)))
            else:
                before = len(self.runs.blocks)
                self.runs.add_line(_plain(_BULLET.sub("", line)), number)
                for i in range(before, len(self.runs.blocks)):
                    run = self.runs.blocks[i]
                    self.runs.blocks[i] = run._replace(text=_restore(run.text))
                self.runs.breaks += 1
            previous = line

    def _heading(self, words: str, number: int, level: int) -> None:
        self.runs.blocks.append(Heading(words, f"line {number}", level))
        self.runs.breaks, self.runs.marks = 1, 0

    def _underline(self, rule: str, previous: str) -> None:
        """=== or --- right under a short line makes it a heading."""
        kind = set(rule.strip())
        blocks = self.runs.blocks
        if (
            kind in ({"="}, {"-"})
            and blocks
            and 0 < len(previous.strip()) <= 80
            and "|" not in previous
        ):
            last = blocks[-1]
            if not hasattr(last, "rows"):
                blocks[-1] = Heading(last.text, last.where, 1 if "=" in kind else 2)


def _plain(line: str) -> str:
    line = _ESCAPE.sub(lambda m: chr(_BASE + ord(m.group(1))), line)
    for pattern, replacement in _INLINE:
        if pattern.pattern[:2].strip("\\(<")[:1] in line or "<" in line:
            line = pattern.sub(replacement, line)
    return unescape(line) if "&" in line else line


def _restore(text: str) -> str:
    text = _ESCAPED.sub(lambda m: chr(ord(m.group()) - _BASE), text)
    return "\n".join(part.strip() for part in text.split("\n")) if "\n" in text else text
