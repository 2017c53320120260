"""Numbers in every notation come back."""

from __future__ import annotations

import doctest
import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure.narrative.scan import Compact
from govdisclosure.numbers import Numeral, chinese_value, number_value, parse_numeral

_SPEC = importlib.util.spec_from_file_location(
    "narrative_render", Path(__file__).with_name("render.py")
)
render = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(render)


def test_the_examples_of_the_renderer_run():
    assert doctest.testmod(render).failed == 0


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**8 - 1))
def test_every_notation_comes_back(n):
    for name, write in render.NOTATIONS.items():
        assert number_value(Compact(write(n)).text.replace("，", ",")) == n, (name, write(n))


def test_a_round_zero_is_a_zero():
    assert [chinese_value(text) for text in ("三百○二", "一万○二", "零百")] == [302, 10002, None]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 99_999), st.integers(0, 2), st.sampled_from("万亿"))
def test_decimals_with_a_myriad_are_exact(n, places, unit):
    printed = f"{n / 10**places:.{places}f}"
    factor = 10**4 if unit == "万" else 10**8
    assert parse_numeral(printed + unit).value == n * factor / 10**places


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("二〇二一", 2021), ("两千", 2000), ("一万二", 12000), ("三百二", 320), ("一百零二", 102), ("十", 10), ("三亿五千万", 350_000_000),
        ("壹佰贰拾", 120), ("万", None), ("一二十", None), ("十百", None), ("", None), ("abc", None),
    ],
)  # fmt: skip
def test_chinese_numerals(printed, expected):
    assert chinese_value(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("18余万", Numeral(180_000, True)), ("20多万", Numeral(200_000, True)), ("二十余", None), ("1,200", Numeral(1200)),
        ("3-5", Numeral(3, True)), ("三至五", Numeral(3, True)), ("3-5万", Numeral(30_000, True)), ("100", Numeral(100)),
        ("5-3", None), ("1,23", None), ("12a", None), ("", None), ("若干", None), ("1.2.3", None),
    ],
)  # fmt: skip
def test_approximations_and_ranges(printed, expected):
    assert parse_numeral(printed) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gives_a_numeral_or_none(text):
    parsed = parse_numeral(text)
    assert parsed is None or parsed.value >= 0
