"""The same reports as DOCX, for LibreOffice to print: merged cells, vertical group labels, rows that may break."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from .font import FAMILY
from .forms import Cell, Spec

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)
WIDE = {False: 9600, True: 14400}  # twentieths of a point of text on an A4 page


def document(
    blocks: list[str | Spec],
    *,
    spacer: float = 0,
    landscape: bool = False,
    borders: bool = True,
    repeat_header: bool = False,
    cut: bool = False,
    turned: bool = False,
) -> bytes:
    """DOCX bytes; ``spacer`` points stand before the first table, ``cut`` lets rows break across pages.

    ``turned`` sets the group's label vertically. LibreOffice 7.4 loses such text at a page break, so it is for
    tables on one page; else the narrow column makes the label run down.
    """
    parts = []
    for block in blocks:
        if isinstance(block, Spec):
            parts.append(_gap(spacer) if spacer else "")
            parts.append(_table(block, WIDE[landscape], borders, repeat_header, cut, turned))
            spacer = 0
        else:
            parts.append(_prose(block))
    size = (
        'w:w="16838" w:h="11906" w:orient="landscape"' if landscape else 'w:w="11906" w:h="16838"'
    )
    body = (
        "".join(parts)
        + f'<w:sectPr><w:pgSz {size}/><w:pgMar w:top="1134" w:bottom="1134" w:left="1134" w:right="1134"/></w:sectPr>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr("_rels/.rels", _RELATIONS)
        file.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document {_W}><w:body>{body}</w:body></w:document>',
        )
    return out.getvalue()


def _run(text: str, half_points: int) -> str:
    fonts = f'<w:rFonts w:ascii="{FAMILY}" w:hAnsi="{FAMILY}" w:eastAsia="{FAMILY}"/>'
    return f'<w:r><w:rPr>{fonts}<w:sz w:val="{half_points}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _gap(points: float) -> str:
    return f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="{int(points * 20)}" w:lineRule="exact"/></w:pPr></w:p>'


def _prose(text: str) -> str:
    if text.startswith("#"):
        return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{_run(text.lstrip("# "), 34)}</w:p>'
    return (
        f'<w:p><w:pPr><w:jc w:val="both"/><w:ind w:firstLine="480"/></w:pPr>{_run(text, 24)}</w:p>'
    )


def _table(
    spec: Spec, wide: int, borders: bool, repeat_header: bool, cut: bool, turned: bool
) -> str:
    sides = "".join(
        f'<w:{side} w:val="{"single" if borders else "none"}" w:sz="4" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    widths = [int(wide * width / sum(spec.widths)) for width in spec.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(spec, r, widths, repeat_header, cut, turned) for r in range(len(spec.rows)))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _row(
    spec: Spec, r: int, widths: list[int], repeat_header: bool, cut: bool, turned: bool
) -> str:
    places = spec.places()
    marks = ("" if cut else "<w:cantSplit/>") + (
        "<w:tblHeader/>" if repeat_header and r < spec.header else ""
    )
    cells, c = "", 0
    while c < len(widths):
        cell = places[r][c]
        going_on = r > 0 and places[r - 1][c] is cell
        cells += _cell(cell, sum(widths[c : c + cell.cols]), going_on, turned)
        c += cell.cols
    return f"<w:tr><w:trPr>{marks}</w:trPr>{cells}</w:tr>"


def _cell(cell: Cell, wide: int, going_on: bool, turned: bool) -> str:
    merge = (
        ""
        if cell.rows == 1
        else f"<w:vMerge{'' if going_on else ' w:val=' + chr(34) + 'restart' + chr(34)}/>"
    )
    down = '<w:textDirection w:val="tbRlV"/>' if cell.down and turned else ""
    centred = cell.head or cell.down or cell.text.replace(".", "").isdigit()
    place = '<w:pPr><w:jc w:val="center"/></w:pPr>' if centred else ""
    text = f"<w:p>{place}{'' if going_on else _run(cell.text, 17)}</w:p>"
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/><w:gridSpan w:val="{cell.cols}"/>{merge}{down}'
        f'<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
    )
