"""Indicators: the worked example of two real years, unknowns, zero denominators, groups."""

from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclosure.checks import check_record
from govdisclosure.forms import FORMS, METRICS, form_cells
from govdisclosure.indicators import indicators, pool, wilson
from govdisclosure.model import Known

from .checks.frames_of import frames_of
from .checks.records import consistent, real, record, with_values

# Published worked example (percent, per 100 decisions, or 件): 2023, 2024.
SUQIAN = {
    "natural_person_share": (96.9, 97.6), "completion_rate": (96.6, 96.6), "backlog_rate": (3.4, 3.4), "full_disclosure_rate": (34.2, 40.6),
    "disclosure_rate": (43.6, 54.0), "substantive_disclosure_rate": (91.5, 95.4), "denial_rate": (4.1, 2.6), "unable_rate": (30.9, 26.7),
    "not_held_rate": (30.0, 25.5), "not_processed_rate": (11.6, 3.3), "reconsideration_rate": (12.6, 4.8), "litigation_rate": (3.2, 2.2),
    "reconsideration_correction_rate": (4.1, 13.4), "litigation_correction_rate": (1.0, 0.0),
    "reconsideration_correction_rate_with_pending": (3.9, 10.6), "reconsideration_correction_rate_on_merits": (5.2, 17.0),
    "document_turnover": (None, 35.1), "document_net_change": (-380.0, -177.0),
}  # fmt: skip


class Corpus:
    def __init__(self, records):
        frames = frames_of(records)
        self.cells, self.reports = frames["cells"], frames["reports"]


def made(seed=1, report_id="x", year=2023, statuses=None, form="2021", **change):
    values = consistent(form, seed) | {tuple(k.split("__")): v for k, v in change.items()}
    return record(
        with_values(FORMS[form], values, statuses=statuses), form, report_id=report_id, year=year
    )


def checked(records):
    """A corpus with the findings of each report."""
    source = Corpus(records)
    rows = [(r.report_id, f.severity, " ".join(f.cells)) for r in records for f in check_record(r)]
    source.findings = pd.DataFrame(rows, columns=["report_id", "severity", "cells"])
    return source


def cells_of(metric):
    """The printed cells that a metric uses; （六）其他处理 is one row or three."""
    terms = {t.lstrip("-").removesuffix("@-1") for t in (*metric.numerator, *metric.denominator)}
    other = {
        f"requests.{r}.total"
        for r in ("other_handling", "other_uncorrected", "other_fee_unpaid", "other_other")
    }
    return terms | (other if "requests.other.total" in terms else set())


def one(frame, metric):
    return frame.set_index("metric").loc[metric]


def test_the_worked_example():
    found = indicators(Corpus([real("suqian-2023"), real("suqian-2024")])).pivot(
        index="metric", columns="year", values="value"
    )
    for key, values in SUQIAN.items():
        got = [None if pd.isna(v) else round(float(v), 1) for v in found.loc[key, [2023, 2024]]]
        assert got == list(values), key


def test_grounds_of_the_worked_example():
    found = indicators(Corpus([real("suqian-2023"), real("suqian-2024")])).query(
        "metric.str.startswith('denial_group')", engine="python"
    )
    assert found.query("year == 2023")["numerator"].tolist() == [71, 50, 21]
    assert found.query("year == 2024")["numerator"].tolist() == [24, 55, 13]


def test_unknown_propagates_and_says_which_cell():
    row = one(
        indicators(Corpus([made(statuses={("requests", "disclosed_full", "total"): "blank"})])),
        "full_disclosure_rate",
    )
    assert pd.isna(row["value"]) and pd.isna(row["numerator"]) and row["status"] == "unknown"
    assert "requests.disclosed_full.total blank" in row["note"]


def test_a_zero_denominator_is_na():
    row = one(
        indicators(
            Corpus([made(requests__outcomes_total__total=0.0, requests__disclosed_full__total=0.0)])
        ),
        "full_disclosure_rate",
    )
    assert (
        pd.isna(row["value"])
        and pd.isna(row["low"])
        and row["status"] == "zero_denominator"
        and row["denominator"] == 0
    )


def test_every_term_is_a_cell_of_every_form_it_is_for():
    for metric in METRICS:
        assert (
            metric.zh
            and metric.definition_zh
            and metric.definition_en
            and metric.source
            and metric.na
        )
        for form in metric.forms:
            codes = {f"{t.key}.{r.key}.{c.key}" for t, r, c in form_cells(FORMS[form])}
            terms = {
                t.lstrip("-").removesuffix("@-1") for t in (*metric.numerator, *metric.denominator)
            } - {"population"}
            assert {t for t in terms if t.split(".")[1] != "other"} <= codes, metric.key


def test_the_twelve_are_there_and_keys_are_unique():
    assert {m.number for m in METRICS} == set(range(1, 13))
    assert len({m.key for m in METRICS}) == len(METRICS)


def test_one_row_a_report_and_metric_of_its_form():
    found = indicators(
        Corpus(
            [
                made(),
                made(report_id="old", year=2019, form="2019"),
                made(report_id="older", year=2016, form="2014"),
            ]
        )
    )
    assert not found.duplicated(["report_id", "metric"]).any()
    for report_id, form in (("x", "2021"), ("old", "2019"), ("older", "2014")):  # noqa: B007 (query reads it)
        assert found.query("report_id == @report_id")["metric"].tolist() == [
            m.key for m in METRICS if form in m.forms
        ]


