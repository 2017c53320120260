"""What is remembered between reports only saves time: a report reads the same first, last or again."""

from __future__ import annotations

from random import Random

from govdisclosure.errors import DisclosureError
from govdisclosure.model import Source
from govdisclosure.pipeline import read_record
from govdisclosure.readers import read

from .writers.layouts import LAYOUTS
from .writers.random_reports import report

TWICE = "<meta name='来源单位' content='某县'>"


def outcome(data: bytes) -> str:
    try:
        return repr((read(data, Source("x")), read_record("x", data=data)))
    except DisclosureError as error:
        return repr(error)


def test_reports_read_alike_whatever_was_read_before():
    made = {
        f"{layout}/{number}": report(f"{layout}/{number}").data
        for layout in LAYOUTS
        for number in (30, 31)
    }
    page = next(data for name, data in made.items() if data.lstrip()[:1] == b"<").decode()
    made["meta once"] = f"甲{TWICE}<link href=c>丙{page}".encode()
    made["meta twice"] = f"甲{TWICE}<link href=a>乙{TWICE}<link href=c>丙{page}".encode()
    first = {name: outcome(data) for name, data in made.items()}
    names = list(made)
    Random(1).shuffle(names)
    assert [name for name in names if outcome(made[name]) != first[name]] == []
