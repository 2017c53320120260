"""Papers as PDF with ruled tables; a table three may run over a page break."""

from __future__ import annotations

import io

from .model import Paper, Table

FONT = "STSong-Light"  # one of the standard Asian fonts of PDF: named, not embedded
WIDTH = 482.0  # points between the margins of A4


def write(paper: Paper) -> bytes:
    """The document's bytes, the same at each call. Needs reportlab."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import PageBreak, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    styles = _styles()
    flow, last = [], None
    for block in paper.blocks:
        if block.kind == "table":
            if last == "table":
                flow.append(PageBreak())
            flow += [_table(block.table, styles["cell"]), Spacer(1, 8)]
        else:
            flow.append(_paragraph(block.text, styles[block.kind]))
        last = block.kind
    out = io.BytesIO()
    made = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=56,
        rightMargin=56,
        topMargin=56,
        bottomMargin=56,
        invariant=1,
        title=paper.title,
    )
    made.build(flow)
    return out.getvalue()


def _styles() -> dict:
    from reportlab.lib.enums import TA_CENTER
    from reportlab.lib.styles import ParagraphStyle

    base = ParagraphStyle(
        "base", fontName=FONT, wordWrap="CJK", leading=16, fontSize=11, spaceAfter=6
    )
    return {
        "title": ParagraphStyle("title", base, fontSize=16, leading=24, alignment=TA_CENTER),
        "heading": ParagraphStyle("heading", base, fontSize=13, leading=20),
        "prose": ParagraphStyle("prose", base, firstLineIndent=22),
        "cell": ParagraphStyle(
            "cell", base, fontSize=8, leading=10, spaceAfter=0, alignment=TA_CENTER
        ),
    }


def _paragraph(text: str, style):
    from html import escape

    from reportlab.platypus import Paragraph

    return Paragraph(escape(text), style)


def _table(table: Table, style):
    from reportlab.lib import colors
    from reportlab.platypus import Table as Drawn

    width, height = table.width, len(table.rows)
    cells: list[list] = [[None] * width for _ in range(height)]
    spans = []
    for r, row in enumerate(table.rows):
        for cell in row:
            c = cells[r].index(None)
            bottom, right = min(height, r + cell.rows) - 1, c + cell.cols - 1
            for i in range(r, bottom + 1):
                cells[i][c : right + 1] = [""] * (cell.cols)
            cells[r][c] = _paragraph(cell.text, style)
            if (bottom, right) != (r, c):
                spans.append(("SPAN", (c, r), (right, bottom)))
    drawn = Drawn([[x or "" for x in row] for row in cells], colWidths=_widths(table))
    drawn.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            *spans,
        ]
    )
    return drawn


def _widths(table: Table) -> list[float]:
    """Table 三 has two narrow label columns, a wide one and the figures; the others are even."""
    if table.key != "requests":
        return [WIDTH / table.width] * table.width
    figures = table.width - 3
    return [28, 40, WIDTH - 68 - 44 * figures, *[44.0] * figures]
