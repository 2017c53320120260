"""What the README shows is what happens: its Python example with its output, its commands, its links."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pandas as pd
import pytest

from govdisclosure.cli import parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_gives_what_the_readme_prints(monkeypatch):
    monkeypatch.chdir(ROOT)
    example = "\n".join(re.findall(r"```python\n(.*?)```", README, re.S))
    with pd.option_context(
        "display.unicode.east_asian_width", False, "display.width", 120, "display.max_columns", 20
    ):
        test = doctest.DocTestParser().get_doctest(example, {}, "README", "README.md", 0)
        runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
        runner.run(test)
    assert (runner.failures, runner.tries) == (0, len(test.examples)) and test.examples


@pytest.mark.parametrize("line", re.findall(r"^\.venv/bin/govdisclosure (.*?)\s*#", README, re.M))
def test_every_command_is_one_the_parser_takes(line):
    parser().parse_args(line.split())


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_every_link_leads_somewhere(target):
    assert (ROOT / target).exists()


def test_the_first_block_is_the_two_commands():
    block = re.search(r"```sh\n(.*?)```", README, re.S)[1]
    assert [line.split("#")[0].strip() for line in block.strip().splitlines()] == [
        "make notebooks",
        "make test",
    ]
