"""Text, styles and automatic numbers of DOCX paragraphs. Source: ECMA-376 part 1, §17.3, §17.7, §17.9."""

from __future__ import annotations

import re

from lxml import etree

# Elements whose content is part of the paragraph's text; all others are passed over.
_THROUGH = {
    "r",
    "hyperlink",
    "ins",
    "moveTo",
    "smartTag",
    "customXml",
    "sdt",
    "sdtContent",
    "fldSimple",
    "ruby",
    "rubyBase",
    "Choice",
    "dir",
    "bdo",
}
_TEXT = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_BOXED = {"drawing", "pict", "object"}
_OFF = {"0", "false", "off", "none"}
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.I)
_TITLE_NAMES = {"title", "标题"}
_LOCAL: dict = {}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEVEL = re.compile(r"%([1-9])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def local(element: etree._Element) -> str:
    """Tag without its namespace, so that transitional and strict files read alike; "" for no element."""
    tag = element.tag
    name = _LOCAL.get(tag)
    if name is None:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(_LOCAL) < 5_000:  # a real document has some sixty different tags
            _LOCAL[tag] = name
    return name


def find(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of each name in turn, or None."""
    for name in path:
        if element is None:
            return None
        for child in element:  # what is looked for stands among the first; iterchildren(tag) costs more than a few looks
            if local(child) == name:
                break
        else:
            return None
        element = child
    return element


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """Attribute `name` in whatever namespace, or None."""
    if element is None:
        return None
    found = element.get(_WORD + name)
    return (
        found
        if found is not None
        else next((v for k, v in element.items() if k.rpartition("}")[2] == name), None)
    )


def number(element: etree._Element | None, default: int) -> int:
    """A whole number 0…100,000 of the attribute val, else `default`."""
    text = value(element) or ""
    return (
        min(int(text), 100_000) if text.isascii() and text.isdigit() and len(text) < 12 else default
    )


def is_on(element: etree._Element | None) -> bool:
    """Whether a toggle property is set."""
    return element is not None and (value(element) or "1").lower() not in _OFF


def runs_of(paragraph: etree._Element) -> tuple[str, list[etree._Element]]:
    """(text with \\n for breaks, the text boxes anchored here)."""
    pieces: list[str] = []
    boxes: list[etree._Element] = []
    _gather(paragraph, pieces, boxes)
    return "".join(pieces).replace("\xa0", " ").replace("\u3000", " "), boxes


def _gather(parent: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
    for child in parent:
        name = local(child)
        if name == "t":
            pieces.append((child.text or "").replace("\n", " "))
        elif name in _TEXT:
            pieces.append(_TEXT[name])
        elif name == "AlternateContent":
            _gather_choice(child, pieces, boxes)
        elif name in _THROUGH:
            if name != "r" or not is_on(find(child, "rPr", "vanish")):
                _gather(child, pieces, boxes)
        elif name in _BOXED:
            boxes += [
                box
                for box in child.iter()
                if local(box) == "txbxContent" and not _is_fallback(box, child)
            ]


def _gather_choice(element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
    """The first branch of alternatives; the others repeat it for older programs."""
    branch = next(iter(element), None)
    if branch is not None:
        _gather(branch, pieces, boxes)


def _is_fallback(box: etree._Element, top: etree._Element) -> bool:
    """Whether a box stands in a Fallback or inside another box below `top` (then it is read with that one)."""
    parent = box.getparent()
    while parent is not None and parent is not top:
        if local(parent) in ("Fallback", "txbxContent"):
            return True
        parent = parent.getparent()
    return False


class Styles:
    """What styles and numbering definitions say about a paragraph."""

    def __init__(self, styles: etree._Element | None, numbering: etree._Element | None) -> None:
        self._styles = {
            value(s, "styleId"): s
            for s in (styles if styles is not None else ())
            if local(s) == "style"
        }
        self._numbering = Numbering(numbering)
        self._numbers: dict[
            etree._Element, str
        ] = {}  # holds the elements, so lxml gives the same objects again

    def _chain(self, paragraph: etree._Element) -> list[etree._Element]:
        """Properties of the paragraph, then of its style and the styles that one is based on."""
        found = [find(paragraph, "pPr")]
        style_id = value(find(found[0], "pStyle"))
        for _ in range(12):
            style = self._styles.get(style_id) if style_id else None
            if style is None:
                break
            found.append(style)
            style_id = value(find(style, "basedOn"))
        return [element for element in found if element is not None]

    def level(self, paragraph: etree._Element) -> int:
        """Heading level 1-9, or 0."""
        for element in self._chain(paragraph):
            name = (value(find(element, "name")) or "").strip().lower()
            if heading := _HEADING_NAME.match(name):
                return int(heading.group(1))
            if name in _TITLE_NAMES:
                return 1
            outline = (
                find(element, "outlineLvl")
                if local(element) == "pPr"
                else find(element, "pPr", "outlineLvl")
            )
            if outline is not None:
                level = number(outline, 9)
                return level + 1 if level < 9 else 0
        return 0

    def is_centred(self, paragraph: etree._Element) -> bool:
        """Whether the paragraph itself says so."""
        return value(find(paragraph, "pPr", "jc")) == "center"

    def count(self, body: etree._Element) -> None:
        """Number the paragraphs of `body`, once, in document order."""
        for paragraph in body.iter("{*}p") if self._numbering.defined else ():
            if text := self._next(paragraph):
                self._numbers[paragraph] = text

    def number(self, paragraph: etree._Element) -> str:
        """The automatic number Word prints before the paragraph ("一、"), or ""."""
        return self._numbers.get(paragraph, "")

    def _next(self, paragraph: etree._Element) -> str:
        for element in self._chain(paragraph):
            numbered = (
                find(element, "numPr") if local(element) == "pPr" else find(element, "pPr", "numPr")
            )
            if numbered is not None:
                return self._numbering.next(
                    value(find(numbered, "numId")) or "0", number(find(numbered, "ilvl"), 0)
                )
        return ""


class Numbering:
    """Counters of automatic numbers."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = list(root) if root is not None else []
        self._abstract = {
            value(e, "abstractNumId"): {number_of(v, "ilvl"): v for v in e if local(v) == "lvl"}
            for e in elements
            if local(e) == "abstractNum"
        }
        self._of = {
            value(e, "numId"): value(find(e, "abstractNumId"))
            for e in elements
            if local(e) == "num"
        }
        self.defined = bool(self._of)
        self._counts: dict[tuple[str | None, int], int] = {}

    def next(self, num_id: str, level: int) -> str:
        """Count one paragraph and write its number."""
        abstract = self._of.get(num_id)
        levels = self._abstract.get(abstract, {})
        if level not in levels:
            return ""
        key = (abstract, level)
        self._counts[key] = self._counts.get(key, number(find(levels[level], "start"), 1) - 1) + 1
        for deeper in range(level + 1, 9):
            self._counts.pop((abstract, deeper), None)
        pattern = value(find(levels[level], "lvlText")) or ""
        text = _LEVEL.sub(lambda m: self._written(abstract, levels, int(m.group(1)) - 1), pattern)
        return "" if _PRIVATE.search(text) or not any(map(str.isalnum, text)) else text

    def _written(self, abstract: str | None, levels: dict, level: int) -> str:
        count = self._counts.get((abstract, level), 1)
        kind = value(find(levels.get(level), "numFmt")) or "decimal"
        if kind.startswith(("chinese", "japanese", "taiwanese", "ideograph")):
            return chinese(count)
        return str(count) if kind.startswith("decimal") else ""


def number_of(element: etree._Element, name: str) -> int:
    """A small whole number of attribute `name`, else 0."""
    text = value(element, name) or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def chinese(count: int) -> str:
    """1…99 as Chinese numerals, larger numbers as digits.

    >>> chinese(6), chinese(12), chinese(30)
    ('六', '十二', '三十')
    """
    if not 0 < count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    ten = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return ten + (_DIGITS[ones] if ones else "")
