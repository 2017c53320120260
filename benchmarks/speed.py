"""Bytes → Record against the bare parse and pandas.read_html, side by side in one run, ratios first.

    python benchmarks/speed.py [FILE…]      default: the HTML reports of data/reports

CPU time, least of many rounds, all contenders in turn in each round, so that what else the machine does hits all alike.
The same bytes are read again and again, as pages of one site share their tags and tables; "tables of new shapes" is the same page where no
table was seen before (see `govdisclosure.shapes`), which is what the first page of a site costs.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lxml.html  # noqa: E402
import pandas as pd  # noqa: E402

from govdisclosure import shapes  # noqa: E402
from govdisclosure.pipeline import read_record  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 40
NEW = "tables of new shapes"


def contenders(data: bytes) -> dict[str, Callable[[], object]]:
    """Name → what is timed."""
    return {
        "lxml, bare parse": lambda: lxml.html.document_fromstring(data),
        "cells": lambda: read_record("x.html", data=data, prose=False, checks=False),
        "cells, prose, findings": lambda: read_record("x.html", data=data),
        NEW: lambda: read_record("x.html", data=data, prose=False, checks=False),
        "pandas.read_html, grids": lambda: pd.read_html(io.BytesIO(data)),
    }


def measure(data: bytes, rounds: int = ROUNDS) -> dict[str, float]:
    """Least CPU milliseconds of each contender."""
    timed = contenders(data)
    best = dict.fromkeys(timed, float("inf"))
    for _ in range(rounds):
        for name, call in timed.items():
            if name == NEW:
                shapes._SHAPES.clear()
            else:
                call()  # warm, also after `NEW`: a plan is made from the second table of its shape
                call()
            began = time.process_time()
            call()
            best[name] = min(best[name], (time.process_time() - began) * 1000)
    return best


def main(arguments: list[str]) -> None:
    """Print one line a file."""
    paths = [Path(a) for a in arguments] or sorted((ROOT / "data" / "reports").glob("*.html"))
    print("| file | KB | cells ÷ bare parse | with prose and findings ÷ bare parse | read_html ÷ cells | cells of new shapes ÷ bare parse "
          "| bare parse ms | cells ms | all ms | read_html ms |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for path in paths:
        bare, cells, everything, new, grids = measure(path.read_bytes()).values()
        ratios = f"{cells / bare:.1f} | {everything / bare:.1f} | {grids / cells:.1f} | {new / bare:.1f}"
        print(f"| {path.name} | {path.stat().st_size / 1000:.0f} | {ratios} | {bare:.2f} | {cells:.2f} | {everything:.2f} | {grids:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
