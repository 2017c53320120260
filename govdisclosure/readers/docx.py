"""DOCX (.docx, .docm, .dotx; Word and WPS) → Document, straight from word/document.xml.

Paragraphs and tables become the blocks that a web page is made of, so that both are put together by
the same rules; what run properties say of a look is written as CSS (`docx.toml`). Source: ECMA-376
part 1, §17.3, §17.4, §17.7, §17.9, §22.1.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element as Element

from ..errors import UnreadableFileError
from ..model import Document, Source
from ..text import Memory
from .html_hidden import seen
from .office import Package
from .placing import OBJECT, raised
from .shown import (
    Block,
    Cell,
    Shown,
    blocks_of_table,
    cell_text,
    line_text,
    shown_document,
)

_UNPATTERNED = {"1", "clear", "nil"}
_OFF = {"", "0", "false", "off", "none", "auto"}
_HEADING_NAME = re.compile(r"(?:(?:heading|标题)\s*([1-9])|title|标题)$", re.I)
_TENS = ("", "十", *(digit + "十" for digit in "二三四五六七八九"))
_CHINESE = dict(enumerate(map("".join, product(_TENS, ("", *"一二三四五六七八九")))))
_WHOLE = re.compile("[0-9]{1,11}")
_LEVEL = re.compile(r"%([1-9])")
_EQUATION = re.compile(r"\s*EQ\s", re.I)  # Word draws what the field says, it has no result
_ENCLOSED = re.compile(r"\s*EQ\s+\\o\s*\\ac\s*\([^,，]{1,9}[,，]\s*(\d{1,2})\)", re.I)
_DEPTH = 12  # styles based on styles
_BOX = "background-color:box;"  # its shape's, whatever that is
# Which elements are seen, and what run properties say of a look.
SEEN = tomllib.loads(Path(__file__).with_name("docx.toml").read_text("utf-8"))


def read_docx(data: bytes, source: Source) -> Document:
    """Headings, paragraphs and grids in reading order; document properties as metadata
    (``dc:title`` …).

    Merged cells (gridSpan, vMerge) are one object wherever they reach; a cell's paragraphs and line
    breaks become line feeds. Insertions are kept, deletions and hidden text are not. Raises
    UnreadableFileError, LimitError.
    """
    package = Package(data, source.path)
    name = package.related("", "officeDocument")
    if name not in package.names:
        name = "word/document.xml"
    root = package.xml(name)
    body = None if root is None else _unwrapped(root).find("body")
    if body is None:
        advice = "Unpack it, if it is an archive, and read the files inside."
        told = f"no body in {name}"
        raise UnreadableFileError(source.path, "a DOCX document", seen=told, advice=advice)
    styles, numbering = (
        _unwrapped(package.optional(package.related(name, part) or f"word/{part}.xml"))
        for part in ("styles", "numbering")
    )
    reader = _Reader(source.path, Styles(styles, numbering))
    # a picture between paragraphs says nothing
    blocks = (b._replace(text=b.text.replace(OBJECT, "").strip()) for b in reader.blocks_of(body))
    said = [block for block in blocks if block.text or block.table]
    about = _properties(package)
    shown = Shown(said, reader.fields, titles=[about.get("dc:title", "")])
    document = shown_document(shown, source)
    return replace(document, metadata=document.metadata | about)


class _Reader:
    """Walks block content; depth is bounded, since the XML parser refuses more than 256 levels."""

    def __init__(self, report: str, styles: Styles) -> None:
        self.report, self.styles = report, styles
        self.fields: dict[str, str] = {}
        self._codes: list[bool] = []  # for each open field, whether its code is not over

    def blocks_of(self, parent: Element, ground: str = "") -> list[Block]:
        """The lines and tables in `parent`, text boxes behind their paragraph; ``ground``: what
        is behind them, as CSS.
        """
        found: list[Block] = []
        for child in parent.iterchildren("p", "tbl"):
            if child.tag == "tbl":
                blocks, fields = blocks_of_table(self._table(child), 0)
                found += blocks
                self.fields = {**self.fields, **fields, **self.fields}
                continue
            text, boxes = self._text(child, ground)
            text = self.styles.number(child) + text.lstrip()
            lines = filter(None, map(str.strip, text.split("\n")))
            level = self.styles.level(child)
            found += [Block(line, 0, level) for line in lines]
            for box in boxes:
                found += self.blocks_of(box, _BOX)
        return found

    def _table(self, element: Element) -> list[list[Cell]]:
        """The rows that are shown, with cells as HTML has them: one that goes on below is written
        once.
        """
        rows: list[list[list]] = []
        merging: dict[int, list | None] = {}  # by their columns, cells that may go on below
        for row in element.iterchildren("tr"):
            if not seen("1", _css(row.find("trPr"))):
                continue
            column = whole(row, "trPr/gridBefore")
            cells: list[list] = [["", 1, column]] if column else []
            above, merging = merging, {}
            for each in row.iterchildren("tc"):
                width = max(1, whole(each, "tcPr/gridSpan", 1))
                merge = each.find("tcPr/vMerge")
                begins = merge is None or merge.get("val") == "restart"
                upper = None if begins else above.get(column)
                if cells and value(each, "tcPr/hMerge") == "continue":
                    cells[-1][2] += width
                elif upper is None:
                    upper = self._cell(each, width)
                    cells.append(upper)
                elif upper[2] == width:
                    upper[1] += 1
                else:  # the rows disagree about a merge
                    cells.append([upper[0], 1, width])
                if merge is not None:
                    merging[column] = upper
                column += width
            rows.append(cells)
        return [[Cell(*cell) for cell in cells] for cells in rows]

    def _cell(self, element: Element, width: int) -> list:
        """What `Cell` is made of."""
        blocks = self.blocks_of(element, _css(element.find("tcPr")))
        text = "\n".join(map(line_text, cell_text(blocks).split("\n")))
        return [text, 1, width, blocks]

    # ------------------------------------------------------------ text
    def _text(self, paragraph: Element, ground: str) -> tuple[str, list[Element]]:
        """(text with ``\\n`` for breaks, the text boxes anchored here)."""
        self._codes = []
        found = list(self._parts(paragraph, self.styles.of_paragraph(paragraph, ground)))
        text = "".join(part for part in found if isinstance(part, str)).replace("⁾⁽", "")
        boxes = [part for part in found if not isinstance(part, str)]
        return text.replace("\xa0", " ").replace("\u3000", " "), boxes

    def _parts(self, element: Element, style: str) -> Iterator[str | Element]:
        """The texts and the text boxes that are seen, in order, in a paragraph or run of this
        style.
        """
        for child in element:
            if child.tag == "fldChar":
                self._field(child.get("fldCharType", ""))
            if child.tag == "r":  # in a run it is the base of a ruby
                yield from self._parts(child, style + self.styles.of_run(child))
            elif child.tag in SEEN["formulas"]:
                yield _formula(child)
            elif child.tag in SEEN["shapes"]:
                yield from _shapes(child) if seen("1", style) else ()
            elif not (any(self._codes) and child.tag in ("t", "sym")):
                yield seen(_plain(child), style)

    def _field(self, mark: str) -> None:
        """Open a field, begin its result or close it."""
        if mark != "begin" and self._codes:
            self._codes.pop()
        if mark != "end":
            self._codes.append(mark == "begin")


def _properties(package: Package) -> dict[str, str]:
    """The document's own facts about itself: dc:title, dc:creator, …, Company."""
    return {
        SEEN["properties"][element.tag]: line_text(element.text)[:300]
        for part in ("core", "app")
        for element in package.optional(f"docProps/{part}.xml")
        if element.text and element.tag in SEEN["properties"]
    }


