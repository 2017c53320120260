"""Who reports, on which year, at which level, where: each fact with its origin, or NA and a finding.

* **agency**: the manifest; else the body for which most speaks. Titles, signature (agency and date at the end), prose
  (现将…2021年, …2021年度未收取), metadata (发布机构, …) and file name are candidates with the weights of ``bodies.toml``, last
  the title's suffix and the site's owner. One body's title outweighs all but a text that presents another body's report
  (现公布…2021年…); where titles name several bodies, most are links, and what else is said settles whose page it is. Names
  that contradict 我局/我镇 in the prose are passed over. Without a clear lead there is none. A bare place (大姚县) becomes
  its people's government. The name is given with its city (洪泽区 → 淮安市洪泽区) where the page prints it so.
* **year** (reported on, never of publication): the manifest; the titles that name the agency, else those that name
  nobody (where they disagree, the one that the prose supports, else none); the prose; metadata; the file name.
* **division**: the manifest; the agency's name and the site's code together. They agree, or one lies inside the other:
  the narrower, except that a government's or department's own name is not narrowed by the site that carries it. They
  contradict each other: the name, with a warning. A name that fits several divisions (鼓楼区) is settled by site code,
  site name, metadata, prose or the footer's record numbers, else NA.
* **published**: the manifest; metadata; a date by the title; the signature's date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import DatasetError
from ..model import Document, Finding, Known, Section
from ..text import simplified
from .bodies import (
    DATA,
    LEVELS,
    Agency,
    completed,
    describe,
    looks_like_agency,
    name_of,
    patterns,
    province_name,
    resolve,
    within,
    words,
)
from .evidence import Evidence, Title, in_full, iso_date, parse_title, prose_year, stem_year

UNKNOWN = Known(None)
WEIGHTS: dict[str, int] = DATA["weights"]
# What a manifest may say: field → (what is expected, its pattern, what makes the value of it).
FIELDS: dict[str, tuple[str, str, Callable]] = {
    "title": ("a title", r".+", str),
    "agency": ("a name", r".+", str),
    "year": ("a year like 2021", r"(20(?:0[4-9]|[1-9]\d))(?:\.0)?", int),  # a spreadsheet's 2021.0
    "level": ("one of " + ", ".join(LEVELS), "|".join(LEVELS), str),
    "division_code": ("six digits", r"\d{6}", str),
    "province": ("a province", r".+", str),
    "published": ("a date like 2022-01-31", r".+", iso_date),
}
TITLE, SITE = "title", ("title suffix", "footer 主办单位")


class Identity(NamedTuple):
    """Facts about a report. ``value`` of each is None where nothing says; ``year`` is an int, all others str.

    ``level`` is a key of ``bodies.LEVELS``; ``division_code`` six digits of GB/T 2260; ``province`` its full
    name; ``published`` 'YYYY-MM-DD'. ``findings``: what is unknown or contradicts itself (rules 'identity.…').
    """

    title: Known
    agency: Known
    year: Known
    level: Known
    division_code: Known
    province: Known
    published: Known
    findings: tuple[Finding, ...] = ()


class Findings(list[Finding]):
    """Findings of one kind as they come up. ``prefix``: what their rules begin with."""

    def __init__(self, prefix: str, kind: str) -> None:
        self.prefix, self.kind = prefix, kind

    def say(
        self,
        rule: str,
        message: str,
        severity: str = "warning",
        expected: Any = None,
        actual: Any = None,
        cells: tuple[str, ...] = (),
    ) -> None:
        """Add one."""
        rule = f"{self.prefix}.{rule}"
        self.append(Finding(rule, self.kind, severity, expected, actual, None, cells, message))


def identify(
    document: Document, sections: Sequence[Section], manifest: Mapping[str, str] | None = None
) -> Identity:
    """Title, agency, year, level, division, province and date of a report, in the orders that the module states.

    ``manifest`` (keys agency, year, level, division_code, province, title, published; others are ignored) adds or
    overrides; what it contradicts becomes an info finding. Raises DatasetError for a manifest value that can't be
    (a year in words, a level outside ``bodies.LEVELS``). Source of levels and codes: GB/T 2260.

    >>> from govdisclosure.model import Document, Source
    >>> page = Document(Source("a.html"), (), titles=("沭阳县发展和改革局2023年政府信息公开工作年度报告",))
    >>> found = identify(page, ())
    >>> found.agency.value, found.year.value, found.level.value, found.division_code.value, found.province.value
    ('沭阳县发展和改革局', 2023, 'county department', '321322', '江苏省')
    """
    given = _given(manifest or {}, document.source.path)
    evidence = Evidence(document, sections)
    findings = Findings("identity", "form")
    ignored = Findings("", "")
    named = _agency(evidence, ignored if "agency" in given else findings)
    titles = _own_titles(evidence, named)
    facts = {
        "title": _title(titles),
        "agency": named,
        "year": _year(evidence, titles, findings),
        "published": _published(evidence),
    }
    name, year = (given.get(fact, facts[fact].value) for fact in ("agency", "year"))
    agency = describe(name or "", year, _hints(evidence, given), evidence.site)
    facts["level"] = _first([(agency.level, "agency name")])
    facts["division_code"], facts["province"] = _division(agency, evidence.site, findings)
    _apply(given, facts, findings)
    _say_unknown(facts, agency, findings)
    return Identity(**facts, findings=tuple(findings))


def _first(facts: Iterable[tuple[str | int | None, str]]) -> Known:
    """The first fact that is one, with its origin."""
    return next((Known(value, origin) for value, origin in facts if value), UNKNOWN)


def _title(titles: list[Title]) -> Known:
    """The title that says most (agency, year), the earliest of equals."""
    ranked = sorted(
        titles, key=lambda title: -bool(title.agency) - bool(title.years) - title.strong
    )
    return _first((title.text, TITLE) for title in ranked)


def _year(evidence: Evidence, titles: list[Title], findings: Findings) -> Known:
    """The year reported on; none where titles disagree and the prose supports neither."""
    spoken, weight = prose_year(evidence.prose)
    printed = {title.year for title in titles} - {0}
    listed = {title.year for title in evidence.titles if not _is_agency(title.agency)} - {0}
    best = _best_years(evidence, printed, spoken)
    if len(best) > 1 or (best and spoken not in best and weight > 1 and spoken in listed):
        message = f"Titles say {sorted(printed | listed)}; nothing settles which."
        findings.say("year_contradicts", message)
        return UNKNOWN
    texts = [*evidence.fields(words.YEAR_KEYS), (evidence.stem, "file name")]
    stated = [(stem_year(text), where) for text, where in texts]
    found = _first([*((year, TITLE) for year in best), (spoken, "prose"), *stated])
    others = [*([spoken] if weight > 1 else []), *sorted(printed)]
    if other := next((year for year in others if year != found.value), None):
        message = f"The {found.origin} says {found.value}, the page also {other}. A copied text of last year?"
        findings.say("year_contradicts", message, "warning", found.value, other)
    return found


def _best_years(evidence: Evidence, printed: set[int], spoken: int | None) -> set[int]:
    """Of the years that titles print the prose's, else the one that stands as a heading above a list of years, else all."""
    headed = {title.year for title in evidence.headings} & printed
    supported = {year for year in printed if year == spoken}
    return supported or (headed if len(headed) == 1 else printed)


