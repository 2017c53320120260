"""What the fuzzers found stays mended; a few fresh inputs of each kind; and the fuzzer sees what it looks for."""

from __future__ import annotations

import os

import pytest

from benchmarks import fuzz, fuzz_blocks, fuzz_minimise, fuzz_oracle, fuzz_results, fuzz_seeds
from govdisclosure.errors import UnreadableFileError

FOUND = sorted(fuzz_minimise.FOUND.glob("*.*"))


@pytest.mark.parametrize("kind", fuzz_seeds.KINDS)
def test_mutated_reports_raise_disclosure_errors_only(kind):
    inputs = [fuzz.made(n, (kind,)) for n in range(20)]
    assert not {one.number: what for one in inputs if (what := fuzz_oracle.trouble(kind, one.data))}


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_once_is_taken_now(path):
    assert fuzz_oracle.trouble(path.suffix[1:], path.read_bytes()) == ""


@pytest.mark.parametrize("kind", fuzz_seeds.KINDS)
def test_mutants_differ_from_their_seed_and_are_the_same_each_time(kind):
    inputs = [fuzz.made(n, (kind,)) for n in range(8)]
    assert inputs == [fuzz.made(n, (kind,)) for n in range(8)]
    assert (
        len(
            {one.data for one in inputs} - set(fuzz_seeds.small(kind)) - set(fuzz_seeds.whole(kind))
        )
        >= 6
    )


@pytest.mark.parametrize("kind", fuzz_seeds.KINDS)
def test_seeds_are_small_reports(kind):
    """A fuzzer whose seeds are refused tests the refusals only."""
    seeds = fuzz_seeds.small(kind)
    if kind == "blocks":
        seeds = [fuzz_blocks.dumped(document) for document in fuzz_blocks.documents()]
    read = [fuzz_oracle.judge(kind, data).kind for data in seeds[:24]]
    assert read.count("record") >= 22 and "wrong" not in read


def test_a_document_kept_as_json_is_the_same_document():
    for document in fuzz_blocks.documents()[:30]:
        again = fuzz_blocks.loaded(fuzz_blocks.dumped(document))
        assert [str(b) for b in again.blocks if not hasattr(b, "rows")] == [
            str(b) for b in document.blocks if not hasattr(b, "rows")
        ]
        for left, right in zip(again.blocks, document.blocks):
            if hasattr(left, "rows"):
                assert [
                    [c and (c.text, c.row, c.column, c.rowspan, c.colspan) for c in row]
                    for row in left.rows
                ] == [
                    [c and (c.text, c.row, c.column, c.rowspan, c.colspan) for c in row]
                    for row in right.rows
                ]


def test_a_defect_behind_a_polite_refusal_is_seen(monkeypatch):
    def read(*_, **__):
        raise UnreadableFileError(
            "x", "a readable file", advice="Please report this file."
        ) from KeyError("hidden")

    monkeypatch.setattr(fuzz_oracle, "read_record", read)
    assert "masked KeyError" in fuzz_oracle.trouble("html", b"x")


def test_a_find_is_minimised(monkeypatch):
    def read(path, data):
        if b"bad" in data:
            raise KeyError("bad")
        raise UnreadableFileError("x", "a readable file")

    monkeypatch.setattr(fuzz_oracle, "read_record", read)
    data = b"a" * 500 + b"bad" + b"b" * 500
    assert fuzz_minimise.minimal("txt", data, fuzz_oracle.trouble("txt", data)) == b"bad"


@pytest.mark.skipif(
    not hasattr(os, "fork"),
    reason="a reader patched in this process reaches the fuzzer's only by fork",
)
def test_the_fuzzer_sees_exceptions_and_deaths_and_counts(monkeypatch, tmp_path):
    calls = iter(range(10**9))

    def read(*_, **__):
        number = next(calls)
        if number == 3:
            raise KeyError("x")
        if number == 5 and not (tmp_path / "dead").exists():
            (tmp_path / "dead").touch()
            os._exit(7)
        raise UnreadableFileError("x", "a readable file")

    monkeypatch.setattr(fuzz_oracle, "read_record", read)
    tally = fuzz.fuzz(("txt",), 1, 60, inputs=40)
    said = [what for _, _, what in tally.finds]
    assert "KeyError" in said[0] and any("ended with 7" in what for what in said)
    assert tally.memory and tally.of("txt")["refused"] >= 30


def test_counts_are_added_up(tmp_path):
    row = dict.fromkeys(fuzz_results.FIELDS, 0) | {
        "when": "2026",
        "commit": "a",
        "engine": "grammar",
        "kind": "txt",
        "inputs": 700,
        "records": 3,
    }
    fuzz_results.add([row, row | {"kind": "md"}], tmp_path)
    fuzz_results.add([row | {"engine": "coverage", "when": "2027"}], tmp_path)
    assert "**2,100 inputs in all runs**" in (tmp_path / "fuzz.md").read_text(encoding="utf-8")
    assert len((tmp_path / "fuzz.csv").read_text(encoding="utf-8").splitlines()) == 4
