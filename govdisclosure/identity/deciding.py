"""Who reports, on which year, at which level, where: each fact with its origin, or NA and a finding.

* **agency**: the manifest; the title; else what signature (agency and date at the end), prose (现将…2021年, …2021年度
  未收取), metadata (发布机构, …), file name, and last the title's suffix or the site's owner name, weighed: names that
  contradict 我局/我镇 in the prose are passed over, and where two bodies weigh the same there is none. A bare place (大姚县)
  becomes its people's government. The name is given with its city (洪泽区 → 淮安市洪泽区) where the page prints it so.
* **year** (reported on, never of publication): the manifest; the title (where several disagree, the one that the prose
  supports, else none); the prose; metadata; the file name.
* **division**: the manifest; the agency's name and the site's code together. They agree, or one lies inside the other:
  the narrower, except that a government's or department's own name is not narrowed by the site that carries it. They
  contradict each other: the name, with a warning. A name that fits several divisions (鼓楼区) is settled by site code,
  site name, metadata, prose or the footer's record numbers, else NA.
* **published**: the manifest; metadata; a date by the title; the signature's date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ..errors import DatasetError
from ..model import Document, Finding, Known, Section
from ..normalize import simplified
from . import divisions
from . import name_words as words
from .agencies import Agency, completed, describe, looks_like_agency
from .divisions import within
from .evidence import Evidence, gather
from .report_titles import parse_title, wide
from .years import iso_date, period_year, plausible, prose_year, stem_year

UNKNOWN = Known(None)
# What a manifest may say: field → (what is expected, its pattern).
FIELDS = {
    "title": ("a title", r".+"),
    "agency": ("a name", r".+"),
    "year": ("a year like 2021", r"(20(?:0[89]|[1-9]\d))(?:\.0)?"),  # a spreadsheet's 2021.0
    "level": ("one of " + ", ".join(words.LEVELS), "|".join(words.LEVELS)),
    "division_code": ("six digits", r"\d{6}"),
    "province": ("a province", r".+"),
    "published": ("a date like 2022-01-31", r"20\d\d\D.+|\d{8}"),
}
OCCURRENCES = 50  # of a name in the page that are looked at
TITLE, SITE = "title", ("title suffix", "footer 主办单位")
_NO_DATE = re.compile(
    r"[。,;]|至|施行|修订|公布|印发|星期|今天|〔|.{36}"
)  # a law's, a period, today's
_MEDIA = re.compile(words.MEDIA)
_OFFICE = re.compile(r"(?<=政府)(?:办公室|办公厅|办)$")
_TERRITORY = re.compile(r"[全我](县|市|区|省|旗|州|镇|乡)")
# Bodies that may lie deeper than their name says, so that the site's narrower code is theirs.
_INSIDE_SITE = re.compile("township|development zone|public institution|other|state branch")


class Identity(NamedTuple):
    """Facts about a report. ``value`` of each is None where nothing says; ``year`` is an int, all others str.

    ``level`` is a key of ``name_words.LEVELS``; ``division_code`` six digits of GB/T 2260; ``province`` its full
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


class Findings(list):
    """Findings on the identity as they come up."""

    def say(self, rule: str, message: str, severity: str = "warning", *values: float) -> None:
        """Add one; ``rule`` without its prefix; ``values``: expected and actual."""
        expected, actual = values or (None, None)
        rule = f"identity.{rule}"
        self.append(Finding(rule, "form", severity, expected, actual, None, (), message))


def identify(
    document: Document, sections: Sequence[Section], manifest: Mapping[str, str] | None = None
) -> Identity:
    """Title, agency, year, level, division, province and date of a report, in the orders that the module states.

    ``manifest`` (keys agency, year, level, division_code, province, title, published; others are ignored) adds or
    overrides; what it contradicts becomes an info finding. Raises DatasetError for a manifest value that can't be
    (a year in words, a level outside ``name_words.LEVELS``). Source of levels and codes: GB/T 2260.

    >>> from govdisclosure.model import Document, Source
    >>> page = Document(Source("a.html"), (), titles=("沭阳县发展和改革局2023年政府信息公开工作年度报告",))
    >>> found = identify(page, ())
    >>> found.agency.value, found.year.value, found.level.value, found.division_code.value, found.province.value
    ('沭阳县发展和改革局', 2023, 'county department', '321322', '江苏省')
    """
    given = _given(manifest or {}, document.source.path)
    evidence = gather(document, sections)
    findings = Findings()
    facts = {
        "title": _title(evidence),
        "agency": _agency(evidence, Findings() if "agency" in given else findings),
        "year": _year(evidence, findings),
        "published": _published(evidence),
    }
    name, year = (given.get(fact, facts[fact].value) for fact in ("agency", "year"))
    agency = None
    if name:
        agency = describe(name, year, _hints(evidence, given, name), evidence.site[0])
    facts["level"] = Known(agency.level, "agency name") if agency and agency.level else UNKNOWN
    facts["division_code"], facts["province"] = _division(agency, evidence.site, findings)
    _apply(given, facts, findings)
    _say_unknown(facts, agency, findings)
    return Identity(**facts, findings=tuple(findings))


