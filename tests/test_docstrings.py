"""The examples in the package's docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import govdisclosure

MODULES = [
    module.name
    for module in pkgutil.walk_packages(govdisclosure.__path__, "govdisclosure.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    found = doctest.DocTestFinder(exclude_empty=True)
    tests = [t for name in MODULES for t in found.find(importlib.import_module(name))]
    assert sum(bool(t.examples) for t in tests) > 60
