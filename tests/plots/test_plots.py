"""Every figure, in both languages, on the shipped reports, on nothing, on one report: drawn, titled, no glyph missing."""

from __future__ import annotations

import warnings

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from govdisclosure import plots
from govdisclosure.analysis import disputes, media, quality
from govdisclosure.corpus import Corpus
from govdisclosure.indicators import indicators
from govdisclosure.selection import only, open_corpus, select, without

REPORTS = "data/reports"
BULLETINS = "data/new_media_bulletins.csv"


def frames(corpus):
    rates = indicators(corpus)
    accounts = media.accounts(corpus.narrative, media.read_bulletins(BULLETINS))
    calls = [
        (getattr(plots, n), (corpus.requests,), {})
        for n in (
            "request_volumes",
            "applicants",
            "outcomes",
            "outcomes_by_year",
            "grounds",
            "outcome_changes",
        )
    ]
    calls += [
        (getattr(plots, n), (corpus.proactive,), {})
        for n in ("penalties_per_licence", "jumps", "documents_waterfall")
    ]
    calls += [
        (getattr(plots, n), (corpus.proactive,), {"item": i})
        for n in ("volumes", "volume_lines")
        for i in ("licensing", "fees")
    ]
    calls += [
        (plots.dispute_results, (corpus.disputes,), {"channel": c})
        for c in ("reconsideration", "litigation")
    ]
    calls += [(plots.direct_suits, (corpus.disputes,), {}), (plots.cell_map, (corpus.cells,), {})]
    calls += [
        (plots.rates, (rates,), {"metric": m})
        for m in ("disclosure_rate", "denial_rate", "completion_rate")
    ]
    calls += [
        (
            plots.rates,
            (disputes.rates(corpus.disputes, corpus.requests),),
            {"metric": "reconsideration_rate"},
        )
    ]
    calls += [
        (getattr(plots, n), (accounts,), {})
        for n in ("account_movements", "accounts_in_operation", "platforms")
    ]
    calls += [
        (plots.findings_map, (corpus.findings, corpus.reports), {}),
        (plots.prose_against_table, (corpus.findings,), {}),
    ]
    calls += [
        (plots.robustness, (quality.robustness(corpus, lambda ids: without(corpus, ids)),), {})
    ]
    return calls


@pytest.fixture(scope="module")
def shipped():
    return open_corpus(REPORTS)


def draw_all(corpus, language):
    titles = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # "Glyph 12345 missing from font(s)"
        for draw, args, options in frames(corpus):
            ax = draw(*args, language=language, **options)
            ax.figure.canvas.draw()
            titles.append(repr(ax.figure))
            plt.close(ax.figure)
    return titles


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_has_a_title_and_every_glyph(shipped, language):
    titles = draw_all(shipped, language)
    assert all(len(t) > len("Figure: ") + 4 and "(no title)" not in t for t in titles)
    if language == "zh":
        assert all(any("\u4e00" <= c <= "\u9fff" for c in t) for t in titles)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_to_show_says_so(language):
    for title in draw_all(Corpus.from_records([]), language):
        assert "None" not in title and "nan" not in title


def test_one_report_one_year(shipped):
    draw_all(only(shipped, ["dayao-2021"]), "en")
    draw_all(select(shipped, years=2024), "zh")


def test_the_glyph_test_can_fail():
    figure = plt.figure()
    figure.text(0.5, 0.5, "\U00020bb7", family=list(plots.fonts.families()))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        figure.canvas.draw()
    plt.close(figure)
    assert any("missing" in str(w.message) for w in seen)


def test_rare_characters_become_visible(shipped):
    rare = shipped.requests.assign(agency="\U00020bb7镕堃喆赟㛃县人民政府")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        ax = plots.outcomes(rare)
        ax.figure.canvas.draw()
        names = [t.get_text() for t in ax.get_yticklabels()]
    plt.close(ax.figure)
    assert all(n.startswith("〓镕堃喆赟㛃县") for n in names)


def test_no_font_says_what_to_install(monkeypatch):
    monkeypatch.setattr(plots.fonts, "_packaged", lambda: None)
    monkeypatch.setattr(plots.fonts, "_system", lambda: None)
    plots.fonts.chinese_font.cache_clear()
    with pytest.raises(plots.FontError, match="pip install"):
        plots.fonts.chinese_font()
    monkeypatch.undo()
    plots.fonts.chinese_font.cache_clear()
    assert plots.chinese_font()


def test_given_axes_is_used_and_returned(shipped):
    figure, ax = plt.subplots()
    assert plots.grounds(shipped.requests, ax=ax) is ax
    plt.close(figure)


def test_bars_start_at_zero(shipped):
    for draw, frame in ((plots.applicants, shipped.requests), (plots.grounds, shipped.requests)):
        ax = draw(frame)
        assert ax.get_xlim()[0] == 0 and {p.get_x() for p in ax.patches} == {0}
        plt.close(ax.figure)


def test_unknown_language_is_refused(shipped):
    with pytest.raises(ValueError, match="'en' or 'zh'"):
        plots.outcomes(shipped.requests, language="fr")


def test_a_missing_year_is_a_gap(shipped):
    ax = plots.request_volumes(shipped.requests)
    for line in ax.lines:
        if line.get_linestyle() == "-" and line.get_transform() == ax.transData:
            years = sorted(line.get_xdata())
            assert len(years) < 2 or years[-1] - years[0] <= 1
    plt.close(ax.figure)


def test_a_hundred_agencies_stay_readable(shipped):
    one = shipped.requests[shipped.requests["report_id"] == "suqian-2024"]
    many = pd.concat([one.assign(report_id=f"r{i}", agency=f"第{i}区人民政府") for i in range(100)])
    ax = plots.outcomes(many)
    assert len(ax.get_yticks()) == 32 and "68 more not shown" in repr(ax.figure)
    plt.close(ax.figure)
