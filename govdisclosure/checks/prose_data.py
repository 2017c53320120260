"""Which cells a figure of the prose speaks of, as data.

Source: domain notes 1.7 (X.total: decide by the verb) and fact 8 (收办 = new + carried over). Indicators are those of
``govdisclosure.narrative.codes``; a term is a code of the table, or a group of its rows.
"""

from __future__ import annotations

from typing import NamedTuple

# Only figures whose reading is this sure are held against the tables: a doubtful reading contradicts nobody.
CONFIDENT = 0.8


class Comparison(NamedTuple):
    """``terms``: sum of cells that the figure must equal. ``others``: sums that it may equal as well, with what that means."""

    indicator: str
    terms: tuple[str, ...]
    others: tuple[tuple[tuple[str, ...], str], ...] = ()


_NEW, _OLD = "requests.received", "requests.carried_over"
_WITH_OLD = "new and carried over together (收办)"


def _row(indicator: str, *rows: str, others=()) -> Comparison:
    return Comparison(f"requests_{indicator}", tuple(f"requests.{r}.total" for r in rows), others)


def _cases(channel: str, *rows: str) -> tuple[Comparison, ...]:
    """The figures of one channel of table 四. Cases may be counted without those pending, which the prose then says of 审结."""
    names = {
        "cases": "total",
        "upheld": "upheld",
        "corrected": "corrected",
        "other": "other",
        "pending": "pending",
    }
    return tuple(
        Comparison(f"{channel}_{name}", tuple(f"disputes.{r}.{column}" for r in rows))
        for name, column in names.items()
    )


COMPARISONS: tuple[Comparison, ...] = (
    _row("received", "received", others=(((f"{_NEW}.total", f"{_OLD}.total"), _WITH_OLD),)),
    _row("handled", "received", "carried_over", others=(
        ((f"{_NEW}.total",), "new requests only (新收)"), (("requests.outcomes_total.total",), "outcomes of the year (办理结果总计)"),
    )),
    _row("carried_over", "carried_over"),
    _row("carried_forward", "carried_forward"),
    _row("concluded", "outcomes_total"),
    _row("disclosed_full", "disclosed_full"),
    _row("disclosed_partial", "disclosed_partial"),
    _row("disclosed", "disclosed_full", "disclosed_partial"),
    _row("denied", "denied"),
    _row("unable", "unable"),
    _row("not_processed", "not_processed"),
    _row("other", "other"),
    Comparison("requests_natural_person", (f"{_NEW}.natural_person",), (((f"{_NEW}.natural_person", f"{_OLD}.natural_person"), _WITH_OLD),)),
    Comparison("requests_organization", (f"{_NEW}.organization",), (((f"{_NEW}.organization", f"{_OLD}.organization"), _WITH_OLD),)),
    *_cases("reconsideration", "reconsideration"),
    *_cases("litigation", "litigation_direct", "litigation_after_reconsideration"),
    Comparison("disputes_cases", ("disputes.reconsideration.total", "disputes.litigation_direct.total", "disputes.litigation_after_reconsideration.total")),
)  # fmt: skip

# Outcomes named in a note where the figure of one stands under another in the table.
OUTCOMES = ("disclosed_full", "disclosed_partial", "denied", "unable", "not_processed", "other")

# Scopes narrower than the tables of a government's report, which are of its whole territory. Requests: 政府办公室代表县政府受理
# is a part of the table (Hongze 2024: 17 of 95). Disputes: only what the office itself says of itself.
NARROW = {True: ("own_office", "government"), False: ("own_office",)}
TERRITORIAL_LEVELS = ("province", "prefecture", "county")
TERRITORIAL_AGENCY = "政府"  # 某某县人民政府; its 办公室 or 办公厅 often reports for itself alone
ROUGH = 0.1  # 18万余: an approximate figure may fall short by this share

# Shares: the usual bases of outcomes (first) and of applicants (second), in the prose and in the table, likeliest first.
# A share follows its count closely (258件，占33.9%; 258件（占33.9%）).
SHARE, SHARE_REACH = "_share", 8
SHARE_BASES = ("requests_natural_person", "requests_organization")
SHARE_USUAL = {
    False: ("requests_concluded", "requests_handled", "requests_received"), True: ("requests_received", "requests_handled", "requests_concluded"),
}  # fmt: skip
_TABLE_BASES = (
    ("requests_concluded",),
    ("requests_received",),
    ("requests_received", "requests_carried_over"),
)
SHARE_TABLE_BASES = {False: _TABLE_BASES, True: (*_TABLE_BASES[1:], _TABLE_BASES[0])}
