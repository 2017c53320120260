"""What strikes a build: damage to what it wrote, kills at random moments, workers of a real cluster that die or hang."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest

import govdisclosure as gd
from govdisclosure.errors import DatasetError

from .pages import contents, reports

QUIET = {"progress": False}
RUN = "import sys, govdisclosure as gd; gd.build(sys.argv[1], sys.argv[2], jobs=int(sys.argv[3]), progress=False)"
NO_DASK = "distributed is not installed: builds on several processes are not tested here"


def some(folder: Path, count: int) -> Path:
    """Reports, a page that is none, and a copy of a report."""
    reports(folder, count)
    (folder / "nothing.html").write_text("<p>页面不存在</p>", encoding="utf-8")
    copy = (folder / "0000" / "0000003.html").read_text(encoding="utf-8")
    (folder / "copy.html").write_text(copy.replace("</body>", "<p>网页底部</p></body>"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return some(tmp_path_factory.mktemp("reports"), 140)


@pytest.fixture(scope="module")
def built(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("built")
    gd.build(source, out, jobs=1, **QUIET)
    return contents(out)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A folder of few reports, and the data set of it."""
    folder = some(tmp_path_factory.mktemp("few"), 12)
    out = tmp_path_factory.mktemp("small")
    gd.build(folder, out, jobs=1, **QUIET)
    return folder, contents(out)


def put(files: dict[str, bytes], out: Path) -> Path:
    for name, data in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    return out


@pytest.mark.parametrize("how", ["truncated", "changed", "gone"])
@pytest.mark.parametrize("what", ["cells/*", "_copies/cells/*", "_records/*", "_govd*"])
def test_what_is_damaged_is_noticed_and_made_again(few, tmp_path, what, how):
    source, built = few
    out = put(built, tmp_path)
    path = next(iter(sorted(out.glob(what))))
    data = path.read_bytes()
    half = len(data) // 2
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:half] + (b"" if how == "truncated" else b"~" + data[half + 1 :]))
    if what not in ("_copies/cells/*", "_records/*"):  # nobody loads those
        with pytest.raises(DatasetError):
            gd.load(out)
    gd.build(source, out, jobs=1, **QUIET)
    assert contents(out) == built


def test_no_record_reaches_out_of_the_folder(few, tmp_path):
    source, built = few
    out, victim = put(built, tmp_path / "out"), tmp_path / "victim"
    victim.write_bytes(b"mine")
    for path in out.glob("_records/*.json"):
        changed = json.dumps(json.loads(path.read_bytes()) | {"parts": ["../victim"]}).encode()
        name = f"0000-{hashlib.sha256(changed).hexdigest()[:16]}.json"  # whole as it is
        path.rename(path.with_name(name)).write_bytes(changed)
    root = json.loads((out / "_govdisclosure.json").read_bytes())
    root |= {"records": ["../victim"], "parts": ["../victim"]}
    (out / "_govdisclosure.json").write_text(json.dumps(root), encoding="utf-8")
    gd.build(source, out, jobs=1, **QUIET)
    assert victim.read_bytes() == b"mine" and contents(out) == built


