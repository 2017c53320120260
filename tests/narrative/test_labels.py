"""What the tagger reads on labelled documents it was not trained on, and what its weights are made from."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import numpy as np
import pytest

from govdisclosure.narrative import INDICATORS, PATTERNS, PLATFORMS, tagger
from govdisclosure.narrative.candidates import NOTHING
from govdisclosure.narrative.codes import UNITS

_SPEC = importlib.util.spec_from_file_location(
    "narrative_score", Path(__file__).with_name("score.py")
)
score = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(score)
train = score.training()
ROWS = train.load()
UNSEEN = train.load(Path(__file__).with_name("unseen.jsonl"))  # never trained on

# precision and recall that no family of figures may fall below
FLOORS = {
    "all": (0.96, 0.92),
    "new media": (0.94, 0.89),
    "items": (0.95, 0.91),
    "requests": (0.97, 0.95),
    "disputes": (0.95, 0.86),
    "rest": (0.93, 0.95),
}


@pytest.fixture(scope="module")
def held():
    """The paragraphs that are never trained on, with what is read in each."""
    return [(row, score.read(row)) for row in UNSEEN]


@pytest.mark.parametrize("family", FLOORS)
def test_no_family_falls_below_its_floor(held, family):
    found, missed, invented = score.tally(held)[family]
    precision, recall = FLOORS[family]
    assert found + missed > 80
    assert found / (found + invented) >= precision and found / (found + missed) >= recall


def test_what_is_read_as_unseen_was_never_trained_on():
    assert {row["text"] for row in UNSEEN}.isdisjoint(row["text"] for row in ROWS)


def test_the_confidence_says_how_often_a_figure_is_right(held):
    told = [one for row, got in held for one in score.compare(row, got)[0]]
    sure = [right for figure, right in told if figure[4] >= 0.9]
    unsure = [right for figure, right in told if figure[4] < 0.9]
    assert np.mean(sure) >= 0.97 and np.mean(unsure) < np.mean(sure)


def test_the_weights_of_the_package_are_those_of_the_labels():
    packed = train.pack(train.fit(*train.examples(ROWS)))
    assert packed == (Path(tagger.__file__).with_name(tagger.WEIGHTS)).read_bytes()


def test_the_weights_hold_no_objects():
    stored = Path(tagger.__file__).with_name(tagger.WEIGHTS).read_bytes()
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} <= {"i", "u", "f"}


def test_every_class_of_the_tagger_is_a_code():
    indicators, places, _ = tagger.model().classes
    assert set(indicators) - {NOTHING} <= set(UNITS)
    assert set(places) - {"far", "right"} <= set(PLATFORMS)


def test_labels_are_codes_and_documents_are_not_split():
    codes = {indicator.code for indicator in INDICATORS}
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        for indicator, platform, _, _ in row["figures"]:
            assert set(indicator.split("|")) <= codes and set(platform.split("|")) <= set(PLATFORMS)
    for known, unseen in score.folds(ROWS, 5):
        assert {row["document"] for row in known}.isdisjoint(row["document"] for row in unseen)


def test_nearly_every_label_is_printed_where_the_tagger_looks():
    """A label that no candidate prints can never be learned or read."""
    lost = labels = 0
    for row in ROWS:
        read = list(train.paragraphs(train.Compact(row["text"]).text, row["section"], row["year"]))
        lost += len(train.align(read, row["figures"])[1])
        labels += len(row["figures"])
    assert lost / labels < 0.03


def test_every_figure_has_a_known_pattern():
    for row in ROWS[::10]:
        for figure in score.figures(row):
            assert figure.pattern in PATTERNS and 0 < figure.confidence <= 1