def _unwrapped(root: Element) -> Element:
    """The tree without what only wraps content (`docx.toml`)."""
    for other in root.xpath("//AlternateContent/*[position() > 1]"):
        other.getparent().remove(other)
    etree.strip_elements(root, *SEEN["dropped"], with_tail=False)
    etree.strip_tags(root, *SEEN["wrappers"])
    return root


def value(parent: Element | None, path: str, name: str = "val") -> str:
    """Attribute `name` of the element at `path`, or ""."""
    element = None if parent is None else parent.find(path)
    return "" if element is None else element.get(name, "")


def whole(parent: Element | None, path: str, default: int = 0) -> int:
    """A whole number 0…100,000, the value of the element at `path`, else `default`."""
    text = value(parent, path)
    return min(int(text), 100_000) if _WHOLE.fullmatch(text) else default


class Style(NamedTuple):
    """A style with those it is based on: its look as CSS, its heading level (0: none), its list."""

    css: str
    level: int
    numbered: Element | None


class Styles:
    """What styles and numbering definitions say about paragraphs and runs."""

    def __init__(self, styles: Element, numbering: Element) -> None:
        self._styles = {style.get("styleId"): style for style in styles.iter("style")}
        self._defaults = _css(styles.find("docDefaults/rPrDefault/rPr"))
        self._inherited = Memory(self._style)
        lists = {each.get("abstractNumId"): each for each in numbering.iter("abstractNum")}
        self._lists = {
            each.get("numId"): lists.get(value(each, "abstractNumId"))
            for each in numbering.iter("num")
        }
        # by elements, which lxml gives as the same objects as long as they are held
        self._counts: dict[Element, dict[int, int]] = {}

    def _based(self, style_id: str | None) -> list[Element]:
        """A style and those it is based on."""
        found: list[Element] = []
        while style_id in self._styles and len(found) < _DEPTH:
            found.append(self._styles[style_id])
            style_id = value(found[-1], "basedOn")
        return found

    def _style(self, style_id: str) -> Style:
        based = self._based(style_id)
        parts = (style.find(part) for style in reversed(based) for part in ("pPr", "rPr"))
        levels = (level for level in map(_level_of, based) if level is not None)
        numbered = (style.find("pPr/numPr") for style in based)
        known = (found for found in numbered if found is not None)
        return Style("".join(map(_css, parts)), next(levels, 0), next(known, None))

    def _of(self, paragraph: Element) -> Style:
        return self._inherited[value(paragraph, "pPr/pStyle")]

    def of_paragraph(self, paragraph: Element, ground: str) -> str:
        """What is said of the look of its runs, as CSS, on this ground."""
        inherited = self._of(paragraph).css
        return self._defaults + ground + inherited + _css(paragraph.find("pPr"))

    def of_run(self, run: Element) -> str:
        """What its style and its own properties say of a run's look, as CSS."""
        properties = run.find("rPr")
        marks = (child.get("customMarkFollows", "") for child in run)
        own = _css(properties) + "vertical-align:super;" * (not _OFF.issuperset(marks))
        return self._inherited[value(properties, "rStyle")].css + own

    def level(self, paragraph: Element) -> int:
        """Heading level 1-9, or 0."""
        own = _level_of(paragraph)
        return self._of(paragraph).level if own is None else own

    def number(self, paragraph: Element) -> str:
        """The automatic number Word prints before the next paragraph ("一、"), or ""."""
        numbered = paragraph.find("pPr/numPr")
        numbered = self._of(paragraph).numbered if numbered is None else numbered
        kind, level = self._lists.get(value(numbered, "numId")), whole(numbered, "ilvl")
        own = _level(kind, level)
        if kind is None or own is None:
            return ""
        before = self._counts.get(kind, {})
        counts = {each: count for each, count in before.items() if each < level}
        counts[level] = before.get(level, whole(own, "start", 1) - 1) + 1
        self._counts[kind] = counts

        def written(match: re.Match) -> str:
            place = int(match[1]) - 1
            count, form = counts.get(place, 1), value(_level(kind, place), "numFmt") or "decimal"
            if form.startswith(("chinese", "japanese", "taiwanese", "ideograph")):
                return _CHINESE.get(count, str(count))
            return str(count) if form.startswith("decimal") else ""

        text = _LEVEL.sub(written, value(own, "lvlText"))
        if not any(map(str.isalnum, text)):
            return ""
        apart = text.isascii() and value(own, "suff") != "nothing"
        return f"{text} " if apart else text


