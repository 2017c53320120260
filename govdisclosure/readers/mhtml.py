"""MHTML (.mht, Word's and Excel's single-file page) and mail (.eml) → Document: the HTML part with its frames inside.

The parts are cut here: the standard library's parser takes quadratic time over a header's parameters.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import UnreadableFileError
from ..model import Document, Source
from . import limits
from .charset import decode
from .html import html_document
from .html_walk import Frames

_FIELD = re.compile(rb"^(content-[a-z-]{2,24}):((?:.*\n)(?:[ \t].*\n)*)", re.I | re.M)
_BOUNDARY = re.compile(rb"""boundary\s?=\s?(?:"([^"\n]{1,200})"|([^\s;"]{1,200}))""", re.I)
_LONGEST = 10_000  # bytes of a part's header that are looked at
_DEPTH, _PARTS = 6, 5_000


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
