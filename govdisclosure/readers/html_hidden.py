"""What the eye sees of a page: the styles that hide, restore, raise or set off a text.

`html_hidden.toml` says what each declaration does. Here it is said what an element looks like by
its style, and the page's own style sheets are laid over its elements in the cascade's order; of
media only screens count.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from html import unescape
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ..text import Memory
from . import limits
from .fields import words
from .placing import OBJECT, raised

# Elements that stand on lines of their own. Source: HTML Living Standard §15.
HEADINGS = words("h1 h2 h3 h4 h5 h6")
CONTAINERS = words("div section article main header footer nav aside")
BREAKING = words(
    "p br hr li ul ol dl dt dd blockquote center form fieldset legend address figure figcaption details summary "
    "body html caption menu dir optgroup frameset"
)
PREFORMATTED = words("pre listing textarea")
_SET_BY_TAG = {"held", "boxed", "inline"}
_SETTING = ("display", "position", "float")
_GROUNDS, _INKS = ("background-color", "background"), ("-webkit-text-fill-color", "color")
_FOOT = "tfoot:first-of-type:not(:last-child)"  # shown last wherever it is written
_DIGITS_SET = "content:'1'"
STYLE = re.compile(' style="([^"]*+)"')
_SHORT_HEX = re.compile("#([0-9a-f])([0-9a-f])([0-9a-f])")
_RGB = re.compile(r"rgb\((\d{1,3})[, ]+(\d{1,3})[, ]+(\d{1,3})\)")

_DATA = tomllib.loads(Path(__file__).with_name("html_hidden.toml").read_text("utf-8"))
_COLOURS = [(name, re.compile(values)) for name, values in _DATA["colours"].items()]
_TOGETHER = [(effect, words(way)) for effect, ways in _DATA["together"].items() for way in ways]
# How elements are set before any style says otherwise; all others in line.
_DISPLAYS = {
    name: f"display:{display};"
    for display, names in _DATA["displays"].items()
    for name in names.split()
}
# Where lines may break at an element that does not break them by its name.
_DISPLAYED = f'[style*="display" i]:not({",".join(_DISPLAYS)})'
# What an element says of its look by its name; what is around a table may be reordered, not its cells.
_BY_NAME: dict[str, dict[str, Any]] = {
    "a": {"linked": True},
    "td": {"linked": False},
    "th": {"linked": False},
    "table": {"ordered": False},
    "sup": {"raised": 1},
    "sub": {"raised": -1},
    **dict.fromkeys(PREFORMATTED, {"lines": True, "raised": 0}),
    **{name: {"level": int(name[1])} for name in HEADINGS},
}
# Effects, alone or together, by which an element is another than it seems.
_LOUD = [*map(words, _DATA["loud"]), *(way for _, way in _TOGETHER)]


# By property: (effect, the values that have it).
_EFFECTS: defaultdict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
for _effect, _properties in _DATA["effects"].items():
    for _name, _values in _properties.items():
        _values = re.sub("[A-Z]{2,}", lambda part: f"(?:{_DATA['parts'][part[0]]})", _values)
        _EFFECTS[_name].append((_effect, re.compile(_values)))
_DECLARATION = re.compile(
    rf"(?:^|;)\s*+(font|{'|'.join(_EFFECTS)})\s*+:([^;!]{{0,200}}+)[^;!]*+(!\s*important)?"
)
# The size in `font`, which says all of a font (CSS Fonts 4, §2.7).
_SIZE = re.compile(
    r"(?:.* )?(0|[\d.]+[a-z%]+|(?:x+-)?(?:small|large)|medium|smaller|larger) ?[/ ].+"
)


# ---------------------------------------------------------------- what styles do
@dataclass
class Look:
    """How an element is shown: what its own style and those around it make of its text."""

    # What hides it: that it is hidden, that it is gone (it has no box: a cell is none, nor is what is in it),
    # or a property that may be set back inside.
    unseen: frozenset[str] = frozenset()
    ink: str = "text"  # the colour of the text, and of what is under it
    ground: str = "white"
    raised: int = 0  # 1 raised, -1 lowered
    lines: bool = False  # line ends are kept
    breaks: bool = False  # stands on lines of its own: the element alone
    turned: bool = False  # set from right to left or mirrored, digits too
    ordered: bool = False  # pieces are shown in another order than they stand in
    level: int = 0  # of a heading
    linked: bool = False

    def __post_init__(self) -> None:
        # By its tag, the look of an element inside.
        self.inside = Memory(self._within, 2_000, longest=2_000)

    def _within(self, tag: str) -> Look:
        name, style = tag.partition(" ")[0], STYLE.search(tag)
        bare = name + style[0] if style else name
        if bare != tag:
            return self.inside[bare]
        made = look_of(self, name, unescape(style[1]) if style else "")
        return self if made == self else made

    @cached_property
    def shown(self) -> bool:
        """Whether a text in it is seen."""
        return not self.unseen and self.ink not in ("clear", self.ground)

    @cached_property
    def plain(self) -> bool:
        """Whether a text in it is read as it is written."""
        odd = self.raised or self.lines or self.turned or self.ordered or self.level
        return self.shown and not odd


UNSTYLED = Look()


def look_of(around: Look, name: str, style: str) -> Look:
    """The look of an element of this name and style in an element that looks like `around`."""
    found = declarations[_DISPLAYS.get(name, "display:inline;") + style]
    does = _effects_of_all(found)
    unseen = around.unseen.difference(found).union(does & {"hidden", "gone"})
    unseen |= {name for name, value in found.items() if "unseen" in _effects_of(name, value)}
    ink = _first_colour(found, _INKS, around.ink)
    ground = _first_colour(found, _GROUNDS, around.ground)
    if "cutout" in does:
        ink, ground = ground if ink == "clear" else ink, around.ground
    breaks = "breaks" in does
    made: dict[str, Any] = {
        "unseen": unseen,
        "ink": ink,
        "ground": ground,
        "raised": not breaks and (("raised" in does) - ("lowered" in does) or around.raised),
        "lines": "lines" in does if "white-space" in found else around.lines,
        "breaks": breaks,
        "turned": around.turned or "turned" in does,
        "ordered": around.ordered or "ordered" in does,
    }
    return replace(around, **made | _BY_NAME.get(name, {}))


def _first_colour(found: Mapping[str, str], properties: Iterable[str], around: str) -> str:
    """The first that says which colour it is; of a ground, one that is none says nothing."""
    none = ("kept", "clear", "initial") if properties is _GROUNDS else ("kept",)
    colours = (_colour(found[name]) for name in properties if name in found)
    return next((colour for colour in colours if colour not in none), around)


@lru_cache(1_000)
def _colour(value: str) -> str:
    """The name of a colour, or six hexadecimal digits where it can be said so.

    >>> _colour("red"), _colour("#f00"), _colour("rgb(255, 0, 0)"), _colour("#fefefe")
    ('#ff0000', '#ff0000', '#ff0000', 'white')
    """
    for name, values in _COLOURS:
        if values.fullmatch(value):
            return name
    if short := _SHORT_HEX.fullmatch(value):
        return "#" + "".join(digit * 2 for digit in short.groups())
    if parts := _RGB.fullmatch(value):
        return "#" + "".join(f"{int(part):02x}" for part in parts.groups())
    return value


def _effects_of_all(found: Mapping[str, str]) -> set[str]:
    """What declarations do, alone and together."""
    alone = {effect for item in found.items() for effect in _effects_of(*item)}
    return alone | {effect for effect, way in _TOGETHER if way <= alone}


@lru_cache(5_000)
def _effects_of(name: str, value: str) -> frozenset[str]:
    return frozenset(effect for effect, values in _EFFECTS[name] if values.fullmatch(value))


def _declared(style: str) -> Mapping[str, str]:
    """The declarations that may have an effect: the last of a name wins, or the last important one.

    >>> _declared("COLOR: Red; color:blue; display:none !important; display:block")
    {'color': 'blue', 'display': 'none'}
    """
    found: dict[str, str] = {}
    said = _DECLARATION.findall(style.lower())
    for name, written, _ in sorted(said, key=lambda declaration: bool(declaration[2])):
        value = " ".join(written.split())
        if name == "font" and (size := _SIZE.fullmatch(value)):
            name, value = "font-size", size[1]
        found[name] = value
    return found


declarations = Memory(_declared, 2_000, longest=2_000)  # pages of one site share their styles
_looks = Memory(partial(look_of, UNSTYLED, ""), 2_000)


def seen(text: str, style: str) -> str:
    """A text of this style as it is seen on white: "" where it is not, a raised one in brackets.

    >>> seen("9", "color:#fefefe"), seen("1", "vertical-align:super"), seen("39", "color:red")
    ('', '⁽¹⁾', '39')
    """
    look = _looks[style]
    return "" if not look.shown else raised(text) if look.raised else text


def _telling(styles: Iterable[str], linked: bool) -> set[str]:
    """The properties by which elements with these styles may be other than they seem.

    `linked`: style sheets that are not there say what the page's ground is.
    """
    items = {item for style in styles for item in declarations[style].items()}
    seen = {effect for item in items for effect in _effects_of(*item)} | _SET_BY_TAG
    loud = frozenset[str]().union(*(way for way in _LOUD if way <= seen))
    found = {name for name, value in items if not loud.isdisjoint(_effects_of(name, value))}
    if loud & _SET_BY_TAG:
        found.update(_SETTING)
    inks = {_colour(value) for name, value in items if name in _INKS}
    grounds = {_colour(value) for name, value in items if name in _GROUNDS}
    if not inks.isdisjoint({"clear", *grounds, *([] if linked else ["white"])}):
        found.update(_INKS, _GROUNDS)
    return found


# ---------------------------------------------------------------- the cascade
Match = tuple[LexborNode, str]  # an element, and a style that holds for it


def dress(tree: LexborHTMLParser, sheets: list[str], linked: bool, report: str) -> tuple[str, bool]:
    """(the page's HTML, whether the styles in it may matter).

    What style sheets and attributes say is written into the elements' own styles. Raises
    LimitError for style sheets that would take all time.
    """
    for foot in reversed(tree.css(_FOOT)):  # what is inside first: it is written anew
        if foot.parent is not None:
            foot.parent.insert_child(foot)
            foot.decompose()
    html = tree.html or ""
    hints = [
        (node, style + (node.attributes.get(attribute) or ""))
        for selector, style, attribute in _DATA["known"]
        if _may_match(selector, html)
        for node in tree.css(selector)
    ]
    rules = [rule for sheet in sheets for rule in _rules(sheet)]
    own = {unescape(style) for style in STYLE.findall(html)}
    said = [*(rule.style for rule in rules), *(style for _, style in hints)]
    if telling := _telling([*own, *said], linked):
        rules = [
            rule
            for rule in sorted(rules, key=lambda rule: rule.weight)
            if not telling.isdisjoint(declarations[rule.style]) and _may_match(rule.selector, html)
        ]
        _write([*hints, *_matches(tree, rules, html.count("<") // 2, report)])
        return tree.html or "", True
    breaks = any("breaks" in _effects_of_all(declarations[style]) for style in own)
    return html, breaks and tree.css_first(_DISPLAYED) is not None


def _may_match(selector: str, html: str) -> bool:
    """Whether the names before any condition occur on the page; TD is td there."""
    names = _NEEDED.findall(selector.partition(":")[0])
    return all(name in html or name.isupper() for name in names)


def _matches(
    tree: LexborHTMLParser, rules: list[Rule], elements: int, report: str
) -> Iterator[Match]:
    """Where each rule matches."""
    steps = 0
    for rule in rules:
        steps += elements * (elements if _SLOW.search(rule.selector) else 30)
        limits.check(report, "steps to match style rules", steps, _WORK)
        with suppress(SelectolaxError, ValueError):  # a selector that is none
            nodes = tree.css(rule.selector)
            steps += len(nodes) * _WRITTEN
            yield from zip(nodes, repeat(rule.style))


def _write(cascade: Iterable[Match]) -> None:
    """Write styles, weakest first, into their elements; digits set before or after one can't be
    read.
    """
    found: defaultdict[LexborNode, list[str]] = defaultdict(list)
    for node, style in cascade:
        found[node].append(style)
    for node, styles in found.items():
        node.attrs["style"] = ";".join([*styles, node.attributes.get("style") or ""])
        if _DIGITS_SET in styles:
            node.insert_child(OBJECT)


# ---------------------------------------------------------------- style sheets
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|<!--|-->")
# What begins a block, with all that is in it if no other is; the end of one.
_BLOCK = re.compile(r"(?<![^{};])([^{};]*+)\{(?:([^{}]*+)\})?|\}")
_AT = re.compile(r"@(?:media|(?:supports|layer).*)(.*)", re.S)
_SCREENS = ("screen", "all", "only screen", "only all")
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*(\d+(?:\.\d+)?)(px|r?em)\s*\)")
_DESKTOP = 1280  # pixels: the width of the screen that pages are read on
_SELECTOR = re.compile(r"(?:[^,(\[]++|\([^)]*+(?:\)|\Z)|\[[^\]]*+(?:\]|\Z))++")
_STATE = re.compile(r"::|:(?!not\(|is\(|where\(|root\b|first-|last-|only-|nth-|empty\b|has\()")
_PSEUDO = re.compile("::?(before|after)$")
_SLOW = re.compile(":nth|:has|:not|:is|:where")
_NAME = re.compile(r"[.#]?(?:[\w-]|[^\x00-\x7f])+")
_NEEDED = re.compile(r"(?:^|[\s>+~.#\[])((?:[\w-]|[^\x00-\x7f])+)")
_WORK = 300_000_000  # elements times selectors, in steps of a nanosecond or two
_WRITTEN = 600  # steps to write a style into an element
_NESTED = 8


class Rule(NamedTuple):
    """A style rule with one selector; ``weight`` is what the cascade sorts by (Selectors 4, §17)."""

    selector: str
    style: str
    weight: tuple[int, int, int]


def _rules(sheet: str) -> Iterator[Rule]:
    """The rules for a screen, one for each selector that is no state or part of an element."""
    around: list[bool] = []
    for block in _BLOCK.finditer(_COMMENT.sub("", sheet)):
        prelude, style = block[1], block[2]
        if prelude is None:
            del around[-1:]
            continue
        is_at = prelude.strip().startswith("@")
        if style is None:
            at = _AT.match(prelude.strip().lower())
            around.append(not is_at or bool(at and on_screen(at[1].strip())))
        elif not is_at and all(around[-_NESTED:]):
            yield from _each(prelude, style)


def on_screen(media: str) -> bool:
    """Whether one of these media queries holds on a desktop's screen.

    >>> on_screen("print"), on_screen("print, screen and (min-width: 768px)"), on_screen("")
    (False, True, True)
    """
    queries = media.lower().split(",")
    return not media or any(all(map(_holds, query.split(" and "))) for query in queries)


def _holds(condition: str) -> bool:
    """Whether a part of a media query holds on a desktop's screen."""
    condition = condition.strip()
    if not (width := _WIDTH.fullmatch(condition)):
        return condition in _SCREENS
    size = float(width[2]) * (1 if width[3] == "px" else 16)
    return size <= _DESKTOP if width[1] == "min" else size >= _DESKTOP


def _each(selectors: str, style: str) -> Iterator[Rule]:
    for written in map(str.strip, _SELECTOR.findall(selectors)):
        selector = _PSEUDO.sub("", written)
        said = style
        if selector != written:
            shown = "set" in _effects_of_all(declarations[style]) and seen("1", style)
            said = _DIGITS_SET if shown else ""
        if written and not _STATE.search(selector):
            names = [name[0] for name in _NAME.findall(selector)]
            classes = names.count(".") + selector.count("[") + selector.count(":")
            weight = names.count("#"), classes, len(names) - classes
            yield Rule(selector or "*", said, weight)
