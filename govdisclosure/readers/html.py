"""HTML and MHTML (.mht, Word's and Excel's single-file page; mail) → Document.

`html_walk` says what is shown; here the report is found on the page, and the page's own fields.
"""

from __future__ import annotations

import binascii
import json
import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from ..errors import UnreadableFileError
from ..model import Block as DocumentBlock
from ..model import Document, Grid, Heading, Line, Piece, Source
from . import fields, limits
from .html_tables import Block, Shown, placed
from .html_walk import Frames, Walk
from .placing import Placer
from .reading import decode

COLUMN_MARK = re.compile("[|｜│┃\t]")
SECTION = re.compile(r"[一二三四五六七八九]\s?[、.．]")
_TITLE_AREA, _HEADING_LENGTH, _END_AREA = 8, 120, 6
_PROSE = 25  # shorter lines are as often navigation
_FOOT = 200  # longer lines are prose even if they give an address
_SHARE = 0.5  # of the prose a container must keep to be the article
_LINKS = 0.8  # of a line in links makes it one of links
# Tags by which a text is known to be HTML, and how many of them make it a page.
_TAGS = re.compile(r"</(?:p|td|tr|div|table|h[1-6]|span|li)\s?>|<br", re.I)
_ENOUGH = 4
_BEGIN = re.compile(r"[\[{]")
_JSON = re.compile(r"\s*+(?:[\w.$]{1,60}+\()?[{\[]")  # bare, or the argument of a call
_AGAIN = 4  # pages inside of pages
# Parts of a web archive. They are cut here: the standard library's parser takes quadratic time over a header's parameters.
_FIELD = re.compile(rb"^(content-[a-z-]{2,24}):((?:.*\n)(?:[ \t].*\n)*)", re.I | re.M)
_BOUNDARY = re.compile(rb"""boundary\s?=\s?(?:"([^"\n]{1,200})"|([^\s;"]{1,200}))""", re.I)
_LONGEST = 10_000  # bytes of a part's header that are looked at
_DEPTH, _PARTS = 6, 5_000


def read_html(data: bytes, source: Source) -> Document:
    """Headings, lines and grids of the article in reading order; the page's own fields as metadata.

    A merged cell is one object, rows have equal length. In a cell <br>, <p> and <div> become line feeds, other
    white space (&nbsp; and U+3000 too) collapses to one space, a blank cell is "", a picture in one U+FFFC. What is
    hidden, struck out or a comment is not there; raised runs are in superscript characters. Raises LimitError,
    UnreadableFileError.
    """
    limits.check(source.path, "bytes of HTML", len(data), limits.TEXT_BYTES)
    return html_document(decode(data, source.path)[0], source)


def html_document(text: str, source: Source, frames: Frames | None = None) -> Document:
    """As `read_html`, from decoded text; `frames`: the other parts of a web archive."""
    document = Document(source, ())
    if _JSON.match(text):
        text, titles = _page_in_json(text)
        document = replace(document, titles=titles)
    for _ in range(_AGAIN):
        walk = Walk(text, source.path, frames)
        found = shown_document(walk, source)
        titles = fields.rank([*found.titles, *document.titles])
        document = replace(found, titles=titles, metadata={**document.metadata, **found.metadata})
        if any(isinstance(block, Grid) for block in document.blocks):
            break
        shown = "\n".join(b.text for b in document.blocks if not isinstance(b, Grid))
        text = _page_inside(walk, shown)
        if not text:
            break
    return document


def html_blocks(text: str, placer: Placer) -> list[DocumentBlock]:
    """Every block of a piece of HTML, such as a table in Markdown. Grids are numbered by `placer`."""
    return _blocks(Walk(text, placer.report).blocks, placer)


def shown_document(shown: Shown, source: Source) -> Document:
    """The article of a page, or the whole of another document, with what it says of itself."""
    limits.check(source.path, "blocks", len(shown.blocks), limits.BLOCKS)
    article, around = _article(shown)
    lines = [block for block in article if block.table is None]
    blocks = tuple(_blocks(article, Placer(source.path)))
    metas = fields.fields_of_metas(shown.metas)
    titles = _titles(lines, around, metas | shown.fields, shown.titles)
    flat = len(lines) == len(article)
    document = Document(source, blocks, titles, {}, "", flat)
    if flat and (dump := _as_dump(shown, lines, source)):
        document = replace(dump, titles=dump.titles or titles)
    metadata = dict(document.metadata)
    said = [*lines[:_TITLE_AREA], *around, *lines[-_END_AREA:]]
    for found in (shown.fields, *(fields.fields_of_line(block.text) for block in said), metas):
        for key, value in found.items():
            metadata.setdefault(key, value)
    return replace(
        document, metadata=metadata, footer=document.footer or _footer(lines[-_END_AREA:], around)
    )


