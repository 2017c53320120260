"""What fuzzers found stays mended, and a defect behind a polite refusal is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import fuzz
from govdisclosure.errors import UnreadableFileError

FOUND = sorted(Path(__file__).with_name("found").glob("*.*"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_once_is_taken_now(path):
    fuzz.judge(path.read_bytes(), path.name)


@pytest.mark.parametrize("form", fuzz.FORMATS)
def test_seeds_do_no_harm(form):
    for data in fuzz.seeds(form)[: 2 if form in ("odt", "rtf") else 12]:  # LibreOffice is slow
        fuzz.judge(data, f"seed.{form}")


def test_a_defect_behind_a_polite_refusal_is_seen(monkeypatch):
    def read(*_, **__):
        raise UnreadableFileError("x", "a file", advice="Please report this file.") from KeyError(
            "hidden"
        )

    monkeypatch.setattr("govdisclosure.pipeline.read_record", read)
    with pytest.raises(fuzz.Defect, match="hidden"):
        fuzz.judge(b"x", "x.html")
