"""Who reports, on which year, at which level, where: each fact with its origin, or NA and a
finding.

All that says who or when is listed with its weight (``bodies.toml``); what clearly weighs most is
taken, else nothing.

* **agency**: the manifest; else titles, signature (agency and date at the end), prose (现将…2021年,
  …2021年度未收取), metadata (发布机构, …) and file name, last the title's suffix and the site's owner. One
  body's title outweighs all but a text that presents another body's report (现公布…2021年…); where
  titles name several bodies, most are links. Names that contradict 我局/我镇 in the prose are passed
  over. A bare place (大姚县) becomes its people's government. Of the names of one body the fullest is
  given (住建局, 住房和城乡建设局), with its city (洪泽区 → 淮安市洪泽区) where the page prints it so.
* **year** (reported on, never of publication): the manifest; else the titles that name the agency,
  then those that name nobody; the prose; metadata; the file name.
* **division**: the manifest; the agency's name and the site's code together. They agree, or one
  lies inside the other: the narrower, except that a government's or department's own name is not
  narrowed by the site that carries it. They contradict each other: the name, with a warning. A name
  that fits several divisions (鼓楼区) is settled by site code, metadata, signature, owner or the
  footer's record numbers, else NA.
* **published**: the manifest; metadata; a date by the title; the signature's date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import DatasetError
from ..model import Document, Finding, Known, Section
from ..text import simplified
from .bodies import (
    CENTRAL,
    LEVELS,
    Agency,
    alike,
    describe,
    grouped,
    looks_like_agency,
    name_of,
    patterns,
    province_name,
    resolve,
    within,
    words,
)
from .evidence import SITE, TITLE, WEIGHTS, Evidence, Said, Title, iso_date, prose_year, stem_year

UNKNOWN = Known(None)
# What is told to be unknown, and how gravely.
SAID_UNKNOWN = {
    "title": "info",
    "agency": "warning",
    "year": "warning",
    "division_code": "info",
}
# What a manifest may say: field → (what is expected, its pattern, what makes the value of it).
FIELDS: dict[str, tuple[str, str, Callable]] = {
    "title": ("a title", r".+", str),
    "agency": ("a name", r".+", str),
    # a spreadsheet's 2021.0, 2021年
    "year": ("a year like 2021", r"(20(?:0[4-9]|[1-9]\d))(?:\.0|年度?)?", int),
    "level": ("one of " + ", ".join(LEVELS), "|".join(LEVELS), str),
    "division_code": ("six digits", r"\d{6}", str),
    "province": ("a province", r".+", str),
    "published": ("a date like 2022-01-31", r".+", iso_date),
}


class Identity(NamedTuple):
    """Facts about a report. ``value`` of each is None where nothing says; ``year`` is an int, all
    others str.

    ``level`` is a key of ``bodies.LEVELS``; ``division_code`` six digits of GB/T 2260; ``province``
    its full name; ``published`` 'YYYY-MM-DD'. ``findings``: what is unknown or contradicts itself
    (rules 'identity.…').
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
    """Title, agency, year, level, division, province and date of a report, in the orders that the
    module states.

    ``manifest`` (keys agency, year, level, division_code, province, title, published; others are
    ignored) adds or overrides; what it contradicts becomes an info finding. Raises DatasetError for
    a manifest value that can't be (a year in words, a level outside ``bodies.LEVELS``). Source of
    levels and codes: GB/T 2260.

    >>> from govdisclosure.model import Document, Source
    >>> page = Document(Source("a.html"), (), titles=("沭阳县发展和改革局2023年政府信息公开工作年度报告",))
    >>> found = identify(page, ())
    >>> found.agency.value, found.year.value, found.level.value, found.division_code.value, found.province.value
    ('沭阳县发展和改革局', 2023, 'county department', '321322', '江苏省')
    """
    given = _given(manifest or {}, document.source.path)
    evidence = Evidence(document, sections)
    findings = Findings("identity", "form")
    named = _agency(evidence, Findings("", "") if "agency" in given else findings)
    titles = [(WEIGHTS[f"{_kind(title, named)} title's year"], title) for title in evidence.titles]
    titles.sort(key=lambda each: (each[0], each[1].told), reverse=True)
    facts = {
        "title": _first((title.text, TITLE) for _, title in titles),
        "agency": named,
        "year": _year(evidence, titles, findings),
        "published": _first((iso_date(text), where) for text, where in evidence.dates),
    }
    name, year = (given.get(fact, facts[fact].value) for fact in ("agency", "year"))
    near = (given.get("division_code"), resolve(given.get("province", "")).code, *evidence.hints)
    agency = describe(name or "", year, tuple(filter(None, near)), evidence.site)
    facts["level"] = _first([(agency.level, "agency name")])
    facts["division_code"], facts["province"] = _division(agency, evidence.site, findings)
    for field, value in given.items():  # the manifest over what the document says
        old, origin = facts[field]
        if old and not alike(str(old), str(value)):
            message = (
                f"The manifest says {value}, the document ({origin}) {old}; the manifest is kept."
            )
            findings.say(f"{field}_contradicts", message, "info")
        facts[field] = Known(value, "manifest")
    _say_unknown(facts, agency, findings)
    return Identity(**facts, findings=tuple(findings))


