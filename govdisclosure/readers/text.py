"""Text dumps → Document: one Paragraph a run of text, with the line ends and column marks before it.

Interior blanks are thereby kept as counts: ``a | b | | d ||`` is a, b (1 mark), d (2 marks), and the two marks
at the end count for what follows. What the runs mean is for `parse` to say.
"""

from __future__ import annotations

import re

from ..model import Document, Heading, Paragraph, Source
from . import fields as titles
from . import limits
from .fields import FOOTER, fields_of_line, footer_of

_LINE_END = re.compile("\r\n|[\r\x0c\u2028\u2029\x85]")
_MARK = re.compile("[|｜│┃║\t]")
_BARS = frozenset("|｜│┃║")
_GLUED = re.compile(r"(?:(?<=\s)|^)[|｜│┃║]{2,}$")
# A line that only draws: ---, ===, |---|:--:|, +----+----+, ┌──┬──┐. One or two dashes are a value (不适用).
_RULE = re.compile(
    r"(?=.*(?:-{3}|={3}|[─━═]|\+[-=]|:-|-:))[-=+|:─-╿ \t*]+|[—_*]{8,}|[ \t]*(?:[|+][ \t]*:?-{2,}:?[ \t]*)+[|+]?[ \t]*"
)
_HEAD_LINES, _FOOT_LINES, _FOOTER_RUN = 15, 40, 400
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")


def read_text(data: bytes, source: Source) -> Document:
    """A text dump. Text of each run as printed, without white space at its ends; ``where`` is "line 212, piece 3".

    Raises LimitError, UnreadableFileError.
    """
    from .charset import decode

    limits.check(source.path, "bytes of text", len(data), limits.TEXT_BYTES)
    return text_document(decode(data, source.path)[0], source)


def text_document(text: str, source: Source) -> Document:
    """As `read_text`, from decoded text."""
    runs = Runs(source.path)
    runs.add_lines(lines_of(text), 1)
    return flat_document(runs.blocks, source)


def lines_of(text: str) -> list[str]:
    """Lines, whatever ends them; characters of no width dropped."""
    return _LINE_END.sub("\n", _INVISIBLE.sub("", text)).split("\n")


class Runs:
    """Collects runs of text; `breaks` and `marks` count what stood since the last one."""

    def __init__(self, report: str) -> None:
        self.report = report
        self.blocks: list = []
        self.breaks = self.marks = self.padding = 0

    def add_lines(self, lines: list[str], first: int) -> None:
        """Lines numbered from `first`."""
        for number, line in enumerate(lines, first):
            if is_rule(line):
                continue
            self.add_line(line, number)
            self.breaks += 1

    def add_line(self, line: str, number: int) -> None:
        pieces = _MARK.split(line)
        where = f"line {number}"
        if len(pieces) == 1:
            self.add(line.strip(), where)
            return
        for count, piece in enumerate(pieces, 1):
            if count > 1:
                self.marks += 1
            self.add(piece.strip(), f"{where}, piece {count}", count - 1)
        self.padding += _padding(line)

    def add(self, text: str, where: str, column: int = 0) -> None:
        if text:
            self.blocks.append(
                Paragraph(text, where, self.breaks, self.marks, column, self.padding)
            )
            self.breaks = self.marks = self.padding = 0
            limits.check(self.report, "runs of text", len(self.blocks), limits.BLOCKS)


def _padding(line: str) -> int:
    """Marks glued together at the end of a line: those an extractor draws for columns that the row has no cell for.

    >>> _padding("规章 | 1 |  ||"), _padding("||"), _padding("规章 | 1 |  | "), _padding("规章|1||")
    (2, 2, 0, 0)
    """
    line = line.rstrip()
    found = _GLUED.search(line) if line[-1:] in _BARS and line[-2:-1] in _BARS else None
    return len(found[0]) if found else 0


def is_rule(line: str) -> bool:
    """Whether the line only draws a rule.

    >>> is_rule("|---|:-:|"), is_rule("| - | -- |"), is_rule("—")
    (True, False, False)
    """
    return line[:1] in _DRAWN and bool(_RULE.fullmatch(line))


_DRAWN = frozenset("-=+|:*_— \t") | frozenset(map(chr, range(0x2500, 0x2580)))


def flat_document(blocks: list, source: Source, metadata: dict[str, str] | None = None) -> Document:
    """The Document of runs: fields from its head and foot, the page's footer set apart."""
    metadata = dict(metadata or {})
    texts = [block.text if isinstance(block, (Paragraph, Heading)) else "" for block in blocks]
    for text in (*texts[:_HEAD_LINES], *texts[-_FOOT_LINES:]):
        for key, value in fields_of_line(text).items():
            metadata.setdefault(key, value)
    end = _footer_start(texts)
    headings = [
        b.text
        for b in blocks[:_HEAD_LINES]
        if isinstance(b, Heading) and titles.looks_like_title(b.text)
    ]
    headings += [b.text for b in blocks[:_HEAD_LINES] if isinstance(b, Heading) and b.level == 1]
    fields = [metadata[key] for key in titles.TITLE_FIELDS if key in metadata]
    flat = any(isinstance(b, Paragraph) and b.marks for b in blocks) or not any(
        hasattr(b, "rows") for b in blocks
    )
    return Document(
        source,
        tuple(blocks[:end]),
        titles.rank([*headings, *titles.first_lines(texts[:end]), *fields]),
        metadata,
        footer_of(texts[end:]),
        flat,
    )


def _footer_start(texts: list[str]) -> int:
    """Where the page's footer begins: the last lines, as long as they name host, codes or addresses."""
    end = start = len(texts)
    while (
        end > max(1, len(texts) - _FOOT_LINES)
        and len(texts[end - 1]) <= _FOOTER_RUN
        and start - end < 3
    ):
        end -= 1
        if FOOTER.search(texts[end]) and not re.search("[。；]$", texts[end]):
            start = end
    return start
