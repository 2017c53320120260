"""The tagger: what it is told about a candidate, and what it says: what the candidate counts, on which channel and when.

It is told short strings, as many as fit in bounded windows around the candidate. It is a linear model; its weights are package
data, made from the labelled text by ``data/prose-labels/train.py``: names of the features, one row of eight-bit integers each,
and a scale for each class. Three heads share the features: indicator, place and time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .candidates import CHANNELS, CLASSES, SENTENCE, STOPS, Candidate, Paragraph
from .codes import group

WEIGHTS = "weights.npz"
NOTHING = "-"
HEADS = ("indicator", "place", "time")
NEAR, AROUND, LETTERS = 4, 18, 10
FILLERS = group("fillers")
_PADDING = "共计约近超达为有总合数量了到的"


class Model(NamedTuple):
    """``rows``: feature → row of ``weights`` (features × classes); ``classes``: the names of each head in order of the columns."""

    rows: dict[str, int]
    weights: np.ndarray
    classes: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def model() -> Model:
    """The weights of the package."""
    with np.load(Path(__file__).with_name(WEIGHTS), allow_pickle=False) as data:
        names = bytes(data["names"]).decode().split("\n")
        classes = tuple(tuple(bytes(data[head]).decode().split("\n")) for head in HEADS)
        weights = data["weights"].astype(np.float32) * data["scale"]
    return Model({name: i for i, name in enumerate(names)}, weights, classes)


def scores(batch: Sequence[Paragraph], known: Model) -> tuple[np.ndarray, ...]:
    """For each head the probabilities of its classes: candidates of all the paragraphs × classes."""
    row, weights = known.rows, known.weights
    told = (set(features(p, k)) for p in batch for k in range(len(p.found)))
    places = ([row[name] for name in names if name in row] for names in told)
    sums = np.array([weights.take(rows, axis=0).sum(axis=0) for rows in places])
    edges = np.cumsum([0, *map(len, known.classes)])
    return tuple(_shares(sums[:, start:end]) for start, end in zip(edges, edges[1:]))


def _shares(sums: np.ndarray) -> np.ndarray:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


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
