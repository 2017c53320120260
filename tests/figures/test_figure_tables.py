"""A CSV, Parquet or Excel table with a row per figure reads as records with those cells alone; nothing is lost in silence."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import govdisclosure as gd

SHARED = Path(__file__).parents[3] / "shared" / "figures"
CELLS = (
    "report_key,agency,level,division_code,year,form,table,row,column,text,value,unit,origin,url"
)
LEAD = "k1,甲乙县丙丁局,county_department,530101,2021,2021"


def read_corpus(tmp_path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> gd.Corpus:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return gd.read_corpus(path, progress=False)


def cell(corpus: gd.Corpus, row: str, column: str):
    found = corpus.cells.query("row == @row and column == @column")
    assert len(found) == 1
    return found.iloc[0]


def rows(*lines: str) -> str:
    return "\n".join([CELLS, *(f"{LEAD},{line}" for line in lines)]) + "\n"


def test_cells_as_given_and_no_others(tmp_path):
    corpus = read_corpus(
        tmp_path,
        rows(
            "proactive,rules,issued,0,0,件,official,http://a.gov.cn/1",
            "proactive,rules,repealed,,,件,official,http://a.gov.cn/1",
            "proactive,rules,in_force,/,,件,official,http://a.gov.cn/1",
            'proactive,licensing,decisions,"1,113",1113,件,official,http://a.gov.cn/1',
            "proactive,penalties,decisions,本年未处罚,,件,official,http://a.gov.cn/1",
            "proactive,fees,amount,84565元,84565,元,official,http://a.gov.cn/1",
        ),
    )
    assert len(corpus.cells) == 6 and len(corpus.failures) == 0
    statuses = dict(
        zip(
            corpus.cells["row"].astype(str) + "." + corpus.cells["column"].astype(str),
            corpus.cells["status"],
        )
    )
    assert statuses == {
        "rules.issued": "reported",
        "rules.repealed": "blank",
        "rules.in_force": "not_applicable",
        "licensing.decisions": "reported",
        "penalties.decisions": "unreadable",
        "fees.amount": "reported",
    }
    assert cell(corpus, "licensing", "decisions")["value"] == 1113
    fees = cell(corpus, "fees", "amount")
    assert (fees["value"], fees["unit"], fees["text"]) == (8.4565, "万元", "84565元")
    assert set(corpus.cells["where"]) == {"http://a.gov.cn/1"}
    report = corpus.reports.iloc[0]
    assert report["report_id"] == "table/k1" and report["form"] == "2021"
    assert (report["agency"], report["year"], report["level"]) == (
        "甲乙县丙丁局",
        2021,
        "county department",
    )
    assert report["cells_absent"] == 0 and report["media_type"] == "text/csv; origin=official"
    assert report["path"].endswith("table.csv, lines 2-7")
    assert not corpus.findings["rule"].str.startswith("form.").any()


def test_copy_has_no_address_and_says_where(tmp_path):
    corpus = read_corpus(tmp_path, rows("proactive,rules,issued,3,3,件,copy,"))
    assert cell(corpus, "rules", "issued")["where"] == "table.csv, line 2"
    assert corpus.reports["media_type"].item() == "text/csv; origin=copy"
    assert pd.isna(corpus.reports["url"].item())


@pytest.mark.parametrize(
    "text, value", [("12", "13"), ("", "3"), ("/", "3"), ("约3", "3"), ("3万元", "3")]
)
def test_text_against_value_is_unreadable_and_said(tmp_path, text, value):
    corpus = read_corpus(tmp_path, rows(f"proactive,rules,issued,{text},{value},件,official,"))
    assert cell(corpus, "rules", "issued")["status"] == "unreadable"
    assert "table.contradiction" in set(corpus.findings["rule"])


@pytest.mark.parametrize(
    "text, value, unit, read",
    [
        ("52.15万元", "521500", "元", 521500),
        ("52.15万元", "52.15", "元", None),
        ("52.15万元", "52.15", "万元", 521500),
        ("52.15万元", "", "元", 521500),
        ("52.15", "52.15", "", 52.15),
    ],
)
def test_amounts_and_their_units(tmp_path, text, value, unit, read):
    line = f"proactive,procurement,amount,{text},{value},{unit},official,"
    corpus = read_corpus(tmp_path, rows(line).replace(",2021,2021,p", ",2020,2019,p"))
    found = cell(corpus, "procurement", "amount")
    assert (None if pd.isna(found["value"]) else found["value"]) == read


def test_amounts_whose_header_says_wan(tmp_path):
    corpus = read_corpus(
        tmp_path,
        rows("proactive,procurement,amount,477.35,4773500,元,official,").replace(
            ",2021,2021,p", ",2020,2019,p"
        ),
    )
    found = cell(corpus, "procurement", "amount")
    assert (found["value"], found["unit"]) == (4773500, "元")


def test_doubled_rows(tmp_path):
    corpus = read_corpus(
        tmp_path,
        rows(
            "proactive,rules,issued,3,3,件,official,",
            "proactive,rules,issued,3,3,件,official,",
            "proactive,rules,in_force,3,3,件,official,",
            "proactive,rules,in_force,4,4,件,official,",
        ),
    )
    assert cell(corpus, "rules", "issued")["value"] == 3
    assert cell(corpus, "rules", "in_force")["status"] == "unreadable"
    assert (corpus.findings["rule"] == "table.doubled_row").sum() == 2


def test_unknown_codes_are_unplaced_and_said(tmp_path):
    corpus = read_corpus(
        tmp_path,
        rows(
            "proactive,rulez,issued,3,3,件,official,",
            "proactive,rules,made,4,4,件,official,",
            "proaktiv,rules,issued,5,5,件,official,",
        ),
    )
    assert len(corpus.cells) == 0
    assert list(corpus.unplaced["reason"]) == ["extra_row", "extra_column", "other_table"]
    assert list(corpus.unplaced["value"]) == [3, 4, 5]
    assert (corpus.findings["rule"] == "table.unknown_code").sum() == 3


def test_rows_of_no_report_are_failures(tmp_path):
    text = rows("proactive,rules,issued,3,3,件,official,", "proactive,rules,in_force,4,4")
    text += f"{LEAD.replace('甲乙县丙丁局', '')},proactive,rules,repealed,1,1,件,official,\n"
    text += (
        f"{LEAD.replace(',2021,2021', ',20x1,2021')},proactive,rules,repealed,1,1,件,official,\n"
    )
    text += "\n"
    corpus = read_corpus(tmp_path, text)
    assert len(corpus.cells) == 1
    assert list(corpus.failures["kind"]) == ["table_row"] * 3
    assert [path.rsplit(", ", 1)[1] for path in corpus.failures["path"]] == [
        "line 3",
        "line 4",
        "line 5",
    ]
    assert "11 values where the header has 14" in corpus.failures["message"][0]


def test_a_key_for_two_agencies_is_no_report(tmp_path):
    text = rows("proactive,rules,issued,3,3,件,official,")
    text += f"{LEAD.replace('丙丁局', '戊己局')},proactive,rules,issued,1,1,件,official,\n"
    corpus = read_corpus(tmp_path, text)
    assert len(corpus) == 0 and list(corpus.failures["kind"]) == ["table_row"] * 2


def test_many_bad_rows_are_counted(tmp_path):
    corpus = read_corpus(tmp_path, CELLS + "\n" + "x\n" * 1000)
    assert len(corpus.failures) == 201 and "800 more rows" in corpus.failures["message"].iloc[-1]


def test_columns_that_are_not_read_are_said(tmp_path):
    corpus = read_corpus(
        tmp_path, "agency,year,indicator,value,uint\n甲县人民政府,2021,staff,3,人\n"
    )
    assert "uint" in corpus.findings.query("rule == 'table.columns_not_read'")["message"].item()
    assert corpus.narrative["unit"].item() == "人"


def test_narrative_figures(tmp_path):
    head = "agency,year,indicator,platform,value,unit,approximate,scope,origin,period"
    lines = (
        "甲县人民政府,2021,items_published,,3.5,万条,yes,whole territory,official,",
        "甲县人民政府,2021,items_published,wechat,12,条,no,own office; policy documents only,official,2020",
        "甲县人民政府,2021,items_published,weibo,13,条,no,county departments,copy,2021Q2",
        "甲县人民政府,2021,requests_received_change,,-66.6,%,no,unknown,official,",
        "甲县人民政府,2021,moon_landings,,many,次,no,,official,",
    )
    corpus = read_corpus(tmp_path, "\n".join((head, *lines)))
    found = corpus.narrative
    assert list(found["value"][:4]) == [35000, 12, 13, -66.6] and pd.isna(found["value"][4])
    assert list(found["unit"]) == ["条", "条", "条", "%", "次"]
    assert list(found["platform"]) == ["all", "wechat", "weibo", "all", "all"]
    assert list(found["period"]) == ["year", "previous_year", "2021Q2", "year", "year"]
    assert list(found["approximate"]) == [True, False, False, False, False]
    assert list(found["scope"].astype("string").fillna("")) == [
        "territory",
        "own_office",
        "part",
        "",
        "",
    ]
    assert found["indicator"][3] == "requests_growth"
    assert found["note"][0] == "origin: official; printed: 3.5 万条"
    assert found["note"][1] == "origin: official; counts: policy documents only"
    assert found["note"][2] == "origin: copy; counts: county departments"
    assert set(corpus.findings["rule"]) == {"table.unknown_code", "table.contradiction"}
    assert corpus.reports["media_type"].item() == "text/csv; origin=mixed"


def test_a_row_that_names_no_cell_is_said(tmp_path):
    corpus = read_corpus(
        tmp_path,
        rows("proactive,,issued,3,3,件,official,", "proactive,rules,issued,3,3,件,official,"),
    )
    assert len(corpus.cells) == 1 and "table.no_place" in set(corpus.findings["rule"])
    corpus = read_corpus(
        tmp_path, "agency,year,indicator,value,table\n甲县,2021,,3,requests\n甲县,2021,staff,3,\n"
    )
    assert len(corpus.narrative) == 1 and "table.no_place" in set(corpus.findings["rule"])


def test_several_addresses_stand_in_the_note(tmp_path):
    text = "agency,year,measure,platform,value,url\n甲县,2021,closed,wechat,2,http://a/1\n甲县,2021,failed,all,1,http://a/2\n"
    corpus = read_corpus(tmp_path, text)
    assert list(corpus.narrative["note"]) == ["where: http://a/1", "where: http://a/2"]
    assert list(corpus.narrative["indicator"]) == ["new_media_closed", "new_media_failed"]
    assert list(corpus.narrative["unit"]) == ["个", "个"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_as_spreadsheets_save_it(tmp_path, encoding, delimiter):
    text = (
        rows("proactive,rules,issued,3,3,件,official,")
        .replace(",", delimiter)
        .replace("\n", "\r\n")
    )
    assert cell(read_corpus(tmp_path, text, encoding=encoding), "rules", "issued")["value"] == 3


@pytest.mark.parametrize("year", ["2021", "2021.0", "2021年", "2021年度"])
def test_years_as_people_write_them(tmp_path, year):
    text = f"agency,year,indicator,value\n甲县,{year},staff,3\n"
    assert list(read_corpus(tmp_path, text).reports["year"]) == [2021]
    page = tmp_path / "page.md"
    page.write_text(
        "三、收到和处理政府信息公开申请情况\n| （一）予以公开 | 3 |\n", encoding="utf-8"
    )
    manifest = [{"path": str(page), "year": year}]
    corpus = gd.read_corpus(page, manifest=manifest, progress=False)
    assert list(corpus.reports["year"]) == [2021], corpus.failures["message"].tolist()


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_parquet_and_excel(tmp_path, ending):
    if ending == "xlsx":
        pytest.importorskip("openpyxl")
    frame = pd.DataFrame(
        {
            "agency": ["甲乙县丙丁局"] * 2,
            "year": [2021.0, 2021.0],
            "table": "requests",
            "row": "received",
            "column": ["natural_person", "total"],
            "value": [3.0, None],
        }
    )
    path = tmp_path / f"typed.{ending}"
    frame.to_parquet(path) if ending == "parquet" else frame.to_excel(path, index=False)
    corpus = gd.read_corpus(path, progress=False)
    assert list(corpus.cells["value"].fillna(-1)) == [3, -1]
    assert list(corpus.cells["status"]) == ["reported", "blank"] and set(corpus.cells["unit"]) == {
        "件"
    }
    assert corpus.reports["report_id"].item() == "typed/甲乙县丙丁局-2021"
    assert corpus.reports["form"].item() == "2021" and "table.form_by_year" in set(
        corpus.findings["rule"]
    )


def test_one_report_in_a_table_is_a_report(tmp_path):
    path = tmp_path / "one.csv"
    path.write_text(rows("proactive,rules,issued,3,3,件,official,"), encoding="utf-8")
    assert gd.read_report(path).agency == "甲乙县丙丁局"
    text = rows("proactive,rules,issued,3,3,件,official,") + rows("").replace(CELLS, "")
    path.write_text(
        text.replace("k1", "k2", 1) + f"{LEAD},proactive,rules,issued,1,1,件,copy,\n",
        encoding="utf-8",
    )
    with pytest.raises(gd.DisclosureError, match="read_corpus"):
        gd.read_report(path)


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    from govdisclosure import figures

    monkeypatch.setattr(figures, "UNPACKED", 1 << 20)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"x" * (2 << 20))
    assert path.stat().st_size < 10_000
    assert list(gd.read_corpus(path, progress=False).failures["kind"]) != []
    assert not figures.is_figures(path.read_bytes())


def test_a_cell_in_the_last_corner_costs_nothing(tmp_path):
    """A library that makes room for the whole sheet ends the process."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["agency", "year", "indicator", "value"])
    book.active.append(["甲县人民政府", 2021, "staff", 3])
    book.active["XFD1048576"] = 1
    path = tmp_path / "corner.xlsx"
    book.save(path)
    corpus = gd.read_corpus(path, progress=False)
    assert corpus.narrative["value"].item() == 3
    assert "16384 values" in corpus.failures["message"].item()