def _first(facts: Iterable[tuple[str | int | None, str]]) -> Known:
    """The first fact that is one, with its origin."""
    return next((Known(value, origin) for value, origin in facts if value), UNKNOWN)


def _kind(title: Title, agency: Known) -> str:
    """Whether a title is the agency's own, names nobody, or is of another's report."""
    if alike(str(agency.value or ""), title.agency):
        return "own"
    return "other" if title.name else "nameless"


def _ranked(said: Iterable[Said]) -> list[list[Said]]:
    """What is said of one body or year together, what weighs most first."""
    return sorted(grouped(said), key=_weight, reverse=True)


def _weight(body: list[Said]) -> int:
    """How much speaks for a body or year: each kind of place speaks once."""
    return sum(weight for weight, _ in {(one.weight, one.origin.partition(" ")[0]) for one in body})


def _clear(ranked: list[list[Said]]) -> bool:
    """Whether the first leads clearly."""
    return len(ranked) < 2 or _weight(ranked[0]) - _weight(ranked[1]) >= WEIGHTS["clear"]


def _year(evidence: Evidence, titles: list[tuple[int, Title]], findings: Findings) -> Known:
    """The year for which clearly most speaks."""
    fields = [(evidence.stem, "file name"), *evidence.fields(words.YEAR_KEYS)]
    said = [
        Said(WEIGHTS[f"{origin.partition(' ')[0]}'s year"], stem_year(text), origin)
        for text, origin in fields
    ]
    spoken, often = prose_year(evidence.prose)
    said.append(Said(WEIGHTS["prose's year" if often > 1 else "year said once"], spoken, "prose"))
    said += [Said(WEIGHTS["heading's year"], title.year, TITLE) for title in evidence.headings]
    said += [Said(weight, title.year, TITLE) for weight, title in titles]
    said = sorted((one for one in said if one.printed), key=lambda one: (-one.weight, one.printed))
    ranked = _ranked(said)
    if not _clear(ranked):
        years = sorted(body[0].printed for body in ranked)
        message = f"The page says {years}; nothing settles which."
        findings.say("year_contradicts", message)
        return UNKNOWN
    if not ranked:
        return UNKNOWN
    best = ranked[0][0]
    rivals = (body[0].printed for body in ranked[1:] if _weight(body) >= WEIGHTS["prose's year"])
    if other := next(rivals, None):
        message = f"The {best.origin} says {best.printed}, the page also {other}. A copied text of last year?"
        findings.say("year_contradicts", message, "warning", best.printed, other)
    return Known(best.printed, best.origin)


