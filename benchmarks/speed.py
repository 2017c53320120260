"""Bytes → Record against the bare parse and pandas.read_html, side by side in one run, ratios first.

    python benchmarks/speed.py [FILE…]           the HTML reports of data/reports, and FILEs
    python benchmarks/speed.py --write [FILE…]   also writes results/speed.{md,csv,png}

CPU time, least of many rounds, all contenders in turn in each round, so that what else the machine does hits all alike.
The same bytes are read again and again, as pages of one site share their tags and tables. "New shapes" is the same page
where none of its tables was seen before (see `govdisclosure.shapes`): what the first page of a site costs.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lxml.etree  # noqa: E402
import lxml.html  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.scale import machine  # noqa: E402
from govdisclosure import shapes  # noqa: E402
from govdisclosure.pipeline import read_record  # noqa: E402
from tests.writers.figures import sample  # noqa: E402
from tests.writers.layouts import write as write_report  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
ROUNDS = 40
BARE, CELLS, ALL, NEW, GRIDS = (
    "lxml, bare parse",
    "cells",
    "cells, prose, findings",
    "cells, new shapes",
    "pandas.read_html, grids",
)
RATIOS = {
    "cells ÷ bare parse": (CELLS, BARE, 2),
    "with prose and findings ÷ bare parse": (ALL, BARE, 3),
    "read_html ÷ cells": (GRIDS, CELLS, 3),
    "cells of new shapes ÷ bare parse": (NEW, BARE, None),
}
FORMATS = {
    "html_cms_word": "HTML, a content system with Word's markup",
    "html_bare": "HTML, bare",
    "docx": "DOCX",
    "markdown": "Markdown",
    "dump_rows_barred": "text dump, cells set off by bars",
    "dump_lines_plain": "text dump, a cell a line",
    "dump_tabs": "text dump, tabs",
}


def contenders(data: bytes) -> dict[str, Callable[[], object]]:
    """Name → what is timed."""
    return {
        BARE: lambda: lxml.html.document_fromstring(data),
        CELLS: lambda: read_record("x.html", data=data, prose=False, checks=False),
        ALL: lambda: read_record("x.html", data=data),
        NEW: lambda: read_record("x.html", data=data, prose=False, checks=False),
        GRIDS: lambda: pd.read_html(io.BytesIO(data)),
    }


def measure(timed: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Least CPU milliseconds of each contender."""
    best = dict.fromkeys(timed, float("inf"))
    for _ in range(rounds):
        for name, call in timed.items():
            if name == NEW:
                shapes._SHAPES.clear()
            else:
                call()  # warm, also after `NEW`: what is kept of a table is made from the second of its shape
                call()
            began = time.process_time()
            call()
            best[name] = min(best[name], (time.process_time() - began) * 1000)
    return best


def pages(paths: list[Path]) -> list[dict]:
    """A row of ratios and milliseconds for each page, the heaviest first."""
    rows = []
    for path in sorted(paths, key=lambda p: -p.stat().st_size):
        best = measure(contenders(path.read_bytes()))
        name = (
            path.name
            if path.resolve().is_relative_to(ROOT)
            else f"{path.name}, the original (not in the repository)"
        )
        ratios = {
            ratio: round(best[over] / best[under], 1) for ratio, (over, under, _) in RATIOS.items()
        }
        rows.append(
            {
                "page": name,
                "KB": round(path.stat().st_size / 1000),
                **ratios,
                **{f"{k}, ms": round(v, 2) for k, v in best.items()},
            }
        )
    return rows


