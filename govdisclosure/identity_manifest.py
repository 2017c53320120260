"""What a manifest adds to a report's identity: checked first, then laid over what the document says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from . import divisions
from . import identity_data as data
from .errors import DatasetError
from .evidence import finding
from .model import Finding, Known
from .reported import iso_date, plausible

FIELDS = ("title", "agency", "year", "level", "division_code", "province", "published")


def checked_manifest(manifest: Mapping[str, str], report: str) -> dict[str, str | int]:
    """Non-empty values of the known fields, the year as int; raises DatasetError for one that can't be.

    >>> checked_manifest({"year": "2021", "agency": "", "url": "http://example.org"}, "a")
    {'year': 2021}
    """
    given: dict[str, str | int] = {}
    for field in FIELDS:
        text = str(manifest.get(field) or "").strip()
        if text and text.lower() not in ("nan", "none", "<na>"):
            given[field] = _checked(field, text, report)
    return given


def _checked(field: str, text: str, report: str) -> str | int:
    if field == "year":
        whole = re.fullmatch(r"(\d{4})(?:\.0)?", text, re.ASCII)  # a spreadsheet's 2021.0
        if whole and plausible(int(whole[1])):
            return int(whole[1])
        raise _wrong(report, "a year like 2021 in the manifest's column year", text)
    if field == "level" and text not in data.LEVELS:
        raise _wrong(
            report, "one of " + ", ".join(data.LEVELS) + " in the manifest's column level", text
        )
    if field == "division_code" and not re.fullmatch(r"\d{6}", text, re.ASCII):
        raise _wrong(report, "six digits in the manifest's column division_code", text)
    if field == "published":
        if (day := iso_date(text)) is None:
            raise _wrong(report, "a date like 2022-01-31 in the manifest's column published", text)
        return day
    if field == "province" and (place := divisions.resolve(text)).code:
        return divisions.province_name(place.code)
    return text


def _wrong(report: str, expected: str, seen: str) -> DatasetError:
    return DatasetError(report, expected, seen=repr(seen[:80]), advice="Correct the manifest.")


def _same(old: str | int, value: str | int) -> bool:
    """Equal, or a name with and without its city: 洪泽区人民政府, 淮安市洪泽区人民政府."""
    one, two = str(old), str(value)
    return one == two or (
        len(one) > 4 and len(two) > 4 and (one.endswith(two) or two.endswith(one))
    )


def apply_manifest(
    facts: Mapping[str, Known], given: Mapping[str, str | int], findings: list[Finding]
) -> dict[str, Known]:
    """Facts with the manifest's values over them; what they contradict becomes an info finding each.

    A division code of the manifest also gives the province, unless the manifest names that too.
    """
    laid = dict(facts)
    values = dict(given)
    if "division_code" in given and "province" not in given:
        province = divisions.province_name(str(given["division_code"]))
        values |= {"province": province} if province else {}
    for field, value in values.items():
        old = facts[field].value
        if old is not None and not _same(old, value):
            message = f"The manifest says {value}, the document ({facts[field].origin}) {old}; the manifest is kept."
            findings.append(finding(f"{field}_contradicts", "info", message))
        laid[field] = Known(value, "manifest")
    return laid