def _agency(evidence: Evidence, findings: Findings) -> Known:
    """The body for which clearly most speaks, in full as the page prints it; else none."""
    ranked = _ranked(_believed(evidence, findings))
    if not ranked:
        return UNKNOWN
    first, *others = (body[0] for body in ranked)
    if not _clear(ranked):
        message = f"{first.printed} and {others[0].printed} are named alike; none is taken."
        findings.say("agency_contradicts", message)
        return UNKNOWN
    titled = [said for said in others if said.origin == TITLE]
    if titled and first.origin != TITLE:
        message = f"A title names {titled[0].printed}, the text {first.printed}, which is taken."
        findings.say("agency_contradicts", message)
    if first.name != first.printed:
        message = (
            f"The {first.origin} names {first.printed}; {first.name} reports for it (Art. 49)."
        )
        findings.say("agency_completed", message, "info")
    if first.origin in SITE:
        message = f"Only the website's owner is named ({first.name}); it need not be who reports."
        findings.say("agency_site_owner", message)
    # the longest of its names, best with its place; a government is not its office
    office = bool(patterns.office.search(first.name))
    names = [said for said in ranked[0] if bool(patterns.office.search(said.name)) == office]
    full = max(names, key=lambda said: (describe(said.name).place.end > 0, len(said.name)))
    return Known(evidence.in_full(full.name, full.printed), first.origin)


def _believed(evidence: Evidence, findings: Findings) -> list[Said]:
    """What names an agency that fits 我局 of the prose; a department's title is believed in any
    case.
    """
    believed = []
    for said in evidence.said:
        if not looks_like_agency(said.name):
            continue
        doubted = said.origin != TITLE or patterns.territorial.search(said.name)
        if doubted and evidence.own not in simplified(said.name):
            message = f"{said.name} ({said.origin}) does not fit 我{evidence.own} of the prose."
            findings.say("agency_contradicts", message, "info")
        else:
            believed.append(said)
    return believed


def _say_unknown(facts: Mapping[str, Known], agency: Agency, findings: Findings) -> None:
    """Findings for what nothing says."""
    missing = [fact for fact, known in facts.items() if known.value is None]
    for fact, severity in SAID_UNKNOWN.items():
        if fact in missing and not (agency.level in CENTRAL and fact == "division_code"):
            fact = fact.removesuffix("_code")
            message = f"Nothing says for certain which {fact} it is. Give it in the manifest."
            findings.say(f"{fact}_unknown", message, severity)
    if "division_code" in missing and agency.place.codes[1:]:
        fits = [f"{code} {province_name(code)}" for code in agency.place.codes[:8]]
        message = f"{agency.name} fits {'; '.join(fits)}, and nothing settles which."
        findings.say("division_ambiguous", message)
    year, day = facts["year"].value, facts["published"].value
    if year and day and str(day) < str(year):
        findings.say("published_early", f"Published {day}, before {year}, reported on, had begun.")


def _division(agency: Agency, site: str | None, findings: Findings) -> tuple[Known, Known]:
    """(division code, province): see the module's order."""
    if agency.level in CENTRAL:
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
    origin = "site code" if code == site else "agency name"
    province = province_name(code) if code else agency.place.shared(province_name)
    return _first([(code, origin)]), _first([(province, origin)])


def _given(manifest: Mapping[str, str], report: str) -> dict:
    """Non-empty values of the known fields, the year as int; raises DatasetError for one that can't
    be.
    """
    given: dict = {}
    for field, (expected, pattern, read) in FIELDS.items():
        text = str(manifest.get(field) or "").strip()
        if text.lower() in ("", "nan", "none", "<na>"):
            continue
        match = re.fullmatch(pattern, text, re.ASCII)
        given[field] = match and read(match[match.lastindex or 0])
        if given[field] is None:
            expected = f"{expected} in the manifest's column {field}"
            seen, advice = repr(text[:80]), "Correct the manifest."
            raise DatasetError(report, expected, seen=seen, advice=advice)
    code = resolve(given.get("province", "")).code or given.get("division_code")
    return given | ({"province": province_name(code)} if code else {})
