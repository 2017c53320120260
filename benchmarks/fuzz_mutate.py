"""Mutations that know the grammar: what is changed are tags, cells, lines, numbers and operators, not only bytes.

``changed(kind, seed, other, pen)`` gives a mutated input from a seed and a second one to take pieces from.
"""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

from benchmarks import fuzz_pdf, fuzz_tokens

_PIECES = {
    "html": re.compile(r"<[^<>]{0,3000}>|[^<]{1,60}|<"),
    "txt": re.compile(r"[^|\n\t]{1,60}|[|\n\t]+"),
    "md": re.compile(r"<[^<>\n]{0,300}>|[^|\n<]{1,60}|\n+|[|<]"),
    "pdf": re.compile(r"<[0-9a-fA-F]*>|\S+|\s+"),
}
_PIECES |= {
    "docx": _PIECES["html"],
    "mhtml": re.compile(r"<[^<>\n]{0,300}>|[^<\n]{1,60}|\n|<"),
    "blocks": _PIECES["txt"],
}
_NUMBER = re.compile(r"\d[\d.,]*")
_TAG_NAME = re.compile(r"(</?)([A-Za-z:0-9]+)")
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|quot|#[0-9]{2,5});)")
_CUT = (1, 1, 2, 3, 8, 40)


def changed(kind: str, seed: bytes, other: bytes, pen: Random) -> bytes:
    """A mutated input of a kind."""
    if kind == "docx":
        return _docx(seed, other, pen)
    if kind == "pdf":
        return _pdf(seed, other, pen)
    if pen.random() < 0.12:
        return raw(seed, pen)
    text, more = _decoded(seed), _decoded(other)
    text = grammatical(kind, text, more, pen)
    data = (
        text.encode(
            pen.choice(fuzz_tokens.CHARSETS),
            "replace" if pen.random() < 0.5 else "backslashreplace",
        )
        if "\ud800" <= max(text, default="") <= "\udfff" or pen.random() < 0.3
        else text.encode("utf-8", "surrogatepass")
    )
    return raw(data, pen) if pen.random() < 0.08 else data


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def grammatical(kind: str, text: str, other: str, pen: Random) -> str:
    """`text` changed in one to six places of its grammar."""
    pieces, more = _PIECES[kind].findall(text), _PIECES[kind].findall(other)
    for _ in range(pen.choice((1, 1, 2, 3, 6))):
        if not pieces:
            break
        pen.choice(_STEPS)(kind, pieces, more, pen)
    return "".join(pieces)


def _span(pieces: list[str], pen: Random) -> tuple[int, int]:
    at = pen.randrange(len(pieces))
    return at, min(len(pieces), at + pen.choice(_CUT))


def _drop(kind, pieces, more, pen) -> None:
    a, b = _span(pieces, pen)
    del pieces[a:b]


def _double(kind, pieces, more, pen) -> None:
    a, b = _span(pieces, pen)
    pieces[a:b] = pieces[a:b] * pen.choice((2, 2, 3, 30))


def _move(kind, pieces, more, pen) -> None:
    a, b = _span(pieces, pen)
    taken = pieces[a:b]
    del pieces[a:b]
    at = pen.randrange(len(pieces) + 1)
    pieces[at:at] = taken


def _swap(kind, pieces, more, pen) -> None:
    a, b = pen.randrange(len(pieces)), pen.randrange(len(pieces))
    pieces[a], pieces[b] = pieces[b], pieces[a]


def _insert(kind, pieces, more, pen) -> None:
    at = pen.randrange(len(pieces) + 1)
    words = fuzz_tokens.PDF if kind == "pdf" else fuzz_tokens.MARKUP[kind]
    pieces.insert(at, " %s " % pen.choice(words) if kind == "pdf" else pen.choice(words))


def _splice(kind, pieces, more, pen) -> None:
    """A stretch of another seed put in, or its head or tail put on."""
    if not more:
        return
    a = pen.randrange(len(more))
    b = min(len(more), a + pen.choice((1, 5, 30, 200)))
    at = pen.randrange(len(pieces) + 1)
    pieces[at : at + pen.choice((0, 0, b - a, len(pieces)))] = more[a:b]


