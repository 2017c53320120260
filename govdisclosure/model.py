"""The nouns of the package: plain records, no logic.

``readers`` turn bytes into a `Document`; ``decode`` turns a Document into a `Record`;
everything later is tables made of Records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import NamedTuple

STATUSES = ("reported", "blank", "not_applicable", "unreadable", "absent", "imputed")
SEVERITIES = ("error", "warning", "info")


class Source(NamedTuple):
    """Where the bytes came from. ``path`` is as given; ``media_type`` was decided by content."""

    path: str
    name: str = ""
    media_type: str = ""
    sha256: str = ""
    size: int = 0
    url: str = ""


class Heading(NamedTuple):
    """A heading the format itself marks as one (HTML h1-h6, Markdown #, a DOCX heading style)."""

    text: str
    where: str
    level: int = 1


class Piece(NamedTuple):
    """A run of text on a line. ``x0``/``x1``: its horizontal extent (points, or columns of a text where a Chinese character
    takes two), NaN where the format has none. ``mark``: what stands between it and the piece before it: "" at the head
    of the line, " " white space, "\\t", "|". A blank cell that the layout keeps (``|  |``) is a piece without text.
    """

    text: str
    where: str
    x0: float = nan
    x1: float = nan
    mark: str = ""
    confidence: float | None = None


class Line(NamedTuple):
    """A printed line, or a paragraph of a format that knows paragraphs (one piece, no x).

    ``top``/``bottom`` (points from the top of the ``page``) where there are any.
    """

    pieces: tuple[Piece, ...]
    where: str
    top: float = nan
    bottom: float = nan
    page: int = 0

    @property
    def text(self) -> str:
        """The line's words, column marks left out."""
        return " ".join(piece.text for piece in self.pieces if piece.text)


class GridCell(NamedTuple):
    """One printed cell; ``row`` and ``column`` (0-based) are its top left corner, spans as drawn.

    ``confidence`` is None where the characters are in the file, 0..1 where they were recognised
    (OCR).
    """

    text: str
    where: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    confidence: float | None = None


GridRows = tuple[tuple[GridCell | None, ...], ...]


class Grid(NamedTuple):
    """A table. ``rows`` have equal lengths; a merged cell is the same object in every place it
    covers, None stands where the document has no cell at all (a row shorter than the others)."""

    rows: GridRows
    where: str


Block = Heading | Line | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader found, in reading order, with nothing interpreted.

    ``titles``: candidates for the title, best first. ``metadata``: what the format or the page says
    about itself, keys as printed (发布机构, 公开日期, 网站标识码, SiteIDCode, dc:creator, …). ``footer``: text
    around the article that may name the agency or the site. ``flat``: the text lost its tables'
    structure.
    """

    source: Source
    blocks: tuple[Block, ...]
    titles: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    footer: str = ""
    flat: bool = False


class Cell(NamedTuple):
    """One cell of the statutory form, as this report fills it. ``source`` is 'text' or 'ocr'."""

    table: str
    row: str
    column: str
    value: float | None
    unit: str | None
    status: str
    text: str
    where: str
    source: str = "text"
    confidence: float | None = None


class Unplaced(NamedTuple):
    """A figure printed in a table that the form has no cell for, or that could not be placed
    surely.

    ``reason``: 'subtotal' (``row``/``column`` then name the sum), 'extra_row', 'extra_column',
    'no_label', 'does_not_fit', 'repeated', 'other_table'.
    """

    table: str
    row: str
    column: str
    value: float | None
    text: str
    where: str
    reason: str


class Section(NamedTuple):
    """A section of the report: ``number`` 1-6 (0: what stands before section one), prose without
    tables.

    Paragraphs of ``text`` are joined by a line feed.
    """

    number: int
    heading: str
    text: str
    where: str


class Figure(NamedTuple):
    """A figure of the prose. ``value`` is None where a verb stands without a number.

    ``start``/``end`` count characters in the section's text; ``period`` is 'year', 'previous_year',
    'cumulative', 'planned', …; ``scope`` 'own_office', 'government', 'territory' or ''.
    """

    indicator: str
    platform: str
    value: float | None
    unit: str
    period: str
    approximate: bool
    scope: str
    section: int
    sentence: str
    start: int
    end: int
    pattern: str
    note: str = ""
    confidence: float = 1.0


class Finding(NamedTuple):
    """Something a reader of the figures should know. ``cells`` are 'table.row.column' codes."""

    rule: str
    kind: str
    severity: str
    expected: float | None
    actual: float | None
    gap: float | None
    cells: tuple[str, ...]
    message: str
    suggestion: str = ""


class Known(NamedTuple):
    """A fact about the report with where it came from ('title', 'metadata 发布机构', 'file name',
    'manifest', …).
    """

    value: str | int | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One report, read: facts about it, its cells in form order, its sections and what needs
    saying.
    """

    report_id: str
    source: Source
    title: Known
    agency: Known
    year: Known
    level: Known
    division_code: Known
    province: Known
    published: Known
    form: str | None
    cells: tuple[Cell, ...]
    unplaced: tuple[Unplaced, ...]
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
