"""How much a reader takes on. A real report is a hundred times smaller than each of these.

Largest of the 318 pages and five documents looked at: 300 KB, 620 cells, 200 paragraphs, 200
numbers in prose.
"""

from __future__ import annotations

from ..errors import LimitError

FILE_BYTES = 64 << 20  # a scanned PDF or a DOCX with photographs
TEXT_BYTES = 32 << 20  # HTML, Markdown, dumps: no pictures inside, or pictures as base64
XML_BYTES = 48 << 20  # one part of a DOCX, unpacked
XML_TAGS = 300_000  # of one part; the largest report has 30,000
ZIP_MEMBERS = 5_000
BLOCKS = 5_000  # paragraphs and lines
NUMBERS = 3_000  # of one section's prose
PIECES = 15_000  # words and cells of a text
CELLS = 50_000  # cells of all grids of a document with spans expanded


def check(report: str, what: str, seen: int, limit: int) -> None:
    """Raise LimitError when `seen` is over `limit`."""
    if seen > limit:
        raise LimitError(
            report,
            f"at most {limit:,} {what}",
            seen=f"{seen:,}",
            advice="No annual report is that large; check the file or cut the report out of it.",
        )
