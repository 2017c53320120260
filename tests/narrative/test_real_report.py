"""The report this project started from, when its text lies beside the checkout (it is not ours to publish)."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclosure.model import Section
from govdisclosure.narrative import extract

TEXT = Path(__file__).resolve().parents[3] / "shared" / "reports" / "dayao-2021.txt"
EXPECTED = {
    ("new_media_closed", "all", 25.0), ("new_media_opened", "all", 13.0), ("new_media_registered", "all", 13.0),
    ("new_media_opened", "wechat", 10.0), ("new_media_opened", "weibo", 2.0), ("new_media_opened", "douyin", 1.0),
    ("hotline_requests", "all", 716.0), ("hotline_completion_rate", "all", 100.0), ("items_published", "all", 3134.0),
    ("staff", "all", 44.0), ("persons_trained", "all", 89.0), ("interpretations", "all", 11.0), ("requests_received", "all", 5.0),
    ("requests_disclosed_full", "all", 4.0), ("requests_disclosed_partial", "all", 0.0), ("requests_denied", "all", 1.0),
    ("processing_fee", "all", 0.0),
}  # fmt: skip


def test_dayao_2021():
    if not TEXT.exists():
        pytest.skip(
            f"no text of the report at {TEXT.name}: its wording is not part of this repository"
        )
    text = TEXT.read_text(encoding="utf-8")
    figures = extract([Section(1, "", text, "")])
    found = {(f.indicator, f.platform, f.value) for f in figures}
    assert found >= EXPECTED, EXPECTED - found
    accounts = {f for f in found if f[0].startswith("new_media") and f[2] is not None}
    assert len(accounts) == 9, accounts
