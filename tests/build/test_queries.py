"""A data set of `build` as others meet it: notebooks, DuckDB and Polars see what `gd.load` sees."""

from __future__ import annotations

import pytest

import govdisclosure as gd
from govdisclosure import cli

from .pages import reports


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = reports(tmp_path_factory.mktemp("reports"), 150)
    out = tmp_path_factory.mktemp("built")
    gd.build(folder, out, jobs=1, progress=False)
    return out


def test_one_year_reads_the_parts_of_that_year_alone(built, tmp_path):
    import shutil

    shutil.copytree(built, tmp_path / "copy")
    for part in (tmp_path / "copy").rglob("*.parquet"):
        if "cells/year=2021" not in part.as_posix():
            part.write_bytes(b"damaged")
    cells = gd.load(
        tmp_path / "copy", years=2021, tables="cells", columns=["report_id", "row", "value"]
    ).cells
    assert cells["report_id"].nunique() == 15 and list(cells.columns) == [
        "report_id",
        "row",
        "value",
    ]


def test_duckdb_and_polars_see_the_same(built):
    duckdb = pytest.importorskip(
        "duckdb", reason="DuckDB is not installed: that it opens the data set is not tested here"
    )
    polars = pytest.importorskip(
        "polars", reason="Polars is not installed: that it opens the data set is not tested here"
    )
    cells = gd.load(built).cells
    mine = cells[cells["row"] == "received"].groupby("year", observed=True)["value"].sum().to_dict()
    query = f"select year, sum(value) from read_parquet('{built}/cells/**/*.parquet', hive_partitioning=true) where \"row\" = 'received' group by year"
    assert {int(y): v for y, v in duckdb.sql(query).fetchall()} == mine
    frame = polars.scan_parquet(built / "cells", hive_partitioning=True).filter(
        polars.col("row") == "received"
    )
    assert dict(frame.group_by("year").agg(polars.col("value").sum()).collect().iter_rows()) == mine


def test_notebooks_run_on_a_data_set(built, tmp_path, capsys):
    pytest.importorskip(
        "nbclient",
        reason="the extra notebooks is not installed: notebooks on a data set are not tested here",
    )
    assert (
        cli.main(
            [
                "notebooks",
                "--reports",
                str(built),
                "--out",
                str(tmp_path),
                "--only",
                "10",
                "--years",
                "2021",
                "2022",
            ]
        )
        == 0
    )
    assert "1 of 1 notebooks" in capsys.readouterr().out and (tmp_path / "index.html").is_file()