def _own_titles(evidence: Evidence, agency: Known) -> list[Title]:
    """Titles that name the agency, else those that name nobody, else all: lists of other bodies' reports stand on many pages."""
    titles, name = evidence.titles, str(agency.value or "")
    own = [title for title in titles if _alike(name, title.agency)]
    return own or [title for title in titles if name and not _is_agency(title.agency)] or titles


class Body(NamedTuple):
    """A body that may report, how and where it is first named, and what weighs for it."""

    name: str
    printed: str
    origin: str
    weight: int


def _agency(evidence: Evidence, findings: Findings) -> Known:
    """The body for which clearly most speaks, in full as the page prints it; else none."""
    bodies = _bodies(evidence, findings)
    if not bodies:
        return UNKNOWN
    best, *others = bodies
    titled = [body for body in others if body.origin == TITLE]
    if others and best.weight - others[0].weight < WEIGHTS["clear"]:
        message = f"{best.printed} and {others[0].printed} are named alike; none is taken."
        findings.say("agency_contradicts", message)
        return UNKNOWN
    if titled and best.origin != TITLE:
        message = f"A title names {titled[0].printed}, the text {best.printed}, which is taken."
        findings.say("agency_contradicts", message)
    if best.name != best.printed:
        message = f"The {best.origin} names {best.printed}; {best.name} reports for it (Art. 49)."
        findings.say("agency_completed", message, "info")
    if best.origin in SITE:
        message = f"Only the website's owner is named ({best.name}); it need not be who reports."
        findings.say("agency_site_owner", message)
    return Known(in_full(best.name, best.printed, evidence), best.origin)


