"""The tagger: a linear model of what a candidate counts, on which channel and when, with its confidence.

Weights are package data, made from the labelled text by ``data/prose-labels/train.py``: names of the features, one row of
eight-bit integers each, and a scale for each class. Three heads share the features: indicator, place and time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from govdisclosure.narrative.features import Paragraph, features

WEIGHTS = "weights.npz"
NOTHING = "-"
HEADS = ("indicator", "place", "time")


class Model(NamedTuple):
    """``rows``: feature → row of ``weights`` (features × classes); ``classes``: the names of each head in order of the columns."""

    rows: dict[str, int]
    weights: np.ndarray
    classes: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def model() -> Model:
    """The weights of the package."""
    with (
        files(__package__).joinpath(WEIGHTS).open("rb") as file,
        np.load(file, allow_pickle=False) as data,
    ):
        names = bytes(data["names"]).decode().split("\n")
        classes = tuple(tuple(bytes(data[head]).decode().split("\n")) for head in HEADS)
        weights = data["weights"].astype(np.float32) * data["scale"]
    return Model({name: i for i, name in enumerate(names)}, weights, classes)


def scores(batch: Sequence[Paragraph], known: Model) -> tuple[np.ndarray, ...]:
    """For each head the probabilities of its classes: candidates of all the paragraphs × classes."""
    places: list[int] = []
    starts: list[int] = []
    row = known.rows.get
    for paragraph in batch:
        for k in range(len(paragraph.found)):
            starts.append(len(places))
            told: set[Any] = set(map(row, features(paragraph, k)))
            told.discard(None)
            places += told
    sums = np.add.reduceat(known.weights.take(places, axis=0), starts, axis=0)
    edges = np.cumsum([0, *map(len, known.classes)])
    return tuple(_shares(sums[:, start:end]) for start, end in zip(edges, edges[1:]))


def _shares(sums: np.ndarray) -> np.ndarray:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