def test_killed_at_random_moments_it_ends_in_the_same_bytes(source, built, tmp_path):
    pytest.importorskip("distributed", reason=NO_DASK)
    pen = Random(7)
    for number in range(3):
        given = [sys.executable, "-c", RUN, str(source), str(tmp_path / "out"), "12"[number % 2]]
        process = subprocess.Popen(given, start_new_session=True)
        time.sleep(pen.uniform(0.7, 2.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    gd.build(source, tmp_path / "out", jobs=1, **QUIET)
    assert contents(tmp_path / "out") == built


@pytest.mark.parametrize("moment", [0.0, 0.5])
def test_no_process_outlives_the_build_that_started_it(source, tmp_path, moment):
    pytest.importorskip("distributed", reason=NO_DASK)
    given = [sys.executable, "-c", RUN, str(source), str(tmp_path), "2"]
    process = subprocess.Popen(given, stderr=subprocess.PIPE, start_new_session=True)
    while not (tmp_path / ".build" / "now").exists():
        time.sleep(0.02)
    time.sleep(moment)
    process.kill()  # it alone
    process.communicate(timeout=60)  # until nobody holds its standard error


def test_threads_are_refused(source, tmp_path):
    with ThreadPoolExecutor(2) as pool, pytest.raises(DatasetError, match="threads"):
        gd.build(source, tmp_path, executor=pool, **QUIET)


def test_processes_that_never_begin_end_the_build(few, tmp_path):
    pool = ProcessPoolExecutor(1, initializer=int, initargs=("no number",))
    with pool, pytest.raises(DatasetError, match="workers that stay alive"):
        gd.build(few[0], tmp_path, executor=pool, **QUIET)


def test_a_source_that_takes_too_long_costs_itself(tmp_path, monkeypatch):
    from govdisclosure import batch

    real = batch.read_records

    def slow(path, *given, **options):
        while "0000001" in path:
            time.sleep(0.01)
        return real(path, *given, **options)

    monkeypatch.setattr(batch, "read_records", slow)
    folder = reports(tmp_path / "in", 3)
    gd.build(folder, tmp_path / "out", jobs=1, timeout=3, **QUIET)
    made = gd.load(tmp_path / "out")
    assert len(made.reports) == 2 and list(made.failures["kind"]) == ["timeout"]


def test_what_a_batch_has_read_is_kept_now_and_then(few, tmp_path, monkeypatch):
    from govdisclosure import batch

    (source, built), real = few, batch.read_records

    def interrupted(path, *given, **options):
        if "0000007" in path:
            raise KeyboardInterrupt
        return real(path, *given, **options)

    monkeypatch.setattr(batch, "PAUSE", -1.0)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(batch, "read_records", interrupted)
        gd.build(source, tmp_path, jobs=1, **QUIET)
    result = gd.build(source, tmp_path, jobs=1, **QUIET)
    assert (result.sources, result.kept) == (14, 7) and contents(tmp_path) == built


def deadly() -> None:
    """In a process of a pool: reading one report ends it, reading another one never ends."""
    from govdisclosure import batch

    real = batch.read_records

    def read_records(path, *given, **options):
        if "0000001" in path:
            os._exit(1)
        while "0000007" in path:
            time.sleep(0.1)
        return real(path, *given, **options)

    batch.read_records = read_records


@pytest.mark.skipif(os.name == "nt", reason="this system has no server that forks")
def test_a_source_that_ends_each_process_that_reads_it_costs_itself(tmp_path):
    folder, out = reports(tmp_path / "in", 10), tmp_path / "out"
    server = get_context("forkserver")
    server.set_forkserver_preload(["govdisclosure.batch", __name__])
    with ProcessPoolExecutor(2, server, deadly) as pool:
        assert gd.build(folder, out, executor=pool, timeout=3, **QUIET)[1:5] == (10, 10, 0, 2)
    made = gd.load(out)
    kinds = {path[-12:-5]: kind for path, kind in zip(made.failures["path"], made.failures["kind"])}
    assert kinds == {"0000001": "crashed", "0000007": "timeout"} and len(made.reports) == 8
    assert gd.build(folder, out, jobs=1, **QUIET)[2:5] == (0, 10, 2), "they are known"
    assert gd.build(folder, out, jobs=1, retry=True, **QUIET)[2:5] == (2, 8, 0)
    gd.build(folder, tmp_path / "fresh", jobs=1, **QUIET)
    assert contents(out) == contents(tmp_path / "fresh")


def test_a_real_cluster_loses_a_worker_and_another_hangs(source, built, tmp_path):
    """A scheduler and three workers from the command line; one is killed, one stopped for good while it works."""
    pytest.importorskip("distributed", reason=NO_DASK)
    address, quiet = tmp_path / "scheduler.json", {"stderr": subprocess.DEVNULL}
    quiet["env"] = {
        **os.environ,
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "15s",
    }
    first = ["dask_scheduler", "--host", "tcp://127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *given, "--scheduler-file", address],
            **quiet,
        )
        for name, *given in (first, worker, worker, worker)
    ]
    try:
        until = time.monotonic() + 60
        while not address.exists() and time.monotonic() < until:
            time.sleep(0.1)
        from distributed import Client

        with Client(json.loads(address.read_text())["address"], timeout=60) as client:
            client.wait_for_workers(3, timeout=60)
            with ThreadPoolExecutor(1) as pool:
                done = pool.submit(gd.build, source, tmp_path / "out", executor=client, **QUIET)
                while not list(tmp_path.glob("out/.build/now/*.late")) and not done.done():
                    time.sleep(0.02)
                processes[1].kill()
                processes[2].send_signal(signal.SIGSTOP)
                result = done.result(120)
        assert result.sources == 142 and contents(tmp_path / "out") == built
    finally:
        for process in processes:
            process.kill()
            process.wait()