@pytest.mark.parametrize(
    "name, reports, cells, figures",
    [("statutory", 203, 3301, 0), ("narrative", 233, 0, 773), ("new_media", 162, 0, 524)],
)
def test_the_panel(name, reports, cells, figures):
    path = SHARED / f"{name}.csv"
    path = path if path.exists() else Path(__file__).parents[2] / "data" / "figures" / path.name
    corpus = gd.read_corpus(path, progress=False)
    assert (len(corpus), len(corpus.cells), len(corpus.narrative)) == (reports, cells, figures)
    assert len(corpus.failures) == 0 and len(corpus.unplaced) == 0
    printed = pd.read_csv(path, dtype=str, keep_default_na=False)
    if cells:
        key = ["agency", "year", "table", "row", "column"]
        ours = corpus.cells.assign(year=corpus.cells["year"].astype(str))[[*key, "value", "text"]]
        both = printed.merge(ours.astype(dict.fromkeys(key, str)), on=key, suffixes=("", "_read"))
        assert len(both) == cells and (both["text"] == both["text_read"].fillna("")).all()
        stated = pd.to_numeric(both["value"])
        assert (stated.isna() | (stated == both["value_read"].astype(float))).all()


def test_a_text_that_a_parquet_file_repeats_is_not_copied_out(tmp_path):
    """Three thousand times four megabytes are twelve gigabytes, from a file of some kilobytes."""
    rows = 3_000
    where = pa.DictionaryArray.from_arrays(
        pa.array([0] * rows, pa.int32()), pa.array(["x" * (4 << 20)])
    )
    table = pa.table(
        {
            "agency": ["甲县人民政府"] * rows,
            "year": [2021] * rows,
            "indicator": ["staff"] * rows,
            "value": [3] * rows,
            "note": where,
        }
    )
    path = tmp_path / "bomb.parquet"
    pq.write_table(table, path, store_schema=False)
    assert path.stat().st_size < 1 << 20
    failures = gd.read_corpus(path, progress=False).failures
    assert list(failures["kind"]) == ["limit"]


