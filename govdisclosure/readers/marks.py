"""HTML source → one string in which control characters stand for the structure.

Most of a page is markup that says nothing about its text. So the source is cut once at its runs of tags (by a
regular expression that follows the HTML tokenizer: comments, raw text, quoted attributes), every different
run is looked at once, and what matters comes out as some of the marks below; the rest vanishes, which joins
the pieces (``<span><font>``) that cut words and numbers. No tree, no recursion: depth costs nothing. tests/readers
compares it with a real HTML5 parser (lexbor) on broken pages; benchmarks/README.md has what that one's tree would cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from .hidden import OpenElements
from .tags import BREAKING, CONTAINERS, GROUPS, HEADINGS, REPLACED, SPANS, VOID

# The marks. decode() drops these from the source and `unescape` never returns them, so they can't be forged.
BREAK, OPEN, CLOSE, TABLE, END_TABLE, ROW, END_ROW, CELL, END_CELL = (chr(i) for i in range(9))
GROUP, LEVEL, END_LEVEL, LINK, END_LINK, CENTRE, NESTED, SPANNED, END_HEAD = (
    chr(i) for i in range(14, 23)
)

_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+"""
RAW_TEXT = ("script", "style", "title", "noscript", "textarea", "iframe", "noframes", "xmp")
_RAW = "".join(
    rf"(?i:{name})(?=[\s/>])(?:[^<]++|<(?!/(?i:{name})[\s/>]))*+(?:</(?i:{name})[^>]*>)?+|"
    for name in RAW_TEXT
)
_COMMENT = r"!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>)?+)"
# FAST takes a tag to end at the next '>'. That is wrong when a quoted value holds one; a tag cut there has an
# odd number of quotes, and then the whole page is read again with EXACT.
# The first two kinds of tag can't start raw text, and are four of five: tried first, they save half the time.
_NO_RAW = rf"(?!(?i:{'|'.join(RAW_TEXT)})[\s/>])"
_TAG = rf"(?:(?![sStTnNiIxX!?])[a-zA-Z/][^>]*+>|(?:t[drbhf]|sp)[^>]*+>|{_NO_RAW}[a-zA-Z][^>]*+>)"
_TAG_EXACT = rf"(?:{_NO_RAW}/?[a-zA-Z]{_ATTRIBUTES}>)"
_REST, _REST_EXACT = rf"<(?:{_RAW}{_COMMENT}|[!?][^>]*>)", rf"<(?:{_RAW}{_COMMENT}|[!?/][^>]*>)"


class Cut(NamedTuple):
    """How a page is cut: into ``runs`` of tags with nothing but white space between, and one of these into its ``tags``."""

    runs: re.Pattern
    tags: re.Pattern


FAST = Cut(re.compile(rf"((?:<{_TAG}\s*+)++|{_REST})"), re.compile(rf"(<{_TAG}|{_REST})"))
EXACT = Cut(
    re.compile(rf"((?:<{_TAG_EXACT}\s*+)++|{_REST_EXACT})"),
    re.compile(rf"(<{_TAG_EXACT}|{_REST_EXACT})"),
)
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_CUT_TAG = re.compile("<[a-zA-Z/!?]")
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/<]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_CENTRED = re.compile(r"""align\s*[=:]\s*["']?\s*center""", re.I)
_INTEGER = re.compile(r"\s*\+?(\d+)")
_SPAN = re.compile("rowspan|colspan", re.I)
# White space beside a mark that ends a line is no text. (Beside a cell's it is: a cell outside any table ends nothing.)
_BORDERS = f"[{BREAK}{OPEN}{CLOSE}{END_LEVEL}{CENTRE}]"
_BESIDE = re.compile(rf"\s+(?={_BORDERS})|(?<={_BORDERS})\s+|(?<=\n)\s+")
# Runs and tags that only have a mark, over all documents of this process: pages of one site share most of theirs.
_KNOWN: dict[str, str] = {}
_KNOWN_LIMIT, _KNOWN_LENGTH = 10_000, 2_000


