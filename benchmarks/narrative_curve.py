"""What labelling buys: precision and recall of the prose figures against the number of labelled documents.

    python benchmarks/narrative_curve.py [--folds 3] [--shares 0.1 0.25 0.5 1]

For each share of the training documents (every n-th, so that all parts are in it) a tagger is trained and reads paragraphs it has
not seen. Writes ``results/narrative_curve.csv`` and ``.md``.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
COLUMNS = ("documents", "figures", "precision", "recall", "found", "missed", "invented")


def scorer():
    """The scorer of the tests."""
    path = HERE.parent / "tests" / "narrative" / "score.py"
    spec = importlib.util.spec_from_file_location("narrative_score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def thinned(rows: list[dict], share: float) -> list[dict]:
    """An even choice of the documents."""
    return (
        [row for i, row in enumerate(rows) if int(i * share) != int((i - 1) * share)]
        if share < 1
        else rows
    )


def measure(score, share: float, folds: int) -> dict:
    """One row of the table."""
    train = score.training()
    results, documents, figures = [], 0, 0
    for known, held in score.folds(train.load(), folds):
        chosen = thinned(known, share)
        model = train.fit(*train.examples(chosen))
        results += [(row, score.read(row, model)) for row in held]
        documents += len({row["document"] for row in chosen})
        figures += sum(len(row["figures"]) for row in chosen)
    found, missed, invented = score.tally(results)["all"]
    precision, recall = score.wilson(found, found + invented), score.wilson(found, found + missed)
    return dict(
        zip(
            COLUMNS,
            (documents // folds, figures // folds, precision, recall, found, missed, invented),
        )
    )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.1, 0.25, 0.5, 1.0])
    options = parser.parse_args()
    score = scorer()
    rows = []
    for share in options.shares:
        rows.append(measure(score, share, options.folds))
        print(rows[-1], flush=True)
    with (RESULTS / "narrative_curve.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(str(row[name]) for name in COLUMNS) + " |" for row in rows]
    (RESULTS / "narrative_curve.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
