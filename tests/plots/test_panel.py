"""What may be compared: totals, the balanced part of a panel, reports inside others, intervals."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from govdisclosure.analysis import balanced, nested, resampled, totals, years_text


def view(cells):
    columns = ["report_id", "row", "applicant", "value", "status"]
    frame = pd.DataFrame(cells, columns=columns).assign(agency="甲", year=2024, form="2021")
    return frame.astype({"value": "Float64"})


def test_totals_are_printed_else_added_and_open_where_a_part_is_unreadable():
    found = totals(view([
        ("a", "received", "natural_person", 3, "reported"), ("a", "received", "total", 4, "reported"),
        ("b", "received", "natural_person", 3, "reported"), ("b", "received", "commercial", None, "blank"), ("b", "received", "total", None, "blank"),
        ("c", "received", "natural_person", 3, "reported"), ("c", "received", "commercial", None, "unreadable"), ("c", "received", "total", None, "blank"),
    ]), "row", "applicant").set_index("report_id")  # fmt: skip
    assert found["value"].tolist()[:2] == [4, 3] and pd.isna(found["value"]["c"])
    assert found["origin"].tolist() == ["printed", "added", "blank"]


def test_the_largest_rectangle_of_whole_years_is_the_panel():
    rows = [(a, y, 1.0) for a in "abc" for y in (2020, 2021, 2022)] + [
        ("d", y, 1.0) for y in range(2015, 2019)
    ]
    rows += [("a", 2018, 1.0), ("c", 2023, None)]
    found = balanced(pd.DataFrame(rows, columns=["agency", "year", "value"]))
    assert set(found["agency"]) == set("abc") and sorted(set(found["year"])) == [2020, 2021, 2022]
    assert balanced(found[found["year"] == 2020]).empty and balanced(found.iloc[:0]).empty


def test_a_district_is_inside_its_city_but_not_inside_the_citys_office():
    reports = pd.DataFrame({
        "report_id": ["city", "district", "bureau", "office", "school"], "year": 2024,
        "agency": ["淮安市人民政府", "淮安市洪泽区人民政府", "淮安市洪泽区教育局", "上海市人民政府办公厅", "上海市教育委员会"],
        "level": ["prefecture", "county", "county department", "province", "province department"],
        "division_code": ["320800", "320813", "320813", "310000", "310000"],
    })  # fmt: skip
    assert nested(reports).tolist() == [False, True, True, False, False]


def test_intervals_draw_agencies_and_need_three():
    change = pd.DataFrame({"change": [-3.0, -1.0, -2.0, -2.5]})
    low, high = resampled(change, lambda drawn: drawn["change"].mean())
    assert low == pytest.approx(-2.8, abs=0.2) and high == pytest.approx(-1.4, abs=0.2)
    assert resampled(change, lambda drawn: drawn["change"].mean()) == (low, high)
    assert math.isnan(resampled(change.head(2), lambda drawn: 0.0)[0])


def test_years_in_words():
    assert years_text([2021, None, 2019, 2020]) == "2019–2021" and years_text([]) == ""
