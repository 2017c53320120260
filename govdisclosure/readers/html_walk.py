"""A page's tree → blocks: paragraphs and tables in reading order, as they are shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import limits
from .html_hidden import Look, look_of, plain_look, styles_of
from .html_tables import Block, Cell, Table, blocks_of_table
from .placing import OBJECT, raised


# Elements by what they do to text. Source: HTML Living Standard §15 (rendering), MathML Core, Word's HTML.
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS = _words("h1 h2 h3 h4 h5 h6")
CONTAINERS = _words("div section article main header footer nav aside")
BREAKING = _words(
    "p br hr li ul ol dl dt dd pre blockquote center form fieldset legend address figure figcaption "
    "details summary body html caption menu dir listing xmp plaintext optgroup frameset textarea"
)
# No text of the page, or text that is struck out, an annotation, or an alternative to what is drawn.
UNSEEN = _words(
    "script style template noscript head title meta link datalist rp rt rtc del s strike noframes noembed audio "
    "annotation annotation-xml mphantom defs desc metadata param xml colgroup option"
)
UNSEEN_MARKS = "[hidden],.msocomanchor,.MsoCommentReference,dialog:not([open])"
# Shown, but no text; of a formula what is not written as a line.
DRAWN = _words(
    "img canvas video embed mfrac msqrt mroot mtable munder mover munderover menclose mmultiscripts"
)
RAISING = {"sup": 1, "sub": -1}
CENTRING = 'center,[align="center" i]'
SHEETS = 'style:not([media="print" i])'
RAISED_MARKS = ".MsoFootnoteReference,.MsoEndnoteReference"
SCRIPTS = {"msup": 1, "msub": -1, "msubsup": -1}  # formulas whose second part is a script
PREFORMATTED = _words("pre listing xmp plaintext textarea")
FORMATTING = _words("a b big code em font i nobr s small strike strong tt u")
END_LEFT_OUT = _words(
    "p li td th tr thead tbody tfoot dt dd br hr img input meta link col wbr area"
)
TYPED = _words("text number tel email date month url")
_TINY_PICTURE = _words("0 1 0px 1px")

_INVISIBLE = re.compile("[\0-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WIDE = "[\u2e80-\u9fff\uff00-\uffef，。、；：]"
_LINE_IN_WORD = re.compile(rf"(?<={_WIDE})[ \t\r]*+\n\s*+(?={_WIDE})")
# Thin and narrow spaces between digits group them by threes.
_GROUPED = re.compile("(?<=[0-9])[\u2006\u2008\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_INTEGER = re.compile(r"\s*\+?(\d{1,9})")
_LONG_MARK = 8  # characters; a longer raised run is no mark of a note
_TAG = re.compile("<(/?[a-zA-Z][a-zA-Z0-9]*)")
_MANY_TAGS = 20_000
_FEW_TAGS, _STEPS, _REOPENED = 2_000, 1_500_000_000, 2_500_000
_RUNS = 6  # runs around a text that are looked through at once
_TABLES, _FRAMES = 40, 3  # deeper than any page: tables beyond are lines, frames are left out
_BEHIND = frozenset("0123456789)）]％%")

Closer = Callable[[], None] | None


def line_text(raw: str) -> str:
    """White space collapsed and stripped; a source line break inside a Chinese word is none (CSS Text 3 §4.1.3)."""
    if raw.isalnum():
        return raw
    if not raw.isprintable():
        raw = _GROUPED.sub("", _INVISIBLE.sub("", raw).strip())
        if "\n" in raw:
            raw = _LINE_IN_WORD.sub("", raw)
    if "&" in raw:  # escaped once too often
        raw = _ENTITY.sub(lambda entity: unescape(entity[0]), raw)
    return " ".join(raw.split())


def _whole(text: str) -> str:
    """The page without the cell in whose text the file ends: half a number is a wrong number."""
    if not text[text.rfind(">") + 1 :].strip():
        return text
    lower = text.lower()
    if len(lower) != len(text) or lower.rfind("<table") <= lower.rfind("</table"):
        return text
    return text[: max(lower.rfind("<td"), lower.rfind("<th"), 0)] or text


def _check_nesting(text: str, report: str) -> None:
    """Raise LimitError for a page on which any HTML parser takes quadratic time or memory.

    Each tag is looked for among the open elements; formatting elements left open are opened again in each block.
    """
    if text.count("<") <= _FEW_TAGS:
        return
    tags = _TAG.findall(text)
    formats = sum(count for name, count in Counter(tags).items() if name.lower() in FORMATTING)
    if len(tags) < _MANY_TAGS and formats * len(tags) < _REOPENED:
        return
    kinds: dict[str, int] = {}
    depth = deepest = formats = most = 0
    for tag in map(str.lower, tags):
        name = tag.removeprefix("/")
        if name in END_LEFT_OUT or (name != tag and not kinds.get(name)):
            continue
        step = 1 if name == tag else -1
        kinds[name] = kinds.get(name, 0) + step
        depth += step
        deepest = max(deepest, depth)
        if name in FORMATTING:
            formats += step
            most = max(most, formats)
    limits.check(report, "steps for open elements", deepest * len(tags), _STEPS)
    limits.check(report, "elements opened again", most * len(tags), _REOPENED)


class Frames(NamedTuple):
    """What a web archive has beside the page: ``pages`` by their addresses, and style ``sheets``."""

    pages: dict[str, str]
    sheets: tuple[str, ...] = ()


class Walk:
    """Blocks of a page and its frames, walked without recursion. ``parents[i]`` is the container around container i."""

    def __init__(self, text: str, report: str, frames: Frames | None = None) -> None:
        self.report, self.frames = report, frames or Frames({})
        self.parents = [0]
        self.blocks: list[Block] = []
        self.fields: dict[str, str] = {}
        self.trees: list[LexborHTMLParser] = []
        self.preformatted: list[str] = []
        self._sink, self._inside, self._tables = self.blocks, [0], list[Table]()
        self._links = self._level = self._linked = self._deep = self._nested = 0
        self._cells: list[tuple[list[Block], int]] = []
        self._pieces: list[str] = []
        self._centred = False
        self._page(text)

    def _page(self, text: str) -> None:
        """Walk a page, or a frame inside of one."""
        _check_nesting(text, self.report)
        tree = LexborHTMLParser(_whole(text))
        self.trees.append(tree)
        sheets = [node.text() for node in tree.css(SHEETS)]
        styles, centred = styles_of(tree, [*self.frames.sheets, *sheets], self.report)
        self._styles = styles
        self._centring = centred.union(node.mem_id for node in tree.css(CENTRING))
        self._looks: dict[tuple[Look, str], Look] = {}
        self._look = plain_look(tree)
        self._marks = {node.mem_id: 1 for node in tree.css(RAISED_MARKS)}
        self._marks.update((node.mem_id, 0) for node in tree.css(UNSEEN_MARKS))
        self._special = {*self._styles, *self._marks}
        if tree.root is not None:
            self._run(tree.root)
        self._flush()

    def _run(self, node: LexborNode) -> None:
        around: list[tuple[LexborNode, Closer, Look]] = []
        special = self._special
        while True:
            tag = node.tag
            child = None
            if tag == "-text":
                text = node.text_content or ""
                if self._pieces or not text.isspace():
                    self._text(text)
            elif tag is not None:
                look, inside, closer = self._look, True, None
                act = _ACTS.get(tag)
                if special and node.mem_id in special:
                    inside, closer = self._open(node, tag, act)
                elif act is not None:
                    inside, closer = act(self, node, tag)
                else:
                    inside = self._has_more(node)
                child = node.first_child if inside else None
                if child is not None:
                    around.append((node, closer, look))
                else:
                    if closer is not None:
                        closer()
                    self._look = look
            following = node.next if child is None else child
            while following is None:
                if not around:
                    return
                node, closer, look = around.pop()
                if closer is not None:
                    closer()
                self._look = look
                following = node.next
            node = following

    def _open(self, node: LexborNode, tag: str, act: Act | None) -> tuple[bool, Closer]:
        """(whether what is inside is to be walked, what to do at the end) of an element that may have a style."""
        style = self._styles.get(node.mem_id)
        if style is not None:
            self._restyle(f"{_DISPLAYS.get(tag, '')}{style}")
            if self._look.gone:
                return False, None
            if act is None and self._look.breaks:
                act = Walk._block
        mark = self._marks.get(node.mem_id)
        if mark is not None:
            if not mark:
                return False, None
            self._look = self._look._replace(raised=mark)
        return (True, None) if act is None else act(self, node, tag)

    def _restyle(self, style: str) -> None:
        key = self._look, style
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = look_of(*key)
        self._look = look

    def _skip(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        return False, None

    def _raise(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        self._look = self._look._replace(raised=RAISING[tag])
        return True, None

    def _link(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        self._links += 1
        return True, self._end_link

    # ------------------------------------------------------------ text
    def _text(self, text: str) -> None:
        look = self._look
        if not look.shown:
            return
        if look.raised and len(text.strip()) <= _LONG_MARK:
            behind = self._pieces[-1].rstrip()[-1:] in _BEHIND if self._pieces else True
            text = raised(text.strip()) if look.raised > 0 or behind else text
        if self._links:
            self._linked += len(text.strip())
        if look.lines and "\n" in text:
            first, *rest = text.split("\n")
            self._pieces.append(first)
            for line in rest:
                self._flush()
                self._pieces.append(line)
        else:
            self._pieces.append(text)

    def _flush(self) -> None:
        """End a line."""
        if not self._pieces:
            return
        pieces = self._pieces
        text = line_text(pieces[0] if len(pieces) == 1 else "".join(pieces))
        if text and not self._cells and OBJECT in text:
            text = text.replace(OBJECT, "").strip()
        if text:
            block = Block(text, self._inside[-1], self._level, self._linked, self._centred)
            self._sink.append(block)
            self._centred = False
        self._pieces, self._linked = [], 0

    # ------------------------------------------------------------ blocks
    def _block(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        if self._pieces:
            self._flush()
        self._centred = node.mem_id in self._centring
        if self._look.raised:
            self._look = self._look._replace(raised=0)
        return self._has_more(node), self._flush

    def _has_more(self, node: LexborNode) -> bool:
        """Whether there is more in an element than one text, perhaps in runs around it; that is taken here, at once."""
        special = self._special
        child = node.first_child
        for _ in range(_RUNS):
            if child is None or child.next is not None:
                break
            tag = child.tag
            if tag == "-text":
                self._text(child.text_content or "")
                return False
            if tag in _ACTS or (special and child.mem_id in special):
                return True
            child = child.first_child
        return child is not None

    def _preformatted(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        self._flush()
        outermost = not self._look.lines
        self._look = self._look._replace(lines=True)
        if outermost and tag != "textarea" and self._look.shown and not self._cells:
            self.preformatted.append(node.text())
        return True, self._flush

    def _container(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        self._flush()
        self._inside.append(self._new_container())
        return True, self._end_container

    def _new_container(self) -> int:
        self.parents.append(self._inside[-1])
        return len(self.parents) - 1

    def _end_container(self) -> None:
        self._flush()
        self._inside.pop()

    def _heading(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        self._flush()
        self._level = int(tag[1])
        return True, self._end_heading

    def _end_heading(self) -> None:
        self._flush()
        self._level = 0

    def _end_link(self) -> None:
        self._links -= 1

    # ------------------------------------------------------------ tables
    def _table(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        self._flush()
        if self._deep or len(self._tables) >= _TABLES:
            self._deep += 1
            return True, self._end_deep
        self._tables.append(Table([], []))
        return True, self._end_table

    def _end_deep(self) -> None:
        self._flush()
        self._deep -= 1

    def _end_table(self) -> None:
        self._flush()
        blocks, fields = blocks_of_table(self._tables.pop(), self._inside[-1])
        self._sink += blocks
        for key, value in fields.items():
            self.fields.setdefault(key, value)
        limits.check(self.report, "blocks", len(self._sink), limits.BLOCKS)

    def _group(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        if self._tables and not self._deep:
            self._tables[-1].ends.append(len(self._tables[-1].rows))
        return self._block(node, tag)

    def _row(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        if self._tables and not self._deep:
            self._tables[-1].rows.append([])
        return self._block(node, tag)

    def _cell(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        if self._deep or not self._tables or not self._tables[-1].rows:
            return self._block(node, tag)
        self._flush()
        attributes = node.attributes
        rows = _span(attributes["rowspan"]) if "rowspan" in attributes else 1
        columns = _span(attributes["colspan"]) if "colspan" in attributes else 1
        cell = Cell([], rows, min(columns, 1000) or 1)
        self._tables[-1].rows[-1].append(cell)
        self._cells.append((self._sink, self._links))
        self._sink, self._links = cell.blocks, 0
        self._inside.append(self._new_container())
        return self._has_more(node), self._end_cell

    def _end_cell(self) -> None:
        self._end_container()
        self._sink, self._links = self._cells.pop()

    # ------------------------------------------------------------ what is shown without being text
    def _drawn(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        """A picture, or what is not written as a line. Only in a cell it matters."""
        if self._cells:
            attributes = node.attributes
            size = {attributes.get("width"), attributes.get("height")}
            if tag != "img" or size.isdisjoint(_TINY_PICTURE):
                self._text(OBJECT)
        return False, None

    def _drawing(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        """<svg> and <object>: their text, if they show any."""
        text = node.css_first("text") if tag == "svg" else not node.attributes.get("data")
        return (True, None) if text else self._drawn(node, tag)

    def _script(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        """A base with its scripts: what stands after the first part is raised."""
        parts = [part.mem_id for part in node.iter()][1:]
        self._marks.update(dict.fromkeys(parts, SCRIPTS[tag]))
        self._special.update(parts)
        return True, None

    def _input(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        attributes = node.attributes
        kind = (attributes.get("type") or "text").lower()
        if kind in TYPED:
            self._text(f" {attributes.get('value') or ''} ")
        return self._drawn(node, tag) if kind == "image" else (False, None)

    def _select(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        option = node.css_first("option[selected]") or node.css_first("option")
        if option is not None:
            self._text(f" {option.text()} ")
        return False, None

    def _frame(self, node: LexborNode, tag: str) -> tuple[bool, Closer]:
        """The page in a frame: beside it in the archive, or in its attribute."""
        attributes = node.attributes
        source = attributes.get("src") or ""
        pages = self.frames.pages
        name = next((key for key in (source, source.rpartition("/")[2]) if key in pages), None)
        text = attributes.get("srcdoc") or (pages.pop(name) if name is not None else "")
        if text and self._look.shown and self._nested < _FRAMES:
            self._flush()
            kept = self._styles, self._looks, self._look, self._marks, self._special, self._centring
            self._nested += 1
            self._page(text)
            self._nested -= 1
            self._styles, self._looks, self._look, self._marks, self._special, self._centring = kept
        return False, None


Act = Callable[[Walk, LexborNode, str], tuple[bool, Closer]]


def _span(written: str | None) -> int:
    """A number as the HTML table model reads it: garbage counts as 1, more than 65534 as that."""
    digits = _INTEGER.match(written) if written else None
    return min(int(digits[1]), 65534) if digits else 1


_DISPLAYS = {
    **dict.fromkeys(BREAKING | CONTAINERS | HEADINGS, "display:block;"),
    **dict.fromkeys(("td", "th"), "display:table-cell;"),
    **dict.fromkeys(("input", "textarea", "button"), "display:inline-block;"),
}
_ACTS: dict[str, Act] = {
    **dict.fromkeys(UNSEEN, Walk._skip),
    **dict.fromkeys(BREAKING, Walk._block),
    **dict.fromkeys(PREFORMATTED, Walk._preformatted),
    **dict.fromkeys(CONTAINERS, Walk._container),
    **dict.fromkeys(HEADINGS, Walk._heading),
    **dict.fromkeys(("thead", "tbody", "tfoot"), Walk._group),
    **dict.fromkeys(("td", "th"), Walk._cell),
    **dict.fromkeys(DRAWN, Walk._drawn),
    **dict.fromkeys(SCRIPTS, Walk._script),
    **dict.fromkeys(("iframe", "frame"), Walk._frame),
    **dict.fromkeys(("svg", "object"), Walk._drawing),
    **dict.fromkeys(RAISING, Walk._raise),
    "a": Walk._link,
    "table": Walk._table,
    "tr": Walk._row,
    "input": Walk._input,
    "select": Walk._select,
}
