"""The tidy tables of data/reports and data/figures, as Parquet and CSV: `make tidy`, or `python data/build_tidy.py`.

Writes data/tidy/parquet (open it with `gd.load`) and data/tidy/csv, each with a Frictionless datapackage.json.
"""

from __future__ import annotations

import os
from pathlib import Path

import govdisclosure as gd

HERE = Path(__file__).resolve().parent
TABLES = ("statutory", "narrative", "new_media")


def main() -> None:
    """Read both with data/manifest.csv and write both formats; paths in the tables are relative to the repository.

    Figures known from copies alone are here too: `reports.media_type` ends in `origin=copy`.
    """
    os.chdir(HERE.parent)
    sources = ["data/reports", *(f"data/figures/{name}.csv" for name in TABLES)]
    corpus = gd.read_corpus(sources, manifest="data/manifest.csv", progress=False)
    corpus.save("data/tidy/parquet")
    corpus.to_csv("data/tidy/csv")
    print(f"data/tidy: {corpus!r}")


if __name__ == "__main__":
    main()
