"""Compact text: the short ways must give what the plain definition gives, for any text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure import identity_data as data
from govdisclosure.identity_lines import ends_of
from govdisclosure.identity_text import INVISIBLE, compact, compact_lines
from govdisclosure.model import Document, Grid, GridCell, Paragraph, Source
from govdisclosure.reported import period_year, prose_year

BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")
YEAR = re.compile(r"二[〇零○oO0][〇零○oO0一二三][〇零○oO0一二三四五六七八九](?=年)")
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "2023",
                " ",
                "  ",
                "\n",
                "\u3000",
                "\xa0",
                "\u200b",
                "，",
                "（",
                "２",
                "…",
                "⼈",
                "⻓",
                "二〇二三年",
                "9:00",
                "1",
                "a",
                "Z",
                "年",
                "\t",
                "e\u0301",
                "㏠",
                "\x00",
                "T",
                "\u00ad",
            ]
        ),
        st.characters(),
    ),
    max_size=14,
).map("".join)


def plainly(text: str, limit: int) -> str:
    text = unicodedata.normalize("NFKC", text[: 4 * limit]).translate(data.RADICALS)
    text = re.sub(r"(?<=\d)\s+(?=\d{1,2}:\d\d)", "T", text)
    text = re.sub(r"(?<=[A-Za-z])\s+(?=[A-Za-z])", "\x00", text)
    text = BLANK.sub("", text)[:limit].replace("\x00", " ")
    return YEAR.sub(
        lambda m: m[0].translate(str.maketrans("〇零○oO一二三四五六七八九", "00000123456789")), text
    )


def test_what_cannot_be_seen_is_one_list():
    assert set(INVISIBLE) == {chr(c) for c in range(0x110000) if BLANK.match(chr(c))}


@settings(max_examples=400, deadline=None)
@given(PIECES, st.sampled_from([3, 10, 300]))
def test_compact_is_what_its_definition_says(text, limit):
    assert compact(text, limit) == plainly(text, limit)
    assert compact_lines(text, limit) == "\n".join(
        plainly(line, limit) for line in text.split("\n")
    )


def document(texts) -> Document:
    blocks = [
        Grid(((GridCell("格", "t", 0, 0),),), "t") if t is None else Paragraph(t, "p")
        for t in texts
    ]
    return Document(Source("a"), tuple(blocks))


def test_only_the_ends_of_a_long_document_are_looked_at():
    ends = ends_of(
        document([f"第{i}段" for i in range(1000)] + [None, "沭阳县司法局", "2023年1月17日"]),
        whole=False,
    )
    assert ends.lead == tuple(f"第{i}段" for i in range(24)) and len(ends.tail) == 60
    assert ends.tail[-2:] == ("沭阳县司法局", "2023年1月17日") and not any(ends.tail[:-2])
    assert ends.foot.split("\n")[0] == "第990段" and ends.whole == ""


def test_ends_of_a_short_document_do_not_overlap_its_lead():
    ends = ends_of(document(["标题", "\u200b", "一、总体情况", "正 文", " "]), whole=True)
    assert ends == (("标题",), ("", ""), "标题\n一、总体情况\n正文", "标题\n一、总体情况\n正文")


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        (
            "现将2021年年度报告公布2022年年度报告发布。",
            {2021: 4, 2022: 4},
        ),  # the next begins behind the last
        ("编制2021年,2022年年度报告。", {2021: 4}),
        ("编制12021年年度报告。", {}),
        ("截至2021年底。截至到2021年12月31日。截至\n2021年底", {2021: 5}),
        ("较\n2021年", {}),
        ("说明:一是2021年。(1)2021年度未收取。", {2021: 4}),
        ("2021年政府信息公开工作中还存在", {2021: 3}),
        ("2021年1月1日起至12月31日。2022年,将", {2021: 11}),
    ],
)
def test_weights_of_statements(text, weights):
    assert prose_year([(1, text)])[1] == weights


def test_two_periods_are_none():
    texts = ["2021年1月1日至12月31日", "2022年1月1日至2022年12月31日"]
    assert period_year(texts) is None and period_year(texts[:1]) == 2021


def test_a_row_of_dashes_does_not_hang_the_period():
    """`-` and `--` were alternatives under one `+`: two to the power of their number."""
    assert period_year(["2021年1月1日" + "-" * 20_000]) is None
    assert period_year(["2021年1月1日——至12月31日"]) == 2021
