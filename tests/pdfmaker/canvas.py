"""Reports drawn with reportlab: every line and character placed by us, so that page breaks fall where we want.

`draw` lays prose and tables out on pages. Tables break between rows or, with ``cut``, inside of a row; a group's
label that a break meets is cut like a word processor cuts it, its lines above and below the break.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .font import truetype
from .forms import Cell, Spec

PAD = 2.5


@dataclass(frozen=True)
class Look:
    """How a report is drawn. ``borders``: lines, boxes (thin filled rectangles), double, open_sides, level (only under rows), none."""

    size: tuple[float, float] = A4
    margin: float = 60
    letters: float = 9
    leading: float = 1.35
    borders: str = "lines"
    closed_breaks: bool = True
    repeat_header: bool = False
    cut: bool = False
    spacer: float = 0
    page_numbers: bool = True
    header: str = ""
    turned: int = 0
    tracking: float = 0
    label_middle: bool = False


@dataclass
class _Piece:
    """A cell, or the part of it on one page, with the lines of text that it shows."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    lines: list[str] = field(default_factory=list)
    first: bool = True
    last: bool = True
    cell: Cell | None = None


def draw(blocks: list[str | Spec], look: Look = Look()) -> bytes:
    """A PDF of paragraphs (str; those that begin with # are titles) and tables (Spec)."""
    layout = _Layout(blocks, look)
    for block in blocks:
        layout.prose(block) if isinstance(block, str) else layout.table(block)
    return layout.write()


