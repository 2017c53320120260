"""Where an element that is not shown ends: the rules of the HTML parser for the elements open inside it."""

from __future__ import annotations

from .tags import BREAKING, CONTAINERS, GROUPS, HEADINGS, SPANS, VOID

_SIBLINGS = {
    "td": SPANS | {"tr"} | GROUPS,
    "th": SPANS | {"tr"} | GROUPS,
    "tr": GROUPS | {"tr"},
    "li": {"li"},
    "p": (BREAKING | CONTAINERS | HEADINGS | {"table"}) - {"br"},
}
# Elements in which a sibling's start tag belongs to something else.
_SHELTERS = {
    "td": ("table",),
    "th": ("table",),
    "tr": ("table",),
    "li": ("ul", "ol"),
    "p": ("object", "button"),
}
# Start tags that end an unclosed drawing or formula. Source: HTML Living Standard §13.2.6.5.
_FOREIGN = {"svg", "math"}
_BREAKOUT = HEADINGS | frozenset(
    """b big blockquote body br center code dd div dl dt em embed head hr i img li listing menu meta nobr ol p pre
ruby s small span strong strike sub sup table tt u ul var""".split()
)
_SCOPE = 200  # elements looked back through for a cell's own table
_TABLE_PARTS = SPANS | GROUPS | {"tr"}
_BLOCKS = BREAKING | CONTAINERS | HEADINGS | SPANS | GROUPS | {"table", "tr"}


class OpenElements:
    """The elements open inside (and with) a hidden one; counts beside the stack keep it linear."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.counts: dict[str, int] = {}

    def push(self, name: str) -> None:
        self.names.append(name)
        self.counts[name] = self.counts.get(name, 0) + 1

    def clear(self) -> None:
        self.names.clear()
        self.counts.clear()

    def ended_by(self, name: str, closing: bool) -> bool:
        """Whether this tag stands outside of the hidden element and so ends it."""
        top = self.names[0]
        if closing:
            ignored = (
                (name == "p" and top in _BLOCKS)
                or (name in SPANS and top in SPANS)
                or (name in _TABLE_PARTS and self.counts.get("table"))
            )
            return name in _BLOCKS and not self.counts.get(name) and not ignored
        if top in _FOREIGN:
            return name in _BREAKOUT and not self.counts.get("foreignobject")
        shelter = _SHELTERS.get(top, ())
        return name in _SIBLINGS.get(top, ()) and not any(
            self.counts.get(inner) for inner in shelter
        )

    def _in_this_table(self, name: str) -> bool:
        for above in self.names[:-_SCOPE:-1]:
            if above in (name, "table"):
                return above == name
        return False

    def step(self, name: str, tag: str) -> None:
        if tag[1:2] != "/":
            if name and name not in VOID and not tag.endswith("/>"):
                self.push(name)
            return
        if name in _TABLE_PARTS and self.counts.get("table") and not self._in_this_table(name):
            return
        while self.counts.get(name):
            last = self.names.pop()
            self.counts[last] -= 1
            if last == name:
                return
