"""What `benchmarks/fuzz.py` found stays found; a few fresh inputs of each kind; and the fuzzer sees what it looks for."""

from __future__ import annotations

import os

import pytest

from benchmarks import fuzz

FOUND = sorted(fuzz.FOUND.glob("*.*")) if fuzz.FOUND.is_dir() else []


@pytest.mark.parametrize("kind", sorted(fuzz.TOKENS))
def test_mutated_reports_raise_disclosure_errors_only(kind):
    wrong = {n: what for n in range(12) if (what := fuzz.trouble(kind, fuzz.made(kind, n)))}
    assert not wrong


def test_what_was_found_once_is_taken_now():
    assert {path.name: what for path in FOUND if (what := fuzz.trouble(path.suffix[1:], path.read_bytes()))} == {}


def test_mutants_differ_from_their_seed_and_are_the_same_each_time():
    for kind in fuzz.TOKENS:
        made = [fuzz.made(kind, n) for n in range(8)]
        assert made == [fuzz.made(kind, n) for n in range(8)]
        assert len(set(made) - set(fuzz.seeds(kind))) >= 6


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a reader patched in this process reaches the fuzzer's only by fork")
def test_the_fuzzer_sees_exceptions_and_deaths(monkeypatch):
    calls = iter(range(10**9))

    def read(*_, **__):
        number = next(calls)
        if number == 3:
            raise KeyError("x")
        if number == 5:
            os._exit(7)

    monkeypatch.setattr(fuzz, "read_record", read)
    count, found = fuzz.fuzz(["txt"], 0, 1.5)
    said = {number: what for _, number, what in found}
    assert count > 5 and "KeyError" in said[3] and "ended with 7" in said[5]
