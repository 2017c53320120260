"""Reports against each other: the year before, the agency's own history and its peers, the parts of
a territory.

Only the reports of consecutive years of one agency at one level are compared. What they show is no
sum that the form prints, so a breach is a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain
from operator import itemgetter

import numpy as np
import pandas as pd

from ..matrix import BEFORE, NO_REPORT, Matrix, matrix
from ..model import Finding
from ..overlap import part_of
from ..schema import Gatherer, to_pandas
from .rules import CONFIDENT, CROSS_RULES, DATA, Rule, finding

GROWTH, JUMPS, LEVELS = DATA["growth"], DATA["jumps"], DATA["levels"]
NOT_PRINTED = ("", "absent", NO_REPORT)
FACTOR = np.log(JUMPS["factor"])
MAD_TO_SIGMA = 1.4826  # of a normal distribution

Placed = tuple[int, Finding]  # a finding with the position of its report in the matrix


def check_corpus(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Findings between reports, as a frame with the columns of ``corpus.findings``.

    ``frames``: the tidy frames ``cells`` and ``reports`` by name (and ``narrative``, where growth
    printed in the prose is to be checked). Columns: report_id, agency, year (Int16), rule, kind
    ('cross_year' for whatever compares reports, 'narrative' for growth), severity (warning or info:
    none of these sums is printed by the form), expected, actual, gap = actual − expected (Float64),
    cells (codes set off by spaces, '@-1' of the year before), message, suggestion.

    Only consecutive years of one agency at one level are compared, and only cells that both forms
    have. Raises nothing for data as `build` gives it. Sources: ``CROSS_RULES``.

    >>> rows = [("a", 2022, "carried_forward", 3.0), ("b", 2023, "carried_over", 2.0)]
    >>> cells = pd.DataFrame([{"report_id": i, "agency": "甲县人民政府", "year": y, "form": "2021", "table": "requests", "row": r,
    ...     "column": "total", "value": v, "status": "reported"} for i, y, r, v in rows])
    >>> found = check_corpus({"cells": cells, "reports": cells.drop_duplicates("report_id")})
    >>> found[["report_id", "rule", "expected", "actual", "gap"]].values.tolist()
    [['b', 'cross_year.carry', 3.0, 2.0, -1.0]]
    """
    codes = [term for rule in CROSS_RULES for place in rule.places for term in rule.terms(place)]
    codes += [code for base in GROWTH["bases"] for code in base]
    codes += [*LEVELS["additive"], *(watched["code"] for watched in JUMPS["watched"])]
    found = matrix(frames["cells"], codes, frames["reports"])
    families = [sum_findings(found, rule) for rule in CROSS_RULES]
    families += [several_findings(found), jump_findings(found), level_findings(found)]
    families.append(growth_findings(found, frames.get("narrative")))
    placed = sorted(chain.from_iterable(families), key=itemgetter(0))
    who = found.reports[["report_id", "agency", "year"]].itertuples(index=False, name=None)
    told, reports = Gatherer(), list(who)
    told.rows["findings"] = [
        (*reports[i], *own._replace(cells=" ".join(own.cells)))  # type: ignore[arg-type]
        for i, own in placed
    ]
    return to_pandas(told.table("findings"))


# --- sums over two years --------------------------------------------------------------------------


def sum_findings(found: Matrix, rule: Rule) -> Iterator[Placed]:
    """Where a rule's sum over this year and the one before fails, and where it can't be told."""
    unknown = defaultdict(list)
    years = found.reports["year"]
    for place in rule.places:
        terms = rule.terms(place)
        (actual, *parts), statuses = zip(*map(found.term, terms))
        printed = ~np.isin(statuses, NOT_PRINTED).any(axis=0)
        expected = np.sum(parts, axis=0)
        cells = tuple(term.lstrip("-") for term in terms)
        for i in np.flatnonzero(printed & (actual != expected)).tolist():
            sides = (expected[i], actual[i])
            if np.isnan(sides).any():
                unknown[i].append(place)
                continue
            message = (
                f"{rule.zh} ({rule.en}); {place}: expected {expected[i]:g} by the report for "
                f"{years[i] - 1}, stands {actual[i]:g}."
            )
            yield i, finding(rule.key, message, cells, *sides)
    for i, places in unknown.items():
        message = (
            f"{rule.zh}: not assessable (无法核验) for {', '.join(places)}: "
            "a cell of this or the previous report is not known."
        )
        yield i, finding(rule.key, message, rule.terms(places[0])[:1], severity="info")


def several_findings(found: Matrix) -> Iterator[Placed]:
    """More than one report of an agency for a year: neither is compared across years."""
    keys = found.reports.assign(key=found.agency_keys()).dropna(subset=["key", "year"])
    message = "More than one report of this agency for this year: none of them is compared with other years."
    for i in keys.index[keys.duplicated(["key", "year"], keep=False)]:
        yield i, finding("cross_year.several_reports", message, severity="info")


