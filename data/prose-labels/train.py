"""Labelled text → the weights of the prose tagger, the same bytes each time.

    python data/prose-labels/train.py [--out govdisclosure/narrative/weights.npz]

A multinomial logistic regression for each head, fitted by L-BFGS on all of ``labels.jsonl`` (README.md says what counts as what).
"""

from __future__ import annotations

import argparse
import io
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from govdisclosure.narrative.candidates import NOTHING, Candidate, Paragraph
from govdisclosure.narrative.engine import paragraphs
from govdisclosure.narrative.places import PLACED, named, place
from govdisclosure.narrative.scan import Compact
from govdisclosure.narrative.settle import period
from govdisclosure.narrative.tagger import HEADS, WEIGHTS, Model, features

HERE = Path(__file__).parent
LABELS = HERE / "labels.jsonl"
TARGET = HERE.parents[1] / "govdisclosure" / "narrative" / WEIGHTS
PENALTY, ROUNDS, SMALL = 0.5, 120, 0.12
MEMORY, ENOUGH = 10, 1e-6  # steps that L-BFGS remembers; relative gain below which it stops
KEPT, COPIES = 0.6, 3
OBJECTS = {"request": ("requests_received", "requests_handled", "requests_carried", "requests_concluded"), "recon": ("reconsideration",), "lit": ("litigation",), "fee": ("processing_fee",),
           "carry_over": ("requests_carried_over",), "carry_forward": ("requests_carried_forward",), "open": ("new_media_opened",), "open_new": ("new_media_opened",),
           "close": ("new_media_closed",), "register": ("new_media_registered",), "receive": ("requests_received",), "conclude": ("requests_concluded",),
           "pending": ("litigation_pending", "reconsideration_pending", "requests_carried_forward")}  # fmt: skip
HINTS = {
    "interpretations": "interp",
    "training": "train",
    "hotline": "hot",
    "reconsideration": "recon",
    "litigation": "lit",
}
UNITS = {
    "percent": ("share", "growth", "rate"),
    "money": ("processing_fee",),
    "person": ("staff", "persons"),
}


