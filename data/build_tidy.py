"""The tidy tables of data/reports, as Parquet and CSV: `make tidy`, or `python data/build_tidy.py`.

Writes data/tidy/parquet (open it with `gd.load`) and data/tidy/csv, each with a Frictionless datapackage.json.
"""

from __future__ import annotations

import os
from pathlib import Path

import govdisclosure as gd

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Read data/reports with data/manifest.csv and write both formats; paths in the tables are relative to the repository."""
    os.chdir(HERE.parent)
    corpus = gd.read_corpus("data/reports", manifest="data/manifest.csv", progress=False)
    corpus.save("data/tidy/parquet")
    corpus.to_csv("data/tidy/csv")
    print(f"data/tidy: {corpus!r}")


if __name__ == "__main__":
    main()
