"""One report, one record: copies of a report in one corpus, and reports that are part of another's.

`stand_ins` needs nothing but summaries, so that `read_corpus` and `build` use the same; `part_of` needs the frame `reports`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .errors import DuplicateError
from .frames import to_pandas

Figures = Mapping[tuple, float]

# Which of two equal copies stands for the report: the earlier of these formats.
FORMATS = ("text/html", "multipart/related", "application/", "text/markdown", "text/plain")
TELLING = 3  # figures other than zero that two reports of one name must share where no division code tells
COMPARED = 20  # different reports of one agency and year that a copy is compared with

CELL = ("table", "row", "column")
FIGURE = ("indicator", "platform", "period", "scope", "note")


class Summary(NamedTuple):
    """What tells reports apart, in the words of the frame `reports`. ``agency_origin`` is 'table' for a table of figures."""

    report_id: str
    agency: str | None
    year: int | None
    division_code: str | None
    agency_origin: str | None
    path: str
    sha256: str
    media_type: str
    cells_reported: int

    @property
    def worth(self) -> tuple:
        """Sorts the copy that stands for the report first: most cells reported, then by format, then by path."""
        kind = next((n for n, m in enumerate(FORMATS) if self.media_type.startswith(m)), 9)
        return (
            -self.cells_reported,
            self.agency_origin == "table",
            kind,
            self.path,
            self.report_id,
        )


def stand_ins(
    summaries: Iterable[Summary], figures: Callable[[set[str]], Mapping[str, Figures]]
) -> dict[str, Summary]:
    """{report_id of a copy: the report that stands for it}.

    A copy has the same bytes; or the same agency and year, no other division code, and no reported figure that the
    other lacks or has otherwise. `figures` gives the reported figures of the reports that are looked at closer, which
    are few. Reports of one agency and year whose figures differ are no copies. The cost is about linear.

    >>> one = Summary("a", "甲县人民政府", 2021, None, "title", "a.html", "1", "text/html", 2)
    >>> two = one._replace(report_id="b", path="b.pdf", sha256="2", media_type="application/pdf")
    >>> same = {("requests", "received", "total"): 5.0, ("t", "r", "c"): 7.0, ("t", "r", "d"): 1.0}
    >>> {copy: by.report_id for copy, by in stand_ins([one, two], lambda ids: dict.fromkeys(ids, same)).items()}
    {'b': 'a'}
    """
    ordered = sorted(summaries, key=lambda summary: summary.worth)
    copies: dict[str, Summary] = {}
    files: dict[str, Summary] = {}
    groups: dict[tuple, list[Summary]] = defaultdict(list)
    for summary in ordered:
        if summary.agency_origin != "table" and summary.sha256:
            before = files.setdefault(summary.sha256, summary)
            if before is not summary:
                copies[summary.report_id] = before
                continue
        if summary.agency and summary.year:
            groups[summary.agency, summary.year].append(summary)
    several = [group for group in groups.values() if len(group) > 1]
    known = figures({summary.report_id for group in several for summary in group})
    for group in several:
        copies |= _copies(group, known)
    return copies


def _copies(group: Sequence[Summary], known: Mapping[str, Figures]) -> dict[str, Summary]:
    copies: dict[str, Summary] = {}
    kept: list[Summary] = []
    whole: dict[frozenset, list[Summary]] = defaultdict(list)
    for summary in group:
        own = known.get(summary.report_id, {})
        alike = frozenset(own.items())
        near = whole[alike][:COMPARED] + kept[:COMPARED]
        stands = next((k for k in near if _is_copy(summary, k, own, known[k.report_id])), None)
        if stands is not None:
            copies[summary.report_id] = stands
        elif own:
            kept.append(summary)
            whole[alike].append(summary)
    return copies


def _is_copy(summary: Summary, other: Summary, own: Figures, others: Figures) -> bool:
    if not own or any(others.get(key) != value for key, value in own.items()):
        return False
    codes = {summary.division_code, other.division_code}
    if None not in codes:
        return len(codes) == 1
    return sum(value != 0 for value in own.values()) >= TELLING


def apart(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Frames of a corpus with each report once; copies become rows of `failures`, kind 'duplicate', that say what stands for them."""
    rows = tables["reports"].select(list(Summary._fields)).to_pylist()
    copies = stand_ins([Summary(**row) for row in rows], lambda ids: reported(tables, ids))
    if not copies:
        return dict(tables)
    gone = pa.array(sorted(copies), pa.string())
    kept = {
        name: table.filter(pc.invert(pc.is_in(table["report_id"], value_set=gone)))
        if "report_id" in table.column_names
        else table
        for name, table in tables.items()
    }
    paths = {row["report_id"]: row["path"] for row in rows}
    said = [copy_error(paths[copy], stands) for copy, stands in sorted(copies.items())]
    columns = ([e.report for e in said], [e.kind for e in said], [str(e) for e in said])
    schema = tables["failures"].schema
    more = pa.Table.from_arrays([pa.array(c, pa.string()) for c in columns], schema.names)
    kept["failures"] = pa.concat_tables(
        [tables["failures"], more.cast(schema)]
    ).unify_dictionaries()
    return kept