def _number(kind, pieces, more, pen) -> None:
    """A figure written otherwise."""
    places = [i for i, piece in enumerate(pieces) if _NUMBER.search(piece)]
    if places:
        at = pen.choice(places)
        pieces[at] = _NUMBER.sub(lambda m: pen.choice(fuzz_tokens.NUMBERS), pieces[at], count=1)
    else:
        pieces.insert(pen.randrange(len(pieces) + 1), pen.choice(fuzz_tokens.NUMBERS))


def _figure(kind, pieces, more, pen) -> None:
    """A piece of text replaced by a figure."""
    places = [i for i, piece in enumerate(pieces) if piece.strip() and piece[:1] not in "<|"]
    if places:
        pieces[pen.choice(places)] = pen.choice(fuzz_tokens.NUMBERS)


def _odd(kind, pieces, more, pen) -> None:
    """An odd character inside a piece."""
    at = pen.randrange(len(pieces))
    place = pen.randrange(len(pieces[at]) + 1)
    pieces[at] = pieces[at][:place] + pen.choice(fuzz_tokens.ODD) + pieces[at][place:]


def _attribute(kind, pieces, more, pen) -> None:
    """An attribute put into a tag."""
    tags = [i for i, piece in enumerate(pieces) if piece[:1] == "<" and piece[1:2].isalpha()]
    if tags:
        at = pen.choice(tags)
        value = pen.choice(fuzz_tokens.VALUES)
        quote = pen.choice(("", '"', "'"))
        end = "/>" if pieces[at].endswith("/>") else ">"
        pieces[at] = (
            pieces[at].removesuffix(end)
            + f" {pen.choice(fuzz_tokens.ATTRIBUTES)}={quote}{value}{quote}{end}"
        )


def _rename(kind, pieces, more, pen) -> None:
    """A tag that becomes another one of the document."""
    tags = [i for i, piece in enumerate(pieces) if piece[:1] == "<"]
    if len(tags) > 1:
        names = _TAG_NAME.search(pieces[pen.choice(tags)])
        at = pen.choice(tags)
        if names:
            pieces[at] = _TAG_NAME.sub(lambda m: m.group(1) + names.group(2), pieces[at], count=1)


def _wrap(kind, pieces, more, pen) -> None:
    """A stretch put into a table, cell or block of its own."""
    a, b = _span(pieces, pen)
    around = {
        "docx": (
            ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
            ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
            ("<w:ins>", "</w:ins>"),
        ),
        "html": (
            ("<table><tr><td>", "</td></tr></table>"),
            ("<div>", "</div>"),
            ("<td>", "</td>"),
            ("<p hidden>", "</p>"),
        ),
    }
    around["md"] = around["mhtml"] = around["html"]
    head, tail = pen.choice(
        around.get(kind, (("\n", "\n"), (" | ", " | "), ("（", "）"), ("", "。")))
    )
    times = pen.choice((1, 1, 2, 20))
    pieces.insert(b, tail * times)
    pieces.insert(a, head * times)


_STEPS = (
    _drop,
    _double,
    _move,
    _swap,
    _insert,
    _insert,
    _splice,
    _splice,
    _number,
    _number,
    _figure,
    _odd,
    _attribute,
    _rename,
    _wrap,
)


def raw(data: bytes, pen: Random) -> bytes:
    """`data` changed in one to eight places without regard to what it is."""
    for _ in range(pen.randint(1, 8)):
        a = pen.randrange(len(data) + 1)
        b = min(len(data), a + pen.choice((1, 4, 30, 300, 3000)))
        middle, how = data[a:b], pen.randrange(7)
        if how == 0:
            middle = bytes(pen.randrange(256) for _ in middle[:40]) + middle[40:]
        elif how == 1:
            middle = b""
        elif how == 2:
            middle = middle * pen.choice((2, 3, 20))
        elif how == 3:
            middle = middle[::-1]
        elif how == 4:
            data = data[: max(1, b)]
            continue
        else:
            middle = pen.choice(fuzz_tokens.BYTES) + (b"" if how == 5 else middle)
        data = data[:a] + middle + data[b:]
    return data


