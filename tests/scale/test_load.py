"""What `gd.load` does to be quick: little is imported, memory comes from another pool for a while, texts are read as
codes, categories are renamed only where they must be, and small columns are packed lightly. The frames stay the same."""

from __future__ import annotations

import random
import subprocess
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import govdisclosure as gd
from govdisclosure import dataset
from govdisclosure.corpus import FRAME_NAMES
from govdisclosure.errors import DatasetError
from govdisclosure.scale import memory, parts

from .pages import contents, reports


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return gd.read_corpus(reports(tmp_path_factory.mktemp("reports"), 21), progress=False)


def test_load_imports_no_reader_and_no_rule(corpus, tmp_path):
    corpus.save(tmp_path)
    code = """if True:
        import sys, govdisclosure as gd
        corpus = gd.load(sys.argv[1])
        corpus.cells, corpus.reports, corpus.narrative
        print(*(m for m in sys.modules if m.startswith("govdisclosure.")))"""
    loaded = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "govdisclosure.dataset" in loaded
    assert not [
        m
        for m in loaded
        if m.split(".")[1]
        in ("pipeline", "readers", "parse", "narrative", "checks", "report", "identity")
    ]


@pytest.fixture
def mimalloc(monkeypatch):
    if "mimalloc" not in pa.supported_memory_backends() or sys.platform != "linux":
        pytest.skip("no mimalloc here: that its huge pages are avoided is not tested here")
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.mimalloc_memory_pool())
    yield
    pa.set_memory_pool(before)


def _watched(monkeypatch) -> list[str]:
    """The names of the pools that parts are read with from now on."""
    seen, read = [], dataset.read_part

    def watched(*given, **options):
        seen.append(pa.default_memory_pool().backend_name)
        return read(*given, **options)

    monkeypatch.setattr(dataset, "read_part", watched)
    return seen


def test_mimalloc_is_set_aside_while_parts_are_read_and_comes_back(
    mimalloc, corpus, tmp_path, monkeypatch
):
    corpus.save(tmp_path)
    seen = _watched(monkeypatch)
    gd.load(tmp_path)
    assert set(seen) == {"system"} and pa.default_memory_pool().backend_name == "mimalloc"
    next(tmp_path.glob("cells/year=2021/*.parquet")).write_bytes(b"damaged")
    with pytest.raises(DatasetError):
        gd.load(tmp_path)
    assert pa.default_memory_pool().backend_name == "mimalloc"


def test_the_pool_that_the_user_asked_for_stays(mimalloc, corpus, tmp_path, monkeypatch):
    corpus.save(tmp_path)
    seen = _watched(monkeypatch)
    monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", "mimalloc")
    gd.load(tmp_path, years=2021)
    assert set(seen) == {"mimalloc"}


def test_of_two_loads_at_a_time_the_last_one_gives_the_pool_back(mimalloc):
    first, second = memory.small_pages(), memory.small_pages()
    first.__enter__(), second.__enter__()
    first.__exit__(None, None, None)
    assert pa.default_memory_pool().backend_name == "system"
    second.__exit__(None, None, None)
    assert pa.default_memory_pool().backend_name == "mimalloc"


def _chunk(words: list[str], codes: list[int | None]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words, pa.string()))


CHUNKS = {
    "in order": [_chunk(["a", "b"], [0, 1, 0]), _chunk(["b", "c"], [0, 0, 1])],
    "a later chunk begins with its second word": [_chunk(["a"], [0]), _chunk(["b", "c"], [1, 0])],
    "a word that no row has": [_chunk(["a", "x", "b"], [0, 2, 0]), _chunk(["b"], [0])],
    "the last word is not used": [_chunk(["a", "x"], [0, 0]), _chunk(["b"], [0])],
    "a word is skipped and comes after the last": [
        _chunk(["a", "b", "c"], [0, 2, 1]),
        _chunk(["d"], [0]),
    ],
    "blanks": [
        _chunk(["a"], [None, 0]),
        _chunk([], [None, None]),
        _chunk(["b", "a"], [0, None, 1]),
    ],
    "nothing but words": [_chunk(["a", "b"], []), _chunk(["b"], [0])],
    "one chunk": [_chunk(["a", "b", "c"], [2, 0, 1])],
}


@pytest.mark.parametrize("chunks", CHUNKS.values(), ids=CHUNKS)
def test_categories_are_in_order_of_first_appearance(chunks):
    _check_order(pa.chunked_array(chunks))