def copy_error(path: str, stands: Summary) -> DuplicateError:
    """What is said of a copy."""
    return DuplicateError(
        path,
        "a report that is not in the corpus yet",
        seen=f"the figures of {stands.report_id} ({stands.path}), which stands for it",
    )


def reported(tables: Mapping[str, pa.Table], ids: set[str]) -> dict[str, dict[tuple, float]]:
    """Reported cells of some reports; the prose figures of those that have no cell."""
    found: dict[str, dict[tuple, float]] = {}
    for name, key in (("cells", CELL), ("narrative", FIGURE)):
        wanted = pa.array(sorted(ids - found.keys()), pa.string())
        table = tables[name].select(["report_id", *key, "value"])
        table = table.filter(pc.is_in(table["report_id"], value_set=wanted))
        table = table.filter(pc.is_valid(table["value"]))
        columns = [table[column].to_pylist() for column in table.column_names]
        for report_id, *place, value in zip(*columns):
            found.setdefault(report_id, {})[tuple(place)] = value
    return found


PREFIX = {
    "province": 2,
    "prefecture": 4,
    "county": 6,
}  # digits of a division code that a government has in common
RANKS = {"province": 0, "prefecture": 1, "county": 2, "township": 3}


def part_of(reports: pd.DataFrame | pa.Table) -> pd.Series:
    """For each report the report_id of the report that contains it, by its index; NA where the frame has none.

    A government's own report (…人民政府, not its office's) gives the figures of its whole territory, so the reports of
    the divisions, departments and towns below it, by division code and level, of the same year, are part of it. Organs
    that a central body directs (level 'state branch') are not. The nearest government counts: 县 before 市 before 省.

    `reports` needs report_id, agency, year, level, division_code. For sums over reports take those where this is NA.

    >>> frame = pd.DataFrame({"report_id": ["city", "district"], "agency": ["淮安市人民政府", "淮安市洪泽区人民政府"],
    ...     "year": 2024, "level": ["prefecture", "county"], "division_code": ["320800", "320813"]})
    >>> part_of(frame).tolist()
    [<NA>, 'city']
    """
    frame = to_pandas(reports) if isinstance(reports, pa.Table) else reports
    facts = frame[["report_id", "agency", "year", "level", "division_code"]].astype(object)
    facts = facts.where(facts.notna(), None)
    whole: dict[tuple, str] = {}
    for report_id, agency, year, level, code in facts.itertuples(index=False):
        if agency and year and code and level in PREFIX and _whole(agency):
            whole.setdefault((year, level, code[: PREFIX[level]]), report_id)
    found = [_container(whole, *row) for row in facts.itertuples(index=False)]
    return pd.Series(found, frame.index, dtype="string", name="part_of")


def _whole(agency: str) -> bool:
    return agency.endswith(("政府", "行政公署"))


def _container(whole: Mapping[tuple, str], report_id, agency, year, level, code) -> str | None:
    if not (agency and year and code and level) or level.startswith("state"):
        return None
    place = level.removesuffix(" department")
    rank = RANKS.get(place, len(RANKS)) - (level in PREFIX and _whole(agency))
    for above in ("county", "prefecture", "province"):
        if RANKS[above] <= rank:
            found = whole.get((year, above, code[: PREFIX[above]]))
            if found is not None and found != report_id:
                return found
    return None
