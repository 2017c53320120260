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


GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
WAY = GUIDE[GUIDE.index("## One document's way") : GUIDE.index("## Where to add what")]
PACKAGE = ROOT / "govdisclosure"


def test_the_walk_names_files_that_are_there():
    names = set(re.findall(r"`([a-z_/]+)(?:\.\w+)*`", WAY)) - {"unreadable"}
    there = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*") if path.suffix != ".pyc"}
    stems = {str(path.with_suffix("")) for path in there} | {path.stem for path in there}
    assert len(names) > 20 and {name.rstrip("/") for name in names} <= stems


def test_a_documents_way_has_no_way_back_up():
    order = ["readers", "identity", "decode", "narrative", "checks", "pipeline", "corpus"]
    for place, step in enumerate(order):
        for path in (*PACKAGE.glob(f"{step}.py"), *PACKAGE.glob(f"{step}/*.py")):
            found = set(re.findall(r"^\s*from \.+(\w+)", path.read_text("utf-8"), re.M))
            assert not found & set(order[place + 1 :]), path
