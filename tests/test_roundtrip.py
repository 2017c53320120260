"""What is written comes back: exactly, or as unreadable where the layout itself lost which figure is which."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from govdisclosure.decode import decode_document
from govdisclosure.errors import DisclosureError, LayoutError
from govdisclosure.model import Source
from govdisclosure.readers import read

from .writers import strategies
from .writers.figures import keys, sample
from .writers.judge import judge
from .writers.layouts import LAYOUTS, plan, write
from .writers.misprints import CHANGES, misprint
from .writers.random_reports import report

NEVER = ("wrong", "unreadable", "status", "unit", "not_refused")
# no layout of layouts.md: only nothing wrong is asked of it
LENIENT = {"markdown_copies"}


def check(name: str, data: bytes, expected) -> Counter:
    """Reads the bytes and asserts; returns how many cells came out how."""
    if expected.refused:
        with pytest.raises(LayoutError):
            decode_document(read(data, Source(name)))
        return Counter(refused=1)
    record = decode_document(read(data, Source(name)))
    verdicts = judge(record.cells, expected)
    never = NEVER[:1] if name.split("/")[0] in LENIENT else NEVER
    assert not [v for v in verdicts if v.kind in never][:3], name
    listed = [u.text for u in record.unplaced]
    assert not [f for f in expected.unplaced if not any(f in text for text in listed)], (
        f"{name}: a figure was lost in silence"
    )
    return Counter(v.kind for v in verdicts)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_plain_report_in_every_layout(layout):
    for number in range(3):
        name = f"{layout}/plain-{number}"
        pen = Random(name)
        made = sample(pen)
        data, expected = write(made, layout, pen)
        found = check(name, data, expected)
        assert (
            expected.refused
            or layout in LENIENT
            or found["right"] + found["lossy"] == len(made.tokens)
        ), found
        assert found["lossy"] <= len(expected.lossy)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "layout",
    ["html_cms_word", "docx", "markdown", "dump_rows_kept", "dump_lines_plain", "dump_bars_alone"],
)
def test_misprints_and_changed_structure(layout, change):
    pen = Random(f"{layout}/{change}")
    made = misprint(plan(sample(pen)), pen, (change,))
    check(f"{layout}/{change}", *write(made, layout, pen))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_random_reports(layout):
    """Blanks, /, words, units, misprints; the name in a failure makes the report again: exactness.py --replay NAME."""
    for number in range(4):
        made = report(f"{layout}/{number}")
        check(f"{layout}/{number}", made.data, made.expected)


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    made=strategies.samples(),
    layout=strategies.layouts(),
    change=strategies.changes(),
    pen=strategies.pens(),
)
def test_any_report_in_any_layout(made, layout, change, pen):
    """The same hundred at each run, so that CI is steady, and not shrunk, which takes minutes; benchmarks/exactness.py draws as many others as one likes."""
    data, expected = write(misprint(plan(made), pen, change), layout, pen)
    try:
        record = decode_document(read(data, Source(layout)))
    except DisclosureError:
        assert expected.refused
        return
    verdicts = judge(record.cells, expected)
    assert not [v for v in verdicts if v.kind == "wrong"][:3], (layout, change)
    if layout not in LENIENT:
        assert not [v for v in verdicts if v.kind in NEVER][:3], (layout, change)


def test_the_judge_sees_what_is_wrong():
    """The net itself: each kind of fault is caught."""
    from govdisclosure.forms import FORMS
    from govdisclosure.model import Cell

    from .writers.layouts import Expected

    key = keys(FORMS["2021"])[0]
    want = {key: (3, "件", "reported")}
    for value, unit, status, kind in [(3.0, "件", "reported", "right"), (4.0, "件", "reported", "wrong"), (None, "件", "unreadable", "unreadable"),
                                      (3.0, "元", "reported", "unit"), (None, "件", "blank", "wrong"), (3.0, "件", "imputed", "status")]:  # fmt: skip
        assert judge([Cell(*key, value, unit, status, "", "")], Expected(want))[0].kind == kind
    lossy = Expected(want, frozenset({key}))
    assert judge([Cell(*key, None, "件", "unreadable", "", "")], lossy)[0].kind == "lossy"
    assert judge([Cell(*key, 5.0, "件", "reported", "", "")], lossy)[0].kind == "wrong"
    assert (
        judge([Cell("requests", "invented", "total", 1.0, "件", "reported", "", "")], Expected({}))[
            0
        ].kind
        == "wrong"
    )
