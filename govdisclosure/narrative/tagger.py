"""The tagger: what it is told about a candidate, and what it says: what the candidate counts, on
which channel and when.

It is told short strings, as many as fit in bounded windows around the candidate. It is a linear
model; its weights are package data, made from the labelled text by ``data/prose-labels/train.py``:
names of the features, one row of eight-bit integers each, and a scale for each class. Three heads
share the features: indicator, place and time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .candidates import CHANNELS, SENTENCE, STOPS, Candidate, Paragraph
from .codes import group

WEIGHTS = "weights.npz"
HEADS = ("indicator", "place", "time")
NEAR, AROUND, LETTERS = 4, 18, 10
FILLERS = group("fillers")
BEHIND = STOPS | {"number", "、", ")"}  # of what is looked at behind a candidate
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
        texts = (bytes(data[key]).decode().split("\n") for key in ("names", *HEADS))
        names, *classes = map(tuple, texts)
        weights = data["weights"].astype(np.float32) * data["scale"]
    return Model({name: i for i, name in enumerate(names)}, weights, tuple(classes))


def scores(batch: Sequence[Paragraph], known: Model) -> tuple[np.ndarray, ...]:
    """For each head the probabilities of its classes: candidates of all the paragraphs ×
    classes.
    """
    rows: list[Any] = []
    starts = []  # of each candidate's; the feature that all have is known
    for paragraph in batch:
        for k in range(len(paragraph.found)):
            starts.append(len(rows))
            rows += {*map(known.rows.get, features(paragraph, k))} - {None}
    sums = np.add.reduceat(known.weights.take(rows, axis=0), starts, axis=0)
    edges = np.cumsum(list(map(len, known.classes)))
    return tuple(map(_shares, np.split(sums, edges[:-1], axis=1)))


def _shares(sums: np.ndarray) -> np.ndarray:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def features(paragraph: Paragraph, k: int) -> list[str]:
    """What is known of candidate k of a paragraph; a thing may be told twice."""
    c = paragraph.found[k]
    told = ["", f"c{c.counter}", f"k{c.unit}", f"v{c.unit},{_band(c.value)}"]
    told += [f"s{paragraph.section},{c.unit}", f"ogi{paragraph.explicit},{c.unit}"]
    for known in (_left, _right, _around, _when):
        told += known(paragraph, k, c, c.unit)
    return told


def _band(value: float | None) -> str:
    """0, 1, 2, or how many digits."""
    digits = str(int(value or 0))
    return digits if digits in "012" else f"{len(digits)}d"


def _left(paragraph: Paragraph, k: int, c: Candidate, unit: str) -> list[str]:
    """Its clause up to the candidate, the one before it, and how far the nearest channel before that
    is: over a number, a stop.
    """
    places = paragraph.clause(c.label - c.own)
    kinds = [paragraph.kinds[i] for i in places]
    strong = [kind for kind in kinds if kind not in FILLERS]
    channels = [kind for kind in kinds if kind in CHANNELS]
    first, pair = kinds[0] if kinds else "", ",".join(strong[:2])
    told = [f"ch{','.join(channels[:2])}", f"chs{len(set(channels))},{unit}"]
    told += [f"l{n}{kind}" for n, kind in enumerate(strong[:NEAR])]
    told += [f"lk{kind},{unit}" for kind in kinds]
    if not c.own:
        told.append(f"lab{first},{unit}")
    if strong:
        told += (f"a{strong[0]},{unit}", f"b{pair}", f"b{pair},{unit}")
    token = paragraph.tokens[c.label]
    stop = token.start if c.own else token.end
    edge = places[-1] - 1 if places else c.label - 1
    floor = paragraph.tokens[edge].end if edge >= 0 else paragraph.start
    letters = paragraph.text[max(floor, stop - LETTERS) : stop]
    bare = letters.rstrip(_PADDING)
    told += [f"t{letters[-n:]}" for n in (1, 2, 3, 4)]
    told += [f"u{bare[-n:]}" for n in (2, 3, 4)]
    told += [f"g{letters[j : j + 2]}" for j in range(len(letters) - 1)]
    before = paragraph.stretch(places[-1] if places else 0, CHANNELS, 1 - SENTENCE)
    if (channel := paragraph.kinds[before.stop]) in CHANNELS:
        seen = {paragraph.kinds[i] for i in before}
        far = f"{'number' in seen},{'.' in seen}"
        told += (f"far{channel},{far}", f"far{far},{len(seen) < 3}")
    if not k:
        return [*told, "first"]
    last, value = paragraph.found[k - 1], c.value or 0.0
    label = paragraph.kinds[last.label if last.label != last.at else max(last.label - 1, 0)]
    size = f"n{(last.value or 0) == value},{(last.value or 0) > value}"
    return [*told, size, f"n{last.counter},{c.counter}", f"m{label},{first}", f"m{label},{unit}"]


def _right(paragraph: Paragraph, k: int, c: Candidate, unit: str) -> list[str]:
    """What stands behind it, up to a stop, and a little beyond."""
    behind = paragraph.stretch(c.at if c.kind == "number" else c.label, BEHIND, 6)
    kinds = [paragraph.kinds[i] for i in behind]
    last = behind.stop == len(paragraph.tokens)
    edge = paragraph.end if last else paragraph.tokens[behind.stop].start
    end, letters = (
        paragraph.kinds[behind.stop] or ".",
        paragraph.text[c.stop : min(edge, c.stop + 8)],
    )
    told = [f"e{end},{bool(letters)}"]
    told += [f"r{n}{kind}" for n, kind in enumerate(kinds[:3])]
    told += [f"rk{kind},{unit}" for kind in kinds]
    told += [f"q{letters[:n]}" for n in (1, 2, 3)]
    beyond = paragraph.stretch(behind.stop, STOPS, 5) if end in ",;(" else ()
    return told + [f"x{paragraph.kinds[i]},{unit}" for i in beyond]


def _around(paragraph: Paragraph, k: int, c: Candidate, unit: str) -> list[str]:
    """The topics of the paragraph, the sentence up to the candidate, the bracket it stands in, the
    total it belongs to.
    """
    sentence = paragraph.stretch(c.at, {"."}, -AROUND)
    told = [f"H{kind},{unit}" for kind in paragraph.heading]
    told += [f"S{kind},{unit}" for kind in {paragraph.kinds[i] for i in sentence}]
    bracket, total = paragraph.opened(c.at), paragraph.totals.get(k)
    if bracket >= 0:
        inside = paragraph.kinds[max(bracket - NEAR, 0) : bracket]
        told += (f"in{unit}", *(f"ib{kind},{unit}" for kind in inside))
    if total is not None:
        told.append(f"tot{total < 0},{unit}")
        at = paragraph.found[total].at if total >= 0 else 0
        told += [f"of{kind},{unit}" for kind in paragraph.kinds[max(at - 5, 0) : at]]
    return told


def _when(paragraph: Paragraph, k: int, c: Candidate, unit: str) -> list[str]:
    """The nearest time before the candidate in its sentence, against the year of the report."""
    told = [f"old{unit}"] if paragraph.year and paragraph.year < 2019 else []
    for side, i in (("<", c.label - 1), (">", c.label + 1)):
        if paragraph.kinds[i] == "date":
            told.append(f"{side}{paragraph.years(i)},{paragraph.kinds[c.label]}")
    i = paragraph.stretch(c.at, {"date", "."}, 1 - SENTENCE).stop
    if paragraph.kinds[i] == "date":
        told += (f"y{paragraph.years(i)},{c.at - i < 3}", f"z{paragraph.printed(i)[-2:]}")
    return told
