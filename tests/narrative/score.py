"""Precision and recall of the prose figures on labelled documents that the tagger was not trained on.

    python tests/narrative/score.py [--folds 5] [--least 0.6] [--errors]

The paragraphs of ``data/prose-labels/labels.jsonl`` that follow real reports (part ``paragraphs``) are cut into folds of neighbouring
documents; each fold is read by a tagger trained on everything else. Prints precision and recall with 95 % Wilson intervals by
family, and how often a figure is right at each confidence. A figure is found when indicator, platform, value and period agree.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from govdisclosure.model import Figure, Section
from govdisclosure.narrative.engine import LEAST, figures_of
from govdisclosure.narrative.tagger import Model

LABELS = Path(__file__).resolve().parents[2] / "data" / "prose-labels"
FAMILIES = {
    "new media": ("new_media",),
    "items": ("items",),
    "requests": ("requests",),
    "disputes": ("reconsideration", "litigation", "disputes"),
}
Got = tuple[str, str, float | None, str, float]


def training():
    """The module that makes the weights."""
    spec = importlib.util.spec_from_file_location("prose_labels_train", LABELS / "train.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def family(indicator: str) -> str:
    """The family an indicator is reported under."""
    return next((name for name, starts in FAMILIES.items() if indicator.startswith(starts)), "rest")


def folds(rows: list[dict], number: int) -> Iterator[tuple[list[dict], list[dict]]]:
    """(training, held out) for each fold: neighbouring paragraphs, which often are of one report, stay together."""
    real = [row for row in rows if row["part"] == "paragraphs"]
    rest = [row for row in rows if row["part"] != "paragraphs"]
    for fold in range(number):
        held = [row for i, row in enumerate(real) if i * number // len(real) == fold]
        yield rest + [row for row in real if row not in held], held


def read(row: dict, model: Model | None = None, least: float = LEAST) -> list[Got]:
    """(indicator, platform, value, period, confidence) of each figure read in a labelled text."""
    found = figures(row, model, least)
    return [(f.indicator, f.platform, f.value, f.period, f.confidence) for f in found]


def figures(row: dict, model: Model | None = None, least: float = LEAST) -> Iterator[Figure]:
    """The figures read in a labelled text."""
    section = Section(row["section"], "", row["text"], "")
    return figures_of([section], row["year"], model, least)


def equal(a: float | None, b: float | None) -> bool:
    """Whether two values are the same; None is a verb without a number."""
    return a is b if a is None or b is None else math.isclose(a, b, rel_tol=1e-6)


def agrees(got: Got, want: list) -> bool:
    """Whether a figure is the labelled one, or one of its readings that are all right."""
    return equal(got[2], want[2]) and all(got[i] in want[i].split("|") for i in (0, 1, 3))


def compare(row: dict, got: list[Got]) -> tuple[list[tuple[Got, bool]], list[list]]:
    """Each figure read with whether it is right (those open to doubt left out), and the labels that were missed."""
    left, told, missed = list(got), [], []
    for want in row["figures"]:
        hit = next((g for g in left if agrees(g, want)), None)
        if hit is None:
            missed.append(want)
        else:
            left.remove(hit)
            told.append((hit, True))
    doubtful = [value for value, _ in row["ambiguous"]]
    told += [(g, False) for g in left if not any(equal(g[2], value) for value in doubtful)]
    return told, missed


def wilson(k: int, n: int) -> str:
    """A share with its 95 % interval."""
    if not n:
        return "-"
    z, p = 1.96, k / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return f"{p:.3f} [{(middle - half) / (1 + z * z / n):.3f}, {(middle + half) / (1 + z * z / n):.3f}]"


def tally(results: Iterable[tuple[dict, list[Got]]]) -> dict[str, list[int]]:
    """{family: [found, missed, invented]}, and "all"."""
    counts = {name: [0, 0, 0] for name in ("all", *FAMILIES, "rest")}
    for row, got in results:
        told, missed = compare(row, got)
        for figure, right in told:
            for name in ("all", family(figure[0])):
                counts[name][0 if right else 2] += 1
        for want in missed:
            for name in ("all", family(want[0])):
                counts[name][1] += 1
    return counts


def calibration(results: Iterable[tuple[dict, list[Got]]]) -> list[tuple[str, int, int]]:
    """(confidence from–to, right, read) in bands."""
    edges = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.001)
    told = [one for row, got in results for one in compare(row, got)[0]]
    bands = []
    for low, high in zip(edges, edges[1:]):
        inside = [right for figure, right in told if low <= figure[4] < high]
        bands.append((f"{low:.2f}–{min(high, 1):.2f}", sum(inside), len(inside)))
    return bands


def show(results: list[tuple[dict, list[Got]]], errors: bool = False) -> None:
    """Print the table."""
    for name, (found, missed, invented) in tally(results).items():
        precision, recall = wilson(found, found + invented), wilson(found, found + missed)
        print(
            f"{name:10} precision {precision} recall {recall} found {found} missed {missed} invented {invented}"
        )
    for band, right, read_in in calibration(results):
        print(f"confidence {band}: {right} of {read_in} right")
    for row, got in results if errors else ():
        told, missed = compare(row, got)
        wrong = [figure for figure, right in told if not right]
        if wrong or missed:
            print(
                row["id"],
                row["text"],
                *(f"\n    missed {m}" for m in missed),
                *(f"\n    invented {g}" for g in wrong),
            )


def main() -> None:
    """Cross-validate and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--least", type=float, default=LEAST)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    train = training()
    results = []
    for known, held in folds(train.load(), options.folds):
        model = train.fit(*train.examples(known))
        results += [(row, read(row, model, options.least)) for row in held]
    show(results, options.errors)


if __name__ == "__main__":
    main()
