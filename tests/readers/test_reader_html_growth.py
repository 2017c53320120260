"""HTML: time grows with the size of the page, whatever stands on it many times."""

from __future__ import annotations

import time

import pytest
from reader_samples import doc

from govdisclosure.errors import LimitError

TABLE = "<table><tr><td>规章</td><td>1</td></tr></table>"
KINDS = {
    "comments": lambda n: "<!-- a -->" * n + "<p>甲</p>",
    "comments left open": lambda n: "<p>甲</p>" + "<!-- " * n,
    "spans around spans": lambda n: "<span style='color:red'>" * n + "甲",
    "tables in tables": lambda n: "<table><tr><td><p>甲</p>" * n,
    "tables beside cells": lambda n: "<table><tr><td>甲<td>乙<td>" * n,
    "tables in one cell": lambda n: "<table><tr><td>" + TABLE * n + "</table>",
    "merged cells": lambda n: "<table>" + "<tr><td colspan=2 rowspan=2>1<td>2" * n + "</table>",
    "merged cells above": lambda n: (
        "<table><tr>" + "<td rowspan=9>1" * 300 + "<tr>" * n + "</table>"
    ),
    "rows of prose": lambda n: "<table>" + ("<tr><td>" + "甲" * 300 + "<td>") * n,
    "styles": lambda n: "".join(
        f"<p style='visibility:hidden;width:{i}px'>甲</p>" for i in range(n)
    ),
    "one long style": lambda n: "<p style='" + "display:none;" * n + "'>甲</p><p>乙</p>",
    "rules": lambda n: (
        "<style>"
        + "".join(f".a{i}{{display:none}}" for i in range(n))
        + "</style><p class=a1>甲</p><p>乙</p>"
    ),
    "selectors": lambda n: "<style>" + ".b," * n + ".a{display:none}</style><p class=a>甲</p>乙",
    "brackets in selectors": lambda n: "<style>" + ",(" * n + "{display:none}</style><p>甲",
    "braces": lambda n: "<style>" + "{" * n + "}" * n + "</style><p>甲",
    "raised marks": lambda n: "<p>1" + "<sup>1</sup>" * n,
    "line breaks in a cell": lambda n: TABLE.replace("1", "甲<br>" * n),
    "lines": lambda n: "<pre>" + "甲 | 1\n" * n,
    "texts left open as typed": lambda n: "<pre>甲 | 1" * n,
    "pages in scripts": lambda n: '<script>{"a":"</p></p></p></p>"}</script>' * n + "<p>甲",
    "escaped characters": lambda n: "<p>甲" + "&amp;lt;p&amp;gt;" * n,
    "lists in a cell": lambda n: TABLE.replace("1", "<ol><li>甲" * n),
    "items of a list": lambda n: TABLE.replace("1", "<ol>" + "<li>甲" * n),
    "parts of a box": lambda n: (
        "<div style='display:flex'>" + "<p style='order:2'>甲</p><p>乙</p>" * n
    ),
    "heads behind": lambda n: (
        "<table><tbody><tr><td>甲<td>1</tbody><thead><tr><td>乙<td>2</thead></table>" * n
    ),
    "formulas": lambda n: "<math>" + "<msup><mn>1</mn>" * n,
}


def seconds(page: str) -> float:
    """The least processor time of three readings."""
    found = []
    for _ in range(2):
        began = time.process_time()
        doc("<!doctype html><html><body>" + page)
        found.append(time.process_time() - began)
    return min(found)


@pytest.mark.parametrize("kind", KINDS)
def test_eight_times_the_page_takes_about_eight_times_the_time(kind):
    taken = [seconds(KINDS[kind](200 * times)) for times in (1, 2, 4, 8)]
    assert taken[3] < 24 * max(taken[0], 0.002), taken  # quadratic: 64 times


@pytest.mark.parametrize(
    "page",
    [
        "".join(f"<p><b id={i}>甲" for i in range(20_000)),
        "<span>" * 50_000 + "<p></p>" * 50_000,
        "<ul><li>1" * 20_000,
        "<pre>" * 30_000,
        "<span></b>" * 50_000 + "<p></p>" * 50_000,
        "<style>p:nth-child(odd){display:none}</style>" + "<p>甲</p>" * 50_000,
        "<style>" + ".a{display:none}" * 20_000 + "</style>" + "<p class=a>甲</p>" * 20_000,
        "<table><tr>" + "<td>1" * 10_000 + "<tr><td>1" * 10_000,
        "<table>" + "<tr><td colspan=1000 rowspan=65534>1<td>2" * 2_000,
    ],
)
def test_what_would_take_all_time_or_memory_is_refused_at_once(page):
    began = time.process_time()
    with pytest.raises(LimitError):
        doc("<html><body>" + page)
    assert time.process_time() - began < 3
