"""Who reports, on which year, at which level, where: each fact with its origin, or NA and a finding.

Orders of evidence (the first that says something decides):

* **title**: the document's titles, the first lines joined, the metadata's 名称/标题, the file name.
* **agency**: manifest; title; metadata (发布机构, 发文单位, 信息来源, ContentSource, …); file name; signature (agency and
  date at the end); prose (现将…2021年, …2021年度未收取); the title's suffix and the site's owner (主办单位), which
  may be another body and get a warning. A source that contradicts 我局/我镇 in the prose is passed over. A bare
  place (大姚县) becomes its people's government.
* **year** (reported on, never of publication): manifest; title (where several titles disagree, the one that the
  prose supports); statistical period and other statements of the prose that outweigh all others; file name (one
  year that is no date stamp).
* **division**: manifest; the agency's name and the site's code (网站标识码, SiteIDCode) together. They agree, or one
  lies inside the other: the narrower, except that a government's or department's own name is not narrowed by the
  site that carries it. They contradict each other: the name, with a warning, since the code says whose website it
  is and the title who reports. Only one is there: that one. A name that fits several divisions (鼓楼区) is settled
  by site code, site name, metadata, prose or the footer's record numbers, else NA.
* **published**: manifest; metadata (公开日期, 发布日期, PubDate, …); a date by the title; the signature's date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import divisions
from . import identity_data as data
from .agencies import Agency, completed, describe, looks_like_agency
from .evidence import Evidence, finding, gather
from .identity_manifest import apply_manifest, checked_manifest
from .identity_place import decide_division, hints_for, site_division, within
from .identity_prose import prose_agency
from .model import Document, Finding, Known, Section
from .reported import iso_date, period_year, plausible, prose_year, stem_year
from .titles import Title, parse_title

UNKNOWN = Known(None)
_NO_DATE = re.compile(
    r"[。,;]|至|施行|修订|公布|印发|星期|今天|〔"
)  # a law's date, a period, today's date in a site's header
_MEDIA = re.compile(data.MEDIA)


class Identity(NamedTuple):
    """Facts about a report. ``value`` of each is None where nothing says; ``year`` is an int, all others str.

    ``level`` is a key of ``identity_data.LEVELS``; ``division_code`` six digits of GB/T 2260; ``province`` its full
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


def identify(
    document: Document, sections: Sequence[Section], manifest: Mapping[str, str] | None = None
) -> Identity:
    """Title, agency, year, level, division, province and date of a report, in the orders that the module states.

    ``manifest`` (keys agency, year, level, division_code, province, title, published; others are ignored) adds or
    overrides; what it contradicts becomes an info finding. Raises DatasetError for a manifest value that can't be
    (a year in words, a level outside ``identity_data.LEVELS``). Source of levels and codes: GB/T 2260.

    >>> from govdisclosure.model import Document, Source
    >>> page = Document(Source("a.html"), (), titles=("沭阳县发展和改革局2023年政府信息公开工作年度报告",))
    >>> found = identify(page, ())
    >>> found.agency.value, found.year.value, found.level.value, found.division_code.value, found.province.value
    ('沭阳县发展和改革局', 2023, 'county department', '321322', '江苏省')
    """
    given = checked_manifest(manifest or {}, document.source.path)
    evidence = gather(document, sections)
    findings: list[Finding] = []
    from_name = parse_title(evidence.stem)
    titles = [*evidence.titles, *([(from_name, "file name")] if from_name else [])]
    year = _year(evidence, titles, findings)
    reported = given.get("year", year.value)
    named = _agency(evidence, titles, findings if "agency" not in given else [])
    name = given.get("agency", named.value)
    agency = (
        describe(name, reported, hints_for(evidence, given, name), site_division(evidence)[0])
        if name
        else None
    )
    code, province = decide_division(agency, evidence, findings)
    facts = {
        "title": _title(titles),
        "agency": named,
        "year": year,
        "level": Known(agency.level, "agency name") if agency and agency.level else UNKNOWN,
        "division_code": code,
        "province": province,
        "published": _published(evidence),
    }
    facts = apply_manifest(facts, given, findings)
    findings.extend(_unknown(facts, agency))
    return Identity(**facts, findings=tuple(findings))


def _title(titles: Sequence[tuple[Title, str]]) -> Known:
    """The title that says most (agency, year), the earliest of equals; a file's name is no title."""
    told = [
        (bool(t.agency) + bool(t.years) + t.strong, -i)
        for i, (t, o) in enumerate(titles)
        if o != "file name"
    ]
    if not told:
        return UNKNOWN
    title, origin = titles[-max(told)[1]]
    return Known(title.text, origin)


def _year(
    evidence: Evidence, titles: Sequence[tuple[Title, str]], findings: list[Finding]
) -> Known:
    """The year reported on; warns where the title and the statistical period differ."""
    period = period_year([*(text for _, text in evidence.prose), *evidence.lead])
    from_prose, weights = prose_year(evidence.prose)
    printed = [
        (t.year, origin)
        for t, origin in titles
        if t.year and plausible(t.year) and origin != "file name"
    ]
    if printed:
        supported = [item for item in printed if item[0] in (period, from_prose)]
        year, origin = (supported or printed)[0]
        _compare_years(year, origin, [(period, "the statistical period"), *printed], findings)
        return Known(year, origin)
    if period or from_prose:
        _compare_years(
            period or from_prose, "statistical period", [(from_prose, "the prose")], findings
        )
        return Known(period or from_prose, "prose")
    for key in data.YEAR_KEYS:
        if (year := stem_year(evidence.metadata.get(key, ""))) is not None:
            return Known(year, f"metadata {evidence.labels[key]}")
    if weights:
        seen = ", ".join(f"{year} (weight {weight})" for year, weight in sorted(weights.items()))
        findings.append(
            finding(
                "year_ambiguous",
                "info",
                f"The prose speaks of several years and none prevails: {seen}.",
            )
        )
    from_stem = stem_year(evidence.stem)
    return Known(from_stem, "file name") if from_stem else UNKNOWN


