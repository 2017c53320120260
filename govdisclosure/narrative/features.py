"""A candidate → what the tagger is told about it, as short strings; as many as fit in bounded windows around it."""

from __future__ import annotations

from collections.abc import Iterator

from govdisclosure.narrative.candidates import CHANNELS, CLASSES, Candidate, candidates
from govdisclosure.narrative.scan import Token, tokenize, worth
from govdisclosure.narrative.words import group

NEAR, CLAUSE, AROUND, SENTENCE, LETTERS = 4, 12, 18, 60, 10
FILLERS, TOPICS = group("fillers"), group("topics")
STOPS = frozenset(",;.(")
_PADDING = "共计约近超达为有总合数量了到的"


class Paragraph:
    """A paragraph (or a part of a long one): tokens, candidates, and what its head speaks of."""

    def __init__(
        self,
        text: str,
        start: int,
        end: int,
        *,
        section: int = 1,
        year: int | None = None,
    ) -> None:
        self.text, self.start, self.end = text, start, end
        self.section, self.year = section, year
        self._clauses: dict[int, list[int]] = {}
        self.tokens = [token for span in worth(text, start, end) for token in tokenize(text, *span)]
        self.found = candidates(self.tokens, text)
        self.opened, self.partner = _brackets(self.tokens)
        self.totals = totals(self.found)
        self.explicit = any(
            t.kind == "ogi" or t.kind == "request" and t.end - t.start > 2 for t in self.tokens
        )
        heading = {t.kind for t in self.tokens[:8] if t.start < start + 16}
        self.heading = tuple(sorted(heading & TOPICS))

    def years(self, i: int) -> int:
        """The year of date token i against the year of the report: 0 this one, -1 the one before; 9 not known."""
        printed = self.text[self.tokens[i].start : self.tokens[i].start + 4]
        return min(max(int(printed) - self.year, -2), 9) if printed.isdecimal() and self.year else 9

    def clause(self, i: int) -> list[int]:
        """Places of the tokens before place i (itself included) in its clause, nearest first; closed brackets are skipped."""
        if i in self._clauses:
            return self._clauses[i]
        places = self._clauses[i] = []
        floor = max(i - SENTENCE, -1)
        while i > floor and len(places) < CLAUSE:
            if self.tokens[i].kind == ")" and i in self.partner:
                i = self.partner[i] - 1
                continue
            if self.tokens[i].kind in STOPS:
                break
            places.append(i)
            i -= 1
        return places


def _brackets(tokens: list[Token]) -> tuple[dict[int, int], dict[int, int]]:
    """Place of a token inside brackets → place of the opening one; place of a closing bracket → its opening one."""
    opened: dict[int, int] = {}
    partner: dict[int, int] = {}
    stack: list[int] = []
    for i, token in enumerate(tokens):
        if token.kind == ".":
            stack.clear()
        elif token.kind == ")" and stack:
            partner[i] = stack.pop()
        if stack:
            opened[i] = stack[-1]
        if token.kind == "(":
            stack.append(i)
    return opened, partner


def totals(found: list[Candidate]) -> dict[int, int]:
    """Place of a candidate → place of the total that it and its neighbours add up to; a total itself → -1."""
    whole: dict[int, int] = {}
    for i, total in enumerate(found):
        if total.kind != "number" or total.counter == "%" or not total.value or total.value < 2:
            continue
        members = _members(found, i, total)
        if members:
            whole.setdefault(i, -1)
            for j in members:
                whole.setdefault(j, i)
    return whole


def _members(found: list[Candidate], i: int, total: Candidate) -> list[int]:
    """The candidates right behind number i, of its kind of counter, that add up to it: two at least."""
    left, members = total.value or 0.0, []
    for j in range(i + 1, min(i + 24, len(found))):
        other = found[j]
        if other.kind == "number" and CLASSES[other.counter] == CLASSES[total.counter]:
            left -= other.value or 0.0
            members.append(j)
            if left < 0.5:
                break
    return members if abs(left) < 0.5 and len(members) > 1 else []


def features(paragraph: Paragraph, k: int) -> list[str]:
    """What is known of candidate k of a paragraph; a thing may be told twice."""
    c = paragraph.found[k]
    cls = CLASSES[c.counter] if c.kind == "number" else c.kind
    own = c.label == c.at and c.kind == "number"
    places = paragraph.clause(c.label - 1 if own else c.label)
    kinds = [paragraph.tokens[i].kind for i in places]
    known = [
        "",
        f"c{c.counter}",
        f"k{cls}",
        f"v{cls},{_band(c.value)}",
        f"s{paragraph.section},{cls}",
    ]
    if not own:
        known.append(f"lab{kinds[0] if kinds else ''},{cls}")
    known += _left(paragraph, c, own, places, kinds, cls)
    known += _right(paragraph, c, cls)
    known += _around(paragraph, c, places, cls)
    known += _neighbours(paragraph, k, kinds, cls)
    known += _when(paragraph, c, cls)
    known += _where(paragraph, places)
    return known


def _band(value: float | None) -> str:
    """0, 1, 2, or how many digits."""
    digits = str(int(value or 0))
    return digits if digits in "012" else f"{len(digits)}d"


