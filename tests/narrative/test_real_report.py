"""The report this project started from, when its text lies beside the checkout (it is not ours to publish)."""

from __future__ import annotations

from pathlib import Path

import pytest

import govdisclosure as gd
from govdisclosure.model import Section
from govdisclosure.narrative import extract

REPORTS = Path(__file__).resolve().parents[3] / "shared" / "reports"
TEXT = Path(__file__).resolve().parents[3] / "shared" / "reports" / "dayao-2021.txt"
EXPECTED = {
    ("new_media_closed", "all", 25.0), ("new_media_opened", "all", 13.0), ("new_media_registered", "all", 13.0),
    ("new_media_opened", "wechat", 10.0), ("new_media_opened", "weibo", 2.0), ("new_media_opened", "douyin", 1.0),
    ("hotline_requests", "all", 716.0), ("hotline_completion_rate", "all", 100.0), ("items_published", "all", 3134.0),
    ("staff", "all", 44.0), ("persons_trained", "all", 89.0), ("interpretations", "all", 11.0), ("requests_received", "all", 5.0),
    ("requests_disclosed_full", "all", 4.0), ("requests_disclosed_partial", "all", 0.0), ("requests_denied", "all", 1.0),
    ("requests_concluded", "all", 5.0), ("processing_fee", "all", 0.0),
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


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("shanghai-office-2019.html", {("requests_carried_forward", 72.0), ("requests_received", 859.0), ("requests_concluded", 805.0), ("requests_carried_over", 18.0), ("requests_growth", -12.3)}),
        ("dayao-2021.txt", {("requests_concluded", 5.0), ("new_media_registered", 13.0), ("hotline_requests", 716.0)}),
        ("hongze-2023.pdf", {("new_media_closed", None)}),
        ("shuyang-fgj-2023.html", {("items_published", 249.0), ("items_published", 185.0)}),
    ],
)  # fmt: skip
def test_figures_of_real_reports(name, wanted):
    if not (REPORTS / name).exists():
        pytest.skip(f"{name} is not here: its wording is not part of this repository")
    rows = gd.read_report(REPORTS / name).narrative
    values = rows["value"].astype(object).where(rows["value"].notna(), None)
    assert wanted <= set(zip(rows["indicator"].astype(str), values))
    assert rows["confidence"].between(0, 1).all()


def test_the_seed_keeps_its_new_media_figures():
    """Counts of accounts in the reports of data/, as the old rules read them."""
    data = Path(__file__).resolve().parents[2] / "data" / "reports"
    rows = gd.read_report(data / "dayao-2021.txt").narrative
    accounts = rows[
        rows["indicator"].astype(str).str.startswith("new_media") & rows["value"].notna()
    ]
    assert sorted(accounts["value"]) == [1, 1, 2, 2, 10, 10, 13, 13, 25]
    for name in ("hongze-2023.docx", "hongze-2024.pdf"):
        rows = gd.read_report(data / name).narrative
        closed = rows[rows["indicator"].astype(str) == "new_media_closed"]
        assert len(closed) and closed["value"].isna().all()