def _title(evidence: Evidence) -> Known:
    """The title that says most (agency, year), the earliest of equals."""
    told = [bool(t.agency) + bool(t.years) + t.strong for t, _ in evidence.titles]
    if not told:
        return UNKNOWN
    title, origin = evidence.titles[told.index(max(told))]
    return Known(title.text, origin)


def _year(evidence: Evidence, findings: Findings) -> Known:
    """The year reported on; none where titles disagree and the prose supports neither."""
    period = period_year([*(text for _, text in evidence.prose), *evidence.heading])
    spoken = prose_year(evidence.prose)
    dated = [title for title, _ in evidence.titles if title.year and plausible(title.year)]
    printed = [title.year for title in dated]
    supported = [year for year in printed if year in (period, spoken)]
    best = supported or [title.year for title in dated if title.agency] or printed
    if not supported and len(set(best)) > 1:
        findings.say("year_contradicts", f"Titles say {best}; nothing settles which.")
        return UNKNOWN
    sources = [(year, TITLE) for year in best] + [(period, "prose"), (spoken, "prose")]
    for key in words.YEAR_KEYS:
        sources.append((stem_year(evidence.value(key)), f"metadata {key}"))
    sources.append((stem_year(evidence.stem), "file name"))
    year, origin = next((source for source in sources if source[0]), UNKNOWN)
    against = [(period, "the statistical period"), *((other, "a title") for other in printed)]
    against += [] if origin == TITLE else [(spoken, "the prose")]
    for other, where in against:
        if other and other != year:
            message = f"The {origin} says {year}, {where} says {other}; {year} is kept. A copied text of last year?"
            findings.say("year_contradicts", message, "warning", year, other)
            break
    return Known(year, origin)


def _agency(evidence: Evidence, findings: Findings) -> Known:
    """The body for which most speaks, in full as the page prints it; none where two weigh the same."""
    groups: dict[str, list[tuple[int, str, str]]] = {}
    passed = []
    for weight, printed, origin in _votes(evidence):
        name = completed(printed)
        if origin != TITLE and evidence.own not in name:
            passed.append(f"{name} ({origin})")
            continue
        key = _OFFICE.sub("", simplified(name))
        same = next((k for k in groups if k.endswith(key) or key.endswith(k)), key)
        groups.setdefault(same, []).append((weight, printed, origin))
    ranked = sorted(groups.values(), key=lambda votes: -sum(weight for weight, *_ in votes))
    totals = [sum(weight for weight, *_ in votes) for votes in ranked] + [0, 0]
    if totals[0] == totals[1]:
        bodies = [f"{votes[0][1]} ({votes[0][2]})" for votes in ranked] + passed
        if bodies:
            message = f"None prevails or fits 我{evidence.own}: {', '.join(bodies[:4])}."
            findings.say("agency_contradicts", message, "warning" if ranked else "info")
        return UNKNOWN
    _, printed, origin = ranked[0][0]
    name = completed(printed)
    if name != printed:
        message = f"The {origin} names only the place {printed}; its people's government reports for it (Art. 49)."
        findings.say("agency_completed", message, "info")
    if origin in SITE:
        message = (
            f"Only the website's owner is named ({name}); it need not be the agency that reports."
        )
        findings.say("agency_site_owner", message)
    here = divisions.resolve(name).code
    for _, other, where in (votes[0] for votes in ranked[1:]):
        there = divisions.resolve(other).code
        if (
            here
            and there
            and where == "signature"
            and not (within(here, there) or within(there, here))
        ):
            message = f"The {origin} names {name}, the {where} {other}; the {origin} is kept."
            findings.say("agency_contradicts", message)
    return Known(_in_full(name, evidence), origin)


def _votes(evidence: Evidence) -> Iterator[tuple[int, str, str]]:
    """(weight, name, origin) of what names a body; a title outweighs all others."""
    titles, author = evidence.titles, evidence.author
    stem = parse_title(evidence.stem)
    keys = [(key, evidence.value(key)) for key in words.AGENCY_KEYS]
    printed = [(wide(text), key) for key, text in keys if not _MEDIA.search(text)]
    spoken = {unit for _, text in evidence.prose for unit in _TERRITORY.findall(text)}
    owner = "" if evidence.own or not spoken & set(evidence.owner) else evidence.owner
    for weight, names in (
        (99, [(title.agency, TITLE) for title, _ in titles]),
        (3, [(evidence.signature[0], "signature")]),
        (3, [(author[0], f"section {author[1]}" if author[1] >= 0 else "prose")]),
        (2, [(name, f"metadata {evidence.metadata.get(key, key)[1]}") for name, key in printed]),
        (2, [(stem.agency if stem else "", "file name")]),
        (1, [(title.suffix, SITE[0]) for title, _ in titles]),
        (1, [(owner, SITE[1])]),
    ):
        usable = ((weight, *vote) for vote in names if looks_like_agency(completed(vote[0])))
        yield from islice(usable, 1)


