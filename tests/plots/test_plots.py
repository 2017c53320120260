"""After `theme` any plot shows Chinese; a figure is displayed once with its data; lines break where the form does."""

from __future__ import annotations

import io
import warnings

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.backends.backend_agg import FigureCanvasAgg

from govdisclosure import plots
from govdisclosure.plots import figure as figures

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def english():
    plots.theme("en")
    yield
    plt.close("all")
    plots.theme("en")


def drawn(figure) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that no font has is a warning
        figure.savefig(io.BytesIO())


def test_a_readers_own_seaborn_and_pandas_plots_show_chinese_and_log_scales():
    frame = pd.DataFrame({"年度": [2023, 2024], "件数": [10, 20000]})
    drawn(sns.lineplot(frame, x="年度", y="件数").figure)
    ax = frame.plot(x="年度", y="件数", title="政府信息公开，淮安市洪泽区", logy=True)
    drawn(ax.figure)
    with warnings.catch_warnings(record=True) as said:
        plots.theme("zh")  # a grid of seaborn's own, which chooses another layout
        sns.relplot(frame, x="年度", y="件数").figure.savefig(io.BytesIO())
    assert [str(one.message) for one in said] == []


def test_tables_are_in_words_their_figures_grouped_and_what_is_missing_a_dash(capsys):
    frame = pd.DataFrame({"outcome": ["denied", "unable"], "value": [12345.5, None], "n": [3, -1]})
    plots.table(frame.astype({"value": "Float64"}), n="cases")
    said = capsys.readouterr().out
    assert "refused" in said and "12,345.5" in said and "–" in said and "cases" in said
    assert "−1" in said and "-1" not in said
    plots.table(frame.iloc[:0])
    assert "Nothing to show" in capsys.readouterr().out


def test_the_break_is_drawn_on_an_axis_of_categories_only_where_years_cross_it():
    years = [2019, 2020, 2022]
    ax = pd.Series([1, 2, 3], years).plot.bar()
    plots.breaks(ax, 2021, 2019, 2024, among=years)
    assert [line.get_xdata()[0] for line in ax.lines] == [1.5]


def test_language_is_checked_and_changes_words():
    with pytest.raises(ValueError):
        plots.theme("fr")
    plots.theme("zh")
    assert plots.word("denied") == "不予公开" and plots.word("county department") == "县级部门"
    assert plots.say("1 reports", "1份年报") == "1份年报"
    assert plots.say("a", "甲") == "甲" and plots.word("strange") == "strange"


def test_one_is_singular_in_its_noun_and_verb():
    said = plots.say("**1 reports of 1 agencies**; 1 agencies are few, 11 reports of 0.1", "")
    assert said == "**1 report of 1 agency**; 1 agency is few, 11 reports of 0.1"


def test_a_code_has_one_colour_in_every_figure():
    some = plots.palette(["denied", "unable"])
    assert plots.palette(["x", "unable", "denied"])["refused"] == some["refused"]
    assert len(set(plots.palette(["one", "two", "denied"]).values())) == 3


def test_worded_leaves_no_code_and_keeps_figures():
    frame = pd.DataFrame({"agency": ["宿迁市人民政府"], "outcome": ["denied"], "value": [3.5]})
    plots.theme("zh")
    table = plots.worded(frame.set_index("agency"))
    assert table.index.tolist() == ["宿迁市"] and table.iloc[0].tolist() == ["不予公开", 3.5]
    assert not [c for c in [*table.columns, table.columns.name] if str(c).isascii()]


@pytest.mark.parametrize("agency, name", [
    ("上海市科学技术委员会", "Shanghai Science"), ("桃江县桃花江镇人民政府", "Taohuajiang Town"),
    ("威海市文登区住房和城乡建设局", "Wendeng District Housing"), ("恩施土家族苗族自治州人民政府", "Enshi Prefecture"),
])  # fmt: skip
def test_romanised(agency, name):
    assert plots.romanised(agency) == name


