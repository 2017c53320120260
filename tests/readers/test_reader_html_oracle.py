"""The HTML reader against a real HTML5 parser: a page and the same page normalised by lexbor read alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure.readers.article import Walk
from govdisclosure.readers.flow import tables_of
from govdisclosure.readers.grids import GridMaker
from govdisclosure.readers.marks import mark_up

selectolax = pytest.importorskip("selectolax.lexbor")

PIECES = [
    "甲",
    "12",
    " ",
    "\n",
    "<b>",
    "</b>",
    "<br>",
    "<p>",
    "</p>",
    "<!-- x -->",
    "<!-- <td> -->",
    "<span title='a>b'>",
    "</span>",
    "<a href=x>",
    "</a>",
    "<style><td></style>",
    "<script>'<td>'</script>",
    "<input value='>'>",
    "</x>",
    "<![if !x]>",
]
BLOCKS = [
    "<div>",
    "</div>",
    "<h2>丙</h2>",
    "<ul>",
    "<li>",
    "</ul>",
    "</table>",
    "<div style='display:none'>乙</div>",
    "<p hidden>乙</p>",
]
CELLS = [
    "<td>",
    "<td rowspan=2>",
    "<td colspan='3'>",
    "</td>",
    "<tr>",
    "</tr>",
    "<th>",
    "</th>",
    "</tbody><tbody>",
    '<td>次<td style="display:none">',
]
TABLES = ["<table><tr><td>", "<table>", "</table>"]


def soup(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=25).map("".join)


def blocks(page: str) -> list:
    """Every block of a page, before the article is chosen (containers of broken pages differ, their text must not).

    Neighbouring paragraphs are joined: text that a browser moves out of a table may begin a line here.
    """
    maker, found = GridMaker("x"), [""]
    for block in Walk(*tables_of(mark_up(page)[0])).blocks:
        if block.rows is not None:
            rows = [[text.replace("\n", "").replace(" ", "") for text in row] for row in block.rows]
            found += [maker.grid(rows, block.spans, block.ends).rows, ""]
        else:
            found[-1] += block.text.replace(" ", "")
    return found


def normalised(page: str) -> str:
    return selectolax.LexborHTMLParser(page).html


@settings(max_examples=300, deadline=None)
@given(soup(CELLS + PIECES))
def test_tables_of_broken_pages_match_a_browser(inside):
    page = f"<!doctype html><html><body><p>始</p><table><tr><td>首<td>次<td>末{inside}</table><p>后</body></html>"
    assert blocks(page) == blocks(normalised(page))


@settings(max_examples=300, deadline=None)
@given(soup(PIECES + BLOCKS))
def test_prose_of_broken_pages_matches_a_browser(inside):
    page = f"<!doctype html><html><body>{inside}</body></html>"
    assert blocks(page) == blocks(normalised(page))


@settings(max_examples=200, deadline=None)
@given(soup(CELLS[:-1] + TABLES + PIECES[:8]))
def test_nested_tables_of_broken_pages_match_a_browser(inside):
    page = f"<!doctype html><html><body><table><tr><td>首<td>次<td>末{inside}<p></body></html>"
    assert blocks(page) == blocks(normalised(page))