class _Layout:
    def __init__(self, blocks: list, look: Look) -> None:
        self.look = look
        wide, high = look.size
        self.left, self.right, self.top, self.bottom = (
            look.margin,
            wide - look.margin,
            look.margin,
            high - look.margin,
        )
        self.page, self.y = 0, look.margin
        self.texts: list[
            tuple[int, float, float, float, str]
        ] = []  # page, x, baseline from the top, size, text
        self.pieces: list[_Piece] = []
        words = "".join(
            b if isinstance(b, str) else "".join(c.text for r in b.rows for c in r) for b in blocks
        )
        letters = "".join(sorted(set(words + look.header + "0123456789-第页续表")))
        self.font = (
            f"NotoSC{zlib.crc32(letters.encode())}"  # a name once registered keeps its letters
        )
        pdfmetrics.registerFont(TTFont(self.font, io.BytesIO(truetype(letters))))

    def wide(self, text: str, size: float) -> float:
        return pdfmetrics.stringWidth(text, self.font, size) + self.look.tracking * max(
            len(text) - 1, 0
        )

    def wrap(self, text: str, width: float, size: float, indent: float = 0) -> list[str]:
        lines, line = [], ""
        for char in text:
            room = width - (indent if not lines else 0)
            if (
                line
                and self.wide(line + char, size) > room
                and not (char in "，。；：、）" and len(line) > 1)
            ):
                lines.append(line)
                line = ""
            line += char
        return [*lines, line]

    def turn_page(self) -> None:
        self.page, self.y = self.page + 1, self.top

    def prose(self, text: str) -> None:
        size, indent = (16.0, 0.0) if text.startswith("#") else (12.0, 24.0)
        text = text.lstrip("# ")
        step = size * 1.6
        for i, line in enumerate(self.wrap(text, self.right - self.left, size, indent)):
            if self.y + step > self.bottom:
                self.turn_page()
            x = self.left + (indent if i == 0 else 0)
            if size > 12:
                x = (self.left + self.right - self.wide(line, size)) / 2
            self.texts.append((self.page, x, self.y + size, size, line))
            self.y += step

    def table(self, spec: Spec) -> None:
        look = self.look
        self.y += look.spacer
        scale = (self.right - self.left) / sum(spec.widths)
        xs = [self.left]
        for width in spec.widths:
            xs.append(xs[-1] + width * scale)
        places = spec.places()
        wrapped = {
            id(cell): self.lines(cell, xs[c + cell.cols] - xs[c])
            for r in range(len(places))
            for c, cell in enumerate(places[r])
            if c == 0 or places[r][c - 1] is not cell
        }
        pitch = look.letters * look.leading
        counts = [
            max((len(wrapped[id(c)]) for c in row if c.rows == 1), default=1) for row in spec.rows
        ]
        counts += [1] * (len(places) - len(counts))
        parts = self.rows(counts, pitch, spec.header)
        for r, row in enumerate(places):
            for c, cell in enumerate(row):
                if (c and row[c - 1] is cell) or (r and places[r - 1][c] is cell):
                    continue
                self.place(
                    cell, xs[c], xs[c + cell.cols], parts[r : r + cell.rows], wrapped[id(cell)]
                )
        if look.repeat_header:
            self.repeat(spec, places, parts, xs, wrapped)
        self.y += 14

    def lines(self, cell: Cell, width: float) -> list[str]:
        size = self.look.letters
        if not cell.text:
            return []
        return list(cell.text) if cell.down else self.wrap(cell.text, width - 2 * PAD, size)

    def rows(
        self, counts: list[int], pitch: float, header: int
    ) -> list[list[tuple[int, float, float, int]]]:
        """For each row the pieces that it stands in: page, top, bottom, lines that fit."""
        parts = []
        head = sum(n * pitch + 2 * PAD for n in counts[:header])
        if (
            self.y + head + (counts[header] * pitch if header < len(counts) else 0) + 2 * PAD
            > self.bottom
        ):
            self.turn_page()
        for i, count in enumerate(counts):
            high = count * pitch + 2 * PAD
            row = []
            if self.y + high > self.bottom:
                fit = int((self.bottom - self.y - 2 * PAD) / pitch)
                if self.look.cut and 0 < fit < count:
                    row.append((self.page, self.y, self.y + fit * pitch + 2 * PAD, fit))
                    high = (count - fit) * pitch + 2 * PAD
                self.turn_page()
                if self.look.repeat_header and i >= header:
                    self.y += head
            row.append((self.page, self.y, self.y + high, count))
            self.y += high
            parts.append(row)
        return parts

    def place(self, cell: Cell, x0: float, x1: float, rows: list, lines: list[str]) -> None:
        """The cell's pieces, one a page; its lines go on from piece to piece."""
        pages: dict[int, list[float]] = {}
        for page, top, bottom, _ in (part for row in rows for part in row):
            span = pages.setdefault(page, [top, bottom])
            span[0], span[1] = min(span[0], top), max(span[1], bottom)
        pitch = self.look.letters * self.look.leading
        rest, last = list(lines), max(pages)
        single = cell.rows == 1 and not cell.down
        for page in sorted(pages):
            top, bottom = pages[page]
            room = int((bottom - top - 2 * PAD + 0.01) / pitch)
            take = len(rest) if page == last else min(room, len(rest))
            if self.look.label_middle and not single and page != last and room >= len(rest):
                take = len(rest)
            self.pieces.append(
                _Piece(
                    page, x0, top, x1, bottom, rest[:take], page == min(pages), page == last, cell
                )
            )
            rest = rest[take:]

    def repeat(self, spec: Spec, places, parts, xs, wrapped) -> None:
        """The header once more on top of each page that the table goes on on."""
        first = parts[0][0][0]
        for page in sorted({part[0] for row in parts for part in row} - {first}):
            shift = self.top - parts[0][0][1]
            for r in range(spec.header):
                for c, cell in enumerate(places[r]):
                    if (c and places[r][c - 1] is cell) or (r and places[r - 1][c] is cell):
                        continue
                    rows = parts[r : r + cell.rows]
                    top, bottom = rows[0][0][1] + shift, rows[-1][-1][2] + shift
                    self.pieces.append(
                        _Piece(
                            page,
                            xs[c],
                            top,
                            xs[c + cell.cols],
                            bottom,
                            wrapped[id(cell)],
                            cell=cell,
                        )
                    )

    def write(self) -> bytes:
        out = io.BytesIO()
        pages = max([self.page, *(p.page for p in self.pieces)]) + 1
        canvas = Canvas(out, pagesize=self.look.size, invariant=1)
        for page in range(pages):
            self.paint(canvas, page)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def paint(self, canvas: Canvas, page: int) -> None:
        high = self.look.size[1]
        if (
            self.look.turned
        ):  # lying on its side, shown upright by /Rotate; reportlab then swaps the page size itself
            canvas.setPageRotation(self.look.turned)
            if self.look.turned == 90:
                canvas.translate(self.look.size[1], 0)
                canvas.rotate(90)
            else:
                canvas.translate(0, self.look.size[0])
                canvas.rotate(-90)
        for where, x, base, size, text in self.texts:
            if where == page:
                self.text(canvas, x, high - base, size, text)
        for piece in (p for p in self.pieces if p.page == page):
            self.paint_piece(canvas, piece, high)
        if self.look.page_numbers:
            self.text(canvas, self.look.size[0] / 2, 30, 9, f"- {page + 1} -")
        if self.look.header:
            self.text(canvas, self.left, high - 36, 9, self.look.header)

    def text(self, canvas: Canvas, x: float, y: float, size: float, text: str) -> None:
        canvas.setFont(self.font, size)
        canvas.drawString(x, y, text, charSpace=self.look.tracking)

    def paint_piece(self, canvas: Canvas, p: _Piece, high: float) -> None:
        size, pitch = self.look.letters, self.look.letters * self.look.leading
        free = p.y1 - p.y0 - len(p.lines) * pitch
        top = p.y0 + (free / 2 if p.first and p.last or p.cell.down else PAD)
        for i, line in enumerate(p.lines):
            left = (
                p.cell.text and not p.cell.text[0].isdigit() and not p.cell.head and not p.cell.down
            )
            x = p.x0 + PAD if left else (p.x0 + p.x1 - self.wide(line, size)) / 2
            self.text(canvas, x, high - (top + i * pitch + size * 1.0), size, line)
        self.border(canvas, p, high)

    def border(self, canvas: Canvas, p: _Piece, high: float) -> None:
        kind = self.look.borders
        if kind == "none":
            return
        inset = 0.8 if kind == "double" else 0
        x0, x1, y0, y1 = p.x0 + inset, p.x1 - inset, high - p.y0 - inset, high - p.y1 + inset
        closed = self.look.closed_breaks
        edges = [(x0, y0, x1, y0)] * (p.first or closed) + [(x0, y1, x1, y1)] * (p.last or closed)
        if not (kind == "level" or kind == "open_sides" and abs(p.x0 - self.left) < 1):
            edges.append((x0, y0, x0, y1))
        if not (kind == "level" or kind == "open_sides" and abs(p.x1 - self.right) < 1):
            edges.append((x1, y0, x1, y1))
        canvas.setLineWidth(0.5)
        for a, b, c, d in edges:
            if kind == "boxes":
                canvas.rect(
                    min(a, c) - 0.25,
                    min(b, d) - 0.25,
                    abs(c - a) + 0.5,
                    abs(d - b) + 0.5,
                    stroke=0,
                    fill=1,
                )
            else:
                canvas.line(a, b, c, d)