def _bodies(evidence: Evidence, findings: Findings) -> list[Body]:
    """Bodies with all that weighs for each, heaviest first; of what fits 我局 of the prose the first of each origin that names one."""
    bodies: dict[str, Body] = {}
    asked: set[str] = set()
    for weight, printed, origin in _votes(evidence):
        name, kind = completed(printed), origin.partition(" ")[0]
        if kind in asked or not looks_like_agency(name):
            continue
        doubted = origin != TITLE or patterns.territorial.search(name)
        if doubted and evidence.own not in simplified(name):
            message = f"{name} ({origin}) does not fit 我{evidence.own} of the prose."
            findings.say("agency_contradicts", message, "info")
            continue
        asked |= {kind} - {TITLE}
        same = next((other for other in bodies if _alike(other, name)), name)
        known = bodies.get(same, Body(name, printed, origin, 0))
        if (
            resolve(name).end and not resolve(known.name).end
        ):  # 县政府办, and later 某县人民政府办公室
            known = known._replace(name=name, printed=printed)
        bodies[same] = known._replace(weight=known.weight + weight)
    return sorted(bodies.values(), key=lambda body: -body.weight)


def _is_agency(name: str) -> bool:
    return looks_like_agency(completed(name))


def _alike(one: str, two: str) -> bool:
    """Whether two names are one body's: a government's and its office's, with and without the place above."""
    keys = [
        patterns.office.sub("", simplified(completed(name)))
        .replace("人民政府", "政府")
        .replace("委员会", "委")
        for name in (one, two)
    ]
    shorter, longer = sorted(keys, key=len)
    return _is_agency(one) and _is_agency(two) and longer.endswith(shorter)


def _votes(evidence: Evidence) -> Iterator[tuple[int, str, str]]:
    """(weight, name, origin) of what names a body, of each origin best first."""
    titles = list(_title_votes(evidence))
    yield from titles
    yield WEIGHTS["signature"], evidence.signature[0], "signature"
    author, announced = evidence.author
    yield WEIGHTS["announced" if announced and titles else "prose"], author, "prose"
    for text, origin in evidence.fields(words.AGENCY_KEYS):
        if not patterns.media.search(text):
            yield WEIGHTS["metadata"], text, origin
    if (stem := parse_title(evidence.stem)) and stem.strong:
        yield WEIGHTS["file name"], stem.agency, "file name"
    for title in evidence.titles:
        yield 0, title.suffix, SITE[0]
    units = {unit for _, text in evidence.prose for unit in patterns.territory.findall(text)}
    if not evidence.own and units & set(evidence.owner):  # 我县 on the county's site
        yield 0, evidence.owner, SITE[1]


def _title_votes(evidence: Evidence) -> Iterator[tuple[int, str, str]]:
    """Votes of the titles: one body's outweigh what else is said, a government's (it may be the site's) a little less.

    Where they name several bodies, most are links to others' reports: each weighs little, more where it is named again
    or is the document's own title.
    """
    named = [title for title in evidence.titles if _is_agency(title.agency)]
    named = [title for title in named if title.years] or named
    names = [title.agency for title in named]
    again = [*names, *(title.agency for title in evidence.headlines)]
    bodies = {next(first for first in names if _alike(first, name)): None for name in names}
    for name in bodies:
        times = sum(_alike(name, other) for other in again)
        weight = WEIGHTS["title among others"] + WEIGHTS["clear"] * min(times, 3)
        if len(bodies) == 1:
            place = patterns.territorial.search(completed(name))
            lines = min(title.lines for title in named)
            government = "government's title" if lines == 1 else "site's name and title"
            weight = WEIGHTS[government if place else "title"]
        yield weight, name, TITLE


