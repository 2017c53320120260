"""Files that are broken, hostile or of another kind: a clear DisclosureError or a result, never anything else."""

from __future__ import annotations

import io
import zipfile

import pytest
from reader_samples import W, doc, docx, grids, p, prose, table, tbl, tc

from govdisclosure.errors import DisclosureError, LimitError, UnreadableFileError
from govdisclosure.model import Grid, Source
from govdisclosure.readers import read, read_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "0 bytes"),
        (b" \n\r\n", "without text"),
        (b"\0" * 5000, "without text"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x00\x01\xfe" * 900, "binary"),
        (OLE, "docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "Workbook".encode("utf-16-le"), "a workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(90), "OCR"),
        (b"GIF89a" + bytes(90), "picture"),
        (b"II*\0" + bytes(90), "picture"),
        (b"RIFF\0\0\0\0WEBP" + bytes(90), "picture"),
        (b"BM\x9a\0\0\0\0\0\0\0" + bytes(90), "picture"),
        (b"\x1f\x8b\x08" + bytes(90), "Unpack"),
        (zipped(a=b"x"), "Unpack"),
        (zipped(xl__workbook_xml=b"<x/>"), "a workbook"),
        (b"PK\x03\x04" + bytes(90), "broken ZIP"),
        (docx("")[:-30], "broken ZIP"),
        (zipped(word__document_xml=b"<w:document"), "word/document.xml"),
        (b"\x81\x82\xfe\xff\x83" * 400, "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(data, says):
    with pytest.raises(UnreadableFileError) as caught:
        doc(data, "某.html")
    assert says in str(caught.value) and str(caught.value).startswith("某.html: expected")


@pytest.mark.parametrize(
    "data, media",
    [
        (b"<html><body><p>x</p></body></html>", "text/html"),
        (b"# a\n\nb", "text/markdown"),
        ("一、总体情况".encode(), "text/plain"),
        ("<table><tr><td>1</td></tr></table>".encode("utf-16"), "text/html"),
        (docx(p("x")), "application/vnd.openxml"),
    ],
)
def test_the_reader_is_chosen_by_content(data, media):
    source = read(data, Source("a.pdf")).source
    assert (
        source.media_type.startswith(media)
        and len(source.sha256) == 64
        and source.size == len(data)
    )


def test_html_saved_as_doc_and_mhtml_are_html():
    page = "<html xmlns:o='x'><head><meta charset=gb2312></head><body><table><tr><td>件</td><td>1</td></tr></table></body></html>"
    assert grids(doc(page.encode("gb18030"), "a.doc")) == [[["件", "1"]]]
    archive = (
        (
            b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset="gb2312"\n'
            b"Content-Transfer-Encoding: base64\n\n"
        )
        + __import__("base64").encodebytes(page.encode("gb18030"))
        + b"\n--b--\n"
    )
    assert grids(doc(archive)) == [[["件", "1"]]]
    assert doc(archive).source.media_type == "multipart/related"


CHINESE = "政府信息公开工作年度报告，本年新收申请3件，喆镕㛃"


@pytest.mark.parametrize("actual", ["utf-8", "gb18030", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("label", ["gb2312", "utf-8", "gbk", "big5", "iso-8859-1", "klingon", ""])
def test_no_declared_charset_is_believed(actual, label):
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    document = doc(
        f"<html><head>{meta}</head><body><p>{CHINESE * 3}</p></body></html>".encode(actual)
    )
    assert prose(document) == [CHINESE * 3]


def test_big5_where_it_is_declared_and_evident():
    text = "政府資訊公開工作年度報告，本年新收申請三件，其他情況。"
    page = f'<html><meta charset="big5"><body><p>{text}</p></body></html>'
    assert prose(doc(page.encode("big5"))) == [text]


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_half_a_character_costs_no_more_than_itself(codec):
    whole = "<p>本年新收申请</p><table><tr><td>规章</td><td>12</td></tr></table><p>办结".encode(
        codec
    )
    assert grids(doc(whole[:-1])) == [[["规章", "12"]]]
    broken = whole.replace("规章".encode(codec), "规章".encode(codec)[:-1])
    assert grids(doc(broken))[0][0][1] == "12"


def test_grids_have_a_limit():
    row = "<tr>" + "<td colspan=1000>x</td>" * 30 + "</tr>"
    with pytest.raises(LimitError, match="cells"):
        doc("<table>" + row * 30 + "</table>")
    with pytest.raises(LimitError, match="cells"):
        doc(docx(tbl(*[tc("x", '<w:gridSpan w:val="99999"/>') + tc("y")] * 9)))


@pytest.mark.parametrize(
    "opening, closing",
    [
        ("<table><tr><td>", "</td></tr></table>"),
        ("<div>", "</div>"),
        ("<b>", "</b>"),
        ("<font color=red>", "</font>"),
        ("<table>", ""),
        ("<div hidden>", ""),
        ("<table><tr><td>甲<td>", ""),
    ],
)
def test_depth_is_no_matter(opening, closing):
    try:
        document = doc("<p>始</p>" + opening * 20_000 + "底" + closing * 20_000 + "<p>末</p>")
    except LimitError:
        return
    assert ("hidden" in opening) or "底" in "".join(
        prose(document) + [str(t) for t in grids(document)]
    )


def test_a_docx_that_expands_a_million_times_is_stopped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:  # noqa: SIM117
        with package.open("word/document.xml", "w") as part:
            for _ in range(64):
                part.write(b" " * (1 << 20))
    with pytest.raises(LimitError, match="document.xml"):
        doc(out.getvalue())
    lying = out.getvalue().replace((64 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    with pytest.raises(DisclosureError):
        doc(lying)


def test_entities_are_not_expanded_and_nothing_outside_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    for entity in (f'SYSTEM "{secret.as_uri()}"', '"' + "x" * 1000 + '"'):
        bomb = f'<!DOCTYPE d [<!ENTITY a {entity}>]><w:document xmlns:w="{W}"><w:body>{p("&a;")}</w:body></w:document>'
        for codec in ("utf-8", "utf-16"):
            with pytest.raises(UnreadableFileError, match="DOCTYPE"):
                doc(zipped(word__document_xml=bomb.encode(codec)))
    laughs = "<!DOCTYPE html [<!ENTITY a 'x'>]><html><body><p>&a;&lol;&#99999999999;&#1;末</p></body></html>"
    assert prose(doc(laughs))[-1].endswith("末")


def test_a_page_over_the_text_limit():
    with pytest.raises(LimitError):
        doc(b"<p>x</p>" * (5 << 20))


@pytest.mark.parametrize("text", ["规章 | 1 |\n" * 1_000_000, "规章 " * 400_000, "规章|" * 100_000])
def test_more_lines_or_words_than_any_report_has_are_refused(text):
    with pytest.raises(LimitError, match="at most .* No annual report is that large"):
        doc(text)


def test_one_long_line_is_read():
    assert len(doc("规章 " * 10_000).blocks) == 1
    assert len(doc("规章|" * 7_000).blocks[0].pieces) == 7_001


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "<a b='",
        '="',
        "<script>",
        "&",
        "&#",
        "</",
        "<td",
        "<title>",
        "-",
        "<p hidden><b>",
        "：",
        "索引号 ",
        "**",
        "[",
        "<table>x",
        "| - ",
        "---:",
        "A ",
    ],
)
def test_no_repeated_piece_takes_more_than_linear_time(piece):
    try:
        doc("<html><p>x</p>" + piece * 100_000)
        doc("# x\n" + piece * 50_000)
        doc("甲\n" + piece * 50_000)
    except DisclosureError:
        pass  # a limit is an answer too; a hang is none


@pytest.mark.parametrize("name", ["no-such-file", ".", "a\0b"])
def test_paths_that_are_no_files(tmp_path, name):
    with pytest.raises(UnreadableFileError):
        read_bytes(tmp_path / name if "\0" not in name else name)


def test_nothing_of_a_cut_page_is_invented():
    whole = (
        "<p>三、收到</p><table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>23</td></tr></table>"
    )
    for end in range(20, len(whole)):
        for grid in doc(whole[:end]).blocks:
            if isinstance(grid, Grid):
                assert {t for row in table(grid) for t in row if t} <= {"a", "1", "b", "23"}