def _level_of(element: Element) -> int | None:
    """The heading level that a paragraph or a style itself says, 0 where it is text."""
    if heading := _HEADING_NAME.match(value(element, "name").strip()):
        return int(heading[1] or 1)
    outline = whole(element, "pPr/outlineLvl", -1)
    return None if outline < 0 else outline + 1 if outline < 9 else 0


def _level(kind: Element | None, level: int) -> Element | None:
    """How a kind of list writes the numbers of a level."""
    return None if kind is None else kind.find(f"lvl[@ilvl='{level}']")


def _css(properties: Element | None) -> str:
    """What the properties of a run, a paragraph, a cell or a row say of a look, as CSS."""
    said = []
    for child in properties if properties is not None else ():
        if css := SEEN["css"].get(child.tag):
            told = child[0].tag if len(child) else child.get("val", "1")
            if child.tag == "shd":
                told = child.get("fill", "") if told in _UNPATTERNED else "pattern"
            if told not in _OFF:
                said.append(css.format(told))
            elif "{" not in css:  # switched off
                said.append(css.partition(":")[0] + ":none;")
    return "".join(said)


def _shapes(shape: Element) -> list[str | Element]:
    """The text boxes of a drawing, without those inside of others; a mark for a picture that has
    none.
    """
    depth = shape.xpath("count(ancestor::txbxContent)")
    boxes = shape.xpath(".//txbxContent[count(ancestor::txbxContent) = $depth]", depth=depth)
    pictured = next(shape.iter(*SEEN["pictures"]), None) is not None
    return boxes or [OBJECT] * pictured


