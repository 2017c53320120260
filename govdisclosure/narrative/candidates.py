"""Tokens of a sentence → candidates: whatever could be a figure, with the label that stands for it.

A candidate is a printed number, a negated object (未收到申请: a zero), accounts given by their names, or
an account verb without a number. One number for several labels (各, 均, a joint zero) is one
candidate for each; 分别 gives each number its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .codes import WORDS, group, kinds
from .scan import Token, tokenize, worth

NOTHING = "-"
CLAUSE, SENTENCE, REACH = 12, 60, 13  # tokens around a candidate that are looked at
PLATFORMS, CHANNELS, LABELS = group("platforms"), group("channels"), group("labels")
MEDIA, VERBS = PLATFORMS | {"media"}, frozenset(("close", "open", "open_new"))
ZEROS, JOINED = group("zeros"), LABELS | group("joints")
TOPICS, STOPS = group("topics"), frozenset(",;.(")
ENDS = STOPS | {"number"}
COUNTED = ENDS - {"("}
_ASIDE = frozenset("、和及与或，")
_NEEDS = {kind: kinds(words) for kind, words in WORDS["needs"].items()}


class Candidate(NamedTuple):
    """``kind``: number, zero, named or verb; what is known of the token that it stands at (`scan.Token`);
    ``at``: its place; ``label``: the place of what says what it is (its own when ``at``).
    """

    kind: str
    start: int
    end: int
    stop: int
    value: float | None
    counter: str
    approximate: bool
    unit: str
    at: int
    label: int

    @property
    def own(self) -> bool:
        """Whether it is a number that no other token stands for."""
        return self.kind == "number" and self.label == self.at


@dataclass(slots=True)
class Reading:
    """What a candidate is read as; `indicator` is `NOTHING` for a number that is no figure.
    ``twin``: counted as well.
    """

    indicator: str
    platform: str
    period: str
    confidence: float
    note: str = ""
    twin: str = ""


class Paragraph:
    """A paragraph (or a part of a long one): tokens, candidates, and what its head speaks of."""

    def __init__(
        self, text: str, start: int, end: int, section: int = 1, year: int | None = None
    ) -> None:
        self.text, self.start, self.end = text, start, end
        self.section, self.year = section, year
        self.sentences = worth(text, start, end)
        self.tokens: list[Token] = []
        around: list[set[str]] = []  # for each token the kinds of its sentence
        for span in self.sentences:
            tokens = tokenize(text, *span)
            self.tokens += tokens
            around += [{token.kind for token in tokens}] * len(tokens)
        self.kinds = [*(token.kind for token in self.tokens), ""]  # "" at both ends: [-1] and [len]
        found = [*self._numbers(around), *self._accounts()]
        self.found = sorted(found, key=lambda c: (c.at, c.label))
        self.readings: list[Reading] = []  # of each candidate, once the tagger has spoken

    # --- tokens around a place ------------------------------------------------------------------

    def printed(self, i: int) -> str:
        """Token i as printed."""
        return self.text[self.tokens[i].start : self.tokens[i].end]

    def stretch(self, i: int, stops: Container[str], reach: int) -> range:
        """The places behind place i (before it, where `reach` is negative), nearest first, up to
        its ``stop``: the first token of one of these kinds, or the last within reach.
        """
        step = 1 if reach > 0 else -1
        end = min(max(i + reach, -1), len(self.tokens))
        places = range(i + step, end, step)
        for j in places:
            if self.kinds[j] in stops:
                return range(i + step, j, step)
        return places

    def clause(self, i: int) -> list[int]:
        """Places of the tokens before place i (itself included) in its clause, nearest first;
        closed brackets are skipped.
        """
        places: list[int] = []
        floor = max(i - SENTENCE, -1)
        while i > floor and len(places) < CLAUSE and self.kinds[i] not in STOPS:
            if self.kinds[i] == ")" and (opened := self.opened(i)) >= 0:
                i = opened
            else:
                places.append(i)
            i -= 1
        return places

    def opened(self, i: int) -> int:
        """The place of the bracket that place i stands in, or closes; -1 where there is none."""
        depth = 1
        while depth and i > 0 and self.kinds[i - 1] != ".":
            i -= 1
            depth += (self.kinds[i] == ")") - (self.kinds[i] == "(")
        return -1 if depth else i

    # --- what is told of it ---------------------------------------------------------------------

    @cached_property
    def totals(self) -> dict[int, int]:
        """Place of a candidate → place of the total that it and its neighbours add up to; a total
        itself → -1.
        """
        whole: dict[int, int] = {}
        for i, total in enumerate(self.found):
            left, parts = total.value or 0.0, []
            if total.kind == "number" and total.counter != "%" and left >= 2:
                for j in range(i + 1, min(i + 24, len(self.found))):
                    if left >= 0.5 and self.found[j].unit == total.unit:
                        left -= self.found[j].value or 0.0
                        parts.append(j)
            if abs(left) < 0.5 and len(parts) > 1:
                whole |= {i: -1} | dict.fromkeys(parts, i) | whole
        return whole

    @cached_property
    def explicit(self) -> bool:
        """Whether disclosure or requests for it are named in full."""
        return any(
            t.kind == "ogi" or t.kind == "request" and t.end - t.start > 2 for t in self.tokens
        )

    @cached_property
    def heading(self) -> frozenset[str]:
        """The topics that its first words name."""
        first = (t.kind for t in self.tokens[:8] if t.start < self.start + 16)
        return TOPICS.intersection(first)

    def years(self, i: int) -> int:
        """The year of date token i against the year of the report: 0 this one, -1 the one before; 9
        not known.
        """
        printed = self.printed(i)[:4]
        return min(max(int(printed) - self.year, -2), 9) if printed.isdecimal() and self.year else 9

    # --- candidates -----------------------------------------------------------------------------

    def _numbers(self, around: list[set[str]]) -> Iterator[Candidate]:
        """Numbers, where anything that such a counter counts is spoken of, and what is denied."""
        dealt = self._dealt()
        for i, token in enumerate(self.tokens):
            needs = _NEEDS.get(token.unit, frozenset())
            if token.kind == "number" and around[i] & needs and (i or token.counter):
                for label in dealt.get(i) or self._shared(i) or [i]:
                    yield Candidate(*token, i, label)
            elif token.kind == "negation":
                for label in self._negated(i):
                    if self.kinds[label] not in VERBS or around[i] & MEDIA:
                        yield self._worded("zero", 0.0, i, label)

    def _worded(self, kind: str, value: float | None, at: int, label: int) -> Candidate:
        """A candidate that is no number: it stands where its label does."""
        return Candidate(*self.tokens[label]._replace(kind=kind, unit=kind, value=value), at, label)

    def _negated(self, i: int) -> list[int]:
        """Objects behind a negation in its clause; where there are none, those before it
        (行政复议、行政诉讼均无).
        """
        behind = self.stretch(i, {",", ";", ":", ".", "number"}, REACH)
        if objects := [j for j in behind if self.kinds[j] in ZEROS]:
            disputed = [j for j in objects if self.kinds[j] in ("recon", "lit")]
            if "corrected" in self.kinds[i : behind.stop]:  # 无行政诉讼败诉案件 is no zero
                objects = [j for j in objects if j not in disputed]
            return [j for j in objects if not self._attribute(j, disputed)]
        # 无法提供（没有现成信息）2件: a bracket denies nothing before it
        return [j for j in self.stretch(i, ENDS, -9) if self.kinds[j] in ZEROS]

    def _attribute(self, i: int, disputed: list[int]) -> bool:
        """未发生政府信息公开申请行政复议: the request only says what the dispute is about."""
        between = (self.text[self.tokens[i].end : self.tokens[j].start] for j in disputed if j > i)
        return self.kinds[i] == "request" and any(map(_ASIDE.isdisjoint, between))

    def _shared(self, i: int) -> list[int]:
        """Labels of 甲、乙各 NUM (均为 NUM, or one zero for both); [] when the number has but one."""
        each, found = self.tokens[i].value == 0, list[int]()
        for j in range(i - 1, max(i - 10, -1), -1):
            if self.kinds[j] not in JOINED:
                break
            if self.kinds[j] in LABELS:
                if found and self.tokens[found[0]].start - self.tokens[j].end > 6:
                    break
                found.insert(0, j)
            each |= self.kinds[j] == "all_of" and "分别" not in self.printed(j)
        same = {self.kinds[j] in PLATFORMS for j in found}
        return found if each and len(found) > 1 and len(same) == 1 else []

    def _dealt(self) -> dict[int, list[int]]:
        """甲、乙、丙分别为 1、2、3: the number tokens with the label of each."""
        pairs: dict[int, list[int]] = {}
        for i, kind in enumerate(self.kinds):
            if kind == "all_of" and "分别" in self.printed(i):
                before = reversed(self.stretch(i, {",", ";", ":", ".", "number"}, -20))
                labels = [[j] for j in before if self.kinds[j] in LABELS]
                behind = self.stretch(i, {";", ":", "."}, 20)
                numbers = [j for j in behind if self.kinds[j] == "number"]
                if len(labels) == len(numbers) > 1:
                    pairs.update(zip(numbers, labels))
        return pairs

    def _accounts(self) -> Iterable[Candidate]:
        """关停“甲”“乙”微博: two accounts named; 关停账号: a verb alone, the last of a sentence. Only where
        the clause prints no number.
        """
        found: dict[int, Candidate] = {}
        for i, kind in enumerate(self.kinds):
            if kind in VERBS:
                behind = self.stretch(i, COUNTED, REACH)
                clause = self.kinds[self.stretch(i, COUNTED, -REACH).stop + 1 : behind.stop]
                counted = self.kinds[behind.stop] == "number"
                if counted or self.kinds[i - 1] == "negation" or MEDIA.isdisjoint(clause):
                    continue
                if names := clause.count("name"):
                    found[i] = self._worded("named", float(names), i, i)
                elif kind == "close":
                    found[-self.kinds[:i].count(".") - 1] = self._worded("verb", None, i, i)
        return found.values()