def _published(evidence: Evidence) -> Known:
    lines = [line for line in evidence.heading if not patterns.no_date.search(line)]
    dates = [*evidence.fields(words.PUBLISHED_KEYS), *((line, "near the title") for line in lines)]
    dates.append((evidence.signature[1], "signature"))
    return _first((iso_date(text), where) for text, where in dates)


def _say_unknown(facts: Mapping[str, Known], agency: Agency, findings: Findings) -> None:
    """Findings for what nothing says."""
    for fact in ("title", "agency", "year", "division_code"):
        if facts[fact].value is None and not (agency.central and fact == "division_code"):
            fact = fact.removesuffix("_code")
            severity = "warning" if fact in ("agency", "year") else "info"
            message = f"Nothing says for certain which {fact} it is. Give it in the manifest."
            findings.say(f"{fact}_unknown", message, severity)
    if facts["division_code"].value is None and agency.place.candidates:
        fits = [f"{code} {province_name(code)}" for code in agency.place.candidates[:8]]
        message = f"{agency.name} fits {'; '.join(fits)}, and nothing settles which."
        findings.say("division_ambiguous", message)
    year, day = facts["year"].value, facts["published"].value
    if year and day and int(str(day)[:4]) < int(year):
        findings.say("published_early", f"Published {day}, before {year}, reported on, had begun.")


def _hints(evidence: Evidence, given: Mapping) -> tuple[str, ...]:
    """Codes that may settle an ambiguous name, strongest first."""
    others = [given.get("province", ""), *evidence.metadata.values()]
    others += [evidence.signature[0], evidence.owner]
    places = (resolve(other).code for other in others)
    hints = (given.get("division_code"), evidence.site, *places, *evidence.records)
    return tuple(filter(None, hints))


def _division(agency: Agency, site: str | None, findings: Findings) -> tuple[Known, Known]:
    """(division code, province): see the module's order."""
    if agency.central:
        return UNKNOWN, UNKNOWN
    code = agency.place.code or site
    if site and code and code != site:
        inside = within(site, code)
        one, two = map(name_of, (code, site))
        if not inside and not within(code, site) and (code[:4], one[:-1]) != (site[:4], two[:-1]):
            message = f"The agency's name lies in {one} ({code}), the website's code in {two} ({site}); the name is kept."
            findings.say("division_contradicts", message)
        if inside and patterns.inside_site.match(str(agency.level)):
            code = site
    origin = "site code" if site and code == site else "agency name"
    province = province_name(code) if code else agency.place.province
    return _first([(code, origin)]), _first([(province, origin)])


def _given(manifest: Mapping[str, str], report: str) -> dict:
    """Non-empty values of the known fields, the year as int; raises DatasetError for one that can't be."""
    given: dict = {}
    for field, (expected, pattern, read) in FIELDS.items():
        text = str(manifest.get(field) or "").strip()
        if not text or text.lower() in ("nan", "none", "<na>"):
            continue
        match = re.fullmatch(pattern, text, re.ASCII)
        given[field] = match and read(match[match.lastindex or 0])
        if given[field] is None:
            expected = f"{expected} in the manifest's column {field}"
            raise DatasetError(
                report, expected, seen=repr(text[:80]), advice="Correct the manifest."
            )
    code = resolve(given.get("province", "")).code or given.get("division_code")
    return given | ({"province": province_name(code)} if code else {})


def _apply(given: Mapping, facts: dict[str, Known], findings: Findings) -> None:
    """Lay the manifest's values over the facts; what they contradict becomes an info finding each."""
    for field, value in given.items():
        old, origin = facts[field]
        one, two = sorted(map(str, (old, value)), key=len)
        if old is not None and one != two and not (len(one) > 4 and two.endswith(one)):
            message = (
                f"The manifest says {value}, the document ({origin}) {old}; the manifest is kept."
            )
            findings.say(f"{field}_contradicts", message, "info")
        facts[field] = Known(value, "manifest")
