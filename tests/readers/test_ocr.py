"""Scanned PDFs: refused with advice without the extra, read cell by cell with a confidence with it."""

import pytest

pytest.importorskip("reportlab", reason="reportlab makes the test PDFs: pip install reportlab")
pytest.importorskip(
    "pylopdf_fonts_zh_cn",
    reason="a Chinese font for the test PDFs: pip install pylopdf-fonts-zh-cn",
)

from govdisclosure.errors import UnreadableFileError
from govdisclosure.model import Source
from govdisclosure.readers import ocr
from govdisclosure.readers.pdf import read_pdf
from tests.pdfmaker.canvas import draw
from tests.pdfmaker.compare import grids
from tests.pdfmaker.report import make
from tests.pdfmaker.scan import scanned

SOURCE = Source("scan.pdf")


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableFileError, match=r"pip install govdisclosure\[ocr\]"):
        read_pdf(scanned(draw(make().blocks)), SOURCE)


def test_figures_of_a_scan_with_confidence():
    if not ocr.available():
        pytest.skip("the extra is missing: pip install rapidocr onnxruntime")
    spec = make(seed=1).specs[0]
    document = read_pdf(scanned(draw([spec])), SOURCE)
    assert document.metadata["source"] == "ocr"
    (grid,) = grids(document)
    for row, places in zip(grid.rows, spec.places(), strict=True):
        for cell, printed in zip(row, places, strict=True):
            assert 0 <= cell.confidence <= 1
            if printed.text.replace(".", "").isdigit():
                assert cell.text == printed.text or cell.confidence < 0.9
