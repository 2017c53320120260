"""The directory of a large zip, read a slice at a time, is what `zipfile` reads at once."""

from __future__ import annotations

import random
import struct
import zipfile

import pytest

from govdisclosure.errors import UnreadableFileError
from govdisclosure.scale import archives, zips


@pytest.fixture
def sliced(monkeypatch):
    monkeypatch.setattr(zips, "SLICE", 7)


def written(
    path, count: int, *, comment: bytes = b"", wide: bool = False, before: bytes = b""
) -> str:
    """A zip with members of several names, methods and sizes."""
    pen = random.Random(count)
    with open(path, "wb") as file:
        file.write(before)
        with zipfile.ZipFile(file, "w") as archive:
            for number in range(count):
                info = zipfile.ZipInfo(
                    pen.choice((f"年报/{number}.html", f"a/{number}.html", f"{number}/"))
                )
                info.compress_type = pen.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
                info.comment = b"x" * pen.randrange(40)
                data = b"" if info.is_dir() else str(number).encode() * pen.randrange(1, 900)
                with archive.open(info, "w", force_zip64=wide) as member:
                    member.write(data)
            archive.comment = comment
    return str(path)


def told(info: zipfile.ZipInfo) -> tuple:
    return (
        info.filename,
        info.header_offset,
        info.compress_type,
        info.compress_size,
        info.file_size,
        info.CRC,
        info.flag_bits,
        info.comment,
    )


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 13, 14, 15, 100])
@pytest.mark.parametrize(
    "how", [{}, {"comment": b"PK\5 a comment"}, {"wide": True}, {"before": b"#!/bin/sh\n" * 30}]
)
def test_slices_are_what_zipfile_reads(tmp_path, sliced, count, how):
    path = written(tmp_path / "a.zip", count, **how)
    with zipfile.ZipFile(path) as archive:
        assert [told(i) for i in zips.infos(path)] == [told(i) for i in archive.infolist()]


def test_members_of_a_sliced_zip_are_fetched(tmp_path, sliced):
    path = written(tmp_path / "a.zip", 40, before=b"stub")
    with zipfile.ZipFile(path) as archive:
        wanted = {
            archives.label_of(path, n): archive.read(n)
            for n in archive.namelist()
            if not n.endswith("/")
        }
    assert {
        m.label: archives.fetch(m.label, m.locator)
        for m in archives.members(path, str(tmp_path / "spool"))
    } == wanted


def test_zip64_directory(tmp_path, sliced):
    """More members than 16 bits count, as the end record says it: 0xFFFF and a ZIP64 record."""
    path = tmp_path / "a.zip"
    written(path, 20)
    data = path.read_bytes()
    at = data.rfind(b"PK\5\6")
    *_, count, size, offset, _ = struct.unpack_from("<4s4H2LH", data, at)
    wide = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset
    ) + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    path.write_bytes(
        data[:at]
        + wide
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, size, 0xFFFFFFFF, 0)
    )
    with zipfile.ZipFile(path) as archive:
        expected = [told(i) for i in archive.infolist()]
    assert len(expected) == 20 and [told(i) for i in zips.infos(str(path))] == expected


def test_a_count_that_is_not_the_directorys_is_passed_over_as_zipfile_does(tmp_path, sliced):
    """Old programs write the count of 70,000 members as 4,464."""
    path = tmp_path / "a.zip"
    written(path, 30)
    data = path.read_bytes()
    at = data.rfind(b"PK\5\6")
    for count in (29, 60, 3):
        path.write_bytes(
            data[:at] + data[at : at + 8] + struct.pack("<2H", count, count) + data[at + 12 :]
        )
        with zipfile.ZipFile(path) as archive:
            assert [told(i) for i in zips.infos(str(path))] == [told(i) for i in archive.infolist()]


def test_slices_are_cut_by_bytes_too(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "SLICE", 50)
    monkeypatch.setattr(zips, "BYTES", 300)
    path = written(tmp_path / "a.zip", 120)
    with open(path, "rb") as file:
        assert (
            max(len(records) for records, _ in zips._slices(file, zips._directory(file)))
            < 300 + 46 + 100
        )
    with zipfile.ZipFile(path) as archive:
        assert [told(i) for i in zips.infos(path)] == [told(i) for i in archive.infolist()]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data, at: data[: at - 30] + data[at:],  # part of the last record is gone
        lambda data, at: data.replace(b"PK\1\2", b"PK\1\3", 3),  # records without their mark
        lambda data, at: data[:at],  # no end
    ],
)
def test_damaged_directories_are_refused(tmp_path, sliced, damage):
    path = tmp_path / "a.zip"
    written(path, 30)
    data = path.read_bytes()
    path.write_bytes(damage(data, data.rfind(b"PK\5\6")))
    with pytest.raises(UnreadableFileError, match="a.zip"):
        list(archives.members(str(path), str(tmp_path / "spool")))
