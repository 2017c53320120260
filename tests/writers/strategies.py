"""Hypothesis strategies: reports that shrink to a few odd cells in an otherwise plain report."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from govdisclosure.forms import FORMS, row_unit

from . import tokens
from .figures import AGENCIES, WRITTEN, Key, Sample, keys
from .layouts import LAYOUTS
from .misprints import CHANGES

MOST_ODD = 12


def layouts() -> st.SearchStrategy[str]:
    """Names of layouts."""
    return st.sampled_from(list(LAYOUTS))


def changes() -> st.SearchStrategy[tuple[str, ...]]:
    """No change of labels or structure, or one."""
    return st.sampled_from([(), *((name,) for name in CHANGES)])


def pens() -> st.SearchStrategy[Random]:
    """What chooses within a layout or change (where a label breaks, which row is missing)."""
    return st.integers(0, 10_000).map(Random)


@st.composite
def samples(draw) -> Sample:
    """Zeros and small counts, with up to twelve cells of any kind that has been seen in one: blank, /, 减4, 124件, words."""
    form = draw(st.sampled_from(WRITTEN))
    one_row = form == "2021" and draw(st.booleans())
    cells = keys(FORMS[form], one_row)
    base = draw(st.sampled_from((0, 1, 96)))
    printed = {key: _bare(form, key, base) for key in cells}
    for key in draw(st.lists(st.sampled_from(cells), max_size=MOST_ODD, unique=True)):
        printed[key] = draw(_token(form, key))
    return Sample(
        form, draw(st.sampled_from(AGENCIES)), draw(st.integers(2019, 2025)), printed, one_row
    )


def _bare(form: str, key: Key, value: int) -> tokens.Token:
    column = FORMS[form].table(key[0]).column(key[2])
    return tokens.Token(
        str(value), Decimal(value), unit="" if column.kind == "money" and not column.unit else None
    )


def _token(form: str, key: Key) -> st.SearchStrategy[tokens.Token]:
    table = FORMS[form].table(key[0])
    row, column = table.row(key[1]), table.column(key[2])
    empty = tokens.blank(Random(0))
    if column.kind == "money":
        make, nothing = (
            (tokens.fees, empty) if column.unit else (tokens.procurement, empty._replace(unit=""))
        )
        return pens().map(make) | st.just(nothing)
    figures = (
        pens().map(tokens.change)
        if column.signed
        else st.builds(
            lambda pen, n: tokens.count(pen, n, row_unit(row, column) or "件"),
            pens(),
            st.integers(0, 2_000_000),
        )
    )
    return figures | st.just(empty) | pens().map(tokens.odd)