class Marks:
    """What each different tag means. Also gathers what the page says about itself in its tags."""

    def __init__(self, cut: Cut) -> None:
        self.cut = cut
        self.quotes_cut = False
        self.hidden: set[str] = set()
        self.hidden_runs: set[str] = set()
        self.metas: list[Mapping[str, str]] = []
        self.titles: list[str] = []
        self._runs: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._telling: set[str] = (
            set()
        )  # tags that say more than a mark: every page must learn them itself

    def of(self, runs: list[str]) -> list[str]:
        """The marks of each run."""
        marks = list(map(_KNOWN.get, runs))
        if None in marks:
            marks = [self._run(run) if mark is None else mark for run, mark in zip(runs, marks)]
        return marks

    def _run(self, run: str) -> str:
        mark = self._runs.get(run)
        if mark is None:
            mark = self._runs[run] = _BESIDE.sub("", "".join(self.parts(run)))
            tags = self.cut.tags.split(run)[1::2]
            if not self.hidden.isdisjoint(tags):
                self.hidden_runs.add(run)
            if self._telling.isdisjoint(tags):
                self._keep(run, mark)
        return mark

    def parts(self, run: str) -> list[str]:
        """A run as [mark, white space, mark, white space …]."""
        parts = self.cut.tags.split(run)
        parts[1::2] = [self.of_tag(tag) for tag in parts[1::2]]
        return parts

    def of_tag(self, tag: str) -> str:
        """The mark of one tag."""
        mark = _KNOWN.get(tag)
        if mark is None:
            mark = self._tags.get(tag)
        if mark is None:
            before = self._findings()
            mark = self._tags[tag] = self._learn(tag)
            if before == self._findings():
                self._keep(tag, mark)
            else:
                self._telling.add(tag)
        return mark

    def _keep(self, written: str, mark: str) -> None:
        if len(written) <= _KNOWN_LENGTH and not self.quotes_cut:
            if len(_KNOWN) >= _KNOWN_LIMIT:
                _KNOWN.clear()
            _KNOWN[written] = mark

    def _findings(self) -> tuple:
        return len(self.hidden), len(self.metas), len(self.titles)

    def _learn(self, tag: str) -> str:
        found = _NAME.match(tag)
        if not found:
            return ""
        name = found.group(1).lower()
        if name == "title" and tag[1] != "/":
            self.titles.append(" ".join(unescape(re.sub(r"^<[^>]*>|</[^<]*$", "", tag)).split()))
            return ""
        if name in RAW_TEXT:
            return ""
        if name in REPLACED and tag[1] != "/":
            return self._hide(tag, name)
        if len(tag) > len(name) + 3:
            self.quotes_cut |= _quotes_cut(tag)
            if tag[1] != "/" and name not in VOID and is_hidden(tag):
                return self._hide(tag, name)
        if name == "meta":
            self.metas.append(attributes(tag))
        return self._mark(tag, name)

    def _hide(self, tag: str, name: str) -> str:
        if not tag.endswith("/>") or name not in REPLACED:
            self.hidden.add(tag)
        return self._mark(tag, name)

    def _mark(self, tag: str, name: str) -> str:
        closing = tag[1] == "/"
        if name in SPANS:
            return _END[name] if closing else _cell_mark(tag, name)
        if name in HEADINGS:
            return BREAK + END_LEVEL if closing else f"{BREAK}{LEVEL}{name[1]}"
        if name in CONTAINERS:
            return CLOSE if closing else OPEN
        if name in BREAKING:
            return (
                BREAK + CENTRE if not closing and "enter" in tag and _CENTRED.search(tag) else BREAK
            )
        if name in GROUPS:
            return GROUP
        return _OTHER.get((name, closing), "")


_END = {"td": END_CELL, "th": END_HEAD}  # </th> does not end a <td>: a common misprint
_OTHER = {
    ("table", False): TABLE,
    ("table", True): END_TABLE,
    ("tr", False): ROW,
    ("tr", True): END_ROW,
    ("a", False): LINK,
    ("a", True): END_LINK,
}