def test_other_handling_is_one_row_or_three():
    for form, kwargs in (("2021", {}), ("2021", {"one_row": True}), ("2019", {})):
        values = consistent(form, 5, **kwargs)
        rows = [
            r
            for r in ("other_handling", "other_uncorrected", "other_fee_unpaid", "other_other")
            if ("requests", r, "total") in values
        ]
        row = one(
            indicators(Corpus([record(with_values(FORMS[form], values), form)])), "other_rate"
        )
        assert row["numerator"] == sum(values["requests", r, "total"] for r in rows)


def test_wilson_only_for_shares_of_counts():
    found = indicators(Corpus([real("suqian-2024")]))
    assert (
        one(found, "denial_rate")["low"]
        < one(found, "denial_rate")["value"]
        < one(found, "denial_rate")["high"]
    )
    assert pd.isna(one(found, "reconsideration_rate")["low"])
    low, high = wilson([0.0, 7.0, 9.0], [7.0, 7.0, 7.0])
    assert low[0] == 0 and 0 < high[0] < 0.5 and high[1] == 1 and pd.isna(low[2])


def test_populations():
    source = Corpus([made()])
    assert one(indicators(source), "requests_per_100k")["status"] == "unknown"
    people = pd.DataFrame({"agency": ["甲县人民政府"], "year": [2023], "population": [200_000]})
    row = one(indicators(source, populations=people), "requests_per_100k")
    assert row["value"] == row["numerator"] / 2


def test_pooled_and_mean_of_groups():
    source = Corpus([
        made(report_id="a", requests__disclosed_full__total=1.0, requests__outcomes_total__total=2.0),
        made(report_id="b", requests__disclosed_full__total=0.0, requests__outcomes_total__total=8.0),
        made(report_id="c", requests__disclosed_full__total=0.0, requests__outcomes_total__total=0.0),
        made(report_id="d", statuses={("requests", "outcomes_total", "total"): "blank"}),
    ])  # fmt: skip
    frame = indicators(source, metrics=["full_disclosure_rate"])
    row = pool(frame, by=["year"]).iloc[0]
    assert (row["pooled"], row["mean"], row["n"], row["n_with_denominator"], row["n_unknown"]) == (
        10.0,
        25.0,
        4,
        2,
        1,
    )
    by_level = indicators(source, metrics=["full_disclosure_rate"], by="level").iloc[0]
    assert by_level["level"] == "county" and by_level["pooled"] == 10.0


def test_names_that_do_not_exist_are_refused_with_the_nearest():
    with pytest.raises(ValueError, match="nearest is 'denial_rate'"):
        indicators(Corpus([made()]), metrics=["denail_rate"])
    with pytest.raises(ValueError, match="No column"):
        indicators(Corpus([made()]), by="colour")


def test_a_printed_total_that_its_parts_contradict_gives_no_rate():
    """Hongze 2023 prints 0 in the totals over 11 reconsideration cases and 5 suits."""
    found = indicators(checked([real("hongze-2023")]))
    disputed = found[found["note"].str.contains("disputed")]
    assert set(disputed["metric"]) == {
        m.key for m in METRICS if any(t.startswith("disputes.") for t in m.numerator)
    }
    assert (
        disputed["value"].isna().all()
        and disputed["numerator"].isna().all()
        and (disputed["status"] == "unknown").all()
    )
    assert "disputes.reconsideration.total disputed" in one(found, "reconsideration_rate")["note"]
    assert one(found, "disclosure_rate")["value"] == 100 * 4 / 21


def test_findings_can_be_handed_in_and_reach_the_year_after():
    first, second = made(report_id="a", year=2022), made(report_id="b", year=2023)
    code = "proactive.normative_documents.in_force"
    findings = pd.DataFrame(
        {
            "report_id": ["a", "b"],
            "severity": ["error", "warning"],
            "cells": [code, "requests.received.total"],
        }
    )
    found = indicators(Corpus([first, second]), findings=findings).query("year == 2023")
    assert "in_force@-1 disputed" in one(found, "document_turnover")["note"]
    assert one(found, "natural_person_share")["status"] == "ok"


@pytest.mark.parametrize("level", ["county", "prefecture"])
def test_the_year_before_is_a_report_of_the_same_level(level):
    before = replace(made(report_id="before", year=2022), level=Known(level))
    frame = indicators(Corpus([before, made(seed=2)]), metrics=["document_turnover"])
    value = frame.set_index("report_id").loc["x", "value"]
    assert pd.isna(value) == (level == "prefecture")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([("2021", False), ("2021", True), ("2019", False)]))
def test_no_rate_rests_on_a_cell_of_a_broken_sum_and_no_other_rate_is_lost(seed, kind):
    rng, (form, one_row) = random.Random(seed), kind
    values = consistent(form, seed, one_row=one_row)
    for key in rng.sample(sorted(values), rng.randint(0, 2)):
        values[key] += rng.randint(1, 9)
    source = checked([record(with_values(FORMS[form], values), form)])
    contested = {
        c for f in source.findings.itertuples() if f.severity == "error" for c in f.cells.split()
    }
    with_findings, without = indicators(source), indicators(source.cells)
    for now, then in zip(with_findings.itertuples(), without.itertuples()):
        touched = bool(cells_of(next(m for m in METRICS if m.key == now.metric)) & contested)
        assert (
            (now.status == "unknown" and "disputed" in now.note)
            if touched
            else (now.status, str(now.value)) == (then.status, str(then.value))
        )