def test_a_column_twice_is_said(tmp_path):
    corpus = read_corpus(tmp_path, "agency,year,indicator,value,value\n甲县,2021,staff,3,4\n")
    assert len(corpus) == 0 and "value twice" in corpus.failures["message"].item()


def test_facts_that_differ_or_cannot_be_are_not_taken(tmp_path):
    head = "agency,year,level,division_code,province,form,indicator,value"
    lines = (
        "甲县人民政府,2021,county,530101,云南省,1999,staff,3",
        "甲县人民政府,2021,county,53010,江苏省,1999,staff,3",
    )
    corpus = read_corpus(tmp_path, "\n".join((head, *lines)))
    report = corpus.reports.iloc[0]
    assert report["level"] == "county" and pd.isna(report["division_code"])
    assert pd.isna(report["province"]) and pd.isna(report["form"])
    told = corpus.findings["rule"].value_counts().to_dict()
    assert told == {"table.unknown_code": 1, "table.facts_differ": 2, "table.doubled_row": 1}
    one = "\n".join((head, lines[1]))
    assert "six digits" in " ".join(read_corpus(tmp_path, one).findings["message"])


def test_a_status_stands_where_no_text_does(tmp_path):
    text = "agency,year,table,row,column,value,status\n甲县,2021,disputes,reconsideration,total,,not_applicable\n"
    found = cell(read_corpus(tmp_path, text), "reconsideration", "total")
    assert found["status"] == "not_applicable" and pd.isna(found["value"])


