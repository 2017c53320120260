"""Who and when, from every kind of evidence, and from what must not be taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure.decode import decode_document
from govdisclosure.errors import DatasetError, DisclosureError
from govdisclosure.identity import LEVELS, identify
from govdisclosure.model import Document, Grid, GridCell, Heading, Line, Piece, Section, Source
from govdisclosure.readers import read

REPORT = "政府信息公开工作年度报告"


def page(*lines: str, titles=(), path="a.html", metadata=None, footer="") -> Document:
    blocks = tuple(
        Line((Piece(line, f"line {i}"),), f"line {i}") for i, line in enumerate(lines, 1)
    )
    return Document(Source(path), blocks, tuple(titles), metadata or {}, footer)


def prose(**texts: str) -> tuple[Section, ...]:
    """s0=…, s6=… → sections."""
    return tuple(Section(int(key[1:]), "", text, "") for key, text in texts.items())


def rules(found) -> set[str]:
    return {finding.rule for finding in found.findings}


# Agency: one source after another


def test_title_over_two_and_three_lines():
    found = identify(page("沭阳县司法局", f"2022年{REPORT}", "一、总体情况"), ())
    assert found.agency == ("沭阳县司法局", "title") and found.year.value == 2022
    found = identify(
        page("沭阳县司法局", "2022年度", "政府信息公开", "工作年度报告", "发布日期：2023-01-10"), ()
    )
    assert (found.agency.value, found.year.value, found.published.value) == (
        "沭阳县司法局",
        2022,
        "2023-01-10",
    )


def test_heading_is_read_like_a_line():
    blocks = (
        Heading(f"沭阳县司法局2022年{REPORT}", "h1"),
        Line((Piece("一、总体情况", "p1"),), "p1"),
    )
    assert identify(Document(Source("a"), blocks), ()).agency.value == "沭阳县司法局"


@pytest.mark.parametrize(
    "key", ["发布机构", "发文单位", "信息来源", "ContentSource", "公开 主体："]
)
def test_metadata_names_the_agency_where_the_title_does_not(key):
    found = identify(page(titles=[f"2022年{REPORT}"], metadata={key: "沭阳县司法局"}), ())
    assert found.agency.value == "沭阳县司法局" and found.agency.origin.startswith("metadata ")
    assert found.level.value == "county department"


@pytest.mark.parametrize(
    "value", ["本站", "网站管理员", "新华社", "我局", "-", "县司法局的信息", "http://example.org/a"]
)
def test_metadata_that_is_no_agency_is_passed_over(value):
    found = identify(page(titles=[f"2022年{REPORT}"], metadata={"来源": value}), ())
    assert found.agency.value is None and "identity.agency_unknown" in rules(found)


def test_metadata_that_contradicts_how_the_report_calls_itself():
    """A town's report published by the county's office: 我镇 decides against the office."""
    text = prose(s1="2022年，我镇公开信息。我镇高度重视。")
    found = identify(
        page(titles=[f"2022年{REPORT}"], metadata={"发布机构": "沭阳县人民政府办公室"}), text
    )
    assert found.agency.value is None
    assert {"identity.agency_contradicts", "identity.agency_unknown"} <= rules(found)


def test_title_goes_before_metadata_and_signature():
    doc = page(
        "沭阳县司法局",
        "2024年1月17日",
        titles=[f"沭阳县教育局2023年{REPORT}"],
        metadata={"发布机构": "沭阳县人民政府办公室"},
    )
    assert identify(doc, ()).agency == ("沭阳县教育局", "title")


def test_file_name_is_read_like_a_title():
    found = identify(page(path="reports/沭阳县司法局2022年政府信息公开工作年度报告.docx"), ())
    assert found.agency == ("沭阳县司法局", "file name") and found.year == (2022, "file name")
    assert found.title.value is None


@pytest.mark.parametrize(
    "lines",
    [
        ["沭阳县司法局", "2023年1月17日"],
        ["2023年1月17日", "沭阳县司法局"],
        ["沭阳县司法局（盖章）", "二〇二三年一月十七日"],
        ["沭阳县司法局2023年1月17日"],
    ],
)
def test_signature(lines):
    found = identify(
        page("一、总体情况", "我局无其他事项。", *lines, titles=[f"2022年{REPORT}"]), ()
    )
    assert found.agency == ("沭阳县司法局", "signature")
    assert found.published == ("2023-01-17", "signature") and found.year.value == 2022


@pytest.mark.parametrize(
    "text",
    [
        "现将大姚县财政局2022年政府信息公开工作情况报告如下。",
        "大姚县财政局2022年度未收取信息处理费。",
        "本报告由大姚县财政局根据条例编制。",
        "如有疑问，请与大姚县财政局联系（地址：金碧镇）。",
        "2022年，大姚县财政局坚持以公开为常态。",
        "要求，现发布《大姚县财政局2022年政府信息公开工作年度报告》。",
        "特向社会公布大姚县财政局（以下简称“财政局”，下同）2022年政府信息公开工作年度报告。",
    ],
)
def test_prose_names_the_agency(text):
    assert identify(page(), prose(s0=text)).agency == ("大姚县财政局", "prose")


def test_superior_bodies_in_the_prose_are_not_the_agency():
    text = "大姚县人民政府认真贯彻落实《楚雄州人民政府办公室关于印发要点的通知》要求。\n大姚县人民政府2021年度未收取费用。"
    assert identify(page(), prose(s6=text)).agency == ("大姚县人民政府", "prose")


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("如有疑问，可与大东坝镇人民政府党政办公室联系（地址：大东坝镇）。", "大东坝镇人民政府"),
        ("要求，由国家税务总局广州市白云区税务局编制。", "国家税务总局广州市白云区税务局"),
        ("现公布昭通市2024年政府信息公开工作年度报告。", "昭通市人民政府"),
        (
            "《国务院办公厅关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》要求编制。",
            None,
        ),
        ("根据《楚雄州人民政府办公室2021年政务公开工作要点》。", None),
    ],
)
def test_who_the_prose_names(text, agency):
    assert identify(page(), prose(s0=text)).agency.value == agency


def test_cells_of_a_printed_field_table():
    lines = [
        "索引号 | 4/2023-00004 | 发文字号 | |",
        "成文日期 | 2023-01-16 | 有效性 | |",
        f"标 题 | 府谷县教育和体育局2022年{REPORT} | ||",
    ]
    found = identify(page(*lines, "一、总体情况"), ())
    assert (found.agency.value, found.year.value, found.published.value) == (
        "府谷县教育和体育局",
        2022,
        "2023-01-16",
    )
    assert not rules(found)


def test_index_numbers_are_no_years():
    assert (
        identify(page("014178686/2023-00003", "政府信息公开年报", "一、总体情况"), ()).year.value
        is None
    )


def test_two_agencies_equally_often_decide_nothing():
    text = "沭阳县财政局2022年度未收取费用。沭阳县司法局2022年度未收取费用。"
    assert identify(page(), prose(s1=text)).agency.value is None


def test_site_owner_comes_last_and_with_a_warning():
    footer = "主办单位：沭阳县人民政府 承办单位：沭阳县人民政府办公室"
    found = identify(page(footer=footer), prose(s1="2022年，全县公开信息。"))
    assert found.agency == (
        "沭阳县人民政府",
        "footer 主办单位",
    ) and "identity.agency_site_owner" in rules(found)
    found = identify(page(footer=footer), prose(s1="我局公开信息。我局高度重视。"))
    assert found.agency.value is None


def test_site_name_behind_the_title_is_weaker_than_anything_else():
    found = identify(page(titles=[f"2022年{REPORT}-沭阳县司法局"]), ())
    assert found.agency == (
        "沭阳县司法局",
        "title suffix",
    ) and "identity.agency_site_owner" in rules(found)
    found = identify(
        page(titles=[f"2022年{REPORT}-沭阳县人民政府"], metadata={"发布机构": "沭阳县司法局"}), ()
    )
    assert found.agency.value == "沭阳县司法局"


def test_completed_place_says_so():
    found = identify(page(titles=[f"2022年大姚县{REPORT}"]), ())
    assert found.agency.value == "大姚县人民政府" and "identity.agency_completed" in rules(found)


# Year: reported on, never published


def test_publication_date_and_template_years_are_no_year():
    doc = page(
        "发布日期：2023-01-31",
        "2023年1月31日",
        titles=[f"沭阳县司法局{REPORT}"],
        metadata={"公开日期": "2023-01-31"},
    )
    found = identify(doc, ())
    assert found.year.value is None and "identity.year_unknown" in rules(found)
    assert found.published.value == "2023-01-31"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        (
            "数据统计期限为2021年1月1日至2021年12月31日。2020年，全县公开信息。2020年，全县培训。",
            2021,
        ),
        ("数据统计期限自 2021 年1月1日起至12月31日止。", 2021),
        ("2021年，全县公开信息10条。\n2021年，全县培训2次。", 2021),
        ("2021年度未收取费用。较2020年增长。与2020年相比，自2019年以来。", 2021),
        ("2021年，全县公开信息。2020年，全县公开信息。", None),
        ("2022年，我局将继续做好工作。2022年，将加强。", None),
        ("截至2021年12月31日，有效文件3件。", 2021),
        ("", None),
    ],
)
def test_year_of_the_prose(text, year):
    assert identify(page(), prose(s1=text)).year.value == year


def test_plans_of_section_five_do_not_count():
    text = prose(
        s1="2021年，公开信息。2021年，培训。",
        s5="2022年，我局加强公开。\n2022年，开展培训。\n2022年，完善制度。",
    )
    assert identify(page(), text).year == (2021, "prose")


def test_statistical_period_goes_before_what_else_the_prose_says():
    found = identify(
        page(), prose(s1="统计期限为2021年1月1日至2021年12月31日。" + "2022年，公开信息。" * 30)
    )
    assert found.year.value == 2021


def test_title_goes_before_the_prose_and_a_contradiction_is_reported():
    text = prose(s0="统计期限为2021年1月1日至2021年12月31日。")
    found = identify(page(titles=[f"沭阳县司法局2022年{REPORT}"]), text)
    assert found.year == (2022, "title")
    (finding,) = [f for f in found.findings if f.rule == "identity.year_contradicts"]
    assert (finding.expected, finding.actual, finding.severity, finding.kind) == (
        2022,
        2021,
        "warning",
        "form",
    )


def test_among_contradicting_titles_the_prose_decides():
    titles = [f"2020年{REPORT}", f"2021年{REPORT}"]
    assert (
        identify(
            page(titles=titles), prose(s0="统计期限为2021年1月1日至2021年12月31日。")
        ).year.value
        == 2021
    )


@pytest.mark.parametrize(
    ("path", "year"),
    [("a/dayao-2021.txt", 2021), ("t20220130_12.html", None), ("2020-2021.txt", None), ("2022-01-30.txt", None), ("c12345678.html", None), ("大姚2021年报.pdf", 2021), (r"C:\reports\dayao_2021.txt", 2021)],
)  # fmt: skip
def test_year_of_the_file_name(path, year):
    assert identify(page(path=path), ()).year == ((year, "file name") if year else (None, ""))


def test_years_before_the_regulations_are_none():
    assert identify(page(titles=[f"沭阳县司法局1999年{REPORT}"]), ()).year.value is None


# Division: site code, name, hints


@pytest.mark.parametrize(
    ("metadata", "footer", "code"),
    [
        ({"SiteIDCode": "3201060001"}, "", "320106"),
        ({"网站标识码": "3501020002"}, "", "350102"),
        ({}, "网站标识码：3201060001", "320106"),
        ({"SiteName": "南京市鼓楼区人民政府"}, "", "320106"),
        ({"SiteIDCode": "3203000001"}, "", "320302"),
        ({"发布机构": "徐州市鼓楼区人民政府办公室"}, "", "320302"),
        ({}, "主办单位：福州市鼓楼区人民政府", "350102"),
        ({}, "豫ICP备05001067号", "410204"),
        ({}, "苏公网安备 32010602000001号", "320106"),
        ({}, "苏ICP备05001067号", None),  # two 鼓楼区 in Jiangsu
        ({"SiteIDCode": "bm01000001"}, "", None),
        ({"SiteIDCode": "9999990001"}, "", None),
        ({}, "", None),
    ],
)  # fmt: skip
def test_what_settles_an_ambiguous_name(metadata, footer, code):
    found = identify(
        page(titles=[f"鼓楼区教育局2022年{REPORT}"], metadata=metadata, footer=footer), ()
    )
    assert (found.division_code.value, found.level.value) == (code, "county department")
    assert (code is None) == ("identity.division_ambiguous" in rules(found))


def test_prose_with_the_city_settles_an_ambiguous_name():
    found = identify(
        page(titles=[f"鼓楼区教育局2022年{REPORT}"]), prose(s0="请与南京市鼓楼区教育局联系。")
    )
    assert found.division_code.value == "320106"


@pytest.mark.parametrize(
    ("agency", "site", "code", "contradicts"),
    [
        ("沭阳县教育局", "3213220037", "321322", False),
        ("沭阳县教育局", "3213000001", "321322", False),  # on the city's site
        ("宿迁市庙头镇人民政府", "3213220037", "321322", False),  # a town: the site is narrower
        (
            "宿迁市人民政府",
            "3213220037",
            "321300",
            False,
        ),  # a city's government is not its county's
        ("洪泽区教育局", "3208290001", "320813", False),  # the county's old code
        ("沭阳县教育局", "5323260002", "321322", True),
        ("教育局", "3213220037", "321322", False),
        ("庙头镇人民政府", "3213220037", "321322", False),
        ("苏州工业园区教育局", "3205710001", "320500", False),
    ],
)
def test_name_and_site_code(agency, site, code, contradicts):
    found = identify(page(titles=[f"{agency}2022年{REPORT}"], metadata={"SiteIDCode": site}), ())
    assert found.division_code.value == code
    assert ("identity.division_contradicts" in rules(found)) == contradicts


@pytest.mark.parametrize(
    ("agency", "site", "level"),
    [
        ("教育局", "3213220037", "county department"),
        ("市教育局", "3213000037", "prefecture department"),
        ("县教育局", "", "county department"),
        ("教育局", "", None),
        ("教育厅", "", "province department"),
    ],
)  # fmt: skip
def test_level_of_a_name_without_place(agency, site, level):
    found = identify(page(titles=[f"{agency}2022年{REPORT}"], metadata={"SiteIDCode": site}), ())
    assert found.level.value == level


def test_province_where_the_code_stays_open():
    found = identify(page(titles=[f"江苏省鼓楼区教育局2022年{REPORT}"]), ())
    assert (found.division_code.value, found.province.value) == (None, "江苏省")


# Dates


@pytest.mark.parametrize(
    ("metadata", "lines", "published"),
    [
        ({"发布时间": "2023-01-17 10:20:00"}, (), "2023-01-17"),
        ({"PubDate": "2023/1/7 9:00"}, (), "2023-01-07"),
        ({"成文日期": "2023年1月17日"}, (), "2023-01-17"),
        ({"发布日期": "20230117"}, (), "2023-01-17"),
        ({"发布日期": "2023-02-30"}, (), None),
        ({}, ("发布日期：2023-01-17 来源：沭阳县司法局",), "2023-01-17"),
        ({}, ("2023-01-17",), "2023-01-17"),
        ({}, ("时间：2023.01.17",), "2023-01-17"),
        ({}, ("统计期限2022年1月1日至2022年12月31日",), None),
        ({}, ("根据条例（2019年5月15日施行）",), None),
        ({"others": "页面生成时间 2024-05-28", "采集时间": "2025-12-30"}, (), None),
    ],
)
def test_published(metadata, lines, published):
    found = identify(
        page(f"沭阳县司法局2022年{REPORT}", *lines, "一、总体情况", metadata=metadata), ()
    )
    assert found.published.value == published and found.year.value == 2022


def test_dates_of_a_site_header_are_not_published():
    lines = [
        "沭阳县人民政府",
        "2025年12月30日",
        "2025年12月30日 星期二",
        f"沭阳县司法局2022年{REPORT}",
    ]
    assert identify(page(*lines, "一、总体情况"), ()).published.value is None
    assert identify(page(*lines, "2023-01-09", "一、总体情况"), ()).published == (
        "2023-01-09",
        "near the title",
    )


def test_published_before_the_year_is_a_warning():
    found = identify(
        page(titles=[f"沭阳县司法局2022年{REPORT}"], metadata={"发布日期": "2021-01-01"}), ()
    )
    assert "identity.published_early" in rules(found)


# Manifest


def test_manifest_adds_and_overrides_and_says_what_it_contradicts():
    manifest = {
        "agency": "洪泽区人民政府",
        "year": "2022",
        "division_code": "320813",
        "level": "county",
        "url": "x",
    }
    found = identify(page(titles=[f"沭阳县司法局2023年{REPORT}"]), (), manifest)
    assert found.agency == ("洪泽区人民政府", "manifest") and found.year == (2022, "manifest")
    assert found.division_code == ("320813", "manifest") and found.province == (
        "江苏省",
        "manifest",
    )
    assert rules(found) >= {"identity.agency_contradicts", "identity.year_contradicts"}
    assert all(f.severity == "info" for f in found.findings)
    assert not rules(
        identify(page(titles=[f"沭阳县司法局2023年{REPORT}"]), (), {"year": "2023", "agency": ""})
    )


def test_manifest_that_says_the_same_in_full_contradicts_nothing():
    manifest = {"agency": "淮安市洪泽区人民政府", "province": "江苏", "year": "2023"}
    found = identify(page(titles=[f"洪泽区人民政府2023年{REPORT}"]), (), manifest)
    assert found.agency == ("淮安市洪泽区人民政府", "manifest") and found.province == (
        "江苏省",
        "manifest",
    )
    assert found.findings == ()


def test_manifest_agency_gives_level_and_code():
    found = identify(page(), (), {"agency": "沭阳县司法局", "year": "2023.0"})
    assert (found.level.value, found.division_code.value, found.year.value) == (
        "county department",
        "321322",
        2023,
    )


@pytest.mark.parametrize(
    "manifest",
    [
        {"year": "去年"},
        {"year": "1900"},
        {"level": "galaxy"},
        {"division_code": "32132"},
        {"published": "soon"},
    ],
)
def test_manifest_values_that_cannot_be(manifest):
    with pytest.raises(DatasetError, match="manifest"):
        identify(page(), (), manifest)


# Whatever comes in


def test_nothing_known_is_a_finding_and_no_error():
    found = identify(Document(Source(""), ()), ())
    assert all(fact.value is None for fact in found[:7])
    assert rules(found) == {
        f"identity.{name}_unknown" for name in ("title", "agency", "year", "division")
    }
    assert all(f.kind == "form" and f.severity in ("info", "warning") for f in found.findings)


def test_of_tables_only_what_stands_across_the_head_is_read():
    title = f"沭阳县司法局2022年{REPORT}"
    cells = tuple(GridCell(t, "t1", 1, n) for n, t in enumerate(("规章", "0", "0", "沭阳县教育局")))
    head = (GridCell(title, "t1", 0, 0, 1, 4),) * 4
    found = identify(Document(Source("a"), (Grid((head, cells), "t1"),)), ())
    assert found.agency == ("沭阳县司法局", "title") and found.year.value == 2022


WORDS = st.sampled_from(
    [
        "沭阳县",
        "大姚",
        "人民政府",
        "司法局",
        "2021年",
        "2020-2021",
        "年度",
        "政府信息公开",
        "工作年度报告",
        "年报",
        "(",
        "）",
        "《",
        "-",
        "_",
        ":",
        "发布日期：",
        "2021-01-31",
        "关于",
        "的",
        "鼓楼区",
        "我局",
        "二〇二",
        "\n",
        "|",
        "省",
        "市",
        "县",
        "镇",
        "统计期限",
        "1月1日至",
        "12月31日",
        "网站标识码：3213220001",
        "主办单位：",
        "国家",
        "中华人民共和国",
        "自治县",
        "\u200b",
        "⼈",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(WORDS, max_size=9).map("".join), max_size=6),
    st.dictionaries(WORDS, WORDS, max_size=3),
    WORDS,
)
def test_no_words_in_any_order_break_it(lines, metadata, path):
    doc = page(*lines, titles=lines[:2], metadata=metadata, footer="".join(lines), path=path)
    try:
        found = identify(doc, prose(s0="\n".join(lines)), None)
    except DisclosureError:  # pragma: no cover - identify raises only for manifests
        pytest.fail("no manifest, no error")
    assert found.year.value is None or 2008 <= found.year.value <= 2099
    assert found.level.value is None or found.level.value in LEVELS
    code = found.division_code.value
    assert code is None or (len(code) == 6 and code.isdigit() and found.province.value)


def test_huge_text_is_read_in_part():
    text = "沭阳县司法局2022年" * 200_000
    found = identify(
        page(text, *["字" * 10_000] * 500, titles=[text], footer=text, metadata={"来源": text}),
        prose(s1=text, s6=text),
    )
    assert found.agency.value is None or len(found.agency.value) < 60


@pytest.mark.parametrize(
    ("name", "agency", "year", "code", "level"),
    [
        ("dayao-2021.txt", "大姚县人民政府", 2021, "532326", "county"),
        ("shanghai-office-2019.html", "上海市人民政府办公厅", 2019, "310000", "province"),
        ("shuyang-fgj-2023.html", "沭阳县发展和改革局", 2023, "321322", "county department"),
    ],
)
def test_real_reports(name, agency, year, code, level):
    shared = next(
        (
            p / "shared" / "reports"
            for p in Path(__file__).resolve().parents
            if (p / "shared" / "reports").is_dir()
        ),
        None,
    )
    if shared is None:
        pytest.skip("the real reports (shared/reports) are not on this machine")
    found = identify(read((shared / name).read_bytes(), Source(str(shared / name), name)), ())
    seen = (found.agency.value, found.year.value, found.division_code.value, found.level.value)
    assert seen == (agency, year, code, level)


@pytest.mark.parametrize(
    "head",
    [
        "1/20/25, 1:25 PM {}",
        "2025/1/20 13:25 {}",
        "2025/1/20 下午1:25 {}",
        "下午1:25\n{}",
        "1:25 PM\n{}",
    ],
)
def test_when_a_browser_printed_a_page_is_no_part_of_the_agency(head):
    title = "青河县水务局2022年政府信息公开工作年度报告"
    text = f"{head.format(title)}\n一、总体情况\n主动公开信息12条。\n五、存在的主要问题及改进情况\n无。\n六、其他需要报告的事项\n无。"
    record = decode_document(read(text.encode(), Source("a.txt")))
    assert (record.agency.value, record.year.value) == ("青河县水务局", 2022)
