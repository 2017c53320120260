"""What units, lists and arithmetic say against or beside the tagger: readings of a paragraph → the
readings that stand.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import dropwhile

import numpy as np

from .candidates import CHANNELS, MEDIA, NOTHING, PLATFORMS, SENTENCE, Candidate, Paragraph, Reading
from .codes import WORDS, group
from .places import PLATFORM_OF

SHARED = "disclosed_full disclosed_partial disclosed denied unable not_processed other natural_person organization"
RATES = ("_growth", "_rate", "_share")
SUMS = {
    "requests_handled": {"requests_received", "requests_carried_over"},
    "requests_received": {"requests_natural_person", "requests_organization"},
    "requests_concluded": {f"requests_{code}" for code in SHARED.split()[:-2]},
    "disputes_cases": {"reconsideration_cases", "litigation_cases"},
}
PLANS, PLAN_REACH = {"拟", "力争"}, 5
WHOLES = ("requests_received", "requests_handled", "requests_concluded")
COMPARED = (*WHOLES, "items_published", "new_media_in_operation")
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
OBJECTS = MEDIA | OTHER_OBJECTS | {"."}
OF_ITEMS, ANNOUNCED = CHANNELS | {".", "date", "of_which"}, {"of_which", "(", ":"}
LABELLED = {kind: PLATFORM_OF[kind] for kind in PLATFORMS} | {"others": "other"}


@lru_cache(maxsize=64)
def allowed(unit: str, indicators: tuple[str, ...]) -> np.ndarray:
    """Which of the indicators a counter can count: 条 is never an account, % is never a number of
    requests.
    """
    counts = tuple(start for start, units in COUNTED.items() if unit in units)
    return np.array(
        [
            name == NOTHING
            or (unit == "percent" if name.endswith(RATES) else name.startswith(counts))
            for name in indicators
        ]
    )


def settle(paragraph: Paragraph) -> None:
    """Mend the readings of a paragraph in place: lists of accounts, parts of a total, shares."""
    readings = paragraph.readings
    for c, reading in zip(paragraph.found, readings):
        of_websites = reading.indicator in ACCOUNTS and _of_websites(paragraph, c)
        hotline = reading.indicator.startswith("hotline")
        if of_websites or (hotline and "hot" not in paragraph.kinds):  # the rate of something else
            reading.indicator = NOTHING
    for k, reading in enumerate(readings):
        if reading.indicator in ACCOUNTS:
            _list_of_accounts(paragraph, k)
    for k, whole in paragraph.totals.items():
        # 收到23件，其中网站收到18件、信函收到5件: what a total adds up from is no total
        part, total = readings[k], readings[whole]
        items = total.indicator == "items_published" and part.platform in ("all", total.platform)
        again = part.indicator == total.indicator and (items or total.indicator in WHOLES)
        if whole >= 0 and again:
            part.indicator = NOTHING
    for k, reading in enumerate(readings):
        if reading.indicator == "items_published" and _kind_of_item(paragraph, k):
            reading.indicator = NOTHING
    for k in range(1, len(readings)):
        for mend in (_recall, _sum, _percentage):
            mend(paragraph, k)


def _of_websites(paragraph: Paragraph, c: Candidate) -> bool:
    """34个政府网站, 政府网站由612家整合至587家: the object right behind the number, else the nearest before it, is
    no account.
    """
    before = paragraph.stretch(c.at, OBJECTS, -30).stop
    objects = (kind for i in (c.at + 1, before) if (kind := paragraph.kinds[i]) in OBJECTS)
    return c.own and next(objects, "") in OTHER_OBJECTS


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


def _kind_of_item(paragraph: Paragraph, k: int) -> bool:
    """公开信息312条，其中规章9条: what stands behind 其中 without a channel or a time of its own is a kind of
    the total.
    """
    i = paragraph.stretch(paragraph.found[k].at, OF_ITEMS, 1 - SENTENCE).stop
    before = zip(paragraph.found, paragraph.readings) if paragraph.kinds[i] == "of_which" else ()
    return any(r.indicator == "items_published" for c, r in before if i - 12 < c.at < i)


def period(paragraph: Paragraph, c: Candidate, indicator: str) -> str:
    """The period where the words leave no choice, else ""."""
    near = map(paragraph.printed, paragraph.clause(c.at - 1)[:PLAN_REACH])
    if indicator in ACCOUNTS and not PLANS.isdisjoint(near):
        return "planned"
    part = "" if indicator in STOCKS else _part_of_year(paragraph, c)
    return part or (_dated(paragraph, c) if indicator in COMPARED else "")


def _part_of_year(paragraph: Paragraph, c: Candidate) -> str:
    """二季度关停3个: of a quarter, half-year or later year (2024年拟公开9条) when no other time stands nearer in
    the sentence; 截至三季度末 is none.
    """
    i = paragraph.stretch(c.at, {"date", "this_year", "."}, 1 - SENTENCE).stop
    if paragraph.kinds[i] != "date":
        return ""
    printed = paragraph.printed(i)
    later = 0 < paragraph.years(i) < 9 and printed.endswith(("年", "年度"))
    if later and paragraph.kinds[i - 1] != "carry_forward":
        return "planned"
    return next((name for end, name in PARTS.items() if printed.endswith(end)), "")


def _dated(paragraph: Paragraph, c: Candidate) -> str:
    """比2023年（36起）, 去年同期为850条, 2022年收到6件: behind a time and what was done a number is that time's;
    else "".
    """
    i = c.at - 1
    while paragraph.kinds[i] in DONE and i > c.at - 5:
        i -= 1
    if paragraph.kinds[i] == "date" and paragraph.kinds[i - 1] != "running":
        return YEARS.get(paragraph.years(i), "")
    return "previous_year" if paragraph.kinds[i] == "last_year" else ""


def _recall(paragraph: Paragraph, k: int) -> None:
    """收到40件，较上年的31件增加9件: an earlier number behind a total, with its counter, is the total's of that
    time.
    """
    c, readings = paragraph.found[k], paragraph.readings
    time = _dated(paragraph, c)
    told = readings[k].indicator in (NOTHING, *COMPARED)
    if c.kind == "number" and time not in ("", "year") and told:
        for j in range(k - 1, max(k - 4, -1), -1):
            if readings[j].indicator in COMPARED and paragraph.found[j].counter == c.counter:
                readings[k] = replace(readings[j], period=time, twin="")
                return


def _sum(paragraph: Paragraph, k: int) -> None:
    """新收21件，上年结转4件，合计25件: what is called a sum is the sum of the numbers right before it, or
    nothing.
    """
    c, readings = paragraph.found[k], paragraph.readings
    if c.unit != "case" or {paragraph.kinds[i] for i in paragraph.clause(c.at - 1)} != {"sum"}:
        return
    left, read = c.value or 0.0, set()
    for before, reading in zip(paragraph.found[k - 1 :: -1], readings[k - 1 :: -1]):
        left -= before.value or 0.0
        read.add(reading.indicator)
        if left < 0.5 or before.counter != c.counter:
            break
    fits = abs(left) < 0.5
    if not fits or read != {NOTHING}:  # a sum of ways is the tagger's
        wholes = (total for total, parts in SUMS.items() if len(read) > 1 and read <= parts)
        readings[k] = replace(readings[k - 1], indicator=next(wholes, NOTHING) if fits else NOTHING)


def _percentage(paragraph: Paragraph, k: int) -> None:
    """热线受理716件，办结率100%; 微博推送90条，增长5%; 258件，占33.9%: a percentage is of what was counted before
    it.
    """
    count, c = paragraph.found[k - 1 : k + 1]
    readings, before = paragraph.readings, paragraph.readings[k - 1]
    if c.counter != "%":
        return
    if readings[k].indicator == f"{before.indicator}_growth":
        readings[k].platform = before.platform
    if "办结率" in paragraph.text[max(c.start - 10, 0) : c.start]:
        counted = [r for r in readings[max(k - 3, 0) : k] if r.indicator != NOTHING]
        if counted and counted[-1].indicator == "hotline_requests":
            readings[k] = replace(counted[-1], indicator="hotline_completion_rate")
    between = paragraph.text[count.stop : c.start]
    if count.kind == "number" and "占" in between and len(between) <= SHARE_REACH:
        share = before.indicator in SHARES
        readings[k] = replace(before, indicator=f"{before.indicator}_share" if share else NOTHING)


def _label(paragraph: Paragraph, k: int) -> str:
    """The platform that stands right before account number k: 微信公众号3个, 其他2个."""
    c = paragraph.found[k]
    places = paragraph.clause(c.at - 1)[:3] if c.label == c.at else [c.label]
    kinds = dropwhile(BETWEEN.__contains__, (paragraph.kinds[i] for i in places))
    return LABELLED.get(next(kinds, ""), "")


def _list_of_accounts(paragraph: Paragraph, k: int) -> None:
    """A total of accounts with the lists behind it, up to a number of another kind or a verb:
    platforms take its meaning, owners are no figures.
    """
    found, total = paragraph.found, paragraph.readings[k]
    value = found[k].value
    if _label(paragraph, k) or found[k].kind != "number" or not value:
        return
    left, group = value, []
    for j in range(k + 1, min(k + 40, len(found))):
        if (unit := found[j].unit) == "percent":
            continue
        between = paragraph.kinds[found[j - 1].at : found[j].at]
        if left < 0 or unit != found[k].unit or not ACCOUNT_VERBS.isdisjoint(between):
            break
        group.append(j)
        left -= found[j].value or 0.0
        if abs(left) < 0.5 and len(group) > 1:
            _members(paragraph, total, group)
            left, group = value, []
    if total.note or not group:
        return
    between = paragraph.kinds[found[k].at : found[group[0]].at]
    labelled = [j for j in group if _label(paragraph, j)]
    announced = "." not in between and not ANNOUNCED.isdisjoint(between)
    if announced and len(labelled) > 1:
        total.note = "sum_mismatch"
        _members(paragraph, total, labelled)


def _members(paragraph: Paragraph, total: Reading, group: list[int]) -> None:
    for j in group:
        platform = _label(paragraph, j)
        indicator = total.indicator if platform else NOTHING
        paragraph.readings[j] = replace(total, indicator=indicator, platform=platform)
