"""Small PDF files with plain content streams, so that their operators can be mutated and the file sealed again.

Characters are two-byte codes of a font without outlines whose ToUnicode map says what each of them is: what a reader needs
and nothing more.
"""

from __future__ import annotations

import re

from tests.reportwriter import Paper, Table

A4 = (595, 842)
_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)


def small_pdf(paper: Paper, *, turned: int = 0, ruled: bool = True) -> bytes:
    """The paper on one or more pages; tables with rules or without."""
    codes = {
        char: n for n, char in enumerate(sorted({c for text in _texts(paper) for c in text}), 1)
    }
    pages = _pages(paper, codes, ruled)
    first = 6
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>",
        _stream(_to_unicode(codes)),
    ]
    for n, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Rotate {turned} /Contents {first + 2 * n + 1} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(content))
    return sealed(objects)


def sealed(objects: list[bytes]) -> bytes:
    """Objects 1, 2, … as a file with a right cross-reference table; the lengths of streams are set right too."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
        b"%010d 00000 n \n" % p for p in places
    )
    return bytes(out) + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )


def opened(data: bytes) -> list[bytes]:
    """The objects of a file that `sealed` wrote; [] for another."""
    return [content for _, content in _OBJECT.findall(data)]


def content_of(thing: bytes) -> bytes | None:
    """The content of a stream object, None for others."""
    head, mark, rest = thing.partition(b"stream\n")
    return rest.removesuffix(b"\nendstream") if mark and head.startswith(b"<< /Length") else None


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)


stream = _stream


def _texts(paper: Paper) -> list[str]:
    return [b.text for b in paper.blocks] + [
        c.text for b in paper.blocks if b.table for row in b.table.rows for c in row
    ]


def _to_unicode(codes: dict[str, int]) -> bytes:
    lines = [f"<{n:04x}> <{char.encode('utf-16-be').hex()}>" for char, n in codes.items()]
    chunks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    body = "\n".join(f"{len(c)} beginbfchar\n" + "\n".join(c) + "\nendbfchar" for c in chunks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\nendcmap end end"
    ).encode()


def _pages(paper: Paper, codes: dict[str, int], ruled: bool) -> list[bytes]:
    pages, lines, y = [], [], 800.0
    for block in paper.blocks:
        if block.table:
            y, lines = _table(block.table, codes, y - 6, lines, ruled)
        else:
            for start in range(0, len(block.text), 40):
                lines.append(_shown(block.text[start : start + 40], codes, 60, y, 11))
                y -= 16
        if y < 120:
            pages.append("\n".join(lines).encode())
            lines, y = [], 800.0
    return [*pages, "\n".join(lines).encode()] if lines else pages


def _table(
    table: Table, codes: dict[str, int], y: float, lines: list[str], ruled: bool
) -> tuple[float, list[str]]:
    wide, high = 475 / max(1, table.width), 20.0
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(table.rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            taken |= {(r + i, c + j) for i in range(cell.rows) for j in range(cell.cols)}
            x, top = 60 + c * wide, y - r * high
            if ruled:
                lines.append(
                    f"{x:.1f} {top - cell.rows * high:.1f} {cell.cols * wide:.1f} {cell.rows * high:.1f} re S"
                )
            text = " ".join(cell.text.split())
            size = max(2.0, min(8.0, (cell.cols * wide - 4) / max(len(text), 1)))
            lines.append(_shown(text, codes, x + 2, top - 12, size) if text else "")
            c += cell.cols
    return y - len(table.rows) * high - 10, lines


def _shown(text: str, codes: dict[str, int], x: float, y: float, size: float) -> str:
    return f"BT /F {size:.1f} Tf {x:.1f} {y:.1f} Td <{''.join(f'{codes[c]:04x}' for c in text if c in codes)}> Tj ET"
