"""Reports against each other."""

from __future__ import annotations

import pandas as pd
import pytest

from govdisclosure.checks import check_corpus
from govdisclosure.forms import FORMS

from .frames_of import frames_of
from .records import consistent, figure, record, with_values


def report(values, year, form="2021", **more):
    return record(
        with_values(FORMS[form], values), form, **({"report_id": f"r{year}", "year": year} | more)
    )


def follow(before, seed=2):
    """Figures of the next year that continue those of ``before``."""
    values = consistent("2021", seed)
    for key in list(values):
        if key[1] == "carried_over":
            values[key] = before["requests", "carried_forward", key[2]]
    for row in ("rules", "normative_documents"):
        p = ("proactive", row)
        values[*p, "in_force"] = (
            before[*p, "in_force"] + values[*p, "issued"] - values[*p, "repealed"]
        )
    return values


def warnings(*reports):
    found = check_corpus(frames_of(list(reports)))
    found = found[found["severity"] != "info"]
    return found[found["rule"] != "cross_year.jump"]


def test_years_that_continue_have_no_finding():
    first = consistent("2021", 1)
    assert warnings(report(first, 2022), report(follow(first), 2023)).empty


def test_carry_and_stock_are_compared_per_applicant():
    first = consistent("2021", 1)
    second = follow(first)
    second["requests", "carried_over", "research"] += 2
    second["proactive", "rules", "in_force"] += 1
    found = warnings(report(first, 2022), report(second, 2023))
    assert found[["report_id", "rule", "gap"]].values.tolist() == [
        ["r2023", "cross_year.carry", 2.0],
        ["r2023", "cross_year.stock", 1.0],
    ]
    assert "requests.carried_over.research" in found["cells"].iloc[0]


@pytest.mark.parametrize(
    "change", [{"year": 2024}, {"agency": "乙县人民政府"}, {"level": "prefecture"}]
)
def test_only_consecutive_years_of_one_agency_at_one_level(change):
    first, second = consistent("2021", 1), consistent("2021", 2)
    assert not warnings(report(first, 2022), report(second, 2023)).empty
    assert warnings(report(first, 2022), report(second, **({"year": 2023} | change))).empty


def test_two_places_with_agencies_of_one_name_are_kept_apart():
    same = {"agency": "鼓楼区人民政府"}
    a, b = consistent("2021", 1), consistent("2021", 3)
    reports = [
        report(v, y, report_id=f"{c}-{y}", code=c, **same)
        for v, c in ((a, "320106"), (b, "350102"))
        for y in (2022,)
    ]
    reports += [report(follow(a), 2023, report_id="320106-2023", code="320106", **same)]
    assert warnings(*reports).empty


def test_two_reports_of_one_year_are_said_and_not_compared():
    first = consistent("2021", 1)
    found = check_corpus(
        frames_of(
            [
                report(first, 2022),
                report(first, 2022, report_id="again"),
                report(consistent("2021", 2), 2023),
            ]
        )
    )
    assert set(found["rule"]) == {"cross_year.several_reports"}


def test_items_of_the_form_of_2019():
    first, second = consistent("2019", 1), consistent("2019", 2)
    for row in ("licensing", "other_services", "penalties", "compulsion", "fees"):
        second["proactive", row, "previous_items"] = (
            first["proactive", row, "previous_items"] + first["proactive", row, "change"]
        )
    second["proactive", "fees", "previous_items"] += 1
    found = warnings(report(first, 2019, "2019"), report(second, 2020, "2019"))
    assert (
        found.query("rule == 'cross_year.items'")["cells"]
        .tolist()[0]
        .startswith("proactive.fees.previous_items")
    )
    assert len(found.query("rule == 'cross_year.items'")) == 1


def jumps(series):
    base = consistent("2021", 1)
    reports = [
        report(base | {("proactive", "licensing", "decisions"): float(v)}, 2019 + i)
        for i, v in enumerate(series)
    ]
    found = check_corpus(frames_of(reports))
    return found.query("rule == 'cross_year.jump'")["year"].tolist()


def test_a_jump_is_flagged_once_and_the_return_to_the_usual_is_none():
    assert jumps([500, 520, 9000, 9100]) == [2021]
    assert jumps([9000, 9100, 500, 9200]) == [2021]
    assert jumps([3, 40, 2]) == []