def load(path: Path = LABELS) -> list[dict]:
    """The labelled texts."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def fits(indicator: str, c: Candidate, paragraph: Paragraph) -> bool:
    """Whether a label can stand for this candidate: its unit, and the object of a zero or of a shared number."""
    kind = paragraph.tokens[c.label].kind
    if c.kind in ("named", "verb"):
        return indicator.startswith("new_media")
    if c.label != c.at or c.kind == "zero":
        return indicator.startswith(OBJECTS[kind]) if kind in OBJECTS else _kindred(indicator, kind)
    rates = indicator.endswith(UNITS["percent"])
    if c.unit == "percent" or rates:
        return c.unit == "percent" and rates
    if c.unit == "money":
        return indicator == "processing_fee"
    return c.unit != "person" or indicator.startswith(UNITS["person"])


def _kindred(indicator: str, kind: str) -> bool:
    return (
        indicator.endswith(kind)
        or indicator.startswith(("new_media", "items", "hotline"))
        or kind in ("natural", "organization")
    )


def align(
    read: list[Paragraph], figures: list[list]
) -> tuple[dict[tuple[int, int], list], list[list]]:
    """Labels to candidates in reading order: {(paragraph, candidate): figure}, and the figures that no candidate prints."""
    flat = [(p, k) for p, paragraph in enumerate(read) for k in range(len(paragraph.found))]
    placed: dict[tuple[int, int], list] = {}
    lost, last = [], 0
    for figure in figures:
        order = [*range(last, len(flat)), *range(last)]
        fitting = [
            n for n in order if flat[n] not in placed and _says(figure, *_pick(read, flat[n]))
        ]
        hinted = (n for n in fitting if _hinted(figure, *_pick(read, flat[n])))
        at = next(hinted, fitting[0] if fitting else None)
        if at is None:
            lost.append(figure)
        else:
            placed[flat[at]] = figure
            last = max(last, at)
    return placed, lost


def _hinted(figure: list, c: Candidate, paragraph: Paragraph) -> bool:
    """Whether the clause of a candidate names what is counted (规范性文件8件、政策解读8件: the second)."""
    hint = next((kind for start, kind in HINTS.items() if figure[0].startswith(start)), "")
    clause = {paragraph.tokens[i].kind for i in paragraph.clause(max(c.at, c.label) - 1)[:4]}
    return not hint or hint in clause | {paragraph.tokens[c.label].kind}


def _pick(read: list[Paragraph], at: tuple[int, int]) -> tuple[Candidate, Paragraph]:
    return read[at[0]].found[at[1]], read[at[0]]


def _says(figure: list, c: Candidate, paragraph: Paragraph) -> bool:
    indicator, value = figure[0].split("|")[0], figure[2]
    if value is None or c.value is None:
        return value is None and c.kind in ("verb", "named") and fits(indicator, c, paragraph)
    factor = 1e4 if c.counter == "万元" else 1.0
    return math.isclose(abs(value), c.value * factor, abs_tol=1e-9) and fits(
        indicator, c, paragraph
    )


def targets(
    figure: list | None, c: Candidate, paragraph: Paragraph
) -> tuple[str, str | None, str | None]:
    """What the heads should say of a candidate; None where a head is not asked."""
    if figure is None:
        return NOTHING, None, None
    indicator = figure[0].split("|")[0]
    when = None if period(paragraph, c, indicator) else figure[3].split("|")[0]
    names, wanted = named(paragraph, c), figure[1].split("|")
    if names["near"] or not indicator.startswith(PLACED):
        return indicator, None, when
    fitting = (x for x in ("all", "far", "right") if place(x, indicator, names) in wanted)
    return indicator, next(fitting, wanted[0]), when


def examples(rows: Iterable[dict]) -> tuple[list[list[str]], list[tuple]]:
    """Features and targets of every candidate; those open to doubt are left out."""
    told: list[list[str]] = []
    asked: list[tuple] = []
    for row in rows:
        read = list(paragraphs(Compact(row["text"]).text, row["section"], row["year"]))
        placed, _ = align(read, row["figures"])
        doubtful = {value for value, _ in row["ambiguous"]}
        for p, paragraph in enumerate(read):
            for k, c in enumerate(paragraph.found):
                figure = placed.get((p, k))
                if figure is None and c.value in doubtful:
                    continue
                told.append(sorted(set(features(paragraph, k))))
                asked.append(targets(figure, c, paragraph))
    return told, asked


def thinned(told: list[list[str]], seed: int) -> list[list[str]]:
    """The examples with a part of their features left out, so that no weight relies on words that new texts lack."""
    chance = random.Random(seed)
    return [
        [name for name in names if name[:1] in ("", "c", "k") or chance.random() < KEPT]
        for names in told
    ]


def fit(told: list[list[str]], asked: list[tuple]) -> Model:
    """A model of the package from examples, each taken whole and several times thinned."""
    told = [*told, *(one for seed in range(COPIES) for one in thinned(told, seed))]
    asked = [*asked, *asked * COPIES]
    counts = Counter(name for names in told for name in set(names))
    names = sorted(name for name, n in counts.items() if n > 1)
    rows = {name: i for i, name in enumerate(names)}
    places = [[rows[name] for name in dict.fromkeys(one) if name in rows] for one in told]
    ends = np.cumsum([0, *map(len, places)])
    matrix = csr_matrix(
        (np.ones(ends[-1]), np.concatenate(places), ends), shape=(len(told), len(names))
    )
    heads, parts = [], []
    for wanted in zip(*asked):
        classes = tuple(sorted({label for label in wanted if label is not None}))
        chosen = [i for i, label in enumerate(wanted) if label is not None]
        goal = np.array([classes.index(wanted[i]) for i in chosen])
        parts.append(_regression(matrix[chosen], goal, len(classes)))
        heads.append(classes)
    return Model(rows, np.concatenate(parts, axis=1), tuple(heads))


def _regression(matrix: csr_matrix, goal: np.ndarray, classes: int) -> np.ndarray:
    """Weights (features × classes) that minimise the log loss with a quadratic penalty."""
    turned, samples = matrix.T.tocsr(), np.arange(len(goal))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, classes)
        sums = matrix @ weights
        sums -= sums.max(axis=1, keepdims=True)
        shares = _exp(sums)
        shares /= shares.sum(axis=1, keepdims=True)
        value = -np.log(np.maximum(shares[samples, goal], 1e-300)).sum() + PENALTY * _dot(
            flat, flat
        )
        shares[samples, goal] -= 1
        return value, (turned @ shares + 2 * PENALTY * weights).ravel()

    return _minimum(loss, np.zeros(matrix.shape[1] * classes)).reshape(-1, classes)


# The optimiser is spelt out in plain sums and products: those of BLAS and NumPy's own exp differ in the last bit from one
# processor to the next, and the package's weights must be the same bytes wherever they are made.


def _minimum(loss: Callable, point: np.ndarray) -> np.ndarray:
    """Where a smooth convex loss is least, by L-BFGS (Nocedal & Wright, Numerical Optimization, algorithm 7.4)."""
    value, slope = loss(point)
    steps: list[tuple[np.ndarray, np.ndarray, float]] = []
    for _ in range(ROUNDS):
        way = _direction(slope, steps)
        length, downhill = (
            (1.0 if steps else 1 / max(1.0, _dot(slope, slope) ** 0.5)),
            _dot(way, slope),
        )
        while True:
            tried = point + length * way
            reached, there = loss(tried)
            if reached <= value + 1e-4 * length * downhill or length < 1e-9:
                break
            length /= 2
        moved, turned = tried - point, there - slope
        curvature = _dot(moved, turned)
        if curvature > 0:
            steps = [*steps[-MEMORY + 1 :], (moved, turned, 1 / curvature)]
        done = value - reached <= ENOUGH * max(abs(value), abs(reached), 1.0)
        point, value, slope = tried, reached, there
        if done:
            break
    return point


def _direction(slope: np.ndarray, steps: list[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    """Minus the slope times the inverse curvature that the last steps have shown."""
    way, shares = -slope, []
    for moved, turned, weight in reversed(steps):
        shares.append(weight * _dot(moved, way))
        way = way - shares[-1] * turned
    if steps:
        moved, turned, weight = steps[-1]
        way = way * (1 / weight / _dot(turned, turned))
    for moved, turned, weight in steps:
        way = way + (shares.pop() - weight * _dot(turned, way)) * moved
    return way


def _dot(left: np.ndarray, right: np.ndarray) -> float:
    return float((left * right).sum())


def _exp(x: np.ndarray) -> np.ndarray:
    """exp of what is not above 0, by its series on [-ln 2 / 2, ln 2 / 2]."""
    x = np.maximum(x, -700.0)
    power = np.rint(x * 1.4426950408889634)
    rest = x - power * 0.6931471803691238 - power * 1.9082149292705877e-10
    series = np.ones_like(x)
    for n in range(13, 0, -1):
        series = series * rest / n + 1
    return np.ldexp(series, power.astype(np.int32))


def pack(fitted: Model) -> bytes:
    """A model as the bytes of its file: eight-bit weights, features without weight left out."""
    keep = np.abs(fitted.weights).max(axis=1) > SMALL
    names = [name for name, kept in zip(fitted.rows, keep) if kept]
    weights = fitted.weights[keep]
    scale = np.abs(weights).max(axis=0) / 127
    scale[scale == 0] = 1
    buffer = io.BytesIO()
    texts = {"names": names, **dict(zip(HEADS, fitted.classes))}
    arrays = {
        key: np.frombuffer("\n".join(value).encode(), np.uint8) for key, value in texts.items()
    }
    np.savez_compressed(
        buffer,
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        **arrays,
    )
    return buffer.getvalue()


def main() -> None:
    """Write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    packed = pack(fit(*examples(load())))
    options.out.write_bytes(packed)
    print(f"{options.out}: {len(packed):,} bytes")


if __name__ == "__main__":
    main()
