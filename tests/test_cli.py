"""The command line as its users meet it: what it prints, where, and the exit status."""

from __future__ import annotations

import json
import re

import pytest

from govdisclosure import cli
from govdisclosure.show import report_html
from tests.decode.tables import dispute_rows, page, parsed


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.html").write_text(page(), "utf-8")
    (tmp_path / "broken.html").write_text(
        page(disputes=dispute_rows("10 1 0 0 0 0 0 0 0 0 0 0 0 0 0")), "utf-8"
    )
    (tmp_path / "none.txt").write_bytes(b"")
    return tmp_path


def run(capsys, *arguments) -> tuple[int, str, str]:
    status = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_show_prints_the_tables_and_marks_what_is_doubtful(capsys, folder):
    status, out, _ = run(capsys, "show", folder / "broken.html")
    assert (
        status == 0
        and "一、本年新收政府信息公开申请数量" in out
        and "10!" in out
        and "青河县水务局  2022" in out
    )


def test_show_prints_the_report_of_a_table_of_figures(capsys, tmp_path):
    head, row = (
        "agency,year,table,row,column,value",
        "甲县人民政府,{},proactive,licensing,decisions,37",
    )
    one, several = tmp_path / "one.csv", tmp_path / "several.csv"
    one.write_text(f"{head}\n{row.format(2021)}\n", encoding="utf-8")
    several.write_text("\n".join([head, row.format(2021), row.format(2022)]), encoding="utf-8")
    status, out, _ = run(capsys, "show", one)
    assert status == 0 and "甲县人民政府" in out and re.search("行政许可 +37\n", out)
    status, _, err = run(capsys, "show", several)
    assert status == 2 and "read_corpus" in err


def test_show_of_a_file_that_is_no_report_says_why(capsys, folder):
    status, out, err = run(capsys, "show", folder / "none.txt")
    assert (status, out) == (2, "") and "none.txt: expected" in err and "Traceback" not in err


def test_check_exits_with_one_where_a_sum_does_not_hold(capsys, folder):
    status, out, _ = run(capsys, "check", folder / "broken.html", "--format", "json")
    found = json.loads(out)
    assert status == 1 and [f["rule"] for f in found if f["severity"] == "error"] == [
        "disputes.total"
    ]
    assert run(capsys, "check", folder / "good.html")[0] == 0


def test_check_of_a_folder_loses_no_good_file(capsys, folder):
    status, out, err = run(capsys, "check", folder)
    assert status == 1 and "broken" in out and "none.txt" in err


def test_build_writes_tables_and_says_what_failed(capsys, folder, tmp_path):
    status, out, err = run(
        capsys, "build", folder, "--out", tmp_path / "out", "--jobs", "1", "--csv"
    )
    assert (
        status == 1
        and "2 reports" in out
        and "1 file that could not be read" in out
        and "failures" in err
    )
    assert (tmp_path / "out" / "csv" / "cells.csv").is_file()


def test_codebook_is_csv_when_asked(capsys):
    status, out, _ = run(capsys, "codebook", "--format", "csv")
    assert status == 0 and out.startswith("kind,form,table,code,zh,en")


@pytest.mark.parametrize("verb", ["build", "check", "show", "codebook", "notebooks"])
def test_help_has_an_example(capsys, verb):
    with pytest.raises(SystemExit) as stop:
        cli.main([verb, "--help"])
    assert stop.value.code == 0 and "example:" in capsys.readouterr().out


def test_a_missing_source_is_an_error_of_one_line(capsys, tmp_path):
    status, _, err = run(capsys, "check", tmp_path / "nothing-here")
    assert status == 2 and err.count("\n") == 1 and "Check the path" in err


def test_the_notebook_view_has_every_cell_and_its_reason():
    record = parsed(page(disputes=dispute_rows("10 1 0 0 0 0 0 0 0 0 0 0 0 0 0")))
    from dataclasses import replace

    from govdisclosure.checks import check_record

    shown = report_html(replace(record, findings=check_record(record)))
    assert shown.count('title="') == 200 and "gd-error" in shown and "disputes.total" in shown
