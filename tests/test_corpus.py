"""Folders of reports: which files, which ids, what a manifest changes, and that no file stops the others."""

from __future__ import annotations

import pandas as pd
import pytest

import govdisclosure as gd
from tests.decode.tables import page


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "qinghe-2022.html").write_text(page(), "utf-8")
    (tmp_path / "qinghe-2023.html").write_text(page(year=2023), "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / ".hidden.html").write_text(page(), "utf-8")
    return tmp_path


def test_a_folder_a_file_and_a_glob_give_the_same(folder):
    whole = gd.read_corpus(folder)
    assert whole.reports["report_id"].tolist() == ["qinghe-2023", "qinghe-2022"] and whole.failures[
        "kind"
    ].tolist() == ["unreadable_file"]
    assert gd.read_corpus(f"{folder}/**/*.html").reports["report_id"].tolist() == [
        "qinghe-2022",
        "qinghe-2023",
    ]
    assert len(gd.read_corpus([folder / "qinghe-2023.html", folder / "a"])) == 2


def test_same_stems_get_ids_of_their_own(folder):
    (folder / "a" / "qinghe-2023.html").write_text(page(year=2021), "utf-8")
    ids = gd.read_corpus(folder).reports["report_id"].tolist()
    assert len(set(ids)) == 3 and "qinghe-2022" in ids and "a/qinghe-2023.html" in ids


def test_a_manifest_beside_the_files_adds_and_overrides(folder):
    (folder / "manifest.csv").write_text(
        "path,agency,year,url,report_id\nqinghe-2023.html,青河县水利局,2021,http://example.org/1,q\n",
        "utf-8-sig",
    )
    reports = gd.read_corpus(folder).reports.set_index("report_id")
    assert reports.loc["q", ["agency", "year", "url", "agency_origin"]].tolist() == [
        "青河县水利局",
        2021,
        "http://example.org/1",
        "manifest",
    ]
    assert reports.loc["qinghe-2022", "agency"] == "青河县水务局"
    contradicted = (
        gd.read_corpus(folder).findings.query("report_id == 'q'")["rule"].astype("string")
    )
    assert contradicted.str.contains("contradicts").any()


def test_a_manifest_may_be_a_frame_and_goes_by_id(folder):
    manifest = pd.DataFrame(
        {"report_id": ["qinghe-2022"], "level": ["county department"], "year": [None]}
    )
    reports = gd.read_corpus(folder, manifest=manifest).reports.set_index("report_id")
    assert (
        reports.loc["qinghe-2022", "level"] == "county department"
        and reports.loc["qinghe-2022", "year"] == 2022
    )


@pytest.mark.parametrize("text", ["name,value\nx,1\n", b"\xff\xfe\x00bad"])
def test_a_manifest_that_is_none_says_so(folder, text):
    (folder / "m.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(gd.DisclosureError, match=r"m\.csv: expected"):
        gd.read_corpus(folder, manifest=folder / "m.csv")


def test_a_source_that_is_not_there_says_so(tmp_path):
    with pytest.raises(gd.DisclosureError, match="Check the path"):
        gd.read_corpus(tmp_path / "nothing")


def test_a_folder_without_reports_is_an_empty_corpus(tmp_path):
    assert len(gd.read_corpus(tmp_path)) == 0


def test_a_report_and_the_corpus_say_the_same(folder):
    one = gd.read_report(folder / "qinghe-2023.html")
    corpus = gd.read_corpus(folder / "qinghe-2023.html")
    assert one.cells["value"].tolist() == corpus.cells["value"].tolist()
    assert (one.agency, one.year, one.origin("agency")) == ("青河县水务局", 2023, "title")


def test_across_years_what_was_carried_forward_must_be_carried_over(folder):
    from tests.decode.tables import requests_rows, row

    rows = requests_rows()
    rows[4] = row("二、上年结转政府信息公开申请数量", *["3", "0", "0", "0", "0", "0", "3"])
    (folder / "qinghe-2023.html").write_text(page(requests=rows, year=2023), "utf-8")
    found = gd.read_corpus(folder).findings.query("kind == 'cross_year'")
    assert {"3", "0"} <= {f"{v:g}" for v in [*found["expected"], *found["actual"]]} and len(found)
