"""Archives as sources: names, duplicates, damage, WARC with its encodings, and what the manifest says of members."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pandas as pd
import pytest

import govdisclosure as gd
from benchmarks import synthetic

from .pages import reports

PAGES = [synthetic.report(n)[1] for n in range(6)]


def build(source, out, **options):
    gd.build(source, out, jobs=1, progress=False, **options)
    return gd.load(out)


def tarred(path, files, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def zipped(path, files, how=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def packed(folder, kind, files):
    path = folder / f"all.{kind}"
    if kind == "zip":
        return zipped(path, files)
    return tarred(path, files, "w:gz" if kind == "tar.gz" else "w")


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_archives_are_read_member_by_member(tmp_path, kind):
    folder = reports(tmp_path / "in", 9)
    files = [(f"../../{p.name}", p.read_bytes()) for p in folder.rglob("*.html")]
    archive = packed(tmp_path, kind, files)
    left, right = build(archive, tmp_path / "out"), build(folder, tmp_path / "plain")
    pd.testing.assert_frame_equal(left.cells, right.cells)
    assert left.reports["path"].str.contains("!/").all()
    assert not list(tmp_path.glob("*.html"))


def test_damaged_archives_and_bombs_are_rows_of_failures(tmp_path, monkeypatch):
    folder = reports(tmp_path / "in", 2)
    (folder / "broken.zip").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    (folder / "broken.tar.gz").write_bytes(b"\x1f\x8b" + b"\0" * 50)
    zipped(folder / "bomb.zip", [("a.html", b"\0" * 5_000_000)])
    monkeypatch.setattr("govdisclosure.sources.FREE", 1_000_000)
    corpus = build(folder, tmp_path / "out")
    assert len(corpus.reports) == 2
    assert sorted(corpus.failures["kind"]) == ["limit", "unreadable_file", "unreadable_file"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_two_members_of_one_name_are_two_sources(tmp_path, kind):
    files = [("a/x.html", PAGES[0]), ("a/x.html", PAGES[1]), ("b/x.html", PAGES[2])]
    path = packed(tmp_path, kind, files)
    found = build(path, tmp_path / "out").reports
    names = [p.partition("!/")[2] for p in found["path"]]
    assert (
        sorted(names) == ["a/x.html", "a/x.html#2", "b/x.html"]
        and found["report_id"].is_unique
        and found["year"].nunique() == 3
    )
    both = build([path, path], tmp_path / "twice").reports
    assert sorted(both["path"]) == sorted(found["path"])


def test_an_archive_in_an_archive_is_a_failure_and_names_reach_no_file(tmp_path):
    inner = zipped(tmp_path / "inner.zip", [("y.html", PAGES[0])]).read_bytes()
    (tmp_path / "inner.zip").unlink()
    names = ["/etc/abs.html", "../../up.html", "deep/" * 30 + "deep.html", "C:\\drive.html"]
    path = tarred(tmp_path / "all.tar", [("inner.zip", inner), *zip(names, PAGES[1:])])
    corpus = build(path, tmp_path / "out")
    assert len(corpus.reports) == 4 and list(corpus.failures["path"]) == [f"{path}!/inner.zip"]
    assert {p.name for p in tmp_path.iterdir()} == {"all.tar", "out"}


@pytest.mark.parametrize("damage", ["header", "cut in a page", "cut in a header"])
def test_a_damaged_tar_is_read_on_and_says_where_it_is_damaged(tmp_path, damage):
    path = tarred(tmp_path / "all.tar", [(f"{n}.html", page) for n, page in enumerate(PAGES[:3])])
    data, second = path.read_bytes(), 512 + -(-len(PAGES[0]) // 512) * 512
    path.write_bytes(
        {
            "header": data[:second] + b"garbage!" * 8 + data[second + 64 :],
            "cut in a page": data[: second + 1500],
            "cut in a header": data[: second + 100],
        }[damage]
    )
    corpus = build(path, tmp_path / "out")
    assert set(corpus.reports["report_id"]) == ({"0", "2"} if damage == "header" else {"0"})
    assert len(corpus.failures) and set(corpus.failures["kind"]) == {"unreadable_file"}


def test_a_damaged_member_of_a_zip_is_a_failure_of_its_own(tmp_path):
    pages = [(f"{n}.html", page) for n, page in enumerate(PAGES[:3])]
    path = zipped(tmp_path / "all.zip", pages, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(PAGES[1]) + 500] ^= 1
    path.write_bytes(data)
    corpus = build(path, tmp_path / "out")
    assert set(corpus.reports["report_id"]) == {"0", "2"} and list(corpus.failures["path"]) == [
        f"{path}!/1.html"
    ]


def warc(path, pack: bool):
    """Six pages at http://example.org/n/page.html, plain, gzip, chunked, …; requests, a revisit, an image and a 404 between them."""
    writer = pytest.importorskip(
        "warcio.warcwriter", reason="warcio is not installed: WARC is not tested here"
    )
    from warcio.statusandheaders import StatusAndHeaders as Head

    places = []
    with open(path, "wb") as file:
        out = writer.WARCWriter(file, gzip=pack)

        def add(url, kind, data, *headers, status="200 OK"):
            head = (
                Head("GET / HTTP/1.1", [], is_http_request=True)
                if kind == "request"
                else Head(status, list(headers), protocol="HTTP/1.1")
            )
            out.write_record(
                out.create_warc_record(url, kind, payload=io.BytesIO(data), http_headers=head)
            )

        html = ("Content-Type", "text/html; charset=utf-8")
        for number, page in enumerate(PAGES):
            url, headers = f"http://example.org/{number}/page.html", [html]
            places.append(file.tell())
            if number == 1:
                page, headers = gzip.compress(page), [html, ("Content-Encoding", "gzip")]
            if number in (1, 2):
                page, headers = (
                    b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page),
                    [*headers, ("Transfer-Encoding", "chunked")],
                )
            add(url, "response", page, *headers)
            add(url, "request", b"")
        add(
            "http://example.org/gone.html", "response", b"<p>gone</p>", html, status="404 Not Found"
        )
        add("http://example.org/logo.png", "response", b"\x89PNG", ("Content-Type", "image/png"))
        add("http://example.org/0/page.html", "revisit", b"", html)
    return places


