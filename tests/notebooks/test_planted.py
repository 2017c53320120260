"""The notebooks find the truths planted in the panel, with their numbers, and say nothing false or stale about it."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import govdisclosure as gd
from govdisclosure import plots
from govdisclosure.forms import FORMS
from tests.notebooks.cells import FOLDER, run
from tests.writers.panel import JUMPER, TRUTHS, write_panel

MINE = ("10", "20", "40")
FALSE_HERE = (
    "no trend",
    "不成趋势",
    "nothing is said",
    "不谈",
    "Nothing to show",
    "没有可显示",
    "nan",
    "NaN",
    "None",
)


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    """The panel, read once and saved as a data set."""
    folder = write_panel(tmp_path_factory.mktemp("panel"))
    gd.read_corpus(folder, progress=False).save(folder / "set")
    return str(folder / "set")


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    plots.theme("en")


def found(ran, *texts):
    said = [ran.answer, *ran.titles]
    for text in texts:
        assert any(text in one for one in said), (text, said)


def test_disclosure_falls_by_composition_and_not_held_doubles(panel, monkeypatch):
    ran = run("10", monkeypatch, REPORTS=panel)
    found(
        ran,
        f"from {TRUTHS['disclosed_2019']:.1f}% to {TRUTHS['disclosed_2025']:.1f}%",
        f"n = {TRUTHS['agencies']}",
    )
    found(
        ran,
        f"−{-TRUTHS['within']:.1f} points within agencies, −{-TRUTHS['composition']:.1f} by composition",
    )
    found(ran, f"Not held: from {TRUTHS['not_held_2019']:.1f}% to {TRUTHS['not_held_2025']:.1f}%")
    found(ran, "0 of 12 agencies disclosed more, 12 less")


def test_one_agency_jumps_in_licensing_by_scope(panel, monkeypatch):
    ran = run("20", monkeypatch, REPORTS=panel)
    jumps = ran.names["jumps"]
    assert jumps[["agency", "item", "year"]].values.tolist() == [
        [JUMPER, "licensing", TRUTHS["jump_year"]]
    ]
    assert jumps["factor"].iloc[0] == pytest.approx(TRUTHS["jump_factor"] * 1.04, rel=0.01)
    assert jumps["class"].tolist() == ["report says scope changed"]
    found(ran, "石桥县", f"{TRUTHS['jump_year']}", "×20.8", "changed by +4.0%", "median agency 127")
    assert "0 of 48 pairs" in " ".join(
        ran.notes
    )  # stock and flow agree wherever both years have them


def test_corrections_double_and_direct_suits_fall_in_2024(panel, monkeypatch):
    ran = run("40", monkeypatch, REPORTS=panel)
    found(
        ran, f"{TRUTHS['corrected_before']:.1f}% before and {TRUTHS['corrected_since']:.1f}% since"
    )
    found(ran, f"The largest step is {TRUTHS['corrected_first']}")
    found(ran, f"{TRUTHS['direct_before']:.2f} before 2024, {TRUTHS['direct_since']:.2f} since")


def test_accounts_halve_in_the_panel(panel, monkeypatch):
    ran = run("30", monkeypatch, REPORTS=panel)
    first, last = TRUTHS["accounts_2019"], TRUTHS["accounts_2025"]
    assert f"had {first:,} accounts in 2019 and {last:,} in 2025: **−50 %**" in ran.answer
    assert "12 of 12 territories have fewer accounts" in ran.titles[0]
    assert len(ran.names["bulletins"]) == 0  # the shipped series do not enter unasked
    assert len(run("30", monkeypatch, REPORTS=panel, SERIES=True).names["bulletins"]) > 500


def test_the_panel_s_copier_and_doubtful_cell(panel, monkeypatch):
    ran = run("60", monkeypatch, REPORTS=panel)
    assert f"{TRUTHS['copier'].removesuffix('人民政府')} (100 %)" in ran.answer
    assert "**0 of 12 agencies** lie outside" in ran.answer
    ran = run("50", monkeypatch, REPORTS=panel)
    assert (
        "in 0 of 84 reports; doubtful cells: 1." in ran.answer
    )  # the licences of the one that jumps


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("number", MINE)
def test_nothing_false_is_said_on_a_balanced_panel(panel, number, language, monkeypatch):
    ran = run(number, monkeypatch, REPORTS=panel, LANGUAGE=language)
    said = " ".join([ran.printed, *ran.titles, *ran.notes])
    assert not [text for text in FALSE_HERE if text in said]
    latin = [
        w
        for title in (*ran.titles, *ran.notes)
        for w in title.split()
        if w.isascii() and w.isalpha() and len(w) > 3
    ]
    assert language == "en" or not latin


SELECTIONS = {
    "one year": {"YEARS": [2024]}, "one agency": {"AGENCIES": ["青禾"]}, "two years": {"YEARS": [2020, 2021]},
    "one report": {"YEARS": [2024], "AGENCIES": ["青禾"]}, "nobody": {"AGENCIES": ["无此机关"]}, "no year": {"YEARS": [1999]},
}  # fmt: skip
ALL = ("00", *MINE, "30", "50", "60")


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("number", ALL)
@pytest.mark.parametrize("name", SELECTIONS)
def test_any_selection_is_answered_without_a_stale_number(panel, number, name, monkeypatch):
    ran = run(number, monkeypatch, REPORTS=panel, **SELECTIONS[name])
    said = " ".join([ran.printed, *ran.titles, *ran.notes])
    assert ran.answer.strip() and not re.search(r"\bnan\b|\bTrue\b|\bNone\b|\(\)", said)
    if name in ("nobody", "no year"):
        assert ran.titles == [] and "%" not in ran.answer
    if number not in MINE:
        return
    assert "44.0%" not in ran.answer
    assert name == "one agency" or "% since" not in ran.answer
    if name in ("one year", "one report"):
        assert "nothing is said" in ran.answer


@pytest.mark.parametrize("number", ALL)
def test_changed_and_run_again_nothing_is_stale(number, monkeypatch):
    """On the shipped data, in one kernel: the second run says what it says in a fresh one."""
    shipped = {"REPORTS": str(FOLDER.parent / "data" / "tidy" / "parquet")}
    change = shipped | {"YEARS": [2023, 2024], "AGENCIES": ["宿迁市", "淮安市"], "LANGUAGE": "zh"}
    first = run(number, monkeypatch, **shipped)
    again = run(number, monkeypatch, before=first, **change)
    fresh = run(number, monkeypatch, **change)
    assert first.answer != again.answer
    assert (again.titles, again.notes) == (fresh.titles, fresh.notes)
    model = re.compile("[0-9a-f]{32}")  # a menu's own name in the kernel
    assert model.sub("", again.printed) == model.sub("", fresh.printed)


def test_one_agency_is_no_concentration_and_no_outlier(panel, monkeypatch):
    alone = {"REPORTS": panel, "AGENCIES": ["青禾"]}
    assert "too few to speak of concentration" in run("20", monkeypatch, **alone).answer
    ran = run("60", monkeypatch, **alone)
    assert "nothing can stand out" in ran.answer and not any("limits" in t for t in ran.titles)


FOREIGN = {
    "form of 2014": ("2014", {"requests", "disputes", "accounts", "proactive"}),
    "no table of proactive disclosure": ("2021", {"requests", "disputes"}),
}


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("number", ALL)
@pytest.mark.parametrize("name", FOREIGN)
def test_a_table_of_figures_of_few_tables_is_answered(number, name, tmp_path, monkeypatch):
    key, tables = FOREIGN[name]
    cells = [
        (agency, year, table.key, row.key, column, 3, key)
        for agency in ("甲县人民政府", "乙县人民政府") for year in (2016, 2017)
        for table in FORMS[key].tables if table.key in tables
        for row in table.rows for column in table.columns_of(row)
    ]  # fmt: skip
    names = ["agency", "year", "table", "row", "column", "value", "form"]
    pd.DataFrame(cells, columns=names).to_csv(tmp_path / "figures.csv", index=False)
    ran = run(number, monkeypatch, REPORTS=str(tmp_path))
    said = " ".join([ran.printed, *ran.titles, *ran.notes])
    assert ran.answer.strip() and not re.search(r"\bnan\b|\bTrue\b", said)


@pytest.mark.parametrize("number", MINE)
def test_shipped_data_say_that_few_agencies_are_no_trend(number, monkeypatch):
    ran = run(number, monkeypatch)
    assert "nan" not in " ".join([ran.printed, *ran.titles, *ran.notes])
    if number != "20":
        assert "cases, no trend" in ran.answer
    used = set(ran.names["alone" if number != "20" else "latest"]["report_id"])
    assert "huaian-2024" in used and "hongze-2024" not in used  # the district lies inside its city
