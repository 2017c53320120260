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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..errors import DatasetError
from ..model import Document, Finding, Known, Section
from ..normalize import simplified
from . import divisions
from . import name_words as words
from .agencies import Agency, completed, describe, looks_like_agency
from .divisions import within
from .evidence import Evidence, gather
from .report_titles import Title, parse_title, wide
from .years import iso_date, period_year, plausible, prose_year, stem_year

UNKNOWN = Known(None)
FIELDS = ("title", "agency", "year", "level", "division_code", "province", "published")
OCCURRENCES = 50  # of a name in the page that are looked at
_NO_DATE = re.compile(
    r"[。,;]|至|施行|修订|公布|印发|星期|今天|〔"
)  # a law's date, a period, today's
_MEDIA = re.compile(words.MEDIA)
_OFFICE = re.compile(r"(?<=政府)(?:办公室|办公厅|办)$")
_TERRITORY = re.compile(r"[全我](县|市|区|省|旗|州|镇|乡)")
# Bodies that may lie deeper than their name says, so that the site's narrower code is theirs.
_INSIDE_SITE = {"township", "development zone", "development zone department"}
_INSIDE_SITE |= {"public institution", "other", "state branch"}


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
        self.append(
            Finding(f"identity.{rule}", "form", severity, expected, actual, None, (), message)
        )


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
    given = _checked_manifest(manifest or {}, document.source.path)
    evidence = gather(document, sections)
    findings = Findings()
    from_name = parse_title(evidence.stem)
    year = _year(evidence, findings)
    named = _agency(evidence, from_name, findings if "agency" not in given else Findings())
    name, reported = given.get("agency", named.value), given.get("year", year.value)
    hints = _hints(evidence, given, name)
    agency = describe(str(name), reported, hints, evidence.site[0]) if name else None
    code, province = _division(agency, evidence.site, findings)
    facts = {
        "title": _title(evidence.titles),
        "agency": named,
        "year": year,
        "level": Known(agency.level, "agency name") if agency and agency.level else UNKNOWN,
        "division_code": code,
        "province": province,
        "published": _published(evidence),
    }
    _apply_manifest(facts, given, findings)
    _say_unknown(facts, agency, findings)
    return Identity(**facts, findings=tuple(findings))


def _title(titles: Sequence[tuple[Title, str]]) -> Known:
    """The title that says most (agency, year), the earliest of equals."""
    told = [bool(t.agency) + bool(t.years) + t.strong for t, _ in titles]
    if not told:
        return UNKNOWN
    title, origin = titles[told.index(max(told))]
    return Known(title.text, origin)


def _year(evidence: Evidence, findings: Findings) -> Known:
    """The year reported on; none where titles disagree and the prose supports neither."""
    period = period_year([*(text for _, text in evidence.prose), *evidence.heading])
    spoken, weights = prose_year(evidence.prose)
    printed = [(t.year, origin) for t, origin in evidence.titles if t.year and plausible(t.year)]
    supported = [item for item in printed if item[0] in (period, spoken)]
    told = [bool(t.agency) for t, _ in evidence.titles if t.year and plausible(t.year)]
    best = [item for item, named in zip(printed, told) if named] or printed
    if printed and not supported and len({year for year, _ in best}) > 1:
        years = ", ".join(sorted({str(year) for year, _ in best}))
        findings.say("year_contradicts", f"Titles say {years}; nothing settles which.")
        return UNKNOWN
    if found := supported or best:
        year, origin = found[0]
        _compare(year, origin, [(period, "the statistical period"), *printed], findings)
        return Known(year, origin)
    if period or spoken:
        _compare(period or spoken, "statistical period", [(spoken, "the prose")], findings)
        return Known(period or spoken, "prose")
    for key in words.YEAR_KEYS:
        if (year := stem_year(evidence.value(key))) is not None:
            return Known(year, f"metadata {evidence.metadata[key][1]}")
    if weights:
        seen = ", ".join(f"{year} (weight {weight})" for year, weight in sorted(weights.items()))
        findings.say(
            "year_ambiguous", f"The prose names several years, none prevails: {seen}.", "info"
        )
        return UNKNOWN
    from_stem = stem_year(evidence.stem)
    return Known(from_stem, "file name") if from_stem else UNKNOWN


def _compare(year, origin: str, others: list[tuple[int | None, str]], findings: Findings) -> None:
    other = next(((y, where) for y, where in others if y and y != year), None)
    if other:
        message = f"The {origin} says {year}, {other[1]} says {other[0]}; {year} is kept. A copied text of last year?"
        findings.say("year_contradicts", message, "warning", year, other[0])