def test_names_on_an_axis_are_short_and_keep_agencies_apart():
    long = ["上海市普陀区桃浦智创城开发建设推进办公室", "上海市普陀区桃浦镇人民政府"]
    names = plots.agency_names(long, axis=True)
    assert len(set(names.values())) == 2
    assert max(len(line) for name in names.values() for line in name.split("\n")) <= 27


def test_lines_are_cut_at_gaps_and_at_the_break():
    years = [2019, 2020, 2021, 2022, 2024]
    frame = pd.DataFrame(
        {"agency": "a", "year": pd.array(years, "Int16"), "value": [1.0, 2, 3, 4, 5]}
    )
    _, ax = plt.subplots()
    plots.lines(ax, frame, split=(2021,))
    assert [line.get_xdata().tolist() for line in ax.lines] == [[2019, 2020], [2021, 2022], [2024]]
    plots.breaks(ax, 2021, 2030)
    assert len(ax.lines) == 4  # no break is drawn where no data cross it
    assert ax.get_ylim()[0] == 0


def test_labels_at_the_ends_do_not_cover_each_other():
    frame = pd.DataFrame(
        [
            {"agency": str(i), "year": y, "value": 5 + i / 100}
            for i in range(6)
            for y in (2023, 2024)
        ]
    )
    _, ax = plt.subplots()
    plots.lines(ax, frame)
    ax.figure.canvas.draw()
    boxes = sorted((t.get_window_extent() for t in ax.texts), key=lambda b: b.y0)
    assert len(boxes) == 6 and all(a.y1 <= b.y0 + 2 for a, b in zip(boxes, boxes[1:]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_show_keeps_finding_and_data_and_cuts_nothing(language, monkeypatch):
    plots.theme(language)
    shown = []
    monkeypatch.setattr(figures, "_display", lambda figure, kept: shown.append((figure, kept)))
    data = pd.DataFrame({"year": [2023, 2024], "rate": [1.0, 2.0]})
    ax = data.plot(x="year", y="rate", legend=False)
    title = plots.say(
        "Penalties fell by -3.0 points, a finding long enough for two lines of the figure",
        "处罚下降-3.0个百分点" * 6,
    )
    plots.show(ax, data, "10-name", title=title, note=plots.say("n = 2 agencies", "2个机关"))
    ((figure, kept),) = shown
    assert (
        kept["csv"].splitlines() == ["year,rate", "2023,1.0", "2024,2.0"]
        and kept["name"] == "10-name"
    )
    assert "−3.0" in kept["title"] and not plt.get_fignums()
    FigureCanvasAgg(figure).draw()
    inside = figure.bbox
    for box in (ax.get_tightbbox(), *(text.get_window_extent() for text in figure.texts)):
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= inside.x1 + 1 and box.y1 <= inside.y1 + 1
    sizes = [t.get_fontsize() for t in figure.findobj(matplotlib.text.Text) if t.get_text()]
    assert min(sizes) / 72 * 358 / figure.get_size_inches()[0] >= 10.9  # pixels on a phone of 390


def test_some_says_that_nothing_is_there(capsys):
    assert not plots.some(pd.DataFrame()) and "Nothing to show" in capsys.readouterr().out
    assert plots.some(pd.DataFrame({"a": [1]}))


def test_fold_cuts_no_number_and_no_name():
    assert plots.fold("最大：石桥县2023年行政许可决定，20.8倍", 34)[-1] == "20.8倍"
    assert plots.fold("1 jump: Shiqiao County 石桥县 2023", 26) == [
        "1 jump: Shiqiao County",
        "石桥县 2023",
    ]


def test_drawable_shows_what_no_font_has_and_begins_no_formula():
    assert plots.drawable("\U0001fae8$x$") == r"〓\$x\$"
    _, ax = plt.subplots()
    ax.set_title(plots.drawable("5$ and 6$ 元"))
    drawn(ax.figure)
    assert np.isfinite(ax.figure.get_size_inches()).all()
