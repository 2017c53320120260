"""Sections → figures: paragraphs, candidates, the tagger's word on each, what arithmetic makes of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from govdisclosure.model import Figure, Section
from govdisclosure.narrative.candidates import CLASSES, Candidate
from govdisclosure.narrative.codes import UNITS
from govdisclosure.narrative.features import Paragraph
from govdisclosure.narrative.places import named, place
from govdisclosure.narrative.settle import Reading, allowed, settle
from govdisclosure.narrative.tagger import NOTHING, Model, model, scores
from govdisclosure.narrative.text import STOPS, Compact, pieces

LEAST = 0.5  # of the confidence: what is less sure is not told
_LINE = re.compile(r"[^\n]+")
_YEARS = re.compile(r"20\d\d(?<![较比与至到转自]20\d\d)(?=年(?!以来))", re.ASCII)
_SCOPES = {"territory": "territory", "own": "own_office", "government": "government"}


def report_year(texts: Iterable[str]) -> int | None:
    """The year most named; of several the latest. Only used to tell this year's figures from earlier ones."""
    counts = Counter(year for text in texts for year in _YEARS.findall(text))
    return int(max(counts, key=lambda year: (counts[year], year))) if counts else None


def paragraphs(text: str, section: int = 1, year: int | None = None) -> Iterator[Paragraph]:
    """The paragraphs of a text without white space (`Compact`), long ones in parts."""
    before: tuple[str, ...] = ()
    for line in _LINE.finditer(text):
        for start, end in pieces(text, line.start(), line.end()):
            paragraph = Paragraph(text, start, end, section=section, year=year, before=before)
            before = paragraph.topic
            yield paragraph


def extract(sections: Sequence[Section], year: int | None = None) -> tuple[Figure, ...]:
    """The figures."""
    year = year or report_year(section.text for section in sections)
    return tuple(figure for section in sections for figure in _section(section, year))


def _section(section: Section, year: int | None) -> Iterator[Figure]:
    compact = Compact(section.text)
    for paragraph in paragraphs(compact.text, section.number, year):
        if paragraph.found:
            yield from _figures(paragraph, compact, read(paragraph, model()))


def read(paragraph: Paragraph, known: Model, least: float = LEAST) -> list[Reading]:
    """What each candidate of a paragraph is."""
    indicators, places, times = scores(paragraph, known)
    names = known.classes
    readings = []
    for k, c in enumerate(paragraph.found):
        unit = CLASSES[c.counter] if c.kind == "number" else c.kind
        order = np.argsort(-indicators[k])
        best = next(i for i in order if allowed(names[0][i], unit))
        where, when = int(places[k].argmax()), int(times[k].argmax())
        indicator = names[0][best]
        platform = place(names[1][where], indicator, named(paragraph, c)) if indicator != NOTHING else "all"
        readings.append(Reading(indicator, platform, names[2][when], float(indicators[k][best])))
    settle(paragraph, readings)
    for reading in readings:
        if reading.confidence < least:
            reading.indicator = NOTHING
    return readings


def _figures(paragraph: Paragraph, compact: Compact, readings: list[Reading]) -> Iterator[Figure]:
    sentences: dict[int, str] = {}
    for c, reading in zip(paragraph.found, readings):
        if reading.indicator == NOTHING:
            continue
        start, end = compact.span(c.start, c.end)
        yield Figure(
            reading.indicator, reading.platform, _value(paragraph, c, reading.indicator), UNITS[reading.indicator], reading.period,
            c.approximate, _scope(paragraph, c), paragraph.section, _sentence(paragraph, compact, c, sentences), start, end, c.kind, reading.note,
        )  # fmt: skip


def _value(paragraph: Paragraph, c: Candidate, indicator: str) -> float | None:
    """The value in the indicator's unit; a change downwards is negative."""
    if c.value is None:
        return None
    if indicator.endswith("_growth"):
        kinds = [paragraph.tokens[i].kind for i in paragraph.clause(c.at - 1)]
        change = next((kind for kind in kinds if kind in ("up", "down")), "up")
        return -c.value if change == "down" else c.value
    return c.value * 10_000 if c.counter == "万元" else c.value


def _scope(paragraph: Paragraph, c: Candidate) -> str:
    for i in range(c.at - 1, max(c.at - 40, -1), -1):
        kind = paragraph.tokens[i].kind
        if kind in _SCOPES:
            return _SCOPES[kind]
        if kind == ".":
            break
    return ""


def _sentence(paragraph: Paragraph, compact: Compact, c: Candidate, sentences: dict[int, str]) -> str:
    """The printed sentence of a candidate; figures of one sentence share the string."""
    text = compact.text
    start = max((text.rfind(stop, paragraph.start, c.start) for stop in STOPS), default=-1) + 1
    start = max(start, paragraph.start)
    if start not in sentences:
        ends = [at for stop in STOPS if (at := text.find(stop, c.end, paragraph.end)) >= 0]
        first, last = compact.span(start, min(ends, default=paragraph.end))
        sentences[start] = compact.printed[first:last]
    return sentences[start]
