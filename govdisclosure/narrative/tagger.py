"""The tagger: what it is told about a candidate, and what it says: what the candidate counts, on
which channel and when.

It is told short strings, as many as fit in bounded windows around the candidate. It is a linear
model; its weights are package data, made from the labelled text by ``data/prose-labels/train.py``:
names of the features, one row of eight-bit integers each, and a scale for each class. Three heads
share the features: indicator, place and time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .candidates import CHANNELS, SENTENCE, STOPS, Candidate, Paragraph
from .codes import group

WEIGHTS = "weights.npz"
NOTHING = "-"
HEADS = ("indicator", "place", "time")
NEAR, AROUND, LETTERS = 4, 18, 10
FILLERS = group("fillers")
ENDS = STOPS | {"number", "、", ")"}  # of what is looked at behind a candidate
_PADDING = "共计约近超达为有总合数量了到的"


class Model(NamedTuple):
    """``rows``: feature → row of ``weights`` (features × classes); ``classes``: the names of each
    head in order of the columns.
    """

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
    """For each head the probabilities of its classes: candidates of all the paragraphs ×
    classes.
    """
    sums = []
    for paragraph in batch:
        for k in range(len(paragraph.found)):
            rows: set[Any] = set(map(known.rows.get, features(paragraph, k)))
            rows.discard(None)
            sums.append(known.weights.take(list(rows), axis=0).sum(axis=0))
    together, edges = np.array(sums), np.cumsum([0, *map(len, known.classes)])
    return tuple(_shares(together[:, start:end]) for start, end in zip(edges, edges[1:]))


def _shares(sums: np.ndarray) -> np.ndarray:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def features(paragraph: Paragraph, k: int) -> list[str]:
    """What is known of candidate k of a paragraph; a thing may be told twice."""
    c = paragraph.found[k]
    cls = c.unit
    own = c.label == c.at and c.kind == "number"
    places = paragraph.clause(c.label - 1 if own else c.label)
    kinds = [paragraph.kinds[i] for i in places]
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
    known += _around(paragraph, c, cls)
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
) -> list[str]:
    strong = [kind for kind in kinds if kind not in FILLERS]
    channels = [kind for kind in kinds if kind in CHANNELS]
    pair = ",".join(strong[:2])
    told = [f"ch{','.join(channels[:2])}", f"chs{len(set(channels))},{cls}"]
    told += [f"l{n}{kind}" for n, kind in enumerate(strong[:NEAR])]
    told += [f"lk{kind},{cls}" for kind in kinds]
    if strong:
        told += (f"a{strong[0]},{cls}", f"b{pair}", f"b{pair},{cls}")
    token = paragraph.tokens[c.label]
    stop = token.start if own else token.end
    edge = places[-1] - 1 if places else c.label - 1
    floor = paragraph.tokens[edge].end if edge >= 0 else paragraph.start
    letters = paragraph.text[max(floor, stop - LETTERS) : stop]
    bare = letters.rstrip(_PADDING)
    told += [f"t{letters[-n:]}" for n in (1, 2, 3, 4)]
    told += [f"u{bare[-n:]}" for n in (2, 3, 4)]
    return told + [f"g{letters[j : j + 2]}" for j in range(len(letters) - 1)]


def _right(paragraph: Paragraph, c: Candidate, cls: str) -> list[str]:
    tokens = paragraph.tokens
    first = j = (c.at if c.kind == "number" else c.label) + 1
    last = min(first + 5, len(tokens))
    while j < last and paragraph.kinds[j] not in ENDS:
        j += 1
    kinds = paragraph.kinds[first:j]
    end, edge = (paragraph.kinds[j], tokens[j].start) if j < len(tokens) else (".", paragraph.end)
    letters = paragraph.text[c.stop : min(edge, c.stop + 8)]
    told = [f"e{end},{bool(letters)}"]
    told += [f"r{n}{kind}" for n, kind in enumerate(kinds[:3])]
    told += [f"rk{kind},{cls}" for kind in kinds]
    told += [f"q{letters[:n]}" for n in (1, 2, 3)]
    behind = paragraph.kinds[j + 1 : j + 5] if end in ",;(" else ()
    return told + [f"x{kind},{cls}" for kind in takewhile(lambda kind: kind not in STOPS, behind)]


def _around(paragraph: Paragraph, c: Candidate, cls: str) -> list[str]:
    """The sentence up to the candidate, the bracket it stands in, and the topics before."""
    before = paragraph.kinds[max(c.at - AROUND + 1, 0) : c.at]
    sentence = before[len(before) - before[::-1].index(".") :] if "." in before else before
    told = [f"ogi{paragraph.explicit},{cls}", *(f"H{kind},{cls}" for kind in paragraph.heading)]
    told += [f"S{kind},{cls}" for kind in set(sentence)]
    if (bracket := paragraph.opened.get(c.at)) is not None:
        inside = paragraph.kinds[max(bracket - NEAR, 0) : bracket]
        told += (f"in{cls}", *(f"ib{kind},{cls}" for kind in inside))
    return told


def _neighbours(paragraph: Paragraph, k: int, kinds: list[str], cls: str) -> Iterator[str]:
    found = paragraph.found
    if not k:
        yield "first"
    else:
        before, value = found[k - 1], found[k].value or 0.0
        labelled = before.label != before.at
        label = paragraph.kinds[before.label if labelled else max(before.label - 1, 0)]
        yield f"n{before.counter},{found[k].counter}"
        yield f"n{(before.value or 0) == value},{(before.value or 0) > value}"
        yield f"m{label},{kinds[0] if kinds else ''}"
        yield f"m{label},{cls}"
    total = paragraph.totals.get(k)
    if total is not None:
        yield f"tot{total < 0},{cls}"
        if total >= 0:
            at = found[total].at
            yield from [f"of{kind},{cls}" for kind in paragraph.kinds[max(at - 5, 0) : at]]


def _when(paragraph: Paragraph, c: Candidate, cls: str) -> Iterator[str]:
    """The nearest time before the candidate in its sentence, against the year of the report."""
    if paragraph.year and paragraph.year < 2019:
        yield f"old{cls}"
    for side, i in (("<", c.label - 1), (">", c.label + 1)):
        if 0 <= i < len(paragraph.tokens) and paragraph.kinds[i] == "date":
            yield f"{side}{paragraph.years(i)},{paragraph.kinds[c.label]}"
    for i in range(c.at - 1, max(c.at - SENTENCE, -1), -1):
        if paragraph.kinds[i] == "date":
            end = paragraph.tokens[i].end
            yield f"y{paragraph.years(i)},{c.at - i < 3}"
            yield f"z{paragraph.text[end - 2 : end]}"
            return
        if paragraph.kinds[i] == ".":
            return


def _where(paragraph: Paragraph, places: list[int]) -> Iterator[str]:
    """How far the nearest channel before the clause is: over a number, a stop."""
    edge = places[-1] if places else 0
    back = paragraph.kinds[max(edge - SENTENCE + 1, 0) : edge][::-1]
    at = next((n for n, kind in enumerate(back) if kind in CHANNELS), None)
    if at is not None:
        seen = set(back[:at])
        yield f"far{back[at]},{'number' in seen},{'.' in seen}"
        yield f"far{'number' in seen},{'.' in seen},{len(seen) < 3}"