def test_categories_are_in_order_of_first_appearance_in_any_chunks():
    rng = random.Random(5)
    for _ in range(600):
        chunks = []
        for _ in range(rng.randint(1, 4)):
            words = rng.sample("abcdefg", rng.randint(1, 5))
            codes = [rng.choice([None, *range(len(words))]) for _ in range(rng.randint(0, 9))]
            chunk = _chunk(words, codes)
            chunks.append(
                chunk.dictionary_decode().dictionary_encode() if rng.random() < 0.6 else chunk
            )
        _check_order(pa.chunked_array(chunks))


def _check_order(column: pa.ChunkedArray) -> None:
    made = parts._first_seen(column)
    plain = (
        pa.chunked_array([c.dictionary_decode() for c in column.chunks], pa.string())
        .combine_chunks()
        .dictionary_encode()
    )
    assert (
        made.dictionary.to_pylist() == plain.dictionary.to_pylist()
        and made.indices.to_pylist() == plain.indices.to_pylist()
    )


@pytest.mark.parametrize("room", [1 << 30, 7])
def test_texts_read_as_codes_are_the_same_texts(monkeypatch, room):
    monkeypatch.setattr(parts, "ONE_ARRAY", room)
    column = pa.chunked_array(
        [_chunk(["甲乙", "", "x"], [2, None, 1, 0, 0, 2]), _chunk([], [None]), _chunk(["y"], [])]
    )
    made = parts._spread(column)
    assert made.type == pa.string() and made.to_pylist() == [
        "x",
        None,
        "",
        "甲乙",
        "甲乙",
        "x",
        None,
    ]
    assert room > 7 or made.num_chunks > 3  # what would not fit into one array is cut


def test_small_columns_are_packed_lightly_and_old_parts_load(corpus, tmp_path, monkeypatch):
    corpus.save(tmp_path / "new")
    assert _codecs(tmp_path / "new") == {"SNAPPY", "ZSTD"}
    monkeypatch.setattr(parts, "SMALL", -1)  # as parts were written before
    corpus.save(tmp_path / "old")
    assert _codecs(tmp_path / "old") == {"ZSTD"}
    for selection in ({}, {"years": [2021, 2022]}, {"columns": ["report_id", "where", "row"]}):
        old, new = gd.load(tmp_path / "old", **selection), gd.load(tmp_path / "new", **selection)
        for name in FRAME_NAMES:
            pd.testing.assert_frame_equal(old._frame(name), new._frame(name))


def _codecs(folder) -> set[str]:
    groups = [
        pq.ParquetFile(path).metadata.row_group(0) for path in folder.glob("*/year=2021/*.parquet")
    ]
    return {group.column(n).compression for group in groups for n in range(group.num_columns)}


def test_the_same_rows_give_the_same_part_however_arrow_holds_them(corpus, tmp_path):
    table = corpus._table("cells").drop_columns(["year"])
    for number, same in enumerate(
        [
            table,
            pa.concat_tables([table.slice(0, 33), table.slice(33)]),
            pa.concat_tables([table, table]).slice(table.num_rows),
            table.filter(pa.array([True] * table.num_rows)),
        ]
    ):
        parts.reveal(
            tmp_path / str(number),
            [parts._write_part(tmp_path / str(number), "cells", 2021, same, "0000")],
        )
    made = [contents(tmp_path / str(number)) for number in range(4)]
    assert made[0] == made[1] == made[2] == made[3]


@pytest.mark.parametrize(
    ("values", "category"),
    [
        (["a", "bc"] * 40, False),
        ([None, "a"] * 40, False),
        ([1.5, 2.5] * 40, False),
        (["a", "bc"] * 40, True),
    ],
)
def test_the_size_of_a_column_is_that_of_its_values(values, category):
    plain = pa.array(values)
    marked = pa.concat_arrays([plain, pa.array([None], plain.type)]).slice(
        0, len(plain)
    )  # with a bitmap of blanks, and a row behind
    if category:
        words = plain.dictionary_encode().dictionary
        plain, marked = (
            pa.DictionaryArray.from_arrays(a.dictionary_encode().indices, words)
            for a in (plain, marked)
        )
    assert parts._size(pa.chunked_array([plain])) == parts._size(pa.chunked_array([marked])) > 0
