"""Candidates for a PDF's title: what is set largest at its head, then what the file calls itself."""

from __future__ import annotations

from statistics import median

from govdisclosure.readers.pdf_prose import Line

LARGER = 1.15  # a title is set this much larger than the text
HEAD = 12  # lines of the first page among which a title stands


def titles(content: list, blocks: list, about: dict[str, str]) -> tuple[str, ...]:
    """Titles, best first: the paragraphs of the first page's largest lines, then the metadata's Title."""
    lines = [item for item in content if isinstance(item, Line)]
    found: dict[str, None] = {}
    if lines:
        usual = median(line.size for line in lines)
        head = [
            line
            for line in lines[:HEAD]
            if line.page == lines[0].page and line.size >= LARGER * usual
        ]
        for line in sorted(head, key=lambda l: -l.size):
            whole = next((b.text for b in blocks if line.text in getattr(b, "text", "")), line.text)
            found[whole] = None
    if "Title" in about:
        found[about["Title"]] = None
    return tuple(found)
