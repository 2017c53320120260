"""The same reports as a page for a browser's print."""

from __future__ import annotations

from html import escape

from .font import FAMILY
from .forms import Spec

_STYLE = """
@page {{ size: A4 {orientation}; margin: 18mm 16mm; }}
body {{ font: 11pt/1.6 '{family}'; }} h1 {{ font-size: 17pt; text-align: center; }}
p {{ text-indent: 2em; margin: 0; text-align: justify; }}
table {{ width: 100%; font-size: 8.5pt; line-height: 1.3; {table} }}
td {{ padding: {padding}; {cell} }} .c {{ text-align: center; }}
tr {{ break-inside: {inside}; }}
.down {{ writing-mode: vertical-rl; margin: auto; }}
"""

BORDERS = {
    "collapse": ("border-collapse: collapse;", "border: 0.75pt solid black;"),
    "separate": (
        "border-spacing: 1.5pt; border: 0.75pt solid black;",
        "border: 0.75pt solid black;",
    ),
    "dotted": ("border-collapse: collapse;", "border: 0.75pt dotted black;"),
    "none": ("border-collapse: collapse;", ""),
}


def page(
    blocks: list[str | Spec],
    *,
    spacer: float = 0,
    landscape: bool = False,
    borders: str = "collapse",
    repeat_header: bool = False,
    cut: bool = False,
) -> str:
    """HTML with a spacer of so many points before the first table."""
    table, cell = BORDERS[borders]
    style = _STYLE.format(
        orientation="landscape" if landscape else "portrait",
        family=FAMILY,
        table=table,
        cell=cell,
        padding="1pt 9pt" if borders == "none" else "2pt 3pt",
        inside="auto" if cut else "avoid",
    )
    parts = []
    for block in blocks:
        if isinstance(block, Spec):
            parts.append(f'<div style="height:{spacer}pt"></div>' if spacer else "")
            parts.append(_table(block, repeat_header))
            spacer = 0
        elif block.startswith("#"):
            parts.append(f"<h1>{escape(block.lstrip('# '))}</h1>")
        else:
            parts.append(f"<p>{escape(block)}</p>")
    return f'<!DOCTYPE html><html><meta charset="utf-8"><style>{style}</style><body>{"".join(parts)}</body></html>'


def _table(spec: Spec, repeat_header: bool) -> str:
    total = sum(spec.widths)
    columns = "".join(f'<col style="width:{100 * width / total:.2f}%">' for width in spec.widths)
    rows = ["<tr>" + "".join(map(_cell, row)) + "</tr>" for row in spec.rows]
    head = spec.header if repeat_header else 0
    inside = f"<thead>{''.join(rows[:head])}</thead>" if head else ""
    return f"<table>{columns}{inside}<tbody>{''.join(rows[head:])}</tbody></table>"


def _cell(cell) -> str:
    text = f'<div class="down">{escape(cell.text)}</div>' if cell.down else escape(cell.text)
    centred = cell.head or cell.down or cell.text[:1].isdigit() and "." not in cell.text[:2]
    return f'<td rowspan="{cell.rows}" colspan="{cell.cols}"{" class=c" if centred else ""}>{text}</td>'
