"""Sections → figures: paragraphs, candidates, the tagger's word on each, what arithmetic makes of
it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ..model import Figure, Section
from ..readers import limits
from .candidates import NOTHING, Candidate, Paragraph, Reading
from .codes import UNITS
from .places import PLACED, named, place
from .scan import PIECE, Compact
from .settle import allowed, period, settle, twins
from .tagger import Model, model, scores

LEAST = 0.7  # of the confidence: what is less sure is not told
OF_ACCOUNTS = 0.8  # likewise, as a stock of accounts and a sample of it are much alike
_YEARS = re.compile(r"20\d\d(?<![较比与至到转自]20\d\d)(?=年(?!以来))", re.ASCII)
_SCOPES = {"territory": "territory", "own": "own_office", "government": "government"}


def report_year(texts: Iterable[str]) -> int | None:
    """The year most named; of several the latest. Only used to tell this year's figures from
    earlier ones.
    """
    counts = Counter(year for text in texts for year in _YEARS.findall(text))
    return int(max(counts, key=lambda year: (counts[year], year))) if counts else None


def paragraphs(
    text: str, section: int = 1, year: int | None = None, report: str = "prose"
) -> list[Paragraph]:
    """The paragraphs of a text without white space (`Compact`) that have candidates, long ones in
    parts. Raises LimitError.
    """
    found, seen = [], 0
    for piece in PIECE.finditer(text):
        paragraph = Paragraph(text, *piece.span(1), section, year)
        if piece[1] and paragraph.found:
            found.append(paragraph)
            seen += len(paragraph.found)
            limits.check(report, "numbers in a section's prose", seen, limits.NUMBERS)
    return found


def extract(
    sections: Sequence[Section], year: int | None = None, report: str = "prose"
) -> tuple[Figure, ...]:
    """The figures the prose prints, in reading order.

    `sections`: the prose of a report (tables removed, paragraphs joined by line feeds); `year`: the
    year reported on, where it is known; `report`: its name in an error. Each Figure has its
    indicator (`INDICATORS`), platform or
    channel, value (None: a verb without a number; 0: the text says none), unit, period ('year',
    'previous_year', 'earlier', 'cumulative', 'planned', 'quarter', 'half_year'), whether it is
    approximate, scope where said ('own_office', 'government', 'territory', else ''), its sentence,
    the span of the number (of the object or verb, when there is none) in the section's text, how it
    is printed (`PATTERNS`), and a confidence: the tagger's probability of the indicator, never
    below `LEAST` (`OF_ACCOUNTS`). ``note``: sum_mismatch (a list that does not add up). Raises
    LimitError for a section with more numbers than any report has, and nothing else for any text;
    the time is linear in its length.

    Source of the vocabulary: 国办发〔2018〕123号, 国办公开办函〔2021〕30号, 国办函〔2020〕109号.

    >>> from govdisclosure.model import Section
    >>> for f in extract([Section(1, "", "全年关停政务新媒体5个，其中微信公众号3个、微博2个。", "")]):
    ...     print(f.indicator, f.platform, f.value, f.pattern)
    new_media_closed all 5.0 number
    new_media_closed wechat 3.0 number
    new_media_closed weibo 2.0 number
    """
    year = year or report_year(section.text for section in sections)
    return tuple(figures_of(sections, year, report=report))


def figures_of(
    sections: Sequence[Section],
    year: int | None,
    known: Model | None = None,
    least: float = LEAST,
    report: str = "prose",
) -> Iterator[Figure]:
    """The figures of sections; `known` and `least` in place of the package's weights and
    threshold (for scoring).
    """
    texts = [Compact(section.text) for section in sections]
    found = [
        (paragraph, compact)
        for section, compact in zip(sections, texts)
        for paragraph in paragraphs(compact.text, section.number, year, report)
    ]
    if found:
        read([paragraph for paragraph, _ in found], known or model(), least)
    for paragraph, compact in found:
        yield from _figures(paragraph, compact)


def read(found: Sequence[Paragraph], known: Model, least: float) -> None:
    """What each candidate of each paragraph is."""
    indicators, places, times = scores(found, known)
    masks = [allowed(c.unit, known.classes[0]) for paragraph in found for c in paragraph.found]
    rows = zip(indicators * masks, places.argmax(axis=1).tolist(), times.argmax(axis=1).tolist())
    for paragraph in found:
        paragraph.readings = [_reading(paragraph, c, known, *next(rows)) for c in paragraph.found]
        settle(paragraph)
        for reading in paragraph.readings:
            of_accounts = OF_ACCOUNTS * reading.indicator.startswith("new_media")
            if reading.confidence < max(least, of_accounts):
                reading.indicator = NOTHING


def _reading(
    paragraph: Paragraph, c: Candidate, known: Model, shares: np.ndarray, where: int, when: int
) -> Reading:
    names, places, times = known.classes
    best = shares.argmax()
    indicator, confidence, twin = names[best], float(shares[best]), ""
    if indicator == NOTHING:
        return Reading(NOTHING, "all", times[when], confidence)
    pair = twins(paragraph, c.at)
    if indicator in pair:  # both are right: so are their shares together
        confidence = float(sum(shares[names.index(name)] for name in pair))
        indicator, twin = pair
    platform = "all"
    if indicator.startswith(PLACED):
        platform = place(places[where], indicator, named(paragraph, c))
    time = period(paragraph, c, indicator) or times[when]
    return Reading(indicator, platform, time, confidence, twin=twin)


def _figures(paragraph: Paragraph, compact: Compact) -> Iterator[Figure]:
    sentences: dict[int, str] = {}  # figures of one sentence share the string
    for c, reading in zip(paragraph.found, paragraph.readings):
        if reading.indicator == NOTHING:
            continue
        start, end = compact.span(c.start, c.end)
        at = bisect_right(paragraph.sentences, (c.end, 0)) - 1
        if at not in sentences:
            sentences[at] = compact.sentence(*paragraph.sentences[at])
        said = paragraph.kinds[paragraph.stretch(c.at, {".", *_SCOPES}, -39).stop]
        for indicator in filter(None, (reading.indicator, reading.twin)):
            yield Figure(
                indicator, reading.platform, _value(paragraph, c, indicator), UNITS[indicator], reading.period, c.approximate, _SCOPES.get(said, ""),
                paragraph.section, sentences[at], start, end, c.kind, reading.note, round(reading.confidence, 3),
            )  # fmt: skip


def _value(paragraph: Paragraph, c: Candidate, indicator: str) -> float | None:
    """The value in the indicator's unit; a change downwards is negative."""
    if c.value is None:
        return None
    if indicator.endswith("_growth"):
        kinds = (paragraph.kinds[i] for i in paragraph.clause(c.at - 1))
        change = next((kind for kind in kinds if kind in ("up", "down")), "up")
        return -c.value if change == "down" else c.value
    return c.value * 10_000 if c.counter == "万元" else c.value
