"""What the eye sees of a page: the style declarations that hide, restore, raise or set off a text, as a table.

Source: CSS 2.1 and the CSS modules of each property; `mso-` properties as Word and Excel write them. A page's own
style sheets are laid over its elements in the cascade's order; of media only screens count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from . import limits
from .fields import words
from .placing import OBJECT

# Elements that stand on lines of their own. Source: HTML Living Standard §15.
HEADINGS = words("h1 h2 h3 h4 h5 h6")
CONTAINERS = words("div section article main header footer nav aside")
BREAKING = words(
    "p br hr li ul ol dl dt dd blockquote center form fieldset legend address figure figcaption details summary "
    "body html caption menu dir optgroup frameset"
)
PREFORMATTED = words("pre listing textarea")
DISPLAYS = {
    **dict.fromkeys(BREAKING | CONTAINERS | HEADINGS, "display:block;"),
    **dict.fromkeys(("td", "th"), "display:table-cell;"),
    **dict.fromkeys(("input", "textarea", "button"), "display:inline-block;"),
}
# Parts of the patterns below: far away, no size at all, the white of paper, raised by more than setting in line.
_PARTS = {
    "FAR": r"-(?:[5-9]\d\d|\d{4,})(?:\.\d+)?(?:px|pt)?|-\d{3,}(?:\.\d+)?(?:em|rem|%|vw|vh|cm|mm|in)",
    "NOTHING": r"\+?0*(?:\.0*)?(?:px|pt|em|rem|%)?|\+?0*1(?:\.0*)?(?:px|pt)|0*\.\d+(?:px|pt)",
    "WHITE": r"white|snow|ghostwhite|ivory|floralwhite|mintcream|hsla?\([\d.]+(?:deg)?[, ]+[\d.]+%[, ]+100%(?:[,/ ]+(?:1(?:\.0*)?|100%))?\)"
    r"|rgb\(100%(?:[, ]+100%){2}\)|\#f{3,4}|\#f[a-f]f[a-f]f[a-f](?:ff)?|rgba?\((?:25\d[, ]+){2}25\d(?:[,/ ]+[1.]+)?\)",
    "CLEAR": r"transparent|\#...0|\#.{6}00|rgba\(.*[,/ ]0(?:\.0*)?%?\)",
    "BOX": "block|inline-block|flex|inline-flex|grid|list-item|flow-root|table|inline-table",
    "UP": r"(?:(?:[2-9]|\d\d+)(?:\.\d+)?(?:px|pt)|(?:0*\.[2-9]\d*|[12](?:\.\d+)?)(?:r?em|ex|ch)|[1-9]\d+%)",
    "SMALL": r"smaller|x+-small|small|[1-8]?\d(?:\.\d+)?%|0*\.\d+r?em|(?:[2-9]|10)(?:\.\d+)?(?:px|pt)",
    "HALF": r"-?(?:180(?:\.0*)?deg|0*\.50*turn|200grad|3\.14\d*rad)",
}
# effect, property, and the values (all of one) that have it. `gone`: without a box, so that a cell is no cell;
# `hidden`: with all that is in it; `away` hides what is `placed`, `closed` what is `cut` and `boxed`, `flat` what is
# `held` (text in a line has neither size nor indent); an element inside can set back what is `unseen`.
_TABLE = r"""
gone display none
gone mso-hide all
gone mso-element comment.*
hidden opacity 0*\.?0*%?|0*\.0[0-4]\d*|[0-4]%
hidden filter (?:alpha\(opacity=|opacity\()0*\.?0*%?\)
flat content-visibility hidden
hidden zoom 0(?:\.0*)?%?
hidden text-decoration .*\bline-through\b.*
hidden text-decoration-line .*\bline-through\b.*
flat text-indent FAR
hidden margin-left FAR
hidden margin-top FAR
flat transform .*(?:\bscale[xy]?\(0(?:\.0*)?[,)]|\btranslate(?:x|y|3d)?\([^)]*-\d{4}).*
hidden clip-path inset\((?:[5-9]\d|100)%.*|circle\(0(?:px|%)?[\ )].*|polygon\((?:0(?:px|%)?[\ ,]*)+\)
hidden color CLEAR
hidden -webkit-text-fill-color CLEAR
placed position absolute|fixed
boxed position absolute|fixed
boxed float left|right
boxed display BOX
held position absolute|fixed
held float left|right
held display BOX|table-cell
away left FAR|\d{5,}px
away top FAR
away right FAR
away bottom FAR
away clip rect\(\ ?([\d.]+)[a-z]*(?:[\ ,]+\1[a-z]*){3}\ ?\)
cut overflow .*\b(?:hidden|clip)\b.*
cut overflow-x .*\b(?:hidden|clip)\b.*
cut overflow-y .*\b(?:hidden|clip)\b.*
closed width NOTHING
closed height NOTHING
closed max-width NOTHING
closed max-height NOTHING
closed line-height NOTHING
unseen visibility hidden|collapse
unseen font-size NOTHING
overriding unicode-bidi bidi-override|isolate-override
leftward direction rtl
mirrored transform .*\b(?:scale(?:x|y|3d)?\((?:[^,)]*,)?\ ?-|rotate[xyz]?\(HALF|matrix\((?:(?:[^,)]*,){3})?\ ?-).*
mirrored rotate (?:[xyz]\ )?HALF
mirrored scale -.*|\S+\ -.*
reversed flex-direction (?:row|column)-reverse
reversed flex-flow .*\b(?:row|column)-reverse\b.*
white color WHITE
paper background WHITE
paper background-color WHITE
kept background none|inherit|initial|unset|transparent
kept background-color inherit|initial|unset|CLEAR
raised vertical-align super|\+?UP
raised font-variant-position super
topped vertical-align top|text-top
small font-size SMALL
lowered vertical-align sub|-UP
lowered font-variant-position sub
relative position relative
moved top -UP
moved bottom \+?UP
centred text-align center|middle
lines white-space pre|pre-wrap|pre-line|break-spaces
breaks display block|flex|grid|table|list-item|table-row|table-cell|flow-root
"""
# The effects by which an element is another than it seems, with the properties that decide beside their own.
_LOUD = {
    **dict.fromkeys(("gone", "hidden", "unseen", "raised", "lowered", "lines"), ""),
    "away": "position",
    "overriding": "direction",
    "mirrored": "display position float",
    "reversed": "display",
    "moved": "position",
    "flat": "display position float",
    "closed": "overflow overflow-x overflow-y display position float",
    "white": "background background-color",
}
_GROUND = frozenset(("background", "background-color"))
# A small text at the top of its line; a cell's text at its top is not raised.
_TOPPED = {"topped", "small"}


def _effects() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for line in _TABLE.strip().split("\n"):
        effect, name, pattern = line.split(" ", 2)
        for part, written in _PARTS.items():
            pattern = pattern.replace(part, f"(?:{written})")
        found.setdefault(name, []).append((effect, re.compile(pattern)))
    return found


EFFECTS = _effects()
# Attributes that say what a declaration would, and rules that hold on every page, by what a page that needs them holds.
HINTS = {"bgcolor": "background:", "background": "background:picture ", "color": "color:"}
HINTED = "font[color],[bgcolor],[background]"
KNOWN = {
    ' hidden="': "[hidden]{display:none}",
    "<bdo": "bdo[dir=rtl i]{direction:rtl;unicode-bidi:isolate-override}",
    "<dialog": "dialog:not([open]){display:none}",
    "msocomanchor": ".msocomanchor{display:none}",
    "MsoCommentReference": ".MsoCommentReference{display:none}",
    "noteReference": ".MsoFootnoteReference,.MsoEndnoteReference{vertical-align:super}",
}
# Colours by name, so that one colour is one text. Source: CSS Color 4 §6.1, the names of HTML 4.
_COLOURS = dict(
    pair.split("=")
    for pair in words(
        "black=#000000 silver=#c0c0c0 gray=#808080 grey=#808080 maroon=#800000 red=#ff0000 purple=#800080 "
        "fuchsia=#ff00ff green=#008000 lime=#00ff00 olive=#808000 yellow=#ffff00 navy=#000080 blue=#0000ff "
        "teal=#008080 aqua=#00ffff orange=#ffa500"
    )
)
_SHORT_HEX = re.compile("#([0-9a-f])([0-9a-f])([0-9a-f])")
_RGB = re.compile(r"rgb\((\d{1,3})[, ]+(\d{1,3})[, ]+(\d{1,3})\)")
STYLE = re.compile(' style="([^"]*+)"')
_SHORT = 2_000  # characters of a style that is remembered
_LONG = 200  # characters of a value that are looked at


class Look(NamedTuple):
    """How an element is shown: what its own style and those around it make of its text."""

    shown: bool = True
    gone: bool = False
    hidden: bool = False
    unseen: frozenset[str] = frozenset()  # the properties that hide it and may be set back inside
    coloured: bool = False  # not on white
    raised: int = 0  # 1 raised, -1 lowered
    lines: bool = False  # line ends are kept
    breaks: bool = False  # stands on lines of its own: the element alone
    turned: bool = False  # set from right to left or mirrored, digits too
    ink: str = ""  # the colour of the text, and of what is under it, as written
    ground: str = ""


def look_of(around: Look, style: str) -> Look:
    """The look of an element with this style in an element that looks like `around`."""
    found = declarations(style)
    does = effects(found)
    hidden = around.hidden or "hidden" in does or {"away", "placed"} <= does
    hidden = hidden or {"closed", "cut", "boxed"} <= does or {"flat", "held"} <= does
    unseen = around.unseen.difference(found)
    unseen |= {name for name in found if effects({name: found[name]}) & {"unseen", "white"}}
    coloured = around.coloured
    if not _GROUND.isdisjoint(found) and "kept" not in does:
        coloured = "paper" not in does
    ink, ground = around.ink, around.ground
    if "color" in found:
        ink = _colour(found["color"])
    if "kept" not in does and not _GROUND.isdisjoint(found):
        ground = _colour(found.get("background-color") or found["background"])
    seen = not unseen or (coloured and unseen == {"color"})
    seen = seen and not (ink and ink == ground)
    raised = "raised" in does or {"relative", "moved"} <= does
    raised = raised or does >= _TOPPED and "held" not in does
    return Look(
        seen and not hidden,
        "gone" in does,
        hidden,
        unseen,
        coloured,
        raised - ("lowered" in does) or around.raised,
        "lines" in does if "white-space" in found else around.lines,
        "breaks" in does,
        around.turned or {"overriding", "leftward"} <= does or {"mirrored", "held"} <= does,
        ink,
        ground,
    )


def _colour(value: str) -> str:
    """A colour in six hexadecimal digits where it can be said so.

    >>> _colour("red"), _colour("#f00"), _colour("rgb(255, 0, 0)")
    ('#ff0000', '#ff0000', '#ff0000')
    """
    if value in _COLOURS:
        return _COLOURS[value]
    if short := _SHORT_HEX.fullmatch(value):
        return "#" + "".join(digit * 2 for digit in short.groups())
    if parts := _RGB.fullmatch(value):
        return "#" + "".join(f"{int(part):02x}" for part in parts.groups())
    return value


def effects(found: Mapping[str, str]) -> set[str]:
    """What declarations do, in the words of the table."""
    return {
        effect
        for name, value in found.items()
        for effect, values in EFFECTS[name]
        if values.fullmatch(value)
    }


def declarations(style: str) -> Mapping[str, str]:
    """The declarations that may have an effect: the last of a name wins, or the last important one.

    >>> declarations("COLOR: Red; color:blue; display:none !important; display:block")
    {'color': 'blue', 'display': 'none'}
    """
    return _declared(style) if len(style) < _SHORT else _declared.__wrapped__(style)


@lru_cache(2_000)  # pages of one site share their styles
def _declared(style: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    important: set[str] = set()
    for item in style.lower().split(";"):
        name, _, value = item.partition(":")
        name = name.strip()
        value, marked, _ = value.partition("!important")
        if name in EFFECTS and (marked or name not in important):
            found[name] = " ".join(value[:_LONG].split())
            if marked:
                important.add(name)
    return found


def dress(
    tree: LexborHTMLParser, sheets: list[str], hinted: bool, report: str
) -> tuple[str, set[str]]:
    """(the page's HTML, the styles in it that may matter). Writes what style sheets and attributes say into the
    elements' own styles. `hinted`: whether there is anything that `HINTED` selects.

    Raises LimitError for style sheets that would take all time.
    """
    html, own = _styled(tree)
    hints = [
        (node, f"{HINTS[name]}{value}")
        for node in (tree.css(HINTED) if hinted else ())
        for name, value in node.attributes.items()
        if name in HINTS
    ]
    known = [rule for mark, rule in KNOWN.items() if mark in html]
    rules = [rule for sheet in (*known, *sheets) for rule in _rules(sheet)]
    if _write_generated(tree, [rule for rule in rules if rule.pseudo], html, report):
        html, own = _styled(tree)
    rules = [rule for rule in rules if not rule.pseudo]
    said = [*(style for _, style in hints), *(rule.style for rule in rules)]
    telling = _telling([*own.values(), *map(declarations, said)])
    if telling:
        rules = [rule for rule in rules if not telling.isdisjoint(declarations(rule.style))]
        found: dict[int, tuple[LexborNode, list[str]]] = {}
        cascade = ((node, rule.style) for node, rule in _cascade(tree, rules, html, report))
        for node, style in (*hints, *cascade):
            found.setdefault(node.mem_id, (node, []))[1].append(style)
        for node, styles in found.values():
            node.attrs["style"] = ";".join((*styles, node.attributes.get("style") or ""))
        if "flex-direction" in telling or "flex-flow" in telling:
            _reverse(tree, report)
        html, own = _styled(tree)
    breaking = {style for style, found in own.items() if "breaks" in effects(found)}
    if breaking and all(node.tag in DISPLAYS for node in tree.css('[style*="display" i]')):
        breaking = set()
    return html, breaking | {style for style, found in own.items() if not telling.isdisjoint(found)}


def _write_generated(
    tree: LexborHTMLParser, rules: list[Rule], html: str, report: str
) -> dict[tuple[int, str], tuple[LexborNode, str]]:
    """Write digits that a sheet sets before or after elements into them; what else it sets there is decoration."""
    found = {}
    for node, rule in _cascade(tree, rules, html, report):
        text = _content(rule.style, node)
        look = look_of(Look(), rule.style)
        text = text if look.shown and not look.gone else ""
        found[node.mem_id, rule.pseudo] = node, text
    for (_, pseudo), (node, text) in found.items():
        if OBJECT in text or any(map(str.isdigit, text)):
            first = next(node.iter(include_text=True), None)
            if pseudo == "before" and first is not None:
                first.insert_before(text)
            else:
                node.insert_child(text)
    return found


def _content(style: str, node: LexborNode) -> str:
    """The text that a rule sets before or after an element; a counter's is U+FFFC."""
    written = _CONTENT.search(style)
    text = ""
    for part in _SET.finditer(written[1] if written else ""):
        if part["name"]:
            text += node.attributes.get(part["name"]) or ""
        elif part["string"]:
            text += _ESCAPED.sub(_character, part["string"])
        elif part["counter"]:
            text += OBJECT
    return text


def _character(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return chr(code) if code < 0x110000 else ""


def _reverse(tree: LexborHTMLParser, report: str) -> None:
    """Put what stands in reversed boxes in the order in which it is shown."""
    work = 0
    for node in reversed(tree.css('[style*="-reverse" i]')):
        found = declarations(node.attributes.get("style") or "")
        if "reversed" in effects(found) and found.get("display") in ("flex", "inline-flex"):
            parts = [part.html or "" for part in node.iter(include_text=True)]
            work += sum(map(len, parts))
            limits.check(report, "characters set in reverse", work, _REVERSED)
            node.inner_html = "".join(reversed(parts))


def _styled(tree: LexborHTMLParser) -> tuple[str, dict[str, Mapping[str, str]]]:
    """(the page's HTML, the declarations of each style that an element has itself)."""
    html = (tree.root.html or "") if tree.root is not None else ""
    return html, {style: declarations(unescape(style)) for style in set(STYLE.findall(html))}


def _telling(styles: Iterable[Mapping[str, str]]) -> set[str]:
    """The properties by which one of the styles has a loud effect, and those that belong to them."""
    styles = list(styles)
    found: set[str] = set()
    for name, value in {item for style in styles for item in style.items()}:
        for effect in effects({name: value}).intersection(_LOUD):
            found.update((name, *_LOUD[effect].split()))
    inks = {_colour(style["color"]) for style in styles if "color" in style}
    grounds = {_colour(style[name]) for style in styles for name in _GROUND.intersection(style)}
    if inks & grounds:
        found.update(("color", *_GROUND))
    if any(effects(style) >= _TOPPED for style in styles):
        found.update(("vertical-align", "font-size", *_LOUD["flat"].split()))
    return found


# ---------------------------------------------------------------- style sheets
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|<!--|-->")
_BRACE = re.compile("([{}])")
_SCREEN = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*(?:,.*)?|@(?:supports|layer).*", re.S)
_SELECTOR = re.compile(r"(?:[^,(\[]++|\([^)]*+(?:\)|\Z)|\[[^\]]*+(?:\]|\Z))++")
_STATE = re.compile(r"::|:(?!not\(|is\(|where\(|root\b|first-|last-|only-|nth-|empty\b|has\()")
_PSEUDO = re.compile("::?(before|after)$")
_CONTENT = re.compile(r"""(?:^|;)\s*content\s*:((?:"[^"]*+"|'[^']*+'|[^;"'])*+)""")
_SET = re.compile(
    r"""(["'])(?P<string>.*?)\1|attr\(\s*(?P<name>[\w-]+)[^)]*+\)|(?P<counter>counters?\()""", re.S
)
_ESCAPED = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_REVERSED = 20_000_000
_SLOW = re.compile(":nth|:has|:not|:is|:where")
_NAME = re.compile(r"[.#]?(?:[\w-]|[^\x00-\x7f])+")
_BETWEEN = re.compile(r"[\s>+~]+")
_WORK = 300_000_000  # elements times selectors, in steps of a nanosecond or two
_MATCHES = 500_000
_NESTED = 8


class Rule(NamedTuple):
    """A style rule with one selector; ``weight`` is what the cascade sorts by (Selectors 4, §17).

    ``pseudo``: before or after, where the rule is of what is set there.
    """

    selector: str
    style: str
    weight: tuple[int, int, int]
    pseudo: str = ""


def _cascade(
    tree: LexborHTMLParser, rules: list[Rule], html: str, report: str
) -> Iterator[tuple[LexborNode, Rule]]:
    """(element, rule) of each rule that matches, weakest first."""
    rules = [rule for rule in rules if _may_match(rule.selector, html)]
    if not rules:
        return
    count = len(tree.css("*"))
    steps = (count * (count if _SLOW.search(rule.selector) else 30) for rule in rules)
    limits.check(report, "steps to match style rules", sum(steps), _WORK)
    matches = 0
    for rule in sorted(rules, key=lambda rule: rule.weight):
        nodes = _matched(tree, rule.selector)
        matches += len(nodes)
        limits.check(report, "elements styled by rules", matches, _MATCHES)
        yield from ((node, rule) for node in nodes)


def _may_match(selector: str, html: str) -> bool:
    """Whether the names that the element itself must have occur on the page."""
    last = _BETWEEN.split(selector)[-1].partition(":")[0].partition("[")[0]
    return all(name.lstrip(".#") in html for name in _NAME.findall(last))


def _matched(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return tree.css(selector)
    except (SelectolaxError, ValueError):
        return []


def _rules(sheet: str) -> Iterator[Rule]:
    """The rules for a screen, one for each selector that is no state or part of an element."""
    around: list[bool] = []
    selectors = ""
    parts = _BRACE.split(_COMMENT.sub("", sheet))
    for text, brace in zip(parts[::2], parts[1::2]):
        if brace == "{":
            prelude = text.rpartition(";")[2].strip()
            media = prelude.startswith("@")
            around.append(not media or bool(_SCREEN.fullmatch(prelude)))
            selectors = "" if media else prelude
        elif around:
            if selectors and all(around[-_NESTED:]):
                yield from _each(selectors, text)
            selectors = ""
            around.pop()


def _each(selectors: str, style: str) -> Iterator[Rule]:
    for selector in map(str.strip, _SELECTOR.findall(selectors)):
        pseudo = _PSEUDO.search(selector)
        if pseudo:
            selector = selector[: pseudo.start()] or "*"
        if selector and not _STATE.search(selector) and not (pseudo and "content" not in style):
            names = [name[0] for name in _NAME.findall(selector)]
            classes = names.count(".") + selector.count("[") + selector.count(":")
            weight = names.count("#"), classes, len(names) - classes
            yield Rule(selector, style, weight, pseudo[1] if pseudo else "")


# ---------------------------------------------------------------- before a page is parsed
FORMATTING = words("a b big code em font i nobr s small strike strong tt u")
END_LEFT_OUT = words("p li td th tr thead tbody tfoot dt dd br hr img input meta link col wbr area")
_OPENING = re.compile("<([a-zA-Z][a-zA-Z0-9-]*+)")
_TAG = re.compile("<(/?[a-z][a-z0-9]*+)")
_FEW_OPENED, _STEPS, _REOPENED = 3_000, 1_500_000_000, 2_500_000


def tags_of(text: str, report: str) -> set[str]:
    """The names of the tags in a text.

    Raises LimitError for a page on which any HTML parser takes quadratic time or memory: each tag is looked for among
    the open elements; formatting elements left open are opened again in each block.
    """
    names = _OPENING.findall(text)
    if len(names) + text.count("</p") > _FEW_OPENED:
        _check_nesting(_TAG.findall(text.lower()), report)
    return set(map(str.lower, set(names)))


def _check_nesting(tags: list[str], report: str) -> None:
    kinds: dict[str, int] = {}
    depth = deepest = formats = most = 0
    for tag in tags:
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


def whole(text: str) -> str:
    """The page without the cell in whose text the file ends: half a number is a wrong number."""
    if not text[text.rfind(">") + 1 :].strip():
        return text
    lower = text.lower()
    if len(lower) != len(text) or lower.rfind("<table") <= lower.rfind("</table"):
        return text
    return text[: max(lower.rfind("<td"), lower.rfind("<th"), 0)] or text
