"""What units, lists and arithmetic say against or beside the tagger: readings of a paragraph → the
readings that stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .candidates import CHANNELS, CLASSES, MEDIA, PLATFORMS, SENTENCE, Candidate, Paragraph
from .codes import WORDS, group
from .tagger import NOTHING

SHARED = "disclosed_full disclosed_partial disclosed denied unable not_processed other natural_person organization"
RATES = ("_growth", "_rate", "_share")
SUMS = {
    "requests_handled": {"requests_received", "requests_carried_over"},
    "requests_received": {"requests_natural_person", "requests_organization"},
    "requests_concluded": {f"requests_{code}" for code in SHARED.split()[:-2]},
    "disputes_cases": {"reconsideration_cases", "litigation_cases"},
}
PLANS, PLAN_REACH = ("拟", "计划", "力争"), 5
COMPARED = (
    "requests_received",
    "requests_handled",
    "requests_concluded",
    "items_published",
    "new_media_in_operation",
)
WHOLES = ("requests_received", "requests_handled", "requests_concluded")
COUNTED = {start: frozenset(units.split()) for start, units in WORDS["units"].items()}
SHARES = frozenset(f"requests_{code}" for code in SHARED.split())
SHARE_REACH = 10
YEARS = {0: "year", -1: "previous_year", -2: "earlier"}
PARTS = {"季度": "quarter", "半年": "half_year"}
TWINS = {
    "register": ("open", "new_media_opened", "new_media_registered"),
    "conclude": ("receive", "requests_received", "requests_concluded"),
}
STOCKS = ("new_media_registered", "new_media_in_operation")
ACCOUNTS = ("new_media_closed", "new_media_opened", *STOCKS)


BETWEEN, DONE = group("between"), group("done")
ACCOUNT_VERBS, OTHER_OBJECTS = group("account verbs"), group("other objects")


@dataclass(slots=True)
class Reading:
    """What a candidate is read as; `indicator` is `NOTHING` for a number that is no figure.
    ``twin``: counted as well.
    """

    indicator: str
    platform: str
    period: str
    confidence: float
    note: str = ""
    twin: str = ""


def allowed(indicator: str, unit: str) -> bool:
    """Whether a counter can count the indicator: 条 is never an account, % is never a number of
    requests.
    """
    if indicator == NOTHING:
        return True
    if unit == "percent" or indicator.endswith(RATES):
        return unit == "percent" and indicator.endswith(RATES)
    return any(indicator.startswith(start) and unit in units for start, units in COUNTED.items())


@lru_cache(maxsize=64)
def allowed_classes(unit: str, classes: tuple[str, ...]) -> tuple[bool, ...]:
    """`allowed` for each class."""
    return tuple(allowed(name, unit) for name in classes)


def settle(paragraph: Paragraph, readings: list[Reading]) -> None:
    """Mend the readings of a paragraph in place: lists of accounts, parts of a total, shares."""
    for k, reading in enumerate(readings):
        if reading.indicator in ACCOUNTS and _of_websites(paragraph, paragraph.found[k]):
            reading.indicator = NOTHING
    for k, reading in enumerate(readings):
        if reading.indicator in ACCOUNTS:
            _list_of_accounts(paragraph, readings, k)
        elif reading.indicator.startswith("hotline") and "hot" not in paragraph.kinds:
            reading.indicator = NOTHING  # the rate of something else
    for k, whole in paragraph.totals.items():
        if whole >= 0 and _no_second_total(readings[whole], readings[k]):
            readings[k].indicator = NOTHING
    for k, reading in enumerate(readings):
        if reading.indicator == "items_published" and _kind_of_item(paragraph, readings, k):
            reading.indicator = NOTHING
    for k in range(1, len(readings)):
        for mend in (_recall, _sum, _rate, _share):
            mend(paragraph, readings, k)


def _of_websites(paragraph: Paragraph, c: Candidate) -> bool:
    """34个政府网站, 政府网站由612家整合至587家: the object right behind the number, else the nearest before it, is
    no account.
    """
    kinds = paragraph.kinds
    around = [*kinds[c.at + 1 : c.at + 2], *reversed(kinds[max(c.at - 30, 0) : c.at])]
    objects = (kind for kind in around if kind in MEDIA | OTHER_OBJECTS or kind == ".")
    return c.kind == "number" and c.label == c.at and next(objects, "") in OTHER_OBJECTS


def twins(paragraph: Paragraph, at: int) -> tuple[str, ...]:
    """The two indicators of 收到并办结申请6件, 开设并登记备案8个; () for a number of one verb."""
    clause = paragraph.clause(at - 1)
    kinds = {paragraph.kinds[i] for i in clause}
    for i in clause:
        token = paragraph.tokens[i]
        if token.kind in TWINS and "并" in paragraph.text[token.start - 3 : token.start]:
            verb, *indicators = TWINS[token.kind]
            return tuple(indicators) if kinds & {verb, f"{verb}_new"} else ()
    return ()


def _no_second_total(total: Reading, part: Reading) -> bool:
    """收到23件，其中网站收到18件、信函收到5件: what a total adds up from is no total."""
    same_place = part.platform in ("all", total.platform)
    items = total.indicator == "items_published" and same_place
    return part.indicator == total.indicator and (items or total.indicator in WHOLES)


def _kind_of_item(paragraph: Paragraph, readings: list[Reading], k: int) -> bool:
    """公开信息312条，其中规章9条: what stands behind 其中 without a channel or a time of its own is a kind of
    the total.
    """
    at = paragraph.found[k].at
    for i in range(at - 1, max(at - SENTENCE, -1), -1):
        kind = paragraph.kinds[i]
        if kind in (".", "date") or kind in CHANNELS:
            return False
        if kind == "of_which":
            before = [r for r, c in zip(readings, paragraph.found) if i - 12 < c.at < i]
            return any(r.indicator == "items_published" for r in before)
    return False


def period(paragraph: Paragraph, c: Candidate, indicator: str) -> str:
    """The period where the words leave no choice, else ""."""
    if indicator in ACCOUNTS and any(
        _is_plan(paragraph, i) for i in paragraph.clause(c.at - 1)[:PLAN_REACH]
    ):
        return "planned"
    part = "" if indicator in STOCKS else _part_of_year(paragraph, c)
    return part or (_dated(paragraph, c) if indicator in COMPARED else "")


def _part_of_year(paragraph: Paragraph, c: Candidate) -> str:
    """二季度关停3个: of a quarter, half-year or later year (2024年拟公开9条) when no other time stands nearer in
    the sentence; 截至三季度末 is none.
    """
    for i in range(c.at - 1, max(c.at - SENTENCE, -1), -1):
        kind, token = paragraph.kinds[i], paragraph.tokens[i]
        if kind == "date":
            printed = paragraph.text[token.start : token.end]
            later = 0 < paragraph.years(i) < 9 and printed.endswith(("年", "年度"))
            if later and paragraph.kinds[i - 1 : i] != ["carry_forward"]:
                return "planned"
            return next((name for end, name in PARTS.items() if printed.endswith(end)), "")
        if kind in (".", "this_year"):
            break
    return ""


def _is_plan(paragraph: Paragraph, i: int) -> bool:
    token = paragraph.tokens[i]
    return token.kind == "plan" and paragraph.text[token.start : token.end] in PLANS


def _dated(paragraph: Paragraph, c: Candidate) -> str:
    """比2023年（36起）, 去年同期为850条, 2022年收到6件: behind a time and what was done a number is that time's;
    else "".
    """
    for i in range(c.at - 1, max(c.at - 6, -1), -1):
        kind = paragraph.kinds[i]
        if kind == "last_year":
            return "previous_year"
        if kind == "date":
            since = paragraph.kinds[i - 1 : i] == ["running"]
            return "" if since else YEARS.get(paragraph.years(i), "")
        if kind not in DONE:
            break
    return ""


def _recall(paragraph: Paragraph, readings: list[Reading], k: int) -> None:
    """收到40件，较上年的31件增加9件: an earlier number behind a total, with its counter, is the total's of that
    time.
    """
    c, time = paragraph.found[k], _dated(paragraph, paragraph.found[k])
    if (
        c.kind != "number"
        or time in ("", "year")
        or readings[k].indicator not in (NOTHING, *COMPARED)
    ):
        return
    for before, reading in _before(paragraph, readings, k)[:3]:
        if reading.indicator in COMPARED and before.counter == c.counter:
            readings[k] = replace(reading, period=time, twin="")
            return


def _before(paragraph: Paragraph, readings: list[Reading], k: int) -> list:
    """The candidates before number k with their readings, the nearest first."""
    return list(zip(paragraph.found, readings[:k]))[::-1]


def _sum(paragraph: Paragraph, readings: list[Reading], k: int) -> None:
    """新收21件，上年结转4件，合计25件: what is called a sum is the sum of the numbers right before it, or
    nothing.
    """
    c = paragraph.found[k]
    if {paragraph.kinds[i] for i in paragraph.clause(c.at - 1)} != {"sum"} or CLASSES[
        c.counter
    ] != "case":
        return
    left, read = c.value or 0.0, set()
    for before, reading in _before(paragraph, readings, k):
        left -= before.value or 0.0
        read.add(reading.indicator)
        if left < 0.5 or before.counter != c.counter:
            break
    whole = next(
        (total for total, parts in SUMS.items() if len(read) > 1 and read <= parts), NOTHING
    )
    fits = abs(left) < 0.5
    if not fits or read != {NOTHING}:  # a sum of ways is the tagger's
        readings[k] = replace(readings[k - 1], indicator=whole if fits else NOTHING)


def _rate(paragraph: Paragraph, readings: list[Reading], k: int) -> None:
    """热线受理716件，办结率100%; 微博推送90条，增长5%: a rate is of what was counted before it."""
    c, before = paragraph.found[k], readings[k - 1]
    if c.counter != "%":
        return
    if readings[k].indicator == f"{before.indicator}_growth":
        readings[k].platform = before.platform
    if "办结率" in paragraph.text[max(c.start - 10, 0) : c.start]:
        counted = [r for r in readings[max(k - 3, 0) : k] if r.indicator != NOTHING]
        if counted and counted[-1].indicator == "hotline_requests":
            readings[k] = replace(counted[-1], indicator="hotline_completion_rate")


def _share(paragraph: Paragraph, readings: list[Reading], k: int) -> None:
    """258件，占33.9%: a percentage right behind a count is its share."""
    count, c = paragraph.found[k - 1], paragraph.found[k]
    if c.counter != "%" or count.kind != "number" or not 0 <= c.start - count.stop <= SHARE_REACH:
        return
    between = paragraph.text[count.stop : c.start]
    if "占" in between:
        whole = readings[k - 1]
        share = whole.indicator in SHARES
        readings[k] = replace(whole, indicator=f"{whole.indicator}_share" if share else NOTHING)


def _label(paragraph: Paragraph, k: int) -> str:
    """The platform that stands right before account number k: 微信公众号3个, 其他2个."""
    c = paragraph.found[k]
    if c.label != c.at:
        kind = paragraph.kinds[c.label]
        return kind if kind in PLATFORMS else ""
    for i in paragraph.clause(c.at - 1)[:3]:
        kind = paragraph.kinds[i]
        if kind in PLATFORMS or kind == "others":
            return kind
        if kind not in BETWEEN:
            return ""
    return ""


def _list_of_accounts(paragraph: Paragraph, readings: list[Reading], k: int) -> None:
    """A total of accounts with the lists behind it: platforms take its meaning, owners are no
    figures.
    """
    found, total = paragraph.found, readings[k]
    if _label(paragraph, k) or found[k].kind != "number" or not found[k].value:
        return
    left, group = found[k].value or 0.0, []
    for j in _run(paragraph, k):
        group.append(j)
        left -= found[j].value or 0.0
        if abs(left) < 0.5 and len(group) > 1:
            _members(paragraph, readings, total, group)
            left, group = found[k].value or 0.0, []
        elif left < 0:
            break
    if total.note == "" and group and _announced(paragraph, k, group[0]):
        labelled = [j for j in group if _label(paragraph, j)]
        if len(labelled) > 1:
            total.note = "sum_mismatch"
            _members(paragraph, readings, total, labelled)


def _run(paragraph: Paragraph, k: int) -> Iterator[int]:
    """The numbers behind total k that have its counter, up to one with another counter or a verb;
    percentages stand between.
    """
    found = paragraph.found
    for j in range(k + 1, min(k + 40, len(found))):
        c = found[j]
        if c.kind == "number" and CLASSES[c.counter] == CLASSES[found[k].counter]:
            if any(
                token.kind in ACCOUNT_VERBS for token in paragraph.tokens[found[j - 1].at : c.at]
            ):
                return
            yield j
        elif c.kind != "number" or c.counter != "%":
            return


def _announced(paragraph: Paragraph, k: int, j: int) -> bool:
    """Whether 其中, a bracket or a colon stands between a total and its list, and no stop."""
    between = paragraph.kinds[paragraph.found[k].at : paragraph.found[j].at]
    return "." not in between and any(kind in ("of_which", "(", ":") for kind in between)


def _members(
    paragraph: Paragraph, readings: list[Reading], total: Reading, group: list[int]
) -> None:
    for j in group:
        label = _label(paragraph, j)
        if not label:
            readings[j].indicator = NOTHING
            continue
        platform = "other" if label in ("other_platform", "others") else label
        readings[j] = replace(total, platform=platform)