def formats() -> list[dict]:
    """The same figures in every format: CPU time against that of the bare HTML page."""
    drawn = sample(Random(1))
    files = {name: write_report(drawn, name, Random(1))[0] for name in FORMATS}
    best = measure(
        {
            name: lambda d=data, n=name: read_record(n, data=d, prose=False, checks=False)
            for name, data in files.items()
        }
    )
    package = files["docx"]
    bare = measure(
        {
            "docx": lambda: [
                lxml.etree.fromstring(zipfile.ZipFile(io.BytesIO(package)).read(f"word/{part}.xml"))
                for part in ("document", "styles")
            ]
        }
    )
    return [
        {
            "format": FORMATS[name],
            "÷ bare HTML": round(ms / best["html_bare"], 1),
            "ms": round(ms, 2),
            "KB": round(len(files[name]) / 1000),
            "÷ bare parse of its XML": round(ms / bare[name], 1) if name in bare else "",
        }
        for name, ms in best.items()
    ]


def table(rows: list[dict]) -> str:
    """Rows as a Markdown table."""
    head = list(rows[0])
    return "\n".join(
        [
            "| " + " | ".join(head) + " |",
            "|---|" + "---:|" * (len(head) - 1),
            *("| " + " | ".join(str(row[h]) for h in head) + " |" for row in rows),
        ]
    )


def draw(rows: list[dict], path: Path) -> None:
    """The three ratios of each page, with what was aimed at."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.4, 1.2 + 0.42 * len(rows)), layout="constrained")
    wanted = {ratio: aim for ratio, (_, _, aim) in RATIOS.items() if aim}
    names = [f"{row['page'].split(',')[0]}, {row['KB']} KB" for row in rows]
    met = sum(
        row[r] >= aim if r.startswith("read_html") else row[r] <= aim
        for row in rows
        for r, aim in wanted.items()
    )
    figure.suptitle(
        f"{met} of {len(rows) * len(wanted)} aims are met: the bare parse grows with a page's markup, our work with its cells and prose\n"
        f"CPU time, least of {ROUNDS} rounds, 1 core; blue: met, orange: not met",
        fontsize=9,
    )
    for panel, (ratio, aim) in zip(figure.subplots(1, 3, sharey=True), wanted.items()):
        good = [
            row[ratio] >= aim if ratio.startswith("read_html") else row[ratio] <= aim
            for row in rows
        ]
        bars = panel.barh(
            range(len(rows)),
            [row[ratio] for row in rows],
            color=["#0072B2" if g else "#D55E00" for g in good],
        )
        panel.bar_label(
            bars,
            padding=2,
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
        panel.axvline(aim, color="#6b6b6b", linestyle=":")
        panel.set_title(
            f"{ratio}\n(aim: at {'least' if ratio.startswith('read_html') else 'most'} {aim})",
            fontsize=9,
        )
        panel.set(
            yticks=range(len(rows)),
            yticklabels=names,
            xlim=(0, 1.2 * max(aim, *(row[ratio] for row in rows))),
        )
        panel.invert_yaxis() if not panel.yaxis_inverted() else None
        panel.tick_params(labelsize=8)
    figure.savefig(path, dpi=130, metadata={"Software": None})


def write(rows: list[dict], others: list[dict], out: Path) -> None:
    """Table as CSV and Markdown, and the plot."""
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "speed.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    how = " ".join(__doc__.split("\n\n")[-1].split())
    (out / "speed.md").write_text(
        f"# One core: bytes → cells, prose figures, findings\n\n{table(rows)}\n\nAims: at most 2, at most 3, at least 3. {how}\n"
        f"\n## The same figures in every format\n\n{table(others)}\n\nMeasured {machine()}, by `python benchmarks/speed.py --write`, {ROUNDS} rounds.\n",
        encoding="utf-8",
    )
    draw(rows, out / "speed.png")


def main() -> None:
    """Measure, print, and write where asked."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("files", type=Path, nargs="*")
    options.add_argument("--write", action="store_true", help="write results/speed.{md,csv,png}")
    given = options.parse_args()
    rows, others = (
        pages([*sorted((ROOT / "data" / "reports").glob("*.html")), *given.files]),
        formats(),
    )
    print(table(rows), "", table(others), sep="\n")
    if given.write:
        write(rows, others, RESULTS)


if __name__ == "__main__":
    main()
