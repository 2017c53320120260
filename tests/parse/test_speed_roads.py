"""The shorter roads lead where the longer ones do, and what is remembered stays bounded."""

from __future__ import annotations

import unicodedata

from govdisclosure.forms import FORMS
from govdisclosure.model import Grid, GridCell
from govdisclosure.normalize import _FOLD, _SPACE, Memory, fold, simplified
from govdisclosure.parse.align import align, settle
from govdisclosure.parse.lexicon import lexicon
from govdisclosure.parse.lines import Line
from govdisclosure.parse.parts import looks_of


def test_memory_is_bounded():
    memory = Memory(len, size=10, longest=5)
    assert [memory[str(n)] for n in range(1000)] == [len(str(n)) for n in range(1000)]
    assert len(memory) <= 10
    assert memory["x" * 50] == 50 and "x" * 50 not in memory


def test_fold_takes_the_short_road_to_the_same_place():
    for text in (
        "（一）予以公开，",
        "覆议　規範\xa0性",
        "１．属于－国家秘密",
        "⼀、⽂件",
        "乾县：规章！",
        "a\u0301（",
    ):
        assert fold(text) == _SPACE.sub(
            "", simplified(unicodedata.normalize("NFKC", text)).translate(_FOLD)
        )


def test_labels_in_order_are_aligned_as_the_long_way_does():
    table, words = FORMS["2021"].table("requests"), lexicon("2021", "requests")
    for skip in range(len(table.rows)):
        lines = [
            Line(r.zh, words.find(r.zh), [], None, "")
            for i, r in enumerate(table.rows)
            if i != skip
        ]
        long_way = align([line.matches.rows for line in lines], len(table.rows))
        assert settle(lines, table) == []
        printed = [
            "" if line.kind == "group" else m.key for line, m in zip(lines, long_way)
        ]  # （六）其他处理 over its rows
        assert [line.chosen for line in lines] == printed


def test_a_tie_between_tables_goes_to_the_leftmost_label():
    for first, second, table in (
        ("行政许可", "重复申请", "proactive"),
        ("重复申请", "行政许可", "requests"),
    ):
        grid = Grid(((GridCell(first, "", 0, 0), GridCell(second, "", 0, 1)),), "table 1")
        assert [row.table for row in looks_of(grid)] == [table]