def test_a_jump_of_all_peers_is_none():
    base = consistent("2021", 1)
    made = []
    for n in range(12):
        for year, value in ((2022, 500.0), (2023, 9000.0)):
            who = {"report_id": f"{n}-{year}", "agency": f"{n}县人民政府", "code": f"3201{n:02d}"}
            made.append(
                report(base | {("proactive", "licensing", "decisions"): value + n}, year, **who)
            )
    assert check_corpus(frames_of(made)).query("rule == 'cross_year.jump'").empty


def test_parts_of_a_territory_bound_the_whole():
    part = consistent("2021", 1)
    whole = {k: 3 * v for k, v in part.items()}
    counties = [
        report(part, 2023, report_id=f"c{n}", agency=f"{n}县人民政府", code=f"32130{n}")
        for n in (1, 2)
    ]
    city = {
        "report_id": "city",
        "agency": "宿城市人民政府",
        "level": "prefecture",
        "code": "321300",
    }
    found = check_corpus(frames_of([*counties, report(whole, 2023, **city)])).query(
        "rule == 'levels.parts'"
    )
    assert found[["report_id", "severity"]].values.tolist() == [["city", "info"]]
    assert found["gap"].iloc[0] == part["requests", "received", "total"]
    low = whole | {("proactive", "licensing", "decisions"): 1.0}
    found = check_corpus(frames_of([*counties, report(low, 2023, **city)])).query(
        "rule == 'levels.parts' and severity == 'warning'"
    )
    assert found["cells"].tolist() == ["proactive.licensing.decisions"]


@pytest.mark.parametrize("agency", ["宿城市人民政府", "宿城地区行政公署", "宿城市人民政府办公室"])
def test_whole_territories_are_those_of_part_of(agency):
    part = consistent("2021", 1)
    made = [
        report(part, 2023, report_id="part", code="321301"),
        report(part, 2023, report_id="whole", agency=agency, level="prefecture", code="321300"),
    ]
    found = check_corpus(frames_of(made)).query("rule == 'levels.parts'")
    assert found["report_id"].tolist() == ([] if agency.endswith("办公室") else ["whole"])


def test_growth_of_the_prose():
    first = consistent("2021", 1)
    second = follow(first)
    right = 100 * (
        second["requests", "received", "total"] / first["requests", "received", "total"] - 1
    )
    ok = report(second, 2023, figures=(figure("requests_growth", round(right, 1)),))
    wrong = report(second, 2023, figures=(figure("requests_growth", right + 40),))
    assert warnings(report(first, 2022), ok).empty
    assert warnings(report(first, 2022), wrong)["rule"].tolist() == ["narrative.requests_growth"]


def test_empty_frames_give_an_empty_frame_with_its_types():
    frames = frames_of([report(consistent("2021", 1), 2023)])
    found = check_corpus({name: frame.head(0) for name, frame in frames.items()})
    assert len(found) == 0 and found["expected"].dtype == pd.Float64Dtype()


def test_what_is_not_known_is_said_once_a_rule():
    first, second = consistent("2021", 1), consistent("2021", 2)
    blank = {("requests", "carried_over", c): "blank" for c in ("natural_person", "research")}
    cells = with_values(FORMS["2021"], second, statuses=blank)
    later = record(cells, report_id="r2023", year=2023)
    found = check_corpus(frames_of([report(first, 2022), later]))
    [carry] = found.query("rule == 'cross_year.carry' and severity == 'info'").itertuples()
    assert "natural_person, research" in carry.message
    assert carry.cells == "requests.carried_over.natural_person"


def test_an_amount_of_another_unit_is_guessed():
    base = consistent("2021", 1)
    made = [
        report(base | {("proactive", "fees", "amount"): amount}, year)
        for year, amount in ((2021, 300.0), (2022, 310.0), (2023, 3_050_000.0))
    ]
    [jump] = check_corpus(frames_of(made)).query("rule == 'cross_year.jump'").itertuples()
    assert jump.year == 2023 and "元 and 万元" in jump.suggestion


def test_a_report_that_all_sums_of_its_parts_exceed_is_of_its_own_level():
    part = {key: value + 30 for key, value in consistent("2021", 1).items()}
    whole = dict.fromkeys(part, 1.0)
    city = {"agency": "宿城市人民政府", "level": "prefecture", "code": "321300"}
    made = [report(part, 2023, code="321301"), report(whole, 2023, report_id="city", **city)]
    [told] = check_corpus(frames_of(made)).query("rule == 'levels.parts'").itertuples()
    assert (told.report_id, told.severity) == ("city", "info")
    assert "of its own level" in told.message