def test_two_values_of_one_count_are_kept_and_said(tmp_path):
    text = "agency,year,indicator,platform,value\n甲县,2021,staff,,3\n甲县,2021,staff,,4\n甲县,2021,staff,radio,5\n"
    corpus = read_corpus(tmp_path, text)
    assert list(corpus.narrative["value"]) == [3, 4, 5]
    assert set(corpus.findings["rule"]) == {"table.several_values", "table.unknown_code"}


def test_a_damaged_table_is_a_failure(tmp_path):
    path = tmp_path / "cut.parquet"
    path.write_bytes(b"PAR1" + b"x" * 50)
    assert list(gd.read_corpus(path, progress=False).failures["kind"]) == ["unreadable_file"]


def _as_old(path):
    """A workbook as .xls in its place."""
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", path.parent]
    subprocess.run([*command, path], check=True, capture_output=True, timeout=120)
    path.unlink()
    shutil.rmtree(path.parent / "profile")


BY_OFFICE = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice writes the .xls"
)


@BY_OFFICE
def test_an_old_workbook(tmp_path):
    pytest.importorskip("xlrd")
    row = {"agency": "甲县人民政府", "year": 2021, "indicator": "staff", "value": 3.5}
    pd.DataFrame([row, row | {"indicator": "requests_received", "value": None}]).to_excel(
        tmp_path / "old.xlsx", index=False
    )
    _as_old(tmp_path / "old.xlsx")
    corpus = gd.read_corpus(tmp_path / "old.xls", progress=False)
    assert list(corpus.narrative["value"].fillna(-1)) == [3.5, -1]
    assert corpus.reports["year"].item() == 2021