def growth_findings(found: Matrix, narrative: pd.DataFrame | None) -> Iterator[Placed]:
    """A change of the number of requests printed in the prose, surely read, that no pair of totals
    gives.
    """
    if narrative is None or narrative.empty:
        return
    sure = narrative["confidence"].fillna(1.0) >= CONFIDENT  # those typed by hand have none
    growth = narrative[sure & narrative["indicator"].eq("requests_growth")].dropna(subset="value")
    growth = growth.merge(found.reports["report_id"].reset_index(), on="report_id")
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = [100 * (now / then - 1) for now, then in map(found.years, GROWTH["bases"])]
    for i, value, section in zip(growth["index"], growth["value"].astype(float), growth["section"]):
        own = [rate[i] for rate in rates if np.isfinite(rate[i])]
        slack = max(GROWTH["tolerance"], GROWTH["relative"] * abs(value))
        if not own or any(abs(rate - value) <= slack for rate in own):
            continue
        message = (
            f"The prose of section {section} gives a change of {value:g} %, "
            f"the tables of the two years {own[0]:.2f} % (新收)."
        )
        cells = tuple(GROWTH["bases"][0])
        told = finding("narrative.requests_growth", message, cells, float(own[0]), value)
        yield i, told._replace(expected=round(float(own[0]), 4))


# --- jumps ----------------------------------------------------------------------------------------


def jump_findings(found: Matrix) -> Iterator[Placed]:
    """Watched cells that jumped against the agency's own history and its peers: doubtful, never
    failed.
    """
    reports = found.reports
    agency = found.agency_keys()
    years = reports["year"].to_numpy(dtype=float, na_value=np.nan)
    level = reports["level"].fillna("").to_numpy()
    history, peers = reports.groupby(agency).indices, reports.groupby([level, years]).indices
    for watched in JUMPS["watched"]:
        now, then = found.years([watched["code"]])
        change = np.log((now + 1) / (then + 1))  # + 1: a zero is a figure too
        big = (np.abs(change) > FACTOR) & (np.fmax(now, then) >= watched["least"])
        for i in np.flatnonzero(big).tolist():
            own, alike = history[agency[i]], peers[level[i], years[i]]
            usual, earlier = _median(now[own[years[own] < years[i]]])
            others = change[alike[alike != i]]
            centre, count = _median(others)
            spread = MAD_TO_SIGMA * _median(np.abs(others - centre))[0]
            near = abs(change[i] - centre) <= max(FACTOR, JUMPS["deviations"] * spread)
            # peers changed alike: a new way of counting, an automated procedure
            common = count >= JUMPS["fewest_peers"] and near
            if common or not abs(np.log((now[i] + 1) / (usual + 1))) > FACTOR:
                continue
            code, new, old = watched["code"], now[i], then[i]
            size = f"x {new / old:.3g}" if old and new else "from 0" if new else "to 0"
            among = f"peers of its level x {np.exp(centre):.2g} (median of {count})"
            message = (
                f"{watched['zh']} {old:g} → {new:g} ({size}); "
                f"median of its {earlier} earlier years {usual:g}; "
                f"{among if count else 'no peers to compare with'}."
            )
            text = "Perhaps another scope or way of counting (domain notes, size warning)."
            times = max(new, old) / min(new, old) / JUMPS["unit_slip"] if new and old else 0
            if code.endswith("amount") and 0.5 < times < 2:
                text = "About 10,000 times: perhaps 元 and 万元 were confused."
            cells = (code, code + BEFORE)
            yield i, finding("cross_year.jump", message, cells, usual, new, suggestion=text)


def _median(values: np.ndarray) -> tuple[float, int]:
    """(median, how many) of the values that are known."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else np.nan, len(known)


# --- a territory and its parts --------------------------------------------------------------------


def level_findings(found: Matrix) -> Iterator[Placed]:
    """Reports of a whole territory against the reports of its parts.

    Counts are not negative, so the parts at hand are a lower bound of the whole, and what the whole
    has beyond them is the most that missing parts can hold.
    """
    reports = found.reports[found.reports["division_code"].str.len() == 6]
    reports = reports[~reports.duplicated(["agency", "division_code", "year"], keep=False)]
    level = reports["level"]
    municipal = reports["division_code"].str[:2].isin(LEVELS["municipalities"])
    kind = level.mask(level.eq("province") & municipal, "municipality")
    places = pd.Series(reports.index, reports["report_id"])
    whole_of = part_of(reports).dropna()
    for report_id, parts in whole_of.groupby(whole_of).groups.items():
        i = places[report_id]
        direct = parts[level[parts].isin(LEVELS["parts"][kind[i]])]
        if len(direct):
            yield from _whole(found, i, direct.to_numpy())


def _whole(found: Matrix, i: int, parts: np.ndarray) -> Iterator[Placed]:
    """What the sums of the parts at hand say of the whole."""
    sums = {}
    for code in LEVELS["additive"]:
        whole, low = (found.term(code)[0][places] for places in (i, parts))
        known = np.count_nonzero(~np.isnan(low))
        if known and not np.isnan(whole):
            at_hand = f"The parts at hand ({known} of {len(parts)} known)"
            sums[code] = (float(whole), float(np.nansum(low)), at_hand)
    exceeded = [code for code, (whole, low, _) in sums.items() if low > whole]
    own = len(exceeded) == len(sums) >= LEVELS["fewest_broken"]
    for code in exceeded[:1] if own else exceeded or list(sums)[:1]:
        whole, low, at_hand = sums[code]
        if own:
            text = (
                f"All {len(exceeded)} sums of its {len(parts)} parts exceed it: it seems to be of "
                "its own level, not of the whole territory (汇总)."
            )
        elif exceeded:
            text = f"{at_hand} already exceed the whole."
        else:
            most = f"parts that are missing can hold at most {whole - low:g}"
            text = f"{at_hand} are a lower bound; {most}."
        message = f"{code}: the whole territory has {whole:g}, its parts together {low:g}. {text}"
        severity = "warning" if exceeded and not own else "info"
        yield i, finding("levels.parts", message, (code,), low, whole, severity=severity)
