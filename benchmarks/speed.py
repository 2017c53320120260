"""What reading costs beside `pandas.read_html` alone and beside PDFium's bare text, side by side in one run.

    python benchmarks/speed.py [FILE…]           the HTML and PDF reports of data/reports, and FILEs
    python benchmarks/speed.py --write [FILE…]   also writes results/speed.md

CPU time, least of many rounds, all contenders in turn in each round, so that what else the machine does hits all alike.
Above 1 in "read_html ÷ …" the library is the faster of the two.
"""

from __future__ import annotations

import argparse
import io
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402
import pypdfium2  # noqa: E402

from govdisclosure.checks import check_record  # noqa: E402
from govdisclosure.decode import decode_document  # noqa: E402
from govdisclosure.model import Source  # noqa: E402
from govdisclosure.pipeline import read_record  # noqa: E402
from govdisclosure.readers import read  # noqa: E402
from govdisclosure.readers.pdf import read_pdf  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "speed.md"
ROUNDS = 25


def least(contenders: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Least CPU milliseconds of each contender."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(rounds):
        for name, call in contenders.items():
            began = time.process_time()
            call()
            best[name] = min(best[name], (time.process_time() - began) * 1000)
    return best


def library(data: bytes, name: str) -> dict[str, Callable[[], object]]:
    """The library's two ways: cells with their findings, and with the prose figures too."""
    return {
        "cells": lambda: check_record(decode_document(read(data, Source(name)))),
        "all": lambda: read_record(name, data=data),
    }


def html_row(path: Path) -> dict[str, object]:
    """A page against `pandas.read_html`."""
    data = path.read_bytes()
    best = least(library(data, "x.html") | {"read_html": lambda: pd.read_html(io.BytesIO(data))})
    return {
        "page": path.name,
        "KB": round(len(data) / 1000),
        "read_html ÷ cells and findings": round(best["read_html"] / best["cells"], 2),
        "read_html ÷ with prose figures": round(best["read_html"] / best["all"], 2),
        **{f"{name}, ms": round(ms, 2) for name, ms in best.items()},
    }


def bare_text(data: bytes) -> list[str]:
    """All text of a PDF, as PDFium gives it."""
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]


def pdf_row(path: Path) -> dict[str, object]:
    """A PDF against its bare text."""
    data = path.read_bytes()
    ways = {
        "read_pdf": lambda: read_pdf(data, Source("x.pdf")),
        "bare text": lambda: bare_text(data),
    }
    best = least(library(data, "x.pdf") | ways, 8)
    return {
        "file": path.name,
        "KB": round(len(data) / 1000),
        "read_pdf ÷ bare text": round(best["read_pdf"] / best["bare text"], 2),
        "cells and findings ÷ bare text": round(best["cells"] / best["bare text"], 2),
        "with prose figures ÷ bare text": round(best["all"] / best["bare text"], 2),
        **{f"{name}, ms": round(ms, 2) for name, ms in best.items()},
    }


def table(rows: list[dict]) -> str:
    """Rows as a Markdown table."""
    head = "| " + " | ".join(rows[0]) + " |\n|---|" + "---:|" * (len(rows[0]) - 1)
    return "\n".join([head, *("| " + " | ".join(map(str, row.values())) + " |" for row in rows)])


def main() -> None:
    """Measure, print, and write where asked."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("files", type=Path, nargs="*")
    options.add_argument("--write", action="store_true", help="write results/speed.md")
    given = options.parse_args()
    files = [*sorted((ROOT / "data" / "reports").iterdir()), *given.files]
    pages = sorted((f for f in files if f.suffix == ".html"), key=lambda f: -f.stat().st_size)
    text = "\n\n".join(
        [
            "# One core",
            table([html_row(path) for path in pages]),
            table([pdf_row(path) for path in files if path.suffix == ".pdf"]),
            f"Python {platform.python_version()}, pandas {pd.__version__}, {ROUNDS} rounds.",
        ]
    )
    print(text)
    if given.write:
        RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