# ---------------------------------------------------------------- the article
def _article(shown: Shown) -> tuple[list[Block], list[Block]]:
    """(the blocks of the article, the lines around it); lines of links at its ends are no part of it."""
    inside = {_choose(shown.blocks, shown.parents)}
    for container, around in enumerate(shown.parents):
        if around in inside:
            inside.add(container)
    chosen = [number for number, block in enumerate(shown.blocks) if block.container in inside]
    own = [number for number in chosen if not _is_links(shown.blocks[number])]
    kept = {number for number in chosen if own and own[0] <= number <= own[-1]}
    blocks = list(enumerate(shown.blocks))
    return (
        [block for number, block in blocks if number in kept],
        [block for number, block in blocks if number not in kept and block.table is None],
    )


def _is_links(block: Block) -> bool:
    return block.table is None and block.linked >= _LINKS * len(block.text)


def _choose(blocks: Sequence[Block], parents: Sequence[int]) -> int:
    """The innermost container that holds every table and section heading and most of the prose.

    Where none does (an article cut over several), too much is kept rather than a table lost.
    """
    count = len(parents)
    weights, musts = [0] * count, [0] * count
    for block in blocks:
        weight, must = _evidence(block)
        weights[block.container] += weight
        musts[block.container] += must
    for i in range(count - 1, 0, -1):
        weights[parents[i]] += weights[i]
        musts[parents[i]] += musts[i]
    best = 0
    for i in range(1, count):  # a container stands after the one around it
        if parents[i] == best and musts[i] == musts[0] and weights[i] >= _SHARE * weights[best] > 0:
            best = i
    return best


def _evidence(block: Block) -> tuple[int, int]:
    if block.table is not None:
        rows = block.table.rows
        return sum(map(len, rows)), int(len(rows) >= 2)
    free = len(block.text) - block.linked
    if free < _PROSE or (free < _FOOT and fields.FOOTER.search(block.text)):
        free = 0
    return free, int(bool(SECTION.match(block.text)) and not block.linked)


def _blocks(blocks: list[Block], placer: Placer) -> list[DocumentBlock]:
    """Blocks with their places: "paragraph 12", "table 3, row 7, column 4"."""
    found: list[DocumentBlock] = []
    number = 0
    for block in blocks:
        if block.table is not None:
            found.append(placer.grid(placed(block.table, placer.report)))
            continue
        number += 1
        where = f"paragraph {number}"
        if block.level and len(block.text) <= _HEADING_LENGTH:
            found.append(Heading(block.text, where, block.level))
        else:
            found.append(Line((Piece(block.text, where),), where))
    return found


def _as_dump(shown: Shown, lines: list[Block], source: Source) -> Document | None:
    """A page without tables whose text carries column marks is a text dump in HTML clothes (<pre>, or a <p> a row)."""
    from .plaintext import text_document

    texts = [block.text for block in lines]
    plain = "\n".join(shown.preformatted)
    if len(plain) * 2 > sum(map(len, texts)):
        return text_document(plain, source)
    if sum(bool(COLUMN_MARK.search(text)) for text in texts) < 5:
        return None
    return text_document("\n".join(texts), source)


# ---------------------------------------------------------------- what the page says about itself
def _titles(
    lines: list[Block], around: list[Block], found: Mapping[str, str], pages: list[str]
) -> tuple[str, ...]:
    first = lines[:_TITLE_AREA]
    candidates = [block.text for block in (*first, *around) if block.level == 1]
    candidates += [found[key] for key in fields.TITLE_FIELDS if key in found]
    headed = (block.text for block in (*around, *first) if block.level)
    candidates += filter(fields.looks_like_title, headed)
    candidates += fields.first_lines(block.text for block in lines)
    candidates += [b.text for b in first if b.centred and not fields.fields_of_line(b.text)]
    return fields.rank([*candidates, *pages])


def _footer(last: list[Block], around: list[Block]) -> str:
    """Of the last lines those of a footer, and headings around the article too."""
    kept = [b for b in around if fields.FOOTER.search(b.text) or (b.level and not b.linked)]
    kept += [block for block in last if fields.FOOTER.search(block.text)]
    return fields.footer_of([block.text for block in kept])


