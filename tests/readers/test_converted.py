"""Old word-processor files, converted: the same figures, or an error that says what to install."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from docx import Document as Word
from reader_samples import grids

from govdisclosure.errors import UnreadableFileError
from govdisclosure.model import Source
from govdisclosure.readers import office, read

FIGURES = [["行政许可", "39"], ["行政处罚", "4"]]
OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The document in the formats that LibreOffice writes."""
    if not OFFICE:
        pytest.skip("LibreOffice is not installed: no such file can be written here")
    folder = tmp_path_factory.mktemp("office")
    word = Word()
    word.add_paragraph("某县2023年政府信息公开工作年度报告")
    table = word.add_table(2, 2)
    for row, texts in zip(table.rows, FIGURES):
        for cell, text in zip(row.cells, texts):
            cell.text = text
    word.save(folder / "a.docx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for ending in ("doc", "rtf", "odt", "xml:MS Word 2003 XML"):
        command = [
            OFFICE,
            profile,
            "--headless",
            "--convert-to",
            ending,
            "--outdir",
            folder,
            folder / "a.docx",
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@pytest.mark.parametrize("ending", ["doc", "rtf", "odt", "xml"])
def test_the_same_figures(files, ending):
    document = read((files / f"a.{ending}").read_bytes(), Source(f"a.{ending}"))
    assert grids(document) == [FIGURES]


def test_without_libreoffice_the_library_reads_doc(files, monkeypatch):
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    document = read((files / "a.doc").read_bytes(), Source("a.doc"))
    assert grids(document) == [FIGURES]


def test_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    with pytest.raises(UnreadableFileError, match="Install LibreOffice, or save the file as .docx"):
        read(b"{\\rtf1 a}", Source("a.rtf"))


def test_a_converter_that_hangs_is_ended(tmp_path, monkeypatch):
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(
        office.shutil, "which", lambda name: str(slow) if name == "soffice" else None
    )
    monkeypatch.setattr(office, "SECONDS", 0.3)
    with pytest.raises(UnreadableFileError, match="not done after"):
        read(b"{\\rtf1 a}", Source("a.rtf"))