def _left(
    paragraph: Paragraph, c: Candidate, own: bool, places: list[int], kinds: list[str], cls: str
) -> Iterator[str]:
    strong = [kind for kind in kinds if kind not in FILLERS]
    yield from [f"l{n}{kind}" for n, kind in enumerate(strong[:NEAR])]
    yield from [f"lk{kind},{cls}" for kind in set(kinds)]
    if strong:
        pair = ",".join(strong[:2])
        yield f"a{strong[0]},{cls}"
        yield f"b{pair}"
        yield f"b{pair},{cls}"
        yield f"d{','.join(strong[:3])}"
    channels = [kind for kind in kinds if kind in CHANNELS]
    yield f"ch{','.join(channels[:2])}"
    yield f"chs{len(set(channels))},{cls}"
    token = paragraph.tokens[c.label]
    stop = token.start if own else token.end
    edge = places[-1] - 1 if places else c.label - 1
    floor = paragraph.tokens[edge].end if edge >= 0 else paragraph.start
    letters = paragraph.text[max(floor, stop - LETTERS) : stop]
    bare = letters.rstrip(_PADDING)
    yield from [f"t{letters[-n:]}" for n in (1, 2, 3, 4)]
    yield from [f"u{bare[-n:]}" for n in (2, 3, 4)]
    yield from [f"g{letters[j : j + 2]}" for j in range(len(letters) - 1)]


def _right(paragraph: Paragraph, c: Candidate, cls: str) -> Iterator[str]:
    tokens = paragraph.tokens
    first = j = (c.at if c.kind == "number" else c.label) + 1
    while j < len(tokens) and j < first + 5 and tokens[j].kind not in STOPS | {"number", "、", ")"}:
        j += 1
    kinds = [token.kind for token in tokens[first:j]]
    edge = tokens[j].start if j < len(tokens) else paragraph.end
    letters = paragraph.text[c.stop : min(edge, c.stop + 8)]
    yield from [f"r{n}{kind}" for n, kind in enumerate(kinds[:3])]
    yield from [f"rk{kind},{cls}" for kind in set(kinds)]
    yield from [f"q{letters[:n]}" for n in (1, 2, 3)]
    yield from [f"h{letters[n : n + 2]}" for n in range(len(letters) - 1)]
    end = tokens[j].kind if j < len(tokens) else "."
    yield f"e{end},{bool(letters)}"
    for token in tokens[j + 1 : j + 5] if end in ",;(" else ():
        if token.kind in STOPS:
            break
        yield f"x{token.kind},{cls}"


def _around(paragraph: Paragraph, c: Candidate, places: list[int], cls: str) -> Iterator[str]:
    """The sentence up to the candidate, the bracket it stands in, and the topics before."""
    tokens = paragraph.tokens
    seen: set[str] = set()
    for i in range(c.at - 1, max(c.at - AROUND, -1), -1):
        kind = tokens[i].kind
        if kind == ".":
            break
        if kind not in seen:
            seen.add(kind)
            yield f"S{kind},{cls}"
    if c.at in paragraph.opened:
        bracket = paragraph.opened[c.at]
        yield f"in{cls}"
        yield from [f"ib{token.kind},{cls}" for token in tokens[max(bracket - NEAR, 0) : bracket]]
    yield f"ogi{paragraph.explicit},{cls}"
    yield from [f"H{kind},{cls}" for kind in paragraph.heading]


def _neighbours(paragraph: Paragraph, k: int, kinds: list[str], cls: str) -> Iterator[str]:
    found, tokens = paragraph.found, paragraph.tokens
    if not k:
        yield "first"
    else:
        before, value = found[k - 1], found[k].value or 0.0
        label = tokens[before.label if before.label != before.at else max(before.label - 1, 0)].kind
        yield f"n{before.counter},{found[k].counter}"
        yield f"n{(before.value or 0) == value},{(before.value or 0) > value}"
        yield f"m{label},{kinds[0] if kinds else ''}"
        yield f"m{label},{cls}"
    total = paragraph.totals.get(k)
    if total is not None:
        yield f"tot{total < 0},{cls}"
        if total >= 0:
            at = found[total].at
            yield from [f"of{token.kind},{cls}" for token in tokens[max(at - 5, 0) : at]]


def _when(paragraph: Paragraph, c: Candidate, cls: str) -> Iterator[str]:
    """The nearest time before the candidate in its sentence, against the year of the report."""
    if paragraph.year and paragraph.year < 2019:
        yield f"old{cls}"
    for side, i in (("<", c.label - 1), (">", c.label + 1)):
        if 0 <= i < len(paragraph.tokens) and paragraph.tokens[i].kind == "date":
            yield f"{side}{paragraph.years(i)},{paragraph.tokens[c.label].kind}"
    for i in range(c.at - 1, max(c.at - SENTENCE, -1), -1):
        token = paragraph.tokens[i]
        if token.kind == "date":
            yield f"y{paragraph.years(i)},{c.at - i < 3}"
            yield f"z{paragraph.text[token.end - 2 : token.end]}"
            return
        if token.kind == ".":
            return


def _where(paragraph: Paragraph, places: list[int]) -> Iterator[str]:
    """How far the nearest channel before the clause is: over a number, a stop."""
    edge, seen = (places[-1] if places else 0), set[str]()
    for i in range(edge - 1, max(edge - SENTENCE, -1), -1):
        kind = paragraph.tokens[i].kind
        if kind in CHANNELS:
            yield f"far{kind},{'number' in seen},{'.' in seen}"
            yield f"far{'number' in seen},{'.' in seen},{len(seen) < 3}"
            return
        seen.add(kind)
