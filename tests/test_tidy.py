"""The committed tidy tables are what the reports give today, in both formats; their descriptions fit them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

import govdisclosure as gd
from govdisclosure.schema import FRAMES

ROOT = Path(__file__).resolve().parent.parent
TIDY = ROOT / "data" / "tidy"


@pytest.fixture(scope="module")
def corpus(module_root):
    tables = [f"data/figures/{name}.csv" for name in ("statutory", "narrative", "new_media")]
    return gd.read_corpus(["data/reports", *tables], manifest="data/manifest.csv")


@pytest.fixture(scope="module")
def module_root():
    patch = pytest.MonkeyPatch()
    patch.chdir(ROOT)
    yield
    patch.undo()


@pytest.mark.parametrize("name", [n for n in FRAMES if n != "findings"])
def test_parquet_is_what_the_reports_give(corpus, name):
    pd.testing.assert_frame_equal(
        getattr(gd.load(TIDY / "parquet"), name), getattr(corpus, name), check_categorical=False
    )


@pytest.mark.parametrize("name", FRAMES)
def test_csv_is_what_the_reports_give(corpus, name):
    with open(TIDY / "csv" / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [f.name for f in FRAMES[name]]
    assert len(rows) - 1 == len(getattr(corpus, name)), "run: make tidy"


def test_every_value_of_the_csv_is_the_value_of_the_frame(corpus):
    frame = pd.read_csv(
        TIDY / "csv" / "cells.csv",
        dtype={"text": "string"},
        keep_default_na=False,
        na_values={"value": [""]},
    )
    assert (
        frame["value"].astype("Float64").fillna(-1).tolist()
        == corpus.cells["value"].fillna(-1).tolist()
    )
    assert frame["status"].tolist() == corpus.cells["status"].tolist()


@pytest.mark.parametrize("folder", ["parquet", "csv"])
def test_the_data_package_names_every_file_and_column(folder):
    package = json.loads((TIDY / folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
        assert all((TIDY / folder / p).is_file() for p in paths)
        assert [f["name"] for f in resource["schema"]["fields"]] == [
            f.name for f in FRAMES[resource["name"]]
        ]