def _agency(evidence: Evidence, from_name: Title | None, findings: Findings) -> Known:
    """The agency: the title's, else the body for which most speaks; in full as the page prints it."""
    name, origin = next(_usable((t.agency, o) for t, o in evidence.titles), ("", ""))
    name, origin = (name, origin) if name else _elected(evidence, from_name, findings)
    if not name:
        return UNKNOWN
    full = completed(name)
    if full != name:
        message = f"The {origin} names only the place {name}; its people's government reports for it (Art. 49)."
        findings.say("agency_completed", message, "info")
    if origin in ("title suffix", "footer 主办单位"):
        message = (
            f"Only the website's owner is named ({full}); it need not be the agency that reports."
        )
        findings.say("agency_site_owner", message)
    signed = evidence.signature[0]
    here, there = divisions.resolve(full).code, divisions.resolve(signed).code if signed else None
    if here and there and not within(here, there) and not within(there, here):
        message = f"The {origin} names {full}, the signature {signed}; the {origin} is kept."
        findings.say("agency_contradicts", message)
    return Known(_in_full(full, evidence), origin)


def _usable(names: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, origin) for name, origin in names if looks_like_agency(completed(name)))


def _votes(evidence: Evidence, from_name: Title | None) -> Iterator[tuple[str, str, int]]:
    """(name, origin, weight) of what names a body where no title does."""
    author, section = evidence.author
    yield evidence.signature[0], "signature", 3
    yield author, f"section {section}" if section >= 0 else "prose", 3
    known = ((evidence.value(key), key) for key in words.AGENCY_KEYS)
    named = ((wide(text), key) for text, key in known if text and not _MEDIA.search(text))
    for name, key in _usable(named):
        yield name, f"metadata {evidence.metadata[key][1]}", 2
        break
    if from_name:
        yield from_name.agency, "file name", 2
    yield next(filter(None, (t.suffix for t, _ in evidence.titles)), ""), "title suffix", 1
    spoken = {unit for _, text in evidence.prose for unit in _TERRITORY.findall(text)}
    if not evidence.own and spoken & set(evidence.owner):
        yield evidence.owner, "footer 主办单位", 1


def _elected(evidence: Evidence, from_name: Title | None, findings: Findings) -> tuple[str, str]:
    """The body for which most speaks; ('', '') where two weigh the same or none fits 我局/我镇 of the prose."""
    groups: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    passed = []
    for name, origin, weight in _votes(evidence, from_name):
        full = completed(name)
        if not looks_like_agency(full):
            continue
        if evidence.own and evidence.own not in full:
            passed.append(f"{full} ({origin})")
            continue
        key = _OFFICE.sub("", simplified(full))
        same = next((k for k in groups if k.endswith(key) or key.endswith(k)), key)
        groups[same].append((name, origin, weight))
    ranked = sorted(groups.values(), key=lambda votes: -sum(weight for *_, weight in votes))
    totals = [sum(weight for *_, weight in votes) for votes in ranked]
    if totals[1:2] == totals[:1] and totals:
        names = ", ".join(f"{votes[0][0]} ({votes[0][1]})" for votes in ranked[:3])
        findings.say("agency_contradicts", f"Several bodies are named and none prevails: {names}.")
        return "", ""
    if passed and not ranked:
        message = f"The prose says 我{evidence.own}, which does not fit {', '.join(passed[:3])}."
        findings.say("agency_contradicts", message, "info")
    return ranked[0][0][:2] if ranked else ("", "")


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
        found = {p for text in texts for p in _prefixes(sought, min(end, len(sought)), text)}
        if len(found) != 1:
            break
        name = found.pop() + name
    return name


def _prefixes(sought: str, end: int, text: str) -> Iterator[str]:
    """Names of divisions that stand directly before the name; the nearest of each place."""
    start = text.find(sought)
    for _ in range(OCCURRENCES):
        if start < 0:
            return
        for back in range(2, min(12, start) + 1):
            place = divisions.resolve(text[start - back : start + len(sought)])
            if place.code and place.end == back + end:
                yield text[start - back : start]
                break
        start = text.find(sought, start + 1)


def _published(evidence: Evidence) -> Known:
    for key in words.PUBLISHED_KEYS:
        if day := iso_date(evidence.value(key)):
            return Known(day, f"metadata {evidence.metadata[key][1]}")
    for line in evidence.heading:
        if len(line) < 36 and not _NO_DATE.search(line) and (day := iso_date(line)):
            return Known(day, "near the title")
    return Known(evidence.signature[1], "signature") if evidence.signature[1] else UNKNOWN