def _plain(child: Element) -> str:
    if child.tag == "t":
        return (child.text or "").replace("\n", " ")
    if child.tag == "sym":
        return _symbol(child.get("char", ""), child.get("font", "").lower())
    if child.tag == "instrText" and _EQUATION.match(child.text or ""):
        mark = _ENCLOSED.match(child.text or "")  # a digit in a circle is a note's mark
        return raised(mark[1]) if mark else OBJECT
    if (listed := child.find("ffData/ddList")) is not None:
        return _chosen(listed)
    return SEEN["text"].get(child.tag, "")


def _chosen(dropdown: Element) -> str:
    """The entry that a drop-down form field shows."""
    entries = [entry.get("val", "") for entry in dropdown.iter("listEntry")]
    shown = whole(dropdown, "result", whole(dropdown, "default"))
    return entries[shown] if shown < len(entries) else OBJECT


def _symbol(code: str, font: str) -> str:
    """An inserted symbol: fonts of symbols hold their characters at F000 and up."""
    point = int(code or "0", 16)
    if 0xF020 <= point <= 0xF07E:
        return chr(point - 0xF000) if font in SEEN["symbol_fonts"] else OBJECT
    return chr(point) if 0x20 < point < 0xD800 else OBJECT


def _formula(element: Element) -> str:
    """A formula that is a plain number, powers raised; any other is shown and can't be read."""
    if any(part.tag not in SEEN["plain_formula"] for part in element.iter()):
        return OBJECT
    return "".join(
        raised(part.text or "") if part.xpath("ancestor::sup") else part.text or ""
        for part in element.iter("t")
    )  # fmt: skip