def attributes(tag: str) -> Mapping[str, str]:
    """Attributes, to read only, of a start tag: names in lower case, entities resolved; the first of a name wins."""
    return _attributes(tag) if len(tag) <= _KNOWN_LENGTH else _attributes.__wrapped__(tag)


@lru_cache(4096)  # pages of one site share their tags
def _attributes(tag: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(
        tag[_NAME.match(tag).end() :] if _NAME.match(tag) else ""
    ):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def is_hidden(tag: str) -> bool:
    """Whether a start tag hides its element (the attribute or an inline style; style sheets are not read)."""
    lower = tag.lower()
    if "hidden" not in lower and "none" not in lower and "hide" not in lower:
        return False
    found = attributes(tag)
    return "hidden" in found or bool(_HIDDEN.search(found.get("style", "")))


def _quotes_cut(tag: str) -> bool:
    if '"' not in tag and "'" not in tag:
        return False
    rest = _QUOTED.sub("", tag)
    return bool(re.search("""=\\s*["']""", rest))


def _cell_mark(tag: str, name: str) -> str:
    head = "h" if name == "th" else ""
    if not _SPAN.search(tag):
        return f"{CELL}1,1{head}{SPANNED}" if head else CELL
    found = attributes(tag)
    rows, columns = (_span(found.get(name, "1")) for name in ("rowspan", "colspan"))
    # The HTML standard's limits; colspan 0 and garbage count as 1, rowspan 0 reaches to the end of the group.
    return f"{CELL}{min(rows, 65534)},{min(columns, 1000) or 1}{head}{SPANNED}"


def _span(value: str) -> int:
    digits = _INTEGER.match(value)
    return int(digits.group(1)[:9]) if digits and digits.group(1).isascii() else 1


# What the start of a hidden element still does: it ends the cell or row before it.
_HIDDEN_MARKS = {CELL: END_CELL + END_HEAD, ROW: END_ROW, GROUP: GROUP}


def mark_up(text: str) -> tuple[str, Marks]:
    """(text with marks instead of tags, what was learnt on the way). Entities are still written as entities."""
    text = text.rstrip("<")
    if _CUT_TAG.search(text, text.rfind(">") + 1):
        text += (
            ">"  # a tag cut by the end of the file; without this every '<' would search to the end
        )
    for cut in (FAST, EXACT):
        marks = Marks(cut)
        tokens = cut.runs.split(text)
        written = marks.of(tokens[1::2])
        if not marks.quotes_cut:
            break
    if marks.hidden:
        _drop_hidden(tokens, written, marks)
    tokens[1::2] = written
    return "".join(tokens), marks


def _drop_hidden(tokens: list[str], written: list[str], marks: Marks) -> None:
    """Blank what stands inside hidden elements, in place. A forgotten end tag ends with the element around it."""
    inside = OpenElements()
    for i, run in enumerate(tokens[1::2]):
        if inside.names or run in marks.hidden_runs:
            written[i] = _BESIDE.sub("", "".join(_shown(run, inside, marks)))
            if inside.names:
                tokens[2 * i + 2] = ""


def _shown(run: str, inside: OpenElements, marks: Marks) -> Iterator[str]:
    """Marks and white space of a run without those in hidden elements."""
    parts = marks.cut.tags.split(run)
    for tag, space in zip(parts[1::2], parts[2::2]):
        found = _NAME.match(tag)
        name = found.group(1).lower() if found else ""
        if inside.names:
            if not inside.ended_by(name, tag[1:2] == "/"):
                inside.step(name, tag)
                if not inside.names:
                    yield space
                continue
            inside.clear()
        mark = marks.of_tag(tag)
        if tag in marks.hidden:
            inside.push(name)
            yield _HIDDEN_MARKS.get(mark[:1], BREAK if mark else "")
        else:
            yield mark + space
