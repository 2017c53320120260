"""Noto Sans SC for the makers: its file for browsers and LibreOffice, a TrueType subset for reportlab."""

from __future__ import annotations

import functools
import io
import zlib

from fontTools import subset, ttLib
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pylopdf_fonts_zh_cn import sans_path

PATH = str(sans_path())
FAMILY = "Noto Sans SC"


@functools.lru_cache
def truetype(characters: str) -> bytes:
    """The font cut to ``characters`` with quadratic outlines: reportlab embeds no CFF fonts."""
    font = ttLib.TTFont(PATH)
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, glyph_names=True
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters + " ")
    cutter.subset(font)
    return _quadratic(font)


def _quadratic(font: ttLib.TTFont) -> bytes:
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        outlines[name] = pen.glyph()
    for tag in ("CFF ", "VORG", "GSUB", "GPOS", "BASE", "GDEF"):
        if tag in font:
            del font[tag]
    font["loca"] = ttLib.newTable("loca")
    glyf = font["glyf"] = ttLib.newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, outlines
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for name in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
        "maxComponentDepth",
        "maxPoints",
        "maxContours",
        "maxCompositePoints",
        "maxCompositeContours",
    ):
        setattr(maxp, name, 1 if name == "maxZones" else 0)
    font["head"].glyphDataFormat = 0
    font["post"].formatType = 3.0
    font["post"].extraNames, font["post"].mapping, font["post"].glyphOrder = [], {}, order
    font.sfntVersion = "\0\1\0\0"
    for record in font["name"].names:  # reportlab keeps one face for each PostScript name
        if record.nameID == 6:
            record.string = f"Noto{zlib.crc32(''.join(order).encode())}"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