def _docx(seed: bytes, other: bytes, pen: Random) -> bytes:
    """A package with one part changed inside, the package itself changed, or both."""
    data = seed
    if pen.random() < 0.9:
        parts, more = _parts(seed), _parts(other)
        names = (
            list(parts) if pen.random() < 0.2 else [n for n in parts if n == "word/document.xml"]
        )
        for name in pen.sample(names, min(1, len(names))):
            rest = more.get(name, parts[name]).decode("utf-8", "replace")
            text = grammatical("docx", parts[name].decode("utf-8", "replace"), rest, pen)
            text = well_formed(text) if pen.random() < 0.8 else text
            codec = "utf-16" if pen.random() < 0.03 else "utf-8"
            parts[name] = (
                raw(parts[name], pen) if pen.random() < 0.1 else text.encode(codec, "replace")
            )
        data = _packed(parts, pen)
    return raw(data, pen) if pen.random() < 0.1 else data


def well_formed(text: str) -> str:
    """XML whose tags close in turn, so that more than the parser's refusal is tested."""
    out, open_tags = [], []
    for piece in _PIECES["docx"].findall(text):
        name = _TAG_NAME.match(piece)
        if piece[:1] != "<" or not name:
            out.append(piece if piece[:2] in ("<?", "<!") and not out else _escaped(piece))
        elif piece[1] != "/":
            out.append(piece)
            open_tags += [] if piece.endswith("/>") else [name.group(2)]
        elif name.group(2) in open_tags:
            while (last := open_tags.pop()) != name.group(2):
                out.append(f"</{last}>")
            out.append(piece)
    return "".join(out) + "".join(f"</{name}>" for name in reversed(open_tags))


def _escaped(text: str) -> str:
    return "".join(
        c
        for c in _LOOSE.sub("&amp;", text).replace("<", "&lt;")
        if c in "\t\n" or " " <= c < "\ud800" or "\udfff" < c < "\ufffe" or c > "\uffff"
    )


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: dict[str, bytes], pen: Random) -> bytes:
    sink, method = (
        io.BytesIO(),
        pen.choice(
            (zipfile.ZIP_STORED,) * 6 + (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
        ),
    )
    with zipfile.ZipFile(sink, "w", method) as package:
        for (
            name,
            content,
        ) in (
            parts.items()
        ):  # a date of its own, never the clock's: equal numbers give equal bytes at any time
            package.writestr(zipfile.ZipInfo(name), content, method)
    return sink.getvalue()


def _pdf(seed: bytes, other: bytes, pen: Random) -> bytes:
    """Operators of a page changed and the file sealed again; or the objects; or any bytes."""
    objects = fuzz_pdf.opened(seed)
    if not objects or pen.random() < 0.15:
        return raw(seed, pen)
    streams = [i for i, thing in enumerate(objects) if fuzz_pdf.content_of(thing) is not None]
    if streams and pen.random() < 0.75:
        at = pen.choice(streams)
        more = [
            c for thing in fuzz_pdf.opened(other) if (c := fuzz_pdf.content_of(thing)) is not None
        ] or [b""]
        texts = (
            fuzz_pdf.content_of(objects[at]).decode("latin-1"),
            pen.choice(more).decode("latin-1"),
        )
        objects[at] = fuzz_pdf.stream(grammatical("pdf", *texts, pen).encode("latin-1", "replace"))
    else:
        at = pen.randrange(len(objects))
        objects[at] = grammatical(
            "pdf", objects[at].decode("latin-1"), seed[:2000].decode("latin-1"), pen
        ).encode("latin-1", "replace")
    return fuzz_pdf.sealed(objects)