def _say_unknown(facts: Mapping[str, Known], agency: Agency | None, findings: Findings) -> None:
    """Findings for what nothing says."""
    if facts["title"].value is None:
        findings.say("title_unknown", "No title of an annual report was found.", "info")
    for fact in ("agency", "year"):
        if facts[fact].value is None:
            message = (
                f"Nothing on the page says for certain which {fact} it is. Give it in the manifest."
            )
            findings.say(f"{fact}_unknown", message)
    if facts["division_code"].value is None and not str(facts["level"].value).startswith("state"):
        if agency and agency.place.candidates:
            fits = "; ".join(
                f"{c} {divisions.province_name(c)}" for c in agency.place.candidates[:8]
            )
            message = f"{agency.name} fits several divisions ({fits}) and nothing settles which."
            findings.say("division_ambiguous", message)
        else:
            message = "Neither the agency's name nor a site code says which division it is in."
            findings.say("division_unknown", message, "info")
    year, day = facts["year"].value, facts["published"].value
    if year and day and int(str(day)[:4]) < int(year):
        message = f"Published {day}, before the year reported on ({year}) had begun."
        findings.say("published_early", message)


def _hints(evidence: Evidence, given: Mapping, name) -> tuple[str, ...]:
    """Codes that may settle an ambiguous name, strongest first."""
    hints = [given.get("division_code"), evidence.site[0]]
    if name and divisions.resolve(str(name)).candidates:
        others = [evidence.value(key) for key in (*words.AGENCY_KEYS, *words.SITE_NAME_KEYS)]
        others = [str(given.get("province", "")), *others, evidence.signature[0], evidence.owner]
        hints += [divisions.resolve(other).code for other in filter(None, others)]
        hints += evidence.records
    return tuple(dict.fromkeys(str(hint) for hint in hints if hint))


def _division(
    agency: Agency | None, site: tuple[str | None, str], findings: Findings
) -> tuple[Known, Known]:
    """(division code, province): see the module's order."""
    level, place = (agency.level, agency.place) if agency else (None, divisions.NOWHERE)
    if level in ("state", "state department"):
        return UNKNOWN, UNKNOWN
    code, origin = (place.code, "agency name") if place.code else site
    if place.code and site[0]:
        inside = within(site[0], place.code)
        if place.code == site[0] or (inside and level in _INSIDE_SITE):
            code, origin = site
        one, two = divisions.name_of(place.code), divisions.name_of(site[0])
        renumbered = place.code[:4] == site[0][:4] and one[:-1] == two[:-1]
        if not inside and not within(place.code, site[0]) and not renumbered:
            message = f"The agency's name lies in {one} ({place.code}), the website's code ({site[1]}) in {two} ({site[0]}); the name is kept."
            findings.say("division_contradicts", message)
    if code:
        return Known(code, origin), Known(divisions.province_name(code), origin)
    return UNKNOWN, Known(place.province, "agency name") if place.province else UNKNOWN


def _checked_manifest(manifest: Mapping[str, str], report: str) -> dict[str, str | int]:
    """Non-empty values of the known fields, the year as int; raises DatasetError for one that can't be."""
    given: dict[str, str | int] = {}
    for field in FIELDS:
        text = str(manifest.get(field) or "").strip()
        if text and text.lower() not in ("nan", "none", "<na>"):
            given[field] = _checked(field, text, report)
    return given


_EXPECTED = {
    "year": "a year like 2021",
    "level": "one of " + ", ".join(words.LEVELS),
    "division_code": "six digits",
    "published": "a date like 2022-01-31",
}


def _checked(field: str, text: str, report: str) -> str | int:
    value: str | int | None = text
    if field == "year":
        whole = re.fullmatch(r"(\d{4})(?:\.0)?", text, re.ASCII)  # a spreadsheet's 2021.0
        value = int(whole[1]) if whole and plausible(int(whole[1])) else None
    elif field == "level":
        value = text if text in words.LEVELS else None
    elif field == "division_code":
        value = text if re.fullmatch(r"\d{6}", text, re.ASCII) else None
    elif field == "published":
        value = iso_date(text)
    elif field == "province" and (code := divisions.resolve(text).code):
        value = divisions.province_name(code)
    if value is None:
        expected = f"{_EXPECTED[field]} in the manifest's column {field}"
        raise DatasetError(report, expected, seen=repr(text[:80]), advice="Correct the manifest.")
    return value


def _apply_manifest(facts: dict[str, Known], given: Mapping, findings: Findings) -> None:
    """Lay the manifest's values over the facts; what they contradict becomes an info finding each.

    A division code of the manifest also gives the province, unless the manifest names that too.
    """
    values = dict(given)
    if "division_code" in given and (name := divisions.province_name(given["division_code"])):
        values.setdefault("province", name)
    for field, value in values.items():
        old = facts[field].value
        one, two = str(old), str(value)
        same = one == two or (
            min(len(one), len(two)) > 4 and (one.endswith(two) or two.endswith(one))
        )
        if old is not None and not same:
            message = f"The manifest says {value}, the document ({facts[field].origin}) {old}; the manifest is kept."
            findings.say(f"{field}_contradicts", message, "info")
        facts[field] = Known(value, "manifest")
