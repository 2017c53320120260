"""Cells of text dumps: each case is a way in which the text told its cells apart and the parser once did not see it."""

from __future__ import annotations

from random import Random

import pytest

from govdisclosure.forms import FORMS
from govdisclosure.model import Source
from govdisclosure.parse import parse_document
from govdisclosure.readers import read
from tests.parse.tables import cell
from tests.writers.figures import WRITTEN, Sample, keys
from tests.writers.layouts import LAYOUTS, Expected, plan
from tests.writers.tokens import Token, blank

PADDING = "rows_kept"  # the layout whose short rows are filled up with bars


def dump(layout: str, changes: dict[str, str], form: str = "2021", titles: str = "") -> tuple[str, Expected]:
    """A report whose cells are all 5, but for ``changes`` ('table.row.column' or its beginning → text); ``titles`` for 、 in titles."""
    assert form in WRITTEN
    printed = {}
    for key in keys(FORMS[form]):
        code = ".".join(key)
        text = next((t for c, t in changes.items() if code == c or code.startswith(c + ".")), "5")
        printed[key] = Token(text, None) if text else blank(Random(0))
    made = plan(Sample(form, "青河县水务局", 2022, printed))
    if titles:
        made.titles.update({n: t.replace("、", titles, 1) for n, t in made.titles.items()})
    data, expected = LAYOUTS[layout](made, Random(0))
    return data.decode(), expected


def parsed(text: str):
    return parse_document(read(text.encode(), Source("dump.txt")))


def texts(record, row: str) -> list[str]:
    """Printed texts of a row, "?" where a cell is not settled."""
    return ["?" if c.status == "unreadable" and "|" in c.text else c.text for c in record.cells if f"{c.table}.{c.row}" == row]


@pytest.mark.parametrize("layout", ["dump_lines_plain", "dump_lines_bar", "dump_tabs"])
@pytest.mark.parametrize("sign", ["□", "★", "*"])
def test_a_sign_in_a_cell_is_no_part_of_the_label_beside_it(layout, sign):
    text, _ = dump(layout, {"requests.outcomes_total.natural_person": sign, "proactive.normative_documents.in_force": sign})
    record = parsed(text)
    assert texts(record, "requests.outcomes_total") == [sign, *"555555"]
    assert texts(record, "proactive.normative_documents") == ["5", "5", sign]


@pytest.mark.parametrize("comma", ["、 ", "，", "，　", ": ", ". "])
def test_a_title_on_the_line_of_the_last_cell_however_its_number_is_set_off(comma):
    text, _ = dump("dump_page_one_line_bars", {"proactive.rules.in_force": "", "requests.received.total": ""}, titles=comma)
    record = parsed(text)
    assert cell(record, "proactive.fees.amount").text == "5"
    assert cell(record, "requests.carried_forward.total").value == 5
    assert texts(record, "proactive.rules") == ["5", "5", ""]
    assert [c.value for c in record.cells if c.table == "disputes"] == [5] * 15


def test_a_last_cell_glued_to_a_title_is_not_called_blank():
    text, _ = dump("dump_page_one_line_bars", {"requests.carried_forward.total": "13", "requests.received.total": ""})
    record = parsed(text.replace("13 四、", "13 （四）"))
    assert {c.status for c in record.cells if c.row == "carried_forward"} == {"unreadable"}


def test_figures_none_of_which_are_neighbours_do_not_show_how_cells_are_set_off():
    ends, rows = ("upheld", "corrected", "other", "pending", "total"), ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    every = [f"disputes.{row}.{end}" for row in rows for end in ends]
    blanks = {code: "" for i, code in enumerate(every) if i not in (5, 7, 11, 13)} | {"requests.received.commercial": ""}
    text, _ = dump("dump_bars_before_rows", blanks)
    record = parsed(text)
    assert [cell(record, code).text for code in every] == ["5" if i in (5, 7, 11, 13) else "" for i in range(15)]
