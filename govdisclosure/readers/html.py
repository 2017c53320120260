"""HTML and MHTML (.mht, Word's and Excel's single-file page; mail) → Document.

Lexbor parses a page and writes it out again. In what it writes every tag is closed in order and no
value holds an angle bracket, so that it is cut at the tags by one pattern and read from left to
right. `html_hidden` says what is not seen.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from html import escape, unescape
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..errors import UnreadableFileError
from ..model import Document, Grid, Source
from ..text import Memory
from . import fields, limits
from .fields import words
from .html_hidden import (
    BREAKING,
    CONTAINERS,
    HEADINGS,
    PREFORMATTED,
    UNSTYLED,
    Look,
    dress,
    on_screen,
)
from .placing import OBJECT, raised
from .reading import decode
from .shown import (
    Block,
    Cell,
    Shown,
    blocks_of_table,
    cell_text,
    line_text,
    shown_document,
)

# Elements by what they do to text. Source: HTML Living Standard §15 (rendering), MathML Core,
# Word's HTML.
VOID = words(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
)
# No text of the page, or text that is struck out, an annotation, or an alternative to what is
# drawn.
UNSEEN = words(
    "script style template noscript title datalist rp rt rtc del s strike noframes noembed audio annotation "
    "annotation-xml mphantom defs desc metadata xml colgroup"
)
# Shown otherwise than as the text inside: pictures, what of a formula is not written as a line,
# form fields, frames.
ODD = words(
    "canvas video meter progress mfrac msqrt mroot mtable munder mover munderover menclose mmultiscripts object svg "
    "iframe select xmp plaintext"
)
_HEAD = 'title,meta[name],style,link[rel~="stylesheet"]'
TYPED = words("text number tel email date month url button submit reset")
# What of these elements stands inside is read where one of these is there.
_READ_INSIDE = {"svg": "text", "object": "object:not([data])"}
_TINY_PICTURE = re.compile(' (?:width|height)="[01](?:px)?"')

# A tag; a cell that is one line is taken as a whole: its tag, its paragraph's, its text.
_TAG = re.compile("<()()()([^>]*+)>")
_TAG_OR_CELL = re.compile(
    r"<(?:(t[dh](?: [^>]*+)?)>\s*+(?:<(p(?: [^>]*+)?)>)?+([^<]*+)(?:</p>)?+\s*+</t[dh]|([^>]*+))>"
)
_COMMENT = r"<!--[\s\S]*?-->"
_COMMENTS = re.compile(_COMMENT)
# Text that a character sets from right to left, digits too.
_OVERRIDDEN = re.compile('\u202e[^\u202c<>"]*+\u202c?')
# Runs that do nothing where no style matters.
_RUNS = re.compile(rf"{_COMMENT}|</?+(?:span|font|strong|b|em|i|u|o:p|ins)(?: [^>]*+)?>")
_SPANS = re.compile(r' (row|col)span="\s*\+?(\d{1,9})')
_ATTRIBUTE = re.compile(' ([^ =]++)="([^"]*+)"')
_LONG_MARK = 8  # characters; a longer raised run is no mark of a note
_TABLES, _FRAMES = 40, 3  # deeper than any page: tables beyond are lines, frames are left out
_BEHIND = frozenset("0123456789)）]％%")

# Of a page that is not yet parsed.
FORMATTING = words("a b big code em font i nobr s small strike strong tt u")
END_LEFT_OUT = words("p li td th tr thead tbody tfoot dt dd br hr img input meta link col wbr area")
_OPENING = re.compile("<([a-zA-Z][a-zA-Z0-9-]*+)")
_NAME = re.compile("<(/?[a-z][a-z0-9]*+)")
# A cell of a table that is not closed, behind which no other begins.
_LAST_CELL = re.compile(r"<t[dh]\b[^<]*+(?:<(?!t[dh]\b|/table\b)[^<]*+)*+\Z", re.IGNORECASE)
_LONG, _LONG_TAG = 9_999, re.compile(r"<[a-zA-Z][a-zA-Z0-9-]*+\s[^<>]{9999,}+")
_ATTRIBUTES = 3_000
_FEW_OPENED, _STEPS = 3_000, 2_500_000_000
_MOST_OPEN = 5_000  # of a kind; a browser lays out 512 one in another
# What an open element costs each one opened behind it (of others: 10): nothing where it is closed before
# long, little where nobody looks through it, much where it is opened again.
_COSTS = {**dict.fromkeys(END_LEFT_OUT - {"li"}, 0), **dict.fromkeys(FORMATTING, 2_000), "table": 1}

# Tags by which a text is known to be HTML, and how many of them make it a page.
_TAGS = re.compile(r"</(?:p|td|tr|div|table|h[1-6]|span|li)\s?>|<br", re.I)
_ENOUGH = 4
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_JSON = re.compile(r"\s*+(?:[\w.$]{1,60}+\()?[{\[]")  # bare, or the argument of a call
_AGAIN = 4  # pages inside of pages
# Parts of a web archive. They are cut here: the standard library's parser takes quadratic time over
# a header's parameters.
_BOUNDARY = re.compile(rb"boundary\s?=\s?(?:\"([^\"\n]{1,200})\"|([^\s;\"]{1,200}))", re.I)
_BOUNDARIES = 20  # an archive declares one, or one for each archive in it
_PARTS = 5_000

_new = tuple.__new__
Steps = Iterator[None]  # what is done at an element's begin, and at its end


def html_document(
    text: str, source: Source, pages: dict[str, str] | None = None, sheets: Sequence[str] = ()
) -> Document:
    """Headings, lines and grids of the article in reading order; the page's own fields as metadata.

    A merged cell is one object, rows have equal length. In a cell <br>, <p> and <div> become line
    feeds, other white space (&nbsp; and U+3000 too) collapses to one space, a blank cell is "", a
    picture in one U+FFFC. What is hidden, struck out or a comment is not there; raised runs are in
    superscript characters. Of a web archive: the other ``pages`` by their addresses, and its style
    ``sheets``. Raises LimitError.
    """
    strings = list(_strings(text)) if _JSON.match(text) else []
    text = _longest_page(strings) or text
    document = Document(source, (), tuple(filter(fields.looks_like_title, strings)))
    for _ in range(_AGAIN):
        walk = Walk(text, source.path, dict(pages or {}), sheets)
        found = shown_document(walk, source)
        titles = fields.rank([*found.titles, *document.titles])
        document = replace(found, titles=titles, metadata=document.metadata | found.metadata)
        if any(isinstance(block, Grid) for block in document.blocks):
            break
        text = _page_inside(text, "\n".join(block.text for block in walk.blocks))
        if not text:
            break
    return document


# ---------------------------------------------------------------- a page as it is shown
class Walk(Shown):
    """What a page and its frames show, read from left to right."""

    def __init__(
        self,
        text: str,
        report: str,
        pages: dict[str, str] | None = None,
        sheets: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.report, self._pages, self._sheets = report, pages or {}, sheets
        self._sink, self._inside = self.blocks, 0
        self._tables: list[list[list[Cell]] | None] = [
            None
        ]  # None: what stands here is no row or cell
        self._linked = self._nested = 0
        self._pieces: list[str] = []
        self._page(text)

    def _page(self, text: str) -> None:
        """Read a page, or a frame inside of one: its styles hold for nothing else."""
        names = _tags_of(text, self.report)
        tree = LexborHTMLParser(_whole(text))
        nodes = tree.css(",".join((_HEAD, *names.intersection(UNSEEN | ODD))))
        sheets = [*self._sheets, *map(self._head, nodes)]
        linked = any(node.tag == "link" for node in nodes)
        for node in reversed(nodes):  # what is inside first: with what is taken out it is freed
            _prepare(node)
        # Where a style sheet is missing, nobody knows what colour is under a text.
        html, self._styled = dress(tree, sheets, linked, self.report)
        self._look = Look(ground="" if linked else "white") if self._styled else UNSTYLED
        html = (_COMMENTS if self._styled else _RUNS).sub("", html).replace("&nbsp;", "\xa0")
        html = _OVERRIDDEN.sub(OBJECT, html)
        self._run(_TAG_OR_CELL.split(html))
        self._flush()

    def _head(self, node: LexborNode) -> str:
        """Keep what an element says about the page; its style sheet, if it is one."""
        if node.tag == "meta":
            said = (node.attributes.get(key) or "" for key in ("name", "content"))
            name, content = (" ".join(text.split()) for text in said)
            if name and content and name.lower() not in fields.TECHNICAL:
                self.metas.setdefault(name, content[: fields.VALUE_LENGTH])
        elif node.tag == "title" and node.parent and node.parent.tag != "svg":
            self.titles.append(node.text())
        elif node.tag == "style" and on_screen(node.attributes.get("media") or ""):
            return node.text()
        return ""

    def _run(self, parts: list[str]) -> None:
        """Read (a cell's tag, its paragraph's tag, its text) or another tag, and the text
        behind.
        """
        around: list[tuple[Look, Steps | None]] = []
        for cell, paragraph, line, tag, text in zip(*(parts[first::5] for first in range(1, 6))):
            if cell:
                self._line_cell(cell, paragraph, line)
            elif tag[0] != "/":
                name = tag.partition(" ")[0]
                look, steps = self._look, self._begin(name, tag)
                if name in VOID:
                    self._look = look
                else:
                    around.append((look, steps))
            elif tag[1:] not in VOID and around:
                look, steps = around.pop()
                if steps:
                    self._flush()
                    next(steps, None)
                self._look = look
            if text:
                self._text(text)

    def _begin(self, name: str, tag: str) -> Steps | None:
        """Begin an element; what is left to do at its end."""
        look = self._look.inside[tag if self._styled else name]
        act = _ACTS.get(name) or (Walk._block if look.breaks else None)
        if act is None or "gone" in look.unseen:
            self._look = look
            if put := _PUT.get(name):
                put(self, tag)
            return None
        self._flush()
        self._look = look
        steps = act(self, tag)
        next(steps)
        return steps

    # ------------------------------------------------------------ text
    def _text(self, text: str) -> None:
        look = self._look
        blank = not self._pieces and not look.lines and text.isspace()
        if blank or not look.shown:
            return
        text = unescape(text)
        moved = look.turned or look.ordered and self._sink is not self.blocks
        if moved and any(map(str.isdigit, text)):
            text = OBJECT
        if look.raised and len(text.strip()) <= _LONG_MARK:
            behind = not self._pieces or self._pieces[-1].rstrip()[-1:] in _BEHIND
            if look.raised > 0 or behind:
                text = raised(text.strip())
        if look.linked:
            self._linked += len(text.strip())
        for number, line in enumerate(text.split("\n") if look.lines else [text]):
            if number:
                self._flush()
            self._pieces.append(line)

    def _flush(self) -> None:
        """End a line."""
        if not self._pieces:
            return
        raw = "".join(self._pieces)
        if self._look.lines:
            self.preformatted.append(raw)
        text = line_text(raw)
        if self._sink is self.blocks and OBJECT in text:
            text = text.replace(OBJECT, "").strip()
        if text:
            self._sink.append(Block(text, self._inside, self._look.level, self._linked))
        self._pieces, self._linked = [], 0

    # ------------------------------------------------------------ elements, up to their end
    def _block(self, tag: str) -> Steps:
        yield

    def _container(self, tag: str) -> Steps:
        around, self._inside = self._inside, len(self.parents)
        self.parents.append(around)
        yield
        self._inside = around

    def _table(self, tag: str) -> Steps:
        self._tables.append([] if len(self._tables) <= _TABLES else None)
        yield
        if table := self._tables.pop():
            blocks, fields = blocks_of_table(table, self._inside)
            self._sink += blocks
            self.fields = self.fields | fields | self.fields
            limits.check(self.report, "blocks", len(self._sink), limits.BLOCKS)

    def _group(self, tag: str) -> Steps:
        """Rows beyond which no cell of theirs reaches."""
        start = len(self._tables[-1] or [])
        yield
        table = self._tables[-1] or []
        for number, row in enumerate(table[start:], start):
            left = len(table) - number
            for place, cell in enumerate(row):
                if cell.rowspan != 1:
                    row[place] = cell._replace(rowspan=min(cell.rowspan or left, left))

    def _row(self, tag: str) -> Steps:
        table = self._tables[-1]
        if table is not None:
            table.append([])
        yield

    def _cell(self, tag: str) -> Steps:
        table = self._tables[-1]
        if not table:
            yield from self._block(tag)
            return
        around, self._sink = self._sink, []
        yield from self._container(tag)
        rows, columns = _spans[tag]
        table[-1].append(Cell(cell_text(self._sink), rows, columns, self._sink))
        self._sink = around

    def _line_cell(self, cell: str, paragraph: str | None, line: str) -> None:
        """A cell that holds one text, perhaps in a paragraph."""
        table, look = self._tables[-1], self._look
        if self._styled:
            look = look.inside[cell].inside[paragraph or "p"]
        if not table or not look.plain:
            inside = f"<{paragraph}>{line}</p>" if paragraph else line
            self._run(_TAG.split(f"<{cell}>{inside}</{cell[:2]}>"))
            return
        if self._pieces:
            self._flush()
        table[-1].append(_new(Cell, (line_text(unescape(line)), *_spans[cell], ())))

    def _picture(self, tag: str) -> None:
        if not _TINY_PICTURE.search(tag):
            self._text(OBJECT)

    def _input(self, tag: str) -> None:
        found = _attributes(tag)
        kind = found.get("type", "text").lower()
        if kind in TYPED:
            self._text(f" {found.get('value', '')} ")
        elif kind == "image":
            self._text(OBJECT)

    def _frame(self, tag: str) -> None:
        """The page in a frame: beside it in the archive, or in its attribute."""
        found = _attributes(tag)
        source = found.get("src", "")
        text = found.get("srcdoc") or self._pages.pop(source, "")
        text = text or self._pages.pop(source.rpartition("/")[2], "")
        if text and self._look.shown and self._nested < _FRAMES:
            self._flush()
            styled = self._styled
            self._nested += 1
            self._page(text)
            self._nested -= 1
            self._styled = styled


def _attributes(tag: str) -> dict[str, str]:
    return {key: unescape(value) for key, value in _ATTRIBUTE.findall(tag)}


def _tags_of(text: str, report: str) -> set[str]:
    """The names of the tags in a text.

    Raises LimitError for a page on which any HTML parser takes quadratic time or memory: each tag
    is looked for among the open elements; formatting elements left open are opened again in each
    block; each attribute is looked for among those before it.
    """
    long = any(len(part) > _LONG for part in text.split("<"))
    for tag in _LONG_TAG.findall(text) if long else ():
        limits.check(report, "attributes of a tag", len(tag.split()), _ATTRIBUTES)
    names = _OPENING.findall(text)
    many = len(names) + text.count("</p") > _FEW_OPENED
    opened = Counter[str]()
    cost = work = most = 0
    for tag in _NAME.findall(text.lower()) if many else ():
        name = tag.removeprefix("/")
        change = 1 if name == tag else -(opened[name] > 0)
        opened[name] += change
        own = _COSTS.get(name, 10)
        cost += change * own
        most = max(most, opened[name] * (name in _ACTS and own == 10))
        if change >= 0:
            work += cost
    limits.check(report, "elements left open", most, _MOST_OPEN)
    limits.check(report, "steps for open elements", work, _STEPS)
    return set(map(str.lower, set(names)))


def _whole(text: str) -> str:
    """The page without the cell in whose text the file ends: half a number is a wrong number."""
    cell = _LAST_CELL.search(text) if text[text.rfind(">") + 1 :].strip() else None
    return text[: cell.start()] if cell else text


def _prepare(node: LexborNode) -> None:
    """Take out what is not shown, and write what is shown without being text as a text inside its
    element.
    """
    tag = node.tag
    if tag in UNSEEN:
        node.decompose()
    elif tag == "select":
        option = node.css_first("option[selected]") or node.css_first("option")
        node.inner_html = f" {escape(option.text())} " if option else ""
    elif tag in ODD and not (tag in _READ_INSIDE and node.css_first(_READ_INSIDE[tag])):
        node.inner_html = "" if tag == "iframe" else OBJECT


@Memory
def _spans(tag: str) -> tuple[int, int]:
    """(rows, columns) of a cell, as the HTML table model reads them: garbage counts as 1, more than
    65534 as that.
    """
    found = dict(_SPANS.findall(tag)) if "span=" in tag else {}
    return min(int(found.get("row", 1)), 65534), min(int(found.get("col", 1)), 1000) or 1


_ACTS: dict[str, Callable[[Walk, str], Steps]] = {
    **dict.fromkeys(BREAKING | PREFORMATTED | HEADINGS, Walk._block),
    **dict.fromkeys(CONTAINERS, Walk._container),
    **dict.fromkeys(("thead", "tbody", "tfoot"), Walk._group),
    **dict.fromkeys(("td", "th"), Walk._cell),
    "table": Walk._table,
    "tr": Walk._row,
}
# What is shown in the place of an element.
_PUT: dict[str, Callable[[Walk, str], None]] = {
    **dict.fromkeys(("img", "embed"), Walk._picture),
    **dict.fromkeys(("iframe", "frame"), Walk._frame),
    "input": Walk._input,
}


# ---------------------------------------------------------------- a page inside of a page
def _page_inside(text: str, shown: str) -> str:
    """The HTML that a page keeps escaped, in a script or as JSON and its own scripts would draw; ""
    if there is none.
    """
    keepers = LexborHTMLParser(text).css("textarea,script,template,noscript")
    kept = [(node.html or "").partition(">")[2] for node in keepers]
    return _longest_page([shown, *(_longest_page(_strings(inside)) or inside for inside in kept)])


def _longest_page(texts: Iterable[str]) -> str:
    """The longest that is HTML, its tags resolved; "" if none is."""
    resolved = (unescape(text) if "&lt;" in text else text for text in texts)
    pages = (text for text in resolved if len(_TAGS.findall(text)) >= _ENOUGH)
    return max(pages, key=len, default="")


def _strings(text: str) -> Iterator[str]:
    """The strings of the JSON in a text."""
    for written in _STRING.findall(text):
        with suppress(ValueError):
            yield json.loads(written)


# ---------------------------------------------------------------- web archives
def read_mhtml(data: bytes, source: Source) -> Document:
    """As `html_document`, of the first HTML part; other parts stand where its frames are.

    A part ends at any boundary that is declared, whichever part that is of. Raises
    UnreadableFileError, LimitError.
    """
    limits.check(source.path, "bytes of MHTML", len(data), limits.TEXT_BYTES)
    declared = islice(_BOUNDARY.finditer(data), _BOUNDARIES)
    marks = {re.escape(found[1] or found[2]) for found in declared}
    between = re.compile(rb"\n--(?:%b)(?:--)?[ \t]*(?:\n|\Z)" % (b"|".join(marks) or b"(?!)"))
    parts = between.split(b"\n" + data.replace(b"\r\n", b"\n"))
    limits.check(source.path, "parts of an archive", len(parts), _PARTS)
    pages: list[tuple[Message, str]] = []
    sheets: list[str] = []
    for written in parts:
        part = BytesParser().parsebytes(written.lstrip(b"\n"), headersonly=True)
        kind = part.get_content_type()
        if kind in ("text/css", "text/html", "application/xhtml+xml"):
            text = decode(bytes(part.get_payload(decode=True)), source.path)  # type: ignore[arg-type]
            if kind == "text/css":
                sheets.append(text)
            elif text.strip():
                pages.append((part, text))
    if not pages:
        raise UnreadableFileError(
            source.path, "a web archive with an HTML part", seen="no HTML part"
        )
    frames = {name: text for part, text in pages[1:] for name in _names(part)}
    return html_document(pages[0][1], source, frames, sheets)


def _names(part: Message) -> list[str]:
    """What a frame may call the part: its address, the end of it, or its id."""
    location = part.get("content-location", "")
    name = part.get("content-id", "").strip("<>")
    return [name for name in (location, location.rpartition("/")[2], f"cid:{name}") if name]
