"""Mutated bytes of small valid files: only DisclosureError may come out, from the readers themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_samples import docx, p, tbl, tc

from govdisclosure.errors import DisclosureError
from govdisclosure.model import Grid, Source
from govdisclosure.readers import read
from govdisclosure.readers.reading import _dispatch

HTML = (
    "<html><head><meta charset=gb2312><title>某县年报</title></head><body><div><a href='x'>首页</a></div><h1>题</h1><p>一、总体情况</p>"
    '<table><tr><td rowspan=2>规章</td><td colspan="2">1</td></tr><tr><td>&nbsp;</td><td>2<br>3</td></tr></table>'
    "<p style='display:none'>x</p><p>网站标识码：3201230001</p></body></html>"
)
SAMPLES = {
    "html": HTML.encode("gb18030"),
    "html-utf8": HTML.encode(),
    "markdown": "---\ntitle: 甲\n---\n# 甲\n\n| a | b |\n|---|---|\n| 1 | **2** |\n\n<table><tr><td>1</td></tr></table>\n[x](y) \\| z\n".encode(),
    "text": "某县年报\n索引号：1\n规章 | 1 | | 2 ||\n＋----+\n主办单位：某县\n".encode(),
    "docx": docx(
        p("一、总体情况", '<w:numPr><w:numId w:val="1"/></w:numPr>')
        + tbl(
            tc("a", '<w:vMerge w:val="restart"/>') + tc("b", '<w:gridSpan w:val="2"/>'),
            tc("", "<w:vMerge/>") + tc("c") + tc("d"),
        )
    ),
    "mhtml": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=x\n\n<p>x</p>\n--b--\n",
}
XML = (
    '<w:p><w:pPr><w:pStyle w:val="1"/><w:numPr><w:ilvl w:val="0"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:rPr><w:vanish/></w:rPr>'
    '<w:t>甲</w:t><w:br/></w:r></w:p><w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="2"/>'
    '<w:vMerge/><w:hMerge w:val="continue"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.sampled_from(["set", "drop", "insert", "copy"]),
        st.one_of(
            st.binary(min_size=1, max_size=4),
            st.sampled_from([b"<", b">", b"'", b"\0", b"<table>", b"</td>", b"\x81", b"\xff\xfe"]),
        ),
    ),
    min_size=1,
    max_size=8,
)


def mutate(data: bytes, edits: list) -> bytes:
    out = bytearray(data)
    for place, kind, piece in edits:
        place %= len(out) + 1
        if kind == "set":
            out[place : place + len(piece)] = piece
        elif kind == "drop":
            del out[place : place + 1 + len(piece) * 7]
        elif kind == "insert":
            out[place:place] = piece
        else:
            out[place:place] = out[place // 2 : place // 2 + 40]
    return bytes(out)


def check(data: bytes) -> None:
    """Reads past the safety net of `read`, so that a defect shows; what comes out must be well formed."""
    try:
        document = _dispatch(data, Source("x"))
    except DisclosureError:
        return
    for block in document.blocks:
        if isinstance(block, Grid):
            assert len({len(row) for row in block.rows}) == 1
            assert all(
                cell is None or block.rows[cell.row][cell.column] is cell
                for row in block.rows
                for cell in row
            )
        else:
            pieces = getattr(block, "pieces", (block,))  # a line of marks alone is a row of blanks
            assert all(piece.text == piece.text.strip() for piece in pieces)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_themselves_are_read(name):
    assert read(SAMPLES[name], Source("x")).blocks


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=150, deadline=None)
@given(edits=EDITS)
def test_mutated_files(name, edits):
    check(mutate(SAMPLES[name], edits))


@settings(max_examples=150, deadline=None)
@given(edits=EDITS)
def test_mutated_xml_inside_a_docx(edits):
    check(docx(mutate(XML.encode(), edits).decode("utf-8", "ignore").replace("\0", "")))


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes(data):
    check(data)
