"""A table of a known shape is filled as it would be if it were read in full, whatever its figures are."""

from __future__ import annotations

import random
import re

import pytest

from govdisclosure import shapes
from govdisclosure.errors import DisclosureError
from govdisclosure.parse import plans
from govdisclosure.pipeline import read_record
from govdisclosure.readers import article
from govdisclosure.shapes import KEPT, LARGEST, WORDIEST, shape_of
from tests.writers.layouts import LAYOUTS
from tests.writers.random_reports import report

HTML = [name for name in LAYOUTS if "html" in name or "cms" in name]
OTHERS = ("", "/", "1,234", "3.5", "12.5万元", "无", "未统计", "-3", "0/0")


def refigured(made, seed: int, share: float) -> bytes:
    """The report with other figures in its cells; a ``share`` of them are no plain figures."""
    draw = random.Random(seed)

    def other(match: re.Match) -> str:
        return f">{draw.choice(OTHERS) if draw.random() < share else draw.choice((0, draw.randrange(400)))}<"

    return re.sub(r">\s*\d[\d.,]*\s*<", other, made.data.decode(made.charset)).encode(made.charset)


def outcome(data: bytes) -> object:
    try:
        return read_record("x.html", data=data)
    except DisclosureError as error:
        return str(error)


@pytest.mark.parametrize("layout", HTML)
def test_known_shapes_are_filled_as_new_ones(layout, monkeypatch):
    made = report(f"{layout}/1")
    pages = [refigured(made, seed, share) for share in (0, 0.03) for seed in range(5)]
    remembered = [outcome(page) for page in [*pages, *pages]]
    monkeypatch.setattr(article, "shape_of", lambda *_: None)
    assert remembered == [outcome(page) for page in [*pages, *pages]]


def test_the_third_table_of_a_shape_takes_the_steps_of_the_second(monkeypatch):
    made, taken = report("html_bare/3"), []
    monkeypatch.setattr(plans, "_PLANS", type(plans._PLANS)(None, 512))
    fill = plans.Plan.fill
    monkeypatch.setattr(
        plans.Plan, "fill", lambda plan, parts: taken.append(plan) or fill(plan, parts)
    )
    for seed in range(3):
        outcome(refigured(made, seed, 0))
    assert (
        len(taken) >= 3
    )  # the three tables of the last report; more where another test showed the shapes before


def test_what_hung_on_figures_is_not_kept():
    """Two lines claim one row: equal figures are one row printed twice, different ones are not settled."""
    rows = "".join(
        f"<tr><td>{name}</td><td>1</td><td>2</td><td>{{}}</td></tr>"
        for name in ("规章", "规章", "行政规范性文件")
    )
    page = (
        "<p>二、主动公开政府信息情况</p><table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
        + rows
        + "</table><p>三、收到和处理政府信息公开申请情况</p><p>无</p><p>四、政府信息公开行政复议、行政诉讼情况</p><p>无</p>"
    )
    for _ in range(3):
        alike = read_record("x.html", data=page.format(3, 3, 4).encode())
        differ = read_record("x.html", data=page.format(3, 5, 4).encode())
    assert {c.status for c in alike.cells[:3]} == {"reported"}
    assert {c.status for c in differ.cells[:3]} == {"unreadable"}


def test_shapes_tell_words_strokes_and_blanks_apart_and_take_figures_for_alike():
    def shape(*texts):
        return shape_of([list(texts)], [None], [])

    assert shape("规章", "1") is shape("规章", "2,345")
    assert len({id(shape("规章", text)) for text in ("1", "", "/", "无", "一", "1件", "万")}) == 7
    assert shape_of([["1"] * (LARGEST + 1)], [None], []) is None
    assert shape_of([["文" * (WORDIEST + 1)]], [None], []) is None


def test_what_is_remembered_of_shapes_is_bounded():
    for number in range(2 * KEPT):
        shape_of([[f"规章{number}年", "1"]], [None], [])
    assert len(shapes._SHAPES) <= KEPT