# ---------------------------------------------------------------- a page inside of a page
def _page_inside(walk: Walk, shown: str) -> str:
    """The HTML that a page keeps escaped, in a script or as JSON and its own scripts would draw; "" if there is none."""
    tree = LexborHTMLParser(walk.text)
    candidates = [_page_in_json(node.text())[0] for node in tree.css("textarea,script")]
    hidden = tree.css("template,noscript")
    candidates += [(node.html or "").partition(">")[2] for node in hidden]
    return max(map(_as_page, [shown, *candidates]), key=len)


def _as_page(text: str) -> str:
    """The text with its tags resolved if it is HTML, else ""."""
    text = unescape(text) if "&lt;" in text else text
    return text if len(_TAGS.findall(text)) >= _ENOUGH else ""


def _page_in_json(text: str) -> tuple[str, tuple[str, ...]]:
    """(the longest HTML among the strings of a JSON value, titles among them); (text, ()) if there is none."""
    strings: list[str] = []
    try:
        begin = _BEGIN.search(text)
        todo = [json.JSONDecoder().raw_decode(text, begin.start() if begin else 0)[0]]
    except (ValueError, RecursionError):
        todo = []
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            strings.append(value)
        elif isinstance(value, (dict, list)):
            todo += value.values() if isinstance(value, dict) else value
    page = max(map(_as_page, strings), key=len, default="")
    return page or text, tuple(filter(fields.looks_like_title, strings))


# ---------------------------------------------------------------- web archives
class Part(NamedTuple):
    """A part that is no container: its fields in lower case and its bytes, still encoded."""

    fields: dict[str, bytes]
    body: bytes


def read_mhtml(data: bytes, source: Source) -> Document:
    """As `read_html`, of the first HTML part; other parts stand where its frames are.

    Raises UnreadableFileError, LimitError.
    """
    limits.check(source.path, "bytes of MHTML", len(data), limits.TEXT_BYTES)
    pages: list[tuple[Part, str]] = []
    sheets: list[str] = []
    data = data.replace(b"\r\n", b"\n")
    for number, part in enumerate(_parts(data, _DEPTH)):
        limits.check(source.path, "parts of an archive", number, _PARTS)
        kind = part.fields.get("content-type", b"").partition(b";")[0].strip().lower()
        if kind in (b"text/html", b"application/xhtml+xml") and part.body.strip():
            pages.append((part, _text(part, source.path)))
        elif kind == b"text/css":
            sheets.append(_text(part, source.path))
    if not pages:
        raise UnreadableFileError(
            source.path, "a web archive with an HTML part", seen="no HTML part"
        )
    frames = {name: text for part, text in pages[1:] for name in _names(part)}
    return html_document(pages[0][1], source, Frames(frames, tuple(sheets)))


def _parts(data: bytes, depth: int) -> Iterator[Part]:
    head, _, body = data.lstrip(b"\n").partition(b"\n\n")
    found = _FIELD.findall(head[:_LONGEST] + b"\n")
    fields = {name.decode("ascii").lower(): value.strip() for name, value in found}
    kind = fields.get("content-type", b"")
    boundary = _BOUNDARY.search(kind) if kind[:10].lower() == b"multipart/" else None
    if boundary is None:
        yield Part(fields, body)
    elif depth:
        for piece in (b"\n" + body).split(b"\n--" + (boundary[1] or boundary[2]))[1:]:
            if not piece.startswith(b"--"):
                yield from _parts(piece.partition(b"\n")[2], depth - 1)


def _text(part: Part, report: str) -> str:
    encoding = part.fields.get("content-transfer-encoding", b"").lower()
    body = part.body
    if encoding == b"quoted-printable":
        body = quopri.decodestring(body)
    elif encoding == b"base64":
        try:
            body = binascii.a2b_base64(body)
        except binascii.Error as error:
            raise UnreadableFileError(
                report, "a web archive", seen=f"base64 that is cut: {error}"
            ) from error
    return decode(body, report)[0]


def _names(part: Part) -> list[str]:
    """What a frame may call the part: its address, the end of it, or its id."""
    location = part.fields.get("content-location", b"").decode("utf-8", "replace")
    name = part.fields.get("content-id", b"").decode("utf-8", "replace").strip("<>")
    return [name for name in (location, location.rpartition("/")[2], f"cid:{name}") if name]
