"""What a reader of a Word document sees of its runs. Source: ECMA-376 part 1, §17.3, §17.9, §22.1."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .docx_styles import Styles, find, is_on, local, number, value
from .raised import OBJECT, raised

# Elements whose content is part of the paragraph's text; deletions, moves away and field codes are not among them.
THROUGH = {
    "r", "hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "fldSimple",
    "ruby", "rubyBase", "Choice", "dir", "bdo",
}  # fmt: skip
TEXT = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
SHAPES = {"drawing", "pict", "object"}
PICTURES = {"blip", "imagedata", "OLEObject", "chart"}
MATH_PLAIN = {"oMath", "oMathPara", "r", "t", "rPr", "ctrlPr", "sSup", "sSupPr", "e", "sup", "sty"}
# A run is not seen where one of these is on, or where it is smaller or paler than the eye can tell.
STRUCK_OR_HIDDEN = ("vanish", "strike", "dstrike")
SMALLEST, PALEST = 3, 24  # half points; difference of a colour channel from its ground
SYMBOL_FONTS = {"symbol", ""}  # the fonts whose digits stand where ASCII has them


class Runs:
    """The text of a document's paragraphs as it is seen."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles

    def text(self, paragraph: etree._Element, ground: str = "") -> tuple[str, list]:
        """(text with ``\\n`` for breaks, the text boxes anchored here). ``ground``: colour behind the paragraph."""
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        for run, seen in self._runs(paragraph, paragraph, ground):
            self._take(run, seen, pieces, boxes)
        return "".join(pieces).replace("\xa0", " ").replace("\u3000", " "), boxes

    def _runs(self, parent, paragraph, ground: str) -> Iterator[tuple[etree._Element, str]]:
        """(run or formula, 'seen' or 'raised') of everything that is seen, in order."""
        for child in parent:
            name = local(child)
            if name == "r":
                look = self._look(child, paragraph, ground)
                if look != "hidden":
                    yield child, look
            elif name in ("oMath", "oMathPara"):
                yield child, "seen"
            elif name == "AlternateContent":
                yield from self._runs(child[:1], paragraph, ground)
            elif name in THROUGH:
                yield from self._runs(child, paragraph, ground)

    def _look(self, run: etree._Element, paragraph: etree._Element, ground: str) -> str:
        """'hidden', 'raised' or 'seen'."""
        found = self.styles.of_run(run, paragraph)
        if any(is_on(found(name)) for name in STRUCK_OR_HIDDEN):
            return "hidden"
        if number(found("sz"), 21) < SMALLEST or _is_pale(found, ground):
            return "hidden"
        position = value(found("position")) or "0"
        high = position.isdigit() and int(position) > 0
        return "raised" if high or value(found("vertAlign")) in _RAISED else "seen"

    def _take(self, parent, seen: str, pieces: list[str], boxes: list) -> None:
        if local(parent) != "r":
            pieces.append(_formula(parent))
            return
        for child in parent:
            name = local(child)
            if name == "AlternateContent":
                child = next(iter(child), child)
                self._shapes(child, pieces, boxes)
            elif name in SHAPES:
                self._shapes(child, pieces, boxes)
            elif name in ("ruby", "rubyBase"):
                for inner, look in self._runs(child, child, ""):
                    self._take(inner, look, pieces, boxes)
            else:
                text = _plain(child, name)
                pieces.append(raised(text) if seen == "raised" else text)

    def _shapes(self, shape: etree._Element, pieces: list[str], boxes: list) -> None:
        """The text boxes of a drawing; a mark for a picture that has none."""
        found = [
            box
            for box in shape.iter("{*}txbxContent")
            if not _inside(box, shape, ("Fallback", "txbxContent"))
        ]
        boxes += found
        if not found and any(local(element) in PICTURES for element in shape.iter()):
            pieces.append(OBJECT)


_RAISED = ("superscript", "subscript")  # a small digit behind a figure, high or low, is a note


def _plain(child: etree._Element, name: str) -> str:
    if name == "t":
        return (child.text or "").replace("\n", " ")
    if name == "sym":
        return _symbol(value(child, "char") or "", (value(child, "font") or "").lower())
    if name == "fldChar":
        return _chosen(find(child, "ffData", "ddList"))
    return TEXT.get(name, "")


def _symbol(code: str, font: str) -> str:
    """An inserted symbol: fonts of symbols hold their characters at F000 and up."""
    try:
        point = int(code, 16)
    except ValueError:
        return OBJECT
    if 0xF020 <= point <= 0xF07E:
        return chr(point - 0xF000) if font in SYMBOL_FONTS else OBJECT
    return chr(point) if 0x20 < point < 0xD800 else OBJECT


def _chosen(dropdown: etree._Element | None) -> str:
    """The entry that a drop-down form field shows."""
    if dropdown is None:
        return ""
    entries = [value(entry) or "" for entry in dropdown if local(entry) == "listEntry"]
    shown = number(find(dropdown, "result"), number(find(dropdown, "default"), 0))
    return entries[shown] if shown < len(entries) else ""


def _formula(element: etree._Element) -> str:
    """A formula that is a plain number, powers raised; any other is shown and can't be read."""
    if any(local(part) not in MATH_PLAIN for part in element.iter()):
        return OBJECT
    return "".join(
        raised(part.text or "") if _inside(part, element, ("sup",)) else part.text or ""
        for part in element.iter("{*}t")
    )


def _inside(element: etree._Element, top: etree._Element, names: tuple[str, ...]) -> bool:
    """Whether a parent of `element` below `top` has one of the names."""
    parent = element.getparent()
    while parent is not None and parent is not top:
        if local(parent) in names:
            return True
        parent = parent.getparent()
    return False


def _is_pale(found, ground: str) -> bool:
    """Whether the run has the colour of its ground."""
    colour = _channels(value(found("color")))
    shading = found("shd")
    behind = _channels(value(shading, "fill") or ground) or (255, 255, 255)
    marked = value(found("highlight")) or "none"
    if colour is None or marked != "none":
        return False
    return max(abs(a - b) for a, b in zip(colour, behind)) < PALEST


def _channels(colour: str | None) -> tuple[int, int, int] | None:
    try:
        return tuple(bytes.fromhex(colour)) if colour and len(colour) == 6 else None  # type: ignore[return-value]
    except ValueError:
        return None
