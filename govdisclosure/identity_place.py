"""Where the agency is: its name and the website's code, weighed as `identity` states."""

from __future__ import annotations

from collections.abc import Mapping

from . import divisions
from . import identity_data as data
from .agencies import Agency
from .evidence import Evidence, finding
from .identity_prose import qualified_place
from .model import Finding, Known

# Bodies that may lie deeper than their name says, so that the site's narrower code is theirs.
INSIDE_SITE = (
    "township",
    "development zone",
    "development zone department",
    "public institution",
    "other",
    "state branch",
)
UNKNOWN = Known(None)


def within(code: str, other: str) -> bool:
    """Whether ``code`` is ``other`` or lies inside it."""
    return code.startswith(
        other[:2] if other.endswith("0000") else other[:4] if other.endswith("00") else other
    )


def site_division(evidence: Evidence) -> tuple[str | None, str]:
    """(division code of the website, origin)."""
    for digits, origin in evidence.site_codes:
        if division := divisions.known_division(digits):
            note = "" if division.code == digits else f" {digits}, its prefecture"
            return division.code, origin + note
    return None, ""


def hints_for(evidence: Evidence, given: Mapping, name: str | None) -> tuple[str, ...]:
    """Codes that may settle an ambiguous name, strongest first."""
    hints = [given.get("division_code"), site_division(evidence)[0]]
    hints += [divisions.resolve(given["province"]).code if given.get("province") else None]
    if name and divisions.resolve(name).candidates:
        hints.append(qualified_place(name, evidence.prose))
        keys = (*data.AGENCY_KEYS, *data.SITE_NAME_KEYS)
        others = [evidence.metadata[key] for key in keys if key in evidence.metadata]
        hints += [
            divisions.resolve(other).code
            for other in (*others, evidence.signature[0], evidence.owner)
        ]
        hints += evidence.records
    return tuple(dict.fromkeys(hint for hint in hints if hint))


def decide_division(
    agency: Agency | None, evidence: Evidence, findings: list[Finding]
) -> tuple[Known, Known]:
    """(division code, province): see the module's order."""
    site, site_origin = site_division(evidence)
    if agency and agency.level in ("state", "state department"):
        return UNKNOWN, UNKNOWN
    named = agency.place.code if agency else None
    code, origin = named or site, "agency name" if named else site_origin
    if named and site:
        if within(named, site) or not within(site, named):
            origin = site_origin if named == site else origin
        elif agency.level in INSIDE_SITE:
            code, origin = site, site_origin
        if not within(named, site) and not within(site, named) and not _renumbered(named, site):
            findings.append(
                finding("division_contradicts", "warning", _contradiction(named, site, site_origin))
            )
    if code:
        return Known(code, origin), Known(divisions.province_name(code), origin)
    province = agency.place.province if agency else None
    return UNKNOWN, Known(
        divisions.province_name(province + "0000"), "agency name"
    ) if province else UNKNOWN


def _renumbered(code: str, other: str) -> bool:
    """Whether both are one division before and after a change (洪泽县 320829, 洪泽区 320813)."""
    one, two = divisions.lookup(code), divisions.lookup(other)
    return bool(one and two and code[:4] == other[:4] and one.name[:-1] == two.name[:-1])


def _contradiction(named: str, site: str, origin: str) -> str:
    one, two = divisions.lookup(named), divisions.lookup(site)
    return f"The agency's name lies in {one.name} ({named}), the website's code ({origin}) in {two.name} ({site}); the name is kept."