def _in_full(name: str, evidence: Evidence) -> str:
    """The name with the division above it, where the page prints it so: a district's name anywhere with its city
    (淮安市洪泽区), other names whole (赣州市信丰县财政局). Two divisions above settle nothing."""
    texts = [text for _, text in evidence.prose] + [
        wide(text) for text, _ in evidence.metadata.values()
    ]
    texts += [
        evidence.signature[0],
        evidence.owner,
        *(title.agency for title, _ in evidence.titles),
    ]
    for _ in range(2):
        end = divisions.resolve(name).end
        sought = name[:end] if name[:end].endswith("区") else name
        found = {above for text in texts for above in _above(sought, end, text)}
        if len(found) == 1:
            name = found.pop() + name
    return name


def _above(sought: str, end: int, text: str) -> Iterator[str]:
    """Names of divisions that stand directly before the name; the nearest of each place."""
    start = -1
    for _ in range(OCCURRENCES):
        if (start := text.find(sought, start + 1)) < 0:
            return
        for back in range(2, min(12, start) + 1):
            place = divisions.resolve(text[start - back : start + len(sought)])
            if place.code and place.end == back + end:
                yield text[start - back : start]
                break


def _published(evidence: Evidence) -> Known:
    dates = [(evidence.value(key), f"metadata {key}") for key in words.PUBLISHED_KEYS]
    dates += [(line, "near the title") for line in evidence.heading if not _NO_DATE.search(line)]
    dates += [(evidence.signature[1], "signature")]
    found = (Known(day, origin) for text, origin in dates if (day := iso_date(text)))
    return next(found, UNKNOWN)


def _say_unknown(facts: Mapping[str, Known], agency: Agency | None, findings: Findings) -> None:
    """Findings for what nothing says."""
    said = {"title": "info", "agency": "warning", "year": "warning", "division_code": "info"}
    for fact, severity in said.items():
        if facts[fact].value is not None or (
            agency and str(agency.level).startswith("state") and "_" in fact
        ):
            continue
        fact = fact.removesuffix("_code")
        if fact == "division" and agency and agency.place.candidates:
            fits = [f"{code} {divisions.province_name(code)}" for code in agency.place.candidates]
            message = f"{agency.name} fits {'; '.join(fits[:8])}, and nothing settles which."
            findings.say("division_ambiguous", message)
        else:
            message = f"Nothing says for certain which {fact} it is. Give it in the manifest."
            findings.say(f"{fact}_unknown", message, severity)
    year, day = facts["year"].value, facts["published"].value
    if year and day and int(str(day)[:4]) < int(year):
        findings.say("published_early", f"Published {day}, before {year}, reported on, had begun.")


def _hints(evidence: Evidence, given: Mapping, name: str) -> tuple[str, ...]:
    """Codes that may settle an ambiguous name, strongest first."""
    hints = [given.get("division_code"), evidence.site[0]]
    if divisions.resolve(name).candidates:
        keys = (*words.AGENCY_KEYS, *words.SITE_NAME_KEYS)
        others = [given.get("province", ""), *map(evidence.value, keys)]
        others += [evidence.signature[0], evidence.owner]
        hints += [divisions.resolve(other).code for other in others] + evidence.records
    return tuple(dict.fromkeys(filter(None, hints)))


def _division(
    agency: Agency | None, site: tuple[str | None, str], findings: Findings
) -> tuple[Known, Known]:
    """(division code, province): see the module's order."""
    level, place = (str(agency.level), agency.place) if agency else ("", divisions.NOWHERE)
    if level in ("state", "state department"):
        return UNKNOWN, UNKNOWN
    code, origin = (place.code, "agency name") if place.code else site
    if place.code and site[0]:
        inside = within(site[0], place.code)
        if place.code == site[0] or (inside and _INSIDE_SITE.match(level)):
            code, origin = site
        one, two = map(divisions.name_of, (place.code, site[0]))
        renumbered = place.code[:4] == site[0][:4] and one[:-1] == two[:-1]
        if not inside and not within(place.code, site[0]) and not renumbered:
            message = f"The agency's name lies in {one} ({place.code}), the website's code ({site[1]}) in {two} ({site[0]}); the name is kept."
            findings.say("division_contradicts", message)
    if code:
        return Known(code, origin), Known(divisions.province_name(code), origin)
    return UNKNOWN, Known(place.province, "agency name") if place.province else UNKNOWN


def _given(manifest: Mapping[str, str], report: str) -> dict:
    """Non-empty values of the known fields, the year as int; raises DatasetError for one that can't be."""
    given: dict = {}
    for field, (expected, pattern) in FIELDS.items():
        text = str(manifest.get(field) or "").strip()
        if not text or text.lower() in ("nan", "none", "<na>"):
            continue
        match = re.fullmatch(pattern, text, re.ASCII)
        given[field] = text if match else None
        if field == "year" and match:
            given[field] = int(match[1])
        elif field == "published" and match:
            given[field] = iso_date(text)
        if given[field] is None:
            expected = f"{expected} in the manifest's column {field}"
            raise DatasetError(
                report, expected, seen=repr(text[:80]), advice="Correct the manifest."
            )
    code = divisions.resolve(given.get("province", "")).code or given.get("division_code")
    return given | ({"province": divisions.province_name(code)} if code else {})


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