@pytest.mark.parametrize("how", ["plain", "records packed", "packed as a whole"])
def test_pages_of_a_warc_are_read_whatever_they_are_packed_in(tmp_path, how):
    path = tmp_path / ("all.warc" if how == "plain" else "all.warc.gz")
    warc(path, how == "records packed")
    if how == "packed as a whole":
        path.write_bytes(gzip.compress(path.read_bytes()))
    folder = reports(tmp_path / "in", 6)
    corpus, plain = build(path, tmp_path / "out"), build(folder, tmp_path / "plain")
    assert not len(corpus.failures)
    columns = ["agency", "year", "table", "row", "column", "value", "status"]
    left, right = (
        c.cells[columns].astype(object).sort_values(columns[:5], ignore_index=True)
        for c in (corpus, plain)
    )
    pd.testing.assert_frame_equal(left, right)
    assert set(corpus.reports["url"]) == {f"http://example.org/{n}/page.html" for n in range(6)}


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("damage", ["head", "hole", "cut"])
def test_a_damaged_record_is_a_failure_and_the_rest_is_read(tmp_path, pack, damage):
    path = tmp_path / ("all.warc.gz" if pack else "all.warc")
    at = warc(path, pack)[3]
    data = path.read_bytes()
    path.write_bytes(
        {
            "head": data[:at] + b"ZZZZ" + data[at + 4 :],
            "hole": data[: at + 700] + data[at + 750 :],
            "cut": data[: at + 700],
        }[damage]
    )
    corpus = build(path, tmp_path / "out")
    read = {u.split("/")[3] for u in corpus.reports["url"]}
    assert read == ({"0", "1", "2"} if damage == "cut" else {"0", "1", "2", "4", "5"})
    assert list(corpus.failures["path"]) == [f"{path}!/@{at}"] and list(
        corpus.failures["kind"]
    ) == ["unreadable_file"]


def test_a_warc_packed_as_a_whole_and_cut_short_says_so(tmp_path):
    warc(tmp_path / "all.warc", False)
    packed = gzip.compress((tmp_path / "all.warc").read_bytes())
    (tmp_path / "all.warc").unlink()
    (tmp_path / "all.warc.gz").write_bytes(packed[: len(packed) // 2])
    assert "unreadable_file" in set(
        build(tmp_path / "all.warc.gz", tmp_path / "out").failures["kind"]
    )


def test_one_address_crawled_twice_gives_both(tmp_path):
    path = tmp_path / "all.warc"
    warc(path, False)
    path.write_bytes(path.read_bytes() * 2)
    corpus = build(path, tmp_path / "out")
    assert len(corpus.reports) == len(corpus.failures) == 6
    assert set(corpus.failures["kind"]) == {"duplicate"}
    assert all(path.endswith("#2") for path in corpus.failures["path"])


def test_without_warcio_it_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "all.warc").write_bytes(b"WARC/1.0\r\n")
    monkeypatch.setitem(__import__("sys").modules, "warcio", None)
    with pytest.raises(gd.DisclosureError, match=r"pip install govdisclosure\[scale\]"):
        build(tmp_path / "all.warc", tmp_path / "out")


def test_a_manifest_gives_paths_addresses_and_agencies_of_files_and_of_members(tmp_path):
    reports(tmp_path / "in", 3)
    zipped(tmp_path / "all.zip", [("d/one.html", PAGES[4])])
    (tmp_path / "list.csv").write_text(
        "path,url,agency,report_id\nin/0000/0000000.html,http://example.org/0,甲县财政局,a\nin/0000/0000001.html,http://example.org/1,,\n"
        "all.zip,,,\ngone.html,,,\n",
        encoding="utf-8-sig",
    )
    (tmp_path / "members.csv").write_text(
        "path,url,agency\nall.zip!/d/one.html,http://example.org/z,乙县审计局\n", encoding="utf-8"
    )
    corpus = build(tmp_path / "list.csv", tmp_path / "out", manifest=tmp_path / "members.csv")
    found = corpus.reports.set_index("report_id")[["url", "agency"]]
    assert found.loc["a"].tolist() == ["http://example.org/0", "甲县财政局"]
    assert found.loc["0000001", "url"] == "http://example.org/1" and found.loc[
        "0000001", "agency"
    ] == synthetic.agency_of(1)
    assert found.loc["one"].tolist() == ["http://example.org/z", "乙县审计局"]
    assert [p.rpartition("/")[2] for p in corpus.failures["path"]] == ["gone.html"] and len(
        found
    ) == 3