@pytest.mark.parametrize("status", ["blank", "not_applicable", "unreadable"])
def test_a_figure_that_is_said_to_be_none_is_not_read(tmp_path, status):
    text = f"agency,year,table,row,column,value,status\n甲县,2021,disputes,reconsideration,total,0,{status}\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    corpus = gd.read_corpus(tmp_path)
    found = corpus.cells.iloc[0]
    assert found["status"] == "unreadable" and pd.isna(found["value"]) and found["text"] == "0"
    assert "table.contradiction" in set(corpus.findings["rule"])


@pytest.mark.parametrize("suffix", ["xlsx", pytest.param("xls", marks=BY_OFFICE)])
def test_a_sheet_of_notes_may_stand_first(tmp_path, suffix):
    path = tmp_path / "book.xlsx"
    row = {"agency": "甲县", "year": 2021, "indicator": "requests_received", "value": 21}
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"notes": ["typed by hand"]}).to_excel(book, sheet_name="about", index=False)
        pd.DataFrame([row]).to_excel(book, sheet_name="figures", index=False)
    if suffix == "xls":
        _as_old(path)
    corpus = gd.read_corpus(tmp_path)
    assert list(corpus.narrative["value"]) == [21]
    (failure,) = corpus.failures["message"]
    assert "line 1" in failure and "a sheet with other columns" in failure


@pytest.mark.parametrize("suffix", ["xlsx", pytest.param("xls", marks=BY_OFFICE)])
def test_every_sheet_of_a_workbook_is_read_or_said(tmp_path, suffix):
    rows = [
        {"agency": "甲县", "year": year, "indicator": "requests_received", "value": year - 2000}
        for year in (2021, 2022, 2023)
    ]
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame(rows[:1]).to_excel(book, sheet_name="first", index=False)
        pd.DataFrame(rows[1:]).assign(why="x").to_excel(book, sheet_name="second", index=False)
        pd.DataFrame({"notes": ["typed by hand"]}).to_excel(book, sheet_name="about", index=False)
        pd.DataFrame().to_excel(book, sheet_name="empty", index=False)
    if suffix == "xls":
        _as_old(path)
    corpus = gd.read_corpus(tmp_path)
    read = dict(zip(corpus.reports["year"], corpus.reports["path"]))
    assert {year: path.rpartition(", ")[2] for year, path in read.items()} == {
        2021: "lines 2-2",
        2022: "lines second!2-second!2",
        2023: "lines second!3-second!3",
    }
    assert corpus.narrative.set_index("year")["value"].to_dict() == {2021: 21, 2022: 22, 2023: 23}
    (failure,) = corpus.failures["message"]
    assert "about!1" in failure and "sheet" in failure