def _compare_years(
    year: int, origin: str, others: list[tuple[int | None, str]], findings: list[Finding]
) -> None:
    for other, where in others:
        if other and other != year:
            message = f"The {origin} says {year}, {where} says {other}; {year} is kept. A copied text of last year?"
            findings.append(finding("year_contradicts", "warning", message, year, other))
            return


def _agency(
    evidence: Evidence, titles: Sequence[tuple[Title, str]], findings: list[Finding]
) -> Known:
    """The agency, by the first source that names one which fits 我局/我镇 in the prose."""
    passed = []
    for name, origin in _agency_candidates(evidence, titles):
        full = completed(name)
        if not looks_like_agency(full):
            continue
        if evidence.own and origin != "title" and evidence.own not in full:
            passed.append(f"{full} ({origin})")
            continue
        if full != name:
            message = f"The {origin} names only the place {name}; its people's government reports for it (Art. 49)."
            findings.append(finding("agency_completed", "info", message))
        if origin in ("title suffix", "footer 主办单位"):
            message = f"Only the website's owner is named ({full}); it need not be the agency that reports."
            findings.append(finding("agency_site_owner", "warning", message))
        _compare_agencies(full, origin, evidence, findings)
        return Known(full, origin)
    if passed:
        message = f"The prose says 我{evidence.own}, which does not fit {', '.join(passed[:3])}."
        findings.append(finding("agency_contradicts", "info", message))
    return UNKNOWN


def _agency_candidates(evidence: Evidence, titles: Sequence[tuple[Title, str]]):
    """(name, origin) in the order that the module states."""
    yield from (
        (title.agency, origin) for title, origin in titles if title.agency and origin != "file name"
    )
    for key in data.AGENCY_KEYS:
        if key in evidence.metadata and not _MEDIA.search(evidence.metadata[key]):
            yield (
                evidence.metadata[key].replace("(", "（").replace(")", "）"),
                f"metadata {evidence.labels[key]}",
            )
    yield from (
        (title.agency, origin) for title, origin in titles if title.agency and origin == "file name"
    )
    yield evidence.signature[0], "signature"
    name, section = prose_agency(evidence.prose)
    yield name, f"section {section}" if section >= 0 else "prose"
    yield from ((title.suffix, "title suffix") for title, origin in titles if origin != "file name")
    yield evidence.owner, "footer 主办单位"


def _compare_agencies(name: str, origin: str, evidence: Evidence, findings: list[Finding]) -> None:
    """An info finding where the signature's place is another than the agency's."""
    other = evidence.signature[0]
    if not other or origin == "signature":
        return
    here, there = divisions.resolve(name).code, divisions.resolve(other).code
    if here and there and not within(here, there) and not within(there, here):
        message = f"The {origin} names {name}, the signature {other}; the {origin} is kept."
        findings.append(finding("agency_contradicts", "warning", message))


def _published(evidence: Evidence) -> Known:
    for key in data.PUBLISHED_KEYS:
        if day := iso_date(evidence.metadata.get(key, "")):
            return Known(day, f"metadata {evidence.labels[key]}")
    for line in evidence.heading:
        if len(line) < 36 and not _NO_DATE.search(line) and (day := iso_date(line)):
            return Known(day, "near the title")
    return Known(evidence.signature[1], "signature") if evidence.signature[1] else UNKNOWN


def _unknown(facts: Mapping[str, Known], agency: Agency | None):
    """Findings for what nothing says."""
    if facts["title"].value is None:
        yield finding("title_unknown", "info", "No title of an annual report was found.")
    if facts["agency"].value is None:
        yield finding(
            "agency_unknown",
            "warning",
            "Neither title, metadata, file name, signature nor prose names the agency. Give it in the manifest.",
        )
    if facts["year"].value is None:
        yield finding(
            "year_unknown",
            "warning",
            "Neither title, prose nor file name says which year is reported on. Give it in the manifest.",
        )
    if facts["division_code"].value is None and not str(facts["level"].value).startswith("state"):
        yield _no_division(agency)
    year, day = facts["year"].value, facts["published"].value
    if year and day and int(day[:4]) < year:
        yield finding(
            "published_early",
            "warning",
            f"Published {day}, before the year reported on ({year}) had begun.",
        )


def _no_division(agency: Agency | None) -> Finding:
    if agency and agency.place.candidates:
        names = "; ".join(f"{c} {divisions.province_name(c)}" for c in agency.place.candidates[:8])
        return finding(
            "division_ambiguous",
            "warning",
            f"{agency.name} fits several divisions ({names}) and nothing settles which.",
        )
    return finding(
        "division_unknown",
        "info",
        "Neither the agency's name nor a site code says which division it is in.",
    )
