"""Tokens of a sentence → candidates: whatever could be a figure, with the label that stands for it.

A candidate is a printed number, a negated object (未收到申请: a zero), accounts given by their names, or
an account verb without a number. One number for several labels (各, 均, a joint zero) is one
candidate for each; 分别 gives each number its own.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from .codes import WORDS, group, kinds
from .scan import Token, tokenize, worth

CLAUSE, SENTENCE = 12, 60  # tokens before a candidate that are looked at
CLASSES = {word: kind for kind, words in WORDS["counters"].items() for word in words.split()}
CLASSES[""] = "none"
PLATFORMS, CHANNELS, LABELS = group("platforms"), group("channels"), group("labels")
MEDIA, VERBS = PLATFORMS | {"media"}, frozenset(("close", "open", "open_new"))
ZEROS, JOINTS = group("zeros"), group("joints")
TOPICS, STOPS = group("topics"), frozenset(",;.(")
_NEEDS = {kind: kinds(words) for kind, words in WORDS["needs"].items()}


class Candidate(NamedTuple):
    """``kind``: number, zero, named or verb; ``at``: its token; ``label``: the token that says what
    it is (its own when ``at``).
    """

    kind: str
    at: int
    label: int
    value: float | None
    counter: str
    approximate: bool
    start: int
    end: int
    stop: int  # where what follows its counter begins

    @property
    def unit(self) -> str:
        """What the counter of a number counts (`CLASSES`); the kind of other candidates."""
        return CLASSES[self.counter] if self.kind == "number" else self.kind


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
        self.sentences = list(worth(text, start, end))
        self.tokens: list[Token] = []
        around: list[set[str]] = []
        for span in self.sentences:
            tokens = tokenize(text, *span)
            self.tokens += tokens
            around += [{token.kind for token in tokens}] * len(tokens)
        self.kinds = [token.kind for token in self.tokens]
        self.found = candidates(self.tokens, around, text)
        self.opened, self.partner = _brackets(self.tokens) if self.found else ({}, {})

    @cached_property
    def totals(self) -> dict[int, int]:
        """Place of a candidate → place of the total that it and its neighbours add up to; a total
        itself → -1.
        """
        whole: dict[int, int] = {}
        for i, total in enumerate(self.found):
            number = total.kind == "number" and total.counter != "%"
            if number and total.value and total.value >= 2 and (parts := _parts(self.found, i)):
                whole.setdefault(i, -1)
                whole |= dict.fromkeys([j for j in parts if j not in whole], i)
        return whole

    @cached_property
    def explicit(self) -> bool:
        """Whether disclosure or requests for it are named in full."""
        return any(
            t.kind == "ogi" or t.kind == "request" and t.end - t.start > 2 for t in self.tokens
        )

    @cached_property
    def heading(self) -> list[str]:
        """The topics that its first words name."""
        first = (t.kind for t in self.tokens[:8] if t.start < self.start + 16)
        return sorted(TOPICS.intersection(first))

    def years(self, i: int) -> int:
        """The year of date token i against the year of the report: 0 this one, -1 the one before; 9
        not known.
        """
        printed = self.text[self.tokens[i].start : self.tokens[i].start + 4]
        return min(max(int(printed) - self.year, -2), 9) if printed.isdecimal() and self.year else 9

    def clause(self, i: int) -> list[int]:
        """Places of the tokens before place i (itself included) in its clause, nearest first;
        closed brackets are skipped.
        """
        if i in self._clauses:
            return self._clauses[i]
        places = self._clauses[i] = []
        floor = max(i - SENTENCE, -1)
        while i > floor and len(places) < CLAUSE:
            if self.kinds[i] == ")" and i in self.partner:
                i = self.partner[i] - 1
                continue
            if self.kinds[i] in STOPS:
                break
            places.append(i)
            i -= 1
        return places


def _brackets(tokens: list[Token]) -> tuple[dict[int, int], dict[int, int]]:
    """Place of a token inside brackets → place of the opening one; place of a closing bracket → its
    opening one.
    """
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


def _parts(found: list[Candidate], i: int) -> list[int]:
    """The candidates right behind number i, of its kind of counter, that add up to it: two at
    least.
    """
    left, parts = found[i].value or 0.0, []
    for j in range(i + 1, min(i + 24, len(found))):
        other = found[j]
        if other.unit == found[i].unit:
            left -= other.value or 0.0
            parts.append(j)
            if left < 0.5:
                break
    return parts if abs(left) < 0.5 and len(parts) > 1 else []


def candidates(tokens: list[Token], around: list[set[str]], text: str) -> list[Candidate]:
    """All candidates of a paragraph in reading order; ``around``: for each token the kinds of its
    sentence.
    """
    found: list[Candidate] = []
    dealt = _dealt(tokens) if tokens and "分别" in text[tokens[0].start : tokens[-1].end] else {}
    for i, token in enumerate(tokens):
        if token.kind == "number" and _countable(token, around[i]) and (i or token.counter):
            labels = dealt.get(i) or _shared(tokens, i, text) or [i]
            found += [_candidate("number", i, at, token, token) for at in labels]
        elif token.kind == "negation":
            found += [
                _candidate("zero", i, at, tokens[at], Token("number", 0, 0, 0.0))
                for at in _negated(tokens, i, text)
                if tokens[at].kind not in VERBS or around[i] & MEDIA
            ]
    found += _accounts_without_number(tokens)
    return sorted(found, key=lambda c: (c.at, c.label))


def _countable(token: Token, kinds: set[str]) -> bool:
    """Whether anything that such a counter counts is spoken of."""
    needs = _NEEDS.get(CLASSES[token.counter])
    return needs is not None and not needs.isdisjoint(kinds)


def _candidate(kind: str, at: int, label: int, place: Token, number: Token) -> Candidate:
    return Candidate(
        kind,
        at,
        label,
        number.value,
        number.counter,
        number.approximate,
        place.start,
        place.end,
        place.stop or place.end,
    )


def _clause_end(tokens: list[Token], i: int, stops: str = ",;:.") -> int:
    while i < len(tokens) and tokens[i].kind not in stops and tokens[i].kind != "number":
        i += 1
    return i


def _negated(tokens: list[Token], i: int, text: str) -> list[int]:
    """Objects behind a negation in its clause; where there are none, those before it
    (行政复议、行政诉讼均无).
    """
    end = min(_clause_end(tokens, i + 1), i + 13)
    behind = [j for j in range(i + 1, end) if tokens[j].kind in ZEROS]
    if behind:
        disputed = [j for j in behind if tokens[j].kind in ("recon", "lit")]
        if any(token.kind == "corrected" for token in tokens[i + 1 : end]):
            behind = [j for j in behind if j not in disputed]  # 无行政诉讼败诉案件 is no zero
        return [
            j
            for j in behind
            if tokens[j].kind != "request" or not _attribute(tokens, j, disputed, text)
        ]
    first = max(_clause_start(tokens, i), i - 8)
    # 无法提供（没有现成信息）2件: a bracket denies nothing before it
    opened = (j + 1 for j in range(first, i) if tokens[j].kind == "(")
    return [j for j in range(max(opened, default=first), i) if tokens[j].kind in ZEROS]


def _attribute(tokens: list[Token], j: int, disputed: list[int], text: str) -> bool:
    """未发生政府信息公开申请行政复议: the request only says what the dispute is about."""
    first = next((k for k in disputed if k > j), None)
    return first is not None and not any(
        char in text[tokens[j].end : tokens[first].start] for char in "、和及与或，"
    )


def _shared(tokens: list[Token], i: int, text: str) -> list[int]:
    """Labels of 甲、乙各 NUM (均为 NUM, or one zero for both); [] when the number has but one."""
    j, each, found = i - 1, tokens[i].value == 0, list[int]()
    while j >= max(i - 9, 0) and (tokens[j].kind in LABELS or tokens[j].kind in JOINTS):
        each = (
            each
            or tokens[j].kind == "all_of"
            and "分别" not in text[tokens[j].start : tokens[j].end]
        )
        if tokens[j].kind in LABELS:
            if found and tokens[found[-1]].start - tokens[j].end > 6:
                break
            found.append(j)
        j -= 1
    same = {tokens[j].kind in PLATFORMS for j in found}
    return found[::-1] if each and len(found) > 1 and len(same) == 1 else []


def _dealt(tokens: list[Token]) -> dict[int, list[int]]:
    """甲、乙、丙分别为 1、2、3: the number tokens with the label of each."""
    pairs: dict[int, list[int]] = {}
    for j, token in enumerate(tokens):
        if token.kind != "all_of" or token.end - token.start < 2:
            continue
        labels = _run(tokens, range(j - 1, max(j - 20, -1), -1), lambda t: t.kind in LABELS, "、")[
            ::-1
        ]
        numbers = _run(
            tokens, range(j + 1, min(j + 20, len(tokens))), lambda t: t.kind == "number", "、,"
        )
        if len(labels) == len(numbers) > 1:
            pairs.update((n, [label]) for n, label in zip(numbers, labels))
    return pairs


def _run(tokens: list[Token], places: range, wanted, between: str) -> list[int]:
    found: list[int] = []
    for k in places:
        if wanted(tokens[k]):
            found.append(k)
        elif tokens[k].kind not in between and tokens[k].kind in (",", ";", ".", "number", ":"):
            break
    return found


def _accounts_without_number(tokens: list[Token]) -> list[Candidate]:
    """关停“甲”“乙”微博: two accounts named; 关停账号: a verb alone, the last of a sentence. Only where the
    clause prints no number.
    """
    found: list[Candidate] = []
    for i, token in enumerate(tokens):
        if token.kind not in VERBS:
            continue
        start, end = _clause_start(tokens, i), min(_clause_end(tokens, i + 1, ",;."), i + 13)
        kinds = [t.kind for t in tokens[start:end]]
        counted = end < len(tokens) and tokens[end].kind == "number"
        denied = tokens[i - 1].kind == "negation"
        if counted or denied or MEDIA.isdisjoint(kinds):
            continue
        names = kinds.count("name")
        if not names and token.kind != "close":
            continue
        verb, value = ("named", float(names)) if names else ("verb", None)
        if (
            not names
            and found
            and found[-1].kind == "verb"
            and all(t.kind != "." for t in tokens[found[-1].at : i])
        ):
            found.pop()
        found.append(_candidate(verb, i, i, token, Token("number", 0, 0, value)))
    return found


def _clause_start(tokens: list[Token], i: int) -> int:
    start = i
    while start > 0 and i - start < 12 and tokens[start - 1].kind not in (",", ";", ".", "number"):
        start -= 1
    return start
