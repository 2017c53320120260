"""The labelled sentences: precision and recall, and no trap read as an account count."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from govdisclosure.narrative import INDICATORS, PATTERNS, PLATFORMS

_SPEC = importlib.util.spec_from_file_location(
    "narrative_score", Path(__file__).with_name("score.py")
)
score = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(score)

ROWS = score.load()


@pytest.mark.parametrize("part", ["dev", "held"])
def test_thresholds_of_the_issue(part):
    counts = score.tally(score.load(part))
    precision, recall = score.precision_recall(counts["new media"])
    assert precision >= 0.98 and recall >= 0.95, ("new media", precision, recall)
    precision, recall = score.precision_recall(counts["all"])
    assert precision >= 0.95 and recall >= 0.90, ("all", precision, recall)


def test_no_trap_is_read_as_an_account_count():
    wrong = {}
    for row in ROWS:
        _, _, invented = score.compare(row)
        accounts = [f for f in invented if f[0].startswith("new_media") and f[2] is not None]
        if accounts and any(cover.startswith("trap") for cover in row["covers"]):
            wrong[row["id"]] = accounts
    assert not wrong


def test_every_pattern_and_trap_is_covered():
    covered = {cover for row in ROWS for cover in row["covers"]}
    expected = (
        {f"P{n}" for n in range(1, 16)} | {"P6b", "P6c", "P6d"} | {f"trap{n}" for n in range(1, 17)}
    )
    assert expected <= covered, sorted(expected - covered)
    assert len(ROWS) >= 150


def test_codes_are_data_and_complete():
    codes = [indicator.code for indicator in INDICATORS]
    assert len(codes) == len(set(codes))
    assert {figure["indicator"] for row in ROWS for figure in row["figures"]} <= set(codes)
    assert {figure["platform"] for row in ROWS for figure in row["figures"]} <= set(PLATFORMS)
    for row in ROWS:
        for figure in score.extract([score.Section(1, "", row["text"], "")]):
            assert (
                figure.pattern in PATTERNS
                and figure.indicator in codes
                and figure.platform in PLATFORMS
            )
