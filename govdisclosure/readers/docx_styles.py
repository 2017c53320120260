"""Styles and automatic numbers of DOCX paragraphs. Source: ECMA-376 part 1, §17.7, §17.9."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

_OFF = {"0", "false", "off", "none"}
_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.I)
_TITLE_NAMES = {"title", "标题"}
_LOCAL: dict = {}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEVEL = re.compile(r"%([1-9])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_DEPTH = 12  # styles based on styles


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
        for child in element:
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


class Styles:
    """What styles and numbering definitions say about paragraphs and runs."""

    def __init__(self, styles: etree._Element | None, numbering: etree._Element | None) -> None:
        elements = list(styles) if styles is not None else []
        self._styles = {value(s, "styleId"): s for s in elements if local(s) == "style"}
        defaults = next((e for e in elements if local(e) == "docDefaults"), None)
        self._defaults = _named(find(defaults, "rPrDefault", "rPr"))
        self._inherited: dict[tuple[str | None, str | None], dict] = {}
        self._numbering = Numbering(numbering)
        # holds the elements, so lxml gives the same objects again
        self._numbers: dict[etree._Element, str] = {}

    def _based(self, style_id: str | None) -> list[etree._Element]:
        """A style and those it is based on."""
        found: list[etree._Element] = []
        while style_id and len(found) < _DEPTH:
            style = self._styles.get(style_id)
            if style is None:
                break
            found.append(style)
            style_id = value(find(style, "basedOn"))
        return found

    def _chain(self, paragraph: etree._Element) -> list[etree._Element]:
        """Properties of the paragraph, then of its style and the styles that one is based on."""
        own = find(paragraph, "pPr")
        styles = self._based(value(find(own, "pStyle")))
        return styles if own is None else [own, *styles]

    def of_run(self, run: etree._Element, paragraph: etree._Element) -> Callable:
        """Name of a run property → its element or None: the run's own, else of its styles, else the default."""
        own = find(run, "rPr")
        key = value(find(own, "rStyle")), value(find(paragraph, "pPr", "pStyle"))
        if key not in self._inherited:
            merged = dict(self._defaults)
            for style in (*reversed(self._based(key[1])), *reversed(self._based(key[0]))):
                merged |= _named(find(style, "rPr"))
            self._inherited[key] = merged
        inherited = self._inherited[key]
        return inherited.get if own is None else (inherited | _named(own)).get

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


def _named(properties: etree._Element | None) -> dict[str, etree._Element]:
    return {local(child): child for child in (properties if properties is not None else ())}


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
